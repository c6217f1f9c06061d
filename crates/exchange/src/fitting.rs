//! A mapping laid on the headings of one file.

use std::collections::{HashMap, HashSet};

use thiserror::Error;

use crate::mapping::{Field, Mapping};
use crate::table::Table;
use crate::words::folded;

/// Why a mapping does not fit a file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PlanError {
    /// Columns the mapping names are not in the file.
    #[error(
        "the file has no column {}; it has {}",
        quoted(columns),
        quoted(headings)
    )]
    ColumnsMissing {
        /// The headings missing.
        columns: Vec<String>,
        /// The headings there are.
        headings: Vec<String>,
    },
}

impl PlanError {
    /// Returns the stable word for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ColumnsMissing { .. } => "column_missing",
        }
    }

    /// Returns what to do next.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::ColumnsMissing { .. } => {
                "Correct the headings in the mapping, or set optional = true on a field the file may lack. A mapping that comes with this program reads only the file it is named after: for another, draft one with `minutebook import csv FILE --draft-mapping M.toml`."
            }
        }
    }
}

fn quoted(words: &[String]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
    quoted.join(", ")
}

/// The mapping with columns found, and its tables of choices ready to look up.
pub(crate) struct Fitting<'a> {
    pub mapping: &'a Mapping,
    pub key_columns: Vec<Vec<usize>>,
    pub fields: Vec<FittedField<'a>>,
}

pub(crate) struct FittedField<'a> {
    pub field: &'a Field,
    /// Empty when the column is optional and not there.
    pub columns: Vec<usize>,
    pub fallbacks: Vec<usize>,
    /// By folded text.
    pub choices: HashMap<String, &'a str>,
    /// Folded texts that state nothing.
    pub blank: HashSet<String>,
}

impl<'a> Fitting<'a> {
    pub fn new(table: &Table, mapping: &'a Mapping) -> Result<Self, PlanError> {
        let find = |heading: &String| find(&table.headings, heading);
        let optional = |field: &&Field| field.optional;
        let missing_of = |headings: Vec<&String>| -> Vec<String> {
            headings
                .into_iter()
                .filter(|heading| find(heading).is_none())
                .cloned()
                .collect()
        };
        let mut missing = missing_of(mapping.key.by.iter().flatten().collect());
        for field in mapping.field.iter().filter(|field| !optional(field)) {
            missing.extend(missing_of(
                field.from.headings().iter().chain(&field.or).collect(),
            ));
        }
        missing.sort();
        missing.dedup();
        if !missing.is_empty() {
            let headings = table.headings.clone();
            return Err(PlanError::ColumnsMissing {
                columns: missing,
                headings,
            });
        }
        let key_columns = mapping
            .key
            .by
            .iter()
            .map(|set| set.iter().filter_map(find).collect())
            .collect();
        let fields = mapping
            .field
            .iter()
            .map(|field| FittedField {
                field,
                columns: field.from.headings().iter().filter_map(find).collect(),
                fallbacks: field.or.iter().filter_map(find).collect(),
                choices: field
                    .choices
                    .iter()
                    .map(|(text, to)| (folded(text), to.as_str()))
                    .collect(),
                blank: field.blank.iter().map(|text| folded(text)).collect(),
            })
            .collect();
        Ok(Self {
            mapping,
            key_columns,
            fields,
        })
    }
}

/// Finds a column by its exact heading, else by the one heading that differs
/// only in case, spacing and typography.
fn find(headings: &[String], wanted: &str) -> Option<usize> {
    let exact = headings.iter().position(|heading| heading == wanted.trim());
    exact.or_else(|| {
        let wanted = folded(wanted);
        let mut alike = (0..headings.len()).filter(|at| folded(&headings[*at]) == wanted);
        alike.next().filter(|_| alike.next().is_none())
    })
}
