//! Who attests for a body once its secretary and chair have changed, and who wrote what nobody put
//! their name to.

use serde_json::{Value, json};

use crate::board::*;

const OLD: u128 = 60;
const APPOINTED: u128 = 80;
const SCOPE: u128 = 81;
const LEFT: &str = "2026-01-31";

fn refused(code: &str) -> Result<(), String> {
    Err(code.to_owned())
}

/// A resolution of the first day, not attested, and a day on which somebody attests it.
fn adopts(board: &mut Board, of: (u128, u32)) {
    board.done(
        None,
        put("resolution", OLD, &resolution("adopts", of, BEGAN)),
    );
}

fn attest(board: &mut Board, person: u128) -> Result<(), String> {
    board.submit(Some(person), &moved(OLD, 1, "attest", &json!({})))
}

/// The board's new terms, of which Birch is the secretary, approved while Cedar was.
fn new_terms(board: &mut Board) {
    let body = with(terms(), "secretary", json!(id(BIRCH)));
    board.on("2026-01-20").done(None, put("body", BOARD, &body));
    board.resolve(&resolution("approves", (BOARD, 2), "2026-01-20"));
}

fn leaves(board: &mut Board, person: u128) {
    board
        .on("2026-02-01")
        .person(person, &json!({"left_on": LEFT}));
}

#[test]
fn the_secretary_of_today_attests_what_was_decided_under_another() {
    let mut board = Board::new();
    adopts(&mut board, (POLICY, 1));
    let mut before = board.clone();
    assert_eq!(attest(&mut before, BIRCH), refused("no_authority"));
    new_terms(&mut board);
    leaves(&mut board, CEDAR);
    let mut another = board.clone();
    assert_eq!(attest(&mut another, ASH), refused("no_authority"));
    assert_eq!(attest(&mut board, CEDAR), refused("has_left"));
    assert_eq!(attest(&mut board, BIRCH), Ok(()));
    assert_eq!(board.in_force(POLICY, BEGAN), Some(1));
}

#[test]
fn nobody_attests_before_their_first_day() {
    let attested = |joins: &str| {
        let mut board = Board::new();
        adopts(&mut board, (POLICY, 1));
        board.person(CEDAR, &json!({"joined_on": joins}));
        attest(&mut board, CEDAR)
    };
    assert_eq!(attested(BEGAN), Ok(()));
    assert_eq!(attested("2026-06-01"), refused("not_joined"));
}

#[test]
fn whoever_was_secretary_then_still_attests() {
    let mut board = Board::new();
    adopts(&mut board, (POLICY, 1));
    new_terms(&mut board);
    assert_eq!(attest(&mut board.clone(), CEDAR), Ok(()));
    leaves(&mut board, CEDAR);
    let dated = with(moved(OLD, 1, "attest", &json!({})), "effective_on", LEFT);
    assert_eq!(board.submit(Some(CEDAR), &dated), Ok(()));
}

#[test]
fn where_all_who_might_attest_have_left_somebody_else_does_who_did_not_write_it() {
    let mut board = Board::new();
    adopts(&mut board, (POLICY, 1));
    leaves(&mut board, CEDAR);
    // On a day on which she was here, it was hers.
    let dated = with(moved(OLD, 1, "attest", &json!({})), "effective_on", LEFT);
    assert_eq!(board.submit(Some(ASH), &dated), refused("no_authority"));
    assert_eq!(attest(&mut board, ELM), refused("same_person"));
    assert_eq!(attest(&mut board, ASH), Ok(()));
}

#[test]
fn a_root_without_its_officers_approves_new_terms() {
    let mut board = Board::new();
    leaves(&mut board, CEDAR);
    let body = with(terms(), "secretary", json!(id(BIRCH)));
    board.done(Some(BIRCH), put("body", BOARD, &body));
    let approves = resolution("approves", (BOARD, 2), "2026-02-01");
    let approves = with(approves, "answered", 2);
    board.done(None, put("resolution", OLD, &approves));
    assert_eq!(attest(&mut board, BIRCH), refused("same_person"));
    assert_eq!(attest(&mut board, ASH), Ok(()));
    assert_eq!(board.in_force(BOARD, "2026-02-01"), Some(2));
    // And undoes it, by whoever is secretary now.
    let because = json!({"because": "Never resolved."});
    let withdraw = moved(OLD, 1, "withdraw", &because);
    assert_eq!(board.submit(Some(ASH), &withdraw), refused("no_authority"));
    assert_eq!(board.submit(Some(BIRCH), &withdraw), Ok(()));
}

#[test]
fn an_attestation_is_taken_back_though_all_who_might_have_left() {
    let mut board = Board::new();
    adopts(&mut board, (POLICY, 1));
    assert_eq!(attest(&mut board, CEDAR), Ok(()));
    leaves(&mut board, CEDAR);
    let because = json!({"because": "Never resolved."});
    let withdraw = moved(OLD, 1, "withdraw", &because);
    assert_eq!(board.submit(Some(ELM), &withdraw), refused("same_person"));
    assert_eq!(board.submit(Some(ASH), &withdraw), Ok(()));
}

/// Returns the board after it gave the operator the power to approve the scope.
fn operator_approves() -> Board {
    let mut board = Board::new();
    board.person(OPERATOR, &json!({}));
    let appointment = json!({"title": "Approver", "holder": id(OPERATOR), "start": BEGAN,
        "powers": ["approve_scope"]});
    board.done(None, put("appointment", APPOINTED, &appointment));
    board.resolve(&resolution("appoints", (APPOINTED, 1), BEGAN));
    board
}

#[test]
fn what_nobody_put_their_name_to_the_operator_wrote() {
    let approve = moved(SCOPE, 1, "approve", &json!({}));
    for (by, said) in [
        (None, refused("same_person")),
        (Some(OPERATOR), refused("same_person")),
        (Some(ELM), Ok(())),
    ] {
        let mut board = operator_approves();
        board.done(by, put("scope", SCOPE, &scope()));
        assert_eq!(board.submit(Some(OPERATOR), &approve), said, "{by:?}");
    }
}

#[test]
fn the_operator_approves_what_they_wrote_without_a_name_where_that_is_waived_and_marked() {
    let mut board = operator_approves();
    let waives = json!({"title": "Waiver", "waivers": [{"kind": "scope", "because": "We are few.",
        "compensating_check": "The auditor reads it."}]});
    board.done(None, put("declaration", DECLARATION, &waives));
    board.resolve(&resolution("approves", (DECLARATION, 1), BEGAN));
    board.done(None, put("scope", SCOPE, &scope()));
    board.done(Some(OPERATOR), moved(SCOPE, 1, "approve", &json!({})));
    let (act, _) = board.version((SCOPE, 1)).approval().unwrap();
    assert!(act.same_person);
}

#[test]
fn the_operator_attests_nothing_unnamed_for_a_body_that_names_nobody() {
    let mut board = Board::without();
    board.person(OPERATOR, &json!({}));
    let unnamed = with(terms(), "secretary", Value::Null);
    board.done(None, put("body", BOARD, &unnamed));
    board.done(None, put("policy", POLICY, &policy()));
    adopts(&mut board, (POLICY, 1));
    assert_eq!(attest(&mut board, OPERATOR), refused("same_person"));
    assert_eq!(attest(&mut board, ASH), Ok(()));
}
