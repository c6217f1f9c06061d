//! Packs that are not as they were made, and the exit status that says so.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::desk::{Desk, Ran, person};
use crate::governed::governed;

fn check(desk: &Desk, pack: &Path, more: &[&str]) -> Ran {
    let mut args = vec!["--json", "verify", pack.to_str().unwrap()];
    args.extend(more);
    desk.run(&args)
}

/// Returns a governed ledger, its pack and its key in files beside it.
fn packed() -> Desk {
    let desk = governed();
    let key = desk.run(&["key"]);
    desk.file("key.txt", key.out.as_bytes());
    let ran = desk.run(&["pack", "sound.zip"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    desk
}

#[test]
fn a_byte_changed_anywhere_in_a_pack_is_refused() {
    let desk = packed();
    let path = desk.dir.path().join("sound.zip");
    let ran = check(&desk, &path, &["--key", "key.txt"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let sound = fs::read(&path).unwrap();
    // Each byte of a smaller one is changed where packs are made; here, from end to end.
    let places = (0..sound.len())
        .step_by(sound.len() / 40)
        .chain([sound.len() - 1]);
    for place in places {
        let mut changed = sound.clone();
        changed[place] ^= 1;
        let ran = check(
            &desk,
            &desk.file("changed.zip", &changed),
            &["--key", "key.txt"],
        );
        assert_eq!(ran.code, 1, "byte {place}: {ran:?}");
        assert_eq!(ran.json()["verified"], false, "byte {place}: {ran:?}");
        assert!(
            !ran.json()["failures"].as_array().unwrap().is_empty(),
            "{ran:?}"
        );
    }
}

#[test]
fn what_is_no_whole_pack_is_refused_and_what_cannot_be_read_is_said() {
    let desk = packed();
    let sound = fs::read(desk.dir.path().join("sound.zip")).unwrap();
    let more: Vec<u8> = sound.iter().copied().chain([0]).collect();
    for bytes in [&b""[..], b"no pack", &sound[..sound.len() / 2], &more] {
        let other = desk.file("other.zip", bytes);
        let ran = check(&desk, &other, &["--key", "key.txt"]);
        assert_eq!(ran.code, 1, "{ran:?}");
        assert_eq!(ran.json()["verified"], false, "{ran:?}");
        // It stopped before it came to the signatures, and says what else it did not come to.
        for (more, why) in [
            (
                &["--key", "key.txt"][..],
                "the verification stopped before them",
            ),
            (&[], "no key was given"),
        ] {
            let said = check(&desk, &other, more).json()["not_checked"].to_string();
            for what in [why, "every entry", "every group, file and proof"] {
                assert!(said.contains(what), "{what:?} is not said: {said}");
            }
        }
    }
    for (pack, key) in [("nowhere.zip", "key.txt"), ("sound.zip", "nowhere.txt")] {
        let ran = check(&desk, Path::new(pack), &["--key", key]);
        assert_eq!(ran.code, 2, "{ran:?}");
    }
    desk.file("nonsense.txt", b"no key");
    let ran = check(&desk, Path::new("sound.zip"), &["--key", "nonsense.txt"]);
    assert_eq!(ran.code, 2, "{ran:?}");
}

#[test]
fn no_pack_is_made_of_answers_that_the_records_do_not_make() {
    let desk = packed();
    let kept = rusqlite::Connection::open(desk.data().join("minutebook.db")).unwrap();
    let taken = kept.execute("DELETE FROM verdict", []).unwrap();
    assert!(taken > 0);
    drop(kept);
    assert_ne!(desk.verify().code, 0);
    let ran = desk.run(&["pack", "other.zip"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("minutebook verify"), "{ran:?}");
    assert!(!desk.dir.path().join("other.zip").exists());
}

#[test]
fn a_pack_without_its_own_logs_key_is_no_success() {
    let desk = packed();
    let ran = check(&desk, Path::new("sound.zip"), &[]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert_eq!(
        (&ran.json()["verified"], &ran.json()["complete"]),
        (&true.into(), &false.into())
    );
    let another = Desk::simulated().run(&["key"]).out;
    desk.file("another.txt", another.as_bytes());
    let ran = check(&desk, Path::new("sound.zip"), &["--key", "another.txt"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert_eq!(ran.json()["verified"], false, "{ran:?}");
}

#[test]
fn a_pack_older_than_a_checkpoint_seen_before_is_refused() {
    let desk = packed();
    let seen = desk.run(&["checkpoint"]).out;
    desk.file("seen.txt", seen.as_bytes());
    let with = ["--key", "key.txt", "--previous", "seen.txt"];
    assert_eq!(check(&desk, Path::new("sound.zip"), &with).code, 0);
    desk.done(&[person(31, "eve")]);
    let later = desk.run(&["checkpoint"]).out;
    desk.file("seen.txt", later.as_bytes());
    let ran = check(&desk, Path::new("sound.zip"), &with);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert_eq!(ran.json()["failures"][0]["what"], "previous", "{ran:?}");
}

#[test]
fn a_pack_is_never_written_over_another_file_nor_for_a_reader_not_built() {
    let desk = packed();
    let path = desk.dir.path().join("sound.zip");
    let sound = fs::read(&path).unwrap();
    let ran = desk.run(&["pack", "sound.zip"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert_eq!(fs::read(&path).unwrap(), sound);
    for reader in ["buyer", "regulator", "nobody"] {
        let ran = desk.run(&["pack", "other.zip", "--for", reader]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
        assert!(!desk.dir.path().join("other.zip").exists());
    }
}

/// Runs a line as a person does who copies it into a shell, in the folder of the unpacked pack.
fn shell(folder: &Path, line: &str) -> String {
    let binary = PathBuf::from(env!("CARGO_BIN_EXE_minutebook"));
    let ours = binary.parent().unwrap().display();
    let line = format!("PATH={ours}:$PATH; {line}");
    let mut shell = Command::new("sh");
    let ran = shell.args(["-c", &line]).current_dir(folder).output();
    let ran = ran.unwrap();
    assert!(ran.status.success(), "{line}: {ran:?}");
    String::from_utf8_lossy(&ran.stdout).into_owned()
}

/// The commands of `README.txt`, each with what it says beside that it prints.
fn commands(readme: &str) -> Vec<(&str, &str)> {
    let (_, checks) = readme.split_once("With other people's tools").unwrap();
    let lines = checks
        .lines()
        .filter_map(|line| line.strip_prefix("      "));
    lines
        .map(|line| line.split_once("       ").unwrap_or((line, "")))
        .collect()
}

#[test]
fn every_command_of_readme_txt_runs_and_says_what_it_promises() {
    // The sample, whose pack has something of everything.
    let desk = Desk::empty();
    let data = desk.data();
    let demo = ["demo", "--no-serve", "--keep", data.to_str().unwrap()];
    assert_eq!(desk.run(&demo).code, 0);
    desk.file("key.txt", desk.run(&["key"]).out.as_bytes());
    assert_eq!(desk.run(&["pack", "PACK.zip"]).code, 0);
    let entries = usize::try_from(desk.head().0).unwrap();
    let top = desk.dir.path();
    shell(top, "unzip -q PACK.zip -d pack");
    let folder = top.join("pack");
    let readme = fs::read_to_string(folder.join("README.txt")).unwrap();
    assert!(readme.contains("(`unzip PACK.zip`)"), "{readme}");
    let verify = "minutebook verify PACK.zip --key KEYFILE";
    assert!(readme.contains(&format!("\n  {verify}\n")), "{readme}");
    shell(top, &verify.replace("KEYFILE", "key.txt"));

    let manifest = fs::read_to_string(folder.join("manifest")).unwrap();
    let group = fs::read_dir(folder.join("groups")).unwrap().next().unwrap();
    let group = group.unwrap().file_name().into_string().unwrap();
    let commands = commands(&readme);
    assert_eq!(commands.len(), 9, "{commands:?}");
    let mut digests = 0;
    for (command, promised) in commands {
        let printed = shell(&folder, &command.replace("<name>", &group));
        if promised == "prints nothing" {
            assert_eq!(printed, "", "{command}");
        } else if command.contains("<name>") {
            assert_eq!(printed, format!("{group}  groups/{group}\n"));
        } else if command.ends_with("sha256sum -c") {
            // One line each for README.txt, checkpoint, status.json and withheld.json.
            assert_eq!(printed.matches(": OK\n").count(), 4, "{printed}");
        } else if command.ends_with("| sha256sum") {
            let digest = printed.split(' ').next().unwrap();
            let inside = command.split(' ').nth(1).unwrap();
            let line = manifest.lines().find(|line| line.starts_with(inside));
            let line = line.unwrap_or_else(|| panic!("{inside}: {manifest}"));
            assert!(line.ends_with(digest), "{command}: {line}");
            digests += 1;
        } else {
            assert_eq!(printed.matches("minutebook/1\n").count(), entries);
        }
    }
    assert_eq!(digests, 4);
}

#[test]
fn a_changed_byte_is_noticed_by_the_commands_of_readme_txt() {
    let desk = packed();
    let top = desk.dir.path();
    shell(top, "unzip -q sound.zip -d pack");
    let folder = top.join("pack");
    let readme = fs::read_to_string(folder.join("README.txt")).unwrap();
    let group = fs::read_dir(folder.join("groups")).unwrap().next().unwrap();
    let path = group.unwrap().path();
    let mut bytes = fs::read(&path).unwrap();
    bytes[70] ^= 1;
    fs::write(&path, bytes).unwrap();
    let name = path.file_name().unwrap().to_str().unwrap();
    let commands = commands(&readme);
    let (command, _) = commands
        .iter()
        .find(|(_, says)| *says == "prints nothing")
        .unwrap();
    let printed = shell(&folder, command);
    assert_eq!(printed.lines().count(), 1, "{printed}");
    assert!(printed.contains(name), "{printed}");
}

#[test]
fn what_a_policy_demands_is_not_said_to_be_demanded_by_nobody() {
    let desk = packed();
    let ran = check(&desk, Path::new("sound.zip"), &["--key", "key.txt"]);
    assert!(
        ran.json()["not_demanded"].to_string().contains("a witness"),
        "{ran:?}"
    );
    let key = desk.run(&["key"]).out;
    let policy = format!("log {key}\nwitness W {key}\nquorum W\n");
    desk.file("policy.txt", policy.as_bytes());
    for pack in [&["sound.zip"][..], &[]] {
        let ran = desk.run(&[&["--json", "verify"], pack, &["--policy", "policy.txt"]].concat());
        let said = ran.json();
        assert!(
            said["not_checked"].to_string().contains("the witnesses"),
            "{said}"
        );
        assert!(
            !said["not_demanded"].to_string().contains("a witness"),
            "{said}"
        );
    }
}

#[test]
fn a_key_and_a_checkpoint_are_read_whatever_system_they_came_by() {
    let desk = packed();
    let by_way_of = |text: String| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    desk.file("key.txt", by_way_of(desk.run(&["key"]).out).as_bytes());
    desk.file(
        "seen.txt",
        by_way_of(desk.run(&["checkpoint"]).out).as_bytes(),
    );
    let ran = desk.run(&[
        "verify",
        "sound.zip",
        "--key",
        "key.txt",
        "--previous",
        "seen.txt",
    ]);
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn a_pack_that_was_unpacked_is_asked_for_as_it_was_received() {
    let desk = packed();
    fs::create_dir(desk.dir.path().join("folder")).unwrap();
    let ran = desk.run(&["verify", "folder", "--key", "key.txt"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(
        ran.err.contains("folder is a folder.") && ran.err.contains("the zip itself"),
        "{ran:?}"
    );
    // Zipped anew, members have another order or fields.
    let mut bytes = fs::read(desk.dir.path().join("sound.zip")).unwrap();
    let end = bytes.len() - 22;
    let central = u32::from_le_bytes(bytes[end + 16..end + 20].try_into().unwrap()) as usize;
    bytes[central + 42] ^= 1;
    desk.file("again.zip", &bytes);
    let ran = desk.run(&["verify", "again.zip", "--key", "key.txt"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains("unpacked and zipped again"), "{ran:?}");
}

#[test]
fn of_what_was_known_before_the_ledger_began_no_pack_is_made_and_status_answers() {
    let desk = packed();
    let before = ["--as-of", "2026-01-04"];
    let status = desk.run(&["status", "--as-of", "2026-01-04", "--json"]);
    assert_eq!((status.code, &status.json()["entries"]), (1, &0.into()));
    for args in [&["pack", "before.zip"][..], &["pack", "--list"]] {
        let ran = desk.run(&[args, &before].concat());
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
        for said in ["the ledger began later", "add `--known-by now`"] {
            assert!(ran.err.contains(said), "{ran:?}");
        }
        assert!(!desk.dir.path().join("before.zip").exists());
    }
    let help = desk.run(&["pack", "--help"]).out;
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        help.contains("before the ledger began none is made"),
        "{help}"
    );
    let now = [&["pack", "before.zip"][..], &before, &["--known-by", "now"]].concat();
    assert_eq!(desk.run(&now).code, 0);
    let path = desk.dir.path().join("before.zip");
    assert_eq!(check(&desk, &path, &["--key", "key.txt"]).code, 0);
}
