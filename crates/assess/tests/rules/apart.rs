//! Records of one kind and one title, told apart by the entry that recorded each.

use assess::{Names, Question, Status, status};
use catalogue::Catalogue;
use serde_json::json;

use crate::given::{Book, How, ROOT, START, day, id};
use crate::policy::{POLICY, policy, whole};
use crate::risk::{FIRST, SECOND, assessed, set_up};

/// Returns the status about a day, with records called by these titles.
fn called(book: &Book, about: &str, titles: &[(u128, &str)]) -> Status {
    let mut names = Names::new();
    names.extend(
        titles
            .iter()
            .map(|(n, title)| (id(*n), (*title).to_owned())),
    );
    status(&Question {
        records: &book.records,
        catalogue: &Catalogue::iso_42001().expect("rules"),
        names: &names,
        about: day(about),
        aims_start: day(START),
        before_ledger: false,
        then: &[],
        all_subjects_of: None,
    })
}

/// Returns the number of the entry that recorded a version.
fn entry(book: &Book, n: u128) -> u64 {
    let record = book.records.get(id(n)).expect("a record");
    record.versions[0].put.seq
}

fn found(status: &Status, rule: &str) -> String {
    let mut findings = status.requirements.iter().flat_map(|one| &one.findings);
    let found = findings.find(|one| one.rule == rule);
    found.expect("a finding").sentence.clone()
}

#[test]
fn two_policies_of_one_title_are_said_with_their_entries() {
    let mut book = policy(whole(), How::by(ROOT));
    book.on("2024-03-01")
        .put("policy", 211, whole())
        .approve(211, 1);
    let (first, second) = (entry(&book, POLICY), entry(&book, 211));
    let both = format!(
        "AI policy (#{first}, recorded on 1 February 2024), version 1, and AI policy (#{second}, \
         recorded on 1 March 2024), version 1"
    );
    let same = called(
        &book,
        "2024-03-02",
        &[(POLICY, "AI policy"), (211, "AI policy")],
    );
    assert!(
        same.five[1].because.contains(&both),
        "{}",
        same.five[1].because
    );
    let said = found(&same, "5.2-a");
    assert!(said.contains(&both), "{said}");
    // By their titles they are told apart already.
    let other = called(
        &book,
        "2024-03-02",
        &[(POLICY, "AI policy"), (211, "AI rules")],
    );
    let both = "AI policy, version 1, and AI rules, version 1";
    assert!(
        other.five[1].because.contains(both),
        "{}",
        other.five[1].because
    );
    // One that was entered in error is taken for none.
    book.on("2024-03-03").moved(211, "withdraw", json!({}));
    let one = called(
        &book,
        "2024-03-03",
        &[(POLICY, "AI policy"), (211, "AI policy")],
    );
    assert!(
        one.five[1].because.starts_with("AI policy, version 1"),
        "{}",
        one.five[1].because
    );
}

#[test]
fn the_newest_of_two_assessments_of_one_title_is_said_with_its_day_and_its_entry() {
    let mut book = set_up();
    book.on("2024-03-01")
        .put("risk_assessment", FIRST, assessed("2024-03-01"));
    let titles = [
        (FIRST, "Assessment of 1 March 2024"),
        (SECOND, "Assessment of 1 March 2024"),
    ];
    let because = |book: &Book| called(book, "2024-03-02", &titles).five[3].because.clone();
    let alone = because(&book);
    assert!(
        alone.contains("“Assessment” of 1 March 2024, changed"),
        "{alone}"
    );
    book.put("risk_assessment", SECOND, assessed("2024-03-01"));
    let said = format!(
        "“Assessment (#{})” of 1 March 2024, changed",
        entry(&book, SECOND)
    );
    let both = because(&book);
    assert!(both.contains(&said), "{both}");
}
