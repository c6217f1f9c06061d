//! What is noted of an entry just recorded.

use std::collections::BTreeMap;

use record::approve::WITHDRAW;
use record::attestable::attestable;
use record::decide::Either;
use record::named_by;
use record::spec::Counts;
use record::{Act, Approval, Cite, Day, Event, MARK};
use store::Rows;
use uuid::Uuid;

use super::{Appended, Desk, NAMED};
use crate::dates::rfc3339;
use crate::error::Result;
use crate::keeping::MANY;
use crate::marked;
use crate::notes::{self, Before, Earlier, EntryNote};

impl Desk {
    /// Returns what is to be noted of an entry.
    pub(super) async fn notes(&mut self, rows: Rows<'_>, event: &Event) -> Result<Vec<EntryNote>> {
        let kind = self.registry.get(&event.kind);
        let put = kind.filter(|_| event.act == Act::Put);
        let (id, body) = (event.id, &event.facts.body);
        let of_body = put.and_then(|kind| notes::of_body(kind, id, body, &self.records));
        let of_move = kind.and_then(|kind| notes::of_move(kind, event, &self.records));
        let resolves = kind.is_some_and(|kind| kind.authority.resolves.is_some());
        let shown = kind.map(|kind| marked::of_shown(event, kind));
        let attests = kind.and_then(|kind| kind.find_move(&event.name));
        let attests = attests.is_some_and(|one| one.counts == Counts::Attests);
        let mut noted = match event.act {
            Act::Put if kind.is_some_and(|kind| kind.rule.is_some()) => {
                self.of_disposition(rows, event).await?
            }
            Act::Put if resolves => self.of_number(rows, event).await?,
            Act::Move if resolves && &*event.name == WITHDRAW => {
                self.of_withdrawal(rows, event).await?
            }
            Act::Move if attests => {
                let mut noted = self.of_lost(rows, event).await?;
                noted.extend(self.of_attestation(rows, event).await?);
                noted
            }
            _ => {
                let told = kind.map(|kind| notes::of_told_again(event, kind, &self.records));
                let mut noted = self.of_lost(rows, event).await?;
                noted.extend(told.unwrap_or_default());
                noted
            }
        };
        noted.extend(of_body.into_iter().chain(of_move));
        noted.extend(self.of_attestable(rows, event).await?);
        noted.extend(self.of_attendance(rows, event).await?);
        noted.extend(self.of_note_taken(rows, event).await?);
        noted.extend(self.of_another_head(rows, event).await?);
        noted.extend(self.of_unconfirmed(rows, event).await?);
        noted.extend(self.of_minutes(rows, event).await?);
        noted.extend(self.of_displaced(rows, event).await?);
        noted.extend(self.of_beside(rows, event).await?);
        noted.extend(self.of_kept(rows, event).await?);
        noted.extend(self.of_later(rows, event).await?);
        noted.extend(self.of_passed(rows, event).await?);
        noted.extend(self.of_emptied(rows, event).await?);
        noted.extend(self.of_marks(rows, event).await?);
        noted.extend(shown.unwrap_or_default());
        noted.extend(self.of_withdrawn(rows, event).await?);
        Ok(noted)
    }

    /// Says of a version that was put without a word on which it follows what that is, when it was
    /// recorded and who put it: they may not have seen it.
    pub(super) async fn told_revised(
        &mut self,
        rows: Rows<'_>,
        command: &Either<'_>,
        mut appended: Appended,
    ) -> Result<Appended> {
        let (id, version) = (appended.written.id, appended.written.version);
        let says = match command {
            Either::Put(put) => put.if_version.is_some(),
            Either::Move(_) => true,
        };
        if says || version < 2 {
            return Ok(appended);
        }
        let before = version - 1;
        let borrowed = self.borrow_record(rows, id).await?;
        let found = self.records.cited(Cite {
            id,
            version: before,
        });
        let found = found.map(|one| (one.put.seq, one.put.recorded_at, one.put.facts.by));
        if let Some(id) = borrowed {
            self.records.forget(id);
        }
        if let Some((seq, recorded_at, by)) = found {
            let by = match by {
                Some(person) => self.title(rows, person).await?,
                None => "the local operator".to_owned(),
            };
            let before = Before {
                version: before,
                seq,
                recorded_at: &rfc3339(recorded_at),
                by: &by,
            };
            let note = notes::revises(Cite { id, version }, &before);
            appended.written.notes.push(note);
        }
        Ok(appended)
    }

