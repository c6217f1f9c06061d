//! Names the sources that decide what is derived, so that rows derived by others are known.

use std::error::Error;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// The folders whose code decides what is derived from the entries: the functions of the kinds do,
/// too, whichever kinds a program is put together with.
const DERIVING: [&str; 4] = ["../assess/src", "../kinds/src", "../record/src", "src"];

fn main() -> Result<(), Box<dyn Error>> {
    let mut files = Vec::new();
    for folder in DERIVING {
        println!("cargo::rerun-if-changed={folder}");
        gather(Path::new(folder), &mut files)?;
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        fs::read(file)?.hash(&mut hasher);
    }
    println!("cargo::rustc-env=DERIVED_BY={:016x}", hasher.finish());
    Ok(())
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            gather(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
