//! The digest of a folder: the SHA-256 of one line for each of its members, as other people's tools print them.

use ledger::Hash;
use ledger::hash::HASH_BYTES;
use sha2::{Digest as _, Sha256};

use crate::manifest::Tally;

/// The number of bytes of the line of a member that is named by its hash.
pub(crate) const NAMED_LINE_BYTES: usize = 2 * HASH_BYTES + 1;

/// Counts the members of a folder and hashes their lines.
#[derive(Clone, Debug, Default)]
pub(crate) struct Digest {
    count: u64,
    lines: Sha256,
}

impl Digest {
    /// Adds lines that stand for `count` members.
    pub(crate) fn add(&mut self, count: u64, lines: &[u8]) {
        self.count += count;
        self.lines.update(lines);
    }

    pub(crate) fn tally(self) -> Tally {
        Tally {
            count: self.count,
            sha256: Hash(self.lines.finalize().into()),
        }
    }
}

/// Appends the line of a member that is named by its hash: what `ls` prints in the folder.
pub(crate) fn push_named_line(lines: &mut Vec<u8>, hash: &[u8]) {
    lines.extend_from_slice(hash);
    lines.push(b'\n');
}

/// Appends the line of any other member: what `sha256sum` prints.
pub(crate) fn push_summed_line(lines: &mut Vec<u8>, hash: &Hash, name: &str) {
    lines.extend_from_slice(&hash.digits());
    lines.extend_from_slice(b"  ");
    lines.extend_from_slice(name.as_bytes());
    lines.push(b'\n');
}