    /// Says which other versions hold the same words in a group that is marked otherwise.
    async fn of_marks(&mut self, rows: Rows<'_>, event: &Event) -> Result<Vec<EntryNote>> {
        let of_files = match event.act {
            Act::Put => marked::in_files(event, &self.records),
            _ => Vec::new(),
        };
        let concerned = match event.act {
            // Of systems there are many versions: to read them all again each time would be slow.
            Act::Put => event.version > 1 && &*event.kind != MANY,
            Act::Move => &*event.name == MARK,
            _ => false,
        };
        if !concerned {
            return Ok(of_files);
        }
        let borrowed = self.borrow_record(rows, event.id).await?;
        let mut noted = of_files;
        if event.act == Act::Move {
            noted.extend(marked::in_files(event, &self.records));
        }
        let kind = self.registry.get(&event.kind);
        let found = kind.map(|kind| marked::otherwise(event, kind, &self.records));
        if let Some(id) = borrowed {
            self.records.forget(id);
        }
        for one in found.unwrap_or_default() {
            let versions = marked::sharing(rows, &one.group, one.own, &one.others).await?;
            noted.extend(one.note(event, versions));
        }
        Ok(noted)
    }

    /// Says what an entry resolved that came to nothing, and why.
    async fn of_lost(&mut self, rows: Rows<'_>, event: &Event) -> Result<Vec<EntryNote>> {
        let mut titles = BTreeMap::new();
        for act in event.facts.acts.iter().filter(|act| !act.counts) {
            let row = self.row(rows, act.of.id).await?;
            titles.extend(row.map(|row| (act.of.id, row.title)));
        }
        let known = (&self.records, &*self.registry);
        Ok(notes::of_entry(event, known, |of| {
            titles.get(&of.id).cloned()
        }))
    }

    /// Says of a new resolution that its body has one of that number already.
    async fn of_number(&mut self, rows: Rows<'_>, event: &Event) -> Result<Vec<EntryNote>> {
        let kind = self.registry.get(&event.kind);
        let read = kind.and_then(|kind| Some((kind.title, kind.authority.resolves?)));
        let Some((plain, read)) = read.filter(|_| event.version == 1) else {
            return Ok(Vec::new());
        };
        let Some(body) = read(&event.facts.body).body else {
            return Ok(Vec::new());
        };
        let title = self.title(rows, event.id).await?;
        let of_body = self.records.of_kind(&event.kind).filter_map(|record| {
            let version = record.standing().next_back()?;
            let first = record.versions.first()?.put.seq;
            let is_other = first < event.seq && read(version.body()).body == Some(body);
            is_other.then(|| (version.cite(), first))
        });
        let of_body: Vec<(Cite, u64)> = of_body.collect();
        for (cite, first) in of_body {
            // Where its number is gone, it goes by the plain word.
            if title != plain && self.title(rows, cite.id).await? == title {
                return Ok(vec![notes::number_again(&title, cite, first)]);
            }
        }
        Ok(Vec::new())
    }

    /// Says of a resolution that was put again and attested what its earlier versions still do:
    /// each counts until it is withdrawn.
    async fn of_attestation(&mut self, rows: Rows<'_>, event: &Event) -> Result<Vec<EntryNote>> {
        let record = self.records.get(event.id);
        let earlier = record.into_iter().flat_map(record::Record::standing);
        let earlier = earlier.filter(|version| version.number() < event.version);
        let acts = earlier.flat_map(|version| {
            let acts = version.moves.iter().flat_map(|one| &one.facts.acts);
            acts.map(move |act| (version.number(), act))
        });
        let again = |act: &Approval| {
            let same = |one: &Approval| (&one.name, one.of) == (&act.name, act.of);
            event.facts.acts.iter().any(same)
        };
        let still: Vec<(u32, Approval)> = acts
            .filter(|(_, act)| act.counts && !again(act))
            .map(|(version, act)| (version, act.clone()))
            .collect();
        let title = self.title(rows, event.id).await?;
        let mut noted = Vec::new();
        for (version, act) in still {
            let of = self.title(rows, act.of.id).await?;
            noted.push(notes::still_does(&title, version, &act, &of));
        }
        Ok(noted)
    }

