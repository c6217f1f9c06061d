//! Blank texts: refused where something must be said, and no evidence anywhere else.

use serde_json::{Value, json};

use crate::desk::{Desk, id, person};
use crate::governed::*;

const SCOPE: u32 = 41;
const ADOPTED: u32 = 42;
const OWNER: u32 = 43;
const CRITERIA: u32 = 44;
const ASSESSED: u32 = 45;
const REVIEW: u32 = 46;
const RESOLVED: u32 = 47;

/// What may stand for a text and says nothing.
const BLANKS: [&str; 6] = ["", " ", "\n\t", "\u{3000}", "\u{200b}", "\u{feff}\u{a0}"];

/// Returns everything that the five answers ask for, each text that may be left out being `word`.
fn set(word: &str) -> Vec<Value> {
    let mut approves: Vec<Value> = [SCOPE, ADOPTED, OWNER, CRITERIA]
        .map(|number| json!({"of": cites(number)}))
        .into();
    approves.push(json!({"of": {"id": id(CABINET), "version": 2}}));
    let resolution = json!({"number": "26/9", "text": "That these be approved.",
        "body": id(CABINET), "verb": "approves", "decided_on": "2026-01-05", "objects": approves});
    let on = json!({"on": "2026-01-05"});
    let told = json!({"on": "2026-01-05", "to": "Staff", "how": "By letter."});
    let mut set = documents(word);
    set.extend([
        put("resolution", RESOLVED, resolution),
        by(moved(RESOLVED, 1, "attest", json!({"how": word})), "ada"),
        moved(ADOPTED, 1, "communicate", told.clone()),
        moved(OWNER, 1, "communicate", told),
        moved(OWNER, 1, "accept", on),
        put("risk_assessment", ASSESSED, assessed(word)),
        put("management_review", REVIEW, reviewed(word)),
        with(person(31, "eve"), "at", "2026-04-02T09:00:00Z"),
    ]);
    set
}

/// Returns what is declared and minuted, and what a resolution is to approve.
fn documents(word: &str) -> Vec<Value> {
    let seated = json!({"name": "Cabinet", "top_management": "is", "quorum": 1,
        "written_procedure": true, "seats": [{"person": id(BEA)}], "terms": word});
    let declared = json!({"title": "What we hold ourselves to",
        "series": {"management_review": {"first_day": "2026-01-01", "months": 3}},
        "intervals": {"risk_assessment_months": 12, "risk_assessment_high_impact_months": 12}});
    let minuted = json!([{"number": "1", "title": "Review", "text": "Reviewed."}]);
    let there = json!([{"person": id(BEA), "role": "member"}]);
    let held = with(
        with(meeting("2026-01-05"), "items", minuted),
        "present",
        there,
    );
    let system = json!({"title": "Pavelook", "purpose": "Potholes.", "unit": "housing",
        "roles": ["user"], "origin": "bought", "stage": "live"});
    let scope = json!({"title": "Scope", "statement": "Housing.", "units": ["housing"], "roles": ["user"],
        "criteria": [{"unit": ["housing"], "says": "in", "because": word}],
        "boundaries": word, "suppliers": word, "no_exclusions_because": word});
    let contents = json!({"purpose": word, "objectives": word, "requirements": word,
        "improvement": word});
    let policy = json!({"title": "AI policy", "text": "AI helps people.", "contents": contents,
        "available": {"at": word, "why_not": word}});
    let owner = json!({"title": "Owner", "holder": id(BEA), "authority": word,
        "duties": ["conformity", "reporting"], "start": "2026-01-05"});
    let criteria = json!({"title": "Criteria", "scales": "Three.", "levels": ["low", "high"],
        "acceptable_to": "low", "method": "By hand.",
        "authority": [{"level": "high", "holder": id(CABINET)}]});
    let approve = moved(DECLARATION, 2, "approve", json!({"because": word}));
    vec![
        put("body", CABINET, seated),
        by(put("declaration", DECLARATION, declared), "bea"),
        by(approve, "cai"),
        put("meeting", MEETING, held),
        put("ai_system", SYSTEM, system),
        put("scope", SCOPE, scope),
        put("policy", ADOPTED, policy),
        put("appointment", OWNER, owner),
        put("risk_criteria", CRITERIA, criteria),
    ]
}

