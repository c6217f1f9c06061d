//! A meeting: called, held, minuted, its minutes confirmed.

mod called;
mod confirming;
mod within;

use record::approve::{Attended, Decided};
use record::spec::{Authority, NO_PERSON};
use record::{
    Cite, Day, FileHash, Kind, KindSpec, MoveSpec, Problem, TITLE_LENGTH_MAX, Token, attendance,
    slots,
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;
use uuid::Uuid;

/// A meeting of a body, or a written procedure in place of one.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Meeting {
    /// What it is called, such as "Management review, 24 September 2026".
    #[schemars(length(max = TITLE_LENGTH_MAX))]
    title: String,
    /// The body that meets.
    body: Uuid,
    /// How far it has come.
    state: MeetingState,
    /// The day it was called.
    called_on: Option<Day>,
    /// The day the papers went out.
    papers_out_on: Option<Day>,
    /// The day it is meant for.
    planned_on: Option<Day>,
    /// Why it was cancelled, adjourned or could not act; or by which rule nobody met.
    why: Option<String>,
    /// The days it sat. One meeting may sit more than once. By circulation: the closing day.
    #[serde(default)]
    sittings: Vec<Sitting>,
    /// Who was there; by circulation, who answered. Left out when the record does not say.
    present: Option<Vec<Present>>,
    /// Who sent apologies, and was not there; or for part of it, where `present` says for which.
    #[serde(default)]
    apologies: Vec<Uuid>,
    /// Interests declared, and who withdrew.
    #[serde(default)]
    interests: Vec<Interest>,
    /// Numbered items: what was before the body and what it said.
    #[serde(default)]
    #[schemars(extend("x-group-each" = "item", "x-group-by" = "number"))]
    items: Vec<Item>,
    /// The minutes as a file, brought in as they are.
    minutes: Option<Minutes>,
}

/// How far a meeting has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MeetingState {
    /// Called, not yet held.
    Called,
    /// Held.
    Held,
    /// Met without a quorum.
    Inquorate,
    /// Called off.
    Cancelled,
    /// To sit again: a review of it is not held until it has. Where it will not, put a version that
    /// says it was held.
    Adjourned,
    /// Done by circulation, without meeting. It counts where the body's terms allow a written
    /// procedure; what the body resolved so cites it on its closing day, or no meeting.
    ByCirculation,
}

/// One day a meeting sat.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sitting {
    /// The day.
    on: Day,
    /// From when to when, and where.
    when: Option<String>,
}

/// Somebody at the meeting.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Present {
    /// The person.
    person: Uuid,
    /// In what capacity.
    role: Role,
    /// For whom, if a deputy.
    deputy_for: Option<Uuid>,
    /// From which item on, if not the first.
    from_item: Option<Token>,
    /// Through which item, if not the last.
    to_item: Option<Token>,
    /// At which sittings, counted from 1; all when left out.
    #[serde(default)]
    sittings: Vec<u32>,
}

/// In what capacity somebody was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Counts and votes.
    Member,
    /// Stands in for a member.
    Deputy,
    /// Speaks, never counts.
    InAttendance,
}

/// A declared interest.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Interest {
    /// Who declared it.
    person: Uuid,
    /// The item it touches. Whoever withdrew and names none counts at no item.
    item: Option<Token>,
    /// What it is.
    nature: String,
    /// Whether they took no part in that item.
    #[serde(default)]
    withdrew: bool,
}

/// Longest number of an item, in characters: `item-` goes before it.
const NUMBER_LENGTH_MAX: usize = Token::LENGTH_MAX - "item-".len();

/// A numbered part of the minutes.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Its number.
    number: Token,
    /// Its heading.
    #[schemars(length(max = TITLE_LENGTH_MAX))]
    title: String,
    /// At which sitting it was taken, counted from 1; left out where that is not said.
    sitting: Option<u32>,
    /// The minute.
    text: Option<String>,
    /// Exact versions of the papers before the body.
    #[serde(default)]
    papers: Vec<Cite>,
}

/// Minutes that exist as a file.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Minutes {
    /// The file.
    file: FileHash,
    /// Where in it to look.
    #[serde(default)]
    pointers: Vec<Pointer>,
}

/// A place in a file.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pointer {
    /// The page, from 1.
    page: Option<u32>,
    /// The paragraph or minute number.
    paragraph: Option<String>,
    /// The first words there.
    first_words: Option<String>,
    /// What it shows.
    shows: String,
}

/// A later meeting confirms these minutes as accurate.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirm {
    /// The meeting that confirms.
    by: Cite,
    /// Its item.
    item: Option<Token>,
    /// Who presided and signed.
    presiding: Option<Uuid>,
    /// What was changed at confirmation.
    amendments: Option<String>,
    /// The day.
    on: Day,
}

impl Kind for Confirm {}

