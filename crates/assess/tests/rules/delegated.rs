//! A scope that a person approved: their power is followed to whoever gave it.

use serde_json::{Value, json};

use crate::given::{BOARD, Book, CHIEF, How, OFFICER, ROOT, TEAM, id};

const SCOPE: u128 = 600;
const FIRST: u128 = 220;
const SECOND: u128 = 221;

fn power(holder: u128, changed: &Value) -> Value {
    let mut body =
        json!({"holder": id(holder), "powers": ["approve_scope"], "start": "2024-01-10"});
    for (field, value) in changed.as_object().into_iter().flatten() {
        body[field] = value.clone();
    }
    body
}

/// What the rule says of a scope that the officer approved on 1 February.
fn approved(book: &mut Book) -> &'static str {
    book.on("2024-02-01").put("scope", SCOPE, json!({})).act(
        "approve",
        SCOPE,
        1,
        How::person(OFFICER),
    );
    book.says("4.3-a.p", "2024-02-01")
}

/// The same where an appointment gave the power.
fn by_power(how: How, changed: &Value) -> &'static str {
    let mut book = Book::new();
    book.on("2024-01-10")
        .put("appointment", FIRST, power(OFFICER, changed))
        .act("approve", FIRST, 1, how);
    approved(&mut book)
}

#[test]
fn a_persons_power_is_that_of_whoever_gave_it() {
    let none = json!({});
    let cases = [
        (How::by(ROOT), &none, "holds"),
        (How::by(BOARD), &none, "holds"),
        (How::by(TEAM), &none, "reservation"),
        (How::person(CHIEF), &none, "reservation"), // with no power of theirs on record
        (How::lost("no_power"), &none, "reservation"),
        (
            How::by(ROOT),
            &json!({"powers": ["declare"]}),
            "reservation",
        ),
        (How::by(ROOT), &json!({"holder": id(CHIEF)}), "reservation"),
        (
            How::by(ROOT),
            &json!({"start": "2024-02-02"}),
            "reservation",
        ),
        (How::by(ROOT), &json!({"end": "2024-01-31"}), "reservation"),
        (How::by(ROOT), &json!({"end": "2024-02-01"}), "holds"),
    ];
    for (how, changed, expected) in cases {
        let said = by_power(how.clone(), changed);
        assert_eq!(said, expected, "{how:?} {changed}");
    }
}

#[test]
fn a_power_given_on_by_a_person_is_followed_further() {
    for (first, expected) in [(ROOT, "holds"), (TEAM, "reservation")] {
        let mut book = Book::new();
        book.on("2024-01-10")
            .put("appointment", FIRST, power(CHIEF, &json!({})))
            .act("approve", FIRST, 1, How::by(first))
            .put("appointment", SECOND, power(OFFICER, &json!({})))
            .act("approve", SECOND, 1, How::person(CHIEF));
        assert_eq!(approved(&mut book), expected, "{first}");
    }
    // Two who give it to one another have it from nobody.
    let mut book = Book::new();
    book.on("2024-01-10")
        .put("appointment", FIRST, power(CHIEF, &json!({})))
        .act("approve", FIRST, 1, How::person(OFFICER))
        .put("appointment", SECOND, power(OFFICER, &json!({})))
        .act("approve", SECOND, 1, How::person(CHIEF));
    assert_eq!(approved(&mut book), "reservation");
}

#[test]
fn it_says_that_the_power_was_not_top_managements() {
    let mut book = Book::new();
    book.on("2024-01-10")
        .put("appointment", FIRST, power(OFFICER, &json!({})))
        .act("approve", FIRST, 1, How::by(TEAM));
    approved(&mut book);
    let sentence = book.sentence("4.3-a.p", "2024-02-01");
    let expected =
        "approved the scope on 1 February 2024, by a power that top management did not give.";
    assert!(sentence.ends_with(expected), "{sentence}");
    // Given by top management since, it was not then.
    book.on("2024-03-01")
        .act("approve", FIRST, 1, How::by(ROOT));
    book.expect("4.3-a.p", &[("2024-03-01", "reservation")]);
}

#[test]
fn a_power_rescinded_since_with_a_last_day_before_it_was_used_is_told_as_that() {
    let mut book = Book::new();
    book.on("2024-01-10")
        .put("appointment", FIRST, power(OFFICER, &json!({})))
        .act("approve", FIRST, 1, How::by(ROOT));
    approved(&mut book);
    let last = json!({"last_day": "2024-01-20"});
    book.on("2024-03-01")
        .act("end", FIRST, 1, How::carrying(last));
    let said = format!(
        "record {} approved the scope on 1 February 2024, by a power that was rescinded on 1 March \
         2024 with 20 January 2024 as its last day.",
        id(OFFICER)
    );
    for about in ["2024-02-10", "2024-03-01", "2024-06-01"] {
        assert_eq!(book.sentence("4.3-a.p", about), said, "{about}");
    }
    // One that was nobody's of top management to give is told as before.
    let mut others = Book::new();
    others
        .on("2024-01-10")
        .put("appointment", FIRST, power(OFFICER, &json!({})))
        .act("approve", FIRST, 1, How::by(TEAM));
    approved(&mut others);
    let last = json!({"last_day": "2024-01-20"});
    others
        .on("2024-03-01")
        .act("end", FIRST, 1, How::carrying(last));
    let said = others.sentence("4.3-a.p", "2024-03-01");
    assert!(said.ends_with("top management did not give."), "{said}");
}
