//! A made-up log for tests, and the pack that is made of it.

use std::collections::BTreeMap;
use std::io::{Cursor, Seek as _};

use ledger::hash::{leaf_hash, sha256};
use ledger::tree::{inclusion_proof, root};
use ledger::{Checkpoint, Entry, Group, Hash, SigningKey, TlogProof};

use crate::verify::{Report, SECRET_BYTES, Trust, verify};
use crate::write::{ReadSeek, Source, WriteError};
use crate::{After, PackInput, WithheldFile, WithheldGroup, Withholding, key_name, write};

pub(crate) const ORIGIN: &str = "fenwick.example/aims";
const SEED: [u8; 32] = [7; 32];
/// What the sums of a verification are made with.
pub(crate) const SECRET: [u8; SECRET_BYTES] = [3; SECRET_BYTES];

/// A log and everything that is to be packed; tests change it before they pack it.
#[derive(Clone, Default)]
pub(crate) struct Sample {
    pub(crate) entries: Vec<Entry>,
    pub(crate) groups: BTreeMap<Hash, Vec<u8>>,
    pub(crate) files: BTreeMap<Hash, Vec<u8>>,
    pub(crate) after: Option<After>,
    pub(crate) withheld_files: Vec<WithheldFile>,
    pub(crate) withheld: Vec<WithheldGroup>,
    pub(crate) proofs: Vec<u64>,
}

impl Sample {
    /// A log of so many entries, each with three groups; with one file, and a proof of the last.
    pub(crate) fn of(size: u64) -> Sample {
        let mut sample = Sample::default();
        for seq in 0..size {
            let facts = format!("{{\"body\":{{\"n\":{seq}}},\"effective_on\":\"2026-03-01\"}}");
            let words = [
                ("act", "{\"by\":\"Ana\"}"),
                ("facts", &facts),
                ("minutes", "{}"),
            ];
            sample.append("put", &words);
        }
        let file = b"minutes of the board".to_vec();
        sample.files.insert(sha256(&file), file);
        sample.proofs.extend(size.checked_sub(1));
        sample
    }

    /// Appends an entry with these groups, all of them disclosed.
    pub(crate) fn append(&mut self, act: &str, groups: &[(&str, &str)]) {
        let seq = self.entries.len() as u64;
        let mut committed = Vec::new();
        for (n, (name, json)) in groups.iter().enumerate() {
            let salt = sha256(&[seq as u8, (seq >> 8) as u8, n as u8]).0;
            let sealed = ledger::group::seal(salt, json.as_bytes());
            let commitment = sha256(&sealed);
            let name = (*name).to_owned();
            committed.push(Group { name, commitment });
            self.groups.insert(commitment, sealed);
        }
        self.entries.push(Entry {
            time_unix_ms: 1_774_915_200_000 + seq,
            act: act.to_owned(),
            kind: Some("meeting".to_owned()),
            schema: Some(1),
            id: Some(uuid::Uuid::from_u128(seq.into())),
            version: Some(1),
            name_of_move: None,
            refs: Vec::new(),
            groups: committed,
        });
    }

    pub(crate) fn commitment(&self, seq: usize, name: &str) -> Hash {
        let groups = &self.entries[seq].groups;
        groups
            .iter()
            .find(|group| group.name == name)
            .unwrap()
            .commitment
    }

    /// Takes a group out of the pack and lists it with this basis.
    pub(crate) fn withhold(&mut self, seq: usize, name: &str, basis: &str) {
        let commitment = self.commitment(seq, name);
        self.groups.remove(&commitment);
        self.withheld.push(WithheldGroup {
            seq: seq as u64,
            group: name.to_owned(),
            commitment,
            mark: "privileged".to_owned(),
            basis: basis.to_owned(),
            review_by: None,
        });
    }

    pub(crate) fn encoded(&self) -> Vec<Vec<u8>> {
        self.entries
            .iter()
            .map(|entry| entry.encode().unwrap())
            .collect()
    }

    fn leaves(&self) -> Vec<Hash> {
        self.encoded()
            .iter()
            .map(|entry| leaf_hash(entry))
            .collect()
    }

    /// The signed checkpoint of the first `size` entries.
    pub(crate) fn checkpoint(&self, size: usize) -> String {
        let checkpoint = Checkpoint {
            origin: ORIGIN.to_owned(),
            size: size as u64,
            root: root(&self.leaves()[..size]),
            extensions: Vec::new(),
        };
        checkpoint.sign(&log_key()).unwrap().encode().unwrap()
    }

    pub(crate) fn proof(&self, seq: u64) -> String {
        let proof = TlogProof {
            extra: Vec::new(),
            index: seq,
            hashes: inclusion_proof(&self.leaves(), seq).unwrap(),
            checkpoint: self.checkpoint(self.entries.len()),
        };
        proof.encode().unwrap()
    }

    pub(crate) fn pack(&self) -> Result<Vec<u8>, WriteError> {
        let mut out = Vec::new();
        let content = |bytes: &Vec<u8>| Box::new(Cursor::new(bytes.clone())) as Box<dyn ReadSeek>;
        let input = PackInput {
            readme: "What this is.\n",
            status_json: b"{}",
            checkpoint: &self.checkpoint(self.entries.len()),
            entries: &mut self.encoded().into_iter().map(Ok),
            groups: &mut self
                .groups
                .iter()
                .map(|(hash, bytes)| Ok((*hash, bytes.clone()))),
            files: &mut self
                .files
                .iter()
                .map(|(hash, bytes)| Ok((*hash, content(bytes)))),
            withheld: Withholding {
                after: self.after.clone(),
                files: &mut self.withheld_files.iter().cloned().map(Ok::<_, Source>),
                groups: &mut self.withheld.iter().cloned().map(Ok::<_, Source>),
            },
            proofs: self
                .proofs
                .iter()
                .map(|seq| (*seq, self.proof(*seq)))
                .collect(),
            as_of: "2026-03-31",
            known_by: "2026-03-31",
            rules: "2026.1",
            profile: "auditor",
            key: &pack_key(),
        };
        write(&mut out, input, &mut tempfile::tempfile)?;
        Ok(out)
    }
}

pub(crate) fn log_key() -> SigningKey {
    SigningKey::from_seed(ORIGIN, &SEED).unwrap()
}

pub(crate) fn pack_key() -> SigningKey {
    SigningKey::from_seed(&key_name(ORIGIN), &SEED).unwrap()
}

/// Verifies as an auditor who was given the key does, and whose `status.json` comes out the same.
pub(crate) fn verified(pack: &[u8]) -> Report {
    verified_with(pack, &trust())
}

pub(crate) fn trust() -> Trust {
    Trust {
        keys: vec![log_key().verifier().clone()],
        previous: None,
    }
}

pub(crate) fn verified_with(pack: &[u8], trust: &Trust) -> Report {
    let mut source = Cursor::new(pack);
    source.seek(std::io::SeekFrom::End(0)).unwrap();
    let verified = verify(source, &mut tempfile::tempfile, trust, SECRET).unwrap();
    let mut report = verified.report;
    if verified.pack.is_some() {
        report.status_computed(None);
    }
    report
}
