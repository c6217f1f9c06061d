//! What a fictional board adopted, whether it still stands, and which version counts on a day.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must fail")]

mod accepting;
mod attesting;
mod board;
mod given_on;
mod in_force;
mod minutes;
mod of_day;
mod powers;
