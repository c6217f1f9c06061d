//! 6.1.3: who accepted a risk as assessed, and whether the level was theirs to accept.

use catalogue::{Level, Rule};
use record::approve::{Approval, Approver};
use record::{Day, Record, Version};
use serde_json::Value;
use uuid::Uuid;

use super::{Subject, owner, risk};
use crate::at::{At, day, id, list};
use crate::outcome::{Outcome, Says};
use crate::sentence::Param;

/// The kinds that say who accepted what, and who may: nobody does who has left.
pub const READS: &[&str] = &[
    "risk_assessment",
    "risk_criteria",
    "body",
    "appointment",
    "person",
];

/// A flag beside 6.1.3-c: a risk was accepted above the authority held for its level, and nobody
/// with that authority has accepted it since. What happened is on record; it is asked about.
pub fn above_authority(at: &At<'_>, _: &Rule, subject: &Subject) -> Outcome {
    let Subject::Record(id) = subject else {
        return Outcome::new(Says::Absent);
    };
    let Some(record) = at.records.get(*id) else {
        return Outcome::new(Says::Absent);
    };
    let mut accepted = acceptances(at, record);
    accepted.sort_by_key(|one| one.on);
    match accepted.iter().rev().find(|one| !one.within) {
        None if accepted.is_empty() => Outcome::new(Says::Absent),
        Some(above) if !accepted.iter().any(|one| one.within && one.on >= above.on) => {
            let found = day(above.version.body(), "/assessed_on").unwrap_or(above.on);
            let level =
                risk::level_found(at, above.version).map_or("not stated", |(level, _)| level);
            Outcome::fails()
                .with("case", "above")
                .with("date", found)
                .with("level", Param::Named(level.to_owned()))
                .with("approver", above.by)
                .with("on", above.on)
                .at_level(Level::Flag)
        }
        _ => Outcome::holds(),
    }
}

/// A risk as assessed was accepted.
struct Accepted<'a> {
    version: &'a Version,
    by: Uuid,
    on: Day,
    /// Whether whoever did may accept that level.
    within: bool,
}

/// Returns every acceptance that claims to be one: by a body's resolution, or by a person's
/// decision on a level above the line. What a body without a quorum resolved accepts nothing,
/// in or above its authority.
fn acceptances<'a>(at: &At<'a>, record: &'a Record) -> Vec<Accepted<'a>> {
    let versions = || {
        record
            .standing()
            .filter(|one| at.reached(one.put.facts.effective_on))
    };
    let bodies = versions()
        .flat_map(|version| version.acts.iter().map(move |(act, _)| (version, act)))
        .filter(|(_, act)| act.name == "accept" && at.reached(act.decided_on))
        .filter_map(|(version, act)| by_body(at, version, act));
    let people = versions().filter_map(|version| by_person(at, version));
    bodies.chain(people).collect()
}

fn by_body<'a>(at: &At<'a>, version: &'a Version, act: &Approval) -> Option<Accepted<'a>> {
    let Approver::Body { body, .. } = act.by else {
        return None;
    };
    let beyond = ["above_authority", "no_power"];
    let beyond = act
        .because
        .as_deref()
        .is_some_and(|why| beyond.contains(&why));
    (act.counts || beyond).then(|| Accepted {
        version,
        by: body,
        on: act.decided_on,
        within: !beyond && (is_root(at, body) || by_criteria(at, version, body) != Some(false)),
    })
}

fn by_person<'a>(at: &At<'a>, version: &'a Version) -> Option<Accepted<'a>> {
    let body = version.body();
    let says = body.get("decision")?.get("says").and_then(Value::as_str);
    let by = id(body, "/decision/by").filter(|_| says == Some("accept"))?;
    let on = day(body, "/decision/on").filter(|on| at.reached(*on))?;
    let (level, criteria) = risk::level_found(at, version)?;
    let line = criteria.body().get("acceptable_to")?.as_str()?;
    // Up to the line a risk is acceptable without anybody's acceptance.
    (rank(criteria, level)? > rank(criteria, line)?).then(|| Accepted {
        version,
        by,
        on,
        within: by_criteria(at, version, by) == Some(true)
            || by_appointment(&at.on(on), by, (level, criteria)),
    })
}

fn rank(criteria: &Version, level: &str) -> Option<usize> {
    list(criteria.body(), "/levels")
        .iter()
        .position(|one| one.as_str() == Some(level))
}

/// Returns whether the criteria let a holder accept the level found, or a higher one; `None`
/// where they name nobody, or no level was found.
fn by_criteria(at: &At<'_>, version: &Version, holder: Uuid) -> Option<bool> {
    let (level, criteria) = risk::level_found(at, version)?;
    let found = rank(criteria, level)?;
    let line = criteria.body().get("acceptable_to")?.as_str()?;
    let named = list(criteria.body(), "/authority");
    if named.is_empty() || found <= rank(criteria, line)? {
        return None;
    }
    Some(named.iter().any(|one| {
        let to = one.get("level").and_then(Value::as_str);
        id(one, "/holder") == Some(holder) && to.and_then(|to| rank(criteria, to)) >= Some(found)
    }))
}

/// Returns whether an appointment in force on the day gives a person the power to accept the
/// level.
fn by_appointment(at: &At<'_>, person: Uuid, (level, criteria): (&str, &Version)) -> bool {
    let reaches = |version: &Version| {
        let to = version
            .body()
            .get("accepts_risk_to")
            .and_then(Value::as_str);
        to.is_none_or(|to| rank(criteria, to) >= rank(criteria, level))
    };
    let gives = |version: &&Version| {
        let mut powers = list(version.body(), "/powers")
            .iter()
            .filter_map(Value::as_str);
        powers.any(|power| power == "accept_risk") && reaches(version)
    };
    at.all_in_force("appointment")
        .into_iter()
        .filter(gives)
        .filter(|version| day(version.body(), "/start").is_some_and(|start| at.reached(start)))
        .filter_map(|version| owner::seated(at, version))
        .any(|seated| seated.holder == person)
}

/// Returns whether a body is the root, which holds every power.
fn is_root(at: &At<'_>, body: Uuid) -> bool {
    let mut bodies = at.records.of_kind("body");
    let root = bodies.find(|record| {
        let first = record.standing().next();
        first.is_some_and(|version| {
            version.body().get("top_management").and_then(Value::as_str) == Some("is")
        })
    });
    root.is_some_and(|record| record.id == body)
}
