//! Recognises the formats people hand in by mistake, each by the name they know it by.

use crate::table::TableError;

const KNOWN: [(&[u8], &str); 9] = [
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"SQLite format 3\0", "a SQLite database"),
    (b"\xff\xfe\0\0", "UTF-32 text"),
    (b"{\\rtf", "a document in Rich Text Format (RTF)"),
];

/// The container of Office files up to 2003, and of later ones under a password.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// What a zip is by a member of it.
const MEMBERS: [(&[u8], &str); 6] = [
    (b"word/document.xml", "a Word document (.docx)"),
    (b"ppt/presentation.xml", "a PowerPoint presentation (.pptx)"),
    (b"xl/workbook.bin", "a binary Excel workbook (.xlsb)"),
    (b"META-INF/container.xml", "an EPUB book"),
    (b"Index/Document.iwa", "an Apple iWork file"),
    (b"Index.zip", "an Apple iWork file"),
];

/// What text is by how it begins, once in lower case.
const MARKUP: [(&str, &str); 13] = [
    ("<?mso-application", "a workbook in XML"),
    ("<workbook", "a workbook in XML"),
    ("<!doctype", "a web page (HTML)"),
    ("<html", "a web page (HTML)"),
    ("<head", "a web page (HTML)"),
    ("<meta", "a web page (HTML)"),
    ("<style", "a web page (HTML)"),
    ("<body", "a web page (HTML)"),
    ("<table", "a web page (HTML)"),
    ("<div", "a web page (HTML)"),
    ("<!--", "a web page (HTML)"),
    ("<?xml", "XML"),
    ("mime-version:", "a saved web page (MHTML)"),
];

fn refused(what: &str) -> TableError {
    TableError::NotATable {
        what: what.to_owned(),
    }
}

/// Refuses what its first bytes tell.
pub(crate) fn refuse_known(bytes: &[u8]) -> Result<(), TableError> {
    if bytes.starts_with(COMPOUND) {
        let name: Vec<u8> = "EncryptedPackage"
            .bytes()
            .flat_map(|letter| [letter, 0])
            .collect();
        return Err(refused(match holds(bytes, &name) {
            true => "an Excel workbook under a password",
            false => "an old binary Office file (.xls or .doc)",
        }));
    }
    match KNOWN.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        Some((_, what)) => Err(refused(what)),
        None => Ok(()),
    }
}

/// Refuses a zip that is no Excel workbook: its members tell, by their names.
pub(crate) fn refuse_other_zips(bytes: &[u8]) -> Result<(), TableError> {
    // An OpenDocument file has its type in its first member, which is stored.
    if let Some(of) = bytes.get(30..).and_then(|rest| {
        rest.strip_prefix(b"mimetypeapplication/vnd.oasis.opendocument.".as_slice())
    }) {
        return Err(refused(match of.starts_with(b"spreadsheet") {
            true => "an OpenDocument spreadsheet (.ods)",
            false => "an OpenDocument file",
        }));
    }
    // What is cut short is refused by the reader, as damaged.
    let names = directory(bytes).unwrap_or(b"xl/workbook.xml");
    if holds(names, b"xl/workbook.xml") {
        return Ok(());
    }
    match MEMBERS.iter().find(|(member, _)| holds(names, member)) {
        Some((_, what)) => Err(refused(what)),
        // A workbook may keep its parts elsewhere, but says where.
        None if holds(names, b"_rels/.rels") => Ok(()),
        None => Err(refused("a zip archive")),
    }
}

/// Returns the part of a zip that lists its members, where its end says where that is.
fn directory(bytes: &[u8]) -> Option<&[u8]> {
    // The end is followed by a remark of at most 65,535 bytes.
    let tail = bytes.len().saturating_sub(66_000);
    let mut windows = bytes[tail..].windows(4);
    let at = windows.rposition(|window| window == b"PK\x05\x06")?;
    let four = bytes.get(tail + at + 16..tail + at + 20)?;
    let start = u32::from_le_bytes(four.try_into().ok()?);
    bytes.get(usize::try_from(start).ok()?..)
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Refuses text that is no table, by its first signs: JSON, web pages and other markup, which
/// programs save under the endings of spreadsheets.
pub(crate) fn refuse_other_text(text: &[u8]) -> Result<(), TableError> {
    refuse_json(text)?;
    let begins = text.trim_ascii_start();
    let begins = &begins[..begins.len().min(1024)];
    let lower = String::from_utf8_lossy(begins).to_lowercase();
    // What stands in XML says more than that it is XML.
    let body = match lower.strip_prefix("<?xml") {
        Some(rest) => rest
            .split_once("?>")
            .map_or("", |(_, body)| body.trim_start()),
        None => &lower,
    };
    let mut kinds = [body, &lower].into_iter().filter_map(|text| {
        let begins = |(sign, _): &&(&str, &str)| {
            text.strip_prefix(sign)
                .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        };
        MARKUP.iter().find(begins)
    });
    match kinds.next() {
        Some((_, what)) => Err(refused(what)),
        None => Ok(()),
    }
}

/// A heading may open with a bracket, so that alone tells nothing.
fn refuse_json(text: &[u8]) -> Result<(), TableError> {
    let mut signs = text.iter().filter(|byte| !byte.is_ascii_whitespace());
    let is_json = match (signs.next(), signs.next()) {
        (Some(b'{'), _) => true,
        (Some(b'['), Some(next)) => {
            matches!(next, b'{' | b'[' | b']' | b'"' | b'-') || next.is_ascii_digit()
        }
        _ => false,
    };
    match is_json {
        true => Err(refused("JSON")),
        false => Ok(()),
    }
}
