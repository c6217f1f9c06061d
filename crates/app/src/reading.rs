//! Reading a ledger: about T, known by U, beside whoever writes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use assess::{Names, Question, Status};
use catalogue::Catalogue;
use record::{Begin, Day, Event, Records, Refusal, Registry, shape};
use serde::Serialize;
use serde_json::{Map, Value};
use store::{GOVERNANCE_LOG, Head, Reader, Rows, TwiceDated};
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::clock::Clock;
use crate::dates::Zone;
use crate::error::{AppError, Result};
use crate::exact::Exact;
use crate::governing::governing;
use crate::groups;
use crate::keeping::{MANY, root_at};
use crate::keys::LogKey;
use crate::looked_up::{Sums, TOGETHER};
use crate::model::Model;
use crate::rebuild;
use crate::stored;

/// T and U, as asked.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// About when; now when not given.
    pub as_of: Option<String>,
    /// Known by when; T when not given.
    pub known_by: Option<String>,
    /// The rule whose every subject is wanted.
    pub findings: Option<String>,
}

impl Asked {
    /// Returns T and U as they are said. Nothing is known by a day to come but what is recorded
    /// now.
    pub(crate) fn spoken(&self, exact: &Exact) -> (String, String) {
        let as_of = match self.as_of.as_deref() {
            None | Some("now") => exact.about.to_string(),
            Some(text) => text.to_owned(),
        };
        let known_by = match &self.known_by {
            _ if exact.known_is_ahead => "now".to_owned(),
            Some(text) => text.clone(),
            None => as_of.clone(),
        };
        (as_of, known_by)
    }
}

/// `status`, as INTERFACE shows it.
#[derive(Debug, Clone, Serialize)]
pub struct StatusView {
    /// The organisation's name.
    pub organisation: String,
    /// T, as asked.
    pub as_of: String,
    /// U, as asked.
    pub known_by: String,
    /// The rules' edition.
    pub rules: String,
    /// Entries known by U.
    pub entries: u64,
    /// The log's root at that size, hex.
    pub root: String,
    /// Whether the clock is simulated.
    pub simulated_clock: bool,
    /// The AIMS's first day.
    pub aims_start: Day,
    /// The ledger's first day.
    pub ledger_start: Day,
    /// Everything the records say.
    #[serde(flatten)]
    pub says: Computed,
    /// T as people read it: not part of the JSON.
    #[serde(skip)]
    pub as_of_told: String,
    /// U as people read it.
    #[serde(skip)]
    pub known_by_told: String,
    /// The day asked about.
    #[serde(skip)]
    pub about: Day,
    /// The instant asked about, Unix milliseconds: now, or the end of another day.
    #[serde(skip)]
    pub about_ms: i64,
    /// Whether T is now.
    #[serde(skip)]
    pub is_now: bool,
    /// Whether T has not come yet.
    #[serde(skip)]
    pub is_ahead: bool,
}

/// The part of a status that comes from the records.
#[derive(Debug, Clone, Serialize)]
pub struct Computed {
    /// Top management, and on whose word.
    pub top_management: Option<assess::TopManagement>,
    /// The slots of the management review.
    pub slots: Vec<assess::SlotView>,
    /// What this is not.
    pub disclaimer: &'static str,
    /// The five answers.
    pub five: Vec<assess::Answer>,
    /// The requirements.
    pub requirements: Vec<assess::Requirement>,
}

impl From<Status> for Computed {
    fn from(said: Status) -> Self {
        Self {
            top_management: said.top_management,
            slots: said.slots,
            disclaimer: record::DISCLAIMER,
            five: said.five,
            requirements: said.requirements,
        }
    }
}

/// A ledger opened for reading.
#[derive(Debug)]
pub struct Ledger {
    pub(crate) dir: PathBuf,
    pub(crate) reader: Reader,
    /// The kinds.
    pub registry: Arc<Registry>,
    /// The rules.
    pub catalogue: Arc<Catalogue>,
    /// What the first entry says.
    pub begin: Begin,
    /// The organisation's time zone.
    pub zone: Zone,
    /// When the first entry was recorded, Unix milliseconds.
    pub began_ms: i64,
    cache: Mutex<Option<Cached>>,
}

/// What was put together for one size of the log: everything but the kind that may have very
/// many records.
#[derive(Debug, Clone)]
pub(crate) struct Cached {
    pub size: u64,
    pub last_ms: i64,
    pub events: Arc<Vec<Event>>,
    pub records: Arc<Records>,
    pub names: Arc<Names>,
    /// The records whose names were held against their own words.
    pub held: Arc<BTreeSet<Uuid>>,
    pub words: Arc<Vec<TwiceDated>>,
    pub sums: Arc<Sums>,
}

