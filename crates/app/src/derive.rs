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

fn key(given: &record::event::Key) -> Option<Key> {
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

/// Returns what a list calls the record: its title or name, else its number, else the reason it
/// gives, else its kind and what tells it apart.
pub(crate) fn title(
    kind: &KindSpec,
    facts: &Value,
    words: &[impl Borrow<Map<String, Value>>],
) -> String {
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
    match title.char_indices().nth(TITLE_MAX) {
        Some(_) => title.chars().take(TITLE_MAX - 1).chain(['…']).collect(),
        None => title,
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

    fn titled(facts: &Value, words: &Value) -> String {
        let kind = KindSpec {
            told_apart_by: Some("/unit"),
            ..KindSpec::of::<Nothing>("attestation", "Attestation", "{}")
        };
        let words: Vec<_> = words.as_object().cloned().into_iter().collect();
        title(&kind, facts, &words)
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
        assert_eq!(titled(&unit, &all), "AI policy");
        for (gone, expected) in cases {
            let mut words = all.clone();
            for pointer in gone {
                words.as_object_mut().map(|words| words.remove(*pointer));
            }
            assert_eq!(titled(&unit, &words), expected);
        }
        assert_eq!(titled(&json!({}), &json!({})), "Attestation");
    }

    #[test]
    fn a_title_of_200_characters_is_kept_and_a_longer_one_is_cut() {
        let of = |length: usize| titled(&json!({}), &json!({"/title": "é".repeat(length)}));
        assert_eq!(of(200), "é".repeat(200));
        assert_eq!(of(201), format!("{}…", "é".repeat(199)));
    }
}
