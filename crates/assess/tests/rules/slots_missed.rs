//! Slots that were missed: each is a finding of its own, and what the answer on reviews says of
//! several, or of a review that was held elsewhere.

use assess::{At, Finding, beside_none};
use catalogue::Catalogue;
use record::Day;
use serde_json::{Value, json};

use crate::given::{Book, START, day, id};
use crate::review::{DECLARED, first_missed, quarters, review};

fn finding(book: &Book, about: &str) -> Finding {
    let requirements = book.about(about).requirements.into_iter();
    let mut findings = requirements.flat_map(|one| one.findings);
    let found = findings.find(|one| one.rule == "9.3-a.o");
    found.expect("a finding")
}

/// The slots of a finding: first day, since when, and whether somebody said something of it.
fn subjects(finding: &Finding) -> Vec<(String, String, bool)> {
    let of = |one: &assess::Subject| {
        let first = one.id.rsplit('_').next().unwrap_or_default().to_owned();
        (first, one.since.to_string(), one.disposition.is_some())
    };
    finding.subjects.iter().map(of).collect()
}

fn slot(first: &str) -> String {
    format!("{}_{first}", id(DECLARED))
}

fn disposes(since: &str, subject: Option<&str>) -> Value {
    json!({"rule": "9.3-a.o", "since": since, "subject": subject, "says": "not_a_failure",
        "because": true})
}

fn row(first: &str, since: &str, disposed: bool) -> (String, String, bool) {
    (first.to_owned(), since.to_owned(), disposed)
}

#[test]
fn what_was_said_of_one_empty_slot_is_not_said_of_the_next() {
    let mut book = quarters();
    // One that names no slot is beside the one whose day it names.
    book.on("2024-05-02")
        .put("disposition", 800, disposes("2024-05-01", None));
    let first = finding(&book, "2024-05-02");
    assert_eq!(subjects(&first), [row("2024-01-01", "2024-05-01", true)]);
    assert_eq!((first.affected.n, first.affected.of), (1, 1));
    assert_eq!(
        first.subjects[0].title,
        "Slot 1 January 2024 to 31 March 2024"
    );
    let both = |second: bool| {
        [
            row("2024-04-01", "2024-07-31", second),
            row("2024-01-01", "2024-05-01", true),
        ]
    };
    let second = finding(&book, "2024-08-01");
    assert_eq!(subjects(&second), both(false));
    assert_eq!((second.affected.n, second.affected.of), (2, 2));
    assert_eq!(
        second.sentence,
        "No record shows that the management review for 1 April 2024 to 30 June 2024 was held. It \
         is the newest of 2 slots that were missed."
    );
    book.on("2024-08-01").put(
        "disposition",
        801,
        disposes("2024-07-31", Some(&slot("2024-04-01"))),
    );
    assert_eq!(subjects(&finding(&book, "2024-08-01")), both(true));
}

#[test]
fn a_slot_missed_a_year_ago_keeps_its_day_and_what_was_said_of_it() {
    let mut book = first_missed();
    book.put(
        "disposition",
        800,
        disposes("2024-05-01", Some(&slot("2024-01-01"))),
    );
    for (about, level, of) in [("2025-03-31", "not_shown", 4), ("2025-05-10", "flag", 5)] {
        let found = finding(&book, about);
        assert_eq!(found.level, level, "{about}");
        assert_eq!((found.affected.n, found.affected.of), (1, of), "{about}");
        let disposed = about == "2025-05-10";
        assert_eq!(
            subjects(&found),
            [row("2024-01-01", "2024-05-01", disposed)]
        );
    }
}

#[test]
fn a_disposition_of_a_slot_that_became_a_flag_names_either_day_since_which_it_stands() {
    let mut book = first_missed();
    let (about, first) = ("2025-05-10", slot("2024-01-01"));
    let shown = finding(&book, about).since;
    assert_eq!(shown, day("2025-04-01"));
    let catalogue = Catalogue::iso_42001().expect("the catalogue");
    let at = At::new(&book.records, day(START), day(about), day(about));
    let beside = |since: &str, subject: &str| {
        beside_none(&at, &catalogue, &disposes(since, Some(subject))).is_none()
    };
    let days = ["2024-05-01", "2025-04-01", "2025-04-02"];
    assert_eq!(days.map(|since| beside(since, &first)), [true, true, false]);
    // Of a slot that was not missed there is no finding, whatever the day.
    assert!(!beside("2025-04-01", &slot("2024-04-01")));
    book.on(about)
        .put("disposition", 800, disposes("2025-04-01", Some(&first)));
    let disposed =
        |about: &str| subjects(&finding(&book, about)) == [row("2024-01-01", "2024-05-01", true)];
    assert!(disposed(about));
    // Missed again, another slot makes it a finding since another day: of this one it stays said.
    assert!(!disposed("2025-05-09"));
    let later = finding(&book, "2026-06-01");
    assert!(later.since != shown && later.level == "not_shown");
    let said = subjects(&later);
    assert!(
        said.contains(&row("2024-01-01", "2024-05-01", true)),
        "{said:?}"
    );
    assert!(
        said.iter().filter(|(.., disposed)| *disposed).count() == 1,
        "{said:?}"
    );
}

