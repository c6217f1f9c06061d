//! The records as known at some point of the ledger, put together from its entries.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::Value;
use uuid::Uuid;

use crate::approve::{Approval, Approver, WITHDRAW};
use crate::event::{Act, Begin, Event};
use crate::fields::{Cite, Day};
use crate::stretches::Corrected;

/// One version of a record, with what was done to it.
#[derive(Debug, Clone)]
pub struct Version {
    /// The entry that added it.
    pub put: Event,
    /// Approvals of it, in order of recording, with the entry that is each.
    pub acts: Vec<(Approval, Arc<Event>)>,
    /// Approvals as they were before a meeting was recorded otherwise, in order of that.
    pub corrected: Vec<Corrected>,
    /// Other moves on it, in order of recording.
    pub moves: Vec<Arc<Event>>,
    /// The entry that withdrew it.
    pub withdrawn: Option<Arc<Event>>,
    /// By what those moves cite, which of them do, and which version: one may cite very many.
    cited_by_moves: BTreeMap<Uuid, Vec<(usize, u32)>>,
}

/// A stretch of days for which a version was approved.
#[derive(Debug, Clone, Copy)]
pub struct Approved<'a> {
    /// The version.
    pub version: &'a Version,
    /// The day on which the approval takes effect: of several the last does.
    pub since: Day,
    /// The first day of the stretch: that one, or the one on which its end was corrected.
    pub from: Day,
    /// The last day, once it was ended, or where it was approved until a day.
    pub last: Option<Day>,
    /// The approval.
    pub act: &'a Approval,
    /// The entry that approved it.
    pub event: &'a Event,
}

impl<'a> Approved<'a> {
    /// Returns the last days it was given by those who rescinded or retired it, each with the
    /// entry that says so. What was decided last stands: an end decided before it was approved
    /// again ends nothing.
    pub fn ends(&self) -> impl Iterator<Item = (Day, &'a Event)> + use<'a> {
        let approved = (self.act.decided_on, self.event.seq);
        let version = self.version;
        let ends = version.counted("end");
        let later = ends.filter(move |(end, at)| (end.decided_on, at.seq) >= approved);
        later.map(|(end, at)| {
            let last = event_day(end, at, "/last_day").unwrap_or_else(|| end.takes_effect());
            (last, &**at)
        })
    }
}

/// A record: its versions in order.
#[derive(Debug, Clone)]
pub struct Record {
    /// Its id.
    pub id: Uuid,
    /// Its kind.
    pub kind: Arc<str>,
    /// Its versions; version n stands at n - 1.
    pub versions: Vec<Version>,
}

/// The state of a version on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Recorded, not approved; or its first day is not reached yet.
    Proposed,
    /// Counts.
    InForce,
    /// Another version took its place.
    Superseded,
    /// Rescinded or retired.
    Ended,
    /// Entered in error.
    Withdrawn,
}

impl State {
    /// Returns the word for people and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::InForce => "in_force",
            Self::Superseded => "superseded",
            Self::Ended => "ended",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl Version {
    /// Returns the version that an entry adds, to which nothing has been done yet.
    pub fn of(put: Event) -> Self {
        Self {
            put,
            acts: Vec::new(),
            corrected: Vec::new(),
            moves: Vec::new(),
            withdrawn: None,
            cited_by_moves: BTreeMap::new(),
        }
    }

    /// Adds a move that neither approves it nor withdraws it.
    pub fn add_move(&mut self, event: Arc<Event>) {
        for cite in &event.refs {
            let citing = self.cited_by_moves.entry(cite.id).or_default();
            citing.push((self.moves.len(), cite.version));
        }
        self.moves.push(event);
    }

    /// Returns the moves that cite a record, in order of recording, each with the version of it that
    /// it cites.
    pub fn moves_citing(&self, id: Uuid) -> impl Iterator<Item = (&Event, Cite)> {
        let citing = self.cited_by_moves.get(&id).into_iter().flatten();
        citing.filter_map(move |(place, version)| {
            let version = *version;
            Some((&**self.moves.get(*place)?, Cite { id, version }))
        })
    }

    /// Returns the version's number, from 1.
    pub fn number(&self) -> u32 {
        self.put.version
    }

    /// Returns the citation of this version.
    pub fn cite(&self) -> Cite {
        Cite {
            id: self.put.id,
            version: self.put.version,
        }
    }

    /// Returns the facts of the body.
    pub fn body(&self) -> &Value {
        &self.put.facts.body
    }

    /// Returns the first approval of it that counts: it says whether and since when the version
    /// was approved at all. Approved again, it is in force by a later one, see
    /// [`Self::last_approved`].
    pub fn approval(&self) -> Option<&(Approval, Arc<Event>)> {
        self.acts
            .iter()
            .find(|(act, _)| act.counts && act.name == "approve")
    }

    /// Returns the stretches of days for which it was approved, in order of recording: approved
    /// again, it counts again.
    pub fn approved(&self) -> impl Iterator<Item = Approved<'_>> {
        self.counted("approve").flat_map(|one| {
            let ended = self.ended_on(one, |last, _| last);
            self.approved_by(one).without(ended)
        })
    }

