//! Which meeting may confirm minutes, and what is noted where it confirms older ones.

use record::spec::Note;
use record::{Day, Event, Records, Refusal, Version, attendance, slots};
use serde_json::Value;
use uuid::Uuid;

use super::{text, within};

/// Minutes are confirmed by a later meeting that was held, of the same body: of another only once
/// that body has ended, as a successor's.
pub(super) fn held_to_meeting(
    records: &Records,
    minutes: &Version,
    confirm: &Value,
) -> Result<(), Refusal> {
    let refused = |(code, at): (&str, &str), what: &str, hint: &str| {
        Err(Refusal::new(code, what).at(at).hint(hint))
    };
    let by = confirm.get("by").cloned().unwrap_or_default();
    let by = serde_json::from_value(by).ok();
    let on = text(confirm, "on").and_then(|on| on.parse().ok());
    let (Some(by), Some(on)) = (by.and_then(|by| records.cited(by)), on) else {
        return Ok(());
    };
    let Some(last) = slots::sittings(minutes.body()).into_iter().max() else {
        let what = "This meeting has not sat: there are no minutes to confirm.";
        return refused(
            ("not_held", "/version"),
            what,
            "Record first the days it sat.",
        );
    };
    let held = matches!(text(by.body(), "state"), Some("held" | "adjourned"));
    if !held || by.withdrawn.is_some() {
        let what = "The meeting that confirms was not held, by the version cited.";
        let hint = "Cite the version of it that says it was held, and with a quorum.";
        return refused(("not_held", "/body/by"), what, hint);
    }
    let body = text(minutes.body(), "body");
    if text(by.body(), "body") != body && !has_ended(records, body, on) {
        let what = "The meeting that confirms is of another body.";
        let hint =
            "Cite a later meeting of the same body; a successor's, only once that has ended.";
        return refused(("other_body", "/body/by"), what, hint);
    }
    let sat = slots::sittings(by.body()).into_iter();
    match sat.filter(|sat| *sat > last).min() {
        Some(sat) if sat <= on => {
            let sat = attendance::confirming(minutes.body(), by.body(), on);
            held_to_item(by.body(), &sat, confirm).and_then(|()| held_to_chair(by.body(), confirm))
        }
        Some(sat) => {
            let what = "The meeting that confirms had not sat by that day.";
            let hint = format!("It sat on {}.", sat.in_words());
            refused(("not_later", "/body/on"), what, &hint)
        }
        None => {
            let what = "The meeting that confirms is not later than these minutes.";
            let hint = format!("Cite one that sat after {}.", last.in_words());
            refused(("not_later", "/body/by"), what, &hint)
        }
    }
}

/// They were confirmed at an item that it took then, where it lists any.
fn held_to_item(by: &Value, sat: &[u64], confirm: &Value) -> Result<(), Refusal> {
    let (Some(item), listed) = (text(confirm, "item"), attendance::items(by)) else {
        return Ok(());
    };
    let taken = attendance::items_at(by, sat);
    if listed.is_empty() || taken.contains(&item) {
        return Ok(());
    }
    let (what, hint) = if listed.contains(&item) {
        let what = format!(
            "The meeting that confirms took its item {item} at another sitting: not after these minutes, or not by that day."
        );
        (
            what,
            "Name the item at which these minutes were confirmed.".to_owned(),
        )
    } else {
        let there = within::in_words(&listed);
        let hint = format!("It has {there}: name the one at which these minutes were confirmed.");
        (
            format!("The meeting that confirms has no item {item}."),
            hint,
        )
    };
    Err(Refusal::new("no_such_item", what)
        .at("/body/item")
        .hint(hint))
}

/// Whoever presided was there, where the record says who was.
fn held_to_chair(by: &Value, confirm: &Value) -> Result<(), Refusal> {
    let presiding: Option<Uuid> = text(confirm, "presiding").and_then(|id| id.parse().ok());
    let says = by.get("present").is_some_and(Value::is_array);
    let Some(person) = presiding.filter(|_| says) else {
        return Ok(());
    };
    if attendance::there(by).iter().any(|one| one.person == person) {
        return Ok(());
    }
    let what = "Whoever presided is not among those who were at the meeting that confirms.";
    Err(Refusal::new("not_there", what)
        .at("/body/presiding")
        .hint("Name who presided of those in its `present`, or first record that meeting again with them."))
}

/// Minutes are noted that are confirmed in another version than the newest: what is confirmed is
/// not what the record says now.
pub(super) fn of_older(event: &Event, minutes: &Version, records: &Records) -> Option<Note> {
    let newest = records.get(event.id)?.standing().next_back()?;
    let stands = minutes.withdrawn.is_none() && minutes.number() < newest.number();
    // What was put after the confirmation was not there to be confirmed.
    let confirms = &*event.name == "confirm" && newest.put.seq < event.seq;
    (stands && confirms).then(|| Note {
        code: "not_newest",
        message: format!(
            "This confirms version {} of the minutes; version {} is on record, and stays unconfirmed.",
            minutes.number(),
            newest.number()
        ),
        hint: "If the newest version was before the meeting, make the move `confirm` on that.".to_owned(),
    })
}

/// Whether a body was over by a day.
fn has_ended(records: &Records, body: Option<&str>, on: Day) -> bool {
    let record = body.and_then(|id| records.get(id.parse().ok()?));
    let newest = record.and_then(|record| record.standing().next_back());
    newest
        .and_then(Version::last_day)
        .is_some_and(|last| last < on)
}
