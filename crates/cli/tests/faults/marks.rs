//! Marks: on what is there and may be marked, with a basis that reaches the pack.

use std::io::{BufRead, BufReader, Read, Write};

use serde_json::{Value, json};

use crate::desk::{Desk, id};
use crate::governed::{governed, moved, policy, put, refused, with};

fn marked(name: &str) -> Value {
    json!({name: {"as": "privileged", "basis": "Advice of 5 January", "review_by": "2027-01-05"}})
}

/// Returns a member of a pack as text.
fn member(desk: &Desk, pack: &str, name: &str) -> String {
    let file = std::fs::File::open(desk.dir.path().join(pack)).unwrap();
    let mut pack = pack::PackReader::open(file).unwrap();
    String::from_utf8(pack.member(name).unwrap().unwrap()).unwrap()
}

#[test]
fn facts_are_never_marked_and_a_mark_on_nothing_is_refused() {
    let desk = governed();
    let marks = |name| with(put("policy", 31, policy()), "marks", marked(name));
    let by_move = |name| moved(30, 1, "mark", json!({"marks": marked(name)}));
    desk.done(&[put("policy", 30, policy())]);
    refused(
        &desk,
        &[
            (marks("facts"), "never_marked", "/marks/facts"),
            (marks("wrods"), "marks_nothing", "/marks/wrods"),
            (by_move("facts"), "never_marked", "/body/marks/facts"),
            (by_move("wrods"), "marks_nothing", "/body/marks/wrods"),
        ],
    );
    desk.done(&[marks("words"), by_move("words"), by_move("act")]);
}

#[test]
fn what_was_marked_later_is_withheld_on_its_own_basis_and_the_pack_verifies() {
    let desk = governed();
    desk.done(&[
        put("policy", 31, policy()),
        moved(31, 1, "mark", json!({"marks": marked("words")})),
    ]);
    let key = desk.run(&["key"]);
    desk.file("key.txt", key.out.as_bytes());
    let ran = desk.run(&["pack", "marked.zip"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let withheld: Value =
        serde_json::from_str(&member(&desk, "marked.zip", "withheld.json")).unwrap();
    let group = &withheld["groups"][0];
    assert_eq!(group["group"], "words", "{withheld}");
    assert_eq!(group["basis"], "Advice of 5 January");
    assert_eq!(group["review_by"], "2027-01-05");
    let ran = desk.run(&["verify", "marked.zip", "--key", "key.txt"]);
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn a_pack_names_what_was_withdrawn_with_reason_date_and_who() {
    let desk = governed();
    desk.done(&[
        put("policy", 31, policy()),
        moved(
            31,
            1,
            "withdraw",
            json!({"because": "Typed into the wrong ledger."}),
        ),
    ]);
    let ran = desk.run(&["pack", "withdrawn.zip"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let readme = member(&desk, "withdrawn.zip", "README.txt");
    for told in [
        "ENTERED IN ERROR",
        "Typed into the wrong ledger.",
        "5 January 2026",
    ] {
        assert!(readme.contains(told), "{told}: {readme}");
        assert!(
            told.starts_with("ENTERED") || ran.out.contains(told),
            "{told}: {ran:?}"
        );
    }
}

#[test]
fn apply_answers_each_line_before_the_next_is_written() {
    let desk = governed();
    let mut child = desk.start(&["apply", "-"]);
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    for number in 41..44 {
        writeln!(input, "{}", put("policy", number, policy())).unwrap();
        input.flush().unwrap();
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(answer["id"], id(number), "{line}");
    }
    drop(input);
    let mut rest = String::new();
    output.read_to_string(&mut rest).unwrap();
    assert_eq!((rest.as_str(), child.wait().unwrap().code()), ("", Some(0)));
}