    /// Returns the stretch, of those for which it was approved, that took effect last of what has,
    /// though it may have ended since: that by which it is in force, where it is.
    pub fn last_approved(&self, reached: impl Fn(Day) -> bool) -> Option<Approved<'_>> {
        self.approved()
            .filter(|one| one.was_ever() && reached(one.from))
            .max_by_key(Approved::place)
    }

    /// Returns the stretch of days for which an act approves it, whatever was decided since.
    pub(crate) fn approved_by<'a>(
        &'a self,
        (act, event): &'a (Approval, Arc<Event>),
    ) -> Approved<'a> {
        let since = act.takes_effect().max(self.put.facts.effective_on);
        Approved {
            version: self,
            act,
            since,
            from: since,
            last: act.until(),
            event,
        }
    }

    /// Returns the last day it counts, once it was rescinded or retired, or where it was approved
    /// until a day.
    pub fn last_day(&self) -> Option<Day> {
        let last = self
            .approved()
            .max_by_key(|one| (one.act.decided_on, one.event.seq));
        last?.last
    }

    /// Returns approvals by the move's name that count.
    pub fn counted<'a>(
        &'a self,
        name: &'a str,
    ) -> impl Iterator<Item = &'a (Approval, Arc<Event>)> {
        self.acts
            .iter()
            .filter(move |(act, _)| act.counts && act.name == name)
    }

    /// Returns moves by name.
    pub fn moved<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Arc<Event>> {
        self.moves.iter().filter(move |event| &*event.name == name)
    }

    /// Returns the newest move by a name: where one fact is told again, it puts right those before.
    pub fn newest_move(&self, name: &str) -> Option<&Arc<Event>> {
        self.moves.iter().rev().find(|event| &*event.name == name)
    }
}

impl Version {
    /// Returns its state on a day on which it does not count, by the stretches for which it was
    /// approved: it is only over once it had begun.
    fn approved_once(&self, day: Day) -> State {
        let begun = self
            .approved()
            .filter(|one| one.was_ever() && one.from <= day);
        let latest = begun.max_by_key(|one| (one.from, one.event.seq));
        if let Some(latest) = latest {
            let over = latest.last.is_some_and(|last| last < day);
            return if over {
                State::Ended
            } else {
                State::Superseded
            };
        }
        let decided: Vec<Approved<'_>> = self
            .approved()
            .filter(|one| one.act.decided_on <= day)
            .collect();
        // Every approval of it was ended before its first day.
        match !decided.is_empty() && !decided.iter().any(Approved::was_ever) {
            true => State::Ended,
            false => State::Proposed,
        }
    }
}

impl Record {
    /// Returns the state of a version of it on a day, for a kind that is approved or for one that
    /// counts once recorded.
    pub fn state(&self, version: &Version, day: Day, is_approved: bool) -> State {
        let counting = match is_approved {
            true => self.in_force(day),
            false => self.counting(day),
        };
        let number = version.number();
        if version.withdrawn.is_some() {
            State::Withdrawn
        } else if counting.is_some_and(|one| one.number() == number) {
            State::InForce
        } else if !is_approved {
            match version.put.facts.effective_on > day {
                true => State::Proposed,
                false => State::Superseded,
            }
        } else {
            let state = version.approved_once(day);
            // What had ended before a newer one came was superseded all the same.
            match state == State::Ended && counting.is_some_and(|one| one.number() > number) {
                true => State::Superseded,
                false => state,
            }
        }
    }

