//! The attestations of a unit that its list of systems is complete, and which of them count.

use std::collections::{BTreeSet, HashMap};

use catalogue::Level;
use record::{Day, Record, Records, Version};
use serde_json::Value;
use uuid::Uuid;

use super::scope::ATTESTATION;
use super::{owner, rescinded, system};
use crate::at::{At, day, id, id_of, list};
use crate::outcome::Outcome;
use crate::sentence::Param;

/// Who put an attestation on record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Put {
    /// Whoever made it; or it was brought in, and is marked so.
    ByItsMaker,
    /// Another person.
    By(Uuid),
    /// The local operator without a name.
    ByOperator,
}

/// An attestation of a unit's list of systems.
pub(super) struct Attested<'a> {
    pub on: Day,
    pub version: &'a Version,
    pub put: Put,
    /// Who made it, where that is nobody who headed the unit on that day.
    pub by_another: Option<Uuid>,
    /// When an appointment by which they did was rescinded, with a last day before that day; and that
    /// last day.
    rescinded: Option<(Day, Day)>,
    /// Whether each system that it names as missing is in the register and decided.
    decided: bool,
    /// Whether each system that it names as gone is retired in the register, or withdrawn.
    gone: bool,
}

impl Attested<'_> {
    /// Says that it is current, and what else is reserved of it; marked where nothing but another's
    /// word shows that it was made, and where that was before the AI management system started.
    pub fn current(&self, at: &At<'_>, unit: &str, reserved: Option<Outcome>) -> Outcome {
        let mut cases = Vec::new();
        let is_reserved = reserved.is_some();
        let mut told = reserved.unwrap_or_else(Outcome::holds);
        told = told.with(ATTESTATION, self.version.cite());
        match self.put {
            Put::ByItsMaker => {}
            Put::ByOperator => {
                let case = "operator";
                cases.push(case);
            }
            Put::By(person) => {
                let case = "put";
                cases.push(case);
                told = told.with("another", person);
            }
        }
        if self.on < at.aims_start {
            let case = "early";
            cases.push(case);
            told = told.with("start", at.aims_start);
        }
        if cases.is_empty() {
            return told;
        }
        if !is_reserved {
            told = told.with("case", cases.remove(0));
        }
        if !cases.is_empty() {
            told = told.with("also", cases.join(" "));
        }
        if let Some(head) = id(self.version.body(), "/by") {
            told = told.with("person", head);
        }
        told.with("unit", Param::Named(unit.to_owned()))
            .with("attested", self.on)
            .at_level(Level::Reservation)
    }

    pub fn counts(&self) -> bool {
        self.by_another.is_none() && self.decided && self.gone
    }

    /// Says in an outcome why it does not count.
    pub fn told(&self, open: Outcome) -> Outcome {
        let named = list(self.version.body(), "/missing").len();
        let named = i64::try_from(named).unwrap_or(i64::MAX);
        let open = open.with("on", self.on).with("n", named);
        match self.by_another {
            Some(person) => {
                let open = open.with("person", person);
                match self.rescinded {
                    None => open.with("case", "other"),
                    Some((on, last)) => open
                        .with("case", "other_back")
                        .with("rescinded", on)
                        .with("last", last),
                }
            }
            None if self.decided => open.with("case", "gone"),
            None if self.gone => open.with("case", "missing"),
            None => open.with("case", "missing").with("also", "gone"),
        }
    }
}

/// The records on a unit's attestations, in some version of theirs.
#[derive(Debug, Default)]
pub struct Attesting<'a> {
    heads: Vec<&'a Record>,
    attestations: Vec<&'a Record>,
}

/// Returns the records on each unit's attestations.
fn attesting<'s, 'a>(at: &'s At<'a>) -> &'s HashMap<&'a str, Attesting<'a>> {
    at.once.attesting.get_or_init(|| {
        let mut found: HashMap<&str, Attesting<'a>> = HashMap::new();
        for record in at.records.of_kind("appointment") {
            for unit in named(record, "head_of") {
                found.entry(unit).or_default().heads.push(record);
            }
        }
        for record in at.records.of_kind("attestation") {
            for unit in named(record, "unit") {
                found.entry(unit).or_default().attestations.push(record);
            }
        }
        found
    })
}

/// Returns what the standing versions of a record name in a field, each once.
fn named<'a>(record: &'a Record, field: &str) -> BTreeSet<&'a str> {
    let versions = record.standing();
    versions
        .filter_map(|version| text(version, field))
        .collect()
}

