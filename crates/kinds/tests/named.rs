//! Short names in a body: each is the name of something there is, and a slip is refused with
//! the list.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must fail")]

mod given;

use std::collections::{BTreeSet, HashMap};

use record::decide::{Actor, Context, Either, Known, decide};
use record::{Act, Command, Event, Facts, Records, Refusal};
use serde_json::{Value, json};
use uuid::Uuid;

use given::sample;

const PERSON: Uuid = Uuid::from_u128(2);

fn event(kind: &str, version: u32, on: &str, body: &Value) -> Event {
    let facts: Facts = serde_json::from_value(json!({"effective_on": on, "body": body})).unwrap();
    Event {
        seq: u64::from(version),
        recorded_at: 0,
        recorded_on: facts.effective_on,
        act: Act::Put,
        kind: kind.into(),
        id: Uuid::from_u128(1),
        version,
        name: "".into(),
        refs: Vec::new(),
        facts: facts.into(),
    }
}

/// A ledger that began in January, and the organisation's versions since then.
fn records(organisation: &[(&str, Value)]) -> Records {
    let mut records = Records::default();
    let begin = json!({"aims_start": "2026-01-01", "operator": PERSON, "organisation": PERSON,
        "origin": "example.org/test", "simulated_clock": true, "time_zone": "UTC"});
    let mut began = event("", 0, "2026-01-01", &Value::Null);
    began.act = Act::Begin;
    let facts = std::sync::Arc::make_mut(&mut began.facts);
    facts.begin = Some(serde_json::from_value(begin).unwrap());
    records.add(began);
    for (version, (on, body)) in (1..).zip(organisation) {
        records.add(event("organisation", version, on, body));
    }
    records
}

/// Returns how a put on 1 April is refused, claimed of that day or of another.
fn refused(records: &Records, kind: &str, body: &Value, of: Option<&str>) -> Option<Refusal> {
    let registry = kinds::registry();
    let person = Known {
        kind: "person".to_owned(),
        versions: 1,
    };
    let context = Context {
        registry: &registry,
        records,
        known: &HashMap::from([(PERSON, person)]),
        actor: &Actor {
            person: None,
            who: "somebody".to_owned(),
            assured: "a test".to_owned(),
        },
        today: "2026-04-01".parse().unwrap(),
        new_id: Uuid::max(),
    };
    let mut put = json!({"do": "put", "kind": kind, "body": body});
    put["effective_on"] = json!(of);
    let Command::Put(put) = Command::parse(&put.to_string()).unwrap() else {
        panic!("{put} is no put");
    };
    decide(&Either::Put(&put), &context).err()
}

/// Of housing and parks in January, of housing and planning since March.
fn council() -> Records {
    let of = |units: [&str; 2], posts: Value| {
        json!({"name": true, "posts": posts,
            "units": units.map(|id| json!({"id": id, "name": true}))})
    };
    let head = json!([{"id": "head-of-digital", "name": true}]);
    records(&[
        ("2026-01-01", of(["housing", "parks"], json!([]))),
        ("2026-03-01", of(["housing", "planning"], head)),
    ])
}

fn attestation(unit: &str) -> Value {
    sample(
        "attestation",
        json!({"unit": unit, "by": PERSON, "attested_on": "2026-03-31"}),
    )
}

fn appointment(field: &str, name: &str) -> Value {
    sample("appointment", json!({"holder": PERSON, field: name}))
}

fn seated(post: &str) -> Value {
    sample("body", json!({"seats": [{"person": PERSON, "post": post}]}))
}

#[test]
fn a_unit_or_post_that_the_organisation_lists_is_taken() {
    let criterion = json!([{"unit": ["housing"], "says": "in"}]);
    let cases = [
        ("attestation", attestation("planning"), None),
        // Late, of a unit there was then.
        ("attestation", attestation("parks"), Some("2026-02-10")),
        (
            "scope",
            sample("scope", json!({"units": ["housing", "planning"]})),
            None,
        ),
        (
            "scope",
            sample("scope", json!({"criteria": criterion})),
            None,
        ),
        ("appointment", appointment("head_of", "housing"), None),
        ("appointment", appointment("post", "head-of-digital"), None),
        ("body", seated("head-of-digital"), None),
        // A register that came in as a table names units of its own.
        (
            "ai_system",
            sample("ai_system", json!({"unit": "lha-northern-lights"})),
            None,
        ),
    ];
    for (kind, body, of) in cases {
        assert_eq!(refused(&council(), kind, &body, of), None, "{kind} {body}");
    }
}