    /// Returns a version by number.
    pub fn version(&self, number: u32) -> Option<&Version> {
        self.versions
            .get(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    /// Returns the newest version.
    ///
    /// # Panics
    /// Never: a record is made with its first version.
    pub fn newest(&self) -> &Version {
        self.versions.last().expect("a record has a first version")
    }

    /// Returns versions not withdrawn.
    pub fn standing(&self) -> impl DoubleEndedIterator<Item = &Version> {
        self.versions
            .iter()
            .filter(|version| version.withdrawn.is_none())
    }

    /// Returns the version that counts on a day, for a kind that counts once recorded: the
    /// newest standing one effective by then.
    pub fn counting(&self, day: Day) -> Option<&Version> {
        self.standing()
            .rev()
            .find(|version| version.put.facts.effective_on <= day)
    }

    /// Returns the version in force on a day, for a kind that is approved: the last one
    /// approved and effective by then, unless it has ended.
    pub fn in_force(&self, day: Day) -> Option<&Version> {
        self.in_force_when(|other| other <= day)
    }

    /// Returns the version in force on a day, of which it is asked whether others have come.
    pub fn in_force_when(&self, reached: impl Fn(Day) -> bool) -> Option<&Version> {
        self.approved_when(reached).map(|one| one.version)
    }

    /// Returns the stretch for which the version in force on a day was approved, of which it is
    /// asked whether others have come: who approved it, when, from when, and until when.
    pub fn approved_when(&self, reached: impl Fn(Day) -> bool) -> Option<Approved<'_>> {
        let last = self.last_approved(&reached)?;
        let over = last.last.is_some_and(|last| reached(last.next()));
        (!over).then_some(last)
    }

    /// Returns the last version approved and effective by a day, though it may have ended since.
    pub fn last_in_force(&self, day: Day) -> Option<&Version> {
        let last = self.last_approved(|other| other <= day);
        last.map(|last| last.version)
    }

    fn last_approved(&self, reached: impl Fn(Day) -> bool) -> Option<Approved<'_>> {
        self.standing()
            .filter_map(|version| version.last_approved(&reached))
            .max_by_key(Approved::place)
    }
}

/// Returns a day that an approval carries: a resolution's own parameters, or the body of
/// a person's move.
pub fn event_day(act: &Approval, event: &Event, pointer: &str) -> Option<Day> {
    let carried = act
        .carries
        .pointer(pointer)
        .or_else(|| event.fact(pointer))?;
    carried.as_str()?.parse().ok()
}

/// Everything known from the entries added so far.
#[derive(Debug, Clone, Default)]
pub struct Records {
    /// What the first entry says.
    pub begin: Option<(Begin, Event)>,
    /// Number of entries added.
    pub size: u64,
    /// Entries of act `check`, in order.
    pub checks: Vec<Event>,
    records: HashMap<Uuid, Record>,
    kinds: BTreeMap<Arc<str>, Vec<Uuid>>,
    /// By what is cited, those that cite it, in order of id.
    citing: HashMap<Uuid, Vec<Uuid>>,
    approved: BTreeSet<Uuid>,
    vouched: Vec<Uuid>,
}

impl Records {
    /// Adds the next entry.
    pub fn add(&mut self, event: Event) {
        self.size = self.size.max(event.seq + 1);
        match event.act {
            Act::Begin => {
                if let Some(begin) = event.facts.begin.clone() {
                    self.begin = Some((begin, event));
                }
            }
            Act::Check => self.checks.push(event),
            Act::Put => self.add_version(event),
            Act::Move => self.add_move(Arc::new(event)),
            Act::Guard | Act::Erasure => {}
        }
    }

    fn add_version(&mut self, event: Event) {
        let acts = event.facts.acts.clone();
        let id = event.id;
        for cite in &event.refs {
            let citing = self.citing.entry(cite.id).or_default();
            if let Err(place) = citing.binary_search(&id) {
                citing.insert(place, id);
            }
        }
        let shared = (!acts.is_empty()).then(|| Arc::new(event.clone()));
        let version = Version::of(event);
        match self.records.get_mut(&id) {
            Some(record) => record.versions.push(version),
            None => {
                let kind = version.put.kind.clone();
                self.kinds.entry(kind.clone()).or_default().push(id);
                self.records.insert(
                    id,
                    Record {
                        id,
                        kind,
                        versions: vec![version],
                    },
                );
            }
        }
        for act in acts {
            if let Some(event) = &shared {
                self.apply(act, event);
            }
        }
    }

    fn add_move(&mut self, event: Arc<Event>) {
        for act in event.facts.acts.clone() {
            self.apply(act, &event);
        }
        let Some(version) = self.version_mut(Cite {
            id: event.id,
            version: event.version,
        }) else {
            return;
        };
        if &*event.name == WITHDRAW {
            version.withdrawn = Some(event.clone());
            self.void(event.id, event.version);
        } else {
            version.add_move(event);
        }
    }

