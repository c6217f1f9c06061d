//! An entry read where it lies: strictly, line by line, and without memory of its own.
//!
//! What is read is known to be the one writing of an entry when its last byte was read, so that it
//! need not be written again to be compared.

use uuid::Uuid;

use crate::entry::{
    ABSENT, Entry, EntryError, Group, MAX_ENTRY_BYTES, MAX_NAME_BYTES, Reference, fault,
};
use crate::hash::Hash;

/// The number of characters of an id as it is written, with its hyphens.
const ID_CHARACTERS: usize = 36;

/// Which bytes a name may have.
const IN_NAMES: [bool; 256] = {
    let mut allowed = [false; 256];
    let mut byte = 0;
    while byte < allowed.len() {
        allowed[byte] = matches!(byte as u8, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-');
        byte += 1;
    }
    allowed
};

/// What an [`Entry`] has, with the names where they lie in its bytes.
///
/// # Example
///
/// ```
/// use ledger::EntryView;
///
/// let bytes = b"minutebook/1\ntime_unix_ms 0\nact open\nkind -\nschema -\nid -\nversion -\n\
///     move -\nrefs -\n";
/// let mut view = EntryView::default();
/// view.read(bytes)?;
/// assert_eq!((view.act, view.kind), (&b"open"[..], None));
/// # Ok::<(), ledger::EntryError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryView<'b> {
    /// When it was recorded, in milliseconds since 1970-01-01 UTC.
    pub time_unix_ms: u64,
    /// The name of what was done.
    pub act: &'b [u8],
    /// The name of the kind of record it was done to.
    pub kind: Option<&'b [u8]>,
    /// The number of the schema that the groups follow.
    pub schema: Option<u32>,
    /// The record.
    pub id: Option<Uuid>,
    /// The version of the record.
    pub version: Option<u32>,
    /// The name of the move; written as `move`.
    pub name_of_move: Option<&'b [u8]>,
    /// The exact versions cited, in order.
    pub refs: Vec<Reference>,
    /// The groups committed to, in the order of their names.
    pub groups: Vec<GroupView<'b>>,
}

/// What a [`Group`] has, with its name where it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupView<'b> {
    /// The name, unique within the entry.
    pub name: &'b [u8],
    /// The SHA-256 of the group's bytes.
    pub commitment: Hash,
}

impl<'b> EntryView<'b> {
    /// Reads what [`Entry::encode`] writes, and nothing else. A view may be read into again and again;
    /// after an error it holds nothing of use.
    ///
    /// # Errors
    ///
    /// Each [`EntryError`].
    pub fn read(&mut self, bytes: &'b [u8]) -> Result<(), EntryError> {
        self.refs.clear();
        self.groups.clear();
        let is_short = bytes.len() <= MAX_ENTRY_BYTES;
        let read = is_short.then(|| self.lines(&mut Text(bytes))).flatten();
        read.ok_or_else(|| fault(bytes))
    }

    /// Returns the entry.
    pub fn into_entry(self) -> Entry {
        // Names are of ASCII, which was seen when they were read.
        let name = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
        let group = |group: GroupView<'_>| Group {
            name: name(group.name),
            commitment: group.commitment,
        };
        Entry {
            time_unix_ms: self.time_unix_ms,
            act: name(self.act),
            kind: self.kind.map(name),
            schema: self.schema,
            id: self.id,
            version: self.version,
            name_of_move: self.name_of_move.map(name),
            refs: self.refs,
            groups: self.groups.into_iter().map(group).collect(),
        }
    }

    fn lines(&mut self, text: &mut Text<'b>) -> Option<()> {
        text.pass(b"minutebook/1\ntime_unix_ms ")?;
        self.time_unix_ms = text.number()?;
        text.pass(b"\nact ")?;
        self.act = text.name()?;
        text.pass(b"\nkind ")?;
        self.kind = text.unless_absent(Text::name)?;
        text.pass(b"\nschema ")?;
        self.schema = text.unless_absent(Text::short_number)?;
        text.pass(b"\nid ")?;
        self.id = text.unless_absent(Text::id)?;
        text.pass(b"\nversion ")?;
        self.version = text.unless_absent(Text::short_number)?;
        text.pass(b"\nmove ")?;
        self.name_of_move = text.unless_absent(Text::name)?;
        text.pass(b"\nrefs ")?;
        if text.unless_absent(|text| self.refs(text))?.is_none() {
            text.pass(b"\n")?;
        }
        while !text.0.is_empty() {
            self.group(text)?;
        }
        Some(())
    }

    /// Reads the references, which are in order and named once, and the end of their line.
    fn refs(&mut self, text: &mut Text<'b>) -> Option<()> {
        loop {
            let id = text.id()?;
            text.pass(b"@")?;
            let version = text.short_number()?;
            let reference = Reference { id, version };
            if self.refs.last().is_some_and(|before| *before >= reference) {
                return None;
            }
            self.refs.push(reference);
            match text.byte()? {
                b' ' => {}
                b'\n' => return Some(()),
                _ => return None,
            }
        }
    }

    /// Reads a group, whose name comes after the one before.
    fn group(&mut self, text: &mut Text<'b>) -> Option<()> {
        text.pass(b"group ")?;
        let name = text.name()?;
        text.pass(b" ")?;
        let commitment = Hash::of_digits(text.take()?)?;
        text.pass(b"\n")?;
        if self.groups.last().is_some_and(|before| before.name >= name) {
            return None;
        }
        self.groups.push(GroupView { name, commitment });
        Some(())
    }
}

