//! Bad input and faults, played against the binary: a clear refusal, and nothing lost.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod desk;
mod tamper;
