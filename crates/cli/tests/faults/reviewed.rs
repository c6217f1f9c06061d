//! Reviews: what one may be of and claim, and what the reply says of one that counts for nothing.

use serde_json::{Value, json};

use crate::desk::{Desk, id};
use crate::governed::*;

const REVIEW: u32 = 31;
const SAT: u32 = 32;

/// Returns a review of some items of a meeting, all where none are named, that claims a slot or
/// none.
pub fn review(meeting: u32, items: &Value, first_day: Option<&str>) -> Value {
    let none = json!({"none_because": "Nothing changed."});
    let mut body = json!({"title": "Review", "covers": ["aims"],
        "parts": [{"meeting": cites(meeting), "items": items}],
        "inputs": {"actions": none, "issues": none, "parties": none, "nonconformities": none,
            "monitoring": none, "audits": none, "opportunities": none},
        "decisions": {"improvement": "None.", "changes": "None."},
        "conclusions": {"suitability": "Yes.", "adequacy": "Yes.", "effectiveness": "Yes."}});
    if let Some(first_day) = first_day {
        body["slot"] = json!({"declaration": id(DECLARATION), "first_day": first_day});
    }
    put("management_review", REVIEW, body)
}

/// Returns a meeting of the cabinet in March and April; items 1 and 2 were taken on the first day.
fn two_days() -> Value {
    let item = |number: &str, sitting: u32| json!({"number": number, "title": "AI", "text": "Discussed.", "sitting": sitting});
    let meeting = json!({"title": "Cabinet", "body": id(CABINET), "state": "held",
        "sittings": [{"on": "2026-03-28"}, {"on": "2026-04-10"}],
        "items": [item("1", 1), item("2", 1), item("3", 2)]});
    with(put("meeting", SAT, meeting), "at", "2026-04-11T09:00:00Z")
}

/// Returns the code of the first note of each line.
fn noted(lines: &[Value]) -> Vec<Option<String>> {
    let code = |line: &Value| noted_besides(line)["code"].as_str().map(str::to_owned);
    lines.iter().map(code).collect()
}

#[test]
fn a_review_of_items_claims_the_slot_in_which_they_were_taken() {
    let desk = governed();
    desk.done(&[two_days()]);
    let (first, second) = (Some("2026-01-01"), Some("2026-04-01"));
    refused(
        &desk,
        &[
            (
                review(SAT, &json!(["1", "2"]), second),
                "outside_slot",
                "/body/slot",
            ),
            (
                review(SAT, &json!(["2", "3"]), first),
                "outside_slot",
                "/body/slot",
            ),
            (review(SAT, &json!([]), first), "outside_slot", "/body/slot"),
        ],
    );
    desk.done(&[
        review(SAT, &json!(["1", "2"]), first),
        review(SAT, &json!(["2", "3"]), second),
        review(SAT, &json!([]), second),
    ]);
}

#[test]
fn a_review_that_claims_no_slot_is_noted_while_nobody_claims_the_one_it_was_held_in() {
    let desk = governed();
    let none = review(MEETING, &json!([]), None);
    let mut other = none.clone();
    other["id"] = json!(id(33));
    let done = desk.done(&[none, review(MEETING, &json!([]), Some("2026-01-01")), other]);
    assert_eq!(
        noted(&done),
        [Some("slot_unclaimed".to_owned()), None, None]
    );
    let note = &done[0]["notes"][0];
    let message = "The review was held on 5 January 2026, in the slot from 1 January 2026 to \
        31 March 2026, which nobody claims: it claims none either, and answers for none.";
    assert_eq!(note["message"], message);
    let slot = format!(
        "\"slot\": {{\"declaration\": \"{}\", \"first_day\": \"2026-01-01\"}}",
        id(DECLARATION)
    );
    assert!(note["hint"].as_str().unwrap().contains(&slot), "{note}");

    // It is shown so as long as it is so.
    let notes = |args: &[&str]| {
        let ran = desk.run(&[&["record", "show", &id(REVIEW), "--json"], args].concat());
        ran.json()["notes"][0]["code"].as_str().map(str::to_owned)
    };
    assert_eq!(notes(&[]), None);
    assert_eq!(notes(&["--version", "1"]), None);
    let withdraw = moved(REVIEW, 2, "withdraw", json!({"because": "In error."}));
    desk.done(&[withdraw]);
    assert_eq!(
        notes(&["--version", "1"]).as_deref(),
        Some("slot_unclaimed")
    );
    desk.holds();
}

