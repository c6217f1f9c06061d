//! What a declaration of slots, intervals and tolerances reaches, and from which day on.

use serde_json::json;

use crate::given::{BOARD, Book, How, ROOT};
use crate::review::{DECLARED, meeting, quarters, review, whole};
use crate::slots::{moved, row, state};

/// Ways in which the root says on a day that a version ended on an earlier one.
fn ended_back(on: &str) -> [How; 2] {
    [How::carrying(json!({"last_day": on})), How::decided(on)]
}

#[test]
fn a_series_rescinded_has_no_further_slots() {
    let mut book = quarters();
    book.on("2024-05-15").act("end", DECLARED, 1, How::by(ROOT));
    assert_eq!(state(&book, "2024-04-01", "2024-12-01"), "empty");
    assert_eq!(state(&book, "2024-07-01", "2024-12-01"), "none");
    book.expect("9.3-a", &[("2024-05-16", "not_shown")]);
}

#[test]
fn a_series_rescinded_back_in_time_keeps_the_slots_missed_until_that_was_recorded() {
    for how in ended_back("2024-01-02") {
        let mut book = quarters();
        let before = book.clone();
        book.on("2024-08-20").act("end", DECLARED, 1, how);
        for about in ["2024-05-01", "2024-07-31", "2024-08-20"] {
            assert_eq!(
                row(&book, about).replace(", 10-01 to_come", ""),
                row(&before, about).replace(", 10-01 to_come", ""),
                "{about}"
            );
            let said = |book: &Book| book.about(about).five[4].because.clone();
            assert_eq!(said(&book), said(&before), "{about}");
        }
        book.expect(
            "9.3-a.o",
            &[("2024-05-01", "not_shown"), ("2024-08-20", "not_shown")],
        );
        assert_eq!(state(&book, "2024-10-01", "2024-10-01"), "none");
    }
}

#[test]
fn an_interval_rescinded_back_in_time_counts_until_that_was_recorded() {
    for how in ended_back("2024-02-01") {
        let mut book = Book::new();
        let declared = json!({"tolerances": {"awaiting_scope_days": 40}});
        book.put("declaration", DECLARED, declared)
            .approve(DECLARED, 1)
            .put("ai_system", 100, json!({"stage": "live"}));
        book.on("2024-03-20").act("end", DECLARED, 1, how);
        book.expect(
            "4.3-b.o",
            &[
                ("2024-02-10", "not_due"),
                ("2024-02-11", "overdue"),
                ("2024-03-20", "overdue"),
                ("2024-03-21", "reservation"),
            ],
        );
    }
}

#[test]
fn a_review_held_is_not_denied_once_no_series_is_declared() {
    let mut book = quarters();
    review(&mut book, 500, "2024-02-01", Some("2024-01-01"));
    book.on("2024-06-10").act("end", DECLARED, 1, How::by(ROOT));
    let since = "Since 11 June 2024 no record declares when management reviews are due.";
    let five = book.about("2024-06-20").five[4].clone();
    assert_eq!((five.in_hand, five.because.as_str()), ("no", since));
    assert_eq!(book.sentence("9.3-a", "2024-06-20"), since);
    // Since then, whatever failed before.
    let mut missed = quarters();
    missed
        .on("2024-06-10")
        .act("end", DECLARED, 1, How::by(ROOT));
    assert_eq!(missed.sentence("9.3-a", "2024-06-20"), since);
}

#[test]
fn a_series_declared_again_after_it_was_rescinded_has_slots_again() {
    let mut book = quarters();
    book.on("2024-05-15").act("end", DECLARED, 1, How::by(ROOT));
    let series = json!({"management_review": {"first_day": "2024-01-01", "months": 3}});
    book.on("2024-11-10")
        .put("declaration", DECLARED, json!({"series": series}))
        .approve(DECLARED, 2);
    assert_eq!(
        row(&book, "2025-02-01"),
        "01-01 empty, 04-01 empty, 01-01 open, 04-01 to_come"
    );
}

