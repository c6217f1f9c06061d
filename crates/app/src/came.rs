//! How an entry came by what it tells of: in time, late, or brought in, and then from where.

use assess::{At, Came};
use record::spec::Counts;
use record::{Act, Day, Event, Facts, NewEntry, Records, Registry, Version, days_at};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// Where what was brought in came from, as it was said then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BroughtFrom {
    /// The place, as typed; nothing where these words are no longer here.
    pub from: Option<String>,
    /// The person who brought it in.
    pub by: Option<Uuid>,
    /// The SHA-256 of its file, hex.
    pub file: Option<String>,
}

/// What an entry says of how it came.
struct Told<'a> {
    act: Act,
    kind: &'a str,
    name: &'a str,
    facts: &'a Facts,
    /// The version it adds nothing to, but acts on.
    of: Option<&'a Version>,
    recorded_on: Day,
}

/// Returns how an entry came that is about to be appended.
pub fn of_new(
    entry: &NewEntry,
    recorded_on: Day,
    records: &Records,
    registry: &Registry,
) -> &'static str {
    let told = Told {
        act: entry.act,
        kind: &entry.kind,
        name: entry.name.as_deref().unwrap_or_default(),
        facts: &entry.facts,
        of: version(records, entry.id, entry.version),
        recorded_on,
    };
    provenance(&told, records, registry)
}

/// Returns how an entry came.
pub fn of(event: &Event, records: &Records, registry: &Registry) -> &'static str {
    let told = Told {
        act: event.act,
        kind: &event.kind,
        name: &event.name,
        facts: &event.facts,
        of: version(records, event.id, event.version),
        recorded_on: event.recorded_on,
    };
    provenance(&told, records, registry)
}

/// Returns where an entry was brought in from, if it was: `act` are its words on who acted.
pub fn from(event: &Event, act: &Value) -> Option<BroughtFrom> {
    let brought = event.facts.brought_in.as_ref()?;
    let from = act.get("brought_in_from").and_then(Value::as_str);
    Some(BroughtFrom {
        from: from.map(str::to_owned),
        by: brought.by,
        file: brought.file.as_ref().map(ToString::to_string),
    })
}

fn version(records: &Records, id: Uuid, number: u32) -> Option<&Version> {
    records.get(id)?.version(number)
}

fn provenance(told: &Told<'_>, records: &Records, registry: &Registry) -> &'static str {
    let facts = told.facts;
    let days = happened(told, registry);
    let earliest = days.iter().copied().fold(facts.effective_on, Day::min);
    let from_before = told.of.is_some_and(|of| of.put.facts.brought_in.is_some());
    let came = Came {
        recorded_on: told.recorded_on,
        // The last thing it tells of: what is added to an older story is not late for that.
        done: days.into_iter().max().unwrap_or(facts.effective_on),
        earliest,
        brought_in: facts.brought_in.is_some() || from_before,
    };
    let day = told.recorded_on;
    assess::provenance(&At::new(records, day, day, day), &came)
}

/// Returns the days on which what an entry tells of was done, apart from the one it claims.
fn happened(told: &Told<'_>, registry: &Registry) -> Vec<Day> {
    let Some(kind) = registry.get(told.kind) else {
        return Vec::new();
    };
    let moved = kind.moves.iter().find(|one| one.name == told.name);
    let pointers = match told.act {
        Act::Put => kind.happened,
        _ => moved.map_or(&[][..], |one| one.happened),
    };
    let body = &told.facts.body;
    let days = pointers.iter().flat_map(|at| days_at(body, at));
    // Who approves or attests does so on the day of the decision, whenever it takes effect.
    let decided = told.facts.acts.iter().filter(|_| told.act != Act::Put);
    let decided = decided.map(|act| act.decided_on);
    let attests = moved.is_some_and(|one| one.counts == Counts::Attests);
    // So does who attests what approves nothing.
    let resolves = kind.authority.resolves.filter(|_| attests).zip(told.of);
    let resolved = resolves.and_then(|(read, of)| read(of.body()).decided_on);
    days.map(|(_, day)| day)
        .chain(decided)
        .chain(resolved)
        .collect()
}
