//! What rules say along time, as it is kept and looked up.

use crate::error::Result;
use crate::reader::Rows;
use crate::rows::{NewVerdicts, Stretch, TallyChange, TwiceDated};
use crate::sqlite::verdicts;
use crate::writer::Batch;

/// When something is known of a day: of the first two the first subjects are found without
/// looking at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownBy {
    /// Last.
    Now,
    /// On that day itself.
    Then,
    /// On a day.
    Day(i64),
}

impl Batch<'_> {
    /// Replaces what is known of a subject from a day on; what was known before that day stays
    /// known for it. Returns what was known until now.
    ///
    /// # Errors
    ///
    /// A fault of the database; two stretches of a subject cannot begin together.
    pub async fn set_verdicts(&mut self, new: &NewVerdicts<'_>) -> Result<Vec<Stretch>> {
        let Self::Sqlite(batch) = self;
        verdicts::set(&batch.lock(), new)
    }

    /// Adds to what is kept of how the number of a rule's subjects with one word changes on a day.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn change_tally(&mut self, change: &TallyChange) -> Result<()> {
        let Self::Sqlite(batch) = self;
        verdicts::change_tally(&batch.lock(), change)
    }
}

impl Rows<'_> {
    /// Returns how the number of each rule's subjects with each word changes from day to day, in
    /// order of rule and of day.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn tally(&self) -> Result<Vec<TallyChange>> {
        let Self::Sqlite(rows) = self;
        verdicts::tally(&rows.lock())
    }

    /// Counts for each rule how many subjects have what word about a day, known on a day, where
    /// no sums are kept: about another day than that, and known on another than the last.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn verdict_counts(&self, about: i64, known: i64) -> Result<Vec<(String, u8, i64)>> {
        let Self::Sqlite(rows) = self;
        verdicts::counts(&rows.lock(), about, known)
    }

    /// Returns the first subjects of a rule that have a word about a day, as known by then.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn first_verdicts(
        &self,
        rule: (&str, u8),
        (about, known): (i64, KnownBy),
        limit: u32,
    ) -> Result<Vec<(Vec<u8>, Stretch)>> {
        let Self::Sqlite(rows) = self;
        let rows = rows.lock();
        match known {
            KnownBy::Now => verdicts::first_now(&rows, rule, about, limit),
            KnownBy::Then => verdicts::first_then(&rows, rule, about, limit),
            KnownBy::Day(day) => verdicts::first(&rows, rule, (about, day), limit),
        }
    }

    /// Returns the subjects of which a rule says something on some day, as known now.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn verdict_subjects(&self, rule: &str) -> Result<Vec<Vec<u8>>> {
        let Self::Sqlite(rows) = self;
        verdicts::subjects(&rows.lock(), rule)
    }

    /// Returns everything kept of the rules whose name lies between two, in order of rule and
    /// of day.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn verdicts_of(&self, rules: (&str, &str)) -> Result<Vec<TwiceDated>> {
        let Self::Sqlite(rows) = self;
        verdicts::of_rules(&rows.lock(), rules)
    }
}
