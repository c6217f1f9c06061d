//! What a confirmation of the scope's criteria leaves unconfirmed.

use std::sync::Arc;

use record::{Cite, Event, Records, State};

use crate::at::{At, list, stated};
use crate::rules::system::{Place, counting_of, is_confirmed, place};

/// What a confirmation does not do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unconfirmed {
    /// It is of a version whose place this one has taken: it counts for nothing.
    Superseded(Cite),
    /// It is of a version that is over, and no other is in force: it counts for nothing.
    Over,
    /// These versions of systems count now, and the criteria place them by other values than those
    /// that were confirmed.
    Newer(Vec<Cite>),
}

/// Returns what a move that confirms systems on a version of a scope leaves unconfirmed, by the
/// records before it; of systems, those that are among the records.
pub fn unconfirmed(records: &Records, event: &Event) -> Option<Unconfirmed> {
    let confirms = &*event.kind == "scope" && &*event.name == "confirm";
    let record = records.get(event.id).filter(|_| confirms)?;
    let version = record.version(event.version)?;
    let (on, today) = (event.facts.effective_on, event.recorded_on);
    let counted = |day| record.state(version, day, true) == State::InForce;
    let other = record
        .in_force(today)
        .filter(|_| !counted(on) && !counted(today));
    // What is proposed is confirmed beforehand.
    let to_come = record.state(version, today, true) == State::Proposed;
    let other = other.filter(|other| !to_come || other.number() > version.number());
    if let Some(other) = other {
        return Some(Unconfirmed::Superseded(other.cite()));
    }
    let is_over = [on, today].iter().all(|day| {
        let state = record.state(version, *day, true);
        matches!(state, State::Ended | State::Superseded)
    });
    if is_over {
        return Some(Unconfirmed::Over);
    }
    let mut scope = version.clone();
    scope.add_move(Arc::new(event.clone()));
    let day = on.max(today);
    let at = At::new(records, day, day, day);
    let systems = list(&event.facts.body, "/systems").iter();
    let newer = systems.filter_map(|cite| {
        let cite: Cite = serde_json::from_value(cite.clone()).ok()?;
        let system = counting_of(&at, cite.id)?;
        // What departs from the criteria is placed by whoever says so, and one that is to come not yet.
        let by_criteria =
            !stated(system.body(), "/scope") && place(system, &scope) != Place::Awaiting;
        let is_newer = system.number() > cite.version;
        (is_newer && by_criteria && !is_confirmed(&at, system, &scope)).then(|| system.cite())
    });
    let newer: Vec<Cite> = newer.collect();
    (!newer.is_empty()).then_some(Unconfirmed::Newer(newer))
}
