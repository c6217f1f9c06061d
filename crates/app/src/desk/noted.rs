//! What is noted of an entry just recorded.

use record::decide::mentioned;
use record::{Act, Event};
use store::Rows;

use super::Desk;
use crate::error::Result;
use crate::keeping::MANY;
use crate::marked;
use crate::notes::{self, EntryNote};

impl Desk {
    /// Returns what is to be noted of an entry.
    pub(super) async fn notes(&mut self, rows: Rows<'_>, event: &Event) -> Result<Vec<EntryNote>> {
        let kind = self.registry.get(&event.kind);
        let shown = kind.map(|kind| marked::of_shown(event, kind));
        let mut noted = match event.act {
            Act::Put if kind.is_some_and(|kind| kind.rule.is_some()) => {
                self.of_disposition(rows, event).await?
            }
            _ => notes::of_entry(event, None),
        };
        noted.extend(self.of_marks(rows, event).await?);
        noted.extend(shown.unwrap_or_default());
        Ok(noted)
    }

    /// Says which other versions hold a group of the same name that is marked otherwise.
    async fn of_marks(&mut self, rows: Rows<'_>, event: &Event) -> Result<Vec<EntryNote>> {
        let concerned = match event.act {
            // Of systems there are many versions: to read them all again each time would be slow.
            Act::Put => event.version > 1 && &*event.kind != MANY,
            Act::Move => &*event.name == "mark",
            _ => false,
        };
        if !concerned {
            return Ok(Vec::new());
        }
        let borrowed = self.borrow_record(rows, event.id).await?;
        let kind = self.registry.get(&event.kind);
        let noted = kind.map(|kind| marked::of_entry(event, kind, &self.records));
        if let Some(id) = borrowed {
            self.records.forget(id);
        }
        Ok(noted.unwrap_or_default())
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
