//! Keeping verdicts: what the rules say along time, put right for what each day's entries
//! touched and nothing else.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use assess::{At, Inquiry, RuleSubject, Says, Stretch, Tallies};
use catalogue::Catalogue;
use ledger::{Frontier, Hash, hash};
use record::{Act, Day, Event, Records};
use store::{Batch, FOR_EVER, GOVERNANCE_LOG, NewVerdicts, Rows, TallyChange};
use uuid::Uuid;

use crate::dates::Zone;
use crate::derived_by::derived_by;
use crate::error::{AppError, Result};
use crate::model::Model;
use crate::reading::read;

/// The name of the derived text that says how many entries the derived rows take in, and what
/// program derived them by which rules.
pub(crate) const KEPT: &str = "kept";

/// Every so many entries the log's compact range is kept, so that a root in between is soon found.
pub(crate) const RANGE_EVERY: u64 = 256;

/// Returns the name of the derived text that holds the compact range of so many entries.
fn range_name(size: u64) -> String {
    format!("range {size}")
}

/// Keeps the compact range where its size asks for that.
pub(crate) async fn keep_range(batch: &mut Batch<'_>, range: &Frontier) -> Result<()> {
    if range.size().is_multiple_of(RANGE_EVERY) {
        let text = hex::encode(range.to_bytes());
        batch.set_fact(&range_name(range.size()), &text).await?;
    }
    Ok(())
}

/// Returns the last compact range kept of no more than so many entries.
pub(crate) async fn range_before(rows: Rows<'_>, size: u64) -> Result<Frontier> {
    let kept = rows
        .fact(&range_name(size / RANGE_EVERY * RANGE_EVERY))
        .await?;
    let bytes = kept.and_then(|text| hex::decode(text).ok());
    Ok(bytes
        .and_then(|bytes| Frontier::from_bytes(&bytes).ok())
        .unwrap_or_default())
}

/// The kind that may have very many records: the only one not held in memory.
pub(crate) const MANY: &str = "ai_system";

/// Most systems remembered between days; more are read again.
const SEEN_MAX: usize = 50_000;

/// Where entries are read from: the rows being written, or those of another database.
pub(crate) type Entries<'a> = Option<Rows<'a>>;

/// What rules read of the newest version of a system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seen {
    read: Hash,
    effective_on: Day,
}

/// What a day's entries touched, and what is remembered from one day to the next.
#[derive(Debug)]
pub(crate) struct Keeper {
    catalogue: Arc<Catalogue>,
    by: String,
    /// The day of what waits to be kept.
    day: Option<Day>,
    kinds: BTreeSet<Arc<str>>,
    systems: BTreeMap<Uuid, bool>,
    assessed: BTreeSet<Uuid>,
    /// Until when timelines are kept, and the AIMS's first day they begin on.
    reach: Option<(Day, Day)>,
    /// What is counted of each question; not read yet where there is none.
    counted: Option<HashMap<String, Counted>>,
    seen: HashMap<Uuid, Seen>,
}

/// How many subjects of a question have which word about each day, as known now, and what waits
/// to be kept of that: by day and word, how the number changes as known now and as known then.
#[derive(Debug, Default)]
struct Counted {
    tallies: Tallies,
    changes: BTreeMap<(i64, u8), (i64, i64)>,
}

impl Counted {
    /// Counts a stretch in, or out, as of a day. About the days from that on it changes what is
    /// known then as well as now; what was known on the days before stays.
    fn count(&mut self, one: &store::Stretch, by: i64, on: Day) -> Result<()> {
        let until = (one.until != FOR_EVER).then(|| numbered(one.until));
        let days = (numbered(one.from)?, until.transpose()?);
        let Some(says) = Says::ALL.get(usize::from(one.says)) else {
            return Ok(());
        };
        self.tallies.count(days, *says, by);
        let end = (one.until != FOR_EVER).then_some((one.until, -by));
        for (day, by) in [(one.from, by)].into_iter().chain(end) {
            self.changes.entry((day, one.says)).or_default().0 += by;
            let then = day.max(on.number());
            self.changes.entry((then, one.says)).or_default().1 += by;
        }
        Ok(())
    }
}

/// The records at hand, and how to read others.
pub(crate) struct Library<'a, 'r> {
    pub records: &'a mut Records,
    pub zone: &'a Zone,
    pub entries: Entries<'r>,
}

impl Keeper {
    pub fn new(model: &Model) -> Self {
        Self::of(derived_by(model), model.catalogue.clone())
    }

