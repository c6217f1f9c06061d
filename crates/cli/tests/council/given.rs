//! The sample organisation, played through the one door on a simulated clock.

use std::path::PathBuf;
use std::sync::Arc;

use app::{FirstIds, GuardDir, Init, Ledger, Outcome};
use catalogue::Catalogue;
use record::Command;
use store::Files;
use tempfile::TempDir;
use uuid::Uuid;

const ORGANISATION: Uuid = Uuid::from_u128(0x4000_8000_0000_0000_0001);
const OPERATOR: Uuid = Uuid::from_u128(0x4000_8000_0000_0000_0002);

/// Commands that one batch holds.
const BATCH: usize = 256;

/// A played sample: removed when dropped.
pub struct Council {
    /// The ledger, open for reading.
    pub ledger: Ledger,
    /// Where the guard is; the data directory lies beside it.
    pub guard: GuardDir,
    /// Holds both.
    pub dir: TempDir,
}

/// Returns where the sample lies.
pub fn sample() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../samples/council")
}

/// Plays the sample organisation.
pub async fn council() -> Council {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let model = app::Model {
        registry: Arc::new(kinds::registry()),
        catalogue: Arc::new(Catalogue::iso_42001().unwrap()),
    };
    let new = Init {
        organisation: "Tarnbridge Council (fictional)".to_owned(),
        aims_start: Some("2022-12-13".parse().unwrap()),
        time_zone: "Europe/London".to_owned(),
        operator: Some((
            "Bronwen Hayes".to_owned(),
            "bronwen.hayes@tarnbridge.example".to_owned(),
        )),
        simulated_clock: Some("2023-02-06T09:00:00Z".to_owned()),
        ids: Some(FirstIds {
            organisation: ORGANISATION,
            operator: OPERATOR,
        }),
    };
    let guard = GuardDir(dir.path().join("guard"));
    let mut writing = app::init(&data, model.clone(), &guard, &new).await.unwrap();
    let files = Files::in_dir(&data);
    for entry in std::fs::read_dir(sample().join("files")).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        files.add(&mut bytes.as_slice()).await.unwrap();
    }
    let text = std::fs::read_to_string(sample().join("council.ndjson")).unwrap();
    let commands: Vec<Command> = text
        .lines()
        .map(|line| Command::parse(line).unwrap())
        .collect();
    for batch in commands.chunks(BATCH) {
        for outcome in writing.submit(batch).await.unwrap() {
            if let Outcome::Refused(refusal) = outcome {
                panic!("{refusal}");
            }
        }
    }
    drop(writing);
    let ledger = Ledger::open(&data, model.registry, model.catalogue)
        .await
        .unwrap();
    Council { ledger, guard, dir }
}
