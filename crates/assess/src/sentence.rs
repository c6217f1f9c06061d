//! Sentences as data: a template and what it names; English is made of them at the edge.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use record::{Cite, Day, Records};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What sentences call things, for rendering.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Names {
    titles: HashMap<Uuid, String>,
    /// Of records with several versions, the title of each.
    versions: HashMap<Cite, String>,
    /// Of versions whose title is cut, what it is cut from.
    whole: HashMap<Cite, String>,
    /// Of versions that have such a text, what is told with their title.
    told_with: HashMap<Cite, String>,
    named: HashMap<String, String>,
    /// The same as each version of the organisation gives them.
    named_in: HashMap<Cite, HashMap<String, String>>,
}

impl Names {
    /// Returns no names.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the title of a record.
    pub fn get(&self, id: &Uuid) -> Option<&String> {
        self.titles.get(id)
    }

    /// Gives a record its title.
    pub fn insert(&mut self, id: Uuid, title: String) {
        self.titles.insert(id, title);
    }

    /// Gives a version the title that it has itself.
    pub fn insert_version(&mut self, version: Cite, title: String) {
        self.versions.insert(version, title);
    }

    /// Gives a version what its title is cut from.
    pub fn insert_whole(&mut self, version: Cite, whole: String) {
        self.whole.insert(version, whole);
    }

    /// Gives a version what is told with its title.
    pub fn insert_told_with(&mut self, version: Cite, text: String) {
        self.told_with.insert(version, text);
    }

    /// Returns what is told with the title of a version.
    pub fn told_with(&self, version: Cite) -> Option<&String> {
        self.told_with.get(&version)
    }

    /// Returns the title of a version, whole where that is known to be cut.
    pub fn whole(&self, version: Cite) -> Option<&String> {
        let whole = self.whole.get(&version);
        whole.or_else(|| self.of_version(version))
    }

    /// Returns the title of a version: its own, or else its record's.
    pub fn of_version(&self, version: Cite) -> Option<&String> {
        let own = self.versions.get(&version);
        own.or_else(|| self.get(&version.id))
    }

    /// Returns the names as they were known from these records: each record goes by the title of
    /// the newest version there.
    #[must_use]
    pub fn known_by(&self, records: &Records) -> Self {
        let mut known = self.clone();
        for version in self.versions.keys() {
            let newest = records.get(version.id).map(|record| record.newest().cite());
            let title = newest.and_then(|newest| self.versions.get(&newest));
            if let Some(title) = title {
                known.titles.insert(version.id, title.clone());
            }
        }
        known
    }

    /// Gives records their titles.
    pub fn extend(&mut self, titles: impl IntoIterator<Item = (Uuid, String)>) {
        self.titles.extend(titles);
    }

    /// Gives short names, such as those of units, the words they stand for.
    pub fn call(&mut self, named: impl IntoIterator<Item = (String, String)>) {
        self.named.extend(named);
    }

    /// Returns the words for a short name, or that name where nobody gave any.
    pub fn called<'a>(&'a self, name: &'a str) -> &'a str {
        self.named.get(name).map_or(name, String::as_str)
    }

    /// Gives the words that short names stand for in a version of the organisation.
    pub fn call_in(&mut self, version: Cite, named: impl IntoIterator<Item = (String, String)>) {
        self.named_in.insert(version, named.into_iter().collect());
    }

    /// Returns the words for a short name in a version of the organisation, or that name where
    /// it gives none.
    pub fn called_in<'a>(&'a self, version: Cite, name: &'a str) -> &'a str {
        let named = self.named_in.get(&version);
        named
            .and_then(|named| named.get(name))
            .map_or(name, String::as_str)
    }

    /// Returns the title of a record as a sentence has room for.
    pub fn in_sentence(&self, id: &Uuid) -> String {
        let title = self.get(id);
        title.map_or_else(|| format!("record {id}"), |title| shortened(title))
    }

    /// Returns the title of a version as a sentence has room for.
    pub fn version_in_sentence(&self, version: Cite) -> String {
        let title = self.of_version(version);
        title.map_or_else(
            || format!("record {}", version.id),
            |title| shortened(title),
        )
    }
}

/// The longest title that a sentence has room for, in characters.
const TITLE_MAX: usize = 80;

