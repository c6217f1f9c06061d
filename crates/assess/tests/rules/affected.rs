//! How many of how many an answer concerns, by the table of what an auditor asks for; and which
//! answer to a finding stands beside it.

use serde_json::{Value, json};

use crate::given::{BOARD, Book, How, OFFICER, ROOT, TEAM, cite, id};
use crate::owner::{appointed, both};
use crate::review::{meeting, quarters, review, whole};
use crate::risk::{FIRST, SYSTEM, assessed, set_up};

/// Returns how many an answer concerns, of how many.
fn affected(book: &Book, answer: usize, about: &str) -> (i64, i64) {
    let five = book.about(about).five;
    let affected = five[answer]
        .affected
        .as_ref()
        .expect("it concerns some of some");
    (affected.n, affected.of)
}

#[test]
fn a_scope_concerns_the_entries_it_leaves_undecided_of_all() {
    let mut book = Book::new();
    let criteria = json!({"criteria": [{"unit": ["housing"], "says": "in"}], "boundaries": true});
    book.on("2024-02-01")
        .put("scope", 600, criteria)
        .approve(600, 1);
    for (n, body) in [
        (601, json!({"stage": "live", "unit": "housing"})),
        (602, json!({"stage": "live"})),
        (603, json!({"stage": "live"})),
    ] {
        book.on("2024-03-01").put("ai_system", n, body);
    }
    assert_eq!(affected(&book, 0, "2024-02-29"), (0, 0));
    // On the first day none has waited too long, and two wait.
    assert_eq!(affected(&book, 0, "2024-03-01"), (2, 3));
    assert_eq!(affected(&book, 0, "2024-06-01"), (2, 3));
}

#[test]
fn an_owner_concerns_the_responsibilities_that_no_person_holds_of_two() {
    let one = |duty: &str| {
        let mut body = both(OFFICER);
        body["duties"] = json!([duty]);
        appointed(body, How::by(ROOT))
    };
    let about = "2024-03-01";
    assert_eq!(affected(&Book::new(), 2, about), (2, 2));
    assert_eq!(affected(&one("conformity"), 2, about), (1, 2));
    assert_eq!(
        affected(&appointed(both(OFFICER), How::by(ROOT)), 2, about),
        (0, 2)
    );
    // A committee alone is nobody by name.
    assert_eq!(
        affected(&appointed(both(TEAM), How::by(ROOT)), 2, about),
        (2, 2)
    );
}

#[test]
fn where_a_person_and_a_committee_have_a_duty_the_person_holds_it() {
    let mut book = appointed(both(OFFICER), How::by(ROOT));
    let mut later = both(TEAM);
    later["start"] = json!("2024-04-01");
    book.on("2024-04-01")
        .put("appointment", 221, later)
        .act("approve", 221, 1, How::by(ROOT));
    assert_eq!(affected(&book, 2, "2024-04-01"), (0, 2));
    assert_eq!(book.words("owner", "2024-04-01").0, "yes");
}

#[test]
fn assessments_concern_the_systems_that_fall_short_of_those_due() {
    let mut book = set_up();
    book.put("ai_system", 0xabd, json!({"stage": "live"})).put(
        "ai_system",
        0xabe,
        json!({"stage": "retired"}),
    );
    assert_eq!(affected(&book, 3, "2024-02-29"), (2, 2));
    book.on("2024-03-01")
        .put("risk_assessment", FIRST, assessed("2024-03-01"));
    assert_eq!(affected(&book, 3, "2024-03-01"), (1, 2));
    let mut both = assessed("2024-03-02");
    both["systems"] = json!([cite(SYSTEM, 1), cite(0xabd, 1)]);
    book.on("2024-03-02").put("risk_assessment", 250, both);
    assert_eq!(affected(&book, 3, "2024-03-02"), (0, 2));
    // Past its interval it is one that falls short.
    assert_eq!(affected(&book, 3, "2025-03-03"), (2, 2));
}

