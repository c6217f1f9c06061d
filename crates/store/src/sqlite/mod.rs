//! SQLite: opening, checking and migrating the database of a data directory.

pub(crate) mod backup;
pub(crate) mod dump;
pub(crate) mod facts;
pub(crate) mod read;
pub(crate) mod soundness;
pub(crate) mod verdicts;
pub(crate) mod write;

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::{Result, StoreError};

/// The name of the database in a data directory.
pub(crate) const DATABASE: &str = "minutebook.db";

/// Marks the file as ours, in SQLite's own header field for that: "MBOK".
const APPLICATION_ID: u32 = 0x4d42_4f4b;

/// How the header of a database begins, and at which of its bytes it says whose file it is.
const HEADER: (&[u8], usize) = (b"SQLite format 3\0", 68);

/// Each brings the database from the layout before it to its own, which is its place from 1.
const MIGRATIONS: [&str; 4] = [
    include_str!("../../migrations/0001.sql"),
    include_str!("../../migrations/0002.sql"),
    include_str!("../../migrations/0003.sql"),
    include_str!("../../migrations/0004.sql"),
];

/// The layout this program reads and writes.
const KNOWN: u32 = MIGRATIONS.len() as u32;

/// How long a connection waits for another. Only emptying a long write-ahead log, and recovery
/// after a crash, hold anybody up at all.
const PATIENCE: Duration = Duration::from_secs(60);

/// Statements kept prepared per connection; all of ours fit.
const STATEMENTS: usize = 64;

/// Creates the database in `dir`, where there is none.
pub(crate) fn create(dir: &Path) -> Result<Connection> {
    let path = dir.join(DATABASE);
    if path.exists() {
        return Err(StoreError::Exists {
            dir: dir.to_owned(),
        });
    }
    finished(dir)?;
    let made = private_file().create_new(true).open(&path);
    drop(made.map_err(|e| StoreError::write(&path, e))?);
    let opened = connect(&path, OpenFlags::SQLITE_OPEN_READ_WRITE);
    let mut connection = opened.map_err(|e| StoreError::opening(&path, e))?;
    set_up_writing(&connection)?;
    // If we crash before the commit, the file has no layout and opening calls it half-written.
    migrate(&mut connection, 0)?;
    Ok(connection)
}

/// Opens the database in `dir` for writing and brings it to the layout this program knows.
pub(crate) fn open_writing(dir: &Path) -> Result<Connection> {
    let path = existing(dir)?;
    writable_beside(&path)?;
    let opened = connect(&path, OpenFlags::SQLITE_OPEN_READ_WRITE);
    let mut connection = opened.map_err(|e| StoreError::opening(&path, e))?;
    // SQLite falls back to reading without a word.
    let read_only = connection.is_readonly("main");
    if read_only.map_err(|e| StoreError::opening(&path, e))? {
        return Err(StoreError::ReadOnly { path });
    }
    let found = layout(&connection, &path)?;
    as_declared(&connection, &path, found)?;
    set_up_writing(&connection)?;
    if found < KNOWN {
        migrate(&mut connection, found)?;
    }
    Ok(connection)
}

/// Opens the database in `dir` for reading, beside a writer or without one.
pub(crate) fn open_reading(dir: &Path) -> Result<Connection> {
    let path = existing(dir)?;
    let connection = match try_reading(&path) {
        Err(StoreError::ReadOnly { .. }) if at_rest(&path) => read_at_rest(&path)?,
        other => other?,
    };
    match layout(&connection, &path)? {
        KNOWN => Ok(connection),
        found => Err(StoreError::Older {
            found,
            known: KNOWN,
        }),
    }
}

/// Makes sure that what SQLite keeps beside the database can be written: it is made with the access
/// that the database had then, and stays as it is when that is mended.
fn writable_beside(path: &Path) -> Result<()> {
    for end in ["-wal", "-shm"] {
        let beside = path.with_file_name(format!("{DATABASE}{end}"));
        match std::fs::OpenOptions::new().write(true).open(&beside) {
            Err(error) if !is_absence(&error) => return Err(StoreError::write(&beside, error)),
            _ => {}
        }
    }
    Ok(())
}

