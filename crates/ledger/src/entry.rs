//! The entry: the one envelope that every log of this project appends.
//!
//! An entry is lines of UTF-8 text in a fixed order, each ended by a newline:
//!
//! ```text
//! minutebook/1
//! time_unix_ms 1774915200000
//! act put
//! kind policy
//! schema 1
//! id 7d444840-9dc0-11d1-b245-5ffdce74fad2
//! version 2
//! move -
//! refs 11111111-1111-4111-8111-111111111111@3
//! group act 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
//! group facts 60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752
//! ```
//!
//! An absent value is `-`. References are sorted and unique, separated by spaces; groups are
//! sorted by name and unique. One entry has one writing, so that its hash speaks for its content.

use std::borrow::Cow;
use std::str::{FromStr, Lines};

use uuid::Uuid;

use crate::decimal;
use crate::entry_view::EntryView;
use crate::hash::{HASH_BYTES, Hash};

/// The largest number of bytes of an entry: what the length prefix of an entry bundle holds.
///
/// Source: C2SP tlog-tiles, section Log entries.
pub const MAX_ENTRY_BYTES: usize = 65_535;

/// The largest number of bytes of a name: of an act, a kind, a move or a group.
pub const MAX_NAME_BYTES: usize = 64;

const HASH_DIGITS: usize = HASH_BYTES * 2;
const HEADER: &str = "minutebook/1";
pub(crate) const ABSENT: &str = "-";

/// One entry: what was done to which record, when, and the commitments to what was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When it was recorded, in milliseconds since 1970-01-01 UTC.
    pub time_unix_ms: u64,
    /// The name of what was done.
    pub act: String,
    /// The name of the kind of record it was done to.
    pub kind: Option<String>,
    /// The number of the schema that the groups follow.
    pub schema: Option<u32>,
    /// The record.
    pub id: Option<Uuid>,
    /// The version of the record.
    pub version: Option<u32>,
    /// The name of the move; written as `move`.
    pub name_of_move: Option<String>,
    /// The exact versions cited; written sorted and once each, whatever the order here.
    pub refs: Vec<Reference>,
    /// The groups committed to; written sorted by name, whatever the order here.
    pub groups: Vec<Group>,
}

/// A citation of one version of one record; written as `ID@VERSION`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    /// The record.
    pub id: Uuid,
    /// Its version.
    pub version: u32,
}

/// A named group and the commitment to its bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Group {
    /// The name, unique within the entry.
    pub name: String,
    /// The SHA-256 of the group's bytes.
    pub commitment: Hash,
}

/// Why an entry cannot be written, or bytes are no entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// The entry has more than [`MAX_ENTRY_BYTES`].
    #[error("an entry of {size_bytes} bytes is over the limit of {MAX_ENTRY_BYTES}")]
    TooLong {
        /// The size it has or would have.
        size_bytes: usize,
    },
    /// A name is not 1 to 64 of the characters a-z, 0-9, `_` and `-`, or is the lone `-` that
    /// stands for an absent value.
    #[error("{field} is not a name of 1 to {MAX_NAME_BYTES} of the characters a-z 0-9 _ -")]
    Name {
        /// The line the name belongs to.
        field: &'static str,
    },
    /// Two groups have the same name.
    #[error("two groups are named {name}")]
    GroupTwice {
        /// The name they share.
        name: String,
    },
    /// The bytes are not UTF-8.
    #[error("an entry is UTF-8 text")]
    NotText,
    /// A line is missing or holds something else.
    #[error("an entry has no proper line {field} where it belongs")]
    Line {
        /// The line that belongs there.
        field: &'static str,
    },
    /// The bytes say what an entry says, but are not the one way of writing it.
    #[error("an entry is written in another way than the canonical one")]
    NotCanonical,
}

