//! What one rule says of one subject on one day, and along time.

use std::borrow::Cow;
use std::collections::BTreeMap;

use catalogue::{Level, Rule};
use record::Day;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::at::At;
use crate::sentence::Param;

/// What a rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Says {
    /// The subject is none of the rule's.
    Absent,
    /// Nothing was due yet.
    NotDue,
    /// It holds.
    Holds,
    /// The records are silent, and silence here leaves it open.
    Unknown,
    /// It fails at a level that changes no verdict.
    Remark,
    /// It fails.
    Fails,
}

impl Says {
    /// In order of weight.
    pub const ALL: [Self; 6] = [
        Self::Absent,
        Self::NotDue,
        Self::Holds,
        Self::Unknown,
        Self::Remark,
        Self::Fails,
    ];

    /// Returns its place in [`Says::ALL`].
    pub fn number(self) -> u8 {
        self as u8
    }
}

/// What an outcome names besides its word, as it is kept.
#[derive(Default, Serialize, Deserialize)]
struct Rest {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    level: Option<Level>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    params: BTreeMap<Cow<'static, str>, Param>,
}

/// What a rule says, with what its sentence names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The word.
    pub says: Says,
    /// The level of a failure, where it is not the rule's own.
    pub level: Option<Level>,
    /// What the sentence names.
    pub params: BTreeMap<Cow<'static, str>, Param>,
}

impl Outcome {
    /// Returns a bare outcome.
    pub fn new(says: Says) -> Self {
        Self {
            says,
            level: None,
            params: BTreeMap::new(),
        }
    }

    /// Returns that it holds.
    pub fn holds() -> Self {
        Self::new(Says::Holds)
    }

    /// Returns that it fails.
    pub fn fails() -> Self {
        Self::new(Says::Fails)
    }

    /// Returns holds or fails.
    pub fn when(holds: bool) -> Self {
        if holds { Self::holds() } else { Self::fails() }
    }

    /// Returns what it names besides its word, as text to be kept; nothing where nothing is.
    pub fn rest(&self) -> String {
        if self.level.is_none() && self.params.is_empty() {
            return String::new();
        }
        let rest = Rest {
            level: self.level,
            params: self.params.clone(),
        };
        serde_json::to_string(&rest).unwrap_or_default()
    }

    /// Returns the outcome of a word and the rest as it was kept; `None` where it was not.
    pub fn kept(says: u8, rest: &str) -> Option<Self> {
        let says = *Says::ALL.get(usize::from(says))?;
        if rest.is_empty() {
            return Some(Self::new(says));
        }
        let Rest { level, params } = serde_json::from_str(rest).ok()?;
        Some(Self {
            says,
            level,
            params,
        })
    }

    /// Returns the outcome with a parameter of its sentence.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Param>) -> Self {
        self.params.insert(Cow::Borrowed(name), value.into());
        self
    }

    /// Returns the outcome with a further case, told before those that it names already.
    #[must_use]
    pub fn also_first(self, case: &str) -> Self {
        let cases = match self.params.get(ALSO) {
            Some(Param::Word(others)) => format!("{case} {others}"),
            _ => case.to_owned(),
        };
        self.with(ALSO, cases)
    }

    /// Returns the case of its sentence; nothing where it is the rule's own.
    pub fn case(&self) -> &str {
        match self.params.get(CASE) {
            Some(Param::Word(case)) => case,
            _ => "",
        }
    }

    /// Returns the breach that it is of its rule: its case, where that is a breach of its own, or else
    /// the one that all other cases tell in their words; and whose it is, where it is somebody's.
    pub fn breach(&self, rule: &Rule) -> String {
        let mut apart = rule.breaches.iter();
        let breach = match apart.any(|one| one == self.case()) {
            true => self.case(),
            false => "",
        };
        match self.params.get(WHOSE) {
            Some(Param::Record(holder)) => format!("{breach} {holder}"),
            _ => breach.to_owned(),
        }
    }

    /// Returns the outcome as a breach of one holder's: the same of another is another.
    #[must_use]
    pub fn whose(self, holder: Uuid) -> Self {
        self.with(WHOSE, holder)
    }

    /// Returns the first day of the unbroken stretch of its breach, where its rule failed before by
    /// another.
    pub fn began(&self) -> Option<Day> {
        match self.params.get(BEGAN) {
            Some(Param::Day(day)) => Some(*day),
            _ => None,
        }
    }

    /// Returns the outcome with the first day of its breach.
    #[must_use]
    pub fn beginning(self, day: Day) -> Self {
        self.with(BEGAN, day)
    }

    /// Returns the outcome as a remark, at a level that changes no verdict.
    #[must_use]
    pub fn at_level(mut self, level: Level) -> Self {
        self.says = Says::Remark;
        self.level = Some(level);
        self
    }
}

/// What the case of a sentence is named by.
const CASE: &str = "case";

/// What the further cases of its sentence are named by.
const ALSO: &str = "also";

/// What whose breach it is is named by.
const WHOSE: &str = "whose";

/// What the first day of a breach is named by.
const BEGAN: &str = "began";

/// A stretch of days with one outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// Its first day.
    pub from: Day,
    /// What is said on each of its days.
    pub outcome: Outcome,
}

/// Returns what a rule says of a subject from the AIMS's start through the horizon, as
/// stretches in order of day; neighbours differ.
pub fn timeline(at: &At<'_>, evaluate: impl Fn(&At<'_>) -> Outcome) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut day = at.start;
    loop {
        let here = at.on(day);
        let outcome = evaluate(&here);
        if spans.last().is_none_or(|last| last.outcome != outcome) {
            spans.push(Span { from: day, outcome });
        }
        match here.next() {
            Some(next) if next <= at.horizon => day = next,
            _ => return spans,
        }
    }
}
