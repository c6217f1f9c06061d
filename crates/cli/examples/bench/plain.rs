//! The bare limit of `apply`: the same final rows, written by plain statements into the same tables and
//! indexes in the same batches. Beside it, the same with every durable write that `apply` makes.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::Context;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::figure::timed;

/// What was written, and how long that took.
pub struct Written {
    pub seconds: f64,
    pub rows: usize,
}

/// A table, and the entry that each row of it came with: what puts the row into its batch.
const TABLES: [(&str, &str, usize); 7] = [
    (
        "entry",
        "SELECT *, seq FROM entry WHERE seq >= ?1 AND seq < ?2 ORDER BY seq",
        3,
    ),
    (
        "grp",
        "SELECT *, seq FROM grp WHERE seq >= ?1 AND seq < ?2 ORDER BY seq, name",
        6,
    ),
    (
        "record",
        "SELECT *, first_seq FROM record WHERE first_seq >= ?1 AND first_seq < ?2 ORDER BY first_seq",
        7,
    ),
    (
        "link",
        "SELECT *, from_seq FROM link WHERE from_seq >= ?1 AND from_seq < ?2 ORDER BY from_seq",
        4,
    ),
    (
        "idempotency",
        "SELECT *, seq FROM idempotency WHERE seq >= ?1 AND seq < ?2 ORDER BY seq",
        3,
    ),
    (
        "field",
        "SELECT f.*, r.first_seq FROM field f JOIN record r ON r.id = f.id WHERE r.first_seq >= ?1 AND r.first_seq < ?2",
        3,
    ),
    (
        "verdict",
        "SELECT v.*, r.first_seq FROM record r CROSS JOIN asked d CROSS JOIN verdict v ON v.rule = d.rule AND v.subject = CAST(x'72' || r.id AS BLOB)
         WHERE r.first_seq >= ?1 AND r.first_seq < ?2 ORDER BY r.first_seq",
        10,
    ),
];

/// One batch: rows by table, and the checkpoint that was signed over it.
struct Batch {
    rows: Vec<(usize, Vec<Vec<Value>>)>,
    size: i64,
    note: String,
}

/// What the plain program makes durable.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Durable {
    /// Each batch, by one commit; SQLite moves its log by itself, as it does unless told. This is
    /// the limit by its definition.
    Batches,
    /// As much as `apply` has to: a batch, then the guard, then the checkpoint over it, while the
    /// log is moved by a thread beside.
    AsApply,
}

/// Writes the rows of the database in `from` into a new one in `to`, and takes the time of that.
pub fn write(from: &Path, to: &Path, durable: Durable) -> anyhow::Result<Written> {
    let (schema, batches) = read(&from.join("minutebook.db"))?;
    if to.exists() {
        std::fs::remove_dir_all(to)?;
    }
    std::fs::create_dir_all(to)?;
    let path = to.join("plain.db");
    let database = open(&path, durable)?;
    for statement in schema {
        database.execute_batch(&statement)?;
    }
    let rows = batches.iter().flat_map(|batch| &batch.rows);
    // The head is written anew with each batch; its checkpoint and their number are rows too.
    let rows = rows.map(|(_, rows)| rows.len()).sum::<usize>() + batches.len() * 3;
    let (seconds, ()) = match durable {
        Durable::Batches => timed(|| {
            batches.iter().try_for_each(|batch| {
                database.execute_batch("BEGIN IMMEDIATE")?;
                rows_of(&database, batch)?;
                checkpoint_of(&database, batch)?;
                Ok(database.execute_batch("COMMIT")?)
            })
        })?,
        Durable::AsApply => beside_keeper(&path, || {
            batches.iter().try_for_each(|batch| {
                database.execute_batch("BEGIN IMMEDIATE")?;
                rows_of(&database, batch)?;
                database.execute_batch("COMMIT")?;
                guard(to)?;
                database.execute_batch("BEGIN")?;
                checkpoint_of(&database, batch)?;
                Ok(database.execute_batch("COMMIT")?)
            })
        })?,
    };
    drop(database);
    std::fs::remove_dir_all(to)?;
    Ok(Written { seconds, rows })
}

