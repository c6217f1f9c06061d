//! What was resolved at a meeting that is recorded otherwise afterwards: where the version that
//! speaks for it shows no quorum any more, the approvals stop counting, as they do when the
//! resolution is withdrawn; where a later version shows one again, they count again.

use uuid::Uuid;

use crate::approve::{self, Approval, Approver, At, Quorum, Resolves};
use crate::attested::Attesters;
use crate::decide::{Context, NewEntry};
use crate::event::{Act, Event};
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
    let put = entry.clone();
    let version = Version::of(put.into_event(context.records.size, 0, context.today));
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
        let Approver::Body { body, .. } = act.by else {
            continue;
        };
        let (records, registry) = (context.records, context.registry);
        let attesters = Attesters::today(context, Some(body));
        let resolves = resolved(records, registry, act).map(|(_, resolves)| resolves);
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

/// Says why an act adopted nothing that an entry tells of, in the words that follow what was
/// resolved: where the entry records its meeting otherwise, what is wrong with the meeting since.
pub fn why_of(records: &Records, registry: &Registry, act: &Approval, by: &Event) -> &'static str {
    let because = act.because.as_deref().unwrap_or_default();
    if because != MINUTES_CORRECTED {
        return approve::why(because);
    }
    let told = resolved(records, registry, act);
    let told = told.filter(|(_, one)| one.meeting.is_some_and(|meeting| meeting.id == by.id));
    let Some((resolution, resolves)) = told else {
        return approve::why(because);
    };
    let recorded = Version::of(by.clone());
    let speaks = match by.act {
        Act::Put => Some(&recorded),
        _ => left(records, by),
    };
    if speaks.is_none() {
        return "was passed at a meeting that was withdrawn since as entered in error,";
    }
    let at = At {
        records,
        registry,
        day: act.decided_on,
        corrected: Some((by.id, speaks)),
    };
    let body = resolves.body.unwrap_or_default();
    let could_act = approve::quorum(&at, body, resolution, &resolves);
    match could_act.err().unwrap_or("inquorate") {
        "not_met" => {
            "cites a meeting at which, as it is recorded since, its body did not sit on that day,"
        }
        "no_such_item" => {
            "names an item that its meeting, as it is recorded since, did not have that day,"
        }
        "circulated" => {
            "was passed by circulation, as its meeting is recorded since, which its body's terms do not allow,"
        }
        "recused" => {
            "was passed at a meeting that, as it is recorded since, shows no quorum, as whoever had withdrawn from the item does not count,"
        }
        "inquorate" => approve::why(MINUTES_CORRECTED),
        other => approve::why(other),
    }
}

/// Returns the version of a meeting that speaks for it once an entry has withdrawn another.
fn left<'a>(records: &'a Records, by: &Event) -> Option<&'a Version> {
    let stood = |version: &&Version| {
        let withdrawn = version.withdrawn.as_ref();
        let is_left = version.number() != by.version && version.put.seq < by.seq;
        is_left && withdrawn.is_none_or(|event| by.seq < event.seq)
    };
    records.get(by.id)?.versions.iter().rfind(stood)
}

/// Returns the resolution that an act is of, and what that resolves.
fn resolved<'a>(
    records: &'a Records,
    registry: &Registry,
    act: &Approval,
) -> Option<(&'a Version, Resolves)> {
    let Approver::Body { resolution, .. } = act.by else {
        return None;
    };
    let version = records.cited(resolution)?;
    let read = registry.get(&version.put.kind)?.authority.resolves?;
    Some((version, read(version.body())))
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
