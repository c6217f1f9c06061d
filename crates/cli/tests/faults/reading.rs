//! Whoever only reads is told what stands against relying on the copy, and it is read all the same.

use std::fs;

use crate::desk::{Desk, Ran, copy_folder, finish, person};

/// Runs each command that reads on a copy, and returns what it told.
fn told(desk: &Desk, copy: &str) -> Vec<(String, Ran)> {
    let copy = desk.dir.path().join(copy);
    let commands: [&[&str]; 5] = [
        &["status"],
        &["pack", "--list"],
        &["record", "list", "person"],
        &["log", "export", "tiles"],
        &["pack", "old.zip"],
    ];
    let told = commands.map(|command| {
        let ran = finish(desk.command_on(&copy, command));
        (command.join(" "), ran)
    });
    let _ = fs::remove_dir_all(desk.dir.path().join("tiles"));
    let _ = fs::remove_file(desk.dir.path().join("old.zip"));
    told.into()
}

#[test]
fn whoever_reads_an_older_copy_or_one_without_a_guard_is_warned() {
    let desk = Desk::simulated();
    copy_folder(&desk.data(), &desk.dir.path().join("older"));
    desk.done(&[person(1, "bea")]);
    for (command, ran) in told(&desk, "data") {
        let told = format!("{}{}", ran.out, ran.err);
        assert!(!told.contains("WARNING"), "{command}: {ran:?}");
    }
    let warned = |copy: &str, said: &str| {
        for (command, ran) in told(&desk, copy) {
            let told = format!("{}{}", ran.out, ran.err);
            assert!(told.contains(said), "{command}: {ran:?}");
            assert_eq!(ran.code, i32::from(command == "status"), "{ran:?}");
        }
        let copy = desk.dir.path().join(copy);
        for command in [&["status", "--json"][..], &["pack", "--list", "--json"]] {
            let ran = finish(desk.command_on(&copy, command));
            let warning = ran.json()["warning"].clone();
            assert!(
                warning.as_str().is_some_and(|one| one.contains(said)),
                "{ran:?}"
            );
        }
    };
    let older = "WARNING: this ledger has 3 entries and its guard remembers 4: it is an older copy";
    warned("older", older);
    fs::remove_dir_all(desk.guard()).unwrap();
    warned(
        "data",
        "WARNING: the signing guard of this ledger is missing",
    );
}
