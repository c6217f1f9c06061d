//! What is noted of a version that was entered in error: what is left, what rested on it, and what
//! leaves in packs all the same.

use std::sync::Arc;

use record::approve::WITHDRAW;
use record::{Cite, Event, KindSpec, Record, Version};
use store::Rows;
use uuid::Uuid;

use super::Desk;
use crate::derive::titled;
use crate::error::{AppError, Result};
use crate::marked;
use crate::notes::{self, EntryNote};
use crate::reading::words_of;

/// What is left of a record where a version of it was entered in error.
struct Left {
    /// The entry that put what stands or is in force now, the newest of those earlier.
    put: Event,
    /// Whether it is in force, where the kind is approved.
    is_in_force: Option<bool>,
    /// Whether it is newer than the version in error, and so stood before.
    is_newer: bool,
    /// Every version that stands.
    standing: Vec<u32>,
}

impl Left {
    /// Returns what is left without the version that an entry withdraws, unless that had taken no
    /// other's place: one that stands is newer, and of what is approved it was not in force.
    fn without(event: &Event, kind: &KindSpec, record: &Record) -> Option<Self> {
        // The withdrawal may be among the records already, or not yet.
        let [mut before, mut record] = [record.clone(), record.clone()];
        let index = record
            .versions
            .iter()
            .position(|one| one.number() == event.version)?;
        put_back(&mut before.versions[index]);
        record.versions[index].withdrawn = Some(Arc::new(event.clone()));
        let standing: Vec<u32> = record.standing().map(Version::number).collect();
        let newest = record.standing().next_back()?;
        let today = event.recorded_on;
        let in_force = record.in_force(today);
        if newest.number() > event.version {
            let was_in_force = before.in_force(today).map(Version::number) == Some(event.version);
            if kind.approval.is_none() || !was_in_force {
                return None;
            }
        }
        let (left, is_in_force) = match kind.approval {
            None => (newest, None),
            Some(_) => (in_force.unwrap_or(newest), Some(in_force.is_some())),
        };
        Some(Self {
            put: left.put.clone(),
            is_in_force,
            is_newer: left.number() > event.version,
            standing,
        })
    }

    /// Says what that is now.
    fn stands(&self) -> &'static str {
        match (self.is_in_force, self.is_newer) {
            (None, _) => "stands again",
            (Some(true), _) => "is in force",
            (Some(false), true) => "stands; neither it nor another version is in force",
            (Some(false), false) => "stands again; it is not in force",
        }
    }
}

/// Makes of a version what it was before it was withdrawn, which voids what was done by its own moves.
fn put_back(version: &mut Version) {
    if version.withdrawn.take().is_none() {
        return;
    }
    let cite = version.cite();
    let own = version.moves.iter().flat_map(|event| {
        let acts = event.facts.acts.iter().filter(|act| act.of == cite);
        acts.map(|act| (act.clone(), event.clone()))
    });
    let own: Vec<_> = own.collect();
    version.acts.extend(own);
}

impl Desk {
    /// Says of a withdrawal what it does not take away, and what it does besides.
    pub(super) async fn of_withdrawn(
        &mut self,
        rows: Rows<'_>,
        event: &Event,
    ) -> Result<Vec<EntryNote>> {
        let registry = self.registry.clone();
        let Some(kind) = registry.get(&event.kind) else {
            return Ok(Vec::new());
        };
        if &*event.name != WITHDRAW {
            return Ok(Vec::new());
        }
        let (id, version) = (event.id, event.version);
        let borrowed = self.borrow_record(rows, id).await?;
        let version = self.records.cited(Cite { id, version });
        let leaves = version.and_then(|version| marked::of_withdrawn(event, kind, version));
        let record = self.records.get(id);
        let left = record.and_then(|record| Left::without(event, kind, record));
        if let Some(id) = borrowed {
            self.records.forget(id);
        }
        let mut noted = match left {
            Some(left) => vec![self.of_left(rows, kind, left).await?],
            None => self.of_rested(rows, kind, event).await?,
        };
        noted.extend(leaves);
        Ok(noted)
    }

    async fn of_left(&mut self, rows: Rows<'_>, kind: &KindSpec, left: Left) -> Result<EntryNote> {
        let put = &left.put;
        // The record goes by the title of its newest version, which may be the one in error.
        let title = match words_of(rows, put).await {
            Ok(words) => titled(kind, &put.facts.body, &words).listed,
            Err(AppError::Altered(_)) => self.title(rows, put.id).await?,
            Err(error) => return Err(error),
        };
        let cite = Cite {
            id: put.id,
            version: put.version,
        };
        let stands = left.stands();
        let standing = left.standing;
        Ok(notes::stands_again(&title, cite, stands, standing))
    }

    /// Says of a meeting of which nothing stands what rests on it, and of what disposes of a finding
    /// which dispositions do.
    async fn of_rested(
        &mut self,
        rows: Rows<'_>,
        kind: &KindSpec,
        event: &Event,
    ) -> Result<Vec<EntryNote>> {
        let stands = |record: &Record| {
            let mut standing = record.standing();
            standing.any(|version| version.number() != event.version)
        };
        let record = self.records.get(event.id).filter(|record| !stands(record));
        if record.is_none() {
            return Ok(Vec::new());
        }
        let is_meeting = kind.authority.present.is_some();
        let mut resting = Vec::new();
        for id in self.resting(event.id, is_meeting) {
            resting.push(format!("“{}”", self.title(rows, id).await?));
        }
        if resting.is_empty() {
            return Ok(Vec::new());
        }
        let title = self.title(rows, event.id).await?;
        let was = if is_meeting { "held" } else { "opened" };
        Ok(vec![notes::rested_on((&title, was), &resting)])
    }

    /// Returns the records that rest on a meeting: by their newest version, or by one that was
    /// attested, which counts until it is withdrawn. Meetings only speak of one another. On another
    /// record those rest that dispose of a finding by it.
    fn resting(&self, on: Uuid, is_meeting: bool) -> Vec<Uuid> {
        let kinds = self.registry.iter();
        let others = kinds.filter(|kind| match is_meeting {
            true => kind.authority.present.is_none(),
            false => kind.rule.is_some(),
        });
        let found = others.flat_map(|kind| {
            let records = self.records.citing(on, kind.name);
            records.filter(move |record| {
                let newest = record.standing().next_back().map(Version::number);
                let mut standing = record.standing();
                standing.any(|version| {
                    let counts = Some(version.number()) == newest || kind.is_attested(version);
                    counts && version.put.refs.iter().any(|cite| cite.id == on)
                })
            })
        });
        found.map(|record| record.id).collect()
    }
}
