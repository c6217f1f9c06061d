//! The row of a record held against the entries it comes from, before a decision rests on it: the
//! row is derived, and whoever has the file may have altered it.

use ledger::Entry;
use record::Registry;
use serde_json::{Map, Value};
use store::{GOVERNANCE_LOG, RecordRow, Rows};
use uuid::Uuid;

use crate::derive::{Step, title};
use crate::error::{AppError, Result};
use crate::groups::make_sure;
use crate::stored;

/// A record's row, and the words of its newest version.
#[derive(Debug)]
pub(crate) struct Held {
    pub row: RecordRow,
    pub words: Vec<Map<String, Value>>,
}

/// Returns a record as its own entries make it; none where it has none.
///
/// # Errors
/// A row that its entries do not make, or an entry that is not as it was recorded.
pub(crate) async fn record(rows: Rows<'_>, id: Uuid, registry: &Registry) -> Result<Option<Held>> {
    let kept = rows.record(id).await?;
    let mut made: Option<RecordRow> = None;
    let mut put = None;
    for seq in rows.history(id).await? {
        let damaged = |what: String| AppError::Damaged(format!("entry {seq}: {what}"));
        let bytes = rows.entry(GOVERNANCE_LOG, seq).await?;
        let bytes = bytes.ok_or_else(|| damaged("it is missing".to_owned()))?;
        let entry = Entry::parse(&bytes).map_err(|error| damaged(error.to_string()))?;
        let step = Step::of(seq, &entry);
        if step.id != id {
            return Err(damaged(format!("it is not of the record {id}")));
        }
        made = Some(step.after(made.as_ref(), None));
        if step.is_put {
            put = Some((seq, entry));
        }
    }
    let (Some(mut made), Some((seq, entry))) = (made, put) else {
        return match kept {
            None => Ok(None),
            Some(_) => Err(other(id)),
        };
    };
    let words = words(rows, (seq, &entry), registry, &mut made.title).await?;
    if kept.as_ref() != Some(&made) {
        return Err(other(id));
    }
    Ok(Some(Held { row: made, words }))
}

/// Returns the words of an entry that puts a record, and sets the title that they make.
async fn words(
    rows: Rows<'_>,
    (seq, entry): (u64, &Entry),
    registry: &Registry,
    made: &mut String,
) -> Result<Vec<Map<String, Value>>> {
    let groups = rows.groups(GOVERNANCE_LOG, seq).await?;
    make_sure(seq, entry, &groups)?;
    let facts = groups.iter().find(|group| group.name == "facts");
    let facts = stored::facts(seq, facts.and_then(|group| group.bytes.as_deref()))?;
    let words = stored::words_of(&groups)?;
    let kind = entry.kind.as_deref().and_then(|kind| registry.get(kind));
    if let Some(kind) = kind {
        *made = title(kind, &facts.body, &words);
    }
    Ok(words)
}

fn other(id: Uuid) -> AppError {
    AppError::Damaged(format!(
        "what is kept of the record {id} is not what its entries make"
    ))
}
