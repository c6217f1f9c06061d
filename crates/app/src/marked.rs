//! Marks and the other versions of a record: a mark covers one version, and others may hold the
//! same words.

use std::collections::{BTreeMap, BTreeSet};

use ledger::Hash;
use pack::readme::WITHHOLDS;
use pack::{Shown, WithheldFile, WithheldGroup};
use record::command::MarkAs;
use record::{Act, Cite, Event, KindSpec, MARK, Record, Records, Version, listed};
use serde::Serialize;
use serde_json::{Map, Value};
use store::{GOVERNANCE_LOG, Rows};
use uuid::Uuid;

use crate::error::Result;
use crate::left_out::shown;
use crate::notes::EntryNote;
use crate::profile::withholds;
use crate::stored;
use crate::texts::cited_files;

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

/// The groups of what was put, by record and name: the versions that leave with them, and those of
/// which they are withheld, each with its entry.
#[derive(Debug, Default)]
pub(crate) struct ByGroup(BTreeMap<(Uuid, String), Versions>);

#[derive(Debug, Default)]
struct Versions {
    leaving: Vec<(u32, u64)>,
    withheld: Vec<(u32, u64)>,
}

impl ByGroup {
    /// Adds a group of words of a version that an entry put.
    pub(crate) fn add(&mut self, (id, version): (Uuid, u32), name: &str, entry: (u64, bool)) {
        let (seq, is_withheld) = entry;
        if !holds_words(name) {
            return;
        }
        let versions = self.0.entry((id, name.to_owned())).or_default();
        match is_withheld {
            true => versions.withheld.push((version, seq)),
            false => versions.leaving.push((version, seq)),
        }
    }

    /// Returns what leaves of one version and is withheld of another that has the same words, in
    /// the order of entries.
    pub(crate) async fn leaving(self, rows: Rows<'_>) -> Result<Vec<LeavingElsewhere>> {
        let mut found = Vec::new();
        for ((id, group), versions) in self.0 {
            if versions.withheld.is_empty() {
                continue;
            }
            for (version, seq) in versions.leaving {
                let withheld = sharing(rows, &group, seq, &versions.withheld).await?;
                if withheld.is_empty() {
                    continue;
                }
                found.push(LeavingElsewhere {
                    id,
                    group: group.clone(),
                    seq,
                    version,
                    withheld,
                });
            }
        }
        found.sort_by(|one, next| (one.seq, &one.group).cmp(&(next.seq, &next.group)));
        Ok(found)
    }
}

/// Returns which of some versions, each with its entry, have words in a group that an entry has in
/// its own of that name.
pub(crate) async fn sharing(
    rows: Rows<'_>,
    group: &str,
    own: u64,
    others: &[(u32, u64)],
) -> Result<Vec<u32>> {
    let own = words_in(rows, own, group).await?;
    let mut found = Vec::new();
    for (version, seq) in others {
        if share(&own, &words_in(rows, *seq, group).await?) {
            found.push(*version);
        }
    }
    Ok(found)
}

/// Returns the words of a group, opened: each is salted anew. What was erased has none.
async fn words_in(rows: Rows<'_>, seq: u64, group: &str) -> Result<Map<String, Value>> {
    let found = rows.group(GOVERNANCE_LOG, seq, group).await?;
    let opened = found.and_then(|group| group.bytes);
    match opened.map(|bytes| stored::words(&bytes)).transpose()? {
        Some(Value::Object(words)) => Ok(words),
        _ => Ok(Map::new()),
    }
}

/// Returns whether two groups have a text in common. What a thing is called is told in every
/// version and in lists, so it counts only where nothing else is said.
fn share(one: &Map<String, Value>, other: &Map<String, Value>) -> bool {
    let is_called = |pointer: &str| {
        let field = pointer.rsplit('/').next();
        matches!(field, Some("title" | "name" | "number"))
    };
    let told = |words: &Map<String, Value>| words.keys().any(|pointer| !is_called(pointer));
    let counts = |pointer: &str| !is_called(pointer) || !(told(one) || told(other));
    let mut texts = one.iter().filter(|(pointer, _)| counts(pointer));
    texts.any(|(_, text)| {
        let mut others = other.iter().filter(|(pointer, _)| counts(pointer));
        others.any(|(_, other)| other == text)
    })
}

/// Facts are never marked, and who acted is each entry's own.
pub(crate) fn holds_words(group: &str) -> bool {
    !matches!(group, "act" | "facts")
}

/// A group of the version that an entry put or marked, and the other versions that have one of its
/// name marked otherwise, each with its entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Otherwise {
    pub group: String,
    /// The entry that put the version.
    pub own: u64,
    pub others: Vec<(u32, u64)>,
}

