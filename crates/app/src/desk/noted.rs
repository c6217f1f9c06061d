//! What is noted of an entry just recorded.

use record::approve::WITHDRAW;
use record::decide::mentioned;
use record::spec::Counts;
use record::{Act, Approval, Cite, Event};
use store::Rows;
use uuid::Uuid;

use super::Desk;
use crate::error::Result;
use crate::keeping::MANY;
use crate::marked;
use crate::notes::{self, EntryNote};

impl Desk {
    /// Returns what is to be noted of an entry.
    pub(super) async fn notes(&mut self, rows: Rows<'_>, event: &Event) -> Result<Vec<EntryNote>> {
        let kind = self.registry.get(&event.kind);
        let put = kind.filter(|_| event.act == Act::Put);
        let body = (event.id, &event.facts.body);
        let of_body = put.and_then(|kind| notes::of_body(kind, body, &self.records));
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
                let mut noted = notes::of_entry(event, None);
                noted.extend(self.of_attestation(rows, event).await?);
                noted
            }
            _ => {
                let told = kind.map(|kind| notes::of_told_again(event, kind, &self.records));
                let resolved = notes::of_entry(event, None).into_iter();
                resolved.chain(told.unwrap_or_default()).collect()
            }
        };
        noted.extend(of_body.into_iter().chain(of_move));
        noted.extend(self.of_marks(rows, event).await?);
        noted.extend(shown.unwrap_or_default());
        Ok(noted)
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
            Act::Move => &*event.name == "mark",
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
            noted.push(notes::still_does((&title, version), &act, &of));
        }
        Ok(noted)
    }

    /// Says what a withdrawn resolution had done, which counts no longer.
    async fn of_withdrawal(&mut self, rows: Rows<'_>, event: &Event) -> Result<Vec<EntryNote>> {
        let (id, version) = (event.id, event.version);
        let Some(resolution) = self.records.cited(Cite { id, version }) else {
            return Ok(Vec::new());
        };
        let acts = resolution.moves.iter().flat_map(|one| &one.facts.acts);
        // Its meeting may be recorded otherwise since. Of a repeated Command nothing is left to see.
        let stood = |act: &&Approval| {
            let target = self.records.cited(act.of);
            let had = target.map_or(&[][..], |target| &target.acts);
            let mut told = had.iter().filter(|(had, _)| had.is_again(act));
            act.counts && told.all(|(had, _)| had.counts)
        };
        let acts: Vec<Approval> = acts.filter(stood).cloned().collect();
        let title = self.title(rows, id).await?;
        let mut noted = Vec::new();
        for act in acts {
            let of = self.title(rows, act.of.id).await?;
            noted.push(notes::undone(&title, &act, &of));
        }
        Ok(noted)
    }

    async fn title(&mut self, rows: Rows<'_>, id: Uuid) -> Result<String> {
        let row = self.row(rows, id).await?;
        Ok(row.map_or_else(|| id.to_string(), |row| row.title))
    }

    /// Says of a disposition just recorded that it is beside no finding. Systems that the rule may
    /// be asked of are put at hand for the moment.
    async fn of_disposition(&mut self, rows: Rows<'_>, event: &Event) -> Result<Vec<EntryNote>> {
        let mut lent = Vec::new();
        let mut systems = assess::systems_attested(&self.records);
        systems.extend(mentioned(&event.facts.body));
        for id in systems {
            let is_many = self
                .row(rows, id)
                .await?
                .is_some_and(|row| row.kind == MANY);
            if is_many && self.records.get(id).is_none() {
                self.lend(rows, id).await?;
                lent.push(id);
            }
        }
        let kind = self.registry.get(&event.kind);
        let notes = kind.map_or_else(Vec::new, |kind| {
            let known = (&self.records, &*self.catalogue);
            notes::of_disposition((kind, &event.facts.body), known, event.recorded_on)
        });
        lent.into_iter().for_each(|id| self.records.forget(id));
        Ok(notes)
    }
}
