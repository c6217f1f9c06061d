//! What the organisation's own record calls its short names, its units and posts; and what each
//! version of a record is called.

use std::collections::BTreeSet;
use std::sync::Arc;

use assess::Names;
use record::decide::mentioned;
use record::{Act, Cite, Event, Record, Records};
use serde_json::{Map, Value};
use store::{GOVERNANCE_LOG, Rows};
use uuid::Uuid;

use crate::dates::Zone;
use crate::derive::{Title, may_be_cut, titled};
use crate::error::{AppError, Result};
use crate::groups;
use crate::keeping::MANY;
use crate::reading::{Cached, Ledger, StatusView, read, words_of};

/// Records that a body cites at most for what it names to be looked at one by one.
const FEW: usize = 100;

/// What stands for a title whose words are not as they were recorded.
const ALTERED: &str = "(not as it was recorded)";

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

/// Gives names what each version of the organisation in a log of a size calls its units and posts,
/// and what the newest does.
///
/// # Errors
/// A fault of the database, or a newest version that is not as it was recorded.
async fn name_units(
    names: &mut Names,
    rows: Rows<'_>,
    (organisation, size): (Uuid, u64),
    zone: &Zone,
) -> Result<()> {
    let mut puts: Vec<Event> = Vec::new();
    for found in rows
        .of_record(GOVERNANCE_LOG, organisation, "facts")
        .await?
    {
        let event = read(&found, zone)?;
        if event.seq >= size {
            break;
        }
        puts.extend(Some(event).filter(|event| event.act == Act::Put));
    }
    let newest = puts.last().map(|event| event.seq);
    for event in puts {
        let is_newest = Some(event.seq) == newest;
        let words = match words_of(rows, &event).await {
            // What cannot be vouched for calls nothing anything.
            Err(AppError::Altered(_)) if !is_newest => continue,
            words => words?,
        };
        let (id, version) = (event.id, event.version);
        let named = named(&event.facts.body, &words);
        names.call_in(Cite { id, version }, named.clone());
        names.call(named.into_iter().filter(|_| is_newest));
    }
    Ok(())
}

/// Gives a version the title that it has itself.
pub(crate) fn name_version(names: &mut Names, version: Cite, title: Title) {
    if let Some(whole) = title.whole {
        names.insert_whole(version, whole);
    }
    if let Some(text) = title.told_with {
        names.insert_told_with(version, text);
    }
    names.insert_version(version, title.listed);
}

impl Ledger {
    /// Gives each version of the records that have several the title that it has itself, and any
    /// version the title that the one in the list is cut from and what is told with it.
    pub(crate) async fn name_versions(
        &self,
        rows: Rows<'_>,
        names: &mut Names,
        (events, records): (&[Event], &Records),
    ) -> Result<()> {
        for event in events.iter().filter(|event| event.act == Act::Put) {
            let Some(record) = records.get(event.id) else {
                continue;
            };
            let is_cut = names.get(&event.id).is_some_and(|title| may_be_cut(title));
            let kind = self.registry.get(&event.kind);
            let told_with = kind.is_some_and(|kind| kind.told_with.is_some());
            if record.versions.len() == 1 && !is_cut && !told_with {
                continue;
            }
            if let Some(title) = self.own_title(rows, event).await? {
                let (id, version) = (event.id, event.version);
                name_version(names, Cite { id, version }, title);
            }
        }
        Ok(())
    }

    /// Gives a version that was recorded since its title, and its record.
    pub(crate) async fn name_further(
        &self,
        rows: Rows<'_>,
        names: &mut Names,
        event: &Event,
    ) -> Result<()> {
        if &*event.kind == MANY || event.act != Act::Put {
            return Ok(());
        }
        let Some(title) = self.own_title(rows, event).await? else {
            return Ok(());
        };
        let listed = title.listed.clone();
        if event.version > 1 || title.whole.is_some() || title.told_with.is_some() {
            Self::name_several(names, event, title);
        }
        names.insert(event.id, listed);
        Ok(())
    }

    /// Gives a version its title, before its record goes by that.
    fn name_several(names: &mut Names, event: &Event, title: Title) {
        let first = Cite {
            id: event.id,
            version: 1,
        };
        // While there was one version, the record's title was its own.
        let before = names.of_version(first).filter(|_| event.version == 2);
        if let Some(before) = before.cloned() {
            names.insert_version(first, before);
        }
        let (id, version) = (event.id, event.version);
        name_version(names, Cite { id, version }, title);
    }

    /// Holds what a status calls the records that it rests on, and those that they name, against
    /// their own words: what is kept beside those is derived. Returns whether any was called
    /// otherwise; from now on it goes by its words.
    pub(crate) async fn put_right(&self, rows: Rows<'_>, view: &StatusView) -> Result<bool> {
        let (_, mut cached) = self.at_hand(rows).await?;
        let mut ids: BTreeSet<Uuid> = BTreeSet::from([self.begin.organisation]);
        ids.extend(cached.records.vouched().map(|record| record.id));
        let evidence = view.says.five.iter().flat_map(|answer| &answer.evidence);
        for id in evidence.map(|one| one.id) {
            ids.insert(id);
            let record = cached.records.get(id).map(Record::newest);
            // Who names very many names no bodies or people that way.
            let few = record.filter(|newest| newest.put.refs.len() <= FEW);
            ids.extend(few.iter().flat_map(|newest| mentioned(newest.body())));
        }
        ids.retain(|id| !cached.held.contains(id));
        let mut is_other = false;
        for id in ids {
            let Some(newest) = cached.records.get(id).map(Record::newest) else {
                continue;
            };
            let title = self.own_title(rows, &newest.put).await?;
            let title = title.map(|title| title.listed);
            if title
                .as_ref()
                .is_some_and(|own| cached.names.get(&id) != Some(own))
            {
                is_other = true;
                Arc::make_mut(&mut cached.names).extend(title.map(|own| (id, own)));
            }
            Arc::make_mut(&mut cached.held).insert(id);
        }
        self.keep_at_hand(cached).await;
        Ok(is_other)
    }

    /// Returns the title that a version has by its own words, where they are here.
    async fn own_title(&self, rows: Rows<'_>, put: &Event) -> Result<Option<Title>> {
        let words = match words_of(rows, put).await {
            // Reading goes on; what cannot be vouched for is called nothing.
            Err(AppError::Altered(_)) => return Ok(Some(ALTERED.to_owned().into())),
            words => words?,
        };
        let mut is_here = !words.is_empty();
        if !is_here {
            // There may never have been any, or they are gone.
            let groups = groups::sound(rows, put.seq).await?;
            is_here = groups.iter().all(|group| group.bytes.is_some());
        }
        let kind = self.registry.get(&put.kind).filter(|_| is_here);
        Ok(kind.map(|kind| titled(kind, &put.facts.body, &words)))
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
        self.name_units(rows, &mut then, size).await?;
        Ok(Some(then))
    }

    /// Gives names what the organisation's units and posts were called by a size of the log.
    pub(crate) async fn name_units(
        &self,
        rows: Rows<'_>,
        names: &mut Names,
        size: u64,
    ) -> Result<()> {
        name_units(names, rows, (self.begin.organisation, size), &self.zone).await
    }
}
