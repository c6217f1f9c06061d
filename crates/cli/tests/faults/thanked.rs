//! What a careful secretary is told of at once: who cannot have counted, what was only taken note of,
//! what nobody looks at again.

use serde_json::{Value, json};

use crate::desk::{Desk, id, person};
use crate::governed::*;

const BOARD: u32 = 31;
const GIL: u32 = 35;
const FAY: u32 = 36;

/// Returns the notes of a line that go by a word.
fn notes<'l>(line: &'l Value, code: &str) -> Vec<&'l Value> {
    let notes = line["notes"].as_array().into_iter().flatten();
    notes.filter(|one| one["code"] == code).collect()
}

fn message(line: &Value, code: &str) -> String {
    let [one] = notes(line, code)[..] else {
        panic!("{code}: {line}");
    };
    assert!(one["hint"].as_str().unwrap().ends_with('.'), "{one}");
    one["message"].as_str().unwrap().to_owned()
}

/// Returns a ledger with a board of one seat, which Bea has from 3 January on.
fn with_board(powers: &[&str]) -> Desk {
    let desk = governed();
    let board = json!({"name": "Board", "top_management": "no", "quorum": 1, "may": ["decide"],
        "seats": [{"person": id(BEA), "from": "2026-01-03"}], "powers": powers});
    let resolution = json!({"number": "26/2", "text": "That there be a board.",
        "body": id(CABINET), "verb": "approves", "decided_on": "2026-01-05",
        "objects": [{"of": cites(BOARD)}]});
    desk.done(&[
        put("body", BOARD, board),
        put("resolution", 33, resolution),
        by(moved(33, 1, "attest", json!({})), "ada"),
    ]);
    desk
}

fn sat(number: u32, body: u32, present: &[(u32, &str)]) -> Value {
    let row = |(person, role): &(u32, &str)| json!({"person": id(*person), "role": role});
    let present: Vec<Value> = present.iter().map(row).collect();
    put(
        "meeting",
        number,
        json!({"title": "Board", "body": id(body), "state": "held",
        "sittings": [{"on": "2026-01-05"}], "items": [{"number": "1", "title": "Policy"}],
        "present": present}),
    )
}

#[test]
fn whoever_was_not_here_yet_or_any_more_is_not_put_down_as_there_without_a_word() {
    let desk = with_board(&[]);
    let with_days = |number: u32, name: &str, days: Value| {
        let mut command = person(number, name);
        for (field, day) in days.as_object().unwrap() {
            command["body"][field] = day.clone();
        }
        command
    };
    let done = desk.done(&[
        with_days(GIL, "gil", json!({"joined_on": "2026-07-01"})),
        with_days(FAY, "fay", json!({"left_on": "2026-01-04"})),
        sat(40, BOARD, &[(BEA, "member"), (GIL, "in_attendance")]),
        sat(
            41,
            BOARD,
            &[(BEA, "member"), (GIL, "member"), (FAY, "in_attendance")],
        ),
        sat(42, BOARD, &[(BEA, "member"), (12, "in_attendance")]),
        with_days(GIL, "gil", json!({"joined_on": "2026-01-05"})),
        sat(40, BOARD, &[(BEA, "member"), (GIL, "in_attendance")]),
    ]);
    let said = "By their records not here on 5 January 2026, and said to have been there: ";
    assert_eq!(message(&done[2], "not_here"), format!("{said}gil."));
    assert_eq!(message(&done[3], "not_here"), format!("{said}gil and fay."));
    // Whoever was not here had no seat either, which need not be said.
    assert!(notes(&done[3], "no_seat").is_empty(), "{}", done[3]);
    assert!(notes(&done[4], "not_here").is_empty(), "{}", done[4]);
    assert!(notes(&done[6], "not_here").is_empty(), "{}", done[6]);
}

