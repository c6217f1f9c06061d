//! The status as plain data: what pages, JSON and plain text are made from.

use record::Day;
use serde::Serialize;
use uuid::Uuid;

use crate::wording;

/// `n` of `of`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Affected {
    /// How many.
    pub n: i64,
    /// Of how many.
    pub of: i64,
}

/// A record that an answer rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evidence {
    /// Its id.
    pub id: Uuid,
    /// The version.
    pub version: u32,
    /// Its kind.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// The entry.
    pub seq: u64,
    /// What that entry did to the version; nothing where it added it.
    #[serde(rename = "move", skip_serializing_if = "Option::is_none")]
    pub name_of_move: Option<String>,
    /// The day claimed, or on which that was done.
    pub effective_on: Day,
    /// When it was recorded: Unix milliseconds, written as an instant at the edge.
    #[serde(serialize_with = "instant")]
    pub recorded_at: i64,
    /// in_time, late or brought_in.
    pub provenance: &'static str,
    /// The day it was recorded, where the organisation is: not part of the JSON.
    #[serde(skip)]
    pub recorded_on: Day,
}

impl Evidence {
    /// Returns what the entry did, in the words that follow the version: "made known".
    pub fn done(&self) -> Option<&'static str> {
        self.name_of_move.as_deref().map(wording::done)
    }
}

fn instant<S: serde::Serializer>(ms: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    match jiff::Timestamp::from_millisecond(*ms) {
        Ok(instant) => serializer.collect_str(&instant),
        Err(_) => serializer.serialize_i64(*ms),
    }
}

/// One of the five answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// scope, policy, owner, risk_assessment or management_review.
    pub id: String,
    /// The question.
    pub question: String,
    /// yes, no or not_due.
    pub in_hand: &'static str,
    /// yes, no or unknown.
    pub holds: &'static str,
    /// The first day of the unbroken stretch.
    pub since: Option<Day>,
    /// One sentence.
    pub because: String,
    /// How much of it is affected.
    pub affected: Option<Affected>,
    /// What changes neither word.
    pub reservations: Vec<String>,
    /// When something is due next.
    pub next_due: Option<Day>,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
}

/// A subject of a finding.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Subject {
    /// A record's id, or a short name.
    pub id: String,
    /// Whether it is the organisation as a whole: not part of the JSON.
    #[serde(skip)]
    pub is_whole: bool,
    /// Its title.
    pub title: String,
    /// Since when it fails.
    pub since: Day,
    /// What a person said of it.
    pub disposition: Option<Disposition>,
}

/// What a person said of a finding.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Disposition {
    /// nonconformity, elsewhere or not_a_failure.
    #[serde(rename = "as")]
    pub says: String,
    /// The record.
    pub record: Uuid,
    /// Why.
    pub because: String,
    /// Where the evidence is, where it is said to be elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elsewhere: Option<String>,
    /// Who said so: not part of the JSON, as when is not.
    #[serde(skip)]
    pub by: String,
    /// The day they claim.
    #[serde(skip)]
    pub on: Day,
    /// The day it was recorded.
    #[serde(skip)]
    pub recorded_on: Day,
    /// When it was recorded: Unix milliseconds.
    #[serde(skip)]
    pub recorded_at: i64,
}

impl Disposition {
    /// Returns what the finding is said to be, by whom, when and why.
    pub fn told(&self) -> String {
        format!("{}: {}", self.said(), self.because)
    }

    /// Returns what the finding is said to be, by whom and when, and where evidence is that is
    /// elsewhere; the day last named is that on
    /// which it was recorded.
    pub fn said(&self) -> String {
        let place = self.elsewhere.as_ref();
        let place = place.map_or_else(String::new, |place| format!(", in “{place}”,"));
        let says = match self.says.as_str() {
            "nonconformity" => "raised as a nonconformity",
            "elsewhere" => "said to be evidenced elsewhere",
            "not_a_failure" => "said not to be a failure",
            _ => "answered",
        };
        let recorded = match self.recorded_on == self.on {
            true => String::new(),
            false => format!(", recorded on {}", self.recorded_on.in_words()),
        };
        let (by, on) = (&self.by, self.on.in_words());
        format!("{says}{place} by {by} on {on}{recorded}")
    }
}

/// A finding: one for each rule that fails.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// The rule.
    pub rule: String,
    /// not_shown, overdue, flag or reservation.
    pub level: &'static str,
    /// clause, control, own or practice.
    pub basis: &'static str,
    /// The first day of the unbroken stretch.
    pub since: Day,
    /// The sentence.
    pub sentence: String,
    /// How many subjects, of how many.
    pub affected: Affected,
    /// The first of them: at most 20, unless all were asked for.
    pub subjects: Vec<Subject>,
}

/// A requirement.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Requirement {
    /// Its id.
    pub id: String,
    /// Its short title.
    pub title: String,
    /// The verdict.
    pub verdict: &'static str,
    /// The first day of the unbroken stretch.
    pub since: Option<Day>,
    /// Why, in a sentence.
    pub because: String,
    /// Findings.
    pub findings: Vec<Finding>,
}

/// A slot of the management review.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SlotView {
    /// The declaration.
    pub declaration: Uuid,
    /// Its first day: its name.
    pub first_day: Day,
    /// Its last day, as declared.
    pub last_day: Day,
    /// Its state.
    pub state: &'static str,
    /// Where it was moved: the first and last day of the slot that stands in its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<[Day; 2]>,
}

/// Top management, and on whose word.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TopManagement {
    /// The body.
    pub body: String,
    /// Who vouched.
    pub vouched_by: String,
}

/// Everything that `status` says of the records; the caller adds the log and the dates asked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Status {
    /// Top management.
    pub top_management: Option<TopManagement>,
    /// The slots.
    pub slots: Vec<SlotView>,
    /// The five answers.
    pub five: Vec<Answer>,
    /// The requirements, in the standard's order.
    pub requirements: Vec<Requirement>,
}
