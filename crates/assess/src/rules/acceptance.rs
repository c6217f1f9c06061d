//! 6.1.3: who accepted a risk as assessed, and whether the level was theirs to accept.

use std::cmp::Reverse;
use std::sync::Arc;

use catalogue::{Level, Rule};
use record::approve::{self, Approval, Approver};
use record::records::{Approved, event_day};
use record::{Day, Event, Record, Version};
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

/// A body's acceptance of a risk as assessed, from its day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Acceptance<'v> {
    pub act: &'v Approval,
    pub event: &'v Event,
    /// Its last day: up to which it was resolved, or to which it was rescinded since.
    pub last: Option<Day>,
    /// The act that rescinded it, and its entry, where that gives the last day.
    pub rescinded: Option<&'v (Approval, Arc<Event>)>,
}

impl Acceptance<'_> {
    fn is_over(&self, at: &At<'_>) -> bool {
        self.last.is_some_and(|last| at.reached(last.next()))
    }
}

/// Returns an acceptance with its last day. What was decided last stands: a risk accepted again
/// since it was rescinded is accepted.
fn bounded<'v>(version: &'v Version, (act, event): &'v (Approval, Arc<Event>)) -> Acceptance<'v> {
    let accepted = (act.decided_on, event.seq);
    let ends = version.counted("end");
    let ends = ends.filter(|(end, by)| accepted <= (end.decided_on, by.seq));
    let ends = ends.map(|one| {
        let (end, by) = one;
        let last = event_day(end, by, "/last_day").unwrap_or_else(|| end.takes_effect());
        (last, one)
    });
    let until = act.until();
    let first = ends.min_by_key(|(last, _)| *last);
    let first = first.filter(|(last, _)| until.is_none_or(|until| *last < until));
    Acceptance {
        act,
        event,
        last: first.map(|(last, _)| last).or(until),
        rescinded: first.map(|(_, one)| one),
    }
}

fn begun<'v>(at: &At<'_>, version: &'v Version) -> impl Iterator<Item = Acceptance<'v>> {
    let counted = version.counted("accept");
    let begun = counted.filter(|(act, _)| at.reached(act.takes_effect()));
    begun.map(|one| bounded(version, one))
}

/// Returns the act by which a body accepted a risk as assessed, which is a decision on it from its
/// day, and up to its last: of several the first that goes on for longest.
pub(crate) fn current<'v>(at: &At<'_>, version: &'v Version) -> Option<Acceptance<'v>> {
    let going_on = begun(at, version).filter(|one| !one.is_over(at));
    going_on.min_by_key(|one| Reverse((one.last.is_none(), one.last)))
}

/// Returns the last day on which a risk as assessed is accepted by what goes on, and by what follows it
/// without a break; none where that has no end, or nothing goes on.
pub(crate) fn until(at: &At<'_>, version: &Version) -> Option<Day> {
    let mut last = current(at, version)?.last?;
    let all = || version.counted("accept").map(|one| bounded(version, one));
    let follows = |last: Day| {
        let mut all = all().filter(|one| one.act.takes_effect() <= last.next());
        all.find(|one| one.last.is_none_or(|other| last < other))
    };
    while let Some(next) = follows(last) {
        last = next.last?;
    }
    Some(last)
}

/// Returns the acceptance of a risk as assessed that ended last, where none goes on.
pub(crate) fn ended<'v>(at: &At<'_>, version: &'v Version) -> Option<Acceptance<'v>> {
    if current(at, version).is_some() {
        return None;
    }
    begun(at, version).max_by_key(|one| one.last)
}

/// Says in an outcome why a risk as assessed is not accepted, where somebody accepted it once, or
/// meant to; and by which case.
pub(crate) fn not_accepted(
    at: &At<'_>,
    assessment: &Version,
    outcome: Outcome,
) -> (Outcome, Option<&'static str>) {
    if let Some(over) = ended(at, assessment) {
        return told_ended(outcome, &over);
    }
    let acts = assessment.acts.iter();
    let lost =
        acts.filter(|(act, _)| act.name == "accept" && !act.counts && at.reached(act.decided_on));
    let lost = lost.max_by_key(|(act, event)| (act.decided_on, event.seq));
    if let Some((act, _)) = lost
        && let Approver::Body { resolution, .. } = act.by
    {
        let why = approve::why(act.because.as_deref().unwrap_or_default());
        let outcome = outcome
            .with("resolution", resolution.id)
            .with("resolved", act.decided_on)
            .with("why", Param::Word(why.to_owned()));
        let case = "refused";
        return (outcome, Some(case));
    }
    let record = at.records.get(assessment.put.id);
    let earlier = record.into_iter().flat_map(Record::standing);
    let earlier = earlier.filter(|one| one.number() < assessment.number());
    let accepted = earlier.filter_map(|one| Some((one, current(at, one)?.act)));
    let Some((version, act)) = accepted.last() else {
        return (outcome, None);
    };
    let outcome = by_whom(outcome, act)
        .with("accepted", act.decided_on)
        .with("earlier", i64::from(version.number()))
        .with("later", i64::from(assessment.number()));
    let case = "earlier";
    (outcome, Some(case))
}

