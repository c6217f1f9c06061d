//! The clock: the wall clock held to its word, or a simulated one.

use std::time::Duration;

use record::counted;

use crate::dates::rfc3339;
use crate::error::{AppError, Result};

/// How far the wall clock may be behind the last entry: two minutes.
const BEHIND_MS: i64 = 120_000;

/// How far the wall clock may run ahead of the monotonic one: a day.
const AHEAD_MS: i64 = 86_400_000;

/// How long after the last entry a process may begin to append: a year and a day.
const IDLE_MS: i64 = 366 * 86_400_000;

/// Returns what says how long it has been since now, by a clock that nobody can set.
pub fn elapsed() -> impl Fn() -> Duration + Send + Sync {
    let started = monotonic();
    move || monotonic().saturating_sub(started)
}

/// What both clocks of the machine say at one moment.
#[derive(Debug, Clone, Copy)]
struct Now {
    /// The wall clock, which can be set.
    wall_ms: i64,
    /// How long ago this process started, by the clock that nobody can set.
    running_ms: i64,
}

/// Reads the time, for one running process.
#[derive(Debug)]
pub struct Clock {
    /// By the clock that nobody can set.
    started: Duration,
    started_ms: i64,
    /// The last entry that this process found when it started.
    found_ms: Option<i64>,
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

/// Reads the clock that nobody can set. It goes on while the machine sleeps, as the wall clock
/// does: a server on a machine that slept for two days is not one whose clock jumped.
#[cfg(target_os = "linux")]
#[expect(
    clippy::disallowed_methods,
    reason = "the one reader of the monotonic clock"
)]
fn monotonic() -> Duration {
    let since_boot = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    Duration::try_from(since_boot).expect("no time since the machine was started is negative")
}

/// Reads the clock that nobody can set, from some moment of this process on. Where this one stands
/// still while the machine sleeps, a sleep of over a day counts as a jump.
#[cfg(not(target_os = "linux"))]
#[expect(
    clippy::disallowed_methods,
    reason = "the one reader of the monotonic clock"
)]
fn monotonic() -> Duration {
    use std::sync::LazyLock;
    use std::time::Instant;
    static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);
    BEGAN.elapsed()
}

impl Clock {
    /// Returns a clock that starts now. A simulated one stands at the last entry's time.
    pub fn new(simulated: bool, accepts_jump: bool) -> Self {
        Self {
            started: monotonic(),
            started_ms: wall_ms(),
            found_ms: None,
            accepts_jump,
            simulated,
        }
    }

