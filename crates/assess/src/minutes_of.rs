//! What is recorded of a meeting and leaves minutes unconfirmed.

use record::approve::WITHDRAW;
use record::put_right::standing_moves;
use record::{Act, Cite, Event, Record, Records, Version};

use crate::at::At;
use crate::rules::confirmed::{Otherwise, cited, counts};

/// The kind of records that are meetings, and hold their minutes.
const MEETING: &str = "meeting";

/// Returns the meeting by which a move confirms minutes, where that, by the records before it, counts
/// for nothing: as it stands it was not held with a quorum.
pub fn confirms_no_minutes(records: &Records, event: &Event) -> Option<Cite> {
    let confirms = &*event.kind == MEETING && &*event.name == "confirm";
    let (id, version) = (event.id, event.version);
    let minutes = records.cited(Cite { id, version }).filter(|_| confirms)?;
    let by = cited(event)?;
    (!counts(&about(records, event), minutes, event, None)).then_some(by)
}

/// Returns the minutes that a meeting confirmed, by the records before an entry, and that nothing
/// confirms once it is recorded otherwise, or withdrawn, by that; and whether anything of it stands.
pub fn confirms_no_more(records: &Records, event: &Event) -> (Vec<Cite>, bool) {
    let none = (Vec::new(), true);
    let record = records.get(event.id).filter(|_| &*event.kind == MEETING);
    let Some(record) = record else {
        return none;
    };
    let put = Version::of(event.clone());
    let speaks = match event.act {
        Act::Put => Some(&put),
        Act::Move if &*event.name == WITHDRAW => {
            let mut left = record.standing();
            left.rfind(|version| version.number() != event.version)
        }
        _ => return none,
    };
    let at = about(records, event);
    let minutes = records.of_kind(MEETING).flat_map(Record::standing);
    let lost = minutes.filter(|minutes| {
        let told = || standing_moves(minutes, "confirm");
        let by_it = |confirm: &Event| cited(confirm).is_some_and(|by| by.id == event.id);
        let counted = |otherwise: Option<Otherwise<'_>>| {
            told().any(|confirm| counts(&at, minutes, confirm, otherwise))
        };
        told().any(by_it) && counted(None) && !counted(Some((event.id, speaks)))
    });
    (lost.map(Version::cite).collect(), speaks.is_some())
}

fn about<'a>(records: &'a Records, event: &Event) -> At<'a> {
    let day = event.recorded_on;
    At::new(records, day, day, day)
}
