//! 4.3: the scope, its review, its approval, and the units' attestations.

use catalogue::{Level, Rule};
use record::approve::Approver;
use record::{Day, Record, Version};
use serde_json::Value;
use uuid::Uuid;

use super::attestation::{self, Attested, Put};
use super::stretched::{self, Change, Changed, with_first};
use super::{
    Subject, delegation, due_review, overdue, rescinded, terms_unattended, without_attendance,
};
use crate::at::{At, list, stated};
use crate::outcome::{Outcome, Says};
use crate::sentence::Param;
use crate::wording;

const PARTS: wording::Words = &[
    ("units", "the units it covers"),
    ("boundaries", "the sites and other boundaries"),
    ("criteria", "criteria for what is in and out"),
    ("roles", "the organisation's roles"),
    ("suppliers", "the interfaces to suppliers"),
    ("exclusions", "what is excluded and why"),
];

/// Returns the scope in force.
pub fn current<'a>(at: &At<'a>) -> Option<&'a Version> {
    at.latest_in_force("scope")
}

/// 4.3-a: an approved scope is in force and states what it must.
pub fn in_force(at: &At<'_>, rule: &Rule, _: &Subject) -> Outcome {
    let Some(scope) = current(at) else {
        return Outcome::fails().with("case", "none");
    };
    let body = scope.body();
    let says = |need: &String| match need.as_str() {
        "exclusions" => reasoned_exclusions(body) || stated(body, "/no_exclusions_because"),
        "units" => stated(body, "/units") || covers_all(body),
        need => stated(body, &format!("/{need}")),
    };
    let missing: Vec<&str> = rule
        .with
        .needs
        .iter()
        .filter(|need| !says(need))
        .map(String::as_str)
        .collect();
    match missing.is_empty() {
        true => Outcome::holds(),
        false => Outcome::fails()
            .with("case", "missing")
            .with("missing", wording::missing(missing, PARTS)),
    }
}

/// Returns whether something is excluded, and each thing with its reason.
fn reasoned_exclusions(scope: &Value) -> bool {
    let reasoned = |one: &Value| stated(one, "/what") && stated(one, "/because");
    let exclusions = list(scope, "/exclusions");
    !exclusions.is_empty() && exclusions.iter().all(reasoned)
}

fn covers_all(scope: &Value) -> bool {
    scope.get("whole_organisation") == Some(&Value::Bool(true))
}

/// 4.3-a.o: the scope is reviewed by its date.
pub fn reviewed(at: &At<'_>, rule: &Rule, _: &Subject) -> Outcome {
    match current(at) {
        None => Outcome::new(Says::NotDue),
        Some(scope) => overdue(
            at,
            due_review(at, scope, "/intervals/scope_months", rule.default_months),
        ),
    }
}

/// 4.3-a.p: the scope was approved by top management, its delegate, or a resolution of those
/// whose attendance is on record. A power is followed to whoever gave it.
pub fn approved_by(at: &At<'_>, _: &Rule, _: &Subject) -> Outcome {
    let Some(approved) = current(at).and_then(|scope| at.approved(scope)) else {
        return Outcome::new(Says::NotDue);
    };
    let approval = approved.act;
    let for_top = |body: Uuid| delegation::speaks_for_top(at, (body, approval.decided_on), "scope");
    match approval.by {
        Approver::Body { body, .. } if !for_top(body) => Outcome::fails()
            .with("approver", body)
            .with("date", approval.decided_on),
        Approver::Body { body, .. } if without_attendance(approval) => Outcome::fails()
            .with("case", "attendance")
            .with("approver", body)
            .with("date", approval.decided_on),
        Approver::Body { body, .. } => match terms_unattended(at, body, approval.decided_on) {
            None => Outcome::holds(),
            Some(day) => Outcome::fails()
                .with("case", "terms")
                .with("approver", body)
                .with("date", day),
        },
        Approver::Person(person) if !empowered(at, person, approval.decided_on) => {
            let fails = Outcome::fails()
                .with("approver", person)
                .with("date", approval.decided_on);
            match power_taken_back(at, person, approval.decided_on) {
                None => fails.with("case", "power"),
                Some((on, last)) => fails
                    .with("case", "power_back")
                    .with("on", on)
                    .with("last", last),
            }
        }
        Approver::Person(_) | Approver::Operator => Outcome::holds(),
    }
}

