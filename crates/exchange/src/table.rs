//! A file of rows and columns as read, before anything is made of it.

use sha2::{Digest, Sha256};
use thiserror::Error;

use record::counted;

use crate::doubts::{self, Doubt, Guessed};
use crate::headings::{headings, refuse_title};
use crate::limits::{COLUMNS_MAX, FILE_BYTES_MAX, Limits, ROWS_MAX};
use crate::refusal::Refusal;
use crate::{delimited, workbook};

/// The rows of one file under its headings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The headings, in the file's order; none blank, none twice.
    pub headings: Vec<String>,
    /// The data rows in the file's order, without those that are wholly blank.
    pub rows: Vec<Row>,
    /// How many wholly blank rows were passed over.
    pub blank_rows: usize,
    /// The encoding found, for example `UTF-8 with BOM`; `XLSX` for a workbook.
    pub encoding: String,
    /// Whether the encoding was asked for.
    pub is_encoding_stated: bool,
    /// The cells that show which letters were guessed, where the encoding was.
    pub guessed: Option<Guessed>,
    /// The delimiter found; absent for a workbook.
    pub delimiter: Option<char>,
    /// Which sheet was read, of a workbook.
    pub sheets: Option<Sheets>,
    /// The row that was said to hold the headings.
    pub headings_at: Option<usize>,
    /// What a person should look at in how the file was read.
    pub warnings: Vec<String>,
    /// The SHA-256 of the file's bytes as received, in lower-case hex.
    pub sha256: String,
}

/// One data row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number as a person counts: 1 is the first row below the headings.
    pub number: usize,
    /// One cell for each heading, unless the row is refused as longer. A cell
    /// that is itself refused is left empty.
    pub cells: Vec<String>,
    /// How many cells the row ends before the last heading. They are read as
    /// blank.
    pub missing: usize,
    /// The columns of cells that are refused, counted from 0.
    pub damaged: Vec<usize>,
    /// Why the row cannot be taken in, if so.
    pub refusal: Option<Refusal>,
}

/// The sheets of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheets {
    /// The one that was read.
    pub read: String,
    /// The others, in the workbook's order.
    pub others: Vec<OtherSheet>,
}

/// A sheet that was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherSheet {
    /// Its name.
    pub name: String,
    /// Whether the workbook hides it.
    pub is_hidden: bool,
}

impl Sheets {
    /// Returns the others in words, such as `"Notes", "Old" (hidden)`; empty when there are none.
    pub fn others_in_words(&self) -> String {
        let word = |sheet: &OtherSheet| {
            let hidden = if sheet.is_hidden { " (hidden)" } else { "" };
            format!("{:?}{hidden}", sheet.name)
        };
        self.others.iter().map(word).collect::<Vec<_>>().join(", ")
    }
}

/// What is counted of a row that is too wide.
const COLUMNS: &str = "columns";

/// What a mapping says about reading its file; what it leaves out is found out.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// The label of the encoding, as the WHATWG Encoding Standard spells it.
    pub encoding: Option<String>,
    /// The delimiter of a text file.
    pub delimiter: Option<char>,
    /// The sheet of a workbook; by default the one that is not hidden and not blank.
    pub sheet: Option<String>,
    /// The row that holds the headings, by default the first that is not
    /// blank; rows above it are passed over.
    pub headings_at: Option<usize>,
}

