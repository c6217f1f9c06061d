//! Members in stretches: cut by the walk, checked by the workers.

use std::io::{self, Read, Seek};

use ledger::Hash;
use ledger::hash::sha256;

use super::bundle::{self, BundleFound};
use super::report::Failure;
use super::sum::{Secret, Sum};
use crate::digest::{NAMED_LINE_BYTES, push_named_line, push_summed_line};
use crate::zip::{Found, Stretch, ZipError};
use crate::{FILES, GROUPS, LOG, PROOFS};

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
    /// Returns the section of members in a folder, which is named with its `/`.
    pub(super) fn of(folder: &[u8]) -> Section {
        let folders = [
            (FILES, Section::Files),
            (GROUPS, Section::Groups),
            (LOG, Section::Log),
            (PROOFS, Section::Proofs),
        ];
        let found = folders.iter().find(|(name, _)| name.as_bytes() == folder);
        found.map_or(Section::Single, |(_, section)| *section)
    }
}

/// What a worker found of a stretch.
pub(super) struct Checked {
    pub(super) section: Section,
    pub(super) count: u64,
    /// The lines that the digest of the folder is over.
    pub(super) lines: Vec<u8>,
    /// What the groups come to.
    pub(super) groups: Sum,
    /// Single members.
    pub(super) single: Vec<Single>,
    /// The tiles of the log.
    pub(super) tiles: Vec<TileFound>,
    pub(super) failures: Vec<Failure>,
    /// Why nothing of the file can be read by name: bytes that the writer would not have written,
    /// or that do not have their CRC-32.
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
            groups: Sum::default(),
            single: Vec::new(),
            tiles: Vec::new(),
            failures: Vec::new(),
            broken: None,
        }
    }

    /// Makes room for as many members, where they are many.
    fn expect(&mut self, count: usize) {
        if matches!(self.section, Section::Files | Section::Groups) {
            self.lines.reserve(count * NAMED_LINE_BYTES);
        }
    }

    /// Enters a member whose SHA-256 is `hash`.
    pub(super) fn enter(&mut self, name: &str, hash: Hash) {
        self.count += 1;
        match self.section {
            Section::Files => self.enter_named(&name[FILES.len()..], hash),
            Section::Groups => self.enter_named(&name[GROUPS.len()..], hash),
            Section::Log | Section::Proofs => push_summed_line(&mut self.lines, &hash, name),
            Section::Single => {
                let name = name.to_owned();
                self.single.push(Single { name, hash });
            }
        }
    }

    fn enter_named(&mut self, name: &str, hash: Hash) {
        // To read the digits that are there takes less than to write those that should be.
        if name.parse() == Ok(hash) {
            return push_named_line(&mut self.lines, name.as_bytes());
        }
        push_named_line(&mut self.lines, &hash.digits());
        let detail = format!("the bytes of {name} have the SHA-256 {hash}");
        self.failures.push(Failure::new(None, "content", detail));
    }

    pub(super) fn crc_failure(&mut self, name: &str) {
        let detail = format!("the bytes of {name} do not have the CRC-32 in its header");
        self.broken = Some(Failure::new(None, "zip", detail));
    }
}

/// Reads and checks all of a stretch that needs nothing but the stretch.
pub(super) fn check(
    stretch: &Stretch,
    source: &mut (impl Read + Seek),
    buffer: &mut Vec<u8>,
    secret: Secret,
) -> io::Result<Checked> {
    let mut checked = Checked::new(Section::of(stretch.folder()));
    checked.expect(stretch.count());
    for found in stretch.members(source, buffer)? {
        if let Err(error) = found.map(|found| checked.take(&found, secret)) {
            checked.broken = Some(refused(error));
        }
        if checked.broken.is_some() {
            break;
        }
    }
    Ok(checked)
}

fn refused(error: ZipError) -> Failure {
    Failure::new(None, "zip", error)
}

impl Checked {
    fn take(&mut self, found: &Found<'_>, secret: Secret) {
        let Found { name, body, .. } = *found;
        if crc32fast::hash(body) != found.crc32 {
            return self.crc_failure(name);
        }
        let hash = sha256(body);
        self.enter(name, hash);
        match self.section {
            Section::Groups => {
                self.groups.add(Sum::of(secret, &hash));
                if let Err(error) = ledger::group::open(body) {
                    let detail = format!("{name}: {error}");
                    self.failures.push(Failure::new(None, "group", detail));
                }
            }
            Section::Log => {
                let bundle = bundle::read(&name[LOG.len()..], body, secret);
                self.tiles.push(TileFound {
                    name: name.to_owned(),
                    hash,
                    bundle: bundle.map(Box::new),
                });
            }
            Section::Single | Section::Files | Section::Proofs => {}
        }
    }
}
