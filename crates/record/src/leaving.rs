//! Whoever has left what a record gives them holds it by no later version either, unless that gives
//! it to them again: from a day after their last.

use serde_json::Value;

use crate::event::Event;
use crate::fields::Day;
use crate::records::Version;

/// How versions say whom they name and from when, and that whoever they name leaves.
#[derive(Debug, Clone, Copy)]
pub struct Leaving {
    /// Pointers to whom a version names.
    pub names: &'static [&'static str],
    /// Its first day.
    pub first: &'static str,
    /// The move by which they leave.
    pub by: &'static str,
    /// Their last day, in the body of that move.
    pub last: &'static str,
}

/// That somebody leaves.
#[derive(Debug, Clone, Copy)]
pub struct Left<'a> {
    /// Their last day.
    pub last: Day,
    /// The entry that says so.
    pub event: &'a Event,
    /// The version that it acts on.
    pub version: &'a Version,
}

impl Leaving {
    /// Returns by which entry, of those on some versions of a record, whoever facts of it name
    /// leaves: the newest on a version that names the same. What ended before the first day of
    /// the facts is over, and they begin anew.
    pub fn told<'a>(
        &self,
        facts: &Value,
        versions: impl Iterator<Item = &'a Version>,
    ) -> Option<Left<'a>> {
        let names_same = |version: &Version| {
            let mut names = self.names.iter();
            names.all(|name| crate::at(version.body(), name) == crate::at(facts, name))
        };
        let first = crate::at(facts, self.first).and_then(Value::as_str);
        let first: Option<Day> = first.and_then(|day| day.parse().ok());
        let same = versions.filter(|version| names_same(version));
        let told = same.filter_map(|version| {
            // Told again of one version, the last day is put right.
            let event = &**version.newest_move(self.by)?;
            let last = event.day(self.last)?;
            Some(Left {
                last,
                event,
                version,
            })
        });
        told.filter(|left| first.is_none_or(|first| first <= left.last))
            .max_by_key(|left| left.event.seq)
    }
}
