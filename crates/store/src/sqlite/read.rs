//! The statements that read.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::types::FromSql;
use rusqlite::{Connection, OptionalExtension, Params, Row, params};
use uuid::Uuid;

use super::write::int;
use crate::error::{Result, StoreError};
use crate::rows::{Checkpoint, Citation, Counts, Entry, Group, Hash, Head, RecordRow, StoredEntry};

/// Connections kept open between snapshots.
const IDLE_MAX: usize = 8;

/// The connections of a reader that nobody uses at the moment.
pub(crate) type Idle = Arc<Mutex<Vec<Connection>>>;

/// Returns what the mutex holds: a panic elsewhere cannot leave a connection half-changed.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One read transaction; its connection goes back to the reader when it ends.
#[derive(Debug)]
pub struct Snapshot {
    connection: Option<Mutex<Connection>>,
    idle: Idle,
}

impl Snapshot {
    pub(crate) fn begin(connection: Connection, idle: Idle) -> Result<Self> {
        connection.execute_batch("BEGIN")?;
        // BEGIN alone fixes nothing; the first read does.
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(Self {
            connection: Some(Mutex::new(connection)),
            idle,
        })
    }

    pub(crate) fn rows(&self) -> Rows<'_> {
        Rows(self.connection.as_ref().expect("present until dropped"))
    }
}

impl Drop for Snapshot {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else {
            return;
        };
        let connection = connection
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let ended = connection.execute_batch("ROLLBACK").is_ok();
        let mut idle = lock(&self.idle);
        if ended && idle.len() < IDLE_MAX {
            idle.push(connection);
        }
    }
}

/// A connection to read with. Behind a mutex, so that futures over it can move between threads.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a>(pub(crate) &'a Mutex<Connection>);

impl Rows<'_> {
    pub(crate) fn lock(&self) -> MutexGuard<'_, Connection> {
        lock(self.0)
    }
}

/// Runs a query for at most one row.
pub(crate) fn one<T>(
    connection: &Connection,
    sql: &str,
    values: impl Params,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Option<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row(values, read).optional()?)
}

/// Runs a query for any number of rows.
pub(crate) fn all<T>(
    connection: &Connection,
    sql: &str,
    values: impl Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(values, read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Reads the first column.
pub(crate) fn first<T: FromSql>(row: &Row<'_>) -> rusqlite::Result<T> {
    row.get(0)
}

/// Reads a column that counts.
pub(crate) fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let value: i64 = row.get(column)?;
    u64::try_from(value).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, value))
}

/// Reads a column that is an id.
pub(crate) fn id(row: &Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    Ok(Uuid::from_bytes(row.get(column)?))
}

pub(crate) fn head(connection: &Connection, log: u32) -> Result<Option<Head>> {
    let sql = "SELECT size, frontier, root FROM head WHERE log = ?1";
    one(connection, sql, [log], |row| {
        Ok(Head {
            size: count(row, 0)?,
            frontier: row.get(1)?,
            root: row.get(2)?,
        })
    })
}

pub(crate) fn entry(connection: &Connection, log: u32, seq: u64) -> Result<Option<Vec<u8>>> {
    let sql = "SELECT bytes FROM entry WHERE log = ?1 AND seq = ?2";
    one(connection, sql, params![log, int(seq)], first)
}

pub(crate) fn entries(
    connection: &Connection,
    log: u32,
    range: std::ops::Range<u64>,
    limit: u32,
) -> Result<Vec<Entry>> {
    let sql = "SELECT seq, bytes FROM entry
               WHERE log = ?1 AND seq >= ?2 AND seq < ?3 ORDER BY seq LIMIT ?4";
    let values = params![log, int(range.start), int(range.end), limit];
    all(connection, sql, values, |row| {
        Ok(Entry {
            seq: count(row, 0)?,
            bytes: row.get(1)?,
        })
    })
}

/// Reads a group from the columns name, commitment, bytes, mark.
fn read_group(row: &Row<'_>) -> rusqlite::Result<Group> {
    Ok(Group {
        name: row.get(0)?,
        commitment: row.get(1)?,
        bytes: row.get(2)?,
        mark: row.get(3)?,
    })
}

