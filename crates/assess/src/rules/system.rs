//! 4.1 and 4.3 for each AI system: its roles and purpose, and its place in the scope.

use std::collections::BTreeSet;

use catalogue::{Level, Rule};
use record::{Day, Record, Version};
use serde_json::Value;
use uuid::Uuid;

use super::stretched::{Changed, changed_due, with_first};
use super::{Subject, scope};
use crate::at::{At, list, stated};
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

/// Returns the version of a system that counts on the day, or an earlier one that says the same to
/// every rule.
pub fn counting<'a>(at: &At<'a>, subject: &Subject) -> Option<&'a Version> {
    match subject {
        Subject::Record(id) => counting_of(at, *id),
        _ => None,
    }
}

pub fn counting_of<'a>(at: &At<'a>, system: Uuid) -> Option<&'a Version> {
    let changes = at.changes(at.records.get(system)?);
    let mut newest_first = changes.iter().rev().copied();
    newest_first.find(|version| at.reached(version.put.facts.effective_on))
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

/// Returns where a scope places a system: as somebody departed from its criteria, or as they say.
pub fn place(system: &Version, scope: &Version) -> Place {
    let placed = departure(system).or_else(|| placed_by(system, scope));
    match placed.and_then(|by| by.get("says")?.as_str()) {
        Some("in") => Place::In,
        Some("out") => Place::Out,
        _ => Place::Awaiting,
    }
}

/// Returns whether a person has looked at where a scope places a system: a departure is a person's; what
/// the criteria say is inherited until confirmed.
pub fn is_confirmed(at: &At<'_>, system: &Version, scope: &Version) -> bool {
    match departure(system) {
        // What nobody with a name departed from, nobody has confirmed.
        Some(_) => system.put.facts.by.is_some(),
        None => placed_by(system, scope).is_some() && confirmed_by(at, system, scope),
    }
}

/// Returns how a system departs from the criteria of the scope, if it does.
fn departure(system: &Version) -> Option<&Value> {
    system.body().get("scope").filter(|one| one.is_object())
}

/// Returns the criterion of a scope that a system goes by: the first that matches.
fn placed_by<'s>(system: &Version, scope: &'s Version) -> Option<&'s Value> {
    let mut criteria = list(scope.body(), "/criteria").iter();
    criteria.find(|criterion| matches(criterion, system.body()))
}

const READ_BY_CRITERIA: [&str; 4] = ["unit", "origin", "roles", "stage"];

/// Returns what a criterion names in a field.
fn named<'c>(criterion: &'c Value, field: &str) -> &'c [Value] {
    let named = criterion.get(field).and_then(Value::as_array);
    named.map_or(&[], Vec::as_slice)
}

fn matches(criterion: &Value, system: &Value) -> bool {
    READ_BY_CRITERIA.iter().all(|field| {
        let wanted = named(criterion, field);
        let has = |value: &Value| wanted.contains(value);
        wanted.is_empty()
            || match system.get(*field) {
                Some(Value::Array(values)) => values.iter().any(has),
                Some(value) => has(value),
                None => false,
            }
    })
}

/// A confirmation lasts until a field that the scope's criteria read changes; changed back, it is
/// not as if nobody had to look again.
fn confirmed_by(at: &At<'_>, system: &Version, scope: &Version) -> bool {
    let read = read_by(scope);
    let same = |one: &Version, other: &Version| {
        let mut fields = read.iter();
        fields.all(|field| values(one.body(), field) == values(other.body(), field))
    };
    let confirmed = scope
        .moves_citing(system.put.id)
        .filter(|(event, _)| &*event.name == "confirm" && at.reached(event.facts.effective_on));
    let mut seen = confirmed.filter_map(|(_, cite)| at.records.cited(cite));
    seen.any(|seen| {
        let mut since = counted_between(at, seen, system).into_iter();
        same(seen, system) && since.all(|version| same(seen, version))
    })
}

/// Returns the fields that some criterion of a scope names.
fn read_by(scope: &Version) -> Vec<&'static str> {
    let criteria = list(scope.body(), "/criteria");
    let names = |field: &&str| {
        let mut criteria = criteria.iter();
        criteria.any(|criterion| !named(criterion, field).is_empty())
    };
    READ_BY_CRITERIA.into_iter().filter(names).collect()
}

