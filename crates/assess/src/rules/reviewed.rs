//! The reviews on record and the slots they claim, as far as no day asked about changes them:
//! worked out once for all days of a reading.

use std::sync::OnceLock;

use record::slots::{self, Slot};
use record::{Cite, Day, Record, Version};
use serde_json::Value;
use uuid::Uuid;

use super::attendance::{self, Part};
use crate::at::{At, day, id, list, stated};

/// How far ahead slots are listed.
pub const MONTHS_AHEAD: i64 = 36;

/// A review, in its newest standing version.
#[derive(Debug)]
pub struct Reviewed<'a> {
    /// The review.
    pub review: &'a Version,
    /// The meetings it is made of, each in its newest standing version.
    pub meetings: Vec<&'a Version>,
    /// The day of its last sitting; none while it goes on.
    pub sat: Option<Day>,
    /// The day on which a meeting of it was adjourned that is to sit again: until then it goes on.
    pub adjourned: Option<Day>,
    /// The day the record of it was whole: the review, its meetings and a version of their
    /// minutes.
    pub recorded: Option<Day>,
    /// Whether each of its meetings stands as held.
    pub stands: bool,
    /// The meetings it is of, as their bodies' terms count who was there.
    parts: OnceLock<Vec<Part>>,
}

/// A slot, with the review that claims it.
#[derive(Debug)]
pub struct Planned {
    /// The declaration.
    pub declaration: Uuid,
    /// The slot.
    pub slot: Slot,
    /// The place of the review among all.
    pub review: Option<usize>,
    /// For how many days after its last its record is awaited. As declared when the slot was: a
    /// longer tolerance later leaves a slot that is open already as it is.
    pub awaited_days: i64,
}

/// A day on which a body first met.
#[derive(Debug)]
pub struct Met {
    /// The body.
    pub body: Option<Uuid>,
    /// The meeting.
    pub meeting: Uuid,
    /// The day.
    pub on: Day,
}

/// Returns every review, in order of first recording.
pub fn all<'s, 'a>(at: &'s At<'a>) -> &'s [Reviewed<'a>] {
    at.once.reviews.get_or_init(|| {
        let reviews = at.records.of_kind("management_review");
        let newest = reviews.filter_map(|record| record.standing().next_back());
        newest.map(|review| reviewed(at, review)).collect()
    })
}

fn reviewed<'a>(at: &At<'a>, review: &'a Version) -> Reviewed<'a> {
    let parts = list(review.body(), "/parts");
    let meetings: Vec<&Version> = parts
        .iter()
        .filter_map(|part| serde_json::from_value::<Cite>(part.get("meeting")?.clone()).ok())
        .filter_map(|cite| at.records.get(cite.id))
        .filter_map(|record| record.standing().next_back())
        .collect();
    let record = at.records.get(review.put.id);
    // What it says now was on record since the first version of the same slot and meetings.
    let same = |one: &&Version| claimed(one) == claimed(review);
    let first = record.and_then(|record| record.standing().find(same));
    // A part whose meeting was withdrawn has no minutes.
    let minuted: Option<Vec<Day>> = if meetings.len() < parts.len() {
        None
    } else {
        let minutes = meetings.iter().map(|meeting| minutes_on(at, meeting));
        minutes.collect()
    };
    let recorded = minuted.zip(first).and_then(|(minuted, first)| {
        let days = minuted.into_iter().chain([first.put.recorded_on]);
        days.max()
    });
    let going_on = meetings
        .iter()
        .filter(|meeting| slots::goes_on(review.body(), meeting));
    let adjourned = going_on
        .flat_map(|meeting| slots::sittings(meeting.body()))
        .max();
    let last = slots::last_sitting(review.body(), at.records);
    Reviewed {
        review,
        sat: last.filter(|_| adjourned.is_none()),
        adjourned,
        stands: meetings.len() == parts.len()
            && meetings
                .iter()
                .all(|meeting| !slots::sittings(meeting.body()).is_empty()),
        recorded,
        meetings,
        parts: OnceLock::new(),
    }
}

/// Returns the slot that a version of a review claims, and the meetings it is of.
fn claimed(review: &Version) -> (Option<&Value>, Vec<Option<Uuid>>) {
    let parts = list(review.body(), "/parts").iter();
    let slot = record::at(review.body(), "/slot");
    (slot, parts.map(|part| id(part, "/meeting/id")).collect())
}

fn of<'s, 'a>(at: &'s At<'a>, review: &Version) -> Option<&'s Reviewed<'a>> {
    all(at)
        .iter()
        .find(|one| one.review.put.id == review.put.id)
}

/// A review that has been held, with the day of its last sitting.
pub fn held_on(at: &At<'_>, review: &Version) -> Option<Day> {
    of(at, review)?.sat.filter(|day| at.reached(*day))
}

/// Returns the meetings a review is made of, each in its newest standing version.
pub fn meetings<'s, 'a>(at: &'s At<'a>, review: &Version) -> &'s [&'a Version] {
    of(at, review).map_or(&[], |one| &one.meetings)
}

/// Returns the day the record of a review was whole: the review, its meetings and a version
/// of their minutes.
pub fn recorded_on(at: &At<'_>, review: &Version) -> Option<Day> {
    of(at, review)?.recorded
}

