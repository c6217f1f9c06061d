//! XLSX workbooks, built here by hand so that each can be wrong in one place.

#[path = "given/workbook.rs"]
mod made;

use exchange::draft::draft_mapping;
use exchange::limits::{CELL_BYTES_MAX, COLUMNS_MAX, ROWS_MAX};
use exchange::mapping::Mapping;
use exchange::table::{Reading, TableError, read, read_as};
use made::{row, words, workbook, zip};

fn headed(rows: &str) -> String {
    row(1, &(words("A1", "Name") + &words("B1", "Since"))) + rows
}

#[test]
fn a_workbook_reads_as_a_person_sees_it() {
    let rows = row(
        2,
        &(words("A2", "Bin router") + r#"<c r="B2" s="1"><v>45566</v></c>"#),
    ) + &row(
        3,
        r#"<c r="A3"><v>12</v></c><c r="B3" s="1"><v>45566.5</v></c>"#,
    ) + &row(5, r#"<c r="A5" t="b"><v>1</v></c><c r="B5"><v>1.5</v></c>"#)
        + &row(6, &words("A6", "no date"));
    let table = read(&workbook(&[("Register", &headed(&rows))]), "register.xlsx").unwrap();
    assert_eq!((table.encoding.as_str(), table.delimiter), ("XLSX", None));
    assert_eq!(table.headings, ["Name", "Since"]);
    let cells: Vec<_> = table
        .rows
        .iter()
        .map(|row| (row.number, row.cells.join("|")))
        .collect();
    let expected = [
        (1, "Bin router|2024-10-01"),
        (2, "12|2024-10-01 12:00:00"),
        (4, "TRUE|1.5"),
        (5, "no date|"),
    ];
    assert_eq!(
        cells,
        expected.map(|(number, text)| (number, text.to_owned()))
    );
    assert_eq!(table.blank_rows, 1);
}

#[test]
fn a_sheet_is_found_by_name_and_a_wrong_name_lists_those_there_are() {
    let book = workbook(&[
        ("Notes", &row(1, &words("A1", "read me"))),
        ("Register", &headed("")),
    ]);
    let sheet = |name: &str| Reading {
        sheet: Some(name.to_owned()),
        ..Reading::default()
    };
    assert_eq!(
        read_as(&book, "b.xlsx", &sheet("Register"))
            .unwrap()
            .headings,
        ["Name", "Since"]
    );
    let error = read_as(&book, "b.xlsx", &sheet("Registry")).unwrap_err();
    assert_eq!(error.code(), "sheet_missing");
    assert!(error.to_string().contains("Notes, Register"), "{error}");
}

#[test]
fn of_several_sheets_that_hold_something_one_has_to_be_named() {
    let cover = row(1, &words("A1", "Our register of AI"));
    let blank = row(1, &words("A1", " "));
    let book = workbook(&[
        ("Cover", &cover),
        ("Old [hidden]", &cover),
        ("Register", &headed("")),
        ("Empty", &blank),
    ]);
    let error = read(&book, "b.xlsx").unwrap_err();
    assert_eq!(error.code(), "sheet_unsaid");
    assert!(error.to_string().ends_with("Cover, Register"), "{error}");
    assert!(error.hint().contains("--sheet NAME"));
    assert!(error.hint().contains("under [file]"));
}

#[test]
fn a_hidden_or_blank_sheet_in_front_is_passed_over_and_named() {
    let other = row(1, &words("A1", "Nothing of use"));
    let book = workbook(&[
        ("Old [hidden]", &other),
        ("Older [veryHidden]", &other),
        ("Blank", ""),
        ("Register", &headed("")),
    ]);
    let table = read(&book, "b.xlsx").unwrap();
    assert_eq!(table.headings, ["Name", "Since"]);
    let sheets = table.sheets.unwrap();
    assert_eq!(sheets.read, "Register");
    assert_eq!(
        sheets.others_in_words(),
        r#""Old" (hidden), "Older" (hidden), "Blank""#
    );
    let one = read(&workbook(&[("S", &headed(""))]), "b.xlsx").unwrap();
    assert_eq!(one.sheets.unwrap().others_in_words(), "");
}

#[test]
fn another_zip_is_no_workbook_and_is_called_by_its_name() {
    let of = |members: &[&str]| {
        let members: Vec<_> = members.iter().map(|name| (*name, String::new())).collect();
        read(&zip(&members), "report.xlsx").unwrap_err()
    };
    let open = |kind: &str| {
        let kind = format!("application/vnd.oasis.opendocument.{kind}");
        read(
            &zip(&[("mimetype", kind), ("content.xml", String::new())]),
            "a.xlsx",
        )
        .unwrap_err()
    };
    for (error, what) in [
        (
            of(&["_rels/.rels", "word/document.xml"]),
            "a Word document (.docx)",
        ),
        (
            of(&["_rels/.rels", "ppt/presentation.xml"]),
            "a PowerPoint presentation (.pptx)",
        ),
        (
            of(&["_rels/.rels", "xl/workbook.bin"]),
            "a binary Excel workbook (.xlsb)",
        ),
        (of(&["holiday.jpg"]), "a zip archive"),
        (open("spreadsheet"), "an OpenDocument spreadsheet (.ods)"),
        (open("text"), "an OpenDocument file"),
    ] {
        assert_eq!(error.code(), "file_not_a_table", "{what}");
        assert!(error.to_string().contains(what), "{what}: {error}");
        assert!(error.hint().contains(".xlsx"));
    }
}

#[test]
fn a_long_number_keeps_the_digits_of_the_workbook() {
    let number = |place: &str, digits: &str| format!(r#"<c r="{place}"><v>{digits}</v></c>"#);
    let cases = [
        ("123456789012345678", "123456789012345678"),
        ("123456789012345679", "123456789012345679"),
        ("-100000000000000001", "-100000000000000001"),
        ("9007199254740993", "9007199254740993"),
        ("1234567.1234567891", "1234567.1234567891"),
        ("123456789012345", "123456789012345"),
        ("0.1", "0.1"),
        ("1.5E3", "1500"),
    ];
    let rows: String = (2..)
        .zip(cases)
        .map(|(at, (digits, _))| row(at, &number(&format!("A{at}"), digits)))
        .collect();
    let book = workbook(&[("Blank", ""), ("A &amp; B", &headed(&rows))]);
    let table = read(&book, "long.xlsx").unwrap();
    let cells: Vec<&str> = table.rows.iter().map(|row| row.cells[0].as_str()).collect();
    assert_eq!(cells, cases.map(|(_, kept)| kept));
    // Without places, as some programs write.
    let bare = headed(
        r#"<row><c><v>123456789012345678</v></c><c t="n"><v>123456789012345677</v></c></row>"#,
    );
    let table = read(&workbook(&[("S", &bare)]), "bare.xlsx").unwrap();
    assert_eq!(
        table.rows[0].cells,
        ["123456789012345678", "123456789012345677"]
    );
}

#[test]
fn a_failed_formula_keeps_the_word_it_shows() {
    let failed = |place: &str, word: &str| format!(r#"<c r="{place}" t="e"><v>{word}</v></c>"#);
    let rows = headed(&row(2, &(failed("A2", "#N/A") + &failed("B2", "#REF!"))));
    let table = read(&workbook(&[("S", &rows)]), "e.xlsx").unwrap();
    assert_eq!(table.rows[0].cells, ["#N/A", "#REF!"]);
}

#[test]
fn a_sheet_without_headings_is_refused() {
    assert!(matches!(
        read(&workbook(&[("Empty", "")]), "e.xlsx"),
        Err(TableError::Empty { .. })
    ));
    let doubled = row(1, &(words("A1", "Name") + &words("B1", "Name")));
    assert_eq!(
        read(&workbook(&[("S", &doubled)]), "d.xlsx")
            .unwrap_err()
            .code(),
        "heading_doubled"
    );
    let missing = row(1, &words("B1", "Name")) + &row(2, &words("A2", "x"));
    assert_eq!(
        read(&workbook(&[("S", &missing)]), "m.xlsx")
            .unwrap_err()
            .code(),
        "heading_missing"
    );
}

#[test]
fn a_cell_in_the_far_corner_is_refused_and_not_allocated() {
    let corner = |place: &str, number: usize| {
        let rows = headed(&row(number, &words(place, "x")));
        read(&workbook(&[("S", &rows)]), "far.xlsx").map(|table| table.rows.len())
    };
    assert_eq!(corner("A200001", ROWS_MAX + 1), Ok(1));
    assert_eq!(
        corner("A200002", ROWS_MAX + 2),
        Err(TableError::TooLarge {
            limit: ROWS_MAX,
            of: "rows"
        })
    );
    assert_eq!(
        corner("XFD2", 2),
        Err(TableError::TooLarge {
            limit: COLUMNS_MAX,
            of: "columns"
        })
    );
}

#[test]
fn a_cell_of_a_workbook_has_the_same_limit() {
    let refused = |size: usize| {
        let rows = headed(&row(2, &words("A2", &"x".repeat(size))));
        let table = read(&workbook(&[("S", &rows)]), "long.xlsx").unwrap();
        let refusal = table.rows[0].refusal.as_ref();
        refusal.map(|refusal| refusal.code.clone())
    };
    assert_eq!(refused(CELL_BYTES_MAX), None);
    assert_eq!(
        refused(CELL_BYTES_MAX + 1).as_deref(),
        Some("cell_too_large")
    );
}

#[test]
fn no_damage_to_a_workbook_makes_the_reader_panic() {
    let rows = headed(&row(2, r#"<c r="A2" s="1"><v>45566</v></c>"#));
    let book = workbook(&[("S", &rows)]);
    for at in 0..book.len() {
        for byte in [0, b'<', b'9', 0xff] {
            let mut damaged = book.clone();
            damaged[at] = byte;
            let _ = read(&damaged, "damaged.xlsx");
        }
        let _ = read(&book[..at], "cut.xlsx");
    }
    // Behind a checksum that fits, so that the sheet itself is read.
    for at in 0..rows.len() {
        for other in ["", "<", "9", "99999999999", "é", "\"", "-"] {
            let damaged = [&rows[..at], other, &rows[at + 1..]].concat();
            let _ = read(&workbook(&[("S", &damaged)]), "damaged.xlsx");
        }
    }
}

#[test]
fn a_cell_merged_over_rows_says_the_same_of_each() {
    let rows = headed(
        &(row(2, &(words("A2", "Housing") + &words("B2", "x")))
            + &row(3, &words("B3", "y"))
            + &row(5, &words("B5", "z"))),
    );
    let merged = |areas: &str| {
        let rows = format!("{rows}<!-- behind --><mergeCells>{areas}</mergeCells>");
        let table = read(&workbook(&[("S", &rows)]), "m.xlsx").unwrap();
        let cells = table.rows.iter().map(|row| row.cells.join("|"));
        cells.collect::<Vec<_>>()
    };
    let down = r#"<mergeCell ref="A2:A1048576"/>"#;
    assert_eq!(merged(down), ["Housing|x", "Housing|y", "Housing|z"]);
    // Over columns it is read where it stands.
    let across = r#"<mergeCell ref="A2:B3"/><mergeCell ref="B3:C3"/>"#;
    assert_eq!(merged(across), ["Housing|x", "|y", "|z"]);
}

#[test]
fn a_formula_whose_result_was_never_saved_is_no_blank_cell() {
    let formula = |place: &str, rest: &str| format!(r#"<c r="{place}"><f>1+1</f>{rest}</c>"#);
    let rows = headed(&row(2, &(formula("A2", "") + &formula("B2", "<v>2</v>"))));
    let table = read(&workbook(&[("S", &rows)]), "f.xlsx").unwrap();
    assert_eq!(table.rows[0].cells, ["=1+1", "2"]);
}

#[test]
fn a_number_reads_as_its_format_shows_it() {
    let cell = |place: &str, style: usize, number: &str| {
        format!(r#"<c r="{place}" s="{style}"><v>{number}</v></c>"#)
    };
    let cases = [
        (2, "0.39583333333333331", "09:30"),
        (3, "12", "00012"),
        (4, "1.25", "30:00:00"),
        (5, "7", "AI-007"),
        (7, "0.25", "25%"),
        (8, "45566.5", "2024-10-01 12:00:00"),
        (8, "0.39583333333333331", "09:30"),
        (1, "45566", "2024-10-01"),
        (3, "12.5", "12.5"),
        (0, "12", "12"),
    ];
    let rows: String = (2..)
        .zip(cases)
        .map(|(at, (style, number, _))| row(at, &cell(&format!("A{at}"), style, number)))
        .collect();
    let table = read(&workbook(&[("S", &headed(&rows))]), "f.xlsx").unwrap();
    let cells: Vec<&str> = table.rows.iter().map(|row| row.cells[0].as_str()).collect();
    assert_eq!(cells, cases.map(|(_, _, text)| text));
    assert_eq!(table.warnings, [""; 0]);
    // What is not made here is read as the number, and said.
    let rows = row(2, &(cell("A2", 6, "12.5") + &cell("B2", 6, "3")));
    let table = read(&workbook(&[("S", &headed(&rows))]), "f.xlsx").unwrap();
    assert_eq!(table.rows[0].cells, ["12.5", "3"]);
    assert_eq!(
        table.warnings,
        [
            "2 cells are shown otherwise in the workbook than read here, such as row 2, column 1: read as 12.5, format \"#,##0.00 \\\"EUR\\\"\"; where that matters, keep the column as text"
        ]
    );
}

#[test]
fn hidden_rows_are_counted_and_said() {
    let hidden =
        |number: usize, cells: &str| row(number, cells).replace("<row ", r#"<row hidden="1" "#);
    let rows = row(2, &words("A2", "Router"))
        + &hidden(3, &words("A3", "Mower"))
        + &hidden(4, "")
        + &hidden(5, &words("A5", "Chat"));
    let table = read(&workbook(&[("S", &headed(&rows))]), "h.xlsx").unwrap();
    assert_eq!(table.rows.len(), 3);
    assert_eq!(
        table.warnings,
        [
            "2 rows of the sheet are hidden in the workbook, such as row 3, and come in like the others"
        ]
    );
}

#[test]
fn a_drafted_mapping_holds_no_character_that_hides_or_turns_what_is_read() {
    let sheet = "R\u{202e}\u{9b}31m";
    let heading = "Na\u{202e}me\u{2066}\u{200b}";
    let rows = row(1, &words("A1", heading)) + &row(2, &words("A2", "Bin router"));
    let book = workbook(&[(sheet, &rows), ("Notes [hidden]", "")]);
    let table = read(&book, "register.xlsx").unwrap();
    let schema = serde_json::json!({"type": "object", "properties": {"title": {"type": "string"}}});
    let toml = draft_mapping(&table, "register.xlsx", "ai_system", &schema).toml;
    let odd = |letter: char| {
        letter.is_control() && letter != '\n'
            || matches!(letter, '\u{200b}' | '\u{202e}' | '\u{2066}')
    };
    assert!(!toml.contains(odd), "{toml:?}");
    assert!(toml.contains(r#"sheet = "R\u202E\u009B31m""#), "{toml}");
    // What is written so is read as it was.
    let mapping = Mapping::parse(&toml).unwrap();
    assert_eq!(mapping.file.sheet.as_deref(), Some(sheet));
    assert_eq!(mapping.key.by, [[heading]]);
}
