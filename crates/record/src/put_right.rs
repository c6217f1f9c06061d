//! Moves that put right what an earlier one told of the same version: the entries stay, and the
//! later one names the day that was wrong.

use serde_json::Value;

use crate::event::Event;
use crate::fields::Day;
use crate::records::{Records, Version};
use crate::refusal::Refusal;

/// Where a move gives the day that it was done.
const ON: &str = "/on";
/// Where a move names the day that an earlier one gave by mistake.
const CORRECTS: &str = "/corrects";

/// Holds a move that puts an earlier one right to there being one of that day.
///
/// # Errors
/// Refuses a day on which no move on the version was done.
pub fn corrects_earlier(_: &Records, version: &Version, facts: &Value) -> Result<(), Refusal> {
    let day = crate::at(facts, CORRECTS).and_then(Value::as_str);
    let Some(day) = day.and_then(|day| day.parse::<Day>().ok()) else {
        return Ok(());
    };
    if version.moves.iter().any(|event| event.day(ON) == Some(day)) {
        return Ok(());
    }
    let what = format!(
        "Nothing was recorded of this version on {}.",
        day.in_words()
    );
    Err(Refusal::new("corrects_nothing", what)
        .at(format!("/body{CORRECTS}"))
        .hint("Name the day as the earlier entry gives it; `minutebook record history ID` shows it. Leave it out where this happened besides."))
}

/// Returns the moves by a name that stand: those that no later one puts right, in order of
/// recording.
pub fn standing_moves<'v>(version: &'v Version, name: &'v str) -> impl Iterator<Item = &'v Event> {
    let told: Vec<&Event> = version.moved(name).map(|event| &**event).collect();
    let standing = |(place, event): (usize, &&'v Event)| {
        let on = event.day(ON);
        let mut later = told.iter().skip(place + 1);
        let corrected = on.is_some() && later.any(|later| later.day(CORRECTS) == on);
        (!corrected).then_some(*event)
    };
    let standing: Vec<&Event> = told.iter().enumerate().filter_map(standing).collect();
    standing.into_iter()
}
