//! What can go wrong, apart from a refused Command.

use std::io;
use std::path::Path;

use record::Refusal;

/// A result of the app.
pub type Result<T> = std::result::Result<T, AppError>;

/// Why something could not be done.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The person can act on it.
    #[error("{0}")]
    Refused(Refusal),
    /// The data directory, its lock, its layout.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// The signing guard forbids appending.
    #[error("{message}")]
    Guard {
        /// What stands against it.
        message: String,
        /// What to do.
        hint: String,
    },
    /// The key at hand is not the one that the ledger is signed with.
    #[error("{message}")]
    OtherKey {
        /// Whose key is where.
        message: String,
        /// What to do.
        hint: String,
    },
    /// Entries were committed, and could not be guarded or signed.
    #[error(
        "{recorded} recorded, and not signed yet: {source}. The next command that writes signs what is recorded"
    )]
    Unsigned {
        /// Which entries, as the subject of a sentence.
        recorded: String,
        /// What stood against signing them.
        source: Box<AppError>,
    },
    /// The disk is full, and the batch was given up before it was committed.
    #[error("the disk is full: nothing of this was recorded; free some space and start again")]
    NothingRecorded,
    /// What was handed in may be recorded: it was committed, or may have been, and is not under a
    /// signed checkpoint.
    #[error(
        "{0}. Whether this was recorded is not known: look before it is handed in again, or give \
         it the same key as before, and it is recorded once"
    )]
    NotKnown(Box<AppError>),
    /// The clock cannot be trusted.
    #[error("{0}")]
    Clock(String),
    /// What is stored is not what was recorded.
    #[error(
        "the ledger does not read back as recorded: {0}; nothing was signed. Run `minutebook verify`"
    )]
    Damaged(String),
    /// What was to be handed out is not what was recorded.
    #[error(
        "what is kept is not what was recorded: {0}; it is not handed out. Run `minutebook verify`"
    )]
    Altered(String),
    /// Ours.
    #[error("{0}")]
    Fault(String),
    /// There is no room for a file.
    #[error("{what}: the disk is full; free some space, and try again")]
    NoRoom {
        /// Which file, and what was done.
        what: String,
    },
    /// Reading or writing a file.
    #[error("{what}: {}", store::said(.source))]
    Io {
        /// Which file, and what was done.
        what: String,
        /// Why not.
        source: io::Error,
    },
}

impl AppError {
    /// Returns an error of reading or writing.
    pub fn io(what: impl Into<String>, source: io::Error) -> Self {
        let what = what.into();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::NoRoom { what },
            _ => Self::Io { what, source },
        }
    }

    /// Returns a fault of writing something, which may be that there is no room for it.
    pub fn writing(what: &str, error: &(dyn std::error::Error + 'static)) -> Self {
        let mut causes = std::iter::successors(Some(error), |error| error.source());
        let io = causes.find_map(|cause| cause.downcast_ref::<io::Error>());
        match io.map(|error| Self::io(what, error.kind().into())) {
            Some(full @ Self::NoRoom { .. }) => full,
            _ => Self::fault(error),
        }
    }

    /// Returns an error of creating a file that nothing may be written over.
    pub fn creating(path: &Path, source: io::Error) -> Self {
        let shown = path.display();
        let (what, next) = match source.kind() {
            io::ErrorKind::AlreadyExists => (
                format!("{shown} is there already, and is not written over."),
                "Name another file, or move that one aside.",
            ),
            io::ErrorKind::NotFound => (
                format!("The folder that {shown} would be in is not there."),
                "Make the folder first, or name a file in another.",
            ),
            _ => return Self::io(format!("creating {shown}"), source),
        };
        Refusal::new("wrong_use", what).hint(next).into()
    }

    /// Returns whether it stands against appending alone: what is recorded can still be read.
    pub fn forbids_appending(&self) -> bool {
        use store::StoreError::OtherLayout;
        matches!(
            self,
            Self::Guard { .. }
                | Self::OtherKey { .. }
                | Self::Clock(_)
                | Self::Damaged(_)
                | Self::Store(OtherLayout { .. })
        )
    }

    /// Returns the same of whoever reads: what was found wrong is not handed out.
    pub(crate) fn of_reading(self) -> Self {
        match self {
            Self::Damaged(what) => Self::Altered(what),
            other => other,
        }
    }

    /// Returns a fault from anything that can be shown.
    pub fn fault(error: impl std::fmt::Display) -> Self {
        Self::Fault(error.to_string())
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
