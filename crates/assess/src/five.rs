//! The five answers: could you hand it over, and would it withstand an auditor?

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use catalogue::{Answer, Catalogue};
use record::{Day, Version};

use crate::at::At;
use crate::kept;
use crate::outcome::{Outcome, Says};
use crate::rules::{self, attendance, owner, policy, review, risk, scope};
use crate::step::{Steps, Word};

/// The two words of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// yes, no or not_due.
    pub in_hand: &'static str,
    /// yes, no or unknown.
    pub holds: &'static str,
}

impl Words {
    pub const NOT_DUE: Self = Self {
        in_hand: "not_due",
        holds: "unknown",
    };
    pub const NO: Self = Self {
        in_hand: "no",
        holds: "no",
    };
}

/// Returns whether something could be handed over on a day.
pub(crate) fn in_hand(at: &At<'_>, answer: &str) -> Outcome {
    match answer {
        "scope" => Outcome::when(scope::current(at).is_some()),
        "policy" => Outcome::when(
            policy::current(at).is_some_and(|version| policy::established(at, version)),
        ),
        "owner" => Outcome::when(
            ["conformity", "reporting"]
                .iter()
                .all(|duty| owner::holder(at, duty).is_some_and(|holder| holder.is_person)),
        ),
        "risk_assessment" => Outcome::when(any_complete(at).is_some()),
        _ => review_in_hand(at),
    }
}

/// Returns the kinds that say whether something could be handed over.
pub(crate) fn touched_by(answer: &str) -> &'static [&'static str] {
    match answer {
        "scope" => &["scope"],
        "policy" => policy::READS,
        "owner" => owner::READS,
        "risk_assessment" => risk::READS,
        _ => rules::REVIEWED,
    }
}

/// Returns the newest assessment on record that is complete, or was until the acceptance ended that was
/// its decision.
pub fn any_complete<'a>(at: &At<'a>) -> Option<(Day, &'a Version)> {
    let mut all = newest_first(at).into_iter();
    all.find(|(on, version)| risk::was_completed(at, *on, version))
}

fn newest_first<'a>(at: &At<'a>) -> Vec<(Day, &'a Version)> {
    let records = at.records.of_kind("risk_assessment");
    let counting = records.filter_map(|record| risk::counting(at, record));
    let mut dated: Vec<(Day, &Version)> = counting
        .filter_map(|version| Some((crate::at::day(version.body(), "/assessed_on")?, version)))
        .filter(|(on, _)| at.reached(*on))
        .collect();
    dated.sort_by_key(|(on, version)| Reverse((*on, version.put.seq)));
    dated
}

fn review_in_hand(at: &At<'_>) -> Outcome {
    if at.declared_fact("/series/management_review").is_none() {
        return Outcome::fails();
    }
    let slots = review::slots_at(at);
    match review::newest_ended(&slots) {
        Some(slot) => Outcome::when(slot.state != review::SlotState::Empty),
        None if review::answering(at).is_some() => Outcome::holds(),
        None => Outcome::new(Says::NotDue),
    }
}

/// Whether the review that the answer is about would withstand an auditor.
pub(crate) fn review_holds(at: &At<'_>, catalogue: &Catalogue) -> Outcome {
    let Some(one) = review::answering(at) else {
        return Outcome::fails();
    };
    let complete = review::short_of(at, catalogue, one).is_none();
    Outcome::when(complete && attendance::top_management_took_part(at, one))
}

/// What each question says along time, by its name.
pub type Said<'a> = BTreeMap<&'a str, &'a Steps<Word>>;

/// Returns the questions that say whether an answer holds.
fn holding(answer: &Answer) -> Vec<&str> {
    if answer.id == "management_review" {
        vec![kept::REVIEW]
    } else {
        answer.holds.iter().map(String::as_str).collect()
    }
}

/// Returns the questions that the words of an answer come from.
pub(crate) fn asked(answer: &Answer) -> Vec<String> {
    let mut asked: Vec<String> = holding(answer).into_iter().map(str::to_owned).collect();
    asked.push(kept::in_hand(&answer.id));
    if answer.id == "risk_assessment" {
        asked.push("8.2".to_owned());
    }
    asked
}

/// Returns the words of an answer along time.
pub(crate) fn steps(answer: &Answer, said: &Said<'_>) -> Steps<Words> {
    let hand = kept::in_hand(&answer.id);
    let holds = holding(answer);
    let days: BTreeSet<Day> = asked(answer)
        .iter()
        .filter_map(|id| said.get(id.as_str()))
        .flat_map(|steps| steps.days())
        .collect();
    let says = |id: &str, day: Day| {
        said.get(id)
            .and_then(|steps| steps.on(day))
            .map_or(Says::Absent, |(_, word)| word.says)
    };
    let words = days.into_iter().map(|day| {
        let rules: Vec<(&str, Says)> = holds
            .iter()
            .filter(|id| said.contains_key(**id))
            .map(|id| (*id, says(id, day)))
            .collect();
        let due = answer.id != "risk_assessment" || says("8.2", day) != Says::Absent;
        (day, words(says(&hand, day), due, &rules))
    });
    Steps::new(words)
}

fn words(hand: Says, due: bool, rules: &[(&str, Says)]) -> Words {
    match hand {
        Says::NotDue => return Words::NOT_DUE,
        // What is on record of systems that are gone answers nothing that is due.
        _ if !due => return Words::NOT_DUE,
        Says::Holds => {}
        _ => return Words::NO,
    }
    // A lapsed attestation leaves it open whether the register is complete: unknown, not no.
    let fails = |(rule, says): &(&str, Says)| *says == Says::Fails && *rule != "4.3-c";
    let open = |(rule, says): &(&str, Says)| {
        *says == Says::Unknown || (*says == Says::Fails && *rule == "4.3-c")
    };
    let holds = if rules.iter().any(fails) {
        "no"
    } else if rules.iter().any(open) {
        "unknown"
    } else {
        "yes"
    };
    Words {
        in_hand: "yes",
        holds,
    }
}
