//! Step functions over days: counts of what a rule says of its subjects, and words made of them.

use std::collections::BTreeMap;

use record::Day;

use crate::outcome::Says;

/// A value for every day from its first entry on; neighbours differ.
#[derive(Debug, Clone, PartialEq)]
pub struct Steps<T> {
    steps: Vec<(Day, T)>,
}

impl<T> Default for Steps<T> {
    fn default() -> Self {
        Self { steps: Vec::new() }
    }
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

/// What a rule says of all its subjects together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// The word.
    pub says: Says,
    /// Whether it fails for some at a level that changes no verdict.
    pub remarks: bool,
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

    /// Returns what the rule says of them together, remarks apart.
    pub fn word(&self) -> Word {
        Word {
            says: self.says(),
            remarks: self.remarks > 0,
        }
    }

    /// Returns the number of subjects with a word.
    pub fn number(&self, says: Says) -> i64 {
        match says {
            Says::Fails => self.fails,
            Says::Remark => self.remarks,
            Says::Unknown => self.unknown,
            Says::Holds => self.holds,
            Says::NotDue => self.not_due,
            Says::Absent => 0,
        }
    }

    /// Adds to the count of a word.
    pub fn count(&mut self, says: Says, by: i64) {
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

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.fails += other.fails;
        self.remarks += other.remarks;
        self.unknown += other.unknown;
        self.holds += other.holds;
        self.not_due += other.not_due;
    }
}

/// How the tally of a rule changes from day to day, as timelines are put in and taken out.
#[derive(Debug, Clone, Default)]
pub struct Tallies {
    changes: BTreeMap<Day, Tally>,
}

impl Tallies {
    /// Counts `by` subjects that have this word from a day until another, or for ever.
    pub fn count(&mut self, (from, until): (Day, Option<Day>), says: Says, by: i64) {
        for (day, by) in [(Some(from), by), (until, -by)] {
            let Some(day) = day else { continue };
            let change = self.changes.entry(day).or_default();
            change.count(says, by);
            if *change == Tally::default() {
                self.changes.remove(&day);
            }
        }
    }

    /// Counts what another has counted.
    pub fn join(&mut self, other: &Self) {
        for (day, change) in &other.changes {
            let here = self.changes.entry(*day).or_default();
            *here += *change;
            if *here == Tally::default() {
                self.changes.remove(day);
            }
        }
    }

    /// Returns the tally on a day.
    pub fn on(&self, day: Day) -> Tally {
        let mut now = Tally::default();
        self.changes
            .range(..=day)
            .for_each(|(_, change)| now += *change);
        now
    }

    /// Returns what the rule says of its subjects together, by day.
    pub fn words(&self) -> Steps<Word> {
        let mut now = Tally::default();
        Steps::new(self.changes.iter().map(|(day, change)| {
            now += *change;
            (*day, now.word())
        }))
    }
}
