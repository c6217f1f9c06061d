//! A version approved again: it is in force by its last approval, and all that an approval says
//! is said of that one.

use assess::Answer;
use record::Day;
use serde_json::{Value, json};

use crate::given::{BOARD, Book, CHIEF, How, OFFICER, ROOT, TEAM, cite, day, id};

const RECORD: u128 = 210;

/// A record approved by the root on 1 February, ended with June, and approved again on 10 July.
fn again(kind: &str, body: Value, (first, second): (How, How)) -> Book {
    let mut book = Book::new();
    book.on("2024-02-01")
        .put(kind, RECORD, body)
        .act("approve", RECORD, 1, first);
    told(&mut book, "2024-02-01");
    let end = How::carrying(json!({"last_day": "2024-06-30"}));
    book.on("2024-06-20").act("end", RECORD, 1, end);
    book.on("2024-07-10").act("approve", RECORD, 1, second);
    book
}

fn told(book: &mut Book, on: &str) {
    let told = json!({"on": on, "to": true, "how": true});
    book.on(on).moved(RECORD, "communicate", told);
}

fn policy() -> Value {
    json!({"title": true, "text": true, "contents":
        {"purpose": true, "objectives": true, "requirements": true, "improvement": true}})
}

fn appointment() -> Value {
    json!({"holder": id(OFFICER), "duties": ["conformity", "reporting"], "authority": true,
        "start": "2024-02-01"})
}

fn answer(book: &Book, index: usize, about: &str) -> Answer {
    book.about(about).five.remove(index)
}

/// Returns the days on which what approved the record was recorded, as an answer rests on it.
fn attested(answer: &Answer) -> Vec<Day> {
    let evidence = answer.evidence.iter();
    let attested = evidence.filter(|one| one.name_of_move.as_deref() == Some("attest"));
    attested.map(|one| one.recorded_on).collect()
}

#[test]
fn a_policy_is_as_whoever_adopted_it_last_could_make_it() {
    let cases = [
        (How::by(BOARD), "holds", ("yes", "unknown")),
        (How::person(CHIEF), "holds", ("yes", "unknown")),
        (How::by(TEAM), "not_shown", ("no", "no")),
        (How::person(OFFICER), "not_shown", ("no", "no")),
    ];
    for (how, expected, words) in cases {
        let book = again("policy", policy(), (How::by(ROOT), how.clone()));
        book.expect(
            "5.2-a",
            &[
                ("2024-06-30", "holds"),
                ("2024-07-09", "not_shown"),
                ("2024-07-10", expected),
            ],
        );
        assert_eq!(book.words("policy", "2024-07-10"), words, "{how:?}");
        // And the other way about, it was not top management's before.
        let book = again("policy", policy(), (how.clone(), How::by(ROOT)));
        book.expect(
            "5.2-a",
            &[("2024-06-30", expected), ("2024-07-10", "holds")],
        );
    }
}

#[test]
fn an_answer_names_the_last_approval_and_rests_on_it() {
    let book = again("policy", policy(), (How::by(ROOT), How::by(BOARD)));
    let says = |about: &str| {
        let policy = answer(&book, 1, about);
        (attested(&policy), policy.because)
    };
    let (on, because) = says("2024-06-30");
    // Its end was decided by then.
    assert_eq!(on, [day("2024-02-01"), day("2024-06-20")]);
    let by = format!("adopted by record {} on 1 February 2024", id(ROOT));
    assert!(because.contains(&by), "{because}");
    let (on, because) = says("2024-07-10");
    assert_eq!(on, [day("2024-07-10")]);
    let by = format!("adopted by record {} on 10 July 2024", id(BOARD));
    assert!(because.contains(&by), "{because}");
}

#[test]
fn what_was_kept_before_it_was_approved_again_is_not_said_of_that() {
    let mut book = again("policy", policy(), (How::by(ROOT), How::by(BOARD)));
    let keep = How::decided("2024-05-01");
    book.on("2024-07-11").act("keep", RECORD, 1, keep);
    let says = |about: &str| answer(&book, 1, about).because.contains("kept as it is");
    assert_eq!([says("2024-06-30"), says("2024-07-11")], [true, false]);
    book.on("2024-08-01").act("keep", RECORD, 1, How::by(ROOT));
    let policy = answer(&book, 1, "2024-08-01");
    assert!(policy.because.contains("kept as it is"), "{policy:?}");
}

