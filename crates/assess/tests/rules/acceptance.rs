//! 6.1.3: who accepted a risk as assessed, with what authority.
//!
//! The criteria name the board up to medium and the root up to high; low is their line.

use serde_json::{Value, json};

use crate::given::{BOARD, Book, CHIEF, How, OFFICER, ROOT, TEAM, id};
use crate::risk::{CRITERIA, FIRST, SYSTEM, assessed, set_up};

const EMPOWERED: u128 = 220;
const POST: u128 = 221;

/// What an acceptance lacked, by the end of its sentence.
const ABOVE: Option<&str> = Some("above the authority held for that level.");
const UNNAMED: Option<&str> = Some("the criteria it cites name somebody else for it.");
const UNEMPOWERED: Option<&str> =
    Some("no terms of reference and no appointment give the power to accept it.");

/// An assessment of a level on 1 March that a body accepts on 10 March.
pub fn accepted(level: &str, how: How) -> Book {
    let mut body = assessed("2024-03-01");
    body["level"] = json!(level);
    body["decision"]["says"] = json!("treat");
    let mut book = set_up();
    book.on("2024-03-01").put("risk_assessment", FIRST, body);
    book.on("2024-03-10").act("accept", FIRST, 1, how);
    book
}

/// Puts an assessment of a level of 1 March that a person accepts on that day.
pub fn decided(book: &mut Book, level: &str, by: impl Into<Option<u128>>) {
    let mut body = assessed("2024-03-01");
    body["level"] = json!(level);
    body["decision"] =
        json!({"says": "accept", "because": true, "on": "2024-03-01", "by": by.into().map(id)});
    book.on("2024-03-01").put("risk_assessment", FIRST, body);
}

/// An appointment that gives the officer the power to accept risks from 10 February.
fn power(book: &mut Book, changed: &Value) {
    let mut body = json!({"holder": id(OFFICER), "powers": ["accept_risk"], "start": "2024-02-10"});
    for (field, value) in changed.as_object().into_iter().flatten() {
        body[field] = value.clone();
    }
    book.put("appointment", EMPOWERED, body)
        .approve(EMPOWERED, 1);
}

pub fn flags(book: &Book, about: &str) -> Vec<String> {
    let status = book.about(about);
    let requirement = status.requirements.iter().find(|one| one.id == "6.1.3");
    let findings = requirement.iter().flat_map(|one| &one.findings);
    let findings = findings.filter(|one| one.rule == "6.1.3-c");
    findings
        .map(|one| {
            assert_eq!((one.level, one.affected.n), ("flag", 1));
            one.sentence.clone()
        })
        .collect()
}

#[track_caller]
fn expect(book: &Book, about: &str, lacked: Option<&str>, case: &str) {
    let flags = flags(book, about);
    match lacked {
        None => assert!(flags.is_empty(), "{case}: {flags:?}"),
        Some(end) => assert!(
            flags.len() == 1 && flags[0].ends_with(end),
            "{case}: {flags:?}"
        ),
    }
}

#[test]
fn a_body_accepts_with_its_power_for_the_level_by_whichever_document() {
    let lost = |body: u128, because| How {
        because: Some(because),
        ..How::by(body)
    };
    let cases = [
        ("medium", How::by(BOARD), None),
        ("high", How::by(BOARD), UNNAMED),
        ("medium", How::by(TEAM), UNNAMED),
        ("medium", How::by(ROOT), None), // a higher level includes it
        ("high", How::by(ROOT), None),
        ("low", How::by(TEAM), None), // acceptable without more
        ("low", lost(TEAM, "no_power"), None),
        ("medium", lost(BOARD, "above_authority"), UNEMPOWERED),
        ("medium", lost(BOARD, "no_power"), UNEMPOWERED),
        ("high", lost(BOARD, "above_authority"), ABOVE),
        ("medium", lost(TEAM, "no_power"), ABOVE),
        ("high", lost(BOARD, "inquorate"), None), // nothing was accepted
    ];
    for (level, how, lacked) in cases {
        let case = format!("{level} {how:?}");
        let book = accepted(level, how);
        expect(&book, "2024-03-10", lacked, &case);
        expect(&book, "2024-03-09", None, &case);
        book.expect("8.2", &[("2024-03-10", "holds")]);
    }
}

