//! The signing guard: where it may lie, what it remembers, and when it is accepted.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use crate::desk::{Desk, copy_folder, finish, person};
use crate::tamper::small;

fn guard_file(desk: &Desk) -> PathBuf {
    let mut files = fs::read_dir(desk.guard()).unwrap();
    files.next().unwrap().unwrap().path()
}

#[test]
fn a_guard_inside_the_data_directory_is_refused_however_it_is_named() {
    let desk = Desk::empty();
    symlink(desk.dir.path(), desk.dir.path().join("link")).unwrap();
    let init = ["init", "--organisation", "Example Council (fictional)"];
    let inside = [
        "data",
        "data/guard",
        "./data/../data/deep/guard",
        "link/data/guard",
    ];
    let with_guard = |guard: &str, args: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_minutebook"));
        command.current_dir(desk.dir.path());
        command
            .args(["--data", "data", "--guard", guard])
            .args(args);
        finish(command)
    };
    for guard in inside {
        let ran = with_guard(guard, &init);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{guard}: {ran:?}");
        let said = "would lie inside the data directory";
        assert!(ran.err.contains(said), "{guard}: {ran:?}");
        assert!(!desk.data().exists(), "{guard}");
    }
    desk.init(&[]);
    copy_folder(&desk.guard(), &desk.data().join("guard"));
    for args in [&["apply", "-"][..], &["guard", "accept", "--because", "x"]] {
        let ran = with_guard("data/guard", args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
        assert!(ran.err.contains("Name a directory outside it"), "{ran:?}");
    }
    // Beside it, under a name that begins alike.
    fs::rename(
        desk.data().join("guard"),
        desk.dir.path().join("data-guard"),
    )
    .unwrap();
    assert_eq!(with_guard("data-guard", &["apply", "-"]).code, 0);
}

#[test]
fn whoever_reads_is_told_of_a_guard_inside_the_data_directory() {
    let desk = Desk::simulated();
    let base = desk.dir.path();
    copy_folder(&desk.guard(), &desk.data().join("guard"));
    symlink(base, base.join("link")).unwrap();
    // Outside by its name, its file a link to inside.
    fs::create_dir(base.join("linked")).unwrap();
    let file = guard_file(&desk);
    let name = file.file_name().unwrap();
    symlink(
        desk.data().join("guard").join(name),
        base.join("linked").join(name),
    )
    .unwrap();
    let run = |guard: &str, args: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_minutebook"));
        command
            .current_dir(base)
            .args(["--data", "data", "--guard", guard]);
        command.args(args);
        finish(command)
    };
    let commands: [&[&str]; 4] = [&["verify"], &["status"], &["guard"], &["backup"]];
    for (number, guard) in [
        "data/guard",
        "./data/../data/guard",
        "link/data/guard",
        "linked",
    ]
    .into_iter()
    .enumerate()
    {
        for command in commands {
            let copy = format!("copy-{number}");
            let backup = ["backup", &copy];
            let command = if command == ["backup"] {
                &backup[..]
            } else {
                command
            };
            let ran = run(guard, command);
            let told = format!("{}{}", ran.out, ran.err);
            for said in ["WARNING: The signing guard", "It guards nothing there"] {
                assert!(told.contains(said), "{guard} {command:?} {ran:?}");
            }
            // What was asked for is answered all the same.
            assert_eq!(ran.code, i32::from(command == ["status"]), "{ran:?}");
        }
        for command in ["verify", "status"] {
            let warning = run(guard, &["--json", command]).json()["warning"].clone();
            let said = warning.as_str().unwrap();
            assert!(said.starts_with("WARNING: The signing guard"), "{said}");
        }
        let ran = run(guard, &["apply", "-"]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{guard} {ran:?}");
    }
}

#[test]
fn nobody_is_warned_of_a_guard_that_lies_outside() {
    let desk = Desk::simulated();
    for command in ["verify", "status"] {
        let ran = desk.run(&["--json", command]);
        assert!(ran.json().get("warning").is_none(), "{ran:?}");
    }
}

