//! 9.3-d: the actions of a review, and what the next one says of them.

use std::collections::BTreeSet;

use catalogue::Rule;
use record::{Day, Record, Version};
use serde_json::Value;
use uuid::Uuid;

use super::Subject;
use super::review::{self, Held, one_of_slot, resolutions};
use crate::at::{At, id, list};
use crate::outcome::{Outcome, Says};

/// 9.3-d: every action of the review before, agreed there or carried on as open, appears with its
/// status, in the review of the next slot or in one between that claims none; and so does every action
/// of such a one.
pub fn told(at: &At<'_>, _: &Rule, subject: &Subject) -> Outcome {
    match one_of_slot(at, subject) {
        Some(held) => followed(at, &held),
        None => Outcome::new(Says::Absent),
    }
}

/// Says whether a review, however old, tells of every action of those before it, as far back as that of
/// the slot before.
fn followed(at: &At<'_>, held: &Held<'_>) -> Outcome {
    let before = before(at, held);
    if before.is_empty() {
        return Outcome::new(Says::NotDue);
    }
    // What one of them dealt with is dealt with.
    let lost = before.iter().enumerate().find_map(|(place, (on, review))| {
        let later = before[place + 1..].iter().map(|(_, review)| *review);
        let told: Vec<Uuid> = later.chain([held.review]).flat_map(tells_of).collect();
        let agreed = agreed(at, review);
        let all = agreed.iter().copied().chain(carried(at, review));
        let lost = all.into_iter().find(|action| !told.contains(action))?;
        Some((*on, lost, agreed.contains(&lost)))
    });
    let Some((on, action, is_agreed)) = lost else {
        return Outcome::holds();
    };
    let fails = Outcome::fails().with("action", action).with("date", on);
    match is_agreed {
        true => fails,
        false => fails.with("case", "open"),
    }
}

/// Says the same of the review that an answer is about.
pub(super) fn followed_here(at: &At<'_>, held: &Held<'_>) -> Outcome {
    let outcome = followed(at, held);
    let case = match outcome.case() {
        "open" => "open_here",
        _ => "here",
    };
    outcome.with("case", case)
}

/// Returns the reviews before one, with their days, from that of the slot before on.
fn before<'a>(at: &At<'a>, held: &Held<'_>) -> Vec<(Day, &'a Version)> {
    let place =
        |id: Uuid, all: &[(Day, &Version)]| all.iter().position(|(_, one)| one.put.id == id);
    let mut all = review::held(at);
    let last = place(held.review.put.id, &all).unwrap_or(all.len());
    all.truncate(last);
    let first = held.before.and_then(|before| place(before.put.id, &all));
    all.split_off(first.unwrap_or(0))
}

/// Returns the actions of earlier reviews that a review tells of.
fn tells_of(review: &Version) -> impl Iterator<Item = Uuid> {
    let told = list(review.body(), "/earlier_actions").iter();
    told.filter_map(|earlier| id(earlier, "/action"))
}

/// Returns the actions of earlier reviews that one lists as still open, and that were not entered in
/// error: each is followed until it is done or dropped.
fn carried(at: &At<'_>, review: &Version) -> impl Iterator<Item = Uuid> {
    let earlier = list(review.body(), "/earlier_actions").iter();
    let open = earlier.filter(|one| one.get("status").and_then(Value::as_str) == Some("open"));
    let open = open.filter_map(|one| id(one, "/action"));
    open.filter(|action| stands(at, *action))
}

/// Returns whether an action was not entered in error.
fn stands(at: &At<'_>, action: Uuid) -> bool {
    let record = at.records.get(action);
    record.is_none_or(|record| record.standing().next().is_some())
}

/// Returns the actions of a review that stand: those it lists, and those that come from its
/// meetings, or parts of meetings, or from a resolution there. One that was entered in error is
/// out of them.
fn agreed(at: &At<'_>, review: &Version) -> Vec<Uuid> {
    let listed = list(review.body(), "/actions").iter();
    let listed = listed.filter_map(|action| action.as_str()?.parse().ok());
    let resolved = resolutions(at, review).into_iter().flat_map(|resolution| {
        let actions = at.records.citing(resolution.put.id, "action");
        let from = resolution.put.id;
        newest_once(actions).filter(move |action| id(action.body(), "/from/id") == Some(from))
    });
    let came = come_from(at, review, ("action", "/from/id"));
    let came = came.into_iter().chain(resolved).map(|one| one.put.id);
    let listed = listed.filter(|action| stands(at, *action));
    listed.chain(came).collect()
}

/// Returns the records of a kind that come from the meetings, or parts of meetings, that a review
/// is, in order of recording: by the meeting that they name at a pointer, and the item.
pub fn come_from<'a>(
    at: &At<'a>,
    review: &Version,
    (kind, meeting): (&'a str, &str),
) -> Vec<&'a Version> {
    let parts = list(review.body(), "/parts");
    let is_of = |one: &&Version| {
        let (from, item) = (id(one.body(), meeting), one.body().get("item"));
        parts.iter().any(|part| {
            let items = list(part, "/items");
            let of_item = items.is_empty() || item.is_some_and(|item| items.contains(item));
            from.is_some() && from == id(part, "/meeting/id") && of_item
        })
    };
    let meetings: BTreeSet<Uuid> = parts
        .iter()
        .filter_map(|part| id(part, "/meeting/id"))
        .collect();
    let records = meetings
        .into_iter()
        .flat_map(|meeting| at.records.citing(meeting, kind));
    let mut found: Vec<&Version> = newest_once(records).filter(is_of).collect();
    found.sort_by_key(|one| one.put.seq);
    found
}

/// Returns the newest standing versions of records, each record once.
fn newest_once<'a>(records: impl Iterator<Item = &'a Record>) -> impl Iterator<Item = &'a Version> {
    let mut seen = BTreeSet::new();
    let records = records.filter(move |record| seen.insert(record.id));
    records.filter_map(|record| record.standing().next_back())
}
