//! 9.3-a.o: of each declared slot of the management review, whether it was held.

use std::collections::HashMap;

use catalogue::{Level, Rule};
use record::{Day, listed};
use uuid::Uuid;

use super::attendance::{self, was_quorate};
use super::review::{self, SlotAt, SlotState};
use super::{Subject, reviewed};
use crate::at::At;
use crate::outcome::{Outcome, Says, Span};
use crate::sentence::Param;

/// What is said of each slot along time. Each is held beside all others, so they are worked out
/// together.
pub type Along = HashMap<Subject, Vec<Span>>;

/// Returns every slot that is declared, as far ahead as any day of the reading lists them.
pub fn declared(at: &At<'_>) -> Vec<Subject> {
    let planned = reviewed::series(at).iter().flatten();
    let slots = planned.map(|one| Subject::Slot(one.declaration, one.slot.first_day));
    slots.collect()
}

/// 9.3-a.o: the slot is not empty, while it is the newest that ended or one of those of the last
/// twelve months; later that is a flag.
pub fn held(at: &At<'_>, rule: &Rule, slot: &Subject) -> Outcome {
    let once = &at.once.slots;
    said_of(
        at,
        once.get_or_init(|| along(at, |at| said(at, rule))),
        slot,
    )
}

/// Returns every review and every slot that is declared: what is asked of each review is asked of
/// each slot, and one in which none was held has nothing to show for it.
pub fn and_reviews(at: &At<'_>) -> Vec<Subject> {
    let reviews = at.records.of_kind("management_review");
    let reviews = reviews.map(|record| Subject::Record(record.id));
    reviews.chain(declared(at)).collect()
}

/// 9.3-b and 9.3-c of a slot: while it is the newest that ended or one of those of the last twelve
/// months, they fail where it is empty and no review on record was held in it. Of a review that was
/// they ask the review.
pub fn without_review(at: &At<'_>, slot: &Subject) -> Outcome {
    let once = &at.once.without_review;
    said_of(at, once.get_or_init(|| along(at, unreviewed)), slot)
}

fn unreviewed(at: &At<'_>) -> Vec<(Subject, Outcome)> {
    let slots = review::slots_at(at);
    let newest = review::newest_ended(&slots).map(name);
    let held = review::held(at);
    let says = |one: &SlotAt<'_>| {
        let is_old = || at.reached(one.slot.days().1.plus_months(12).next());
        let asked = newest.as_ref() == Some(&name(one)) || !is_old();
        let reviewed = || held.iter().any(|(on, _)| one.slot.holds_day(*on));
        match one.state == SlotState::Empty && asked && !reviewed() {
            true => with_slot(Outcome::fails().with("case", "slot"), one),
            false => Outcome::new(Says::Absent),
        }
    };
    slots.iter().map(|one| (name(one), says(one))).collect()
}

fn along(at: &At<'_>, said: impl Fn(&At<'_>) -> Vec<(Subject, Outcome)>) -> Along {
    let mut along = Along::new();
    let mut day = at.start;
    loop {
        let here = at.on(day);
        for (slot, outcome) in said(&here) {
            let spans = along.entry(slot).or_default();
            if spans.last().is_none_or(|last| last.outcome != outcome) {
                spans.push(Span { from: day, outcome });
            }
        }
        match here.next() {
            Some(next) if next <= at.horizon => day = next,
            _ => return along,
        }
    }
}

fn said_of(at: &At<'_>, along: &Along, slot: &Subject) -> Outcome {
    let none = Outcome::new(Says::Absent);
    let Some(spans) = along.get(slot) else {
        return none;
    };
    let begun = spans.iter().take_while(|one| at.reached(one.from));
    begun.last().map_or(none, |one| one.outcome.clone())
}

/// Says of every slot on a day whether it was held: of those that have not ended, nothing.
fn said(at: &At<'_>, rule: &Rule) -> Vec<(Subject, Outcome)> {
    let slots = review::slots_at(at);
    let newest = review::newest_ended(&slots).map(name);
    let missed: Vec<&SlotAt<'_>> = slots.iter().filter(|one| is_missed(at, one)).collect();
    let moved = newest.as_ref().and_then(|_| moves(&slots));
    let long = newest.as_ref().and_then(|_| awaited_long(at, rule, &slots));
    let of = |one: &SlotAt<'_>| {
        if is_missed(at, one) {
            let last = missed.last().is_some_and(|last| name(last) == name(one));
            let fails = fails(at, one);
            let told = match (last, &moved) {
                (true, Some((_, days))) => beside_moves(fails, days),
                _ => fails,
            };
            let told = match last && missed.len() > 1 {
                true => told.also_first("several"),
                false => told,
            };
            let told = match of_two_series(&slots, one) {
                true => told.also_first("series").with("series", one.declaration),
                false => told,
            };
            let is_old = || at.reached(one.slot.days().1.plus_months(12).next());
            return match newest.as_ref() != Some(&name(one)) && is_old() {
                true => told.at_level(Level::Flag),
                false => told,
            };
        }
        let flagged = match (missed.as_slice(), &moved, &long) {
            ([], Some((of, days)), _) => of
                .contains(&name(one))
                .then(|| with_slot(Outcome::fails().with("case", "moved"), one))
                .map(|told| told.with("moved", days.as_str()).at_level(Level::Flag)),
            ([], None, Some((of, told))) => (*of == name(one)).then(|| told.clone()),
            _ => None,
        };
        flagged.unwrap_or_else(|| match one.state {
            SlotState::Held | SlotState::HeldLate => Outcome::holds(),
            SlotState::AwaitingRecord => Outcome::new(Says::NotDue),
            _ => Outcome::new(Says::Absent),
        })
    };
    slots.iter().map(|one| (name(one), of(one))).collect()
}

