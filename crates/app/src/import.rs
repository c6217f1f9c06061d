//! Importing: a file of others becomes Commands, one row each, every row accounted for.

mod by_hand;
mod dated;
mod earlier;
mod people;
mod units;

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
use exchange::{Guessed, plan, results, table};
use record::{BroughtIn, Command, Day, KindSpec, Put, Records, Refusal, Registry};
use serde_json::Value;
use store::Rows;

use crate::chance;
use crate::clock::Clock;
use crate::dates::Zone;
use crate::error::{AppError, Result};
use crate::keys::LogKey;
use crate::own::without_key;
use crate::reading::Ledger;
use crate::writer::{BATCH_MAX, Outcome, Writing};

/// What an import came to.
#[derive(Debug)]
pub struct Imported {
    /// The sums.
    pub counts: Counts,
    /// The encoding the file was read in, for example `windows-1252`.
    pub encoding: String,
    /// The cells that show which letters were guessed, where the encoding was.
    pub guessed: Option<Guessed>,
    /// Which sheet was read, of a workbook.
    pub sheets: Option<Sheets>,
    /// What a person should look at in the file as a whole; counted in the sums.
    pub warnings: Vec<String>,
    /// Why rows are refused, each reason once with the first row of it, a few of them.
    pub reasons: Vec<String>,
    /// The result of every row, as CSV.
    pub results: Vec<u8>,
    /// Why it ended before its last row, if so, and how many rows were reached.
    pub stopped: Option<Cut>,
}

/// An import that ended before its last row.
#[derive(Debug)]
pub struct Cut {
    /// Why.
    pub error: AppError,
    /// Rows of which it is not known whether they are recorded.
    pub not_known: usize,
    /// Rows that are not recorded, which would have been.
    pub not_recorded: usize,
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
        effective_on: Option<Day>,
    ) -> Result<Imported> {
        if let Some(key) = LogKey::if_there(&self.dir)? {
            without_key(&key, &mut &*bytes, name)?;
        }
        let snapshot = self.reader.snapshot().await?;
        let rows = snapshot.rows();
        let (_, cached) = self.at_hand(rows).await?;
        let now = Clock::new(self.begin.simulated_clock, true).now_ms(cached.last_ms);
        let importing = Importing {
            rows,
            registry: &self.registry,
            zone: &self.zone,
            records: &cached.records,
            today: self.zone.day(now),
        };
        let mut planned = importing
            .planned((bytes, name), mapping, effective_on)
            .await?;
        importing
            .foresee(&mut planned.plan, &planned.mapping)
            .await?;
        Ok(planned.imported())
    }
}

impl Writing {
    /// Imports a file.
    ///
    /// # Errors
    /// Refuses a file that cannot be read, a mapping whose columns it lacks, or a day to come.
    pub async fn import(
        &mut self,
        bytes: &[u8],
        name: &str,
        mapping: &Mapping,
        effective_on: Option<Day>,
    ) -> Result<Imported> {
        without_key(&self.key, &mut &*bytes, name)?;
        let importing = Importing {
            rows: self.writer.rows(),
            registry: &self.desk.registry,
            zone: &self.desk.zone,
            records: &self.desk.records,
            today: self.today(),
        };
        let mut planned = importing
            .planned((bytes, name), mapping, effective_on)
            .await?;
        let mut source = bytes;
        self.desk.files.add(&mut source).await?;
        let stopped = self.record(&mut planned).await?;
        Ok(Imported {
            stopped,
            ..planned.imported()
        })
    }

