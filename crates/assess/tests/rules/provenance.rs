//! Whether evidence was recorded in time or late, or was brought in from before the ledger.

use serde_json::{Value, json};

use crate::given::{BOARD, Book, How, START, day, id};
use crate::review::{DECLARED, meeting, quarters, whole};

const POLICY: u128 = 210;

/// Returns how a record stands as evidence of an answer about a day.
fn provenance(book: &Book, (answer, n): (&str, u128), about: &str) -> &'static str {
    let five = book.about(about).five;
    let mut evidence = five
        .iter()
        .filter(|one| one.id == answer)
        .flat_map(|one| &one.evidence);
    let found = evidence.find(|one| one.id == id(n));
    found.map_or("none", |one| one.provenance)
}

fn policy() -> Value {
    json!({"title": true, "text": true, "contents":
        {"purpose": true, "objectives": true, "requirements": true, "improvement": true}})
}

/// Declares a recording tolerance.
fn declare(book: &mut Book, on: &str, days: i64) {
    let tolerances = json!({"tolerances": {"recording_days": days}});
    book.on(on)
        .put("declaration", DECLARED, tolerances)
        .approve(DECLARED, 1);
}

/// Returns a policy of 1 March 2024 recorded on a day, under a declared tolerance or none.
fn recorded(on: &str, tolerance_days: Option<i64>) -> Book {
    let mut book = Book::new();
    if let Some(days) = tolerance_days {
        declare(&mut book, START, days);
    }
    book.on(on)
        .put_of("policy", POLICY, "2024-03-01", policy())
        .approve(POLICY, 1);
    book
}

#[test]
fn what_is_recorded_within_the_tolerance_is_in_time_and_after_it_late() {
    let cases = [
        (None, "2024-02-20", "in_time"), // before the day it is meant for
        (None, "2024-03-01", "in_time"),
        (None, "2024-03-31", "in_time"), // 30 days, where nothing is declared
        (None, "2024-04-01", "late"),
        (Some(1), "2024-03-02", "in_time"),
        (Some(1), "2024-03-03", "late"),
        (Some(10), "2024-03-11", "in_time"),
        (Some(10), "2024-03-12", "late"),
        (Some(366), "2025-03-02", "in_time"),
        (Some(366), "2025-03-03", "late"),
    ];
    for (tolerance_days, on, expected) in cases {
        let book = recorded(on, tolerance_days);
        let about = on.max("2024-03-01");
        let said = provenance(&book, ("policy", POLICY), about);
        assert_eq!(said, expected, "{tolerance_days:?} {on}");
    }
}

#[test]
fn what_is_late_is_a_reservation_to_its_answer() {
    let reservations = |on: &str| {
        let five = recorded(on, None).about(on).five;
        let policy = five.into_iter().find(|one| one.id == "policy");
        policy.map_or_else(Vec::new, |one| one.reservations)
    };
    let late = |said: &Vec<String>| said.iter().any(|one| one.ends_with(" was recorded late."));
    assert!(!late(&reservations("2024-03-31")));
    assert!(late(&reservations("2024-04-01")));
}

#[test]
fn a_tolerance_declared_after_something_was_done_does_not_reach_back_to_it() {
    for (on, expected) in [("2024-05-01", "late"), ("2024-06-01", "late")] {
        let mut book = Book::new();
        declare(&mut book, "2024-05-01", 300);
        book.on(on)
            .put_of("policy", POLICY, "2024-03-01", policy())
            .put_of("policy", POLICY, "2024-05-01", policy())
            .approve(POLICY, 1);
        let said = provenance(&book, ("policy", POLICY), "2024-06-01");
        assert_eq!(said, expected, "{on}");
        book.on("2024-12-01").approve(POLICY, 2);
        let said = provenance(&book, ("policy", POLICY), "2024-12-01");
        assert_eq!(said, "in_time", "{on}");
    }
}

#[test]
fn a_tolerance_declared_later_changes_nothing_recorded_before() {
    for (on, days, expected) in [("2024-03-12", 9, "in_time"), ("2024-04-01", 300, "late")] {
        let mut book = recorded(on, None);
        declare(&mut book, "2024-05-01", days);
        for about in ["2024-05-01", "2024-12-01"] {
            let said = provenance(&book, ("policy", POLICY), about);
            assert_eq!(said, expected, "{on} {days} {about}");
        }
    }
}

#[test]
fn what_was_brought_in_is_so_only_where_it_is_older_than_the_ledger() {
    let cases = [
        // of, recorded on
        ("2024-01-15", "2024-06-01", "brought_in"),
        ("2024-05-31", "2024-06-01", "brought_in"),
        ("2024-05-31", "2025-06-01", "brought_in"), // however late it comes
        ("2024-06-01", "2024-06-01", "in_time"),
        ("2024-06-01", "2024-07-01", "in_time"),
        ("2024-06-01", "2024-07-02", "late"),
    ];
    for (of, on, expected) in cases {
        let mut book = Book::starting_on("2024-06-01");
        book.on(on)
            .brought("policy", POLICY, of, policy())
            .approve(POLICY, 1);
        let said = provenance(&book, ("policy", POLICY), on);
        assert_eq!(said, expected, "{of} {on}");
    }
}

#[test]
fn minutes_and_a_review_are_measured_from_the_day_the_meeting_last_sat() {
    for (on, expected) in [("2024-04-14", "in_time"), ("2024-04-15", "late")] {
        let mut book = quarters();
        let mut sat_twice = meeting(BOARD, "2024-03-01");
        sat_twice["sittings"] = json!([{"on": "2024-03-15"}, {"on": "2024-03-01"}]);
        book.on(on).put("meeting", 501, sat_twice).put(
            "management_review",
            500,
            whole(501, Some("2024-01-01")),
        );
        for n in [500, 501] {
            let said = provenance(&book, ("management_review", n), on);
            assert_eq!(said, expected, "{n} {on}");
        }
    }
}

#[test]
fn evidence_asked_about_before_it_was_recorded_is_late_all_the_same_and_says_when() {
    let mut book = Book::new();
    book.on("2024-04-01")
        .put_of("policy", POLICY, "2024-03-01", policy())
        .act("approve", POLICY, 1, How::decided("2024-03-01"));
    for about in ["2024-03-20", "2024-03-31", "2024-04-01"] {
        let five = book.about(about).five;
        let answers = five.iter().flat_map(|one| &one.evidence);
        let found: Vec<_> = answers
            .filter(|one| one.id == id(POLICY))
            .map(|one| (one.provenance, one.effective_on, one.recorded_on))
            .collect();
        let recorded = day("2024-04-01");
        assert_eq!(found, [("late", day("2024-03-01"), recorded)], "{about}");
    }
}