#[test]
fn a_version_approved_again_is_made_known_again() {
    let mut book = again("policy", policy(), (How::by(ROOT), How::by(ROOT)));
    told(&mut book, "2024-07-12");
    book.expect(
        "5.2-b",
        &[
            ("2024-06-30", "holds"),
            ("2024-07-11", "unknown"),
            ("2024-07-12", "holds"),
        ],
    );
    let mut book = again("appointment", appointment(), (How::by(ROOT), How::by(ROOT)));
    told(&mut book, "2024-07-12");
    book.expect(
        "5.3",
        &[
            ("2024-06-30", "holds"),
            ("2024-07-11", "unknown"),
            ("2024-07-12", "holds"),
        ],
    );
}

#[test]
fn a_version_in_force_without_a_break_is_not_made_known_again() {
    // Adopted on 1 February and told that day; adopted again while it is in force.
    let told_once = |kind: &str, body: Value, first: How, (on, second): (&str, How)| {
        let mut book = Book::new();
        book.on("2024-02-01")
            .put(kind, RECORD, body)
            .act("approve", RECORD, 1, first);
        told(&mut book, "2024-02-01");
        book.on(on).act("approve", RECORD, 1, second);
        book
    };
    let until = || How::carrying(json!({"until": "2024-06-30"}));
    let from = |on: &str| How::from(on);
    let cases = [
        (How::by(ROOT), ("2024-04-10", How::by(BOARD)), "holds"),
        (until(), ("2024-06-20", until()), "holds"),
        (until(), ("2024-06-20", from("2024-07-01")), "holds"),
        // A day on which nobody had set it parts the two.
        (until(), ("2024-06-20", from("2024-07-02")), "unknown"),
    ];
    for (first, (on, second), expected) in cases {
        let said = format!("{first:?} {second:?}");
        let again = || (on, second.clone());
        let policy = told_once("policy", policy(), first.clone(), again());
        let about = second.effective_on.unwrap_or(day(on)).to_string();
        assert_eq!(policy.says("5.2-b", &about), expected, "{said}");
        let holds = if expected == "holds" {
            "yes"
        } else {
            "unknown"
        };
        assert_eq!(policy.words("policy", &about), ("yes", holds), "{said}");
        let owner = told_once("appointment", appointment(), first.clone(), again());
        assert_eq!(owner.says("5.3", &about), expected, "{said}");
        assert_eq!(owner.words("owner", &about), ("yes", holds), "{said}");
    }
    // So does another version in between.
    let mut book = told_once("policy", policy(), How::by(ROOT), ("2024-03-01", until()));
    book.put("policy", RECORD, policy()).approve(RECORD, 2);
    book.on("2024-04-10").approve(RECORD, 1);
    book.expect("5.2-b", &[("2024-04-10", "unknown")]);
}

#[test]
fn an_owner_is_assigned_by_whoever_appointed_them_last() {
    for (how, expected) in [(How::by(BOARD), "holds"), (How::by(TEAM), "not_shown")] {
        let mut book = again("appointment", appointment(), (How::by(ROOT), how.clone()));
        told(&mut book, "2024-07-12");
        book.expect("5.3", &[("2024-06-30", "holds"), ("2024-07-12", expected)]);
        let owner = answer(&book, 2, "2024-07-12");
        assert_eq!(attested(&owner), [day("2024-07-10")], "{how:?}");
    }
}

#[test]
fn who_was_there_is_asked_of_the_last_approval() {
    let cases = [
        ("5.2-a", "policy", policy()),
        ("4.3-a.p", "scope", json!({})),
        ("5.3.p", "appointment", appointment()),
        ("6.1.1.p", "risk_criteria", json!({})),
    ];
    for (rule, kind, body) in cases {
        let shown = if rule == "6.1.1.p" {
            "not_due"
        } else {
            "holds"
        };
        for (first, second, expected) in [
            (How::by(ROOT), How::unattended(), [shown, "reservation"]),
            (How::unattended(), How::by(ROOT), ["reservation", shown]),
        ] {
            let mut book = again(kind, body.clone(), (first, second));
            book.accepted(RECORD, OFFICER, "2024-02-01");
            let said = ["2024-06-30", "2024-07-10"].map(|about| book.says(rule, about));
            assert_eq!(said, expected, "{rule}");
        }
    }
}

