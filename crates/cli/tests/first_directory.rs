//! The first data directory there was: every later version reads it, writes to it and
//! verifies it. Its organisation is fictional, and its key protects nothing.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a directory");
    for entry in fs::read_dir(from).expect("a directory") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).expect("copied");
        }
    }
}

fn minutebook(home: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_minutebook"))
        .arg("--data")
        .arg(home.join("data"))
        .arg("--guard")
        .arg(home.join("guard"))
        // Its last entry may be years ago.
        .arg("--accept-clock")
        .args(words)
        .output()
        .expect("the binary runs")
}

#[test]
fn the_first_data_directory_is_read_written_and_verified() {
    let home = tempfile::tempdir().expect("a directory");
    copy(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/first"),
        home.path(),
    );
    let status = minutebook(home.path(), &["--json", "status", "--as-of", "2026-01-07"]);
    let status: serde_json::Value = serde_json::from_slice(&status.stdout).expect("a status");
    assert_eq!(status["entries"], 8);
    assert_eq!(status["five"][1]["in_hand"], "yes");
    let verified = minutebook(home.path(), &["verify"]);
    assert!(
        verified.status.success(),
        "{}",
        String::from_utf8_lossy(&verified.stdout)
    );
    let again = home.path().join("again.ndjson");
    let line = r#"{"do":"move","as":"ada@lighthouse.example","id":"0000000c-0001-4000-8000-000000000001","version":1,"move":"attest","key":"attest-1"}"#;
    fs::write(&again, line).expect("written");
    let again = minutebook(home.path(), &["apply", again.to_str().expect("text")]);
    let first: serde_json::Value = serde_json::from_slice(&again.stdout).expect("a result");
    assert_eq!((&first["ok"], &first["seq"]), (&true.into(), &6.into()));
    let put = home.path().join("put.ndjson");
    fs::write(
        &put,
        r#"{"do":"put","kind":"person","body":{"name":"A new keeper (fictional)"}}"#,
    )
    .expect("written");
    assert!(
        minutebook(home.path(), &["apply", put.to_str().expect("text")])
            .status
            .success()
    );
    assert!(minutebook(home.path(), &["verify"]).status.success());
    // Its guard is from before checkpoints were counted, and counts from now on.
    let mut guards = fs::read_dir(home.path().join("guard")).expect("a directory");
    let guard = guards.next().expect("a guard").expect("a guard").path();
    let guard = fs::read_to_string(guard).expect("text");
    assert!(guard.contains("\ncheckpoints "), "{guard}");
}
