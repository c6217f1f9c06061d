//! Who takes back what a body accepted, and from when on.

use serde_json::json;

use crate::board::*;

const TEAM: u128 = 6;
const SYSTEM: u128 = 7;
const ASSESSED: u128 = 8;

/// The board, a team without a power, and an assessment of a system.
fn assessed() -> Board {
    let mut board = Board::new();
    let team = with(terms(), "top_management", "no");
    board.done(Some(ELM), put("body", TEAM, &team));
    board.resolve(&resolution("approves", (TEAM, 1), BEGAN));
    let system = json!({"title": "Pavelook", "stage": "live"});
    board.done(Some(ELM), put("ai_system", SYSTEM, &system));
    let assessed = json!({"title": "Pavelook", "systems": [cite(SYSTEM, 1)], "assessed_on": BEGAN,
        "consequences": {"organisation": "Claims."}});
    board.done(Some(ELM), put("risk_assessment", ASSESSED, &assessed));
    board
}

/// A body rescinds the assessment's first version on 1 March, to a last day.
fn rescinded(board: &mut Board, body: u128, last_day: &str) -> Because {
    let mut rescinds = resolution("rescinds", (ASSESSED, 1), "2026-03-01");
    rescinds["body"] = json!(id(body));
    rescinds["objects"][0]["last_day"] = json!(last_day);
    let n = board.on("2026-03-01").resolve(&rescinds);
    board.because(n, (ASSESSED, 1))
}

#[test]
fn an_acceptance_is_rescinded_by_a_body_that_could_accept_and_from_its_own_first_day_on() {
    let said = |code: &str| Some(code.to_owned());
    let mut never = assessed();
    assert_eq!(
        rescinded(&mut never, BOARD, "2026-03-31"),
        said("approves_nothing")
    );
    let mut board = assessed();
    board
        .on("2026-02-01")
        .resolve(&resolution("accepts", (ASSESSED, 1), "2026-02-01"));
    assert_eq!(rescinded(&mut board, TEAM, "2026-03-31"), said("no_power"));
    assert_eq!(
        rescinded(&mut board, BOARD, "2026-01-31"),
        said("before_first_day")
    );
    assert_eq!(rescinded(&mut board, BOARD, "2026-03-31"), None);
}
