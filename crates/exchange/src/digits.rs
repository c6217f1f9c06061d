//! What the reader of workbooks does not hand out: the digits of long numbers, which it rounds to
//! 53 bits, and which rows are hidden.

use std::collections::{BTreeSet, HashMap};
use std::io::{BufReader, Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use crate::limits::{ROWS_MAX, WORKBOOK_UNPACKED_BYTES_MAX};

/// Row and column of a cell, counted from 0, and the digits it holds.
pub(crate) type Digits = HashMap<(usize, usize), String>;

/// Says whether a number may have been rounded when it was read.
pub(crate) fn may_be_rounded(number: f64) -> bool {
    let digits = || {
        number
            .to_string()
            .bytes()
            .filter(u8::is_ascii_digit)
            .count()
    };
    number.abs() >= 1e15 || digits() > 15
}

/// Returns the numbers of a sheet that are written out with more than 15 digits. Empty where
/// the workbook does not say which of its parts the sheet is.
pub(crate) fn of_sheet(bytes: &[u8], sheet: &str) -> Digits {
    ZipArchive::new(Cursor::new(bytes))
        .ok()
        .and_then(|mut zip| {
            let part = part(&mut zip, sheet)?;
            let member = zip
                .by_name(&part)
                .ok()?
                .take(WORKBOOK_UNPACKED_BYTES_MAX as u64);
            long_numbers(BufReader::new(member))
        })
        .unwrap_or_default()
}

/// Returns the rows of a sheet that the workbook hides, counted from 0. Empty where it does not
/// say which of its parts the sheet is.
pub(crate) fn hidden_rows(bytes: &[u8], sheet: &str) -> BTreeSet<usize> {
    let found = ZipArchive::new(Cursor::new(bytes))
        .ok()
        .and_then(|mut zip| {
            let part = part(&mut zip, sheet)?;
            let member = zip.by_name(&part).ok()?;
            hidden(BufReader::new(
                member.take(WORKBOOK_UNPACKED_BYTES_MAX as u64),
            ))
        });
    found.unwrap_or_default()
}

fn hidden(sheet: impl std::io::BufRead) -> Option<BTreeSet<usize>> {
    let mut xml = Reader::from_reader(sheet);
    let (mut hidden, mut buffer) = (BTreeSet::new(), Vec::new());
    let mut next = 0;
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).ok()? {
            Event::Start(one) | Event::Empty(one) if one.local_name().as_ref() == "row" => {
                let at =
                    attribute(&one, "r").and_then(|at| at.parse::<usize>().ok()?.checked_sub(1));
                let at = at.unwrap_or(next);
                next = at + 1;
                // A row further down is refused where it holds anything.
                if at <= ROWS_MAX
                    && attribute(&one, "hidden").is_some_and(|is| is == "1" || is == "true")
                {
                    hidden.insert(at);
                }
            }
            Event::Eof => return Some(hidden),
            _ => {}
        }
    }
}

type Zip<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Returns the name of the member that holds a sheet.
fn part(zip: &mut Zip<'_>, sheet: &str) -> Option<String> {
    let workbook = elements(zip, "_rels/.rels", "Relationship")?
        .into_iter()
        .find(|relation| {
            let kind = relation.get("Type");
            kind.is_some_and(|kind| kind.ends_with("/officeDocument"))
        })
        .and_then(|relation| relation.get("Target").cloned())?;
    let workbook = workbook.trim_start_matches('/').to_owned();
    let (folder, name) = workbook.rsplit_once('/').unwrap_or(("", &workbook));
    let within = |name: &str| match folder {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    };
    let id = elements(zip, &workbook, "sheet")?
        .into_iter()
        .find(|one| one.get("name").is_some_and(|name| name == sheet))
        .and_then(|one| one.get("id").cloned())?;
    let target = elements(zip, &within(&format!("_rels/{name}.rels")), "Relationship")?
        .into_iter()
        .find(|relation| relation.get("Id") == Some(&id))
        .and_then(|relation| relation.get("Target").cloned())?;
    Some(match target.strip_prefix('/') {
        Some(whole) => whole.to_owned(),
        None => within(&target),
    })
}

/// Returns the attributes of every element of one name, by their local names.
fn elements(zip: &mut Zip<'_>, member: &str, name: &str) -> Option<Vec<HashMap<String, String>>> {
    let member = zip
        .by_name(member)
        .ok()?
        .take(WORKBOOK_UNPACKED_BYTES_MAX as u64);
    let mut xml = Reader::from_reader(BufReader::new(member));
    let (mut found, mut buffer) = (Vec::new(), Vec::new());
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).ok()? {
            Event::Start(one) | Event::Empty(one) if one.local_name().as_ref() == name => {
                let attributes = one.attributes().filter_map(Result::ok);
                let read = |attribute: quick_xml::events::attributes::Attribute<'_>| {
                    let value = quick_xml::escape::unescape(&attribute.value)
                        .ok()?
                        .into_owned();
                    Some((attribute.key.local_name().as_ref().to_owned(), value))
                };
                found.push(attributes.filter_map(read).collect());
            }
            Event::Eof => return Some(found),
            _ => {}
        }
    }
}

fn long_numbers(sheet: impl std::io::BufRead) -> Option<Digits> {
    let mut xml = Reader::from_reader(sheet);
    let (mut digits, mut buffer) = (Digits::new(), Vec::new());
    let (mut row, mut column) = (0, 0);
    let (mut is_number, mut in_value) = (false, false);
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).ok()? {
            Event::Start(one) | Event::Empty(one) if one.local_name().as_ref() == "row" => {
                row = attribute(&one, "r")
                    .and_then(|at| at.parse::<usize>().ok()?.checked_sub(1))
                    .unwrap_or(row);
                column = 0;
            }
            Event::Start(one) if one.local_name().as_ref() == "c" => {
                if let Some((at_row, at_column)) = attribute(&one, "r").and_then(|at| place(&at)) {
                    (row, column) = (at_row, at_column);
                }
                is_number = attribute(&one, "t").is_none_or(|kind| kind == "n");
            }
            Event::Start(one) if one.local_name().as_ref() == "v" => in_value = true,
            Event::Text(text) if in_value && is_number => {
                let text = text.trim();
                if is_long(text) {
                    digits.insert((row, column), text.to_owned());
                }
            }
            Event::End(one) => match one.local_name().as_ref() {
                "v" => in_value = false,
                "c" => column += 1,
                "row" => row += 1,
                _ => {}
            },
            Event::Eof => return Some(digits),
            _ => {}
        }
    }
}

/// Says whether a number is written out, in more digits than its reader keeps.
fn is_long(text: &str) -> bool {
    let plain = text.strip_prefix('-').unwrap_or(text);
    let all = plain
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    all && plain.bytes().filter(u8::is_ascii_digit).count() > 15
}

fn attribute(one: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = one.try_get_attribute(name).ok()??;
    Some(found.value.into_owned())
}

/// Returns row and column, counted from 0, of a place such as `B12`.
fn place(text: &str) -> Option<(usize, usize)> {
    let letters = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let row = text[letters.len()..]
        .parse::<usize>()
        .ok()?
        .checked_sub(1)?;
    let mut column = 0_usize;
    for letter in letters.bytes() {
        if !letter.is_ascii_uppercase() {
            return None;
        }
        column = column
            .checked_mul(26)?
            .checked_add(usize::from(letter - b'A') + 1)?;
    }
    Some((row, column.checked_sub(1)?))
}
