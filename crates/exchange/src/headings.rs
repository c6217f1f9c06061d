//! Finds the row of headings, and refuses headings that tell no column from another.

use crate::table::{Fault, RawRow, TableError};

/// Refuses a title taken for the headings once, not every row below it. A file
/// of one column may have a stray delimiter, so most rows have to hold more.
pub(crate) fn refuse_title(rows: &[RawRow], first: usize) -> Result<(), TableError> {
    let Some(title) = rows.get(first).filter(|row| row.stated() == 1) else {
        return Ok(());
    };
    let below = || (first + 1..).zip(&rows[first + 1..]);
    let filled = below().filter(|(_, row)| !row.is_blank()).count();
    let wide = below().filter(|(_, row)| row.stated() > 1);
    let wide: Vec<(usize, usize)> = wide.map(|(at, row)| (at, row.stated())).collect();
    // Whoever printed it, and when, is told in few cells; headings stand above nearly all that
    // the rows below them fill.
    let mut widths: Vec<usize> = wide.iter().map(|(_, stated)| *stated).collect();
    widths.sort_unstable();
    let usual = widths.get(widths.len() / 2).copied().unwrap_or_default();
    match wide.iter().find(|(_, stated)| *stated >= usual) {
        Some((at, _)) if wide.len() * 2 > filled => Err(TableError::TitleAbove {
            row: first + 1,
            title: title.cells.concat().trim().chars().take(60).collect(),
            headings_at: at + 1,
        }),
        _ => Ok(()),
    }
}

/// Returns the headings, without blank ones at the end over blank columns:
/// spreadsheets write those for cells that were once touched.
pub(crate) fn headings(row: RawRow, data: &[RawRow]) -> Result<Vec<String>, TableError> {
    if let Some((column, fault)) = row.faults.first() {
        let what = match fault {
            Fault::Nul => "a NUL character",
            Fault::NotText => "bytes that are not text",
            Fault::TooLarge { .. } => "more text than a cell may",
        };
        return Err(TableError::HeadingUnreadable {
            column: column + 1,
            what,
        });
    }
    let mut headings: Vec<String> = row
        .cells
        .iter()
        .map(|cell| cell.trim().to_owned())
        .collect();
    while headings.last().is_some_and(String::is_empty) && is_blank_column(headings.len() - 1, data)
    {
        headings.pop();
    }
    for (column, heading) in headings.iter().enumerate() {
        if heading.is_empty() {
            return Err(TableError::HeadingMissing { column: column + 1 });
        }
        if heading
            .chars()
            .any(|c| c.is_control() && !c.is_whitespace())
        {
            return Err(TableError::HeadingUnreadable {
                column: column + 1,
                what: "a control character",
            });
        }
        if let Some(first) = headings[..column]
            .iter()
            .position(|earlier| earlier == heading)
        {
            let heading = heading.clone();
            return Err(TableError::HeadingDoubled {
                heading,
                first: first + 1,
                second: column + 1,
            });
        }
    }
    Ok(headings)
}

fn is_blank_column(column: usize, data: &[RawRow]) -> bool {
    data.iter().all(|row| {
        row.cells
            .get(column)
            .is_none_or(|cell| cell.trim().is_empty())
            && row.faults.iter().all(|(at, _)| *at != column)
    })
}
