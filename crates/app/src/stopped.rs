//! A fault in the middle of what was handed in: what is known of it, and what is not.

use crate::error::AppError;
use crate::writer::Outcome;

/// Why the writer stopped, and what it answered before.
#[derive(Debug)]
pub struct Stopped {
    /// What the first Commands came to, in order: durable and under a signed checkpoint.
    pub outcomes: Vec<Outcome>,
    /// How many of the Commands after those may be recorded: their batch was committed, or may
    /// have been, and is not signed. The next writer signs what was. Of the Commands after them
    /// nothing is recorded.
    pub not_known: usize,
    /// The fault.
    pub error: AppError,
}

impl From<Stopped> for AppError {
    /// Of whoever handed in one Command, or asks about the last alone.
    fn from(stopped: Stopped) -> Self {
        let Stopped {
            outcomes,
            not_known,
            error,
        } = stopped;
        match (not_known, error) {
            (0, Self::Store(store::StoreError::DiskFull)) if outcomes.is_empty() => {
                Self::NothingRecorded
            }
            // It says which entries are recorded.
            (0, error) | (_, error @ Self::Unsigned { .. }) => error,
            (_, error) => Self::NotKnown(Box::new(error)),
        }
    }
}

/// Why a batch failed, and whether it may be recorded all the same.
#[derive(Debug)]
pub(crate) struct Failed {
    pub error: AppError,
    pub may_be_recorded: bool,
}

impl Failed {
    /// From here on the batch is committed, or may be.
    pub fn late(error: impl Into<AppError>) -> Self {
        Self {
            error: error.into(),
            may_be_recorded: true,
        }
    }
}

/// Until a batch is asked to commit it is rolled back.
impl<E: Into<AppError>> From<E> for Failed {
    fn from(error: E) -> Self {
        Self {
            error: error.into(),
            may_be_recorded: false,
        }
    }
}