fn told_ended(outcome: Outcome, over: &Acceptance<'_>) -> (Outcome, Option<&'static str>) {
    let mut outcome = by_whom(outcome, over.act);
    if let Some(last) = over.last {
        outcome = outcome.with("ended", last);
    }
    let by = over.rescinded.map(|(end, _)| end.by);
    let Some(Approver::Body { resolution, .. }) = by else {
        let case = "until";
        return (outcome, Some(case));
    };
    let case = "rescinded";
    (outcome.with("rescinded", resolution.id), Some(case))
}

fn by_whom(outcome: Outcome, act: &Approval) -> Outcome {
    match act.by {
        Approver::Body { body, .. } => outcome.with("approver", body),
        _ => outcome,
    }
}

/// A flag beside 6.1.3-c: a risk was accepted by somebody without the authority for its level, or
/// is said to be by nobody in particular; nobody with that authority has accepted it since, and it
/// has not been assessed anew. What happened is on record; it is asked about while it stands.
pub fn above_authority(at: &At<'_>, _: &Rule, subject: &Subject) -> Outcome {
    let Subject::Record(id) = subject else {
        return Outcome::new(Says::Absent);
    };
    let Some(record) = at.records.get(*id) else {
        return Outcome::new(Says::Absent);
    };
    let mut accepted = acceptances(at, record);
    accepted.sort_by_key(|one| one.on);
    let short = accepted
        .iter()
        .rev()
        .find_map(|one| Some((one, one.short?)));
    let open = short.filter(|(beyond, _)| !answered(&accepted, beyond.on) && stands(at, record));
    match open {
        Some((beyond, short)) => {
            let case = match short {
                Short::Power => "above",
                Short::ThoughNamed => "unempowered",
                Short::Naming => "unnamed",
            };
            told(at, beyond.version, beyond.on)
                .with("case", case)
                .with("approver", beyond.by)
        }
        None => match by_nobody(at, record).filter(|one| !answered(&accepted, one.on)) {
            Some(alone) => told(at, alone.version, alone.on).with("case", alone.case),
            None if accepted.is_empty() => Outcome::new(Says::Absent),
            None => Outcome::holds(),
        },
    }
}

/// The flag, with the day the risk was found and its level.
fn told(at: &At<'_>, version: &Version, on: Day) -> Outcome {
    let found = day(version.body(), "/assessed_on").unwrap_or(on);
    let level = risk::level_found(at, version).map_or("not stated", |(level, _)| level);
    Outcome::fails()
        .with("date", found)
        .with("level", Param::Named(level.to_owned()))
        .with("on", on)
        .at_level(Level::Flag)
}

/// A risk above the line was accepted by nobody in particular, or left as it is without being
/// accepted: the version that says so, on which day, and which of the two it is.
struct Alone<'a> {
    version: &'a Version,
    on: Day,
    case: &'static str,
}

/// Returns where nobody is shown to have accepted a risk above the line, while no newer assessment
/// of each of its systems takes its place.
fn by_nobody<'a>(at: &At<'a>, record: &'a Record) -> Option<Alone<'a>> {
    let version = risk::counting(at, record)?;
    let body = version.body();
    let says = record::at(body, "/decision/says").and_then(Value::as_str)?;
    let unnamed = says == "accept" && id(body, "/decision/by").is_none();
    if !unnamed && says != "no_change" {
        return None;
    }
    let case = if unnamed { "nobody" } else { "left" };
    let on = day(body, "/decision/on").filter(|on| at.reached(*on))?;
    let above = is_above_line(risk::level_found(at, version)?);
    (above && stands(at, record)).then_some(Alone { version, on, case })
}

/// Returns whether an assessment is still the newest of one of its systems: a newer one takes its
/// place, and what was accepted of it is accepted no more. Of one that names no system none does.
fn stands<'a>(at: &At<'a>, record: &'a Record) -> bool {
    let Some(version) = at.counting(record) else {
        return false;
    };
    let systems = list(version.body(), "/systems");
    let is_newest =
        |system| risk::newest(at, system).is_some_and(|(_, newest)| newest.put.id == record.id);
    systems.is_empty()
        || systems
            .iter()
            .any(|cite| id(cite, "/id").is_some_and(is_newest))
}

