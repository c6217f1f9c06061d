//! 5.2: the AI policy in force, its review, and who was told.

use catalogue::{Level, Rule};
use record::approve::{Approval, Approver};
use record::{Cite, Day, Version};
use uuid::Uuid;

use super::delegation::by_top_management;
use super::{Subject, approved_unattended, due_review, made_known, overdue, told};
use crate::at::{At, day, stated};
use crate::outcome::{Outcome, Says};
use crate::wording;

/// The kinds that say which policy is in force, and whether top management set it.
pub const READS: &[&str] = &["policy", "body", "appointment", "person"];

const CONTENTS: wording::Words = &[
    ("purpose", "how it fits the organisation's purpose"),
    ("objectives", "a frame for objectives"),
    ("requirements", "a commitment to meet requirements"),
    ("improvement", "a commitment to improve"),
];

/// Returns the policy in force when it is exactly one.
pub fn current<'a>(at: &At<'a>) -> Option<&'a Version> {
    let mut versions = at.together_in_force("policy");
    let only = versions.pop()?;
    versions.is_empty().then_some(only)
}

/// Returns a body by whose terms an approval is top management's, and the day on which they
/// were approved without a record of who was there. None where some other terms will do.
pub fn terms_unattended(at: &At<'_>, approval: &Approval) -> Option<(Uuid, Day)> {
    let on = approval.decided_on;
    let bodies: Vec<Uuid> = match approval.by {
        Approver::Operator => Vec::new(),
        Approver::Body { body, .. } => vec![body],
        Approver::Person(person) => at.seats_on_top(person, on).collect(),
    };
    let terms = bodies
        .into_iter()
        .map(|body| Some((body, super::terms_unattended(at, body, on)?)));
    terms.collect::<Option<Vec<_>>>()?.into_iter().next()
}

/// Returns whether the version in force was established by top management.
pub fn established(at: &At<'_>, version: &Version) -> bool {
    at.approved(version)
        .is_some_and(|one| by_top_management(at, one.act))
}

/// Returns the version that top management had set before another took its place.
pub fn displaced<'a>(at: &At<'a>, version: &Version) -> Option<&'a Version> {
    let from = at.approved(version)?.from;
    let record = at.records.get(version.put.id)?;
    let earlier = record.standing().flat_map(Version::approved);
    let earlier = earlier.filter(|one| one.version.number() != version.number());
    let earlier = earlier.filter(|one| one.from <= from && by_top_management(at, one.act));
    let last = earlier.max_by_key(|one| (one.from, one.event.seq));
    last.map(|one| one.version)
}

/// 5.2-a: exactly one version in force, set by top management, its four contents located.
pub fn in_force(at: &At<'_>, rule: &Rule, _: &Subject) -> Outcome {
    let Some(policy) = current(at) else {
        let several = at.together_in_force("policy");
        let several: Vec<Cite> = several.iter().map(|one| one.cite()).collect();
        return match several.is_empty() {
            true => Outcome::fails().with("case", "none"),
            false => Outcome::fails()
                .with("case", "several")
                .with("policies", several),
        };
    };
    if !established(at, policy) {
        return by_another(at, policy);
    }
    let lacks = |need: &&String| !stated(policy.body(), &format!("/contents/{need}"));
    let missing: Vec<&String> = rule.with.needs.iter().filter(lacks).collect();
    if missing.is_empty() {
        return attended(at, policy);
    }
    Outcome::fails().with("case", "missing").with(
        "missing",
        wording::missing(missing.into_iter().map(String::as_str), CONTENTS),
    )
}

/// Says who set a policy instead of top management, and what they were not on that day.
fn by_another(at: &At<'_>, policy: &Version) -> Outcome {
    let fails = Outcome::fails().with("case", "approval");
    let Some(approved) = at.approved(policy) else {
        return fails;
    };
    let (approver, was) = match approved.act.by {
        Approver::Body { body, .. } => (
            body,
            "which was neither top management nor part of it on that day, nor held its power to adopt one",
        ),
        Approver::Person(person) => (person, "who sat on no body of top management on that day"),
        // Whoever vouches for the root does so for top management.
        Approver::Operator => return fails,
    };
    fails
        .with("approver", approver)
        .with("was", was)
        .with("on", approved.act.decided_on)
}

/// A quorum that no record shows, of the policy's approval or of that of its approver's terms,
/// is marked; it takes nothing away.
fn attended(at: &At<'_>, policy: &Version) -> Outcome {
    let approved = at.approved(policy);
    if let Some(day) = approved.as_ref().and_then(approved_unattended) {
        return Outcome::fails()
            .with("case", "attendance")
            .with("date", day)
            .at_level(Level::Reservation);
    }
    match approved.and_then(|one| terms_unattended(at, one.act)) {
        None => Outcome::holds(),
        Some((body, day)) => Outcome::fails()
            .with("case", "terms")
            .with("body", body)
            .with("date", day)
            .at_level(Level::Reservation),
    }
}

/// 5.2-a.o: the policy is reviewed by its date; past it, it is still in force.
pub fn reviewed(at: &At<'_>, rule: &Rule, _: &Subject) -> Outcome {
    match current(at) {
        None => Outcome::new(Says::NotDue),
        Some(policy) => overdue(
            at,
            due_review(at, policy, "/intervals/policy_months", rule.default_months),
        ),
    }
}

/// 5.2-b: this version was made known inside, since its release.
pub fn communicated(at: &At<'_>, _: &Rule, _: &Subject) -> Outcome {
    let Some(policy) = current(at) else {
        return Outcome::new(Says::NotDue);
    };
    if made_known(at, policy).is_some() {
        return Outcome::holds();
    }
    let released = at.unbroken(policy).map_or(at.start, |one| one.from);
    let unknown = Outcome::new(Says::Unknown)
        .with("version", format!("version {}", policy.number()))
        .with("date", released);
    match told(at, policy, "communicate") {
        None => unknown,
        Some((_, on)) if on < released => unknown.with("case", "early").with("on", on),
        Some((_, on)) => unknown.with("case", "how").with("on", on),
    }
}

/// 5.2-c: where outsiders can read it, or why not, is stated.
pub fn available(at: &At<'_>, _: &Rule, _: &Subject) -> Outcome {
    let Some(policy) = current(at) else {
        return Outcome::new(Says::NotDue);
    };
    let body = policy.body();
    if stated(body, "/available/why_not") {
        return Outcome::holds();
    }
    if !stated(body, "/available/at") {
        return Outcome::new(Says::Unknown);
    }
    // Where they will be able to read it one day says nothing of where they can now.
    match day(body, "/available/since").filter(|since| !at.reached(*since)) {
        None => Outcome::holds(),
        Some(since) => Outcome::new(Says::Unknown)
            .with("case", "later")
            .with("on", since),
    }
}
