//! The clock: the wall clock held to its word, or a simulated one.

use std::time::{Duration, Instant};

use crate::error::{AppError, Result};

/// How far the wall clock may be behind the last entry: two minutes.
const BEHIND_MS: i64 = 120_000;

/// How far the wall clock may run ahead of the monotonic one: a day.
const AHEAD_MS: i64 = 86_400_000;

/// Returns what says how long it has been since now, by a clock that nobody can set.
pub fn elapsed() -> impl Fn() -> Duration + Send + Sync {
    let started = monotonic();
    move || started.elapsed()
}

/// Reads the time, for one running process.
#[derive(Debug)]
pub struct Clock {
    started: Instant,
    started_ms: i64,
    accepts_jump: bool,
    simulated: bool,
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one reader of the wall clock"
)]
fn wall_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one reader of the monotonic clock"
)]
fn monotonic() -> Instant {
    Instant::now()
}

impl Clock {
    /// Returns a clock that starts now. A simulated one stands at the last entry's time.
    pub fn new(simulated: bool, accepts_jump: bool) -> Self {
        Self {
            started: monotonic(),
            started_ms: wall_ms(),
            accepts_jump,
            simulated,
        }
    }

    /// Returns whether the clock is simulated.
    pub fn is_simulated(&self) -> bool {
        self.simulated
    }

    /// Returns the time for reading: the wall clock, or the last entry's time when simulated.
    pub fn now_ms(&self, last_ms: i64) -> i64 {
        if self.simulated { last_ms } else { wall_ms() }
    }

    /// Returns the time to record the next entry at: never earlier than the last.
    ///
    /// # Errors
    /// When the wall clock is more than two minutes behind the last entry, or within this
    /// process ran over a day ahead of the monotonic clock without that being accepted.
    pub fn record_ms(&self, last_ms: i64) -> Result<i64> {
        if self.simulated {
            return Ok(last_ms);
        }
        let now = wall_ms();
        if now < last_ms - BEHIND_MS {
            return Err(AppError::Clock(format!(
                "the clock is {} seconds behind the last entry; set it right and try again",
                (last_ms - now) / 1000
            )));
        }
        let elapsed = i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX);
        if !self.accepts_jump && now - self.started_ms - elapsed > AHEAD_MS {
            return Err(AppError::Clock(
                "the clock jumped over a day ahead while running; set it right, or start with --accept-clock".to_owned(),
            ));
        }
        Ok(now.max(last_ms))
    }
}
