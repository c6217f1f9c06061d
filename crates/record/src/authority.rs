//! Who holds which power on a day, and what whoever holds some may give on.

use serde_json::Value;
use uuid::Uuid;

use crate::approve::{Approver, only_advises, terms_on};
use crate::fields::Day;
use crate::records::{Records, Version};
use crate::spec::{Holding, KindSpec, Level, Registry};
use crate::terms::{Seat, Terms};

/// Returns what the facts of a body give a holder, whenever that is: each of its `powers`, and
/// `accept_risk` up to the level in `accepts_risk_to`.
pub fn given(facts: &Value, holder: Uuid) -> Vec<Holding> {
    let level = facts.get("accepts_risk_to").and_then(Value::as_str);
    let powers = facts.get("powers").and_then(Value::as_array);
    let powers = powers.into_iter().flatten().filter_map(Value::as_str);
    let holding = |power: &str| Holding {
        holder,
        power: power.to_owned(),
        level: level.filter(|_| power == "accept_risk").map(str::to_owned),
        from: None,
        until: None,
    };
    powers.map(holding).collect()
}

/// Returns everything held by someone at some time of a day.
pub fn holdings(records: &Records, registry: &Registry, day: Day) -> Vec<Holding> {
    let mut held = Vec::new();
    for kind in registry.iter() {
        let Some(emit) = kind.authority.holdings else {
            continue;
        };
        for record in records.of_kind(kind.name) {
            let versions: Vec<&Version> = match kind.approval {
                Some(_) => record.in_force_on(day).collect(),
                None => record.counting(day).into_iter().collect(),
            };
            for version in versions {
                held.extend(emit(version, records).into_iter().filter(|one| {
                    one.from.is_none_or(|from| from <= day)
                        && one.until.is_none_or(|until| day <= until)
                }));
            }
        }
    }
    held
}

/// Returns the root on a day: the first body that the local operator's recorded word approved and
/// that has terms in force.
pub fn root(records: &Records, on: Day) -> Option<Uuid> {
    let mut vouched = records.vouched();
    vouched
        .find(|body| body.in_force(on).is_some())
        .map(|body| body.id)
}

/// Returns whether no body stands on the operator's word any more, so that the next that is
/// marked top management does: the first, or one after those before were withdrawn or have ended.
pub fn lacks_root(records: &Records, today: Day) -> bool {
    let stands = |version: &Version| {
        let over = version.last_day().is_some_and(|last| last < today);
        version.approval().is_some() && !over
    };
    !records.vouched().any(|body| body.standing().any(stands))
}

/// Returns whether a body is the root by terms that stand on the operator's word and let it decide
/// nothing, ever, and it has adopted nothing: a version that puts them right could be approved by
/// nobody.
pub fn root_cannot(registry: &Registry, records: &Records, body: Uuid, on: Day) -> bool {
    let record = records
        .get(body)
        .filter(|_| root(records, on) == Some(body));
    let read = record.and_then(|record| registry.get(&record.kind)?.authority.terms);
    let approved = record.and_then(|record| record.approved_when(|day| day <= on));
    let on_their_word = approved.zip(read).is_some_and(|(one, read)| {
        one.act.by == Approver::Operator && !read(one.version.body()).can_decide()
    });
    let adopted = || {
        let versions = records.approved().flat_map(|record| &record.versions);
        let mut acts = versions.flat_map(|version| &version.acts);
        acts.any(|(act, _)| {
            let by_it = matches!(act.by, Approver::Body { body: by, .. } if by == body);
            act.counts && by_it
        })
    };
    on_their_word && !adopted()
}

/// Returns whether a holder has a power on a day; the root holds all.
pub fn holds(records: &Records, registry: &Registry, holder: Uuid, power: &str, day: Day) -> bool {
    root(records, day) == Some(holder)
        || holdings(records, registry, day)
            .iter()
            .any(|one| one.holder == holder && one.power == power)
}

/// The move that takes back a version that was entered in error, and the act by which a body
/// resolves that it be.
pub const WITHDRAW: &str = "withdraw";

/// Returns the power that an act by this name on a version takes; none where nothing gives one.
/// What was accepted is rescinded, and withdrawn, by the power to accept it.
pub fn power_over(kind: &KindSpec, version: &Version, name: &str) -> Option<&'static str> {
    let accepted = || {
        let mut acts = version.acts.iter();
        acts.any(|(act, _)| act.name == "accept" && act.adopted())
    };
    let accepts = || name == "accept" || matches!(name, "end" | WITHDRAW) && accepted();
    kind.approval.or_else(|| accepts().then_some("accept_risk"))
}

/// Returns who holds a power over a version on a day, up to the level that it finds: the root
/// first, and each once. A body whose terms let it only advise holds none.
pub fn holders(
    records: &Records,
    registry: &Registry,
    version: &Version,
    power: &str,
    day: Day,
) -> Vec<Uuid> {
    let level = registry
        .get(&version.put.kind)
        .and_then(|kind| kind.authority.level)
        .and_then(|read| read(version.body(), records));
    let reaches = |one: &Holding| {
        let to = one.level.as_deref();
        one.power == power && level.as_ref().is_none_or(|level| level.is_within(to))
    };
    let held = holdings(records, registry, day);
    let others = held.iter().filter(|one| reaches(one)).map(|one| one.holder);
    let mut found: Vec<Uuid> = Vec::new();
    for holder in root(records, day).into_iter().chain(others) {
        if !found.contains(&holder) && !only_advises(records, registry, holder, day) {
            found.push(holder);
        }
    }
    found
}

