//! Sentences that a director reads without the records: they name what an answer is about, and the
//! cause that lies nearest.

use serde_json::json;

use crate::given::{BOARD, Book, CHIEF, How, OFFICER, ROOT, TEAM, cite, id};
use crate::owner::{APPOINTED, appointed, both};
use crate::review::{DECLARED, meeting, quarters, whole};
use crate::risk::{CRITERIA, FIRST, SYSTEM, assessed, set_up};
use crate::scope::{attest, headed, scope};
use crate::stretched::declare;

fn because(book: &Book, answer: usize, about: &str) -> String {
    book.about(about).five.remove(answer).because
}

#[test]
fn whoever_stood_in_is_named_where_a_later_version_took_that_place() {
    let covered = |start: &str| {
        let mut body = both(OFFICER);
        body["cover"] = json!(id(CHIEF));
        body["start"] = json!(start);
        body
    };
    let mut book = appointed(covered("2024-02-10"), How::by(ROOT));
    book.on("2024-05-01").moved(
        APPOINTED,
        "leave",
        json!({"last_day": "2024-05-10", "because": true}),
    );
    let later = |mut book: Book| {
        book.on("2024-06-01")
            .put("appointment", APPOINTED, covered("2024-07-01"))
            .approve(APPOINTED, 2);
        book.sentence("5.3", "2024-06-02")
    };
    let stood_in = format!(
        "the appointment in force gives it to record {} from 1 July 2024 on, and took the place of the \
         version by which record {} stood in before that day.",
        id(OFFICER),
        id(CHIEF)
    );
    let said = later(book);
    assert!(said.contains(&stood_in), "{said}");
    let gave = format!(
        "took the place of the version that gave it to record {} before",
        id(OFFICER)
    );
    let said = later(appointed(covered("2024-02-10"), How::by(ROOT)));
    assert!(said.contains(&gave), "{said}");
}

#[test]
fn where_the_only_system_is_retired_none_is_at_a_stage_at_which_it_must_be_assessed() {
    let mut book = set_up();
    book.on("2024-06-01")
        .put("ai_system", SYSTEM, json!({"stage": "retired"}));
    assert_eq!(
        because(&book, 3, "2024-06-01"),
        "No AI system is at a stage at which it must be assessed."
    );
}

#[test]
fn where_the_scope_has_ended_it_is_said_that_each_system_counts() {
    let over = " No scope is in force any more, so that each system counts as in scope.";
    let mut book = set_up();
    book.on("2024-02-01")
        .put(
            "scope",
            200,
            json!({"criteria": [{"stage": ["live"], "says": "in"}]}),
        )
        .act(
            "approve",
            200,
            1,
            How::carrying(json!({"until": "2024-06-30"})),
        );
    // With no assessment, with one, and with another system that has none.
    let mut assessed_once = book.clone();
    assessed_once
        .on("2024-03-01")
        .put("risk_assessment", FIRST, assessed("2024-03-01"));
    let mut two = assessed_once.clone();
    two.on("2024-03-02")
        .put("ai_system", 0xabd, json!({"stage": "live"}));
    for book in [&book, &assessed_once, &two] {
        assert!(!because(book, 3, "2024-06-30").contains(over));
        let said = because(book, 3, "2024-07-01");
        assert!(said.ends_with(over), "{said}");
    }
    // Where there never was one, that is the answer on the scope.
    assert!(!because(&set_up(), 3, "2024-07-01").contains(over));
}

#[test]
fn criteria_that_were_entered_in_error_are_told_from_such_as_were_not_in_force() {
    let mut book = set_up();
    book.on("2024-04-01")
        .put("risk_assessment", FIRST, assessed("2024-04-01"));
    book.on("2024-05-20")
        .moved(CRITERIA, "withdraw", json!({"because": true}));
    let said = book.sentence("8.2", "2024-05-20");
    let cites = format!(
        "It cites record {}, version 1, which was withdrawn on 20 May 2024 as entered in error.",
        id(CRITERIA)
    );
    assert!(said.ends_with(&cites), "{said}");
}

#[test]
fn of_two_series_with_slots_of_the_same_days_the_sentence_names_the_one() {
    let mut book = quarters();
    let one =
        "No record shows that the management review for 1 January 2024 to 31 March 2024 was held.";
    assert_eq!(book.sentence("9.3-a.o", "2024-05-01"), one);
    let series = json!({"management_review": {"first_day": "2024-01-01", "months": 3}});
    book.put("declaration", 301, json!({"series": series}))
        .approve(301, 1)
        .on("2024-02-01")
        .put("meeting", 501, meeting(BOARD, "2024-02-01"))
        .put("management_review", 500, whole(501, Some("2024-01-01")));
    let named = format!(
        "{one} It is a slot of the series that record {} declares; another series has one of the same days.",
        id(301)
    );
    assert_eq!(book.sentence("9.3-a.o", "2024-05-01"), named);
    assert_ne!(301, DECLARED);
}

#[test]
fn an_attestation_that_a_shorter_interval_made_due_is_told_with_it() {
    let mut book = scope(crate::scope::whole(), How::by(ROOT));
    headed(&mut book, "2024-02-01");
    declare(&mut book, "2024-02-01", 1, json!({"attestation_months": 6}));
    attest(&mut book, 400, "2024-02-01", json!([]));
    declare(&mut book, "2024-06-01", 2, json!({"attestation_months": 3}));
    let said = book.sentence("4.3-c", "2024-06-10");
    let expected = format!(
        "Since 1 June 2024 nobody has attested in time that housing's list of AI systems is complete: \
         the last did so on 1 February 2024, and by the interval that record {}, version 2, set on \
         1 June 2024 it was due again on 1 May 2024.",
        id(DECLARED)
    );
    assert_eq!(said, expected);
}

