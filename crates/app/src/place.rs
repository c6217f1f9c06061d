//! Where things lie: paths as they really are, and what may not lie within what.

use std::path::{Path, PathBuf};

use record::Refusal;

/// What is copied or handed out is written elsewhere than where the ledger lives, or the next copy
/// holds it too, and what keeps the ledger is written among it.
///
/// # Errors
/// Refuses a path that lies in one of these directories, each of which is called by what it is.
pub(crate) fn outside(path: &Path, of: &[(&Path, &str)]) -> Result<(), Refusal> {
    let Some((dir, called)) = of.iter().find(|(dir, _)| lies_in(path, dir)) else {
        return Ok(());
    };
    let what = format!(
        "{} lies in {called} {}, and nothing but the ledger is written there.",
        path.display(),
        dir.display()
    );
    let next = "Name a place outside it.";
    Err(Refusal::new("wrong_use", what).hint(next))
}

/// What a data directory is called.
pub(crate) const DATA: &str = "the data directory";

/// Makes sure that what is handed out is not written into the data directory.
///
/// # Errors
/// Refuses a place that lies there.
pub fn outside_data(out: &Path, data: &Path) -> crate::Result<()> {
    Ok(outside(out, &[(data, DATA)])?)
}

/// Returns whether a path is a directory or lies somewhere in it, whatever links lead there.
pub(crate) fn lies_in(path: &Path, dir: &Path) -> bool {
    resolved(path).starts_with(resolved(dir))
}

/// Returns a path as it really is, as far as it is there.
fn resolved(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut there = whole.ancestors();
    let found = there.find_map(|one| Some((one, one.canonicalize().ok()?)));
    let Some((ancestor, mut real)) = found else {
        return whole;
    };
    for part in whole.strip_prefix(ancestor).unwrap_or(Path::new("")) {
        match part == ".." {
            true => drop(real.pop()),
            false => real.push(part),
        }
    }
    real
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_path_lies_in_a_directory_whatever_it_is_called() {
        let folder = tempfile::tempdir().unwrap();
        let (data, beside) = (folder.path().join("data"), folder.path().join("data-2"));
        fs::create_dir_all(data.join("files")).unwrap();
        fs::create_dir(&beside).unwrap();
        std::os::unix::fs::symlink(&data, beside.join("link")).unwrap();
        for inside in [
            data.clone(),
            data.join("files/new/out.zip"),
            data.join("not/there/../../files"),
            beside.join("../data/out.zip"),
            beside.join("link/out.zip"),
        ] {
            assert!(lies_in(&inside, &data), "{}", inside.display());
            assert!(lies_in(&inside, &beside.join("link")));
        }
        for outside in [
            folder.path().to_owned(),
            beside.clone(),
            data.join("../out.zip"),
            beside.join("link/../out.zip"),
        ] {
            assert!(!lies_in(&outside, &data), "{}", outside.display());
        }
    }
}
