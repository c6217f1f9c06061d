//! Entries with one of their groups, in order: what rules are asked of.

use std::ops::Range;

use crate::error::Result;
use crate::reader::Rows;
use crate::sqlite::facts;

/// An entry with one group of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithGroup {
    /// Its place in the log, from 0.
    pub seq: u64,
    /// Its bytes, verbatim.
    pub entry: Vec<u8>,
    /// The group's bytes; `None` where erased or absent.
    pub group: Option<Vec<u8>>,
}

impl Rows<'_> {
    /// Calls for each entry of a range in order, with its group of that name. Memory stays flat.
    ///
    /// # Errors
    ///
    /// A fault of the database, or the one that `take` returns.
    pub async fn with_group<E: From<crate::StoreError>>(
        &self,
        log: u32,
        range: Range<u64>,
        name: &str,
        mut take: impl FnMut(WithGroup) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let Self::Sqlite(rows) = self;
        let mut from = range.start;
        loop {
            let chunk = facts::chunk(&rows.lock(), log, from..range.end, name)?;
            let Some(last) = chunk.last() else {
                return Ok(());
            };
            from = last.seq + 1;
            chunk.into_iter().try_for_each(&mut take)?;
        }
    }

    /// Returns the entries of one record with their group of that name, in order.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn of_record(&self, log: u32, id: uuid::Uuid, name: &str) -> Result<Vec<WithGroup>> {
        let Self::Sqlite(rows) = self;
        facts::of_record(&rows.lock(), log, id, name)
    }

    /// Returns the entries that govern in order, each with its facts, as they are kept together.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn governing(&self) -> Result<Vec<WithGroup>> {
        let Self::Sqlite(rows) = self;
        facts::governing(&rows.lock())
    }

    /// Returns the entries of every record of a kind with their group of that name, in order.
    ///
    /// # Errors
    ///
    /// A fault of the database.
    pub async fn of_kind(&self, log: u32, kind: &str, name: &str) -> Result<Vec<WithGroup>> {
        let Self::Sqlite(rows) = self;
        facts::of_kind(&rows.lock(), log, kind, name)
    }
}
