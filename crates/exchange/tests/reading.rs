//! Text files: encodings, delimiters, and what is refused.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must fail")]

mod given;

use exchange::limits::{CELL_BYTES_MAX, COLUMNS_MAX, FILE_BYTES_MAX, ROWS_MAX};
use exchange::table::{Reading, Table, TableError, read, read_as};
use given::{MADE_UP, table};

fn code(bytes: &[u8]) -> &'static str {
    let error = read(bytes, "test.csv").unwrap_err();
    assert!(!error.hint().is_empty());
    error.code()
}

/// The refusals of the rows: number, code, heading of the cell.
fn refusals(table: &Table) -> Vec<(usize, &str, Option<&str>)> {
    let refused = table
        .rows
        .iter()
        .filter_map(|row| row.refusal.as_ref().map(|refusal| (row, refusal)));
    refused
        .map(|(row, refusal)| (row.number, refusal.code.as_str(), refusal.field.as_deref()))
        .collect()
}

fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(to_bytes).collect()
}

const SHEET: &str = "Name;Straße\nMüllabfuhr-Plan;Größe – „fünf“\nKläranlage;Überlauf\n";

#[test]
fn one_sheet_reads_alike_in_every_common_encoding() {
    let with_bom = |bom: &[u8], rest: Vec<u8>| [bom, &rest].concat();
    let windows_1252 = encoding_rs::WINDOWS_1252.encode(SHEET).0.into_owned();
    for (bytes, encoding) in [
        (SHEET.as_bytes().to_vec(), "UTF-8"),
        (
            with_bom(b"\xef\xbb\xbf", SHEET.as_bytes().to_vec()),
            "UTF-8 with BOM",
        ),
        (
            with_bom(b"\xff\xfe", utf16(SHEET, u16::to_le_bytes)),
            "UTF-16LE",
        ),
        (
            with_bom(b"\xfe\xff", utf16(SHEET, u16::to_be_bytes)),
            "UTF-16BE",
        ),
        (utf16(SHEET, u16::to_le_bytes), "UTF-16LE"),
        (utf16(SHEET, u16::to_be_bytes), "UTF-16BE"),
        (windows_1252, "windows-1252"),
    ] {
        let table = read(&bytes, "test.csv").unwrap();
        assert_eq!(table.encoding, encoding);
        assert_eq!(table.headings, ["Name", "Straße"], "{encoding}");
        assert_eq!(
            table.rows[0].cells,
            ["Müllabfuhr-Plan", "Größe – „fünf“"],
            "{encoding}"
        );
    }
}

#[test]
fn what_is_not_utf_8_is_windows_1252_unless_much_tells_of_another() {
    for text in [
        "Name,Note\nRouter,\"Saves £5,000 a year\"\n",
        "Name,Note\nRouter,§ 5 ½ µm ±3 °C\n",
        "Name,Note\nRouter,€5.000 – één\n",
        "Name,Note\nRouter,„Spaß“\n",
    ] {
        let bytes = encoding_rs::WINDOWS_1252.encode(text).0;
        let read = read(&bytes, "test.csv").unwrap();
        assert_eq!(read.encoding, "windows-1252", "{text}");
        assert_eq!(read.rows, table(text).rows);
    }
    for (encoding, text) in [
        (encoding_rs::WINDOWS_1251, "Название,Отдел\nЧат,Учёт\n"),
        (encoding_rs::SHIFT_JIS, "名前,部署\nチャット,総務課\n"),
        (encoding_rs::GBK, "名称,部门\n聊天系统模型,总务科\n"),
    ] {
        let read = read(&encoding.encode(text).0, "test.csv").unwrap();
        assert_eq!(read.encoding, encoding.name());
        assert_eq!(read.rows, table(text).rows);
    }
}

