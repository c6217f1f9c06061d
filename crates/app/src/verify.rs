//! Verifying the ledger in place: every entry, group, file, checkpoint and guard, and
//! everything derived, rebuilt and compared row by row.

use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader, BufWriter, Seek, Write};
use std::path::Path;

use ledger::{Checkpoint, Entry, Frontier, Hash, hash};
use record::{Facts, Registry};
use serde::Serialize;
use serde_json::{Map, Value};
use store::{FileCheck, Files, GOVERNANCE_LOG, RecordRow, Rows, Writer};
use uuid::Uuid;

use crate::derive::derive;
use crate::error::{AppError, Result};
use crate::guard::{GuardDir, GuardState};
use crate::keys::LogKey;
use crate::reading::Ledger;
use crate::stored;

/// One thing that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The entry it concerns.
    pub seq: Option<u64>,
    /// What.
    pub what: String,
    /// How.
    pub detail: String,
}

/// The checkpoint verified against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Head {
    /// The origin.
    pub origin: String,
    /// The size.
    pub size: u64,
    /// The root, hex.
    pub root: String,
}

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether everything checked holds.
    pub verified: bool,
    /// Whether everything that should be was checked.
    pub complete: bool,
    /// Entries read.
    pub entries: u64,
    /// The checkpoint.
    pub checkpoint: Option<Head>,
    /// What was not checked.
    pub not_checked: Vec<String>,
    /// What nobody demanded.
    pub not_demanded: Vec<String>,
    /// What does not hold.
    pub failures: Vec<Failure>,
}

/// Most failures listed; more are counted in the last.
const FAILURES_MAX: usize = 100;

#[derive(Default)]
struct Failures(Vec<Failure>);

impl Failures {
    fn add(&mut self, seq: impl Into<Option<u64>>, what: &str, detail: impl Into<String>) {
        if self.0.len() < FAILURES_MAX {
            self.0.push(Failure {
                seq: seq.into(),
                what: what.to_owned(),
                detail: detail.into(),
            });
        }
    }
}

impl Ledger {
    /// Verifies the ledger in place. Appends nothing.
    ///
    /// # Errors
    /// When it cannot be read at all.
    pub async fn verify(&self, guard: &GuardDir) -> Result<Report> {
        let snapshot = self.reader.snapshot().await?;
        let rows = snapshot.rows();
        let mut failures = Failures::default();
        let key = LogKey::open(&self.dir)?;
        let temporary = tempfile::tempdir()
            .map_err(|error| AppError::io("making a temporary directory", error))?;
        let mut rebuilt = Writer::create(temporary.path(), "verify").await?;
        let checkpoints = checkpoints(rows).await?;
        let walked = walk(
            rows,
            &mut rebuilt,
            &self.registry,
            &checkpoints,
            &mut failures,
        )
        .await?;
        let head = check_head(rows, &walked, &mut failures).await?;
        check_checkpoints(&checkpoints, &walked, &key, &mut failures);
        check_guard(guard, &key, &head, &checkpoints, &mut failures)?;
        check_files(&self.dir, &mut failures).await?;
        compare_derived(rows, &rebuilt, &mut failures).await?;
        let latest = checkpoints.last_key_value().map(|(size, _)| *size);
        let root = latest.and_then(|size| walked.roots.get(&size));
        Ok(Report {
            verified: failures.0.is_empty(),
            complete: true,
            entries: walked.frontier.size(),
            checkpoint: latest.zip(root).map(|(size, root)| Head {
                origin: key.origin().to_owned(),
                size,
                root: root.to_string(),
            }),
            not_checked: Vec::new(),
            not_demanded: vec![
                "a key from elsewhere".to_owned(),
                "a witness".to_owned(),
                "a timestamp".to_owned(),
            ],
            failures: failures.0,
        })
    }
}

async fn checkpoints(rows: Rows<'_>) -> Result<BTreeMap<u64, String>> {
    let mut all = BTreeMap::new();
    let mut after = None;
    loop {
        let page = rows.checkpoints(GOVERNANCE_LOG, after, 1_000).await?;
        let Some(last) = page.last() else {
            return Ok(all);
        };
        after = Some(last.size);
        all.extend(page.into_iter().map(|one| (one.size, one.note)));
    }
}

struct Walked {
    frontier: Frontier,
    /// The root at each size that a checkpoint signs.
    roots: BTreeMap<u64, Hash>,
}

