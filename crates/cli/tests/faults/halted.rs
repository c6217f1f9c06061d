//! The writer stops in the middle: what is recorded is said, and what is not known is said so.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command};

use serde_json::{Value, json};

use crate::desk::{Desk, MAPPING, Ran, finish, person};
use crate::governed::with;
use crate::tamper::small;

fn keyed(number: u32) -> Value {
    let name = format!("p{number}");
    with(person(1_000 + number, &name), "key", name)
}

fn lines(numbers: std::ops::Range<u32>) -> String {
    numbers
        .map(|number| format!("{}\n", keyed(number)))
        .collect()
}

/// Applies ten Commands, lets something go wrong, then applies five more.
fn halted(desk: &Desk, go_wrong: impl FnOnce(&Desk)) -> (Vec<Value>, Ran) {
    let mut child: Child = desk.start(&["apply", "-"]);
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdin.write_all(lines(0..10).as_bytes()).unwrap();
    let mut answered = Vec::new();
    for _ in 0..10 {
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        answered.push(serde_json::from_str::<Value>(&line).unwrap());
    }
    go_wrong(desk);
    stdin.write_all(lines(10..15).as_bytes()).unwrap();
    drop(stdin);
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    answered.extend(
        rest.lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()),
    );
    let ended = child.wait_with_output().unwrap();
    let ran = Ran {
        code: ended.status.code().unwrap(),
        out: rest,
        err: String::from_utf8(ended.stderr).unwrap(),
    };
    (answered, ran)
}

#[test]
fn what_was_committed_and_not_signed_is_said_to_be_not_known() {
    let desk = Desk::simulated();
    let kept = desk.dir.path().join("guard-kept");
    let (answered, ran) = halted(&desk, |desk| {
        fs::rename(desk.guard(), &kept).unwrap();
        fs::write(desk.guard(), "no folder").unwrap();
    });
    assert_eq!(ran.code, 2, "{ran:?}");
    assert_eq!(answered.len(), 15, "{answered:?}");
    assert!(
        answered[..10].iter().all(|line| line["ok"] == true),
        "{answered:?}"
    );
    for (line, number) in answered[10..].iter().zip(11..) {
        assert_eq!(line["line"], number);
        assert_eq!(line["ok"], false, "{line}");
        assert_eq!(line["refusal"]["code"], "not_known", "{line}");
        let next = line["refusal"]["hint"].as_str().unwrap();
        assert!(next.contains("with the same key"), "{next}");
    }
    let said = "10 of the Commands are recorded, of 5 it is not known, as their lines say; \
        nothing after line 15 was";
    assert!(ran.err.contains(said), "{}", ran.err);
    // They were. The next writer signs them, and by their keys each is recorded once.
    fs::remove_file(desk.guard()).unwrap();
    fs::rename(&kept, desk.guard()).unwrap();
    let again = desk.apply_bytes(lines(0..15).as_bytes());
    assert_eq!(again.code, 0, "{again:?}");
    assert!(
        again.lines().iter().all(|line| line["version"] == 1),
        "{again:?}"
    );
    assert_eq!(desk.head().0, 3 + 15);
    desk.holds();
}

#[test]
fn what_was_rolled_back_is_said_to_be_not_recorded() {
    let desk = Desk::simulated();
    let (answered, ran) = halted(&desk, |desk| {
        let fails =
            "CREATE TRIGGER fails BEFORE INSERT ON entry BEGIN SELECT RAISE(ABORT, 'no'); END";
        desk.database().execute_batch(fails).unwrap();
    });
    assert_eq!(ran.code, 2, "{ran:?}");
    assert_eq!(answered.len(), 10, "{answered:?}");
    assert!(
        answered.iter().all(|line| line["ok"] == true),
        "{answered:?}"
    );
    let said = "10 of the Commands are recorded; nothing after line 10 was";
    assert!(ran.err.contains(said), "{}", ran.err);
    desk.database().execute_batch("DROP TRIGGER fails").unwrap();
    let again = desk.apply_bytes(lines(0..15).as_bytes());
    assert_eq!(again.code, 0, "{again:?}");
    assert_eq!(desk.head().0, 3 + 15);
    desk.holds();
}

/// Returns the binary about to run where no file may grow beyond so many blocks of 512 bytes.
fn confined(desk: &Desk, blocks: u32, args: &[&str]) -> Command {
    let own = desk.command(args);
    let mut command = Command::new("sh");
    let confine = format!("ulimit -f {blocks}; trap '' XFSZ; exec \"$0\" \"$@\"");
    command.current_dir(desk.dir.path()).args(["-c", &confine]);
    command.arg(own.get_program()).args(own.get_args());
    command
}

/// Blocks in which a few batches of rows fit, and not all.
const BLOCKS: u32 = 4_000;
const ROWS: usize = 2_000;

