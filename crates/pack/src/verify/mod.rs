//! The verifier: every byte of a pack, every entry, every group, every hash, and what binds them.
//!
//! One pass reads the file from front to back: the zip is compared, members are hashed, entries
//! read. What needs two places at once is looked at afterwards: commitments and groups by their sums,
//! and by temporary files where those do not agree, all else by name. Memory does not grow with the
//! pack, but for some bytes for each tile, each 16th name and each group that was erased.

mod batch;
mod bound;
mod bundle;
mod groups;
mod join;
mod log;
mod pass;
mod report;
mod said;
mod sum;

#[cfg(test)]
mod tests;

pub use report::{Failure, FileCounts, GroupCounts, Head, Report, STATUS_NOT_COMPUTED};
pub use said::{NOT_EXTENDED, OLDER_PACK, OTHER_LEDGER};

use std::io::{self, Read, Seek};

use ledger::{Checkpoint, VerifierKey};

use crate::NewTemporary;
use crate::reader::{PackReader, ReadError};
use crate::zip::{self, ZipError};
use groups::Found;
use pass::{Pass, Stopped};
use sum::Secret;

/// The number of bytes of the secret that is drawn for a verification.
pub const SECRET_BYTES: usize = 16;

/// What the verifier brings; nothing of it may come from the pack.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// The keys that the log may have; none when none was given.
    pub keys: Vec<VerifierKey>,
    /// The note of a checkpoint of this log that was seen before.
    pub previous: Option<String>,
}

/// What a verification leaves behind.
#[derive(Debug)]
pub struct Verified<R> {
    /// What was found. `status.json` is in `not_checked` until the caller computed it again and
    /// said so by [`Report::status_computed`].
    pub report: Report,
    /// The pack, to compute `status.json` from it; nothing when the file is too broken to be read.
    pub pack: Option<PackReader<R>>,
}

/// Verifies a pack. It is read by several workers at once, each from a copy of `source` of its own.
///
/// `secret` is drawn for this one verification: whoever knows it beforehand can make a pack that lacks a
/// group and has another in its place. `temporary` is asked for files only when groups and what entries
/// commit to do not agree; they grow to about a third of the pack.
///
/// # Errors
///
/// When a file cannot be read or written, and nothing was found that does not hold by then. Whatever is
/// wrong with the pack is in the report.
pub fn verify<R: Read + Seek + Clone + Send>(
    mut source: R,
    temporary: &mut NewTemporary<'_>,
    trust: &Trust,
    secret: [u8; SECRET_BYTES],
) -> io::Result<Verified<R>> {
    let mut report = Report::default();
    say_what_nobody_demanded(&mut report, trust);
    report.not_checked.push(STATUS_NOT_COMPUTED.to_owned());
    let (directory, pass) = match Pass::over(&mut source, Secret::from(secret)) {
        Ok(passed) => passed,
        Err(ended) => {
            let why = match ended.why {
                Stopped::Io(error) | Stopped::Zip(ZipError::Io(error)) => Err(error),
                Stopped::Zip(error) => Ok(Failure::new(None, "zip", error)),
                Stopped::Failure(failure) => Ok(failure),
            };
            return stopped(report, (why, ended.failures), trust);
        }
    };
    let mut pack = match PackReader::of(zip::Reader::walked(source, directory)) {
        Ok(pack) => pack,
        Err(error) => {
            let why = match error {
                ReadError::Io(error) => Err(error),
                error => Ok(Failure::new(None, "pack", error)),
            };
            return stopped(report, (why, pass.failures), trust);
        }
    };
    match conclude(&mut report, pass, (&mut pack, temporary), trust) {
        Ok(()) => Ok(Verified {
            report,
            pack: Some(pack),
        }),
        Err(error) if report.failures.is_empty() => Err(error),
        Err(error) => {
            let rest = format!("whatever was still to be checked: {STOPPED} that");
            report.not_checked.push(rest);
            report.fail(Failure::new(None, UNREAD, error));
            Ok(Verified { report, pack: None })
        }
    }
}

