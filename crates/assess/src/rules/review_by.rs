//! The day by which a record itself says that it is to be looked at again.

use record::records::{Approved, event_day};
use record::{Approval, Day, Record, Version};

use super::looks;
use crate::at::{At, day};

/// Returns the day that a version in force names, if any: the last of those who approved or kept it and
/// named one, or else the version itself. `None` where it is not in force.
///
/// One that lies before its approval took effect is passed over where it was that of an earlier
/// approval, which this one answers; as is one that was named before it was out of force. One that
/// nobody approved before names a day that had passed already when it began, and is held to it.
pub(crate) fn named(at: &At<'_>, version: &Version) -> Option<Option<Day>> {
    let from = at.approved(version)?.from;
    let record = at.records.get(version.put.id)?;
    let answered = |act: &Approval| {
        let mut earlier = earlier(record, from);
        act.takes_effect() < from && earlier.any(|one| one.version.number() == version.number())
    };
    let approved = at.unbroken(version)?.act;
    let begun = approved.takes_effect();
    let was_in_force = |on: Day| {
        let version_then = record.in_force(on);
        version_then.is_some_and(|one| one.number() == version.number())
    };
    let mut looks: Vec<_> = looks(at, version)
        .filter(|(act, _)| {
            let on = act.takes_effect();
            // Kept once it was adopted and before its first day, it is so from that day on.
            begun <= on || approved.decided_on <= act.decided_on && !was_in_force(on)
        })
        .collect();
    looks.sort_by_key(|(act, event)| {
        let from = act.takes_effect().max(begun);
        (from, act.decided_on, event.seq)
    });
    let own = review_by(version).filter(|due| from <= *due || !was_answered(record, *due, from));
    Some(looks.into_iter().fold(own, |named, (act, event)| {
        let next = event_day(act, event, "/next_review");
        next.filter(|due| from <= *due || !answered(act)).or(named)
    }))
}

/// Returns the day by which a version says that it is to be looked at again, where that is before the
/// day on which it begins or would begin to be in force, and no earlier approval names that day.
pub fn passed(record: &Record, version: &Version, from: Day) -> Option<Day> {
    review_by(version).filter(|due| *due < from && !was_answered(record, *due, from))
}

fn review_by(version: &Version) -> Option<Day> {
    day(version.body(), "/review_by")
}

/// Returns whether a day was that of a version approved earlier: what begins now is the look that it
/// asked for.
fn was_answered(record: &Record, due: Day, from: Day) -> bool {
    earlier(record, from).any(|one| review_by(one.version) == Some(due))
}

fn earlier(record: &Record, from: Day) -> impl Iterator<Item = Approved<'_>> {
    let approved = record.standing().flat_map(Version::approved);
    approved.filter(move |one| one.was_ever() && one.from < from)
}
