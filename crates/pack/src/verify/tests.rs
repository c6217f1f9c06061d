//! Claims on the verifier: what holds is verified, and whatever was changed is refused.

use std::io::{self, Cursor, Read, Seek, SeekFrom};

use ledger::hash::sha256;
use ledger::{Note, SigningKey};

use super::*;
use crate::sample::{ORIGIN, SECRET, Sample, log_key, pack_key, verified, verified_with};
use crate::zip::{Reader, Writer};
use crate::{After, MANIFEST, WithheldFile, write::WriteError};

/// The members of a pack, to be put together again in another way.
fn members(pack: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut reader = Reader::open(Cursor::new(pack)).unwrap();
    let mut members = Vec::new();
    reader
        .each("", &mut |reader, member| {
            members.push((member.name.clone(), reader.read(member)?));
            Ok(())
        })
        .unwrap();
    members
}

fn zipped(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), tempfile::tempfile().unwrap());
    for (name, bytes) in members {
        writer.add(name, bytes).unwrap();
    }
    writer.finish().unwrap()
}

fn is_refused(report: &Report) -> bool {
    !(report.verified && report.complete)
}

#[track_caller]
fn assert_fails(report: &Report, what: &str, detail: &str) {
    let told = |failure: &&Failure| failure.what == what && failure.detail.contains(detail);
    assert!(!report.verified);
    assert!(
        report.failures.iter().any(|failure| told(&failure)),
        "{report:#?}"
    );
}

#[test]
fn a_pack_as_written_verifies() {
    for size in [0, 1, 2, 255, 256, 257, 600] {
        let report = verified(&Sample::of(size).pack().unwrap());
        assert_eq!(report.failures, [], "{size}");
        assert!(report.verified && report.complete);
        assert_eq!(report.entries, size);
        assert_eq!(report.groups.disclosed, 3 * size);
    }
}

#[test]
fn a_log_with_a_second_level_of_full_tiles_verifies() {
    let report = verified(&Sample::of(65_536 + 300).pack().unwrap());
    assert_eq!(report.failures, []);
}

#[test]
fn the_same_log_gives_the_same_bytes() {
    assert_eq!(
        Sample::of(300).pack().unwrap(),
        Sample::of(300).pack().unwrap()
    );
}

#[test]
fn every_byte_of_a_pack_changed_is_refused() {
    let mut sample = Sample::of(3);
    sample.withhold(1, "minutes", "advice of counsel");
    let pack = sample.pack().unwrap();
    assert!(!is_refused(&verified(&pack)));
    for position in 0..pack.len() {
        for change in [0x01, 0x20] {
            let mut changed = pack.clone();
            changed[position] ^= change;
            assert!(is_refused(&verified(&changed)), "{position}");
        }
    }
}

#[test]
fn bytes_before_between_or_behind_are_refused() {
    let pack = Sample::of(3).pack().unwrap();
    let at = [0, 1, pack.len() / 2, pack.len() - 22, pack.len()];
    for position in at {
        for added in [&b"x"[..], b"PK\x05\x06", &[0; 22]] {
            let longer = [&pack[..position], added, &pack[position..]].concat();
            assert_fails(&verified(&longer), "zip", "");
        }
    }
    let twice = [&pack[..], &pack[..]].concat();
    assert_fails(&verified(&twice), "zip", "");
}

#[test]
fn garbage_and_truncated_files_are_refused() {
    let pack = Sample::of(3).pack().unwrap();
    let garbage = [
        vec![],
        vec![0; 22],
        vec![0xff; 4096],
        b"PK\x05\x06".repeat(30),
    ];
    let empty_zip = zipped(&[]);
    let lengths = (0..pack.len()).step_by(97);
    let truncated = lengths.map(|length| pack[..length].to_vec());
    for bytes in garbage.into_iter().chain([empty_zip]).chain(truncated) {
        let report = verified(&bytes);
        assert!(!report.verified && !report.complete, "{}", bytes.len());
    }
}

