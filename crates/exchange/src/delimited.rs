//! Reads text files with a delimiter: comma, semicolon, tab or bar, or any that is named.

use std::io::Read as _;

use csv::{ByteRecord, ReaderBuilder};

use crate::encoding;
use crate::formats;
use crate::limits::{CELL_BYTES_MAX, Limits};
use crate::table::{Fault, Raw, RawRow, Reading, Size, TableError};
use crate::words::short;

/// The byte order mark of UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

const DELIMITERS: [u8; 4] = *b",;\t|";
const SAMPLE_BYTES: usize = 256 * 1024;
const SAMPLE_RECORDS: usize = 200;

/// Read behind the file's own last row. If it does not come back as a row of
/// its own, a quotation mark has swallowed it.
const LAST_ROW: &[u8] = b"\n\x03\n";

pub(crate) fn read(bytes: &[u8], reading: &Reading, limits: &Limits) -> Result<Raw, TableError> {
    let text = encoding::decode(bytes, reading.encoding.as_deref())?;
    formats::refuse_other_text(&text.bytes)?;
    let (body, stated) = without_sep_line(&text.bytes);
    let asked = reading.delimiter.or(stated.map(char::from));
    let delimiter = asked.unwrap_or_else(|| char::from(find_delimiter(body)));
    let rows = divided(body, delimiter, limits)?;
    let spaced = match asked {
        Some(_) => None,
        None => undivided(&rows)?,
    };
    Ok(Raw {
        rows,
        doubt: text.doubt,
        warnings: spaced.into_iter().collect(),
        encoding: text.encoding,
        delimiter: Some(delimiter),
        sheets: None,
    })
}

/// Signs that some programs write between cells, beside those that are looked for.
const OTHER_DELIMITERS: [char; 7] = [':', '~', '^', '/', '\\', '\u{1f}', '\u{1}'];

/// Refuses a file of one column that has several with another delimiter: its headings hold a sign
/// as often as nearly every row does. Where that sign is a space, a warning is returned: a name
/// and a heading may both have two words.
fn undivided(rows: &[RawRow]) -> Result<Option<String>, TableError> {
    let mut filled = rows.iter().filter(|row| !row.is_blank());
    let (Some(headings), rows) = (filled.next(), filled.collect::<Vec<_>>()) else {
        return Ok(None);
    };
    let is_one = |row: &RawRow| row.cells.len() == 1;
    if !is_one(headings) || rows.is_empty() || !rows.iter().all(|row| is_one(row)) {
        return Ok(None);
    }
    let all_hold = |count: &dyn Fn(&str) -> usize| {
        let wanted = count(&headings.cells[0]);
        let alike = rows.iter().filter(|row| count(&row.cells[0]) == wanted);
        Some(wanted).filter(|_| wanted > 0 && alike.count() * 10 >= rows.len() * 9)
    };
    let holds = |sign: &&char| all_hold(&|text| text.matches(**sign).count()).is_some();
    if let Some(sign) = OTHER_DELIMITERS.iter().find(holds) {
        return Err(TableError::DelimiterUnknown {
            headings: short(&headings.cells[0]),
            sign: *sign,
        });
    }
    let words = all_hold(&|text| text.split_whitespace().count());
    Ok(words.filter(|words| *words > 2).map(|words| {
        format!(
            "the file has one column, and {words} words in its heading «{}» as in the rows below: where each is a column, set `delimiter` under [file] in the mapping",
            short(&headings.cells[0])
        )
    }))
}

/// What may stand for a delimiter that is not one byte long, while cells are divided: the first
/// that the file does not hold itself.
const STAND_INS: [char; 8] = [
    '\u{1e}', '\u{1f}', '\u{1d}', '\u{1c}', '\u{1}', '\u{2}', '\u{4}', '\u{5}',
];

/// Divides text into rows of cells.
fn divided(body: &[u8], delimiter: char, limits: &Limits) -> Result<Vec<RawRow>, TableError> {
    let wrong = || TableError::DelimiterWrong { delimiter };
    if matches!(delimiter, '"' | '\r' | '\n' | '\0' | '\u{3}') {
        return Err(wrong());
    }
    if let Some(byte) = u8::try_from(delimiter).ok().filter(u8::is_ascii) {
        return records(body, byte, limits);
    }
    let text = String::from_utf8_lossy(body);
    let stand_in = STAND_INS.into_iter().find(|sign| !text.contains(*sign));
    let stand_in = stand_in.ok_or_else(wrong)?;
    let marked = text.replace(delimiter, &stand_in.to_string());
    let mut rows = records(marked.as_bytes(), stand_in as u8, limits)?;
    // One that stands between quotation marks divides nothing.
    let cells = rows.iter_mut().flat_map(|row| &mut row.cells);
    for cell in cells.filter(|cell| cell.contains(stand_in)) {
        *cell = cell.replace(stand_in, &delimiter.to_string());
    }
    Ok(rows)
}

