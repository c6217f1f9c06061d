//! 5.2-a where another than top management put a policy in the place of its own.

use serde_json::{Value, json};

use crate::given::{Book, How, OFFICER, ROOT, TEAM, cite, id};

const POLICY: u128 = 210;

fn whole() -> Value {
    json!({"title": true, "text": true, "contents":
        {"purpose": true, "objectives": true, "requirements": true, "improvement": true}})
}

/// A policy set by top management, and another version of it by a team that is none.
fn displaced() -> Book {
    let mut book = Book::new();
    book.on("2024-02-01")
        .put("policy", POLICY, whole())
        .act("approve", POLICY, 1, How::by(ROOT));
    book.on("2024-03-01")
        .put("policy", POLICY, whole())
        .act("approve", POLICY, 2, How::by(TEAM));
    book
}

/// A resolution of a body on the newest version that nobody attested.
fn unattested(book: &mut Book, body: u128) {
    let objects = json!([{"of": cite(POLICY, 2)}]);
    let resolution = json!({"body": id(body), "verb": "adopts", "objects": objects,
        "decided_on": "2024-03-10"});
    book.on("2024-03-10").put("resolution", 901, resolution);
}

#[test]
fn a_policy_that_took_the_place_of_top_managements_is_named_with_it() {
    let mut book = displaced();
    let answer = book.about("2024-03-01").five[1].clone();
    assert_eq!((answer.in_hand, answer.holds), ("no", "no"));
    let by = |body: u128, on: &str| {
        format!(
            "adopted by record {} on {on} (record {})",
            id(body),
            id(900)
        )
    };
    let expected = format!(
        "record {}, version 2, {}, is in force, and top management did not set it; it took the \
         place of version 1, {}.",
        id(POLICY),
        by(TEAM, "1 March 2024"),
        by(ROOT, "1 February 2024")
    );
    assert_eq!(answer.because, expected);
    let cited: Vec<_> = answer
        .evidence
        .iter()
        .map(|one| (one.id, one.version))
        .collect();
    for version in [1, 2] {
        assert!(cited.contains(&(id(POLICY), version)), "{cited:?}");
    }
    // What another body has not attested would change nothing.
    unattested(&mut book, TEAM);
    let answer = book.about("2024-03-10").five[1].clone();
    assert_eq!(answer.because, expected);
    let said = format!(
        "The AI policy in force was not set by top management: on 1 March 2024 it was adopted by \
         record {}, which was neither top management nor part of it on that day, \
         nor held its power to adopt one.",
        id(TEAM)
    );
    assert_eq!(book.sentence("5.2-a", "2024-03-10"), said);
    // What top management has would.
    unattested(&mut book, ROOT);
    let answer = book.about("2024-03-10").five[1].clone();
    assert!(
        answer.because.contains("is not attested"),
        "{}",
        answer.because
    );
}

#[test]
fn an_approval_by_another_displaces_what_top_management_set() {
    let book = displaced();
    let acts = |version: u32| {
        let record = book.records.get(id(POLICY)).unwrap();
        record.version(version).unwrap().acts[0].0.clone()
    };
    let before = assess::displaced(&book.records, &acts(2));
    assert_eq!(before.map(record::Version::number), Some(1));
    assert!(assess::displaced(&book.records, &acts(1)).is_none());
    // Nothing of top management's was there.
    let mut alone = Book::new();
    alone
        .put("policy", POLICY, whole())
        .act("approve", POLICY, 1, How::by(TEAM));
    let record = alone.records.get(id(POLICY)).unwrap();
    let act = &record.newest().acts[0].0;
    assert!(assess::displaced(&alone.records, act).is_none());
}

#[test]
fn the_version_displaced_is_the_last_that_top_management_set() {
    let mut book = displaced();
    book.on("2024-03-05")
        .put("policy", POLICY, whole())
        .act("approve", POLICY, 3, How::by(TEAM));
    let because = book.about("2024-03-05").five[1].because.clone();
    assert!(
        because.contains("took the place of version 1,"),
        "{because}"
    );
}

#[test]
fn a_policy_that_a_person_adopted_without_a_seat_is_told_with_them() {
    let mut book = Book::new();
    book.on("2024-02-01").put("policy", POLICY, whole()).act(
        "approve",
        POLICY,
        1,
        How::person(OFFICER),
    );
    let end = format!(
        "on 1 February 2024 it was adopted by record {}, who sat on no body of top management on that day.",
        id(OFFICER)
    );
    let said = book.sentence("5.2-a", "2024-02-01");
    assert!(said.ends_with(&end), "{said}");
}
