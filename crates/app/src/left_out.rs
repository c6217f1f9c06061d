//! What a pack leaves out, held against what its entries cite and what was known by U.

use std::collections::{BTreeMap, HashSet};
use std::io::{Read, Seek};

use ledger::Hash;
use pack::withheld::Withheld;
use pack::{Failure, PackReader};

use crate::error::{AppError, Result};

/// The files that entries known by U cite and the pack does not hold, each with the first
/// entry that does.
#[derive(Debug, Default)]
pub struct LeftOut {
    missing: BTreeMap<Hash, u64>,
    /// Those that the pack holds, so that it is asked once.
    here: HashSet<Hash>,
}

impl LeftOut {
    /// Notes which of the files that an entry cites are not in the pack.
    ///
    /// # Errors
    /// When the pack cannot be read.
    pub fn note<R: Read + Seek>(
        &mut self,
        reader: &mut PackReader<R>,
        seq: u64,
        cited: &[Hash],
    ) -> Result<()> {
        for file in cited {
            if self.here.contains(file) {
                continue;
            }
            if let Some(first) = self.missing.get_mut(file) {
                *first = seq.min(*first);
            } else if reader.has_file(file).map_err(AppError::fault)? {
                self.here.insert(*file);
            } else {
                self.missing.insert(*file, seq);
            }
        }
        Ok(())
    }

    /// Adds what other entries cite.
    pub fn join(&mut self, other: Self) {
        for (file, seq) in other.missing {
            let first = self.missing.entry(file).or_insert(seq);
            *first = seq.min(*first);
        }
    }

    /// Returns what `withheld.json` does not account for, once all entries known by U were
    /// noted; `known` is their number.
    ///
    /// # Errors
    /// When the pack cannot be read.
    pub fn unaccounted<R: Read + Seek>(
        mut self,
        reader: &mut PackReader<R>,
        known: u64,
    ) -> Result<Vec<Failure>> {
        let mut failures = Vec::new();
        let mut first_withheld = None;
        let listed = reader.withheld(&mut |item| {
            match item {
                Withheld::After(after) => first_withheld = after.map(|after| after.first_seq),
                Withheld::File(file) if self.missing.remove(&file.file).is_none() => {
                    let file = file.file;
                    failures.push(failure(
                        None,
                        "file",
                        format!(
                            "{file} is listed as withheld, and no entry known by then cites it"
                        ),
                    ));
                }
                Withheld::File(_) | Withheld::Group(_) => {}
            }
            Ok(())
        });
        listed.map_err(AppError::fault)?;
        // Where it begins is the maker's claim; how many entries were known by U is not.
        if first_withheld.unwrap_or(reader.entry_count()) != known {
            let claim = first_withheld.map_or_else(
                || "nothing is withheld as recorded later".to_owned(),
                |first| format!("everything from entry {first} on is withheld as recorded later"),
            );
            let detail = format!("{claim}, and {known} entries were known by then");
            failures.push(failure(None, "withheld.json", detail));
        }
        failures.extend(self.missing.into_iter().map(|(file, seq)| {
            let detail = format!(
                "missing: {file}, which the entry cites, is not in the pack and not listed as withheld"
            );
            failure(Some(seq), "file", detail)
        }));
        Ok(failures)
    }
}

fn failure(seq: Option<u64>, what: &str, detail: String) -> Failure {
    Failure {
        seq,
        what: what.to_owned(),
        detail,
    }
}