/// Does the work while a thread moves the log every 200 ms, as the writer has it.
fn beside_keeper(
    path: &Path,
    work: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<(f64, ())> {
    let (stop, stopped) = channel::<()>();
    let wal = open(path, Durable::AsApply)?;
    let keeper = std::thread::spawn(move || -> anyhow::Result<()> {
        while stopped.recv_timeout(Duration::from_millis(200)) == Err(RecvTimeoutError::Timeout) {
            wal.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
        }
        Ok(())
    });
    let done = timed(work);
    drop(stop);
    keeper.join().ok().context("the thread beside stopped")??;
    done
}

/// Opens a database with the settings of the writer, that of its log apart.
fn open(path: &Path, durable: Durable) -> anyhow::Result<Connection> {
    let database = Connection::open(path)?;
    database.busy_timeout(Duration::from_secs(60))?;
    for (name, value) in [
        ("journal_mode", "wal"),
        ("synchronous", "full"),
        ("secure_delete", "on"),
    ] {
        database.pragma_update(None, name, value)?;
    }
    if durable == Durable::AsApply {
        database.pragma_update(None, "wal_autocheckpoint", 0)?;
    }
    database.pragma_update(None, "cache_size", -64 * 1024)?;
    Ok(database)
}

fn read(path: &Path) -> anyhow::Result<(Vec<String>, Vec<Batch>)> {
    let database = Connection::open(path)?;
    // Once, for it looks at every row.
    database.execute_batch("CREATE TEMP TABLE asked AS SELECT DISTINCT rule FROM verdict")?;
    let mut declared = database.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")?;
    let schema = declared.query_map([], |row| row.get(0))?;
    let schema = schema.collect::<rusqlite::Result<_>>()?;
    let mut signed = database.prepare("SELECT size, note FROM checkpoint ORDER BY size")?;
    let signed = signed.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let signed: Vec<(i64, String)> = signed.collect::<rusqlite::Result<_>>()?;
    let mut batches = Vec::new();
    let mut from = 0;
    for (size, note) in signed {
        let mut rows = Vec::new();
        for (table, (_, sql, columns)) in TABLES.iter().enumerate() {
            let mut statement = database.prepare_cached(sql)?;
            let found = statement.query_map([from, size], |row| {
                (0..*columns).map(|column| row.get(column)).collect()
            })?;
            rows.push((table, found.collect::<rusqlite::Result<_>>()?));
        }
        batches.push(Batch { rows, size, note });
        from = size;
    }
    Ok((schema, batches))
}

fn rows_of(database: &Connection, batch: &Batch) -> anyhow::Result<()> {
    for (table, rows) in &batch.rows {
        let (name, _, columns) = TABLES[*table];
        let places = vec!["?"; columns].join(", ");
        let mut insert =
            database.prepare_cached(&format!("INSERT INTO {name} VALUES ({places})"))?;
        for row in rows {
            insert.execute(params_from_iter(row))?;
        }
    }
    let head = "INSERT OR REPLACE INTO head (log, size, frontier, root) VALUES (0, ?1, zeroblob(320), zeroblob(32))";
    database.prepare_cached(head)?.execute([batch.size])?;
    Ok(())
}

fn checkpoint_of(database: &Connection, batch: &Batch) -> anyhow::Result<()> {
    let count = "INSERT INTO meta (name, value) VALUES ('checkpoints', '1') ON CONFLICT (name) DO UPDATE SET value = CAST(value + 1 AS TEXT)";
    database.prepare_cached(count)?.execute([])?;
    let checkpoint = "INSERT INTO checkpoint (log, size, note) VALUES (0, ?1, ?2)";
    let values = (batch.size, &batch.note);
    database.prepare_cached(checkpoint)?.execute(values)?;
    Ok(())
}

/// A small file written, made durable and put in place: what remembering a head costs.
fn guard(dir: &Path) -> anyhow::Result<()> {
    let (part, whole) = (dir.join("guard.part"), dir.join("guard"));
    let mut file = File::create(&part)?;
    file.write_all(&[b'0'; 80])?;
    file.sync_all()?;
    std::fs::rename(part, whole)?;
    Ok(File::open(dir)?.sync_all()?)
}
