//! What stands beside each of the five answers: every rule of its list by a record that falls
//! short of it, until that is put right; and neither of the answer's words moves.

use std::collections::BTreeSet;

use catalogue::Catalogue;
use serde_json::{Value, json};

use crate::given::{BOARD, Book, CHIEF, How, OFFICER, ROOT, TEAM, cite, id};
use crate::owner::{APPOINTED, appointed, both};
use crate::review::{DECLARED, first_missed, meeting, quarters, review, whole};
use crate::risk::{CRITERIA, FIRST, SYSTEM, assessed, criteria, set_up};
use crate::scope::{SCOPE, attest, headed};

const POLICY: u128 = 210;
const SECOND: u128 = 241;

/// A rule of an answer's list, and what it says there of records that fall short of it.
struct Case {
    rule: &'static str,
    says: &'static str,
    /// What falls short of it, from records of which nothing is reserved.
    short: fn(&mut Book),
    /// A day on which it does.
    on: &'static str,
    /// What puts it right.
    right: fn(&mut Book),
    /// A day on which that was done.
    after: &'static str,
}

/// Returns the two words of an answer about a day, and what is reserved to it.
fn told(book: &Book, answer: &str, about: &str) -> ((&'static str, &'static str), Vec<String>) {
    let mut five = book.about(about).five.into_iter();
    let one = five
        .find(|one| one.id == answer)
        .expect("it is one of five");
    ((one.in_hand, one.holds), one.reservations)
}

/// Holds each rule of an answer's list to stand beside it while the records fall short of that rule
/// alone, and no longer.
#[track_caller]
fn stand_beside(answer: &str, sound: &Book, (from, cases): (&str, &[Case])) {
    assert_eq!(told(sound, answer, from), (("yes", "yes"), vec![]));
    for case in cases {
        let rule = case.rule;
        let mut book = sound.clone();
        (case.short)(&mut book);
        let (words, said) = told(&book, answer, case.on);
        assert_eq!(words, ("yes", "yes"), "{rule}");
        assert!(
            said.len() == 1 && said[0].contains(case.says),
            "{rule}: {said:?}"
        );
        (case.right)(&mut book);
        let right = told(&book, answer, case.after);
        assert_eq!(right, (("yes", "yes"), vec![]), "{rule}");
    }
    let catalogue = Catalogue::iso_42001().expect("it is whole");
    let found = catalogue.five.iter().find(|one| one.id == answer);
    let listed = found
        .expect("it is one of five")
        .reservations
        .iter()
        .map(String::as_str);
    let listed: BTreeSet<&str> = listed.collect();
    let held: BTreeSet<&str> = cases.iter().map(|one| one.rule).collect();
    assert_eq!(held, listed, "each rule beside {answer}");
}

fn unattended() -> How {
    How::unattended()
}

/// By the person who wrote it, where that was waived.
fn by_who_wrote() -> How {
    How {
        same_person: true,
        ..How::person(CHIEF)
    }
}

/// Puts a version of a record and has it approved.
fn anew(book: &mut Book, (kind, n, version): (&str, u128, u32), body: Value, how: How) {
    book.put(kind, n, body).act("approve", n, version, how);
}

fn bought() -> Value {
    let mut scope = crate::scope::whole();
    scope["criteria"] = json!([{"origin": ["bought"], "says": "in"}]);
    scope
}

/// Puts a system that a person placed.
fn placed(book: &mut Book, on: &str, n: u128) {
    let body = json!({"origin": "built", "stage": "live", "scope": {"says": "in"}});
    book.on(on).put_by(Some(id(CHIEF)), "ai_system", n, body);
}

