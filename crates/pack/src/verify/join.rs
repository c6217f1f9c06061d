//! Commitments against groups, one by one, to say what is wrong: each in its order by hash, so that neither
//! has to fit into memory.
//!
//! What entries commit to is kept in memory up to [`KEPT_ROWS`], and beyond it put aside in a
//! temporary file, by the first byte of the hash; the groups in the pack are in order already. Each
//! of the 256 parts is then sorted and compared.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};

use ledger::group::state;
use ledger::hash::HASH_BYTES;
use ledger::{GroupState, Hash};

use super::report::GroupCounts;
use crate::crew::with_crew;
use crate::shared::Shared;

const PARTS: usize = 256;
/// As many rows are kept in memory, about 4 MiB of them: what is put aside at once is long enough
/// to be cheap to write, and the piece of each part to be cheap to read.
const KEPT_ROWS: usize = 100_000;
/// Hashes of groups are written in pieces as long.
const BUFFER_BYTES: usize = 1 << 19;
const ROW_BYTES: usize = HASH_BYTES + 8 + 1;
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
pub(super) struct Row(RowBytes);

type RowBytes = [u8; ROW_BYTES];

impl Row {
    pub(super) fn new(commitment: Hash, seq: u64, standing: Standing) -> Row {
        let mut bytes = [0; ROW_BYTES];
        bytes[..HASH_BYTES].copy_from_slice(&commitment.0);
        bytes[HASH_BYTES..ROW_BYTES - 1].copy_from_slice(&seq.to_be_bytes());
        bytes[ROW_BYTES - 1] = standing as u8;
        Row(bytes)
    }

    pub(super) fn commitment(&self) -> Hash {
        commitment(&self.0)
    }

    pub(super) fn seq(&self) -> u64 {
        seq(&self.0)
    }

    pub(super) fn is(&self, standing: Standing) -> bool {
        is(&self.0, standing)
    }
}

fn beginning(row: &RowBytes) -> u64 {
    u64::from_be_bytes(std::array::from_fn(|n| row[n]))
}

fn commitment(row: &RowBytes) -> Hash {
    Hash(std::array::from_fn(|n| row[n]))
}

fn seq(row: &RowBytes) -> u64 {
    u64::from_be_bytes(std::array::from_fn(|n| row[HASH_BYTES + n]))
}

fn is(row: &RowBytes, standing: Standing) -> bool {
    row[ROW_BYTES - 1] == standing as u8
}

/// Where rows stand in the file, and how many.
#[derive(Clone, Copy, Debug)]
struct Piece {
    offset: u64,
    count: usize,
}

/// Records by the first byte of their commitments, but for the last ones in a temporary file.
pub(super) struct Scattered {
    /// As many rows are kept before they are put aside.
    room: usize,
    file: File,
    length: u64,
    kept: Vec<RowBytes>,
    /// Where the pieces of each part stand in the file.
    pieces: Vec<Vec<Piece>>,
    /// The rows last put in order of their parts.
    ordered: Vec<RowBytes>,
}

impl Scattered {
    pub(super) fn new(file: File) -> Scattered {
        Scattered::with_room(KEPT_ROWS, file)
    }

