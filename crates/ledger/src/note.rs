//! Signed notes: a text and the signatures of those who stand by it.
//!
//! Source: C2SP signed-note 1.0. Of its signature types only Ed25519 (0x01) is signed and
//! verified; lines of any other type are carried along as those of unknown keys.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::Signer as _;

use crate::hash::sha256;

/// The largest number of bytes of a note, signatures included.
///
/// Sixteen signatures, which every verifier must accept, of five kilobytes each, the largest kind
/// known, stay far below it.
pub const MAX_NOTE_BYTES: usize = 1_000_000;

/// The largest number of signatures of a note.
pub const MAX_SIGNATURES: usize = 100;

/// The number of bytes of the seed a signing key grows from.
pub const SEED_BYTES: usize = 32;

const ED25519: u8 = 0x01;
const KEY_ID_BYTES: usize = 4;
const KEY_ID_DIGITS: usize = KEY_ID_BYTES * 2;
const SIGNATURE_MARK: &str = "\u{2014} ";

/// A text and its signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What is signed; ends in a newline.
    pub text: String,
    /// At least one, in the order of their lines.
    pub signatures: Vec<NoteSignature>,
}

/// One signature line, of a known key or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    /// The name of the key.
    pub name: String,
    /// The short number that, with the name, identifies the key.
    pub key_id: u32,
    /// The signature, in the form of the key's algorithm; not empty.
    pub signature: Vec<u8>,
}

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

/// Why a note cannot be written, read or trusted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// The note is over [`MAX_NOTE_BYTES`].
    #[error("the note is over {MAX_NOTE_BYTES} bytes")]
    TooLong,
    /// The note is not UTF-8, or contains control characters other than newline.
    #[error("the note is not plain UTF-8 text")]
    NotText,
    /// The text does not end in a newline and an empty line before the signatures.
    #[error("the note has no text that is separated from its signatures")]
    Form,
    /// The note has no signature.
    #[error("the note has no signature")]
    Unsigned,
    /// The note has more than [`MAX_SIGNATURES`].
    #[error("the note has more than {MAX_SIGNATURES} signatures")]
    TooManySignatures,
    /// A signature line is not of the one proper form.
    #[error("signature line {line} is malformed")]
    SignatureLine {
        /// The number of the line among the signatures, from 1.
        line: usize,
    },
    /// A signature of a known key does not hold, so the whole note is refused.
    #[error("the signature of {name} does not hold")]
    BadSignature {
        /// The name of the key.
        name: String,
    },
    /// No known key has signed the note.
    #[error("no known key has signed the note")]
    NoKnownSignature,
}

impl Note {
    /// Reads a signed note. Nothing of it may be believed before [`Note::verify`].
    ///
    /// # Errors
    ///
    /// Every [`NoteError`] but those of [`Note::verify`].
    ///
    /// Source: C2SP signed-note, section Format.
    pub fn parse(bytes: &[u8]) -> Result<Note, NoteError> {
        if bytes.len() > MAX_NOTE_BYTES {
            return Err(NoteError::TooLong);
        }
        let note = std::str::from_utf8(bytes).map_err(|_| NoteError::NotText)?;
        check_characters(note)?;
        // The text may have empty lines of its own; the last one ends it.
        let end_of_text = note.rfind("\n\n").ok_or(NoteError::Form)? + 1;
        let (text, rest) = note.split_at(end_of_text);
        let lines = rest.strip_prefix('\n').ok_or(NoteError::Form)?;
        if lines.is_empty() {
            return Err(NoteError::Unsigned);
        }
        let lines = lines.strip_suffix('\n').ok_or(NoteError::Form)?;
        let mut signatures = Vec::new();
        for (number, line) in (1..).zip(lines.split('\n')) {
            if number > MAX_SIGNATURES {
                return Err(NoteError::TooManySignatures);
            }
            let malformed = NoteError::SignatureLine { line: number };
            signatures.push(NoteSignature::parse(line).ok_or(malformed)?);
        }
        Ok(Note {
            text: text.to_owned(),
            signatures,
        })
    }

