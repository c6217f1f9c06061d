//! 6.1.1.p, 8.2 and 8.2.p: what an assessment was of, by what, and which one counts.

use serde_json::{Value, json};

use crate::given::{Book, How, ROOT, cite, id};
use crate::risk::{CRITERIA, FIRST, SYSTEM, assessed, criteria, set_up};

const SECOND: u128 = 241;

fn put(book: &mut Book, on: &str, n: u128, body: Value) {
    book.on(on).put("risk_assessment", n, body);
}

#[test]
fn criteria_that_have_ended_are_in_force_for_no_assessment() {
    let assessed_on = |on: &str| {
        let mut book = set_up();
        let last = How::carrying(json!({"last_day": "2024-03-31"}));
        book.on("2024-03-20").act("end", CRITERIA, 1, last);
        put(&mut book, on, FIRST, assessed(on));
        book.says("8.2", on)
    };
    assert_eq!(assessed_on("2024-03-31"), "holds");
    assert_eq!(assessed_on("2024-04-01"), "not_shown");
}

#[test]
fn the_first_scores_are_the_first_whatever_came_after() {
    let mut book = Book::new();
    book.on("2024-02-01")
        .put("risk_criteria", CRITERIA, criteria());
    put(&mut book, "2024-03-05", FIRST, assessed("2024-03-05"));
    book.on("2024-03-10")
        .act("approve", CRITERIA, 1, How::decided("2024-02-01"));
    put(&mut book, "2024-04-01", SECOND, assessed("2024-04-01"));
    book.expect(
        "6.1.1.p",
        &[
            ("2024-03-04", "not_due"), // nothing was scored by then
            ("2024-03-05", "reservation"),
            ("2024-04-01", "reservation"),
        ],
    );
}

#[test]
fn the_newest_of_a_system_is_asked_by_its_day_however_late_it_was_recorded() {
    let mut uncited = assessed("2024-03-01");
    uncited["criteria"] = Value::Null;
    let mut book = set_up();
    put(&mut book, "2024-06-01", FIRST, assessed("2024-06-01"));
    put(&mut book, "2024-06-02", SECOND, uncited);
    book.expect("6.1.1", &[("2025-03-01", "not_shown")]);
    book.expect("6.1.1", &[("2025-03-02", "holds")]);
}

#[test]
fn of_two_assessments_of_one_day_the_one_recorded_last_counts() {
    let mut undecided = assessed("2024-03-01");
    undecided["decision"] = Value::Null;
    let whole = assessed("2024-03-01");
    for (bodies, expected) in [
        ([&whole, &undecided], "not_shown"),
        ([&undecided, &whole], "holds"),
    ] {
        let mut book = set_up();
        for (n, body) in [FIRST, SECOND].into_iter().zip(bodies) {
            put(&mut book, "2024-03-01", n, body.clone());
        }
        book.expect("8.2", &[("2024-03-01", expected)]);
        // So does the one that was put again.
        let mut other = ["holds", "not_shown"].into_iter();
        let other = other.find(|one| *one != expected);
        put(&mut book, "2024-03-01", FIRST, bodies[0].clone());
        book.expect("8.2", &[("2024-03-01", other.unwrap())]);
    }
}

#[test]
fn a_system_that_awaits_its_place_is_not_yet_due() {
    let placing = |origin: &str| {
        let mut book = set_up();
        let scope = json!({"criteria": [{"origin": [origin], "says": "in"}]});
        book.put(
            "ai_system",
            SYSTEM,
            json!({"stage": "live", "origin": "bought"}),
        )
        .put("scope", 600, scope)
        .approve(600, 1);
        book.says("8.2", "2024-02-01")
    };
    assert_eq!(placing("bought"), "not_shown");
    assert_eq!(placing("built"), "not_due");
}

#[test]
fn a_system_set_back_from_the_stage_itself_is_as_due_as_it_was() {
    let mut book = set_up();
    book.on("2024-02-02")
        .put("ai_system", 0xabd, json!({"stage": "development"}));
    let due = |book: &Book, about: &str| book.about(about).five[3].affected.unwrap().of;
    assert_eq!(due(&book, "2024-02-02"), 1);
    book.on("2024-02-03")
        .put("ai_system", 0xabd, json!({"stage": "pilot"}));
    assert_eq!(due(&book, "2024-02-03"), 2);
    book.on("2024-02-04")
        .put("ai_system", 0xabd, json!({"stage": "development"}));
    assert_eq!(due(&book, "2024-02-04"), 2);
}

/// The system as it is since a change on a day.
fn change(significant: bool, on: &str) -> Value {
    json!({"stage": "live", "significant_change": significant, "changed_on": on})
}

