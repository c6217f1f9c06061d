//! The proof file: one text that shows, offline, that an entry is in a log.
//!
//! Source: C2SP tlog-proof, version 1.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::decimal;
use crate::hash::Hash;
use crate::note::{MAX_NOTE_BYTES, VerifierKey};
use crate::tree::{ProofError, verify_inclusion};

/// The largest number of hashes of a proof: one for each level of the largest tree.
pub const MAX_PROOF_HASHES: usize = 64;

/// The largest number of bytes of the extra data of a proof.
pub const MAX_EXTRA_BYTES: usize = 65_535;

/// The largest number of bytes of a proof file.
pub const MAX_PROOF_BYTES: usize = MAX_NOTE_BYTES + 100_000;

const HEADER: &str = "c2sp.org/tlog-proof@v1\n";

/// What a proof file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlogProof {
    /// Data that nothing vouches for, for the reader's convenience; mostly empty.
    pub extra: Vec<u8>,
    /// The index of the entry in the log.
    pub index: u64,
    /// The proof that it stands there, from the leaf's sibling upwards.
    pub hashes: Vec<Hash>,
    /// The signed checkpoint, verbatim.
    pub checkpoint: String,
}

/// Why a proof file cannot be written, read or trusted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TlogProofError {
    /// The file is over [`MAX_PROOF_BYTES`], [`MAX_EXTRA_BYTES`] or [`MAX_PROOF_HASHES`].
    #[error("the proof is over the limits of its size")]
    TooLong,
    /// The first line is not that of this format and version, or the file is not UTF-8.
    #[error("the file is no proof of version 1")]
    Header,
    /// The extra data is empty or no base64.
    #[error("the extra data of the proof is malformed")]
    Extra,
    /// The index is missing or no plain decimal number.
    #[error("the index of the proof is malformed")]
    Index,
    /// A line of the inclusion proof is not the base64 of a hash, or no empty line ends it.
    #[error("the hashes of the proof are malformed")]
    Hashes,
    /// The checkpoint is malformed, not signed by the log, or of another log.
    #[error("the proof's checkpoint: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The entry is not shown to be in the log.
    #[error("the proof does not show the entry in the log: {0}")]
    Inclusion(#[from] ProofError),
}

impl TlogProof {
    /// Returns the proof as the text of a `.tlog-proof` file.
    ///
    /// # Errors
    ///
    /// [`TlogProofError::TooLong`].
    pub fn encode(&self) -> Result<String, TlogProofError> {
        self.check_limits()?;
        let mut text = HEADER.to_owned();
        if !self.extra.is_empty() {
            text.push_str(&format!("extra {}\n", STANDARD.encode(&self.extra)));
        }
        text.push_str(&format!("index {}\n", self.index));
        for hash in &self.hashes {
            text.push_str(&hash.to_base64());
            text.push('\n');
        }
        text.push('\n');
        text.push_str(&self.checkpoint);
        Ok(text)
    }

    /// Reads a proof file. Nothing of it may be believed before [`TlogProof::verify`].
    ///
    /// # Errors
    ///
    /// Every [`TlogProofError`] but those of [`TlogProof::verify`].
    ///
    /// Source: C2SP tlog-proof, section Format.
    pub fn parse(bytes: &[u8]) -> Result<TlogProof, TlogProofError> {
        if bytes.len() > MAX_PROOF_BYTES {
            return Err(TlogProofError::TooLong);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| TlogProofError::Header)?;
        let body = text.strip_prefix(HEADER).ok_or(TlogProofError::Header)?;
        let (mut head, checkpoint) = body.split_once("\n\n").ok_or(TlogProofError::Hashes)?;
        let mut extra = Vec::new();
        if let Some(rest) = head.strip_prefix("extra ") {
            let (encoded, rest) = rest.split_once('\n').ok_or(TlogProofError::Index)?;
            extra = STANDARD
                .decode(encoded)
                .map_err(|_| TlogProofError::Extra)?;
            // Extra data that is empty is written by leaving the line out.
            if extra.is_empty() {
                return Err(TlogProofError::Extra);
            }
            head = rest;
        }
        let mut lines = head.split('\n');
        let index = lines.next().and_then(|line| line.strip_prefix("index "));
        let index = index
            .and_then(decimal::parse)
            .ok_or(TlogProofError::Index)?;
        let hashes = lines.map(Hash::from_base64).collect::<Result<_, _>>();
        let proof = TlogProof {
            extra,
            index,
            hashes: hashes.map_err(|_| TlogProofError::Hashes)?,
            checkpoint: checkpoint.to_owned(),
        };
        proof.check_limits()?;
        Ok(proof)
    }

    /// Checks that the log signed the checkpoint and that the entry with this leaf hash is in the
    /// log it describes, and returns that checkpoint.
    ///
    /// Says nothing about witnesses, nor about the extra data.
    ///
    /// # Errors
    ///
    /// [`TlogProofError::Checkpoint`] or [`TlogProofError::Inclusion`].
    pub fn verify(
        &self,
        leaf: &Hash,
        origin: &str,
        log_key: &VerifierKey,
    ) -> Result<Checkpoint, TlogProofError> {
        let checkpoint = Checkpoint::open(self.checkpoint.as_bytes(), origin, log_key)?;
        let Checkpoint { size, root, .. } = &checkpoint;
        verify_inclusion(leaf, self.index, *size, &self.hashes, root)?;
        Ok(checkpoint)
    }

    fn check_limits(&self) -> Result<(), TlogProofError> {
        let too_long = self.extra.len() > MAX_EXTRA_BYTES
            || self.hashes.len() > MAX_PROOF_HASHES
            || self.checkpoint.len() > MAX_NOTE_BYTES;
        if too_long {
            Err(TlogProofError::TooLong)
        } else {
            Ok(())
        }
    }
}
