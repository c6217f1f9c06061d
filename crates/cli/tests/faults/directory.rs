//! The data directory and its guard: who may open them, in which states, and how they are copied.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, ChildStdout};

use rusqlite::Connection;

use crate::desk::{Desk, Ran, copy_folder, finish, person};

/// A process that writes until it is dropped.
struct Writing {
    child: Child,
    out: BufReader<ChildStdout>,
}

impl Writing {
    /// Returns an `apply` that has recorded a first Command and waits for more.
    fn begin(desk: &Desk) -> Self {
        let mut child = desk.start(&["apply", "-"]);
        let out = BufReader::new(child.stdout.take().unwrap());
        let writing = Self { child, out };
        writing.wait_until_held(desk);
        writing
    }

    fn wait_until_held(&self, desk: &Desk) {
        let lock = desk.data().join("lock");
        while fs::read_to_string(&lock).unwrap_or_default().trim() != "apply" {
            std::thread::yield_now();
        }
    }

    /// Closes the input and returns the result lines.
    fn end(mut self, commands: &[serde_json::Value]) -> Vec<String> {
        let mut stdin = self.child.stdin.take().unwrap();
        for command in commands {
            writeln!(stdin, "{command}").unwrap();
        }
        drop(stdin);
        let lines = self.out.lines().map(Result::unwrap).collect();
        assert!(self.child.wait().unwrap().success());
        lines
    }
}

/// Says why appending is refused; nothing was recorded.
fn append_refused(desk: &Desk, data: &Path) -> Ran {
    let before = fs::read(data.join("minutebook.db")).unwrap();
    let file = desk.file("one.ndjson", format!("{}\n", person(9, "zoe")).as_bytes());
    let ran = finish(desk.command_on(data, &["apply", file.to_str().unwrap()]));
    assert_eq!(ran.code, 2, "{ran:?}");
    assert_eq!(ran.out, "");
    assert_eq!(fs::read(data.join("minutebook.db")).unwrap(), before);
    ran
}

