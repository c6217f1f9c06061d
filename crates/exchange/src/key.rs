//! By what each row of a file is known again in the next one.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use crate::fitting::Fitting;
use crate::table::{Row, Table};
use crate::words::{folded, is_error};

/// Returns the key of each row, in order; none for a row that names nothing
/// to be known by, or whose cells cannot be told apart.
///
/// Shape of a key: `agency: "DHS", id: "DHS-12"`, and from the second row
/// among equals on `…, ordinal: 2`. The first keeps the plain key, so that a
/// twin added later leaves it what it was.
pub(crate) fn keys(table: &Table, fitting: &Fitting<'_>) -> Vec<Option<String>> {
    let unusable: HashSet<String> = fitting
        .mapping
        .key
        .unusable
        .iter()
        .map(|text| folded(text))
        .collect();
    let mut keys: Vec<Option<String>> = vec![None; table.rows.len()];
    for columns in &fitting.key_columns {
        let values = values(table, fitting, columns, &keys);
        let mut seen: HashMap<&[&str], usize> = HashMap::new();
        let usable = |values: &[&str]| values.iter().all(|value| is_usable(value, &unusable));
        for values in values.iter().flatten().filter(|values| usable(values)) {
            *seen.entry(values).or_default() += 1;
        }
        for (key, values) in keys
            .iter_mut()
            .zip(&values)
            .filter(|(key, _)| key.is_none())
        {
            let alone = values
                .as_deref()
                .filter(|values| seen.get(values) == Some(&1));
            *key = alone.map(|values| key_text(columns, values, table));
        }
    }
    if let Some(columns) = fitting.key_columns.last() {
        let values = values(table, fitting, columns, &keys);
        number_equals(
            &mut keys,
            &values,
            |values| key_text(columns, values, table),
            &unusable,
        );
    }
    keys
}

/// Gives the rows that no set made unique the last set's key, and an ordinal
/// from the second among equals on.
fn number_equals(
    keys: &mut [Option<String>],
    values: &[Option<Vec<&str>>],
    text_of: impl Fn(&[&str]) -> String,
    unusable: &HashSet<String>,
) {
    let mut ordinals: HashMap<&[&str], usize> = HashMap::new();
    let named = keys.iter_mut().zip(values).filter(|(key, _)| key.is_none());
    for (key, values) in named {
        let Some(values) = values else { continue };
        if !values.iter().any(|value| is_usable(value, unusable)) {
            continue;
        }
        let ordinal = ordinals.entry(values).or_default();
        *ordinal += 1;
        let mut text = text_of(values);
        if *ordinal > 1 {
            // Writing to a String cannot fail.
            let _ = write!(text, ", ordinal: {ordinal}");
        }
        *key = Some(text);
    }
}

/// Returns each row's values in the columns of one set. There are none for a
/// row whose cells cannot be told apart, or which misses a cell that an
/// earlier or this set needs: under a later set it would pass for another row.
fn values<'a>(
    table: &'a Table,
    fitting: &Fitting<'_>,
    columns: &[usize],
    keys: &[Option<String>],
) -> Vec<Option<Vec<&'a str>>> {
    let needed: HashSet<usize> = fitting
        .key_columns
        .iter()
        .take_while(|set| set.as_slice() != columns)
        .flatten()
        .chain(columns)
        .copied()
        .collect();
    let of = |(row, key): (&'a Row, &Option<String>)| {
        let whole = row.cells.len() == table.headings.len();
        let sound = key.is_some() || row.damaged.iter().all(|column| !needed.contains(column));
        let value = |column: &usize| row.cells[*column].trim();
        (whole && sound).then(|| columns.iter().map(value).collect())
    };
    table.rows.iter().zip(keys).map(of).collect()
}

fn is_usable(value: &str, unusable: &HashSet<String>) -> bool {
    !value.is_empty() && !is_error(value) && !unusable.contains(&folded(value))
}

fn key_text(columns: &[usize], values: &[&str], table: &Table) -> String {
    let mut text = String::new();
    for (column, value) in columns.iter().zip(values) {
        let separator = if text.is_empty() { "" } else { ", " };
        let value = serde_json::Value::from(*value);
        // Writing to a String cannot fail.
        let _ = write!(text, "{separator}{}: {value}", table.headings[*column]);
    }
    text
}
