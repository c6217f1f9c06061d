//! What was adopted at a meeting whose minutes are recorded otherwise afterwards.

use serde_json::{Value, json};

use crate::board::*;

const AT: &str = "2026-02-02";

/// Returns the board after it adopted the policy at a meeting, with the resolution.
fn adopted() -> (Board, u128) {
    let mut board = Board::new();
    board.on(AT);
    board.done(
        Some(CEDAR),
        put("meeting", MEETING, &meeting(AT, &[ASH, BIRCH])),
    );
    let body = resolution("adopts", (POLICY, 1), AT);
    let body = with(body, "meeting", cite(MEETING, 1));
    let resolved = board.resolve(&with(body, "answered", Value::Null));
    assert_eq!(board.in_force(POLICY, AT), Some(1));
    (board, resolved)
}

fn stood(meeting: &Value) -> (Option<String>, Option<u32>) {
    let (mut board, resolved) = adopted();
    board.on("2026-02-20");
    board.done(Some(CEDAR), put("meeting", MEETING, meeting));
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
fn terms_that_lower_their_own_quorum_are_not_held_up_by_themselves() {
    let alone = with(terms(), "quorum", 1);
    let (mut board, adopted) = adopted();
    board.done(None, put("body", BOARD, &alone));
    let approves = with(
        resolution("approves", (BOARD, 2), AT),
        "answered",
        Value::Null,
    );
    let approves = with(approves, "meeting", cite(MEETING, 1));
    let approved = board.resolve(&approves);
    assert_eq!(board.in_force(BOARD, AT), Some(2));
    board.on("2026-02-20");
    let there = |people: &[u128]| put("meeting", MEETING, &meeting(AT, people));
    board.done(Some(CEDAR), there(&[ASH]));
    let because = board.because(approved, (BOARD, 2));
    assert_eq!(because.as_deref(), Some("minutes_corrected"));
    assert_eq!(board.in_force(BOARD, "2026-03-01"), Some(1));
    // They fall by what they were adopted by, and count again by the same.
    board.done(Some(CEDAR), there(&[ASH, CEDAR]));
    assert_eq!(board.in_force(BOARD, "2026-03-01"), Some(2));
    assert_eq!(board.because(adopted, (POLICY, 1)), None);
}

#[test]
fn what_was_known_before_the_correction_stays_known_so() {
    let (mut board, _) = adopted();
    let before = board.events.len();
    board.on("2026-02-20");
    board.done(Some(CEDAR), put("meeting", MEETING, &meeting(AT, &[ASH])));
    let lost = board.events.len();
    board.done(
        Some(CEDAR),
        put("meeting", MEETING, &meeting(AT, &[ASH, CEDAR])),
    );
    assert_eq!(board.known_then(before, POLICY, "2026-03-01"), Some(1));
    assert_eq!(board.known_then(lost, POLICY, "2026-03-01"), None);
    // The minutes are put right again, and so is what they show.
    assert_eq!(board.in_force(POLICY, "2026-03-01"), Some(1));
}

#[test]
fn at_a_meeting_that_was_never_held_nothing_was_adopted() {
    let (mut board, resolved) = adopted();
    board.on("2026-02-20");
    board.done(
        Some(CEDAR),
        put("meeting", MEETING, &meeting(AT, &[ASH, CEDAR])),
    );
    let withdraw =
        |n: u128, version: u32| moved(n, version, "withdraw", &json!({"because": "Never held."}));
    board.done(Some(CEDAR), withdraw(MEETING, 2));
    assert_eq!(board.in_force(POLICY, AT), Some(1));
    board.done(Some(CEDAR), withdraw(MEETING, 1));
    let because = board.because(resolved, (POLICY, 1));
    assert_eq!(because.as_deref(), Some("minutes_corrected"));
    assert_eq!(board.in_force(POLICY, AT), None);
    // Held after all, it was adopted; not when the resolution was entered in error too.
    board.done(
        Some(CEDAR),
        put("meeting", MEETING, &meeting(AT, &[ASH, CEDAR])),
    );
    assert_eq!(board.in_force(POLICY, AT), Some(1));
    board.done(Some(CEDAR), withdraw(resolved, 1));
    assert_eq!(board.in_force(POLICY, AT), None);
    board.done(
        Some(CEDAR),
        put("meeting", MEETING, &meeting(AT, &[ASH, BIRCH])),
    );
    assert_eq!(board.in_force(POLICY, AT), None);
}

#[test]
fn a_correction_gives_nothing_that_was_not_adopted_at_the_time() {
    let mut board = Board::new();
    board.on(AT);
    board.done(Some(CEDAR), put("meeting", MEETING, &meeting(AT, &[ASH])));
    let body = resolution("adopts", (POLICY, 1), AT);
    let body = with(body, "meeting", cite(MEETING, 1));
    let resolved = board.resolve(&with(body, "answered", Value::Null));
    board.done(
        Some(CEDAR),
        put("meeting", MEETING, &meeting(AT, &[ASH, BIRCH])),
    );
    let because = board.because(resolved, (POLICY, 1));
    assert_eq!(because.as_deref(), Some("inquorate"));
}

fn withdrawn(n: u128, version: u32) -> Value {
    moved(n, version, "withdraw", &json!({"because": "Never held."}))
}

#[test]
fn only_who_attests_for_a_body_undoes_what_it_adopted_at_a_meeting() {
    let refused = Err("no_authority".to_owned());
    let short = put("meeting", MEETING, &meeting(AT, &[ASH]));
    for undone in [short.clone(), withdrawn(MEETING, 1)] {
        let (mut board, _) = adopted();
        for acting in [None, Some(ASH), Some(ELM)] {
            assert_eq!(
                board.submit(acting, &undone),
                refused,
                "{acting:?} {undone}"
            );
        }
        assert_eq!(board.in_force(POLICY, AT), Some(1));
        board.done(Some(CEDAR), undone);
        // Nor is it anybody else's to say that it was adopted after all.
        let again = put("meeting", MEETING, &meeting(AT, &[ASH, BIRCH]));
        assert_eq!(board.submit(None, &again), refused);
        board.done(Some(CEDAR), again);
        assert_eq!(board.in_force(POLICY, AT), Some(1));
    }
    // What undoes nothing is anybody's to record.
    let (mut board, _) = adopted();
    board.done(None, put("meeting", MEETING, &meeting(AT, &[ASH, CEDAR])));
}

#[test]
fn where_a_body_names_nobody_its_author_may_not_undo_what_it_adopted() {
    let (mut board, _) = adopted();
    let unnamed = with(terms(), "secretary", Value::Null);
    board.done(None, put("body", BOARD, &unnamed));
    board.resolve(&resolution("approves", (BOARD, 2), AT));
    let short = put("meeting", MEETING, &meeting(AT, &[ASH]));
    for acting in [None, Some(ELM)] {
        let refused = Err("no_authority".to_owned());
        assert_eq!(board.submit(acting, &short), refused, "{acting:?}");
    }
    board.done(Some(ASH), short);
}

#[test]
fn an_end_whose_meeting_is_recorded_otherwise_stands_until_then() {
    let mut board = Board::new();
    board.on(AT);
    board.resolve(&resolution("adopts", (POLICY, 1), AT));
    let end = "2026-02-10";
    board.on(end);
    board.done(None, put("meeting", MEETING, &meeting(end, &[ASH, BIRCH])));
    let mut ends = with(
        resolution("rescinds", (POLICY, 1), end),
        "answered",
        Value::Null,
    );
    ends["meeting"] = cite(MEETING, 1);
    ends["objects"][0]["last_day"] = json!(end);
    board.resolve(&ends);
    let mut replaced = board.clone();
    board.on("2026-03-01");
    board.done(Some(CEDAR), withdrawn(MEETING, 1));
    let days = [
        (end, Some(1)),
        ("2026-02-11", None),
        ("2026-02-28", None),
        ("2026-03-01", Some(1)),
    ];
    for (on, version) in days {
        assert_eq!(board.in_force(POLICY, on), version, "{on}");
    }
    // Put right, it has ended since that was recorded.
    board.on("2026-03-10");
    board.done(
        Some(CEDAR),
        put("meeting", MEETING, &meeting(end, &[ASH, BIRCH])),
    );
    for (on, version) in [
        ("2026-02-28", None),
        ("2026-03-09", Some(1)),
        ("2026-03-10", None),
    ] {
        assert_eq!(board.in_force(POLICY, on), version, "{on}");
    }
    // It takes no place from what was adopted meanwhile.
    replaced.on("2026-02-20");
    replaced.done(Some(ELM), put("policy", POLICY, &policy()));
    replaced.resolve(&resolution("adopts", (POLICY, 2), "2026-02-20"));
    replaced.on("2026-03-01");
    replaced.done(Some(CEDAR), withdrawn(MEETING, 1));
    assert_eq!(replaced.in_force(POLICY, "2026-03-02"), Some(2));
}

#[test]
fn what_lost_its_meeting_is_still_withdrawn_only_by_the_power_that_approved_it() {
    let (mut board, _) = adopted();
    board.done(Some(CEDAR), withdrawn(MEETING, 1));
    assert_eq!(board.in_force(POLICY, AT), None);
    for acting in [None, Some(ELM), Some(CEDAR)] {
        let refused = Err("no_authority".to_owned());
        assert_eq!(
            board.submit(acting, &withdrawn(POLICY, 1)),
            refused,
            "{acting:?}"
        );
    }
}

#[test]
fn a_declaration_whose_meeting_is_recorded_otherwise_counted_until_then() {
    let mut board = Board::new();
    board.on(AT);
    let months = |n: u32| json!({"title": "Intervals", "intervals": {"policy_months": n}});
    board.done(Some(ELM), put("declaration", DECLARATION, &months(12)));
    board.resolve(&resolution("approves", (DECLARATION, 1), AT));
    let at = "2026-02-10";
    board.on(at);
    board.done(Some(ELM), put("declaration", DECLARATION, &months(3)));
    board.done(None, put("meeting", MEETING, &meeting(at, &[ASH, BIRCH])));
    let approves = resolution("approves", (DECLARATION, 2), at);
    let approves = with(approves, "meeting", cite(MEETING, 1));
    board.resolve(&with(approves, "answered", Value::Null));
    let declared = |board: &Board, on: &str| {
        let pointer = "/intervals/policy_months";
        let standing = board
            .records
            .of_kind("declaration")
            .flat_map(|one| one.standing());
        let declared = record::slots::counting(&board.records, standing);
        let stated = record::slots::stating(declared, pointer, |one| one <= day(on))?;
        stated.version.body().pointer(pointer).cloned()
    };
    board.on("2026-03-01");
    board.done(Some(CEDAR), withdrawn(MEETING, 1));
    let days = [
        ("2026-02-09", 12),
        (at, 3),
        ("2026-02-28", 3),
        ("2026-03-01", 12),
    ];
    for (on, months) in days {
        assert_eq!(declared(&board, on), Some(json!(months)), "{on}");
    }
    // Nor does it take the place of the version before any more.
    let record = board.records.get(id(DECLARATION)).unwrap();
    for (on, version) in [("2026-02-28", 2), ("2026-03-01", 1)] {
        let found = record::slots::declared_by(&board.records, record, day(on));
        assert_eq!(found.map(record::Version::number), Some(version), "{on}");
    }
    board.on("2026-03-10");
    board.done(
        Some(CEDAR),
        put("meeting", MEETING, &meeting(at, &[ASH, BIRCH])),
    );
    for (on, months) in [("2026-02-28", 3), ("2026-03-09", 12), ("2026-03-10", 3)] {
        assert_eq!(declared(&board, on), Some(json!(months)), "{on}");
    }
}
