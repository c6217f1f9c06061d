//! What a command did is told: also where nothing can be printed, nothing can be signed, and where
//! the key at hand is not the ledger's.

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;
use std::process::Stdio;

use serde_json::json;

use crate::desk::{Desk, Ran, person};

const NO_SPACE: &str = "No space left on device";

/// Runs the binary where everything printed to stdout fails, as on a full disk; what makes a ledger
/// makes another one.
fn unprinted(desk: &Desk, args: &[&str]) -> (Option<i32>, String) {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let data = match args[0] {
        "init" | "restore" => desk.dir.path().join(args[0]),
        _ => desk.data(),
    };
    let ran = desk
        .command_on(&data, args)
        .stdin(Stdio::null())
        .stdout(full)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    (ran.status.code(), String::from_utf8(ran.stderr).unwrap())
}

/// The commands that print something, each with words that it takes; made one after the other on
/// a ledger that holds a person of the id 1, with a register, a body and a Command beside it.
fn commands(id: &str) -> Vec<Vec<&str>> {
    let of = |line: &'static str| line.split(' ').collect::<Vec<_>>();
    let mut commands = vec![
        of("key"),
        of("checkpoint"),
        of("guard"),
        of("kinds"),
        of("kinds --schema person"),
        of("record put person body.json"),
        of("record list person"),
        of("file add body.json"),
        of("import --list"),
        of("import csv register.csv --draft-mapping m.toml --json"),
        of("import csv register.csv --mapping m.toml --dry-run"),
        of("import csv register.csv --mapping m.toml"),
        of("apply one.ndjson"),
        of("status"),
        of("status --findings 4.3-a"),
        of("pack --list"),
        of("pack council.zip"),
        of("verify"),
        of("verify council.zip"),
        of("log export tiles"),
        of("backup copy"),
        of("restore copy"),
        of("version"),
        of("demo --no-serve --json"),
        of("serve --listen 127.0.0.1:0"),
        of("init --organisation Another"),
        of("help"),
        of("record --help"),
        of("--version"),
    ];
    for words in [
        &["record", "show", id][..],
        &["record", "history", id],
        &[
            "record",
            "move",
            id,
            "withdraw",
            "--version",
            "1",
            "why.json",
        ],
    ] {
        commands.push(words.to_vec());
    }
    commands
}

