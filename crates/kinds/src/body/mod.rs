//! A body that decides, recommends or advises, with its terms of reference.

use record::approve::{self, Terms};
use record::choices::Power;
use record::spec::{Authority, Holding, Names, Note};
use record::{Day, Kind, KindSpec, Problem, Records, TITLE_LENGTH_MAX, Token, Version};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

/// A board, committee or team, and its terms of reference.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Its name.
    #[schemars(length(max = TITLE_LENGTH_MAX))]
    name: String,
    /// The body that set it up.
    parent: Option<Uuid>,
    /// Whether members or officers lead it.
    led_by: Option<LedBy>,
    /// What it may do. A body that may not decide approves nothing; left out, its powers say.
    #[serde(default)]
    may: Vec<May>,
    /// Whether it is, or is part of, top management.
    top_management: TopManagement,
    /// Fewest who can act.
    quorum: u32,
    /// Whether a deputy counts towards the quorum.
    #[serde(default)]
    deputies_count: bool,
    /// Its seats, each with the person in it and the days.
    #[serde(default)]
    seats: Vec<Seat>,
    /// Who presides.
    chair: Option<Uuid>,
    /// Who records and attests.
    secretary: Option<Uuid>,
    /// The powers it holds.
    #[serde(default)]
    powers: Vec<Power>,
    /// Up to which level of risk it may accept, if it holds accept_risk.
    accepts_risk_to: Option<Token>,
    /// Whether it may decide without meeting. If not, a resolution that cites no meeting, or what
    /// was circulated in place of one, adopts nothing, and a review by circulation is none.
    #[serde(default)]
    written_procedure: bool,
    /// Its terms of reference, or where they are.
    terms: Option<String>,
    /// When the terms are to be looked at again.
    review_by: Option<Day>,
}

/// Who leads a body.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LedBy {
    /// Elected or appointed members.
    Members,
    /// Officers.
    Officers,
}

/// What a body may do.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum May {
    /// Decides.
    Decide,
    /// Passes on to whoever decides.
    Recommend,
    /// Gives advice.
    Advise,
}

/// Its place in top management.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TopManagement {
    /// It is top management.
    Is,
    /// It is part of top management, or holds its delegation.
    Part,
    /// It is not.
    No,
}

/// A seat.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Seat {
    /// The person in it.
    person: Uuid,
    /// The post that gives it, if ex officio.
    post: Option<Token>,
    /// First day.
    from: Option<Day>,
    /// Last day.
    until: Option<Day>,
}

impl Kind for Body {
    fn check(&self) -> Vec<Problem> {
        if self.quorum == 0 {
            return vec![Problem::new(
                "/quorum",
                "A quorum is at least one.",
                "Write the fewest who can act.",
            )];
        }
        let problem = self.left_first().or_else(|| self.seated_twice());
        problem.into_iter().collect()
    }
}

impl Body {
    /// A seat begins before it ends.
    fn left_first(&self) -> Option<Problem> {
        let mut seats = self.seats.iter();
        let index = seats.position(|seat| {
            let days = seat.from.zip(seat.until);
            days.is_some_and(|(from, until)| until < from)
        })?;
        Some(Problem::new(
            &format!("/seats/{index}/until"),
            "The last day is before the first.",
            "Set the last day on or after the first.",
        ))
    }

    /// A person in two seats at one time would seem to be two.
    fn seated_twice(&self) -> Option<Problem> {
        let (index, _) = self.seats.iter().enumerate().find(|(index, seat)| {
            let mut earlier = self.seats[..*index].iter();
            earlier.any(|other| other.person == seat.person && other.meets(seat))
        })?;
        Some(Problem::new(
            &format!("/seats/{index}"),
            "This person has another seat at the same time.",
            "Leave one out, or give both the days they begin and end.",
        ))
    }
}

impl Seat {
    /// Whether two seats have a day in common.
    fn meets(&self, other: &Self) -> bool {
        let begins_by = |one: &Self, last: Option<Day>| {
            one.from.zip(last).is_none_or(|(from, last)| from <= last)
        };
        begins_by(self, other.until) && begins_by(other, self.until)
    }
}

/// Terms are noted by which nothing is ever decided: a quorum that the seats cannot make up on any
/// day, or powers of a body that may not decide.
fn noted(id: Uuid, facts: &Value, records: &Records) -> Option<Note> {
    never_quorate(id, facts, records).or_else(|| only_advises(facts))
}

