//! The stage from which systems are assessed, declared later once something had been missed.

use assess::Answer;
use serde_json::{Value, json};

use crate::given::{Book, How, day, id};
use crate::risk::{DECLARED, FIRST, SYSTEM, assessed, set_up};

/// A system in pilot, of which no assessment is on record, and an interval of twelve months.
fn piloted() -> Book {
    let mut book = set_up();
    book.put_of("ai_system", SYSTEM, "2024-02-01", json!({"stage": "pilot"}));
    book
}

fn declare(book: &mut Book, (on, version): (&str, u32), stage: Value) {
    let body = json!({"intervals": {"risk_assessment_months": 12}, "assessed_from": stage});
    book.on(on)
        .put("declaration", DECLARED, body)
        .approve(DECLARED, version);
}

fn answer(book: &Book, about: &str) -> Answer {
    book.about(about).five.remove(3)
}

fn moved(stages: &str, on: &str, short: &str) -> String {
    format!(
        "record {}, version 2, moved the stage from which AI systems are assessed from {stages} on \
         {on}, when record {} had fallen short for {short}.",
        id(DECLARED),
        id(SYSTEM)
    )
}

#[test]
fn a_missed_assessment_stays_said_once_the_stage_is_declared_later() {
    let mut book = piloted();
    declare(&mut book, ("2024-03-01", 2), json!("live"));
    book.expect(
        "8.2",
        &[("2024-02-29", "not_shown"), ("2024-03-01", "reservation")],
    );
    let five = answer(&book, "2024-03-01");
    assert_eq!((five.in_hand, five.holds), ("not_due", "unknown"));
    let said = moved(
        "pilot to live",
        "1 March 2024",
        "29 days: it lacked any assessment",
    );
    assert_eq!(five.reservations, std::slice::from_ref(&said));
    assert_eq!(book.sentence("8.2", "2024-06-01"), said);
    let declared = (id(DECLARED), 2);
    let mut evidence = five.evidence.iter();
    assert!(evidence.any(|one| (one.id, one.version) == declared));
    // The verdict is what nothing due gives.
    let status = book.about("2024-03-01");
    let found = status.requirements.iter().find(|one| one.id == "8.2");
    let found = found.expect("a requirement");
    assert_eq!(
        (found.verdict, found.findings[0].level),
        ("not_due", "reservation")
    );
    assert_eq!(found.findings[0].since, day("2024-03-01"));
}

#[test]
fn an_assessment_that_was_overdue_stays_said_too() {
    let mut book = piloted();
    book.on("2024-02-10")
        .put("risk_assessment", FIRST, assessed("2024-02-10"));
    let mut in_time = book.clone();
    declare(&mut book, ("2025-03-01", 2), json!("live"));
    let said = moved(
        "pilot to live",
        "1 March 2025",
        "18 days: its assessment had been due on 10 February 2025",
    );
    assert_eq!(book.sentence("8.2", "2025-03-01"), said);
    assert_eq!(answer(&book, "2025-03-01").reservations, [said]);
    // On its last day nothing had been missed.
    declare(&mut in_time, ("2025-02-11", 2), json!("live"));
    in_time.expect("8.2", &[("2025-02-11", "not_due")]);
    assert_eq!(answer(&in_time, "2025-02-11").reservations, [""; 0]);
}

#[test]
fn it_stands_until_the_system_is_assessed_or_is_due_again_or_is_gone() {
    let mut book = piloted();
    declare(&mut book, ("2024-03-01", 2), json!("live"));
    let stands = |book: &Book, about: &str| !answer(book, about).reservations.is_empty();
    assert!(stands(&book, "2025-12-31"));
    let stage = |stage: &str| {
        let mut book = book.clone();
        book.on("2024-04-01")
            .put("ai_system", SYSTEM, json!({"stage": stage}));
        book
    };
    for gone in ["retired", "refused"] {
        assert!(!stands(&stage(gone), "2024-04-01"), "{gone}");
    }
    let live = stage("live");
    assert_eq!(live.words("risk_assessment", "2024-04-01"), ("no", "no"));
    assert!(!stands(&live, "2024-04-01"));
    let mut before = book.clone();
    before
        .on("2024-04-01")
        .put("risk_assessment", FIRST, assessed("2024-02-20"));
    // Told late, it had been made: nothing was missed on that day.
    assert!(!stands(&before, "2024-04-01"));
    let mut undecided = assessed("2024-04-01");
    undecided["decision"] = Value::Null;
    book.on("2024-04-01")
        .put("risk_assessment", FIRST, undecided);
    assert!(stands(&book, "2024-04-01"));
    book.on("2024-04-02")
        .put("risk_assessment", FIRST, assessed("2024-04-01"));
    assert!(!stands(&book, "2024-04-02"));
}

#[test]
fn a_stage_taken_back_or_declared_earlier_again_is_told_from_one_declared_later() {
    let mut book = Book::new();
    declare(
        book.on("2024-01-10"),
        ("2024-01-10", 1),
        json!("development"),
    );
    book.put("ai_system", SYSTEM, json!({"stage": "development"}));
    let mut again = book.clone();
    let last = How::carrying(json!({"last_day": "2024-02-29"}));
    book.on("2024-02-20").act("end", DECLARED, 1, last);
    let said = format!(
        "The stage from which AI systems are assessed was taken back on 1 March 2024, from \
         development to pilot, when record {} had fallen short for 51 days: it lacked any assessment.",
        id(SYSTEM)
    );
    assert_eq!(answer(&book, "2024-03-01").reservations, [said]);
    declare(&mut again, ("2024-03-01", 2), json!("live"));
    assert_eq!(answer(&again, "2024-03-01").reservations.len(), 1);
    declare(&mut again, ("2024-04-01", 3), json!("development"));
    assert_eq!(again.words("risk_assessment", "2024-04-01"), ("no", "no"));
    assert_eq!(answer(&again, "2024-04-01").reservations, [""; 0]);
}

#[test]
fn it_stands_beside_an_answer_about_others_whatever_that_says() {
    let mut book = piloted();
    let other = 0xabd;
    book.put("ai_system", other, json!({"stage": "live"}));
    declare(&mut book, ("2024-03-01", 2), json!("live"));
    let stands = |book: &Book| {
        let five = answer(book, "2024-03-02");
        let said = five.reservations.iter();
        let said = said.filter(|one| one.contains("moved the stage"));
        (five.in_hand, said.count())
    };
    assert_eq!(stands(&book), ("no", 1));
    let mut body = assessed("2024-03-02");
    body["systems"] = json!([{"id": id(other), "version": 1}]);
    book.on("2024-03-02").put("risk_assessment", FIRST, body);
    assert_eq!(stands(&book), ("yes", 1));
}
