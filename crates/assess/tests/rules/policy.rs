//! 5.2-a with its own line, 5.2-b and 5.2-c.

use serde_json::{Value, json};

use crate::given::{BOARD, Book, CHIEF, How, OFFICER, ROOT, TEAM};

pub const POLICY: u128 = 210;

pub fn whole() -> Value {
    json!({"title": true, "text": true, "contents":
        {"purpose": true, "objectives": true, "requirements": true, "improvement": true}})
}

pub fn policy(body: Value, how: How) -> Book {
    let mut book = Book::new();
    book.on("2024-02-01")
        .put("policy", POLICY, body)
        .act("approve", POLICY, 1, how);
    book
}

#[test]
fn a_policy_in_force_has_its_four_contents() {
    let book = policy(whole(), How::from("2024-02-10"));
    book.expect(
        "5.2-a",
        &[
            ("2023-12-31", "not_due"),
            ("2024-01-01", "not_shown"),
            ("2024-02-09", "not_shown"),
            ("2024-02-10", "holds"),
        ],
    );
    for content in ["purpose", "objectives", "requirements", "improvement"] {
        let mut body = whole();
        body["contents"][content] = Value::Null;
        let said = policy(body, How::by(ROOT)).says("5.2-a", "2024-02-01");
        assert_eq!(said, "not_shown", "{content}");
    }
}

#[test]
fn a_policy_is_top_managements() {
    let cases = [
        (How::by(ROOT), "holds", "yes"),
        (How::by(BOARD), "holds", "yes"),
        (How::person(CHIEF), "holds", "yes"), // a seat on top management
        (How::by(TEAM), "not_shown", "no"),
        (How::person(OFFICER), "not_shown", "no"), // a power by appointment is no seat
    ];
    for (how, expected, in_hand) in cases {
        let book = policy(whole(), how.clone());
        assert_eq!(book.says("5.2-a", "2024-02-01"), expected, "{how:?}");
        assert_eq!(book.words("policy", "2024-02-01").0, in_hand, "{how:?}");
    }
}

#[test]
fn a_second_policy_ended_back_in_time_is_marked_until_that_was_recorded() {
    let mut book = policy(whole(), How::by(ROOT));
    book.put("policy", 211, whole()).approve(211, 1);
    assert_eq!(book.words("policy", "2024-05-01").0, "no");
    let last = How::carrying(json!({"last_day": "2024-02-29"}));
    book.on("2024-06-01").act("end", 211, 1, last);
    let marks = |about: &str| {
        let five = book.about(about).five[1].clone();
        let ends = five.evidence.iter();
        let ends = ends.filter(|one| one.name_of_move.as_deref() == Some("end"));
        let ends: Vec<_> = ends
            .map(|one| (one.effective_on.to_string(), one.provenance))
            .collect();
        let said = five.reservations.iter();
        let said = said.filter(|one| one.contains("was ended on")).cloned();
        (five.in_hand, ends, said.collect::<Vec<_>>())
    };
    let late = ("2024-02-29".to_owned(), "late");
    let said = format!(
        "record {} was ended on 29 February 2024, which was recorded late, on 1 June 2024.",
        crate::given::id(211)
    );
    for about in ["2024-03-01", "2024-06-01"] {
        assert_eq!(
            marks(about),
            ("yes", vec![late.clone()], vec![said.clone()])
        );
    }
    // On that day it counted still, and from the next it had ended whenever that was recorded.
    assert_eq!(marks("2024-02-29"), ("no", vec![], vec![]));
    assert_eq!(marks("2024-06-02"), ("yes", vec![], vec![]));
}

#[test]
fn two_policies_in_force_are_none_in_hand() {
    let mut book = policy(whole(), How::by(ROOT));
    book.on("2024-03-01")
        .put("policy", 211, whole())
        .approve(211, 1);
    book.on("2024-04-01").act("end", 211, 1, How::by(ROOT));
    book.expect(
        "5.2-a",
        &[
            ("2024-02-29", "holds"),
            ("2024-03-01", "not_shown"),
            ("2024-04-01", "not_shown"),
            ("2024-04-02", "holds"),
        ],
    );
    assert_eq!(book.words("policy", "2024-03-01"), ("no", "no"));
}

#[test]
fn a_new_version_takes_the_place_of_the_old() {
    let mut book = policy(whole(), How::by(ROOT));
    book.on("2024-03-01").put("policy", POLICY, json!({}));
    book.expect("5.2-a", &[("2024-03-01", "holds")]);
    book.on("2024-03-05").approve(POLICY, 2);
    book.expect(
        "5.2-a",
        &[("2024-03-04", "holds"), ("2024-03-05", "not_shown")],
    );
}

