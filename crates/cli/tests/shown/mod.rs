//! What a page shows of a run, held to what the binary prints.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;
use std::process::Command;

/// A line, or the end of one, that stands for what is left out.
const LEFT_OUT: &str = "…";

/// Runs a line in a shell; returns what a terminal shows.
pub fn shown(line: &str, folder: &Path) -> String {
    let binary = Path::new(env!("CARGO_BIN_EXE_minutebook"));
    let ours = binary.parent().unwrap().display();
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("PATH={ours}:$PATH; {line}")]);
    shell
        .current_dir(folder)
        .env("MINUTEBOOK_GUARD", folder.join("guard"));
    let ran = shell.env_remove("MINUTEBOOK_DATA").output().unwrap();
    let shown = [ran.stdout, ran.stderr].concat();
    String::from_utf8(shown).unwrap()
}

/// Returns the commands that a page shows, each with the lines shown under it.
pub fn run_of(page: &str) -> Vec<(&str, Vec<&str>)> {
    let mut run: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in page.lines().filter_map(|line| line.strip_prefix("    ")) {
        match (line.strip_prefix("$ "), run.last_mut()) {
            (Some(command), _) => run.push((command, Vec::new())),
            (None, Some((_, printed))) => printed.push(line),
            (None, None) => {}
        }
    }
    run
}

/// Whether a line was printed so, or begins so where its end is left out.
fn is(printed: &str, said: &str) -> bool {
    match said.strip_suffix(LEFT_OUT) {
        Some(begin) => printed.starts_with(begin) && printed.len() > begin.len(),
        None => printed == said,
    }
}

/// Holds what is shown against what was printed: every line in its place, and a line of its own
/// for one or more that are left out.
pub fn holds(printed: &str, said: &[&str]) -> Result<(), String> {
    let printed: Vec<&str> = printed.lines().collect();
    let mut at = 0;
    let mut skips = false;
    for line in said {
        if *line == LEFT_OUT {
            skips = true;
            continue;
        }
        let rest = printed.get(at + usize::from(skips)..).unwrap_or_default();
        let found = match skips {
            true => rest.iter().position(|one| is(one, line)).map(|n| n + 1),
            false => rest.first().filter(|one| is(one, line)).map(|_| 0),
        };
        let Some(further) = found else {
            return Err(format!("{line:?} does not come next after line {at}"));
        };
        at += further + 1;
        skips = false;
    }
    match skips == (at < printed.len()) {
        true => Ok(()),
        false => Err(format!("{} lines follow", printed.len() - at)),
    }
}
