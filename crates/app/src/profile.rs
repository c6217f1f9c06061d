//! The auditor's profile: which marks withhold what bears them, and on what basis. Whoever makes a
//! pack and whoever verifies it ask here.

use std::collections::{BTreeMap, BTreeSet};

use ledger::{Entry, Hash};
use pack::{WithheldFile, WithheldGroup};
use record::command::MarkAs;
use record::{Act, Event, MARK};
use serde_json::Value;
use uuid::Uuid;

use crate::error::Result;

/// Whom packs are made for.
pub(crate) const PROFILE: &str = "auditor";

/// Returns whether the auditor's profile withholds what bears this mark: personal words and
/// those under a duty are shown in confidence.
pub(crate) fn withholds(mark: MarkAs) -> bool {
    matches!(mark, MarkAs::Privileged | MarkAs::Exempt)
}

/// Returns what is marked so, and leaves all the same.
pub(crate) const SHOWN: [MarkAs; 2] = [MarkAs::Personal, MarkAs::Confidential];

/// What stands for a basis that is itself in a group which is not in the pack.
const BASIS_NOT_HERE: &str = "stated in a group that is not in this pack itself";

/// The basis of a mark that nobody made: the machinery marks what is about a person.
pub const ABOUT_A_PERSON: &str = "about a living person";

/// Opens a group that is in the pack; nothing where it is not.
pub(crate) type Here<'h> = dyn FnMut(&Hash) -> Result<Option<Value>> + 'h;

/// A mark as an entry set it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Set {
    pub mark: MarkAs,
    /// The entry that set it.
    seq: u64,
    /// The group of that entry that states the basis.
    act: Option<Hash>,
}

/// The groups of one name of a version.
pub(crate) type OfVersion = (Uuid, u32, String);

/// A group and the mark that stands on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MarkedGroup {
    pub seq: u64,
    pub group: String,
    commitment: Hash,
    pub set: Set,
}

/// A file and the mark that stands on it.
pub(crate) type MarkedFile = (Hash, Set);

/// The marks that entries set.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    /// On a group of the same entry.
    own: BTreeMap<(u64, String), (Hash, Set)>,
    /// On the groups of a version, by the move `mark`: the last counts.
    moved: BTreeMap<OfVersion, Set>,
    /// On files: the last counts, whichever record it is of.
    pub files: BTreeMap<Hash, Set>,
}

impl Marks {
    /// Notes the marks that an entry sets.
    pub(crate) fn note(&mut self, entry: &Entry, event: &Event) {
        for (name, mark) in &event.facts.marks {
            let set = Set {
                mark: *mark,
                seq: event.seq,
                act: committed(entry, "act"),
            };
            if let Ok(file) = name.parse::<Hash>() {
                self.set_file(file, set);
                continue;
            }
            if let Some(commitment) = committed(entry, name) {
                let group = (event.seq, name.clone());
                self.own.insert(group, (commitment, set));
            }
            if event.act == Act::Move && &*event.name == MARK {
                let of = (event.id, event.version, name.clone());
                self.moved.insert(of, set);
            }
        }
    }

    fn set_file(&mut self, file: Hash, set: Set) {
        let last = self.files.entry(file).or_insert(set);
        if last.seq < set.seq {
            *last = set;
        }
    }

    /// Adds the marks that other entries set on files.
    pub(crate) fn join(&mut self, other: Self) {
        for (file, set) in other.files {
            self.set_file(file, set);
        }
    }

    /// Returns the versions that the move `mark` was made on.
    pub(crate) fn versions(&self) -> BTreeSet<(Uuid, u32)> {
        let of = self.moved.keys();
        of.map(|(id, version, _)| (*id, *version)).collect()
    }

    /// Returns the groups that bear a mark, in the order of entries and names, given every entry
    /// that has groups of one name of a version, each with its commitment. The marks on groups
    /// are taken; those on files stay.
    ///
    /// # Errors
    /// As `groups_of`.
    pub(crate) fn on_groups(
        &mut self,
        mut groups_of: impl FnMut(&OfVersion) -> Result<Vec<(u64, Hash)>>,
    ) -> Result<Vec<MarkedGroup>> {
        let mut found = std::mem::take(&mut self.own);
        for (of, set) in std::mem::take(&mut self.moved) {
            for (seq, commitment) in groups_of(&of)? {
                found.insert((seq, of.2.clone()), (commitment, set));
            }
        }
        let marked = |((seq, group), (commitment, set))| MarkedGroup {
            seq,
            group,
            commitment,
            set,
        };
        Ok(found.into_iter().map(marked).collect())
    }
}

/// Returns what an entry commits to under this name.
pub(crate) fn committed(entry: &Entry, name: &str) -> Option<Hash> {
    let group = entry.groups.iter().find(|one| one.name == name);
    group.map(|group| group.commitment)
}

impl MarkedGroup {
    /// Returns it as a pack lists it.
    ///
    /// # Errors
    /// As `here`.
    pub(crate) fn listed(self, here: &mut Here<'_>) -> Result<WithheldGroup> {
        let (basis, review_by) = reason(&self.set, &self.group, here)?;
        Ok(WithheldGroup {
            seq: self.seq,
            group: self.group,
            commitment: self.commitment,
            mark: self.set.mark.as_str().to_owned(),
            basis,
            review_by,
        })
    }
}

/// Returns a file as a pack lists it.
///
/// # Errors
/// As `here`.
pub(crate) fn file_listed((file, set): MarkedFile, here: &mut Here<'_>) -> Result<WithheldFile> {
    let (basis, review_by) = reason(&set, &file.to_string(), here)?;
    Ok(WithheldFile {
        file,
        mark: set.mark.as_str().to_owned(),
        basis,
        review_by,
    })
}

/// Returns why something bears its mark, and when that is looked at again, as the act says that
/// set it.
fn reason(set: &Set, name: &str, here: &mut Here<'_>) -> Result<(String, Option<String>)> {
    let act = set.act.map(|act| here(&act)).transpose()?.flatten();
    Ok(match act {
        Some(act) => stated(&act, name),
        None => (BASIS_NOT_HERE.to_owned(), None),
    })
}

/// Returns the basis of a mark and its day to be looked at again, by the words of the act that set
/// it; the machinery itself marks only what is about a person.
pub(crate) fn stated(act: &Value, name: &str) -> (String, Option<String>) {
    let mark = act.get("marks").and_then(|marks| marks.get(name));
    let text = |field| Some(mark?.get(field)?.as_str()?.to_owned());
    let basis = text("basis").unwrap_or_else(|| ABOUT_A_PERSON.to_owned());
    (basis, text("review_by"))
}
