//! The edge cases of Ed25519 in C2SP/CCTV, about which libraries disagree.

use std::path::Path;

use ledger::VerifierKey;
use serde::Deserialize;

use crate::folder;

#[derive(Deserialize)]
struct Case {
    key: String,
    sig: String,
    msg: String,
    // Null in the published file where no edge case applies.
    flags: Option<Vec<String>>,
}

impl Case {
    fn is_accepted(&self) -> bool {
        let key: [u8; 32] = unhex(&self.key).try_into().expect("a key is 32 bytes");
        VerifierKey::from_bytes("vectors", &key)
            .is_ok_and(|key| key.verify(self.msg.as_bytes(), &unhex(&self.sig)))
    }
}

fn unhex(text: &str) -> Vec<u8> {
    hex::decode(text).expect("the vectors are hexadecimal")
}

/// Checks how many cases there are, how many are accepted, and that no point of low order is.
fn check(set: &Path, expected_count: usize, expected_accepted: usize) {
    let cases: Vec<Case> = folder::json(&set.join("ed25519vectors.json"));
    assert_eq!(cases.len(), expected_count);
    let accepted: Vec<&Case> = cases.iter().filter(|case| case.is_accepted()).collect();
    assert_eq!(accepted.len(), expected_accepted);
    for flag in accepted.iter().flat_map(|case| case.flags.iter().flatten()) {
        assert!(!["low_order_A", "low_order_R"].contains(&flag.as_str()));
    }
}

#[test]
fn made_up_signatures_are_accepted_by_the_strict_rule_alone() {
    check(&folder::made_up("cctv-ed25519"), 4, 1);
}

#[test]
fn published_signatures_are_accepted_by_the_strict_rule_alone() {
    if let Some(set) = folder::published("cctv-ed25519") {
        check(&set, 914, 43);
    }
}