/// Returns whether a system that was attested on a day to be missing is in the register and decided,
/// or was on some day since: from then on the attestation counts for good. One that was entered
/// in error is not missing.
fn was_decided(at: &At<'_>, system: Uuid, attested_on: Day) -> bool {
    let was = || system::was_since(at, attested_on, |at| system::decided(at, system));
    system::withdrawn(at, system) || was()
}

/// Returns the attestations of a unit: one counts when its head made it, one naming a missing
/// system from the day that system is in the register and decided, and one naming a system as
/// gone from the day that system is retired or withdrawn.
pub(super) fn of_unit<'a>(at: &At<'a>, unit: &str) -> Vec<Attested<'a>> {
    let Some(of_unit) = attesting(at).get(unit) else {
        return Vec::new();
    };
    let attested = of_unit.attestations.iter().filter_map(|record| {
        let version = at.done(record, "/attested_on")?;
        let body = version.body();
        if text(version, "unit") != Some(unit) {
            return None;
        }
        let on = day(body, "/attested_on").filter(|day| at.reached(*day))?;
        let by = id(body, "/by");
        let is_head = of_unit
            .heads
            .iter()
            .any(|head| heads_unit(&at.on(on), head, unit) == by);
        let by_another = by.filter(|_| !is_head);
        let rescinded = by_another.and_then(|by| {
            of_unit.heads.iter().find_map(|head| {
                let headed = |last: Day| heads_unit(&at.on(last), head, unit) == Some(by);
                rescinded::back(head, on).find(|(_, last)| headed(*last))
            })
        });
        Some(Attested {
            on,
            version,
            put: put(record, version),
            by_another,
            rescinded,
            decided: list(body, "/missing").iter().all(|missing| {
                id(missing, "/system").is_some_and(|system| was_decided(at, system, on))
            }),
            gone: list(body, "/gone").iter().all(|gone| {
                let was = |system| system::was_since(at, on, |at| system::gone(at, system));
                id_of(gone).is_some_and(was)
            }),
        })
    });
    attested.collect()
}

/// Returns the versions of a record that tell of the same attestation, the first of them first.
pub(crate) fn same_attestation<'a>(
    record: &'a Record,
    version: &'a Version,
) -> impl Iterator<Item = &'a Version> {
    let told = |one: &'a Version| ["unit", "by", "attested_on"].map(|field| text(one, field));
    record
        .standing()
        .filter(move |one| told(one) == told(version))
}

fn put(record: &Record, version: &Version) -> Put {
    let maker = id(version.body(), "/by");
    let mut versions = same_attestation(record, version).peekable();
    let first = versions.peek().map_or(&version.put, |first| &first.put);
    let (by, brought_in) = (first.facts.by, first.facts.brought_in.is_some());
    if brought_in || versions.any(|one| maker.is_some() && one.put.facts.by == maker) {
        return Put::ByItsMaker;
    }
    by.map_or(Put::ByOperator, Put::By)
}

/// Returns the unit, the day and the maker of an attestation, given its kind and body, whom no record
/// makes the head of the unit on that day.
pub fn speaks_for_another<'b>(
    records: &Records,
    kind: &str,
    body: &'b Value,
) -> Option<(&'b str, Day, Uuid)> {
    let unit = body
        .get("unit")?
        .as_str()
        .filter(|_| kind == "attestation")?;
    let on = day(body, "/attested_on")?;
    let by = id(body, "/by")?;
    let at = At::new(records, on, on, on);
    let mut appointments = records.of_kind("appointment");
    let is_head = appointments.any(|head| heads_unit(&at, head, unit) == Some(by));
    (!is_head).then_some((unit, on, by))
}

/// Returns who heads a unit by an appointment, in force and begun on the day.
fn heads_unit(at: &At<'_>, appointment: &Record, unit: &str) -> Option<Uuid> {
    let version = at
        .records
        .get(appointment.id)
        .and_then(|record| at.in_force(record))?;
    let begun = day(version.body(), "/start").is_some_and(|start| at.reached(start));
    let gives = text(version, "head_of") == Some(unit) && begun;
    gives
        .then(|| owner::seated(at, version))?
        .map(|one| one.holder)
}

fn text<'a>(version: &'a Version, field: &str) -> Option<&'a str> {
    version.body().get(field).and_then(Value::as_str)
}
