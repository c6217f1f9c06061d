//! The rows derived from an entry: the same whether it was just appended or is read again.

use std::borrow::Borrow;

use ledger::Entry;
use record::approve::WITHDRAW;
use record::{Act, Event, KindSpec, Registry};
use serde_json::{Map, Value};
use store::{Derived, Fields, Governing, Hash, Key, Link, RecordRow};
use uuid::Uuid;

/// Longest title kept in the list, in characters.
const TITLE_MAX: usize = 200;

/// What a title ends with that is cut.
const CUT: char = '…';

/// Returns the rows of one entry: `bytes` are its own and those of its facts, `before` is its
/// record's row until now, `words` its groups of words that are here.
pub fn derive(
    event: &Event,
    (entry, facts): (&[u8], &[u8]),
    words: &[impl Borrow<Map<String, Value>>],
    before: Option<&RecordRow>,
    registry: &Registry,
) -> Derived {
    let key = event.facts.key.as_ref().and_then(key);
    let kind = registry.get(&event.kind);
    let governs = kind.is_none_or(|kind| kind.governs);
    let governing = governs.then(|| Governing {
        entry: entry.to_vec(),
        facts: facts.to_vec(),
    });
    let mut links = vec![Link {
        to_id: event.id,
        to_version: event.version,
        field: String::new(),
    }];
    if event.id.is_nil() {
        return Derived {
            links,
            key,
            governing,
            ..Derived::default()
        };
    }
    links.extend(event.refs.iter().map(|cite| Link {
        to_id: cite.id,
        to_version: cite.version,
        field: "cites".to_owned(),
    }));
    let put = event.act == Act::Put;
    let title = kind
        .filter(|_| put)
        .map(|kind| title(kind, &event.facts.body, words));
    let step = Step {
        seq: event.seq,
        is_put: put,
        id: event.id,
        kind: &event.kind,
        version: event.version,
        name: &event.name,
    };
    let record = step.after(before, title);
    let fields = put.then(|| Fields {
        id: event.id,
        values: found_by(words),
    });
    Derived {
        record: Some(record),
        links,
        key,
        fields,
        governing,
    }
}

/// What an entry says of its record without its groups.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step<'a> {
    pub seq: u64,
    pub is_put: bool,
    pub id: Uuid,
    pub kind: &'a str,
    pub version: u32,
    pub name: &'a str,
}

impl<'a> Step<'a> {
    /// Returns that of an entry.
    pub fn of(seq: u64, entry: &'a Entry) -> Self {
        Self {
            seq,
            is_put: Act::of(&entry.act) == Some(Act::Put),
            id: entry.id.unwrap_or_default(),
            kind: entry.kind.as_deref().unwrap_or_default(),
            version: entry.version.unwrap_or_default(),
            name: entry.name_of_move.as_deref().unwrap_or_default(),
        }
    }

    /// Returns the record's row after it; without a title that of before.
    pub fn after(&self, before: Option<&RecordRow>, title: Option<String>) -> RecordRow {
        RecordRow {
            id: self.id,
            kind: self.kind.to_owned(),
            versions: before.map_or(1, |before| match self.is_put {
                true => self.version,
                false => before.versions,
            }),
            title: title
                .or_else(|| before.map(|before| before.title.clone()))
                .unwrap_or_default(),
            first_seq: before.map_or(self.seq, |before| before.first_seq),
            last_seq: self.seq,
            withdrawn: self.withdrawn(before),
        }
    }

    /// Withdrawn is the record whose newest version is.
    fn withdrawn(&self, before: Option<&RecordRow>) -> bool {
        before.is_some_and(|before| {
            let newest = self.name == WITHDRAW && self.version == before.versions;
            !self.is_put && (before.withdrawn || newest)
        })
    }
}

/// Returns the row by which a Command is known that came with a key.
pub(crate) fn key(given: &record::event::Key) -> Option<Key> {
    Some(Key {
        key: digest(&given.key)?,
        content: digest(&given.content)?,
    })
}

fn digest(hex: &str) -> Option<Hash> {
    let mut hash = [0; 32];
    hex::decode_to_slice(hex, &mut hash).ok().map(|()| hash)
}

fn stated<'a>(words: &'a [impl Borrow<Map<String, Value>>], pointer: &str) -> Option<&'a str> {
    words
        .iter()
        .find_map(|group| group.borrow().get(pointer))
        .and_then(Value::as_str)
}

