//! 6.1.1 and 8.2: criteria in force, and an assessment of each system that changed something
//! or says why not.

use std::collections::HashMap;

use catalogue::{Level, Rule};
use record::{Cite, Day, Record, Version, listed};
use serde_json::Value;
use uuid::Uuid;

use super::stage::due;
use super::stretched::{Changed, Changes, changed, with_first};
use super::system::So;
use super::{Subject, acceptance, added, approved_unattended, lowered, scope, system};
use crate::at::{At, Declared, day, id, list, stated};
use crate::outcome::{Outcome, Says};

/// The kinds that criteria and their use are read from.
pub const READS: &[&str] = &["risk_criteria", "risk_assessment"];

/// The kinds that can make every system due, or its assessment incomplete. Those of its
/// assessments touch a system by themselves.
pub const READS_OF_SYSTEM: &[&str] = &["scope", "declaration", "risk_criteria"];

/// Returns the criteria in force.
pub fn current<'a>(at: &At<'a>) -> Option<&'a Version> {
    at.latest_in_force("risk_criteria")
}

/// 6.1.1: criteria and actions in force; every assessment of the last twelve months, and the
/// newest of each system, cites a version effective then.
pub fn criteria(at: &At<'_>, _: &Rule, _: &Subject) -> Outcome {
    let Some(criteria) = current(at) else {
        return Outcome::fails().with("case", "none");
    };
    let on = |what: &str| {
        list(criteria.body(), "/actions")
            .iter()
            .any(|one| one.get("on").and_then(Value::as_str) == Some(what))
    };
    if !(on("risk") && on("opportunity")) {
        return Outcome::fails().with("case", "actions");
    }
    let nobodys = accepted_by_nobody(criteria);
    if !nobodys.is_empty() {
        return Outcome::fails()
            .with("case", "authority")
            .with("missing", listed(&nobodys));
    }
    let mut asked = asked(at).into_iter();
    let wrong = asked.find(|(on, version)| !criteria_then(at, version, *on));
    match wrong {
        None => Outcome::holds(),
        Some((on, _)) => Outcome::fails().with("case", "cites").with("date", on),
    }
}

/// Returns the assessments that 6.1.1 asks, with their days: those of the last twelve months, and
/// the newest of each system. What of an older one was put right by a newer cannot be mended there.
fn asked<'a>(at: &At<'a>) -> Vec<(Day, &'a Version)> {
    let records = at.records.of_kind("risk_assessment");
    let counting = records.filter_map(|record| counting(at, record));
    let all: Vec<(Day, &Version)> = counting
        .filter_map(|version| Some((day(version.body(), "/assessed_on")?, version)))
        .filter(|(on, _)| at.reached(*on))
        .collect();
    let mut newest: HashMap<Option<Uuid>, (Day, u64)> = HashMap::new();
    for (on, version) in &all {
        let place = (*on, version.put.seq);
        for system in systems(version) {
            let newest = newest.entry(system).or_insert(place);
            *newest = place.max(*newest);
        }
    }
    let is_asked = |(on, version): &(Day, &Version)| {
        let place = (*on, version.put.seq);
        let mut systems = systems(version).into_iter();
        systems.any(|system| newest.get(&system) == Some(&place))
            || !at.reached(on.plus_months(12).next())
    };
    all.into_iter().filter(is_asked).collect()
}

/// Returns the systems that an assessment is of; none once, where it names none.
fn systems(assessment: &Version) -> Vec<Option<Uuid>> {
    let named = list(assessment.body(), "/systems").iter();
    let named: Vec<Option<Uuid>> = named.map(|cite| id(cite, "/id")).collect();
    match named.is_empty() {
        true => vec![None],
        false => named,
    }
}