#[test]
fn a_scope_and_its_author_are_judged_by_the_last_approval() {
    let book = again("scope", json!({}), (How::by(ROOT), How::by(TEAM)));
    book.expect(
        "4.3-a.p",
        &[("2024-06-30", "holds"), ("2024-07-10", "reservation")],
    );
    let own = How {
        same_person: true,
        ..How::person(CHIEF)
    };
    let book = again("scope", json!({}), (How::by(ROOT), own));
    book.expect(
        "7.5-a.p",
        &[("2024-06-30", "holds"), ("2024-07-10", "reservation")],
    );
}

#[test]
fn the_terms_of_an_approver_are_those_approved_last() {
    let mut book = Book::new();
    book.on("2024-01-31")
        .act("approve", BOARD, 1, How::unattended())
        .on("2024-02-01")
        .put("policy", RECORD, policy())
        .act("approve", RECORD, 1, How::by(BOARD));
    book.expect("5.2-a", &[("2024-02-01", "reservation")]);
}

#[test]
fn an_interval_is_declared_by_its_last_approval() {
    let mut book = again("policy", policy(), (How::by(ROOT), How::by(ROOT)));
    book.on("2024-08-01")
        .put(
            "declaration",
            300,
            json!({"intervals": {"policy_months": 12}}),
        )
        .approve(300, 1);
    book.on("2024-09-01")
        .act("approve", 300, 1, How::unattended());
    book.expect(
        "5.2-a.o",
        &[("2024-08-31", "holds"), ("2024-09-01", "reservation")],
    );
    let policy = answer(&book, 1, "2024-09-01");
    assert!(attested(&policy).contains(&day("2024-09-01")));
    assert!(!attested(&policy).contains(&day("2024-08-01")));
}

#[test]
fn criteria_approved_again_were_in_force_when_they_were_first_used() {
    let used = json!({"assessed_on": "2024-03-01", "criteria": cite(RECORD, 1), "level": "low",
        "systems": [cite(0xabc, 1)], "decision": {"says": "no_change", "because": true},
        "consequences": {"organisation": true, "individuals": true, "societies": true}});
    let criteria = json!({"actions": [{"on": "risk"}, {"on": "opportunity"}], "levels": ["low"],
        "acceptable_to": "low"});
    let mut book = Book::new();
    book.on("2024-02-01")
        .put("risk_criteria", RECORD, criteria)
        .approve(RECORD, 1)
        .put("ai_system", 0xabc, json!({"stage": "live"}));
    book.on("2024-03-01").put("risk_assessment", 240, used);
    book.on("2024-07-10")
        .act("approve", RECORD, 1, How::by(BOARD));
    book.expect("6.1.1.p", &[("2024-07-10", "holds")]);
    // What was scored then was scored by what was in force then.
    let risk = answer(&book, 3, "2024-07-10");
    assert_eq!(attested(&risk), [day("2024-02-01")]);
}

#[test]
fn an_approval_until_a_day_is_due_by_that_day() {
    let until = How::carrying(json!({"until": "2024-12-31"}));
    for (index, kind, body) in [(0, "scope", json!({})), (1, "policy", policy())] {
        let due = |first: &How, second: &How, about: &str| {
            let book = again(kind, body.clone(), (first.clone(), second.clone()));
            answer(&book, index, about).next_due.unwrap().to_string()
        };
        let (open, after) = (How::by(ROOT), "2024-07-10");
        assert_eq!(due(&open, &until, after), "2024-12-31", "{kind}");
        assert_eq!(due(&until, &open, after), "2025-07-10", "{kind}");
        // One that ends later than it is due for review is due for review first.
        let later = How::carrying(json!({"until": "2029-12-31"}));
        assert_eq!(due(&open, &later, after), "2025-07-10", "{kind}");
    }
}

#[test]
fn a_date_of_review_before_the_last_approval_is_not_of_it() {
    let mut body = policy();
    body["review_by"] = json!("2024-05-31");
    let next = How::carrying(json!({"next_review": "2024-05-31"}));
    for (body, first) in [(body, How::by(ROOT)), (policy(), next)] {
        let mut book = again("policy", body, (first, How::by(ROOT)));
        told(&mut book, "2024-07-10");
        book.expect(
            "5.2-a.o",
            &[
                ("2024-05-31", "holds"),
                ("2024-06-01", "overdue"),
                ("2024-07-10", "holds"),
                ("2025-07-10", "holds"),
                ("2025-07-11", "reservation"),
            ],
        );
        assert_eq!(book.words("policy", "2024-07-10"), ("yes", "yes"));
        let due = answer(&book, 1, "2024-07-10").next_due;
        assert_eq!(due, Some(day("2025-07-10")));
    }
    // One that was named for the last approval, or lies after it, counts.
    let mut body = policy();
    body["review_by"] = json!("2024-09-30");
    let book = again("policy", body, (How::by(ROOT), How::by(ROOT)));
    book.expect(
        "5.2-a.o",
        &[("2024-09-30", "holds"), ("2024-10-01", "overdue")],
    );
}

