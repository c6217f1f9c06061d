//! Which findings a disposition could be of: those of its rule, on its subject, that stand or stood.

use catalogue::Catalogue;
use record::Day;
use serde_json::Value;
use uuid::Uuid;

use crate::at::{At, day};
use crate::kept;
use crate::outcome::Says;
use crate::rules::Subject;

/// A disposition that is of no finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BesideNone {
    /// The rule it names.
    pub rule: String,
    /// The day it names.
    pub since: Day,
    /// The days since which findings of that rule stand or stood on that subject.
    pub found: Vec<Day>,
}

/// Returns what a disposition names where no finding is that, through the horizon of the reading.
pub fn beside_none(at: &At<'_>, catalogue: &Catalogue, disposition: &Value) -> Option<BesideNone> {
    let text = |field: &str| disposition.get(field).and_then(Value::as_str);
    let (rule, since) = (text("rule")?, day(disposition, "/since")?);
    let found = findings_since(at, catalogue, (rule, text("subject")));
    (!found.contains(&since)).then(|| BesideNone {
        rule: rule.to_owned(),
        since,
        found,
    })
}

/// Returns the days since which findings of a rule, or flags beside it, stand or stood on a
/// subject; in order, each once. Without a subject it is the organisation as a whole.
fn findings_since(
    at: &At<'_>,
    catalogue: &Catalogue,
    (rule, subject): (&str, Option<&str>),
) -> Vec<Day> {
    let begun = at.records.begin.as_ref();
    let whole = begun.map(|(begin, _)| begin.organisation.to_string());
    let is_meant = |one: &Subject| match (one, subject) {
        // A slot was once a finding of the organisation as a whole.
        (Subject::Whole | Subject::Slot(..), None) => true,
        (Subject::Whole, Some(named)) => whole.as_deref() == Some(named),
        (one @ Subject::Slot(..), Some(named)) => {
            one.id() == named || whole.as_deref() == Some(named)
        }
        // Names are read as ids are written.
        (Subject::Record(id), Some(named)) => named.parse::<Uuid>().ok() == Some(*id),
        (one, Some(named)) => one.id() == named,
        (_, None) => false,
    };
    let asked = kept::inquiries(catalogue);
    let mut days: Vec<Day> = asked
        .iter()
        .filter(|one| one.tells(rule))
        .flat_map(|one| {
            let subjects = one.subjects(at).into_iter().filter(is_meant);
            let stretches = subjects.flat_map(|subject| one.stretches(at, &subject));
            stretches.collect::<Vec<_>>()
        })
        .filter(|one| matches!(one.outcome.says, Says::Fails | Says::Remark))
        .map(|one| one.since)
        .collect();
    days.sort();
    days.dedup();
    days
}
