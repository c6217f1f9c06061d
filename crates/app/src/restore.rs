//! A ledger from a backup: a copy, never over another ledger.

use std::path::Path;

use record::Refusal;
use store::{Reader, StoreError};

use crate::error::{AppError, Result};
use crate::keys::LogKey;

/// Copies a backup to a data directory that is empty, not there yet, or was left by a restore of
/// the same backup that was interrupted.
///
/// # Errors
/// A backup that is none, a target that holds something else, or a fault.
pub async fn restore(from: &Path, to: &Path) -> Result<()> {
    // Reading it as a ledger first: a directory that is no backup is not copied.
    let reader = Reader::open(from).await?;
    match copy_ledger(&reader, from, to).await {
        Err(AppError::Store(StoreError::NotEmpty { dir })) => {
            let dir = dir.display();
            let what = format!("{dir} is not empty, and a ledger is restored over nothing.");
            let next = "Name a new or empty directory with --data.";
            Err(Refusal::new("wrong_use", what).hint(next).into())
        }
        copied => copied,
    }
}

/// Copies a ledger with its key: the copy is the same log, held to the same guard.
pub(crate) async fn copy_ledger(reader: &Reader, from: &Path, to: &Path) -> Result<()> {
    let key = LogKey::open(from)?;
    let copied = reader.backup(to).await?;
    // Before the name that says the copy is finished: one without its key cannot be written to.
    key.keep(to)?;
    Ok(copied.finish()?)
}
