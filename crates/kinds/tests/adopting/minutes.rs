//! What was adopted at a meeting whose minutes are recorded otherwise afterwards.

use serde_json::{Value, json};

use crate::board::*;

const AT: &str = "2026-02-02";

/// Returns the board after it adopted the policy at a meeting, with the resolution.
fn adopted() -> (Board, u128) {
    let mut board = Board::new();
    board.on(AT);
    board.done(None, put("meeting", MEETING, &meeting(AT, &[ASH, BIRCH])));
    let body = resolution("adopts", (POLICY, 1), AT);
    let body = with(body, "meeting", cite(MEETING, 1));
    let resolved = board.resolve(&with(body, "answered", Value::Null));
    assert_eq!(board.in_force(POLICY, AT), Some(1));
    (board, resolved)
}

fn stood(meeting: &Value) -> (Option<String>, Option<u32>) {
    let (mut board, resolved) = adopted();
    board.on("2026-02-20");
    board.done(None, put("meeting", MEETING, meeting));
    let because = board.because(resolved, (POLICY, 1));
    (because, board.in_force(POLICY, AT))
}

#[test]
fn what_the_corrected_minutes_show_no_quorum_for_stops_counting() {
    let lost = (Some("minutes_corrected".to_owned()), None);
    let held = |there: &[u128]| meeting(AT, there);
    let inquorate = with(held(&[ASH]), "state", "inquorate");
    let cancelled = json!({"title": "Board", "body": id(BOARD), "state": "cancelled"});
    assert_eq!(stood(&held(&[ASH])), lost);
    assert_eq!(stood(&inquorate), lost);
    assert_eq!(stood(&cancelled), lost);
    assert_eq!(stood(&meeting("2026-02-03", &[ASH, BIRCH])), lost);
    // Other members, or nothing of who was there, take nothing away.
    assert_eq!(stood(&held(&[BIRCH, CEDAR])), (None, Some(1)));
    let silent = with(held(&[]), "present", Value::Null);
    assert_eq!(stood(&silent), (None, Some(1)));
}

#[test]
fn what_was_known_before_the_correction_stays_known_so() {
    let (mut board, _) = adopted();
    let before = board.events.len();
    board.on("2026-02-20");
    board.done(None, put("meeting", MEETING, &meeting(AT, &[ASH])));
    let lost = board.events.len();
    board.done(None, put("meeting", MEETING, &meeting(AT, &[ASH, CEDAR])));
    assert_eq!(board.known_then(before, POLICY, "2026-03-01"), Some(1));
    assert_eq!(board.known_then(lost, POLICY, "2026-03-01"), None);
    // The minutes are put right again, and so is what they show.
    assert_eq!(board.in_force(POLICY, "2026-03-01"), Some(1));
}

#[test]
fn at_a_meeting_that_was_never_held_nothing_was_adopted() {
    let (mut board, resolved) = adopted();
    board.on("2026-02-20");
    board.done(None, put("meeting", MEETING, &meeting(AT, &[ASH, CEDAR])));
    let withdraw =
        |n: u128, version: u32| moved(n, version, "withdraw", &json!({"because": "Never held."}));
    board.done(Some(ASH), withdraw(MEETING, 2));
    assert_eq!(board.in_force(POLICY, AT), Some(1));
    board.done(Some(ASH), withdraw(MEETING, 1));
    let because = board.because(resolved, (POLICY, 1));
    assert_eq!(because.as_deref(), Some("minutes_corrected"));
    assert_eq!(board.in_force(POLICY, AT), None);
    // Held after all, it was adopted; not when the resolution was entered in error too.
    board.done(None, put("meeting", MEETING, &meeting(AT, &[ASH, CEDAR])));
    assert_eq!(board.in_force(POLICY, AT), Some(1));
    board.done(Some(CEDAR), withdraw(resolved, 1));
    assert_eq!(board.in_force(POLICY, AT), None);
    board.done(None, put("meeting", MEETING, &meeting(AT, &[ASH, BIRCH])));
    assert_eq!(board.in_force(POLICY, AT), None);
}

#[test]
fn a_correction_gives_nothing_that_was_not_adopted_at_the_time() {
    let mut board = Board::new();
    board.on(AT);
    board.done(None, put("meeting", MEETING, &meeting(AT, &[ASH])));
    let body = resolution("adopts", (POLICY, 1), AT);
    let body = with(body, "meeting", cite(MEETING, 1));
    let resolved = board.resolve(&with(body, "answered", Value::Null));
    board.done(None, put("meeting", MEETING, &meeting(AT, &[ASH, BIRCH])));
    let because = board.because(resolved, (POLICY, 1));
    assert_eq!(because.as_deref(), Some("inquorate"));
}