#[test]
fn a_policy_past_its_review_is_in_hand_and_does_not_hold() {
    let mut body = whole();
    body["review_by"] = json!("2024-06-30");
    let mut book = policy(body, How::by(ROOT));
    book.moved(
        POLICY,
        "communicate",
        json!({"on": "2024-02-01", "to": true, "how": true}),
    );
    book.expect(
        "5.2-a.o",
        &[
            ("2024-01-31", "not_due"),
            ("2024-06-30", "holds"),
            ("2024-07-01", "overdue"),
        ],
    );
    assert_eq!(book.words("policy", "2024-06-30"), ("yes", "yes"));
    assert_eq!(book.words("policy", "2024-07-01"), ("yes", "no"));
}

#[test]
fn the_review_of_the_policy_is_customs_until_declared() {
    let mut book = policy(whole(), How::by(ROOT));
    book.moved(
        POLICY,
        "communicate",
        json!({"on": "2024-02-01", "to": true, "how": true}),
    );
    book.expect(
        "5.2-a.o",
        &[("2025-02-01", "holds"), ("2025-02-02", "reservation")],
    );
    assert_eq!(book.words("policy", "2025-02-02"), ("yes", "yes"));
    book.on("2024-05-01")
        .put(
            "declaration",
            300,
            json!({"intervals": {"policy_months": 24}}),
        )
        .approve(300, 1);
    book.expect(
        "5.2-a.o",
        &[("2026-02-01", "holds"), ("2026-02-02", "overdue")],
    );
}

#[test]
fn silence_on_who_was_told_leaves_it_open() {
    let mut book = policy(whole(), How::by(ROOT));
    book.on("2024-03-01").moved(
        POLICY,
        "communicate",
        json!({"on": "2024-02-20", "to": true, "how": true}),
    );
    book.expect(
        "5.2-b",
        &[
            ("2024-01-31", "not_due"),
            ("2024-02-01", "unknown"),
            ("2024-02-19", "unknown"),
            ("2024-02-20", "holds"),
        ],
    );
    assert_eq!(book.words("policy", "2024-02-19"), ("yes", "unknown"));
    // A new version is told anew.
    book.on("2024-04-01")
        .put("policy", POLICY, whole())
        .approve(POLICY, 2);
    book.expect("5.2-b", &[("2024-04-01", "unknown")]);
}

#[test]
fn where_outsiders_read_it_or_why_not_is_stated() {
    let cases = [
        (json!({"at": true}), "holds"),
        (json!({"why_not": true}), "holds"),
        (json!({"since": "2024-02-01"}), "unknown"),
        (Value::Null, "unknown"),
    ];
    for (available, expected) in cases {
        let mut body = whole();
        body["available"] = available.clone();
        let book = policy(body, How::by(ROOT));
        assert_eq!(book.says("5.2-c", "2024-02-01"), expected, "{available}");
        assert_eq!(book.says("5.2-c", "2024-01-31"), "not_due");
    }
}

#[test]
fn where_outsiders_read_it_is_known_from_the_day_of_the_version_that_says_so() {
    let mut silent = whole();
    silent["available"] = Value::Null;
    let mut book = policy(silent, How::by(ROOT));
    let mut said = whole();
    said["available"] = json!({"at": true});
    book.on("2024-04-01")
        .put("policy", POLICY, said)
        .approve(POLICY, 2);
    book.expect(
        "5.2-c",
        &[
            ("2024-01-31", "not_due"),
            ("2024-02-01", "unknown"),
            ("2024-03-31", "unknown"),
            ("2024-04-01", "holds"),
        ],
    );
}

#[test]
fn only_what_was_told_since_the_release_to_whom_and_how_is_known() {
    let told = |on: &str, to: bool, how: bool| {
        let mut body = json!({"on": on});
        let stated = [("to", to), ("how", how)];
        for (field, _) in stated.into_iter().filter(|(_, stated)| *stated) {
            body[field] = json!(true);
        }
        let mut book = policy(whole(), How::from("2024-02-10"));
        book.on("2024-02-20").moved(POLICY, "communicate", body);
        book.says("5.2-b", "2024-02-20")
    };
    let cases = [
        ("2024-02-10", true, true, "holds"), // its first day in force
        ("2024-02-20", true, true, "holds"),
        ("2024-02-09", true, true, "unknown"),
        ("2024-02-01", true, true, "unknown"), // adopted, not in force
        ("2024-02-10", false, true, "unknown"),
        ("2024-02-10", true, false, "unknown"),
    ];
    for (on, to, how, expected) in cases {
        assert_eq!(told(on, to, how), expected, "{on} {to} {how}");
    }
    let requirement = |on: &str, body: Value| {
        let mut book = policy(whole(), How::from("2024-02-10"));
        let mut body = body;
        body["on"] = json!(on);
        book.on("2024-02-20").moved(POLICY, "communicate", body);
        let requirements = book.about("2024-02-20").requirements;
        let found = requirements.into_iter().find(|one| one.id == "5.2");
        found.unwrap().because
    };
    assert_eq!(
        requirement("2024-02-09", json!({"to": true, "how": true})),
        "Policy version 1 was made known to staff on 9 February 2024, before it was in force on \
         10 February 2024; the records do not say that it was since."
    );
    assert_eq!(
        requirement("2024-02-12", json!({"to": true})),
        "The records say that policy version 1 of 10 February 2024 was made known on 12 February \
         2024, and not how."
    );
}

