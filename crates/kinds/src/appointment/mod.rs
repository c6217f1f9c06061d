//! Somebody is appointed: to a post, as head of a unit, or to the duties of 5.3.

use record::approve;
use record::choices::Power;
use record::put_right::corrects_earlier;
use record::spec::{Authority, Holding, Names, Note};
use record::{
    Day, Event, Kind, KindSpec, Leaving, MoveSpec, Problem, Record, Records, Refusal,
    TITLE_LENGTH_MAX, Token, Version,
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

/// An appointment of a person, a body or a post.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Appointment {
    /// What it is called, such as "Owner of the AI management system".
    #[schemars(length(max = TITLE_LENGTH_MAX))]
    title: String,
    /// Who is appointed: a person, or a body. Left out where a post is.
    holder: Option<Uuid>,
    /// The post that is appointed, in place of a person or a body: whoever was appointed to it
    /// holds on each day what this gives.
    holder_post: Option<Token>,
    /// The responsibilities of ISO/IEC 42001:2023, 5.3 that it gives.
    #[serde(default)]
    duties: Vec<Duty>,
    /// The post it gives.
    post: Option<Token>,
    /// The unit it makes them head of.
    head_of: Option<Token>,
    /// The authority that goes with it: what the holder may stop, spend or decide.
    authority: Option<String>,
    /// Powers to approve that go with it.
    #[serde(default)]
    powers: Vec<Power>,
    /// Up to which level of risk they may accept.
    accepts_risk_to: Option<Token>,
    /// First day. A version for a later holder is given this as its effective date too, or the
    /// version before it counts no longer in the meantime. Whoever left is appointed again only
    /// from a day after their last.
    start: Day,
    /// Last day, if set beforehand.
    end: Option<Day>,
    /// Who stands in when the holder is away or gone.
    cover: Option<Uuid>,
}

/// A responsibility of 5.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Duty {
    /// That the AI management system conforms to the standard.
    Conformity,
    /// Reporting on its performance to top management.
    Reporting,
}

/// It was made known.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Communicate {
    /// The day: it counts from the day the appointment was decided.
    on: Day,
    /// To whom.
    to: String,
    /// How.
    how: Option<String>,
    /// The day that an earlier entry gave by mistake, where this one puts that right.
    corrects: Option<Day>,
}

impl Kind for Communicate {}

/// The holder accepts.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Accept {
    /// The day.
    on: Day,
}

impl Kind for Accept {}

/// The holder leaves.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Leave {
    /// The last day in it.
    last_day: Day,
    /// Why.
    because: Option<String>,
}

impl Kind for Leave {}

impl Kind for Appointment {
    fn check(&self) -> Vec<Problem> {
        if self.duties.is_empty()
            && self.post.is_none()
            && self.head_of.is_none()
            && self.powers.is_empty()
        {
            return vec![Problem::new(
                "/duties",
                "An appointment is to something.",
                "Name duties, a post, a unit to head, or powers.",
            )];
        }
        if let Some(problem) = self.held_by_one() {
            return vec![problem];
        }
        if self.cover.is_some() && self.cover == self.holder {
            return vec![Problem::new(
                "/cover",
                "Nobody stands in for themselves.",
                "Name somebody else, or leave this out.",
            )];
        }
        if self.end.is_some_and(|end| end < self.start) {
            return vec![Problem::new(
                "/end",
                "The last day is before the first.",
                "Set an end on or after the start.",
            )];
        }
        Vec::new()
    }
}

impl Appointment {
    /// An appointment is of a person, a body or a post. A post holds duties and units; another
    /// post, and powers, are given to somebody by name.
    fn held_by_one(&self) -> Option<Problem> {
        match (self.holder, &self.holder_post) {
            (None, None) => Some(Problem::new(
                "/holder",
                "Somebody is appointed.",
                "Name the person or the body, or the post in holder_post.",
            )),
            (Some(_), Some(_)) => Some(Problem::new(
                "/holder_post",
                "Either somebody is appointed by name, or a post is.",
                "Leave out holder or holder_post.",
            )),
            (None, Some(_)) if self.post.is_some() => Some(Problem::new(
                "/post",
                "A post is given to a person or a body, not to another post.",
                "Name who is appointed in holder.",
            )),
            (None, Some(_)) if !self.powers.is_empty() => Some(Problem::new(
                "/powers",
                "Powers to approve are given to a person or a body, not to a post.",
                "Give them in an appointment of whoever has the post.",
            )),
            _ => None,
        }
    }
}

