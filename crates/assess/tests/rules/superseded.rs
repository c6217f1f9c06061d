//! 4.3-c where a head says since that the list is not complete, and what of Q1 falls due next.

use serde_json::{Value, json};

use crate::given::{Book, CHIEF, How, OFFICER, ROOT, id};
use crate::scope::{attest, declared, headed, scope, whole};

/// The head attests housing's list complete on 1 July, and says otherwise on 20 July.
fn said_since(extra: &Value) -> Book {
    let mut book = scope(whole(), How::by(ROOT));
    declared(&mut book);
    headed(&mut book, "2024-02-01");
    book.put("ai_system", 100, json!({"stage": "live"}));
    attest(&mut book, 400, "2024-07-01", json!([]));
    let mut body = json!({"unit": "housing", "by": id(OFFICER), "attested_on": "2024-07-20"});
    for (field, value) in extra.as_object().into_iter().flatten() {
        body[field] = value.clone();
    }
    book.on("2024-07-20").put("attestation", 401, body);
    book
}

#[test]
fn a_newer_statement_that_a_system_is_missing_goes_before_one_that_counts() {
    let missing = json!([{"name": true}, {"name": true, "system": id(101)}]);
    let book = said_since(&json!({"missing": missing}));
    book.expect(
        "4.3-c",
        &[
            ("2024-07-19", "holds"),
            ("2024-07-20", "reservation"),
            ("2024-08-20", "reservation"),
        ],
    );
    assert_eq!(book.words("scope", "2024-07-19"), ("yes", "yes"));
    assert_eq!(book.words("scope", "2024-07-20"), ("yes", "unknown"));
    let said = "The attestation of housing of 20 July 2024 counts only once each system that it \
        names as missing (2) is in the register and decided.";
    assert_eq!(book.sentence("4.3-c", "2024-08-20"), said);
    let evidence = book.about("2024-08-20").five[0].evidence.clone();
    assert!(evidence.iter().any(|one| one.id == id(401)), "{evidence:?}");
}

#[test]
fn a_newer_statement_counts_once_what_it_names_is_put_right() {
    let mut gone = said_since(&json!({"gone": [id(100)]}));
    gone.expect("4.3-c", &[("2024-07-20", "reservation")]);
    gone.on("2024-07-25")
        .put("ai_system", 100, json!({"stage": "retired"}));
    gone.expect(
        "4.3-c",
        &[
            ("2024-07-24", "reservation"),
            ("2024-07-25", "holds"),
            ("2024-10-20", "holds"),
            ("2024-10-21", "reservation"),
        ],
    );
}

#[test]
fn what_another_than_the_head_says_since_is_passed_over() {
    let missing = json!([{"name": true}]);
    let book = said_since(&json!({"missing": missing, "by": id(CHIEF)}));
    book.expect("4.3-c", &[("2024-07-20", "holds"), ("2024-10-01", "holds")]);
}

fn due(book: &Book, about: &str) -> Option<String> {
    let five = book.about(about).five;
    five[0].next_due.map(|day| day.to_string())
}

#[test]
fn the_scope_is_due_by_the_first_day_on_which_its_answer_turns() {
    let mut book = scope(whole(), How::by(ROOT));
    // Custom's intervals turn nothing but the scope's own review.
    assert_eq!(due(&book, "2024-03-01").as_deref(), Some("2025-02-01"));
    declared(&mut book);
    assert_eq!(due(&book, "2024-03-01").as_deref(), Some("2024-05-01"));
    headed(&mut book, "2024-02-01");
    attest(&mut book, 400, "2024-04-01", json!([]));
    assert_eq!(due(&book, "2024-04-01").as_deref(), Some("2024-07-01"));
    assert_eq!(book.words("scope", "2024-07-01"), ("yes", "yes"));
    assert_eq!(book.words("scope", "2024-07-02"), ("yes", "unknown"));
    // Lapsed, it turns no further.
    assert_eq!(due(&book, "2024-07-02").as_deref(), Some("2025-02-01"));
}

#[test]
fn a_system_that_awaits_its_decision_is_due_by_its_last_day() {
    let mut named = whole();
    named["criteria"] = json!([{"says": "in", "unit": ["housing"]}]);
    let mut book = scope(named, How::by(ROOT));
    let days = json!({"tolerances": {"awaiting_scope_days": 10}});
    book.put("declaration", 301, days).approve(301, 1);
    for (n, on) in [(101, "2024-03-05"), (100, "2024-03-01")] {
        book.on(on).put("ai_system", n, json!({"unit": "planning"}));
    }
    assert_eq!(book.words("scope", "2024-03-11"), ("yes", "yes"));
    assert_eq!(due(&book, "2024-03-06").as_deref(), Some("2024-03-11"));
    assert_eq!(book.words("scope", "2024-03-12"), ("yes", "no"));
}
