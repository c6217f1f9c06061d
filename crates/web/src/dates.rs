//! Dates as people type and read them.

use jiff::ZonedDateTime;
use jiff::civil::Date;
use record::Day;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// What somebody asked for in a date field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// Nothing, or a word for now.
    Now,
    /// What the app takes: a day, an instant, or `#N`.
    Moment(String),
    /// Nothing that can be read.
    Unreadable,
}

/// Reads a date field: 24/11/2026, 24 nov 26, 2026-11-24, today, an instant, or `#N`.
pub fn read(text: &str) -> Typed {
    let text = text.trim();
    if ["", "now", "today"].contains(&text.to_ascii_lowercase().as_str()) {
        return Typed::Now;
    }
    if let Some(number) = text.strip_prefix('#') {
        let number = number.replace(',', "");
        return match number.parse::<u64>() {
            Ok(number) => Typed::Moment(format!("#{number}")),
            Err(_) => Typed::Unreadable,
        };
    }
    if let Some(day) = day(text) {
        return Typed::Moment(day.to_string());
    }
    match text.parse::<jiff::Timestamp>() {
        Ok(instant) => Typed::Moment(instant.to_string()),
        Err(_) => Typed::Unreadable,
    }
}

/// Reads a day: its number, month and year in that order, or the year first.
pub fn day(text: &str) -> Option<Day> {
    let parts: Vec<&str> = text
        .split([' ', '/', '.', '-', ','])
        .filter(|part| !part.is_empty())
        .collect();
    let [first, second, third] = parts[..] else {
        return None;
    };
    let (year, number) = if first.len() == 4 {
        (first, third)
    } else {
        (third, first)
    };
    let year = match (year.len(), number_of(year)?) {
        (2, year) => 2000 + year,
        (4, year) => year,
        _ => return None,
    };
    let number = i8::try_from(number_of(number)?).ok()?;
    Date::new(year, month(second)?, number).ok().map(Day)
}

/// Reads a month: its number, its name, or the name's first three letters or more.
pub fn month(text: &str) -> Option<i8> {
    if let Some(number) = number_of(text) {
        return i8::try_from(number).ok();
    }
    let name = text.to_lowercase();
    let names = (name.len() >= 3).then_some(MONTHS)?;
    let index = names.iter().position(|month| month.starts_with(&name))?;
    i8::try_from(index + 1).ok()
}

/// Only digits count: `+1` and `-1` are not how a date is written.
fn number_of(text: &str) -> Option<i16> {
    let digits = text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// Returns a day as columns show it: `24 Nov 2026`.
pub fn short(day: Day) -> String {
    day.0.strftime("%-d %b %Y").to_string()
}

/// Returns a day with its weekday: `Tuesday 24 November 2026`.
pub fn whole(day: Day) -> String {
    day.0.strftime("%A %-d %B %Y").to_string()
}

/// Returns an instant for machines and for people: `2026-11-24T10:03:00+00:00`, and `Tuesday
/// 24 November 2026, 10:03:00 +00:00 (Europe/London)`. One whose offset has seconds, as that of a
/// local mean time, is told in UTC: HTML knows no such offset.
pub fn instant(at: &ZonedDateTime) -> [String; 2] {
    let in_minutes = at.offset().seconds() % 60 == 0;
    let at = match in_minutes {
        true => at.clone(),
        false => at.with_time_zone(jiff::tz::TimeZone::UTC),
    };
    ["%Y-%m-%dT%H:%M:%S%:z", "%A %-d %B %Y, %H:%M:%S %:z (%Q)"]
        .map(|form| at.strftime(form).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_of_local_mean_time_is_told_in_utc() {
        let of = |text: &str| instant(&text.parse().unwrap())[0].clone();
        assert_eq!(
            of("1846-01-01T00:00:00-00:01:15[Europe/London]"),
            "1846-01-01T00:01:15+00:00"
        );
        assert_eq!(
            of("2026-07-01T10:00:00+01:00[Europe/London]"),
            "2026-07-01T10:00:00+01:00"
        );
    }

    #[test]
    fn a_day_may_be_typed_in_many_ways() {
        for text in [
            "24/11/2026",
            "24 nov 26",
            " 24 November 2026 ",
            "2026-11-24",
            "24.11.2026",
            "24 Nov, 2026",
        ] {
            assert_eq!(read(text), Typed::Moment("2026-11-24".to_owned()), "{text}");
        }
        assert_eq!(read("Today"), Typed::Now);
        assert_eq!(read("#2,114"), Typed::Moment("#2114".to_owned()));
    }

    #[test]
    fn what_is_no_day_is_not_guessed() {
        for text in [
            "31/02/2026",
            "yesterday",
            "2026",
            "24/11",
            "#x",
            "24/+1/2026",
            "24 no 2026",
            "24/11/126",
        ] {
            assert_eq!(read(text), Typed::Unreadable, "{text}");
        }
    }
}
