//! Gathering what a pack is made of, entry by entry: what leaves, and what marks withhold.

use std::collections::{BTreeMap, BTreeSet};
use std::mem::take;

use ledger::{Entry, Hash, hash};
use pack::{WithheldFile, WithheldGroup};
use record::approve::WITHDRAW;
use record::{Act, Event, Refusal};
use serde_json::Value;
use store::{GOVERNANCE_LOG, Rows};
use uuid::Uuid;

use crate::citing::{Citing, LeavingInFile};
use crate::error::{AppError, Result};
use crate::groups::make_sure;
use crate::keeping::MANY;
use crate::marked::{ByGroup, LeavingElsewhere, LeavingMarked};
use crate::profile::{Here, MarkedGroup, Marks, file_listed, withholds};
use crate::reading::{Asked, Ledger, head};
use crate::stored;
use crate::texts::cited_files;
use crate::withdrawn::{Withdrawal, Withdrawn};

/// A group of an entry and where it is.
#[derive(Debug, Clone)]
pub(super) struct GroupAt {
    pub commitment: Hash,
    pub seq: u64,
    pub name: String,
}

/// Everything gathered before a pack is written.
pub(super) struct Gathered {
    pub size: u64,
    pub known_size: u64,
    pub leaves: Vec<Hash>,
    pub places: Vec<GroupAt>,
    pub withheld: Vec<WithheldGroup>,
    pub leaving_elsewhere: Vec<LeavingElsewhere>,
    pub leaving_in_files: Vec<LeavingInFile>,
    pub leaving_marked: LeavingMarked,
    pub leaving_marked_later: LeavingMarked,
    pub files: BTreeSet<Hash>,
    pub withheld_files: Vec<WithheldFile>,
    pub withdrawn: Vec<Withdrawn>,
    /// The entries that put each record known by U, by version: the last of a system, all of any
    /// other.
    pub puts: BTreeMap<Uuid, Vec<(u32, u64)>>,
}

impl Ledger {
    /// Gathers a pack about T, known by U.
    ///
    /// # Errors
    /// Refuses a moment before the ledger began, and what is not as it was recorded.
    pub(super) async fn gather(&self, rows: Rows<'_>, asked: &Asked) -> Result<Gathered> {
        let head = head(rows).await?;
        let (_, cached) = self.at_hand(rows).await?;
        let exact = self.exact(rows, &cached, asked).await?;
        let known_size = exact.size;
        if known_size == 0 {
            return Err(Refusal::new(
                "nothing_known",
                "Nothing was on record by then: the ledger began later.",
            )
            .hint("Ask about a later day, or add `--known-by now`.")
            .into());
        }
        let mut gathering = Gathering {
            known_size,
            ..Gathering::default()
        };
        let mut entries = rows.entries(GOVERNANCE_LOG, 0..head.size);
        while let Some(chunk) = entries.next().await? {
            for one in chunk {
                let groups = rows.groups(GOVERNANCE_LOG, one.seq).await?;
                gathering.add(self, one.seq, &one.bytes, &groups)?;
            }
        }
        let (mut gathered, by_group) = gathering.finish(head.size, &asked.spoken(&exact).1)?;
        gathered.leaving_elsewhere = by_group.leaving(rows).await?;
        Ok(gathered)
    }
}

/// What is gathered entry by entry.
#[derive(Default)]
struct Gathering {
    known_size: u64,
    leaves: Vec<Hash>,
    places: Vec<GroupAt>,
    /// Groups whose bytes are here, of entries known by U: each leaves unless its mark withholds it.
    all: Vec<Meant>,
    files: BTreeSet<Hash>,
    citing: Citing,
    marks: Marks,
    /// The marks set after U.
    later: Marks,
    /// Groups that say on what basis something is marked, and why and by whom withdrawn.
    opened: BTreeMap<Hash, Value>,
    withdrawn: Vec<Withdrawal>,
    /// The entries that put each record, by version: the last of a system, all of any other.
    puts: BTreeMap<Uuid, Vec<(u32, u64)>>,
}

