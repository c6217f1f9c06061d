//! Powers given on: whoever may appoint, or set up a body, gives no more than they hold.

use serde_json::{Value, json};

use crate::board::*;

pub const OPS: u128 = 30;
pub const OTHER: u128 = 31;
pub const APPOINTED: u128 = 80;
const SECOND: u128 = 81;
const CRITERIA: u128 = 82;

/// Terms of a committee of Ash and Birch that holds some powers, up to a level of risk.
pub fn committee(powers: &[&str], to: Option<&str>) -> Value {
    let seats = json!([{"person": id(ASH)}, {"person": id(BIRCH)}]);
    json!({"name": "Operations committee", "top_management": "no", "quorum": 2, "seats": seats,
        "secretary": id(CEDAR), "written_procedure": true, "powers": powers,
        "accepts_risk_to": to})
}

/// Returns the board after it set up the committee with these powers.
pub fn board_with(powers: &[&str], to: Option<&str>) -> Board {
    let mut board = Board::new();
    board.done(None, put("body", OPS, &committee(powers, to)));
    let set_up = board.resolve(&resolution("approves", (OPS, 1), BEGAN));
    assert_eq!(board.because(set_up, (OPS, 1)), None);
    board
}

pub fn appointment(holder: u128, powers: &[&str], to: Option<&str>) -> Value {
    json!({"title": "Approver", "holder": id(holder), "start": BEGAN, "powers": powers,
        "accepts_risk_to": to})
}

/// What a body of those here resolves; both of two answered.
fn by(body: u128, of: (u128, u32)) -> Value {
    let body = json!(id(body));
    with(
        with(resolution("approves", of, BEGAN), "body", body),
        "answered",
        2,
    )
}

/// Returns why an appointment by the committee does not count, if it does not.
fn appoints(board: &mut Board, powers: &[&str], to: Option<&str>) -> Because {
    board.done(
        None,
        put("appointment", APPOINTED, &appointment(ELM, powers, to)),
    );
    let resolved = board.resolve(&by(OPS, (APPOINTED, 1)));
    board.because(resolved, (APPOINTED, 1))
}

fn beyond() -> Because {
    Some("beyond_own_powers".to_owned())
}

#[test]
fn who_may_appoint_gives_only_powers_that_they_hold() {
    let given = |held: &[&str], gives: &[&str]| appoints(&mut board_with(held, None), gives, None);
    for power in [
        "approve_scope",
        "declare",
        "approve_criteria",
        "set_up_body",
    ] {
        assert_eq!(given(&["assign_owner"], &[power]), beyond(), "{power}");
        assert_eq!(given(&["assign_owner", power], &[power]), None, "{power}");
    }
    assert_eq!(given(&["assign_owner"], &["assign_owner"]), None);
    let one_of_two = given(&["assign_owner", "declare"], &["declare", "approve_scope"]);
    assert_eq!(one_of_two, beyond());
    // A post or a duty is no power to approve.
    let mut board = board_with(&["assign_owner"], None);
    let duty = json!({"title": "Owner", "holder": id(ELM), "start": BEGAN,
        "duties": ["conformity"]});
    board.done(None, put("appointment", APPOINTED, &duty));
    let resolved = board.resolve(&by(OPS, (APPOINTED, 1)));
    assert_eq!(board.because(resolved, (APPOINTED, 1)), None);
}

#[test]
fn the_root_gives_every_power() {
    let mut board = Board::new();
    let all = ["approve_scope", "declare", "accept_risk"];
    board.done(
        None,
        put(
            "appointment",
            APPOINTED,
            &appointment(ELM, &all, Some("high")),
        ),
    );
    let resolved = board.resolve(&resolution("appoints", (APPOINTED, 1), BEGAN));
    assert_eq!(board.because(resolved, (APPOINTED, 1)), None);
}

#[test]
fn who_may_set_up_bodies_gives_them_only_powers_that_they_hold() {
    for (gives, because) in [("approve_scope", beyond()), ("set_up_body", None)] {
        let mut board = board_with(&["set_up_body"], None);
        board.done(None, put("body", OTHER, &committee(&[gives], None)));
        let resolved = board.resolve(&by(OPS, (OTHER, 1)));
        assert_eq!(board.because(resolved, (OTHER, 1)), because, "{gives}");
        // Nor does it give itself more.
        let own = committee(&["set_up_body", gives], None);
        board.done(None, put("body", OPS, &own));
        let resolved = board.resolve(&by(OPS, (OPS, 2)));
        assert_eq!(board.because(resolved, (OPS, 2)), because, "{gives}");
    }
}

/// Returns the board after it set up a committee that may set up bodies, with this place in top
/// management.
fn setting_up(place: &str) -> Board {
    let mut board = Board::new();
    let body = with(
        committee(&["set_up_body"], None),
        "top_management",
        json!(place),
    );
    board.done(None, put("body", OPS, &body));
    let set_up = board.resolve(&resolution("approves", (OPS, 1), BEGAN));
    assert_eq!(board.because(set_up, (OPS, 1)), None);
    board
}

