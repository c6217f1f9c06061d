//! Copies and what is handed out lie elsewhere than the ledger, whatever links lead there.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::desk::{Desk, finish};

/// Returns the names in a directory, those that SQLite comes and goes with apart.
fn names_in(dir: &Path) -> Vec<String> {
    let here = fs::read_dir(dir).unwrap();
    let here = here.map(|one| one.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = here
        .filter(|name| !name.starts_with("minutebook.db-"))
        .collect();
    names.sort();
    names
}

/// Returns the names in the directories of a ledger.
fn names(desk: &Desk) -> [Vec<String>; 3] {
    [desk.data(), desk.data().join("files"), desk.guard()].map(|dir| names_in(&dir))
}

#[track_caller]
fn refused(desk: &Desk, args: &[&str], said: &str) {
    let before = names(desk);
    let ran = desk.run(args);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?} {ran:?}");
    for said in [said, "Name a place outside it."] {
        assert!(ran.err.contains(said), "{args:?} {ran:?}");
    }
    assert_eq!(names(desk), before, "{args:?}");
}

#[test]
fn nothing_is_copied_or_handed_out_into_the_directories_of_the_ledger() {
    let desk = Desk::simulated();
    let minutes = desk.file("minutes.txt", b"The scope was approved.");
    let hash = desk.run(&["file", "add", minutes.to_str().unwrap()]).out;
    let hash = hash.trim();
    desk.file("a.csv", b"No,Name\n1,Router\n");
    symlink(desk.data(), desk.dir.path().join("link")).unwrap();
    symlink(desk.data().join("files"), desk.dir.path().join("kept")).unwrap();
    symlink(desk.guard(), desk.dir.path().join("beside")).unwrap();
    let data = "in the data directory ";
    for place in ["data", "data/monday", "data/../data/a/b", "link/monday"] {
        refused(&desk, &["backup", place], data);
        refused(&desk, &["log", "export", place], data);
    }
    let guard = "in the directory of the signing guard, ";
    for place in ["guard", "guard/monday", "beside/monday"] {
        refused(&desk, &["backup", place], guard);
    }
    for out in [
        "data/out",
        "data/files/out",
        "link/files/../out",
        "kept/out",
    ] {
        refused(&desk, &["pack", out], data);
        refused(&desk, &["file", "get", hash, out], data);
        let import = ["import", "us-federal-2025", "a.csv", "--results", out];
        refused(&desk, &import, data);
    }
    // The lock that one writer holds is an empty file, and no file of results.
    let import = [
        "import",
        "us-federal-2025",
        "a.csv",
        "--results",
        "data/lock",
    ];
    refused(&desk, &import, data);
    // Beside them, under names that begin alike.
    for args in [
        &["backup", "data-monday"][..],
        &["pack", "data.zip"],
        &["file", "get", hash, "guard.txt"],
        &["log", "export", "link/../log"],
    ] {
        assert_eq!(desk.run(args).code, 0, "{args:?}");
    }
    desk.holds();
}

#[test]
fn a_ledger_is_not_restored_into_the_backup_it_is_made_from_nor_beside_its_guard() {
    let desk = Desk::simulated();
    assert_eq!(desk.run(&["backup", "monday"]).code, 0);
    let monday = desk.dir.path().join("monday");
    symlink(&monday, desk.dir.path().join("link")).unwrap();
    let before = names_in(&monday);
    let places = [
        (monday.join("again"), "lies in the backup "),
        (monday.join("files/a/b"), "lies in the backup "),
        (desk.dir.path().join("link/again"), "lies in the backup "),
        (desk.guard().join("again"), "of the signing guard"),
    ];
    for (place, said) in places {
        for from in ["monday", "link"] {
            let ran = finish(desk.command_on(&place, &["restore", from]));
            assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{place:?} {ran:?}");
            assert!(ran.err.contains(said), "{place:?} {ran:?}");
            assert!(!place.exists());
        }
    }
    assert_eq!(names_in(&monday), before);
    let again = desk.dir.path().join("again");
    assert_eq!(
        finish(desk.command_on(&again, &["restore", "link"])).code,
        0
    );
}

