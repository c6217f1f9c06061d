//! File in, plan out: reads registers that others keep as CSV or XLSX.
//!
//! The crate is pure. It must not know files, clocks, chance, or any kind's Rust type: what a column
//! becomes is said by a mapping, which is data. The few kinds and fields that it names are text, held
//! to the kinds by a test.
//!
//! [`table`] reads the bytes, [`mapping`] says what becomes of each column,
//! [`kind`] holds that to what the kind of record has, [`plan`] compares with earlier runs, [`results`] writes what became of
//! each row, [`draft`] proposes a mapping for a file nobody has mapped yet.

mod body;
mod claims;
mod code_pages;
mod dates;
mod delimited;
mod digits;
pub mod draft;
mod encoding;
mod fitting;
mod formats;
mod key;
pub mod kind;
pub mod limits;
pub mod mapping;
pub mod plan;
pub mod refusal;
mod repeats;
pub mod results;
mod schema;
mod shown;
pub mod table;
mod words;
mod workbook;

pub use dates::Order;