#[test]
fn a_changed_series_begins_at_its_own_first_day_and_the_slots_go_on_until_then() {
    let mut book = quarters();
    let series = json!({"management_review": {"first_day": "2025-01-01", "months": 12}});
    book.on("2024-09-01")
        .put("declaration", DECLARED, json!({"series": series}))
        .approve(DECLARED, 2);
    let days = |about: &str| -> Vec<String> {
        let slots = book.about(about).slots.into_iter();
        slots
            .map(|one| format!("{} to {}", one.first_day, one.last_day))
            .collect()
    };
    assert_eq!(
        days("2025-06-01"),
        [
            "2024-01-01 to 2024-03-31",
            "2024-04-01 to 2024-06-30",
            "2024-07-01 to 2024-09-30",
            "2024-10-01 to 2024-12-31",
            "2025-01-01 to 2025-12-31",
            "2026-01-01 to 2026-12-31",
        ]
    );
    let mut held = book.clone();
    review(&mut held, 500, "2025-11-20", Some("2025-01-01"));
    assert_eq!(state(&held, "2025-01-01", "2026-01-01"), "held");
    // Rescinded, it leaves what was declared before.
    book.on("2024-10-10").act("end", DECLARED, 2, How::by(ROOT));
    assert_eq!(state(&book, "2025-04-01", "2025-05-01"), "open");
}

/// The days of the slots of a series, as a status about a day lists them.
fn first_slots(first_day: &str, months: i64, about: &str) -> Vec<String> {
    let mut book = Book::new();
    let series = json!({"management_review": {"first_day": first_day, "months": months}});
    book.put("declaration", DECLARED, json!({"series": series}))
        .approve(DECLARED, 1);
    let slots = book.about(about).slots.into_iter();
    slots
        .map(|one| format!("{} to {}", one.first_day, one.last_day))
        .collect()
}

#[test]
fn slots_that_begin_on_a_months_last_day_go_on_doing_so() {
    assert_eq!(
        first_slots("2024-01-31", 1, "2024-04-15"),
        [
            "2024-01-31 to 2024-02-28",
            "2024-02-29 to 2024-03-30",
            "2024-03-31 to 2024-04-29",
            "2024-04-30 to 2024-05-30",
        ]
    );
    assert_eq!(
        first_slots("2024-08-31", 6, "2025-09-10"),
        [
            "2024-08-31 to 2025-02-27",
            "2025-02-28 to 2025-08-30",
            "2025-08-31 to 2026-02-27",
            "2026-02-28 to 2026-08-30",
        ]
    );
    assert_eq!(
        first_slots("2024-02-29", 12, "2028-03-01")[3..],
        [
            "2027-02-28 to 2028-02-28",
            "2028-02-29 to 2029-02-27",
            "2029-02-28 to 2030-02-27",
        ]
    );
}

#[test]
fn a_series_from_a_months_last_day_resumes_and_changes_by_its_own_count() {
    let mut book = Book::new();
    let series = |months: i64| json!({"series": {"management_review": {"first_day": "2024-01-31", "months": months}}});
    book.put("declaration", DECLARED, series(1))
        .approve(DECLARED, 1);
    // The new length follows the slot that is open, and counts from there.
    book.on("2024-02-10")
        .put("declaration", DECLARED, series(2))
        .approve(DECLARED, 2);
    book.on("2024-07-10").act("end", DECLARED, 2, How::by(ROOT));
    book.act("end", DECLARED, 1, How::by(ROOT));
    book.on("2024-09-10")
        .put("declaration", DECLARED, series(1))
        .approve(DECLARED, 3);
    let slots = book.about("2024-10-10").slots.into_iter();
    let days: Vec<String> = slots
        .map(|one| format!("{} to {}", one.first_day, one.last_day))
        .collect();
    assert_eq!(
        days,
        [
            "2024-01-31 to 2024-02-28",
            "2024-02-29 to 2024-04-28",
            "2024-04-29 to 2024-06-28",
            "2024-06-29 to 2024-08-28",
            "2024-09-30 to 2024-10-30",
            "2024-10-31 to 2024-11-29",
        ]
    );
}

