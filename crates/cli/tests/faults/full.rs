//! A disk that is full, or that cannot be written to: it is said, nothing acknowledged is lost,
//! and the next start is clean.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::desk::{Desk, MAPPING, Ran, finish, id};

/// A small disk of its own at a directory, until dropped.
struct Disk(PathBuf);

impl Disk {
    /// Returns none where nobody but an administrator may make one, and says so.
    fn of(dir: &Path, size_kib: u32) -> Option<Self> {
        fs::create_dir_all(dir).unwrap();
        let size = format!("size={size_kib}k,mode=0700");
        let is_made = mount(&["-t", "tmpfs", "-o", &size, "none"], dir);
        if !is_made {
            eprintln!("SKIPPED: no disk can be mounted here, and so none be filled");
        }
        is_made.then(|| Self(dir.to_owned()))
    }

    fn grow(&self) {
        assert!(mount(&["-o", "remount,size=64m"], &self.0));
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg("-l").arg(&self.0).status();
        assert!(unmounted.unwrap().success());
    }
}

fn mount(how: &[&str], dir: &Path) -> bool {
    let mut mount = Command::new("mount");
    mount.args(how).arg(dir);
    mount.output().is_ok_and(|output| output.status.success())
}

/// Says that a disk is full, and what to do.
#[track_caller]
fn full(ran: &Ran) {
    assert_eq!(ran.code, 2, "{ran:?}");
    for said in ["disk is full", "free some space"] {
        assert!(ran.err.contains(said), "{ran:?}");
    }
}

/// Returns a ledger on a disk with little room.
fn on_a_small_disk(size_kib: u32) -> Option<(Desk, Disk)> {
    let desk = Desk::empty();
    let disk = Disk::of(&desk.data(), size_kib)?;
    desk.init(&["--simulated-clock", crate::desk::BEGAN]);
    Some((desk, disk))
}

#[test]
fn an_apply_that_fills_the_disk_loses_nothing_it_acknowledged() {
    let Some((desk, disk)) = on_a_small_disk(3_000) else {
        return;
    };
    let put = |n: u32| {
        json!({"do": "put", "kind": "ai_system", "id": id(n), "key": format!("k{n}"),
            "body": {"title": format!("System {n}"), "purpose": "To find potholes. ".repeat(90)}})
    };
    let all: Vec<Value> = (10..1_510).map(put).collect();
    let ran = desk.apply(&all);
    full(&ran);
    // What was on its way to the disk is told as not known, and is not acknowledged.
    let (told, not_known): (Vec<Value>, Vec<Value>) =
        ran.lines().into_iter().partition(|line| line["ok"] == true);
    assert!(!told.is_empty() && told.len() < all.len(), "{}", told.len());
    let is_last = |(at, line): (usize, &Value)| {
        line["line"] == told.len() + at + 1 && line["refusal"]["code"] == "not_known"
    };
    assert!(not_known.iter().enumerate().all(is_last), "{}", ran.err);
    // As full as it is, what is recorded can be read.
    let size = desk.head().0;
    assert!(size >= 3 + told.len() as u64, "{size}, {} told", told.len());
    disk.grow();
    let again = desk.done(&all);
    assert_eq!(told, again[..told.len()]);
    assert_eq!(desk.head().0, 3 + all.len() as u64);
    desk.holds();
}

#[test]
fn an_import_that_fills_the_disk_is_said_and_run_again() {
    let Some((desk, disk)) = on_a_small_disk(2_000) else {
        return;
    };
    let row = |n: u32| format!("{n},Lamplight {n}\n");
    let rows: String = (0..2_000).map(row).collect();
    desk.file("a.csv", format!("No,Name\n{rows}").as_bytes());
    desk.file("m.toml", MAPPING.as_bytes());
    let import = ["--json", "import", "csv", "a.csv", "--mapping", "m.toml"];
    full(&desk.run(&import));
    disk.grow();
    let ran = desk.run(&import);
    assert_eq!(ran.code, 0, "{ran:?}");
    let sums = ran.json();
    let sum = |name: &str| sums[name].as_u64().unwrap();
    assert_eq!(sum("created") + sum("unchanged"), 2_000, "{sums}");
    assert_eq!(desk.head().0, 2_003);
    desk.holds();
}

#[test]
fn an_import_whose_results_do_not_fit_says_so_and_loses_nothing() {
    let desk = Desk::simulated();
    let small = desk.dir.path().join("small");
    let Some(_disk) = Disk::of(&small, 16) else {
        return;
    };
    let rows: String = (0..600).map(|n| format!("{n},Lamplight {n}\n")).collect();
    desk.file("a.csv", format!("No,Name\n{rows}").as_bytes());
    desk.file("m.toml", MAPPING.as_bytes());
    let import = |results| {
        let words = ["--json", "import", "csv", "a.csv", "--mapping", "m.toml"];
        desk.run(&[&words[..], &["--results", results]].concat())
    };
    // Begun where there is room, and none is left for what it is to hold.
    let ran = import("small/r.csv");
    full(&ran);
    assert!(ran.err.contains("The rows were taken as above"), "{ran:?}");
    let sums = ran.json();
    assert_eq!(
        (&sums["created"], &sums["results"]),
        (&json!(600), &Value::Null)
    );
    assert!(!small.join("r.csv").exists());
    assert_eq!(desk.head().0, 603);
    let again = import("r.csv");
    assert_eq!(again.code, 0, "{again:?}");
    assert_eq!(again.json()["unchanged"], 600, "{again:?}");
    desk.holds();
}

