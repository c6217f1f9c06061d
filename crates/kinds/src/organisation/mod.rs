//! The organisation: its units and posts, by id.

use record::{Kind, KindSpec, Problem, Token};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeSet;

/// The organisation, its units and its posts.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// Its name.
    name: String,
    /// What it does, in a sentence.
    does: Option<String>,
    /// The parts that have AI systems of their own. At most 2,000.
    #[serde(default)]
    units: Vec<Unit>,
    /// Posts that people hold by appointment.
    #[serde(default)]
    posts: Vec<Post>,
}

/// A part of the organisation.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// A short name, such as `housing`; systems and appointments use it.
    id: Token,
    /// Its name.
    name: String,
    /// The unit it belongs to.
    parent: Option<Token>,
}

/// A post somebody can hold.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Post {
    /// A short name, such as `head-of-digital`.
    id: Token,
    /// Its name.
    name: String,
}

const UNITS_MAX: usize = 2_000;

impl Kind for Organisation {
    fn check(&self) -> Vec<Problem> {
        if self.units.len() > UNITS_MAX {
            return vec![Problem::new(
                "/units",
                format!("At most {UNITS_MAX} units; these are {}.", self.units.len()),
                "Name the units that answer for AI systems.",
            )];
        }
        let mut seen = BTreeSet::new();
        let doubled = self
            .units
            .iter()
            .map(|unit| &unit.id)
            .find(|id| !seen.insert(*id));
        doubled
            .map(|id| {
                Problem::new(
                    "/units",
                    format!("Two units are named {id}."),
                    "Give each its own short name.",
                )
            })
            .into_iter()
            .collect()
    }
}

/// Returns the kind.
pub fn kind() -> KindSpec {
    KindSpec {
        file_optional: true,
        lists: &[("unit", "/units/*/id"), ("post", "/posts/*/id")],
        ..KindSpec::of::<Organisation>("organisation", "Organisation", include_str!("sample.json"))
    }
}
