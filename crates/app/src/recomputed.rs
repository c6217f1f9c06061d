//! The status of a pack computed again from its entries and groups alone. Records that govern are
//! at hand together; AI systems, of which there may be very many, come one after another.

use std::collections::HashMap;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use assess::{Answering, At, Inquiry, KnownThen, Names, Question, RuleSubject};
use catalogue::Catalogue;
use ledger::{Entry, Frontier, Hash, hash, tile};
use pack::{EntryPlace, PackReader, Shared};
use record::approve::WITHDRAW;
use record::{Act, Begin, Cite, Day, Event, Records, Registry};
use uuid::Uuid;

use crate::dates::{Moment, Zone};
use crate::error::{AppError, Result};
use crate::keeping::MANY;
use crate::left_out::{Erased, LeftOut};
use crate::named::{name_version, named};
use crate::profile::{OfVersion, committed};
use crate::reading::StatusView;
use crate::stored;
use crate::titles::called;

/// A pack that was found sound, opened.
pub(crate) type Opened = PackReader<Shared>;

/// T and U, as a pack states them.
#[derive(Clone, Copy)]
pub(crate) struct Stated<'a> {
    pub as_of: &'a str,
    pub known_by: &'a str,
}

/// What a pack's entries known by U come to.
pub(crate) struct Walked<'a> {
    reader: Opened,
    registry: &'a Registry,
    pub begin: Begin,
    zone: Zone,
    /// All but the kind that may have very many.
    records: Records,
    /// The day asked about, and the instant.
    about: Day,
    about_ms: i64,
    /// The same records as known on that day, and by the one on which everything about it is
    /// recorded in time, where more is known than that.
    then: Vec<(Day, Records)>,
    pub names: Names,
    /// The tree over the entries known by U.
    pub frontier: Frontier,
    last_ms: i64,
    ids: HashMap<Uuid, u32>,
    /// The entries of AI systems; once all were met, system by system.
    systems: Vec<OfSystem>,
    /// Groups that erasures name, whenever they were recorded.
    erased: Erased,
    /// What its entries say of what the pack leaves out and names.
    pub left_out: LeftOut,
}

/// An entry of a record: the version that it adds or acts on, and where it stands.
#[derive(Debug, Clone, Copy)]
struct OfRecord {
    version: u32,
    is_put: bool,
    seq: u32,
    place: EntryPlace,
}

/// The entries of each record, in their order.
type OfRecords = HashMap<Uuid, Vec<OfRecord>>;

/// An entry of an AI system: which system, by number, and where it stands.
#[derive(Debug, Clone, Copy)]
struct OfSystem {
    system: u32,
    seq: u32,
    place: EntryPlace,
}

/// What a worker found of the systems it looked at.
struct Found {
    now: Answering,
    then: Vec<Answering>,
    titles: Vec<(Uuid, String)>,
    left_out: LeftOut,
}

impl<'a> Walked<'a> {
    /// Reads all entries known by U in their order.
    ///
    /// # Errors
    /// When one is not as it was recorded, or U cannot be read.
    pub fn over(mut reader: Opened, registry: &'a Registry, stated: Stated<'_>) -> Result<Self> {
        let until = until(stated.known_by)?;
        let (begin, zone) = beginning(&mut reader)?;
        let (about, about_ms) = asked_about(&mut reader, &zone, stated.as_of)?;
        let mut walked = Self {
            reader,
            registry,
            begin,
            zone,
            records: Records::default(),
            about,
            about_ms,
            then: Vec::new(),
            names: Names::new(),
            frontier: Frontier::new(),
            last_ms: 0,
            ids: HashMap::new(),
            systems: Vec::new(),
            erased: Erased::new(),
            left_out: LeftOut::default(),
        };
        let of_records = walked.walk(&until)?;
        walked
            .systems
            .sort_unstable_by_key(|one| (one.system, one.seq));
        walked.erased = std::mem::take(&mut walked.left_out.erased);
        let Self {
            reader,
            left_out,
            erased,
            ..
        } = &mut walked;
        left_out.settle(erased, |of| {
            let of_record = of_records.get(&of.0).into_iter().flatten();
            let of_version = of_record.filter(|one| one.version == of.1);
            named_so(reader, of_version.map(|one| (one.seq, one.place)), of)
        })?;
        of_records
            .into_iter()
            .try_for_each(|(id, of_record)| walked.name(id, &of_record))?;
        Ok(walked)
    }