impl Entry {
    /// Returns the one writing of this entry, the bytes a log appends.
    ///
    /// References and groups are put in order and references named twice are written once; an
    /// entry that already has them so is read back equal by [`Entry::parse`].
    ///
    /// # Errors
    ///
    /// [`EntryError::Name`], [`EntryError::GroupTwice`] or [`EntryError::TooLong`].
    ///
    /// # Example
    ///
    /// ```
    /// use ledger::Entry;
    ///
    /// let entry = Entry {
    ///     time_unix_ms: 1774915200000,
    ///     act: "open".to_owned(),
    ///     kind: None,
    ///     schema: None,
    ///     id: None,
    ///     version: None,
    ///     name_of_move: None,
    ///     refs: Vec::new(),
    ///     groups: Vec::new(),
    /// };
    /// let bytes = entry.encode()?;
    /// assert_eq!(Entry::parse(&bytes)?, entry);
    /// # Ok::<(), ledger::EntryError>(())
    /// ```
    pub fn encode(&self) -> Result<Vec<u8>, EntryError> {
        self.check_names()?;
        let mut bytes = Vec::with_capacity(self.likely_size_bytes());
        bytes.extend_from_slice(HEADER.as_bytes());
        bytes.push(b'\n');
        push_number(&mut bytes, "time_unix_ms", Some(self.time_unix_ms));
        push_text(&mut bytes, "act", Some(&self.act));
        push_text(&mut bytes, "kind", self.kind.as_deref());
        push_number(&mut bytes, "schema", self.schema.map(u64::from));
        let mut digits = Uuid::encode_buffer();
        let id = self
            .id
            .map(|id| &*id.hyphenated().encode_lower(&mut digits));
        push_text(&mut bytes, "id", id);
        push_number(&mut bytes, "version", self.version.map(u64::from));
        push_text(&mut bytes, "move", self.name_of_move.as_deref());
        push_refs(&mut bytes, &self.refs);
        push_groups(&mut bytes, &self.groups)?;
        if bytes.len() > MAX_ENTRY_BYTES {
            let size_bytes = bytes.len();
            return Err(EntryError::TooLong { size_bytes });
        }
        Ok(bytes)
    }

    /// Reads what [`Entry::encode`] writes, and nothing else. Who reads very many entries reads them
    /// by [`EntryView::read`].
    ///
    /// # Errors
    ///
    /// Each [`EntryError`].
    pub fn parse(bytes: &[u8]) -> Result<Entry, EntryError> {
        let mut view = EntryView::default();
        view.read(bytes)?;
        Ok(view.into_entry())
    }

    fn check_names(&self) -> Result<(), EntryError> {
        check_name("act", &self.act)?;
        if let Some(kind) = &self.kind {
            check_name("kind", kind)?;
        }
        if let Some(name_of_move) = &self.name_of_move {
            check_name("move", name_of_move)?;
        }
        for group in &self.groups {
            check_name("group", &group.name)?;
        }
        Ok(())
    }

    /// Room enough for most entries, so that the bytes are allocated once.
    fn likely_size_bytes(&self) -> usize {
        256 + self.refs.len() * 48 + self.groups.len() * 96
    }
}

/// Says what is wrong with bytes that are not the one writing of an entry.
pub(crate) fn fault(bytes: &[u8]) -> EntryError {
    // What has no fault of its own, line by line, fails for its line ends, spare spaces, the order of
    // references and groups or the form of an id.
    let written = loosely(bytes).and_then(|entry| entry.encode());
    written.err().unwrap_or(EntryError::NotCanonical)
}

/// Reads an entry that may be written in another way than the one.
pub(crate) fn loosely(bytes: &[u8]) -> Result<Entry, EntryError> {
    if bytes.len() > MAX_ENTRY_BYTES {
        let size_bytes = bytes.len();
        return Err(EntryError::TooLong { size_bytes });
    }
    let text = std::str::from_utf8(bytes).map_err(|_| EntryError::NotText)?;
    let mut lines = text.lines();
    if lines.next() != Some(HEADER) {
        return Err(EntryError::Line { field: HEADER });
    }
    let field = "time_unix_ms";
    let time_unix_ms = next(&mut lines, field, decimal::parse)?;
    Ok(Entry {
        time_unix_ms: time_unix_ms.ok_or(EntryError::Line { field })?,
        act: next(&mut lines, "act", read)?.ok_or(EntryError::Name { field: "act" })?,
        kind: next(&mut lines, "kind", read)?,
        schema: next(&mut lines, "schema", decimal::parse)?,
        id: next(&mut lines, "id", read)?,
        version: next(&mut lines, "version", decimal::parse)?,
        name_of_move: next(&mut lines, "move", read)?,
        refs: next(&mut lines, "refs", read_refs)?.unwrap_or_default(),
        groups: lines.map(read_group).collect::<Result<_, _>>()?,
    })
}

