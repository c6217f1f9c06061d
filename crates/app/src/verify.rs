//! Verifying the ledger in place: every entry, group, file, checkpoint and guard, and
//! everything derived, rebuilt and compared row by row.

mod database;
mod entries;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use ledger::{Checkpoint, GuardMark, Note};
use pack::{Failure, Head, NOT_EXTENDED, OTHER_LEDGER, Report, Trust};
use record::counted;
use store::{CHECKPOINTS, FileCheck, Files, GOVERNANCE_LOG, Reader, Rows, StoreError, Writer};

use crate::error::{AppError, Result};
use crate::guard::{GuardDir, GuardState};
use crate::init::finished;
use crate::keys::LogKey;
use crate::model::Model;
use crate::rebuild;
use entries::{Walked, walk};

/// The report as it grows.
struct Failures(Report);

impl Failures {
    fn add(&mut self, seq: impl Into<Option<u64>>, what: &str, detail: impl Into<String>) {
        self.0.fail(Failure {
            seq: seq.into(),
            what: what.to_owned(),
            detail: detail.into(),
        });
    }

    /// Ends the report where something stopped the verification: what it had found by then stays.
    ///
    /// # Errors
    /// The fault, where nothing was found by then and what is stored is not what stopped it.
    fn stop(&mut self, error: AppError) -> Result<()> {
        let is_damage = match &error {
            AppError::Store(error) => error.is_damage(),
            error => matches!(error, AppError::Damaged(_) | AppError::Altered(_)),
        };
        if !is_damage && self.0.failures.is_empty() {
            return Err(error);
        }
        let rest = "whatever was still to be checked: the verification stopped before that";
        self.0.not_checked.push(rest.to_owned());
        let what = match is_damage {
            true => "what is stored cannot be read",
            false => STOPPED,
        };
        self.add(None, what, error.to_string());
        Ok(())
    }
}

/// Verifies a ledger in place, beside whoever writes it. Appends nothing.
///
/// # Errors
/// When it cannot be read, and nothing was found by then; what can be read and does not hold is in
/// the report.
pub async fn verify(dir: &Path, model: &Model, guard: &GuardDir, trust: &Trust) -> Result<Report> {
    verified(dir, model, Guard::Now(guard), trust).await
}

/// Verifies a copy of a ledger that may have gone on since: it extends what the guard remembered
/// before it was made. What was committed and not yet signed then is signed by the next writer.
///
/// # Errors
/// When it cannot be read at all; what can be read and does not hold is in the report.
pub(crate) async fn verify_copy(
    dir: &Path,
    model: &Model,
    remembered: Result<Option<GuardMark>>,
) -> Result<Report> {
    verified(dir, model, Guard::Then(remembered), &Trust::default()).await
}

/// Makes sure that something was recorded or signed here: an `init` that was killed left nothing to
/// verify, and perhaps no key to verify it by.
///
/// # Errors
/// Says that the ledger was never finished, or a fault.
async fn begun(reader: &Reader, dir: &Path) -> Result<()> {
    let snapshot = reader.snapshot().await?;
    let rows = snapshot.rows();
    let is_signed = rows.latest_checkpoint(GOVERNANCE_LOG).await?.is_some();
    match is_signed || rows.meta(CHECKPOINTS).await?.is_some() {
        true => Ok(()),
        false => finished(rows, dir).await,
    }
}

async fn verified(dir: &Path, model: &Model, guard: Guard<'_>, trust: &Trust) -> Result<Report> {
    let reader = rebuild::as_it_is(dir, model).await?;
    // Whatever else stands in the way of looking is for the report.
    if let Err(half @ AppError::Store(StoreError::HalfWritten { .. })) = begun(&reader, dir).await {
        return Err(half);
    }
    let in_place = InPlace {
        dir,
        reader: &reader,
        model,
        guard,
        key: LogKey::open(dir)?,
        trust,
    };
    let mut report = Report::default();
    (report.verified, report.complete) = (true, true);
    let demanded = [
        ("a key from elsewhere", !trust.keys.is_empty()),
        (
            "that the log extends a checkpoint seen before",
            trust.previous.is_some(),
        ),
        ("a witness", false),
        ("a timestamp", false),
    ];
    let nobody = demanded.into_iter().filter(|(_, demanded)| !demanded);
    report.not_demanded = nobody.map(|(what, _)| what.to_owned()).collect();
    let mut failures = Failures(report);
    if let Err(error) = in_place.check(&mut failures).await {
        failures.stop(error)?;
    }
    Ok(failures.0)
}

