//! The records as a rule reads them: about one day, as known from these entries.

use std::cell::Cell;
use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use record::approve::Terms;
use record::records::Approved;
use record::{Cite, Day, Record, Records, Stay, Version, slots};
use serde_json::Value;
use uuid::Uuid;

use crate::kept;
use crate::rules::approved_unattended;
use crate::rules::attestation::Attesting;
use crate::rules::lowered::Lowered;
use crate::rules::reviewed::{Met, Planned, Reviewed};
use crate::rules::since_scope::Belonging;
use crate::rules::slots::Along;
use crate::rules::stage::Later;
use crate::rules::system::SoAsked;

/// One day, the records, and a note of the next day on which an answer can change.
#[derive(Debug)]
pub struct At<'a> {
    /// The records known.
    pub records: &'a Records,
    /// The day asked about.
    pub day: Day,
    /// The first day that timelines run from: that of the AI management system, unless it is set later.
    pub start: Day,
    /// The first day of the AI management system.
    pub aims_start: Day,
    /// The last day that timelines run to.
    pub horizon: Day,
    pub(crate) once: Arc<Once<'a>>,
    next: Cell<Option<Day>>,
}

/// What the records say whatever the day asked about: worked out once for all days of a reading,
/// when it is first asked for.
#[derive(Debug, Default)]
pub(crate) struct Once<'a> {
    /// The stretches of days for which declarations were approved.
    declarations: OnceLock<Vec<Approved<'a>>>,
    /// The days on which a declaration begins or ceases to count.
    declaration_changes: OnceLock<Vec<Day>>,
    pub reviews: OnceLock<Vec<Reviewed<'a>>>,
    pub series: OnceLock<Vec<Vec<Planned>>>,
    pub met: OnceLock<Vec<Met>>,
    pub slots: OnceLock<Along>,
    pub without_review: OnceLock<Along>,
    pub stages: OnceLock<Vec<Later>>,
    pub attesting: OnceLock<HashMap<&'a str, Attesting<'a>>>,
    pub belonging: OnceLock<Belonging<'a>>,
    /// Of each system asked about, the versions at which it changes.
    changes: EachOnce<Uuid, &'a Version>,
    /// Of each system asked about, what is so of it along time, from a day on.
    pub so_along: EachOnce<SoAsked, (Day, bool)>,
    /// Of each system asked about, and the day on which it was last assessed, the versions that no longer
    /// said that it is of high impact when that was overdue.
    pub lowered: EachOnce<(Uuid, Day), Lowered<'a>>,
}

/// What is worked out once of each of very many things, when it is first asked for.
#[derive(Debug)]
pub(crate) struct EachOnce<K, V>(Mutex<HashMap<K, Arc<[V]>>>);

impl<K, V> Default for EachOnce<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V> EachOnce<K, V> {
    /// Returns it, worked out where nobody has asked before. What that asks for itself is another.
    pub fn get_or(&self, key: K, work_out: impl FnOnce() -> Arc<[V]>) -> Arc<[V]> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.entry(key).or_insert_with(work_out).clone()
    }
}

/// Something the organisation declared, and how long it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Declared {
    /// Months or days.
    pub n: i64,
    /// Whether the organisation declared it; otherwise it is the customary default.
    pub own: bool,
    /// The declaration that states it; none where it is customary.
    pub by: Option<Cite>,
    /// The day on which it was declared without a record of who was there.
    pub unattended: Option<Day>,
}

impl<'a> At<'a> {
    /// Returns a reading of the records about a day.
    pub fn new(records: &'a Records, start: Day, day: Day, horizon: Day) -> Self {
        Self {
            records,
            day,
            start,
            aims_start: start,
            horizon,
            once: Arc::default(),
            next: Cell::new(None),
        }
    }

    /// Returns the same reading about another day.
    #[must_use]
    pub fn on(&self, day: Day) -> Self {
        Self {
            day,
            once: self.once.clone(),
            next: Cell::new(None),
            ..*self
        }
    }

    /// Returns whether a day has come. Invariant: rules compare days with the day asked about
    /// only here, so that whatever they answer stays the same until the next day noted.
    pub fn reached(&self, day: Day) -> bool {
        if day <= self.day {
            return true;
        }
        if self.next.get().is_none_or(|next| day < next) {
            self.next.set(Some(day));
        }
        false
    }

    /// Returns the next day on which the answer can change.
    pub fn next(&self) -> Option<Day> {
        self.next.get()
    }