#[test]
fn utf_8_mixed_with_another_encoding_is_refused_with_the_line() {
    for (bytes, line) in [
        (&b"Name,Note\nCaf\xc3\xa9,x\nMus\xe9e,y\n"[..], 3),
        (b"Name,Note\nCaf\xe9,x\nMus\xc3\xa9e,y\n", 2),
        (b"Name,Note\nx,\xc2\xa35\nit\x92s,\xa35\n", 3),
        (b"Name,Note\nit\xe2\x80\x99s,x\nZ\xfcrich,Gr\xf6\xdfe\n", 3),
    ] {
        let error = read(bytes, "test.csv").unwrap_err();
        assert_eq!(error, TableError::EncodingMixed { line });
        assert!(error.hint().contains("save the file as UTF-8"));
    }
    let stated = Reading {
        encoding: Some("windows-1252".to_owned()),
        ..Reading::default()
    };
    let bytes = b"Name,Note\nCaf\xc3\xa9,Mus\xe9e\n";
    let table = read_as(bytes, "test.csv", &stated).unwrap();
    assert_eq!(table.rows[0].cells, ["CafÃ©", "Musée"]);
}

#[test]
fn json_is_refused_by_name_and_a_heading_in_brackets_is_not() {
    for bytes in [
        &b"{\"systems\": [1, 2]}"[..],
        b"\n  [\n {\"name\": \"Router\"}]",
        b"\xef\xbb\xbf[\"a\", \"b\"]",
        b"[1, 2]",
    ] {
        let error = read(bytes, "test.csv").unwrap_err();
        assert_eq!(error.to_string(), "this is JSON, not a table");
        assert!(error.hint().contains("CSV"));
    }
    assert_eq!(table("[ID],Name\n1,x\n").headings, ["[ID]", "Name"]);
}

#[test]
fn an_encoding_that_cannot_be_found_out_can_be_stated() {
    let text = "Название,Отдел\nЧат,Учёт\n";
    let bytes = encoding_rs::KOI8_R.encode(text).0.into_owned();
    let reading = Reading {
        encoding: Some("koi8-r".to_owned()),
        ..Reading::default()
    };
    assert_eq!(
        read_as(&bytes, "test.csv", &reading).unwrap().headings,
        ["Название", "Отдел"]
    );
    let unknown = Reading {
        encoding: Some("klingon".to_owned()),
        ..Reading::default()
    };
    assert_eq!(
        read_as(&bytes, "test.csv", &unknown).unwrap_err().code(),
        "encoding_unknown"
    );
    let wrong = Reading {
        encoding: Some("shift_jis".to_owned()),
        ..Reading::default()
    };
    assert_eq!(
        read_as(b"a,b\n\xff\xff,1\n", "test.csv", &wrong)
            .unwrap_err()
            .code(),
        "encoding_wrong"
    );
}

#[test]
fn half_a_character_of_utf_16_is_refused() {
    assert_eq!(code(b"\xff\xfea\0,\0b\0\n\0x"), "encoding_wrong");
    assert_eq!(code(b"\xff\xfea\0\n\0\x00\xd8\n\0"), "encoding_wrong");
}

#[test]
fn a_few_bytes_of_another_encoding_refuse_their_row_alone() {
    let mut bytes = "Name,Ort\nCafé,Zürich\nÉcole,Genève\nMusée,Neuchâtel\n"
        .as_bytes()
        .to_vec();
    bytes.extend_from_slice(b"Biblioth\xe8que,Bern\nRh\xc3\xb4ne,Siders\n");
    let table = read(&bytes, "test.csv").unwrap();
    assert_eq!(table.encoding, "UTF-8");
    assert_eq!(refusals(&table), [(4, "cell_not_text", Some("Name"))]);
    assert_eq!(table.rows[4].cells, ["Rhône", "Siders"]);
}

