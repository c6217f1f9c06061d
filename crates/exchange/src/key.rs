//! By what each row of a file is known again in the next one.

use std::borrow::Cow;
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

/// Returns a key without its ordinal.
pub(crate) fn plain(key: &str) -> &str {
    parts(key).0
}

/// Returns a key without its ordinal, and that. Values end in a quotation mark, so none passes
/// for one.
fn parts(key: &str) -> (&str, usize) {
    let of = |(plain, ordinal): (_, &str)| Some((plain, ordinal.parse().ok()?));
    key.rsplit_once(ORDINAL).and_then(of).unwrap_or((key, 1))
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
        let states_enough = |values: &[Cow<'_, str>]| {
            let mut usable = values.iter().map(|value| is_usable(value, unusable));
            match is_last {
                true => usable.any(|is| is),
                false => usable.all(|is| is),
            }
        };
        let values = values(table, fitting, columns, &unknown).into_iter();
        let stated = values.map(|values| values.filter(|values| states_enough(values)));
        stated
            .map(|values| values.map(|values| key_text(&fitting.mapping.key.by[at], &values)))
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
    for (columns, headings) in fitting.key_columns.iter().zip(&fitting.mapping.key.by) {
        let values = values(table, fitting, columns, &keys);
        let mut seen: HashMap<&[Cow<'_, str>], usize> = HashMap::new();
        let usable =
            |values: &Vec<Cow<'_, str>>| values.iter().all(|value| is_usable(value, unusable));
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
            *key = alone.map(|values| key_text(headings, values));
        }
    }
    let last = fitting
        .key_columns
        .last()
        .zip(fitting.mapping.key.by.last());
    if let Some((columns, headings)) = last {
        let values = values(table, fitting, columns, &keys);
        number_equals(
            &mut keys,
            &values,
            |values| key_text(headings, values),
            unusable,
        );
    }
    keys
}

/// Gives the rows that no set made unique the last set's key, and an ordinal
/// from the second among equals on.
fn number_equals(
    keys: &mut [Option<String>],
    values: &[Option<Vec<Cow<'_, str>>>],
    text_of: impl Fn(&[Cow<'_, str>]) -> String,
    unusable: &HashSet<String>,
) {
    let mut ordinals: HashMap<&[Cow<'_, str>], usize> = HashMap::new();
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
) -> Vec<Option<Vec<Cow<'a, str>>>> {
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
        let value = |column: &usize| compared(&row.cells[*column]);
        (whole && sound).then(|| columns.iter().map(value).collect())
    };
    table.rows.iter().zip(keys).map(of).collect()
}

/// By what a record of an earlier run is known.
pub(crate) struct Known {
    /// The key that it was made under, as the keys of this file are written.
    pub key: String,
    /// What its own cells give under the sets before that of its key, and under that set where
    /// they say something else by now. A number that stood twice once, or was given later, is that
    /// of its record all the same.
    pub besides: Vec<String>,
    /// What its own cells give under the sets after that, by which a row is known that has lost
    /// its number.
    pub later: Vec<String>,
}

/// Returns by what a record is known: its key, and what its body says.
pub(crate) fn known((key, body): (&str, &Value), table: &Table, fitting: &Fitting<'_>) -> Known {
    let unusable = unusable(fitting);
    let (own, ordinal) = parts(key);
    let mut known = Known {
        key: key.to_owned(),
        besides: Vec::new(),
        later: Vec::new(),
    };
    let mut before: Option<&Vec<usize>> = None;
    for (columns, headings) in fitting.key_columns.iter().zip(&fitting.mapping.key.by) {
        let of = |column: &usize| compared(cell(body, *column, (table, fitting)));
        let cells: Vec<Cow<'_, str>> = columns.iter().map(of).collect();
        if let Some(made_under) = before {
            // It has to say more than what it shares with the set of its key, such as the agency.
            let mut more = columns.iter().zip(&cells);
            if more
                .any(|(column, value)| !made_under.contains(column) && is_usable(value, &unusable))
            {
                known.later.push(key_text(headings, &cells));
            }
            continue;
        }
        if cells.iter().all(|value| is_usable(value, &unusable)) {
            known.besides.push(key_text(headings, &cells));
        }
        if let Some(values) = values_of(own, headings) {
            let values: Vec<Cow<'_, str>> = values.iter().map(|text| compared(text)).collect();
            let own = key_text(headings, &values);
            known.besides.retain(|one| *one != own);
            known.key = nth(&own, ordinal);
            before = Some(columns);
        }
    }
    if before.is_none() {
        // It was made under columns that the mapping does not know rows by any more.
        known.besides.clear();
    }
    known
}

/// Returns the values of a plain key, where it is one under these headings, whatever their case
/// and spacing.
fn values_of(key: &str, headings: &[String]) -> Option<Vec<String>> {
    let mut rest = key;
    let mut values = Vec::new();
    for heading in headings {
        let begins = if values.is_empty() { "" } else { ", " };
        rest = rest.strip_prefix(begins)?;
        let mut ends = rest.match_indices(": \"");
        let (end, _) = ends.find(|(end, _)| folded(&rest[..*end]) == folded(heading))?;
        let value = &rest[end + 2..];
        let mut read = serde_json::Deserializer::from_str(value).into_iter::<String>();
        values.push(read.next()?.ok()?);
        rest = &value[read.byte_offset()..];
    }
    rest.is_empty().then_some(values)
}

/// Returns a key in which numbers lack the zeros in front of them, which a spreadsheet adds and
/// takes away.
pub(crate) fn unpadded(key: &str) -> Cow<'_, str> {
    if !key.contains("\"0") || key.contains('\\') {
        return Cow::Borrowed(key);
    }
    let unpad = |(at, part): (usize, &'_ str)| {
        let is_number = at % 2 == 1 && part.bytes().all(|byte| byte.is_ascii_digit());
        let bare = part.trim_start_matches('0');
        match (is_number, bare.is_empty() && !part.is_empty()) {
            (true, false) => bare.to_owned(),
            (true, true) => "0".to_owned(),
            (false, _) => part.to_owned(),
        }
    };
    let parts: Vec<String> = key.split('"').enumerate().map(unpad).collect();
    Cow::Owned(parts.join("\""))
}

/// Returns a value as it is compared: without what nobody sees, and on one line with single spaces.
/// A workbook and the CSV saved from it differ in these, as does what was copied from a page.
fn compared(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    let is_plain = |c: char| c.is_ascii() && !c.is_ascii_control();
    if !text.contains("  ") && text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    // These turn nothing beyond the place where they stand, and a title may hold them.
    let turns_nothing = |c: char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}');
    let line = record::flat(text).replace(turns_nothing, "");
    let shown = record::without_hidden(&line);
    Cow::Owned(shown.split_whitespace().collect::<Vec<_>>().join(" "))
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

/// Writes a key. Headings are those of the mapping: a file may write them otherwise.
fn key_text(headings: &[String], values: &[Cow<'_, str>]) -> String {
    let mut text = String::new();
    for (heading, value) in headings.iter().zip(values) {
        let separator = if text.is_empty() { "" } else { ", " };
        let value = Value::from(value.as_ref());
        // Writing to a String cannot fail.
        let _ = write!(text, "{separator}{}: {value}", heading.trim());
    }
    text
}
