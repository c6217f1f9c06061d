//! Days and slots: what happened is not in the future, and no slot is filled in later.

use serde_json::{Value, json};

use crate::desk::{id, person};
use crate::governed::*;

fn review(first_day: &str) -> Value {
    let input = json!({"none_because": "The first review."});
    json!({"title": "Review", "parts": [{"meeting": cites(MEETING)}], "covers": ["aims"],
        "slot": {"declaration": id(DECLARATION), "first_day": first_day},
        "inputs": {"actions": input}, "decisions": {"improvement": "None.", "changes": "None."},
        "conclusions": {"suitability": "Yes.", "adequacy": "Yes.", "effectiveness": "Yes."}})
}

fn move_slot(first_day: &str, to: [&str; 2]) -> Value {
    let body = json!({"first_day": first_day, "to_first_day": to[0], "to_last_day": to[1],
        "because": "An election."});
    by(moved(DECLARATION, 1, "move_slot", body), "cai")
}

#[test]
fn what_happened_is_not_in_the_future() {
    let desk = governed();
    let today = "2026-01-05";
    let tomorrow = "2026-01-06";
    refused(
        &desk,
        &[
            (
                put("meeting", 31, meeting(tomorrow)),
                "in_future",
                "/body/sittings/0/on",
            ),
            (
                put("risk_assessment", 31, assessment(tomorrow, tomorrow)),
                "in_future",
                "/body/assessed_on",
            ),
            (
                put("risk_assessment", 31, assessment(today, tomorrow)),
                "in_future",
                "/body/decision/on",
            ),
            (
                put("attestation", 31, attestation(tomorrow)),
                "in_future",
                "/body/attested_on",
            ),
            (
                moved(21, 1, "accept", json!({"on": tomorrow})),
                "in_future",
                "/body/on",
            ),
            (
                moved(
                    POLICY,
                    1,
                    "communicate",
                    json!({"on": tomorrow, "to": "Staff"}),
                ),
                "in_future",
                "/body/on",
            ),
        ],
    );
    desk.done(&[
        put("attestation", 31, attestation(today)),
        put("risk_assessment", 32, assessment(today, today)),
        // What is only meant for a day may lie ahead.
        with(put("policy", 33, policy()), "effective_on", "2026-03-01"),
        moved(21, 1, "leave", json!({"last_day": tomorrow})),
    ]);
}

#[test]
fn what_is_older_than_the_ledger_says_where_it_comes_from() {
    let desk = governed();
    let before = "2026-01-04";
    let mina = put("person", 31, json!({"name": "Mina"}));
    let brought = json!({"from": "The staff list"});
    let old_policy = with(put("policy", 32, policy()), "effective_on", before);
    refused(
        &desk,
        &[
            (
                with(mina.clone(), "effective_on", before),
                "before_ledger",
                "/effective_on",
            ),
            (old_policy.clone(), "before_ledger", "/effective_on"),
            (
                put("meeting", 31, meeting(before)),
                "before_ledger",
                "/body/sittings/0/on",
            ),
            (
                put("attestation", 31, attestation(before)),
                "before_ledger",
                "/body/attested_on",
            ),
            (
                with(old_policy, "brought_in", brought.clone()),
                "no_file",
                "/brought_in/file",
            ),
        ],
    );
    let old = with(with(mina, "effective_on", before), "brought_in", brought);
    desk.done(&[old]);
}

#[test]
fn a_day_that_no_calendar_has_is_refused() {
    let desk = governed();
    let mina = put("person", 31, json!({"name": "Mina"}));
    for day in [
        "2026-02-31",
        "2026-13-01",
        "31/01/2026",
        "2026-1-5",
        "2026-01-05T09:00:00Z",
        "",
    ] {
        refused(
            &desk,
            &[
                (
                    with(mina.clone(), "effective_on", day),
                    "malformed",
                    "/effective_on",
                ),
                (
                    put("attestation", 31, attestation(day)),
                    "malformed",
                    "/body/attested_on",
                ),
                (
                    put("meeting", 31, meeting(day)),
                    "malformed",
                    "/body/sittings/0/on",
                ),
            ],
        );
    }
}

