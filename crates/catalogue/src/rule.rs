//! What the records are held against: rules, and the closed sets of words they are written in.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Holds one rule as data. How it is decided is not known here.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Holds the rule's id: a clause with a letter, `.o` for own, `.p` for practice; or the id of its control.
    pub id: String,
    /// Says what the rule rests on.
    pub basis: Basis,
    /// Lists the ids of the requirements whose verdict or reservations it feeds. Never empty, no id twice.
    pub bears_on: Vec<String>,
    /// Lists the kinds of record that it is about, as the domain's table names them, the one that is approved or held
    /// first. Empty where `with` says that it reads an act or every kind. Which entries can change what it says is for the
    /// function that decides it to say: at least those of these kinds.
    pub reads: Vec<String>,
    /// Says which question it asks, as the domain's table names it. A function of its own answers that, and reads no shape.
    pub shape: Shape,
    /// Says which level its finding has when it fails.
    pub level: Level,
    /// Says what it means that nothing at all is on record.
    pub silence: Silence,
    /// Stands in for a declared interval, in months.
    pub default_months: Option<u32>,
    /// Stands in for a declared time limit, in days.
    pub default_days: Option<u32>,
    /// Stands in for a declared share, in percent, 1 to 100.
    pub default_share_percent: Option<u32>,
    /// Stands in for the declared interval of systems of high impact, in months.
    pub high_impact_months: Option<u32>,
    /// Holds the longest interval auditors are used to, in months. Nobody declares it.
    pub customary_months: Option<u32>,
    /// Holds the longest interval auditors are used to, in days. Nobody declares it.
    pub customary_days: Option<u32>,
    /// Holds the English of the finding, with parameters in braces: `due on {due}`.
    pub sentence: String,
    /// Holds other English of it, by the case in which it is said: `one` where it counts one, `only` where that is
    /// one of one, `unknown` where the records leave it open, or a word that the rule's function gives.
    #[serde(default)]
    pub sentences: BTreeMap<String, String>,
    /// Lists the cases that are each a breach of its own; all others are one breach, told in other words. Of another
    /// breach than the one before a sentence has a date of its own, and a disposition of that one is none.
    #[serde(default)]
    pub breaches: Vec<String>,
    /// Says whether the rule can be decided yet. One that cannot leaves its requirement *not known*.
    pub built: bool,
    /// Holds the parameters of this one rule.
    #[serde(default)]
    pub with: Parameters,
}

/// Holds what only single rules need. Everything may be absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Parameters {
    /// Lists what a record must contain, in the order in which it is asked for.
    pub needs: Vec<String>,
    /// Names the act whose entries the rule reads, in place of a kind.
    pub act: Option<String>,
    /// Says that the rule reads every kind there is.
    pub every_kind: bool,
    /// Names the stage from which a system is due, until one is declared.
    pub default_stage: Option<String>,
    /// Holds the longest interval of the first cycle, in months.
    pub first_cycle_months: Option<u32>,
    /// Holds the time without any record after which a flag is raised, in months.
    pub flag_after_months: Option<u32>,
}

/// Returns the names in braces in a sentence.
pub(crate) fn named(sentence: &str) -> Vec<&str> {
    sentence
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
        .collect()
}

/// Says what a rule rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Clauses 4 to 10 of the standard.
    Clause,
    /// A control of Annex A, where the Statement of Applicability in force applies it.
    Control,
    /// An interval or rule that the organisation itself declared.
    Own,
    /// Custom among auditors. It never makes a requirement *not shown*.
    Practice,
}

impl Basis {
    /// Returns the word the files and the outside use.
    pub fn as_str(self) -> &'static str {
        match self {
            Basis::Clause => "clause",
            Basis::Control => "control",
            Basis::Own => "own",
            Basis::Practice => "practice",
        }
    }
}

/// Says how grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Absent, incomplete or contradicted in the records; an empty slot.
    NotShown,
    /// A date that the organisation set has passed; ends when it is done.
    Overdue,
    /// Worth a question. It changes no verdict.
    Flag,
    /// Short of custom. It changes no verdict.
    Reservation,
}

impl Level {
    /// Returns the word the files and the outside use.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::NotShown => "not_shown",
            Level::Overdue => "overdue",
            Level::Flag => "flag",
            Level::Reservation => "reservation",
        }
    }
}

/// Says how a rule is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// A record of the kind is complete, in force and no older than its interval.
    Exists,
    /// Every member of a set has one.
    EachSubjectHas,
    /// Every slot or due date of a series is met.
    EverySlot,
    /// One is effective no later than another.
    Before,
    /// Each is followed by those it calls for, in order.
    Chain,
    /// It contains every member of a fixed list.
    Covers,
    /// A share of a population reaches its target.
    Coverage,
    /// The product looks for itself and records what it saw.
    Probe,
}

impl Shape {
    /// Returns the word the files use.
    pub fn as_str(self) -> &'static str {
        match self {
            Shape::Exists => "exists",
            Shape::EachSubjectHas => "each-subject-has",
            Shape::EverySlot => "every-slot",
            Shape::Before => "before",
            Shape::Chain => "chain",
            Shape::Covers => "covers",
            Shape::Coverage => "coverage",
            Shape::Probe => "probe",
        }
    }
}

/// Says what it means that nothing at all is on record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Silence {
    /// It is not shown.
    NotShown,
    /// It cannot be told until somebody answers.
    NotKnown,
    /// There may truly be nothing; not known until a dated, attributed nil return says so.
    NilReturn,
    /// It is overdue.
    Overdue,
    /// It is a reservation.
    Reservation,
    /// It says nothing: the rule speaks only about what is there.
    None,
}

impl Silence {
    /// Returns the word the files use.
    pub fn as_str(self) -> &'static str {
        match self {
            Silence::NotShown => "not_shown",
            Silence::NotKnown => "not_known",
            Silence::NilReturn => "nil_return",
            Silence::Overdue => "overdue",
            Silence::Reservation => "reservation",
            Silence::None => "none",
        }
    }
}