/// Returns what a system says in a field: of several things, in whatever order.
fn values<'v>(system: &'v Value, field: &str) -> BTreeSet<&'v str> {
    let said = system.get(field);
    let several = said.and_then(Value::as_array).into_iter().flatten();
    several.chain(said).filter_map(Value::as_str).collect()
}

/// Returns the versions of a system that counted on some day after the one that was seen and
/// before the one that counts now. One whose day a newer took before it never did.
fn counted_between<'a>(at: &At<'a>, seen: &Version, now: &Version) -> Vec<&'a Version> {
    let record = at.records.get(now.put.id);
    let versions = record.into_iter().flat_map(Record::standing).rev();
    let between = seen.number()..now.number();
    let mut until = now.put.facts.effective_on;
    let mut counted = Vec::new();
    for version in versions.filter(|one| between.contains(&one.number())) {
        let from = version.put.facts.effective_on;
        if from < until {
            until = from;
            counted.push(version);
        }
    }
    counted
}

/// Returns the versions of a system that have counted on some day so far, the newest first. One
/// whose day a newer took before it never did.
pub fn counted<'a>(at: &At<'a>, system: Uuid) -> Vec<&'a Version> {
    let changes = at.records.get(system).map(|one| at.changes(one));
    let newest_first = changes.iter().flat_map(|changes| changes.iter().rev());
    let mut counted: Vec<&Version> = Vec::new();
    for version in newest_first.copied() {
        let day = version.put.facts.effective_on;
        let next = counted.last().map(|next| next.put.facts.effective_on);
        if next.is_none_or(|next| day < next) && at.reached(day) {
            counted.push(version);
        }
    }
    counted
}

/// Returns whether a system is gone: retired, or withdrawn.
pub fn gone(at: &At<'_>, system: Uuid) -> bool {
    match counting_of(at, system) {
        Some(version) => version.body().get("stage").and_then(Value::as_str) == Some("retired"),
        None => withdrawn(at, system),
    }
}

/// Returns whether a system was entered in error: nothing of it stands.
pub fn withdrawn(at: &At<'_>, system: Uuid) -> bool {
    let record = at.records.get(system);
    record.is_some_and(|record| record.standing().next().is_none())
}

/// Returns whether something is so about the day, or was on one from a day on.
pub fn was_since(at: &At<'_>, first: Day, is_so: impl Fn(&At<'_>) -> bool) -> bool {
    if is_so(at) {
        return true;
    }
    let mut day = first;
    loop {
        let then = at.on(day);
        if is_so(&then) {
            return true;
        }
        match then.next().filter(|next| *next <= at.day) {
            Some(next) => day = next,
            None => return false,
        }
    }
}

/// Returns whether a system is in the register and placed by the scope in force.
pub fn decided(at: &At<'_>, system: Uuid) -> bool {
    match (counting_of(at, system), scope::current(at)) {
        (Some(version), Some(scope)) => place(version, scope) != Place::Awaiting,
        _ => false,
    }
}

/// 4.3-b: inherited decisions are confirmed by a person.
pub fn confirmed(at: &At<'_>, _: &Rule, subject: &Subject) -> Outcome {
    let (Some(system), Some(scope)) = (counting(at, subject), scope::current(at)) else {
        return Outcome::new(Says::Absent);
    };
    match place(system, scope) {
        Place::Awaiting => Outcome::new(Says::Absent),
        Place::In | Place::Out => Outcome::when(is_confirmed(at, system, scope)),
    }
}

/// Returns since when a system that nothing places waits: since it was recorded, not counting what
/// was entered in error, or since what placed it last no longer does.
fn waiting_since(at: &At<'_>, system: &Version) -> Day {
    let id = system.put.id;
    let mut versions = at.records.get(id).into_iter().flat_map(Record::standing);
    let first = versions.next().unwrap_or(system);
    let recorded_on = first.put.recorded_on;
    let since = so_since(at, recorded_on, |at| !decided(at, id));
    since.unwrap_or(recorded_on)
}

