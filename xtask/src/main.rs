//! The project's own chores: `tidy` checks what compilers do not, `test` runs every check there is,
//! `bench` measures.

mod bench;
mod obtain;
mod steps;
mod tidy;
mod tree;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;

const USAGE: &str = "\
cargo xtask COMMAND

  tidy    arrows between crates, sizes, registration of kinds, rules against their catalogue, words,
          the number of packages
  test    every check, from formatting to the tests; obtains what it needs
  bench   every measurement of docs/performance.md, or those named, as JSON:
          apply import status server pack first [--entries N] [--commands N] [--runs N] [--register FILE]";

fn main() -> ExitCode {
    #[expect(
        clippy::disallowed_methods,
        reason = "the chores are a program of their own"
    )]
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["tidy"] => checkout().and_then(|root| tidy::run(&root)),
        ["test"] => checkout().and_then(|root| steps::run(&root)),
        ["bench", ref rest @ ..] => checkout().and_then(|root| bench::run(&root, rest)),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Returns the top of the checkout that the current directory is in.
fn checkout() -> anyhow::Result<PathBuf> {
    let here = std::env::current_dir().context("reading the current directory")?;
    here.ancestors()
        .find(|folder| folder.join("xtask/Cargo.toml").is_file())
        .map(Path::to_path_buf)
        .with_context(|| format!("{} is not inside the checkout", here.display()))
}
