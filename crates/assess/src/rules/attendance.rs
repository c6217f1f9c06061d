//! Who was there when a review was held.

use record::approve::{Present, Quorum, Terms, count};
use record::{Day, Version, attendance, listed, slots};
use serde_json::Value;
use uuid::Uuid;

use super::inputs;
use super::reviewed::parts;
use crate::at::{At, STAY, id};
use crate::outcome::Outcome;

/// A meeting that a review is of, or some of its items, as its body's terms count who was there.
#[derive(Debug, PartialEq, Eq)]
pub struct Part {
    /// The meeting.
    pub meeting: Uuid,
    /// The body.
    pub body: Uuid,
    /// The day on which what the review is of it was first taken.
    pub on: Day,
    /// Whether it was quorate.
    pub quorate: bool,
    /// The items at which it was not, by their numbers.
    pub without: Vec<String>,
    /// Of how many items of the meeting the review is.
    pub items: usize,
    /// Whether its body had terms of reference, in force then or before.
    pub has_terms: bool,
    /// Of what was done by circulation, whether those terms allow that.
    pub circulated: Option<bool>,
}

fn quorate<'s>(at: &'s At<'_>, review: &Version) -> impl Iterator<Item = &'s Part> {
    parts(at, review).iter().filter(|part| part.quorate)
}

/// Whether top management took part in a review, quorate, as its own terms define.
pub fn top_management_took_part(at: &At<'_>, review: &Version) -> bool {
    quorate(at, review).any(|part| at.is_top(part.body, part.on))
}

/// Returns a body by whose terms top management took part, and the day on which they were
/// approved without a record of who was there. None where some other part will do.
pub fn terms_unattended(at: &At<'_>, review: &Version) -> Option<(Uuid, Day)> {
    let terms = quorate(at, review)
        .filter(|part| at.is_top(part.body, part.on))
        .map(|part| {
            let approved_on = super::terms_unattended(at, part.body, part.on)?;
            Some((part.body, approved_on))
        });
    terms.collect::<Option<Vec<_>>>()?.into_iter().next()
}

/// Returns the bodies that held a review, each with the day on which it did.
pub fn bodies<'s>(at: &'s At<'_>, review: &Version) -> impl Iterator<Item = (Uuid, Day)> + 's {
    parts(at, review).iter().map(|part| (part.body, part.on))
}

/// Whether some part of a review was quorate by its body's terms.
pub fn was_quorate(at: &At<'_>, review: &Version) -> bool {
    quorate(at, review).next().is_some()
}

/// Says of a slot whose review was not quorate why not.
pub fn told(at: &At<'_>, review: &Version, fails: Outcome) -> Outcome {
    let parts = parts(at, review);
    let not_allowed = |part: &Part| part.circulated == Some(false);
    if parts.iter().all(|part| !part.has_terms) {
        return fails.with("case", "terms");
    }
    if parts.iter().any(not_allowed) {
        return fails.with("case", "circulated");
    }
    with_items(at, review, fails.with("case", "inquorate"))
}

/// Names the items that cost a review its quorum, where there was one at others.
pub fn with_items(at: &At<'_>, review: &Version, fails: Outcome) -> Outcome {
    match items_that_cost(at, review) {
        None => fails,
        Some(items) => fails.with("items", items).with("also", "items"),
    }
}

/// Returns the items at which a quorum was lost, in words, of those meetings of a review that were
/// quorate at others and do not count for these.
pub fn items_that_cost(at: &At<'_>, review: &Version) -> Option<String> {
    let lost = quorum_lost(at, review).into_iter();
    let lost = lost.filter(|part| !part.quorate && part.without.len() < part.items);
    let named: Vec<String> = lost.map(items_lost).collect();
    (!named.is_empty()).then(|| listed(&named))
}

/// Returns the body of the one meeting at which a quorum was lost, where another body held the same
/// review on the same day.
pub(super) fn of_two_bodies(at: &At<'_>, review: &Version, lost: &[&Part]) -> Option<Uuid> {
    let [part] = lost else {
        return None;
    };
    let mut parts = parts(at, review).iter();
    let two = parts.any(|other| other.on == part.on && other.body != part.body);
    two.then_some(part.body)
}

