//! Killed at any moment: nothing acknowledged is lost, no history forks, every start is clean.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::desk::{Desk, Ran, finish, person};

/// Kills unless MINUTEBOOK_KILLS says another number.
const KILLS: u32 = 20;

/// One line in so many is a set of two.
const EACH_SET: u32 = 100;

/// Commands of one round: results come out in three parts.
const COMMANDS: u32 = 600;

#[expect(
    clippy::disallowed_methods,
    reason = "the moments of killing are spread over real time"
)]
fn now() -> Instant {
    Instant::now()
}

#[expect(
    clippy::disallowed_methods,
    reason = "a long run is asked for from outside"
)]
fn kills() -> u32 {
    let said = std::env::var("MINUTEBOOK_KILLS");
    said.map_or(KILLS, |number| number.parse().unwrap())
}

/// Returns a file of keyed Commands, some in sets, and how many lines it has.
fn load(desk: &Desk, round: u32) -> PathBuf {
    let put = |n: u32| {
        json!({"do": "put", "kind": "ai_system", "key": format!("{round}-{n}"),
            "body": {"title": format!("System {n}"), "purpose": "To find potholes. ".repeat(20)}})
    };
    let line = |n: u32| match n % EACH_SET {
        // Sets carry the keys of two numbers that no line has.
        0 => json!({"do": "all", "commands": [put(n + 1_000_000), put(n + 2_000_000)]}),
        _ => put(n),
    };
    let lines: String = (0..COMMANDS).map(|n| format!("{}\n", line(n))).collect();
    desk.file("load.ndjson", lines.as_bytes())
}

