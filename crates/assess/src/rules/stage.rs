//! From which stage on a system is assessed, and whether one has come so far.

use catalogue::Rule;
use record::Version;
use serde_json::Value;

use super::{Subject, scope, system};
use crate::at::At;
use crate::rules::system::Place;

/// Returns whether a system is due for assessment: in scope, from the declared stage on, or from
/// the rule's own until one is declared.
pub fn due<'a>(at: &At<'a>, rule: &Rule, subject: &Subject) -> Option<&'a Version> {
    let system = system::counting(at, subject)?;
    let stage = system.body().get("stage").and_then(Value::as_str);
    if matches!(stage, Some("retired" | "refused")) {
        return None;
    }
    let from = at
        .declared_fact("/assessed_from")
        .and_then(Value::as_str)
        .or(rule.with.default_stage.as_deref())
        .and_then(stage_rank);
    // Not stated counts as reached.
    let reached = stage
        .and_then(stage_rank)
        .zip(from)
        .is_none_or(|(stage, from)| from <= stage);
    if !reached && !has_reached(at, system, from) {
        return None;
    }
    match scope::current(at) {
        Some(scope) => (system::place(at, system, scope).0 == Place::In).then_some(system),
        None => Some(system),
    }
}

/// Returns how far a system has come at a stage, of those it comes through in turn.
fn stage_rank(stage: &str) -> Option<usize> {
    let order = ["idea", "development", "pilot", "live"];
    order.iter().position(|one| *one == stage)
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
