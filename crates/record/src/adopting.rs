//! What keeps a resolution from adopting a version, whoever passed it and however many were there.

use serde_json::Value;

use crate::approve::{Approval, WITHDRAW};
use crate::fields::{Cite, Day};
use crate::records::{Record, Records, Version};
use crate::refusal::Refusal;
use crate::slots;
use crate::spec::Registry;

/// Says that an act did nothing, in its own word.
pub fn came_to_nothing(act: &str) -> &'static str {
    match act {
        "accept" => "accepted nothing",
        "end" => "ended nothing",
        "keep" => "kept nothing",
        "move_slot" => "moved no slot",
        WITHDRAW => "withdrew nothing",
        _ => "adopted nothing",
    }
}

/// Says why nobody could decide so on a version on a day, if that is so.
pub(crate) fn kept_from(
    records: &Records,
    registry: &Registry,
    (of, name, carries): (Cite, &str, &Value),
    on: Day,
) -> Option<&'static str> {
    let version = records.cited(of)?;
    let over = || version.last_day().is_some_and(|last| last < on);
    if version.withdrawn.is_some() {
        Some("withdrawn")
    } else if !was_there(records, registry, version, on) {
        Some("before_version")
    } else if name == "keep" && over() {
        Some("ended")
    } else if name == "end" && ends_before_first_day(version, carries, on) {
        Some("before_first_day")
    } else {
        None
    }
}

/// What has begun is not ended by a person before it began.
pub(crate) fn held_to_first_day(version: &Version, act: &Approval) -> Result<(), Refusal> {
    if act.name != "end" || !ends_before_first_day(version, &act.carries, act.decided_on) {
        return Ok(());
    }
    Err(Refusal::new(
        "before_first_day",
        "This version was in force by then; it cannot end before its first day.",
    )
    .at("/body/last_day")
    .hint("Name its first day or a later one; a version that should never have been entered is withdrawn, with its reason."))
}

/// What is approved or kept is looked at again on the day of that or later.
pub(crate) fn held_to_later_review(act: &Approval) -> Result<(), Refusal> {
    let next = act.carries.get("next_review").and_then(Value::as_str);
    let next: Option<Day> = next.and_then(|day| day.parse().ok());
    match next.filter(|next| *next < act.decided_on) {
        None => Ok(()),
        Some(_) => Err(Refusal::new(
            "review_before_decision",
            "The next review is before the day of this decision.",
        )
        .at("/body/next_review")
        .hint("Write the day by which it is looked at again.")),
    }
}

/// Returns whether an end decided once a version was in force would have it that it never was: only
/// before its first day is an adoption taken back.
fn ends_before_first_day(version: &Version, carries: &Value, on: Day) -> bool {
    let last = carries.get("last_day").and_then(Value::as_str);
    let last: Option<Day> = last.and_then(|day| day.parse().ok());
    let approved = version.last_approved(|day| day <= on).map(|one| one.since);
    let accepted = version.counted("accept").map(|(act, _)| act.takes_effect());
    let begun = approved
        .into_iter()
        .chain(accepted.filter(|day| *day <= on));
    last.zip(begun.max())
        .is_some_and(|(last, begun)| last < begun)
}

/// Returns whether there was a version to decide on by a day: by the day it claims, or because it
/// was recorded in time for that day. What claims an earlier day than it was recorded in time for
/// is taken at its word and marked late, or is brought in.
pub(crate) fn was_there(
    records: &Records,
    registry: &Registry,
    version: &Version,
    on: Day,
) -> bool {
    let put = &version.put;
    let tolerance = || {
        let kinds = registry.iter().filter(|kind| kind.authority.declares);
        let standing = kinds
            .flat_map(|kind| records.of_kind(kind.name))
            .flat_map(Record::standing);
        slots::recording_days(slots::counting(records, standing), |day| day <= on)
    };
    put.facts.effective_on <= on || put.recorded_on <= on.plus_days(tolerance())
}