/// The signing guard that a ledger is held against.
enum Guard<'a> {
    /// As it is, beside whoever writes.
    Now(&'a GuardDir),
    /// As it was before a copy was made.
    Then(Result<Option<GuardMark>>),
}

/// What is verified, and against what.
struct InPlace<'a> {
    dir: &'a Path,
    reader: &'a Reader,
    model: &'a Model,
    guard: Guard<'a>,
    key: LogKey,
    trust: &'a Trust,
}

impl InPlace<'_> {
    async fn check(&self, failures: &mut Failures) -> Result<()> {
        // The guard follows the log: read before the snapshot it cannot be ahead of it, read
        // after it cannot be behind, whatever somebody writes meanwhile.
        let guard = self.remembered(failures);
        let snapshot = self.reader.snapshot().await?;
        let rows = snapshot.rows();
        let temporary = tempfile::tempdir()
            .map_err(|error| AppError::io("making a temporary directory", error))?;
        let mut rebuilt = Writer::create(temporary.path(), "verify").await?;
        let checkpoints = checkpoints(rows).await?;
        database::check(rows, &rebuilt, checkpoints.len(), failures).await?;
        let mut sizes: BTreeSet<u64> = checkpoints.keys().copied().collect();
        sizes.extend(guard.map(|mark| mark.size));
        let is_own = self.is_own_key(&checkpoints, failures);
        let seen = is_own.then(|| self.seen_before(failures)).flatten();
        sizes.extend(seen.as_ref().map(|seen| seen.size));
        let walked = walk(rows, &mut rebuilt, self.model, &sizes, failures).await?;
        let size = walked.frontier.size();
        failures.0.entries = size;
        check_head(rows, &walked, failures).await?;
        if is_own {
            self.check_signed_by_own((&checkpoints, guard, seen), &walked, failures);
        }
        self.check_files(&walked, failures).await?;
        if let Some(by) = rebuild::stranger(rows, self.model).await? {
            let what = "what is derived was made by another program or other rules";
            let next = "`minutebook status` makes it anew; then verify again";
            failures.add(None, what, format!("{by}: {next}"));
        }
        database::compare_derived(rows, &rebuilt, failures).await?;
        drop(snapshot);
        let wanted = match self.guard {
            Guard::Now(_) => walked.frontier.size(),
            // A guard that is ahead of an older copy has seen entries that are not here.
            Guard::Then(_) => guard.map_or(0, |mark| mark.size.min(walked.frontier.size())),
        };
        self.check_signed((wanted, walked.frontier.size()), failures)
            .await
    }

    /// What the log's key signed, and what its guard remembers, is of these entries.
    fn check_signed_by_own(
        &self,
        (checkpoints, guard, seen): (
            &BTreeMap<u64, String>,
            Option<GuardMark>,
            Option<Checkpoint>,
        ),
        walked: &Walked,
        failures: &mut Failures,
    ) {
        let latest = checkpoints.last_key_value().map(|(size, _)| *size);
        let root = latest.and_then(|size| walked.roots.get(&size));
        failures.0.checkpoint = latest.zip(root).map(|(size, root)| Head {
            origin: self.key.origin().to_owned(),
            size,
            root: *root,
        });
        check_checkpoints(checkpoints, walked, &self.key, failures);
        let earlier = guard.map(|mark| checkpoints.range(..mark.size).count() as u64);
        self.check_guard((guard, earlier), walked, latest.unwrap_or(0), failures);
        if let Some(seen) = seen
            && walked.roots.get(&seen.size) != Some(&seen.root)
            && seen.size > 0
        {
            let what = "the log does not extend the checkpoint seen before";
            let detail = format!("that one has {}", counted(seen.size, "entry"));
            failures.add(None, what, detail);
        }
    }

    /// The log's key signed its newest checkpoint, and is one of those that were brought, if any were.
    /// Returns whether it signed any: of a ledger that another signed, what only its own key tells is
    /// not known, and that is said once.
    fn is_own_key(&self, checkpoints: &BTreeMap<u64, String>, failures: &mut Failures) -> bool {
        let own = self.key.signing.verifier();
        let newest = checkpoints.last_key_value();
        if let Some(signer) = newest.and_then(|(_, note)| self.key.other_signer(note)) {
            let detail = format!(
                "the newest checkpoint is signed by {signer}, and the file `key` holds {}: put the ledger's own back from the latest backup",
                self.key.called()
            );
            failures.add(None, OTHER_KEY, detail);
            let mut notes = checkpoints.values();
            if notes.all(|note| self.key.other_signer(note).is_some()) {
                let untold = [
                    "the checkpoints: none is signed by the key here",
                    "the signing guard: it is kept under the ledger's own key",
                ];
                failures.0.complete = false;
                failures.0.not_checked.extend(untold.map(str::to_owned));
                let seen = self.trust.previous.as_ref();
                failures
                    .0
                    .not_checked
                    .extend(seen.map(|_| NOT_EXTENDED.to_owned()));
                return false;
            }
        }
        if !self.trust.keys.is_empty() && !self.trust.keys.contains(own) {
            let what = "the log's key is none of those given";
            failures.add(None, what, self.key.origin());
        }
        true
    }

    /// Returns the checkpoint that was seen before, if one was brought and is of this log.
    fn seen_before(&self, failures: &mut Failures) -> Option<Checkpoint> {
        let note = self.trust.previous.as_ref()?;
        let (origin, own) = (self.key.origin(), self.key.signing.verifier());
        let parsed = Note::parse(note.as_bytes()).ok();
        let parsed = parsed.and_then(|note| Checkpoint::parse(&note.text).ok());
        if let Some(other) = parsed.filter(|other| other.origin != origin) {
            failures.0.not_checked.push(NOT_EXTENDED.to_owned());
            let of = &other.origin;
            let detail = format!("it is of the log {of}, and this is the log {origin}");
            failures.add(None, OTHER_LEDGER, detail);
            return None;
        }
        match Checkpoint::open(note.as_bytes(), origin, own) {
            Ok(seen) => Some(seen),
            Err(error) => {
                let what = "the checkpoint seen before is none of this log";
                failures.add(None, what, error.to_string());
                None
            }
        }
    }

    /// Returns what the guard remembers; that it cannot be read is a failure, not a fault.
    fn remembered(&self, failures: &mut Failures) -> Option<GuardMark> {
        let read = match &self.guard {
            Guard::Now(guard) => guard.read(&self.key.short()),
            Guard::Then(Ok(mark)) => return *mark,
            Guard::Then(Err(error)) => {
                failures.add(None, GUARD, error.to_string());
                return None;
            }
        };
        read.unwrap_or_else(|error| {
            failures.add(None, GUARD, error.to_string());
            None
        })
    }

    fn check_guard(
        &self,
        (before, earlier): (Option<GuardMark>, Option<u64>),
        walked: &Walked,
        signed: u64,
        failures: &mut Failures,
    ) {
        let against = |state: GuardState| state.against().map(|error| error.to_string());
        let head = GuardMark {
            size: walked.frontier.size(),
            root: walked.frontier.root(),
            checkpoints: None,
        };
        let ahead = against(GuardState {
            guard: before,
            head,
            signed: 0,
            earlier,
        });
        let after = match self.guard {
            Guard::Now(_) => self.remembered(failures),
            Guard::Then(_) => None,
        };
        let behind = after.and_then(|mark| {
            against(GuardState {
                guard: after,
                head: mark,
                signed,
                earlier: None,
            })
        });
        for detail in ahead.into_iter().chain(behind) {
            failures.add(None, GUARD, detail);
        }
        let altered = before.filter(|mark| {
            let root = walked.roots.get(&mark.size);
            mark.size < head.size && mark.size > 0 && root != Some(&mark.root)
        });
        if let Some(mark) = altered {
            let detail = format!("the first {} entries are not those it remembers", mark.size);
            failures.add(None, GUARD, detail);
        }
    }

    /// Every cited file is here, and every file here is as it was received.
    async fn check_files(&self, walked: &Walked, failures: &mut Failures) -> Result<()> {
        let files = Files::in_dir(self.dir);
        let here = files.list().await?;
        for file in &here {
            tokio::task::yield_now().await;
            if files.verify(file).await? != FileCheck::Sound {
                let what = "a file is not as it was received";
                failures.add(None, what, hex::encode(file));
            }
        }
        let here: BTreeSet<String> = here.iter().map(hex::encode).collect();
        for (file, seq) in &walked.files {
            if !here.contains(file) {
                failures.add(*seq, "a file it cites is missing", file.as_str());
            }
        }
        Ok(())
    }

    /// The entries that are wanted so are under a signed checkpoint.
    async fn check_signed(
        &self,
        (wanted, size): (u64, u64),
        failures: &mut Failures,
    ) -> Result<()> {
        let signed = signed_up_to(self.reader, wanted).await?;
        if signed >= wanted {
            return Ok(());
        }
        let detail = format!(
            "{}, {signed} signed; after a crash the next command that writes reads the rest back and signs it",
            counted(size, "entry")
        );
        failures.add(None, UNSIGNED, detail);
        Ok(())
    }
}