/// Opens a connection that moves the write-ahead log into the database.
pub(crate) fn open_beside(dir: &Path) -> Result<Connection> {
    let path = existing(dir)?;
    let connection = connect(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    set_up_writing(&connection)?;
    // It gives way instead of waiting, so that it holds nobody up.
    connection.busy_timeout(Duration::ZERO)?;
    Ok(connection)
}

/// The pages that a connection keeps: what a status of some thousand systems looks at.
const CACHE_KIB: i64 = 8 * 1_024;

/// Opens a database file with what holds for every connection.
pub(crate) fn connect(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    // SQLite takes a name that begins `file:` for an address unless told that it is a path.
    let path = match flags.contains(OpenFlags::SQLITE_OPEN_URI) {
        true => path.to_owned(),
        false => Path::new(".").join(path),
    };
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    // Or a statement is planned anew each time that it is asked of another rule.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(connection)
}

/// Sets what holds for connections that write.
fn set_up_writing(connection: &Connection) -> Result<()> {
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    // A commit that also moved the log would be slow once in a while; `Wal` does it beside us.
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    // Erasing means that the bytes are gone from the file, not only from the table.
    connection.pragma_update(None, "secure_delete", "on")?;
    connection.pragma_update(None, "cache_size", -64 * 1024)?;
    Ok(())
}

/// Brings the database from layout `found` to the one this program knows, all or nothing.
fn migrate(connection: &mut Connection, found: u32) -> Result<()> {
    let transaction = connection.transaction()?;
    for migration in &MIGRATIONS[found as usize..] {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", KNOWN)?;
    transaction.commit()?;
    Ok(())
}

/// Makes sure that the database declares what its layout does, and nothing else: a trigger would
/// change what is written, and without an index a place could be taken twice.
fn as_declared(connection: &Connection, path: &Path, layout: u32) -> Result<()> {
    let made = Connection::open_in_memory()?;
    for migration in &MIGRATIONS[..layout as usize] {
        made.execute_batch(migration)?;
    }
    let found = soundness::declared(connection).map_err(|error| match error {
        StoreError::Sql(error) => StoreError::opening(path, error),
        other => other,
    })?;
    let meant = soundness::declared(&made)?;
    // The name alone: the rest is a statement.
    let name = |one: &String| one.split(':').next().unwrap_or_default().to_owned();
    let is_foreign = |one: &&String| !meant.contains(one);
    let is_missing = |one: &&String| !found.contains(one);
    let what = match (found.iter().find(is_foreign), meant.iter().find(is_missing)) {
        (None, None) => return Ok(()),
        (_, Some(missing)) => format!("its {} is missing or altered", name(missing)),
        (Some(foreign), None) => format!("its {} is not ours", name(foreign)),
    };
    let path = path.to_owned();
    Err(StoreError::OtherLayout { path, layout, what })
}

/// Returns the layout of the database, from 1 to the one this program knows.
fn layout(connection: &Connection, path: &Path) -> Result<u32> {
    let number = |sql| {
        let row = connection.query_row(sql, [], |row| row.get::<_, i64>(0));
        row.map_err(|e| StoreError::opening(path, e))
    };
    let tables = number("SELECT count(*) FROM sqlite_schema")?;
    if tables == 0 {
        return Err(StoreError::HalfWritten {
            path: path.to_owned(),
            why: "it holds no tables".to_owned(),
        });
    }
    if number("PRAGMA application_id")? != i64::from(APPLICATION_ID) {
        return Err(StoreError::NotADatabase {
            path: path.to_owned(),
        });
    }
    let found = u32::try_from(number("PRAGMA user_version")?).unwrap_or(0);
    match found {
        0 => Err(StoreError::HalfWritten {
            path: path.to_owned(),
            why: "it states no layout".to_owned(),
        }),
        1..=KNOWN => Ok(found),
        _ => Err(StoreError::Newer {
            found,
            known: KNOWN,
        }),
    }
}

/// Returns whether what a source gives is a database of ours, as its header says.
///
/// # Errors
/// A fault of the source.
pub fn is_database(source: &mut dyn Read) -> std::io::Result<bool> {
    let (name, place) = HEADER;
    let ours = APPLICATION_ID.to_be_bytes();
    let mut header = Vec::new();
    let most = place + ours.len();
    source.take(most as u64).read_to_end(&mut header)?;
    Ok(header.starts_with(name) && header.get(place..) == Some(&ours[..]))
}

fn is_absence(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{NotADirectory, NotFound};
    matches!(error.kind(), NotFound | NotADirectory)
}

/// Returns the path of the database in `dir`, if there is one.
fn existing(dir: &Path) -> Result<PathBuf> {
    let path = dir.join(DATABASE);
    match path.metadata() {
        Ok(found) if found.is_file() => return Ok(path),
        Err(source) if !is_absence(&source) => {
            let dir = dir.to_owned();
            return Err(StoreError::Unseen { dir, source });
        }
        _ => {}
    }
    finished(dir)?;
    Err(StoreError::Missing {
        dir: dir.to_owned(),
    })
}

/// Makes sure that `dir` holds no copy that was interrupted.
fn finished(dir: &Path) -> Result<()> {
    match backup::is_unfinished(dir) {
        true => Err(StoreError::Unfinished {
            dir: dir.to_owned(),
        }),
        false => Ok(()),
    }
}

/// Opens for reading and reads something, because opening alone touches nothing.
fn try_reading(path: &Path) -> Result<Connection> {
    let opened = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY).and_then(|connection| {
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(connection)
    });
    opened.map_err(|e| StoreError::opening(path, e))
}

/// Returns whether everything is in the database file itself and nothing in the log beside it.
fn at_rest(path: &Path) -> bool {
    let log = path.with_file_name(format!("{DATABASE}-wal"));
    !log.metadata().is_ok_and(|log| log.len() > 0)
}

/// Opens a database at rest where SQLite cannot create its shared memory: on a read-only disk.
fn read_at_rest(path: &Path) -> Result<Connection> {
    let Some(text) = path.to_str() else {
        return Err(StoreError::ReadOnly {
            path: path.to_owned(),
        });
    };
    let quoted = text
        .replace('%', "%25")
        .replace('?', "%3f")
        .replace('#', "%23");
    let uri = PathBuf::from(format!("file:{quoted}?immutable=1"));
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    connect(&uri, flags).map_err(|e| StoreError::opening(path, e))
}

/// Makes a directory that only its owner may enter, where there is none, and those above it.
///
/// # Errors
/// What the operating system says.
pub fn private(dir: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// Lets only its owner into a directory that was there already, and holds nothing yet.
pub(crate) fn make_private(dir: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mut access = dir.metadata()?.permissions();
        if access.mode() & 0o077 != 0 {
            access.set_mode(0o700);
            return std::fs::set_permissions(dir, access);
        }
    }
    Ok(())
}

/// Returns how a file is made and written that only its owner may read. What SQLite puts beside
/// a database has the access that the database has.
pub fn private_file() -> std::fs::OpenOptions {
    let mut options = std::fs::OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_connection_that_writes_waits_until_a_commit_is_on_the_disk() {
        let dir = tempfile::tempdir().unwrap();
        let durable = |connection: &Connection| {
            let ask =
                |sql| connection.query_row(sql, [], |row| row.get::<_, rusqlite::types::Value>(0));
            let (mode, synchronous) = (ask("PRAGMA journal_mode"), ask("PRAGMA synchronous"));
            assert_eq!(mode.unwrap(), "wal".to_owned().into());
            // 2 is FULL: in a power cut no commit that was answered is lost.
            assert_eq!(synchronous.unwrap(), 2_i64.into());
        };
        durable(&create(dir.path()).unwrap());
        durable(&open_writing(dir.path()).unwrap());
        durable(&open_beside(dir.path()).unwrap());
    }
}
