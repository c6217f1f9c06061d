//! What comes into force beside another record of its kind, of those kinds of which the answers ask
//! for one.

use record::{Approval, Records, Version};

use crate::at::At;

/// A version in force when another record of its kind is approved.
#[derive(Debug, Clone, Copy)]
pub struct Beside<'r> {
    /// The version: of several, that which took effect last.
    pub version: &'r Version,
    /// Which of the two the answers go by, in a sentence.
    pub counts: &'static str,
}

/// Returns what is in force beside what an approval brings into force, on the day from which that
/// counts.
pub fn in_force_beside<'r>(records: &'r Records, act: &Approval) -> Option<Beside<'r>> {
    let version = records.cited(act.of)?;
    let counts = match &*version.put.kind {
        "policy" => "There should be one: while two are in force, no policy is in hand.",
        "scope" | "risk_criteria" => {
            "There should be one: the answers go by the one that took effect last."
        }
        "declaration" => {
            "Both count: of what both declare, the one that took effect last; of anything else, the one that declares it."
        }
        _ => return None,
    };
    if !act.counts || act.name != "approve" {
        return None;
    }
    let day = act.takes_effect().max(version.put.facts.effective_on);
    let at = At::new(records, day, day, day);
    let all = at.all_in_force(&version.put.kind).into_iter();
    // What ends on that day hands over.
    let goes_on = |one: &&Version| at.approved(one).is_none_or(|one| one.last != Some(day));
    let mut others = all.filter(|one| one.put.id != act.of.id).filter(goes_on);
    others.next_back().map(|version| Beside { version, counts })
}