#[test]
fn a_slot_already_open_ends_as_it_was_declared() {
    let mut book = quarters();
    let series = json!({"management_review": {"first_day": "2024-01-01", "months": 12}});
    book.on("2024-02-01")
        .put("declaration", DECLARED, json!({"series": series}))
        .approve(DECLARED, 2);
    assert_eq!(state(&book, "2024-01-01", "2024-05-01"), "empty");
    assert_eq!(state(&book, "2024-04-01", "2025-03-31"), "open");
}

#[test]
fn only_the_first_declaration_brought_in_reaches_back() {
    let series = |months: i64| {
        json!({"series": {"management_review": {"first_day": "2024-01-01", "months": months}},
            "tolerances": {"awaiting_scope_days": months}})
    };
    let mut book = Book::starting_on("2024-02-01");
    book.brought("declaration", DECLARED, "2024-01-01", series(1))
        .act("approve", DECLARED, 1, How::decided("2024-01-01"));
    book.brought("ai_system", 100, "2024-01-02", json!({}));
    assert_eq!(state(&book, "2024-01-01", "2024-01-15"), "open");
    let mut again = book.clone();
    again
        .on("2024-02-20")
        .brought("declaration", 301, "2024-01-01", series(36))
        .act("approve", 301, 1, How::decided("2024-01-01"));
    for about in ["2024-02-02", "2024-02-10", "2024-02-19"] {
        assert_eq!(
            again.says("4.3-b.o", about),
            book.says("4.3-b.o", about),
            "{about}"
        );
    }
    assert_eq!(book.says("4.3-b.o", "2024-02-19"), "overdue");
}

#[test]
fn a_first_declaration_brought_in_after_thirty_days_reaches_back_no_more() {
    let series = json!({"series": {"management_review": {"first_day": "2024-01-01", "months": 1}}});
    for (recorded, expected) in [("2024-03-02", "open"), ("2024-03-03", "none")] {
        let mut book = Book::starting_on("2024-02-01");
        book.on(recorded)
            .brought("declaration", DECLARED, "2024-01-01", series.clone())
            .act("approve", DECLARED, 1, How::decided("2024-01-01"));
        assert_eq!(
            state(&book, "2024-01-01", "2024-01-15"),
            expected,
            "{recorded}"
        );
    }
}

#[test]
fn a_longer_tolerance_leaves_an_empty_slot_empty() {
    let mut book = quarters();
    book.on("2024-05-02")
        .put(
            "declaration",
            301,
            json!({"tolerances": {"recording_days": 300}}),
        )
        .approve(301, 1);
    assert_eq!(state(&book, "2024-01-01", "2024-05-03"), "empty");
    // Nor does one that has begun wait for longer than was declared when it did.
    assert_eq!(state(&book, "2024-04-01", "2024-07-30"), "awaiting_record");
    assert_eq!(state(&book, "2024-04-01", "2024-07-31"), "empty");
    assert_eq!(state(&book, "2024-07-01", "2024-12-01"), "awaiting_record");
}

