//! Reviews of a meeting that sat on more than one day: when what each is of was taken.

use serde_json::{Value, json};

use crate::given::{BOARD, CHIEF, TEAM, cite, id};
use crate::review::{meeting, quarters, whole};
use crate::slots::state;

/// A meeting in the last days of one quarter and the first of the next: items 1 and 2 on the one
/// day, item 3 on the other.
fn two_days(body: u128) -> Value {
    let item =
        |number: &str, sitting: u32| json!({"number": number, "text": true, "sitting": sitting});
    let mut meeting = meeting(body, "2024-03-28");
    meeting["sittings"] = json!([{"on": "2024-03-28"}, {"on": "2024-04-10"}]);
    meeting["items"] = json!([item("1", 1), item("2", 1), item("3", 2)]);
    meeting
}

/// A review of some items of a meeting, all where none are named, that claims a slot.
fn of_items(items: &Value, slot: &str) -> Value {
    let mut review = whole(501, Some(slot));
    review["parts"][0]["items"] = items.clone();
    review
}

#[test]
fn a_review_of_items_was_held_on_the_days_they_were_taken() {
    let unsaid = || {
        let mut meeting = two_days(BOARD);
        meeting["items"][1]["sitting"] = Value::Null;
        meeting
    };
    let (first, second) = ("2024-01-01", "2024-04-01");
    for (meeting, items, held) in [
        (two_days(BOARD), json!(["1", "2"]), first),
        (two_days(BOARD), json!(["3"]), second),
        (two_days(BOARD), json!(["1", "3"]), second),
        (two_days(BOARD), json!([]), second),
        // Of an item that does not say when it was taken, the last day is meant.
        (unsaid(), json!(["1"]), first),
        (unsaid(), json!(["1", "2"]), second),
    ] {
        for slot in [first, second] {
            let mut book = quarters();
            book.on("2024-04-12")
                .put("meeting", 501, meeting.clone())
                .put("management_review", 500, of_items(&items, slot));
            let expected = if slot == held { "held" } else { "empty" };
            let found = state(&book, slot, "2024-08-01");
            assert_eq!(found, expected, "{items} in {slot}: {meeting}");
        }
    }
}

#[test]
fn parts_of_one_meeting_are_one_review_of_it() {
    let mut both = of_items(&json!(["1"]), "2024-01-01");
    let part = |item: &str| json!({"meeting": cite(501, 1), "items": [item]});
    for (parts, expected) in [
        (json!([part("1"), part("2")]), "held"),
        (json!([part("1"), part("3")]), "empty"),
        (json!([part("1"), {"meeting": cite(501, 1)}]), "empty"),
    ] {
        both["parts"] = parts.clone();
        let mut book = quarters();
        book.on("2024-04-12")
            .put("meeting", 501, two_days(BOARD))
            .put("management_review", 500, both.clone());
        let found = state(&book, "2024-01-01", "2024-08-01");
        assert_eq!(found, expected, "{parts}");
    }
}

#[test]
fn minutes_are_in_time_by_the_day_on_which_what_is_reviewed_was_taken() {
    for (items, slot, expected) in [
        (json!(["1", "2"]), "2024-01-01", "reservation"),
        (json!(["3"]), "2024-04-01", "holds"),
        (json!([]), "2024-04-01", "holds"),
    ] {
        let mut book = quarters();
        book.on("2024-05-01")
            .put("meeting", 501, two_days(BOARD))
            .put("management_review", 500, of_items(&items, slot));
        book.expect("9.3-a.p", &[("2024-05-01", expected)]);
    }
}

#[test]
fn a_sitting_is_counted_by_the_terms_of_its_own_day() {
    for (items, slot, expected) in [
        (json!(["1", "2"]), "2024-01-01", "not_shown"),
        (json!(["3"]), "2024-04-01", "holds"),
    ] {
        let mut book = quarters();
        let seats = json!([{"person": id(CHIEF)}]);
        let top = json!({"name": true, "top_management": "part", "quorum": 1, "seats": seats});
        book.on("2024-04-01")
            .put("body", TEAM, top)
            .approve(TEAM, 2);
        book.on("2024-04-12")
            .put("meeting", 501, two_days(TEAM))
            .put("management_review", 500, of_items(&items, slot));
        book.expect("9.3-a", &[("2024-08-01", expected)]);
    }
}

#[test]
fn a_sitting_corrected_into_a_slot_is_recorded_by_the_correction() {
    let mut book = quarters();
    let mut unsaid = two_days(BOARD);
    for item in unsaid["items"].as_array_mut().unwrap() {
        item["sitting"] = Value::Null;
    }
    let items = json!(["1", "2"]);
    book.on("2024-04-12").put("meeting", 501, unsaid).put(
        "management_review",
        500,
        of_items(&items, "2024-01-01"),
    );
    assert_eq!(state(&book, "2024-01-01", "2024-05-01"), "empty");
    book.on("2024-05-02").put("meeting", 501, two_days(BOARD));
    assert_eq!(state(&book, "2024-01-01", "2024-05-02"), "held_late");
}
