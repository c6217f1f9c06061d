//! Everything that can go wrong in the store, said so that the reader knows what to do next.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use crate::sqlite::DATABASE;

/// A result of the store.
pub type Result<T> = std::result::Result<T, StoreError>;

/// Why the store refused, or what failed beneath it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process writes to this directory.
    #[error("{dir} is being written to by `{holder}`: stop that first")]
    InUse {
        /// The data directory.
        dir: PathBuf,
        /// What the other process wrote about itself; empty in the moment it starts.
        holder: String,
    },
    /// The lock of this directory was taken away while it was held.
    #[error(
        "the lock of {dir} was removed or replaced while this process wrote there, and another may \
         write by now: nothing more is appended; stop the other, and start again"
    )]
    LockGone {
        /// The data directory.
        dir: PathBuf,
    },
    /// There is no database in this directory.
    #[error("{dir} holds no minutebook.db: check the path, or create a ledger there first")]
    Missing {
        /// The directory.
        dir: PathBuf,
    },
    /// Whether there is a database cannot be seen.
    #[error(
        "{dir} cannot be looked into ({}), and may hold a ledger: run this as the account that the \
         ledger belongs to, or check the path", said(.source)
    )]
    Unseen {
        /// The directory.
        dir: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// There already is a database in this directory.
    #[error("{dir} already holds a minutebook.db: open it, or choose another directory")]
    Exists {
        /// The directory.
        dir: PathBuf,
    },
    /// The database was written by a later version of this program.
    #[error("the database is of layout {found}, this program knows up to {known}: use a newer one")]
    Newer {
        /// The layout of the database.
        found: u32,
        /// The latest layout this program knows.
        known: u32,
    },
    /// The database has to be migrated before it can be read.
    #[error("the database is of layout {found}, not {known}: open it once for writing")]
    Older {
        /// The layout of the database.
        found: u32,
        /// The layout this program reads.
        known: u32,
    },
    /// The database says that it is of a layout, and does not declare what that layout does.
    #[error(
        "{path} says that it is of layout {layout}, and is not: {what}. Nothing is appended to it; \
         keep it as it is, and restore the latest backup that verifies"
    )]
    OtherLayout {
        /// The database file.
        path: PathBuf,
        /// The layout in its header.
        layout: u32,
        /// What is there and should not be, or is not there and should be.
        what: String,
    },
    /// The directory or its database cannot be written to, and had to be.
    #[error(
        "{path} cannot be written to: make it writable, or copy the data directory to a place that is"
    )]
    ReadOnly {
        /// The path in question.
        path: PathBuf,
    },
    /// The database ends early, is damaged, or its creation was interrupted.
    #[error(
        "{} is not whole ({why}): move the directory {dir} aside and restore the latest backup; \
         if the ledger was never finished being created, delete the directory {dir} and create it \
         again", .path.display(), dir = directory(.path).display()
    )]
    HalfWritten {
        /// The database file, or its directory.
        path: PathBuf,
        /// What was noticed.
        why: String,
    },
    /// The file is something else.
    #[error("{path} is not a Minutebook database: check the path, or restore the latest backup")]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// What is to be written to holds something already.
    #[error("{dir} is not empty, and nothing is written over: name a new or empty directory")]
    NotEmpty {
        /// The directory.
        dir: PathBuf,
    },
    /// What is to be a directory is something else.
    #[error("{path} is no directory: name a new or empty one")]
    NotADirectory {
        /// What was named.
        path: PathBuf,
    },
    /// The directory holds a copy that was interrupted, and no ledger yet.
    #[error(
        "{dir} holds a copy that was never finished: run the `backup` or `restore` that made it \
         again and it is finished, or delete it"
    )]
    Unfinished {
        /// The directory.
        dir: PathBuf,
    },
    /// The target of a backup holds an unfinished copy of something else.
    #[error(
        "{dir} holds an unfinished copy of another ledger, or of this one with files that are \
         erased since: delete it, then run this again"
    )]
    OtherCopy {
        /// The directory.
        dir: PathBuf,
    },
    /// A file is larger than files may be.
    #[error("the file is larger than {limit_bytes} bytes")]
    TooLarge {
        /// The most that is accepted.
        limit_bytes: u64,
    },
    /// No file with this SHA-256 is stored.
    #[error("no file {sha256} is stored: it was never added, or has been erased")]
    NoFile {
        /// The hash asked for, in hex.
        sha256: String,
    },
    /// The bytes stored under this SHA-256 have another.
    #[error("the stored file {sha256} is damaged: restore it from a backup")]
    FileDamaged {
        /// The hash it is stored under, in hex.
        sha256: String,
    },
    /// A group is stored for an entry that is not.
    #[error("the group {name} is of entry {seq}, which is not there")]
    NoEntry {
        /// The number of the entry.
        seq: u64,
        /// The group's name.
        name: String,
    },
    /// The disk is full. What of the work was kept by then is for whoever began it to say.
    #[error("the disk is full: free some space and start again")]
    DiskFull,
    /// The operating system failed.
    #[error("{path}: {}", said(.source))]
    Io {
        /// The path in question.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// The database failed.
    #[error("the database failed: {}", without_statement(.0))]
    Sql(#[source] rusqlite::Error),
}

/// Returns what the operating system said, without its number for it.
pub fn said(error: &io::Error) -> String {
    let said = error.to_string();
    said.split(" (os error ")
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// Returns what SQLite said, without the statement that it said it of.
fn without_statement(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            _ => Self::Sql(error),
        }
    }
}

/// Returns the data directory that is meant by its database, or by itself.
fn directory(path: &Path) -> &Path {
    match path.parent() {
        Some(dir) if path.ends_with(DATABASE) => dir,
        _ => path,
    }
}

impl StoreError {
    /// Returns whether what is stored is at fault, and not the machine: a verifier names it,
    /// everybody else stops.
    pub fn is_damage(&self) -> bool {
        match self {
            Self::HalfWritten { .. } | Self::FileDamaged { .. } | Self::NoEntry { .. } => true,
            // Without a code it is a value that is not of its column's sort.
            Self::Sql(error) => error.sqlite_error_code().is_none_or(|code| {
                matches!(
                    code,
                    ErrorCode::DatabaseCorrupt
                        | ErrorCode::NotADatabase
                        | ErrorCode::ConstraintViolation
                        // Such as a table that is not there.
                        | ErrorCode::Unknown
                )
            }),
            _ => false,
        }
    }

    /// Turns a failure of the operating system at `path` into one of ours.
    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { path },
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::Io { path, source },
        }
    }

    /// Turns a failure to write at `path` into one of ours: there, no permission is read-only.
    pub(crate) fn write(path: &Path, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::PermissionDenied => Self::ReadOnly {
                path: path.to_owned(),
            },
            _ => Self::io(path, source),
        }
    }

    /// Turns a failure of opening the database at `path` into one of ours.
    pub(crate) fn opening(path: &Path, error: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::NotADatabase { path },
            Some(ErrorCode::DatabaseCorrupt) => Self::HalfWritten {
                path,
                why: "it is shorter than it says, or damaged".to_owned(),
            },
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                Self::ReadOnly { path }
            }
            _ => error.into(),
        }
    }
}
