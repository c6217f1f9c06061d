//! The writer of a running server, on a thread of its own: it holds the data directory, says whether
//! an entry could be appended, and records what the daily check came to.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use crate::error::{AppError, Result};
use crate::guard::GuardDir;
use crate::model::Model;
use crate::writer::{Acting, Writing, Written};

/// Requests that are taken before they are done; whoever asks more waits until one is.
const WAITING_MAX: usize = 1_024;

enum Ask {
    Check(bool, oneshot::Sender<Result<Written>>),
    Ready(oneshot::Sender<Result<()>>),
}

/// Where the writer is asked. It ends when every handle is gone.
#[derive(Debug, Clone)]
pub struct WriterHandle {
    asks: mpsc::Sender<Ask>,
    /// Why there is no writer behind it, where there never was one.
    against: Option<Arc<str>>,
}

/// What a writer is opened with.
#[derive(Debug, Clone)]
pub struct Opening {
    /// The data directory.
    pub dir: PathBuf,
    /// The kinds.
    pub model: Model,
    /// The guard.
    pub guard: GuardDir,
    /// Who acts.
    pub acting: Acting,
}

impl WriterHandle {
    /// Opens the ledger for writing on a thread of its own.
    ///
    /// # Errors
    /// As [`Writing::open`].
    pub async fn start(opening: Opening) -> Result<Self> {
        let (asks, waiting) = mpsc::channel(WAITING_MAX);
        let (ready, opened) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .map_err(|error| AppError::io("starting the writer", error))?;
        std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || runtime.block_on(write(opening, waiting, ready)))
            .map_err(|error| AppError::io("starting the writer", error))?;
        opened.await.map_err(|_| gone())??;
        let against = None;
        Ok(Self { asks, against })
    }

    /// Returns a handle without a writer: everything is refused because of what `start` said.
    pub fn closed(because: &AppError) -> Self {
        Self {
            asks: mpsc::channel(1).0,
            against: Some(because.to_string().into()),
        }
    }

    /// Says why nothing can be appended until the next start, if that is so.
    pub fn against(&self) -> Option<String> {
        match &self.against {
            Some(because) => Some(because.to_string()),
            None => self.asks.is_closed().then(|| gone().to_string()),
        }
    }

    async fn ask(&self, ask: Ask) -> Result<()> {
        match (&self.against, self.asks.send(ask).await) {
            (_, Ok(())) => Ok(()),
            (Some(because), Err(_)) => {
                Err(AppError::Fault(format!("nothing is appended: {because}")))
            }
            (None, Err(_)) => Err(gone()),
        }
    }

    /// Records that the ledger was read back.
    ///
    /// # Errors
    /// A fault, after which the writer has stopped.
    pub async fn record_check(&self, sound: bool) -> Result<Written> {
        let (answer, answered) = oneshot::channel();
        self.ask(Ask::Check(sound, answer)).await?;
        answered.await.map_err(|_| gone())?
    }

    /// Asks the writer whether an entry could be appended now; appends nothing.
    ///
    /// # Errors
    /// What would forbid it: a writer that stopped, the guard, the clock, or the database.
    pub async fn ready(&self) -> Result<()> {
        let (answer, answered) = oneshot::channel();
        self.ask(Ask::Ready(answer)).await?;
        answered.await.map_err(|_| gone())?
    }
}

fn gone() -> AppError {
    AppError::Fault("the writer has stopped; start the server again".to_owned())
}

async fn write(
    opening: Opening,
    mut waiting: mpsc::Receiver<Ask>,
    ready: oneshot::Sender<Result<()>>,
) {
    let opened = Writing::open(&opening.dir, opening.model, &opening.guard, &opening.acting).await;
    let mut writing = match opened {
        Ok(writing) => {
            // The asker may be gone; the loop below then ends by itself.
            let _ = ready.send(Ok(()));
            writing
        }
        Err(error) => {
            let _ = ready.send(Err(error));
            return;
        }
    };
    while let Some(ask) = waiting.recv().await {
        let stop = match ask {
            Ask::Check(sound, answer) => {
                let done = writing.record_check(sound).await;
                let stop = done.is_err();
                let _ = answer.send(done);
                stop
            }
            Ask::Ready(answer) => {
                // Nothing was begun that could be half done: the writer goes on either way.
                let _ = answer.send(writing.ready().await);
                false
            }
        };
        if stop {
            // After a fault nothing in memory is trusted: the next start reads it all again.
            tracing::error!("the writer stopped after a fault");
            return;
        }
    }
}