#[test]
fn where_outsiders_can_read_the_policy_counts_from_the_day_that_they_can() {
    let cases = [
        (json!({"at": true, "since": "2024-02-01"}), "holds"),
        (json!({"at": true, "since": "2024-03-01"}), "holds"),
        (json!({"at": true, "since": "2024-03-02"}), "unknown"),
        (json!({"at": true}), "holds"),
        (
            json!({"at": true, "since": "2030-01-01", "why_not": true}),
            "holds",
        ),
    ];
    for (available, expected) in cases {
        let mut book = Book::new();
        let mut body = whole();
        body["available"] = available.clone();
        book.on("2024-02-01")
            .put("policy", POLICY, body)
            .approve(POLICY, 1);
        assert_eq!(book.says("5.2-c", "2024-03-01"), expected, "{available}");
    }
}

#[test]
fn the_answer_names_what_fails_and_a_date_that_is_only_customs_beside_it() {
    let mut short = whole();
    short["contents"]["improvement"] = Value::Null;
    let answer = |book: &Book| book.about("2025-03-01").five.remove(1);
    let told = json!({"on": "2024-02-01", "to": true, "how": true});
    let mut book = policy(short, How::by(ROOT));
    book.moved(POLICY, "communicate", told.clone());
    let lacks = "is in force, but the text of the AI policy in force does not contain \
                 a commitment to improve.";
    let said = answer(&book);
    assert_eq!((said.in_hand, said.holds), ("yes", "no"));
    assert!(said.because.ends_with(lacks), "{}", said.because);
    let due = "Nobody has looked again at the AI policy since 1 February 2024; a review within \
               twelve months is customary.";
    assert!(said.reservations.iter().any(|one| one == due), "{said:?}");
    // A date of their own fails too, and is named too.
    let declared = json!({"intervals": {"policy_months": 12}});
    book.put("declaration", 300, declared.clone())
        .approve(300, 1);
    let said = answer(&book).because;
    let both = "a commitment to improve, and was due for review on 1 February 2025, 28 days ago.";
    assert!(said.ends_with(both), "{said}");
    let mut overdue = policy(whole(), How::by(ROOT));
    overdue.moved(POLICY, "communicate", told);
    overdue.put("declaration", 300, declared).approve(300, 1);
    let said = answer(&overdue).because;
    let late = "is in force, but was due for review on 1 February 2025, 28 days ago.";
    assert!(said.ends_with(late), "{said}");
}

#[test]
fn the_answer_says_how_a_policy_was_made_known() {
    let because = |told: Option<Value>| {
        let mut book = policy(whole(), How::from("2024-02-10"));
        book.on("2024-02-20");
        if let Some(told) = told {
            book.moved(POLICY, "communicate", told);
        }
        book.about("2024-02-20").five.remove(1).because
    };
    let cases = [
        (
            None,
            "is in force; the records do not say whether it was made known to staff.",
        ),
        (
            Some(json!({"on": "2024-02-09", "to": true, "how": true})),
            "is in force since 10 February 2024; it was made known on 9 February 2024, and the \
             records do not say that it was since it is in force.",
        ),
        (
            Some(json!({"on": "2024-02-12", "to": true})),
            "is in force; it was made known on 12 February 2024, and the records do not say to \
             whom and how.",
        ),
    ];
    for (told, expected) in cases {
        let said = because(told);
        assert!(said.ends_with(expected), "{said}");
    }
}

