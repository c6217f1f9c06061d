//! Reading: snapshots beside the writer, which neither wait for it nor hold it up.

use std::collections::HashSet;
use std::ops::Range;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::error::{Result, StoreError};
use crate::files::Files;
use crate::rows::{Checkpoint, Citation, Counts, Entry, Group, Hash, Head, RecordRow};
use crate::sqlite::backup::Copied;
use crate::sqlite::{self, dump, read};

/// Entries read at once by [`Entries`].
const CHUNK: u32 = 256;

/// A reader of a data directory. Can be shared between threads; each snapshot has a connection of
/// its own, a few of which are kept for the next.
#[derive(Debug)]
pub enum Reader {
    /// The embedded database.
    Sqlite {
        /// The data directory.
        dir: PathBuf,
        /// The connections nobody uses.
        idle: read::Idle,
    },
}

impl Reader {
    /// Opens the database in `dir` for reading, whether or not a writer runs. Works in a
    /// directory that cannot be written to, if what was last written there was closed properly.
    ///
    /// # Errors
    ///
    /// [`Missing`](crate::StoreError::Missing), [`Newer`](crate::StoreError::Newer),
    /// [`Older`](crate::StoreError::Older), [`ReadOnly`](crate::StoreError::ReadOnly) where the
    /// rows cannot be read without writing, [`HalfWritten`](crate::StoreError::HalfWritten),
    /// [`NotADatabase`](crate::StoreError::NotADatabase), or a fault.
    pub async fn open(dir: &Path) -> Result<Self> {
        let idle = read::Idle::default();
        read::lock(&idle).push(sqlite::open_reading(dir)?);
        Ok(Self::Sqlite {
            dir: dir.to_owned(),
            idle,
        })
    }

    /// Begins a snapshot: everything read through it is of one moment. End it soon, because the
    /// write-ahead log cannot shrink meanwhile.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub async fn snapshot(&self) -> Result<Snapshot> {
        let Self::Sqlite { dir, idle } = self;
        let kept = read::lock(idle).pop();
        let connection = kept.map_or_else(|| sqlite::open_reading(dir), Ok)?;
        let snapshot = read::Snapshot::begin(connection, idle.clone())?;
        Ok(Snapshot::Sqlite(snapshot))
    }

    /// Copies database and files as of one moment to `out`, while the writer runs, and makes the
    /// copy durable. `out` is new or empty, or holds a copy that was interrupted: that one is
    /// begun again, and the files it has already are kept. Keys are not copied. What is damaged is
    /// copied as it is: whether it is sound is for whoever verifies.
    ///
    /// The copy is finished by [`Copied::finish`], and until then opened by nobody.
    ///
    /// # Errors
    ///
    /// [`NotEmpty`](crate::StoreError::NotEmpty), [`OtherCopy`](crate::StoreError::OtherCopy),
    /// [`InUse`](crate::StoreError::InUse) where another process makes that copy,
    /// [`DiskFull`](crate::StoreError::DiskFull),
    /// [`FileDamaged`](crate::StoreError::FileDamaged) where the copy that was interrupted has
    /// other bytes under the name of a stored file, or a fault.
    pub async fn backup(&self, out: &Path) -> Result<Copied> {
        let Self::Sqlite { dir, .. } = self;
        let copied = Copied::begin(out)?;
        copied.database(&sqlite::open_reading(dir)?)?;
        // After the rows: a file is stored before the entry that names it.
        let (from, to) = (Files::in_dir(dir), Files::in_dir(out));
        to.sweep()?;
        let files = from.list().await?;
        let known: HashSet<&Hash> = files.iter().collect();
        if to.list().await?.iter().any(|hash| !known.contains(hash)) {
            return Err(StoreError::OtherCopy {
                dir: out.to_owned(),
            });
        }
        for hash in files {
            from.copy(&hash, &to)?;
        }
        Ok(copied)
    }
}

/// The rows as of one moment, until dropped.
#[derive(Debug)]
pub enum Snapshot {
    /// The embedded database.
    Sqlite(read::Snapshot),
}

impl Snapshot {
    /// Returns the rows.
    pub fn rows(&self) -> Rows<'_> {
        let Self::Sqlite(snapshot) = self;
        Rows::Sqlite(snapshot.rows())
    }
}

/// The stored rows: of a snapshot, or within a batch.
#[derive(Debug, Clone, Copy)]
pub enum Rows<'a> {
    /// The embedded database.
    Sqlite(read::Rows<'a>),
}

