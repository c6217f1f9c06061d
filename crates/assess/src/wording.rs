//! Which English of a rule is said, and the words for what a record lacks.

use std::borrow::Cow;
use std::collections::BTreeMap;

use catalogue::Rule;
use record::approve::WITHDRAW;
use record::{Day, listed};

use crate::five_told::count;
use crate::outcome::{Outcome, Says};
use crate::rules::{Subject, intervals, owner};
use crate::sentence::{Param, Sentence, grouped};
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

impl Base<'_> {
    /// Returns the English on whom a finding is about besides the first of them, after a space;
    /// nothing where its own sentence counts them and names none, or names one among them. Of slots
    /// their own says so.
    pub(crate) fn others(
        &self,
        rule: &Rule,
        failures: &[&(Subject, Day, Outcome)],
        affected: Affected,
    ) -> String {
        let [(first, _, outcome), others @ ..] = failures else {
            return String::new();
        };
        let template = self.template(rule, outcome.says, &outcome.params, affected);
        let counts = template.contains("{n}") && !outcome.params.contains_key("n");
        let names_one = template.contains("{system}") && !template.contains("among them");
        if matches!(first, Subject::Slot(..)) || counts && !names_one {
            return String::new();
        }
        // Of a pair the sentence of the one names the other.
        let told = |subject: &Subject| outcome.params.values().any(|one| *one == subject.param());
        let untold = || others.iter().filter(|(subject, ..)| !told(subject));
        let told = count(others.len() - untold().count());
        let named: Vec<String> = untold()
            .take(OTHERS_NAMED)
            .map(|(subject, ..)| self.subject_in_sentence(subject))
            .collect();
        let more = affected.n - 1 - told;
        let among = if count(named.len()) < more {
            ", among them"
        } else {
            ":"
        };
        match (more, named.is_empty()) {
            (..1, _) | (_, true) => String::new(),
            (1, _) => format!(" 1 more is concerned: {}.", listed(&named)),
            _ => format!(
                " {} more are concerned{among} {}.",
                grouped(more),
                listed(&named)
            ),
        }
    }

    /// Returns what a subject is called within a sentence.
    fn subject_in_sentence(&self, subject: &Subject) -> String {
        match subject {
            Subject::Record(id) => self.in_sentence(*id),
            Subject::Named(name) => self.q.names.called(name).to_owned(),
            Subject::Duty(duty) => owner::in_words(duty).to_owned(),
            Subject::Interval(thing) => intervals::in_words(thing).to_owned(),
            Subject::Whole => "the organisation".to_owned(),
            Subject::Slot(_, first) => format!("the slot from {}", first.in_words()),
        }
    }
}

impl Base<'_> {
    /// Says what else there is to say of the first subject that a rule has something to say of, after a
    /// space: what is on record of what it lacks, or had been missed before.
    pub(crate) fn told_also(&self, rule: &str) -> String {
        let rule = self.q.catalogue.rule(rule);
        let said = rule.and_then(|rule| self.said.get(&rule.id));
        let first = said.and_then(|said| said.first.first());
        rule.zip(first)
            .map_or_else(String::new, |(rule, (_, _, outcome))| {
                let mut told = Sentence::new(also(rule, &outcome.params));
                let named = outcome.params.iter();
                told.params = named
                    .map(|(name, param)| (name.clone(), self.named(param)))
                    .collect();
                told.render(self.q.names, self.q.about)
            })
    }
}

/// How many subjects a sentence names besides the one that it speaks of.
const OTHERS_NAMED: usize = 3;

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