/// Returns the groups of an entry that other versions of its record have marked otherwise.
pub(crate) fn otherwise(event: &Event, kind: &KindSpec, records: &Records) -> Vec<Otherwise> {
    let Some(record) = records.get(event.id) else {
        return Vec::new();
    };
    let of = Of {
        event,
        kind,
        record,
    };
    let mut found = match event.act {
        Act::Move if &*event.name == MARK => of.mark(),
        Act::Put => of.put(),
        _ => Vec::new(),
    };
    found.retain(|one| !one.others.is_empty());
    found
}

impl Otherwise {
    /// Returns what is to be noted of it, where these versions have words of the group.
    pub(crate) fn note(&self, event: &Event, versions: Vec<u32>) -> Option<EntryNote> {
        let (group, number, listed) = (&self.group, event.version, in_words(&versions));
        let (code, message, hint) = match event.act {
            Act::Put => (
                "marked_elsewhere",
                format!(
                    "The group {group} is marked in {listed}, and a mark covers one version: this one, version {number}, holds the same words without it."
                ),
                "If they are to be kept as closely, make the move `mark` on it too.".to_owned(),
            ),
            _ => (
                "unmarked_elsewhere",
                format!(
                    "The mark on the group {group} covers version {number} alone: the same words are without it in {listed}."
                ),
                "Make the move `mark` on each of them too.".to_owned(),
            ),
        };
        (!versions.is_empty()).then(|| EntryNote {
            code: code.to_owned(),
            hint,
            message,
            of: None,
            versions,
        })
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

/// Returns what is to be noted of files that the version cites whose words an entry marks, by the
/// facts and marks of the version: a file leaves unless it is marked itself.
pub(crate) fn in_files(event: &Event, records: &Records) -> Vec<EntryNote> {
    let withheld = |name: &str| {
        event
            .facts
            .marks
            .get(name)
            .is_some_and(|mark| withholds(*mark))
    };
    let words = event.facts.marks.keys();
    let words = words.filter(|name| holds_words(name) && name.parse::<Hash>().is_err());
    let Some(group) = words.into_iter().find(|name| withheld(name)) else {
        return Vec::new();
    };
    let version = records.cited(Cite {
        id: event.id,
        version: event.version,
    });
    let put = version.filter(|_| event.act == Act::Move);
    let put = put.map_or(event, |version| &version.put);
    let is_marked = |file: &str| {
        let marked = version.and_then(|version| version.mark(file));
        withheld(file) || marked.is_some_and(withholds)
    };
    let row = row_of(&put.facts.body);
    let files: BTreeSet<String> = cited_files(put).iter().map(Hash::to_string).collect();
    let files = files.into_iter().filter(|file| !is_marked(file));
    let note = |file: String| {
        let holds = match &row {
            Some((from, row)) if *from == file => {
                format!("holds row {row}, which this was made from")
            }
            _ => "is cited by this version and may hold the same words".to_owned(),
        };
        EntryNote {
            code: "leaves_in_file".to_owned(),
            hint: format!(
                "If the auditor is not to have it, mark the file too: the move `mark` with {{\"marks\": {{\"{file}\": {{\"as\": \"exempt\", \"basis\": \"…\"}}}}}}. Nobody can check a file that is withheld, and the verification of the pack says so."
            ),
            message: format!(
                "The group {group} is withheld, and the file {file} {holds}: it leaves in packs unless it is marked itself."
            ),
            of: None,
            versions: Vec::new(),
        }
    };
    files.map(note).collect()
}

/// Returns that what was entered in error leaves in packs, where a mark does not withhold it.
pub(crate) fn of_withdrawn(event: &Event, kind: &KindSpec, version: &Version) -> Option<EntryNote> {
    let number = event.version;
    let leaves = |mark: Option<MarkAs>| !mark.is_some_and(withholds);
    let own = kind.body.shape.groups(version.body()).into_iter();
    let own: Vec<String> = own
        .filter(|name| holds_words(name) && leaves(version.mark(name)))
        .collect();
    let by_move = |name: &str| {
        let marks = version.moved(MARK);
        marks.filter_map(|one| one.facts.marks.get(name)).last()
    };
    let reason = &kind.find_move(&event.name)?.body.shape;
    let reason = reason.groups(&event.facts.body).into_iter().filter(|name| {
        let mark = by_move(name).or(event.facts.marks.get(name));
        holds_words(name) && leaves(mark.copied())
    });
    let reason: Vec<String> = reason.collect();
    // As it is typed in a `mark`.
    let quoted: Vec<String> = own.iter().map(|name| format!("`{name}`")).collect();
    let of_groups = match quoted.as_slice() {
        [] => None,
        [one] => Some(format!("what its group {one} says")),
        several => Some(format!("what its groups {} say", listed(several))),
    };
    let of_reason = (!reason.is_empty()).then(|| "the reason for the withdrawal".to_owned());
    let with: Vec<String> = of_groups.into_iter().chain(of_reason).collect();
    let groups: BTreeSet<String> = own.into_iter().chain(reason).collect();
    let groups: Vec<String> = groups.into_iter().collect();
    (!groups.is_empty()).then(|| EntryNote {
        code: "leaves_withdrawn".to_owned(),
        hint: format!(
            "If the auditor is not to have that, make the move `mark` on version {number} now, with {} as privileged or exempt.",
            listed(&groups)
        ),
        message: format!(
            "Version {number} stays in packs, named as withdrawn, with {}.",
            listed(&with)
        ),
        of: None,
        versions: Vec::new(),
    })
}

/// Returns the file and the row that a version was made from.
fn row_of(body: &Value) -> Option<(String, u64)> {
    let source = body.get(record::source::FIELDS[0])?;
    let file = source.get("file")?.as_str()?.to_owned();
    Some((file, source.get("row")?.as_u64()?))
}

/// An entry, and the record that it is of.
struct Of<'a> {
    event: &'a Event,
    kind: &'a KindSpec,
    record: &'a Record,
}

impl Of<'_> {
    /// Returns the other versions, those entered in error too: their words leave in packs alike.
    fn others(&self) -> impl Iterator<Item = &Version> {
        let own = self.event.version;
        let versions = self.record.versions.iter();
        versions.filter(move |version| version.number() != own)
    }

