//! The files: every one that an entry cites is here, and every one here is as it was received.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use ledger::{Entry, Hash};
use store::{FileCheck, Files, Group};

use crate::error::{AppError, Result};
use crate::stored;
use crate::texts::files_in;

/// The digits of a SHA-256.
const DIGITS: usize = 64;

/// The files that entries cite, each with the first that does.
#[derive(Default)]
pub(super) struct Cited(BTreeMap<Hash, u64>);

impl Cited {
    /// Notes the files that an entry cites which reads back as it was recorded.
    ///
    /// # Errors
    /// When its facts cannot be read.
    pub fn note(&mut self, seq: u64, entry: &Entry, groups: &[Group]) -> Result<()> {
        let facts = groups.iter().find(|group| group.name == "facts");
        let facts = facts.and_then(|group| group.bytes.as_deref());
        // Most entries cite none, and to read their facts takes longer than to see that.
        if entry.id.is_none() || !facts.is_some_and(has_hash) {
            return Ok(());
        }
        for file in files_in(&stored::facts(seq, facts)?) {
            self.0.entry(file).or_insert(seq);
        }
        Ok(())
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

/// Returns whether a text in a group's JSON may be a hash.
fn has_hash(group: &[u8]) -> bool {
    // The first line is the salt.
    let json = group.iter().position(|byte| *byte == b'\n');
    let json = json.map_or(group, |end| &group[end..]);
    let mut quoted = json.split(|byte| *byte == b'"');
    quoted.any(|text| text.len() == DIGITS)
}

/// Reads every file here back.
///
/// # Errors
/// Says which is not as it was received.
pub(super) async fn are_sound(dir: &Path) -> Result<()> {
    let files = Files::in_dir(dir);
    for file in files.list().await? {
        if files.verify(&file).await? != FileCheck::Sound {
            let hash = Hash(file);
            let what = format!(
                "the file {hash} is not as it was received: move it away and add the original again with `minutebook file add`, or put it back from the latest backup"
            );
            return Err(AppError::Damaged(what));
        }
    }
    Ok(())
}
