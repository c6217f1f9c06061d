//! Who may decide on a day: a body with terms, the root that the operator's word approved, and
//! whoever wrote a text only where that was waived by then.

use serde_json::{Value, json};

use crate::board::*;

const OLD: u128 = 60;

/// An old resolution of the board, that anybody brings in.
fn brought(board: &mut Board, of: (u128, u32), decided_on: &str) {
    let body = with(
        resolution("adopts", of, decided_on),
        "answered",
        Value::Null,
    );
    board.done(
        Some(ELM),
        from_a_file(put("resolution", OLD, &body), decided_on),
    );
}

fn attest(board: &mut Board, n: u128, person: u128) -> Result<(), String> {
    board.submit(Some(person), &moved(n, 1, "attest", &json!({})))
}

fn refused(code: &str) -> Result<(), String> {
    Err(code.to_owned())
}

#[test]
fn nobody_attests_for_a_body_on_a_day_before_its_terms() {
    let mut board = Board::new();
    board.done(None, put("policy", POLICY, &policy()));
    brought(&mut board, (POLICY, 2), "2025-06-01");
    for person in [ELM, ASH, CEDAR] {
        assert_eq!(attest(&mut board, OLD, person), refused("no_terms"));
    }
    // Terms that nobody approved are none.
    let seized = with(terms(), "secretary", json!(id(ELM)));
    let seized = from_a_file(put("body", BOARD, &seized), "2025-01-01");
    board.done(Some(ELM), seized);
    assert_eq!(attest(&mut board, OLD, ELM), refused("no_terms"));
    assert_eq!(board.in_force(POLICY, "2026-02-01"), None);
}

#[test]
fn what_a_body_did_before_the_ledger_began_is_by_the_terms_it_had_then() {
    let mut board = Board::without();

    board.done(
        None,
        from_a_file(put("body", BOARD, &terms()), "2025-01-01"),
    );
    let old = from_a_file(put("policy", POLICY, &policy()), "2025-06-01");
    board.done(Some(ELM), old);
    brought(&mut board, (POLICY, 1), "2025-06-01");
    assert_eq!(attest(&mut board, OLD, ELM), refused("no_authority"));
    assert_eq!(attest(&mut board, OLD, CEDAR), Ok(()));
    assert_eq!(board.in_force(POLICY, "2025-06-01"), Some(1));
}

#[test]
fn nothing_is_adopted_before_there_was_a_version_of_it() {
    let cases = [
        // Within the customary thirty days it was recorded in time.
        ("2026-03-31", None, None, None),
        ("2026-04-01", None, None, Some("before_version")),
        // What claims the day is taken at its word; it is marked late elsewhere.
        ("2026-04-01", Some("2026-03-01"), None, None),
        (
            "2026-04-01",
            Some("2026-03-02"),
            None,
            Some("before_version"),
        ),
        ("2026-03-11", None, Some(10), None),
        ("2026-03-12", None, Some(10), Some("before_version")),
        ("2026-04-10", None, Some(40), None),
    ];
    for (recorded, effective_on, tolerance, because) in cases {
        let mut board = Board::new();
        if let Some(days) = tolerance {
            let body = json!({"title": "Ours", "tolerances": {"recording_days": days}});
            board.done(None, put("declaration", DECLARATION, &body));
            board.resolve(&resolution("approves", (DECLARATION, 1), BEGAN));
        }
        let version = put("policy", POLICY, &policy());
        let version = effective_on.map_or(version.clone(), |on| with(version, "effective_on", on));
        board.on(recorded).done(Some(ELM), version);
        let resolved = board.resolve(&resolution("adopts", (POLICY, 2), "2026-03-01"));
        let found = board.because(resolved, (POLICY, 2));
        assert_eq!(found.as_deref(), because, "{recorded} {effective_on:?}");
    }
}

const SHADOW: u128 = 70;

