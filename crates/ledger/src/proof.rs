//! The proof file: one text that shows, offline, that an entry is in a log.
//!
//! Source: C2SP tlog-proof, version 1.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::decimal;
use crate::hash::Hash;
use crate::key::VerifierKey;
use crate::note::MAX_NOTE_BYTES;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::leaf_hash;
    use crate::key::SigningKey;
    use crate::note::NoteError;
    use crate::tree::{inclusion_proof, root};

    const ORIGIN: &str = "ledger.example";

    fn key() -> SigningKey {
        SigningKey::from_seed(ORIGIN, &[1; 32]).unwrap()
    }

    fn leaves() -> Vec<Hash> {
        (0u8..3).map(|n| leaf_hash(&[n])).collect()
    }

    fn proof() -> TlogProof {
        let checkpoint = Checkpoint {
            origin: ORIGIN.to_owned(),
            size: 3,
            root: root(&leaves()),
            extensions: Vec::new(),
        };
        TlogProof {
            extra: b"a note".to_vec(),
            index: 1,
            hashes: inclusion_proof(&leaves(), 1).unwrap(),
            checkpoint: checkpoint.sign(&key()).unwrap().encode().unwrap(),
        }
    }

    #[test]
    fn a_proof_has_its_golden_bytes() {
        let expected = "c2sp.org/tlog-proof@v1\n\
            extra YSBub3Rl\n\
            index 1\n\
            lqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c=\n\
            /PCmxwDdE+J0tvuo3uqN2bJuTu3eNJVxfKyECMnFF38=\n\
            \n\
            ledger.example\n\
            3\n\
            O2zM1+PgI/85MAbwMDFe562esRGwIrQfun5bejlz9og=\n\
            \n\
            \u{2014} ledger.example ngBGYu7kl6IWu6cHSxBJRPWiu0MkGIKoXNxanM3v9L0gKyT0asR+KRqnyjIamyBxzrpyV+3CJPbXuHsOkawZHYJbjwc=\n";
        assert_eq!(proof().encode().as_deref(), Ok(expected));
        assert_eq!(TlogProof::parse(expected.as_bytes()), Ok(proof()));
    }

    #[test]
    fn a_proof_without_extra_data_or_hashes_reads_back() {
        let bare = TlogProof {
            extra: Vec::new(),
            index: 0,
            hashes: Vec::new(),
            checkpoint: "checkpoint\n".to_owned(),
        };
        let expected = "c2sp.org/tlog-proof@v1\nindex 0\n\ncheckpoint\n";
        assert_eq!(bare.encode().as_deref(), Ok(expected));
        assert_eq!(TlogProof::parse(expected.as_bytes()), Ok(bare));
    }

    #[test]
    fn other_writings_of_a_proof_are_refused() {
        let text = proof().encode().unwrap();
        let first = proof().hashes[0].to_base64();
        let cases = [
            ("@v1", "@v2", TlogProofError::Header),
            ("@v1\n", "@v1\r\n", TlogProofError::Header),
            ("extra YSBub3Rl\n", "extra YSBub3R\n", TlogProofError::Extra),
            ("extra YSBub3Rl\n", "extra \n", TlogProofError::Extra),
            ("extra YSBub3Rl\n", "extra\n", TlogProofError::Index),
            (
                "extra YSBub3Rl\nindex 1\n",
                "index 1\nextra YSBub3Rl\n",
                TlogProofError::Hashes,
            ),
            ("index 1", "index 01", TlogProofError::Index),
            ("index 1", "index -1", TlogProofError::Index),
            ("index 1\n", "", TlogProofError::Index),
            (&first, &first[1..], TlogProofError::Hashes),
        ];
        for (from, to, expected) in cases {
            let other = text.replacen(from, to, 1);
            assert_ne!(other, text);
            assert_eq!(TlogProof::parse(other.as_bytes()), Err(expected), "{other}");
        }
        let unseparated = "c2sp.org/tlog-proof@v1\nindex 0\n";
        let read = TlogProof::parse(unseparated.as_bytes());
        assert_eq!(read, Err(TlogProofError::Hashes));
    }

    #[test]
    fn a_proof_is_of_one_entry_in_one_log() {
        let (leaf, key) = (leaves()[1], key());
        let verified = proof().verify(&leaf, ORIGIN, key.verifier());
        assert_eq!(verified.map(|checkpoint| checkpoint.size), Ok(3));

        let other_entry = proof().verify(&leaves()[0], ORIGIN, key.verifier());
        assert_eq!(
            other_entry,
            Err(TlogProofError::Inclusion(ProofError::Root))
        );
        let mut moved = proof();
        moved.index = 0;
        let elsewhere = moved.verify(&leaf, ORIGIN, key.verifier());
        assert_eq!(elsewhere, Err(TlogProofError::Inclusion(ProofError::Root)));
        let found = ORIGIN.to_owned();
        let other_log = proof().verify(&leaf, "other.example", key.verifier());
        let expected = CheckpointError::OtherLog { found };
        assert_eq!(other_log, Err(TlogProofError::Checkpoint(expected)));
        let stranger = SigningKey::from_seed(ORIGIN, &[2; 32]).unwrap();
        let other_key = proof().verify(&leaf, ORIGIN, stranger.verifier());
        let expected = CheckpointError::Note(NoteError::NoKnownSignature);
        assert_eq!(other_key, Err(TlogProofError::Checkpoint(expected)));
    }

    #[test]
    fn a_proof_fits_each_limit_and_no_more() {
        let largest = TlogProof {
            extra: vec![0; MAX_EXTRA_BYTES],
            index: u64::MAX,
            hashes: vec![leaf_hash(b""); MAX_PROOF_HASHES],
            checkpoint: "x".repeat(MAX_NOTE_BYTES),
        };
        let text = largest.encode().unwrap();
        assert!(text.len() <= MAX_PROOF_BYTES);
        assert_eq!(TlogProof::parse(text.as_bytes()), Ok(largest.clone()));
        let (mut extra, mut hashes, mut checkpoint) =
            (largest.clone(), largest.clone(), largest.clone());
        extra.extra.push(0);
        hashes.hashes.push(leaf_hash(b""));
        checkpoint.checkpoint.push('x');
        for over in [extra, hashes, checkpoint] {
            assert_eq!(over.encode(), Err(TlogProofError::TooLong));
        }
        let longer = format!("{text}x");
        let read = TlogProof::parse(longer.as_bytes());
        assert_eq!(read, Err(TlogProofError::TooLong));
        let endless = vec![b'x'; MAX_PROOF_BYTES + 1];
        assert_eq!(TlogProof::parse(&endless), Err(TlogProofError::TooLong));
        let header = TlogProof::parse(&endless[..MAX_PROOF_BYTES]);
        assert_eq!(header, Err(TlogProofError::Header));
    }
}
