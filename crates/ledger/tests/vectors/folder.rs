//! Finds and reads the test data.

use std::fs;
use std::io::{Write as _, stderr};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

/// Returns the folder of one made-up set, which is always there.
pub fn made_up(set: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(set)
}

/// Returns the folder of one published set, or nothing, and says so, where the shared data is not
/// at hand. On a build server (`CI=true`) that is a failure.
///
/// The shared data lies beside the workspace, or where `MINUTEBOOK_SHARED` says.
pub fn published(set: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = environment("MINUTEBOOK_SHARED").map_or(beside, PathBuf::from);
    let folder = shared.join("data/vectors").join(set);
    if folder.is_dir() {
        return Some(folder);
    }
    let missing = format!("the test data {set} is not in {}", shared.display());
    assert_ne!(environment("CI").as_deref(), Some("true"), "{missing}");
    // Past the test harness, which would show nothing of a test that passes.
    writeln!(stderr(), "SKIPPED: {missing}").expect("standard error is open");
    None
}

#[expect(
    clippy::disallowed_methods,
    reason = "the tests' one reader of the environment, to find data outside the repository"
)]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Returns the files below `folder` whose name ends so, sorted.
pub fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder can be listed") {
            let path = entry.expect("the folder can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Returns the bytes of a file.
pub fn bytes(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Returns what a JSON file holds.
pub fn json<Value: DeserializeOwned>(path: &Path) -> Value {
    serde_json::from_slice(&bytes(path))
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
