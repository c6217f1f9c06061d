//! Which version counts on a day: of what was adopted, the last to take effect.

use serde_json::{Value, json};

use crate::board::*;

/// Returns the board with three versions of the policy, of which the first was adopted.
fn three() -> Board {
    let mut board = Board::new();
    for _ in 0..2 {
        board.done(Some(ELM), put("policy", POLICY, &policy()));
    }
    board.resolve(&resolution("adopts", (POLICY, 1), BEGAN));
    board
}

/// The board adopts a version on a day, from a later day where one is named.
fn adopt(board: &mut Board, version: u32, on: &str, from: Option<&str>) -> u128 {
    let mut body = resolution("adopts", (POLICY, version), on);
    if let Some(from) = from {
        body["objects"][0]["effective_on"] = json!(from);
    }
    board.on(on).resolve(&body)
}

fn rescind(board: &mut Board, version: u32, on: &str, last_day: &str) {
    let mut body = resolution("rescinds", (POLICY, version), on);
    body["objects"][0]["last_day"] = json!(last_day);
    board.on(on).resolve(&body);
}

#[track_caller]
fn expect(board: &Board, days: &[(&str, Option<u32>)]) {
    for (on, version) in days {
        assert_eq!(board.in_force(POLICY, on), *version, "{on}");
    }
}

#[test]
fn the_last_adoption_to_take_effect_wins() {
    let mut board = three();
    adopt(&mut board, 3, "2026-02-01", None);
    adopt(&mut board, 2, "2026-03-01", None);
    expect(
        &board,
        &[
            ("2026-01-31", Some(1)),
            ("2026-02-28", Some(3)),
            ("2026-03-01", Some(2)),
        ],
    );
    // One that takes effect earlier, though decided and recorded later, does not.
    let mut board = three();
    adopt(&mut board, 3, "2026-02-01", Some("2026-04-01"));
    adopt(&mut board, 2, "2026-03-01", None);
    expect(&board, &[("2026-03-31", Some(2)), ("2026-04-01", Some(3))]);
    // Of one day the last to be recorded.
    let mut board = three();
    adopt(&mut board, 3, "2026-02-01", None);
    adopt(&mut board, 2, "2026-02-01", None);
    expect(&board, &[("2026-02-01", Some(2))]);
}

#[test]
fn an_older_version_is_adopted_again() {
    let mut board = three();
    adopt(&mut board, 3, "2026-02-01", None);
    rescind(&mut board, 3, "2026-03-01", "2026-03-20");
    expect(&board, &[("2026-03-20", Some(3)), ("2026-03-21", None)]);
    adopt(&mut board, 1, "2026-04-01", None);
    expect(&board, &[("2026-03-31", None), ("2026-04-01", Some(1))]);
    // So is one that had been rescinded.
    adopt(&mut board, 3, "2026-05-01", None);
    expect(
        &board,
        &[
            ("2026-03-20", Some(3)),
            ("2026-03-21", None),
            ("2026-05-01", Some(3)),
        ],
    );
    rescind(&mut board, 3, "2026-06-01", "2026-06-01");
    expect(&board, &[("2026-06-01", Some(3)), ("2026-06-02", None)]);
}

#[test]
fn what_is_rescinded_before_it_takes_effect_never_does() {
    let mut board = three();
    adopt(&mut board, 3, "2026-02-01", Some("2026-05-01"));
    rescind(&mut board, 3, "2026-03-01", "2026-04-30");
    expect(&board, &[("2026-04-30", Some(1)), ("2026-05-01", Some(1))]);
}

#[test]
fn a_version_entered_in_error_is_adopted_by_nobody_and_an_ended_one_is_not_kept() {
    let mut board = three();
    let because = json!({"because": "In error."});
    board.done(Some(CEDAR), moved(POLICY, 3, "withdraw", &because));
    let resolved = adopt(&mut board, 3, "2026-02-01", None);
    let found = board.because(resolved, (POLICY, 3));
    assert_eq!(found.as_deref(), Some("withdrawn"));
    rescind(&mut board, 1, "2026-03-01", "2026-03-01");
    let mut keeps = |on: &str| {
        let mut body = resolution("keeps", (POLICY, 1), on);
        body["objects"][0]["because"] = json!("It serves.");
        body["objects"][0]["next_review"] = json!("2027-01-01");
        let resolved = board.on("2026-03-02").resolve(&body);
        board.because(resolved, (POLICY, 1))
    };
    assert_eq!(keeps("2026-03-01"), None);
    assert_eq!(keeps("2026-03-02").as_deref(), Some("ended"));
}

#[test]
fn what_was_adopted_until_a_day_ends_on_it() {
    let until = |until: Value| {
        let mut board = three();
        let body = with(
            resolution("adopts", (POLICY, 2), "2026-02-01"),
            "until",
            until,
        );
        board.on("2026-02-01").resolve(&body);
        board
    };
    expect(
        &until(json!("2026-03-01")),
        &[
            ("2026-01-31", Some(1)),
            ("2026-03-01", Some(2)),
            ("2026-03-02", None),
        ],
    );
    expect(&until(Value::Null), &[("2026-03-02", Some(2))]);
    // Adopted again without an end, it goes on.
    let mut board = until(json!("2026-03-01"));
    adopt(&mut board, 2, "2026-02-20", None);
    expect(&board, &[("2026-03-02", Some(2))]);
}

