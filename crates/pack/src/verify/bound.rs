//! What binds a pack together: the manifest over its members, and the signatures over both notes.

use std::io::{self, Read, Seek};

use ledger::{Note, NoteError, VerifierKey};

use super::batch::Single;
use super::pass::Digests;
use super::report::{Failure, Report};
use super::{Trust, keys_of, or_failure};
use crate::manifest::{Manifest, SINGLE, Tally, pack_key};
use crate::reader::PackReader;
use crate::{CHECKPOINT, MANIFEST};

/// Why signatures are not checked where the verifier brought nothing to check them with.
pub(super) const NO_KEY: &str = "no key was given";

/// Returns that the signatures were not checked, and why.
pub(super) fn unsigned(why: &str) -> String {
    format!("the signatures of checkpoint and manifest: {why}")
}

/// Compares the members with what the manifest says of them.
pub(super) fn check_members(
    report: &mut Report,
    manifest: &Manifest,
    found: &[Single],
    digests: Digests,
) {
    for (name, hash) in SINGLE.into_iter().zip(manifest.single) {
        match found.iter().find(|single| single.name == name) {
            None => report.fail(Failure::new(None, "member", format!("{name} is missing"))),
            Some(single) if single.hash != hash => {
                let detail = format!("{name} is not the one the manifest names");
                report.fail(Failure::new(None, "manifest", detail));
            }
            Some(_) => {}
        }
    }
    for Single { name, .. } in found {
        if !SINGLE.contains(&name.as_str()) && name != MANIFEST {
            let detail = format!("{name} is no member of a pack");
            report.fail(Failure::new(None, "member", detail));
        }
    }
    let folders: [(&str, Tally, Tally); 4] = [
        ("files", digests.files.tally(), manifest.files),
        ("groups", digests.groups.tally(), manifest.groups),
        ("log", digests.log.tally(), manifest.log),
        ("proofs", digests.proofs.tally(), manifest.proofs),
    ];
    for (folder, found, wanted) in folders {
        if found != wanted {
            let detail = format!(
                "{folder}/ holds {} members; the manifest names {}, or others",
                found.count, wanted.count
            );
            report.fail(Failure::new(None, "manifest", detail));
        }
    }
}

/// Checks who signed the checkpoint and the manifest, and that both speak of the same log.
pub(super) fn check_signatures<R: Read + Seek>(
    report: &mut Report,
    pack: &mut PackReader<R>,
    trust: &Trust,
) -> io::Result<()> {
    let [checkpoint, manifest] = [CHECKPOINT, MANIFEST].map(|name| {
        let bytes = pack.required(name);
        bytes.map(|bytes| Note::parse(&bytes).map(|note| (note, bytes)))
    });
    let Some(Ok((checkpoint, _))) = or_failure(report, CHECKPOINT, checkpoint)? else {
        return Ok(());
    };
    let Some(Ok((manifest, manifest_bytes))) = or_failure(report, MANIFEST, manifest)? else {
        return Ok(());
    };
    let (said, head) = (pack.manifest(), pack.checkpoint());
    if (said.entries, said.root) != (head.size, head.root) {
        let detail = "it speaks of another log than the checkpoint";
        report.fail(Failure::new(None, MANIFEST, detail));
    }
    // A further signature, or another way of writing the note, would be a second pack of the same
    // content.
    let is_plain = manifest
        .encode()
        .is_ok_and(|text| text.as_bytes() == manifest_bytes);
    if manifest.signatures.len() != 1 || !is_plain {
        let detail = "it is not a note with exactly one signature";
        report.fail(Failure::new(None, MANIFEST, detail));
    }
    let keys = keys_of(head, &trust.keys);
    if keys.is_empty() {
        let why = match trust.keys.len() {
            0 => NO_KEY.to_owned(),
            _ => format!("none of the keys given is of the log {}", head.origin),
        };
        report.not_checked.push(unsigned(&why));
        if !trust.keys.is_empty() {
            report.fail(Failure::new(None, "key", why));
        }
        return Ok(());
    }
    match checkpoint.verify(&keys) {
        Err(error) => report.fail(Failure::new(None, CHECKPOINT, error)),
        Ok(signers) => {
            if let Err(error) = signed_by(&manifest, signers[0]) {
                report.fail(Failure::new(None, MANIFEST, error));
            }
        }
    }
    Ok(())
}

fn signed_by(manifest: &Note, log_key: &VerifierKey) -> Result<(), NoteError> {
    let key = pack_key(log_key).map_err(|_| NoteError::NoKnownSignature)?;
    manifest.verify(&[key])?;
    Ok(())
}
