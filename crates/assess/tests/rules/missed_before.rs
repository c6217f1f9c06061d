//! What had been missed before its interval was made longer, once the longer one is missed too.

use serde_json::{Value, json};

use crate::given::{Book, How, ROOT, id};
use crate::risk::{self, FIRST, SECOND, SYSTEM, assessed, set_up};
use crate::scope;
use crate::stretched::{DECLARED, declare, policy};
use crate::stretched_again::{attesting, lower, of_high_impact};

/// Holds a rule to say of something overdue when it is due, and what had been missed before.
#[track_caller]
fn both_are_said(book: &Book, (rule, about): (&str, &str), (due, before): (&str, &str)) {
    let said = book.sentence(rule, about);
    assert!(said.contains(due) && said.ends_with(before), "{said}");
}

#[test]
fn a_policy_overdue_by_the_longer_interval_too_says_that_it_was_by_the_shorter() {
    let mut book = policy(6);
    declare(&mut book, "2024-09-02", 2, json!({"policy_months": 12}));
    let due =
        "The AI policy was due for review on 1 February 2025, 1 day ago; it is still in force.";
    let before = "It had been due for review on 1 August 2024 before, and was 31 days overdue when a longer \
                  interval came to apply on 2 September 2024.";
    let both = format!("{due} {before}");
    assert_eq!(book.sentence("5.2-a.o", "2025-02-02"), both);
    let five = book.about("2025-02-02").five.remove(1);
    assert!(five.because.ends_with(before), "{}", five.because);
    // Made longer again, that is said of it, and of the first miss still.
    let mut again = book.clone();
    declare(&mut again, "2025-02-10", 3, json!({"policy_months": 24}));
    again.expect("5.2-a.o", &[("2025-02-10", "reservation")]);
    let second = "it had been due for review on 1 February 2025.";
    both_are_said(&again, ("5.2-a.o", "2025-02-10"), (second, before));
    // So is it of what a shorter one made overdue.
    let mut shorter = policy(6);
    declare(&mut shorter, "2024-09-02", 2, json!({"policy_months": 12}));
    declare(&mut shorter, "2024-10-01", 3, json!({"policy_months": 6}));
    let since = "has been due for review since 1 October 2024";
    both_are_said(&shorter, ("5.2-a.o", "2024-10-01"), (since, before));
    // The next look ends it.
    book.on("2025-02-03")
        .act("keep", 210, 1, How::carrying(json!({})));
    book.expect("5.2-a.o", &[("2025-02-03", "holds")]);
    let said = book.sentence("5.2-a.o", "2026-02-04");
    assert!(said.ends_with("it is still in force."), "{said}");
}

#[test]
fn what_was_missed_by_the_shorter_interval_is_said_of_scope_and_criteria() {
    let mut book = scope::scope(scope::whole(), How::by(ROOT));
    let months = |n: u32| json!({"scope_months": n, "risk_criteria_months": n});
    declare(&mut book, "2024-02-01", 1, months(6));
    book.put("risk_criteria", risk::CRITERIA, json!({}))
        .approve(risk::CRITERIA, 1);
    declare(&mut book, "2024-09-02", 2, months(12));
    let due = "was due for review on 1 February 2025, 1 day ago.";
    let before = "had been due for review on 1 August 2024 before, and was 31 days overdue when a longer \
                  interval came to apply on 2 September 2024.";
    for rule in ["4.3-a.o", "7.5-a.o"] {
        both_are_said(&book, (rule, "2025-02-02"), (due, before));
    }
}

#[test]
fn what_was_missed_by_the_shorter_interval_is_said_of_attestations_and_decisions_on_scope() {
    let mut book = attesting(3);
    scope::attest(&mut book, 400, "2024-02-15", json!([]));
    declare(&mut book, "2024-06-10", 2, json!({"attestation_months": 6}));
    let due = "Since 16 August 2024 nobody has attested";
    let before = "An attestation had been due on 15 May 2024 before, and was 25 days overdue when a longer interval \
                  came to apply on 10 June 2024.";
    both_are_said(&book, ("4.3-c", "2024-08-16"), (due, before));
    let days = |book: &mut Book, on: &str, (version, days): (u32, u32)| {
        let body = json!({"tolerances": {"awaiting_scope_days": days}});
        book.on(on)
            .put("declaration", DECLARED, body)
            .approve(DECLARED, version);
    };
    let mut book = scope::scope(scope::without("criteria"), How::by(ROOT));
    days(&mut book, "2024-02-01", (1, 30));
    book.put("ai_system", 100, json!({"stage": "live"}));
    days(&mut book, "2024-03-10", (2, 90));
    let due = "1 AI system has waited over 90 days";
    let before = format!(
        "That on record {} had been due on 2 March 2024 before, and was 7 days overdue when it was given more time \
         on 10 March 2024.",
        id(100)
    );
    both_are_said(&book, ("4.3-b.o", "2024-05-02"), (due, &before));
}

#[test]
fn what_was_missed_before_an_assessments_interval_was_longer_or_its_systems_impact_lower_is_said() {
    let longer = |book: &mut Book| {
        let months =
            json!({"risk_assessment_months": 12, "risk_assessment_high_impact_months": 12});
        declare(book, "2024-09-01", 3, months);
    };
    let lowered = |book: &mut Book| lower(book, "2024-09-01");
    let changes: [&dyn Fn(&mut Book); 2] = [&longer, &lowered];
    for change in changes {
        let mut book = of_high_impact(Some(12));
        change(&mut book);
        let due = "was due on 1 February 2025.";
        let before = format!(
            "That of record {} had been due on 1 August 2024 before, and was 30 days overdue when a longer interval \
             came to apply on 1 September 2024.",
            id(SYSTEM)
        );
        both_are_said(&book, ("8.2.o", "2025-02-02"), (due, &before));
        let five = book.about("2025-02-02").five.remove(3);
        let before = before.trim_end_matches('.');
        assert!(five.because.contains(before), "{}", five.because);
        // Assessed anew there is nothing left to say.
        book.on("2025-03-01")
            .put("risk_assessment", SECOND, assessed("2025-03-01"));
        let said = book.sentence("8.2.o", "2026-03-02");
        assert!(said.ends_with("was due on 1 March 2026."), "{said}");
    }
}

#[test]
fn of_an_impact_lowered_twice_the_first_miss_is_said_beside_the_last() {
    let mut book = of_high_impact(Some(24));
    lower(&mut book, "2024-09-01");
    let high: Value = json!({"stage": "live", "impact": "high"});
    book.on("2024-10-01").put("ai_system", SYSTEM, high);
    lower(&mut book, "2024-11-01");
    let last = "Since 1 November 2024 version 5 of";
    let before = "had been due on 1 August 2024 before, and was 30 days overdue when a longer interval came to apply on 1 \
                  September 2024.";
    both_are_said(&book, ("8.2.o", "2024-11-01"), (last, before));
    // One that was never overdue when it was lowered had missed nothing.
    let mut in_time = set_up();
    in_time
        .on("2024-02-01")
        .put("risk_assessment", FIRST, assessed("2024-02-01"));
    lower(&mut in_time, "2024-09-01");
    let said = in_time.sentence("8.2.o", "2025-02-02");
    assert!(said.ends_with("was due on 1 February 2025."), "{said}");
}
