//! A consistent copy of a data directory while it is being written to.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use crate::error::{Result, StoreError};
use crate::lock::{self, Lock};

/// The name of a database that is still being copied.
const PARTIAL: &str = "minutebook.db.partial";

/// What SQLite may leave of a database when it is killed, by the end of its name.
const ENDS: [&str; 4] = ["", "-journal", "-wal", "-shm"];

/// A copy of a data directory that lacks only its name, which says that it is finished. What the
/// application keeps beside the database goes along before that.
#[derive(Debug)]
#[must_use]
pub struct Copied {
    dir: PathBuf,
    _lock: Lock,
}

impl Copied {
    /// Takes a directory that is new or empty, or holds a copy that was interrupted, which is
    /// begun again.
    pub(crate) fn begin(dir: &Path) -> Result<Self> {
        make_ready(dir)?;
        let lock = Lock::take(dir, "backup")?;
        for end in ENDS {
            let left = dir.join(format!("{PARTIAL}{end}"));
            match fs::remove_file(&left) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => {
                    return Err(StoreError::write(&left, e));
                }
                _ => {}
            }
        }
        Ok(Self {
            dir: dir.to_owned(),
            _lock: lock,
        })
    }

    /// Copies the database as it is now, durable on return.
    pub(crate) fn database(&self, from: &Connection) -> Result<()> {
        let to = self.dir.join(PARTIAL);
        let made = super::private_file().create_new(true).open(&to);
        drop(made.map_err(|e| StoreError::write(&to, e))?);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
        let mut target = super::connect(&to, flags).map_err(|e| StoreError::opening(&to, e))?;
        let backup = Backup::new(from, &mut target)?;
        // All pages in one step: one read transaction, so no commit beside us makes it begin
        // again, and in WAL mode a long reader holds no writer up.
        while backup.step(-1)? != StepResult::Done {
            std::thread::yield_now();
        }
        drop(backup);
        target.close().map_err(|(_, e)| e)?;
        sync(&to)
    }

    /// Gives the copy its name, durable on return.
    ///
    /// # Errors
    ///
    /// A fault; the copy is unfinished then.
    pub fn finish(self) -> Result<()> {
        // If we crash before the rename the copy is unfinished, and says so to whoever opens it;
        // after it, everything beside the database is there.
        sync(&self.dir)?;
        let name = self.dir.join(super::DATABASE);
        fs::rename(self.dir.join(PARTIAL), &name).map_err(|e| StoreError::io(&name, e))?;
        sync(&self.dir)
    }
}

/// Makes a file or directory durable.
pub(crate) fn sync(path: &Path) -> Result<()> {
    File::open(path)
        .and_then(|file| file.sync_all())
        .map_err(|e| StoreError::io(path, e))
}

/// Creates a directory to write to, durable on return with those above it, or makes sure that it is
/// empty.
///
/// # Errors
/// [`NotEmpty`](StoreError::NotEmpty), [`NotADirectory`](StoreError::NotADirectory),
/// [`ReadOnly`](StoreError::ReadOnly), or a failure of the operating system.
pub fn make_empty(dir: &Path) -> Result<()> {
    make_lasting(dir)?;
    let mut held = fs::read_dir(dir).map_err(|e| StoreError::io(dir, e))?;
    if held.next().is_some() {
        return Err(StoreError::NotEmpty {
            dir: dir.to_owned(),
        });
    }
    Ok(())
}

pub(crate) fn make(dir: &Path) -> Result<()> {
    super::private(dir).map_err(|e| match e.kind() {
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory => StoreError::NotADirectory {
            path: dir.to_owned(),
        },
        _ => StoreError::write(dir, e),
    })
}

/// Creates a directory where needed, durable on return with each of those it had to make above it.
pub(crate) fn make_lasting(dir: &Path) -> Result<()> {
    let is_new = |path: &&Path| !path.as_os_str().is_empty() && !path.exists();
    let new: Vec<&Path> = dir.ancestors().take_while(is_new).collect();
    make(dir)?;
    for made in new {
        // A directory is as durable as its name in the one above.
        let above = made.parent().filter(|path| !path.as_os_str().is_empty());
        sync(above.unwrap_or(Path::new(".")))?;
    }
    Ok(())
}

/// Returns whether a directory holds a copy that was interrupted.
pub(crate) fn is_unfinished(dir: &Path) -> bool {
    dir.join(PARTIAL).is_file() && !dir.join(super::DATABASE).exists()
}

/// Creates `dir`, or makes sure that it is empty or holds an unfinished copy.
fn make_ready(dir: &Path) -> Result<()> {
    if !dir.is_dir() {
        make(dir)?;
        // A directory is as durable as its name in the one above.
        let above = dir.parent().filter(|path| !path.as_os_str().is_empty());
        sync(above.unwrap_or(Path::new(".")))?;
    }
    match is_unfinished(dir) {
        true => Ok(()),
        false => own_alone(dir),
    }
}

/// Makes sure that a directory holds nothing yet, and that only its owner may enter it.
pub(crate) fn own_alone(dir: &Path) -> Result<()> {
    let mut held = fs::read_dir(dir).map_err(|e| StoreError::io(dir, e))?;
    // The lock is taken before anything else is written.
    let is_empty = held.all(|entry| entry.is_ok_and(|entry| entry.file_name() == lock::NAME));
    if !is_empty {
        return Err(StoreError::NotEmpty {
            dir: dir.to_owned(),
        });
    }
    super::make_private(dir).map_err(|e| StoreError::write(dir, e))
}
