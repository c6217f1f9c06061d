//! 8.2.o: the day on which an assessment came to be due.

use serde_json::{Value, json};

use crate::given::{Book, day, id};
use crate::risk::{DECLARED, FIRST, SYSTEM, assessed, set_up};

/// What is said of the system's assessment, and the day by which the answer is due.
fn due(book: &Book, about: &str) -> (String, Option<String>) {
    let five = book.about(about).five.remove(3);
    let next_due = five.next_due.map(|day| day.to_string());
    (book.sentence("8.2.o", about), next_due)
}

#[test]
fn the_assessment_of_a_system_raised_to_high_impact_is_due_since_that_and_not_before() {
    let mut raised = set_up();
    raised
        .put(
            "declaration",
            DECLARED,
            json!({"intervals": {"risk_assessment_months": 12,
                "risk_assessment_high_impact_months": 6}}),
        )
        .approve(DECLARED, 2);
    raised
        .on("2024-02-10")
        .put("risk_assessment", FIRST, assessed("2024-02-10"));
    raised.on("2024-10-01").put(
        "ai_system",
        SYSTEM,
        json!({"stage": "live", "impact": "high"}),
    );
    raised.expect(
        "8.2.o",
        &[("2024-09-30", "holds"), ("2024-10-01", "overdue")],
    );
    let said = format!(
        "The risk assessment of record {} has been due since 1 October 2024, when a shorter interval \
         began to apply to it.",
        id(SYSTEM)
    );
    assert_eq!(
        due(&raised, "2024-12-01"),
        (said, Some("2024-10-01".to_owned()))
    );
}

#[test]
fn the_assessment_of_a_system_that_was_none_to_assess_is_due_since_it_is_one() {
    let mut back = set_up();
    back.on("2024-02-10")
        .put("risk_assessment", FIRST, assessed("2024-02-10"));
    for (on, stage) in [("2024-03-01", "retired"), ("2025-03-01", "live")] {
        back.on(on)
            .put("ai_system", SYSTEM, json!({"stage": stage}));
    }
    let said = format!(
        "The risk assessment of record {} has been due since 1 March 2025, when it came back into use.",
        id(SYSTEM)
    );
    assert_eq!(
        due(&back, "2025-04-01"),
        (said, Some("2025-03-01".to_owned()))
    );
    let mut grown = set_up();
    grown.put_of("ai_system", SYSTEM, "2024-02-01", json!({"stage": "idea"}));
    grown
        .on("2024-02-10")
        .put("risk_assessment", FIRST, assessed("2024-02-10"));
    grown
        .on("2025-06-01")
        .put("ai_system", SYSTEM, json!({"stage": "live"}));
    let (said, _) = due(&grown, "2025-06-01");
    let end = "since 1 June 2025, when it came to be one that is assessed.";
    assert!(said.ends_with(end), "{said}");
}

#[test]
fn an_assessment_that_lacks_its_decision_puts_no_day_off() {
    let next_due = |book: &Book, about: &str| book.about(about).five.remove(3).next_due;
    let mut undecided = assessed("2024-03-10");
    undecided["decision"] = Value::Null;
    let mut book = set_up();
    book.on("2024-03-10")
        .put("risk_assessment", FIRST, undecided);
    let five = book.about("2024-04-01").five.remove(3);
    assert_eq!((five.in_hand, five.next_due), ("no", None));
    // Once its own last day is over, it is overdue since that.
    assert_eq!(next_due(&book, "2025-04-01"), Some(day("2025-03-10")));
    book.on("2024-04-02")
        .put("risk_assessment", FIRST, assessed("2024-03-10"));
    assert_eq!(next_due(&book, "2024-04-02"), Some(day("2025-03-10")));
}
