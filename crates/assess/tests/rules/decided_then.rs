//! Whoever decided is asked for what they were on the day they did, and not for what they became.

use serde_json::{Value, json};

use crate::given::{BOARD, Book, CHIEF, How, OFFICER, ROOT, TEAM, id};
use crate::owner::{APPOINTED, appointed, both};

const SUBJECT: u128 = 600;
const FIRST: u128 = 220;
const SECOND: u128 = 221;

/// Changes the terms of a body: whether it is top management, and until when the chief has a seat.
fn changed(book: &mut Book, body: u128, (top, until): (&str, Option<&str>)) {
    let seats = json!([{"person": id(CHIEF), "until": until}]);
    let terms = json!({"name": true, "top_management": top, "quorum": 1, "seats": seats});
    let version = book.next_version(body);
    book.put("body", body, terms).approve(body, version);
}

fn policy() -> Value {
    json!({"contents":
        {"purpose": true, "objectives": true, "requirements": true, "improvement": true}})
}

/// A scope, a policy and an owner, each decided on 1 February.
fn decided(how: &How) -> Book {
    let mut book = appointed(both(OFFICER), how.clone());
    book.on("2024-02-01")
        .put("scope", SUBJECT, json!({}))
        .act("approve", SUBJECT, 1, how.clone())
        .put("policy", 601, policy())
        .act("approve", 601, 1, how.clone());
    book
}

#[track_caller]
fn says(book: &Book, about: &str, expected: [&str; 3]) {
    let rules = ["4.3-a.p", "5.2-a", "5.3"];
    assert_eq!(rules.map(|rule| book.says(rule, about)), expected);
}

/// Puts a scope and a policy in the place of those, or beside, for a while: what was there before
/// is asked again after it.
fn interrupted(book: &mut Book) {
    let last = || How::carrying(json!({"last_day": "2024-06-20"}));
    book.on("2024-06-10");
    for (kind, n) in [("scope", 610), ("policy", 611)] {
        book.put(kind, n, policy()).approve(n, 1);
        book.act("end", n, 1, last());
    }
    let mut other = both(OFFICER);
    other["start"] = json!("2024-06-10");
    book.put("appointment", 612, other)
        .approve(612, 1)
        .act("end", 612, 1, last());
}

#[test]
fn a_body_is_top_management_by_its_terms_on_the_day_it_decided() {
    let short = ["reservation", "not_shown", "not_shown"];
    let mut book = decided(&How::by(TEAM));
    changed(book.on("2024-06-01"), TEAM, ("part", None));
    interrupted(&mut book);
    says(&book, "2024-07-01", short);
    let mut book = decided(&How::by(BOARD));
    changed(book.on("2024-06-01"), BOARD, ("no", None));
    interrupted(&mut book);
    says(&book, "2024-07-01", ["holds"; 3]);
}

#[test]
fn a_person_decides_with_the_seat_they_have_that_day() {
    let leaves = |book: &mut Book| {
        book.on("2024-01-20");
        changed(book, ROOT, ("is", Some("2024-05-31")));
        changed(book, BOARD, ("part", Some("2024-05-31")));
    };
    let by = How::person(CHIEF);
    for (on, expected) in [("2024-05-31", "holds"), ("2024-06-01", "not_shown")] {
        let mut book = Book::new();
        leaves(&mut book);
        book.on(on)
            .put("policy", 601, policy())
            .act("approve", 601, 1, by.clone());
        interrupted(&mut book);
        book.expect("5.2-a", &[(on, expected), ("2024-07-01", expected)]);
    }
}

#[test]
fn terms_approved_with_a_record_since_show_nothing_of_a_decision_before() {
    let mut book = Book::new();
    let seats = json!([{"person": id(CHIEF)}]);
    let terms = json!({"name": true, "top_management": "part", "quorum": 1, "seats": seats});
    book.on("2024-01-20")
        .put("body", BOARD, terms)
        .act("approve", BOARD, 2, How::unattended());
    book.on("2024-02-01").put("scope", SUBJECT, json!({})).act(
        "approve",
        SUBJECT,
        1,
        How::by(BOARD),
    );
    changed(book.on("2024-03-01"), BOARD, ("part", None));
    interrupted(&mut book);
    book.expect("4.3-a.p", &[("2024-07-01", "reservation")]);
    book.on("2024-07-02")
        .act("approve", SUBJECT, 1, How::by(BOARD));
    book.expect("4.3-a.p", &[("2024-07-02", "holds")]);
}

fn power(holder: u128, days: [&str; 2]) -> Value {
    json!({"holder": id(holder), "powers": ["approve_scope"], "start": days[0], "end": days[1]})
}

