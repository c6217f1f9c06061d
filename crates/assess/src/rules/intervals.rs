//! 4.4.p: how long the intervals are that the organisation declared.

use catalogue::Rule;

use super::{Subject, reviewed};
use crate::at::{At, day};
use crate::outcome::{Outcome, Says};
use crate::sentence::Param;

const POLICY: &str = "policy";
const HIGH_IMPACT: &str = "risk_assessment";
const REVIEW: &str = "management_review";

/// What an interval was declared for is named by.
const THING: &str = "thing";

/// What intervals are declared for, each named as the answer that it belongs to.
pub const THINGS: [&str; 3] = [POLICY, HIGH_IMPACT, REVIEW];

/// Returns what an interval is for, in words.
pub fn in_words(thing: &str) -> &'static str {
    match thing {
        POLICY => "the policy",
        HIGH_IMPACT => "assessments of high impact",
        _ => "the management review",
    }
}

/// Returns what the interval of an outcome was declared for, in words that stand alone.
pub fn about(outcome: &Outcome) -> Option<&str> {
    match outcome.params.get(THING) {
        Some(Param::Word(thing)) => Some(thing.trim_end_matches(',')),
        _ => None,
    }
}

/// Returns the requirements whose interval it is.
pub fn requirements(thing: &str) -> &'static [&'static str] {
    match thing {
        POLICY => &["5.2"],
        HIGH_IMPACT => &["8.2", "8.4"],
        _ => &["9.3.1"],
    }
}

/// 4.4.p: an interval that is declared is no longer than customary, and begins after no longer.
pub fn within_a_year(at: &At<'_>, rule: &Rule, subject: &Subject) -> Outcome {
    let Subject::Interval(thing) = subject else {
        return Outcome::new(Says::Absent);
    };
    let custom = i64::from(rule.customary_months.unwrap_or(12));
    let declared = |pointer| at.declared(pointer, None).map(|one| one.n);
    let told: Vec<(&str, i64)> = match *thing {
        POLICY => {
            let months = declared("/intervals/policy_months");
            months.map(|n| (in_words(POLICY), n)).into_iter().collect()
        }
        // Where none is declared for assessments of high impact, the usual interval governs them.
        HIGH_IMPACT => {
            let own = declared("/intervals/risk_assessment_high_impact_months");
            let usual = || {
                let months = declared("/intervals/risk_assessment_months")?;
                Some(("assessments, those of high impact among them,", months))
            };
            let own = own.map(|n| (in_words(HIGH_IMPACT), n));
            own.or_else(usual).into_iter().collect()
        }
        _ => {
            let months = declared("/series/management_review/months");
            let months = months.map(|n| (in_words(REVIEW), n));
            months.into_iter().chain(first_review(at, custom)).collect()
        }
    };
    if told.is_empty() {
        return Outcome::new(Says::NotDue);
    }
    match told.into_iter().find(|(_, months)| *months > custom) {
        None => Outcome::holds(),
        Some((thing, months)) => Outcome::fails().with(THING, thing).with("n", months),
    }
}

/// Returns in how many months from its declaration, or from the AIMS's start where that is later,
/// the first slot of a series ends that begins later than is customary: until then nothing is due.
fn first_review(at: &At<'_>, custom: i64) -> Option<(&'static str, i64)> {
    let declared = at.declaration("/series/management_review")?;
    let from = declared.from.max(at.start);
    let first = day(
        declared.version.body(),
        "/series/management_review/first_day",
    )?;
    let mut slots = reviewed::series(at).iter().flatten();
    if first <= from.plus_months(custom) || slots.any(|one| one.slot.first_day < first) {
        return None;
    }
    let months = at.declared("/series/management_review/months", None)?.n;
    let last = first.plus_months(months).plus_days(-1);
    let months = (custom..).find(|n| from.plus_months(*n) > last)?;
    Some(("the first management review", months))
}
