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

/// Holds the line of a list that shows a record to one word, and to what it says of it in text.
fn listed(desk: &Desk, reply: &Value, expected: &str) {
    let shown = desk.run(&["record", "show", reply["id"].as_str().unwrap(), "--json"]);
    let shown = shown.json();
    let kind = shown["kind"].as_str().unwrap();
    let list = desk.run(&["record", "list", kind, "--json"]).json();
    let mut lines = list.as_array().unwrap().iter();
    let line = lines.find(|one| one["id"] == reply["id"]).unwrap();
    assert_eq!(line["version"], reply["version"], "{list}");
    assert_eq!(line["provenance"], expected, "{list}");
    let text = desk.run(&["record", "list", kind]).out;
    let mut lines = text.lines();
    let line = lines.find(|line| line.starts_with(shown["id"].as_str().unwrap()));
    let said = |word: &str| line.unwrap().contains(word);
    let found = (said("  [late]"), said("  [brought in]"));
    assert_eq!(
        found,
        (expected == "late", expected == "brought_in"),
        "{text}"
    );
}

/// Holds the reply to a Command, what is shown, the line of the list and the last one of the
/// history to one word.
fn came(desk: &Desk, command: Value, expected: &str) -> Value {
    let reply = desk.done(&[command]).remove(0);
    assert_eq!(reply["provenance"], expected, "{reply}");
    let run = |verb: &str, more: &[&str]| {
        let id = reply["id"].as_str().unwrap();
        desk.run(&[&["record", verb, id], more].concat())
    };
    let history = run("history", &["--json"]).json();
    let last = history.as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["provenance"], expected, "{history}");
    assert_eq!(last["seq"], reply["seq"]);
    let told = run("history", &[]).out;
    let is_late = told.lines().any(|line| line.contains("recorded late"));
    assert_eq!(is_late, expected == "late", "{told}");
    listed(desk, &reply, expected);
    reply
}

fn last_line(desk: &Desk, number: u32) -> Value {
    let history = desk
        .run(&["record", "history", &id(number), "--json"])
        .json();
    history.as_array().unwrap().last().unwrap().clone()
}

#[test]
fn a_reply_says_at_once_whether_it_came_in_time() {
    let desk = governed();
    let at = |command, instant| with(command, "at", instant);
    let person = |n| put("person", n, json!({"name": "Zoe Sample"}));
    let on = |command, day| with(command, "effective_on", day);
    let today = "2026-03-02T09:00:00Z";
    came(&desk, at(person(61), today), "in_time");
    came(&desk, on(person(62), "2026-01-31"), "in_time");
    came(&desk, on(person(63), "2026-01-30"), "late");
    // The day of the act counts, not that of the typing.
    let found = |day: &str| {
        let body = json!({"title": "NC 1", "what": "Nobody kept the list.", "found_on": day});
        by(put("nonconformity", 64, body), "ada")
    };
    came(&desk, found("2026-02-02"), "in_time");
    let reply = came(&desk, found("2026-01-29"), "late");
    assert_eq!(reply["version"], 2);
    desk.holds();
}

#[test]
fn a_repeated_command_is_told_how_the_first_came() {
    let desk = governed();
    let late = with(
        put("person", 61, json!({"name": "Zoe Sample"})),
        "key",
        "zoe",
    );
    let late = with(late, "effective_on", "2026-01-06");
    let first = with(late.clone(), "at", "2026-03-02T09:00:00Z");
    let replies = desk.done(&[first, late]);
    assert_eq!(replies[0]["provenance"], "late");
    let strip = |reply: &Value| with(reply.clone(), "line", 0);
    assert_eq!(strip(&replies[0]), strip(&replies[1]));
}

