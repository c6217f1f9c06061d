//! Which disposition answers a finding already, so that no second does.

use catalogue::Catalogue;
use record::{Day, Version};
use serde_json::Value;
use uuid::Uuid;

use crate::at::{At, day};
use crate::disposed::{is_called, whole};
use crate::kept::{self, Stretch};
use crate::outcome::Says;

/// Returns the other disposition that answers the finding which one names, as that stands on the day
/// of it: a changed mind is a new version of the other, a wrong one is withdrawn. Where the rule fails
/// by another breach than on the day of the other, that is another finding, though its `since` is the
/// same.
pub fn answered_by(
    at: &At<'_>,
    catalogue: &Catalogue,
    (id, body): (Uuid, &Value),
    on: Day,
) -> Option<Uuid> {
    let whole = whole(at);
    let named = Named::of(body, whole.as_deref())?;
    let newest = at
        .records
        .of_kind("disposition")
        .filter(|record| record.id != id)
        .filter_map(|record| record.standing().next_back());
    let is_same = |other: &&Version| Named::of(other.body(), whole.as_deref()) == Some(named);
    let others: Vec<&Version> = newest.filter(is_same).collect();
    if others.is_empty() {
        return None;
    }
    let stretches = named.stretches(at, catalogue, whole.as_deref());
    let breach = |on: Day| {
        let rule = catalogue.rule(named.rule)?;
        let mut stretches = stretches.iter();
        let one =
            stretches.find(|one| one.from <= on && one.until.is_none_or(|until| on < until))?;
        Some((one.outcome.breach(rule), one.outcome.began()))
    };
    let now = breach(on);
    let mut others = others.into_iter();
    let answers = |other: &&Version| {
        let then = breach(other.put.facts.effective_on);
        now.is_none() || then.is_none() || now == then
    };
    others.find(answers).map(|other| other.put.id)
}

/// What a disposition names: the rule, since when it fails, and of what; nothing where that is the
/// organisation as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Named<'v> {
    rule: &'v str,
    since: Day,
    subject: Option<&'v str>,
}

impl<'v> Named<'v> {
    fn of(body: &'v Value, whole: Option<&str>) -> Option<Self> {
        let text = |field: &str| body.get(field).and_then(Value::as_str);
        let is_whole = |subject: &&str| {
            let id = whole.and_then(|id| id.parse::<Uuid>().ok());
            id.is_some() && subject.parse().ok() == id
        };
        Some(Self {
            rule: text("rule")?,
            since: day(body, "/since")?,
            subject: text("subject").filter(|subject| !is_whole(subject)),
        })
    }

    /// Returns the stretches of days on which the rule fails of the subject since that day.
    fn stretches(&self, at: &At<'_>, catalogue: &Catalogue, whole: Option<&str>) -> Vec<Stretch> {
        let asked = kept::inquiries(catalogue);
        let asked = asked.iter().filter(|one| one.tells(self.rule));
        let stretches = asked.flat_map(|one| {
            let subjects = one.subjects(at).into_iter();
            let meant = subjects.filter(|subject| is_called(subject, self.subject, whole));
            meant.flat_map(|subject| one.stretches(at, &subject))
        });
        let fails = |one: &Stretch| matches!(one.outcome.says, Says::Fails | Says::Remark);
        stretches
            .filter(|one| one.since == self.since && fails(one))
            .collect()
    }
}
