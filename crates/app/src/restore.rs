//! A ledger from a backup: a copy, never over another ledger.

use std::fs;
use std::path::Path;

use record::Refusal;

use crate::error::{AppError, Result};
use crate::keys::LogKey;

/// Copies a backup to a data directory that is empty or not there yet.
///
/// # Errors
/// A backup that is none, a target that holds something, or a fault.
pub async fn restore(from: &Path, to: &Path) -> Result<()> {
    if fs::read_dir(to).is_ok_and(|mut inside| inside.next().is_some()) {
        let what = format!(
            "{} is not empty, and a ledger is restored over nothing.",
            to.display()
        );
        return Err(Refusal::new("wrong_use", what)
            .hint("Name a new or empty directory with --data.")
            .into());
    }
    // Reading it as a ledger first: a directory that is no backup is not copied.
    let reader = store::Reader::open(from).await?;
    LogKey::open(from)?;
    reader.backup(to).await?;
    fs::copy(from.join("key"), to.join("key"))
        .map(|_| ())
        .map_err(|error| AppError::io("copying the log key", error))
}
