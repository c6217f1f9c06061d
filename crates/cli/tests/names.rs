//! Rules, mappings and the sample name kinds, fields, states and moves as text: every such
//! name is one that the kinds have.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must fail")]

mod vocabulary;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use vocabulary::Vocabulary;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every source of `assess`, and what `record` reads of bodies by name; but not the one that
/// names sentences, which are no part of any record.
fn sources() -> Vec<(PathBuf, String)> {
    let read_by_name = ["attendance.rs", "authority.rs", "slots.rs", "terms.rs"];
    let mut files: Vec<PathBuf> = read_by_name
        .map(|name| root().join("crates/record/src").join(name))
        .into();
    for folder in ["crates/assess/src", "crates/assess/src/rules"] {
        let entries = fs::read_dir(root().join(folder)).unwrap();
        files.extend(entries.map(|entry| entry.unwrap().path()));
    }
    files.retain(|path| path.extension().is_some_and(|ending| ending == "rs"));
    files.retain(|path| !path.ends_with("wording.rs"));
    let read = |path: PathBuf| (path.clone(), fs::read_to_string(path).unwrap());
    files.into_iter().map(read).collect()
}

/// Returns the text literals of a source that stand right after one of these.
fn after<'a>(source: &'a str, calls: &[&str]) -> Vec<&'a str> {
    let mut found = Vec::new();
    for call in calls {
        let rests = source.split(call).skip(1);
        let literals = rests.filter_map(|rest| rest.trim_start().strip_prefix('"'));
        found.extend(literals.filter_map(|rest| rest.split('"').next()));
    }
    found
}

#[test]
fn every_kind_that_a_built_rule_reads_exists() {
    let registry = kinds::registry();
    let catalogue = catalogue::Catalogue::iso_42001().unwrap();
    // Kinds still to come, whose part is played by fields of those there are.
    let later = [
        "system_change",
        "risk",
        "communication",
        "document",
        "measurement",
    ];
    // Kinds still to come that a rule is about too: where those would count it is not built.
    let in_part = ["process", "soa", "objective"].map(|kind| ("7.5-a.o", kind));
    for rule in catalogue.rules.iter().filter(|rule| rule.built) {
        for kind in rule.reads.iter().map(String::as_str) {
            let is_later = later.contains(&kind) || in_part.contains(&(&rule.id, kind));
            let is_there = registry.get(kind).is_some() || is_later;
            assert!(is_there, "{} reads {kind}", rule.id);
        }
    }
}

#[test]
fn an_entry_of_any_kind_that_a_built_rule_is_about_can_change_what_it_says() {
    let registry = kinds::registry();
    let catalogue = catalogue::Catalogue::iso_42001().unwrap();
    let inquiries = assess::inquiries(&catalogue);
    let mut held = 0;
    for rule in catalogue.rules.iter().filter(|rule| rule.built) {
        let asked = inquiries.iter().find(|one| one.id() == rule.id).unwrap();
        let kinds = rule.reads.iter().map(String::as_str);
        // An approval is an entry about what it approves: a resolution touches nothing itself.
        let mut elsewhere = vec!["resolution"];
        // The subject's own entries touch it.
        if asked.of_each("ai_system") {
            elsewhere.extend(["ai_system", "risk_assessment"]);
        }
        // What any kind that is approved does to a rule, its approval does.
        let by_approval = |kind: &str| {
            asked.touched(&["approval".into()].into())
                && registry
                    .get(kind)
                    .is_some_and(|kind| kind.approval.is_some())
        };
        let kinds = kinds.filter(|kind| {
            registry.get(kind).is_some() && !elsewhere.contains(kind) && !by_approval(kind)
        });
        for kind in kinds {
            let touched = asked.touched(&[kind.into()].into());
            assert!(touched, "{}: {kind}", rule.id);
            held += 1;
        }
    }
    assert!(held > 35, "{held}");
}

#[test]
fn every_part_that_a_built_rule_needs_is_a_field() {
    let vocabulary = Vocabulary::new();
    let catalogue = catalogue::Catalogue::iso_42001().unwrap();
    let mut named = 0;
    for rule in catalogue.rules.iter().filter(|rule| rule.built) {
        for need in &rule.with.needs {
            let mut kinds = rule.reads.iter();
            let is_there = kinds.any(|kind| vocabulary.kind_has(kind, need));
            assert!(is_there, "{} needs {need}", rule.id);
            named += 1;
        }
        if let Some(stage) = &rule.with.default_stage {
            assert!(vocabulary.has_choice(stage), "{}: {stage}", rule.id);
        }
    }
    assert!(named > 15, "{named}");
}

#[test]
fn every_kind_that_a_rule_names_exists() {
    let registry = kinds::registry();
    let calls = [
        "of_kind(",
        "latest_in_force(",
        "all_in_force(",
        "records_of(at, ",
        "inquorate(",
        "ended_back(",
        "changed_in(",
        "second(",
        ".kind == ",
    ];
    let mut named = 0;
    for (path, source) in sources() {
        for kind in after(&source, &calls) {
            assert!(registry.get(kind).is_some(), "{}: {kind}", path.display());
            named += 1;
        }
    }
    assert!(named > 20, "{named}");
}

