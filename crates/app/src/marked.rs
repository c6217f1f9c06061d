//! Marks and the other versions of a record: a mark covers one version, and others may hold the
//! same words.

use std::collections::BTreeMap;

use ledger::Hash;
use pack::readme::WITHHOLDS;
use pack::{Shown, WithheldFile, WithheldGroup};
use record::command::MarkAs;
use record::{Act, Event, KindSpec, Record, Records, Version};
use serde::Serialize;
use uuid::Uuid;

use crate::left_out::shown;
use crate::notes::EntryNote;
use crate::profile::withholds;

/// A group of one version that leaves, though one of that name is withheld of another version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeavingElsewhere {
    /// The record.
    pub id: Uuid,
    /// The group.
    pub group: String,
    /// The entry that holds it.
    pub seq: u64,
    /// The version that leaves with it.
    pub version: u32,
    /// The versions of which it is withheld.
    pub withheld: Vec<u32>,
}

/// What leaves though it is marked: the profile withholds other marks.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LeavingMarked {
    /// Groups, by entry and name, with their basis.
    pub groups: Vec<WithheldGroup>,
    /// Files.
    pub files: Vec<WithheldFile>,
}

impl LeavingMarked {
    /// Whether nothing does.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.files.is_empty()
    }

    /// Returns how much that is, by mark.
    pub fn counted(&self) -> Vec<Shown> {
        shown(|mark| {
            let groups = self.groups.iter().filter(|one| one.mark == mark.as_str());
            let files = self.files.iter().filter(|one| one.mark == mark.as_str());
            (groups.count() as u64, files.count() as u64)
        })
    }
}

/// The groups of what was put, by record and name: the versions that leave with them, each with
/// its entry, and those of which they are withheld.
#[derive(Debug, Default)]
pub(crate) struct ByGroup(BTreeMap<(Uuid, String), Parted>);

#[derive(Debug, Default)]
struct Parted {
    leaving: Vec<(u32, u64)>,
    withheld: Vec<u32>,
}

impl ByGroup {
    /// Adds a group of words of a version that an entry put.
    pub(crate) fn add(&mut self, (id, version): (Uuid, u32), name: &str, entry: (u64, bool)) {
        let (seq, is_withheld) = entry;
        if !holds_words(name) {
            return;
        }
        let parted = self.0.entry((id, name.to_owned())).or_default();
        match is_withheld {
            true => parted.withheld.push(version),
            false => parted.leaving.push((version, seq)),
        }
    }

    /// Returns what leaves of one version and is withheld of another, in the order of entries.
    pub(crate) fn leaving(self) -> Vec<LeavingElsewhere> {
        let mut found = Vec::new();
        for ((id, group), parted) in self.0 {
            if parted.withheld.is_empty() {
                continue;
            }
            found.extend(
                parted
                    .leaving
                    .iter()
                    .map(|(version, seq)| LeavingElsewhere {
                        id,
                        group: group.clone(),
                        seq: *seq,
                        version: *version,
                        withheld: parted.withheld.clone(),
                    }),
            );
        }
        found.sort_by(|one, next| (one.seq, &one.group).cmp(&(next.seq, &next.group)));
        found
    }
}

/// Facts are never marked, and who acted is each entry's own.
fn holds_words(group: &str) -> bool {
    !matches!(group, "act" | "facts")
}

/// Returns what is to be noted of an entry about the marks of the other versions of its record.
pub(crate) fn of_entry(event: &Event, kind: &KindSpec, records: &Records) -> Vec<EntryNote> {
    let Some(record) = records.get(event.id) else {
        return Vec::new();
    };
    let of = Of {
        event,
        kind,
        record,
    };
    match event.act {
        Act::Move if &*event.name == "mark" => of.mark(),
        Act::Put => of.put(),
        _ => Vec::new(),
    }
}

