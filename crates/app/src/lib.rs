//! The one door: submit, approve, read, verify, import; the jobs and the clock.
//!
//! This crate must not know any kind's Rust type, SQL, HTTP, HTML, or the environment. The few
//! kinds and fields that it names are text, held to the kinds by a test.

mod addresses;
mod aside;
#[cfg(test)]
mod beside;
mod came;
pub mod chance;
mod checking;
mod citing;
pub mod clock;
mod dates;
mod derive;
mod derived_by;
mod desk;
mod error;
mod exact;
mod export;
mod governing;
mod groups;
mod guard;
mod handle;
mod held;
pub mod import;
mod init;
mod keeping;
mod keys;
mod leaving;
mod left_out;
mod looked_up;
mod marked;
mod model;
mod named;
mod notes;
mod own;
mod packing;
mod place;
mod profile;
mod proved;
mod reading;
mod rebuild;
mod recomputed;
mod restore;
mod shown;
mod signing;
mod stopped;
mod stored;
mod texts;
mod titles;
mod verify;
mod wal;
mod walk;
mod whole;
mod withdrawn;
mod writer;

pub use aside::Aside;
pub use came::BroughtFrom;
pub use checking::check_pack;
pub use citing::{GroupOf, LeavingInFile};
pub use dates::{Moment, Zone};
pub use error::{AppError, Result};
pub use guard::{GuardDir, GuardState};
pub use handle::{Opening, WriterHandle};
pub use init::{FirstIds, Init, init};
pub use keys::LogKey;
pub use leaving::Leaving;
pub use ledger::{Checkpoint, GuardMark, Note, VerifierKey};
pub use looked_up::Strip;
pub use marked::{LeavingElsewhere, LeavingMarked};
pub use model::Model;
pub use notes::EntryNote;
pub use own::is_no_own_file;
pub use pack::readme::{WHO_ACTED, WITHHOLDS};
pub use pack::{Failure, FileCounts, GroupCounts, OLDER_PACK, OTHER_LEDGER, Report, Trust};
pub use place::outside_data;
pub use profile::ABOUT_A_PERSON;
pub use reading::{Asked, Ledger, StatusView};
pub use rebuild::derive_anew;
pub use restore::{BackedUp, backup, restore};
pub use shown::RecordView;
pub use stopped::Stopped;
pub use verify::{DERIVED, GUARD, OTHER_KEY, STOPPED, UNSIGNED, verify};
pub use whole::WholeFile;
pub use withdrawn::Withdrawn;
pub use writer::{Acting, Outcome, Writing, Written};

/// The views that pages and JSON are made from.
pub mod view {
    pub use assess::{
        Affected, Answer, Disposition, Evidence, Finding, Requirement, SlotView, Status, Subject,
        TopManagement,
    };
}
