//! Walking the entries: each with its groups, in sequence, everything derived made anew.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use ledger::{Entry, Frontier, Hash, hash};
use record::{Event, Records};
use serde_json::{Map, Value};
use store::{Batch, GOVERNANCE_LOG, RecordRow, Rows, Writer};
use uuid::Uuid;

use super::Failures;
use crate::dates::Zone;
use crate::derive::derive;
use crate::error::Result;
use crate::groups::{Flaw, flaws};
use crate::keeping::{KEPT, Keeper, Library, MANY, keep_range};
use crate::model::Model;
use crate::rebuild::taken_before;
use crate::stored;
use crate::texts::cited_files;

/// What the entries came to.
pub struct Walked {
    /// Of all entries.
    pub frontier: Frontier,
    /// The root at each size that was asked about.
    pub roots: BTreeMap<u64, Hash>,
    /// The files that entries cite, hex, each with the first that does.
    pub files: BTreeMap<String, u64>,
}

struct Walk<'a> {
    rows: Rows<'a>,
    model: &'a Model,
    keeper: Keeper,
    records: Records,
    /// As entry 0 names it; until that is read, any.
    zone: Zone,
    failures: &'a mut Failures,
    walked: Walked,
    seen: HashMap<Uuid, RecordRow>,
    /// When the entry before was recorded.
    last_ms: u64,
    groups: u64,
    /// The number that the next entry has to have.
    next: u64,
}

/// Walks every entry; `sizes` are those whose root is wanted.
pub async fn walk(
    rows: Rows<'_>,
    rebuilt: &mut Writer,
    model: &Model,
    sizes: &BTreeSet<u64>,
    failures: &mut Failures,
) -> Result<Walked> {
    let mut walk = Walk {
        rows,
        model,
        keeper: Keeper::new(model),
        records: Records::default(),
        zone: Zone::named("UTC")?,
        failures,
        walked: Walked {
            frontier: Frontier::new(),
            roots: BTreeMap::new(),
            files: BTreeMap::new(),
        },
        seen: HashMap::new(),
        last_ms: 0,
        groups: 0,
        next: 0,
    };
    let mut batch = rebuilt.begin().await?;
    let mut entries = rows.entries(GOVERNANCE_LOG, 0..u64::MAX >> 1);
    while let Some(chunk) = entries.next().await? {
        // Whoever asked may have gone, and the ledger may be long.
        tokio::task::yield_now().await;
        for one in chunk {
            walk.entry(&one, &mut batch).await?;
            let frontier = &walk.walked.frontier;
            if sizes.contains(&frontier.size()) {
                walk.walked.roots.insert(frontier.size(), frontier.root());
            }
        }
    }
    walk.keep(&mut batch).await?;
    let size = walk.walked.frontier.size();
    batch.set_fact(KEPT, &walk.keeper.kept(size)).await?;
    batch.commit().await?;
    walk.count().await?;
    Ok(walk.walked)
}

