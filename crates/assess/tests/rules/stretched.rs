//! An interval made longer over something overdue, or shorter over something that was not.

use serde_json::{Value, json};

use crate::given::{Book, How, ROOT, day, id};
use crate::risk::{self, assessed, set_up};
use crate::scope::{scope, whole};

pub const DECLARED: u128 = 300;
const POLICY: u128 = 210;

pub fn declare(book: &mut Book, on: &str, version: u32, intervals: Value) {
    book.on(on)
        .put("declaration", DECLARED, json!({"intervals": intervals}))
        .approve(DECLARED, version);
}

/// A policy of 1 February 2024 that is to be looked at every so many months.
pub fn policy(months: u32) -> Book {
    let mut book = Book::new();
    declare(&mut book, "2024-01-02", 1, json!({"policy_months": months}));
    let contents =
        json!({"purpose": true, "objectives": true, "requirements": true, "improvement": true});
    let body = json!({"title": true, "text": true, "contents": contents});
    book.on("2024-02-01")
        .put("policy", POLICY, body)
        .approve(POLICY, 1);
    let told = json!({"on": "2024-02-01", "to": true, "how": true});
    book.moved(POLICY, "communicate", told);
    book
}

#[test]
fn a_policys_interval_made_longer_once_it_was_overdue_is_reserved_until_the_next_look() {
    let mut book = policy(6);
    book.expect(
        "5.2-a.o",
        &[("2024-08-01", "holds"), ("2024-08-02", "overdue")],
    );
    declare(&mut book, "2024-09-02", 2, json!({"policy_months": 12}));
    // Another declaration of that day, on something else, is not named.
    book.put("declaration", 301, json!({"agenda": ["incidents"]}))
        .approve(301, 1);
    book.expect(
        "5.2-a.o",
        &[
            ("2024-09-01", "overdue"),
            ("2024-09-02", "reservation"),
            ("2025-02-01", "reservation"),
        ],
    );
    let said = format!(
        "record {}, version 2, gave the AI policy a longer interval on 2 September 2024, when it \
         was 31 days overdue: it had been due for review on 1 August 2024.",
        id(DECLARED)
    );
    assert_eq!(book.sentence("5.2-a.o", "2024-09-02"), said);
    let five = book.about("2024-09-02").five.remove(1);
    assert_eq!((five.in_hand, five.holds), ("yes", "yes"));
    assert!(five.reservations.contains(&said), "{:?}", five.reservations);
    // By the longer one it is overdue as any other.
    book.expect("5.2-a.o", &[("2025-02-02", "overdue")]);
    let mut kept = book;
    kept.on("2024-10-01")
        .act("keep", POLICY, 1, How::carrying(json!({})));
    kept.expect(
        "5.2-a.o",
        &[("2024-09-30", "reservation"), ("2024-10-01", "holds")],
    );
}

#[test]
fn an_interval_made_longer_in_time_is_no_matter() {
    let mut book = policy(6);
    declare(&mut book, "2024-08-02", 2, json!({"policy_months": 12}));
    book.expect("5.2-a.o", &[("2024-08-02", "holds")]);
}

#[test]
fn an_interval_taken_back_once_the_policy_was_overdue_is_reserved() {
    let mut book = policy(6);
    let last = json!({"last_day": "2024-09-02"});
    book.on("2024-09-02")
        .act("end", DECLARED, 1, How::carrying(last));
    book.expect(
        "5.2-a.o",
        &[("2024-09-02", "overdue"), ("2024-09-03", "reservation")],
    );
    let said = book.sentence("5.2-a.o", "2024-09-03");
    assert_eq!(
        said,
        "The interval of the AI policy was taken back on 3 September 2024, when it was 32 days \
         overdue: it had been due for review on 1 August 2024."
    );
}

#[test]
fn what_a_shorter_interval_makes_overdue_is_so_since_that_and_not_before() {
    let mut book = policy(24);
    declare(&mut book, "2024-12-02", 2, json!({"policy_months": 6}));
    book.expect(
        "5.2-a.o",
        &[("2024-12-01", "holds"), ("2024-12-02", "overdue")],
    );
    let said = format!(
        "he AI policy has been due for review since 2 December 2024, when record {}, version 2, set its \
         interval; it is still in force.",
        id(DECLARED)
    );
    assert_eq!(book.sentence("5.2-a.o", "2025-01-05"), format!("T{said}"));
    let five = book.about("2025-01-05").five.remove(1);
    assert_eq!((five.in_hand, five.holds), ("yes", "no"));
    assert!(
        five.because.ends_with(&format!("is in force, but t{said}")),
        "{}",
        five.because
    );
    assert_eq!(five.next_due, Some(day("2024-12-02")));
    // What falls due later does so on its day.
    let mut later = policy(24);
    declare(&mut later, "2024-12-02", 2, json!({"policy_months": 12}));
    assert_eq!(
        later.sentence("5.2-a.o", "2025-02-02"),
        "The AI policy was due for review on 1 February 2025, 1 day ago; it is still in force."
    );
    assert_eq!(
        later.about("2025-02-02").five[1].next_due,
        Some(day("2025-02-01"))
    );
}

#[test]
fn a_scope_that_a_shorter_interval_broke_came_to_be_due_on_the_day_it_applies() {
    let mut book = scope(whole(), How::by(ROOT));
    declare(&mut book, "2024-02-02", 1, json!({"scope_months": 24}));
    declare(&mut book, "2024-12-02", 2, json!({"scope_months": 6}));
    let next_due = |about: &str| book.about(about).five[0].next_due;
    assert_eq!(next_due("2024-12-01"), Some(day("2026-02-01")));
    assert_eq!(next_due("2024-12-02"), Some(day("2024-12-02")));
}

