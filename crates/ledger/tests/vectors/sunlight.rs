//! The test data of Sunlight: a log of 300 leaves as a mirror serves it, real leaf hashes, and
//! checkpoints whose signatures are of types that the ledger does not verify.
//!
//! Quirks: the files in `tree/tile` only say that they are fake tiles; the real ones are those of
//! the mirror, whose checkpoint has the log's origin and size but the root of the mirror's own
//! stand-in tree. The entry bundles are fake everywhere.

use std::path::Path;

use ledger::tree::root;
use ledger::{Checkpoint, Hash, KeyError, Note, NoteError, Tile, TileError, TileKind, VerifierKey};

use crate::{folder, tiles};

const LOG: &str = "000de184301123b9278c086a7d9f68c9577e83872224c197058fd90784ea9706";
const SECOND_LOG: &str = "88ad7a28caeb0b2aa890fdf0304c2fcaf59fca2ee140134ff8c1300bac493482";
const MIRROR_ROOT: &str = "gw31yQrqZZCcEOPrzX+bpy3nJ6QgngTKn8G1m0i62uU=";
const ROOT: &str = "lCkHUpkmVBEms2r2T1K6Og69+wUuuN3MIEW1/ezu2v0=";

fn hash(text: &str) -> Hash {
    Hash::from_base64(text).expect("a root")
}

#[test]
fn the_published_tree_of_300_leaves_has_its_root_and_proofs() {
    let Some(set) = folder::published("sunlight-tree") else {
        return;
    };
    let mirror = set.join("witness/mirror").join(LOG);
    let leaves = tiles::leaf_hashes(&mirror, 300);
    let note = Note::parse(&folder::bytes(&mirror.join("checkpoint"))).expect("a note");
    let checkpoint = Checkpoint::parse(&note.text).expect("a checkpoint");
    assert_eq!(checkpoint.root, hash(MIRROR_ROOT));
    assert_eq!(root(&leaves), checkpoint.root);
    assert_eq!(tiles::check_written_alike(&mirror, &leaves), 3);
    let indexes = [0, 1, 128, 255, 256, 299];
    tiles::check_proofs(&mirror, &leaves, &indexes, &checkpoint.root);
}

#[test]
fn a_fake_tile_is_refused() {
    let Some(set) = folder::published("sunlight-tree") else {
        return;
    };
    let tile = Tile::new(TileKind::Hashes(0), 0, 256).expect("a full tile");
    let bytes = folder::bytes(&set.join("tree").join(tile.to_string()));
    assert_eq!(tile.hashes(&bytes), Err(TileError::Length));
}

#[test]
fn the_real_leaf_hashes_are_written_into_the_same_tiles() {
    let Some(set) = folder::published("sunlight-tree") else {
        return;
    };
    let folder = set.join("navigli2025h2-tile0");
    // Quirk: tile 003 lies there both as it stood at 778 leaves and, later, full.
    let names = ["000", "001", "002", "003.p/10"];
    let mut leaves = Vec::new();
    for name in names {
        let tile = Tile::parse(&format!("tile/0/{name}")).expect("a tile");
        let hashes = tile.hashes(&folder::bytes(&folder.join(name)));
        leaves.extend(hashes.expect("as many hashes as the tile is wide"));
    }
    assert_eq!(leaves.len(), 778);
    let full = folder::bytes(&folder.join("003"));
    assert!(full.starts_with(&folder::bytes(&folder.join("003.p/10"))));

    let mut writer = ledger::HashTileWriter::new();
    let mut files: Vec<_> = leaves
        .iter()
        .flat_map(|leaf| writer.append(*leaf))
        .collect();
    files.extend(writer.partial());
    let leaf_tiles = files
        .iter()
        .filter(|f| f.tile.kind() == TileKind::Hashes(0));
    for (file, name) in leaf_tiles.zip(names) {
        assert_eq!(file.tile.to_string(), format!("tile/0/{name}"));
        assert_eq!(file.bytes, folder::bytes(&folder.join(name)));
    }
    assert_eq!(files.len(), 5, "four tiles of leaves and one above them");
}

#[test]
fn the_published_checkpoints_are_read_with_all_their_signatures() {
    let Some(set) = folder::published("sunlight-tree") else {
        return;
    };
    let cases = [
        (Path::new("tree").to_owned(), "rome2026h1.example.org", 1),
        (Path::new("witness").join(LOG), "rome2026h1.example.org", 2),
        (
            Path::new("witness2").join(SECOND_LOG),
            "milan2026h1.example.org",
            1,
        ),
    ];
    for (folder, origin, signatures) in cases {
        let bytes = folder::bytes(&set.join(folder).join("checkpoint"));
        let note = Note::parse(&bytes).expect("a note");
        assert_eq!(note.signatures.len(), signatures);
        assert_eq!(note.encode().map(String::into_bytes), Ok(bytes));
        // None of them is a plain Ed25519 signature, so nobody known has signed.
        assert_eq!(note.verify(&[]), Err(NoteError::NoKnownSignature));
        let checkpoint = Checkpoint::parse(&note.text).expect("a checkpoint");
        let expected = (origin, 300, hash(ROOT));
        let Checkpoint {
            origin, size, root, ..
        } = &checkpoint;
        assert_eq!((origin.as_str(), *size, *root), expected);
    }
    let decoy = folder::bytes(&set.join("witness/checkpoint"));
    assert_eq!(Note::parse(&decoy), Err(NoteError::Form));
}

#[test]
fn the_key_of_a_witness_is_no_key_of_a_log() {
    let witness = "witness.example.org+b8a2cf20+BFLN3yikSfFkVAJtrnh/CiY3Zozkoy7clp+P7XB28qUN";
    assert_eq!(VerifierKey::parse(witness), Err(KeyError::Algorithm));
}
