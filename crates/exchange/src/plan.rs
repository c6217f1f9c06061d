//! Compares a file with the records of earlier runs and says what each row does.

use std::collections::{BTreeMap, HashMap, HashSet};

use record::{Day, counted};
use serde::Serialize;
use serde_json::{Map, Value};

pub use crate::fitting::PlanError;

use crate::body;
use crate::fitting::Fitting;
use crate::key::keys;
use crate::mapping::Mapping;
use crate::refusal::Refusal;
use crate::table::{Row, Table};
use crate::words::folded;

/// A record made from a row of an earlier file: its current version.
#[derive(Debug, Clone, PartialEq)]
pub struct Earlier {
    /// The record.
    pub id: String,
    /// The version its body is of.
    pub version: u32,
    /// The body.
    pub body: Value,
    /// Set where that version was withdrawn: its row makes nothing then.
    pub withdrawn: Option<Withdrawal>,
}

/// That a record was entered in error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// The day that was recorded.
    pub on: Day,
    /// The reason given; none where it is no longer here.
    pub because: Option<String>,
}

/// What a whole file would do.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// One outcome for each row, in the file's order.
    pub rows: Vec<RowOutcome>,
    /// Records of earlier runs whose row is no longer in the file, by key.
    /// They are left as they are.
    pub absent: Vec<Absent>,
    /// What a person should look at in the file as a whole.
    pub warnings: Vec<String>,
}

/// A record whose row is no longer in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absent {
    /// The key of its row.
    pub key: String,
    /// The record.
    pub id: String,
}

/// What one row does.
#[derive(Debug, Clone, PartialEq)]
pub struct RowOutcome {
    /// The row's number, 1 for the first below the headings.
    pub row: usize,
    /// What it is known by; none when it is refused before that can be told.
    pub key: Option<String>,
    /// Created, revised, unchanged or refused.
    pub outcome: Outcome,
    /// The record, where an earlier run made one; none for a created row.
    pub id: Option<String>,
    /// The version a revision starts from.
    pub if_version: Option<u32>,
    /// The new body; none when unchanged or refused.
    pub body: Option<Value>,
    /// Why it is refused, if so.
    pub refusal: Option<Refusal>,
    /// What a person should look at.
    pub warnings: Vec<String>,
}

/// What can become of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// A new record.
    Created,
    /// A new version of a record.
    Revised,
    /// The record says the same already.
    Unchanged,
    /// Not taken in.
    Refused,
}

impl Outcome {
    /// Returns the word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Revised => "revised",
            Self::Unchanged => "unchanged",
            Self::Refused => "refused",
        }
    }
}

/// How many rows had which outcome. The four outcomes add up to `rows`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Rows of the file, without blank ones.
    pub rows: usize,
    /// Rows that make a record.
    pub created: usize,
    /// Rows that make a version.
    pub revised: usize,
    /// Rows that change nothing.
    pub unchanged: usize,
    /// Rows not taken in.
    pub refused: usize,
    /// Records whose row is gone.
    pub absent: usize,
    /// Warnings over all rows and of the file as a whole.
    pub warnings: usize,
}

impl Plan {
    /// Returns the counts.
    pub fn counts(&self) -> Counts {
        let of = |outcome| {
            self.rows
                .iter()
                .filter(|row| row.outcome == outcome)
                .count()
        };
        Counts {
            rows: self.rows.len(),
            created: of(Outcome::Created),
            revised: of(Outcome::Revised),
            unchanged: of(Outcome::Unchanged),
            refused: of(Outcome::Refused),
            absent: self.absent.len(),
            warnings: self.warnings.len()
                + self
                    .rows
                    .iter()
                    .map(|row| row.warnings.len())
                    .sum::<usize>(),
        }
    }
}

/// Returns what each row of the table would do. `earlier` holds the records
/// of earlier runs of this mapping by the key in their source.
///
/// A row whose record was withdrawn changes nothing, whatever it says now: it is
/// unchanged, with a warning. Such a record is never absent.
///
/// Where a row comes from (`source`) is not compared: the same row in a newer
/// file is unchanged. A row refused for a cell it would be known by cannot be
/// told from a new one; the record it once made then counts as absent.
///
/// # Errors
/// The file lacks columns the mapping names.
pub fn plan(
    table: &Table,
    mapping: &Mapping,
    earlier: &BTreeMap<String, Earlier>,
) -> Result<Plan, PlanError> {
    let fitting = Fitting::new(table, mapping)?;
    let keys = keys(table, &fitting);
    let mut rows: Vec<RowOutcome> = table
        .rows
        .iter()
        .zip(keys)
        .map(|(row, key)| outcome(table, row, key, &fitting, earlier))
        .collect();
    let repeats = warn_of_repeats(table, &mut rows);
    let present: HashSet<&str> = rows.iter().filter_map(|row| row.key.as_deref()).collect();
    let absent: Vec<Absent> = earlier
        .iter()
        .filter(|(key, record)| record.withdrawn.is_none() && !present.contains(key.as_str()))
        .map(|(key, record)| Absent {
            key: key.clone(),
            id: record.id.clone(),
        })
        .collect();
    let another = of_another_file(table, &rows, &absent, earlier);
    Ok(Plan {
        rows,
        absent,
        warnings: repeats.into_iter().chain(another).collect(),
    })
}

