//! The strict walk: everything the file says is written again and compared, byte for byte.
//!
//! The walk itself reads the central directory and cuts the file into parts; a part reads and
//! compares its members when it is asked for them, on whatever thread that is.

use std::io::{self, Read, Seek, SeekFrom};

use super::header::{
    CENTRAL_BYTES, END_BYTES, End, Said, ZIP64_END_BYTES, central_bytes, push_end, read_central,
    read_end,
};
use super::window::Window;
use super::{Directory, Member, ZipError, member_name};

/// A member longer than this is a part of its own, and is not held in memory.
pub const LONG_BYTES: u64 = 17 << 20;
/// A part ends when it has this many bytes, or this many members.
const PART_BYTES: u64 = 1 << 19;
const PART_MEMBERS: usize = 4096;
/// A longer buffer is not kept for a shorter part.
const SPARE_BYTES: usize = 1 << 20;

/// A walk over the parts of a file in their order, which refuses whatever the writer would not
/// have written.
///
/// When [`Walk::finish`] returns, and every part has handed over all its members, every byte of
/// the file is accounted for, but for the CRC-32 of each member, which is for the taker to compare.
pub struct Walk<'s, R> {
    source: &'s mut R,
    end: End,
    central: Window,
    /// Where the next member has to stand.
    position: u64,
    last_name: Vec<u8>,
    directory: Directory,
}

/// What [`Walk::next_part`] comes to.
pub enum Part {
    /// Members of one folder that follow one another.
    Stretch(Stretch),
    /// A member longer than [`LONG_BYTES`], compared already; its bytes are taken by
    /// [`Walk::body`].
    Long(Member),
}

impl<'s, R: Read + Seek> Walk<'s, R> {
    /// Reads and compares the records at the end, and stands in front of the first member.
    ///
    /// # Errors
    ///
    /// [`ZipError::Io`] or [`ZipError::Refused`].
    pub fn start(source: &'s mut R) -> Result<Walk<'s, R>, ZipError> {
        let length = source.seek(SeekFrom::End(0))?;
        let tail_length = length.min((END_BYTES + ZIP64_END_BYTES) as u64);
        let mut tail = vec![0; tail_length as usize];
        source.seek(SeekFrom::Start(length - tail_length))?;
        source.read_exact(&mut tail)?;
        let what = "the file does not end as a pack does";
        let refused = ZipError::Refused { at: length, what };
        let Some(end) = read_end(&tail) else {
            return Err(refused);
        };
        let mut wanted = Vec::new();
        push_end(&mut wanted, end);
        let central_end = end.offset.checked_add(end.size_bytes);
        let fits = central_end.and_then(|end| end.checked_add(wanted.len() as u64));
        let (Some(central_end), true) = (central_end, fits == Some(length)) else {
            return Err(refused);
        };
        if !tail.ends_with(&wanted) {
            return Err(refused);
        }
        Ok(Walk {
            source,
            end,
            central: Window::new(end.offset, central_end),
            position: 0,
            last_name: Vec::new(),
            directory: Directory::new(end.offset..central_end),
        })
    }

    /// Returns the next part; nothing after the last. `spare` is a stretch that is done with, whose
    /// memory is used again.
    ///
    /// # Errors
    ///
    /// [`ZipError::Io`] or [`ZipError::Refused`].
    pub fn next_part(&mut self, spare: Stretch) -> Result<Option<Part>, ZipError> {
        let mut stretch = spare.emptied(self);
        while self.directory.count() < self.end.count && !stretch.is_full() {
            let at = self.central.position();
            let (record, name, said) = record(&mut self.central, self.source)?;
            let Some(end) = member_end(said, self.position, self.end.offset) else {
                let (at, what) = (
                    self.position,
                    "a member does not follow the one before: perhaps it was unpacked and zipped again",
                );
                return Err(ZipError::Refused { at, what });
            };
            let is_long = said.size_bytes > LONG_BYTES;
            if stretch.count > 0 && (is_long || !stretch.is_folder_of(name)) {
                break;
            }
            stretch.add(record, name, end);
            self.directory.note(name, at);
            let length = record.len();
            self.central.pass(length);
            if is_long {
                return self.long(stretch, said).map(Some);
            }
            self.position = end;
        }
        if stretch.count == 0 {
            return Ok(None);
        }
        self.last_name.clear();
        self.last_name.extend_from_slice(stretch.last_name());
        Ok(Some(Part::Stretch(stretch)))
    }

    /// Returns the file.
    pub fn source(&mut self) -> &mut R {
        self.source
    }

    /// Compares the headers of a long member, and stands in front of its bytes.
    fn long(&mut self, mut stretch: Stretch, said: Said) -> Result<Part, ZipError> {
        stretch.length = said.local_bytes();
        self.position += stretch.length as u64;
        let mut buffer = Vec::new();
        let (name, said) = stretch.members(self.source, &mut buffer)?.headers()?;
        self.last_name = name.as_bytes().to_vec();
        Ok(Part::Long(Member::new(name.to_owned(), said)))
    }

    /// Hands over the bytes of the long member just returned, piece by piece.
    ///
    /// # Errors
    ///
    /// [`ZipError::Io`].
    pub fn body(&mut self, member: &Member, give: &mut dyn FnMut(&[u8])) -> Result<(), ZipError> {
        let end = self.position + member.size_bytes;
        let mut window = Window::new(self.position, end);
        window.take(self.source, member.size_bytes, give)?;
        self.position = end;
        Ok(())
    }

    /// Checks that nothing is left, and returns what is needed to find members by name.
    ///
    /// # Errors
    ///
    /// [`ZipError::Refused`].
    pub fn finish(self) -> Result<Directory, ZipError> {
        let what = "bytes that belong to no member";
        if self.position < self.end.offset {
            let at = self.position;
            return Err(ZipError::Refused { at, what });
        }
        if self.central.left() > 0 {
            let at = self.central.position();
            return Err(ZipError::Refused { at, what });
        }
        Ok(self.directory)
    }
}

const RECORD: &str = "a record of the directory is not the one the writer writes";

/// Returns the next record of the directory, with its name and what it says.
fn record<'w>(
    central: &'w mut Window,
    source: &mut (impl Read + Seek),
) -> Result<(&'w [u8], &'w [u8], Said), ZipError> {
    let at = central.position();
    let refused = || ZipError::Refused { at, what: RECORD };
    let head = central.peek(source, CENTRAL_BYTES)?;
    let length = central_bytes(head).ok_or_else(refused)?;
    let record = central.peek(source, length)?;
    if record.len() < length {
        return Err(refused());
    }
    let (name, said) = read_central(record).ok_or_else(refused)?;
    Ok((record, name, said))
}

