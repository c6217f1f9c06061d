//! Killed at any moment: nothing acknowledged is lost, and the next start is clean.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

const COMMANDS: usize = 400;

fn minutebook(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_minutebook"));
    command
        .arg("--data")
        .arg(home.join("data"))
        .arg("--guard")
        .arg(home.join("guard"));
    command
}

/// Plays a file and kills the process once it has acknowledged `after` lines; returns the
/// acknowledged entries by line.
fn killed(home: &Path, file: &Path, after: usize) -> Vec<Value> {
    let mut child = minutebook(home)
        .arg("apply")
        .arg(file)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let out = child.stdout.take().expect("piped");
    let mut lines = BufReader::new(out).lines();
    let mut told: Vec<String> = lines
        .by_ref()
        .take(after)
        .map(|line| line.expect("text"))
        .collect();
    child.kill().expect("killed");
    // What was already in the pipe was acknowledged too.
    told.extend(lines.map_while(Result::ok));
    child.wait().expect("ended");
    told.iter()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect()
}

#[test]
fn twenty_kills_lose_nothing_that_was_acknowledged() {
    let home = tempfile::tempdir().expect("a directory");
    let home = home.path();
    let done = minutebook(home)
        .args(["init", "--organisation", "Lighthouse Authority (fictional)"])
        .output()
        .expect("it runs");
    assert!(done.status.success());
    for round in 0..20 {
        let mut text = String::new();
        for n in 0..COMMANDS {
            writeln!(text, r#"{{"do":"put","kind":"person","key":"{round}-{n}","body":{{"name":"Keeper {n} (fictional)"}}}}"#).expect("text");
        }
        let file = home.join("commands.ndjson");
        std::fs::write(&file, text).expect("written");
        let told = killed(home, &file, round * 20);
        let again = minutebook(home)
            .arg("apply")
            .arg(&file)
            .output()
            .expect("it starts again");
        assert!(
            again.status.success(),
            "round {round}: {}",
            String::from_utf8_lossy(&again.stderr)
        );
        let lines: Vec<Value> = again
            .stdout
            .lines()
            .map(|line| serde_json::from_str(&line.expect("text")).expect("JSON"))
            .collect();
        assert_eq!(lines.len(), COMMANDS);
        for (acknowledged, found) in told.iter().zip(&lines) {
            assert_eq!(acknowledged, found, "round {round}");
        }
    }
    let verified = minutebook(home).arg("verify").output().expect("it runs");
    assert!(
        verified.status.success(),
        "{}",
        String::from_utf8_lossy(&verified.stdout)
    );
    let status = minutebook(home)
        .args(["--json", "status"])
        .output()
        .expect("it runs");
    let status: Value = serde_json::from_slice(&status.stdout).expect("a status");
    assert_eq!(status["entries"], 3 + 20 * COMMANDS);
}
