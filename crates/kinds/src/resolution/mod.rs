//! A resolution: the body's act in a sentence, on exact versions.

use record::approve::{Resolves, WITHDRAW};
use record::spec::{Authority, Counts, NO_PERSON, Note};
use record::{
    Cite, Day, Event, Kind, KindSpec, MoveSpec, Problem, Records, Refusal, TITLE_LENGTH_MAX, Token,
    Version, attendance, is_blank,
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

/// What a body resolved.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Resolution {
    /// Its number, such as 26/14.
    #[schemars(length(max = TITLE_LENGTH_MAX))]
    number: String,
    /// What was resolved, in its own words.
    text: String,
    /// The body.
    body: Uuid,
    /// What it does to the versions it cites.
    verb: Verb,
    /// The exact versions it acts on.
    #[serde(default)]
    objects: Vec<Object>,
    /// The day decided.
    decided_on: Day,
    /// The meeting of this body. For a written procedure, where its terms allow one, what was
    /// circulated (`by_circulation`), which says who answered; left out where none is on record.
    meeting: Option<Cite>,
    /// The item of the meeting, by its number there.
    item: Option<Token>,
    /// How many members answered, where it was decided without meeting and none is cited.
    answered: Option<u32>,
    /// Under which conditions. It counts at once, and whatever rests on it says that it was so
    /// resolved, until something is resolved in its place without any.
    conditions: Option<String>,
    /// Until when it counts: the last day on which what it approves or accepts is so.
    until: Option<Day>,
    /// The vote, if it was counted.
    vote: Option<String>,
    /// Who dissented by name, and why.
    dissent: Option<String>,
}

/// A version acted on.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Object {
    /// The version.
    of: Cite,
    /// For keeps and moves_slot: why.
    because: Option<String>,
    /// From when, if later than the decision.
    effective_on: Option<Day>,
    /// For keeps: the new review date.
    next_review: Option<Day>,
    /// For moves_slot: the first day of the slot moved.
    first_day: Option<Day>,
    /// For moves_slot: its new first day.
    to_first_day: Option<Day>,
    /// For moves_slot: its new last day.
    to_last_day: Option<Day>,
    /// For rescinds: the last day on which the version counts, or the risk is accepted; left out, the
    /// day decided.
    last_day: Option<Day>,
}

/// What a resolution does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// Adopts; approves the version.
    Adopts,
    /// Approves.
    Approves,
    /// Appoints; approves the appointment.
    Appoints,
    /// Owns an act done in its name; approves it.
    Ratifies,
    /// Leaves as it is, for a reason.
    Keeps,
    /// Moves a slot, once, before its last day.
    MovesSlot,
    /// Accepts a risk as assessed.
    Accepts,
    /// Ends what was approved, or the acceptance of a risk.
    Rescinds,
    /// Takes back as entered in error what was approved or accepted: whoever then withdraws the
    /// version cites this resolution.
    Withdraws,
    /// Rejects.
    Rejects,
    /// Puts off.
    Defers,
    /// Passes on with support.
    Recommends,
    /// Supports.
    Endorses,
    /// Notes; approves nothing.
    Notes,
    /// Receives; approves nothing.
    Receives,
    /// Decides something that cites no version.
    Resolves,
}

/// The move by which it is attested.
const ATTEST: &str = "attest";

/// The secretary or chair attests that this was resolved.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attest {
    /// How: own key, one signature on the resolution, a scan vouched for, read from file.
    how: Option<String>,
}

impl Kind for Attest {}

impl Kind for Resolution {
    fn check(&self) -> Vec<Problem> {
        let lacking = |index: usize, field: &str, hint: &str| {
            Problem::new(
                &format!("/objects/{index}/{field}"),
                format!("This verb needs {field}."),
                hint,
            )
        };
        let unreasoned = |object: &Object| object.because.as_deref().is_none_or(is_blank);
        self.objects
            .iter()
            .enumerate()
            .filter_map(|(index, object)| match self.verb {
                Verb::Keeps | Verb::MovesSlot if unreasoned(object) => Some(lacking(
                    index,
                    "because",
                    "Say why it is kept, or the slot moved.",
                )),
                Verb::Keeps if object.next_review.is_none() => Some(lacking(
                    index,
                    "next_review",
                    "Say when it is looked at again.",
                )),
                Verb::Keeps if object.next_review < Some(self.decided_on) => Some(Problem::new(
                    &format!("/objects/{index}/next_review"),
                    "The next review is before the day decided.",
                    "Write the day by which it is looked at again.",
                )),
                Verb::MovesSlot => {
                    let days = [
                        ("first_day", object.first_day),
                        ("to_first_day", object.to_first_day),
                        ("to_last_day", object.to_last_day),
                    ];
                    let (field, _) = days.into_iter().find(|(_, day)| day.is_none())?;
                    Some(lacking(
                        index,
                        field,
                        "Name the slot by its first day, and its new first and last days.",
                    ))
                }
                _ => None,
            })
            .collect()
    }
}

