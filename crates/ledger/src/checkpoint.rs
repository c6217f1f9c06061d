//! Checkpoints: the signed statement that a log has a size and a root.
//!
//! Source: C2SP tlog-checkpoint 1.0.

use crate::decimal;
use crate::hash::Hash;
use crate::key::{SigningKey, VerifierKey};
use crate::note::{Note, NoteError};

/// The head of a log, as its note text states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The name of the log; one line, not empty.
    pub origin: String,
    /// The number of entries.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Hash,
    /// Further lines, none empty; this project's logs write none, as the source recommends.
    pub extensions: Vec<String>,
}

/// Why a checkpoint cannot be written, read or trusted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The first line is missing, empty or not one line.
    #[error("a checkpoint begins with a line that names its log")]
    Origin,
    /// The second line is missing or no plain decimal number.
    #[error("the second line of a checkpoint is the size of its log")]
    Size,
    /// The third line is missing or not the base64 of a hash.
    #[error("the third line of a checkpoint is the root of its log")]
    Root,
    /// A further line is empty, or not one line.
    #[error("an extension line of a checkpoint is empty or no line")]
    Extension,
    /// The text does not end in a newline.
    #[error("a checkpoint ends in a newline")]
    End,
    /// The note around the text is malformed or not to be trusted.
    #[error("the checkpoint's note: {0}")]
    Note(#[from] NoteError),
    /// The checkpoint is of another log.
    #[error("the checkpoint is of the log {found}")]
    OtherLog {
        /// The origin it names.
        found: String,
    },
}

impl Checkpoint {
    /// Reads the text of a checkpoint, without its signatures.
    ///
    /// # Errors
    ///
    /// Those that name a line, and [`CheckpointError::End`].
    ///
    /// Source: C2SP tlog-checkpoint, section Note text.
    pub fn parse(text: &str) -> Result<Checkpoint, CheckpointError> {
        let mut lines = text
            .strip_suffix('\n')
            .ok_or(CheckpointError::End)?
            .split('\n');
        let origin = lines.next().filter(|line| is_line(line));
        let origin = origin.ok_or(CheckpointError::Origin)?;
        let size = lines.next().and_then(decimal::parse);
        let root = lines.next().and_then(|line| Hash::from_base64(line).ok());
        let checkpoint = Checkpoint {
            origin: origin.to_owned(),
            size: size.ok_or(CheckpointError::Size)?,
            root: root.ok_or(CheckpointError::Root)?,
            extensions: lines.map(str::to_owned).collect(),
        };
        check_extensions(&checkpoint.extensions)?;
        Ok(checkpoint)
    }

    /// Returns the text of the checkpoint, without signatures.
    ///
    /// # Errors
    ///
    /// [`CheckpointError::Origin`] or [`CheckpointError::Extension`] for what is no line.
    pub fn encode(&self) -> Result<String, CheckpointError> {
        if !is_line(&self.origin) {
            return Err(CheckpointError::Origin);
        }
        check_extensions(&self.extensions)?;
        let Checkpoint {
            origin,
            size,
            root,
            extensions,
        } = self;
        let mut text = format!("{origin}\n{size}\n{}\n", root.to_base64());
        for line in extensions {
            text.push_str(line);
            text.push('\n');
        }
        Ok(text)
    }

    /// Returns the checkpoint as a note signed by `key`.
    ///
    /// Signing is a promise never to sign a head that does not extend this one: decide with
    /// [`crate::guard::may_sign`] first.
    ///
    /// # Errors
    ///
    /// Those of [`Checkpoint::encode`] and of [`SigningKey::sign`].
    pub fn sign(&self, key: &SigningKey) -> Result<Note, CheckpointError> {
        let text = self.encode()?;
        let signatures = vec![key.sign(&text)?];
        Ok(Note { text, signatures })
    }

    /// Reads a signed checkpoint and returns it once the key of the log is found to have signed
    /// it and it names that log. Signatures of others are neither needed nor looked at; ask
    /// [`Note::verify`] about witnesses.
    ///
    /// # Errors
    ///
    /// Each [`CheckpointError`].
    ///
    /// # Example
    ///
    /// ```
    /// use ledger::{Checkpoint, SigningKey, hash::EMPTY_ROOT};
    ///
    /// let key = SigningKey::from_seed("example.com/log", &[7; 32])?;
    /// let checkpoint = Checkpoint {
    ///     origin: "example.com/log".to_owned(),
    ///     size: 0,
    ///     root: EMPTY_ROOT,
    ///     extensions: Vec::new(),
    /// };
    /// let signed = checkpoint.sign(&key)?.encode()?;
    /// let opened = Checkpoint::open(signed.as_bytes(), "example.com/log", key.verifier())?;
    /// assert_eq!(opened, checkpoint);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn open(
        note: &[u8],
        origin: &str,
        log_key: &VerifierKey,
    ) -> Result<Checkpoint, CheckpointError> {
        let note = Note::parse(note)?;
        note.verify(std::slice::from_ref(log_key))?;
        let checkpoint = Checkpoint::parse(&note.text)?;
        if checkpoint.origin != origin {
            let found = checkpoint.origin;
            return Err(CheckpointError::OtherLog { found });
        }
        Ok(checkpoint)
    }
}

