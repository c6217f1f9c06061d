//! What is noted of a meeting, a resolution or a mark that may not say what was meant: who cannot
//! have counted, what was only taken note of, what nobody looks at again.

use std::collections::BTreeSet;

use record::approve::{Terms, holders, terms_on};
use record::attendance::{self, There};
use record::decide::Either;
use record::spec::Counts;
use record::{Act, Cite, Day, Event, MARK, Mark, Version, listed};
use serde::Deserialize;
use serde_json::Value;
use store::Rows;
use uuid::Uuid;

use super::{Desk, NAMED};
use crate::error::Result;
use crate::notes::EntryNote;
use crate::profile::withholds;

impl Desk {
    /// Says of a meeting who is recorded as there and was not in the organisation that day, or as
    /// a member of a body in which they had no seat.
    pub(super) async fn of_attendance(
        &mut self,
        rows: Rows<'_>,
        event: &Event,
    ) -> Result<Vec<EntryNote>> {
        let kind = self.registry.get(&event.kind);
        let says = kind.is_some_and(|kind| kind.authority.present.is_some());
        if event.act != Act::Put || !says {
            return Ok(Vec::new());
        }
        let there = attendance::there(&event.facts.body);
        let away = there.iter().filter(|one| !self.was_here(one));
        let away: Vec<There> = away.copied().collect();
        let body = attendance::body(&event.facts.body);
        let seatless = there.iter().filter(|one| {
            body.is_some_and(|body| one.is_member && self.was_here(one) && !self.sat_in(body, one))
        });
        let seatless: Vec<There> = seatless.copied().collect();
        let mut noted = Vec::new();
        if let Some((who, on)) = self.named(rows, &away).await? {
            noted.push(EntryNote {
                code: "not_here".to_owned(),
                hint: "If they were, put a version of their record that says since or until when; if others were meant, put a version of the meeting that names those.".to_owned(),
                message: format!("By their records not here on {}, and said to have been there: {who}.", on.in_words()),
                of: None,
                versions: Vec::new(),
            });
        }
        if let Some((who, on)) = self.named(rows, &seatless).await? {
            noted.push(EntryNote {
                code: "no_seat".to_owned(),
                hint: "They count for no quorum. If they had one, put a version of the body that says so and have it approved; if not, put a version of the meeting that has them in attendance, or as a deputy.".to_owned(),
                message: format!("Without a seat in the body on {}, and said to have been there as a member: {who}.", on.in_words()),
                of: None,
                versions: Vec::new(),
            });
        }
        Ok(noted)
    }

    /// Returns whether somebody was in the organisation on the day they are said to have been there.
    fn was_here(&self, one: &There) -> bool {
        let kind = self.records.get(one.person);
        let kind = kind.and_then(|record| self.registry.get(&record.kind));
        let stay = kind.and_then(|kind| kind.stay);
        self.records.is_here(one.person, stay, one.on)
    }

    /// Returns whether somebody had a seat by the terms of some time of the day; also where those
    /// name none at all.
    fn sat_in(&self, body: Uuid, one: &There) -> bool {
        let terms = terms_on(&self.records, &self.registry, body, one.on);
        let sits = |terms: &Terms| {
            let mut seats = terms.seats.iter();
            terms.seats.is_empty()
                || seats.any(|seat| seat.person == one.person && seat.is_filled(one.on))
        };
        terms.is_empty() || terms.iter().any(sits)
    }

    /// Returns who of those are said to have been somewhere on the first of their days, and that day.
    async fn named(&mut self, rows: Rows<'_>, there: &[There]) -> Result<Option<(String, Day)>> {
        let Some(on) = there.iter().map(|one| one.on).min() else {
            return Ok(None);
        };
        let people = there.iter().filter(|one| one.on == on);
        let people: BTreeSet<Uuid> = people.map(|one| one.person).collect();
        let mut names = Vec::new();
        for id in people.iter().take(NAMED) {
            names.push(self.title(rows, *id).await?);
        }
        if people.len() > NAMED {
            names.push(format!("{} more", people.len() - NAMED));
        }
        Ok(Some((listed(&names), on)))
    }