/// Returns a title cut at the end of a word, with a mark that says so.
fn shortened(title: &str) -> String {
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    if title.chars().count() <= TITLE_MAX {
        return title;
    }
    let kept: String = title.chars().take(TITLE_MAX - 1).collect();
    let whole = kept
        .rsplit_once(' ')
        .map_or(kept.as_str(), |(whole, _)| whole);
    format!(
        "{}…",
        whole.trim_end_matches([',', ';', ':', '.', '-', '–'])
    )
}

/// Something a sentence names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Param {
    /// A record, by its title.
    Record(Uuid),
    /// A version, by its record's title and number.
    Version(Cite),
    /// Versions, by their records' titles and numbers.
    Versions(Vec<Cite>),
    /// A day.
    Day(Day),
    /// A count.
    Count(i64),
    /// A word of ours.
    Word(String),
    /// A short name of theirs, such as a unit's, by what it stands for.
    Named(String),
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
impl From<Vec<Cite>> for Param {
    fn from(cites: Vec<Cite>) -> Self {
        Self::Versions(cites)
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
        self.params.values().flat_map(|param| match param {
            Param::Record(id) => vec![*id],
            Param::Version(cite) => vec![cite.id],
            Param::Versions(cites) => cites.iter().map(|cite| cite.id).collect(),
            _ => Vec::new(),
        })
    }

    /// Returns the sentence in English about a day. What is not named is left out in words.
    pub fn render(&self, names: &Names, about: Day) -> String {
        let mut text = String::new();
        let mut rest = self.template.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            push(&mut text, before);
            let (name, tail) = after.split_once('}').unwrap_or((after, ""));
            match self.params.get(name) {
                Some(param) => text.push_str(&param.render(names, about)),
                None => text.push_str("what is not stated"),
            }
            rest = tail;
        }
        push(&mut text, rest);
        text
    }
}

/// Goes on with a sentence: Benefits' list, not Benefits's.
fn push(text: &mut String, next: &str) {
    match next.strip_prefix("'s ") {
        Some(rest) if text.ends_with('s') => {
            text.push_str("' ");
            text.push_str(rest);
        }
        _ => text.push_str(next),
    }
}

impl Param {
    /// Returns it in English about a day.
    pub(crate) fn render(&self, names: &Names, about: Day) -> String {
        match self {
            Self::Record(id) => names.in_sentence(id),
            Self::Version(cite) => {
                let title = names.version_in_sentence(*cite);
                format!("{title}, version {}", cite.version)
            }
            // Each with a number after a comma.
            Self::Versions(cites) => {
                let versions = cites.iter().copied().map(Self::Version);
                let versions: Vec<String> = versions.map(|one| one.render(names, about)).collect();
                versions.join(", and ")
            }
            Self::Named(name) => names.called(name).to_owned(),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn said(title: &str) -> String {
        let mut names = Names::new();
        names.insert(Uuid::nil(), title.to_owned());
        let day = "2026-01-05".parse().expect("a day");
        Sentence::new("{system} is due.")
            .with("system", Uuid::nil())
            .render(&names, day)
    }

    #[test]
    fn a_title_of_80_characters_is_said_and_a_longer_one_is_cut_at_a_word() {
        let whole = format!("{} {}", "a".repeat(39), "b".repeat(40));
        assert_eq!(said(&whole), format!("{whole} is due."));
        let longer = format!("{whole}b");
        assert_eq!(said(&longer), format!("{}… is due.", "a".repeat(39)));
        assert_eq!(
            said(&"é".repeat(81)),
            format!("{}… is due.", "é".repeat(79))
        );
        assert_eq!(said("Repair\n  Spend"), "Repair Spend is due.");
    }

    #[test]
    fn what_ends_with_an_s_takes_the_mark_alone() {
        let mut names = Names::new();
        names.call([("revenues".to_owned(), "Revenues and Benefits".to_owned())]);
        let day = "2026-01-05".parse().expect("a day");
        let of = |unit: &str| {
            Sentence::new("{unit}'s list is open.")
                .with("unit", Param::Named(unit.to_owned()))
                .render(&names, day)
        };
        assert_eq!(of("revenues"), "Revenues and Benefits' list is open.");
        assert_eq!(of("housing"), "housing's list is open.");
    }
}