#[test]
fn a_power_that_ended_since_was_held_when_the_scope_was_approved() {
    let mut book = Book::new();
    let term = power(OFFICER, ["2024-01-10", "2024-05-31"]);
    book.on("2024-01-10")
        .put("appointment", FIRST, term)
        .act("approve", FIRST, 1, How::by(BOARD));
    let by = How::person(OFFICER);
    book.on("2024-02-01")
        .put("scope", SUBJECT, json!({}))
        .act("approve", SUBJECT, 1, by);
    // And whoever gave it was top management when they did.
    changed(book.on("2024-06-01"), BOARD, ("no", None));
    interrupted(&mut book);
    book.expect("4.3-a.p", &[("2024-07-01", "holds")]);
}

#[test]
fn whoever_gives_a_power_on_has_it_on_the_day_they_do() {
    for (days, expected) in [
        (["2024-01-10", "2024-01-20"], "holds"),
        (["2024-01-12", "2024-12-31"], "reservation"),
    ] {
        let mut book = Book::new();
        let given = power(OFFICER, ["2024-01-11", "2024-12-31"]);
        book.on("2024-01-10")
            .put("appointment", FIRST, power(CHIEF, days))
            .act("approve", FIRST, 1, How::by(ROOT));
        book.on("2024-01-11").put("appointment", SECOND, given).act(
            "approve",
            SECOND,
            1,
            How::person(CHIEF),
        );
        let by = How::person(OFFICER);
        book.on("2024-02-01")
            .put("scope", SUBJECT, json!({}))
            .act("approve", SUBJECT, 1, by);
        assert_eq!(book.says("4.3-a.p", "2024-02-01"), expected, "{days:?}");
    }
}

#[test]
fn of_two_appointed_the_one_who_began_last_answers_whichever_was_recorded_first() {
    let mut book = Book::new();
    for (n, holder, start) in [
        (FIRST, OFFICER, "2024-02-10"),
        (SECOND, CHIEF, "2024-02-05"),
    ] {
        let mut body = both(holder);
        body["start"] = json!(start);
        book.on("2024-02-01")
            .put("appointment", n, body)
            .act("approve", n, 1, How::by(ROOT));
    }
    let told = |about: &str| book.about(about).five[2].because.clone();
    for (about, holder) in [("2024-02-09", CHIEF), ("2024-02-10", OFFICER)] {
        let named = format!("record {}, appointed", id(holder));
        assert!(told(about).starts_with(&named), "{}", told(about));
    }
}

#[test]
fn of_two_who_have_a_post_the_one_who_began_last_has_the_duties_that_lie_with_it() {
    let mut body = both(OFFICER);
    body["holder"] = Value::Null;
    body["holder_post"] = json!("head-digital");
    let mut book = appointed(body, How::by(ROOT));
    for (n, holder, start) in [(230, OFFICER, "2024-03-01"), (231, CHIEF, "2024-02-20")] {
        let post = json!({"holder": id(holder), "post": "head-digital", "start": start});
        book.put("appointment", n, post).approve(n, 1);
    }
    let told = book.about("2024-03-01").five[2].because.clone();
    assert!(
        told.starts_with(&format!(
            "record {}, in the post head-digital since 1 March 2024",
            id(OFFICER)
        )),
        "{told}"
    );
}

#[test]
fn whoever_stands_in_for_another_takes_nothing_from_one_person() {
    let mut book = appointed(both(OFFICER), How::by(ROOT));
    let mut covered = both(CHIEF);
    covered["start"] = json!("2024-02-05");
    covered["cover"] = json!(id(13));
    book.put("person", 13, json!({"name": true}))
        .put("appointment", SECOND, covered)
        .approve(SECOND, 1)
        .moved(SECOND, "leave", json!({"last_day": "2024-02-28"}));
    book.expect(
        "5.3.p",
        &[("2024-02-28", "reservation"), ("2024-02-29", "holds")],
    );
}

#[test]
fn a_version_that_was_never_approved_left_nobody_with_a_duty_to_lose() {
    let mut later = both(CHIEF);
    later["start"] = json!("2024-07-01");
    let mut book = Book::new();
    book.on("2024-02-01")
        .put("appointment", APPOINTED, both(OFFICER))
        .put("appointment", APPOINTED, later)
        .approve(APPOINTED, 2);
    let vacant = |about: &str| book.sentence("5.3", about);
    let said = vacant("2024-06-01");
    assert!(!said.contains("took the place"), "{said}");
    // Nor is one who began and left since still to come.
    let mut book = appointed(both(OFFICER), How::by(ROOT));
    book.on("2024-03-01")
        .put("appointment", APPOINTED, both(CHIEF))
        .approve(APPOINTED, 2);
    let gone = json!({"name": true, "left_on": "2024-04-30"});
    book.put("person", CHIEF, gone);
    let said = book.sentence("5.3", "2024-05-01");
    assert!(
        said.contains("AI management system on 1 May 2024"),
        "{said}"
    );
}
