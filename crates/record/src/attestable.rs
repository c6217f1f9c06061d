//! What was resolved at a meeting and adopted nothing when it was attested, and could by the minutes
//! as they are recorded since: an attestation stays what it is, and a new version can be attested.

use crate::approve::{self, Approval};
use crate::event::{Act, Event};
use crate::fields::Cite;
use crate::records::{Record, Records, Version};
use crate::spec::{KindSpec, Registry};

/// Why an attestation may have come to nothing by the minutes of its meeting.
const BY_MINUTES: &[&str] = &[
    "inquorate",
    "recused",
    "circulated",
    "not_met",
    "no_such_item",
];

/// Returns the resolutions that a version of a meeting just recorded would let adopt something, if
/// they were put anew and attested, each in its newest version and with what it would do.
pub fn attestable(
    records: &Records,
    registry: &Registry,
    meeting: &Event,
) -> Vec<(Cite, Approval)> {
    let kind = registry.get(&meeting.kind);
    let is_meeting = kind.is_some_and(|kind| kind.authority.present.is_some());
    if meeting.act != Act::Put || !is_meeting {
        return Vec::new();
    }
    let recorded = Version::of(meeting.clone());
    let mut found = Vec::new();
    for kind in registry.iter() {
        for record in records.citing(meeting.id, kind.name) {
            let newest = newest_lost(kind, record);
            found.extend(newest.and_then(|(version, lost)| {
                let resolves = kind.authority.resolves?(version.body());
                resolves.meeting.filter(|cite| cite.id == meeting.id)?;
                let known = (records, registry);
                let corrected = Some((meeting.id, Some(&recorded)));
                let now = approve::by_resolution(known, (version, &resolves), corrected);
                let mut could = now
                    .into_iter()
                    .filter(|act| act.counts && !is_so(records, act));
                let act = could.find(|act| lost.iter().any(|lost| lost.is_again(act)))?;
                Some((version.cite(), act))
            }));
        }
    }
    found
}

/// Returns the newest version of a resolution where it is attested and that came to nothing by the
/// minutes of its meeting, with what it resolved.
fn newest_lost<'a>(
    kind: &KindSpec,
    record: &'a Record,
) -> Option<(&'a Version, Vec<&'a Approval>)> {
    let newest = record.standing().next_back()?;
    let acts = newest.moves.iter().flat_map(|event| &event.facts.acts);
    let by_minutes = |act: &&Approval| {
        let because = act.because.as_deref().unwrap_or_default();
        !act.counts && BY_MINUTES.contains(&because)
    };
    let lost: Vec<&Approval> = acts.filter(by_minutes).collect();
    (kind.is_attested(newest) && !lost.is_empty()).then_some((newest, lost))
}

/// Returns whether a version was acted on so already, by whatever.
fn is_so(records: &Records, act: &Approval) -> bool {
    let done = records
        .cited(act.of)
        .map_or(&[][..], |version| &version.acts);
    let same =
        |one: &Approval| one.counts && (&one.name, &one.carries) == (&act.name, &act.carries);
    done.iter().any(|(one, _)| same(one))
}
