//! Importing: a file of others becomes Commands, one row each, every row accounted for.

mod earlier;
mod people;

use std::collections::BTreeMap;

use exchange::draft::Draft;
use exchange::kind::KindOf;
pub use exchange::limits::FILE_BYTES_MAX;
pub use exchange::mapping::Mapping;
pub use exchange::plan::Counts;
use exchange::plan::{Outcome as RowIs, Plan};
pub use exchange::results::BEGIN as RESULTS_BEGIN;
use exchange::table::Table;
pub use exchange::table::{Reading, Sheets};
use exchange::{plan, results, table};
use record::{Command, KindSpec, Put, Refusal, Registry};
use serde_json::Value;
use store::Rows;

use crate::chance;
use crate::dates::Zone;
use crate::error::{AppError, Result};
use crate::reading::Ledger;
use crate::writer::{BATCH_MAX, Outcome, Writing};

/// What an import came to.
#[derive(Debug)]
pub struct Imported {
    /// The sums.
    pub counts: Counts,
    /// The encoding the file was read in, for example `windows-1252`.
    pub encoding: String,
    /// Which sheet was read, of a workbook.
    pub sheets: Option<Sheets>,
    /// What a person should look at in the file as a whole; counted in the sums.
    pub warnings: Vec<String>,
    /// The result of every row, as CSV.
    pub results: Vec<u8>,
}

/// Returns the shipped mappings' names.
pub fn formats() -> Vec<&'static str> {
    exchange::mapping::shipped()
        .iter()
        .map(|(name, _)| *name)
        .collect()
}

/// Reads a mapping: a shipped one by its name, or TOML text.
///
/// # Errors
/// Refuses an unknown name or a mapping that contradicts itself.
pub fn mapping(shipped: &str, toml: Option<&str>) -> Result<Mapping> {
    let text = match toml {
        Some(text) => text,
        None => exchange::mapping::shipped()
            .iter()
            .find(|(name, _)| *name == shipped)
            .map(|(_, text)| *text)
            .ok_or_else(|| {
                Refusal::new("wrong_use", format!("There is no format or shipped mapping named {shipped:?}."))
                    .hint("`minutebook import --list` names them; `import csv FILE --draft-mapping M.toml` drafts one.")
            })?,
    };
    Mapping::parse(text).map_err(|error| {
        Refusal::new(error.code(), error.to_string())
            .hint(error.hint())
            .into()
    })
}

/// Returns a kind whose records can be made from the rows of a table.
///
/// # Errors
/// Refuses a kind there is none of, and one whose records are acts or decisions: somebody stands
/// for each of those, so none is made from a row.
pub fn kind<'r>(registry: &'r Registry, name: &str) -> Result<&'r KindSpec> {
    let takes: Vec<&str> = registry
        .iter()
        .filter(|kind| kind.takes_rows())
        .map(|kind| kind.name)
        .collect();
    let takes = takes.join(" and ");
    let refused = |what: String, next: String| Refusal::new("kind_without_rows", what).hint(next);
    match registry.get(name) {
        Some(kind) if kind.takes_rows() => Ok(kind),
        Some(kind) => Err(refused(
            format!(
                "No {name} is made from a row of a table; the kinds that are: {takes}.",
            ),
            format!(
                "Record each {} by itself with `minutebook record put {name}`, or many with `minutebook apply`.",
                kind.title.to_lowercase()
            ),
        )
        .into()),
        None => Err(refused(
            format!("There is no kind of record named {name:?}."),
            format!("A table is made into records of these kinds: {takes}."),
        )
        .into()),
    }
}

/// Drafts a mapping from a file's headings; it takes its name from the file's. A title that
/// stands alone above the headings is passed over: a person looks the draft through.
///
/// # Errors
/// Refuses a file that cannot be read as a table.
pub fn draft(bytes: &[u8], name: &str, reading: &Reading, kind: &KindSpec) -> Result<Draft> {
    let table = match table::read_as(bytes, name, reading) {
        Err(table::TableError::TitleAbove { headings_at, .. }) => {
            let below = Reading {
                headings_at: Some(headings_at),
                ..reading.clone()
            };
            table::read_as(bytes, name, &below)
        }
        read => read,
    };
    let table = table.map_err(unreadable)?;
    Ok(exchange::draft::draft_mapping(
        &table,
        name,
        kind.name,
        &kind.body.schema,
    ))
}

fn unreadable(error: table::TableError) -> AppError {
    Refusal::new(error.code(), error.to_string())
        .hint(error.hint())
        .into()
}

impl Ledger {
    /// Says what importing a file would come to, beside whoever writes; records nothing.
    ///
    /// # Errors
    /// As [`Writing::import`].
    pub async fn import_foreseen(
        &self,
        bytes: &[u8],
        name: &str,
        mapping: &Mapping,
    ) -> Result<Imported> {
        let snapshot = self.reader.snapshot().await?;
        let importing = Importing {
            rows: snapshot.rows(),
            registry: &self.registry,
            zone: &self.zone,
        };
        let (mut plan, table) = importing.planned(bytes, name, mapping).await?;
        importing.foresee(&mut plan, mapping).await?;
        Ok(imported(plan, table))
    }
}

