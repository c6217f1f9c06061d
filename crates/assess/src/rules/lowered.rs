//! Beside 8.2.o: a system that was put at no high impact any more when its assessment was overdue.

use catalogue::{Level, Rule};
use record::{Day, Version};

use super::stretched::Missed;
use super::{Subject, risk, stage, system};
use crate::at::At;
use crate::outcome::Outcome;

/// A version of a system that no longer said that it is of high impact, when its assessment was overdue.
pub(super) struct Lowered<'a> {
    version: &'a Version,
    /// What had been missed: the first day that goes by the longer interval is that on which the version
    /// took effect or, dated back, was recorded.
    pub missed: Missed,
}

/// Returns of a system, whose assessment was last made on a day, each version that no longer said that it
/// is of high impact when that was overdue by an interval of their own, the newest first. The longer
/// interval mends nothing that was missed: it stands until the system is assessed anew.
pub(super) fn overdue<'a>(
    at: &At<'a>,
    (rule, subject): (&Rule, &Subject),
    last: Day,
) -> Vec<Lowered<'a>> {
    let system = system::counting(at, subject).map(|system| system.put.id);
    let found = system.and_then(|system| Some((system, at.records.get(system)?)));
    let Some((system, record)) = found else {
        return Vec::new();
    };
    let put = at.changes(record);
    let counted = system::counted(at, system).into_iter();
    // One dated back to the day of the one before takes its place on every day.
    let lowered = counted.filter_map(|now| {
        let mut earlier = put
            .iter()
            .copied()
            .filter(|one| one.number() < now.number());
        let before = earlier.next_back()?;
        (risk::is_high(before) && !risk::is_high(now)).then_some((now, before))
    });
    lowered
        .filter_map(|(now, before)| was_overdue(at, (rule, subject), (last, now, before)))
        .collect()
}

/// Returns a version of a system where its assessment was overdue by an interval of their own on the day
/// before the version took effect or, dated back, was recorded, and was not by that version.
fn was_overdue<'a>(
    at: &At<'a>,
    (rule, subject): (&Rule, &Subject),
    (last, version, high): (Day, &'a Version, &'a Version),
) -> Option<Lowered<'a>> {
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
    let missed = Missed { on, due, since };
    mended.then_some(Lowered { version, missed })
}

impl Lowered<'_> {
    /// Says of a system whose assessment is not overdue by an interval of their own that it was.
    pub(super) fn told(&self) -> Outcome {
        let effective = self.version.put.facts.effective_on;
        let told = Outcome::fails()
            .with("case", "lowered")
            .with("version", format!("version {}", self.version.number()))
            .with("on", effective)
            .with("due", self.missed.due)
            .with("over", self.missed.over())
            .at_level(Level::Reservation);
        match effective < self.missed.on {
            true => told
                .with("case", "lowered_back")
                .with("recorded", self.missed.on),
            false => told,
        }
    }
}
