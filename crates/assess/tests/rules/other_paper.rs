//! What an answer says where its version was approved at an item that had another one before the
//! body.

use serde_json::{Value, json};

use crate::given::{Book, How, ROOT, cite, id};

const POLICY: u128 = 210;
const MEETING: u128 = 310;
const RESOLUTION: u128 = 910;

/// A policy in its second version, which the root approved at an item of a meeting with these
/// papers.
fn approved(papers: &Value) -> Book {
    let mut book = Book::new();
    let items = json!([{"number": "4", "papers": [cite(POLICY, 2)]},
        {"number": "5", "papers": papers}]);
    let resolution = json!({"number": true, "meeting": cite(MEETING, 1), "item": "5"});
    book.on("2024-02-01")
        .put("policy", POLICY, json!({"text": true}))
        .put("policy", POLICY, json!({"text": true}))
        .put("scope", 600, json!({"title": true}))
        .put("meeting", MEETING, json!({"items": items}))
        .put("resolution", RESOLUTION, resolution)
        .act("approve", POLICY, 2, How::resolved(RESOLUTION));
    book
}

fn reserved(book: &Book, answer: usize, about: &str) -> Vec<String> {
    let said = book.about(about).five[answer].reservations.clone();
    said.into_iter()
        .filter(|one| one.contains("before the body"))
        .collect()
}

#[test]
fn what_was_approved_where_another_version_was_before_the_body_is_reserved() {
    let said = |had: &str| {
        format!(
            "record {} approved version 2 of record {}, and item 5 of its meeting had {had} before \
             the body; the records do not show that version 2 was.",
            id(RESOLUTION),
            id(POLICY)
        )
    };
    let none: [String; 0] = [];
    let book = approved(&json!([cite(POLICY, 1)]));
    assert_eq!(reserved(&book, 1, "2024-02-01"), [said("version 1")]);
    let both = json!([cite(POLICY, 1), cite(POLICY, 3)]);
    let several = [said("versions 1 and 3")];
    assert_eq!(reserved(&approved(&both), 1, "2024-02-01"), several);
    // Its own version among them, no paper, and papers of something else say nothing.
    for papers in [
        json!([cite(POLICY, 1), cite(POLICY, 2)]),
        json!([]),
        json!([cite(600, 1)]),
        Value::Null,
    ] {
        assert_eq!(reserved(&approved(&papers), 1, "2024-02-01"), none);
    }
    // The words of the answer stay as they are.
    let right = approved(&json!([cite(POLICY, 2)]));
    for about in ["2024-02-01", "2025-06-01"] {
        assert_eq!(book.words("policy", about), right.words("policy", about));
    }
}

#[test]
fn minutes_put_right_take_the_reservation_with_them() {
    let mut book = approved(&json!([cite(POLICY, 1)]));
    let items = json!([{"number": "5", "papers": [cite(POLICY, 2)]}]);
    book.on("2024-02-05")
        .put("meeting", MEETING, json!({"items": items}));
    assert_eq!(reserved(&book, 1, "2024-02-05"), [""; 0]);
}

#[test]
fn of_what_one_resolution_approves_only_that_is_reserved_which_had_another_version() {
    let mut book = approved(&json!([cite(POLICY, 1), cite(600, 1)]));
    book.act("approve", 600, 1, How::resolved(RESOLUTION));
    assert_eq!(reserved(&book, 0, "2024-02-01"), [""; 0]);
    assert_eq!(reserved(&book, 1, "2024-02-01").len(), 1);
}

#[test]
fn what_is_kept_where_another_version_was_before_the_body_is_reserved() {
    let mut book = Book::new();
    let items = json!([{"number": "5", "papers": [cite(POLICY, 2)]}]);
    let resolution = json!({"number": true, "meeting": cite(MEETING, 1), "item": "5"});
    book.on("2024-02-01")
        .put("policy", POLICY, json!({"text": true}))
        .act("approve", POLICY, 1, How::by(ROOT))
        .on("2024-03-01")
        .put("policy", POLICY, json!({"text": true}))
        .put("meeting", MEETING, json!({"items": items}))
        .put("resolution", RESOLUTION, resolution)
        .act("keep", POLICY, 1, How::resolved(RESOLUTION));
    let said = reserved(&book, 1, "2024-03-01");
    let kept = format!(
        "record {} kept version 1 of record {} as it is, and item 5 of its meeting had version 2 \
         before the body; the records do not show that version 1 was.",
        id(RESOLUTION),
        id(POLICY)
    );
    assert_eq!(said, [kept]);
}
