//! Writes and checks the auditor's file: one zip that can be verified offline, trusting nobody who made it.
//!
//! This crate knows the form of a pack and what makes it whole. It must not know what records mean: who may
//! see what is decided by the caller, and `status.json` is computed, and computed again, by the caller.

mod crew;
mod digest;
pub mod manifest;
mod reader;
pub mod readme;
mod shared;
pub mod tiles;
pub mod verify;
pub mod withheld;
pub mod write;
pub mod zip;

#[cfg(test)]
mod sample;

pub use manifest::{Manifest, ManifestError, Tally, key_name};
pub use reader::{EntryPlace, PackReader, ReadError};
pub use readme::{Readme, Shown, readme_text};
pub use shared::Shared;
pub use verify::{
    Failure, FileCounts, GroupCounts, Head, NOT_EXTENDED, OLDER_PACK, OTHER_LEDGER, Report,
    SECRET_BYTES, Trust, Verified, verify,
};
pub use withheld::{After, WithheldFile, WithheldGroup};
pub use write::{PackInput, Withholding, WriteError, Written, write};

use std::fs::File;
use std::io;

/// Makes an empty temporary file that can be read and written, and that disappears by itself.
pub type NewTemporary<'a> = dyn FnMut() -> io::Result<File> + 'a;

/// The largest number of bytes of a group in a pack.
pub const MAX_GROUP_BYTES: usize = 16 << 20;

/// The largest number of entries of a pack: up to here the tiles' names sort as their indexes do.
pub const MAX_ENTRIES: u64 = 256_000_000;

const README: &str = "README.txt";
const CHECKPOINT: &str = "checkpoint";
const MANIFEST: &str = "manifest";
const STATUS: &str = "status.json";
const WITHHELD: &str = "withheld.json";
const FILES: &str = "files/";
const GROUPS: &str = "groups/";
const LOG: &str = "log/";
const PROOFS: &str = "proofs/";
const PROOF_SUFFIX: &str = ".tlog-proof";

/// The act of an entry that erases groups, and the group that never is.
const ERASURE: &str = "erasure";
const FACTS: &str = "facts";
