//! Step functions over days: counts of what a rule says of its subjects, and words made of them.

use std::collections::BTreeMap;

use record::Day;

use crate::outcome::{Says, Span};

/// A value for every day from its first entry on; neighbours differ.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Steps<T> {
    steps: Vec<(Day, T)>,
}

impl<T: Clone + PartialEq> Steps<T> {
    /// Returns steps from values in order of day.
    pub fn new(values: impl IntoIterator<Item = (Day, T)>) -> Self {
        let mut steps: Vec<(Day, T)> = Vec::new();
        for (day, value) in values {
            if steps.last().is_none_or(|(_, last)| *last != value) {
                steps.push((day, value));
            }
        }
        Self { steps }
    }

    /// Returns the value on a day and the first day of its unbroken stretch.
    pub fn on(&self, day: Day) -> Option<(Day, &T)> {
        let index = self
            .steps
            .partition_point(|(from, _)| *from <= day)
            .checked_sub(1)?;
        self.steps.get(index).map(|(from, value)| (*from, value))
    }

    /// Returns the value on a day, and the first day of the unbroken stretch in which what
    /// `look` reads of it is the same.
    pub fn since<K: PartialEq>(&self, day: Day, look: impl Fn(&T) -> K) -> Option<(Day, &T)> {
        let index = self
            .steps
            .partition_point(|(from, _)| *from <= day)
            .checked_sub(1)?;
        let key = look(&self.steps[index].1);
        let mut from = self.steps[index].0;
        for (day, value) in self.steps[..index].iter().rev() {
            if look(value) != key {
                break;
            }
            from = *day;
        }
        Some((from, &self.steps[index].1))
    }

    /// Returns the steps.
    pub fn iter(&self) -> impl Iterator<Item = &(Day, T)> {
        self.steps.iter()
    }

    /// Returns the days on which the value changes.
    pub fn days(&self) -> impl Iterator<Item = Day> + '_ {
        self.steps.iter().map(|(day, _)| *day)
    }
}

/// How many subjects a rule says what of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// It fails for.
    pub fails: i64,
    /// It fails for, at a level that changes no verdict.
    pub remarks: i64,
    /// It is open for.
    pub unknown: i64,
    /// It holds for.
    pub holds: i64,
    /// Nothing is due for.
    pub not_due: i64,
}

impl Tally {
    /// Returns the number of subjects.
    pub fn of(&self) -> i64 {
        self.fails + self.remarks + self.unknown + self.holds + self.not_due
    }

    /// Returns what the rule says of them together.
    pub fn says(&self) -> Says {
        match self {
            tally if tally.fails > 0 => Says::Fails,
            tally if tally.unknown > 0 => Says::Unknown,
            tally if tally.remarks > 0 => Says::Remark,
            tally if tally.holds > 0 => Says::Holds,
            tally if tally.not_due > 0 => Says::NotDue,
            _ => Says::Absent,
        }
    }

    fn count(&mut self, says: Says, by: i64) {
        match says {
            Says::Fails => self.fails += by,
            Says::Remark => self.remarks += by,
            Says::Unknown => self.unknown += by,
            Says::Holds => self.holds += by,
            Says::NotDue => self.not_due += by,
            Says::Absent => {}
        }
    }
}

/// Returns the tally of many timelines, by day.
pub fn tally<'a>(timelines: impl IntoIterator<Item = &'a [Span]>) -> Steps<Tally> {
    let mut changes: BTreeMap<Day, Tally> = BTreeMap::new();
    for spans in timelines {
        let mut before = Says::Absent;
        for span in spans {
            let change = changes.entry(span.from).or_default();
            change.count(before, -1);
            change.count(span.outcome.says, 1);
            before = span.outcome.says;
        }
    }
    let mut now = Tally::default();
    Steps::new(changes.into_iter().map(|(day, change)| {
        now.fails += change.fails;
        now.remarks += change.remarks;
        now.unknown += change.unknown;
        now.holds += change.holds;
        now.not_due += change.not_due;
        (day, now)
    }))
}
