//! A version put on top of one that whoever put it may not have seen: the reply says which that is.

use serde_json::{Value, json};

use crate::desk::id;
use crate::governed::*;

#[test]
fn a_put_that_says_nothing_of_the_version_before_is_told_which_it_follows() {
    let desk = governed();
    let titled = |title: &str| {
        let mut body = policy();
        body["title"] = json!(title);
        put("policy", POLICY, body)
    };
    let keyed = with(by(titled("Ours"), "bea"), "key", "ours");
    let done = desk.done(&[
        with(keyed.clone(), "at", "2026-01-06T09:30:00Z"),
        with(by(titled("Theirs"), "cai"), "at", "2026-01-06T10:00:00Z"),
        with(by(titled("Seen"), "cai"), "if_version", 3),
        titled("By nobody in particular"),
        titled("Again"),
        put("policy", 31, policy()),
        // A system is not at hand, and is told of all the same.
        put(
            "ai_system",
            SYSTEM,
            json!({"title": "Pavelook", "purpose": "Roads."}),
        ),
        keyed,
    ]);
    let seq = |line: &Value| line["seq"].as_u64().unwrap();
    let note = |line: &Value| line["notes"][0].clone();
    let said = |version: u32, by: &str, at: &str, seq: u64| {
        format!(
            "Version {version} follows version {}, which {by} put at {at} (entry {seq}); the \
             Command did not say which it follows.",
            version - 1
        )
    };
    let codes: Vec<Option<&str>> = done
        .iter()
        .map(|line| line["notes"][0]["code"].as_str())
        .collect();
    let revises = Some("revises");
    assert_eq!(
        codes,
        [
            revises, revises, None, revises, revises, None, revises, revises
        ]
    );
    let theirs = note(&done[1]);
    let expected = said(3, "bea", "2026-01-06T09:30:00Z", seq(&done[0]));
    assert_eq!(theirs["message"], expected);
    assert_eq!(theirs["of"], json!({"id": id(POLICY), "version": 2}));
    let hint = theirs["hint"].as_str().unwrap();
    assert!(
        hint.contains("record history") && hint.contains("if_version"),
        "{hint}"
    );
    let again = said(
        6,
        "the local operator",
        done[3]["recorded_at"].as_str().unwrap(),
        seq(&done[3]),
    );
    assert_eq!(note(&done[4])["message"], again);
    // Told again, it says the same.
    assert_eq!(done[7]["notes"], done[0]["notes"]);
    // Whoever says which version they follow is refused where it is not the newest.
    refused(
        &desk,
        &[(
            with(titled("Late"), "if_version", 2),
            "stale_version",
            "/if_version",
        )],
    );
}