/// Terms of a body in which Elm is everybody.
fn shadow(top: &str) -> Value {
    json!({"name": "Shadow", "top_management": top, "quorum": 1, "secretary": id(ELM),
        "seats": [{"person": id(ELM)}], "written_procedure": true})
}

fn by_shadow(board: &mut Board, of: (u128, u32)) -> Result<(), String> {
    let body = with(resolution("approves", of, BEGAN), "body", json!(id(SHADOW)));
    let body = with(body, "answered", 1);
    board.done(None, put("resolution", OLD, &body));
    attest(board, OLD, ELM)
}

#[test]
fn a_body_that_nobody_approved_never_becomes_the_root() {
    let mut board = Board::without();
    board.done(None, put("body", SHADOW, &shadow("no")));
    board.done(None, put("body", BOARD, &terms()));
    board.done(Some(ELM), put("policy", POLICY, &policy()));
    board.done(Some(ELM), put("body", SHADOW, &shadow("is")));
    let in_error = moved(SHADOW, 1, "withdraw", &json!({"because": "In error."}));
    board.done(None, in_error);
    assert_eq!(by_shadow(&mut board, (SHADOW, 2)), refused("no_terms"));
    assert_eq!(board.in_force(SHADOW, BEGAN), None);
    let resolved = board.resolve(&resolution("adopts", (POLICY, 1), BEGAN));
    assert_eq!(board.because(resolved, (POLICY, 1)), None);
}

#[test]
fn the_root_is_the_first_body_that_the_operators_word_approved() {
    let mut board = Board::without();
    // Declared in its second version, as nothing was before it.
    board.done(
        None,
        put("body", BOARD, &with(terms(), "top_management", "no")),
    );
    board.done(None, put("body", BOARD, &terms()));
    assert_eq!(board.in_force(BOARD, BEGAN), Some(2));
    board.done(None, put("body", SHADOW, &shadow("is")));
    assert_eq!(board.in_force(SHADOW, BEGAN), None);
    // Approved by itself, its next version is the root's when the first is withdrawn.
    board.done(None, put("body", BOARD, &terms()));
    board.resolve(&resolution("approves", (BOARD, 3), BEGAN));
    let withdraw = |version| moved(BOARD, version, "withdraw", &json!({"because": "In error."}));
    board.done(Some(OPERATOR), withdraw(2));
    board.done(None, put("body", SHADOW, &shadow("is")));
    assert_eq!(board.in_force(SHADOW, BEGAN), None);
    board.done(Some(ELM), put("policy", POLICY, &policy()));
    let resolved = board.resolve(&resolution("adopts", (POLICY, 1), BEGAN));
    assert_eq!(board.because(resolved, (POLICY, 1)), None);
    // Where none stands, the operator declares another.
    let resolved = board.resolve(&resolution("withdraws", (BOARD, 3), BEGAN));
    let by = json!({"because": "In error.", "resolution": cite(resolved, 1)});
    board.done(Some(CEDAR), moved(BOARD, 3, "withdraw", &by));
    board.done(None, put("body", SHADOW, &shadow("is")));
    assert_eq!(board.in_force(SHADOW, BEGAN), Some(3));
}

#[test]
fn a_waiver_counts_from_the_day_it_was_recorded() {
    const APPOINTED: u128 = 80;
    const SCOPE: u128 = 81;
    let mut board = Board::new();
    let appointment = json!({"title": "Approver", "holder": id(ELM), "start": BEGAN,
        "powers": ["approve_scope"]});
    board.done(None, put("appointment", APPOINTED, &appointment));
    board.resolve(&resolution("appoints", (APPOINTED, 1), BEGAN));
    let of = |on: &str| with(put("scope", SCOPE, &scope()), "effective_on", on);
    board.on("2026-03-01").done(Some(ELM), of("2026-01-15"));
    let waives = json!({"title": "Waiver", "waivers": [{"kind": "scope", "because": "We are few.",
        "compensating_check": "The auditor reads it."}]});
    let waives = with(
        put("declaration", DECLARATION, &waives),
        "effective_on",
        "2026-01-06",
    );
    board.done(None, waives);
    board.resolve(&resolution("approves", (DECLARATION, 1), "2026-01-06"));
    let approve = |on: &str| with(moved(SCOPE, 1, "approve", &json!({})), "effective_on", on);
    for on in ["2026-01-15", "2026-02-28"] {
        assert_eq!(
            board.submit(Some(ELM), &approve(on)),
            refused("same_person")
        );
    }
    assert_eq!(board.submit(Some(ELM), &approve("2026-03-01")), Ok(()));
}

