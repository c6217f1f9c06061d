//! The desk: where Commands are decided one after another, each seeing the one before.

mod confirming;
mod disposing;
mod keyed;
mod meant;
mod noted;
mod titled;
mod undoing;
mod withdrawing;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use catalogue::Catalogue;
use record::decide::{Either, Known, mentioned};
use record::{
    Act, Actor, Context, Day, Event, Facts, NewEntry, Records, Refusal, Registry, decide,
    first_text,
};
use serde_json::{Map, Value};
use store::{Batch, Files, GOVERNANCE_LOG, NewRow, RecordRow, Rows};
use uuid::Uuid;

use crate::addresses;
use crate::came;
use crate::chance::Chance;
use crate::clock::Clock;
use crate::dates::{Zone, parse_instant};
use crate::derive::derive;
use crate::error::{AppError, Result};
use crate::held;
use crate::keeping::{KEPT, Keeper, Library};
use crate::keys::Secret;
use crate::model::Model;
use crate::notes::EntryNote;
use crate::stored;
use crate::texts::{hashes, misplaced_in};
use keyed::Repeat;

/// The most people, records or versions that one note names.
const NAMED: usize = 3;

/// Most record rows kept at hand between batches; more are read again.
const ROWS_AT_HAND: usize = 20_000;

/// What a Command became.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Written {
    /// The record.
    pub id: Uuid,
    /// The version added or acted on.
    pub version: u32,
    /// The entry.
    pub seq: u64,
    /// The instant, RFC 3339.
    pub recorded_at: String,
    /// in_time, late or brought_in; nothing where the entry is of no record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provenance: Option<&'static str>,
    /// What is to be noted of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<EntryNote>,
    /// Whether it was recorded before, by a Command of the same key and content.
    #[serde(skip)]
    pub is_repeat: bool,
    /// The kind and title of the record, for people; none where the entry is of no record.
    #[serde(skip)]
    pub called: Option<(String, String)>,
}

/// What decisions are made from, kept in step with what is appended.
#[derive(Debug)]
pub struct Desk {
    pub registry: Arc<Registry>,
    pub records: Records,
    pub zone: Zone,
    pub clock: Clock,
    pub files: Files,
    pub size: u64,
    pub last_ms: i64,
    /// Who acts where a Command does not say; `None` is the local operator.
    pub acting: Option<String>,
    /// The entries that were put at hand, in order.
    pub loaded: Vec<u64>,
    catalogue: Arc<Catalogue>,
    keeper: Keeper,
    rows: HashMap<Uuid, RecordRow>,
    files_seen: HashSet<String>,
    chance: Chance,
    secret: Secret,
}

/// An entry appended within the batch, not yet committed.
#[derive(Debug)]
pub struct Appended {
    pub bytes: Vec<u8>,
    pub written: Written,
}

impl Appended {
    /// Returns the same, told how it came.
    fn came(mut self, provenance: Option<&'static str>) -> Self {
        self.written.provenance = provenance;
        self
    }
}

type Decided = std::result::Result<Appended, Refusal>;

/// What one put or move says besides its content.
struct Envelope<'a> {
    acting: Option<&'a str>,
    at: Option<&'a str>,
    key: Option<&'a str>,
}

impl Desk {
    pub fn new(model: Model, zone: Zone, clock: Clock, files: Files, secret: Secret) -> Self {
        Self {
            keeper: Keeper::new(&model),
            registry: model.registry,
            catalogue: model.catalogue,
            records: Records::default(),
            zone,
            clock,
            files,
            size: 0,
            last_ms: i64::MIN,
            acting: None,
            loaded: Vec::new(),
            rows: HashMap::new(),
            files_seen: HashSet::new(),
            chance: Chance::new(),
            secret,
        }
    }

