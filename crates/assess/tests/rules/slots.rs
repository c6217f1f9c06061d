//! 9.3-a.o: slots, and what becomes of one that ended.

use serde_json::json;

use crate::given::{BOARD, Book, How, cite, id};
use crate::review::{DECLARED, meeting, quarters, review, whole};

pub fn states(book: &Book, about: &str) -> Vec<(String, &'static str)> {
    let slots = book.about(about).slots.into_iter();
    slots
        .map(|slot| (slot.first_day.to_string(), slot.state))
        .collect()
}

pub fn state(book: &Book, first_day: &str, about: &str) -> &'static str {
    let found = states(book, about);
    let one = found.iter().rfind(|(first, _)| first == first_day);
    one.map_or("none", |(_, state)| state)
}

#[test]
fn a_slot_goes_through_its_states() {
    let book = quarters();
    let expected = [
        ("2024-03-31", "open"),
        ("2024-04-01", "awaiting_record"),
        ("2024-04-30", "awaiting_record"),
        ("2024-05-01", "empty"),
    ];
    for (about, expected) in expected {
        assert_eq!(state(&book, "2024-01-01", about), expected, "{about}");
    }
    assert_eq!(state(&book, "2024-04-01", "2024-03-31"), "to_come");
}

#[test]
fn a_slot_is_held_by_a_review_recorded_in_time_and_late_after() {
    for (recorded, expected) in [("2024-04-30", "held"), ("2024-05-01", "held_late")] {
        let mut book = quarters();
        book.on(recorded)
            .put("meeting", 501, meeting(BOARD, "2024-03-31"))
            .put("management_review", 500, whole(501, Some("2024-01-01")));
        assert_eq!(state(&book, "2024-01-01", "2024-05-01"), expected);
        book.expect("9.3-a.o", &[("2024-05-01", "holds")]);
    }
}

#[test]
fn an_empty_slot_fails_for_twelve_months_and_then_is_a_flag() {
    let mut book = quarters();
    review(&mut book, 510, "2024-05-10", Some("2024-04-01"));
    for (n, on, slot) in [
        (520, "2024-08-10", "2024-07-01"),
        (530, "2024-11-10", "2024-10-01"),
        (540, "2025-02-10", "2025-01-01"),
        (550, "2025-05-10", "2025-04-01"),
    ] {
        review(&mut book, n, on, Some(slot));
    }
    book.expect(
        "9.3-a.o",
        &[
            ("2024-04-30", "not_due"),
            ("2024-05-01", "not_shown"),
            ("2024-07-01", "not_shown"),
            ("2025-03-31", "not_shown"),
            ("2025-04-01", "flag"),
        ],
    );
    // The answer is about the newest ended slot; the empty one stands beside it.
    assert_eq!(
        book.words("management_review", "2024-07-01"),
        ("yes", "yes")
    );
    let beside = |about: &str| {
        let said = &book.about(about).five[4].reservations;
        let slots = said.iter().filter(|one| one.starts_with("No record shows"));
        slots.count()
    };
    assert_eq!(beside("2025-03-31"), 1);
    assert_eq!(beside("2025-04-01"), 0);
}

#[test]
fn while_a_slot_awaits_its_record_the_one_before_answers() {
    let mut book = quarters();
    review(&mut book, 500, "2024-02-01", Some("2024-01-01"));
    assert_eq!(
        book.words("management_review", "2024-07-30"),
        ("yes", "yes")
    );
    assert_eq!(book.words("management_review", "2024-07-31"), ("no", "no"));
}

#[test]
fn a_moved_slot_is_its_new_days() {
    let mut book = quarters();
    let moved = json!({"first_day": "2024-01-01", "to_first_day": "2024-04-01",
        "to_last_day": "2024-04-14"});
    book.on("2024-03-20")
        .act("move_slot", DECLARED, 1, How::carrying(moved));
    let first = |about: &str| states(&book, about).first().cloned();
    assert_eq!(first("2024-03-19"), Some(("2024-01-01".to_owned(), "open")));
    assert_eq!(
        first("2024-03-20"),
        Some(("2024-01-01".to_owned(), "moved"))
    );
    book.expect(
        "9.3-a.o",
        &[("2024-05-14", "not_due"), ("2024-05-15", "not_shown")],
    );
    book.on("2024-05-20")
        .put("meeting", 501, meeting(BOARD, "2024-04-10"))
        .put("management_review", 500, whole(501, Some("2024-01-01")));
    book.expect("9.3-a.o", &[("2024-05-20", "holds")]);
}

