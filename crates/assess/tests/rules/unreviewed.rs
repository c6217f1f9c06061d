//! 9.3-b and 9.3-c of a slot in which no review was held: its inputs and results are not shown.

use serde_json::json;

use crate::given::{BOARD, Book, id};
use crate::review::{DECLARED, first_missed, meeting, quarters, review, whole};

fn verdict(book: &Book, requirement: &str, about: &str) -> &'static str {
    let status = book.about(about);
    let found = status.requirements.iter().find(|one| one.id == requirement);
    found.map_or("none", |one| one.verdict)
}

#[test]
fn where_no_review_is_ever_held_its_inputs_and_results_are_not_shown() {
    let book = quarters();
    for (rule, requirement) in [("9.3-b", "9.3.2"), ("9.3-c", "9.3.3")] {
        book.expect(
            rule,
            &[
                ("2024-03-31", "not_due"),
                ("2024-04-30", "not_due"), // its record may still come
                ("2024-05-01", "not_shown"),
                ("2026-05-01", "not_shown"),
            ],
        );
        assert_eq!(verdict(&book, requirement, "2024-04-30"), "not_due");
        assert_eq!(verdict(&book, requirement, "2026-05-01"), "not_shown");
    }
    assert_eq!(
        book.sentence("9.3-b", "2024-11-01"),
        "The records show no management review for 1 July 2024 to 30 September 2024, and so none \
         of its inputs."
    );
    assert_eq!(
        book.sentence("9.3-c", "2024-11-01"),
        "The records show no management review for 1 July 2024 to 30 September 2024, and so \
         nothing that it concluded or decided."
    );
}

#[test]
fn a_missed_slot_is_asked_for_its_inputs_as_long_as_it_fails_its_own_rule() {
    let book = first_missed();
    let expected = [
        ("2024-04-30", "not_due"),
        ("2024-05-01", "not_shown"),
        ("2025-03-31", "not_shown"),
        ("2025-04-01", "holds"),
    ];
    book.expect("9.3-b", &expected);
    book.expect("9.3-c", &expected);
    // The answer is about the review of the newest slot, and holds by that.
    assert_eq!(
        book.words("management_review", "2024-08-01"),
        ("yes", "yes")
    );
}

#[test]
fn a_review_that_was_held_in_a_slot_answers_for_its_inputs_whether_or_not_the_slot_counts() {
    let mut book = quarters();
    review(&mut book, 500, "2024-02-15", None);
    book.expect("9.3-a.o", &[("2024-05-01", "not_shown")]);
    book.expect("9.3-b", &[("2024-05-01", "holds")]);
    book.expect("9.3-c", &[("2024-05-01", "holds")]);
}

#[test]
fn what_a_review_lacks_is_told_before_a_slot_that_had_none() {
    let mut book = quarters();
    let mut short = whole(511, Some("2024-04-01"));
    short["inputs"]["issues"] = json!(null);
    book.on("2024-05-10")
        .put("meeting", 511, meeting(BOARD, "2024-05-10"))
        .put("management_review", 510, short);
    let status = book.about("2024-05-10");
    let mut found = status.requirements.iter().flat_map(|one| &one.findings);
    let found = found.find(|one| one.rule == "9.3-b");
    let sentence = found.map(|one| one.sentence.as_str());
    assert_eq!(
        sentence,
        Some(
            "The management review of 10 May 2024 has nothing on changes in the issues that matter. \
             1 more is concerned: the slot from 1 January 2024."
        )
    );
    let subjects: Vec<String> = found
        .into_iter()
        .flat_map(|one| &one.subjects)
        .map(|one| one.id.clone())
        .collect();
    let slot = format!("{}_2024-01-01", id(DECLARED));
    assert_eq!(subjects, [id(510).to_string(), slot]);
}