/// What a view says of the log.
struct Log<'a> {
    root: String,
    aims_start: Day,
    names: &'a Names,
}

impl Ledger {
    /// Opens a ledger for reading, beside whoever writes it.
    ///
    /// # Errors
    /// A missing, newer or damaged data directory.
    pub async fn open(
        dir: &Path,
        registry: Arc<Registry>,
        catalogue: Arc<Catalogue>,
    ) -> Result<Self> {
        let model = Model {
            registry: registry.clone(),
            catalogue: catalogue.clone(),
        };
        let reader = rebuild::reader(dir, &model).await?;
        let snapshot = reader.snapshot().await?;
        let (begin, zone) = stored::beginning(snapshot.rows()).await?;
        let began_ms = time_of(snapshot.rows(), 0).await?;
        drop(snapshot);
        Ok(Self {
            dir: dir.to_owned(),
            reader,
            registry,
            catalogue,
            begin,
            zone,
            began_ms,
            cache: Mutex::new(None),
        })
    }

    /// Returns the verifier key.
    ///
    /// # Errors
    /// When the key cannot be read, or is another ledger's.
    pub async fn vkey(&self) -> Result<String> {
        let snapshot = self.reader.snapshot().await?;
        let key = LogKey::of_ledger(&self.dir, snapshot.rows()).await?;
        Ok(key.signing.vkey())
    }

