//! A key is of one Command by one person: what is handed in again is told as that.

use std::fs::File;
use std::process::Stdio;

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::desk::{Desk, id, person};
use crate::governed::{by, with};

#[test]
fn a_key_covers_who_acts() {
    let desk = Desk::simulated();
    desk.done(&[person(1, "bea"), person(2, "cai")]);
    desk.file("dot.json", br#"{"name": "Dot (fictional)"}"#);
    let put = ["record", "put", "person", "dot.json", "--key", "dot-1"];
    let as_one = |name: &str| {
        let email = format!("{name}@council.example");
        desk.run(&[&["--as", &email], &put[..]].concat())
    };
    let first = as_one("bea");
    assert_eq!(first.code, 0, "{first:?}");
    assert!(first.err.contains("Recorded: version 1"), "{first:?}");
    let again = as_one("bea");
    assert_eq!(again.json(), first.json());
    let said = "Recorded before, and not again: version 1";
    assert!(again.err.contains(said), "{again:?}");
    let head = desk.head();
    for other in [as_one("cai"), desk.run(&put)] {
        assert_eq!((other.code, other.out.as_str()), (1, ""), "{other:?}");
        let said = "This key was used before, by somebody else.";
        assert!(other.err.contains(said), "{other:?}");
    }
    assert_eq!(desk.head(), head);
}

#[test]
fn whoever_a_command_names_acts_whatever_is_typed() {
    let desk = Desk::simulated();
    desk.done(&[person(1, "bea")]);
    let put =
        json!({"do": "put", "kind": "person", "id": id(3), "key": "eve", "body": {"name": "Eve"}});
    let command = format!("{}\n", by(put.clone(), "bea"));
    let file = desk.file("one.ndjson", command.as_bytes());
    let file = file.to_str().unwrap();
    let first = desk.run(&["apply", file]);
    let again = desk.run(&["--as", "ada@council.example", "apply", file]);
    assert_eq!(first.code, 0, "{first:?}");
    assert_eq!(again.out, first.out, "{again:?}");
    let unnamed = desk.apply(std::slice::from_ref(&put));
    assert_eq!(unnamed.json()["refusal"]["code"], "key_reused");
    let other = desk.apply(&[with(put, "as", "ada@council.example")]);
    assert_eq!(other.json()["refusal"]["code"], "key_reused");
}

#[test]
fn results_that_cannot_be_written_leave_it_said_what_is_recorded() {
    let desk = Desk::simulated();
    let refused = with(person(2, "cai"), "kind", "nothing");
    let lines = [person(1, "bea"), refused, person(3, "dot")];
    let lines: String = lines.iter().map(|one| format!("{one}\n")).collect();
    desk.file("people.ndjson", lines.as_bytes());
    let mut apply = desk.command(&["apply", "people.ndjson"]);
    apply.stdout(Stdio::from(
        File::options().write(true).open("/dev/full").unwrap(),
    ));
    let ran = apply.output().unwrap();
    let err = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(2), "{err}");
    for said in [
        "the results could not be written: No space left on device.",
        "Whatever the command recorded is there all the same: 2 lines up to line 3 are recorded, 1 refused, and nothing after line 3 was recorded.",
        "Apply again only lines that have a `key`",
    ] {
        assert!(err.contains(said), "{err}");
    }
    assert!(!err.contains("try again"), "{err}");
    assert_eq!(desk.head().0, 5);
}

#[test]
fn a_file_that_holds_no_command_is_said_to_hold_none() {
    let desk = Desk::simulated();
    desk.file("none.ndjson", b"\n\n");
    let next = "nothing was recorded. A Command is one line of JSON; `minutebook apply --help` says \
        how it is written.\n";
    for (ran, what) in [
        (desk.run(&["apply", "none.ndjson"]), "none.ndjson"),
        (desk.apply_bytes(b"\n"), "stdin"),
    ] {
        // Nothing was refused, and it ran.
        assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{ran:?}");
        assert_eq!(ran.err, format!("{what} holds no Command: {next}"));
    }
}

/// Returns the digests of content in a ledger's facts, of what was handed in under a key.
fn digests(desk: &Desk, key: &str) -> Vec<String> {
    let database = rusqlite::Connection::open(desk.data().join("minutebook.db")).unwrap();
    let sql = "SELECT bytes FROM grp WHERE name = 'facts'";
    let mut statement = database.prepare(sql).unwrap();
    let groups = statement.query_map([], |row| row.get::<_, Vec<u8>>(0));
    let facts = groups.unwrap().map(|group| {
        let group = group.unwrap();
        let json = group.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        serde_json::from_slice::<serde_json::Value>(&group[json..]).unwrap()
    });
    let sha = |text: &[u8]| hex::encode(Sha256::digest(text));
    facts
        .filter(|facts| facts["key"]["key"] == sha(key.as_bytes()))
        .map(|facts| facts["key"]["content"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn what_a_command_said_cannot_be_guessed_back_from_its_digest() {
    let put =
        json!({"do": "put", "kind": "person", "id": id(3), "key": "eve", "body": {"name": "Eve"}});
    let told = [(); 2].map(|()| {
        let desk = Desk::simulated();
        desk.done(std::slice::from_ref(&put));
        let told = digests(&desk, "eve");
        assert_eq!(told.len(), 1);
        // It serves the one who holds the log's key: a repeat is known.
        let again = desk.apply(std::slice::from_ref(&put));
        assert_eq!((again.code, again.json()["ok"].as_bool()), (0, Some(true)));
        assert_eq!(digests(&desk, "eve"), told);
        told
    });
    assert_ne!(told[0], told[1], "two ledgers have two secrets");
    let typed: record::command::Put = serde_json::from_value({
        let mut put = put;
        put.as_object_mut().unwrap().remove("do");
        put
    })
    .unwrap();
    let guessed = hex::encode(Sha256::digest(typed.content().unwrap()));
    assert!(told.iter().all(|told| *told != [guessed.as_str()]));
}
