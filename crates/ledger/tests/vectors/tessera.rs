//! The small log of Tessera's test data: every size from nothing on, with checkpoint and tiles.

use std::path::Path;

use ledger::hash::{EMPTY_ROOT, leaf_hash};
use ledger::tree::{consistency_proof, root, verify_consistency};
use ledger::{Checkpoint, CheckpointError, Hash, NoteError, Tile, TileKind, VerifierKey};

use crate::{folder, tiles};

/// The key of the published log, from the script that built it (`testdata/build_log.sh`).
const PUBLISHED: &str =
    "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";
const MADE_UP: &str =
    "ledger.example/made-up+b1d1e7d7+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c";

/// Checks the checkpoints and tiles of all sizes up to `last_size`; the origin is the key's name.
fn check(set: &Path, vkey: &str, last_size: u64) {
    let key = VerifierKey::parse(vkey).expect("the key of the log");
    assert_eq!(key.to_string(), vkey);
    let mut before: Option<Checkpoint> = None;
    for size in 0..=last_size {
        let note = folder::bytes(&set.join(format!("checkpoint.{size}")));
        let checkpoint = Checkpoint::open(&note, key.name(), &key).expect("signed by the log");
        assert_eq!(checkpoint.size, size);
        let signed = String::from_utf8(note.clone()).expect("a note is text");
        assert!(signed.starts_with(&checkpoint.encode().expect("it was read")));
        check_tampered(&note, &key);
        let leaves = tiles::leaf_hashes(set, size);
        assert_eq!(checkpoint.root, root(&leaves));
        if size == 0 {
            assert_eq!(checkpoint.root, EMPTY_ROOT);
            continue;
        }
        check_entries(set, &leaves);
        assert_eq!(tiles::check_written_alike(set, &leaves), 1);
        let indexes: Vec<u64> = (0..size).collect();
        tiles::check_proofs(set, &leaves, &indexes, &checkpoint.root);
        if let Some(before) = before {
            let proof = consistency_proof(&leaves, before.size).expect("the log has grown");
            let roots = (&before.root, &checkpoint.root);
            let verified = verify_consistency(before.size, size, &proof, roots.0, roots.1);
            assert_eq!(verified, Ok(()));
        }
        before = Some(checkpoint);
    }
}

fn check_entries(set: &Path, leaves: &[Hash]) {
    let size = leaves.len() as u64;
    let bundle = Tile::in_tree(TileKind::Entries, 0, size).expect("within the log");
    let bytes = folder::bytes(&set.join(bundle.to_string()));
    let entries = bundle
        .entries(&bytes)
        .expect("as many entries as the bundle is wide");
    let hashed: Vec<Hash> = entries.into_iter().map(leaf_hash).collect();
    assert_eq!(hashed, leaves);
}

/// A changed size is caught by the signature.
fn check_tampered(note: &[u8], key: &VerifierKey) {
    let text = std::str::from_utf8(note).expect("a note is text");
    let tampered = text.replacen('\n', "\n1", 1);
    let name = key.name().to_owned();
    let refused = CheckpointError::Note(NoteError::BadSignature { name });
    let opened = Checkpoint::open(tampered.as_bytes(), key.name(), key);
    assert_eq!(opened, Err(refused));
}

#[test]
fn a_made_up_log_is_verified_at_every_size() {
    check(&folder::made_up("tessera-log"), MADE_UP, 5);
}

#[test]
fn the_published_log_is_verified_at_every_size() {
    if let Some(set) = folder::published("tessera-log") {
        check(&set, PUBLISHED, 15);
    }
}
