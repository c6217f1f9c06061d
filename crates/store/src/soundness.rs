//! What verifiers ask, and a writer before its first entry: whether the database itself is whole and
//! holds nothing but ours.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::error::Result;
use crate::reader::Rows;
use crate::sqlite::soundness;

impl Rows<'_> {
    /// Returns what the database finds wrong with itself, its indexes included; empty when
    /// sound. Reads all of it.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn damage(&self) -> Result<Vec<String>> {
        let Self::Sqlite(rows) = self;
        soundness::damage(&rows.lock())
    }

    /// As [`damage`](Self::damage), for whoever may be told to stop meanwhile.
    ///
    /// # Errors
    ///
    /// A fault of the database, or that it was stopped.
    pub async fn damage_until(&self, stop: &Arc<AtomicBool>) -> Result<Vec<String>> {
        let Self::Sqlite(rows) = self;
        soundness::damage_until(&mut rows.lock(), stop)
    }

    /// Returns the tables, indexes and whatever else the database declares, each as its own
    /// text, in order.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn declared(&self) -> Result<Vec<String>> {
        let Self::Sqlite(rows) = self;
        soundness::declared(&rows.lock())
    }

    /// Returns the numbers of the logs that any kept row belongs to, in order.
    ///
    /// # Errors
    ///
    /// A fault of the database, a number that is none included.
    pub async fn logs(&self) -> Result<Vec<i64>> {
        let Self::Sqlite(rows) = self;
        soundness::logs(&rows.lock())
    }

    /// Returns every named text that is kept, in order of name.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn metas(&self) -> Result<Vec<(String, String)>> {
        let Self::Sqlite(rows) = self;
        soundness::metas(&rows.lock())
    }
}