/// Returns the levels above the line that the criteria name nobody to accept. Up to the line a
/// risk is acceptable without anybody's acceptance.
fn accepted_by_nobody(criteria: &Version) -> Vec<String> {
    let body = criteria.body();
    let levels = list(body, "/levels");
    let line = body.get("acceptable_to");
    let above = levels.iter().position(|level| Some(level) == line);
    let named = |level: &&Value| {
        list(body, "/authority")
            .iter()
            .any(|one| one.get("level") == Some(level) && stated(one, "/holder"))
    };
    levels
        .iter()
        .skip(above.map_or(0, |line| line + 1))
        .filter(|level| !named(level))
        .filter_map(|level| Some(level.as_str()?.to_owned()))
        .collect()
}

/// Whether the criteria an assessment cites were in force on its day, at any time of it: what was
/// assessed before others took their place that day was assessed by those that counted.
fn criteria_then(at: &At<'_>, assessment: &Version, on: Day) -> bool {
    cited_criteria(assessment)
        .and_then(|cite| Some((cite, at.records.get(cite.id)?)))
        .is_some_and(|(cite, record)| {
            let mut then = record.in_force_on(on);
            then.any(|version| version.number() == cite.version)
        })
}

pub(crate) fn cited_criteria(assessment: &Version) -> Option<Cite> {
    let cite = assessment.body().get("criteria")?.clone();
    serde_json::from_value(cite).ok()
}

/// 6.1.1.p: the criteria's approval was recorded before the first assessment that uses them.
pub fn criteria_before_scores(at: &At<'_>, _: &Rule, _: &Subject) -> Outcome {
    let Some(criteria) = current(at) else {
        return Outcome::new(Says::NotDue);
    };
    // The first approval: approved again, they had been in force when they were first used.
    let Some((approval, event)) = criteria.approval() else {
        return Outcome::new(Says::NotDue);
    };
    let approved = at.approved(criteria);
    let unattended = approved.as_ref().and_then(approved_unattended).map(|day| {
        Outcome::fails()
            .with("case", "attendance")
            .with("version", format!("version {}", criteria.number()))
            .with("date", day)
    });
    let cites = |version: &Version| cited_criteria(version) == Some(criteria.cite());
    let first = at
        .records
        .of_kind("risk_assessment")
        .filter_map(|record| record.standing().find(|version| cites(version)))
        .filter(|version| at.reached(version.put.facts.effective_on))
        .min_by_key(|version| version.put.seq);
    match first {
        Some(first) if first.put.seq < event.seq => {
            let told = Outcome::fails()
                .with("version", format!("version {}", criteria.number()))
                .with("date", approval.decided_on);
            // Decided by then, it was only recorded after them.
            let scored = day(first.body(), "/assessed_on");
            let scored = scored.filter(|scored| approval.decided_on <= *scored);
            match scored.filter(|_| approval.decided_on < event.recorded_on) {
                Some(_) => told.with("case", "recorded").with("on", event.recorded_on),
                None => told,
            }
        }
        Some(_) => unattended.unwrap_or_else(Outcome::holds),
        None => unattended.unwrap_or_else(|| Outcome::new(Says::NotDue)),
    }
}

/// Returns the version of an assessment that counts.
pub(crate) fn counting<'a>(at: &At<'a>, record: &'a Record) -> Option<&'a Version> {
    at.done(record, "/assessed_on")
}

/// Returns the newest assessment of a system, complete or not, and its day.
pub fn newest<'a>(at: &At<'a>, system: Uuid) -> Option<(Day, &'a Version)> {
    of_system(at, system).max_by_key(|(on, version)| (*on, version.put.seq))
}

