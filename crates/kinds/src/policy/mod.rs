//! The AI policy.

use record::put_right::corrects_earlier;
use record::spec::Note;
use record::{
    Day, Event, FileHash, Kind, KindSpec, MoveSpec, Problem, Records, TITLE_LENGTH_MAX, Version,
    is_blank,
};
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

/// That it was made known is noted where that counts for nothing: before the version was in force,
/// or nobody says how.
fn move_noted(event: &Event, version: &Version, _: &Records) -> Option<Note> {
    let on = event.day("/on").filter(|_| &*event.name == "communicate")?;
    let from: Vec<Day> = version.approved().map(|one| one.from).collect();
    if from.iter().all(|from| on < *from) {
        let from = match from.iter().min() {
            None => "no approval of it is on record".to_owned(),
            Some(from) => format!("it is from {}", from.in_words()),
        };
        return Some(Note {
            code: "known_too_early",
            message: format!(
                "It counts as made known from the day it is in force: {from}, and that it was made known on {} counts for nothing.",
                on.in_words()
            ),
            hint: "Once it is in force, make it known and make the move `communicate` again, with that day.".to_owned(),
        });
    }
    event
        .fact("/how")
        .is_none_or(serde_json::Value::is_null)
        .then(|| Note {
            code: "not_said_how",
            message:
                "It is not stated how it was made known, and until it is this counts for nothing."
                    .to_owned(),
            hint: "Make the move `communicate` again, and say how.".to_owned(),
        })
}

/// Returns the kind.
pub fn kind() -> KindSpec {
    KindSpec {
        approval: Some("adopt_policy"),
        moves: vec![MoveSpec {
            against: Some(corrects_earlier),
            ..MoveSpec::plain::<Communicate>("communicate", &["/on"])
        }],
        move_noted: Some(move_noted),
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