/// What a failure is of where the file could not be read further.
const UNREAD: &str = "the file cannot be read further";

/// Why nothing is concluded of what follows a failure that ends the verification.
const STOPPED: &str = "the verification stopped before";

/// Returns a verification that ended early: for a failure, which is told first, or where the file could
/// not be read further. What it had found by then does not hold all the same; nothing else is concluded
/// from what was read, and the report says all that is then not known.
///
/// # Errors
///
/// Where the file could not be read further, and nothing was found by then.
fn stopped<R>(
    mut report: Report,
    (why, found): (io::Result<Failure>, Vec<Failure>),
    trust: &Trust,
) -> io::Result<Verified<R>> {
    let why = match why {
        Ok(failure) => failure,
        Err(error) if found.is_empty() => return Err(error),
        Err(error) => Failure::new(None, UNREAD, error),
    };
    report.not_checked.push(match trust.keys.is_empty() {
        true => bound::unsigned(bound::NO_KEY),
        false => bound::unsigned(&format!("{STOPPED} them")),
    });
    let rest = [
        "every entry, and the tree that they make",
        "every group, file and proof",
        "that the members are those the manifest names",
    ];
    let previous = "that the log extends the checkpoint seen before";
    let previous = trust.previous.is_some().then_some(previous);
    for what in rest.into_iter().chain(previous) {
        report.not_checked.push(format!("{what}: {STOPPED} that"));
    }
    for failure in [why].into_iter().chain(found) {
        report.fail(failure);
    }
    Ok(Verified { report, pack: None })
}

/// Looks at everything that needs more than one place of the pack.
fn conclude<R: Read + Seek + Clone>(
    report: &mut Report,
    pass: Pass,
    (pack, temporary): (&mut PackReader<R>, &mut NewTemporary<'_>),
    trust: &Trust,
) -> io::Result<()> {
    report.checkpoint = Some(Head::from(pack.checkpoint()));
    for failure in pass.failures {
        report.fail(failure);
    }
    let log = pass.log.conclude(pack.checkpoint(), report);
    bound::check_members(report, pack.manifest(), &pass.single, pass.tallies);
    bound::check_signatures(report, pack, trust)?;
    let found = Found {
        log: &log,
        groups: pass.groups,
        secret: pass.secret,
    };
    groups::check_groups(report, pack, &found, temporary)?;
    said::check_proofs(report, pack)?;
    if let Some(previous) = &trust.previous {
        said::check_previous(report, pack, previous, &trust.keys)?;
    }
    report.conclude();
    Ok(())
}

fn say_what_nobody_demanded(report: &mut Report, trust: &Trust) {
    let mut nobody = |what: &str| report.not_demanded.push(what.to_owned());
    nobody("a witness: that the log shows everyone the same");
    nobody("a timestamp of a third party");
    nobody("entries newer than the pack's checkpoint");
    if trust.previous.is_none() {
        nobody("that the log extends a checkpoint seen before: none was given");
    }
}

/// Turns what a look-up met into a failure, unless the file could not be read.
fn or_failure<Found>(
    report: &mut Report,
    what: &str,
    looked_up: Result<Found, ReadError>,
) -> io::Result<Option<Found>> {
    match looked_up {
        Ok(found) => Ok(Some(found)),
        Err(ReadError::Io(error)) => Err(error),
        Err(error) => {
            report.fail(Failure::new(None, what, error));
            Ok(None)
        }
    }
}

/// Returns those of the keys that are named as the log is.
fn keys_of(checkpoint: &Checkpoint, keys: &[VerifierKey]) -> Vec<VerifierKey> {
    let is_of = |key: &&VerifierKey| key.name() == checkpoint.origin;
    keys.iter().filter(is_of).cloned().collect()
}