#[test]
fn a_text_recorded_only_after_it_was_adopted_is_reserved() {
    let reserved = |put_on: &str, of: &str, decided_on: &str| {
        let mut book = Book::new();
        book.on(put_on).put_of("policy", POLICY, of, whole()).act(
            "approve",
            POLICY,
            1,
            How::decided(decided_on),
        );
        let five = book.about("2024-06-01").five;
        assert_eq!(five[1].in_hand, "yes");
        five[1].reservations.clone()
    };
    let said = format!(
        "record {} was recorded on 10 March 2024, after it was approved on 24 February 2024; the \
         records do not show that this text was before those who decided.",
        crate::given::id(POLICY)
    );
    let (decided, day) = ("2024-02-24", "2024-03-10");
    assert_eq!(reserved(day, day, decided), [said.as_str()]);
    // Meant for a later day, it is no older for that.
    assert_eq!(reserved(day, "2024-03-15", decided), [said.as_str()]);
    assert_eq!(reserved(decided, decided, decided), [""; 0]);
    // What was adopted for a later day was there.
    assert_eq!(reserved(decided, day, decided), [""; 0]);
    // What claims to have been there is taken at its word, and where that is late it says so.
    assert_eq!(reserved(day, decided, decided), [""; 0]);
    let late = reserved("2024-04-10", decided, decided);
    assert!(late[0].ends_with("was recorded late."), "{late:?}");
    assert!(
        !late.iter().any(|one| one.contains("after it was")),
        "{late:?}"
    );
}

#[test]
fn a_policy_told_on_its_first_day_was_not_told_too_early() {
    let told = |on: &str| {
        let mut book = policy(whole(), How::by(ROOT));
        book.moved(POLICY, "communicate", json!({"on": on, "to": true}));
        let status = book.about("2024-02-01");
        let found = status.requirements.into_iter().find(|one| one.id == "5.2");
        found.unwrap().because
    };
    assert!(told("2024-02-01").ends_with("made known on 1 February 2024, and not how."));
    assert!(told("2024-01-31").contains("before it was in force on 1 February 2024"));
}

#[test]
fn a_policy_approved_again_is_told_since_it_was_first_in_force() {
    let mut book = policy(whole(), How::by(ROOT));
    book.on("2024-03-01").approve(POLICY, 1);
    let status = book.about("2024-03-01");
    let found = status.requirements.into_iter().find(|one| one.id == "5.2");
    let said = found.unwrap().because;
    assert!(said.contains("version 1 of 1 February 2024"), "{said}");
}

#[test]
fn a_policy_that_ends_on_the_day_on_which_another_begins_hands_over() {
    let another = |last: &str, from: &str| {
        let mut book = policy(whole(), How::by(ROOT));
        book.on("2024-03-01").put("policy", 211, whole());
        book.act("approve", 211, 1, How::from(from));
        let last = How::carrying(json!({"last_day": last}));
        book.act("end", POLICY, 1, last);
        book
    };
    let book = another("2024-03-01", "2024-03-01");
    for about in ["2024-02-29", "2024-03-01", "2024-03-02"] {
        book.expect("5.2-a", &[(about, "holds")]);
        assert_eq!(book.words("policy", about).0, "yes", "{about}");
    }
    let five = |about: &str| book.about(about).five.remove(1);
    assert_eq!(five("2024-03-02").since, five("2024-03-01").since);
    // The new one answers from its first day on.
    let new = format!("record {}, version 1", crate::given::id(211));
    assert!(five("2024-03-01").because.starts_with(&new));
    // Whoever approves it in the place of the other is not told of a second.
    let beside = |book: &Book| {
        let new = book.records.get(crate::given::id(211));
        let act = new.and_then(|new| new.versions[0].acts.first());
        act.is_some_and(|(act, _)| assess::in_force_beside(&book.records, act).is_some())
    };
    assert!(!beside(&book));
    // For one day, and no longer: one that goes on beside the other for a day more is a second.
    let longer = another("2024-03-02", "2024-03-01");
    assert!(beside(&longer));
    longer.expect(
        "5.2-a",
        &[
            ("2024-03-01", "not_shown"),
            ("2024-03-02", "not_shown"),
            ("2024-03-03", "holds"),
        ],
    );
    // One that is in force on that day alone hands over nothing: it stands beside the other.
    let mut for_a_day = policy(whole(), How::from("2024-03-01"));
    let last = How::carrying(json!({"last_day": "2024-03-01"}));
    for_a_day
        .put("policy", 211, whole())
        .act("approve", 211, 1, How::from("2024-03-01"))
        .act("end", POLICY, 1, last);
    for_a_day.expect(
        "5.2-a",
        &[("2024-03-01", "not_shown"), ("2024-03-02", "holds")],
    );
    // Nor does one that ends hand over to what was in force before it.
    let mut third = another("2024-03-01", "2024-03-01");
    third
        .on("2024-03-01")
        .put("policy", 212, whole())
        .approve(212, 1);
    third.expect("5.2-a", &[("2024-03-01", "not_shown")]);
}
