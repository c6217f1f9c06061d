//! 9.3.2: what was before a review.

use catalogue::Rule;
use record::{Version, attendance, slots};
use serde_json::Value;

use super::review::{Held, meetings, one, one_of_slot, row_of};
use super::{Subject, slots as planned};
use crate::at::{At, list, stated};
use crate::outcome::{Outcome, Says};
use crate::wording;

const INPUTS: wording::Words = &[
    ("actions", "the actions of earlier reviews"),
    ("issues", "changes in the issues that matter"),
    ("parties", "changes in what interested parties need"),
    ("nonconformities", "nonconformities and corrective actions"),
    ("monitoring", "monitoring and measurement"),
    ("audits", "audit results"),
    ("opportunities", "opportunities to improve"),
];

const TRENDS: [&str; 3] = ["nonconformities", "monitoring", "audits"];

/// The inputs that a review lacks.
#[derive(Debug)]
pub struct Lacking<'r> {
    /// It says nothing on them, nor why there is nothing.
    pub missing: Vec<&'r str>,
    /// It says something, and not what that rests on.
    pub unlinked: Vec<&'r str>,
    /// Those of these that name items, of which its meetings have none.
    pub astray: Vec<&'r str>,
}

impl Lacking<'_> {
    /// Returns whether it lacks none.
    pub fn none(&self) -> bool {
        self.count() == 0
    }

    /// Returns how many it lacks.
    pub fn count(&self) -> usize {
        self.missing.len() + self.unlinked.len()
    }
}

/// Returns whether a review is the first, of which trends and earlier actions are not asked.
fn is_first(at: &At<'_>, review: &Version) -> bool {
    let row = row_of(at, review.put.id);
    let mut first = row.first().into_iter();
    first.all(|(_, one)| one.put.id == review.put.id)
}

/// Returns whether an input is asked from the second review on.
fn is_of_later(need: &str) -> bool {
    TRENDS.contains(&need) || need == "actions"
}

/// Returns whether a review says nothing on some input that is not asked of it, being the first.
pub(crate) fn is_spared(at: &At<'_>, rule: &Rule, review: &Version) -> bool {
    let is_silent = |need: &String| {
        let given = |part: &str| stated(review.body(), &format!("/inputs/{need}/{part}"));
        is_of_later(need) && !given("text") && !given("none_because")
    };
    is_first(at, review) && rule.with.needs.iter().any(is_silent)
}

/// Returns which inputs a review lacks; trends and earlier actions are asked from the second on.
/// What is said rests on versions of records, on items of the meetings that the review is, or on
/// minutes that are a file; "none, because" stands alone.
pub fn lacking<'r>(at: &At<'_>, rule: &'r Rule, review: &Version) -> Lacking<'r> {
    let first = is_first(at, review);
    let meetings = meetings(at, review);
    let given = |need: &str, part: &str| stated(review.body(), &format!("/inputs/{need}/{part}"));
    let asked = rule.with.needs.iter().map(String::as_str);
    let (said, missing): (Vec<&str>, Vec<&str>) = asked
        .filter(|need| !(first && is_of_later(need)))
        .filter(|need| !given(need, "none_because"))
        .partition(|need| given(need, "text"));
    let linked = |need: &str| {
        given(need, "cites")
            || list(review.body(), &format!("/inputs/{need}/items"))
                .iter()
                .any(|item| is_item(item, meetings))
            || meetings
                .iter()
                .any(|one| stated(one.body(), "/minutes/file"))
            || brought_in_file(at, review)
    };
    let unlinked: Vec<&str> = said.into_iter().filter(|need| !linked(need)).collect();
    let astray = unlinked.iter().copied();
    let astray = astray.filter(|need| given(need, "items")).collect();
    Lacking {
        missing,
        unlinked,
        astray,
    }
}