    /// Records the rows, and says of each what it came to, also where the writer stops among them.
    async fn record(&mut self, planned: &mut Planned) -> Result<Option<Cut>> {
        let Planned {
            plan,
            mapping,
            dated,
            ..
        } = planned;
        let to_do: Vec<usize> = (0..plan.rows.len())
            .filter(|index| plan.rows[*index].body.is_some())
            .collect();
        for (done, part) in to_do.chunks(BATCH_MAX).enumerate() {
            let commands: Result<Vec<Command>> = part
                .iter()
                .map(|index| command(&mut plan.rows[*index], mapping, dated))
                .collect();
            let (outcomes, stopped) = match self.submit(&commands?).await {
                Ok(outcomes) => (outcomes, None),
                Err(stopped) => (stopped.outcomes, Some((stopped.not_known, stopped.error))),
            };
            let from = done * BATCH_MAX + outcomes.len();
            for (index, outcome) in part.iter().zip(outcomes) {
                if let Outcome::Refused(refusal) = outcome {
                    refuse(&mut plan.rows[*index], in_the_table(refusal, mapping));
                }
            }
            if let Some((not_known, error)) = stopped {
                let (open, not_recorded) = to_do[from..].split_at(not_known);
                open.iter()
                    .for_each(|index| leave(&mut plan.rows[*index], true));
                not_recorded
                    .iter()
                    .for_each(|index| leave(&mut plan.rows[*index], false));
                return Ok(Some(Cut {
                    error,
                    not_known,
                    not_recorded: not_recorded.len(),
                }));
            }
        }
        Ok(None)
    }
}

/// Says of a row that the writer stopped before it was answered about it.
fn leave(row: &mut exchange::plan::RowOutcome, may_be_recorded: bool) {
    let (code, message) = match may_be_recorded {
        true => (
            "not_known",
            "Whether this row is recorded is not known: the writing stopped at it.",
        ),
        false => (
            "not_recorded",
            "This row is not recorded: the writing stopped before it.",
        ),
    };
    let hint =
        "Run the import again: what is recorded is found unchanged, and the rest is recorded.";
    refuse(
        row,
        exchange::refusal::Refusal {
            code: code.to_owned(),
            message: message.to_owned(),
            field: None,
            hint: hint.to_owned(),
        },
    );
}

/// What a file is to become.
struct Planned {
    plan: Plan,
    table: Table,
    /// The mapping as it is held to its kind.
    mapping: Mapping,
    dated: Dated,
}

impl Planned {
    fn imported(self) -> Imported {
        Imported {
            counts: self.plan.counts(),
            encoding: self.table.encoding,
            guessed: self.table.guessed,
            sheets: self.table.sheets,
            reasons: reasons(&self.plan),
            results: results::write(&self.plan),
            warnings: self.plan.warnings,
            stopped: None,
        }
    }
}

/// How many reasons are said beside the results.
const REASONS_MAX: usize = 3;

fn reasons(plan: &Plan) -> Vec<String> {
    let mut reasons: Vec<(u64, &exchange::refusal::Refusal)> = Vec::new();
    for row in &plan.rows {
        let Some(refusal) = &row.refusal else {
            continue;
        };
        let is_said =
            |(_, said): &(_, &exchange::refusal::Refusal)| said.message == refusal.message;
        if !reasons.iter().any(is_said) {
            reasons.push((row.row as u64, refusal));
        }
        if reasons.len() == REASONS_MAX {
            break;
        }
    }
    let told = reasons.into_iter().map(|(row, refusal)| {
        let message = refusal.message.trim_end_matches('.');
        format!("row {row}: {message}. {}", refusal.hint)
    });
    told.collect()
}

/// The dates that every version of an import has.
#[derive(Debug, Default)]
struct Dated {
    effective_on: Option<Day>,
    brought_in: Option<BroughtIn>,
}

/// Refuses what `[always]` gives every row, where no record could hold it.
fn always_refused(kind: &KindSpec, mapping: &Mapping) -> Option<Refusal> {
    let refusal = kind.body.check(&of(kind).always(mapping)).err()?;
    let at = refusal.field.as_deref().unwrap_or_default();
    let is_of = |path: &&String| at.starts_with(&format!("/body/{}", path.replace('.', "/")));
    let path = mapping.always.keys().find(is_of)?;
    let message = format!(
        "What [always] gives every row at {path:?}: {}",
        refusal.message
    );
    Some(Refusal { message, ..refusal })
}

/// What rows are held against before anything is recorded.
struct Importing<'a> {
    rows: Rows<'a>,
    registry: &'a Registry,
    zone: &'a Zone,
    records: &'a Records,
    today: Day,
}