#[test]
fn a_review_outside_every_slot_is_not_noted() {
    let desk = governed();
    let days = json!({"first_day": "2026-01-01", "to_first_day": "2026-02-01",
        "to_last_day": "2026-04-30", "because": "Budget."});
    let done = desk.done(&[
        by(moved(DECLARATION, 1, "move_slot", days), "cai"),
        review(MEETING, &json!([]), None),
    ]);
    assert_eq!(noted(&done), [None, None]);
}

#[test]
fn a_review_of_an_adjourned_meeting_is_noted_until_that_has_sat_again() {
    let desk = governed();
    let meeting = |state: &str, days: Value, at: &str| {
        let body = json!({"title": "Cabinet", "body": id(CABINET), "state": state,
            "sittings": days, "items": [{"number": "1", "title": "AI", "sitting": 1}]});
        with(put("meeting", SAT, body), "at", at)
    };
    let day = |on: &str| json!({"on": on});
    let first = json!([day("2026-02-15")]);
    let both = json!([day("2026-02-15"), day("2026-03-02")]);
    let claim = |items: Value| review(SAT, &items, Some("2026-01-01"));
    let done = desk.done(&[
        meeting("adjourned", first, "2026-02-15T18:00:00Z"),
        claim(json!([])),
        // What was taken by then was taken.
        claim(json!(["1"])),
        claim(json!([])),
        meeting("held", both, "2026-03-02T18:00:00Z"),
        claim(json!([])),
    ]);
    let again = || Some("to_sit_again".to_owned());
    assert_eq!(noted(&done), [None, again(), None, again(), None, None]);
    let message = done[1]["notes"][0]["message"].as_str().unwrap();
    assert!(
        message.starts_with("The meeting of 15 February 2026 is adjourned"),
        "{message}"
    );
    desk.holds();
}

#[test]
fn a_review_is_of_items_that_its_meeting_has() {
    let desk = governed();
    desk.done(&[two_days()]);
    let claim = |items: Value| review(SAT, &items, None);
    let place = |at: u32| match at {
        0 => "/body/parts/0/items/0",
        _ => "/body/parts/0/items/1",
    };
    refused(
        &desk,
        &[
            (claim(json!(["99"])), "no_such_item", place(0)),
            (claim(json!(["1", "4"])), "no_such_item", place(1)),
        ],
    );
    let said = desk.apply(&[claim(json!(["99"]))]).lines();
    let hint = said[0]["refusal"]["hint"].as_str().unwrap();
    assert!(hint.starts_with("Its items are 1, 2, 3;"), "{hint}");
    // The minutes of this one number no items.
    desk.done(&[
        claim(json!(["1", "3"])),
        review(MEETING, &json!(["99"]), None),
    ]);
}

