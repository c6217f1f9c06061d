//! What a pack leaves out and names, held against what its entries say: files they cite, marks
//! they set, withdrawals and erasures.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::{Read, Seek};

use ledger::{Entry, Hash};
use pack::readme::InFile;
use pack::withheld::Withheld;
use pack::{Failure, PackReader, Report, Shown, WithheldFile, WithheldGroup};
use record::command::MarkAs;
use record::{Act, Event};
use serde::Deserialize;

use crate::citing::{Citing, LeavingInFile};
use crate::error::{AppError, Result};
use crate::profile::{Here, MarkedGroup, Marks, OfVersion, SHOWN, file_listed, withholds};
use crate::stored;
use crate::texts::cited_files;
use crate::withdrawn::{Withdrawal, Withdrawn};

/// What entries say of what a pack leaves out; of groups only those that are withheld are kept.
#[derive(Debug, Default)]
pub struct LeftOut {
    /// The files that entries known by U cite and the pack does not hold, each with the first
    /// entry that does.
    missing: BTreeMap<Hash, u64>,
    /// Those that the pack holds.
    here: HashSet<Hash>,
    /// The entries that cite those.
    citing: Citing,
    marks: Marks,
    withheld: Vec<MarkedGroup>,
    /// How many groups leave though they bear a mark.
    shown: BTreeMap<&'static str, u64>,
    /// Groups that erasures name, by entry and name.
    pub erased: Erased,
    /// Versions entered in error, each with whether that was recorded after U.
    withdrawn: Vec<(Withdrawal, bool)>,
}

/// Groups that erasures name, by entry and name.
pub type Erased = BTreeSet<(u64, String)>;

/// What the facts of an erasure say.
#[derive(Deserialize)]
struct Erasure {
    target: u64,
    #[serde(default)]
    groups: Vec<String>,
}

impl LeftOut {
    /// Notes what an entry known by U cites, marks, withdraws and erases.
    ///
    /// # Errors
    /// When the pack cannot be read.
    pub fn note<R: Read + Seek>(
        &mut self,
        reader: &mut PackReader<R>,
        entry: &Entry,
        event: &Event,
    ) -> Result<()> {
        for file in cited_files(event) {
            if self.here.contains(&file) {
                self.citing.note(file, event.seq);
                continue;
            }
            if let Some(first) = self.missing.get_mut(&file) {
                *first = event.seq.min(*first);
            } else if reader.has_file(&file).map_err(AppError::fault)? {
                self.here.insert(file);
                self.citing.note(file, event.seq);
            } else {
                self.missing.insert(file, event.seq);
            }
        }
        self.marks.note(entry, event);
        self.name(entry, event, false)
    }

    /// Notes what an entry recorded after U withdraws and erases: every pack says so.
    ///
    /// # Errors
    /// When the facts of an erasure do not say what was erased.
    pub fn note_later(&mut self, entry: &Entry, event: &Event) -> Result<()> {
        self.name(entry, event, true)
    }

    fn name(&mut self, entry: &Entry, event: &Event, is_later: bool) -> Result<()> {
        let withdrawal = Withdrawal::of(entry, event);
        self.withdrawn.extend(withdrawal.map(|one| (one, is_later)));
        if event.act == Act::Erasure {
            let erasure = Erasure::deserialize(&event.facts.body).map_err(AppError::fault)?;
            let groups = erasure.groups.into_iter();
            self.erased
                .extend(groups.map(|name| (erasure.target, name)));
        }
        Ok(())
    }

    /// Settles which groups the marks noted so far withhold, once no more can come of the same
    /// records; `groups_of` returns each entry that has groups of one name of a version.
    ///
    /// # Errors
    /// As `groups_of`.
    pub fn settle(
        &mut self,
        erased: &Erased,
        groups_of: impl FnMut(&OfVersion) -> Result<Vec<(u64, Hash)>>,
    ) -> Result<()> {
        for one in self.marks.on_groups(groups_of)? {
            if !erased.is_empty() && erased.contains(&(one.seq, one.group.clone())) {
                continue;
            }
            match one.set.mark {
                mark if withholds(mark) => self.withheld.push(one),
                mark => *self.shown.entry(mark.as_str()).or_default() += 1,
            }
        }
        Ok(())
    }

    /// Adds what other entries say, whose marks were settled.
    pub fn join(&mut self, other: Self) {
        for (file, seq) in other.missing {
            let first = self.missing.entry(file).or_insert(seq);
            *first = seq.min(*first);
        }
        self.here.extend(other.here);
        self.citing.join(other.citing);
        self.marks.join(other.marks);
        self.withheld.extend(other.withheld);
        for (mark, count) in other.shown {
            *self.shown.entry(mark).or_default() += count;
        }
        self.erased.extend(other.erased);
        self.withdrawn.extend(other.withdrawn);
    }

