//! 9.3: slots, and the reviews held in them.

use catalogue::{Catalogue, Level, Rule};
use record::records::Approved;
use record::slots::{self, Slot};
use record::{Day, Version, listed};
use serde_json::Value;
use uuid::Uuid;

use super::astray::Astray;
use super::attendance::{
    circulated_instead, items_lost, of_two_bodies, quorum_lost, terms_unattended,
    top_management_took_part, was_quorate, with_items,
};
use super::confirmed::confirmed;
pub use super::confirmed::{confirmation, is_confirmed};
use super::reviewed::{self, MONTHS_AHEAD, Reviewed};
pub use super::reviewed::{held_on, meetings, minutes, minutes_on, recorded_on};
use super::{Subject, actions, approved_unattended, inputs};
use crate::at::{At, stated};
use crate::outcome::{Outcome, Says};
use crate::wording;

const RESULTS: wording::Words = &[("changes", "changes to the AI management system")];

/// Where a series of reviews is declared.
const SERIES: &str = "/series/management_review";

/// The state of a slot about a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlotState {
    /// Before its first day.
    ToCome,
    /// Up to its last day.
    Open,
    /// After it, until the recording tolerance has passed.
    AwaitingRecord,
    /// Held in it, recorded in time.
    Held,
    /// Held in it, recorded later.
    HeldLate,
    /// Nothing on record.
    Empty,
}

impl SlotState {
    /// Returns the word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ToCome => "to_come",
            Self::Open => "open",
            Self::AwaitingRecord => "awaiting_record",
            Self::Held => "held",
            Self::HeldLate => "held_late",
            Self::Empty => "empty",
        }
    }
}

/// A slot with its state, its last day that counts and the review that claims it.
#[derive(Debug, Clone)]
pub struct SlotAt<'a> {
    /// The declaration.
    pub declaration: Uuid,
    /// The slot.
    pub slot: Slot,
    /// Its state about the day.
    pub state: SlotState,
    /// The review held in it.
    pub review: Option<&'a Version>,
    /// Where no review holds it, one that claims it, or that was held in it.
    pub astray: Option<Astray<'a>>,
    /// For how many days after its last its record is awaited.
    pub awaited_days: i64,
}

/// Returns every review held about the day since the AI management system started, in order of the
/// day held: none before may be claimed.
pub fn held<'a>(at: &At<'a>) -> Vec<(Day, &'a Version)> {
    let mut held = on_record(at);
    held.retain(|(day, _)| at.aims_start <= *day);
    held
}

/// Returns every review held about the day, whether or not that was before the AI management
/// system started, in order of the day held.
pub fn on_record<'a>(at: &At<'a>) -> Vec<(Day, &'a Version)> {
    let mut held: Vec<(Day, &Version)> = reviewed::all(at)
        .iter()
        // Of a meeting that was cancelled or withdrawn it was not held, whatever it claims.
        .filter(|one| one.stands)
        .filter_map(|one| Some((one.sat.filter(|day| at.reached(*day))?, one.review)))
        .collect();
    held.sort_by_key(|(day, version)| (*day, version.put.seq));
    held
}

/// Returns the resolutions of the meetings, or parts of meetings, that a review is, in order of
/// recording.
pub fn resolutions<'a>(at: &At<'a>, review: &Version) -> Vec<&'a Version> {
    actions::come_from(at, review, ("resolution", "/meeting/id"))
}

