//! The walk over the whole log: before a writer appends anything, every entry and group is read
//! back, and what decisions are made from is held against them. It goes on beside a start, which
//! does not wait for it; the first entry does.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use ledger::{Entry, Frontier};
use record::Registry;
use store::{GOVERNANCE_LOG, Reader, Rows};
use tokio::sync::oneshot;

use crate::error::{AppError, Result};
use crate::signing::{of_reading_back, sound};

/// How many entries are read at a time.
const CHUNK: u64 = 1_024;

/// What the log is held to.
pub(crate) struct Meant {
    /// Of all its entries.
    pub frontier: Frontier,
    /// The entries that decisions are made from, in order, as they were found; `None` where the
    /// entries alone are asked.
    pub at_hand: Option<(Vec<u64>, Arc<Registry>)>,
}

impl Meant {
    /// Reads every entry back with its groups; ends early when told to stop.
    ///
    /// # Errors
    /// Says what is not as it was recorded.
    pub async fn hold(&self, rows: Rows<'_>, stop: &AtomicBool) -> Result<()> {
        let size = self.frontier.size();
        let (mut range, mut groups) = (Frontier::new(), 0);
        let mut seqs = self.at_hand.iter().flat_map(|(seqs, _)| seqs).copied();
        while range.size() < size {
            if stop.load(Ordering::Relaxed) {
                return Ok(());
            }
            let from = range.size();
            let chunk = from..size.min(from + CHUNK);
            let stored = rows.stored(GOVERNANCE_LOG, chunk.clone()).await;
            let stored = of_reading_back(stored)?;
            for (seq, (entry, leaf)) in (from..).zip(sound(&stored, from)?) {
                range.append(leaf);
                groups += entry.groups.len() as u64;
                self.tied(rows, (seq, &entry), &mut seqs).await?;
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
        if self.at_hand.is_some() && (seqs.next().is_some() || rows.owned().await? != size) {
            let what = "records have entries that are not theirs";
            return Err(AppError::Damaged(what.to_owned()));
        }
        Ok(())
    }

    /// Makes sure that an entry is tied to its record, and at hand where decisions are made from
    /// it.
    async fn tied(
        &self,
        rows: Rows<'_>,
        (seq, entry): (u64, &Entry),
        seqs: &mut impl Iterator<Item = u64>,
    ) -> Result<()> {
        let Some((_, registry)) = &self.at_hand else {
            return Ok(());
        };
        let of = (
            entry.id.unwrap_or_default(),
            entry.version.unwrap_or_default(),
        );
        let kind = entry.kind.as_deref().map(|kind| registry.get(kind));
        let is_at_hand = kind.is_none_or(|kind| kind.is_some_and(|kind| kind.governs));
        let is_found = !is_at_hand || seqs.next() == Some(seq);
        if is_found && rows.is_own(of, seq).await? {
            return Ok(());
        }
        let what = format!("entry {seq} is not found by its record");
        Err(AppError::Damaged(what))
    }
}

/// A walk under way on a thread of its own, or what came of it. The thread ends when this is
/// dropped.
#[derive(Debug)]
pub(crate) struct Walk {
    found: Option<oneshot::Receiver<Result<()>>>,
    /// What it found, once that was said.
    against: Option<String>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Walk {
    /// Returns a walk that is over: of a log that was just begun.
    pub fn over() -> Self {
        Self {
            found: None,
            against: None,
            stop: Arc::default(),
            thread: None,
        }
    }

    /// Begins to walk the log of a data directory.
    ///
    /// # Errors
    /// When there is no thread to be had.
    pub fn start(dir: &Path, meant: Meant) -> Result<Self> {
        let failed = |error| AppError::io("starting to read the ledger back", error);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .map_err(failed)?;
        let (tell, found) = oneshot::channel();
        let stop = Arc::new(AtomicBool::new(false));
        let (dir, stopped) = (dir.to_owned(), stop.clone());
        let walk = async move {
            let reader = Reader::open(&dir).await?;
            let snapshot = reader.snapshot().await?;
            meant.hold(snapshot.rows(), &stopped).await
        };
        let thread = std::thread::Builder::new()
            .name("walk".to_owned())
            // Nobody may be left to tell.
            .spawn(move || drop(tell.send(runtime.block_on(walk))))
            .map_err(failed)?;
        Ok(Self {
            found: Some(found),
            against: None,
            stop,
            thread: Some(thread),
        })
    }

    /// Returns whether nobody knows yet what comes of it.
    pub fn is_under_way(&self) -> bool {
        self.found.is_some()
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// What it found, each time it is asked.
    pub async fn end(&mut self) -> Result<()> {
        if let Some(found) = &mut self.found {
            let ended = found.await;
            return self.ended(ended.unwrap_or_else(|_| Err(unfinished())));
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
        match self.found.as_mut().map(oneshot::Receiver::try_recv) {
            Some(Err(oneshot::error::TryRecvError::Empty)) => Ok(()),
            Some(ended) => self.ended(ended.unwrap_or_else(|_| Err(unfinished()))),
            None => self.end().await,
        }
    }

    fn ended(&mut self, ended: Result<()>) -> Result<()> {
        self.found = None;
        self.against = ended.as_ref().err().map(|error| match error {
            AppError::Damaged(what) => what.clone(),
            other => other.to_string(),
        });
        ended
    }
}

impl Drop for Walk {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has nothing to tell that its message did not.
            let _ = thread.join();
        }
    }
}

fn unfinished() -> AppError {
    AppError::Fault("the ledger was not read back to its end".to_owned())
}