    /// Returns the latest signed checkpoint.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn checkpoint(&self) -> Result<Option<String>> {
        let snapshot = self.reader.snapshot().await?;
        Ok(snapshot
            .rows()
            .latest_checkpoint(GOVERNANCE_LOG)
            .await?
            .map(|one| one.note))
    }

    /// Returns whether the ledger was read back today, or is of a simulated clock that has not
    /// moved since.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn checked_today(&self) -> Result<bool> {
        let snapshot = self.reader.snapshot().await?;
        let rows = snapshot.rows();
        let (_, cached) = self.at_hand(rows).await?;
        let now = Clock::new(self.begin.simulated_clock, true).now_ms(cached.last_ms);
        let last = cached.records.checks.last().map(|event| event.recorded_on);
        Ok(last == Some(self.zone.day(now)))
    }

    /// Returns the entry and the day of the last check on record, where it found the ledger
    /// altered.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn found_altered(&self) -> Result<Option<(u64, Day)>> {
        let snapshot = self.reader.snapshot().await?;
        let (_, cached) = self.at_hand(snapshot.rows()).await?;
        let last = cached.records.checks.last();
        let last = last.filter(|event| event.facts.body["result"] == "altered");
        Ok(last.map(|event| (event.seq, event.recorded_on)))
    }

    /// Returns the head, and what is put together for its size.
    pub(crate) async fn at_hand(&self, rows: Rows<'_>) -> Result<(Head, Cached)> {
        let head = head(rows).await?;
        let cached = self.cached(rows, head.size).await?;
        Ok((head, cached))
    }

    pub(crate) async fn cached(&self, rows: Rows<'_>, size: u64) -> Result<Cached> {
        // Whoever asks meanwhile waits for it, instead of putting the same together once more.
        let mut cache = self.cache.lock().await;
        let cached = match cache.take() {
            Some(cached) if cached.size == size => cached,
            Some(cached) if cached.size < size => self.further(rows, cached, size).await?,
            newer => {
                let gathered = self.gathered(rows, size).await?;
                *cache = Some(newer.unwrap_or_else(|| gathered.clone()));
                return Ok(gathered);
            }
        };
        *cache = Some(cached.clone());
        Ok(cached)
    }

    /// Keeps what was further found out for a size of the log, unless more is at hand.
    pub(crate) async fn keep_at_hand(&self, cached: Cached) {
        let mut cache = self.cache.lock().await;
        if cache.as_ref().is_none_or(|kept| kept.size <= cached.size) {
            *cache = Some(cached);
        }
    }

    async fn gathered(&self, rows: Rows<'_>, size: u64) -> Result<Cached> {
        let events = governing(rows, &self.zone).await?;
        let mut names = Names::new();
        for kind in self.registry.iter() {
            let mut after = None;
            loop {
                let page = rows.records(kind.name, after, PAGE).await?;
                let Some(last) = page.last() else { break };
                after = Some(last.first_seq);
                names.extend(page.into_iter().map(|row| (row.id, row.title)));
            }
        }
        self.name_units(rows, &mut names, size).await?;
        let records = known_by(&events, size);
        self.name_versions(rows, &mut names, (&events, &records))
            .await?;
        Ok(Cached {
            size,
            last_ms: time_of(rows, size - 1).await?,
            records: Arc::new(records),
            events: Arc::new(events),
            names: Arc::new(names),
            held: Arc::default(),
            words: Arc::new(rows.verdicts_of(TOGETHER).await?),
            sums: Arc::new(rows.tally().await?),
        })
    }

    /// Adds what was recorded since.
    async fn further(&self, rows: Rows<'_>, mut cached: Cached, size: u64) -> Result<Cached> {
        let mut new = Vec::new();
        rows.with_group(GOVERNANCE_LOG, cached.size..size, "facts", |found| {
            new.push(read(&found, &self.zone)?);
            Ok::<(), AppError>(())
        })
        .await?;
        let names = Arc::make_mut(&mut cached.names);
        let events = Arc::make_mut(&mut cached.events);
        let records = Arc::make_mut(&mut cached.records);
        for event in new {
            self.name_further(rows, names, &event).await?;
            if &*event.kind == MANY
                && let Some(row) = rows.record(event.id).await?
            {
                names.insert(row.id, row.title);
            }
            if &*event.kind != MANY {
                records.add(event.clone());
                events.push(event);
            }
        }
        self.name_units(rows, names, size).await?;
        cached.size = size;
        cached.last_ms = time_of(rows, size - 1).await?;
        cached.words = Arc::new(rows.verdicts_of(TOGETHER).await?);
        cached.sums = Arc::new(rows.tally().await?);
        Ok(cached)
    }

    /// Returns the requirements that a rule bears on; none of a rule that is not in the catalogue.
    pub fn bears_on(&self, rule: &str) -> &[String] {
        self.catalogue.rule(rule).map_or(&[], |rule| &rule.bears_on)
    }

    /// Returns the status about T, known by U.
    ///
    /// # Errors
    /// Refuses a moment that cannot be read, or a rule that is not in the catalogue.
    pub async fn status(&self, asked: &Asked) -> Result<StatusView> {
        let snapshot = self.reader.snapshot().await?;
        let rows = snapshot.rows();
        let view = self.answered(rows, asked, None, true).await?;
        match self.put_right(rows, &view).await? {
            true => self.answered(rows, asked, None, true).await,
            false => Ok(view),
        }
    }

    /// Returns whether the ledger's clock is simulated, as its first entry says for ever.
    pub fn has_simulated_clock(&self) -> bool {
        self.begin.simulated_clock
    }

    /// Returns the same status of a snapshot, records being called by these names.
    ///
    /// # Errors
    /// As `status`.
    pub(crate) async fn told(
        &self,
        rows: Rows<'_>,
        asked: &Asked,
        names: &Names,
    ) -> Result<StatusView> {
        self.answered(rows, asked, Some(names), true).await
    }

    /// Returns the same status from the entries alone, looking nothing up.
    ///
    /// # Errors
    /// As `status`.
    pub async fn status_worked_out(&self, asked: &Asked) -> Result<StatusView> {
        let snapshot = self.reader.snapshot().await?;
        self.answered(snapshot.rows(), asked, None, false).await
    }

    async fn answered(
        &self,
        rows: Rows<'_>,
        asked: &Asked,
        names: Option<&Names>,
        look_up: bool,
    ) -> Result<StatusView> {
        let (head, cached) = self.at_hand(rows).await?;
        if let Some(rule) = &asked.findings
            && self.catalogue.rule(rule).is_none()
        {
            return Err(no_rule(rule).into());
        }
        let exact = self.exact(rows, &cached, asked).await?;
        let root = if exact.size == head.size {
            hex::encode(head.root)
        } else {
            root_at(rows, exact.size).await?
        };
        let all_of = asked.findings.as_deref();
        let known = match exact.size {
            size if size == cached.size => cached.records.clone(),
            size => Arc::new(known_by(&cached.events, size)),
        };
        // An earlier start that is declared later is not known before.
        let aims_start = self.aims_start(&known);
        let then = self.names_then(rows, &cached, (exact.size, &known)).await?;
        let names = names.or(then.as_ref()).unwrap_or(&cached.names);
        let known_then = self.known_then(rows, &cached, (exact, look_up)).await?;
        let mut question = Question {
            records: &known,
            catalogue: &self.catalogue,
            names,
            about: exact.about,
            aims_start,
            before_ledger: exact.size == 0,
            then: &known_then,
            all_subjects_of: all_of,
        };
        let kept = self.known_on(rows, &cached, (exact, &known)).await?;
        let said = match kept.filter(|_| look_up) {
            Some(known) => {
                let said = self
                    .kept_about(rows, &cached, (exact.about, known), all_of)
                    .await?;
                assess::status_of(&question, &said)
            }
            None => {
                let all = load(rows, exact.size, &self.zone).await?;
                question.records = &all;
                assess::status(&question)
            }
        };
        let log = Log {
            root,
            aims_start,
            names,
        };
        Ok(self.view(asked, exact, log, said))
    }

    fn view(&self, asked: &Asked, exact: Exact, log: Log<'_>, said: Status) -> StatusView {
        let (as_of, known_by) = asked.spoken(&exact);
        StatusView {
            organisation: log
                .names
                .get(&self.begin.organisation)
                .cloned()
                .unwrap_or_default(),
            as_of_told: self.zone.told(&as_of, exact.about_ms),
            known_by_told: self.zone.told(&known_by, exact.known_ms),
            as_of,
            known_by,
            rules: self.catalogue.edition.clone(),
            entries: exact.size,
            root: log.root,
            simulated_clock: self.begin.simulated_clock,
            aims_start: log.aims_start,
            ledger_start: self.zone.day(self.began_ms),
            says: said.into(),
            about: exact.about,
            about_ms: exact.about_ms,
            is_now: exact.is_now,
            is_ahead: exact.is_ahead,
        }
    }

    /// Returns the AIMS's first day: as the ledger began, or an earlier one declared since.
    pub(crate) fn aims_start(&self, records: &Records) -> Day {
        assess::aims_start(self.begin.aims_start, records)
    }
}

