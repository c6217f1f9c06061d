//! Looks through the parts of a workbook before its reader opens them: the reader believes what
//! they say of their own size, and keeps whatever is in some of them.

use std::cell::Cell;
use std::io::{BufRead as _, BufReader, Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use crate::limits::Limits;
use crate::table::TableError;

/// The least that a shared text takes: an element with nothing in it.
const SHARED_TEXT_BYTES_MIN: usize = "<si/>".len();

/// Refuses a workbook that would take more memory than it may, whatever it says of itself.
pub(crate) fn refuse_larger(bytes: &[u8], limits: &Limits) -> Result<(), TableError> {
    if members(bytes) > limits.parts {
        return Err(more_than(limits.parts, "parts"));
    }
    // What cannot be unpacked here cannot be by the reader either, which says so.
    let Ok(mut zip) = ZipArchive::new(Cursor::new(bytes)) else {
        return Ok(());
    };
    let left = Cell::new(limits.unpacked_bytes);
    let mut counts = vec![0; limits.elements.len()];
    for at in 0..zip.len() {
        let Ok(part) = zip.by_index(at) else { continue };
        let before = left.get();
        let mut part = Counted { part, left: &left };
        let stated = look_through(&mut part, limits, &mut counts)?;
        // The rest of what is no XML counts as well.
        let _ = std::io::copy(&mut part, &mut std::io::sink());
        if part.is_over() {
            return Err(TableError::TooLarge {
                limit: limits.unpacked_bytes,
                of: "bytes once it is unpacked",
            });
        }
        let has_room_for = (before - left.get()) / SHARED_TEXT_BYTES_MIN;
        if stated > has_room_for.max(limits.shared_texts_stated) {
            let because = format!("it says that it has {stated} shared texts, and does not");
            return Err(TableError::Workbook { because });
        }
    }
    Ok(())
}

/// Returns how many members a zip can have: each is listed under a sign of its own.
fn members(mut bytes: &[u8]) -> usize {
    let mut members = 0;
    while bytes.skip_until(b'P').is_ok_and(|skipped| skipped > 0) {
        members += usize::from(bytes.starts_with(b"K\x01\x02"));
    }
    members
}

/// Counts what a part keeps, and returns how many shared texts it says that it has.
fn look_through(
    part: &mut impl Read,
    limits: &Limits,
    counts: &mut [usize],
) -> Result<usize, TableError> {
    let mut xml = Reader::from_reader(BufReader::new(part));
    // As the reader of workbooks has it, so that this goes on as long as that does.
    let config = xml.config_mut();
    config.check_end_names = false;
    config.expand_empty_elements = true;
    let (mut stated, mut buffer) = (0, Vec::new());
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(one)) => match one.local_name().as_ref() {
                "sst" => stated = number(&one, "uniqueCount").max(stated),
                "f" if number(&one, "si") > limits.shared_formulas => {
                    return Err(more_than(limits.shared_formulas, "shared formulas"));
                }
                name => count(name, one.len(), (limits, counts))?,
            },
            Ok(Event::Eof) | Err(_) => return Ok(stated),
            Ok(_) => {}
        }
    }
}

fn count(
    name: &str,
    bytes: usize,
    (limits, counts): (&Limits, &mut [usize]),
) -> Result<(), TableError> {
    for (elements, count) in limits.elements.iter().zip(counts) {
        if elements.names.contains(&name) {
            *count += 1;
            if *count > elements.most {
                return Err(more_than(elements.most, elements.called));
            }
            if bytes > elements.bytes {
                let because = format!("one of its {} is too long", elements.called);
                return Err(TableError::Workbook { because });
            }
        }
    }
    Ok(())
}

fn more_than(limit: usize, of: &str) -> TableError {
    TableError::Workbook {
        because: format!("it has more than {limit} {of}"),
    }
}

/// Returns the largest number that an attribute of this name can be taken for; 0 without one.
fn number(one: &BytesStart<'_>, name: &str) -> usize {
    let said = |(_, rest): (usize, &str)| {
        let value = rest.trim_start().strip_prefix('=')?.trim_start();
        let value = value.strip_prefix(['"', '\''])?;
        let digits = value.bytes().take_while(u8::is_ascii_digit);
        Some(digits.fold(0_usize, |number, digit| {
            let digit = usize::from(digit - b'0');
            number.saturating_mul(10).saturating_add(digit)
        }))
    };
    let text = one.attributes_raw();
    let places = text.match_indices(name);
    let rests = places.map(|(at, _)| (at, &text[at + name.len()..]));
    rests.filter_map(said).max().unwrap_or_default()
}

/// A part that is read no further than all of them may have together.
struct Counted<'a, R> {
    part: R,
    left: &'a Cell<usize>,
}

impl<R: Read> Counted<'_, R> {
    /// Says whether there is more than may be.
    fn is_over(&mut self) -> bool {
        self.left.get() == 0 && self.part.read(&mut [0]).is_ok_and(|read| read > 0)
    }
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let most = buffer.len().min(self.left.get());
        let read = self.part.read(&mut buffer[..most])?;
        self.left.set(self.left.get() - read);
        Ok(read)
    }
}
