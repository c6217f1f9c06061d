//! Who acts for top management: it, a part of it, or whoever holds the power of it.

use std::collections::BTreeSet;

use record::approve::{Approval, Approver};
use record::records::Approved;
use record::{Day, Version};
use uuid::Uuid;

use super::owner;
use crate::at::{At, list};

/// Returns the power by which versions of a kind are approved, of those kinds that top management is
/// asked to approve.
pub fn power_over(kind: &str) -> Option<&'static str> {
    match kind {
        "scope" => Some("approve_scope"),
        "policy" => Some("adopt_policy"),
        "appointment" => Some("assign_owner"),
        _ => None,
    }
}

/// Returns whether what a body resolves on a kind on a day is top management's word: it is that or
/// part of it, or holds the power for it.
pub fn speaks_for_top(at: &At<'_>, (body, on): (Uuid, Day), kind: &str) -> bool {
    let delegated = |power| is_delegate(at, (body, on), power);
    at.is_top(body, on) || power_over(kind).is_some_and(delegated)
}

/// Returns whether a person or a body held a power at some time of a day that top management gave,
/// or somebody who held it so on the day on which they gave it.
pub fn is_delegate(at: &At<'_>, (holder, on): (Uuid, Day), power: &str) -> bool {
    let (mut open, mut asked) = (vec![(holder, on)], BTreeSet::new());
    while let Some((holder, on)) = open.pop() {
        if !asked.insert((holder, on)) {
            continue;
        }
        let by_terms = terms_giving(at, (holder, on), power);
        for approved in owner::empowered(at, (holder, on), power).chain(by_terms) {
            let given_on = approved.act.decided_on;
            match approved.act.by {
                Approver::Operator => return true,
                Approver::Body { body, .. } if at.is_top(body, given_on) => return true,
                Approver::Body { body, .. } => open.push((body, given_on)),
                Approver::Person(giver) => open.push((giver, given_on)),
            }
        }
    }
    false
}

/// Returns the stretches of a body's terms, of those in force at some time of a day, that give it a
/// power.
fn terms_giving<'a>(
    at: &At<'a>,
    (body, on): (Uuid, Day),
    power: &str,
) -> impl Iterator<Item = Approved<'a>> {
    let record = at.records.get(body).filter(|one| &*one.kind == "body");
    let terms = record.into_iter().flat_map(move |one| one.approved_on(on));
    terms.filter(move |one| gives(one.version, power))
}

/// Returns whether the terms of a body, or an appointment, give a power.
pub fn gives(version: &Version, power: &str) -> bool {
    let mut powers = list(version.body(), "/powers").iter();
    powers.any(|one| one.as_str() == Some(power))
}

/// Returns whether an approval is top management's: of it, of a person with a seat on it, or of a
/// body that holds the power for it.
pub fn by_top_management(at: &At<'_>, approval: &Approval) -> bool {
    let on = approval.decided_on;
    match approval.by {
        Approver::Operator => true,
        Approver::Body { body, .. } => {
            let kind = at.records.get(approval.of.id).map(|record| &*record.kind);
            speaks_for_top(at, (body, on), kind.unwrap_or_default())
        }
        Approver::Person(person) => at.seats_on_top(person, on).next().is_some(),
    }
}
