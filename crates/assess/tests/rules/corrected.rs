//! Meetings of which something else is known later than when their review claimed its slot.

use serde_json::{Value, json};

use crate::given::{BOARD, Book, How, ROOT, START, cite, day, id};
use crate::review::{DECLARED, meeting, quarters, review, whole};
use crate::slots::{row, state};

/// A policy.
const POLICY: u128 = 210;

/// A review in the first quarter, as whose meeting something else is recorded later.
fn corrected(on: &str, newest: Value) -> Book {
    let mut book = quarters();
    review(&mut book, 500, "2024-03-20", Some("2024-01-01"));
    book.on(on).put_of("meeting", 501, "2024-03-20", newest);
    book
}

#[test]
fn a_slot_is_empty_once_its_meeting_is_known_to_have_sat_outside_it() {
    let mut again = meeting(BOARD, "2024-03-20");
    again["sittings"] = json!([{"on": "2024-03-20"}, {"on": "2024-04-10"}]);
    for newest in [meeting(BOARD, "2024-04-10"), again] {
        let book = corrected("2024-04-12", newest);
        assert_eq!(state(&book, "2024-01-01", "2024-04-30"), "awaiting_record");
        assert_eq!(state(&book, "2024-01-01", "2024-05-01"), "empty");
        assert_eq!(book.words("management_review", "2024-05-01"), ("no", "no"));
        let review = format!(
            "record {}, which claims that slot, last sat on 10 April 2024",
            id(500)
        );
        assert_eq!(
            book.sentence("9.3-a.o", "2024-05-01"),
            format!(
                "No record shows that the management review for 1 January 2024 to 31 March 2024 was held: {review}."
            )
        );
        assert_eq!(
            book.about("2024-05-01").five[4].because,
            format!(
                "No record shows a management review held from 1 January 2024 to 31 March 2024: {review}."
            )
        );
    }
}

#[test]
fn a_slot_is_empty_once_its_meeting_was_cancelled_or_withdrawn() {
    let called_off = json!({"body": id(BOARD), "state": "cancelled", "sittings": []});
    let cancelled = corrected("2024-05-05", called_off);
    let mut withdrawn = quarters();
    review(&mut withdrawn, 500, "2024-03-20", Some("2024-01-01"));
    withdrawn.on("2024-05-05").moved(501, "withdraw", json!({}));
    for book in [cancelled, withdrawn] {
        assert_eq!(state(&book, "2024-01-01", "2024-05-05"), "empty");
        assert_eq!(
            book.sentence("9.3-a.o", "2024-05-05"),
            format!(
                "No record shows that the management review for 1 January 2024 to 31 March 2024 \
                 was held: record {}, which claims that slot, is of a meeting that was withdrawn, \
                 or that does not stand as held.",
                id(500)
            )
        );
    }
    // One of two meetings leaves the other, and no whole review.
    let mut two = quarters();
    two.on("2024-03-20")
        .put("meeting", 501, meeting(BOARD, "2024-03-10"))
        .put("meeting", 502, meeting(BOARD, "2024-03-20"));
    let mut body = whole(501, Some("2024-01-01"));
    body["parts"] = json!([{"meeting": cite(501, 1)}, {"meeting": cite(502, 1)}]);
    two.put("management_review", 500, body);
    two.expect("9.3-a.o", &[("2024-05-05", "holds")]);
    let called_off = json!({"body": id(BOARD), "state": "cancelled", "sittings": []});
    two.on("2024-05-05").put("meeting", 501, called_off);
    two.expect("9.3-a.o", &[("2024-05-05", "not_shown")]);
}

#[test]
fn a_meeting_corrected_into_a_slot_holds_it_from_the_correction_on() {
    let mut book = quarters();
    book.on("2024-04-10")
        .put("meeting", 501, meeting(BOARD, "2024-04-10"))
        .put("management_review", 500, whole(501, None));
    book.on("2024-06-01")
        .put_of("meeting", 501, "2024-03-20", meeting(BOARD, "2024-03-20"))
        .put("management_review", 500, whole(501, Some("2024-01-01")));
    assert_eq!(state(&book, "2024-01-01", "2024-06-01"), "held_late");
    let five = book.about("2024-06-01").five[4].clone();
    let late = format!(
        "record {} was recorded late in version 2, on 1 June 2024; version 1 was recorded on 10 April 2024.",
        id(501)
    );
    assert!(five.reservations.contains(&late), "{:?}", five.reservations);
    // One corrected inside it was held in it all along.
    let book = corrected("2024-06-01", meeting(BOARD, "2024-03-21"));
    assert_eq!(state(&book, "2024-01-01", "2024-06-01"), "held");
}

#[test]
fn what_is_reserved_of_two_versions_alike_is_said_once() {
    let mut book = quarters();
    for (recorded, on) in [("2024-05-10", "2024-03-20"), ("2024-05-11", "2024-03-21")] {
        book.on(recorded)
            .put_of("meeting", 501, on, meeting(BOARD, on));
    }
    book.put("management_review", 500, whole(501, Some("2024-01-01")));
    let five = book.about("2024-05-11").five[4].clone();
    let of_meeting = five.evidence.iter().filter(|one| one.id == id(501));
    assert_eq!(of_meeting.filter(|one| one.provenance == "late").count(), 2);
    let late = format!("record {} was recorded late.", id(501));
    let said = five.reservations.iter().filter(|one| **one == late);
    assert_eq!(said.count(), 1, "{:?}", five.reservations);
}

