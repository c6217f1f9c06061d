//! A management review: slot, meetings, inputs, conclusions, decisions.

use record::spec::{NO_PERSON, Note};
use record::{Cite, Day, Kind, KindSpec, Problem, TITLE_LENGTH_MAX, Token};
use record::{Record, Records, Refusal, Version};
use record::{attendance, listed, slots};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

const NAME: &str = "management_review";

/// A review of the AI management system by top management.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ManagementReview {
    /// What it is called.
    #[schemars(length(max = TITLE_LENGTH_MAX))]
    title: String,
    /// The slot it claims; left out when it was held outside any. A review answers for no slot
    /// that it does not claim.
    slot: Option<Slot>,
    /// The meetings, or parts of meetings, that it is. It was held on the last day on which these
    /// sat, and while one of them is to sit again it is not held yet.
    parts: Vec<Part>,
    /// Which management systems it covers.
    covers: Vec<Covers>,
    /// The seven inputs of ISO/IEC 42001:2023, 9.3.2.
    inputs: Inputs,
    /// The actions of the review before, and those that it listed as open, with how they stand.
    #[serde(default)]
    earlier_actions: Vec<Earlier>,
    /// Further agenda lines the organisation has switched on.
    #[serde(default)]
    agenda: Agenda,
    /// The two kinds of decision of 9.3.3.
    decisions: Decisions,
    /// The three conclusions of 9.3.1.
    conclusions: Conclusions,
    /// Actions agreed.
    #[serde(default)]
    actions: Vec<Uuid>,
}

/// A slot, named by its declaration and first day.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// The declaration.
    declaration: Uuid,
    /// The slot's first day.
    first_day: Day,
}

/// A meeting, or some of its items.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The meeting.
    meeting: Cite,
    /// The items; all when left out. Where each says at which sitting it was taken, only the days
    /// of those sittings count.
    #[serde(default)]
    items: Vec<Token>,
}

/// A management system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Covers {
    /// AI (ISO/IEC 42001).
    Aims,
    /// Information security (ISO/IEC 27001).
    Isms,
    /// Quality (ISO 9001).
    Qms,
    /// Privacy (ISO/IEC 27701).
    Pims,
}

/// The seven inputs.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Inputs {
    /// 1: how earlier reviews' actions stand.
    actions: Option<Input>,
    /// 2: changes in external and internal issues.
    issues: Option<Input>,
    /// 3: changes in what interested parties need.
    parties: Option<Input>,
    /// 4: the trend in nonconformities and corrective actions.
    nonconformities: Option<Input>,
    /// 5: the trend in monitoring and measurement.
    monitoring: Option<Input>,
    /// 6: the trend in audit results.
    audits: Option<Input>,
    /// 7: opportunities for improvement.
    opportunities: Option<Input>,
}

/// One input. What was reported names what it rests on: records, minute items, or minutes that
/// are a file.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// What was reported.
    text: Option<String>,
    /// Or why there is nothing.
    none_because: Option<String>,
    /// The minute items where it stands. A review of a whole meeting is quorate where that was at
    /// each of these; where no input names any, at every item.
    #[serde(default)]
    items: Vec<Token>,
    /// The records it rests on, as they stood.
    #[serde(default)]
    cites: Vec<Cite>,
    /// For a trend: how many data points.
    data_points: Option<u32>,
}

/// An earlier action.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Earlier {
    /// The action.
    action: Uuid,
    /// How it stands.
    status: Status,
}

/// How an action stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// To be done.
    Open,
    /// Done.
    Done,
    /// Given up.
    Dropped,
}

/// Further agenda lines.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Agenda {
    /// Objectives.
    objectives: Option<String>,
    /// Incidents.
    incidents: Option<String>,
    /// Risk and impact assessments since last time, and what each changed.
    assessments: Option<String>,
}

/// Decisions.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Decisions {
    /// On opportunities for improvement; a reasoned "none" counts.
    improvement: Option<String>,
    /// On any need for changes; a reasoned "none" counts.
    changes: Option<String>,
}

/// Conclusions.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Conclusions {
    /// Whether it still suits.
    suitability: Option<String>,
    /// Whether it is enough.
    adequacy: Option<String>,
    /// Whether it works.
    effectiveness: Option<String>,
}

impl Kind for ManagementReview {
    fn check(&self) -> Vec<Problem> {
        if self.parts.is_empty() {
            return vec![Problem::new(
                "/parts",
                "A review is at least part of a meeting.",
                "Cite the meeting.",
            )];
        }
        if !self.covers.contains(&Covers::Aims) {
            return vec![Problem::new(
                "/covers",
                "A review that does not cover the AI management system is not one of these.",
                "Add aims.",
            )];
        }
        Vec::new()
    }
}

