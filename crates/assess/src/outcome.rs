//! What one rule says of one subject on one day, and along time.

use std::collections::BTreeMap;

use catalogue::Level;
use record::Day;

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

/// What a rule says, with what its sentence names.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The word.
    pub says: Says,
    /// The level of a failure, where it is not the rule's own.
    pub level: Option<Level>,
    /// What the sentence names.
    pub params: BTreeMap<&'static str, Param>,
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

    /// Returns the outcome with a parameter of its sentence.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Param>) -> Self {
        self.params.insert(name, value.into());
        self
    }

    /// Returns the outcome as a remark, at a level that changes no verdict.
    #[must_use]
    pub fn at_level(mut self, level: Level) -> Self {
        self.says = Says::Remark;
        self.level = Some(level);
        self
    }
}

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