#[test]
fn the_delimiter_is_found_out() {
    for (text, delimiter) in [
        ("a,b,c\n1;2,2,3\n", ','),
        ("a;b;c\n1,5;2,5;3,5\n", ';'),
        ("a\tb\n1, 2\t3; 4\n", '\t'),
        ("a|b\n\"1|2\"|3\n", '|'),
        ("sep=;\r\na;b,c\r\n1;2\r\n", ';'),
        ("Name\nalone\n", ','),
    ] {
        let table = table(text);
        assert_eq!(table.delimiter, Some(delimiter), "{text}");
        assert!(refusals(&table).is_empty(), "{text}");
    }
    let stated = Reading {
        delimiter: Some('|'),
        ..Reading::default()
    };
    assert_eq!(
        read_as(b"a,b|c\n1,2|3\n", "test.csv", &stated)
            .unwrap()
            .headings,
        ["a,b", "c"]
    );
}

#[test]
fn a_mark_between_files_put_one_behind_another_is_no_text() {
    let table = table("\u{feff}Ref,Name\r\n1,Router\r\n\u{feff}Ref,Name\r\n\u{feff}2,Mower\r\n");
    assert_eq!(table.headings, ["Ref", "Name"]);
    assert_eq!(table.rows[1].cells, table.headings);
    assert_eq!(table.rows[2].cells, ["2", "Mower"]);
}

#[test]
fn quoted_line_ends_stay_in_their_cell() {
    let table = table("Name,Note\r\nOne,\"first\nsecond \"\"quoted\"\"\r\nthird\"\r\nTwo,x\r\n");
    assert_eq!(table.rows[0].cells[1], "first\nsecond \"quoted\"\r\nthird");
    assert_eq!(table.rows[1].number, 2);
}

#[test]
fn a_quotation_mark_never_closed_is_refused_and_not_swallowed() {
    assert_eq!(
        read(b"Name,Note\nOne,\"open\nTwo,x\nThree,y\n", "test.csv"),
        Err(TableError::QuoteUnclosed { line: 2 })
    );
    assert!(read(b"Name,Note\nOne,\"closed\"", "test.csv").is_ok());
}

#[test]
fn what_is_no_table_is_refused_by_name() {
    let binary: Vec<u8> = (0..=255).cycle().take(4096).collect();
    for bytes in [
        &binary[..],
        b"%PDF-1.7 x",
        b"\x89PNG\r\n\x1a\n",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\x00\x01\x02\xff",
    ] {
        assert_eq!(code(bytes), "file_not_a_table");
    }
    assert_eq!(code(b""), "file_empty");
    assert_eq!(code(b"\n\n\n"), "file_empty");
    assert_eq!(code(b"\xef\xbb\xbf"), "file_empty");
    assert_eq!(code(b"PK\x03\x04 no zip at all"), "workbook_unreadable");
}

#[test]
fn headings_are_neither_missing_nor_doubled() {
    assert_eq!(code(b"a,,c\n1,2,3\n"), "heading_missing");
    assert_eq!(
        read(b"a,b,a\n1,2,3\n", "test.csv"),
        Err(TableError::HeadingDoubled {
            heading: "a".to_owned(),
            first: 1,
            second: 3
        })
    );
    assert_eq!(code(b"a,b\0\n1,2\n"), "heading_unreadable");
    assert_eq!(code(b"a,b\x07\n1,2\n"), "heading_unreadable");
    // Blank headings over blank columns at the right are dropped.
    assert_eq!(table("a,b,,\n1,2,,\n").headings, ["a", "b"]);
    assert_eq!(code(b"a,b,\n1,2,3\n"), "heading_missing");
}

#[test]
fn rows_above_the_headings_can_be_passed_over() {
    let reading = Reading {
        headings_at: Some(3),
        ..Reading::default()
    };
    let text = b"Register of AI\nprinted Monday\nName;Unit\nBin router;Waste\n";
    let table = read_as(text, "test.csv", &reading).unwrap();
    assert_eq!(
        (table.headings.join("+"), table.rows[0].number),
        ("Name+Unit".to_owned(), 1)
    );
    let beyond = Reading {
        headings_at: Some(9),
        ..Reading::default()
    };
    assert_eq!(
        read_as(text, "test.csv", &beyond).unwrap_err().code(),
        "file_empty"
    );
}