#[test]
fn every_pointer_that_a_rule_follows_leads_somewhere() {
    let vocabulary = Vocabulary::new();
    // Of the body of a check, which belongs to no kind.
    let of_checks = ["/result"];
    let mut named = 0;
    for (path, source) in sources() {
        let pointers = source
            .split("\"/")
            .skip(1)
            .filter_map(|rest| rest.split('"').next());
        for pointer in pointers.map(|rest| format!("/{rest}")) {
            let leads = of_checks.contains(&pointer.as_str()) || vocabulary.leads(&pointer);
            assert!(leads, "{}: {pointer}", path.display());
            named += 1;
        }
        // What begins with a digit is a rule's id.
        let is_field = |name: &&str| !name.starts_with(|first: char| first.is_ascii_digit());
        for field in after(&source, &[".get("]).into_iter().filter(is_field) {
            let leads = vocabulary.leads(&format!("/{field}"));
            assert!(leads, "{}: {field}", path.display());
            named += 1;
        }
    }
    assert!(named > 100, "{named}");
}

#[test]
fn every_move_and_choice_that_a_rule_compares_with_exists() {
    let vocabulary = Vocabulary::new();
    // A word of the machinery: what a check found.
    let of_ours = ["sound"];
    let mut named = 0;
    for (path, source) in sources() {
        for name in after(&source, &["moved(", "counted(", ".name == ", " by: "]) {
            assert!(vocabulary.has_move(name), "{}: {name}", path.display());
            named += 1;
        }
        let choices = source.split("Some(\"").skip(1).flat_map(|rest| {
            let inside = rest.split(')').next().unwrap_or_default();
            inside
                .split(['"', '|', ' '])
                .filter(|word| !word.is_empty())
        });
        for choice in choices {
            let is_there = vocabulary.has_choice(choice) || of_ours.contains(&choice);
            assert!(is_there, "{}: {choice}", path.display());
            named += 1;
        }
    }
    assert!(named > 25, "{named}");
}

#[test]
fn every_case_that_a_rule_tells_has_its_sentence_and_every_sentence_its_case() {
    let catalogue = catalogue::Catalogue::iso_42001().unwrap();
    let rules = catalogue.rules.iter();
    let said: BTreeSet<&str> = rules
        .flat_map(|rule| rule.sentences.keys().map(String::as_str))
        .collect();
    // By what a rule counts, and by its outcome.
    let mut told: BTreeSet<String> = ["one", "only", "unknown"].map(str::to_owned).into();
    for (_, source) in sources() {
        let calls = source.split(".with(\"case\"").skip(1);
        let calls = calls.filter_map(|rest| rest.split(')').next());
        let named = source.split("let case = ").skip(1);
        let named = named.filter_map(|rest| rest.split(';').next());
        let also = source.split(".also_first(").skip(1);
        let also = also.filter_map(|rest| rest.split(')').next());
        let words = calls
            .chain(named)
            .chain(also)
            .flat_map(|text| text.split('"').skip(1).step_by(2));
        told.extend(words.map(str::to_owned));
    }
    // A case may have a sentence of its own where it is told of one.
    let of_one = |name: &&str| {
        let case = name.strip_suffix("_one").or(name.strip_suffix("_only"));
        case.is_some_and(|case| told.contains(case))
    };
    let said: BTreeSet<&str> = said.into_iter().filter(|name| !of_one(name)).collect();
    let told: BTreeSet<&str> = told.iter().map(String::as_str).collect();
    assert_eq!(told, said);
}

#[test]
fn every_field_and_choice_that_a_mapping_fills_exists() {
    let vocabulary = Vocabulary::new();
    let mut named = 0;
    for entry in fs::read_dir(root().join("mappings")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let mapping: toml::Table = text.parse().unwrap();
        let kind = mapping["kind"].as_str().unwrap();
        for field in mapping["field"].as_array().unwrap() {
            let to = field["to"].as_str().unwrap();
            assert!(vocabulary.kind_has(kind, to), "{}: {to}", path.display());
            let choices = field.get("choices").and_then(toml::Value::as_table);
            let choices = choices.into_iter().flatten();
            let choices = choices.filter_map(|(_, choice)| choice.as_str());
            // An empty one says that nothing is stated.
            for choice in choices.filter(|choice| !choice.is_empty()) {
                let is_there = vocabulary.field_has_choice(kind, to, choice);
                assert!(is_there, "{}: {to} {choice}", path.display());
                named += 1;
            }
        }
    }
    assert!(named > 30, "{named}");
}

#[test]
fn every_name_in_the_sample_exists() {
    let registry = kinds::registry();
    let catalogue = catalogue::Catalogue::iso_42001().unwrap();
    let text = fs::read_to_string(root().join("samples/council/council.ndjson")).unwrap();
    let mut kinds = std::collections::BTreeMap::new();
    for (index, line) in text.lines().enumerate() {
        let command: Value = serde_json::from_str(line).unwrap();
        let commands = command["commands"].as_array().cloned();
        for command in commands.unwrap_or_else(|| vec![command]) {
            let id = command["id"].as_str().unwrap_or_default().to_owned();
            let place = format!("line {}", index + 1);
            if command["do"] == "put" {
                let kind = command["kind"].as_str().unwrap().to_owned();
                let spec = registry.get(&kind);
                let checked = spec.map(|spec| spec.body.check(&command["body"]));
                assert_eq!(checked, Some(Ok(())), "{place}");
                kinds.insert(id, kind);
            } else {
                let name = command["move"].as_str().unwrap();
                let spec = kinds.get(&id).and_then(|kind| registry.get(kind));
                let found = spec.and_then(|spec| spec.find_move(name));
                assert!(found.is_some(), "{place}: {name}");
            }
            if let Some(rule) = command["body"]["rule"].as_str() {
                assert!(catalogue.rule(rule).is_some(), "{place}: {rule}");
            }
        }
    }
    assert!(kinds.len() > 100, "{}", kinds.len());
}
