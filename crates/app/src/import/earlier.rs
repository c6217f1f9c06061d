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
use crate::error::{AppError, Result};
use crate::reading::{self, words_of};
use crate::stored;

/// Returns what earlier runs of a mapping made, by the key of its row. Of two records of one row
/// the one that stands counts.
pub(super) async fn made(
    importing: &Importing<'_>,
    mapping: &Mapping,
) -> Result<BTreeMap<String, Earlier>> {
    let mut found: BTreeMap<String, Earlier> = BTreeMap::new();
    let mut after = None;
    loop {
        let page = importing.rows.records(&mapping.kind, after, 1_000).await?;
        let Some(last) = page.last() else {
            return Ok(found);
        };
        after = Some(last.first_seq);
        for row in &page {
            let one = newest(importing, row).await?;
            let text = |pointer: &str| one.body.pointer(pointer).and_then(Value::as_str);
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
        one.body = reading::body(rows, &event).await?;
        // Set when recorded, never by the file.
        if let Some(body) = one.body.as_object_mut() {
            body.remove("purpose_is_description");
        }
        break;
    }
    Ok(one)
}

async fn withdrawal(rows: Rows<'_>, event: &Event) -> Result<Withdrawal> {
    let words = words_of(rows, event).await?;
    let because = words.iter().find_map(|group| group.get("/because"));
    Ok(Withdrawal {
        on: event.recorded_on,
        because: because.and_then(Value::as_str).map(str::to_owned),
    })
}
