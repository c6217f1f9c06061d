//! Meetings of which something else is known later than when their review claimed its slot.

use serde_json::{Value, json};

use crate::given::{BOARD, Book, cite, id};
use crate::review::{meeting, quarters, review, whole};
use crate::slots::state;

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
    let late = format!("record {} was recorded late.", id(501));
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
