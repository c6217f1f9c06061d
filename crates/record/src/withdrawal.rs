//! Holds a withdrawal to those who may: what was approved is undone by the power that approving it
//! takes, and what was attested by those who attest.

use serde_json::Value;
use uuid::Uuid;

use crate::approve::{self, Approval, Approver, WITHDRAW};
use crate::attested::Attesters;
use crate::decide::Context;
use crate::fields::Cite;
use crate::named_by::naming;
use crate::records::Version;
use crate::refusal::Refusal;
use crate::spec::{KindSpec, MoveSpec};

/// What was approved or attested is withdrawn by a person with a name, and the organisation's
/// newest version by nobody: a ledger is always of one.
pub(crate) fn held_to_name(
    context: &Context<'_>,
    kind: &KindSpec,
    spec: &MoveSpec,
    version: &Version,
) -> Result<(), Refusal> {
    if spec.name != WITHDRAW {
        return Ok(());
    }
    let begun = context.records.begin.as_ref();
    let is_first = begun.is_some_and(|(begin, _)| begin.organisation == version.put.id);
    let record = context.records.get(version.put.id);
    if is_first && record.is_some_and(|record| record.newest().number() == version.number()) {
        return Err(Refusal::new(
            "only_organisation",
            "This is the organisation that the ledger is of; it cannot be withdrawn.",
        )
        .at("/version")
        .hint("Put a version that is right; the one before may be withdrawn then."));
    }
    if context.actor.person.is_none() {
        held_to_nobody_named(context, kind, version)?;
    }
    let attested = kind.is_attested(version);
    if context.actor.person.is_some() || !(attested || approval(version).is_some()) {
        return Ok(());
    }
    let was = if attested { "attested" } else { "approved" };
    Err(Refusal::new(
        "no_authority",
        format!("This version was {was}; the local operator may not undo that without a name."),
    )
    .at("/as")
    .hint("Say which person withdraws it, with `--as EMAIL`."))
}

/// Nobody without a name takes away a person whom other records name: what they held would be
/// nobody's, from the first day on.
fn held_to_nobody_named(
    context: &Context<'_>,
    kind: &KindSpec,
    version: &Version,
) -> Result<(), Refusal> {
    let person = version.put.id;
    let standing = context
        .records
        .get(person)
        .map(|one| one.standing().count());
    if !kind.is_a_person || standing != Some(1) {
        return Ok(());
    }
    let naming: Vec<Uuid> = naming(context.records, context.registry, person)
        .map(|record| record.id)
        .collect();
    if naming.is_empty() {
        return Ok(());
    }
    Err(Refusal::new(
        "no_authority",
        "Other records name this person; the local operator may not withdraw them without a name.",
    )
    .at("/as")
    .hint(format!(
        "They are named by {}. Whoever was there and left has a version with `left_on`; whoever was entered in error is withdrawn by a person, with `--as EMAIL`.",
        named(context, &naming)
    )))
}

/// What was approved is withdrawn by a person who holds the power that approving it takes, or by
/// an entry that cites the resolution of a body that does; what was attested, by whoever attests.
pub(crate) fn held_to_power(
    context: &Context<'_>,
    kind: &KindSpec,
    spec: &MoveSpec,
    version: &Version,
    withdraw: &Value,
) -> Result<(), Refusal> {
    let Some(person) = context.actor.person.filter(|_| spec.name == WITHDRAW) else {
        return Ok(());
    };
    let cited = withdraw.get("resolution").cloned().unwrap_or_default();
    if let Ok(resolution) = serde_json::from_value::<Cite>(cited) {
        return by_resolution(version, resolution);
    }
    if kind.is_attested(version) {
        return by_attester(context, kind, version, person);
    }
    let Some(act) = approval(version) else {
        return Ok(());
    };
    let Some(power) = approve::power_over(kind, version, WITHDRAW) else {
        return Ok(());
    };
    let begun = context.records.begin.as_ref();
    let on_their_word =
        act.by == Approver::Operator && begun.is_some_and(|(begin, _)| begin.operator == person);
    let holders = approve::holders(
        context.records,
        context.registry,
        version,
        power,
        context.today,
    );
    if on_their_word || holders.contains(&person) {
        return Ok(());
    }
    let was = if act.name == "accept" {
        "accepted"
    } else {
        "approved"
    };
    Err(Refusal::new(
        "no_authority",
        format!(
            "This version was {was}; withdrawing it takes the power {power}, as that did, and this person did not hold it on {}.",
            context.today.in_words()
        ),
    )
    .at("/as")
    .hint(format!(
        "Held by {}. Let one of them withdraw it, or cite in `resolution` the version of a resolution by which such a body withdraws it.",
        named(context, &holders)
    )))
}

