//! Who was there when a review was held.

use record::approve::{Present, Quorum, Terms, count};
use record::{Day, Version, attendance, slots};
use serde_json::Value;
use uuid::Uuid;

use super::reviewed::quorate_parts;
use crate::at::{At, id, list};

/// Whether top management took part in a review, quorate, as its own terms define.
pub fn top_management_took_part(at: &At<'_>, review: &Version) -> bool {
    let mut parts = quorate_parts(at, review).iter();
    parts.any(|(body, on)| at.is_top(*body, *on))
}

/// Returns a body by whose terms top management took part, and the day on which they were
/// approved without a record of who was there. None where some other part will do.
pub fn terms_unattended(at: &At<'_>, review: &Version) -> Option<(Uuid, Day)> {
    let parts = quorate_parts(at, review).iter().copied();
    let terms = parts
        .filter(|(body, on)| at.is_top(*body, *on))
        .map(|(body, on)| Some((body, super::terms_unattended(at, body, on)?)));
    terms.collect::<Option<Vec<_>>>()?.into_iter().next()
}

/// Whether some part of a review was quorate by its body's terms.
pub fn was_quorate(at: &At<'_>, review: &Version) -> bool {
    !quorate_parts(at, review).is_empty()
}

/// Returns the body of a meeting, where it was quorate, and the day it first sat.
pub fn quorate_body(at: &At<'_>, review: &Version, meeting: &Version) -> Option<(Uuid, Day)> {
    let body = id(meeting.body(), "/body")?;
    let on = slots::sittings(meeting.body()).into_iter().next()?;
    quorate(at, (review, meeting), body, on).then_some((body, on))
}

/// At each item that the review is of, enough were there in some sitting of the meeting: a second
/// sitting may have taken up what the first could not. A record that does not say who was there
/// is marked, not refused.
fn quorate(at: &At<'_>, (review, meeting): (&Version, &Version), body: Uuid, on: Day) -> bool {
    if meeting.body().get("state").and_then(Value::as_str) == Some("inquorate") {
        return false;
    }
    if meeting
        .body()
        .get("present")
        .and_then(Value::as_array)
        .is_none()
    {
        return true;
    }
    let Some(terms) = at.records.get(body).and_then(|record| record.in_force(on)) else {
        return true;
    };
    let terms = Terms::of(terms.body());
    let enough = |there: Vec<Present>| count(&terms, &there, on) == Quorum::Quorate;
    // Those who came on different days never sat together.
    let mut sittings = 1..=slots::sittings(meeting.body()).len().max(1) as u64;
    let items = items_of(review, meeting);
    if items.is_empty() {
        return sittings.any(|sitting| {
            attendance::at_each_item(meeting.body(), sitting)
                .is_some_and(|each| each.into_iter().all(enough))
        });
    }
    items.into_iter().all(|item| {
        let there = |sitting| attendance::at_item(meeting.body(), &[sitting], item);
        sittings.clone().filter_map(there).any(enough)
    })
}

/// Returns the items of a meeting that a review is of, by their numbers: all of them where it
/// does not say. Empty where the meeting names none.
fn items_of<'a>(review: &'a Version, meeting: &'a Version) -> Vec<&'a str> {
    let all = attendance::items(meeting.body());
    let parts = list(review.body(), "/parts").iter();
    let named = parts
        .filter(|part| id(part, "/meeting/id") == Some(meeting.put.id))
        .map(|part| list(part, "/items"));
    if named.clone().any(<[Value]>::is_empty) {
        return all;
    }
    all.into_iter()
        .filter(|number| {
            named
                .clone()
                .flatten()
                .any(|item| item.as_str() == Some(number))
        })
        .collect()
}