pub fn moved(book: &mut Book, on: &str, days: [&str; 3]) {
    let [first, to_first, to_last] = days;
    let moved = json!({"first_day": first, "to_first_day": to_first, "to_last_day": to_last});
    book.on(on)
        .act("move_slot", DECLARED, 1, How::carrying(moved));
}

/// The first days of slots, as a row of `MM-DD state`.
pub fn row(book: &Book, about: &str) -> String {
    let states = states(book, about).into_iter();
    let each = states.map(|(first, state)| format!("{} {state}", &first[5..]));
    each.collect::<Vec<_>>().join(", ")
}

#[test]
fn a_slot_moved_ahead_hides_none_of_those_in_between() {
    let mut book = quarters();
    review(&mut book, 500, "2024-02-01", Some("2024-01-01"));
    // Further than a move is let go today.
    moved(
        &mut book,
        "2024-06-20",
        ["2024-04-01", "2024-12-01", "2024-12-31"],
    );
    let expected = [
        (
            "2024-06-20",
            "01-01 held, 04-01 moved, 07-01 to_come, 12-01 to_come",
        ),
        (
            "2024-10-30",
            "01-01 held, 04-01 moved, 07-01 awaiting_record, 10-01 open, 12-01 to_come, 01-01 to_come",
        ),
        (
            "2024-11-15",
            "01-01 held, 04-01 moved, 07-01 empty, 10-01 open, 12-01 to_come, 01-01 to_come",
        ),
        (
            "2024-12-05",
            "01-01 held, 04-01 moved, 07-01 empty, 10-01 open, 12-01 open, 01-01 to_come",
        ),
        (
            "2025-02-01",
            "01-01 held, 04-01 moved, 07-01 empty, 10-01 empty, 12-01 empty, 01-01 open, 04-01 to_come",
        ),
    ];
    for (about, expected) in expected {
        assert_eq!(row(&book, about), expected, "{about}");
    }
    book.expect(
        "9.3-a.o",
        &[
            ("2024-10-30", "holds"),
            ("2024-10-31", "not_shown"),
            ("2024-12-05", "not_shown"),
        ],
    );
    let five = |about: &str| book.about(about).five[4].clone();
    assert_eq!(five("2024-11-15").in_hand, "no");
    assert_eq!(five("2024-11-15").next_due, "2024-12-31".parse().ok());
    assert_eq!(five("2024-07-01").next_due, "2024-09-30".parse().ok());
    let mut for_ever = quarters();
    moved(
        &mut for_ever,
        "2024-06-20",
        ["2024-04-01", "2030-01-01", "2030-03-31"],
    );
    assert_eq!(state(&for_ever, "2024-07-01", "2024-10-31"), "empty");
    assert_eq!(state(&for_ever, "2025-01-01", "2025-02-01"), "open");
    assert_eq!(state(&for_ever, "2030-01-01", "2024-10-31"), "to_come");
}

#[test]
fn a_slot_moved_into_the_next_is_due_and_ends_before_it() {
    let mut book = quarters();
    review(&mut book, 500, "2024-02-01", Some("2024-01-01"));
    moved(
        &mut book,
        "2024-06-20",
        ["2024-04-01", "2024-07-05", "2024-07-14"],
    );
    let due = |about: &str| book.about(about).five[4].next_due;
    assert_eq!(due("2024-07-03"), "2024-07-14".parse().ok());
    assert_eq!(due("2024-07-15"), "2024-09-30".parse().ok());
    review(&mut book, 510, "2024-09-01", Some("2024-07-01"));
    // The newest ended slot is the one that ended last, though the other began later.
    book.expect(
        "9.3-a.o",
        &[("2024-08-14", "not_shown"), ("2024-10-01", "not_shown")],
    );
    assert_eq!(book.words("management_review", "2024-08-14").0, "no");
    assert_eq!(book.words("management_review", "2024-10-01").0, "yes");
}

