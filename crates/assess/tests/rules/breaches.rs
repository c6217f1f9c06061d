//! A rule that fails all along, and by another breach than before: the day its sentence names, and
//! what was said of the breach before.

use record::Day;
use serde_json::{Value, json};

use crate::given::{Book, CHIEF, How, OFFICER, ROOT, TEAM, id};
use crate::policy::{POLICY, policy, whole};

/// A policy in force from 1 February that lacks its purpose.
fn short() -> Book {
    let mut body = whole();
    body["contents"]["purpose"] = Value::Null;
    policy(body, How::by(ROOT))
}

fn disposes(book: &mut Book, on: &str, rule: &str, since: &str) {
    let body = json!({"rule": rule, "since": since, "says": "not_a_failure", "because": true});
    book.on(on).put("disposition", 700, body);
}

/// Returns since when a rule's finding about a day stands, and the day of what is said of it.
fn found(book: &Book, rule: &str, about: &str) -> (String, Option<String>) {
    let status = book.about(about);
    let mut findings = status.requirements.iter().flat_map(|one| &one.findings);
    let found = findings.find(|one| one.rule == rule).expect("a finding");
    let said = found.subjects[0].disposition.as_ref();
    (
        found.since.to_string(),
        said.map(|said| Day::to_string(&said.on)),
    )
}

#[test]
fn a_sentence_is_dated_from_the_first_day_of_its_own_breach() {
    let mut second = short();
    second
        .on("2024-06-10")
        .put("policy", 211, whole())
        .approve(211, 1);
    let said = second.sentence("5.2-a", "2024-06-15");
    assert!(said.contains("in force since 10 June 2024"), "{said}");
    let mut none = short();
    none.on("2024-06-10").act("end", POLICY, 1, How::by(ROOT));
    let said = none.sentence("5.2-a", "2024-06-15");
    assert!(said.contains("in force since 11 June 2024"), "{said}");
    // The rule has failed since the policy was adopted, and before; of the text it says no day.
    assert_eq!(found(&none, "5.2-a", "2024-06-15").0, "2024-01-01");
    let first = none.sentence("5.2-a", "2024-01-31");
    assert!(first.contains("in force since 1 January 2024"), "{first}");
}

#[test]
fn the_scope_and_the_risk_criteria_are_dated_so_too() {
    let cases = [
        ("scope", "4.3-a", "No approved scope has been in force"),
        (
            "risk_criteria",
            "6.1.1",
            "No risk criteria have been in force",
        ),
    ];
    for (kind, rule, none) in cases {
        let mut book = Book::new();
        book.on("2024-02-01")
            .put(kind, 600, json!({}))
            .approve(600, 1)
            .on("2024-06-10")
            .act("end", 600, 1, How::by(ROOT));
        let said = book.sentence(rule, "2024-06-15");
        let begins = format!("{none} since 11 June 2024");
        assert!(said.starts_with(&begins), "{said}");
    }
}

#[test]
fn what_is_said_of_one_breach_does_not_stand_beside_another() {
    let mut book = short();
    disposes(&mut book, "2024-06-05", "5.2-a", "2024-01-01");
    let told = |book: &Book, about: &str| found(book, "5.2-a", about).1;
    assert_eq!(told(&book, "2024-06-09").as_deref(), Some("2024-06-05"));
    book.on("2024-06-10").act("end", POLICY, 1, How::by(ROOT));
    assert_eq!(told(&book, "2024-06-10").as_deref(), Some("2024-06-05"));
    assert_eq!(told(&book, "2024-06-11"), None);
    // A new version answers what stands on its day; that is another again once a text is back.
    disposes(&mut book, "2024-06-12", "5.2-a", "2024-01-01");
    assert_eq!(told(&book, "2024-06-13").as_deref(), Some("2024-06-12"));
    assert_eq!(told(&book, "2024-06-09").as_deref(), Some("2024-06-05"));
    book.on("2024-06-20").approve(POLICY, 1);
    assert_eq!(told(&book, "2024-06-20"), None);
}

#[test]
fn other_parts_that_are_missing_are_the_same_breach() {
    let mut book = short();
    disposes(&mut book, "2024-06-05", "5.2-a", "2024-01-01");
    let mut body = whole();
    body["contents"]["objectives"] = Value::Null;
    book.on("2024-06-10")
        .put("policy", POLICY, body)
        .approve(POLICY, 2);
    let said = found(&book, "5.2-a", "2024-06-15").1;
    assert_eq!(said.as_deref(), Some("2024-06-05"));
}

