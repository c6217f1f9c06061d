//! 8.2: an acceptance that has ended, one of another version, and one that was none.

use serde_json::{Value, json};

use crate::acceptance::{accepted, decided, flags, undecided};
use crate::given::{BOARD, Book, How, OFFICER, ROOT, day, id};
use crate::risk::{FIRST, SECOND, assessed, set_up};

fn answer(book: &Book, about: &str) -> (&'static str, &'static str, String) {
    let five = book.about(about).five.remove(3);
    (five.in_hand, five.holds, five.because)
}

#[test]
fn an_assessment_whose_acceptance_has_ended_was_completed_and_is_open_again() {
    let until = json!({"until": "2024-06-30"});
    let book = undecided("accept", How::carrying(until));
    assert_eq!(book.words("risk_assessment", "2024-06-30"), ("yes", "yes"));
    let (in_hand, holds, because) = answer(&book, "2024-07-01");
    assert_eq!((in_hand, holds), ("yes", "no"));
    let ended = format!(
        "lacks a decision in its assessment of 1 March 2024. The acceptance of record {} by record {} ended \
         on 30 June 2024",
        id(FIRST),
        id(ROOT)
    );
    let said = book.sentence("8.2", "2024-07-01");
    assert!(said.ends_with(&format!("{ended}.")), "{said}");
    assert!(because.contains(&ended), "{because}");
    assert!(
        because.contains("; the newest that was complete, “")
            && because.ends_with(" until 30 June 2024."),
        "{because}"
    );
    // What was never complete is not because somebody accepted it.
    let mut short = undecided("accept", How::carrying(json!({"until": "2024-06-30"})));
    let mut body = assessed("2024-03-02");
    body["decision"] = Value::Null;
    body["consequences"]["societies"] = Value::Null;
    short.on("2024-03-12").put("risk_assessment", FIRST, body);
    let how = How::carrying(json!({"until": "2024-06-30"}));
    short.act("accept", FIRST, 2, how);
    assert_eq!(short.words("risk_assessment", "2024-07-01"), ("no", "no"));
}

#[test]
fn an_answer_that_rests_on_an_acceptance_says_when_that_ends_and_is_due_then() {
    let until = |last: &str| How::carrying(json!({"until": last}));
    let due = |book: &Book, about: &str| book.about(about).five.remove(3).next_due;
    let mut book = undecided("accept", until("2024-06-30"));
    assert_eq!(due(&book, "2024-03-10"), Some(day("2024-06-30")));
    assert_eq!(due(&book, "2024-06-30"), Some(day("2024-06-30")));
    let (.., because) = answer(&book, "2024-03-10");
    assert!(because.ends_with(") until 30 June 2024."), "{because}");
    // One that goes on from the day after it ends.
    let longer = How {
        effective_on: Some(day("2024-07-01")),
        ..until("2024-12-31")
    };
    book.on("2024-06-10").act("accept", FIRST, 1, longer);
    assert_eq!(due(&book, "2024-06-10"), Some(day("2024-12-31")));
    // Of two the one that lasts is told.
    book.on("2024-06-20").act("accept", FIRST, 1, How::by(ROOT));
    assert_eq!(due(&book, "2024-06-20"), Some(day("2025-03-01")));
    let (.., because) = answer(&book, "2024-06-20");
    assert!(
        because.contains("20 June 2024") && !because.contains("until"),
        "{because}"
    );
    // With a decision of its own it is complete whatever was accepted.
    let decided = accepted("medium", until("2024-06-30"));
    assert_eq!(due(&decided, "2024-03-10"), Some(day("2025-03-01")));
    // What is due before the acceptance ends is due then.
    let later = undecided("accept", until("2025-06-30"));
    assert_eq!(due(&later, "2024-03-10"), Some(day("2025-03-01")));
}

#[test]
fn the_newest_that_was_complete_is_the_one_whose_acceptance_ended_and_not_an_older_one() {
    let mut book = set_up();
    book.on("2024-02-10")
        .put("risk_assessment", SECOND, assessed("2024-02-10"));
    let mut body = assessed("2024-03-01");
    body["decision"] = Value::Null;
    let until = How::carrying(json!({"until": "2024-03-31"}));
    book.on("2024-03-01")
        .put("risk_assessment", FIRST, body)
        .act("accept", FIRST, 1, until);
    let (in_hand, holds, because) = answer(&book, "2024-04-01");
    assert_eq!((in_hand, holds), ("yes", "no"));
    let told = because.split("; ").last().expect("it tells of one");
    assert!(
        told.starts_with("the newest that was complete, “")
            && told.contains(&id(FIRST).to_string())
            && told.ends_with(") until 31 March 2024."),
        "{told}"
    );
}