impl Kind for Meeting {
    fn check(&self) -> Vec<Problem> {
        let problem = self
            .misdated()
            .or_else(|| self.attended_ahead())
            .or_else(|| self.of_no_sitting())
            .or_else(|| self.of_no_item())
            .or_else(|| self.excused())
            .or_else(|| self.called_late());
        if let Some(problem) = problem {
            return vec![problem];
        }
        if let Some(problem) = self.numbered_beyond() {
            return vec![problem];
        }
        let mut numbers = BTreeSet::new();
        let again = self
            .items
            .iter()
            .position(|item| !numbers.insert(&item.number));
        if let Some(index) = again {
            let number = &self.items[index].number;
            return vec![Problem::new(
                &format!("/items/{index}/number"),
                format!("Two items have the number {number}."),
                "Give each its own; what is said of an item names it by its number.",
            )];
        }
        let deputy = self
            .present
            .iter()
            .flatten()
            .position(|one| one.role == Role::Deputy && one.deputy_for.is_none());
        deputy
            .map(|index| {
                Problem::new(
                    &format!("/present/{index}/deputy_for"),
                    "A deputy stands in for somebody.",
                    "Say for whom.",
                )
            })
            .into_iter()
            .collect()
    }
}

impl Meeting {
    /// The words of an item stand in a group named after its number, and no such name is longer
    /// than a short name is.
    fn numbered_beyond(&self) -> Option<Problem> {
        let index = self
            .items
            .iter()
            .position(|item| item.number.as_str().len() > NUMBER_LENGTH_MAX)?;
        let length = self.items[index].number.as_str().len();
        Some(Problem::new(
            &format!("/items/{index}/number"),
            format!("This number has {length} characters; {NUMBER_LENGTH_MAX} are the most."),
            "Number it in short, and say the rest in its heading.",
        ))
    }

    /// A meeting sat on a day where it was held, and on none where it was not; what was done by
    /// circulation closed on one.
    fn misdated(&self) -> Option<Problem> {
        let (what, hint) = match (self.state, self.sittings.len()) {
            (MeetingState::Called | MeetingState::Cancelled, 0) => return None,
            (MeetingState::Called | MeetingState::Cancelled, _) => (
                "A meeting that was only called, or was cancelled, did not sit.",
                "Use planned_on for the day it was meant for.",
            ),
            (MeetingState::ByCirculation, 1) => return None,
            (MeetingState::ByCirculation, _) => (
                "What was done by circulation has one day: the one on which it closed.",
                "Write the closing day as its only sitting.",
            ),
            (MeetingState::Held | MeetingState::Inquorate | MeetingState::Adjourned, 0) => {
                ("A meeting that was held has a day.", "Add the day it sat.")
            }
            (MeetingState::Held | MeetingState::Inquorate | MeetingState::Adjourned, _) => {
                return None;
            }
        };
        Some(Problem::new("/sittings", what, hint))
    }

    /// Nobody has been at a meeting that has not sat, or that never did.
    fn attended_ahead(&self) -> Option<Problem> {
        let has_sat = !matches!(self.state, MeetingState::Called | MeetingState::Cancelled);
        let attended = self
            .present
            .as_ref()
            .is_some_and(|present| !present.is_empty());
        (attended && !has_sat).then(|| {
            Problem::new(
                "/present",
                "A meeting that was only called, or was cancelled, was attended by nobody.",
                "Leave this out until it has been held; who sits in the body is in its terms of reference.",
            )
        })
    }

    /// Nobody was away and there throughout.
    fn excused(&self) -> Option<Problem> {
        let throughout = |one: &&Present| {
            one.from_item.is_none() && one.to_item.is_none() && one.sittings.is_empty()
        };
        let present = self.present.iter().flatten().filter(throughout);
        let there: BTreeSet<Uuid> = present.map(|one| one.person).collect();
        let index = self.apologies.iter().position(|one| there.contains(one))?;
        Some(Problem::new(
            &format!("/apologies/{index}"),
            "This person sent apologies, and was there throughout.",
            "Leave them out of one; who was there for a part only is present from an item, to one, or at some sittings.",
        ))
    }
}

fn text<'a>(facts: &'a Value, field: &str) -> Option<&'a str> {
    facts.get(field).and_then(Value::as_str)
}

/// Who was there when the body decided: at the item, or at each item of that day's sittings where
/// the resolution names none; nobody, at a meeting without a quorum. Not said, where the record is
/// silent about attendance; at the most whoever was there at all, where it names no items.
fn present(facts: &Value, decided: &Decided<'_>) -> Attended {
    match text(facts, "state") {
        Some("held" | "adjourned" | "inquorate") => there(facts, decided),
        Some("by_circulation") => Attended::ByCirculation(Box::new(there(facts, decided))),
        _ => Attended::NotMet,
    }
}