fn move_of(verb: &str) -> Option<&'static str> {
    match verb {
        "adopts" | "approves" | "appoints" | "ratifies" => Some("approve"),
        "keeps" => Some("keep"),
        "moves_slot" => Some("move_slot"),
        "accepts" => Some("accept"),
        "rescinds" => Some("end"),
        "withdraws" => Some(WITHDRAW),
        _ => None,
    }
}

fn resolves(facts: &Value) -> Resolves {
    let text = |field: &str| facts.get(field).and_then(Value::as_str);
    let name = text("verb").and_then(move_of);
    let objects = facts
        .get("objects")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let cite = |value: Option<&Value>| {
        value
            .cloned()
            .and_then(|value| serde_json::from_value::<Cite>(value).ok())
    };
    Resolves {
        body: text("body").and_then(|id| id.parse().ok()),
        meeting: cite(facts.get("meeting")),
        item: text("item").map(str::to_owned),
        answered: facts
            .get("answered")
            .and_then(Value::as_u64)
            .and_then(|n| usize::try_from(n).ok()),
        decided_on: text("decided_on").and_then(|day| day.parse().ok()),
        takes_note: matches!(text("verb"), Some("notes" | "receives")),
        acts: objects
            .filter_map(|object| {
                let of = cite(object.get("of"))?;
                let effective_on = object
                    .get("effective_on")
                    .and_then(Value::as_str)
                    .and_then(|day| day.parse().ok());
                let until = facts.get("until").filter(|until| until.is_string());
                let until = until.map(|until| ("until".to_owned(), until.clone()));
                let carries: Map<String, Value> = object
                    .as_object()?
                    .iter()
                    .filter(|(field, _)| !["of", "effective_on"].contains(&field.as_str()))
                    .map(|(field, value)| (field.clone(), value.clone()))
                    .chain(until)
                    .collect();
                let carries = if carries.is_empty() {
                    Value::Null
                } else {
                    Value::Object(carries)
                };
                Some((name.map(str::to_owned), of, effective_on, carries))
            })
            .collect(),
    }
}

/// Nothing but an appointment is made by appointing.
fn against(_: Uuid, facts: &Value, records: &Records, _: Day) -> Result<(), Refusal> {
    if facts.get("verb").and_then(Value::as_str) != Some("appoints") {
        return Ok(());
    }
    let mut acts = resolves(facts).acts.into_iter().map(|(_, of, ..)| of);
    let other = acts.position(|of| {
        let record = records.get(of.id);
        record.is_none_or(|record| &*record.kind != "appointment")
    });
    match other {
        None => Ok(()),
        Some(index) => Err(Refusal::new(
            "other_kind",
            "Only an appointment is made by appointing, and this is none.",
        )
        .at(format!("/body/objects/{index}/of/id"))
        .hint("Cite the appointment, or say that this adopts or approves what it cites.")),
    }
}

/// A resolution is noted that does less than it may be taken to, or not without more: it decides
/// at an item that its meeting lacks, on nothing, from a day before it was decided, or under
/// conditions.
fn noted(_: Uuid, facts: &Value, records: &Records) -> Option<Note> {
    let no_item = || at_no_item(facts, records);
    let nothing = || no_item().or_else(|| on_nothing(facts));
    let other_paper = || {
        let hint = "If that is the one, put a version that cites it.";
        on_other_paper(facts, records, hint)
    };
    let first = nothing().or_else(other_paper);
    first.or_else(|| before_decision(facts)).or_else(|| {
        let stated = facts.get("conditions").is_some_and(|one| !one.is_null());
        stated.then(|| Note {
            code: "under_conditions",
            message: "It was resolved under conditions: what it approves counts at once, and the answers that rest on it say so.".to_owned(),
            hint: "Once they are met, let the body resolve on it again without conditions.".to_owned(),
        })
    })
}

fn at_no_item(facts: &Value, records: &Records) -> Option<Note> {
    let resolved = resolves(facts);
    let (item, meeting) = (resolved.item?, resolved.meeting?);
    let meeting = records.get(meeting.id)?.standing().next_back()?;
    let items = attendance::items(meeting.body());
    if items.is_empty() || items.contains(&item.as_str()) {
        return None;
    }
    Some(Note {
        code: "no_such_item",
        message: format!("Its meeting has no item {item}: attested so, it adopts nothing."),
        hint: format!(
            "The items there are {}: put a version that names the one it was.",
            items.join(", ")
        ),
    })
}

