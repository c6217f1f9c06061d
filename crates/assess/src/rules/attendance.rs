//! Who was there when a review was held.

use record::approve::{Quorum, Terms, count};
use record::{Day, Version, slots};
use serde_json::Value;
use uuid::Uuid;

use super::review::meetings;
use crate::at::{At, id, list};

/// Whether top management took part in a review, quorate, as its own terms define.
pub fn top_management_took_part(at: &At<'_>, review: &Version) -> bool {
    quorate_parts(at, review).any(|(body, on)| at.is_top(body, on))
}

/// Returns a body by whose terms top management took part, and the day on which they were
/// approved without a record of who was there. None where some other part will do.
pub fn terms_unattended(at: &At<'_>, review: &Version) -> Option<(Uuid, Day)> {
    let parts = quorate_parts(at, review).filter(|(body, on)| at.is_top(*body, *on));
    let terms = parts.map(|(body, on)| Some((body, super::terms_unattended(at, body, on)?)));
    terms.collect::<Option<Vec<_>>>()?.into_iter().next()
}

/// Whether some part of a review was quorate by its body's terms.
pub fn was_quorate(at: &At<'_>, review: &Version) -> bool {
    quorate_parts(at, review).next().is_some()
}

/// Returns the bodies whose meetings a review is of, where they were quorate, each with the day
/// it first sat.
fn quorate_parts(at: &At<'_>, review: &Version) -> impl Iterator<Item = (Uuid, Day)> {
    let parts = meetings(at, review).into_iter().filter_map(|meeting| {
        let body = id(meeting.body(), "/body")?;
        let on = slots::sittings(meeting.body()).into_iter().next()?;
        Some((meeting, body, on))
    });
    parts
        .filter(|(meeting, body, on)| quorate(at, meeting, *body, *on))
        .map(|(_, body, on)| (body, on))
}

/// Counted from those who were there at some item of one sitting; a record that does not say
/// is marked, not refused.
fn quorate(at: &At<'_>, meeting: &Version, body: Uuid, on: Day) -> bool {
    if meeting.body().get("state").and_then(Value::as_str) == Some("inquorate") {
        return false;
    }
    let Some(present) = meeting.body().get("present").and_then(Value::as_array) else {
        return true;
    };
    let Some(terms) = at.records.get(body).and_then(|record| record.in_force(on)) else {
        return true;
    };
    let terms = Terms::of(terms.body());
    // Those who came on different days never sat together.
    let sat = slots::sittings(meeting.body()).len().max(1);
    (1..=sat).any(|sitting| {
        let at = |one: &Value| {
            let sittings = list(one, "/sittings");
            let mut numbers = sittings.iter().filter_map(Value::as_u64);
            sittings.is_empty() || numbers.any(|one| usize::try_from(one) == Ok(sitting))
        };
        let present: Vec<_> = present
            .iter()
            .filter(|one| one.get("role").and_then(Value::as_str) != Some("in_attendance"))
            .filter(|one| at(one))
            .filter_map(|one| {
                Some(record::approve::Present {
                    person: id(one, "/person")?,
                    deputy_for: id(one, "/deputy_for"),
                })
            })
            .collect();
        count(&terms, &present, on) != Quorum::Inquorate
    })
}
