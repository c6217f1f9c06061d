//! What earlier runs made: the newest version of each record, and whether it was withdrawn.

use std::collections::BTreeMap;

use exchange::mapping::Mapping;
use exchange::plan::{Earlier, Withdrawal};
use ledger::Entry;
use record::approve::WITHDRAW;
use record::{Act, Event};
use serde_json::Value;
use store::{GOVERNANCE_LOG, RecordRow, Rows};

use super::Importing;
use super::by_hand::ByHand;
use crate::error::{AppError, Result};
use crate::reading::{self, words_of};
use crate::stored;

/// Returns what earlier runs of a mapping made, by the key of its row, and what was put by hand.
/// Of two records of one row the one that stands counts. A record is known by the newest version
/// that says its source: a person who puts another may have left it out.
pub(super) async fn made(
    importing: &Importing<'_>,
    mapping: &Mapping,
) -> Result<(BTreeMap<String, Earlier>, ByHand)> {
    let kind = super::kind(importing.registry, &mapping.kind)?;
    let is_person = kind.is_a_person;
    let mut found: BTreeMap<String, Earlier> = BTreeMap::new();
    let mut by_hand = ByHand::default();
    let mut after = None;
    loop {
        let page = importing.rows.records(&mapping.kind, after, 1_000).await?;
        let Some(last) = page.last() else {
            return Ok((found, by_hand));
        };
        after = Some(last.first_seq);
        for row in &page {
            let mut one = newest(importing, row).await?;
            one.as_imported = as_imported(importing, (row, &one.body, is_person)).await?;
            by_hand.note(&one);
            let source = one.as_imported.as_ref().unwrap_or(&one.body);
            let text = |pointer: &str| source.pointer(pointer).and_then(Value::as_str);
            if text("/source/mapping") == Some(mapping.name.as_str())
                && let Some(key) = text("/source/key").map(str::to_owned)
                && (one.withdrawn.is_none() || !found.contains_key(&key))
            {
                found.insert(key, one);
            }
        }
    }
}

/// Returns a record as it stands.
pub(super) async fn newest(importing: &Importing<'_>, row: &RecordRow) -> Result<Earlier> {
    let rows = importing.rows;
    let mut one = Earlier {
        id: row.id.to_string(),
        version: row.versions,
        body: Value::Null,
        as_imported: None,
        effective_on: None,
        withdrawn: None,
    };
    for seq in rows.history(row.id).await?.into_iter().rev() {
        let bytes = rows.entry(GOVERNANCE_LOG, seq).await?.unwrap_or_default();
        let entry = Entry::parse(&bytes)
            .map_err(|error| AppError::Damaged(format!("entry {seq}: {error}")))?;
        let puts = entry.act == Act::Put.as_str();
        let withdraws = row.withdrawn && entry.name_of_move.as_deref() == Some(WITHDRAW);
        if !(puts || withdraws && entry.version == Some(row.versions)) {
            continue;
        }
        let facts = rows.group(GOVERNANCE_LOG, seq, "facts").await?;
        let facts = facts.and_then(|group| group.bytes).unwrap_or_default();
        let event = stored::event(seq, &bytes, &facts, importing.zone)?;
        if !puts {
            one.withdrawn = Some(withdrawal(rows, &event).await?);
            continue;
        }
        one.effective_on = Some(event.facts.effective_on);
        one.body = as_given(reading::body(rows, &event).await?);
        break;
    }
    Ok(one)
}

/// Returns a body without what is set when it is recorded, never by the file.
fn as_given(mut body: Value) -> Value {
    if let Some(body) = body.as_object_mut() {
        body.remove("purpose_is_description");
    }
    body
}

/// The cells that have no field, as received.
const CELLS: &str = record::source::FIELDS[1];

/// Returns what a row last made of a record, where the newest version is not it: where that says
/// no source, or the source of the version before, which no import does twice. A person's record
/// is only looked at for the first: what a row makes of it is laid over what stands there.
async fn as_imported(
    importing: &Importing<'_>,
    (row, newest, is_person): (&RecordRow, &Value, bool),
) -> Result<Option<Value>> {
    let rows = importing.rows;
    let mut source = newest.get("source").cloned();
    let keeps_source = source.is_some();
    if row.versions < 2 || is_person && keeps_source {
        return Ok(None);
    }
    let mut found = None;
    for seq in rows.history(row.id).await?.into_iter().rev() {
        let bytes = rows.entry(GOVERNANCE_LOG, seq).await?.unwrap_or_default();
        let entry = Entry::parse(&bytes)
            .map_err(|error| AppError::Damaged(format!("entry {seq}: {error}")))?;
        if entry.act != Act::Put.as_str() || entry.version == Some(row.versions) {
            continue;
        }
        let facts = rows.group(GOVERNANCE_LOG, seq, "facts").await?;
        let facts = facts.and_then(|group| group.bytes).unwrap_or_default();
        let event = stored::event(seq, &bytes, &facts, importing.zone)?;
        let body = as_given(reading::body(rows, &event).await?);
        match (&source, body.get("source")) {
            (Some(source), Some(of)) if source != of => break,
            // Another mapping leaves other cells without a field; a person hardly touches them.
            (Some(_), Some(_)) if keeps_source && body.get(CELLS) != newest.get(CELLS) => break,
            (_, Some(of)) => {
                source = Some(of.clone());
                found = Some(body);
            }
            // Put by hand too.
            (_, None) => {}
        }
    }
    Ok(found)
}

async fn withdrawal(rows: Rows<'_>, event: &Event) -> Result<Withdrawal> {
    let words = words_of(rows, event).await?;
    let because = words.iter().find_map(|group| group.get("/because"));
    Ok(Withdrawal {
        on: event.recorded_on,
        because: because.and_then(Value::as_str).map(str::to_owned),
    })
}
