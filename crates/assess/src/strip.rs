//! The five answers along time: what the strips show.

use std::collections::BTreeMap;

use catalogue::Catalogue;
use record::{Day, Event, Records};

use crate::at::At;
use crate::five::{self, Words};
use crate::status::tallies;

/// Each answer's words from each day on which one changes.
pub type StripOf = BTreeMap<String, Vec<(Day, &'static str, &'static str)>>;

/// Returns the first day of the AI management system: the one the ledger began with, or an
/// earlier one declared since.
pub fn aims_start(began_with: Day, records: &Records) -> Day {
    let declared = records
        .of_kind("declaration")
        .flat_map(record::Record::standing)
        .filter(|version| version.approval().is_some())
        .filter_map(|version| crate::at::day(version.body(), "/aims_start"));
    declared.chain([began_with]).min().unwrap_or(began_with)
}

/// Returns the answers through a day, all as known from these records.
pub fn strip(records: &Records, catalogue: &Catalogue, start: Day, through: Day) -> StripOf {
    words(records, catalogue, start, through)
        .into_iter()
        .map(|(id, steps)| {
            (
                id,
                steps
                    .into_iter()
                    .map(|(day, words)| (day, words.in_hand, words.holds))
                    .collect(),
            )
        })
        .collect()
}

fn words(
    records: &Records,
    catalogue: &Catalogue,
    start: Day,
    through: Day,
) -> BTreeMap<String, Vec<(Day, Words)>> {
    let at = At::new(records, start, through, through);
    let tallies = tallies(&at, catalogue);
    catalogue
        .five
        .iter()
        .map(|answer| {
            (
                answer.id.clone(),
                five::steps(&at, catalogue, answer, &tallies)
                    .iter()
                    .copied()
                    .collect(),
            )
        })
        .collect()
}

/// Returns the answers through a day, each stretch as known then: what could have been handed
/// over on that day. Before the ledger's start nothing could.
pub fn strip_as_known_then(
    events: Vec<Event>,
    catalogue: &Catalogue,
    start: Day,
    through: Day,
) -> StripOf {
    let mut found: BTreeMap<String, Vec<(Day, Words)>> = catalogue
        .five
        .iter()
        .map(|answer| (answer.id.clone(), vec![(start, Words::NO)]))
        .collect();
    let mut records = Records::default();
    let mut events = events.into_iter().peekable();
    while let Some(event) = events.next() {
        let day = event.recorded_on;
        records.add(event);
        // Only the end of a day is asked about.
        if events.peek().is_some_and(|next| next.recorded_on == day) {
            continue;
        }
        let until = events
            .peek()
            .map_or(through, |next| next.recorded_on.plus_days(-1));
        for (id, steps) in words(&records, catalogue, start, until) {
            let tail = found.entry(id).or_default();
            let before = steps
                .iter()
                .rev()
                .find(|(from, _)| *from <= day)
                .map(|(_, words)| (day, *words));
            tail.extend(
                before
                    .into_iter()
                    .chain(steps.into_iter().filter(|(from, _)| *from > day)),
            );
        }
    }
    found
        .into_iter()
        .map(|(id, mut steps)| {
            steps.dedup_by(|later, earlier| later.1 == earlier.1);
            (
                id,
                steps
                    .into_iter()
                    .map(|(day, words)| (day, words.in_hand, words.holds))
                    .collect(),
            )
        })
        .collect()
}
