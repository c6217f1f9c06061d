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

/// Appends the header that stands in front of the member's bytes.
pub(super) fn push_local(bytes: &mut Vec<u8>, member: &Member) {
    let large = member.size_bytes >= ELSEWHERE.into();
    put32(bytes, LOCAL);
    put16(bytes, if large { ZIP64 } else { STORED });
    push_common(bytes, member);
    put16(bytes, if large { 20 } else { 0 });
    bytes.extend_from_slice(member.name.as_bytes());
    if large {
        put16(bytes, ZIP64_EXTRA);
        put16(bytes, 16);
        put64(bytes, member.size_bytes);
        put64(bytes, member.size_bytes);
    }
}

/// Appends the member's record of the central directory.
pub(super) fn push_central(bytes: &mut Vec<u8>, member: &Member) {
    let large = member.size_bytes >= ELSEWHERE.into();
    let far = member.offset >= ELSEWHERE.into();
    let values = if large { 16 } else { 0 } + if far { 8 } else { 0 };
    let version = if large || far { ZIP64 } else { STORED };
    put32(bytes, CENTRAL);
    put16(bytes, UNIX | version);
    put16(bytes, version);
    push_common(bytes, member);
    put16(bytes, if values > 0 { 4 + values } else { 0 });
    // No comment, the first disk, no internal attributes.
    bytes.extend_from_slice(&[0; 6]);
    put32(bytes, MODE);
    put32(bytes, capped32(member.offset));
    bytes.extend_from_slice(member.name.as_bytes());
    if values > 0 {
        put16(bytes, ZIP64_EXTRA);
        put16(bytes, values);
    }
    if large {
        put64(bytes, member.size_bytes);
        put64(bytes, member.size_bytes);
    }
    if far {
        put64(bytes, member.offset);
    }
}

/// Appends the records that end the file.
pub(super) fn push_end(bytes: &mut Vec<u8>, end: End) {
    if end.needs_zip64() {
        put32(bytes, ZIP64_END);
        put64(bytes, 44);
        put16(bytes, UNIX | ZIP64);
        put16(bytes, ZIP64);
        put64(bytes, 0);
        put64(bytes, end.count);
        put64(bytes, end.count);
        put64(bytes, end.size_bytes);
        put64(bytes, end.offset);
        put32(bytes, ZIP64_LOCATOR);
        put32(bytes, 0);
        put64(bytes, end.offset.saturating_add(end.size_bytes));
        put32(bytes, 1);
    }
    let count = u16::try_from(end.count).unwrap_or(u16::MAX);
    put32(bytes, END);
    put32(bytes, 0);
    put16(bytes, count);
    put16(bytes, count);
    put32(bytes, capped32(end.size_bytes));
    put32(bytes, capped32(end.offset));
    put16(bytes, 0);
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

/// The number of bytes of name and extra field that follow a record of the central directory.
pub(super) fn central_tail_bytes(record: &[u8]) -> Option<usize> {
    Some(usize::from(get16(record, 28)?) + usize::from(get16(record, 30)?))
}

/// Reads a whole record of the central directory into `member`; what else the record says is
/// settled by writing it again and comparing.
pub(super) fn read_central(record: &[u8], member: &mut Member) -> Option<()> {
    let name_end = CENTRAL_BYTES + usize::from(get16(record, 28)?);
    let name = std::str::from_utf8(record.get(CENTRAL_BYTES..name_end)?).ok()?;
    member.name.clear();
    member.name.push_str(name);
    member.crc32 = get32(record, 16)?;
    let (size, offset) = (get32(record, 24)?, get32(record, 42)?);
    let mut values = name_end + 4;
    member.size_bytes = size.into();
    if size == ELSEWHERE {
        member.size_bytes = get64(record, values)?;
        values += 16;
    }
    member.offset = offset.into();
    if offset == ELSEWHERE {
        member.offset = get64(record, values)?;
    }
    Some(())
}

/// The number of bytes from a member's offset to its first byte.
pub(super) fn local_bytes(member: &Member) -> usize {
    let large = member.size_bytes >= ELSEWHERE.into();
    LOCAL_BYTES + member.name.len() + if large { 20 } else { 0 }
}

/// What both headers have: flags, method, time, date, CRC, sizes, length of the name.
fn push_common(bytes: &mut Vec<u8>, member: &Member) {
    let size = capped32(member.size_bytes);
    bytes.extend_from_slice(&[0; 6]);
    put16(bytes, DATE);
    put32(bytes, member.crc32);
    put32(bytes, size);
    put32(bytes, size);
    // Names are at most 255 bytes; a longer one is refused before and never compares equal.
    put16(bytes, member.name.len() as u16);
}

fn capped32(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(ELSEWHERE)
}

fn put16(bytes: &mut Vec<u8>, value: u16) {
    bytes.extend_from_slice(&value.to_le_bytes());
}

fn put32(bytes: &mut Vec<u8>, value: u32) {
    bytes.extend_from_slice(&value.to_le_bytes());
}

fn put64(bytes: &mut Vec<u8>, value: u64) {
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
            assert_eq!(local_bytes(&wanted), local.len());
            let tail = central_tail_bytes(&central);
            assert_eq!(tail, Some(central.len() - CENTRAL_BYTES));
            let mut read = Member::default();
            assert_eq!(read_central(&central, &mut read), Some(()));
            assert_eq!(read, wanted);
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
            assert_eq!(
                read_central(&central[..length], &mut Member::default()),
                None
            );
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