#[test]
fn a_date_of_review_named_after_adoption_and_before_the_first_day_is_the_one_that_counts() {
    let date = |on: &str| json!({"next_review": on});
    for kind in ["policy", "scope", "risk_criteria"] {
        let rule = match kind {
            "policy" => "5.2-a.o",
            "scope" => "4.3-a.o",
            _ => "7.5-a.o",
        };
        let body = match kind {
            "policy" => policy(),
            _ => json!({"actions": [{"on": "risk"}, {"on": "opportunity"}]}),
        };
        // The adoption names a date too: whoever kept it named another since.
        let adopted = How {
            effective_on: Some(day("2024-07-01")),
            ..How::carrying(date("2024-12-31"))
        };
        let mut book = Book::new();
        book.on("2024-06-01")
            .put(kind, RECORD, body)
            .act("approve", RECORD, 1, adopted);
        let mut kept = book.clone();
        kept.on("2024-06-20")
            .act("keep", RECORD, 1, How::carrying(date("2024-09-30")));
        kept.expect(rule, &[("2024-09-30", "holds"), ("2024-10-01", "overdue")]);
        book.expect(rule, &[("2024-10-01", "holds"), ("2025-01-01", "overdue")]);
    }
    // What kept it in an earlier stretch says nothing of the one that was approved to come.
    let until = How::carrying(json!({"until": "2024-06-30"}));
    let mut book = Book::new();
    book.on("2024-02-01")
        .put("policy", RECORD, policy())
        .act("approve", RECORD, 1, until)
        .on("2024-05-01")
        .act("approve", RECORD, 1, How::from("2024-07-10"))
        .on("2024-06-01")
        .act("keep", RECORD, 1, How::carrying(date("2024-09-30")));
    book.expect("5.2-a.o", &[("2024-10-01", "holds")]);
}

#[test]
fn a_date_of_review_named_before_a_break_is_not_of_what_was_approved_after_it() {
    let next = || How::carrying(json!({"next_review": "2024-12-31"}));
    let whole = [("2024-12-31", "holds"), ("2025-01-01", "holds")];
    let mut by_adoption = again("policy", policy(), (next(), How::by(ROOT)));
    told(&mut by_adoption, "2024-07-10");
    by_adoption.expect("5.2-a.o", &whole);
    let kept = |ended: bool| {
        let mut book = Book::new();
        book.on("2024-02-01")
            .put("policy", RECORD, policy())
            .approve(RECORD, 1);
        book.on("2024-05-01").act("keep", RECORD, 1, next());
        if ended {
            let end = How::carrying(json!({"last_day": "2024-06-30"}));
            book.on("2024-06-20").act("end", RECORD, 1, end);
        }
        book.on("2024-07-10").approve(RECORD, 1);
        told(&mut book, "2024-07-10");
        book
    };
    let by_keeping = kept(true);
    by_keeping.expect("5.2-a.o", &whole);
    assert_eq!(by_keeping.words("policy", "2025-01-01"), ("yes", "yes"));
    let due = answer(&by_keeping, 1, "2024-07-10").next_due;
    assert_eq!(due, Some(day("2025-07-10")));
    // Without a break it goes on as it was kept.
    kept(false).expect(
        "5.2-a.o",
        &[("2024-12-31", "holds"), ("2025-01-01", "overdue")],
    );
}

#[test]
fn an_end_back_in_time_is_marked_though_the_policy_was_adopted_again_since() {
    let mut book = Book::new();
    book.on("2024-02-01")
        .put("policy", RECORD, policy())
        .approve(RECORD, 1)
        .put("policy", 211, policy())
        .approve(211, 1);
    let last = How::carrying(json!({"last_day": "2024-02-29"}));
    book.on("2024-06-01").act("end", 211, 1, last);
    book.on("2024-08-01").approve(211, 1);
    let evidence = answer(&book, 1, "2024-03-01").evidence;
    let ends = evidence.iter();
    let ends = ends.filter(|one| one.name_of_move.as_deref() == Some("end"));
    assert_eq!(ends.count(), 1);
}
