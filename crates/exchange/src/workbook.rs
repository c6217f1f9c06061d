//! Reads one sheet of an XLSX workbook.

use std::collections::{BTreeSet, HashMap};
use std::io::Cursor;
use std::rc::Rc;

use calamine::{
    DataRef, Dimensions, ExcelDateTime, Reader as _, Sheet, SheetType, SheetVisible, Style, Xlsx,
    XlsxError,
};
use record::counted;

use crate::limits::{CELL_BYTES_MAX, Limits};
use crate::shown::{self, Shown};
use crate::table::{Fault, OtherSheet, Raw, RawRow, Sheets, Size, TableError};
use crate::{digits, formats, parts};

/// Reads a workbook. calamine 0.38 panics on some damaged cell references
/// when built with overflow checks; a damaged file is refused, whoever notices.
pub(crate) fn read(bytes: &[u8], sheet: Option<&str>, limits: &Limits) -> Result<Raw, TableError> {
    formats::refuse_other_zips(bytes)?;
    // Memory that is not there ends the process: that is no panic, and nothing catches it.
    parts::refuse_larger(bytes, limits)?;
    std::panic::catch_unwind(|| read_sheet(bytes, sheet, limits)).unwrap_or_else(|_| {
        let because = "a part of it is damaged".to_owned();
        Err(TableError::Workbook { because })
    })
}

type Workbook<'a> = Xlsx<Cursor<&'a [u8]>>;