/// Returns whether somebody with the authority accepted the risk on a day or later.
fn answered(accepted: &[Accepted<'_>], on: Day) -> bool {
    accepted
        .iter()
        .any(|one| one.short.is_none() && one.on >= on)
}

/// A risk as assessed was accepted.
struct Accepted<'a> {
    version: &'a Version,
    by: Uuid,
    on: Day,
    /// What whoever did was short of to accept that level.
    short: Option<Short>,
}

/// What somebody who accepted a risk was short of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Short {
    /// No power of theirs reaches the level.
    Power,
    /// No power of theirs reaches it, but the criteria name them for it.
    ThoughNamed,
    /// Their power reaches it, but the criteria name only others for it.
    Naming,
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
        .flat_map(|version| version.acts.iter().map(move |one| (version, one)))
        .filter(|(_, (act, _))| act.name == "accept" && at.reached(act.decided_on))
        // What was accepted until a day, or rescinded, is not accepted after it.
        .filter(|(version, one)| !bounded(version, one).is_over(at))
        .filter_map(|(version, (act, _))| by_body(at, version, act));
    let people = versions().filter_map(|version| by_person(at, version));
    bodies.chain(people).collect()
}

/// What a body resolved was judged when it was recorded: it counts if the power was its own.
fn by_body<'a>(at: &At<'a>, version: &'a Version, act: &Approval) -> Option<Accepted<'a>> {
    let Approver::Body { body, .. } = act.by else {
        return None;
    };
    let beyond = ["above_authority", "no_power"];
    let beyond = act
        .because
        .as_deref()
        .is_some_and(|why| beyond.contains(&why));
    // Up to the line a risk is acceptable without anybody's acceptance.
    let needed = risk::level_found(at, version).is_none_or(is_above_line);
    (act.counts || beyond && needed).then(|| Accepted {
        version,
        by: body,
        on: act.decided_on,
        short: short(at, version, (body, act.decided_on), act.counts),
    })
}

fn by_person<'a>(at: &At<'a>, version: &'a Version) -> Option<Accepted<'a>> {
    let body = version.body();
    let says = body.get("decision")?.get("says").and_then(Value::as_str);
    let by = id(body, "/decision/by").filter(|_| says == Some("accept"))?;
    let on = day(body, "/decision/on").filter(|on| at.reached(*on))?;
    let found = risk::level_found(at, version)?;
    is_above_line(found).then(|| Accepted {
        version,
        by,
        on,
        short: short(at, version, (by, on), {
            // A person named for that level by criteria in force needs no appointment besides.
            by_criteria(at, version, by) == Some(true) || by_appointment(at, (by, on), found)
        }),
    })
}

/// Returns what a person or a body was short of to accept a risk as assessed, given whether the
/// power to accept that level was theirs on the day.
fn short(at: &At<'_>, version: &Version, (by, on): (Uuid, Day), empowered: bool) -> Option<Short> {
    let is_root = || approve::root(at.records, on) == Some(by);
    match (empowered, by_criteria(at, version, by)) {
        (true, Some(false)) if !is_root() => Some(Short::Naming),
        (true, _) => None,
        (false, Some(true)) => Some(Short::ThoughNamed),
        (false, _) => Some(Short::Power),
    }
}

fn rank(criteria: &Version, level: &str) -> Option<usize> {
    list(criteria.body(), "/levels")
        .iter()
        .position(|one| one.as_str() == Some(level))
}

fn is_above_line((level, criteria): (&str, &Version)) -> bool {
    let line = criteria.body().get("acceptable_to").and_then(Value::as_str);
    line.and_then(|line| rank(criteria, line))
        .is_some_and(|line| rank(criteria, level) > Some(line))
}

/// Returns whether the criteria let a holder accept the level found, or a higher one; `None`
/// where they name nobody, or no level above their line was found.
fn by_criteria(at: &At<'_>, version: &Version, holder: Uuid) -> Option<bool> {
    let (level, criteria) = risk::level_found(at, version)?;
    let named = list(criteria.body(), "/authority");
    if named.is_empty() || !is_above_line((level, criteria)) {
        return None;
    }
    let found = rank(criteria, level);
    Some(named.iter().any(|one| {
        let to = one.get("level").and_then(Value::as_str);
        id(one, "/holder") == Some(holder) && to.and_then(|to| rank(criteria, to)) >= found
    }))
}

/// Returns whether an appointment gave a person the power to accept the level at some time of a
/// day.
fn by_appointment(at: &At<'_>, by: (Uuid, Day), (level, criteria): (&str, &Version)) -> bool {
    let reaches = |one: Approved<'_>| {
        let body = one.version.body();
        let to = body.get("accepts_risk_to").and_then(Value::as_str);
        to.is_none_or(|to| rank(criteria, to) >= rank(criteria, level))
    };
    owner::empowered(at, by, "accept_risk").any(reaches)
}