#[test]
fn a_command_whose_output_cannot_be_printed_says_so_and_exits_2() {
    let desk = Desk::simulated();
    desk.done(&[person(1, "bea")]);
    desk.file("body.json", br#"{"name": "Zoe Sample"}"#);
    desk.file("why.json", br#"{"because": "Entered twice."}"#);
    desk.file("register.csv", b"Ref,Title\n1,Alpha (fictional)\n");
    let one = format!("{}\n", person(2, "cai"));
    desk.file("one.ndjson", one.as_bytes());
    let id = crate::desk::id(1);
    let commands = commands(&id);
    // Whoever adds a command adds it here.
    let help = desk.run(&["help"]).out;
    let listed = help.split("Commands:").nth(1).unwrap();
    let listed = listed.split("Options:").next().unwrap();
    for line in listed.lines().filter(|line| line.starts_with("  ")) {
        let Some(name) = line
            .trim()
            .split(' ')
            .next()
            .filter(|_| !line.starts_with("   "))
        else {
            continue;
        };
        let is_told = commands.iter().any(|args| args.contains(&name));
        assert!(is_told, "{name} is not among the commands");
    }
    for args in &commands {
        let (code, said) = unprinted(&desk, args);
        assert_eq!(code, Some(2), "{args:?}: {said}");
        let is_full = said.contains(NO_SPACE) || said.contains("the disk is full");
        assert!(is_full, "{args:?}: {said}");
    }
    // Each did its work all the same.
    assert!(desk.dir.path().join("council.zip").exists());
    desk.holds();
}

#[test]
fn a_reader_that_went_away_is_no_fault() {
    let desk = Desk::simulated();
    let mut child = desk.start(&["kinds", "--schema", "meeting"]);
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(0));
    assert_eq!(String::from_utf8(ended.stderr).unwrap(), "");
}

fn given(desk: &Desk, args: &[&str], stdin: &[u8]) -> Ran {
    let mut child = desk.start(args);
    child.stdin.take().unwrap().write_all(stdin).unwrap();
    let ended = child.wait_with_output().unwrap();
    Ran {
        code: ended.status.code().unwrap_or(-1),
        out: String::from_utf8(ended.stdout).unwrap(),
        err: String::from_utf8(ended.stderr).unwrap(),
    }
}

#[test]
fn a_body_that_is_piped_to_a_move_is_its_body_named_or_not() {
    let desk = Desk::simulated();
    for number in 1..=4 {
        desk.done(&[person(number, &format!("person-{number}"))]);
    }
    let because = |id: &str| {
        let history = desk.run(&["record", "history", id, "--json"]).json();
        history.to_string().contains("Entered twice.")
    };
    let body = br#"{"because": "Entered twice."}"#;
    for (number, more) in [(1, &[][..]), (2, &["-"])] {
        let id = crate::desk::id(number);
        let withdraw = ["record", "move", &id, "withdraw", "--version", "1"];
        let ran = given(&desk, &[&withdraw[..], more].concat(), body);
        assert_eq!(ran.code, 0, "{more:?}: {ran:?}");
        assert!(because(&id), "{more:?}");
    }
    // An empty stdin is an empty body, which says nothing of why.
    for (number, stdin) in [(3, &b""[..]), (4, b"\n")] {
        let id = crate::desk::id(number);
        let withdraw = ["record", "move", &id, "withdraw", "--version", "1"];
        let ran = given(&desk, &withdraw, stdin);
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(ran.err.contains("because"), "{ran:?}");
    }
    let ran = given(&desk, &["record", "put", "person"], br#"{"name": "Zoe"}"#);
    assert_eq!(ran.code, 0, "{ran:?}");
    let ran = given(&desk, &["record", "put", "person"], b"");
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains("name"), "{ran:?}");
}

/// Stands where the guard is written first, so that nothing can be.
fn in_the_way(desk: &Desk) -> PathBuf {
    let guard = fs::read_dir(desk.guard()).unwrap().next().unwrap().unwrap();
    let part = guard.path().with_extension("part");
    fs::create_dir(&part).unwrap();
    part
}

#[test]
fn entries_that_could_not_be_signed_are_named_and_are_signed_by_the_next_writer() {
    let desk = Desk::simulated();
    desk.file("body.json", br#"{"name": "Zoe Sample"}"#);
    let before = desk.head().0;
    let put = ["record", "put", "person", "body.json"];
    for (json, entry) in [(&[][..], before), (&["--json"][..], before + 1)] {
        let part = in_the_way(&desk);
        let ran = desk.run(&[&put[..], json].concat());
        fs::remove_dir(part).unwrap();
        assert_eq!(ran.code, 2, "{ran:?}");
        for said in [
            format!("entry {entry} is recorded, and not signed yet"),
            "writing the signing guard in".to_owned(),
            "The next command that writes signs what is recorded".to_owned(),
            "Do not repeat this one: it would be recorded twice.".to_owned(),
        ] {
            assert!(ran.err.contains(&said), "{said}: {ran:?}");
        }
        assert_eq!(desk.head().0, entry + 1);
        // The next writer, whatever it writes.
        assert_eq!(desk.run(&["apply", "-"]).code, 0);
        desk.holds();
    }
    let part = in_the_way(&desk);
    let ran = desk.apply(&[
        person(1, "bea"),
        person(2, "cai"),
        json!({"do": "all", "commands": []}),
    ]);
    fs::remove_dir(part).unwrap();
    assert_eq!(ran.code, 2, "{ran:?}");
    let said = format!("entries {} to {} are recorded", before + 2, before + 3);
    assert!(ran.err.contains(&said), "{ran:?}");
    assert_eq!(desk.run(&["apply", "-"]).code, 0);
    desk.holds();
}

#[test]
fn a_key_that_is_not_the_ledgers_is_told_as_that_and_signs_nothing() {
    let [desk, other] = [Desk::simulated(), Desk::simulated()];
    desk.file("body.json", br#"{"name": "Zoe Sample"}"#);
    let key = desk.data().join("key");
    let own = fs::read_to_string(&key).unwrap();
    let foreign = fs::read_to_string(other.data().join("key")).unwrap();
    // A key that is another by one digit, under the same name.
    let (origin, seed) = own.trim_end().split_once('\n').unwrap();
    let digit = if seed.starts_with('0') { "1" } else { "0" };
    let damaged = format!("{origin}\n{digit}{}\n", &seed[1..]);
    let name = |run_of: &Desk| {
        let vkey = run_of.run(&["key"]).out;
        let mut parts = vkey.trim().splitn(3, '+');
        format!("{}+{}", parts.next().unwrap(), parts.next().unwrap())
    };
    let (signer, held) = (name(&desk), name(&other));
    let before = desk.head();
    for (text, holds) in [(&foreign, held.as_str()), (&damaged, origin)] {
        fs::write(&key, text).unwrap();
        for args in [
            &["record", "put", "person", "body.json"][..],
            &["apply", "-"],
            &["guard", "accept", "--because", "It is missing."],
            &["guard"],
            &["pack", "council.zip"],
            &["key"],
        ] {
            let ran = desk.run(args);
            assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}: {ran:?}");
            for said in [
                "is not the key of this ledger",
                &format!("the newest checkpoint is signed by {signer}"),
                &format!("the file holds {holds}"),
                "put the ledger's own `key` back, from the latest backup",
            ] {
                assert!(ran.err.contains(said), "{args:?}: {said}: {ran:?}");
            }
        }
        assert_eq!(desk.head(), before);
        assert!(!desk.dir.path().join("council.zip").exists());
    }
    fs::write(&key, &own).unwrap();
    assert_eq!(desk.run(&["pack", "council.zip"]).code, 0);
    desk.holds();
}

#[test]
fn another_ledgers_key_is_one_cause_and_hides_nothing_else() {
    let [desk, other] = [Desk::simulated(), Desk::simulated()];
    desk.done(&[person(1, "zoe")]);
    desk.file("seen.txt", desk.run(&["checkpoint"]).out.as_bytes());
    let key = desk.data().join("key");
    let own = fs::read_to_string(&key).unwrap();
    fs::copy(other.data().join("key"), &key).unwrap();
    // One cause is said once, and what only the ledger's own key tells is said not to be known.
    let ran = desk.verify();
    assert_eq!(ran.code, 1, "{ran:?}");
    let report = ran.json();
    let found = report["failures"].as_array().unwrap();
    let what: Vec<_> = found.iter().map(|one| one["what"].as_str()).collect();
    assert_eq!(what, [Some("the key is not the ledger's")], "{report}");
    assert_eq!(report["complete"], false, "{report}");
    let untold = [
        "the checkpoints: none is signed by the key here",
        "the signing guard: it is kept under the ledger's own key",
    ];
    assert_eq!(report["not_checked"], json!(untold), "{report}");
    assert!(report["checkpoint"].is_null(), "{report}");
    let seen = desk.run(&["verify", "--previous", "seen.txt"]);
    for said in ["Nothing else was found to be wrong", "put the file `key`"] {
        assert!(seen.err.contains(said), "{said}: {seen:?}");
    }
    let said = seen.err + &seen.out;
    assert!(said.contains("not checked: that the log extends"), "{said}");
    for wrong in ["guard of this ledger is missing", "Keep it as it is"] {
        assert!(!said.contains(wrong), "{wrong}: {said}");
    }
    // Whoever reads is told of the key too, and of no guard.
    let warning = &desk.run(&["status", "--json"]).json()["warning"];
    let warning = warning.as_str().unwrap();
    assert!(
        warning.contains("is not the key of this ledger"),
        "{warning}"
    );
    assert!(!warning.contains("guard"), "{warning}");
    // What is wrong besides is said all the same.
    let minutes = desk.file("minutes.txt", b"The scope was approved.");
    let kept = desk.run(&["file", "add", minutes.to_str().unwrap()]).out;
    let kept = desk.data().join("files").join(&kept[..2]).join(kept.trim());
    fs::write(&kept, "Another.").unwrap();
    let report = desk.verify().json();
    let found = report["failures"].as_array().unwrap();
    assert_eq!(found.len(), 2, "{report}");
    assert_eq!(found[1]["what"], "a file is not as it was received");
    fs::remove_file(kept).unwrap();
    fs::write(&key, own).unwrap();
    desk.holds();
}
