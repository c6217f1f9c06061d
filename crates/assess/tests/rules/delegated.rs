//! What a delegate of top management approves: their power is followed to whoever gave it.

use serde_json::{Value, json};

use crate::given::{BOARD, Book, CHIEF, How, OFFICER, ROOT, TEAM, id};
use crate::known_then::whole;
use crate::owner;

const SCOPE: u128 = 600;
const FIRST: u128 = 220;
const SECOND: u128 = 221;

fn power(holder: u128, changed: &Value) -> Value {
    let mut body =
        json!({"holder": id(holder), "powers": ["approve_scope"], "start": "2024-01-10"});
    for (field, value) in changed.as_object().into_iter().flatten() {
        body[field] = value.clone();
    }
    body
}

/// What the rule says of a scope that the officer approved on 1 February.
fn approved(book: &mut Book) -> &'static str {
    book.on("2024-02-01").put("scope", SCOPE, json!({})).act(
        "approve",
        SCOPE,
        1,
        How::person(OFFICER),
    );
    book.says("4.3-a.p", "2024-02-01")
}

/// The same where an appointment gave the power.
fn by_power(how: How, changed: &Value) -> &'static str {
    let mut book = Book::new();
    book.on("2024-01-10")
        .put("appointment", FIRST, power(OFFICER, changed))
        .act("approve", FIRST, 1, how);
    approved(&mut book)
}

#[test]
fn a_persons_power_is_that_of_whoever_gave_it() {
    let none = json!({});
    let cases = [
        (How::by(ROOT), &none, "holds"),
        (How::by(BOARD), &none, "holds"),
        (How::by(TEAM), &none, "reservation"),
        (How::person(CHIEF), &none, "reservation"), // with no power of theirs on record
        (How::lost("no_power"), &none, "reservation"),
        (
            How::by(ROOT),
            &json!({"powers": ["declare"]}),
            "reservation",
        ),
        (How::by(ROOT), &json!({"holder": id(CHIEF)}), "reservation"),
        (
            How::by(ROOT),
            &json!({"start": "2024-02-02"}),
            "reservation",
        ),
        (How::by(ROOT), &json!({"end": "2024-01-31"}), "reservation"),
        (How::by(ROOT), &json!({"end": "2024-02-01"}), "holds"),
    ];
    for (how, changed, expected) in cases {
        let said = by_power(how.clone(), changed);
        assert_eq!(said, expected, "{how:?} {changed}");
    }
}

#[test]
fn a_power_given_on_by_a_person_is_followed_further() {
    for (first, expected) in [(ROOT, "holds"), (TEAM, "reservation")] {
        let mut book = Book::new();
        book.on("2024-01-10")
            .put("appointment", FIRST, power(CHIEF, &json!({})))
            .act("approve", FIRST, 1, How::by(first))
            .put("appointment", SECOND, power(OFFICER, &json!({})))
            .act("approve", SECOND, 1, How::person(CHIEF));
        assert_eq!(approved(&mut book), expected, "{first}");
    }
    // Two who give it to one another have it from nobody.
    let mut book = Book::new();
    book.on("2024-01-10")
        .put("appointment", FIRST, power(CHIEF, &json!({})))
        .act("approve", FIRST, 1, How::person(OFFICER))
        .put("appointment", SECOND, power(OFFICER, &json!({})))
        .act("approve", SECOND, 1, How::person(CHIEF));
    assert_eq!(approved(&mut book), "reservation");
}

#[test]
fn it_says_that_the_power_was_not_top_managements() {
    let mut book = Book::new();
    book.on("2024-01-10")
        .put("appointment", FIRST, power(OFFICER, &json!({})))
        .act("approve", FIRST, 1, How::by(TEAM));
    approved(&mut book);
    let sentence = book.sentence("4.3-a.p", "2024-02-01");
    let expected =
        "approved the scope on 1 February 2024, by a power that top management did not give.";
    assert!(sentence.ends_with(expected), "{sentence}");
    // Given by top management since, it was not then.
    book.on("2024-03-01")
        .act("approve", FIRST, 1, How::by(ROOT));
    book.expect("4.3-a.p", &[("2024-03-01", "reservation")]);
}

#[test]
fn a_power_rescinded_since_with_a_last_day_before_it_was_used_is_told_as_that() {
    let mut book = Book::new();
    book.on("2024-01-10")
        .put("appointment", FIRST, power(OFFICER, &json!({})))
        .act("approve", FIRST, 1, How::by(ROOT));
    approved(&mut book);
    let last = json!({"last_day": "2024-01-20"});
    book.on("2024-03-01")
        .act("end", FIRST, 1, How::carrying(last));
    let said = format!(
        "record {} approved the scope on 1 February 2024, by a power that was rescinded on 1 March \
         2024 with 20 January 2024 as its last day.",
        id(OFFICER)
    );
    for about in ["2024-02-10", "2024-03-01", "2024-06-01"] {
        assert_eq!(book.sentence("4.3-a.p", about), said, "{about}");
    }
    // One that was nobody's of top management to give is told as before.
    let mut others = Book::new();
    others
        .on("2024-01-10")
        .put("appointment", FIRST, power(OFFICER, &json!({})))
        .act("approve", FIRST, 1, How::by(TEAM));
    approved(&mut others);
    let last = json!({"last_day": "2024-01-20"});
    others
        .on("2024-03-01")
        .act("end", FIRST, 1, How::carrying(last));
    let said = others.sentence("4.3-a.p", "2024-03-01");
    assert!(said.ends_with("top management did not give."), "{said}");
}

const POLICY: u128 = 210;
const OWNER: u128 = 225;