#[test]
fn earlier_checkpoints_that_were_taken_out_are_noticed_though_their_number_was_mended() {
    let desk = small();
    desk.done(&[person(9, "zoe")]);
    let text = fs::read_to_string(guard_file(&desk)).unwrap();
    assert!(text.ends_with("\ncheckpoints 4\n"), "{text}");
    let edit = "DELETE FROM checkpoint WHERE size < 8;
        UPDATE meta SET value = (SELECT CAST(count(*) AS TEXT) FROM checkpoint)";
    desk.put_back_after(|desk| {
        desk.database().execute_batch(edit).unwrap();
        let ran = desk.verify();
        assert_eq!(ran.code, 1, "{ran:?}");
        let said = "the guard remembers 3 checkpoints signed before 9 entries, and 1 are kept";
        assert_eq!(ran.json()["failures"][0]["detail"], said, "{ran:?}");
        for args in [&["apply", "-"][..], &["guard", "accept", "--because", "x"]] {
            let ran = desk.run(args);
            assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
            assert!(ran.err.contains(said), "{ran:?}");
        }
    });
    desk.done(&[person(10, "yan")]);
    desk.holds();
}

#[test]
fn a_guard_that_counted_nothing_is_read_and_counts_from_the_next_signature_on() {
    let desk = small();
    let path = guard_file(&desk);
    let counted = fs::read_to_string(&path).unwrap();
    let (uncounted, _) = counted.split_once("checkpoints").unwrap();
    fs::write(&path, uncounted).unwrap();
    desk.holds();
    desk.done(&[person(9, "zoe")]);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.ends_with("\ncheckpoints 4\n"), "{text}");
    desk.holds();
}

#[test]
fn a_guard_that_is_sound_is_not_accepted_again() {
    let desk = Desk::simulated();
    let before = desk.head();
    let ran = desk.run(&["guard", "accept", "--because", "To be sure."]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    let said = "neither missing nor behind: there is nothing to accept";
    assert!(ran.err.contains(said), "{ran:?}");
    assert_eq!(desk.head(), before);
    fs::remove_dir_all(desk.guard()).unwrap();
    let accept = ["guard", "accept", "--because", "A new disk."];
    assert_eq!(desk.run(&accept).code, 0);
    assert_eq!(desk.run(&accept).code, 2);
    desk.done(&[person(1, "bea")]);
    desk.holds();
}

#[test]
fn what_verify_found_before_it_had_to_stop_stays_told() {
    let desk = Desk::simulated();
    fs::write(guard_file(&desk), "no mark").unwrap();
    let mut command = desk.command(&["verify", "--json"]);
    command.env("TMPDIR", desk.dir.path().join("missing"));
    let ran = crate::desk::finish(command);
    assert_eq!(ran.code, 1, "{ran:?}");
    let report = ran.json();
    let whats: Vec<&str> = report["failures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["what"].as_str().unwrap())
        .collect();
    assert_eq!(whats, ["the signing guard", "the verification stopped"]);
    assert_eq!(report["complete"], false);
    // Where nothing was found by then it could not run, and that is all there is to say.
    let sound = Desk::simulated();
    let mut command = sound.command(&["verify", "--json"]);
    command.env("TMPDIR", sound.dir.path().join("missing"));
    assert_eq!(crate::desk::finish(command).code, 2);
}

#[test]
fn a_verification_that_damage_stopped_is_not_complete() {
    let desk = Desk::simulated();
    let database = rusqlite::Connection::open(desk.data().join("minutebook.db")).unwrap();
    database.execute_batch("DROP TABLE grp").unwrap();
    let ran = desk.verify();
    assert_eq!(ran.code, 1, "{ran:?}");
    let report = ran.json();
    let last = report["failures"].as_array().unwrap().last().unwrap();
    assert_eq!(last["what"], "what is stored cannot be read", "{ran:?}");
    assert!(report["failures"].as_array().unwrap().len() > 1, "{ran:?}");
    assert_eq!(report["complete"], false);
    let rest = "whatever was still to be checked: the verification stopped before that";
    assert_eq!(report["not_checked"], serde_json::json!([rest]));
}
