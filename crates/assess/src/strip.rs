//! The five answers along time: what the strips show.

use std::collections::BTreeMap;

use catalogue::Catalogue;
use record::{Day, Records};

use crate::five::{self, Said, Words};

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

/// Returns the answers from the AIMS's start through a day, from what each question says along
/// time. Before the first thing known, nothing could be handed over.
pub fn strip(said: &Said<'_>, catalogue: &Catalogue, start: Day, through: Day) -> StripOf {
    let of = |answer| {
        let steps = five::steps(answer, said);
        let first = steps.days().next().is_none_or(|first| first > start);
        let before = first.then_some((start, Words::NO));
        let mut along: Vec<(Day, Words)> = before
            .into_iter()
            .chain(steps.iter().copied().filter(|(day, _)| *day <= through))
            .collect();
        along.dedup_by(|later, earlier| later.1 == earlier.1);
        along
            .into_iter()
            .map(|(day, words)| (day, words.in_hand, words.holds))
            .collect()
    };
    catalogue
        .five
        .iter()
        .map(|answer| (answer.id.clone(), of(answer)))
        .collect()
}
