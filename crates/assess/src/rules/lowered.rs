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
    let counted = system::counted(at, system.put.id);
    let newest_first = counted.iter().zip(counted.iter().skip(1));
    let mut lowered =
        newest_first.filter(|(now, before)| risk::is_high(before) && !risk::is_high(now));
    lowered.find_map(|(now, _)| was_overdue(at, (rule, subject), (last, now)))
}

/// Says that an assessment was overdue by an interval of their own on the day before a version of its
/// system took effect, and was not by that version.
fn was_overdue(
    at: &At<'_>,
    (rule, subject): (&Rule, &Subject),
    (last, version): (Day, &Version),
) -> Option<Outcome> {
    let on = version.put.facts.effective_on;
    let (before, now) = (at.on(on.plus_days(-1)), at.on(on));
    let own_due = |at: &At<'_>| {
        let system = stage::due(at, rule, subject)?;
        let own = risk::interval(at, rule, system).filter(|one| one.own);
        Some(own.map(|own| last.plus_months(own.n)))
    };
    let due = own_due(&before)?.filter(|due| *due < before.day)?;
    let mended = own_due(&now)?.is_none_or(|due| on <= due);
    let since = risk::overdue_since(&before, (rule, subject), (last, true))?;
    // Overdue by a shorter interval only, it came to be due on the day that one applied.
    let due = if due.next() == since { due } else { since };
    (last < on && mended).then(|| {
        Outcome::fails()
            .with("case", "lowered")
            .with("version", format!("version {}", version.number()))
            .with("on", on)
            .with("due", due)
            .with("over", n_of(on.days_since(since), "day", "days"))
            .at_level(Level::Reservation)
    })
}
