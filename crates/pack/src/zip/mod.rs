//! The one form of zip a pack has: members stored, sorted by name, dated 1980-01-01, one way of writing each.
//!
//! Source: PKWARE APPNOTE 6.3.10, of which only what is named here is written or read.

mod directory;
mod header;
mod reader;
mod walk;
mod window;
mod writer;

pub use directory::{Directory, Member};
pub(crate) use reader::start_of;
pub use reader::{Body, Reader};
pub use walk::{Found, LONG_BYTES, Part, Stretch, Walk};
pub use writer::Writer;

use std::io;

/// The largest number of bytes of a member's name.
pub const MAX_NAME_BYTES: usize = 255;

/// Why a zip cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum ZipError {
    /// The file cannot be read or written.
    #[error("the file cannot be read or written: {0}")]
    Io(#[from] io::Error),
    /// The bytes are not those the writer would have written.
    #[error("at byte {at}: {what}")]
    Refused {
        /// Where in the file.
        at: u64,
        /// What is wrong there.
        what: &'static str,
    },
    /// A name is not one a member may have.
    #[error("{name:?} is no name of a member")]
    Name {
        /// The name.
        name: String,
    },
    /// A member was added out of order, or twice.
    #[error("the member {name} comes after one of a later or the same name")]
    Order {
        /// The name.
        name: String,
    },
    /// A member that was read twice did not say the same twice.
    #[error("the member {name} changed while it was written")]
    Changed {
        /// The name.
        name: String,
    },
}

/// Returns `name` if it is relative, plain ASCII and means the same file wherever it is unpacked.
pub fn member_name(name: &[u8]) -> Option<&str> {
    let is_slash = |byte: &u8| *byte == b'/';
    let plain =
        |byte: &u8| byte.is_ascii_alphanumeric() | matches!(byte, b'.' | b'_' | b'-' | b'/');
    let part = |part: &[u8]| !matches!(part, b"" | b"." | b"..");
    // Nearly all of millions of names are a word in a folder.
    let may = name.splitn(2, is_slash).all(is_word)
        || (name.iter().all(plain) && name.split(is_slash).all(part));
    (may && name.len() <= MAX_NAME_BYTES).then(|| std::str::from_utf8(name).ok())?
}

/// Says whether there are letters, digits, `_` and `-`, and nothing else.
fn is_word(bytes: &[u8]) -> bool {
    // Every byte is looked at whatever the ones before were, sixteen at a time: this way it takes few
    // instructions.
    let in_words = |byte: &u8| byte.is_ascii_alphanumeric() | matches!(byte, b'_' | b'-');
    let all = |bytes: &[u8]| bytes.iter().fold(true, |all, byte| all & in_words(byte));
    let (chunks, rest) = bytes.as_chunks::<16>();
    !bytes.is_empty()
        && chunks
            .iter()
            .fold(all(rest), |seen, chunk| seen & all(chunk))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_plain_relative_and_leads_nowhere_else() {
        let longest = "a".repeat(MAX_NAME_BYTES);
        let names = [
            "a",
            "A-1_b",
            "groups/0a",
            "a.b/c",
            ".a",
            "a/..b",
            "a/b../c",
            "...",
            &longest,
        ];
        for name in names {
            assert_eq!(member_name(name.as_bytes()), Some(name));
        }
        let longer = "a".repeat(MAX_NAME_BYTES + 1);
        let others = [
            "", "/", "/a", "a/", "a//b", ".", "..", "a/.", "./a", "a/../b", "a/..", "a b", "a\\b",
            "é", "a\0", &longer,
        ];
        for name in others {
            assert_eq!(member_name(name.as_bytes()), None, "{name}");
        }
    }
}