#[test]
fn only_top_management_says_of_a_body_that_it_is_so() {
    let cases = [
        ("no", "no", true),
        ("no", "part", false),
        ("no", "is", false),
        ("part", "part", true),
        ("part", "is", false),
        ("is", "part", true),
        ("is", "is", true),
    ];
    for (own, says, counts) in cases {
        let because = (!counts).then(|| "beyond_own_place".to_owned());
        let mut board = setting_up(own);
        let another = with(committee(&[], None), "top_management", json!(says));
        board.done(None, put("body", OTHER, &another));
        let resolved = board.resolve(&by(OPS, (OTHER, 1)));
        assert_eq!(
            board.because(resolved, (OTHER, 1)),
            because,
            "{own} of another that it is {says}"
        );
        // Nor does it say so of itself.
        board.done(None, put("body", OPS, &another));
        let resolved = board.resolve(&by(OPS, (OPS, 2)));
        assert_eq!(
            board.because(resolved, (OPS, 2)),
            because,
            "{own} of itself that it is {says}"
        );
    }
}

#[test]
fn a_person_says_of_a_body_that_it_is_top_management_from_a_seat_there() {
    let said = |person: u128, says: &str| {
        let mut board = Board::new();
        let empowered = appointment(person, &["set_up_body"], None);
        board.done(None, put("appointment", APPOINTED, &empowered));
        board.resolve(&resolution("appoints", (APPOINTED, 1), BEGAN));
        let body = with(committee(&[], None), "top_management", json!(says));
        board.done(None, put("body", OTHER, &body));
        board.submit(Some(person), &moved(OTHER, 1, "approve", &json!({})))
    };
    let refused = Err("no_authority".to_owned());
    // Ash sits on the board; Elm does not.
    assert_eq!(said(ELM, "no"), Ok(()));
    assert_eq!(said(ELM, "part"), refused);
    assert_eq!(said(ELM, "is"), refused);
    assert_eq!(said(ASH, "is"), Ok(()));
}

#[test]
fn a_power_given_on_since_is_given_on_from_then() {
    let mut board = board_with(&["assign_owner"], None);
    assert_eq!(appoints(&mut board, &["declare"], None), beyond());
    let more = committee(&["assign_owner", "declare"], None);
    board.on("2026-02-01").done(None, put("body", OPS, &more));
    board.resolve(&resolution("approves", (OPS, 2), "2026-02-01"));
    let again = |board: &mut Board, on: &str| {
        let body = with(by(OPS, (APPOINTED, 1)), "decided_on", on);
        let resolved = board.resolve(&body);
        board.because(resolved, (APPOINTED, 1))
    };
    assert_eq!(again(&mut board, "2026-01-31"), beyond());
    assert_eq!(again(&mut board, "2026-02-01"), None);
}

#[test]
fn a_person_gives_only_powers_that_they_hold() {
    for (gives, said) in [
        ("approve_scope", Err("no_authority".to_owned())),
        ("assign_owner", Ok(())),
    ] {
        let mut board = board_with(&[], None);
        let first = appointment(ASH, &["assign_owner"], None);
        board.done(None, put("appointment", APPOINTED, &first));
        board.resolve(&resolution("appoints", (APPOINTED, 1), BEGAN));
        let second = appointment(ELM, &[gives], None);
        board.done(None, put("appointment", SECOND, &second));
        let approve = moved(SECOND, 1, "approve", &json!({}));
        assert_eq!(board.submit(Some(ASH), &approve), said, "{gives}");
    }
}

/// Puts three levels in order, in force.
pub fn levels(board: &mut Board) {
    let criteria = json!({"title": "Criteria", "scales": "1 to 5", "method": "By hand.",
        "levels": ["low", "medium", "high"], "acceptable_to": "low"});
    board.done(None, put("risk_criteria", CRITERIA, &criteria));
    board.resolve(&resolution("approves", (CRITERIA, 1), BEGAN));
}

#[test]
fn the_power_to_accept_risks_is_given_up_to_the_level_held() {
    let cases = [
        (Some("medium"), Some("low"), None),
        (Some("medium"), Some("medium"), None),
        (Some("medium"), Some("high"), beyond()),
        // Without a bound it is up to every level.
        (Some("medium"), None, beyond()),
        (None, Some("high"), None),
        (None, None, None),
    ];
    for (held, gives, because) in cases {
        let mut board = board_with(&["assign_owner", "accept_risk"], held);
        levels(&mut board);
        let found = appoints(&mut board, &["accept_risk"], gives);
        assert_eq!(found, because, "{held:?} {gives:?}");
    }
}

#[test]
fn levels_that_no_criteria_in_force_put_in_order_are_compared_by_name() {
    for (gives, because) in [("low", beyond()), ("medium", None), ("high", beyond())] {
        let mut board = board_with(&["assign_owner", "accept_risk"], Some("medium"));
        let found = appoints(&mut board, &["accept_risk"], Some(gives));
        assert_eq!(found, because, "{gives}");
    }
}
