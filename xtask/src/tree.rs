//! The files of the checkout as values, so that a check is a pure function of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

/// Every file that git tracks or would track, by its path from the top, `/` between folders.
#[derive(Debug, Default)]
pub struct Tree {
    files: BTreeMap<String, Vec<u8>>,
}

impl Tree {
    /// Reads the checkout: tracked files, and new ones that are not ignored.
    pub fn read(root: &Path) -> anyhow::Result<Self> {
        let listed = Command::new("git")
            .current_dir(root)
            .args([
                "ls-files",
                "-z",
                "--cached",
                "--others",
                "--exclude-standard",
            ])
            .output()
            .context("running git; tidy reads the list of files from it")?;
        if !listed.status.success() {
            bail!(
                "git ls-files failed: {}",
                String::from_utf8_lossy(&listed.stderr).trim()
            );
        }
        let names = String::from_utf8(listed.stdout).context("a file name that is not UTF-8")?;
        let mut files = BTreeMap::new();
        for name in names.split('\0').filter(|name| !name.is_empty()) {
            let path = root.join(name);
            // A tracked file may be deleted and not yet committed as such; a link is read as none.
            if path.is_file() && !path.is_symlink() {
                let bytes = std::fs::read(&path).with_context(|| format!("reading {name}"))?;
                files.insert(name.to_owned(), bytes);
            }
        }
        Ok(Self { files })
    }

    /// Returns a made-up tree.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        let files = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))
            .collect();
        Self { files }
    }

    /// Returns every file with its size in bytes, sorted by path.
    pub fn sizes(&self) -> impl Iterator<Item = (&str, usize)> {
        self.files
            .iter()
            .map(|(path, bytes)| (path.as_str(), bytes.len()))
    }

    /// Returns every file that is text (UTF-8), sorted by path.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().filter_map(|(path, bytes)| {
            let text = std::str::from_utf8(bytes).ok()?;
            Some((path.as_str(), text))
        })
    }

    /// Returns the text of one file; `None` when it is not there or no text.
    pub fn text(&self, path: &str) -> Option<&str> {
        std::str::from_utf8(self.files.get(path)?).ok()
    }

    /// Returns the names of the folders directly inside a folder, sorted.
    pub fn folders(&self, inside: &str) -> BTreeSet<&str> {
        self.files
            .keys()
            .filter_map(|path| path.strip_prefix(inside)?.strip_prefix('/'))
            .filter_map(|rest| Some(rest.split_once('/')?.0))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folders_inside_a_folder_are_named_once_each() {
        let tree = Tree::of(&[
            ("a/b/c.rs", ""),
            ("a/b/d.rs", ""),
            ("a/e.rs", ""),
            ("ab/f/g", ""),
        ]);
        assert_eq!(tree.folders("a"), BTreeSet::from(["b"]));
    }

    #[test]
    fn a_checkout_is_read_with_new_files_and_without_ignored_ones() {
        let folder = tempfile::tempdir().unwrap();
        let git = Command::new("git")
            .current_dir(&folder)
            .args(["init", "-q"])
            .status();
        assert!(git.unwrap().success());
        std::fs::write(folder.path().join(".gitignore"), "built\n").unwrap();
        std::fs::write(folder.path().join("built"), "1").unwrap();
        std::fs::write(folder.path().join("new.rs"), "2").unwrap();

        let tree = Tree::read(folder.path()).unwrap();

        assert_eq!(tree.text("new.rs"), Some("2"));
        assert_eq!(tree.text("built"), None);
    }
}
