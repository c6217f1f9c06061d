//! What rules come to for a requirement, where they alone would say something else.

use assess::{Names, Question, Status, status};
use catalogue::Catalogue;
use serde_json::{Value, json};

use crate::given::{BOARD, Book, CHIEF, How, OFFICER, START, day, id};
use crate::owner::{APPOINTED, appointed, both};

fn verdict(status: &Status, requirement: &str) -> &'static str {
    let mut all = status.requirements.iter();
    all.find(|one| one.id == requirement)
        .expect("it is in the catalogue")
        .verdict
}

#[test]
fn a_control_is_not_known_though_a_rule_of_the_organisations_own_bears_on_it() {
    let contents =
        json!({"purpose": true, "objectives": true, "requirements": true, "improvement": true});
    let policy = |review_by: Value| {
        let mut book = Book::new();
        let body = json!({"contents": contents, "review_by": review_by});
        book.on("2024-02-01")
            .put("policy", 600, body)
            .approve(600, 1);
        let status = book.about("2024-03-01");
        assert_eq!(verdict(&status, "A.2.4"), "not_known");
        verdict(&status, "5.2")
    };
    assert_eq!(policy(json!("2024-02-29")), "not_shown");
    assert_eq!(policy(Value::Null), "not_known");
}

#[test]
fn what_is_only_reserved_is_shown() {
    let seats = json!([{"person": id(CHIEF)}]);
    let terms = json!({"name": true, "top_management": "part", "quorum": 1, "seats": seats});
    let mut book = appointed(both(OFFICER), How::by(BOARD));
    book.on("2024-02-29")
        .put("body", BOARD, terms)
        .act("approve", BOARD, 2, How::unattended())
        .on("2024-03-01")
        .put("appointment", APPOINTED, both(OFFICER))
        .act("approve", APPOINTED, 2, How::by(BOARD));
    let known = json!({"on": "2024-03-01", "to": true, "how": true});
    book.moved(APPOINTED, "communicate", known);
    book.expect("5.3", &[("2024-03-01", "reservation")]);
    assert_eq!(verdict(&book.about("2024-03-01"), "5.3"), "shown");
}

#[test]
fn nothing_was_found_before_the_ledger_began_nor_before_anything_was_due() {
    let book = Book::starting_on("2024-02-01");
    let catalogue = Catalogue::iso_42001().unwrap();
    let known_by_a_day_before = |about: &str, before_ledger: bool| {
        let status = status(&Question {
            records: &book.records,
            catalogue: &catalogue,
            names: &Names::new(),
            about: day(about),
            aims_start: day(START),
            before_ledger,
            then: &[],
            all_subjects_of: None,
        });
        let found = status.requirements.iter().map(|one| one.findings.len());
        (verdict(&status, "5.2"), found.sum::<usize>() > 0)
    };
    let cases = [
        ("2023-12-31", true, ("not_due", false)),
        ("2023-12-31", false, ("not_due", false)),
        ("2024-01-31", true, ("not_known", false)),
        ("2024-02-01", false, ("not_shown", true)),
    ];
    for (about, before_ledger, expected) in cases {
        let said = known_by_a_day_before(about, before_ledger);
        assert_eq!(said, expected, "{about} {before_ledger}");
    }
}
