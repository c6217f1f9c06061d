//! Holds what a Command names to a kind: what it cites, who brought it in, who acts.

use serde_json::Value;
use uuid::Uuid;

use crate::blank::is_blank;
use crate::called::in_a_sentence;
use crate::command::BroughtIn;
use crate::dated::places;
use crate::decide::{Context, nothing};
use crate::refusal::Refusal;
use crate::spec::{Cites, KindSpec, MoveSpec, NO_PERSON};

/// What a field names is of a kind that the field is for.
pub(crate) fn held_to_kind(
    context: &Context<'_>,
    cites: Cites,
    facts: &Value,
) -> Result<(), Refusal> {
    for (pointer, kinds) in cites {
        for (field, value) in places(facts, pointer) {
            let id = value.get("id").unwrap_or(value).as_str();
            if let Some(id) = id.and_then(|id| Uuid::try_parse(id).ok()) {
                of_kind(context, id, kinds, format!("/body{field}"))?;
            }
        }
    }
    Ok(())
}

/// What was brought in was brought by a person, from somewhere.
pub(crate) fn held_to_source(context: &Context<'_>, brought: &BroughtIn) -> Result<(), Refusal> {
    if is_blank(&brought.from) {
        return Err(
            Refusal::new("check_failed", "What is brought in comes from somewhere.")
                .at("/brought_in/from")
                .hint("Say in words where it was kept."),
        );
    }
    let Some(by) = brought.by else {
        return Ok(());
    };
    let people: Vec<&str> = context
        .registry
        .iter()
        .filter(|kind| kind.is_a_person)
        .map(|kind| kind.name)
        .collect();
    of_kind(context, by, &people, "/brought_in/by".to_owned())
}

/// Some moves count once recorded, but by somebody with a name.
pub(crate) fn held_to_person(context: &Context<'_>, spec: &MoveSpec) -> Result<(), Refusal> {
    if spec.by_person && context.actor.person.is_none() {
        return Err(Refusal::new(
            "no_authority",
            format!("The local operator may put, but not {}.", spec.name),
        )
        .at("/as")
        .hint("Say which person does, with `--as EMAIL`."));
    }
    Ok(())
}

/// Some of what a body states is a person's to state, who has a name.
pub(crate) fn held_to_who_states(
    context: &Context<'_>,
    kind: &KindSpec,
    facts: &Value,
) -> Result<(), Refusal> {
    let stated = |pointer: &str| crate::at(facts, pointer).is_some_and(|value| !value.is_null());
    let mut theirs = kind.by_person.iter();
    match theirs.find(|(pointer, _)| stated(pointer)) {
        Some((pointer, does)) if context.actor.person.is_none() => Err(Refusal::new(
            "no_authority",
            format!("The local operator may put, but not {does}."),
        )
        .at(format!("/body{pointer}"))
        .hint("Say which person does, with `--as EMAIL`.")),
        _ => Ok(()),
    }
}

fn of_kind(context: &Context<'_>, id: Uuid, kinds: &[&str], field: String) -> Result<(), Refusal> {
    let Some(known) = context.known.get(&id) else {
        return Err(nothing(id, &field));
    };
    if kinds == NO_PERSON {
        let kind = context.registry.get(&known.kind);
        if !kind.is_some_and(|kind| kind.is_a_person) {
            return Ok(());
        }
        let what = "What stands here is a person, who is no paper, object or evidence.";
        return Err(Refusal::new("wrong_kind", what)
            .at(field)
            .hint("Cite the record that is meant, in its version."));
    }
    if kinds.contains(&known.kind.as_str()) {
        return Ok(());
    }
    let called = |kind: &str| in_a_sentence(context.registry, kind);
    let wanted: Vec<String> = kinds.iter().map(|kind| called(kind)).collect();
    let (wanted, found) = (wanted.join(" or "), called(&known.kind));
    Err(Refusal::new(
        "wrong_kind",
        format!("What stands here is of the kind {found}, not {wanted}."),
    )
    .at(field)
    .hint(format!("Name a record of the kind {wanted}.")))
}