const SCOPE_CASES: [Case; 6] = [
    Case {
        rule: "4.3-a.o",
        says: "Nobody has looked again at the scope since 1 February 2024;",
        short: |book| attest(book, 400, "2025-02-01", json!([])),
        on: "2025-02-02",
        right: |book| {
            book.on("2025-02-03").act("keep", SCOPE, 1, How::by(ROOT));
        },
        after: "2025-02-03",
    },
    Case {
        rule: "4.3-a.p",
        says: ", not top management on 1 March 2024.",
        short: |book| {
            anew(
                book.on("2024-03-01"),
                ("scope", SCOPE, 2),
                bought(),
                How::by(TEAM),
            );
        },
        on: "2024-03-01",
        right: |book| {
            anew(
                book.on("2024-03-02"),
                ("scope", SCOPE, 3),
                bought(),
                How::by(BOARD),
            );
        },
        after: "2024-03-02",
    },
    Case {
        rule: "4.3-b",
        says: "1 of 2 AI systems is in or out of scope by rule only, unconfirmed.",
        short: |book| {
            let body = json!({"origin": "bought"});
            book.on("2024-03-01").put("ai_system", 0xabd, body);
        },
        on: "2024-03-01",
        right: |book| {
            let body = json!({"systems": [cite(0xabd, 1)]});
            book.on("2024-03-02").moved(SCOPE, "confirm", body);
        },
        after: "2024-03-02",
    },
    Case {
        rule: "4.3-b.o",
        says: "1 AI system has waited over 30 days for a decision on scope.",
        short: |book| {
            let body = json!({"origin": "built"});
            book.on("2024-03-01").put("ai_system", 0xabd, body);
        },
        on: "2024-04-01",
        right: |book| placed(book, "2024-04-02", 0xabd),
        after: "2024-04-02",
    },
    Case {
        rule: "4.3-c",
        says: "Since 2 May 2024 nobody has attested",
        short: |_| {},
        on: "2024-05-02",
        right: |book| attest(book, 400, "2024-05-03", json!([])),
        after: "2024-05-03",
    },
    Case {
        rule: "7.5-a.p",
        says: "both wrote",
        short: |book| {
            let same_person = How {
                same_person: true,
                ..How::by(ROOT)
            };
            book.on("2024-03-01")
                .put_by(Some(id(CHIEF)), "scope", SCOPE, bought())
                .act("approve", SCOPE, 2, same_person);
        },
        on: "2024-03-01",
        right: |book| {
            let scope = ("scope", SCOPE, 3);
            anew(book.on("2024-03-02"), scope, bought(), How::by(ROOT));
        },
        after: "2024-03-02",
    },
];

#[test]
fn each_rule_stands_beside_the_scope_until_the_records_are_right() {
    let mut sound = Book::new();
    headed(&mut sound, "2024-01-01");
    sound
        .on("2024-02-01")
        .put("scope", SCOPE, bought())
        .approve(SCOPE, 1);
    placed(&mut sound, "2024-02-01", SYSTEM);
    stand_beside("scope", &sound, ("2024-05-01", &SCOPE_CASES));
}

fn policy() -> Value {
    json!({"title": true, "text": true, "contents":
        {"purpose": true, "objectives": true, "requirements": true, "improvement": true}})
}

/// Puts a version of the policy, approved and made known on the day.
fn adopted(book: &mut Book, on: &str, version: u32, how: How) {
    anew(book.on(on), ("policy", POLICY, version), policy(), how);
    let known = json!({"on": on, "to": true, "how": true});
    book.moved(POLICY, "communicate", known);
}

/// Declares in how many months the policy is reviewed.
fn months(book: &mut Book, on: &str, (version, months): (u32, i64)) {
    let body = json!({"intervals": {"policy_months": months}});
    let declared = ("declaration", DECLARED, version);
    anew(book.on(on), declared, body, How::by(ROOT));
}

const POLICY_CASES: [Case; 4] = [
    Case {
        rule: "4.4.p",
        says: "Your interval for the policy is 13 months",
        short: |book| months(book, "2024-03-01", (1, 13)),
        on: "2024-03-01",
        right: |book| months(book, "2024-03-02", (2, 12)),
        after: "2024-03-02",
    },
    Case {
        rule: "5.2-a",
        says: "was approved on 1 March 2024 without a record of who was there",
        short: |book| adopted(book, "2024-03-01", 2, unattended()),
        on: "2024-03-01",
        right: |book| adopted(book, "2024-03-02", 3, How::by(ROOT)),
        after: "2024-03-02",
    },
    Case {
        rule: "5.2-a.o",
        says: "Nobody has looked again at the AI policy since 1 February 2024;",
        short: |_| {},
        on: "2025-02-02",
        right: |book| {
            book.on("2025-02-03").act("keep", POLICY, 1, How::by(ROOT));
        },
        after: "2025-02-03",
    },
    Case {
        rule: "7.5-a.p",
        says: "both wrote",
        short: |book| {
            adopted(book, "2024-03-01", 2, by_who_wrote());
        },
        on: "2024-03-01",
        right: |book| adopted(book, "2024-03-02", 3, How::person(CHIEF)),
        after: "2024-03-02",
    },
];

#[test]
fn each_rule_stands_beside_the_policy_until_the_records_are_right() {
    let mut sound = Book::new();
    adopted(&mut sound, "2024-02-01", 1, How::by(ROOT));
    stand_beside("policy", &sound, ("2025-02-01", &POLICY_CASES));
}

/// Appoints the officer anew by a body, made known on the day.
fn appoint(book: &mut Book, on: &str, version: u32, by: u128) {
    anew(
        book.on(on),
        ("appointment", APPOINTED, version),
        both(OFFICER),
        How::by(by),
    );
    let known = json!({"on": on, "to": true, "how": true});
    book.moved(APPOINTED, "communicate", known);
}

