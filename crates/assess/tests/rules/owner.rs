//! 5.3 and 5.3.p.

use serde_json::{Value, json};

use crate::given::{AND_REPORTING, BOARD, Book, CHIEF, How, OFFICER, ROOT, TEAM, id};

pub const APPOINTED: u128 = 220;

pub fn both(holder: u128) -> Value {
    json!({"holder": id(holder), "duties": ["conformity", "reporting"], "authority": true,
        "start": "2024-02-10"})
}

pub fn appointed(body: Value, how: How) -> Book {
    let mut book = Book::new();
    book.on("2024-02-01")
        .put("appointment", APPOINTED, body)
        .act("approve", APPOINTED, 1, how);
    book.on("2024-02-15")
        .moved(
            APPOINTED,
            "communicate",
            json!({"on": "2024-02-15", "to": true, "how": true}),
        )
        .accepted(APPOINTED, OFFICER, "2024-02-20");
    book
}

#[test]
fn both_duties_are_held_from_the_first_day_on() {
    let book = appointed(both(OFFICER), How::by(ROOT));
    book.expect(
        "5.3",
        &[
            ("2023-12-31", "not_due"),
            ("2024-01-01", "not_shown"),
            ("2024-02-09", "not_shown"),
            ("2024-02-10", "unknown"), // held, not yet communicated
            ("2024-02-14", "unknown"),
            ("2024-02-15", "holds"),
        ],
    );
    assert_eq!(book.words("owner", "2024-02-09"), ("no", "no"));
    assert_eq!(book.words("owner", "2024-02-10"), ("yes", "unknown"));
    assert_eq!(book.words("owner", "2024-02-15"), ("yes", "yes"));
}

#[test]
fn one_duty_alone_is_not_enough() {
    let mut body = both(OFFICER);
    body["duties"] = json!(["reporting"]);
    let book = appointed(body, How::by(ROOT));
    book.expect("5.3", &[("2024-03-01", "not_shown")]);
    assert_eq!(book.words("owner", "2024-03-01"), ("no", "no"));
}

#[test]
fn authority_is_stated_and_the_assignment_is_top_managements() {
    let mut silent = both(OFFICER);
    silent["authority"] = Value::Null;
    let cases = [
        (silent, How::by(ROOT), "not_shown"),
        (both(OFFICER), How::by(BOARD), "holds"),
        (both(OFFICER), How::person(CHIEF), "holds"),
        (both(OFFICER), How::by(TEAM), "not_shown"),
        (both(OFFICER), How::person(OFFICER), "not_shown"),
    ];
    for (body, how, expected) in cases {
        let said = appointed(body, how.clone()).says("5.3", "2024-03-01");
        assert_eq!(said, expected, "{how:?}");
    }
}

#[test]
fn a_seat_is_filled_from_the_day_on_which_its_holder_is_there() {
    let mut book = appointed(both(OFFICER), How::by(ROOT));
    let joins = json!({"name": true, "joined_on": "2024-03-01"});
    book.on("2024-02-01").put("person", OFFICER, joins);
    book.expect(
        "5.3",
        &[("2024-02-29", "not_shown"), ("2024-03-01", "holds")],
    );
    assert_eq!(book.words("owner", "2024-02-29"), ("no", "no"));
}

#[test]
fn a_seat_is_vacant_from_the_day_after_the_last() {
    let mut ended = both(OFFICER);
    ended["end"] = json!("2024-06-30");
    let mut left = appointed(both(OFFICER), How::by(ROOT));
    left.on("2024-06-01")
        .moved(APPOINTED, "leave", json!({"last_day": "2024-06-30"}));
    let mut gone = appointed(both(OFFICER), How::by(ROOT));
    gone.on("2024-06-01").put(
        "person",
        OFFICER,
        json!({"name": true, "left_on": "2024-06-30"}),
    );
    let mut rescinded = appointed(both(OFFICER), How::by(ROOT));
    let last = How::carrying(json!({"last_day": "2024-06-30"}));
    rescinded.on("2024-06-01").act("end", APPOINTED, 1, last);
    for book in [appointed(ended, How::by(ROOT)), left, gone, rescinded] {
        book.expect(
            "5.3",
            &[("2024-06-30", "holds"), ("2024-07-01", "not_shown")],
        );
        assert_eq!(book.words("owner", "2024-07-01"), ("no", "no"));
    }
}

