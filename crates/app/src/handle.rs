//! The writer of a running server: its own thread, fed by a bounded channel.

use std::path::PathBuf;
use std::sync::Arc;

use record::Command;
use tokio::sync::{mpsc, oneshot};

use crate::error::{AppError, Result};
use crate::guard::GuardDir;
use crate::model::Model;
use crate::writer::{Acting, BATCH_MAX, Outcome, Writing, Written};

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

    /// Submits Commands and returns once they are durable and under a signed checkpoint.
    ///
    /// # Errors
    /// A fault, after which the writer has stopped.
    pub async fn submit(&self, commands: Vec<Command>) -> Result<Vec<Outcome>> {
        let (answer, answered) = oneshot::channel();
        self.ask(Ask::Submit(commands, answer)).await?;
        answered.await.map_err(|_| gone())?
    }

    /// Records that the ledger was read back.
    ///
    /// # Errors
    /// As `submit`.
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
    let mut left = None;
    loop {
        let Some(ask) = (match left.take() {
            Some(ask) => Some(ask),
            None => waiting.recv().await,
        }) else {
            return;
        };
        let stop = match ask {
            Ask::Submit(commands, answer) => {
                let mut asked = Asked::of(commands, answer);
                left = asked.gather(&mut waiting);
                asked.submit(&mut writing).await
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

/// Requests that are submitted in one batch: their Commands one behind the other, and how many
/// of them each is answered about.
struct Asked {
    commands: Vec<Command>,
    answers: Vec<(usize, oneshot::Sender<Result<Vec<Outcome>>>)>,
}

impl Asked {
    fn of(commands: Vec<Command>, answer: oneshot::Sender<Result<Vec<Outcome>>>) -> Self {
        let answers = vec![(commands.len(), answer)];
        Self { commands, answers }
    }

    /// Takes what else waits to be submitted, about a batch; returns the first that waits for
    /// something else.
    fn gather(&mut self, waiting: &mut mpsc::Receiver<Ask>) -> Option<Ask> {
        while self.commands.len() < BATCH_MAX {
            match waiting.try_recv() {
                Ok(Ask::Submit(commands, answer)) => {
                    self.answers.push((commands.len(), answer));
                    self.commands.extend(commands);
                }
                Ok(other) => return Some(other),
                Err(_) => return None,
            }
        }
        None
    }

    /// Submits and answers each; returns whether the writer has to stop.
    async fn submit(self, writing: &mut Writing) -> bool {
        let submitted = writing.submit(&self.commands).await;
        let stop = submitted.is_err();
        let mut submitted = submitted.map(Vec::into_iter);
        for (count, answer) in self.answers {
            let own = match &mut submitted {
                Ok(outcomes) => Ok(outcomes.take(count).collect()),
                Err(_) => std::mem::replace(&mut submitted, Err(gone())).map(Iterator::collect),
            };
            // Whoever asked may be gone; what is recorded is recorded.
            let _ = answer.send(own);
        }
        stop
    }
}
