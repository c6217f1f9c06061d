//! A review by circulation: a written procedure in place of a meeting.

use serde_json::{Value, json};

use crate::given::{BOARD, Book, CHIEF, OFFICER, cite, id};
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
fn a_review_by_circulation_that_the_terms_allow_is_a_meeting_and_bears_no_flag() {
    let book = circulated(true, &[CHIEF, OFFICER]);
    book.expect(
        "9.3-a.p",
        &[("2024-02-14", "not_due"), ("2024-02-15", "holds")],
    );
    let status = book.about("2024-05-01");
    assert_eq!(status.five[4].reservations, [""; 0]);
    let found = status.requirements.iter().find(|one| one.id == "9.3.1");
    let found = found.map(|one| (one.verdict, one.findings.len()));
    assert_eq!(found, Some(("shown", 0)));
}

#[test]
fn a_paper_in_place_of_a_meeting_is_flagged_where_the_review_counts_by_another() {
    let of_both = |allowed: bool| {
        let mut book = circulated(allowed, &[CHIEF, OFFICER]);
        let mut met = meeting(BOARD, "2024-02-10");
        met["present"] = json!([{"person": id(CHIEF), "role": "member"},
            {"person": id(OFFICER), "role": "member"}]);
        let mut body = whole(501, Some("2024-01-01"));
        body["parts"] = json!([{"meeting": cite(501, 1)}, {"meeting": cite(502, 1)}]);
        book.put("meeting", 502, met)
            .put("management_review", 500, body);
        book
    };
    let book = of_both(false);
    book.expect("9.3-a.o", &[("2024-05-01", "holds")]);
    book.expect("9.3-a.p", &[("2024-05-01", "flag")]);
    assert_eq!(
        book.sentence("9.3-a.p", "2024-05-01"),
        "A paper that closed on 15 February 2024 was circulated in place of a meeting, which the \
            terms of reference of its body do not allow; the management review counts by the rest \
            of it."
    );
    let five = book.about("2024-05-01").five.remove(4);
    assert_eq!(five.reservations, [""; 0]);
    of_both(true).expect("9.3-a.p", &[("2024-05-01", "holds")]);
    // Alone it is no review, and the rule that says so is not repeated.
    let alone = circulated(false, &[CHIEF, OFFICER]);
    alone.expect("9.3-a.p", &[("2024-05-01", "holds")]);
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
