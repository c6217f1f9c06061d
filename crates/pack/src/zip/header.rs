//! The bytes of the headers, written once here for the writer and for the reader that compares.

use super::Member;

/// The number of bytes of a header in front of a member, without name and extra field.
pub(super) const LOCAL_BYTES: usize = 30;
/// The number of bytes of a record of the central directory, without name and extra field.
pub(super) const CENTRAL_BYTES: usize = 46;
/// The number of bytes of the end record.
pub(super) const END_BYTES: usize = 22;
/// The number of bytes of Zip64's end record and of the locator behind it.
pub(super) const ZIP64_END_BYTES: usize = 56 + 20;

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const ZIP64_END: u32 = 0x0606_4b50;
const ZIP64_LOCATOR: u32 = 0x0706_4b50;
const ZIP64_EXTRA: u16 = 0x0001;
/// Version 1.0, for a stored member.
const STORED: u16 = 10;
/// Version 4.5, where Zip64 is used.
const ZIP64: u16 = 45;
/// Written on a Unix, so that the mode below means something.
const UNIX: u16 = 3 << 8;
/// A regular file that all may read: 0644.
const MODE: u32 = 0o100_644 << 16;
/// 1980-01-01, the first day that a zip can name.
const DATE: u16 = 1 << 5 | 1;
/// A value that stands in the Zip64 field instead.
const ELSEWHERE: u32 = u32::MAX;

/// Where the central directory lies and how many records it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    pub(super) count: u64,
    pub(super) size_bytes: u64,
    pub(super) offset: u64,
}

impl End {
    fn needs_zip64(self) -> bool {
        self.count >= u16::MAX.into()
            || self.size_bytes >= ELSEWHERE.into()
            || self.offset >= ELSEWHERE.into()
    }
}

/// What a header says of a member besides its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) name_bytes: usize,
    pub(super) size_bytes: u64,
    pub(super) crc32: u32,
    pub(super) offset: u64,
}

impl Said {
    fn is_large(self) -> bool {
        self.size_bytes >= ELSEWHERE.into()
    }

    fn is_far(self) -> bool {
        self.offset >= ELSEWHERE.into()
    }

    /// The number of bytes from a member's offset to its first byte.
    pub(super) fn local_bytes(self) -> usize {
        LOCAL_BYTES + self.name_bytes + if self.is_large() { 20 } else { 0 }
    }

    /// Returns what stands before the name in the header in front of the member's bytes.
    pub(super) fn local_head(self) -> [u8; LOCAL_BYTES] {
        let large = self.is_large();
        let mut head = [0; LOCAL_BYTES];
        put32(&mut head, 0, LOCAL);
        put16(&mut head, 4, if large { ZIP64 } else { STORED });
        self.put_common(&mut head[6..28]);
        put16(&mut head, 28, if large { 20 } else { 0 });
        head
    }

    /// Returns what stands behind the name there.
    pub(super) fn local_extra(self) -> Extra {
        let mut extra = Extra::default();
        if self.is_large() {
            extra.begin(16);
            extra.put64(self.size_bytes);
            extra.put64(self.size_bytes);
        }
        extra
    }

    /// Returns what stands before the name in the member's record of the central directory.
    pub(super) fn central_head(self) -> [u8; CENTRAL_BYTES] {
        let version = if self.is_large() || self.is_far() {
            ZIP64
        } else {
            STORED
        };
        let mut head = [0; CENTRAL_BYTES];
        put32(&mut head, 0, CENTRAL);
        put16(&mut head, 4, UNIX | version);
        put16(&mut head, 6, version);
        self.put_common(&mut head[8..30]);
        put16(&mut head, 30, self.central_extra().as_bytes().len() as u16);
        // No comment, the first disk, no internal attributes.
        put32(&mut head, 38, MODE);
        put32(&mut head, 42, capped32(self.offset));
        head
    }

    /// Returns what stands behind the name there.
    pub(super) fn central_extra(self) -> Extra {
        let mut extra = Extra::default();
        let values = if self.is_large() { 16 } else { 0 } + if self.is_far() { 8 } else { 0 };
        if values > 0 {
            extra.begin(values);
        }
        if self.is_large() {
            extra.put64(self.size_bytes);
            extra.put64(self.size_bytes);
        }
        if self.is_far() {
            extra.put64(self.offset);
        }
        extra
    }

