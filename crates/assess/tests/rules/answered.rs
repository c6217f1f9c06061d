//! Which disposition answers a finding, and which a later breach of the same rule.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must fail")]

use assess::{At, answered_by};
use catalogue::Catalogue;
use record::Day;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::given::{Book, How, START, day, id};
use crate::policy::{POLICY, whole};

const FIRST: u128 = 601;
const SECOND: u128 = 602;

fn disposes(since: &str) -> Value {
    json!({"rule": "5.2-a", "since": since, "says": "not_a_failure", "because": true})
}

fn answered(book: &Book, n: u128, since: &str, on: &str) -> Option<Uuid> {
    let catalogue = Catalogue::iso_42001().unwrap();
    let (start, last): (Day, Day) = (day(START), day("2024-12-31"));
    let at = At::new(&book.records, start, last, last);
    answered_by(&at, &catalogue, (id(n), &disposes(since)), day(on))
}

#[test]
fn another_breach_of_the_same_since_is_answered_by_another_disposition() {
    let mut lacking = whole();
    lacking["contents"]["purpose"] = Value::Null;
    let mut book = Book::new();
    book.on("2024-01-10")
        .put("disposition", FIRST, disposes(START))
        .on("2024-02-01")
        .put("policy", POLICY, lacking)
        .approve(POLICY, 1);
    // While there is no policy, the first answers that; once there is one that lacks something, it does
    // not answer what it lacks.
    assert_eq!(
        answered(&book, SECOND, START, "2024-01-31"),
        Some(id(FIRST))
    );
    assert_eq!(answered(&book, SECOND, START, "2024-02-01"), None);
    // A new version of the first is held against no other.
    assert_eq!(answered(&book, FIRST, START, "2024-01-31"), None);
    book.on("2024-02-05")
        .put("disposition", SECOND, disposes(START));
    let third = 603;
    assert_eq!(
        answered(&book, third, START, "2024-02-06"),
        Some(id(SECOND))
    );
    assert_eq!(answered(&book, third, START, "2024-01-15"), Some(id(FIRST)));
    // The first is put right about its own day beside the second.
    assert_eq!(answered(&book, FIRST, START, "2024-01-10"), None);
    // Once there is none again, that is a breach of its own.
    let last = json!({"last_day": "2024-02-29"});
    book.on("2024-02-20")
        .act("end", POLICY, 1, How::carrying(last));
    assert_eq!(answered(&book, third, START, "2024-03-01"), None);
    // Of what is no finding one is enough.
    book.put("disposition", third, disposes("2023-06-01"));
    assert_eq!(
        answered(&book, 604, "2023-06-01", "2024-03-01"),
        Some(id(third))
    );
    assert_eq!(answered(&book, 604, "2023-06-02", "2024-03-01"), None);
}

#[test]
fn each_of_two_dispositions_stands_beside_its_own_breach() {
    let mut lacking = whole();
    lacking["contents"]["purpose"] = Value::Null;
    let mut book = Book::new();
    book.on("2024-01-10")
        .put("disposition", FIRST, disposes(START))
        .on("2024-02-01")
        .put("policy", POLICY, lacking)
        .approve(POLICY, 1)
        .on("2024-02-05")
        .put("disposition", SECOND, disposes(START));
    let beside = |about: &str| {
        let status = book.about(about);
        let mut found = status.requirements.iter().flat_map(|one| &one.findings);
        let found = found.find(|one| one.rule == "5.2-a").unwrap();
        let disposition = found.subjects[0].disposition.as_ref();
        disposition.map(|one| one.record)
    };
    assert_eq!(beside("2024-01-31"), Some(id(FIRST)));
    assert_eq!(beside("2024-02-04"), None);
    assert_eq!(beside("2024-02-05"), Some(id(SECOND)));
}
