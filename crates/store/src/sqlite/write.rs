//! The statements that write.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use rusqlite::{Connection, params};
use uuid::Uuid;

use super::backup::sync;
use super::read;
use crate::error::{Result, StoreError};
use crate::files::Files;
use crate::lock::Lock;
use crate::rows::{Derived, Fields, Group, Head, NewRow, RecordRow};
use crate::writer::CHECKPOINTS;

/// Holds the derived tables.
pub(crate) const DERIVED: [&str; 8] = [
    "record",
    "link",
    "idempotency",
    "field",
    "verdict",
    "tally",
    "governing",
    "fact",
];

/// Returns a number as SQLite stores it; none of ours comes near the end of its range.
pub(crate) fn int(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

pub(crate) fn append(connection: &Connection, row: &NewRow) -> Result<()> {
    connection
        .prepare_cached("INSERT INTO entry (log, seq, bytes) VALUES (?1, ?2, ?3)")?
        .execute(params![row.log, int(row.seq), row.bytes])?;
    for group in &row.groups {
        append_group(connection, (row.log, row.seq), group)?;
    }
    put_derived(connection, row.seq, &row.derived)
}

fn append_group(connection: &Connection, entry: (u32, u64), group: &Group) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO grp (log, seq, name, commitment, bytes, mark)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            entry.0,
            int(entry.1),
            group.name,
            group.commitment,
            group.bytes,
            group.mark
        ])?;
    Ok(())
}

pub(crate) fn put_derived(connection: &Connection, seq: u64, derived: &Derived) -> Result<()> {
    if let Some(record) = &derived.record {
        put_record(connection, record)?;
    }
    for link in &derived.links {
        connection
            .prepare_cached(
                "INSERT OR IGNORE INTO link (to_id, to_version, from_seq, field)
                 VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![
                link.to_id.as_bytes(),
                link.to_version,
                int(seq),
                link.field
            ])?;
    }
    if let Some(key) = &derived.key {
        connection
            .prepare_cached("INSERT INTO idempotency (key, content, seq) VALUES (?1, ?2, ?3)")?
            .execute(params![key.key, key.content, int(seq)])?;
    }
    if let Some(fields) = &derived.fields {
        // The entry that begins a record finds no fields of it.
        let begins = derived.record.as_ref();
        let begins = begins.is_some_and(|row| row.id == fields.id && row.first_seq == seq);
        put_fields(connection, fields, begins)?;
    }
    if let Some(governing) = &derived.governing {
        connection
            .prepare_cached("INSERT INTO governing (seq, entry, facts) VALUES (?1, ?2, ?3)")?
            .execute(params![int(seq), governing.entry, governing.facts])?;
    }
    Ok(())
}

fn put_record(connection: &Connection, record: &RecordRow) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO record (id, kind, versions, title, first_seq, last_seq, withdrawn)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, versions = excluded.versions,
                 title = excluded.title, first_seq = excluded.first_seq,
                 last_seq = excluded.last_seq, withdrawn = excluded.withdrawn",
        )?
        .execute(params![
            record.id.as_bytes(),
            record.kind,
            record.versions,
            record.title,
            int(record.first_seq),
            int(record.last_seq),
            record.withdrawn
        ])?;
    Ok(())
}

fn put_fields(connection: &Connection, fields: &Fields, begins: bool) -> Result<()> {
    let id: &[u8; 16] = Uuid::as_bytes(&fields.id);
    if !begins {
        connection
            .prepare_cached("DELETE FROM field WHERE id = ?1")?
            .execute([id])?;
    }
    for (name, value) in &fields.values {
        connection
            .prepare_cached("INSERT OR IGNORE INTO field (name, value, id) VALUES (?1, ?2, ?3)")?
            .execute(params![name, value, id])?;
    }
    Ok(())
}

pub(crate) fn set_head(connection: &Connection, log: u32, head: &Head) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO head (log, size, frontier, root) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (log) DO UPDATE SET size = excluded.size,
                 frontier = excluded.frontier, root = excluded.root",
        )?
        .execute(params![log, int(head.size), head.frontier, head.root])?;
    Ok(())
}

pub(crate) fn put_checkpoint(
    connection: &Connection,
    log: u32,
    size: u64,
    note: &str,
) -> Result<()> {
    let transaction = connection.unchecked_transaction()?;
    // Nothing else tells how many there ought to be: what was signed, and when, is in no entry.
    transaction
        .prepare_cached(
            "INSERT INTO meta (name, value)
             SELECT ?1, '1' WHERE NOT EXISTS
                 (SELECT 1 FROM checkpoint WHERE log = ?2 AND size = ?3)
             ON CONFLICT (name) DO UPDATE SET value = CAST(value + 1 AS TEXT)",
        )?
        .execute(params![CHECKPOINTS, log, int(size)])?;
    transaction
        .prepare_cached(
            "INSERT INTO checkpoint (log, size, note) VALUES (?1, ?2, ?3)
             ON CONFLICT (log, size) DO UPDATE SET note = excluded.note",
        )?
        .execute(params![log, int(size), note])?;
    transaction.commit()?;
    Ok(())
}