#[test]
fn the_root_accepts_whatever_level_though_the_criteria_name_another() {
    let mut book = Book::new();
    let body = json!({"levels": ["low", "high"], "acceptable_to": "low",
        "authority": [{"level": "high", "holder": id(BOARD)}]});
    book.on("2024-02-01")
        .put("risk_criteria", CRITERIA, body)
        .approve(CRITERIA, 1);
    let mut body = assessed("2024-03-01");
    body["level"] = json!("high");
    book.on("2024-03-01").put("risk_assessment", FIRST, body);
    book.act("accept", FIRST, 1, How::by(ROOT));
    expect(&book, "2024-03-01", None, "the root");
}

#[test]
fn each_sentence_says_who_accepted_what_and_what_was_lacking() {
    let said = |ends: &str| {
        format!(
            "The risk assessed on 1 March 2024 as high was accepted by record {} on 10 March \
             2024, {ends}",
            id(BOARD)
        )
    };
    let above = How {
        because: Some("above_authority"),
        ..How::by(BOARD)
    };
    assert_eq!(
        flags(&accepted("high", above), "2024-03-10"),
        [said("above the authority held for that level.")]
    );
    assert_eq!(
        flags(&accepted("high", How::by(BOARD)), "2024-03-10"),
        [said(
            "with the power to accept that level; the criteria it cites name somebody else for it."
        )]
    );
}

#[test]
fn an_acceptance_with_authority_answers_one_without() {
    let mut book = accepted("high", How::by(BOARD));
    book.on("2024-04-01").act("accept", FIRST, 1, How::by(ROOT));
    expect(&book, "2024-03-31", UNNAMED, "before the root");
    expect(&book, "2024-04-01", None, "once the root accepted");
    // A body that may accept it answers for a person.
    let mut book = set_up();
    decided(&mut book, "medium", OFFICER);
    expect(&book, "2024-03-09", ABOVE, "before the board");
    book.on("2024-03-10")
        .act("accept", FIRST, 1, How::by(BOARD));
    expect(&book, "2024-03-10", None, "once the board accepted");
}

#[test]
fn an_acceptance_without_authority_is_asked_about_until_the_risk_is_assessed_anew() {
    let anew = |level: &str, decision: Value| {
        let mut book = set_up();
        decided(&mut book, "high", OFFICER);
        let mut body = assessed("2024-04-01");
        body["level"] = json!(level);
        body["decision"] = decision;
        book.on("2024-04-01").put("risk_assessment", 241, body);
        book
    };
    let treated = anew(
        "low",
        json!({"says": "treat", "because": true, "on": "2024-04-01"}),
    );
    expect(&treated, "2024-03-31", ABOVE, "before it was assessed anew");
    expect(&treated, "2024-04-01", None, "once it was found to be low");
    // What the newer one still lacks to accept it is asked of that one.
    let mut open = anew("high", Value::Null);
    expect(&open, "2024-04-01", None, "once it is to be accepted anew");
    open.expect("8.2", &[("2024-04-01", "not_shown")]);
    open.on("2024-04-10").act("accept", 241, 1, How::by(ROOT));
    expect(
        &open,
        "2024-04-10",
        None,
        "once the root accepted the newer",
    );
    let says = json!({"says": "accept", "because": true, "on": "2024-04-01", "by": id(OFFICER)});
    expect(
        &anew("high", says),
        "2024-04-01",
        ABOVE,
        "so accepted again",
    );
    // One of another system takes nobody's place.
    let mut other = set_up();
    decided(&mut other, "high", OFFICER);
    let mut body = assessed("2024-04-01");
    body["systems"] = json!([{"id": id(999), "version": 1}]);
    body["level"] = json!("low");
    other.on("2024-04-01").put("risk_assessment", 241, body);
    expect(&other, "2024-04-01", ABOVE, "of another system");
}

/// Returns what is reserved to the answer on risk assessments of who accepted a risk.
fn reserved(book: &Book, about: &str) -> Vec<String> {
    let five = book.about(about).five;
    let answer = five.into_iter().find(|one| one.id == "risk_assessment");
    let reservations = answer.map(|one| one.reservations).unwrap_or_default();
    let of_acceptance = |one: &String| one.contains("accepted by") || one.contains("accepted it");
    reservations.into_iter().filter(of_acceptance).collect()
}