#[test]
fn of_many_missed_slots_the_newest_are_named() {
    let found = finding(&quarters(), "2030-06-01");
    assert_eq!((found.affected.n, found.affected.of), (25, 25));
    assert_eq!(found.subjects.len(), 20);
    assert_eq!(
        subjects(&found)[..2],
        [
            row("2030-01-01", "2030-05-01", false),
            row("2029-10-01", "2030-01-31", false),
        ]
    );
    assert!(found.sentence.contains("1 January 2030 to 31 March 2030"));
    assert_eq!(found.since, day("2024-05-01"));
}

#[test]
fn a_disposition_is_of_a_slot_by_its_day_with_or_without_its_name() {
    let book = quarters();
    let catalogue = Catalogue::iso_42001().expect("the catalogue");
    let about = day("2024-08-01");
    let at = At::new(&book.records, day(START), about, about);
    let found = |since: &str, subject: Option<&str>| {
        let beside = beside_none(&at, &catalogue, &disposes(since, subject));
        beside.map(|one| one.found.iter().map(Day::to_string).collect::<Vec<_>>())
    };
    let (whole, second) = (id(0xa).to_string(), slot("2024-04-01"));
    for subject in [None, Some(whole.as_str()), Some(second.as_str())] {
        assert_eq!(found("2024-07-31", subject), None, "{subject:?}");
    }
    assert_eq!(found("2024-05-01", None), None);
    // One that was made on the organisation, of what is no finding of a slot, counts for nothing.
    let all = vec!["2024-05-01".to_owned(), "2024-07-31".to_owned()];
    assert_eq!(found("2024-06-01", None), Some(all.clone()));
    assert_eq!(found("2024-06-01", Some(&whole)), Some(all));
    let of_second = Some(vec!["2024-07-31".to_owned()]);
    assert_eq!(found("2024-05-01", Some(&second)), of_second);
}

#[test]
fn the_answer_names_the_last_review_on_record_where_the_newest_slot_is_empty() {
    let mut book = quarters();
    review(&mut book, 510, "2024-04-10", Some("2024-04-01"));
    review(&mut book, 520, "2024-07-10", Some("2024-07-01"));
    let five = book.about("2024-05-01").five.remove(4);
    assert_eq!((five.in_hand, five.holds), ("no", "no"));
    assert_eq!(
        five.because,
        format!(
            "No record shows a management review held from 1 January 2024 to 31 March 2024; the \
             last on record, record {}, was held on 10 April 2024.",
            id(510)
        )
    );
    let evidence = |n: u128| five.evidence.iter().any(|one| one.id == id(n));
    assert!(evidence(510) && evidence(511) && !evidence(520));
    assert_eq!(five.since, Some(day("2024-05-01")));
}

#[test]
fn the_answer_says_how_many_slots_are_empty_since_its_day() {
    let mut book = quarters();
    let because = |book: &Book, about: &str| {
        let five = book.about(about).five.remove(4);
        (five.because, five.since)
    };
    let since = Some(day("2024-05-01"));
    let none = "No record shows a management review held";
    assert_eq!(
        because(&book, "2024-07-30"),
        (
            format!(
                "{none} from 1 January 2024 to 31 March 2024; a review held from 1 April 2024 to 30 \
                 June 2024 may still be recorded in time until 30 July 2024."
            ),
            since
        )
    );
    let newest = "the newest from 1 July 2024 to 30 September 2024";
    assert_eq!(
        because(&book, "2024-11-05"),
        (format!("{none} in the last 3 slots, {newest}."), since)
    );
    review(&mut book, 500, "2024-08-01", None);
    let said = because(&book, "2024-11-05").0;
    assert!(
        said.ends_with("claims none; the 2 before it are empty too."),
        "{said}"
    );
}