/// Returns every slot that has begun by the day, the next to come, and those to come that were
/// moved by then, with their states; in order of their last days. Of those that ended before the AI
/// management system started nothing was due, and they are none.
pub fn slots_at<'a>(at: &At<'a>) -> Vec<SlotAt<'a>> {
    let mut found = Vec::new();
    let last = at.day.plus_months(MONTHS_AHEAD);
    for series in reviewed::series(at) {
        let mut next_to_come = false;
        let listed = series.iter();
        for planned in listed.take_while(|one| one.slot.first_day <= last) {
            let slot = as_moved(at, &planned.slot);
            if slot.days().1 < at.aims_start {
                continue;
            }
            let review = planned
                .review
                .and_then(|place| reviewed::all(at).get(place));
            let until = slot.days().1.plus_days(planned.awaited_days);
            let state = state(at, &slot, (until, review));
            // One that was moved hides none of those after it.
            if state == SlotState::ToCome
                && slot.moved_to.is_none()
                && std::mem::replace(&mut next_to_come, true)
            {
                continue;
            }
            let held = review.filter(|one| held_in(at, one, &slot));
            found.push(SlotAt {
                declaration: planned.declaration,
                state,
                review: held.map(|one| one.review),
                astray: match review {
                    Some(one) => Astray::claiming(at, one, &slot),
                    None => Astray::unclaiming(at, &slot),
                },
                awaited_days: planned.awaited_days,
                slot,
            });
        }
    }
    found.sort_by_key(|one| {
        let (first, last) = one.slot.days();
        (last, first)
    });
    found
}

/// Returns a slot as it was moved by the day.
pub(super) fn as_moved(at: &At<'_>, slot: &Slot) -> Slot {
    let moved = slot.moved_to;
    Slot {
        moved_to: moved.filter(|moved| at.reached(moved.decided_on)),
        ..slot.clone()
    }
}

fn held_in(at: &At<'_>, one: &Reviewed<'_>, slot: &Slot) -> bool {
    let sat = one
        .sat
        .filter(|sat| at.aims_start <= *sat && at.reached(*sat));
    sat.is_some_and(|sat| slot.holds_day(sat))
}

fn state(at: &At<'_>, slot: &Slot, (until, review): (Day, Option<&Reviewed<'_>>)) -> SlotState {
    let (first, last) = slot.days();
    if !at.reached(first) {
        return SlotState::ToCome;
    }
    if !at.reached(last.next()) {
        return SlotState::Open;
    }
    let held = review.filter(|one| held_in(at, one, slot));
    match held.and_then(|one| reviewed::recorded_in(at, one, slot)) {
        Some(recorded) if recorded <= until => SlotState::Held,
        Some(_) => SlotState::HeldLate,
        None if at.reached(until.next()) => SlotState::Empty,
        None => SlotState::AwaitingRecord,
    }
}

/// Returns the newest slot that has ended and no longer awaits its record.
pub fn newest_ended<'s, 'a>(slots: &'s [SlotAt<'a>]) -> Option<&'s SlotAt<'a>> {
    slots.iter().rev().find(|one| {
        matches!(
            one.state,
            SlotState::Held | SlotState::HeldLate | SlotState::Empty
        )
    })
}

/// Returns the review that the answer is about: the newest ended slot's; before the first
/// has ended, the latest held and recorded of those that are of a slot, of those that claim one where
/// one does. An extraordinary review answers nothing that is not due.
pub fn answering<'a>(at: &At<'a>) -> Option<&'a Version> {
    let slots = slots_at(at);
    match newest_ended(&slots) {
        Some(slot) => slot.review,
        None => {
            let mut recorded = of_slots(at);
            recorded.retain(|(_, review)| recorded_on(at, review).is_some());
            let claims = |(_, review): &&(Day, &Version)| stated(review.body(), "/slot");
            let latest = recorded.iter().rfind(claims).or(recorded.last());
            latest.map(|(_, review)| *review)
        }
    }
}

/// Returns the day since which no series of reviews has been declared, where none is about the
/// day: the day after the last was rescinded, or the AIMS's first.
pub fn undeclared_since(at: &At<'_>) -> Day {
    let over = at.declared_until(SERIES);
    over.map_or(at.start, |last| at.start.max(last.next()))
}

