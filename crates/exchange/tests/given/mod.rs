//! What the tests start from.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must fail")]
#![expect(dead_code, reason = "each test file uses its part of these")]

pub mod register;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;

use exchange::mapping::{Mapping, shipped};
use exchange::plan::{Earlier, Outcome, Plan, plan};
use exchange::table::{Table, read};

/// A small made-up file of the shape of the federal register.
pub const MADE_UP: &[u8] = include_bytes!("../made-up.csv");

/// The real register. Where the shared data is not at hand the test is
/// skipped, and says so; on a build server that is a failure.
#[expect(
    clippy::disallowed_methods,
    reason = "the environment says where the shared data is"
)]
pub fn real_file() -> Option<Vec<u8>> {
    let default = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("MINUTEBOOK_SHARED").map_or_else(default, PathBuf::from);
    let path = shared.join("data/us-federal/2025_individually_reported_AI_use_cases.csv");
    match std::fs::read(&path) {
        Ok(bytes) => Some(bytes),
        Err(error) if std::env::var_os("CI").is_some_and(|ci| ci == "true") => {
            panic!("{}: {error}", path.display())
        }
        Err(error) => {
            // Past the capture of the test runner, so that a skipped test shows.
            let line = format!("SKIPPED: {}: {error}\n", path.display());
            std::io::stderr().write_all(line.as_bytes()).unwrap();
            None
        }
    }
}

pub fn us_federal() -> Mapping {
    let (_, toml) = shipped()
        .iter()
        .find(|(name, _)| *name == "us-federal-2025")
        .unwrap();
    Mapping::parse(toml).unwrap()
}

pub fn table(text: &str) -> Table {
    read(text.as_bytes(), "test.csv").unwrap()
}

pub fn first_plan(table: &Table, mapping: &Mapping) -> Plan {
    plan(table, mapping, &BTreeMap::new()).unwrap()
}

/// The records as they stand once a plan on an empty ledger is carried out.
pub fn carried_out(plan: &Plan) -> BTreeMap<String, Earlier> {
    let created = plan
        .rows
        .iter()
        .filter(|row| row.outcome == Outcome::Created);
    created
        .map(|row| {
            let id = format!("id-{}", row.row);
            let body = row.body.clone().unwrap();
            (
                row.key.clone().unwrap(),
                Earlier {
                    id,
                    version: 1,
                    body,
                    as_imported: None,
                    effective_on: None,
                    withdrawn: None,
                },
            )
        })
        .collect()
}

/// Returns a mapping of three columns, whose rows are known by number, or by unit and name.
pub fn small() -> Mapping {
    Mapping::parse(
        r#"
        name = "small"
        kind = "ai_system"
        key = { by = [["No"], ["Unit", "Name"]], unusable = ["tbd"] }
        field = [{ to = "title", from = "Name", as = "words" }]
        "#,
    )
    .unwrap()
}
