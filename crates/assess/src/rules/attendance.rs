//! Who was there when a review was held.

use record::approve::{Present, Quorum, Seat, Terms, count};
use record::{Day, Version, attendance, slots};
use serde_json::Value;
use uuid::Uuid;

use super::review::meetings;
use crate::at::{At, day, id, list};

/// Whether top management took part in a review, quorate, as its own terms define.
pub fn top_management_took_part(at: &At<'_>, review: &Version) -> bool {
    meetings(at, review).iter().any(|meeting| {
        let Some(body) = id(meeting.body(), "/body") else {
            return false;
        };
        slots::sittings(meeting.body())
            .first()
            .is_some_and(|on| at.is_top(body, *on) && quorate(at, (review, meeting), body, *on))
    })
}

/// Whether some part of a review was quorate by its body's terms.
pub fn was_quorate(at: &At<'_>, review: &Version) -> bool {
    meetings(at, review).iter().any(|meeting| {
        let on = slots::sittings(meeting.body()).into_iter().next();
        id(meeting.body(), "/body")
            .zip(on)
            .is_some_and(|(body, on)| quorate(at, (review, meeting), body, on))
    })
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
    let text = terms.body();
    let terms = Terms {
        quorum: text
            .get("quorum")
            .and_then(Value::as_u64)
            .and_then(|n| usize::try_from(n).ok())
            .unwrap_or(1),
        seats: list(text, "/seats")
            .iter()
            .filter_map(|seat| {
                Some(Seat {
                    person: id(seat, "/person")?,
                    from: day(seat, "/from"),
                    until: day(seat, "/until"),
                })
            })
            .collect(),
        deputies_count: text.get("deputies_count") == Some(&Value::Bool(true)),
        ..Terms::default()
    };
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
