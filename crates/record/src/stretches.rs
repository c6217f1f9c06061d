//! The stretches of days for which a version was approved, where a meeting at which somebody
//! decided so was recorded otherwise since.

use std::sync::Arc;

use crate::approve::Approval;
use crate::event::Event;
use crate::fields::Day;
use crate::records::{Approved, Version, event_day};

/// What was done to a version, as it stood until a meeting was recorded otherwise.
#[derive(Debug, Clone)]
pub struct Corrected {
    /// The approval as it was, and the entry that is it.
    pub was: (Approval, Arc<Event>),
    /// The entry that records the meeting otherwise.
    pub by: Arc<Event>,
}

/// Days on end; without a first since ever, without a last for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Days {
    pub first: Option<Day>,
    pub last: Option<Day>,
}

/// Returns the days between others, and those after them, which are in order.
pub(crate) fn between(days: &[Days]) -> impl Iterator<Item = Days> {
    let next = |index: usize| days.get(index + 1).and_then(|next| next.first);
    days.iter().enumerate().filter_map(move |(index, one)| {
        Some(Days {
            first: Some(one.last?.next()),
            last: next(index).map(|first| first.plus_days(-1)),
        })
    })
}

impl Version {
    /// Returns the days of recording on which an act on it counted, in order.
    pub(crate) fn counted_on(&self, act: &Approval) -> Vec<Days> {
        let mut first = None;
        let mut found = Vec::new();
        for one in self.corrected.iter().filter(|one| one.was.0.is_again(act)) {
            let corrected_on = one.by.recorded_on;
            if one.was.0.counts {
                let last = Some(corrected_on.plus_days(-1));
                found.push(Days { first, last });
            }
            first = Some(corrected_on);
        }
        if act.counts {
            found.push(Days { first, last: None });
        }
        found.retain(|days| {
            days.first
                .zip(days.last)
                .is_none_or(|(one, other)| one <= other)
        });
        found
    }

    /// Returns the days on which an approval of it had been ended: what ended it counts until the
    /// day before it is recorded otherwise, and again from the day on which it is put right. What
    /// was decided last stands: an end decided before it was approved again ends nothing.
    pub(crate) fn ended_on(
        &self,
        (act, event): &(Approval, Arc<Event>),
        from: impl Fn(Day, &Event) -> Day,
    ) -> Vec<Days> {
        let approved = (act.decided_on, event.seq);
        let ends = self.acts.iter().filter(|(end, _)| end.name == "end");
        let later = ends.filter(|(end, at)| (end.decided_on, at.seq) >= approved);
        let mut found = Vec::new();
        for (end, at) in later {
            let last = event_day(end, at, "/last_day").unwrap_or_else(|| end.takes_effect());
            let over = from(last, at).next();
            let counted = self.counted_on(end).into_iter();
            found.extend(counted.map(|days| Days {
                first: Some(days.first.map_or(over, |first| first.max(over))),
                last: days.last,
            }));
        }
        found
    }

    /// Returns the approval that counts, or the last that did before its meeting was recorded
    /// otherwise.
    pub fn approval_or_last(&self) -> Option<&(Approval, Arc<Event>)> {
        self.approval().or_else(|| {
            let mut lost = self.corrected.iter().rev().map(|one| &one.was);
            lost.find(|(act, _)| act.counts && act.name == "approve")
        })
    }
}

impl<'a> Approved<'a> {
    /// Returns what is left of it without the days on which it did not count, in order.
    pub(crate) fn without(self, mut days: Vec<Days>) -> Vec<Self> {
        days.sort_by_key(|one| one.first);
        let until = self.last;
        let mut left = Vec::new();
        let mut from = Some(self.from);
        for one in days {
            let (Some(start), Some(first)) = (from, one.first) else {
                continue;
            };
            if one.last.is_some_and(|last| last < first || last < start) {
                continue;
            }
            // Of one that was ended before its first day, that is known.
            if start < first || left.is_empty() {
                left.push((start, Some(first.plus_days(-1))));
            }
            from = one.last.map(Day::next);
        }
        left.extend(from.map(|from| (from, None)));
        let left = left.into_iter().map(|(from, last)| Self {
            from,
            last: last.into_iter().chain(until).min(),
            ..self
        });
        left.collect()
    }
}