    /// Returns the note as it is published.
    ///
    /// # Errors
    ///
    /// Every [`NoteError`] but those of [`Note::verify`]: what is written can be read back.
    pub fn encode(&self) -> Result<String, NoteError> {
        check_text(&self.text)?;
        if self.signatures.is_empty() {
            return Err(NoteError::Unsigned);
        }
        if self.signatures.len() > MAX_SIGNATURES {
            return Err(NoteError::TooManySignatures);
        }
        let mut note = format!("{}\n", self.text);
        for (line, signature) in (1..).zip(&self.signatures) {
            if !is_key_name(&signature.name) || signature.signature.is_empty() {
                return Err(NoteError::SignatureLine { line });
            }
            note.push_str(&signature.to_string());
            note.push('\n');
        }
        if note.len() > MAX_NOTE_BYTES {
            return Err(NoteError::TooLong);
        }
        Ok(note)
    }

    /// Returns those of the known keys that signed this note, each once, in the order of `keys`.
    ///
    /// Signatures of unknown keys are ignored.
    ///
    /// # Errors
    ///
    /// [`NoteError::BadSignature`] when any signature of a known key does not hold, whoever else
    /// signed; [`NoteError::NoKnownSignature`] when there is none.
    ///
    /// Source: C2SP signed-note, section Signatures.
    pub fn verify<'k>(&self, keys: &'k [VerifierKey]) -> Result<Vec<&'k VerifierKey>, NoteError> {
        let mut signed_by = Vec::new();
        for key in keys {
            let mut of_key = self.signatures.iter().filter(|s| key.is_of(s)).peekable();
            if of_key.peek().is_none() || signed_by.contains(&key) {
                continue;
            }
            if !of_key.all(|s| key.verify(self.text.as_bytes(), &s.signature)) {
                let name = key.name.clone();
                return Err(NoteError::BadSignature { name });
            }
            signed_by.push(key);
        }
        if signed_by.is_empty() {
            return Err(NoteError::NoKnownSignature);
        }
        Ok(signed_by)
    }
}

impl NoteSignature {
    fn parse(line: &str) -> Option<NoteSignature> {
        let (name, encoded) = line.strip_prefix(SIGNATURE_MARK)?.split_once(' ')?;
        let bytes = STANDARD.decode(encoded).ok()?;
        let (key_id, signature) = bytes.split_first_chunk::<KEY_ID_BYTES>()?;
        if !is_key_name(name) || signature.is_empty() {
            return None;
        }
        Some(NoteSignature {
            name: name.to_owned(),
            key_id: u32::from_be_bytes(*key_id),
            signature: signature.to_vec(),
        })
    }
}

impl fmt::Display for NoteSignature {
    /// Writes the signature line, without its newline.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&self.key_id.to_be_bytes()[..], &self.signature].concat();
        let encoded = STANDARD.encode(bytes);
        write!(formatter, "{SIGNATURE_MARK}{} {encoded}", self.name)
    }
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

    fn is_of(&self, signature: &NoteSignature) -> bool {
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

fn is_key_name(name: &str) -> bool {
    let unfit = |character: char| character.is_whitespace() || character == '+';
    !name.is_empty() && !name.contains(unfit) && check_characters(name).is_ok()
}

fn check_text(text: &str) -> Result<(), NoteError> {
    if text.len() > MAX_NOTE_BYTES {
        return Err(NoteError::TooLong);
    }
    if !text.ends_with('\n') {
        return Err(NoteError::Form);
    }
    check_characters(text)
}

fn check_characters(text: &str) -> Result<(), NoteError> {
    if text.bytes().any(|byte| byte < b' ' && byte != b'\n') {
        return Err(NoteError::NotText);
    }
    Ok(())
}
