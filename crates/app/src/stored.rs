//! Between what is stored and what is meant: entries sealed, and events read back.

use std::sync::Arc;

use ledger::{Entry, Group, Hash, Reference, group};
use record::{Act, Begin, Cite, Event, Facts, NewEntry};
use serde_json::{Map, Value};
use store::{GOVERNANCE_LOG, Rows};

use crate::chance::Chance;
use crate::dates::Zone;
use crate::error::{AppError, Result};

/// An entry sealed: its bytes, and its groups with their salts.
#[derive(Debug)]
pub struct Sealed {
    /// The entry.
    pub bytes: Vec<u8>,
    /// Its groups.
    pub groups: Vec<store::Group>,
}

/// Seals an entry: a fresh salt for each group, its commitment in the entry.
///
/// # Errors
/// When there is no randomness, or the entry does not fit the format.
pub fn seal(new: &NewEntry, time_unix_ms: i64, chance: &mut Chance) -> Result<Sealed> {
    let mut groups = Vec::with_capacity(new.groups.len() + 1);
    let facts = serde_json::to_vec(&new.facts).map_err(AppError::fault)?;
    let mut all = vec![("facts", facts)];
    for (name, value) in &new.groups {
        all.push((name, serde_json::to_vec(value).map_err(AppError::fault)?));
    }
    // In the order of their names, as the entry lists them.
    all.sort_unstable_by_key(|(name, _)| *name);
    for (name, json) in all {
        let bytes = group::seal(chance.bytes()?, &json);
        let mark = new
            .facts
            .marks
            .get(name)
            .map(|mark| mark.as_str().to_owned());
        groups.push(store::Group {
            name: name.to_owned(),
            commitment: group::commitment(&bytes).0,
            bytes: Some(bytes),
            mark,
        });
    }
    let concerns = !new.id.is_nil();
    let entry = Entry {
        time_unix_ms: u64::try_from(time_unix_ms).map_err(AppError::fault)?,
        act: new.act.as_str().to_owned(),
        kind: concerns.then(|| new.kind.clone()),
        schema: concerns.then_some(new.schema),
        id: concerns.then_some(new.id),
        version: concerns.then_some(new.version),
        name_of_move: new.name.clone(),
        refs: new
            .refs
            .iter()
            .map(|cite| Reference {
                id: cite.id,
                version: cite.version,
            })
            .collect(),
        groups: groups
            .iter()
            .map(|group| Group {
                name: group.name.clone(),
                commitment: Hash(group.commitment),
            })
            .collect(),
    };
    let bytes = entry.encode().map_err(|error| match error {
        ledger::EntryError::TooLong { .. } => {
            record::Refusal::new("too_long", format!("This does not fit one entry: {error}."))
                .hint("Split it, or attach long material as a file.")
                .into()
        }
        // Names of kinds, moves and groups are ours: no Command that was taken makes a wrong one.
        _ => AppError::fault(error),
    })?;
    Ok(Sealed { bytes, groups })
}

/// Returns an entry that commits to these facts.
///
/// # Errors
/// When it does not.
pub fn committed(seq: u64, entry: &[u8], facts: &[u8]) -> Result<Entry> {
    let entry =
        Entry::parse(entry).map_err(|error| AppError::Damaged(format!("entry {seq}: {error}")))?;
    let commitment = group::commitment(facts);
    let mut groups = entry.groups.iter();
    if groups.any(|one| one.name == "facts" && one.commitment == commitment) {
        return Ok(entry);
    }
    let what = format!("entry {seq}: its facts are not as recorded");
    Err(AppError::Damaged(what))
}

/// Reads an event from an entry and its group `facts`.
///
/// # Errors
/// When either is not as it was recorded.
pub fn event(seq: u64, bytes: &[u8], facts: &[u8], zone: &Zone) -> Result<Event> {
    let damaged = |what: String| AppError::Damaged(format!("entry {seq}: {what}"));
    let entry = Entry::parse(bytes).map_err(|error| damaged(error.to_string()))?;
    event_of(seq, &entry, facts, zone)
}

/// Reads an event from an entry that was parsed, and its group `facts`.
///
/// # Errors
/// When either is not as it was recorded.
pub fn event_of(seq: u64, entry: &Entry, facts: &[u8], zone: &Zone) -> Result<Event> {
    let damaged = |what: String| AppError::Damaged(format!("entry {seq}: {what}"));
    let json = group::open(facts).map_err(|error| damaged(error.to_string()))?;
    let facts: Arc<Facts> = serde_json::from_slice(json)
        .map(Arc::new)
        .map_err(|error| damaged(format!("its facts: {error}")))?;
    let recorded_at =
        i64::try_from(entry.time_unix_ms).map_err(|error| damaged(error.to_string()))?;
    Ok(Event {
        seq,
        recorded_at,
        recorded_on: zone.day(recorded_at),
        act: Act::of(&entry.act).ok_or_else(|| damaged(format!("unknown act {:?}", entry.act)))?,
        kind: entry.kind.as_deref().unwrap_or_default().into(),
        id: entry.id.unwrap_or_default(),
        version: entry.version.unwrap_or_default(),
        name: entry.name_of_move.as_deref().unwrap_or_default().into(),
        refs: entry
            .refs
            .iter()
            .map(|one| Cite {
                id: one.id,
                version: one.version,
            })
            .collect(),
        facts,
    })
}

/// Reads the group `facts` of entry `seq`.
///
/// # Errors
/// When it is not there, or is no group of facts.
pub fn facts(seq: u64, group: Option<&[u8]>) -> Result<Facts> {
    let damaged = |what: String| AppError::Damaged(format!("entry {seq}{what}"));
    let bytes = group.ok_or_else(|| damaged(" has no facts".to_owned()))?;
    let json = group::open(bytes).map_err(|error| damaged(format!(": {error}")))?;
    serde_json::from_slice(json).map_err(|error| damaged(format!(": {error}")))
}

/// Returns what the first entry says of its ledger, and the time zone that it names.
///
/// # Errors
/// When its facts are not as they were recorded, begin no ledger, or name no zone.
pub fn begun(first: Option<&[u8]>) -> Result<(Begin, Zone)> {
    let none = || AppError::Damaged("entry 0 does not begin a ledger".to_owned());
    let begin = facts(0, first)?.begin.ok_or_else(none)?;
    let zone = Zone::named(&begin.time_zone)?;
    Ok((begin, zone))
}

/// Returns what the first entry of a database says of its ledger, and the time zone that it names.
///
/// # Errors
/// As [`begun`], or when the database cannot be read.
pub async fn beginning(rows: Rows<'_>) -> Result<(Begin, Zone)> {
    let group = rows.group(GOVERNANCE_LOG, 0, "facts").await?;
    begun(group.and_then(|group| group.bytes).as_deref())
}

/// Reads a group's JSON.
///
/// # Errors
/// When the bytes are no group.
pub fn words(bytes: &[u8]) -> Result<Value> {
    let json = group::open(bytes).map_err(AppError::fault)?;
    serde_json::from_slice(json).map_err(AppError::fault)
}

/// Returns the groups of words among an entry's groups: all that are here but its facts.
///
/// # Errors
/// When the bytes of one are no group.
pub fn words_of(groups: &[store::Group]) -> Result<Vec<Map<String, Value>>> {
    let mut all = Vec::new();
    for group in groups.iter().filter(|group| group.name != "facts") {
        if let Some(bytes) = &group.bytes
            && let Value::Object(group) = words(bytes)?
        {
            all.push(group);
        }
    }
    Ok(all)
}
