//! One ledger entry as rules and approvals read it: facts only, no words about anyone.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::approve::Approval;
use crate::command::MarkAs;
use crate::fields::{Cite, Day, FileHash};

/// What an entry does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// The ledger's first entry.
    Begin,
    /// A new version.
    Put,
    /// A move on a version.
    Move,
    /// The running server read the ledger back.
    Check,
    /// The signing guard was accepted anew.
    Guard,
    /// Groups or files were erased with authority.
    Erasure,
}

impl Act {
    /// Returns the word in the entry.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Begin => "begin",
            Self::Put => "put",
            Self::Move => "move",
            Self::Check => "check",
            Self::Guard => "guard",
            Self::Erasure => "erasure",
        }
    }

    /// Returns the act a word names.
    pub fn of(word: &str) -> Option<Self> {
        [
            Self::Begin,
            Self::Put,
            Self::Move,
            Self::Check,
            Self::Guard,
            Self::Erasure,
        ]
        .into_iter()
        .find(|act| act.as_str() == word)
    }
}

/// What the first entry of a ledger says about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begin {
    /// The first day of the AI management system.
    pub aims_start: Day,
    /// The operator's person record.
    pub operator: Uuid,
    /// The organisation's record.
    pub organisation: Uuid,
    /// The log's origin, as in its checkpoints.
    pub origin: String,
    /// Whether the clock is simulated; it says so for ever.
    pub simulated_clock: bool,
    /// The IANA name of the organisation's time zone.
    pub time_zone: String,
}

/// Who brought older evidence in, and its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brought {
    /// The person.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub by: Option<Uuid>,
    /// The file.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub file: Option<FileHash>,
}

/// The digests that make a repeat harmless.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// SHA-256 of the ledger's secret and the Command's content, hex.
    pub content: String,
    /// SHA-256 of the key, hex.
    pub key: String,
}

/// The group `facts` of an entry.
///
// Invariant: fields stand in the order of their names, here and in all that is within, because a
// group is JSON with sorted keys and facts are written as they are declared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// Approvals this entry is: one for a person's move, several for a resolution.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub acts: Vec<Approval>,
    /// What the first entry says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub begin: Option<Begin>,
    /// The body, with `true` where words were stated.
    #[serde(skip_serializing_if = "Value::is_null", default)]
    pub body: Value,
    /// For evidence older than the ledger.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub brought_in: Option<Brought>,
    /// The person who acted; absent for the local operator without a name.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub by: Option<Uuid>,
    /// The day claimed.
    pub effective_on: Day,
    /// The idempotency digests.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub key: Option<Key>,
    /// Marks by group or file.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub marks: BTreeMap<String, MarkAs>,
}

/// One entry of the governance log, facts only.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Sequence number, from 0.
    pub seq: u64,
    /// When it was recorded, by our clock: Unix milliseconds.
    pub recorded_at: i64,
    /// The day it was recorded, in the organisation's time zone.
    pub recorded_on: Day,
    /// What it does.
    pub act: Act,
    /// The kind; empty for acts that concern none.
    pub kind: Arc<str>,
    /// The record; nil for acts that concern none.
    pub id: Uuid,
    /// The version added or acted on; 0 for acts that concern none.
    pub version: u32,
    /// The move's name; empty for a put.
    pub name: Arc<str>,
    /// What it cites, sorted.
    pub refs: Vec<Cite>,
    /// Its facts, shared by all who keep the event.
    pub facts: Arc<Facts>,
}

/// Returns what stands at a JSON pointer (RFC 6901) whose names hold no `~`; values in lists
/// have no place here.
pub fn at<'a>(body: &'a Value, pointer: &str) -> Option<&'a Value> {
    let mut names = pointer.strip_prefix('/')?.split('/');
    names.try_fold(body, |body, name| body.as_object()?.get(name))
}

impl Event {
    /// Returns a fact of the body by JSON pointer.
    pub fn fact(&self, pointer: &str) -> Option<&Value> {
        crate::at(&self.facts.body, pointer)
    }

    /// Returns a day in the body by JSON pointer.
    pub fn day(&self, pointer: &str) -> Option<Day> {
        self.fact(pointer)?.as_str()?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::approve::{Approver, Quorum};

    #[test]
    fn facts_are_written_with_their_keys_sorted() {
        let day: Day = "2026-03-31".parse().unwrap();
        let id = Uuid::from_u128(7);
        let of = Cite { id, version: 2 };
        let act = |by| Approval {
            because: Some("inquorate".to_owned()),
            by,
            carries: json!({"next_review": "2027-03-31", "because": "none"}),
            counts: true,
            decided_on: day,
            effective_on: Some(day),
            name: "approve".to_owned(),
            of,
            quorum: Some(Quorum::Inquorate),
            same_person: true,
        };
        let body = Approver::Body {
            body: id,
            resolution: of,
        };
        let facts = Facts {
            acts: vec![act(body), act(Approver::Person(id))],
            begin: Some(Begin {
                aims_start: day,
                operator: id,
                organisation: id,
                origin: "minutebook/x".to_owned(),
                simulated_clock: true,
                time_zone: "UTC".to_owned(),
            }),
            body: json!({"title": true, "roles": ["user"], "on": "2026-03-01"}),
            brought_in: Some(Brought {
                by: Some(id),
                file: Some("ab".repeat(32).parse().unwrap()),
            }),
            by: Some(id),
            effective_on: day,
            key: Some(Key {
                content: "c".to_owned(),
                key: "k".to_owned(),
            }),
            marks: [("words".to_owned(), MarkAs::Exempt)].into(),
        };
        // A value of `serde_json` has its keys sorted at every level.
        let sorted = serde_json::to_value(&facts).unwrap().to_string();
        assert_eq!(serde_json::to_string(&facts).unwrap(), sorted);
    }
}
