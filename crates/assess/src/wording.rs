//! Which English of a rule is said, and the words for what a record lacks.

use std::borrow::Cow;
use std::collections::BTreeMap;

use catalogue::Rule;
use record::approve::WITHDRAW;
use record::listed;

use crate::outcome::Says;
use crate::sentence::Param;
use crate::status::Base;
use crate::view::Affected;

impl Base<'_> {
    /// Returns the English that fits an outcome: of its case, and of one where it counts one.
    pub(crate) fn template<'r>(
        &self,
        rule: &'r Rule,
        says: Says,
        params: &BTreeMap<Cow<'static, str>, Param>,
        affected: Affected,
    ) -> &'r str {
        let case = match params.get("case") {
            Some(Param::Word(case)) => Some(case.as_str()),
            _ if says == Says::Unknown => Some("unknown"),
            _ => None,
        };
        let said = |case: &str| {
            let of_one = [("only", affected.of), ("one", affected.n)].into_iter();
            let of_one = of_one.filter(|(_, count)| *count == 1);
            let mut counted = of_one.map(|(word, _)| format!("{case}_{word}"));
            let counted = counted.find_map(|case| rule.sentences.get(&case));
            counted.or_else(|| rule.sentences.get(case))
        };
        if let Some(said) = case.and_then(said) {
            return said;
        }
        let counted = match params.get("days") {
            _ if rule.sentence.contains("{n}") => affected.n,
            Some(Param::DaysSince(day)) => self.q.about.days_since(*day),
            Some(Param::Count(days)) => *days,
            _ => 0,
        };
        let only = rule.sentences.get("only").filter(|_| affected.of == 1);
        let one = only.or_else(|| rule.sentences.get("one"));
        one.filter(|_| counted == 1)
            .map_or(&rule.sentence, String::as_str)
    }
}

/// Returns the English of the further cases that an outcome names, each after a space.
pub(crate) fn also(rule: &Rule, params: &BTreeMap<Cow<'static, str>, Param>) -> String {
    let Some(Param::Word(cases)) = params.get("also") else {
        return String::new();
    };
    let sentences = cases.split(' ').filter_map(|case| rule.sentences.get(case));
    sentences.map(|sentence| format!(" {sentence}")).collect()
}

/// What a rule needs, and the words for it.
pub(crate) type Words = &'static [(&'static str, &'static str)];

/// Returns the words for what a record lacks: `a, b and c`. What nobody gave words for reads as
/// its name.
pub(crate) fn missing<'a>(needs: impl IntoIterator<Item = &'a str>, words: Words) -> String {
    let in_words = |need: &str| {
        let found = words.iter().find(|(name, _)| *name == need);
        found.map_or_else(
            || need.replace(['_', '-'], " "),
            |(_, words)| (*words).to_owned(),
        )
    };
    let missing: Vec<String> = needs.into_iter().map(in_words).collect();
    listed(&missing)
}

/// Returns words with a capital.
pub(crate) fn capital(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// Returns what a move did, in the words that follow what it was done to.
pub fn done(name: &str) -> &'static str {
    match name {
        "accept" => "accepted",
        "approve" => "approved",
        "attest" => "attested",
        "communicate" => "made known",
        "confirm" => "confirmed",
        "end" => "ended",
        "keep" => "kept as it is",
        "leave" => "left by its holder",
        WITHDRAW => "withdrawn",
        _ => "acted on",
    }
}
