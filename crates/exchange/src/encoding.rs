//! Finds out which encoding a text file is in, and turns it into UTF-8.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

use crate::formats;
use crate::table::TableError;

const SAMPLE_BYTES: usize = 8 * 1024;

/// The bytes of a file as UTF-8, and what they were.
pub(crate) struct Text<'a> {
    /// UTF-8, except that a file which is UTF-8 but for a few damaged bytes
    /// keeps them, so that only the rows they stand in are refused.
    pub bytes: Cow<'a, [u8]>,
    /// The name of the encoding, for example `windows-1252`.
    pub encoding: String,
}

/// Returns the text of a file, in the encoding asked for or in the one found.
pub(crate) fn decode<'a>(bytes: &'a [u8], asked: Option<&str>) -> Result<Text<'a>, TableError> {
    formats::refuse_known(bytes)?;
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        let rest = &bytes[length..];
        if encoding == encoding_rs::UTF_8 {
            refuse_binary(rest)?;
            return Ok(Text {
                bytes: Cow::Borrowed(rest),
                encoding: "UTF-8 with BOM".into(),
            });
        }
        return decode_as(rest, encoding);
    }
    if let Some(label) = asked {
        let encoding =
            Encoding::for_label(label.as_bytes()).ok_or_else(|| TableError::EncodingUnknown {
                label: label.to_owned(),
            })?;
        return decode_as(bytes, encoding);
    }
    if let Some(encoding) = utf16_without_bom(bytes) {
        return decode_as(bytes, encoding);
    }
    refuse_binary(bytes)?;
    let utf8 = Utf8::of(bytes);
    if utf8.in_the_main() {
        return Ok(Text {
            bytes: Cow::Borrowed(bytes),
            encoding: "UTF-8".into(),
        });
    }
    let encoding = found(bytes);
    // Text in several bytes a character forms UTF-8 sequences by chance.
    if utf8.telling > 0 && encoding.is_single_byte() {
        return Err(TableError::EncodingMixed {
            line: utf8.damaged_line,
        });
    }
    decode_as(bytes, encoding)
}

/// Returns windows-1252 unless the bytes strongly tell of another encoding.
/// The hint stands for every country that writes windows-1252: without one, a
/// lone pound sign is taken for a Polish letter.
fn found(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(Some(b"uk"), Utf8Detection::Deny)
}

fn decode_as<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Result<Text<'a>, TableError> {
    if encoding == encoding_rs::UTF_8 {
        refuse_binary(bytes)?;
        return Ok(Text {
            bytes: Cow::Borrowed(bytes),
            encoding: "UTF-8".into(),
        });
    }
    let name = encoding.name().to_owned();
    let text = encoding
        .decode_without_bom_handling_and_without_replacement(bytes)
        .ok_or_else(|| TableError::EncodingWrong {
            encoding: name.clone(),
        })?;
    refuse_binary(text.as_bytes())?;
    let bytes = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    };
    Ok(Text {
        bytes,
        encoding: name,
    })
}

/// How far a file reads as UTF-8.
struct Utf8 {
    /// Characters of more than one byte.
    sequences: usize,
    /// Those of them that hardly stand in a file of one byte a character. Two
    /// bytes for a letter beyond Latin are none of these: windows-1252 writes
    /// a capital or ß before a closing quotation mark that way.
    telling: usize,
    /// Places that are not UTF-8.
    damaged: usize,
    /// The line of the first of them, counted from 1.
    damaged_line: usize,
}

impl Utf8 {
    fn of(bytes: &[u8]) -> Self {
        let mut utf8 = Self {
            sequences: 0,
            telling: 0,
            damaged: 0,
            damaged_line: 1,
        };
        for chunk in bytes.utf8_chunks() {
            for c in chunk.valid().chars().filter(|c| !c.is_ascii()) {
                utf8.sequences += 1;
                utf8.telling += usize::from(!('\u{180}'..'\u{800}').contains(&c));
            }
            if utf8.damaged == 0 {
                utf8.damaged_line += chunk.valid().matches('\n').count();
            }
            utf8.damaged += usize::from(!chunk.invalid().is_empty());
        }
        utf8
    }

    /// Says whether the file is UTF-8 but for damage in a few places. Text in
    /// a one-byte encoding hardly ever forms valid sequences, so a file with
    /// many of them is UTF-8 that somebody pasted something else into.
    fn in_the_main(&self) -> bool {
        self.damaged == 0 || self.sequences > 4 * self.damaged
    }
}

/// Spreadsheets sometimes save UTF-16 without its mark; then every second
/// byte of plain Latin text is NUL.
fn utf16_without_bom(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(SAMPLE_BYTES)];
    let pairs = sample.len() / 2;
    if pairs < 4 || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let nuls_at = |offset: usize| {
        sample
            .iter()
            .skip(offset)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let (even, odd) = (nuls_at(0), nuls_at(1));
    if odd * 2 > pairs && even * 20 < pairs {
        return Some(UTF_16LE);
    }
    (even * 2 > pairs && odd * 20 < pairs).then_some(UTF_16BE)
}

/// Refuses what has so many control characters that it cannot be text. A few
/// are let through here: they are refused with the row they stand in.
fn refuse_binary(bytes: &[u8]) -> Result<(), TableError> {
    let sample = &bytes[..bytes.len().min(SAMPLE_BYTES)];
    let controls = sample
        .iter()
        .filter(|byte| **byte < 0x20 && !matches!(**byte, b'\t' | b'\n' | b'\r' | 0x0b | 0x0c))
        .count();
    let dense = controls * 20 > sample.len() && controls >= 16;
    if dense || controls * 3 > sample.len() {
        return Err(TableError::NotATable {
            what: "binary data".to_owned(),
        });
    }
    Ok(())
}
