//! What has to be guessed about a text file is said, and can be stated.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must fail")]

mod given;

use exchange::table::{Reading, Table, read, read_as};
use given::table;

/// What a file that does not say its encoding is read as, and what is said of it.
fn guessed(bytes: &[u8]) -> (String, Vec<String>, Table) {
    let table = read(bytes, "test.csv").unwrap();
    (table.encoding.clone(), table.warnings.clone(), table)
}

#[test]
fn an_encoding_that_was_guessed_is_said_with_a_cell_to_look_at() {
    let (encoding, warnings, table) = guessed(b"Name,Note\nRouter,caf\xe9 au lait\n");
    assert_eq!(encoding, "windows-1252");
    assert_eq!(table.rows[0].cells[1], "café au lait");
    assert_eq!(
        warnings,
        [
            "read as windows-1252: look at «café au lait» in row 1 under \"Note\"; that is a guess: where a letter is wrong, import the file again with --encoding NAME, or `encoding` under [file] in the mapping, and its records are put right"
        ]
    );
    // What says its encoding, or has no letter of another, is not in doubt.
    for bytes in [
        &b"Name\nplain\n"[..],
        "Name\nCafé\n".as_bytes(),
        b"\xef\xbb\xbfName\nCaf\xc3\xa9\n",
    ] {
        assert_eq!(guessed(bytes).1, [""; 0]);
    }
    let stated = Reading {
        encoding: Some("windows-1252".to_owned()),
        ..Reading::default()
    };
    let sure = read_as(b"Name\nCaf\xe9\n", "test.csv", &stated).unwrap();
    assert_eq!(sure.warnings, [""; 0]);
}

#[test]
fn each_letter_that_was_guessed_is_shown_once_with_its_row_and_column() {
    let letters = "äöüßéèêçñåæøÿý";
    let mut rows = String::from("Größe,Name\n1,plain\n,\n2,für\n3,Tür\n");
    for letter in letters.chars() {
        rows.push_str(&format!("4,{letter}\n"));
    }
    let bytes = encoding_rs::WINDOWS_1252.encode(&rows).0;
    let (_, warnings, table) = guessed(&bytes);
    let guessed = table.guessed.unwrap();
    assert_eq!((guessed.cells, guessed.shown.len()), (17, 10));
    let shown = |at: usize| {
        let cell = &guessed.shown[at];
        (cell.row, cell.column.as_str(), cell.read_as.as_str())
    };
    assert_eq!(shown(0), (0, "Größe", "Größe"));
    // Blank rows are counted; «Tür» and «ö» show no letter that was not shown.
    assert_eq!(shown(1), (3, "Name", "für"));
    assert_eq!(shown(2), (5, "Name", "ä"));
    assert_eq!(shown(3), (9, "Name", "é"));
    assert!(
        warnings[0].starts_with(
            "read as windows-1252: look at «Größe» among the headings, «für» in row 3 under \"Name\", "
        ) && warnings[0].contains(" and 7 cells more; that is a guess"),
        "{warnings:?}"
    );
}

#[test]
fn a_stated_encoding_is_doubted_where_the_file_is_utf_8() {
    let stated = Reading {
        encoding: Some("windows-1252".to_owned()),
        ..Reading::default()
    };
    let table = read_as("Name\nCafé\n".as_bytes(), "test.csv", &stated).unwrap();
    assert_eq!(
        table.warnings,
        [
            "read as windows-1252: look at «CafÃ©» in row 1 under \"Name\"; the file is UTF-8 throughout, so leave the encoding out unless that is right"
        ]
    );
}