#[test]
fn a_vacancy_told_in_other_words_is_the_same_breach() {
    let duties = json!(["conformity", "reporting"]);
    let body = |start: &str| json!({"holder": id(OFFICER), "start": start, "duties": duties, "authority": true});
    let mut book = Book::new();
    book.on("2024-02-01")
        .put("appointment", 220, body("2024-02-01"))
        .approve(220, 1)
        .moved(220, "communicate", json!({"on": "2024-02-01"}))
        .moved(220, "leave", json!({"last_day": "2024-03-31"}));
    let answer = json!({"rule": "5.3", "since": "2024-04-01", "subject": "conformity",
        "says": "not_a_failure", "because": true});
    book.on("2024-04-02").put("disposition", 700, answer);
    book.on("2024-04-10")
        .put("appointment", 220, body("2024-05-01"))
        .approve(220, 2);
    let said = book.sentence("5.3", "2024-04-15");
    assert!(
        said.contains("since 1 April 2024: the appointment in force"),
        "{said}"
    );
    let said = found(&book, "5.3", "2024-04-15").1;
    assert_eq!(said.as_deref(), Some("2024-04-02"));
}

#[test]
fn what_was_said_before_a_breach_was_recorded_does_not_stand_beside_it() {
    let mut book = short();
    disposes(&mut book, "2024-06-05", "5.2-a", "2024-01-01");
    let told = |book: &Book, about: &str| found(book, "5.2-a", about).1;
    assert_eq!(told(&book, "2024-06-05").as_deref(), Some("2024-06-05"));
    // Recorded in July, the policy had been rescinded before that was said.
    let rescinded = How::decided("2024-06-01");
    book.on("2024-07-01").act("end", POLICY, 1, rescinded);
    assert_eq!(told(&book, "2024-06-05"), None);
    assert_eq!(told(&book, "2024-07-02"), None);
    disposes(&mut book, "2024-07-03", "5.2-a", "2024-01-01");
    assert_eq!(told(&book, "2024-07-03").as_deref(), Some("2024-07-03"));
    // What changes nothing of the breach takes nothing away.
    book.on("2024-07-10").put("policy", 211, whole()).moved(
        211,
        "communicate",
        json!({"on": "2024-06-01"}),
    );
    assert_eq!(told(&book, "2024-07-10").as_deref(), Some("2024-07-03"));
}

#[test]
fn what_was_said_of_a_vacancy_does_not_stand_beside_another_that_was_recorded_since() {
    let mut book = Book::new();
    let body = json!({"holder": id(OFFICER), "start": "2024-02-01", "authority": true,
        "duties": ["conformity", "reporting"]});
    book.on("2024-02-01")
        .put("appointment", 220, body)
        .act("approve", 220, 1, How::by(TEAM));
    let answer = json!({"rule": "5.3", "since": "2024-01-01", "subject": "conformity",
        "says": "not_a_failure", "because": true});
    book.on("2024-04-02").put("disposition", 700, answer);
    let told = |book: &Book| found(book, "5.3", "2024-04-10").1;
    assert_eq!(told(&book).as_deref(), Some("2024-04-02"));
    // He had left before, and nobody knew.
    book.on("2024-06-01")
        .moved(220, "leave", json!({"last_day": "2024-03-10"}));
    assert_eq!(told(&book), None);
}

#[test]
fn what_was_said_of_one_holder_does_not_stand_beside_the_same_of_another() {
    let body = |holder: u128, start: &str| json!({"holder": id(holder), "start": start, "authority": true, "duties": ["conformity", "reporting"]});
    let cases = [("5.3.p", ROOT), ("5.3", TEAM)];
    for (rule, by) in cases {
        let mut book = Book::new();
        book.on("2024-01-01")
            .put("appointment", 220, body(OFFICER, "2024-01-01"))
            .act("approve", 220, 1, How::by(by));
        let answer = json!({"rule": rule, "since": "2024-01-01", "subject": "conformity",
            "says": "not_a_failure", "because": true});
        book.on("2024-01-10")
            .put("disposition", 700, answer.clone());
        let told = |book: &Book, about: &str| found(book, rule, about).1;
        assert_eq!(told(&book, "2024-02-10").as_deref(), Some("2024-01-10"));
        // Another takes over on the day.
        book.on("2024-02-11")
            .put("appointment", 220, body(CHIEF, "2024-02-11"))
            .act("approve", 220, 2, How::by(by));
        assert_eq!(told(&book, "2024-02-10").as_deref(), Some("2024-01-10"));
        assert_eq!(told(&book, "2024-02-11"), None, "{rule}");
        book.on("2024-02-12").put("disposition", 701, answer);
        let said = told(&book, "2024-02-12");
        assert_eq!(said.as_deref(), Some("2024-02-12"), "{rule}");
    }
}
