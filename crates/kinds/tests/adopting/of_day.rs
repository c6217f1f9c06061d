//! What a body or a person decided on a day on which their terms or powers changed: records give
//! days and not hours, so that each of those of the day lets it stand.

use serde_json::{Value, json};

use crate::board::*;
use crate::given_on::{APPOINTED, OPS, appointment, board_with, committee, levels};

const ON: &str = "2026-02-01";
const NEXT: &str = "2026-02-02";
const SCOPE: u128 = 83;
const CRITERIA: u128 = 82;

fn quorum(n: u32) -> Value {
    with(terms(), "quorum", n)
}

/// What a body resolves on a day, of which so many answered.
fn by(body: u128, of: (u128, u32), on: &str, answered: u32) -> Value {
    let body = with(resolution("approves", of, on), "body", json!(id(body)));
    with(body, "answered", answered)
}

/// Returns why the board's policy, which two answered for on a day, was not adopted, if it was not.
fn adopted(board: &mut Board, on: &str) -> Because {
    let version = board.records.get(id(POLICY)).unwrap().newest().number() + 1;
    board
        .on(on)
        .done(Some(ELM), put("policy", POLICY, &policy()));
    let resolved = board.resolve(&by(BOARD, (POLICY, version), on, 2));
    board.because(resolved, (POLICY, version))
}

/// Approves terms of the board on a day, by all three.
fn approved(board: &mut Board, on: &str, terms: &Value) {
    let version = board.records.get(id(BOARD)).unwrap().newest().number() + 1;
    board.on(on).done(None, put("body", BOARD, terms));
    let resolved = board.resolve(&by(BOARD, (BOARD, version), on, 3));
    assert_eq!(board.because(resolved, (BOARD, version)), None);
}

fn inquorate() -> Because {
    Some("inquorate".to_owned())
}

#[test]
fn a_quorum_of_the_day_on_which_it_was_changed_is_met_by_either() {
    // Of two under the terms that the day began with, whichever is attested first.
    let mut board = Board::new();
    let mut first = board.clone();
    approved(&mut board, ON, &quorum(3));
    assert_eq!(adopted(&mut board, ON), None);
    assert_eq!(adopted(&mut first, ON), None);
    assert_eq!(adopted(&mut board, NEXT), inquorate());
    // Of two under those that came that day, though others took their place on the same.
    let mut board = Board::new();
    approved(&mut board, "2026-01-20", &quorum(3));
    assert_eq!(adopted(&mut board, ON), inquorate());
    approved(&mut board, ON, &quorum(2));
    assert_eq!(adopted(&mut board, ON), None);
    approved(&mut board, ON, &quorum(3));
    assert_eq!(adopted(&mut board, ON), None);
    assert_eq!(adopted(&mut board, NEXT), inquorate());
}

#[test]
fn terms_decided_before_and_effective_on_a_day_are_those_it_begins_with() {
    let mut board = Board::new();
    board
        .on("2026-01-20")
        .done(None, put("body", BOARD, &quorum(3)));
    let mut later = by(BOARD, (BOARD, 2), "2026-01-20", 3);
    later["objects"][0]["effective_on"] = json!(ON);
    board.resolve(&later);
    assert_eq!(adopted(&mut board, "2026-01-31"), None);
    assert_eq!(adopted(&mut board, ON), inquorate());
}

#[test]
fn a_member_of_either_terms_of_the_day_counts() {
    let seats = |people: [u128; 2]| {
        let seats = people.map(|n| json!({"person": id(n)}));
        with(terms(), "seats", json!(seats))
    };
    // Birch gives the seat to Elm at a meeting at which both are.
    let mut board = Board::new();
    approved(&mut board, "2026-01-20", &seats([ASH, BIRCH]));
    let met = |board: &mut Board, n: u128, on: &str, there: &[u128]| {
        board
            .on(on)
            .done(None, put("meeting", n, &meeting(on, there)));
        let version = board.records.get(id(POLICY)).unwrap().newest().number() + 1;
        board.done(Some(ELM), put("policy", POLICY, &policy()));
        let mut resolved = with(
            resolution("adopts", (POLICY, version), on),
            "answered",
            Value::Null,
        );
        resolved["meeting"] = cite(n, 1);
        resolved["item"] = json!("1");
        let resolved = board.resolve(&resolved);
        board.because(resolved, (POLICY, version))
    };
    let changed = seats([ASH, ELM]);
    board.on(ON).done(None, put("body", BOARD, &changed));
    board.resolve(&by(BOARD, (BOARD, 3), ON, 2));
    assert_eq!(met(&mut board, 40, ON, &[ASH, BIRCH]), None);
    assert_eq!(met(&mut board, 41, ON, &[ASH, ELM]), None);
    // One of the old and one of the new never made a quorum together.
    assert_eq!(met(&mut board, 42, ON, &[BIRCH, ELM]), inquorate());
    assert_eq!(met(&mut board, 43, NEXT, &[ASH, BIRCH]), inquorate());
}

