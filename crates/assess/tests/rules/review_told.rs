//! What the answer on reviews says of the review that it is about, and of no other.

use serde_json::{Value, json};

use crate::given::{BOARD, Book, id};
use crate::review::{DECLARED, meeting, quarters, whole};

/// A review with its meeting, recorded on the day it was held, that is otherwise than whole.
fn held(book: &mut Book, (n, on, slot): (u128, &str, &str), change: impl FnOnce(&mut Value)) {
    let mut body = whole(n + 1, Some(slot));
    change(&mut body);
    book.on(on)
        .put("meeting", n + 1, meeting(BOARD, on))
        .put("management_review", n, body);
}

fn because(book: &Book, about: &str) -> String {
    let five = book.about(about).five.remove(4);
    assert_eq!((five.in_hand, five.holds), ("yes", "no"), "{about}");
    five.because
}

fn years() -> Book {
    let mut book = Book::new();
    let series = json!({"management_review": {"first_day": "2024-01-01", "months": 12}});
    book.put("declaration", DECLARED, json!({"series": series}))
        .approve(DECLARED, 1);
    book
}

#[test]
fn the_answer_tells_the_gap_of_the_review_that_it_is_about_and_not_of_another() {
    let mut book = quarters();
    held(&mut book, (500, "2024-02-20", "2024-01-01"), |body| {
        body["conclusions"]["adequacy"] = Value::Null;
    });
    held(&mut book, (510, "2024-06-20", "2024-04-01"), |body| {
        body["inputs"]["opportunities"] = Value::Null;
    });
    let said = because(&book, "2024-06-25");
    let of_february = "but the management review of 20 February 2024 concludes nothing on adequacy";
    assert!(said.contains(of_february), "{said}");
    let said = because(&book, "2024-07-31");
    let of_june = "but the management review of 20 June 2024 has nothing on opportunities";
    assert!(said.contains(of_june), "{said}");
}

#[test]
fn the_answer_tells_the_gap_of_a_review_of_years_ago_that_still_answers() {
    let mut book = years();
    held(&mut book, (500, "2024-02-20", "2024-01-01"), |body| {
        body["conclusions"]["adequacy"] = Value::Null;
    });
    held(&mut book, (510, "2025-06-20", "2025-01-01"), |_| {});
    book.expect("9.3-c", &[("2025-07-15", "holds")]);
    let said = because(&book, "2025-07-15");
    let gap = "is minuted, but the management review of 20 February 2024 concludes nothing on \
               adequacy";
    assert!(said.contains(gap), "{said}");
}

#[test]
fn of_an_action_that_was_lost_the_answer_does_not_say_that_this_is_the_next_review() {
    let mut book = quarters();
    held(&mut book, (500, "2024-02-20", "2024-01-01"), |body| {
        body["actions"] = json!([id(700)]);
    });
    held(&mut book, (510, "2024-06-20", "2024-04-01"), |_| {});
    let lost = format!(
        "record {}, agreed on 20 February 2024, does not appear in",
        id(700)
    );
    let said = because(&book, "2024-07-01");
    assert!(said.contains(&format!("but {lost} it;")), "{said}");
    let found = book.sentence("9.3-d", "2024-07-01");
    assert_eq!(found, format!("{lost} the next review."));
}

#[test]
fn a_first_review_without_trends_is_not_said_to_have_all_its_inputs() {
    let first = |change: fn(&mut Value)| {
        let mut book = quarters();
        held(&mut book, (500, "2024-02-20", "2024-01-01"), change);
        let five = book.about("2024-02-25").five.remove(4);
        assert_eq!((five.in_hand, five.holds), ("yes", "yes"));
        five.because
    };
    let spared =
        "is minuted with the inputs that a first review has, its conclusions and decisions";
    for input in ["actions", "nonconformities", "monitoring", "audits"] {
        let mut book = quarters();
        held(&mut book, (500, "2024-02-20", "2024-01-01"), |body| {
            body["inputs"][input] = Value::Null;
        });
        let said = book.about("2024-02-25").five.remove(4).because;
        assert!(said.contains(spared), "{said}");
    }
    let all = "is minuted with its inputs, conclusions and decisions";
    let said = first(|_| {});
    assert!(said.contains(all), "{said}");
    let said = first(|body| {
        body["inputs"]["audits"] = json!({"none_because": "No audit yet."});
    });
    assert!(said.contains(all), "{said}");
}
