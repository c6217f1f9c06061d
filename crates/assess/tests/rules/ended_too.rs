//! What the answers say of what else ended: a version of an appointment in whose place another is,
//! and a body that was dissolved.

use serde_json::{Value, json};

use crate::given::{BOARD, Book, How, OFFICER, ROOT, TEAM, id};
use crate::review::{quarters, review};

const OWNER: u128 = 220;

fn appointment(duties: &Value, holder: u128) -> Value {
    json!({"holder": id(holder), "duties": duties, "start": "2024-02-01", "authority": true})
}

/// Both duties, given on 1 February.
fn owner(holder: u128, how: How) -> Book {
    let mut book = Book::new();
    book.on("2024-02-01")
        .put(
            "appointment",
            OWNER,
            appointment(&json!(["conformity", "reporting"]), holder),
        )
        .act("approve", OWNER, 1, how)
        .moved(OWNER, "communicate", json!({"on": "2024-02-01"}));
    book
}

/// Returns the sentence of an answer, and its evidence: number, version, and what was done.
fn told(book: &Book, place: usize, about: &str) -> (String, Vec<(u128, u32, String)>) {
    let five = book.about(about).five.remove(place);
    let evidence = five.evidence.into_iter();
    let evidence = evidence.map(|one| {
        let done = one.name_of_move.unwrap_or_default();
        (one.id.as_u128(), one.version, done)
    });
    (five.because, evidence.collect())
}

#[track_caller]
fn rests_on(evidence: &[(u128, u32, String)], named: &[(u128, u32, &str)]) {
    for (id, version, done) in named {
        let one = (*id, *version, (*done).to_owned());
        assert!(evidence.contains(&one), "{one:?} of {evidence:?}");
    }
}

#[test]
fn a_duty_that_a_later_version_gives_no_longer_is_told_with_it() {
    let mut book = owner(OFFICER, How::by(ROOT));
    book.on("2024-06-01")
        .put(
            "appointment",
            OWNER,
            appointment(&json!(["conformity"]), OFFICER),
        )
        .approve(OWNER, 2);
    let (because, evidence) = told(&book, 2, "2024-06-02");
    let end = format!(
        "for 2 days, from 1 June 2024: record {}, version 2, approved by record {} on 1 June 2024 \
         (record {}), took the place of version 1, and gives it no longer.",
        id(OWNER),
        id(ROOT),
        id(900)
    );
    assert!(because.ends_with(&end), "{because}");
    rests_on(
        &evidence,
        &[(OWNER, 1, ""), (OWNER, 2, ""), (900, 1, "attest")],
    );
}

#[test]
fn a_duty_that_a_later_version_gives_from_a_later_day_is_told_with_it() {
    let mut book = owner(OFFICER, How::by(ROOT));
    let mut later = appointment(&json!(["conformity", "reporting"]), OFFICER);
    later["start"] = json!("2024-07-01");
    book.on("2024-06-01")
        .put("appointment", OWNER, later)
        .approve(OWNER, 2);
    let because = told(&book, 2, "2024-06-02").0;
    let end = "took the place of version 1, and begins on 1 July 2024.";
    assert!(because.ends_with(end), "{because}");
}

#[test]
fn a_post_given_from_a_later_day_takes_no_duty_from_its_own_appointment() {
    let mut book = Book::new();
    let post = |start: &str| json!({"holder": id(OFFICER), "post": "head", "start": start});
    let duty = json!({"holder_post": "head", "duties": ["conformity", "reporting"],
        "start": "2024-02-01", "authority": true});
    book.on("2024-02-01")
        .put("appointment", 221, post("2024-02-01"))
        .approve(221, 1)
        .put("appointment", OWNER, duty)
        .approve(OWNER, 1)
        .on("2024-06-01")
        .put("appointment", 221, post("2024-07-01"))
        .approve(221, 2);
    let because = told(&book, 2, "2024-06-02").0;
    let end = "took the place of version 1, and begins on 1 July 2024.";
    assert!(because.ends_with(end), "{because}");
}