pub(crate) fn groups(connection: &Connection, log: u32, seq: u64) -> Result<Vec<Group>> {
    let sql = "SELECT name, commitment, bytes, mark FROM grp
               WHERE log = ?1 AND seq = ?2 ORDER BY name";
    all(connection, sql, params![log, int(seq)], read_group)
}

pub(crate) fn group(
    connection: &Connection,
    log: u32,
    seq: u64,
    name: &str,
) -> Result<Option<Group>> {
    let sql = "SELECT name, commitment, bytes, mark FROM grp
               WHERE log = ?1 AND seq = ?2 AND name = ?3";
    one(connection, sql, params![log, int(seq), name], read_group)
}

pub(crate) fn stored(
    connection: &Connection,
    log: u32,
    range: std::ops::Range<u64>,
) -> Result<Vec<StoredEntry>> {
    let entries = entries(connection, log, range.clone(), u32::MAX)?;
    let sql = "SELECT name, commitment, bytes, mark, seq FROM grp
               WHERE log = ?1 AND seq >= ?2 AND seq < ?3 ORDER BY seq, name";
    let values = params![log, int(range.start), int(range.end)];
    let groups = all(connection, sql, values, |row| {
        Ok((count(row, 4)?, read_group(row)?))
    })?;
    let mut groups = groups.into_iter().peekable();
    let mut stored = Vec::with_capacity(entries.len());
    for Entry { seq, bytes } in entries {
        let of_it = std::iter::from_fn(|| groups.next_if(|(of, _)| *of == seq));
        let groups = of_it.map(|(_, group)| group).collect();
        stored.push(StoredEntry { seq, bytes, groups });
    }
    match groups.next() {
        Some((seq, group)) => Err(StoreError::NoEntry {
            seq,
            name: group.name,
        }),
        None => Ok(stored),
    }
}

/// Holds the columns of a record, in the order they are read in.
const RECORD: &str = "SELECT id, kind, versions, title, first_seq, last_seq, withdrawn FROM record";

fn read_record(row: &Row<'_>) -> rusqlite::Result<RecordRow> {
    Ok(RecordRow {
        id: id(row, 0)?,
        kind: row.get(1)?,
        versions: row.get(2)?,
        title: row.get(3)?,
        first_seq: count(row, 4)?,
        last_seq: count(row, 5)?,
        withdrawn: row.get(6)?,
    })
}

pub(crate) fn record(connection: &Connection, id: Uuid) -> Result<Option<RecordRow>> {
    let sql = format!("{RECORD} WHERE id = ?1");
    one(connection, &sql, [id.as_bytes()], read_record)
}

pub(crate) fn records(
    connection: &Connection,
    kind: &str,
    after_seq: Option<u64>,
    limit: u32,
) -> Result<Vec<RecordRow>> {
    let sql = format!("{RECORD} WHERE kind = ?1 AND first_seq > ?2 ORDER BY first_seq LIMIT ?3");
    let values = params![kind, after_seq.map_or(-1, int), limit];
    all(connection, &sql, values, read_record)
}

pub(crate) fn is_own(
    connection: &Connection,
    (id, version): (Uuid, u32),
    seq: u64,
) -> Result<bool> {
    let sql = "SELECT 1 FROM link
               WHERE to_id = ?1 AND from_seq = ?2 AND field = '' AND to_version = ?3";
    let values = params![id.as_bytes(), int(seq), version];
    Ok(one(connection, sql, values, |_| Ok(()))?.is_some())
}

pub(crate) fn owned(connection: &Connection) -> Result<u64> {
    let sql = "SELECT count(*) FROM link WHERE field = ''";
    Ok(one(connection, sql, [], |row| count(row, 0))?.unwrap_or(0))
}

pub(crate) fn history(connection: &Connection, id: Uuid) -> Result<Vec<u64>> {
    let sql = "SELECT DISTINCT from_seq FROM link
               WHERE to_id = ?1 AND field = '' ORDER BY from_seq";
    all(connection, sql, [id.as_bytes()], |row| count(row, 0))
}

