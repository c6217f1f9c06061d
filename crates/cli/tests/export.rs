//! The log leaves as tiles that other people's readers read.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::process::Command;

use tlog_tiles::tile::{Tile, TileHashReader, TileReader};
use tlog_tiles::tlog::{self, HashReader};

fn minutebook(home: &Path, words: &[&str]) -> String {
    let done = Command::new(env!("CARGO_BIN_EXE_minutebook"))
        .arg("--data")
        .arg(home.join("data"))
        .arg("--guard")
        .arg(home.join("guard"))
        .args(words)
        .current_dir(home)
        .output()
        .expect("the binary runs");
    assert!(
        done.status.success(),
        "{words:?}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
    String::from_utf8(done.stdout).expect("it writes text")
}

/// Every node of the exported tree, in the order the other keeps them.
struct Exported(Vec<tlog::Hash>);

impl HashReader for Exported {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog::Hash>, tlog::Error> {
        Ok(indexes
            .iter()
            .map(|index| self.0[usize::try_from(*index).expect("it fits")])
            .collect())
    }
}

/// The exported tiles, as the other asks for them.
struct Tiles {
    out: PathBuf,
    asked: RefCell<Vec<String>>,
}

impl TileReader for Tiles {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, tlog::Error> {
        let read = |tile: &Tile| {
            self.asked.borrow_mut().push(tile.path());
            std::fs::read(path(&self.out, tile)).expect("a tile of hashes")
        };
        Ok(tiles.iter().map(read).collect())
    }

    fn save_tiles(&self, _: &[Tile], _: &[Vec<u8>]) {}
}

/// The path as C2SP has it: without the tile height that the other puts in, and with the entries
/// where that has the data of certificates.
fn path(out: &Path, tile: &Tile) -> PathBuf {
    let path = tile.path().replacen("tile/8/", "tile/", 1);
    out.join(path.replacen("tile/data/", "tile/entries/", 1))
}

#[test]
fn exported_tiles_are_read_by_another_implementation() {
    let home = tempfile::tempdir().expect("a directory");
    let data = home.path().join("data");
    minutebook(
        home.path(),
        &["demo", "--no-serve", "--keep", data.to_str().expect("text")],
    );
    let out = home.path().join("log");
    minutebook(home.path(), &["log", "export", "log"]);

    let checkpoint = std::fs::read(out.join("checkpoint")).expect("a checkpoint");
    let vkey = minutebook(home.path(), &["key"]);
    let verifier = signed_note::StandardVerifier::new(vkey.trim()).expect("a key");
    let known = signed_note::VerifierList::new(vec![Box::new(verifier)]);
    let note = signed_note::Note::from_bytes(&checkpoint).expect("a note");
    note.verify(&known)
        .expect("signed by the key that was printed");
    let head = tlog_tiles::checkpoint::Checkpoint::from_bytes(note.text()).expect("a checkpoint");

    let mut stored = Exported(Vec::new());
    let mut leaves = 0_u64;
    for index in 0..head.size().div_ceil(256) {
        let width = u32::try_from((head.size() - index * 256).min(256)).expect("it fits");
        let tile = Tile::new(8, 0, index, width, false);
        let bytes = std::fs::read(path(&out, &tile)).expect("a tile of hashes");
        for hash in bytes.chunks_exact(32) {
            let hash = tlog::Hash(hash.try_into().expect("32 bytes"));
            let new = tlog::stored_hashes_for_record_hash(leaves, hash, &stored).expect("stored");
            stored.0.extend(new);
            leaves += 1;
        }
    }
    assert_eq!(leaves, head.size());
    let root = head.hash();
    assert_eq!(&tlog::tree_hash(leaves, &stored).expect("a root"), root);
    let tiles = Tiles {
        out: out.clone(),
        asked: RefCell::default(),
    };
    proves_from_every_level(&tiles, (leaves, *root), &stored);
    holds_entries(&out, leaves, &stored);
}

/// Tiles of every level, each held against the root by whoever reads them, give a proof.
fn proves_from_every_level(tiles: &Tiles, (size, root): (u64, tlog::Hash), stored: &Exported) {
    let reader = TileHashReader::new(size, root, tiles);
    for leaf in [0, 255, 256, size - 1] {
        let proof = tlog::prove_record(size, leaf, &reader).expect("a proof");
        let index = tlog::stored_hash_index(0, leaf);
        let hash = stored.read_hashes(&[index]).expect("a leaf")[0];
        tlog::check_record(&proof, size, root, leaf, hash).expect("the leaf is there");
    }
    let asked = tiles.asked.borrow();
    assert!(
        asked.iter().any(|path| path.starts_with("tile/8/1/")),
        "{asked:?}"
    );
}

/// Bundles hold the entries, each after its length, in the order of the leaves.
fn holds_entries(out: &Path, leaves: u64, stored: &Exported) {
    let mut seq = 0;
    for index in 0..leaves.div_ceil(256) {
        let width = u32::try_from((leaves - index * 256).min(256)).expect("it fits");
        let bundle = path(out, &Tile::new(8, 0, index, width, true));
        let mut rest = &std::fs::read(&bundle).expect("a bundle")[..];
        while let Some((length, after)) = rest.split_first_chunk() {
            let (entry, after) = after.split_at(usize::from(u16::from_be_bytes(*length)));
            let index = tlog::stored_hash_index(0, seq);
            let kept = stored.read_hashes(&[index]).expect("a leaf");
            assert_eq!(kept, [tlog::record_hash(entry)], "{seq}");
            (seq, rest) = (seq + 1, after);
        }
    }
    assert_eq!(seq, leaves);
}
