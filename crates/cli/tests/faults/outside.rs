//! What is brought from outside, and what must not be harmed outside: keys, checkpoints,
//! other people's files.

use std::fs;

use serde_json::json;

use crate::desk::{Desk, finish, person};
use crate::governed::{put, refused, with};

#[test]
fn verify_in_place_holds_the_ledger_to_the_key_and_the_checkpoint_that_were_brought() {
    let [desk, other] = [Desk::simulated(), Desk::simulated()];
    for (name, of) in [("own", &desk), ("other", &other)] {
        desk.file(&format!("{name}.key"), of.run(&["key"]).out.as_bytes());
        let checkpoint = of.run(&["checkpoint"]).out;
        desk.file(&format!("{name}.seen"), checkpoint.as_bytes());
    }
    desk.done(&[person(1, "bea")]);
    let verify = |more: &[&str]| {
        let ran = desk.run(&[&["--json", "verify"], more].concat());
        (ran.code, ran.out)
    };
    let (code, said) = verify(&["--key", "own.key", "--previous", "own.seen"]);
    assert_eq!(code, 0, "{said}");
    assert!(!said.contains("a key from elsewhere"), "{said}");
    assert!(!said.contains("seen before"), "{said}");
    for (wrong, told) in [
        (["--key", "other.key"], "none of those given"),
        (
            ["--previous", "other.seen"],
            "the checkpoint seen before is another ledger's",
        ),
    ] {
        let (code, said) = verify(&wrong);
        assert_eq!(code, 1, "{wrong:?}: {said}");
        assert!(said.contains(told), "{wrong:?}: {said}");
    }
    for option in ["--key", "--previous", "--policy"] {
        assert_eq!(verify(&[option, "missing"]).0, 2, "{option}");
    }
}

#[test]
fn what_is_no_checkpoint_is_wrong_use_and_says_nothing_of_the_ledger_or_the_pack() {
    let desk = Desk::simulated();
    assert_eq!(desk.run(&["pack", "council.zip"]).code, 0);
    let checkpoint = desk.run(&["checkpoint"]).out;
    let unsigned = checkpoint.split("\n\n").next().unwrap().to_owned() + "\n";
    let of_no_log = checkpoint.replacen("\n3\n", "\nthree\n", 1);
    assert_ne!(of_no_log, checkpoint);
    for text in ["", "council\n", &unsigned, &of_no_log] {
        desk.file("seen", text.as_bytes());
        for what in [&["verify"][..], &["verify", "council.zip"]] {
            let ran = desk.run(&[what, &["--previous", "seen"]].concat());
            assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{text:?}: {ran:?}");
            for said in ["seen holds no signed checkpoint", "minutebook checkpoint"] {
                assert!(ran.err.contains(said), "{text:?}: {ran:?}");
            }
        }
    }
    desk.file("seen", checkpoint.as_bytes());
    assert_eq!(desk.run(&["verify", "--previous", "seen"]).code, 0);
}

#[test]
fn a_log_put_back_does_not_extend_what_was_seen() {
    let desk = Desk::simulated();
    let before = desk.dir.path().join("before");
    crate::desk::copy_folder(&desk.data(), &before);
    desk.done(&[person(1, "bea")]);
    desk.file("seen", desk.run(&["checkpoint"]).out.as_bytes());
    let args = ["--json", "verify", "--previous", "seen"];
    let ran = crate::desk::finish(desk.command_on(&before, &args));
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.out.contains("does not extend"), "{ran:?}");
}

#[test]
fn no_record_has_the_nil_id() {
    let desk = Desk::simulated();
    let nil = uuid::Uuid::nil().to_string();
    let nil = with(put("person", 1, json!({"name": "Nil"})), "id", nil);
    refused(&desk, &[(nil, "nil_id", "/id")]);
    desk.holds();
}

#[test]
fn a_refused_beginning_leaves_nothing_behind() {
    let desk = Desk::empty();
    for args in [
        [
            "--organisation",
            "",
            "--operator",
            "A",
            "--email",
            "a@b.example",
        ],
        [
            "--organisation",
            "X",
            "--operator",
            "A",
            "--email",
            "no address",
        ],
    ] {
        let ran = desk.run(&[&["init"][..], &args].concat());
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(!desk.data().exists(), "{args:?}");
    }
    for (option, value) in [
        ("--time-zone", "Mars/Base"),
        ("--aims-start", "2099-01-01"),
        ("--aims-start", "2024-02-30"),
        ("--simulated-clock", "yesterday"),
    ] {
        let ran = desk.run(&["init", "--organisation", "X", option, value, "--json"]);
        assert_eq!(ran.code, 2, "{ran:?}");
        let refusal = &ran.json()["refusal"];
        assert_eq!(refusal["field"], option, "{ran:?}");
        assert!(refusal["hint"].is_string(), "{ran:?}");
        assert!(!desk.data().exists(), "{option}");
    }
    desk.init(&[]);
    desk.holds();
}

#[test]
fn a_ledger_whose_guard_cannot_be_written_is_not_begun() {
    let desk = Desk::empty();
    // A file stands where the guard's directory would be, also for an administrator.
    desk.file("guard", b"mine");
    let init = ["init", "--organisation", "Example Council (fictional)"];
    let ran = desk.run(&init);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    let guard = desk.guard().display().to_string();
    for said in [&guard, "signing guard", "--guard", "Nothing was made"] {
        assert!(ran.err.contains(said), "{ran:?}");
    }
    assert!(!desk.data().exists());
    assert_eq!(fs::read(desk.guard()).unwrap(), b"mine");
    fs::remove_file(desk.guard()).unwrap();
    desk.init(&[]);
    assert_eq!(fs::read_dir(desk.guard()).unwrap().count(), 1);
    desk.holds();
}

