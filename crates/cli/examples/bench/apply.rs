//! `apply` beside a plain program that writes the same rows, and `verify` in place beside `apply`.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::child::{Place, Took, finish};
use crate::figure::median;
use crate::generate::put;
use crate::{Bench, Figure, Figures, plain};

/// The pages of the database that the writer keeps, at most.
const CACHE_MIB: f64 = 64.0;

/// Measures both, each time on a new ledger.
pub fn measure(bench: &Bench) -> Figures {
    let many = commands(bench, bench.commands)?;
    let few = commands(bench, bench.commands / 10)?;
    let (mut applied, mut bare, mut verified, mut ratios) = (vec![], vec![], vec![], vec![]);
    let (mut peak_mib, mut rows) = (0.0_f64, 0.0);
    for run in 0..bench.runs {
        let place = begun(bench, &format!("apply-{run}"))?;
        let took = play(&place, &many)?;
        let written = plain::write(&place.data, &bench.dir.join("plain"))?;
        let verify = finish(&mut place.command(&["verify"]))?;
        ratios.push(written.seconds / took.seconds);
        applied.push(took.seconds);
        bare.push(written.seconds);
        verified.push(verify.seconds);
        peak_mib = peak_mib.max(took.peak_mib);
        rows = written.rows as f64 / bench.commands as f64;
        place.remove()?;
    }
    let place = begun(bench, "apply-few")?;
    let small_mib = play(&place, &few)?.peak_mib;
    place.remove()?;
    let rate = |seconds: Vec<f64>| bench.commands as f64 / median(seconds);
    let (applied, bare, verified) = (rate(applied), rate(bare), rate(verified));
    let count = bench.commands;
    Ok(vec![
        Figure::beside(
            format!("apply of {count} Commands"),
            (applied, "Commands/s"),
            bare,
        ),
        Figure::told(
            "apply beside its limit, pair by pair",
            (median(ratios), "of 1"),
        ),
        Figure::told("rows written for a Command", (rows, "rows")),
        Figure::absolute(
            format!("peak memory of apply of {count} Commands"),
            (peak_mib, "MiB"),
            (small_mib + CACHE_MIB).round(),
        ),
        Figure::told(
            format!("peak memory of apply of {} Commands", count / 10),
            (small_mib, "MiB"),
        ),
        Figure::beside(
            format!("verify in place of {count} entries"),
            (verified, "entries/s"),
            applied,
        ),
    ])
}

fn begun(bench: &Bench, name: &str) -> anyhow::Result<Place> {
    let place = Place::new(&bench.dir, name, &bench.minutebook);
    place.remove()?;
    place.init(None)?;
    Ok(place)
}

fn play(place: &Place, commands: &Path) -> anyhow::Result<Took> {
    let path = commands.to_str().context("a path that is no text")?;
    finish(&mut place.command(&["apply", path]))
}

fn commands(bench: &Bench, count: u64) -> anyhow::Result<PathBuf> {
    let path = bench.dir.join(format!("commands-{count}.ndjson"));
    let mut file = BufWriter::new(std::fs::File::create(&path)?);
    for number in 0..count {
        writeln!(file, "{}", put(number))?;
    }
    file.flush()?;
    Ok(path)
}
