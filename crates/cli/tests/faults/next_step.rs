//! Refusals of what was typed: each says what is wrong, where, and what to do next.

use std::fs;

use serde_json::json;

use crate::desk::{Desk, Ran, id};
use crate::governed::*;

/// Runs what cannot be done and holds what is said to these parts.
#[track_caller]
fn told(desk: &Desk, args: &[&str], code: i32, parts: &[&str]) -> Ran {
    let ran = desk.run(args);
    assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{ran:?}");
    for part in parts {
        assert!(ran.err.contains(part), "{part:?} is not said: {ran:?}");
    }
    assert!(!ran.err.contains("os error"), "{ran:?}");
    ran
}

#[test]
fn a_file_that_is_there_is_not_written_over_and_another_can_be_named() {
    let desk = Desk::simulated();
    let there = desk.file("there", b"mine");
    let hash = desk.run(&["file", "add", "there"]).out;
    desk.file("register.csv", b"Ref,Title\n1,Alpha (fictional)\n");
    let draft = |out| ["import", "csv", "register.csv", "--draft-mapping", out];
    let commands = |out| {
        [
            vec!["pack", out],
            vec!["file", "get", hash.trim(), out],
            draft(out).to_vec(),
        ]
    };
    for args in commands("there") {
        told(
            &desk,
            &args,
            2,
            &["there is there already", "Name another file"],
        );
        assert_eq!(fs::read(&there).unwrap(), b"mine");
    }
    for args in commands("nowhere/out") {
        told(&desk, &args, 2, &["nowhere/out", "Make the folder first"]);
    }
    let ran = desk.run(&["--json", "pack", "there"]);
    assert_eq!(ran.json()["refusal"]["code"], "wrong_use", "{ran:?}");
}

#[test]
fn a_directory_that_is_not_empty_or_none_is_not_written_to() {
    let desk = Desk::simulated();
    let full = desk.dir.path().join("full");
    fs::create_dir(&full).unwrap();
    fs::write(full.join("mine"), b"mine").unwrap();
    desk.file("plain", b"mine");
    for args in [&["log", "export"][..], &["backup"]] {
        let to = |target| [args, &[target]].concat();
        told(
            &desk,
            &to("full"),
            2,
            &["full is not empty", "a new or empty directory"],
        );
        told(
            &desk,
            &to("plain"),
            2,
            &["plain is no directory", "a new or empty one"],
        );
        assert_eq!(desk.run(&to(args[0])).code, 0);
    }
    assert_eq!(fs::read_dir(&full).unwrap().count(), 1);
    let restore = ["restore", "backup"];
    let data = desk.data().display().to_string();
    told(&desk, &restore, 2, &[&data, "is not empty", "--data"]);
}

#[test]
fn what_is_no_backup_is_not_restored_and_what_is_one_is_said() {
    let desk = Desk::simulated();
    fs::create_dir(desk.dir.path().join("folder")).unwrap();
    desk.file("plain", b"mine");
    fs::remove_dir_all(desk.data()).unwrap();
    for from in ["folder", "plain", "nowhere"] {
        let no_backup = format!("{from} is no backup");
        let ran = told(
            &desk,
            &["restore", from],
            2,
            &[&no_backup, "the directory that `minutebook backup` made"],
        );
        assert!(!ran.err.contains("create a ledger"), "{ran:?}");
        // The path says where, and no placeholder of the help.
        assert_eq!(ran.err.lines().count(), 2, "{ran:?}");
        assert!(!desk.data().exists(), "{from}");
    }
}

#[test]
fn a_directory_is_no_evidence_and_its_files_are() {
    let desk = Desk::simulated();
    let folder = desk.dir.path().join("folder");
    fs::create_dir(&folder).unwrap();
    for path in ["folder", "."] {
        told(
            &desk,
            &["file", "add", path],
            2,
            &["is a directory", "one by one"],
        );
    }
    fs::write(folder.join("a"), b"a").unwrap();
    assert_eq!(desk.run(&["file", "add", "folder/a"]).code, 0);
}

