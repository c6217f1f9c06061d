//! Which entries cite a file: what is withheld of one may stand in the file, too.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use ledger::Hash;
use pack::readme::InFile;
use serde::{Serialize, Serializer};

use crate::marked::holds_words;

/// A file that leaves, though a group of words of an entry that cites it is withheld: the row that a
/// record was made from, or the document that it tells of, stands in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeavingInFile {
    /// The file.
    #[serde(serialize_with = "as_text")]
    pub file: Hash,
    /// The groups withheld of entries that cite it, in the order of the log.
    pub groups: Vec<GroupOf>,
}

fn as_text<S: Serializer>(hash: &Hash, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(hash)
}

/// A group of an entry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct GroupOf {
    /// The entry.
    pub seq: u64,
    /// The group's name.
    pub group: String,
}

/// The entries that cite each file, in stretches: a register is cited by thousands in a row.
#[derive(Debug, Default)]
pub(crate) struct Citing(HashMap<Hash, Vec<(u64, u64)>>);

impl Citing {
    /// Notes that an entry cites a file.
    pub(crate) fn note(&mut self, file: Hash, seq: u64) {
        let stretches = self.0.entry(file).or_default();
        match stretches.last_mut() {
            Some((_, last)) if *last == seq => {}
            Some((_, last)) if *last + 1 == seq => *last = seq,
            _ => stretches.push((seq, seq)),
        }
    }

    /// Adds what was noted of other entries.
    pub(crate) fn join(&mut self, other: Self) {
        for (file, stretches) in other.0 {
            self.0.entry(file).or_default().extend(stretches);
        }
    }

    /// Returns the files that leave, each with the groups withheld of entries that cite it.
    pub(crate) fn leaving<'a>(
        &self,
        withheld: impl Iterator<Item = (u64, &'a str)>,
        leaves: impl Fn(&Hash) -> bool,
    ) -> Vec<LeavingInFile> {
        let withheld: BTreeSet<(u64, &str)> =
            withheld.filter(|(_, group)| holds_words(group)).collect();
        if withheld.is_empty() {
            return Vec::new();
        }
        let mut found: BTreeMap<Hash, Vec<GroupOf>> = BTreeMap::new();
        for (file, stretches) in self.0.iter().filter(|(file, _)| leaves(file)) {
            let cited = |seq: u64| {
                let mut stretches = stretches.iter();
                stretches.any(|(first, last)| (*first..=*last).contains(&seq))
            };
            let groups = withheld.iter().filter(|(seq, _)| cited(*seq));
            let groups: Vec<GroupOf> = groups
                .map(|(seq, group)| GroupOf {
                    seq: *seq,
                    group: (*group).to_owned(),
                })
                .collect();
            if !groups.is_empty() {
                found.insert(*file, groups);
            }
        }
        let found = found.into_iter();
        found
            .map(|(file, groups)| LeavingInFile { file, groups })
            .collect()
    }
}

impl LeavingInFile {
    /// Returns it as README.txt tells it.
    pub(crate) fn told(&self) -> Option<InFile> {
        let first = self.groups.first()?;
        Some(InFile {
            file: self.file,
            seq: first.seq,
            group: first.group.clone(),
            more: self.groups.len() as u64 - 1,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_leaves_with_the_words_withheld_of_each_entry_that_cites_it() {
        let file = |byte: u8| Hash([byte; 32]);
        let mut citing = Citing::default();
        for seq in [3, 4, 4, 5, 9] {
            citing.note(file(1), seq);
        }
        citing.note(file(2), 4);
        citing.note(file(3), 4);
        let mut other = Citing::default();
        other.note(file(1), 20);
        citing.join(other);
        let withheld = [
            (20, "words"),
            (2, "words"),
            (4, "words"),
            (4, "act"),
            (6, "words"),
        ];
        let found = citing.leaving(withheld.into_iter(), |one| *one != file(3));
        let group = |seq| GroupOf {
            seq,
            group: "words".to_owned(),
        };
        let expected = [
            (file(1), vec![group(4), group(20)]),
            (file(2), vec![group(4)]),
        ];
        let expected = expected.map(|(file, groups)| LeavingInFile { file, groups });
        assert_eq!(found, expected);
        assert_eq!(citing.leaving([(4, "act")].into_iter(), |_| true), []);
        let told = found[0].told().unwrap();
        assert_eq!((told.seq, told.more), (4, 1));
    }
}