impl Walk<'_> {
    async fn entry(&mut self, one: &store::Entry, batch: &mut Batch<'_>) -> Result<()> {
        if one.seq != self.next {
            let next = format!("the next one is {}", one.seq);
            self.failures.add(self.next, "an entry is missing", next);
        }
        self.next = one.seq + 1;
        self.walked.frontier.append(hash::leaf_hash(&one.bytes));
        keep_range(batch, &self.walked.frontier).await?;
        let entry = match Entry::parse(&one.bytes) {
            Ok(entry) => entry,
            Err(error) => {
                let what = "an entry is not as it was recorded";
                self.failures.add(one.seq, what, error.to_string());
                return Ok(());
            }
        };
        if entry.time_unix_ms < self.last_ms {
            let what = "an entry is earlier than the one before it";
            self.failures.add(one.seq, what, "");
        }
        self.last_ms = entry.time_unix_ms;
        self.groups += entry.groups.len() as u64;
        let stored = self.rows.groups(GOVERNANCE_LOG, one.seq).await?;
        let Some((facts, words)) = check_groups(one.seq, &entry, &stored, self.failures) else {
            return Ok(());
        };
        match stored::event_of(one.seq, &entry, &facts, &self.zone) {
            Ok(event) => {
                self.derive(event, (&one.bytes, &facts), &words, batch)
                    .await
            }
            Err(error) => {
                let what = "the facts of an entry cannot be read";
                self.failures.add(one.seq, what, error.to_string());
                Ok(())
            }
        }
    }

    async fn derive(
        &mut self,
        mut event: Event,
        bytes: (&[u8], &[u8]),
        words: &[Map<String, Value>],
        batch: &mut Batch<'_>,
    ) -> Result<()> {
        if let Some(begin) = &event.facts.begin {
            self.zone = Zone::named(&begin.time_zone)?;
            event.recorded_on = self.zone.day(event.recorded_at);
        }
        if self.keeper.waits(event.recorded_on) {
            self.keep(batch).await?;
        }
        self.cited_files(&event);
        let mut derived = derive(
            &event,
            bytes,
            words,
            self.seen.get(&event.id),
            &self.model.registry,
        );
        if let Some(row) = &derived.record {
            self.seen.insert(row.id, row.clone());
        }
        if let Some(first) = taken_before(batch.rows(), &mut derived).await? {
            let what = "an entry came with the key of an earlier one";
            let earlier = format!("that of entry {first}");
            self.failures.add(event.seq, what, earlier);
        }
        batch.put_derived(event.seq, &derived).await?;
        self.keeper.note(&event, &self.records);
        if &*event.kind != MANY {
            self.records.add(event);
        }
        Ok(())
    }

    async fn keep(&mut self, batch: &mut Batch<'_>) -> Result<()> {
        let library = Library {
            records: &mut self.records,
            zone: &self.zone,
            entries: Some(self.rows),
        };
        self.keeper.keep(batch, library).await
    }

    /// A file is cited only once it is here; so every one cited has to be here still.
    fn cited_files(&mut self, event: &Event) {
        for file in cited_files(event) {
            let file = file.to_string();
            self.walked.files.entry(file).or_insert(event.seq);
        }
    }

    async fn count(&mut self) -> Result<()> {
        let counted = self.rows.counts(GOVERNANCE_LOG).await?;
        if counted.groups != self.groups {
            let detail = format!("{} stored, {} committed to", counted.groups, self.groups);
            let what = "groups that no entry commits to";
            self.failures.add(None, what, detail);
        }
        let size = self.walked.frontier.size();
        if counted.entries != size {
            let detail = format!("{} stored, {size} in sequence", counted.entries);
            let what = "entries outside the sequence";
            self.failures.add(None, what, detail);
        }
        Ok(())
    }
}

/// The bytes of an entry's facts, and its words.
type Opened = (Vec<u8>, Vec<Map<String, Value>>);

/// Checks an entry's groups; returns the bytes of its facts, and its words.
fn check_groups(
    seq: u64,
    entry: &Entry,
    stored: &[store::Group],
    failures: &mut Failures,
) -> Option<Opened> {
    let flaws = flaws(entry, stored);
    for (flaw, group) in &flaws {
        failures.add(seq, flaw.what(), *group);
    }
    let sound = |name: &str| {
        let of_it = |(flaw, group): &(Flaw, &str)| *group == name && flaw.is_of_bytes();
        !flaws.iter().any(of_it)
    };
    let mut facts = None;
    let mut words = Vec::new();
    for group in entry.groups.iter().filter(|group| sound(&group.name)) {
        let found = stored.iter().find(|one| one.name == group.name);
        let Some(bytes) = found.and_then(|one| one.bytes.as_ref()) else {
            continue;
        };
        if group.name == "facts" {
            facts = Some(bytes.clone());
        } else if let Ok(Value::Object(group)) = stored::words(bytes) {
            words.push(group);
        }
    }
    facts.map(|facts| (facts, words))
}
