//! Says which cells show that an encoding was guessed, or is doubtful though it was stated.

use std::collections::BTreeSet;

use encoding_rs::Encoding;
use record::counted;
use serde::Serialize;

use crate::table::Table;
use crate::words::short;

/// How many cells a warning shows.
const SHOWN_MAX: usize = 10;

/// Why the encoding of a file may be another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// It was guessed; the other one that is likely.
    Guessed { or: Option<&'static Encoding> },
    /// One was asked for, and the file is UTF-8 throughout.
    IsUtf8,
}

/// The cells of a file whose letters were guessed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Guessed {
    /// How many hold letters beyond ASCII, those of the headings among them.
    pub cells: usize,
    /// The first that has each of these letters, in the file's order; not more than ten.
    pub shown: Vec<GuessedCell>,
}

/// A cell whose letters were guessed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GuessedCell {
    /// Its row, 1 for the first below the headings, and 0 for those.
    pub row: usize,
    /// The heading above it.
    pub column: String,
    /// What was read, cut when long.
    pub read_as: String,
}

/// Notes in a table which cells were guessed, and returns the warning; none where every letter is
/// the same in any encoding.
pub(crate) fn settle(table: &mut Table, doubt: Doubt, bytes: &[u8]) -> Option<String> {
    let (guessed, first) = guessed(table)?;
    let encoding = table.encoding.clone();
    let look = format!("read as {encoding}: look at");
    let or = match doubt {
        Doubt::Guessed { or } => or,
        Doubt::IsUtf8 => {
            return Some(format!(
                "{look} {}; the file is UTF-8 throughout, so leave the encoding out unless that is right",
                guessed.shown[0].in_words()
            ));
        }
    };
    let other = or.and_then(|other| Some((other, would_be(&first, (&encoding, other), bytes)?)));
    let other = other.map_or_else(String::new, |(other, would_be)| {
        format!(
            ", which would be «{}» in {}",
            short(&would_be),
            other.name()
        )
    });
    let shown = guessed.shown.iter().map(GuessedCell::in_words);
    let mut shown: Vec<String> = shown.collect();
    shown[0].push_str(&other);
    let more = match guessed.cells - shown.len() {
        0 => String::new(),
        more => format!(" and {} more", counted(more, "cell")),
    };
    let warning = format!(
        "{look} {}{more}; that is a guess: where a letter is wrong, import the file again with --encoding NAME, or `encoding` under [file] in the mapping, and its records are put right",
        shown.join(", ")
    );
    table.guessed = Some(guessed);
    Some(warning)
}

/// Returns the cells with letters beyond ASCII, and the text of the first.
fn guessed(table: &Table) -> Option<(Guessed, String)> {
    let of_headings = table.headings.iter().map(|heading| (0, heading, heading));
    let of_rows = table.rows.iter().flat_map(|row| {
        let cells = table.headings.iter().zip(&row.cells);
        cells.map(|(heading, cell)| (row.number, heading, cell))
    });
    let mut seen = BTreeSet::new();
    let (mut cells, mut shown, mut first) = (0, Vec::new(), None);
    for (row, heading, cell) in of_headings.chain(of_rows) {
        if cell.is_ascii() {
            continue;
        }
        cells += 1;
        first.get_or_insert_with(|| cell.clone());
        let letters = seen.len();
        seen.extend(cell.chars().filter(|c| !c.is_ascii()));
        if seen.len() > letters && shown.len() < SHOWN_MAX {
            shown.push(GuessedCell {
                row,
                column: heading.clone(),
                read_as: short(cell),
            });
        }
    }
    Some((Guessed { cells, shown }, first?))
}

impl GuessedCell {
    fn in_words(&self) -> String {
        match self.row {
            0 => format!("«{}» among the headings", self.read_as),
            row => format!("«{}» in row {row} under {:?}", self.read_as, self.column),
        }
    }
}

/// Returns what a cell would say in another encoding, where that is something else.
fn would_be(
    cell: &str,
    (read_as, other): (&str, &'static Encoding),
    bytes: &[u8],
) -> Option<String> {
    let (written, _, _) = Encoding::for_label(read_as.as_bytes())?.encode(cell);
    // Some characters are written in more than one way; then there is nothing to show.
    bytes
        .windows(written.len())
        .any(|part| part == &*written)
        .then_some(())?;
    let (text, has_errors) = other.decode_without_bom_handling(&written);
    Some(text.into_owned()).filter(|text| !has_errors && text != cell)
}
