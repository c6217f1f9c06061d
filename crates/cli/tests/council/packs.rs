//! Packs of the sample organisation: honest ones verify, and what the holder of the log's key
//! leaves out without saying so is noticed.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Cursor, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::given::{Council, council};
use app::{Acting, Asked, LogKey, Writing};
use catalogue::Catalogue;
use ledger::Hash;
use pack::withheld::Withheld;
use pack::write::ReadSeek;
use pack::{After, PackInput, PackReader, Report, WithheldFile, WithheldGroup, Withholding};
use serde_json::Value;

impl Council {
    pub fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    pub async fn pack(&self, as_of: &str, known_by: Option<&str>) -> PathBuf {
        let out = self.dir.path().join("council.zip");
        if out.exists() {
            std::fs::remove_file(&out).unwrap();
        }
        let asked = Asked {
            as_of: Some(as_of.to_owned()),
            known_by: known_by.map(str::to_owned),
            findings: None,
        };
        self.ledger.pack(&out, &asked).await.unwrap();
        out
    }

    pub fn check(&self, pack: File) -> Report {
        let key = LogKey::open(&self.data()).unwrap();
        let keys = vec![key.signing.verifier().clone()];
        let catalogue = Catalogue::iso_42001().unwrap();
        let trust = app::Trust {
            keys,
            previous: None,
        };
        app::check_pack(pack, trust, &kinds::registry(), &catalogue).unwrap()
    }
}

/// Everything in a pack, to be changed and signed anew.
pub struct Opened {
    pub entries: Vec<Vec<u8>>,
    pub groups: BTreeMap<Hash, Vec<u8>>,
    pub files: BTreeMap<Hash, Vec<u8>>,
    pub after: Option<After>,
    pub withheld_files: Vec<WithheldFile>,
    pub withheld_groups: Vec<WithheldGroup>,
    pub proofs: BTreeMap<u64, String>,
    pub members: BTreeMap<&'static str, Vec<u8>>,
    pub manifest: pack::Manifest,
}

impl Opened {
    pub fn of(path: &Path) -> Self {
        let mut pack = PackReader::open(File::open(path).unwrap()).unwrap();
        let entries = pack.entries().map(Result::unwrap).collect();
        let (mut groups, mut files) = (BTreeMap::new(), BTreeMap::new());
        pack.each_group(&mut |hash, bytes| {
            groups.insert(hash, bytes);
            Ok(())
        })
        .unwrap();
        pack.each_file(&mut |hash, _| {
            files.insert(hash, Vec::new());
            Ok(())
        })
        .unwrap();
        for (hash, bytes) in &mut files {
            assert!(pack.file(hash, bytes).unwrap());
        }
        let mut opened = Self {
            entries,
            groups,
            files,
            after: None,
            withheld_files: Vec::new(),
            withheld_groups: Vec::new(),
            proofs: pack
                .proofs()
                .unwrap()
                .into_iter()
                .map(|seq| {
                    let proof = pack.member(&format!("proofs/{seq}.tlog-proof"));
                    (seq, String::from_utf8(proof.unwrap().unwrap()).unwrap())
                })
                .collect(),
            members: ["README.txt", "checkpoint", "status.json"]
                .map(|name| (name, pack.member(name).unwrap().unwrap()))
                .into(),
            manifest: pack.manifest().clone(),
        };
        pack.withheld(&mut |item| {
            match item {
                Withheld::After(after) => opened.after = after,
                Withheld::File(file) => opened.withheld_files.push(file),
                Withheld::Group(group) => opened.withheld_groups.push(group),
            }
            Ok(())
        })
        .unwrap();
        opened
    }