    /// Says of minutes just recorded which resolutions, which adopted nothing when they were attested,
    /// could by them.
    async fn of_attestable(&mut self, rows: Rows<'_>, event: &Event) -> Result<Vec<EntryNote>> {
        let mut noted = Vec::new();
        for (resolution, act) in attestable(&self.records, &self.registry, event) {
            let title = self.title(rows, resolution.id).await?;
            noted.push(notes::can_be_attested(&title, resolution, &act));
        }
        Ok(noted)
    }

    /// Says of what somebody approved that it takes the place of what top management had set.
    async fn of_displaced(&mut self, rows: Rows<'_>, event: &Event) -> Result<Vec<EntryNote>> {
        let acts = event.facts.acts.iter();
        let found = acts.filter_map(|act| {
            let before = assess::displaced(&self.records, act)?;
            Some((act.clone(), before.cite()))
        });
        let found: Vec<(Approval, Cite)> = found.collect();
        let mut noted = Vec::new();
        for (act, before) in found {
            let title = self.title(rows, act.of.id).await?;
            noted.push(notes::displaces(&title, &act, before));
        }
        Ok(noted)
    }

    /// Says of what is approved that another record of its kind is in force, where there should be one.
    async fn of_beside(&mut self, rows: Rows<'_>, event: &Event) -> Result<Vec<EntryNote>> {
        let (records, acts) = (&self.records, &event.facts.acts);
        let mut found: Vec<(Approval, Cite, &str)> = Vec::new();
        for act in acts {
            let untold = |beside: assess::Beside<'_>| {
                let other = beside.version.cite();
                let is_told =
                    |(told, of, _): &(Approval, Cite, &str)| (told.of, *of) == (other, act.of);
                let is_new = !found.iter().any(is_told);
                is_new.then(|| (act.clone(), other, beside.counts))
            };
            // Of two that it approves together one is said to be beside the other; beside the
            // other there may have been one before.
            let together = assess::approved_beside(records, act, acts).and_then(untold);
            let beside =
                together.or_else(|| assess::in_force_beside(records, act).and_then(untold));
            found.extend(beside);
        }
        let mut noted = Vec::new();
        for (act, other, counts) in found {
            let title = self.title(rows, act.of.id).await?;
            let called = self.title(rows, other.id).await?;
            noted.push(notes::in_force_beside(
                &title,
                &act,
                (&called, other),
                counts,
            ));
        }
        Ok(noted)
    }

    /// Says of what is kept, or is to be once a resolution is attested, that a newer version was there.
    async fn of_kept(&mut self, rows: Rows<'_>, event: &Event) -> Result<Vec<EntryNote>> {
        let kind = self.registry.get(&event.kind);
        let found = notes::newer_than_kept(event, kind, &self.records);
        let mut noted = Vec::new();
        for newer in found {
            let title = self.title(rows, newer.than.id).await?;
            noted.push(newer.note(&title));
        }
        Ok(noted)
    }

    /// Says of an attestation that no record makes whoever made it the head of the unit.
    async fn of_another_head(
        &mut self,
        rows: Rows<'_>,
        event: &Event,
    ) -> Result<Option<EntryNote>> {
        let body = &event.facts.body;
        let put = Some(body).filter(|_| event.act == Act::Put);
        let found =
            put.and_then(|body| assess::speaks_for_another(&self.records, &event.kind, body));
        let Some((unit, on, by)) = found else {
            return Ok(None);
        };
        let name = self.title(rows, by).await?;
        Ok(Some(notes::not_by_head(&name, unit, on)))
    }

    /// Says of what is approved, or is to be once a resolution is attested, that it counts later than
    /// it was decided, as it was recorded after that and says of no other day.
    async fn of_later(&mut self, rows: Rows<'_>, event: &Event) -> Result<Vec<EntryNote>> {
        let kind = self.registry.get(&event.kind);
        let found = notes::decided(event, kind, "approve")
            .into_iter()
            .filter_map(|(of, on, from)| {
                let version = self.records.cited(of)?;
                let is_approved = self.registry.get(&version.put.kind)?.approval.is_some();
                Earlier::of(version, on, from).filter(|_| is_approved)
            });
        let found: Vec<Earlier> = found.collect();
        let mut noted = Vec::new();
        for earlier in found {
            let title = self.title(rows, earlier.of.id).await?;
            noted.push(earlier.note(&title));
        }
        Ok(noted)
    }

    /// Says of what is approved, or is to be once a resolution is attested, that the day by which it is
    /// to be looked at again will have passed when it begins to count.
    async fn of_passed(&mut self, rows: Rows<'_>, event: &Event) -> Result<Vec<EntryNote>> {
        let kind = self.registry.get(&event.kind);
        let found = notes::decided(event, kind, "approve")
            .into_iter()
            .filter_map(|(of, on, from)| {
                let (record, version) = (self.records.get(of.id)?, self.records.cited(of)?);
                self.registry.get(&version.put.kind)?.approval?;
                let counted = from.map_or(on, |from| from.max(on));
                let first = counted.max(version.put.facts.effective_on);
                let due = assess::review_passed(record, version, first)?;
                Some((of, due, first))
            });
        let found: Vec<(Cite, Day, Day)> = found.collect();
        let mut noted = Vec::new();
        for (of, due, first) in found {
            let title = self.title(rows, of.id).await?;
            noted.push(notes::review_passed((&title, of), due, first));
        }
        Ok(noted)
    }

    /// Says of a person who was entered in error which records name them.
    async fn of_emptied(&mut self, rows: Rows<'_>, event: &Event) -> Result<Vec<EntryNote>> {
        let kind = self.registry.get(&event.kind);
        let is_person = kind.is_some_and(|kind| kind.is_a_person);
        // The withdrawal itself is not among the records yet.
        let stands = |record: &record::Record| {
            let mut versions = record.standing();
            versions.any(|version| version.number() != event.version)
        };
        let record = self.records.get(event.id).filter(|one| !stands(one));
        if !is_person || &*event.name != WITHDRAW || record.is_none() {
            return Ok(Vec::new());
        }
        let naming = named_by::naming(&self.records, &self.registry, event.id);
        let naming: Vec<Uuid> = naming.map(|one| one.id).collect();
        if naming.is_empty() {
            return Ok(Vec::new());
        }
        let mut first = Vec::new();
        for id in naming.iter().take(NAMED) {
            first.push(self.title(rows, *id).await?);
        }
        let title = self.title(rows, event.id).await?;
        Ok(vec![notes::emptied(&title, &first, naming.len())])
    }

    pub(super) async fn title(&mut self, rows: Rows<'_>, id: Uuid) -> Result<String> {
        let row = self.row(rows, id).await?;
        Ok(row.map_or_else(|| id.to_string(), |row| row.title))
    }

    /// Says of a disposition just recorded that it is beside no finding. Systems that the rule may
    /// be asked of are put at hand for the moment.
    async fn of_disposition(&mut self, rows: Rows<'_>, event: &Event) -> Result<Vec<EntryNote>> {
        let lent = self.lend_for(rows, &event.facts.body).await?;
        let kind = self.registry.get(&event.kind);
        let notes = kind.map_or_else(Vec::new, |kind| {
            let (body, day) = (&event.facts.body, event.recorded_on);
            notes::of_disposition(kind, body, &self.records, &self.catalogue, day)
        });
        self.take_back(lent);
        Ok(notes)
    }
}
