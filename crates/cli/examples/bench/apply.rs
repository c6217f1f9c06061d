//! `apply` beside a plain program that writes the same rows, and `verify` in place beside `apply`.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::child::{Place, Took, finish};
use crate::generate::put;
use crate::plain::{self, Durable};
use crate::{Bench, Figure, Figures};

/// The pages of the database that the writer keeps, at most.
const CACHE_MIB: f64 = 64.0;

/// Measures both, each time on a new ledger.
pub fn measure(bench: &Bench) -> Figures {
    let many = commands(bench, bench.commands)?;
    let few = commands(bench, bench.commands / 10)?;
    let (mut applied, mut as_durable, mut verified) = (vec![], vec![], vec![]);
    let (mut peak_mib, mut rows) = (0.0_f64, 0.0);
    for run in 0..bench.runs {
        let place = begun(bench, &format!("apply-{run}"))?;
        let took = play(&place, &many)?;
        let plain = bench.dir.join("plain");
        let written = plain::write(&place.data, &plain, Durable::Batches)?;
        let durably = plain::write(&place.data, &plain, Durable::AsApply)?;
        let verify = finish(&mut place.command(&["verify"]))?;
        applied.push((took.seconds, written.seconds));
        as_durable.push((took.seconds, durably.seconds));
        verified.push((verify.seconds, took.seconds));
        peak_mib = peak_mib.max(took.peak_mib);
        rows = written.rows as f64 / bench.commands as f64;
        place.remove()?;
    }
    let place = begun(bench, "apply-few")?;
    let small_mib = play(&place, &few)?.peak_mib;
    place.remove()?;
    let count = bench.commands;
    let amount = count as f64;
    Ok(vec![
        Figure::paired(
            format!("apply of {count} Commands"),
            (amount, "Commands/s"),
            &applied,
        ),
        Figure::paired(
            "the same, beside a plain program with as many durable writes",
            (amount, "Commands/s"),
            &as_durable,
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
        Figure::paired(
            format!("verify in place of {count} entries"),
            (amount, "entries/s"),
            &verified,
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