/// 9.3-a: reviews are held at declared intervals, and top management takes part.
pub fn took_part(at: &At<'_>, _: &Rule, _: &Subject) -> Outcome {
    let Some(declared) = at.declaration(SERIES) else {
        let since = undeclared_since(at);
        return Outcome::fails()
            .with("case", "declared")
            .with("date", since);
    };
    let slots = slots_at(at);
    let held = recent(at, held(at));
    if newest_ended(&slots).is_none() && held.is_empty() {
        return Outcome::new(Says::NotDue);
    }
    if held.is_empty() {
        return Outcome::fails();
    }
    match held
        .iter()
        .rfind(|(_, review)| !top_management_took_part(at, review))
    {
        None => declared_and_set_up(at, &declared, &held),
        Some((on, review)) => {
            let fails = Outcome::fails().with("case", "last").with("date", *on);
            with_items(at, review, fails)
        }
    }
}

/// A quorum that no record shows, of the terms of a body that reviewed or of the series, is
/// marked; it takes nothing away.
fn declared_and_set_up(at: &At<'_>, declared: &Approved<'_>, held: &[(Day, &Version)]) -> Outcome {
    let terms = held.iter().rev().find_map(|(on, review)| {
        let (body, day) = terms_unattended(at, review)?;
        Some((*on, body, day))
    });
    let outcome = match (terms, approved_unattended(declared)) {
        (Some((on, body, day)), _) => Outcome::fails()
            .with("case", "terms")
            .with("body", body)
            .with("on", on)
            .with("date", day),
        (None, Some(day)) => Outcome::fails().with("case", "series").with("date", day),
        (None, None) => return Outcome::holds(),
    };
    outcome.at_level(Level::Reservation)
}

/// The newest review, and those of the last twelve months.
fn recent<'a>(at: &At<'a>, held: Vec<(Day, &'a Version)>) -> Vec<(Day, &'a Version)> {
    let last = held.len().saturating_sub(1);
    held.into_iter()
        .enumerate()
        .filter(|(index, (day, _))| *index == last || !at.reached(day.plus_months(12).next()))
        .map(|(_, one)| one)
        .collect()
}

/// Returns the reviews that are of a slot, in order of the day held: those that claim one, and those
/// that claim none and were held in one that stayed empty, for which nothing else would answer. An
/// extraordinary review is of none. One held when no series was declared stands for itself.
pub(super) fn of_slots<'a>(at: &At<'a>) -> Vec<(Day, &'a Version)> {
    let mut row = held(at);
    let claims = |review: &Version| stated(review.body(), "/slot");
    if row.iter().all(|(_, review)| claims(review)) {
        return row;
    }
    let slots = slots_at(at);
    let in_empty = |on: Day| {
        let mut empty = slots.iter().filter(|one| one.state == SlotState::Empty);
        empty.any(|one| one.slot.holds_day(on))
    };
    let undeclared = |on: Day| at.on(on).declaration(SERIES).is_none();
    row.retain(|(on, review)| claims(review) || undeclared(*on) || in_empty(*on));
    row
}

/// A review with its place in the row: its day, and the one before it.
pub(super) struct Held<'a> {
    pub(super) on: Day,
    pub(super) review: &'a Version,
    pub(super) before: Option<&'a Version>,
}

/// The newest review and those of the last twelve months.
pub(super) fn one<'a>(at: &At<'a>, subject: &Subject) -> Option<Held<'a>> {
    one_of(at, held(at), subject)
}

/// The same of the reviews that are of a slot.
pub(super) fn one_of_slot<'a>(at: &At<'a>, subject: &Subject) -> Option<Held<'a>> {
    one_of(at, of_slots(at), subject)
}

fn one_of<'a>(at: &At<'_>, row: Vec<(Day, &'a Version)>, subject: &Subject) -> Option<Held<'a>> {
    let Subject::Record(id) = subject else {
        return None;
    };
    let (held, is_last) = in_the_row(&row, *id)?;
    (is_last || !at.reached(held.on.plus_months(12).next())).then_some(held)
}

/// Returns the row that a review stands in: that of the slots, or that of all where it is of none.
pub(super) fn row_of<'a>(at: &At<'a>, review: Uuid) -> Vec<(Day, &'a Version)> {
    let row = of_slots(at);
    match row.iter().any(|(_, one)| one.put.id == review) {
        true => row,
        false => held(at),
    }
}