    fn with_room(room: usize, file: File) -> Scattered {
        Scattered {
            room,
            file,
            length: 0,
            kept: Vec::new(),
            pieces: vec![Vec::new(); PARTS],
            ordered: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, Row(row): Row) -> io::Result<()> {
        if self.kept.len() >= self.room {
            self.put_aside()?;
        }
        self.kept.push(row);
        Ok(())
    }

    /// Writes what is kept to the file, part by part.
    fn put_aside(&mut self) -> io::Result<()> {
        let counts = self.put_in_order();
        self.file.write_all(self.ordered.as_flattened())?;
        for (pieces, count) in self.pieces.iter_mut().zip(counts) {
            let offset = self.length;
            pieces.push(Piece { offset, count });
            self.length += (count * ROW_BYTES) as u64;
        }
        Ok(())
    }

    /// Orders what is kept by parts, empties it, and returns how many rows each part has of it.
    fn put_in_order(&mut self) -> [usize; PARTS] {
        let mut counts = [0; PARTS];
        for row in &self.kept {
            counts[usize::from(row[0])] += 1;
        }
        let mut next = [0; PARTS];
        for part in 1..PARTS {
            next[part] = next[part - 1] + counts[part - 1];
        }
        self.ordered.resize(self.kept.len(), [0; ROW_BYTES]);
        for row in self.kept.drain(..) {
            let next = &mut next[usize::from(row[0])];
            self.ordered[*next] = row;
            *next += 1;
        }
        counts
    }
}

/// The hashes of the groups in the pack, in order, in a temporary file.
pub(super) struct GroupHashes {
    file: BufWriter<File>,
    /// How many begin with each byte.
    counts: [usize; PARTS],
}

impl GroupHashes {
    pub(super) fn new(file: File) -> GroupHashes {
        GroupHashes {
            file: BufWriter::with_capacity(BUFFER_BYTES, file),
            counts: [0; PARTS],
        }
    }

