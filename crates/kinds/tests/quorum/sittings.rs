//! What a board decides at a meeting that sat twice on one day.

use record::Quorum;
use serde_json::{Value, json};

use crate::{ASH, BIRCH, CEDAR, Case, could_not, expect, with};

const MORNING: u32 = 1;
const AFTERNOON: u32 = 2;

/// A board of quorum two, whose members were there at these sittings; item 2 was taken at one, or
/// it is not said at which.
fn twice(present: &[(u128, u32)], taken: Option<u32>) -> Case {
    let there = present.iter();
    let there: Vec<Value> = there
        .map(|(n, sitting)| with(*n, "sittings", json!([sitting])))
        .collect();
    let items = json!([{"number": "1"}, {"number": "2", "sitting": taken}]);
    Case::new()
        .board("quorum", 2)
        .meeting(
            "sittings",
            json!([{"on": "2026-03-12"}, {"on": "2026-03-12"}]),
        )
        .meeting("present", there)
        .meeting("items", items)
}

const NEVER_TOGETHER: &[(u128, u32)] = &[(ASH, MORNING), (BIRCH, AFTERNOON)];
const TWO_AND_ONE: &[(u128, u32)] = &[(ASH, MORNING), (BIRCH, MORNING), (CEDAR, AFTERNOON)];

#[test]
fn two_sittings_of_a_day_do_not_add_up() {
    let silent = |present| twice(present, None).says("item", Value::Null);
    expect(
        Quorum::Quorate,
        &[
            ("two at its own sitting", twice(TWO_AND_ONE, Some(MORNING))),
            ("two at one of those it may be of", twice(TWO_AND_ONE, None)),
        ],
    );
    expect(
        Quorum::Inquorate,
        &[
            (
                "at its own sitting one",
                twice(NEVER_TOGETHER, Some(AFTERNOON)),
            ),
            ("two at the other", twice(TWO_AND_ONE, Some(AFTERNOON))),
            ("never two together", twice(NEVER_TOGETHER, None)),
            ("never two together, no item", silent(NEVER_TOGETHER)),
            ("two at one, no item", silent(TWO_AND_ONE)),
        ],
    );
}

#[test]
fn whoever_withdrew_from_an_item_is_missed_at_the_sitting_where_it_had_a_quorum_with_them() {
    let interest = json!([{"person": crate::id(BIRCH), "item": "2", "withdrew": true}]);
    let withdrew = |taken| twice(TWO_AND_ONE, taken).meeting("interests", interest.clone());
    could_not(
        "recused",
        &[
            ("at its own sitting", withdrew(Some(MORNING))),
            ("at one of those it may be of", withdrew(None)),
        ],
    );
    expect(
        Quorum::Inquorate,
        &[("too few at its own besides", withdrew(Some(AFTERNOON)))],
    );
}

#[test]
fn of_minutes_that_list_no_items_no_more_were_there_at_one_than_at_a_sitting() {
    let silent = |case: Case| case.meeting("items", json!([]));
    let interest = |item: &str| {
        let one = json!({"person": crate::id(BIRCH), "item": item, "withdrew": true});
        silent(twice(TWO_AND_ONE, None)).meeting("interests", json!([one]))
    };
    expect(
        Quorum::NotShown,
        &[
            ("two at one", silent(twice(TWO_AND_ONE, None))),
            ("one withdrew from another item", interest("1")),
        ],
    );
    let one = |field: &str, value: Value| {
        let there = json!([with(ASH, field, value)]);
        silent(Case::new().board("quorum", 2)).meeting("present", there)
    };
    expect(
        Quorum::Inquorate,
        &[
            ("one", one("deputy_for", Value::Null)),
            ("one, who left", one("to_item", json!("1"))),
            ("nobody", silent(Case::new()).meeting("present", json!([]))),
            ("never two together", silent(twice(NEVER_TOGETHER, None))),
        ],
    );
    could_not("recused", &[("one withdrew from the item", interest("2"))]);
}