async fn walk(
    rows: Rows<'_>,
    rebuilt: &mut Writer,
    registry: &Registry,
    checkpoints: &BTreeMap<u64, String>,
    failures: &mut Failures,
) -> Result<Walked> {
    let size = rows.counts(GOVERNANCE_LOG).await?.entries;
    let mut walked = Walked {
        frontier: Frontier::new(),
        roots: BTreeMap::new(),
    };
    let mut seen: HashMap<Uuid, RecordRow> = HashMap::new();
    let mut last_ms = 0;
    let mut groups = 0;
    let mut batch = rebuilt.begin().await?;
    let mut entries = rows.entries(GOVERNANCE_LOG, 0..u64::MAX >> 1);
    while let Some(chunk) = entries.next().await? {
        for one in chunk {
            let expected = walked.frontier.size();
            if one.seq != expected {
                failures.add(
                    expected,
                    "an entry is missing",
                    format!("the next one is {}", one.seq),
                );
            }
            walked.frontier.append(hash::leaf_hash(&one.bytes));
            if checkpoints.contains_key(&walked.frontier.size()) {
                walked
                    .roots
                    .insert(walked.frontier.size(), walked.frontier.root());
            }
            let entry = match Entry::parse(&one.bytes) {
                Ok(entry) => entry,
                Err(error) => {
                    failures.add(
                        one.seq,
                        "an entry is not as it was recorded",
                        error.to_string(),
                    );
                    continue;
                }
            };
            if entry.time_unix_ms < last_ms {
                failures.add(one.seq, "an entry is earlier than the one before it", "");
            }
            last_ms = entry.time_unix_ms;
            groups += entry.groups.len();
            let stored = rows.groups(GOVERNANCE_LOG, one.seq).await?;
            let Some((facts, words)) = check_groups(one.seq, &entry, &stored, failures) else {
                continue;
            };
            let event = stored::event(
                one.seq,
                &one.bytes,
                &facts,
                &crate::dates::Zone::named("UTC")?,
            );
            let event = match event {
                Ok(event) => event,
                Err(error) => {
                    failures.add(
                        one.seq,
                        "the facts of an entry cannot be read",
                        error.to_string(),
                    );
                    continue;
                }
            };
            let derived = derive(&event, &words, seen.get(&event.id), registry);
            if let Some(row) = &derived.record {
                seen.insert(row.id, row.clone());
            }
            batch.put_derived(one.seq, &derived).await?;
        }
    }
    batch.commit().await?;
    let counted = rows.counts(GOVERNANCE_LOG).await?;
    if counted.groups != u64::try_from(groups).unwrap_or(u64::MAX) {
        failures.add(
            None,
            "groups that no entry commits to",
            format!("{} stored, {groups} committed to", counted.groups),
        );
    }
    if size != walked.frontier.size() {
        failures.add(
            None,
            "entries outside the sequence",
            format!("{size} stored, {} in sequence", walked.frontier.size()),
        );
    }
    Ok(walked)
}

/// The bytes of an entry's facts, and its words.
type Opened = (Vec<u8>, Vec<Map<String, Value>>);

/// Checks an entry's groups; returns the bytes of its facts, and its words.
fn check_groups(
    seq: u64,
    entry: &Entry,
    stored: &[store::Group],
    failures: &mut Failures,
) -> Option<Opened> {
    let mut facts = None;
    let mut words = Vec::new();
    for group in &entry.groups {
        let Some(found) = stored.iter().find(|one| one.name == group.name) else {
            failures.add(seq, "a group is missing", group.name.clone());
            continue;
        };
        if found.commitment != group.commitment.0 {
            failures.add(
                seq,
                "a group's stored commitment is not the entry's",
                group.name.clone(),
            );
        }
        let Some(bytes) = &found.bytes else {
            failures.add(
                seq,
                "a group is missing, and no erasure says so",
                group.name.clone(),
            );
            continue;
        };
        if hash::sha256(bytes) != group.commitment {
            failures.add(seq, "a group is not as it was recorded", group.name.clone());
            continue;
        }
        if group.name == "facts" {
            facts = Some(bytes.clone());
        } else if let Ok(Value::Object(group)) = stored::words(bytes) {
            words.push(group);
        }
    }
    for extra in stored
        .iter()
        .filter(|one| !entry.groups.iter().any(|group| group.name == one.name))
    {
        failures.add(
            seq,
            "a group that the entry does not commit to",
            extra.name.clone(),
        );
    }
    check_marks(seq, facts.as_deref(), stored, failures);
    facts.map(|facts| (facts, words))
}