    fn apply(&mut self, act: Approval, event: &Arc<Event>) {
        if act.name == "approve" {
            self.approved.insert(act.of.id);
        }
        if act.by == Approver::Operator && !self.vouched.contains(&act.of.id) {
            self.vouched.push(act.of.id);
        }
        let Some(version) = self.version_mut(act.of) else {
            return;
        };
        let resolved = match act.by {
            Approver::Body { resolution, .. } => resolution.id,
            _ => event.id,
        };
        if resolved == event.id {
            version.acts.push((act, event.clone()));
        } else if let Some(had) = version.acts.iter_mut().find(|(had, _)| had.is_again(&act)) {
            // Its meeting is recorded otherwise: that says whether it counts, and the entry that
            // attested it stays what it is.
            version.corrected.push(Corrected {
                was: had.clone(),
                by: event.clone(),
            });
            had.0 = act;
        }
    }

    /// A withdrawn resolution never approved anything.
    fn void(&mut self, id: Uuid, number: u32) {
        let touched: Vec<Cite> = self
            .records
            .get(&id)
            .and_then(|record| record.version(number))
            .map(|version| {
                version
                    .moves
                    .iter()
                    .flat_map(|event| &event.facts.acts)
                    .map(|act| act.of)
                    .collect()
            })
            .unwrap_or_default();
        for cite in touched {
            if let Some(version) = self.version_mut(cite) {
                let by_other = |event: &Event| event.id != id || event.version != number;
                version.acts.retain(|(_, event)| by_other(event));
                version.corrected.retain(|one| by_other(&one.was.1));
            }
        }
    }

    fn version_mut(&mut self, cite: Cite) -> Option<&mut Version> {
        let index = usize::try_from(cite.version).ok()?.checked_sub(1)?;
        self.records.get_mut(&cite.id)?.versions.get_mut(index)
    }

    /// Returns a record by id.
    pub fn get(&self, id: Uuid) -> Option<&Record> {
        self.records.get(&id)
    }

    /// Returns exactly the version cited.
    pub fn cited(&self, cite: Cite) -> Option<&Version> {
        self.get(cite.id)?.version(cite.version)
    }

    /// Returns the records of a kind in order of first recording; withdrawn ones included.
    pub fn of_kind<'a>(&'a self, kind: &str) -> impl Iterator<Item = &'a Record> {
        self.kinds
            .get(kind)
            .into_iter()
            .flatten()
            .filter_map(|id| self.records.get(id))
    }

    /// Returns the records of a kind of which some version cites a record, in order of id.
    pub fn citing<'a>(&'a self, id: Uuid, kind: &'a str) -> impl Iterator<Item = &'a Record> {
        self.citing
            .get(&id)
            .into_iter()
            .flatten()
            .filter_map(|id| self.records.get(id))
            .filter(move |record| &*record.kind == kind)
    }

    /// Returns the records of which some version was to be approved, whatever came of it since, in
    /// order of id: what is among them once stays.
    pub fn approved(&self) -> impl Iterator<Item = &Record> {
        self.approved.iter().filter_map(|id| self.records.get(id))
    }

    /// Returns the records that the local operator's word approved, in order of recording; of those
    /// entered in error too.
    pub fn vouched(&self) -> impl Iterator<Item = &Record> {
        self.vouched.iter().filter_map(|id| self.records.get(id))
    }

    /// Returns whether what an entry tells of a day was brought in: it is older than the ledger.
    pub fn brought_in(&self, event: &Event, on: Day) -> bool {
        event.facts.brought_in.is_some() && self.ledger_start().is_some_and(|start| on < start)
    }

    /// Returns every record, in no order.
    pub fn all(&self) -> impl Iterator<Item = &Record> {
        self.records.values()
    }

    /// Forgets a record: used by a writer that keeps only some at hand.
    pub fn forget(&mut self, id: Uuid) {
        let Some(record) = self.records.remove(&id) else {
            return;
        };
        if let Some(ids) = self.kinds.get_mut(&record.kind) {
            ids.retain(|other| *other != id);
        }
        for cite in record.versions.iter().flat_map(|version| &version.put.refs) {
            if let Some(citing) = self.citing.get_mut(&cite.id) {
                citing.retain(|other| *other != id);
                if citing.is_empty() {
                    self.citing.remove(&cite.id);
                }
            }
        }
    }

    /// Returns the day the ledger began.
    pub fn ledger_start(&self) -> Option<Day> {
        self.begin.as_ref().map(|(_, event)| event.recorded_on)
    }
}
