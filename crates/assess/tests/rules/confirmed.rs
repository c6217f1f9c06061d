//! Minutes count as confirmed while the meeting that confirmed them stands as held, with a quorum.

use serde_json::{Value, json};

use crate::given::{BOARD, Book, CHIEF, OFFICER, TEAM, cite, id};
use crate::review::{meeting, quarters, review};

fn member(person: u128) -> Value {
    json!({"person": id(person), "role": "member"})
}

/// A meeting of 1 March at which all of the board were, which has two items.
fn later() -> Value {
    let mut later = meeting(BOARD, "2024-03-01");
    later["present"] = json!([member(CHIEF), member(OFFICER)]);
    later["items"] = json!([{"number": "1"}, {"number": "2"}]);
    later
}

fn with(field: &str, value: Value) -> Value {
    let mut later = later();
    later[field] = value;
    later
}

/// A board of two, both of whom it takes, whose review of 1 February is confirmed by another meeting,
/// at an item or at none that is named.
fn confirmed_by(later: Value, item: Option<&str>) -> Book {
    let mut book = quarters();
    let seats = json!([{"person": id(CHIEF)}, {"person": id(OFFICER)}]);
    let terms = json!({"name": true, "top_management": "part", "quorum": 2, "seats": seats});
    book.put("body", BOARD, terms).approve(BOARD, 2);
    review(&mut book, 500, "2024-02-01", Some("2024-01-01"));
    let mut held = meeting(BOARD, "2024-02-01");
    held["present"] = json!([member(CHIEF), member(OFFICER)]);
    book.put("meeting", 501, held);
    book.on("2024-03-01").put("meeting", 502, later);
    let confirm = json!({"by": cite(502, 1), "item": item, "on": "2024-03-01"});
    book.moved(501, "confirm", confirm);
    book
}

fn expect(expected: &str, name: &str, book: &Book) {
    assert_eq!(book.says("9.3-a.p", "2024-03-02"), expected, "{name}");
    let because = book.about("2024-03-02").five.remove(4).because;
    let unconfirmed = because.contains("its minutes are not confirmed yet");
    assert_eq!(unconfirmed, expected != "holds", "{name}: {because}");
}

#[test]
fn minutes_are_confirmed_at_a_meeting_with_a_quorum() {
    let left = |item: &str| {
        let mut officer = member(OFFICER);
        officer["to_item"] = json!(item);
        with("present", json!([member(CHIEF), officer]))
    };
    let withdrew = |item: &str| {
        let interest = json!({"person": id(OFFICER), "item": item, "withdrew": true});
        with("interests", json!([interest]))
    };
    let alone = || with("present", json!([member(CHIEF)]));
    let silent = |mut later: Value| {
        later["items"] = json!([]);
        later
    };
    for (name, later, item) in [
        ("at an item", later(), Some("2")),
        ("at one that is not named", later(), None),
        (
            "not said who was there",
            with("present", Value::Null),
            Some("1"),
        ),
        ("before one left", left("1"), Some("1")),
        (
            "at another item than one withdrew from",
            withdrew("2"),
            Some("1"),
        ),
        ("in a file", silent(later()), Some("9")),
        (
            "adjourned after it",
            with("state", json!("adjourned")),
            Some("1"),
        ),
    ] {
        expect("holds", name, &confirmed_by(later, item));
    }
    for (name, later, item) in [
        ("one of two", alone(), Some("1")),
        ("one of two, at no item", alone(), None),
        ("one of two, in a file", silent(alone()), Some("9")),
        ("one had left", left("1"), Some("2")),
        ("one left, at no item", left("1"), None),
        ("one withdrew", withdrew("2"), Some("2")),
        ("an item that there is not", later(), Some("99")),
    ] {
        expect("reservation", name, &confirmed_by(later, item));
    }
}

#[test]
fn those_at_two_sittings_of_a_day_confirm_nothing_together() {
    let twice = |second: u32| {
        let mut officer = member(OFFICER);
        officer["sittings"] = json!([second]);
        let mut chief = member(CHIEF);
        chief["sittings"] = json!([1]);
        let mut later = with("present", json!([chief, officer]));
        later["sittings"] = json!([{"on": "2024-03-01"}, {"on": "2024-03-01"}]);
        later
    };
    expect("holds", "together", &confirmed_by(twice(1), Some("1")));
    expect("reservation", "apart", &confirmed_by(twice(2), Some("1")));
}

#[test]
fn minutes_confirmed_at_a_meeting_that_is_recorded_otherwise_since_are_not_confirmed() {
    let confirmed = || confirmed_by(later(), Some("1"));
    let again = |field: &str, value: Value| {
        let mut book = confirmed();
        book.on("2024-03-02")
            .put("meeting", 502, with(field, value));
        book
    };
    for (name, book) in [
        ("without a quorum", again("state", json!("inquorate"))),
        ("cancelled", again("state", json!("cancelled"))),
        ("one of two", again("present", json!([member(CHIEF)]))),
        ("of another body", again("body", json!(id(TEAM)))),
        (
            "of the day of the minutes",
            again("sittings", json!([{"on": "2024-02-01"}])),
        ),
        (
            "of a later day",
            again("sittings", json!([{"on": "2024-03-02"}])),
        ),
        ("without the item", again("items", json!([{"number": "2"}]))),
    ] {
        let because = book.about("2024-03-02").five.remove(4).because;
        assert!(because.contains("not confirmed yet"), "{name}: {because}");
    }
    expect("holds", "with more said", &again("apologies", json!([])));
}

#[test]
fn minutes_confirmed_at_a_meeting_that_was_withdrawn_are_confirmed_no_more() {
    let mut book = confirmed_by(later(), Some("1"));
    book.on("2024-03-02").moved(502, "withdraw", json!({}));
    let none = book.about("2024-03-02").five.remove(4).because;
    assert!(none.contains("not confirmed yet"), "{none}");
    // Another meeting that confirms them does, and one recorded again.
    let mut other = meeting(BOARD, "2024-03-20");
    other["present"] = json!([member(CHIEF), member(OFFICER)]);
    let confirm = json!({"by": cite(503, 1), "on": "2024-03-20"});
    let mut by_another = book.clone();
    by_another
        .on("2024-03-20")
        .put("meeting", 503, other.clone())
        .moved(501, "confirm", confirm);
    by_another.expect("9.3-a.p", &[("2024-03-20", "holds")]);
    book.put("meeting", 502, later());
    expect("holds", "recorded again", &book);

    // Of two that confirm them the one that is left does.
    let mut twice = confirmed_by(later(), Some("1"));
    let confirm = json!({"by": cite(503, 1), "on": "2024-03-20"});
    twice
        .on("2024-03-20")
        .put("meeting", 503, other)
        .moved(501, "confirm", confirm)
        .moved(502, "withdraw", json!({}));
    twice.expect("9.3-a.p", &[("2024-03-20", "holds")]);
}
