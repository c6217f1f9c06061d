//! Resolutions that were written and that nobody attested: they adopt nothing.

use record::{Cite, Day, Version};
use serde_json::Value;
use uuid::Uuid;

use super::review;
use crate::at::{At, day, id, list};

/// Returns the last resolution decided by the day that would approve or keep a version of a kind
/// and is not attested, with the day it was decided: of bodies that it is asked of.
pub fn wanting<'a>(
    at: &At<'a>,
    kind: &str,
    concerns: &impl Fn(&Version) -> bool,
    by: impl Fn(Uuid, Day) -> bool,
) -> Option<(Day, &'a Version)> {
    let records = at.records.of_kind("resolution");
    let newest = records.filter_map(|record| record.standing().next_back());
    let wanted = newest.filter(|one| approves(one) && is_on(at, one, kind, concerns));
    let open = wanted.filter_map(|one| open(at, one));
    let open = open.filter(|(on, one)| id(one.body(), "/body").is_none_or(|body| by(body, *on)));
    open.max_by_key(|(on, resolution)| (*on, resolution.put.seq))
}

/// Returns the last resolution decided by the day that would move a slot and is not attested, with
/// the day it was decided.
pub fn moving<'a>(at: &At<'a>, declaration: Uuid, first_day: Day) -> Option<(Day, &'a Version)> {
    let records = at.records.of_kind("resolution");
    let newest = records.filter_map(|record| record.standing().next_back());
    let moves = newest.filter(|one| {
        let mut objects = list(one.body(), "/objects").iter();
        one.body().get("verb").and_then(Value::as_str) == Some("moves_slot")
            && objects.any(|object| {
                id(object, "/of/id") == Some(declaration)
                    && day(object, "/first_day") == Some(first_day)
            })
    });
    let open = moves.filter_map(|one| open(at, one));
    open.max_by_key(|(on, resolution)| (*on, resolution.put.seq))
}

/// Returns the resolutions of the meetings that a review is which are not attested, with the days
/// they were decided.
pub fn of_review<'a>(at: &At<'a>, review: &Version) -> Vec<(Day, &'a Version)> {
    let resolutions = review::resolutions(at, review).into_iter();
    resolutions.filter_map(|one| open(at, one)).collect()
}

fn open<'a>(at: &At<'_>, resolution: &'a Version) -> Option<(Day, &'a Version)> {
    let on = day(resolution.body(), "/decided_on").filter(|on| at.reached(*on))?;
    let attested = resolution.moved("attest").next().is_some();
    (!attested).then_some((on, resolution))
}

fn approves(resolution: &Version) -> bool {
    let verb = resolution.body().get("verb").and_then(Value::as_str);
    matches!(
        verb,
        Some("adopts" | "approves" | "appoints" | "ratifies" | "keeps")
    )
}

fn is_on(
    at: &At<'_>,
    resolution: &Version,
    kind: &str,
    concerns: &impl Fn(&Version) -> bool,
) -> bool {
    let mut objects = list(resolution.body(), "/objects").iter();
    objects.any(|object| {
        let of = object.get("of").cloned();
        let of = of.and_then(|of| serde_json::from_value::<Cite>(of).ok());
        let of = of.and_then(|cite| at.records.cited(cite));
        of.is_some_and(|version| &*version.put.kind == kind && concerns(version))
    })
}
