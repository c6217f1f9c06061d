//! A number with what it counts, as messages say it.

use std::fmt::Display;

/// Returns `1 entry`, `3 entries`, `0 files`. `noun` is in the singular, and makes its plural as
/// most do.
///
/// # Example
/// ```
/// assert_eq!(record::counted(1, "entry"), "1 entry");
/// assert_eq!(record::counted(2, "entry"), "2 entries");
/// assert_eq!(record::counted(0_usize, "file"), "0 files");
/// assert_eq!(record::counted(4_u64, "day"), "4 days");
/// ```
pub fn counted<N: Display + PartialEq + From<u8>>(count: N, noun: &str) -> String {
    if count == N::from(1) {
        return format!("{count} {noun}");
    }
    let stem = noun.strip_suffix('y');
    match stem.filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u'])) {
        Some(stem) => format!("{count} {stem}ies"),
        None => format!("{count} {noun}s"),
    }
}