/// Why a file cannot be read as a table at all.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TableError {
    /// Nothing is in the file.
    #[error("{name} is empty")]
    Empty {
        /// The file.
        name: String,
    },
    /// Nothing is where the headings should stand.
    #[error("{name} has no headings in row {row}")]
    NoHeadings {
        /// The file.
        name: String,
        /// The row, counted from 1.
        row: usize,
    },
    /// The bytes are no text and no workbook.
    #[error("this is {what}, not a table")]
    NotATable {
        /// What the bytes look like.
        what: String,
    },
    /// The bytes do not fit the encoding asked for or found.
    #[error("the bytes of this file are not valid {encoding}")]
    EncodingWrong {
        /// The encoding tried.
        encoding: String,
    },
    /// Some characters are UTF-8 and some bytes are of another encoding.
    #[error(
        "the file mixes UTF-8 with another encoding: line {line} holds the first byte that is not UTF-8"
    )]
    EncodingMixed {
        /// The line of the file, counted from 1.
        line: usize,
    },
    /// The mapping names an encoding that does not exist.
    #[error("there is no encoding {label:?}")]
    EncodingUnknown {
        /// The label in the mapping.
        label: String,
    },
    /// A workbook cannot be opened.
    #[error("the workbook cannot be read: {because}")]
    Workbook {
        /// What the reader of workbooks says.
        because: String,
    },
    /// The workbook has no such sheet.
    #[error("the workbook has no sheet {sheet:?}; it has {}", sheets.join(", "))]
    SheetMissing {
        /// The sheet asked for.
        sheet: String,
        /// The sheets there are.
        sheets: Vec<String>,
    },
    /// Several sheets hold something, and none is named.
    #[error("several sheets of the workbook hold something: {}", sheets.join(", "))]
    SheetUnsaid {
        /// Those sheets.
        sheets: Vec<String>,
    },
    /// A single cell stands where the headings should, over rows of several.
    #[error("row {row} holds {title:?} alone; the headings seem to stand in row {headings_at}")]
    TitleAbove {
        /// The row, counted from 1 as `headings_at` counts.
        row: usize,
        /// What it holds, cut when long.
        title: String,
        /// The first row below it that holds more.
        headings_at: usize,
    },
    /// A column with content has no heading.
    #[error("column {column} has no heading")]
    HeadingMissing {
        /// The column, counted from 1.
        column: usize,
    },
    /// Two columns carry the same heading.
    #[error("columns {first} and {second} both have the heading {heading:?}")]
    HeadingDoubled {
        /// The heading.
        heading: String,
        /// The first column that has it, counted from 1.
        first: usize,
        /// The second.
        second: usize,
    },
    /// A heading holds NUL, another control character, or bytes that are no text.
    #[error("the heading of column {column} holds {what}")]
    HeadingUnreadable {
        /// The column, counted from 1.
        column: usize,
        /// What it holds.
        what: &'static str,
    },
    /// The rows are one cell each, with a sign between what look like several.
    #[error("the file has one column, «{headings}»; {sign:?} seems to stand between several")]
    DelimiterUnknown {
        /// The one heading, cut when long.
        headings: String,
        /// The sign.
        sign: char,
    },
    /// The mapping names a delimiter that cannot be one.
    #[error("{delimiter:?} cannot stand between cells")]
    DelimiterWrong {
        /// The delimiter in the mapping.
        delimiter: char,
    },
    /// A quotation mark is opened and never closed.
    #[error("a quotation mark opened in the row at line {line} is never closed")]
    QuoteUnclosed {
        /// The line of the file on which the row begins, counted from 1.
        line: u64,
    },
    /// The file, or something in it, is over a limit.
    #[error("the file has more than {limit} {of}")]
    TooLarge {
        /// The limit.
        limit: usize,
        /// What is counted.
        of: &'static str,
    },
}

