//! What was resolved at a meeting that is recorded otherwise afterwards: where the version that
//! speaks for it shows no quorum any more, the approvals stop counting, as they do when the
//! resolution is withdrawn; where a later version shows one again, they count again.

use uuid::Uuid;

use crate::approve::{self, Approval, Approver, At, Quorum};
use crate::attested::Attesters;
use crate::decide::{Context, NewEntry};
use crate::fields::Cite;
use crate::records::{Records, Version};
use crate::refusal::Refusal;
use crate::spec::{KindSpec, Registry};
use crate::withdrawal::named;

/// Why an approval stopped counting.
pub(crate) const MINUTES_CORRECTED: &str = "minutes_corrected";

/// Returns the approvals that are otherwise once this version of a meeting is recorded.
pub(crate) fn by_version(context: &Context<'_>, entry: &NewEntry) -> Vec<Approval> {
    // Nothing was resolved at a meeting that has no version yet.
    if context.records.get(entry.id).is_none() || !is_attended(context.registry, &entry.kind) {
        return Vec::new();
    }
    let version = Version {
        put: entry
            .clone()
            .into_event(context.records.size, 0, context.today),
        acts: Vec::new(),
        corrected: Vec::new(),
        moves: Vec::new(),
        withdrawn: None,
    };
    otherwise(context, entry.id, Some(&version))
}

/// Returns the approvals that are otherwise once this version of a meeting is withdrawn.
pub(crate) fn by_withdrawal(context: &Context<'_>, withdrawn: &Version) -> Vec<Approval> {
    let (records, id) = (context.records, withdrawn.put.id);
    if !is_attended(context.registry, &withdrawn.put.kind) {
        return Vec::new();
    }
    let left = records.get(id).and_then(|record| {
        let mut standing = record.standing();
        standing.rfind(|version| version.number() != withdrawn.number())
    });
    otherwise(context, id, left)
}

/// What was resolved at a meeting is undone, or done again, by whoever may attest it.
pub(crate) fn held_to_attesters(context: &Context<'_>, acts: &[Approval]) -> Result<(), Refusal> {
    for act in acts {
        let Approver::Body { body, resolution } = act.by else {
            continue;
        };
        let (records, registry) = (context.records, context.registry);
        let attesters = Attesters::today(context, Some(body));
        let resolves = records.cited(resolution).and_then(|version| {
            let read = registry.get(&version.put.kind)?.authority.resolves?;
            Some(read(version.body()))
        });
        let may = context.actor.person.is_some_and(|person| {
            let another = || {
                let by_another = |one| approve::by_another(records, registry, one, person).is_ok();
                attesters.others && resolves.as_ref().is_none_or(by_another)
            };
            attesters.named.contains(&person) || another()
        });
        if !may {
            return Err(not_theirs(context, act, &attesters));
        }
    }
    Ok(())
}

fn not_theirs(context: &Context<'_>, act: &Approval, attesters: &Attesters) -> Refusal {
    let who = if attesters.others {
        "a person with a name who did not write what it approves: its body has no secretary or chair who is here".to_owned()
    } else {
        format!(
            "its body's secretary or chair, who are {}",
            named(context, &attesters.named)
        )
    };
    let Cite { id, version } = act.of;
    Refusal::new(
        "no_authority",
        format!("This changes whether the meeting shows a quorum for what was resolved there on version {version} of {id}; only those who may attest that record it."),
    )
    .at("/as")
    .hint(format!("With `--as EMAIL`, let it be recorded by {who}. A body that thinks otherwise now decides so, by another resolution."))
}

fn is_attended(registry: &Registry, kind: &str) -> bool {
    registry
        .get(kind)
        .is_some_and(|kind| kind.authority.present.is_some())
}

fn otherwise(context: &Context<'_>, meeting: Uuid, speaks: Option<&Version>) -> Vec<Approval> {
    let mut found = Vec::new();
    for kind in context.registry.iter() {
        for record in context.records.citing(meeting, kind.name) {
            for resolution in record.standing() {
                found.extend(of_resolution(
                    context,
                    (kind, resolution),
                    (meeting, speaks),
                ));
            }
        }
    }
    found
}

fn of_resolution(
    context: &Context<'_>,
    (kind, resolution): (&KindSpec, &Version),
    (meeting, speaks): (Uuid, Option<&Version>),
) -> Vec<Approval> {
    let read = kind.authority.resolves.map(|read| read(resolution.body()));
    let Some(resolves) = read.filter(|one| one.meeting.is_some_and(|cite| cite.id == meeting))
    else {
        return Vec::new();
    };
    let (Some(body), Some(day)) = (resolves.body, resolves.decided_on) else {
        return Vec::new();
    };
    let at = At {
        records: context.records,
        registry: context.registry,
        day,
        corrected: Some((meeting, speaks)),
    };
    let could_act = approve::quorum(&at, body, resolution, &resolves);
    let counts = could_act.is_ok();
    let quorum = could_act.unwrap_or(Quorum::Inquorate);
    let mut of: Vec<Cite> = resolves.acts.iter().map(|(_, of, ..)| *of).collect();
    of.sort();
    of.dedup();
    let acts = of
        .into_iter()
        .flat_map(|of| given_by(context.records, of, resolution.cite()));
    acts.filter(|act| act.counts != counts || act.quorum != Some(quorum))
        .map(|act| Approval {
            because: (!counts).then(|| MINUTES_CORRECTED.to_owned()),
            counts,
            quorum: Some(quorum),
            ..act.clone()
        })
        .collect()
}

/// Returns what a resolution did to a version: what counts, and what did before its meeting was
/// corrected.
fn given_by(records: &Records, of: Cite, by: Cite) -> impl Iterator<Item = &Approval> {
    let acts = records.cited(of).map_or(&[][..], |version| &version.acts);
    acts.iter().map(|(act, _)| act).filter(move |act| {
        let given = matches!(act.by, Approver::Body { resolution, .. } if resolution == by);
        given && act.adopted()
    })
}
