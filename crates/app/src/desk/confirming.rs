//! What is noted of a confirmation that leaves something unconfirmed.

use assess::Unconfirmed;
use record::{Act, Cite, Event, listed};
use store::Rows;
use uuid::Uuid;

use super::{Desk, NAMED};
use crate::error::Result;
use crate::keeping::MANY;
use crate::notes::EntryNote;

impl Desk {
    /// Says of what was confirmed that it counts for nothing.
    pub(super) async fn of_unconfirmed(
        &mut self,
        rows: Rows<'_>,
        event: &Event,
    ) -> Result<Option<EntryNote>> {
        let lent = self.lend_revised(rows, event).await?;
        let found = assess::unconfirmed(&self.records, event);
        self.take_back(lent);
        let newer = match found {
            None => return Ok(None),
            Some(Unconfirmed::Superseded(in_force)) => {
                let title = self.title(rows, event.id).await?;
                let note = confirms_nothing(&title, event.version, in_force);
                return Ok(Some(note));
            }
            Some(Unconfirmed::Over) => {
                let title = self.title(rows, event.id).await?;
                let (id, version) = (event.id, event.version);
                return Ok(Some(confirms_what_is_over(&title, Cite { id, version })));
            }
            Some(Unconfirmed::Newer(newer)) => newer,
        };
        let mut first = Vec::new();
        for cite in newer.iter().take(NAMED) {
            first.push((self.title(rows, cite.id).await?, *cite));
        }
        Ok(Some(confirms_older(&first, newer.len())))
    }

    /// Puts at hand, for the moment, the systems that a move cites in another version than their
    /// newest. Of the others nothing newer says otherwise.
    async fn lend_revised(&mut self, rows: Rows<'_>, event: &Event) -> Result<Vec<Uuid>> {
        let mut lent = Vec::new();
        let cited = event.refs.iter().filter(|_| event.act == Act::Move);
        for cite in cited {
            let row = self.row(rows, cite.id).await?;
            let is_revised = row.is_some_and(|row| row.kind == MANY && row.versions > cite.version);
            if is_revised && self.records.get(cite.id).is_none() {
                self.lend(rows, cite.id).await?;
                lent.push(cite.id);
            }
        }
        Ok(lent)
    }
}

/// Returns that what was confirmed on a version counts for nothing while another is in force, by
/// their title.
fn confirms_nothing(title: &str, version: u32, in_force: Cite) -> EntryNote {
    let other = in_force.version;
    EntryNote {
        code: "confirms_nothing".to_owned(),
        hint: format!("Make the move again on version {other}."),
        message: format!(
            "Version {other} of “{title}” is in force and version {version} is not: what is confirmed on version {version} counts for nothing."
        ),
        of: Some(in_force),
        versions: Vec::new(),
    }
}

/// Returns that what was confirmed on a version that is over counts for nothing, by its title.
fn confirms_what_is_over(title: &str, over: Cite) -> EntryNote {
    EntryNote {
        code: "confirms_nothing".to_owned(),
        hint: "Have it approved again, or another version of it, and make the move on that."
            .to_owned(),
        message: format!(
            "Version {} of “{title}” is not in force any more, and no other is: what is confirmed on it counts for nothing.",
            over.version
        ),
        of: Some(over),
        versions: Vec::new(),
    }
}

/// Returns of which records newer versions say otherwise than those that were confirmed, by the
/// first few with their titles and how many there are.
fn confirms_older(first: &[(String, Cite)], all: usize) -> EntryNote {
    let mut named: Vec<String> = first
        .iter()
        .map(|(title, cite)| format!("“{title}” version {}", cite.version))
        .collect();
    let more = all.saturating_sub(first.len());
    named.extend((more > 0).then(|| format!("{more} more")));
    let (say, them, that) = match all {
        1 => ("A newer version says", "it", "that version"),
        _ => ("Newer versions say", "them", "those versions"),
    };
    EntryNote {
        code: "confirms_nothing".to_owned(),
        hint: format!("Look at what is said now, and make the move again with {that}."),
        message: format!(
            "{say} otherwise in what the criteria read: of {}. What is confirmed of {them} counts for nothing.",
            listed(&named)
        ),
        of: first.first().map(|(_, cite)| *cite).filter(|_| all == 1),
        versions: Vec::new(),
    }
}
