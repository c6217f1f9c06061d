//! What keeps a resolution from adopting a version, whoever passed it and however many were there.

use crate::fields::{Cite, Day};
use crate::records::{Record, Records, Version};
use crate::slots;
use crate::spec::Registry;

/// Says why nobody could decide so on a version on a day, if that is so.
pub(crate) fn kept_from(
    records: &Records,
    registry: &Registry,
    (of, name): (Cite, &str),
    on: Day,
) -> Option<&'static str> {
    let version = records.cited(of)?;
    let over = || version.last_day().is_some_and(|last| last < on);
    if version.withdrawn.is_some() {
        Some("withdrawn")
    } else if !was_there(records, registry, version, on) {
        Some("before_version")
    } else if name == "keep" && over() {
        Some("ended")
    } else {
        None
    }
}

/// Returns whether there was a version to decide on by a day: by the day it claims, or because it
/// was recorded in time for that day. What claims an earlier day than it was recorded in time for
/// is taken at its word and marked late, or is brought in.
fn was_there(records: &Records, registry: &Registry, version: &Version, on: Day) -> bool {
    let put = &version.put;
    let tolerance = || {
        let kinds = registry.iter().filter(|kind| kind.authority.declares);
        let standing = kinds
            .flat_map(|kind| records.of_kind(kind.name))
            .flat_map(Record::standing);
        slots::recording_days(slots::counting(records, standing), |day| day <= on)
    };
    put.facts.effective_on <= on || put.recorded_on <= on.plus_days(tolerance())
}
