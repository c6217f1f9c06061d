//! Sentences as data: a template and what it names; English is made of them at the edge.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use record::{Cite, Day};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Titles of records by id, for rendering.
pub type Names = HashMap<Uuid, String>;

/// Something a sentence names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Param {
    /// A record, by its title.
    Record(Uuid),
    /// A version, by its record's title and number.
    Version(Cite),
    /// A day.
    Day(Day),
    /// A count.
    Count(i64),
    /// A word of ours, or a short name of theirs.
    Word(String),
    /// The days since a day, counted when the sentence is made.
    DaysSince(Day),
}

impl From<Uuid> for Param {
    fn from(id: Uuid) -> Self {
        Self::Record(id)
    }
}
impl From<Cite> for Param {
    fn from(cite: Cite) -> Self {
        Self::Version(cite)
    }
}
impl From<Day> for Param {
    fn from(day: Day) -> Self {
        Self::Day(day)
    }
}
impl From<i64> for Param {
    fn from(n: i64) -> Self {
        Self::Count(n)
    }
}
impl From<&str> for Param {
    fn from(word: &str) -> Self {
        Self::Word(word.to_owned())
    }
}
impl From<String> for Param {
    fn from(word: String) -> Self {
        Self::Word(word)
    }
}

/// A template with `{names}` and what they stand for.
#[derive(Debug, Clone, PartialEq)]
pub struct Sentence {
    /// The template.
    pub template: String,
    /// What it names.
    pub params: BTreeMap<Cow<'static, str>, Param>,
}

impl Sentence {
    /// Returns a sentence that names nothing yet.
    pub fn new(template: impl Into<String>) -> Self {
        Self {
            template: template.into(),
            params: BTreeMap::new(),
        }
    }

    /// Returns the sentence with something named.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Param>) -> Self {
        self.params.insert(Cow::Borrowed(name), value.into());
        self
    }

    /// Returns the records it names.
    pub fn records(&self) -> impl Iterator<Item = Uuid> + '_ {
        self.params.values().filter_map(|param| match param {
            Param::Record(id) => Some(*id),
            Param::Version(cite) => Some(cite.id),
            _ => None,
        })
    }

    /// Returns the sentence in English about a day. What is not named is left out in words.
    pub fn render(&self, names: &Names, about: Day) -> String {
        let mut text = String::new();
        let mut rest = self.template.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let (name, tail) = after.split_once('}').unwrap_or((after, ""));
            match self.params.get(name) {
                Some(param) => text.push_str(&param.render(names, about)),
                None => text.push_str("what is not stated"),
            }
            rest = tail;
        }
        text.push_str(rest);
        text
    }
}

impl Param {
    fn render(&self, names: &Names, about: Day) -> String {
        let title = |id: &Uuid| {
            names
                .get(id)
                .cloned()
                .unwrap_or_else(|| format!("record {id}"))
        };
        match self {
            Self::Record(id) => title(id),
            Self::Version(cite) => format!("{}, version {}", title(&cite.id), cite.version),
            Self::Day(day) => day.in_words(),
            Self::Count(n) => grouped(*n),
            Self::Word(word) => word.clone(),
            Self::DaysSince(day) => grouped(about.days_since(*day)),
        }
    }
}

/// Returns a number as people write it: 3,611.
pub fn grouped(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if n < 0 { format!("-{text}") } else { text }
}
