//! Files that are named: read no further than is taken, and looked at before anything is recorded.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::desk::{Desk, finish};

const REGISTER: &[u8] = b"Ref,Title\n1,Alpha (fictional)\n2,Beta (fictional)\n";

/// Returns a ledger beside a register and a mapping that was drafted for it.
fn with_register() -> Desk {
    let desk = Desk::simulated();
    desk.file("register.csv", REGISTER);
    let draft = ["import", "csv", "register.csv", "--draft-mapping", "m.toml"];
    assert_eq!(desk.run(&draft).code, 0);
    desk
}

const IMPORT: [&str; 5] = ["import", "csv", "register.csv", "--mapping", "m.toml"];

#[test]
fn results_that_cannot_be_written_are_noticed_before_the_first_row_is_recorded() {
    let desk = with_register();
    let before = desk.head();
    for results in ["nowhere/out.csv", "register.csv/out.csv"] {
        let ran = desk.run(&[&IMPORT[..], &["--results", results]].concat());
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
        assert!(ran.err.contains(results), "{ran:?}");
        assert_eq!(desk.head(), before);
    }
    let ran = desk.run(&IMPORT);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("2 created"), "{ran:?}");
    let left = fs::read_dir(desk.dir.path()).unwrap();
    let mut left = left.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(!left.any(|name| name.contains("partial")));
    // A second run writes over the results of the first.
    let ran = desk.run(&IMPORT);
    assert!(ran.out.contains("2 unchanged"), "{ran:?}");
    let results = fs::read_to_string(desk.dir.path().join("register.results.csv")).unwrap();
    assert!(results.contains("unchanged"), "{results}");
}

#[test]
fn an_import_that_is_refused_leaves_no_results_begun() {
    let desk = with_register();
    desk.file("register.csv", b"Other\n1\n");
    let ran = desk.run(&IMPORT);
    assert_ne!(ran.code, 0, "{ran:?}");
    let left = fs::read_dir(desk.dir.path()).unwrap();
    let left = left.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let results: Vec<_> = left.filter(|name| name.contains("results")).collect();
    assert_eq!(results, Vec::<String>::new());
}

#[test]
fn what_never_ends_is_read_no_further_than_is_taken() {
    let desk = with_register();
    let ran = desk.run(&["import", "csv", "/dev/zero", "--mapping", "m.toml"]);
    assert_eq!(ran.out, "");
    assert!(
        ran.code > 0 && ran.err.contains("268435456 bytes"),
        "{ran:?}"
    );
    for args in [
        &["import", "csv", "register.csv", "--mapping", "/dev/zero"][..],
        &["verify", "--key", "/dev/zero"],
        &["verify", "--policy", "/dev/zero"],
        &["verify", "--previous", "/dev/zero"],
    ] {
        let ran = desk.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
        let said = "/dev/zero has more than 1,048,576 bytes.";
        assert!(ran.err.contains(said), "{ran:?}");
    }
}

#[test]
fn what_is_no_file_or_holds_nothing_is_no_evidence() {
    let desk = Desk::simulated();
    desk.file("empty.pdf", b"");
    let made = Command::new("mkfifo")
        .arg(desk.dir.path().join("pipe"))
        .status();
    assert!(made.unwrap().success());
    for (path, said) in [
        (
            "empty.pdf",
            "is empty: it holds nothing, and states nothing.",
        ),
        ("pipe", "is a pipe, not a file."),
        ("/dev/null", "is a device, not a file."),
        ("data", "is a directory, not a file."),
        ("missing", "No such file or directory"),
    ] {
        let ran = desk.run(&["file", "add", path]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
        assert!(ran.err.contains(said), "{ran:?}");
    }
    assert!(!Path::new(&desk.data().join("files")).exists());
}

#[test]
fn a_dry_run_says_what_would_be_while_another_process_writes() {
    let desk = with_register();
    let mut writing = desk.start(&["apply", "-"]);
    let lock = desk.data().join("lock");
    while fs::read_to_string(&lock).unwrap_or_default().trim() != "apply" {
        std::thread::yield_now();
    }
    let before = desk.head();
    let ran = finish(desk.command(&[&IMPORT[..], &["--dry-run"]].concat()));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("would be 2 created"), "{ran:?}");
    let ran = desk.run(&IMPORT);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("being written to by `apply`"), "{ran:?}");
    assert_eq!(desk.head(), before);
    drop(writing.stdin.take());
    assert!(writing.wait().unwrap().success());
}
