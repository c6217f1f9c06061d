//! What a person says of a finding.

use record::{Cite, Day, Kind, KindSpec, Problem, Token};
use schemars::JsonSchema;
use serde::Deserialize;

/// An answer to a finding; shown beside it, it changes no result.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Disposition {
    /// The rule, such as 9.3-a.o.
    #[schemars(extend("format" = "rule"))]
    rule: String,
    /// The subject as the finding lists it: a record's id or a short name; left out where the
    /// finding is of the organisation as a whole.
    subject: Option<Token>,
    /// Since when the finding stands; a later breach is a new finding.
    since: Day,
    /// What it is.
    says: Says,
    /// Why.
    because: String,
    /// The nonconformity opened.
    nonconformity: Option<Cite>,
    /// Where the evidence is: system, locator, custodian.
    elsewhere: Option<String>,
}

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
        if self.because.trim().is_empty() {
            return vec![Problem::new(
                "/because",
                "A reason is needed.",
                "Say why in a sentence.",
            )];
        }
        match self.says {
            Says::Nonconformity if self.nonconformity.is_none() => {
                vec![Problem::new(
                    "/nonconformity",
                    "Cite the nonconformity that was opened.",
                    "Open it first.",
                )]
            }
            _ => Vec::new(),
        }
    }
}

/// Returns the kind.
pub fn kind() -> KindSpec {
    KindSpec {
        cites: &[("/nonconformity", &["nonconformity"])],
        ..KindSpec::of::<Disposition>("disposition", "Disposition", include_str!("sample.json"))
    }
}
