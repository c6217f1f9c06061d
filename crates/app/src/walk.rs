//! The walk over all that is kept: before a writer appends anything, every entry, group, checkpoint
//! and file is read back, the database is asked whether it is whole, and what decisions are made from
//! is held against the entries. It goes on beside a start, which does not wait for it; the first
//! entry does.

mod checkpoints;
pub(crate) mod files;
mod found;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use ledger::{Entry, Frontier};
use record::Registry;
use store::{GOVERNANCE_LOG, Reader, Rows};
use tokio::sync::mpsc;

use crate::error::{AppError, Result};
use crate::keys::LogKey;
use crate::signing::{of_reading_back, sound};
use crate::stored;
use checkpoints::Checkpoints;
use files::Cited;
use found::Addresses;

/// How many entries are read at a time.
const CHUNK: u64 = 1_024;

/// What the log is held to.
pub(crate) struct Meant {
    /// Of all its entries.
    pub frontier: Frontier,
    /// What else a writer stands on; `None` where the entries alone are asked.
    pub stands_on: Option<StandsOn>,
}

/// What a writer stands on beside entries and groups.
pub(crate) struct StandsOn {
    /// The entries that decisions are made from, in order, as they were found.
    pub at_hand: Vec<u64>,
    /// The kinds.
    pub registry: Arc<Registry>,
    /// The key that signed the checkpoints.
    pub key: LogKey,
    /// The data directory.
    pub dir: PathBuf,
}

impl Meant {
    /// Reads every entry back with its groups, and what else a writer stands on; ends early when
    /// told to stop.
    ///
    /// # Errors
    /// Says what is not as it was recorded.
    pub async fn hold(&self, rows: Rows<'_>, stop: &AtomicBool) -> Result<()> {
        let size = self.frontier.size();
        let (mut range, mut groups) = (Frontier::new(), 0);
        let mut along = match &self.stands_on {
            Some(stands_on) => Some(Along::begin(stands_on, rows).await?),
            None => None,
        };
        while range.size() < size {
            if stop.load(Ordering::Relaxed) {
                return Ok(());
            }
            let from = range.size();
            let chunk = from..size.min(from + CHUNK);
            let stored = rows.stored(GOVERNANCE_LOG, chunk.clone()).await;
            let stored = of_reading_back(stored)?;
            for (row, (entry, leaf)) in stored.iter().zip(sound(&stored, from)?) {
                range.append(leaf);
                groups += entry.groups.len() as u64;
                if let Some(along) = &mut along {
                    along.pass(&entry, row, &range).await?;
                }
            }
            if range.size() < chunk.end {
                let what = format!("entry {} is missing", range.size());
                return Err(AppError::Damaged(what));
            }
        }
        if range != self.frontier {
            let what = "the entries do not make the head";
            return Err(AppError::Damaged(what.to_owned()));
        }
        // What stands outside the sequence is in no root.
        let kept = rows.counts(GOVERNANCE_LOG).await?;
        let logs = rows.logs().await?;
        let is_all = (kept.entries, kept.groups) == (size, groups);
        if !is_all || logs != [i64::from(GOVERNANCE_LOG)] {
            let what = "there are entries or groups that are in no sequence";
            return Err(AppError::Damaged(what.to_owned()));
        }
        match along {
            Some(along) => along.end(size).await,
            None => Ok(()),
        }
    }
}

/// What is held against the entries as they pass.
struct Along<'a> {
    rows: Rows<'a>,
    stands_on: &'a StandsOn,
    /// The entries at hand that did not pass yet.
    seqs: std::slice::Iter<'a, u64>,
    checkpoints: Checkpoints<'a>,
    cited: Cited,
    addresses: Addresses,
}

impl<'a> Along<'a> {
    async fn begin(stands_on: &'a StandsOn, rows: Rows<'a>) -> Result<Self> {
        let mut checkpoints = Checkpoints::of(rows, &stands_on.key).await?;
        checkpoints.pass(&Frontier::new()).await?;
        Ok(Self {
            rows,
            stands_on,
            seqs: stands_on.at_hand.iter(),
            checkpoints,
            cited: Cited::default(),
            addresses: Addresses::default(),
        })
    }

    /// Takes the entry that made the log what it is now.
    async fn pass(
        &mut self,
        entry: &Entry,
        row: &store::StoredEntry,
        range: &Frontier,
    ) -> Result<()> {
        self.tied(row.seq, entry).await?;
        let facts = row.groups.iter().find(|group| group.name == "facts");
        let facts = facts.and_then(|group| group.bytes.as_deref());
        // To read the facts takes longer than to see that they name neither a file nor a key.
        if entry.id.is_some() && facts.is_some_and(has_hash) {
            let facts = stored::facts(row.seq, facts)?;
            self.cited.note(row.seq, &facts);
            found::by_key(self.rows, row.seq, &facts).await?;
        }
        let registry = &self.stands_on.registry;
        self.addresses.note(entry, &row.groups, registry)?;
        self.checkpoints.pass(range).await
    }

    /// Makes sure that an entry is tied to its record, and at hand where decisions are made from
    /// it.
    async fn tied(&mut self, seq: u64, entry: &Entry) -> Result<()> {
        let of = (
            entry.id.unwrap_or_default(),
            entry.version.unwrap_or_default(),
        );
        let registry = &self.stands_on.registry;
        let kind = entry.kind.as_deref().map(|kind| registry.get(kind));
        let is_at_hand = kind.is_none_or(|kind| kind.is_some_and(|kind| kind.governs));
        let is_found = !is_at_hand || self.seqs.next() == Some(&seq);
        if is_found && self.rows.is_own(of, seq).await? {
            return Ok(());
        }
        let what = format!("entry {seq} is not found by its record");
        Err(AppError::Damaged(what))
    }

