//! A data directory is its owner's alone, wherever it is made.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::desk::{Desk, Ran, finish, person};

/// Returns everything in a directory, and itself, that another user may read.
fn open_to_others(dir: &Path) -> Vec<String> {
    let mut open = Vec::new();
    let mut waiting = vec![dir.to_owned()];
    while let Some(path) = waiting.pop() {
        let metadata = fs::metadata(&path).unwrap();
        if metadata.permissions().mode() & 0o077 != 0 {
            open.push(format!(
                "{} {:o}",
                path.display(),
                metadata.permissions().mode()
            ));
        }
        if metadata.is_dir() {
            waiting.extend(fs::read_dir(&path).unwrap().map(|one| one.unwrap().path()));
        }
    }
    open
}

fn open_folder(path: &Path) {
    fs::create_dir(path).unwrap();
    fs::set_permissions(path, Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_ledger_and_its_copies_are_read_by_their_owner_alone_also_in_a_folder_that_was_there() {
    let desk = Desk::empty();
    let (monday, again) = (
        desk.dir.path().join("monday"),
        desk.dir.path().join("again"),
    );
    for folder in [&desk.data(), &monday, &again] {
        open_folder(folder);
    }
    desk.init(&[]);
    let minutes = desk.file("minutes.txt", b"The scope was approved.");
    assert_eq!(
        desk.run(&["file", "add", minutes.to_str().unwrap()]).code,
        0
    );
    // Held open, so that what SQLite puts beside the database is there.
    let mut writing = desk.start(&["apply", "-"]);
    while !desk.data().join("minutebook.db-wal").exists() {
        std::thread::yield_now();
    }
    assert_eq!(open_to_others(&desk.data()), Vec::<String>::new());
    drop(writing.stdin.take());
    assert!(writing.wait().unwrap().success());
    assert_eq!(desk.run(&["backup", "monday"]).code, 0);
    assert_eq!(open_to_others(&monday), Vec::<String>::new());
    let ran = finish(desk.command_on(&again, &["restore", "monday"]));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(open_to_others(&again), Vec::<String>::new());
}

/// Runs the binary as somebody whose files others may read unless they are made otherwise.
fn with_umask(binary: &Command, umask: &str) -> Ran {
    let mut shell = Command::new("sh");
    shell.current_dir(binary.get_current_dir().unwrap());
    shell.args(["-c", "umask \"$0\" && exec \"$@\"", umask]);
    shell.arg(binary.get_program()).args(binary.get_args());
    finish(shell)
}

#[test]
fn what_is_private_is_so_whatever_the_umask_says() {
    for umask in ["022", "000"] {
        let desk = Desk::empty();
        let done = |args: &[&str]| {
            let ran = with_umask(&desk.command(args), umask);
            assert_eq!(ran.code, 0, "{args:?} {ran:?}");
            ran.out
        };
        done(&["init", "--organisation", "Example Council (fictional)"]);
        desk.file("minutes.txt", b"The scope was approved.");
        let hash = done(&["file", "add", "minutes.txt"]);
        desk.file("one.ndjson", format!("{}\n", person(1, "bea")).as_bytes());
        done(&["apply", "one.ndjson"]);
        fs::remove_dir_all(desk.guard()).unwrap();
        done(&["guard", "accept", "--because", "A new disk."]);
        // An earlier program left its part open to others.
        let guard = fs::read_dir(desk.guard()).unwrap().next().unwrap();
        let part = guard.unwrap().path().with_extension("part");
        fs::write(&part, "left").unwrap();
        fs::set_permissions(&part, Permissions::from_mode(0o644)).unwrap();
        done(&["apply", "one.ndjson"]);
        done(&["backup", "monday"]);
        let again = desk.dir.path().join("again");
        let ran = with_umask(&desk.command_on(&again, &["restore", "monday"]), umask);
        assert_eq!(ran.code, 0, "{ran:?}");
        done(&["pack", "out.zip"]);
        done(&["file", "get", hash.trim(), "out.txt"]);
        desk.file("a.csv", b"No,Name\n1,Router\n");
        done(&["import", "csv", "a.csv", "--draft-mapping", "m.toml"]);
        let mapping = "name = \"a\"\nkind = \"ai_system\"\nkey.by = [[\"No\"]]\nfield = [{to = \"title\", from = \"Name\", as = \"words\"}]\n";
        desk.file("own.toml", mapping.as_bytes());
        // In the place of one that others could read.
        let results = desk.file("r.csv", b"");
        fs::set_permissions(&results, Permissions::from_mode(0o644)).unwrap();
        done(&[
            "import",
            "csv",
            "a.csv",
            "--mapping",
            "own.toml",
            "--results",
            "r.csv",
        ]);
        for made in [
            "data", "guard", "monday", "again", "out.zip", "out.txt", "m.toml", "r.csv",
        ] {
            let open = open_to_others(&desk.dir.path().join(made));
            assert_eq!(open, Vec::<String>::new(), "{umask}");
        }
    }
}

#[test]
fn a_ledger_is_not_made_among_other_things() {
    let desk = Desk::empty();
    open_folder(&desk.data());
    fs::write(desk.data().join("mine"), "mine").unwrap();
    let init = ["init", "--organisation", "Example Council (fictional)"];
    let ran = desk.run(&init);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    let said = "is not empty, and nothing is written over: name a new or empty directory";
    assert!(ran.err.contains(said), "{ran:?}");
    let names = fs::read_dir(desk.data())
        .unwrap()
        .map(|one| one.unwrap().file_name());
    assert_eq!(names.collect::<Vec<_>>(), ["mine"]);
    let mode = fs::metadata(desk.data()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o755);
    fs::remove_dir_all(desk.data()).unwrap();
    fs::write(desk.data(), "a file").unwrap();
    let ran = desk.run(&init);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("is no directory"), "{ran:?}");
}

#[test]
fn a_restore_says_that_one_of_two_copies_will_be_unwritable() {
    let desk = Desk::simulated();
    assert_eq!(desk.run(&["backup", "monday"]).code, 0);
    let second = desk.dir.path().join("second");
    let ran = finish(desk.command_on(&second, &["restore", "monday"]));
    assert_eq!(ran.code, 0, "{ran:?}");
    for said in [
        "WARNING: this is the same ledger again",
        "leaves the other unwritable for ever",
        "To rehearse, only read it",
        "hand out nothing of it",
    ] {
        assert!(ran.out.contains(said), "{said}: {ran:?}");
    }
    let third = desk.dir.path().join("third");
    let ran = finish(desk.command_on(&third, &["--json", "restore", "monday"]));
    assert!(
        ran.json()["warning"]
            .as_str()
            .unwrap()
            .starts_with("WARNING")
    );
    // As it says: the second is written to, and the first is held to its guard.
    let file = desk.file("one.ndjson", format!("{}\n", person(1, "bea")).as_bytes());
    let apply = ["apply", file.to_str().unwrap()];
    assert_eq!(finish(desk.command_on(&second, &apply)).code, 0);
    assert_eq!(desk.run(&apply).code, 2);
}

#[test]
fn a_state_directory_that_is_relative_keeps_no_guard() {
    let desk = Desk::empty();
    let home = desk.dir.path().join("home");
    let run = |state: &str, args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_minutebook"));
        command.current_dir(desk.dir.path()).args(args);
        command
            .env_remove("MINUTEBOOK_DATA")
            .env_remove("MINUTEBOOK_GUARD");
        command.env("HOME", &home).env("XDG_STATE_HOME", state);
        finish(command)
    };
    let init = [
        "--data",
        "data",
        "init",
        "--organisation",
        "Example (fictional)",
    ];
    assert_eq!(run("state", &init).code, 0);
    assert!(!desk.dir.path().join("state").exists());
    let kept = fs::read_dir(home.join(".local/state/minutebook")).unwrap();
    assert_eq!(kept.count(), 1);
    let absolute = desk.dir.path().join("absolute");
    let init = [
        "--data",
        "other",
        "init",
        "--organisation",
        "Example (fictional)",
    ];
    assert_eq!(run(absolute.to_str().unwrap(), &init).code, 0);
    assert_eq!(
        fs::read_dir(absolute.join("minutebook")).unwrap().count(),
        1
    );
}