#[test]
fn a_longer_row_is_refused_and_its_neighbours_are_not() {
    let table = table("a,b\n1,2\n4,5,6\n7,8,\n9,10\n");
    assert_eq!(refusals(&table), [(2, "row_ragged", None)]);
    assert_eq!(table.rows[2].cells, ["7", "8"]);
}

#[test]
fn a_row_that_ends_early_is_blank_at_its_end() {
    let table = table("a,b,c\n1,2,3\n4\n5,6\n");
    assert!(refusals(&table).is_empty());
    assert_eq!(table.rows[1].cells, ["4", "", ""]);
    let missing: Vec<usize> = table.rows.iter().map(|row| row.missing).collect();
    assert_eq!(missing, [0, 2, 1]);
}

#[test]
fn a_title_above_the_headings_is_refused_once_and_named() {
    for text in [
        "Register of AI\n\nName,Unit,Stage\nRouter,Waste,Live\n",
        "Register of AI,,\nName,Unit,Stage\nRouter,Waste,Live\n",
    ] {
        assert_eq!(
            read(text.as_bytes(), "test.csv"),
            Err(TableError::TitleAbove {
                row: 1,
                title: "Register of AI".to_owned(),
                headings_at: 2
            }),
            "{text}"
        );
    }
    let two = "Register of AI\nprinted Monday\nName;Unit\nBin router;Waste\nMower;Parks\n";
    let error = read(two.as_bytes(), "test.csv").unwrap_err();
    assert_eq!(
        error.to_string(),
        "row 1 holds \"Register of AI\" alone; the headings seem to stand in row 3"
    );
    assert!(error.hint().contains("headings_at"));
    // Nor are they the next line of a title block, where that has two cells.
    let block = "Register of AI,,,\nPrinted:,3 March 2025,,\n,,,\nRef,Name,Unit,Stage\n1,Router,Waste,\n2,Mower,Parks,Live\n";
    let error = read(block.as_bytes(), "test.csv").unwrap_err();
    assert!(
        error.to_string().ends_with("seem to stand in row 4"),
        "{error}"
    );
    // One column with a stray delimiter is no table under a title.
    assert_eq!(table("Name\nRouter\nMower\nChat,x\n").headings, ["Name"]);
}

#[test]
fn blank_rows_are_passed_over_but_counted_in_the_numbers() {
    let table = table("a,b\n1,2\n, \n3,4\n");
    assert_eq!((table.blank_rows, table.rows[1].number), (1, 3));
}

#[test]
fn a_nul_refuses_its_row_and_names_the_cell() {
    let table = read(b"Name,Unit\nOne,Wa\0ste\nTwo,Parks\n", "test.csv").unwrap();
    assert_eq!(refusals(&table), [(1, "cell_has_nul", Some("Unit"))]);
}

#[test]
fn a_cell_may_have_64_kib_and_not_a_byte_more() {
    let sheet = |size: usize| format!("Name,Unit\n{},Waste\nTwo,Parks\n", "x".repeat(size));
    assert!(refusals(&table(&sheet(CELL_BYTES_MAX))).is_empty());
    assert_eq!(
        refusals(&table(&sheet(CELL_BYTES_MAX + 1))),
        [(1, "cell_too_large", Some("Name"))]
    );
    assert_eq!(
        refusals(&table(&sheet(1024 * 1024))),
        [(1, "cell_too_large", Some("Name"))]
    );
    assert_eq!(
        code(
            sheet(1)
                .replacen("Name", &"n".repeat(CELL_BYTES_MAX + 1), 1)
                .as_bytes()
        ),
        "heading_unreadable"
    );
}

