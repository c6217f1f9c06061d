//! Which findings a disposition could be of: those of its rule, on its subject, that stand or stood;
//! and which subjects there are. And which disposition stands beside a finding.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};

use catalogue::{Catalogue, Rule};
use record::{Day, Version};
use serde_json::Value;
use uuid::Uuid;

use crate::answering::Answering;
use crate::at::{At, day, id};
use crate::kept::{self, RuleAt, Stretch};
use crate::outcome::{Outcome, Says};
use crate::rules::Subject;
use crate::status::{Base, LOCAL_OPERATOR, failing, stands_since};
use crate::stood::Stood;
use crate::view::Disposition;

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
    let is_shown = || shown_since(at, catalogue, (rule, text("subject"))) == Some(since);
    (!found.contains(&since) && !is_shown()).then(|| BesideNone {
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
pub(crate) fn whole(at: &At<'_>) -> Option<String> {
    let begun = at.records.begin.as_ref();
    begun.map(|(begin, _)| begin.organisation.to_string())
}

/// Returns whether a subject is the one named: without a name the organisation as a whole.
pub(crate) fn is_called(one: &Subject, named: Option<&str>, whole: Option<&str>) -> bool {
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

/// Returns the day since which the finding stands about the day that names a slot as one that was
/// missed: later than the slot was, where that is no more than a flag.
fn shown_since(
    at: &At<'_>,
    catalogue: &Catalogue,
    (rule, subject): (&str, Option<&str>),
) -> Option<Day> {
    let rule = catalogue.rule(rule)?;
    let asked = kept::inquiries(catalogue);
    let mut asked = asked.iter().filter(|one| one.tells(&rule.id));
    let asked = asked.find(|one| one.may_lose_subjects())?;
    let mut answering = Answering::new(catalogue, Some(&rule.id));
    for one in asked.subjects(at) {
        answering.add(at, asked, &one);
    }
    let said = answering.finish(at.day).remove(asked.id())?;
    let shown = stands_since(&said, rule, at.day)?;
    let is_meant = |one: &Subject| is_called(one, subject, None);
    let mut failing = said.first.iter().filter(|one| failing(one.2.says));
    let names = failing.any(|(one, since, _)| is_meant(one) && *since <= shown);
    names.then_some(shown)
}

/// The dispositions that count about the day by the rule and subject that they name, each with its
/// place among all.
type Naming<'a> = HashMap<(&'a str, Option<&'a str>), Vec<(usize, &'a Version)>>;

/// What is worked out of dispositions once for all findings of a status.
#[derive(Debug, Default)]
pub(crate) struct Disposed<'a> {
    naming: OnceCell<Naming<'a>>,
    pub stood: OnceCell<Stood<'a>>,
}

impl<'a> Base<'a> {
    /// A disposition names rule, subject and the finding's since: a later breach is new. Another
    /// breach is also, though the rule failed all along, one whose case its data list as such (no
    /// policy at all, where the one in force only lacked a paragraph): what was said before that
    /// began was said of the one before, and does not stand beside it, nor once the first is back. A
    /// new version, of its day, does. Other parts that are missing, other counts and other wordings
    /// are the same breach. One that was recorded late is new however early it is dated: what was said
    /// before answers what was known when it was said. Of the organisation as a whole it may leave the subject out; and of a
    /// slot, which was once a finding of the organisation as a whole. Of a slot that became a flag the
    /// finding stands since a later day than the slot was missed: either is its since.
    pub fn disposition(
        &self,
        (rule, said): (&Rule, &RuleAt),
        subject: &Subject,
        failed: (Day, &Outcome),
    ) -> Option<Disposition> {
        let found = self.said_of((rule, said), subject, failed).into_iter();
        let mut found =
            found.filter(|version| self.was_there((rule, subject), failed, &version.put));
        let found = found.next()?;
        let by = found.put.facts.by;
        let because = self.q.names.whole(found.cite());
        let says = found.body().get("says").and_then(Value::as_str);
        let place = self.q.names.told_with(found.cite());
        Some(Disposition {
            says: says.unwrap_or_default().to_owned(),
            elsewhere: place.filter(|_| says == Some("elsewhere")).cloned(),
            record: found.put.id,
            because: because.map_or_else(|| found.put.id.to_string(), String::clone),
            by: by.map_or_else(
                || LOCAL_OPERATOR.to_owned(),
                |person| self.in_sentence(person),
            ),
            on: found.put.facts.effective_on,
            recorded_on: found.put.recorded_on,
            recorded_at: found.put.recorded_at,
        })
    }

    fn naming(&self) -> &Naming<'a> {
        self.disposed.naming.get_or_init(|| {
            let mut naming = Naming::new();
            let records = self.q.records.of_kind("disposition");
            let counting = records.filter_map(|record| self.at.counting(record));
            let counting = counting.filter(|version| self.is_answered(version));
            for (place, version) in counting.enumerate() {
                let text = |field: &str| version.body().get(field).and_then(Value::as_str);
                if let Some(rule) = text("rule") {
                    let named = naming.entry((rule, text("subject"))).or_default();
                    named.push((place, version));
                }
            }
            naming
        })
    }

    /// Returns whether a disposition still answers anything: one that says a nonconformity was opened
    /// does not once that is withdrawn.
    fn is_answered(&self, disposition: &Version) -> bool {
        let body = disposition.body();
        let says = body.get("says").and_then(Value::as_str);
        let opened = id(body, "/nonconformity/id").filter(|_| says == Some("nonconformity"));
        let opened = opened.and_then(|opened| self.q.records.get(opened));
        opened.is_none_or(|opened| opened.standing().next().is_some())
    }

    /// Returns the dispositions that name a rule that fails, its subject and a since of it, said of the
    /// breach there is: whether that was there when they were is asked apart.
    pub(crate) fn said_of(
        &self,
        (rule, said): (&Rule, &RuleAt),
        subject: &Subject,
        (since, outcome): (Day, &Outcome),
    ) -> Vec<&'a Version> {
        let is_slot = matches!(subject, Subject::Slot(..));
        let whole = self.id_of(&Subject::Whole).filter(|_| is_slot);
        let named = [self.id_of(subject), whole].into_iter().flatten();
        let unnamed = is_slot || *subject == Subject::Whole;
        let named: BTreeSet<Option<String>> =
            named.map(Some).chain(unnamed.then_some(None)).collect();
        let naming = self.naming();
        let about_it = named
            .iter()
            .filter_map(|of| naming.get(&(rule.id.as_str(), of.as_deref())));
        let mut found: Vec<(usize, &Version)> = about_it.flatten().copied().collect();
        found.retain(|(_, version)| {
            let on = version.put.facts.effective_on;
            let named = day(version.body(), "/since");
            let shown = || stands_since(said, rule, on).filter(|shown| since <= *shown);
            (named == Some(since) || named.is_some() && named == shown())
                && outcome.began().is_none_or(|began| began <= on)
        });
        found.sort_by_key(|(place, _)| *place);
        found.into_iter().map(|(_, version)| version).collect()
    }
}