#[test]
fn a_version_for_a_later_holder_takes_the_place_of_the_one_before_on_the_day_that_it_takes_effect()
{
    let later = |effective_on: &str| {
        let mut book = appointed(both(OFFICER), How::by(ROOT));
        let mut body = both(CHIEF);
        body["start"] = json!("2024-07-01");
        book.on("2024-06-01")
            .put("appointment", APPOINTED, body)
            .act("approve", APPOINTED, 2, How::from(effective_on));
        book.on("2024-06-10").moved(
            APPOINTED,
            "communicate",
            json!({"on": "2024-06-10", "to": true, "how": true}),
        );
        book
    };
    let book = later("2024-06-01");
    book.expect(
        "5.3",
        &[
            ("2024-05-31", "holds"),
            ("2024-06-01", "not_shown"),
            ("2024-06-30", "not_shown"),
            ("2024-07-01", "holds"),
        ],
    );
    let sentence = book.sentence("5.3", "2024-06-30");
    for said in [
        "since 1 June 2024: ",
        "from 1 July 2024 on",
        "took the place",
    ] {
        assert!(sentence.contains(said), "{sentence}");
    }
    // Effective on the day that it begins, it leaves the one before in force until then.
    let book = later("2024-07-01");
    book.expect(
        "5.3",
        &[
            ("2024-06-01", "holds"),
            ("2024-06-30", "holds"),
            ("2024-07-01", "holds"),
        ],
    );
}

#[test]
fn a_body_that_was_dissolved_or_never_set_up_holds_no_duty() {
    let mut book = appointed(both(TEAM), How::by(ROOT));
    book.expect("5.3", &[("2024-03-01", "holds")]);
    let last = How::carrying(json!({"last_day": "2024-06-30"}));
    book.on("2024-06-01").act("end", TEAM, 1, last);
    book.expect(
        "5.3",
        &[("2024-06-30", "holds"), ("2024-07-01", "not_shown")],
    );
    let sentence = book.sentence("5.3", "2024-07-10");
    assert!(sentence.contains("10 days"), "{sentence}");
    let proposed = json!({"name": true, "top_management": "no", "quorum": 1});
    let mut book = appointed(both(950), How::by(ROOT));
    book.put("body", 950, proposed);
    book.expect("5.3", &[("2024-03-01", "not_shown")]);
    book.on("2024-04-01").approve(950, 1);
    book.expect(
        "5.3",
        &[("2024-03-31", "not_shown"), ("2024-04-01", "holds")],
    );
}

#[test]
fn an_appointment_is_due_by_its_last_day() {
    let due = |end: Option<&str>, how: How| {
        let mut body = both(1);
        if let Some(end) = end {
            body["end"] = json!(end);
        }
        let five = appointed(body, how).about("2024-03-01").five;
        five[2].next_due.map(|day| day.to_string())
    };
    let until = || How::carrying(json!({"until": "2024-12-31"}));
    let day = |day: &str| Some(day.to_owned());
    assert_eq!(due(None, How::by(ROOT)), None);
    assert_eq!(due(Some("2024-09-30"), How::by(ROOT)), day("2024-09-30"));
    assert_eq!(due(None, until()), day("2024-12-31"));
    assert_eq!(due(Some("2024-09-30"), until()), day("2024-09-30"));
    assert_eq!(due(Some("2025-09-30"), until()), day("2024-12-31"));
}