#[test]
fn results_are_written_over_nothing_but_results() {
    let desk = Desk::simulated();
    let register = "Ref,Title\n1,Alpha (fictional)\n";
    let path = desk.file("register.csv", register.as_bytes());
    let draft = ["import", "csv", "register.csv", "--draft-mapping", "m.toml"];
    assert_eq!(desk.run(&draft).code, 0);
    let import = |more: &[&str]| {
        let args = ["import", "csv", "register.csv", "--mapping", "m.toml"];
        desk.run(&[&args, more].concat())
    };
    for more in [
        &["--results", "register.csv"][..],
        &["--results", "register.csv", "--dry-run"],
    ] {
        let ran = import(more);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert_eq!(fs::read_to_string(&path).unwrap(), register);
    }
    let dry = import(&["--dry-run"]);
    assert!(dry.err.contains("Add --results"), "{dry:?}");
    for _ in 0..2 {
        let ran = import(&["--results", "out.csv"]);
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    let both = [
        "import",
        "us-federal-2025",
        "register.csv",
        "--mapping",
        "m.toml",
    ];
    assert_eq!(desk.run(&both).code, 2);
}

#[test]
fn the_guard_is_accepted_for_a_reason_only() {
    let desk = Desk::simulated();
    let ran = desk.run(&["guard", "accept", "--because", " "]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains("--because"), "{ran:?}");
}

#[test]
fn version_says_which_format_schemas_and_build_it_is() {
    let desk = Desk::empty();
    let said = desk.run(&["--json", "version"]).json();
    let kinds = said["schemas"].as_object().unwrap();
    assert_eq!(said["ledger_format"], "minutebook/1");
    assert!(kinds.len() > 10 && kinds.values().all(|number| number.as_u64() >= Some(1)));
    let version = said["version"].as_str().unwrap();
    let build = said["build"].as_str().unwrap();
    let words: Vec<&str> = build.split(' ').collect();
    let [of, profile, target, "rustc", rustc] = words[..] else {
        panic!("{build}");
    };
    assert_eq!(of, version);
    assert!(["debug", "release"].contains(&profile), "{build}");
    assert!(target.starts_with(std::env::consts::ARCH), "{build}");
    assert!(rustc.starts_with(|c: char| c.is_ascii_digit()), "{build}");

    let plain = desk.run(&["version"]).out;
    let lines: Vec<&str> = plain.lines().collect();
    assert_eq!(lines[0], format!("minutebook {version}"));
    assert_eq!(lines[1], "ledger format: minutebook/1");
    let schemas = format!("schemas: {} kinds, ", kinds.len());
    assert!(
        lines[2].starts_with(&schemas) && lines[2].contains("schema 1"),
        "{plain}"
    );
    for (kind, number) in kinds.iter().filter(|(_, number)| **number != 1) {
        assert!(lines[2].contains(&format!("{kind} {number}")), "{plain}");
    }
    assert_eq!(lines[3..], [format!("build: {build}")]);
}

#[test]
fn what_is_typed_wrongly_exits_2_and_is_told_as_json_where_that_is_asked_for() {
    let desk = Desk::simulated();
    for words in [
        &["record", "show", "x"][..],
        &["record", "list", "foo"],
        &["kinds", "--schema", "foo"],
        &["frobnicate"],
        &["record"],
        &["status", "--colour"],
        &["import"],
    ] {
        let ran = desk.run(words);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
        let ran = desk.run(&[words, &["--json"]].concat());
        assert_eq!(ran.code, 2, "{ran:?}");
        let answer = ran.json();
        assert_eq!(answer["ok"], false, "{ran:?}");
        assert_eq!(answer["refusal"]["code"], "wrong_use", "{ran:?}");
        let message = answer["refusal"]["message"].as_str().unwrap();
        assert!(
            !message.is_empty() && !message.starts_with("error"),
            "{ran:?}"
        );
    }
    // Help was asked for, and is no refusal.
    let ran = desk.run(&["--json", "--help"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("Usage:"), "{ran:?}");
    // What stands after two dashes is a name.
    let ran = desk.run(&["record", "list", "--", "--json"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
}

#[test]
fn the_usage_of_a_command_asks_for_nothing_that_may_be_left_out() {
    let desk = Desk::simulated();
    for from_environment in [true, false] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_minutebook"));
        command.current_dir(desk.dir.path()).args(["record", "put"]);
        for (variable, value) in [("MINUTEBOOK_DATA", "data"), ("MINUTEBOOK_GUARD", "guard")] {
            command.env_remove(variable);
            if from_environment {
                command.env(variable, value);
            }
        }
        let ran = finish(command);
        assert_eq!(ran.code, 2, "{ran:?}");
        let usage = "Usage: minutebook record put <KIND> [FILE]\n";
        assert!(ran.err.contains(usage), "{ran:?}");
    }
}

#[test]
fn a_variable_set_to_nothing_counts_as_not_set() {
    let desk = Desk::simulated();
    let home = desk.dir.path().join("home");
    let binary = || {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_minutebook"));
        command.current_dir(desk.dir.path());
        command
            .env("MINUTEBOOK_GUARD", "")
            .env("MINUTEBOOK_DATA", "");
        command.env_remove("XDG_STATE_HOME").env("HOME", &home);
        command
    };
    let mut init = binary();
    init.args(["init", "--organisation", "Example (fictional)"]);
    let ran = finish(init);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        desk.dir
            .path()
            .join("minutebook-data/minutebook.db")
            .is_file()
    );
    assert!(home.join(".local/state/minutebook").is_dir());
    let mut typed = binary();
    typed.args(["--guard", "", "guard"]);
    assert_eq!(finish(typed).code, 2);
}