    /// Returns what README.txt says of versions entered in error, in the order of the log.
    ///
    /// # Errors
    /// When a group is not as it was recorded.
    pub fn withdrawn(&mut self, known_by: &str, here: &mut Here<'_>) -> Result<Vec<Withdrawn>> {
        let mut withdrawn = std::mem::take(&mut self.withdrawn);
        withdrawn.sort_by_key(|(one, _)| one.seq);
        let told = withdrawn.into_iter();
        told.map(|(one, is_later)| one.told(is_later.then_some(known_by), here))
            .collect()
    }

    /// Returns how much leaves though it is marked, by mark.
    pub fn shown(&self) -> Vec<Shown> {
        let files = self.marks.files.iter();
        let cited = files.filter(|(file, _)| self.here.contains(*file));
        let marks: Vec<MarkAs> = cited.map(|(_, set)| set.mark).collect();
        shown(|mark| {
            let files = marks.iter().filter(|one| **one == mark).count() as u64;
            (self.shown.get(mark.as_str()).copied().unwrap_or(0), files)
        })
    }

    /// Returns the files of the pack that may hold what is withheld elsewhere.
    pub fn in_files(&self) -> Vec<InFile> {
        let withheld = self
            .withheld
            .iter()
            .map(|one| (one.seq, one.group.as_str()));
        let found = self
            .citing
            .leaving(withheld, |file| self.here.contains(file));
        found.iter().filter_map(LeavingInFile::told).collect()
    }

    /// Returns how many files are withheld.
    pub fn withheld_files(&self) -> u64 {
        self.missing.len() as u64
    }

    /// Tells the report where `withheld.json` and `files/` are not what the entries and the
    /// auditor's profile make of them, once all was noted; `known` is the number of entries known
    /// by U, `known_by` how the pack says it.
    ///
    /// # Errors
    /// When the pack cannot be read.
    pub fn compare<R: Read + Seek>(
        mut self,
        reader: &mut PackReader<R>,
        (known, known_by): (u64, &str),
        report: &mut Report,
    ) -> Result<()> {
        self.stray_files(reader, report)?;
        let mut meant = self.meant(reader)?;
        let mut later = None;
        let withheld = reader.withheld(&mut |item| {
            match item {
                Withheld::After(after) => later = after,
                Withheld::File(file) => meant.file(&file, report),
                Withheld::Group(group) => meant.group(&group, report),
            }
            Ok(())
        });
        withheld.map_err(AppError::fault)?;
        meant.rest(report);
        let mut fail = |detail| report.fail(failure(None, "withheld.json", detail));
        // Where it begins is the maker's claim; how many entries were known by U is not.
        let first_seq = later.as_ref().map(|after| after.first_seq);
        if first_seq != (known < reader.entry_count()).then_some(known) {
            let claim = first_seq.map_or_else(
                || "nothing is withheld as recorded later".to_owned(),
                |first| format!("everything from entry {first} on is withheld as recorded later"),
            );
            fail(format!("{claim}, and {known} entries were known by then"));
        } else if let Some(found) = later.filter(|found| found.basis != after(known_by)) {
            let (basis, meant) = (found.basis, after(known_by));
            fail(format!(
                "what came later is withheld as {basis:?}; it was {meant}"
            ));
        }
        Ok(())
    }

    /// Tells the report of files that no entry known by U cites.
    fn stray_files<R: Read + Seek>(
        &self,
        reader: &mut PackReader<R>,
        report: &mut Report,
    ) -> Result<()> {
        let each = reader.each_file(&mut |file, _| {
            if !self.here.contains(&file) {
                let detail = format!("{file} is in the pack, and no entry known by then cites it");
                report.fail(failure(None, "file", detail));
            }
            Ok(())
        });
        each.map_err(AppError::fault)
    }

