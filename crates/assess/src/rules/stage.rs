//! From which stage on a system is assessed, whether one has come so far, and what had been missed
//! when that stage was declared later.

use catalogue::{Level, Rule};
use record::{Day, Version};
use serde_json::Value;

use super::{Subject, risk, scope, system};
use crate::at::At;
use crate::five_told::n_of;
use crate::outcome::{Outcome, Says};
use crate::rules::system::Place;
use crate::sentence::Param;

/// Where the stage from which a system is assessed is declared.
const ASSESSED_FROM: &str = "/assessed_from";

/// The stages that a system comes through in turn.
const ORDER: [&str; 4] = ["idea", "development", "pilot", "live"];

/// Returns whether a system is due for assessment: in scope, from the declared stage on, or from
/// the rule's own until one is declared.
pub fn due<'a>(at: &At<'a>, rule: &Rule, subject: &Subject) -> Option<&'a Version> {
    due_from(at, stage_from(at, rule).and_then(stage_rank), subject)
}

/// Returns the stage from which a system is assessed.
fn stage_from<'s, 'a: 's>(at: &At<'a>, rule: &'s Rule) -> Option<&'s str> {
    let declared = at.declared_fact(ASSESSED_FROM).and_then(Value::as_str);
    declared.or(rule.with.default_stage.as_deref())
}

/// Returns whether a system would be due, were it assessed from that stage on.
fn due_from<'a>(at: &At<'a>, from: Option<usize>, subject: &Subject) -> Option<&'a Version> {
    let system = system::counting(at, subject)?;
    let stage = system.body().get("stage").and_then(Value::as_str);
    if matches!(stage, Some("retired" | "refused")) {
        return None;
    }
    // Not stated counts as reached.
    let reached = stage
        .and_then(stage_rank)
        .zip(from)
        .is_none_or(|(stage, from)| from <= stage);
    if !reached && !has_reached(at, system, from) {
        return None;
    }
    match scope::current(at) {
        Some(scope) => (system::place(system, scope) == Place::In).then_some(system),
        None => Some(system),
    }
}

/// Returns how far a system has come at a stage, of those it comes through in turn.
fn stage_rank(stage: &str) -> Option<usize> {
    ORDER.iter().position(|one| *one == stage)
}

/// Returns whether a system stood at a stage or a later one on some day so far and was neither
/// retired nor refused since: set back, it is not as if it had never come so far. What was
/// entered in error is withdrawn, or put right from its own day on.
fn has_reached(at: &At<'_>, system: &Version, from: Option<usize>) -> bool {
    let counted = system::counted(at, system.put.id).into_iter();
    let stages = counted.map(|version| version.body().get("stage").and_then(Value::as_str));
    stages
        .take_while(|stage| !matches!(stage, Some("retired" | "refused")))
        .any(|stage| {
            stage
                .and_then(stage_rank)
                .is_some_and(|stage| Some(stage) >= from)
        })
}

/// A day on which the stage was declared later from which a system is assessed.
#[derive(Debug)]
pub(crate) struct Later {
    on: Day,
    /// The stage from which one was until then.
    earlier: String,
    /// The one since.
    stage: String,
}

/// Returns the days since the AI management system started on which that stage was declared later,
/// in order.
fn laters<'s>(at: &'s At<'_>, rule: &Rule) -> &'s [Later] {
    at.once.stages.get_or_init(|| {
        let changes = at.declaration_changes().iter().copied();
        let changes = changes.filter(|on| at.aims_start < *on);
        let later = changes.filter_map(|on| {
            let (before, now) = (at.on(on.plus_days(-1)), at.on(on));
            let (earlier, stage) = (stage_from(&before, rule)?, stage_from(&now, rule)?);
            (stage_rank(earlier) < stage_rank(stage)).then(|| Later {
                on,
                earlier: earlier.to_owned(),
                stage: stage.to_owned(),
            })
        });
        later.collect()
    })
}

/// Beside 8.2, a reservation: the stage was declared later from which a system is assessed, and this
/// one, which has not come so far, had fallen short on the day before. It stands until the system is
/// assessed, or is one that is due again: what is asked no more had been missed all the same.
pub fn declared_later(at: &At<'_>, rule: &Rule, subject: &Subject) -> Outcome {
    let none = || Outcome::new(Says::Absent);
    let mut missed = None;
    for later in laters(at, rule).iter().filter(|one| at.reached(one.on)) {
        let (before, now) = (at.on(later.on.plus_days(-1)), at.on(later.on));
        let spared = due(&now, rule, subject).is_none()
            && due_from(&now, stage_rank(&later.earlier), subject).is_some();
        if spared {
            missed = fell_short(&before, rule, subject).map(|told| (later, told));
        }
    }
    let Some((Later { on, earlier, stage }, told)) = missed else {
        return none();
    };
    let on = *on;
    let asked_by_it = due_from(at, stage_rank(earlier), subject);
    let asked_by_it = asked_by_it.filter(|_| due(at, rule, subject).is_none());
    let newest = asked_by_it.map(|system| risk::newest(at, system.put.id));
    let Some(newest) = newest else {
        return none();
    };
    let assessed =
        newest.is_some_and(|(day, one)| on <= day && risk::lacks(at, day, one).is_empty());
    if assessed {
        return none();
    }
    let by = at.on(on).declaration(ASSESSED_FROM);
    let case = by.map_or("stage_taken_back", |_| "stage");
    let told = match by {
        Some(by) => told.with("declaration", by.version.cite()),
        None => told,
    };
    told.with("case", case)
        .with("on", on)
        .with("earlier", earlier.as_str())
        .with("stage", stage.as_str())
        .at_level(Level::Reservation)
}

/// Says in what a system fell short of its assessment, and since when it did.
fn fell_short(at: &At<'_>, rule: &Rule, subject: &Subject) -> Option<Outcome> {
    let short = |at: &At<'_>| {
        let made = risk::assessed(at, rule, subject);
        // Asked with the rule on assessments that are made, none is overdue by custom.
        let renewed = || risk::renewed(at, rule, subject);
        let either = Some(made).filter(|one| one.says == Says::Fails);
        either.or_else(|| Some(renewed()).filter(|one| one.says == Says::Fails))
    };
    let outcome = short(at)?;
    let since = system::so_since(at, at.start, |at| short(at).is_some())?;
    let short = match (outcome.params.get("missing"), outcome.params.get("due")) {
        (Some(Param::Word(missing)), _) => format!("it lacked {missing}"),
        (_, Some(Param::Day(due))) => format!("its assessment had been due on {}", due.in_words()),
        _ => "no interval was declared in which its assessment is renewed".to_owned(),
    };
    // Both days count: the first is one day.
    let days = n_of(at.day.days_since(since) + 1, "day", "days");
    Some(Outcome::fails().with("short", short).with("over", days))
}
