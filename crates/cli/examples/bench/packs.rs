//! Verifying a pack: its rate, its memory, and `status.json` computed again.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use catalogue::Catalogue;

use crate::child::finish;
use crate::figure::{median, timed};
use crate::generate::register;
use crate::{Bench, Figure, Figures, sha};

/// The size whose memory the large one is held against.
const SMALL: u64 = 10_000;

/// How much more memory the large pack may take.
const MEMORY_MIB: f64 = 64.0;

/// Measures a small pack and a large one.
pub fn measure(bench: &Bench) -> Figures {
    let (small, small_key) = packed(bench, SMALL)?;
    let (large, large_key) = packed(bench, bench.entries)?;
    let lengths = sha::lengths(&large)?;
    let bytes: f64 = lengths.iter().map(|length| f64::from(*length)).sum();
    let (mut checked, mut status, mut whole) = (vec![], vec![], vec![]);
    for _ in 0..bench.runs {
        let bare = sha::hash(&lengths)?;
        let seconds = bytes_and_proofs(&large, &large_key)?;
        checked.push((seconds, bare));
        let all = with_status(&large, &large_key)?;
        whole.push(all);
        status.push(all - seconds);
    }
    let peak = |pack, key| peak_mib(bench, pack, key);
    let (small_mib, large_mib) = (peak(&small, &small_key)?, peak(&large, &large_key)?);
    let count = bench.entries;
    Ok(vec![
        Figure::paired(
            format!("verify a pack of {count} entries: bytes, proofs and zip"),
            (bytes / 1_048_576.0, "MiB/s hashed"),
            &checked,
        ),
        Figure::told(
            format!("verify a pack of {count} entries, status.json included"),
            (median(whole), "s"),
        ),
        Figure::absolute(
            format!("status.json of {count} entries computed again"),
            (median(status), "s"),
            10.0,
        ),
        Figure::absolute(
            format!("peak memory of verifying {count} entries"),
            (large_mib, "MiB"),
            (small_mib + MEMORY_MIB).round(),
        ),
        Figure::told(
            format!("peak memory of verifying {SMALL} entries"),
            (small_mib, "MiB"),
        ),
    ])
}

/// Makes a register of that many entries and its pack; returns the pack and the verifier key.
fn packed(bench: &Bench, entries: u64) -> anyhow::Result<(PathBuf, PathBuf)> {
    let place = register(bench, &format!("register-{entries}"), entries)?;
    let pack = place.data.with_extension("zip");
    if !pack.exists() {
        eprintln!("   packing {entries} entries");
        let name = pack.to_str().context("a path that is no text")?;
        let took = finish(&mut place.command(&["pack", name]))?;
        eprintln!("   packed in {:.1} s", took.seconds);
    }
    Ok((pack, place.key()?))
}

fn keys(path: &Path) -> anyhow::Result<Vec<app::VerifierKey>> {
    let text = std::fs::read_to_string(path)?;
    Ok(vec![app::VerifierKey::parse(text.trim())?])
}

fn bytes_and_proofs(pack: &Path, key: &Path) -> anyhow::Result<f64> {
    let trust = pack::Trust {
        keys: keys(key)?,
        previous: None,
    };
    let file = File::open(pack)?;
    let secret = app::chance::secret()?;
    let (seconds, verified) = timed(|| {
        Ok(pack::verify(
            pack::Shared::from(file),
            &mut tempfile::tempfile,
            &trust,
            secret,
        )?)
    })?;
    ensure!(
        verified.report.failures.is_empty(),
        "the pack does not hold"
    );
    Ok(seconds)
}

fn with_status(pack: &Path, key: &Path) -> anyhow::Result<f64> {
    let (registry, catalogue) = (kinds::registry(), Catalogue::iso_42001()?);
    let file = File::open(pack)?;
    let trust = pack::Trust {
        keys: keys(key)?,
        previous: None,
    };
    let check = || Ok(app::check_pack(file, trust, &registry, &catalogue)?);
    let (seconds, report) = timed(check)?;
    ensure!(report.verified && report.complete, "the pack does not hold");
    Ok(seconds)
}

fn peak_mib(bench: &Bench, pack: &Path, key: &Path) -> anyhow::Result<f64> {
    let mut command = std::process::Command::new(&bench.minutebook);
    command.arg("verify").arg(pack).arg("--key").arg(key);
    command.stdout(std::process::Stdio::null());
    command.stderr(std::process::Stdio::null());
    finish(&mut command).map(|took| took.peak_mib)
}