/// Returns where a member that has to stand at `position` ends, if it stands there and fits.
fn member_end(said: Said, position: u64, limit: u64) -> Option<u64> {
    let end = position
        .checked_add(said.local_bytes() as u64)?
        .checked_add(said.size_bytes)?;
    (said.offset == position && end <= limit).then_some(end)
}

/// Members of one folder that follow one another: their records, and where they stand.
#[derive(Debug, Default)]
pub struct Stretch {
    /// The records of the central directory, and where they stand.
    records: Vec<u8>,
    records_at: u64,
    count: usize,
    /// Where the last record's name stands in `records`.
    last_name: std::ops::Range<usize>,
    /// The number of bytes of the folder that all are in.
    folder: usize,
    /// The name of the member before.
    before: Vec<u8>,
    /// Where the members stand in the file, with the headers in front of them.
    start: u64,
    length: usize,
}

impl Stretch {
    /// Returns the folder that all members are in, with its `/`; empty for those in none.
    pub fn folder(&self) -> &[u8] {
        &self.last_name()[..self.folder]
    }

    /// Returns the number of members.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Reads the members into a buffer, and returns a walk over them, each of which is compared when
    /// it comes.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn members<'b>(
        &'b self,
        source: &mut (impl Read + Seek),
        buffer: &'b mut Vec<u8>,
    ) -> io::Result<Members<'b>> {
        if buffer.len() < self.length || buffer.len() > self.length.max(SPARE_BYTES) {
            *buffer = vec![0; self.length];
        }
        let bytes = &mut buffer[..self.length];
        source.seek(SeekFrom::Start(self.start))?;
        source.read_exact(bytes)?;
        Ok(Members {
            records: &self.records,
            records_at: self.records_at,
            before: &self.before,
            bytes,
            position: self.start,
        })
    }

    /// Returns the stretch as it stands before the first member that the walk comes to next.
    fn emptied<R>(mut self, walk: &Walk<'_, R>) -> Stretch {
        self.records.clear();
        self.records_at = walk.central.position();
        self.count = 0;
        self.before.clear();
        self.before.extend_from_slice(&walk.last_name);
        self.start = walk.position;
        self.length = 0;
        self
    }

    fn is_full(&self) -> bool {
        self.count >= PART_MEMBERS || self.length as u64 >= PART_BYTES
    }

    fn is_folder_of(&self, name: &[u8]) -> bool {
        match self.folder() {
            [] => folder_bytes(name) == 0,
            folder => name.starts_with(folder),
        }
    }

    fn add(&mut self, record: &[u8], name: &[u8], end: u64) {
        self.length = (end - self.start) as usize;
        let start = self.records.len() + CENTRAL_BYTES;
        self.last_name = start..start + name.len();
        self.records.extend_from_slice(record);
        if self.count == 0 {
            self.folder = folder_bytes(name);
        }
        self.count += 1;
    }

    fn last_name(&self) -> &[u8] {
        &self.records[self.last_name.clone()]
    }
}

