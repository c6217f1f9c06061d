//! Slots: a declared series of periods, each of which an act must be held in.
//!
//! A slot is named by its declaration and its first day. It may be moved once, before its
//! last day; the new days are the slot from then on.

use std::collections::BTreeSet;

use serde_json::Value;
use uuid::Uuid;

use crate::attendance;
use crate::event::Event;
use crate::fields::{Cite, Day};
use crate::records::{Approved, Record, Records, Version};
use crate::stretches::between;

/// One slot of a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Its first day, as declared: its name.
    pub first_day: Day,
    /// Its last day, as declared.
    pub last_day: Day,
    /// The day on which it was declared as it is: its first, or the later one from which its
    /// series counts.
    pub declared_on: Day,
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
/// `through`, in order. Each slot is as the version that counts on its first day declares: of a
/// changed series from that series' own first day on, until which the slots go on as before.
/// Slots that had ended before anything was declared, or that begin after it was rescinded, are
/// none.
pub fn of(records: &Records, declaration: &Record, through: Day) -> Vec<Slot> {
    let mut slots: Vec<Slot> = Vec::new();
    let mut counting: Vec<Approved<'_>> = counting(records, declaration.standing()).collect();
    counting.sort_by_key(|one| (one.since, one.event.seq, one.from));
    let series: Vec<Series> = counting.iter().filter_map(Series::of).collect();
    let Some((began, mut first)) = series.first().map(|one| (one.from, one.first_day)) else {
        return slots;
    };
    let mut counted: Option<Counted> = None;
    while first <= through && slots.len() < SLOTS_MAX {
        let Some(one) = declaring(&series, first) else {
            let resuming = series.iter().filter_map(|one| one.resumes(first));
            match resuming.min_by_key(Counted::first) {
                Some(next) => first = counted.insert(next).first(),
                None => break,
            }
            continue;
        };
        let here = counted.filter(|here| here.months == one.months && one.first_day != first);
        let here = here.unwrap_or_else(|| Counted::from(first, one.months));
        let next = here.next();
        counted = Some(next);
        let last = next.first().plus_days(-1);
        if last >= began {
            slots.push(Slot {
                first_day: first,
                last_day: last,
                declared_on: first.max(began),
                moved_to: moved(declaration, first),
            });
        }
        first = last.next();
    }
    slots
}

/// A slot by its place in a row of slots of one length: so many months after the first of them. Counted
/// from there, and not from the slot before, those that begin on a month's last day go on doing so.
#[derive(Debug, Clone, Copy)]
struct Counted {
    from: Day,
    months: i64,
    n: i64,
}

impl Counted {
    fn from(from: Day, months: i64) -> Self {
        Self { from, months, n: 0 }
    }

    fn first(&self) -> Day {
        self.from.plus_months(self.months.saturating_mul(self.n))
    }

    fn next(self) -> Self {
        Self {
            n: self.n + 1,
            ..self
        }
    }
}

/// A series of slots as a version of a declaration states it.
struct Series {
    /// The day from which it counts.
    from: Day,
    /// The last day on which it counts, once it was rescinded.
    until: Option<Day>,
    first_day: Day,
    months: i64,
}

impl Series {
    fn of(one: &Approved<'_>) -> Option<Self> {
        let series = crate::at(one.version.body(), "/series/management_review")?;
        Some(Self {
            from: one.from,
            until: one.last,
            first_day: series.get("first_day")?.as_str()?.parse().ok()?,
            months: series.get("months")?.as_i64()?.max(1),
        })
    }

    fn counts(&self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }

    /// Returns its first slot that begins while it counts, after a day on which no series did.
    fn resumes(&self, after: Day) -> Option<Counted> {
        let mut slot = Counted::from(self.first_day, self.months);
        while slot.first() < self.from.max(after) {
            slot = slot.next();
        }
        self.counts(slot.first()).then_some(slot)
    }
}

/// Returns the series that a slot which begins on a day is of: the latest that counts then and
/// has begun itself. Of the slots before anything was declared, the first.
fn declaring(series: &[Series], first: Day) -> Option<&Series> {
    if series.iter().all(|one| first < one.from) {
        return series.first();
    }
    let mut latest = series.iter().rev();
    latest.find(|one| one.counts(first) && one.first_day <= first)
}

/// Most slots of a series that are ever listed: a century of months.
const SLOTS_MAX: usize = 1_200;

