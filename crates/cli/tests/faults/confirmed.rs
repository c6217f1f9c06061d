//! What is confirmed of a scope, or of minutes, and counts for nothing: the reply says so.

use serde_json::{Value, json};

use crate::desk::{Desk, id};
use crate::governed::*;

const SCOPE: u32 = 31;

fn scope(statement: &str) -> Value {
    let criteria =
        json!([{"stage": ["live"], "says": "in"}, {"stage": ["retired"], "says": "out"}]);
    let body = json!({"title": "Scope", "statement": statement, "criteria": criteria});
    put("scope", SCOPE, body)
}

/// Returns that the cabinet approves a version of the scope.
fn approved(number: u32, version: u32) -> [Value; 2] {
    let body = json!({"number": format!("26/{number}"), "text": "That it be approved.",
        "body": id(CABINET), "verb": "approves", "decided_on": "2026-01-05",
        "objects": [{"of": {"id": id(SCOPE), "version": version}}]});
    let attested = by(moved(number, 1, "attest", json!({})), "ada");
    [put("resolution", number, body), attested]
}

fn system(number: u32, stage: &str) -> Value {
    let body = json!({"title": format!("System {number}"), "stage": stage, "unit": "housing"});
    put("ai_system", number, body)
}

fn confirm(version: u32, systems: &[(u32, u32)]) -> Value {
    let cites = systems.iter();
    let cites = cites.map(|(number, version)| json!({"id": id(*number), "version": version}));
    let body = json!({"systems": cites.collect::<Vec<_>>()});
    by(moved(SCOPE, version, "confirm", body), "cai")
}

fn unconfirmed(desk: &Desk) -> bool {
    let reserved = &desk.run(&["status", "--json"]).json()["five"][0]["reservations"];
    reserved.to_string().contains("unconfirmed")
}

#[test]
fn what_is_confirmed_on_another_version_than_the_one_in_force_is_told_to_count_for_nothing() {
    let desk = governed();
    desk.done(&[system(41, "live"), system(SYSTEM, "live"), scope("All.")]);
    desk.done(&approved(51, 1));
    let both = [(41, 1), (SYSTEM, 2)];
    let done = desk.done(&[confirm(1, &both)]);
    assert_eq!(noted_besides(&done[0]), Value::Null);
    assert!(!unconfirmed(&desk));
    desk.done(&[scope("All of it.")]);
    // One that is to take its place is confirmed beforehand.
    let done = desk.done(&[confirm(2, &both)]);
    assert_eq!(noted_besides(&done[0]), Value::Null);
    desk.done(&[scope("All of it, and more.")]);
    desk.done(&approved(52, 3));
    for version in [1, 2] {
        let done = desk.done(&[confirm(version, &both)]);
        let note = noted_besides(&done[0]);
        let message = format!(
            "Version 3 of “Scope” is in force and version {version} is not: what is confirmed on \
             version {version} counts for nothing."
        );
        assert_eq!(note["code"], "confirms_nothing");
        assert_eq!(note["message"], message);
        assert_eq!(note["of"], json!({"id": id(SCOPE), "version": 3}));
    }
    assert!(unconfirmed(&desk));
    let done = desk.done(&[confirm(3, &both)]);
    assert_eq!(noted_besides(&done[0]), Value::Null);
    assert!(!unconfirmed(&desk));
}

#[test]
fn what_is_confirmed_on_a_scope_that_was_rescinded_is_told_to_count_for_nothing() {
    let desk = governed();
    desk.done(&[system(41, "live"), system(SYSTEM, "live"), scope("All.")]);
    desk.done(&approved(51, 1));
    let rescinds = json!({"number": "26/52", "text": "That it end.", "body": id(CABINET),
        "verb": "rescinds", "decided_on": "2026-01-05",
        "objects": [{"of": cites(SCOPE), "last_day": "2026-01-06"}]});
    desk.done(&[
        put("resolution", 52, rescinds),
        by(moved(52, 1, "attest", json!({})), "ada"),
    ]);
    let confirm_on = |day: &str| with(confirm(1, &[(41, 1), (SYSTEM, 2)]), "at", day);
    // On its last day it counts.
    let done = desk.done(&[confirm_on("2026-01-06T09:00:00Z")]);
    assert_eq!(noted_besides(&done[0]), Value::Null);
    let done = desk.done(&[confirm_on("2026-01-07T09:00:00Z")]);
    let note = noted_besides(&done[0]);
    let message = "Version 1 of “Scope” is not in force any more, and no other is: what is \
        confirmed on it counts for nothing.";
    assert_eq!(
        (&note["code"], &note["message"]),
        (&json!("confirms_nothing"), &json!(message))
    );
    assert_eq!(note["of"], cites(SCOPE));
}

