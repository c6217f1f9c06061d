//! The keys of signed notes: the half that signs, and the half that others verify with.
//!
//! Source: C2SP signed-note 1.0, of whose signature types only Ed25519 (0x01) is known here.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::Signer as _;

use crate::hash::sha256;
use crate::note::{NoteError, NoteSignature, check_characters, check_text};

/// The number of bytes of the seed a signing key grows from.
pub const SEED_BYTES: usize = 32;

const ED25519: u8 = 0x01;
const KEY_ID_DIGITS: usize = 8;

/// The public half of an Ed25519 note key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    // Invariant: the id is that of the name and the key, and the name is a proper one.
    name: String,
    key_id: u32,
    key: ed25519_dalek::VerifyingKey,
}

/// An Ed25519 note key that can sign.
pub struct SigningKey {
    verifier: VerifierKey,
    key: ed25519_dalek::SigningKey,
}

/// Why a text or bytes are no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The name is empty or contains a space or a plus sign.
    #[error("a key's name is not empty and contains neither spaces nor plus signs")]
    Name,
    /// The text is not `NAME+ID+KEY`, with an id of eight lower-case hexadecimal digits.
    #[error("a verifier key is written NAME+ID+KEY")]
    Form,
    /// The key is of another algorithm than Ed25519 (0x01).
    #[error("the key is of an algorithm other than Ed25519")]
    Algorithm,
    /// The id is not the one that belongs to the name and the key.
    #[error("the key's id does not belong to its name and key")]
    Id,
    /// The bytes are no Ed25519 key, or one for which anyone can make signatures.
    #[error("the bytes are no usable Ed25519 key")]
    Key,
}

impl VerifierKey {
    /// Returns the key of that name with these 32 bytes of public key.
    ///
    /// # Errors
    ///
    /// [`KeyError::Name`] or [`KeyError::Key`].
    pub fn from_bytes(name: &str, bytes: &[u8; 32]) -> Result<VerifierKey, KeyError> {
        if !is_key_name(name) {
            return Err(KeyError::Name);
        }
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::Key)?;
        if key.is_weak() {
            return Err(KeyError::Key);
        }
        let name = name.to_owned();
        let key_id = ed25519_key_id(&name, bytes);
        Ok(VerifierKey { name, key_id, key })
    }

    /// Reads a verifier key, written `NAME+ID+KEY`.
    ///
    /// # Errors
    ///
    /// Each [`KeyError`].
    ///
    /// Source: C2SP signed-note 1.0, section Verifier keys.
    ///
    /// # Example
    ///
    /// ```
    /// use ledger::VerifierKey;
    ///
    /// let text = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";
    /// let key = VerifierKey::parse(text)?;
    /// assert_eq!(key.name(), "example.com/log/testdata");
    /// assert_eq!(key.to_string(), text);
    /// # Ok::<(), ledger::KeyError>(())
    /// ```
    pub fn parse(text: &str) -> Result<VerifierKey, KeyError> {
        let (name, rest) = text.split_once('+').ok_or(KeyError::Form)?;
        // The base64 of the key may contain plus signs itself.
        let (id, encoded) = rest.split_once('+').ok_or(KeyError::Form)?;
        let lower_hex = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if id.len() != KEY_ID_DIGITS || !id.bytes().all(lower_hex) {
            return Err(KeyError::Form);
        }
        let key_id = u32::from_str_radix(id, 16).map_err(|_| KeyError::Form)?;
        let bytes = STANDARD.decode(encoded).map_err(|_| KeyError::Form)?;
        let (algorithm, bytes) = bytes.split_first().ok_or(KeyError::Form)?;
        if *algorithm != ED25519 {
            return Err(KeyError::Algorithm);
        }
        let key = VerifierKey::from_bytes(name, bytes.try_into().map_err(|_| KeyError::Key)?)?;
        if key.key_id != key_id {
            return Err(KeyError::Id);
        }
        Ok(key)
    }

    /// Returns the name of the key.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the short number that, with the name, identifies the key.
    ///
    /// Source: C2SP signed-note, section Ed25519 signatures.
    pub fn key_id(&self) -> u32 {
        self.key_id
    }

    /// Returns the 32 bytes of the public key.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// Says whether `signature` is this key's over `message`, by the strict rule.
    ///
    /// Libraries disagree about malformed signatures; the strict rule refuses every one that any
    /// of them refuses for a low-order point or a non-canonical encoding.
    ///
    /// Source: RFC 8032, section 5.1.7, with low-order points refused.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        ed25519_dalek::Signature::from_slice(signature)
            .and_then(|signature| self.key.verify_strict(message, &signature))
            .is_ok()
    }

    /// Says whether the signature claims to be this key's.
    pub(crate) fn is_of(&self, signature: &NoteSignature) -> bool {
        self.key_id == signature.key_id && self.name == signature.name
    }
}

