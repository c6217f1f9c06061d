//! What is noted of an entry just recorded.

use record::decide::mentioned;
use record::{Act, Event};
use store::Rows;

use super::Desk;
use crate::error::Result;
use crate::keeping::MANY;
use crate::notes::{self, EntryNote};

impl Desk {
    /// Returns what is to be noted of an entry.
    pub(super) async fn notes(&mut self, rows: Rows<'_>, event: &Event) -> Result<Vec<EntryNote>> {
        let kind = self.registry.get(&event.kind);
        if event.act == Act::Put && kind.is_some_and(|kind| kind.rule.is_some()) {
            return self.of_disposition(rows, event).await;
        }
        Ok(notes::of_entry(event, None))
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
