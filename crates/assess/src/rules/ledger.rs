//! 7.5 and 4.4: the ledger read back, and declared intervals held against custom.

use catalogue::Rule;
use record::{Day, Event};
use serde_json::Value;

use super::{Subject, reviewed};
use crate::at::{At, day};
use crate::outcome::{Outcome, Says};

fn sound(event: &Event) -> bool {
    event.fact("/result").and_then(Value::as_str) == Some("sound")
}

/// 7.5-b: every check on record found the ledger as it was recorded.
pub fn read_back(at: &At<'_>, _: &Rule, _: &Subject) -> Outcome {
    let mut checks = at
        .records
        .checks
        .iter()
        .filter(|event| at.reached(event.recorded_on))
        .peekable();
    if checks.peek().is_none() {
        return Outcome::new(Says::Unknown);
    }
    match checks.find(|event| !sound(event)) {
        None => Outcome::holds(),
        Some(event) => Outcome::fails()
            .with("record", "A record")
            .with("date", event.recorded_on),
    }
}

/// 7.5-b.p: somebody looked as often as is customary.
pub fn read_back_daily(at: &At<'_>, rule: &Rule, _: &Subject) -> Outcome {
    let days = at.records.checks.iter().map(|event| event.recorded_on);
    let last: Option<Day> = days.filter(|day| at.reached(*day)).max();
    let Some(last) = last.or(at.records.ledger_start()) else {
        return Outcome::new(Says::NotDue);
    };
    if !at.reached(last) {
        return Outcome::new(Says::NotDue);
    }
    let custom = i64::from(rule.customary_days.unwrap_or(1));
    if !at.reached(last.plus_days(custom).next()) {
        return Outcome::holds();
    }
    Outcome::fails()
        .with("case", "since")
        .with("date", last.next())
}

/// 4.4.p: no declared interval is longer than customary, and none begins only after as long.
pub fn intervals_within_a_year(at: &At<'_>, rule: &Rule, _: &Subject) -> Outcome {
    let custom = i64::from(rule.customary_months.unwrap_or(12));
    // Where none is declared for assessments of high impact, the usual interval governs them.
    let of_high_impact = [
        (
            "/intervals/risk_assessment_high_impact_months",
            "assessments of high impact",
        ),
        (
            "/intervals/risk_assessment_months",
            "assessments, those of high impact among them,",
        ),
    ];
    let things = [
        ("/intervals/policy_months", "the policy"),
        ("/series/management_review/months", "the management review"),
    ];
    let declared = |(pointer, thing)| Some((thing, at.declared(pointer, None)?.n));
    let of_high_impact = of_high_impact.into_iter().find_map(declared);
    let mut declared = things
        .into_iter()
        .filter_map(declared)
        .chain(of_high_impact)
        .chain(first_review(at, custom))
        .peekable();
    if declared.peek().is_none() {
        return Outcome::new(Says::NotDue);
    }
    match declared.find(|(_, months)| *months > custom) {
        None => Outcome::holds(),
        Some((thing, months)) => Outcome::fails().with("thing", thing).with("n", months),
    }
}

/// Returns in how many months from its declaration, or from the AIMS's start where that is later,
/// the first slot of a series ends that begins later than is customary: until then nothing is due.
fn first_review(at: &At<'_>, custom: i64) -> Option<(&'static str, i64)> {
    let declared = at.declaration("/series/management_review")?;
    let from = declared.from.max(at.start);
    let first = day(
        declared.version.body(),
        "/series/management_review/first_day",
    )?;
    let mut slots = reviewed::series(at).iter().flatten();
    if first <= from.plus_months(custom) || slots.any(|one| one.slot.first_day < first) {
        return None;
    }
    let months = at.declared("/series/management_review/months", None)?.n;
    let last = first.plus_months(months).plus_days(-1);
    let months = (custom..).find(|n| from.plus_months(*n) > last)?;
    Some(("the first management review", months))
}
