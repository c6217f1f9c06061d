//! A consistent copy of the database while it is being written to.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::Path;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use crate::error::{Result, StoreError};

/// Copies the database as it is now to the file `to`, which must not exist, and makes it durable.
pub(crate) fn copy(from: &Connection, to: &Path) -> Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let mut target = super::connect(to, flags).map_err(|e| StoreError::opening(to, e))?;
    let backup = Backup::new(from, &mut target)?;
    // All pages in one step: one read transaction, so no commit beside us makes it begin again,
    // and in WAL mode a long reader holds no writer up.
    while backup.step(-1)? != StepResult::Done {
        std::thread::yield_now();
    }
    drop(backup);
    target.close().map_err(|(_, e)| e)?;
    sync(to)
}

/// Makes a file or directory durable.
pub(crate) fn sync(path: &Path) -> Result<()> {
    File::open(path)
        .and_then(|file| file.sync_all())
        .map_err(|e| StoreError::io(path, e))
}

/// Creates a directory to write to, or makes sure that it is empty.
///
/// # Errors
/// [`NotEmpty`](StoreError::NotEmpty), [`NotADirectory`](StoreError::NotADirectory),
/// [`ReadOnly`](StoreError::ReadOnly), or a failure of the operating system.
pub fn make_empty(dir: &Path) -> Result<()> {
    fs::create_dir_all(dir).map_err(|e| match e.kind() {
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory => StoreError::NotADirectory {
            path: dir.to_owned(),
        },
        _ => StoreError::write(dir, e),
    })?;
    let mut held = fs::read_dir(dir).map_err(|e| StoreError::io(dir, e))?;
    if held.next().is_some() {
        return Err(StoreError::NotEmpty {
            dir: dir.to_owned(),
        });
    }
    Ok(())
}

/// Gives the finished copy its name, which says that it is finished.
pub(crate) fn finish(partial: &Path, name: &Path) -> Result<()> {
    fs::rename(partial, name).map_err(|e| StoreError::io(name, e))?;
    name.parent().map_or(Ok(()), sync)
}
