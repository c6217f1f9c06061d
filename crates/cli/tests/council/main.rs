//! The sample organisation, played through the one door: its states, its sentences, its packs.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must fail")]

mod came;
mod forged;
mod given;
mod kept;
mod keys;
mod packs;
mod sentences;
mod shapes;
mod states;
