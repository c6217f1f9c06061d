//! Packs that are not as they were made, and the exit status that says so.

use std::fs;
use std::path::Path;

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
        let ran = check(&desk, &desk.file("other.zip", bytes), &["--key", "key.txt"]);
        assert_eq!(ran.code, 1, "{ran:?}");
        assert_eq!(ran.json()["verified"], false, "{ran:?}");
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
