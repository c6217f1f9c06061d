//! The groups: each that an entry commits to is in the pack or rightly left out, and no other is there.
//!
//! What entries commit to, less what `withheld.json` lists and what erasures name, has to have the sum of
//! the groups in the pack. Where it does not, or where something listed as left out is in the pack all the
//! same, commitments and groups are compared one by one, which says what is wrong (decision 014).

use std::collections::BTreeSet;
use std::io::{self, Read, Seek};

use ledger::hash::sha256;
use ledger::tile::TILE_WIDTH;
use ledger::{Entry, Hash, Tile, TileKind};
use record::counted;
use serde::Deserialize;

use super::bundle::each_row;
use super::join::{GroupHashes, Joined, Problem, Row, Scattered, Standing, join};
use super::log::LogFound;
use super::or_failure;
use super::report::{Failure, GroupCounts, Report};
use super::said::{ReadOr, entry, failure};
use super::sum::{Secret, Sum};
use crate::reader::{PackReader, ReadError};
use crate::withheld::{Withheld, WithheldFile, WithheldGroup};
use crate::{ERASURE, FACTS, FILES, GROUPS, LOG, NewTemporary, WITHHELD};

#[cfg(test)]
mod tests;

/// What the facts of an erasure say, as far as a verifier reads them.
#[derive(Deserialize)]
struct ErasureFacts {
    body: ErasureBody,
}

#[derive(Deserialize)]
struct ErasureBody {
    /// The number of the entry whose groups were erased.
    target: u64,
    /// Their names.
    #[serde(default)]
    groups: Vec<String>,
}

/// What the pass found of the groups, and what it was found with.
pub(super) struct Found<'p> {
    pub(super) log: &'p LogFound,
    /// What the groups in the pack come to.
    pub(super) groups: Sum,
    pub(super) secret: Secret,
}

/// What is said of groups that are left out.
struct Said {
    /// Whether `withheld.json` is as it is written; nothing in it may be believed otherwise.
    has_list: bool,
    /// The first of the entries that came too late, if any did.
    first_late: Option<u64>,
    /// What erasures name, once each.
    erased: BTreeSet<Row>,
    /// What does not hold of erasures.
    failures: Vec<Failure>,
}

/// Accounts for every group that an entry commits to, and for every group in the pack.
pub(super) fn check_groups<R: Read + Seek + Clone>(
    report: &mut Report,
    pack: &mut PackReader<R>,
    found: &Found<'_>,
    temporary: &mut NewTemporary<'_>,
) -> io::Result<()> {
    let said = said(report, pack, found.log)?;
    if let Some(counts) = by_sums(report, pack, found, &said)? {
        report.groups = counts;
        return Ok(());
    }
    let joined = one_by_one(pack, found.log, &said, temporary)?;
    tell(report, pack, joined)
}

/// Returns what became of the groups when their sum says that none is missing and none is there that
/// should not be; nothing when that has to be looked at one by one. Tells what does not hold of what is
/// listed.
fn by_sums<R: Read + Seek + Clone>(
    report: &mut Report,
    pack: &mut PackReader<R>,
    found: &Found<'_>,
    said: &Said,
) -> io::Result<Option<GroupCounts>> {
    let mut wanted = committed(pack, found, said.first_late)?;
    let mut is_here = false;
    each_listed(report, pack, (found.log, said), &mut |pack, row| {
        is_here |= pack.has_group(&row.commitment())?;
        let is_late = said.first_late.is_some_and(|first| first <= row.seq());
        // Invariant: of each group that an entry commits to, no more is subtracted than was added.
        let erased = Row::new(row.commitment(), row.seq(), Standing::Erased);
        let is_erased_too = row.is(Standing::Withheld) && said.erased.contains(&erased);
        if !is_late && !is_erased_too {
            wanted.subtract(Sum::of(found.secret, &row.commitment()));
        }
        Ok(())
    })?;
    if is_here || wanted != found.groups {
        return Ok(None);
    }
    let sums = found.log.sums.iter();
    let committed: u64 = sums.map(|sums| sums.needed.count + sums.others.count).sum();
    let (disclosed, erased) = (found.groups.count, said.erased.len() as u64);
    Ok(Some(GroupCounts {
        disclosed,
        withheld: committed.saturating_sub(disclosed + erased),
        erased,
    }))
}

