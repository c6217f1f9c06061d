//! Makes the body of a record from one row; no cell is lost on the way.

use serde_json::{Map, Value, json};

use crate::dates;
use crate::fitting::{FittedField, Fitting};
use crate::limits::BODY_BYTES_MAX;
use crate::mapping::Shape;
use crate::refusal::Refusal;
use crate::table::{Row, Table};
use crate::words::{folded, is_error, list, short, token};

/// A body, and what a person should look at in it.
pub(crate) struct Made {
    pub body: Value,
    pub warnings: Vec<String>,
}

/// What a field made of its cell.
enum Taken {
    /// The value, which holds the text of its cells in full.
    Whole(Value),
    /// The value says less than the text, which therefore stays as received.
    Part(Value),
    /// Nothing is stated here; the text, if any, stays as received.
    Nothing,
    /// The text cannot be read, and why; it stays as received.
    Unread(String),
    /// As Part, with something to look at.
    Doubtful(Value, String),
}

/// Returns the body of one row.
///
/// # Errors
/// A field marked strict cannot be read, or the body is over the limit.
pub(crate) fn make(
    table: &Table,
    row: &Row,
    key: &str,
    fitting: &Fitting<'_>,
) -> Result<Made, Refusal> {
    let mut body = Map::new();
    let mut warnings = of_the_row(table, row);
    // Invariant: a cell not held in full by a field is in `as_received`.
    let mut held = vec![false; table.headings.len()];
    for (path, value) in &fitting.mapping.always {
        place(&mut body, path, value.clone());
    }
    for field in fitting
        .fields
        .iter()
        .filter(|field| !field.columns.is_empty())
    {
        let (value, warning) = match take(field, table, row) {
            Taken::Whole(value) => {
                field.columns.iter().for_each(|column| held[*column] = true);
                (Some(value), None)
            }
            Taken::Part(value) => (Some(value), None),
            Taken::Nothing => (None, None),
            Taken::Doubtful(value, because) => (Some(value), Some(because)),
            Taken::Unread(because) => (None, Some(because)),
        };
        if let Some(because) = warning {
            let heading = &table.headings[field.columns[0]];
            if field.field.strict {
                return Err(unreadable(heading, &because));
            }
            warnings.push(format!("{heading}: {because}"));
        }
        if let Some(value) = value {
            put(&mut body, field, value);
        }
    }
    keep_as_received(&mut body, table, row, &held);
    body.insert(
        "source".to_owned(),
        json!({
            "file": table.sha256, "row": row.number, "key": key, "mapping": fitting.mapping.name,
        }),
    );
    let body = Value::Object(body);
    within_limit(&body)?;
    Ok(Made { body, warnings })
}

/// Warns of what is odd about a row as a whole.
fn of_the_row(table: &Table, row: &Row) -> Vec<String> {
    // A line cut short looks the same, so a person should know of it.
    let ends = (row.missing > 0).then(|| {
        format!(
            "the row ends before {:?}; what is missing is read as blank",
            table.headings[table.headings.len() - row.missing]
        )
    });
    let sums = sum(table, row)
        .map(|word| format!("the last row says {word:?}: it looks like a sum over the rows above"));
    ends.into_iter().chain(sums).collect()
}

/// What a row of sums under a table is called.
const SUMS: [&str; 9] = [
    "total",
    "totals",
    "grand total",
    "sum",
    "totaal",
    "gesamt",
    "summe",
    "somme",
    "suma",
];

/// Returns the word by which the last row of a table tells that it sums up the others.
fn sum<'a>(table: &Table, row: &'a Row) -> Option<&'a str> {
    let last = table
        .rows
        .last()
        .filter(|last| last.number == row.number && row.number > 1);
    let mut cells = last.and(Some(row))?.cells.iter().map(|cell| cell.trim());
    let plain = |cell: &str| folded(cell.trim_end_matches(':'));
    cells.find(|cell| cell.len() < 20 && SUMS.contains(&plain(cell).as_str()))
}

fn unreadable(heading: &str, because: &str) -> Refusal {
    let message = format!("the cell under {heading:?} cannot be read: {because}");
    let hint = "Correct the cell, or take strict off the field to keep its text as received.";
    Refusal::of_cell("cell_unreadable", heading, message, hint)
}

fn keep_as_received(body: &mut Map<String, Value>, table: &Table, row: &Row, held: &[bool]) {
    let mut as_received = Map::new();
    for ((heading, cell), held) in table.headings.iter().zip(&row.cells).zip(held) {
        if !held && !cell.trim().is_empty() {
            as_received.insert(heading.clone(), Value::from(cell.as_str()));
        }
    }
    if !as_received.is_empty() {
        body.insert("as_received".to_owned(), Value::Object(as_received));
    }
}

