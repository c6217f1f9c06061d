//! What is read for people is what was recorded, or it is not handed out.

use std::fs;

use crate::desk::{Desk, Ran, id};
use crate::tamper::small;

/// The words of the third record, altered where they are kept.
const WORDS: &str = "UPDATE grp SET bytes = CAST(replace(CAST(bytes AS TEXT), 'find potholes', 'hide potholes') AS BLOB)";

/// Plays an edit, runs a command, and puts everything back.
fn after(desk: &Desk, edit: &str, args: &[&str]) -> Ran {
    desk.put_back_after(|desk| {
        desk.database().execute_batch(edit).unwrap();
        desk.run(args)
    })
}

#[track_caller]
fn not_handed_out(ran: &Ran, said: &str) {
    assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
    assert!(ran.err.contains(said), "{ran:?}");
}

#[test]
fn a_record_whose_words_were_altered_is_not_shown() {
    let desk = small();
    let shown = ["record", "show", &id(3)];
    assert!(desk.run(&shown).out.contains("find potholes"));
    let edits = [
        (WORDS, "group"),
        (
            "UPDATE grp SET bytes = CAST(replace(CAST(bytes AS TEXT), '\"who\":', '\"how\":') AS BLOB) WHERE name = 'act'",
            "group act",
        ),
        (
            "UPDATE grp SET bytes = CAST(replace(CAST(bytes AS TEXT), 'bought', 'leased') AS BLOB) WHERE name = 'facts'",
            "facts",
        ),
        (
            "UPDATE entry SET bytes = CAST(replace(CAST(bytes AS TEXT), 'act put', 'act pit') AS BLOB) WHERE seq = 4",
            "entry 4",
        ),
        (
            "UPDATE entry SET bytes = CAST(replace(CAST(bytes AS TEXT), 'time_unix_ms 1', 'time_unix_ms 2') AS BLOB) WHERE seq = 4",
            "the root that was signed",
        ),
        (
            "INSERT INTO grp SELECT log, seq, 'other', commitment, bytes, mark FROM grp WHERE name = 'words'",
            "other",
        ),
        (
            "DELETE FROM entry WHERE seq = 4; DELETE FROM grp WHERE seq = 4",
            "entry 4 is missing",
        ),
    ];
    for (edit, said) in edits {
        for word in ["show", "history"] {
            let ran = after(&desk, edit, &["record", word, &id(3)]);
            not_handed_out(&ran, said);
            assert!(ran.err.contains("minutebook verify"), "{edit}: {ran:?}");
        }
    }
    let listed = after(&desk, WORDS, &["record", "list", "ai_system"]);
    not_handed_out(&listed, "group");
}

#[test]
fn a_title_that_was_altered_beside_the_words_is_not_what_a_record_is_called() {
    let desk = small();
    let edit = "UPDATE record SET title = 'Forged'";
    for args in [
        &["record", "show", &id(3)][..],
        &["record", "list", "ai_system"],
    ] {
        let ran = after(&desk, edit, args);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.out.contains("Pavelook"), "{ran:?}");
        assert!(!ran.out.contains("Forged"), "{ran:?}");
    }
}

#[test]
fn a_title_that_was_altered_beside_the_words_is_in_no_status() {
    let desk = small();
    let told = |ran: &Ran| {
        assert_eq!(ran.code, 1, "{ran:?}");
        ran.out.clone()
    };
    let asked: [&[&str]; 2] = [&["status", "--json"], &["status", "--as-of", "2026-01-05"]];
    for args in asked {
        let sound = told(&desk.run(args));
        assert!(sound.contains("Cabinet"), "{sound}");
        let edit = "UPDATE record SET title = 'Forged' WHERE kind <> 'ai_system'";
        assert_eq!(told(&after(&desk, edit, args)), sound);
        // With words that are not as they were recorded it goes on, without what they call it.
        let words = "UPDATE grp SET bytes = CAST(replace(CAST(bytes AS TEXT), 'Cabinet', 'Cabaret') AS BLOB) WHERE name = 'words'";
        let altered = told(&after(&desk, words, args));
        assert!(!altered.contains("Cabaret"), "{altered}");
        assert!(altered.contains("(not as it was recorded)"), "{altered}");
    }
}

#[test]
fn a_file_whose_bytes_were_altered_is_not_given_back() {
    let desk = Desk::simulated();
    let minutes = desk.file("minutes.txt", b"The scope was approved.");
    let hash = desk.run(&["file", "add", minutes.to_str().unwrap()]).out;
    let hash = hash.trim();
    let stored = desk.data().join("files").join(&hash[..2]).join(hash);
    for bytes in [&b"The scope was refused!!"[..], b""] {
        fs::write(&stored, bytes).unwrap();
        let ran = desk.run(&["file", "get", hash, "out.txt"]);
        not_handed_out(&ran, "is damaged: restore it from a backup");
        assert!(!desk.dir.path().join("out.txt").exists());
    }
    fs::write(&stored, b"The scope was approved.").unwrap();
    assert_eq!(desk.run(&["file", "get", hash, "out.txt"]).code, 0);
}

#[test]
fn entries_that_do_not_make_the_root_leave_without_a_checkpoint() {
    let desk = small();
    let edits = [
        "UPDATE entry SET bytes = CAST(replace(CAST(bytes AS TEXT), 'act put', 'act pit') AS BLOB) WHERE seq = 4",
        "UPDATE entry SET bytes = (SELECT bytes FROM entry WHERE seq = 3) WHERE seq = 7",
        "UPDATE checkpoint SET note = replace(note, 'minutebook', 'minutebooc')",
    ];
    for (index, edit) in edits.iter().enumerate() {
        let out = format!("log-{index}");
        let ran = after(&desk, edit, &["log", "export", &out]);
        not_handed_out(&ran, "checkpoint");
        assert!(!desk.dir.path().join(&out).join("checkpoint").exists());
    }
    assert_eq!(desk.run(&["log", "export", "log"]).code, 0);
}

#[test]
fn a_file_is_given_to_stdout_and_today_is_a_day_to_ask_about() {
    let desk = Desk::simulated();
    desk.file("minutes.txt", b"The scope\x00 was approved.\n");
    let hash = desk.run(&["file", "add", "minutes.txt"]).out;
    let ran = desk.run(&["file", "get", hash.trim(), "-"]);
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (0, "The scope\0 was approved.\n")
    );
    assert!(!desk.dir.path().join("-").exists());
    let (now, today) = (["status", "--as-of", "now"], ["status", "--as-of", "today"]);
    assert_eq!(desk.run(&today).out, desk.run(&now).out);
}
