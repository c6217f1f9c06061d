//! 4.1 and 4.3 for each AI system: its roles and purpose, and its place in the scope.

use catalogue::{Level, Rule};
use record::{Cite, Record, Version};
use serde_json::Value;
use uuid::Uuid;

use super::{Subject, last_look, scope};
use crate::at::{At, id, list, stated};
use crate::outcome::{Outcome, Says};

/// Where a system stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In scope.
    In,
    /// Out of scope.
    Out,
    /// No criterion places it, and nobody has.
    Awaiting,
}

/// Returns the version of a system that counts on the day.
pub fn counting<'a>(at: &At<'a>, subject: &Subject) -> Option<&'a Version> {
    let Subject::Record(id) = subject else {
        return None;
    };
    at.records.get(*id).and_then(|record| at.counting(record))
}

/// 4.1-c: the system's role set and intended purpose are on record.
pub fn role_and_purpose(at: &At<'_>, _: &Rule, subject: &Subject) -> Outcome {
    let Some(system) = counting(at, subject) else {
        return Outcome::new(Says::Absent);
    };
    let body = system.body();
    let (roles, purpose) = (stated(body, "/roles"), stated(body, "/purpose"));
    let repeats = purpose && body.get("purpose_is_description") == Some(&Value::Bool(true));
    match roles && repeats {
        true => Outcome::fails().with("case", "description"),
        false => Outcome::when(roles && purpose && !repeats),
    }
}

/// Returns where a scope places a system, and whether a person has looked: a departure is a
/// person's; what the criteria say is inherited until confirmed.
pub fn place(at: &At<'_>, system: &Version, scope: &Version) -> (Place, bool) {
    let body = system.body();
    let word = |says: Option<&Value>| match says.and_then(Value::as_str) {
        Some("in") => Place::In,
        Some("out") => Place::Out,
        _ => Place::Awaiting,
    };
    if let Some(departure) = body.get("scope").filter(|one| one.is_object()) {
        // What nobody with a name departed from, nobody has confirmed.
        return (word(departure.get("says")), system.put.facts.by.is_some());
    }
    let criterion = list(scope.body(), "/criteria")
        .iter()
        .find(|criterion| matches(criterion, body));
    match criterion {
        None => (Place::Awaiting, false),
        Some(criterion) => (word(criterion.get("says")), confirmed_by(at, system, scope)),
    }
}

/// A flag beside 4.3-a: a system in use went live after the scope was last looked at, and the
/// recording tolerance has passed. Of one that awaits its decision 4.3-b.o tells.
pub fn newer_than_scope(at: &At<'_>, _: &Rule, subject: &Subject) -> Outcome {
    let (Some(system), Some(scope)) = (counting(at, subject), scope::current(at)) else {
        return Outcome::new(Says::Absent);
    };
    let is_live =
        |version: &&Version| version.body().get("stage").and_then(Value::as_str) == Some("live");
    if !is_live(&system) || place(at, system, scope).0 == Place::Awaiting {
        return Outcome::new(Says::Absent);
    }
    let versions = at
        .records
        .get(system.put.id)
        .into_iter()
        .flat_map(Record::standing);
    let live = versions
        .filter(is_live)
        .map(|version| version.put.facts.effective_on);
    let (Some(live), Some(looked)) = (live.min(), last_look(at, scope)) else {
        return Outcome::new(Says::Absent);
    };
    let is_newer = live > looked && at.reached(live.plus_days(at.tolerance()).next());
    if !is_newer {
        return Outcome::holds();
    }
    Outcome::fails()
        .with("case", "older")
        .with("date", looked)
        .with("on", live)
        .at_level(Level::Flag)
}

const READ_BY_CRITERIA: [&str; 4] = ["unit", "origin", "roles", "stage"];

fn matches(criterion: &Value, system: &Value) -> bool {
    READ_BY_CRITERIA.iter().all(|field| {
        let wanted = list(criterion, &format!("/{field}"));
        let has = |value: &Value| wanted.contains(value);
        wanted.is_empty()
            || match system.get(*field) {
                Some(Value::Array(values)) => values.iter().any(has),
                Some(value) => has(value),
                None => false,
            }
    })
}

/// A confirmation lasts until a field that the criteria read changes.
fn confirmed_by(at: &At<'_>, system: &Version, scope: &Version) -> bool {
    scope
        .moved("confirm")
        .filter(|event| at.reached(event.facts.effective_on))
        .any(|event| {
            list(&event.facts.body, "/systems")
                .iter()
                .filter(|cite| id(cite, "/id") == Some(system.put.id))
                .filter_map(|cite| serde_json::from_value::<Cite>(cite.clone()).ok())
                .filter_map(|cite| at.records.cited(cite))
                .any(|seen| {
                    READ_BY_CRITERIA
                        .iter()
                        .all(|field| seen.body().get(*field) == system.body().get(*field))
                })
        })
}

/// Returns whether a system is in the register and placed by the scope in force.
pub fn decided(at: &At<'_>, system: Uuid) -> bool {
    let version = at
        .records
        .get(system)
        .and_then(|record| at.counting(record));
    match (version, scope::current(at)) {
        (Some(version), Some(scope)) => place(at, version, scope).0 != Place::Awaiting,
        _ => false,
    }
}

/// 4.3-b: inherited decisions are confirmed by a person.
pub fn confirmed(at: &At<'_>, _: &Rule, subject: &Subject) -> Outcome {
    let (Some(system), Some(scope)) = (counting(at, subject), scope::current(at)) else {
        return Outcome::new(Says::Absent);
    };
    match place(at, system, scope) {
        (Place::Awaiting, _) => Outcome::new(Says::Absent),
        (_, confirmed) => Outcome::when(confirmed),
    }
}

/// 4.3-b.o: a system that the criteria cannot place awaits its decision no longer than the
/// declared time.
pub fn awaiting(at: &At<'_>, rule: &Rule, subject: &Subject) -> Outcome {
    let Some(system) = counting(at, subject) else {
        return Outcome::new(Says::Absent);
    };
    let placed = scope::current(at).map(|scope| place(at, system, scope).0);
    if placed.is_some_and(|place| place != Place::Awaiting) {
        return Outcome::holds();
    }
    let Some(limit) = at.declared("/tolerances/awaiting_scope_days", rule.default_days) else {
        return Outcome::new(Says::Absent);
    };
    let recorded_on = at
        .records
        .get(system.put.id)
        .map_or(system.put.recorded_on, |record| {
            record
                .versions
                .first()
                .map_or(system.put.recorded_on, |first| first.put.recorded_on)
        });
    if !at.reached(recorded_on.plus_days(limit.n).next()) {
        return Outcome::new(Says::NotDue);
    }
    let overdue = Outcome::fails().with("days", limit.n);
    if limit.own {
        overdue
    } else {
        overdue.at_level(Level::Reservation)
    }
}