fn check_name(field: &'static str, name: &str) -> Result<(), EntryError> {
    let allowed = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-');
    let length_fits = (1..=MAX_NAME_BYTES).contains(&name.len());
    if !length_fits || name == ABSENT || !name.bytes().all(allowed) {
        return Err(EntryError::Name { field });
    }
    Ok(())
}

fn push_text(bytes: &mut Vec<u8>, field: &str, value: Option<&str>) {
    bytes.extend_from_slice(field.as_bytes());
    bytes.push(b' ');
    bytes.extend_from_slice(value.unwrap_or(ABSENT).as_bytes());
    bytes.push(b'\n');
}

fn push_number(bytes: &mut Vec<u8>, field: &str, value: Option<u64>) {
    let Some(number) = value else {
        return push_text(bytes, field, None);
    };
    bytes.extend_from_slice(field.as_bytes());
    bytes.push(b' ');
    decimal::push(bytes, number);
    bytes.push(b'\n');
}

fn push_refs(bytes: &mut Vec<u8>, refs: &[Reference]) {
    if refs.is_empty() {
        return push_text(bytes, "refs", None);
    }
    let mut ordered = Cow::Borrowed(refs);
    if !refs.is_sorted_by(|before, after| before < after) {
        ordered.to_mut().sort_unstable();
        ordered.to_mut().dedup();
    }
    bytes.extend_from_slice(b"refs");
    for Reference { id, version } in ordered.iter() {
        bytes.push(b' ');
        let mut digits = Uuid::encode_buffer();
        bytes.extend_from_slice(id.hyphenated().encode_lower(&mut digits).as_bytes());
        bytes.push(b'@');
        decimal::push(bytes, (*version).into());
    }
    bytes.push(b'\n');
}

fn push_groups(bytes: &mut Vec<u8>, groups: &[Group]) -> Result<(), EntryError> {
    if groups.is_sorted_by(|before, after| before.name < after.name) {
        groups.iter().for_each(|group| push_group(bytes, group));
        return Ok(());
    }
    let mut ordered: Vec<&Group> = groups.iter().collect();
    ordered.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    if let Some(pair) = ordered.windows(2).find(|pair| pair[0].name == pair[1].name) {
        let name = pair[0].name.clone();
        return Err(EntryError::GroupTwice { name });
    }
    ordered.iter().for_each(|group| push_group(bytes, group));
    Ok(())
}

fn push_group(bytes: &mut Vec<u8>, Group { name, commitment }: &Group) {
    bytes.extend_from_slice(b"group ");
    bytes.extend_from_slice(name.as_bytes());
    bytes.push(b' ');
    bytes.extend_from_slice(&commitment.digits());
    bytes.push(b'\n');
}

/// The value of the next line, which must be `field`'s; nothing when it is `-`.
fn next<'t, Value>(
    lines: &mut Lines<'t>,
    field: &'static str,
    read: fn(&'t str) -> Option<Value>,
) -> Result<Option<Value>, EntryError> {
    let wrong = EntryError::Line { field };
    let line = lines.next().and_then(|line| line.strip_prefix(field));
    match line.and_then(|rest| rest.strip_prefix(' ')) {
        None => Err(wrong),
        Some(ABSENT) => Ok(None),
        Some(value) => read(value).map(Some).ok_or(wrong),
    }
}

fn read<Value: FromStr>(value: &str) -> Option<Value> {
    value.parse().ok()
}

fn read_refs(value: &str) -> Option<Vec<Reference>> {
    value.split(' ').map(read_ref).collect()
}

fn read_ref(word: &str) -> Option<Reference> {
    let (id, version) = word.split_once('@')?;
    let (id, version) = (id.parse().ok()?, decimal::parse(version)?);
    Some(Reference { id, version })
}