#[test]
fn named_cover_keeps_the_seat_filled() {
    let mut body = both(OFFICER);
    body["cover"] = json!(id(CHIEF));
    let mut book = appointed(body, How::by(ROOT));
    book.on("2024-06-01")
        .moved(APPOINTED, "leave", json!({"last_day": "2024-06-30"}));
    book.expect("5.3", &[("2024-07-01", "holds")]);
    book.expect("5.3.p", &[("2024-07-01", "reservation")]);
}

#[test]
fn a_committee_holds_the_duty_and_is_no_owner_in_hand() {
    let book = appointed(both(TEAM), How::by(ROOT));
    book.expect("5.3", &[("2024-03-01", "holds")]);
    book.expect("5.3.p", &[("2024-03-01", "reservation")]);
    assert_eq!(book.words("owner", "2024-03-01"), ("no", "no"));
}

#[test]
fn nobody_accepts_for_another() {
    let mut book = Book::new();
    book.on("2024-02-10")
        .put("appointment", APPOINTED, both(OFFICER))
        .approve(APPOINTED, 1)
        .accepted(APPOINTED, CHIEF, "2024-02-10")
        .moved(APPOINTED, "accept", json!({"on": "2024-02-10"}));
    book.expect("5.3.p", &[("2024-02-10", "reservation")]);
    let cited = &book.about("2024-02-10").five[2].evidence;
    let accepted = |one: &assess::Evidence| one.name_of_move.as_deref() == Some("accept");
    assert!(!cited.iter().any(accepted));
}

#[test]
fn the_holder_accepts() {
    let book = appointed(both(OFFICER), How::by(ROOT));
    book.expect(
        "5.3.p",
        &[
            ("2024-02-09", "not_due"),
            ("2024-02-10", "reservation"),
            ("2024-02-19", "reservation"),
            ("2024-02-20", "holds"),
        ],
    );
}

/// Gives a duty by another appointment.
pub fn also(book: &mut Book, on: &str, body: Value, how: How) {
    book.on(on)
        .put("appointment", 221, body)
        .act("approve", 221, 1, how)
        .moved(
            221,
            "communicate",
            json!({"on": on, "to": true, "how": true}),
        );
}

#[test]
fn a_holder_whose_authority_is_not_stated_is_no_vacancy() {
    let mut silent = both(OFFICER);
    silent["authority"] = Value::Null;
    let book = appointed(silent, How::by(ROOT));
    assert_eq!(
        book.sentence("5.3", "2024-03-01"),
        format!(
            "The records do not state the authority that goes with responsibility for the \
             conformity of the AI management system, held by record {}.{AND_REPORTING}",
            id(OFFICER)
        ),
    );
    let told = &book.about("2024-03-01").five[2].because;
    assert!(
        told.contains("but the records do not state the authority"),
        "{told}"
    );
    assert_eq!(book.words("owner", "2024-03-01"), ("yes", "no"));
}

#[test]
fn a_vacancy_is_dated_from_the_day_it_began() {
    let mut silent = both(OFFICER);
    silent["authority"] = Value::Null;
    let mut book = appointed(silent, How::by(ROOT));
    book.on("2024-06-01")
        .moved(APPOINTED, "leave", json!({"last_day": "2024-06-30"}));
    let said = book.sentence("5.3", "2024-07-10");
    let vacant = format!("for 10 days from 1 July 2024.{AND_REPORTING}");
    assert!(said.ends_with(&vacant), "{said}");
    let told = &book.about("2024-07-10").five[2].because;
    assert!(told.contains("for 10 days, from 1 July 2024"), "{told}");

    // Held by a committee first: not in hand all along, and vacant only since.
    let mut ended = both(TEAM);
    ended["end"] = json!("2024-06-30");
    let book = appointed(ended, How::by(ROOT));
    let told = &book.about("2024-07-10").five[2].because;
    assert!(told.contains("for 10 days, from 1 July 2024"), "{told}");
    let said = book.sentence("5.3", "2024-07-01");
    let vacant = format!("on 1 July 2024.{AND_REPORTING}");
    assert!(said.ends_with(&vacant), "{said}");
}

