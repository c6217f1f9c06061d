//! What the answers on scope, policy and owner say of what ended what stood.

use serde_json::{Value, json};

use crate::given::{Book, CHIEF, How, OFFICER, ROOT, id};
use crate::policy::{POLICY, policy, whole};

const SCOPE: u128 = 600;
const OWNER: u128 = 220;

fn scope() -> Book {
    let mut book = Book::new();
    book.on("2024-02-01")
        .put("scope", SCOPE, json!({"systems": true}))
        .approve(SCOPE, 1);
    book
}

fn owner(more: (&str, Value)) -> Book {
    let mut body = json!({"holder": id(OFFICER), "duties": ["conformity", "reporting"],
        "start": "2024-02-01", "authority": true});
    body[more.0] = more.1;
    let mut book = Book::new();
    book.on("2024-02-01")
        .put("appointment", OWNER, body)
        .approve(OWNER, 1)
        .moved(OWNER, "communicate", json!({"on": "2024-02-01"}));
    book
}

fn alone() -> Book {
    owner(("cover", Value::Null))
}

/// Each of what an answer hands over, its number and the answer's place among the five.
fn stood() -> [(Book, u128, usize); 3] {
    [
        (scope(), SCOPE, 0),
        (policy(whole(), How::by(ROOT)), POLICY, 1),
        (alone(), OWNER, 2),
    ]
}

/// Returns the sentence of an answer, and its evidence: number, and what was done.
fn told(book: &Book, place: usize, about: &str) -> (String, Vec<(u128, String)>) {
    let five = book.about(about).five.remove(place);
    let evidence = five.evidence.into_iter();
    let evidence = evidence.map(|one| {
        let done = one.name_of_move.unwrap_or_default();
        (one.id.as_u128(), done)
    });
    (five.because, evidence.collect())
}

fn rescinded(n: u128, on: &str) -> String {
    format!(
        "record {}, version 1, was rescinded by record {} on {on} (record {})",
        id(n),
        id(ROOT),
        id(900)
    )
}

#[test]
fn what_a_body_rescinded_is_named_where_nothing_stands_since() {
    for (mut book, n, place) in stood() {
        book.on("2024-06-03").act("end", n, 1, How::by(ROOT));
        let (because, evidence) = told(&book, place, "2024-06-05");
        let end = format!("4 June 2024: {}.", rescinded(n, "3 June 2024"));
        assert!(because.ends_with(&end), "{because}");
        for one in [(n, ""), (n, "end"), (900, ""), (900, "attest")] {
            let one = (one.0, one.1.to_owned());
            assert!(evidence.contains(&one), "{one:?} of {evidence:?}");
        }
    }
}

#[test]
fn on_its_last_day_it_is_said_to_be_rescinded_from_the_next_on() {
    for (mut book, n, place) in stood() {
        book.on("2024-06-03").act("end", n, 1, How::by(ROOT));
        let (because, evidence) = told(&book, place, "2024-06-03");
        let said = format!(
            ", which was rescinded by record {} on 3 June 2024 (record {}) from 4 June 2024 on",
            id(ROOT),
            id(900)
        );
        assert!(because.contains(&said), "{because}");
        assert!(evidence.contains(&(n, "end".to_owned())), "{evidence:?}");
        // What was not decided yet is not told of the day before.
        let (because, _) = told(&book, place, "2024-06-02");
        assert!(!because.contains("rescinded"), "{because}");
    }
}

#[test]
fn a_last_day_that_is_another_than_that_of_the_decision_is_said() {
    let mut book = scope();
    let last = How::carrying(json!({"last_day": "2024-06-20"}));
    book.on("2024-06-03").act("end", SCOPE, 1, last);
    let end = format!(
        "21 June 2024: {}, its last day being 20 June 2024.",
        rescinded(SCOPE, "3 June 2024")
    );
    let because = told(&book, 0, "2024-06-25").0;
    assert!(because.ends_with(&end), "{because}");
}

#[test]
fn what_was_approved_until_a_day_is_told_with_it() {
    let until = How::carrying(json!({"until": "2024-06-20"}));
    let (because, evidence) = told(&policy(whole(), until), 1, "2024-06-25");
    let end = format!(
        "21 June 2024: record {}, version 1, was approved by record {} on 1 February 2024 (record {}) \
         until 20 June 2024.",
        id(POLICY),
        id(ROOT),
        id(900)
    );
    assert!(because.ends_with(&end), "{because}");
    assert!(evidence.contains(&(POLICY, String::new())), "{evidence:?}");
}

#[test]
fn a_lost_resolution_is_named_only_where_it_came_after_what_ended() {
    for (mut book, n, place) in stood() {
        let kind = ["scope", "policy", "appointment"][place];
        let body = match kind {
            "appointment" => json!({"duties": ["conformity"], "holder": id(CHIEF)}),
            _ => whole(),
        };
        book.on("2024-06-02")
            .put(kind, 650, body)
            .act("approve", 650, 1, How::lost("inquorate"));
        book.on("2024-06-03").act("end", n, 1, How::by(ROOT));
        let because = told(&book, place, "2024-06-05").0;
        assert!(!because.contains("quorum"), "{because}");
        book.on("2024-06-05")
            .act("approve", 650, 1, How::lost("inquorate"));
        let because = told(&book, place, "2024-06-05").0;
        assert!(because.contains("quorum"), "{because}");
    }
}

