//! Bad input and faults, played against the binary: a clear refusal, and nothing lost.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bytes;
mod daily;
mod dates;
mod desk;
mod directory;
mod governed;
mod killed;
mod limits;
mod marks;
mod outside;
mod packs;
mod refusals;
mod tamper;
