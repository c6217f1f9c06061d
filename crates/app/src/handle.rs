//! The writer of a running server: its own thread, fed by a bounded channel.

use std::path::PathBuf;

use record::Command;
use tokio::sync::{mpsc, oneshot};

use crate::error::{AppError, Result};
use crate::guard::GuardDir;
use crate::model::Model;
use crate::writer::{Acting, Outcome, Writing, Written};

/// Requests that wait at most; more are told to come again.
const WAITING_MAX: usize = 1_024;

enum Ask {
    Submit(Vec<Command>, oneshot::Sender<Result<Vec<Outcome>>>),
    Check(bool, oneshot::Sender<Result<Written>>),
    Ready(oneshot::Sender<Result<()>>),
}

/// Where Commands are handed in. The writer ends when every handle is gone.
#[derive(Debug, Clone)]
pub struct WriterHandle {
    asks: mpsc::Sender<Ask>,
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
        Ok(Self { asks })
    }

    /// Submits Commands and returns once they are durable and under a signed checkpoint.
    ///
    /// # Errors
    /// A fault, after which the writer has stopped.
    pub async fn submit(&self, commands: Vec<Command>) -> Result<Vec<Outcome>> {
        let (answer, answered) = oneshot::channel();
        self.asks
            .send(Ask::Submit(commands, answer))
            .await
            .map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }

    /// Records that the ledger was read back.
    ///
    /// # Errors
    /// As `submit`.
    pub async fn record_check(&self, sound: bool) -> Result<Written> {
        let (answer, answered) = oneshot::channel();
        self.asks
            .send(Ask::Check(sound, answer))
            .await
            .map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }

    /// Asks the writer whether an entry could be appended now; appends nothing.
    ///
    /// # Errors
    /// What would forbid it: a writer that stopped, the guard, the clock, or the database.
    pub async fn ready(&self) -> Result<()> {
        let (answer, answered) = oneshot::channel();
        self.asks
            .send(Ask::Ready(answer))
            .await
            .map_err(|_| gone())?;
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
            Ask::Submit(commands, answer) => {
                let done = writing.submit(&commands).await;
                let stop = done.is_err();
                // Whoever asked may be gone; what is recorded is recorded.
                let _ = answer.send(done);
                stop
            }
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
