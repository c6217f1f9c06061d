//! SHA-256 as the ledger uses it: plain, of a leaf, and of an inner node.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// The number of bytes of a hash.
pub const HASH_BYTES: usize = 32;

/// The root of the tree with no leaves: the SHA-256 of nothing (RFC 6962, section 2.1).
pub const EMPTY_ROOT: Hash = Hash([
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
    0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
]);

const LEAF_PREFIX: [u8; 1] = [0x00];
const NODE_PREFIX: [u8; 1] = [0x01];

const DIGITS: [u8; 16] = *b"0123456789abcdef";

/// What stands in [`VALUES`] for a byte that is no lower-case hexadecimal digit. It has every bit
/// set, so that one of them among many shows in the bits of all: a hash is read for each group.
const NO_DIGIT: u8 = 0xff;

/// The value of each byte as a digit. Upper case is none: one hash must have one writing.
const VALUES: [u8; 256] = {
    let mut values = [NO_DIGIT; 256];
    let mut value = 0;
    while value < DIGITS.len() {
        values[DIGITS[value] as usize] = value as u8;
        value += 1;
    }
    values
};

/// A SHA-256 hash; shown and read as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; HASH_BYTES]);

/// Why a text or a run of bytes is no hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// The text is not 64 lower-case hexadecimal digits.
    #[error("a hash is 64 lower-case hexadecimal digits")]
    Hex,
    /// The text is not the padded standard base64 of 32 bytes.
    #[error("a hash is the base64 of 32 bytes")]
    Base64,
    /// The bytes are not 32.
    #[error("a hash is 32 bytes")]
    Length,
}

impl Hash {
    /// Returns the 32 bytes.
    pub fn as_bytes(&self) -> &[u8; HASH_BYTES] {
        &self.0
    }

    /// Returns the 64 lower-case hexadecimal digits.
    pub fn digits(&self) -> [u8; HASH_BYTES * 2] {
        let mut digits = [0; HASH_BYTES * 2];
        for (pair, byte) in digits.as_chunks_mut::<2>().0.iter_mut().zip(self.0) {
            *pair = [
                DIGITS[usize::from(byte >> 4)],
                DIGITS[usize::from(byte & 15)],
            ];
        }
        digits
    }

    /// Returns the padded standard base64 of the 32 bytes, as checkpoints and proofs write it.
    ///
    /// Source: RFC 4648, section 4.
    pub fn to_base64(&self) -> String {
        STANDARD.encode(self.0)
    }

    /// Reads what [`Hash::to_base64`] writes, and nothing else.
    ///
    /// # Errors
    ///
    /// [`HashError::Base64`] when the text is not canonical base64 or not of 32 bytes.
    pub fn from_base64(text: &str) -> Result<Hash, HashError> {
        let bytes = STANDARD.decode(text).map_err(|_| HashError::Base64)?;
        Hash::try_from(bytes.as_slice()).map_err(|_| HashError::Base64)
    }
}

impl TryFrom<&[u8]> for Hash {
    type Error = HashError;

    fn try_from(bytes: &[u8]) -> Result<Hash, HashError> {
        Ok(Hash(bytes.try_into().map_err(|_| HashError::Length)?))
    }
}

impl FromStr for Hash {
    type Err = HashError;

    fn from_str(text: &str) -> Result<Hash, HashError> {
        let (pairs, []) = text.as_bytes().as_chunks::<2>() else {
            return Err(HashError::Hex);
        };
        let mut bytes = [0; HASH_BYTES];
        if pairs.len() != bytes.len() {
            return Err(HashError::Hex);
        }
        let mut seen = 0;
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            let (high, low) = (VALUES[usize::from(*high)], VALUES[usize::from(*low)]);
            seen |= high | low;
            *byte = (high << 4) | low;
        }
        if seen == NO_DIGIT {
            return Err(HashError::Hex);
        }
        Ok(Hash(bytes))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.digits();
        formatter.pad(std::str::from_utf8(&digits).expect("hexadecimal digits are ASCII"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Hash({self})")
    }
}

/// Returns the SHA-256 of `bytes`.
///
/// Source: FIPS 180-4.
pub fn sha256(bytes: &[u8]) -> Hash {
    Hash(Sha256::digest(bytes).into())
}

/// Returns the hash of a leaf that holds `entry`.
///
/// Source: RFC 6962, section 2.1.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    let digest = Sha256::new().chain_update(LEAF_PREFIX).chain_update(entry);
    Hash(digest.finalize().into())
}

/// Returns the hash of the node above `left` and `right`.
///
/// Source: RFC 6962, section 2.1.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let digest = Sha256::new()
        .chain_update(NODE_PREFIX)
        .chain_update(left.0)
        .chain_update(right.0);
    Hash(digest.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hashes_are_those_of_the_standard() {
        let cases = [
            (
                sha256(b"abc"),
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            ),
            (
                sha256(b""),
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            ),
            (
                leaf_hash(b""),
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            ),
            (
                node_hash(&leaf_hash(b""), &leaf_hash(&[0])),
                "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            ),
        ];
        for (hash, expected) in cases {
            assert_eq!(hash.to_string(), expected);
        }
        assert_eq!(EMPTY_ROOT, sha256(b""));
    }

    #[test]
    fn a_hash_is_read_back_from_both_of_its_writings() {
        let hash = sha256(b"abc");
        assert_eq!(hash.to_string().parse(), Ok(hash));
        assert_eq!(Hash::from_base64(&hash.to_base64()), Ok(hash));
    }

    #[test]
    fn another_writing_of_a_hash_is_refused() {
        let hash = sha256(b"abc");
        let upper = hash.to_string().to_uppercase();
        assert_eq!(upper.parse::<Hash>(), Err(HashError::Hex));
        for place in 0..HASH_BYTES * 2 {
            for odd in ["A", "g", "/", ":", "`", " "] {
                let mut text = hash.to_string();
                text.replace_range(place..=place, odd);
                assert_eq!(text.parse::<Hash>(), Err(HashError::Hex), "{text}");
            }
        }
        let longer = format!("{hash}00");
        assert_eq!(longer.parse::<Hash>(), Err(HashError::Hex));
        assert_eq!("ab".parse::<Hash>(), Err(HashError::Hex));
        let unpadded = hash.to_base64().replace('=', "");
        // The last digit before the padding carries two unused bits; they must be zero.
        let loose_bits = hash.to_base64().replace("a0=", "a1=");
        let (spaced, short) = (format!(" {}", hash.to_base64()), "YWJj".to_owned());
        assert_ne!(loose_bits, hash.to_base64());
        for text in [unpadded, loose_bits, spaced, short] {
            assert_eq!(Hash::from_base64(&text), Err(HashError::Base64), "{text}");
        }
        assert_eq!(Hash::try_from(&[0u8; 31][..]), Err(HashError::Length));
    }
}
