//! The scope of the AI management system: criteria, boundaries, exclusions.

use record::choices::{Origin, Role, Stage};
use record::spec::Names;
use record::{Cite, Day, Kind, KindSpec, MoveSpec, Problem, TITLE_LENGTH_MAX, Token};
use schemars::JsonSchema;
use serde::Deserialize;

/// What the AI management system covers.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// What it is called.
    #[schemars(length(max = TITLE_LENGTH_MAX))]
    title: String,
    /// The scope in a sentence.
    statement: String,
    /// Which systems are in or out, by their choices; the first that matches wins, and a
    /// system that none matches awaits a decision.
    #[serde(default)]
    criteria: Vec<Criterion>,
    /// The roles towards AI systems in which the organisation falls under it, as in ai_system.
    #[serde(default)]
    roles: Vec<Role>,
    /// Its boundaries: sites, processes, activities.
    boundaries: Option<String>,
    /// How suppliers' systems and models are treated.
    suppliers: Option<String>,
    /// What is left out, each with its reason.
    #[serde(default)]
    exclusions: Vec<Exclusion>,
    /// Why nothing is left out, if so.
    no_exclusions_because: Option<String>,
    /// The units it covers; left out where it covers the whole organisation.
    #[serde(default)]
    units: Vec<Token>,
    /// Whether it covers the whole organisation, each of its units.
    #[serde(default)]
    whole_organisation: bool,
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

impl Kind for Scope {
    fn check(&self) -> Vec<Problem> {
        if self.whole_organisation && !self.units.is_empty() {
            return vec![Problem::new(
                "/units",
                "A scope covers either these units or the whole organisation.",
                "Leave out units or whole_organisation.",
            )];
        }
        Vec::new()
    }
}

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
        later_effect: true,
        ..KindSpec::of::<Scope>("scope", "Scope", include_str!("sample.json"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::drafts::{SOUND, hold, said};

    #[test]
    fn one_move_confirms_1_to_1500_systems() {
        let kind = kind();
        let confirm = kind.moves.iter().find(|one| one.name == "confirm");
        let confirm = confirm.expect("a scope is confirmed");
        let cite = json!({"id": "00000000-0000-4000-8000-000000000005", "version": 1});
        for (number, expected) in [
            (
                0,
                "/body/systems: One move confirms 1 to 1500 systems; this one 0.",
            ),
            (1, SOUND),
            (1_500, SOUND),
            (
                1_501,
                "/body/systems: One move confirms 1 to 1500 systems; this one 1501.",
            ),
        ] {
            let body = json!({"systems": vec![&cite; number]});
            assert_eq!(said(&confirm.body, &body), expected, "{number}");
        }
    }

    #[test]
    fn a_scope_that_lacks_something_is_a_finding_never_a_refusal() {
        hold(
            &kind(),
            &[
                (json!({"boundaries": null, "suppliers": null}), SOUND),
                (json!({"no_exclusions_because": null, "units": []}), SOUND),
            ],
        );
    }
}