/// Returns the slot that has this first day.
pub fn named(records: &Records, declaration: &Record, first_day: Day) -> Option<Slot> {
    of(records, declaration, first_day)
        .into_iter()
        .find(|slot| slot.first_day == first_day)
}

/// Returns the day from which a version of a declaration counts: the day its approval was
/// recorded, or its later effective date. Only the first that was approved at all, brought in
/// within 30 days of the ledger's start, counts from its own date: nothing declared later
/// ever reaches back.
fn from(records: &Records, one: &Approved<'_>) -> Option<Day> {
    let (version, event) = (one.version, one.event);
    let start = records.ledger_start()?;
    let first = version.number() == 1
        && version.put.facts.brought_in.is_some()
        && event.recorded_on <= start.plus_days(FIRST_DECLARATION_DAYS)
        && records
            .of_kind(&version.put.kind)
            .flat_map(Record::standing)
            .filter_map(Version::approval_or_last)
            .all(|(_, other)| event.seq <= other.seq);
    Some(if first {
        one.from
    } else {
        one.from.max(event.recorded_on)
    })
}

/// Returns the stretches of days for which versions of declarations were approved, each from the
/// day on which it counts. None ends before the day on which its end was recorded, nor before its
/// meeting was recorded otherwise: what was missed under it stays missed.
pub fn counting<'a>(
    records: &Records,
    versions: impl Iterator<Item = &'a Version>,
) -> impl Iterator<Item = Approved<'a>> {
    versions.flat_map(move |version| {
        let approvals = version.acts.iter().filter(|(act, _)| act.name == "approve");
        approvals.flat_map(move |approval| {
            let one = version.approved_by(approval);
            let counted = version.counted_on(one.act);
            let since = counted.first().and_then(|_| from(records, &one));
            let left = since.map(|since| {
                let recorded = |last: Day, end: &Event| last.max(end.recorded_on);
                let mut without = version.ended_on(approval, recorded);
                without.extend(between(&counted));
                let from = since;
                Approved { since, from, ..one }.without(without)
            });
            left.unwrap_or_default()
        })
    })
}

/// Returns the version of a declaration that counts on a day: the last to count by then, unless
/// it has ended.
pub fn declared_by<'a>(
    records: &Records,
    declaration: &'a Record,
    day: Day,
) -> Option<&'a Version> {
    // What lost its meeting takes no place from what was declared before any more.
    let lost = |one: &Approved<'_>| !one.act.counts && one.last.is_some_and(|last| last < day);
    counting(records, declaration.standing())
        .filter(|one| one.from <= day && !lost(one))
        .max_by_key(|one| (one.since, one.event.seq, one.from))
        .filter(|one| one.last.is_none_or(|last| day <= last))
        .map(|one| one.version)
}

/// Returns the one that states a fact, by JSON pointer, of the stretches of days for which
/// declarations were approved: the latest that counts and was not rescinded. Of the day meant it is
/// asked whether others have come.
pub fn stating<'a>(
    declared: impl IntoIterator<Item = Approved<'a>>,
    pointer: &str,
    reached: impl Fn(Day) -> bool,
) -> Option<Approved<'a>> {
    declared
        .into_iter()
        .filter(|one| crate::at(one.version.body(), pointer).is_some())
        .filter(|one| reached(one.from))
        .filter(|one| !one.last.is_some_and(|last| reached(last.next())))
        .max_by_key(|one| (one.since, one.event.seq, one.from))
}

/// Returns for how many days after it was done something is recorded in time: as declared, or as is
/// the custom.
pub fn recording_days<'a>(
    declared: impl IntoIterator<Item = Approved<'a>>,
    reached: impl Fn(Day) -> bool,
) -> i64 {
    stating(declared, RECORDING_DAYS, reached)
        .and_then(|one| crate::at(one.version.body(), RECORDING_DAYS)?.as_i64())
        .unwrap_or(DAYS_BY_CUSTOM)
}

/// Where a tolerance for recording is declared.
const RECORDING_DAYS: &str = "/tolerances/recording_days";

/// Days in which something is recorded in time, where nobody declared another number.
const DAYS_BY_CUSTOM: i64 = 30;

/// Days after the ledger's start in which a first declaration may still be brought in.
const FIRST_DECLARATION_DAYS: i64 = 30;