/// What a record is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Title {
    /// As lists have room for.
    pub listed: String,
    /// What that is cut from, where it is.
    pub whole: Option<String>,
    /// What is told with it, where the kind has such a text and it is stated.
    pub told_with: Option<String>,
}

impl From<String> for Title {
    fn from(text: String) -> Self {
        match text.char_indices().nth(TITLE_MAX) {
            Some(_) => Self {
                listed: text.chars().take(TITLE_MAX - 1).chain([CUT]).collect(),
                whole: Some(text),
                told_with: None,
            },
            None => Self {
                listed: text,
                whole: None,
                told_with: None,
            },
        }
    }
}

/// Whether a title in the list may be cut.
pub(crate) fn may_be_cut(listed: &str) -> bool {
    listed.ends_with(CUT) && listed.chars().count() == TITLE_MAX
}

/// Returns what a list calls the record: its title or name, else its number, else the reason it
/// gives, else its kind and what tells it apart.
pub(crate) fn title(
    kind: &KindSpec,
    facts: &Value,
    words: &[impl Borrow<Map<String, Value>>],
) -> String {
    titled(kind, facts, words).listed
}

/// Returns the same with what it is cut from, and what is told with it.
pub(crate) fn titled(
    kind: &KindSpec,
    facts: &Value,
    words: &[impl Borrow<Map<String, Value>>],
) -> Title {
    let plain = ["/title", "/name"]
        .iter()
        .find_map(|pointer| stated(words, pointer))
        .map(str::to_owned);
    let title = plain
        .or_else(|| stated(words, "/number").map(|number| format!("{} {number}", kind.title)))
        .or_else(|| stated(words, "/because").map(str::to_owned))
        .or_else(|| {
            let apart = facts.pointer(kind.told_apart_by?)?.as_str()?;
            Some(format!("{}: {apart}", kind.title))
        })
        .unwrap_or_else(|| kind.title.to_owned());
    let told_with = kind.told_with.and_then(|pointer| stated(words, pointer));
    Title {
        told_with: told_with.map(str::to_owned),
        ..Title::from(title)
    }
}

/// Returns the e-mail address that a record gives.
pub fn email(words: &[impl Borrow<Map<String, Value>>]) -> Option<&str> {
    stated(words, "/email")
}

/// Returns what a record can be found by: an e-mail address, and the key of an imported row.
fn found_by(words: &[impl Borrow<Map<String, Value>>]) -> Vec<(String, String)> {
    let email = email(words).map(|email| ("email".to_owned(), email.to_lowercase()));
    let source = stated(words, "/source/mapping")
        .zip(stated(words, "/source/key"))
        .map(|(mapping, key)| ("source".to_owned(), format!("{mapping}\u{1f}{key}")));
    email.into_iter().chain(source).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use record::spec::Nothing;
    use serde_json::json;

    fn called(facts: &Value, words: &Value) -> Title {
        let kind = KindSpec {
            told_apart_by: Some("/unit"),
            ..KindSpec::of::<Nothing>("attestation", "Attestation", "{}")
        };
        let words: Vec<_> = words.as_object().cloned().into_iter().collect();
        titled(&kind, facts, &words)
    }

    #[test]
    fn a_record_without_a_title_goes_by_its_number_reason_or_what_tells_it_apart() {
        let unit = json!({"unit": "housing"});
        let all = json!({"/title": "AI policy", "/number": "26/14", "/because": "No systems."});
        let cases = [
            (&["/title"][..], "Attestation 26/14"),
            (&["/title", "/number"], "No systems."),
            (&["/title", "/number", "/because"], "Attestation: housing"),
        ];
        assert_eq!(called(&unit, &all).listed, "AI policy");
        for (gone, expected) in cases {
            let mut words = all.clone();
            for pointer in gone {
                words.as_object_mut().map(|words| words.remove(*pointer));
            }
            assert_eq!(called(&unit, &words).listed, expected);
        }
        assert_eq!(called(&json!({}), &json!({})).listed, "Attestation");
    }

    #[test]
    fn a_title_of_200_characters_is_kept_and_a_longer_one_is_cut_from_what_is_kept_beside_it() {
        let of = |length: usize| called(&json!({}), &json!({"/title": "é".repeat(length)}));
        let kept = of(200);
        assert_eq!((kept.listed, kept.whole), ("é".repeat(200), None));
        let cut = of(201);
        assert_eq!(cut.listed, format!("{}…", "é".repeat(199)));
        assert!(may_be_cut(&cut.listed));
        assert_eq!(cut.whole, Some("é".repeat(201)));
    }
}