    /// Returns what `withheld.json` is to list.
    fn meant<R: Read + Seek>(&mut self, reader: &mut PackReader<R>) -> Result<Meant> {
        let mut here = |group: &Hash| {
            let bytes = reader.group(group).map_err(AppError::fault)?;
            bytes.map(|bytes| stored::words(&bytes)).transpose()
        };
        self.withheld
            .sort_unstable_by(|a, b| (a.seq, &a.group).cmp(&(b.seq, &b.group)));
        let groups = std::mem::take(&mut self.withheld).into_iter();
        let groups: Result<Vec<_>> = groups.map(|one| one.listed(&mut here)).collect();
        let cited = |file: &Hash| self.here.contains(file) || self.missing.contains_key(file);
        let files = self.marks.files.iter();
        let files = files.filter(|(file, set)| withholds(set.mark) && cited(file));
        let files: Result<Vec<_>> = files
            .map(|(file, set)| Ok((*file, file_listed((*file, *set), &mut here)?)))
            .collect();
        Ok(Meant {
            groups: groups?.into_iter().peekable(),
            files: files?.into_iter().collect(),
            missing: std::mem::take(&mut self.missing),
        })
    }
}

/// Returns how much leaves though it is marked, by mark, given how many groups and files of each.
pub(crate) fn shown(count: impl Fn(MarkAs) -> (u64, u64)) -> Vec<Shown> {
    let shown = SHOWN.map(|mark| {
        let (groups, files) = count(mark);
        Shown {
            mark: mark.as_str().to_owned(),
            groups,
            files,
        }
    });
    let any = shown.into_iter().filter(|one| one.groups + one.files > 0);
    any.collect()
}

/// Returns on what basis all is withheld that was recorded after U.
pub(crate) fn after(known_by: &str) -> String {
    format!("recorded after {known_by}")
}

/// What `withheld.json` is to list.
struct Meant {
    groups: std::iter::Peekable<std::vec::IntoIter<WithheldGroup>>,
    files: BTreeMap<Hash, WithheldFile>,
    missing: BTreeMap<Hash, u64>,
}

impl Meant {
    fn file(&mut self, found: &WithheldFile, report: &mut Report) {
        let file = found.file;
        let is_cited = self.missing.remove(&file).is_some();
        let detail = match self.files.remove(&file) {
            _ if !is_cited => {
                format!("{file} is listed as withheld, and no entry known by then cites it")
            }
            None => format!("{file} is listed as withheld, and {UNMARKED}"),
            Some(meant) if meant != *found => {
                let (listed, meant) = (of_file(found), of_file(&meant));
                format!("{file} is listed as withheld as {listed}; its mark says {meant}")
            }
            Some(_) => return,
        };
        report.fail(failure(None, "file", detail));
    }

    fn group(&mut self, found: &WithheldGroup, report: &mut Report) {
        let place = |one: &WithheldGroup| (one.seq, one.group.clone());
        while let Some(one) = self.groups.next_if(|one| place(one) < place(found)) {
            report.fail(disclosed(&one));
        }
        let name = &found.group;
        let detail = match self.groups.next_if(|one| place(one) == place(found)) {
            None => format!("{name} is listed as withheld, and {UNMARKED}"),
            Some(meant) if meant != *found => {
                let (listed, meant) = (of_group(found), of_group(&meant));
                format!("{name} is listed as withheld as {listed}; its mark says {meant}")
            }
            Some(_) => return,
        };
        report.fail(failure(Some(found.seq), "withheld.json", detail));
    }

    /// Tells the report what was not listed.
    fn rest(mut self, report: &mut Report) {
        self.groups.for_each(|one| report.fail(disclosed(&one)));
        for (file, seq) in self.missing {
            self.files.remove(&file);
            let detail = format!(
                "missing: {file}, which the entry cites, is not in the pack and not listed as withheld"
            );
            report.fail(failure(Some(seq), "file", detail));
        }
        for (file, meant) in self.files {
            let detail = format!(
                "{file} is marked {} and not listed as withheld",
                of_file(&meant)
            );
            report.fail(failure(None, "file", detail));
        }
    }
}

const UNMARKED: &str = "no mark that the auditor's profile withholds stands on it";

fn disclosed(one: &WithheldGroup) -> Failure {
    let detail = format!(
        "{} is marked {} and not listed as withheld",
        one.group,
        of_group(one)
    );
    failure(Some(one.seq), "withheld.json", detail)
}

fn of_group(one: &WithheldGroup) -> String {
    said(&one.mark, &one.basis, one.review_by.as_deref())
}

fn of_file(one: &WithheldFile) -> String {
    said(&one.mark, &one.basis, one.review_by.as_deref())
}

fn said(mark: &str, basis: &str, review_by: Option<&str>) -> String {
    let review = review_by.map(|day| format!(", to be looked at again by {day}"));
    format!("{mark} ({basis}{})", review.unwrap_or_default())
}

fn failure(seq: Option<u64>, what: &str, detail: String) -> Failure {
    Failure {
        seq,
        what: what.to_owned(),
        detail,
    }
}