    /// Says of a resolution that only takes note what stays proposed, where the body could have
    /// approved it.
    pub(super) async fn of_note_taken(
        &mut self,
        rows: Rows<'_>,
        event: &Event,
    ) -> Result<Vec<EntryNote>> {
        let (id, version) = (event.id, event.version);
        let attested = self.records.cited(Cite { id, version });
        let kind = self.registry.get(&event.kind);
        let attests = kind.and_then(|kind| kind.find_move(&event.name));
        let attests = attests.is_some_and(|one| one.counts == Counts::Attests);
        let facts = match event.act {
            Act::Put => Some(&event.facts.body),
            _ => attested.filter(|_| attests).map(Version::body),
        };
        let read = kind.and_then(|kind| kind.authority.resolves);
        let resolved = read.zip(facts).map(|(read, facts)| read(facts));
        let Some(resolved) = resolved.filter(|one| one.takes_note) else {
            return Ok(Vec::new());
        };
        let on = resolved.decided_on.unwrap_or(event.recorded_on);
        let cited = resolved.acts.iter().map(|(_, of, ..)| *of);
        let body = resolved.body;
        let proposed =
            cited.filter(|of| body.is_some_and(|body| self.could_approve(body, *of, on)));
        let proposed: Vec<Cite> = proposed.take(NAMED).collect();
        let mut noted = Vec::new();
        for of in proposed {
            let title = self.title(rows, of.id).await?;
            noted.push(EntryNote {
                code: "only_noted".to_owned(),
                hint: "If the body approved it, put this resolution again with the verb that says so, and let that be attested.".to_owned(),
                message: format!("“{title}”, version {}, stays proposed: to take note of it approves nothing.", of.version),
                of: Some(of),
                versions: Vec::new(),
            });
        }
        Ok(noted)
    }

    /// Returns whether a version is the newest of its record and still proposed, and a body holds the
    /// power to approve it on a day.
    fn could_approve(&self, body: Uuid, of: Cite, on: Day) -> bool {
        let record = self.records.get(of.id);
        let newest = record.and_then(|record| record.standing().next_back());
        let Some(version) = newest.filter(|newest| newest.cite() == of) else {
            return false;
        };
        let kind = self.registry.get(&version.put.kind);
        let power = kind.and_then(|kind| kind.approval);
        power.is_some_and(|power| {
            let (records, registry) = (&self.records, &self.registry);
            let holds = || holders(records, registry, version, power, on);
            version.approval().is_none() && holds().contains(&body)
        })
    }
}

/// Says of marks that withhold something that they state no day on which they are looked at again.
pub(super) fn of_unreviewed(command: &Either<'_>) -> Option<EntryNote> {
    let withheld = |mark: &Mark| withholds(mark.mark) && mark.review_by.is_none();
    let told: Vec<String> = match command {
        Either::Put(put) => {
            let marks = put.marks.iter().filter(|(_, mark)| withheld(mark));
            marks.map(|(name, _)| name.clone()).collect()
        }
        Either::Move(one) => {
            let own = one.marks.iter().filter(|(_, mark)| withheld(mark));
            let marks = one.body.get("marks").filter(|_| one.name == MARK);
            let marks = marks.and_then(Value::as_object).into_iter().flatten();
            let read = |mark: &Value| Mark::deserialize(mark).ok();
            let moved = marks.filter(|(_, mark)| read(mark).is_some_and(|mark| withheld(&mark)));
            let own = own.map(|(name, _)| name.clone());
            own.chain(moved.map(|(name, _)| name.clone())).collect()
        }
    };
    (!told.is_empty()).then(|| EntryNote {
        code: "no_review".to_owned(),
        hint: "Make the move `mark` again with `review_by`, the day by which somebody looks whether the ground still holds.".to_owned(),
        message: format!("Withheld, with no day on which that is looked at again: {}.", listed(&told)),
        of: None,
        versions: Vec::new(),
    })
}
