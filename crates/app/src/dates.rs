//! What people write for T and U, and the organisation's time zone.

use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Timestamp, ZonedDateTime};
use record::{Day, Refusal};

/// The organisation's time zone.
#[derive(Debug, Clone)]
pub struct Zone(TimeZone);

impl Zone {
    /// Returns the zone of an IANA name, of the database that is compiled in: what a record says
    /// does not depend on the machine that reads it.
    ///
    /// # Errors
    /// Refuses an unknown name.
    pub fn named(name: &str) -> Result<Self, Refusal> {
        let bundled = TimeZoneDatabase::bundled();
        bundled.get(name).map(Self).map_err(|_| {
            Refusal::new(
                "unknown_time_zone",
                format!("There is no time zone named {name:?}."),
            )
            .hint("Use an IANA name such as Europe/London.")
        })
    }

    /// Returns the day of an instant.
    pub fn day(&self, unix_ms: i64) -> Day {
        let instant = Timestamp::from_millisecond(unix_ms).unwrap_or(Timestamp::UNIX_EPOCH);
        Day(self.0.to_datetime(instant).date())
    }

    /// Returns an instant as the clocks of the zone show it; none where it is in no year that
    /// calendars here know.
    pub fn at(&self, unix_ms: i64) -> Option<ZonedDateTime> {
        let instant = Timestamp::from_millisecond(unix_ms).ok()?;
        Some(instant.to_zoned_datetime(self.0.clone()))
    }

    /// Returns T or U as people read it: as asked, an entry with when it was recorded, as in
    /// `#100 (15 June 2023, 10:03)`.
    pub(crate) fn told(&self, asked: &str, unix_ms: i64) -> String {
        let recorded = self.at(unix_ms).filter(|_| asked.starts_with('#'));
        match recorded {
            None => asked.to_owned(),
            Some(at) => format!(
                "{asked} ({}, {})",
                Day(at.date()).in_words(),
                at.strftime("%H:%M")
            ),
        }
    }

    /// Returns the last millisecond of a day.
    pub fn end_of(&self, day: Day) -> i64 {
        let midnight = day.next().0.to_datetime(jiff::civil::Time::midnight());
        self.0
            .to_timestamp(midnight)
            .map_or(i64::MAX, |start| start.as_millisecond() - 1)
    }
}

/// T or U as asked: a date, an instant, `now`, or entry `#N`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Now.
    Now,
    /// The end of a day.
    Day(Day),
    /// An instant, Unix milliseconds.
    Instant(i64),
    /// Entries 0 to N.
    Entry(u64),
}

impl Moment {
    /// Reads what was asked.
    ///
    /// # Errors
    /// Refuses anything that is not a date, an RFC 3339 instant, `now`, or `#N`.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        if text == "now" {
            return Ok(Self::Now);
        }
        if let Some(seq) = text.strip_prefix('#').and_then(|seq| seq.parse().ok()) {
            return Ok(Self::Entry(seq));
        }
        if let Ok(day) = text.parse::<Day>() {
            return Ok(Self::Day(day));
        }
        text.parse::<Timestamp>()
            .map(|instant| Self::Instant(instant.as_millisecond()))
            .map_err(|_| no_moment(text))
    }
}

fn no_moment(text: &str) -> Refusal {
    let day = text.get(..10).filter(|day| looks_like_a_day(day));
    let what = match day.filter(|day| day.parse::<Day>().is_err()) {
        Some(day) => format!("There is no day {day} in the calendar."),
        None => format!("{text:?} is no date or instant."),
    };
    Refusal::new("no_moment", what).hint(
        "Write a day as year, month and day, such as 2026-03-31; an instant as 2026-03-31T17:00:00Z; now; or #N for an entry.",
    )
}

/// Whether a text has the form of a day, be it one of the calendar or not.
fn looks_like_a_day(text: &str) -> bool {
    text.bytes().enumerate().all(|(place, byte)| match place {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    })
}

/// Returns an instant as RFC 3339 text.
pub fn rfc3339(unix_ms: i64) -> String {
    Timestamp::from_millisecond(unix_ms)
        .map_or_else(|_| unix_ms.to_string(), |instant| instant.to_string())
}

/// Reads an RFC 3339 instant into Unix milliseconds.
pub fn parse_instant(text: &str) -> Option<i64> {
    text.parse::<Timestamp>()
        .ok()
        .map(Timestamp::as_millisecond)
}