fn is_line(text: &str) -> bool {
    !text.is_empty() && !text.contains('\n')
}

fn check_extensions(lines: &[String]) -> Result<(), CheckpointError> {
    if lines.iter().all(|line| is_line(line)) {
        Ok(())
    } else {
        Err(CheckpointError::Extension)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::sha256;

    // The example of C2SP tlog-checkpoint.
    const EXAMPLE: &str = "example.com/behind-the-sofa\n20852163\n\
        CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

    fn key(name: &str, seed: u8) -> SigningKey {
        SigningKey::from_seed(name, &[seed; 32]).unwrap()
    }

    fn checkpoint() -> Checkpoint {
        Checkpoint {
            origin: "ledger.example".to_owned(),
            size: 3,
            root: sha256(b"root"),
            extensions: Vec::new(),
        }
    }

    #[test]
    fn the_published_example_reads_back() {
        let read = Checkpoint::parse(EXAMPLE).unwrap();
        assert_eq!(read.origin, "example.com/behind-the-sofa");
        assert_eq!(read.size, 20_852_163);
        assert_eq!(read.encode().as_deref(), Ok(EXAMPLE));
        let extended = format!("{EXAMPLE}a line\nanother\n");
        let read = Checkpoint::parse(&extended).unwrap();
        assert_eq!(read.extensions, ["a line", "another"]);
        assert_eq!(read.encode(), Ok(extended));
    }

    #[test]
    fn other_writings_of_a_checkpoint_are_refused() {
        let cases = [
            ("", CheckpointError::End),
            ("\n", CheckpointError::Origin),
            ("a\n", CheckpointError::Size),
            ("a\n1\n", CheckpointError::Root),
            ("a\n1\nCsUY\n", CheckpointError::Root),
            ("a\n01\nX", CheckpointError::End),
        ];
        for (text, expected) in cases {
            assert_eq!(Checkpoint::parse(text), Err(expected), "{text}");
        }
        let changed = [
            ("example", "\nexample", CheckpointError::Origin),
            ("20852163", "020852163", CheckpointError::Size),
            ("20852163", "+20852163", CheckpointError::Size),
            ("20852163", "18446744073709551616", CheckpointError::Size),
            ("2I=\n", "2I\n", CheckpointError::Root),
            ("2I=\n", "2J=\n", CheckpointError::Root),
            ("2I=\n", "2I=\n\n", CheckpointError::Extension),
            ("2I=\n", "2I=", CheckpointError::End),
        ];
        for (from, to, expected) in changed {
            let text = EXAMPLE.replace(from, to);
            assert_eq!(Checkpoint::parse(&text), Err(expected), "{text}");
        }
    }

    #[test]
    fn what_could_not_be_read_back_is_not_written() {
        let mut broken = checkpoint();
        broken.extensions = vec!["two\nlines".to_owned()];
        assert_eq!(broken.encode(), Err(CheckpointError::Extension));
        broken.origin = String::new();
        assert_eq!(broken.encode(), Err(CheckpointError::Origin));
    }

    #[test]
    fn only_the_log_itself_vouches_for_its_checkpoint() {
        let (log, witness) = (key("ledger.example", 1), key("witness.example", 2));
        let mut note = checkpoint().sign(&log).unwrap();
        note.signatures.push(witness.sign(&note.text).unwrap());
        let open = |note: &Note, origin| {
            let note = note.encode().unwrap();
            Checkpoint::open(note.as_bytes(), origin, log.verifier())
        };
        assert_eq!(open(&note, "ledger.example"), Ok(checkpoint()));
        let found = "ledger.example".to_owned();
        let other_log = CheckpointError::OtherLog { found };
        assert_eq!(open(&note, "other.example"), Err(other_log));
        note.signatures.remove(0);
        let unsigned = CheckpointError::Note(NoteError::NoKnownSignature);
        assert_eq!(open(&note, "ledger.example"), Err(unsigned));
    }
}