/// What is left of an entry. What cannot be read in the one way it is written is nothing.
struct Text<'b>(&'b [u8]);

impl<'b> Text<'b> {
    /// Passes what has to stand here. Its length is known beforehand, so that it is compared as one
    /// or two numbers.
    fn pass<const COUNT: usize>(&mut self, expected: &[u8; COUNT]) -> Option<()> {
        (self.take()? == expected).then_some(())
    }

    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*byte)
    }

    fn take<const COUNT: usize>(&mut self) -> Option<&'b [u8; COUNT]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(taken)
    }

    /// Reads a value, or nothing when `-` and the end of the line stand in its place.
    fn unless_absent<Value>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Option<Value>,
    ) -> Option<Option<Value>> {
        match self.0 {
            [b'-', rest @ ..] if rest.first() == Some(&b'\n') => {
                self.0 = rest;
                Some(None)
            }
            _ => read(self).map(Some),
        }
    }

    fn name(&mut self) -> Option<&'b [u8]> {
        let length = self
            .0
            .iter()
            .position(|byte| !IN_NAMES[usize::from(*byte)])?;
        let (name, rest) = self.0.split_at(length);
        self.0 = rest;
        let fits = (1..=MAX_NAME_BYTES).contains(&length);
        (fits && name != ABSENT.as_bytes()).then_some(name)
    }

    fn number(&mut self) -> Option<u64> {
        let first = self.byte()?;
        let mut number = digit(first)?;
        while let [byte, rest @ ..] = self.0
            && let Some(digit) = digit(*byte)
        {
            if first == b'0' {
                return None;
            }
            number = number.checked_mul(10)?.checked_add(digit)?;
            self.0 = rest;
        }
        Some(number)
    }

    fn short_number(&mut self) -> Option<u32> {
        u32::try_from(self.number()?).ok()
    }

    fn id(&mut self) -> Option<Uuid> {
        let characters: &[u8; ID_CHARACTERS] = self.take()?;
        let is_upper = |seen, byte: &u8| seen | byte.is_ascii_uppercase();
        if characters.iter().fold(false, is_upper) {
            return None;
        }
        // Of the ways to write an id, only the one with its hyphens is as long.
        Uuid::try_parse_ascii(characters).ok()
    }
}

fn digit(byte: u8) -> Option<u64> {
    byte.is_ascii_digit().then(|| u64::from(byte - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &str = "minutebook/1\ntime_unix_ms 7\nact put\nkind policy\nschema 1\n\
        id 7d444840-9dc0-11d1-b245-5ffdce74fad2\nversion 2\nmove -\n\
        refs 11111111-1111-4111-8111-111111111111@3 11111111-1111-4111-8111-111111111111@12\n\
        group act 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\n\
        group facts 60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752\n";

    /// The entry as it is read when what it says is written again and compared.
    fn compared(bytes: &[u8]) -> Option<Entry> {
        let entry = crate::entry::loosely(bytes).ok()?;
        (entry.encode().as_deref() == Ok(bytes)).then_some(entry)
    }

    fn assert_read_as_compared(bytes: &[u8]) {
        let mut view = EntryView::default();
        let read = view.read(bytes).ok().map(|()| view.into_entry());
        assert_eq!(
            read,
            compared(bytes),
            "{:?}",
            String::from_utf8_lossy(bytes)
        );
    }

    #[test]
    fn what_is_read_is_what_would_be_written_again_whatever_byte_is_another() {
        assert_read_as_compared(LINES.as_bytes());
        for at in 0..LINES.len() {
            for byte in 0..=255 {
                let mut other = LINES.as_bytes().to_vec();
                other[at] = byte;
                assert_read_as_compared(&other);
            }
        }
    }

    #[test]
    fn what_is_read_is_what_would_be_written_again_whatever_byte_is_left_out_or_comes_in() {
        for at in 0..LINES.len() {
            let mut shorter = LINES.as_bytes().to_vec();
            shorter.remove(at);
            assert_read_as_compared(&shorter);
            assert_read_as_compared(&LINES.as_bytes()[..at]);
            for byte in b"-0 1aA@\r\n\t\0+" {
                let mut longer = LINES.as_bytes().to_vec();
                longer.insert(at, *byte);
                assert_read_as_compared(&longer);
            }
        }
    }

    #[test]
    fn a_view_is_read_into_again_and_keeps_nothing_of_the_entry_before() {
        let bare = "minutebook/1\ntime_unix_ms 0\nact open\nkind -\nschema -\nid -\nversion -\n\
            move -\nrefs -\n";
        let (mut once, mut again) = (EntryView::default(), EntryView::default());
        once.read(bare.as_bytes()).unwrap();
        again.read(LINES.as_bytes()).unwrap();
        again.read(&LINES.as_bytes()[1..]).unwrap_err();
        again.read(bare.as_bytes()).unwrap();
        assert_eq!(once, again);
    }
}
