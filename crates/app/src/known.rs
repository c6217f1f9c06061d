//! Records and titles put together from entries and their disclosed groups: the same whether
//! they come from the data directory or from a pack.

use assess::{Names, Question, Status};
use catalogue::Catalogue;
use ledger::{Entry, Hash};
use record::{Act, Begin, Day, Records, Registry};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::dates::{Moment, Zone};
use crate::derive::title;
use crate::error::{AppError, Result};
use crate::named::named;
use crate::reading::StatusView;
use crate::stored;
use crate::texts::cited_files;

/// What stands for a title that this reader may not see.
const WITHHELD: &str = "withheld";

/// What is known from the first entries of a log.
#[derive(Debug)]
pub struct Known {
    /// The records.
    pub records: Records,
    /// Their titles.
    pub names: Names,
    /// What the first entry says.
    pub begin: Begin,
    /// The organisation's time zone.
    pub zone: Zone,
    /// The time of the last entry.
    pub last_ms: i64,
}

/// Puts records together, entry by entry.
#[derive(Debug)]
pub struct Knowing<'a> {
    registry: &'a Registry,
    records: Records,
    names: Names,
    began: Option<(Begin, Zone)>,
    last_ms: i64,
}

/// What an entry came to.
#[derive(Debug, Default)]
pub struct Added {
    /// The record it puts, whose title [`name`](Knowing::name) then reads, from this entry or from
    /// a later one that puts it again.
    pub put: Option<Uuid>,
    /// The files it cites.
    pub cited: Vec<Hash>,
}

const NO_WORDS: &[Map<String, Value>] = &[];

impl<'a> Knowing<'a> {
    /// Returns an empty start.
    pub fn new(registry: &'a Registry) -> Self {
        Self {
            registry,
            records: Records::default(),
            names: Names::new(),
            began: None,
            last_ms: 0,
        }
    }

    /// Adds the next entry, given its groups by commitment; a group that is not here is none.
    /// Returns what it came to.
    ///
    /// # Errors
    /// When the facts are not as they were recorded.
    pub fn add(
        &mut self,
        seq: u64,
        entry: &Entry,
        group: impl FnOnce(&Hash) -> Result<Option<Vec<u8>>>,
    ) -> Result<Added> {
        let facts = entry.groups.iter().find(|one| one.name == "facts");
        let facts = match facts {
            Some(facts) => group(&facts.commitment)?,
            None => None,
        };
        let facts = facts
            .ok_or_else(|| AppError::Damaged(format!("entry {seq}: its facts are missing")))?;
        if self.began.is_none() {
            let begin = crate::writer::stored_facts(Some(&facts))?.begin;
            let begin = begin
                .ok_or_else(|| AppError::Damaged("entry 0 does not begin a ledger".to_owned()))?;
            let zone = Zone::named(&begin.time_zone)?;
            self.began = Some((begin, zone));
        }
        let Some((_, zone)) = &self.began else {
            return Ok(Added::default());
        };
        let mut event = stored::event_of(seq, entry, &facts, zone)?;
        // No rule reads what makes a repeat harmless, and it is long.
        event.facts.key = None;
        self.last_ms = event.recorded_at;
        let added = Added {
            put: (event.act == Act::Put).then_some(event.id),
            cited: cited_files(&event),
        };
        self.records.add(event);
        Ok(added)
    }

    /// Reads the title of a record from the entry that last put it.
    ///
    /// # Errors
    /// When a group is not as it was recorded.
    pub fn name(
        &mut self,
        id: Uuid,
        entry: &Entry,
        mut group: impl FnMut(&Hash) -> Result<Option<Vec<u8>>>,
    ) -> Result<()> {
        let mut words: Vec<Map<String, Value>> = Vec::new();
        let mut all_here = true;
        for one in entry
            .groups
            .iter()
            .filter(|one| !matches!(one.name.as_str(), "act" | "facts"))
        {
            match group(&one.commitment)? {
                None => all_here = false,
                Some(bytes) => {
                    if let Value::Object(group) = stored::words(&bytes)? {
                        words.push(group);
                    }
                }
            }
        }
        let kind = entry.kind.as_deref().unwrap_or_default();
        let Some(kind) = self.registry.get(kind) else {
            return Ok(());
        };
        let put = self
            .records
            .get(id)
            .and_then(|record| record.version(entry.version?));
        let facts = put.map_or(&Value::Null, |version| version.body());
        let plain = title(kind, facts, &words);
        // A title is withheld when the kind's plain word is all that is left of it.
        let called = if plain == title(kind, facts, NO_WORDS) && !all_here {
            WITHHELD.to_owned()
        } else {
            plain
        };
        let is_organisation = |begun: &(Begin, Zone)| begun.0.organisation == id;
        if self.began.as_ref().is_some_and(is_organisation) {
            self.names.call(named(facts, &words));
        }
        self.names.insert(id, called);
        Ok(())
    }

    /// Returns the time zone, once the first entry was added.
    pub fn zone(&self) -> Option<&Zone> {
        self.began.as_ref().map(|(_, zone)| zone)
    }

    /// Returns what is known.
    ///
    /// # Errors
    /// When there was no entry.
    pub fn finish(self) -> Result<Known> {
        let (begin, zone) = self
            .began
            .ok_or_else(|| AppError::Damaged("there is no entry".to_owned()))?;
        Ok(Known {
            records: self.records,
            names: self.names,
            begin,
            zone,
            last_ms: self.last_ms,
        })
    }
}

/// T and U as a pack states them, with the log's size and root at U.
#[derive(Debug, Clone)]
pub struct Stated<'a> {
    /// T.
    pub as_of: &'a str,
    /// U.
    pub known_by: &'a str,
    /// Entries known by U.
    pub entries: u64,
    /// The root at that size, hex.
    pub root: String,
}

impl Known {
    /// Returns the day that T names, given when an entry was recorded.
    ///
    /// # Errors
    /// Refuses a moment that cannot be read.
    pub fn about(&self, as_of: &str, time_of: impl FnOnce(u64) -> Option<i64>) -> Result<Day> {
        Ok(match Moment::parse(as_of)? {
            Moment::Now => self.zone.day(self.last_ms),
            Moment::Day(day) => day,
            Moment::Instant(ms) => self.zone.day(ms),
            Moment::Entry(seq) => self.zone.day(time_of(seq).unwrap_or(self.last_ms)),
        })
    }

    /// Returns the status that a pack carries.
    pub fn status(&self, catalogue: &Catalogue, stated: &Stated<'_>, about: Day) -> StatusView {
        let aims_start = assess::aims_start(self.begin.aims_start, &self.records);
        let said: Status = assess::status(&Question {
            records: &self.records,
            catalogue,
            names: &self.names,
            about,
            aims_start,
            before_ledger: stated.entries == 0,
            all_subjects_of: None,
        });
        StatusView {
            organisation: self
                .names
                .get(&self.begin.organisation)
                .cloned()
                .unwrap_or_default(),
            as_of: stated.as_of.to_owned(),
            known_by: stated.known_by.to_owned(),
            rules: catalogue.edition.clone(),
            entries: stated.entries,
            root: stated.root.clone(),
            simulated_clock: self.begin.simulated_clock,
            aims_start,
            ledger_start: self.records.ledger_start().unwrap_or(about),
            says: said.into(),
            about,
            is_now: false,
            is_ahead: false,
        }
    }
}

/// Returns the bytes of `status.json`.
///
/// # Errors
/// Never in practice: a status is plain data.
pub fn status_json(view: &StatusView) -> Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(view).map_err(AppError::fault)?;
    bytes.push(b'\n');
    Ok(bytes)
}