#[test]
fn a_member_without_a_seat_is_told_not_to_count() {
    let desk = with_board(&[]);
    let five = [
        (11, "member"),
        (12, "member"),
        (GIL, "member"),
        (FAY, "member"),
    ];
    let deputy = json!({"person": id(12), "role": "deputy", "deputy_for": id(BEA)});
    let mut deputised = sat(42, BOARD, &[(11, "in_attendance")]);
    deputised["body"]["present"]
        .as_array_mut()
        .unwrap()
        .push(deputy);
    let done = desk.done(&[
        person(GIL, "gil"),
        person(FAY, "fay"),
        sat(40, BOARD, &[(BEA, "member"), (12, "member")]),
        sat(41, BOARD, &five),
        deputised,
        // Of a body whose terms name no seat nobody is without one.
        sat(43, CABINET, &five),
    ]);
    let said =
        "Without a seat in the body on 5 January 2026, and said to have been there as a member: ";
    assert_eq!(message(&done[2], "no_seat"), format!("{said}dot."));
    let hint = notes(&done[2], "no_seat")[0]["hint"].as_str().unwrap();
    let next = "put a version of the body that says so and have it approved";
    assert!(hint.contains(next), "{hint}");
    assert_eq!(
        message(&done[3], "no_seat"),
        format!("{said}cai, dot, gil and 1 more.")
    );
    for line in &done[4..] {
        assert!(notes(line, "no_seat").is_empty(), "{line}");
    }
}

#[test]
fn what_was_only_noted_is_said_to_stay_proposed_where_it_could_have_been_approved() {
    let resolves = |number: u32, body: u32, verb: &str| {
        put(
            "resolution",
            number,
            json!({"number": format!("26/{number}"), "text": "That it be so.",
            "body": id(body), "verb": verb, "decided_on": "2026-01-05", "objects": [{"of": cites(POLICY)}]}),
        )
    };
    let attest = |number: u32| by(moved(number, 1, "attest", json!({})), "ada");
    let desk = with_board(&[]);
    let done = desk.done(&[
        resolves(50, CABINET, "notes"),
        attest(50),
        resolves(51, CABINET, "receives"),
        // By a body that could not have approved it.
        resolves(52, BOARD, "notes"),
        resolves(53, CABINET, "rejects"),
        resolves(54, CABINET, "adopts"),
        attest(54),
        resolves(55, CABINET, "notes"),
        attest(51),
        by(
            moved(50, 1, "withdraw", json!({"because": "Entered in error."})),
            "ada",
        ),
    ]);
    let said = "“AI policy”, version 1, stays proposed: to take note of it approves nothing.";
    for line in &done[..3] {
        assert_eq!(message(line, "only_noted"), said);
        assert_eq!(notes(line, "only_noted")[0]["of"], cites(POLICY));
    }
    for line in &done[3..] {
        assert!(notes(line, "only_noted").is_empty(), "{line}");
    }
}

#[test]
fn what_is_withheld_with_no_day_to_look_at_it_again_is_told() {
    let desk = governed();
    let mark = |name: &str, review: Value| json!({name: {"as": "exempt", "basis": "Trade secrets.", "review_by": review}});
    let marked = |marks: Value| {
        let mut command = put("policy", 60, policy());
        command["marks"] = marks;
        command
    };
    let marks = |marks: Value| moved(POLICY, 1, "mark", json!({"marks": marks}));
    let day = json!("2027-01-05");
    let done = desk.done(&[
        marked(mark("words", Value::Null)),
        marks(mark("words", Value::Null)),
        with(marks(json!({"words": {"as": "privileged", "basis": "Advice."}, "act": {"as": "exempt", "basis": "Names."}})), "key", "two"),
        marks(mark("words", day.clone())),
        marks(json!({"words": {"as": "personal", "basis": "Names."}})),
        with(marks(json!({"words": {"as": "privileged", "basis": "Advice."}, "act": {"as": "exempt", "basis": "Names."}})), "key", "two"),
    ]);
    let said = "Withheld, with no day on which that is looked at again: ";
    assert_eq!(message(&done[0], "no_review"), format!("{said}words."));
    assert_eq!(message(&done[1], "no_review"), format!("{said}words."));
    for line in [&done[2], &done[5]] {
        assert_eq!(message(line, "no_review"), format!("{said}act and words."));
    }
    for line in &done[3..5] {
        assert!(notes(line, "no_review").is_empty(), "{line}");
    }
}

#[test]
fn a_unit_that_the_organisation_does_not_list_is_noted_where_it_lists_any() {
    let of = |unit: &str| put("ai_system", 37, json!({"title": "Quillo", "unit": unit}));
    let desk = governed();
    let done = desk.done(&[of("housng"), of("housing")]);
    let said =
        "Its unit \"housng\" is not one the organisation lists: nobody is asked to attest for it.";
    assert_eq!(message(&done[0], "unit_unlisted"), said);
    assert_eq!(notes(&done[1], "unit_unlisted").len(), 0);
    let desk = Desk::simulated();
    let done = desk.done(&[of("housng")]);
    assert_eq!(notes(&done[0], "unit_unlisted").len(), 0);
}