    /// Puts the facts of every governing kind at hand, and the head.
    pub async fn load(&mut self, rows: Rows<'_>) -> Result<()> {
        self.records = Records::default();
        self.rows.clear();
        let mut events = Vec::new();
        let kinds: Vec<&str> = self
            .registry
            .iter()
            .filter(|kind| kind.governs)
            .map(|kind| kind.name)
            .collect();
        for kind in kinds {
            for found in rows.of_kind(GOVERNANCE_LOG, kind, "facts").await? {
                events.push(self.read(found)?);
            }
        }
        rows.with_group(GOVERNANCE_LOG, 0..1, "facts", |found| {
            events.push(self.read(found)?);
            Ok::<(), AppError>(())
        })
        .await?;
        // Every check: what was found before is part of what is kept after the next.
        let unnamed = rows.of_record(GOVERNANCE_LOG, Uuid::nil(), "facts").await?;
        for found in unnamed.into_iter().filter(|found| found.seq > 0) {
            events.push(self.read(found)?);
        }
        events.sort_by_key(|event| event.seq);
        self.loaded = events.iter().map(|event| event.seq).collect();
        events.into_iter().for_each(|event| self.records.add(event));
        self.size = rows.head(GOVERNANCE_LOG).await?.map_or(0, |head| head.size);
        if let Some(last) = self.size.checked_sub(1) {
            let bytes = rows
                .entry(GOVERNANCE_LOG, last)
                .await?
                .ok_or_else(|| AppError::Damaged(format!("entry {last} is missing")))?;
            let entry = ledger::Entry::parse(&bytes)
                .map_err(|error| AppError::Damaged(format!("entry {last}: {error}")))?;
            self.last_ms = i64::try_from(entry.time_unix_ms).map_err(AppError::fault)?;
        }
        let last = (self.size > 0).then(|| self.zone.day(self.last_ms));
        self.keeper.resume(&self.records, last);
        Ok(())
    }

    fn read(&self, found: store::WithGroup) -> Result<Event> {
        let facts = found.group.ok_or_else(|| {
            AppError::Damaged(format!("entry {}: its facts are missing", found.seq))
        })?;
        // What decisions are made from is what was recorded, however old it is.
        let entry = stored::committed(found.seq, &found.entry, &facts)?;
        stored::event_of(found.seq, &entry, &facts, &self.zone)
    }

    /// Keeps the verdicts in step with what was appended, before the batch commits.
    pub async fn keep(&mut self, batch: &mut Batch<'_>) -> Result<()> {
        self.keep_day(batch).await?;
        batch.set_fact(KEPT, &self.keeper.kept(self.size)).await?;
        Ok(())
    }

    async fn keep_day(&mut self, batch: &mut Batch<'_>) -> Result<()> {
        let library = Library {
            records: &mut self.records,
            zone: &self.zone,
            entries: None,
        };
        self.keeper.keep(batch, library).await
    }

    /// Forgets what can be read again.
    pub fn tidy(&mut self) {
        if self.rows.len() > ROWS_AT_HAND {
            self.rows.clear();
        }
    }

    /// Decides a put or move and appends it to the batch.
    pub async fn submit(&mut self, batch: &mut Batch<'_>, command: &Either<'_>) -> Result<Decided> {
        let appended = match self.take(batch, command).await? {
            Ok(appended) => appended,
            Err(refusal) => return Ok(Err(self.titled(batch.rows(), refusal).await?)),
        };
        let mut told = self.told_revised(batch.rows(), command, appended).await?;
        told.written.notes.extend(meant::of_unreviewed(command));
        Ok(Ok(told))
    }

