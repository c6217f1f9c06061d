//! The only SQL: keeps a data directory's entries, groups, checkpoints and files, and the rows
//! derived from them.
//!
//! Entries are opaque bytes and hashes 32 bytes here. This crate must not know what an entry
//! means, any kind of record, the clock, or how a checkpoint is signed.
//!
//! A data directory holds `minutebook.db`, `files/ab/<sha256>`, `lock` (held by the one process
//! that writes, naming it) and whatever the application keeps beside them, such as its key.

mod error;
mod facts;
mod files;
mod lock;
mod naming;
mod reader;
mod rows;
mod soundness;
mod sqlite;
mod verdicts;
mod writer;

pub use error::{Result, StoreError, said};
pub use facts::WithGroup;
pub use files::{FILE_BYTES_MAX, FileCheck, Files};
pub use lock::same_file;
pub use naming::name_once;
pub use reader::{Entries, Reader, Rows, Snapshot};
pub use rows::{
    Checkpoint, Citation, Counts, Derived, Entry, FOR_EVER, Fields, Governing, Group, Hash, Head,
    Key, Link, NewRow, NewVerdicts, RecordRow, StoredEntry, Stretch, TallyChange, TwiceDated,
};
pub use sqlite::backup::{Copied, make_empty};
pub use sqlite::{is_database, private, private_file};
pub use verdicts::KnownBy;
pub use writer::{Batch, CHECKPOINTS, Wal, WalState, Writer};

/// The log number of the governance log, the one that derived rows describe.
pub const GOVERNANCE_LOG: u32 = 0;
