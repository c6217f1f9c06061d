//! How a kind is called where a sentence is made from it: by the words people read, with the
//! article that goes before them.

use crate::spec::{KindSpec, Registry};

impl KindSpec {
    /// Returns what people call it inside a sentence: `policy`, `AI system`.
    pub fn in_a_sentence(&self) -> String {
        let mut letters = self.title.chars();
        let first = letters.next();
        // What begins with two capitals is written so wherever it stands.
        let is_capitals = letters.clone().next().is_some_and(char::is_uppercase);
        match first {
            Some(first) if !is_capitals => first.to_lowercase().chain(letters).collect(),
            _ => self.title.to_owned(),
        }
    }

    /// Returns one of them with its article: `a policy`, `an AI system`.
    pub fn one(&self) -> String {
        let name = self.in_a_sentence();
        // Said in the plural, it is a set of them.
        if self.is_plural {
            return format!("a set of {name}");
        }
        let vowel = name.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']);
        format!("{} {name}", if vowel { "an" } else { "a" })
    }

    /// Returns the same where a sentence begins with it: `A policy`, `An AI system`.
    pub fn one_first(&self) -> String {
        let one = self.one();
        let mut letters = one.chars();
        let first = letters.next().map(char::to_uppercase);
        first.into_iter().flatten().chain(letters).collect()
    }
}

/// Returns one record of a kind with its article, by the kind's name; one of a kind that a newer
/// program recorded goes by the name alone.
pub(crate) fn one_of(registry: &Registry, name: &str) -> String {
    registry
        .get(name)
        .map_or_else(|| format!("a record of the kind {name}"), KindSpec::one)
}

/// Returns what people call a kind inside a sentence, by its name.
pub(crate) fn in_a_sentence(registry: &Registry, name: &str) -> String {
    let kind = registry.get(name);
    kind.map_or_else(|| name.replace('_', " "), KindSpec::in_a_sentence)
}
