//! Work that keeps its thread to itself until it is done, beside the threads that must go on
//! answering: reading the database blocks, so that no limit of time would end the waiting for it.

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::{Semaphore, oneshot};

use crate::error::{AppError, Result};

/// Threads for such work, of which there are only so many.
#[derive(Debug, Clone)]
pub struct Aside {
    places: Arc<Semaphore>,
}

impl Aside {
    /// Returns threads for so much work at once; what comes on top waits for its turn.
    pub fn new(at_once: usize) -> Self {
        Self {
            places: Arc::new(Semaphore::new(at_once)),
        }
    }

    /// Returns what the work comes to. Whoever stops waiting for that has it abandoned: it ends
    /// where it next lets others go first, and has its place until then.
    ///
    /// # Errors
    /// A fault where the work panicked.
    pub async fn run<T, F>(&self, work: impl FnOnce() -> F + Send + 'static) -> Result<T>
    where
        T: Send + 'static,
        F: Future<Output = T>,
    {
        let place = self.places.clone().acquire_owned().await;
        let place = place.map_err(AppError::fault)?;
        let (waiting, nobody_waits) = oneshot::channel::<()>();
        let runtime = Handle::current();
        let done = tokio::task::spawn_blocking(move || {
            let _place = place;
            runtime.block_on(async {
                tokio::select! {
                    biased;
                    _ = nobody_waits => None,
                    done = work() => Some(done),
                }
            })
        });
        let done = done.await.map_err(AppError::fault)?;
        drop(waiting);
        Ok(done.expect("whoever asks for the answer still waits for it"))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    const SHORT: Duration = Duration::from_millis(100);

    #[tokio::test]
    async fn work_that_keeps_its_thread_is_given_up_in_time_and_keeps_its_place() {
        let aside = Aside::new(1);
        let (end, ended) = mpsc::channel::<()>();
        let work = aside.run(move || async move { ended.recv().is_err() });
        assert!(tokio::time::timeout(SHORT, work).await.is_err());
        let next = aside.run(async || true);
        assert!(tokio::time::timeout(SHORT, next).await.is_err());
        drop(end);
        assert!(aside.run(async || true).await.expect("it is done"));
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_ends_where_it_lets_others_go_first() {
        let aside = Aside::new(1);
        let (held, dropped) = mpsc::channel::<()>();
        let work = aside.run(move || async move {
            let _held = held;
            loop {
                tokio::task::yield_now().await;
            }
        });
        let given_up: std::result::Result<Result<()>, _> = tokio::time::timeout(SHORT, work).await;
        assert!(given_up.is_err());
        assert!(dropped.recv().is_err());
        assert!(aside.run(async || true).await.expect("its place is free"));
    }

    #[tokio::test]
    async fn work_that_panics_is_a_fault_and_leaves_its_place() {
        let aside = Aside::new(1);
        let work = aside.run(async || panic!("made by the test"));
        let failed: Result<()> = work.await;
        assert!(matches!(failed, Err(AppError::Fault(_))));
        assert!(aside.run(async || true).await.expect("its place is free"));
    }
}
