//! Rules name kinds and fields as text: every such name is one that the kinds have.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// Names in the body of an entry that belongs to no kind: the read-back of the ledger.
const OF_CHECKS: [&str; 1] = ["result"];

fn properties(schema: &Value, found: &mut BTreeSet<String>) {
    match schema {
        Value::Object(fields) => {
            if let Some(Value::Object(names)) = fields.get("properties") {
                found.extend(names.keys().cloned());
            }
            fields.values().for_each(|value| properties(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| properties(value, found)),
        _ => {}
    }
}

fn known() -> BTreeSet<String> {
    let mut found: BTreeSet<String> = OF_CHECKS.map(str::to_owned).into();
    for kind in kinds::registry().iter() {
        properties(&kind.body.schema, &mut found);
        kind.moves
            .iter()
            .for_each(|one| properties(&one.body.schema, &mut found));
    }
    found
}

/// Every literal of a source between double quotes.
fn literals(source: &str) -> Vec<&str> {
    source.split('"').skip(1).step_by(2).collect()
}

fn sources() -> Vec<String> {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assess/src/rules");
    let files = fs::read_dir(rules)
        .expect("the rules")
        .map(|file| file.expect("a file").path());
    files
        .map(|path| fs::read_to_string(path).expect("text"))
        .collect()
}

#[test]
fn every_kind_that_a_built_rule_reads_exists() {
    let registry = kinds::registry();
    let catalogue = catalogue::Catalogue::iso_42001().expect("a catalogue");
    // Kinds still to come, whose part is played by fields of those there are.
    let later = [
        "system_change",
        "risk",
        "communication",
        "document",
        "measurement",
    ];
    for rule in catalogue.rules.iter().filter(|rule| rule.built) {
        for kind in rule
            .reads
            .iter()
            .filter(|kind| !later.contains(&kind.as_str()))
        {
            assert!(registry.get(kind).is_some(), "{} reads {kind}", rule.id);
        }
    }
}

#[test]
fn every_kind_that_a_rule_names_exists() {
    let registry = kinds::registry();
    let mut named = 0;
    for source in sources() {
        for call in [
            "of_kind(\"",
            "latest_in_force(\"",
            "all_in_force(\"",
            "records_of(at, \"",
        ] {
            for after in source.split(call).skip(1) {
                let kind = after.split('"').next().unwrap_or_default();
                assert!(registry.get(kind).is_some(), "{kind}");
                named += 1;
            }
        }
    }
    assert!(named > 10, "{named}");
}

#[test]
fn every_field_that_a_rule_names_exists() {
    let known = known();
    let mut named = 0;
    for source in sources() {
        for pointer in literals(&source)
            .into_iter()
            .filter(|text| text.starts_with('/'))
        {
            for name in pointer
                .split('/')
                .filter(|name| !name.is_empty() && !name.contains('{'))
            {
                assert!(known.contains(name), "{pointer}");
                named += 1;
            }
        }
    }
    assert!(named > 30, "{named}");
}