#[test]
fn a_file_that_does_not_fit_is_not_kept() {
    let Some((desk, disk)) = on_a_small_disk(2_000) else {
        return;
    };
    let long = "That the scope is approved. ".repeat(150_000);
    desk.file("long.txt", long.as_bytes());
    let ran = desk.run(&["file", "add", "long.txt"]);
    full(&ran);
    assert_eq!(ran.out, "");
    desk.holds();
    let kept = fs::read_dir(desk.data().join("files")).unwrap().count();
    assert_eq!(kept, 0);
    disk.grow();
    assert_eq!(desk.run(&["file", "add", "long.txt"]).code, 0);
    desk.holds();
}

#[test]
fn a_copy_or_a_pack_that_does_not_fit_is_none_and_is_made_once_there_is_room() {
    let desk = Desk::simulated();
    let long = desk.file("long.txt", "As approved. ".repeat(50_000).as_bytes());
    let added = desk.run(&["file", "add", long.to_str().unwrap()]).out;
    let hash = added.trim();
    desk.done(&[
        json!({"do": "put", "kind": "body", "id": id(2), "body": {"name": "Cabinet",
            "top_management": "is", "quorum": 1, "may": ["decide"], "powers": []}}),
        json!({"do": "put", "kind": "meeting", "id": id(4), "body": {"title": "Cabinet",
            "body": id(2), "state": "held", "sittings": [{"on": &crate::desk::BEGAN[..10]}],
            "minutes": {"file": hash}}}),
    ]);
    let elsewhere = desk.dir.path().join("elsewhere");
    let Some(disk) = Disk::of(&elsewhere, 200) else {
        return;
    };
    let commands: [&[&str]; 3] = [
        &["backup", "elsewhere/monday"],
        &["pack", "elsewhere/out.zip"],
        &["file", "get", hash, "elsewhere/out.txt"],
    ];
    for command in commands {
        full(&desk.run(command));
        // A copy that is not whole says so; of a file that is not nothing is left.
        let left = elsewhere.join("monday");
        if left.exists() {
            let ran = finish(desk.command_on(&left, &["status"]));
            assert!(ran.err.contains("never finished"), "{ran:?}");
            fs::remove_dir_all(left).unwrap();
        }
        let left = fs::read_dir(&elsewhere).unwrap().count();
        assert_eq!(left, 0, "{command:?}");
    }
    desk.holds();
    disk.grow();
    for command in commands {
        assert_eq!(desk.run(command).code, 0, "{command:?}");
    }
    let key = desk.run(&["key"]).out;
    desk.file("key.txt", key.as_bytes());
    let ran = desk.run(&["verify", "elsewhere/out.zip", "--key", "key.txt"]);
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn a_guard_that_cannot_be_written_acknowledges_nothing_and_is_caught_up() {
    let desk = Desk::empty();
    let Some(disk) = Disk::of(&desk.guard(), 64) else {
        return;
    };
    desk.init(&["--simulated-clock", crate::desk::BEGAN]);
    let fill = desk.guard().join("fill");
    // Until nothing more fits.
    let _ = fs::write(&fill, vec![0; 1 << 20]);
    let ran = desk.apply(&[crate::desk::person(1, "bea")]);
    full(&ran);
    assert_eq!(ran.json()["refusal"]["code"], "not_known", "{ran:?}");
    fs::remove_file(fill).unwrap();
    drop(desk.done(&[crate::desk::person(2, "cai")]));
    desk.holds();
    assert_eq!(desk.head().0, 5);
    drop(disk);
}

#[test]
fn a_disk_that_cannot_be_written_to_is_read_and_not_written_by_an_administrator_too() {
    let Some((desk, disk)) = on_a_small_disk(8_000) else {
        return;
    };
    let minutes = desk.file("minutes.txt", b"The scope was approved.");
    let hash = desk.run(&["file", "add", minutes.to_str().unwrap()]).out;
    let head = desk.head();
    assert!(mount(&["-o", "remount,ro"], &disk.0));
    let one = desk.file(
        "one.ndjson",
        format!("{}\n", crate::desk::person(1, "bea")).as_bytes(),
    );
    let guard = fs::read_dir(desk.guard()).unwrap().next().unwrap().unwrap();
    let before = fs::read(guard.path()).unwrap();
    let writes: [&[&str]; 5] = [
        &["apply", one.to_str().unwrap()],
        &["record", "put", "person", one.to_str().unwrap()],
        &["file", "add", one.to_str().unwrap()],
        &["guard", "accept", "--because", "A new disk."],
        &["serve", "--listen", "127.0.0.1:0"],
    ];
    for command in writes {
        let ran = desk.run(command);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{command:?} {ran:?}");
        assert!(
            ran.err.contains("cannot be written to"),
            "{command:?} {ran:?}"
        );
    }
    assert_eq!(fs::read(guard.path()).unwrap(), before);
    assert_eq!(desk.head(), head);
    desk.holds();
    for command in [
        &["pack", "out.zip"][..],
        &["backup", "monday"],
        &["file", "get", hash.trim(), "out.txt"],
        &["log", "export", "log"],
    ] {
        assert_eq!(desk.run(command).code, 0, "{command:?}");
    }
    assert!(mount(&["-o", "remount,rw"], &disk.0));
    desk.done(&[crate::desk::person(1, "bea")]);
    desk.holds();
}
