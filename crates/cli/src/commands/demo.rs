//! `demo`: the fictional organisation, played by the ordinary `apply` on a simulated clock.

use std::path::{Path, PathBuf};

use app::{AppError, FirstIds, GuardDir, Init, Result, Writing};
use record::{Day, counted};
use serde_json::json;
use store::Files;
use uuid::Uuid;

use super::{apply, guard_dir, model};
use crate::args::Global;
use crate::out::{DONE, hint, say};

const COMMANDS: &str = include_str!("../../../../samples/council/council.ndjson");

/// The files that the sample's records cite.
const FILES: &[&[u8]] = &[
    include_bytes!("../../../../samples/council/files/2022-12-06-cabinet-minute-extract.pdf"),
    include_bytes!("../../../../samples/council/files/2022-12-13-declaration.pdf"),
    include_bytes!("../../../../samples/council/files/2022-12-13-leadership-team-minutes.pdf"),
    include_bytes!("../../../../samples/council/files/2023-01-26-ai-governance-board-minutes.pdf"),
    include_bytes!("../../../../samples/council/files/2023-01-26-register.csv"),
    include_bytes!("../../../../samples/council/files/2023-01-26-scope-v1.pdf"),
    include_bytes!("../../../../samples/council/files/2023-04-18-ai-policy-v1.pdf"),
    include_bytes!("../../../../samples/council/files/2023-09-01-fraudmatch-letters-check.txt"),
    include_bytes!("../../../../samples/council/files/2023-11-09-quillo-block-check.txt"),
    include_bytes!(
        "../../../../samples/council/files/2024-02-15-statement-of-applicability-v1.pdf"
    ),
    include_bytes!("../../../../samples/council/files/2024-05-21-ai-policy-v2.pdf"),
    include_bytes!("../../../../samples/council/files/2025-06-26-combined-review-minutes.pdf"),
    include_bytes!("../../../../samples/council/files/2025-10-30-notewren-c14-check.txt"),
    include_bytes!(
        "../../../../samples/council/files/2025-10-31-internal-audit-ai-management-system.pdf"
    ),
    include_bytes!("../../../../samples/council/files/2026-05-19-ai-policy-v3.pdf"),
    include_bytes!("../../../../samples/council/files/2026-09-10-notewren-reassessment.pdf"),
];

/// The sample names these two, which `init` makes.
const ORGANISATION: Uuid = Uuid::from_u128(0x4000_8000_0000_0000_0001);
const OPERATOR: Uuid = Uuid::from_u128(0x4000_8000_0000_0000_0002);

/// A made sample, and where.
pub struct Demo {
    /// Its data directory.
    pub data: PathBuf,
    /// Its guard.
    pub guard: GuardDir,
    /// How many entries it has.
    pub entries: u64,
    /// Removed with everything in it when dropped, unless kept.
    pub temporary: Option<tempfile::TempDir>,
}

/// Makes the sample in a directory that is thrown away, unless one is named.
pub async fn make(global: &Global, keep: Option<&Path>) -> Result<Demo> {
    let mut demo = match keep {
        Some(dir) => Demo {
            data: dir.to_owned(),
            guard: guard_dir(global)?,
            entries: 0,
            temporary: None,
        },
        None => {
            let dir = tempfile::tempdir()
                .map_err(|error| AppError::io("making a temporary directory", error))?;
            Demo {
                data: dir.path().join("data"),
                guard: GuardDir(dir.path().join("guard")),
                entries: 0,
                temporary: Some(dir),
            }
        }
    };
    let new = Init {
        organisation: "Tarnbridge Council (fictional)".to_owned(),
        aims_start: "2022-12-13".parse::<Day>().ok(),
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
    let mut writing = app::init(&demo.data, model()?, &demo.guard, &new).await?;
    play(&mut writing, &demo.data).await?;
    demo.entries = writing.size();
    hint(&format!(
        "A fictional council with four years of records: {}.",
        counted(demo.entries, "entry")
    ));
    Ok(demo)
}

/// Makes the sample and serves nothing.
pub async fn only_make(global: &Global, keep: Option<&Path>) -> Result<u8> {
    let demo = make(global, keep).await?;
    let kept = demo.temporary.is_none();
    if global.json {
        let data = kept.then_some(&demo.data);
        say(&json!({"data": data, "entries": demo.entries, "kept": kept}).to_string());
    }
    let what = if kept { "Kept in" } else { "Thrown away:" };
    hint(&format!("{what} {}", demo.data.display()));
    Ok(DONE)
}

async fn play(writing: &mut Writing, data: &Path) -> Result<()> {
    let files = Files::in_dir(data);
    for bytes in FILES {
        let mut source: &[u8] = bytes;
        files.add(&mut source).await?;
    }
    let mut results = Vec::new();
    let (played, stopped) = apply::play(writing, COMMANDS.as_bytes(), &mut results).await?;
    match stopped {
        None => {}
        Some(apply::Stopped::Writing(error)) => return Err(error),
        Some(apply::Stopped::Telling(why)) => return Err(AppError::Fault(why)),
    }
    let refused = played.refused;
    if refused > 0 {
        let results = String::from_utf8_lossy(&results);
        let first = results
            .lines()
            .find(|line| line.contains("\"ok\":false"))
            .unwrap_or_default();
        return Err(AppError::Fault(format!(
            "the sample does not play: {} refused, the first: {first}",
            counted(refused, "Command")
        )));
    }
    Ok(())
}
