//! Two processes that do the same at once: one does it, and the other is told.

use std::fs;
use std::io::{BufRead, BufReader, Write};

use crate::desk::{Desk, id, person};
use crate::governed::*;

#[test]
fn of_two_that_approve_one_version_at_once_one_does_and_the_other_is_told() {
    for round in 0..3 {
        let desk = governed();
        let number = 31;
        desk.done(&[by(put("policy", number, policy()), "ada")]);
        let before = desk.head().0;
        let of = id(number);
        let approve = |who: &str| {
            let who = format!("{who}@council.example");
            let approve = ["--json", "--as", &who, "record", "move", &of, "approve"];
            desk.start(&[&approve[..], &["--version", "1"]].concat())
        };
        let both = [approve("bea"), approve("cai")].map(|child| {
            let output = child.wait_with_output().unwrap();
            let said = String::from_utf8(output.stdout).unwrap();
            (output.status.code().unwrap(), said)
        });
        let done = both.iter().filter(|(code, _)| *code == 0).count();
        assert_eq!(done, 1, "round {round}: {both:?}");
        let (code, told) = both.iter().find(|(code, _)| *code != 0).unwrap();
        // Told by the rules, or that somebody else writes just now.
        let is_told = match code {
            1 => told.contains("\"ok\":false") && told.contains("\"hint\""),
            _ => *code == 2 && told.contains("being written to"),
        };
        assert!(is_told, "round {round}: {both:?}");
        assert_eq!(desk.head().0, before + 1, "round {round}");
        desk.holds();
    }
}

#[test]
fn a_writer_whose_lock_was_taken_away_stops_before_a_second_can_cross_it() {
    let desk = Desk::simulated();
    let mut first = desk.start(&["apply", "-"]);
    let mut stdin = first.stdin.take().unwrap();
    let mut out = BufReader::new(first.stdout.take().unwrap());
    let mut line = String::new();
    writeln!(stdin, "{}", person(1, "bea")).unwrap();
    out.read_line(&mut line).unwrap();
    assert!(line.contains("\"ok\":true"), "{line}");
    fs::remove_file(desk.data().join("lock")).unwrap();
    desk.done(&[person(2, "cai")]);
    let head = desk.head();
    // The second left a lock of its own; a third may hold it.
    writeln!(stdin, "{}", person(3, "dot")).unwrap();
    drop((stdin, out));
    let ended = first.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(2));
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(said.contains("was removed or replaced"), "{said}");
    assert_eq!(desk.head(), head);
    desk.done(&[person(3, "dot")]);
    desk.holds();
}

#[test]
fn what_is_no_file_in_the_place_of_one_is_named_and_not_waited_for() {
    let desk = Desk::simulated();
    let minutes = desk.file("minutes.txt", b"The scope was approved.");
    let hash = desk.run(&["file", "add", minutes.to_str().unwrap()]).out;
    let hash = hash.trim();
    let kept = desk.data().join("files").join(&hash[..2]).join(hash);
    fs::remove_file(&kept).unwrap();
    let pipe = std::process::Command::new("mkfifo").arg(&kept).status();
    assert!(pipe.unwrap().success());
    for number in 0..2 {
        let ran = desk.verify();
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(ran.out.contains(hash), "{ran:?}");
        let ran = desk.run(&["file", "get", hash, "out.txt"]);
        assert_eq!(ran.code, 1, "{ran:?}");
        let ran = desk.run(&["backup", &format!("copy-{number}")]);
        assert_eq!(ran.code, 1, "{ran:?}");
        if number == 0 {
            fs::remove_file(&kept).unwrap();
            fs::create_dir(&kept).unwrap();
        }
    }
}