#[test]
fn what_keeps_the_ledger_is_no_evidence_and_its_secret_key_is_none_wherever_it_lies() {
    let desk = Desk::simulated();
    let minutes = desk.file("minutes.txt", b"The scope was approved.");
    let added = desk.run(&["file", "add", minutes.to_str().unwrap()]);
    assert_eq!(added.code, 0, "{added:?}");
    let guard = names_in(&desk.guard()).remove(0);
    let guard = format!("guard/{guard}");
    symlink(desk.data().join("key"), desk.dir.path().join("link")).unwrap();
    let key = fs::read_to_string(desk.data().join("key")).unwrap();
    let (_, secret) = key.trim_end().split_once('\n').unwrap();
    desk.file("copied", key.as_bytes());
    desk.file("note.csv", format!("No,Name\n1,{secret}\n").as_bytes());
    let in_data = "lies in the data directory ";
    let signs = "holds the secret key that this ledger signs with";
    let before = names(&desk);
    let head = desk.head();
    for (path, said) in [
        ("data/key", in_data),
        ("data/minutebook.db", in_data),
        ("link", in_data),
        (&guard, "is a signing guard: it keeps the ledger"),
        ("copied", signs),
        ("note.csv", signs),
    ] {
        for args in [
            &["file", "add", path][..],
            &["import", "us-federal-2025", path],
            &["import", "us-federal-2025", path, "--dry-run"],
        ] {
            let ran = desk.run(args);
            assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?} {ran:?}");
            for said in [said, "`minutebook key` prints"] {
                assert!(ran.err.contains(said), "{args:?} {ran:?}");
            }
            assert!(!ran.err.contains(secret), "{args:?} {ran:?}");
        }
    }
    assert_eq!((names(&desk), desk.head()), (before, head));
    // What whoever verifies is handed is evidence like any other, also beside the guard.
    let public = desk.run(&["key"]).out;
    desk.file("public.txt", public.as_bytes());
    desk.file("guard/minutes.txt", b"Kept where the guard is.");
    for path in ["public.txt", "guard/minutes.txt", "minutes.txt"] {
        assert_eq!(desk.run(&["file", "add", path]).code, 0, "{path}");
    }
}

#[test]
fn where_the_key_is_there_and_cannot_be_read_nothing_is_kept_that_may_hold_it() {
    let desk = Desk::simulated();
    let key = desk.data().join("key");
    let written = fs::read(&key).unwrap();
    desk.file("copied", &written);
    fs::write(&key, [&written[..], b"\xff"].concat()).unwrap();
    for args in [
        &["file", "add", "copied"][..],
        &["import", "us-federal-2025", "copied", "--dry-run"],
    ] {
        let ran = desk.run(args);
        assert_ne!(ran.code, 0, "{args:?} {ran:?}");
        assert!(ran.err.contains("the log key"), "{args:?} {ran:?}");
    }
    assert!(!desk.data().join("files").exists());
    // Where there is none, none is given away.
    fs::remove_file(&key).unwrap();
    assert_eq!(desk.run(&["file", "add", "copied"]).code, 0);
}

#[test]
fn a_file_that_is_kept_already_is_said_to_be_that() {
    let desk = Desk::simulated();
    desk.file("minutes.txt", b"The scope was approved.");
    let kept = desk.run(&["file", "add", "minutes.txt"]).out;
    let path = format!("data/files/{}/{}", &kept[..2], kept.trim());
    for args in [
        &["file", "add", &path][..],
        &["import", "us-federal-2025", &path],
    ] {
        let ran = desk.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?} {ran:?}");
        for said in [
            "among the files that are kept already",
            "cite it by its hash",
        ] {
            assert!(ran.err.contains(said), "{args:?} {ran:?}");
        }
        assert!(!ran.err.contains("no evidence"), "{args:?} {ran:?}");
    }
}

#[test]
fn the_database_of_a_ledger_is_no_evidence_wherever_it_lies_and_whatever_it_is_called() {
    let [desk, other] = [Desk::simulated(), Desk::simulated()];
    assert_eq!(desk.run(&["backup", "monday"]).code, 0);
    let monday = desk.dir.path().join("monday");
    fs::copy(monday.join("minutebook.db"), desk.dir.path().join("a.pdf")).unwrap();
    let backup = other.dir.path().join("tuesday");
    assert_eq!(other.run(&["backup", backup.to_str().unwrap()]).code, 0);
    let of_other = backup.join("minutebook.db");
    for path in ["monday/minutebook.db", "a.pdf", of_other.to_str().unwrap()] {
        let ran = desk.run(&["file", "add", path]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{path} {ran:?}");
        for said in [
            "is the database of a ledger",
            "hand out",
            "`minutebook pack",
        ] {
            assert!(ran.err.contains(said), "{path} {ran:?}");
        }
    }
    // Without the key, which the copy needs not have, as with it.
    fs::remove_file(desk.data().join("key")).unwrap();
    assert_eq!(desk.run(&["file", "add", "a.pdf"]).code, 2);
    assert!(!desk.data().join("files").exists());
    // The database of another program is a file like any other, and so is one that only begins like ours.
    let theirs = desk.dir.path().join("theirs.db");
    let theirs = rusqlite::Connection::open(theirs).unwrap();
    theirs
        .execute_batch("CREATE TABLE risk (title TEXT)")
        .unwrap();
    desk.file("short", b"SQLite format 3\0");
    for path in ["theirs.db", "short"] {
        let ran = desk.run(&["file", "add", path]);
        assert_eq!(ran.code, 0, "{path} {ran:?}");
    }
}