/// Returns how many entries are under a signed checkpoint. A batch just committed is signed a moment
/// later, so whoever writes is given that moment.
pub(crate) async fn signed_up_to(reader: &Reader, wanted: u64) -> Result<u64> {
    let mut tried = 0;
    loop {
        let snapshot = reader.snapshot().await?;
        let latest = snapshot.rows().latest_checkpoint(GOVERNANCE_LOG).await?;
        let signed = latest.map_or(0, |one| one.size);
        if signed >= wanted || tried == SIGNING_TRIES {
            return Ok(signed);
        }
        drop(snapshot);
        tokio::time::sleep(SIGNING_PAUSE).await;
        tried += 1;
    }
}

/// What a failure is of, in a report, where what is derived from the entries is not as they make it.
pub const DERIVED: &str = "a derived row is not what the entries make";

/// What a failure is of, in a report, where the key at hand is that of another ledger.
pub const OTHER_KEY: &str = "the key is not the ledger's";

/// What a failure of the guard is of, in a report.
pub const GUARD: &str = "the signing guard";

/// What a failure is of, in a report, where the verification could not go on.
pub const STOPPED: &str = "the verification stopped";

/// What a failure is of, in a report, that a killed writer leaves and the next one mends.
pub const UNSIGNED: &str = "entries are not under a signed checkpoint";

