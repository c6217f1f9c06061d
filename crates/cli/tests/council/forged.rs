//! Packs of the sample organisation, changed and signed anew with the log's own key: whoever holds
//! the key withholds nothing that is not marked so, and changes nothing that a pack says.

use std::path::PathBuf;

use ledger::{Entry, Hash, TlogProof, tree};
use pack::WithheldGroup;
use rusqlite::Connection;

use crate::given::{Council, council};
use crate::packs::{Opened, told};

/// A pack, and what is told of it once it was changed.
struct Forge {
    council: Council,
    path: PathBuf,
}

impl Forge {
    async fn about(as_of: &str) -> Self {
        let council = council().await;
        let path = council.pack(as_of, None).await;
        Self { council, path }
    }

    fn told(&self, change: impl FnOnce(&mut Opened)) -> Vec<String> {
        let mut forged = Opened::of(&self.path);
        change(&mut forged);
        told(&self.council.check(forged.signed(&self.council.data())))
    }

    fn told_of_readme(&self, was: &str, is: &str) -> Vec<String> {
        self.told(|forged| {
            let readme = forged.members.get_mut("README.txt").unwrap();
            let text = String::from_utf8(readme.clone()).unwrap();
            assert!(text.contains(was), "{was}: {text}");
            *readme = text.replacen(was, is, 1).into_bytes();
        })
    }
}

fn nothing() -> Vec<String> {
    Vec::new()
}

fn entry(opened: &Opened, seq: u64) -> Entry {
    Entry::parse(&opened.entries[usize::try_from(seq).unwrap()]).unwrap()
}

