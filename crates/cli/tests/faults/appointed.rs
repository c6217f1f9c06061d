//! Who is appointed once they have left.

use serde_json::{Value, json};

use crate::desk::id;
use crate::governed::*;

fn on(command: Value, day: &str) -> Value {
    with(command, "at", format!("{day}T09:00:00Z"))
}

fn of(number: u32, version: u32) -> Value {
    json!({"id": id(number), "version": version})
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
