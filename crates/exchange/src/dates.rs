//! Reads dates as people write them, and keeps them as coarse as they are.
//!
//! A bare year stays `2024`, a bare month `2024-05`; nobody said which day.

use jiff::civil::Date;
use serde::Deserialize;

/// Which of day and month comes first where a date is written in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// Month, day, year.
    Mdy,
    /// Day, month, year.
    Dmy,
}

/// Why a text is not a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoDate {
    /// It has the shape of a date, but the calendar has no such day.
    NotInCalendar,
    /// Day and month could be either way round, and the mapping does not say.
    Ambiguous,
    /// It has no shape known here.
    Unreadable,
}

impl NoDate {
    pub fn because(self) -> &'static str {
        match self {
            Self::NotInCalendar => "the calendar has no such day or month",
            Self::Ambiguous => "day and month could be either way round; set order in the mapping",
            Self::Unreadable => "it is not a date in any shape known here",
        }
    }
}

const YEARS: std::ops::RangeInclusive<i16> = 1900..=2199;

/// Days as spreadsheets count them, from 1954 to 2099; smaller and larger
/// numbers in a column of dates are more likely something else.
const SERIALS: std::ops::RangeInclusive<i32> = 20_000..=73_050;

/// Returns the date in ISO 8601, as `2024`, `2024-05` or `2024-05-31`.
///
/// Read are: `2024-05-31` (also with `/` or `.`), `5/31/2024`, `31.05.2024`,
/// `5/31/24`, `05/2024`, `2024-05`, `2024`, `May-24`, `May 2024`,
/// `May 31, 2024`, `31 May 2024`, `Q2 2024` (as its year), months in the
/// neighbours' languages too, and a spreadsheet's day number; each day also with a time, which is dropped.
pub(crate) fn read(text: &str, order: Option<Order>) -> Result<String, NoDate> {
    let text = without_time(text.trim());
    let parts: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || "/-.,".contains(c))
        .filter(|part| !part.is_empty() && !BETWEEN.contains(part))
        .collect();
    let dotted = text.contains('.') && !text.contains(['/', '-']);
    let order = order.or(dotted.then_some(Order::Dmy));
    match parts[..] {
        [year] if is_year(year) => year_alone(year),
        [serial] => from_serial(serial),
        [year, month] if is_year(year) => year_month(year, month),
        [quarter, year] if is_quarter(quarter) && is_year(year) => year_alone(year),
        [month, year] => year_month(year, month),
        [year, month, day] if is_year(year) => day_of(year, month, day),
        [first, second, year] => day_written(first, second, year, order),
        _ => Err(NoDate::Unreadable),
    }
}

/// Cuts a time of day: ` 00:00:00`, ` 12:00:00 AM`, `T07:39:09Z`.
fn without_time(text: &str) -> &str {
    let Some(colon) = text.find(':') else {
        return text;
    };
    let before = text[..colon].trim_end_matches(|c: char| c.is_ascii_digit());
    before.strip_suffix('T').unwrap_or(before).trim_end()
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_quarter(text: &str) -> bool {
    matches!(text.as_bytes(), [b'Q' | b'q', b'1'..=b'4'])
}

fn year_alone(year: &str) -> Result<String, NoDate> {
    Ok(format!("{:04}", year_number(year)?))
}

fn year_month(year: &str, month: &str) -> Result<String, NoDate> {
    let (year, month) = (year_number(year)?, month_number(month)?);
    if !(1..=12).contains(&month) {
        return Err(NoDate::NotInCalendar);
    }
    Ok(format!("{year:04}-{month:02}"))
}

fn day_of(year: &str, month: &str, day: &str) -> Result<String, NoDate> {
    let (year, month, day) = (year_number(year)?, month_number(month)?, number(day)?);
    Date::new(year, month, day)
        .map(|date| date.to_string())
        .map_err(|_| NoDate::NotInCalendar)
}

fn day_written(
    first: &str,
    second: &str,
    year: &str,
    order: Option<Order>,
) -> Result<String, NoDate> {
    let named = |text: &str| text.starts_with(|c: char| c.is_alphabetic());
    if named(first) {
        return day_of(year, first, second);
    }
    if named(second) {
        return day_of(year, second, first);
    }
    match (order, number(first)?, number(second)?) {
        (Some(Order::Mdy), ..) => day_of(year, first, second),
        (Some(Order::Dmy), ..) => day_of(year, second, first),
        (None, a, b) if a == b || b > 12 => day_of(year, first, second),
        (None, a, _) if a > 12 => day_of(year, second, first),
        (None, ..) => Err(NoDate::Ambiguous),
    }
}

fn number(text: &str) -> Result<i8, NoDate> {
    let text = text.trim_end_matches(|c: char| c.is_alphabetic());
    if text.is_empty() || text.len() > 2 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NoDate::Unreadable);
    }
    text.parse().map_err(|_| NoDate::Unreadable)
}

