//! An AI system: an own model, a bought tool, a feature switched on, or something staff adopted.

use record::choices::{Origin, Role, Stage};
use record::spec::Note;
use record::{
    Day, Kind, KindSpec, PartialDate, Problem, Records, Source, TITLE_LENGTH_MAX, Token, is_blank,
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

/// An AI system in the register.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AiSystem {
    /// Its name.
    #[schemars(length(max = TITLE_LENGTH_MAX))]
    title: String,
    /// The organisation's own reference for it.
    reference: Option<String>,
    /// How it came to be here.
    origin: Option<Origin>,
    /// The unit that answers for it. It may be one that the organisation does not list: a register
    /// brought in as a table names units of its own.
    unit: Option<Token>,
    /// Our roles towards it, under ISO/IEC 22989.
    #[serde(default)]
    roles: Vec<Role>,
    /// What it is meant for; more than a description of the product.
    purpose: Option<String>,
    /// What the product is and does.
    description: Option<String>,
    /// Whether the purpose only repeats the description; compared when recorded.
    purpose_is_description: Option<bool>,
    /// Who owns it.
    owner: Option<Uuid>,
    /// Who supplies it.
    supplier: Option<String>,
    /// The model behind it.
    model: Option<String>,
    /// Who uses it.
    users: Option<String>,
    /// Whom it affects.
    #[serde(default)]
    affected: Vec<String>,
    /// How far it has come; left out: not stated.
    stage: Option<Stage>,
    /// How grave its effects can be.
    impact: Option<Impact>,
    /// Since when it is in use, as far as known.
    operational_since: Option<PartialDate>,
    /// Whether it handles personal data.
    personal_data: Option<Answered>,
    /// Whether it is kept from public registers, and why.
    withheld: Option<Withheld>,
    /// Answers to set questions, as they were given.
    #[serde(default)]
    answers: Vec<Answer>,
    /// A departure from what the scope's criteria say, with its reason.
    scope: Option<Departure>,
    /// Whether this version is a significant change, made or proposed: the system needs an assessment of
    /// this version, made on that day or later. Record a planned one as it is proposed, have that version
    /// assessed, and once it is in use put a version without this mark: it needs no other.
    #[serde(default)]
    significant_change: bool,
    /// The day of that change, or of its proposal where it is still to come.
    changed_on: Option<Day>,
    /// Whom to ask.
    #[schemars(extend("x-group" = "contact"))]
    contact: Option<String>,
    /// Where this entry was imported from.
    source: Option<Source>,
    /// Cells that have no field here, as received.
    #[serde(default)]
    #[schemars(extend("x-words" = true))]
    as_received: BTreeMap<String, String>,
}

/// How grave its effects can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Impact {
    /// High.
    High,
    /// Not high.
    NotHigh,
    /// Presumed high, and judged not to be.
    PresumedHighButNot,
}

/// An answer to a yes-or-no question; left out: not stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Answered {
    /// Yes.
    Yes,
    /// No.
    No,
    /// In part.
    Partly,
    /// Under way.
    InProgress,
    /// Planned.
    Planned,
    /// Waived.
    Waived,
    /// Not applicable.
    NotApplicable,
    /// Withheld.
    Withheld,
    /// Something else, in the text.
    Other,
}

/// Whether it is kept from public registers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Withheld {
    /// No.
    No,
    /// Telling would do harm.
    DisclosureRisk,
    /// The law forbids telling.
    ProhibitedByLaw,
    /// For another reason.
    Other,
}

/// An answer to a set question.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The question's short name.
    about: Token,
    /// The answer.
    answer: Answered,
    /// As it was given.
    text: Option<String>,
}

/// A decision that departs from the criteria.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Departure {
    /// In or out.
    #[expect(dead_code, reason = "read for its schema; rules read the facts")]
    says: InOut,
    /// Why, in words. A person with a name departs from the criteria.
    because: String,
}

/// In or out of scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InOut {
    /// In.
    In,
    /// Out.
    Out,
}

impl Kind for AiSystem {
    fn check(&self) -> Vec<Problem> {
        if is_blank(&self.title) {
            return vec![Problem::new(
                "/title",
                "A system has a name.",
                "Write what people here call it.",
            )];
        }
        if self.significant_change && self.changed_on.is_none() {
            return vec![Problem::new(
                "/changed_on",
                "A significant change has a day.",
                "Add the day it happened or was proposed.",
            )];
        }
        let departs = self.scope.as_ref();
        if departs.is_some_and(|one| !one.because.chars().any(char::is_alphabetic)) {
            return vec![Problem::new(
                "/scope/because",
                "A departure from what the criteria say has a reason that states something.",
                "Say in words why the criteria do not fit this system.",
            )];
        }
        Vec::new()
    }
}

