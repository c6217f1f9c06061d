//! The AI risk criteria: scales, line, authority per level, method, planned actions.

use record::spec::Authority;
use record::{Day, Kind, KindSpec, Problem, TITLE_LENGTH_MAX, Token};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

/// The criteria risks are judged by.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RiskCriteria {
    /// What they are called.
    #[schemars(length(max = TITLE_LENGTH_MAX))]
    title: String,
    /// The scales of likelihood and consequence.
    scales: String,
    /// The levels, lowest first.
    levels: Vec<Token>,
    /// The highest level that is acceptable without more.
    acceptable_to: Token,
    /// Who may accept each level above that: somebody for each.
    #[serde(default)]
    authority: Vec<Accepts>,
    /// How risks are assessed.
    method: String,
    /// Planned actions on risks and opportunities.
    #[serde(default)]
    actions: Vec<Planned>,
    /// When they are to be looked at again.
    review_by: Option<Day>,
}

/// Who may accept a level.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Accepts {
    /// The level.
    level: Token,
    /// The person or body.
    holder: Uuid,
}

/// A planned action.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    /// On a risk or an opportunity.
    on: RiskOrOpportunity,
    /// What is planned.
    text: String,
    /// Who does it.
    owner: Option<Uuid>,
    /// By when.
    due: Option<Day>,
    /// How its effect will be judged.
    judged_by: Option<String>,
}

/// What an action is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RiskOrOpportunity {
    /// A risk.
    Risk,
    /// An opportunity.
    Opportunity,
}

impl Kind for RiskCriteria {
    fn check(&self) -> Vec<Problem> {
        if !self.levels.contains(&self.acceptable_to) {
            return vec![Problem::new(
                "/acceptable_to",
                "The line is not one of the levels.",
                "Name one of the levels.",
            )];
        }
        let again = (1..self.levels.len()).find(|n| self.levels[..*n].contains(&self.levels[*n]));
        if let Some(index) = again {
            return vec![Problem::new(
                &format!("/levels/{index}"),
                format!("The level {} is there twice.", self.levels[index]),
                "Write each level once, lowest first.",
            )];
        }
        let is_none = |one: &Accepts| !self.levels.contains(&one.level);
        match self.authority.iter().position(is_none) {
            None => Vec::new(),
            Some(index) => vec![Problem::new(
                &format!("/authority/{index}/level"),
                format!("{} is not one of the levels.", self.authority[index].level),
                "Name one of the levels.",
            )],
        }
    }
}

fn levels(facts: &Value) -> Vec<String> {
    let levels = facts.get("levels").and_then(Value::as_array);
    let words = levels.into_iter().flatten().filter_map(Value::as_str);
    words.map(str::to_owned).collect()
}

/// Returns the kind.
pub fn kind() -> KindSpec {
    KindSpec {
        is_plural: true,
        approval: Some("approve_criteria"),
        authority: Authority {
            levels: Some(levels),
            ..Authority::default()
        },
        cites: &[
            ("/authority/*/holder", &["person", "body"]),
            ("/actions/*/owner", &["person"]),
        ],
        later_effect: true,
        ..KindSpec::of::<RiskCriteria>(
            "risk_criteria",
            "Risk criteria",
            include_str!("sample.json"),
        )
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::drafts::{SOUND, hold};

    #[test]
    fn the_line_is_one_of_the_levels() {
        let outside = "/body/acceptable_to: The line is not one of the levels.";
        hold(
            &kind(),
            &[
                (json!({"acceptable_to": "low"}), SOUND),
                (json!({"acceptable_to": "high"}), SOUND),
                (json!({"acceptable_to": "extreme"}), outside),
                (json!({"levels": []}), outside),
            ],
        );
    }

    #[test]
    fn a_level_is_there_once() {
        let again = "/body/levels/2: The level low is there twice.";
        let levels = |last: &str| json!({"levels": ["low", "high", last], "authority": []});
        hold(
            &kind(),
            &[(levels("low"), again), (levels("extreme"), SOUND)],
        );
    }
}