#[test]
fn a_body_that_held_a_duty_and_was_dissolved_is_told_with_its_end() {
    let mut book = owner(TEAM, How::by(ROOT));
    book.on("2024-05-31").act("end", TEAM, 1, How::by(ROOT));
    let (because, evidence) = told(&book, 2, "2024-06-02");
    let end = format!(
        "for 2 days, from 1 June 2024: record {}, version 1, was rescinded by record {} on 31 May 2024 \
         (record {}).",
        id(TEAM),
        id(ROOT),
        id(900)
    );
    assert!(because.ends_with(&end), "{because}");
    rests_on(
        &evidence,
        &[(OWNER, 1, ""), (TEAM, 1, ""), (TEAM, 1, "end")],
    );
}

/// The board, dissolved with March, as was recorded on 1 June.
fn dissolved(book: &mut Book) {
    let end = How {
        carries: json!({"last_day": "2024-03-31"}),
        ..How::decided("2024-03-25")
    };
    book.on("2024-06-01").act("end", BOARD, 1, end);
}

fn until_march() -> String {
    format!(
        "; record {} was, or was part of, top management until 31 March 2024, which was recorded only \
         on 1 June 2024",
        id(BOARD)
    )
}

#[test]
fn an_owner_whom_a_body_appointed_that_had_ended_is_told_with_its_end() {
    let mut book = Book::new();
    book.on("2024-04-10")
        .put(
            "appointment",
            OWNER,
            appointment(&json!(["conformity", "reporting"]), OFFICER),
        )
        .act("approve", OWNER, 1, How::by(BOARD));
    dissolved(&mut book);
    let (because, evidence) = told(&book, 2, "2024-06-02");
    assert!(
        because.ends_with(&format!("{}.", until_march())),
        "{because}"
    );
    assert!(because.contains("by another's act"), "{because}");
    rests_on(&evidence, &[(BOARD, 1, ""), (BOARD, 1, "end")]);
}

#[test]
fn a_policy_that_a_body_adopted_that_had_ended_rests_on_its_end() {
    let mut book = Book::new();
    book.on("2024-04-10")
        .put("policy", 210, json!({"title": true}))
        .act("approve", 210, 1, How::by(BOARD));
    dissolved(&mut book);
    let (because, evidence) = told(&book, 1, "2024-06-02");
    assert!(because.contains(&until_march()), "{because}");
    rests_on(&evidence, &[(BOARD, 1, ""), (BOARD, 1, "end")]);
}

#[test]
fn a_policy_that_a_body_kept_that_had_ended_reserves_it() {
    let contents =
        json!({"purpose": true, "objectives": true, "requirements": true, "improvement": true});
    let mut book = Book::new();
    book.on("2024-02-01")
        .put("policy", 210, json!({"title": true, "contents": contents}))
        .approve(210, 1)
        .on("2024-04-10")
        .act("keep", 210, 1, How::by(BOARD));
    assert_eq!(book.about("2024-06-02").five[1].reservations, [""; 0]);
    dissolved(&mut book);
    let five = book.about("2024-06-02").five.remove(1);
    let said = format!(
        "record {} was kept as it is on 10 April 2024 by a body that had ended: {}.",
        id(210),
        until_march().trim_start_matches("; ")
    );
    assert!(five.reservations.contains(&said), "{:?}", five.reservations);
    rests_on(
        &told(&book, 1, "2024-06-02").1,
        &[(BOARD, 1, ""), (BOARD, 1, "end")],
    );
}

#[test]
fn a_review_by_a_body_that_had_ended_is_told_with_its_end() {
    let mut book = quarters();
    review(&mut book, 500, "2024-04-10", Some("2024-04-01"));
    let before = told(&book, 4, "2024-08-01").0;
    assert!(!before.contains("until"), "{before}");
    dissolved(&mut book);
    let (because, evidence) = told(&book, 4, "2024-08-01");
    let short = format!("took part, quorate by its own terms{}", until_march());
    assert!(because.contains(&short), "{because}");
    rests_on(&evidence, &[(BOARD, 1, ""), (BOARD, 1, "end")]);
}
