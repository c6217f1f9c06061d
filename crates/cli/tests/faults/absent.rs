//! Where there is no whole ledger, each command says so in the same words, and nothing is made.

use std::fs;
use std::os::unix::fs::symlink;

use crate::desk::{Desk, finish};

#[test]
fn a_directory_that_cannot_be_looked_into_is_not_called_empty() {
    let desk = Desk::empty();
    symlink(desk.data(), desk.data()).unwrap();
    let ran = desk.run(&["status"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    assert!(ran.err.contains("cannot be looked into"), "{ran:?}");
    assert!(!ran.err.contains("holds no minutebook.db"), "{ran:?}");
}

#[test]
fn a_backup_that_holds_no_entry_is_not_restored_and_leaves_nothing() {
    let desk = Desk::simulated();
    assert_eq!(desk.run(&["backup", "monday"]).code, 0);
    let monday = desk.dir.path().join("monday");
    let database = rusqlite::Connection::open(monday.join("minutebook.db")).unwrap();
    database
        .execute_batch("PRAGMA foreign_keys = off; DELETE FROM entry; DELETE FROM head")
        .unwrap();
    drop(database);
    let new = desk.dir.path().join("new");
    let ran = finish(desk.command_on(&new, &["restore", "monday"]));
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    assert!(
        ran.err
            .contains("monday is not whole (it holds no entries)"),
        "{ran:?}"
    );
    assert!(!new.exists());
    // As `init` says it there.
    let again = ["init", "--organisation", "Example Council (fictional)"];
    let ran = finish(desk.command_on(&monday, &again));
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(
        ran.err.contains("is not whole (it holds no entries)"),
        "{ran:?}"
    );
}

#[test]
fn what_is_said_of_an_init_that_was_killed_works_when_it_is_done() {
    let init = ["init", "--organisation", "Example Council (fictional)"];
    for left in [
        &["lock", "minutebook.db"][..],
        &["lock", "minutebook.db", "minutebook.db-journal"],
        &[
            "lock",
            "minutebook.db",
            "minutebook.db-shm",
            "minutebook.db-wal",
        ],
    ] {
        let desk = Desk::empty();
        fs::create_dir(desk.data()).unwrap();
        for name in left {
            fs::write(desk.data().join(name), "").unwrap();
        }
        let data = desk.data();
        let delete = format!(
            "delete the directory {} and create it again",
            data.display()
        );
        for args in [&["status"][..], &["apply", "-"], &init] {
            let ran = desk.run(args);
            assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
            assert!(ran.err.contains("it holds no tables"), "{ran:?}");
            assert!(ran.err.contains(&delete), "{ran:?}");
        }
        fs::remove_dir_all(data).unwrap();
        desk.init(&[]);
        desk.holds();
    }
}