#[test]
fn an_assignment_by_anybody_else_displaces_no_holder_and_is_reserved() {
    let mut book = appointed(both(OFFICER), How::by(ROOT));
    let mut later = both(CHIEF);
    later["start"] = json!("2024-04-01");
    also(&mut book, "2024-04-01", later.clone(), How::by(TEAM));
    book.expect("5.3", &[("2024-03-31", "holds"), ("2024-04-01", "holds")]);
    assert_eq!(book.words("owner", "2024-04-01"), ("yes", "yes"));
    book.expect(
        "5.3.p",
        &[("2024-03-31", "holds"), ("2024-04-01", "reservation")],
    );
    assert_eq!(
        book.sentence("5.3.p", "2024-04-01"),
        format!(
            "record {} was given responsibility for the conformity of the AI management system \
             too, but not by top management, which gave it to record {}.{AND_REPORTING}",
            id(CHIEF),
            id(OFFICER)
        ),
    );
    // Top management's own later assignment does take its place.
    let mut book = appointed(both(OFFICER), How::by(ROOT));
    also(&mut book, "2024-04-01", later, How::by(BOARD));
    let told = &book.about("2024-04-01").five[2].because;
    assert!(told.contains(&id(CHIEF).to_string()), "{told}");
    book.expect("5.3", &[("2024-04-01", "holds")]);
}

#[test]
fn two_people_with_one_responsibility_are_no_one_person_each() {
    let mut later = both(CHIEF);
    later["start"] = json!("2024-04-01");
    let mut book = appointed(both(OFFICER), How::by(ROOT));
    also(&mut book, "2024-04-01", later, How::by(BOARD));
    book.accepted(221, CHIEF, "2024-04-01");
    book.expect(
        "5.3.p",
        &[("2024-03-31", "holds"), ("2024-04-01", "reservation")],
    );
    let expected = format!(
        "record {} and record {} both hold responsibility for the conformity of the AI management \
         system, each by an appointment of their own; it should lie with one person.{AND_REPORTING}",
        id(CHIEF),
        id(OFFICER)
    );
    assert_eq!(book.sentence("5.3.p", "2024-04-01"), expected);
    let owner = book.about("2024-04-01").five.remove(2);
    assert_eq!((owner.in_hand, owner.holds), ("yes", "yes"));
    assert!(owner.reservations.contains(&expected), "{owner:?}");
    // Once the earlier has ended there is one.
    book.on("2024-04-20")
        .moved(APPOINTED, "leave", json!({"last_day": "2024-04-30"}));
    book.expect(
        "5.3.p",
        &[("2024-04-30", "reservation"), ("2024-05-01", "holds")],
    );
}

/// An appointment to one duty alone.
fn one(holder: u128, duty: &str, start: &str) -> Value {
    let mut body = both(holder);
    body["duties"] = json!([duty]);
    body["start"] = json!(start);
    body
}

fn because(book: &Book, about: &str) -> String {
    book.about(about).five.remove(2).because
}

#[test]
fn each_responsibility_is_said_to_lie_where_it_does_since_its_own_day() {
    // With a committee from 15 February, and nobody reporting before 1 March.
    let conformity = one(TEAM, "conformity", "2024-02-15");
    let mut book = appointed(conformity, How::by(ROOT));
    let reporting = one(OFFICER, "reporting", "2024-03-01");
    also(&mut book, "2024-03-01", reporting, How::by(ROOT));
    let lies = format!(
        "Responsibility for the conformity of the AI management system lies with record {}, not \
         with a named person, since 15 February 2024",
        id(TEAM)
    );
    assert_eq!(
        because(&book, "2024-02-20"),
        format!(
            "{lies}; the records show nobody holding responsibility for reporting on the AI \
             management system to top management for 51 days, from 1 January 2024."
        )
    );
    assert_eq!(because(&book, "2024-03-02"), format!("{lies}."));
    let book = appointed(both(TEAM), How::by(ROOT));
    assert_eq!(
        because(&book, "2024-03-02"),
        format!(
            "Responsibility for the conformity of the AI management system and for reporting on it \
             to top management lies with record {}, not with a named person, since 10 February \
             2024.",
            id(TEAM)
        )
    );
}

