//! 7.5-b and its practice line; 4.4.p.

use serde_json::json;

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
fn an_interval_over_twelve_months_is_a_reservation() {
    let cases = [
        (json!({"intervals": {"policy_months": 12}}), "holds"),
        (json!({"intervals": {"policy_months": 13}}), "reservation"),
        (
            json!({"intervals": {"risk_assessment_high_impact_months": 18}}),
            "reservation",
        ),
        (
            json!({"intervals": {"risk_assessment_months": 24}}),
            "reservation", // it governs those of high impact too
        ),
        (
            json!({"series": {"management_review": {"first_day": "2024-01-01", "months": 24}}}),
            "reservation",
        ),
    ];
    for (body, expected) in cases {
        let mut book = Book::new();
        book.on("2024-02-01")
            .put("declaration", 300, body.clone())
            .approve(300, 1);
        assert_eq!(book.says("4.4.p", "2024-01-31"), "not_due");
        assert_eq!(book.says("4.4.p", "2024-02-01"), expected, "{body}");
    }
}

#[test]
fn a_series_that_begins_only_after_twelve_months_is_a_reservation() {
    let series = |first_day: &str| json!({"series": {"management_review": {"first_day": first_day, "months": 3}}});
    for (first_day, expected) in [
        ("2025-02-01", "holds"),
        ("2025-02-02", "reservation"),
        ("2031-01-01", "reservation"),
    ] {
        let mut book = Book::new();
        book.on("2024-02-01")
            .put("declaration", 300, series(first_day))
            .approve(300, 1);
        assert_eq!(book.says("4.4.p", "2024-02-01"), expected, "{first_day}");
    }
    // Where an earlier series goes on until then, something is due all along.
    let mut book = Book::new();
    book.on("2024-02-01")
        .put("declaration", 300, series("2024-02-01"))
        .approve(300, 1);
    book.on("2024-03-01")
        .put("declaration", 300, series("2031-01-01"))
        .approve(300, 2);
    assert_eq!(book.says("4.4.p", "2024-03-01"), "holds");
}

#[test]
fn the_usual_interval_governs_assessments_of_high_impact_where_none_is_their_own() {
    let cases = [
        (json!({"risk_assessment_months": 12}), "holds"),
        (json!({"risk_assessment_months": 13}), "reservation"),
        (
            json!({"risk_assessment_months": 24, "risk_assessment_high_impact_months": 12}),
            "holds",
        ),
        (
            json!({"risk_assessment_months": 12, "risk_assessment_high_impact_months": 13}),
            "reservation",
        ),
    ];
    for (intervals, expected) in cases {
        let mut book = Book::new();
        book.put("declaration", 300, json!({"intervals": intervals}))
            .approve(300, 1);
        assert_eq!(book.says("4.4.p", "2024-02-01"), expected, "{intervals}");
    }
}
