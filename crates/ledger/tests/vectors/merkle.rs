//! The proofs of transparency-dev/merkle, right ones and wrong ones.

use std::path::Path;

use ledger::Hash;
use ledger::tree::{verify_consistency, verify_inclusion};
use serde::Deserialize;

use crate::folder;

/// Two roots of twelve bytes, `don't care 2`, at equal sizes: the one case that is meant to hold
/// and cannot here, where a root is 32 bytes by its type.
const ROOTS_THAT_ARE_NO_HASHES: &str = "sizes are equal (one) and proof is empty";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Inclusion {
    leaf_idx: u64,
    tree_size: u64,
    root: String,
    leaf_hash: String,
    // Null in the published files where the proof is empty.
    proof: Option<Vec<String>>,
    desc: String,
    want_err: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Consistency {
    size1: u64,
    size2: u64,
    root1: String,
    root2: String,
    proof: Option<Vec<String>>,
    desc: String,
    want_err: bool,
}

impl Inclusion {
    /// What is no hash is refused before there is a proof to verify.
    fn holds(&self) -> Option<bool> {
        let proof = hashes(self.proof.as_deref())?;
        let (leaf, root) = (hash(&self.leaf_hash)?, hash(&self.root)?);
        let verified = verify_inclusion(&leaf, self.leaf_idx, self.tree_size, &proof, &root);
        Some(verified.is_ok())
    }
}

impl Consistency {
    fn holds(&self) -> Option<bool> {
        let proof = hashes(self.proof.as_deref())?;
        let (root1, root2) = (hash(&self.root1)?, hash(&self.root2)?);
        Some(verify_consistency(self.size1, self.size2, &proof, &root1, &root2).is_ok())
    }
}

fn hash(text: &str) -> Option<Hash> {
    Hash::from_base64(text).ok()
}

fn hashes(texts: Option<&[String]>) -> Option<Vec<Hash>> {
    texts
        .unwrap_or_default()
        .iter()
        .map(|text| hash(text))
        .collect()
}

fn check_inclusion(set: &Path, expected_count: usize) {
    let files = folder::files(&set.join("inclusion"), ".json");
    assert_eq!(files.len(), expected_count);
    for file in files {
        let case: Inclusion = folder::json(&file);
        let holds = case.holds().unwrap_or(false);
        assert_eq!(holds, !case.want_err, "{}: {}", file.display(), case.desc);
    }
}

fn check_consistency(set: &Path, expected_count: usize) {
    let files = folder::files(&set.join("consistency"), ".json");
    assert_eq!(files.len(), expected_count);
    for file in files {
        let case: Consistency = folder::json(&file);
        let expected = !case.want_err && case.desc != ROOTS_THAT_ARE_NO_HASHES;
        let holds = case.holds().unwrap_or(false);
        assert_eq!(holds, expected, "{}: {}", file.display(), case.desc);
    }
}

#[test]
fn made_up_proofs_hold_exactly_where_they_should() {
    check_inclusion(&folder::made_up("merkle"), 5);
    check_consistency(&folder::made_up("merkle"), 4);
}

#[test]
fn published_inclusion_proofs_hold_exactly_where_they_should() {
    if let Some(set) = folder::published("merkle") {
        check_inclusion(&set, 98);
    }
}

#[test]
fn published_consistency_proofs_hold_exactly_where_they_should() {
    if let Some(set) = folder::published("merkle") {
        check_consistency(&set, 98);
    }
}
