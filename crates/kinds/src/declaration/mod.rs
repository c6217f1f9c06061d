//! What the organisation declares, dated: intervals, tolerances, slots, waivers.

use std::ops::RangeInclusive;

use record::approve::Approval;
use record::choices::{AgendaLine, Stage};
use record::slots::{self, Slot};
use record::spec::{Authority, Names};
use record::{Day, Kind, KindSpec, MoveSpec, Problem, TITLE_LENGTH_MAX, Token};
use record::{Records, Refusal};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

/// What the organisation holds itself to.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    /// What it is called.
    #[schemars(length(max = TITLE_LENGTH_MAX))]
    title: String,
    /// Longest ages, in months.
    #[serde(default)]
    intervals: Intervals,
    /// Tolerances, in days.
    #[serde(default)]
    tolerances: Tolerances,
    /// Series of slots.
    #[serde(default)]
    series: SeriesOf,
    /// The stage from which a system must be assessed; pilot unless declared.
    assessed_from: Option<Stage>,
    /// Kinds for which the writer may approve their own text.
    #[serde(default)]
    waivers: Vec<Waiver>,
    /// Agenda lines of the management review that are switched on.
    #[serde(default)]
    agenda: Vec<AgendaLine>,
    /// An earlier first day of the AI management system.
    aims_start: Option<Day>,
}

/// Longest ages, in months (1 to 120).
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Intervals {
    /// Between reviews of the scope.
    scope_months: Option<u32>,
    /// Between reviews of the policy.
    policy_months: Option<u32>,
    /// Between risk assessments of a system.
    risk_assessment_months: Option<u32>,
    /// The same, for systems of high impact.
    risk_assessment_high_impact_months: Option<u32>,
    /// Between attestations of a unit.
    attestation_months: Option<u32>,
    /// Between reviews of the risk criteria.
    risk_criteria_months: Option<u32>,
}

/// Tolerances, in days (1 to 366).
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tolerances {
    /// From the day of an act to its recording.
    recording_days: Option<u32>,
    /// For a new system to await a scope decision.
    awaiting_scope_days: Option<u32>,
    /// From a sitting to the first draft of its minutes.
    minutes_days: Option<u32>,
}

/// Series of slots.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeriesOf {
    /// Management reviews.
    management_review: Option<Series>,
}

/// A series of slots, one after another.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Series {
    /// The first day of the first slot. To change a series, leave it as it is and the new length
    /// follows the slot that is open; or name the first day of a later slot, until which the
    /// slots go on as they were.
    first_day: Day,
    /// The length of each, in months (1 to 36).
    months: u32,
}

/// A waiver of separation of duties.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// The kind of record.
    kind: Token,
    /// Why.
    because: String,
    /// What is checked instead.
    compensating_check: String,
}

/// Moves a slot, once, before its last day, to days from its own first to the last of the slot
/// that follows it.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveSlot {
    /// The slot's first day.
    first_day: Day,
    /// The new first day; none before its own.
    to_first_day: Day,
    /// The new last day; none after the last day of the slot that follows.
    to_last_day: Day,
    /// Why.
    because: String,
}

impl Kind for MoveSlot {}

impl Kind for Declaration {
    fn check(&self) -> Vec<Problem> {
        let (i, t) = (&self.intervals, &self.tolerances);
        let months = [
            ("scope_months", i.scope_months),
            ("policy_months", i.policy_months),
            ("risk_assessment_months", i.risk_assessment_months),
            (
                "risk_assessment_high_impact_months",
                i.risk_assessment_high_impact_months,
            ),
            ("attestation_months", i.attestation_months),
            ("risk_criteria_months", i.risk_criteria_months),
        ];
        let outside = |range: RangeInclusive<u32>| {
            move |one: &(&str, Option<u32>)| one.1.is_some_and(|number| !range.contains(&number))
        };
        if let Some((field, _)) = months.into_iter().find(outside(1..=120)) {
            return vec![Problem::new(
                &format!("/intervals/{field}"),
                "An interval is 1 to 120 months.",
                "Write the longest age you hold yourselves to.",
            )];
        }
        let days = [
            ("recording_days", t.recording_days),
            ("awaiting_scope_days", t.awaiting_scope_days),
            ("minutes_days", t.minutes_days),
        ];
        if let Some((field, _)) = days.into_iter().find(outside(1..=366)) {
            return vec![Problem::new(
                &format!("/tolerances/{field}"),
                "A tolerance is 1 to 366 days.",
                "Write days.",
            )];
        }
        if self
            .series
            .management_review
            .as_ref()
            .is_some_and(|series| !(1..=36).contains(&series.months))
        {
            return vec![Problem::new(
                "/series/management_review/months",
                "A slot is 1 to 36 months long.",
                "Write 3 for quarters.",
            )];
        }
        Vec::new()
    }
}