/// Returns the day the record of a review held in a slot was whole. Of a meeting whose day was
/// corrected into the slot that is no earlier than the correction; of one that was adjourned, no
/// earlier than the version that says it is over.
pub fn recorded_in(at: &At<'_>, one: &Reviewed<'_>, slot: &Slot) -> Option<Day> {
    let (first, last) = slot.days();
    let place = |meeting: &Version| {
        let taken = slots::taken(one.review.body(), meeting);
        let sat = taken.into_iter().max()?;
        let goes_on = slots::goes_on(one.review.body(), meeting);
        Some((sat < first, last < sat, goes_on))
    };
    let told = one.meetings.iter().filter_map(|meeting| {
        let mut versions = at.records.get(meeting.put.id)?.standing();
        let version = versions.find(|version| place(version) == place(meeting))?;
        Some(version.put.recorded_on)
    });
    Some(told.fold(one.recorded?, Day::max))
}

/// Returns the meetings a review is of, as their bodies' terms count who was there.
pub fn parts<'s>(at: &'s At<'_>, review: &Version) -> &'s [Part] {
    of(at, review).map_or(&[], |one| {
        one.parts.get_or_init(|| {
            let meetings = one.meetings.iter();
            meetings
                .filter_map(|meeting| attendance::part(at, one.review, meeting))
                .collect()
        })
    })
}

/// Returns the day a meeting's minutes were first recorded.
pub fn minutes_on(at: &At<'_>, meeting: &Version) -> Option<Day> {
    minutes(at, meeting).map(|version| version.put.recorded_on)
}

/// Returns the first version of a meeting that holds its minutes. One that is not held by its
/// newest version has none.
pub fn minutes<'a>(at: &At<'a>, meeting: &Version) -> Option<&'a Version> {
    let record = at.records.get(meeting.put.id)?;
    let newest = record.standing().next_back()?;
    if slots::sittings(newest.body()).is_empty() {
        return None;
    }
    record.standing().find(|version| is_minuted(version))
}

/// Returns whether a version of a meeting that met holds its minutes.
pub fn is_minuted(meeting: &Version) -> bool {
    let body = meeting.body();
    let mut items = list(body, "/items").iter();
    let says = items.any(|item| stated(item, "/text"));
    !slots::sittings(body).is_empty() && (says || stated(body, "/minutes"))
}

/// Returns another review held by the day that claims another slot and is of one of the same
/// meetings, and the day on which that meeting first sat.
pub fn shared(at: &At<'_>, review: &Version) -> Option<(Uuid, Day)> {
    let slot = |one: &Version| one.body().get("slot").cloned().filter(Value::is_object);
    let own = slot(review)?;
    let held = all(at)
        .iter()
        .filter(|other| other.sat.is_some_and(|sat| at.reached(sat)));
    let mut others = held.filter(|other| slot(other.review).is_some_and(|slot| slot != own));
    others.find_map(|other| {
        let mut meetings = meetings(at, review).iter();
        let met = meetings.find(|one| {
            let mut theirs = other.meetings.iter();
            theirs.any(|other| other.put.id == one.put.id)
        })?;
        let on = slots::sittings(met.body()).into_iter().min()?;
        Some((other.review.put.id, on))
    })
}

/// Returns the slots of each declaration, as far ahead as any day of the reading lists them.
pub fn series<'s>(at: &'s At<'_>) -> &'s [Vec<Planned>] {
    at.once.series.get_or_init(|| {
        let through = at.horizon.max(at.day).plus_months(MONTHS_AHEAD);
        let declarations = at.records.of_kind("declaration");
        let planned = declarations.map(|declaration| {
            let slots = slots::of(at.records, declaration, through);
            let planned = slots.into_iter().map(|slot| planned(at, declaration, slot));
            planned.collect()
        });
        planned.collect()
    })
}

fn planned(at: &At<'_>, declaration: &Record, slot: Slot) -> Planned {
    let mut reviews = all(at).iter();
    Planned {
        declaration: declaration.id,
        review: reviews.position(|one| claims(one.review, declaration, &slot)),
        awaited_days: at.on(slot.declared_on).tolerance(),
        slot,
    }
}

fn claims(review: &Version, declaration: &Record, slot: &Slot) -> bool {
    let body = review.body();
    id(body, "/slot/declaration") == Some(declaration.id)
        && day(body, "/slot/first_day") == Some(slot.first_day)
}

/// Returns the days on which bodies first met for a meeting that was held, or adjourned. One
/// without a quorum could have confirmed no minutes.
pub fn met<'s>(at: &'s At<'_>) -> &'s [Met] {
    at.once.met.get_or_init(|| {
        let meetings = at.records.of_kind("meeting");
        let newest = meetings.filter_map(|record| record.standing().next_back());
        let state = |meeting: &Version| meeting.body().get("state").cloned();
        let held = newest.filter(|meeting| {
            let state = state(meeting);
            matches!(
                state.as_ref().and_then(Value::as_str),
                Some("held" | "adjourned")
            )
        });
        let met = held.filter_map(|meeting| {
            Some(Met {
                body: id(meeting.body(), "/body"),
                meeting: meeting.put.id,
                on: slots::sittings(meeting.body()).into_iter().min()?,
            })
        });
        met.collect()
    })
}