fn take(field: &FittedField<'_>, table: &Table, row: &Row) -> Taken {
    let taken = take_stated(field, table, row);
    let is_failed = |column: &&usize| is_failed(field, &row.cells[**column]);
    let Some(failed) = field.columns.iter().find(is_failed) else {
        return taken;
    };
    let text = row.cells[*failed].trim();
    let what = match text.starts_with('=') {
        true => "is a formula without its result",
        false => "is what a spreadsheet shows where a formula failed",
    };
    let because = format!("{:?} {what}; it states nothing", short(text));
    match taken {
        Taken::Nothing => Taken::Unread(because),
        Taken::Part(value) => Taken::Doubtful(value, because),
        // A person's cells are all in their field.
        other => other,
    }
}

/// Says whether a cell holds what a failed formula shows, unless the mapping says what it means.
fn is_failed(field: &FittedField<'_>, text: &str) -> bool {
    is_error(text) && {
        let text = folded(text);
        !field.choices.contains_key(&text) && !field.blank.contains(&text)
    }
}

fn take_stated(field: &FittedField<'_>, table: &Table, row: &Row) -> Taken {
    match field.field.shape {
        Shape::Token => return take_token(field, row),
        Shape::Personal => return take_personal(field, table, row),
        Shape::Words if field.columns.len() > 1 => return take_joined(field, table, row),
        _ => {}
    }
    let text = row.cells[field.columns[0]].trim();
    if is_blank(field, text) {
        return fall_back(field, table, row);
    }
    match field.field.shape {
        Shape::Choice => take_choice(field, text),
        Shape::Date => take_date(field, text),
        Shape::List => take_list(field, text),
        Shape::Answer => take_answer(field, text),
        Shape::Words | Shape::Token | Shape::Personal => match one_line(field, text) {
            Some(line) => Taken::Part(Value::from(line)),
            None => Taken::Whole(Value::from(text)),
        },
    }
}

/// Returns the text of a cell on one line, where its field takes one and the cell breaks it or
/// holds what no reader sees: the cell is then kept as it was received, too.
fn one_line(field: &FittedField<'_>, text: &str) -> Option<String> {
    let breaks = |letter: char| matches!(letter, '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}');
    if !field.field.is_line {
        return None;
    }
    let seen = record::without_hidden(text);
    if seen == text && !text.contains(breaks) {
        return None;
    }
    let parts = seen.split(breaks).map(str::trim);
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    Some(parts.join(" "))
}

fn is_blank(field: &FittedField<'_>, text: &str) -> bool {
    record::is_blank(text)
        || (!field.blank.is_empty() && field.blank.contains(&folded(text)))
        || is_failed(field, text)
}

fn fall_back(field: &FittedField<'_>, table: &Table, row: &Row) -> Taken {
    let stated = |column: &&usize| !is_blank(field, row.cells[**column].trim());
    match field.fallbacks.iter().find(stated) {
        Some(column) => {
            let text = row.cells[*column].trim();
            let because = format!("states nothing; taken from {:?}", table.headings[*column]);
            let line = one_line(field, text).unwrap_or_else(|| text.to_owned());
            Taken::Doubtful(Value::from(line), because)
        }
        None => Taken::Nothing,
    }
}

fn take_choice(field: &FittedField<'_>, text: &str) -> Taken {
    match field.choices.get(&folded(text)) {
        Some(&"") => Taken::Nothing,
        Some(choice) if *choice == text => Taken::Whole(Value::from(text)),
        Some(choice) => Taken::Part(Value::from(*choice)),
        None => Taken::Unread(format!("{:?} is not in the table of choices", short(text))),
    }
}

/// How many characters a whole day has in ISO 8601.
const DAY_CHARS: usize = 10;

fn take_date(field: &FittedField<'_>, text: &str) -> Taken {
    match dates::read(text, field.field.order) {
        Ok(date) if field.field.is_day && date.len() < DAY_CHARS => Taken::Unread(format!(
            "{:?} names no day, and a whole day is kept here",
            short(text)
        )),
        Ok(date) if date == text => Taken::Whole(Value::from(date)),
        Ok(date) => Taken::Part(Value::from(date)),
        Err(error) => Taken::Unread(format!(
            "{:?} is not read as a date: {}",
            short(text),
            error.because()
        )),
    }
}