/// What is attested is noted where it is of another version than the body had before it.
fn move_noted(event: &Event, resolution: &Version, records: &Records) -> Option<Note> {
    let hint = "If that was the one, withdraw this one with its reason, put a version that cites it and have that attested.";
    let attested = Some(resolution.body()).filter(|_| &*event.name == ATTEST);
    attested.and_then(|facts| on_other_paper(facts, records, hint))
}

/// What approves, keeps or accepts one version where its item had another before the body may have
/// been written down wrong.
fn on_other_paper(facts: &Value, records: &Records, hint: &str) -> Option<Note> {
    let verb = facts.get("verb").and_then(Value::as_str)?;
    let resolved = resolves(facts);
    let (item, meeting) = (resolved.item?, resolved.meeting?);
    let meeting = records.get(meeting.id)?.standing().next_back()?;
    let on = resolved.acts.into_iter().find_map(|(name, of, ..)| {
        let stands = ["approve", "keep", "accept"].contains(&name?.as_str());
        let had = attendance::other_papers(meeting.body(), &item, of);
        (stands && !had.is_empty()).then_some((of, had))
    });
    let (of, had) = on?;
    let kind = records.get(of.id)?.kind.replace('_', " ");
    Some(Note {
        code: "other_paper",
        message: format!(
            "Item {item} had {} of the {kind} before the body, and this {} version {}.",
            attendance::versions_in_words(&had),
            verb.replace('_', " "),
            of.version
        ),
        hint: hint.to_owned(),
    })
}

/// Nothing counts before it was decided, whatever day it is to count from.
fn before_decision(facts: &Value) -> Option<Note> {
    let resolved = resolves(facts);
    let on = resolved.decided_on?;
    let mut days = resolved.acts.iter().filter_map(|(_, _, from, _)| *from);
    let from = days.find(|from| *from < on)?;
    Some(Note {
        code: "effect_before_decision",
        message: format!(
            "It is to count from {}, and was decided on {}: it counts from that day.",
            from.in_words(),
            on.in_words()
        ),
        hint: "Leave `effective_on` of the object out, or name that day or a later one; what the records show of the days before stays as it is.".to_owned(),
    })
}

/// What adopts, keeps or accepts nothing on record may be about what has no record here.
fn on_nothing(facts: &Value) -> Option<Note> {
    let verb = facts.get("verb").and_then(Value::as_str)?;
    move_of(verb)?;
    resolves(facts).acts.is_empty().then(|| Note {
        code: "on_nothing",
        message: format!("It {} and cites no version: it does nothing to any record.", verb.replace('_', " ")),
        hint: "Put a version that cites in `objects` what it acts on; for what has no record here, write `resolves`.".to_owned(),
    })
}

