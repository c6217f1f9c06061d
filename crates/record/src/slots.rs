//! Slots: a declared series of periods, each of which an act must be held in.
//!
//! A slot is named by its declaration and its first day. It may be moved once, before its
//! last day; the new days are the slot from then on.

use serde_json::Value;

use crate::fields::{Cite, Day};
use crate::records::{Record, Records, Version};

/// One slot of a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Its first day, as declared: its name.
    pub first_day: Day,
    /// Its last day, as declared.
    pub last_day: Day,
    /// The days it was moved to, and the day that was decided.
    pub moved_to: Option<Moved>,
}

/// Where a slot was moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// New first day.
    pub first_day: Day,
    /// New last day.
    pub last_day: Day,
    /// The day it was decided.
    pub decided_on: Day,
}

impl Slot {
    /// Returns the days that count: those it was moved to, or its own.
    pub fn days(&self) -> (Day, Day) {
        self.moved_to
            .map_or((self.first_day, self.last_day), |moved| {
                (moved.first_day, moved.last_day)
            })
    }

    /// Returns whether a day lies in it.
    pub fn holds_day(&self, day: Day) -> bool {
        let (first, last) = self.days();
        first <= day && day <= last
    }
}

/// Returns the slots of a declaration's series of management reviews whose first day is by
/// `through`, in order. Each slot is as the version in force on its first day declares.
pub fn of(declaration: &Record, through: Day) -> Vec<Slot> {
    let mut slots: Vec<Slot> = Vec::new();
    let Some(mut first) = starts(declaration) else {
        return slots;
    };
    while first <= through && slots.len() < SLOTS_MAX {
        let Some(months) = declared(declaration, first) else {
            break;
        };
        let last = first.plus_months(months).plus_days(-1);
        slots.push(Slot {
            first_day: first,
            last_day: last,
            moved_to: moved(declaration, first),
        });
        first = last.next();
    }
    slots
}

/// Most slots of a series that are ever listed: a century of months.
const SLOTS_MAX: usize = 1_200;

/// Returns the slot that has this first day.
pub fn named(declaration: &Record, first_day: Day, through: Day) -> Option<Slot> {
    of(declaration, through)
        .into_iter()
        .find(|slot| slot.first_day == first_day)
}

fn series(version: &Version) -> Option<(Day, i64)> {
    let series = version.body().pointer("/series/management_review")?;
    let first = series.get("first_day")?.as_str()?.parse().ok()?;
    Some((first, series.get("months")?.as_i64()?))
}

/// Returns the day a version of a declaration starts to count: the day it was recorded or
/// its later effective date; a first declaration brought in within 30 days of the ledger's
/// start counts from its own date.
fn starts(declaration: &Record) -> Option<Day> {
    let version = declaration
        .standing()
        .find(|version| version.approval().is_some() && series(version).is_some())?;
    series(version).map(|(first, _)| first)
}

fn declared(declaration: &Record, on: Day) -> Option<i64> {
    let version = declaration.in_force(on).or_else(|| {
        declaration
            .standing()
            .find(|version| version.approval().is_some())
    })?;
    series(version).map(|(_, months)| months)
}

fn moved(declaration: &Record, first_day: Day) -> Option<Moved> {
    let day = |value: Option<&Value>| -> Option<Day> { value?.as_str()?.parse().ok() };
    declaration
        .standing()
        .flat_map(|version| version.counted("move_slot"))
        .find_map(|(act, event)| {
            let carried = if act.carries.is_null() {
                &event.facts.body
            } else {
                &act.carries
            };
            if day(carried.get("first_day")) != Some(first_day) {
                return None;
            }
            Some(Moved {
                first_day: day(carried.get("to_first_day"))?,
                last_day: day(carried.get("to_last_day"))?,
                decided_on: act.decided_on,
            })
        })
}

/// Returns the day the last part of a review sat, from the facts of its body.
pub fn last_sitting(review: &Value, records: &Records) -> Option<Day> {
    let parts = review.get("parts")?.as_array()?;
    parts
        .iter()
        .filter_map(|part| serde_json::from_value::<Cite>(part.get("meeting")?.clone()).ok())
        .filter_map(|cite| records.cited(cite))
        .flat_map(|meeting| sittings(meeting.body()))
        .max()
}

/// Returns the days a meeting sat, from the facts of its body.
pub fn sittings(meeting: &Value) -> Vec<Day> {
    let sittings = meeting
        .get("sittings")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    sittings
        .filter_map(|sitting| sitting.get("on")?.as_str()?.parse().ok())
        .collect()
}
