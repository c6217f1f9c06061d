//! The rule of the signing guard: when a log may sign a head, given the last one it signed.
//!
//! The mark of the last signed head is kept where a restored backup of the database does not
//! reach it, so that a log that lost entries can never sign over what it signed before.

use crate::decimal;
use crate::hash::{EMPTY_ROOT, Hash};
use crate::tree::{ProofError, verify_consistency};

const HEADER: &str = "minutebook-guard/1";

/// The size and root of one head of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GuardMark {
    /// The number of entries.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Hash,
    /// How many heads were signed until then, this one included; `None` where nobody counted.
    pub checkpoints: Option<u64>,
}

/// Why a text is no guard mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GuardError {
    /// The text is not the lines that [`GuardMark::encode`] writes.
    #[error(
        "the guard's file holds no mark of a log's size and root: put it back from its own backup; \
         where there is none and this is the only copy of the ledger, move the file aside and run \
         `minutebook guard accept --because TEXT`"
    )]
    Malformed,
}

/// Why a head may not be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GuardRefusal {
    /// There is no guard; a log that signed before has lost it, a new log must set one first.
    #[error("there is no guard for this log")]
    Missing,
    /// The log is shorter than what it signed before: a restored backup or an old copy.
    #[error("the log has {head} entries, fewer than the {guard} it signed before")]
    Shorter {
        /// The size the guard holds.
        guard: u64,
        /// The size of the head to be signed.
        head: u64,
    },
    /// The log has the size it signed before, with other content.
    #[error("the log has other content than what it signed before at {size} entries")]
    Forked {
        /// The size of both.
        size: u64,
    },
    /// The log is longer, and nothing shows that it extends what it signed before.
    #[error("nothing shows that the log extends what it signed before")]
    Unproved,
    /// The log is longer, and the proof that it extends what it signed before does not hold.
    #[error("the log does not extend what it signed before")]
    NotExtended(#[source] ProofError),
}

impl GuardMark {
    /// The mark of a log that has signed nothing yet.
    pub const EMPTY: GuardMark = GuardMark {
        size: 0,
        root: EMPTY_ROOT,
        checkpoints: Some(0),
    };

    /// Returns the mark as lines of text: the format, the size, the root in hexadecimal, and the
    /// number of checkpoints where it is known.
    pub fn encode(&self) -> String {
        let GuardMark {
            size,
            root,
            checkpoints,
        } = self;
        let counted = checkpoints.map(|number| format!("checkpoints {number}\n"));
        let counted = counted.unwrap_or_default();
        format!("{HEADER}\nsize {size}\nroot {root}\n{counted}")
    }

    /// Reads what [`GuardMark::encode`] writes, and nothing else.
    ///
    /// # Errors
    ///
    /// [`GuardError::Malformed`] for any other text, a file cut short by a crash included.
    pub fn parse(text: &str) -> Result<GuardMark, GuardError> {
        fn read(text: &str) -> Option<GuardMark> {
            let rest = text.strip_prefix(HEADER)?.strip_prefix("\nsize ")?;
            let (size, rest) = rest.strip_suffix('\n')?.split_once("\nroot ")?;
            let (root, checkpoints) = match rest.split_once("\ncheckpoints ") {
                Some((root, number)) => (root, Some(decimal::parse(number)?)),
                // As every guard was written at first.
                None => (rest, None),
            };
            Some(GuardMark {
                size: decimal::parse(size)?,
                root: root.parse().ok()?,
                checkpoints,
            })
        }
        read(text).ok_or(GuardError::Malformed)
    }
}