/// A mark stands in the facts; the column only repeats it.
fn check_marks(seq: u64, facts: Option<&[u8]>, stored: &[store::Group], failures: &mut Failures) {
    let Some(facts) = facts
        .and_then(|bytes| ledger::group::open(bytes).ok())
        .and_then(|json| serde_json::from_slice::<Facts>(json).ok())
    else {
        return;
    };
    for group in stored {
        let meant = facts.marks.get(&group.name).map(|mark| mark.as_str());
        if group.mark.as_deref() != meant {
            failures.add(
                seq,
                "a group's mark is not as it was recorded",
                group.name.clone(),
            );
        }
    }
}

async fn check_head(
    rows: Rows<'_>,
    walked: &Walked,
    failures: &mut Failures,
) -> Result<ledger::GuardMark> {
    let root = walked.frontier.root();
    match rows.head(GOVERNANCE_LOG).await? {
        None => failures.add(None, "the head is missing", ""),
        Some(head) => {
            if head.size != walked.frontier.size()
                || head.root != root.0
                || head.frontier != walked.frontier.to_bytes()
            {
                failures.add(
                    None,
                    "the head is not that of the entries",
                    format!("it says {} entries", head.size),
                );
            }
        }
    }
    Ok(ledger::GuardMark {
        size: walked.frontier.size(),
        root,
    })
}

fn check_checkpoints(
    checkpoints: &BTreeMap<u64, String>,
    walked: &Walked,
    key: &LogKey,
    failures: &mut Failures,
) {
    if checkpoints.is_empty() {
        failures.add(None, "no checkpoint is kept", "");
    }
    for (size, note) in checkpoints {
        match Checkpoint::open(note.as_bytes(), key.origin(), key.signing.verifier()) {
            Err(error) => failures.add(
                None,
                "a checkpoint is not as it was signed",
                format!("{size} entries: {error}"),
            ),
            Ok(signed) => {
                if signed.size != *size || walked.roots.get(size) != Some(&signed.root) {
                    failures.add(
                        None,
                        "a checkpoint signs other entries than these",
                        format!("{size} entries"),
                    );
                }
            }
        }
    }
}

fn check_guard(
    guard: &GuardDir,
    key: &LogKey,
    head: &ledger::GuardMark,
    checkpoints: &BTreeMap<u64, String>,
    failures: &mut Failures,
) -> Result<()> {
    let state = GuardState {
        guard: guard.read(&key.short())?,
        head: *head,
        signed: checkpoints.last_key_value().map_or(0, |(size, _)| *size),
    };
    if let Some(error) = state.against() {
        failures.add(None, "the signing guard", error.to_string());
    }
    Ok(())
}

async fn check_files(dir: &Path, failures: &mut Failures) -> Result<()> {
    let files = Files::in_dir(dir);
    for file in files.list().await? {
        if files.verify(&file).await? != FileCheck::Sound {
            failures.add(None, "a file is not as it was received", hex::encode(file));
        }
    }
    Ok(())
}

/// Rebuilds everything derived and compares the ordered dumps line by line.
async fn compare_derived(rows: Rows<'_>, rebuilt: &Writer, failures: &mut Failures) -> Result<()> {
    let stored = spool(rows).await?;
    let meant = spool(rebuilt.rows()).await?;
    let mut stored = BufReader::new(stored).lines();
    let mut meant = BufReader::new(meant).lines();
    loop {
        let read = |line: Option<std::io::Result<String>>| {
            line.transpose()
                .map_err(|error| AppError::io("reading a temporary file", error))
        };
        match (read(stored.next())?, read(meant.next())?) {
            (None, None) => return Ok(()),
            (one, other) if one == other => {}
            (one, other) => {
                failures.add(
                    None,
                    "a derived row is not what the entries make",
                    one.or(other).unwrap_or_default(),
                );
                return Ok(());
            }
        }
    }
}

async fn spool(rows: Rows<'_>) -> Result<std::fs::File> {
    let failed = |error| AppError::io("writing a temporary file", error);
    let mut out = BufWriter::new(tempfile::tempfile().map_err(failed)?);
    let mut fault = None;
    rows.dump_derived(&mut |line| {
        if let Err(error) = writeln!(out, "{line}") {
            fault = Some(error);
        }
    })
    .await?;
    if let Some(error) = fault {
        return Err(failed(error));
    }
    let mut file = out
        .into_inner()
        .map_err(|error| failed(error.into_error()))?;
    file.rewind().map_err(failed)?;
    Ok(file)
}
