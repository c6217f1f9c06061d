//! What was rescinded with a last day before something was done by it.

use record::records::event_day;
use record::{Day, Record};

/// Returns when a record was rescinded, on a day or later, with a last day before that one; and that
/// last day.
pub(super) fn back(record: &Record, on: Day) -> impl Iterator<Item = (Day, Day)> {
    let ends = record.standing().flat_map(|version| version.counted("end"));
    ends.filter_map(move |(act, event)| {
        let last = event_day(act, event, "/last_day")?;
        (last < on && on <= act.decided_on).then_some((act.decided_on, last))
    })
}
