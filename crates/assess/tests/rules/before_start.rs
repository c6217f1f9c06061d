//! Reviews held before the AI management system started: nothing before may be claimed.

use serde_json::json;

use crate::given::{BOARD, Book, How, START, day, id};
use crate::review::{DECLARED, meeting, review, whole};
use crate::slots::states;

/// Slots of so many months from 1 October 2023 on, as declared then and brought in.
fn declared(months: u32) -> Book {
    let mut book = Book::new();
    let series = json!({"management_review": {"first_day": "2023-10-01", "months": months}});
    let then = How {
        decided_on: Some(day("2023-10-01")),
        ..How::from("2023-10-01")
    };
    book.brought(
        "declaration",
        DECLARED,
        "2023-10-01",
        json!({"series": series}),
    )
    .act("approve", DECLARED, 1, then);
    book
}

#[test]
fn a_review_held_before_the_start_holds_no_slot_that_it_reaches_into() {
    let held = |on: &str| {
        let mut book = declared(6);
        book.brought("meeting", 501, on, meeting(BOARD, on))
            .brought("management_review", 500, on, whole(501, Some("2023-10-01")));
        book
    };
    let book = held("2023-12-31");
    assert_eq!(
        book.words("management_review", START),
        ("not_due", "unknown")
    );
    book.expect(
        "9.3-a.o",
        &[("2024-04-30", "not_due"), ("2024-05-01", "not_shown")],
    );
    book.expect("9.3-a", &[("2024-05-01", "not_shown")]);
    let why = format!(
        "record {}, which claims that slot, was held on 31 December 2023, before the AI \
         management system started.",
        id(500)
    );
    let found = book.sentence("9.3-a.o", "2024-05-01");
    assert!(found.ends_with(&format!("was held: {why}")), "{found}");
    let five = book.about("2024-05-01").five.remove(4);
    assert_eq!((five.in_hand, five.holds), ("no", "no"));
    assert!(five.because.ends_with(&why), "{}", five.because);
    // On the first day it is in time.
    let words = held(START).words("management_review", "2024-05-01");
    assert_eq!(words, ("yes", "yes"));
}

#[test]
fn of_a_slot_that_ended_before_the_start_nothing_was_due() {
    let mut book = declared(3);
    let first = |about: &str| states(&book, about).first().cloned();
    assert_eq!(first(START), Some(("2024-01-01".to_owned(), "open")));
    book.expect("9.3-a.o", &[("2024-03-31", "not_due")]);
    review(&mut book, 500, "2024-02-01", Some("2024-01-01"));
    book.expect("9.3-a.o", &[("2024-05-01", "holds")]);
}
