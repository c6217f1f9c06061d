//! What is noted of a version that was entered in error: what leaves with it all the same.

use record::approve::WITHDRAW;
use record::{Cite, Event};
use store::Rows;

use super::Desk;
use crate::error::Result;
use crate::marked;
use crate::notes::EntryNote;

impl Desk {
    /// Says of a withdrawal what it does not take away.
    pub(super) async fn of_withdrawn(
        &mut self,
        rows: Rows<'_>,
        event: &Event,
    ) -> Result<Vec<EntryNote>> {
        if &*event.name != WITHDRAW {
            return Ok(Vec::new());
        }
        let (id, version) = (event.id, event.version);
        let borrowed = self.borrow_record(rows, id).await?;
        let version = self.records.cited(Cite { id, version });
        let kind = self.registry.get(&event.kind);
        let leaves = kind
            .zip(version)
            .and_then(|(kind, version)| marked::of_withdrawn(event, kind, version));
        if let Some(id) = borrowed {
            self.records.forget(id);
        }
        Ok(leaves.into_iter().collect())
    }
}
