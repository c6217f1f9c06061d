//! The one door: submit, approve, read, verify, import; the jobs and the clock.
//!
//! This crate must not know any kind by name, SQL, HTTP, HTML, or the environment.

pub mod chance;
pub mod clock;
mod derive;
mod dates;
mod error;
mod guard;
mod init;
mod keys;
mod reading;
mod desk;
mod signing;
mod stored;
mod verify;
mod writer;

pub use dates::{Moment, Zone};
pub use error::{AppError, Result};
pub use guard::{GuardDir, GuardState};
pub use init::{Init, init};
pub use keys::LogKey;
pub use reading::{Asked, Ledger, RecordView, StatusView, Strip};
pub use verify::{Failure, Report};
pub use writer::{Acting, Outcome, Submission, Written, Writing};

/// The views that pages and JSON are made from.
pub mod view {
    pub use assess::{
        Affected, Answer, DISCLAIMER, Evidence, Finding, Requirement, SlotView, Status, Subject, TopManagement,
    };
}