impl fmt::Display for VerifierKey {
    /// Writes `NAME+ID+KEY`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let encoded = STANDARD.encode([&[ED25519][..], self.as_bytes()].concat());
        let VerifierKey { name, key_id, .. } = self;
        write!(formatter, "{name}+{key_id:08x}+{encoded}")
    }
}

impl SigningKey {
    /// Returns the signing key of that name that grows from a secret seed.
    ///
    /// # Errors
    ///
    /// [`KeyError::Name`].
    pub fn from_seed(name: &str, seed: &[u8; SEED_BYTES]) -> Result<SigningKey, KeyError> {
        let key = ed25519_dalek::SigningKey::from_bytes(seed);
        let verifier = VerifierKey::from_bytes(name, key.verifying_key().as_bytes())?;
        Ok(SigningKey { verifier, key })
    }

    /// Returns the public half.
    pub fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// Returns the public half as `NAME+ID+KEY`.
    pub fn vkey(&self) -> String {
        self.verifier.to_string()
    }

    /// Returns this key's signature of a note text; the same text always gives the same one.
    ///
    /// # Errors
    ///
    /// [`NoteError::Form`], [`NoteError::NotText`] or [`NoteError::TooLong`] for what is no note
    /// text.
    pub fn sign(&self, text: &str) -> Result<NoteSignature, NoteError> {
        check_text(text)?;
        Ok(NoteSignature {
            name: self.verifier.name.clone(),
            key_id: self.verifier.key_id,
            signature: self.key.sign(text.as_bytes()).to_bytes().to_vec(),
        })
    }
}

impl fmt::Debug for SigningKey {
    /// Names the key; never shows the secret.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SigningKey({})", self.verifier)
    }
}

fn ed25519_key_id(name: &str, key: &[u8; 32]) -> u32 {
    let hash = sha256(&[name.as_bytes(), b"\n", &[ED25519], key].concat());
    let [a, b, c, d, ..] = hash.0;
    u32::from_be_bytes([a, b, c, d])
}

pub(crate) fn is_key_name(name: &str) -> bool {
    let unfit = |character: char| character.is_whitespace() || character == '+';
    !name.is_empty() && !name.contains(unfit) && check_characters(name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str, seed: u8) -> SigningKey {
        SigningKey::from_seed(name, &[seed; SEED_BYTES]).unwrap()
    }

    #[test]
    fn other_writings_of_a_key_are_refused() {
        let text = key("a", 1).vkey();
        let id = format!("{:08x}", key("a", 1).verifier().key_id());
        let weak = [&[1u8][..], &[0; 32]].concat();
        let weak = format!("a+00000000+{}", STANDARD.encode(weak));
        let cases = [
            ("a".to_owned(), KeyError::Form),
            (text.replace(&id, &id[1..]), KeyError::Form),
            (text.replace(&id, &format!("+{}", &id[1..])), KeyError::Form),
            (text.replace(&id, "00000000"), KeyError::Id),
            (text.replacen('a', "b", 1), KeyError::Id),
            (text.replacen('a', "", 1), KeyError::Name),
            (text.replacen('a', "a b", 1), KeyError::Name),
            (text.replace("+AY", "+BY"), KeyError::Algorithm),
            (text[..text.len() - 4].to_owned(), KeyError::Key),
            (weak, KeyError::Key),
        ];
        for (other, expected) in cases {
            assert_eq!(VerifierKey::parse(&other), Err(expected), "{other}");
        }
    }

    #[test]
    fn a_signing_key_never_shows_its_seed() {
        let key = key("a", 0x41);
        assert_eq!(format!("{key:?}"), format!("SigningKey({})", key.vkey()));
    }
}
