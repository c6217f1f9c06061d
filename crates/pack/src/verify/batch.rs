//! Members in batches: gathered by the walk, checked by the workers.

use ledger::Hash;
use ledger::hash::sha256;

use super::bundle::{self, BundleFound};
use super::report::Failure;
use crate::digest::{push_named_line, push_summed_line};
use crate::zip::Member;
use crate::{FILES, GROUPS, LOG, PROOFS};

/// A batch is given to a worker when it has this many bytes, or this many members.
const BATCH_BYTES: usize = 1 << 18;
const BATCH_MEMBERS: usize = 4096;

/// The folder a member is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Single,
    Files,
    Groups,
    Log,
    Proofs,
}

impl Section {
    pub(super) fn of(name: &str) -> Section {
        let folders = [
            (FILES, Section::Files),
            (GROUPS, Section::Groups),
            (LOG, Section::Log),
            (PROOFS, Section::Proofs),
        ];
        let folder = folders.iter().find(|(prefix, _)| name.starts_with(prefix));
        folder.map_or(Section::Single, |(_, section)| *section)
    }
}

/// Members of one section, one behind the other.
pub(super) struct Batch {
    pub(super) section: Section,
    names: String,
    bodies: Vec<u8>,
    parts: Vec<Part>,
}

#[derive(Clone, Copy, Default)]
struct Part {
    name_end: usize,
    body_end: usize,
    crc32: u32,
}

impl Batch {
    pub(super) fn new(section: Section) -> Batch {
        Batch {
            section,
            names: String::new(),
            bodies: Vec::new(),
            parts: Vec::new(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    pub(super) fn is_full(&self) -> bool {
        self.bodies.len() >= BATCH_BYTES || self.parts.len() >= BATCH_MEMBERS
    }

    /// Adds a member, and returns where its bytes are to be appended, all of them.
    pub(super) fn add(&mut self, member: &Member) -> &mut Vec<u8> {
        self.names.push_str(&member.name);
        self.parts.push(Part {
            name_end: self.names.len(),
            body_end: self.bodies.len() + member.size_bytes as usize,
            crc32: member.crc32,
        });
        &mut self.bodies
    }

    fn members(&self) -> impl Iterator<Item = (&str, &[u8], u32)> {
        let mut before = Part::default();
        self.parts.iter().map(move |part| {
            let name = &self.names[before.name_end..part.name_end];
            let body = &self.bodies[before.body_end..part.body_end];
            before = *part;
            (name, body, part.crc32)
        })
    }
}

/// What a worker found of a batch.
pub(super) struct Checked {
    pub(super) section: Section,
    pub(super) count: u64,
    /// The lines that the digest of the folder is over.
    pub(super) lines: Vec<u8>,
    /// The hashes of groups, in order.
    pub(super) hashes: Vec<Hash>,
    /// Single members.
    pub(super) single: Vec<Single>,
    /// The tiles of the log.
    pub(super) tiles: Vec<TileFound>,
    pub(super) failures: Vec<Failure>,
    /// Why nothing of the file can be read by name: bytes that do not have their CRC-32.
    pub(super) broken: Option<Failure>,
}

/// A member that is in no folder.
pub(super) struct Single {
    pub(super) name: String,
    pub(super) hash: Hash,
}

/// A member of `log/`.
pub(super) struct TileFound {
    pub(super) name: String,
    pub(super) hash: Hash,
    /// What is in it when it is a bundle that can be read.
    pub(super) bundle: Option<Box<BundleFound>>,
}

impl Checked {
    pub(super) fn new(section: Section) -> Checked {
        Checked {
            section,
            count: 0,
            lines: Vec::new(),
            hashes: Vec::new(),
            single: Vec::new(),
            tiles: Vec::new(),
            failures: Vec::new(),
            broken: None,
        }
    }

    /// Enters a member whose SHA-256 is `hash`.
    pub(super) fn enter(&mut self, name: &str, hash: Hash) {
        self.count += 1;
        match self.section {
            Section::Files => self.enter_named(&name[FILES.len()..], hash),
            Section::Groups => {
                self.enter_named(&name[GROUPS.len()..], hash);
                self.hashes.push(hash);
            }
            Section::Log | Section::Proofs => push_summed_line(&mut self.lines, &hash, name),
            Section::Single => {
                let name = name.to_owned();
                self.single.push(Single { name, hash });
            }
        }
    }

    fn enter_named(&mut self, name: &str, hash: Hash) {
        let digits = hash.digits();
        push_named_line(&mut self.lines, &digits);
        if name.as_bytes() != digits {
            let detail = format!("the bytes of {name} have the SHA-256 {hash}");
            self.failures.push(Failure::new(None, "content", detail));
        }
    }

    pub(super) fn crc_failure(&mut self, name: &str) {
        let detail = format!("the bytes of {name} do not have the CRC-32 in its header");
        self.broken = Some(Failure::new(None, "zip", detail));
    }
}

/// Checks all of a batch that needs nothing but the batch.
pub(super) fn check(batch: &Batch) -> Checked {
    let mut checked = Checked::new(batch.section);
    for (name, body, crc32) in batch.members() {
        if crc32fast::hash(body) != crc32 {
            checked.crc_failure(name);
        }
        let hash = sha256(body);
        checked.enter(name, hash);
        match batch.section {
            Section::Groups => {
                if let Err(error) = ledger::group::open(body) {
                    let detail = format!("{name}: {error}");
                    checked.failures.push(Failure::new(None, "group", detail));
                }
            }
            Section::Log => {
                let bundle = bundle::read(&name[LOG.len()..], body);
                checked.tiles.push(TileFound {
                    name: name.to_owned(),
                    hash,
                    bundle: bundle.map(Box::new),
                });
            }
            Section::Single | Section::Files | Section::Proofs => {}
        }
    }
    checked
}
