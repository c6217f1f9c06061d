//! Finds out which encoding a text file is in, and turns it into UTF-8.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

use crate::code_pages;
use crate::doubts::Doubt;
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
    /// Why a person should look at it.
    pub doubt: Option<Doubt>,
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
                doubt: None,
            });
        }
        return decode_as(rest, encoding);
    }
    if let Some(label) = asked {
        return decode_asked(bytes, label);
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
            doubt: None,
        });
    }
    let guess = Guess::of(bytes);
    // Text in several bytes a character forms UTF-8 sequences by chance.
    if utf8.telling > 0 && guess.is_single_byte() {
        return Err(TableError::EncodingMixed {
            line: utf8.damaged_line,
        });
    }
    guess.decode(bytes)
}

/// Decodes as a mapping says. UTF-8 is hardly ever anything else, so a person should know of a
/// file that is.
fn decode_asked<'a>(bytes: &'a [u8], label: &str) -> Result<Text<'a>, TableError> {
    let utf8 = Utf8::of(bytes);
    let is_utf8 = utf8.sequences > 0 && utf8.damaged == 0;
    let doubt = is_utf8.then_some(Doubt::IsUtf8);
    if let Some(page) = code_pages::named(label) {
        return Ok(Text {
            doubt,
            ..decode_page(bytes, page)?
        });
    }
    let encoding =
        Encoding::for_label(label.as_bytes()).ok_or_else(|| TableError::EncodingUnknown {
            label: label.to_owned(),
        })?;
    let text = decode_as(bytes, encoding)?;
    let doubt = doubt.filter(|_| encoding != encoding_rs::UTF_8);
    Ok(Text { doubt, ..text })
}

fn decode_page<'a>(bytes: &[u8], page: &str) -> Result<Text<'a>, TableError> {
    refuse_binary(bytes)?;
    let text = code_pages::decode(bytes, page).ok_or_else(|| TableError::EncodingUnknown {
        label: page.to_owned(),
    })?;
    Ok(Text {
        bytes: Cow::Owned(text.into_bytes()),
        encoding: page.to_owned(),
        doubt: None,
    })
}

/// What a file that does not say its encoding is taken for.
enum Guess {
    Standard(&'static Encoding, Option<&'static Encoding>),
    CodePage(&'static str),
}

impl Guess {
    /// Guesses windows-1252 unless the bytes tell of another encoding. The hint stands for every
    /// country that writes windows-1252: without one, a lone pound sign is taken for a Polish
    /// letter. What is odd in windows-1252 is taken for what it is likely to be without the hint.
    fn of(bytes: &[u8]) -> Self {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
        detector.feed(bytes, true);
        let plausible = |encoding: &'static Encoding| match encoding.is_single_byte() {
            true => encoding,
            false if has_runs(bytes, encoding) => encoding,
            false => encoding_rs::WINDOWS_1252,
        };
        let hinted = plausible(detector.guess(Some(b"uk"), Utf8Detection::Deny));
        let without = plausible(detector.guess(None, Utf8Detection::Deny));
        if hinted != encoding_rs::WINDOWS_1252 {
            return Self::Standard(hinted, Some(without).filter(|other| *other != hinted));
        }
        let (western, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes);
        match Odd::of(&western) {
            Odd::CodePage => Self::CodePage(code_pages::WESTERN),
            Odd::Letters if without != hinted => Self::Standard(without, Some(hinted)),
            Odd::Letters | Odd::Nothing => {
                Self::Standard(hinted, Some(without).filter(|other| *other != hinted))
            }
        }
    }

    fn is_single_byte(&self) -> bool {
        match self {
            Self::Standard(encoding, _) => encoding.is_single_byte(),
            Self::CodePage(_) => true,
        }
    }

    fn decode<'a>(&self, bytes: &'a [u8]) -> Result<Text<'a>, TableError> {
        let (text, or) = match self {
            Self::Standard(encoding, or) => (decode_as(bytes, encoding)?, *or),
            Self::CodePage(page) => (decode_page(bytes, page)?, None),
        };
        let doubt = Some(Doubt::Guessed { or });
        Ok(Text { doubt, ..text })
    }
}

/// Says whether characters of several bytes mostly stand beside one another, as they do in every
/// language that is written so. Alone among Latin letters they are one accented letter and the
/// letter behind it.
fn has_runs(bytes: &[u8], encoding: &'static Encoding) -> bool {
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    let runs = text
        .split(|c: char| c.is_ascii())
        .filter(|run| !run.is_empty());
    let (mut alone, mut together) = (0, 0);
    for run in runs {
        match run.chars().nth(1) {
            Some(_) => together += 1,
            None => alone += 1,
        }
    }
    together >= alone
}

/// What is odd about text when it is read as windows-1252.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Odd {
    Nothing,
    /// Signs that no word has, where letters of another alphabet would stand.
    Letters,
    /// Quotation marks and the like within words, where a code page has its letters.
    CodePage,
}

impl Odd {
    fn of(western: &str) -> Self {
        let (mut odd, mut signs, mut letters) = (0, 0, 0);
        let mut before = ' ';
        let mut chars = western.chars().peekable();
        while let Some(c) = chars.next() {
            let is_letter = |c: char| c.is_alphabetic();
            let after = chars.peek().copied().unwrap_or(' ');
            let in_word = is_letter(before) && is_letter(after);
            signs += usize::from(match c {
                '\u{80}'..='\u{9f}' => true,
                '‚' | '„' => is_letter(before),
                'ƒ' | '†' | '‡' | 'ˆ' | '‰' | '‹' | '“' | '”' | '•' | '˜' | '¢' => {
                    in_word
                }
                _ => false,
            });
            let beside = is_letter(before) || is_letter(after);
            odd += usize::from(match c {
                'ð' | 'þ' | 'ý' | 'Ð' | 'Þ' | 'Ý' => true,
                '£' | '¤' | '¥' | '¦' | '¬' | '¯' | '´' | '¶' | '¸' | '¼' | '½' | '¾' => {
                    beside
                }
                _ => false,
            });
            letters += usize::from(('À'..='ÿ').contains(&c));
            before = c;
        }
        match (signs > letters, odd > 0) {
            (true, _) => Self::CodePage,
            (false, true) => Self::Letters,
            (false, false) => Self::Nothing,
        }
    }
}

fn decode_as<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Result<Text<'a>, TableError> {
    if encoding == encoding_rs::UTF_8 {
        refuse_binary(bytes)?;
        return Ok(Text {
            bytes: Cow::Borrowed(bytes),
            encoding: "UTF-8".into(),
            doubt: None,
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
        doubt: None,
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
