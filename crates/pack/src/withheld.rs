//! `withheld.json`: what was left out of a pack, and on what basis; one line for each, in order.
//!
//! ```text
//! {
//! "after": {"first_seq":120,"basis":"recorded after 2026-03-31"},
//! "files": [
//! {"file":"<sha256>","as":"privileged","basis":"…","review_by":null}
//! ],
//! "groups": [
//! {"seq":7,"group":"minutes","commitment":"<sha256>","as":"privileged","basis":"…","review_by":"2027-01-01"}
//! ]
//! }
//! ```
//!
//! `after` is null, or withholds at once every group, not in the pack, of the entries from
//! `first_seq` on. Files are in the order of their hashes, groups in that of entries and names.

use std::io::{self, BufRead, Read as _, Write};

use ledger::Hash;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The largest number of bytes of a line, its end included.
const MAX_LINE_BYTES: u64 = 1 << 16;

/// The entries recorded after what the pack knows of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct After {
    /// The first of them.
    pub first_seq: u64,
    /// Why their groups are left out; not empty.
    pub basis: String,
}

/// One file that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WithheldFile {
    /// The SHA-256 of its bytes.
    #[serde(with = "hash_as_text")]
    pub file: Hash,
    /// The mark it bears; not empty.
    #[serde(rename = "as")]
    pub mark: String,
    /// Why that mark holds; not empty.
    pub basis: String,
    /// The day by which that is looked at again.
    pub review_by: Option<String>,
}

/// One group that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WithheldGroup {
    /// The entry that commits to it.
    pub seq: u64,
    /// Its name there.
    pub group: String,
    /// The commitment there.
    #[serde(with = "hash_as_text")]
    pub commitment: Hash,
    /// The mark it bears; not empty.
    #[serde(rename = "as")]
    pub mark: String,
    /// Why that mark holds; not empty.
    pub basis: String,
    /// The day by which that is looked at again.
    pub review_by: Option<String>,
}

/// Why `withheld.json` cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum WithheldError {
    /// It cannot be read or written.
    #[error("withheld.json cannot be read or written: {0}")]
    Io(#[from] io::Error),
    /// A line is not what belongs there, or not written the one way.
    #[error("line {line} of withheld.json is not what belongs there")]
    Line {
        /// Its number, from 1.
        line: u64,
    },
    /// What would be on a line is longer than a reader takes.
    #[error(
        "{what} is withheld on a basis of {length_bytes} bytes, too long for a line of \
         withheld.json: mark it again with a shorter one"
    )]
    TooLong {
        /// What is withheld.
        what: String,
        /// The length of its basis.
        length_bytes: usize,
    },
    /// Something withheld has no mark or no basis.
    #[error("withheld.json has something without a mark or a basis")]
    NoBasis,
    /// What is withheld is not in order, or there twice.
    #[error("withheld.json is not in order")]
    Order,
}

