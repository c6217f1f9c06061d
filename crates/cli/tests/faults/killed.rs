//! Killed at any moment: nothing acknowledged is lost, no history forks, every start is clean.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::Child;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::desk::Desk;

/// Kills unless MINUTEBOOK_KILLS says another number.
const KILLS: u32 = 20;

/// One line in so many is a set of two.
const EACH_SET: u32 = 100;

/// Commands of one round: results come out in three parts.
const COMMANDS: u32 = 600;

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
    let moment = Instant::now() + Duration::from_micros(u64::from(round * 7_919 % 30_011));
    while Instant::now() < moment {
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
        kill_init(child, round);
        let ran = desk.run(&["status", "--json"]);
        if ran.code == 1 {
            let ran = desk.run(&["apply", "-"]);
            assert_eq!(ran.code, 0, "round {round}: {ran:?}");
            assert_eq!(desk.head().0, 3, "round {round}");
            desk.holds();
            continue;
        }
        assert_eq!(ran.code, 2, "round {round}: {ran:?}");
        let helps = ["holds no minutebook.db", "delete it and create it again"];
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

fn kill_init(mut child: Child, round: u32) {
    let moment = Instant::now() + Duration::from_micros(u64::from(round * 2_003));
    while Instant::now() < moment {
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
}
