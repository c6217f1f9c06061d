//! `cargo xtask test`: every check in order, stopping at the first that fails.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::{obtain, tidy};

const SHARED: &str = "MINUTEBOOK_SHARED";

/// The checks of every checkout: the quick ones first, so that a slip shows early.
const CHECKS: &[Step] = &[
    Step {
        name: "obtain",
        work: Work::Obtain,
        hint: "Install what it names, then start again.",
    },
    Step {
        name: "fmt",
        work: Work::Run("cargo fmt --all --check"),
        hint: "Run `cargo fmt --all`.",
    },
    Step {
        name: "tidy",
        work: Work::Tidy,
        hint: "Each line above names a file and what is wrong with it.",
    },
    Step {
        name: "clippy",
        work: Work::Run("cargo clippy --workspace --all-targets -- -D warnings"),
        hint: "Mend what clippy names.",
    },
    Step {
        name: "deny",
        work: Work::Run("cargo deny check bans licenses sources"),
        hint: "deny.toml says what is allowed.",
    },
    Step {
        name: "doc",
        work: Work::Run("cargo doc --workspace --no-deps"),
        hint: "Mend the doc comment that rustdoc names.",
    },
    Step {
        name: "tests",
        work: Work::Run("cargo test --workspace"),
        hint: "A failed test is named as the claim that does not hold.",
    },
];

/// What of the real data tests need, and which they are: without it they are skipped, except on a
/// build server (`CI=true`), where they fail.
const REAL_DATA: &[(&str, &str)] = &[
    (
        "data/vectors",
        "ledger, tests/vectors: what others published of the formats, read and proved",
    ),
    (
        "data/us-federal/2025_individually_reported_AI_use_cases.csv",
        "exchange, tests/us_federal, and minutebook, tests/import: the real register of 2025",
    ),
    (
        "domain",
        "catalogue, tests/domain: ids, counts and rules held to the notes on the domain",
    ),
];

struct Step {
    name: &'static str,
    work: Work,
    /// What to do when it fails.
    hint: &'static str,
}

enum Work {
    Obtain,
    Tidy,
    /// A command line, run at the top of the checkout.
    Run(&'static str),
}

/// Runs every check and prints the name and time of each.
///
/// # Errors
/// At the first check that fails, with what to do about it.
pub fn run(root: &Path) -> anyhow::Result<()> {
    let environment = environment(root);
    let begun = now();
    for (index, step) in CHECKS.iter().enumerate() {
        println!("== {}/{} {}", index + 1, CHECKS.len(), step.name);
        let step_begun = now();
        if let Err(error) = step.run(root, &environment) {
            let time = seconds(step_begun.elapsed());
            bail!(
                "`{}` failed after {time}: {error:#}\n{}",
                step.name,
                step.hint
            );
        }
        println!("   {}: {}", step.name, seconds(step_begun.elapsed()));
    }
    println!(
        "== all {} steps passed in {}",
        CHECKS.len(),
        seconds(begun.elapsed())
    );
    for line in not_run(shared(root).as_deref()) {
        println!("{line}");
    }
    Ok(())
}

/// Says which tests were skipped because the data they need is not here.
fn not_run(shared: Option<&Path>) -> Vec<String> {
    let is_here = |path: &str| shared.is_some_and(|shared| shared.join(path).exists());
    let missing = REAL_DATA.iter().filter(|(path, _)| !is_here(path));
    let lines: Vec<String> = missing
        .map(|(path, tests)| format!("   {tests} (needs {path})"))
        .collect();
    if lines.is_empty() {
        return lines;
    }
    let place = shared.map_or_else(|| "../shared".to_owned(), |at| at.display().to_string());
    let head = format!("== NOT RUN, because it is not in {place}; {SHARED} names another place:");
    std::iter::once(head).chain(lines).collect()
}

impl Step {
    fn run(&self, root: &Path, environment: &[(&str, PathBuf)]) -> anyhow::Result<()> {
        match self.work {
            Work::Obtain => obtain::all(),
            Work::Tidy => tidy::run(root),
            Work::Run(line) => command(line, root, environment),
        }
    }
}

fn command(line: &str, inside: &Path, environment: &[(&str, PathBuf)]) -> anyhow::Result<()> {
    println!("   {line}");
    let mut words = line.split_whitespace();
    let program = words.next().context("a step without a program")?;
    let status = Command::new(program)
        .args(words)
        .current_dir(inside)
        .env("RUSTDOCFLAGS", "-D warnings")
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .status()
        .with_context(|| format!("running `{line}`"))?;
    if !status.success() {
        bail!("`{line}`: {status}");
    }
    Ok(())
}

/// Returns where the real data for tests lies, unless the caller said so: what is beside the
/// checkout, if it is there.
fn environment(root: &Path) -> Vec<(&'static str, PathBuf)> {
    match said() {
        Some(_) => Vec::new(),
        None => beside(root)
            .map(|beside| (SHARED, beside))
            .into_iter()
            .collect(),
    }
}

/// Returns the folder of real data: the one the caller names, or `../shared` beside the checkout.
pub fn shared(root: &Path) -> Option<PathBuf> {
    said().or_else(|| beside(root))
}

fn said() -> Option<PathBuf> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the chores are a program of their own and read what tells them where data lies"
    )]
    std::env::var_os(SHARED).map(PathBuf::from)
}

fn beside(root: &Path) -> Option<PathBuf> {
    Some(root.join("../shared")).filter(|beside| beside.is_dir())
}

#[expect(
    clippy::disallowed_methods,
    reason = "the chores are a program of their own and take the time of each step"
)]
fn now() -> Instant {
    Instant::now()
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_skipped_for_want_of_data_is_named() {
        let none = not_run(None);
        assert_eq!(none.len(), 1 + REAL_DATA.len());
        assert!(
            none[0].contains("because it is not in ../shared"),
            "{none:?}"
        );

        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("data/vectors")).unwrap();
        std::fs::create_dir(folder.path().join("domain")).unwrap();
        let some = not_run(Some(folder.path()));
        assert_eq!(some.len(), 2);
        assert!(some[1].contains("tests/us_federal"), "{some:?}");

        let (register, _) = REAL_DATA[1];
        let register = folder.path().join(register);
        std::fs::create_dir_all(register.parent().unwrap()).unwrap();
        std::fs::write(register, "").unwrap();
        assert_eq!(not_run(Some(folder.path())), Vec::<String>::new());
    }

    #[test]
    fn a_command_that_fails_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let error = command("git no-such-command", folder.path(), &[]).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("`git no-such-command`: exit status"),
            "{error}"
        );
    }
}
