//! Attendance: who counts at a meeting, item by item, from the facts of its body.

use serde_json::Value;
use uuid::Uuid;

use crate::approve::Present;
use crate::fields::{Cite, Day};
use crate::listed;
use crate::slots::sittings;

/// Returns the numbers of a meeting's items, in order.
pub fn items(meeting: &Value) -> Vec<&str> {
    let items = list(meeting, "items").iter();
    items.filter_map(|item| text(item, "number")).collect()
}

/// Returns the exact versions of the papers before the body at an item of a meeting, in order.
fn papers(meeting: &Value, item: &str) -> Vec<Cite> {
    let mut items = list(meeting, "items").iter();
    let found = items.find(|one| text(one, "number") == Some(item));
    let papers = found.map_or(&[][..], |found| list(found, "papers")).iter();
    let papers = papers.filter_map(|paper| serde_json::from_value(paper.clone()).ok());
    papers.collect()
}

/// Returns the versions of a record that an item of a meeting had before the body, where that of it
/// on which the body acted there was none of them; none where the item had no paper of that record.
pub fn other_papers(meeting: &Value, item: &str, of: Cite) -> Vec<u32> {
    let papers = papers(meeting, item).into_iter();
    let had = papers.filter(|paper| paper.id == of.id);
    let had: Vec<u32> = had.map(|paper| paper.version).collect();
    match had.contains(&of.version) {
        true => Vec::new(),
        false => had,
    }
}

/// Returns versions as a sentence names them: "version 2", or "versions 1 and 2".
pub fn versions_in_words(versions: &[u32]) -> String {
    let numbers: Vec<String> = versions.iter().map(u32::to_string).collect();
    let noun = match numbers.len() {
        1 => "version",
        _ => "versions",
    };
    format!("{noun} {}", listed(&numbers))
}

/// Returns the numbers of the items that were, or may have been, taken at some of a meeting's
/// sittings, counted from 1; in order.
pub fn items_at<'a>(meeting: &'a Value, sittings: &[u64]) -> Vec<&'a str> {
    let taken = list(meeting, "items").iter().filter(|item| {
        let at = item.get("sitting").and_then(Value::as_u64);
        at.is_none_or(|at| sittings.contains(&at))
    });
    taken.filter_map(|item| text(item, "number")).collect()
}

/// Returns whether a meeting numbers its items and says who was there, and has no such item in some
/// of its sittings, counted from 1.
pub fn is_no_item(meeting: &Value, sittings: &[u64], item: &str) -> bool {
    let says = meeting.get("present").is_some_and(Value::is_array) && !items(meeting).is_empty();
    says && !items_at(meeting, sittings).contains(&item)
}

/// Returns the sitting, counted from 1, at which an item of a meeting was taken, where it says so.
pub fn sitting_of(meeting: &Value, item: &str) -> Option<u64> {
    let mut items = list(meeting, "items").iter();
    let found = items.find(|one| text(one, "number") == Some(item))?;
    found.get("sitting").and_then(Value::as_u64)
}

/// Returns who was at an item, at each of some of the meeting's sittings, counted from 1, at which it
/// was, or may have been, taken: those who came to different ones never sat together. Members and
/// deputies, without whoever came later or had left; whoever withdrew from it, or without saying
/// from what, is marked. `None` where the record does not say who was there.
pub fn at_item(
    meeting: &Value,
    sittings: impl IntoIterator<Item = u64>,
    item: &str,
) -> Option<Vec<Vec<Present>>> {
    let numbers = items(meeting);
    let taken = sitting_of(meeting, item);
    let rows = meeting.get("present")?.as_array()?;
    let from = |from: Option<&str>| from.is_none_or(|from| from == item);
    let at = |sitting| {
        let there = rows.iter();
        let there = there.filter(|one| at_sitting(one, sitting) && stayed(one, &numbers, item));
        counting(there, |one| withdrew(meeting, one, from))
    };
    let sittings = sittings.into_iter();
    let sittings = sittings.filter(|sitting| taken.is_none_or(|taken| taken == *sitting));
    Some(sittings.map(at).collect())
}

/// Returns who was at each item of one of the meeting's sittings; there is always one. An
/// item that was taken at another, or at which nobody is said to have been, was no item of this
/// sitting, and whoever withdrew
/// without saying from what counts at none. Where the meeting names no items, those count who
/// were there throughout and withdrew from nothing. `None` where the record does not say who was
/// there.
pub fn at_each_item(meeting: &Value, sitting: u64) -> Option<Vec<Vec<Present>>> {
    let numbers = items(meeting);
    let rows = meeting.get("present")?.as_array()?.iter();
    let rows: Vec<&Value> = rows.filter(|one| at_sitting(one, sitting)).collect();
    let mut each = Vec::new();
    for item in &items_at(meeting, &[sitting]) {
        let mut there = rows
            .iter()
            .filter(|one| stayed(one, &numbers, item))
            .peekable();
        if there.peek().is_some() {
            let from = |from: Option<&str>| from.is_none_or(|from| from == *item);
            each.push(counting(there.copied(), |one| withdrew(meeting, one, from)));
        }
    }
    if each.is_empty() {
        let bounded = |one: &Value| text(one, "from_item").or(text(one, "to_item")).is_some();
        let throughout = rows.into_iter().filter(|one| !bounded(one));
        each.push(counting(throughout, |one| withdrew(meeting, one, |_| true)));
    }
    Some(each)
}