#[test]
fn a_tolerance_counts_for_a_slot_that_was_declared_with_it() {
    let mut book = Book::new();
    let series = json!({"management_review": {"first_day": "2024-01-01", "months": 3}});
    let declared = json!({"series": series, "tolerances": {"recording_days": 60}});
    book.on("2024-01-20")
        .put("declaration", DECLARED, declared)
        .approve(DECLARED, 1);
    assert_eq!(state(&book, "2024-01-01", "2024-05-30"), "awaiting_record");
    assert_eq!(state(&book, "2024-01-01", "2024-05-31"), "empty");
    // So does a slot moved since.
    moved(
        &mut book,
        "2024-03-20",
        ["2024-01-01", "2024-04-01", "2024-04-14"],
    );
    let longer = json!({"tolerances": {"recording_days": 366}});
    book.on("2024-04-10")
        .put("declaration", 301, longer)
        .approve(301, 1);
    assert_eq!(state(&book, "2024-04-01", "2024-06-14"), "open");
    assert_eq!(
        row(&book, "2024-06-13"),
        "01-01 moved, 04-01 awaiting_record, 04-01 open, 07-01 to_come"
    );
    assert_eq!(
        row(&book, "2024-06-14"),
        "01-01 moved, 04-01 empty, 04-01 open, 07-01 to_come"
    );
}

#[test]
fn a_slot_that_waited_for_longer_than_custom_is_reserved() {
    let mut book = Book::new();
    let series = json!({"management_review": {"first_day": "2024-01-01", "months": 3}});
    let declared = json!({"series": series, "tolerances": {"recording_days": 60}});
    book.put("declaration", DECLARED, declared)
        .approve(DECLARED, 1);
    let said = |slot: &str| {
        format!(
            "Your tolerance for recording the management review for {slot} is 60 days; \
             30 at most are customary."
        )
    };
    for (recorded, expected) in [("2024-04-30", "holds"), ("2024-05-01", "reservation")] {
        let mut book = book.clone();
        book.on(recorded)
            .put("meeting", 501, meeting(BOARD, "2024-03-31"))
            .put("management_review", 500, whole(501, Some("2024-01-01")));
        book.expect("9.3-a.o", &[("2024-06-01", expected)]);
        if expected == "reservation" {
            let first = said("1 January 2024 to 31 March 2024");
            assert_eq!(book.sentence("9.3-a.o", "2024-06-01"), first);
            let five = book.about("2024-06-01").five[4].clone();
            assert!(
                five.reservations.contains(&first),
                "{:?}",
                five.reservations
            );
            assert_eq!((five.in_hand, five.holds), ("yes", "yes"));
        }
    }
    // One that is still awaited is told of as soon as custom would call it empty.
    review(&mut book, 500, "2024-02-01", Some("2024-01-01"));
    book.expect(
        "9.3-a.o",
        &[
            ("2024-07-30", "holds"),
            ("2024-07-31", "reservation"),
            ("2024-08-29", "reservation"),
            ("2024-08-30", "not_shown"),
        ],
    );
    let second = said("1 April 2024 to 30 June 2024");
    assert_eq!(book.sentence("9.3-a.o", "2024-07-31"), second);
}

#[test]
fn no_series_is_declared_since_the_last_of_those_that_counted_ended() {
    let since = |book: &Book| book.sentence("9.3-a", "2024-07-01");
    let last = |day: &str| How::carrying(json!({"last_day": day}));
    let mut book = quarters();
    book.on("2024-02-01")
        .act("end", DECLARED, 1, last("2024-02-29"));
    let series = json!({"management_review": {"first_day": "2024-04-01", "months": 3}});
    book.on("2024-04-01")
        .put("declaration", DECLARED, json!({"series": series}))
        .approve(DECLARED, 2)
        .act("end", DECLARED, 2, last("2024-05-31"));
    let expected = "Since 1 June 2024 no record declares when management reviews are due.";
    assert_eq!(since(&book), expected);
    // One that was taken back before it took effect never counted.
    let mut book = Book::new();
    book.on("2024-02-01")
        .put("declaration", DECLARED, json!({"series": series}))
        .act("approve", DECLARED, 1, How::from("2024-06-01"))
        .act("end", DECLARED, 1, last("2024-05-01"));
    let expected = "Since 1 January 2024 no record declares when management reviews are due.";
    assert_eq!(since(&book), expected);
}
