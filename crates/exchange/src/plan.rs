//! Compares a file with the records of earlier runs and says what each row does.

use std::collections::{BTreeMap, HashMap, HashSet};

use record::{Day, counted};
use serde::Serialize;
use serde_json::{Map, Value};

pub use crate::fitting::PlanError;
pub use crate::repeats::listed;

use crate::body::{self, Made};
use crate::claims::{Claim, claims};
use crate::fitting::Fitting;
use crate::key::{Keys, Known, keys, known, nth, plain};
use crate::mapping::Mapping;
use crate::refusal::Refusal;
use crate::repeats;
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
    /// The body that a row last made, where a person put the newest version.
    pub as_imported: Option<Value>,
    /// The day from which that version is so; none where the ledger does not tell.
    pub effective_on: Option<Day>,
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
    /// What its record is known by: what it was made under, else what the row is known by. None
    /// when the row is refused before that can be told.
    pub key: Option<String>,
    /// Created, revised, unchanged or refused.
    pub outcome: Outcome,
    /// The record, where an earlier run made one; none for a created row.
    pub id: Option<String>,
    /// The version a revision starts from.
    pub if_version: Option<u32>,
    /// The new body; none when unchanged or refused.
    pub body: Option<Value>,
    /// The day from which its record is so: that of the version that says the same already.
    /// Whoever carries the plan out sets that of a new version.
    pub effective_on: Option<Day>,
    /// The unit that it names, whatever becomes of it; none where it is refused.
    pub unit: Option<String>,
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
/// A row is of a record that was made under any of the keys it could be known by, unless another
/// row of the file has more of a claim to it. The record keeps the key it was made under.
///
/// Where a person put a version since, and the row says what it said before, nothing changes: the
/// row is unchanged, with a warning.
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
    let read = table.rows.iter().zip(&keys.of_rows);
    let made: Vec<Result<Made, Refusal>> = read
        .map(|(row, key)| made(table, row, key.as_deref(), &fitting))
        .collect();
    let bodies: Vec<Option<&Value>> = made
        .iter()
        .map(|made| made.as_ref().ok().map(|made| &made.body))
        .collect();
    let known_as: BTreeMap<&str, Known> = (earlier.iter())
        .map(|(key, record)| {
            let body = record.as_imported.as_ref().unwrap_or(&record.body);
            (key.as_str(), known((key, body), table, &fitting))
        })
        .collect();
    let claims = claims(&keys, &bodies, earlier, &known_as, table);
    let known_by = known_by(&keys, &claims, &known_as);
    let mut rows: Vec<RowOutcome> = (table.rows.iter().zip(made))
        .zip(known_by.into_iter().zip(&claims))
        .map(|((row, made), (key, claim))| {
            let record = claim.and_then(|claim| earlier.get(claim.key));
            outcome(row.number, key, (made, record), &fitting)
        })
        .collect();
    for ((row, claim), key) in rows.iter_mut().zip(&claims).zip(&keys.of_rows) {
        warn_of_another_key(row, claim.as_ref(), key.as_deref());
    }
    let warnings: Vec<String> = of_the_file(table)
        .into_iter()
        .chain(repeats::warn_of_references(
            table,
            (&keys, &fitting),
            &mut rows,
        ))
        .chain(repeats::warn_of_rows(table, &mut rows))
        .collect();
    let absent = absent(&claims, earlier);
    let another = of_another_file(table, &rows, &absent, earlier);
    Ok(Plan {
        rows,
        absent,
        warnings: warnings.into_iter().chain(another).collect(),
    })
}

/// Warns of what is odd about the file as a whole.
fn of_the_file(table: &Table) -> Vec<String> {
    let is_empty = table.rows.is_empty();
    let empty = "the file has headings and no row below them".to_owned();
    let read = table.warnings.iter().cloned();
    read.chain(is_empty.then_some(empty)).collect()
}

