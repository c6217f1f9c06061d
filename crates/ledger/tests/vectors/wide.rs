//! An inclusion proof that a public log gave over a tree of nearly a thousand million leaves.

use std::path::Path;

use ledger::Hash;
use ledger::tree::verify_inclusion;
use serde::Deserialize;

use crate::folder;

#[derive(Deserialize)]
struct Head {
    tree_size: u64,
    sha256_root_hash: String,
}

#[derive(Deserialize)]
struct Proof {
    leaf_index: u64,
    audit_path: Vec<String>,
}

/// The answers are kept under the addresses they were got from: the leaf's hash ends this one's.
const PROOF: &str = "get-proof-by-hash-tree-size-";

fn hash(text: &str) -> Hash {
    Hash::from_base64(text).expect("a hash in base64")
}

/// Checks that the leaf is where the answer says, and nowhere beside it.
fn check(set: &Path, expected_size: u64, expected_index: u64) {
    let head: Head = folder::json(&set.join("get-sth"));
    assert_eq!(head.tree_size, expected_size);
    let root = hash(&head.sha256_root_hash);
    let files = folder::files(set, "");
    let is_proof = |path: &&std::path::PathBuf| path.to_string_lossy().contains(PROOF);
    let file = files.iter().find(is_proof).expect("a proof");
    let (_, leaf) = file
        .to_str()
        .and_then(|name| name.rsplit_once("-hash-"))
        .expect("a hash");
    let leaf = leaf
        .replace("-2B", "+")
        .replace("-2F", "/")
        .replace("-3D", "=");
    let leaf = hash(&leaf);
    let proof: Proof = folder::json(file);
    assert_eq!(proof.leaf_index, expected_index);
    let path: Vec<Hash> = proof.audit_path.iter().map(|text| hash(text)).collect();
    let verified = |index, size| verify_inclusion(&leaf, index, size, &path, &root).is_ok();
    assert!(verified(proof.leaf_index, head.tree_size));
    assert!(!verified(proof.leaf_index + 1, head.tree_size));
    assert!(!verified(proof.leaf_index, head.tree_size * 2));
}

#[test]
fn a_made_up_leaf_is_where_its_answer_says() {
    check(&folder::made_up("azul-ct"), 5, 2);
}

#[test]
fn a_leaf_of_a_very_wide_tree_is_where_the_log_says() {
    if let Some(set) = folder::published("azul-ct") {
        check(&set, 961_984_011, 10_000);
    }
}