#[test]
fn a_missing_key_is_named_with_where_to_take_it_from() {
    let desk = Desk::simulated();
    let key = desk.data().join("key");
    fs::remove_file(&key).unwrap();
    let path = key.display().to_string();
    for args in [
        &["apply", "-"][..],
        &["key"],
        &["verify"],
        &["pack", "out.zip"],
    ] {
        told(&desk, args, 2, &[&path, "is missing", "the latest backup"]);
    }
    fs::write(&key, "no key\n").unwrap();
    told(&desk, &["key"], 2, &["not a log key", "restore it"]);
}

#[test]
fn a_day_that_no_calendar_has_is_said_to_be_none() {
    let desk = Desk::simulated();
    let form = "year, month and day, such as 2026-03-31";
    for (moment, what) in [
        ("2026-02-31", "There is no day 2026-02-31 in the calendar."),
        ("2026-13-01", "There is no day 2026-13-01 in the calendar."),
        ("2025-02-29", "There is no day 2025-02-29 in the calendar."),
        (
            "2026-02-31T10:00:00Z",
            "There is no day 2026-02-31 in the calendar.",
        ),
        ("31.03.2026", "\"31.03.2026\" is no date or instant."),
        ("2026-3-31", "\"2026-3-31\" is no date or instant."),
        (
            "2026-03-31T25:00:00Z",
            "\"2026-03-31T25:00:00Z\" is no date or instant.",
        ),
        ("#x", "\"#x\" is no date or instant."),
    ] {
        for option in ["--as-of", "--known-by"] {
            told(&desk, &["status", option, moment], 2, &[what, form]);
        }
    }
    assert_ne!(desk.run(&["status", "--as-of", "2028-02-29"]).code, 2);
    let empty = Desk::empty();
    let init = ["init", "--organisation", "X", "--aims-start", "2026-02-31"];
    let parts = ["2026-02-31", "not a day of the calendar", "--aims-start"];
    let parts = [&parts[..], &["such as 2026-03-31"]].concat();
    told(&empty, &init, 2, &parts);
    assert!(!empty.data().exists());
}

#[test]
fn an_id_of_no_record_is_told_with_how_to_find_one() {
    let desk = Desk::simulated();
    let nobody = id(99);
    let list = "`minutebook record list KIND`";
    for verb in ["show", "history"] {
        told(&desk, &["record", verb, &nobody], 1, &[&nobody, list]);
    }
    let withdraw = ["record", "move", &nobody, "withdraw", "--version", "1"];
    told(
        &desk,
        &withdraw,
        1,
        &["No record has this id", "at /id", list],
    );
}

#[test]
fn text_that_is_no_command_is_told_with_what_one_looks_like() {
    let desk = Desk::simulated();
    let eve = put("person", 31, json!({"name": "Eve"})).to_string();
    let marked = format!("\u{feff}{eve}\n");
    let cases: [(&[u8], &str, &str); 4] = [
        (b"{\"do\":\n", "not_json", "A Command is JSON on one line"),
        (b"do: put\n", "not_json", "A Command is JSON on one line"),
        (marked.as_bytes(), "not_json", "without a byte order mark"),
        (b"\xff\xfe{\0}\0\n", "not_utf8", "Save the file as UTF-8"),
    ];
    for (bytes, code, next) in cases {
        let ran = desk.apply_bytes(bytes);
        let refusal = ran.lines()[0]["refusal"].clone();
        assert_eq!((ran.code, &refusal["code"]), (1, &json!(code)), "{ran:?}");
        let hint = refusal["hint"].as_str().unwrap();
        assert!(hint.starts_with(next) || hint.contains(next), "{hint}");
    }
    let bodies: [(&[u8], &str); 4] = [
        (b"name: Eve", "minutebook kinds --schema KIND"),
        (b"", "minutebook kinds --schema KIND"),
        (
            b"\xef\xbb\xbf{\"name\":\"Eve\"}",
            "without a byte order mark",
        ),
        (b"\xff\xfe{\0}\0", "Save the file as UTF-8"),
    ];
    for (bytes, next) in bodies {
        desk.file("body.json", bytes);
        told(&desk, &["record", "put", "person", "body.json"], 1, &[next]);
    }
    assert_eq!(desk.head().0, 3);
}

