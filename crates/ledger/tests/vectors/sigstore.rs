//! The checkpoints in the bundles of sigstore-conformance: many signatures, and missing lines.

use std::path::Path;

use ledger::{Checkpoint, Note, VerifierKey};
use serde_json::Value;

use crate::folder;

/// What was found over all bundles of a set.
#[derive(Debug, Default, PartialEq, Eq)]
struct Found {
    /// The bundles that hold a checkpoint.
    checkpoints: usize,
    /// Those of them that carry more than one signature.
    with_several_signatures: usize,
    /// Those of them that the log's own key is found to have signed.
    signed_by_the_log: usize,
    /// The folders of those that are refused.
    refused: Vec<String>,
}

/// Quirk: a folder ending in `_fail` must fail for *some* reason, often one that has nothing to do
/// with the checkpoint; only those that lack a line of it are refused here.
fn check(set: &Path) -> Found {
    let mut found = Found::default();
    for file in folder::files(set, "bundle.sigstore.json") {
        let folder = file.parent().expect("a bundle lies in a folder");
        let bundle: Value = folder::json(&file);
        let entry = &bundle["verificationMaterial"]["tlogEntries"][0];
        let Some(envelope) = entry["inclusionProof"]["checkpoint"]["envelope"].as_str() else {
            continue;
        };
        found.checkpoints += 1;
        let note = Note::parse(envelope.as_bytes()).ok();
        let read = note.and_then(|note| Some((Checkpoint::parse(&note.text).ok()?, note)));
        let Some((checkpoint, note)) = read else {
            let name = folder.file_name().expect("a folder has a name");
            found.refused.push(name.to_string_lossy().into_owned());
            continue;
        };
        assert_eq!(note.encode().as_deref(), Ok(envelope));
        if note.signatures.len() > 1 {
            found.with_several_signatures += 1;
        }
        if let Some(key) = log_key(folder, &checkpoint.origin) {
            let opened = Checkpoint::open(envelope.as_bytes(), &checkpoint.origin, &key);
            assert_eq!(opened, Ok(checkpoint));
            found.signed_by_the_log += 1;
        }
    }
    found
}

/// The Ed25519 key of the log of that origin, where the folder's trusted root names one. Logs of
/// the first version have ECDSA keys, which the ledger does not verify.
fn log_key(folder: &Path, origin: &str) -> Option<VerifierKey> {
    let path = folder.join("trusted_root.json");
    let trusted: Value = path.is_file().then(|| folder::json(&path))?;
    let log = trusted["tlogs"].as_array()?.iter().find(|log| {
        log["baseUrl"] == format!("https://{origin}")
            && log["publicKey"]["keyDetails"] == "PKIX_ED25519"
    })?;
    // The key is the last 32 bytes of its DER form, which is 44 bytes long.
    let der = base64_bytes(log["publicKey"]["rawBytes"].as_str()?);
    let key = der.last_chunk::<32>().expect("an Ed25519 key");
    Some(VerifierKey::from_bytes(origin, key).expect("an Ed25519 key"))
}

fn base64_bytes(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    let standard = base64::engine::general_purpose::STANDARD;
    standard.decode(text).expect("the vectors are base64")
}

#[test]
fn made_up_checkpoints_are_read_and_verified_beside_unknown_signatures() {
    let expected = Found {
        checkpoints: 3,
        with_several_signatures: 2,
        signed_by_the_log: 2,
        refused: vec!["missing-size_fail".to_owned()],
    };
    assert_eq!(check(&folder::made_up("sigstore-conformance")), expected);
}

#[test]
fn published_checkpoints_are_read_and_verified_beside_unknown_signatures() {
    let Some(set) = folder::published("sigstore-conformance") else {
        return;
    };
    let lacking = ["log-signature", "origin", "root-hash", "size"];
    let refused = lacking.map(|what| format!("rekor2-checkpoint-missing-{what}_fail"));
    let expected = Found {
        checkpoints: 30,
        with_several_signatures: 9,
        signed_by_the_log: 20,
        refused: refused.into(),
    };
    assert_eq!(check(&set), expected);
}
