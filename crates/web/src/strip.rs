//! An answer along time, as a drawing and as the same rows in words.

use askama::Template;
use record::Day;

use crate::english;
use crate::prose::Prose;

/// A day on which a word changes, with the words in hand and holds from then on.
pub type Step = (Day, &'static str, &'static str);

/// The narrowest a stretch is drawn, in per cent: one day shows.
const LEAST: f64 = 0.8;

/// Between the labels of years, in per cent: four digits fit at 320 px.
const LABEL: f64 = 12.0;

/// The days that every strip on a page shares.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    /// The first day drawn.
    from: Day,
    /// The first day of the management system.
    start: Day,
    /// The day asked about: the last one drawn.
    about: Day,
}

/// One stretch, drawn.
#[derive(Debug, Clone, PartialEq)]
struct Bar {
    shape: &'static str,
    x: String,
    width: String,
    end: String,
}

/// A year on the scale.
#[derive(Debug, Clone, PartialEq)]
struct Tick {
    x: String,
    year: Option<i16>,
}

/// A stretch, as a row of the table.
#[derive(Debug, Clone)]
struct Row {
    from: Prose,
    to: Prose,
    state: String,
}

/// One strip with its table.
#[derive(Debug, Clone, Template)]
#[template(path = "strip.html")]
pub struct Strip {
    id: String,
    title: Prose,
    bars: Vec<Bar>,
    ticks: Vec<Tick>,
    now: String,
    caption: String,
    rows: Vec<Row>,
}

impl Scale {
    /// Returns the scale from the quarter in which the management system began, and from a year
    /// before the day asked about at the latest.
    pub fn new(start: Day, about: Day) -> Self {
        let year_before = about.plus_months(-12);
        let first = start.min(year_before).0;
        let quarter = (first.month() - 1) / 3 * 3 + 1;
        let from = jiff::civil::Date::new(first.year(), quarter, 1).map_or(Day(first), Day);
        Self { from, start, about }
    }

    /// The room right of the last day, so that its line is not cut.
    fn days(&self) -> f64 {
        let days = self.about.next().days_since(self.from);
        as_f64(days) * 1.01
    }

    fn x(&self, day: Day) -> f64 {
        as_f64(day.days_since(self.from)) / self.days() * 100.0
    }

    fn ticks(&self) -> Vec<Tick> {
        let years = self.from.0.year()..=self.about.0.year();
        let a_year = 365.25 / self.days() * 100.0;
        let every = (1..).find(|every| f64::from(*every) * a_year >= LABEL);
        let every = usize::try_from(every.unwrap_or(1)).unwrap_or(1);
        years
            .filter_map(|year| jiff::civil::Date::new(year, 1, 1).ok().map(Day))
            .filter(|day| *day >= self.from && *day <= self.about)
            .step_by(every)
            .map(|day| {
                let x = self.x(day);
                let year = (x < 100.0 - LABEL).then(|| day.0.year());
                Tick {
                    x: percent(x),
                    year,
                }
            })
            .collect()
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "days of a calendar are far below 2^52"
)]
fn as_f64(days: i64) -> f64 {
    days as f64
}

fn percent(x: f64) -> String {
    format!("{x:.2}%")
}

/// A stretch of days, both ends in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    from: Day,
    to: Day,
    in_hand: &'static str,
    holds: &'static str,
}

impl Stretch {
    /// The days of it that are not before a day.
    fn days_from(&self, start: Day) -> i64 {
        self.to.next().days_since(self.from.max(start))
    }

    fn shape(&self) -> &'static str {
        match (self.in_hand, self.holds) {
            ("yes", "yes") => "sound",
            ("yes", "no") => "unsound",
            ("yes", _) => "unsure",
            ("no", _) => "missing",
            _ => "not-due",
        }
    }
}

/// Returns the stretches up to the day asked about, from before the start: nothing was due then,
/// whatever a step says.
fn stretches(steps: &[Step], scale: &Scale) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = Vec::new();
    let early = (scale.from, "not_due", "unknown");
    let early = (scale.from < scale.start).then_some(early);
    let later = steps
        .iter()
        .filter(|(day, _, _)| *day >= scale.start && *day <= scale.about)
        .copied();
    for (from, in_hand, holds) in early.into_iter().chain(later) {
        if let Some(last) = found.last_mut() {
            if (last.in_hand, last.holds) == (in_hand, holds) {
                continue;
            }
            last.to = from.plus_days(-1);
        }
        found.push(Stretch {
            from,
            to: scale.about,
            in_hand,
            holds,
        });
    }
    found
}

/// Places the stretches: true to the days, except that none is narrower than [`LEAST`]; what one
/// gains its neighbour gives.
fn place(stretches: &[Stretch], scale: &Scale) -> Vec<Bar> {
    let mut ends: Vec<(f64, f64)> = Vec::new();
    let mut left = 0.0;
    for one in stretches {
        let from = scale.x(one.from).max(left);
        left = scale.x(one.to.next()).max(from + LEAST);
        ends.push((from, left));
    }
    let mut right = scale.x(scale.about.next());
    for (from, to) in ends.iter_mut().rev() {
        *to = to.min(right);
        *from = from.min(*to - LEAST).max(0.0);
        right = *from;
    }
    let mut bars: Vec<Bar> = stretches
        .iter()
        .zip(ends)
        .map(|(one, (from, to))| Bar {
            shape: one.shape(),
            x: percent(from),
            width: percent((to - from).max(0.0)),
            end: percent(to),
        })
        .collect();
    // A gap's edge is drawn over its neighbours, never under them.
    bars.sort_by_key(|bar| bar.shape == "missing");
    bars
}

