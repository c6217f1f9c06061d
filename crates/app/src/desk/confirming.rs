//! What is noted of what leaves something unconfirmed: a confirmation that counts for nothing, or a
//! meeting that confirms no more.

use assess::Unconfirmed;
use record::{Act, Cite, Event, listed};
use serde_json::Value;
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

    /// Says of a confirmation of minutes that it counts for nothing, and of a meeting that is recorded
    /// otherwise or withdrawn which minutes it confirms no more.
    pub(super) async fn of_minutes(
        &mut self,
        rows: Rows<'_>,
        event: &Event,
    ) -> Result<Option<EntryNote>> {
        if let Some(by) = assess::confirms_no_minutes(&self.records, event) {
            let title = self.title(rows, by.id).await?;
            let item = event.fact("/item").and_then(Value::as_str);
            return Ok(Some(confirms_no_minutes(&title, by, item)));
        }
        let (minutes, stands) = assess::confirms_no_more(&self.records, event);
        if minutes.is_empty() {
            return Ok(None);
        }
        let mut first = Vec::new();
        for cite in minutes.iter().take(NAMED) {
            first.push((self.title(rows, cite.id).await?, *cite));
        }
        let title = self.title(rows, event.id).await?;
        Ok(Some(confirms_no_more(
            (&title, stands),
            &first,
            minutes.len(),
        )))
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
    let named = first_named(first, all);
    let (say, them, that) = match all {
        1 => ("A newer version says", "it", "that version"),
        _ => ("Newer versions say", "them", "those versions"),
    };
    EntryNote {
        code: "confirms_nothing".to_owned(),
        hint: format!("Look at what is said now, and make the move again with {that}."),
        message: format!(
            "{say} otherwise in what the criteria read: of {}. What is confirmed of {them} counts for nothing.",
            named
        ),
        of: first.first().map(|(_, cite)| *cite).filter(|_| all == 1),
        versions: Vec::new(),
    }
}

/// Returns that a meeting confirms no minutes, by its title.
fn confirms_no_minutes(title: &str, by: Cite, item: Option<&str>) -> EntryNote {
    let (at, name) = match item {
        Some(item) => (format!(" at item {item}"), ""),
        None => (
            String::new(),
            " If it had one at the item alone, make the move again with `item`.",
        ),
    };
    EntryNote {
        code: "confirms_nothing".to_owned(),
        hint: format!(
            "If who was there was written down wrong, record that meeting again with it corrected.{name} Otherwise let a later meeting confirm the minutes. What a quorum is, the body's terms of reference of that day say."
        ),
        message: format!(
            "“{title}”, as it is recorded now, was not held with a quorum{at}: what it confirms counts for nothing."
        ),
        of: Some(by),
        versions: Vec::new(),
    }
}

/// Returns which minutes a meeting confirms no more, by its title and the first few of theirs, and
/// how many there are.
fn confirms_no_more(
    (title, stands): (&str, bool),
    first: &[(String, Cite)],
    all: usize,
) -> EntryNote {
    let why = match stands {
        true => format!("“{title}”, as it is recorded now, was not held with a quorum"),
        false => format!("No version of “{title}” stands any more"),
    };
    EntryNote {
        code: "confirms_no_more".to_owned(),
        hint: "If it was held with a quorum, record it so, and they are confirmed again; otherwise let a later meeting confirm them.".to_owned(),
        message: format!(
            "{why}: it no longer confirms the minutes of {}.",
            first_named(first, all)
        ),
        of: first.first().map(|(_, cite)| *cite).filter(|_| all == 1),
        versions: Vec::new(),
    }
}

/// Returns the first few of some versions, with their titles, and how many there are more.
fn first_named(first: &[(String, Cite)], all: usize) -> String {
    let named = first.iter();
    let named = named.map(|(title, cite)| format!("“{title}” version {}", cite.version));
    let mut named: Vec<String> = named.collect();
    let more = all.saturating_sub(first.len());
    named.extend((more > 0).then(|| format!("{more} more")));
    listed(&named)
}