    async fn take(&mut self, batch: &mut Batch<'_>, command: &Either<'_>) -> Result<Decided> {
        let envelope = match command {
            Either::Put(put) => Envelope {
                acting: put.acting.as_deref(),
                at: put.at.as_deref(),
                key: put.key.as_deref(),
            },
            Either::Move(one) => Envelope {
                acting: one.acting.as_deref(),
                at: one.at.as_deref(),
                key: one.key.as_deref(),
            },
        };
        if let Some(refusal) = misplaced_in(command) {
            return Ok(Err(refusal));
        }
        let key = match self.keyed(batch.rows(), command, &envelope).await? {
            Repeat::New(key) => key,
            Repeat::Same(appended) => return Ok(Ok(appended)),
            Repeat::Refused(refusal) => return Ok(Err(refusal)),
        };
        let time = match self.time(envelope.at)? {
            Ok(time) => time,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let actor = match self.actor(batch.rows(), envelope.acting).await? {
            Ok(actor) => actor,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let today = self.zone.day(time);
        let known = self.known(batch.rows(), command).await?;
        let borrowed = self.borrow(batch.rows(), command).await?;
        let context = Context {
            registry: &self.registry,
            records: &self.records,
            known: &known,
            actor: &actor,
            today,
            new_id: self.chance.id()?,
        };
        let decided = decide(command, &context);
        let provenance = decided.as_ref().ok();
        let provenance =
            provenance.map(|entry| came::of_new(entry, today, &self.records, &self.registry));
        if let Some(id) = borrowed {
            self.records.forget(id);
        }
        match decided {
            Err(refusal) => Ok(Err(refusal)),
            Ok(mut entry) => {
                if let Some(refusal) = self.at_odds(batch.rows(), (&entry, today)).await? {
                    return Ok(Err(refusal));
                }
                entry.facts.key = key;
                let decided = self.append(batch, entry, time).await?;
                Ok(decided.map(|appended| appended.came(provenance)))
            }
        }
    }

    /// Appends an entry that is not a Command's.
    pub async fn append(
        &mut self,
        batch: &mut Batch<'_>,
        mut entry: NewEntry,
        time: i64,
    ) -> Result<Decided> {
        let sealed = match stored::seal(&entry, time, &mut self.chance) {
            Ok(sealed) => sealed,
            Err(AppError::Refused(refusal)) => return Ok(Err(refusal)),
            Err(error) => return Err(error),
        };
        let today = self.zone.day(time);
        if self.keeper.waits(today) {
            self.keep_day(batch).await?;
        }
        let groups = std::mem::take(&mut entry.groups);
        let words: Vec<&Map<String, Value>> =
            groups.values().filter_map(Value::as_object).collect();
        let event = entry.into_event(self.size, time, today);
        let before = match (event.act, event.version) {
            (Act::Put, 1) => None,
            _ => self.row(batch.rows(), event.id).await?,
        };
        let mut groups = sealed.groups.iter();
        let facts = groups.find(|group| group.name == "facts");
        let facts = facts.and_then(|group| group.bytes.as_deref());
        let bytes = (sealed.bytes.as_slice(), facts.unwrap_or_default());
        let derived = derive(&event, bytes, &words, before.as_ref(), &self.registry);
        if let Some(row) = &derived.record {
            self.rows.insert(row.id, row.clone());
        }
        let called = derived.record.as_ref().map(called);
        let row = NewRow {
            log: GOVERNANCE_LOG,
            seq: self.size,
            bytes: sealed.bytes,
            groups: sealed.groups,
            derived,
        };
        batch.append(&row).await?;
        let written = Written {
            id: event.id,
            version: event.version,
            seq: event.seq,
            recorded_at: crate::dates::rfc3339(time),
            provenance: None,
            notes: self.notes(batch.rows(), &event).await?,
            is_repeat: false,
            called,
        };
        self.size += 1;
        self.last_ms = time;
        self.note(event);
        Ok(Ok(Appended {
            bytes: row.bytes,
            written,
        }))
    }

    fn note(&mut self, event: Event) {
        self.keeper.note(&event, &self.records);
        let kind = self.registry.get(&event.kind);
        if kind.is_none_or(|kind| kind.governs) {
            self.records.add(event);
        }
    }

    fn time(&self, at: Option<&str>) -> Result<std::result::Result<i64, Refusal>> {
        let Some(at) = at else {
            return self.clock.record_ms(self.last_ms).map(Ok);
        };
        if !self.clock.is_simulated() {
            return Ok(Err(Refusal::new(
                "no_simulated_clock",
                "Only a ledger with a simulated clock takes `at`.",
            )
            .at("/at")
            .hint("Leave it out; the day an act happened is effective_on.")));
        }
        match parse_instant(at) {
            Some(at) if at >= self.last_ms => Ok(Ok(at)),
            Some(_) => Ok(Err(Refusal::new(
                "before_last_entry",
                "This instant is before the last entry.",
            )
            .at("/at")
            .hint(
                "Leave it out, or name a later one: entries are recorded in order of time.",
            ))),
            None => Ok(Err(Refusal::new(
                "malformed",
                format!("{at:?} is no instant."),
            )
            .at("/at")
            .hint("Write 2026-03-31T10:00:00Z."))),
        }
    }

    async fn actor(
        &self,
        rows: Rows<'_>,
        acting: Option<&str>,
    ) -> Result<std::result::Result<Actor, Refusal>> {
        let Some(email) = acting.or(self.acting.as_deref()) else {
            return Ok(Ok(Actor {
                person: None,
                who: "the local operator".to_owned(),
                assured: "the local operator, unnamed".to_owned(),
            }));
        };
        let holder = addresses::holder(rows, email, &self.registry).await?;
        Ok(holder.map(|person| Actor {
            person: Some(person.id),
            who: email.to_owned(),
            assured: "vouched for by the local operator".to_owned(),
        }))
    }

    async fn row(&mut self, rows: Rows<'_>, id: Uuid) -> Result<Option<RecordRow>> {
        if id.is_nil() {
            return Ok(None);
        }
        if let Some(row) = self.rows.get(&id) {
            return Ok(Some(row.clone()));
        }
        let held = held::record(rows, id, &self.registry).await?;
        let row = held.map(|held| held.row);
        if let Some(row) = &row {
            self.rows.insert(id, row.clone());
        }
        Ok(row)
    }

    async fn known(
        &mut self,
        rows: Rows<'_>,
        command: &Either<'_>,
    ) -> Result<HashMap<Uuid, Known>> {
        let (body, target, brought) = match command {
            Either::Put(put) => (&put.body, put.id, &put.brought_in),
            Either::Move(one) => (&one.body, Some(one.id), &one.brought_in),
        };
        let mut ids = mentioned(body);
        ids.extend(target);
        ids.extend(brought.as_ref().and_then(|brought| brought.by));
        let mut known = HashMap::new();
        for id in ids {
            if let Some(row) = self.row(rows, id).await? {
                known.insert(
                    id,
                    Known {
                        kind: row.kind,
                        versions: row.versions,
                    },
                );
            }
        }
        Ok(known)
    }

    /// Says what speaks against an entry that the records at hand do not show.
    async fn at_odds(
        &mut self,
        rows: Rows<'_>,
        (entry, today): (&NewEntry, Day),
    ) -> Result<Option<Refusal>> {
        if let Some(refusal) = self.of_no_finding(rows, entry, today).await? {
            return Ok(Some(refusal));
        }
        if let Some(refusal) = self.missing_file(&entry.facts).await? {
            return Ok(Some(refusal));
        }
        addresses::taken(rows, entry, &self.registry).await
    }

    /// A file is cited only once it is here. Words are not looked at: a hash in them cites
    /// nothing.
    async fn missing_file(&mut self, facts: &Facts) -> Result<Option<Refusal>> {
        let mut cited = Vec::new();
        hashes(&facts.body, &mut cited);
        let brought = facts.brought_in.as_ref().and_then(|one| one.file.as_ref());
        cited.extend(brought.map(|file| file.as_str().to_owned()));
        for hex in cited {
            if self.files_seen.contains(&hex) {
                continue;
            }
            let mut hash = [0; 32];
            let is_here = match hex::decode_to_slice(&hex, &mut hash) {
                Err(_) => false,
                Ok(()) => match self.files.open(&hash).await {
                    Ok(_) => true,
                    Err(store::StoreError::NoFile { .. }) => false,
                    Err(error) => return Err(error.into()),
                },
            };
            if !is_here {
                let cited = first_text(&facts.body, &|text| (text == hex).then_some(()));
                let field = cited.map_or_else(
                    || "/brought_in/file".to_owned(),
                    |(place, ())| format!("/body{place}"),
                );
                let refusal =
                    Refusal::new("no_file", format!("No file with the hash {hex} is here."))
                        .at(field)
                        .hint("`minutebook file add PATH` keeps it and prints its hash.");
                return Ok(Some(refusal));
            }
            self.files_seen.insert(hex);
        }
        Ok(None)
    }

    /// A move on a record that is not at hand needs its history for the moment.
    async fn borrow(&mut self, rows: Rows<'_>, command: &Either<'_>) -> Result<Option<Uuid>> {
        match command {
            Either::Move(one) => self.borrow_record(rows, one.id).await,
            Either::Put(_) => Ok(None),
        }
    }

    async fn borrow_record(&mut self, rows: Rows<'_>, id: Uuid) -> Result<Option<Uuid>> {
        if self.records.get(id).is_some() {
            return Ok(None);
        }
        self.lend(rows, id).await?;
        Ok(Some(id))
    }

    /// Puts the history of a record at hand.
    async fn lend(&mut self, rows: Rows<'_>, id: Uuid) -> Result<()> {
        for row in rows.of_record(GOVERNANCE_LOG, id, "facts").await? {
            let event = self.read(row)?;
            self.records.add(event);
        }
        Ok(())
    }
}

fn called(row: &RecordRow) -> (String, String) {
    (row.kind.clone(), row.title.clone())
}