    /// What both headers have: flags, method, time, date, CRC, sizes, length of the name.
    fn put_common(self, bytes: &mut [u8]) {
        let size = capped32(self.size_bytes);
        put16(bytes, 6, DATE);
        put32(bytes, 8, self.crc32);
        put32(bytes, 12, size);
        put32(bytes, 16, size);
        // Names are at most 255 bytes; a longer one is refused before and never compares equal.
        put16(bytes, 20, self.name_bytes as u16);
    }
}

/// The field that holds what is too large for a header.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Extra {
    bytes: [u8; 28],
    length: usize,
}

impl Extra {
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    fn begin(&mut self, value_bytes: u16) {
        put16(&mut self.bytes, 0, ZIP64_EXTRA);
        put16(&mut self.bytes, 2, value_bytes);
        self.length = 4;
    }

    fn put64(&mut self, value: u64) {
        self.bytes[self.length..self.length + 8].copy_from_slice(&value.to_le_bytes());
        self.length += 8;
    }
}

/// Appends the header that stands in front of the member's bytes.
pub(super) fn push_local(bytes: &mut Vec<u8>, member: &Member) {
    let said = member.said();
    bytes.extend_from_slice(&said.local_head());
    bytes.extend_from_slice(member.name.as_bytes());
    bytes.extend_from_slice(said.local_extra().as_bytes());
}

/// Appends the member's record of the central directory.
pub(super) fn push_central(bytes: &mut Vec<u8>, member: &Member) {
    let said = member.said();
    bytes.extend_from_slice(&said.central_head());
    bytes.extend_from_slice(member.name.as_bytes());
    bytes.extend_from_slice(said.central_extra().as_bytes());
}

/// Appends the records that end the file.
pub(super) fn push_end(bytes: &mut Vec<u8>, end: End) {
    if end.needs_zip64() {
        push32(bytes, ZIP64_END);
        push64(bytes, 44);
        push16(bytes, UNIX | ZIP64);
        push16(bytes, ZIP64);
        push64(bytes, 0);
        push64(bytes, end.count);
        push64(bytes, end.count);
        push64(bytes, end.size_bytes);
        push64(bytes, end.offset);
        push32(bytes, ZIP64_LOCATOR);
        push32(bytes, 0);
        push64(bytes, end.offset.saturating_add(end.size_bytes));
        push32(bytes, 1);
    }
    let count = u16::try_from(end.count).unwrap_or(u16::MAX);
    push32(bytes, END);
    push32(bytes, 0);
    push16(bytes, count);
    push16(bytes, count);
    push32(bytes, capped32(end.size_bytes));
    push32(bytes, capped32(end.offset));
    push16(bytes, 0);
}

/// Reads the last bytes of a file; what they say is compared afterwards.
pub(super) fn read_end(tail: &[u8]) -> Option<End> {
    let at = tail.len().checked_sub(END_BYTES)?;
    let end = End {
        count: get16(tail, at + 10)?.into(),
        size_bytes: get32(tail, at + 12)?.into(),
        offset: get32(tail, at + 16)?.into(),
    };
    if !end.needs_zip64() {
        return Some(end);
    }
    let at = at.checked_sub(ZIP64_END_BYTES)?;
    Some(End {
        count: get64(tail, at + 32)?,
        size_bytes: get64(tail, at + 40)?,
        offset: get64(tail, at + 48)?,
    })
}

/// Returns the name and what else is said by the record of the central directory with which `bytes`
/// begin, as far as they can be read; what else they say is settled by writing it again.
pub(super) fn read_central(bytes: &[u8]) -> Option<(&[u8], Said)> {
    let name_bytes = usize::from(get16(bytes, 28)?);
    let name = bytes.get(CENTRAL_BYTES..CENTRAL_BYTES + name_bytes)?;
    let (size, offset) = (get32(bytes, 24)?, get32(bytes, 42)?);
    let mut said = Said {
        name_bytes,
        size_bytes: size.into(),
        crc32: get32(bytes, 16)?,
        offset: offset.into(),
    };
    let mut values = CENTRAL_BYTES + name_bytes + 4;
    if size == ELSEWHERE {
        said.size_bytes = get64(bytes, values)?;
        values += 16;
    }
    if offset == ELSEWHERE {
        said.offset = get64(bytes, values)?;
    }
    Some((name, said))
}