/// Names the items of a meeting at which its quorum was lost.
pub(super) fn items_lost(part: &Part) -> String {
    let noun = match part.without.as_slice() {
        [_] => "item",
        _ => "items",
    };
    let (items, met) = (listed(&part.without), part.on.in_words());
    format!("{noun} {items} of the meeting of {met}")
}

/// Returns the day on which a paper closed that stands in a review for a meeting, though its body's
/// terms do not allow that.
pub fn circulated_instead(at: &At<'_>, review: &Version) -> Option<Day> {
    let mut parts = parts(at, review).iter();
    let paper = parts.find(|part| part.circulated == Some(false))?;
    Some(paper.on)
}

/// Whether something was done by circulation in place of a meeting of a body on a day, by whose terms
/// that is not allowed.
pub fn circulated_unallowed(at: &At<'_>, meeting: &Version, (body, on): (Uuid, Day)) -> bool {
    let allowed = || {
        terms_on(at, body, on)
            .iter()
            .any(|one| one.written_procedure)
    };
    state(meeting) == Some("by_circulation") && !allowed()
}

/// Returns the parts of a review that have items at which it was not quorate; each meeting once.
/// Papers in place of a meeting are none of them.
pub fn quorum_lost<'s>(at: &'s At<'_>, review: &Version) -> Vec<&'s Part> {
    let mut lost: Vec<&Part> = Vec::new();
    for part in parts(at, review)
        .iter()
        .filter(|part| !part.without.is_empty() && part.circulated != Some(false))
    {
        if !lost.contains(&part) {
            lost.push(part);
        }
    }
    lost
}

/// Counts who was there for what a review is of a meeting. None where it has no body or no day.
pub fn part(at: &At<'_>, review: &Version, meeting: &Version) -> Option<Part> {
    let body = id(meeting.body(), "/body")?;
    let on = slots::taken(review.body(), meeting).into_iter().min()?;
    let terms = terms_on(at, body, on);
    let (quorate, without) = quorum(at, (review, meeting), &terms, on);
    let allowed = terms.iter().any(|terms| terms.written_procedure);
    Some(Part {
        meeting: meeting.put.id,
        body,
        on,
        quorate,
        without,
        items: items_of(review, meeting).len(),
        has_terms: !terms.is_empty(),
        circulated: (state(meeting) == Some("by_circulation")).then_some(allowed),
    })
}

fn state(meeting: &Version) -> Option<&str> {
    meeting.body().get("state").and_then(Value::as_str)
}

/// Returns the terms of a body of each time of a day, whoever had left then without their seats.
/// Terms that have ended go on saying what a quorum is; before the first a body has none.
fn terms_on(at: &At<'_>, body: Uuid, on: Day) -> Vec<Terms> {
    let record = at.records.get(body).into_iter();
    let versions = record.flat_map(|record| record.last_in_force_on(on));
    let terms = versions.map(|version| {
        let mut terms = Terms::of(version.body());
        let is_here = |person: Uuid| at.records.is_here(person, Some(STAY), on);
        terms.seats.retain(|seat| is_here(seat.person));
        terms
    });
    terms.collect()
}