    /// Writes and signs it with the log's own key.
    pub fn signed(&self, data: &Path) -> File {
        let text = |name: &str| std::str::from_utf8(&self.members[name]).unwrap();
        let reading = |(hash, bytes): (&Hash, &Vec<u8>)| {
            let source: Box<dyn ReadSeek> = Box::new(Cursor::new(bytes.clone()));
            Ok((*hash, source))
        };
        let input = PackInput {
            readme: text("README.txt"),
            status_json: &self.members["status.json"],
            checkpoint: text("checkpoint"),
            entries: &mut self.entries.iter().cloned().map(Ok),
            groups: &mut self
                .groups
                .iter()
                .map(|(hash, bytes)| Ok((*hash, bytes.clone()))),
            files: &mut self.files.iter().map(reading),
            withheld: Withholding {
                after: self.after.clone(),
                files: &mut self.withheld_files.iter().cloned().map(Ok),
                groups: &mut self.withheld_groups.iter().cloned().map(Ok),
            },
            proofs: self.proofs.clone().into_iter().collect(),
            as_of: &self.manifest.as_of,
            known_by: &self.manifest.known_by,
            rules: &self.manifest.rules,
            profile: &self.manifest.profile,
            key: &LogKey::open(data).unwrap().for_pack().unwrap(),
        };
        let mut out = Vec::new();
        pack::write(&mut out, input, &mut tempfile::tempfile).unwrap();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&out).unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        file
    }
}

