//! The lock of a data directory: one process writes, and says who it is.

use std::fs::{File, Metadata, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

use crate::error::{Result, StoreError};
use crate::sqlite::private_file;

/// The name of the lock in a data directory.
pub(crate) const NAME: &str = "lock";

/// How long whoever comes second waits before it is told who writes: a command is over in a
/// moment, and a server never is.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long it waits between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// The lock, held until dropped or until the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Lock(File);

impl Lock {
    /// Takes the lock of `dir` and writes `holder` into it. Where another process holds it, waits
    /// a moment first.
    pub(crate) fn take(dir: &Path, holder: &str) -> Result<Self> {
        let path = dir.join(NAME);
        let mut file = private_file()
            .read(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|e| StoreError::write(&path, e))?;
        match patiently(|| file.try_lock(), std::thread::sleep) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(in_use(dir, file)),
            Err(TryLockError::Error(e)) => return Err(StoreError::io(&path, e)),
        }
        // What stands here may be the name of a process that was killed: only the lock counts.
        file.set_len(0)
            .and_then(|()| file.seek(SeekFrom::Start(0)))
            .and_then(|_| writeln!(file, "{holder}"))
            .map_err(|e| StoreError::write(&path, e))?;
        Ok(Self(file))
    }
}

impl Lock {
    /// Makes sure that the lock lies where it was taken: with another in its place a second
    /// process may write.
    pub(crate) fn is_in(&self, dir: &Path) -> Result<()> {
        let path = dir.join(NAME);
        let found = std::fs::symlink_metadata(&path);
        let held = self.0.metadata().map_err(|e| StoreError::io(&path, e))?;
        match found.is_ok_and(|found| same_file(&held, &found)) {
            true => Ok(()),
            false => Err(StoreError::LockGone {
                dir: dir.to_owned(),
            }),
        }
    }
}

/// Returns whether two are of one file: of one that is open, and of what lies under its name.
#[cfg(unix)]
pub fn same_file(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// Returns whether two are of one file: of one that is open, and of what lies under its name.
#[cfg(not(unix))]
pub fn same_file(_: &Metadata, _: &Metadata) -> bool {
    // An open file cannot be moved or taken away there.
    true
}

/// Tries until nobody else holds the lock, for [`PATIENCE`] in all.
fn patiently(
    mut take: impl FnMut() -> std::result::Result<(), TryLockError>,
    mut pause: impl FnMut(Duration),
) -> std::result::Result<(), TryLockError> {
    let mut waited = Duration::ZERO;
    loop {
        match take() {
            Err(TryLockError::WouldBlock) if waited < PATIENCE => {
                pause(PAUSE);
                waited += PAUSE;
            }
            taken => return taken,
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A name left behind would only mislead people; the lock itself goes with the file handle.
        let _ = self.0.set_len(0);
    }
}

/// Returns the refusal that names who holds the lock.
fn in_use(dir: &Path, mut file: File) -> StoreError {
    let mut holder = String::new();
    // An unreadable name must not hide the refusal.
    let _ = file.read_to_string(&mut holder);
    StoreError::InUse {
        dir: dir.to_owned(),
        holder: holder.trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tries a lock that is free after so many looks; returns whether it was taken, and how long
    /// was waited for it.
    fn tried(looks_held: u32) -> (bool, Duration) {
        let (mut looks, mut waited) = (0, Duration::ZERO);
        let take = || {
            looks += 1;
            match looks > looks_held {
                true => Ok(()),
                false => Err(TryLockError::WouldBlock),
            }
        };
        let taken = patiently(take, |pause| waited += pause);
        (taken.is_ok(), waited)
    }

    #[test]
    fn a_lock_that_is_held_is_waited_for_a_moment_and_not_for_ever() {
        assert_eq!(PATIENCE, Duration::from_secs(2));
        assert_eq!(tried(0), (true, Duration::ZERO));
        assert_eq!(tried(3), (true, PAUSE * 3));
        assert_eq!(tried(100), (true, PATIENCE));
        assert_eq!(tried(101), (false, PATIENCE));
    }

    #[test]
    fn a_lock_that_cannot_be_asked_for_is_not_waited_for() {
        let mut waited = false;
        let failed = patiently(
            || Err(TryLockError::Error(std::io::ErrorKind::Unsupported.into())),
            |_| waited = true,
        );
        assert!(matches!(failed, Err(TryLockError::Error(_))) && !waited);
    }
}
