//! What the organisation's own record calls its short names, its units and posts; and what each
//! version of a record is called.

use assess::Names;
use record::{Act, Cite, Event, Records};
use serde_json::{Map, Value};
use store::{GOVERNANCE_LOG, Rows};
use uuid::Uuid;

use crate::dates::Zone;
use crate::derive::title;
use crate::error::Result;
use crate::keeping::MANY;
use crate::reading::{Cached, Ledger, read, words_of};

/// Returns each short name in the lists of a body with the words that stand for it: `facts` is
/// the body's shape, `words` its groups that are here.
pub fn named(facts: &Value, words: &[Map<String, Value>]) -> Vec<(String, String)> {
    let lists = facts.as_object().into_iter().flatten();
    let elements = lists.flat_map(|(field, list)| {
        let list = list.as_array().into_iter().flatten();
        list.enumerate()
            .map(move |(index, element)| (format!("/{field}/{index}/name"), element))
    });
    let called = elements.filter_map(|(pointer, element)| {
        let id = element.get("id")?.as_str()?;
        let name = words.iter().find_map(|group| group.get(&pointer))?;
        Some((id.to_owned(), name.as_str()?.to_owned()))
    });
    called.collect()
}

/// Returns the same from the organisation's newest version in a log of a size.
///
/// # Errors
/// A fault of the database.
pub async fn of_organisation(
    rows: Rows<'_>,
    (organisation, size): (Uuid, u64),
    zone: &Zone,
) -> Result<Vec<(String, String)>> {
    let mut newest: Option<Event> = None;
    for found in rows
        .of_record(GOVERNANCE_LOG, organisation, "facts")
        .await?
    {
        let event = read(found, zone)?;
        if event.seq >= size {
            break;
        }
        newest = Some(event).filter(|event| event.act == Act::Put).or(newest);
    }
    match newest {
        Some(event) => Ok(named(&event.facts.body, &words_of(rows, &event).await?)),
        None => Ok(Vec::new()),
    }
}

impl Ledger {
    /// Gives each version of the records that have several the title that it has itself.
    pub(crate) async fn name_versions(
        &self,
        rows: Rows<'_>,
        names: &mut Names,
        (events, records): (&[Event], &Records),
    ) -> Result<()> {
        for event in events.iter().filter(|event| event.act == Act::Put) {
            let record = records.get(event.id);
            if record.is_some_and(|record| record.versions.len() > 1) {
                self.name_version(rows, names, event).await?;
            }
        }
        Ok(())
    }

    /// Gives a further version its title, before its record goes by that.
    pub(crate) async fn name_further(
        &self,
        rows: Rows<'_>,
        names: &mut Names,
        event: &Event,
    ) -> Result<()> {
        if &*event.kind == MANY || event.act != Act::Put || event.version == 1 {
            return Ok(());
        }
        let first = Cite {
            id: event.id,
            version: 1,
        };
        // While there was one version, the record's title was its own.
        let title = names.of_version(first).filter(|_| event.version == 2);
        if let Some(title) = title.cloned() {
            names.insert_version(first, title);
        }
        self.name_version(rows, names, event).await
    }

    /// Gives a version the title that it has by its own words, where they are here.
    async fn name_version(&self, rows: Rows<'_>, names: &mut Names, put: &Event) -> Result<()> {
        let words = words_of(rows, put).await?;
        let Some(kind) = self.registry.get(&put.kind).filter(|_| !words.is_empty()) else {
            return Ok(());
        };
        let (id, version) = (put.id, put.version);
        let title = title(kind, &put.facts.body, &words);
        names.insert_version(Cite { id, version }, title);
        Ok(())
    }

    /// Returns what everything was called by a size of the log, where that is not all of it.
    pub(crate) async fn names_then(
        &self,
        rows: Rows<'_>,
        cached: &Cached,
        (size, known): (u64, &Records),
    ) -> Result<Option<Names>> {
        if size == cached.size {
            return Ok(None);
        }
        let mut then = cached.names.known_by(known);
        then.call(self.units(rows, size).await?);
        Ok(Some(then))
    }

    /// Returns what the organisation's units and posts were called by a size of the log.
    pub(crate) async fn units(&self, rows: Rows<'_>, size: u64) -> Result<Vec<(String, String)>> {
        of_organisation(rows, (self.begin.organisation, size), &self.zone).await
    }
}
