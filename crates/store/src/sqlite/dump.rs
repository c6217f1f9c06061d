//! The derived tables as ordered text, so that two states of them can be compared line by line.

use std::fmt::Write;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use crate::error::Result;

/// Names each derived table with every one of its columns, in an order that leaves no two rows
/// equal: rowids depend on the way rows came, so they neither appear nor order anything.
const TABLES: [(&str, &str, &str); 8] = [
    (
        "record",
        "id, kind, versions, title, first_seq, last_seq, withdrawn",
        "id",
    ),
    (
        "link",
        "to_id, from_seq, field, to_version",
        "to_id, from_seq, field, to_version",
    ),
    ("idempotency", "key, content, seq", "key"),
    ("field", "name, value, id", "name, value, id"),
    (
        "verdict",
        "rule, subject, known_from, from_day, until_day, known_until, since_day, says, sort, body",
        "rule, subject, known_from, from_day",
    ),
    (
        "tally",
        "rule, day, says, as_known_now, as_known_then",
        "rule, day, says",
    ),
    ("governing", "seq, entry, facts", "seq"),
    ("fact", "name, value", "name"),
];

pub(crate) fn dump_derived(
    connection: &Connection,
    line: &mut (dyn FnMut(&str) + Send),
) -> Result<()> {
    let mut text = String::new();
    for (table, columns, order) in TABLES {
        let sql = format!("SELECT {columns} FROM {table} ORDER BY {order}");
        let mut statement = connection.prepare(&sql)?;
        let width = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            text.clear();
            text.push_str(table);
            write_row(&mut text, row, width)?;
            line(&text);
        }
    }
    Ok(())
}

/// Writes the columns, each after a tab: blobs in hex after `x`, text in quotes with its tabs and
/// line ends escaped, nothing as `-`.
fn write_row(text: &mut String, row: &Row<'_>, width: usize) -> Result<()> {
    for column in 0..width {
        text.push('\t');
        let written = match row.get_ref(column)? {
            ValueRef::Null => write!(text, "-"),
            ValueRef::Integer(value) => write!(text, "{value}"),
            ValueRef::Real(value) => write!(text, "{value}"),
            ValueRef::Text(value) => write!(text, "\"{}\"", escape(value)),
            ValueRef::Blob(value) => write!(text, "x{}", hex::encode(value)),
        };
        written.expect("writing to a string does not fail");
    }
    Ok(())
}

/// Returns the text on one line.
fn escape(value: &[u8]) -> String {
    String::from_utf8_lossy(value)
        .replace('\\', "\\\\")
        .replace('\n', "\\n")
        .replace('\r', "\\r")
        .replace('\t', "\\t")
}