/// Returns the items of a meeting at which some input of a review is said to stand, by their
/// numbers; none where they name none of it. An input names no meeting: a number that another meeting
/// of the review has too, of what the review is of it, names neither.
pub(super) fn stand_at<'m>(
    at: &At<'_>,
    review: &Version,
    meeting: &'m Version,
) -> Option<Vec<&'m str>> {
    let given = record::at(review.body(), "/inputs").and_then(Value::as_object);
    let given = given.into_iter().flat_map(|inputs| inputs.values());
    let named: Vec<&str> = given
        .flat_map(|input| list(input, "/items"))
        .filter_map(Value::as_str)
        .collect();
    let others = meetings(at, review).iter();
    let others = others.filter(|other| other.put.id != meeting.put.id);
    let of_others: Vec<&str> = others
        .flat_map(|other| {
            let taken = slots::items_named(review.body(), other.put.id);
            taken.unwrap_or_else(|| attendance::items(other.body()))
        })
        .collect();
    let items = attendance::items(meeting.body()).into_iter();
    let items = items.filter(|number| named.contains(number) && !of_others.contains(number));
    let items: Vec<&str> = items.collect();
    (!items.is_empty()).then_some(items)
}

fn is_item(item: &Value, meetings: &[&Version]) -> bool {
    let mut numbers = meetings
        .iter()
        .flat_map(|one| attendance::items(one.body()));
    numbers.any(|number| item.as_str() == Some(number))
}

/// Minutes from before the ledger began may be no more than a file; those of a review held since
/// are records.
fn brought_in_file(at: &At<'_>, review: &Version) -> bool {
    let put = &review.put;
    let sat = slots::last_sitting(review.body(), at.records);
    let brought = put.facts.brought_in.as_ref();
    brought.is_some_and(|brought| brought.file.is_some())
        && at
            .records
            .brought_in(put, sat.unwrap_or(put.facts.effective_on))
}

/// 9.3-b: of each slot the seven inputs, over all sittings of its review. One that claims no slot, as
/// after an incident, may be of a few.
pub fn inputs(at: &At<'_>, rule: &Rule, subject: &Subject) -> Outcome {
    match one_of_slot(at, subject) {
        Some(held) => before(at, rule, &held),
        None => planned::without_review(at, subject),
    }
}

/// Says whether a review, however old, has its inputs.
pub(super) fn before(at: &At<'_>, rule: &Rule, held: &Held<'_>) -> Outcome {
    let lacking = lacking(at, rule, held.review);
    if lacking.none() {
        return Outcome::holds();
    }
    let words = |needs: &[&str]| wording::missing(needs.iter().copied(), INPUTS);
    let mut fails = Outcome::fails().with("date", held.on);
    let is_silent = |need: &&str| !lacking.astray.contains(need);
    let silent: Vec<&str> = lacking.unlinked.iter().copied().filter(is_silent).collect();
    if !lacking.astray.is_empty() {
        fails = fails.with("astray", words(&lacking.astray));
        if lacking.missing.is_empty() && silent.is_empty() {
            return fails.with("case", "astray");
        }
        fails = fails.with("also", "astray");
    }
    match (lacking.missing.as_slice(), silent.as_slice()) {
        (missing, []) => fails.with("missing", words(missing)),
        ([], unlinked) => fails
            .with("case", "unlinked")
            .with("unlinked", words(unlinked)),
        (missing, unlinked) => fails
            .with("case", "both")
            .with("missing", words(missing))
            .with("unlinked", words(unlinked)),
    }
}

/// 9.3-b.p: what is called a trend rests on two figures.
pub fn trends(at: &At<'_>, _: &Rule, subject: &Subject) -> Outcome {
    let Some(held) = one(at, subject) else {
        return Outcome::new(Says::Absent);
    };
    if held.before.is_none() {
        return Outcome::new(Says::NotDue);
    }
    let one_figure = TRENDS.iter().find(|trend| {
        let at = |part: &str| {
            held.review
                .body()
                .pointer(&format!("/inputs/{trend}/{part}"))
        };
        at("text").is_some() && at("data_points").and_then(Value::as_u64).unwrap_or(0) < 2
    });
    match one_figure {
        None => Outcome::holds(),
        Some(item) => Outcome::fails()
            .with("date", held.on)
            .with("item", wording::missing([*item], INPUTS)),
    }
}