    /// Reads every entry, and returns those of each record but the systems.
    fn walk(&mut self, until: &Until) -> Result<OfRecords> {
        let mut of_records = OfRecords::new();
        let count = self.reader.entry_count();
        let mut is_later = false;
        for bundle in 0..count.div_ceil(tile::TILE_WIDTH) {
            let entries = self.reader.bundle(bundle).map_err(AppError::fault)?;
            for (seq, (bytes, place)) in (bundle * tile::TILE_WIDTH..).zip(entries) {
                let entry = Entry::parse(&bytes).map_err(AppError::fault)?;
                let time = i64::try_from(entry.time_unix_ms).map_err(AppError::fault)?;
                // Times never decrease.
                is_later |= !until.covers(seq, time, &self.zone);
                if is_later {
                    self.note_later(seq, &entry)?;
                    continue;
                }
                self.meet(self.zone.day(time));
                self.frontier.append(hash::leaf_hash(&bytes));
                self.last_ms = time;
                if entry.kind.as_deref() == Some(MANY) {
                    self.note_system(seq, &entry, place)?;
                    continue;
                }
                let act = self.add(seq, &entry)?;
                let of_record = of_records.entry(entry.id.unwrap_or_default());
                of_record.or_default().push(OfRecord {
                    version: entry.version.unwrap_or_default(),
                    is_put: act == Act::Put,
                    seq: u32::try_from(seq).map_err(AppError::fault)?,
                    place,
                });
            }
        }
        Ok(of_records)
    }

    /// Of what was recorded after U a pack says what was withdrawn and erased, and no more.
    fn note_later(&mut self, seq: u64, entry: &Entry) -> Result<()> {
        let is_named = entry.name_of_move.as_deref() == Some(WITHDRAW);
        if !is_named && Act::of(&entry.act) != Some(Act::Erasure) {
            return Ok(());
        }
        let event = event(&mut self.reader, seq, entry, &self.zone)?;
        self.left_out.note_later(entry, &event)
    }

    /// Keeps what was known in time before the first entry of a later day is added.
    fn meet(&mut self, day: Day) {
        let next = |then: &[(Day, Records)]| match then {
            [] => Some(self.about),
            [(about, known)] => Some(assess::in_time(known, *about)).filter(|next| about < next),
            _ => None,
        };
        // Both may lie before one entry.
        while let Some(next) = next(&self.then).filter(|next| *next < day) {
            self.then.push((next, self.records.clone()));
        }
    }

    fn note_system(&mut self, seq: u64, entry: &Entry, place: EntryPlace) -> Result<()> {
        let next = u32::try_from(self.ids.len()).map_err(AppError::fault)?;
        let id = entry.id.unwrap_or_default();
        self.systems.push(OfSystem {
            system: *self.ids.entry(id).or_insert(next),
            seq: u32::try_from(seq).map_err(AppError::fault)?,
            place,
        });
        Ok(())
    }

    fn add(&mut self, seq: u64, entry: &Entry) -> Result<Act> {
        let event = event(&mut self.reader, seq, entry, &self.zone)?;
        self.left_out.note(&mut self.reader, entry, &event)?;
        let act = event.act;
        self.records.add(event);
        Ok(act)
    }

    /// Reads the title of each version of a record from the entry that put it; the record goes
    /// by the last.
    fn name(&mut self, id: Uuid, of_record: &[OfRecord]) -> Result<()> {
        let last = of_record.iter().rfind(|one| one.is_put);
        let last = last.map(|one| one.version);
        for OfRecord { version, place, .. } in of_record.iter().filter(|one| one.is_put) {
            let cite = Cite {
                id,
                version: *version,
            };
            let Some(facts) = self.records.cited(cite).map(record::Version::body) else {
                continue;
            };
            let entry = entry_at(&mut self.reader, *place)?;
            let reader = &mut self.reader;
            let called = called(self.registry, &entry, facts, |hash| group(reader, hash))?;
            let Some(called) = called else { continue };
            if id == self.begin.organisation {
                let named = named(facts, &called.words);
                let is_last = last == Some(*version);
                self.names.call_in(cite, named.clone());
                self.names.call(named.into_iter().filter(|_| is_last));
            }
            self.names.insert(id, called.title.listed.clone());
            name_version(&mut self.names, cite, called.title);
        }
        Ok(())
    }

