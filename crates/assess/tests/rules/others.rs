//! What a finding about several says of those that its sentence does not speak of.

use serde_json::json;

use crate::given::{Book, CHIEF, id};
use crate::risk::{SYSTEM, set_up};
use crate::scope::{SCOPE, declared, whole, without};
use crate::units::organisation;

/// Live systems, none of which was assessed, under a scope that has each in.
fn unassessed(systems: u128) -> String {
    let mut book = live(systems);
    book.on("2024-02-01")
        .put("scope", SCOPE, whole())
        .approve(SCOPE, 1);
    book.sentence("8.2", "2024-03-01")
}

fn live(systems: u128) -> Book {
    let mut book = set_up();
    for more in 1..systems {
        book.put("ai_system", SYSTEM + more, json!({"stage": "live"}));
    }
    book
}

#[test]
fn where_no_scope_is_in_force_no_system_is_said_to_be_in_it() {
    let lacks = format!("no complete risk assessment; record {} lacks", id(SYSTEM));
    for (systems, begin) in [
        (1, "The only system that is due has"),
        (2, "2 of 2 systems that are due have"),
    ] {
        let said = live(systems).sentence("8.2", "2024-03-01");
        let begin = format!("{begin} {lacks} any assessment.");
        assert!(said.starts_with(&begin), "{said}");
    }
}

#[test]
fn a_sentence_that_speaks_of_one_of_several_says_who_else_is_concerned() {
    let record = |more: u128| format!("record {}", id(SYSTEM + more));
    let lacks = |n: u128, ends: &str| {
        format!(
            "{n} of {n} systems in scope have no complete risk assessment; {} lacks any \
             assessment.{ends}",
            record(0)
        )
    };
    let only = format!(
        "The only system in scope has no complete risk assessment; {} lacks any assessment.",
        record(0)
    );
    let (a, b, c) = (record(1), record(2), record(3));
    assert_eq!(unassessed(1), only);
    assert_eq!(
        unassessed(2),
        lacks(2, &format!(" 1 more is concerned: {a}."))
    );
    assert_eq!(
        unassessed(4),
        lacks(4, &format!(" 3 more are concerned: {a}, {b} and {c}."))
    );
    let among = format!(" 24 more are concerned, among them {a}, {b} and {c}.");
    assert_eq!(unassessed(25), lacks(25, &among));
}

#[test]
fn the_units_and_duties_beside_the_first_are_named_in_the_answer_too() {
    let mut everywhere = without("units");
    everywhere["whole_organisation"] = json!(true);
    let mut book = Book::new();
    organisation(&mut book, &["housing", "customer", "roads"]);
    declared(&mut book);
    book.on("2024-02-01")
        .put("scope", SCOPE, everywhere)
        .approve(SCOPE, 1);
    let open = "nobody has attested that customer's list of AI systems is complete. 2 more are \
        concerned: housing and roads.";
    let sentence = book.sentence("4.3-c", "2024-06-01");
    assert!(sentence.ends_with(open), "{sentence}");
    let told = &book.about("2024-06-01").five[0].because;
    assert!(told.ends_with(open), "{told}");
    let mut book = Book::new();
    let body = json!({"holder": id(CHIEF), "start": "2024-02-01", "authority": true,
        "duties": ["conformity", "reporting"]});
    book.on("2024-02-01").put("appointment", 220, body);
    book.approve(220, 1);
    let sentence = book.sentence("5.3.p", "2024-02-01");
    let both = "accepted responsibility for the conformity of the AI management system. 1 more is \
        concerned: responsibility for reporting on the AI management system to top management.";
    assert!(sentence.ends_with(both), "{sentence}");
}

#[test]
fn a_sentence_that_counts_all_and_names_none_is_left_as_it_is() {
    let mut book = set_up();
    book.put("ai_system", SYSTEM + 1, json!({"stage": "live"}));
    let sentence = book.sentence("4.1-c", "2024-03-01");
    assert!(sentence.starts_with("2 of 2 AI systems"), "{sentence}");
    assert!(!sentence.contains("concerned"), "{sentence}");
}