#[test]
fn a_policy_is_missing_since_the_last_of_two_ended() {
    let mut book = policy(whole(), How::by(ROOT));
    book.on("2024-03-01")
        .put("policy", 211, whole())
        .approve(211, 1);
    let (because, evidence) = told(&book, 1, "2024-03-02");
    let named = format!(
        "2 AI policies are in force at once since 1 March 2024: record {}, version 1, and record {}, \
         version 1; there should be one.",
        id(POLICY),
        id(211)
    );
    assert_eq!(because, named);
    for n in [POLICY, 211, 900] {
        assert!(evidence.contains(&(n, String::new())), "{evidence:?}");
    }
    let sentence = format!(
        "More than one AI policy has been in force since 1 March 2024: record {}, version 1, and \
         record {}, version 1.",
        id(POLICY),
        id(211)
    );
    assert_eq!(book.sentence("5.2-a", "2024-03-02"), sentence);
    book.on("2024-06-03").act("end", 211, 1, How::by(ROOT));
    book.act("end", POLICY, 1, How::by(ROOT));
    let because = told(&book, 1, "2024-06-05").0;
    assert!(
        because.contains("in force since 4 June 2024: "),
        "{because}"
    );
}

#[test]
fn several_policies_are_in_force_since_the_first_day_on_which_two_were() {
    let mut book = policy(whole(), How::by(ROOT));
    book.on("2024-03-01")
        .put("policy", 211, whole())
        .approve(211, 1);
    let since = |book: &Book, about: &str| {
        let first = told(book, 1, about).0;
        let said = book.sentence("5.2-a", about);
        let day = |text: &str| {
            let (_, after) = text.split_once(" since ").unwrap();
            after.split_once(": ").unwrap().0.to_owned()
        };
        (day(&first), day(&said))
    };
    let first = || ("1 March 2024".to_owned(), "1 March 2024".to_owned());
    // Another version, the same one approved again and a third policy leave it so.
    book.on("2024-06-03")
        .put("policy", POLICY, whole())
        .approve(POLICY, 2);
    assert_eq!(since(&book, "2024-06-04"), first());
    book.on("2024-06-05").approve(211, 1);
    assert_eq!(since(&book, "2024-06-06"), first());
    book.on("2024-06-10")
        .put("policy", 212, whole())
        .approve(212, 1);
    assert_eq!(since(&book, "2024-06-11"), first());
    // Two stood all along, though not the same.
    book.on("2024-06-12").act("end", POLICY, 2, How::by(ROOT));
    assert_eq!(since(&book, "2024-06-14"), first());
    // Where there was one between, they are several anew.
    book.on("2024-06-20").act("end", 212, 1, How::by(ROOT));
    book.on("2024-07-01")
        .put("policy", 213, whole())
        .approve(213, 1);
    let again = || ("1 July 2024".to_owned(), "1 July 2024".to_owned());
    assert_eq!(since(&book, "2024-07-02"), again());
}

#[test]
fn a_second_scope_in_force_is_evidence() {
    let mut book = scope();
    book.put("scope", 610, json!({"systems": true}))
        .approve(610, 1);
    let evidence = told(&book, 0, "2024-02-02").1;
    assert!(evidence.contains(&(SCOPE, String::new())), "{evidence:?}");
}

#[test]
fn whoever_left_is_named_where_nobody_holds_a_duty_since() {
    let left = json!({"name": true, "left_on": "2024-05-31"});
    let mut person = alone();
    person.on("2024-06-01").put("person", OFFICER, left.clone());
    let mut leaves = alone();
    leaves
        .on("2024-05-31")
        .moved(OWNER, "leave", json!({"last_day": "2024-05-31"}));
    let mut cover = owner(("cover", json!(id(CHIEF))));
    cover
        .on("2024-05-01")
        .moved(OWNER, "leave", json!({"last_day": "2024-04-30"}))
        .on("2024-06-01")
        .put("person", CHIEF, left);
    let officer = format!("record {} left on 31 May 2024", id(OFFICER));
    let cases = [
        (person, officer.clone(), (OFFICER, "")),
        (leaves, officer, (OWNER, "leave")),
        (
            owner(("end", json!("2024-05-31"))),
            format!("record {}, version 1, ended on 31 May 2024", id(OWNER)),
            (OWNER, ""),
        ),
        (
            cover,
            format!("record {}, who stood in, left on 31 May 2024", id(CHIEF)),
            (CHIEF, ""),
        ),
    ];
    for (book, said, named) in cases {
        let (because, evidence) = told(&book, 2, "2024-06-02");
        let end = format!("for 2 days, from 1 June 2024: {said}.");
        assert!(because.ends_with(&end), "{because}");
        let named = (named.0, named.1.to_owned());
        assert!(evidence.contains(&named), "{named:?} of {evidence:?}");
        assert!(evidence.contains(&(OWNER, String::new())), "{evidence:?}");
    }
}

#[test]
fn whoever_had_the_post_of_a_duty_is_named_by_how_they_left_it() {
    let mut book = Book::new();
    let post = json!({"holder": id(OFFICER), "post": "head", "start": "2024-02-01"});
    let duty = json!({"holder_post": "head", "duties": ["conformity", "reporting"],
        "start": "2024-02-01", "authority": true});
    book.on("2024-02-01")
        .put("appointment", 221, post)
        .approve(221, 1)
        .put("appointment", OWNER, duty)
        .approve(OWNER, 1)
        .on("2024-05-31")
        .act("end", 221, 1, How::by(ROOT));
    let (because, evidence) = told(&book, 2, "2024-06-02");
    let end = format!("1 June 2024: {}.", rescinded(221, "31 May 2024"));
    assert!(because.ends_with(&end), "{because}");
    for n in [OWNER, 221] {
        assert!(evidence.contains(&(n, String::new())), "{evidence:?}");
    }
}
