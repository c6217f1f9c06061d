//! What silence means, as the data say and as the functions do.

use catalogue::{Catalogue, Rule, Silence};
use serde_json::{Value, json};

use crate::given::{BOARD, Book, CHIEF, How, OFFICER, START, cite, id};
use crate::review::{DECLARED, meeting, quarters, review, whole};

const SUBJECT: u128 = 600;
const SYSTEM: u128 = 610;

/// A day by which all that the cases hold has lapsed.
const LATER: &str = "2025-06-01";

fn rules_built() -> Vec<Rule> {
    let rules = Catalogue::iso_42001()
        .into_iter()
        .flat_map(|catalogue| catalogue.rules);
    rules.filter(|rule| rule.built).collect()
}

/// What [`Book::says`] calls it.
fn in_word(silence: Silence) -> &'static str {
    match silence {
        Silence::NotKnown | Silence::NilReturn => "unknown",
        Silence::None => "not_due",
        other => other.as_str(),
    }
}

/// The rules that ask for what must exist, whatever else is on record.
const OF_WHAT_MUST_EXIST: [&str; 7] = [
    "4.3-a", "5.2-a", "5.3", "6.1.1", "7.5-b", "7.5-b.p", "9.3-a",
];

#[test]
fn of_a_ledger_that_has_only_begun_silence_is_what_the_data_say() {
    let book = Book::begun_on(START);
    for rule in rules_built() {
        let must_exist = OF_WHAT_MUST_EXIST.contains(&rule.id.as_str());
        // What is asked of each is due once there is one.
        let expected = if must_exist {
            in_word(rule.silence)
        } else {
            "not_due"
        };
        book.expect(&rule.id, &[(LATER, expected)]);
    }
}

fn approved(kind: &str, body: Value, how: How) -> Book {
    let mut book = Book::new();
    book.put(kind, SUBJECT, body)
        .act("approve", SUBJECT, 1, how);
    book
}

fn by_the_root(kind: &str, body: Value) -> Book {
    approved(kind, body, How::by(crate::given::ROOT))
}

fn declared(mut book: Book, body: Value) -> Book {
    book.put("declaration", DECLARED, body).approve(DECLARED, 1);
    book
}

fn yearly(book: Book, interval: &str) -> Book {
    declared(book, json!({"intervals": {interval: 12}}))
}

fn system(mut book: Book) -> Book {
    book.put("ai_system", SYSTEM, json!({"stage": "live"}));
    book
}

fn assessed(decision: Value) -> Book {
    let mut book = system(Book::new());
    let body = json!({"systems": [cite(SYSTEM, 1)], "assessed_on": START, "decision": decision});
    book.put("risk_assessment", SUBJECT, body);
    book
}

/// A second review that says nothing, after a first that agreed an action.
fn reviewed(second: Value) -> Book {
    let mut book = declared(Book::new(), json!({"agenda": ["incidents"]}));
    let mut first = whole(501, None);
    first["actions"] = json!([id(700)]);
    book.put("meeting", 501, meeting(BOARD, START))
        .put("management_review", 500, first);
    book.on("2024-05-01")
        .put(
            "meeting",
            511,
            json!({"sittings": [{"on": "2024-05-01"}], "present": []}),
        )
        .put("management_review", 510, second);
    book
}

fn bare() -> Value {
    json!({"parts": [{"meeting": cite(511, 1)}]})
}

/// The least that each rule is asked about, of which the records then say no more.
fn silent(rule: &str) -> Book {
    let scope =
        |criteria: Value| by_the_root("scope", json!({"criteria": criteria, "units": ["housing"]}));
    let placed = json!([{"says": "in"}]);
    match rule {
        "4.1-c" => system(Book::new()),
        "4.3-a.o" => yearly(scope(placed), "scope_months"),
        "4.3-a.p" => approved("scope", json!({}), How::unattended()),
        "4.3-b" => system(scope(placed)),
        "4.3-b.o" => declared(
            system(scope(json!([]))),
            json!({"tolerances": {"awaiting_scope_days": 30}}),
        ),
        "4.3-c" => scope(placed),
        // The least there is to reserve: an interval that nobody calls customary.
        "4.4.p" => declared(Book::new(), json!({"intervals": {"policy_months": 13}})),
        "5.2-a.o" => yearly(by_the_root("policy", json!({})), "policy_months"),
        "5.2-b" | "5.2-c" => by_the_root("policy", json!({})),
        "5.3.p" => by_the_root(
            "appointment",
            json!({"holder": id(OFFICER), "duties": ["conformity"], "start": START}),
        ),
        "6.1.1.p" => {
            let mut book = Book::new();
            book.put("risk_criteria", SUBJECT, json!({}))
                .put(
                    "risk_assessment",
                    601,
                    json!({"criteria": cite(SUBJECT, 1)}),
                )
                .approve(SUBJECT, 1);
            book
        }
        "7.5-a.o" => yearly(
            by_the_root("risk_criteria", json!({})),
            "risk_criteria_months",
        ),
        "7.5-a.p" => {
            let same_person = How {
                same_person: true,
                ..How::person(CHIEF)
            };
            approved("policy", json!({}), same_person)
        }
        "8.2" => system(Book::new()),
        "8.2.o" => yearly(assessed(json!({})), "risk_assessment_months"),
        "8.2.p" => assessed(json!({"promises": {"due": "2024-02-01"}})),
        "9.3-a.o" => quarters(),
        "9.3-a.p" | "9.3-b" | "9.3-c" | "9.3-d" | "9.3-e" => reviewed(bare()),
        "9.3-b.p" => {
            let mut trend = bare();
            trend["inputs"] = json!({"audits": {"text": true}});
            reviewed(trend)
        }
        _ => Book::begun_on(START),
    }
}

#[test]
fn of_the_least_that_a_rule_is_asked_about_silence_is_what_the_data_say() {
    for rule in rules_built() {
        silent(&rule.id).expect(&rule.id, &[(LATER, in_word(rule.silence))]);
    }
}

#[test]
fn what_is_said_ends_what_silence_means() {
    let mut book = silent("5.2-b");
    book.moved(
        SUBJECT,
        "communicate",
        json!({"on": START, "to": true, "how": true}),
    );
    book.expect("5.2-b", &[(LATER, "holds")]);
    let mut book = quarters();
    for (n, on, slot) in [
        (500, "2024-02-01", "2024-01-01"),
        (510, "2024-05-01", "2024-04-01"),
    ] {
        review(&mut book, n, on, Some(slot));
    }
    book.expect("9.3-a.o", &[("2024-08-01", "holds")]);
}
