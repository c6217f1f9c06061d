//! What a declared interval was changed over: something overdue by the one before, or made overdue
//! by the new one.

use record::{Cite, Day};

use crate::at::{At, Declared};
use crate::outcome::Outcome;

/// A change of an interval since something was last done.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Changed {
    /// It was overdue by the interval of their own before, and is no longer.
    Mended(Change),
    /// It was not overdue, and is since.
    Broken(Change),
}

/// When an interval was changed, and how.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Change {
    /// The first day that goes by the new one.
    on: Day,
    /// The declaration that states the new one; none where that before was taken back.
    by: Option<Cite>,
    /// The last day by the interval that it is or was overdue by.
    due: Day,
}

/// Returns the last change of an interval that mended or broke something last done on a day, of those
/// about the day asked about. An interval of nobody's but custom's breaks nobody's word.
pub(crate) fn changed(
    at: &At<'_>,
    last: Day,
    interval: impl Fn(&At<'_>) -> Option<Declared>,
) -> Option<Changed> {
    let own = |on: Day| interval(&at.on(on)).filter(|one| one.own);
    let overdue = |on: Day, own: Option<Declared>| {
        let due = last.plus_months(own?.n);
        (due < on).then_some(due)
    };
    let changes = at.declaration_changes().iter().copied();
    let mut changes = changes.filter(|on| last < *on && at.reached(*on)).rev();
    changes.find_map(|on| {
        let (before, now) = (on.plus_days(-1), own(on));
        let by = now.and_then(|now| now.by);
        let change = |due| Change { on, by, due };
        match (overdue(before, own(before)), overdue(on, now)) {
            (Some(due), None) => Some(Changed::Mended(change(due))),
            (None, Some(due)) if due.next() < on => Some(Changed::Broken(change(due))),
            _ => None,
        }
    })
}

impl Change {
    /// Says that something was overdue when its interval was changed, and no longer is.
    pub(crate) fn mended(&self) -> Outcome {
        let days = self.on.days_since(self.due) - 1;
        let days = match days {
            1 => "1 day".to_owned(),
            days => format!("{days} days"),
        };
        let case = match self.by {
            Some(_) => "stretched",
            None => "taken_back",
        };
        let told = Outcome::fails().with("due", self.due).with("over", days);
        self.named(told)
            .with("case", case)
            .at_level(catalogue::Level::Reservation)
    }

    /// Says of something overdue that it is only since its interval was changed.
    pub(crate) fn broken(&self, overdue: Outcome) -> Outcome {
        self.named(overdue).with("case", "shortened")
    }

    fn named(&self, outcome: Outcome) -> Outcome {
        let outcome = outcome.with("on", self.on);
        match self.by {
            Some(by) => outcome.with("declaration", by),
            None => outcome,
        }
    }
}
