//! What is said of criteria and assessments besides whether the rules hold.

use serde_json::{Value, json};

use crate::given::{Book, How, cite, id};
use crate::risk::{CRITERIA, DECLARED, FIRST, SECOND, SYSTEM, assessed, criteria, set_up, uncited};

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
fn an_assessment_of_before_the_start_stands_within_its_interval_and_is_marked() {
    let mut book = Book::new();
    book.put_of("risk_criteria", CRITERIA, "2023-06-01", criteria())
        .act("approve", CRITERIA, 1, How::decided("2023-06-01"))
        .put_of("ai_system", SYSTEM, "2023-06-01", json!({"stage": "live"}))
        .put(
            "declaration",
            DECLARED,
            json!({"intervals": {"risk_assessment_months": 12}}),
        )
        .approve(DECLARED, 1)
        .put_of(
            "risk_assessment",
            FIRST,
            "2023-10-01",
            assessed("2023-10-01"),
        );
    let five = book.about("2024-02-01").five.remove(3);
    assert_eq!((five.in_hand, five.holds), ("yes", "yes"));
    let said = format!(
        "The assessment of record {} of 1 October 2023 was made before the AI management system started \
         on 1 January 2024.",
        id(SYSTEM)
    );
    assert!(five.reservations.contains(&said), "{:?}", five.reservations);
    book.on("2024-03-01")
        .put("risk_assessment", SECOND, assessed("2024-03-01"));
    book.expect(
        "8.2",
        &[("2024-02-29", "reservation"), ("2024-03-01", "holds")],
    );
}

fn low() -> Value {
    let mut body = assessed("2024-03-01");
    body["level"] = json!("low");
    body
}

#[test]
fn second_criteria_in_force_are_reserved_to_the_answer() {
    let mut book = set_up();
    book.on("2024-03-01").put("risk_assessment", FIRST, low());
    let reserved = |book: &Book| book.about("2024-06-01").five.remove(3).reservations;
    assert_eq!(reserved(&book), [""; 0]);
    book.on("2024-06-01")
        .put("risk_criteria", 231, criteria())
        .approve(231, 1);
    let said = format!(
        "record {}, version 1, is in force as well; there should be one set of risk criteria.",
        id(CRITERIA)
    );
    assert_eq!(reserved(&book), [said]);
}

#[test]
fn a_second_declaration_of_the_same_thing_is_reserved_to_the_answers_that_go_by_it() {
    let mut book = set_up();
    book.on("2024-03-01").put("risk_assessment", FIRST, low());
    let reserved = |months: u32| {
        let mut book = book.clone();
        let other =
            json!({"intervals": {"risk_assessment_months": months}, "agenda": ["incidents"]});
        book.put("declaration", 301, other).approve(301, 1);
        book.about("2024-06-01").five.remove(3).reservations
    };
    assert_eq!(reserved(12), [""; 0]);
    let said = format!(
        "record {}, version 1, is in force as well and declares otherwise; there should be one declaration \
         of one thing.",
        id(DECLARED)
    );
    assert_eq!(reserved(18), [said]);
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
        "No AI system in scope is at a stage at which it must be assessed; 1 AI system awaits \
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

#[test]
fn which_assessment_is_told_goes_by_the_systems_and_not_by_how_many_are_listed() {
    let mut book = set_up();
    let changed = 0x2000;
    book.on("2024-03-01")
        .put("risk_assessment", FIRST, assessed("2024-03-01"))
        .put("ai_system", changed, json!({"stage": "live"}));
    for n in 0..25 {
        book.put("ai_system", 0x3000 + n, json!({"stage": "live"}));
    }
    let mut of_changed = assessed("2024-03-02");
    of_changed["systems"] = json!([cite(changed, 1)]);
    book.on("2024-03-02")
        .put("risk_assessment", SECOND, of_changed);
    let change = json!({"stage": "live", "significant_change": true, "changed_on": "2024-03-03"});
    book.on("2024-03-03").put("ai_system", changed, change);
    let short = book.about("2024-03-03").five.remove(3);
    let because = &short.because;
    assert!(
        because.contains("; the newest complete one, “"),
        "{because}"
    );
    assert!(because.contains("of 1 March 2024"), "{because}");
    assert!(short.evidence.iter().any(|one| one.id == id(FIRST)));
    let all = book.listing("8.2", "2024-03-03").five.remove(3);
    assert_eq!(short, all);
}
