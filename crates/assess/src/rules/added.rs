//! What a later version of an assessment takes in that the first did not name.

use catalogue::Level;
use record::{Day, Version};
use uuid::Uuid;

use crate::at::{At, day, id, list};
use crate::evidence::{Came, LATE, provenance};
use crate::outcome::Outcome;

/// Says of an assessment, and of its day, that only a later version of it names a system, and that
/// it was recorded after the tolerance. One of another day is another assessment.
pub(crate) fn later(
    at: &At<'_>,
    system: Uuid,
    (on, assessment): (Day, &Version),
) -> Option<Outcome> {
    let names = |version: &&Version| {
        let mut cites = list(version.body(), "/systems").iter();
        cites.any(|cite| id(cite, "/id") == Some(system))
    };
    let record = at.records.get(assessment.put.id)?;
    let told = |version: &&Version| day(version.body(), "/assessed_on") == Some(on);
    let mut versions = record.standing().filter(told);
    let first = versions.next().filter(|first| !names(first))?;
    let put = &versions.find(names)?.put;
    let came = Came {
        recorded_on: put.recorded_on,
        done: on,
        earliest: on.min(first.put.facts.effective_on),
        brought_in: put.facts.brought_in.is_some(),
    };
    if provenance(at, &came) != LATE {
        return None;
    }
    let of_system = at.records.get(system)?.standing();
    let days = of_system.map(|version| version.put.facts.effective_on);
    let marked = Outcome::fails()
        .with("date", on)
        .with("on", put.recorded_on)
        .at_level(Level::Reservation);
    Some(match days.min().filter(|first| *first > on) {
        Some(first) => marked.with("case", "newer").with("first", first),
        None => marked.with("case", "added"),
    })
}