/// A group that leaves or not, once every mark is known.
struct Meant {
    place: GroupAt,
    of: (Uuid, u32),
    is_put: bool,
}

/// The groups known by U that bear a mark, by what it does.
#[derive(Default)]
struct ByMark {
    withheld: Vec<MarkedGroup>,
    shown: Vec<MarkedGroup>,
    /// Those that leave, with the mark that was set on them after U.
    since: Vec<MarkedGroup>,
    by_group: ByGroup,
}

impl Gathering {
    fn add(
        &mut self,
        ledger: &Ledger,
        seq: u64,
        bytes: &[u8],
        groups: &[store::Group],
    ) -> Result<()> {
        self.leaves.push(hash::leaf_hash(bytes));
        let facts = groups
            .iter()
            .find(|group| group.name == "facts")
            .and_then(|group| group.bytes.as_deref());
        let facts = facts
            .ok_or_else(|| AppError::Damaged(format!("entry {seq}: its facts are missing")))?;
        let entry = Entry::parse(bytes)
            .map_err(|error| AppError::Damaged(format!("entry {seq}: {error}")))?;
        // Whoever is handed a pack is to find it sound, so nothing goes into one that is not.
        make_sure(seq, &entry, groups)?;
        let event = stored::event_of(seq, &entry, facts, &ledger.zone)?;
        let withdrawal = Withdrawal::of(&entry, &event);
        let must = withdrawal.is_some() || event.act == Act::Erasure;
        self.withdrawn.extend(withdrawal);
        let is_known = seq < self.known_size;
        let here = |group: &&store::Group| group.bytes.is_some();
        for group in groups.iter().filter(here) {
            let place = GroupAt {
                commitment: Hash(group.commitment),
                seq,
                name: group.name.clone(),
            };
            if is_known {
                self.all.push(Meant {
                    place,
                    of: (event.id, event.version),
                    is_put: event.act == Act::Put,
                });
            } else if must && group.name == "facts" {
                self.places.push(place);
            }
        }
        if is_known {
            self.add_known(&entry, &event, groups)
        } else {
            self.later.note(&entry, &event);
            self.open(&event, groups)
        }
    }

    fn add_known(&mut self, entry: &Entry, event: &Event, groups: &[store::Group]) -> Result<()> {
        self.marks.note(entry, event);
        for file in cited_files(event) {
            self.citing.note(file, event.seq);
            self.files.insert(file);
        }
        if event.act == Act::Put {
            let puts = self.puts.entry(event.id).or_default();
            if &*event.kind == MANY {
                puts.clear();
            }
            puts.push((event.version, event.seq));
        }
        self.open(event, groups)
    }

    /// Opens what says on what basis an entry marks, and why and by whom it withdraws.
    fn open(&mut self, event: &Event, groups: &[store::Group]) -> Result<()> {
        let is_withdrawn = &*event.name == WITHDRAW;
        for group in groups {
            let is_asked = match group.name.as_str() {
                "act" => is_withdrawn || !event.facts.marks.is_empty(),
                record::shape::WORDS => is_withdrawn,
                _ => false,
            };
            if let Some(bytes) = group.bytes.as_deref().filter(|_| is_asked) {
                let words = stored::words(bytes)?;
                self.opened.insert(Hash(group.commitment), words);
            }
        }
        Ok(())
    }

    /// Returns the groups known by U that bear one of these marks, by entry and name.
    fn marked(&self, marks: &mut Marks) -> Result<BTreeMap<(u64, String), MarkedGroup>> {
        let mut of_versions: BTreeMap<(Uuid, u32), Vec<&GroupAt>> = BTreeMap::new();
        let versions = marks.versions();
        for one in self.all.iter().filter(|one| versions.contains(&one.of)) {
            of_versions.entry(one.of).or_default().push(&one.place);
        }
        let marked = marks.on_groups(|(id, version, name)| {
            let places = of_versions.get(&(*id, *version)).into_iter().flatten();
            let so = places.filter(|place| place.name == *name);
            Ok(so.map(|place| (place.seq, place.commitment)).collect())
        })?;
        let by_place = |one: MarkedGroup| ((one.seq, one.group.clone()), one);
        Ok(marked.into_iter().map(by_place).collect())
    }

