//! Entries that have nothing to do with one another may come in any order.

use std::collections::{BTreeMap, BTreeSet};

use record::{Act, Event, Records, Version};
use serde_json::json;
use uuid::Uuid;

use crate::acts::{DECLARED, generated};
use crate::asked::{Said, about, catalogue};
use crate::history::{
    AIMS_START, BOARD, CHIEF, HISTORIES, History, LEDGER_START, OFFICER, ROOT, day, id, records,
};

/// Kinds of which two entries may change places, where neither is about what the other is and
/// no rule asks which of the two came last. Of others there is one record, or few.
const SEVERAL: [&str; 6] = [
    "ai_system",
    "appointment",
    "attestation",
    "declaration",
    "meeting",
    "risk_assessment",
];

/// The record that an entry is of, and those that it approves or takes back.
fn written(event: &Event) -> BTreeSet<Uuid> {
    let acts = event.facts.acts.iter().map(|act| act.of.id);
    acts.chain([event.id]).collect()
}

/// The records that an entry is about, those that everything names left out.
fn named(event: &Event) -> BTreeSet<Uuid> {
    let everywhere = [CHIEF, OFFICER, ROOT, BOARD].map(id);
    let mut named = record::decide::mentioned(&event.facts.body);
    named.extend(event.refs.iter().map(|cite| cite.id));
    named.retain(|name| !everywhere.contains(name));
    named.extend(written(event));
    named
}

/// The declarations that an entry approves or ends: when they count goes by the day it was recorded.
fn declared<'h>(history: &'h History, event: &Event) -> Vec<&'h Version> {
    let acts = event.facts.acts.iter();
    let versions = acts.filter_map(|act| history.records.cited(act.of));
    versions
        .filter(|version| &*version.put.kind == "declaration")
        .collect()
}

/// What a declaration states, by JSON pointer.
fn stated(version: &Version) -> BTreeSet<String> {
    let groups = version.body().as_object().into_iter().flatten();
    let groups = groups.filter_map(|(group, values)| Some((group, values.as_object()?)));
    groups
        .flat_map(|(group, values)| values.keys().map(move |name| format!("/{group}/{name}")))
        .collect()
}

/// Whether a rule asks which of two entries came last: two assessments of one day and system, two
/// appointments that begin on one day, two attestations of a unit on one day, two declarations of
/// the same, or whichever was the first and was brought in.
fn is_tied(history: &History, one: &Event, other: &Event) -> bool {
    let same = |pointer: &str| {
        one.fact(pointer)
            .is_some_and(|of| other.fact(pointer) == Some(of))
    };
    let systems = |event: &Event| -> BTreeSet<Uuid> {
        let cited = event.fact("/systems").map(record::decide::mentioned);
        cited.unwrap_or_default()
    };
    let declared = [one, other].map(|event| declared(history, event));
    let [ours, theirs] = &declared;
    let overlap = ours.iter().any(|our| {
        let mut theirs = theirs.iter();
        theirs.any(|their| {
            let brought_in = |version: &Version| version.put.facts.brought_in.is_some();
            brought_in(our) || brought_in(their) || !stated(our).is_disjoint(&stated(their))
        })
    });
    overlap
        || same("/assessed_on") && !systems(one).is_disjoint(&systems(other))
        || same("/start")
        || same("/attested_on") && same("/unit")
}

fn are_independent(history: &History, one: &Event, other: &Event) -> bool {
    let is_act = |event: &Event| matches!(event.act, Act::Put | Act::Move);
    let both = one.kind == other.kind;
    let resolve = &*one.kind == "resolution";
    let may = !both || resolve || SEVERAL.contains(&&*one.kind);
    // How long a system has waited goes by the day it was recorded.
    let by_recording =
        |event: &Event| !declared(history, event).is_empty() || &*event.kind == "ai_system";
    let same_day = one.recorded_on == other.recorded_on;
    is_act(one)
        && is_act(other)
        && may
        && (same_day || !(by_recording(one) || by_recording(other)))
        && written(one).is_disjoint(&named(other))
        && written(other).is_disjoint(&named(one))
        && !is_tied(history, one, other)
}

