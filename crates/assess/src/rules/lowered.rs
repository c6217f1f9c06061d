//! Beside 8.2.o: a system that was put at no high impact any more when its assessment was overdue.

use catalogue::{Level, Rule};
use record::{Day, Version};

use super::stretched::Missed;
use super::system::So;
use super::{Subject, risk, stage, system};
use crate::at::At;
use crate::outcome::Outcome;

/// A version of a system that no longer said that it is of high impact, when its assessment was overdue.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lowered<'a> {
    version: &'a Version,
    /// What had been missed: the first day that goes by the longer interval is that on which the version
    /// took effect or, dated back, was recorded.
    pub missed: Missed,
}

/// What is asked of a system: its assessment, last made on a day.
struct Asked<'r> {
    rule: &'r Rule,
    subject: &'r Subject,
    last: Day,
}

/// Returns of a system, whose assessment was last made on a day, each version so far that no longer said
/// that it is of high impact when that was overdue by an interval of their own, the newest first. The
/// longer interval mends nothing that was missed: it stands until the system is assessed anew.
pub(super) fn overdue<'a>(
    at: &At<'a>,
    (rule, subject): (&Rule, &Subject),
    last: Day,
) -> Vec<Lowered<'a>> {
    let Some(system) = system::counting(at, subject).map(|system| system.put.id) else {
        return Vec::new();
    };
    let asked = Asked {
        rule,
        subject,
        last,
    };
    let all = at.once.lowered.get_or((system, last), || {
        let put = at.records.get(system).map(|record| at.changes(record));
        // One dated back to the day of the one before takes its place on every day.
        let pairs = put.iter().flat_map(|put| put.windows(2));
        let lowered = pairs.filter_map(|pair| match *pair {
            [before, now] if risk::is_high(before) && !risk::is_high(now) => {
                asked.was_overdue(at, (now, before))
            }
            _ => None,
        });
        lowered.collect()
    });
    if all.is_empty() {
        return Vec::new();
    }
    let counted = system::counted(at, system).into_iter();
    let lowered = counted.filter_map(|version| {
        let place = all.binary_search_by_key(&version.number(), |one| one.version.number());
        all.get(place.ok()?).copied()
    });
    let so_far = lowered.filter(|one| at.reached(one.missed.on));
    so_far.collect()
}

impl Asked<'_> {
    /// Returns a version of the system where the assessment was overdue by an interval of their own on the
    /// day before the version took effect or, dated back, was recorded, and was not by that version.
    fn was_overdue<'a>(
        &self,
        at: &At<'a>,
        (version, high): (&'a Version, &Version),
    ) -> Option<Lowered<'a>> {
        let effective = version.put.facts.effective_on;
        let on = match at.records.brought_in(&version.put, effective) {
            true => effective,
            false => effective.max(version.put.recorded_on),
        };
        if on <= self.last {
            return None;
        }
        // Before it was recorded the system went by the version before.
        let then = |at: &At<'_>| (effective <= at.day).then_some(high);
        let (before, now) = (at.on(on.plus_days(-1)), at.on(on));
        let due = self.own_due(&before, then(&before))?;
        let due = due.filter(|due| *due < before.day)?;
        let mended = self.own_due(&now, None)?.is_none_or(|due| on <= due);
        let by_counting = |day: Day| {
            let asked = (version.put.id, self.last, So::LastOverdueByOwn);
            system::so_since_once(&at.on(day), asked, |at| self.is_overdue(at, None))
        };
        let first = effective.max(self.last);
        let since = match before.day < first {
            true => by_counting(before.day),
            false => {
                let since = system::so_since(&before, first, |at| self.is_overdue(at, then(at)));
                let began = since.filter(|since| *since == first && self.last < first);
                let earlier = began.and_then(|first| by_counting(first.plus_days(-1)));
                earlier.or(since)
            }
        }?;
        // Overdue by a shorter interval only, it came to be due on the day that one applied.
        let due = if due.next() == since { due } else { since };
        let missed = Missed { on, due, since };
        mended.then_some(Lowered { version, missed })
    }

    /// Returns the last day of the assessment by an interval of their own, where there is one, of a system
    /// that is due: by the version of it that counts, unless it went by another.
    fn own_due(&self, at: &At<'_>, by: Option<&Version>) -> Option<Option<Day>> {
        let counting = stage::due(at, self.rule, self.subject)?;
        let own = risk::interval(at, self.rule, by.unwrap_or(counting)).filter(|one| one.own);
        Some(own.map(|own| self.last.plus_months(own.n)))
    }

    fn is_overdue(&self, at: &At<'_>, by: Option<&Version>) -> bool {
        let due = self.own_due(at, by).flatten();
        due.is_some_and(|due| at.reached(due.next()))
    }
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
