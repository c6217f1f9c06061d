//! What is said beside a refusal or a start is so, and names a next step that there is.

use std::fs;
use std::io::{BufRead, BufReader};

use crate::desk::{Desk, finish};

#[test]
fn a_dry_run_whose_results_cannot_be_written_says_that_nothing_was_recorded() {
    let desk = Desk::simulated();
    let rows: String = (1..2_000)
        .map(|n| format!("{n},System {n} (fictional)\n"))
        .collect();
    desk.file("register.csv", format!("Ref,Title\n{rows}").as_bytes());
    let import = ["import", "csv", "register.csv"];
    let draft = [&import[..], &["--draft-mapping", "m.toml"]].concat();
    assert_eq!(desk.run(&draft).code, 0);
    // No file may grow beyond 32 KiB, which what a reader needs fits in and the results do not.
    let line = "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\"";
    let mut limited = std::process::Command::new("sh");
    limited
        .current_dir(desk.dir.path())
        .args(["-c", line, env!("CARGO_BIN_EXE_minutebook")])
        .args(desk.command(&import).get_args())
        .args(["--mapping", "m.toml", "--dry-run", "--results", "out.csv"]);
    let ran = finish(limited);
    assert_eq!(ran.code, 2, "{ran:?}");
    let said = "Nothing was recorded: this was a dry run.";
    assert!(ran.err.contains(said), "{ran:?}");
    assert!(!ran.err.contains("taken as above"), "{ran:?}");
    assert!(!desk.dir.path().join("out.csv").exists());
}

#[test]
fn a_server_that_the_network_reaches_says_that_nothing_is_encrypted() {
    let desk = Desk::simulated();
    for (listen, warns) in [("0.0.0.0:0", true), ("127.0.0.1:0", false)] {
        let mut child = desk.start(&["serve", "--listen", listen]);
        let mut err = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        while !said.contains("Open the link above") {
            assert!(err.read_line(&mut said).unwrap() > 0, "{said}");
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(said.contains("is not encrypted"), warns, "{said}");
    }
}

#[test]
fn what_is_refused_says_the_next_step_that_there_is() {
    let desk = Desk::simulated();
    desk.file("body.json", br#"{"name": "Zoe Sample"}"#);
    let put = ["record", "put", "person", "body.json"];
    let old = desk.run(&[&put[..], &["--effective-on", "2020-01-01"]].concat());
    assert_eq!(old.code, 1, "{old:?}");
    assert!(old.err.contains("--brought-in-from TEXT"), "{old:?}");
    let odd = desk.run(&[&put[..], &["--effective-on", "yesterday"]].concat());
    assert_eq!(odd.code, 2, "{odd:?}");
    assert!(
        odd.err.contains("--effective-on") && odd.err.contains("2026-03-31"),
        "{odd:?}"
    );
    let nobody = desk.run(&[&["--as", ""][..], &put].concat());
    assert_eq!(nobody.code, 1, "{nobody:?}");
    assert!(nobody.err.contains("this one is empty"), "{nobody:?}");
    let shown = desk.run(&["record", "show", &desk.operator()]);
    assert!(
        shown.out.ends_with('\n') && !shown.out.ends_with("\n\n"),
        "{shown:?}"
    );
    let guard = fs::read_dir(desk.guard()).unwrap().next().unwrap().unwrap();
    fs::write(guard.path(), "odd\n").unwrap();
    let ran = desk.run(&put);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("minutebook guard accept"), "{ran:?}");
}
