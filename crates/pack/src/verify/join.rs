//! Commitments against groups: each in its order by hash, so that neither has to fit into memory.
//!
//! What entries commit to is scattered by the first byte of the hash into a temporary file; the
//! groups in the pack are in order already. Each of the 256 parts is then sorted and compared.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};

use ledger::group::state;
use ledger::hash::HASH_BYTES;
use ledger::{GroupState, Hash};

use super::report::GroupCounts;
use crate::crew::with_crew;

const PARTS: usize = 256;
const BUFFER_BYTES: usize = 1 << 14;
const RECORD_BYTES: usize = HASH_BYTES + 8 + 1;
/// The largest number of failures that one part tells of, and keeps.
const MAX_PROBLEMS: usize = 1000;

/// What is said of a commitment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// An entry commits to a group of words.
    Words = 0,
    /// An entry commits to its facts, which are left out only when they came too late.
    Facts = 1,
    /// An entry commits to its facts, which are never left out.
    FactsNeeded = 2,
    /// `withheld.json` lists it for that entry.
    Withheld = 3,
    /// An erasure names it for that entry.
    Erased = 4,
}

/// A commitment, an entry, and what is said of them; in the order of these three as bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Record([u8; RECORD_BYTES]);

impl Record {
    pub(super) fn new(commitment: Hash, seq: u64, standing: Standing) -> Record {
        let mut bytes = [0; RECORD_BYTES];
        bytes[..HASH_BYTES].copy_from_slice(&commitment.0);
        bytes[HASH_BYTES..RECORD_BYTES - 1].copy_from_slice(&seq.to_be_bytes());
        bytes[RECORD_BYTES - 1] = standing as u8;
        Record(bytes)
    }

    fn commitment(&self) -> Hash {
        Hash(std::array::from_fn(|n| self.0[n]))
    }

    fn beginning(&self) -> u64 {
        u64::from_be_bytes(std::array::from_fn(|n| self.0[n]))
    }

    fn seq(&self) -> u64 {
        u64::from_be_bytes(std::array::from_fn(|n| self.0[HASH_BYTES + n]))
    }

    fn is(&self, standing: Standing) -> bool {
        self.0[RECORD_BYTES - 1] == standing as u8
    }
}

/// Records in a temporary file, by the first byte of their commitments.
pub(super) struct Scattered {
    file: File,
    length: u64,
    buffers: Vec<Vec<u8>>,
    /// Where the blocks of each part stand.
    blocks: Vec<Vec<(u64, usize)>>,
}

impl Scattered {
    pub(super) fn new(file: File) -> Scattered {
        Scattered {
            file,
            length: 0,
            buffers: vec![Vec::new(); PARTS],
            blocks: vec![Vec::new(); PARTS],
        }
    }

    pub(super) fn add(&mut self, record: &Record) -> io::Result<()> {
        let part = usize::from(record.0[0]);
        self.buffers[part].extend_from_slice(&record.0);
        if self.buffers[part].len() + RECORD_BYTES > BUFFER_BYTES {
            let buffer = &mut self.buffers[part];
            self.file.write_all(buffer)?;
            self.blocks[part].push((self.length, buffer.len()));
            self.length += buffer.len() as u64;
            buffer.clear();
        }
        Ok(())
    }

    fn part(&mut self, part: usize) -> io::Result<Vec<Record>> {
        let mut bytes = std::mem::take(&mut self.buffers[part]);
        for (offset, length) in std::mem::take(&mut self.blocks[part]) {
            let start = bytes.len();
            bytes.resize(start + length, 0);
            self.file.seek(SeekFrom::Start(offset))?;
            self.file.read_exact(&mut bytes[start..])?;
        }
        let (records, _) = bytes.as_chunks::<RECORD_BYTES>();
        Ok(records.iter().map(|record| Record(*record)).collect())
    }
}

/// The hashes of the groups in the pack, in order, in a temporary file.
pub(super) struct GroupHashes {
    file: BufWriter<File>,
    /// How many begin with each byte.
    counts: [u64; PARTS],
}

impl GroupHashes {
    pub(super) fn new(file: File) -> GroupHashes {
        GroupHashes {
            file: BufWriter::new(file),
            counts: [0; PARTS],
        }
    }

    pub(super) fn add(&mut self, hash: &Hash) -> io::Result<()> {
        self.counts[usize::from(hash.0[0])] += 1;
        self.file.write_all(&hash.0)
    }
}