/// Returns the assessments of a system, complete or not, and their days.
fn of_system<'s, 'a: 's>(
    at: &'s At<'a>,
    system: Uuid,
) -> impl Iterator<Item = (Day, &'a Version)> + 's {
    at.records
        .citing(system, "risk_assessment")
        .filter_map(move |record| counting(at, record))
        .filter(move |version| {
            list(version.body(), "/systems")
                .iter()
                .any(|cite| id(cite, "/id") == Some(system))
        })
        .filter_map(|version| Some((day(version.body(), "/assessed_on")?, version)))
        .filter(move |(on, _)| at.reached(*on))
}

/// Returns whether a system has a complete assessment that another has taken the place of.
fn was_complete(at: &At<'_>, system: Uuid, newest: &Version) -> bool {
    let mut others = of_system(at, system).filter(|(_, version)| version.put.id != newest.put.id);
    others.any(|(on, version)| was_completed(at, on, version))
}

/// Returns whether an assessment is complete, or was until the acceptance ended that was its
/// decision.
pub fn was_completed<'a>(at: &At<'a>, on: Day, assessment: &'a Version) -> bool {
    let ended = || acceptance::ended(at, assessment).is_some();
    match lacks(at, on, assessment)[..] {
        [] => true,
        [DECISION] => ended(),
        _ => false,
    }
}

const CRITERIA: &str = "risk criteria in force then";

const DECISION: &str = "a decision";

/// Returns what a complete assessment still lacks; empty when it is complete.
pub fn lacks<'a>(at: &At<'a>, on: Day, assessment: &'a Version) -> Vec<&'static str> {
    let body = assessment.body();
    let mut lacks = Vec::new();
    if !criteria_then(at, assessment, on) {
        lacks.push(CRITERIA);
    }
    for target in ["organisation", "individuals", "societies"] {
        if !stated(body, &format!("/consequences/{target}")) {
            lacks.push(match target {
                "organisation" => "consequences for the organisation",
                "individuals" => "consequences for individuals",
                _ => "consequences for societies",
            });
        }
    }
    if level_found(at, assessment).is_none() {
        lacks.push("a level of its criteria");
    }
    if decided(at, assessment).is_none() && acceptance::current(at, assessment).is_none() {
        lacks.push(DECISION);
    }
    lacks
}

/// Returns what was decided because of an assessment, once it was.
pub(crate) fn decided<'v>(at: &At<'_>, assessment: &'v Version) -> Option<&'v str> {
    let body = assessment.body();
    let says = record::at(body, "/decision/says").and_then(Value::as_str)?;
    let on = day(body, "/decision/on");
    on.is_none_or(|on| at.reached(on)).then_some(says)
}

/// Returns the level that an assessment found, and the criteria that it is one of.
pub(crate) fn level_found<'a, 'v>(
    at: &At<'a>,
    assessment: &'v Version,
) -> Option<(&'v str, &'a Version)> {
    let criteria = at.records.cited(cited_criteria(assessment)?)?;
    let found = assessment.body().get("level")?;
    list(criteria.body(), "/levels")
        .contains(found)
        .then_some(())?;
    Some((found.as_str()?, criteria))
}

/// Returns the day of the last significant change of a system.
fn last_change(at: &At<'_>, system: Uuid) -> Option<Day> {
    let changes = at.changes(at.records.get(system)?);
    changes
        .iter()
        .filter(|version| version.body().get("significant_change") == Some(&Value::Bool(true)))
        .filter_map(|version| day(version.body(), "/changed_on"))
        .filter(|day| at.reached(*day))
        .max()
}

/// Returns the version of a system that first says of a significant change on a day.
fn changed_in<'a>(at: &At<'a>, system: Uuid, changed: Day) -> Option<&'a Version> {
    at.records.get(system)?.standing().find(|version| {
        let body = version.body();
        let significant = body.get("significant_change") == Some(&Value::Bool(true));
        significant && day(body, "/changed_on") == Some(changed)
    })
}

/// Returns the version of a system that an assessment looked at.
fn looked_at(assessment: &Version, system: Uuid) -> Option<u64> {
    let cites = list(assessment.body(), "/systems").iter();
    let of_system = cites.filter(|cite| id(cite, "/id") == Some(system));
    of_system
        .filter_map(|cite| cite.get("version")?.as_u64())
        .max()
}