    fn of(by: String, catalogue: Arc<Catalogue>) -> Self {
        Self {
            by,
            catalogue,
            day: None,
            kinds: BTreeSet::new(),
            systems: BTreeMap::new(),
            assessed: BTreeSet::new(),
            reach: None,
            counted: None,
            seen: HashMap::new(),
        }
    }

    /// Begins anew from what is kept already: up to `last`, the day of the newest entry.
    pub fn resume(&mut self, records: &Records, last: Option<Day>) {
        *self = Self::of(std::mem::take(&mut self.by), self.catalogue.clone());
        self.reach = last
            .zip(start(records))
            .map(|(last, start)| (assess::horizon(last), start));
    }

    /// Returns the derived text [`KEPT`] of rows that take in so many entries.
    pub fn kept(&self, size: u64) -> String {
        format!("{size} {}", self.by)
    }

    /// Returns whether what waits is of another day and has to be kept first.
    pub fn waits(&self, day: Day) -> bool {
        self.day.is_some_and(|waiting| waiting != day)
    }

    /// Notes what an entry touches that is about to be added to the records.
    pub fn note(&mut self, event: &Event, records: &Records) {
        self.day = Some(event.recorded_on);
        if &*event.kind == MANY {
            self.note_system(event);
            return;
        }
        self.kinds.extend(assess::kinds_touched(records, event));
        self.assessed
            .extend(assess::systems_touched(records, event));
    }

    /// A version that says nothing new to any rule touches nothing.
    fn note_system(&mut self, event: &Event) {
        let fresh = event.act == Act::Put && event.version == 1;
        let now = Seen {
            read: hash::sha256(assess::read_of_system(event).as_bytes()),
            effective_on: event.facts.effective_on,
        };
        let before = self.seen.get(&event.id);
        let same = event.act == Act::Put
            && before.is_some_and(|before| {
                before.read == now.read && before.effective_on <= now.effective_on
            });
        if event.act == Act::Put {
            self.seen.insert(event.id, now);
        } else {
            self.seen.remove(&event.id);
        }
        if !same {
            self.systems.entry(event.id).or_insert(fresh);
        }
    }

    /// Puts right what the noted entries touched, as known on their day.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn keep(&mut self, batch: &mut Batch<'_>, library: Library<'_, '_>) -> Result<()> {
        let Some(day) = self.day.take() else {
            return Ok(());
        };
        let Some(start) = start(library.records) else {
            return Ok(());
        };
        let reach = (assess::horizon(day), start);
        let all = self.reach.is_none_or(|(_, before)| before != start);
        let further = self.reach != Some(reach);
        self.reach = Some(reach);
        let catalogue = self.catalogue.clone();
        let asked = assess::inquiries(&catalogue);
        let attested = assess::systems_attested(library.records);
        if self.systems.keys().any(|id| attested.contains(id)) {
            self.kinds.insert(MANY.into());
        }
        let mut now = Now {
            keeper: self,
            batch,
            library,
            day,
            reach,
        };
        let (many, few): (Vec<_>, Vec<_>) = asked.iter().partition(|one| one.of_each(MANY));
        now.counted().await?;
        now.few(&few, further, &attested).await?;
        now.many(&many, all).await?;
        now.keep_counted().await?;
        self.kinds.clear();
        self.systems.clear();
        self.assessed.clear();
        if self.seen.len() > SEEN_MAX {
            self.seen.clear();
        }
        Ok(())
    }
}

fn start(records: &Records) -> Option<Day> {
    let (begin, _) = records.begin.as_ref()?;
    Some(assess::aims_start(begin.aims_start, records))
}

/// A question, and what it is answered of each of its subjects.
type Answers<'i, 'c> = (&'i Inquiry<'c>, Vec<(RuleSubject, Vec<Stretch>)>);

/// One day's work.
struct Now<'n, 'b, 'a, 'r> {
    keeper: &'n mut Keeper,
    batch: &'n mut Batch<'b>,
    library: Library<'a, 'r>,
    day: Day,
    reach: (Day, Day),
}

impl Now<'_, '_, '_, '_> {
    /// Reads what is counted so far.
    async fn counted(&mut self) -> Result<()> {
        if self.keeper.counted.is_none() {
            let mut counted: HashMap<String, Counted> = HashMap::new();
            for change in self.batch.rows().tally().await? {
                let of = counted.entry(change.rule).or_default();
                tallied(
                    &mut of.tallies,
                    (change.day, change.says),
                    change.as_known_now,
                )?;
            }
            self.keeper.counted = Some(counted);
        }
        Ok(())
    }

