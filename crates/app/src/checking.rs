//! Checking a pack: what it is bound by, and all that it says of its entries computed again.

use std::collections::BTreeSet;
use std::fs::File;

use catalogue::Catalogue;
use ledger::{Hash, Note, VerifierKey};
use pack::{Failure, FileCounts, PackReader, Readme, Report, Shared, Trust};
use record::Registry;
use serde::Serialize;

use crate::chance;
use crate::error::{AppError, Result};
use crate::profile::PROFILE;
use crate::reading::StatusView;
use crate::recomputed::{Opened, Stated, Walked, group};
use crate::stored;

/// Verifies a pack, trusting nothing in it.
///
/// # Errors
/// When it cannot be read at all, or the operating system has no randomness to give; whatever is wrong
/// with it is in the report.
pub fn check_pack(
    file: File,
    trust: Trust,
    registry: &Registry,
    catalogue: &Catalogue,
) -> Result<Report> {
    let mut temporary = tempfile::tempfile;
    let secret = chance::secret()?;
    let verified = pack::verify(Shared::from(file), &mut temporary, &trust, secret)
        .map_err(|error| AppError::io("reading the pack", error))?;
    let mut report = verified.report;
    let Some(reader) = verified.pack.filter(|_| report.failures.is_empty()) else {
        return Ok(report);
    };
    let said = reader.manifest();
    if said.profile != PROFILE {
        let profile = &said.profile;
        let detail = format!("it is for {profile:?}; this version knows packs for {PROFILE:?}");
        report.fail(failure("manifest", detail));
        return Ok(report);
    }
    if said.rules != catalogue.edition {
        let (rules, ours) = (&said.rules, &catalogue.edition);
        let detail = format!("it was computed by the rules {rules}, and these are {ours}");
        report.fail(failure("status.json", detail));
        return Ok(report);
    }
    let checking = Checking {
        reader,
        keys: &trust.keys,
        catalogue,
    };
    // What was not computed to its end stays in `not_checked`.
    match checking.computed(registry, &mut report) {
        Ok(difference) => report.status_computed(difference),
        Err(error) => report.fail(failure("status.json", error.to_string())),
    }
    Ok(report)
}

/// Returns how the status of a pack just made differs from what the records in it make, if it
/// does.
///
/// # Errors
/// When it is no pack, or a group is not as it was recorded.
pub(crate) fn differs(
    file: File,
    registry: &Registry,
    catalogue: &Catalogue,
) -> Result<Option<String>> {
    let mut reader = PackReader::open(Shared::from(file)).map_err(AppError::fault)?;
    let (_, status) = made_again(&reader, registry, catalogue)?;
    let found = reader.member("status.json").map_err(AppError::fault)?;
    difference(&status, &found.unwrap_or_default())
}

fn difference(made: &StatusView, found: &[u8]) -> Result<Option<String>> {
    let differs = status_json(made)? != found;
    Ok(differs.then(|| "it is not what the records in the pack make".to_owned()))
}

/// Returns what a pack's entries come to, and the status that they make.
fn made_again<'a>(
    reader: &Opened,
    registry: &'a Registry,
    catalogue: &Catalogue,
) -> Result<(Walked<'a>, StatusView)> {
    let said = reader.manifest();
    let stated = Stated {
        as_of: &said.as_of,
        known_by: &said.known_by,
    };
    let mut walked = Walked::over(reader.clone(), registry, stated)?;
    let status = walked.status(catalogue, stated)?;
    Ok((walked, status))
}

/// A pack that was found sound, and what its words are held against.
struct Checking<'a> {
    reader: Opened,
    keys: &'a [VerifierKey],
    catalogue: &'a Catalogue,
}