/// Nobody leaves what had not begun.
fn left_after_start(_: &Records, version: &Version, leave: &Value) -> Result<(), Refusal> {
    let day =
        |facts: &Value, field: &str| -> Option<Day> { facts.get(field)?.as_str()?.parse().ok() };
    let start = day(version.body(), "start");
    match start.zip(day(leave, "last_day")) {
        Some((start, last)) if last < start => {
            let what = format!("The last day is before the first, {}.", start.in_words());
            Err(Refusal::new("before_first_day", what)
                .at("/body/last_day")
                .hint("Name the first day or a later one; an appointment that should never have been entered is withdrawn, with its reason."))
        }
        _ => Ok(()),
    }
}

/// That whoever an appointment names leaves it holds for its later versions too.
const LEAVING: Leaving = Leaving {
    names: &["/holder", "/holder_post"],
    first: "/start",
    by: "leave",
    last: "/last_day",
};

/// Whoever leaves holds its powers no longer than that day.
fn holdings(version: &Version, records: &Records) -> Vec<Holding> {
    let facts = version.body();
    let record = records.get(version.put.id);
    let up_to = record.into_iter().flat_map(Record::standing);
    let up_to = up_to.filter(|one| one.number() <= version.number());
    let left = LEAVING.told(facts, up_to).map(|left| left.last);
    let end = facts
        .get("end")
        .and_then(Value::as_str)
        .and_then(|day| day.parse().ok());
    let until = left.into_iter().chain(end).min();
    let text = |field: &str| facts.get(field).and_then(Value::as_str);
    let Some(holder) = text("holder").and_then(|id| id.parse().ok()) else {
        return Vec::new();
    };
    let from = text("start").and_then(|day| day.parse().ok());
    let given = approve::given(facts, holder).into_iter();
    given.map(|one| Holding { from, until, ..one }).collect()
}

/// A version is noted by which whoever it names holds nothing after the day on which they leave.
fn noted(id: Uuid, facts: &Value, records: &Records) -> Option<Note> {
    let left = LEAVING.told(facts, records.get(id)?.standing())?;
    let last = left.last.in_words();
    Some(Note {
        code: "holder_leaves",
        message: format!(
            "Whoever it appoints leaves on {last}, as entry {} says of version {}: by this version too they hold nothing after that day.",
            left.event.seq,
            left.version.number()
        ),
        hint: format!(
            "To appoint them again, put a version whose `start` is after {last}. If that day is wrong, make the move `leave` again with the right one; where nobody leaves, with the `end` of the appointment, or a day as far off as 9999-12-31 if it has none."
        ),
    })
}

/// A move is noted that counts for nothing: accepted by another than the holder, or made known
/// before the appointment was decided.
fn move_noted(event: &Event, version: &Version, records: &Records) -> Option<Note> {
    match &*event.name {
        "accept" => accepted_by_another(event, version, records),
        "communicate" => made_known_early(event, version),
        _ => None,
    }
}

fn accepted_by_another(event: &Event, version: &Version, records: &Records) -> Option<Note> {
    let holders = holders(version.body(), records);
    if event.facts.by.is_some_and(|by| holders.contains(&by)) {
        return None;
    }
    Some(Note {
        code: "not_by_holder",
        message: "Nobody accepts for another: this was not recorded by the holder, and counts for nothing.".to_owned(),
        hint: "Let the person appointed make the move `accept` on it under their own name; a body accepts nothing.".to_owned(),
    })
}

/// Returns who is appointed: by name, or whoever was ever appointed to the post that is.
fn holders(facts: &Value, records: &Records) -> Vec<Uuid> {
    let holder = |facts: &Value| facts.get("holder")?.as_str()?.parse().ok();
    let Some(post) = facts.get("holder_post").filter(|post| post.is_string()) else {
        return holder(facts).into_iter().collect();
    };
    let others = records.of_kind(NAME).flat_map(Record::standing);
    let to_post = others.filter(|other| other.body().get("post") == Some(post));
    to_post.filter_map(|other| holder(other.body())).collect()
}

fn made_known_early(event: &Event, version: &Version) -> Option<Note> {
    let on = event.day("/on")?;
    let decided: Vec<Day> = version.approved().map(|one| one.act.decided_on).collect();
    if decided.iter().any(|decided| *decided <= on) {
        return None;
    }
    let decided = match decided.iter().min() {
        None => "no decision on it is on record".to_owned(),
        Some(decided) => format!("it was decided on {}", decided.in_words()),
    };
    Some(Note {
        code: "known_too_early",
        message: format!(
            "It counts as made known from the day it was decided: {decided}, and that it was made known on {} counts for nothing.",
            on.in_words()
        ),
        hint: "Once it is decided, make it known and make the move `communicate` again, with that day.".to_owned(),
    })
}

const NAME: &str = "appointment";

