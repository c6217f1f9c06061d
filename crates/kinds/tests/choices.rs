//! Choices: a word that only differs from one is refused with the list of those there are.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must fail")]

mod given;

use std::collections::BTreeSet;

use record::choices::Power;
use record::{Act, Event, Facts, Records};
use serde_json::{Value, json};
use uuid::Uuid;

use given::sample;

fn event(kind: &str, body: &Value) -> Event {
    let facts = json!({"effective_on": "2026-01-01", "body": body});
    let facts: Facts = serde_json::from_value(facts).unwrap();
    Event {
        seq: 0,
        recorded_at: 0,
        recorded_on: facts.effective_on,
        act: Act::Put,
        kind: kind.into(),
        id: Uuid::from_u128(1),
        version: 1,
        name: "".into(),
        refs: Vec::new(),
        facts: facts.into(),
    }
}

/// A kind, fields of it with a word that is no choice, where that is, and some that are.
type Slip = (&'static str, Value, &'static str, &'static [&'static str]);

const STAGES: &[&str] = &["idea", "development", "pilot", "live", "retired", "refused"];
const POWERS: &[&str] = &["adopt_policy", "accept_risk", "set_up_body"];

fn refused_with_the_list(slips: &[Slip]) {
    let registry = kinds::registry();
    for (kind, fields, at, choices) in slips {
        let body = sample(kind, fields.clone());
        let refusal = registry.get(kind).unwrap().body.check(&body).unwrap_err();
        assert_eq!(refusal.field.as_deref(), Some(*at), "{kind}");
        let lists = |choice: &&str| refusal.message.contains(&format!("`{choice}`"));
        assert!(choices.iter().all(lists), "{kind}: {}", refusal.message);
    }
}

#[test]
fn a_criterion_on_a_word_that_only_differs_is_refused_with_the_choices_there_are() {
    let of = |field: &str, word: &str| json!({"criteria": [{field: [word], "says": "in"}]});
    let origins = &["own_model", "bought", "feature", "adopted_by_staff"];
    let (origin, stage) = ("/body/criteria/0/origin/0", "/body/criteria/0/stage/0");
    let role = "/body/criteria/0/roles/0";
    refused_with_the_list(&[
        ("scope", of("origin", "boughtt"), origin, origins),
        ("scope", of("stage", "lve"), stage, STAGES),
        ("scope", of("roles", "usr"), role, &["provider", "user"]),
        (
            "scope",
            json!({"roles": ["usr"]}),
            "/body/roles/0",
            &["provider", "user"],
        ),
    ]);
}

#[test]
fn a_declared_word_or_a_power_that_only_differs_is_refused_with_the_choices_there_are() {
    let lines = &["objectives", "incidents", "assessments"];
    let from = json!({"assessed_from": "lve"});
    let line = json!({"agenda": ["objectivs"]});
    let appointed = json!({"powers": ["adopt_polcy"]});
    let holds = json!({"powers": ["review", "Review"]});
    refused_with_the_list(&[
        ("declaration", from, "/body/assessed_from", STAGES),
        ("declaration", line, "/body/agenda/0", lines),
        ("appointment", appointed, "/body/powers/0", POWERS),
        ("body", holds, "/body/powers/1", POWERS),
    ]);
}

#[test]
fn every_choice_there_is_is_taken() {
    let sound = [
        (
            "scope",
            json!({"criteria": [{"origin": ["bought"], "stage": ["live"], "roles": ["user"],
            "says": "in"}]}),
        ),
        (
            "declaration",
            json!({"assessed_from": "live",
            "agenda": ["objectives", "incidents", "assessments"]}),
        ),
        (
            "appointment",
            json!({"powers": ["adopt_policy", "accept_risk"]}),
        ),
    ];
    let registry = kinds::registry();
    for (kind, fields) in sound {
        let checked = registry
            .get(kind)
            .unwrap()
            .body
            .check(&sample(kind, fields));
        assert_eq!(checked, Ok(()), "{kind}");
    }
}

#[test]
fn every_kind_that_is_approved_needs_a_power_that_can_be_held() {
    for kind in kinds::registry().iter() {
        let power = kind
            .approval
            .map(|power| serde_json::from_value::<Power>(json!(power)));
        assert!(
            power.is_none_or(|power| power.is_ok()),
            "{} {:?}",
            kind.name,
            kind.approval
        );
    }
}

#[test]
fn the_agenda_lines_that_can_be_switched_on_are_those_a_review_has() {
    let registry = kinds::registry();
    let defs =
        |kind: &str, name: &str| registry.get(kind).unwrap().body.schema["$defs"][name].clone();
    let switched = defs("declaration", "AgendaLine");
    let lines = switched["oneOf"].as_array().unwrap().iter();
    let lines: BTreeSet<&str> = lines.filter_map(|line| line["const"].as_str()).collect();
    let review = defs("management_review", "Agenda");
    let fields = review["properties"].as_object().unwrap().keys();
    assert_eq!(lines, fields.map(String::as_str).collect());
}

#[test]
fn what_was_recorded_before_with_a_word_that_is_no_choice_is_still_read() {
    let registry = kinds::registry();
    let waives = registry
        .get("declaration")
        .unwrap()
        .authority
        .waives
        .unwrap();
    let declared =
        json!({"assessed_from": "lve", "waivers": [{"kind": "polcy"}, {"kind": "scope"}]});
    assert_eq!(waives(&declared), ["polcy", "scope"]);
    let appointed = json!({"holder": Uuid::max(), "powers": ["adopt_polcy", "declare"]});
    let mut records = Records::default();
    records.add(event("appointment", &appointed));
    let holdings = registry
        .get("appointment")
        .unwrap()
        .authority
        .holdings
        .unwrap();
    let record = records.of_kind("appointment").next().unwrap();
    let held = holdings(record.newest(), &records);
    let powers: Vec<&str> = held.iter().map(|one| one.power.as_str()).collect();
    assert_eq!(powers, ["adopt_polcy", "declare"]);
}
