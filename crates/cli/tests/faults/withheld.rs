//! What packs withhold and what leaves though it is marked: said to whoever makes one, and to
//! whoever verifies it.

use std::fs;

use serde_json::{Value, json};

use crate::desk::{Desk, Ran};
use crate::governed::{SYSTEM, attestation, governed, moved, policy, put, refused, with};

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

/// Returns whether a pack holds these words anywhere: its members are stored as they are.
fn says(desk: &Desk, pack: &str, words: &str) -> bool {
    let bytes = fs::read(desk.dir.path().join(pack)).unwrap();
    bytes.windows(words.len()).any(|at| at == words.as_bytes())
}

#[test]
fn what_was_withdrawn_first_is_marked_afterwards_and_leaves_in_no_pack() {
    let desk = governed();
    let words = [
        "Advice on Jane Roe",
        "Settle before June.",
        "Counsel wrote it.",
    ];
    let mut advice = policy();
    advice["title"] = json!(words[0]);
    advice["text"] = json!(words[1]);
    let withdraw = |number: u32| moved(number, 1, "withdraw", json!({"because": words[2]}));
    let done = desk.done(&[put("policy", 31, advice), withdraw(31)]);
    let first = done[0]["seq"].as_u64().unwrap();
    verified(&desk, "before.zip", &[]);
    assert!(words.iter().all(|words| says(&desk, "before.zip", words)));
    desk.done(&[marks(31, "words", "privileged")]);
    let ran = verified(&desk, "after.zip", &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for words in words {
        assert!(!says(&desk, "after.zip", words), "{words}");
    }
    let groups = listed(&desk, "after.zip").into_iter();
    let groups: Vec<(u64, String)> = groups.map(|(seq, group, ..)| (seq, group)).collect();
    let withheld = [first, first + 1].map(|seq| (seq, "words".to_owned()));
    assert_eq!(groups, withheld);
    let named = "version 1 of policy \"withheld\" was withdrawn on 5 January 2026 by the local \
        operator: reason withheld\n";
    let readme = readme(&desk, "after.zip");
    assert!(readme.contains(named), "{readme}");
    // Nothing else is done on it.
    let keep = json!({"because": "Still right.", "next_review": "2027-01-05"});
    refused(
        &desk,
        &[(moved(31, 1, "keep", keep), "withdrawn", "/version")],
    );
    desk.holds();
}

#[test]
fn the_reason_of_a_withdrawal_is_marked_where_the_version_had_no_words_itself() {
    let desk = governed();
    let because = "Entered for Jane Roe.";
    desk.done(&[
        put("attestation", 31, attestation("2026-01-05")),
        moved(31, 1, "withdraw", json!({"because": because})),
        marks(31, "words", "exempt"),
    ]);
    let ran = verified(&desk, "reason.zip", &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(!says(&desk, "reason.zip", because));
    // And of a kind with very many records.
    desk.done(&[
        moved(SYSTEM, 1, "withdraw", json!({"because": because})),
        marks(SYSTEM, "words", "exempt"),
    ]);
    let ran = verified(&desk, "system.zip", &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(!says(&desk, "system.zip", because));
}

#[test]
fn the_reply_to_a_withdrawal_says_what_leaves_in_packs_all_the_same() {
    let desk = governed();
    let withdraw = |number: u32| moved(number, 1, "withdraw", json!({"because": "In error."}));
    let done = desk.done(&[
        put("policy", 31, policy()),
        withdraw(31),
        put("policy", 32, policy()),
        marks(32, "words", "privileged"),
        withdraw(32),
        // A mark made with the version covers its own entry alone: the reason leaves.
        with(
            put("policy", 33, policy()),
            "marks",
            mark("words", "exempt", "A ground"),
        ),
        withdraw(33),
        withdraw(SYSTEM),
    ]);
    let leaves = |line: &Value| {
        let notes = line["notes"].as_array().cloned().unwrap_or_default();
        let note = notes
            .into_iter()
            .find(|one| one["code"] == "leaves_withdrawn");
        note.map(|note| note["message"].as_str().unwrap().to_owned())
    };
    let words = "Version 1 stays in packs, named as withdrawn, with what its group `words` \
        says and the reason for the withdrawal.";
    let reason =
        "Version 1 stays in packs, named as withdrawn, with the reason for the withdrawal.";
    assert_eq!(leaves(&done[1]).as_deref(), Some(words));
    assert_eq!(leaves(&done[4]), None);
    assert_eq!(leaves(&done[6]).as_deref(), Some(reason));
    assert_eq!(leaves(&done[7]).as_deref(), Some(words));
    let hint = done[1]["notes"][0]["hint"].as_str().unwrap();
    assert!(hint.contains("make the move `mark` on version 1"), "{hint}");
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