#[test]
fn a_member_added_removed_renamed_or_exchanged_is_refused() {
    let whole = members(&Sample::of(3).pack().unwrap());
    assert_eq!(zipped(&whole), Sample::of(3).pack().unwrap());
    for removed in 0..whole.len() {
        let mut fewer = whole.clone();
        fewer.remove(removed);
        assert!(
            is_refused(&verified(&zipped(&fewer))),
            "{}",
            whole[removed].0
        );
    }
    let stray = ledger::group::seal([9; 32], b"{}");
    let added = [
        ("a.txt".to_owned(), b"a".to_vec()),
        (format!("groups/{}", sha256(&stray)), stray),
        (format!("files/{}", sha256(b"a")), b"a".to_vec()),
        ("log/tile/1/000.p/1".to_owned(), vec![0; 32]),
        (
            "proofs/0.tlog-proof".to_owned(),
            Sample::of(3).proof(0).into_bytes(),
        ),
    ];
    for member in added {
        let mut more = whole.clone();
        more.push(member.clone());
        more.sort();
        assert!(is_refused(&verified(&zipped(&more))), "{}", member.0);
    }
    for renamed in 0..whole.len() {
        let mut other = whole.clone();
        other[renamed].0.push('x');
        other.sort();
        assert!(
            is_refused(&verified(&zipped(&other))),
            "{}",
            whole[renamed].0
        );
    }
    for exchanged in 1..whole.len() {
        let mut other = whole.clone();
        let bytes = std::mem::take(&mut other[exchanged].1);
        other[exchanged].1 = std::mem::replace(&mut other[exchanged - 1].1, bytes);
        assert!(
            is_refused(&verified(&zipped(&other))),
            "{}",
            whole[exchanged].0
        );
    }
}

#[test]
fn members_in_another_order_or_twice_cannot_be_written_nor_read() {
    let whole = members(&Sample::of(3).pack().unwrap());
    let mut writer = Writer::new(Vec::new(), tempfile::tempfile().unwrap());
    writer.add(&whole[1].0, &whole[1].1).unwrap();
    assert!(matches!(
        writer.add(&whole[0].0, b""),
        Err(ZipError::Order { .. })
    ));
    assert!(matches!(
        writer.add(&whole[1].0, b""),
        Err(ZipError::Order { .. })
    ));
    for name in ["", "/a", "a//b", "../a", "a/..", "a\\b", "ä", "a\n"] {
        assert!(
            matches!(writer.add(name, b""), Err(ZipError::Name { .. })),
            "{name:?}"
        );
    }
    // The directory with its two records exchanged, each still saying where its member is.
    let two = zipped(&[
        ("a".to_owned(), b"1".to_vec()),
        ("b".to_owned(), b"2".to_vec()),
    ]);
    let directory = two.len() - 22 - 2 * 47;
    let (first, second) = (directory..directory + 47, directory + 47..directory + 94);
    let other = [
        &two[..directory],
        &two[second],
        &two[first],
        &two[directory + 94..],
    ]
    .concat();
    assert!(Reader::open(Cursor::new(&two)).is_ok());
    assert!(matches!(
        Reader::open(Cursor::new(&other)),
        Err(ZipError::Refused { .. })
    ));
}

#[test]
fn a_group_withheld_with_its_basis_is_checked() {
    let mut sample = Sample::of(3);
    sample.withhold(1, "minutes", "advice of counsel");
    let report = verified(&sample.pack().unwrap());
    assert!(report.verified && report.complete);
    assert_eq!((report.groups.disclosed, report.groups.withheld), (8, 1));
}

#[test]
fn a_group_withheld_without_basis_is_not_packed() {
    let mut sample = Sample::of(3);
    sample.withhold(1, "minutes", "  ");
    assert!(matches!(sample.pack(), Err(WriteError::Withheld(_))));
}

#[test]
fn a_group_left_out_is_missing() {
    let mut sample = Sample::of(3);
    sample.groups.remove(&sample.commitment(1, "minutes"));
    let report = verified(&sample.pack().unwrap());
    assert_fails(&report, "group", "missing: minutes");
    assert_eq!(report.failures[0].seq, Some(1));
}

#[test]
fn what_is_listed_as_withheld_must_be_so() {
    let mut sample = Sample::of(3);
    sample.withhold(1, "minutes", "counsel");
    let mut cases = vec![(sample.clone(), "never withheld"); 3];
    cases[0].0.withhold(2, "facts", "counsel");
    cases[1].0.withheld[0].group = "act".to_owned();
    cases[1].1 = "does not commit";
    cases[2].0.withheld[0].seq = 9;
    cases[2].1 = "does not have";
    for (case, detail) in cases {
        assert_fails(&verified(&case.pack().unwrap()), "withheld.json", detail);
    }
    let here = Sample::of(3);
    sample.groups = here.groups;
    assert_fails(
        &verified(&sample.pack().unwrap()),
        "group",
        "and in the pack",
    );
}