#[test]
fn two_that_are_vacant_one_after_the_other_are_told_each_with_what_ended() {
    let mut first = one(OFFICER, "conformity", "2024-02-10");
    first["end"] = json!("2024-04-30");
    let mut second = one(CHIEF, "reporting", "2024-02-10");
    second["end"] = json!("2024-05-31");
    let mut book = appointed(first, How::by(ROOT));
    also(&mut book, "2024-02-15", second, How::by(ROOT));
    let vacant = |days: u8| {
        format!(
            "The records show nobody holding responsibility for the conformity of the AI \
             management system for {days} days, from 1 May 2024: record {}, version 1, ended on 30 \
             April 2024",
            id(220)
        )
    };
    assert_eq!(because(&book, "2024-05-31"), format!("{}.", vacant(31)),);
    assert_eq!(
        because(&book, "2024-06-01"),
        format!(
            "{}; the records show nobody holding responsibility for reporting on the AI \
             management system to top management for 1 day, from 1 June 2024: record {}, version \
             1, ended on 31 May 2024.",
            vacant(32),
            id(221)
        )
    );
}

#[test]
fn a_holder_by_anothers_act_alone_is_named_as_such() {
    let book = appointed(both(OFFICER), How::by(TEAM));
    let said = book.sentence("5.3", "2024-03-01");
    assert_eq!(
        said,
        format!(
            "No record shows that top management gave responsibility for the conformity of the AI \
             management system to record {}, who holds it by another's act.{AND_REPORTING}",
            id(OFFICER)
        ),
    );
}

#[test]
fn only_what_was_told_since_the_appointment_is_known() {
    let cases = [
        ("2024-02-01", true, true, "holds"), // the day decided, before the first day
        ("2024-01-31", true, true, "unknown"),
        ("2024-02-15", true, false, "holds"),
    ];
    for (on, to, how, expected) in cases {
        let mut told = json!({"on": on});
        for (field, _) in [("to", to), ("how", how)].into_iter().filter(|one| one.1) {
            told[field] = json!(true);
        }
        let mut book = Book::new();
        book.on("2024-02-01")
            .put("appointment", APPOINTED, both(OFFICER))
            .approve(APPOINTED, 1)
            .moved(APPOINTED, "communicate", told);
        assert_eq!(book.says("5.3", "2024-03-01"), expected, "{on} {to} {how}");
    }
}

#[test]
fn two_owners_are_each_named_with_their_duty_and_their_appointment() {
    let mut book = Book::new();
    for (n, holder, duty, on) in [
        (APPOINTED, OFFICER, "conformity", "2024-02-10"),
        (221, CHIEF, "reporting", "2024-03-01"),
    ] {
        let mut body = both(holder);
        body["duties"] = json!([duty]);
        body["start"] = json!(on);
        book.on(on).put("appointment", n, body).approve(n, 1).moved(
            n,
            "communicate",
            json!({"on": on}),
        );
    }
    assert_eq!(book.words("owner", "2024-03-01"), ("yes", "yes"));
    let said = &book.about("2024-03-01").five[2].because;
    let by = format!("appointed by record {} on", id(ROOT));
    let resolution = id(900);
    let expected = format!(
        "record {}, {by} 10 February 2024 (record {resolution}), holds responsibility for \
         conformity, and record {}, {by} 1 March 2024 (record {resolution}), for reporting to top \
         management.",
        id(OFFICER),
        id(CHIEF)
    );
    assert_eq!(*said, expected);
}