/// Returns what is to be noted of an entry that marks what leaves all the same; that the machinery
/// marks what is about a person is nobody's act.
pub(crate) fn of_shown(event: &Event, kind: &KindSpec) -> Vec<EntryNote> {
    let is_own = |name: &str, mark| {
        mark == MarkAs::Personal && event.act == Act::Put && kind.personal.contains(&name)
    };
    let marks = event.facts.marks.iter();
    let leaving = marks.filter(|(name, mark)| !withholds(**mark) && !is_own(name, **mark));
    let note = |(name, mark): (&String, &MarkAs)| {
        let what = match name.parse::<Hash>() {
            Ok(_) => "file",
            Err(_) => "group",
        };
        EntryNote {
            code: "leaves_marked".to_owned(),
            hint: "If the auditor is not to have it, make the move `mark` again, as privileged or exempt.".to_owned(),
            message: format!(
                "The {what} {name} leaves in packs though it is marked {}. {WITHHOLDS}",
                mark.as_str()
            ),
            of: None,
            versions: Vec::new(),
        }
    };
    leaving.map(note).collect()
}

/// An entry, and the record that it is of.
struct Of<'a> {
    event: &'a Event,
    kind: &'a KindSpec,
    record: &'a Record,
}

impl Of<'_> {
    fn others(&self) -> impl Iterator<Item = &Version> {
        let own = self.event.version;
        let standing = self.record.standing();
        standing.filter(move |version| version.number() != own)
    }

    /// Names the versions that hold a group of the same name without the mark just made.
    fn mark(&self) -> Vec<EntryNote> {
        let note = |(name, mark): (&String, &MarkAs)| {
            let without = self.others().filter(|version| {
                let holds = self.kind.body.shape.groups(version.body()).contains(name);
                holds && weight(version.mark(name)) < weight(Some(*mark))
            });
            let versions: Vec<u32> = without.map(Version::number).collect();
            let message = format!(
                "The mark on the group {name} covers version {} alone: a group of that name is without it in {}.",
                self.event.version,
                listed(&versions)
            );
            (!versions.is_empty()).then(|| EntryNote {
                code: "unmarked_elsewhere".to_owned(),
                hint: "Make the move `mark` on each version that holds the same words.".to_owned(),
                message,
                of: None,
                versions,
            })
        };
        let marks = self.event.facts.marks.iter();
        let words = marks.filter(|(name, _)| holds_words(name));
        words.filter_map(note).collect()
    }

    /// Names the earlier versions of which a group is marked that the version just put holds
    /// without that mark.
    fn put(&self) -> Vec<EntryNote> {
        let number = self.event.version;
        let groups = self.kind.body.shape.groups(&self.event.facts.body);
        let note = |name: &String| {
            // Of a repeated Command the version is there, with what was marked since.
            let here = self.record.version(number);
            let own = match here {
                Some(version) => version.mark(name),
                None => self.event.facts.marks.get(name).copied(),
            };
            let marked = self.others().filter(|version| {
                version.number() < number && weight(version.mark(name)) > weight(own)
            });
            let versions: Vec<u32> = marked.map(Version::number).collect();
            let message = format!(
                "The group {name} is marked in {}, and a mark covers one version: this one, version {number}, holds a group of that name without it.",
                listed(&versions)
            );
            (!versions.is_empty()).then(|| EntryNote {
                code: "marked_elsewhere".to_owned(),
                hint: format!(
                    "If version {number} holds the same words, make the move `mark` on it too."
                ),
                message,
                of: None,
                versions,
            })
        };
        groups.iter().filter_map(note).collect()
    }
}

/// Returns how closely a mark keeps what bears it.
fn weight(mark: Option<MarkAs>) -> u8 {
    match mark {
        None => 0,
        Some(MarkAs::Personal) => 1,
        Some(MarkAs::Confidential) => 2,
        Some(MarkAs::Privileged | MarkAs::Exempt) => 3,
    }
}

/// `version 2`; `versions 1, 2 and 4`.
fn listed(versions: &[u32]) -> String {
    let mut words: Vec<String> = versions.iter().map(u32::to_string).collect();
    match (words.pop(), words.as_slice()) {
        (None, _) => String::new(),
        (Some(last), []) => format!("version {last}"),
        (Some(last), before) => format!("versions {} and {last}", before.join(", ")),
    }
}
