//! What is noted of a resolution that was withdrawn: what it had done, which counts no longer, or by
//! what else that is still so.

use record::approve::Approver;
use record::{Approval, Cite, Day, Event};
use store::Rows;
use uuid::Uuid;

use super::Desk;
use crate::error::Result;
use crate::notes::{Another, EntryNote, still_by_another, undone};

impl Desk {
    /// Says what a withdrawn resolution had done, which counts no longer.
    pub(super) async fn of_withdrawal(
        &mut self,
        rows: Rows<'_>,
        event: &Event,
    ) -> Result<Vec<EntryNote>> {
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
        let (cite, today) = (resolution.cite(), event.recorded_on);
        let acts = acts.filter(stood);
        let acts = acts.map(|act| (act.clone(), self.another(act, cite, today)));
        let acts: Vec<(Approval, Option<(Uuid, Another)>)> = acts.collect();
        let title = self.title(rows, id).await?;
        let mut noted = Vec::new();
        for (act, another) in acts {
            let of = self.title(rows, act.of.id).await?;
            noted.push(match another {
                None => undone(&title, &act, &of),
                Some((by, another)) => {
                    let title_of_other = self.title(rows, by).await?;
                    still_by_another(&title, &act, &of, (&title_of_other, &another))
                }
            });
        }
        Ok(noted)
    }

    /// Returns what does the same to a version as an act of a resolution, and still does without
    /// that, with the resolution or the person by whom.
    fn another(&self, act: &Approval, resolution: Cite, today: Day) -> Option<(Uuid, Another)> {
        let left = self.records.cited(act.of)?.without_resolution(resolution);
        let still = left.still(act, today)?;
        let (by, is_person) = match still.act.by {
            Approver::Body { resolution, .. } => (resolution.id, false),
            Approver::Person(person) => (person, true),
            Approver::Operator => return None,
        };
        let another = Another {
            is_person,
            from: still.from,
            last: still.last,
            next_review: record::records::event_day(still.act, still.event, "/next_review")
                .filter(|_| act.name == "keep"),
        };
        Some((by, another))
    }
}
