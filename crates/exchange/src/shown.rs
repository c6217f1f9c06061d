//! How a workbook shows a number: the text that its format makes of it, as far as that says more
//! than the number does.

/// What a number format says beyond the number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shown {
    /// A time of day.
    Time { has_seconds: bool },
    /// A length of time, counted in its largest unit: `h`, `m` or `s`.
    Duration { largest: char, has_seconds: bool },
    /// Digits with leading zeros, or between other signs.
    Digits(Vec<Part>),
    /// Hundredths.
    Percent,
    /// Something that is not made here; the format.
    Other(String),
}

/// A part of a format for digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// Written as it is.
    Sign(char),
    /// A digit, or a zero.
    Zero,
    /// A digit, or nothing.
    Digit,
}

/// What a format is made of.
#[derive(Default)]
struct Read {
    parts: Vec<Part>,
    /// The letters of dates and times, in lower case.
    letters: String,
    elapsed: Option<char>,
    /// How many zeros stand before a point, or a sign that groups.
    zeros_before_point: usize,
    has_percent: bool,
    /// Whether it rounds, groups, or does what is not made here.
    has_more: bool,
}

/// Returns what a format says beyond the number; nothing for those that only round it, group its
/// digits or make it a date.
pub(crate) fn of_format(code: &str) -> Option<Shown> {
    let read = read(code);
    let has_seconds = read.letters.contains('s');
    if let Some(largest) = read.elapsed {
        return Some(Shown::Duration {
            largest,
            has_seconds,
        });
    }
    if !read.letters.is_empty() {
        let is_time = read.letters.contains(['h', 's']) && !read.letters.contains(['y', 'd']);
        return is_time.then_some(Shown::Time { has_seconds });
    }
    let says = |part: &Part| matches!(part, Part::Sign(sign) if sign.is_alphanumeric());
    let is_worded = read.parts.iter().any(says);
    let leading = read.zeros_before_point;
    match (read.has_percent, read.has_more) {
        (true, _) if !is_worded => Some(Shown::Percent),
        _ if !read.has_digits() || (leading < 2 && !is_worded) => None,
        (false, false) => Some(Shown::Digits(read.parts)),
        _ => Some(Shown::Other(code.to_owned())),
    }
}

impl Read {
    fn has_digits(&self) -> bool {
        let is_digit = |part: &Part| !matches!(part, Part::Sign(_));
        self.parts.iter().any(is_digit)
    }
}

/// Reads the first section of a format, which is that of positive numbers.
fn read(code: &str) -> Read {
    let mut read = Read::default();
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            ';' => break,
            '"' => {
                let words = chars.by_ref().take_while(|c| *c != '"');
                read.parts.extend(words.map(Part::Sign));
            }
            '\\' => read.parts.extend(chars.next().map(Part::Sign)),
            // The width of a character, or one that fills the cell.
            '_' | '*' => drop(chars.next()),
            '[' => {
                let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                let inside = inside.to_lowercase();
                let unit = inside.chars().next().filter(|unit| "hms".contains(*unit));
                let unit = unit.filter(|unit| inside.chars().all(|c| c == *unit));
                read.elapsed = read.elapsed.or(unit);
                // A currency stands behind a dollar sign.
                let currency = inside
                    .strip_prefix('$')
                    .and_then(|rest| rest.split('-').next());
                read.parts
                    .extend(currency.unwrap_or_default().chars().map(Part::Sign));
            }
            '0' => {
                read.zeros_before_point += usize::from(!read.has_more);
                read.parts.push(Part::Zero);
            }
            '#' | '?' => read.parts.push(Part::Digit),
            '%' => read.has_percent = true,
            '.' | ',' | '@' | '/' => read.has_more = true,
            'E' | 'e' | 'G' | 'g' => read.has_more = true,
            'd' | 'D' | 'm' | 'M' | 'y' | 'Y' | 'h' | 'H' | 's' | 'S' => {
                read.letters.extend(c.to_lowercase());
            }
            'A' | 'a' | 'P' | 'p' => {}
            c if c.is_alphabetic() => read.has_more = true,
            c => read.parts.push(Part::Sign(c)),
        }
    }
    read
}

impl Shown {
    /// Returns the text that is shown for a number; none where it is not made here.
    pub fn text(&self, number: f64) -> Option<String> {
        match self {
            Self::Time { has_seconds } => time(number, *has_seconds),
            Self::Duration {
                largest,
                has_seconds,
            } => duration(number, (*largest, *has_seconds)),
            Self::Digits(parts) => digits(number, parts),
            Self::Percent => {
                // Ten digits behind the point are more than anybody wrote.
                let text = format!("{:.10}", number * 100.0);
                let text = text.trim_end_matches('0').trim_end_matches('.');
                Some(format!("{text}%"))
            }
            Self::Other(_) => None,
        }
    }
}