#[test]
fn rows_and_columns_have_limits() {
    let rows = |count: usize| format!("a\n{}", "1\n".repeat(count));
    assert_eq!(table(&rows(ROWS_MAX)).rows.len(), ROWS_MAX);
    assert_eq!(code(rows(ROWS_MAX + 1).as_bytes()), "file_too_large");
    let columns = |count: usize| {
        (0..count)
            .map(|at| at.to_string())
            .collect::<Vec<_>>()
            .join(",")
    };
    assert_eq!(table(&columns(COLUMNS_MAX)).headings.len(), COLUMNS_MAX);
    assert_eq!(code(columns(COLUMNS_MAX + 1).as_bytes()), "file_too_large");
}

#[test]
fn a_file_may_have_256_mib_and_not_a_byte_more() {
    // A workbook that is none: found out without reading on.
    let mut bytes = vec![0; FILE_BYTES_MAX];
    bytes[..4].copy_from_slice(b"PK\x03\x04");
    assert_eq!(code(&bytes), "workbook_unreadable");
    bytes.push(0);
    assert_eq!(code(&bytes), "file_too_large");
}

#[test]
fn the_hash_is_of_the_bytes_as_received() {
    // printf 'a,b\n1,2\n' | sha256sum
    let expected = "492d5ea496056f1a6a6592241032fab764c321596317930b4fa0e1e8bc3b7470";
    assert_eq!(table("a,b\n1,2\n").sha256, expected);
}

#[test]
fn no_damage_to_a_file_makes_the_reader_panic() {
    for at in 0..MADE_UP.len() {
        for byte in [0, b'"', b',', b'\n', 0xff] {
            let mut bytes = MADE_UP.to_vec();
            bytes[at] = byte;
            let _ = read(&bytes, "damaged.csv");
        }
        let _ = read(&MADE_UP[..at], "cut.csv");
    }
}

#[test]
fn markup_and_documents_are_called_by_their_names_whatever_they_are_saved_as() {
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain("<html><table>".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    for (bytes, what) in [
        (
            &b"<html><body><table><tr><th>ID</th></tr></table></body></html>\n"[..],
            "a web page (HTML)",
        ),
        (b"\n <!DOCTYPE html>\n<html>", "a web page (HTML)"),
        (
            b"<table border=\"1\"><tr><td>ID</td></tr></table>",
            "a web page (HTML)",
        ),
        (
            b"\xef\xbb\xbf<?xml version=\"1.0\"?><html xmlns=\"x\">",
            "a web page (HTML)",
        ),
        (&utf16, "a web page (HTML)"),
        (
            b"MIME-Version: 1.0\nX-Document-Type: Workbook\n",
            "a saved web page (MHTML)",
        ),
        (
            b"<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n<Workbook>",
            "a workbook in XML",
        ),
        (
            b"<?xml version=\"1.0\"?>\n<register><system/></register>",
            "this is XML",
        ),
        (
            b"{\\rtf1\\ansi ID\\tab Name\\par}",
            "Rich Text Format (RTF)",
        ),
        (b"{\"ID\": 1}", "this is JSON"),
    ] {
        let error = read(bytes, "export.xls").unwrap_err();
        assert_eq!(error.code(), "file_not_a_table", "{what}");
        assert!(error.to_string().contains(what), "{what}: {error}");
        assert!(
            error.hint().contains("save the table as an Excel workbook"),
            "{}",
            error.hint()
        );
    }
}

#[test]
fn a_workbook_under_a_password_is_told_from_an_old_one() {
    let old = |rest: &[u8]| {
        let bytes = [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", rest].concat();
        read(&bytes, "a.xls").unwrap_err().to_string()
    };
    assert!(old(b"Workbook").contains("an old binary Office file"));
    let locked: Vec<u8> = "EncryptedPackage"
        .bytes()
        .flat_map(|letter| [letter, 0])
        .collect();
    assert!(old(&locked).contains("under a password"));
}

#[test]
fn a_heading_may_begin_with_the_sign_of_a_tag() {
    for heading in ["<5 users", "<htmlish>", "< table"] {
        let csv = format!("{heading},Name\n1,Router\n");
        assert_eq!(read(csv.as_bytes(), "a.csv").unwrap().headings[0], heading);
    }
}
