//! A nonconformity that a person opened.

use record::spec::NO_PERSON;
use record::{Cite, Day, FileHash, Kind, KindSpec, Problem, TITLE_LENGTH_MAX, is_blank};
use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

/// A nonconformity (ISO/IEC 42001:2023, 10.2).
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Nonconformity {
    /// Its number and name.
    #[schemars(length(max = TITLE_LENGTH_MAX))]
    title: String,
    /// What does not conform, and to what.
    what: String,
    /// The day it was found.
    found_on: Day,
    /// Where it came from: a review, an audit, an incident, a finding.
    from: Option<String>,
    /// The records that show it.
    #[serde(default)]
    evidence: Vec<Cite>,
    /// Files that show it.
    #[serde(default)]
    files: Vec<FileHash>,
    /// Who answers for it.
    owner: Option<Uuid>,
    /// When the next step is due.
    next_step_due: Option<Day>,
}

impl Kind for Nonconformity {
    fn check(&self) -> Vec<Problem> {
        if is_blank(&self.what) {
            return vec![Problem::new(
                "/what",
                "Say what does not conform.",
                "Name the requirement and the gap.",
            )];
        }
        Vec::new()
    }
}

/// Returns the kind.
pub fn kind() -> KindSpec {
    KindSpec {
        happened: &["/found_on"],
        by_person: &[("/what", "open a nonconformity")],
        cites: &[("/evidence/*", NO_PERSON), ("/owner", &["person"])],
        ..KindSpec::of::<Nonconformity>(
            "nonconformity",
            "Nonconformity",
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
    fn a_nonconformity_says_what_does_not_conform() {
        let unsaid = "/body/what: Say what does not conform.";
        hold(
            &kind(),
            &[
                (json!({"what": ""}), unsaid),
                (json!({"what": "  "}), unsaid),
                (json!({"what": "x"}), SOUND),
            ],
        );
    }
}
