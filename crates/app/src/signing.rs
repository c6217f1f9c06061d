//! From a committed batch to a signed checkpoint: read back, guarded, signed.

use ledger::{Checkpoint, Entry, Frontier, GuardMark, Hash, Note, ProofPlan, hash, tree};
use store::{CHECKPOINTS, GOVERNANCE_LOG, Rows, StoredEntry, Writer};

use crate::error::{AppError, Result};
use crate::groups::make_sure;
use crate::guard::GuardDir;
use crate::keeping::{RANGE_EVERY, range_before};
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

/// Entries at the end of the log that are read back before a writer is ready: few enough to start
/// at once. The walk reads the others before anything is appended.
const NEWEST: u64 = 4_096;

/// Reads the end of the log back and holds it against the head, and the latest checkpoint
/// against its signature: nothing is signed over what was altered.
///
/// # Errors
/// Says what is not as it was recorded.
pub async fn check_end(writer: &Writer, frontier: &Frontier, key: &LogKey) -> Result<()> {
    let damaged = |what: &str| Err(AppError::Damaged(what.to_owned()));
    let rows = writer.rows();
    let latest = rows.latest_checkpoint(GOVERNANCE_LOG).await?;
    let mut size = 0;
    if let Some(latest) = latest {
        size = latest.size;
        let note = latest.note.as_bytes();
        let signed = Checkpoint::open(note, key.origin(), key.signing.verifier())
            .map_err(|error| AppError::Damaged(format!("the latest checkpoint: {error}")))?;
        let ours = signed.size == size
            && (signed.size != frontier.size() || signed.root == frontier.root());
        if !ours {
            return damaged("the latest checkpoint signs other entries");
        }
    }
    let kept = rows.meta(CHECKPOINTS).await?;
    let counted = rows.checkpoint_count(GOVERNANCE_LOG).await?;
    if kept.as_deref().unwrap_or("0") != counted.to_string() {
        return damaged("the checkpoints are not as many as were signed");
    }
    // Unsigned entries at the end are what a crash leaves, or a checkpoint moved elsewhere.
    if size < frontier.size() && is_any_misplaced(rows, counted).await? {
        return damaged("a checkpoint is kept under another size than it signs");
    }
    check_newest(writer, frontier).await
}

/// Returns whether any of so many checkpoints is kept under another size than it signs.
async fn is_any_misplaced(rows: Rows<'_>, count: u64) -> Result<bool> {
    let size_of = |note: &str| {
        let note = Note::parse(note.as_bytes()).ok()?;
        Some(Checkpoint::parse(&note.text).ok()?.size)
    };
    let mut after = None;
    let mut placed = 0;
    loop {
        let page = rows.checkpoints(GOVERNANCE_LOG, after, 1_000).await?;
        let Some(last) = page.last() else {
            return Ok(placed != count);
        };
        after = Some(last.size);
        let right = page
            .iter()
            .filter(|one| size_of(&one.note) == Some(one.size));
        placed += right.count() as u64;
    }
}

/// Reads the newest entries back, appends them to the compact range kept before them, and holds
/// what that makes against the head.
async fn check_newest(writer: &Writer, frontier: &Frontier) -> Result<()> {
    let near = frontier.size().saturating_sub(NEWEST);
    let kept = range_before(writer.rows(), near).await?;
    let is_close = kept.size() <= near && near - kept.size() < RANGE_EVERY;
    let size = if is_close { kept.size() } else { near };
    let leaves = read_back(writer, size, None).await?;
    let makes_the_head = |mut range: Frontier| {
        leaves.iter().for_each(|leaf| range.append(*leaf));
        range == *frontier
    };
    if is_close && makes_the_head(kept) {
        return Ok(());
    }
    // The range is derived: where it is not sound, the entries themselves have to speak.
    if makes_the_head(range_of(writer.rows(), size).await?) {
        return Ok(());
    }
    let last = frontier.size().saturating_sub(1);
    let what = format!("entries {size} to {last} do not make the head");
    Err(AppError::Damaged(what))
}

/// Returns the compact range of the first `size` entries, computed from the entries.
pub async fn range_of(rows: Rows<'_>, size: u64) -> Result<Frontier> {
    let mut range = Frontier::new();
    let mut entries = rows.entries(GOVERNANCE_LOG, 0..size);
    while let Some(chunk) = entries.next().await? {
        let leaves = chunk.iter().map(|entry| hash::leaf_hash(&entry.bytes));
        leaves.for_each(|leaf| range.append(leaf));
    }
    Ok(range)
}

/// Reads entries back and checks them: every group against its entry and, for a batch just
/// committed, every leaf that was meant.
pub async fn read_back(
    writer: &Writer,
    from_seq: u64,
    meant: Option<&[Hash]>,
) -> Result<Vec<Hash>> {
    let stored = of_reading_back(writer.read_back(GOVERNANCE_LOG, from_seq).await)?;
    let leaves = sound(&stored, from_seq)?.into_iter();
    let leaves: Vec<Hash> = leaves.map(|(_, leaf)| leaf).collect();
    if let Some(meant) = meant
        && meant != leaves.as_slice()
    {
        return Err(AppError::Damaged("the last batch".to_owned()));
    }
    Ok(leaves)
}

/// Returns what was read back, unless it is damaged.
pub fn of_reading_back(stored: store::Result<Vec<StoredEntry>>) -> Result<Vec<StoredEntry>> {
    match stored {
        Err(error) if error.is_damage() => Err(AppError::Damaged(error.to_string())),
        read => Ok(read?),
    }
}

/// Returns each of the entries from a place on with its leaf; every group is as it commits to.
///
/// # Errors
/// Says which is not.
pub fn sound(stored: &[StoredEntry], from_seq: u64) -> Result<Vec<(Entry, Hash)>> {
    let mut sound = Vec::with_capacity(stored.len());
    for (row, next) in stored.iter().zip(from_seq..) {
        if row.seq != next {
            let what = format!("entry {next} is missing, {} is there", row.seq);
            return Err(AppError::Damaged(what));
        }
        let entry = Entry::parse(&row.bytes)
            .map_err(|error| AppError::Damaged(format!("entry {}: {error}", row.seq)))?;
        make_sure(row.seq, &entry, &row.groups)?;
        sound.push((entry, hash::leaf_hash(&row.bytes)));
    }
    Ok(sound)
}

/// Returns how many checkpoints there are with the one of this size: one more than the guard
/// remembers, or, where nobody counted, than are kept.
pub async fn counted(rows: Rows<'_>, remembered: Option<GuardMark>, size: u64) -> Result<u64> {
    let known = remembered.and_then(|mark| Some((mark.size, mark.checkpoints?)));
    Ok(match known {
        Some((before, number)) => number + u64::from(size > before),
        None => rows.checkpoints_before(GOVERNANCE_LOG, size).await? + 1,
    })
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
    let remembered = guard.read(&key.short())?;
    let head = GuardMark {
        size: after.size(),
        root: after.root(),
        checkpoints: Some(counted(writer.rows(), remembered, after.size()).await?),
    };
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
    // It is durable by now, unless what was committed was not what was asked for.
    let kept = writer.read_back_checkpoint(GOVERNANCE_LOG).await?;
    if kept.is_none_or(|kept| (kept.size, kept.note) != (head.size, note)) {
        return Err(AppError::Damaged("the checkpoint just signed".to_owned()));
    }
    Ok(after)
}