#[test]
fn a_slot_is_claimed_for_a_meeting_inside_it_only() {
    let desk = governed();
    let undeclared = with(
        review("2026-01-01"),
        "slot",
        json!({"declaration": id(POLICY), "first_day": "2026-01-01"}),
    );
    let claim = |first_day: &str| put("management_review", 31, review(first_day));
    refused(
        &desk,
        &[
            (claim("2026-04-01"), "outside_slot", "/body/slot"),
            (claim("2026-02-01"), "no_such_slot", "/body/slot/first_day"),
            (
                put("management_review", 31, undeclared),
                "no_such_slot",
                "/body/slot/first_day",
            ),
        ],
    );
    desk.done(&[claim("2026-01-01")]);
}

#[test]
fn a_slot_moves_once_and_before_its_last_day() {
    let desk = governed();
    let later = ["2026-02-01", "2026-04-30"];
    let mut operator = move_slot("2026-01-01", later);
    operator.as_object_mut().unwrap().remove("as");
    refused(
        &desk,
        &[
            (operator, "no_authority", "/as"),
            (
                move_slot("2026-02-01", later),
                "no_such_slot",
                "/body/first_day",
            ),
            (
                move_slot("2026-01-01", ["2026-04-30", "2026-02-01"]),
                "check_failed",
                "/body/to_last_day",
            ),
        ],
    );
    desk.done(&[move_slot("2026-01-01", later)]);
    // The meeting of January is outside the slot now.
    refused(
        &desk,
        &[
            (
                move_slot("2026-01-01", ["2026-03-01", "2026-05-31"]),
                "slot_moved",
                "/body/first_day",
            ),
            (
                put("management_review", 31, review("2026-01-01")),
                "outside_slot",
                "/body/slot",
            ),
        ],
    );
    desk.done(&[with(person(32, "eve"), "at", "2026-07-01T09:00:00Z")]);
    let over = move_slot("2026-04-01", ["2026-07-01", "2026-09-30"]);
    let backdated = with(over.clone(), "effective_on", "2026-06-01");
    refused(
        &desk,
        &[
            (over, "slot_over", "/body/first_day"),
            (backdated, "slot_over", "/body/first_day"),
            (
                with(person(33, "fay"), "at", "2026-06-30T09:00:00Z"),
                "before_last_entry",
                "/at",
            ),
        ],
    );
}

#[test]
fn a_slot_is_claimed_by_one_review() {
    let desk = governed();
    let claim = |number: u32| put("management_review", number, review("2026-01-01"));
    let withdraw = |version: u32| moved(31, version, "withdraw", json!({"because": "In error."}));
    let second = [(claim(32), "slot_claimed", "/body/slot")];
    desk.done(&[claim(31)]);
    refused(&desk, &second);
    let ran = desk.apply(&[claim(32)]);
    let message = &ran.lines()[0]["refusal"]["message"];
    let names = format!("The review {}, held on 5 January 2026, claims", id(31));
    assert!(message.as_str().unwrap().starts_with(&names), "{message}");
    desk.done(&[claim(31)]);
    refused(&desk, &second);
    // The version before stands again.
    desk.done(&[withdraw(2)]);
    refused(&desk, &second);
    let mut outside = review("2026-01-01");
    outside["slot"] = Value::Null;
    desk.done(&[put("management_review", 33, outside.clone())]);
    let mut freed = desk.done(&[withdraw(1), claim(32)]);
    assert_eq!(freed.pop().unwrap()["version"], 1);
    refused(&desk, &[(claim(33), "slot_claimed", "/body/slot")]);
    desk.done(&[put("management_review", 32, outside), claim(33)]);
}