/// Warns of each row that has the cells of an earlier one, and of the first of them for the file
/// as a whole. Each stays a record of its own: only a person can tell a row that was copied from
/// two systems that are told of alike.
fn warn_of_repeats(table: &Table, rows: &mut [RowOutcome]) -> Option<String> {
    let mut first: HashMap<Vec<&str>, usize> = HashMap::new();
    let mut repeats = Vec::new();
    for (read, row) in table.rows.iter().zip(rows) {
        if row.outcome == Outcome::Refused {
            continue;
        }
        let cells = read.cells.iter().map(|cell| cell.trim()).collect();
        let before = *first.entry(cells).or_insert(row.row);
        if before < row.row {
            row.warnings.push(format!(
                "every cell is as in row {before}; it is kept as a record of its own"
            ));
            repeats.push((row.row, before));
        }
    }
    let (row, before) = *repeats.first()?;
    let have = if repeats.len() == 1 { "has" } else { "have" };
    let rows = counted(repeats.len(), "row");
    Some(format!(
        "{rows} {have} the cells of an earlier one, such as row {row} those of row {before}; each is kept as a record of its own"
    ))
}

/// Warns when records that this run revises or counts as absent have cells
/// under headings the file lacks: it may be another register under one name.
/// A file whose columns were all fields leaves no headings to tell it by.
fn of_another_file(
    table: &Table,
    rows: &[RowOutcome],
    absent: &[Absent],
    earlier: &BTreeMap<String, Earlier>,
) -> Option<String> {
    let headings: HashSet<String> = table.headings.iter().map(|text| folded(text)).collect();
    let revised = rows
        .iter()
        .filter(|row| row.outcome == Outcome::Revised)
        .filter_map(|row| row.key.as_deref());
    let touched = revised.chain(absent.iter().map(|record| record.key.as_str()));
    let foreign: Vec<&String> = touched
        .filter_map(|key| earlier.get(key)?.body.get("as_received")?.as_object())
        .filter_map(|cells| {
            cells
                .keys()
                .find(|heading| !headings.contains(&folded(heading)))
        })
        .collect();
    let example = foreign.first()?;
    let were = if foreign.len() == 1 { "was" } else { "were" };
    let records = counted(foreign.len(), "record");
    Some(format!(
        "{records} that this run revises or counts as absent {were} made from a file with other headings, such as {example:?}; give the mapping a name of its own if this is another register"
    ))
}

fn outcome(
    table: &Table,
    row: &Row,
    key: Option<String>,
    fitting: &Fitting<'_>,
    earlier: &BTreeMap<String, Earlier>,
) -> RowOutcome {
    let made = match (&row.refusal, &key) {
        (Some(refusal), _) => Err(refusal.clone()),
        (None, _) if row.cells == table.headings => Err(headings_again()),
        (None, None) => Err(without_key(fitting)),
        (None, Some(key)) => body::make(table, row, key, fitting),
    };
    let record = key.as_ref().and_then(|key| earlier.get(key));
    let blank = RowOutcome {
        row: row.number,
        key,
        outcome: Outcome::Refused,
        id: record.map(|record| record.id.clone()),
        if_version: None,
        body: None,
        refusal: None,
        warnings: Vec::new(),
    };
    match (made, record) {
        (Err(refusal), _) => RowOutcome {
            refusal: Some(refusal),
            ..blank
        },
        (
            Ok(_),
            Some(Earlier {
                withdrawn: Some(withdrawal),
                ..
            }),
        ) => RowOutcome {
            outcome: Outcome::Unchanged,
            warnings: vec![stays_withdrawn(withdrawal, &blank, fitting)],
            ..blank
        },
        (Ok(made), Some(record)) if says_the_same(&record.body, &made.body) => RowOutcome {
            outcome: Outcome::Unchanged,
            warnings: made.warnings,
            ..blank
        },
        (Ok(made), record) => RowOutcome {
            outcome: if record.is_some() {
                Outcome::Revised
            } else {
                Outcome::Created
            },
            if_version: record.map(|record| record.version),
            body: Some(made.body),
            warnings: made.warnings,
            ..blank
        },
    }
}

/// Says why a row makes nothing, and how its record comes back.
fn stays_withdrawn(withdrawal: &Withdrawal, row: &RowOutcome, fitting: &Fitting<'_>) -> String {
    let because = withdrawal.because.as_deref();
    let because = because.map_or_else(String::new, |because| format!(" (“{because}”)"));
    let id = row.id.as_deref().unwrap_or_default();
    let kind = &fitting.mapping.kind;
    format!(
        "its record {id} was withdrawn on {}{because} and stays so; to bring it back, put a version with `minutebook record put {kind} --id {id}`, keeping the body's `source`",
        withdrawal.on.in_words()
    )
}

/// Where tables were put one under another, the headings of the next are no row of this one.
fn headings_again() -> Refusal {
    Refusal::of_row(
        "row_of_headings",
        "the row holds the headings again".to_owned(),
        "Delete the row, and any other like it.",
    )
}

fn without_key(fitting: &Fitting<'_>) -> Refusal {
    let columns: Vec<&str> = fitting
        .mapping
        .key
        .by
        .last()
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    Refusal::of_row(
        "row_without_key",
        format!(
            "the row says nothing to know it by under {}",
            columns.join(", ")
        ),
        "Fill in at least one of these columns.",
    )
}

/// Returns whether two bodies say the same, wherever they come from.
pub fn says_the_same(earlier: &Value, new: &Value) -> bool {
    let (Value::Object(earlier), Value::Object(new)) = (earlier, new) else {
        return earlier == new;
    };
    let stated = |body: &Map<String, Value>| body.len() - usize::from(body.contains_key("source"));
    stated(earlier) == stated(new)
        && new
            .iter()
            .all(|(name, value)| name == "source" || earlier.get(name) == Some(value))
}
