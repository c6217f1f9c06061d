//! Reads one sheet of an XLSX workbook.

use std::io::Cursor;

use calamine::{
    DataRef, Dimensions, ExcelDateTime, Reader as _, Sheet, SheetType, SheetVisible, Xlsx,
    XlsxError,
};

use crate::limits::CELL_BYTES_MAX;
use crate::table::{Fault, OtherSheet, Raw, RawRow, Sheets, TableError, within_limits};
use crate::{digits, formats};

/// Reads a workbook. calamine 0.38 panics on some damaged cell references
/// when built with overflow checks; a damaged file is refused, whoever notices.
pub(crate) fn read(bytes: &[u8], sheet: Option<&str>) -> Result<Raw, TableError> {
    formats::refuse_other_zips(bytes)?;
    std::panic::catch_unwind(|| read_sheet(bytes, sheet)).unwrap_or_else(|_| {
        let because = "a part of it is damaged".to_owned();
        Err(TableError::Workbook { because })
    })
}

type Workbook<'a> = Xlsx<Cursor<&'a [u8]>>;

fn read_sheet(bytes: &[u8], asked: Option<&str>) -> Result<Raw, TableError> {
    let mut workbook: Workbook<'_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let name = match asked {
        None => only_filled(&mut workbook)?,
        Some(asked) if workbook.sheet_names().iter().any(|name| name == asked) => asked.to_owned(),
        Some(asked) => {
            return Err(TableError::SheetMissing {
                sheet: asked.to_owned(),
                sheets: workbook.sheet_names(),
            });
        }
    };
    let mut rows = rows(&mut workbook, &name, bytes)?;
    let merged = workbook.merge_cells_by_sheet_name(&name);
    fill_merged(&merged.map_err(unreadable)?, &mut rows);
    let others = workbook.sheets_metadata().iter();
    let others = others.filter(|sheet| sheet.name != name);
    let others = others.map(|sheet| OtherSheet {
        name: sheet.name.clone(),
        is_hidden: sheet.visible != SheetVisible::Visible,
    });
    Ok(Raw {
        rows,
        encoding: "XLSX".to_owned(),
        delimiter: None,
        sheets: Some(Sheets {
            others: others.collect(),
            read: name,
        }),
    })
}

/// Returns the one visible sheet that holds anything, or the first where none does. A cover in
/// front of a register looks like a register of few rows, so several are never chosen among.
fn only_filled(workbook: &mut Workbook<'_>) -> Result<String, TableError> {
    let seen = |sheet: &&Sheet| {
        sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet
    };
    let seen = workbook.sheets_metadata().iter().filter(seen);
    let seen: Vec<String> = seen.map(|sheet| sheet.name.clone()).collect();
    let mut filled = Vec::new();
    for name in &seen {
        if seen.len() == 1 || holds_anything(workbook, name)? {
            filled.push(name.clone());
        }
    }
    match filled.len() {
        0 => seen.first().cloned().ok_or_else(|| TableError::Workbook {
            because: "it has no sheet that is not hidden".to_owned(),
        }),
        1 => Ok(filled.remove(0)),
        _ => Err(TableError::SheetUnsaid { sheets: filled }),
    }
}

fn holds_anything(workbook: &mut Workbook<'_>, sheet: &str) -> Result<bool, TableError> {
    let mut cells = workbook.worksheet_cells_reader(sheet).map_err(unreadable)?;
    while let Some(cell) = cells.next_cell().map_err(unreadable)? {
        if text_of(cell.get_value()).is_some_and(|text| !text.trim().is_empty()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Cells come one by one with their place. The sheet's own rectangle is not
/// allocated at once: a single cell in the far corner would claim 17 billion.
fn rows(workbook: &mut Workbook<'_>, sheet: &str, bytes: &[u8]) -> Result<Vec<RawRow>, TableError> {
    let mut cells = workbook.worksheet_cells_reader(sheet).map_err(unreadable)?;
    let mut rows: Vec<RawRow> = Vec::new();
    let (mut width, mut text_bytes) = (0, 0);
    // Read once, when the first number needs it: hardly any workbook has one.
    let mut digits: Option<digits::Digits> = None;
    while let Some(cell) = cells.next_cell_with_formula().map_err(unreadable)? {
        // A formula whose result was never saved is not a blank cell.
        let formula = || cell.formula.as_ref().map(|formula| format!("={formula}"));
        let Some(mut text) = text_of(&cell.value).or_else(formula) else {
            continue;
        };
        let (row, column) = (cell.pos.0 as usize, cell.pos.1 as usize);
        if let DataRef::Float(number) = &cell.value
            && digits::may_be_rounded(*number)
        {
            let digits = digits.get_or_insert_with(|| digits::of_sheet(bytes, sheet));
            text = digits.remove(&(row, column)).unwrap_or(text);
        }
        text_bytes += text.len();
        within_limits(row + 1, column + 1, text_bytes)?;
        if rows.len() <= row {
            rows.resize_with(row + 1, RawRow::default);
        }
        put(&mut rows[row], column, text);
        width = width.max(column + 1);
    }
    for row in rows.iter_mut().filter(|row| !row.cells.is_empty()) {
        row.cells.resize(width, String::new());
    }
    Ok(rows)
}

/// A cell merged over several rows says the same of each, as a person sees it; the file has it
/// in the first only. Over columns it is a title, and stays where it is.
fn fill_merged(merged: &[Dimensions], rows: &mut [RawRow]) {
    for area in merged {
        let ((top, left), (bottom, right)) = (area.start, area.end);
        let (top, column) = (top as usize, left as usize);
        let text = rows.get(top).and_then(|row| row.cells.get(column)).cloned();
        let Some(text) = text.filter(|text| left == right && !text.trim().is_empty()) else {
            continue;
        };
        for row in rows.iter_mut().take(bottom as usize + 1).skip(top + 1) {
            if let Some(cell) = row.cells.get_mut(column).filter(|cell| cell.is_empty()) {
                cell.clone_from(&text);
            }
        }
    }
}

fn put(row: &mut RawRow, column: usize, text: String) {
    if row.cells.len() <= column {
        row.cells.resize(column + 1, String::new());
    }
    if text.len() > CELL_BYTES_MAX {
        row.faults.push((
            column,
            Fault::TooLarge {
                size_bytes: text.len(),
            },
        ));
    } else if text.contains('\0') {
        row.faults.push((column, Fault::Nul));
    } else {
        row.cells[column] = text;
    }
}

/// Returns what a person sees in the cell, as far as the file tells: whole
/// numbers without decimals, dates as ISO 8601.
fn text_of(value: &DataRef<'_>) -> Option<String> {
    let text = match value {
        DataRef::Empty => return None,
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(true) => "TRUE".to_owned(),
        DataRef::Bool(false) => "FALSE".to_owned(),
        DataRef::DateTime(moment) => moment_text(moment),
        DataRef::Error(error) => error.to_string(),
    };
    (!text.is_empty()).then_some(text)
}

fn moment_text(moment: &ExcelDateTime) -> String {
    if moment.is_duration() {
        return moment.as_f64().to_string();
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) {
        return date;
    }
    format!("{date} {hour:02}:{minute:02}:{second:02}")
}

fn unreadable(error: XlsxError) -> TableError {
    let because = match error {
        XlsxError::Zip(_) | XlsxError::Io(_) => "it was not saved or copied whole".to_owned(),
        other => other.to_string(),
    };
    TableError::Workbook { because }
}
