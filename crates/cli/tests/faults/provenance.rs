//! What is recorded late or brought in: taken, and marked so.

use serde_json::{Value, json};

use crate::desk::{Desk, id};
use crate::governed::*;

/// Records a version of the policy, adopts it, and returns what `status` answers on the policy.
fn adopt(desk: &Desk, version: u32, put: Value, instant: &str) -> Value {
    let resolution = json!({"number": format!("26/{version}"), "text": "That it be adopted.",
        "body": id(CABINET), "verb": "adopts", "decided_on": &instant[..10],
        "objects": [{"of": {"id": id(POLICY), "version": version}}]});
    let commands = [
        by(put, "bea"),
        self::put("resolution", 40 + version, resolution),
        by(moved(40 + version, 1, "attest", json!({})), "ada"),
    ];
    desk.done(&commands.map(|command| with(command, "at", instant)));
    let status = desk.run(&["status", "--json"]).json();
    let answer = status["five"][1].clone();
    assert_eq!(answer["id"], "policy");
    assert_eq!(answer["evidence"][0]["version"], version);
    answer
}

fn policy_of(day: &str) -> Value {
    with(put("policy", POLICY, policy()), "effective_on", day)
}

/// Declares that records are made within ten days.
fn declare_ten_days(desk: &Desk, instant: &str) {
    let body = json!({"title": "What we hold ourselves to", "tolerances": {"recording_days": 10},
        "series": {"management_review": {"first_day": "2026-01-01", "months": 3}}});
    let approve = moved(DECLARATION, 2, "approve", json!({}));
    let commands = [
        by(put("declaration", DECLARATION, body), "bea"),
        by(approve, "cai"),
    ];
    desk.done(&commands.map(|command| with(command, "at", instant)));
}

#[test]
fn evidence_says_whether_it_was_recorded_in_time() {
    let desk = governed();
    let late = "AI policy was recorded late.";
    let hold = |version, of, instant, expected| {
        let answer = adopt(&desk, version, policy_of(of), instant);
        let evidence = &answer["evidence"][0];
        assert_eq!(evidence["provenance"], expected, "{answer}");
        assert_eq!(evidence["effective_on"], of, "{answer}");
        assert_eq!(evidence["recorded_at"], instant, "{answer}");
        let reserved = answer["reservations"].as_array().unwrap();
        let is_said = reserved.iter().any(|one| one == late);
        assert_eq!(is_said, expected == "late", "{answer}");
        let told = desk.run(&["status"]).out;
        let words = format!("AI policy, version {version} (recorded");
        assert!(told.contains(&words), "{told}");
    };
    hold(2, "2026-01-06", "2026-02-05T09:00:00Z", "in_time");
    hold(3, "2026-01-06", "2026-02-06T09:00:00Z", "late");
    declare_ten_days(&desk, "2026-02-07T09:00:00Z");
    hold(4, "2026-02-10", "2026-02-20T09:00:00Z", "in_time");
    hold(5, "2026-02-10", "2026-02-21T09:00:00Z", "late");
    desk.holds();
}

#[test]
fn evidence_older_than_the_ledger_is_brought_in_however_late_it_comes() {
    let desk = governed();
    let file = desk.file("policy.txt", b"AI helps people.");
    let hash = desk.run(&["file", "add", file.to_str().unwrap()]).out;
    let from = json!({"from": "The policy drive", "file": hash.trim()});
    let brought = |day: &str| with(policy_of(day), "brought_in", from.clone());
    let answer = adopt(&desk, 2, brought("2026-01-04"), "2026-06-01T09:00:00Z");
    assert_eq!(
        answer["evidence"][0]["provenance"], "brought_in",
        "{answer}"
    );
    let reserved = answer["reservations"].as_array().unwrap();
    let said = "AI policy was brought in from before the ledger began.";
    assert!(reserved.iter().any(|one| one == said), "{answer}");
    // From the ledger's first day on, a record is as late as any other, and is not brought in.
    let since = with(brought("2026-01-05"), "at", "2026-06-02T09:00:00Z");
    refused(&desk, &[(since, "not_older", "/brought_in")]);
    let answer = adopt(&desk, 3, policy_of("2026-01-05"), "2026-06-02T09:00:00Z");
    assert_eq!(answer["evidence"][0]["provenance"], "late", "{answer}");
    desk.holds();
}