/// Takes a group out and lists it as withheld.
fn withhold(opened: &mut Opened, seq: u64, name: &str) {
    let entry = entry(opened, seq);
    let group = entry.groups.iter().find(|one| one.name == name).unwrap();
    opened.groups.remove(&group.commitment);
    opened.withheld_groups.push(WithheldGroup {
        seq,
        group: name.to_owned(),
        commitment: group.commitment,
        mark: "exempt".to_owned(),
        basis: "because".to_owned(),
        review_by: None,
    });
    let place = |one: &WithheldGroup| (one.seq, one.group.clone());
    opened.withheld_groups.sort_by_key(place);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_group_is_withheld_that_no_mark_withholds() {
    let forge = Forge::about("2026-11-24").await;
    assert_eq!(forge.told(|_| ()), nothing());
    let opened = Opened::of(&forge.path);
    // Of a record that governs, of an AI system, and of whoever acted.
    let (mut system, mut governing) = (None, None);
    for seq in 0..opened.entries.len() as u64 {
        let entry = entry(&opened, seq);
        if entry.groups.iter().any(|one| one.name == "words") {
            match entry.kind.as_deref() {
                Some("ai_system") => system = Some(seq),
                _ => governing = Some(seq),
            }
        }
    }
    let (system, governing) = (system.unwrap(), governing.unwrap());
    for (seq, name) in [(system, "words"), (governing, "words"), (governing, "act")] {
        let said = forge.told(|forged| withhold(forged, seq, name));
        let expected = format!(
            "withheld.json: {name} is listed as withheld, and no mark that the auditor's profile withholds stands on it"
        );
        assert!(said.contains(&expected), "{seq} {name}: {said:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_withheld_is_so_by_its_own_mark_basis_and_day() {
    let forge = Forge::about("2026-11-24").await;
    let meant = &Opened::of(&forge.path).withheld_groups[0];
    let says = |one: &WithheldGroup| {
        let review = one.review_by.as_deref().unwrap();
        format!(
            "{} ({}, to be looked at again by {review})",
            one.mark, one.basis
        )
    };
    let changes: [fn(&mut WithheldGroup); 3] = [
        |one| one.mark = "privileged".to_owned(),
        |one| one.basis = "none of your business".to_owned(),
        |one| one.review_by = Some("2036-11-30".to_owned()),
    ];
    for change in changes {
        let mut changed = meant.clone();
        change(&mut changed);
        let expected = format!(
            "withheld.json: {} is listed as withheld as {}; its mark says {}",
            meant.group,
            says(&changed),
            says(meant)
        );
        let said = forge.told(|forged| forged.withheld_groups[0] = changed);
        assert_eq!(said, [expected]);
    }
    // Nor is one disclosed that a mark withholds.
    let database = Connection::open(forge.council.data().join("minutebook.db")).unwrap();
    let bytes: Vec<u8> = database
        .query_row(
            "SELECT bytes FROM grp WHERE commitment = ?1",
            [meant.commitment.0.as_slice()],
            |row| row.get(0),
        )
        .unwrap();
    let said = forge.told(|forged| {
        let group = forged.withheld_groups.remove(0);
        forged.groups.insert(group.commitment, bytes);
    });
    let expected = format!(
        "withheld.json: {} is marked {} and not listed as withheld",
        meant.group,
        says(meant)
    );
    assert_eq!(said, [expected]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_for_a_reader_or_by_rules_that_are_not_known_is_refused() {
    let forge = Forge::about("2026-11-24").await;
    let said = forge.told(|forged| forged.manifest.profile = "buyer".to_owned());
    let expected = "manifest: it is for \"buyer\"; this version knows packs for \"auditor\"";
    assert_eq!(said, [expected]);
    let mut forged = Opened::of(&forge.path);
    forged.manifest.rules = "iso-42001/0".to_owned();
    let report = forge.council.check(forged.signed(&forge.council.data()));
    assert!(told(&report)[0].contains("by the rules iso-42001/0, and these are"));
    assert_eq!(report.not_checked, [pack::verify::STATUS_NOT_COMPUTED]);
    assert!(!report.complete);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_later_is_withheld_for_no_other_reason() {
    let forge = Forge::about("2025-09-30").await;
    let said = forge.told(|forged| {
        forged.after.as_mut().unwrap().basis = "nobody's business".to_owned();
    });
    let expected = "withheld.json: what came later is withheld as \"nobody's business\"; it was recorded after 2025-09-30";
    assert_eq!(said, [expected]);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_line_of_readme_txt_is_another_than_the_entries_make() {
    let forge = Forge::about("2026-11-24").await;
    let changes = [
        (
            "was withdrawn on 11 January 2024",
            "was kept on 11 January 2024",
        ),
        ("Keep the file as you received it.", "Certified."),
        (
            "key of the log    minutebook",
            "key of the log    ninutebook",
        ),
        ("THE CLOCK OF THIS LEDGER IS SIMULATED.", ""),
        ("entries           530", "entries           531"),
        ("marked personal", "marked nothing"),
    ];
    for (was, is) in changes {
        let said = forge.told_of_readme(was, is);
        assert_eq!(said.len(), 1, "{was}: {said:?}");
        let told = said[0].starts_with("README.txt: line ") && said[0].contains(is);
        assert!(told, "{was}: {said:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_holds_the_files_and_proofs_that_its_records_call_for_and_no_other() {
    let forge = Forge::about("2026-11-24").await;
    let opened = Opened::of(&forge.path);
    let (seq, proof) = opened.proofs.first_key_value().unwrap();
    let said = forge.told(|forged| {
        forged.proofs.remove(seq);
    });
    let expected = "proof: it has no proof, and an answer of status.json rests on it";
    assert_eq!(said, [expected]);

    let leaves: Vec<Hash> = opened
        .entries
        .iter()
        .map(|entry| ledger::hash::leaf_hash(entry))
        .collect();
    let more = TlogProof {
        index: 0,
        hashes: tree::inclusion_proof(&leaves, 0).unwrap(),
        ..TlogProof::parse(proof.as_bytes()).unwrap()
    };
    let said = forge.told(|forged| {
        forged.proofs.insert(0, more.encode().unwrap());
    });
    let expected = "proof: it has a proof, and no answer of status.json rests on it";
    assert_eq!(said, [expected]);

    let content = b"Cited by nobody.".to_vec();
    let hash = ledger::hash::sha256(&content);
    let said = forge.told(|forged| {
        forged.files.insert(hash, content);
    });
    let expected = format!("file: {hash} is in the pack, and no entry known by then cites it");
    assert_eq!(said, [expected]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_about_a_past_day_names_what_was_withdrawn_since() {
    let forge = Forge::about("2024-01-05").await;
    let opened = Opened::of(&forge.path);
    let readme = std::str::from_utf8(&opened.members["README.txt"]).unwrap();
    let line = readme
        .lines()
        .find(|line| line.starts_with("  entry 171: "));
    let line = line.unwrap_or_else(|| panic!("{readme}"));
    assert!(
        line.contains("was withdrawn on 11 January 2024 by "),
        "{line}"
    );
    assert!(
        line.ends_with(": reason withheld: after 2024-01-05"),
        "{line}"
    );
    let who = line
        .split(" by ")
        .nth(1)
        .unwrap()
        .split(':')
        .next()
        .unwrap();
    assert!(who.parse::<uuid::Uuid>().is_ok(), "{line}");
    assert_eq!(forge.told(|_| ()), nothing());
    let said = forge.told_of_readme(&format!("{line}\n"), "");
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("entry 171"), "{said:?}");
}