/// Two digits are taken as 1970 to 2069, as spreadsheets do.
fn year_number(text: &str) -> Result<i16, NoDate> {
    let short = text.len() == 2;
    if !(short || text.len() == 4) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NoDate::Unreadable);
    }
    let number: i16 = text.parse().map_err(|_| NoDate::Unreadable)?;
    let year = match (short, number) {
        (true, 70..) => 1900 + number,
        (true, _) => 2000 + number,
        (false, _) => number,
    };
    if YEARS.contains(&year) {
        Ok(year)
    } else {
        Err(NoDate::Unreadable)
    }
}

/// The months in English, and in German, French, Spanish, Dutch, Italian and Polish where they
/// are called otherwise, as they stand in a date. Three letters of each are told apart.
const MONTHS: [&str; 12] = [
    "january januar jänner janvier enero januari gennaio stycznia styczeń",
    "february februar février fevrier febrero februari febbraio lutego luty",
    "march märz maerz mars marzo maart marca marzec",
    "april avril abril aprile kwietnia kwiecień",
    "may mai mayo mei maggio maja maj",
    "june juni juin junio giugno czerwca czerwiec",
    "july juli juillet julio luglio lipca lipiec",
    "august août aout agosto augustus sierpnia sierpień",
    "september sept septembre septiembre settembre września wrzesień",
    "october oktober octobre octubre ottobre października październik",
    "november novembre noviembre listopada listopad",
    "december dezember décembre decembre diciembre dicembre grudnia grudzień",
];

/// Words that stand between the parts of a date.
const BETWEEN: [&str; 4] = ["de", "del", "di", "of"];

fn month_number(text: &str) -> Result<i8, NoDate> {
    if !text.starts_with(|c: char| c.is_alphabetic()) {
        return number(text);
    }
    let text = text.to_lowercase();
    let is_whole = |names: &&str| names.split(' ').any(|name| name == text);
    let begins = |names: &&str| names.split(' ').any(|name| name.starts_with(&text));
    let mut begun =
        (0..MONTHS.len()).filter(|at| begins(&MONTHS[*at]) && text.chars().count() >= 3);
    let begun = begun.next().filter(|_| begun.next().is_none());
    let found = MONTHS.iter().position(is_whole);
    let found = found.or(begun).ok_or(NoDate::Unreadable)?;
    i8::try_from(found + 1).map_err(|_| NoDate::Unreadable)
}