#[test]
fn an_assessments_interval_is_held_to_the_same() {
    let mut book = set_up();
    book.on("2024-03-01")
        .put("risk_assessment", risk::FIRST, assessed("2024-03-01"));
    let months = |n: u32| json!({"risk_assessment_months": n});
    let mut shorter = book.clone();
    declare(&mut shorter, "2024-12-02", 2, months(6));
    shorter.expect(
        "8.2.o",
        &[("2024-12-01", "holds"), ("2024-12-02", "overdue")],
    );
    let declared = format!("record {}, version 2", id(DECLARED));
    let system = id(risk::SYSTEM);
    assert_eq!(
        shorter.sentence("8.2.o", "2024-12-03"),
        format!(
            "The risk assessment of record {system} has been due since 2 December 2024, when {declared}, \
             set its interval."
        )
    );
    declare(&mut book, "2025-03-03", 2, months(18));
    book.expect(
        "8.2.o",
        &[("2025-03-02", "overdue"), ("2025-03-03", "reservation")],
    );
    assert_eq!(
        book.sentence("8.2.o", "2025-03-03"),
        format!(
            "{declared}, gave risk assessments a longer interval on 3 March 2025, when that of \
             record {system} was 1 day overdue: it had been due on 1 March 2025."
        )
    );
    assert_eq!(book.words("risk_assessment", "2025-03-03"), ("yes", "yes"));
}

#[test]
fn a_scopes_interval_is_held_to_the_same() {
    let mut book = Book::new();
    declare(&mut book, "2024-01-02", 1, json!({"scope_months": 6}));
    book.on("2024-02-01")
        .put("scope", 200, json!({}))
        .approve(200, 1);
    declare(&mut book, "2024-09-02", 2, json!({"scope_months": 12}));
    book.expect(
        "4.3-a.o",
        &[("2024-09-01", "overdue"), ("2024-09-02", "reservation")],
    );
    let said = book.sentence("4.3-a.o", "2024-09-02");
    assert!(
        said.contains("gave the scope a longer interval on 2 September 2024"),
        "{said}"
    );
    declare(&mut book, "2024-10-01", 3, json!({"scope_months": 3}));
    let said = book.sentence("4.3-a.o", "2024-10-01");
    assert!(
        said.starts_with("The scope has been due for review since 1 October 2024"),
        "{said}"
    );
}

#[test]
fn the_interval_of_risk_criteria_is_held_to_the_same() {
    let mut book = Book::new();
    declare(
        &mut book,
        "2024-01-02",
        1,
        json!({"risk_criteria_months": 6}),
    );
    book.on("2024-02-01")
        .put("risk_criteria", risk::CRITERIA, json!({}))
        .approve(risk::CRITERIA, 1);
    declare(
        &mut book,
        "2024-09-02",
        2,
        json!({"risk_criteria_months": 12}),
    );
    book.expect(
        "7.5-a.o",
        &[
            ("2024-08-01", "holds"),
            ("2024-08-02", "overdue"),
            ("2024-09-01", "overdue"),
            ("2024-09-02", "reservation"),
        ],
    );
    let (criteria, declared) = (id(risk::CRITERIA), id(DECLARED));
    assert_eq!(
        book.sentence("7.5-a.o", "2024-09-02"),
        format!(
            "record {declared}, version 2, gave risk criteria a longer interval on 2 September 2024, \
             when the review of record {criteria} was 31 days overdue: it had been due on 1 August \
             2024."
        )
    );
    declare(
        &mut book,
        "2024-10-01",
        3,
        json!({"risk_criteria_months": 3}),
    );
    assert_eq!(
        book.sentence("7.5-a.o", "2024-10-01"),
        format!(
            "The review of record {criteria} has been due since 1 October 2024, when record \
             {declared}, version 3, set its interval. record {criteria} had been due for review on 1 \
             August 2024 before, and was 31 days overdue when a longer interval came to apply on 2 \
             September 2024."
        )
    );
}

#[test]
fn an_interval_is_changed_from_the_day_on_which_the_new_one_counts() {
    let mut book = policy(12);
    let longer = json!({"intervals": {"policy_months": 24}});
    book.on("2025-01-01")
        .put("declaration", DECLARED, longer)
        .act("approve", DECLARED, 2, How::from("2025-03-10"));
    book.expect(
        "5.2-a.o",
        &[
            ("2025-01-15", "holds"),
            ("2025-02-02", "overdue"),
            ("2025-03-10", "reservation"),
        ],
    );
}

#[test]
fn a_shorter_interval_that_ends_the_day_before_breaks_nothing_by_itself() {
    for (on, shortened) in [("2024-08-02", false), ("2024-08-03", true)] {
        let mut book = policy(12);
        declare(&mut book, on, 2, json!({"policy_months": 6}));
        book.expect("5.2-a.o", &[(on, "overdue")]);
        let said = book.sentence("5.2-a.o", on);
        assert_eq!(said.contains("set its interval"), shortened, "{said}");
    }
}

#[test]
fn an_interval_of_their_own_stretches_none_of_customs() {
    let mut book = policy(6);
    let last = json!({"last_day": "2024-02-29"});
    book.on("2024-02-29")
        .act("end", DECLARED, 1, How::carrying(last));
    declare(&mut book, "2025-03-01", 2, json!({"policy_months": 24}));
    book.expect(
        "5.2-a.o",
        &[("2025-02-02", "reservation"), ("2025-03-01", "holds")],
    );
}
