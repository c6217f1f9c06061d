//! A text whose review date has passed when it begins to count.

use serde_json::{Value, json};

use crate::desk::id;
use crate::governed::*;

const TEXT: u32 = 36;

fn on(command: Value, day: &str) -> Value {
    with(command, "at", format!("{day}T09:00:00Z"))
}

fn text(review_by: &str) -> Value {
    let mut body = policy();
    body["review_by"] = json!(review_by);
    by(put("policy", TEXT, body), "bea")
}

fn adopts(number: u32, version: u32, from: &str) -> Value {
    let of = json!({"id": id(TEXT), "version": version});
    let body = json!({"number": format!("26/{number}"), "text": "So.", "body": id(CABINET),
        "verb": "adopts", "decided_on": "2026-02-10",
        "objects": [{"of": of, "effective_on": from}]});
    put("resolution", number, body)
}

/// Returns what is noted of a review that has passed.
fn noted(line: &Value) -> Option<&Value> {
    let mut notes = line["notes"].as_array().into_iter().flatten();
    notes.find(|note| note["code"] == "review_passed")
}

#[test]
fn a_review_date_that_has_passed_on_the_first_day_is_noted_and_the_policy_does_not_hold() {
    let desk = governed();
    let attest = |number: u32| by(moved(number, 1, "attest", json!({})), "ada");
    let done = desk.done(&[
        on(text("2026-02-20"), "2026-01-10"),
        on(adopts(41, 1, "2026-03-01"), "2026-02-10"),
        attest(41),
    ]);
    assert_eq!(noted(&done[0]), None);
    let message = "Version 1 of “AI policy” counts from 1 March 2026 and is to be looked at again by \
        20 February 2026, before that: it is overdue from its first day.";
    for line in &done[1..] {
        let note = noted(line).unwrap();
        assert_eq!(note["message"], message);
        assert_eq!(note["of"], json!({"id": id(TEXT), "version": 1}));
        let hint = note["hint"].as_str().unwrap();
        assert!(hint.contains("a later `review_by`"), "{hint}");
    }
    let holds = |about: &str| {
        let ran = desk.run(&["status", "--json", "--as-of", about, "--known-by", "now"]);
        ran.json()["five"][1]["holds"].clone()
    };
    assert_eq!(holds("2026-03-01"), "no");
    // As the hint says: put again with a later day, and resolved on.
    let later = on(text("2026-12-31"), "2026-02-12");
    let done = desk.done(&[later, adopts(42, 2, "2026-03-01"), attest(42)]);
    assert!(done.iter().all(|line| noted(line).is_none()), "{done:?}");
    assert_eq!(holds("2026-03-01"), "unknown");
}

#[test]
fn whoever_approves_is_told_so_unless_an_earlier_version_named_the_same_day() {
    let desk = governed();
    let approve = |version: u32, day: &str| {
        let approve = by(moved(TEXT, version, "approve", json!({})), "cai");
        on(approve, day)
    };
    let done = desk.done(&[
        on(text("2026-01-10"), "2026-01-10"),
        approve(1, "2026-01-10"),
        on(text("2026-01-10"), "2026-01-20"),
        approve(2, "2026-01-20"),
        on(text("2026-01-19"), "2026-01-21"),
        approve(3, "2026-01-21"),
    ]);
    let is_noted = done.iter().map(|line| noted(line).is_some());
    let expected = [false, false, false, false, false, true];
    assert_eq!(is_noted.collect::<Vec<_>>(), expected);
}