/// Returns when a power to approve the scope that a person held of top management was rescinded, with
/// a last day before the one on which they used it; and that last day.
fn power_taken_back(at: &At<'_>, person: Uuid, on: Day) -> Option<(Day, Day)> {
    let appointments = at.records.of_kind("appointment");
    let mut ends = appointments.flat_map(|record| rescinded::back(record, on));
    ends.find(|(_, last)| empowered(at, person, *last) && !empowered(at, person, last.next()))
}

/// Returns whether a person held the power to approve the scope of top management on a day.
fn empowered(at: &At<'_>, person: Uuid, on: Day) -> bool {
    delegation::is_delegate(at, (person, on), "approve_scope")
}

/// Returns every unit that any scope names, and every unit of the organisation where one names
/// none; and the organisation as a whole where one covers it all.
pub fn units(at: &At<'_>) -> Vec<Subject> {
    let scopes = || {
        let records = at.records.of_kind("scope");
        records.flat_map(|scope| &scope.versions).map(Version::body)
    };
    let open = scopes().any(|scope| list(scope, "/units").is_empty());
    let organisations = at.records.of_kind("organisation").filter(|_| open);
    let of_organisation = organisations
        .flat_map(|record| &record.versions)
        .flat_map(|version| list(version.body(), "/units"))
        .filter_map(|unit| unit.get("id"));
    let mut units: Vec<Subject> = scopes()
        .flat_map(|scope| list(scope, "/units"))
        .chain(of_organisation)
        .filter_map(Value::as_str)
        .map(|unit| Subject::Named(unit.to_owned()))
        .collect();
    units.sort();
    units.dedup();
    let whole = scopes().any(covers_undivided);
    whole
        .then_some(Subject::Whole)
        .into_iter()
        .chain(units)
        .collect()
}

/// Returns whether a scope covers the whole organisation and names no unit of it.
fn covers_undivided(scope: &Value) -> bool {
    covers_all(scope) && list(scope, "/units").is_empty()
}

/// An organisation that lists no unit has nobody who could attest.
fn nobody_to_attest(at: &At<'_>, rule: &Rule) -> Option<Outcome> {
    current(at).filter(|scope| covers_undivided(scope.body()))?;
    let mut since = unbroken(at, scopes(at), |scope| covers_undivided(scope.body()))?;
    let is_on_record = |one: &Dated<'_>| at.reached(one.from);
    if organisations(at).any(|one| is_on_record(&one)) {
        let undivided = |one: &Version| list(one.body(), "/units").is_empty();
        since = since.max(unbroken(at, organisations(at), undivided)?);
    }
    let interval = at.declared(ATTESTATION_MONTHS, rule.default_months)?;
    let due = since.plus_months(interval.n).next();
    if !at.reached(due) {
        return Some(Outcome::new(Says::NotDue));
    }
    let open = Outcome::fails().with("case", "whole").with("date", due);
    Some(leaving_word(open, interval.own))
}

const ATTESTATION_MONTHS: &str = "/intervals/attestation_months";

/// An interval that nobody declared is custom's: it leaves scope's word alone.
fn leaving_word(open: Outcome, own: bool) -> Outcome {
    match own {
        true => open,
        false => open.at_level(Level::Reservation),
    }
}

