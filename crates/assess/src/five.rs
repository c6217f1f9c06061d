//! The five answers: could you hand it over, and would it withstand an auditor?

use std::collections::{BTreeMap, BTreeSet};

use catalogue::{Answer, Catalogue};
use record::{Day, Version};

use crate::at::At;
use crate::outcome::{Outcome, Says, timeline};
use crate::rules::{owner, policy, review, risk, scope};
use crate::step::{Steps, Tally, tally};

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
fn in_hand(at: &At<'_>, answer: &str) -> Outcome {
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

/// Returns the newest complete assessment on record.
pub fn any_complete<'a>(at: &At<'a>) -> Option<(Day, &'a Version)> {
    at.records
        .of_kind("risk_assessment")
        .filter_map(|record| at.counting(record))
        .filter_map(|version| Some((crate::at::day(version.body(), "/assessed_on")?, version)))
        .filter(|(on, version)| at.reached(*on) && risk::lacks(at, *on, version).is_empty())
        .max_by_key(|(on, version)| (*on, version.put.seq))
}

fn review_in_hand(at: &At<'_>) -> Outcome {
    if at.declared_fact("/series/management_review").is_none() {
        return Outcome::fails();
    }
    let slots = review::slots_at(at);
    match review::newest_ended(&slots) {
        Some(slot) => Outcome::when(slot.state != review::SlotState::Empty),
        None if review::held(at)
            .iter()
            .any(|(_, one)| review::recorded_on(at, one).is_some()) =>
        {
            Outcome::holds()
        }
        None => Outcome::new(Says::NotDue),
    }
}

/// Whether the review that the answer is about would withstand an auditor.
fn review_holds(at: &At<'_>, catalogue: &Catalogue) -> Outcome {
    let Some(one) = review::answering(at) else {
        return Outcome::fails();
    };
    let rules = catalogue.rule("9.3-b").zip(catalogue.rule("9.3-c"));
    let complete =
        rules.is_some_and(|(inputs, results)| review::is_complete(at, inputs, results, one));
    Outcome::when(complete && review::top_management_took_part(at, one))
}

/// Returns the words of an answer along time, from the tallies of the rules.
pub fn steps(
    at: &At<'_>,
    catalogue: &Catalogue,
    answer: &Answer,
    tallies: &BTreeMap<String, Steps<Tally>>,
) -> Steps<Words> {
    let hand = timeline(at, |at| in_hand(at, &answer.id));
    let hand = tally([hand.as_slice()]);
    let review = (answer.id == "management_review").then(|| {
        let spans = timeline(at, |at| review_holds(at, catalogue));
        tally([spans.as_slice()])
    });
    let mut days: BTreeSet<Day> = hand.days().collect();
    days.extend(review.iter().flat_map(Steps::days));
    days.extend(
        answer
            .holds
            .iter()
            .filter_map(|rule| tallies.get(rule))
            .flat_map(Steps::days),
    );
    let says = |steps: &Steps<Tally>, day: Day| {
        steps
            .on(day)
            .map_or(Says::Absent, |(_, tally)| tally.says())
    };
    let words = days.into_iter().map(|day| {
        let rules: Vec<(&str, Says)> = match &review {
            Some(review) => vec![("9.3", says(review, day))],
            None => answer
                .holds
                .iter()
                .filter_map(|rule| Some((rule.as_str(), says(tallies.get(rule)?, day))))
                .collect(),
        };
        let due = answer.id != "risk_assessment"
            || tallies
                .get("8.2")
                .and_then(|steps| steps.on(day))
                .is_some_and(|(_, tally)| tally.of() > 0);
        (day, words(says(&hand, day), due, &rules))
    });
    Steps::new(words)
}

fn words(hand: Says, due: bool, rules: &[(&str, Says)]) -> Words {
    match hand {
        Says::NotDue => return Words::NOT_DUE,
        Says::Holds => {}
        _ if !due => return Words::NOT_DUE,
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
