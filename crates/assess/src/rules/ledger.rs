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

/// 7.5-b.p: somebody looked as often as is customary.
pub fn read_back_daily(at: &At<'_>, rule: &Rule, _: &Subject) -> Outcome {
    let days = at.records.checks.iter().map(|event| event.recorded_on);
    let last: Option<Day> = days.filter(|day| at.reached(*day)).max();
    let Some(last) = last.or(at.records.ledger_start()) else {
        return Outcome::new(Says::NotDue);
    };
    if !at.reached(last) {
        return Outcome::new(Says::NotDue);
    }
    let custom = i64::from(rule.customary_days.unwrap_or(1));
    if !at.reached(last.plus_days(custom).next()) {
        return Outcome::holds();
    }
    Outcome::fails()
        .with("case", "since")
        .with("date", last.next())
}
