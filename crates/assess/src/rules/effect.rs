//! 8.2.p: what an assessment promised, and what shows that it came about.

use catalogue::Rule;
use record::{Cite, Day, Record, Version};
use serde_json::Value;

use super::Subject;
use super::risk::counting;
use crate::at::{At, day, list, stated};
use crate::outcome::{Outcome, Says};

/// 8.2.p: a promised effect is shown by a later record once its due date has passed.
pub fn shown(at: &At<'_>, _: &Rule, subject: &Subject) -> Outcome {
    let Subject::Record(id) = subject else {
        return Outcome::new(Says::Absent);
    };
    let Some(version) = at.records.get(*id).and_then(|record| counting(at, record)) else {
        return Outcome::new(Says::Absent);
    };
    let promises = promises(at, version);
    if promises.is_empty() {
        return Outcome::new(Says::Absent);
    }
    let kept = |(decided, _): &(Day, Day)| shown_since(at, version, Some(*decided)).is_some();
    let Some((_, due)) = promises.into_iter().find(|promise| !kept(promise)) else {
        return Outcome::holds();
    };
    if !at.reached(due.next()) {
        return Outcome::new(Says::NotDue);
    }
    let on = day(version.body(), "/assessed_on").unwrap_or(due);
    Outcome::fails()
        .with("case", "named")
        .with("assessment", version.put.id)
        .with("date", on)
        .with("effect", "an effect")
        .with("due", due)
}

/// Returns what an assessment promised, as each decision on it first did, in order of the days
/// that is due: the day of the decision, and the one by which its effect is to be seen. A later
/// version neither takes a promise back nor puts it off.
fn promises(at: &At<'_>, assessment: &Version) -> Vec<(Day, Day)> {
    let record = at.records.get(assessment.put.id);
    let versions = record.into_iter().flat_map(Record::standing);
    let mut promises: Vec<(Day, Day)> = Vec::new();
    for version in versions.filter(|one| at.reached(one.put.facts.effective_on)) {
        let promise = decided_on(version).zip(day(version.body(), "/decision/promises/due"));
        let first = promise.filter(|(decided, _)| !promises.iter().any(|(on, _)| on == decided));
        promises.extend(first);
    }
    promises.sort_by_key(|(_, due)| *due);
    promises
}

fn decided_on(assessment: &Version) -> Option<Day> {
    let body = assessment.body();
    day(body, "/decision/on").or_else(|| day(body, "/assessed_on"))
}

/// Returns the last day on which a record or a file shows what an assessment changed.
pub fn shown_on(at: &At<'_>, assessment: &Version) -> Option<Day> {
    shown_since(at, assessment, decided_on(assessment))
}

/// Returns the last day on which a record or a file shows what was decided on a day: each is of
/// a day after it, and a record is another one, and of after it too.
fn shown_since(at: &At<'_>, assessment: &Version, decided: Option<Day>) -> Option<Day> {
    let after = |on: Day| decided.is_none_or(|decided| on > decided);
    list(assessment.body(), "/shown_by")
        .iter()
        .filter(|shown| stated(shown, "/file") || is_another_later(at, assessment, (shown, &after)))
        .filter_map(|shown| day(shown, "/on"))
        .filter(|on| after(*on) && at.reached(*on))
        .max()
}

/// Returns whether what shows an effect is a record other than the assessment, not withdrawn,
/// recorded and effective after the decision. Systems may be very many and are not at hand: of
/// one that was assessed, a version later than the one that was looked at is.
fn is_another_later(
    at: &At<'_>,
    assessment: &Version,
    (shown, after): (&Value, &impl Fn(Day) -> bool),
) -> bool {
    let cite = |value: &Value| serde_json::from_value::<Cite>(value.clone()).ok();
    let Some(cited) = shown.get("record").and_then(cite) else {
        return false;
    };
    if cited.id == assessment.put.id {
        return false;
    }
    let record = at.records.get(cited.id).filter(|one| &*one.kind != SYSTEM);
    let Some(record) = record else {
        let assessed = list(assessment.body(), "/systems").iter().filter_map(cite);
        let mut assessed = assessed.filter(|one| one.id == cited.id);
        return assessed.all(|one| one.version < cited.version);
    };
    record.version(cited.version).is_some_and(|version| {
        let put = &version.put;
        version.withdrawn.is_none() && after(put.facts.effective_on) && after(put.recorded_on)
    })
}

const SYSTEM: &str = "ai_system";

/// The kinds of which a record can show what an assessment changed, and the assessments.
pub const READS: &[&str] = &[
    "action",
    "appointment",
    "attestation",
    "body",
    "declaration",
    "disposition",
    "management_review",
    "meeting",
    "nonconformity",
    "organisation",
    "policy",
    "resolution",
    "risk_assessment",
    "risk_criteria",
    "scope",
];