impl TableError {
    /// Returns the stable word for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty { .. } | Self::NoHeadings { .. } => "file_empty",
            Self::NotATable { .. } => "file_not_a_table",
            Self::EncodingWrong { .. } => "encoding_wrong",
            Self::EncodingMixed { .. } => "encoding_mixed",
            Self::EncodingUnknown { .. } => "encoding_unknown",
            Self::Workbook { .. } => "workbook_unreadable",
            Self::SheetMissing { .. } => "sheet_missing",
            Self::SheetUnsaid { .. } => "sheet_unsaid",
            Self::TitleAbove { .. } => "title_above_headings",
            Self::HeadingMissing { .. } => "heading_missing",
            Self::HeadingDoubled { .. } => "heading_doubled",
            Self::HeadingUnreadable { .. } => "heading_unreadable",
            Self::DelimiterUnknown { .. } => "delimiter_unknown",
            Self::DelimiterWrong { .. } => "delimiter_wrong",
            Self::QuoteUnclosed { .. } => "quote_unclosed",
            Self::TooLarge { .. } => "file_too_large",
        }
    }

    /// Returns what to do next.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Empty { .. } => "Export the sheet again: nothing of it came along.",
            Self::NoHeadings { .. } => {
                "Export the sheet again with its headings in the first row; or name the row they stand in: --headings-at N, or headings_at = N under [file] in the mapping."
            }
            Self::NotATable { .. } => {
                "Open it in a spreadsheet program, save the table as an Excel workbook (.xlsx, without a password) or as CSV, and import that."
            }
            Self::EncodingWrong { .. } => {
                "Save the file as UTF-8, or name the encoding it is in: --encoding NAME, or encoding under [file] in the mapping."
            }
            Self::EncodingMixed { .. } => {
                "Correct that line and any like it and save the file as UTF-8; or, where it truly is in one other encoding, name that: --encoding NAME, or encoding under [file] in the mapping."
            }
            Self::EncodingUnknown { .. } => {
                "Use a label such as utf-8, windows-1252, utf-16le or shift_jis."
            }
            Self::Workbook { .. } => {
                "Open it in a spreadsheet program and save it again as .xlsx, without a password."
            }
            Self::SheetMissing { .. } => {
                "Name one of those: --sheet NAME, or sheet = \"NAME\" under [file] in the mapping."
            }
            Self::SheetUnsaid { .. } => {
                "Name the one to read: --sheet NAME, or sheet = \"NAME\" under [file] in the mapping."
            }
            Self::TitleAbove { .. } => {
                "Delete the rows above the headings; or name the row they stand in: --headings-at N, or headings_at = N under [file] in the mapping."
            }
            Self::HeadingMissing { .. } => {
                "Give the column a heading, or empty it. Where the headings stand further down, name their row: --headings-at N, or headings_at = N under [file] in the mapping."
            }
            Self::HeadingDoubled { .. } => "Rename one of the two columns.",
            Self::HeadingUnreadable { .. } => "Type the heading again.",
            Self::DelimiterUnknown { .. } => {
                "Save it with commas or semicolons between its cells; or set delimiter under [file] in the mapping, to that sign, or to \",\" where it is one column."
            }
            Self::DelimiterWrong { .. } => {
                "Name another character under [file] in the mapping, such as \";\"."
            }
            Self::QuoteUnclosed { .. } => {
                "Close the quotation mark, or double a mark that belongs to the text, and import again."
            }
            Self::TooLarge { of: COLUMNS, .. } => {
                "Delete the columns that are not needed: each part of a row divided by columns would be a record of its own."
            }
            Self::TooLarge { .. } => "Divide the file and import the parts one after another.",
        }
    }
}

/// Reads a CSV file or an XLSX workbook; encoding and delimiter are found out.
///
/// `name` is only used in messages. A fault in one row refuses that row, not
/// the file.
///
/// # Errors
/// The file as a whole cannot be read; see [`TableError`].
///
/// # Example
/// ```
/// let table = exchange::table::read(b"Name;Unit\nBin router;Waste\n", "register.csv")?;
/// assert_eq!(table.headings, ["Name", "Unit"]);
/// assert_eq!(table.delimiter, Some(';'));
/// assert_eq!(table.rows[0].cells, ["Bin router", "Waste"]);
/// # Ok::<(), exchange::table::TableError>(())
/// ```
pub fn read(bytes: &[u8], name: &str) -> Result<Table, TableError> {
    read_as(bytes, name, &Reading::default())
}