/// Returns a review that was held, however old, and whether it is the last.
fn in_the_row<'a>(all: &[(Day, &'a Version)], review: Uuid) -> Option<(Held<'a>, bool)> {
    let index = all.iter().position(|(_, one)| one.put.id == review)?;
    let (on, review) = all[index];
    let before = index.checked_sub(1).map(|index| all[index].1);
    Some((Held { on, review, before }, index + 1 == all.len()))
}

/// 9.3-a.p: minutes first recorded in time, confirmed at the body's next meeting as they stand,
/// and saying who was there: enough of them at each item. And no meeting stands for the reviews of
/// two slots. A paper circulated in place of a meeting is flagged.
pub fn minuted_in_time(at: &At<'_>, rule: &Rule, subject: &Subject) -> Outcome {
    let Some(held) = one(at, subject) else {
        return Outcome::new(Says::Absent);
    };
    let mut outcome = Outcome::fails();
    let mut cases: Vec<&str> = Vec::new();
    let mut all = meetings(at, held.review).iter();
    if let Some((case, short)) = all.find_map(|meeting| minutes_short(at, rule, (&held, meeting))) {
        outcome = short;
        cases.push(case);
    }
    let rewritten = rewritten(at, held.review);
    if !rewritten.is_empty() {
        let case = "rewritten";
        outcome = outcome.with("rewritten", rewritten.join("; of those of "));
        cases.push(case);
    }
    // Without a quorum where it counts it was no review: 9.3-a says so.
    let quorate = was_quorate(at, held.review);
    let lost = quorum_lost(at, held.review);
    if !lost.is_empty() && quorate {
        let case = match lost.iter().all(|part| part.quorate) {
            true => "items",
            false => "rest",
        };
        let alone = of_two_bodies(at, held.review, &lost);
        let named: Vec<String> = lost.into_iter().map(items_lost).collect();
        outcome = outcome.with("items", listed(&named));
        cases.push(case);
        if let Some(body) = alone {
            let case = "of_body";
            outcome = outcome.with("body", body);
            cases.push(case);
        }
    }
    if let Some((other, on)) = reviewed::shared(at, held.review) {
        let case = "shared";
        outcome = outcome.with("other", other).with("on", on);
        cases.push(case);
    }
    // What the terms of reference allow is a meeting.
    let alone = cases.is_empty();
    if let Some(closed) = circulated_instead(at, held.review).filter(|_| quorate) {
        let case = "circulated";
        outcome = outcome.with("closed", closed);
        cases.push(case);
    }
    let Some((first, others)) = cases.split_first() else {
        return Outcome::holds();
    };
    let outcome = outcome.with("case", *first);
    match others.is_empty() {
        true if alone => outcome.at_level(Level::Flag),
        true => outcome,
        false => outcome.with("also", others.join(" ")),
    }
}

