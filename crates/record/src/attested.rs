//! Who attests a resolution for its body, and takes that back: its secretary or chair while one of
//! them is here, and otherwise anyone with a name who did not write what it approves.

use uuid::Uuid;

use crate::approve::{self, Approval};
use crate::decide::Context;
use crate::fields::Day;
use crate::records::Version;
use crate::refusal::Refusal;
use crate::spec::KindSpec;
use crate::stay::is_here;
use crate::withdrawal::named;

/// Who may attest for a body.
#[derive(Debug, Clone, Default)]
pub(crate) struct Attesters {
    /// Its secretary and chair, of each time of the day decided and of the day of the act.
    pub named: Vec<Uuid>,
    /// Whether somebody else may: its terms of the day decided name nobody, or all of those have left.
    pub others: bool,
}

impl Attesters {
    /// Returns them for what a body decided on a day and is attested or taken back on another;
    /// `None` where it had no terms on the first.
    pub(crate) fn of(context: &Context<'_>, body: Uuid, decided_on: Day, on: Day) -> Option<Self> {
        let (records, registry) = (context.records, context.registry);
        let then = approve::terms_on(records, registry, body, decided_on);
        let names_nobody = then.last()?.attesters.is_empty();
        let now = approve::terms_on(records, registry, body, on);
        let mut named = Vec::new();
        for person in then.into_iter().chain(now).flat_map(|one| one.attesters) {
            if !named.contains(&person) {
                named.push(person);
            }
        }
        let is_here = |person: &Uuid| is_here(records, registry, *person, on);
        let others = names_nobody || !named.iter().any(is_here);
        Some(Self { named, others })
    }

    /// Returns those who may take back today what was attested for a body.
    pub(crate) fn today(context: &Context<'_>, body: Option<Uuid>) -> Self {
        let today = context.today;
        let found = body.and_then(|body| Self::of(context, body, today, today));
        found.unwrap_or(Self {
            others: true,
            ..Self::default()
        })
    }
}

/// Returns the approvals that attesting a version on a day is.
///
/// # Errors
/// Refuses whoever may not attest it, what is attested already, and a body without terms.
pub(crate) fn approvals(
    context: &Context<'_>,
    kind: &KindSpec,
    version: &Version,
    day: Day,
) -> Result<Vec<Approval>, Refusal> {
    let Some(resolves) = kind.authority.resolves.map(|read| read(version.body())) else {
        return Ok(Vec::new());
    };
    if kind.is_attested(version) {
        return Err(
            Refusal::new("already_attested", "This resolution is already attested.")
                .at("/version")
                .hint("It is attested once; `minutebook record history` says what came of it. Where it adopted nothing, and the minutes were put right since, put a new version of it and have that attested."),
        );
    }
    let Some(person) = context.actor.person else {
        return Err(Refusal::new(
            "no_authority",
            "The local operator may put, but not attest.",
        )
        .at("/as")
        .hint("Say who attests with `--as EMAIL`: the body's secretary or chair."));
    };
    let on = resolves.decided_on.unwrap_or(context.today);
    held_to_decision(on, day)?;
    let Some(attesters) = resolves
        .body
        .and_then(|body| Attesters::of(context, body, on, day))
    else {
        return Err(Refusal::new(
            "no_terms",
            format!(
                "This body had no terms of reference in force by {}: it decided nothing then, and nobody attests for it.",
                on.in_words()
            ),
        )
        .at("/version")
        .hint("If the day is wrong, put the resolution right. Terms count from the day they were approved: if it sat before the ledger began, bring in its terms, and the resolution of that day that approved them. The body that stands on the operator's word needs none: withdraw the version of it that names too late a day, and put it again, brought in, with `effective_on` the day it was set up."));
    };
    if attesters.others && !attesters.named.contains(&person) {
        approve::by_another(context.records, context.registry, &resolves, person)?;
    } else if !attesters.named.contains(&person) {
        return Err(Refusal::new(
            "no_authority",
            "Only the body's secretary or chair attests its resolutions, those of the day decided or those of today.",
        )
        .at("/as")
        .hint(format!(
            "The body's terms of reference name them: they are {}. Where all of them have left, anyone with a name attests who did not write what it approves.",
            named(context, &attesters.named)
        )));
    }
    Ok(approve::by_resolution(
        (context.records, context.registry),
        (version, &resolves),
        None,
    ))
}

/// What was decided is attested on that day or later.
fn held_to_decision(on: Day, day: Day) -> Result<(), Refusal> {
    if day < on {
        let what = format!(
            "This was decided on {}; nobody attests it on an earlier day.",
            on.in_words()
        );
        return Err(Refusal::new("before_decision", what)
            .at("/effective_on")
            .hint("Leave `effective_on` out, or name the day on which it was attested."));
    }
    Ok(())
}