#[test]
fn a_system_whose_newer_version_says_otherwise_is_told_to_be_confirmed_by_nothing() {
    let desk = governed();
    let of_stage = |stage: &str| [41, 42, 43, 44, 45].map(|number| system(number, stage));
    desk.done(&of_stage("live"));
    desk.done(&[scope("All.")]);
    desk.done(&approved(51, 1));
    desk.done(&[system(SYSTEM, "live")]);
    let told = |systems: &[(u32, u32)]| {
        let done = desk.done(&[confirm(1, systems)]);
        let note = noted_besides(&done[0]);
        (
            note["code"].clone(),
            note["message"].clone(),
            note["hint"].clone(),
        )
    };
    let none = (Value::Null, Value::Null, Value::Null);
    // A newer version that says the same takes nothing away.
    desk.done(&[system(41, "live")]);
    assert_eq!(told(&[(41, 1), (SYSTEM, 2)]), none);
    desk.done(&of_stage("retired"));
    let (code, message, hint) = told(&[(41, 1), (SYSTEM, 2)]);
    assert_eq!(code, "confirms_nothing");
    let said = "A newer version says otherwise in what the criteria read: of “System 41” version \
        3. What is confirmed of it counts for nothing.";
    assert_eq!(message, said);
    assert!(
        hint.as_str().unwrap().contains("with that version"),
        "{hint}"
    );
    let (_, message, _) = told(&[(41, 1), (42, 1), (43, 1), (44, 1), (45, 1)]);
    let said = "Newer versions say otherwise in what the criteria read: of “System 41” version 3, \
        “System 42” version 2, “System 43” version 2 and 2 more. What is confirmed of them counts \
        for nothing.";
    assert_eq!(message, said);
    assert!(unconfirmed(&desk));
    // One that counts only from a later day takes nothing away yet.
    let ahead = with(system(SYSTEM, "retired"), "effective_on", "2026-06-01");
    desk.done(&[ahead]);
    assert_eq!(told(&[(SYSTEM, 2)]), none);
    let newest = [(41, 3), (42, 2), (43, 2), (44, 2), (45, 2)];
    assert_eq!(told(&newest), none);
    assert!(!unconfirmed(&desk));
}

const LATER: u32 = 51;
const LAST: u32 = 52;

/// Returns a meeting of 12 January with two items, at which somebody without a seat is said to have
/// been, or nobody is said to.
fn later(number: u32, present: &[u32]) -> Value {
    let mut body = meeting("2026-01-12");
    body["title"] = json!(format!("Cabinet {number}"));
    body["items"] = json!([{"number": "1", "title": "Minutes"}, {"number": "2", "title": "AI"}]);
    if !present.is_empty() {
        let member = |n: &u32| json!({"person": id(*n), "role": "member"});
        body["present"] = present.iter().map(member).collect();
    }
    with(put("meeting", number, body), "at", "2026-01-12T12:00:00Z")
}

fn confirms(by: u32, version: u32, more: &Value) -> Value {
    let mut body = json!({"by": {"id": id(by), "version": version}, "on": "2026-01-12"});
    for (field, value) in more.as_object().into_iter().flatten() {
        body[field] = value.clone();
    }
    moved(MEETING, 1, "confirm", body)
}

fn withdrawn(number: u32, version: u32) -> Value {
    moved(number, version, "withdraw", json!({"because": "In error."}))
}

#[test]
fn minutes_confirmed_at_an_item_or_under_a_chair_that_there_was_not_are_refused() {
    let desk = governed();
    desk.done(&[later(LATER, &[BEA])]);
    let cases = [
        (json!({"item": "9"}), "no_such_item", "/body/item"),
        (json!({"presiding": id(11)}), "not_there", "/body/presiding"),
    ];
    let cases = cases.map(|(more, code, at)| (confirms(LATER, 1, &more), code, at));
    refused(&desk, &cases);
}

#[test]
fn what_a_meeting_without_a_quorum_confirms_is_told_to_count_for_nothing() {
    let desk = governed();
    desk.done(&[later(LATER, &[BEA]), later(LAST, &[])]);
    let told = |more: Value| {
        let done = desk.done(&[confirms(LATER, 1, &more)]);
        let note = noted_besides(&done[0]);
        assert_eq!(note["code"], "confirms_nothing");
        assert_eq!(note["of"], cites(LATER));
        note
    };
    let said = |at: &str| {
        format!(
            "“Cabinet 51”, as it is recorded now, was not held with a quorum{at}: what it confirms \
             counts for nothing."
        )
    };
    let at_none = told(json!({}));
    assert_eq!(at_none["message"], said(""));
    assert!(
        at_none["hint"].to_string().contains("with `item`"),
        "{at_none}"
    );
    let at_item = told(json!({"item": "1"}));
    assert_eq!(at_item["message"], said(" at item 1"));
    assert!(!at_item["hint"].to_string().contains("`item`"), "{at_item}");
    let done = desk.done(&[confirms(LAST, 1, &json!({"item": "1"}))]);
    assert_eq!(noted_besides(&done[0]), Value::Null);
}

#[test]
fn the_minutes_that_a_meeting_confirms_no_more_are_told_where_it_is_recorded_otherwise() {
    let desk = governed();
    let done = desk.done(&[
        later(LATER, &[]),
        confirms(LATER, 1, &json!({})),
        later(LATER, &[BEA]),
        later(LATER, &[]),
        withdrawn(LATER, 3),
        later(LATER, &[]),
    ]);
    let told = |line: &Value| {
        let mut notes = line["notes"].as_array().into_iter().flatten();
        let note = notes.find(|one| one["code"] == "confirms_no_more");
        note.map(|note| (note["message"].clone(), note["of"].clone()))
    };
    let minutes = "it no longer confirms the minutes of “Cabinet” version 1.";
    let short =
        format!("“Cabinet 51”, as it is recorded now, was not held with a quorum: {minutes}");
    let short = Some((json!(short), cites(MEETING)));
    let found: Vec<_> = done.iter().map(told).collect();
    assert_eq!(found, [None, None, short.clone(), None, short, None]);

    // What another meeting confirms stays confirmed.
    let done = desk.done(&[
        later(LAST, &[]),
        confirms(LAST, 1, &json!({})),
        later(LATER, &[BEA]),
        withdrawn(LAST, 1),
    ]);
    assert_eq!(told(&done[2]), None);
    let gone = format!("No version of “Cabinet 52” stands any more: {minutes}");
    assert_eq!(told(&done[3]), Some((json!(gone), cites(MEETING))));
    desk.holds();
}
