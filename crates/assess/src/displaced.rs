//! What a lesser body takes from top management without meaning to: a version of it in the place of
//! one that top management set.

use record::{Approval, Records, Version};

use crate::at::At;
use crate::rules::{delegation, owner};

/// Returns the version that top management had set, whose place an approval by another takes: of
/// those kinds that the answers ask to be set by top management.
pub fn displaced<'r>(records: &'r Records, act: &Approval) -> Option<&'r Version> {
    let version = records.cited(act.of)?;
    let asked = match &*version.put.kind {
        "policy" | "scope" => true,
        "appointment" => owner::gives_duties(version),
        _ => false,
    };
    let day = act.takes_effect().max(version.put.facts.effective_on);
    let at = At::new(records, day, day, day);
    let lesser = act.counts && act.name == "approve" && !delegation::by_top_management(&at, act);
    if !asked || !lesser {
        return None;
    }
    // It may be asked before the act itself is among the records.
    let others = records.get(act.of.id)?.standing();
    let others = others.filter(|one| one.number() != act.of.version);
    let before = others
        .flat_map(Version::approved)
        .filter(|one| one.from <= day)
        .max_by_key(|one| (one.since, one.event.seq))?;
    let stood = before.last.is_none_or(|last| day <= last.next());
    (stood && delegation::by_top_management(&at, before.act)).then_some(before.version)
}
