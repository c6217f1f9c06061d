//! Gives a file its name, without ever replacing one that has it.

use std::fs;
use std::io;
use std::path::Path;

/// Gives the file `partial` the name `name` instead of its own.
///
/// # Errors
///
/// Of the kind [`AlreadyExists`](io::ErrorKind::AlreadyExists) where the name is taken, or what the
/// operating system says; the file has its own name still.
pub fn name_once(partial: &Path, name: &Path) -> io::Result<()> {
    named_by(partial, name, |from, to| fs::hard_link(from, to))
}

fn named_by(
    partial: &Path,
    name: &Path,
    link: impl Fn(&Path, &Path) -> io::Result<()>,
) -> io::Result<()> {
    match link(partial, name) {
        Ok(()) => fs::remove_file(partial),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        // A disk without hard links, such as FAT and exFAT: looking first is the best that can be
        // done there. Whatever else was wrong, renaming says so too.
        Err(_) if fs::symlink_metadata(name).is_ok() => Err(io::ErrorKind::AlreadyExists.into()),
        Err(_) => fs::rename(partial, name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a disk without hard links says.
    fn no_links(_: &Path, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::PermissionDenied.into())
    }

    fn linked(from: &Path, to: &Path) -> io::Result<()> {
        fs::hard_link(from, to)
    }

    #[test]
    fn a_file_gets_its_name_and_replaces_none_also_on_a_disk_without_hard_links() {
        for link in [linked, no_links] {
            let dir = tempfile::tempdir().unwrap();
            let [partial, name] = ["partial-1", "minutes"].map(|one| dir.path().join(one));
            fs::write(&partial, "first").unwrap();
            named_by(&partial, &name, link).unwrap();
            assert_eq!(fs::read(&name).unwrap(), b"first");
            assert!(!partial.exists());
            fs::write(&partial, "second").unwrap();
            let taken = named_by(&partial, &name, link).unwrap_err();
            assert_eq!(taken.kind(), io::ErrorKind::AlreadyExists);
            assert_eq!(fs::read(&name).unwrap(), b"first");
            assert_eq!(fs::read(&partial).unwrap(), b"second");
        }
    }

    #[test]
    fn what_stands_against_the_name_is_said() {
        for link in [linked, no_links] {
            let dir = tempfile::tempdir().unwrap();
            let partial = dir.path().join("partial-1");
            fs::write(&partial, "first").unwrap();
            let failed = named_by(&partial, &dir.path().join("not/there"), link).unwrap_err();
            assert_eq!(failed.kind(), io::ErrorKind::NotFound);
            assert_eq!(fs::read(&partial).unwrap(), b"first");
        }
    }
}