fn waives(facts: &Value) -> Vec<String> {
    let waivers = facts
        .get("waivers")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    waivers
        .filter_map(|waiver| Some(waiver.get("kind")?.as_str()?.to_owned()))
        .collect()
}

/// Looks at the start that a body declares, and at its series.
fn against(id: Uuid, facts: &Value, records: &Records, today: Day) -> Result<(), Refusal> {
    starts_earlier(id, facts, records)?;
    follows_on(id, facts, records, today)
}

/// The first day of the AI management system is declared anew only as an earlier one: a later one
/// would change nothing. What a declaration says already it may go on saying.
fn starts_earlier(id: Uuid, facts: &Value, records: &Records) -> Result<(), Refusal> {
    let stated = |facts: &Value| -> Option<Day> { facts.get("aims_start")?.as_str()?.parse().ok() };
    let newest = records.get(id).and_then(|one| one.standing().next_back());
    let said = newest.and_then(|version| stated(version.body()));
    let declarations = records.of_kind(NAME).flat_map(|one| one.standing());
    let approved = declarations.filter(|version| version.approval().is_some());
    let begin = records.begin.as_ref().map(|(begin, _)| begin.aims_start);
    let starts = approved.filter_map(|version| stated(version.body()));
    let (Some(declared), Some(began)) = (stated(facts), starts.chain(begin).min()) else {
        return Ok(());
    };
    if declared <= began || said == Some(declared) {
        return Ok(());
    }
    Err(Refusal::new(
        "not_earlier",
        format!(
            "The AI management system began on {}, and {} is later.",
            began.in_words(),
            declared.in_words()
        ),
    )
    .at("/body/aims_start")
    .hint("Declare an earlier day, or leave this out: what was due from the start stays due."))
}

/// A changed series leaves the first day as it was, or begins where a slot that is still to come
/// would: slots follow one another, and one that has begun ends as it was declared.
fn follows_on(id: Uuid, facts: &Value, records: &Records, today: Day) -> Result<(), Refusal> {
    const FIRST_DAY: &str = "/series/management_review/first_day";
    let first_day = |facts: &Value| -> Option<Day> {
        let first = record::at(facts, FIRST_DAY)?;
        first.as_str()?.parse().ok()
    };
    let (Some(declaration), Some(first)) = (records.get(id), first_day(facts)) else {
        return Ok(());
    };
    let mut stated = declaration.standing();
    if stated.any(|version| first_day(version.body()) == Some(first)) {
        return Ok(());
    }
    // Beyond the day as far as the longest slot reaches: the nearest may be the one after it.
    let through = first.max(today).plus_months(36);
    let slots = slots::of(records, declaration, through);
    let days = slots.iter().map(|slot| slot.first_day);
    let to_come: Vec<Day> = days.filter(|day| *day > today).collect();
    let Some(last) = to_come.last() else {
        return Ok(());
    };
    if to_come.contains(&first) {
        return Ok(());
    }
    let later = to_come.iter().find(|day| **day > first);
    let nearest = later.unwrap_or(last);
    Err(Refusal::new(
        "does_not_follow",
        format!(
            "No slot of this series that is still to come begins on {}.",
            first.in_words()
        ),
    )
    .at(format!("/body{FIRST_DAY}"))
    .hint(format!(
        "A slot that has begun ends as it was declared, and the next follows it: write {nearest}, until which the slots go on as they were, or leave the first day that was declared."
    )))
}

/// A slot is moved once, before its last day.
fn acted(records: &Records, act: &Approval, today: Day) -> Result<(), Refusal> {
    if act.name != "move_slot" {
        return Ok(());
    }
    let day = |field: &str| -> Option<Day> { act.carries.get(field)?.as_str()?.parse().ok() };
    let (Some(first), Some(from), Some(to)) =
        (day("first_day"), day("to_first_day"), day("to_last_day"))
    else {
        return Err(Refusal::new(
            "no_such_slot",
            "A slot is named by its first day, and moved to two others.",
        )
        .at("/body/first_day")
        .hint("State first_day, to_first_day and to_last_day."));
    };
    let slot = records
        .get(act.of.id)
        .and_then(|declaration| slots::named(records, declaration, first));
    let Some(slot) = slot else {
        return Err(Refusal::new(
            "no_such_slot",
            "No slot of this declaration has that first day.",
        )
        .at("/body/first_day")
        .hint("`minutebook status --json` lists the slots."));
    };
    if slot.moved_to.is_some() {
        return Err(Refusal::new(
            "slot_moved",
            "This slot was moved before; a slot moves once.",
        )
        .at("/body/first_day")
        .hint("Hold the review in the slot as it is, or record it late as what it is."));
    }
    if today > slot.last_day || act.decided_on > slot.last_day {
        return Err(Refusal::new(
            "slot_over",
            format!(
                "The slot's last day, {}, has passed; a move counts only once it is recorded, whenever it was decided.",
                slot.last_day.in_words()
            ),
        )
        .at("/body/first_day")
        .hint("Where the review was held in the slot, record it now: it is held late. Otherwise the slot stays missed: record the later review as what it is, and open a nonconformity, or say with a disposition why this is no failure."));
    }
    if to < from {
        return Err(Refusal::new(
            "check_failed",
            "The new last day is before the new first day.",
        )
        .at("/body/to_last_day")
        .hint("Set it on or after the new first day."));
    }
    within_reach(records, act.of.id, &slot, (from, to))
}