#[track_caller]
fn expect_state(board: &Board, version: u32, days: &[(&str, &str)]) {
    for (on, state) in days {
        let record = board.records.get(id(POLICY)).unwrap();
        let found = record.state(record.version(version).unwrap(), day(on), true);
        assert_eq!(found.as_str(), *state, "version {version}, {on}");
    }
}

#[test]
fn what_has_not_begun_is_not_ended() {
    // Decided later, by what is known now: until then it was a proposal.
    let mut board = Board::new();
    adopt(&mut board, 1, "2026-03-01", None);
    expect_state(
        &board,
        1,
        &[("2026-02-28", "proposed"), ("2026-03-01", "in_force")],
    );
    let mut board = three();
    adopt(&mut board, 3, "2026-02-01", Some("2026-05-01"));
    let ahead = [
        ("2026-01-31", "proposed"),
        ("2026-02-01", "proposed"),
        ("2026-04-30", "proposed"),
    ];
    expect_state(&board, 3, &ahead);
    expect_state(&board, 3, &[("2026-05-01", "in_force")]);
    expect_state(&board, 2, &[("2026-05-01", "proposed")]);
    expect_state(
        &board,
        1,
        &[("2026-04-30", "in_force"), ("2026-05-01", "superseded")],
    );
    // Ended before its first day, it is over from the day its adoption was decided.
    rescind(&mut board, 3, "2026-03-01", "2026-04-30");
    expect_state(&board, 3, &[("2026-05-01", "ended")]);
}

#[test]
fn a_version_adopted_again_has_the_state_of_the_stretch_it_is_in() {
    let mut board = three();
    rescind(&mut board, 1, "2026-02-01", "2026-02-28");
    adopt(&mut board, 1, "2026-04-01", None);
    adopt(&mut board, 2, "2026-05-01", None);
    rescind(&mut board, 2, "2026-06-01", "2026-06-30");
    let first = [
        ("2026-02-28", "in_force"),
        ("2026-03-01", "ended"),
        ("2026-04-01", "in_force"),
        ("2026-05-01", "superseded"),
        // That what took its place has ended ends nothing of it.
        ("2026-07-01", "superseded"),
    ];
    expect_state(&board, 1, &first);
    expect_state(
        &board,
        2,
        &[("2026-06-30", "in_force"), ("2026-07-01", "ended")],
    );
}

#[test]
fn what_has_begun_is_not_ended_before_its_first_day() {
    let ends = |decided: &str, last_day: &str| {
        let mut board = three();
        adopt(&mut board, 2, "2026-02-01", None);
        let mut body = resolution("rescinds", (POLICY, 2), decided);
        body["objects"][0]["last_day"] = json!(last_day);
        let resolved = board.on("2026-06-01").resolve(&body);
        let because = board.because(resolved, (POLICY, 2));
        (because, board.in_force(POLICY, "2026-02-01"))
    };
    let never = (Some("before_first_day".to_owned()), Some(2));
    assert_eq!(ends("2026-06-01", "2026-01-31"), never);
    assert_eq!(ends("2026-02-01", "2026-01-31"), never);
    assert_eq!(ends("2026-06-01", "2026-02-01"), (None, Some(2)));
    // Decided before that day, it takes the adoption back.
    let mut board = three();
    adopt(&mut board, 2, "2026-02-01", Some("2026-05-01"));
    rescind(&mut board, 2, "2026-04-30", "2026-04-30");
    expect(&board, &[("2026-05-01", Some(1))]);
}

#[test]
fn what_was_adopted_again_is_not_ended_before_that() {
    let mut board = three();
    rescind(&mut board, 1, "2026-02-01", "2026-02-28");
    adopt(&mut board, 1, "2026-04-01", None);
    rescind(&mut board, 1, "2026-05-01", "2026-03-15");
    expect(&board, &[("2026-04-01", Some(1)), ("2026-05-02", Some(1))]);
    rescind(&mut board, 1, "2026-05-03", "2026-04-30");
    expect(&board, &[("2026-04-30", Some(1)), ("2026-05-01", None)]);
}

#[test]
fn a_person_ends_nothing_before_its_first_day() {
    const APPOINTED: u128 = 80;
    let mut board = three();
    let power = json!({"title": "Approver", "holder": id(ASH), "start": BEGAN,
        "powers": ["adopt_policy"]});
    board.done(None, put("appointment", APPOINTED, &power));
    board.resolve(&resolution("appoints", (APPOINTED, 1), BEGAN));
    let end = |last_day: &str| {
        let body = json!({"because": "Superseded.", "last_day": last_day});
        moved(POLICY, 1, "end", &body)
    };
    board.on("2026-03-01");
    let refused = Err("before_first_day".to_owned());
    assert_eq!(board.submit(Some(ASH), &end("2026-01-04")), refused);
    assert_eq!(board.submit(Some(ASH), &end(BEGAN)), Ok(()));
}

#[test]
fn a_move_puts_right_only_what_was_told_of_that_day() {
    let mut board = three();
    let told = |on: &str, corrects: &str| {
        let body = json!({"on": on, "to": "staff", "how": "by mail", "corrects": corrects});
        moved(POLICY, 1, "communicate", &body)
    };
    board.on("2026-03-01");
    let first = json!({"on": "2026-02-01", "to": "staff", "how": "by mail"});
    board.done(None, moved(POLICY, 1, "communicate", &first));
    let refused = Err("corrects_nothing".to_owned());
    assert_eq!(
        board.submit(None, &told("2026-02-10", "2026-02-02")),
        refused
    );
    assert_eq!(
        board.submit(None, &told("2026-02-10", "2026-02-01")),
        Ok(())
    );
}
