//! A review that claims no slot, though it was held in one that nobody claims.

use serde_json::json;

use crate::given::{BOARD, How, id};
use crate::review::{DECLARED, meeting, quarters, review, whole};
use crate::slots::state;

#[test]
fn a_review_that_claims_no_slot_is_not_denied() {
    let mut book = quarters();
    review(&mut book, 500, "2024-02-15", None);
    assert_eq!(state(&book, "2024-01-01", "2024-05-01"), "empty");
    let said = format!(
        "No management review claims the slot from 1 January 2024 to 31 March 2024: record {}, \
            held in it on 15 February 2024, claims none.",
        id(500)
    );
    assert_eq!(book.sentence("9.3-a.o", "2024-05-01"), said);
    let five = book.about("2024-05-01").five.remove(4);
    assert_eq!((five.in_hand, five.holds), ("no", "no"));
    assert_eq!(five.because, said);

    // Of a slot that a review held elsewhere claims, that one is named.
    let mut astray = book.clone();
    review(&mut astray, 510, "2024-04-02", Some("2024-01-01"));
    let said = astray.sentence("9.3-a.o", "2024-05-01");
    assert!(
        said.contains("which claims that slot, last sat on"),
        "{said}"
    );

    // A version that names the slot holds it.
    let mut claimed = book.clone();
    claimed
        .on("2024-05-10")
        .put("management_review", 500, whole(501, Some("2024-01-01")));
    claimed.expect("9.3-a.o", &[("2024-05-10", "holds")]);
}

#[test]
fn a_review_that_claims_another_slot_than_that_in_which_it_was_held_is_told_as_the_cause() {
    let mut book = quarters();
    review(&mut book, 500, "2024-03-28", Some("2024-01-01"));
    book.on("2024-05-15")
        .put_of("meeting", 501, "2024-04-08", meeting(BOARD, "2024-04-08"));
    let said = |before: &str| {
        format!(
            "No management review claims the slot from 1 April 2024 to 30 June 2024: record {}, \
                held in it on 8 April 2024, claims the slot from 1 January 2024, in which it did \
                not sit{before}. Put a version of that review that claims its own slot.",
            id(500)
        )
    };
    let five = book.about("2024-08-05").five.remove(4);
    assert_eq!((five.in_hand, five.holds), ("no", "no"));
    assert_eq!(five.because, said("; the one before it is empty too"));
    assert_eq!(
        book.sentence("9.3-a.o", "2024-08-05"),
        said("") + " It is the newest of 2 slots that were missed."
    );
    // That version holds it.
    book.on("2024-08-06")
        .put("management_review", 500, whole(501, Some("2024-04-01")));
    assert_eq!(state(&book, "2024-04-01", "2024-08-06"), "held_late");
    assert_eq!(state(&book, "2024-01-01", "2024-08-06"), "empty");
}

#[test]
fn a_review_that_holds_a_slot_of_another_series_is_not_said_to_claim_the_wrong_one() {
    let mut book = quarters();
    let series = json!({"management_review": {"first_day": "2024-02-01", "months": 3}});
    book.put("declaration", 302, json!({"series": series}))
        .approve(302, 1);
    let mut body = whole(501, None);
    body["slot"] = json!({"declaration": id(302), "first_day": "2024-02-01"});
    book.on("2024-02-15")
        .put("meeting", 501, meeting(BOARD, "2024-02-15"))
        .put("management_review", 500, body);
    let said = book.sentence("9.3-a.o", "2024-05-15");
    let none = "No record shows that the management review for 1 January 2024 to 31 March 2024 \
        was held.";
    assert_eq!(said, none);
}

#[test]
fn a_review_outside_every_slot_says_nothing_of_an_empty_one() {
    let mut book = quarters();
    review(&mut book, 500, "2024-04-15", None);
    let said = book.sentence("9.3-a.o", "2024-05-01");
    let none = "No record shows that the management review for 1 January 2024 to 31 March 2024 \
        was held.";
    assert_eq!(said, none);
}

#[test]
fn a_review_that_claims_none_is_told_beside_slots_that_were_moved() {
    let mut book = quarters();
    for (on, first, last) in [
        ("2024-03-20", "2024-01-01", "2024-04-14"),
        ("2024-06-20", "2024-04-01", "2024-07-14"),
    ] {
        let moved = json!({"first_day": first, "to_first_day": first, "to_last_day": last});
        book.on(on)
            .act("move_slot", DECLARED, 1, How::carrying(moved));
    }
    review(&mut book, 500, "2024-07-10", None);
    let said = book.sentence("9.3-a.o", "2024-08-14");
    assert!(
        said.contains("held in it on 10 July 2024, claims none. More than one"),
        "{said}"
    );
}

#[test]
fn of_a_review_without_minutes_it_is_said_that_these_are_missing() {
    let mut book = quarters();
    let mut silent = meeting(BOARD, "2024-02-20");
    silent["items"] = json!([{"number": "1"}]);
    book.on("2024-02-20").put("meeting", 501, silent).put(
        "management_review",
        500,
        whole(501, Some("2024-01-01")),
    );
    assert_eq!(state(&book, "2024-01-01", "2024-05-01"), "empty");
    let missing = format!(
        "of record {}, held on 20 February 2024, no minutes are on record.",
        id(500)
    );
    assert_eq!(
        book.sentence("9.3-a.o", "2024-05-01"),
        format!(
            "No record shows that the management review for 1 January 2024 to 31 March 2024 was \
             held: {missing}"
        )
    );
    let five = book.about("2024-05-01").five.remove(4);
    assert_eq!((five.in_hand, five.holds), ("no", "no"));
    assert_eq!(
        five.because,
        format!(
            "No record shows a management review held from 1 January 2024 to 31 March 2024: \
             {missing}"
        )
    );
    book.on("2024-05-10")
        .put("meeting", 501, meeting(BOARD, "2024-02-20"));
    assert_eq!(state(&book, "2024-01-01", "2024-05-10"), "held_late");
}

#[test]
fn an_extraordinary_review_before_the_first_slot_has_ended_answers_nothing() {
    let mut book = quarters();
    let mut few = whole(501, None);
    few["inputs"] = json!({"audits": {"none_because": true}});
    book.on("2024-02-20")
        .put("meeting", 501, meeting(BOARD, "2024-02-20"))
        .put("management_review", 500, few);
    let not_due = ("not_due", "unknown");
    assert_eq!(book.words("management_review", "2024-02-20"), not_due);
    let five = book.about("2024-02-21").five.remove(4);
    assert_eq!(
        five.because,
        "No slot for a management review has ended yet."
    );
    // One that claims the slot does, whatever is held beside it.
    review(&mut book, 510, "2024-03-10", Some("2024-01-01"));
    review(&mut book, 520, "2024-03-20", None);
    for (on, words) in [
        ("2024-03-09", not_due),
        ("2024-03-10", ("yes", "yes")),
        ("2024-03-20", ("yes", "yes")),
    ] {
        assert_eq!(book.words("management_review", on), words, "{on}");
    }
}
