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

/// What stands for a byte that is no lower-case hexadecimal digit. It has every bit set, so that one
/// of them among many shows in the bits of all.
const NO_DIGIT: u8 = 0xff;

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
            *pair = [byte >> 4, byte & 15];
        }
        // By comparing and not by a table, so that a processor makes many digits at once: a hash is
        // written for each group.
        for digit in &mut digits {
            *digit += if *digit < 10 { b'0' } else { b'a' - 10 };
        }
        digits
    }

    /// Reads what [`Hash::digits`] writes, and nothing else: upper case is no digit, for one hash must
    /// have one writing.
    pub(crate) fn of_digits(digits: &[u8; HASH_BYTES * 2]) -> Option<Hash> {
        let values = digits.map(|byte| {
            let (number, letter) = (byte.wrapping_sub(b'0'), byte.wrapping_sub(b'a'));
            match (number < 10, letter < 6) {
                (true, _) => number,
                (_, true) => letter + 10,
                _ => NO_DIGIT,
            }
        });
        let mut bytes = [0; HASH_BYTES];
        for (byte, [high, low]) in bytes.iter_mut().zip(values.as_chunks::<2>().0) {
            *byte = (high << 4) | low;
        }
        let seen = values.iter().fold(0, |seen, value| seen | value);
        (seen != NO_DIGIT).then_some(Hash(bytes))
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
        let digits = text.as_bytes().try_into().ok();
        digits.and_then(Hash::of_digits).ok_or(HashError::Hex)
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
    let mut bytes = [0; 1 + 2 * HASH_BYTES];
    bytes[..1].copy_from_slice(&NODE_PREFIX);
    bytes[1..=HASH_BYTES].copy_from_slice(&left.0);
    bytes[1 + HASH_BYTES..].copy_from_slice(&right.0);
    sha256(&bytes)
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
