//! The ledger against test data that others published, and against a little of the same shape
//! that was made up here and lies in `tests/data`, so that the same code runs without the former.

mod ed25519;
mod folder;
mod merkle;
mod sigstore;
mod sunlight;
mod tessera;
mod tiles;
mod wide;