impl<'a> Rows<'a> {
    /// Returns the head of a log, `None` before its first entry.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn head(&self, log: u32) -> Result<Option<Head>> {
        let Self::Sqlite(rows) = self;
        read::head(&rows.lock(), log)
    }

    /// Returns the bytes of an entry.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn entry(&self, log: u32, seq: u64) -> Result<Option<Vec<u8>>> {
        let Self::Sqlite(rows) = self;
        read::entry(&rows.lock(), log, seq)
    }

    /// Returns the entries of a range of places, in order, a chunk at a time.
    pub fn entries(&self, log: u32, range: Range<u64>) -> Entries<'a> {
        Entries {
            rows: *self,
            log,
            range,
        }
    }

    /// Returns the groups of an entry, by name.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn groups(&self, log: u32, seq: u64) -> Result<Vec<Group>> {
        let Self::Sqlite(rows) = self;
        read::groups(&rows.lock(), log, seq)
    }

    /// Returns one group of an entry.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn group(&self, log: u32, seq: u64, name: &str) -> Result<Option<Group>> {
        let Self::Sqlite(rows) = self;
        read::group(&rows.lock(), log, seq, name)
    }

    /// Returns a record.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn record(&self, id: Uuid) -> Result<Option<RecordRow>> {
        let Self::Sqlite(rows) = self;
        read::record(&rows.lock(), id)
    }

    /// Returns up to `limit` records of a kind, withdrawn ones included, in the order they were
    /// begun; for the next page, `after_seq` is the last one's `first_seq`.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn records(
        &self,
        kind: &str,
        after_seq: Option<u64>,
        limit: u32,
    ) -> Result<Vec<RecordRow>> {
        let Self::Sqlite(rows) = self;
        read::records(&rows.lock(), kind, after_seq, limit)
    }

    /// Returns the places of a record's own entries, in order.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn history(&self, id: Uuid) -> Result<Vec<u64>> {
        let Self::Sqlite(rows) = self;
        read::history(&rows.lock(), id)
    }

    /// Returns who cites a record, in order of the ledger.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn cited_by(&self, id: Uuid) -> Result<Vec<Citation>> {
        let Self::Sqlite(rows) = self;
        read::cited_by(&rows.lock(), id)
    }

    /// Returns the digest of the command that came with an idempotency key, and its entry.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn key(&self, key: &Hash) -> Result<Option<(Hash, u64)>> {
        let Self::Sqlite(rows) = self;
        read::key(&rows.lock(), key)
    }

    /// Returns the records that have exactly this value in a field, in order of id.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn by_field(&self, name: &str, value: &str) -> Result<Vec<Uuid>> {
        let Self::Sqlite(rows) = self;
        read::by_field(&rows.lock(), name, value)
    }

    /// Returns a named text that is kept.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn meta(&self, name: &str) -> Result<Option<String>> {
        let Self::Sqlite(rows) = self;
        read::meta(&rows.lock(), name)
    }

    /// Returns a named text that is derived.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn fact(&self, name: &str) -> Result<Option<String>> {
        let Self::Sqlite(rows) = self;
        read::fact(&rows.lock(), name)
    }

    /// Returns the checkpoint of the greatest size.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn latest_checkpoint(&self, log: u32) -> Result<Option<Checkpoint>> {
        let Self::Sqlite(rows) = self;
        read::latest_checkpoint(&rows.lock(), log)
    }

    /// Returns the number of checkpoints of a log.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn checkpoint_count(&self, log: u32) -> Result<u64> {
        let Self::Sqlite(rows) = self;
        read::checkpoint_count(&rows.lock(), log)
    }

    /// Returns the number of checkpoints of a log that are smaller than a size.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn checkpoints_before(&self, log: u32, size: u64) -> Result<u64> {
        let Self::Sqlite(rows) = self;
        read::checkpoints_before(&rows.lock(), log, size)
    }

    /// Returns up to `limit` checkpoints larger than `after_size`, smallest first.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn checkpoints(
        &self,
        log: u32,
        after_size: Option<u64>,
        limit: u32,
    ) -> Result<Vec<Checkpoint>> {
        let Self::Sqlite(rows) = self;
        read::checkpoints(&rows.lock(), log, after_size, limit)
    }

    /// Counts what a log holds.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn counts(&self, log: u32) -> Result<Counts> {
        let Self::Sqlite(rows) = self;
        read::counts(&rows.lock(), log)
    }

    /// Gives every derived row to `line`, as text without its line end, in an order that depends
    /// on the rows alone: two databases with the same lines have the same derived rows.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn dump_derived(&self, line: &mut (dyn FnMut(&str) + Send)) -> Result<()> {
        let Self::Sqlite(rows) = self;
        dump::dump_derived(&rows.lock(), line)
    }
}

/// Entries in order, a chunk at a time, so that memory stays flat.
#[derive(Debug)]
pub struct Entries<'a> {
    rows: Rows<'a>,
    log: u32,
    range: Range<u64>,
}

impl Entries<'_> {
    /// Returns the next chunk, never empty; `None` at the end.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn next(&mut self) -> Result<Option<Vec<Entry>>> {
        let Rows::Sqlite(rows) = &self.rows;
        let chunk = read::entries(&rows.lock(), self.log, self.range.clone(), CHUNK)?;
        let Some(last) = chunk.last() else {
            return Ok(None);
        };
        self.range.start = last.seq + 1;
        Ok(Some(chunk))
    }
}