/// A mapping under which every row lacks the day of its change.
const MAPPING: &str = r#"name = "register"
kind = "ai_system"
key.by = [["Ref"]]
field = [{to = "title", from = "Title", as = "words"}]
always = {significant_change = true}
"#;

#[test]
fn the_result_of_a_refused_row_says_where_and_what_to_do_next() {
    let desk = Desk::simulated();
    desk.file("register.csv", b"Ref,Title\n1,Gate,more\n2,Fence\n");
    desk.file("m.toml", MAPPING.as_bytes());
    // Results that an earlier version wrote are written over.
    let earlier = "row,key,outcome,id,code,message,warnings\n1,,created,,,,\n";
    let results = desk.file("out.csv", earlier.as_bytes());
    let import = ["import", "csv", "register.csv", "--mapping", "m.toml"];
    let ran = desk.run(&[&import[..], &["--results", "out.csv"]].concat());
    assert_eq!(ran.code, 1, "{ran:?}");
    let expected = "\
row,key,outcome,id,code,message,warnings,field,hint,effective_on
1,,refused,,row_ragged,the row has 3 cells under 2 headings,,,Look for a stray delimiter or quotation mark in this row.,
2,\"Ref: \"\"2\"\"\",refused,,check_failed,A significant change has a day.,,/body/changed_on,Add the day it happened or was proposed.,
";
    assert_eq!(fs::read_to_string(results).unwrap(), expected);
}

#[test]
fn a_refused_command_exits_1_and_a_word_that_names_nothing_exits_2() {
    let desk = Desk::simulated();
    let disposition = json!({"rule": "9.9-z", "since": "2026-01-05", "says": "not_a_failure",
        "because": "It is one."});
    desk.file("body.json", disposition.to_string().as_bytes());
    let put = [
        "--as",
        "ada@council.example",
        "record",
        "put",
        "disposition",
        "body.json",
    ];
    told(
        &desk,
        &put,
        1,
        &["There is no rule \"9.9-z\"", "/body/rule"],
    );
    let kind = ["record", "put", "spaceship", "body.json"];
    told(&desk, &kind, 1, &["no kind of record named \"spaceship\""]);
    let json = desk.run(&[&["--json"][..], &put].concat());
    assert_eq!(json.code, 1, "{json:?}");
    assert_eq!(json.json()["refusal"]["code"], "unknown_rule", "{json:?}");
    told(&desk, &["status", "--findings", "9.9-z"], 2, &["9.9-z"]);
    told(&desk, &["record", "list", "spaceship"], 2, &["spaceship"]);
    told(
        &desk,
        &["kinds", "--schema", "spaceship"],
        2,
        &["spaceship"],
    );
}

#[test]
fn of_a_rule_without_a_finding_it_is_said_whether_it_was_asked() {
    let desk = Desk::simulated();
    for (asked, said) in [
        (
            &["--findings", "4.2"][..],
            "rules 4.2 and 4.2.o are not built",
        ),
        (&["--findings", "7.5-a"], "7.5.2 is not known. This version"),
        (
            &["--findings", "A.2.2"],
            "is for a Statement of Applicability to say",
        ),
        (
            &["--findings", "8.2"],
            "8.2 has no finding. 8.2 is not due. Nothing was due",
        ),
        (
            &["--findings", "4.3-a", "--as-of", "2020-01-01"],
            "4.3 is not due. The AI management system starts on",
        ),
    ] {
        let ran = desk.run(&[&["status"][..], asked].concat());
        let words = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(said), "{asked:?} {words}");
    }
}