/// A slot moves to later days only, and no further than to the end of the slot that follows it:
/// beyond that it would still be to come when slots after it had been missed. Slots follow one
/// another without a gap, so the new days may lie inside the one that follows; on days that
/// another slot was moved to they may not.
fn within_reach(
    records: &Records,
    declaration: Uuid,
    slot: &Slot,
    (from, to): (Day, Day),
) -> Result<(), Refusal> {
    let Some(declaration) = records.get(declaration) else {
        return Ok(());
    };
    let through = slot.last_day.next();
    // Where the series ends with this slot, as far as one more of its length.
    let length = slot.last_day.days_since(slot.first_day);
    let series = slots::of(records, declaration, through);
    let next = series.iter().rfind(|next| next.first_day == through);
    let limit = next.map_or(through.plus_days(length), |next| next.last_day);
    if from < slot.first_day || limit < to {
        let place = if from < slot.first_day {
            "/body/to_first_day"
        } else {
            "/body/to_last_day"
        };
        return Err(Refusal::new(
            "slot_out_of_reach",
            format!(
                "This slot moves to days from its own first day to the last day of the slot after it: from {} to {}.",
                slot.first_day.in_words(),
                limit.in_words()
            ),
        )
        .at(place)
        .hint("Name days in between. A review held later is recorded as what it is, with a nonconformity and a changed plan; the slot stays empty."));
    }
    let taken = series.iter().find_map(|other| {
        let moved = other.moved_to?;
        (moved.first_day <= to && from <= moved.last_day).then_some((other, moved))
    });
    let Some((other, moved)) = taken else {
        return Ok(());
    };
    Err(Refusal::new(
        "slots_overlap",
        format!(
            "The slot of {} was moved to {} to {}; two slots are not moved to the same days.",
            other.first_day.in_words(),
            moved.first_day.in_words(),
            moved.last_day.in_words()
        ),
    )
    .at("/body/to_first_day")
    .hint("Name days before or after those."))
}

const NAME: &str = "declaration";

/// Returns the kind.
pub fn kind() -> KindSpec {
    KindSpec {
        approval: Some("declare"),
        names: &[("/waivers/*/kind", Names::Kind)],
        moves: vec![MoveSpec::approved::<MoveSlot>("move_slot")],
        authority: Authority {
            declares: true,
            waives: Some(waives),
            ..Authority::default()
        },
        acted: Some(acted),
        against: Some(against),
        later_effect: true,
        ..KindSpec::of::<Declaration>(NAME, "Declaration", include_str!("sample.json"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::drafts::{SOUND, hold};

    #[test]
    fn an_interval_is_1_to_120_months() {
        let outside =
            |field: &str| format!("/body/intervals/{field}: An interval is 1 to 120 months.");
        for field in [
            "scope_months",
            "policy_months",
            "risk_assessment_months",
            "risk_assessment_high_impact_months",
            "attestation_months",
            "risk_criteria_months",
        ] {
            let months = |months: u32| json!({"intervals": {field: months}});
            hold(
                &kind(),
                &[
                    (months(0), &outside(field)),
                    (months(1), SOUND),
                    (months(120), SOUND),
                    (months(121), &outside(field)),
                ],
            );
        }
    }

    #[test]
    fn a_tolerance_is_1_to_366_days() {
        let outside =
            |field: &str| format!("/body/tolerances/{field}: A tolerance is 1 to 366 days.");
        for field in ["recording_days", "awaiting_scope_days", "minutes_days"] {
            let days = |days: u32| json!({"tolerances": {field: days}});
            hold(
                &kind(),
                &[
                    (days(0), &outside(field)),
                    (days(1), SOUND),
                    (days(366), SOUND),
                    (days(367), &outside(field)),
                ],
            );
        }
    }

    #[test]
    fn a_slot_is_1_to_36_months_long() {
        let outside = "/body/series/management_review/months: A slot is 1 to 36 months long.";
        let months = |months: u32| json!({"series": {"management_review": {"months": months}}});
        hold(
            &kind(),
            &[
                (months(0), outside),
                (months(1), SOUND),
                (months(36), SOUND),
                (months(37), outside),
            ],
        );
    }
}