fn take_list(field: &FittedField<'_>, text: &str) -> Taken {
    let items = list(text);
    if items.is_empty() {
        return Taken::Nothing;
    }
    if field.field.choices.is_empty() {
        return match &items[..] {
            [item] if item == text => Taken::Whole(json!(items)),
            _ => Taken::Part(json!(items)),
        };
    }
    let mut chosen: Vec<&str> = Vec::new();
    let mut unknown: Vec<&str> = Vec::new();
    for item in &items {
        match field.choices.get(&folded(item)) {
            Some(choice) if choice.is_empty() || chosen.contains(choice) => {}
            Some(choice) => chosen.push(choice),
            None => unknown.push(item),
        }
    }
    let because = || {
        format!(
            "{:?} is not in the table of choices",
            short(&unknown.join("; "))
        )
    };
    match (chosen.is_empty(), unknown.is_empty()) {
        (true, true) => Taken::Nothing,
        (true, false) => Taken::Unread(because()),
        (false, true) => Taken::Part(json!(chosen)),
        (false, false) => Taken::Doubtful(json!(chosen), because()),
    }
}

/// An answer carries its own text, so it always holds its cell in full.
fn take_answer(field: &FittedField<'_>, text: &str) -> Taken {
    let known = field
        .choices
        .get(&folded(text))
        .copied()
        .filter(|answer| !answer.is_empty());
    let answer = known.unwrap_or("other");
    let about = field.field.about.as_deref().unwrap_or_default();
    Taken::Whole(json!({ "about": about, "answer": answer, "text": text }))
}

fn take_token(field: &FittedField<'_>, row: &Row) -> Taken {
    let words: Vec<&str> = field
        .columns
        .iter()
        .map(|column| row.cells[*column].trim())
        .filter(|text| !is_blank(field, text))
        .collect();
    match token(&words) {
        Some(token) if words == [token.as_str()] && field.columns.len() == 1 => {
            Taken::Whole(Value::from(token))
        }
        Some(token) => Taken::Part(Value::from(token)),
        None if words.is_empty() => Taken::Nothing,
        None => Taken::Unread("it has no letter and no digit".to_owned()),
    }
}

/// Words of several cells in their order, such as the two parts of a name.
fn take_joined(field: &FittedField<'_>, table: &Table, row: &Row) -> Taken {
    let texts = field.columns.iter().map(|column| row.cells[*column].trim());
    let stated: Vec<&str> = texts.filter(|text| !is_blank(field, text)).collect();
    match stated.is_empty() {
        true => fall_back(field, table, row),
        false if let Some(line) = one_line(field, &stated.join(" ")) => {
            Taken::Part(Value::from(line))
        }
        // A text that states nothing here is not among them, so it stays as received.
        false if stated.len() < field.columns.len() => Taken::Part(Value::from(stated.join(" "))),
        false => Taken::Whole(Value::from(stated.join(" "))),
    }
}

/// Several cells about a person become lines, each under its heading. Texts
/// that state nothing are kept too: a person's cell never goes elsewhere.
fn take_personal(field: &FittedField<'_>, table: &Table, row: &Row) -> Taken {
    let lines: Vec<String> = field
        .columns
        .iter()
        .filter(|column| !record::is_blank(&row.cells[**column]))
        .map(|column| match field.columns.len() {
            1 => row.cells[*column].trim().to_owned(),
            _ => format!("{}: {}", table.headings[*column], row.cells[*column].trim()),
        })
        .collect();
    let stated = |column: &usize| {
        let text = &row.cells[*column];
        !record::is_blank(text) && !is_failed(field, text)
    };
    if !field.columns.iter().any(stated) {
        Taken::Nothing
    } else {
        Taken::Whole(Value::from(lines.join("\n")))
    }
}

fn put(body: &mut Map<String, Value>, field: &FittedField<'_>, value: Value) {
    if field.field.shape != Shape::Answer {
        return place(body, &field.field.to, value);
    }
    if let Value::Array(answers) = body.entry(&field.field.to).or_insert_with(|| json!([])) {
        answers.push(value);
    }
}

/// Puts a value at a dotted path, making the objects above it. No two paths
/// of a mapping lie within one another, so nothing is overwritten.
pub(crate) fn place(body: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            body.insert(path.to_owned(), value);
        }
        Some((name, rest)) => {
            if let Value::Object(inner) = body.entry(name).or_insert_with(|| json!({})) {
                place(inner, rest, value);
            }
        }
    }
}

fn within_limit(body: &Value) -> Result<(), Refusal> {
    let mut size = Size { bytes: 0 };
    serde_json::to_writer(&mut size, body).expect("counting takes all it is given");
    let size_bytes = size.bytes;
    if size_bytes <= BODY_BYTES_MAX {
        return Ok(());
    }
    Err(Refusal::of_row(
        "row_too_large",
        format!(
            "the record made from this row has {size_bytes} bytes; at most {BODY_BYTES_MAX} are taken"
        ),
        "Attach long texts as files and keep summaries in the cells.",
    ))
}

/// Counts the bytes of the JSON without keeping it.
struct Size {
    bytes: usize,
}

impl std::io::Write for Size {
    fn write(&mut self, part: &[u8]) -> std::io::Result<usize> {
        self.bytes += part.len();
        Ok(part.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
