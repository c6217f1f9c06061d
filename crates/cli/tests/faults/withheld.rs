//! What packs withhold and what leaves though it is marked: said to whoever makes one, and to
//! whoever verifies it.

use std::fs;

use serde_json::{Value, json};

use crate::desk::{Desk, Ran};
use crate::governed::{SYSTEM, governed, moved, policy, put, with};

fn mark(name: &str, mark: &str, basis: &str) -> Value {
    json!({name: {"as": mark, "basis": basis}})
}

fn marks(number: u32, name: &str, how: &str) -> Value {
    let basis = format!("Why it is {how}");
    let marks = mark(name, how, &basis);
    moved(number, 1, "mark", json!({"marks": marks}))
}

/// Makes a pack, and verifies it with the log's key.
fn verified(desk: &Desk, pack: &str, more: &[&str]) -> Ran {
    let ran = desk.run(&[&["pack", pack], more].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    desk.file("key.txt", desk.run(&["key"]).out.as_bytes());
    desk.run(&["--json", "verify", pack, "--key", "key.txt"])
}

/// Returns the entry, group, mark and basis of each group that a pack lists as withheld.
fn listed(desk: &Desk, pack: &str) -> Vec<(u64, String, String, String)> {
    let file = fs::File::open(desk.dir.path().join(pack)).unwrap();
    let mut pack = pack::PackReader::open(file).unwrap();
    let mut groups = Vec::new();
    pack.withheld(&mut |item| {
        if let pack::withheld::Withheld::Group(one) = item {
            groups.push((one.seq, one.group, one.mark, one.basis));
        }
        Ok(())
    })
    .unwrap();
    groups
}

fn readme(desk: &Desk, pack: &str) -> String {
    let file = fs::File::open(desk.dir.path().join(pack)).unwrap();
    let mut pack = pack::PackReader::open(file).unwrap();
    String::from_utf8(pack.member("README.txt").unwrap().unwrap()).unwrap()
}

/// Returns a ledger with marks of every sort, and the number of its entries before them.
fn marked() -> (Desk, u64) {
    let desk = governed();
    let system = |number: u32| {
        let body = json!({"title": "Quillo", "purpose": "Letters."});
        put("ai_system", number, body)
    };
    let before = desk.head().0;
    desk.done(&[
        // Marked when put, and by a move; of a kind with very many records and of one with few.
        with(system(41), "marks", mark("words", "privileged", "Advice")),
        system(42),
        marks(42, "words", "exempt"),
        with(
            put("policy", 43, policy()),
            "marks",
            mark("words", "exempt", "A duty"),
        ),
        put("policy", 44, policy()),
        marks(44, "words", "privileged"),
        // Released by the last mark.
        with(system(45), "marks", mark("words", "exempt", "A duty")),
        marks(45, "words", "confidential"),
        // The basis of this one stands in what it withholds.
        put("policy", 46, policy()),
        marks(46, "act", "privileged"),
    ]);
    (desk, before)
}

#[test]
fn every_mark_withholds_as_the_verifier_makes_it_again() {
    let (desk, first) = marked();
    let ran = verified(&desk, "marked.zip", &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let not_here = "stated in a group that is not in this pack itself";
    let expected = [
        (0, "words", "privileged", "Advice"),
        (1, "words", "exempt", "Why it is exempt"),
        (3, "words", "exempt", "A duty"),
        (4, "words", "privileged", "Why it is privileged"),
        (8, "act", "privileged", not_here),
        (9, "act", "privileged", not_here),
    ];
    let text = str::to_owned;
    let expected = expected
        .map(|(seq, group, mark, basis)| (first + seq, text(group), text(mark), text(basis)));
    assert_eq!(listed(&desk, "marked.zip"), expected);
    let said = ran.json();
    assert_eq!(said["groups"]["withheld"], 6, "{said}");
    assert_eq!(said["groups"]["erased"], 0, "{said}");
    assert!(said["groups"]["disclosed"].as_u64().unwrap() > 20, "{said}");
    assert_eq!(
        said["files"],
        json!({"disclosed": 0, "withheld": 0}),
        "{said}"
    );
    let ran = desk.run(&["verify", "marked.zip", "--key", "key.txt"]);
    assert!(
        ran.out
            .contains(" groups disclosed, 6 withheld; 0 files disclosed\n"),
        "{ran:?}"
    );
    // In place there is nothing to withhold, and nothing is counted.
    let ran = desk.run(&["--json", "verify"]);
    assert_eq!(
        (&ran.json()["groups"], &ran.json()["files"]),
        (&Value::Null, &Value::Null)
    );
}

#[test]
fn the_reason_of_a_withdrawal_is_named_only_where_it_leaves() {
    let desk = governed();
    desk.done(&[
        put("policy", 31, policy()),
        marks(31, "words", "privileged"),
        moved(31, 1, "withdraw", json!({"because": "Counsel wrote it."})),
    ]);
    let ran = verified(&desk, "withdrawn.zip", &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let readme = readme(&desk, "withdrawn.zip");
    assert!(!readme.contains("Counsel wrote it."), "{readme}");
    assert!(
        readme.contains("was withdrawn on 5 January 2026 by "),
        "{readme}"
    );
    assert!(readme.contains(": reason withheld\n"), "{readme}");
}

#[test]
fn a_withdrawal_recorded_later_is_named_by_who_made_it_and_not_why() {
    let desk = governed();
    let last = desk.head().0 - 1;
    let known = format!("#{last}");
    desk.done(&[moved(
        SYSTEM,
        1,
        "withdraw",
        json!({"because": "Typed twice."}),
    )]);
    let ran = verified(&desk, "before.zip", &["--as-of", &known]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let readme = readme(&desk, "before.zip");
    let named = format!(
        "entry {}: version 1 of ai_system \"Pavelook\" was withdrawn on 5 January 2026 by the local operator: reason withheld: after {known}\n",
        last + 1
    );
    assert!(readme.contains(&named), "{readme}");
    let ran = desk.run(&["--json", "pack", "--list", "--as-of", &known]);
    let withdrawn = &ran.json()["withdrawn"][0];
    assert_eq!(
        (
            &withdrawn["seq"],
            &withdrawn["because"],
            &withdrawn["after"]
        ),
        (&json!(last + 1), &Value::Null, &json!(known)),
        "{ran:?}"
    );
}

/// Adds a file to the ledger and returns its hash.
fn file(desk: &Desk, name: &str) -> String {
    let path = desk.file(name, name.as_bytes());
    let ran = desk.run(&["file", "add", path.to_str().unwrap()]);
    ran.out.trim().to_owned()
}

#[test]
fn a_withheld_file_is_no_checked_file() {
    let desk = governed();
    let hashes = [file(&desk, "advice.txt"), file(&desk, "policy.txt")];
    let body = |hash: &str| json!({"title": "AI policy", "file": hash, "contents": {}});
    desk.done(&[
        put("policy", 31, body(&hashes[0])),
        put("policy", 32, body(&hashes[1])),
        marks(31, &hashes[0], "privileged"),
        marks(32, &hashes[1], "confidential"),
    ]);
    let ran = verified(&desk, "withheld.zip", &[]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let said = ran.json();
    assert_eq!(
        (&said["verified"], &said["complete"]),
        (&json!(true), &json!(false))
    );
    let not_checked = "1 file withheld: listed with a basis, the bytes are not here";
    assert_eq!(said["not_checked"], json!([not_checked]), "{said}");
    assert_eq!(
        said["files"],
        json!({"disclosed": 1, "withheld": 1}),
        "{said}"
    );
    let ran = desk.run(&["verify", "withheld.zip", "--key", "key.txt"]);
    assert!(
        ran.out.contains("; 1 file disclosed, 1 withheld\n"),
        "{ran:?}"
    );
    let ran = desk.run(&["pack", "--list"]);
    assert!(ran.err.contains("that it is not complete"), "{ran:?}");
    let readme = readme(&desk, "withheld.zip");
    assert!(
        readme.contains("  1 file marked confidential\n"),
        "{readme}"
    );
}
