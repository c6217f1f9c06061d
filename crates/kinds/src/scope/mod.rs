//! The scope of the AI management system: criteria, boundaries, exclusions.

use record::choices::{Origin, Role, Stage};
use record::spec::Names;
use record::{Cite, Day, Kind, KindSpec, MoveSpec, Problem, Token};
use schemars::JsonSchema;
use serde::Deserialize;

/// What the AI management system covers.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// What it is called.
    title: String,
    /// The scope in a sentence.
    statement: String,
    /// Which systems are in or out, by their choices; the first that matches wins, and a
    /// system that none matches awaits a decision.
    #[serde(default)]
    criteria: Vec<Criterion>,
    /// Its boundaries: sites, processes, activities.
    boundaries: Option<String>,
    /// How suppliers' systems and models are treated.
    suppliers: Option<String>,
    /// What is left out, each with its reason.
    #[serde(default)]
    exclusions: Vec<Exclusion>,
    /// Why nothing is left out, if so.
    no_exclusions_because: Option<String>,
    /// The units it covers.
    #[serde(default)]
    units: Vec<Token>,
    /// When it is to be looked at again.
    review_by: Option<Day>,
}

/// A criterion: every choice it names must match; a list matches any of its values.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Units.
    #[serde(default)]
    unit: Vec<Token>,
    /// Origins, as in ai_system.
    #[serde(default)]
    origin: Vec<Origin>,
    /// Roles, as in ai_system.
    #[serde(default)]
    roles: Vec<Role>,
    /// Stages, as in ai_system.
    #[serde(default)]
    stage: Vec<Stage>,
    /// In or out.
    says: Says,
    /// Why.
    because: Option<String>,
}

/// What a criterion says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Says {
    /// In scope.
    In,
    /// Out of scope.
    Out,
}

/// Something left out.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exclusion {
    /// What.
    what: String,
    /// Why.
    because: String,
}

/// A person confirms what the criteria say of these versions.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirm {
    /// The versions confirmed. At most 1,500.
    systems: Vec<Cite>,
}

/// An entry of 65,535 bytes names each version cited, and so holds little more than 1,600.
const CONFIRMED_MAX: usize = 1_500;

impl Kind for Confirm {
    fn check(&self) -> Vec<Problem> {
        let n = self.systems.len();
        if (1..=CONFIRMED_MAX).contains(&n) {
            return Vec::new();
        }
        vec![Problem::new(
            "/systems",
            format!("One move confirms 1 to {CONFIRMED_MAX} systems; this one {n}."),
            "Split the list.",
        )]
    }
}

impl Kind for Scope {}

/// Returns the kind.
pub fn kind() -> KindSpec {
    KindSpec {
        approval: Some("approve_scope"),
        names: &[
            ("/units/*", Names::Listed("unit")),
            ("/criteria/*/unit/*", Names::Listed("unit")),
        ],
        moves: vec![MoveSpec {
            by_person: true,
            cites: &[("/systems/*", &["ai_system"])],
            ..MoveSpec::plain::<Confirm>("confirm", &[])
        }],
        ..KindSpec::of::<Scope>("scope", "Scope", include_str!("sample.json"))
    }
}
