//! What comes into force beside another record of its kind, of those kinds of which the answers ask
//! for one.

use record::{Approval, Day, Records, Version};

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
    let (version, counts) = asked(records, act)?;
    let day = first_day(act, version);
    let at = At::new(records, day, day, day);
    let all = at.all_in_force(&version.put.kind).into_iter();
    // What ends on that day hands over.
    let goes_on = |one: &&Version| at.approved(one).is_none_or(|one| one.last != Some(day));
    let mut others = all.filter(|one| one.put.id != act.of.id).filter(goes_on);
    others.next_back().map(|version| Beside { version, counts })
}

/// Returns the same of what an entry approves together with it: that need not be among the records.
pub fn approved_beside<'r>(
    records: &'r Records,
    act: &Approval,
    acts: &[Approval],
) -> Option<Beside<'r>> {
    let (version, counts) = asked(records, act)?;
    let day = first_day(act, version);
    let others = acts.iter().filter(|one| one.of.id != act.of.id);
    let others = others.filter_map(|one| {
        let (other, _) = asked(records, one)?;
        let first = first_day(one, other);
        let goes_on = first <= day && one.until().is_none_or(|last| day < last);
        (goes_on && other.put.kind == version.put.kind).then_some((first, other))
    });
    let (_, version) = others.max_by_key(|(first, _)| *first)?;
    Some(Beside { version, counts })
}

/// Returns the version that an act brings into force, where there should be one of its kind, and
/// which of two the answers go by.
fn asked<'r>(records: &'r Records, act: &Approval) -> Option<(&'r Version, &'static str)> {
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
    (act.counts && act.name == "approve").then_some((version, counts))
}

/// Returns the day from which an approval counts.
fn first_day(act: &Approval, version: &Version) -> Day {
    act.takes_effect().max(version.put.facts.effective_on)
}
