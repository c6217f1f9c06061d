//! Where a record made from a row of somebody's table came from.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::fields::FileHash;

/// The fields that a kind has whose records can be made from rows: a [`Source`], and the cells
/// that have no field, as received, by their headings.
pub const FIELDS: [&str; 2] = ["source", "as_received"];

/// Where an imported entry came from.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The file.
    file: FileHash,
    /// The row, counted from 1 below the headings.
    row: u32,
    /// What the row is known by.
    key: String,
    /// The mapping it was read with.
    mapping: String,
}