/// What a pair that changed places was: the kinds of what both wrote.
fn pair(history: &History, one: &Event, other: &Event) -> [String; 2] {
    let kind = |event: &Event| match event.facts.acts.first() {
        Some(act) => {
            let of = history.records.get(act.of.id);
            of.map_or_else(String::new, |of| of.kind.to_string())
        }
        None => event.kind.to_string(),
    };
    [kind(one), kind(other)]
}

/// Swaps neighbours that are independent: what they say changes places, the log's own order
/// and clock stay.
fn shuffled(history: &mut History) -> (Vec<Event>, Vec<[String; 2]>) {
    let mut events = history.events.clone();
    let mut swapped = Vec::new();
    for _ in 0..40 {
        for index in 10..events.len().saturating_sub(1) {
            if history.dice.chance(50)
                && are_independent(history, &events[index], &events[index + 1])
            {
                swapped.push(pair(history, &events[index], &events[index + 1]));
                events.swap(index, index + 1);
                let (one, other) = (events[index].clone(), events[index + 1].clone());
                keep_place(&mut events[index], &other);
                keep_place(&mut events[index + 1], &one);
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
    let mut all: BTreeMap<String, usize> = BTreeMap::new();
    for seed in 0..HISTORIES {
        let mut history = generated(seed);
        let (events, swapped) = shuffled(&mut history);
        for [one, other] in swapped {
            let sort = if one == other {
                one
            } else {
                "others".to_owned()
            };
            *all.entry(sort).or_default() += 1;
        }
        let other = records(&events);
        // As known now: once what was recorded is no longer awaited.
        let length = history.today.days_since(day(AIMS_START)) + 60;
        for _ in 0..10 {
            let asked = day(AIMS_START).plus_days(history.dice.days(length.unsigned_abs()));
            let said = |records: &Records| {
                let mut said = Said::of(&about(records, &catalogue, asked));
                // How late minutes came goes by the day they were recorded.
                said.findings.remove("9.3-a.p");
                said
            };
            let (one, two) = (said(&history.records), said(&other));
            assert_eq!(one, two, "history {seed}, {asked}");
        }
    }
    let at_least = [
        ("others", 1_000),
        ("risk_assessment", 100),
        ("appointment", 100),
        ("attestation", 50),
        ("declaration", 20),
        ("policy", 20),
        ("meeting", 50),
    ];
    for (sort, least) in at_least {
        assert!(
            all.get(sort).is_some_and(|n| *n >= least),
            "{sort}: {all:?}"
        );
    }
}

#[test]
fn which_of_two_declarations_was_put_first_decides_nothing() {
    let mut history = History::begun(1);
    let system = json!({"title": "A system", "stage": "live"});
    history.put("ai_system", 100, system, None);
    let declares = |days: u32| {
        let tolerances = json!({"awaiting_scope_days": days});
        json!({"title": "Declaration", "tolerances": tolerances})
    };
    let puts = history.events.len();
    assert!(history.put("declaration", DECLARED[0], declares(90), None));
    assert!(history.put("declaration", DECLARED[1], declares(5), None));
    // The one put first is approved last, and so counts.
    for n in [DECLARED[1], DECLARED[0]] {
        history.today = history.today.plus_days(1);
        while history
            .records
            .get(id(n))
            .unwrap()
            .in_force(history.today)
            .is_none()
        {
            history.resolve(ROOT, "approves", (n, 1), &json!({}));
        }
    }
    let mut events = history.events.clone();
    events.swap(puts, puts + 1);
    let (one, other) = (events[puts].clone(), events[puts + 1].clone());
    keep_place(&mut events[puts], &other);
    keep_place(&mut events[puts + 1], &one);
    let other = records(&events);
    let catalogue = catalogue();
    for (days, level) in [(30, None), (89, None), (91, Some("overdue"))] {
        let asked = day(LEDGER_START).plus_days(days);
        let said = |records: &Records| Said::of(&about(records, &catalogue, asked));
        let one = said(&history.records);
        assert_eq!(one, said(&other), "{asked}");
        assert_eq!(
            one.findings.get("4.3-b.o").map(|found| found.0),
            level,
            "{asked}"
        );
    }
}
