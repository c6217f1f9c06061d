//! The AI policy.

use record::put_right::corrects_earlier;
use record::{Day, FileHash, Kind, KindSpec, MoveSpec, Problem, TITLE_LENGTH_MAX, is_blank};
use schemars::JsonSchema;
use serde::Deserialize;

/// The AI policy.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// What it is called.
    #[schemars(length(max = TITLE_LENGTH_MAX))]
    title: String,
    /// Its text, if it is not a file.
    text: Option<String>,
    /// Its file, as it is.
    file: Option<FileHash>,
    /// Where each of the four contents asked by 5.2 stands in the text.
    contents: Contents,
    /// Other policies it refers to.
    #[serde(default)]
    refers_to: Vec<String>,
    /// Where outsiders can read it, or why not.
    available: Option<Available>,
    /// When it is to be looked at again.
    review_by: Option<Day>,
}

/// The four contents of ISO/IEC 42001:2023, 5.2, each by its place: a heading, paragraph or
/// page.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contents {
    /// Where it fits the organisation's purpose.
    purpose: Option<String>,
    /// Where it frames the objectives.
    objectives: Option<String>,
    /// Where it commits to the requirements that apply.
    requirements: Option<String>,
    /// Where it commits to continual improvement.
    improvement: Option<String>,
}

/// Whether outsiders can read it.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Available {
    /// Where.
    at: Option<String>,
    /// Since when.
    since: Option<Day>,
    /// Why it is not made available.
    why_not: Option<String>,
}

/// It was made known inside.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Communicate {
    /// The day: it counts from the day the version is in force.
    on: Day,
    /// To whom.
    to: String,
    /// How; until that is stated it does not count.
    how: Option<String>,
    /// The day that an earlier entry gave by mistake, where this one puts that right.
    corrects: Option<Day>,
}

impl Kind for Communicate {}

impl Kind for Policy {
    fn check(&self) -> Vec<Problem> {
        if self.text.as_deref().is_none_or(is_blank) && self.file.is_none() {
            return vec![Problem::new(
                "/text",
                "A policy has a text or a file.",
                "Write the text, or add the file and cite its hash.",
            )];
        }
        Vec::new()
    }
}

/// Returns the kind.
pub fn kind() -> KindSpec {
    KindSpec {
        approval: Some("adopt_policy"),
        moves: vec![MoveSpec {
            against: Some(corrects_earlier),
            ..MoveSpec::plain::<Communicate>("communicate", &["/on"])
        }],
        later_effect: true,
        ..KindSpec::of::<Policy>("policy", "AI policy", include_str!("sample.json"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::drafts::{SOUND, hold};

    #[test]
    fn a_policy_has_a_text_or_a_file() {
        let neither = "/body/text: A policy has a text or a file.";
        let file = "0".repeat(64);
        hold(
            &kind(),
            &[
                (json!({"text": null}), neither),
                (json!({"text": null, "file": file}), SOUND),
                (json!({"text": "As written."}), SOUND),
                (json!({"file": file}), SOUND),
                // A content it lacks is a finding, never a refusal.
                (json!({"contents": {"purpose": null}}), SOUND),
            ],
        );
    }
}