    /// Returns the versions that hold a group of the same name without the mark just made.
    fn mark(&self) -> Vec<Otherwise> {
        let Some(own) = self.record.version(self.event.version) else {
            return Vec::new();
        };
        let of = |(name, mark): (&String, &MarkAs)| {
            let without = self.others().filter(|version| {
                let holds = self.kind.body.shape.groups(version.body()).contains(name);
                holds && weight(version.mark(name)) < weight(Some(*mark))
            });
            Otherwise {
                group: name.clone(),
                own: own.put.seq,
                others: without.map(numbered).collect(),
            }
        };
        let marks = self.event.facts.marks.iter();
        let words = marks.filter(|(name, _)| holds_words(name));
        words.map(of).collect()
    }

    /// Returns the earlier versions of which a group is marked that the version just put holds
    /// without that mark.
    fn put(&self) -> Vec<Otherwise> {
        let number = self.event.version;
        let groups = self.kind.body.shape.groups(&self.event.facts.body);
        let of = |name: String| {
            // Of a repeated Command the version is there, with what was marked since.
            let here = self.record.version(number);
            let own = match here {
                Some(version) => version.mark(&name),
                None => self.event.facts.marks.get(&name).copied(),
            };
            let marked = self.others().filter(|version| {
                version.number() < number && weight(version.mark(&name)) > weight(own)
            });
            Otherwise {
                others: marked.map(numbered).collect(),
                group: name,
                own: self.event.seq,
            }
        };
        groups.into_iter().map(of).collect()
    }
}

fn numbered(version: &Version) -> (u32, u64) {
    (version.number(), version.put.seq)
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
pub(crate) fn in_words(versions: &[u32]) -> String {
    let numbers: Vec<String> = versions.iter().map(u32::to_string).collect();
    let noun = match numbers.len() {
        1 => "version",
        _ => "versions",
    };
    format!("{noun} {}", listed(&numbers))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn groups_share_words_by_a_text_and_by_a_title_only_where_there_is_no_text() {
        let words = |value: Value| value.as_object().cloned().unwrap_or_default();
        let title = words(json!({"/items/8/title": "Renewal"}));
        let told = words(json!({"/items/8/title": "Renewal", "/items/8/text": "Not yet."}));
        let moved = words(json!({"/items/9/title": "Logs", "/items/9/text": "Not yet."}));
        let other = words(json!({"/items/8/title": "Renewal", "/items/8/text": "Agreed."}));
        for (one, next, expected) in [
            (&title, &title, true),
            (&title, &told, false),
            (&told, &title, false),
            (&told, &moved, true),
            (&told, &other, false),
            (&told, &Map::new(), false),
        ] {
            assert_eq!(share(one, next), expected, "{one:?} {next:?}");
        }
    }
}
