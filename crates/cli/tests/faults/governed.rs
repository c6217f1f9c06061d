//! A governed organisation, and Commands on it that are to be refused.

use serde_json::{Value, json};

use crate::desk::{Desk, id, person};

pub const BEA: u32 = 1;
pub const CABINET: u32 = 2;
pub const SYSTEM: u32 = 3;
pub const MEETING: u32 = 4;
pub const POLICY: u32 = 5;
pub const DECLARATION: u32 = 6;

pub fn put(kind: &str, number: u32, body: Value) -> Value {
    json!({"do": "put", "kind": kind, "id": id(number), "body": body})
}

pub fn moved(number: u32, version: u32, name: &str, body: Value) -> Value {
    json!({"do": "move", "id": id(number), "version": version, "move": name, "body": body})
}

/// Returns the Command with one more field.
pub fn with(mut command: Value, field: &str, value: impl Into<Value>) -> Value {
    command[field] = value.into();
    command
}

pub fn by(command: Value, name: &str) -> Value {
    with(command, "as", format!("{name}@council.example"))
}

pub fn cites(number: u32) -> Value {
    json!({"id": id(number), "version": 1})
}

pub fn policy() -> Value {
    json!({"title": "AI policy", "text": "AI helps people, never to decide about them alone.",
        "contents": {"purpose": "1", "objectives": "2", "requirements": "3", "improvement": "4"}})
}

pub fn meeting(on: &str) -> Value {
    json!({"title": "Cabinet", "body": id(CABINET), "state": "held", "sittings": [{"on": on}]})
}

pub fn assessment(assessed_on: &str, decided_on: &str) -> Value {
    json!({"title": "Pavelook", "systems": [cites(SYSTEM)], "assessed_on": assessed_on,
        "consequences": {"organisation": "Claims.", "individuals": "None.", "societies": "None."},
        "decision": {"says": "no_change", "because": "Crews check.", "on": decided_on}})
}

pub fn attestation(on: &str) -> Value {
    json!({"unit": "housing", "by": id(BEA), "attested_on": on})
}

/// Returns an organisation of these units.
pub fn organisation(units: &[&str]) -> Value {
    let unit = |id: &&str| json!({"id": id, "name": "A unit"});
    let units: Vec<Value> = units.iter().map(unit).collect();
    json!({"name": "Example Council (fictional)", "units": units,
        "posts": [{"id": "head-of-digital", "name": "Head of Digital"}]})
}

/// Gives the organisation that the ledger began with these units.
pub fn organised(desk: &Desk, units: &[&str]) -> Value {
    json!({"do": "put", "kind": "organisation", "id": desk.organisation(),
        "body": organisation(units)})
}

/// Returns a ledger whose clock stands at 5 January 2026: an organisation of one unit, a cabinet of
/// whom the operator is the secretary and Cai the chair, two people with powers,
/// a system, a meeting, a policy that Bea wrote and a declaration in force.
pub fn governed() -> Desk {
    let desk = Desk::simulated();
    let powers = |holder: u32| {
        json!({"title": "Approver", "holder": id(holder), "start": "2026-01-05",
            "powers": ["adopt_policy", "declare"]})
    };
    let approves = |number: u32| json!({"of": cites(number)});
    desk.done(&[
        person(BEA, "bea"),
        person(11, "cai"),
        person(12, "dot"),
        organised(&desk, &["housing"]),
        put(
            "body",
            CABINET,
            json!({"name": "Cabinet", "top_management": "is", "quorum": 1,
            "may": ["decide"], "powers": [], "written_procedure": true,
            "secretary": desk.operator(), "chair": id(11)}),
        ),
        put("appointment", 21, powers(BEA)),
        put("appointment", 22, powers(11)),
        put("appointment", 23, powers(12)),
        put(
            "resolution",
            24,
            json!({"number": "26/1", "text": "That they approve.",
            "body": id(CABINET), "verb": "appoints", "decided_on": "2026-01-05",
            "objects": [approves(21), approves(22), approves(23)]}),
        ),
        by(moved(24, 1, "attest", json!({})), "ada"),
        put(
            "ai_system",
            SYSTEM,
            json!({"title": "Pavelook", "purpose": "Potholes."}),
        ),
        put("meeting", MEETING, meeting("2026-01-05")),
        by(put("policy", POLICY, policy()), "bea"),
        by(
            put(
                "declaration",
                DECLARATION,
                json!({"title": "What we hold ourselves to",
            "series": {"management_review": {"first_day": "2026-01-01", "months": 3}}}),
            ),
            "bea",
        ),
        by(moved(DECLARATION, 1, "approve", json!({})), "cai"),
    ]);
    desk
}

/// Returns the first that is noted of what was recorded, besides which version it follows and what
/// of a withdrawn one leaves in packs.
pub fn noted_besides(line: &Value) -> Value {
    let mut notes = line["notes"].as_array().into_iter().flatten();
    let note = notes.find(|one| one["code"] != "revises" && one["code"] != "leaves_withdrawn");
    note.cloned().unwrap_or_default()
}

/// A Command, and the word and place it is refused with.
pub type Case = (Value, &'static str, &'static str);

/// Plays each Command; all are refused as said, and the log is as it was.
pub fn refused(desk: &Desk, cases: &[Case]) {
    let before = desk.head();
    let commands: Vec<Value> = cases.iter().map(|(command, ..)| command.clone()).collect();
    let ran = desk.apply(&commands);
    assert_eq!(ran.code, 1, "{ran:?}");
    let lines = ran.lines();
    assert_eq!(lines.len(), cases.len());
    for (line, (command, code, field)) in lines.iter().zip(cases) {
        let refusal = &line["refusal"];
        let field = Some(*field).filter(|field| !field.is_empty());
        let found = (
            line["ok"].as_bool(),
            refusal["code"].as_str(),
            refusal["field"].as_str(),
        );
        assert_eq!(
            found,
            (Some(false), Some(*code), field),
            "{command}\n{line}"
        );
        let message = refusal["message"].as_str().unwrap();
        assert!(message.ends_with('.'), "{message}");
        let next = refusal["hint"].as_str().unwrap_or_default();
        assert!(next.ends_with('.'), "no next step: {line}");
    }
    assert_eq!(desk.head(), before);
}