#[test]
fn a_text_is_of_all_who_put_it_since_the_last_that_was_approved() {
    const APPOINTED: u128 = 80;
    const SCOPE: u128 = 81;
    let mut board = Board::new();
    let appointment = json!({"title": "Approver", "holder": id(ELM), "start": BEGAN,
        "powers": ["approve_scope"]});
    board.done(None, put("appointment", APPOINTED, &appointment));
    board.resolve(&resolution("appoints", (APPOINTED, 1), BEGAN));
    let text = || put("scope", SCOPE, &scope());
    let approve = |version| moved(SCOPE, version, "approve", &json!({}));
    board.done(Some(ELM), text());
    // The same again by somebody else, or without a name, is no less what Elm wrote.
    board.done(Some(CEDAR), text());
    assert_eq!(board.submit(Some(ELM), &approve(2)), refused("same_person"));
    board.done(None, text());
    assert_eq!(board.submit(Some(ELM), &approve(3)), refused("same_person"));
    // Nor once Elm's own is withdrawn.
    board.done(
        Some(ELM),
        moved(SCOPE, 1, "withdraw", &json!({"because": "In error."})),
    );
    assert_eq!(board.submit(Some(ELM), &approve(2)), refused("same_person"));
    board.resolve(&resolution("approves", (SCOPE, 3), BEGAN));
    board.done(Some(CEDAR), text());
    assert_eq!(board.submit(Some(ELM), &approve(4)), Ok(()));
}

#[test]
fn whoever_was_not_there_or_was_entered_in_error_makes_no_quorum() {
    let decided = |change: fn(&mut Board), there: &[u128]| {
        let mut board = Board::new();
        board.on("2026-02-10");
        change(&mut board);
        board.done(None, put("meeting", MEETING, &meeting("2026-02-10", there)));
        let body = resolution("adopts", (POLICY, 1), "2026-02-10");
        let body = with(body, "meeting", cite(MEETING, 1));
        let resolved = board.resolve(&with(body, "answered", Value::Null));
        board.because(resolved, (POLICY, 1))
    };
    let left = |board: &mut Board| board.person(BIRCH, &json!({"left_on": "2026-02-09"}));
    let leaves = |board: &mut Board| board.person(BIRCH, &json!({"left_on": "2026-02-10"}));
    let comes = |board: &mut Board| board.person(BIRCH, &json!({"joined_on": "2026-02-10"}));
    let to_come = |board: &mut Board| board.person(BIRCH, &json!({"joined_on": "2026-02-11"}));
    let twice = |board: &mut Board| {
        let because = json!({"because": "Entered twice."});
        board.done(Some(ELM), moved(BIRCH, 1, "withdraw", &because));
    };
    let inquorate = Some("inquorate".to_owned());
    assert_eq!(decided(|_| {}, &[ASH, BIRCH]), None);
    assert_eq!(decided(leaves, &[ASH, BIRCH]), None);
    assert_eq!(decided(comes, &[ASH, BIRCH]), None);
    assert_eq!(decided(to_come, &[ASH, BIRCH]), inquorate);
    assert_eq!(decided(left, &[ASH, BIRCH]), inquorate);
    assert_eq!(decided(twice, &[ASH, BIRCH]), inquorate);
    assert_eq!(decided(left, &[ASH, CEDAR]), None);
}

