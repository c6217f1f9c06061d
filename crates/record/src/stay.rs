//! How long somebody is here: not before their first day, nor after their last until they came back.

use uuid::Uuid;

use crate::fields::Day;
use crate::records::{Record, Records, Version};
use crate::spec::{Registry, Stay};

/// Returns whether a person is here on a day, as their kind says how long.
pub(crate) fn is_here(records: &Records, registry: &Registry, person: Uuid, on: Day) -> bool {
    let kind = records.get(person).and_then(|one| registry.get(&one.kind));
    records.is_here(person, kind.and_then(|kind| kind.stay), on)
}

fn from(version: &Version) -> Day {
    version.put.facts.effective_on
}

impl Record {
    /// Returns the standing versions newer than one.
    fn later(&self, version: &Version) -> impl Iterator<Item = &Version> {
        let number = version.number();
        self.standing().filter(move |later| later.number() > number)
    }

    /// Returns the last day of somebody who is away, of a day of which it is asked whether others
    /// have come: a version says in a field that they have left, and no later one has taken its
    /// place by the day. Whoever comes back is there from the day of the version that says no more
    /// of leaving, and was away before it.
    pub fn left(&self, field: &str, reached: impl Fn(Day) -> bool) -> Option<Day> {
        let is_replaced = |version: &Version| {
            let mut later = self.later(version);
            later.any(|later| from(later) <= from(version) || reached(from(later)))
        };
        let gone = self.standing().filter_map(|version| {
            let last = version.put.day(field).filter(|last| reached(last.next()))?;
            (!is_replaced(version)).then_some(last)
        });
        gone.min()
    }

    /// Returns the first day of somebody who has not come, of a day of which it is asked whether
    /// others have: the earliest that a version states which never lost its own day to a later
    /// one. Whoever comes again on a later day was here before.
    pub fn joins(&self, field: &str, reached: impl Fn(Day) -> bool) -> Option<Day> {
        let is_put_right = |version: &Version| {
            let mut later = self.later(version);
            later.any(|later| from(later) <= from(version))
        };
        let stating = self.standing().filter(|version| !is_put_right(version));
        let first = stating.filter_map(|version| version.put.day(field)).min();
        first.filter(|first| !reached(*first))
    }
}

impl Records {
    /// Returns whether somebody was there on a day: not one whose record was withdrawn, nor one
    /// who had not come yet or had left.
    pub fn is_here(&self, person: Uuid, stay: Option<Stay>, on: Day) -> bool {
        self.is_here_when(person, stay, |day| day <= on)
    }

    /// Returns the same of a day of which it is asked whether others have come.
    pub fn is_here_when(
        &self,
        person: Uuid,
        stay: Option<Stay>,
        reached: impl Fn(Day) -> bool,
    ) -> bool {
        let Some(record) = self.get(person) else {
            return true;
        };
        let is_away = stay.is_some_and(|stay| {
            record.joins(stay.first, &reached).is_some()
                || record.left(stay.last, &reached).is_some()
        });
        record.standing().next().is_some() && !is_away
    }
}