/// A body that is no part of top management, and one that it gives powers on to.
const COMMITTEE: u128 = 4;
const PANEL: u128 = 5;

/// The powers by which the three are approved that top management is asked to approve.
const ALL: [&str; 3] = ["approve_scope", "adopt_policy", "assign_owner"];

fn terms(powers: &[&str]) -> Value {
    json!({"name": true, "top_management": "no", "quorum": 1, "powers": powers,
        "seats": [{"person": id(CHIEF)}]})
}

/// Who may approve what, from 10 January on.
fn powers(committee_by: u128, given: &[&str]) -> Book {
    let mut book = Book::new();
    book.on("2024-01-10")
        .put("body", COMMITTEE, terms(given))
        .act("approve", COMMITTEE, 1, How::by(committee_by))
        .put("body", PANEL, terms(given))
        .act("approve", PANEL, 1, How::by(COMMITTEE))
        .put(
            "appointment",
            FIRST,
            power(OFFICER, &json!({"powers": given})),
        )
        .act("approve", FIRST, 1, How::by(COMMITTEE));
    book
}

/// What the rules on scope, policy and owner say where one approves all three.
fn said_of(mut book: Book, how: &How) -> [&'static str; 3] {
    book.on("2024-02-01")
        .put("scope", SCOPE, json!({}))
        .act("approve", SCOPE, 1, how.clone())
        .put("policy", POLICY, whole())
        .act("approve", POLICY, 1, how.clone())
        .put("appointment", OWNER, owner::both(OFFICER))
        .act("approve", OWNER, 1, how.clone());
    let known = json!({"on": "2024-02-15", "to": true, "how": true});
    book.on("2024-02-15").moved(OWNER, "communicate", known);
    ["4.3-a.p", "5.2-a", "5.3"].map(|rule| book.says(rule, "2024-02-15"))
}

#[test]
fn a_body_that_holds_the_delegation_of_top_management_answers_where_that_is_asked_for() {
    let holds = ["holds"; 3];
    let none = ["reservation", "not_shown", "not_shown"];
    // Who gave the committee its powers, which, and who approves by them.
    let cases: [(u128, &[&str], How, [&str; 3]); 15] = [
        (ROOT, &ALL[..], How::by(ROOT), holds),
        (ROOT, &ALL[..], How::by(BOARD), holds),
        (ROOT, &ALL[..], How::by(TEAM), none),
        (ROOT, &ALL[..], How::by(COMMITTEE), holds),
        (BOARD, &ALL[..], How::by(COMMITTEE), holds),
        (ROOT, &ALL[..], How::by(PANEL), holds),
        // By a body that held nothing itself it is nobody's of top management.
        (TEAM, &ALL[..], How::by(COMMITTEE), none),
        (TEAM, &ALL[..], How::by(PANEL), none),
        (ROOT, &["declare"], How::by(COMMITTEE), none),
        // Each power is for its own.
        (
            ROOT,
            &["approve_scope"],
            How::by(COMMITTEE),
            ["holds", none[1], none[2]],
        ),
        (
            ROOT,
            &["adopt_policy"],
            How::by(COMMITTEE),
            [none[0], "holds", none[2]],
        ),
        (
            ROOT,
            &["assign_owner"],
            How::by(COMMITTEE),
            [none[0], none[1], "holds"],
        ),
        // A person's power is a delegate's for the scope; a policy, and who holds the duties, are for a
        // person of top management, or for a resolution.
        (
            ROOT,
            &ALL[..],
            How::person(OFFICER),
            ["holds", none[1], none[2]],
        ),
        (TEAM, &ALL[..], How::person(OFFICER), none),
        (
            ROOT,
            &ALL[..],
            How::person(CHIEF),
            ["reservation", "holds", "holds"],
        ),
    ];
    for (by, given, how, expected) in cases {
        let said = said_of(powers(by, given), &how);
        assert_eq!(said, expected, "{by} {given:?} {how:?}");
    }
}

#[test]
fn a_body_acts_by_the_power_that_it_held_on_the_day() {
    // Given after it was used, or ended before, it was no delegation.
    let mut late = Book::new();
    late.on("2024-01-10")
        .put("body", COMMITTEE, terms(&[]))
        .act("approve", COMMITTEE, 1, How::by(ROOT));
    late.on("2024-02-01").put("policy", POLICY, whole()).act(
        "approve",
        POLICY,
        1,
        How::by(COMMITTEE),
    );
    late.on("2024-02-10")
        .put("body", COMMITTEE, terms(&ALL))
        .act("approve", COMMITTEE, 2, How::by(ROOT));
    late.expect(
        "5.2-a",
        &[("2024-02-01", "not_shown"), ("2024-02-20", "not_shown")],
    );
    let said = late.sentence("5.2-a", "2024-02-01");
    let end = "which was neither top management nor part of it on that day, nor held its power to \
        adopt one.";
    assert!(said.ends_with(end), "{said}");
    // What top management set is displaced by none that holds its delegation.
    let displaced = |given: &[&str]| {
        let mut book = powers(ROOT, given);
        book.on("2024-02-01")
            .put("policy", POLICY, whole())
            .approve(POLICY, 1);
        book.on("2024-03-01").put("policy", POLICY, whole()).act(
            "approve",
            POLICY,
            2,
            How::by(COMMITTEE),
        );
        let record = book.records.get(id(POLICY)).unwrap();
        let act = &record.newest().acts[0].0;
        let words = book.words("policy", "2024-03-01");
        (assess::displaced(&book.records, act).is_some(), words.0)
    };
    assert_eq!(displaced(&ALL), (false, "yes"));
    assert_eq!(displaced(&["declare"]), (true, "no"));
}