/// Returns the declaration and the first day by which a body names the slot it claims.
fn claimed(facts: &Value) -> Option<(Uuid, Day)> {
    let slot = facts.get("slot")?;
    let text = |field: &str| slot.get(field).and_then(Value::as_str);
    Some((
        text("declaration")?.parse().ok()?,
        text("first_day")?.parse().ok()?,
    ))
}

/// A review is of items that its meetings have. Minutes that number none are silent about them.
fn of_items(facts: &Value, records: &Records) -> Result<(), Refusal> {
    for (part, (meeting, items)) in slots::parts(facts).enumerate() {
        let numbers = newest(meeting, records).map(|one| attendance::items(one.body()));
        let Some(numbers) = numbers.filter(|numbers| !numbers.is_empty()) else {
            continue;
        };
        let is_none = |item: &Value| item.as_str().is_some_and(|item| !numbers.contains(&item));
        if let Some(place) = items.iter().position(is_none) {
            let item = items[place].as_str().unwrap_or_default();
            let what = format!("The meeting has no item {item}.");
            return Err(Refusal::new("no_such_item", what)
                .at(format!("/body/parts/{part}/items/{place}"))
                .hint(format!(
                    "Its items are {}; leave the list out for all of them.",
                    numbers.join(", ")
                )));
        }
    }
    Ok(())
}

/// A slot claimed for a meeting outside it is back-filling, and one slot holds one review.
fn against(id: Uuid, facts: &Value, records: &Records, _: Day) -> Result<(), Refusal> {
    of_items(facts, records)?;
    if facts.get("slot").is_none() {
        return Ok(());
    }
    let claim = claimed(facts);
    let found = claim
        .and_then(|(declaration, first)| slots::named(records, records.get(declaration)?, first));
    let Some((claim, found)) = claim.zip(found) else {
        return Err(Refusal::new(
            "no_such_slot",
            "No slot of this declaration has that first day.",
        )
        .at("/body/slot/first_day")
        .hint("`minutebook status --json` lists the slots."));
    };
    match slots::last_sitting(facts, records) {
        Some(held) if found.holds_day(held) => unclaimed(id, claim, &found, records),
        Some(held) => Err(Refusal::new(
            "outside_slot",
            format!(
                "The review was held on {}, outside the slot from {} to {}.",
                held.in_words(),
                found.days().0.in_words(),
                found.days().1.in_words()
            ),
        )
        .at("/body/slot")
        .hint(
            "Leave the slot out: the review is recorded as what it is; the slot stays as it is.",
        )),
        None => Err(
            Refusal::new("not_held", "None of the meetings cited has been held.")
                .at("/body/parts")
                .hint("Record the day the meeting sat first, and cite that version."),
        ),
    }
}

/// Returns another review that claims a slot in its newest version that was not withdrawn.
fn claiming(id: Uuid, claim: (Uuid, Day), records: &Records) -> Option<&Version> {
    let mut newest = records
        .of_kind(NAME)
        .filter(|review| review.id != id)
        .filter_map(|review| review.standing().next_back());
    newest.find(|version| claimed(version.body()) == Some(claim))
}

/// A review is noted that counts for nothing as it stands: it goes on, or claims no slot, though
/// it was held in one that nobody claims.
fn noted(id: Uuid, facts: &Value, records: &Records) -> Option<Note> {
    going_on(facts, records)
        .or_else(|| claiming_none(id, facts, records))
        .or_else(|| resting_on_none(facts, records))
}

/// What was reported stands at an item of one of its meetings, where it names any. Minutes that
/// number none are silent about them.
fn resting_on_none(facts: &Value, records: &Records) -> Option<Note> {
    let meetings = slots::parts(facts).filter_map(|(meeting, _)| newest(meeting, records));
    let numbers: Vec<&str> = meetings
        .flat_map(|one| attendance::items(one.body()))
        .collect();
    let inputs = facts.get("inputs").and_then(Value::as_object)?;
    let astray = inputs.iter().find_map(|(input, says)| {
        let mut items = says.get("items")?.as_array()?.iter();
        let is_none = |item: &&Value| item.as_str().is_some_and(|item| !numbers.contains(&item));
        Some((input, items.find(is_none)?.as_str()?))
    });
    let (input, item) = astray.filter(|_| !numbers.is_empty())?;
    Some(Note {
        code: "no_such_item",
        message: format!(
            "None of its meetings has an item {item}, where what was reported on {input} is said to stand."
        ),
        hint: format!(
            "Their items are {}: put a version that names the one it was.",
            numbers.join(", ")
        ),
    })
}

/// A meeting that was adjourned is to sit again, and its review is held with its last sitting.
fn going_on(facts: &Value, records: &Records) -> Option<Note> {
    let mut meetings = slots::parts(facts).filter_map(|(meeting, _)| newest(meeting, records));
    let meeting = meetings.find(|meeting| slots::goes_on(facts, meeting))?;
    let last = slots::sittings(meeting.body()).into_iter().max()?;
    Some(Note {
        code: "to_sit_again",
        message: format!(
            "The meeting of {} is adjourned and is to sit again: until it has, the review is not held.",
            last.in_words()
        ),
        hint: "When it has, put a version of the meeting with that sitting as held; if it will not, one that says it was held as it was. A review of items taken already names them, and each says its sitting.".to_owned(),
    })
}