    /// Keeps how the counts have changed.
    async fn keep_counted(&mut self) -> Result<()> {
        for (rule, counted) in self.keeper.counted.iter_mut().flatten() {
            for ((day, says), (now, then)) in std::mem::take(&mut counted.changes) {
                if (now, then) != (0, 0) {
                    let change = TallyChange {
                        rule: rule.clone(),
                        day,
                        says,
                        as_known_now: now,
                        as_known_then: then,
                    };
                    self.batch.change_tally(&change).await?;
                }
            }
        }
        Ok(())
    }

    async fn few(
        &mut self,
        asked: &[&Inquiry<'_>],
        further: bool,
        attested: &BTreeSet<Uuid>,
    ) -> Result<()> {
        let touched: Vec<&Inquiry<'_>> = asked
            .iter()
            .copied()
            .filter(|one| further || one.touched(&self.keeper.kinds))
            .collect();
        if touched.is_empty() {
            return Ok(());
        }
        for id in attested {
            self.lend(*id).await?;
        }
        for (one, found) in self.answered(&touched) {
            if one.may_lose_subjects() {
                self.clear_but(one, &found).await?;
            }
            for (subject, stretches) in found {
                self.set(one, &subject, &stretches, false).await?;
            }
            self.words(one).await?;
        }
        attested
            .iter()
            .for_each(|id| self.library.records.forget(*id));
        Ok(())
    }

    /// Clears what is kept of subjects that are none of a question any more.
    async fn clear_but(
        &mut self,
        asked: &Inquiry<'_>,
        found: &[(RuleSubject, Vec<Stretch>)],
    ) -> Result<()> {
        for bytes in self.batch.rows().verdict_subjects(asked.id()).await? {
            let subject = RuleSubject::from_bytes(&bytes);
            let gone = subject.filter(|one| found.iter().all(|(other, _)| other != one));
            if let Some(subject) = gone {
                self.set(asked, &subject, &[], false).await?;
            }
        }
        Ok(())
    }

    /// Answers questions along time, of each of their subjects, from one reading of the records.
    fn answered<'i, 'c>(&self, asked: &[&'i Inquiry<'c>]) -> Vec<Answers<'i, 'c>> {
        let (horizon, start) = self.reach;
        let at = At::new(self.library.records, start, start, horizon);
        let answers = asked.iter().map(|one| {
            let subjects = one.subjects(&at).into_iter();
            let found = subjects.map(|subject| {
                let stretches = one.stretches(&at, &subject);
                (subject, stretches)
            });
            (*one, found.collect())
        });
        answers.collect()
    }

    async fn many(&mut self, asked: &[&Inquiry<'_>], all: bool) -> Result<()> {
        let every: Vec<&Inquiry<'_>> = asked
            .iter()
            .filter(|one| all || one.touched(&self.keeper.kinds))
            .copied()
            .collect();
        let mut systems = std::mem::take(&mut self.keeper.systems);
        for id in std::mem::take(&mut self.keeper.assessed) {
            systems.entry(id).or_insert(false);
        }
        for (id, fresh) in &systems {
            self.system(asked, *id, *fresh).await?;
        }
        if !every.is_empty() {
            let mut after = None;
            loop {
                let page = self.batch.rows().records(MANY, after, PAGE).await?;
                let Some(last) = page.last() else { break };
                after = Some(last.first_seq);
                for row in page.iter().filter(|row| !systems.contains_key(&row.id)) {
                    self.system(&every, row.id, false).await?;
                }
            }
        }
        let touched = if systems.is_empty() { &every } else { asked };
        for one in touched {
            self.words(one).await?;
        }
        Ok(())
    }

    async fn system(&mut self, asked: &[&Inquiry<'_>], id: Uuid, fresh: bool) -> Result<()> {
        self.lend(id).await?;
        let subject = RuleSubject::Record(id);
        let (_, start) = self.reach;
        let at = At::new(self.library.records, start, start, LAST);
        let found = asked.iter().map(|one| one.stretches(&at, &subject));
        let found: Vec<Vec<Stretch>> = found.collect();
        for (one, stretches) in asked.iter().zip(&found) {
            self.set(one, &subject, stretches, fresh).await?;
        }
        self.library.records.forget(id);
        Ok(())
    }

    /// Puts a system's history at hand for the moment.
    async fn lend(&mut self, id: Uuid) -> Result<()> {
        let links = self.batch.rows().history(id).await?;
        let rows = self.library.entries.unwrap_or_else(|| self.batch.rows());
        let mut events = Vec::with_capacity(links.len());
        for seq in links {
            rows.with_group(GOVERNANCE_LOG, seq..seq + 1, "facts", |found| {
                events.push(read(&found, self.library.zone)?);
                Ok::<(), AppError>(())
            })
            .await?;
        }
        self.library.records.forget(id);
        for event in events {
            if &*event.kind == MANY {
                self.library.records.add(event);
            }
        }
        Ok(())
    }

    async fn set(
        &mut self,
        asked: &Inquiry<'_>,
        subject: &RuleSubject,
        stretches: &[Stretch],
        fresh: bool,
    ) -> Result<()> {
        let rows: Vec<store::Stretch> = stretches.iter().map(|one| row(asked, one)).collect();
        if fresh && rows.is_empty() {
            return Ok(());
        }
        let new = NewVerdicts {
            rule: asked.id(),
            subject: &subject.to_bytes(),
            known_from: self.day.number(),
            fresh,
            stretches: &rows,
        };
        let before = self.batch.set_verdicts(&new).await?;
        let counted = self.keeper.counted.get_or_insert_default();
        if !counted.contains_key(asked.id()) {
            counted.insert(asked.id().to_owned(), Counted::default());
        }
        if let Some(counted) = counted.get_mut(asked.id()) {
            for one in &before {
                counted.count(one, -1, self.day)?;
            }
            for one in &rows {
                counted.count(one, 1, self.day)?;
            }
        }
        Ok(())
    }

    async fn words(&mut self, asked: &Inquiry<'_>) -> Result<()> {
        let counted = self.keeper.counted.as_ref();
        let Some(counted) = counted.and_then(|counted| counted.get(asked.id())) else {
            return Ok(());
        };
        let steps = counted.tallies.words();
        let ends = steps.days().skip(1).map(Day::number);
        let ends: Vec<i64> = ends.chain([FOR_EVER]).collect();
        let rows: Vec<store::Stretch> = steps
            .iter()
            .zip(ends)
            .map(|((from, word), until)| store::Stretch {
                from: from.number(),
                until,
                since: from.number(),
                says: word.says.number(),
                sort: i64::from(word.remarks),
                body: String::new(),
            })
            .collect();
        let rule = together(asked.id());
        let new = NewVerdicts {
            rule: &rule,
            subject: &[],
            known_from: self.day.number(),
            fresh: false,
            stretches: &rows,
        };
        self.batch.set_verdicts(&new).await?;
        Ok(())
    }
}

const PAGE: u32 = 5_000;

/// A system's timelines end by themselves.
const LAST: Day = Day(jiff::civil::Date::MAX);

/// What all subjects of a question together are kept under.
fn together(asked: &str) -> String {
    format!("={asked}")
}

fn row(asked: &Inquiry<'_>, one: &Stretch) -> store::Stretch {
    store::Stretch {
        from: one.from.number(),
        until: one.until.map_or(FOR_EVER, Day::number),
        since: one.since.number(),
        says: one.outcome.says.number(),
        sort: asked.sort(one).unwrap_or(FOR_EVER),
        body: one.outcome.rest(),
    }
}

/// Adds a change on a day to tallies.
///
/// # Errors
/// A day that no calendar has, or more subjects than a log has entries.
fn tallied(tallies: &mut Tallies, (day, says): (i64, u8), by: i64) -> Result<()> {
    let day = numbered(day)?;
    countable(by)?;
    if let Some(says) = Says::ALL.get(usize::from(says)) {
        tallies.count((day, None), *says, by);
    }
    Ok(())
}

/// Refuses more subjects than a log has entries.
///
/// # Errors
/// Where it is as many.
pub(crate) fn countable(by: i64) -> Result<i64> {
    match by.unsigned_abs() > u64::from(u32::MAX) {
        true => Err(AppError::Damaged("a kept count cannot be read".to_owned())),
        false => Ok(by),
    }
}

/// Returns a day that is kept by its number.
///
/// # Errors
/// When no calendar has it.
pub(crate) fn numbered(days: i64) -> Result<Day> {
    Day::numbered(days).ok_or_else(|| AppError::Damaged("a kept day cannot be read".to_owned()))
}

/// Returns the root of the first `size` entries, hex.
///
/// # Errors
/// A fault of the database.
pub(crate) async fn root_at(rows: Rows<'_>, size: u64) -> Result<String> {
    let mut frontier = range_before(rows, size).await?;
    let mut entries = rows.entries(GOVERNANCE_LOG, frontier.size()..size);
    while let Some(chunk) = entries.next().await? {
        chunk
            .iter()
            .for_each(|entry| frontier.append(ledger::hash::leaf_hash(&entry.bytes)));
    }
    Ok(frontier.root().to_string())
}
