//! Beside 8.2.o: a system that was put at no high impact any more when its assessment was overdue.

use catalogue::{Level, Rule};
use record::{Day, Version};

use super::{Subject, risk, stage, system};
use crate::at::At;
use crate::five_told::n_of;
use crate::outcome::Outcome;

/// Says of a system whose assessment, last made on a day, is not overdue by an interval of their own
/// that it was by the one for high impact, when a version of it no longer said that it is. The longer
/// interval mends nothing that was missed: it stands until the system is assessed anew.
pub(super) fn overdue(
    at: &At<'_>,
    (rule, subject): (&Rule, &Subject),
    last: Day,
) -> Option<Outcome> {
    let system = system::counting(at, subject)?;
    let put = at.changes(at.records.get(system.put.id)?);
    let counted = system::counted(at, system.put.id).into_iter();
    // One dated back to the day of the one before takes its place on every day.
    let mut lowered = counted.filter_map(|now| {
        let mut earlier = put
            .iter()
            .copied()
            .filter(|one| one.number() < now.number());
        let before = earlier.next_back()?;
        (risk::is_high(before) && !risk::is_high(now)).then_some((now, before))
    });
    lowered.find_map(|(now, before)| was_overdue(at, (rule, subject), (last, now, before)))
}

/// Says that an assessment was overdue by an interval of their own on the day before a version of its
/// system took effect or, dated back, was recorded, and was not by that version.
fn was_overdue(
    at: &At<'_>,
    (rule, subject): (&Rule, &Subject),
    (last, version, high): (Day, &Version, &Version),
) -> Option<Outcome> {
    let effective = version.put.facts.effective_on;
    let on = match at.records.brought_in(&version.put, effective) {
        true => effective,
        false => effective.max(version.put.recorded_on),
    };
    // Before it was recorded the system went by the version before.
    let own_due = |at: &At<'_>, is_put: bool| {
        let counting = stage::due(at, rule, subject)?;
        let by = match effective <= at.day && !is_put {
            true => high,
            false => counting,
        };
        let own = risk::interval(at, rule, by).filter(|one| one.own);
        Some(own.map(|own| last.plus_months(own.n)))
    };
    if on <= last || !at.reached(on) {
        return None;
    }
    let (before, now) = (at.on(on.plus_days(-1)), at.on(on));
    let due = own_due(&before, false)?.filter(|due| *due < before.day)?;
    let mended = own_due(&now, true)?.is_none_or(|due| on <= due);
    let since = system::so_since(&before, last, |at| {
        let due = own_due(at, false).flatten();
        due.is_some_and(|due| at.reached(due.next()))
    })?;
    // Overdue by a shorter interval only, it came to be due on the day that one applied.
    let due = if due.next() == since { due } else { since };
    let told = Outcome::fails()
        .with("case", "lowered")
        .with("version", format!("version {}", version.number()))
        .with("on", effective)
        .with("due", due)
        .with("over", n_of(on.days_since(since), "day", "days"))
        .at_level(Level::Reservation);
    mended.then(|| match effective < on {
        true => told.with("case", "lowered_back").with("recorded", on),
        false => told,
    })
}