#[test]
fn an_assessment_of_the_day_of_a_significant_change_is_of_what_it_looked_at() {
    let on_the_day = |version: u32| {
        let mut book = set_up();
        let change =
            json!({"stage": "live", "significant_change": true, "changed_on": "2024-05-01"});
        let mut body = assessed("2024-05-01");
        body["systems"] = json!([cite(SYSTEM, version)]);
        book.on("2024-05-01")
            .put("ai_system", SYSTEM, change)
            .put("risk_assessment", FIRST, body);
        book.says("8.2", "2024-05-01")
    };
    assert_eq!(on_the_day(2), "holds");
    assert_eq!(on_the_day(1), "not_shown");
}

#[test]
fn a_review_concerns_the_inputs_that_are_missing_of_seven() {
    let reviewed = |none: &[&str]| {
        let mut book = quarters();
        let mut body = whole(501, Some("2024-01-01"));
        for input in none {
            body["inputs"][*input] = Value::Null;
        }
        book.on("2024-02-15")
            .put("meeting", 501, meeting(BOARD, "2024-02-15"))
            .put("management_review", 500, body);
        affected(&book, 4, "2024-04-10")
    };
    assert_eq!(reviewed(&[]), (0, 7));
    assert_eq!(reviewed(&["issues", "parties"]), (2, 7));
}

#[test]
fn the_next_review_is_due_in_the_first_slot_that_none_has_answered_for() {
    let mut book = quarters();
    review(&mut book, 500, "2024-02-15", Some("2024-01-01"));
    let due = |book: &Book, about: &str| book.about(about).five[4].next_due.unwrap().to_string();
    assert_eq!(due(&book, "2024-02-14"), "2024-03-31");
    assert_eq!(due(&book, "2024-02-15"), "2024-06-30");
}

#[test]
fn top_management_is_asked_for_in_each_review_of_twelve_months() {
    let mut book = quarters();
    book.on("2024-02-01")
        .put("meeting", 501, meeting(TEAM, "2024-02-01"))
        .put("management_review", 500, whole(501, Some("2024-01-01")));
    review(&mut book, 510, "2024-05-10", Some("2024-04-01"));
    book.expect(
        "9.3-a",
        &[("2025-02-01", "not_shown"), ("2025-02-02", "holds")],
    );
}

#[test]
fn an_answer_to_another_rules_finding_stands_beside_no_finding_of_this() {
    let answered = |rule: &str, since: &str| {
        let mut book = Book::new();
        book.on("2024-02-01")
            .put("scope", 600, json!({}))
            .approve(600, 1)
            .put("ai_system", 601, json!({"stage": "live"}));
        let body = json!({"rule": rule, "subject": id(601), "since": since,
            "says": "not_a_failure", "because": true});
        book.put("disposition", 800, body);
        let status = book.about("2024-02-01");
        let mut findings = status.requirements.iter().flat_map(|one| &one.findings);
        let finding = findings.find(|one| one.rule == "4.1-c").unwrap();
        finding.subjects[0].disposition.is_some()
    };
    assert!(answered("4.1-c", "2024-02-01"));
    assert!(!answered("4.3-b", "2024-02-01"));
    assert!(!answered("4.1-c", "2024-01-31"));
}

#[test]
fn an_answer_to_a_finding_says_what_its_newest_version_does() {
    let mut book = Book::new();
    book.on("2024-02-01")
        .put("scope", 600, json!({}))
        .approve(600, 1)
        .put("ai_system", 601, json!({"stage": "live"}));
    for says in ["elsewhere", "not_a_failure"] {
        let body = json!({"rule": "4.1-c", "subject": id(601), "since": "2024-02-01",
            "says": says, "because": true});
        book.put("disposition", 800, body);
    }
    let status = book.about("2024-02-01");
    let mut findings = status.requirements.iter().flat_map(|one| &one.findings);
    let finding = findings.find(|one| one.rule == "4.1-c").unwrap();
    let disposition = finding.subjects[0].disposition.as_ref().unwrap();
    assert_eq!(disposition.says, "not_a_failure");
}
