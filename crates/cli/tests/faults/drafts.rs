//! A record whose newest version is a draft: the version in force is named beside it.

use serde_json::{Value, json};

use crate::desk::{Desk, Ran, id};
use crate::governed::*;

/// Returns a ledger whose policy Cai approved, and of which Bea has drafted another version.
fn drafted() -> Desk {
    let desk = governed();
    let approve = moved(POLICY, 1, "approve", json!({}));
    let titled = |title: &str| with(policy(), "title", title);
    desk.done(&[
        by(approve, "cai"),
        by(put("policy", POLICY, titled("AI policy, drafted")), "bea"),
    ]);
    desk
}

fn show(desk: &Desk, more: &[&str]) -> Ran {
    desk.run(&[&["record", "show", &id(POLICY)], more].concat())
}

#[test]
fn a_draft_does_not_hide_the_version_in_force() {
    let desk = drafted();
    let listed = desk.run(&["record", "list", "policy", "--json"]).json();
    let row = |field: &str| listed[0][field].clone();
    let found = ["version", "state", "in_force"].map(row);
    assert_eq!(found, [json!(2), json!("proposed"), json!(1)]);
    let text = desk.run(&["record", "list", "policy"]).out;
    assert!(text.contains("AI policy, drafted  [v1 in force]"), "{text}");
    let shown = show(&desk, &["--json"]).json();
    assert_eq!(
        (&shown["version"], &shown["in_force"]),
        (&json!(2), &json!(1))
    );
    let text = show(&desk, &[]).out;
    assert!(text.contains("note: Version 1 is in force:"), "{text}");
    assert!(text.contains("--version 1"), "{text}");
    // Of what nobody drafted anew nothing more is said.
    let text = desk.run(&["record", "list", "declaration"]).out;
    assert!(!text.contains("[v"), "{text}");
}

#[test]
fn each_version_of_a_record_can_be_shown() {
    let desk = drafted();
    let first = show(&desk, &["--version", "1", "--json"]).json();
    let found = ["version", "state", "title"].map(|field| first[field].clone());
    assert_eq!(found, [json!(1), json!("in_force"), json!("AI policy")]);
    let text = show(&desk, &["--version", "1"]).out;
    assert!(!text.contains("note:"), "{text}");
    let ran = show(&desk, &["--version", "3", "--json"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let refusal = ran.json()["refusal"].clone();
    assert_eq!(refusal["code"], "no_such_version");
    assert_eq!(refusal["hint"], "Its newest is version 2.");
}

#[test]
fn what_was_approved_afterwards_was_a_proposal_until_then() {
    let desk = governed();
    let approve = moved(POLICY, 1, "approve", json!({}));
    let approve = with(by(approve, "cai"), "at", "2026-02-10T09:00:00Z");
    desk.done(&[with(approve, "effective_on", "2026-02-10")]);
    let state = |day: &str| -> Value {
        let args = [
            "record",
            "list",
            "policy",
            "--json",
            "--known-by",
            "now",
            "--as-of",
            day,
        ];
        desk.run(&args).json()[0]["state"].clone()
    };
    assert_eq!(state("2026-02-09"), "proposed");
    assert_eq!(state("2026-02-10"), "in_force");
}