const PAGE: u32 = 5_000;

fn no_rule(rule: &str) -> Refusal {
    Refusal::new("unknown_rule", format!("There is no rule {rule:?}."))
        .hint("`minutebook status --json` names the rules.")
}

/// Returns the head of the governance log.
pub(crate) async fn head(rows: Rows<'_>) -> Result<Head> {
    rows.head(GOVERNANCE_LOG)
        .await?
        .ok_or_else(|| AppError::Damaged("the head is missing".to_owned()))
}

pub(crate) fn read(found: &store::WithGroup, zone: &Zone) -> Result<Event> {
    let facts = found
        .group
        .as_ref()
        .ok_or_else(|| AppError::Damaged(format!("entry {}: its facts are missing", found.seq)))?;
    let entry = stored::committed(found.seq, &found.entry, facts)?;
    stored::event_of(found.seq, &entry, facts, zone)
}

/// Returns the records known from the entries before a size.
pub(crate) fn known_by(events: &[Event], size: u64) -> Records {
    let mut records = Records::default();
    for event in events.iter().take_while(|event| event.seq < size) {
        records.add(event.clone());
    }
    records
}

/// Returns the records known from the first `size` entries.
pub(crate) async fn load(rows: Rows<'_>, size: u64, zone: &Zone) -> Result<Records> {
    let mut records = Records::default();
    rows.with_group(GOVERNANCE_LOG, 0..size, "facts", |found| {
        records.add(read(&found, zone)?);
        Ok::<(), AppError>(())
    })
    .await?;
    Ok(records)
}

/// Returns a body as recorded, as far as its groups are here.
pub(crate) async fn body(rows: Rows<'_>, event: &Event) -> Result<Value> {
    let words = words_of(rows, event).await?;
    Ok(shape::join(&event.facts.body, &words))
}

/// Returns the groups of words of an entry, held against the entry.
pub(crate) async fn words_of(rows: Rows<'_>, event: &Event) -> Result<Vec<Map<String, Value>>> {
    let mut groups = groups::sound(rows, event.seq).await?;
    groups.retain(|group| group.name != "act");
    stored::words_of(&groups)
}

pub(crate) async fn time_of(rows: Rows<'_>, seq: u64) -> Result<i64> {
    let bytes = rows
        .entry(GOVERNANCE_LOG, seq)
        .await?
        .ok_or_else(|| AppError::Damaged(format!("entry {seq} is missing")))?;
    let entry = ledger::Entry::parse(&bytes)
        .map_err(|error| AppError::Damaged(format!("entry {seq}: {error}")))?;
    i64::try_from(entry.time_unix_ms).map_err(AppError::fault)
}

/// Returns how many entries were recorded by an instant: times never decrease.
pub(crate) async fn size_at(rows: Rows<'_>, size: u64, instant_ms: i64) -> Result<u64> {
    let (mut low, mut high) = (0, size);
    while low < high {
        let middle = low.midpoint(high);
        if time_of(rows, middle).await? <= instant_ms {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}