    /// Returns the version of an approved record that is in force.
    pub fn in_force(&self, record: &'a Record) -> Option<&'a Version> {
        record.in_force_when(|day| self.reached(day))
    }

    /// Returns the stretch for which a version was approved that took effect last so far: of one in
    /// force the approval by which it is, whatever approved it before.
    pub fn approved<'v>(&self, version: &'v Version) -> Option<Approved<'v>> {
        version.last_approved(|day| self.reached(day))
    }

    /// Returns the approval since which a version has been in force without a break: approved again
    /// while it was, it goes on, and nothing new has begun.
    pub fn unbroken<'v>(&self, version: &'v Version) -> Option<Approved<'v>>
    where
        'a: 'v,
    {
        let record = self.records.get(version.put.id)?;
        let mut first = self.approved(version)?;
        loop {
            let before = first.from.plus_days(-1);
            match record.approved_when(|day| day <= before) {
                Some(one) if one.version.number() == version.number() => first = one,
                _ => return Some(first),
            }
        }
    }

    /// Returns the version of a record that counts, for a kind that counts once recorded.
    pub fn counting(&self, record: &'a Record) -> Option<&'a Version> {
        record
            .standing()
            .rev()
            .find(|version| self.reached(version.put.facts.effective_on))
    }

    /// Returns the version that counts of what was done on a day that its body names: the version
    /// that first tells of a day counts from that day, however late it tells, and a later one from
    /// its own.
    pub fn done(&self, record: &'a Record, pointer: &str) -> Option<&'a Version> {
        let done = |version: &Version| day(version.body(), pointer);
        let tells_first = |version: &Version| {
            let mut earlier = record
                .standing()
                .take_while(|one| one.number() < version.number());
            !earlier.any(|one| done(one) == done(version))
        };
        record.standing().rev().find(|version| {
            let done = done(version).filter(|_| tells_first(version));
            let from = version.put.facts.effective_on;
            self.reached(done.map_or(from, |done| done.min(from)))
        })
    }

    /// Returns the standing versions of a system, in order, but those that say the same to every rule
    /// as the one before and take effect no earlier: on no day does such a one make a difference. A
    /// system may be put again very many times and change little.
    pub fn changes(&self, record: &'a Record) -> Arc<[&'a Version]> {
        self.once
            .changes
            .get_or(record.id, || kept::changes(record))
    }

    /// Returns the version a citation or an id stands for today, whatever its kind.
    pub fn current(&self, record: &'a Record) -> Option<&'a Version> {
        if record
            .versions
            .iter()
            .any(|version| version.approval().is_some())
        {
            self.in_force(record)
        } else {
            self.counting(record)
        }
    }

    /// Returns versions in force of a kind, the latest to take effect last.
    pub fn all_in_force(&self, kind: &str) -> Vec<&'a Version> {
        let mut versions: Vec<&Version> = self
            .records
            .of_kind(kind)
            .filter_map(|record| self.in_force(record))
            .collect();
        let from = |version: &Version| self.approved(version).map(|one| one.from);
        versions.sort_by_key(|version| (from(version), version.put.seq));
        versions
    }

    /// Returns the same without those that hand over to another on the day: the last day of the one is
    /// the first of the other. Both count on it, and there is one after the other, not one too many.
    pub fn together_in_force(&self, kind: &str) -> Vec<&'a Version> {
        let all = self.all_in_force(kind);
        let last = |one: &Version| self.approved(one).and_then(|one| one.last);
        let first = |one: &Version| self.unbroken(one).map(|one| one.from);
        let hands_over = |one: &Version| {
            let mut others = all.iter().filter(|other| other.put.id != one.put.id);
            let last = last(one).filter(|last| first(one) != Some(*last));
            last.is_some_and(|last| others.any(|other| first(other) == Some(last)))
        };
        let mut together = all.clone();
        together.retain(|one| !hands_over(one));
        together
    }

    /// Returns the one version in force of a kind: the latest to take effect.
    pub fn latest_in_force(&self, kind: &str) -> Option<&'a Version> {
        self.all_in_force(kind).pop()
    }

    /// Returns the declaration that states a fact, by JSON pointer, as it was approved: the latest
    /// that counts and was not rescinded.
    pub fn declaration(&self, pointer: &str) -> Option<Approved<'a>> {
        let declared = self.declarations().iter().copied();
        slots::stating(declared, pointer, |day| self.reached(day))
    }

    /// Returns the stretches of days for which declarations were approved.
    fn declarations(&self) -> &[Approved<'a>] {
        self.once.declarations.get_or_init(|| {
            let standing = self
                .records
                .of_kind("declaration")
                .flat_map(Record::standing);
            slots::counting(self.records, standing).collect()
        })
    }

    /// Returns the days on which a declaration begins or ceases to count, in order, each once.
    pub(crate) fn declaration_changes(&self) -> &[Day] {
        self.once.declaration_changes.get_or_init(|| {
            let declared = self.declarations().iter();
            let days = declared.flat_map(|one| [Some(one.from), one.last.map(|last| last.next())]);
            let days: BTreeSet<Day> = days.flatten().collect();
            days.into_iter().collect()
        })
    }

    /// Returns the last day on which some declaration stated a fact, of those that no longer do.
    pub fn declared_until(&self, pointer: &str) -> Option<Day> {
        let declarations = self.declarations().iter();
        declarations
            .filter(|one| record::at(one.version.body(), pointer).is_some())
            .filter_map(|one| Some((one.from, one.last?)))
            .filter(|(from, last)| from <= last && self.reached(last.next()))
            .map(|(_, last)| last)
            .max()
    }

    /// Returns a fact that declarations state, by JSON pointer.
    pub fn declared_fact(&self, pointer: &str) -> Option<&'a Value> {
        record::at(self.declaration(pointer)?.version.body(), pointer)
    }

    /// Returns a declared length, or the customary one.
    pub fn declared(&self, pointer: &str, default: Option<u32>) -> Option<Declared> {
        let declaration = self.declaration(pointer);
        let stated = declaration.and_then(|one| {
            let n = record::at(one.version.body(), pointer)?.as_i64()?;
            Some(Declared {
                n,
                own: true,
                by: Some(one.version.cite()),
                unattended: approved_unattended(&one),
            })
        });
        stated.or(default.map(|n| Declared {
            n: i64::from(n),
            own: false,
            by: None,
            unattended: None,
        }))
    }

    /// Returns for how many days after it was done something is recorded in time.
    pub fn tolerance(&self) -> i64 {
        let declared = self.declarations().iter().copied();
        slots::recording_days(declared, |day| self.reached(day))
    }

    /// Returns whether a body is, or is part of, top management, as its terms of some time of a day
    /// say.
    pub fn is_top(&self, body: Uuid, on: Day) -> bool {
        self.terms_on_top(body, on).next().is_some()
    }

    /// Returns the stretches of a body's terms, of those in force at some time of a day, by which it
    /// is, or is part of, top management: one that nobody set up, or that was dissolved, is no part
    /// of it.
    pub fn terms_on_top(&self, body: Uuid, on: Day) -> impl Iterator<Item = Approved<'a>> {
        let records = self.records;
        let terms = records.get(body).into_iter();
        let terms = terms.flat_map(move |record| record.approved_on(on));
        terms.filter(|one| {
            let top = one.version.body().get("top_management");
            matches!(top.and_then(Value::as_str), Some("is" | "part"))
        })
    }

    /// Returns the bodies of top management on which a person sat at some time of a day.
    pub fn seats_on_top(&self, person: Uuid, on: Day) -> impl Iterator<Item = Uuid> {
        let sits = move |one: Approved<'_>| {
            let mut seats = Terms::of(one.version.body()).seats.into_iter();
            seats.any(|seat| seat.person == person && seat.is_filled(on))
        };
        let bodies = self.records.of_kind("body").map(|body| body.id);
        bodies.filter(move |body| self.terms_on_top(*body, on).any(sits))
    }
}

/// Where the facts of a person say from when to when they are here.
pub const STAY: Stay = Stay {
    first: "/joined_on",
    last: "/left_on",
};

/// Returns a day in a body by JSON pointer.
pub fn day(body: &Value, pointer: &str) -> Option<Day> {
    record::at(body, pointer)?.as_str()?.parse().ok()
}

/// Returns an id in a body by JSON pointer.
pub fn id(body: &Value, pointer: &str) -> Option<Uuid> {
    id_of(record::at(body, pointer)?)
}

/// Returns an id as it is written.
pub fn id_of(value: &Value) -> Option<Uuid> {
    value.as_str()?.parse().ok()
}

/// Returns a list in a body by JSON pointer; empty when absent.
pub fn list<'a>(body: &'a Value, pointer: &str) -> &'a [Value] {
    record::at(body, pointer)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// Returns whether something was stated at a JSON pointer.
pub fn stated(body: &Value, pointer: &str) -> bool {
    match record::at(body, pointer) {
        None | Some(Value::Null) => false,
        Some(Value::Array(values)) => !values.is_empty(),
        Some(_) => true,
    }
}
