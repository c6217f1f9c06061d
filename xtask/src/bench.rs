//! `cargo xtask bench`: builds the binary and the program that measures it, and runs that.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

use crate::steps;

/// Where the register of 2025 lies in the folder of real data.
const REGISTER: &str = "data/us-federal/2025_individually_reported_AI_use_cases.csv";

/// Measures what is named, or everything.
///
/// # Errors
/// When something cannot be built, or the program that measures stops.
pub fn run(root: &Path, words: &[&str]) -> anyhow::Result<()> {
    let cargo = |line: &[&str]| {
        let mut command = Command::new("cargo");
        command.current_dir(root).args(line);
        command
    };
    let build = ["build", "--release", "--package", "minutebook"];
    let binary = [&build[..], &["--bin", "minutebook", "--example", "bench"]].concat();
    done(&mut cargo(&binary), "building")?;
    let program = [
        "run",
        "--release",
        "--package",
        "minutebook",
        "--example",
        "bench",
        "--",
    ];
    let mut measuring = cargo(&program);
    measuring.args(words);
    if let Some(register) = register(root).filter(|_| !words.contains(&"--register")) {
        measuring.arg("--register").arg(register);
    }
    done(&mut measuring, "measuring")
}

/// Returns the register of 2025, if the folder of real data is here.
fn register(root: &Path) -> Option<PathBuf> {
    let path = steps::shared(root)?.join(REGISTER);
    path.is_file().then_some(path)
}

fn done(command: &mut Command, what: &str) -> anyhow::Result<()> {
    let status = command.status().with_context(|| what.to_owned())?;
    if !status.success() {
        bail!("{what} ended with {status}");
    }
    Ok(())
}