    /// Parts what leaves from what is withheld by these marks, or would be by later ones.
    fn part(&mut self, marks: &mut Marks, later: &mut Marks) -> Result<ByMark> {
        let mut marked = self.marked(marks)?;
        let mut marked_later = self.marked(later)?;
        marked_later.retain(|_, one| withholds(one.set.mark));
        let mut by_mark = ByMark::default();
        for one in take(&mut self.all) {
            let place = (one.place.seq, one.place.name.clone());
            let mark = marked.remove(&place);
            let is_withheld = mark.as_ref().is_some_and(|one| withholds(one.set.mark));
            if one.is_put {
                let entry = (one.place.seq, is_withheld);
                by_mark.by_group.add(one.of, &one.place.name, entry);
            }
            if is_withheld {
                self.opened.remove(&one.place.commitment);
                by_mark.withheld.extend(mark);
            } else {
                by_mark.shown.extend(mark);
                by_mark.since.extend(marked_later.remove(&place));
                self.places.push(one.place);
            }
        }
        Ok(by_mark)
    }

    fn finish(mut self, size: u64, known_by: &str) -> Result<(Gathered, ByGroup)> {
        let (mut marks, mut later) = (take(&mut self.marks), take(&mut self.later));
        let by_mark = self.part(&mut marks, &mut later)?;
        self.places.sort_by_key(|place| place.commitment);
        let opened = take(&mut self.opened);
        let mut here = |group: &Hash| Ok(opened.get(group).cloned());
        let mut listed = |mut groups: Vec<MarkedGroup>| {
            groups.sort_by(|a, b| (a.seq, &a.group).cmp(&(b.seq, &b.group)));
            let listed = groups.into_iter().map(|one| one.listed(&mut here));
            listed.collect::<Result<Vec<WithheldGroup>>>()
        };
        let (withheld, shown) = (listed(by_mark.withheld)?, listed(by_mark.shown)?);
        let shown_since = listed(by_mark.since)?;
        let (withheld_files, shown_files) = self.marked_files(marks, &mut here)?;
        later
            .files
            .retain(|file, set| withholds(set.mark) && self.files.contains(file));
        let since = later.files.into_iter();
        let files_since: Result<_> = since.map(|one| file_listed(one, &mut here)).collect();
        let of_groups = withheld.iter().map(|one| (one.seq, one.group.as_str()));
        let leaving_in_files = self
            .citing
            .leaving(of_groups, |file| self.files.contains(file));
        let withdrawn = self.withdrawn.into_iter().map(|one| {
            let is_later = one.seq >= self.known_size;
            one.told(is_later.then_some(known_by), &mut here)
        });
        let gathered = Gathered {
            size,
            known_size: self.known_size,
            withdrawn: withdrawn.collect::<Result<_>>()?,
            leaves: self.leaves,
            places: self.places,
            withheld,
            leaving_elsewhere: Vec::new(),
            leaving_in_files,
            leaving_marked: LeavingMarked {
                groups: shown,
                files: shown_files,
            },
            leaving_marked_later: LeavingMarked {
                groups: shown_since,
                files: files_since?,
            },
            files: self.files,
            withheld_files,
            puts: self.puts,
        };
        Ok((gathered, by_mark.by_group))
    }

    /// Takes the files that are withheld out of those that leave; returns them, and those that
    /// leave though they are marked.
    fn marked_files(
        &mut self,
        marks: Marks,
        here: &mut Here<'_>,
    ) -> Result<(Vec<WithheldFile>, Vec<WithheldFile>)> {
        let (mut withheld, mut shown) = (Vec::new(), Vec::new());
        for (file, set) in marks.files {
            if !self.files.contains(&file) {
                continue;
            }
            let one = file_listed((file, set), here)?;
            if withholds(set.mark) {
                self.files.remove(&file);
                withheld.push(one);
            } else {
                shown.push(one);
            }
        }
        Ok((withheld, shown))
    }
}