/// `Not in hand on 149 of 1,443 days since 13 December 2022; did not hold on 20.` Each count links
/// to the table of the stretches that it sums up.
fn title(stretches: &[Stretch], scale: &Scale, table: &str) -> Prose {
    let days = |shape: &str| -> i64 {
        let due = stretches.iter().filter(|one| one.to >= scale.start);
        due.filter(|one| one.shape() == shape)
            .map(|one| one.days_from(scale.start))
            .sum()
    };
    let start = scale.start.in_words();
    let total = scale.about.next().days_since(scale.start);
    if total <= 0 {
        return Prose::new(&format!("Nothing was due before {start}."));
    }
    let (missing, early) = (days("missing"), days("not-due"));
    let (unsound, unsure) = (days("unsound"), days("unsure"));
    let number = |days: i64| english::number(days.unsigned_abs());
    let all = match total {
        1 => "on the one day".to_owned(),
        2 => "on both days".to_owned(),
        _ => format!("on all {}", english::days(total)),
    };
    let of = |n: i64| format!("on {} of {}", number(n), english::days(total));
    let mut after = "";
    let first = if missing == total {
        format!("Not in hand {all}")
    } else if missing > 0 {
        format!("Not in hand {}", of(missing))
    } else if early == total {
        format!("Not due {all}")
    } else if early > 0 {
        after = ", in hand since";
        format!("Not due {}", of(early))
    } else if unsound == 0 && unsure == 0 {
        format!("In hand and holding {all}")
    } else {
        format!("In hand {all}")
    };
    let says = Prose::new(&first).linked(&first, table);
    let mut says = says.then(Prose::new(&format!(" since {start}{after}")));
    let late = if missing > 0 { early } else { 0 };
    for (n, words) in [
        (unsound, "did not hold"),
        (unsure, "not known to hold"),
        (late, "not due"),
    ] {
        if n > 0 {
            let part = format!("{words} on {}", number(n));
            let part = Prose::new(&format!("; {part}")).linked(&part, table);
            says = says.then(part);
        }
    }
    says.then(Prose::new("."))
}

impl Strip {
    /// Returns the strip of one answer.
    pub fn new(id: &str, steps: &[Step], scale: &Scale, known_by: Option<&str>) -> Self {
        let stretches = stretches(steps, scale);
        let rows = stretches.iter().map(|one| Row {
            from: Prose::short_day(one.from),
            to: Prose::short_day(one.to),
            state: english::stretch(one.in_hand, one.holds),
        });
        Self {
            id: id.to_owned(),
            title: title(&stretches, scale, &format!("#days-{id}")),
            bars: place(&stretches, scale),
            ticks: scale.ticks(),
            now: percent(scale.x(scale.about.next())),
            caption: english::strip_table(english::name_of_answer(id), known_by),
            rows: rows.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse::<Day>().unwrap()
    }

    fn strip(steps: &[Step], start: &str, about: &str) -> Strip {
        let scale = Scale::new(day(start), day(about));
        Strip::new("owner", steps, &scale, None)
    }

    #[test]
    fn before_the_start_nothing_is_drawn_as_shown() {
        let steps = [(day("2020-01-01"), "yes", "yes")];
        let drawn = strip(&steps, "2024-05-13", "2026-05-13");
        let shapes: Vec<&str> = drawn.bars.iter().map(|bar| bar.shape).collect();
        assert_eq!(shapes, ["not-due"]);
        assert_eq!(drawn.bars[0].x, "0.00%");
    }

    #[test]
    fn one_day_without_it_is_drawn_and_named() {
        let steps = [
            (day("2022-01-01"), "yes", "yes"),
            (day("2023-07-01"), "no", "no"),
            (day("2023-07-02"), "yes", "yes"),
        ];
        let drawn = strip(&steps, "2022-01-01", "2025-12-31");
        let gap = drawn.bars.last().unwrap();
        assert_eq!((gap.shape, &*gap.width), ("missing", "0.80%"));
        assert_eq!(
            drawn.title.text(),
            "Not in hand on 1 of 1,461 days since 1 January 2022."
        );
        let rows: Vec<(String, &str)> = drawn
            .rows
            .iter()
            .map(|row| (row.to.text(), &*row.state))
            .collect();
        assert_eq!(rows[1], ("1 Jul 2023".to_owned(), "not in hand"));
        assert_eq!(rows[2], ("31 Dec 2025".to_owned(), "in hand, holds"));
    }

    #[test]
    fn nothing_after_the_day_asked_about_is_drawn() {
        let steps = [
            (day("2022-01-01"), "yes", "yes"),
            (day("2025-07-01"), "no", "no"),
        ];
        let drawn = strip(&steps, "2022-01-01", "2024-03-31");
        assert_eq!(drawn.bars.len(), 1);
        assert_eq!(
            drawn.title.text(),
            "In hand and holding on all 821 days since 1 January 2022."
        );
    }

    #[test]
    fn many_years_have_few_labels() {
        let drawn = strip(&[], "2022-01-01", "2400-01-01");
        let labels = drawn.ticks.iter().filter(|tick| tick.year.is_some());
        assert!(labels.count() <= 8);
    }
}
