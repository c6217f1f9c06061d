//! What a sample of its cells says about each column.

use std::collections::{BTreeMap, HashSet};

use crate::Order;
use crate::dates::{self, NoDate};
use crate::table::Table;
use crate::words::{folded, is_error, list};

use super::likeness;

const SAMPLE_ROWS: usize = 5_000;
const CHOICES_MAX: usize = 40;
const CHOICE_CHARS_MAX: usize = 160;

/// One column and what its cells look like.
pub(super) struct Column {
    pub at: usize,
    pub heading: String,
    /// The values stated, each with how often, by folded text.
    values: BTreeMap<String, (String, usize)>,
    stated: usize,
    /// How many values differ.
    pub distinct: usize,
    /// Whether a value occurs twice.
    pub repeats: bool,
}

/// Returns the columns of a table, in its order.
pub(super) fn survey(table: &Table) -> Vec<Column> {
    let column = |(at, heading): (usize, &String)| {
        let mut values: BTreeMap<String, (String, usize)> = BTreeMap::new();
        let mut stated = 0;
        for cell in table
            .rows
            .iter()
            .take(SAMPLE_ROWS)
            .filter_map(|row| row.cells.get(at))
        {
            if !cell.trim().is_empty() && !is_error(cell) {
                stated += 1;
                values
                    .entry(folded(cell))
                    .or_insert_with(|| (cell.trim().to_owned(), 0))
                    .1 += 1;
            }
        }
        let distinct = values.len();
        Column {
            at,
            heading: heading.clone(),
            values,
            stated,
            distinct,
            repeats: distinct < stated,
        }
    };
    table.headings.iter().enumerate().map(column).collect()
}

impl Column {
    /// Says whether at least `percent` of the values stated are so.
    fn mostly(&self, percent: usize, is_so: impl Fn(&str) -> bool) -> bool {
        let so: usize = self
            .values
            .values()
            .filter(|(text, _)| is_so(text))
            .map(|(_, count)| count)
            .sum();
        self.stated > 0 && so * 100 >= percent * self.stated
    }

    /// Says whether the cells are e-mail addresses.
    pub fn looks_like_email(&self) -> bool {
        self.mostly(50, |text| text.contains('@') && text.len() < 200)
    }

    /// Says whether the cells are dates.
    pub fn looks_like_dates(&self) -> bool {
        self.mostly(60, |text| {
            matches!(dates::read(text, None), Ok(_) | Err(NoDate::Ambiguous))
        })
    }

    /// Says whether the cells answer a question that can be answered yes or no.
    pub fn looks_like_answers(&self) -> bool {
        let answers: Vec<String> = crate::mapping::ANSWERS
            .iter()
            .map(|answer| (*answer).to_owned())
            .collect();
        self.mostly(80, |text| {
            text.len() <= 60 && likeness::choice(text, &answers).is_some()
        })
    }

    /// Says whether the cells are words that name something: short, most of
    /// them different, and no dates, addresses, answers or codes.
    pub fn looks_like_names(&self) -> bool {
        let is_code = |text: &str| {
            text.contains(|c: char| c.is_ascii_digit()) && !text.contains(char::is_whitespace)
        };
        let names = self.mostly(80, |text| {
            text.chars().count() <= CHOICE_CHARS_MAX
                && text.contains(char::is_alphabetic)
                && !is_code(text)
        });
        let differ = self.distinct * 2 > self.stated;
        names
            && differ
            && !self.looks_like_email()
            && !self.looks_like_dates()
            && !self.looks_like_answers()
    }

    /// Says whether few enough values occur, and at least one is like a choice.
    pub fn looks_like_choices(&self, as_list: bool, choices: &[String]) -> bool {
        let values = self.choice_values(as_list);
        values.len() <= CHOICES_MAX
            && values
                .iter()
                .any(|value| likeness::choice(value, choices).is_some())
    }

    /// Returns the values that a table of choices should list, the commonest first.
    pub fn choice_values(&self, as_list: bool) -> Vec<String> {
        let mut counted: Vec<&(String, usize)> = self.values.values().collect();
        counted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let texts = counted.into_iter().map(|(text, _)| text);
        let values: Vec<String> = if as_list {
            texts.flat_map(|text| list(text)).collect()
        } else {
            texts.cloned().collect()
        };
        let mut seen = HashSet::new();
        values
            .into_iter()
            .filter(|value| value.chars().count() <= CHOICE_CHARS_MAX && seen.insert(folded(value)))
            .collect()
    }

    /// Returns the order of day and month, when a cell shows it.
    pub fn order(&self) -> Option<Order> {
        let texts = || self.values.values().map(|(text, _)| text);
        if !texts().any(|text| dates::read(text, None) == Err(NoDate::Ambiguous)) {
            return None;
        }
        let reads_as = |order: Order| {
            texts().all(|text| dates::read(text, Some(order)) != Err(NoDate::NotInCalendar))
        };
        match (reads_as(Order::Mdy), reads_as(Order::Dmy)) {
            (true, false) => Some(Order::Mdy),
            (false, true) => Some(Order::Dmy),
            _ => None,
        }
    }
}
