//! Files that were named: read no further than is taken.

use std::fs::{File, Metadata};
use std::io::Read;
use std::path::Path;

use app::{AppError, Result};
use record::Refusal;

/// Most bytes of a text that is read whole: a mapping, a key, a policy, a checkpoint.
const TEXT_BYTES: u64 = 1 << 20;

/// The word for a file that is read, and is no text.
pub const NOT_UTF8: &str = "not_utf8";

/// Opens a file for reading.
pub fn open(path: &Path) -> Result<File> {
    if path.is_dir() {
        let what = format!("{} is a directory, not a file.", path.display());
        let next = "Name a file in it.";
        return Err(Refusal::new("wrong_use", what).hint(next).into());
    }
    File::open(path).map_err(|error| reading(path, error))
}

/// Opens a file to be kept as evidence: one that has an end, and holds something.
pub fn evidence(path: &Path) -> Result<File> {
    let refused = |what: String, next: &str| {
        let what = format!("{} {what}", path.display());
        Err(Refusal::new("wrong_use", what).hint(next).into())
    };
    // Before it is opened: to open a pipe is to wait for whoever writes to it.
    let found = path.metadata().map_err(|error| reading(path, error))?;
    if found.is_dir() {
        return refused(
            "is a directory, not a file.".to_owned(),
            "Add its files one by one, or put them into one file first.",
        );
    }
    if !found.is_file() {
        return refused(
            format!("is {}, not a file.", sort(&found)),
            "Write what it gives into a file first, and add that.",
        );
    }
    if found.len() == 0 {
        return refused(
            "is empty: it holds nothing, and states nothing.".to_owned(),
            "Look whether it was saved whole, and add it again.",
        );
    }
    open(path)
}

#[cfg(unix)]
fn sort(found: &Metadata) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    match found.file_type() {
        sort if sort.is_fifo() => "a pipe",
        sort if sort.is_socket() => "a socket",
        _ => "a device",
    }
}

#[cfg(not(unix))]
fn sort(_: &Metadata) -> &'static str {
    "a device"
}

/// Returns what a file holds; of one that has more bytes than `most`, that many and one.
pub fn bytes(path: &Path, most: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?
        .take(most + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| reading(path, error))?;
    Ok(bytes)
}

/// Returns the text of a file.
pub fn text(path: &Path) -> Result<String> {
    let bytes = bytes(path, TEXT_BYTES)?;
    let refused = |what: &str, next: &str| {
        let what = format!("{} {what}", path.display());
        AppError::from(Refusal::new("wrong_use", what).hint(next))
    };
    if bytes.len() as u64 > TEXT_BYTES {
        let next = "Look whether it is the file you meant.";
        return Err(refused("has more than 1,048,576 bytes.", next));
    }
    String::from_utf8(bytes).map_err(|_| {
        let what = format!("{} is not UTF-8 text.", path.display());
        Refusal::new(NOT_UTF8, what)
            .hint("Save it as UTF-8.")
            .into()
    })
}

fn reading(path: &Path, error: std::io::Error) -> AppError {
    AppError::io(format!("reading {}", path.display()), error)
}
