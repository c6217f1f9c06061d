//! 4.3: the scope, its review, its approval, and the units' attestations.

use catalogue::{Level, Rule};
use record::approve::Approver;
use record::{Day, Version};
use serde_json::Value;

use super::{Subject, due_review, overdue};
use crate::at::{At, day, id, list, stated};
use crate::outcome::{Outcome, Says};
use crate::rules::system;

/// Returns the scope in force.
pub fn current<'a>(at: &At<'a>) -> Option<&'a Version> {
    at.latest_in_force("scope")
}

/// 4.3-a: an approved scope is in force and states what it must.
pub fn in_force(at: &At<'_>, rule: &Rule, _: &Subject) -> Outcome {
    let Some(scope) = current(at) else {
        return Outcome::fails()
            .with("date", at.start)
            .with("missing", "scope");
    };
    let body = scope.body();
    let says = |need: &String| match need.as_str() {
        "exclusions" => stated(body, "/exclusions") || stated(body, "/no_exclusions_because"),
        need => stated(body, &format!("/{need}")),
    };
    let missing: Vec<&str> = rule
        .with
        .needs
        .iter()
        .filter(|need| !says(need))
        .map(String::as_str)
        .collect();
    match missing.is_empty() {
        true => Outcome::holds(),
        false => Outcome::fails()
            .with("date", at.start)
            .with("missing", missing.join(", ")),
    }
}

/// 4.3-a.o: the scope is reviewed by its date.
pub fn reviewed(at: &At<'_>, rule: &Rule, _: &Subject) -> Outcome {
    match current(at) {
        None => Outcome::new(Says::NotDue),
        Some(scope) => overdue(
            at,
            due_review(at, scope, "/intervals/scope_months", rule.default_months),
        ),
    }
}

/// 4.3-a.p: the scope was approved by top management, its delegate, or a resolution.
pub fn approved_by(at: &At<'_>, _: &Rule, _: &Subject) -> Outcome {
    let Some((approval, _)) = current(at).and_then(Version::approval) else {
        return Outcome::new(Says::NotDue);
    };
    match approval.by {
        Approver::Body { body, .. } if !at.is_top(body, approval.decided_on) => Outcome::fails()
            .with("approver", body)
            .with("date", approval.decided_on),
        // A person approves only with a power that top management gave.
        _ => Outcome::holds(),
    }
}

/// Returns every unit that any scope names.
pub fn units(at: &At<'_>) -> Vec<Subject> {
    let mut units: Vec<Subject> = at
        .records
        .of_kind("scope")
        .flat_map(|scope| &scope.versions)
        .flat_map(|version| list(version.body(), "/units"))
        .filter_map(Value::as_str)
        .map(|unit| Subject::Named(unit.to_owned()))
        .collect();
    units.sort();
    units.dedup();
    units
}

/// 4.3-c: the unit's head attested within the interval that its list of systems is complete.
pub fn attested(at: &At<'_>, rule: &Rule, subject: &Subject) -> Outcome {
    let Subject::Named(unit) = subject else {
        return Outcome::new(Says::Absent);
    };
    let Some(covered_since) = covered_since(at, unit) else {
        return Outcome::new(Says::Absent);
    };
    let Some(interval) = at.declared("/intervals/attestation_months", rule.default_months) else {
        return Outcome::new(Says::Absent);
    };
    let newest = attestations(at, unit).max();
    let due = newest.unwrap_or(covered_since).plus_months(interval.n);
    if !at.reached(due.next()) {
        return if newest.is_some() {
            Outcome::holds()
        } else {
            Outcome::new(Says::NotDue)
        };
    }
    let since = due.next();
    let open = Outcome::new(Says::Fails)
        .with("date", since)
        .with("unit", unit.clone());
    // An interval that nobody declared is custom's: it leaves scope's word alone.
    if interval.own {
        open
    } else {
        open.at_level(Level::Reservation)
    }
}

/// Returns the day since which the scope in force, or those before it without a break,
/// name the unit.
fn covered_since(at: &At<'_>, unit: &str) -> Option<Day> {
    let names = |version: &Version| {
        list(version.body(), "/units")
            .iter()
            .any(|one| one.as_str() == Some(unit))
    };
    current(at).filter(|scope| names(scope))?;
    let mut from: Vec<(Day, bool)> = at
        .records
        .of_kind("scope")
        .flat_map(record::Record::standing)
        .filter_map(|version| Some((version.in_force_from()?, names(version))))
        .filter(|(day, _)| at.reached(*day))
        .collect();
    from.sort_by_key(|(day, _)| *day);
    let broken = from
        .iter()
        .rposition(|(_, named)| !named)
        .map_or(0, |index| index + 1);
    from.get(broken).map(|(day, _)| *day)
}

/// Returns the days of attestations that count: one naming a missing system counts from the
/// day that system is in the register and decided.
fn attestations<'a>(at: &'a At<'_>, unit: &'a str) -> impl Iterator<Item = Day> + 'a {
    at.records.of_kind("attestation").filter_map(move |record| {
        let version = at.counting(record)?;
        let body = version.body();
        if body.get("unit").and_then(Value::as_str) != Some(unit) {
            return None;
        }
        let attested_on = day(body, "/attested_on").filter(|day| at.reached(*day))?;
        let decided = list(body, "/missing").iter().all(|missing| {
            id(missing, "/system").is_some_and(|system| system::decided(at, system))
        });
        decided.then_some(attested_on)
    })
}