#[test]
fn a_risk_that_nobody_entitled_accepted_is_reserved_to_the_answer_and_changes_no_word() {
    let above = How {
        because: Some("above_authority"),
        ..How::by(BOARD)
    };
    let mut book = accepted("high", above);
    let about = "2024-03-10";
    assert_eq!(reserved(&book, about), flags(&book, about));
    assert_eq!(reserved(&book, about).len(), 1);
    assert_eq!(reserved(&book, "2024-03-09"), [""; 0]);
    assert_eq!(book.words("risk_assessment", about), ("yes", "yes"));
    book.on("2024-04-01").act("accept", FIRST, 1, How::by(ROOT));
    assert_eq!(reserved(&book, "2024-03-31").len(), 1);
    assert_eq!(reserved(&book, "2024-04-01"), [""; 0]);
}

#[test]
fn a_risk_said_to_be_accepted_by_nobody_is_asked_about_until_somebody_does() {
    let nobody = Some("and no record shows who accepted it.");
    let mut book = set_up();
    decided(&mut book, "high", None);
    expect(&book, "2024-03-01", nobody, "nobody");
    book.on("2024-03-10")
        .act("accept", FIRST, 1, How::lost("inquorate"));
    expect(
        &book,
        "2024-03-10",
        nobody,
        "without a quorum nothing was accepted",
    );
    book.on("2024-03-11").act("accept", FIRST, 1, How::by(ROOT));
    expect(&book, "2024-03-11", None, "once the root accepted");
    let mut book = set_up();
    decided(&mut book, "low", None);
    expect(&book, "2024-03-01", None, "acceptable without more");
}

/// Criteria that name somebody, or nobody, beside the appointments to come.
fn naming(authority: &Value) -> Book {
    let mut book = Book::new();
    let body = json!({"levels": ["low", "medium", "high"], "acceptable_to": "low",
        "authority": authority});
    book.on("2024-02-01")
        .put("risk_criteria", CRITERIA, body)
        .approve(CRITERIA, 1);
    book
}

#[test]
fn a_person_accepts_with_their_power_for_the_level_as_a_body_does() {
    let nobody = json!([]);
    let officer = json!([{"level": "medium", "holder": id(OFFICER)}]);
    let board = json!([{"level": "high", "holder": id(BOARD)}]);
    let (to_low, to_medium) = (
        json!({"accepts_risk_to": "low"}),
        json!({"accepts_risk_to": "medium"}),
    );
    let unbound = json!({});
    let cases = [
        ("low", &board, None, None), // acceptable without more
        ("medium", &nobody, None, ABOVE),
        ("medium", &nobody, Some(&to_low), ABOVE),
        ("medium", &nobody, Some(&to_medium), None),
        ("high", &nobody, Some(&to_medium), ABOVE),
        ("high", &nobody, Some(&unbound), None),
        ("medium", &officer, None, None), // the criteria give it
        ("medium", &officer, Some(&to_low), None),
        ("medium", &officer, Some(&to_medium), None),
        ("high", &officer, Some(&to_medium), ABOVE),
        ("high", &officer, Some(&unbound), UNNAMED),
        ("medium", &board, None, ABOVE),
        ("medium", &board, Some(&to_medium), UNNAMED),
    ];
    for (level, authority, powers, lacked) in cases {
        let mut book = naming(authority);
        if let Some(powers) = powers {
            power(&mut book, powers);
        }
        decided(&mut book, level, OFFICER);
        let case = format!("{level}, criteria {authority}, appointment {powers:?}");
        expect(&book, "2024-03-01", lacked, &case);
    }
}

#[test]
fn whoever_accepts_is_held_to_the_criteria_and_the_power_of_that_day() {
    // A power that ended since was there to accept by.
    let mut book = naming(&json!([]));
    power(&mut book, &json!({"end": "2024-03-31"}));
    decided(&mut book, "high", OFFICER);
    let body = book.records.get(id(FIRST)).unwrap().newest().body().clone();
    book.on("2024-05-01").put("risk_assessment", FIRST, body);
    expect(&book, "2024-05-01", None, "ended since");
    // Named for a higher level, the board may accept a lower.
    let mut book = naming(&json!([{"level": "high", "holder": id(BOARD)}]));
    let mut body = assessed("2024-03-01");
    body["decision"]["says"] = json!("treat");
    book.on("2024-03-01").put("risk_assessment", FIRST, body);
    book.act("accept", FIRST, 1, How::by(BOARD));
    expect(&book, "2024-03-01", None, "named for a higher level");
    // What is accepted by nobody is so from the day on which that was decided.
    let mut book = set_up();
    let mut body = assessed("2024-03-01");
    body["decision"] = json!({"says": "accept", "because": true, "on": "2024-03-20"});
    book.on("2024-03-20")
        .put_of("risk_assessment", FIRST, "2024-03-01", body);
    let nobody = Some("and no record shows who accepted it.");
    expect(&book, "2024-03-19", None, "not yet decided");
    expect(&book, "2024-03-20", nobody, "decided");
}