fn read_sheet(bytes: &[u8], asked: Option<&str>, limits: &Limits) -> Result<Raw, TableError> {
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
    let formats = formats_of(&mut workbook, &name, limits)?;
    let mut filled = Filled::new(limits);
    let otherwise = rows(&mut workbook, &name, (bytes, &formats), &mut filled)?;
    let hidden = hidden_rows(&filled.rows, &digits::hidden_rows(bytes, &name));
    let merged = workbook.merge_cells_by_sheet_name(&name);
    filled.fill_merged(&merged.map_err(unreadable)?)?;
    let others = workbook.sheets_metadata().iter();
    let others = others.filter(|sheet| sheet.name != name);
    let others = others.map(|sheet| OtherSheet {
        name: sheet.name.clone(),
        is_hidden: sheet.visible != SheetVisible::Visible,
    });
    Ok(Raw {
        rows: filled.rows,
        doubt: None,
        warnings: hidden.into_iter().chain(otherwise).collect(),
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
        if text_of(cell.get_value(), None).is_some_and(|text| !text.trim().is_empty()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Says how many rows that hold something are hidden.
fn hidden_rows(rows: &[RawRow], hidden: &BTreeSet<usize>) -> Option<String> {
    let filled = |at: &&usize| rows.get(**at).is_some_and(|row| !row.is_blank());
    let hidden: Vec<&usize> = hidden.iter().filter(filled).collect();
    let first = **hidden.first()? + 1;
    let (are, come) = if hidden.len() == 1 {
        ("is", "comes")
    } else {
        ("are", "come")
    };
    Some(format!(
        "{} of the sheet {are} hidden in the workbook, such as row {first}, and {come} in like the others",
        counted(hidden.len(), "row")
    ))
}

/// What the formats of cells say beyond their numbers, by row and column from 0.
type Formats = HashMap<(u32, u32), Rc<Shown>>;

/// Returns the formats of a sheet's cells that say something beyond the number; hardly any
/// workbook has one, and then its cells are not looked through.
fn formats_of(
    workbook: &mut Workbook<'_>,
    sheet: &str,
    limits: &Limits,
) -> Result<Formats, TableError> {
    let mut cells = workbook.worksheet_cells_reader(sheet).map_err(unreadable)?;
    let of_style = |style: &Style| {
        let format = style.number_format.as_ref()?;
        shown::of_format(&format.format_code).map(Rc::new)
    };
    let styles: Vec<Option<Rc<Shown>>> = cells.styles().iter().map(of_style).collect();
    let mut formats = Formats::new();
    if styles.iter().all(Option::is_none) {
        return Ok(formats);
    }
    while let Some((row, column, style)) = cells.next_style_id().map_err(unreadable)? {
        if let Some(shown) = styles.get(style).and_then(Option::as_ref) {
            formats.insert((row, column), Rc::clone(shown));
            Size::of_cells(formats.len()).within(limits)?;
        }
    }
    Ok(formats)
}

/// The rows of a sheet as they fill, and how large they are.
struct Filled<'a> {
    rows: Vec<RawRow>,
    size: Size,
    limits: &'a Limits,
}

/// Cells come one by one with their place. The sheet's own rectangle is not
/// allocated at once: a single cell in the far corner would claim 17 billion.
fn rows(
    workbook: &mut Workbook<'_>,
    sheet: &str,
    (bytes, formats): (&[u8], &Formats),
    filled: &mut Filled<'_>,
) -> Result<Option<String>, TableError> {
    let mut cells = workbook.worksheet_cells_reader(sheet).map_err(unreadable)?;
    let mut otherwise = Otherwise::default();
    // Read once, when the first number needs it: hardly any workbook has one.
    let mut digits: Option<digits::Digits> = None;
    while let Some(cell) = cells.next_cell_with_formula().map_err(unreadable)? {
        // A formula whose result was never saved is not a blank cell.
        let formula = || cell.formula.as_ref().map(|formula| format!("={formula}"));
        let shown = formats.get(&cell.pos).map(Rc::as_ref);
        let Some(mut text) = text_of(&cell.value, shown).or_else(formula) else {
            continue;
        };
        let place = (cell.pos.0 as usize, cell.pos.1 as usize);
        otherwise.note(place, (&cell.value, shown), &text);
        if let DataRef::Float(number) = &cell.value
            && digits::may_be_rounded(*number)
        {
            let digits = digits.get_or_insert_with(|| digits::of_sheet(bytes, sheet));
            text = digits.remove(&place).unwrap_or(text);
        }
        filled.put(place, text)?;
    }
    filled.widen()?;
    Ok(otherwise.in_words())
}

impl<'a> Filled<'a> {
    fn new(limits: &'a Limits) -> Self {
        Self {
            rows: Vec::new(),
            size: Size::default(),
            limits,
        }
    }

    fn put(&mut self, (row, column): (usize, usize), text: String) -> Result<(), TableError> {
        let beside = self.rows.get(row).map_or(0, |row| row.cells.len());
        self.size.rows = self.size.rows.max(row + 1);
        self.size.columns = self.size.columns.max(column + 1);
        self.size.cells += (column + 1).saturating_sub(beside);
        self.size.text_bytes += text.len();
        self.size.within(self.limits)?;
        if self.rows.len() <= row {
            self.rows.resize_with(row + 1, RawRow::default);
        }
        put(&mut self.rows[row], column, text);
        Ok(())
    }

    /// Makes the rows that hold anything equally wide.
    fn widen(&mut self) -> Result<(), TableError> {
        let held = |row: &&RawRow| !row.cells.is_empty();
        self.size.cells = self.rows.iter().filter(held).count() * self.size.columns;
        self.size.within(self.limits)?;
        for row in self.rows.iter_mut().filter(|row| !row.cells.is_empty()) {
            row.cells.resize(self.size.columns, String::new());
        }
        Ok(())
    }

    /// A cell merged over several rows says the same of each, as a person sees it; the file has it
    /// in the first only. Over columns it is a title, and stays where it is.
    fn fill_merged(&mut self, merged: &[Dimensions]) -> Result<(), TableError> {
        let mut looked_at = Size::default();
        for area in merged {
            let ((top, left), (bottom, right)) = (area.start, area.end);
            let (top, column) = (top as usize, left as usize);
            let row = self.rows.get(top);
            let text = row.and_then(|row| row.cells.get(column)).cloned();
            let Some(text) = text.filter(|text| left == right && !text.trim().is_empty()) else {
                continue;
            };
            let below = (bottom as usize + 1).min(self.rows.len()).max(top + 1);
            // Areas may lie over one another.
            looked_at.cells += below - top;
            looked_at.within(self.limits)?;
            for row in &mut self.rows[top + 1..below] {
                if let Some(cell) = row.cells.get_mut(column).filter(|cell| cell.is_empty()) {
                    self.size.text_bytes += text.len();
                    self.size.within(self.limits)?;
                    cell.clone_from(&text);
                }
            }
        }
        Ok(())
    }
}

/// The cells that a workbook shows otherwise than they are read.
#[derive(Default)]
struct Otherwise {
    cells: usize,
    first: Option<String>,
}

impl Otherwise {
    fn note(
        &mut self,
        (row, column): (usize, usize),
        (value, shown): (&DataRef<'_>, Option<&Shown>),
        text: &str,
    ) {
        let (Some(Shown::Other(format)), DataRef::Float(_) | DataRef::Int(_)) = (shown, value)
        else {
            return;
        };
        self.cells += 1;
        self.first.get_or_insert_with(|| {
            format!(
                "row {}, column {}: read as {text}, format {format:?}",
                row + 1,
                column + 1
            )
        });
    }

    fn in_words(self) -> Option<String> {
        let are = if self.cells == 1 { "is" } else { "are" };
        let cells = counted(self.cells, "cell");
        let first = self.first?;
        Some(format!(
            "{cells} {are} shown otherwise in the workbook than read here, such as {first}; where that matters, keep the column as text"
        ))
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

/// Returns what a person sees in the cell, as far as the file tells: numbers as their format has
/// them, where that says more than the number; dates as ISO 8601.
fn text_of(value: &DataRef<'_>, shown: Option<&Shown>) -> Option<String> {
    let as_shown = |number: f64| shown.and_then(|shown| shown.text(number));
    let text = match value {
        DataRef::Empty => return None,
        DataRef::Int(number) => as_shown(*number as f64).unwrap_or_else(|| number.to_string()),
        DataRef::Float(number) => as_shown(*number).unwrap_or_else(|| number.to_string()),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(true) => "TRUE".to_owned(),
        DataRef::Bool(false) => "FALSE".to_owned(),
        DataRef::DateTime(moment) => {
            as_shown(moment.as_f64()).unwrap_or_else(|| moment_text(moment))
        }
        DataRef::Error(error) => error.to_string(),
    };
    (!text.is_empty()).then_some(text)
}

fn moment_text(moment: &ExcelDateTime) -> String {
    if moment.is_duration() {
        return moment.as_f64().to_string();
    }
    // There is no day before the first: what is less than one is a time alone.
    let days = moment.as_f64();
    if let Some(time) = shown::time(days, false).filter(|_| days > 0.0) {
        return time;
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
