//! Signed notes: a text and the signatures of those who stand by it.
//!
//! Source: C2SP signed-note 1.0. Lines of other signature types than the one of [`crate::key`] are
//! carried along as those of unknown keys.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::key::{VerifierKey, is_key_name};

/// The largest number of bytes of a note, signatures included.
///
/// Sixteen signatures, which every verifier must accept, of five kilobytes each, the largest kind
/// known, stay far below it.
pub const MAX_NOTE_BYTES: usize = 1_000_000;

/// The largest number of signatures of a note.
pub const MAX_SIGNATURES: usize = 100;

const KEY_ID_BYTES: usize = 4;
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
                let name = key.name().to_owned();
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

pub(crate) fn check_text(text: &str) -> Result<(), NoteError> {
    if text.len() > MAX_NOTE_BYTES {
        return Err(NoteError::TooLong);
    }
    if !text.ends_with('\n') {
        return Err(NoteError::Form);
    }
    check_characters(text)
}

pub(crate) fn check_characters(text: &str) -> Result<(), NoteError> {
    if text.bytes().any(|byte| byte < b' ' && byte != b'\n') {
        return Err(NoteError::NotText);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{SEED_BYTES, SigningKey};

    const TEXT: &str = "If you think cryptography is the answer to your problem,\n\n\
        then you don't know what your problem is.\n";

    fn key(name: &str, seed: u8) -> SigningKey {
        SigningKey::from_seed(name, &[seed; SEED_BYTES]).unwrap()
    }

    fn signed(keys: &[&SigningKey]) -> Note {
        Note {
            text: TEXT.to_owned(),
            signatures: keys.iter().map(|key| key.sign(TEXT).unwrap()).collect(),
        }
    }

    /// A signature line of an unknown key, of that many bytes with its newline.
    fn filler(size_bytes: usize) -> NoteSignature {
        let mut filler = NoteSignature {
            name: "x".to_owned(),
            key_id: 0,
            signature: vec![0; 1],
        };
        let encoded_bytes = (size_bytes - 64) / 4 * 3;
        filler.signature = vec![0; encoded_bytes];
        let short = size_bytes - (filler.to_string().len() + 1);
        filler.name = "x".repeat(1 + short);
        filler
    }

    #[test]
    fn a_note_has_its_golden_bytes() {
        // RFC 8032, section 7.1, test 1: the key pair; the rest follows from the format.
        let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
        let seed: [u8; SEED_BYTES] = hex::decode(seed).unwrap().try_into().unwrap();
        let key = SigningKey::from_seed("ledger.example", &seed).unwrap();
        let vkey = "ledger.example+3d9d4b31+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea";
        assert_eq!(key.vkey(), vkey);
        let note = Note {
            text: "one\n".to_owned(),
            signatures: vec![key.sign("one\n").unwrap()],
        };
        let expected = "one\n\n\u{2014} ledger.example PZ1LMfNvIbt6z+XnVCoGieEaYpivgVf7y3UySLEi3xFxr/P1c00B6U4X29yGmWhzE/jF6gNAy7M5sWJR5cGYiMCDIQQ=\n";
        assert_eq!(note.encode().as_deref(), Ok(expected));
        let known = [VerifierKey::parse(vkey).unwrap()];
        assert_eq!(note.verify(&known), Ok(vec![&known[0]]));
    }

    #[test]
    fn a_note_of_several_signatures_reads_back() {
        let note = signed(&[&key("a", 1), &key("b", 2), &key("c", 3)]);
        let bytes = note.encode().unwrap().into_bytes();
        assert_eq!(Note::parse(&bytes), Ok(note));
    }

    #[test]
    fn unknown_signatures_are_ignored_and_a_bad_one_of_a_known_key_rejects() {
        let (a, b, c) = (key("a", 1), key("b", 2), key("c", 3));
        let known = [a.verifier().clone(), b.verifier().clone()];
        let [ka, kb] = &known;
        let mut bad_b = b.sign("other\n").unwrap();
        let broken_b = signed(&[&a, &b]);
        let same_name = key("a", 9);
        let with = |note: Note, signature: &NoteSignature| {
            let mut note = note;
            note.signatures.push(signature.clone());
            note
        };
        let refused = || {
            let name = "b".to_owned();
            Err(NoteError::BadSignature { name })
        };
        assert_eq!(signed(&[&a, &c]).verify(&known), Ok(vec![ka]));
        assert_eq!(signed(&[&c, &b, &a]).verify(&known), Ok(vec![ka, kb]));
        assert_eq!(signed(&[&a, &a]).verify(&known), Ok(vec![ka]));
        let none = Err(NoteError::NoKnownSignature);
        assert_eq!(signed(&[&c]).verify(&known), none);
        assert_eq!(signed(&[&same_name]).verify(&known), none);
        assert_eq!(signed(&[&a]).verify(&[]), none);
        assert_eq!(with(signed(&[&a]), &bad_b).verify(&known), refused());
        assert_eq!(with(broken_b, &bad_b).verify(&known), refused());
        bad_b.signature.truncate(63);
        assert_eq!(with(signed(&[&a]), &bad_b).verify(&known), refused());
        // Under another id it is the signature of an unknown key, whatever its name.
        bad_b.key_id ^= 1;
        assert_eq!(with(signed(&[&a]), &bad_b).verify(&known), Ok(vec![ka]));
    }

    #[test]
    fn malformed_notes_are_refused() {
        let note = signed(&[&key("a", 1)]).encode().unwrap();
        let line = |line| NoteError::SignatureLine { line };
        let text_alone = "one\n\n".to_owned();
        let cases = [
            ("".to_owned(), NoteError::Form),
            ("one\n".to_owned(), NoteError::Form),
            (text_alone, NoteError::Unsigned),
            (note.trim_end().to_owned(), NoteError::Form),
            (note.replace('\n', "\r\n"), NoteError::NotText),
            (note.replace("crypto", "\t"), NoteError::NotText),
            (note.replace("\u{2014} ", "- "), line(1)),
            (note.replace("\u{2014} a ", "\u{2014} "), line(1)),
            (note.replace("\u{2014} a ", "\u{2014}  "), line(1)),
            (note.replace("\u{2014} a ", "\u{2014} a+b "), line(1)),
            (note.replace("\u{2014} a ", "\u{2014} a\u{2003}b "), line(1)),
            (note.replace("\u{2014} a ", "\u{2014} a  "), line(1)),
            (format!("{note}\u{2014} b AAAAAA==\n"), line(2)),
            (format!("{note}\u{2014} b AAAAAAB=\n"), line(2)),
            (format!("{note}one\n"), line(2)),
        ];
        for (text, expected) in cases {
            assert_eq!(Note::parse(text.as_bytes()), Err(expected), "{text}");
        }
        assert_eq!(Note::parse(b"\xff\n\n"), Err(NoteError::NotText));
    }

    #[test]
    fn a_note_fits_the_limit_of_its_size_to_the_byte() {
        let mut note = signed(&[&key("a", 1)]);
        let room = MAX_NOTE_BYTES - note.encode().unwrap().len();
        note.signatures.push(filler(room));
        let mut text = note.encode().unwrap();
        assert_eq!(text.len(), MAX_NOTE_BYTES);
        assert_eq!(Note::parse(text.as_bytes()), Ok(note.clone()));
        note.signatures[1].name.push('x');
        assert_eq!(note.encode(), Err(NoteError::TooLong));
        text.push('\n');
        assert_eq!(Note::parse(text.as_bytes()), Err(NoteError::TooLong));
    }

    #[test]
    fn a_note_carries_the_largest_number_of_signatures_and_no_more() {
        let key = key("a", 1);
        let mut note = signed(&vec![&key; MAX_SIGNATURES]);
        let text = note.encode().unwrap();
        assert_eq!(Note::parse(text.as_bytes()), Ok(note.clone()));
        let one_more = format!("{text}{}\n", note.signatures[0]);
        let refused = Err(NoteError::TooManySignatures);
        assert_eq!(Note::parse(one_more.as_bytes()), refused);
        note.signatures.push(note.signatures[0].clone());
        assert_eq!(note.encode(), Err(NoteError::TooManySignatures));
    }

    #[test]
    fn what_could_not_be_read_back_is_not_written() {
        let key = key("a", 1);
        assert_eq!(key.sign("no newline"), Err(NoteError::Form));
        assert_eq!(key.sign("a\ttab\n"), Err(NoteError::NotText));
        let mut note = signed(&[&key]);
        note.signatures[0].name = "two words".to_owned();
        assert_eq!(note.encode(), Err(NoteError::SignatureLine { line: 1 }));
        note.signatures.clear();
        assert_eq!(note.encode(), Err(NoteError::Unsigned));
    }
}
