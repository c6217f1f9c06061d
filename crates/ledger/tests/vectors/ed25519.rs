//! The edge cases of Ed25519 in C2SP/CCTV, about which libraries disagree, and Wycheproof's, about
//! which they do not.

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

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Agreed {
    number_of_tests: usize,
    test_groups: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Group {
    public_key: PublicKey,
    tests: Vec<Test>,
}

#[derive(Deserialize)]
struct PublicKey {
    pk: String,
}

#[derive(Deserialize)]
struct Test {
    comment: String,
    msg: String,
    sig: String,
    result: String,
}

/// Checks that just what is called valid is accepted.
fn check_agreed(set: &Path, expected_count: usize, expected_valid: usize) {
    let agreed: Agreed = folder::json(&set.join("ed25519_test.json"));
    assert_eq!(agreed.number_of_tests, expected_count);
    let (mut count, mut valid) = (0, 0);
    for group in agreed.test_groups {
        let key: [u8; 32] = unhex(&group.public_key.pk).try_into().expect("a key");
        let key = VerifierKey::from_bytes("vectors", &key).expect("a key");
        for test in group.tests {
            let accepted = key.verify(&unhex(&test.msg), &unhex(&test.sig));
            assert_eq!(accepted, test.result == "valid", "{}", test.comment);
            count += 1;
            valid += usize::from(accepted);
        }
    }
    assert_eq!((count, valid), (expected_count, expected_valid));
}

#[test]
fn made_up_signatures_are_accepted_where_they_are_valid() {
    check_agreed(&folder::made_up("wycheproof"), 2, 1);
}

#[test]
fn published_signatures_are_accepted_where_they_are_valid() {
    if let Some(set) = folder::published("wycheproof") {
        check_agreed(&set, 151, 88);
    }
}