#[test]
fn an_appointment_gives_its_power_to_the_holder_it_names_on_its_days() {
    let ended = json!({"end": "2024-02-29"});
    let to_come = json!({"start": "2024-03-02"});
    let covered = json!({"holder": id(CHIEF), "cover": id(OFFICER)});
    let by_post = json!({"holder": null, "holder_post": "head-digital"});
    let cases = [
        (json!({}), None, None),
        (json!({"end": "2024-03-01"}), None, None),
        (ended, None, ABOVE),
        (to_come, None, ABOVE),
        (covered.clone(), None, ABOVE), // a cover holds no power
        (covered, Some(CHIEF), ABOVE),  // nor once the holder is gone
        (by_post, None, ABOVE),         // nor does whoever has a post
        (json!({}), Some(OFFICER), ABOVE),
    ];
    for (changed, gone, lacked) in cases {
        let mut book = naming(&json!([]));
        let post = json!({"holder": id(OFFICER), "post": "head-digital", "start": "2024-02-02"});
        book.put("appointment", POST, post).approve(POST, 1);
        power(&mut book, &changed);
        if let Some(person) = gone {
            book.on("2024-02-20").put(
                "person",
                person,
                json!({"name": true, "left_on": "2024-02-20"}),
            );
        }
        decided(&mut book, "medium", OFFICER);
        let case = format!("{changed}, gone {gone:?}");
        expect(&book, "2024-03-01", lacked, &case);
    }
}

#[test]
fn a_high_risk_left_as_it_is_and_accepted_by_nobody_is_a_question() {
    let flagged = |level: &str, decision: Value| {
        let mut book = set_up();
        let mut body = assessed("2024-03-01");
        body["level"] = json!(level);
        body["decision"] = decision;
        book.on("2024-03-01").put("risk_assessment", FIRST, body);
        book
    };
    let says = |says: &str| json!({"says": says, "because": true, "on": "2024-03-01"});
    let cases = [
        ("low", says("no_change"), false),
        ("medium", says("no_change"), true),
        ("high", says("no_change"), true),
        ("high", says("accept"), true), // nobody is named who does
        ("high", says("treat"), false),
        ("high", says("stop"), false),
        ("high", Value::Null, false),
    ];
    for (level, decision, expected) in cases {
        let book = flagged(level, decision.clone());
        let flag = flags(&book, "2024-03-01");
        assert_eq!(!flag.is_empty(), expected, "{level} {decision}");
        for said in flag {
            let told = match decision["says"].as_str() {
                Some("accept") => "no record shows who accepted it",
                _ => "was left as it is on 1 March 2024; nobody is shown to have accepted it",
            };
            assert!(said.contains(told), "{said}");
        }
    }
    // Accepted by those who may, or assessed anew, it is none any more.
    let mut accepted = flagged("high", says("no_change"));
    accepted
        .on("2024-03-05")
        .act("accept", FIRST, 1, How::by(ROOT));
    assert_eq!(flags(&accepted, "2024-03-05"), [""; 0]);
    let mut anew = flagged("high", says("no_change"));
    let mut body = assessed("2024-04-01");
    body["level"] = json!("low");
    anew.on("2024-04-01").put("risk_assessment", 241, body);
    assert_eq!(flags(&anew, "2024-03-31").len(), 1);
    assert_eq!(flags(&anew, "2024-04-01"), [""; 0]);
}

