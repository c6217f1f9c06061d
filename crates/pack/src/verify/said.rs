//! What is said elsewhere about entries: withheld, erased, proved, or seen before.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, Read, Seek, SeekFrom, Write as _};

use ledger::hash::leaf_hash;
use ledger::tree::{Node, frontier_nodes, verify_inclusion};
use ledger::{Checkpoint, Entry, Frontier, Hash, Note, TlogProof, VerifierKey};
use serde::Deserialize;

use super::join::{Joined, Problem, Record, Scattered, Standing, join};
use super::log::LogFound;
use super::pass::Commitments;
use super::report::{Failure, Report};
use super::{keys_of, or_failure};
use record::counted;

use crate::reader::{PackReader, ReadError};
use crate::withheld::{Withheld, WithheldFile, WithheldGroup};
use crate::{CHECKPOINT, ERASURE, FACTS, FILES, GROUPS, PROOF_SUFFIX, PROOFS, WITHHELD};

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

/// Accounts for every group that an entry commits to, and for every group in the pack.
pub(super) fn check_groups<R: Read + Seek>(
    report: &mut Report,
    pack: &mut PackReader<R>,
    commitments: Commitments,
    log: &LogFound,
) -> io::Result<()> {
    let Commitments {
        mut scattered,
        groups,
        listed,
    } = commitments;
    let after = check_withheld(report, pack, &mut scattered, (log, listed))?;
    for (seq, facts) in &log.erasures {
        match erased_records(pack, *seq, *facts) {
            Ok(records) => records
                .into_iter()
                .try_for_each(|record| scattered.add(record))?,
            Err(ReadOr::Io(error)) => return Err(error),
            Err(ReadOr::Failure(why)) => report.fail(Failure::new(Some(*seq), ERASURE, why)),
        }
    }
    let joined = join(scattered, groups, after)?;
    tell(report, pack, joined)
}

/// Checks what `withheld.json` lists, and returns the first entry of those that came too late.
fn check_withheld<R: Read + Seek>(
    report: &mut Report,
    pack: &mut PackReader<R>,
    scattered: &mut Scattered,
    (log, listed): (&LogFound, File),
) -> io::Result<Option<u64>> {
    // The list may be as long as the log, and each item is looked up in the pack that the list is
    // being read from: so it waits in a temporary file.
    let mut listed = BufWriter::new(listed);
    let read = pack.withheld(&mut |item| {
        serde_json::to_writer(&mut listed, &item).map_err(io::Error::from)?;
        Ok(listed.write_all(b"\n")?)
    });
    if or_failure(report, WITHHELD, read)?.is_none() {
        return Ok(None);
    }
    let mut listed = listed
        .into_inner()
        .map_err(io::IntoInnerError::into_error)?;
    listed.seek(SeekFrom::Start(0))?;
    let mut first_seq = None;
    for line in BufReader::new(listed).lines() {
        let (seq, found) = match serde_json::from_str(&line?)? {
            Withheld::After(after) => {
                first_seq = after.map(|after| after.first_seq);
                continue;
            }
            Withheld::File(item) => (None, withheld_file(pack, &item)),
            Withheld::Group(item) => (
                Some(item.seq),
                withheld_record(pack, &item, log).map(|record| scattered.add(record)),
            ),
        };
        match found {
            Ok(added) => added?,
            Err(ReadOr::Io(error)) => return Err(error),
            Err(ReadOr::Failure(why)) => report.fail(Failure::new(seq, WITHHELD, why)),
        }
    }
    Ok(first_seq)
}

fn withheld_file<R: Read + Seek>(
    pack: &mut PackReader<R>,
    item: &WithheldFile,
) -> Result<io::Result<()>, ReadOr> {
    if pack.has_file(&item.file)? {
        let file = item.file;
        let why = format!("{FILES}{file} is listed as withheld, and in the pack");
        return Err(ReadOr::Failure(why));
    }
    Ok(Ok(()))
}

/// Why a record cannot be made of what is said.
enum ReadOr {
    Io(io::Error),
    Failure(String),
}

impl From<ReadError> for ReadOr {
    fn from(error: ReadError) -> ReadOr {
        match error {
            ReadError::Io(error) => ReadOr::Io(error),
            error => ReadOr::Failure(error.to_string()),
        }
    }
}

fn failure<Found>(why: &str) -> Result<Found, ReadOr> {
    Err(ReadOr::Failure(why.to_owned()))
}

fn entry<R: Read + Seek>(pack: &mut PackReader<R>, seq: u64) -> Result<Entry, ReadOr> {
    let bytes = pack.entry(seq)?;
    Entry::parse(&bytes).map_err(|error| ReadOr::Failure(error.to_string()))
}

fn commitment(entry: &Entry, name: &str) -> Option<Hash> {
    let group = entry.groups.iter().find(|group| group.name == name);
    group.map(|group| group.commitment)
}

