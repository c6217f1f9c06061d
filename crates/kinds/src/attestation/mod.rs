//! A unit's head states that its list of AI systems is complete.

use record::spec::Names;
use record::{Day, Kind, KindSpec, TITLE_LENGTH_MAX, Token};
use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

/// A statement by the head of a unit that its list of AI systems is complete.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attestation {
    /// The unit.
    unit: Token,
    /// Its head on that day; whoever else attests does not count.
    by: Uuid,
    /// The day.
    attested_on: Day,
    /// Systems in use that the register lacked.
    #[serde(default)]
    missing: Vec<Missing>,
    /// Systems in the register that are gone.
    #[serde(default)]
    gone: Vec<Uuid>,
    /// A word of explanation.
    remark: Option<String>,
}

/// A system the register lacked.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Missing {
    /// What people call it.
    #[schemars(length(max = TITLE_LENGTH_MAX))]
    name: String,
    /// Its entry, once it is in the register.
    system: Option<Uuid>,
}

impl Kind for Attestation {}

/// Returns the kind.
pub fn kind() -> KindSpec {
    KindSpec {
        happened: &["/attested_on"],
        cites: &[
            ("/by", &["person"]),
            ("/missing/*/system", &["ai_system"]),
            ("/gone/*", &["ai_system"]),
        ],
        names: &[("/unit", Names::Listed("unit"))],
        told_apart_by: Some("/unit"),
        ..KindSpec::of::<Attestation>("attestation", "Attestation", include_str!("sample.json"))
    }
}