/// Whether another declaration has a slot of the same days.
fn of_two_series(slots: &[SlotAt<'_>], one: &SlotAt<'_>) -> bool {
    let mut others = slots.iter();
    others.any(|other| other.declaration != one.declaration && other.slot.days() == one.slot.days())
}

fn name(one: &SlotAt<'_>) -> Subject {
    Subject::Slot(one.declaration, one.slot.first_day)
}

/// Whether a slot ended without a review that its body was quorate for.
fn is_missed(at: &At<'_>, one: &SlotAt<'_>) -> bool {
    one.state == SlotState::Empty || held_inquorate(at, one)
}

fn held_inquorate(at: &At<'_>, one: &SlotAt<'_>) -> bool {
    let held = matches!(one.state, SlotState::Held | SlotState::HeldLate);
    held && one.review.is_some_and(|review| !was_quorate(at, review))
}

fn fails(at: &At<'_>, one: &SlotAt<'_>) -> Outcome {
    let fails = with_slot(Outcome::fails(), one);
    let inquorate = one.review.filter(|_| held_inquorate(at, one));
    match (inquorate, one.astray) {
        (Some(review), _) => attendance::told(at, review, fails),
        (None, Some(astray)) => astray.told(fails),
        (None, None) => fails,
    }
}

/// Names a slot in a sentence; its last day says which is the newest.
fn with_slot(outcome: Outcome, one: &SlotAt<'_>) -> Outcome {
    let days = one.slot.days();
    outcome.with("slot", span(days)).with(LAST_DAY, days.1)
}

/// A reservation: the newest ended slot was recorded, or one is awaited, after as many days as
/// are customary, and only what the organisation declared itself let it wait for longer.
fn awaited_long(at: &At<'_>, rule: &Rule, slots: &[SlotAt<'_>]) -> Option<(Subject, Outcome)> {
    let custom = i64::from(rule.customary_days?);
    let newest = review::newest_ended(slots).filter(|one| one.state == SlotState::Held);
    let awaiting = slots
        .iter()
        .filter(|one| one.state == SlotState::AwaitingRecord);
    let is_long = |one: &&SlotAt<'_>| {
        let over = one.slot.days().1.plus_days(custom).next();
        let recorded = one.review.and_then(|review| {
            let found = reviewed::all(at).iter();
            let mut found = found.filter(|other| other.review.put.id == review.put.id);
            reviewed::recorded_in(at, found.next()?, &one.slot)
        });
        let waited = recorded.map_or_else(|| at.reached(over), |on| over <= on);
        one.awaited_days > custom && waited
    };
    let long = newest.into_iter().chain(awaiting).find(is_long)?;
    let outcome = with_slot(Outcome::fails(), long)
        .with("case", "tolerance")
        .with("tolerance", long.awaited_days)
        .with("custom", custom);
    Some((name(long), outcome.at_level(Level::Reservation)))
}

fn span((first, last): (Day, Day)) -> String {
    format!("{} to {}", first.in_words(), last.in_words())
}

/// Returns the slots that were moved, where two or more of one series were, and their days.
fn moves(slots: &[SlotAt<'_>]) -> Option<(Vec<Subject>, String)> {
    let moves = |declaration: Uuid| {
        let of_series = slots
            .iter()
            .filter(move |one| one.declaration == declaration);
        of_series.filter_map(|one| Some((one, one.slot.moved_to?)))
    };
    let mut series = slots.iter().map(|one| one.declaration);
    let series = series.find(|one| moves(*one).count() > 1)?;
    let days: Vec<String> = moves(series)
        .map(|(one, moved)| {
            let old = span((one.slot.first_day, one.slot.last_day));
            format!("{old} (now {})", span((moved.first_day, moved.last_day)))
        })
        .collect();
    let of = moves(series).map(|(one, _)| name(one)).collect();
    Some((of, listed(&days)))
}

/// Adds the days of slots that were moved to what is said of one that was missed.
fn beside_moves(outcome: Outcome, days: &str) -> Outcome {
    let outcome = outcome.with("moved", days);
    let alone = outcome.case().to_owned();
    let case = match alone.as_str() {
        "inquorate" => "inquorate_both",
        "terms" => "terms_both",
        "circulated" => "circulated_both",
        "outside" => "outside_both",
        "unheld" => "unheld_both",
        "adjourned" => "adjourned_both",
        "unminuted" => "unminuted_both",
        "before" => "before_both",
        "unclaimed" => "unclaimed_both",
        "elsewhere" => "elsewhere_both",
        _ => "both",
    };
    outcome.with("case", case)
}

/// What an outcome names a slot's last day by.
const LAST_DAY: &str = "last_day";

/// Returns what an outcome of a slot is about: its days in words, and its last.
pub fn about(outcome: &Outcome) -> Option<(&str, Day)> {
    match (outcome.params.get("slot"), outcome.params.get(LAST_DAY)) {
        (Some(Param::Word(days)), Some(Param::Day(last))) => Some((days, *last)),
        _ => None,
    }
}