#[test]
fn a_power_of_a_body_that_is_taken_back_counts_on_that_day() {
    let decided = |board: &mut Board, on: &str| {
        let version = board
            .records
            .get(id(SCOPE))
            .map_or(1, |one| one.newest().number() + 1);
        board.on(on).done(None, put("scope", SCOPE, &scope()));
        let resolved = board.resolve(&by(OPS, (SCOPE, version), on, 2));
        board.because(resolved, (SCOPE, version))
    };
    let none = Some("no_power".to_owned());
    let advises = with(
        committee(&["approve_scope"], None),
        "may",
        json!(["advise"]),
    );
    for less in [committee(&[], None), advises] {
        let mut board = board_with(&["approve_scope"], None);
        board.on(ON).done(None, put("body", OPS, &less));
        board.resolve(&by(BOARD, (OPS, 2), ON, 3));
        assert_eq!(decided(&mut board, ON), None, "{less}");
        assert_eq!(decided(&mut board, NEXT), none, "{less}");
    }
    let mut board = board_with(&[], None);
    let more = committee(&["approve_scope"], None);
    board.on(ON).done(None, put("body", OPS, &more));
    board.resolve(&by(BOARD, (OPS, 2), ON, 3));
    assert_eq!(decided(&mut board, "2026-01-31"), none);
    assert_eq!(decided(&mut board, ON), None);
}

#[test]
fn a_power_of_a_person_that_is_given_to_another_counts_on_that_day() {
    let mut board = Board::new();
    let appointed = |board: &mut Board, version: u32, holder: u128, on: &str| {
        let body = appointment(holder, &["approve_scope"], None);
        board
            .on(on)
            .done(None, put("appointment", APPOINTED, &body));
        board.resolve(&by(BOARD, (APPOINTED, version), on, 3));
    };
    appointed(&mut board, 1, ELM, "2026-01-20");
    appointed(&mut board, 2, ASH, ON);
    board.done(Some(CEDAR), put("scope", SCOPE, &scope()));
    let approve = moved(SCOPE, 1, "approve", &json!({}));
    let mut by_another = board.clone();
    assert_eq!(by_another.submit(Some(ASH), &approve), Ok(()));
    let mut late = board.clone();
    let refused = Err("no_authority".to_owned());
    assert_eq!(late.on(NEXT).submit(Some(ELM), &approve), refused);
    assert_eq!(board.submit(Some(ELM), &approve), Ok(()));
}

#[test]
fn what_is_given_on_is_held_against_either_place_and_order_of_the_day() {
    let another = with(committee(&[], None), "top_management", json!("part"));
    let mut board = Board::new();
    let own = with(
        committee(&["set_up_body"], None),
        "top_management",
        json!("part"),
    );
    board.done(None, put("body", OPS, &own));
    board.resolve(&by(BOARD, (OPS, 1), BEGAN, 3));
    let none = committee(&["set_up_body"], None);
    board.on(ON).done(None, put("body", OPS, &none));
    board.resolve(&by(BOARD, (OPS, 2), ON, 3));
    board.done(None, put("body", 31, &another));
    let resolved = board.resolve(&by(OPS, (31, 1), ON, 2));
    assert_eq!(board.because(resolved, (31, 1)), None);
    let resolved = board.on(NEXT).resolve(&by(OPS, (31, 1), NEXT, 2));
    let beyond = Some("beyond_own_place".to_owned());
    assert_eq!(board.because(resolved, (31, 1)), beyond);

    // Criteria that name other levels leave those of the morning in their order.
    let mut board = board_with(&["assign_owner", "accept_risk"], Some("medium"));
    levels(&mut board);
    let renamed = json!({"title": "Criteria", "scales": "1 to 5", "method": "By hand.",
        "levels": ["green", "red"], "acceptable_to": "green"});
    board
        .on(ON)
        .done(None, put("risk_criteria", CRITERIA, &renamed));
    board.resolve(&by(BOARD, (CRITERIA, 2), ON, 3));
    let low = appointment(ELM, &["accept_risk"], Some("low"));
    board.done(None, put("appointment", APPOINTED, &low));
    let resolved = board.resolve(&by(OPS, (APPOINTED, 1), ON, 2));
    assert_eq!(board.because(resolved, (APPOINTED, 1)), None);
    let resolved = board.on(NEXT).resolve(&by(OPS, (APPOINTED, 1), NEXT, 2));
    let beyond = Some("beyond_own_powers".to_owned());
    assert_eq!(board.because(resolved, (APPOINTED, 1)), beyond);
}

#[test]
fn the_secretary_with_whom_a_day_began_attests_what_was_decided_on_it() {
    let attested = |on: &str, person: u128| {
        let mut board = Board::new();
        approved(
            &mut board,
            ON,
            &with(terms(), "secretary", json!(id(BIRCH))),
        );
        board.on(on);
        board.done(None, put("resolution", 60, &by(BOARD, (POLICY, 1), on, 2)));
        board
            .on("2026-02-10")
            .submit(Some(person), &moved(60, 1, "attest", &json!({})))
    };
    let refused = Err("no_authority".to_owned());
    assert_eq!(attested(ON, CEDAR), Ok(()));
    assert_eq!(attested(ON, BIRCH), Ok(()));
    assert_eq!(attested(NEXT, CEDAR), refused);
    assert_eq!(attested(NEXT, BIRCH), Ok(()));
}