/// Returns whether what a review is of a meeting was quorate, and the items that were not. An item
/// was where enough were there in some sitting: a second sitting may have taken up what the first
/// could not; an item that the meeting does not have was at none. Each of the items that the review
/// names has to be. Of a whole meeting each of those has to be at which its inputs are said to
/// stand, or else every one: saying less of where the review was held makes no better one. A record
/// that does not say who was there is marked, not refused. By circulation nothing is, where the
/// terms do not allow that. Of terms of one day those count by which enough were there.
fn quorum(
    at: &At<'_>,
    (review, meeting): (&Version, &Version),
    terms: &[Terms],
    on: Day,
) -> (bool, Vec<String>) {
    let named = items_named(review, meeting);
    let items = items_of(review, meeting);
    let nowhere = || items.iter().copied().map(str::to_owned).collect();
    if state(meeting) == Some("inquorate") {
        return (false, nowhere());
    }
    if terms.is_empty() {
        return (false, Vec::new());
    }
    let allowed = || terms.iter().any(|terms| terms.written_procedure);
    if state(meeting) == Some("by_circulation") && !allowed() {
        return (false, nowhere());
    }
    let none = no_such_items(review, meeting);
    if !none.is_empty() {
        return (false, none);
    }
    let present = meeting.body().get("present");
    if present.and_then(Value::as_array).is_none() {
        return (true, Vec::new());
    }
    let enough = |there: Vec<Present>| is_enough(at, terms, there, on);
    // Those who came on different days never sat together.
    let mut sittings = 1..=slots::sittings(meeting.body()).len().max(1) as u64;
    if items.is_empty() {
        let throughout = sittings.any(|sitting| {
            attendance::at_each_item(meeting.body(), sitting)
                .is_some_and(|each| each.into_iter().all(enough))
        });
        return (throughout, Vec::new());
    }
    let quorate = |item: &&str| {
        let there = attendance::at_item(meeting.body(), sittings.clone(), item);
        there.into_iter().flatten().any(enough)
    };
    let (with, without): (Vec<&str>, Vec<&str>) = items.into_iter().partition(quorate);
    let stands_at = named.or_else(|| inputs::stand_at(at, review, meeting));
    let held = stands_at.map_or(without.is_empty(), |items| {
        items.iter().all(|item| with.contains(item))
    });
    (held, without.into_iter().map(str::to_owned).collect())
}

/// Whether those were enough who were at an item, without whoever was not here then: by some of the
/// terms of the day.
fn is_enough(at: &At<'_>, terms: &[Terms], mut there: Vec<Present>, on: Day) -> bool {
    there.retain(|one| at.records.is_here(one.person, Some(STAY), on));
    let mut terms = terms.iter();
    terms.any(|terms| count(terms, &there, on) == Quorum::Quorate)
}

/// Whether a meeting had a quorum at one of its sittings, counted from 1, by its body's terms of that
/// day: at an item that was or may have been taken then, or where none is named at each. A record
/// that does not say who was there takes nothing away; minutes that number no items had none at any
/// where no more were there than too few.
pub fn had_quorum(at: &At<'_>, meeting: &Version, sitting: u64, item: Option<&str>) -> bool {
    let facts = meeting.body();
    let on = (1..).zip(slots::sittings(facts));
    let on = on
        .filter(|(number, _)| *number == sitting)
        .map(|(_, on)| on);
    let Some((body, on)) = attendance::body(facts).zip(on.last()) else {
        return false;
    };
    let numbered = !attendance::items(facts).is_empty();
    let taken = |item: &str| attendance::items_at(facts, &[sitting]).contains(&item);
    let each = match item {
        Some(item) if numbered && !taken(item) => return false,
        Some(item) => attendance::at_item(facts, [sitting], item),
        None => attendance::at_each_item(facts, sitting),
    };
    let terms = terms_on(at, body, on);
    let enough = |there: Vec<Present>| is_enough(at, &terms, there, on);
    !terms.is_empty() && each.is_none_or(|each| each.into_iter().all(enough))
}

/// Returns the items that a review names of a meeting that has others, but not those. Minutes that
/// number none are silent about them.
fn no_such_items(review: &Version, meeting: &Version) -> Vec<String> {
    let all = attendance::items(meeting.body());
    let named = slots::items_named(review.body(), meeting.put.id).unwrap_or_default();
    let none = named.into_iter().filter(|item| !all.contains(item));
    none.filter(|_| !all.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Returns the items of a meeting that a review is of, by their numbers.
fn items_of<'a>(review: &'a Version, meeting: &'a Version) -> Vec<&'a str> {
    items_named(review, meeting).unwrap_or_else(|| attendance::items(meeting.body()))
}

/// Returns the items of a meeting that a review names, by their numbers. None where it is of the
/// whole meeting.
fn items_named<'a>(review: &'a Version, meeting: &'a Version) -> Option<Vec<&'a str>> {
    let named = slots::items_named(review.body(), meeting.put.id)?;
    let all = attendance::items(meeting.body()).into_iter();
    Some(all.filter(|number| named.contains(number)).collect())
}