pub(crate) fn cited_by(connection: &Connection, id: Uuid) -> Result<Vec<Citation>> {
    let sql = "SELECT from_seq, field, to_version FROM link
               WHERE to_id = ?1 AND field <> '' ORDER BY from_seq, field, to_version";
    all(connection, sql, [id.as_bytes()], |row| {
        Ok(Citation {
            from_seq: count(row, 0)?,
            field: row.get(1)?,
            to_version: row.get(2)?,
        })
    })
}

pub(crate) fn key(connection: &Connection, key: &Hash) -> Result<Option<(Hash, u64)>> {
    let sql = "SELECT content, seq FROM idempotency WHERE key = ?1";
    one(connection, sql, [key], |row| {
        Ok((row.get(0)?, count(row, 1)?))
    })
}

pub(crate) fn by_field(connection: &Connection, name: &str, value: &str) -> Result<Vec<Uuid>> {
    let sql = "SELECT id FROM field WHERE name = ?1 AND value = ?2 ORDER BY id";
    all(connection, sql, [name, value], |row| id(row, 0))
}

pub(crate) fn meta(connection: &Connection, name: &str) -> Result<Option<String>> {
    let sql = "SELECT value FROM meta WHERE name = ?1";
    one(connection, sql, [name], first)
}

pub(crate) fn fact(connection: &Connection, name: &str) -> Result<Option<String>> {
    let sql = "SELECT value FROM fact WHERE name = ?1";
    one(connection, sql, [name], first)
}

fn read_checkpoint(row: &Row<'_>) -> rusqlite::Result<Checkpoint> {
    Ok(Checkpoint {
        size: count(row, 0)?,
        note: row.get(1)?,
    })
}

pub(crate) fn latest_checkpoint(connection: &Connection, log: u32) -> Result<Option<Checkpoint>> {
    let sql = "SELECT size, note FROM checkpoint WHERE log = ?1 ORDER BY size DESC LIMIT 1";
    one(connection, sql, [log], read_checkpoint)
}

pub(crate) fn checkpoints(
    connection: &Connection,
    log: u32,
    after_size: Option<u64>,
    limit: u32,
) -> Result<Vec<Checkpoint>> {
    let sql = "SELECT size, note FROM checkpoint
               WHERE log = ?1 AND size > ?2 ORDER BY size LIMIT ?3";
    let values = params![log, after_size.map_or(-1, int), limit];
    all(connection, sql, values, read_checkpoint)
}

pub(crate) fn checkpoint_count(connection: &Connection, log: u32) -> Result<u64> {
    let sql = "SELECT count(*) FROM checkpoint WHERE log = ?1";
    Ok(one(connection, sql, [log], |row| count(row, 0))?.unwrap_or(0))
}

pub(crate) fn checkpoints_before(connection: &Connection, log: u32, size: u64) -> Result<u64> {
    let sql = "SELECT count(*) FROM checkpoint WHERE log = ?1 AND size < ?2";
    let found = one(connection, sql, params![log, int(size)], |row| {
        count(row, 0)
    })?;
    Ok(found.unwrap_or(0))
}

pub(crate) fn counts(connection: &Connection, log: u32) -> Result<Counts> {
    let number = |sql| {
        let found = one(connection, sql, [log], |row| count(row, 0))?;
        Ok::<u64, crate::StoreError>(found.unwrap_or(0))
    };
    let by_kind =
        "SELECT kind, count(*) FROM record WHERE NOT withdrawn GROUP BY kind ORDER BY kind";
    Ok(Counts {
        entries: number("SELECT count(*) FROM entry WHERE log = ?1")?,
        groups: number("SELECT count(*) FROM grp WHERE log = ?1")?,
        groups_erased: number("SELECT count(*) FROM grp WHERE log = ?1 AND bytes IS NULL")?,
        checkpoints: checkpoint_count(connection, log)?,
        records: all(connection, by_kind, [], |row| {
            Ok((row.get(0)?, count(row, 1)?))
        })?,
    })
}
