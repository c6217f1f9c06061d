//! Holds dates to their rules: what happened is not in the future, and what is older than the
//! ledger is brought in.

use serde_json::Value;

use crate::command::BroughtIn;
use crate::decide::Context;
use crate::fields::Day;
use crate::refusal::Refusal;

/// The dates of a Command.
pub(crate) struct Dates<'a> {
    pub effective_on: Option<Day>,
    pub brought_in: Option<&'a BroughtIn>,
    pub happened: &'static [&'static str],
    pub to_come: &'static [(&'static str, &'static str)],
    pub happens: &'static [&'static str],
    pub later_effect: bool,
}

/// What to do where the day of something that happened is still to come.
const WAIT: &str = "Record it when it has happened.";

/// An act that happened is not in the future; what is older than the ledger is brought in.
pub(crate) fn held_to_time(
    context: &Context<'_>,
    facts: &Value,
    dates: &Dates<'_>,
    effective_on: Day,
) -> Result<(), Refusal> {
    let start = context.records.ledger_start().unwrap_or(context.today);
    let mut is_older = false;
    let mut older = |day: Day, field: String| {
        is_older |= day < start;
        match day < start && dates.brought_in.is_none() {
            true => Err(before_ledger(day, start).at(field)),
            false => Ok(()),
        }
    };
    if dates.effective_on.is_some() {
        if effective_on > context.today && !dates.later_effect {
            let hint = "Leave it out, or name the day on which it was done.";
            return Err(in_future(context, effective_on)
                .at("/effective_on")
                .hint(hint));
        }
        older(effective_on, "/effective_on".to_owned())?;
    }
    for pointer in dates.happened {
        for (field, day) in days_at(facts, pointer) {
            let field = format!("/body{field}");
            if day > context.today {
                let mut instead = dates.to_come.iter().filter(|(of, _)| of == pointer);
                let hint = instead.next().map_or(WAIT, |(_, hint)| *hint);
                return Err(in_future(context, day).at(field).hint(hint));
            }
            older(day, field)?;
        }
    }
    let mut happens = dates.happens.iter().flat_map(|one| days_at(facts, one));
    is_older |= happens.any(|(_, day)| day < start);
    if dates.brought_in.is_some() && !is_older {
        return Err(Refusal::new(
            "not_older",
            format!(
                "Nothing here is dated before this ledger began, on {}; only what is older is brought in.",
                start.in_words()
            ),
        )
        .at("/brought_in")
        .hint("Leave `brought_in` out; if it is older, say of what day it is in `effective_on`."));
    }
    Ok(())
}

/// Holds days that may still come, once it is known that they can be meant, to the same: what is
/// older than the ledger is brought in.
pub(crate) fn held_to_ledger(
    context: &Context<'_>,
    facts: &Value,
    dates: &Dates<'_>,
) -> Result<(), Refusal> {
    let start = context.records.ledger_start().unwrap_or(context.today);
    let mut days = dates.happens.iter().flat_map(|one| days_at(facts, one));
    match days.find(|(_, day)| *day < start && dates.brought_in.is_none()) {
        Some((field, day)) => Err(before_ledger(day, start).at(format!("/body{field}"))),
        None => Ok(()),
    }
}

fn before_ledger(day: Day, start: Day) -> Refusal {
    Refusal::new(
        "before_ledger",
        format!(
            "{} is before this ledger began, on {}.",
            day.in_words(),
            start.in_words()
        ),
    )
    .hint("Say where it comes from, with `--brought-in-from TEXT --brought-in-file HASH` of `record put` and `record move`, or in a Command beside `body`: `\"brought_in\": {\"from\": \"…\", \"file\": \"HASH\"}`; `file add` prints the hash.")
}

fn in_future(context: &Context<'_>, day: Day) -> Refusal {
    Refusal::new(
        "in_future",
        format!(
            "{} has not come yet; what happened cannot be dated after today, {}.",
            day.in_words(),
            context.today.in_words()
        ),
    )
}

/// Returns the days at a pointer into a body's facts, each with where it stands; `*` stands for
/// every element of a list.
pub fn days_at(facts: &Value, pointer: &str) -> Vec<(String, Day)> {
    places(facts, pointer)
        .into_iter()
        .filter_map(|(path, value)| Some((path, value.as_str()?.parse().ok()?)))
        .collect()
}

/// Returns what stands at a pointer, and where; `*` stands for every element of a list.
pub(crate) fn places<'a>(facts: &'a Value, pointer: &str) -> Vec<(String, &'a Value)> {
    let mut places = vec![(String::new(), facts)];
    for step in pointer.split('/').skip(1) {
        places = places
            .into_iter()
            .flat_map(|(path, value)| -> Vec<(String, &Value)> {
                match (step, value) {
                    ("*", Value::Array(values)) => values
                        .iter()
                        .enumerate()
                        .map(|(i, value)| (format!("{path}/{i}"), value))
                        .collect(),
                    (_, Value::Object(values)) => values
                        .get(step)
                        .map(|value| (format!("{path}/{step}"), value))
                        .into_iter()
                        .collect(),
                    _ => Vec::new(),
                }
            })
            .collect();
    }
    places
}