#[test]
fn an_import_that_ends_early_keeps_its_results_and_says_what_is_not_known() {
    let desk = Desk::simulated();
    desk.file("m.toml", MAPPING.as_bytes());
    let rows: String = (1..=ROWS).map(|n| format!("{n},System {n}\n")).collect();
    desk.file("a.csv", format!("No,Name\n{rows}").as_bytes());
    let import = [
        "import",
        "csv",
        "a.csv",
        "--mapping",
        "m.toml",
        "--results",
        "r.csv",
        "--json",
    ];
    let ran = finish(confined(&desk, BLOCKS, &import));
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("run the import again"), "{ran:?}");
    assert!(!ran.err.contains("nothing of this was recorded"), "{ran:?}");
    let sums = ran.json();
    let created = sums["created"].as_u64().unwrap();
    assert!(created > 0 && created < ROWS as u64, "{sums}");
    assert_eq!(created + sums["refused"].as_u64().unwrap(), ROWS as u64);
    assert_eq!(sums["results"], "r.csv");
    let results = fs::read_to_string(desk.dir.path().join("r.csv")).unwrap();
    let outcomes: Vec<Vec<&str>> = results
        .lines()
        .skip(1)
        .map(|line| line.split(',').collect())
        .collect();
    assert_eq!(outcomes.len(), ROWS);
    for (row, cells) in outcomes.iter().enumerate() {
        let code = match row as u64 >= created {
            false => ("created", ""),
            true if cells[4] == "not_known" => ("refused", "not_known"),
            true => ("refused", "not_recorded"),
        };
        assert_eq!((cells[2], cells[4]), code, "{row}: {cells:?}");
    }
    // Again, with room: what is recorded is found unchanged, whatever was said of it.
    let again = desk.run(&import);
    assert_eq!(again.code, 0, "{again:?}");
    let sums = again.json();
    let unchanged = sums["unchanged"].as_u64().unwrap();
    assert!(unchanged >= created, "{sums}");
    assert_eq!(unchanged + sums["created"].as_u64().unwrap(), ROWS as u64);
    assert_eq!(desk.head().0, 3 + ROWS as u64);
    desk.holds();
}

#[test]
fn commands_that_end_early_are_answered_as_far_as_they_are_known() {
    let desk = Desk::simulated();
    let count = u32::try_from(ROWS).unwrap();
    desk.file("all.ndjson", lines(0..count).as_bytes());
    let ran = finish(confined(&desk, BLOCKS, &["apply", "all.ndjson"]));
    assert_eq!(ran.code, 2, "{ran:?}");
    let answered = ran.lines();
    let recorded = answered.iter().filter(|line| line["ok"] == true).count();
    let open = answered.len() - recorded;
    assert!(recorded > 0 && answered.len() < ROWS, "{recorded} {open}");
    assert!(
        ran.err
            .contains(&format!("{recorded} of the Commands are recorded")),
        "{}",
        ran.err
    );
    let is_open = |line: &Value| line["refusal"]["code"] == "not_known";
    assert!(answered[recorded..].iter().all(is_open), "{answered:?}");
    let held = desk.head().0 - 3;
    assert!((recorded..=recorded + open).contains(&usize::try_from(held).unwrap()));
    let again = desk.run(&["apply", "all.ndjson"]);
    assert_eq!(again.code, 0, "{}", again.err);
    assert_eq!(desk.head().0, 3 + ROWS as u64);
    desk.holds();
}

#[test]
fn a_file_that_cannot_be_looked_at_is_a_fault_and_not_a_file_that_is_missing() {
    let desk = Desk::simulated();
    let minutes = desk.file("minutes.txt", b"The scope was approved.");
    let added = desk.run(&["file", "add", minutes.to_str().unwrap()]);
    let hash = added.out.trim();
    let folder = desk.data().join("files").join(&hash[..2]);
    let aside = desk.dir.path().join("aside");
    fs::rename(&folder, &aside).unwrap();
    fs::write(&folder, "no folder").unwrap();
    let brought = json!({"from": "The register of 2025", "file": hash});
    let old = with(person(1, "bea"), "effective_on", "2025-12-01");
    let old = with(old, "brought_in", brought);
    let ran = desk.apply(std::slice::from_ref(&old));
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    assert!(ran.err.contains("Not a directory"), "{ran:?}");
    fs::remove_file(&folder).unwrap();
    fs::rename(&aside, &folder).unwrap();
    desk.done(&[old]);
}

#[test]
fn an_entry_that_is_damaged_is_told_as_that_and_not_as_one_that_never_was() {
    let desk = small();
    let status = |entry: &str| desk.run(&["status", "--as-of", entry, "--known-by", "now"]);
    assert!(
        status("#99").err.contains("There is no entry 99"),
        "{:?}",
        status("#99")
    );
    let edit = "UPDATE entry SET bytes = x'00' WHERE seq = 5";
    desk.database().execute_batch(edit).unwrap();
    let ran = status("#5");
    assert!(!ran.err.contains("There is no entry"), "{ran:?}");
    assert!(
        ran.err.contains("entry 5: an entry has no proper line"),
        "{ran:?}"
    );
}