/// Reads a file as a mapping says it must be read.
///
/// # Errors
/// The file as a whole cannot be read; see [`TableError`].
pub fn read_as(bytes: &[u8], name: &str, reading: &Reading) -> Result<Table, TableError> {
    read_within(bytes, name, reading, &Limits::OURS)
}

/// Reads a file that may be as large as these limits say.
///
/// # Errors
/// The file as a whole cannot be read; see [`TableError`].
pub fn read_within(
    bytes: &[u8],
    name: &str,
    reading: &Reading,
    limits: &Limits,
) -> Result<Table, TableError> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(TableError::TooLarge {
            limit: FILE_BYTES_MAX,
            of: "bytes",
        });
    }
    let raw = if bytes.starts_with(b"PK\x03\x04") {
        workbook::read(bytes, reading.sheet.as_deref(), limits)?
    } else {
        delimited::read(bytes, reading, limits)?
    };
    under_headings(raw, (name, bytes), reading, limits)
}

/// What both readers hand over: all rows, headings among them.
pub(crate) struct Raw {
    pub rows: Vec<RawRow>,
    /// Why the encoding may be another.
    pub doubt: Option<Doubt>,
    /// What a person should look at in how they were read.
    pub warnings: Vec<String>,
    pub encoding: String,
    pub delimiter: Option<char>,
    pub sheets: Option<Sheets>,
}

/// One row as read: its cells, and what is wrong with some of them.
#[derive(Default)]
pub(crate) struct RawRow {
    pub cells: Vec<String>,
    pub faults: Vec<(usize, Fault)>,
}

impl RawRow {
    pub fn is_blank(&self) -> bool {
        self.stated() == 0
    }

    /// Returns how many cells hold something.
    pub fn stated(&self) -> usize {
        let stated = self.cells.iter().filter(|cell| !cell.trim().is_empty());
        self.faults.len() + stated.count()
    }
}

/// What can be wrong with one cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Nul,
    NotText,
    TooLarge { size_bytes: usize },
}

/// How much was read of a table.
#[derive(Default)]
pub(crate) struct Size {
    pub rows: usize,
    pub columns: usize,
    pub cells: usize,
    pub text_bytes: usize,
}

impl Size {
    /// Returns the size of so many cells.
    pub fn of_cells(cells: usize) -> Self {
        Self {
            cells,
            ..Self::default()
        }
    }

    /// Refuses a table that grows past a limit while it is read.
    pub fn within(&self, limits: &Limits) -> Result<(), TableError> {
        let over = [
            // One row more, for the headings.
            (self.rows > ROWS_MAX + 1, ROWS_MAX, "rows"),
            (self.columns > COLUMNS_MAX, COLUMNS_MAX, COLUMNS),
            (self.cells > limits.cells, limits.cells, "cells"),
            (
                self.text_bytes > limits.text_bytes,
                limits.text_bytes,
                "bytes of text",
            ),
        ];
        match over.into_iter().find(|(is_over, ..)| *is_over) {
            Some((_, limit, of)) => Err(TableError::TooLarge { limit, of }),
            None => Ok(()),
        }
    }
}