#[test]
fn what_would_leave_is_listed_without_naming_a_file_to_write() {
    let desk = Desk::simulated();
    let listed = desk.run(&["pack", "--list"]);
    assert_eq!(listed.code, 0, "{listed:?}");
    assert!(listed.out.starts_with("3 entries, "), "{listed:?}");
    assert!(listed.out.contains(", 0 files would leave"), "{listed:?}");
    assert_eq!(desk.run(&["pack", "out.zip", "--list"]).out, listed.out);
    assert!(!desk.dir.path().join("out.zip").exists());
    told(&desk, &["pack"], 2, &["OUT"]);
}

#[test]
fn with_json_each_of_these_prints_one_document_and_counts_one_as_one_without() {
    let desk = Desk::simulated();
    let json = |args: &[&str]| desk.run(&[&["--json"], args].concat()).json();
    let formats = json(&["import", "--list"])["formats"].clone();
    assert_eq!(formats[0], "csv");
    let listed = desk.run(&["import", "--list"]).out;
    let formats = formats.as_array().unwrap().iter();
    let formats: Vec<&str> = formats.map(|one| one.as_str().unwrap()).collect();
    assert_eq!(listed.lines().collect::<Vec<_>>(), formats);

    desk.file("a.csv", b"Title\nBroken gate\n");
    let draft = ["import", "csv", "a.csv", "--draft-mapping", "a.toml"];
    let expected = json!({"mapping": "a.toml", "kind": "ai_system", "missing": [],
        "unplaced": [], "sheet": null, "other_sheets": []});
    assert_eq!(json(&draft), expected);

    let accept = ["guard", "accept", "--because", "A drill."];
    fs::remove_dir_all(desk.guard()).unwrap();
    let accepted = json(&accept);
    let of_none = (&accepted["id"], &accepted["version"]);
    assert_eq!(of_none, (&json!(null), &json!(null)), "{accepted}");
    assert_eq!(accepted["seq"], 3);
    fs::remove_dir_all(desk.guard()).unwrap();
    let told = desk.run(&accept).out;
    assert_eq!(
        told.split(" at ").next().unwrap(),
        "The signing guard is accepted, by entry 4"
    );

    desk.file("one.txt", b"one");
    let hash = desk.run(&["file", "add", "one.txt"]).out;
    let brought = json!({"from": "A drive", "file": hash.trim()});
    let put = with(put("policy", POLICY, policy()), "brought_in", brought);
    desk.done(&[with(put, "effective_on", "2025-11-03")]);
    let listed = desk.run(&["pack", "--list"]).out;
    assert!(listed.contains(", 1 file would leave"), "{listed}");
}

#[test]
fn whoever_is_named_at_the_beginning_is_told_how_to_act_under_that_name() {
    let desk = Desk::empty();
    let init = ["init", "--organisation", "Example Council (fictional)"];
    let named = ["--operator", "Ada Sample", "--email", "ada@council.example"];
    let ran = desk.run(&[&init[..], &named].concat());
    assert!(ran.err.contains("`--as ada@council.example`"), "{ran:?}");
    let acted = |more: &[&str]| {
        desk.file("zoe.json", br#"{"name": "Zoe Sample"}"#);
        let put = ["--json", "record", "put", "person", "zoe.json"];
        let id = desk.run(&[&put[..], more].concat()).json()["id"].clone();
        let history = ["--json", "record", "history", id.as_str().unwrap()];
        desk.run(&history).json()[0]["who"].clone()
    };
    assert_eq!(acted(&[]), "the local operator");
    let ada = "ada@council.example";
    assert_eq!(acted(&["--as", ada]), ada);
    let other = Desk::empty();
    let ran = other.run(&init);
    assert!(ran.code == 0 && !ran.err.contains("--as"), "{ran:?}");
}

#[test]
fn the_beginning_says_what_the_unnamed_operator_may_do() {
    let desk = Desk::empty();
    let ran = desk.run(&[
        "init",
        "--organisation",
        "Example Council (fictional)",
        "--operator",
        "Ada Sample",
        "--email",
        "ada@council.example",
    ]);
    let said = "only the first body that is top management stands on their word at once";
    assert!(ran.err.contains(said), "{ran:?}");
}