#[test]
fn no_more_can_answer_than_are_still_there() {
    let answered = |change: fn(&mut Board)| {
        let mut board = Board::new();
        change(&mut board);
        let resolved = board.resolve(&resolution("adopts", (POLICY, 1), BEGAN));
        board.because(resolved, (POLICY, 1))
    };
    let left = |board: &mut Board| {
        board.person(BIRCH, &json!({"left_on": BEGAN}));
        board.on("2026-01-06");
    };
    assert_eq!(answered(|_| {}), None);
    assert_eq!(answered(left), None);
    let mut board = Board::new();
    left(&mut board);
    let resolved = board.resolve(&resolution("adopts", (POLICY, 1), "2026-01-06"));
    let because = board.because(resolved, (POLICY, 1));
    assert_eq!(because.as_deref(), Some("inquorate"));
}

#[test]
fn a_longer_tolerance_does_not_reach_back_to_a_version_that_was_not_there() {
    let declared = |on: &str| {
        let mut board = Board::new();
        let body = json!({"title": "Ours", "tolerances": {"recording_days": 60}});
        board
            .on(on)
            .done(None, put("declaration", DECLARATION, &body));
        board.resolve(&resolution("approves", (DECLARATION, 1), on));
        board
            .on("2026-04-15")
            .done(Some(ELM), put("policy", POLICY, &policy()));
        let resolved = board.resolve(&resolution("adopts", (POLICY, 2), "2026-03-01"));
        board.because(resolved, (POLICY, 2))
    };
    assert_eq!(declared("2026-03-01"), None);
    let since = declared("2026-03-02");
    assert_eq!(since.as_deref(), Some("before_version"));
}

#[test]
fn a_member_who_left_and_came_back_is_counted_by_no_meeting_in_between() {
    let left = json!({"left_on": "2026-01-20"});
    let passed = |on: &str, back: Option<&str>| {
        let mut board = Board::new();
        board.on("2026-01-21").person(BIRCH, &left);
        if let Some(back) = back {
            board.on(back).person(BIRCH, &json!({}));
        }
        board.on("2026-03-15").done(
            Some(CEDAR),
            put("meeting", MEETING, &meeting(on, &[ASH, BIRCH])),
        );
        let body = resolution("keeps", (POLICY, 1), on);
        let body = with(with(body, "meeting", cite(MEETING, 1)), "item", "1");
        let mut body = with(body, "answered", Value::Null);
        body["verb"] = json!("adopts");
        let resolved = board.resolve(&body);
        board.because(resolved, (POLICY, 1))
    };
    let short = || Some("inquorate".to_owned());
    assert_eq!(passed("2026-01-20", None), None);
    assert_eq!(passed("2026-02-20", None), short());
    assert_eq!(passed("2026-02-20", Some("2026-03-01")), short());
    assert_eq!(passed("2026-03-01", Some("2026-03-01")), None);
}

#[test]
fn whoever_left_and_came_back_did_nothing_in_between() {
    let mut board = Board::new();
    let secretary = |left: &Value| with(left.clone(), "name", "Cedar");
    board
        .on("2026-01-21")
        .person(CEDAR, &secretary(&json!({"left_on": "2026-01-20"})));
    board.on("2026-03-01").person(CEDAR, &secretary(&json!({})));
    board.done(
        None,
        put("resolution", 801, &resolution("adopts", (POLICY, 1), BEGAN)),
    );
    let attest = |on: &str| with(moved(801, 1, "attest", &json!({})), "effective_on", on);
    let gone = Err("has_left".to_owned());
    assert_eq!(board.submit(Some(CEDAR), &attest("2026-02-28")), gone);
    assert_eq!(board.submit(Some(CEDAR), &attest("2026-03-01")), Ok(()));
}
