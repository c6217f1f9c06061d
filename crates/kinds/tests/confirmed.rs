//! Whose minutes a meeting may confirm: a table of confirmations of a fictional board's minutes.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must fail")]

use record::{Act, Approval, Approver, Cite, Event, Facts, Records};
use serde_json::{Value, json};
use uuid::Uuid;

const BOARD: u128 = 1;
const OTHER: u128 = 2;
const DISSOLVED: u128 = 3;
/// A meeting of the board on 12 and 26 March.
const MINUTES: u128 = 10;
/// A meeting of the board that was dissolved on 31 March.
const LAST_MINUTES: u128 = 11;
const CALLED: u128 = 12;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn meeting(body: u128, state: &str, on: &[&str]) -> Value {
    let sittings: Vec<Value> = on.iter().map(|on| json!({"on": on})).collect();
    json!({"body": id(body), "state": state, "sittings": sittings})
}

fn ended() -> Vec<Approval> {
    let act = |name: &str, carries: Value| Approval {
        because: None,
        by: Approver::Operator,
        carries,
        counts: true,
        decided_on: "2026-01-01".parse().unwrap(),
        effective_on: None,
        name: name.to_owned(),
        of: Cite {
            id: id(DISSOLVED),
            version: 1,
        },
        quorum: None,
        same_person: false,
    };
    let end = json!({"last_day": "2026-03-31"});
    vec![act("approve", Value::Null), act("end", end)]
}

/// The board, another, one that was dissolved, their meetings, and one more that is to confirm.
fn records(confirms: &Value) -> Records {
    let mut records = Records::default();
    let mut put = |kind: &str, n: u128, body: &Value| {
        let mut facts: Facts =
            serde_json::from_value(json!({"effective_on": "2026-01-01", "body": body})).unwrap();
        if n == DISSOLVED {
            facts.acts = ended();
        }
        records.add(Event {
            seq: records.size,
            recorded_at: 0,
            recorded_on: facts.effective_on,
            act: Act::Put,
            kind: kind.into(),
            id: id(n),
            version: 1,
            name: "".into(),
            refs: Vec::new(),
            facts: facts.into(),
        });
    };
    for body in [BOARD, OTHER, DISSOLVED] {
        put("body", body, &json!({"quorum": 1}));
    }
    let two_days = meeting(BOARD, "held", &["2026-03-12", "2026-03-26"]);
    put("meeting", MINUTES, &two_days);
    put(
        "meeting",
        LAST_MINUTES,
        &meeting(DISSOLVED, "held", &["2026-03-12"]),
    );
    put("meeting", CALLED, &meeting(BOARD, "called", &[]));
    put("meeting", 20, confirms);
    records
}

/// Returns the word and the place with which a confirmation is refused.
fn refused(minutes: u128, confirms: &Value, on: &str) -> Option<(String, String)> {
    refused_with(minutes, confirms, json!({"on": on}))
}

fn refused_with(minutes: u128, confirms: &Value, mut confirm: Value) -> Option<(String, String)> {
    let (registry, records) = (kinds::registry(), records(confirms));
    let against = registry
        .get("meeting")
        .unwrap()
        .find_move("confirm")
        .unwrap()
        .against
        .unwrap();
    let minutes = records.get(id(minutes)).unwrap().newest();
    confirm["by"] = json!({"id": id(20), "version": 1});
    let refusal = against(&records, minutes, &confirm).err()?;
    assert!(
        refusal.hint.is_some_and(|hint| hint.ends_with('.')),
        "{}",
        refusal.message
    );
    Some((refusal.code, refusal.field.unwrap()))
}

#[test]
fn minutes_are_confirmed_by_a_later_meeting_of_the_same_body_that_was_held() {
    let april = "2026-04-09";
    let cases = [
        (MINUTES, meeting(BOARD, "held", &[april]), april),
        (MINUTES, meeting(BOARD, "held", &[april]), "2026-04-20"),
        // A second sitting of it was the later one.
        (
            MINUTES,
            meeting(BOARD, "adjourned", &["2026-03-20", april]),
            april,
        ),
        (LAST_MINUTES, meeting(BOARD, "held", &[april]), april),
    ];
    for (minutes, confirms, on) in cases {
        assert_eq!(refused(minutes, &confirms, on), None, "{confirms} on {on}");
    }
}

#[test]
fn minutes_are_confirmed_by_no_other_meeting() {
    let april = "2026-04-09";
    let other = meeting(OTHER, "held", &[april]);
    let board = |state: &str, on: &[&str]| meeting(BOARD, state, on);
    let held = |on: &str| board("held", &[on]);
    let cases = [
        (MINUTES, other, april, "other_body /body/by"),
        (MINUTES, board("called", &[]), april, "not_held /body/by"),
        (MINUTES, board("cancelled", &[]), april, "not_held /body/by"),
        (
            MINUTES,
            board("inquorate", &[april]),
            april,
            "not_held /body/by",
        ),
        (
            MINUTES,
            held("2026-03-26"),
            "2026-03-26",
            "not_later /body/by",
        ),
        (MINUTES, held("2026-03-19"), april, "not_later /body/by"),
        (MINUTES, held(april), "2026-04-08", "not_later /body/on"),
        // The board was not over before the last day of March had passed.
        (
            LAST_MINUTES,
            held("2026-03-31"),
            "2026-03-31",
            "other_body /body/by",
        ),
        (CALLED, held(april), april, "not_held /version"),
    ];
    for (minutes, confirms, on, expected) in cases {
        let found = refused(minutes, &confirms, on).map(|(code, at)| format!("{code} {at}"));
        assert_eq!(found.as_deref(), Some(expected), "{confirms} on {on}");
    }
}

#[test]
fn minutes_are_confirmed_at_an_item_that_the_meeting_took_then() {
    let mut april = meeting(BOARD, "held", &["2026-03-20", "2026-04-09", "2026-04-20"]);
    let said = |meeting: &Value, item: &str| {
        let confirm = json!({"on": "2026-04-10", "item": item});
        refused_with(MINUTES, meeting, confirm)
    };
    assert_eq!(said(&april, "9"), None, "its items are those of a file");
    april["items"] = json!([
        {"number": "1", "sitting": 2},
        {"number": "2"},
        {"number": "3", "sitting": 1},
        {"number": "4", "sitting": 3},
    ]);
    for item in ["1", "2"] {
        assert_eq!(said(&april, item), None, "{item}");
    }
    let no_such = Some(("no_such_item".to_owned(), "/body/item".to_owned()));
    for item in ["3", "4", "9"] {
        assert_eq!(said(&april, item), no_such, "{item}");
    }
}

#[test]
fn whoever_presided_was_there() {
    let mut april = meeting(BOARD, "held", &["2026-04-09"]);
    let said = |meeting: &Value, person: u128| {
        let confirm = json!({"on": "2026-04-09", "presiding": id(person)});
        refused_with(MINUTES, meeting, confirm)
    };
    assert_eq!(said(&april, 31), None, "the record is silent");
    april["present"] = json!([{"person": id(31), "role": "member"},
        {"person": id(32), "role": "in_attendance"}]);
    for person in [31, 32] {
        assert_eq!(said(&april, person), None);
    }
    let not_there = Some(("not_there".to_owned(), "/body/presiding".to_owned()));
    assert_eq!(said(&april, 33), not_there);
}