/// Returns the sum of what entries commit to, but for what they may leave out because it came too late.
fn committed<R: Read + Seek>(
    pack: &mut PackReader<R>,
    found: &Found<'_>,
    first_late: Option<u64>,
) -> io::Result<Sum> {
    let mut sum = Sum::default();
    let first_late = first_late.unwrap_or(found.log.entries);
    for (index, sums) in (0..).zip(&found.log.sums) {
        sum.add(sums.needed);
        let start = index * TILE_WIDTH;
        if start + TILE_WIDTH <= first_late || found.log.entries <= first_late {
            sum.add(sums.others);
        } else if start < first_late {
            each_in_bundle(pack, found.log, index, &mut |row| {
                if row.seq() < first_late && !row.is(Standing::FactsNeeded) {
                    sum.add(Sum::of(found.secret, &row.commitment()));
                }
                Ok(())
            })?;
        }
    }
    Ok(sum)
}

/// Compares all commitments with all groups, which are read again.
fn one_by_one<R: Read + Seek + Clone>(
    pack: &mut PackReader<R>,
    log: &LogFound,
    said: &Said,
    temporary: &mut NewTemporary<'_>,
) -> io::Result<Joined> {
    let mut scattered = Scattered::new(temporary()?);
    for index in 0..log.sums.len() as u64 {
        each_in_bundle(pack, log, index, &mut |row| scattered.add(row))?;
    }
    // What does not hold of what is listed was told before.
    let told = &mut Report::default();
    each_listed(told, pack, (log, said), &mut |_, row| scattered.add(row))?;
    let mut groups = GroupHashes::new(temporary()?);
    // Not every group has the bytes that its name says: that is told, and is no reason to stop.
    let read = pack.each_member(GROUPS, &mut |_, sealed| groups.add(sha256(&sealed)));
    read.map_err(changed)?;
    join(scattered, groups, said.first_late)
}

/// Hands over what the entries of a bundle, which the pass has read, commit to.
fn each_in_bundle<R: Read + Seek>(
    pack: &mut PackReader<R>,
    log: &LogFound,
    index: u64,
    give: &mut dyn FnMut(Row) -> io::Result<()>,
) -> io::Result<()> {
    let mut read = || {
        let tile = Tile::in_tree(TileKind::Entries, index, log.entries)?;
        let bytes = pack.required(&format!("{LOG}{tile}"))?;
        each_row(&tile, &bytes, give)
    };
    read().map_err(changed)
}

/// What the pass has read can be read again, unless the file changed meanwhile.
fn changed(error: ReadError) -> io::Error {
    match error {
        ReadError::Io(error) => error,
        error => io::Error::other(error),
    }
}

/// Reads what is said of groups that are left out, and tells when `withheld.json` cannot be read.
fn said<R: Read + Seek>(
    report: &mut Report,
    pack: &mut PackReader<R>,
    log: &LogFound,
) -> io::Result<Said> {
    let mut after = None;
    let read = pack.withheld(&mut |item| {
        if let Withheld::After(said) = item {
            after = said;
        }
        Ok(())
    });
    let has_list = or_failure(report, WITHHELD, read)?.is_some();
    let mut said = Said {
        has_list,
        first_late: after.filter(|_| has_list).map(|after| after.first_seq),
        erased: BTreeSet::new(),
        failures: Vec::new(),
    };
    for (seq, facts) in &log.erasures {
        match erased_rows(pack, *seq, *facts) {
            Ok(rows) => said.erased.extend(rows),
            Err(ReadOr::Io(error)) => return Err(error),
            Err(ReadOr::Failure(why)) => {
                said.failures.push(Failure::new(Some(*seq), ERASURE, why));
            }
        }
    }
    Ok(said)
}

