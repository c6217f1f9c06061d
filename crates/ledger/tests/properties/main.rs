//! What holds of every tree, note and entry: append then prove, tamper then fail, and agreement
//! with other implementations of the same formats.

mod appended;
mod entries;
mod generated;
mod notes;
mod others;
mod tree;
