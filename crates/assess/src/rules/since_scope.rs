//! Flags beside 4.3-a: what calls for a new look at the scope and came after the last one, once the
//! recording tolerance has passed.

use std::collections::{BTreeSet, HashMap};

use catalogue::{Level, Rule};
use record::{Day, Version};
use serde_json::Value;

use super::system::{self, Place};
use super::{Subject, last_look, scope};
use crate::at::{At, list};
use crate::outcome::{Outcome, Says};

/// Returns the scope in force and the day on which it was last looked at.
fn looked_at<'a>(at: &At<'a>) -> Option<(&'a Version, Day)> {
    let scope = scope::current(at)?;
    Some((scope, last_look(at, scope)?))
}

/// Says of something that it came after another thing was last looked at, and that nobody has looked
/// since within the recording tolerance; nothing where that is not so.
fn flagged(at: &At<'_>, looked: Day, on: Day) -> Option<Outcome> {
    let is_newer = looked < on && at.reached(on.plus_days(at.tolerance()).next());
    is_newer.then(|| {
        let flag = Outcome::fails().at_level(Level::Flag);
        flag.with("date", looked).with("on", on)
    })
}

fn stage(system: &Version) -> Option<&str> {
    system.body().get("stage").and_then(Value::as_str)
}

/// A system in use went live. Of one that awaits its decision 4.3-b.o tells.
pub fn went_live(at: &At<'_>, _: &Rule, subject: &Subject) -> Outcome {
    let system = system::counting(at, subject);
    let Some((system, (scope, looked))) = system.zip(looked_at(at)) else {
        return Outcome::new(Says::Absent);
    };
    let is_live = |version: &&Version| stage(version) == Some("live");
    if !is_live(&system) || system::place(system, scope) == Place::Awaiting {
        return Outcome::new(Says::Absent);
    }
    let changes = at.records.get(system.put.id).map(|one| at.changes(one));
    let versions = changes.iter().flat_map(|changes| changes.iter().copied());
    let live = versions
        .filter(is_live)
        .map(|version| version.put.facts.effective_on);
    let Some(live) = live.min() else {
        return Outcome::new(Says::Absent);
    };
    match flagged(at, looked, live) {
        None => Outcome::holds(),
        Some(flag) => flag.with("case", "older"),
    }
}

/// A system was retired that the scope placed in while it was live.
pub fn retired(at: &At<'_>, _: &Rule, subject: &Subject) -> Outcome {
    let system = system::counting(at, subject);
    let system = system.filter(|system| stage(system) == Some("retired"));
    let Some((system, (scope, looked))) = system.zip(looked_at(at)) else {
        return Outcome::new(Says::Absent);
    };
    let counted = system::counted(at, system.put.id);
    let is_retired = |version: &&&Version| stage(version) == Some("retired");
    let first = counted.iter().take_while(is_retired).last();
    let before = counted.iter().find(|version| !is_retired(version));
    let before = before.filter(|version| stage(version) == Some("live"));
    let was_in = |version: &&&Version| system::place(version, scope) == Place::In;
    let Some((first, _)) = first.zip(before.filter(was_in)) else {
        return Outcome::new(Says::Absent);
    };
    match flagged(at, looked, first.put.facts.effective_on) {
        None => Outcome::holds(),
        Some(flag) => flag.with("case", "retired"),
    }
}

/// Returns every unit that the organisation ever listed.
pub fn units(at: &At<'_>) -> Vec<Subject> {
    let organisations = at.records.of_kind("organisation");
    let versions = organisations.flat_map(|record| &record.versions);
    let listed = versions.flat_map(|version| list(version.body(), "/units"));
    let units: BTreeSet<&str> = listed.filter_map(|unit| unit.get("id")?.as_str()).collect();
    let named = units.into_iter();
    named.map(|unit| Subject::Named(unit.to_owned())).collect()
}

/// The unit that a unit belongs to, if to one; none where it is no unit.
type Belongs<'a> = Option<Option<&'a str>>;

/// Of each unit that was ever one, since which days it has belonged where, from the first day of the
/// organisation on.
pub type Belonging<'a> = HashMap<&'a str, Vec<(Day, Belongs<'a>)>>;

/// Returns where each unit belonged along time: worked out once for all units and days of a reading, as
/// both may be many and each version lists them all.
fn belonging<'s, 'a>(at: &'s At<'a>) -> &'s Belonging<'a> {
    at.once.belonging.get_or_init(|| {
        let listed: Vec<(Day, HashMap<&str, Option<&str>>)> = scope::organised(at)
            .into_iter()
            .map(|(from, version)| (from, parents(version)))
            .collect();
        let units = listed
            .iter()
            .flat_map(|(_, parents)| parents.keys().copied());
        let units: BTreeSet<&str> = units.collect();
        let along = |unit: &str| {
            let mut along: Vec<(Day, Belongs<'a>)> = Vec::new();
            for (from, parents) in &listed {
                let place = parents.get(unit).copied();
                if along.last().is_none_or(|(_, last)| *last != place) {
                    along.push((*from, place));
                }
            }
            along
        };
        units.into_iter().map(|unit| (unit, along(unit))).collect()
    })
}

/// Returns the unit that each unit belongs to in a version of the organisation.
fn parents(organisation: &Version) -> HashMap<&str, Option<&str>> {
    let units = list(organisation.body(), "/units").iter();
    // Of one that is listed twice the first counts.
    let units = units.rev().filter_map(|unit| {
        let parent = unit.get("parent").and_then(Value::as_str);
        Some((unit.get("id")?.as_str()?, parent))
    });
    units.collect()
}

/// A unit came, went, or was moved to another part of the organisation.
pub fn reorganised(at: &At<'_>, _: &Rule, subject: &Subject) -> Outcome {
    let looked = || looked_at(at).map(|(_, looked)| looked);
    changed_since(at, subject, looked).unwrap_or(Outcome::new(Says::Absent))
}

/// Says of a unit whether it came, went, or was moved to another part of the organisation after
/// something was last looked at; of what is no unit, and where nothing was looked at, nothing. What a
/// unit is called is words, which rules do not read.
pub(super) fn changed_since(
    at: &At<'_>,
    subject: &Subject,
    looked: impl FnOnce() -> Option<Day>,
) -> Option<Outcome> {
    let Subject::Named(unit) = subject else {
        return None;
    };
    let along = belonging(at).get(unit.as_str())?;
    // Units may be many, and most were always where they are: of those nothing else is asked.
    if along.len() < 2 {
        return Some(Outcome::holds());
    }
    let looked = looked()?;
    let begun: Vec<(Day, Belongs<'_>)> = along
        .iter()
        .copied()
        .take_while(|(from, _)| at.reached(*from))
        .collect();
    let then = begun.iter().rfind(|(from, _)| *from <= looked);
    let (_, then) = then.copied()?;
    let (_, now) = begun.last().copied()?;
    // The first day of the stretch up to now on which it belongs elsewhere than then.
    let as_then = begun.iter().rposition(|(_, place)| *place == then);
    let since = as_then.and_then(|index| begun.get(index + 1));
    let flag = since.and_then(|(on, _)| flagged(at, looked, *on));
    let case = match (then, now) {
        (None, None) => return None,
        (None, Some(_)) => "unit_added",
        (Some(_), None) => "unit_dropped",
        (Some(_), Some(_)) => "unit_moved",
    };
    Some(flag.map_or_else(Outcome::holds, |flag| flag.with("case", case)))
}