/// Gives the board its terms of reference anew.
fn terms(book: &mut Book, on: &str, version: u32, how: How) {
    let seats = json!([{"person": id(CHIEF)}]);
    let body = json!({"name": true, "top_management": "part", "quorum": 1, "seats": seats});
    anew(book.on(on), ("body", BOARD, version), body, how);
}

const OWNER_CASES: [Case; 2] = [
    Case {
        rule: "5.3",
        says: "were approved on 29 February 2024 without a record of who was there",
        short: |book| {
            terms(book, "2024-02-29", 2, unattended());
            appoint(book, "2024-03-01", 2, BOARD);
            book.accepted(APPOINTED, OFFICER, "2024-03-01");
        },
        on: "2024-03-01",
        right: |book| {
            terms(book, "2024-03-02", 3, How::by(ROOT));
            appoint(book, "2024-03-02", 3, BOARD);
            book.accepted(APPOINTED, OFFICER, "2024-03-02");
        },
        after: "2024-03-02",
    },
    Case {
        rule: "5.3.p",
        says: "accepted responsibility for the conformity",
        short: |book| appoint(book, "2024-03-01", 2, ROOT),
        on: "2024-03-01",
        right: |book| {
            book.on("2024-03-02")
                .accepted(APPOINTED, OFFICER, "2024-03-02");
        },
        after: "2024-03-02",
    },
];

#[test]
fn each_rule_stands_beside_the_owner_until_the_records_are_right() {
    let sound = appointed(both(OFFICER), How::by(ROOT));
    stand_beside("owner", &sound, ("2024-02-20", &OWNER_CASES));
}

/// Assesses the system on a day, by versions of it and of the criteria.
fn assess(book: &mut Book, on: &str, (n, system, criteria): (u128, u32, u32)) {
    let mut body = assessed(on);
    body["systems"] = json!([cite(SYSTEM, system)]);
    body["criteria"] = cite(CRITERIA, criteria);
    body["decision"]["says"] = json!("treat");
    book.on(on).put("risk_assessment", n, body);
}

/// The one that promised an effect by the end of May, as it is seen to have had it.
fn promised(shown_by: Value) -> Value {
    let mut body = assessed("2024-05-01");
    body["decision"]["says"] = json!("treat");
    body["decision"]["promises"] = json!({"effect": true, "due": "2024-05-31"});
    body["shown_by"] = shown_by;
    body
}

fn high(book: &mut Book, on: &str) {
    let mut body = assessed(on);
    body["level"] = json!("high");
    body["decision"]["says"] = json!("treat");
    book.on(on).put("risk_assessment", SECOND, body);
}

const RISK_CASES: [Case; 6] = [
    Case {
        rule: "6.1.1.p",
        says: "Risk criteria version 2 were approved on 1 April 2024, after the first scores.",
        short: |book| {
            book.on("2024-04-01")
                .put("risk_criteria", CRITERIA, criteria());
            assess(book, "2024-04-01", (SECOND, 1, 2));
            book.approve(CRITERIA, 2);
        },
        on: "2024-04-01",
        right: |book| {
            book.on("2024-04-02")
                .put("risk_criteria", CRITERIA, criteria())
                .approve(CRITERIA, 3);
            assess(book, "2024-04-02", (242, 1, 3));
        },
        after: "2024-04-02",
    },
    Case {
        rule: "6.1.3-c",
        says: "above the authority held for that level",
        short: |book| {
            let above = How {
                because: Some("above_authority"),
                ..How::by(BOARD)
            };
            high(book, "2024-04-01");
            book.act("accept", SECOND, 1, above);
        },
        on: "2024-04-01",
        right: |book| {
            book.on("2024-04-02")
                .act("accept", SECOND, 1, How::by(ROOT));
        },
        after: "2024-04-02",
    },
    Case {
        rule: "7.5-a.p",
        says: "both wrote",
        short: |book| {
            let kept = ("risk_criteria", CRITERIA, 2);
            anew(book.on("2024-04-01"), kept, criteria(), by_who_wrote());
        },
        on: "2024-04-01",
        right: |book| {
            let kept = ("risk_criteria", CRITERIA, 3);
            anew(book.on("2024-04-02"), kept, criteria(), How::by(ROOT));
        },
        after: "2024-04-02",
    },
    Case {
        rule: "8.2",
        says: "from before its significant change of 20 February 2024",
        short: |book| {
            let changed = json!({"stage": "live", "significant_change": true,
                "changed_on": "2024-02-20"});
            book.on("2024-04-01").put("ai_system", SYSTEM, changed);
        },
        on: "2024-04-01",
        right: |book| assess(book, "2024-04-02", (SECOND, 2, 1)),
        after: "2024-04-02",
    },
    Case {
        rule: "8.2.o",
        says: "was 1 day overdue: it had been due on 1 March 2025",
        short: |book| {
            let body = json!({"intervals": {"risk_assessment_months": 24}});
            anew(
                book.on("2025-03-03"),
                ("declaration", DECLARED, 2),
                body,
                How::by(ROOT),
            );
        },
        on: "2025-03-03",
        right: |book| assess(book, "2025-03-04", (SECOND, 1, 1)),
        after: "2025-03-04",
    },
    Case {
        rule: "8.2.p",
        says: "promised an effect by 31 May 2024; no later record shows it.",
        short: |book| {
            book.on("2024-05-01")
                .put("risk_assessment", SECOND, promised(json!([])));
        },
        on: "2024-06-01",
        right: |book| {
            let seen = json!([{"on": "2024-06-02", "what": true, "file": true}]);
            book.on("2024-06-02")
                .put("risk_assessment", SECOND, promised(seen));
        },
        after: "2024-06-02",
    },
];