/// Returns the sittings of a meeting, counted from 1, at which it may have confirmed minutes by a day:
/// those after the last of the minutes, where it was held; from the facts of both.
pub fn confirming(minutes: &Value, by: &Value, on: Day) -> Vec<u64> {
    let held = matches!(text(by, "state"), Some("held" | "adjourned"));
    let Some(last) = sittings(minutes).into_iter().max().filter(|_| held) else {
        return Vec::new();
    };
    let numbered = (1..).zip(sittings(by));
    let sat = numbered.filter(|(_, sat)| last < *sat && *sat <= on);
    sat.map(|(number, _)| number).collect()
}

/// Somebody who is said to have been at a meeting on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct There {
    /// The person.
    pub person: Uuid,
    /// The day.
    pub on: Day,
    /// Whether as a member.
    pub is_member: bool,
}

/// Returns who is said to have been at a meeting, for each day that it sat.
pub fn there(meeting: &Value) -> Vec<There> {
    let rows = list(meeting, "present").iter();
    let days = sittings(meeting);
    let there = rows.flat_map(|one| {
        let person = text(one, "person").and_then(|id| id.parse().ok());
        let at = (1..)
            .zip(&days)
            .filter(|(number, _)| at_sitting(one, *number));
        person.into_iter().flat_map(move |person| {
            let is_member = text(one, "role") == Some("member");
            let of_day = move |(_, on): (u64, &Day)| There {
                person,
                on: *on,
                is_member,
            };
            at.clone().map(of_day)
        })
    });
    there.collect()
}

/// Returns the body that meets.
pub fn body(meeting: &Value) -> Option<Uuid> {
    text(meeting, "body")?.parse().ok()
}

/// Returns whether two versions of a meeting say the same of who was there and took part.
pub fn says_the_same(one: &Value, other: &Value) -> bool {
    let short = |body: &Value| {
        let state = text(body, "state");
        ["inquorate", "by_circulation"].map(|one| state == Some(one))
    };
    let rows = |body: &'_ Value| ["present", "interests"].map(|field| body.get(field).cloned());
    short(one) == short(other) && rows(one) == rows(other)
}

fn counting<'a>(
    rows: impl Iterator<Item = &'a Value>,
    withdrew: impl Fn(&Value) -> bool,
) -> Vec<Present> {
    let counting = rows.filter(|one| text(one, "role") != Some("in_attendance"));
    let present = counting.filter_map(|one| {
        Some(Present {
            person: text(one, "person")?.parse().ok()?,
            deputy_for: text(one, "deputy_for").and_then(|id| id.parse().ok()),
            withdrew: withdrew(one),
        })
    });
    present.collect()
}

/// Whether somebody was at a sitting.
fn at_sitting(one: &Value, sitting: u64) -> bool {
    let at = list(one, "sittings");
    let mut numbers = at.iter().filter_map(Value::as_u64);
    at.is_empty() || numbers.any(|number| number == sitting)
}

/// Whether somebody was there for an item; a bound that is no item of the meeting bounds
/// everything out.
fn stayed(one: &Value, numbers: &[&str], item: &str) -> bool {
    let place = |number: &str| numbers.iter().position(|one| *one == number);
    let Some(at) = place(item) else {
        return true;
    };
    let within = |field: &str, holds: fn(usize, usize) -> bool| {
        text(one, field).is_none_or(|bound| place(bound).is_some_and(|bound| holds(bound, at)))
    };
    within("from_item", |from, at| from <= at) && within("to_item", |to, at| at <= to)
}

/// Whether somebody took no part in such an item.
fn withdrew(meeting: &Value, one: &Value, from: impl Fn(Option<&str>) -> bool) -> bool {
    list(meeting, "interests").iter().any(|interest| {
        interest.get("withdrew") == Some(&Value::Bool(true))
            && text(interest, "person") == text(one, "person")
            && from(text(interest, "item"))
    })
}

fn list<'a>(body: &'a Value, field: &str) -> &'a [Value] {
    let list = body.get(field).and_then(Value::as_array);
    list.map_or(&[], Vec::as_slice)
}

fn text<'a>(body: &'a Value, field: &str) -> Option<&'a str> {
    body.get(field).and_then(Value::as_str)
}
