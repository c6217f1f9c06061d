//! Why one row, or one cell of it, is not taken in.

use serde::Serialize;

/// States what is wrong with a row, where, and what to do next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// A stable word for scripts, for example `row_ragged`.
    pub code: String,
    /// What is wrong, in one sentence.
    pub message: String,
    /// The heading of the cell meant; absent when it is the whole row.
    pub field: Option<String>,
    /// What to do next.
    pub hint: String,
}

impl Refusal {
    /// Returns a refusal of one cell, named by its heading.
    pub fn of_cell(code: &'static str, heading: &str, message: String, hint: &str) -> Self {
        let field = Some(heading.to_owned());
        Self {
            code: code.to_owned(),
            message,
            field,
            hint: hint.to_owned(),
        }
    }

    /// Returns a refusal of a whole row.
    pub fn of_row(code: &'static str, message: String, hint: &str) -> Self {
        Self {
            code: code.to_owned(),
            message,
            field: None,
            hint: hint.to_owned(),
        }
    }
}