fn there(facts: &Value, decided: &Decided<'_>) -> Attended {
    let body = text(facts, "body").and_then(|id| id.parse().ok());
    let sat = slots::sat_on(facts, decided.on);
    if body != Some(decided.body) || sat.is_empty() {
        return Attended::NotMet;
    }
    if text(facts, "state") == Some("inquorate") {
        return Attended::Each(vec![Vec::new()]);
    }
    let Some(item) = decided.item else {
        let each = sat
            .iter()
            .map(|sitting| attendance::at_each_item(facts, *sitting));
        let each: Option<Vec<_>> = each.collect();
        return each.map_or(Attended::NotSaid, |each| Attended::Each(each.concat()));
    };
    if attendance::is_no_item(facts, &sat, item) {
        return Attended::NoSuchItem;
    }
    match attendance::at_item(facts, sat.iter().copied(), item) {
        None => Attended::NotSaid,
        // Whoever was there for a part only may have been there for this.
        Some(there) if attendance::items(facts).is_empty() => Attended::AtMost(there),
        Some(there) => Attended::AtItem(there),
    }
}

/// Returns the kind.
pub fn kind() -> KindSpec {
    KindSpec {
        moves: vec![MoveSpec {
            cites: &[("/by", &["meeting"]), ("/presiding", &["person"])],
            against: Some(confirming::held_to_meeting),
            ..MoveSpec::plain::<Confirm>("confirm", &["/on"])
        }],
        move_noted: Some(confirming::of_older),
        happened: &["/sittings/*/on"],
        against: Some(called::held_to_today),
        cites: &[
            ("/body", &["body"]),
            ("/present/*/person", &["person"]),
            ("/present/*/deputy_for", &["person"]),
            ("/apologies/*", &["person"]),
            ("/interests/*/person", &["person"]),
            ("/items/*/papers/*", NO_PERSON),
        ],
        authority: Authority {
            present: Some(present),
            ..Authority::default()
        },
        ..KindSpec::of::<Meeting>("meeting", "Meeting", include_str!("sample.json"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::drafts::{SOUND, hold};

    #[test]
    fn a_meeting_sat_on_a_day_when_it_was_held_and_on_none_when_not() {
        let undated = "/body/sittings: A meeting that was held has a day.";
        let sat = "/body/sittings: A meeting that was only called, or was cancelled, did not sit.";
        let day = json!([{"on": "2026-09-24"}]);
        for (state, without, with) in [
            ("called", SOUND, sat),
            ("held", undated, SOUND),
            ("inquorate", undated, SOUND),
            ("cancelled", SOUND, sat),
            ("adjourned", undated, SOUND),
        ] {
            hold(
                &kind(),
                &[
                    (json!({"state": state, "sittings": []}), without),
                    (json!({"state": state, "sittings": day}), with),
                ],
            );
        }
    }

    #[test]
    fn what_was_done_by_circulation_closed_on_one_day() {
        let closed =
            "/body/sittings: What was done by circulation has one day: the one on which it closed.";
        let on = |days: &[&str]| {
            let days: Vec<Value> = days.iter().map(|on| json!({"on": on})).collect();
            json!({"state": "by_circulation", "sittings": days})
        };
        hold(
            &kind(),
            &[
                (on(&["2026-09-24"]), SOUND),
                (on(&[]), closed),
                (on(&["2026-09-24", "2026-10-01"]), closed),
            ],
        );
    }

    #[test]
    fn whoever_sent_apologies_was_not_there_throughout() {
        let person = "00000000-0000-4000-8000-000000000002";
        let there = |extra: Value| {
            let mut one = json!({"person": person, "role": "member"});
            for (field, value) in extra.as_object().into_iter().flatten() {
                one[field] = value.clone();
            }
            json!({"present": [one], "apologies": [person],
                "items": [{"number": "1", "title": "Interests"}]})
        };
        let excused = "/body/apologies/0: This person sent apologies, and was there throughout.";
        hold(
            &kind(),
            &[
                (there(json!({})), excused),
                (there(json!({"from_item": "1"})), SOUND),
                (there(json!({"to_item": "1"})), SOUND),
                (there(json!({"sittings": [1]})), SOUND),
                (json!({"present": [], "apologies": [person]}), SOUND),
            ],
        );
    }

    #[test]
    fn a_deputy_stands_in_for_somebody() {
        let person = "00000000-0000-4000-8000-000000000002";
        let member = json!({"person": person, "role": "member"});
        let attends = json!({"person": person, "role": "in_attendance"});
        let deputy = json!({"person": person, "role": "deputy"});
        let for_one = json!({"person": person, "role": "deputy", "deputy_for": person});
        hold(
            &kind(),
            &[
                (json!({"present": []}), SOUND),
                (json!({"present": [member, attends, for_one]}), SOUND),
                (
                    json!({"present": [member, attends, deputy]}),
                    "/body/present/2/deputy_for: A deputy stands in for somebody.",
                ),
            ],
        );
    }
}