#[test]
fn letters_of_turkey_poland_and_ms_dos_are_told_from_western_ones_or_doubted() {
    let turkish = encoding_rs::WINDOWS_1254
        .encode("Ad,Not\nÇağrı merkezi işlem,iş\n")
        .0;
    let (encoding, warnings, table) = guessed(&turkish);
    assert_eq!(encoding, "windows-1254");
    assert_eq!(table.rows[0].cells[0], "Çağrı merkezi işlem");
    assert_eq!(warnings.len(), 1);
    let polish = encoding_rs::ISO_8859_2
        .encode("Nazwa,Dział\nŁódź,Drogi\n")
        .0;
    let (encoding, warnings, table) = guessed(&polish);
    assert_eq!(encoding, "ISO-8859-2");
    assert_eq!(table.rows[0].cells[0], "Łódź");
    assert_eq!(warnings.len(), 1);
    // As MS-DOS wrote them: Café, Müller, Größe.
    for (bytes, cell) in [
        (&b"Name,Note\nCaf\x82,x\n"[..], "Café"),
        (b"Name,Note\nM\x81ller,x\n", "Müller"),
        (b"Name,Note\nGr\x94\xe1e,M\x81ll\n", "Größe"),
    ] {
        let (encoding, warnings, table) = guessed(bytes);
        assert_eq!(
            (encoding.as_str(), table.rows[0].cells[0].as_str()),
            ("IBM850", cell)
        );
        assert_eq!(warnings.len(), 1);
    }
    let stated = Reading {
        encoding: Some("cp437".to_owned()),
        ..Reading::default()
    };
    let table = read_as(b"Name\n\xe4x\n", "test.csv", &stated).unwrap();
    assert_eq!(
        (table.encoding.as_str(), table.rows[0].cells[0].as_str()),
        ("IBM437", "Σx")
    );
}

#[test]
fn one_column_with_another_delimiter_in_it_is_refused_with_the_sign() {
    for (text, sign) in [
        ("Ref:Name:Purpose\nA1:X:p\n", ':'),
        ("Ref~Name\nA1~X\nA2~Y\n", '~'),
        ("Ref^Name\nA1^X\n", '^'),
    ] {
        let error = read(text.as_bytes(), "test.csv").unwrap_err();
        assert_eq!(error.code(), "delimiter_unknown");
        assert!(error.to_string().contains(&format!("{sign:?}")), "{error}");
        assert!(error.hint().contains("set delimiter under [file]"));
        let stated = |delimiter| Reading {
            delimiter: Some(delimiter),
            ..Reading::default()
        };
        let table = read_as(text.as_bytes(), "test.csv", &stated(sign)).unwrap();
        assert_eq!(table.headings[..2], ["Ref", "Name"]);
        // Or it is one column after all.
        let one = read_as(text.as_bytes(), "test.csv", &stated(',')).unwrap();
        assert_eq!(one.headings.len(), 1);
    }
    // A sign that only some of the rows have is part of their words.
    for text in [
        "Name\nhttps://a.example\n",
        "Name: system\nRouter\nMower: new\n",
        "Name\na/b\n",
    ] {
        assert_eq!(table(text).headings.len(), 1, "{text}");
    }
}

#[test]
fn one_column_of_as_many_words_as_its_heading_is_warned_of() {
    let spaced = table("Ref Name Purpose\nA1 X p\n");
    assert_eq!(
        spaced.warnings,
        [
            "the file has one column, and 3 words in its heading «Ref Name Purpose» as in the rows below: where each is a column, set `delimiter` under [file] in the mapping"
        ]
    );
    assert_eq!(
        table("System name\nBin router\nLawn mower\n").warnings,
        [""; 0]
    );
    assert_eq!(table("Name of the system\nBin router\n").warnings, [""; 0]);
}

#[test]
fn a_delimiter_may_be_any_character_that_does_not_end_a_row() {
    let stated = |delimiter| Reading {
        delimiter: Some(delimiter),
        ..Reading::default()
    };
    for delimiter in ['§', ' ', '\u{1e}', '\u{1f}', '中', ':'] {
        let text = format!("No{delimiter}Name\n1{delimiter}\"Ab{delimiter}c\"\n");
        let table = read_as(text.as_bytes(), "test.csv", &stated(delimiter)).unwrap();
        assert_eq!(table.headings, ["No", "Name"], "{delimiter:?}");
        assert_eq!(table.rows[0].cells[1], format!("Ab{delimiter}c"));
        assert_eq!(table.delimiter, Some(delimiter));
    }
    // What stands for it meanwhile is no sign of the file's own, nor a delimiter.
    let text = "No§Name\n1§a\u{1e}b\u{1f}c\n";
    let table = read_as(text.as_bytes(), "test.csv", &stated('§')).unwrap();
    assert_eq!(table.rows[0].cells, ["1", "a\u{1e}b\u{1f}c"]);
    for delimiter in ['"', '\n', '\0'] {
        let error = read_as(b"No,Name\n1,x\n", "test.csv", &stated(delimiter)).unwrap_err();
        assert_eq!(error.code(), "delimiter_wrong");
    }
}
