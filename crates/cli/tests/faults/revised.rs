//! A version put on top of one that whoever put it may not have seen: the reply says which that is.

use serde_json::{Value, json};

use crate::desk::id;
use crate::governed::*;

fn titled(title: &str) -> Value {
    let mut body = policy();
    body["title"] = json!(title);
    put("policy", POLICY, body)
}

fn codes(done: &[Value]) -> Vec<Option<&str>> {
    let first = done.iter().map(|line| &line["notes"][0]);
    first.map(|note| note["code"].as_str()).collect()
}

/// What is said of a version that follows one put by somebody, as that was recorded.
fn follows(version: u32, by: &str, before: &Value) -> String {
    format!(
        "Version {version} follows version {}, which {by} put at {} (entry {}); the Command did \
         not say which it follows.",
        version - 1,
        before["recorded_at"].as_str().unwrap(),
        before["seq"]
    )
}

#[test]
fn a_put_that_says_nothing_of_the_version_before_is_told_which_it_follows() {
    let desk = governed();
    let done = desk.done(&[
        with(by(titled("Ours"), "bea"), "at", "2026-01-06T09:30:00Z"),
        with(by(titled("Theirs"), "cai"), "at", "2026-01-06T10:00:00Z"),
        titled("By nobody in particular"),
        titled("Again"),
        put("policy", 31, policy()),
    ]);
    let revises = Some("revises");
    assert_eq!(codes(&done), [revises, revises, revises, revises, None]);
    let theirs = &done[1]["notes"][0];
    assert_eq!(theirs["message"], follows(3, "bea", &done[0]));
    assert_eq!(theirs["of"], json!({"id": id(POLICY), "version": 2}));
    let hint = theirs["hint"].as_str().unwrap();
    assert!(
        hint.contains("record history") && hint.contains("if_version"),
        "{hint}"
    );
    let again = follows(5, "the local operator", &done[2]);
    assert_eq!(done[3]["notes"][0]["message"], again);
}

#[test]
fn whoever_says_which_version_they_follow_is_told_nothing_or_refused() {
    let desk = governed();
    let seen = with(by(titled("Seen"), "cai"), "if_version", 1);
    let done = desk.done(&[
        seen,
        moved(POLICY, 2, "withdraw", json!({"because": "So."})),
    ]);
    let mut told = done.iter().map(|line| line["notes"].to_string());
    assert!(!told.any(|notes| notes.contains("revises")), "{done:?}");
    let late = with(titled("Late"), "if_version", 1);
    refused(&desk, &[(late, "stale_version", "/if_version")]);
}

#[test]
fn a_repeat_says_the_same_and_a_system_that_is_not_at_hand_is_told_of_too() {
    let desk = governed();
    let keyed = with(by(titled("Ours"), "bea"), "key", "ours");
    let system = json!({"title": "Pavelook", "purpose": "Roads."});
    let done = desk.done(&[
        keyed.clone(),
        put("ai_system", SYSTEM, system),
        titled("Later"),
        keyed,
    ]);
    assert_eq!(codes(&done), [Some("revises"); 4]);
    assert_eq!(done[3]["notes"], done[0]["notes"]);
}
