//! What the answer on the policy says of what was resolved, and by whom.

use serde_json::json;

use crate::given::{BOARD, Book, How, ROOT, id};
use crate::policy::{POLICY, policy, whole};

#[test]
fn an_overdue_policy_names_the_resolution_that_wanted_to_keep_it_without_a_quorum() {
    let mut book = policy(whole(), How::by(ROOT));
    book.put(
        "declaration",
        300,
        json!({"intervals": {"policy_months": 12}}),
    )
    .approve(300, 1);
    let told = json!({"on": "2024-02-01", "to": true, "how": true});
    book.moved(POLICY, "communicate", told);
    book.on("2025-01-30")
        .act("keep", POLICY, 1, How::lost("inquorate"));
    let five = book.about("2025-02-03").five.remove(1);
    assert_eq!((five.in_hand, five.holds), ("yes", "no"));
    let end = format!(
        "was due for review on 1 February 2025, 2 days ago. record {} of 30 January 2025 was passed \
         without a quorum and kept nothing.",
        id(900)
    );
    assert!(five.because.ends_with(&end), "{}", five.because);
}

#[test]
fn a_policy_set_by_a_body_whose_end_was_recorded_only_since_says_so() {
    let mut book = Book::new();
    book.on("2024-04-10")
        .put("policy", POLICY, whole())
        .act("approve", POLICY, 1, How::by(BOARD));
    let because = |book: &Book| book.about("2024-06-10").five[1].because.clone();
    assert!(
        !because(&book).contains("did not set it"),
        "{}",
        because(&book)
    );
    let ended = |on: &str| {
        let mut book = book.clone();
        let end = How {
            carries: json!({"last_day": "2024-03-31"}),
            ..How::decided("2024-03-25")
        };
        book.on(on).act("end", BOARD, 1, end);
        because(&book)
    };
    let said = format!(
        "and top management did not set it; record {} was, or was part of, top management until 31 March \
         2024, which was recorded only on 1 June 2024.",
        id(BOARD)
    );
    let told = ended("2024-06-01");
    assert!(told.ends_with(&said), "{told}");
}