/// Returns a meeting as its newest standing version tells of it.
fn newest(meeting: Uuid, records: &Records) -> Option<&Version> {
    records.get(meeting)?.standing().next_back()
}

fn claiming_none(id: Uuid, facts: &Value, records: &Records) -> Option<Note> {
    if claimed(facts).is_some() {
        return None;
    }
    let held = slots::last_sitting(facts, records)?;
    let free = |declaration: &record::Record| {
        let slots = slots::of(records, declaration, held);
        let mut slots = slots.into_iter().filter(|slot| slot.holds_day(held));
        slots.find(|slot| claiming(id, (declaration.id, slot.first_day), records).is_none())
    };
    let mut declarations = records.of_kind("declaration");
    let (declaration, slot) = declarations.find_map(|one| Some((one.id, free(one)?)))?;
    let (first, last) = slot.days();
    Some(Note {
        code: "slot_unclaimed",
        message: format!(
            "The review was held on {}, in the slot from {} to {}, which nobody claims: it claims none either, and answers for none.",
            held.in_words(),
            first.in_words(),
            last.in_words()
        ),
        hint: format!(
            "If it is the review of that slot, put a version of it with \"slot\": {{\"declaration\": \"{declaration}\", \"first_day\": \"{}\"}}.",
            slot.first_day
        ),
    })
}

/// No other review claims the slot in its newest version that was not withdrawn.
fn unclaimed(
    id: Uuid,
    claim: (Uuid, Day),
    slot: &slots::Slot,
    records: &Records,
) -> Result<(), Refusal> {
    let Some(other) = claiming(id, claim, records) else {
        return Ok(());
    };
    let (first, last) = slot.days();
    let held = slots::last_sitting(other.body(), records);
    let held = held.map_or_else(String::new, |on| format!(", held on {},", on.in_words()));
    let withdraw = freed_by(other.put.id, claim, records);
    Err(Refusal::new(
        "slot_claimed",
        format!(
            "The review {}{held} claims the slot from {} to {} already.",
            other.put.id,
            first.in_words(),
            last.in_words()
        ),
    )
    .at("/body/slot")
    .hint(format!(
        "Put a new version of that review, or {withdraw}; or leave the slot out here."
    )))
}

/// Says which versions of a review are to be withdrawn for it to claim a slot no more: where one
/// goes, the one before stands again.
fn freed_by(id: Uuid, claim: (Uuid, Day), records: &Records) -> String {
    let standing = records.get(id).into_iter().flat_map(Record::standing);
    let newest_first = standing.rev();
    let claims = newest_first.take_while(|version| claimed(version.body()) == Some(claim));
    let mut versions: Vec<String> = claims.map(|one| one.number().to_string()).collect();
    versions.reverse();
    match versions.as_slice() {
        [one] => format!("withdraw its version {one} with its reason"),
        several => format!(
            "withdraw its versions {}, each with its reason: where one goes, the one before stands again",
            listed(several)
        ),
    }
}

/// Returns the kind.
pub fn kind() -> KindSpec {
    KindSpec {
        cites: &[
            ("/slot/declaration", &["declaration"]),
            ("/parts/*/meeting", &["meeting"]),
            ("/inputs/actions/cites/*", NO_PERSON),
            ("/inputs/issues/cites/*", NO_PERSON),
            ("/inputs/parties/cites/*", NO_PERSON),
            ("/inputs/nonconformities/cites/*", NO_PERSON),
            ("/inputs/monitoring/cites/*", NO_PERSON),
            ("/inputs/audits/cites/*", NO_PERSON),
            ("/inputs/opportunities/cites/*", NO_PERSON),
            ("/earlier_actions/*/action", &["action"]),
            ("/actions/*", &["action"]),
        ],
        against: Some(against),
        noted: Some(noted),
        ..KindSpec::of::<ManagementReview>(NAME, "Management review", include_str!("sample.json"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::drafts::{SOUND, hold};

    #[test]
    fn a_review_is_part_of_a_meeting_and_covers_the_ai_management_system() {
        let unmet = "/body/parts: A review is at least part of a meeting.";
        let other = "/body/covers: A review that does not cover the AI management system is not one of these.";
        hold(
            &kind(),
            &[
                (json!({"parts": []}), unmet),
                (json!({"covers": []}), other),
                (json!({"covers": ["isms", "qms", "pims"]}), other),
                (json!({"covers": ["isms", "aims"]}), SOUND),
                // What it lacks is a finding, never a refusal.
                (json!({"inputs": {"actions": null}}), SOUND),
                (json!({"decisions": {"improvement": null}}), SOUND),
            ],
        );
    }
}