fn assessed(word: &str) -> Value {
    let decision = json!({"says": "no_change", "because": "Crews check.", "on": "2026-01-05"});
    json!({"title": "Pavelook", "systems": [{"id": id(SYSTEM), "version": 2}],
        "assessed_on": "2026-01-05", "criteria": cites(CRITERIA), "level": "low",
        "findings": word, "decision": decision,
        "consequences": {"organisation": word, "individuals": word, "societies": word}})
}

fn reviewed(word: &str) -> Value {
    let input = json!({"text": word, "none_because": word, "data_points": 2,
        "items": ["1"]});
    let inputs = json!({"actions": input, "issues": input, "parties": input,
        "nonconformities": input, "monitoring": input, "audits": input, "opportunities": input});
    json!({"title": "Review", "covers": ["aims"], "inputs": inputs,
        "parts": [{"meeting": {"id": id(MEETING), "version": 2}}],
        "slot": {"declaration": id(DECLARATION), "first_day": "2026-01-01"},
        "decisions": {"improvement": word, "changes": word},
        "conclusions": {"suitability": word, "adequacy": word, "effectiveness": word}})
}

/// Returns each of the five with whether it holds.
fn five(desk: &Desk) -> Vec<(String, String)> {
    let status = desk.run(&["status", "--json"]).json();
    let five = status["five"].as_array().unwrap().clone();
    let said = |answer: &Value, field: &str| answer[field].as_str().unwrap().to_owned();
    let told = five.iter().map(|one| (said(one, "id"), said(one, "holds")));
    told.collect()
}

fn all(holds: &str) -> Vec<(String, String)> {
    let five = [
        "scope",
        "policy",
        "owner",
        "risk_assessment",
        "management_review",
    ];
    let told = five.map(|one| (one.to_owned(), holds.to_owned()));
    told.into()
}

#[test]
fn blank_texts_are_no_evidence_of_anything() {
    let stated = governed();
    stated.done(&set("As the minutes say."));
    assert_eq!(five(&stated), all("yes"));
    for blank in BLANKS {
        let desk = governed();
        desk.done(&set(blank));
        assert_eq!(five(&desk), all("no"), "{blank:?}");
    }
}

#[test]
fn a_blank_text_that_may_be_left_out_is_not_stated() {
    let desk = governed();
    let body = json!({"title": "Lamplight", "purpose": "\u{200b}", "description": " ",
        "affected": [" ", "Tenants", ""], "contact": ""});
    desk.done(&[put("ai_system", 31, body)]);
    let shown = desk.run(&["record", "show", &id(31), "--json"]).json();
    assert_eq!(
        shown["body"],
        json!({"title": "Lamplight", "affected": ["Tenants"]})
    );
    desk.holds();
}

