//! Holds a Command to what there is: who has left acts no more, what was approved is undone by
//! somebody with a name, a ledger is of one organisation, and a version follows the newest.

use uuid::Uuid;

use crate::command::Put;
use crate::decide::Context;
use crate::fields::Day;
use crate::records::Version;
use crate::refusal::Refusal;
use crate::spec::{Counts, KindSpec, MoveSpec};

/// The move that takes a version out of lists and verdicts.
pub(crate) const WITHDRAW: &str = "withdraw";

/// Whoever has left acts on no day after their last, as their newest version says it.
pub(crate) fn held_to_stay(context: &Context<'_>, on: Day) -> Result<(), Refusal> {
    let last_day = |person: Uuid| {
        let record = context.records.get(person)?;
        let field = context.registry.get(&record.kind)?.acts_until?;
        record.standing().next_back()?.put.day(field)
    };
    match context.actor.person.and_then(last_day) {
        Some(last) if last < on => Err(Refusal::new(
            "has_left",
            format!(
                "This person left on {}, and does not act on {}.",
                last.in_words(),
                on.in_words()
            ),
        )
        .at("/as")
        .hint("Let somebody who is here act. What they approved by then can be dated so with effective_on; if they did not leave, put a new version of their record.")),
        _ => Ok(()),
    }
}

/// A ledger is of the organisation that it began with.
pub(crate) fn held_to_one(context: &Context<'_>, kind: &KindSpec, id: Uuid) -> Result<(), Refusal> {
    let begun = context.records.begin.as_ref();
    let Some(first) = begun.and_then(|(begin, _)| context.records.get(begin.organisation)) else {
        return Ok(());
    };
    if &*first.kind != kind.name || first.id == id {
        return Ok(());
    }
    Err(Refusal::new(
        "another_organisation",
        format!(
            "This ledger is of one {}, the record {}.",
            kind.name, first.id
        ),
    )
    .at("/id")
    .hint("Put a version of that record; another organisation keeps a ledger of its own."))
}

/// A version that says which it follows follows the newest: no update is lost.
pub(crate) fn held_to_newest(put: &Put, versions: u32) -> Result<(), Refusal> {
    let Some(expected) = put.if_version.filter(|expected| *expected != versions) else {
        return Ok(());
    };
    Err(Refusal::new(
        "stale_version",
        format!("The record has {versions} versions; this Command follows version {expected}."),
    )
    .at("/if_version")
    .hint("Read the newest version, and put yours on top of it."))
}

/// What was approved or attested is withdrawn by a person with a name, and the organisation's
/// newest version by nobody: a ledger is always of one.
pub(crate) fn held_to_name(
    context: &Context<'_>,
    (kind, spec): (&KindSpec, &MoveSpec),
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
    let attests = |name: &str| {
        let found = kind.find_move(name);
        found.is_some_and(|one| one.counts == Counts::Attests)
    };
    let approved = version.acts.iter().any(|(act, _)| act.counts);
    let attested = version.moves.iter().any(|event| attests(&event.name));
    if context.actor.person.is_some() || !(approved || attested) {
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
