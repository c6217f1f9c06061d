//! Holds the short names in a body to what there is: kinds of record, and what records list for
//! others to name.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::dated::places;
use crate::decide::Context;
use crate::fields::Day;
use crate::refusal::Refusal;
use crate::spec::{KindSpec, Names};

/// A short name in a body is the name of something there is, now or on the body's own day.
pub(crate) fn held_to_names(
    context: &Context<'_>,
    kind: &KindSpec,
    facts: &Value,
    on: Day,
) -> Result<(), Refusal> {
    for (pointer, names) in kind.names {
        let named = places(facts, pointer);
        if named.is_empty() {
            continue;
        }
        let listed = match names {
            Names::Kind => None,
            Names::Listed(word) => Some(Listed::of(context, word, on)),
        };
        for (field, name) in named {
            let Some(name) = name.as_str() else {
                continue;
            };
            let refusal = match &listed {
                None => unknown_kind(context, name),
                Some(listed) => listed.unknown(name),
            };
            if let Some(refusal) = refusal {
                return Err(refusal.at(format!("/body{field}")));
            }
        }
    }
    Ok(())
}

fn unknown_kind(context: &Context<'_>, name: &str) -> Option<Refusal> {
    if context.registry.get(name).is_some() {
        return None;
    }
    let kinds: Vec<&str> = context.registry.iter().map(|kind| kind.name).collect();
    let what = format!("There is no kind of record named {name:?}.");
    Some(Refusal::new("unknown_kind", what).hint(format!("The kinds: {}.", kinds.join(", "))))
}

/// What records list under a word: by their newest version, or by the one that counted on the day
/// of what names it, since a late record may be of something that has gone.
struct Listed<'a> {
    word: &'a str,
    by: &'a str,
    names: BTreeSet<&'a str>,
}

impl<'a> Listed<'a> {
    fn of(context: &Context<'a>, word: &'a str, on: Day) -> Self {
        let mut listed = Self {
            word,
            by: "",
            names: BTreeSet::new(),
        };
        for kind in context.registry.iter() {
            let Some((_, pointer)) = kind.lists.iter().find(|(lists, _)| *lists == word) else {
                continue;
            };
            listed.by = kind.name;
            let versions = context.records.of_kind(kind.name).flat_map(|record| {
                let newest = record.standing().next_back();
                newest.into_iter().chain(record.counting(on))
            });
            let names = versions.flat_map(|version| places(version.body(), pointer));
            listed
                .names
                .extend(names.filter_map(|(_, name)| name.as_str()));
        }
        listed
    }

    fn unknown(&self, name: &str) -> Option<Refusal> {
        if self.names.contains(name) {
            return None;
        }
        let (word, by) = (self.word, self.by);
        let shown: Vec<&str> = self.names.iter().copied().take(NAMES_SHOWN).collect();
        let more = match self.names.len().saturating_sub(NAMES_SHOWN) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let first = format!("put a version of the {by} with it first.");
        let hint = if shown.is_empty() {
            format!("It lists no {word} yet: {first}")
        } else {
            let shown = shown.join(", ");
            format!("It lists {shown}{more}. Name one of those, or {first}")
        };
        let refusal = Refusal::new(
            &format!("unknown_{word}"),
            format!("The {by} lists no {word} with the short name {name:?}."),
        );
        Some(refusal.hint(hint))
    }
}

/// Most names that a refusal lists.
const NAMES_SHOWN: usize = 20;
