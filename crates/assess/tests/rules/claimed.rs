//! 9.3-b and 9.3-d of reviews that claim a slot, beside extraordinary ones that claim none.

use serde_json::{Value, json};

use crate::given::{BOARD, Book, id};
use crate::review::{meeting, quarters, review, whole};

/// The review of the first quarter with an action, and what its next one tells of that.
fn planned(told: &[u128]) -> Book {
    let mut book = quarters();
    let mut first = whole(501, Some("2024-01-01"));
    first["actions"] = json!([id(701)]);
    held(&mut book, 500, "2024-02-20", first);
    let mut second = whole(511, Some("2024-04-01"));
    second["earlier_actions"] = earlier(told);
    held(&mut book, 510, "2024-06-20", second);
    book
}

fn held(book: &mut Book, n: u128, on: &str, body: Value) {
    book.on(on)
        .put("meeting", n + 1, meeting(BOARD, on))
        .put("management_review", n, body);
}

fn earlier(actions: &[u128]) -> Value {
    let told = actions.iter();
    told.map(|action| json!({"action": id(*action), "status": "open"}))
        .collect()
}

/// An extraordinary review of three inputs after an incident, which claims no slot.
fn extraordinary(meeting: u128) -> Value {
    let mut body = whole(meeting, None);
    for input in ["actions", "parties", "audits", "opportunities"] {
        body["inputs"][input] = Value::Null;
    }
    body
}

#[test]
fn an_extraordinary_review_is_not_asked_for_the_inputs_of_a_slot() {
    let mut book = planned(&[701]);
    let body = extraordinary(521);
    book.on("2024-06-21")
        .put_of("meeting", 521, "2024-04-10", meeting(BOARD, "2024-04-10"))
        .put_of("management_review", 520, "2024-04-10", body);
    for rule in ["9.3-b", "9.3-d"] {
        book.expect(rule, &[("2024-06-21", "holds"), ("2024-08-01", "holds")]);
    }
    assert_eq!(
        book.words("management_review", "2024-08-01"),
        ("yes", "yes")
    );
    // Whether it was concluded is asked of each review.
    let mut body = extraordinary(521);
    body["conclusions"] = json!({});
    book.on("2024-06-22").put("management_review", 520, body);
    book.expect("9.3-c", &[("2024-06-22", "not_shown")]);
}

#[test]
fn an_extraordinary_review_is_no_review_of_a_slot_before_the_first_has_ended() {
    let mut book = quarters();
    review(&mut book, 500, "2024-02-20", Some("2024-01-01"));
    held(&mut book, 520, "2024-03-10", extraordinary(521));
    book.expect("9.3-b", &[("2024-03-10", "holds"), ("2024-04-15", "holds")]);
    assert_eq!(
        book.words("management_review", "2024-03-11"),
        ("yes", "yes")
    );
    let told = book.about("2024-03-11").five.remove(4).because;
    assert!(told.contains("20 February 2024"), "{told}");
}

#[test]
fn in_an_empty_slot_a_review_that_claims_none_is_asked_as_before() {
    let mut book = quarters();
    held(&mut book, 520, "2024-02-20", extraordinary(521));
    book.expect(
        "9.3-b",
        &[
            ("2024-02-20", "not_due"),
            ("2024-04-30", "not_due"),
            ("2024-05-01", "not_shown"),
        ],
    );
    let said = book.sentence("9.3-b", "2024-05-01");
    assert!(said.starts_with("The management review of 20 February 2024 has nothing on"));
}

#[test]
fn the_review_of_the_first_slot_is_the_first_whatever_extraordinary_one_came_before() {
    let mut book = quarters();
    held(&mut book, 520, "2024-01-20", extraordinary(521));
    let mut first = whole(501, Some("2024-01-01"));
    first["inputs"]["monitoring"] = Value::Null;
    held(&mut book, 500, "2024-02-20", first);
    book.expect("9.3-b", &[("2024-02-20", "holds"), ("2024-05-01", "holds")]);
}

#[test]
fn an_action_that_an_extraordinary_review_dealt_with_is_dealt_with() {
    let told = |status: &str| json!([{"action": id(701), "status": status}]);
    for (there, next, expected) in [
        (told("done"), &[][..], "holds"),
        (told("dropped"), &[], "holds"),
        // Still open there, it is one of that review as well.
        (told("open"), &[], "not_shown"),
        (told("open"), &[701], "holds"),
        (json!([]), &[701], "holds"),
        (json!([]), &[], "not_shown"),
    ] {
        let mut book = planned(next);
        let mut body = extraordinary(521);
        body["earlier_actions"] = there;
        book.on("2024-06-21")
            .put_of("meeting", 521, "2024-04-10", meeting(BOARD, "2024-04-10"))
            .put_of("management_review", 520, "2024-04-10", body);
        book.expect("9.3-d", &[("2024-06-21", expected)]);
    }
}

#[test]
fn what_an_extraordinary_review_agreed_appears_in_the_next_review_of_a_slot() {
    for (next, expected) in [(&[701, 702][..], "holds"), (&[701], "not_shown")] {
        let mut book = planned(next);
        let mut body = extraordinary(521);
        body["actions"] = json!([id(702)]);
        book.on("2024-06-21")
            .put_of("meeting", 521, "2024-04-10", meeting(BOARD, "2024-04-10"))
            .put_of("management_review", 520, "2024-04-10", body);
        book.expect("9.3-d", &[("2024-06-21", expected)]);
        if expected == "not_shown" {
            let said = book.sentence("9.3-d", "2024-06-21");
            assert!(said.contains("agreed on 10 April 2024"), "{said}");
        }
    }
}

#[test]
fn a_review_of_before_any_series_was_declared_is_asked_whatever_is_declared_since() {
    let mut book = Book::new();
    held(&mut book, 520, "2024-02-20", extraordinary(521));
    let before = book.clone();
    let series = json!({"management_review": {"first_day": "2024-04-01", "months": 3}});
    book.on("2024-03-20")
        .put("declaration", 300, json!({"series": series}))
        .approve(300, 1);
    for book in [before, book] {
        book.expect(
            "9.3-b",
            &[("2024-02-20", "not_shown"), ("2024-03-19", "not_shown")],
        );
    }
}
