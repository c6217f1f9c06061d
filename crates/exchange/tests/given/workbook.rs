//! Workbooks built by hand, so that each can be wrong in one place.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must fail")]

use std::fmt::Write as _;

/// A zip of stored members.
pub fn zip(members: &[(&str, String)]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in members {
        let offset = u32::try_from(file.len()).unwrap();
        let size = u32::try_from(content.len()).unwrap().to_le_bytes();
        let mut head = Vec::new();
        head.extend_from_slice(&[20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0]);
        head.extend_from_slice(&crc32fast::hash(content.as_bytes()).to_le_bytes());
        head.extend_from_slice(&size);
        head.extend_from_slice(&size);
        head.extend_from_slice(&u16::try_from(name.len()).unwrap().to_le_bytes());
        head.extend_from_slice(&[0, 0]);
        file.extend_from_slice(b"PK\x03\x04");
        file.extend_from_slice(&head);
        file.extend_from_slice(name.as_bytes());
        file.extend_from_slice(content.as_bytes());
        directory.extend_from_slice(b"PK\x01\x02\x14\0");
        directory.extend_from_slice(&head);
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&offset.to_le_bytes());
        directory.extend_from_slice(name.as_bytes());
    }
    let count = u16::try_from(members.len()).unwrap().to_le_bytes();
    let (start, length) = (file.len(), directory.len());
    file.extend_from_slice(&directory);
    file.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    file.extend_from_slice(&count);
    file.extend_from_slice(&count);
    file.extend_from_slice(&u32::try_from(length).unwrap().to_le_bytes());
    file.extend_from_slice(&u32::try_from(start).unwrap().to_le_bytes());
    file.extend_from_slice(&[0, 0]);
    file
}

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

/// The formats of the styles from the third on; the first is none, the second of a date.
pub const FORMATS: [&str; 8] = [
    "h:mm",
    "00000",
    "[h]:mm:ss",
    "\"AI-\"000",
    "#,##0.00 \"EUR\"",
    "0%",
    "yyyy-mm-dd hh:mm",
    "000",
];

/// A workbook of sheets, each its name and the XML of its rows. What stands in brackets after
/// a name is its state.
pub fn workbook(sheets: &[(&str, &str)]) -> Vec<u8> {
    let (mut list, mut relations) = (String::new(), String::new());
    let mut members = Vec::new();
    for (at, (name, rows)) in sheets.iter().enumerate() {
        let n = at + 1;
        let (name, state) = name.split_once(" [").unwrap_or((name, "visible]"));
        let state = state.trim_end_matches(']');
        write!(
            list,
            r#"<sheet name="{name}" sheetId="{n}" state="{state}" r:id="rId{n}"/>"#
        )
        .unwrap();
        write!(relations, r#"<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>"#).unwrap();
        // What stands behind the rows is written behind a mark.
        let (rows, after) = rows.split_once("<!-- behind -->").unwrap_or((rows, ""));
        let sheet = format!(
            r#"<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>"#
        );
        members.push((format!("xl/worksheets/sheet{n}.xml"), sheet));
    }
    write!(
        relations,
        r#"<Relationship Id="rIdS" Type="{OFFICE}/styles" Target="styles.xml"/>"#
    )
    .unwrap();
    let main = format!(
        r#"<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{list}</sheets></workbook>"#
    );
    let (mut formats, mut cells) = (String::new(), String::new());
    for (at, format) in FORMATS.iter().enumerate() {
        let code = format.replace('"', "&quot;");
        write!(
            formats,
            r#"<numFmt numFmtId="{}" formatCode="{code}"/>"#,
            164 + at
        )
        .unwrap();
        write!(cells, r#"<xf numFmtId="{}"/>"#, 164 + at).unwrap();
    }
    let styles = format!(
        r#"<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/>{cells}</cellXfs></styleSheet>"#
    );
    let root = format!(
        r#"<Relationships xmlns="{PACKAGE}"><Relationship Id="r" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    members.push(("xl/workbook.xml".to_owned(), main));
    members.push(("xl/styles.xml".to_owned(), styles));
    members.push((
        "xl/_rels/workbook.xml.rels".to_owned(),
        format!(r#"<Relationships xmlns="{PACKAGE}">{relations}</Relationships>"#),
    ));
    members.push(("_rels/.rels".to_owned(), root));
    let members: Vec<(&str, String)> = members
        .iter()
        .map(|(name, xml)| (name.as_str(), xml.clone()))
        .collect();
    zip(&members)
}

/// A cell of words.
pub fn words(place: &str, text: &str) -> String {
    format!(r#"<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>"#)
}

/// A row of cells.
pub fn row(number: usize, cells: &str) -> String {
    format!(r#"<row r="{number}">{cells}</row>"#)
}
