//! What a declared interval was changed over: something overdue by the one before, or made overdue
//! by the new one. And what had been missed before, whatever has come of it since.

use record::{Cite, Day};

use crate::at::{At, Declared};
use crate::five_told::n_of;
use crate::outcome::Outcome;
use crate::rules::scope::DUE;

/// What the changes of an interval did to something since it was last done.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Changes {
    /// What the last of them did that did anything.
    pub last: Option<Changed>,
    /// What was missed by the first interval of their own by which it was, when a longer one came.
    pub first: Option<Missed>,
}

/// What was missed before a longer interval came to apply, and mended nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Missed {
    /// The first day that goes by the longer one.
    pub on: Day,
    /// The day on which it had come to be due.
    pub due: Day,
    /// The first day on which it was overdue.
    pub since: Day,
}

/// A change of an interval since something was last done.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Changed {
    /// It was overdue by the interval of their own before, and is no longer.
    Mended(Change),
    /// It was not overdue, and is since.
    Broken(Change),
    /// It was overdue by the interval of their own before, and is by the new one too: the day on which
    /// it came to be due.
    Kept(Day),
}

/// When an interval was changed, and how.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Change {
    /// The first day that goes by the new one, when it came to be due and since when it was overdue: by
    /// the interval that it was overdue by, or since an earlier change that made it so.
    pub missed: Missed,
    /// The declaration that states the new one; none where that before was taken back.
    by: Option<Cite>,
}

/// A last day by an interval of their own, and the declaration that states it.
pub(crate) type OwnDue = (Day, Option<Cite>);

/// Returns what the changes of an interval mended or broke of something last done on a day, of those
/// up to the day asked about. An interval of nobody's but custom's breaks nobody's word.
pub(crate) fn changed(
    at: &At<'_>,
    last: Day,
    interval: impl Fn(&At<'_>) -> Option<Declared>,
) -> Changes {
    changed_due(at, last, |at| {
        let own = interval(at).filter(|one| one.own)?;
        Some((last.plus_months(own.n), own.by))
    })
}

/// Returns the same of something that is due by a day which is worked out otherwise.
pub(crate) fn changed_due(
    at: &At<'_>,
    last: Day,
    due: impl Fn(&At<'_>) -> Option<OwnDue>,
) -> Changes {
    let own = |on: Day| due(&at.on(on));
    let overdue = |on: Day, own: Option<OwnDue>| own.map(|(due, _)| due).filter(|due| *due < on);
    let changes = at.declaration_changes().iter().copied();
    let changes = changes.filter(|on| last < *on && at.reached(*on));
    let (mut found, mut broken, mut first) = (None, None, None);
    for on in changes {
        let (before, now) = (on.plus_days(-1), own(on));
        let by = now.and_then(|(_, by)| by);
        match (overdue(before, own(before)), overdue(on, now)) {
            (Some(due), None) => {
                let kept = match found {
                    Some(Changed::Kept(kept)) => due.min(kept),
                    _ => due,
                };
                let (due, since) = broken.map_or((kept, kept.next()), |on| (on, on));
                let missed = Missed { on, due, since };
                found = Some(Changed::Mended(Change { missed, by }));
                first = first.or(Some(missed));
                broken = None;
            }
            (None, Some(due)) if due.next() < on => {
                let since = on;
                let missed = Missed { on, due, since };
                found = Some(Changed::Broken(Change { missed, by }));
                broken = Some(on);
            }
            (Some(due), Some(_)) => {
                let kept = match found {
                    Some(Changed::Kept(kept)) => due.min(kept),
                    _ => due,
                };
                if broken.is_none() {
                    found = Some(Changed::Kept(kept));
                }
            }
            (None, _) => {
                broken = None;
                found = found.filter(|one| !matches!(one, Changed::Kept(_)));
            }
        }
    }
    Changes { last: found, first }
}

impl Missed {
    /// Returns for how long it was overdue, in words.
    pub(crate) fn over(&self) -> String {
        n_of(self.on.days_since(self.since), "day", "days")
    }

    /// Says of something overdue, or reserved for another miss, that this had been missed before.
    pub(crate) fn before(&self, told: Outcome) -> Outcome {
        let told = told.with("first", self.due);
        told.with("behind", self.over())
            .with("longer", self.on)
            .also_first("missed_before")
    }
}

/// Says of something overdue what had been missed before, where anything had.
pub(crate) fn with_first(told: Outcome, first: Option<Missed>) -> Outcome {
    match first {
        Some(missed) => missed.before(told),
        None => told,
    }
}

impl Change {
    /// Says that something was overdue when its interval was changed, and no longer is.
    pub(crate) fn mended(&self) -> Outcome {
        let case = match self.by {
            Some(_) => "stretched",
            None => "taken_back",
        };
        let told = Outcome::fails().with("due", self.missed.due);
        let told = told.with("over", self.missed.over());
        self.named(told)
            .with("case", case)
            .at_level(catalogue::Level::Reservation)
    }

    /// Says the same of something that holds up to a day, which is then `due`: the day that was missed
    /// is another.
    pub(crate) fn mended_until(&self, due: Option<Day>) -> Outcome {
        let mut told = self.mended().with("missed", self.missed.due);
        told.params.remove(DUE);
        match due {
            Some(due) => told.with(DUE, due),
            None => told,
        }
    }

    /// Returns the first day that goes by the new interval.
    pub(crate) fn on(&self) -> Day {
        self.missed.on
    }

    /// Says of something overdue that it is only since its interval was changed.
    pub(crate) fn broken(&self, overdue: Outcome) -> Outcome {
        self.named(overdue).with("case", "shortened")
    }

    fn named(&self, outcome: Outcome) -> Outcome {
        let outcome = outcome.with("on", self.missed.on);
        match self.by {
            Some(by) => outcome.with("declaration", by),
            None => outcome,
        }
    }
}