fn reads(desk: &Desk, data: &Path, entries: u64) {
    let ran = finish(desk.command_on(data, &["status", "--json"]));
    assert_eq!(ran.json()["entries"], entries, "{ran:?}");
    let ran = finish(desk.command_on(data, &["record", "list", "person"]));
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn a_second_writer_is_told_who_writes_and_reading_goes_on() {
    let desk = Desk::simulated();
    let writing = Writing::begin(&desk);
    let body = desk.file("body.json", br#"{"name": "Zoe"}"#);
    let body = body.to_str().unwrap();
    let guard: &[&str] = &["guard", "accept", "--because", "a second one"];
    let apply: &[&str] = &["apply", "-"];
    let put: &[&str] = &["record", "put", "person", body];
    for second in [apply, put, guard] {
        let ran = desk.run(second);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
        let said = "being written to by `apply`: stop that first\n";
        assert!(ran.err.contains(said), "{ran:?}");
    }
    reads(&desk, &desk.data(), 3);
    desk.holds();
    assert_eq!(desk.run(&["backup", "copy"]).code, 0);
    assert_eq!(writing.end(&[person(1, "bea")]).len(), 1);
    reads(&desk, &desk.data(), 4);
    desk.done(&[person(2, "cai")]);
}

/// Waits until a process has a file open, or has ended.
fn wait_until_asked_for(process: &mut Child, file: &Path) {
    let open = format!("/proc/{}/fd", process.id());
    let is_it = |entry: std::io::Result<fs::DirEntry>| {
        let at = entry.and_then(|entry| fs::read_link(entry.path()));
        at.is_ok_and(|at| at == file)
    };
    while process.try_wait().unwrap().is_none() {
        if fs::read_dir(&open).is_ok_and(|mut entries| entries.any(is_it)) {
            return;
        }
        std::thread::yield_now();
    }
}

#[test]
fn a_second_writer_waits_for_one_that_is_about_to_end() {
    let desk = Desk::simulated();
    let writing = Writing::begin(&desk);
    let file = desk.file("two.ndjson", format!("{}\n", person(2, "cai")).as_bytes());
    let mut second = desk.start(&["apply", file.to_str().unwrap()]);
    wait_until_asked_for(&mut second, &desk.data().join("lock"));
    assert_eq!(writing.end(&[person(1, "bea")]).len(), 1);
    let second = second.wait_with_output().unwrap();
    assert!(second.status.success(), "{second:?}");
    reads(&desk, &desk.data(), 5);
    desk.holds();
}

#[test]
fn verify_beside_a_busy_writer_finds_nothing_wrong() {
    let desk = Desk::simulated();
    let mut writing = Writing::begin(&desk);
    let mut stdin = writing.child.stdin.take().unwrap();
    let feeding = std::thread::spawn(move || {
        for number in 0..6_000 {
            let name = format!("person-{number}");
            // A batch is decided when its last line has come: 256 of them.
            if writeln!(stdin, "{}", person(number + 10, &name)).is_err() {
                return;
            }
        }
    });
    let mut sizes = Vec::new();
    while writing.child.try_wait().unwrap().is_none() {
        let ran = desk.verify();
        assert_eq!(ran.code, 0, "{ran:?}");
        sizes.push(ran.json()["entries"].as_u64().unwrap());
        // Results are read meanwhile, or the pipe fills and the writer waits.
        if feeding.is_finished() {
            break;
        }
        let mut line = String::new();
        for _ in 0..512 {
            line.clear();
            writing.out.read_line(&mut line).unwrap();
        }
    }
    assert!(sizes.is_sorted() && sizes.len() > 1, "{sizes:?}");
    writing.out.lines().for_each(drop);
    feeding.join().unwrap();
    assert!(writing.child.wait().unwrap().success());
    desk.holds();
}

#[test]
fn a_running_server_is_named_to_who_else_would_write() {
    let desk = Desk::simulated();
    let mut server = desk.start(&["serve", "--listen", "127.0.0.1:0"]);
    let mut link = String::new();
    let mut out = BufReader::new(server.stdout.take().unwrap());
    out.read_line(&mut link).unwrap();
    let ran = desk.apply(&[person(1, "bea")]);
    let guard = desk.run(&["guard"]);
    server.kill().unwrap();
    server.wait().unwrap();
    assert_eq!(guard.code, 0, "{guard:?}");
    assert!(guard.out.starts_with("guard   "), "{guard:?}");
    let address = link
        .trim_start_matches("http://")
        .split('/')
        .next()
        .unwrap();
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(
        ran.err.contains(&format!("`serve {address}`")),
        "{ran:?} {link}"
    );
    desk.done(&[person(1, "bea")]);
    desk.holds();
}

#[test]
fn a_port_in_use_is_refused_and_another_can_be_named() {
    let desk = Desk::simulated();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for command in ["serve", "demo"] {
        let ran = desk.run(&[command, "--listen", &address]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
        assert!(ran.err.contains("--listen"), "{ran:?}");
    }
}

/// Commands that each need a ledger.
const COMMANDS: [&[&str]; 9] = [
    &["status"],
    &["verify"],
    &["key"],
    &["checkpoint"],
    &["guard"],
    &["record", "list", "person"],
    &["apply", "-"],
    &["backup", "copy"],
    &["serve", "--listen", "127.0.0.1:0"],
];

/// Runs each command; all of them cannot run, and say so.
fn none_runs(desk: &Desk, because: &str) {
    for command in COMMANDS {
        let ran = desk.run(command);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{command:?} {ran:?}");
        assert!(ran.err.contains(because), "{command:?} {ran:?}");
    }
    assert!(!desk.dir.path().join("copy").exists());
}

#[test]
fn a_missing_directory_is_said_to_be_missing_and_not_made() {
    let desk = Desk::empty();
    none_runs(&desk, "holds no minutebook.db");
    assert!(!desk.data().exists() && !desk.guard().exists());
    fs::create_dir(desk.data()).unwrap();
    none_runs(&desk, "holds no minutebook.db");
    assert_eq!(fs::read_dir(desk.data()).unwrap().count(), 0);
}

#[test]
fn a_ledger_is_never_made_over_another() {
    let desk = Desk::simulated();
    let before = desk.head();
    let ran = desk.run(&["init", "--organisation", "Another (fictional)"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("already holds"), "{ran:?}");
    assert_eq!(desk.head(), before);
    desk.holds();
}

#[test]
fn a_directory_of_a_newer_version_is_left_alone() {
    let desk = Desk::simulated();
    let path = desk.data().join("minutebook.db");
    let layout = |number: u32| {
        let database = Connection::open(&path).unwrap();
        let before: u32 = database
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .unwrap();
        database
            .pragma_update(None, "user_version", number)
            .unwrap();
        before
    };
    let ours = layout(99);
    none_runs(&desk, "use a newer one");
    layout(ours);
    desk.holds();
}

#[test]
fn a_database_cut_short_is_refused_with_what_to_do() {
    for keep_bytes in [0, 50, 4096, 60_000] {
        let desk = Desk::simulated();
        let path = desk.data().join("minutebook.db");
        let file = OpenOptions::new().write(true).open(path).unwrap();
        file.set_len(keep_bytes).unwrap();
        none_runs(&desk, "restore the latest backup");
    }
}

#[test]
fn a_directory_without_its_key_is_not_written_to() {
    let desk = Desk::simulated();
    let key = desk.data().join("key");
    let text = fs::read(&key).unwrap();
    for other in [None, Some("no key\n")] {
        match other {
            None => fs::remove_file(&key).unwrap(),
            Some(other) => fs::write(&key, other).unwrap(),
        }
        let ran = append_refused(&desk, &desk.data());
        assert!(ran.err.contains("log key"), "{ran:?}");
        assert_eq!(desk.verify().code, 2);
        reads(&desk, &desk.data(), 3);
    }
    fs::write(&key, text).unwrap();
    desk.holds();
}

#[test]
fn a_read_only_directory_can_be_read_and_not_written() {
    let desk = Desk::simulated();
    let data = desk.data();
    let modes = |folder, file| {
        for entry in fs::read_dir(&data).unwrap() {
            fs::set_permissions(entry.unwrap().path(), Permissions::from_mode(file)).unwrap();
        }
        fs::set_permissions(&data, Permissions::from_mode(folder)).unwrap();
    };
    modes(0o555, 0o444);
    // An administrator may write whatever the permissions say; the reading holds for them too.
    let enforced = fs::write(data.join("probe"), "").is_err();
    reads(&desk, &data, 3);
    desk.holds();
    if enforced {
        let ran = append_refused(&desk, &data);
        assert!(ran.err.contains("cannot be written to"), "{ran:?}");
    }
    modes(0o755, 0o644);
    desk.done(&[person(1, "bea")]);
}

#[test]
fn without_its_guard_a_ledger_is_read_and_not_written_until_that_is_accepted() {
    let desk = Desk::simulated();
    fs::remove_dir_all(desk.guard()).unwrap();
    reads(&desk, &desk.data(), 3);
    let ran = append_refused(&desk, &desk.data());
    assert!(
        ran.err.contains("guard of this ledger is missing"),
        "{ran:?}"
    );
    assert!(ran.err.contains("guard accept --because"), "{ran:?}");
    assert_eq!(desk.run(&["guard"]).code, 1);
    assert!(!desk.guard().exists());
    assert_eq!(
        desk.run(&["guard", "accept", "--because", "a new disk"])
            .code,
        0
    );
    assert_eq!(desk.head().0, 4);
    desk.done(&[person(1, "bea")]);
    desk.holds();
}

#[test]
fn an_older_copy_is_not_signed_over_and_cannot_be_accepted() {
    let desk = Desk::simulated();
    desk.done(&[person(1, "bea")]);
    let yesterday = desk.dir.path().join("yesterday");
    copy_folder(&desk.data(), &yesterday);
    desk.done(&[person(2, "cai"), person(3, "dot")]);
    let ran = append_refused(&desk, &yesterday);
    assert!(
        ran.err.contains("has 4 entries and its guard remembers 6"),
        "{ran:?}"
    );
    reads(&desk, &yesterday, 4);
    for command in [vec!["verify"], vec!["guard"]] {
        let ran = finish(desk.command_on(&yesterday, &command));
        assert_eq!(ran.code, 1, "{ran:?}");
    }
    let accept = ["guard", "accept", "--because", "please"];
    let ran = finish(desk.command_on(&yesterday, &accept));
    assert_eq!(ran.code, 2, "{ran:?}");
    desk.done(&[person(4, "eve")]);
    desk.holds();
}

#[test]
fn two_copies_that_went_apart_are_noticed() {
    let desk = Desk::simulated();
    let twin = desk.dir.path().join("twin");
    copy_folder(&desk.data(), &twin);
    let kept = desk.dir.path().join("kept");
    copy_folder(&desk.guard(), &kept);
    desk.done(&[person(1, "bea")]);
    // The other copy goes on under a guard put back by hand, as far and further.
    let here = desk.dir.path().join("here");
    fs::rename(desk.guard(), &here).unwrap();
    fs::rename(&kept, desk.guard()).unwrap();
    let other = desk.file("other.ndjson", format!("{}\n", person(2, "cai")).as_bytes());
    for entries in [4, 5] {
        let ran = finish(desk.command_on(&twin, &["apply", other.to_str().unwrap()]));
        assert_eq!(ran.code, 0, "{ran:?}");
        fs::rename(desk.guard(), &kept).unwrap();
        fs::rename(&here, desk.guard()).unwrap();
        reads(&desk, &twin, entries);
        append_refused(&desk, &twin);
        let ran = finish(desk.command_on(&twin, &["verify", "--json"]));
        assert_eq!(ran.code, 1, "{ran:?}");
        let accept = ["guard", "accept", "--because", "please"];
        let ran = finish(desk.command_on(&twin, &accept));
        assert_eq!(ran.code, 2, "{ran:?}");
        fs::rename(desk.guard(), &here).unwrap();
        fs::rename(&kept, desk.guard()).unwrap();
    }
}

#[test]
fn a_guard_left_behind_is_moved_forward_by_an_entry() {
    let desk = Desk::simulated();
    let kept = desk.dir.path().join("kept");
    copy_folder(&desk.guard(), &kept);
    desk.done(&[person(1, "bea"), person(2, "cai")]);
    fs::remove_dir_all(desk.guard()).unwrap();
    fs::rename(&kept, desk.guard()).unwrap();
    let ran = append_refused(&desk, &desk.data());
    assert!(ran.err.contains("the guard is behind"), "{ran:?}");
    assert_eq!(desk.verify().code, 1);
    reads(&desk, &desk.data(), 5);
    assert_eq!(
        desk.run(&["guard", "accept", "--because", "restored"]).code,
        0
    );
    desk.done(&[person(3, "dot")]);
    assert_eq!(desk.head().0, 7);
    desk.holds();
}

#[test]
fn a_backup_is_a_ledger_of_its_own_that_is_restored_once() {
    let desk = Desk::simulated();
    desk.done(&[person(1, "bea")]);
    let minutes = desk.file("minutes.txt", b"The scope was approved.");
    let hash = desk.run(&["file", "add", minutes.to_str().unwrap()]).out;
    assert_eq!(desk.run(&["backup", "monday"]).code, 0);
    let again = desk.run(&["backup", "monday"]);
    assert_eq!(again.code, 2, "{again:?}");
    let head = desk.head();
    fs::remove_dir_all(desk.data()).unwrap();
    let ran = desk.run(&["restore", "monday"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(desk.head(), head);
    assert_eq!(desk.run(&["file", "get", hash.trim(), "out.txt"]).code, 0);
    let got = fs::read(desk.dir.path().join("out.txt")).unwrap();
    assert_eq!(got, fs::read(minutes).unwrap());
    let over = desk.run(&["restore", "monday"]);
    assert_eq!(over.code, 2, "{over:?}");
    desk.done(&[person(2, "cai")]);
    desk.holds();
}

fn only_one_in(folder: &Path) -> std::path::PathBuf {
    let mut entries = fs::read_dir(folder).unwrap();
    let path = entries.next().unwrap().unwrap().path();
    assert!(entries.next().is_none(), "{}", folder.display());
    path
}

fn alter(desk: &Desk, sql: &str) {
    let database = Connection::open(desk.data().join("minutebook.db")).unwrap();
    database.execute_batch(sql).unwrap();
}

/// What is done to a ledger with a file, and what is said of it.
type Harm = (fn(&Desk), &'static str);

const HARMS: [Harm; 5] = [
    (
        |desk| {
            let more = "UPDATE entry SET bytes = CAST(bytes || x'0a' AS BLOB) WHERE seq = 1";
            alter(desk, more);
        },
        "entry 1",
    ),
    (
        |desk| {
            let facts = "UPDATE grp SET bytes = x'00' WHERE seq = 0 AND name = 'facts'";
            alter(desk, facts);
        },
        "a group is not as it was recorded: facts",
    ),
    (
        |desk| alter(desk, "DELETE FROM checkpoint"),
        "entries are not under a signed checkpoint",
    ),
    (
        |desk| alter(desk, "UPDATE record SET title = 'x'"),
        "record",
    ),
    (
        |desk| {
            let folder = only_one_in(&desk.data().join("files"));
            fs::write(only_one_in(&folder), "The scope was altered.").unwrap();
        },
        "a file is not as it was received",
    ),
];

#[test]
fn a_backup_of_what_is_damaged_is_made_and_says_what_is_wrong() {
    for (harm, told) in HARMS {
        let desk = Desk::simulated();
        desk.file("minutes.txt", b"The scope was approved.");
        assert_eq!(desk.run(&["file", "add", "minutes.txt"]).code, 0);
        harm(&desk);
        let ran = desk.run(&["backup", "monday"]);
        assert_eq!(ran.code, 1, "{told}: {ran:?}");
        assert!(ran.err.contains(told), "{told}: {ran:?}");
        assert!(ran.err.contains("monday was made all the same"), "{ran:?}");
        // The copy is whole as a copy, and as wrong as the ledger.
        let monday = desk.dir.path().join("monday");
        let verified = finish(desk.command_on(&monday, &["verify"]));
        assert_eq!(verified.code, 1, "{told}: {verified:?}");
        assert_eq!(verified.out, desk.run(&["verify"]).out, "{told}");
        let ran = desk.run(&["backup", "tuesday", "--json"]);
        assert_eq!(ran.json()["verified"], false, "{ran:?}");
        assert_ne!(ran.json()["failures"], serde_json::json!([]), "{ran:?}");
    }
}

#[test]
fn a_backup_of_what_is_sound_says_that_it_was_verified() {
    let desk = Desk::simulated();
    let ran = desk.run(&["backup", "monday", "--json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let said = ran.json();
    assert_eq!(
        (&said["verified"], &said["entries"]),
        (&true.into(), &3.into())
    );
    assert_eq!(said["failures"], serde_json::json!([]));
}

#[test]
fn what_is_no_backup_or_lacks_its_key_is_not_restored() {
    let desk = Desk::simulated();
    assert_eq!(desk.run(&["backup", "monday"]).code, 0);
    fs::remove_file(desk.dir.path().join("monday/key")).unwrap();
    fs::remove_dir_all(desk.data()).unwrap();
    for from in ["monday", "tuesday"] {
        let ran = desk.run(&["restore", from]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
        assert!(!desk.data().exists(), "{from}");
    }
}

#[test]
fn an_unfinished_copy_of_another_ledger_is_not_gone_on_with() {
    let desk = Desk::simulated();
    assert_eq!(desk.run(&["backup", "monday"]).code, 0);
    let monday = desk.dir.path().join("monday");
    let unfinished = || {
        let (name, partial) = ("minutebook.db", "minutebook.db.partial");
        fs::rename(monday.join(name), monday.join(partial)).unwrap();
    };
    unfinished();
    let ran = desk.run(&["restore", "monday"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("run the `backup` or `restore`"), "{ran:?}");
    let init = ["init", "--organisation", "Another (fictional)"];
    let ran = finish(desk.command_on(&monday, &init));
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("never finished"), "{ran:?}");
    let key = fs::read(monday.join("key")).unwrap();
    let other = Desk::simulated();
    let args = ["backup", monday.to_str().unwrap()];
    let ran = other.run(&args);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(
        ran.err.contains("unfinished copy of another ledger"),
        "{ran:?}"
    );
    assert_eq!(fs::read(monday.join("key")).unwrap(), key);
    assert_eq!(desk.run(&args).code, 0);
    assert_eq!(finish(desk.command_on(&monday, &["verify"])).code, 0);
}

#[test]
fn a_restored_backup_behind_its_guard_is_read_and_not_written() {
    let desk = Desk::simulated();
    assert_eq!(desk.run(&["backup", "monday"]).code, 0);
    desk.done(&[person(1, "bea")]);
    fs::remove_dir_all(desk.data()).unwrap();
    let ran = desk.run(&["restore", "monday"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains("older copy"), "{ran:?}");
    // Nothing in it is unsigned, though the guard has seen more signed.
    let ran = desk.run(&["backup", "tuesday", "--json"]);
    let checked = ran.json();
    let failures = checked["failures"].as_array().unwrap().iter();
    let failures: Vec<&str> = failures.map(|one| one["what"].as_str().unwrap()).collect();
    assert_eq!(failures, ["the signing guard"], "{checked}");
    let refused = append_refused(&desk, &desk.data());
    let next = "it can be read and not written: go on with the newer copy";
    assert!(refused.err.contains(next), "{refused:?}");
    let accept = desk.run(&["guard", "accept", "--because", "please"]);
    assert!(accept.err.contains(next), "{accept:?}");
    reads(&desk, &desk.data(), 3);
}

#[test]
fn a_restore_says_in_its_json_what_keeps_it_from_being_verified() {
    let desk = Desk::simulated();
    assert_eq!(desk.run(&["backup", "monday"]).code, 0);
    fs::remove_dir_all(desk.data()).unwrap();
    fs::remove_dir_all(desk.guard()).unwrap();
    let ran = desk.run(&["restore", "monday", "--json"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let restored = ran.json();
    assert_eq!(restored["verified"], false);
    let failures = restored["failures"].as_array().unwrap();
    assert_eq!(failures.len(), 1, "{restored}");
    assert_eq!(failures[0]["what"], "the signing guard");
    let detail = failures[0]["detail"].as_str().unwrap();
    assert!(detail.contains("is missing"), "{detail}");
}