/// Waits until the moment of a round: some die before the first acknowledgement, some after
/// hundreds, some between two of them; then kills. Returns the whole lines that came out.
fn kill_at_some_moment(mut child: Child, round: u32) -> Vec<Value> {
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut told = String::new();
    for _ in 0..(round % 5) * 140 {
        out.read_line(&mut told).unwrap();
    }
    // Odd numbers of microseconds, so that rounds do not keep step with the disk.
    let moment = now() + Duration::from_micros(u64::from(round * 7_919 % 30_011));
    while now() < moment {
        std::thread::yield_now();
    }
    child.kill().unwrap();
    out.read_to_string(&mut told).unwrap();
    child.wait().unwrap();
    // A line cut in the middle acknowledges nothing.
    let whole = told.rfind('\n').map_or(0, |end| end + 1);
    let lines = told[..whole].lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Returns every checkpoint's root by its size.
fn roots(desk: &Desk) -> BTreeMap<u64, String> {
    let database = rusqlite::Connection::open(desk.data().join("minutebook.db")).unwrap();
    let mut notes = database.prepare("SELECT note FROM checkpoint").unwrap();
    let notes = notes.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let root = |note: String| {
        let mut lines = note.lines().skip(1).map(str::to_owned);
        (
            lines.next().unwrap().parse().unwrap(),
            lines.next().unwrap(),
        )
    };
    notes.map(|note| root(note.unwrap())).collect()
}

/// Rounds that one ledger lives through; `verify` reads all of it after each.
const ROUNDS: u32 = 4;

#[test]
fn a_killed_apply_loses_nothing_it_acknowledged() {
    for first in (0..kills()).step_by(ROUNDS as usize) {
        let desk = Desk::simulated();
        let mut signed = roots(&desk);
        let rounds = first..kills().min(first + ROUNDS);
        let lived = u64::from(rounds.end - first);
        rounds.for_each(|round| killed_once(&desk, round, &mut signed));
        let each = u64::from(COMMANDS + COMMANDS.div_ceil(EACH_SET));
        assert_eq!(desk.head().0, 3 + each * lived);
    }
}

fn killed_once(desk: &Desk, round: u32, signed: &mut BTreeMap<u64, String>) {
    let file = load(desk, round);
    let args = ["apply", file.to_str().unwrap()];
    let told = kill_at_some_moment(desk.start(&args), round);
    for (size, root) in roots(desk) {
        let before = signed.insert(size, root.clone());
        assert!(
            before.is_none_or(|before| before == root),
            "round {round}: forked at {size}"
        );
    }
    let again = desk.run(&args);
    assert_eq!(again.code, 0, "round {round}: {again:?}");
    let again = again.lines();
    assert_eq!(again.len(), COMMANDS as usize);
    assert_eq!(told, again[..told.len()], "round {round}");
    desk.holds();
    let now = roots(desk);
    let kept = |(size, root): (&u64, &String)| now.get(size) == Some(root);
    assert!(signed.iter().all(kept), "round {round}: a root is gone");
}

#[test]
fn a_killed_init_leaves_a_ledger_or_says_that_it_was_never_finished() {
    for round in 0..kills() {
        let desk = Desk::empty();
        let child = desk.start(&["init", "--organisation", "Example (fictional)"]);
        kill_after(child, Duration::from_micros(u64::from(round * 2_003)));
        let ran = desk.run(&["status", "--json"]);
        if ran.code == 1 {
            let ran = desk.run(&["apply", "-"]);
            assert_eq!(ran.code, 0, "round {round}: {ran:?}");
            assert_eq!(desk.head().0, 3, "round {round}");
            desk.holds();
            continue;
        }
        assert_eq!(ran.code, 2, "round {round}: {ran:?}");
        let delete = format!("delete the directory {} and", desk.data().display());
        let helps = ["holds no minutebook.db", &delete];
        for command in [["status", "--json"], ["apply", "-"]] {
            let ran = desk.run(&command);
            let told = helps.iter().any(|help| ran.err.contains(help));
            assert!(ran.code == 2 && told, "round {round}: {ran:?}");
        }
        let _ = fs::remove_dir_all(desk.data());
        desk.init(&[]);
        desk.holds();
    }
}

#[test]
fn of_an_init_that_was_killed_every_command_says_the_same() {
    let desk = Desk::simulated();
    let database = desk.database();
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table'";
    let mut tables = database.prepare(tables).unwrap();
    let tables = tables.query_map([], |row| row.get::<_, String>(0)).unwrap();
    for table in tables {
        let empty = format!("DELETE FROM {}", table.unwrap());
        database.execute_batch(&empty).unwrap();
    }
    fs::remove_dir_all(desk.guard()).unwrap();
    let told = |args: &[&str]| {
        let ran = desk.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?} {ran:?}");
        ran.err
    };
    // Killed before its first entries, and before that, when it had made no key yet.
    for _ in 0..2 {
        let said = told(&["status"]);
        assert!(said.contains("if the ledger was never finished"), "{said}");
        for args in [
            &["verify"][..],
            &["init", "--organisation", "Example (fictional)"],
            &["backup", "monday"],
        ] {
            assert_eq!(told(args), said, "{args:?}");
        }
        let _ = fs::remove_file(desk.data().join("key"));
    }
}

