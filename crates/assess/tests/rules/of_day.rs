//! What was done on a day on which terms or powers changed: records give days and not hours, so that
//! each of those in force at some time of the day lets it stand.

use serde_json::{Value, json};

use crate::given::{BOARD, Book, CHIEF, How, OFFICER, ROOT, id};
use crate::policy;
use crate::review::{meeting, quarters, whole};

const ON: &str = "2024-02-01";
const POLICY: u128 = 210;
const SCOPE: u128 = 600;
const GIVEN: u128 = 220;

fn terms(top: &str, people: &[u128]) -> Value {
    let seats: Vec<Value> = people.iter().map(|n| json!({"person": id(*n)})).collect();
    json!({"name": true, "top_management": top, "quorum": people.len(), "seats": seats})
}

/// A review of the board, quorate by the terms that the day began with and not by those of its end.
fn reviewed() -> Book {
    let mut book = quarters();
    let there = json!([{"person": id(CHIEF), "role": "member"}]);
    let mut body = meeting(BOARD, ON);
    body["present"] = there;
    book.on(ON).put("meeting", 501, body).put(
        "management_review",
        500,
        whole(501, Some("2024-01-01")),
    );
    book
}

#[test]
fn a_review_is_quorate_by_the_terms_of_its_day_that_it_met() {
    let mut book = reviewed();
    book.put("body", BOARD, terms("part", &[CHIEF, OFFICER]))
        .approve(BOARD, 2);
    book.expect("9.3-a", &[(ON, "holds"), ("2024-05-01", "holds")]);
    book.expect("9.3-a.o", &[("2024-05-01", "holds")]);
    assert_eq!(
        book.words("management_review", "2024-05-01"),
        ("yes", "yes")
    );
    // Decided before, with effect from that day, they are those that the day began with.
    let mut before = quarters();
    before
        .on("2024-01-20")
        .put("body", BOARD, terms("part", &[CHIEF, OFFICER]))
        .act("approve", BOARD, 2, How::from(ON));
    let mut body = meeting(BOARD, ON);
    body["present"] = json!([{"person": id(CHIEF), "role": "member"}]);
    before.on(ON).put("meeting", 501, body).put(
        "management_review",
        500,
        whole(501, Some("2024-01-01")),
    );
    before.expect("9.3-a", &[("2024-05-01", "not_shown")]);
}

#[test]
fn a_paper_may_take_the_place_of_a_meeting_by_either_terms_of_the_day() {
    let by_paper = |before: bool, after: bool| {
        let lets = |yes: bool| {
            let mut body = terms("part", &[CHIEF]);
            body["written_procedure"] = json!(yes);
            body
        };
        let mut book = quarters();
        book.on("2024-01-20")
            .put("body", BOARD, lets(before))
            .approve(BOARD, 2);
        let mut body = meeting(BOARD, ON);
        body["state"] = json!("by_circulation");
        body["present"] = json!([{"person": id(CHIEF), "role": "member"}]);
        book.on(ON)
            .put("body", BOARD, lets(after))
            .approve(BOARD, 3)
            .put("meeting", 501, body)
            .put("management_review", 500, whole(501, Some("2024-01-01")));
        book.says("9.3-a.o", "2024-05-01")
    };
    assert_eq!(by_paper(true, false), "holds");
    assert_eq!(by_paper(false, true), "holds");
    assert_eq!(by_paper(false, false), "not_shown");
}

#[test]
fn a_body_that_ceased_to_be_top_management_on_a_day_set_the_policy_of_that_day() {
    let mut book = Book::new();
    book.on(ON)
        .put("policy", POLICY, policy::whole())
        .act("approve", POLICY, 1, How::by(BOARD))
        .put("body", BOARD, terms("no", &[CHIEF]))
        .approve(BOARD, 2);
    book.expect("5.2-a", &[(ON, "holds"), ("2024-03-01", "holds")]);
    // On the next day it was none any more.
    let mut late = Book::new();
    late.on(ON)
        .put("body", BOARD, terms("no", &[CHIEF]))
        .approve(BOARD, 2);
    late.on("2024-02-02")
        .put("policy", POLICY, policy::whole())
        .act("approve", POLICY, 1, How::by(BOARD));
    late.expect("5.2-a", &[("2024-03-01", "not_shown")]);
}

#[test]
fn whoever_gave_up_a_seat_in_top_management_on_a_day_had_it_on_that_day() {
    let set_by = |on: &str| {
        let mut book = Book::new();
        book.on("2024-01-20")
            .put("body", BOARD, terms("part", &[OFFICER]))
            .approve(BOARD, 2);
        // Who stays on the body is in it when it is no part of top management any more.
        book.on(ON)
            .put("body", BOARD, terms("part", &[CHIEF]))
            .approve(BOARD, 3)
            .put("body", BOARD, terms("no", &[OFFICER]))
            .approve(BOARD, 4);
        book.on(on).put("policy", POLICY, policy::whole()).act(
            "approve",
            POLICY,
            1,
            How::person(OFFICER),
        );
        book.says("5.2-a", "2024-03-01")
    };
    assert_eq!(set_by(ON), "holds");
    assert_eq!(set_by("2024-02-02"), "not_shown");
}

#[test]
fn a_power_that_was_given_to_another_on_a_day_was_top_managements_on_that_day() {
    let power = |holder: u128| json!({"holder": id(holder), "powers": ["approve_scope"], "start": "2024-01-10"});
    let approved = |on: &str| {
        let mut book = Book::new();
        book.on("2024-01-10")
            .put("appointment", GIVEN, power(OFFICER))
            .approve(GIVEN, 1);
        book.on(ON)
            .put("appointment", GIVEN, power(CHIEF))
            .approve(GIVEN, 2);
        book.on(on)
            .put("scope", SCOPE, json!({}))
            .act("approve", SCOPE, 1, How::person(OFFICER));
        book.says("4.3-a.p", "2024-03-01")
    };
    assert_eq!(approved(ON), "holds");
    assert_eq!(approved("2024-02-02"), "reservation");
}

#[test]
fn terms_without_a_record_of_who_was_there_are_told_unless_others_of_the_day_will_do() {
    let told = |first: How, second: How| {
        let mut book = Book::new();
        book.on("2024-01-20")
            .put("body", BOARD, terms("part", &[CHIEF]))
            .act("approve", BOARD, 2, first);
        book.on(ON)
            .put("body", BOARD, terms("part", &[CHIEF]))
            .act("approve", BOARD, 3, second)
            .put("scope", SCOPE, json!({}))
            .act("approve", SCOPE, 1, How::by(BOARD));
        book.says("4.3-a.p", "2024-03-01")
    };
    let shown = || How::by(ROOT);
    assert_eq!(told(How::unattended(), How::unattended()), "reservation");
    assert_eq!(told(shown(), How::unattended()), "holds");
    assert_eq!(told(How::unattended(), shown()), "holds");
}