#[test]
fn a_unit_or_post_that_the_organisation_does_not_list_is_refused_with_those_it_does() {
    let criteria = json!([{"says": "out"}, {"unit": ["housing", "hosing"], "says": "in"}]);
    let cases = [
        ("attestation", attestation("hosing"), "unit", "/body/unit"),
        ("attestation", attestation("parks"), "unit", "/body/unit"),
        (
            "scope",
            sample("scope", json!({"units": ["housing", "parks"]})),
            "unit",
            "/body/units/1",
        ),
        (
            "scope",
            sample("scope", json!({"criteria": criteria})),
            "unit",
            "/body/criteria/1/unit/1",
        ),
        (
            "appointment",
            appointment("head_of", "hosing"),
            "unit",
            "/body/head_of",
        ),
        (
            "appointment",
            appointment("post", "housing"),
            "post",
            "/body/post",
        ),
        (
            "body",
            seated("head-of-digits"),
            "post",
            "/body/seats/0/post",
        ),
    ];
    for (kind, body, word, at) in cases {
        let refusal = refused(&council(), kind, &body, None).unwrap();
        assert_eq!(refusal.code, format!("unknown_{word}"), "{kind} {body}");
        assert_eq!(refusal.field.as_deref(), Some(at), "{kind} {body}");
        let lists = match word {
            "unit" => "It lists housing, planning.",
            _ => "It lists head-of-digital.",
        };
        let hint = refusal.hint.unwrap();
        assert!(hint.starts_with(lists), "{hint}");
        assert!(
            hint.contains("put a version of the organisation with it first"),
            "{hint}"
        );
    }
}

#[test]
fn an_organisation_without_units_says_that_it_lists_none() {
    let bare = records(&[("2026-01-01", json!({"name": true}))]);
    let refusal = refused(&bare, "attestation", &attestation("housing"), None).unwrap();
    assert_eq!(refusal.code, "unknown_unit");
    let hint = refusal.hint.unwrap();
    assert!(
        hint.starts_with("It lists no unit yet: put a version of the organisation"),
        "{hint}"
    );
}

#[test]
fn every_list_that_a_field_names_something_of_exists() {
    let registry = kinds::registry();
    let lists: BTreeSet<&str> = registry
        .iter()
        .flat_map(|kind| kind.lists)
        .map(|one| one.0)
        .collect();
    let mut named = 0;
    for (at, names) in registry.iter().flat_map(|kind| kind.names) {
        if let record::spec::Names::Listed(word) = names {
            assert!(lists.contains(word), "{at}: {word}");
            named += 1;
        }
    }
    assert!(named > 5, "{named}");
}

#[test]
fn a_waiver_is_of_a_kind_there_is() {
    let waives = |kind: &str| {
        let waiver =
            json!({"kind": kind, "because": "Two people.", "compensating_check": "Audit."});
        sample("declaration", json!({"waivers": [waiver]}))
    };
    let records = council();
    assert_eq!(
        refused(&records, "declaration", &waives("policy"), None),
        None
    );
    let refusal = refused(&records, "declaration", &waives("polcy"), None).unwrap();
    assert_eq!(refusal.code, "unknown_kind");
    assert_eq!(refusal.field.as_deref(), Some("/body/waivers/0/kind"));
    let hint = refusal.hint.unwrap();
    let kinds = kinds::registry();
    let unnamed = kinds.iter().find(|kind| !hint.contains(kind.name));
    assert!(unnamed.is_none(), "{hint}");
}

#[test]
fn every_kind_is_called_with_its_own_article() {
    let registry = kinds::registry();
    let called: Vec<String> = registry.iter().map(record::KindSpec::one).collect();
    assert_eq!(
        called,
        [
            "an action",
            "an AI system",
            "an appointment",
            "an attestation",
            "a body",
            "a declaration",
            "a disposition",
            "a management review",
            "a meeting",
            "a nonconformity",
            "an organisation",
            "a person",
            "an AI policy",
            "a resolution",
            "a risk assessment",
            "a set of risk criteria",
            "a scope",
        ]
    );
    let system = registry.get("ai_system").unwrap();
    assert_eq!(system.one_first(), "An AI system");
    assert_eq!(registry.get("scope").unwrap().one_first(), "A scope");
}