#[test]
fn a_review_by_circulation_is_recorded_and_counts_by_its_bodys_terms() {
    const BOARD: u32 = 41;
    for (allowed, expected) in [(true, None), (false, Some("do not allow"))] {
        let desk = governed();
        let board = json!({"name": "Board", "top_management": "part", "quorum": 1,
            "seats": [{"person": id(BEA)}], "written_procedure": allowed});
        let resolution = json!({"number": "26/2", "text": "That there be a board.",
            "body": id(CABINET), "verb": "approves", "decided_on": "2026-01-05",
            "objects": [{"of": cites(BOARD)}]});
        let paper = json!({"title": "Review in writing", "body": id(BOARD),
            "state": "by_circulation", "why": "Terms 7.2; all were asked.",
            "sittings": [{"on": "2026-02-15"}], "present": [{"person": id(BEA), "role": "member"}],
            "items": [{"number": "1", "title": "Review", "text": "All agreed."}]});
        desk.done(&[
            put("body", BOARD, board),
            put("resolution", 42, resolution),
            by(moved(42, 1, "attest", json!({})), "ada"),
            with(put("meeting", SAT, paper), "at", "2026-02-16T09:00:00Z"),
            review(SAT, &json!([]), Some("2026-01-01")),
            with(crate::desk::person(43, "eve"), "at", "2026-05-02T09:00:00Z"),
        ]);
        let status = desk.run(&["status", "--json"]).json();
        assert_eq!(status["slots"][0]["state"], "held");
        let requirements = status["requirements"].as_array().unwrap();
        let of = |one: &&Value| one["id"] == "9.3.1";
        let found = requirements.iter().find(of).unwrap();
        let verdict = if allowed { "shown" } else { "not_shown" };
        assert_eq!(found["verdict"], verdict, "{found}");
        let findings = found["findings"].as_array().unwrap().iter();
        let said: Vec<(&str, &str)> = findings
            .map(|one| {
                (
                    one["rule"].as_str().unwrap(),
                    one["sentence"].as_str().unwrap(),
                )
            })
            .collect();
        let of_slots = said.iter().find(|(rule, _)| *rule == "9.3-a.o");
        let told = of_slots.map(|(_, sentence)| sentence.contains(expected.unwrap_or_default()));
        assert_eq!(told, expected.map(|_| true), "{said:?}");
        // What the terms allow is a meeting, and bears no flag; what they do not is told already.
        let flagged = said.iter().any(|(rule, _)| *rule == "9.3-a.p");
        assert!(!flagged, "{said:?}");
        desk.holds();
    }
}

/// The slots that the finding on them names about a day, each with what somebody said of it.
fn slots_missed(desk: &Desk, asked: &[&str]) -> Vec<(String, Value)> {
    let mut args = vec!["status", "--json", "--findings", "9.3-a.o"];
    args.extend(asked);
    let status = desk.run(&args).json();
    let requirements = status["requirements"].as_array().unwrap().iter();
    let mut findings = requirements.flat_map(|one| one["findings"].as_array().unwrap());
    let Some(found) = findings.find(|one| one["rule"] == "9.3-a.o") else {
        return Vec::new();
    };
    let subjects = found["subjects"].as_array().unwrap().iter();
    let named = subjects.map(|one| {
        let id = one["id"].as_str().unwrap().to_owned();
        (id, one["disposition"]["because"].clone())
    });
    named.collect()
}

#[test]
fn a_slot_is_disposed_of_by_its_name_and_is_gone_with_its_series() {
    let desk = governed();
    let slot = |first: &str| format!("{}_{first}", id(DECLARATION));
    let names = |asked: &[&str]| -> Vec<String> {
        let missed = slots_missed(&desk, asked).into_iter();
        let mut missed: Vec<String> = missed.map(|(slot, _)| slot).collect();
        missed.sort();
        missed
    };
    let quarters = ["2026-01-01", "2026-04-01", "2026-07-01", "2026-10-01"].map(slot);
    let year = ["2026-01-01", "2026-04-01"].map(slot);
    assert_eq!(names(&["--as-of", "2027-02-15"]), quarters);
    let series = json!({"management_review": {"first_day": "2026-04-01", "months": 12}});
    let longer = json!({"title": "What we hold ourselves to", "series": series});
    let disposes = json!({"rule": "9.3-a.o", "subject": slot("2026-01-01"),
        "since": "2026-05-01", "says": "not_a_failure", "because": "We had no AI then."});
    let longer = by(put("declaration", DECLARATION, longer), "bea");
    let approved = moved(DECLARATION, 2, "approve", json!({}));
    let done = desk.done(&[
        with(longer, "at", "2026-03-01T09:00:00Z"),
        by(approved, "cai"),
        with(
            by(put("disposition", 41, disposes), "ada"),
            "at",
            "2026-05-02T09:00:00Z",
        ),
    ]);
    assert!(noted(&done).iter().all(Option::is_none), "{done:?}");
    assert_eq!(names(&["--as-of", "2027-05-15"]), year);
    assert_eq!(names(&["--as-of", "2027-02-15"]), year[..1]);
    let then = ["--as-of", "2027-02-15", "--known-by", "2026-02-01"];
    assert_eq!(names(&then), quarters);
    let said = slots_missed(&desk, &["--as-of", "2027-05-15"]);
    let said: Vec<bool> = said.iter().map(|(_, said)| said.is_null()).collect();
    assert_eq!(said, [true, false]);
    desk.holds();
}
