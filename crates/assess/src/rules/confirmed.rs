//! Which minutes are confirmed: at a later meeting that stands as held, with a quorum.

use record::put_right::standing_moves;
use record::{Cite, Day, Event, Version, attendance, slots};
use serde_json::Value;
use uuid::Uuid;

use super::attendance::had_quorum;
use super::reviewed;
use crate::at::{At, id};

/// A meeting that is about to be recorded otherwise, and the version that will speak for it, if any.
pub(crate) type Otherwise<'a> = (Uuid, Option<&'a Version>);

/// Whether minutes were confirmed once the body met again. A meeting that sat more than once has
/// one set of them, which is whole with its last sitting.
pub(super) fn confirmed(at: &At<'_>, meeting: &Version) -> bool {
    let last = slots::sittings(meeting.body()).into_iter().max();
    let confirmed = confirmation(at, meeting).is_some();
    let body = id(meeting.body(), "/body");
    let met_again = reviewed::met(at)
        .iter()
        .filter(|other| other.body == body && other.meeting != meeting.put.id)
        .any(|other| last.is_some_and(|last| other.on > last) && at.reached(other.on));
    confirmed || !met_again
}

/// Whether the minutes of a meeting are confirmed about the day as its newest version has them.
/// Whatever an earlier version said, it is not what was confirmed.
pub fn is_confirmed(at: &At<'_>, newest: &Version) -> bool {
    let confirmed = confirmation(at, newest);
    confirmed.is_some_and(|(version, ..)| version.number() == newest.number())
}

/// Returns the last version of a meeting's minutes that is confirmed about the day, with the
/// entry that confirms it and the day on which that was done.
pub fn confirmation<'a>(at: &At<'a>, meeting: &Version) -> Option<(&'a Version, &'a Event, Day)> {
    let record = at.records.get(meeting.put.id)?;
    record.standing().rev().find_map(|version| {
        let mut told = standing_moves(version, "confirm").filter_map(|event| {
            let on = event.day("/on").filter(|on| at.reached(*on))?;
            Some((version, event, on))
        });
        told.find(|(_, event, _)| counts(at, version, event, None))
    })
}

/// Whether what confirms a version of minutes counts. The newest version of the meeting that confirms
/// speaks for it, as it does for what was resolved there: of the same body still, held after the
/// minutes, and with a quorum at the item, or where none is named at each.
pub(crate) fn counts(
    at: &At<'_>,
    minutes: &Version,
    confirm: &Event,
    otherwise: Option<Otherwise<'_>>,
) -> bool {
    let Some((cited, on)) = cited(confirm).zip(confirm.day("/on")) else {
        return false;
    };
    let newest = || at.records.get(cited.id)?.standing().next_back();
    let by = match otherwise {
        Some((of, version)) if of == cited.id => version,
        _ => newest(),
    };
    let body = |version: &Version| attendance::body(version.body());
    let was_of = at.records.cited(cited).and_then(body);
    let Some(by) = by.filter(|by| body(by) == was_of) else {
        return false;
    };
    let item = confirm.fact("/item").and_then(Value::as_str);
    let sat = attendance::confirming(minutes.body(), by.body(), on);
    let mut sat = sat.into_iter();
    sat.any(|sitting| had_quorum(at, by, sitting, item))
}

/// Returns the version of a meeting that an entry says confirms minutes.
pub(crate) fn cited(confirm: &Event) -> Option<Cite> {
    serde_json::from_value(confirm.fact("/by")?.clone()).ok()
}