/// Spreadsheets count days from 1899-12-30, as all of them do after February 1900.
fn from_serial(text: &str) -> Result<String, NoDate> {
    let days: i32 = text.parse().map_err(|_| NoDate::Unreadable)?;
    if !SERIALS.contains(&days) {
        return Err(NoDate::Unreadable);
    }
    let span = jiff::Span::new().days(days);
    let date = jiff::civil::date(1899, 12, 30)
        .checked_add(span)
        .map_err(|_| NoDate::Unreadable)?;
    Ok(date.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str, order: Option<Order>, expected: &str) {
        assert_eq!(read(text, order).as_deref(), Ok(expected), "{text}");
    }

    #[test]
    fn the_eight_shapes_of_the_federal_register_are_read() {
        let us = Some(Order::Mdy);
        reads("2024-10-01 00:00:00", us, "2024-10-01");
        reads("Jul-25", us, "2025-07");
        reads("01/1990", us, "1990-01");
        reads("01/02/2026 00:00:00", us, "2026-01-02");
        reads("10/22/2025", us, "2025-10-22");
        reads("1/5/2004", us, "2004-01-05");
        reads("02/10/2023 12:00:00 AM", us, "2023-02-10");
        reads("2019", us, "2019");
        reads("11/1/2014 0:00", us, "2014-11-01");
    }

    #[test]
    fn other_registers_write_dates_otherwise() {
        reads("2025-06-26T07:39:09Z", None, "2025-06-26");
        reads("2024/5/31", None, "2024-05-31");
        reads("31.05.2024", None, "2024-05-31");
        reads("1.2.24", None, "2024-02-01");
        reads("2024-05", None, "2024-05");
        reads("May 2024", None, "2024-05");
        reads("Sept 2024", None, "2024-09");
        reads("May 31st, 2024", None, "2024-05-31");
        reads("31 May 2024", None, "2024-05-31");
        reads("5/31/24", Some(Order::Mdy), "2024-05-31");
        reads("Q3 2024", None, "2024");
        reads("45566", None, "2024-10-01");
    }

    #[test]
    fn months_are_read_in_the_neighbours_languages() {
        for text in [
            "6. Mai 2024",
            "6 mai 2024",
            "6 de mayo de 2024",
            "6 mei 2024",
            "6 maggio 2024",
            "6 maja 2024",
            "6 of May 2024",
        ] {
            reads(text, None, "2024-05-06");
        }
        reads("1er août 2024", None, "2024-08-01");
        reads("März 2024", None, "2024-03");
        reads("31 grudnia 2024", None, "2024-12-31");
        for (at, names) in MONTHS.iter().enumerate() {
            for name in names.split(' ') {
                let short: String = name.chars().take(3).collect();
                for text in [name, &short] {
                    if text != "jui" {
                        reads(
                            &format!("{text} 2024"),
                            None,
                            &format!("2024-{:02}", at + 1),
                        );
                    }
                }
            }
        }
        // It may be June or July.
        assert_eq!(read("jui 2024", None), Err(NoDate::Unreadable));
        reads("juin 2024", None, "2024-06");
        reads("juillet 2024", None, "2024-07");
        reads("jun 2024", None, "2024-06");
        reads("jul 2024", None, "2024-07");
        assert_eq!(read("31. April 2024", None), Err(NoDate::NotInCalendar));
    }

    #[test]
    fn a_day_that_does_not_exist_is_no_date() {
        for text in [
            "2/31/2024",
            "2023-02-29",
            "13/1/2024",
            "0/1/2024",
            "2024-13",
            "31 April 2024",
        ] {
            assert_eq!(
                read(text, Some(Order::Mdy)),
                Err(NoDate::NotInCalendar),
                "{text}"
            );
        }
        reads("2/29/2024", Some(Order::Mdy), "2024-02-29");
    }

    #[test]
    fn day_and_month_are_never_guessed() {
        assert_eq!(read("3/4/2024", None), Err(NoDate::Ambiguous));
        reads("3/4/2024", Some(Order::Dmy), "2024-04-03");
        reads("3/4/2024", Some(Order::Mdy), "2024-03-04");
        reads("25/12/2024", None, "2024-12-25");
        reads("12/25/2024", None, "2024-12-25");
        reads("4/4/2024", None, "2024-04-04");
    }

    #[test]
    fn what_is_no_date_stays_words() {
        for text in [
            "soon", "", "n/a", "1/2", "1899", "2200", "19999", "73051", "1e5", "May", ":", "ä:1",
            "Q5 2024", "1/2/3/4",
        ] {
            assert_eq!(read(text, None), Err(NoDate::Unreadable), "{text}");
        }
        reads("1900", None, "1900");
        reads("2199", None, "2199");
        reads("20000", None, "1954-10-03");
        reads("73050", None, "2099-12-31");
    }
}