fn read_group(line: &str) -> Result<Group, EntryError> {
    let read = |line: &str| {
        // A commitment is as long as every other, so that the name is what stands before it.
        let named = line.len().checked_sub(HASH_DIGITS)?;
        let (named, commitment) = line.split_at_checked(named)?;
        let name = named.strip_prefix("group ")?.strip_suffix(' ')?;
        let (name, commitment) = (name.to_owned(), commitment.parse().ok()?);
        Some(Group { name, commitment })
    };
    read(line).ok_or(EntryError::Line { field: "group" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::sha256;

    const GOLDEN: &str = "minutebook/1\n\
        time_unix_ms 1774915200000\n\
        act put\n\
        kind policy\n\
        schema 1\n\
        id 7d444840-9dc0-11d1-b245-5ffdce74fad2\n\
        version 2\n\
        move -\n\
        refs 11111111-1111-4111-8111-111111111111@3 11111111-1111-4111-8111-111111111111@12\n\
        group act 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\n\
        group facts 60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752\n";
    const GOLDEN_SHA256: &str = "97a3885d6b5868fbb8f1aa6dd21f1e1c8abd2ca5d97757a00c6aaab092a07620";

    const BARE: &str = "minutebook/1\ntime_unix_ms 0\nact open\nkind -\nschema -\nid -\n\
        version -\nmove -\nrefs -\n";
    const BARE_SHA256: &str = "b32311872324ce75af6f013a40c1c0b1e6e797d41a2c0d7de5a3a9f6a1fff9b8";

    fn golden() -> Entry {
        let id = Uuid::from_u128(0x11111111_1111_4111_8111_111111111111);
        let group = |name: &str, content: &[u8]| Group {
            name: name.to_owned(),
            commitment: sha256(content),
        };
        Entry {
            time_unix_ms: 1_774_915_200_000,
            act: "put".to_owned(),
            kind: Some("policy".to_owned()),
            schema: Some(1),
            id: Some(Uuid::from_u128(0x7d444840_9dc0_11d1_b245_5ffdce74fad2)),
            version: Some(2),
            name_of_move: None,
            refs: vec![Reference { id, version: 3 }, Reference { id, version: 12 }],
            groups: vec![group("act", b"test"), group("facts", b"test2")],
        }
    }

    fn bare() -> Entry {
        Entry {
            time_unix_ms: 0,
            act: "open".to_owned(),
            kind: None,
            schema: None,
            id: None,
            version: None,
            name_of_move: None,
            refs: Vec::new(),
            groups: Vec::new(),
        }
    }

    #[test]
    fn entries_have_their_golden_bytes_and_hashes() {
        let cases = [
            (golden(), GOLDEN, GOLDEN_SHA256),
            (bare(), BARE, BARE_SHA256),
        ];
        for (entry, text, hash) in cases {
            let bytes = entry.encode().unwrap();
            assert_eq!(std::str::from_utf8(&bytes), Ok(text));
            assert_eq!(sha256(&bytes).to_string(), hash);
            assert_eq!(Entry::parse(&bytes), Ok(entry));
        }
    }

    #[test]
    fn references_and_groups_are_written_in_order_and_once() {
        let mut shuffled = golden();
        shuffled.refs.extend(golden().refs);
        shuffled.refs.reverse();
        shuffled.groups.reverse();
        assert_eq!(shuffled.encode(), golden().encode());
    }

    #[test]
    fn two_groups_of_one_name_are_refused() {
        let mut entry = golden();
        entry.groups[1].name = "act".to_owned();
        let name = "act".to_owned();
        assert_eq!(entry.encode(), Err(EntryError::GroupTwice { name }));
    }

    #[test]
    fn another_writing_of_an_entry_is_refused() {
        let canonical = EntryError::NotCanonical;
        let line = |field| EntryError::Line { field };
        let name = |field| EntryError::Name { field };
        let refs = "111111111111@3 11111111-1111-4111-8111-111111111111@12";
        let cases = [
            ("minutebook/1", "minutebook/2", line(HEADER)),
            ("time_unix_ms 1", "time_unix_ms 01", line("time_unix_ms")),
            (
                "time_unix_ms 1774915200000",
                "time_unix_ms -",
                line("time_unix_ms"),
            ),
            ("act put", "act  put", name("act")),
            ("act put", "act -", name("act")),
            ("act put", "act Put", name("act")),
            (
                "kind policy\nschema 1",
                "schema 1\nkind policy",
                line("kind"),
            ),
            ("kind policy", "kind", line("kind")),
            ("schema 1", "schema +1", line("schema")),
            ("schema 1", "schema 4294967296", line("schema")),
            ("7d444840-9dc0", "7D444840-9dc0", canonical.clone()),
            ("7d444840-9dc0-11d1-", "7d4448409dc011d1", line("id")),
            ("move -", "move ", name("move")),
            (
                refs,
                "111111111111@12 11111111-1111-4111-8111-111111111111@3",
                canonical.clone(),
            ),
            (
                refs,
                "111111111111@3 11111111-1111-4111-8111-111111111111@3",
                canonical.clone(),
            ),
            ("@12\n", "@12 \n", line("refs")),
            ("@12\n", "@12\r\n", canonical.clone()),
            ("group facts", "group aaa", canonical.clone()),
            ("group facts 6", "group facts  6", name("group")),
            ("c752\n", "c752", canonical.clone()),
            ("c752\n", "c752\n\n", line("group")),
            ("c752\n", "C752\n", line("group")),
        ];
        for (from, to, expected) in cases {
            let other = GOLDEN.replacen(from, to, 1);
            assert_ne!(other, GOLDEN, "{from} is in the text");
            assert_eq!(
                Entry::parse(other.as_bytes()),
                Err(expected),
                "{from} -> {to}"
            );
        }
        assert_eq!(
            Entry::parse(b"minutebook/1\n\xff"),
            Err(EntryError::NotText)
        );
    }

    #[test]
    fn names_are_short_and_plain() {
        let longest = "a".repeat(MAX_NAME_BYTES);
        for name in ["a", "item-49", "-a", "no_9", longest.as_str()] {
            let mut entry = bare();
            entry.act = name.to_owned();
            let bytes = entry.encode().unwrap();
            assert_eq!(Entry::parse(&bytes), Ok(entry), "{name}");
        }
        let too_long = "a".repeat(MAX_NAME_BYTES + 1);
        for name in ["", "-", "A", "a b", "a\n", "é", too_long.as_str()] {
            let name = || name.to_owned();
            let group = Group {
                name: name(),
                commitment: sha256(b""),
            };
            let refused = [
                (
                    "act",
                    Entry {
                        act: name(),
                        ..bare()
                    },
                ),
                (
                    "kind",
                    Entry {
                        kind: Some(name()),
                        ..bare()
                    },
                ),
                (
                    "move",
                    Entry {
                        name_of_move: Some(name()),
                        ..bare()
                    },
                ),
                (
                    "group",
                    Entry {
                        groups: vec![group],
                        ..bare()
                    },
                ),
            ];
            for (field, entry) in refused {
                assert_eq!(
                    entry.encode(),
                    Err(EntryError::Name { field }),
                    "{:?}",
                    name()
                );
            }
        }
    }

    #[test]
    fn an_entry_fits_the_limit_to_the_byte() {
        let mut entry = bare();
        let reference = |n: u32| Reference {
            id: Uuid::from_u128(n.into()),
            version: 1,
        };
        // Each reference takes 39 bytes; the rest is filled by versions of two digits.
        let room = MAX_ENTRY_BYTES - entry.encode().unwrap().len();
        entry.refs = (0..room as u32 / 39).map(reference).collect();
        let room = MAX_ENTRY_BYTES - entry.encode().unwrap().len();
        assert!(room < 39, "one more reference would not fit");
        for reference in entry.refs.iter_mut().take(room) {
            reference.version = 10;
        }
        let bytes = entry.encode().unwrap();
        assert_eq!(bytes.len(), MAX_ENTRY_BYTES);
        assert_eq!(Entry::parse(&bytes), Ok(entry.clone()));

        entry.refs[room].version = 10;
        let size_bytes = MAX_ENTRY_BYTES + 1;
        assert_eq!(entry.encode(), Err(EntryError::TooLong { size_bytes }));
        let longer = [&bytes[..], b"\n"].concat();
        assert_eq!(
            Entry::parse(&longer),
            Err(EntryError::TooLong { size_bytes })
        );
    }
}