    pub(super) fn add(&mut self, hash: Hash) -> io::Result<()> {
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

/// One of the 256 parts: where its rows and the hashes of its groups are.
struct Part<'k> {
    kept: &'k [RowBytes],
    pieces: &'k [Piece],
    groups: Piece,
}

/// Reads and joins parts, each into the memory of the one before.
struct Joiner {
    scattered: Shared,
    groups: Shared,
    withheld_from: Option<u64>,
    rows: Vec<RowBytes>,
    hashes: Vec<[u8; HASH_BYTES]>,
}

impl Joiner {
    fn join(&mut self, part: &Part<'_>) -> io::Result<Joined> {
        let put_aside: usize = part.pieces.iter().map(|piece| piece.count).sum();
        self.rows.resize(put_aside, [0; ROW_BYTES]);
        let mut rest = self.rows.as_mut_slice();
        for piece in part.pieces {
            let (there, after) = rest.split_at_mut(piece.count);
            self.scattered.seek(SeekFrom::Start(piece.offset))?;
            self.scattered.read_exact(there.as_flattened_mut())?;
            rest = after;
        }
        self.rows.extend_from_slice(part.kept);
        self.hashes.resize(part.groups.count, [0; HASH_BYTES]);
        self.groups.seek(SeekFrom::Start(part.groups.offset))?;
        self.groups.read_exact(self.hashes.as_flattened_mut())?;
        Ok(join_part(&mut self.rows, &self.hashes, self.withheld_from))
    }
}

/// Compares all that was said of commitments with the groups that are in the pack; groups of
/// entries from `withheld_from` on may be left out unless they are needed.
pub(super) fn join(
    mut scattered: Scattered,
    groups: GroupHashes,
    withheld_from: Option<u64>,
) -> io::Result<Joined> {
    let file = groups.file.into_inner();
    let file = Shared::from(file.map_err(io::IntoInnerError::into_error)?);
    let counts = scattered.put_in_order();
    let put_aside = Shared::from(scattered.file);
    let worker = || {
        let mut joiner = Joiner {
            scattered: put_aside.clone(),
            groups: file.clone(),
            withheld_from,
            rows: Vec::new(),
            hashes: Vec::new(),
        };
        move |part: Part<'_>| joiner.join(&part)
    };
    let (mut kept, mut offset) = (scattered.ordered.as_slice(), 0);
    let mut all = Joined::default();
    with_crew(worker, |crew| {
        for (part, pieces) in scattered.pieces.iter().enumerate() {
            let (of_part, rest) = kept.split_at(counts[part]);
            let count = groups.counts[part];
            if crew.is_full()
                && let Some(joined) = crew.take()
            {
                all.add(joined?);
            }
            crew.give(Part {
                kept: of_part,
                pieces,
                groups: Piece { offset, count },
            });
            kept = rest;
            offset += (count * HASH_BYTES) as u64;
        }
        while let Some(joined) = crew.take() {
            all.add(joined?);
        }
        Ok(all)
    })
}

fn join_part(
    rows: &mut [RowBytes],
    hashes: &[[u8; HASH_BYTES]],
    withheld_from: Option<u64>,
) -> Joined {
    // The beginnings tell nearly all apart, and are compared as one number each.
    rows.sort_unstable_by(|a, b| beginning(a).cmp(&beginning(b)).then_with(|| a.cmp(b)));
    let mut joined = Joined::default();
    let mut hashes = hashes.iter().map(|bytes| Hash(*bytes)).peekable();
    for of_hash in rows.chunk_by(|a, b| commitment(a) == commitment(b)) {
        let hash = commitment(&of_hash[0]);
        while let Some(stray) = hashes.next_if(|here| *here < hash) {
            joined.problem(Problem::Stray, stray, None);
        }
        let is_here = hashes.next_if_eq(&hash).is_some();
        for of_entry in of_hash.chunk_by(|a, b| seq(a) == seq(b)) {
            join_entry(&mut joined, of_entry, is_here, withheld_from);
        }
    }
    for stray in hashes {
        joined.problem(Problem::Stray, stray, None);
    }
    joined
}

/// Joins what is said of one commitment of one entry.
fn join_entry(joined: &mut Joined, rows: &[RowBytes], is_here: bool, withheld_from: Option<u64>) {
    let said = |standing| rows.iter().any(|row| is(row, standing));
    let (hash, seq) = (commitment(&rows[0]), seq(&rows[0]));
    let is_late = withheld_from.is_some_and(|first| first <= seq);
    if is_here && said(Standing::Withheld) {
        joined.problem(Problem::WithheldAndHere, hash, Some(seq));
    }
    for row in rows {
        if is(row, Standing::Withheld) || is(row, Standing::Erased) {
            continue;
        }
        let is_words = is(row, Standing::Words);
        let withheld =
            (is_words && said(Standing::Withheld)) || (is_late && !is(row, Standing::FactsNeeded));
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

#[cfg(test)]
mod tests {
    use ledger::hash::sha256;

    use super::*;

    /// Joins 2,000 commitments: every tenth is withheld, every seventh of the others is nowhere, and
    /// a group is in the pack to which none commits.
    fn joined(room: usize) -> Joined {
        let mut scattered = Scattered::with_room(room, tempfile::tempfile().unwrap());
        let mut groups = GroupHashes::new(tempfile::tempfile().unwrap());
        let mut hashes = vec![sha256(b"stray").0];
        for seq in 0..2000 {
            let hash = sha256(&u64::to_be_bytes(seq));
            let mut add = |standing| scattered.add(Row::new(hash, seq, standing)).unwrap();
            add(Standing::Words);
            match (seq % 10, seq % 7) {
                (0, _) => add(Standing::Withheld),
                (_, 0) => {}
                _ => hashes.push(hash.0),
            }
        }
        hashes.sort_unstable();
        for hash in hashes {
            groups.add(Hash(hash)).unwrap();
        }
        join(scattered, groups, None).unwrap()
    }

    #[test]
    fn it_makes_no_difference_how_many_rows_are_kept_in_memory() {
        let missing: Vec<u64> = (0..2000).filter(|n| n % 10 != 0 && n % 7 == 0).collect();
        for room in [1, 7, 1999, 2200, KEPT_ROWS] {
            let joined = joined(room);
            assert_eq!(joined.counts.withheld, 200, "{room}");
            assert_eq!(
                joined.counts.disclosed,
                1800 - missing.len() as u64,
                "{room}"
            );
            let (stray, mut others): (Vec<_>, Vec<_>) = joined
                .problems
                .into_iter()
                .partition(|(problem, ..)| *problem == Problem::Stray);
            assert_eq!(stray, [(Problem::Stray, sha256(b"stray"), None)], "{room}");
            others.sort_unstable_by_key(|(_, _, seq)| *seq);
            let wanted = missing
                .iter()
                .map(|seq| (Problem::Missing, sha256(&seq.to_be_bytes()), Some(*seq)));
            assert_eq!(others, wanted.collect::<Vec<_>>(), "{room}");
        }
    }
}
