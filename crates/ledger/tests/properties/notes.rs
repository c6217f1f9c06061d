//! Notes, checkpoints and proof files: what is read is what would be written, and a changed byte
//! is not trusted.

use ledger::hash::sha256;
use ledger::tree::{inclusion_proof, root};
use ledger::{Checkpoint, Note, SigningKey, TlogProof};
use proptest::prelude::*;

use crate::generated::{Tampering, leaves};

const ORIGIN: &str = "ledger.example";

fn key() -> SigningKey {
    SigningKey::from_seed(ORIGIN, &[7; 32]).expect("the name is a proper one")
}

fn checkpoint(leaves: &[ledger::Hash]) -> Checkpoint {
    Checkpoint {
        origin: ORIGIN.to_owned(),
        size: leaves.len() as u64,
        root: root(leaves),
        extensions: Vec::new(),
    }
}

proptest! {
    #[test]
    fn a_changed_byte_of_a_checkpoint_is_not_trusted(
        size in any::<u64>(),
        tampering in Tampering::any(),
    ) {
        let key = key();
        let root = sha256(&size.to_be_bytes());
        let checkpoint = Checkpoint { size, root, ..checkpoint(&[]) };
        let signed = checkpoint.sign(&key).unwrap().encode().unwrap();
        let opened = Checkpoint::open(signed.as_bytes(), ORIGIN, key.verifier());
        prop_assert_eq!(opened, Ok(checkpoint));
        let tampered = tampering.of(signed.as_bytes());
        prop_assert!(Checkpoint::open(&tampered, ORIGIN, key.verifier()).is_err());
        if let Ok(note) = Note::parse(&tampered) {
            prop_assert_eq!(note.encode().map(String::into_bytes), Ok(tampered));
        }
    }

    #[test]
    fn a_changed_byte_of_a_proof_file_is_not_trusted(
        leaves in leaves(),
        tampering in Tampering::any(),
    ) {
        let key = key();
        let proof = TlogProof {
            extra: Vec::new(),
            index: 0,
            hashes: inclusion_proof(&leaves, 0).unwrap(),
            checkpoint: checkpoint(&leaves).sign(&key).unwrap().encode().unwrap(),
        };
        let text = proof.encode().unwrap();
        let read = TlogProof::parse(text.as_bytes()).unwrap();
        prop_assert!(read.verify(&leaves[0], ORIGIN, key.verifier()).is_ok());
        let tampered = TlogProof::parse(&tampering.of(text.as_bytes()));
        let verified = tampered.map(|proof| proof.verify(&leaves[0], ORIGIN, key.verifier()));
        prop_assert!(!matches!(verified, Ok(Ok(_))));
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes in any::<Vec<u8>>(), text in "\\PC*") {
        prop_assert!(Note::parse(&bytes).is_err());
        prop_assert!(TlogProof::parse(&bytes).is_err());
        prop_assert!(Checkpoint::parse(&text).is_err());
    }
}