const SECONDS: u64 = 86_400;

/// Returns a number of days in whole seconds.
fn seconds(days: f64) -> Option<u64> {
    (0.0..1_000_000.0)
        .contains(&days)
        .then(|| (days * SECONDS as f64).round() as u64)
}

/// Returns a time of day; none for what has a day besides.
pub(crate) fn time(days: f64, has_seconds: bool) -> Option<String> {
    let seconds = seconds(days).filter(|seconds| *seconds < SECONDS)?;
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    Some(match has_seconds || second > 0 {
        true => format!("{hour:02}:{minute:02}:{second:02}"),
        false => format!("{hour:02}:{minute:02}"),
    })
}

fn duration(days: f64, (largest, has_seconds): (char, bool)) -> Option<String> {
    let seconds = seconds(days)?;
    let (minutes, second) = (seconds / 60, seconds % 60);
    Some(match largest {
        's' => seconds.to_string(),
        'm' => format!("{minutes}:{second:02}"),
        _ if has_seconds || second > 0 => {
            format!("{}:{:02}:{second:02}", minutes / 60, minutes % 60)
        }
        _ => format!("{}:{:02}", minutes / 60, minutes % 60),
    })
}

/// Fills the digits of a whole number in from the right; what is left of them stands before the
/// first place for one.
fn digits(number: f64, parts: &[Part]) -> Option<String> {
    let is_whole = number.fract() == 0.0 && (0.0..1e15).contains(&number);
    let digits = is_whole.then(|| format!("{number:.0}"))?;
    let mut left: Vec<char> = digits.chars().filter(|_| number > 0.0).collect();
    let first = parts
        .iter()
        .position(|part| !matches!(part, Part::Sign(_)))?;
    let mut text: Vec<char> = Vec::new();
    for (at, part) in parts.iter().enumerate().rev() {
        match part {
            Part::Sign(sign) => text.push(*sign),
            Part::Zero => text.push(left.pop().unwrap_or('0')),
            Part::Digit => text.extend(left.pop()),
        }
        if at == first {
            text.extend(left.drain(..).rev());
        }
    }
    Some(text.into_iter().rev().collect::<String>().trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn shows(code: &str, number: f64, expected: &str) {
        let shown = of_format(code).and_then(|shown| shown.text(number));
        assert_eq!(shown.as_deref(), Some(expected), "{code}");
    }

    #[test]
    fn a_number_is_shown_as_its_format_has_it() {
        shows("00000", 12.0, "00012");
        shows("00000", 1_234_567.0, "1234567");
        shows("00000", 0.0, "00000");
        shows("\"DHS-\"0000", 12.0, "DHS-0012");
        shows("\\A\\I-#", 7.0, "AI-7");
        shows("000-00-0000", 12_345_678.0, "012-34-5678");
        shows("h:mm", 0.395_833_333_333_333_3, "09:30");
        shows("hh:mm:ss;@", 0.5, "12:00:00");
        shows("h:mm AM/PM", 0.5, "12:00");
        shows("h:mm", 0.500_011_574_074_074_1, "12:00:01");
        shows("[h]:mm:ss", 1.25, "30:00:00");
        shows("[h]:mm", 1.25, "30:00");
        shows("[mm]:ss", 1.25, "1800:00");
        shows("[ss]", 1.25, "108000");
        shows("0%", 0.25, "25%");
        shows("0.00%", 0.1234, "12.34%");
    }

    #[test]
    fn a_format_that_rounds_groups_or_dates_says_nothing_more() {
        for code in [
            "General",
            "0",
            "0.00",
            "#,##0",
            "#,##0.00",
            "#,##0_);(#,##0)",
            "@",
            "yyyy-mm-dd",
            "d-mmm",
            "mmm-yy",
            "m/d/yy h:mm",
            "0.00E+00",
            "# ?/?",
            "[Red]0",
        ] {
            assert_eq!(of_format(code), None, "{code}");
        }
    }

    #[test]
    fn what_is_not_made_here_is_told() {
        for code in ["#,##0.00 \"EUR\"", "\"No \"#,##0", "00.0"] {
            assert_eq!(of_format(code), Some(Shown::Other(code.to_owned())));
        }
        // A format for whole numbers rounds others, a time of day leaves out the day.
        for (code, number) in [("00000", 12.5), ("00000", -1.0), ("h:mm", 45_566.5)] {
            assert_eq!(of_format(code).unwrap().text(number), None, "{code}");
        }
    }
}