#[test]
fn each_rule_stands_beside_the_risk_assessment_until_the_records_are_right() {
    let mut sound = set_up();
    assess(&mut sound, "2024-03-01", (FIRST, 1, 1));
    stand_beside("risk_assessment", &sound, ("2025-03-01", &RISK_CASES));
}

/// Declares quarters from a first day on, or another series.
fn series(book: &mut Book, on: &str, version: u32, (months, how): (i64, How)) {
    let series = json!({"first_day": "2024-04-01", "months": months});
    let body = json!({"series": {"management_review": series}});
    anew(book.on(on), ("declaration", DECLARED, version), body, how);
}

/// Puts a review of the second quarter that says one thing otherwise.
fn second(book: &mut Book, on: &str, (place, value): (&str, Value)) {
    let mut body = whole(511, Some("2024-04-01"));
    body[place] = value;
    book.on(on).put("management_review", 510, body);
}

/// The inputs of a review, with so many figures on audits.
fn figures(n: i64) -> Value {
    let mut inputs = whole(511, None)["inputs"].take();
    inputs["audits"] = json!({"text": true, "data_points": n, "items": ["1"]});
    inputs
}

const REVIEW_CASES: [Case; 6] = [
    Case {
        rule: "4.4.p",
        says: "Your interval for the management review is 24 months",
        short: |book| series(book, "2024-03-01", 2, (24, How::by(ROOT))),
        on: "2024-03-01",
        right: |book| series(book, "2024-03-02", 3, (3, How::by(ROOT))),
        after: "2024-03-02",
    },
    Case {
        rule: "9.3-a",
        says: "was declared on 1 March 2024 without a record of who was there",
        short: |book| series(book, "2024-03-01", 2, (3, unattended())),
        on: "2024-03-01",
        right: |book| series(book, "2024-03-02", 3, (3, How::by(ROOT))),
        after: "2024-03-02",
    },
    Case {
        rule: "9.3-a.o",
        says: "the management review for 1 January 2024 to 31 March 2024 was held",
        short: |book| {
            *book = first_missed();
            let confirm = json!({"by": cite(541, 1), "on": "2025-02-10"});
            book.moved(531, "confirm", confirm);
        },
        on: "2025-03-31",
        right: |_| {},
        after: "2025-04-01", // twelve months after it was missed
    },
    Case {
        rule: "9.3-a.p",
        says: "do not say who was there",
        short: |book| {
            let mut body = meeting(BOARD, "2024-05-15");
            body["present"] = Value::Null;
            book.put("meeting", 511, body);
        },
        on: "2024-07-01",
        right: |book| {
            book.put("meeting", 511, meeting(BOARD, "2024-05-15"));
        },
        after: "2024-07-01",
    },
    Case {
        rule: "9.3-b.p",
        says: "calls one figure for audit results a trend",
        short: |book| second(book, "2024-05-15", ("inputs", figures(1))),
        on: "2024-07-01",
        right: |book| second(book, "2024-05-16", ("inputs", figures(2))),
        after: "2024-07-01",
    },
    Case {
        rule: "9.3-e",
        says: "The review of 15 May 2024 has nothing on incidents.",
        short: |book| {
            let body = json!({"agenda": ["incidents"]});
            anew(
                book.on("2024-05-01"),
                ("declaration", 301, 1),
                body,
                How::by(ROOT),
            );
        },
        on: "2024-07-01",
        right: |book| {
            second(book, "2024-05-16", ("agenda", json!({"incidents": true})));
        },
        after: "2024-07-01",
    },
];

#[test]
fn each_rule_stands_beside_the_management_review_until_the_records_are_right() {
    let mut sound = quarters();
    review(&mut sound, 500, "2024-02-15", Some("2024-01-01"));
    review(&mut sound, 510, "2024-05-15", Some("2024-04-01"));
    stand_beside("management_review", &sound, ("2024-07-01", &REVIEW_CASES));
}
