//! What governs, read whole whenever a ledger is opened: on all processors, as it may be much.

use std::panic::resume_unwind;
use std::thread;

use record::Event;
use store::{Rows, WithGroup};

use crate::dates::Zone;
use crate::error::Result;
use crate::reading::read;

/// The fewest entries for which another thread is worth its start.
const EACH_MIN: usize = 64;

/// Returns the entries that govern, in order.
///
/// # Errors
/// A fault of the database, or one that is not as it was recorded.
pub(crate) async fn governing(rows: Rows<'_>, zone: &Zone) -> Result<Vec<Event>> {
    let found = rows.governing().await?;
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let each = found.len().div_ceil(workers).max(EACH_MIN);
    let mut parts = found.chunks(each);
    let own = parts.next().unwrap_or_default();
    let events = thread::scope(|scope| {
        let others: Vec<_> = parts
            .map(|part| scope.spawn(|| read_each(part, zone)))
            .collect();
        let own = read_each(own, zone);
        let ends = others.into_iter().map(thread::ScopedJoinHandle::join);
        let others = ends.map(|end| end.unwrap_or_else(|panic| resume_unwind(panic)));
        let parts: Result<Vec<_>> = [own].into_iter().chain(others).collect();
        parts
    });
    Ok(events?.into_iter().flatten().collect())
}

fn read_each(found: &[WithGroup], zone: &Zone) -> Result<Vec<Event>> {
    found.iter().map(|one| read(one, zone)).collect()
}