/// Says what a version gives that whoever would approve it had not on that day: a power or a higher
/// level of one, or a place in top management. Nobody gives more than they have, but the root.
pub(crate) fn given_beyond(
    records: &Records,
    registry: &Registry,
    approver: Uuid,
    version: &Version,
    day: Day,
) -> Option<&'static str> {
    if root(records, day) == Some(approver) {
        None
    } else if gives_beyond(records, registry, approver, version, day) {
        Some(BEYOND_OWN_POWERS)
    } else if places_beyond(records, registry, approver, version, day) {
        Some(BEYOND_OWN_PLACE)
    } else {
        None
    }
}

/// A version gives a power, or a level of one, that its approver had not.
pub(crate) const BEYOND_OWN_POWERS: &str = "beyond_own_powers";

/// A version says of a body that it is, or is part of, top management, which its approver is not.
pub(crate) const BEYOND_OWN_PLACE: &str = "beyond_own_place";

/// Returns whether a version says of a body that it is top management, or part of it, where whoever
/// would approve it was not so at any time of that day: by their own terms in force or, as a person,
/// by a seat.
fn places_beyond(
    records: &Records,
    registry: &Registry,
    approver: Uuid,
    version: &Version,
    day: Day,
) -> bool {
    let read = |kind: &str| registry.get(kind)?.authority.terms;
    let Some(given) = read(&version.put.kind).map(|read| read(version.body())) else {
        return false;
    };
    if !given.is_top_management && !given.is_part_of_top {
        return false;
    }
    let bodies = registry
        .iter()
        .filter(|kind| kind.authority.terms.is_some())
        .flat_map(|kind| records.of_kind(kind.name))
        .filter(|body| body.in_force_on(day).next().is_some());
    let sits = |seat: &Seat| seat.person == approver && seat.is_filled(day);
    let own = bodies.flat_map(|body| {
        let terms = terms_on(records, registry, body.id, day).into_iter();
        terms.filter(move |terms| body.id == approver || terms.seats.iter().any(sits))
    });
    let reaches =
        |own: Terms| own.is_top_management || own.is_part_of_top && !given.is_top_management;
    !own.into_iter().any(reaches)
}

/// Returns whether a version gives a power that whoever would approve it did not hold on that day,
/// or a higher level of one.
fn gives_beyond(
    records: &Records,
    registry: &Registry,
    approver: Uuid,
    version: &Version,
    day: Day,
) -> bool {
    let kind = registry.get(&version.put.kind);
    let Some(emit) = kind.and_then(|kind| kind.authority.holdings) else {
        return false;
    };
    let given = emit(version, records);
    if given.is_empty() {
        return false;
    }
    let orders = levels(records, registry, day);
    let held = holdings(records, registry, day);
    let own: Vec<&Holding> = held.iter().filter(|one| one.holder == approver).collect();
    let covers = |own: &Holding, gives: &Holding| {
        let (has, to) = (own.level.as_deref(), gives.level.as_deref());
        own.power == gives.power && orders.iter().any(|levels| reaches(levels, has, to))
    };
    let has = |gives: &Holding| own.iter().any(|own| covers(own, gives));
    !given.iter().all(has)
}

/// Returns whether a power up to one level includes the same up to another. What no criteria in
/// force put in order is compared by name alone.
fn reaches(levels: &[String], own: Option<&str>, gives: Option<&str>) -> bool {
    let Some(own) = own else {
        return true;
    };
    gives.is_some_and(|gives| {
        let level = Level {
            found: gives.to_owned(),
            among: levels.to_vec(),
        };
        gives == own || level.is_within(Some(own))
    })
}

/// Returns the levels of risk as the criteria in force at some time of a day put them in order,
/// lowest first: those with which the day began, and those that were decided on it. None do where
/// there are no criteria.
fn levels(records: &Records, registry: &Registry, day: Day) -> Vec<Vec<String>> {
    let kinds = registry
        .iter()
        .filter_map(|kind| Some((kind.name, kind.authority.levels?)));
    let found = kinds.flat_map(|(name, read)| {
        let approved = records
            .of_kind(name)
            .flat_map(move |one| one.approved_on(day));
        approved.map(move |one| {
            let of_day = one.act.decided_on == day;
            (of_day, (one.from, one.event.seq), read(one.version.body()))
        })
    });
    let (of_day, before): (Vec<_>, Vec<_>) = found.partition(|(of_day, ..)| *of_day);
    let before = before.into_iter().max_by_key(|(_, place, _)| *place);
    let orders: Vec<_> = before
        .into_iter()
        .chain(of_day)
        .map(|(.., one)| one)
        .collect();
    match orders.is_empty() {
        true => vec![Vec::new()],
        false => orders,
    }
}
