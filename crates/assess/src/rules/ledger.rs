//! 7.5: the ledger read back.

use catalogue::Rule;
use record::{Day, Event};
use serde_json::Value;

use super::Subject;
use crate::at::At;
use crate::outcome::{Outcome, Says};

fn sound(event: &Event) -> bool {
    event.fact("/result").and_then(Value::as_str) == Some("sound")
}

/// 7.5-b: every check on record found the ledger as it was recorded.
pub fn read_back(at: &At<'_>, _: &Rule, _: &Subject) -> Outcome {
    let mut checks = at
        .records
        .checks
        .iter()
        .filter(|event| at.reached(event.recorded_on))
        .peekable();
    if checks.peek().is_none() {
        return Outcome::new(Says::Unknown);
    }
    match checks.find(|event| !sound(event)) {
        None => Outcome::holds(),
        Some(event) => Outcome::fails()
            .with("record", "A record")
            .with("date", event.recorded_on),
    }
}

/// For how many months a gap that is over is still told.
const TOLD_MONTHS: i64 = 12;

/// 7.5-b.p: somebody looked as often as is customary. A gap says so while it lasts, and once it is
/// over, the newest of them for a year.
pub fn read_back_daily(at: &At<'_>, rule: &Rule, _: &Subject) -> Outcome {
    let checks = at.records.checks.iter().map(|event| event.recorded_on);
    let looked = at.records.ledger_start().into_iter().chain(checks);
    let looked: Vec<Day> = looked.filter(|day| at.reached(*day)).collect();
    let Some(last) = looked.last() else {
        return Outcome::new(Says::NotDue);
    };
    let custom = i64::from(rule.customary_days.unwrap_or(1));
    let missed = |last: Day| last.plus_days(custom).next();
    if at.reached(missed(*last)) {
        return Outcome::fails()
            .with("case", "since")
            .with("date", last.next());
    }
    let mut newest_first = looked.windows(2).rev();
    let gap = newest_first.find_map(|pair| match pair {
        [before, after] if missed(*before) < *after => Some((*before, *after)),
        _ => None,
    });
    match gap {
        Some((before, after)) if !at.reached(after.plus_months(TOLD_MONTHS).next()) => {
            let fails = Outcome::fails();
            fails.with("date", before).with("due", after)
        }
        _ => Outcome::holds(),
    }
}