/// Returns records that need a text where `blank` stands, each with the place.
fn records(blank: &str) -> Vec<(Value, &'static str)> {
    let waiver = |because: &str, check: &str| {
        let waiver = json!({"kind": "policy", "because": because, "compensating_check": check});
        let body = json!({"title": "We", "waivers": [waiver]});
        put("declaration", 31, body)
    };
    let assessed = |field: &str, value: Value| {
        let mut body = assessment("2026-01-05", "2026-01-05");
        body["decision"][field] = value;
        put("risk_assessment", 31, body)
    };
    let scope = |field: &str, value: Value| {
        let body = json!({"title": "Scope", "statement": "All."});
        put("scope", 31, with(body, field, value))
    };
    let promise = json!({"effect": blank, "due": "2026-06-01"});
    let departs = json!({"title": "Lamplight", "scope": {"says": "out", "because": blank}});
    let excludes = json!([{"what": "Payroll", "because": "Not AI."},
        {"what": "Maps", "because": blank}]);
    let disposes = json!({"rule": "4.3-a", "since": "2026-01-05", "says": "not_a_failure",
        "because": blank});
    let mina = put("person", 31, json!({"name": "Mina"}));
    let basis = json!({"words": {"as": "exempt", "basis": blank}});
    vec![
        (waiver(blank, "Audit."), "/body/waivers/0/because"),
        (
            waiver("Few of us.", blank),
            "/body/waivers/0/compensating_check",
        ),
        (assessed("because", json!(blank)), "/body/decision/because"),
        (
            assessed("promises", promise),
            "/body/decision/promises/effect",
        ),
        (put("ai_system", 31, departs), "/body/scope/because"),
        (put("ai_system", 31, json!({"title": blank})), "/body/title"),
        (scope("statement", json!(blank)), "/body/statement"),
        (scope("exclusions", excludes), "/body/exclusions/1/because"),
        (
            put("policy", 31, with(policy(), "text", blank)),
            "/body/text",
        ),
        (put("disposition", 31, disposes), "/body/because"),
        (
            with(put("policy", 31, policy()), "marks", basis),
            "/marks/words/basis",
        ),
        (
            with(
                with(mina, "effective_on", "2026-01-04"),
                "brought_in",
                json!({"from": blank}),
            ),
            "/brought_in/from",
        ),
    ]
}

/// Returns moves whose reason is `blank`, each with the place.
fn moves(blank: &str) -> Vec<(Value, &'static str)> {
    let because = json!({"because": blank});
    let slot = json!({"first_day": "2026-01-01", "to_first_day": "2026-02-01",
        "to_last_day": "2026-04-30", "because": blank});
    let keeps = with(because.clone(), "next_review", "2027-01-05");
    let declared = |name: &str, body: Value| by(moved(DECLARATION, 1, name, body), "cai");
    let basis = json!({"words": {"as": "exempt", "basis": blank}});
    let told = json!({"on": "2026-01-05", "to": blank});
    vec![
        (declared("move_slot", slot), "/body/because"),
        (declared("keep", keeps), "/body/because"),
        (declared("end", because.clone()), "/body/because"),
        (
            by(moved(POLICY, 1, "withdraw", because), "ada"),
            "/body/because",
        ),
        (moved(POLICY, 1, "communicate", told), "/body/to"),
        (
            moved(POLICY, 1, "mark", json!({"marks": basis})),
            "/body/marks/words/basis",
        ),
    ]
}

#[test]
fn a_blank_text_where_one_is_needed_is_refused_in_its_place() {
    let desk = governed();
    for blank in BLANKS {
        let all = records(blank).into_iter().chain(moves(blank));
        let cases: Vec<Case> = all
            .map(|(command, field)| (command, "check_failed", field))
            .collect();
        refused(&desk, &cases);
    }
}

#[test]
fn a_cell_that_no_reader_sees_states_nothing_and_is_unchanged_the_next_time() {
    let desk = Desk::simulated();
    let csv = "Name,Purpose,Description\nLamplight,\u{200b},Street lights\n";
    let file = desk.file("systems.csv", csv.as_bytes());
    let file = file.to_str().unwrap();
    let drafted = desk.run(&["import", "csv", file, "--draft-mapping", "m.toml"]);
    assert_eq!(drafted.code, 0, "{drafted:?}");
    let import = || desk.run(&["--json", "import", "csv", file, "--mapping", "m.toml"]);
    assert_eq!(import().json()["created"], 1);
    assert_eq!(import().json()["unchanged"], 1);
    let listed = desk.run(&["record", "list", "ai_system", "--json"]).json();
    let id = listed[0]["id"].as_str().unwrap();
    let shown = desk.run(&["record", "show", id, "--json"]).json();
    assert_eq!(shown["body"]["purpose"], Value::Null, "{shown}");
    assert_eq!(shown["body"]["description"], "Street lights");
    // The cell is kept all the same.
    assert_eq!(shown["body"]["as_received"]["Purpose"], "\u{200b}");
}
