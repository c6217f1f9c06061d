//! Asked about a day before something was: it is not there yet, and nothing later is handed out.

use serde_json::json;

use crate::desk::{Desk, id};
use crate::governed::*;

const TOLD: u32 = 31;

/// Returns a ledger with a policy that was put in February, and again in March.
fn with_later() -> Desk {
    let desk = Desk::simulated();
    desk.done(&[
        with(put("policy", TOLD, policy()), "at", "2026-02-01T09:00:00Z"),
        with(put("policy", TOLD, policy()), "at", "2026-03-01T09:00:00Z"),
    ]);
    desk
}

#[test]
fn a_record_of_a_later_day_is_neither_listed_nor_shown_about_an_earlier() {
    let desk = with_later();
    let policy = id(TOLD);
    let about = ["--as-of", "2026-01-20", "--known-by", "now"];
    let listed = desk.run(&[&["record", "list", "policy"][..], &about].concat());
    let none = "No record of the kind policy was on record about that day.\n";
    assert_eq!((listed.code, listed.err.as_str()), (0, none));
    let shown = desk.run(&[&["record", "show", &policy, "--json"][..], &about].concat());
    assert_eq!(shown.code, 1, "{shown:?}");
    let refusal = shown.json()["refusal"].clone();
    let said = format!("The record {policy} was not on record about that day.");
    assert_eq!(
        (&refusal["code"], &refusal["message"]),
        (&json!("no_such_record"), &json!(said))
    );
    assert!(
        refusal["hint"].to_string().contains("1 February 2026"),
        "{refusal}"
    );
    // About a day between the two it is the first.
    let between = ["--as-of", "2026-02-20", "--known-by", "now"];
    let shown = desk.run(&[&["record", "show", &policy, "--json"][..], &between].concat());
    assert_eq!(shown.json()["version"], 1);
}

#[test]
fn what_was_not_known_by_then_is_told_in_those_words() {
    let desk = with_later();
    let listed = desk.run(&["record", "list", "policy", "--as-of", "2026-01-20"]);
    assert_eq!(
        listed.err,
        "No record of the kind policy was known by then.\n"
    );
    let shown = desk.run(&["record", "show", &id(TOLD), "--as-of", "2026-01-20"]);
    assert_eq!(shown.code, 1, "{shown:?}");
    let said = format!("No record known by then has the id {}.", id(TOLD));
    assert!(shown.err.contains(&said), "{shown:?}");
}

#[test]
fn what_was_recorded_ahead_of_its_day_is_shown_as_proposed() {
    let desk = Desk::simulated();
    let ahead = |title: &str, on: &str| {
        let mut body = policy();
        body["title"] = json!(title);
        with(put("policy", TOLD, body), "effective_on", on)
    };
    desk.done(&[
        ahead("First", "2026-06-01"),
        with(ahead("Second", "2026-07-01"), "at", "2026-02-01T09:00:00Z"),
    ]);
    let policy = id(TOLD);
    let show = |more: &[&str]| {
        let ran = desk.run(&[&["record", "show", &policy, "--json"][..], more].concat());
        let shown = ran.json();
        (shown["version"].clone(), shown["state"].clone())
    };
    let proposed = |version: u32| (json!(version), json!("proposed"));
    assert_eq!(show(&[]), proposed(2));
    assert_eq!(show(&["--as-of", "2026-01-20"]), proposed(1));
    let later = ["--as-of", "2026-01-20", "--known-by", "now"];
    assert_eq!(show(&later), proposed(1));
}

#[test]
fn what_was_recorded_later_of_a_day_is_shown_and_listed_about_it() {
    let desk = governed();
    let adopts = json!({"number": "26/2", "text": "That it be so.", "body": id(CABINET),
        "verb": "adopts", "decided_on": "2026-01-06", "meeting": cites(41),
        "objects": [{"of": cites(POLICY)}]});
    let on = |command| with(command, "at", "2026-01-12T09:00:00Z");
    desk.done(&[
        on(put("meeting", 41, meeting("2026-01-06"))),
        on(put("resolution", 42, adopts)),
        on(by(moved(42, 1, "attest", json!({})), "ada")),
    ]);
    let about = |day: &'static str| ["--as-of", day, "--known-by", "2026-01-12", "--json"];
    let answer = desk.run(&[&["status"][..], &about("2026-01-08")].concat());
    let cited = answer.json()["five"][1]["evidence"].to_string();
    for (kind, number) in [("meeting", 41), ("resolution", 42)] {
        assert!(kind == "meeting" || cited.contains(&id(number)), "{cited}");
        let show = ["record", "show", &id(number)];
        let shown = desk.run(&[&show[..], &about("2026-01-08")].concat());
        assert_eq!((shown.code, &shown.json()["version"]), (0, &json!(1)));
        let list = ["record", "list", kind];
        let is_listed = |day| {
            let listed = desk.run(&[&list[..], &about(day)].concat());
            listed.out.contains(&id(number))
        };
        assert!(is_listed("2026-01-08"), "{kind}");
        assert!(!is_listed("2026-01-05"), "{kind}");
        // It tells of nothing before.
        let before = desk.run(&[&show[..], &about("2026-01-05")].concat());
        let hint = before.json()["refusal"]["hint"].to_string();
        assert!(hint.contains("about 6 January 2026"), "{hint}");
    }
}