/// 4.3-c: the unit's head attested within the interval that its list of systems is complete.
/// Whoever else attests speaks for another.
pub fn attested(at: &At<'_>, rule: &Rule, subject: &Subject) -> Outcome {
    if *subject == Subject::Whole {
        return nobody_to_attest(at, rule).unwrap_or(Outcome::new(Says::Absent));
    }
    let Subject::Named(unit) = subject else {
        return Outcome::new(Says::Absent);
    };
    let interval = at.declared(ATTESTATION_MONTHS, rule.default_months);
    let (Some(covered_since), Some(interval)) = (covered_since(at, unit), interval) else {
        return Outcome::new(Says::Absent);
    };
    let attested = attestation::of_unit(at, unit);
    let newest = attested
        .iter()
        .filter(|one| one.counts())
        .max_by_key(|one| (one.on, one.put == Put::ByItsMaker, one.version.put.seq));
    let last = newest.map_or(covered_since, |one| one.on);
    let due = last.plus_months(interval.n);
    let is_overdue = at.reached(due.next());
    let otherwise = said_otherwise(&attested, newest);
    // Where none counts and one has been due, it is said since when.
    if let Some(otherwise) = otherwise.filter(|_| newest.is_some() || !is_overdue) {
        return leaving_word(told_otherwise(otherwise, unit), interval.own);
    }
    let current = |reserved: Option<Outcome>| match newest {
        Some(one) => one.current(at, unit, reserved),
        None => reserved.unwrap_or(Outcome::new(Says::NotDue)),
    };
    // The day on which the answer turns by itself: one that custom gives turns nothing.
    let own_due = Some(due).filter(|_| interval.own);
    let months = |at: &At<'_>| at.declared(ATTESTATION_MONTHS, rule.default_months);
    let changes = stretched::changed(at, last, months);
    let shortened = match changes.last {
        // By their own interval it was overdue, which says more than custom's.
        Some(Changed::Mended(change)) if !is_overdue || !interval.own => {
            let told = change.mended_until(own_due);
            let told = current(Some(told.with("unit", Param::Named(unit.clone()))));
            return with_first(told, changes.first.filter(|one| *one != change.missed));
        }
        Some(Changed::Broken(change)) if interval.own => Some(change),
        _ => None,
    };
    if !is_overdue {
        let held = current(None);
        return own_due
            .into_iter()
            .fold(held, |held, due| held.with(DUE, due));
    }
    // One that would count but for something says for what.
    let would_count =
        |one: &&Attested<'_>| !one.counts() && !at.reached(one.on.plus_months(interval.n).next());
    let short = attested.iter().filter(would_count).max_by_key(|one| one.on);
    let lapsed_on = match changes.last {
        Some(Changed::Kept(missed)) if interval.own => due.min(missed),
        _ => due,
    };
    let since = shortened.map_or(lapsed_on.next(), |change| change.on());
    let told = by_shorter(lapsed(unit, since, (newest, short)), shortened, (last, due));
    leaving_word(with_first(told, changes.first), interval.own)
}

/// Says that a head's newest statement is another than that the list is complete.
fn told_otherwise(otherwise: &Attested<'_>, unit: &str) -> Outcome {
    let open = Outcome::new(Says::Fails)
        .with("date", otherwise.on)
        .with("unit", Param::Named(unit.to_owned()))
        .with(ATTESTATION, otherwise.version.cite());
    otherwise.told(open)
}

/// Says of an attestation that lapsed only by a shorter interval when it was made, and when it was due
/// again by that.
fn by_shorter(told: Outcome, change: Option<Change>, (last, due): (Day, Day)) -> Outcome {
    let was_attested = told.params.contains_key(ATTESTATION);
    match change.filter(|_| was_attested && told.case().is_empty()) {
        None => told,
        Some(change) => {
            let told = change.broken(told);
            told.with("attested", last).with("missed", due)
        }
    }
}

/// Says that nobody has attested a unit's list since a day, which attestation lapsed, and what one
/// that does not count falls short of.
fn lapsed(
    unit: &str,
    since: Day,
    (newest, short): (Option<&Attested<'_>>, Option<&Attested<'_>>),
) -> Outcome {
    let mut open = Outcome::new(Says::Fails)
        .with("date", since)
        .with("unit", Param::Named(unit.to_owned()));
    if let Some(lapsed) = newest {
        open = open.with(ATTESTATION, lapsed.version.cite());
    }
    match short {
        Some(short) => short.told(open),
        None => open,
    }
}

/// Returns the newest statement of a head of the unit, where it says that the list is not complete, and
/// none that counts was made since: whether it is so is not known until what it names is put right.
fn said_otherwise<'o, 'a>(
    attested: &'o [Attested<'a>],
    counting: Option<&Attested<'_>>,
) -> Option<&'o Attested<'a>> {
    let place = |one: &Attested<'_>| (one.on, one.version.put.seq);
    let by_head = attested.iter().filter(|one| one.by_another.is_none());
    let newest = by_head.max_by_key(|one| place(one))?;
    let is_last = counting.is_none_or(|one| place(one) < place(newest));
    (!newest.counts() && is_last).then_some(newest)
}

/// Returns the day since which the scope in force, or those before it without a break, cover
/// the unit: by its name or, where they name none, as a unit of the organisation.
fn covered_since(at: &At<'_>, unit: &str) -> Option<Day> {
    current(at).filter(|scope| covers(scope, unit))?;
    let covered = unbroken(at, scopes(at), |scope| covers(scope, unit))?;
    let names = |version: &Version| {
        list(version.body(), "/units")
            .iter()
            .any(|one| one.get("id").and_then(Value::as_str) == Some(unit))
    };
    if list(current(at)?.body(), "/units").is_empty() {
        return Some(covered.max(unbroken(at, organisations(at), names)?));
    }
    Some(covered)
}

