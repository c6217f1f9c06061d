//! Agreement with other implementations: Cloudflare's `tlog_tiles` and `signed_note`, and
//! `sigstore-merkle`.

use std::collections::BTreeSet;

use ledger::tree::{consistency_proof, inclusion_proof, root};
use ledger::{Checkpoint, Hash, HashTileWriter, Note, SigningKey, Tile, TileKind};
use proptest::prelude::*;
use proptest::sample::Index;
use tlog_tiles::tlog::{self, HashReader};

use crate::generated::{Tampering, leaves};

/// The other's store of hashes: all nodes in the order in which they become known.
struct Stored(Vec<tlog::Hash>);

impl HashReader for Stored {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog::Hash>, tlog::Error> {
        Ok(indexes
            .iter()
            .map(|index| self.0[*index as usize])
            .collect())
    }
}

fn stored(leaves: &[Hash]) -> Stored {
    let mut stored = Stored(Vec::new());
    for (n, leaf) in (0u64..).zip(leaves) {
        let new = tlog::stored_hashes_for_record_hash(n, tlog::Hash(leaf.0), &stored);
        stored
            .0
            .extend(new.expect("the nodes to the left are stored"));
    }
    stored
}

fn ours(proof: Vec<tlog::Hash>) -> Vec<Hash> {
    proof.into_iter().map(|hash| Hash(hash.0)).collect()
}

/// The path without the other's tile height, and with the name of entry bundles of C2SP.
fn ours_path(tile: &tlog_tiles::tile::Tile) -> String {
    tile.path()
        .replacen("tile/8/", "tile/", 1)
        .replacen("/data/", "/entries/", 1)
}

proptest! {
    #[test]
    fn roots_and_proofs_are_those_of_tlog_tiles(leaves in leaves(), place in any::<Index>()) {
        let size = leaves.len() as u64;
        let index = place.index(leaves.len()) as u64;
        let stored = stored(&leaves);
        prop_assert_eq!(Hash(tlog::tree_hash(size, &stored).unwrap().0), root(&leaves));
        let theirs = tlog::prove_record(size, index, &stored).unwrap();
        prop_assert_eq!(Ok(ours(theirs)), inclusion_proof(&leaves, index));
        let theirs = tlog::prove_tree(size, index + 1, &stored).unwrap();
        prop_assert_eq!(Ok(ours(theirs)), consistency_proof(&leaves, index + 1));
    }

    #[test]
    fn tiles_are_those_of_tlog_tiles(leaves in leaves()) {
        let mut writer = HashTileWriter::new();
        let mut files: Vec<_> = leaves.iter().flat_map(|leaf| writer.append(*leaf)).collect();
        files.extend(writer.partial());
        let stored = stored(&leaves);
        let mut expected = BTreeSet::new();
        for tile in tlog_tiles::tile::Tile::new_tiles(8, 0, leaves.len() as u64) {
            expected.insert((ours_path(&tile), tile.read_data(&stored).unwrap()));
        }
        let found = files.into_iter().map(|file| (file.tile.to_string(), file.bytes));
        prop_assert_eq!(found.collect::<BTreeSet<_>>(), expected);
    }

    #[test]
    fn paths_are_those_of_tlog_tiles(
        level in 0u8..4,
        index in 0u64..1 << 28,
        width in 1u16..=256,
        is_entries in any::<bool>(),
    ) {
        let theirs = tlog_tiles::tile::Tile::new(8, level, index, width.into(), is_entries);
        let kind = if is_entries { TileKind::Entries } else { TileKind::Hashes(level) };
        let tile = Tile::new(kind, index, width).unwrap();
        prop_assert_eq!(tile.to_string(), ours_path(&theirs));
        prop_assert_eq!(Tile::parse(&ours_path(&theirs)), Ok(tile));
    }

    #[test]
    fn sigstore_verifies_the_same_inclusion_proofs(
        leaves in leaves(),
        place in any::<Index>(),
        wrong in any::<Index>(),
        is_wrong in any::<bool>(),
    ) {
        let (index, size) = (place.index(leaves.len()), leaves.len() as u64);
        let mut proof = inclusion_proof(&leaves, index as u64).unwrap();
        if is_wrong && !proof.is_empty() {
            let place = wrong.index(proof.len());
            proof[place].0[0] ^= 1;
        }
        let (leaf, index, root) = (leaves[index], index as u64, root(&leaves));
        let theirs = sigstore_merkle::verify_inclusion_proof(
            &leaf.0.into(),
            index,
            size,
            &proof.iter().map(|hash| hash.0.into()).collect::<Vec<_>>(),
            &root.0.into(),
        );
        let verified = ledger::tree::verify_inclusion(&leaf, index, size, &proof, &root);
        prop_assert_eq!(verified.is_ok(), theirs.is_ok());
    }

    #[test]
    fn sigstore_verifies_the_same_consistency_proofs(
        leaves in leaves(),
        place in any::<Index>(),
        wrong in any::<Index>(),
        is_wrong in any::<bool>(),
    ) {
        let earlier = place.index(leaves.len()) + 1;
        let later = leaves.len() as u64;
        let mut proof = consistency_proof(&leaves, earlier as u64).unwrap();
        if is_wrong && !proof.is_empty() {
            let place = wrong.index(proof.len());
            proof[place].0[0] ^= 1;
        }
        let roots = (root(&leaves[..earlier]), root(&leaves));
        let earlier = earlier as u64;
        let theirs = sigstore_merkle::verify_consistency_proof(
            earlier,
            later,
            &proof.iter().map(|hash| hash.0.into()).collect::<Vec<_>>(),
            &roots.0.0.into(),
            &roots.1.0.into(),
        );
        let verified =
            ledger::tree::verify_consistency(earlier, later, &proof, &roots.0, &roots.1);
        prop_assert_eq!(verified.is_ok(), theirs.is_ok());
    }

    #[test]
    fn signed_note_verifies_our_notes_and_refuses_what_we_refuse(
        seed in any::<[u8; 32]>(),
        size in any::<u64>(),
        tampering in Tampering::any(),
    ) {
        let key = SigningKey::from_seed("ledger.example", &seed).unwrap();
        let checkpoint = Checkpoint {
            origin: "ledger.example".to_owned(),
            size,
            root: ledger::hash::sha256(&seed),
            extensions: Vec::new(),
        };
        let text = checkpoint.sign(&key).unwrap().encode().unwrap();
        prop_assert!(theirs_trusts(text.as_bytes(), &key.vkey()));
        let theirs = tlog_tiles::checkpoint::Checkpoint::from_bytes(
            checkpoint.encode().unwrap().as_bytes(),
        );
        let theirs = theirs.unwrap();
        prop_assert_eq!(theirs.size(), size);
        prop_assert_eq!(theirs.hash().0, checkpoint.root.0);

        let tampered = tampering.of(text.as_bytes());
        let note = Note::parse(&tampered);
        let trusted = note.is_ok_and(|note| note.verify(&[key.verifier().clone()]).is_ok());
        prop_assert_eq!(theirs_trusts(&tampered, &key.vkey()), trusted);
    }
}

fn theirs_trusts(note: &[u8], vkey: &str) -> bool {
    let verifier = signed_note::StandardVerifier::new(vkey).expect("a key that we wrote");
    let known = signed_note::VerifierList::new(vec![Box::new(verifier)]);
    signed_note::Note::from_bytes(note).is_ok_and(|note| note.verify(&known).is_ok())
}