#[test]
fn a_file_listed_as_withheld_is_not_in_the_pack() {
    let mut sample = Sample::of(3);
    sample.withheld_files.push(WithheldFile {
        file: sha256(b"elsewhere"),
        mark: "exempt".to_owned(),
        basis: "trade secret".to_owned(),
        review_by: Some("2027-01-01".to_owned()),
    });
    assert_eq!(verified(&sample.pack().unwrap()).failures, []);
    sample.withheld_files[0].file = *sample.files.keys().next().unwrap();
    assert_fails(
        &verified(&sample.pack().unwrap()),
        "withheld.json",
        "in the pack",
    );
}

#[test]
fn groups_that_came_too_late_are_withheld_at_once() {
    let mut sample = Sample::of(4);
    for seq in [2, 3] {
        for name in ["act", "facts", "minutes"] {
            sample.groups.remove(&sample.commitment(seq, name));
        }
    }
    sample.after = Some(After {
        first_seq: 2,
        basis: "recorded after 2026-03-31".to_owned(),
    });
    let report = verified(&sample.pack().unwrap());
    assert_eq!(report.failures, []);
    assert_eq!(report.groups.withheld, 6);
    sample.entries[3].name_of_move = Some("withdraw".to_owned());
    assert_fails(
        &verified(&sample.pack().unwrap()),
        "group",
        "missing: facts",
    );
}

#[test]
fn a_group_erased_with_authority_is_erased_and_no_other() {
    let erasure = |target: u64, group: &str| {
        let mut sample = Sample::of(3);
        sample.groups.remove(&sample.commitment(1, "minutes"));
        let body = format!("{{\"target\":{target},\"groups\":[\"{group}\"]}}");
        let facts = format!("{{\"body\":{body},\"effective_on\":\"2026-03-02\"}}");
        sample.append("erasure", &[("facts", &facts)]);
        verified(&sample.pack().unwrap())
    };
    let erased = erasure(1, "minutes");
    assert_eq!(
        (erased.failures.as_slice(), erased.groups.erased),
        (&[][..], 1)
    );
    assert_fails(&erasure(1, "act"), "group", "missing: minutes");
    assert_fails(&erasure(2, "minutes"), "group", "missing: minutes");
    assert_fails(&erasure(3, "minutes"), "erasure", "not before it");
    assert_fails(&erasure(1, "facts"), "erasure", "or its facts");
    assert_fails(&erasure(1, "annex"), "erasure", "does not have");
}

#[test]
fn a_stray_group_is_refused_though_the_manifest_names_it() {
    let mut sample = Sample::of(3);
    let stray = ledger::group::seal([9; 32], b"{}");
    sample.groups.insert(sha256(&stray), stray);
    assert_fails(
        &verified(&sample.pack().unwrap()),
        "group",
        "no entry commits to",
    );
}

#[test]
fn an_entry_that_is_none_or_goes_back_in_time_is_refused() {
    let mut sample = Sample::of(3);
    sample.entries[1].time_unix_ms -= 10;
    let report = verified(&sample.pack().unwrap());
    assert_fails(&report, "time", "before the entry before it");
    assert_eq!(report.failures[0].seq, Some(1));
}

#[test]
fn without_a_key_it_is_not_complete_and_says_so() {
    let report = verified_with(&Sample::of(3).pack().unwrap(), &Trust::default());
    assert!(report.verified && !report.complete);
    assert!(report.not_checked[0].contains("no key was given"));
}

