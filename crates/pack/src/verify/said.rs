//! What is said elsewhere about entries: proved, or seen before.

use std::io::{self, Read, Seek};

use ledger::hash::leaf_hash;
use ledger::tree::{Node, frontier_nodes, verify_inclusion};
use ledger::{Checkpoint, Entry, Frontier, Hash, Note, TlogProof, VerifierKey};
use record::counted;

use super::report::{Failure, Report};
use super::{keys_of, or_failure};
use crate::reader::{PackReader, ReadError};
use crate::{CHECKPOINT, PROOF_SUFFIX, PROOFS};

/// Why what is said cannot be looked up, or does not hold.
pub(super) enum ReadOr {
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

pub(super) fn failure<Found>(why: &str) -> Result<Found, ReadOr> {
    Err(ReadOr::Failure(why.to_owned()))
}

pub(super) fn entry<R: Read + Seek>(pack: &mut PackReader<R>, seq: u64) -> Result<Entry, ReadOr> {
    let bytes = pack.entry(seq)?;
    Entry::parse(&bytes).map_err(|error| ReadOr::Failure(error.to_string()))
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

/// What is wrong with a pack that has fewer entries than were seen before.
pub const OLDER_PACK: &str = "seen before; the pack has only";

/// What is wrong with a checkpoint seen before that has another origin.
pub const OTHER_LEDGER: &str = "the checkpoint seen before is another ledger's";

/// That nothing was held against such a checkpoint.
pub const NOT_EXTENDED: &str =
    "that the log extends the checkpoint seen before: that one is another ledger's";

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
        let (of, ours) = (earlier.origin, later.origin);
        fail(format!(
            "{OTHER_LEDGER}: it is of the log {of}, and the pack is of the log {ours}"
        ));
        report.not_checked.push(NOT_EXTENDED.to_owned());
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
        let before = counted(before, "entry");
        fail(format!("{before} {OLDER_PACK} {now}"));
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
