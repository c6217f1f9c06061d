//! The measurements of docs/performance.md: each figure beside its bare limit, taken in the same run.
//!
//! `cargo xtask bench [NAME…]` builds the binary and this program and runs it; what it finds is
//! JSON on stdout, what it does meanwhile goes to stderr.

mod apply;
mod child;
mod figure;
mod first;
mod generate;
mod packs;
mod plain;
mod register;
mod server;
mod sha;
mod status;

use std::path::PathBuf;

use anyhow::{Context, bail};
use figure::Figure;

const NAMES: [&str; 6] = ["apply", "import", "status", "server", "pack", "first"];

/// What is measured, and how large.
pub struct Bench {
    /// The binary.
    minutebook: PathBuf,
    /// Where everything is made.
    dir: PathBuf,
    /// The US federal register of 2025, if it is here.
    register: Option<PathBuf>,
    /// Entries of the large ledger.
    entries: u64,
    /// Commands of one `apply`.
    commands: u64,
    /// Times that each measurement is taken; the middle one counts.
    runs: usize,
}

fn main() -> anyhow::Result<()> {
    let temporary = tempfile::tempdir().context("making a directory")?;
    let mut bench = Bench {
        minutebook: beside()?,
        dir: temporary.path().to_owned(),
        register: None,
        entries: 1_000_000,
        commands: 100_000,
        runs: 3,
    };
    let names = read(&mut bench)?;
    let mut figures = Vec::new();
    for name in names {
        eprintln!("== {name}");
        let found = match name.as_str() {
            "apply" => apply::measure(&bench)?,
            "import" => register::measure(&bench)?,
            "status" => status::measure(&bench)?,
            "server" => server::measure(&bench)?,
            "first" => first::measure(&bench)?,
            _ => packs::measure(&bench)?,
        };
        for figure in &found {
            eprintln!("   {figure}");
        }
        figures.extend(found);
    }
    println!("{}", serde_json::to_string_pretty(&figures)?);
    Ok(())
}

/// Returns the binary that was built with this program: one folder up.
fn beside() -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe().context("finding this program")?;
    let folder = own.parent().and_then(|examples| examples.parent());
    let folder = folder.context("this program lies in no folder")?;
    Ok(folder.join(format!("minutebook{}", std::env::consts::EXE_SUFFIX)))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a program of its own, which has no arguments of the binary's"
)]
fn typed() -> impl Iterator<Item = String> {
    std::env::args().skip(1)
}

/// Reads the arguments and returns the names of what is to be measured.
fn read(bench: &mut Bench) -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    let mut arguments = typed();
    while let Some(argument) = arguments.next() {
        let mut value = || {
            let value = arguments.next();
            value.with_context(|| format!("{argument} needs a value"))
        };
        match argument.as_str() {
            "--register" => bench.register = Some(value()?.into()),
            "--dir" => bench.dir = value()?.into(),
            "--entries" => bench.entries = value()?.parse()?,
            "--commands" => bench.commands = value()?.parse()?,
            "--runs" => bench.runs = value()?.parse()?,
            name if NAMES.contains(&name) => names.push(argument),
            _ => bail!(
                "{argument:?} is none of {}, --register FILE, --dir DIR, --entries N, --commands N, --runs N",
                NAMES.join(", ")
            ),
        }
    }
    if names.is_empty() {
        names = NAMES.map(str::to_owned).to_vec();
    }
    std::fs::create_dir_all(&bench.dir)?;
    Ok(names)
}

/// One measurement.
type Figures = anyhow::Result<Vec<Figure>>;