#[test]
fn a_verification_that_stops_early_names_all_that_it_did_not_check() {
    let sample = Sample::of(3);
    let pack = sample.pack().unwrap();
    let mut members = members(&pack);
    let readme = members.iter().find(|(name, _)| name == "README.txt");
    let readme = &readme.unwrap().1;
    let starts = |bytes: &[u8]| bytes == &readme[..];
    let mut changed = pack.clone();
    changed[pack.windows(readme.len()).position(starts).unwrap()] ^= 1;
    members.retain(|(name, _)| name != MANIFEST);
    let unsigned = zipped(&members);
    let cases = [
        (&changed[..], "zip"),
        (&pack[..pack.len() / 2], "zip"),
        (&[], "zip"),
        (&unsigned, "pack"),
    ];
    let keys = vec![log_key().verifier().clone()];
    let previous = Some(sample.checkpoint(2));
    let rest = [
        STATUS_NOT_COMPUTED,
        "every entry, and the tree that they make: the verification stopped before that",
        "every group, file and proof: the verification stopped before that",
        "that the members are those the manifest names: the verification stopped before that",
    ];
    let seen =
        "that the log extends the checkpoint seen before: the verification stopped before that";
    let stopped = "the verification stopped before them";
    for (bytes, what) in cases {
        for (keys, why) in [(vec![], "no key was given"), (keys.clone(), stopped)] {
            let signatures = format!("the signatures of checkpoint and manifest: {why}");
            let mut wanted = vec![rest[0], &signatures, rest[1], rest[2], rest[3]];
            for previous in [None, previous.clone()] {
                wanted.extend(previous.as_ref().map(|_| seen));
                let keys = keys.clone();
                let report = verified_with(bytes, &Trust { keys, previous });
                assert_fails(&report, what, "");
                assert!(!report.complete);
                assert_eq!(report.not_checked, wanted, "{what}");
            }
        }
    }
}

/// Returns a pack in which one group is not what its name says, and where `status.json` is, which
/// stands behind it.
fn with_a_false_group() -> (Vec<u8>, usize) {
    let mut members = members(&Sample::of(300).pack().unwrap());
    let mut groups = members
        .iter_mut()
        .filter(|(name, _)| name.starts_with("groups/"));
    groups.next_back().unwrap().1 = ledger::group::seal([9; 32], b"{}");
    let pack = zipped(&members);
    let named = |bytes: &[u8]| bytes == b"status.json{}";
    let behind = pack.windows(13).position(named).unwrap();
    (pack, behind + 11)
}

#[test]
fn what_was_found_before_a_verification_stopped_stays_told() {
    let (mut pack, behind) = with_a_false_group();
    pack[behind] ^= 1;
    let report = verified(&pack);
    let whats: Vec<&str> = report.failures.iter().map(|one| &*one.what).collect();
    assert_eq!(whats, ["zip", "content"], "{report:#?}");
    assert!(report.failures[1].detail.contains("have the SHA-256"));
    assert!(!report.complete);
    // Of what comes behind the place where it stopped nothing is told.
    let mut members = members(&Sample::of(300).pack().unwrap());
    for (name, bytes) in &mut members {
        if name.starts_with("groups/") {
            bytes.push(b' ');
        }
    }
    let mut pack = zipped(&members);
    pack[50] ^= 1;
    let report = verified(&pack);
    let whats: Vec<&str> = report.failures.iter().map(|one| &*one.what).collect();
    assert_eq!(whats, ["zip"], "{report:#?}");
}

#[test]
fn the_status_is_not_checked_until_it_was_computed_again() {
    let pack = Sample::of(3).pack().unwrap();
    let trust = Trust {
        keys: vec![log_key().verifier().clone()],
        previous: None,
    };
    let mut found = verify(Cursor::new(&pack), &mut tempfile::tempfile, &trust, SECRET).unwrap();
    assert!(found.report.verified && !found.report.complete);
    assert_eq!(found.report.not_checked, [STATUS_NOT_COMPUTED]);
    let mut pack = found.pack.unwrap();
    assert_eq!(pack.member("status.json").unwrap(), Some(b"{}".to_vec()));
    found
        .report
        .status_computed(Some("line 1 differs".to_owned()));
    assert!(!found.report.verified && found.report.complete);
}

