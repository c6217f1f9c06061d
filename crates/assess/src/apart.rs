//! What tells two records of one kind and one title apart in a sentence: the entry that recorded
//! each, and when.

use record::{Cite, Day, Event};
use uuid::Uuid;

use crate::sentence::Param;
use crate::status::Base;

/// The kinds of which an answer may name two; those of others say their day themselves, or are too
/// many to be compared.
const COMPARED: [&str; 5] = [
    "declaration",
    "policy",
    "risk_assessment",
    "risk_criteria",
    "scope",
];

impl Base<'_> {
    /// Returns a record's title as a sentence has room for, told apart from others.
    pub fn in_sentence(&self, id: Uuid) -> String {
        let first = self.q.records.get(id).and_then(|one| one.versions.first());
        let title = self.q.names.get(&id);
        let apart = self.apart(first.map(|one| &one.put), title);
        self.q.names.in_sentence(&id) + &apart
    }

    /// Returns a version's title as a sentence has room for, told apart from other records.
    pub fn version_in_sentence(&self, version: Cite) -> String {
        let title = self.q.names.version_in_sentence(version);
        title + &self.apart_from(version)
    }

    /// Returns what a version is called beside a day that is said anyway: without that day, and told
    /// apart by its entry alone.
    pub fn undated(&self, version: Cite, day: Day) -> String {
        let title = self.q.names.version_in_sentence(version);
        let day = day.in_words();
        let said = [", ", " of ", " on ", " "].map(|before| format!("{before}{day}"));
        let said = said.iter().find(|said| title.contains(said.as_str()));
        let title = said.map_or(title.clone(), |said| title.replacen(said, "", 1));
        let put = self.q.records.cited(version).map(|one| &one.put);
        match put.filter(|_| !self.apart_from(version).is_empty()) {
            Some(put) => format!("{title} (#{})", put.seq),
            None => title,
        }
    }

    /// Returns how a sentence names something, told apart from other records.
    pub fn named(&self, param: &Param) -> Param {
        let version = |cite: &Cite| {
            format!(
                "{}, version {}",
                self.version_in_sentence(*cite),
                cite.version
            )
        };
        match param {
            Param::Record(id) => Param::Word(self.in_sentence(*id)),
            Param::Version(cite) => Param::Word(version(cite)),
            Param::Versions(cites) => {
                let versions: Vec<String> = cites.iter().map(version).collect();
                // Each with a number after a comma.
                Param::Word(versions.join(", and "))
            }
            other => other.clone(),
        }
    }

    fn apart_from(&self, version: Cite) -> String {
        let put = self.q.records.cited(version).map(|one| &one.put);
        self.apart(put, self.q.names.of_version(version))
    }

    /// Returns the entry of a record, and when it was recorded, after a space, where another that
    /// stands is called the same.
    fn apart(&self, put: Option<&Event>, title: Option<&String>) -> String {
        let compared = put.filter(|put| COMPARED.contains(&&*put.kind));
        let Some((put, title)) = compared.zip(title) else {
            return String::new();
        };
        let others = self.q.records.of_kind(&put.kind);
        let mut others = others.filter(|other| other.id != put.id);
        let is_same = others.any(|other| {
            self.q.names.get(&other.id) == Some(title) && other.standing().next().is_some()
        });
        match is_same {
            true => format!(
                " (#{}, recorded on {})",
                put.seq,
                put.recorded_on.in_words()
            ),
            false => String::new(),
        }
    }
}