/// Returns the kind.
pub fn kind() -> KindSpec {
    KindSpec {
        approval: Some("assign_owner"),
        cites: &[
            ("/holder", &["person", "body"]),
            ("/cover", &["person", "body"]),
        ],
        names: &[
            ("/post", Names::Listed("post")),
            ("/holder_post", Names::Listed("post")),
            ("/head_of", Names::Listed("unit")),
        ],
        moves: vec![
            MoveSpec {
                against: Some(corrects_earlier),
                ..MoveSpec::plain::<Communicate>("communicate", &["/on"])
            },
            MoveSpec::plain::<Accept>("accept", &["/on"]),
            // Who leaves may say so before the last day.
            MoveSpec {
                later_effect: true,
                happens: &["/last_day"],
                against: Some(left_after_start),
                told_again: Some("/last_day"),
                ..MoveSpec::plain::<Leave>("leave", &[])
            },
        ],
        authority: Authority {
            holdings: Some(holdings),
            ..Authority::default()
        },
        noted: Some(noted),
        move_noted: Some(move_noted),
        later_effect: true,
        ..KindSpec::of::<Appointment>(NAME, "Appointment", include_str!("sample.json"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drafts::{SOUND, hold};
    use record::{Act, Facts};
    use serde_json::json;

    #[test]
    fn an_appointment_is_to_duties_a_post_a_unit_or_powers() {
        let to = |field: &str, what: Value| json!({"duties": [], field: what});
        hold(
            &kind(),
            &[
                (
                    json!({"duties": []}),
                    "/body/duties: An appointment is to something.",
                ),
                (json!({"duties": ["reporting"]}), SOUND),
                (to("post", json!("head-of-digital")), SOUND),
                (to("head_of", json!("housing")), SOUND),
                (to("powers", json!(["declare"])), SOUND),
            ],
        );
    }

    #[test]
    fn an_appointment_ends_on_or_after_its_first_day() {
        let ends = |end: &str| json!({"start": "2026-03-02", "end": end});
        hold(
            &kind(),
            &[
                (
                    ends("2026-03-01"),
                    "/body/end: The last day is before the first.",
                ),
                (ends("2026-03-02"), SOUND),
                (ends("2026-03-03"), SOUND),
            ],
        );
    }

    #[test]
    fn another_than_the_holder_stands_in() {
        let covered = |n| json!({"holder": Uuid::from_u128(11), "cover": Uuid::from_u128(n)});
        let own = "/body/cover: Nobody stands in for themselves.";
        hold(&kind(), &[(covered(11), own), (covered(12), SOUND)]);
    }

    fn event(act: Act, name: &str, body: &Value) -> Event {
        let facts: Facts =
            serde_json::from_value(json!({"effective_on": "2024-01-01", "body": body}))
                .expect("facts need a day");
        Event {
            seq: 0,
            recorded_at: 0,
            recorded_on: facts.effective_on,
            act,
            kind: "appointment".into(),
            id: Uuid::nil(),
            version: 1,
            name: name.into(),
            refs: Vec::new(),
            facts: facts.into(),
        }
    }

    #[test]
    fn whoever_leaves_holds_no_power_after_that_day() {
        let body = json!({"holder": Uuid::max(), "powers": ["approve_scope"],
            "start": "2024-01-01", "end": "2024-12-31"});
        let mut records = Records::default();
        records.add(event(Act::Put, "", &body));
        let until = |records: &Records| {
            let record = records.get(Uuid::nil()).expect("added above");
            holdings(record.newest(), records)[0]
                .until
                .map(|day| day.to_string())
        };
        assert_eq!(until(&records).as_deref(), Some("2024-12-31"));
        let last = json!({"last_day": "2024-06-30"});
        records.add(event(Act::Move, "leave", &last));
        assert_eq!(until(&records).as_deref(), Some("2024-06-30"));
        // Meant was a later day: the newest entry says so.
        let meant = json!({"last_day": "2024-09-30"});
        records.add(event(Act::Move, "leave", &meant));
        assert_eq!(until(&records).as_deref(), Some("2024-09-30"));
        // They have left it by a later version too, unless that begins after their last day.
        let again = |start: &str, holder: Uuid| {
            let mut records = records.clone();
            let body = json!({"holder": holder, "powers": ["approve_scope"], "start": start});
            let put = event(Act::Put, "", &body);
            records.add(Event { version: 2, ..put });
            let noted = noted(Uuid::nil(), &body, &records).map(|note| note.code);
            (until(&records), noted)
        };
        let left = (Some("2024-09-30".to_owned()), Some("holder_leaves"));
        assert_eq!(again("2024-01-01", Uuid::max()), left);
        assert_eq!(again("2024-09-30", Uuid::max()), left);
        assert_eq!(again("2024-10-01", Uuid::max()), (None, None));
        assert_eq!(again("2024-01-01", Uuid::from_u128(7)), (None, None));
    }
}