/// Returns the day since which something has been so without a break up to the day asked about,
/// looked at from a day on; none where it is not so.
pub fn so_since(at: &At<'_>, first: Day, is_so: impl Fn(&At<'_>) -> bool) -> Option<Day> {
    since(&so_along(at, (first, at.day), is_so))
}

/// What is asked about the assessment of a system, last made on a day, on each day from that one on. Of
/// an interval of their own every rule says the same, and only one has one of custom's.
pub(crate) type SoAsked = (Uuid, Day, So);

/// What is asked about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum So {
    /// Whether the newest by then is overdue, by an interval of their own.
    OverdueByOwn,
    /// Whether it is overdue by custom's.
    OverdueByCustom,
    /// Whether the one of that day is overdue, by an interval of their own.
    LastOverdueByOwn,
}

/// Returns the same as `so_since`, worked out once for all days of a reading.
pub(super) fn so_since_once(
    at: &At<'_>,
    asked: SoAsked,
    is_so: impl Fn(&At<'_>) -> bool,
) -> Option<Day> {
    // Timelines run to the horizon; a day after it is asked about alone.
    if at.horizon < at.day {
        return so_since(at, asked.1, is_so);
    }
    let days = (asked.1, at.horizon);
    let along = at
        .once
        .so_along
        .get_or(asked, || so_along(at, days, is_so).into());
    let begun = along.partition_point(|(from, _)| *from <= at.day);
    since(along.get(..begun)?)
}

/// Returns from which days on something is so, and is not, of those from the first to the last.
fn so_along(
    at: &At<'_>,
    (first, last): (Day, Day),
    is_so: impl Fn(&At<'_>) -> bool,
) -> Vec<(Day, bool)> {
    let mut along: Vec<(Day, bool)> = Vec::new();
    let mut day = first;
    loop {
        let then = at.on(day);
        let so = is_so(&then);
        if along.last().is_none_or(|(_, before)| *before != so) {
            along.push((day, so));
        }
        match then.next().filter(|next| *next <= last) {
            Some(next) => day = next,
            None => return along,
        }
    }
}

/// Returns since when something is so at the end of those days.
fn since(along: &[(Day, bool)]) -> Option<Day> {
    let last = along.last().filter(|(_, is_so)| *is_so);
    last.map(|(from, _)| *from)
}

const AWAITING_DAYS: &str = "/tolerances/awaiting_scope_days";

/// 4.3-b.o: a system that the criteria cannot place awaits its decision no longer than the
/// declared time.
pub fn awaiting(at: &At<'_>, rule: &Rule, subject: &Subject) -> Outcome {
    let Some(system) = counting(at, subject) else {
        return Outcome::new(Says::Absent);
    };
    let placed = scope::current(at).map(|scope| place(system, scope));
    if placed.is_some_and(|place| place != Place::Awaiting) {
        return Outcome::holds();
    }
    let Some(limit) = at.declared(AWAITING_DAYS, rule.default_days) else {
        return Outcome::new(Says::Absent);
    };
    let since = waiting_since(at, system);
    let due = since.plus_days(limit.n);
    let is_overdue = at.reached(due.next());
    let changes = changed_due(at, since, |at| {
        let own = at.declared(AWAITING_DAYS, None)?;
        Some((since.plus_days(own.n), own.by))
    });
    let own_due = Some(due).filter(|_| limit.own);
    match changes.last {
        // By their own time it was overdue, which says more than custom's.
        Some(Changed::Mended(change)) if !is_overdue || !limit.own => {
            let first = changes.first.filter(|one| *one != change.missed);
            return with_first(change.mended_until(own_due), first);
        }
        _ if is_overdue => {}
        _ => {
            let awaits = Outcome::new(Says::NotDue);
            return own_due.map_or(awaits.clone(), |due| awaits.with(scope::DUE, due));
        }
    }
    let overdue = Outcome::fails().with("days", limit.n);
    let overdue = with_first(overdue, changes.first);
    if limit.own {
        overdue
    } else {
        overdue.at_level(Level::Reservation)
    }
}