#[test]
fn a_part_that_cannot_be_read_is_not_a_broken_pack() {
    /// A file on a disk that does not give the bytes from one on.
    #[derive(Clone)]
    struct Torn<'p>(Cursor<&'p [u8]>, std::ops::Range<u64>);
    impl Read for Torn<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let here = self.0.position();
            if self.1.contains(&here) {
                return Err(io::Error::other("the disk"));
            }
            let before = self.1.start.checked_sub(here).filter(|bytes| *bytes > 0);
            let most = before.and_then(|bytes| usize::try_from(bytes).ok());
            let most = most.unwrap_or(buffer.len()).min(buffer.len());
            self.0.read(&mut buffer[..most])
        }
    }
    impl Seek for Torn<'_> {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }
    let read_of = |pack: &[u8], torn| {
        let source = Torn(Cursor::new(pack), torn);
        verify(source, &mut tempfile::tempfile, &Trust::default(), SECRET)
            .map(|found| found.report.failures)
    };
    let pack = Sample::of(300).pack().unwrap();
    let read = |torn| read_of(&pack, torn);
    assert_eq!(read(0..0).unwrap(), []);
    // The first part, a later one, and the central directory.
    let end = pack.len() as u64;
    for torn in [0..1, 1..end - 100_000, end - 100..end] {
        let error = read(torn.clone()).expect_err("a part was not read");
        assert_eq!(error.to_string(), "the disk", "{torn:?}");
    }
    // What was found by then does not hold all the same.
    let (pack, behind) = with_a_false_group();
    let behind = u64::try_from(behind).unwrap();
    let found = read_of(&pack, behind..behind + 1).unwrap();
    let whats: Vec<&str> = found.iter().map(|one| &*one.what).collect();
    assert_eq!(whats, [UNREAD, "content"]);
}

#[test]
fn another_key_does_not_do() {
    let pack = Sample::of(3).pack().unwrap();
    let other_log = SigningKey::from_seed("other.example/log", &[7; 32]).unwrap();
    let other_seed = SigningKey::from_seed(ORIGIN, &[8; 32]).unwrap();
    let cases = [
        (other_log, "key", ORIGIN),
        (other_seed, "checkpoint", "no known key"),
    ];
    for (key, what, detail) in cases {
        let trust = Trust {
            keys: vec![key.verifier().clone()],
            previous: None,
        };
        assert_fails(&verified_with(&pack, &trust), what, detail);
    }
}

#[test]
fn a_manifest_signed_as_a_checkpoint_or_twice_is_refused() {
    let whole = members(&Sample::of(3).pack().unwrap());
    let at = whole.iter().position(|(name, _)| name == MANIFEST).unwrap();
    let note = Note::parse(&whole[at].1).unwrap();
    let by_log_key = log_key().sign(&note.text).unwrap();
    let by_pack_key = pack_key().sign(&note.text).unwrap();
    let cases = [vec![by_log_key.clone()], vec![by_pack_key, by_log_key]];
    for signatures in cases {
        let text = note.text.clone();
        let mut other = whole.clone();
        other[at].1 = Note { text, signatures }.encode().unwrap().into_bytes();
        assert_fails(&verified(&zipped(&other)), MANIFEST, "sign");
    }
}

#[test]
fn a_log_extends_a_checkpoint_seen_before_or_is_refused() {
    let sample = Sample::of(300);
    let pack = sample.pack().unwrap();
    let with = |previous: String| {
        let keys = vec![log_key().verifier().clone()];
        let previous = Some(previous);
        verified_with(&pack, &Trust { keys, previous })
    };
    for size in [0, 1, 255, 256, 299, 300] {
        assert_eq!(with(sample.checkpoint(size)).failures, [], "{size}");
    }
    let mut fork = Sample::of(400);
    assert_fails(&with(fork.checkpoint(400)), "previous", "only 300");
    fork.entries[5].version = Some(2);
    assert_fails(&with(fork.checkpoint(200)), "previous", "first 200 entries");
    let unsigned = sample.checkpoint(200).replace("200\n", "201\n");
    assert_fails(&with(unsigned), "previous", "does not hold");
    let other = sample
        .checkpoint(200)
        .replacen(ORIGIN, "elsewhere.example/log", 1);
    let report = with(other);
    let told = format!("elsewhere.example/log, and the pack is of the log {ORIGIN}");
    assert_fails(&report, "previous", &told);
    assert_eq!(report.not_checked, [NOT_EXTENDED]);
}

#[test]
fn a_report_serialises_as_documented() {
    let report = verified_with(&Sample::of(1).pack().unwrap(), &Trust::default());
    let json = serde_json::to_value(&report).unwrap();
    let keys: Vec<&String> = json.as_object().unwrap().keys().collect();
    let mut wanted = [
        "verified",
        "complete",
        "entries",
        "checkpoint",
        "not_checked",
        "not_demanded",
        "failures",
        // What caller and verifier count is in it where it was counted: files only by the caller.
        "groups",
    ];
    wanted.sort_unstable();
    assert_eq!(keys, wanted);
    assert_eq!(json["checkpoint"]["origin"], ORIGIN);
    assert_eq!(json["checkpoint"]["root"].as_str().unwrap().len(), 64);
}
