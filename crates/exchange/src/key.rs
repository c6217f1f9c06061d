//! By what each row of a file is known again in the next one.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use serde_json::Value;

use crate::fitting::Fitting;
use crate::table::{Row, Table};
use crate::words::{folded, is_error};

/// By what each row of a file could be known.
pub(crate) struct Keys {
    /// The key of each row, in order; none for a row that names nothing to be
    /// known by, or whose cells cannot be told apart.
    ///
    /// Shape of a key: `agency: "DHS", id: "DHS-12"`, and from the second row
    /// among equals on `…, ordinal: 2`. The first keeps the plain key, so that
    /// a twin added later leaves it what it was.
    pub of_rows: Vec<Option<String>>,
    /// For each set of columns, the plain key of each row under it, whether or
    /// not it is unique; none where the row states too little for one.
    pub by_set: Vec<Vec<Option<String>>>,
}

/// What stands between a plain key and the place of its row among equals.
const ORDINAL: &str = ", ordinal: ";

/// Returns the key of the nth row among equals, counted from 1.
pub(crate) fn nth(plain: &str, ordinal: usize) -> String {
    match ordinal {
        0 | 1 => plain.to_owned(),
        _ => format!("{plain}{ORDINAL}{ordinal}"),
    }
}

/// Returns a key without its ordinal. Values end in a quotation mark, so none
/// passes for one.
pub(crate) fn plain(key: &str) -> &str {
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match key.rsplit_once(ORDINAL) {
        Some((plain, ordinal)) if !ordinal.is_empty() && is_number(ordinal) => plain,
        _ => key,
    }
}

/// Returns by what the rows of a file could be known.
pub(crate) fn keys(table: &Table, fitting: &Fitting<'_>) -> Keys {
    let unusable = unusable(fitting);
    Keys {
        of_rows: of_rows(table, fitting, &unusable),
        by_set: by_set(table, fitting, &unusable),
    }
}

fn by_set(
    table: &Table,
    fitting: &Fitting<'_>,
    unusable: &HashSet<String>,
) -> Vec<Vec<Option<String>>> {
    let unknown: Vec<Option<String>> = vec![None; table.rows.len()];
    let sets = fitting.key_columns.iter().enumerate();
    sets.map(|(at, columns)| {
        let is_last = at + 1 == fitting.key_columns.len();
        let states_enough = |values: &[&str]| {
            let mut usable = values.iter().map(|value| is_usable(value, unusable));
            match is_last {
                true => usable.any(|is| is),
                false => usable.all(|is| is),
            }
        };
        let values = values(table, fitting, columns, &unknown).into_iter();
        let stated = values.map(|values| values.filter(|values| states_enough(values)));
        stated
            .map(|values| values.map(|values| key_text(columns, &values, table)))
            .collect()
    })
    .collect()
}

fn of_rows(
    table: &Table,
    fitting: &Fitting<'_>,
    unusable: &HashSet<String>,
) -> Vec<Option<String>> {
    let mut keys: Vec<Option<String>> = vec![None; table.rows.len()];
    for columns in &fitting.key_columns {
        let values = values(table, fitting, columns, &keys);
        let mut seen: HashMap<&[&str], usize> = HashMap::new();
        let usable = |values: &[&str]| values.iter().all(|value| is_usable(value, unusable));
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
            unusable,
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
        *key = Some(nth(&text_of(values), *ordinal));
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

/// Returns by what a record could be known besides its key, as its own cells give it: under the
/// sets before that of its key, and under that set where the cells say something else by now. A
/// number that stood twice once, or was given later, is that of its record all the same.
pub(crate) fn besides(
    (key, body): (&str, &Value),
    table: &Table,
    fitting: &Fitting<'_>,
) -> Vec<String> {
    let unusable = unusable(fitting);
    let mut besides = Vec::new();
    for columns in &fitting.key_columns {
        let cells = columns.iter();
        let cells: Vec<&str> = cells
            .map(|column| cell(body, *column, (table, fitting)))
            .collect();
        if cells.iter().all(|value| is_usable(value, &unusable)) {
            besides.push(key_text(columns, &cells, table));
        }
        if is_of(plain(key), columns, table) {
            besides.retain(|one| one != plain(key));
            return besides;
        }
    }
    // It was made under columns that the mapping does not know rows by any more.
    Vec::new()
}

/// Says whether a plain key is one under these columns.
fn is_of(key: &str, columns: &[usize], table: &Table) -> bool {
    let mut rest = key;
    for (at, column) in columns.iter().enumerate() {
        let separator = if at == 0 { "" } else { ", " };
        let heading = format!("{separator}{}: ", table.headings[*column]);
        let Some(value) = rest.strip_prefix(&heading) else {
            return false;
        };
        let mut values = serde_json::Deserializer::from_str(value).into_iter::<String>();
        if values.next().is_none_or(|value| value.is_err()) {
            return false;
        }
        rest = &value[values.byte_offset()..];
    }
    rest.is_empty()
}

/// Returns what a record has of a column: as received, or in the one field that holds it in full.
fn cell<'b>(body: &'b Value, column: usize, (table, fitting): (&Table, &Fitting<'_>)) -> &'b str {
    let received = body.get("as_received");
    let received = received.and_then(|cells| cells.get(&table.headings[column]));
    let fields = fitting.fields.iter();
    let mut held = fields
        .filter(|field| field.columns[..] == [column])
        .filter_map(|field| body.pointer(&format!("/{}", field.field.to.replace('.', "/"))));
    let text = received.or_else(|| held.next());
    text.and_then(Value::as_str).unwrap_or_default().trim()
}

fn unusable(fitting: &Fitting<'_>) -> HashSet<String> {
    let texts = fitting.mapping.key.unusable.iter();
    texts.map(|text| folded(text)).collect()
}

fn is_usable(value: &str, unusable: &HashSet<String>) -> bool {
    !value.is_empty() && !is_error(value) && !unusable.contains(&folded(value))
}

fn key_text(columns: &[usize], values: &[&str], table: &Table) -> String {
    let mut text = String::new();
    for (column, value) in columns.iter().zip(values) {
        let separator = if text.is_empty() { "" } else { ", " };
        let value = Value::from(*value);
        // Writing to a String cannot fail.
        let _ = write!(text, "{separator}{}: {value}", table.headings[*column]);
    }
    text
}
