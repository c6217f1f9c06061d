//! Claims on the two ways of accounting for groups: what sums agree to is what comparing them finds.

use std::io::Cursor;

use ledger::Group;
use proptest::prelude::*;

use super::*;
use crate::After;
use crate::sample::{SECRET, Sample, trust, verified};
use crate::verify::pass::{Pass, Stopped};
use crate::verify::verify;
use crate::zip;

const NAMES: [&str; 3] = ["act", "facts", "minutes"];

/// Something done to a sample, so that groups are left out of it, rightly or not.
#[derive(Clone, Debug)]
enum Change {
    /// A group is left out, and `withheld.json` says so.
    Withhold(usize, usize),
    /// A group is listed as withheld, whether or not it is in the pack.
    List(usize, usize),
    /// A group is left out, and nothing says so.
    LeaveOut(usize, usize),
    /// A group is erased by a later entry, which may name it twice.
    Erase { of: (usize, usize), twice: bool },
    /// A group is named by an erasure, and in the pack.
    Name(usize, usize),
    /// An entry commits to a group of another, or to one of its own again.
    Double { to: (usize, usize), by: usize },
    /// A group is in the pack to which no entry commits.
    Stray,
    /// An entry withdraws its record.
    Withdraw(usize),
    /// Entries came too late, and what may be left out of them is, or nothing of it.
    After { first_seq: u64, left_out: bool },
}

impl Change {
    fn make(&self, sample: &mut Sample) {
        match *self {
            Change::Withhold(seq, name) => sample.withhold(seq, NAMES[name], "counsel"),
            Change::List(seq, name) => {
                let before = sample.groups.clone();
                sample.withhold(seq, NAMES[name], "counsel");
                sample.groups = before;
            }
            Change::LeaveOut(seq, name) => {
                let group = sample.commitment(seq, NAMES[name]);
                sample.groups.remove(&group);
            }
            Change::Erase { of, twice } => {
                Change::LeaveOut(of.0, of.1).make(sample);
                Change::Name(of.0, of.1).make(sample);
                if twice {
                    Change::Name(of.0, of.1).make(sample);
                }
            }
            Change::Name(seq, name) => {
                let name = NAMES[name];
                let body = format!("{{\"target\":{seq},\"groups\":[\"{name}\"]}}");
                sample.append("erasure", &[("facts", &format!("{{\"body\":{body}}}"))]);
            }
            Change::Double { to, by } => {
                let commitment = sample.commitment(to.0, NAMES[to.1]);
                let groups = &mut sample.entries[by].groups;
                let name = format!("twin-{}", groups.len());
                groups.push(Group { name, commitment });
            }
            Change::Stray => {
                let stray = ledger::group::seal([9; 32], b"{}");
                sample.groups.insert(sha256(&stray), stray);
            }
            Change::Withdraw(seq) => {
                sample.entries[seq].name_of_move = Some("withdraw".to_owned());
            }
            Change::After { first_seq, .. } => {
                let basis = "recorded after 2026-03-31".to_owned();
                sample.after = Some(After { first_seq, basis });
            }
        }
    }
}

/// The entries of a sample before anything is appended to it.
const ENTRIES: usize = 4;

fn sample(changes: &[Change]) -> Sample {
    let mut sample = Sample::of(ENTRIES as u64);
    for change in changes {
        change.make(&mut sample);
    }
    let after = |change: &&Change| matches!(change, Change::After { .. });
    if let Some(Change::After {
        first_seq,
        left_out: true,
    }) = changes.iter().rfind(after)
    {
        leave_out_from(&mut sample, *first_seq as usize);
    }
    let place = |group: &WithheldGroup| (group.seq, group.group.clone());
    sample.withheld.sort_by_key(place);
    sample.withheld.dedup_by_key(|group| place(group));
    sample
}

/// Leaves out what came too late, but for facts that are needed.
fn leave_out_from(sample: &mut Sample, first: usize) {
    let is_needed = |entry: &Entry, group: &Group| {
        group.name == FACTS && (entry.act == ERASURE || entry.name_of_move.is_some())
    };
    for entry in sample.entries.iter().skip(first) {
        for group in &entry.groups {
            if !is_needed(entry, group) {
                sample.groups.remove(&group.commitment);
            }
        }
    }
}

/// What sums say of a pack, and what comparing one by one does.
fn both_ways(pack: &[u8]) -> (Option<GroupCounts>, Joined) {
    let mut source = Cursor::new(pack);
    let passed = Pass::over(&mut source, Secret::from(SECRET));
    let (directory, pass) = passed.unwrap_or_else(|ended| match ended.why {
        Stopped::Failure(failure) => panic!("{failure:?}"),
        Stopped::Io(_) | Stopped::Zip(_) => panic!("it cannot be read"),
    });
    let mut pack = PackReader::of(zip::Reader::walked(source, directory)).unwrap();
    let report = &mut Report::default();
    let found = Found {
        log: &pass.log.conclude(pack.checkpoint(), report),
        groups: pass.groups,
        secret: pass.secret,
    };
    let said = said(report, &mut pack, found.log).unwrap();
    let summed = by_sums(report, &mut pack, &found, &said).unwrap();
    let joined = one_by_one(&mut pack, found.log, &said, &mut tempfile::tempfile).unwrap();
    (summed, joined)
}

/// Verifies a pack and returns how many temporary files that took.
fn temporary_files(pack: &[u8]) -> (Report, u64) {
    let mut asked = 0;
    let mut temporary = || {
        asked += 1;
        tempfile::tempfile()
    };
    let verified = verify(Cursor::new(pack), &mut temporary, &trust(), SECRET).unwrap();
    (verified.report, asked)
}

