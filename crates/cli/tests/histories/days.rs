//! Each day asked apart gives what the timeline gives, and `since` is exact.

use std::collections::{BTreeMap, BTreeSet};

use record::{Day, Records};

use crate::acts::generated;
use crate::asked::{Said, about, along, apart, catalogue, sinces};
use crate::history::{AIMS_START, HISTORIES, day};

#[test]
fn the_timeline_says_of_each_day_what_that_day_says_itself() {
    let catalogue = catalogue();
    for seed in 0..HISTORIES {
        let mut history = generated(seed);
        let end = history.today.plus_days(500);
        let whole = along(&history.records, &catalogue, end);
        let length = end.days_since(day(AIMS_START));
        for _ in 0..15 {
            let asked = day(AIMS_START).plus_days(history.dice.days(length.unsigned_abs()));
            let asked_along = Said::of(&about(&history.records, &catalogue, asked));
            let alone = Said::of(&apart(&history.records, &catalogue, asked));
            assert_eq!(asked_along, alone, "history {seed}, {asked}");
            for (id, steps) in &whole {
                let index = steps.partition_point(|(from, ..)| *from <= asked) - 1;
                let (_, in_hand, holds) = steps[index];
                let expected = asked_along.five[id];
                assert_eq!((in_hand, holds), expected, "history {seed}, {asked}");
            }
        }
    }
}

/// The word that each `since` is of.
fn words(records: &Records, asked: Day) -> BTreeMap<String, String> {
    let said = Said::of(&about(records, &catalogue(), asked));
    let verdicts = said
        .verdicts
        .iter()
        .map(|(id, verdict)| (id.clone(), (*verdict).to_owned()));
    let five = said
        .five
        .iter()
        .map(|(id, words)| (id.clone(), format!("{words:?}")));
    let findings = said
        .findings
        .iter()
        .map(|(rule, found)| (format!("finding {rule}"), found.0.to_owned()));
    verdicts.chain(five).chain(findings).collect()
}

#[test]
fn since_is_the_first_day_of_the_word() {
    for seed in 0..HISTORIES {
        let mut history = generated(seed);
        let length = history.today.days_since(day(AIMS_START)) + 400;
        let mut days: BTreeMap<Day, BTreeMap<String, String>> = BTreeMap::new();
        for _ in 0..2 {
            let asked = day(AIMS_START).plus_days(history.dice.days(length.unsigned_abs()));
            let now = words(&history.records, asked);
            let status = about(&history.records, &catalogue(), asked);
            for (id, since) in sinces(&status) {
                let Some(since) = since else { continue };
                let mut on = |day: Day| -> Option<String> {
                    let said = days
                        .entry(day)
                        .or_insert_with(|| words(&history.records, day));
                    said.get(&id).cloned()
                };
                let place = format!("history {seed}, about {asked}: {id} since {since}");
                assert_eq!(on(since).as_ref(), now.get(&id), "{place}");
                if since > day(AIMS_START) {
                    assert_ne!(on(since.plus_days(-1)).as_ref(), now.get(&id), "{place}");
                }
            }
        }
    }
}

#[test]
fn the_histories_meet_every_word() {
    let mut met = BTreeSet::new();
    for seed in 0..HISTORIES {
        let mut history = generated(seed);
        let length = history.today.days_since(day(AIMS_START)) + 400;
        for _ in 0..4 {
            let asked = day(AIMS_START).plus_days(history.dice.days(length.unsigned_abs()));
            let status = about(&history.records, &catalogue(), asked);
            met.extend(status.slots.iter().map(|slot| slot.state.to_owned()));
            let said = Said::of(&status);
            met.extend(said.verdicts.values().map(|verdict| (*verdict).to_owned()));
            met.extend(
                said.five
                    .iter()
                    .map(|(id, words)| format!("{id} {words:?}")),
            );
            let findings = said.findings.iter();
            met.extend(findings.map(|(rule, found)| format!("{rule} {}", found.0)));
        }
    }
    let words = [
        "shown",
        "not_shown",
        "not_known",
        "not_due",
        "to_come",
        "open",
        "awaiting_record",
        "held",
        "held_late",
        "moved",
        "empty",
        "8.2.o overdue",
        "4.3-b.o reservation",
        "policy (\"yes\", \"no\")",
        "scope (\"yes\", \"unknown\")",
        "owner (\"yes\", \"yes\")",
        "risk_assessment (\"not_due\", \"unknown\")",
        "management_review (\"yes\", \"yes\")",
    ];
    for word in words {
        assert!(met.contains(word), "{word}: {met:?}");
    }
}
