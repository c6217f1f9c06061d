//! Entries that have nothing to do with one another may come in any order.

use std::collections::BTreeSet;

use record::{Act, Event};
use uuid::Uuid;

use crate::acts::generated;
use crate::asked::{Said, about, catalogue};
use crate::history::{
    AIMS_START, BOARD, CHIEF, HISTORIES, History, OFFICER, ROOT, day, id, records,
};

/// Kinds whose day of recording decides something: when a declaration begins to count, and how
/// long a system has waited.
const BY_RECORDING: [&str; 2] = ["declaration", "ai_system"];

/// Kinds of which any two are independent: no rule asks which of them came last.
const ANY_NUMBER: [&str; 2] = ["ai_system", "meeting"];

/// The records an entry is about, those that everything names left out.
fn names(event: &Event) -> BTreeSet<Uuid> {
    let everywhere = [CHIEF, OFFICER, ROOT, BOARD].map(id);
    let mut names = record::decide::mentioned(&event.facts.body);
    names.insert(event.id);
    names.extend(event.refs.iter().map(|cite| cite.id));
    names.extend(event.facts.acts.iter().map(|act| act.of.id));
    names.retain(|name| !everywhere.contains(name));
    names
}

fn are_independent(history: &History, one: &Event, other: &Event) -> bool {
    let is_act = |event: &Event| matches!(event.act, Act::Put | Act::Move);
    let same_kind = one.kind == other.kind && !ANY_NUMBER.contains(&&*one.kind);
    let by_recording = |event: &Event| {
        let approves = event.facts.acts.iter().any(|act| {
            let of = history.records.get(act.of.id);
            of.is_some_and(|record| &*record.kind == "declaration")
        });
        approves || BY_RECORDING.contains(&&*event.kind)
    };
    let same_day = one.recorded_on == other.recorded_on;
    is_act(one)
        && is_act(other)
        && !same_kind
        && (same_day || !(by_recording(one) || by_recording(other)))
        && names(one).is_disjoint(&names(other))
}

/// Swaps neighbours that are independent: what they say changes places, the log's own order
/// and clock stay.
fn shuffled(history: &mut History) -> (Vec<Event>, usize) {
    let mut events = history.events.clone();
    let mut swapped = 0;
    for _ in 0..6 {
        for index in 10..events.len().saturating_sub(1) {
            if history.dice.chance(50)
                && are_independent(history, &events[index], &events[index + 1])
            {
                events.swap(index, index + 1);
                let (one, other) = (events[index].clone(), events[index + 1].clone());
                keep_place(&mut events[index], &other);
                keep_place(&mut events[index + 1], &one);
                swapped += 1;
            }
        }
    }
    (events, swapped)
}

fn keep_place(event: &mut Event, place: &Event) {
    event.seq = place.seq;
    event.recorded_at = place.recorded_at;
    event.recorded_on = place.recorded_on;
}

#[test]
fn independent_entries_in_another_order_change_no_verdict() {
    let catalogue = catalogue();
    let mut all = 0;
    for seed in 0..HISTORIES {
        let mut history = generated(seed);
        let (events, swapped) = shuffled(&mut history);
        all += swapped;
        let other = records(&events);
        // As known now: once what was recorded is no longer awaited.
        let length = history.today.days_since(day(AIMS_START)) + 60;
        for _ in 0..10 {
            let asked = day(AIMS_START).plus_days(history.dice.days(length.unsigned_abs()));
            let one = Said::of(&about(&history.records, &catalogue, asked));
            let two = Said::of(&about(&other, &catalogue, asked));
            assert_eq!(one.verdicts, two.verdicts, "history {seed}, {asked}");
            assert_eq!(one.five, two.five, "history {seed}, {asked}");
        }
    }
    assert!(all > 1_000, "{all}");
}