fn place() -> impl Strategy<Value = (usize, usize)> {
    (0..ENTRIES, 0..NAMES.len())
}

/// A group that is not facts, which may be withheld and erased.
fn words() -> impl Strategy<Value = (usize, usize)> {
    (0..ENTRIES, prop_oneof![Just(0_usize), Just(2)])
}

fn sound_change() -> impl Strategy<Value = Change> {
    let after = |first_seq| Change::After {
        first_seq,
        left_out: true,
    };
    prop_oneof![
        4 => words().prop_map(|(seq, name)| Change::Withhold(seq, name)),
        4 => (words(), any::<bool>()).prop_map(|(of, twice)| Change::Erase { of, twice }),
        1 => (0..ENTRIES).prop_map(Change::Withdraw),
        1 => (0..ENTRIES as u64 + 3).prop_map(after),
    ]
}

fn any_change() -> impl Strategy<Value = Change> {
    let after = |(first_seq, left_out)| Change::After {
        first_seq,
        left_out,
    };
    prop_oneof![
        4 => sound_change(),
        1 => place().prop_map(|(seq, name)| Change::List(seq, name)),
        1 => place().prop_map(|(seq, name)| Change::LeaveOut(seq, name)),
        1 => place().prop_map(|(seq, name)| Change::Name(seq, name)),
        3 => (place(), 0..ENTRIES).prop_map(|(to, by)| Change::Double { to, by }),
        1 => Just(Change::Stray),
        1 => (0..ENTRIES as u64 + 3, any::<bool>()).prop_map(after),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn what_sums_agree_to_is_what_comparing_one_by_one_finds(
        changes in prop::collection::vec(any_change(), 0..6),
    ) {
        let sample = sample(&changes);
        let (summed, joined) = both_ways(&sample.pack().unwrap());
        if let Some(counts) = summed {
            prop_assert_eq!(joined.problems, []);
            let is_late = changes.iter().any(|change| matches!(change, Change::After { .. }));
            let has_twins = changes.iter().any(|change| matches!(change, Change::Double { .. }));
            // Of the same bytes committed to before and too late, sums see no second one.
            if !(is_late && has_twins) {
                prop_assert_eq!(counts, joined.counts);
            }
        }
    }

    #[test]
    fn a_sound_pack_is_verified_without_a_temporary_file(
        changes in prop::collection::vec(sound_change(), 0..6),
    ) {
        let (report, asked) = temporary_files(&sample(&changes).pack().unwrap());
        prop_assert_eq!(report.failures, []);
        prop_assert_eq!(asked, 0);
    }
}

#[test]
fn entries_that_came_too_late_begin_anywhere_in_a_bundle() {
    for first_seq in [0, 1, 255, 256, 257, 511, 512, 513, 599, 600, 601] {
        let mut sample = Sample::of(600);
        let left_out = true;
        Change::After {
            first_seq,
            left_out,
        }
        .make(&mut sample);
        leave_out_from(&mut sample, first_seq as usize);
        let (report, asked) = temporary_files(&sample.pack().unwrap());
        assert_eq!(report.failures, [], "{first_seq}");
        assert_eq!(report.groups.disclosed, 3 * first_seq.min(600));
        assert_eq!(
            report.groups.withheld,
            3 * 600_u64.saturating_sub(first_seq)
        );
        assert_eq!(asked, 0, "{first_seq}");
    }
}

#[test]
fn a_group_in_the_place_of_another_is_found_though_there_are_as_many() {
    let mut sample = Sample::of(3);
    Change::LeaveOut(1, 2).make(&mut sample);
    Change::Stray.make(&mut sample);
    let report = verified(&sample.pack().unwrap());
    let told = |wanted: &str| {
        let mut failures = report.failures.iter();
        failures.any(|failure| failure.detail.starts_with(wanted))
    };
    assert_eq!(report.failures.len(), 2, "{report:#?}");
    assert!(
        told("missing: minutes") && told("no entry commits to"),
        "{report:#?}"
    );
}

#[test]
fn a_group_erased_twice_for_one_entry_is_missing_for_another() {
    let mut sample = Sample::of(3);
    Change::Double { to: (0, 2), by: 2 }.make(&mut sample);
    Change::Erase {
        of: (0, 2),
        twice: true,
    }
    .make(&mut sample);
    let report = verified(&sample.pack().unwrap());
    assert_eq!(report.failures.len(), 1, "{report:#?}");
    assert_eq!(report.failures[0].seq, Some(2));
    assert!(report.failures[0].detail.starts_with("missing: twin"));
}

/// Returns of which entry each failure is, and what it is of.
fn told(report: &Report) -> Vec<(Option<u64>, &str)> {
    let failures = report.failures.iter();
    failures.map(|one| (one.seq, &*one.what)).collect()
}

#[test]
fn a_group_that_two_entries_commit_to_is_here_for_both_and_withheld_for_neither() {
    let mut sample = Sample::of(3);
    Change::Double { to: (0, 2), by: 2 }.make(&mut sample);
    let report = verified(&sample.pack().unwrap());
    assert_eq!(report.failures, []);
    assert_eq!(report.groups.disclosed, 10);
    Change::List(0, 2).make(&mut sample);
    let report = verified(&sample.pack().unwrap());
    assert_eq!(told(&report), [(Some(0), "group")]);
    assert!(
        report.failures[0]
            .detail
            .ends_with("is listed as withheld, and in the pack")
    );
    sample.groups.remove(&sample.commitment(0, "minutes"));
    let report = verified(&sample.pack().unwrap());
    assert_eq!(told(&report), [(Some(2), "group")]);
    assert!(report.failures[0].detail.starts_with("missing: twin"));
}
