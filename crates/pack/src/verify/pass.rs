//! The one pass over the file, in which everything is read once.

use std::fs::File;
use std::io::{self, Read, Seek};

use ledger::Hash;
use sha2::{Digest as _, Sha256};

use super::batch::{Batch, Checked, Section, Single, check};
use super::join::{GroupHashes, Scattered};
use super::log::Log;
use super::report::Failure;
use crate::crew::{Crew, with_crew};
use crate::digest::Digest;
use crate::zip::{Directory, Walk, ZipError};
use crate::{FILES, MANIFEST, NewTemporary};

/// A member longer than this is not held in memory; a full bundle of the longest entries is not.
const LONG_BYTES: u64 = 17 << 20;
/// The members in no folder; more of them are refused before they are counted.
const MAX_SINGLE: usize = 16;

/// Why a pass ends early.
pub(super) enum Stopped {
    Io(io::Error),
    Zip(ZipError),
    Failure(Failure),
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Stopped {
        Stopped::Io(error)
    }
}

impl From<ZipError> for Stopped {
    fn from(error: ZipError) -> Stopped {
        Stopped::Zip(error)
    }
}

/// What the pass leaves for later.
pub(super) struct Pass {
    pub(super) single: Vec<Single>,
    pub(super) tallies: Digests,
    pub(super) log: Log,
    pub(super) commitments: Commitments,
    pub(super) failures: Vec<Failure>,
}

/// The digests of the four folders.
#[derive(Default)]
pub(super) struct Digests {
    pub(super) files: Digest,
    pub(super) groups: Digest,
    pub(super) log: Digest,
    pub(super) proofs: Digest,
}

/// What entries commit to, and the groups that are there.
pub(super) struct Commitments {
    pub(super) scattered: Scattered,
    pub(super) groups: GroupHashes,
    /// Empty, for what `withheld.json` lists.
    pub(super) listed: File,
}

enum Job {
    Check(Batch),
    Ready(Checked),
}

type Workers = Crew<Job, Checked>;

impl Pass {
    /// Reads a whole pack.
    pub(super) fn over<R: Read + Seek>(
        source: &mut R,
        temporary: &mut NewTemporary<'_>,
    ) -> Result<(Directory, Pass), Stopped> {
        let mut pass = Pass {
            single: Vec::new(),
            tallies: Digests::default(),
            log: Log::default(),
            commitments: Commitments {
                scattered: Scattered::new(temporary()?),
                groups: GroupHashes::new(temporary()?),
                listed: temporary()?,
            },
            failures: Vec::new(),
        };
        let work = |job| match job {
            Job::Check(batch) => check(&batch),
            Job::Ready(checked) => checked,
        };
        let directory = with_crew(work, |workers| pass.walk(source, workers))?;
        Ok((directory, pass))
    }

    fn walk<R: Read + Seek>(
        &mut self,
        source: &mut R,
        workers: &mut Workers,
    ) -> Result<Directory, Stopped> {
        let mut walk = Walk::start(source)?;
        let mut batch = Batch::new(Section::Single);
        while let Some(member) = walk.next_member()? {
            let section = Section::of(&member.name);
            if section != batch.section || batch.is_full() {
                self.give(workers, Job::Check(batch))?;
                batch = Batch::new(section);
            }
            if member.size_bytes > LONG_BYTES {
                self.give(workers, Job::Check(batch))?;
                batch = Batch::new(section);
                let checked = long_member(&mut walk, section)?;
                self.give(workers, Job::Ready(checked))?;
                continue;
            }
            let bodies = batch.add(member);
            walk.body(&mut |bytes| bodies.extend_from_slice(bytes))?;
        }
        self.give(workers, Job::Check(batch))?;
        let directory = walk.finish()?;
        while let Some(checked) = workers.take() {
            self.collect(checked)?;
        }
        Ok(directory)
    }

    fn give(&mut self, workers: &mut Workers, job: Job) -> Result<(), Stopped> {
        if matches!(&job, Job::Check(batch) if batch.is_empty()) {
            return Ok(());
        }
        if workers.is_full()
            && let Some(checked) = workers.take()
        {
            self.collect(checked)?;
        }
        workers.give(job);
        Ok(())
    }

    /// Takes what was found of the next members, in their order.
    fn collect(&mut self, checked: Checked) -> Result<(), Stopped> {
        if let Some(broken) = checked.broken {
            return Err(Stopped::Failure(broken));
        }
        self.failures.extend(checked.failures);
        if self.failures.len() > 1000 {
            let what = "more than a thousand members or entries do not hold";
            return Err(Stopped::Failure(Failure::new(None, "content", what)));
        }
        let digest = match checked.section {
            Section::Single => {
                self.single.extend(checked.single);
                if self.single.len() > MAX_SINGLE {
                    let what = "the pack has members that no pack has";
                    return Err(Stopped::Failure(Failure::new(None, "member", what)));
                }
                return Ok(());
            }
            Section::Files => &mut self.tallies.files,
            Section::Groups => &mut self.tallies.groups,
            Section::Log => &mut self.tallies.log,
            Section::Proofs => &mut self.tallies.proofs,
        };
        digest.add(checked.count, &checked.lines);
        for hash in &checked.hashes {
            self.commitments.groups.add(hash)?;
        }
        for mut tile in checked.tiles {
            if let Some(bundle) = &mut tile.bundle {
                for record in std::mem::take(&mut bundle.records) {
                    self.commitments.scattered.add(&record)?;
                }
            }
            let failures = self.log.take(tile).map_err(Stopped::Failure)?;
            self.failures.extend(failures);
        }
        Ok(())
    }
}

/// Hashes a member that is too long for a batch.
fn long_member<R: Read + Seek>(
    walk: &mut Walk<'_, R>,
    section: Section,
) -> Result<Checked, Stopped> {
    let (name, crc32) = (walk.member().name.clone(), walk.member().crc32);
    let may_be_long = name.starts_with(FILES) || (section == Section::Single && name != MANIFEST);
    if !may_be_long {
        let detail = format!("{name} is over {LONG_BYTES} bytes");
        return Err(Stopped::Failure(Failure::new(None, "member", detail)));
    }
    let (mut crc, mut sha) = (crc32fast::Hasher::new(), Sha256::new());
    walk.body(&mut |bytes| {
        crc.update(bytes);
        sha.update(bytes);
    })?;
    let mut checked = Checked::new(section);
    if crc.finalize() != crc32 {
        checked.crc_failure(&name);
    }
    checked.enter(&name, Hash(sha.finalize().into()));
    Ok(checked)
}