    /// Returns the status about T as the pack states it; U likewise.
    ///
    /// # Errors
    /// When T cannot be read, or a group is not as it was recorded.
    pub fn status(&mut self, catalogue: &Catalogue, stated: Stated<'_>) -> Result<StatusView> {
        let asked = assess::inquiries(catalogue);
        let (many, few): (Vec<_>, Vec<_>) = asked.iter().partition(|one| one.of_each(MANY));
        let (now, then) = self.readings(catalogue);
        let mut now = self.of_few(now, &few)?;
        let then = then.into_iter().map(|then| self.of_few(then, &few));
        let mut then: Vec<Reading> = then.collect::<Result<_>>()?;
        for found in self.systems(catalogue, &many, (&now, &then))? {
            now.answering.join(found.now);
            let others = then.iter_mut().zip(found.then);
            others.for_each(|(then, found)| then.answering.join(found));
            self.names.extend(found.titles);
            self.left_out.join(found.left_out);
        }
        let about = self.about;
        let then = then.into_iter().map(|one| {
            let day = one.through.unwrap_or(about);
            KnownThen::of(one.answering.finish(about), day, one.aims_start)
        });
        let then: Vec<KnownThen> = then.collect();
        let aims_start = now.aims_start;
        let question = Question {
            records: &now.records,
            catalogue,
            names: &self.names,
            about,
            aims_start,
            before_ledger: false,
            then: &then,
            all_subjects_of: None,
        };
        let said = assess::status_of(&question, &now.answering.finish(about));
        let organisation = self.names.get(&self.begin.organisation);
        Ok(StatusView {
            organisation: organisation.cloned().unwrap_or_default(),
            as_of: stated.as_of.to_owned(),
            known_by: stated.known_by.to_owned(),
            as_of_told: self.zone.told(stated.as_of, self.about_ms),
            // Known by an entry, that is the last one.
            known_by_told: self.zone.told(stated.known_by, self.last_ms),
            rules: catalogue.edition.clone(),
            entries: self.frontier.size(),
            root: self.frontier.root().to_string(),
            simulated_clock: self.begin.simulated_clock,
            aims_start,
            ledger_start: now.records.ledger_start().unwrap_or(about),
            says: said.into(),
            about,
            about_ms: self.about_ms,
            is_now: false,
            is_ahead: false,
        })
    }

    /// Returns the readings that are asked: what is known, and what was known on the day itself
    /// where that is less; none before the ledger began.
    fn readings(&mut self, catalogue: &Catalogue) -> (Reading, Vec<Reading>) {
        let began_with = self.begin.aims_start;
        let reading = |records: Records, through| Reading {
            aims_start: assess::aims_start(began_with, &records),
            records,
            through,
            answering: Answering::new(catalogue, None),
        };
        let began = self.records.ledger_start();
        let mut then = std::mem::take(&mut self.then);
        then.retain(|_| began.is_some_and(|began| began <= self.about));
        let then = then.into_iter();
        let then = then.map(|(last, records)| reading(records, Some(last)));
        let then = then.collect();
        (reading(std::mem::take(&mut self.records), None), then)
    }

