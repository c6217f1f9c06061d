//! The manifest: one signed note that binds every member of a pack, however many there are.
//!
//! ```text
//! minutebook-pack/1
//! entries 1234
//! root 97a3885d6b5868fbb8f1aa6dd21f1e1c8abd2ca5d97757a00c6aaab092a07620
//! as_of 2026-03-31
//! known_by 2026-03-31
//! rules 2026.1
//! profile auditor
//! files 2 <sha256 of their names, one a line>
//! groups 3702 <sha256 of their names, one a line>
//! log 12 <sha256 of the lines that sha256sum prints>
//! proofs 9 <sha256 of the lines that sha256sum prints>
//! <sha256>  README.txt
//! <sha256>  checkpoint
//! <sha256>  status.json
//! <sha256>  withheld.json
//! ```

use std::str::{FromStr, Lines};

use ledger::{Hash, KeyError, Note, NoteError, SigningKey, VerifierKey};

use crate::{CHECKPOINT, README, STATUS, WITHHELD};

const HEADER: &str = "minutebook-pack/1";

/// The members that have a line of their own, in order.
pub(crate) const SINGLE: [&str; 4] = [README, CHECKPOINT, STATUS, WITHHELD];

/// What a manifest says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The number of entries of the log.
    pub entries: u64,
    /// The root of the log.
    pub root: Hash,
    /// The date the pack is about, as `status` writes it; one line.
    pub as_of: String,
    /// The date by which everything was known, as `status` writes it; one line.
    pub known_by: String,
    /// The edition of the rules; one line.
    pub rules: String,
    /// Whom the pack is for; one line.
    pub profile: String,
    /// The members of `files/`.
    pub files: Tally,
    /// The members of `groups/`.
    pub groups: Tally,
    /// The members of `log/`.
    pub log: Tally,
    /// The members of `proofs/`.
    pub proofs: Tally,
    /// The SHA-256 of `README.txt`, `checkpoint`, `status.json` and `withheld.json`.
    pub single: [Hash; 4],
}

/// The members of one folder: how many, and one hash over all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Their number.
    pub count: u64,
    /// The SHA-256 of one line for each: of its name in `files/` and `groups/`, where the name is
    /// its hash; of what `sha256sum` prints elsewhere.
    pub sha256: Hash,
}

/// Why a manifest cannot be written or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// The note around the text is malformed or not to be trusted.
    #[error("the manifest's note: {0}")]
    Note(#[from] NoteError),
    /// A line is missing, holds something else, or is written in another way.
    #[error("the manifest has no proper line {field} where it belongs")]
    Line {
        /// The line that belongs there.
        field: &'static str,
    },
    /// The key has not the name of a pack's key of that log.
    #[error("a manifest is signed under the name {wanted}")]
    KeyName {
        /// The name.
        wanted: String,
    },
}

/// Returns the name under which the key of a log signs packs.
///
/// # Example
///
/// ```
/// assert_eq!(pack::key_name("example.com/log"), "example.com/log/pack");
/// ```
pub fn key_name(origin: &str) -> String {
    format!("{origin}/pack")
}

/// Returns the key that verifies the manifests of the log whose key this is: the same key under
/// another name.
///
/// # Errors
///
/// [`KeyError`]; none is known for the key of a log.
pub fn pack_key(log_key: &VerifierKey) -> Result<VerifierKey, KeyError> {
    VerifierKey::from_bytes(&key_name(log_key.name()), log_key.as_bytes())
}

impl Manifest {
    /// Returns the text that is signed.
    ///
    /// # Errors
    ///
    /// [`ManifestError::Line`] for a value that is empty or not one line.
    pub fn encode(&self) -> Result<String, ManifestError> {
        let mut text = format!("{HEADER}\nentries {}\nroot {}\n", self.entries, self.root);
        let words = [
            ("as_of", &self.as_of),
            ("known_by", &self.known_by),
            ("rules", &self.rules),
            ("profile", &self.profile),
        ];
        for (field, value) in words {
            if value.is_empty() || value.contains(char::is_control) {
                return Err(ManifestError::Line { field });
            }
            text.push_str(&format!("{field} {value}\n"));
        }
        let tallies = [
            ("files", self.files),
            ("groups", self.groups),
            ("log", self.log),
            ("proofs", self.proofs),
        ];
        for (field, Tally { count, sha256 }) in tallies {
            text.push_str(&format!("{field} {count} {sha256}\n"));
        }
        for (hash, name) in self.single.iter().zip(SINGLE) {
            text.push_str(&format!("{hash}  {name}\n"));
        }
        Ok(text)
    }