/// Returns the records that no row of the file is of.
fn absent(claims: &[Option<Claim<'_>>], earlier: &BTreeMap<String, Earlier>) -> Vec<Absent> {
    let present: HashSet<&str> = claims.iter().flatten().map(|claim| claim.key).collect();
    let gone = earlier
        .iter()
        .filter(|(key, record)| record.withdrawn.is_none() && !present.contains(key.as_str()));
    gone.map(|(key, record)| Absent {
        key: key.clone(),
        id: record.id.clone(),
    })
    .collect()
}

/// Returns the key that each row's record has or would have. A new record gets none that another
/// has: where its row's own is taken, it gets the next place among equals.
fn known_by(
    keys: &Keys,
    claims: &[Option<Claim<'_>>],
    known_as: &BTreeMap<&str, Known>,
) -> Vec<Option<String>> {
    let written = known_as.values().map(|known| known.key.as_str());
    let mut taken: HashSet<String> = known_as
        .keys()
        .copied()
        .chain(written)
        .map(str::to_owned)
        .collect();
    let mut next: HashMap<String, usize> = HashMap::new();
    let mut known_by = Vec::with_capacity(claims.len());
    for (key, claim) in keys.of_rows.iter().zip(claims) {
        let Some(key) = key.as_ref().filter(|_| claim.is_none()) else {
            known_by.push(claim.map(|claim| claim.key.to_owned()));
            continue;
        };
        let mut own = key.clone();
        while taken.contains(&own) {
            let ordinal = next.entry(plain(key).to_owned()).or_insert(1);
            *ordinal += 1;
            own = nth(plain(key), *ordinal);
        }
        taken.insert(own.clone());
        known_by.push(Some(own));
    }
    known_by
}

/// Warns where a row changes a record that it was found for by less than that was made under: the
/// number went, and a namesake would look the same.
fn warn_of_another_key(row: &mut RowOutcome, claim: Option<&Claim<'_>>, key: Option<&str>) {
    let by_later = claim.filter(|claim| claim.is_by_later && row.outcome == Outcome::Revised);
    if let (Some(claim), Some(key)) = (by_later, key) {
        row.warnings.push(format!(
            "its record was made from a row known by {}; this one is not, and was found by {}: see that they are one",
            claim.key,
            plain(key)
        ));
    }
}

/// Returns what a row makes.
fn made(
    table: &Table,
    row: &Row,
    key: Option<&str>,
    fitting: &Fitting<'_>,
) -> Result<Made, Refusal> {
    match (&row.refusal, key) {
        (Some(refusal), _) => Err(refusal.clone()),
        (None, _) if row.cells == table.headings => Err(headings_again()),
        (None, None) => Err(without_key(fitting)),
        (None, Some(key)) => body::make(table, row, key, fitting),
    }
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

/// The field of a body that names its unit.
const UNIT: &str = "unit";

fn outcome(
    row: usize,
    key: Option<String>,
    (made, record): (Result<Made, Refusal>, Option<&Earlier>),
    fitting: &Fitting<'_>,
) -> RowOutcome {
    let blank = RowOutcome {
        row,
        key,
        outcome: Outcome::Refused,
        id: record.map(|record| record.id.clone()),
        if_version: None,
        body: None,
        effective_on: None,
        unit: None,
        refusal: None,
        warnings: Vec::new(),
    };
    let mut made = match made {
        Ok(made) => made,
        Err(refusal) => {
            return RowOutcome {
                refusal: Some(refusal),
                ..blank
            };
        }
    };
    if let (Some(source), Some(key)) = (made.body.get_mut("source"), &blank.key) {
        source["key"] = Value::from(key.as_str());
    }
    let unit = made.body.get(UNIT).and_then(Value::as_str);
    let blank = RowOutcome {
        unit: unit.map(str::to_owned),
        ..blank
    };
    match record {
        Some(record) => of_record(blank, (made, record), fitting),
        None => RowOutcome {
            outcome: Outcome::Created,
            body: Some(made.body),
            warnings: made.warnings,
            ..blank
        },
    }
}

/// Returns what a row does to the record it is of.
fn of_record(
    blank: RowOutcome,
    (mut made, record): (Made, &Earlier),
    fitting: &Fitting<'_>,
) -> RowOutcome {
    if let Some(withdrawal) = &record.withdrawn {
        return RowOutcome {
            outcome: Outcome::Unchanged,
            warnings: vec![stays_withdrawn(withdrawal, &blank, fitting)],
            ..blank
        };
    }
    let is_same = says_the_same(&record.body, &made.body);
    let before = record.as_imported.as_ref();
    let as_before = before.map(|before| says_the_same(before, &made.body));
    let by_hand = as_before.filter(|_| !is_same);
    let by_hand = by_hand.map(|as_before| changed_by_hand(record.version, as_before));
    made.warnings.extend(by_hand);
    let unchanged = RowOutcome {
        outcome: Outcome::Unchanged,
        effective_on: record.effective_on,
        warnings: made.warnings,
        ..blank
    };
    if is_same || as_before == Some(true) {
        return unchanged;
    }
    RowOutcome {
        outcome: Outcome::Revised,
        if_version: Some(record.version),
        body: Some(made.body),
        effective_on: None,
        ..unchanged
    }
}

/// Says that a record is no longer as its row made it.
fn changed_by_hand(version: u32, is_row_as_before: bool) -> String {
    let row = match is_row_as_before {
        true => "the row says what it said before, and changes nothing",
        false => "the row changed too, and makes a version after it",
    };
    format!(
        "its record was changed by a person since, or by another mapping: version {version} is none of this row; {row}"
    )
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
