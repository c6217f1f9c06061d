//! Which findings a disposition could be of: those of its rule, on its subject, that stand or stood;
//! and which subjects there are.

use catalogue::Catalogue;
use record::Day;
use serde_json::Value;
use uuid::Uuid;

use crate::at::{At, day};
use crate::kept::{self, Stretch};
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

/// A subject of which a rule says nothing, whatever the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoSubject {
    /// The rule.
    pub rule: String,
    /// Whether it is asked of the organisation as a whole, which no subject stands for.
    pub of_whole: bool,
    /// The kind whose records it is asked of, where it is of each.
    pub of_each: Option<&'static str>,
    /// The first of what else it is asked of, what it has findings on before all others.
    pub first: Vec<String>,
}

/// Most subjects that are named of those there are.
const NAMED: usize = 5;

/// Returns what there is instead, where a rule is never asked of the subject that a disposition
/// names. A rule that is not built has no subjects, and none is wrong.
pub fn no_subject(at: &At<'_>, catalogue: &Catalogue, disposition: &Value) -> Option<NoSubject> {
    let text = |field: &str| disposition.get(field).and_then(Value::as_str);
    let (rule, named) = (text("rule")?, text("subject"));
    let whole = whole(at);
    let asked = kept::inquiries(catalogue);
    let asked: Vec<_> = asked.iter().filter(|one| one.tells(rule)).collect();
    let of_each = asked.iter().find_map(|one| one.each());
    let subjects = || {
        asked
            .iter()
            .flat_map(|one| one.subjects(at).into_iter().map(move |of| (one, of)))
    };
    let is_meant = |(_, one): &(_, Subject)| is_called(one, named, whole.as_deref());
    if asked.is_empty() || subjects().any(|one| is_meant(&one)) {
        return None;
    }
    let mut others: Vec<_> = subjects()
        .filter(|(asked, one)| *one != Subject::Whole && asked.each().is_none())
        .map(|(asked, one)| {
            let stretches = asked.stretches(at, &one);
            let found = |one: &Stretch| matches!(one.outcome.says, Says::Fails | Says::Remark);
            (!stretches.iter().any(found), one.id())
        })
        .collect();
    others.sort_by_key(|(without, _)| *without);
    Some(NoSubject {
        rule: rule.to_owned(),
        of_whole: subjects().any(|(_, one)| one == Subject::Whole),
        of_each,
        first: others.into_iter().map(|(_, id)| id).take(NAMED).collect(),
    })
}

/// Returns the id by which the organisation as a whole may be named.
fn whole(at: &At<'_>) -> Option<String> {
    let begun = at.records.begin.as_ref();
    begun.map(|(begin, _)| begin.organisation.to_string())
}

/// Returns whether a subject is the one named: without a name the organisation as a whole.
fn is_called(one: &Subject, named: Option<&str>, whole: Option<&str>) -> bool {
    match (one, named) {
        (Subject::Whole, None) => true,
        (Subject::Whole, Some(named)) => whole == Some(named),
        // Names are read as ids are written.
        (Subject::Record(id), Some(named)) => named.parse::<Uuid>().ok() == Some(*id),
        (one, Some(named)) => one.id() == named,
        (_, None) => false,
    }
}

/// Returns the days since which findings of a rule, or flags beside it, stand or stood on a
/// subject; in order, each once. Without a subject it is the organisation as a whole.
fn findings_since(
    at: &At<'_>,
    catalogue: &Catalogue,
    (rule, subject): (&str, Option<&str>),
) -> Vec<Day> {
    let whole = whole(at);
    let is_meant = |one: &Subject| {
        // A slot was once a finding of the organisation as a whole.
        let is_old = matches!(one, Subject::Slot(..))
            && subject.is_none_or(|named| whole.as_deref() == Some(named));
        is_old || is_called(one, subject, whole.as_deref())
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
