//! Holds a Command to what there is: who has left acts no more, a ledger is of one organisation,
//! and a version follows the newest.

use uuid::Uuid;

use crate::command::Put;
use crate::counted;
use crate::decide::Context;
use crate::fields::Day;
use crate::refusal::Refusal;
use crate::spec::KindSpec;

/// Nobody acts on a day before their first, nor after their last until they have come back.
pub(crate) fn held_to_stay(context: &Context<'_>, on: Day) -> Result<(), Refusal> {
    let found = context.actor.person.and_then(|person| {
        let record = context.records.get(person)?;
        Some((record, context.registry.get(&record.kind)?.stay?))
    });
    let Some((record, stay)) = found else {
        return Ok(());
    };
    if let Some(first) = record.joins(stay.first, |day| day <= on) {
        return Err(Refusal::new(
            "not_joined",
            format!(
                "This person joins on {}, and does not act on {}.",
                first.in_words(),
                on.in_words()
            ),
        )
        .at("/as")
        .hint("Let somebody who is here act. If they were here earlier, put a version of their record that says since when (joined_on)."));
    }
    match record.left(stay.last, |day| day <= on) {
        Some(last) => Err(Refusal::new(
            "has_left",
            format!(
                "This person left on {}, and does not act on {}.",
                last.in_words(),
                on.in_words()
            ),
        )
        .at("/as")
        .hint("Let somebody who is here act. What they approved by then can be dated so with effective_on; if they did not leave, put a version of their record of the same day (effective_on) as the one that says so.")),
        None => Ok(()),
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
            kind.in_a_sentence(),
            first.id
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
        format!(
            "The record has {}; this Command follows version {expected}.",
            counted(versions, "version")
        ),
    )
    .at("/if_version")
    .hint("Read the newest version, and put yours on top of it."))
}