fn kill_after(mut child: Child, time: Duration) {
    let moment = now() + time;
    while now() < moment {
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Kills a command at moments spread over the time it takes; `then` says what has to hold after
/// each, and clears away.
pub fn kill_along(command: impl Fn() -> Command, then: impl Fn(u32)) {
    let begun = now();
    let whole = finish(command());
    let time = begun.elapsed();
    assert_eq!(whole.code, 0, "{whole:?}");
    then(0);
    // One in four: each of these is slow.
    let rounds = kills().div_ceil(4);
    for round in 1..=rounds {
        let mut command = command();
        command.stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        kill_after(command.spawn().unwrap(), time * round / (rounds + 1));
        then(round);
    }
}

/// Returns a ledger of some hundred entries with a file, and its key in `key.txt`.
fn filled() -> Desk {
    let desk = Desk::simulated();
    let file = load(&desk, 0);
    let applied = desk.run(&["apply", file.to_str().unwrap()]);
    assert_eq!(applied.code, 0, "{applied:?}");
    let minutes = desk.file(
        "minutes.txt",
        "The scope was approved. ".repeat(9_999).as_bytes(),
    );
    let added = desk.run(&["file", "add", minutes.to_str().unwrap()]);
    assert_eq!(added.code, 0, "{added:?}");
    let key = desk.run(&["key"]);
    desk.file("key.txt", key.out.as_bytes());
    desk
}

/// Returns the names beside the ledger that begin so.
fn names(desk: &Desk, begin: &str) -> Vec<String> {
    let entries = fs::read_dir(desk.dir.path()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with(begin)).collect()
}

#[test]
fn a_killed_pack_is_whole_or_not_there_and_the_next_is_made() {
    let desk = filled();
    let out = desk.dir.path().join("out.zip");
    kill_along(
        || desk.command(&["pack", "out.zip"]),
        |round| {
            let verified = || desk.run(&["verify", "out.zip", "--key", "key.txt"]);
            if out.exists() {
                let ran = verified();
                assert_eq!(ran.code, 0, "round {round}: {ran:?}");
                fs::remove_file(&out).unwrap();
            }
            let again = desk.run(&["pack", "out.zip"]);
            assert_eq!(again.code, 0, "round {round}: {again:?}");
            assert_eq!(names(&desk, "out.zip"), ["out.zip"], "round {round}");
            let ran = verified();
            assert_eq!(ran.code, 0, "round {round}: {ran:?}");
            fs::remove_file(&out).unwrap();
        },
    );
}

/// A copy in `dir` is whole, or says that it is not and is made by running `make` again. Removes
/// it then.
fn whole_or_made_again(desk: &Desk, dir: &Path, make: impl Fn() -> Ran) {
    let on = |args: &[&str]| finish(desk.command_on(dir, args));
    if !dir.join("minutebook.db").exists() {
        for command in [["status", "--json"], ["apply", "-"]] {
            let ran = on(&command);
            let helps = ["never finished", "holds no minutebook.db"];
            let told = helps.iter().any(|help| ran.err.contains(help));
            assert!(ran.code == 2 && told, "{ran:?}");
        }
        let again = make();
        assert_eq!(again.code, 0, "{again:?}");
    }
    let ran = on(&["verify", "--json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(on(&["status", "--json"]).json()["entries"], desk.head().0);
    let key = |of: &Path| fs::read(of.join("key")).unwrap();
    assert_eq!(key(dir), key(&desk.data()));
    let left = fs::read_dir(dir).unwrap();
    for name in left.map(|entry| entry.unwrap().file_name().into_string().unwrap()) {
        assert!(!name.contains("partial"), "{name}");
    }
    fs::remove_dir_all(dir).unwrap();
}

#[test]
fn a_killed_backup_is_whole_or_is_finished_by_running_it_again() {
    let desk = filled();
    let dir = desk.dir.path().join("monday");
    let make = || desk.command(&["backup", "monday"]);
    kill_along(make, |_| {
        whole_or_made_again(&desk, &dir, || finish(make()))
    });
}

#[test]
fn a_killed_restore_is_whole_or_is_finished_by_running_it_again() {
    let desk = filled();
    assert_eq!(desk.run(&["backup", "monday"]).code, 0);
    let dir = desk.dir.path().join("restored");
    let make = || desk.command_on(&dir, &["restore", "monday"]);
    kill_along(make, |_| {
        whole_or_made_again(&desk, &dir, || finish(make()))
    });
}

/// Returns every file below a folder with its bytes.
fn files_below(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(folder).unwrap().to_owned();
        if path.is_dir() {
            let below = files_below(&path).into_iter();
            found.extend(below.map(|(below, bytes)| (name.join(below), bytes)));
        } else {
            found.insert(name, fs::read(path).unwrap());
        }
    }
    found
}

#[test]
fn a_killed_export_is_whole_or_is_finished_by_running_it_again() {
    let desk = filled();
    assert_eq!(desk.run(&["log", "export", "whole"]).code, 0);
    let whole = files_below(&desk.dir.path().join("whole"));
    let log = desk.dir.path().join("log");
    kill_along(
        || desk.command(&["log", "export", "log"]),
        |round| {
            if !log.join("checkpoint").exists() || log.join("minutebook-partial").exists() {
                let again = desk.run(&["log", "export", "log"]);
                assert_eq!(again.code, 0, "round {round}: {again:?}");
            }
            assert!(files_below(&log) == whole, "round {round}");
            fs::remove_dir_all(&log).unwrap();
        },
    );
}

/// Returns the files kept in a data directory, those half-written included, by name.
fn kept(desk: &Desk) -> Vec<String> {
    let below = files_below(&desk.data().join("files")).into_keys();
    let name = |path: PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
    below.map(name).collect()
}

#[test]
fn a_killed_file_add_keeps_a_file_whole_or_not_at_all() {
    let desk = filled();
    let before = kept(&desk);
    let bytes = "That the scope is approved. ".repeat(400_000);
    let long = desk.file("long.txt", bytes.as_bytes());
    let out = desk.dir.path().join("out.txt");
    kill_along(
        || desk.command(&["file", "add", "long.txt"]),
        |round| {
            desk.holds();
            // The next one clears away what the killed one left.
            let again = desk.run(&["file", "add", "long.txt"]);
            assert_eq!(again.code, 0, "round {round}: {again:?}");
            let hash = again.out.trim();
            let got = desk.run(&["file", "get", hash, "out.txt"]);
            assert_eq!(got.code, 0, "round {round}: {got:?}");
            assert!(fs::read(&out).unwrap() == fs::read(&long).unwrap());
            fs::remove_file(&out).unwrap();
            fs::remove_file(desk.data().join("files").join(&hash[..2]).join(hash)).unwrap();
            assert_eq!(kept(&desk), before, "round {round}");
        },
    );
}

#[test]
fn a_killed_guard_accept_is_accepted_or_can_be_and_nothing_forks() {
    let desk = filled();
    let signed = roots(&desk);
    fs::remove_dir_all(desk.guard()).unwrap();
    let accept = ["guard", "accept", "--because", "A new disk."];
    kill_along(
        || desk.command(&accept),
        |round| {
            let again = desk.run(&accept);
            let nothing = again.err.contains("there is nothing to accept");
            let mended = again.code == 0 || (again.code == 2 && nothing);
            assert!(mended, "round {round}: {again:?}");
            desk.done(&[person(round + 10, &format!("p{round}"))]);
            desk.holds();
            let now = roots(&desk);
            let kept = |(size, root): (&u64, &String)| now.get(size) == Some(root);
            assert!(signed.iter().all(kept), "round {round}: a root is gone");
            fs::remove_dir_all(desk.guard()).unwrap();
        },
    );
}

/// Waits until a server said that it made its daily check; returns how long that took.
fn until_checked(server: &mut Child, begun: Instant) -> Duration {
    let said = BufReader::new(server.stderr.take().unwrap()).lines();
    let mut said = said.map(Result::unwrap);
    assert!(said.any(|line| line.contains("the daily check found")));
    begun.elapsed()
}

#[test]
fn a_killed_server_starts_again_with_all_that_it_signed() {
    let desk = filled();
    let serve = ["serve", "--listen", "127.0.0.1:0"];
    let begun = now();
    let mut server = desk.start(&serve);
    let time = until_checked(&mut server, begun);
    server.kill().unwrap();
    server.wait().unwrap();
    let rounds = kills().div_ceil(4);
    for round in 1..=rounds {
        // A day on, so that there is a check to record.
        let mut put = person(round + 10, &format!("p{round}"));
        put["at"] = format!("{}-01-06T09:00:00Z", 2026 + round).into();
        desk.done(&[put]);
        let before = roots(&desk);
        kill_after(desk.start(&serve), time * round / rounds);
        let ran = desk.run(&["apply", "-"]);
        assert_eq!(ran.code, 0, "round {round}: {ran:?}");
        desk.holds();
        let now = roots(&desk);
        let kept = |(size, root): (&u64, &String)| now.get(size) == Some(root);
        assert!(before.iter().all(kept), "round {round}: a root is gone");
    }
}

#[test]
fn an_interrupted_export_of_a_shorter_log_leaves_nothing_in_the_next() {
    let [desk, other] = [Desk::simulated(), Desk::simulated()];
    let log = desk.dir.path().join("log");
    assert_eq!(desk.run(&["log", "export", "log"]).code, 0);
    // As a process leaves it that is killed just before the end.
    let origin = desk.run(&["checkpoint"]).out;
    let origin = origin.lines().next().unwrap();
    fs::write(log.join("minutebook-partial"), format!("{origin}\n")).unwrap();
    let before = files_below(&log);
    let elsewhere = ["log", "export", log.to_str().unwrap()];
    let ran = other.run(&elsewhere);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(
        ran.err.contains("unfinished export of another log"),
        "{ran:?}"
    );
    assert!(ran.err.contains("Delete it"), "{ran:?}");
    assert!(files_below(&log) == before);
    desk.done(&[crate::desk::person(1, "bea")]);
    assert_eq!(desk.run(&elsewhere).code, 0);
    assert_eq!(desk.run(&["log", "export", "whole"]).code, 0);
    let whole = files_below(&desk.dir.path().join("whole"));
    assert!(files_below(&log) == whole);
    let finished = desk.run(&elsewhere);
    assert_eq!(finished.code, 2, "{finished:?}");
    assert!(finished.err.contains("not empty"), "{finished:?}");
}

/// What a kill leaves between two steps of a batch, not signed yet, and guarded or not; last, of
/// the beginning, before which nothing was signed.
const LEFT: [(&str, bool); 3] = [
    (
        "DELETE FROM checkpoint WHERE size = 8; UPDATE meta SET value = value - 1",
        true,
    ),
    (
        "DELETE FROM checkpoint WHERE size = 8; UPDATE meta SET value = value - 1",
        false,
    ),
    ("DELETE FROM checkpoint; DELETE FROM meta", true),
];

#[test]
fn what_a_kill_leaves_is_told_as_such_and_mended_as_told() {
    for (left, is_guarded) in LEFT {
        let desk = Desk::simulated();
        let people: Vec<_> = (10..13).map(|n| person(n, &format!("p{n}"))).collect();
        let guard = fs::read_dir(desk.guard()).unwrap().next().unwrap();
        let guard = guard.unwrap().path();
        let mut before = fs::read(&guard).unwrap();
        if left.contains("size = 8") {
            desk.done(&people);
            before = fs::read(&guard).unwrap();
            desk.done(&[person(20, "bea"), person(21, "cyd")]);
        }
        if !is_guarded {
            fs::write(&guard, before).unwrap();
        }
        let database = rusqlite::Connection::open(desk.data().join("minutebook.db")).unwrap();
        database.execute_batch(left).unwrap();
        drop(database);

        let told = desk.run(&["verify"]);
        assert_eq!(told.code, 1, "{left}: {told:?}");
        assert!(!told.err.contains("Rely on nothing"), "{left}: {told:?}");
        let next = "Run one that writes, such as `minutebook serve` or `minutebook apply FILE`";
        assert!(told.err.contains(next), "{left}: {told:?}");
        let file = desk.file("none.ndjson", b"");
        assert_eq!(desk.run(&["apply", file.to_str().unwrap()]).code, 0);
        desk.holds();

        // With anything else wrong there is no such way out.
        let database = rusqlite::Connection::open(desk.data().join("minutebook.db")).unwrap();
        database.execute_batch(left).unwrap();
        database
            .execute_batch("UPDATE grp SET bytes = NULL WHERE seq = 2 AND name = 'act'")
            .unwrap();
        drop(database);
        let told = desk.run(&["verify"]);
        assert!(told.err.contains("Rely on nothing"), "{left}: {told:?}");
        assert!(!told.err.contains(next), "{left}: {told:?}");
    }
}
