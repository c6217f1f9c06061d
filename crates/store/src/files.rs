//! Files: stored once under the SHA-256 of their bytes, and never changed.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};

use crate::error::{Result, StoreError};
use crate::lock::same_file;
use crate::naming::name_once;
use crate::rows::Hash;
use crate::sqlite::backup::sync;
use crate::sqlite::{private, private_file};

/// The most bytes a stored file may have.
pub const FILE_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// Begins the names of files that are still being written.
const PARTIAL: &str = "partial-";

/// Bytes read at once.
const BUFFER_BYTES: usize = 64 * 1024;

/// Tells apart the partial files of this process; other processes have other numbers.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// The files of a data directory.
#[derive(Debug, Clone)]
pub struct Files {
    /// The folder that holds them.
    pub folder: PathBuf,
    /// The most bytes a file may have; [`FILE_BYTES_MAX`] unless a test wants less.
    pub limit_bytes: u64,
}

/// What became of a stored file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileCheck {
    /// Its bytes have the hash they are stored under.
    Sound,
    /// They have another.
    Damaged,
    /// There is no such file.
    Missing,
}

impl Files {
    /// Returns the files of the data directory `dir`, which need not have any yet.
    pub fn in_dir(dir: &Path) -> Self {
        Self {
            folder: dir.join("files"),
            limit_bytes: FILE_BYTES_MAX,
        }
    }

    /// Stores the bytes of a source, durable on return, and returns their SHA-256. Bytes that
    /// are stored already are left as they are. What a process that was killed left half-written is
    /// removed first.
    ///
    /// # Errors
    ///
    /// [`TooLarge`](StoreError::TooLarge), in which case nothing is kept,
    /// [`FileDamaged`](StoreError::FileDamaged) where other bytes stand under that hash,
    /// [`ReadOnly`](StoreError::ReadOnly), [`DiskFull`](StoreError::DiskFull), or a fault, one
    /// of the source included.
    pub async fn add(&self, source: &mut (dyn Read + Send)) -> Result<Hash> {
        self.sweep()?;
        self.put(source, None)
    }