/// Returns whether a scope covers a unit. One that names no units covers each that its criteria
/// can place in: an earlier criterion that takes out all of a unit's systems leaves none. The
/// systems themselves may be very many and are not at hand; a unit with none yet is where one
/// would be missed.
fn covers(scope: &Version, unit: &str) -> bool {
    let units = list(scope.body(), "/units");
    if !units.is_empty() {
        return units.iter().any(|one| one.as_str() == Some(unit));
    }
    let of_unit = |criterion: &&Value| {
        let units = list(criterion, "/unit");
        units.is_empty() || units.iter().any(|one| one.as_str() == Some(unit))
    };
    let takes_all = |criterion: &Value| {
        let choices = ["/origin", "/roles", "/stage"];
        choices
            .iter()
            .all(|choice| list(criterion, choice).is_empty())
    };
    let says = |criterion: &Value| criterion.get("says").and_then(Value::as_str) == Some("in");
    let criteria = list(scope.body(), "/criteria").iter().filter(of_unit);
    for criterion in criteria {
        if says(criterion) || takes_all(criterion) {
            return says(criterion);
        }
    }
    false
}

/// A version, the day from which it counts, and the entry since which it does.
struct Dated<'a> {
    from: Day,
    seq: u64,
    version: &'a Version,
}

/// Returns the scopes that were approved, from when on.
fn scopes<'a>(at: &At<'a>) -> impl Iterator<Item = Dated<'a>> {
    let scopes = at.records.of_kind("scope").flat_map(Record::standing);
    scopes.flat_map(Version::approved).map(|one| Dated {
        from: one.from,
        seq: one.event.seq,
        version: one.version,
    })
}

/// Returns the versions of organisations that ever counted, each from its day on: not one whose
/// place a newer version took before it, or on the day, that it would have begun.
fn organisations<'a>(at: &At<'a>) -> impl Iterator<Item = Dated<'a>> {
    let from = |version: &Version| version.put.facts.effective_on;
    let counted = move |record: &'a Record| {
        record.standing().filter(move |version| {
            let mut newer = record.standing().rev();
            let newer = newer.find(|other| from(other) <= from(version));
            newer.is_some_and(|other| other.number() <= version.number())
        })
    };
    let records = at.records.of_kind("organisation");
    records.flat_map(counted).map(move |version| Dated {
        from: from(version),
        seq: version.put.seq,
        version,
    })
}

/// Returns the versions of organisations that ever counted, in order of their first days, each once: of
/// those from the same day the last.
pub(super) fn organised<'a>(at: &At<'a>) -> Vec<(Day, &'a Version)> {
    let mut dated: Vec<Dated<'_>> = organisations(at).collect();
    dated.sort_by_key(|one| (one.from, one.seq));
    let days = dated.chunk_by(|one, next| one.from == next.from);
    let last = days.filter_map(|day| day.last());
    last.map(|one| (one.from, one.version)).collect()
}

/// Returns the version of the organisation that counts about the day: of those from the same day
/// the last.
pub fn organisation<'a>(at: &At<'a>) -> Option<&'a Version> {
    let begun = organisations(at).filter(|one| at.reached(one.from));
    let newest = begun.max_by_key(|one| (one.from, one.seq));
    newest.map(|one| one.version)
}

/// Returns the first day of the stretch of versions up to now of which all are so. Of those that
/// count from the same day the last does.
fn unbroken<'a>(
    at: &At<'_>,
    versions: impl Iterator<Item = Dated<'a>>,
    is_so: impl Fn(&Version) -> bool,
) -> Option<Day> {
    let mut dated: Vec<Dated<'_>> = versions.filter(|one| at.reached(one.from)).collect();
    dated.sort_by_key(|one| (one.from, one.seq));
    let last_of_day = |pair: &[Dated<'_>]| pair.last().map(|one| (one.from, is_so(one.version)));
    let days = dated.chunk_by(|one, next| one.from == next.from);
    let days: Vec<(Day, bool)> = days.filter_map(last_of_day).collect();
    let broken = days
        .iter()
        .rposition(|(_, is_so)| !is_so)
        .map_or(0, |index| index + 1);
    days.get(broken).map(|(day, _)| *day)
}

/// What an outcome names the last day by on which it still holds as time passes.
pub const DUE: &str = "due";

/// What an outcome of 4.3-c names the attestation by that it rests on.
pub const ATTESTATION: &str = "attestation";
