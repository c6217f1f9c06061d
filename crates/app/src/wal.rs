//! Keeps the write-ahead log short beside the writer, which never waits for it.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use store::Wal;

use crate::error::{AppError, Result};

/// How often the write-ahead log is moved into the database.
const EVERY: Duration = Duration::from_millis(200);

/// A thread of its own; it ends when this is dropped.
#[derive(Debug)]
pub struct WalKeeper {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl WalKeeper {
    /// Starts moving the write-ahead log.
    ///
    /// # Errors
    /// When there is no thread to be had.
    pub fn start(mut wal: Wal) -> Result<Self> {
        let (stop, stopped) = mpsc::channel();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .map_err(|error| AppError::io("starting a thread", error))?;
        let keep = move || {
            while matches!(stopped.recv_timeout(EVERY), Err(RecvTimeoutError::Timeout)) {
                if let Err(error) = runtime.block_on(wal.checkpoint_wal()) {
                    // The batch is durable in the write-ahead log all the same; the next round tries again.
                    tracing::warn!(%error, "the write-ahead log was not moved");
                }
            }
        };
        let thread = std::thread::Builder::new()
            .name("wal".to_owned())
            .spawn(keep)
            .map_err(|error| AppError::io("starting a thread", error))?;
        Ok(Self {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for WalKeeper {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has nothing to tell that its message did not.
            let _ = thread.join();
        }
    }
}