fn withheld_record<R: Read + Seek>(
    pack: &mut PackReader<R>,
    item: &WithheldGroup,
    log: &LogFound,
) -> Result<Record, ReadOr> {
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
    Ok(Record::new(item.commitment, item.seq, standing))
}

fn erased_records<R: Read + Seek>(
    pack: &mut PackReader<R>,
    seq: u64,
    facts: Option<Hash>,
) -> Result<Vec<Record>, ReadOr> {
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
    let record = |name: &String| {
        let Some(commitment) = commitment(&target, name).filter(|_| name != FACTS) else {
            return failure("an erasure names a group that its target does not have, or its facts");
        };
        Ok(Record::new(commitment, body.target, Standing::Erased))
    };
    body.groups.iter().map(record).collect()
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

/// Checks every proof against the checkpoint of the pack.
pub(super) fn check_proofs<R: Read + Seek>(
    report: &mut Report,
    pack: &mut PackReader<R>,
) -> io::Result<()> {
    let Some(checkpoint) = or_failure(report, CHECKPOINT, pack.required(CHECKPOINT))? else {
        return Ok(());
    };
    let mut names = Vec::new();
    let listed = pack.each_name(PROOFS, &mut |name| {
        names.push(name.to_owned());
        Ok(())
    });
    or_failure(report, "proof", listed)?;
    for name in names {
        match check_proof(pack, &name, &checkpoint) {
            Ok(()) => {}
            Err(ReadOr::Io(error)) => return Err(error),
            Err(ReadOr::Failure(why)) => {
                report.fail(Failure::new(None, "proof", format!("{name}: {why}")));
            }
        }
    }
    Ok(())
}

fn check_proof<R: Read + Seek>(
    pack: &mut PackReader<R>,
    name: &str,
    checkpoint: &[u8],
) -> Result<(), ReadOr> {
    let wrong = |error: &dyn ToString| ReadOr::Failure(error.to_string());
    let bytes = pack.required(name)?;
    let proof = TlogProof::parse(&bytes).map_err(|error| wrong(&error))?;
    let written = proof.encode().map_err(|error| wrong(&error))?;
    if written.as_bytes() != bytes || !proof.extra.is_empty() {
        return failure("it is not written the one way, or has extra data");
    }
    if name != format!("{PROOFS}{}{PROOF_SUFFIX}", proof.index) {
        return failure("it is the proof of another entry than its name says");
    }
    if proof.checkpoint.as_bytes() != checkpoint {
        return failure("it is made for another checkpoint than the pack's");
    }
    let Checkpoint { size, root, .. } = *pack.checkpoint();
    let leaf = leaf_hash(&pack.entry(proof.index)?);
    verify_inclusion(&leaf, proof.index, size, &proof.hashes, &root).map_err(|error| wrong(&error))
}

/// Checks that the log in the pack extends a checkpoint that the verifier has seen before.
pub(super) fn check_previous<R: Read + Seek>(
    report: &mut Report,
    pack: &mut PackReader<R>,
    previous: &str,
    keys: &[VerifierKey],
) -> io::Result<()> {
    let mut fail = |why: String| report.fail(Failure::new(None, "previous", why));
    let note = match Note::parse(previous.as_bytes()) {
        Ok(note) => note,
        Err(error) => {
            fail(error.to_string());
            return Ok(());
        }
    };
    let earlier = match Checkpoint::parse(&note.text) {
        Ok(earlier) => earlier,
        Err(error) => {
            fail(error.to_string());
            return Ok(());
        }
    };
    let later = pack.checkpoint().clone();
    if earlier.origin != later.origin {
        fail(format!(
            "the checkpoint seen before is of the log {}",
            earlier.origin
        ));
        return Ok(());
    }
    // Without a key its signature cannot be checked; that no key was given is said already.
    if !keys.is_empty()
        && let Err(error) = note.verify(&keys_of(&later, keys))
    {
        fail(error.to_string());
    }
    if earlier.size > later.size {
        let (before, now) = (earlier.size, later.size);
        fail(format!(
            "{} seen before; the pack has only {now}",
            counted(before, "entry")
        ));
        return Ok(());
    }
    let nodes = frontier_nodes(earlier.size).into_iter();
    let hashes: Result<Vec<Hash>, ReadError> = nodes
        .map(|node: Node| pack.node(node, later.size))
        .collect();
    let Some(hashes) = or_failure(report, "previous", hashes)? else {
        return Ok(());
    };
    let edge = Frontier::from_parts(earlier.size, hashes);
    if edge.map(|edge| edge.root()) != Ok(earlier.root) {
        let size = earlier.size;
        let why = format!("the first {size} entries are not those that were seen before");
        report.fail(Failure::new(None, "previous", why));
    }
    Ok(())
}