fn moved(declaration: &Record, first_day: Day) -> Option<Moved> {
    let day = |value: Option<&Value>| -> Option<Day> { value?.as_str()?.parse().ok() };
    declaration
        .standing()
        .flat_map(|version| {
            version
                .acts
                .iter()
                .map(move |(act, event)| (version, act, event))
        })
        .filter(|(_, act, _)| act.name == "move_slot")
        .find_map(|(version, act, event)| {
            let carried = if act.carries.is_null() {
                &event.facts.body
            } else {
                &act.carries
            };
            if day(carried.get("first_day")) != Some(first_day) {
                return None;
            }
            let moved = Moved {
                first_day: day(carried.get("to_first_day"))?,
                last_day: day(carried.get("to_last_day"))?,
                decided_on: act.decided_on,
            };
            // Once its days are over it stays where it was moved, whatever is recorded since.
            let counted = version.counted_on(act).into_iter();
            let mut stays =
                counted.filter(|one| one.last.is_none_or(|last| moved.last_day <= last));
            stays.next().map(|_| moved)
        })
}

/// Returns the day the last part of a review sat, from the facts of its body. Each meeting is as
/// its newest standing version tells, whichever was cited: a day may have been corrected since, a
/// sitting added, or the meeting cancelled.
pub fn last_sitting(review: &Value, records: &Records) -> Option<Day> {
    let meetings = parts(review).filter_map(|(meeting, _)| records.get(meeting));
    let newest = meetings.filter_map(|record| record.standing().next_back());
    newest.flat_map(|meeting| taken(review, meeting)).max()
}

/// Returns the days on which what a review is of a meeting was taken: of items that all say at
/// which sitting they were, the days of those sittings; otherwise every day on which it sat.
pub fn taken(review: &Value, meeting: &Version) -> Vec<Day> {
    let all = sittings(meeting.body());
    let Some(numbers) = sittings_named(review, meeting) else {
        return all;
    };
    let sat = (1..).zip(all);
    sat.filter(|(number, _)| numbers.contains(number))
        .map(|(_, on)| on)
        .collect()
}

/// Returns whether what a review is of a meeting may go on: the meeting was adjourned and is to sit
/// again, and the review is not of items alone that all say at which sitting they were taken.
pub fn goes_on(review: &Value, meeting: &Version) -> bool {
    let state = meeting.body().get("state").and_then(Value::as_str);
    state == Some("adjourned") && sittings_named(review, meeting).is_none()
}

/// Returns the sittings, counted from 1, at which the items that a review names of a meeting were
/// taken. None where it is of the whole meeting, or one of them does not say.
fn sittings_named(review: &Value, meeting: &Version) -> Option<BTreeSet<u64>> {
    let named = items_named(review, meeting.put.id)?;
    let mut items = named.into_iter();
    let at = |item| attendance::sitting_of(meeting.body(), item);
    items.try_fold(BTreeSet::new(), |mut found, item| {
        found.insert(at(item)?);
        Some(found)
    })
}

/// Returns the items of a meeting that a review names, by their numbers, in order and each once.
/// None where it is of the whole meeting.
pub fn items_named(review: &Value, meeting: Uuid) -> Option<Vec<&str>> {
    let mut found = Vec::new();
    for (_, items) in parts(review).filter(|(id, _)| *id == meeting) {
        if items.is_empty() {
            return None;
        }
        for item in items.iter().filter_map(Value::as_str) {
            if !found.contains(&item) {
                found.push(item);
            }
        }
    }
    Some(found)
}

/// Returns the parts of a review, in their order: of each the meeting, and the numbers of the items
/// of it; none where the review is of the whole meeting.
pub fn parts(review: &Value) -> impl Iterator<Item = (Uuid, &[Value])> {
    let parts = review.get("parts").and_then(Value::as_array);
    parts.into_iter().flatten().filter_map(|part| {
        let cite: Cite = serde_json::from_value(part.get("meeting")?.clone()).ok()?;
        let items = part.get("items").and_then(Value::as_array);
        Some((cite.id, items.map_or(&[][..], Vec::as_slice)))
    })
}

/// Returns the sittings of a meeting on a day, counted from 1, from the facts of its body.
pub fn sat_on(meeting: &Value, day: Day) -> Vec<u64> {
    let sittings = meeting.get("sittings").and_then(Value::as_array);
    let numbered = (1..).zip(sittings.into_iter().flatten());
    let on = |sitting: &Value| -> Option<Day> { sitting.get("on")?.as_str()?.parse().ok() };
    let sat = numbered.filter(|(_, sitting)| on(sitting) == Some(day));
    sat.map(|(number, _)| number).collect()
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
