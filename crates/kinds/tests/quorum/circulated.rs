//! What a board decides without meeting.

use record::Quorum;
use serde_json::{Value, json};

use crate::{ASH, BIRCH, Case, ELM, could_not, expect, member};

#[test]
fn a_board_decides_without_meeting_only_where_its_terms_allow_it() {
    let circulated = |answered: Value| Case::new().circulated(answered);
    let allowed = |answered: Value| circulated(answered).board("written_procedure", true);
    let silent = Value::Null;
    expect(Quorum::Quorate, &[("circulated", allowed(json!(3)))]);
    expect(
        Quorum::NotShown,
        &[
            ("not said how many answered", allowed(silent.clone())),
            (
                "an old file",
                circulated(silent.clone()).brought_in("2026-03-13"),
            ),
        ],
    );
    could_not(
        "no_meeting",
        &[
            ("no meeting", circulated(silent.clone())),
            (
                "a file, of a day since the ledger began",
                circulated(silent).brought_in("2026-03-12"),
            ),
            ("not allowed", circulated(json!(3))),
            (
                "not allowed, in a file",
                circulated(json!(3)).brought_in("2026-03-13"),
            ),
        ],
    );
    expect(
        Quorum::Inquorate,
        &[
            ("too few answer", allowed(json!(2))),
            ("more answer than have a seat", allowed(json!(5))),
        ],
    );
}

#[test]
fn of_what_was_circulated_those_who_answered_are_counted_where_the_terms_allow_it() {
    let circulated = || Case::new().meeting("state", "by_circulation");
    let allowed = || circulated().board("written_procedure", true);
    let answered = |people: &[u128]| {
        let people: Vec<Value> = people.iter().map(|n| member(*n)).collect();
        allowed().meeting("present", people)
    };
    expect(
        Quorum::Quorate,
        &[
            ("three of four answered", allowed()),
            ("no item named", allowed().says("item", Value::Null)),
        ],
    );
    let silent = allowed().meeting("present", Value::Null);
    expect(Quorum::NotShown, &[("not said who answered", silent)]);
    expect(
        Quorum::Inquorate,
        &[
            ("two answered", answered(&[ASH, BIRCH])),
            ("one has no seat", answered(&[ASH, BIRCH, ELM])),
        ],
    );
    could_not(
        "circulated",
        &[
            ("not allowed", circulated()),
            (
                "not allowed, and not said who answered",
                circulated().meeting("present", Value::Null),
            ),
        ],
    );
    could_not(
        "not_met",
        &[(
            "closed on another day",
            allowed().says("decided_on", "2026-03-13"),
        )],
    );
}