/// Returns the kind.
pub fn kind() -> KindSpec {
    KindSpec {
        moves: vec![MoveSpec {
            counts: Counts::Attests,
            ..MoveSpec::plain::<Attest>(ATTEST, &[])
        }],
        happened: &["/decided_on"],
        cites: &[
            ("/body", &["body"]),
            ("/objects/*/of", NO_PERSON),
            ("/meeting", &["meeting"]),
        ],
        authority: Authority {
            resolves: Some(resolves),
            ..Authority::default()
        },
        against: Some(against),
        noted: Some(noted),
        move_noted: Some(move_noted),
        later_effect: true,
        ..KindSpec::of::<Resolution>("resolution", "Resolution", include_str!("sample.json"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::drafts::{SOUND, hold};

    fn resolves(verb: &str, carries: &Value) -> Value {
        let of = json!({"id": "00000000-0000-4000-8000-000000000009", "version": 1});
        let mut object = json!({"of": of});
        for (field, value) in carries.as_object().into_iter().flatten() {
            object[field] = value.clone();
        }
        object["because"] = carries
            .get("because")
            .cloned()
            .unwrap_or(json!("It serves."));
        json!({"verb": verb, "objects": [{"of": of, "because": "It serves.",
            "next_review": "2027-01-05", "first_day": "2026-01-01", "to_first_day": "2026-02-01", "to_last_day": "2026-04-30"},
            object]})
    }

    #[test]
    fn a_version_is_kept_until_its_next_review() {
        let lacking = "/body/objects/1/next_review: This verb needs next_review.";
        hold(
            &kind(),
            &[
                (resolves("keeps", &json!({})), lacking),
                (
                    resolves("keeps", &json!({"next_review": "2027-01-05"})),
                    SOUND,
                ),
                (json!({"verb": "keeps", "objects": []}), SOUND),
            ],
        );
    }

    #[test]
    fn no_version_is_kept_and_no_slot_moved_without_a_reason() {
        let days = json!({"next_review": "2027-01-05", "first_day": "2026-01-01",
            "to_first_day": "2026-02-01", "to_last_day": "2026-04-30"});
        let because = |verb: &str, because: Value| {
            let mut carries = days.clone();
            carries["because"] = because;
            resolves(verb, &carries)
        };
        let lacking = "/body/objects/1/because: This verb needs because.";
        for verb in ["keeps", "moves_slot"] {
            hold(
                &kind(),
                &[
                    (because(verb, Value::Null), lacking),
                    (because(verb, json!(" ")), lacking),
                    (because(verb, json!("It serves.")), SOUND),
                ],
            );
        }
        hold(&kind(), &[(because("notes", Value::Null), SOUND)]);
    }

    #[test]
    fn what_is_kept_is_looked_at_again_on_the_day_decided_or_later() {
        let before = "/body/objects/1/next_review: The next review is before the day decided.";
        let on = |day: &str| {
            let mut draft = resolves("keeps", &json!({"next_review": day}));
            draft["decided_on"] = json!("2026-09-24");
            draft
        };
        hold(
            &kind(),
            &[(on("2026-09-23"), before), (on("2026-09-24"), SOUND)],
        );
    }

    #[test]
    fn a_resolution_that_does_less_than_it_seems_is_noted() {
        let noted = |verb: &str, objects: &Value, conditions: Value| {
            let facts = json!({"verb": verb, "objects": objects, "conditions": conditions});
            noted(Uuid::nil(), &facts, &Records::default()).map(|note| note.code)
        };
        let of = json!([{"of": {"id": Uuid::max(), "version": 1}}]);
        let nothing = Some("on_nothing");
        assert_eq!(noted("adopts", &json!([]), Value::Null), nothing);
        assert_eq!(noted("adopts", &of, Value::Null), None);
        assert_eq!(noted("resolves", &json!([]), Value::Null), None);
        let conditions = Some("under_conditions");
        assert_eq!(noted("adopts", &of, json!(true)), conditions);
    }

    #[test]
    fn a_day_before_the_decision_from_which_it_is_to_count_is_noted() {
        let noted = |from: &str| {
            let of = json!({"id": Uuid::max(), "version": 1});
            let facts = json!({"verb": "ratifies", "body": Uuid::max(), "decided_on": "2026-03-20",
                "objects": [{"of": of}, {"of": of, "effective_on": from}]});
            noted(Uuid::nil(), &facts, &Records::default())
        };
        let note = noted("2026-03-01").map(|note| (note.code, note.message));
        let said = "It is to count from 1 March 2026, and was decided on 20 March 2026: it counts from that day.";
        assert_eq!(note, Some(("effect_before_decision", said.to_owned())));
        assert_eq!(noted("2026-03-20").map(|note| note.code), None);
        assert_eq!(noted("2026-04-01").map(|note| note.code), None);
    }

    #[test]
    fn a_slot_is_moved_by_its_first_day_to_two_others() {
        let whole = json!({"first_day": "2026-01-01", "to_first_day": "2026-02-01",
            "to_last_day": "2026-04-30"});
        let without = |field: &str| {
            let mut carries = whole.clone();
            carries[field] = Value::Null;
            resolves("moves_slot", &carries)
        };
        hold(
            &kind(),
            &[
                (resolves("moves_slot", &whole), SOUND),
                (
                    without("first_day"),
                    "/body/objects/1/first_day: This verb needs first_day.",
                ),
                (
                    without("to_first_day"),
                    "/body/objects/1/to_first_day: This verb needs to_first_day.",
                ),
                (
                    without("to_last_day"),
                    "/body/objects/1/to_last_day: This verb needs to_last_day.",
                ),
            ],
        );
    }

    #[test]
    fn other_verbs_need_nothing_more_than_the_version() {
        for verb in [
            "adopts",
            "approves",
            "appoints",
            "ratifies",
            "accepts",
            "rescinds",
            "withdraws",
            "rejects",
            "defers",
            "recommends",
            "endorses",
            "notes",
            "receives",
            "resolves",
        ] {
            hold(&kind(), &[(resolves(verb, &json!({})), SOUND)]);
        }
    }
}