/// Returns what the minutes of a meeting of a review fall short of, if of anything. They are in
/// time by the day on which what is reviewed was taken.
fn minutes_short(
    at: &At<'_>,
    rule: &Rule,
    (held, meeting): (&Held<'_>, &Version),
) -> Option<(&'static str, Outcome)> {
    let last = slots::taken(held.review.body(), meeting).into_iter().max();
    let last = last.unwrap_or(held.on);
    // A longer time of the organisation's own leaves custom as it is.
    let custom = i64::from(rule.default_days.unwrap_or(30));
    let limit = at
        .on(last)
        .declared("/tolerances/minutes_days", rule.default_days)
        .map_or(custom, |declared| declared.n.min(custom));
    let recorded = minutes_on(at, meeting);
    let late = match recorded {
        Some(recorded) => recorded > last.plus_days(limit),
        None => at.reached(last.plus_days(limit).next()),
    };
    let short = Outcome::fails().with("date", last);
    if late || !confirmed(at, meeting) {
        let case = match recorded {
            None => "none",
            Some(_) if late => "late",
            Some(_) => "unconfirmed",
        };
        let days = recorded.map_or(0, |recorded| recorded.days_since(last));
        return Some((case, short.with("days", days)));
    }
    let present = meeting.body().get("present").and_then(Value::as_array);
    let case = "attendance";
    present.is_none().then_some((case, short))
}

/// Says of each meeting of a review whose minutes are confirmed in another version than the newest
/// which version is, and since when the newest stands; in the words that follow "the minutes of".
fn rewritten(at: &At<'_>, review: &Version) -> Vec<String> {
    let mut found = Vec::new();
    for newest in meetings(at, review) {
        let sat = slots::sittings(newest.body()).into_iter().max();
        let Some((sat, (confirmed, _, on))) = sat.zip(confirmation(at, newest)) else {
            continue;
        };
        let said = format!(
            "{} version {} was confirmed on {}; version {}, recorded on {}, has not been",
            sat.in_words(),
            confirmed.number(),
            on.in_words(),
            newest.number(),
            newest.put.recorded_on.in_words()
        );
        if confirmed.number() != newest.number() && !found.contains(&said) {
            found.push(said);
        }
    }
    found
}

/// Returns which decisions and conclusions a review lacks.
pub fn results_missing<'r>(rule: &'r Rule, review: &Version) -> Vec<&'r str> {
    let body = review.body();
    let says = |need: &str| {
        stated(body, &format!("/decisions/{need}")) || stated(body, &format!("/conclusions/{need}"))
    };
    let needs = rule.with.needs.iter().map(String::as_str);
    needs.filter(|need| !says(need)).collect()
}

/// 9.3-c: both kinds of decision, and the three conclusions.
pub fn results(at: &At<'_>, rule: &Rule, subject: &Subject) -> Outcome {
    match one(at, subject) {
        Some(held) => concluded(rule, &held),
        None => super::slots::without_review(at, subject),
    }
}

/// Says whether a review, however old, has its results.
fn concluded(rule: &Rule, held: &Held<'_>) -> Outcome {
    let missing = results_missing(rule, held.review);
    match missing.is_empty() {
        true => Outcome::holds(),
        false => Outcome::fails()
            .with("date", held.on)
            .with("missing", wording::missing(missing, RESULTS)),
    }
}

/// Returns what a review, however old, falls short of first, if of anything: its inputs, its results,
/// or the actions of the one before; with the rule that says so.
pub fn short_of<'c>(
    at: &At<'_>,
    catalogue: &'c Catalogue,
    review: &Version,
) -> Option<(&'c Rule, Outcome)> {
    let (held, _) = in_the_row(&row_of(at, review.put.id), review.put.id)?;
    let said = ["9.3-b", "9.3-c", "9.3-d"].into_iter().filter_map(|id| {
        let rule = catalogue.rule(id)?;
        let outcome = match id {
            "9.3-b" => inputs::before(at, rule, &held),
            "9.3-c" => concluded(rule, &held),
            // Of the review itself it is not said that it is the next.
            _ => actions::followed_here(at, &held),
        };
        Some((rule, outcome))
    });
    let mut fails = said.filter(|(_, outcome)| outcome.says == Says::Fails);
    fails.next()
}

/// 9.3-e: the agenda lines that the organisation had switched on when the review was held. What is
/// declared later reaches no review back.
pub fn agenda(at: &At<'_>, _: &Rule, subject: &Subject) -> Outcome {
    let Some(held) = one(at, subject) else {
        return Outcome::new(Says::Absent);
    };
    let then = at.on(held.on);
    let lines = then.declared_fact("/agenda").and_then(Value::as_array);
    let missing: Vec<&str> = lines
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .filter(|line| !stated(held.review.body(), &format!("/agenda/{line}")))
        .collect();
    match missing.is_empty() {
        true => Outcome::holds(),
        false => Outcome::fails()
            .with("date", held.on)
            .with("missing", wording::missing(missing, &[])),
    }
}
