//! The lock of a data directory: one process writes, and says who it is.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::error::{Result, StoreError};

/// The name of the lock in a data directory.
pub(crate) const NAME: &str = "lock";

/// The lock, held until dropped or until the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Lock(File);

impl Lock {
    /// Takes the lock of `dir` and writes `holder` into it.
    pub(crate) fn take(dir: &Path, holder: &str) -> Result<Self> {
        let path = dir.join(NAME);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|e| StoreError::write(&path, e))?;
        match file.try_lock() {
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
