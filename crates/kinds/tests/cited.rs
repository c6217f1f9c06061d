//! What cites a record says which kinds it may cite: every such field of every kind and move.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must fail")]

use std::collections::BTreeSet;

use record::Registry;
use record::spec::{Cites, NO_PERSON};
use serde_json::{Value, json};

/// Every body there is, with what it says it cites: of each kind, and of each of its moves.
fn bodies(registry: &Registry) -> Vec<(String, &Value, Cites)> {
    let mut bodies = Vec::new();
    for kind in registry.iter() {
        bodies.push((kind.name.to_owned(), &kind.body.schema, kind.cites));
        for one in &kind.moves {
            let name = format!("{} {}", kind.name, one.name);
            bodies.push((name, &one.body.schema, one.cites));
        }
    }
    bodies
}

/// Returns the pointers of a schema to ids of records, and to ids with a version.
fn citing(root: &Value, schema: &Value, at: &str, found: &mut BTreeSet<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        let target = root.pointer(name.trim_start_matches('#')).unwrap();
        return citing(root, target, at, found);
    }
    let of_both = |field: &str| schema["properties"].get(field).is_some();
    let is_cite = schema["properties"]
        .as_object()
        .is_some_and(|fields| fields.len() == 2 && of_both("id") && of_both("version"));
    if is_cite || schema["format"] == "uuid" {
        found.insert(at.to_owned());
        return;
    }
    for options in ["anyOf", "oneOf", "allOf"] {
        for option in schema[options].as_array().into_iter().flatten() {
            citing(root, option, at, found);
        }
    }
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        citing(root, field, &format!("{at}/{name}"), found);
    }
    for within in ["items", "additionalProperties"] {
        if schema[within].is_object() {
            citing(root, &schema[within], &format!("{at}/*"), found);
        }
    }
}

#[test]
fn every_field_that_cites_a_record_says_which_kinds_it_may_cite() {
    let registry = kinds::registry();
    let mut fields = 0;
    for (name, schema, cites) in bodies(&registry) {
        let mut found = BTreeSet::new();
        citing(schema, schema, "", &mut found);
        let said: BTreeSet<String> = cites.iter().map(|(at, _)| (*at).to_owned()).collect();
        assert_eq!(found, said, "{name}");
        assert_eq!(said.len(), cites.len(), "{name} says a field twice");
        fields += found.len();
    }
    assert!(fields > 40, "{fields}");
}

#[test]
fn every_kind_that_a_field_may_cite_exists() {
    let registry = kinds::registry();
    for (name, _, cites) in bodies(&registry) {
        for (at, kinds) in cites {
            assert!(!kinds.is_empty(), "{name} {at}");
            let is_there = |kind: &&str| registry.get(kind).is_some();
            assert!(
                *kinds == NO_PERSON || kinds.iter().all(is_there),
                "{name} {at}"
            );
        }
    }
}

#[test]
fn a_citation_is_an_object_of_id_and_version_and_nothing_by_its_place_in_a_list() {
    let registry = kinds::registry();
    let id = "00000000-0000-4000-8000-000000000009";
    let refused = |kind: &str, field: &str, value: Value| {
        let kind = registry.get(kind).unwrap();
        let mut body: Value = serde_json::from_str(kind.sample).unwrap();
        body[field] = value;
        let refusal = kind.body.check(&body).unwrap_err();
        assert_eq!(refusal.code, "malformed", "{refusal}");
        (refusal.field.unwrap(), refusal.hint.unwrap())
    };
    let at = |place: &str| place.to_owned();
    for (kind, field, value, place) in [
        ("resolution", "objects", json!([{}]), "/body/objects/0"),
        (
            "resolution",
            "objects",
            json!([{"of": {}}]),
            "/body/objects/0/of",
        ),
        (
            "resolution",
            "objects",
            json!([{"of": {"id": id}}]),
            "/body/objects/0/of",
        ),
        (
            "resolution",
            "objects",
            json!([{"of": [id, 1]}]),
            "/body/objects/0/of",
        ),
        ("resolution", "meeting", json!([id, 1]), "/body/meeting"),
        ("nonconformity", "evidence", json!([{}]), "/body/evidence/0"),
        (
            "nonconformity",
            "evidence",
            json!([[id, 1]]),
            "/body/evidence/0",
        ),
        ("risk_assessment", "systems", json!([{}]), "/body/systems/0"),
    ] {
        assert_eq!(refused(kind, field, value).0, at(place), "{kind} {field}");
    }
    let next = refused("resolution", "meeting", json!([id, 1])).1;
    assert_eq!(next, "Give its fields by name: id, version.");
    // A whole body by places would keep its words among the facts.
    let nonconformity = registry.get("nonconformity").unwrap();
    let places = json!(["x", "y", "2026-01-05", null, [], [], null, null]);
    let refusal = nonconformity.body.check(&places).unwrap_err();
    assert_eq!(refusal.field.as_deref(), Some("/body"));
}
