//! T and U made exact: the day asked about, and the entries it is answered from.

use record::{Day, Refusal};
use store::Rows;

use crate::clock::Clock;
use crate::dates::Moment;
use crate::error::Result;
use crate::reading::{Asked, Cached, Ledger, size_at, time_of};

/// T and U made exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Exact {
    pub about: Day,
    /// The instant asked about: now, or the end of another day.
    pub about_ms: i64,
    /// The instant by which it is known, likewise.
    pub known_ms: i64,
    pub size: u64,
    pub is_now: bool,
    /// Whether T has not come yet.
    pub is_ahead: bool,
    /// Whether U has not.
    pub known_is_ahead: bool,
}

impl Ledger {
    pub(crate) async fn exact(
        &self,
        rows: Rows<'_>,
        cached: &Cached,
        asked: &Asked,
    ) -> Result<Exact> {
        let now_ms = Clock::new(self.begin.simulated_clock, true).now_ms(cached.last_ms);
        let today = self.zone.day(now_ms);
        let parse = |text: &Option<String>| text.as_deref().map(Moment::parse).transpose();
        let about = parse(&asked.as_of)?.unwrap_or(Moment::Now);
        let known = parse(&asked.known_by)?.unwrap_or(about);
        let about_ms = self.instant(rows, about, (now_ms, cached.size)).await?;
        let known_ms = self.instant(rows, known, (now_ms, cached.size)).await?;
        let day = match about {
            Moment::Day(day) => day,
            _ => self.zone.day(about_ms),
        };
        let size = match known {
            Moment::Now => cached.size,
            Moment::Day(day) if day >= today => cached.size,
            Moment::Day(day) => size_at(rows, cached.size, self.zone.end_of(day)).await?,
            Moment::Instant(ms) => size_at(rows, cached.size, ms).await?,
            // No entry is asked for that is not there.
            Moment::Entry(seq) => seq + 1,
        };
        Ok(Exact {
            about: day,
            about_ms,
            known_ms,
            size,
            is_now: day == today && size == cached.size,
            is_ahead: day > today,
            known_is_ahead: match known {
                Moment::Day(day) => day > today,
                Moment::Instant(ms) => ms > now_ms,
                Moment::Now | Moment::Entry(_) => false,
            },
        })
    }

    /// Returns the instant of a moment in a log of a size: now, or the end of another day.
    async fn instant(
        &self,
        rows: Rows<'_>,
        moment: Moment,
        (now_ms, size): (i64, u64),
    ) -> Result<i64> {
        Ok(match moment {
            Moment::Now => now_ms,
            Moment::Day(day) if day == self.zone.day(now_ms) => now_ms,
            Moment::Day(day) => self.zone.end_of(day),
            Moment::Instant(ms) => ms,
            Moment::Entry(seq) if seq < size => time_of(rows, seq).await?,
            Moment::Entry(seq) => return Err(no_entry(seq, size).into()),
        })
    }
}

fn no_entry(seq: u64, size: u64) -> Refusal {
    Refusal::new(
        "no_such_entry",
        format!("There is no entry {seq}; the log has {size}."),
    )
    .hint("Entries count from #0; `now` stands for all of them.")
}