/// Hands over what `withheld.json` lists and erasures name, and tells what does not hold of either.
fn each_listed<R: Read + Seek + Clone>(
    report: &mut Report,
    pack: &mut PackReader<R>,
    (log, said): (&LogFound, &Said),
    give: &mut dyn FnMut(&mut PackReader<R>, Row) -> io::Result<()>,
) -> io::Result<()> {
    if said.has_list {
        // The list may be as long as the log, and each item is looked up in the pack that the list is
        // being read from: so it is read from a copy.
        let read = pack.clone().withheld(&mut |item| {
            let (seq, found) = match item {
                Withheld::After(_) => return Ok(()),
                Withheld::File(item) => (None, withheld_file(pack, &item).map(|()| None)),
                Withheld::Group(item) => {
                    let row = withheld_row(pack, &item, log);
                    (Some(item.seq), row.map(Some))
                }
            };
            match found {
                Ok(Some(row)) => give(pack, row)?,
                Ok(None) => {}
                Err(ReadOr::Io(error)) => return Err(error.into()),
                Err(ReadOr::Failure(why)) => report.fail(Failure::new(seq, WITHHELD, why)),
            }
            Ok(())
        });
        read.map_err(changed)?;
    }
    for row in &said.erased {
        give(pack, *row)?;
    }
    for failure in &said.failures {
        report.fail(failure.clone());
    }
    Ok(())
}

fn withheld_file<R: Read + Seek>(
    pack: &mut PackReader<R>,
    item: &WithheldFile,
) -> Result<(), ReadOr> {
    if pack.has_file(&item.file)? {
        let file = item.file;
        let why = format!("{FILES}{file} is listed as withheld, and in the pack");
        return Err(ReadOr::Failure(why));
    }
    Ok(())
}

fn commitment(entry: &Entry, name: &str) -> Option<Hash> {
    let group = entry.groups.iter().find(|group| group.name == name);
    group.map(|group| group.commitment)
}

fn withheld_row<R: Read + Seek>(
    pack: &mut PackReader<R>,
    item: &WithheldGroup,
    log: &LogFound,
) -> Result<Row, ReadOr> {
    if item.group == FACTS {
        return failure("facts are never withheld");
    }
    if item.seq >= log.entries {
        return failure("it lists a group of an entry that the log does not have");
    }
    if commitment(&entry(pack, item.seq)?, &item.group) != Some(item.commitment) {
        return failure("it lists a group to which that entry does not commit");
    }
    let standing = Standing::Withheld;
    Ok(Row::new(item.commitment, item.seq, standing))
}

fn erased_rows<R: Read + Seek>(
    pack: &mut PackReader<R>,
    seq: u64,
    facts: Option<Hash>,
) -> Result<Vec<Row>, ReadOr> {
    let Some(facts) = facts else {
        return failure("an erasure without facts");
    };
    let Some(sealed) = pack.group(&facts)? else {
        return failure("the facts of an erasure are not in the pack");
    };
    let json = ledger::group::open(&sealed).unwrap_or_default();
    let Ok(ErasureFacts { body }) = serde_json::from_slice(json) else {
        return failure("the facts of an erasure do not say what was erased");
    };
    if body.target >= seq {
        return failure("an erasure names an entry that is not before it");
    }
    let target = entry(pack, body.target)?;
    let row = |name: &String| {
        let Some(commitment) = commitment(&target, name).filter(|_| name != FACTS) else {
            return failure("an erasure names a group that its target does not have, or its facts");
        };
        Ok(Row::new(commitment, body.target, Standing::Erased))
    };
    body.groups.iter().map(row).collect()
}

/// Enters what the comparison of commitments and groups came to.
fn tell<R: Read + Seek>(
    report: &mut Report,
    pack: &mut PackReader<R>,
    joined: Joined,
) -> io::Result<()> {
    report.groups = joined.counts;
    for (problem, hash, seq) in joined.problems {
        let name = match seq.map(|seq| entry(pack, seq)) {
            Some(Ok(entry)) => entry
                .groups
                .iter()
                .find(|group| group.commitment == hash)
                .map_or(String::new(), |group| group.name.clone()),
            Some(Err(ReadOr::Io(error))) => return Err(error),
            Some(Err(ReadOr::Failure(_))) | None => String::new(),
        };
        let detail = match problem {
            Problem::Missing => {
                format!("missing: {name} {hash} is not in the pack, not withheld, not erased")
            }
            Problem::WithheldAndHere => {
                format!("{name} {hash} is listed as withheld, and in the pack")
            }
            Problem::Stray => format!("no entry commits to {GROUPS}{hash}"),
        };
        report.fail(Failure::new(seq, "group", detail));
    }
    if joined.untold > 0 {
        let detail = format!("{} more", counted(joined.untold, "group"));
        report.fail(Failure::new(None, "group", detail));
    }
    Ok(())
}