/// Returns what does not hold, each with what was being checked.
pub fn told(report: &Report) -> Vec<String> {
    let failures = report.failures.iter();
    failures
        .map(|one| format!("{}: {}", one.what, one.detail))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn honest_packs_verify_about_any_date_known_by_any() {
    let council = council().await;
    let asked = [
        ("2023-02-06", None),
        ("2023-06-30", None),
        ("2024-05-15", None),
        ("2024-05-15", Some("now")),
        ("2023-01-31", Some("now")),
        ("2025-09-30", Some("2026-01-01")),
        ("2025-09-30", Some("#100")),
        ("2026-11-24", None),
        ("now", None),
    ];
    for (as_of, known_by) in asked {
        let path = council.pack(as_of, known_by).await;
        let report = council.check(File::open(path).unwrap());
        assert_eq!(told(&report), Vec::<String>::new(), "{as_of} {known_by:?}");
        assert!(report.verified && report.complete, "{as_of} {known_by:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_that_was_read_back_is_packed_and_verifies() {
    let council = council().await;
    let acting = Acting {
        email: None,
        holder: "test".to_owned(),
        accept_clock: false,
    };
    let model = app::Model {
        registry: council.ledger.registry.clone(),
        catalogue: council.ledger.catalogue.clone(),
    };
    let mut writing = Writing::open(&council.data(), model, &council.guard, &acting)
        .await
        .unwrap();
    writing.record_check(true).await.unwrap();
    drop(writing);
    let path = council.pack("now", None).await;
    let report = council.check(File::open(path).unwrap());
    assert_eq!(told(&report), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cited_file_left_out_without_a_word_is_noticed() {
    let council = council().await;
    let path = council.pack("2026-11-24", None).await;
    let opened = Opened::of(&path);
    // Signed anew and nothing changed, it verifies: the key is the log's.
    let report = council.check(opened.signed(&council.data()));
    assert_eq!(told(&report), Vec::<String>::new());
    // What README.txt names a file for is made again without it.
    let mut told_of = 0;
    let mut told_but_in_readme = |report: &Report| {
        let mut said = told(report);
        let before = said.len();
        said.retain(|one| !one.contains("PERHAPS IN A FILE OF THIS PACK"));
        told_of += before - said.len();
        said
    };
    for left_out in opened.files.keys().copied().collect::<Vec<_>>() {
        let mut forged = Opened::of(&path);
        forged.files.remove(&left_out);
        let said = told_but_in_readme(&council.check(forged.signed(&council.data())));
        let expected = format!(
            "file: missing: {left_out}, which the entry cites, is not in the pack and not listed as withheld"
        );
        assert_eq!(said, [expected]);
        forged.withheld_files.push(WithheldFile {
            file: left_out,
            mark: "privileged".to_owned(),
            basis: "advice of counsel".to_owned(),
            review_by: None,
        });
        let said = told_but_in_readme(&council.check(forged.signed(&council.data())));
        let expected = format!(
            "file: {left_out} is listed as withheld, and no mark that the auditor's profile withholds stands on it"
        );
        assert_eq!(said, [expected]);
    }
    // The minutes that hold an exempt item, and that file alone; twice.
    assert_eq!(told_of, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_listed_as_withheld_only_where_one_is_cited() {
    let council = council().await;
    let path = council.pack("2026-11-24", None).await;
    let mut forged = Opened::of(&path);
    let nowhere = ledger::hash::sha256(b"nothing");
    forged.withheld_files.push(WithheldFile {
        file: nowhere,
        mark: "privileged".to_owned(),
        basis: "advice of counsel".to_owned(),
        review_by: None,
    });
    let said = told(&council.check(forged.signed(&council.data())));
    let expected =
        format!("file: {nowhere} is listed as withheld, and no entry known by then cites it");
    assert_eq!(said, [expected]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_withheld_as_later_begins_where_known_by_ends() {
    let council = council().await;
    let path = council.pack("2025-09-30", None).await;
    let honest = Opened::of(&path);
    let known = honest.after.clone().unwrap().first_seq;
    let said_of = |after: Option<After>| {
        let mut forged = Opened::of(&path);
        forged.after = after;
        told(&council.check(forged.signed(&council.data())))
    };
    let from = |first_seq| {
        Some(After {
            first_seq,
            basis: "recorded after 2025-09-30".to_owned(),
        })
    };
    assert_eq!(said_of(from(known)), Vec::<String>::new());
    assert_eq!(
        said_of(from(known - 1)),
        [format!(
            "withheld.json: everything from entry {} on is withheld as recorded later, and {known} entries were known by then",
            known - 1
        )]
    );
    // A pack about today withholds nothing as later, though it may claim to.
    let path = council.pack("2026-11-24", None).await;
    let mut forged = Opened::of(&path);
    let size = u64::try_from(forged.entries.len()).unwrap();
    forged.after = from(size - 1);
    let said = told(&council.check(forged.signed(&council.data())));
    assert_eq!(
        said,
        [format!(
            "withheld.json: everything from entry {} on is withheld as recorded later, and {size} entries were known by then",
            size - 1
        )]
    );
    forged.after = from(size);
    let said = told(&council.check(forged.signed(&council.data())));
    let nothing = format!(
        "withheld.json: everything from entry {size} on is withheld as recorded later, and {size} entries were known by then"
    );
    assert_eq!(said, [nothing]);
}

/// What an AI system is called later: systems may be very many, and go by their newest name.
const RENAMED: (&str, &str) = (
    "Quillo (licensed copy)",
    "Quillo (public chatbot, free accounts)",
);

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_says_what_status_says_about_the_same_day_known_by_the_same_entry() {
    let council = council().await;
    for entry in ["#40", "#141", "#200", "#260", "#330", "#431", "#520"] {
        let path = council.pack(entry, Some(entry)).await;
        let mut pack = PackReader::open(File::open(path).unwrap()).unwrap();
        let packed = pack.member("status.json").unwrap().unwrap();
        let asked = Asked {
            as_of: Some(entry.to_owned()),
            known_by: Some(entry.to_owned()),
            findings: None,
        };
        let told = council.ledger.status(&asked).await.unwrap();
        let told = serde_json::to_string(&told).unwrap();
        let told: Value = serde_json::from_str(&told.replace(RENAMED.0, RENAMED.1)).unwrap();
        let packed = String::from_utf8(packed).unwrap();
        let packed: Value = serde_json::from_str(&packed.replace(RENAMED.0, RENAMED.1)).unwrap();
        assert_eq!(packed, told, "{entry}");
    }
}
