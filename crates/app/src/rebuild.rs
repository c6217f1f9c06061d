//! Making everything derived anew, where another program, or other rules, derived it.

use std::collections::HashMap;
use std::path::Path;

use ledger::{Frontier, hash};
use record::Records;
use store::{Derived, GOVERNANCE_LOG, Reader, RecordRow, StoreError, Writer};
use uuid::Uuid;

use crate::derive::derive;
use crate::derived_by::derived_by;
use crate::error::{AppError, Result};
use crate::init::finished;
use crate::keeping::{KEPT, Keeper, Library, MANY, keep_range};
use crate::model::Model;
use crate::stored;

/// How many entries are read at a time.
const CHUNK: u64 = 1_024;

/// Opens a data directory for reading; one that an earlier program wrote is brought up to date
/// first, and what was derived otherwise than this program does is made anew.
pub(crate) async fn reader(dir: &Path, model: &Model) -> Result<Reader> {
    let reader = as_it_is(dir, model).await?;
    let snapshot = reader.snapshot().await?;
    // From a ledger that was never finished nothing can be derived.
    finished(snapshot.rows(), dir).await?;
    let stranger = stranger(snapshot.rows(), model).await?;
    drop(snapshot);
    if stranger.is_none() {
        return Ok(reader);
    }
    drop(reader);
    renew(dir, model).await?;
    Ok(Reader::open(dir).await?)
}

/// Opens a data directory for reading with whatever was derived; one that an earlier program wrote
/// is brought up to date first.
pub(crate) async fn as_it_is(dir: &Path, model: &Model) -> Result<Reader> {
    match Reader::open(dir).await {
        Err(StoreError::Older { .. }) => {
            renew(dir, model).await?;
            Ok(Reader::open(dir).await?)
        }
        opened => Ok(opened?),
    }
}

/// Returns what derived the rows that are here, where that is another program or other rules.
pub(crate) async fn stranger(rows: store::Rows<'_>, model: &Model) -> Result<Option<String>> {
    let kept = rows.fact(KEPT).await?.unwrap_or_default();
    let (_, by) = kept
        .split_once(' ')
        .unwrap_or((&kept, "an earlier program"));
    Ok((by != derived_by(model)).then(|| by.to_owned()))
}

async fn renew(dir: &Path, model: &Model) -> Result<()> {
    let mut writer = Writer::open(dir, "bringing the data directory up to date").await?;
    // An `init` that was killed left nothing to derive from.
    finished(writer.rows(), dir).await?;
    where_needed(&mut writer, model).await
}

/// Makes everything derived anew where it does not take in every entry, or was derived otherwise.
pub(crate) async fn where_needed(writer: &mut Writer, model: &Model) -> Result<()> {
    let rows = writer.rows();
    let size = rows.head(GOVERNANCE_LOG).await?.map_or(0, |head| head.size);
    let keeper = Keeper::new(model);
    if rows.fact(KEPT).await? == Some(keeper.kept(size)) {
        return Ok(());
    }
    anew(writer, model).await
}

/// Makes everything derived anew in a data directory, whatever is there.
///
/// # Errors
/// A directory that is written to, or entries that nothing can be derived from.
pub async fn derive_anew(dir: &Path, model: &Model) -> Result<()> {
    let mut writer = Writer::open(dir, "deriving anew").await?;
    anew(&mut writer, model).await
}

async fn anew(writer: &mut Writer, model: &Model) -> Result<()> {
    let rows = writer.rows();
    let size = rows.head(GOVERNANCE_LOG).await?.map_or(0, |head| head.size);
    let mut keeper = Keeper::new(model);
    let (_, zone) = stored::beginning(rows).await?;
    let mut records = Records::default();
    let mut seen: HashMap<Uuid, RecordRow> = HashMap::new();
    let mut batch = writer.begin().await?;
    batch.drop_derived().await?;
    let (mut range, mut from) = (Frontier::new(), 0);
    while from < size {
        let until = size.min(from + CHUNK);
        let mut events = Vec::new();
        let read = |found: store::WithGroup| {
            let event = crate::reading::read(&found, &zone)?;
            events.push((found, event));
            Ok::<(), AppError>(())
        };
        let rows = batch.rows();
        rows.with_group(GOVERNANCE_LOG, from..until, "facts", read)
            .await?;
        for (found, event) in events {
            range.append(hash::leaf_hash(&found.entry));
            keep_range(&mut batch, &range).await?;
            if keeper.waits(event.recorded_on) {
                let library = Library {
                    records: &mut records,
                    zone: &zone,
                    entries: None,
                };
                keeper.keep(&mut batch, library).await?;
            }
            let groups = batch.rows().groups(GOVERNANCE_LOG, event.seq).await?;
            let words = stored::words_of(&groups)?;
            let facts = found.group.as_deref().unwrap_or_default();
            let bytes = (found.entry.as_slice(), facts);
            let before = seen.get(&event.id);
            let mut derived = derive(&event, bytes, &words, before, &model.registry);
            taken_before(batch.rows(), &mut derived).await?;
            if let Some(row) = &derived.record {
                seen.insert(row.id, row.clone());
            }
            batch.put_derived(event.seq, &derived).await?;
            keeper.note(&event, &records);
            if &*event.kind != MANY {
                records.add(event);
            }
        }
        from = until;
    }
    let library = Library {
        records: &mut records,
        zone: &zone,
        entries: None,
    };
    keeper.keep(&mut batch, library).await?;
    batch.set_fact(KEPT, &keeper.kept(size)).await?;
    Ok(batch.commit().await?)
}

/// Takes from the rows of an entry the key that an earlier one came with, which keeps it; returns that
/// entry.
///
/// # Errors
/// A fault of the database.
pub(crate) async fn taken_before(
    rows: store::Rows<'_>,
    derived: &mut Derived,
) -> Result<Option<u64>> {
    let Some(key) = &derived.key else {
        return Ok(None);
    };
    let first = rows.key(&key.key).await?.map(|(_, seq)| seq);
    if first.is_some() {
        derived.key = None;
    }
    Ok(first)
}
