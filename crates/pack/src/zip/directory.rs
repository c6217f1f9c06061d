//! What is kept of the central directory: not the names, of which there may be millions, but where to look.

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use super::header::{CENTRAL_BYTES, Said, central_bytes, read_central};
use super::window::Window;

/// One name in this many is kept in memory.
const STRIDE: u64 = 16;
/// As much of a name is kept: enough to tell groups and bundles apart.
const KEY_BYTES: usize = 24;

type Key = [u8; KEY_BYTES];

/// One member, as the central directory has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Its number of bytes.
    pub size_bytes: u64,
    /// The CRC-32 of its bytes.
    pub crc32: u32,
    /// Where its header stands in the file.
    pub offset: u64,
}

impl Member {
    pub(super) fn new(name: String, said: Said) -> Member {
        Member {
            name,
            size_bytes: said.size_bytes,
            crc32: said.crc32,
            offset: said.offset,
        }
    }

    pub(super) fn said(&self) -> Said {
        Said {
            name_bytes: self.name.len(),
            size_bytes: self.size_bytes,
            crc32: self.crc32,
            offset: self.offset,
        }
    }
}

/// Where the records of the central directory stand, for a look-up by name.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    count: u64,
    range: Range<u64>,
    /// The beginning of every [`STRIDE`]th name, and where its record stands.
    marks: Vec<(Key, u64)>,
}

impl Directory {
    pub(super) fn new(range: Range<u64>) -> Directory {
        Directory {
            count: 0,
            range,
            marks: Vec::new(),
        }
    }

    /// Notes the next record, in order of names.
    pub(super) fn note(&mut self, name: &[u8], at: u64) {
        if self.count.is_multiple_of(STRIDE) {
            self.marks.push((key(name), at));
        }
        self.count += 1;
    }

    /// Returns the number of members.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Returns a walk over the records from the first whose name is not before `name`.
    pub(super) fn from(&self, source: &mut (impl Read + Seek), name: &str) -> io::Result<Records> {
        let mut records = Records {
            window: Window::new(self.around(name).start, self.range.end),
            member: Member::default(),
        };
        while let Some(length) = records.peek(source)? {
            if *records.member.name >= *name {
                break;
            }
            records.window.pass(length);
        }
        Ok(records)
    }

    /// Returns the member of that name.
    pub(super) fn find(
        &self,
        source: &mut (impl Read + Seek),
        name: &str,
    ) -> io::Result<Option<Member>> {
        let Range { start, end } = self.around(name);
        let mut block = vec![0; (end - start) as usize];
        source.seek(SeekFrom::Start(start))?;
        source.read_exact(&mut block)?;
        let mut rest = block.as_slice();
        while !rest.is_empty() {
            let length = central_bytes(rest).ok_or_else(changed)?;
            let (record, after) = rest.split_at_checked(length).ok_or_else(changed)?;
            let (found, said) = read_central(record).ok_or_else(changed)?;
            if found == name.as_bytes() {
                let name = name.to_owned();
                return Ok(Some(Member::new(name, said)));
            }
            rest = after;
        }
        Ok(None)
    }

    /// The part of the directory in which the record of that name is, if anywhere, or the first
    /// one behind it.
    fn around(&self, name: &str) -> Range<u64> {
        let wanted = key(name.as_bytes());
        let first = self.marks.partition_point(|(mark, _)| *mark < wanted);
        let after = self.marks.partition_point(|(mark, _)| *mark <= wanted);
        let start = match first.checked_sub(1) {
            Some(before) => self.marks[before].1,
            None => self.range.start,
        };
        let end = match self.marks.get(after) {
            Some((_, end)) => *end,
            None => self.range.end,
        };
        start..end
    }
}

/// The beginning of a name; in the order of the names, but for those that begin alike.
fn key(name: &[u8]) -> Key {
    std::array::from_fn(|n| name.get(n).copied().unwrap_or_default())
}

/// The walk has compared every record already, so that one that cannot be read means that the
/// file changed meanwhile.
fn changed() -> io::Error {
    io::Error::other("the pack changed while it was read")
}

/// The records of the central directory, one after the other.
pub(super) struct Records {
    window: Window,
    member: Member,
}

impl Records {
    pub(super) fn next(&mut self, source: &mut (impl Read + Seek)) -> io::Result<Option<&Member>> {
        let Some(length) = self.peek(source)? else {
            return Ok(None);
        };
        self.window.pass(length);
        Ok(Some(&self.member))
    }

    /// Reads the next record without passing it, and returns its length.
    fn peek(&mut self, source: &mut (impl Read + Seek)) -> io::Result<Option<usize>> {
        let head = self.window.peek(source, CENTRAL_BYTES)?;
        if head.is_empty() {
            return Ok(None);
        }
        let length = central_bytes(head).ok_or_else(changed)?;
        let record = self.window.peek(source, length)?;
        let (name, said) = read_central(record).ok_or_else(changed)?;
        let name = std::str::from_utf8(name).map_err(|_| changed())?;
        self.member = Member::new(name.to_owned(), said);
        Ok(Some(length))
    }
}