#[test]
fn of_meetings_of_two_bodies_on_one_day_the_one_without_a_quorum_is_named() {
    let mut book = quarters();
    let seats = json!([{"person": id(CHIEF)}, {"person": id(OFFICER)}]);
    book.put(
        "body",
        TEAM,
        json!({"name": true, "top_management": "no", "quorum": 2, "seats": seats}),
    )
    .approve(TEAM, 2);
    let mut body = whole(501, Some("2024-01-01"));
    body["parts"] = json!([{"meeting": cite(501, 1)}, {"meeting": cite(502, 1)}]);
    let lost = "The records show no quorum at item 1 of the meeting of 1 February 2024; the management \
        review counts by the rest of it.";
    let of_team = format!(
        " Of the meetings of that day it is the one of record {}.",
        id(TEAM)
    );
    for (on, expected) in [("2024-02-01", of_team.as_str()), ("2024-02-02", "")] {
        let mut book = book.clone();
        book.on("2024-02-02")
            .put("meeting", 501, meeting(BOARD, on))
            .put("meeting", 502, meeting(TEAM, "2024-02-01"))
            .put("management_review", 500, body.clone());
        let said = book.sentence("9.3-a.p", "2024-05-01");
        assert!(said.ends_with(&format!("{lost}{expected}")), "{said}");
    }
}

#[test]
fn while_a_record_is_awaited_no_review_is_missing_and_what_it_lacks_is_told() {
    let waits = "No management review is missing yet; a review held from 1 January 2024 to 31 March 2024 \
        may still be recorded in time until 30 April 2024";
    let mut book = quarters();
    assert_eq!(because(&book, 4, "2024-04-30"), format!("{waits}."));
    let mut unminuted = meeting(BOARD, "2024-02-20");
    unminuted["items"] = json!([]);
    book.on("2024-02-20").put("meeting", 501, unminuted).put(
        "management_review",
        500,
        whole(501, Some("2024-01-01")),
    );
    let lacks = format!(
        "{waits}; record {}, held on 20 February 2024, is on record, and its minutes are not.",
        id(500)
    );
    assert_eq!(because(&book, 4, "2024-04-30"), lacks);
}

#[test]
fn of_a_review_in_a_slot_that_is_open_it_is_told_that_its_minutes_are_missing() {
    let mut book = quarters();
    let none = "No slot for a management review has ended yet";
    assert_eq!(because(&book, 4, "2024-02-20"), format!("{none}."));
    let mut unminuted = meeting(BOARD, "2024-02-20");
    unminuted["items"] = json!([{"number": "1"}]);
    book.on("2024-02-20").put("meeting", 501, unminuted).put(
        "management_review",
        500,
        whole(501, Some("2024-01-01")),
    );
    assert_eq!(book.words("management_review", "2024-02-20").0, "not_due");
    let lacks = format!(
        "{none}; record {}, held on 20 February 2024, is on record, and its minutes are not.",
        id(500)
    );
    for about in ["2024-02-20", "2024-03-31"] {
        assert_eq!(because(&book, 4, about), lacks);
    }
    assert_eq!(because(&book, 4, "2024-02-19"), format!("{none}."));
    book.on("2024-03-01")
        .put("meeting", 501, meeting(BOARD, "2024-02-20"));
    assert_eq!(book.words("management_review", "2024-03-01").0, "yes");
}

#[test]
fn what_goes_on_with_a_successor_is_not_due() {
    let next_due = |successor: Option<&str>| {
        let mut book = appointed(both(OFFICER), How::by(ROOT));
        book.on("2024-06-20").moved(
            APPOINTED,
            "leave",
            json!({"last_day": "2024-06-30", "because": true}),
        );
        if let Some(start) = successor {
            let mut body = both(CHIEF);
            body["start"] = json!(start);
            book.put("appointment", 230, body).approve(230, 1);
        }
        book.about("2024-06-20").five.remove(2).next_due
    };
    let last = Some(crate::given::day("2024-06-30"));
    assert_eq!(next_due(None), last);
    assert_eq!(next_due(Some("2024-07-01")), None);
    assert_eq!(next_due(Some("2024-07-02")), last);
}

#[test]
fn of_a_review_with_a_meeting_that_was_not_held_no_rule_says_that_it_was() {
    let mut book = quarters();
    let mut body = whole(501, Some("2024-01-01"));
    body["parts"] = json!([{"meeting": cite(501, 1)}, {"meeting": cite(502, 1)}]);
    book.on("2024-02-20")
        .put("meeting", 501, meeting(BOARD, "2024-02-20"))
        .put("meeting", 502, meeting(BOARD, "2024-02-20"))
        .put("management_review", 500, body);
    for rule in ["9.3-b", "9.3-c"] {
        book.expect(rule, &[("2024-05-01", "holds")]);
    }
    let called_off = json!({"body": id(BOARD), "state": "cancelled", "sittings": []});
    book.on("2024-03-05").put("meeting", 502, called_off);
    for rule in ["9.3-a.o", "9.3-b", "9.3-c"] {
        book.expect(rule, &[("2024-05-01", "not_shown")]);
    }
}
