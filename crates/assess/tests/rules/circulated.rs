//! A review by circulation: a written procedure in place of a meeting.

use serde_json::{Value, json};

use crate::given::{BOARD, Book, CHIEF, OFFICER, id};
use crate::review::{meeting, quarters, whole};
use crate::slots::state;

/// A review by the board in writing that closed on 15 February; two of its members make a quorum.
fn circulated(allowed: bool, answered: &[u128]) -> Book {
    let seats = json!([{"person": id(CHIEF)}, {"person": id(OFFICER)}]);
    let terms = json!({"name": true, "top_management": "part", "quorum": 2, "seats": seats,
        "written_procedure": allowed});
    let rows: Vec<Value> = answered
        .iter()
        .map(|person| json!({"person": id(*person), "role": "member"}))
        .collect();
    let mut paper = meeting(BOARD, "2024-02-15");
    paper["state"] = json!("by_circulation");
    paper["present"] = json!(rows);
    let mut book = quarters();
    book.put("body", BOARD, terms).approve(BOARD, 2);
    book.on("2024-02-15").put("meeting", 501, paper).put(
        "management_review",
        500,
        whole(501, Some("2024-01-01")),
    );
    book
}

#[test]
fn a_review_by_circulation_counts_where_its_bodys_terms_allow_that_and_enough_answered() {
    let slot = "The management review for 1 January 2024 to 31 March 2024 was held";
    let not_allowed =
        format!("{slot} by circulation, which the terms of reference of its body do not allow.");
    let inquorate =
        format!("{slot} without the quorum that its body's terms of reference ask for.");
    for (allowed, answered, expected, said) in [
        (true, vec![CHIEF, OFFICER], "holds", None),
        (true, vec![CHIEF], "not_shown", Some(inquorate)),
        (false, vec![CHIEF, OFFICER], "not_shown", Some(not_allowed)),
    ] {
        let book = circulated(allowed, &answered);
        assert_eq!(state(&book, "2024-01-01", "2024-05-01"), "held");
        for rule in ["9.3-a", "9.3-a.o"] {
            let found = book.says(rule, "2024-05-01");
            assert_eq!(found, expected, "{rule} {allowed} {answered:?}");
        }
        if let Some(said) = said {
            assert_eq!(book.sentence("9.3-a.o", "2024-05-01"), said);
        }
        let holds = if expected == "holds" { "yes" } else { "no" };
        assert_eq!(
            book.words("management_review", "2024-05-01"),
            ("yes", holds)
        );
    }
}

#[test]
fn a_review_by_circulation_is_flagged_and_no_verdict_is_changed() {
    let book = circulated(true, &[CHIEF, OFFICER]);
    book.expect(
        "9.3-a.p",
        &[("2024-02-14", "not_due"), ("2024-02-15", "flag")],
    );
    assert_eq!(
        book.sentence("9.3-a.p", "2024-05-01"),
        "The management review of 15 February 2024 was held by circulation, as the terms of \
            reference of its body allow."
    );
    let five = book.about("2024-05-01").five.remove(4);
    assert_eq!(five.reservations, Vec::<String>::new());
    let requirements = book.about("2024-05-01").requirements;
    let found = requirements.iter().find(|one| one.id == "9.3.1");
    assert_eq!(found.map(|one| one.verdict), Some("shown"));
    // Beside a reservation it is said too.
    let mut met = circulated(true, &[CHIEF, OFFICER]);
    met.on("2024-03-01")
        .put("meeting", 502, meeting(BOARD, "2024-03-01"));
    met.expect("9.3-a.p", &[("2024-03-01", "reservation")]);
    let said = met.sentence("9.3-a.p", "2024-03-01");
    assert!(
        said.contains("unconfirmed") && said.contains("by circulation"),
        "{said}"
    );
}

#[test]
fn a_paper_that_was_circulated_is_no_meeting_at_which_minutes_could_have_been_confirmed() {
    let mut book = circulated(true, &[CHIEF, OFFICER]);
    let mut earlier = meeting(BOARD, "2024-02-01");
    earlier["present"] = json!([{"person": id(CHIEF), "role": "member"},
        {"person": id(OFFICER), "role": "member"}]);
    book.put("meeting", 511, earlier)
        .put("management_review", 510, whole(511, None));
    let status = book.about("2024-03-01");
    let found = status.requirements.iter().find(|one| one.id == "9.3.1");
    let said: Vec<&str> = found
        .iter()
        .flat_map(|one| &one.findings)
        .map(|one| one.sentence.as_str())
        .collect();
    assert!(
        !said.iter().any(|one| one.contains("unconfirmed")),
        "{said:?}"
    );
}
