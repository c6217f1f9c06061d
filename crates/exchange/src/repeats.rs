//! Warns of what stands in a file more than once.

use std::collections::HashMap;

use record::counted;

use crate::fitting::Fitting;
use crate::key::Keys;
use crate::plan::{Outcome, RowOutcome};
use crate::table::Table;

/// How many rows a warning names.
const NAMED_MAX: usize = 5;

/// Warns of each row whose number stands in another row too, and of the first of them for the file
/// as a whole. A number is what a set of columns holds that another set stands in for, or the only
/// one: two rows with one number were copied, or one of them was given a wrong one.
pub(crate) fn warn_of_references(
    table: &Table,
    (keys, fitting): (&Keys, &Fitting<'_>),
    rows: &mut [RowOutcome],
) -> Option<String> {
    let numbers = fitting.key_columns.len().saturating_sub(1).max(1);
    let mut said: Vec<String> = Vec::new();
    for (columns, set) in fitting.key_columns.iter().zip(&keys.by_set).take(numbers) {
        for at in repeated(set) {
            let number = number(table, columns, at[0]);
            let of_rows: Vec<usize> = at.iter().map(|at| rows[*at].row).collect();
            let stands = format!("{number} stands in {}", listed(&of_rows));
            for at in at {
                let each = format!("{stands}; each is a record of its own");
                rows[at].warnings.push(each);
            }
            said.push(stands);
        }
    }
    let next = "each row is a record of its own; correct the number of all but one, or delete what was copied";
    match &said[..] {
        [] => None,
        [one] => Some(format!("{one}; {next}")),
        [first, ..] => Some(format!(
            "{} numbers stand in more than one row: {first}, for example; {next}",
            said.len()
        )),
    }
}

/// Returns the rows that share a key under a set of columns, by the first of them.
fn repeated(set: &[Option<String>]) -> Vec<Vec<usize>> {
    let mut having: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, key) in set.iter().enumerate() {
        if let Some(key) = key {
            having.entry(key).or_default().push(at);
        }
    }
    let mut repeated: Vec<Vec<usize>> = having.into_values().filter(|at| at.len() > 1).collect();
    repeated.sort();
    repeated
}

/// Returns what a row says under some headings, such as `agency DHS, id DHS-12`.
fn number(table: &Table, columns: &[usize], at: usize) -> String {
    let cells = &table.rows[at].cells;
    let stated = columns
        .iter()
        .filter(|column| !cells[**column].trim().is_empty());
    let said =
        stated.map(|column| format!("{} {}", table.headings[*column], cells[*column].trim()));
    said.collect::<Vec<_>>().join(", ")
}

/// Returns the numbers of two rows or more in words, the first few of many.
pub fn listed(rows: &[usize]) -> String {
    let named = rows.iter().take(NAMED_MAX).map(usize::to_string);
    let mut named: Vec<String> = named.collect();
    if rows.len() > NAMED_MAX {
        named.push(format!("{} more", rows.len() - NAMED_MAX));
    }
    format!("rows {}", record::listed(&named))
}

/// Warns of each row that has the cells of an earlier one, and of the first of them for the file
/// as a whole. Each stays a record of its own: only a person can tell a row that was copied from
/// two systems that are told of alike.
pub(crate) fn warn_of_rows(table: &Table, rows: &mut [RowOutcome]) -> Option<String> {
    let mut first: HashMap<Vec<&str>, usize> = HashMap::new();
    let mut repeats = Vec::new();
    for (read, row) in table.rows.iter().zip(rows) {
        if row.outcome == Outcome::Refused {
            continue;
        }
        let cells = read.cells.iter().map(|cell| cell.trim()).collect();
        let before = *first.entry(cells).or_insert(row.row);
        if before < row.row {
            row.warnings.push(format!(
                "every cell is as in row {before}; it is kept as a record of its own"
            ));
            repeats.push((row.row, before));
        }
    }
    let (row, before) = *repeats.first()?;
    let have = if repeats.len() == 1 { "has" } else { "have" };
    let rows = counted(repeats.len(), "row");
    Some(format!(
        "{rows} {have} the cells of an earlier one, such as row {row} those of row {before}; each is kept as a record of its own"
    ))
}