/// The number of bytes of the folder, with its `/`, that a member of this name is in.
fn folder_bytes(name: &[u8]) -> usize {
    let slash = name.iter().position(|byte| *byte == b'/');
    slash.map_or(0, |slash| slash + 1)
}

/// One member of a stretch.
#[derive(Clone, Copy, Debug)]
pub struct Found<'b> {
    /// Its name.
    pub name: &'b str,
    /// Its bytes.
    pub body: &'b [u8],
    /// The CRC-32 that its headers give, for the taker to compare.
    pub crc32: u32,
    /// Where its header stands in the file.
    pub offset: u64,
}

/// A walk over the members of a stretch.
#[derive(Debug)]
pub struct Members<'b> {
    records: &'b [u8],
    records_at: u64,
    before: &'b [u8],
    bytes: &'b [u8],
    position: u64,
}

impl<'b> Members<'b> {
    /// Compares both headers of the next member with those the writer writes, and passes them.
    fn headers(&mut self) -> Result<(&'b str, Said), ZipError> {
        let at = self.records_at;
        let refused = |what| ZipError::Refused { at, what };
        let (name, said) = read_central(self.records).ok_or(refused(RECORD))?;
        let (head, extra) = (said.central_head(), said.central_extra());
        let record = passed(self.records, &head, name.len(), extra.as_bytes());
        // The name is the one that stands there: it was read from it.
        let (_, rest) = record.ok_or(refused(RECORD))?;
        self.records_at += (self.records.len() - rest.len()) as u64;
        self.records = rest;
        let Some(name) = member_name(name) else {
            return Err(refused("a member has a name that none may have"));
        };
        if name.as_bytes() <= self.before {
            return Err(refused("the members are not in the order of their names"));
        }
        self.before = name.as_bytes();
        let at = self.position;
        let what = "a member's header is not the one the writer writes";
        let refused = ZipError::Refused { at, what };
        let (head, extra) = (said.local_head(), said.local_extra());
        match passed(self.bytes, &head, name.len(), extra.as_bytes()) {
            Some((there, rest)) if there == name.as_bytes() => self.bytes = rest,
            _ => return Err(refused),
        }
        self.position += said.local_bytes() as u64;
        Ok((name, said))
    }

    fn member(&mut self) -> Result<Found<'b>, ZipError> {
        let (name, said) = self.headers()?;
        let (at, what) = (
            self.position,
            "a member is longer than its part of the file",
        );
        let split = self.bytes.split_at_checked(said.size_bytes as usize);
        let (body, rest) = split.ok_or(ZipError::Refused { at, what })?;
        self.bytes = rest;
        self.position += said.size_bytes;
        Ok(Found {
            name,
            body,
            crc32: said.crc32,
            offset: said.offset,
        })
    }
}

impl<'b> Iterator for Members<'b> {
    type Item = Result<Found<'b>, ZipError>;

    fn next(&mut self) -> Option<Self::Item> {
        (!self.records.is_empty()).then(|| self.member())
    }
}

/// Returns the name, and what follows it and the extra field, of a header that begins and ends so.
fn passed<'b, const HEAD: usize>(
    bytes: &'b [u8],
    head: &[u8; HEAD],
    name_bytes: usize,
    extra: &[u8],
) -> Option<(&'b [u8], &'b [u8])> {
    let (there, rest) = bytes.split_first_chunk::<HEAD>()?;
    let (name, rest) = rest.split_at_checked(name_bytes)?;
    let rest = match extra {
        [] => rest,
        extra => rest.strip_prefix(extra)?,
    };
    // Every byte is looked at, and no call is made to compare so few.
    let differs = there
        .iter()
        .zip(head)
        .fold(0, |seen, (a, b)| seen | (a ^ b));
    (differs == 0).then_some((name, rest))
}