#[test]
fn what_was_brought_in_is_shown_with_the_place_as_it_was_typed() {
    let desk = governed();
    let file = desk.file("policy.txt", b"AI helps people.");
    let hash = desk.run(&["file", "add", file.to_str().unwrap()]).out;
    let source = "The policy drive (P:\\AI, \"old\")";
    let from = json!({"from": source, "file": hash.trim()});
    let policy = with(policy_of("2025-11-03"), "brought_in", from);
    came(&desk, by(policy, "bea"), "brought_in");
    let line = last_line(&desk, POLICY);
    assert_eq!(line["brought_in"]["from"], source);
    assert_eq!(line["brought_in"]["file"], hash.trim());
    let shown = |more: &[&str]| desk.run(&[&["record", "show", &id(POLICY)], more].concat());
    let view = shown(&["--json"]).json();
    assert_eq!(view["provenance"], "brought_in", "{view}");
    assert_eq!(view["brought_in"], line["brought_in"]);
    let bea = view["brought_in"]["by"].as_str().unwrap();
    let bea = desk.run(&["record", "show", bea, "--json"]).json();
    for told in [
        shown(&[]).out,
        desk.run(&["record", "history", &id(POLICY)]).out,
    ] {
        let words = told.split_whitespace().collect::<Vec<_>>().join(" ");
        let place = format!("brought in from “{source}”, file {}", hash.trim());
        assert!(words.contains(&place), "{told}");
    }
    let told = shown(&[]).out;
    let by = format!(", by {}", bea["title"].as_str().unwrap());
    assert!(
        told.replace('\n', " ").replace("  ", " ").contains(&by),
        "{told}"
    );
    // What was recorded here was brought in from nowhere.
    let first = desk.run(&["record", "show", &id(SYSTEM), "--json"]).json();
    assert_eq!(
        (&first["provenance"], &first["brought_in"]),
        (&json!("in_time"), &Value::Null)
    );
}

#[test]
fn a_single_put_and_move_can_be_brought_in() {
    let desk = governed();
    let file = desk.file("policy.txt", b"AI helps people.");
    let hash = desk.run(&["file", "add", file.to_str().unwrap()]).out;
    let hash = hash.trim();
    let body = desk.file(
        "body.json",
        policy_of("2025-11-03")["body"].to_string().as_bytes(),
    );
    let from = "The policy drive";
    let (bea, new) = (id(BEA), id(71));
    let brought = |args: &[&str], more: &[&str]| {
        let day = ["--effective-on", "2025-11-03", "--json"];
        desk.run(&[args, &day, more].concat())
    };
    let put = [
        "record",
        "put",
        "policy",
        body.to_str().unwrap(),
        "--id",
        &new,
    ];
    let all = [
        "--brought-in-from",
        from,
        "--brought-in-by",
        &bea,
        "--brought-in-file",
        hash,
    ];
    let ran = brought(&put, &all);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.json()["provenance"], "brought_in", "{ran:?}");
    let shown = desk.run(&["record", "show", &new, "--json"]).json();
    let expected = json!({"from": from, "by": bea, "file": hash});
    assert_eq!(shown["brought_in"], expected);
    let known = desk.file("known.json", br#"{"on": "2025-11-03", "to": "Staff"}"#);
    let known = known.to_str().unwrap();
    let communicate = [
        "record",
        "move",
        &new,
        "communicate",
        "--version",
        "1",
        known,
    ];
    let ran = brought(
        &communicate,
        &["--brought-in-from", from, "--brought-in-file", hash],
    );
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.json()["provenance"], "brought_in", "{ran:?}");
}

#[test]
fn nothing_is_brought_in_by_somebody_or_in_a_file_from_nowhere() {
    let desk = governed();
    let body = desk.file(
        "body.json",
        policy_of("2025-11-03")["body"].to_string().as_bytes(),
    );
    let (bea, hash) = (id(BEA), "a".repeat(64));
    let put = ["record", "put", "policy", body.to_str().unwrap()];
    for alone in [["--brought-in-by", &bea], ["--brought-in-file", &hash]] {
        let ran = desk.run(&[&put[..], &alone].concat());
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.err.contains("--brought-in-from"), "{ran:?}");
    }
}
