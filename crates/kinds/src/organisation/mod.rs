//! The organisation: its units and posts, by id.

use record::{Kind, KindSpec, Problem, TITLE_LENGTH_MAX, Token};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// The organisation, its units and its posts.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// Its name.
    #[schemars(length(max = TITLE_LENGTH_MAX))]
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
    #[schemars(length(max = TITLE_LENGTH_MAX))]
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
    #[schemars(length(max = TITLE_LENGTH_MAX))]
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
        let units: Vec<&Token> = self.units.iter().map(|unit| &unit.id).collect();
        let posts: Vec<&Token> = self.posts.iter().map(|post| &post.id).collect();
        doubled("unit", &units)
            .into_iter()
            .chain(doubled("post", &posts))
            .chain(lost(&self.units))
            .collect()
    }
}

/// Two of one short name could not be told apart.
fn doubled(word: &str, ids: &[&Token]) -> Option<Problem> {
    let mut seen = BTreeSet::new();
    let index = ids.iter().position(|id| !seen.insert(*id))?;
    Some(Problem::new(
        &format!("/{word}s/{index}/id"),
        format!("Two {word}s are named {}.", ids[index]),
        "Give each its own short name.",
    ))
}

/// A unit whose parent is none that is listed, or is itself below it.
fn lost(units: &[Unit]) -> Option<Problem> {
    let parents: BTreeMap<&Token, Option<&Token>> = units
        .iter()
        .map(|unit| (&unit.id, unit.parent.as_ref()))
        .collect();
    units.iter().enumerate().find_map(|(index, unit)| {
        let place = format!("/units/{index}/parent");
        let parent = unit.parent.as_ref()?;
        if !parents.contains_key(parent) {
            let what = format!("No unit has the short name {parent}.");
            return Some(Problem::new(
                &place,
                what,
                "Name a unit that is listed here, or list it too.",
            ));
        }
        // As many steps as there are units lead once round any circle.
        let mut above = Some(parent);
        for _ in units {
            let Some(id) = above.filter(|id| **id != unit.id) else {
                break;
            };
            above = parents.get(id).copied().flatten();
        }
        (above == Some(&unit.id)).then(|| {
            let what = format!("The units above {} lead round to it again.", unit.id);
            Problem::new(&place, what, "Leave out the parent of the topmost unit.")
        })
    })
}

/// Returns the kind.
pub fn kind() -> KindSpec {
    KindSpec {
        file_optional: true,
        later_effect: true,
        lists: &[("unit", "/units/*/id"), ("post", "/posts/*/id")],
        ..KindSpec::of::<Organisation>("organisation", "Organisation", include_str!("sample.json"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::drafts::{SOUND, hold};

    fn units(number: usize) -> serde_json::Value {
        let unit = |n| json!({"id": format!("unit-{n}"), "name": "A unit"});
        json!({"units": (0..number).map(unit).collect::<Vec<_>>()})
    }

    #[test]
    fn an_organisation_has_at_most_2000_units_each_of_its_own_name() {
        let doubled = json!({"units": [{"id": "housing", "name": "Housing"},
            {"id": "parks", "name": "Parks"}, {"id": "housing", "name": "Homes"}]});
        hold(
            &kind(),
            &[
                (units(0), SOUND),
                (units(2_000), SOUND),
                (
                    units(2_001),
                    "/body/units: At most 2000 units; these are 2001.",
                ),
                (doubled, "/body/units/2/id: Two units are named housing."),
            ],
        );
    }
}