impl Writing {
    /// Imports a file.
    ///
    /// # Errors
    /// Refuses a file that cannot be read, or a mapping whose columns it lacks.
    pub async fn import(
        &mut self,
        bytes: &[u8],
        name: &str,
        mapping: &Mapping,
    ) -> Result<Imported> {
        let importing = Importing {
            rows: self.writer.rows(),
            registry: &self.desk.registry,
            zone: &self.desk.zone,
        };
        let (mut plan, table) = importing.planned(bytes, name, mapping).await?;
        let mut source = bytes;
        self.desk.files.add(&mut source).await?;
        self.record(&mut plan, mapping).await?;
        Ok(imported(plan, table))
    }

    async fn record(&mut self, plan: &mut Plan, mapping: &Mapping) -> Result<()> {
        let to_do: Vec<usize> = (0..plan.rows.len())
            .filter(|index| plan.rows[*index].body.is_some())
            .collect();
        for part in to_do.chunks(BATCH_MAX) {
            let commands: Result<Vec<Command>> = part
                .iter()
                .map(|index| command(&mut plan.rows[*index], mapping))
                .collect();
            for (index, outcome) in part.iter().zip(self.submit(&commands?).await?) {
                if let Outcome::Refused(refusal) = outcome {
                    refuse(&mut plan.rows[*index], in_the_table(refusal, mapping));
                }
            }
        }
        Ok(())
    }
}

fn imported(plan: Plan, table: Table) -> Imported {
    Imported {
        counts: plan.counts(),
        encoding: table.encoding,
        sheets: table.sheets,
        results: results::write(&plan),
        warnings: plan.warnings,
    }
}

/// What rows are held against before anything is recorded.
struct Importing<'a> {
    rows: Rows<'a>,
    registry: &'a Registry,
    zone: &'a Zone,
}

impl Importing<'_> {
    /// Returns what each row is to become, and the table.
    async fn planned(&self, bytes: &[u8], name: &str, mapping: &Mapping) -> Result<(Plan, Table)> {
        self.hold(mapping)?;
        let table = table::read_as(bytes, name, &mapping.file).map_err(unreadable)?;
        let earlier = earlier::made(self, mapping).await?;
        let mut plan = plan::plan(&table, mapping, &earlier)
            .map_err(|error| Refusal::new(error.code(), error.to_string()).hint(error.hint()))?;
        self.meet(&mut plan, mapping).await?;
        self.check(&mut plan, mapping)?;
        Ok((plan, table))
    }

    /// Holds the mapping to its kind: what no row could make is refused once.
    fn hold(&self, mapping: &Mapping) -> Result<()> {
        let kind = kind(self.registry, &mapping.kind)?;
        let held = of(kind).hold(mapping);
        Ok(held.map_err(|error| Refusal::new(error.code(), error.to_string()).hint(error.hint()))?)
    }

    /// Holds each body against its kind before anything is recorded.
    fn check(&self, plan: &mut Plan, mapping: &Mapping) -> Result<()> {
        let kind = kind(self.registry, &mapping.kind)?;
        for row in &mut plan.rows {
            let Some(body) = &row.body else { continue };
            if let Some(refusal) = of(kind).unstated(mapping, body) {
                refuse(row, refusal);
            } else if let Err(refusal) = kind.body.check(body) {
                refuse(row, in_the_table(refusal, mapping));
            }
        }
        Ok(())
    }
}

fn of(kind: &KindSpec) -> KindOf<'_> {
    KindOf {
        name: kind.name,
        schema: &kind.body.schema,
    }
}

fn refuse(row: &mut exchange::plan::RowOutcome, refusal: exchange::refusal::Refusal) {
    row.outcome = RowIs::Refused;
    row.body = None;
    row.refusal = Some(refusal);
}

/// Says where in the table a refused body is wrong: under the heading of the cell, where one
/// fills that place.
fn in_the_table(refusal: Refusal, mapping: &Mapping) -> exchange::refusal::Refusal {
    let field = refusal.field.as_deref().unwrap_or_default();
    let heading = exchange::kind::heading(mapping, field.strip_prefix("/body").unwrap_or(field));
    let message = match heading {
        Some(heading) => format!("the cell under {heading:?}: {}", refusal.message),
        None => refusal.message,
    };
    exchange::refusal::Refusal {
        code: refusal.code,
        message,
        field: heading.map(str::to_owned).or(refusal.field),
        hint: refusal.hint.unwrap_or_default(),
    }
}

fn command(row: &mut exchange::plan::RowOutcome, mapping: &Mapping) -> Result<Command> {
    let id = match &row.id {
        Some(id) => id.parse().map_err(AppError::fault)?,
        None => chance::id()?,
    };
    row.id = Some(id.to_string());
    Ok(Command::Put(Put {
        kind: mapping.kind.clone(),
        id: Some(id),
        if_version: Some(row.if_version.unwrap_or(0)),
        effective_on: None,
        body: row.body.clone().unwrap_or(Value::Null),
        marks: BTreeMap::new(),
        key: None,
        acting: None,
        at: None,
        brought_in: None,
    }))
}
