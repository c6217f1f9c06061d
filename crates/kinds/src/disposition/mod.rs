//! What a person says of a finding.

use record::{Cite, Day, Kind, KindSpec, Problem, Records, Refusal, Token, is_blank};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

/// An answer to a finding; shown beside it, it changes no result.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Disposition {
    /// The rule, such as 9.3-a.o.
    #[schemars(extend("format" = "rule"))]
    rule: String,
    /// The subject as the finding lists it: a record's id, a short name or a slot; may be left out
    /// where the finding is of the organisation as a whole.
    subject: Option<Token>,
    /// Since when the finding stands; a later breach is a new finding.
    since: Day,
    /// What it is.
    says: Says,
    /// Why, in at most 2,000 characters.
    because: String,
    /// The nonconformity opened.
    nonconformity: Option<Cite>,
    /// Where the evidence is: system, locator, custodian. At most 2,000 characters.
    elsewhere: Option<String>,
}

/// Longest reason, and longest place of evidence, in characters: both stand whole beside the finding,
/// as often as its rule is asked of a requirement.
const LENGTH_MAX: usize = 2_000;

/// What a finding is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Says {
    /// A nonconformity was opened.
    Nonconformity,
    /// The evidence is elsewhere.
    Elsewhere,
    /// Not a failure, for a reason.
    NotAFailure,
}

impl Kind for Disposition {
    fn check(&self) -> Vec<Problem> {
        if is_blank(&self.because) {
            return vec![Problem::new(
                "/because",
                "A reason is needed.",
                "Say why in a sentence.",
            )];
        }
        let because = ("/because", Some(&self.because));
        for (field, text) in [because, ("/elsewhere", self.elsewhere.as_ref())] {
            let length = text.map_or(0, |text| text.chars().count());
            if length > LENGTH_MAX {
                let what = format!("This has {length} characters; {LENGTH_MAX} are the most.");
                let next = "Say it in short, and the rest in a file.";
                return vec![Problem::new(field, what, next)];
            }
        }
        match self.says {
            Says::Nonconformity if self.nonconformity.is_none() => {
                vec![Problem::new(
                    "/nonconformity",
                    "Cite the nonconformity that was opened.",
                    "Open it first.",
                )]
            }
            Says::Elsewhere if self.elsewhere.as_deref().is_none_or(is_blank) => {
                vec![Problem::new(
                    "/elsewhere",
                    "Say where the evidence is.",
                    "Name the system, the place in it, and who keeps it.",
                )]
            }
            _ => Vec::new(),
        }
    }
}

/// A finding stands since a day that has come.
fn against(_: Uuid, facts: &Value, _: &Records, today: Day) -> Result<(), Refusal> {
    let since: Option<Day> = facts
        .get("since")
        .and_then(Value::as_str)
        .and_then(|day| day.parse().ok());
    match since {
        Some(since) if since > today => Err(Refusal::new(
            "in_future",
            format!(
                "{} has not come yet; no finding stands since a day after today, {}.",
                since.in_words(),
                today.in_words()
            ),
        )
        .at("/body/since")
        .hint("Give the finding's own `since`, as `minutebook status --json` shows it.")),
        _ => Ok(()),
    }
}

const NAME: &str = "disposition";

/// Returns the kind.
pub fn kind() -> KindSpec {
    KindSpec {
        rule: Some("/rule"),
        by_person: &[("/rule", "answer a finding")],
        against: Some(against),
        cites: &[("/nonconformity", &["nonconformity"])],
        told_with: Some("/elsewhere"),
        ..KindSpec::of::<Disposition>(NAME, "Disposition", include_str!("sample.json"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::drafts::{SOUND, hold};

    #[test]
    fn a_finding_is_disposed_of_for_a_reason() {
        let unreasoned = "/body/because: A reason is needed.";
        hold(
            &kind(),
            &[
                (json!({"because": ""}), unreasoned),
                (json!({"because": " \n"}), unreasoned),
                (json!({"because": "It has none."}), SOUND),
            ],
        );
    }

    #[test]
    fn what_is_said_of_a_finding_is_at_most_2000_characters_long() {
        let of = |field: &str, length: usize| json!({"says": "elsewhere", "elsewhere": "x", (field): "é".repeat(length)});
        for field in ["because", "elsewhere"] {
            let long = format!("/body/{field}: This has 2001 characters; 2000 are the most.");
            let drafts = [(of(field, 2_000), SOUND), (of(field, 2_001), long.as_str())];
            hold(&kind(), &drafts);
        }
    }

    #[test]
    fn a_finding_that_is_a_nonconformity_cites_it() {
        let uncited = "/body/nonconformity: Cite the nonconformity that was opened.";
        let cite = json!({"id": "00000000-0000-4000-8000-000000000009", "version": 1});
        hold(
            &kind(),
            &[
                (json!({"says": "nonconformity"}), uncited),
                (
                    json!({"says": "nonconformity", "nonconformity": cite}),
                    SOUND,
                ),
                (json!({"says": "not_a_failure"}), SOUND),
            ],
        );
    }

    #[test]
    fn evidence_elsewhere_is_somewhere() {
        let nowhere = "/body/elsewhere: Say where the evidence is.";
        let elsewhere = |place: Value| json!({"says": "elsewhere", "elsewhere": place});
        hold(
            &kind(),
            &[
                (json!({"says": "elsewhere"}), nowhere),
                (elsewhere(Value::Null), nowhere),
                (elsewhere(json!(" ")), nowhere),
                (elsewhere(json!("HR system, folder AI, kept by Ann")), SOUND),
                (json!({"says": "not_a_failure"}), SOUND),
            ],
        );
    }
}
