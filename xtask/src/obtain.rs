//! What the checks need on this machine: obtained where that is possible, named exactly where it is not.

use std::process::{Command, Stdio};

use anyhow::{Context, bail};

const CARGO_DENY: &str = "0.20.2";

/// A Debian package, the program by which its presence is known, and what that one answers to.
type Package = (&'static str, &'static str, &'static str);

/// What the tests need: a pack is checked as its README.txt says.
const TESTS: &[Package] = &[("unzip", "unzip", "-v")];

/// Obtains everything that is missing.
///
/// # Errors
/// When something is missing and cannot be obtained; the message says what to install.
pub fn all() -> anyhow::Result<()> {
    component("fmt", "rustfmt")?;
    component("clippy", "clippy")?;
    if !answers("cargo", &["deny", "--version"]) {
        run(
            "cargo",
            &["install", "cargo-deny", "--locked", "--version", CARGO_DENY],
        )?;
    }
    debian_packages(TESTS)
}

fn component(subcommand: &str, component: &str) -> anyhow::Result<()> {
    if answers("cargo", &[subcommand, "--version"]) {
        return Ok(());
    }
    if !answers("rustup", &["--version"]) {
        bail!(
            "install {component} for this Rust toolchain (with rustup: `rustup component add {component}`)"
        );
    }
    run("rustup", &["component", "add", component])
}

fn debian_packages(needed: &[Package]) -> anyhow::Result<()> {
    let missing: Vec<&str> = needed
        .iter()
        .filter(|(_, program, argument)| !answers(program, &[argument]))
        .map(|(package, ..)| *package)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !answers("apt-get", &["--version"]) || !is_root()? {
        bail!(
            "install these Debian packages: `apt-get install {}`",
            missing.join(" ")
        );
    }
    run("apt-get", &["update"])?;
    let install = ["install", "--yes", "--no-install-recommends"];
    run("apt-get", &[&install[..], &missing[..]].concat())
}

/// Whether a program is there and runs.
fn answers(program: &str, arguments: &[&str]) -> bool {
    let quiet = Command::new(program)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    quiet.is_ok_and(|status| status.success())
}

fn is_root() -> anyhow::Result<bool> {
    let id = Command::new("id")
        .arg("-u")
        .output()
        .context("running id")?;
    Ok(id.stdout.trim_ascii() == b"0")
}

fn run(program: &str, arguments: &[&str]) -> anyhow::Result<()> {
    let line = format!("{program} {}", arguments.join(" "));
    println!("   {line}");
    let status = Command::new(program)
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .status()
        .with_context(|| format!("running `{line}`"))?;
    if !status.success() {
        bail!("`{line}` failed; run it by hand to see why, then start again");
    }
    Ok(())
}