#[test]
fn an_assessment_is_asked_for_since_the_last_of_the_significant_changes() {
    let mut book = set_up();
    put(&mut book, "2024-03-01", FIRST, assessed("2024-03-01"));
    book.on("2024-04-01")
        .put("ai_system", SYSTEM, change(false, "2024-04-01"));
    book.expect("8.2", &[("2024-04-01", "holds")]);
    // Said to be significant, it is another matter: and an assessment of what was before is of that.
    book.on("2024-04-02")
        .put("ai_system", SYSTEM, change(true, "2024-04-01"));
    book.expect("8.2", &[("2024-04-02", "not_shown")]);
    for (version, expected) in [(2, "not_shown"), (3, "holds")] {
        let mut of_version = assessed("2024-04-03");
        of_version["systems"] = json!([cite(SYSTEM, version)]);
        put(&mut book, "2024-04-03", SECOND, of_version);
        book.expect("8.2", &[("2024-04-03", expected)]);
    }
    book.on("2024-05-01")
        .put("ai_system", SYSTEM, change(true, "2024-05-01"));
    book.expect(
        "8.2",
        &[("2024-04-30", "holds"), ("2024-05-01", "not_shown")],
    );
}

fn promised(due: &str, decided: &str) -> Value {
    let mut body = assessed("2024-03-01");
    body["decision"] = json!({"says": "treat", "on": decided,
        "promises": {"effect": true, "due": due}});
    body
}

#[test]
fn a_promise_is_due_by_the_day_it_was_first_given() {
    let mut book = set_up();
    put(
        &mut book,
        "2024-03-01",
        FIRST,
        promised("2024-06-30", "2024-03-01"),
    );
    put(
        &mut book,
        "2024-04-01",
        FIRST,
        promised("2024-05-31", "2024-03-01"),
    );
    book.expect(
        "8.2.p",
        &[("2024-06-01", "not_due"), ("2024-07-01", "reservation")],
    );
    // One that a later version is the first to tell of was not known to it before.
    let mut book = set_up();
    put(&mut book, "2024-03-01", FIRST, assessed("2024-03-01"));
    put(
        &mut book,
        "2024-07-05",
        FIRST,
        promised("2024-06-30", "2024-03-20"),
    );
    book.expect(
        "8.2.p",
        &[("2024-07-04", "not_due"), ("2024-07-05", "reservation")],
    );
}

#[test]
fn an_acceptance_is_asked_about_while_the_newest_version_stands_for_some_system() {
    let above = How {
        because: Some("above_authority"),
        ..How::by(ROOT)
    };
    let mut book = set_up();
    let mut body = assessed("2024-03-01");
    body["level"] = json!("high");
    body["systems"] = json!([]);
    body["decision"]["says"] = json!("treat");
    put(&mut book, "2024-03-01", FIRST, body.clone());
    book.act("accept", FIRST, 1, above);
    let flagged = |book: &Book, about: &str| {
        let status = book.about(about);
        let mut found = status.requirements.iter().flat_map(|one| &one.findings);
        found.any(|one| one.rule == "6.1.3-c" && one.subjects[0].id == id(FIRST).to_string())
    };
    let mut newer = assessed("2024-04-01");
    newer["decision"]["says"] = json!("treat");
    put(&mut book, "2024-04-01", SECOND, newer);
    assert!(flagged(&book, "2024-04-01"));
    body["systems"] = json!([cite(SYSTEM, 1)]);
    put(&mut book, "2024-04-02", FIRST, body);
    assert!(!flagged(&book, "2024-04-02"));
}

#[test]
fn an_effect_is_shown_from_the_day_on_which_it_was_seen() {
    let mut seen = promised("2024-06-30", "2024-03-01");
    seen["shown_by"] = json!([{"on": "2024-07-05", "file": true}]);
    let mut book = set_up();
    let promise = promised("2024-06-30", "2024-03-01");
    put(&mut book, "2024-03-01", FIRST, promise);
    book.on("2024-07-10")
        .put_of("risk_assessment", FIRST, "2024-07-01", seen);
    book.expect(
        "8.2.p",
        &[("2024-07-04", "reservation"), ("2024-07-05", "holds")],
    );
}

#[test]
fn an_assessment_of_the_day_on_which_its_criteria_were_replaced_holds() {
    let on = "2024-03-01";
    let replaced = |last: Option<&str>| {
        let mut book = set_up();
        book.on(on).put("risk_assessment", FIRST, assessed(on));
        match last {
            // A version approved on the day of another never was in force before it.
            None => {
                for version in [2, 3] {
                    book.put("risk_criteria", CRITERIA, criteria())
                        .approve(CRITERIA, version);
                }
            }
            Some(last) => {
                let last = How::carrying(json!({"last_day": last}));
                book.act("end", CRITERIA, 1, last);
            }
        }
        book
    };
    let both = ["6.1.1", "8.2"];
    let book = replaced(None);
    for rule in both {
        book.expect(rule, &[(on, "holds"), ("2025-02-01", "holds")]);
    }
    // By the version in between too, and by that which came last.
    for version in [2, 3] {
        let mut book = book.clone();
        let mut body = assessed(on);
        body["criteria"] = cite(CRITERIA, version);
        book.put("risk_assessment", FIRST, body);
        book.expect("8.2", &[(on, "holds")]);
    }
    // On the next day it is in force no more.
    let mut late = book;
    late.on("2024-03-02")
        .put("risk_assessment", SECOND, assessed("2024-03-02"));
    for rule in both {
        late.expect(rule, &[("2024-03-02", "not_shown")]);
    }
    // Its last day is one on which it counts; the day after is not.
    replaced(Some(on)).expect("8.2", &[(on, "holds")]);
    replaced(Some("2024-02-29")).expect("8.2", &[(on, "not_shown")]);
}
