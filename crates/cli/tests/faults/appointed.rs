//! What was typed up after it was decided, and who is appointed once they have left.

use serde_json::{Value, json};

use crate::desk::{Desk, id};
use crate::governed::*;

fn on(command: Value, day: &str) -> Value {
    with(command, "at", format!("{day}T09:00:00Z"))
}

fn of(number: u32, version: u32) -> Value {
    json!({"id": id(number), "version": version})
}

fn owner() -> Value {
    json!({"title": "Owner", "holder": id(12), "duties": ["conformity", "reporting"],
        "authority": "May stop any system.", "start": "2026-01-08"})
}

fn resolves(number: u32, verb: &str, decided_on: &str, of: &Value) -> Value {
    let body = json!({"number": format!("26/{number}"), "text": "So.", "body": id(CABINET),
        "verb": verb, "decided_on": decided_on, "objects": [{"of": of}]});
    put("resolution", number, body)
}

fn attest(number: u32, version: u32) -> Value {
    by(moved(number, version, "attest", json!({})), "ada")
}

/// Returns what is noted by a code.
fn noted<'a>(line: &'a Value, code: &str) -> Option<&'a Value> {
    let mut notes = line["notes"].as_array().into_iter().flatten();
    notes.find(|note| note["code"] == code)
}

fn is_owned(desk: &Desk, about: &str) -> bool {
    let ran = desk.run(&["status", "--json", "--as-of", about, "--known-by", "now"]);
    ran.json()["five"][2]["in_hand"] == "yes"
}

#[test]
fn a_text_recorded_after_the_decision_is_noted_to_count_from_then_only() {
    let desk = governed();
    let done = desk.done(&[
        on(put("appointment", 35, owner()), "2026-01-20"),
        resolves(41, "appoints", "2026-01-07", &of(35, 1)),
    ]);
    let note = noted(&done[1], "counts_later").unwrap();
    let message = "This was decided on 7 January 2026; version 1 of “Owner” says that it counts \
        from 20 January 2026 only, the day on which it was recorded.";
    assert_eq!(note["message"], message);
    let hint = note["hint"].as_str().unwrap();
    assert!(hint.contains("`effective_on` 2026-01-07"), "{hint}");
    assert_eq!(note["of"], of(35, 1));
    // As the hint says: put again from that day on, and the resolution with it.
    let again = with(
        put("appointment", 35, owner()),
        "effective_on",
        "2026-01-07",
    );
    let done = desk.done(&[
        again,
        resolves(41, "appoints", "2026-01-07", &of(35, 2)),
        attest(41, 2),
    ]);
    assert!(
        done.iter()
            .all(|line| noted(line, "counts_later").is_none())
    );
    assert!(is_owned(&desk, "2026-01-08"));
    // Attested without it, there is nobody in the meantime.
    let desk = governed();
    let done = desk.done(&[
        on(put("appointment", 35, owner()), "2026-01-20"),
        resolves(41, "appoints", "2026-01-07", &of(35, 1)),
        attest(41, 1),
    ]);
    assert_eq!(noted(&done[2], "counts_later").unwrap()["message"], message);
    assert!(!is_owned(&desk, "2026-01-19") && is_owned(&desk, "2026-01-20"));
}

#[test]
fn whatever_is_approved_is_noted_so_unless_its_text_says_from_when() {
    let desk = governed();
    let text = |number: u32| by(put("policy", number, policy()), "bea");
    let approve = |number: u32, from: &str| {
        let approve = by(moved(number, 1, "approve", json!({})), "cai");
        with(approve, "effective_on", from)
    };
    let done = desk.done(&[
        on(text(36), "2026-01-20"),
        approve(36, "2026-01-12"),
        text(37),
        approve(37, "2026-01-20"),
        with(text(38), "effective_on", "2026-02-01"),
        approve(38, "2026-01-20"),
        with(text(39), "effective_on", "2026-01-15"),
        resolves(42, "adopts", "2026-01-12", &of(39, 1)),
        attest(42, 1),
    ]);
    let is_noted = done
        .iter()
        .map(|line| noted(line, "counts_later").is_some());
    let expected = [false, true, false, false, false, false, false, false, false];
    assert_eq!(is_noted.collect::<Vec<_>>(), expected);
    let message = noted(&done[1], "counts_later").unwrap()["message"].to_string();
    assert!(
        message.contains("This was decided on 12 January 2026;"),
        "{message}"
    );
}

#[test]
fn a_new_version_gives_no_power_to_whoever_left_and_its_reply_says_so() {
    let desk = governed();
    let approver = |start: &str| {
        let body = json!({"title": "Approves", "holder": id(11), "start": start,
            "powers": ["adopt_policy", "declare"]});
        put("appointment", 22, body)
    };
    let leave = moved(22, 1, "leave", json!({"last_day": "2026-01-06"}));
    let done = desk.done(&[
        on(leave, "2026-01-06"),
        on(approver("2026-01-05"), "2026-01-07"),
        resolves(42, "appoints", "2026-01-07", &of(22, 2)),
        attest(42, 1),
    ]);
    let note = noted(&done[1], "holder_leaves").unwrap();
    let seq = &done[0]["seq"];
    let message = format!(
        "Whoever it appoints leaves on 6 January 2026, as entry {seq} says of version 1: by this \
         version too they hold nothing after that day."
    );
    assert_eq!(note["message"], message);
    let hint = note["hint"].as_str().unwrap();
    assert!(hint.contains("where nobody leaves"), "{hint}");
    let approve = by(moved(POLICY, 1, "approve", json!({})), "cai");
    let ran = desk.apply(&[on(approve.clone(), "2026-01-08")]);
    assert_eq!(ran.lines()[0]["refusal"]["code"], "no_authority", "{ran:?}");
    // Appointed again from a later day they have it again.
    let done = desk.done(&[
        on(approver("2026-01-09"), "2026-01-09"),
        resolves(43, "appoints", "2026-01-09", &of(22, 3)),
        attest(43, 1),
        approve,
    ]);
    assert!(noted(&done[0], "holder_leaves").is_none());
}

#[test]
fn whoever_was_said_to_leave_in_error_holds_what_they_held_once_that_is_put_right() {
    let desk = governed();
    let leave = |day: &str| moved(22, 1, "leave", json!({"last_day": day}));
    let approve = || by(moved(POLICY, 1, "approve", json!({})), "cai");
    desk.done(&[on(leave("2026-01-06"), "2026-01-06")]);
    let ran = desk.apply(&[on(approve(), "2026-01-08")]);
    assert_eq!(ran.lines()[0]["refusal"]["code"], "no_authority", "{ran:?}");
    // As the note on a version of it says.
    desk.done(&[leave("9999-12-31"), on(approve(), "2026-01-08")]);
}
