//! The vocabulary: what a kind of record is, what a Command asks, and how it is decided.
//!
//! This crate must not know any kind's Rust type, any SQL, the clock, or randomness: ids and times
//! arrive as arguments. The few kinds and fields that it names are text, held to the kinds by a
//! test.

mod adopting;
pub mod approve;
pub mod attendance;
pub mod attestable;
mod attested;
mod authority;
mod authors;
mod blank;
mod called;
pub mod choices;
mod citing;
pub mod command;
mod corrected;
mod counted;
mod dated;
pub mod decide;
pub mod event;
pub mod fields;
mod flat;
mod held;
mod hidden;
pub mod json;
mod leaving;
mod listed;
mod marks;
pub mod named_by;
mod naming;
mod of_day;
pub mod put_right;
pub mod records;
pub mod refusal;
pub mod shape;
pub mod slots;
pub mod source;
pub mod spec;
mod stay;
mod still;
pub mod stretches;
pub mod terms;
mod texts;
mod unread;
mod withdrawal;

pub use approve::{Approval, Approver, Quorum};
pub use blank::is_blank;
pub use command::{BroughtIn, Command, Mark, Move, Put};
pub use counted::counted;
pub use dated::days_at;
pub use decide::{Actor, Context, NewEntry, decide};
pub use event::{Act, Begin, Event, Facts, at};
pub use fields::{Cite, Day, FileHash, PartialDate, Token};
pub use flat::flat;
pub use hidden::without_hidden;
pub use leaving::{Leaving, Left};
pub use listed::listed;
pub use marks::{BASIS_LENGTH_MAX, MARK};
pub use records::{Record, Records, State, Version};
pub use refusal::Refusal;
pub use shape::Shape;
pub use source::Source;
pub use spec::{Kind, KindSpec, MoveSpec, Problem, Registry, Stay};
pub use texts::{TITLE_LENGTH_MAX, break_in, control_in, first_text, misplaced};

/// What stands on everything handed out.
pub const DISCLAIMER: &str = "Computed from this organisation's records; not an audit conclusion.";
