//! 7.5-b and its practice line.

use crate::given::Book;

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
            ("2024-02-01", "holds"),
            ("2024-02-03", "holds"),
            ("2024-02-04", "reservation"),
        ],
    );
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
