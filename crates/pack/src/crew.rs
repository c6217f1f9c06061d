//! Workers on all processors, whose results come back in the order in which the jobs were given.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Jobs waiting for each worker; enough that none runs dry while the lead takes results, few enough that
/// memory stays flat.
const WAITING: usize = 8;

type Outcome<Done> = Result<Done, Box<dyn Any + Send>>;

/// Gives out jobs and takes results.
pub(crate) struct Crew<Job, Done> {
    jobs: SyncSender<(u64, Job)>,
    results: Receiver<(u64, Outcome<Done>)>,
    early: BTreeMap<u64, Done>,
    given: u64,
    taken: u64,
    limit: u64,
}

impl<Job, Done> Crew<Job, Done> {
    /// Says whether a result must be taken before the next job is given.
    pub(crate) fn is_full(&self) -> bool {
        self.given - self.taken >= self.limit
    }

    /// Gives a job.
    ///
    /// # Panics
    ///
    /// When the crew is full.
    pub(crate) fn give(&mut self, job: Job) {
        assert!(!self.is_full(), "a result is taken first");
        let sent = self.jobs.send((self.given, job));
        assert!(sent.is_ok(), "the workers wait until the crew is dropped");
        self.given += 1;
    }

    /// Returns the result of the earliest job not yet taken; nothing when none is under way.
    ///
    /// # Panics
    ///
    /// When a worker did.
    pub(crate) fn take(&mut self) -> Option<Done> {
        if self.taken == self.given {
            return None;
        }
        loop {
            if let Some(done) = self.early.remove(&self.taken) {
                self.taken += 1;
                return Some(done);
            }
            let (number, outcome) = self.results.recv().expect("a worker answers each job");
            match outcome {
                Ok(done) => self.early.insert(number, done),
                Err(panic) => resume_unwind(panic),
            };
        }
    }
}

/// Runs `lead` with a crew, each of whom does what `worker` makes for them alone.
pub(crate) fn with_crew<Job: Send, Done: Send, Work, Outcome>(
    mut worker: impl FnMut() -> Work,
    lead: impl FnOnce(&mut Crew<Job, Done>) -> Outcome,
) -> Outcome
where
    Work: FnMut(Job) -> Done + Send,
{
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let limit = workers * (1 + WAITING);
    let (job_sender, job_receiver) = sync_channel(limit);
    let (result_sender, result_receiver) = channel();
    let job_receiver = Arc::new(Mutex::new(job_receiver));
    thread::scope(|scope| {
        for _ in 0..workers {
            let (jobs, results) = (Arc::clone(&job_receiver), result_sender.clone());
            let mut work = worker();
            scope.spawn(move || {
                loop {
                    let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((number, job)): Result<(u64, Job), _> = next else {
                        return;
                    };
                    // A panic must reach the one who waits, or they would wait for ever.
                    let outcome = catch_unwind(AssertUnwindSafe(|| work(job)));
                    if results.send((number, outcome)).is_err() {
                        return;
                    }
                }
            });
        }
        let mut crew = Crew {
            jobs: job_sender,
            results: result_receiver,
            early: BTreeMap::new(),
            given: 0,
            taken: 0,
            limit: limit as u64,
        };
        lead(&mut crew)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_back_in_the_order_of_the_jobs() {
        let mut done = Vec::new();
        with_crew(
            || |n: u64| n * n,
            |crew| {
                for n in 0..1000 {
                    if crew.is_full() {
                        done.extend(crew.take());
                    }
                    crew.give(n);
                }
                while let Some(result) = crew.take() {
                    done.push(result);
                }
            },
        );
        assert_eq!(done, (0..1000).map(|n| n * n).collect::<Vec<_>>());
    }

    #[test]
    fn a_workers_panic_is_not_waited_for() {
        let panicked = std::panic::catch_unwind(|| {
            with_crew(
                || |n: u64| assert!(n != 3, "three"),
                |crew| {
                    for n in 0..6 {
                        if crew.is_full() {
                            crew.take();
                        }
                        crew.give(n);
                    }
                    while crew.take().is_some() {}
                },
            );
        });
        assert!(panicked.is_err());
    }
}