#[test]
fn an_acceptance_that_was_rescinded_is_none_after_its_last_day() {
    let rescinded = |on: &str, how: How| {
        let mut book = undecided("accept", How::by(ROOT));
        book.on(on).act("end", FIRST, 1, how);
        book
    };
    let last = || json!({"last_day": "2024-04-30"});
    let book = rescinded("2024-04-20", How::carrying(last()));
    book.expect(
        "8.2",
        &[("2024-04-30", "holds"), ("2024-05-01", "not_shown")],
    );
    assert_eq!(book.words("risk_assessment", "2024-05-01"), ("yes", "no"));
    let said = book.sentence("8.2", "2024-05-01");
    let by = format!(
        "The acceptance of record {} by record {} was rescinded by record {} and ended on 30 April 2024.",
        id(FIRST),
        id(ROOT),
        id(900)
    );
    assert!(said.ends_with(&by), "{said}");
    // Without a day it ends on that of the decision; without a quorum it goes on.
    rescinded("2024-04-20", How::by(ROOT)).expect(
        "8.2",
        &[("2024-04-20", "holds"), ("2024-04-21", "not_shown")],
    );
    let lost = How {
        because: Some("inquorate"),
        ..How::carrying(last())
    };
    rescinded("2024-04-20", lost).expect("8.2", &[("2024-05-01", "holds")]);
    // Accepted again since, it is accepted.
    let mut again = rescinded("2024-04-20", How::carrying(last()));
    again
        .on("2024-05-10")
        .act("accept", FIRST, 1, How::by(ROOT));
    again.expect(
        "8.2",
        &[("2024-05-09", "not_shown"), ("2024-05-10", "holds")],
    );
}

#[test]
fn a_rescinded_acceptance_answers_for_no_other() {
    let mut book = set_up();
    decided(&mut book, "high", OFFICER);
    book.on("2024-03-10").act("accept", FIRST, 1, How::by(ROOT));
    let last = json!({"last_day": "2024-04-30"});
    book.on("2024-04-20")
        .act("end", FIRST, 1, How::carrying(last));
    assert_eq!(flags(&book, "2024-04-30"), [""; 0]);
    assert_eq!(flags(&book, "2024-05-01").len(), 1);
}

#[test]
fn a_version_of_an_assessment_that_nobody_accepted_is_told_from_the_one_that_was() {
    let mut book = undecided("accept", How::by(BOARD));
    let mut body = assessed("2024-03-01");
    body["decision"] = Value::Null;
    book.on("2024-03-20").put("risk_assessment", FIRST, body);
    let earlier = format!(
        "Of record {}, version 1 was accepted by record {} on 10 March 2024; version 2 is not.",
        id(FIRST),
        id(BOARD)
    );
    let said = book.sentence("8.2", "2024-03-20");
    assert!(said.ends_with(&earlier), "{said}");
    let (in_hand, holds, because) = answer(&book, "2024-03-20");
    assert_eq!((in_hand, holds), ("no", "no"));
    assert!(
        because.ends_with(&format!("since 20 March 2024. {earlier}")),
        "{because}"
    );
}

#[test]
fn a_resolution_that_wanted_to_accept_a_risk_is_named_by_the_finding_of_what_lacks_a_decision() {
    let book = undecided("accept", How::lost("inquorate"));
    let named = format!(
        "record {} of 10 March 2024, to accept record {}, was passed without a quorum and accepted nothing.",
        id(900),
        id(FIRST)
    );
    let said = book.sentence("8.2", "2024-03-10");
    assert!(said.ends_with(&named), "{said}");
    let (_, _, because) = answer(&book, "2024-03-10");
    assert!(because.ends_with(&named), "{because}");
    let before = book.sentence("8.2", "2024-03-09");
    assert!(!before.contains("accepted nothing"), "{before}");
    // Decided otherwise, it lacks nothing.
    accepted("medium", How::lost("inquorate")).expect("8.2", &[("2024-03-10", "holds")]);
}