/// Says that an assessment made since a significant change looked at what was before it: one that
/// was made when the version that says so was on record answers for that one alone. Before it was,
/// there was no other to look at, and it is only marked.
fn of_before(at: &At<'_>, system: Uuid, changed: Day, assessment: &Version) -> Option<Outcome> {
    let change = changed_in(at, system, changed)?;
    let seen = looked_at(assessment, system)?;
    if u64::from(change.number()) <= seen {
        return None;
    }
    let on = day(assessment.body(), "/assessed_on");
    if change.put.seq < assessment.put.seq {
        let of_day = on.map_or_else(String::new, |on| format!(", of {},", on.in_words()));
        let missing = format!(
            "an assessment of it as it is since its significant change of {}: the newest{of_day} looked at version {seen}, and the change is in version {}",
            changed.in_words(),
            change.number()
        );
        return Some(Outcome::fails().with("missing", missing));
    }
    let marked = Outcome::fails()
        .with("case", "before")
        .with("version", format!("version {seen}"))
        .with("on", changed)
        .at_level(Level::Reservation);
    Some(match on {
        Some(on) => marked.with("date", on),
        None => marked,
    })
}

/// 8.2: the system's newest assessment is complete, decided, and newer than its last
/// significant change. Where no scope is in force nothing is said to be in it.
pub fn assessed(at: &At<'_>, rule: &Rule, subject: &Subject) -> Outcome {
    let outcome = newest_holds(at, rule, subject);
    let is_unscoped =
        outcome.says == Says::Fails && outcome.case().is_empty() && scope::current(at).is_none();
    match is_unscoped {
        true => outcome.with("case", "unscoped"),
        false => outcome,
    }
}

fn newest_holds(at: &At<'_>, rule: &Rule, subject: &Subject) -> Outcome {
    let Some(system) = due(at, rule, subject) else {
        return Outcome::new(Says::Absent);
    };
    let fails = |missing: &str| Outcome::fails().with("missing", missing.to_owned());
    let Some((on, assessment)) = newest(at, system.put.id) else {
        return fails("any assessment");
    };
    let changed = last_change(at, system.put.id);
    if changed.is_some_and(|changed| on < changed) {
        return fails("an assessment since its last significant change");
    }
    let of_before = changed.and_then(|day| of_before(at, system.put.id, day, assessment));
    if let Some(short) = of_before.as_ref().filter(|one| one.says == Says::Fails) {
        return short.clone();
    }
    let lacks = lacks(at, on, assessment);
    if !lacks.is_empty() {
        return incomplete(at, system.put.id, (on, assessment), &lacks);
    }
    // Custom declares nothing here: this rule has no default.
    if due_again(at, rule, system).is_none() {
        return Outcome::fails().with("case", "interval");
    }
    let marked = of_before.or_else(|| added::later(at, system.put.id, (on, assessment)));
    let marked = marked.or_else(|| before_start(at, on));
    marked.unwrap_or_else(Outcome::holds)
}

/// Marks an assessment of before the AI management system started, which stands for as long as any.
fn before_start(at: &At<'_>, on: Day) -> Option<Outcome> {
    let marked = Outcome::fails()
        .with("case", "early")
        .with("date", on)
        .with("start", at.aims_start)
        .at_level(Level::Reservation);
    (on < at.aims_start).then_some(marked)
}

/// Says what the newest assessment of a system lacks, and what is on record of that.
fn incomplete(
    at: &At<'_>,
    system: Uuid,
    (on, assessment): (Day, &Version),
    lacks: &[&str],
) -> Outcome {
    let listing: Vec<String> = lacks.iter().map(|one| (*one).to_owned()).collect();
    let missing = format!(
        "{} in its assessment of {}",
        listed(&listing),
        on.in_words()
    );
    let mut outcome = Outcome::fails().with("missing", missing);
    let mut cases = Vec::new();
    let criteria = cited_criteria(assessment).filter(|_| lacks.contains(&CRITERIA));
    if let Some(criteria) = criteria {
        outcome = outcome.with("criteria", criteria);
        let cited = at.records.cited(criteria);
        let in_error = cited.and_then(|version| version.withdrawn.as_deref());
        let case = in_error.map_or("cites", |_| "cites_in_error");
        cases.push(case);
        if let Some(event) = in_error {
            outcome = outcome.with("withdrawn", event.recorded_on);
        }
    }
    if lacks.contains(&DECISION) {
        let (told, case) = acceptance::not_accepted(at, assessment, outcome);
        outcome = told;
        cases.extend(case);
    }
    if was_complete(at, system, assessment) {
        let case = "displaced";
        cases.push(case);
    }
    match cases.is_empty() {
        true => outcome,
        false => outcome
            .with("assessment", assessment.put.id)
            .with("also", cases.join(" ")),
    }
}

