//! A group: the unit of disclosure, withholding and erasure.
//!
//! One group is one byte string: a line with its 32-byte salt as 64 lower-case hexadecimal digits,
//! then JSON. Its commitment is the SHA-256 of exactly those bytes, so that `sha256sum` checks it.
//! What the JSON says is the caller's: it arrives serialised, with its keys sorted.

use crate::hash::{Hash, sha256};

/// The number of bytes of a salt.
pub const SALT_BYTES: usize = 32;

const SALT_DIGITS: usize = SALT_BYTES * 2;

/// Why bytes are no group, or not the group that was committed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GroupError {
    /// The bytes do not begin with a line of 64 lower-case hexadecimal digits.
    #[error("a group begins with a line of 64 lower-case hexadecimal digits")]
    Salt,
    /// Nothing follows the salt.
    #[error("a group has nothing after its salt")]
    Empty,
    /// The bytes are not those that were committed to.
    #[error("the bytes do not match the commitment")]
    Mismatch,
}

/// What a verifier finds of one group that an entry commits to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupState {
    /// The bytes are here and match.
    Disclosed,
    /// The bytes were left out, and the pack says so.
    Withheld,
    /// The bytes were destroyed, and an authorised erasure names them.
    Erased,
    /// The bytes are not here and nothing says why; a verification fails.
    Missing,
}

/// Returns the bytes of a group, given its salt and its JSON as it stands.
///
/// # Example
///
/// ```
/// let sealed = ledger::group::seal([0; 32], br#"{"title":"Scope"}"#);
/// assert_eq!(ledger::group::open(&sealed), Ok(&br#"{"title":"Scope"}"#[..]));
/// ```
pub fn seal(salt: [u8; SALT_BYTES], json: &[u8]) -> Vec<u8> {
    let mut sealed = Vec::with_capacity(SALT_DIGITS + 1 + json.len());
    // A salt is written as a hash is.
    sealed.extend_from_slice(&Hash(salt).digits());
    sealed.push(b'\n');
    sealed.extend_from_slice(json);
    sealed
}

/// Returns what an entry commits to: the SHA-256 of the group's bytes.
pub fn commitment(sealed: &[u8]) -> Hash {
    sha256(sealed)
}

/// Returns the JSON of a group's bytes, without reading it.
///
/// # Errors
///
/// [`GroupError::Salt`] or [`GroupError::Empty`].
pub fn open(sealed: &[u8]) -> Result<&[u8], GroupError> {
    let (salt, rest) = sealed
        .split_first_chunk::<SALT_DIGITS>()
        .ok_or(GroupError::Salt)?;
    let json = rest.strip_prefix(b"\n").ok_or(GroupError::Salt)?;
    // Every digit is looked at whatever the ones before were, which takes few instructions.
    let is_digit = |b: &u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
    if !salt.iter().fold(true, |all, b| all & is_digit(b)) {
        return Err(GroupError::Salt);
    }
    if json.is_empty() {
        return Err(GroupError::Empty);
    }
    Ok(json)
}

/// Returns what is found of the group with this commitment: that of the bytes that are here, if
/// any, whether it is listed as withheld, whether an authorised erasure names it.
///
/// Bytes that match are disclosed whatever else is said of them; where no bytes are, an erasure
/// says more than a withholding.
///
/// # Errors
///
/// [`GroupError::Mismatch`] when there are bytes and they are not those committed to.
pub fn state(
    committed: &Hash,
    found: Option<Hash>,
    withheld: bool,
    erased: bool,
) -> Result<GroupState, GroupError> {
    match found {
        Some(found) if found != *committed => Err(GroupError::Mismatch),
        Some(_) => Ok(GroupState::Disclosed),
        None if erased => Ok(GroupState::Erased),
        None if withheld => Ok(GroupState::Withheld),
        None => Ok(GroupState::Missing),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &[u8] = br#"{"owner":"Ana Beltran","role":"Head of data"}"#;
    const SEALED: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n\
        {\"owner\":\"Ana Beltran\",\"role\":\"Head of data\"}";
    const COMMITMENT: &str = "751d2f1828ac0d316e1d58ec1eb38b280c9854d00e12e6a555e873053c9dd5e0";

    fn salt() -> [u8; SALT_BYTES] {
        std::array::from_fn(|n| n as u8)
    }

    #[test]
    fn a_group_has_its_golden_bytes_and_hash() {
        let sealed = seal(salt(), JSON);
        assert_eq!(sealed, SEALED.as_bytes());
        assert_eq!(commitment(&sealed).to_string(), COMMITMENT);
        assert_eq!(open(&sealed), Ok(JSON));
    }

    #[test]
    fn bytes_without_a_proper_salt_line_are_no_group() {
        let cases = [
            (String::new(), GroupError::Salt),
            (SEALED[1..].to_owned(), GroupError::Salt),
            (SEALED.replace('\n', ""), GroupError::Salt),
            (SEALED.replace("0a", "0A"), GroupError::Salt),
            (SEALED.replace("0a", "0g"), GroupError::Salt),
            (SEALED[..64].to_owned(), GroupError::Salt),
            (SEALED[..65].to_owned(), GroupError::Empty),
        ];
        for (text, expected) in cases {
            assert_eq!(open(text.as_bytes()), Err(expected), "{text}");
        }
    }

    #[test]
    fn a_group_is_disclosed_withheld_erased_or_missing() {
        let bytes = Some(commitment(SEALED.as_bytes()));
        let cases = [
            (bytes, false, false, GroupState::Disclosed),
            (bytes, true, false, GroupState::Disclosed),
            (bytes, false, true, GroupState::Disclosed),
            (None, false, false, GroupState::Missing),
            (None, true, false, GroupState::Withheld),
            (None, false, true, GroupState::Erased),
            (None, true, true, GroupState::Erased),
        ];
        let committed = commitment(SEALED.as_bytes());
        for (found, withheld, erased, expected) in cases {
            assert_eq!(state(&committed, found, withheld, erased), Ok(expected));
        }
    }

    #[test]
    fn one_changed_byte_no_longer_matches() {
        let committed = commitment(SEALED.as_bytes());
        for position in 0..SEALED.len() {
            let mut changed = SEALED.as_bytes().to_vec();
            changed[position] ^= 1;
            for excuse in [false, true] {
                let changed = Some(commitment(&changed));
                let found = state(&committed, changed, excuse, excuse);
                assert_eq!(found, Err(GroupError::Mismatch), "{position}");
            }
        }
    }
}
