//! The one pass over the file, in which everything is read once.

use std::io::{self, Read, Seek};

use ledger::Hash;
use sha2::{Digest as _, Sha256};

use super::batch::{Checked, Section, Single, check};
use super::log::Log;
use super::report::Failure;
use super::sum::{Secret, Sum};
use crate::MANIFEST;
use crate::crew::{Crew, with_crew};
use crate::digest::Digest;
use crate::zip::{Directory, LONG_BYTES, Member, Part, Stretch, Walk, ZipError};

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

/// A pass that ended early: why, and what it had found by then.
pub(super) struct Ended {
    pub(super) why: Stopped,
    pub(super) failures: Vec<Failure>,
}

/// What the pass leaves for later.
pub(super) struct Pass {
    pub(super) single: Vec<Single>,
    pub(super) tallies: Digests,
    pub(super) log: Log,
    /// What the groups in the pack come to.
    pub(super) groups: Sum,
    /// What their sum and those of the entries were made with.
    pub(super) secret: Secret,
    pub(super) failures: Vec<Failure>,
    /// Stretches that are done with.
    spare: Vec<Stretch>,
    /// Whether nothing more is taken: what comes later in the file tells nothing.
    is_over: bool,
}

/// The digests of the four folders.
#[derive(Default)]
pub(super) struct Digests {
    pub(super) files: Digest,
    pub(super) groups: Digest,
    pub(super) log: Digest,
    pub(super) proofs: Digest,
}

enum Job {
    Check(Stretch),
    Ready(Checked),
}

/// What was found, and a stretch that is done with.
struct Done {
    checked: io::Result<Checked>,
    spare: Stretch,
}

type Workers = Crew<Job, Done>;

impl Pass {
    /// Reads a whole pack. It needs no temporary file: what entries commit to and the groups that are
    /// there are kept as sums.
    pub(super) fn over<R: Read + Seek + Clone + Send>(
        source: &mut R,
        secret: Secret,
    ) -> Result<(Directory, Pass), Ended> {
        let mut pass = Pass {
            single: Vec::new(),
            tallies: Digests::default(),
            log: Log::default(),
            groups: Sum::default(),
            secret,
            failures: Vec::new(),
            spare: Vec::new(),
            is_over: false,
        };
        let file = source.clone();
        let worker = || {
            // Who hashes a part reads it, so that its bytes are still near the processor then.
            let (mut source, mut buffer) = (file.clone(), Vec::new());
            move |job| match job {
                Job::Check(stretch) => Done {
                    checked: check(&stretch, &mut source, &mut buffer, secret),
                    spare: stretch,
                },
                Job::Ready(checked) => Done {
                    checked: Ok(checked),
                    spare: Stretch::default(),
                },
            }
        };
        match with_crew(worker, |workers| pass.walk(source, workers)) {
            Ok(directory) => Ok((directory, pass)),
            Err(why) => Err(Ended {
                why,
                failures: pass.failures,
            }),
        }
    }

    fn walk<R: Read + Seek>(
        &mut self,
        source: &mut R,
        workers: &mut Workers,
    ) -> Result<Directory, Stopped> {
        let mut walk = Walk::start(source)?;
        let walked = self.parts(&mut walk, workers);
        // What stands before the place where the walk ended is told first, whoever was faster.
        while let Some(done) = workers.take() {
            self.collect(done)?;
        }
        walked?;
        Ok(walk.finish()?)
    }

    fn parts<R: Read + Seek>(
        &mut self,
        walk: &mut Walk<'_, R>,
        workers: &mut Workers,
    ) -> Result<(), Stopped> {
        while let Some(part) = walk.next_part(self.spare.pop().unwrap_or_default())? {
            let job = match part {
                Part::Stretch(stretch) => Job::Check(stretch),
                Part::Long(member) => Job::Ready(long_member(walk, &member)?),
            };
            if workers.is_full()
                && let Some(done) = workers.take()
            {
                self.collect(done)?;
            }
            workers.give(job);
        }
        Ok(())
    }

    /// Takes what was found of the next members, in their order, until something ends the pass.
    fn collect(&mut self, done: Done) -> Result<(), Stopped> {
        let Done { checked, spare } = done;
        self.spare.push(spare);
        if self.is_over {
            return Ok(());
        }
        let taken = checked
            .map_err(Stopped::from)
            .and_then(|checked| self.enter(checked));
        self.is_over = taken.is_err();
        taken
    }

    fn enter(&mut self, checked: Checked) -> Result<(), Stopped> {
        self.failures.extend(checked.failures);
        let digest = match checked.section {
            Section::Single => None,
            Section::Files => Some(&mut self.tallies.files),
            Section::Groups => Some(&mut self.tallies.groups),
            Section::Log => Some(&mut self.tallies.log),
            Section::Proofs => Some(&mut self.tallies.proofs),
        };
        if let Some(digest) = digest {
            digest.add(checked.count, &checked.lines);
        }
        self.single.extend(checked.single);
        self.groups.add(checked.groups);
        for tile in checked.tiles {
            let failures = self.log.take(tile).map_err(Stopped::Failure)?;
            self.failures.extend(failures);
        }
        let ends = |what, detail: &str| Err(Stopped::Failure(Failure::new(None, what, detail)));
        if let Some(broken) = checked.broken {
            return Err(Stopped::Failure(broken));
        }
        if self.failures.len() > 1000 {
            let detail = "more than a thousand members or entries do not hold";
            return ends("content", detail);
        }
        if self.single.len() > MAX_SINGLE {
            return ends("member", "the pack has members that no pack has");
        }
        Ok(())
    }
}

/// Hashes a member that is too long for a stretch.
fn long_member<R: Read + Seek>(
    walk: &mut Walk<'_, R>,
    member: &Member,
) -> Result<Checked, Stopped> {
    let name = &member.name;
    let folder = name.find('/').map_or(0, |slash| slash + 1);
    let section = Section::of(&name.as_bytes()[..folder]);
    let may_be_long = section == Section::Files || (section == Section::Single && name != MANIFEST);
    if !may_be_long {
        let detail = format!("{name} is over {LONG_BYTES} bytes");
        return Err(Stopped::Failure(Failure::new(None, "member", detail)));
    }
    let (mut crc, mut sha) = (crc32fast::Hasher::new(), Sha256::new());
    walk.body(member, &mut |bytes| {
        crc.update(bytes);
        sha.update(bytes);
    })?;
    let mut checked = Checked::new(section);
    if crc.finalize() != member.crc32 {
        checked.crc_failure(name);
    }
    checked.enter(name, Hash(sha.finalize().into()));
    Ok(checked)
}
