//! A file that has its name only once it is whole: whoever is killed while writing it leaves a
//! file under another name, which the next run replaces.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use store::same_file;

use crate::error::{AppError, Result};

/// A file being written beside the name it is to have.
#[derive(Debug)]
pub struct WholeFile {
    /// Where to write, from the start.
    pub file: File,
    partial: PathBuf,
    name: PathBuf,
    /// Whether it takes the place of one that has its name.
    is_renewed: bool,
}

impl WholeFile {
    /// Begins a file that is to be called `name`, empty, read by its owner alone and held by this
    /// process. One that a killed process left beside it is written over.
    ///
    /// # Errors
    /// A name that is taken, another process that is writing this file, or a fault.
    pub fn begin(name: &Path) -> Result<Self> {
        if fs::symlink_metadata(name).is_ok() {
            return Err(AppError::creating(
                name,
                io::ErrorKind::AlreadyExists.into(),
            ));
        }
        Self::begin_beside(name, false)
    }

    /// Begins a file that takes the place of the one called `name`, if there is one, when it is
    /// whole.
    ///
    /// # Errors
    /// As `begin`, a name that is taken apart.
    pub fn renew(name: &Path) -> Result<Self> {
        Self::begin_beside(name, true)
    }

    fn begin_beside(name: &Path, is_renewed: bool) -> Result<Self> {
        let failed = |error| AppError::creating(name, error);
        let partial = beside(name);
        let file = loop {
            let opened = store::private_file()
                .read(true)
                .create(true)
                .truncate(false)
                .open(&partial);
            let file = opened.map_err(failed)?;
            hold(&file, &partial)?;
            // Whoever held it before may have finished, and then it has its name by now.
            if !is_at(&file, &partial).map_err(failed)? {
                continue;
            }
            // One that was killed between its last two steps left this name on a whole file, which
            // may have been moved since.
            if has_another_name(&file).map_err(failed)? {
                fs::remove_file(&partial).map_err(failed)?;
                continue;
            }
            break file;
        };
        // What was left there may be open to others, and what is written now is not for them.
        file.set_len(0)
            .and_then(|()| own_alone(&file))
            .map_err(failed)?;
        Ok(Self {
            file,
            partial,
            name: name.to_owned(),
            is_renewed,
        })
    }

    /// Makes what was written durable and gives it its name, without ever replacing a file.
    ///
    /// # Errors
    /// A name that was taken meanwhile, or a fault; there is no file then.
    pub fn finish(self) -> Result<()> {
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::AlreadyExists => AppError::creating(&self.name, error),
            _ => AppError::io(format!("writing {}", self.name.display()), error),
        };
        // If we crash after either step, the bytes are whole under both names or under one.
        let named = self.file.sync_all().and_then(|()| self.settle());
        if let Err(error) = named {
            let error = failed(error);
            return Err(self.given_up(error));
        }
        sync_folder(&self.name).map_err(failed)
    }

    /// Removes what was written: half a file is none.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn discard(self) -> Result<()> {
        fs::remove_file(&self.partial)
            .map_err(|error| AppError::io(format!("removing {}", self.partial.display()), error))
    }

    /// Removes what was written, and returns why: that it could not be removed either is logged,
    /// and takes nothing from what went wrong first.
    pub fn given_up(self, because: AppError) -> AppError {
        if let Err(error) = self.discard() {
            tracing::warn!(%error, "half a file is left behind");
        }
        because
    }

    fn settle(&self) -> io::Result<()> {
        if self.is_renewed {
            return fs::rename(&self.partial, &self.name);
        }
        store::name_once(&self.partial, &self.name)
    }
}

/// Returns the name that a file has while it is being written.
fn beside(name: &Path) -> PathBuf {
    let mut partial = OsString::from(name);
    partial.push(".minutebook-partial");
    partial.into()
}

/// Lets only its owner read and write a file.
fn own_alone(file: &File) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mut access = file.metadata()?.permissions();
        if access.mode() & 0o077 != 0 {
            access.set_mode(0o600);
            return file.set_permissions(access);
        }
    }
    Ok(())
}

/// Holds a file until it is closed, so that no second process writes it.
pub(crate) fn hold(file: &File, partial: &Path) -> Result<()> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(AppError::io(
            format!("writing {}", partial.display()),
            io::Error::new(
                io::ErrorKind::ResourceBusy,
                "another process is writing it; wait for that one, or name another file",
            ),
        )),
        // A disk that knows no locks: the name alone tells them apart.
        Err(TryLockError::Error(_)) => Ok(()),
    }
}