#[test]
fn what_was_accepted_until_a_day_is_not_accepted_after_it() {
    let until = |until: Value| {
        let mut book = set_up();
        decided(&mut book, "high", OFFICER);
        let how = How::carrying(until);
        book.on("2024-03-10").act("accept", FIRST, 1, how);
        book
    };
    let flagged = |book: &Book, about: &str| !flags(book, about).is_empty();
    let bounded = until(json!({"until": "2024-04-01"}));
    assert!(flagged(&bounded, "2024-03-09"));
    assert!(!flagged(&bounded, "2024-03-10"));
    assert!(!flagged(&bounded, "2024-04-01"));
    assert!(flagged(&bounded, "2024-04-02"));
    assert!(!flagged(&until(Value::Null), "2024-06-01"));
}

/// An assessment without a decision of its own, of 1 March, that a body resolves on.
pub fn undecided(act: &str, how: How) -> Book {
    let mut body = assessed("2024-03-01");
    body["decision"] = Value::Null;
    let mut book = set_up();
    book.on("2024-03-01").put("risk_assessment", FIRST, body);
    book.on("2024-03-10").act(act, FIRST, 1, how);
    book
}

#[test]
fn a_risk_that_a_body_accepted_has_a_decision() {
    let book = undecided("accept", How::by(ROOT));
    book.expect(
        "8.2",
        &[("2024-03-09", "not_shown"), ("2024-03-10", "holds")],
    );
    let lacks = undecided("accept", How::lost("inquorate"));
    lacks.expect("8.2", &[("2024-03-10", "not_shown")]);
    let noted = undecided("note", How::by(ROOT));
    noted.expect("8.2", &[("2024-03-10", "not_shown")]);
    let later = undecided("accept", How::from("2024-04-01"));
    later.expect(
        "8.2",
        &[("2024-03-31", "not_shown"), ("2024-04-01", "holds")],
    );
    // Accepted until a day, it is open again after it.
    let until = undecided("accept", How::carrying(json!({"until": "2024-06-30"})));
    until.expect(
        "8.2",
        &[("2024-06-30", "holds"), ("2024-07-01", "not_shown")],
    );
    // So it is once another version tells of it, on which nobody decided.
    let mut again = undecided("accept", How::by(ROOT));
    let mut body = assessed("2024-03-01");
    body["decision"] = Value::Null;
    again.on("2024-03-20").put("risk_assessment", FIRST, body);
    again.expect(
        "8.2",
        &[("2024-03-19", "holds"), ("2024-03-20", "not_shown")],
    );
}

#[test]
fn the_answer_rests_on_the_resolution_that_accepted_a_risk() {
    let rests = |book: &Book| {
        let five = book.about("2024-03-10").five;
        let kinds = five[3].evidence.iter().map(|one| one.kind.clone());
        let attested = five[3]
            .evidence
            .iter()
            .filter_map(|one| one.name_of_move.clone());
        (
            kinds.filter(|kind| kind == "resolution").count(),
            attested.count(),
        )
    };
    // The same resolution approved the criteria; its entry stands in either.
    let (without, with) = (
        rests(&accepted("medium", How::by(ROOT))),
        rests(&undecided("accept", How::by(ROOT))),
    );
    assert_eq!((with.0, with.1), (without.0 + 1, without.1 + 1));
}

#[test]
fn a_decision_on_an_assessment_touches_its_systems() {
    let book = undecided("accept", How::by(ROOT));
    let event = book.events.last().unwrap();
    let touched = assess::systems_touched(&book.records, event);
    assert_eq!(touched, [id(SYSTEM)]);
}

#[test]
fn the_answer_says_who_accepted_a_risk_on_which_nothing_else_was_decided() {
    let because = |decision: Value| {
        let mut body = assessed("2024-03-01");
        body["decision"] = decision;
        let mut book = set_up();
        book.on("2024-03-01").put("risk_assessment", FIRST, body);
        book.on("2024-03-10")
            .act("accept", FIRST, 1, How::by(BOARD));
        book.about("2024-03-10").five.remove(3).because
    };
    let accepted = format!(
        "of 1 March 2024, was accepted by record {} on 10 March 2024",
        id(BOARD)
    );
    let said = because(Value::Null);
    assert!(said.contains(&accepted), "{said}");
    assert!(!said.contains("changed nothing"), "{said}");
    let reasoned = json!({"says": "no_change", "because": true, "on": "2024-03-01"});
    let said = because(reasoned);
    assert!(
        said.contains("changed nothing, for a stated reason"),
        "{said}"
    );
    // What is decided only later is not yet said.
    let said = because(json!({"says": "treat", "because": true, "on": "2024-04-01"}));
    assert!(said.contains(&accepted), "{said}");
}