pub(crate) fn set_meta(connection: &Connection, name: &str, value: &str) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO meta (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )?
        .execute([name, value])?;
    Ok(())
}

pub(crate) fn set_fact(connection: &Connection, name: &str, value: &str) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO fact (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )?
        .execute([name, value])?;
    Ok(())
}

pub(crate) fn erase_group(connection: &Connection, log: u32, seq: u64, name: &str) -> Result<bool> {
    let erased = connection
        .prepare_cached(
            "UPDATE grp SET bytes = NULL
             WHERE log = ?1 AND seq = ?2 AND name = ?3 AND bytes IS NOT NULL",
        )?
        .execute(params![log, int(seq), name])?;
    Ok(erased > 0)
}

pub(crate) fn drop_derived(connection: &Connection) -> Result<()> {
    for table in DERIVED {
        connection.execute(&format!("DELETE FROM {table}"), [])?;
    }
    Ok(())
}

/// A connection that moves the write-ahead log into the database, beside the writer.
#[derive(Debug)]
pub struct Wal {
    connection: Connection,
    path: PathBuf,
}

impl Wal {
    pub(crate) fn open(dir: &Path) -> Result<Self> {
        Ok(Self {
            connection: super::open_beside(dir)?,
            path: dir.join(format!("{}-wal", super::DATABASE)),
        })
    }

    /// Runs one checkpoint of SQLite's; returns frames in the log and frames moved, or `None`
    /// where somebody was in the way.
    pub(crate) fn checkpoint(&mut self, mode: &str) -> Result<Option<(u64, u64)>> {
        let sql = format!("PRAGMA wal_checkpoint({mode})");
        let (busy, frames, moved) = self.connection.query_row(&sql, [], |row| {
            Ok((
                row.get::<_, bool>(0)?,
                row.get::<_, i64>(1)?,
                row.get::<_, i64>(2)?,
            ))
        })?;
        let count = |n: i64| u64::try_from(n).unwrap_or(0);
        Ok((!busy).then(|| (count(frames), count(moved))))
    }

    pub(crate) fn size_bytes(&self) -> u64 {
        self.path.metadata().map_or(0, |log| log.len())
    }
}

/// The connections of the process that writes. Dropped in this order: the writing one after the
/// reading one, so that the last moves the log into the database; the lock when all is done.
#[derive(Debug)]
pub struct Writer {
    pub(crate) back: Connection,
    pub(crate) connection: Mutex<Connection>,
    pub(crate) dir: PathBuf,
    lock: Lock,
}

impl Writer {
    pub(crate) fn create(dir: &Path, holder: &str) -> Result<Self> {
        super::backup::make_lasting(dir)?;
        if dir.join(super::DATABASE).exists() {
            return Err(StoreError::Exists {
                dir: dir.to_owned(),
            });
        }
        super::finished(dir)?;
        super::backup::own_alone(dir)?;
        let lock = Lock::take(dir, holder)?;
        let connection = super::create(dir)?;
        sync(dir)?;
        Self::with(dir, connection, lock)
    }

    pub(crate) fn open(dir: &Path, holder: &str) -> Result<Self> {
        super::existing(dir)?;
        let lock = Lock::take(dir, holder)?;
        let connection = super::open_writing(dir)?;
        Files::in_dir(dir).sweep()?;
        Self::with(dir, connection, lock)
    }

    fn with(dir: &Path, connection: Connection, lock: Lock) -> Result<Self> {
        Ok(Self {
            back: super::open_reading(dir)?,
            connection: Mutex::new(connection),
            dir: dir.to_owned(),
            lock,
        })
    }

    pub(crate) fn begin(&mut self) -> Result<Batch<'_>> {
        self.lock.is_in(&self.dir)?;
        read::lock(&self.connection).execute_batch("BEGIN IMMEDIATE")?;
        Ok(Batch {
            connection: &self.connection,
            open: true,
        })
    }
}

/// One write transaction, rolled back unless committed.
#[derive(Debug)]
pub struct Batch<'a> {
    pub(crate) connection: &'a Mutex<Connection>,
    open: bool,
}

impl Batch<'_> {
    pub(crate) fn lock(&self) -> MutexGuard<'_, Connection> {
        read::lock(self.connection)
    }

    pub(crate) fn end(mut self, statement: &str) -> Result<()> {
        self.lock().execute_batch(statement)?;
        self.open = false;
        Ok(())
    }
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        // Fails where SQLite has already rolled back by itself, which is as good.
        if self.open {
            let _ = self.lock().execute_batch("ROLLBACK");
        }
    }
}
