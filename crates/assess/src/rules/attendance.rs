//! Who was there when a review was held.

use record::approve::{Quorum, Terms, count};
use record::{Day, Version, slots};
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
pub fn quorate_body(at: &At<'_>, meeting: &Version) -> Option<(Uuid, Day)> {
    let body = id(meeting.body(), "/body")?;
    let on = slots::sittings(meeting.body()).into_iter().next()?;
    quorate(at, meeting, body, on).then_some((body, on))
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