/// Decides whether `head` may be signed after `guard`, given the proof that it extends it.
///
/// The proof is needed only when the head is longer than a guard that is not empty.
///
/// # Errors
///
/// Each [`GuardRefusal`]; none may be overridden by signing again.
pub fn may_sign(
    guard: Option<&GuardMark>,
    head: &GuardMark,
    consistency: Option<&[Hash]>,
) -> Result<(), GuardRefusal> {
    let guard = guard.ok_or(GuardRefusal::Missing)?;
    if head.size < guard.size {
        return Err(GuardRefusal::Shorter {
            guard: guard.size,
            head: head.size,
        });
    }
    // Only one tree is empty, so a mark that names another root for it was never ours.
    let no_tree = guard.size == 0 && guard.root != EMPTY_ROOT;
    if no_tree || (head.size == guard.size && head.root != guard.root) {
        return Err(GuardRefusal::Forked { size: guard.size });
    }
    if head.size == guard.size || guard.size == 0 {
        return Ok(());
    }
    let proof = consistency.ok_or(GuardRefusal::Unproved)?;
    verify_consistency(guard.size, head.size, proof, &guard.root, &head.root)
        .map_err(GuardRefusal::NotExtended)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::{leaf_hash, sha256};
    use crate::tree::{consistency_proof, root};

    fn leaves() -> Vec<Hash> {
        (0u8..9).map(|n| leaf_hash(&[n])).collect()
    }

    fn mark(size: usize) -> GuardMark {
        GuardMark {
            size: size as u64,
            root: root(&leaves()[..size]),
            checkpoints: Some(2),
        }
    }

    #[test]
    fn a_mark_is_three_lines_or_four_and_reads_back() {
        let uncounted = "minutebook-guard/1\nsize 1\n\
            root 6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d\n";
        let counted = format!("{uncounted}checkpoints 7\n");
        for (expected, checkpoints) in [(uncounted, None), (&counted, Some(7))] {
            let mark = GuardMark {
                size: 1,
                root: leaf_hash(b""),
                checkpoints,
            };
            assert_eq!(mark.encode(), expected);
            assert_eq!(GuardMark::parse(expected), Ok(mark));
        }
    }

    #[test]
    fn a_mark_cut_short_or_written_otherwise_is_refused() {
        let text = mark(3).encode();
        // Cut after its third line it is a mark that nobody counted for.
        let uncounted = text.find("checkpoints").unwrap();
        for end in (0..text.len()).filter(|end| *end != uncounted) {
            let cut = GuardMark::parse(&text[..end]);
            assert_eq!(cut, Err(GuardError::Malformed), "{end}");
        }
        let others = [
            text.replace("size 3", "size 03"),
            text.replace("checkpoints 2", "checkpoints 02"),
            text.replace("checkpoints 2", "checkpoints -"),
            text.replace("guard/1", "guard/2"),
            text.replace('\n', "\r\n"),
            format!("{text}\n"),
            text.to_uppercase(),
        ];
        for other in others {
            let read = GuardMark::parse(&other);
            assert_eq!(read, Err(GuardError::Malformed), "{other}");
        }
    }

    #[test]
    fn a_log_signs_only_what_extends_what_it_signed() {
        let proof = consistency_proof(&leaves()[..7], 4).unwrap();
        let proof = Some(proof.as_slice());
        let forked = GuardMark {
            root: sha256(b"other"),
            ..mark(4)
        };
        let no_tree = GuardMark { size: 0, ..forked };
        let wrong = GuardRefusal::NotExtended(ProofError::Root);
        let shorter = GuardRefusal::Shorter { guard: 4, head: 3 };
        let fork = |size| Err(GuardRefusal::Forked { size });
        let cases = [
            (None, mark(0), None, Err(GuardRefusal::Missing)),
            (Some(GuardMark::EMPTY), mark(0), None, Ok(())),
            (Some(GuardMark::EMPTY), mark(7), None, Ok(())),
            (Some(no_tree), mark(7), None, fork(0)),
            (Some(mark(4)), mark(4), None, Ok(())),
            (Some(mark(4)), mark(3), None, Err(shorter)),
            (Some(mark(4)), forked, None, fork(4)),
            (Some(mark(4)), mark(7), None, Err(GuardRefusal::Unproved)),
            (Some(mark(4)), mark(7), proof, Ok(())),
            (Some(forked), mark(7), proof, Err(wrong)),
        ];
        for (guard, head, consistency, expected) in cases {
            let decided = may_sign(guard.as_ref(), &head, consistency);
            assert_eq!(decided, expected, "{guard:?} {head:?}");
        }
    }
}