/// 8.2 and 8.2.o together, of each system that is due: fails where either does, with the last
/// day of its assessment, or of the acceptance that is its decision, as `due`. One that falls short has
/// none to come: it is due now.
pub fn short(at: &At<'_>, (kept, renewal): (&Rule, &Rule), subject: &Subject) -> Outcome {
    let Some(system) = due(at, kept, subject) else {
        return Outcome::new(Says::Absent);
    };
    let renewed = renewed(at, renewal, subject);
    let short = assessed(at, kept, subject).says == Says::Fails;
    let overdue = renewed.says == Says::Fails;
    let outcome = Outcome::when(!short && !overdue);
    // What made it overdue later than by its own last day is the day it came to be due; what was
    // overdue before its interval was made longer was due earlier.
    let told = |name: &str| renewed.params.get(name).cloned();
    let since = told("on").or_else(|| told("due")).filter(|_| overdue);
    match due_again(at, renewal, system).filter(|_| overdue || !short) {
        Some((day, _)) => {
            let ends = accepted_until(at, system.put.id).filter(|_| !short);
            let day = ends.map_or(day, |ends| ends.min(day));
            outcome.with("due", since.unwrap_or(day.into()))
        }
        None => outcome,
    }
}

/// Returns the last day of the acceptance that is the decision on the newest assessment of a system.
fn accepted_until(at: &At<'_>, system: Uuid) -> Option<Day> {
    let (_, newest) = newest(at, system)?;
    match decided(at, newest) {
        Some(_) => None,
        None => acceptance::until(at, newest),
    }
}

/// Of each system that has an assessment whether the newest counts for it: that is complete, and does
/// not fall short of the system. Where no interval was declared, the assessment itself is whole.
pub fn counts(at: &At<'_>, rule: &Rule, subject: &Subject) -> Outcome {
    let newest = match subject {
        Subject::Record(system) => newest(at, *system),
        _ => None,
    };
    let Some((on, assessment)) = newest else {
        return Outcome::new(Says::Absent);
    };
    let outcome = newest_holds(at, rule, subject);
    let falls_short = outcome.says == Says::Fails && outcome.case() != "interval";
    match falls_short || !lacks(at, on, assessment).is_empty() {
        true => Outcome::new(Says::Absent),
        false => Outcome::holds().with("on", on),
    }
}

/// Returns the last day of a system's assessment, and whether the organisation declared it.
pub fn due_again(at: &At<'_>, rule: &Rule, system: &Version) -> Option<(Day, bool)> {
    let (on, _) = newest(at, system.put.id)?;
    let interval = interval(at, rule, system);
    interval.map(|interval| (on.plus_months(interval.n), interval.own))
}

/// Returns whether a version of a system says that it is of high impact.
pub(super) fn is_high(system: &Version) -> bool {
    system.body().get("impact").and_then(Value::as_str) == Some("high")
}

/// Returns the interval in which a system is assessed: that for those of high impact, where it is one
/// and an interval is declared or customary for these.
pub(super) fn interval(at: &At<'_>, rule: &Rule, system: &Version) -> Option<Declared> {
    let high = is_high(system);
    let usual = at.declared("/intervals/risk_assessment_months", rule.default_months);
    if high {
        at.declared("/intervals/risk_assessment_high_impact_months", None)
            .or(usual.filter(|declared| declared.own))
            .or_else(|| {
                at.declared(
                    "/intervals/risk_assessment_high_impact_months",
                    rule.high_impact_months,
                )
            })
    } else {
        usual
    }
}