fn only_advises(facts: &Value) -> Option<Note> {
    let powers = facts.get("powers").and_then(Value::as_array);
    if !Terms::of(facts).only_advises || powers.is_none_or(Vec::is_empty) {
        return None;
    }
    Some(Note {
        code: "only_advises",
        message: "Its terms say what it may do, and to decide is not in it: it approves nothing by the powers that they name.".to_owned(),
        hint: "Put a version in which `may` holds `decide`, or one without powers.".to_owned(),
    })
}

fn never_quorate(_: Uuid, facts: &Value, _: &Records) -> Option<Note> {
    let terms = Terms::of(facts);
    let most = terms.most_seated();
    if terms.quorum <= most {
        return None;
    }
    let seats = match most {
        0 => "names no seats".to_owned(),
        1 => "fills one seat at a time".to_owned(),
        most => format!("never fills more than {most} seats at a time"),
    };
    Some(Note {
        code: "never_quorate",
        message: format!(
            "The quorum is {}, and this {seats}: it can never act, and what it resolves adopts nothing.",
            terms.quorum
        ),
        hint: "Put a version with the seats there are, or with the quorum that its terms of reference give.".to_owned(),
    })
}

fn holdings(version: &Version, _: &Records) -> Vec<Holding> {
    approve::given(version.body(), version.put.id)
}

/// Returns the kind.
pub fn kind() -> KindSpec {
    KindSpec {
        approval: Some("set_up_body"),
        file_optional: true,
        cites: &[
            ("/parent", &["body"]),
            ("/seats/*/person", &["person"]),
            ("/chair", &["person"]),
            ("/secretary", &["person"]),
        ],
        names: &[("/seats/*/post", Names::Listed("post"))],
        authority: Authority {
            holdings: Some(holdings),
            terms: Some(Terms::of),
            ..Authority::default()
        },
        noted: Some(noted),
        later_effect: true,
        ..KindSpec::of::<Body>("body", "Body", include_str!("sample.json"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::drafts::{SOUND, hold};

    #[test]
    fn a_quorum_is_at_least_one() {
        let none = "/body/quorum: A quorum is at least one.";
        hold(
            &kind(),
            &[(json!({"quorum": 0}), none), (json!({"quorum": 1}), SOUND)],
        );
    }

    #[test]
    fn a_seat_begins_before_it_ends() {
        let seat = |until: &str| {
            let person = Uuid::from_u128(11);
            json!({"seats": [{"person": person, "from": "2026-02-01", "until": until}]})
        };
        let before = "/body/seats/0/until: The last day is before the first.";
        hold(
            &kind(),
            &[(seat("2026-01-31"), before), (seat("2026-02-01"), SOUND)],
        );
    }

    #[test]
    fn powers_of_a_body_that_may_not_decide_are_noted() {
        let noted = |may: Value, powers: Value| {
            let body = json!({"quorum": 1, "may": may, "powers": powers,
                "seats": [{"person": Uuid::from_u128(11)}]});
            noted(Uuid::nil(), &body, &Records::default()).map(|note| note.code)
        };
        let declare = || json!(["declare"]);
        assert_eq!(noted(json!(["advise"]), declare()), Some("only_advises"));
        assert_eq!(noted(json!(["advise"]), json!([])), None);
        assert_eq!(noted(json!(["advise", "decide"]), declare()), None);
        assert_eq!(noted(json!([]), declare()), None);
    }

    #[test]
    fn a_quorum_that_the_seats_never_make_up_is_noted() {
        let seat = |n: u128, from: Option<&str>, until: Option<&str>| json!({"person": Uuid::from_u128(n), "from": from, "until": until});
        let noted = |quorum: u32, seats: &[Value]| {
            let body = json!({"quorum": quorum, "seats": seats});
            let note = never_quorate(Uuid::nil(), &body, &Records::default());
            note.map(|note| note.message.split(": it").next().map(str::to_owned))
        };
        let said = |text: &str| Some(Some(text.to_owned()));
        let two = [seat(1, None, None), seat(2, None, None)];
        assert_eq!(noted(2, &two), None);
        let five = "The quorum is 5, and this never fills more than 2 seats at a time";
        assert_eq!(noted(5, &two), said(five));
        assert_eq!(
            noted(1, &[]),
            said("The quorum is 1, and this names no seats")
        );
        // One after the other they never sat together; with a day in common they did.
        let after = |until| {
            [
                seat(1, None, Some(until)),
                seat(2, Some("2026-02-01"), None),
            ]
        };
        let alone = "The quorum is 2, and this fills one seat at a time";
        assert_eq!(noted(2, &after("2026-01-31")), said(alone));
        assert_eq!(noted(2, &after("2026-02-01")), None);
    }
}
