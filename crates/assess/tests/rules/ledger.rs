//! 7.5-b and its practice line.

use serde_json::json;

use crate::given::{Book, day};

#[test]
fn a_ledger_nobody_read_back_is_not_known_to_be_whole() {
    let mut book = Book::new();
    book.expect("7.5-b", &[("2024-03-01", "unknown")]);
    book.on("2024-02-01").check("sound");
    book.on("2024-03-01").check("altered");
    book.on("2024-03-02").check("sound");
    book.expect(
        "7.5-b",
        &[
            ("2024-01-31", "unknown"),
            ("2024-02-01", "holds"),
            ("2024-02-29", "holds"),
            ("2024-03-01", "not_shown"),
            ("2024-03-02", "not_shown"),
        ],
    );
}

#[test]
fn somebody_looks_every_day() {
    let mut book = Book::new();
    book.on("2024-02-01").check("sound");
    book.on("2024-02-02").check("sound");
    book.expect(
        "7.5-b.p",
        &[
            ("2024-01-02", "holds"),
            ("2024-01-03", "reservation"),
            ("2024-02-01", "reservation"),
            ("2024-02-03", "reservation"),
            ("2025-02-01", "reservation"),
        ],
    );
    let mut from_the_first_day = Book::new();
    from_the_first_day.on("2024-01-02").check("sound");
    from_the_first_day.on("2024-01-04").check("altered");
    from_the_first_day.expect(
        "7.5-b.p",
        &[
            ("2024-01-02", "holds"),
            ("2024-01-05", "holds"),
            ("2024-01-06", "reservation"),
        ],
    );
}

/// Checks every day from one to another.
fn daily(book: &mut Book, first: &str, last: &str) {
    let mut on = day(first);
    while on <= day(last) {
        book.on(&on.to_string()).check("sound");
        on = on.next();
    }
}

#[test]
fn a_gap_that_is_over_is_told_for_twelve_months_and_of_several_the_newest() {
    let mut book = Book::new();
    daily(&mut book, "2024-01-01", "2024-02-01");
    daily(&mut book, "2024-03-10", "2024-03-20");
    let said = |about: &str| book.sentence("7.5-b.p", about);
    let nobody = "nobody checked that the ledger was untouched.";
    assert_eq!(
        said("2024-03-09"),
        "Since 2 February 2024 nobody has checked that the ledger was untouched."
    );
    let first = format!("Between 1 February 2024 and 10 March 2024 {nobody}");
    assert_eq!(said("2024-03-10"), first);
    daily(&mut book, "2024-03-21", "2024-04-30");
    daily(&mut book, "2024-05-03", "2025-05-10");
    let said = |about: &str| book.sentence("7.5-b.p", about);
    assert_eq!(
        said("2024-05-02"),
        "Since 1 May 2024 nobody has checked that the ledger was untouched."
    );
    assert_eq!(
        said("2024-05-03"),
        format!("Between 30 April 2024 and 3 May 2024 {nobody}")
    );
    book.expect(
        "7.5-b.p",
        &[
            ("2024-02-02", "holds"),
            ("2024-04-01", "reservation"),
            ("2025-05-03", "reservation"),
            ("2025-05-04", "holds"),
        ],
    );
    // What stands on custom changes no verdict.
    let status = book.about("2024-06-01");
    let mut all = status.requirements.iter();
    let kept = all.find(|one| one.id == "7.5.3").expect("a requirement");
    assert_ne!(kept.verdict, "not_shown");
}

#[test]
fn what_was_said_of_one_gap_is_not_said_of_the_next() {
    let mut book = Book::new();
    daily(&mut book, "2024-01-01", "2024-02-01");
    daily(&mut book, "2024-02-10", "2024-02-15");
    let since = json!({"rule": "7.5-b.p", "since": "2024-02-03", "says": "not_a_failure"});
    book.put("disposition", 700, since);
    let said = |book: &Book, about: &str| {
        let status = book.about(about);
        let mut all = status.requirements.into_iter();
        let kept = all.find(|one| one.id == "7.5.3").expect("a requirement");
        let mut findings = kept.findings.into_iter();
        let gap = findings
            .find(|one| one.rule == "7.5-b.p")
            .expect("a finding");
        gap.subjects[0].disposition.is_some()
    };
    assert!(said(&book, "2024-02-15"));
    daily(&mut book, "2024-02-16", "2024-02-20");
    daily(&mut book, "2024-03-01", "2024-03-02");
    assert!(said(&book, "2024-02-20"));
    assert!(!said(&book, "2024-02-28"));
    assert!(!said(&book, "2024-03-02"));
}

#[test]
fn how_often_somebody_looks_is_the_rules_own_number() {
    let book = Book::new();
    for (days, holds, reserved) in [
        (1, "2024-01-02", "2024-01-03"),
        (7, "2024-01-08", "2024-01-09"),
    ] {
        let says =
            |about| book.says_with("7.5-b.p", about, |rule| rule.customary_days = Some(days));
        assert_eq!(
            (says(holds), says(reserved)),
            ("holds", "reservation"),
            "{days}"
        );
    }
}

#[test]
fn a_ledger_that_had_not_begun_had_nothing_to_look_at() {
    let mut book = Book::starting_on("2024-02-01");
    book.expect("7.5-b.p", &[("2024-01-31", "not_due")]);
    book.check("sound");
    book.expect(
        "7.5-b.p",
        &[("2024-01-31", "not_due"), ("2024-02-01", "holds")],
    );
}

#[test]
fn the_first_day_that_nobody_looked_is_the_one_after_the_last_check() {
    let mut book = Book::new();
    book.on("2024-01-05").check("sound");
    let said = book.sentence("7.5-b.p", "2024-01-10");
    let expected = "Since 6 January 2024 nobody has checked that the ledger was untouched.";
    assert_eq!(said, expected);
}