    /// Reads the text that is signed: what [`Manifest::encode`] writes, and nothing else.
    ///
    /// # Errors
    ///
    /// [`ManifestError::Line`].
    pub fn parse(text: &str) -> Result<Manifest, ManifestError> {
        let mut lines = text.lines();
        if lines.next() != Some(HEADER) {
            return Err(ManifestError::Line { field: HEADER });
        }
        let manifest = Manifest {
            entries: value(&mut lines, "entries", read)?,
            root: value(&mut lines, "root", read)?,
            as_of: value(&mut lines, "as_of", read)?,
            known_by: value(&mut lines, "known_by", read)?,
            rules: value(&mut lines, "rules", read)?,
            profile: value(&mut lines, "profile", read)?,
            files: value(&mut lines, "files", read_tally)?,
            groups: value(&mut lines, "groups", read_tally)?,
            log: value(&mut lines, "log", read_tally)?,
            proofs: value(&mut lines, "proofs", read_tally)?,
            single: [
                single(&mut lines, README)?,
                single(&mut lines, CHECKPOINT)?,
                single(&mut lines, STATUS)?,
                single(&mut lines, WITHHELD)?,
            ],
        };
        // Leading zeroes, further lines and a missing last newline are all settled here at once.
        if manifest.encode()? != text {
            return Err(ManifestError::Line { field: "end" });
        }
        Ok(manifest)
    }

    /// Returns the manifest as a note that `key` signed.
    ///
    /// # Errors
    ///
    /// Each [`ManifestError`]; [`ManifestError::KeyName`] when the key is not named as
    /// [`key_name`] says.
    pub fn sign(&self, origin: &str, key: &SigningKey) -> Result<String, ManifestError> {
        let wanted = key_name(origin);
        if key.verifier().name() != wanted {
            return Err(ManifestError::KeyName { wanted });
        }
        let text = self.encode()?;
        let signatures = vec![key.sign(&text)?];
        Ok(Note { text, signatures }.encode()?)
    }
}

fn value<Value>(
    lines: &mut Lines<'_>,
    field: &'static str,
    read: fn(&str) -> Option<Value>,
) -> Result<Value, ManifestError> {
    let line = lines.next().and_then(|line| line.strip_prefix(field));
    line.and_then(|rest| rest.strip_prefix(' '))
        .and_then(read)
        .ok_or(ManifestError::Line { field })
}

fn single(lines: &mut Lines<'_>, name: &'static str) -> Result<Hash, ManifestError> {
    let line = lines.next().and_then(|line| line.strip_suffix(name));
    line.and_then(|rest| rest.strip_suffix("  "))
        .and_then(read)
        .ok_or(ManifestError::Line { field: name })
}

fn read<Value: FromStr>(text: &str) -> Option<Value> {
    text.parse().ok()
}

fn read_tally(text: &str) -> Option<Tally> {
    let (count, sha256) = text.split_once(' ')?;
    let (count, sha256) = (count.parse().ok()?, sha256.parse().ok()?);
    Some(Tally { count, sha256 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger::hash::sha256;

    const TEXT: &str = "minutebook-pack/1\n\
        entries 2\n\
        root e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n\
        as_of 2026-03-31\n\
        known_by 2026-03-31\n\
        rules 2026.1\n\
        profile auditor\n\
        files 0 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n\
        groups 3 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n\
        log 2 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n\
        proofs 1 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n\
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  README.txt\n\
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  checkpoint\n\
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  status.json\n\
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  withheld.json\n";

    fn manifest() -> Manifest {
        let nothing = sha256(b"");
        let tally = |count| Tally {
            count,
            sha256: nothing,
        };
        Manifest {
            entries: 2,
            root: nothing,
            as_of: "2026-03-31".to_owned(),
            known_by: "2026-03-31".to_owned(),
            rules: "2026.1".to_owned(),
            profile: "auditor".to_owned(),
            files: tally(0),
            groups: tally(3),
            log: tally(2),
            proofs: tally(1),
            single: [nothing; 4],
        }
    }

    #[test]
    fn a_manifest_has_one_writing() {
        assert_eq!(manifest().encode().as_deref(), Ok(TEXT));
        assert_eq!(Manifest::parse(TEXT), Ok(manifest()));
        let cases = [
            TEXT.replace("entries 2", "entries 02"),
            TEXT.replace("entries 2", "entries +2"),
            TEXT.replace("files 0 ", "files 0  "),
            TEXT.replace("rules 2026.1\n", ""),
            TEXT.replace("  README", " README"),
            format!("{TEXT}\n"),
            TEXT.trim_end().to_owned(),
            TEXT.replace('\n', "\r\n"),
        ];
        for text in cases {
            assert!(Manifest::parse(&text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_value_of_two_lines_is_refused() {
        let two = Manifest {
            as_of: "2026-03-31\nprofile buyer".to_owned(),
            ..manifest()
        };
        let field = "as_of";
        assert_eq!(two.encode(), Err(ManifestError::Line { field }));
    }

    #[test]
    fn a_manifest_is_signed_under_the_packs_name_only() {
        let log = SigningKey::from_seed("example.com/log", &[7; 32]).unwrap();
        let pack = SigningKey::from_seed("example.com/log/pack", &[7; 32]).unwrap();
        let wanted = "example.com/log/pack".to_owned();
        let refused = manifest().sign("example.com/log", &log);
        assert_eq!(refused, Err(ManifestError::KeyName { wanted }));
        let signed = manifest().sign("example.com/log", &pack).unwrap();
        let note = Note::parse(signed.as_bytes()).unwrap();
        let derived = pack_key(log.verifier()).unwrap();
        assert_eq!(note.verify(&[derived]).map(|keys| keys.len()), Ok(1));
        assert!(note.verify(&[log.verifier().clone()]).is_err());
    }
}