/// Returns whether a file still lies where it was opened. A link that somebody laid there is
/// not followed: nothing was written yet.
pub(crate) fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => {
            let what = format!("{} is a link: remove it, and try again", path.display());
            Err(io::Error::other(what))
        }
        Ok(found) => Ok(same_file(&file.metadata()?, &found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(unix)]
fn has_another_name(file: &File) -> io::Result<bool> {
    Ok(std::os::unix::fs::MetadataExt::nlink(&file.metadata()?) > 1)
}

#[cfg(not(unix))]
fn has_another_name(_: &File) -> io::Result<bool> {
    Ok(false)
}

fn sync_folder(name: &Path) -> io::Result<()> {
    let folder = name.parent().filter(|path| !path.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn begun(name: &Path, bytes: &[u8]) -> WholeFile {
        let mut whole = WholeFile::begin(name).unwrap();
        whole.file.write_all(bytes).unwrap();
        whole
    }

    fn names(folder: &Path) -> Vec<OsString> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_has_its_name_when_it_is_whole_and_not_before() {
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().join("council.zip");
        let whole = begun(&name, b"whole");
        assert!(!name.exists());
        whole.finish().unwrap();
        assert_eq!(fs::read(&name).unwrap(), b"whole");
        assert_eq!(names(folder.path()), ["council.zip"]);
        begun(&folder.path().join("other.zip"), b"half")
            .discard()
            .unwrap();
        assert_eq!(names(folder.path()), ["council.zip"]);
    }

    #[test]
    fn what_a_killed_process_left_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().join("council.zip");
        fs::write(beside(&name), "much that was left").unwrap();
        begun(&name, b"whole").finish().unwrap();
        assert_eq!(fs::read(&name).unwrap(), b"whole");
        assert_eq!(names(folder.path()), ["council.zip"]);
    }

    #[test]
    fn a_whole_file_whose_second_name_was_left_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let (name, kept) = (folder.path().join("a.zip"), folder.path().join("kept.zip"));
        fs::write(&kept, "whole").unwrap();
        fs::hard_link(&kept, beside(&name)).unwrap();
        begun(&name, b"later").finish().unwrap();
        assert_eq!(fs::read(&kept).unwrap(), b"whole");
        assert_eq!(fs::read(&name).unwrap(), b"later");
        assert_eq!(names(folder.path()), ["a.zip", "kept.zip"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_is_its_owners_alone_from_its_first_byte_on_whatever_was_left() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().join("council.zip");
        fs::write(beside(&name), "left").unwrap();
        fs::set_permissions(beside(&name), fs::Permissions::from_mode(0o644)).unwrap();
        for _ in 0..2 {
            let whole = WholeFile::begin(&name).unwrap();
            let mode = whole.file.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
            whole.discard().unwrap();
        }
    }

    #[test]
    fn a_file_that_is_there_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().join("council.zip");
        let whole = begun(&name, b"later");
        fs::write(&name, "earlier").unwrap();
        assert!(whole.finish().is_err());
        assert!(WholeFile::begin(&name).is_err());
        assert_eq!(fs::read(&name).unwrap(), b"earlier");
        assert_eq!(names(folder.path()), ["council.zip"]);
    }

    #[test]
    fn a_file_that_is_renewed_is_the_earlier_one_until_the_later_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().join("register.results.csv");
        for (before, now) in [(None, &b"earlier"[..]), (Some("earlier"), b"later")] {
            let mut whole = WholeFile::renew(&name).unwrap();
            whole.file.write_all(now).unwrap();
            assert_eq!(fs::read_to_string(&name).ok().as_deref(), before);
            whole.finish().unwrap();
            assert_eq!(fs::read(&name).unwrap(), now);
        }
        WholeFile::renew(&name).unwrap().discard().unwrap();
        assert_eq!(fs::read(&name).unwrap(), b"later");
        assert_eq!(names(folder.path()), ["register.results.csv"]);
    }

    #[test]
    fn what_went_wrong_first_is_told_though_half_a_file_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().join("council.zip");
        let whole = begun(&name, b"half");
        fs::remove_file(beside(&name)).unwrap();
        let told = whole.given_up(AppError::Fault("the entries are gone".to_owned()));
        assert_eq!(told.to_string(), "the entries are gone");
        let whole = begun(&name, b"half");
        let told = whole.given_up(AppError::Fault("the entries are gone".to_owned()));
        assert_eq!(told.to_string(), "the entries are gone");
        assert_eq!(names(folder.path()), [] as [OsString; 0]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_laid_in_the_way_is_not_written_through() {
        let folder = tempfile::tempdir().unwrap();
        let (name, other) = (folder.path().join("a.zip"), folder.path().join("other"));
        fs::write(&other, "of somebody else").unwrap();
        std::os::unix::fs::symlink(&other, beside(&name)).unwrap();
        let refused = WholeFile::begin(&name).unwrap_err().to_string();
        assert!(refused.contains("is a link: remove it"), "{refused}");
        assert_eq!(fs::read(&other).unwrap(), b"of somebody else");
    }

    #[test]
    fn two_that_write_one_file_are_told_so() {
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().join("council.zip");
        let first = begun(&name, b"first");
        let second = WholeFile::begin(&name).unwrap_err().to_string();
        assert!(second.contains("another process is writing it"), "{second}");
        first.finish().unwrap();
        assert_eq!(fs::read(&name).unwrap(), b"first");
    }
}
