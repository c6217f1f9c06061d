//! 8.2.p: a promised effect is shown, by what can show it.

use serde_json::{Value, json};

use crate::given::{Book, cite, id};
use crate::risk::{CRITERIA, FIRST, SECOND, SYSTEM, assessed, set_up};

/// An assessment that promised an effect by the end of June, decided on 1 March.
fn promised() -> Value {
    let mut body = assessed("2024-03-01");
    body["decision"]["promises"] = json!({"effect": true, "due": "2024-06-30"});
    body
}

#[test]
fn a_promise_is_neither_taken_back_nor_put_off_by_a_later_version() {
    let mut put_off = promised();
    put_off["decision"]["promises"]["due"] = json!("2025-06-30");
    let mut taken_back = promised();
    taken_back["decision"]["promises"] = Value::Null;
    let mut decided_anew = put_off.clone();
    decided_anew["decision"]["on"] = json!("2024-07-05");
    for later in [put_off, taken_back, decided_anew] {
        let mut book = set_up();
        book.on("2024-03-01")
            .put("risk_assessment", FIRST, promised());
        book.on("2024-07-05")
            .put("risk_assessment", FIRST, later.clone());
        let days = [("2024-06-30", "not_due"), ("2024-07-01", "reservation")];
        book.expect("8.2.p", &days);
        book.expect("8.2.p", &[("2024-07-05", "reservation")]);
        let said = book.sentence("8.2.p", "2024-07-05");
        assert!(said.contains("by 30 June 2024"), "{said}");
        let mut seen = later.clone();
        seen["shown_by"] = json!([{"on": "2024-07-10", "what": true, "file": true}]);
        book.on("2024-07-10").put("risk_assessment", FIRST, seen);
        assert_ne!(book.says("8.2.p", "2024-07-10"), "reservation", "{later}");
    }
}

#[test]
fn an_effect_is_shown_by_another_record_of_after_the_decision() {
    let shown = |n: u128, version: u32, set: fn(&mut Book)| {
        let mut book = set_up();
        set(&mut book);
        let mut body = promised();
        book.on("2024-03-02")
            .put("risk_assessment", FIRST, body.clone());
        body["shown_by"] = json!([{"on": "2024-06-20", "record": cite(n, version)}]);
        book.on("2024-06-20").put("risk_assessment", FIRST, body);
        book
    };
    let action = |book: &mut Book, on: &str, effective_on: &str| {
        book.on(on)
            .put_of("action", 700, effective_on, json!({"title": true}));
    };
    assert_eq!(
        shown(FIRST, 1, |_| {}).says("8.2.p", "2024-07-01"),
        "reservation"
    );
    assert_eq!(
        shown(CRITERIA, 1, |_| {}).says("8.2.p", "2024-07-01"),
        "reservation"
    );
    assert_eq!(
        shown(SYSTEM, 1, |_| {}).says("8.2.p", "2024-07-01"),
        "reservation"
    );
    assert_eq!(
        shown(SYSTEM, 2, |_| {}).says("8.2.p", "2024-07-01"),
        "holds"
    );
    let cases = [
        ("2024-03-01", "2024-03-01", "reservation"), // the decision's own day
        ("2024-02-20", "2024-06-01", "reservation"), // written before it
        ("2024-06-01", "2024-02-20", "reservation"), // of before it
        ("2024-03-02", "2024-03-02", "holds"),
    ];
    for (on, effective_on, expected) in cases {
        let mut book = set_up();
        let mut body = promised();
        body["shown_by"] = json!([{"on": "2024-06-20", "record": cite(700, 1)}]);
        action(&mut book, on, effective_on);
        book.on("2024-06-20").put("risk_assessment", FIRST, body);
        assert_eq!(
            book.says("8.2.p", "2024-07-01"),
            expected,
            "{on}, {effective_on}"
        );
        if expected == "holds" {
            book.on("2024-07-02").moved(700, "withdraw", json!({}));
            book.expect("8.2.p", &[("2024-07-01", "reservation")]);
        }
    }
}

#[test]
fn a_promise_that_no_record_shows_is_told_with_its_assessment_which_is_evidence() {
    let mut book = set_up();
    book.on("2024-03-01")
        .put("risk_assessment", FIRST, promised())
        .put("risk_assessment", SECOND, assessed("2024-03-01"));
    let five = book.about("2024-07-05").five.remove(3);
    let said = format!(
        "The assessment of 1 March 2024, record {}, promised an effect by 30 June 2024; no later \
         record shows it.",
        id(FIRST)
    );
    assert!(five.reservations.contains(&said), "{:?}", five.reservations);
    let evidence = |n: u128| five.evidence.iter().any(|one| one.id == id(n));
    assert!(evidence(FIRST) && evidence(SECOND));
    let five = book.about("2024-06-30").five.remove(3);
    assert!(!five.evidence.iter().any(|one| one.id == id(FIRST)));
}