impl Importing<'_> {
    /// Returns what each row is to become.
    async fn planned(
        &self,
        (bytes, name): (&[u8], &str),
        mapping: &Mapping,
        effective_on: Option<Day>,
    ) -> Result<Planned> {
        let mapping = self.hold(mapping)?;
        let table = table::read_as(bytes, name, &mapping.file).map_err(unreadable)?;
        let dated = self.dated(effective_on, (name, &table.sha256))?;
        let (earlier, by_hand) = earlier::made(self, &mapping).await?;
        let mut plan = plan::plan(&table, &mapping, &earlier)
            .map_err(|error| Refusal::new(error.code(), error.to_string()).hint(error.hint()))?;
        self.meet(&mut plan, &mapping).await?;
        self.check(&mut plan, &mapping)?;
        units::warn(self.records, &mut plan);
        by_hand.warn(&mut plan);
        dated::settle(
            &mut plan,
            (effective_on, self.today),
            kind(self.registry, &mapping.kind)?,
        );
        Ok(Planned {
            plan,
            table,
            mapping,
            dated,
        })
    }

    /// Returns the dates of every version made. What is older than the ledger is brought in, from
    /// the file itself.
    fn dated(&self, effective_on: Option<Day>, (name, hash): (&str, &str)) -> Result<Dated> {
        let Some(day) = effective_on else {
            return Ok(Dated::default());
        };
        if day > self.today {
            let what = format!(
                "{} has not come yet; a register tells of systems that are there by today, {}.",
                day.in_words(),
                self.today.in_words()
            );
            return Err(Refusal::new("in_future", what)
                .at("--effective-on")
                .hint("Name the day from which what the file says was so, or leave the option out.")
                .into());
        }
        let is_older = self.records.ledger_start().is_some_and(|start| day < start);
        let brought_in = match is_older {
            true => Some(BroughtIn {
                by: None,
                file: Some(hash.parse().map_err(AppError::fault)?),
                from: name.to_owned(),
            }),
            false => None,
        };
        Ok(Dated {
            effective_on,
            brought_in,
        })
    }

    /// Holds the mapping to its kind: what no row could make is refused once.
    fn hold(&self, mapping: &Mapping) -> Result<Mapping> {
        let kind = kind(self.registry, &mapping.kind)?;
        let held = of(kind).hold(mapping);
        let held =
            held.map_err(|error| Refusal::new(error.code(), error.to_string()).hint(error.hint()))?;
        match always_refused(kind, mapping) {
            Some(refusal) => Err(refusal.into()),
            None => Ok(held),
        }
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
    // A record that was to be made is not there, so it has no id.
    if row.outcome == RowIs::Created {
        row.id = None;
    }
    row.outcome = RowIs::Refused;
    row.body = None;
    row.effective_on = None;
    row.refusal = Some(refusal);
}

/// Says where in the table a refused body is wrong: under the heading of the cell, where one
/// fills that place.
fn in_the_table(refusal: Refusal, mapping: &Mapping) -> exchange::refusal::Refusal {
    let field = refusal.field.as_deref().unwrap_or_default();
    let heading = exchange::kind::heading(mapping, field.strip_prefix("/body").unwrap_or(field));
    // What a word in a cell stands for is said in the mapping.
    let hint = match refusal.message.starts_with("Unknown variant") {
        true => "List the words of the column under [field.choices] of its field in the mapping, each with the choice it stands for, such as \"User\" = \"user\".".to_owned(),
        false => refusal.hint.clone().unwrap_or_default(),
    };
    let message = match heading {
        Some(heading) => format!("the cell under {heading:?}: {}", refusal.message),
        None => refusal.message,
    };
    exchange::refusal::Refusal {
        code: refusal.code,
        message,
        field: heading.map(str::to_owned).or(refusal.field),
        hint,
    }
}

fn command(
    row: &mut exchange::plan::RowOutcome,
    mapping: &Mapping,
    dated: &Dated,
) -> Result<Command> {
    let id = match &row.id {
        Some(id) => id.parse().map_err(AppError::fault)?,
        None => chance::id()?,
    };
    row.id = Some(id.to_string());
    Ok(Command::Put(Put {
        kind: mapping.kind.clone(),
        id: Some(id),
        if_version: Some(row.if_version.unwrap_or(0)),
        effective_on: dated.effective_on,
        body: row.body.clone().unwrap_or(Value::Null),
        marks: BTreeMap::new(),
        key: None,
        acting: None,
        at: None,
        brought_in: dated.brought_in.clone(),
    }))
}