/// Notes whether the purpose only repeats the description, letters and digits compared.
fn compare(body: &mut Value) {
    let text = |field: &str| body.get(field)?.as_str().filter(|text| !is_blank(text));
    let plain = |text: &str| {
        let letters = text.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect::<String>()
    };
    // Most have one of the two only, and are not read letter by letter.
    let same = text("purpose")
        .zip(text("description"))
        .map(|(purpose, description)| plain(purpose) == plain(description));
    if let Some(body) = body.as_object_mut() {
        match same {
            Some(same) => body.insert("purpose_is_description".to_owned(), Value::Bool(same)),
            None => body.remove("purpose_is_description"),
        };
    }
}

/// What to do where a significant change is still to come: it is assessed before it is made.
const CHANGED_ON: &str = "Record it as proposed: name the day of the proposal here, which is today at the latest, and have this version assessed. Once it is in use, put a version without `significant_change`; it needs no other assessment.";

/// A version is noted whose unit the organisation does not list, where it lists any: nobody attests
/// for such a one.
fn noted(_: Uuid, facts: &Value, records: &Records) -> Option<Note> {
    let (begin, _) = records.begin.as_ref()?;
    let organisation = records.get(begin.organisation)?;
    let units = organisation.newest().body().get("units")?.as_array()?;
    let ids: Vec<&str> = units
        .iter()
        .filter_map(|unit| unit.get("id")?.as_str())
        .collect();
    let unit = facts.get("unit")?.as_str()?;
    if ids.is_empty() || ids.contains(&unit) {
        return None;
    }
    let some = ids.iter().take(UNITS_NAMED).copied().collect::<Vec<_>>();
    Some(Note {
        code: "unit_unlisted",
        message: format!(
            "Its unit {unit:?} is not one the organisation lists: nobody is asked to attest for it."
        ),
        hint: format!(
            "List it in the organisation's record, or put a version with a unit that is there, such as {}.",
            some.join(", ")
        ),
    })
}

/// Most units that are named of those there are.
const UNITS_NAMED: usize = 5;

/// Returns the kind.
pub fn kind() -> KindSpec {
    KindSpec {
        governs: false,
        file_optional: true,
        happened: &["/changed_on"],
        to_come: &[("/changed_on", CHANGED_ON)],
        cites: &[("/owner", &["person", "body"])],
        personal: &["contact"],
        derive: Some(compare),
        by_person: &[("/scope", "depart from what the scope's criteria say")],
        later_effect: true,
        noted: Some(noted),
        ..KindSpec::of::<AiSystem>("ai_system", "AI system", include_str!("sample.json"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::drafts::{SOUND, hold};

    #[test]
    fn a_system_has_a_name_and_a_significant_change_its_day() {
        let unnamed = "/body/title: A system has a name.";
        let undated = "/body/changed_on: A significant change has a day.";
        hold(
            &kind(),
            &[
                (json!({"title": ""}), unnamed),
                (json!({"title": " \t"}), unnamed),
                (json!({"title": "x"}), SOUND),
                (json!({"significant_change": false}), SOUND),
                (json!({"significant_change": true}), undated),
                (
                    json!({"significant_change": true, "changed_on": "2026-03-01"}),
                    SOUND,
                ),
            ],
        );
    }

    #[test]
    fn a_departure_from_the_criteria_has_a_reason_that_states_something() {
        let empty = "/body/scope/because: A departure from what the criteria say has a reason that \
            states something.";
        let departs = |because: &str| json!({"scope": {"says": "out", "because": because}});
        hold(
            &kind(),
            &[
                (departs(""), empty),
                (departs(" "), empty),
                (departs("."), empty),
                (departs("- 2 -"), empty),
                (departs("n/a yet: no model in it."), SOUND),
                (departs("Нет модели."), SOUND),
            ],
        );
    }

    #[test]
    fn a_purpose_that_repeats_the_description_is_noted_by_its_letters_and_digits() {
        let cases = [
            (json!({"purpose": "Find potholes."}), None),
            (json!({"description": "Find potholes."}), None),
            (
                json!({"purpose": "Find potholes.", "description": "FIND  pot-holes"}),
                Some(true),
            ),
            (
                json!({"purpose": "Find potholes.", "description": "Find 2 potholes."}),
                Some(false),
            ),
            // What somebody wrote there themselves is not taken.
            (
                json!({"purpose": "x", "purpose_is_description": true}),
                None,
            ),
        ];
        for (mut body, expected) in cases {
            compare(&mut body);
            let noted = body.get("purpose_is_description").and_then(Value::as_bool);
            assert_eq!(noted, expected, "{body}");
        }
    }
}
