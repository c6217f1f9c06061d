//! A record dated after today only where it says what is to be, never what was done; and no instant from whoever records.

use serde_json::{Value, json};

use crate::desk::{Desk, id, person};
use crate::governed::*;

const TODAY: &str = "2026-01-05";
const TOMORROW: &str = "2026-01-06";

/// Returns a sound version of kinds of either sort, each with whether it may have its effect later.
fn of_either_sort(organisation: &str) -> Vec<(Value, bool)> {
    let review = json!({"title": "Review", "parts": [{"meeting": cites(MEETING)}],
        "covers": ["aims"], "inputs": {}, "decisions": {}, "conclusions": {}});
    let criteria = json!({"title": "Criteria", "scales": "Three.", "levels": ["low"],
        "acceptable_to": "low", "method": "By hand."});
    let terms = json!({"name": "Group", "top_management": "no", "quorum": 1});
    let resolution = json!({"number": "26/2", "text": "That it be so.", "body": id(CABINET),
        "verb": "resolves", "decided_on": TODAY});
    let disposition = json!({"rule": "4.3-a", "since": TODAY, "says": "not_a_failure",
        "because": "We know."});
    let task = json!({"title": "A26/1", "text": "Do it.", "owner": id(BEA), "due": TOMORROW,
        "status": "open"});
    let nonconformity = json!({"title": "NC 1", "what": "No scope.", "found_on": TODAY});
    let owner = json!({"title": "Owner", "holder": id(BEA), "duties": ["reporting"],
        "start": TODAY});
    let whole = json!({"do": "put", "kind": "organisation", "id": organisation,
        "body": {"name": "Example Council (fictional)"}});
    vec![
        (put("action", 31, task), false),
        (put("ai_system", 32, json!({"title": "Lamplight"})), true),
        (put("appointment", 33, owner), true),
        (put("attestation", 34, attestation(TODAY)), false),
        (put("body", 35, terms), true),
        (put("declaration", 36, json!({"title": "We"})), true),
        (by(put("disposition", 37, disposition), "ada"), false),
        (put("management_review", 38, review), false),
        (put("meeting", 39, meeting(TODAY)), false),
        (by(put("nonconformity", 40, nonconformity), "ada"), false),
        (whole, true),
        (put("person", 41, json!({"name": "Mina"})), true),
        (put("policy", 42, policy()), true),
        (put("resolution", 43, resolution), true),
        (put("risk_assessment", 44, assessment(TODAY, TODAY)), false),
        (put("risk_criteria", 45, criteria), true),
        (
            put("scope", 46, json!({"title": "Scope", "statement": "All."})),
            true,
        ),
    ]
}

#[test]
fn what_was_done_takes_no_effect_after_today_and_what_is_decided_may() {
    let desk = governed();
    let all = of_either_sort(&desk.organisation());
    // Which of the two a kind is stands in its own folder.
    let registry = kinds::registry();
    for (put, later) in &all {
        let kind = put["kind"].as_str().unwrap();
        let said = registry.get(kind).map(|kind| kind.later_effect);
        assert_eq!(said, Some(*later), "{kind}");
    }
    let on = |day: &str, later: bool| -> Vec<Value> {
        let those = all.iter().filter(|(_, one)| *one == later);
        those
            .map(|(put, _)| with(put.clone(), "effective_on", day))
            .collect()
    };
    let cases: Vec<Case> = on(TOMORROW, false)
        .into_iter()
        .map(|put| (put, "in_future", "/effective_on"))
        .collect();
    refused(&desk, &cases);
    desk.done(&on(TODAY, false));
    desk.done(&on(TOMORROW, true));
}

#[test]
fn a_move_that_tells_what_was_done_is_not_dated_after_today() {
    let desk = governed();
    let resolution = json!({"number": "26/2", "text": "That it be so.", "body": id(CABINET),
        "verb": "resolves", "decided_on": TODAY});
    desk.done(&[put("resolution", 31, resolution)]);
    let told = [
        by(moved(31, 1, "attest", json!({})), "ada"),
        moved(21, 1, "accept", json!({"on": TODAY})),
        moved(
            POLICY,
            1,
            "communicate",
            json!({"on": TODAY, "to": "Staff"}),
        ),
        moved(31, 1, "mark", json!({"marks": {}})),
        moved(SYSTEM, 1, "withdraw", json!({"because": "In error."})),
    ];
    let dated = |day: &str| told.clone().map(|one| with(one, "effective_on", day));
    let cases = dated(TOMORROW).map(|one| (one, "in_future", "/effective_on"));
    refused(&desk, &cases);
    desk.done(&dated(TODAY));
    // An approval may be given now and have its effect then, and who leaves may say so before.
    let leaves = moved(21, 1, "leave", json!({"last_day": TOMORROW}));
    desk.done(&[
        with(
            by(moved(POLICY, 1, "approve", json!({})), "cai"),
            "effective_on",
            TOMORROW,
        ),
        with(leaves, "effective_on", TOMORROW),
        person(32, "eve"),
    ]);
}

#[test]
fn a_ledger_whose_clock_is_the_machines_takes_no_instant_from_a_command() {
    let desk = Desk::empty();
    desk.init(&[]);
    let at = |number: u32, at: &str| with(person(number, "zoe"), "at", at);
    let set = json!({"do": "all", "commands": [person(41, "al"), at(42, "2026-01-05T09:00:00Z")]});
    refused(
        &desk,
        &[
            (at(40, "2026-01-05T09:00:00Z"), "no_simulated_clock", "/at"),
            (at(40, "2099-01-05T09:00:00Z"), "no_simulated_clock", "/at"),
            (set, "no_simulated_clock", "/commands/1/at"),
        ],
    );
    let ran = desk.run(&["record", "list", "person", "--json"]);
    assert_eq!(ran.json().as_array().unwrap().len(), 1, "{ran:?}");
}