    /// Opens a stored file for reading.
    ///
    /// # Errors
    ///
    /// [`NoFile`](StoreError::NoFile), or a fault.
    pub async fn open(&self, hash: &Hash) -> Result<File> {
        let path = self.path(hash);
        if is_other(&path) {
            return Err(damaged(hash));
        }
        File::open(&path).map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => StoreError::NoFile {
                sha256: hex::encode(hash),
            },
            _ => StoreError::io(&path, e),
        })
    }

    /// Copies a stored file to `sink`, and makes sure that its bytes have the hash they are stored
    /// under.
    ///
    /// # Errors
    ///
    /// [`NoFile`](StoreError::NoFile), [`FileDamaged`](StoreError::FileDamaged) where they have
    /// another, or a fault; what was written until then is not the file.
    pub async fn give(&self, hash: &Hash, sink: &mut (dyn Write + Send)) -> Result<()> {
        let mut source = self.open(hash).await?;
        let path = self.path(hash);
        match hash_into(&mut source, sink, u64::MAX, &path)? == *hash {
            true => Ok(()),
            false => Err(damaged(hash)),
        }
    }

    /// Returns the hashes of all stored files, in order.
    ///
    /// # Errors
    ///
    /// A fault.
    pub async fn list(&self) -> Result<Vec<Hash>> {
        let mut hashes = Vec::new();
        for folder in names(&self.folder)? {
            if folder.len() != 2 {
                continue;
            }
            for name in names(&self.folder.join(folder))? {
                let mut hash = Hash::default();
                if hex::decode_to_slice(&name, &mut hash).is_ok() {
                    hashes.push(hash);
                }
            }
        }
        hashes.sort_unstable();
        Ok(hashes)
    }

    /// Reads a stored file again and compares it with its hash.
    ///
    /// # Errors
    ///
    /// A fault.
    pub async fn verify(&self, hash: &Hash) -> Result<FileCheck> {
        self.check(hash)
    }

    /// Copies a stored file to another folder under its name, as it is: a damaged one may be all
    /// that is left. One that is there already, and is sound, stays.
    pub(crate) fn copy(&self, hash: &Hash, to: &Self) -> Result<()> {
        let path = self.path(hash);
        if is_other(&path) {
            // Nothing of it can be copied, and `verify` names it.
            return Ok(());
        }
        let mut source = File::open(&path).map_err(|e| StoreError::io(&path, e))?;
        to.put(&mut source, Some(hash)).map(|_| ())
    }

    /// Removes what a process that was killed left half-written; what another is writing stays.
    pub(crate) fn sweep(&self) -> Result<()> {
        for name in names(&self.folder)? {
            let path = self.folder.join(&name);
            if !name.starts_with(PARTIAL) {
                continue;
            }
            // Held until its name is gone: whoever has just begun it sees that, and begins another.
            let Ok(_held) = unheld(&path) else { continue };
            match fs::remove_file(&path) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => {
                    return Err(StoreError::write(&path, e));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Stores the bytes of a source under their hash, or under another name.
    fn put(&self, source: &mut dyn Read, name: Option<&Hash>) -> Result<Hash> {
        private(&self.folder).map_err(|e| StoreError::write(&self.folder, e))?;
        // Also where it was there already: whoever made it may not have come this far.
        if let Some(above) = self.folder.parent() {
            sync(above)?;
        }
        let (mut file, partial) = self.begin()?;
        let stored = self.write(&mut file, &partial, source).and_then(|hash| {
            let settled = self.settle(&partial, (name.unwrap_or(&hash), &hash));
            settled.map(|()| hash)
        });
        // What is stored has another name by now; what is not is of no use.
        let removed = fs::remove_file(&partial);
        let hash = stored?;
        match removed {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(StoreError::io(&partial, e)),
            _ => Ok(hash),
        }
    }

    /// Begins a file under a name that nobody has, held until it is closed.
    fn begin(&self) -> Result<(File, PathBuf)> {
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let partial = format!("{PARTIAL}{}-{number}", std::process::id());
            let partial = self.folder.join(partial);
            let file = match private_file().create_new(true).open(&partial) {
                // One that was killed may have had the same number, as it is given out again.
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => continue,
                created => created.map_err(|e| StoreError::write(&partial, e))?,
            };
            match file.lock() {
                // A disk that knows no locks: nothing is swept there.
                Err(e) if e.kind() == io::ErrorKind::Unsupported => return Ok((file, partial)),
                held => held.map_err(|e| StoreError::io(&partial, e))?,
            }
            // Whoever swept may have been faster, and then it has no name any more.
            let held = file.metadata().map_err(|e| StoreError::io(&partial, e))?;
            let found = fs::symlink_metadata(&partial);
            if found.is_ok_and(|found| same_file(&held, &found)) {
                return Ok((file, partial));
            }
        }
    }

    /// Writes the source to `file`, which lies at `partial`, durable on return, and returns its hash.
    fn write(&self, file: &mut File, partial: &Path, source: &mut dyn Read) -> Result<Hash> {
        let hash = hash_into(source, file, self.limit_bytes, partial)?;
        file.sync_all().map_err(|e| StoreError::io(partial, e))?;
        Ok(hash)
    }

    /// Gives the file its final name, durable on return, without ever replacing one.
    fn settle(&self, partial: &Path, (name, hash): (&Hash, &Hash)) -> Result<()> {
        let path = self.path(name);
        let folder = path.parent().expect("a path made by `path` has a folder");
        if !folder.is_dir() {
            private(folder).map_err(|e| StoreError::write(folder, e))?;
        }
        sync(&self.folder)?;
        match name_once(partial, &path) {
            Ok(()) => {}
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
                if is_other(&path) || ![Some(*name), Some(*hash)].contains(&self.found(name)?) {
                    return Err(damaged(name));
                }
            }
            Err(e) => return Err(StoreError::write(&path, e)),
        }
        // Also where it was there already: whoever named it may not have come this far.
        sync(folder)
    }

    fn check(&self, hash: &Hash) -> Result<FileCheck> {
        if is_other(&self.path(hash)) {
            return Ok(FileCheck::Damaged);
        }
        Ok(match self.found(hash)? {
            None => FileCheck::Missing,
            Some(found) if found == *hash => FileCheck::Sound,
            Some(_) => FileCheck::Damaged,
        })
    }

    /// Returns the hash of the bytes that stand under a name; none where there are none.
    fn found(&self, name: &Hash) -> Result<Option<Hash>> {
        let path = self.path(name);
        match File::open(&path) {
            Ok(mut file) => hash_into(&mut file, &mut io::sink(), u64::MAX, &path).map(Some),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(StoreError::io(&path, e)),
        }
    }

    fn path(&self, hash: &Hash) -> PathBuf {
        let name = hex::encode(hash);
        self.folder.join(&name[..2]).join(name)
    }
}

/// Returns a half-written file, held from now on until it is closed; none where it is no file.
///
/// # Errors
/// That whoever writes it holds it.
fn unheld(path: &Path) -> std::result::Result<Option<File>, TryLockError> {
    if is_other(path) {
        return Ok(None);
    }
    // What cannot be opened is held by nobody; it may have its final name by now.
    let Ok(file) = File::options().read(true).write(true).open(path) else {
        return Ok(None);
    };
    file.try_lock().map(|()| Some(file))
}

/// Returns whether something else than a file has its name: a pipe would be waited for, for ever.
fn is_other(path: &Path) -> bool {
    path.metadata().is_ok_and(|found| !found.is_file())
}

fn damaged(hash: &Hash) -> StoreError {
    StoreError::FileDamaged {
        sha256: hex::encode(hash),
    }
}

/// Copies `source` into `sink` up to the limit and returns the SHA-256 of what was copied.
fn hash_into(
    source: &mut dyn Read,
    sink: &mut dyn Write,
    limit_bytes: u64,
    path: &Path,
) -> Result<Hash> {
    let mut digest = Sha256::new();
    let mut buffer = vec![0; BUFFER_BYTES];
    let mut size_bytes = 0;
    loop {
        let read = match source.read(&mut buffer) {
            Ok(0) => return Ok(digest.finalize().into()),
            Ok(read) => read,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(StoreError::io(path, e)),
        };
        size_bytes += read as u64;
        if size_bytes > limit_bytes {
            return Err(StoreError::TooLarge { limit_bytes });
        }
        digest.update(&buffer[..read]);
        sink.write_all(&buffer[..read])
            .map_err(|e| StoreError::io(path, e))?;
    }
}

/// Returns the names in a folder, in no order; none where there is no such folder.
fn names(folder: &Path) -> Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) if e.kind() == io::ErrorKind::NotADirectory => return Ok(Vec::new()),
        Err(e) => return Err(StoreError::io(folder, e)),
    };
    let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    names
        .collect::<io::Result<_>>()
        .map_err(|e| StoreError::io(folder, e))
}