/// Returns an act that makes the version count, or did until its meeting was recorded otherwise.
fn approval(version: &Version) -> Option<&Approval> {
    let mut acts = version.acts.iter().map(|(act, _)| act);
    acts.find(|act| act.adopted() && act.name != WITHDRAW)
}

/// The resolution cited withdraws this very version, and counts.
fn by_resolution(version: &Version, resolution: Cite) -> Result<(), Refusal> {
    let mut acts = version.acts.iter().map(|(act, _)| act);
    let act = acts.find(|act| {
        let by = matches!(act.by, Approver::Body { resolution: by, .. } if by == resolution);
        by && act.name == WITHDRAW
    });
    if act.is_some_and(|act| act.counts) {
        return Ok(());
    }
    let what = match act {
        None => {
            "The resolution cited does not withdraw this version: it is not attested, or acts on another."
        }
        Some(_) => {
            "The resolution cited withdraws nothing: its body could not act, or lacked the power that approving takes."
        }
    };
    Err(Refusal::new("no_authority", what)
        .at("/body/resolution")
        .hint("Cite one that is attested, whose verb is withdraws and whose objects hold this version, of a body with the power; nothing that nobody approved needs one."))
}

/// An attestation is undone by whoever may attest for the body today.
fn by_attester(
    context: &Context<'_>,
    kind: &KindSpec,
    version: &Version,
    person: Uuid,
) -> Result<(), Refusal> {
    let Some(resolves) = kind.authority.resolves.map(|read| read(version.body())) else {
        return Ok(());
    };
    let (records, registry) = (context.records, context.registry);
    let attesters = Attesters::today(context, resolves.body);
    if attesters.named.contains(&person) {
        return Ok(());
    }
    if attesters.others {
        let another = approve::by_another(records, registry, &resolves, person);
        return another.map_err(|refusal| {
            let what = "This body has no secretary or chair who is here; whoever wrote what it approved may not take its resolution back.";
            Refusal::new(&refusal.code, what)
                .at("/as")
                .hint("Let another person withdraw it, or name them in the body's terms of reference.")
        });
    }
    Err(Refusal::new(
        "no_authority",
        "This resolution was attested; only the body's secretary or chair takes that back.",
    )
    .at("/as")
    .hint(format!(
        "They are {}. A body that thinks otherwise now rescinds what it approved, by another resolution.",
        named(context, &attesters.named)
    )))
}

/// Names records by their kinds and ids: what they are called is no fact.
pub(crate) fn named(context: &Context<'_>, ids: &[Uuid]) -> String {
    const MOST: usize = 5;
    let root = approve::root(context.records, context.today);
    let name = |id: &Uuid| {
        let record = context.records.get(*id);
        let kind = record.map_or("record", |record| &*record.kind);
        let all = if root == Some(*id) {
            ", which holds every power"
        } else {
            ""
        };
        format!("the {kind} {id}{all}")
    };
    let mut names: Vec<String> = ids.iter().take(MOST).map(name).collect();
    match ids.len().checked_sub(MOST) {
        _ if ids.is_empty() => names.push("nobody".to_owned()),
        None | Some(0) => {}
        Some(more) => names.push(format!("{more} more")),
    }
    names.join("; ")
}