#[test]
fn two_slots_of_a_series_moved_are_a_flag_with_their_days() {
    let mut book = quarters();
    review(&mut book, 500, "2024-02-01", Some("2024-01-01"));
    moved(
        &mut book,
        "2024-06-20",
        ["2024-04-01", "2024-06-20", "2024-07-14"],
    );
    review(&mut book, 510, "2024-07-10", Some("2024-04-01"));
    moved(
        &mut book,
        "2024-09-20",
        ["2024-07-01", "2024-10-01", "2024-10-14"],
    );
    review(&mut book, 520, "2024-10-10", Some("2024-07-01"));
    book.expect(
        "9.3-a.o",
        &[
            ("2024-07-15", "holds"),
            ("2024-09-19", "holds"),
            ("2024-09-20", "flag"),
            ("2024-10-15", "flag"),
        ],
    );
    let days = "1 April 2024 to 30 June 2024 (now 20 June 2024 to 14 July 2024) and \
        1 July 2024 to 30 September 2024 (now 1 October 2024 to 14 October 2024)";
    assert_eq!(
        book.sentence("9.3-a.o", "2024-10-15"),
        format!("More than one slot of the management review was moved: {days}.")
    );
    let verdict = |about: &str| {
        let requirements = book.about(about).requirements;
        let found = requirements.iter().find(|one| one.id == "9.3.1");
        found.map(|one| one.verdict)
    };
    assert_eq!(verdict("2024-09-19"), Some("shown"));
    assert_eq!(verdict("2024-10-15"), Some("shown"));
    let five = book.about("2024-10-15").five[4].clone();
    assert_eq!((five.in_hand, five.holds), ("yes", "yes"));
    assert!(five.reservations.is_empty(), "{:?}", five.reservations);
    // Beside an empty slot it is said too.
    book.expect(
        "9.3-a.o",
        &[("2025-01-30", "flag"), ("2025-01-31", "not_shown")],
    );
    let said = book.sentence("9.3-a.o", "2025-01-31");
    let empty = "No record shows that the management review for 1 October 2024 to \
        31 December 2024 was held.";
    assert_eq!(
        said,
        format!("{empty} More than one slot was moved: {days}.")
    );
}

#[test]
fn slots_moved_in_two_series_are_no_repetition() {
    let mut book = quarters();
    let series = json!({"management_review": {"first_day": "2024-01-01", "months": 3}});
    book.put("declaration", 301, json!({"series": series}))
        .approve(301, 1);
    review(&mut book, 500, "2024-02-01", Some("2024-01-01"));
    let mut other = whole(501, Some("2024-01-01"));
    other["slot"]["declaration"] = json!(id(301));
    book.put("management_review", 510, other);
    let move_ = |first: &str| {
        json!({"first_day": first, "to_first_day": first,
        "to_last_day": "2024-07-14"})
    };
    for declaration in [DECLARED, 301] {
        let how = How::carrying(move_("2024-04-01"));
        book.on("2024-04-10").act("move_slot", declaration, 1, how);
    }
    book.expect("9.3-a.o", &[("2024-04-20", "holds")]);
}

#[test]
fn a_review_withdrawn_leaves_its_slot_empty_on_every_day() {
    let mut book = quarters();
    review(&mut book, 500, "2024-02-01", Some("2024-01-01"));
    book.expect("9.3-a.o", &[("2024-05-01", "holds")]);
    let mut without_review = book.clone();
    without_review
        .on("2024-06-01")
        .moved(500, "withdraw", json!({}));
    let mut without_meeting = book.clone();
    without_meeting
        .on("2024-06-01")
        .moved(501, "withdraw", json!({}));
    for book in [without_review, without_meeting] {
        assert_eq!(state(&book, "2024-01-01", "2024-05-01"), "empty");
        book.expect("9.3-a.o", &[("2024-05-01", "not_shown")]);
        assert_eq!(book.words("management_review", "2024-05-01"), ("no", "no"));
    }
}

#[test]
fn a_review_of_two_meetings_is_recorded_when_both_are() {
    let mut book = quarters();
    book.on("2024-03-20")
        .put("meeting", 501, meeting(BOARD, "2024-03-10"))
        .put("meeting", 502, meeting(BOARD, "2024-03-20"));
    let mut body = whole(501, Some("2024-01-01"));
    body["parts"] = json!([{"meeting": cite(501, 1)}, {"meeting": cite(502, 1)}]);
    book.put("management_review", 500, body);
    book.expect("9.3-a.o", &[("2024-04-01", "holds")]);
    book.on("2024-06-01").moved(501, "withdraw", json!({}));
    book.expect("9.3-a.o", &[("2024-05-01", "not_shown")]);
}

#[test]
fn a_claim_is_named_by_declaration_and_first_day() {
    let mut book = quarters();
    let mut other = whole(501, Some("2024-01-01"));
    other["slot"]["declaration"] = json!(id(999));
    book.on("2024-02-01")
        .put("meeting", 501, meeting(BOARD, "2024-02-01"))
        .put("management_review", 500, other);
    assert_eq!(state(&book, "2024-01-01", "2024-05-01"), "empty");
}
