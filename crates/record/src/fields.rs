//! The types a kind's fields are made of; each says by its schema whether its value is a
//! fact (a date, an id, a choice) or words.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jiff::Span;
use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// A calendar day in the organisation's time zone, written `2026-03-31`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub Date);

impl Day {
    /// Returns the day `days` later (earlier when negative), or the last (first) of the calendar.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        self.plus(Span::new().try_days(days), days)
    }

    /// Returns the same day `months` later (earlier when negative), held to the month's last day,
    /// or the last (first) of the calendar.
    #[must_use]
    pub fn plus_months(self, months: i64) -> Self {
        self.plus(Span::new().try_months(months), months)
    }

    /// What is no span is longer than the calendar.
    fn plus(self, span: Result<Span, jiff::Error>, by: i64) -> Self {
        let beyond = if by < 0 { Date::MIN } else { Date::MAX };
        Self(span.map_or(beyond, |span| self.0.saturating_add(span)))
    }

    /// Returns the day after.
    #[must_use]
    pub fn next(self) -> Self {
        self.plus_days(1)
    }

    /// Returns the number of days from `earlier` to this day; negative when it is later.
    pub fn days_since(self, earlier: Self) -> i64 {
        self.0
            .since((jiff::Unit::Day, earlier.0))
            .map_or(0, |span| i64::from(span.get_days()))
    }

    /// Returns the number of days since 1 January 1970.
    pub fn number(self) -> i64 {
        self.days_since(EPOCH)
    }

    /// Returns the day that is so many days after 1 January 1970, where the calendar has one.
    pub fn numbered(days: i64) -> Option<Self> {
        Some(EPOCH.plus_days(days)).filter(|day| day.number() == days)
    }

    /// Returns the day as people read it: `31 March 2026`.
    pub fn in_words(self) -> String {
        self.0.strftime("%-d %B %Y").to_string()
    }
}

const EPOCH: Day = Day(jiff::civil::date(1970, 1, 1));

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // Only the plain ISO form: a time of day here would be dropped without a word.
        if text.len() != 10 {
            return Err(format!(
                "{text:?} is not a day; days are written as in 2026-03-31"
            ));
        }
        Date::from_str(text).map(Day).map_err(|_| {
            format!("{text:?} is not a day of the calendar; days are written as in 2026-03-31")
        })
    }
}

/// The day, or part of one, that somebody stated: `2026`, `2026-03` or `2026-03-31`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialDate(String);

impl FromStr for PartialDate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let whole = match text.len() {
            4 => format!("{text}-01-01"),
            7 => format!("{text}-01"),
            _ => text.to_owned(),
        };
        Day::from_str(&whole)
            .map(|_| Self(text.to_owned()))
            .map_err(|_| {
                format!(
                    "{text:?} is not a year, a month or a day; write 2026, 2026-03 or 2026-03-31"
                )
            })
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A short name without meaning outside its record: a unit, a post, a limb of a list.
/// 1 to 64 characters of `a-z`, `0-9`, `-` and `_`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(String);

impl Token {
    /// Longest token, in characters.
    pub const LENGTH_MAX: usize = 64;

    /// Returns the token's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Token {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fits = (1..=Self::LENGTH_MAX).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_');
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!(
                "{text:?} is not a short name; use 1 to 64 of a-z, 0-9, - and _"
            ))
        }
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The SHA-256 of a file kept as evidence, 64 lower-case hex digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileHash(String);

impl FileHash {
    /// Returns the hash as hex.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for FileHash {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fits = text.len() == 64
            && text
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!(
                "{text:?} is not the SHA-256 of a file: 64 lower-case hex digits, as `file add` prints"
            ))
        }
    }
}

impl fmt::Display for FileHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

macro_rules! as_text {
    ($name:ident, $schema:expr) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn inline_schema() -> bool {
                true
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    };
}
// Four text types share these three impls; written once so that they cannot drift apart.
as_text!(Day, json_schema!({"type":"string","format":"date"}));
as_text!(
    PartialDate,
    json_schema!({"type":"string","format":"partial-date","pattern":"^\\d{4}(-\\d{2}){0,2}$"})
);
as_text!(
    Token,
    json_schema!({"type":"string","format":"token","pattern":"^[a-z0-9_-]{1,64}$"})
);
as_text!(
    FileHash,
    json_schema!({"type":"string","format":"sha256","pattern":"^[0-9a-f]{64}$"})
);

/// A citation: exactly this version of that record.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Cite {
    /// The record's id.
    pub id: Uuid,
    /// The version meant, from 1.
    pub version: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_beyond_the_calendar_is_its_last_or_first() {
        let day: Day = "2026-03-31".parse().unwrap();
        let (first, last) = (Day(Date::MIN), Day(Date::MAX));
        for far in [8_000_000, 90_000_000, i64::MAX] {
            assert_eq!(day.plus_days(far), last, "{far}");
            assert_eq!(day.plus_months(far), last, "{far}");
            assert_eq!(day.plus_days(-far), first, "{far}");
            assert_eq!(day.plus_months(-far), first, "{far}");
        }
        assert_eq!(day.plus_days(i64::MIN), first);
        assert_eq!(day.plus_days(1).to_string(), "2026-04-01");
        assert_eq!(day.plus_months(-1).to_string(), "2026-02-28");
    }

    #[test]
    fn a_number_is_a_day_only_within_the_calendar() {
        let (first, last) = (Day(Date::MIN), Day(Date::MAX));
        for day in [first, EPOCH, last] {
            assert_eq!(Day::numbered(day.number()), Some(day));
        }
        for beyond in [
            first.number() - 1,
            last.number() + 1,
            90_000_000,
            i64::MIN,
            i64::MAX,
        ] {
            assert_eq!(Day::numbered(beyond), None, "{beyond}");
        }
    }
}
