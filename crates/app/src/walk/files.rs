//! The files: every one that an entry cites is here, and every one here is as it was received.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use ledger::Hash;
use record::Facts;
use store::{FileCheck, Files};

use crate::error::{AppError, Result};
use crate::texts::files_in;

/// The files that entries cite, each with the first that does.
#[derive(Default)]
pub(super) struct Cited(BTreeMap<Hash, u64>);

impl Cited {
    /// Notes the files that an entry's facts cite.
    pub fn note(&mut self, seq: u64, facts: &Facts) {
        for file in files_in(facts) {
            self.0.entry(file).or_insert(seq);
        }
    }

    /// Makes sure that all are among the files here.
    ///
    /// # Errors
    /// Says which is missing.
    pub async fn are_in(&self, dir: &Path) -> Result<()> {
        let here: BTreeSet<_> = Files::in_dir(dir).list().await?.into_iter().collect();
        match self.0.iter().find(|(file, _)| !here.contains(&file.0)) {
            None => Ok(()),
            Some((file, seq)) => Err(AppError::Damaged(format!(
                "entry {seq} cites the file {file}, which is missing: add the original again with `minutebook file add`, or put it back from the latest backup"
            ))),
        }
    }
}

/// Reads every file here back.
///
/// # Errors
/// Says which is not as it was received.
pub(super) async fn are_sound(dir: &Path) -> Result<()> {
    let files = Files::in_dir(dir);
    for file in files.list().await? {
        if files.verify(&file).await? != FileCheck::Sound {
            return Err(altered(&Hash(file)));
        }
    }
    Ok(())
}

/// Returns what is wrong with a file that has another content, and what to do.
pub(crate) fn altered(file: &Hash) -> AppError {
    AppError::Damaged(format!(
        "the file {file} is not as it was received: move it away and add the original again with `minutebook file add`, or put it back from the latest backup"
    ))
}
