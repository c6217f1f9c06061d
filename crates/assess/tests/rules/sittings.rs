//! Reviews of a meeting that sat on more than one day: when what each is of was taken.

use serde_json::{Value, json};

use crate::given::{BOARD, Book, CHIEF, OFFICER, TEAM, cite, id};
use crate::review::{meeting, quarters, review, whole};
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

fn adjourned(on: &str) -> Value {
    let mut meeting = meeting(BOARD, on);
    meeting["state"] = json!("adjourned");
    meeting
}

#[test]
fn a_review_of_an_adjourned_meeting_is_held_once_that_has_sat_again() {
    let mut book = quarters();
    book.on("2024-02-15")
        .put("meeting", 501, adjourned("2024-02-15"))
        .put("management_review", 500, whole(501, Some("2024-01-01")));
    let five = |book: &Book, about: &str| book.words("management_review", about);
    book.expect(
        "9.3-a",
        &[("2024-04-01", "not_due"), ("2024-05-01", "not_shown")],
    );
    assert_eq!(five(&book, "2024-04-01"), ("not_due", "unknown"));
    assert_eq!(state(&book, "2024-01-01", "2024-04-01"), "awaiting_record");
    assert_eq!(state(&book, "2024-01-01", "2024-05-01"), "empty");
    let named = format!("record {}, which claims that slot,", id(500));
    let again = "is of a meeting that was adjourned on 15 February 2024 and is to sit again.";
    assert_eq!(
        book.sentence("9.3-a.o", "2024-05-01"),
        format!(
            "No record shows that the management review for 1 January 2024 to 31 March 2024 was \
                held: {named} {again}"
        )
    );
    assert_eq!(
        book.about("2024-05-01").five[4].because,
        format!(
            "No record shows a management review held from 1 January 2024 to 31 March 2024: \
                {named} {again}"
        )
    );

    let sat = |on: &[&str]| {
        let days: Vec<Value> = on.iter().map(|on| json!({"on": on})).collect();
        let mut meeting = meeting(BOARD, "2024-02-15");
        meeting["sittings"] = json!(days);
        meeting
    };
    for (recorded, days, expected) in [
        ("2024-03-20", vec!["2024-02-15", "2024-03-20"], "held"),
        ("2024-05-02", vec!["2024-02-15", "2024-03-20"], "held_late"),
        // It never sat again, and that was said later.
        ("2024-05-02", vec!["2024-02-15"], "held_late"),
        ("2024-04-02", vec!["2024-02-15", "2024-04-02"], "empty"),
    ] {
        let mut book = book.clone();
        book.on(recorded).put("meeting", 501, sat(&days));
        let found = state(&book, "2024-01-01", "2024-05-02");
        assert_eq!(found, expected, "{recorded}: {days:?}");
    }
}

#[test]
fn a_review_of_items_taken_before_a_meeting_was_adjourned_is_held() {
    let mut meeting = adjourned("2024-02-15");
    meeting["items"] = json!([{"number": "1", "text": true, "sitting": 1}, {"number": "2"}]);
    for (items, expected) in [(json!(["1"]), "held"), (json!(["1", "2"]), "empty")] {
        let mut book = quarters();
        book.on("2024-02-15")
            .put("meeting", 501, meeting.clone())
            .put("management_review", 500, of_items(&items, "2024-01-01"));
        let found = state(&book, "2024-01-01", "2024-05-01");
        assert_eq!(found, expected, "{items}");
    }
}

#[test]
fn a_body_has_met_again_where_it_was_adjourned_but_not_where_it_could_do_nothing() {
    for (state, expected) in [
        ("held", "reservation"),
        ("adjourned", "reservation"),
        // Without a quorum it confirms no minutes.
        ("inquorate", "holds"),
    ] {
        let mut book = quarters();
        review(&mut book, 500, "2024-02-01", Some("2024-01-01"));
        let mut later = meeting(BOARD, "2024-03-01");
        later["state"] = json!(state);
        book.on("2024-03-01").put("meeting", 502, later);
        book.expect("9.3-a.p", &[("2024-03-01", expected)]);
    }
}

#[test]
fn an_item_that_the_meeting_does_not_have_has_no_quorum() {
    let seats = json!([{"person": id(CHIEF)}, {"person": id(OFFICER)}]);
    let none = |items: Value| {
        let mut book = quarters();
        let terms = json!({"name": true, "top_management": "part", "quorum": 1, "seats": seats});
        book.put("body", BOARD, terms).approve(BOARD, 2);
        book.on("2024-02-15")
            .put("meeting", 501, meeting(BOARD, "2024-02-15"))
            .put("management_review", 500, of_items(&items, "2024-01-01"));
        book
    };
    for (items, expected) in [
        (json!(["1"]), "holds"),
        (json!(["99"]), "not_shown"),
        (json!(["1", "99"]), "not_shown"),
    ] {
        none(items).expect("9.3-a", &[("2024-05-01", expected)]);
    }
    // Minutes that number no items are silent about them.
    let mut silent = meeting(BOARD, "2024-02-15");
    silent["items"] = json!([]);
    silent["minutes"] = json!({"file": "aa"});
    let mut book = none(json!(["99"]));
    book.put("meeting", 501, silent);
    book.expect("9.3-a", &[("2024-05-01", "holds")]);
}