impl Checking<'_> {
    /// Computes `status.json` again and returns how it differs, if it does; tells the report what
    /// else in the pack is not what its entries make.
    fn computed(mut self, registry: &Registry, report: &mut Report) -> Result<Option<String>> {
        let said = self.reader.manifest().clone();
        let (mut walked, status) = made_again(&self.reader, registry, self.catalogue)?;
        let found = self.member("status.json")?;
        self.proofs(&status, report)?;
        self.readme(&status, &mut walked, report)?;
        report.files_counted(FileCounts {
            disclosed: said.files.count,
            withheld: walked.left_out.withheld_files(),
        });
        let known = (walked.frontier.size(), said.known_by.as_str());
        walked.left_out.compare(&mut self.reader, known, report)?;
        difference(&status, &found)
    }

    fn member(&mut self, name: &str) -> Result<Vec<u8>> {
        let found = self.reader.member(name).map_err(AppError::fault)?;
        Ok(found.unwrap_or_default())
    }

    /// Demands the proof of each entry that an answer rests on, and no other.
    fn proofs(&mut self, status: &StatusView, report: &mut Report) -> Result<()> {
        let found = self.reader.proofs().map_err(AppError::fault)?;
        let meant = proved(status);
        for seq in meant.difference(&found) {
            let detail = "it has no proof, and an answer of status.json rests on it".to_owned();
            report.fail(of_entry(*seq, detail));
        }
        for seq in found.difference(&meant) {
            let detail = "it has a proof, and no answer of status.json rests on it".to_owned();
            report.fail(of_entry(*seq, detail));
        }
        Ok(())
    }

    /// Makes `README.txt` again and tells the report of its first line that differs.
    fn readme(
        &mut self,
        status: &StatusView,
        walked: &mut Walked<'_>,
        report: &mut Report,
    ) -> Result<()> {
        let found = self.member("README.txt")?;
        let found = String::from_utf8_lossy(&found);
        let head = self.reader.checkpoint().clone();
        let said = self.reader.manifest().clone();
        let mut here = |hash: &Hash| {
            let bytes = group(&mut self.reader, hash)?;
            bytes.map(|bytes| stored::words(&bytes)).transpose()
        };
        let withdrawn = walked.left_out.withdrawn(&said.known_by, &mut here)?;
        let withdrawn = withdrawn.iter();
        let withdrawn = withdrawn.map(|one| one.sentence(walked.names.get(&one.id)));
        let made = pack::readme_text(&Readme {
            organisation: status.organisation.clone(),
            vkey: self.key(&found)?,
            origin: head.origin,
            entries: head.size,
            root: head.root,
            as_of: status.as_of_told.clone(),
            known_by: status.known_by_told.clone(),
            rules: said.rules,
            profile: said.profile,
            simulated_clock: walked.begin.simulated_clock,
            withdrawn: withdrawn.collect(),
            shown: walked.left_out.shown(),
            in_files: walked.left_out.in_files(),
            has_proofs: said.proofs.count > 0,
            has_files: said.files.count > 0,
        });
        if let Some(detail) = first_difference(&found, &made) {
            report.fail(failure("README.txt", detail));
        }
        Ok(())
    }

    /// Returns the key that signed the checkpoint, in words: one of those that were brought, or
    /// the one that README.txt names where none was.
    fn key(&mut self, readme: &str) -> Result<String> {
        let checkpoint = self.member("checkpoint")?;
        let note = Note::parse(&checkpoint).map_err(AppError::fault)?;
        let named = readme
            .lines()
            .find_map(|line| line.strip_prefix(pack::readme::KEY_OF_THE_LOG));
        let named = named.and_then(|vkey| VerifierKey::parse(vkey.trim()).ok());
        let brought = match self.keys {
            [] => named.as_slice(),
            keys => keys,
        };
        let signer = note
            .verify(brought)
            .ok()
            .and_then(|keys| keys.first().copied());
        Ok(signer.map_or_else(|| "(none that signed it)".to_owned(), ToString::to_string))
    }
}

/// Returns the entries that a pack proves: those that the five answers rest on.
pub(crate) fn proved(status: &StatusView) -> BTreeSet<u64> {
    let evidence = status.says.five.iter().flat_map(|answer| &answer.evidence);
    evidence.map(|one| one.seq).collect()
}

/// Returns the first line that is not as it was made again; the end of a text is a line too.
fn first_difference(found: &str, made: &str) -> Option<String> {
    if found == made {
        return None;
    }
    let (mut found, mut made) = (found.split('\n'), made.split('\n'));
    for number in 1.. {
        let lines = (found.next(), made.next());
        if lines == (None, None) {
            break;
        }
        if lines.0 != lines.1 {
            let [here, meant] = [lines.0, lines.1].map(|line| match line {
                Some(line) => format!("{line:?}"),
                None => "its end".to_owned(),
            });
            return Some(format!("line {number} is {here}; made again it is {meant}"));
        }
    }
    None
}

fn failure(what: &str, detail: String) -> Failure {
    Failure {
        seq: None,
        what: what.to_owned(),
        detail,
    }
}

fn of_entry(seq: u64, detail: String) -> Failure {
    Failure {
        seq: Some(seq),
        ..failure("proof", detail)
    }
}

/// Returns the bytes of `status.json`.
///
/// # Errors
/// Never in practice: a status is plain data.
pub(crate) fn status_json(view: &impl Serialize) -> Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(view).map_err(AppError::fault)?;
    bytes.push(b'\n');
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_differs_is_named() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        let cases = [
            ("a\nc\n", "line 2 is \"c\"; made again it is \"b\""),
            ("a\nb", "line 3 is its end; made again it is \"\""),
            ("a\nb\nc\n", "line 3 is \"c\"; made again it is \"\""),
        ];
        for (found, told) in cases {
            assert_eq!(first_difference(found, "a\nb\n").as_deref(), Some(told));
        }
    }
}