/// 8.2.o: the assessment is renewed within its interval.
pub fn renewed(at: &At<'_>, rule: &Rule, subject: &Subject) -> Outcome {
    let Some(system) = due(at, rule, subject) else {
        return Outcome::new(Says::Absent);
    };
    let Some((due, own)) = due_again(at, rule, system) else {
        return Outcome::new(Says::NotDue);
    };
    let last = newest(at, system.put.id).map(|(on, _)| on);
    let changes = last.map_or_else(Changes::default, |last| {
        changed(at, last, |at| {
            let system = self::due(at, rule, subject)?;
            interval(at, rule, system)
        })
    });
    let lowered = last.map_or_else(Vec::new, |last| lowered::overdue(at, (rule, subject), last));
    let missed = lowered.iter().map(|one| one.missed).chain(changes.first);
    let is_overdue = at.reached(due.next());
    // What was overdue by their own interval before it was made longer says more than custom's.
    let mended = match (changes.last, lowered.first()) {
        _ if is_overdue && own => None,
        (Some(Changed::Mended(change)), _) => Some((change.mended(), change.missed)),
        (_, lowered) => lowered.map(|one| (one.told(), one.missed)),
    };
    if let Some((told, of)) = mended {
        let others = missed.filter(|one| *one != of);
        return with_first(told, others.min_by_key(|one| one.due));
    }
    if !is_overdue {
        return Outcome::holds();
    }
    let first = missed.min_by_key(|one| one.due);
    let since = last.and_then(|last| overdue_since(at, (rule, subject), (last, own)));
    // What was overdue before its interval was made longer came to be due by that before.
    let earlier = since.filter(|since| *since <= due && own);
    let was_due = earlier.map_or(due, |since| since.plus_days(-1));
    let overdue = with_first(Outcome::fails().with("due", was_due), first);
    let overdue = match (changes.last, since) {
        (Some(Changed::Broken(change)), Some(since)) if own && since <= change.on() => {
            change.broken(overdue)
        }
        (_, Some(since)) if due.next() < since => {
            overdue.with("case", "since").with("on", since).with(
                "when",
                came_due(&at.on(since.plus_days(-1)), (rule, subject)),
            )
        }
        _ => overdue,
    };
    match own {
        true => overdue,
        false => overdue.at_level(Level::Reservation),
    }
}

/// Returns the day since which the assessment of a system, last made on a day, is overdue by an
/// interval of their own, or by custom's. It is not before the system is one that is assessed, and
/// goes by that interval: on such a day nobody had set it.
pub(super) fn overdue_since(
    at: &At<'_>,
    (rule, subject): (&Rule, &Subject),
    (last, own): (Day, bool),
) -> Option<Day> {
    let Subject::Record(of) = subject else {
        return None;
    };
    let asked = match own {
        true => So::OverdueByOwn,
        false => So::OverdueByCustom,
    };
    system::so_since_once(at, (*of, last, asked), |at| {
        let system = due(at, rule, subject);
        let due = system.and_then(|system| due_again(at, rule, system));
        due.is_some_and(|(due, by_own)| by_own == own && at.reached(due.next()))
    })
}

/// Says what made an assessment overdue that was not on the day before.
fn came_due(before: &At<'_>, (rule, subject): (&Rule, &Subject)) -> &'static str {
    let stage = system::counting(before, subject).and_then(|one| one.body().get("stage"));
    let was_over = matches!(stage.and_then(Value::as_str), Some("retired" | "refused"));
    match due(before, rule, subject) {
        Some(_) => "when a shorter interval began to apply to it",
        None if was_over => "when it came back into use",
        None => "when it came to be one that is assessed",
    }
}