    /// Asks what is not asked of each system.
    fn of_few(&mut self, mut reading: Reading, asked: &[&Inquiry<'_>]) -> Result<Reading> {
        let attested = assess::systems_attested(&reading.records);
        for id in &attested {
            self.lend(*id, &mut reading)?;
        }
        reading.ask(self.about, asked, |at, one| one.subjects(at));
        attested.iter().for_each(|id| reading.records.forget(*id));
        Ok(reading)
    }

    /// Puts a system's history at hand for the moment.
    fn lend(&mut self, id: Uuid, reading: &mut Reading) -> Result<()> {
        let Some(number) = self.ids.get(&id) else {
            return Ok(());
        };
        let from = self.systems.partition_point(|one| one.system < *number);
        let until = self.systems.partition_point(|one| one.system <= *number);
        for one in &self.systems[from..until] {
            let entry = entry_at(&mut self.reader, one.place)?;
            let event = event(&mut self.reader, one.seq.into(), &entry, &self.zone)?;
            reading.add(event);
        }
        Ok(())
    }

    /// Asks what is asked of each system, on all processors.
    fn systems(
        &self,
        catalogue: &Catalogue,
        asked: &[&Inquiry<'_>],
        (now, then): (&Reading, &[Reading]),
    ) -> Result<Vec<Found>> {
        let histories: Vec<&[OfSystem]> = self
            .systems
            .chunk_by(|one, other| one.system == other.system)
            .collect();
        let next = AtomicUsize::new(0);
        let work = || {
            let mut worker = Worker {
                walked: self,
                reader: self.reader.clone(),
                now: now.unasked(catalogue),
                then: then.iter().map(|then| then.unasked(catalogue)).collect(),
                titles: Vec::new(),
                left_out: LeftOut::default(),
            };
            while let Some(history) = histories.get(next.fetch_add(1, Ordering::Relaxed)) {
                worker.system(asked, history)?;
            }
            Ok(worker.found())
        };
        thread::scope(|scope| {
            let count = thread::available_parallelism().map_or(1, usize::from);
            let workers: Vec<_> = (0..count).map(|_| scope.spawn(work)).collect();
            let ends = workers.into_iter().map(thread::ScopedJoinHandle::join);
            ends.map(|end| end.unwrap_or_else(|panic| resume_unwind(panic)))
                .collect()
        })
    }
}

/// Records as known at some time, and what the questions were answered of them.
struct Reading {
    records: Records,
    /// The first day of the AI management system, as known then.
    aims_start: Day,
    /// The last day of recording of what it knows, where that is not all.
    through: Option<Day>,
    answering: Answering,
}

impl Reading {
    /// Returns the same records, of which nothing was asked.
    fn unasked(&self, catalogue: &Catalogue) -> Self {
        Self {
            records: self.records.clone(),
            answering: Answering::new(catalogue, None),
            ..*self
        }
    }

    fn add(&mut self, event: Event) {
        if self.through.is_none_or(|last| event.recorded_on <= last) {
            self.records.add(event);
        }
    }

    fn ask(
        &mut self,
        about: Day,
        asked: &[&Inquiry<'_>],
        of: impl Fn(&At<'_>, &Inquiry<'_>) -> Vec<RuleSubject>,
    ) {
        let horizon = about.max(self.aims_start).plus_months(1);
        let at = At::new(&self.records, self.aims_start, about, horizon);
        for one in asked {
            for subject in of(&at, one) {
                self.answering.add(&at, one, &subject);
            }
        }
    }
}

/// One of those that ask systems in turn.
struct Worker<'w, 'a> {
    walked: &'w Walked<'a>,
    reader: Opened,
    now: Reading,
    then: Vec<Reading>,
    titles: Vec<(Uuid, String)>,
    left_out: LeftOut,
}

impl Worker<'_, '_> {
    fn system(&mut self, asked: &[&Inquiry<'_>], history: &[OfSystem]) -> Result<()> {
        let mut newest = None;
        for one in history {
            let entry = entry_at(&mut self.reader, one.place)?;
            let event = event(&mut self.reader, one.seq.into(), &entry, &self.walked.zone)?;
            self.left_out.note(&mut self.reader, &entry, &event)?;
            if event.act == Act::Put {
                newest = Some((event.id, entry));
            }
            for then in &mut self.then {
                then.add(event.clone());
            }
            self.now.add(event);
        }
        let reader = &mut self.reader;
        self.left_out.settle(&self.walked.erased, |of| {
            named_so(reader, history.iter().map(|one| (one.seq, one.place)), of)
        })?;
        let Some((id, entry)) = newest else {
            return Ok(());
        };
        let about = self.walked.about;
        for reading in [&mut self.now].into_iter().chain(&mut self.then) {
            reading.ask(about, asked, |_, _| vec![RuleSubject::Record(id)]);
        }
        let put = self.now.records.get(id).map(record::Record::newest);
        if let Some(facts) = put.map(record::Version::body) {
            let (reader, registry) = (&mut self.reader, self.walked.registry);
            let called = called(registry, &entry, facts, |hash| group(reader, hash))?;
            self.titles
                .extend(called.map(|called| (id, called.title.listed)));
        }
        for reading in [&mut self.now].into_iter().chain(&mut self.then) {
            reading.records.forget(id);
        }
        Ok(())
    }

    fn found(self) -> Found {
        Found {
            now: self.now.answering,
            then: self.then.into_iter().map(|then| then.answering).collect(),
            titles: self.titles,
            left_out: self.left_out,
        }
    }
}

/// Returns the day that T names, and the instant.
fn asked_about(reader: &mut Opened, zone: &Zone, as_of: &str) -> Result<(Day, i64)> {
    let last = reader.entry_count().saturating_sub(1);
    let seq = match Moment::parse(as_of)? {
        Moment::Day(day) => return Ok((day, zone.end_of(day))),
        Moment::Instant(ms) => return Ok((zone.day(ms), ms)),
        Moment::Entry(seq) => seq,
        Moment::Now => last,
    };
    let bytes = reader.entry(seq).map_err(AppError::fault)?;
    let entry = Entry::parse(&bytes).map_err(AppError::fault)?;
    let ms = i64::try_from(entry.time_unix_ms).map_err(AppError::fault)?;
    Ok((zone.day(ms), ms))
}

/// Returns what the first entry says, and the zone that it names.
fn beginning(reader: &mut Opened) -> Result<(Begin, Zone)> {
    let bytes = reader.entry(0).map_err(AppError::fault)?;
    let entry = Entry::parse(&bytes).map_err(AppError::fault)?;
    let facts = facts(reader, 0, &entry)?;
    stored::begun(Some(&facts))
}

fn entry_at(reader: &mut Opened, place: EntryPlace) -> Result<Entry> {
    let bytes = reader.entry_at(place).map_err(AppError::fault)?;
    Entry::parse(&bytes).map_err(AppError::fault)
}

pub(crate) fn group(reader: &mut Opened, commitment: &Hash) -> Result<Option<Vec<u8>>> {
    reader.group(commitment).map_err(AppError::fault)
}

/// Returns which of these entries are of that version and have a group of that name.
fn named_so(
    reader: &mut Opened,
    entries: impl Iterator<Item = (u32, EntryPlace)>,
    (_, version, name): &OfVersion,
) -> Result<Vec<(u64, Hash)>> {
    let mut found = Vec::new();
    for (seq, place) in entries {
        let entry = entry_at(reader, place)?;
        let group = committed(&entry, name).filter(|_| entry.version == Some(*version));
        found.extend(group.map(|group| (u64::from(seq), group)));
    }
    Ok(found)
}

fn facts(reader: &mut Opened, seq: u64, entry: &Entry) -> Result<Vec<u8>> {
    let facts = match committed(entry, "facts") {
        Some(facts) => group(reader, &facts)?,
        None => None,
    };
    facts.ok_or_else(|| AppError::Damaged(format!("entry {seq}: its facts are missing")))
}

fn event(reader: &mut Opened, seq: u64, entry: &Entry, zone: &Zone) -> Result<Event> {
    let facts = facts(reader, seq, entry)?;
    stored::event_of(seq, entry, &facts, zone)
}

enum Until {
    Size(u64),
    Instant(i64),
    Day(Day),
}

impl Until {
    /// Whether an entry was known by then.
    fn covers(&self, seq: u64, time: i64, zone: &Zone) -> bool {
        match self {
            Until::Size(size) => seq < *size,
            Until::Instant(instant) => time <= *instant,
            Until::Day(day) => zone.day(time) <= *day,
        }
    }
}

fn until(known_by: &str) -> Result<Until> {
    Ok(match Moment::parse(known_by)? {
        Moment::Now => Until::Size(u64::MAX),
        Moment::Entry(seq) => Until::Size(seq.saturating_add(1)),
        Moment::Instant(ms) => Until::Instant(ms),
        Moment::Day(day) => Until::Day(day),
    })
}