#[test]
fn a_slot_missed_before_its_declarations_meeting_was_recorded_otherwise_stays_missed() {
    let mut book = quarters();
    let before = book.clone();
    let lost = || How {
        decided_on: Some(day(START)),
        ..How::lost("minutes_corrected")
    };
    book.on("2024-08-20")
        .otherwise(901, "approve", DECLARED, lost());
    for about in ["2024-05-01", "2024-07-31", "2024-08-20"] {
        let slots = |book: &Book| row(book, about).replace(", 10-01 to_come", "");
        assert_eq!(slots(&book), slots(&before), "{about}");
    }
    assert_eq!(state(&book, "2024-01-01", "2024-08-20"), "empty");
    assert_eq!(state(&book, "2024-10-01", "2024-10-01"), "none");
    book.expect("9.3-a.o", &[("2024-08-19", "not_shown")]);
    // So does one that was missed where it had been moved to.
    let mut book = quarters();
    let moved = || {
        How::carrying(
            json!({"first_day": "2024-01-01", "to_first_day": "2024-04-01",
            "to_last_day": "2024-04-14"}),
        )
    };
    book.on("2024-03-20").act("move_slot", DECLARED, 1, moved());
    let again = |on: &str| {
        let mut book = book.clone();
        let how = How {
            because: Some("minutes_corrected"),
            decided_on: Some(day("2024-03-20")),
            ..moved()
        };
        book.on(on).otherwise(901, "move_slot", DECLARED, how);
        row(&book, "2024-06-01")
    };
    assert_eq!(again("2024-04-15"), row(&book, "2024-06-01"));
    assert!(again("2024-03-21").starts_with("01-01 empty, 04-01 "));
}

#[test]
fn what_a_meeting_recorded_otherwise_changed_is_evidence_and_reserved() {
    let policy = || {
        json!({"title": true, "text": true, "contents":
        {"purpose": true, "objectives": true, "requirements": true, "improvement": true}})
    };
    let ended = |because| How {
        because,
        decided_on: Some(day("2024-03-01")),
        ..How::by(ROOT)
    };
    let mut book = Book::new();
    book.on("2024-02-01")
        .put("policy", POLICY, policy())
        .approve(POLICY, 1)
        .on("2024-03-01")
        .put("meeting", 901, json!({"state": "held"}))
        .act("end", POLICY, 1, ended(None));
    book.on("2024-06-01")
        .otherwise(901, "end", POLICY, ended(Some("minutes_corrected")));
    let told = |about: &str| {
        let five = book.about(about).five[1].clone();
        let otherwise = five.evidence.iter().filter(|one| one.id == id(901));
        let reserved = five.reservations.iter();
        let reserved = reserved.filter(|one| one.contains("otherwise")).cloned();
        (
            five.in_hand,
            otherwise.count(),
            reserved.collect::<Vec<_>>(),
        )
    };
    let said = format!(
        "record {}, by which record {} was ended on 1 March 2024, counts no more: its meeting was \
         recorded otherwise on 1 June 2024.",
        id(900),
        id(POLICY)
    );
    assert_eq!(told("2024-03-01"), ("yes", 0, vec![]));
    assert_eq!(told("2024-03-02"), ("no", 0, vec![]));
    assert_eq!(told("2024-05-31"), ("no", 0, vec![]));
    assert_eq!(told("2024-06-01"), ("yes", 1, vec![said]));
}

#[test]
fn an_answer_by_an_interval_whose_meeting_is_recorded_otherwise_says_so() {
    let months = |n: u32| json!({"intervals": {"policy_months": n}});
    let mut book = Book::new();
    book.put(
        "policy",
        POLICY,
        json!({"title": true, "text": true, "contents":
        {"purpose": true, "objectives": true, "requirements": true, "improvement": true}}),
    )
    .approve(POLICY, 1)
    .put("declaration", DECLARED, months(3))
    .approve(DECLARED, 1)
    .put("meeting", 901, json!({"state": "held"}));
    let how = How {
        decided_on: Some(day(START)),
        ..How::lost("minutes_corrected")
    };
    book.on("2024-06-01")
        .otherwise(901, "approve", DECLARED, how);
    let told = |about: &str| {
        let five = book.about(about).five[1].clone();
        let mut reserved = five.reservations.iter();
        let otherwise = five.evidence.iter().any(|one| one.id == id(901));
        (
            five.holds,
            otherwise,
            reserved.any(|one| one.ends_with("was recorded otherwise on 1 June 2024.")),
        )
    };
    assert_eq!(told("2024-05-31"), ("no", false, false));
    // Whether it was made known nobody says.
    assert_eq!(told("2024-06-01"), ("unknown", true, true));
}
