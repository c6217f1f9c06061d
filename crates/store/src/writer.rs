//! Writing: one process per data directory, in batches that are kept whole or not at all.

use std::path::Path;

use crate::error::Result;
use crate::reader::Rows;
use crate::rows::{Checkpoint, Derived, Head, NewRow, StoredEntry};
use crate::sqlite::{read, write};

/// The name of the kept text that counts the checkpoints, of all logs together.
pub const CHECKPOINTS: &str = "checkpoints";

/// The one writer of a data directory; the directory is free again when it is dropped.
#[derive(Debug)]
pub enum Writer {
    /// The embedded database.
    Sqlite(write::Writer),
}

impl Writer {
    /// Creates `dir` where needed and a new database in it; only its owner may read either.
    ///
    /// `holder` says who writes, to people: `serve 127.0.0.1:8042`.
    ///
    /// # Errors
    ///
    /// [`Exists`](crate::StoreError::Exists) where there is a database,
    /// [`NotEmpty`](crate::StoreError::NotEmpty) where there is something else,
    /// [`NotADirectory`](crate::StoreError::NotADirectory),
    /// [`InUse`](crate::StoreError::InUse), [`ReadOnly`](crate::StoreError::ReadOnly), or a fault.
    pub async fn create(dir: &Path, holder: &str) -> Result<Self> {
        Ok(Self::Sqlite(write::Writer::create(dir, holder)?))
    }

    /// Opens the database in `dir` and migrates it to the layout of this program.
    ///
    /// # Errors
    ///
    /// [`Missing`](crate::StoreError::Missing), [`InUse`](crate::StoreError::InUse) naming who
    /// writes, [`Newer`](crate::StoreError::Newer), [`ReadOnly`](crate::StoreError::ReadOnly),
    /// [`HalfWritten`](crate::StoreError::HalfWritten),
    /// [`NotADatabase`](crate::StoreError::NotADatabase), or a fault.
    pub async fn open(dir: &Path, holder: &str) -> Result<Self> {
        Ok(Self::Sqlite(write::Writer::open(dir, holder)?))
    }

    /// Begins a batch; nothing of it is kept before [`Batch::commit`].
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn begin(&mut self) -> Result<Batch<'_>> {
        let Self::Sqlite(writer) = self;
        Ok(Batch::Sqlite(writer.begin()?))
    }

    /// Returns the rows as last committed.
    pub fn rows(&self) -> Rows<'_> {
        let Self::Sqlite(writer) = self;
        Rows::Sqlite(read::Rows(&writer.connection))
    }

    /// Returns the entries from `from_seq` on with their groups, in order, as another connection
    /// sees them: what is about to be signed is what is stored.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn read_back(&self, log: u32, from_seq: u64) -> Result<Vec<StoredEntry>> {
        let Self::Sqlite(writer) = self;
        read::stored(&writer.back, log, from_seq..u64::MAX)
    }

    /// Keeps a signed checkpoint, durable on return; one of the same size is replaced, as when a
    /// cosignature was added. How many there are is kept under [`CHECKPOINTS`].
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn put_checkpoint(&mut self, log: u32, size: u64, note: &str) -> Result<()> {
        let Self::Sqlite(writer) = self;
        write::put_checkpoint(&read::lock(&writer.connection), log, size, note)
    }

    /// Returns the checkpoint of the greatest size, as another connection sees it.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn read_back_checkpoint(&self, log: u32) -> Result<Option<Checkpoint>> {
        let Self::Sqlite(writer) = self;
        read::latest_checkpoint(&writer.back, log)
    }

    /// Opens the connection that keeps the write-ahead log short, to be run beside this writer.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn wal(&self) -> Result<Wal> {
        let Self::Sqlite(writer) = self;
        Ok(Wal::Sqlite(write::Wal::open(&writer.dir)?))
    }
}

/// One transaction, rolled back when dropped without [`commit`](Self::commit).
#[derive(Debug)]
pub enum Batch<'a> {
    /// The embedded database.
    Sqlite(write::Batch<'a>),
}

