//! 4.4.p: declared intervals that are longer than customary.

use serde_json::{Value, json};

use crate::given::{Book, CHIEF, How, ROOT};

/// Returns what the rule says of the interval that is a requirement's.
fn says(book: &Book, requirement: &str, about: &str) -> &'static str {
    book.says_with("4.4.p", about, |rule| {
        rule.bears_on = vec![requirement.to_owned()];
    })
}

#[test]
fn an_interval_over_twelve_months_is_a_reservation() {
    let cases = [
        ("5.2", json!({"intervals": {"policy_months": 12}}), "holds"),
        (
            "5.2",
            json!({"intervals": {"policy_months": 13}}),
            "reservation",
        ),
        (
            "8.2",
            json!({"intervals": {"risk_assessment_high_impact_months": 18}}),
            "reservation",
        ),
        (
            "8.2",
            json!({"intervals": {"risk_assessment_months": 24}}),
            "reservation", // it governs those of high impact too
        ),
        (
            "9.3.1",
            json!({"series": {"management_review": {"first_day": "2024-01-01", "months": 24}}}),
            "reservation",
        ),
    ];
    for (requirement, body, expected) in cases {
        let mut book = Book::new();
        book.on("2024-02-01")
            .put("declaration", 300, body.clone())
            .approve(300, 1);
        assert_eq!(says(&book, requirement, "2024-01-31"), "not_due");
        assert_eq!(says(&book, requirement, "2024-02-01"), expected, "{body}");
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
        assert_eq!(says(&book, "9.3.1", "2024-02-01"), expected, "{first_day}");
    }
    // Where an earlier series goes on until then, something is due all along.
    let mut book = Book::new();
    book.on("2024-02-01")
        .put("declaration", 300, series("2024-02-01"))
        .approve(300, 1);
    book.on("2024-03-01")
        .put("declaration", 300, series("2031-01-01"))
        .approve(300, 2);
    assert_eq!(says(&book, "9.3.1", "2024-03-01"), "holds");
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
        assert_eq!(says(&book, "8.2", "2024-02-01"), expected, "{intervals}");
    }
}

/// Intervals of which all are too long, each by its own number of months.
fn all_too_long() -> Value {
    json!({"intervals": {"policy_months": 18, "risk_assessment_high_impact_months": 36},
        "series": {"management_review": {"first_day": "2024-01-01", "months": 24}}})
}

#[test]
fn each_requirement_has_the_interval_that_is_its_own() {
    let own = [
        ("5.2", Some("the policy is 18 months")),
        ("8.2", Some("assessments of high impact is 36 months")),
        ("8.4", Some("assessments of high impact is 36 months")),
        ("9.2.1", None), // no interval of internal audits is declared in this version
        ("9.3.1", Some("the management review is 24 months")),
    ];
    let mut book = Book::new();
    book.put("declaration", 300, all_too_long()).approve(300, 1);
    let status = book.about("2024-02-01");
    for (requirement, said) in own {
        let mut all = status.requirements.iter();
        let one = all.find(|one| one.id == requirement).unwrap();
        let mut found = one.findings.iter().filter(|one| one.rule == "4.4.p");
        let finding = found.next();
        let sentence = finding.map(|one| one.sentence.clone());
        let expected =
            said.map(|said| format!("Your interval for {said}; twelve at most is customary."));
        assert_eq!(sentence, expected, "{requirement}");
        let affected = finding.map(|one| (one.affected.n, one.affected.of, one.subjects.len()));
        assert_eq!(affected, said.map(|_| (1, 1, 1)), "{requirement}");
    }
    // The rule bears on nothing else.
    let catalogue = catalogue::Catalogue::iso_42001().unwrap();
    let rule = catalogue.rule("4.4.p").unwrap();
    assert_eq!(rule.bears_on, own.map(|(requirement, _)| requirement));
}

#[test]
fn the_subject_is_called_by_what_its_interval_was_declared_for() {
    let title = |declared: Value, requirement: &str| {
        let mut book = Book::new();
        book.put("declaration", 300, declared).approve(300, 1);
        let status = book.about("2024-02-01");
        let mut all = status.requirements.iter();
        let one = all.find(|one| one.id == requirement).unwrap();
        let mut found = one.findings.iter();
        let finding = found.find(|one| one.rule == "4.4.p").unwrap();
        let subject = &finding.subjects[0];
        (subject.id.clone(), subject.title.clone())
    };
    let months = |field: &str| json!({"intervals": {field: 24}});
    let of = |id: &str, title: &str| (id.to_owned(), title.to_owned());
    assert_eq!(
        title(months("risk_assessment_months"), "8.2"),
        of(
            "risk_assessment",
            "Assessments, those of high impact among them"
        )
    );
    assert_eq!(
        title(months("risk_assessment_high_impact_months"), "8.2"),
        of("risk_assessment", "Assessments of high impact")
    );
    let series = json!({"management_review": {"first_day": "2026-01-01", "months": 3}});
    assert_eq!(
        title(json!({"series": series}), "9.3.1"),
        of("management_review", "The first management review")
    );
}

fn same_person() -> How {
    How {
        same_person: true,
        ..How::person(CHIEF)
    }
}

#[test]
fn each_answer_reserves_what_is_its_own() {
    let of_answer = |policy_months: i64, review_months: i64, how: How, answer: usize| {
        let mut book = Book::new();
        let declared = json!({"intervals": {"policy_months": policy_months},
            "series": {"management_review": {"first_day": "2024-01-01", "months": review_months}}});
        book.put("declaration", 300, declared)
            .approve(300, 1)
            .put("scope", 600, json!({"title": true}))
            .act("approve", 600, 1, same_person())
            .put("policy", 601, json!({"title": true}))
            .act("approve", 601, 1, how);
        crate::review::review(&mut book, 500, "2024-01-20", Some("2024-01-01"));
        let five = book.about("2024-02-01").five;
        assert_eq!(five[answer].in_hand, "yes");
        let practice = |one: &&String| one.contains("Your interval") || one.contains("both wrote");
        let said: Vec<String> = five[answer]
            .reservations
            .iter()
            .filter(practice)
            .cloned()
            .collect();
        said
    };
    let by_root = || How::by(ROOT);
    // The scope was approved by whoever wrote it: no matter of the policy's.
    assert_eq!(of_answer(12, 24, by_root(), 1), [""; 0]);
    let said = of_answer(13, 24, by_root(), 1);
    assert_eq!(said.len(), 1);
    assert!(said[0].contains("the policy is 13 months"), "{said:?}");
    let said = of_answer(12, 12, same_person(), 1);
    assert_eq!(said.len(), 1);
    assert!(said[0].contains("both wrote"), "{said:?}");
    let said = of_answer(13, 24, by_root(), 4);
    assert_eq!(said.len(), 1);
    assert!(
        said[0].contains("the management review is 24 months"),
        "{said:?}"
    );
    assert_eq!(of_answer(13, 12, by_root(), 4), [""; 0]);
}

#[test]
fn the_first_review_is_due_within_the_months_that_reach_past_its_last_day() {
    let mut book = Book::new();
    let series = json!({"management_review": {"first_day": "2025-02-02", "months": 3}});
    book.on("2024-02-01")
        .put("declaration", 300, json!({"series": series}))
        .approve(300, 1);
    // It may be held up to 1 May 2025, fifteen months and a day.
    let said = book.sentence("4.4.p", "2024-02-01");
    let expected = "Your interval for the first management review is 16 months; ";
    assert!(said.starts_with(expected), "{said}");
}
