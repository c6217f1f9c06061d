//! From a committed batch to a signed checkpoint: read back, guarded, signed.

use ledger::{Checkpoint, Frontier, GuardMark, Hash, ProofPlan, hash, tree};
use store::{GOVERNANCE_LOG, Writer};

use crate::error::{AppError, Result};
use crate::guard::GuardDir;
use crate::keys::LogKey;

/// Returns the proof that a log extends what it was at `before`, from the leaves added since.
pub fn consistency(before: &Frontier, added: &[Hash]) -> Result<Vec<Hash>> {
    let grown = u64::try_from(added.len()).map_err(AppError::fault)?;
    let plan =
        ProofPlan::consistency(before.size(), before.size() + grown).map_err(AppError::fault)?;
    let old = tree::frontier_nodes(before.size());
    let hashes: Result<Vec<Hash>> = plan
        .nodes()
        .iter()
        .map(|node| {
            let leaves = node.leaves();
            if leaves.end <= before.size() {
                let index = old.iter().position(|one| one == node);
                return index.map(|index| before.hashes()[index]).ok_or_else(|| {
                    AppError::Fault(
                        "a consistency proof asks for a node outside the frontier".to_owned(),
                    )
                });
            }
            let from = usize::try_from(leaves.start - before.size()).map_err(AppError::fault)?;
            let to = usize::try_from(leaves.end - before.size()).map_err(AppError::fault)?;
            Ok(tree::root(&added[from..to]))
        })
        .collect();
    plan.assemble(&hashes?).map_err(AppError::fault)
}

/// Entries at the end of the log that are read back before anything is signed after them:
/// enough for what was just recorded, and few enough to start at once. The rest is for
/// `verify` and the daily check.
const NEWEST: u64 = 4_096;

/// Reads the end of the log back and holds it against the head, and the latest checkpoint
/// against its signature: nothing is signed over what was altered.
///
/// # Errors
/// Says what is not as it was recorded.
pub async fn check_end(writer: &Writer, frontier: &Frontier, key: &LogKey) -> Result<()> {
    let latest = writer.rows().latest_checkpoint(GOVERNANCE_LOG).await?;
    if let Some(latest) = latest {
        let note = latest.note.as_bytes();
        let signed = Checkpoint::open(note, key.origin(), key.signing.verifier())
            .map_err(|error| AppError::Damaged(format!("the latest checkpoint: {error}")))?;
        let ours = signed.size == latest.size
            && (signed.size != frontier.size() || signed.root == frontier.root());
        if !ours {
            let what = "the latest checkpoint signs other entries";
            return Err(AppError::Damaged(what.to_owned()));
        }
    }
    // The head holds the root of each complete subtree: those at the end need no other entry.
    let size = frontier.size();
    let nodes = tree::frontier_nodes(size);
    let near = |start: &u64| size - start <= NEWEST;
    let starts = nodes.iter().map(|node| node.leaves().start);
    let Some(from) = starts.clone().find(near) else {
        return Ok(());
    };
    let leaves = read_back(writer, from, None).await?;
    let mut rest = leaves.as_slice();
    for (node, root) in nodes.iter().zip(frontier.hashes()) {
        let range = node.leaves();
        if range.start < from {
            continue;
        }
        let length = usize::try_from(range.end - range.start).map_err(AppError::fault)?;
        match rest.split_at_checked(length) {
            Some((these, later)) if tree::root(these) == *root => rest = later,
            _ => {
                let (first, last) = (range.start, range.end - 1);
                let what = format!("entries {first} to {last} do not make the head");
                return Err(AppError::Damaged(what));
            }
        }
    }
    Ok(())
}

/// Reads entries back and checks them: every group's commitment and, for a batch just
/// committed, every leaf that was meant.
pub async fn read_back(
    writer: &Writer,
    from_seq: u64,
    meant: Option<&[Hash]>,
) -> Result<Vec<Hash>> {
    let stored = writer.read_back(GOVERNANCE_LOG, from_seq).await?;
    let mut leaves = Vec::with_capacity(stored.len());
    for row in &stored {
        let leaf = hash::leaf_hash(&row.bytes);
        let entry = ledger::Entry::parse(&row.bytes)
            .map_err(|error| AppError::Damaged(format!("entry {}: {error}", row.seq)))?;
        for group in &entry.groups {
            let found = row.groups.iter().find(|one| one.name == group.name);
            let sound = found.is_some_and(|one| {
                one.bytes
                    .as_ref()
                    .is_none_or(|bytes| hash::sha256(bytes) == group.commitment)
            });
            if !sound {
                return Err(AppError::Damaged(format!(
                    "entry {}, group {}",
                    row.seq, group.name
                )));
            }
        }
        leaves.push(leaf);
    }
    if let Some(meant) = meant
        && meant != leaves.as_slice()
    {
        return Err(AppError::Damaged("the last batch".to_owned()));
    }
    Ok(leaves)
}

/// Guards a head, then signs it. Order: the batch is committed; if we crash here, the next
/// start reads it back, guards and signs it.
pub async fn guard_and_sign(
    writer: &mut Writer,
    guard: &GuardDir,
    key: &LogKey,
    before: &Frontier,
    added: &[Hash],
) -> Result<Frontier> {
    let mut after = before.clone();
    added.iter().for_each(|leaf| after.append(*leaf));
    let head = GuardMark {
        size: after.size(),
        root: after.root(),
    };
    let remembered = guard.read(&key.short())?;
    let proof = match &remembered {
        Some(mark) if mark.size == before.size() && mark.size > 0 && head.size > mark.size => {
            Some(consistency(before, added)?)
        }
        _ => None,
    };
    ledger::guard::may_sign(remembered.as_ref(), &head, proof.as_deref()).map_err(|refusal| {
        AppError::Guard {
            message: format!("the signing guard forbids signing: {refusal}"),
            hint: "run `minutebook guard` to see both sides".to_owned(),
        }
    })?;
    if remembered.as_ref() != Some(&head) {
        guard.write(&key.short(), &head)?;
    }
    // If we crash here the guard is ahead of the checkpoint, not of the log: signing the same
    // head again is harmless.
    let checkpoint = Checkpoint {
        origin: key.origin().to_owned(),
        size: head.size,
        root: head.root,
        extensions: Vec::new(),
    };
    let note = checkpoint
        .sign(&key.signing)
        .map_err(AppError::fault)?
        .encode()
        .map_err(AppError::fault)?;
    writer
        .put_checkpoint(GOVERNANCE_LOG, head.size, &note)
        .await?;
    Ok(after)
}