/// How long a writer is given to sign what it committed: a second in all.
const SIGNING_TRIES: u32 = 20;
const SIGNING_PAUSE: Duration = Duration::from_millis(50);

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

async fn check_head(rows: Rows<'_>, walked: &Walked, failures: &mut Failures) -> Result<()> {
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
                    format!("it says {}", counted(head.size, "entry")),
                );
            }
        }
    }
    Ok(())
}

fn check_checkpoints(
    checkpoints: &BTreeMap<u64, String>,
    walked: &Walked,
    key: &LogKey,
    failures: &mut Failures,
) {
    // Where there are entries, that they are not signed is said of them.
    if checkpoints.is_empty() && walked.frontier.size() == 0 {
        failures.add(None, "no checkpoint is kept", "");
    }
    for (size, note) in checkpoints {
        match Checkpoint::open(note.as_bytes(), key.origin(), key.signing.verifier()) {
            Err(error) => failures.add(
                None,
                "a checkpoint is not as it was signed",
                format!("{}: {error}", counted(*size, "entry")),
            ),
            Ok(signed) => {
                if signed.size != *size || walked.roots.get(size) != Some(&signed.root) {
                    failures.add(
                        None,
                        "a checkpoint signs other entries than these",
                        counted(*size, "entry"),
                    );
                }
            }
        }
    }
}