/// Excel writes `sep=;` above the headings where the delimiter is not the
/// one of the country.
fn without_sep_line(bytes: &[u8]) -> (&[u8], Option<u8>) {
    let Some(rest) = bytes.strip_prefix(b"sep=") else {
        return (bytes, None);
    };
    match rest {
        [delimiter, b'\r', b'\n', body @ ..] => (body, Some(*delimiter)),
        [delimiter, b'\n', body @ ..] => (body, Some(*delimiter)),
        _ => (bytes, None),
    }
}

/// Returns the delimiter under which the most rows have as many cells as the
/// headings, and of equals the one with the most columns.
fn find_delimiter(bytes: &[u8]) -> u8 {
    let mut best = (b',', 0_usize, 0_usize);
    for delimiter in DELIMITERS {
        let (alike_percent, columns) = regularity(bytes, delimiter);
        let better = columns > 1
            && (alike_percent > best.1 || (alike_percent == best.1 && columns > best.2));
        if better {
            best = (delimiter, alike_percent, columns);
        }
    }
    best.0
}

fn regularity(bytes: &[u8], delimiter: u8) -> (usize, usize) {
    let whole = bytes.len() <= SAMPLE_BYTES;
    let sample = &bytes[..bytes.len().min(SAMPLE_BYTES)];
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(sample);
    let mut lengths: Vec<usize> = reader
        .byte_records()
        .take(SAMPLE_RECORDS)
        .filter_map(Result::ok)
        .map(|record| record.len())
        .collect();
    if !whole && lengths.len() > 1 && lengths.len() < SAMPLE_RECORDS {
        // The sample's end cuts its last row.
        lengths.pop();
    }
    // A preamble above the headings is narrower than the table, so the
    // commonest width is the table's.
    let Some(columns) = commonest(&lengths) else {
        return (0, 0);
    };
    let alike = lengths.iter().filter(|length| **length == columns).count();
    (alike * 100 / lengths.len(), columns)
}

fn commonest(lengths: &[usize]) -> Option<usize> {
    let count = |length: usize| lengths.iter().filter(|other| **other == length).count();
    lengths
        .iter()
        .copied()
        .max_by_key(|length| (count(*length), *length))
}

fn records(bytes: &[u8], delimiter: u8, limits: &Limits) -> Result<Vec<RawRow>, TableError> {
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(bytes.chain(LAST_ROW));
    let mut rows = Vec::new();
    let mut record = ByteRecord::new();
    let mut line = 1;
    let mut ended = false;
    let mut size = Size::default();
    while reader.read_byte_record(&mut record).is_ok_and(|more| more) {
        line = record.position().map_or(line, csv::Position::line);
        ended = record.len() == 1 && &record[0] == b"\x03";
        if !ended {
            size.rows += 1;
            size.columns = record.len();
            size.cells += record.len();
            size.within(limits)?;
            rows.push(raw_row(&record));
        }
    }
    if ended {
        Ok(rows)
    } else {
        Err(TableError::QuoteUnclosed { line })
    }
}

fn raw_row(record: &ByteRecord) -> RawRow {
    let mut row = RawRow::default();
    for (column, cell) in record.iter().enumerate() {
        // Files put one behind another leave their marks at the beginning of a line.
        let cell = cell
            .strip_prefix(MARK)
            .filter(|_| column == 0)
            .unwrap_or(cell);
        match checked(cell) {
            Ok(text) => row.cells.push(text.to_owned()),
            Err(fault) => {
                row.cells.push(String::new());
                row.faults.push((column, fault));
            }
        }
    }
    row
}

fn checked(cell: &[u8]) -> Result<&str, Fault> {
    if cell.len() > CELL_BYTES_MAX {
        return Err(Fault::TooLarge {
            size_bytes: cell.len(),
        });
    }
    if cell.contains(&0) {
        return Err(Fault::Nul);
    }
    std::str::from_utf8(cell).map_err(|_| Fault::NotText)
}