fn under_headings(
    raw: Raw,
    (name, bytes): (&str, &[u8]),
    reading: &Reading,
    limits: &Limits,
) -> Result<Table, TableError> {
    let name = name.to_owned();
    if raw.rows.iter().all(RawRow::is_blank) {
        return Err(TableError::Empty { name });
    }
    let above = match reading.headings_at {
        Some(at) => at.max(1) - 1,
        None => {
            let above = raw.rows.iter().take_while(|row| row.is_blank()).count();
            refuse_title(&raw.rows, above)?;
            above
        }
    };
    let mut rows = raw.rows.into_iter().skip(above);
    let row = above + 1;
    let first = rows.next().filter(|row| !row.is_blank());
    let first = first.ok_or(TableError::NoHeadings { name, row })?;
    let data: Vec<RawRow> = rows.collect();
    let headings = headings(first, &data)?;
    let read = data.len();
    // Each row gets a cell under every heading.
    let filled = data.iter().filter(|row| !row.is_blank()).count();
    Size::of_cells(filled.saturating_mul(headings.len())).within(limits)?;
    let rows: Vec<Row> = data
        .into_iter()
        .enumerate()
        .filter(|(_, row)| !row.is_blank())
        .map(|(at, row)| data_row(at + 1, row, &headings))
        .collect();
    let said = Size {
        text_bytes: rows.iter().map(|row| said_bytes(row, &headings)).sum(),
        ..Size::default()
    };
    said.within(limits)?;
    let mut table = Table {
        blank_rows: read - rows.len(),
        headings,
        rows,
        encoding: raw.encoding,
        is_encoding_stated: raw.delimiter.is_some() && reading.encoding.is_some(),
        guessed: None,
        delimiter: raw.delimiter,
        sheets: raw.sheets,
        headings_at: reading.headings_at,
        warnings: Vec::new(),
        sha256: hex::encode(Sha256::digest(bytes)),
    };
    let doubt = raw.doubt;
    let in_doubt = doubt.and_then(|doubt| doubts::settle(&mut table, doubt, bytes));
    table.warnings = in_doubt.into_iter().chain(raw.warnings).collect();
    Ok(table)
}

/// Returns how many bytes a row says, each cell with its heading.
fn said_bytes(row: &Row, headings: &[String]) -> usize {
    let cells = row.cells.iter().zip(headings);
    let said = cells.filter(|(cell, _)| !cell.is_empty());
    said.map(|(cell, heading)| cell.len() + heading.len()).sum()
}

fn data_row(number: usize, mut row: RawRow, headings: &[String]) -> Row {
    // Blank cells beyond the last heading hold nothing, so nothing is lost.
    while row.cells.len() > headings.len()
        && row.cells.last().is_some_and(|cell| cell.trim().is_empty())
        && row.faults.iter().all(|(at, _)| *at + 1 != row.cells.len())
    {
        row.cells.pop();
    }
    // Many programs leave out blank cells at the end of a row.
    let missing = headings.len().saturating_sub(row.cells.len());
    row.cells.resize(row.cells.len() + missing, String::new());
    let refusal = if row.cells.len() == headings.len() {
        row.faults
            .first()
            .map(|(column, fault)| refusal_of(*fault, &headings[*column]))
    } else {
        Some(ragged(row.cells.len(), headings.len()))
    };
    let damaged = row.faults.iter().map(|(column, _)| *column).collect();
    Row {
        number,
        cells: row.cells,
        missing,
        damaged,
        refusal,
    }
}

fn ragged(cells: usize, headings: usize) -> Refusal {
    Refusal::of_row(
        "row_ragged",
        format!(
            "the row has {} under {}",
            counted(cells, "cell"),
            counted(headings, "heading")
        ),
        "Look for a stray delimiter or quotation mark in this row.",
    )
}

fn refusal_of(fault: Fault, heading: &str) -> Refusal {
    match fault {
        Fault::Nul => Refusal::of_cell(
            "cell_has_nul",
            heading,
            format!("the cell under {heading:?} holds a NUL character"),
            "Delete the character and import again.",
        ),
        Fault::NotText => Refusal::of_cell(
            "cell_not_text",
            heading,
            format!(
                "the cell under {heading:?} holds bytes that are not text in the file's encoding"
            ),
            "Type the cell again, or save the whole file in one encoding.",
        ),
        Fault::TooLarge { size_bytes } => Refusal::of_cell(
            "cell_too_large",
            heading,
            format!(
                "the cell under {heading:?} has {size_bytes} bytes; at most {} are taken",
                crate::limits::CELL_BYTES_MAX
            ),
            "Attach the text as a file and keep a summary in the cell.",
        ),
    }
}