    /// Returns the clock of a process that found a ledger whose last entry is of this time.
    pub fn after(self, last_ms: i64) -> Self {
        Self {
            found_ms: Some(last_ms),
            ..self
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
    /// When the wall clock is more than two minutes behind the last entry; or without that being
    /// accepted within this process ran over a day ahead of the monotonic clock, or was at its
    /// start over 366 days after the last entry.
    pub fn record_ms(&self, last_ms: i64) -> Result<i64> {
        let running = monotonic().saturating_sub(self.started).as_millis();
        let now = Now {
            wall_ms: wall_ms(),
            running_ms: i64::try_from(running).unwrap_or(i64::MAX),
        };
        self.record_at(now, last_ms)
    }

    fn record_at(&self, now: Now, last_ms: i64) -> Result<i64> {
        if self.simulated {
            return Ok(last_ms);
        }
        if now.wall_ms < last_ms - BEHIND_MS {
            return Err(behind(now.wall_ms, last_ms));
        }
        let idle = self
            .found_ms
            .filter(|found| self.started_ms - found > IDLE_MS);
        if let Some(found) = idle.filter(|_| !self.accepts_jump) {
            return Err(idle_since(self.started_ms, found));
        }
        let ahead_ms = now.wall_ms - self.started_ms - now.running_ms;
        if !self.accepts_jump && ahead_ms > AHEAD_MS {
            return Err(AppError::Clock(
                "the clock jumped over a day ahead while running; set it right and start again, or start with --accept-clock".to_owned(),
            ));
        }
        Ok(now.wall_ms.max(last_ms))
    }
}

/// Says that nothing is appended before the clock has come to the last entry.
fn behind(wall_ms: i64, last_ms: i64) -> AppError {
    AppError::Clock(format!(
        "the clock is {} behind the last entry; it says {}, and the last entry is of {}. If the clock is wrong, set it right. If it was wrong when that entry was recorded, appending is possible again from {} on; until then everything is read as before, and nothing is lost",
        counted((last_ms - wall_ms) / 1000, "second"),
        rfc3339(wall_ms),
        rfc3339(last_ms),
        rfc3339(last_ms - BEHIND_MS)
    ))
}

/// Says that a clock is so far after the last entry that it may be wrong: an entry by one that is
/// keeps all others out until its time has come.
fn idle_since(wall_ms: i64, last_ms: i64) -> AppError {
    AppError::Clock(format!(
        "the clock is over 366 days after the last entry; it says {}, and the last entry is of {}. If the clock is right, start again with --accept-clock; otherwise set it right first: an entry recorded by a clock that is ahead keeps all others out for as long as it is ahead",
        rfc3339(wall_ms),
        rfc3339(last_ms)
    ))
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use record::Command;
    use serde_json::json;

    use super::*;
    use crate::{Acting, GuardDir, Init, Model, Outcome, Writing};

    const HOUR_MS: i64 = 3_600_000;
    const DAY_MS: i64 = 24 * HOUR_MS;
    /// When the process started.
    const BEGAN_MS: i64 = 1_767_600_000_000;

    /// Returns a clock that started at `BEGAN_MS`.
    fn clock(simulated: bool, accepts_jump: bool) -> Clock {
        Clock {
            started: monotonic(),
            started_ms: BEGAN_MS,
            found_ms: None,
            accepts_jump,
            simulated,
        }
    }

    /// Returns the time an entry is recorded at, or what is said instead. All but the accepting
    /// are told in milliseconds after the start.
    fn records(
        clock: &Clock,
        wall: i64,
        running: i64,
        last: i64,
    ) -> std::result::Result<i64, String> {
        let now = Now {
            wall_ms: BEGAN_MS + wall,
            running_ms: running,
        };
        let recorded = clock.record_at(now, BEGAN_MS + last);
        recorded
            .map(|ms| ms - BEGAN_MS)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn an_entry_is_never_earlier_than_the_one_before_and_at_most_two_minutes_ahead_of_the_clock() {
        let clock = clock(false, false);
        let cases = [
            // wall, last entry, recorded at
            (0, -HOUR_MS, Ok(0)),
            (0, 0, Ok(0)),
            (0, 1, Ok(1)),
            (0, 119_999, Ok(119_999)),
            (0, 120_000, Ok(120_000)),
            (
                0,
                120_001,
                Err("the clock is 120 seconds behind the last entry"),
            ),
            (
                0,
                HOUR_MS,
                Err("the clock is 3600 seconds behind the last entry"),
            ),
            (-HOUR_MS, -HOUR_MS + 120_000, Ok(-HOUR_MS + 120_000)),
            (
                -HOUR_MS,
                0,
                Err("the clock is 3600 seconds behind the last entry"),
            ),
        ];
        for (wall, last, expected) in cases {
            let recorded = records(&clock, wall, 0, last);
            let begins = |said: &String| said.split(';').next().unwrap().to_owned();
            let recorded = recorded.map_err(|said| begins(&said));
            assert_eq!(recorded, expected.map_err(str::to_owned), "{wall} {last}");
        }
    }

    #[test]
    fn a_wall_clock_over_a_day_ahead_of_the_monotonic_one_stops_appending_until_accepted() {
        let cases = [
            // wall, running, whether it counts as a jump
            (DAY_MS, 0, false),
            (DAY_MS + 1, 0, true),
            (DAY_MS + HOUR_MS, HOUR_MS, false),
            (DAY_MS + HOUR_MS + 1, HOUR_MS, true),
            (30 * DAY_MS, 30 * DAY_MS, false),
            (31 * DAY_MS + 1, 30 * DAY_MS, true),
            (-DAY_MS, HOUR_MS, false),
        ];
        for (wall, running, is_jump) in cases {
            let said = records(&clock(false, false), wall, running, wall);
            match is_jump {
                false => assert_eq!(said, Ok(wall), "{wall} {running}"),
                true => assert!(
                    said.unwrap_err().contains("--accept-clock"),
                    "{wall} {running}"
                ),
            }
            let accepted = records(&clock(false, true), wall, running, wall);
            assert_eq!(accepted, Ok(wall), "{wall} {running}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    #[expect(clippy::disallowed_methods, reason = "the clock to compare with")]
    fn the_time_a_machine_sleeps_passes_for_both_clocks() {
        use rustix::time::{ClockId, clock_gettime};
        let since_boot = || Duration::try_from(clock_gettime(ClockId::Boottime)).unwrap();
        let (before, ours, after) = (since_boot(), monotonic(), since_boot());
        assert!(before <= ours && ours <= after, "{before:?} {ours:?}");
        // Two days asleep, and a clock set a day and more ahead in them.
        let asleep = 2 * DAY_MS;
        let said = |wall| records(&clock(false, false), wall, asleep, 0);
        assert_eq!(said(asleep), Ok(asleep));
        assert_eq!(said(asleep + DAY_MS), Ok(asleep + DAY_MS));
        assert!(said(asleep + DAY_MS + 1).is_err());
    }

    #[test]
    fn accepting_a_jump_accepts_no_clock_behind_the_last_entry() {
        let said = records(&clock(false, true), 0, 0, 120_001);
        assert!(said.unwrap_err().contains("behind the last entry"));
    }

    #[test]
    fn a_clock_behind_the_last_entry_says_both_times_and_when_appending_is_possible_again() {
        let said = records(&clock(false, false), 0, 0, HOUR_MS).unwrap_err();
        for part in [
            "it says 2026-01-05T08:00:00Z",
            "the last entry is of 2026-01-05T09:00:00Z",
            "possible again from 2026-01-05T08:58:00Z on",
            "nothing is lost",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
    }

    #[test]
    fn a_start_over_366_days_after_the_last_entry_stops_appending_until_accepted() {
        let idle = |days_ms: i64, simulated, accepts_jump| {
            let clock = clock(simulated, accepts_jump).after(BEGAN_MS - days_ms);
            records(&clock, 0, 0, -days_ms)
        };
        assert_eq!(idle(366 * DAY_MS, false, false), Ok(0));
        let said = idle(366 * DAY_MS + 1, false, false).unwrap_err();
        for part in [
            "--accept-clock",
            "it says 2026-01-05T08:00:00Z",
            "the last entry is of 2025-01-04T07:59:59.999Z",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
        assert_eq!(idle(366 * DAY_MS + 1, false, true), Ok(0));
        assert_eq!(idle(4_000 * DAY_MS, true, false), Ok(-4_000 * DAY_MS));
        // What runs for over a year without an entry has not started after one.
        let running = clock(false, false).after(BEGAN_MS - DAY_MS);
        let year = 400 * DAY_MS;
        assert_eq!(records(&running, year, year, -DAY_MS), Ok(year));
    }

    #[test]
    fn a_simulated_clock_stands_at_the_last_entry_and_knows_no_jump() {
        let clock = clock(true, false);
        for (wall, running, last) in [
            (0, 0, 0),
            (0, 0, 365 * DAY_MS),
            (0, 0, -365 * DAY_MS),
            (365 * DAY_MS, 0, 0),
        ] {
            assert_eq!(
                records(&clock, wall, running, last),
                Ok(last),
                "{wall} {last}"
            );
        }
        assert_eq!(clock.now_ms(7), 7);
    }

    fn model() -> Model {
        Model {
            registry: Arc::new(kinds::registry()),
            catalogue: Arc::new(catalogue::Catalogue::iso_42001().unwrap()),
        }
    }

    async fn ledger(dir: &Path) -> Writing {
        let model = model();
        let new = Init {
            organisation: "Example Council (fictional)".to_owned(),
            aims_start: None,
            time_zone: "UTC".to_owned(),
            operator: None,
            simulated_clock: None,
            ids: None,
        };
        let guard = GuardDir(dir.join("guard"));
        crate::init(&dir.join("data"), model, &guard, &new)
            .await
            .unwrap()
    }

    fn put() -> [Command; 1] {
        let put = json!({"do": "put", "kind": "person", "body": {"name": "Bea Sample"}});
        [Command::from_value(put).unwrap()]
    }

    #[tokio::test]
    async fn nothing_is_appended_by_a_clock_that_cannot_be_trusted() {
        let dir = tempfile::tempdir().unwrap();
        let mut writing = ledger(dir.path()).await;
        let size = writing.size();
        let jumped = |accepts_jump| Clock {
            started_ms: wall_ms() - DAY_MS - HOUR_MS,
            ..self::clock(false, accepts_jump)
        };
        let last_ms = writing.desk.last_ms;

        writing.desk.clock = jumped(false);
        for refused in [
            writing.ready().await,
            writing
                .submit(&put())
                .await
                .map(drop)
                .map_err(AppError::from),
        ] {
            assert!(matches!(refused, Err(AppError::Clock(_))), "{refused:?}");
        }
        writing.desk.clock = jumped(true);
        writing.desk.last_ms = wall_ms() + HOUR_MS;
        let refused = writing.submit(&put()).await.map_err(AppError::from);
        assert!(matches!(refused, Err(AppError::Clock(_))), "{refused:?}");
        assert_eq!(writing.size(), size);

        writing.desk.last_ms = last_ms;
        let done = writing.submit(&put()).await.unwrap();
        assert!(matches!(done[..], [Outcome::Done(_)]), "{done:?}");
        assert_eq!(writing.size(), size + 1);
        assert!(writing.desk.last_ms >= last_ms);
    }

    #[tokio::test]
    async fn a_process_that_begins_to_append_is_held_to_the_last_entry_it_found() {
        let dir = tempfile::tempdir().unwrap();
        let begun = ledger(dir.path()).await;
        // Whoever begins a ledger found no entry.
        assert_eq!(begun.desk.clock.found_ms, None);
        let last_ms = begun.desk.last_ms;
        drop(begun);
        let guard = GuardDir(dir.path().join("guard"));
        let acting = |accept_clock| Acting {
            email: None,
            holder: "a test".to_owned(),
            accept_clock,
        };
        for accepts in [false, true] {
            let data = dir.path().join("data");
            let mut writing = Writing::open(&data, model(), &guard, &acting(accepts))
                .await
                .unwrap();
            assert_eq!(writing.desk.clock.found_ms, Some(last_ms));
            // As if that entry had been recorded long ago.
            writing.desk.clock.found_ms = Some(last_ms - 367 * DAY_MS);
            let size = writing.size();
            let submitted = writing.submit(&put()).await.map_err(AppError::from);
            match accepts {
                false => assert!(
                    matches!(submitted, Err(AppError::Clock(_))),
                    "{submitted:?}"
                ),
                true => assert_eq!(submitted.unwrap().len(), 1),
            }
            assert_eq!(writing.size(), size + u64::from(accepts));
        }
    }
}