/// What is wrong with a commitment or a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// Not disclosed, not withheld, not erased.
    Missing,
    /// In the pack, and no entry names it.
    Stray,
    /// Listed as withheld, and in the pack.
    WithheldAndHere,
}

/// What one part, or all of them, came to.
#[derive(Default)]
pub(super) struct Joined {
    pub(super) counts: GroupCounts,
    pub(super) problems: Vec<(Problem, Hash, Option<u64>)>,
    pub(super) untold: u64,
}

impl Joined {
    fn problem(&mut self, problem: Problem, hash: Hash, seq: Option<u64>) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push((problem, hash, seq));
        } else {
            self.untold += 1;
        }
    }

    fn add(&mut self, part: Joined) {
        self.counts.disclosed += part.counts.disclosed;
        self.counts.withheld += part.counts.withheld;
        self.counts.erased += part.counts.erased;
        self.untold += part.untold;
        for (problem, hash, seq) in part.problems {
            self.problem(problem, hash, seq);
        }
    }
}

/// Compares all that was said of commitments with the groups that are in the pack; groups of
/// entries from `withheld_from` on may be left out unless they are needed.
pub(super) fn join(
    mut scattered: Scattered,
    groups: GroupHashes,
    withheld_from: Option<u64>,
) -> io::Result<Joined> {
    let mut file = groups
        .file
        .into_inner()
        .map_err(io::IntoInnerError::into_error)?;
    file.seek(SeekFrom::Start(0))?;
    let mut all = Joined::default();
    let work =
        |(records, hashes): (Vec<Record>, Vec<u8>)| join_part(records, &hashes, withheld_from);
    with_crew(work, |crew| {
        for part in 0..PARTS {
            let mut hashes = vec![0; groups.counts[part] as usize * HASH_BYTES];
            file.read_exact(&mut hashes)?;
            let records = scattered.part(part)?;
            if crew.is_full() {
                all.add(crew.take().unwrap_or_default());
            }
            crew.give((records, hashes));
        }
        while let Some(part) = crew.take() {
            all.add(part);
        }
        Ok(all)
    })
}

fn join_part(mut records: Vec<Record>, hashes: &[u8], withheld_from: Option<u64>) -> Joined {
    // The beginnings tell nearly all apart, and are compared as one number each.
    records.sort_unstable_by(|a, b| a.beginning().cmp(&b.beginning()).then_with(|| a.cmp(b)));
    let mut joined = Joined::default();
    let (hashes, _) = hashes.as_chunks::<HASH_BYTES>();
    let mut hashes = hashes.iter().map(|bytes| Hash(*bytes)).peekable();
    for of_hash in records.chunk_by(|a, b| a.commitment() == b.commitment()) {
        let hash = of_hash[0].commitment();
        while let Some(stray) = hashes.next_if(|here| *here < hash) {
            joined.problem(Problem::Stray, stray, None);
        }
        let is_here = hashes.next_if_eq(&hash).is_some();
        for of_entry in of_hash.chunk_by(|a, b| a.seq() == b.seq()) {
            join_entry(&mut joined, of_entry, is_here, withheld_from);
        }
    }
    for stray in hashes {
        joined.problem(Problem::Stray, stray, None);
    }
    joined
}

/// Joins what is said of one commitment of one entry.
fn join_entry(joined: &mut Joined, records: &[Record], is_here: bool, withheld_from: Option<u64>) {
    let said = |standing| records.iter().any(|record| record.is(standing));
    let (hash, seq) = (records[0].commitment(), records[0].seq());
    let is_late = withheld_from.is_some_and(|first| first <= seq);
    if is_here && said(Standing::Withheld) {
        joined.problem(Problem::WithheldAndHere, hash, Some(seq));
    }
    for record in records {
        if record.is(Standing::Withheld) || record.is(Standing::Erased) {
            continue;
        }
        let is_words = record.is(Standing::Words);
        let withheld = (is_words && said(Standing::Withheld))
            || (is_late && !record.is(Standing::FactsNeeded));
        let erased = is_words && said(Standing::Erased);
        // What is here was found by its hash, so that it cannot be another.
        match state(&hash, is_here.then_some(hash), withheld, erased) {
            Ok(GroupState::Disclosed) => joined.counts.disclosed += 1,
            Ok(GroupState::Erased) => joined.counts.erased += 1,
            Ok(GroupState::Withheld) => joined.counts.withheld += 1,
            Ok(GroupState::Missing) | Err(_) => {
                joined.problem(Problem::Missing, hash, Some(seq));
            }
        }
    }
}