mod hash_as_text {
    use ledger::Hash;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(hash: &Hash, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(hash)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Hash, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

/// Writes `withheld.json`, one item at a time.
pub(crate) struct Writer<W> {
    out: W,
    last_file: Option<Hash>,
    last_group: Option<(u64, String)>,
}

impl<W: Write> Writer<W> {
    pub(crate) fn new(mut out: W, after: Option<&After>) -> Result<Writer<W>, WithheldError> {
        if after.is_some_and(|after| is_blank(&after.basis)) {
            return Err(WithheldError::NoBasis);
        }
        out.write_all(b"{\n")?;
        let line = [b"\"after\": ", &*as_json(&after)?].concat();
        let basis = after.map_or("", |after| &after.basis);
        within(&line, basis, || "what was recorded afterwards".to_owned())?;
        out.write_all(&line)?;
        out.write_all(b",\n\"files\": [")?;
        Ok(Writer {
            out,
            last_file: None,
            last_group: None,
        })
    }

    pub(crate) fn file(&mut self, item: &WithheldFile) -> Result<(), WithheldError> {
        let is_first = self.last_file.is_none();
        if self
            .last_file
            .replace(item.file)
            .is_some_and(|last| last >= item.file)
        {
            return Err(WithheldError::Order);
        }
        let line = line(item, [&item.mark, &item.basis], || {
            format!("the file {}", item.file)
        })?;
        self.item(is_first, &line)
    }

    /// Ends the files; groups follow.
    pub(crate) fn groups(&mut self) -> Result<(), WithheldError> {
        self.out.write_all(b"\n],\n\"groups\": [")?;
        Ok(())
    }

    pub(crate) fn group(&mut self, item: &WithheldGroup) -> Result<(), WithheldError> {
        let is_first = self.last_group.is_none();
        let place = (item.seq, item.group.clone());
        if self.last_group.as_ref().is_some_and(|last| *last >= place) {
            return Err(WithheldError::Order);
        }
        self.last_group = Some(place);
        let line = line(item, [&item.mark, &item.basis], || {
            format!("the group {} of entry {}", item.group, item.seq)
        })?;
        self.item(is_first, &line)
    }

    pub(crate) fn finish(mut self) -> Result<W, WithheldError> {
        self.out.write_all(b"\n]\n}\n")?;
        Ok(self.out)
    }

    fn item(&mut self, is_first: bool, line: &[u8]) -> Result<(), WithheldError> {
        self.out.write_all(if is_first { b"\n" } else { b",\n" })?;
        Ok(self.out.write_all(line)?)
    }
}

/// Returns the line of an item, which has a mark and a basis and is no longer than a reader takes.
fn line(
    item: &impl Serialize,
    [mark, basis]: [&String; 2],
    what: impl FnOnce() -> String,
) -> Result<Vec<u8>, WithheldError> {
    if is_blank(mark) || is_blank(basis) {
        return Err(WithheldError::NoBasis);
    }
    let line = as_json(item)?;
    within(&line, basis, what)?;
    Ok(line)
}

fn as_json(item: &impl Serialize) -> Result<Vec<u8>, WithheldError> {
    Ok(serde_json::to_vec(item).map_err(io::Error::from)?)
}

/// A line has room for what stands on it, with the comma behind it and its end.
fn within(line: &[u8], basis: &str, what: impl FnOnce() -> String) -> Result<(), WithheldError> {
    if line.len() as u64 + 2 <= MAX_LINE_BYTES {
        return Ok(());
    }
    Err(WithheldError::TooLong {
        what: what(),
        length_bytes: basis.len(),
    })
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// What a reader of `withheld.json` comes upon, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Withheld {
    /// The entries recorded afterwards, if any.
    After(Option<After>),
    /// A file.
    File(WithheldFile),
    /// A group.
    Group(WithheldGroup),
}

/// Reads `withheld.json`, handing over each item; what is not exactly what the writer would have
/// written is refused, but only at the end, so nothing may be believed before.
///
/// # Errors
///
/// Each [`WithheldError`], and what `give` returns.
pub fn read(
    source: impl BufRead,
    give: &mut dyn FnMut(Withheld) -> Result<(), WithheldError>,
) -> Result<(), WithheldError> {
    let mut lines = ReadLines {
        source,
        line: Vec::new(),
        number: 0,
        found: Sha256::new(),
    };
    lines.expect(b"{")?;
    let after = lines.next()?.strip_prefix(b"\"after\": ");
    let after = after.and_then(|rest| rest.strip_suffix(b","));
    let after = after.map(<[u8]>::to_vec);
    let after: Option<After> = lines.json(after)?;
    // Spaces, escapes, keys in another order, commas: whatever was read is written again, and the
    // two must be the same bytes.
    let mut writer = Writer::new(Sha256Out(Sha256::new()), after.as_ref())?;
    give(Withheld::After(after))?;
    lines.expect(b"\"files\": [")?;
    while let Some(item) = lines.item(b"],")? {
        writer.file(&item)?;
        give(Withheld::File(item))?;
    }
    writer.groups()?;
    lines.expect(b"\"groups\": [")?;
    while let Some(item) = lines.item(b"]")? {
        writer.group(&item)?;
        give(Withheld::Group(item))?;
    }
    lines.expect(b"}")?;
    let written = writer.finish()?.0.finalize();
    if !lines.next()?.is_empty() || lines.found.clone().finalize() != written {
        return Err(lines.wrong());
    }
    Ok(())
}

struct Sha256Out(Sha256);

impl Write for Sha256Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct ReadLines<R> {
    source: R,
    line: Vec<u8>,
    number: u64,
    found: Sha256,
}

impl<R: BufRead> ReadLines<R> {
    /// Returns the next line without its end; nothing after the last.
    fn next(&mut self) -> Result<&[u8], WithheldError> {
        self.line.clear();
        self.number += 1;
        let mut limited = (&mut self.source).take(MAX_LINE_BYTES);
        limited.read_until(b'\n', &mut self.line)?;
        self.found.update(&self.line);
        Ok(self.line.strip_suffix(b"\n").unwrap_or(&self.line))
    }

    fn expect(&mut self, wanted: &[u8]) -> Result<(), WithheldError> {
        if self.next()? == wanted {
            return Ok(());
        }
        Err(self.wrong())
    }

    /// Returns the item on the next line; nothing when the line is `end`.
    fn item<Item: for<'l> Deserialize<'l>>(
        &mut self,
        end: &[u8],
    ) -> Result<Option<Item>, WithheldError> {
        let line = self.next()?;
        if line == end {
            return Ok(None);
        }
        let item = line.strip_suffix(b",").unwrap_or(line).to_vec();
        self.json(Some(item)).map(Some)
    }

    fn json<Value: for<'l> Deserialize<'l>>(
        &self,
        text: Option<Vec<u8>>,
    ) -> Result<Value, WithheldError> {
        text.and_then(|text| serde_json::from_slice(&text).ok())
            .ok_or_else(|| self.wrong())
    }

    fn wrong(&self) -> WithheldError {
        WithheldError::Line { line: self.number }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger::hash::EMPTY_ROOT;

    const TEXT: &str = "{\n\
        \"after\": {\"first_seq\":120,\"basis\":\"recorded after 2026-03-31\"},\n\
        \"files\": [\n\
        {\"file\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\"as\":\"exempt\",\"basis\":\"trade secret\",\"review_by\":null}\n\
        ],\n\
        \"groups\": [\n\
        {\"seq\":7,\"group\":\"minutes\",\"commitment\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\"as\":\"privileged\",\"basis\":\"counsel\",\"review_by\":\"2027-01-01\"},\n\
        {\"seq\":9,\"group\":\"minutes\",\"commitment\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\"as\":\"privileged\",\"basis\":\"counsel\",\"review_by\":null}\n\
        ]\n\
        }\n";

    fn group(seq: u64, review_by: Option<&str>) -> WithheldGroup {
        WithheldGroup {
            seq,
            group: "minutes".to_owned(),
            commitment: EMPTY_ROOT,
            mark: "privileged".to_owned(),
            basis: "counsel".to_owned(),
            review_by: review_by.map(str::to_owned),
        }
    }

    fn read_all(text: &str) -> Result<Vec<Withheld>, WithheldError> {
        let mut items = Vec::new();
        read(text.as_bytes(), &mut |item| {
            items.push(item);
            Ok(())
        })?;
        Ok(items)
    }

    #[test]
    fn what_is_withheld_is_written_and_read_back() {
        let after = After {
            first_seq: 120,
            basis: "recorded after 2026-03-31".to_owned(),
        };
        let file = WithheldFile {
            file: EMPTY_ROOT,
            mark: "exempt".to_owned(),
            basis: "trade secret".to_owned(),
            review_by: None,
        };
        let groups = [group(7, Some("2027-01-01")), group(9, None)];
        let mut writer = Writer::new(Vec::new(), Some(&after)).unwrap();
        writer.file(&file).unwrap();
        writer.groups().unwrap();
        groups.iter().for_each(|group| writer.group(group).unwrap());
        let written = writer.finish().unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), TEXT);
        assert!(serde_json::from_str::<serde_json::Value>(TEXT).is_ok());
        let mut items = vec![Withheld::After(Some(after)), Withheld::File(file)];
        items.extend(groups.map(Withheld::Group));
        assert_eq!(read_all(TEXT).unwrap(), items);
    }

    #[test]
    fn nothing_withheld_is_written_too() {
        let mut writer = Writer::new(Vec::new(), None).unwrap();
        writer.groups().unwrap();
        let written = String::from_utf8(writer.finish().unwrap()).unwrap();
        assert_eq!(
            written,
            "{\n\"after\": null,\n\"files\": [\n],\n\"groups\": [\n]\n}\n"
        );
        assert_eq!(read_all(&written).unwrap(), [Withheld::After(None)]);
    }

    #[test]
    fn the_writer_writes_no_line_that_the_reader_does_not_take() {
        let with = |length: usize| {
            let basis = "b".repeat(length);
            let after = After {
                first_seq: 3,
                basis: basis.clone(),
            };
            let file = WithheldFile {
                file: EMPTY_ROOT,
                mark: "exempt".to_owned(),
                basis: basis.clone(),
                review_by: None,
            };
            let group = WithheldGroup {
                basis,
                ..group(7, None)
            };
            (after, file, group)
        };
        let write = |which: usize, length: usize| {
            let (after, file, group) = with(length);
            let mut writer = Writer::new(Vec::new(), (which == 0).then_some(&after))?;
            if which == 1 {
                writer.file(&file)?;
                let file = Hash([0xff; 32]);
                writer.file(&WithheldFile { file, ..with(1).1 })?;
            }
            writer.groups()?;
            if which == 2 {
                writer.group(&group)?;
                writer.group(&WithheldGroup { seq: 8, ..group })?;
            }
            writer.finish()
        };
        let text = |which, length| String::from_utf8(write(which, length).unwrap()).unwrap();
        for which in 0..3 {
            // With the end of each.
            let short = text(which, 1).lines().map(|line| line.len() + 1).max();
            let most = usize::try_from(MAX_LINE_BYTES).unwrap() - short.unwrap() + 1;
            assert!(read_all(&text(which, most)).is_ok(), "{which}");
            let beyond = write(which, most + 1);
            let is_refused = matches!(beyond, Err(WithheldError::TooLong { .. }));
            assert!(is_refused, "{which}");
        }
    }

    #[test]
    fn another_writing_order_or_no_basis_is_refused() {
        let cases = [
            TEXT.replace("\"counsel\"", "\"\""),
            TEXT.replace("\"counsel\"", "\" \""),
            TEXT.replace("recorded after 2026-03-31", ""),
            TEXT.replace("\"privileged\"", "\"\""),
            TEXT.replace("\"seq\":7", "\"seq\":9"),
            TEXT.replace("\"seq\":7", "\"seq\": 7"),
            TEXT.replace("\"seq\":7", "\"more\":1,\"seq\":7"),
            TEXT.replace("},\n{\"seq\":9", "}\n{\"seq\":9"),
            TEXT.replace("e3b0", "E3B0"),
            format!("{TEXT}\n"),
            TEXT.trim_end().to_owned(),
            String::new(),
            "x".repeat(200_000),
        ];
        for text in cases {
            assert!(read_all(&text).is_err(), "{text}");
        }
    }
}