impl Batch<'_> {
    /// Returns the rows as they are within this batch, what it wrote included.
    pub fn rows(&self) -> Rows<'_> {
        let Self::Sqlite(batch) = self;
        Rows::Sqlite(read::Rows(batch.connection))
    }

    /// Appends an entry with its groups and derived rows.
    ///
    /// # Errors
    ///
    /// A fault of the database; a place in the log, a name of a group in one entry, and an
    /// idempotency key can each be taken only once.
    pub async fn append(&mut self, row: &NewRow) -> Result<()> {
        let Self::Sqlite(batch) = self;
        write::append(&batch.lock(), row)
    }

    /// Puts the rows derived from the entry at `seq` of the governance log, which is there
    /// already: for rebuilding.
    ///
    /// # Errors
    ///
    /// A fault of the database; an idempotency key can be taken only once.
    pub async fn put_derived(&mut self, seq: u64, derived: &Derived) -> Result<()> {
        let Self::Sqlite(batch) = self;
        write::put_derived(&batch.lock(), seq, derived)
    }

    /// Sets the head of a log.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn set_head(&mut self, log: u32, head: &Head) -> Result<()> {
        let Self::Sqlite(batch) = self;
        write::set_head(&batch.lock(), log, head)
    }

    /// Sets a named text that is kept.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn set_meta(&mut self, name: &str, value: &str) -> Result<()> {
        let Self::Sqlite(batch) = self;
        write::set_meta(&batch.lock(), name, value)
    }

    /// Sets a named text that is derived, and dropped with the derived rows.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn set_fact(&mut self, name: &str, value: &str) -> Result<()> {
        let Self::Sqlite(batch) = self;
        write::set_fact(&batch.lock(), name, value)
    }

    /// Erases the bytes of a group; its name, mark and commitment stay. Returns false where there
    /// are none. The bytes leave the disk with the next [`Wal::empty`].
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn erase_group(&mut self, log: u32, seq: u64, name: &str) -> Result<bool> {
        let Self::Sqlite(batch) = self;
        write::erase_group(&batch.lock(), log, seq, name)
    }

    /// Empties every derived table; readers see it only with what the batch puts there after.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn drop_derived(&mut self) -> Result<()> {
        let Self::Sqlite(batch) = self;
        write::drop_derived(&batch.lock())
    }

    /// Commits; on return all of the batch is durable.
    ///
    /// # Errors
    ///
    /// [`DiskFull`](crate::StoreError::DiskFull) or another fault: nothing of the batch is known
    /// to be kept, and the process should stop and look again.
    pub async fn commit(self) -> Result<()> {
        let Self::Sqlite(batch) = self;
        batch.end("COMMIT")
    }

    /// Gives the batch up; nothing of it is kept.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn rollback(self) -> Result<()> {
        let Self::Sqlite(batch) = self;
        batch.end("ROLLBACK")
    }
}

/// The size of the write-ahead log beyond which it is emptied and not only moved. Emptying holds
/// the writer up for the part that came in meanwhile, so it is for a log that found no pause.
const WAL_BYTES_LONG: u64 = 64 * 1024 * 1024;

/// What keeps the write-ahead log short. Has its own connection: run it on its own thread.
#[derive(Debug)]
pub enum Wal {
    /// The embedded database.
    Sqlite(write::Wal),
}

/// What a run left in the write-ahead log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WalState {
    /// Pages in the log.
    pub pages: u64,
    /// Those of them that are in the database too; the writer begins the log anew when all are.
    pub moved: u64,
}

impl Wal {
    /// Moves the log into the database as far as readers allow, and waits for nobody. Where the
    /// log has grown long nevertheless, empties it.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn checkpoint_wal(&mut self) -> Result<WalState> {
        let Self::Sqlite(wal) = self;
        let (pages, moved) = wal.checkpoint("PASSIVE")?.unwrap_or_default();
        let state = WalState { pages, moved };
        if wal.size_bytes() > WAL_BYTES_LONG && moved > 0 && self.empty().await? {
            return Ok(WalState { pages: 0, moved: 0 });
        }
        Ok(state)
    }

    /// Moves the whole log and shortens its file to nothing, so that bytes erased before are
    /// gone. Returns false where a reader or the writer was in the way: try again later.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn empty(&mut self) -> Result<bool> {
        let Self::Sqlite(wal) = self;
        Ok(wal.checkpoint("TRUNCATE")?.is_some())
    }
}