/// Returns the length of the record of the central directory with which `bytes` begin.
pub(super) fn central_bytes(bytes: &[u8]) -> Option<usize> {
    let tail = usize::from(get16(bytes, 28)?) + usize::from(get16(bytes, 30)?);
    Some(CENTRAL_BYTES + tail)
}

fn capped32(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(ELSEWHERE)
}

fn put16(bytes: &mut [u8], at: usize, value: u16) {
    bytes[at..at + 2].copy_from_slice(&value.to_le_bytes());
}

fn put32(bytes: &mut [u8], at: usize, value: u32) {
    bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
}

fn push16(bytes: &mut Vec<u8>, value: u16) {
    bytes.extend_from_slice(&value.to_le_bytes());
}

fn push32(bytes: &mut Vec<u8>, value: u32) {
    bytes.extend_from_slice(&value.to_le_bytes());
}

fn push64(bytes: &mut Vec<u8>, value: u64) {
    bytes.extend_from_slice(&value.to_le_bytes());
}

fn get16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn get32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn get64(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOUR_GIB: u64 = 1 << 32;

    fn member(size_bytes: u64, offset: u64) -> Member {
        Member {
            name: "groups/a".to_owned(),
            size_bytes,
            crc32: 0x0102_0304,
            offset,
        }
    }

    #[test]
    fn zip64_is_used_exactly_where_a_size_or_an_offset_needs_it() {
        let cases = [
            (5, 9, 38, 54),
            (FOUR_GIB - 2, FOUR_GIB - 2, 38, 54),
            (FOUR_GIB - 1, 9, 58, 74),
            (5, FOUR_GIB - 1, 38, 66),
            (FOUR_GIB + 7, FOUR_GIB + 8, 58, 82),
        ];
        for (size, offset, local_length, central_length) in cases {
            let wanted = member(size, offset);
            let (mut local, mut central) = (Vec::new(), Vec::new());
            push_local(&mut local, &wanted);
            push_central(&mut central, &wanted);
            assert_eq!((local.len(), central.len()), (local_length, central_length));
            assert_eq!(wanted.said().local_bytes(), local.len());
            assert_eq!(super::central_bytes(&central), Some(central.len()));
            let read = read_central(&central);
            assert_eq!(read, Some((wanted.name.as_bytes(), wanted.said())));
        }
    }

    #[test]
    fn the_end_records_are_read_back_on_both_sides_of_65535_members_and_4_gib() {
        let cases = [
            (0, 0, 0, END_BYTES),
            (65_534, 99, FOUR_GIB - 2, END_BYTES),
            (65_535, 99, 10, END_BYTES + ZIP64_END_BYTES),
            (3_000_000, 351_000_000, 7, END_BYTES + ZIP64_END_BYTES),
            (2, 99, FOUR_GIB - 1, END_BYTES + ZIP64_END_BYTES),
            (2, FOUR_GIB, 1, END_BYTES + ZIP64_END_BYTES),
        ];
        for (count, size_bytes, offset, length) in cases {
            let end = End {
                count,
                size_bytes,
                offset,
            };
            let mut bytes = Vec::new();
            push_end(&mut bytes, end);
            assert_eq!(bytes.len(), length);
            assert_eq!(read_end(&bytes), Some(end));
        }
    }

    #[test]
    fn headers_cut_short_are_not_read() {
        let (mut central, mut end) = (Vec::new(), Vec::new());
        push_central(&mut central, &member(FOUR_GIB, FOUR_GIB));
        for length in 0..central.len() {
            assert_eq!(read_central(&central[..length]), None);
        }
        push_end(
            &mut end,
            End {
                count: 70_000,
                size_bytes: 1,
                offset: 1,
            },
        );
        for start in 1..end.len() {
            assert_eq!(read_end(&end[start..]), None, "{start}");
        }
    }
}
