//! The rows stored for an entry's groups, held against that entry: the one answer for whoever
//! verifies, signs or hands over.

use std::collections::BTreeMap;

use ledger::group::{commitment, open, state};
use ledger::{Entry, GroupState};
use record::command::MarkAs;
use serde::Deserialize;
use store::{GOVERNANCE_LOG, Rows};

use crate::error::{AppError, Result};

/// What is not as an entry commits to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// There is no row for the group.
    NoRow,
    /// The commitment beside the bytes is another.
    Commitment,
    /// The bytes are gone, and no entry says on what authority.
    Gone,
    /// The bytes are others.
    Bytes,
    /// The entry has no such group.
    Surplus,
    /// The mark is not the one in the entry's facts.
    Mark,
}

impl Flaw {
    /// Returns it in words.
    pub fn what(self) -> &'static str {
        match self {
            Self::NoRow => "a group is missing",
            Self::Commitment => "a group's stored commitment is not the entry's",
            Self::Gone => "a group is missing, and no erasure says so",
            Self::Bytes => "a group is not as it was recorded",
            Self::Surplus => "a group that the entry does not commit to",
            Self::Mark => "a group's mark is not as it was recorded",
        }
    }

    /// Returns whether the group cannot be read because of it.
    pub fn is_of_bytes(self) -> bool {
        matches!(self, Self::NoRow | Self::Gone | Self::Bytes)
    }
}

/// Returns everything that is not as the entry commits to, each with the name of its group.
pub fn flaws<'a>(entry: &'a Entry, stored: &'a [store::Group]) -> Vec<(Flaw, &'a str)> {
    let mut flaws = Vec::new();
    let mut facts = None;
    for group in &entry.groups {
        let name = group.name.as_str();
        let Some(found) = stored.iter().find(|one| one.name == name) else {
            flaws.push((Flaw::NoRow, name));
            continue;
        };
        if found.commitment != group.commitment.0 {
            flaws.push((Flaw::Commitment, name));
        }
        let here = found.bytes.as_deref().map(commitment);
        // Nothing is withheld in place, and no entry of this version erases.
        match state(&group.commitment, here, false, false) {
            Ok(GroupState::Disclosed) if name == "facts" => facts = found.bytes.as_deref(),
            Ok(GroupState::Disclosed) => {}
            Ok(_) => flaws.push((Flaw::Gone, name)),
            Err(_) => flaws.push((Flaw::Bytes, name)),
        }
    }
    for one in stored {
        if !entry.groups.iter().any(|group| group.name == one.name) {
            flaws.push((Flaw::Surplus, &one.name));
        }
    }
    if let Some(marks) = facts.and_then(marks) {
        let odd = stored.iter().filter(|one| {
            let meant = marks.get(&one.name).map(|mark| mark.as_str());
            one.mark.as_deref() != meant
        });
        flaws.extend(odd.map(|one| (Flaw::Mark, one.name.as_str())));
    }
    flaws
}

/// Makes sure that the groups of an entry are stored as it commits to.
///
/// # Errors
/// Names the entry, the first group that is not, and what is wrong with it.
pub fn make_sure(seq: u64, entry: &Entry, stored: &[store::Group]) -> Result<()> {
    match flaws(entry, stored).first() {
        None => Ok(()),
        Some(flaw) => Err(AppError::Damaged(told(seq, *flaw))),
    }
}

fn told(seq: u64, (flaw, group): (Flaw, &str)) -> String {
    format!("entry {seq}, group {group}: {}", flaw.what())
}

/// Returns the groups that are stored for an entry, each as the entry commits to. Of one whose
/// bytes are gone nothing is handed out, and on what authority they went is for a verifier.
///
/// # Errors
/// Names the entry, the first group that is not, and what is wrong with it.
pub async fn sound(rows: Rows<'_>, seq: u64) -> Result<Vec<store::Group>> {
    let bytes = rows.entry(GOVERNANCE_LOG, seq).await?;
    let bytes = bytes.ok_or_else(|| AppError::Altered(format!("entry {seq} is missing")))?;
    let entry =
        Entry::parse(&bytes).map_err(|error| AppError::Altered(format!("entry {seq}: {error}")))?;
    let stored = rows.groups(GOVERNANCE_LOG, seq).await?;
    let mut flaws = flaws(&entry, &stored).into_iter();
    match flaws.find(|(flaw, _)| *flaw != Flaw::Gone) {
        None => Ok(stored),
        Some(flaw) => Err(AppError::Altered(told(seq, flaw))),
    }
}

/// A mark stands in the facts; the column only repeats it. The rest of them is not read here.
#[derive(Deserialize)]
struct Marked {
    #[serde(default)]
    marks: BTreeMap<String, MarkAs>,
}

fn marks(facts: &[u8]) -> Option<BTreeMap<String, MarkAs>> {
    let marked: Marked = serde_json::from_slice(open(facts).ok()?).ok()?;
    Some(marked.marks)
}