#[test]
fn whoever_comes_back_was_away_until_then() {
    let gone = json!({"name": true, "left_on": "2024-03-05"});
    let mut back = appointed(both(OFFICER), How::by(ROOT));
    back.on("2024-03-06").put("person", OFFICER, gone.clone());
    back.on("2024-04-01")
        .put("person", OFFICER, json!({"name": true}));
    let days = [
        ("2024-03-05", "yes"),
        ("2024-03-06", "no"),
        ("2024-03-31", "no"),
        ("2024-04-01", "yes"),
    ];
    for (about, expected) in days {
        assert_eq!(back.words("owner", about).0, expected, "{about}");
    }
    // Told much later, and of no day of its own: gone from the day said all the same.
    let mut late = appointed(both(OFFICER), How::by(ROOT));
    late.on("2024-06-06").put("person", OFFICER, gone.clone());
    for (about, expected) in [
        ("2024-03-05", "yes"),
        ("2024-03-06", "no"),
        ("2024-06-06", "no"),
    ] {
        assert_eq!(late.words("owner", about).0, expected, "{about}");
    }
    // A correction from the same day on takes its place.
    late.put("person", OFFICER, json!({"name": true}));
    assert_eq!(late.words("owner", "2024-03-20").0, "yes");
    // An entry in error is withdrawn.
    let mut error = appointed(both(OFFICER), How::by(ROOT));
    error.on("2024-03-06").put("person", OFFICER, gone);
    error.on("2024-04-01").moved(OFFICER, "withdraw", json!({}));
    assert_eq!(error.words("owner", "2024-03-20").0, "yes");
}

#[test]
fn the_last_day_told_last_counts_and_before_it_was_told_the_one_before() {
    let mut book = appointed(both(OFFICER), How::by(ROOT));
    book.on("2024-03-01")
        .moved(APPOINTED, "leave", json!({"last_day": "2024-03-20"}));
    book.expect("5.3", &[("2024-03-21", "not_shown")]);
    let meant = json!({"last_day": "2024-06-20"});
    book.on("2024-04-01").moved(APPOINTED, "leave", meant);
    book.expect(
        "5.3",
        &[
            ("2024-03-21", "holds"),
            ("2024-06-20", "holds"),
            ("2024-06-21", "not_shown"),
        ],
    );
}

#[test]
fn an_acceptance_told_again_is_of_the_day_told_last() {
    let mut book = appointed(both(OFFICER), How::by(ROOT));
    book.on("2024-04-10")
        .accepted(APPOINTED, OFFICER, "2024-03-01")
        .accepted(APPOINTED, OFFICER, "2024-04-01");
    book.expect(
        "5.3.p",
        &[("2024-03-31", "reservation"), ("2024-04-01", "holds")],
    );
}

#[test]
fn what_was_made_known_is_put_right_by_naming_the_day_that_was_wrong() {
    let told = |on: &str, corrects: Option<&str>| {
        let mut body = json!({"on": on, "to": true, "how": true});
        if let Some(day) = corrects {
            body["corrects"] = json!(day);
        }
        body
    };
    let days = |corrects: Option<&str>| {
        let mut book = Book::new();
        book.on("2024-02-10")
            .put("appointment", 230, both(OFFICER))
            .approve(230, 1)
            .moved(230, "communicate", told("2024-02-10", None));
        book.on("2024-04-01")
            .moved(230, "communicate", told("2024-03-15", corrects));
        ["2024-02-10", "2024-03-14", "2024-03-15"].map(|day| book.says("5.3", day))
    };
    assert_eq!(days(None), ["holds", "holds", "holds"]);
    assert_eq!(days(Some("2024-02-10")), ["unknown", "unknown", "holds"]);
}