    /// Makes sure that nothing is left over once all of so many entries have passed.
    async fn end(mut self, size: u64) -> Result<()> {
        let damaged = |what: &str| Err(AppError::Damaged(what.to_owned()));
        if self.seqs.next().is_some() || self.rows.owned().await? != size {
            return damaged("records have entries that are not theirs");
        }
        // The number of checkpoints, and nothing else.
        if self.rows.metas().await?.len() > 1 {
            return damaged("something is kept that is not ours");
        }
        self.checkpoints.end()?;
        self.addresses.are_found(self.rows).await?;
        self.cited.are_in(&self.stands_on.dir).await
    }
}

/// The digits of a SHA-256.
const DIGITS: usize = 64;

/// Returns whether a text in a group's JSON may be a hash.
fn has_hash(group: &[u8]) -> bool {
    // The first line is the salt.
    let json = group.iter().position(|byte| *byte == b'\n');
    let json = json.map_or(group, |end| &group[end..]);
    let mut quoted = json.split(|byte| *byte == b'"');
    quoted.any(|text| text.len() == DIGITS)
}

/// Asks the database whether it is whole, its indexes included.
async fn is_whole(rows: Rows<'_>, stop: &Arc<AtomicBool>) -> Result<()> {
    match rows.damage_until(stop).await?.first() {
        None => Ok(()),
        Some(line) => Err(AppError::Damaged(format!("the database: {line}"))),
    }
}

/// A walk under way on threads of its own, or what came of it. Those that read the database end
/// when this is dropped.
#[derive(Debug)]
pub(crate) struct Walk {
    found: mpsc::Receiver<Result<()>>,
    /// How many parts of it nobody knows the end of.
    left: usize,
    /// What it found, once that was said.
    against: Option<String>,
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

/// The entries and what is held against them, the database, the files.
const PARTS: usize = 3;

impl Walk {
    /// Returns a walk that is over: of a log that was just begun.
    pub fn over() -> Self {
        Self {
            found: mpsc::channel(1).1,
            left: 0,
            against: None,
            stop: Arc::default(),
            threads: Vec::new(),
        }
    }

    /// Begins to walk the log of a data directory.
    ///
    /// # Errors
    /// When there is no thread to be had.
    pub fn start(dir: &Path, meant: Meant) -> Result<Self> {
        let (tell, found) = mpsc::channel(PARTS);
        let stop = Arc::<AtomicBool>::default();
        let (here, stopped) = (dir.to_owned(), stop.clone());
        let entries = async move {
            let reader = Reader::open(&here).await?;
            let snapshot = reader.snapshot().await?;
            meant.hold(snapshot.rows(), &stopped).await
        };
        let (here, stopped) = (dir.to_owned(), stop.clone());
        let database = async move {
            let reader = Reader::open(&here).await?;
            let snapshot = reader.snapshot().await?;
            is_whole(snapshot.rows(), &stopped).await
        };
        let here = dir.to_owned();
        let files = async move { files::are_sound(&here).await };
        let threads = vec![
            beside("walk", entries, tell.clone())?,
            beside("whole", database, tell.clone())?,
        ];
        // Nobody waits for this one: it holds no connection, and a file may be long.
        beside("files", files, tell)?;
        Ok(Self {
            found,
            left: PARTS,
            against: None,
            stop,
            threads,
        })
    }

    /// Returns whether nobody knows yet what comes of it.
    pub fn is_under_way(&self) -> bool {
        self.left > 0
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// What it found, each time it is asked.
    pub async fn end(&mut self) -> Result<()> {
        while self.left > 0 {
            let ended = self.found.recv().await;
            self.ended(ended.unwrap_or_else(|| Err(unfinished())))?;
        }
        match &self.against {
            None => Ok(()),
            Some(what) => Err(AppError::Damaged(what.clone())),
        }
    }

    /// Returns what is known of it without waiting.
    ///
    /// # Errors
    /// What it found.
    pub async fn so_far(&mut self) -> Result<()> {
        while self.left > 0 {
            match self.found.try_recv() {
                Err(mpsc::error::TryRecvError::Empty) => return Ok(()),
                ended => self.ended(ended.unwrap_or_else(|_| Err(unfinished())))?,
            }
        }
        self.end().await
    }

    /// Notes the end of one part; where it found something nobody waits for the others.
    fn ended(&mut self, ended: Result<()>) -> Result<()> {
        let ended = ended.map_err(|error| match error {
            AppError::Store(error) if error.is_damage() => AppError::Damaged(error.to_string()),
            other => other,
        });
        let Err(error) = &ended else {
            self.left -= 1;
            return Ok(());
        };
        self.left = 0;
        self.against = Some(match error {
            AppError::Damaged(what) => what.clone(),
            other => other.to_string(),
        });
        ended
    }
}

impl Drop for Walk {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            // A thread that panicked has nothing to tell that its message did not.
            let _ = thread.join();
        }
    }
}

/// Plays a part on a thread of its own, and tells what came of it.
fn beside(
    name: &str,
    part: impl Future<Output = Result<()>> + Send + 'static,
    tell: mpsc::Sender<Result<()>>,
) -> Result<JoinHandle<()>> {
    let failed = |error| AppError::io("starting to read the ledger back", error);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .map_err(failed)?;
    std::thread::Builder::new()
        .name(name.to_owned())
        // Nobody may be left to tell.
        .spawn(move || drop(tell.try_send(runtime.block_on(part))))
        .map_err(failed)
}

fn unfinished() -> AppError {
    AppError::Fault("the ledger was not read back to its end".to_owned())
}
