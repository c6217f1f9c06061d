//! The log leaves as tiles that other people's readers read.

use std::path::{Path, PathBuf};
use std::process::Command;

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

/// The path as C2SP has it: without the tile height that the other puts in.
fn path(out: &Path, tile: &tlog_tiles::tile::Tile) -> PathBuf {
    out.join(tile.path().replacen("tile/8/", "tile/", 1))
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
        let tile = tlog_tiles::tile::Tile::new(8, 0, index, width, false);
        let bytes = std::fs::read(path(&out, &tile)).expect("a tile of hashes");
        for hash in bytes.chunks_exact(32) {
            let hash = tlog::Hash(hash.try_into().expect("32 bytes"));
            let new = tlog::stored_hashes_for_record_hash(leaves, hash, &stored).expect("stored");
            stored.0.extend(new);
            leaves += 1;
        }
    }
    assert_eq!(leaves, head.size());
    assert_eq!(
        &tlog::tree_hash(leaves, &stored).expect("a root"),
        head.hash()
    );
}
