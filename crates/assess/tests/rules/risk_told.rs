//! What is said of criteria and assessments besides whether the rules hold.

use serde_json::{Value, json};

use crate::given::{Book, How, id};
use crate::risk::{CRITERIA, FIRST, SYSTEM, assessed, criteria, set_up, uncited};

#[test]
fn an_assessment_that_cites_criteria_not_in_force_on_its_day_is_told_from_one_that_cites_none() {
    let cites = format!(
        "in its assessment of 1 April 2024. It cites record {}, version 1, which was not in force on that day.",
        id(CRITERIA)
    );
    let said = |body: Value| {
        let mut book = set_up();
        book.on("2024-03-15")
            .put("risk_criteria", CRITERIA, criteria())
            .approve(CRITERIA, 2);
        book.on("2024-04-01").put("risk_assessment", FIRST, body);
        book.sentence("8.2", "2024-04-01")
    };
    let old = said(assessed("2024-04-01"));
    assert!(old.ends_with(&cites), "{old}");
    let none = said(uncited("2024-04-01"));
    assert!(!none.contains("cites"), "{none}");
}

#[test]
fn an_approval_recorded_after_the_scores_is_told_from_one_decided_after_them() {
    let approved = |on: &str| {
        let mut book = Book::new();
        book.on("2024-01-20")
            .put("risk_criteria", CRITERIA, criteria());
        book.on("2024-01-25")
            .put("risk_assessment", FIRST, assessed("2024-01-25"));
        book.on("2024-02-10")
            .act("approve", CRITERIA, 1, How::decided(on));
        book.sentence("6.1.1.p", "2024-03-01")
    };
    assert_eq!(
        approved("2024-01-22"),
        "That risk criteria version 1 were approved on 22 January 2024 was recorded on 10 February \
         2024, after the first scores."
    );
    assert_eq!(
        approved("2024-01-26"),
        "Risk criteria version 1 were approved on 26 January 2024, after the first scores."
    );
}

#[test]
fn where_no_system_is_due_those_that_await_a_decision_on_scope_are_told() {
    let mut book = set_up();
    book.on("2024-03-01")
        .put(
            "scope",
            200,
            json!({"criteria": [{"stage": ["pilot"], "says": "in"}]}),
        )
        .approve(200, 1);
    let said = book.about("2024-03-01").five.remove(3).because;
    assert_eq!(
        said,
        "No AI system in scope has reached the stage from which it must be assessed; 1 AI system awaits \
         a decision on scope."
    );
    book.on("2024-03-02")
        .put("ai_system", SYSTEM, json!({"stage": "retired"}));
    let mut out = book.clone();
    out.put(
        "scope",
        200,
        json!({"criteria": [{"stage": ["live", "retired"], "says": "out"}]}),
    )
    .approve(200, 2);
    let said = out.about("2024-03-02").five.remove(3).because;
    assert!(said.ends_with("must be assessed."), "{said}");
}
