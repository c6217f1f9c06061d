//! Files that would take more memory than they may, by what they hold or by what they say.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must fail")]

#[path = "given/workbook.rs"]
mod made;

use std::io::{Cursor, Read as _, Write as _};

use exchange::limits::{CELLS_MAX, Limits, TEXT_BYTES_MAX};
use exchange::table::{Reading, Table, TableError, read, read_within};
use made::{row, words, workbook};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// A workbook of one sheet, compressed, with these parts beside its own or in their place.
fn book(rows: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let headed = row(1, &(words("A1", "Name") + &words("B1", "Since"))) + rows;
    let mut plain = ZipArchive::new(Cursor::new(workbook(&[("S", &headed)]))).unwrap();
    let mut packed = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..plain.len() {
        let mut part = plain.by_index(at).unwrap();
        let name = part.name().unwrap().to_string();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        if parts.iter().all(|(other, _)| *other != name) {
            packed
                .start_file(name, SimpleFileOptions::default())
                .unwrap();
            packed.write_all(text.as_bytes()).unwrap();
        }
    }
    for (name, text) in parts {
        packed
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        packed.write_all(text.as_bytes()).unwrap();
    }
    packed.finish().unwrap().into_inner()
}

fn held_to(bytes: &[u8], limits: &Limits) -> Result<Table, TableError> {
    read_within(bytes, "a file", &Reading::default(), limits)
}

fn because(result: Result<Table, TableError>) -> String {
    match result {
        Err(TableError::Workbook { because }) => because,
        other => panic!("{other:?}"),
    }
}

fn over(limit: usize, of: &'static str) -> Result<Table, TableError> {
    Err(TableError::TooLarge { limit, of })
}

const SHARED: &str = "xl/sharedStrings.xml";

#[test]
fn a_workbook_that_says_it_has_more_shared_texts_than_it_can_is_refused() {
    let rows = row(2, r#"<c r="A2" t="s"><v>0</v></c>"#);
    let says = |said: &str| {
        let sst = format!("<sst {said}><si><t>Router</t></si></sst>");
        read(&book(&rows, &[(SHARED, &sst)]), "b.xlsx")
    };
    for wrong in [
        "uniqueCount=\"1000000000000\"",
        "uniqueCount = '18446744073709551615'",
        "uniqueCount=\"99999999999999999999999\"",
        "uniqueCount=\"1000001\"",
    ] {
        let because = because(says(wrong));
        assert!(because.ends_with("shared texts, and does not"), "{because}");
    }
    // Some programs count them otherwise.
    for right in [
        "",
        "uniqueCount=\"1\"",
        "uniqueCount=\"1000000\"",
        "count=\"9\"",
    ] {
        assert_eq!(says(right).unwrap().rows[0].cells[0], "Router");
    }
    // Wherever the part stands, and however its name is written.
    let sst = "<sst uniqueCount=\"1000000000000\"><si><t>Router</t></si></sst>";
    let other = book(&rows, &[("XL\\SHAREDSTRINGS.XML", sst)]);
    assert!(because(read(&other, "b.xlsx")).starts_with("it says that it has 1000000000000"));
}

#[test]
fn as_many_shared_texts_as_it_says_fit_in_it_are_believed() {
    let limits = Limits {
        shared_texts_stated: 3,
        ..Limits::OURS
    };
    let says = |said: usize| {
        // 45 bytes, so 9 of the shortest fit.
        let texts = "<si><t>x</t></si>";
        let sst = format!("<sst uniqueCount=\"{said:02}\">{texts}</sst>");
        assert_eq!(sst.len(), 45);
        held_to(&book("", &[(SHARED, &sst)]), &limits)
    };
    assert!(says(9).is_ok());
    assert!(because(says(10)).starts_with("it says that it has 10 "));
}

#[test]
fn a_shared_formula_of_a_number_beyond_all_is_refused() {
    let numbered = |number: &str| {
        let f = format!(r#"<f t="shared" si="{number}" ref="A2:A3">1+1</f>"#);
        read(
            &book(&row(2, &format!(r#"<c r="A2">{f}</c>"#)), &[]),
            "f.xlsx",
        )
    };
    assert_eq!(numbered("1000000").unwrap().rows[0].cells[0], "=1+1");
    for beyond in ["1000001", "1000000000000", "99999999999999999999999"] {
        assert_eq!(
            because(numbered(beyond)),
            "it has more than 1000000 shared formulas"
        );
    }
}

#[test]
fn the_parts_of_a_workbook_are_counted_together_as_they_come_out() {
    let padding = "<!-- nothing -->".repeat(10_000);
    let parts: [(&str, &str); 2] = [("xl/media/a.bin", &padding), ("xl/b.xml", &padding)];
    let bytes = book("", &parts);
    assert!(bytes.len() < 10_000);
    let mut unpacked = 0;
    let mut zip = ZipArchive::new(Cursor::new(&bytes)).unwrap();
    for at in 0..zip.len() {
        let mut part = zip.by_index(at).unwrap();
        unpacked += std::io::copy(&mut part, &mut std::io::sink()).unwrap();
    }
    let limits = |unpacked_bytes: usize| Limits {
        unpacked_bytes,
        ..Limits::OURS
    };
    let unpacked = usize::try_from(unpacked).unwrap();
    assert!(unpacked > 320_000);
    assert!(held_to(&bytes, &limits(unpacked)).is_ok());
    let of = "bytes once it is unpacked";
    assert_eq!(
        held_to(&bytes, &limits(unpacked - 1)),
        over(unpacked - 1, of)
    );
    assert_eq!(held_to(&bytes, &limits(200_000)), over(200_000, of));
}

#[test]
fn a_workbook_may_have_as_many_parts_as_it_may_and_not_one_more() {
    let bytes = book("", &[("xl/media/a.bin", "a")]);
    let parts = ZipArchive::new(Cursor::new(&bytes)).unwrap().len();
    let limits = |parts: usize| Limits {
        parts,
        ..Limits::OURS
    };
    assert!(held_to(&bytes, &limits(parts)).is_ok());
    assert_eq!(
        because(held_to(&bytes, &limits(parts - 1))),
        format!("it has more than {} parts", parts - 1)
    );
}

#[test]
fn what_the_reader_of_workbooks_keeps_is_counted_and_bounded_in_length() {
    for (at, kept) in Limits::OURS.elements.iter().enumerate() {
        let mut limits = Limits::OURS;
        limits.elements[at].most = 100;
        for name in kept.names {
            let of = |elements: usize, bytes: usize| {
                let pad = " ".repeat(bytes - name.len());
                let xml = format!("<all>{}</all>", format!("<{name}{pad}/>").repeat(elements));
                held_to(&book("", &[("xl/other.xml", &xml)]), &limits)
            };
            assert!(of(80, name.len()).is_ok(), "{name}");
            assert_eq!(
                because(of(101, name.len())),
                format!("it has more than 100 {}", kept.called)
            );
            assert!(of(1, kept.bytes).is_ok(), "{name}");
            assert_eq!(
                because(of(1, kept.bytes + 1)),
                format!("one of its {} is too long", kept.called)
            );
        }
    }
}

#[test]
fn cells_of_a_workbook_are_counted_with_the_blank_ones_beside_them() {
    let limits = |cells: usize| Limits {
        cells,
        ..Limits::OURS
    };
    // Three rows of ten columns, in the file five cells.
    let rows = row(2, &(words("A2", "x") + &words("J2", "y"))) + &row(3, &words("A3", "z"));
    let rows = rows.replace("<c r=\"J2\"", "<c r=\"J2\" s=\"0\"");
    let bytes = book(&rows, &[]).to_vec();
    let of = "cells";
    assert_eq!(held_to(&bytes, &limits(29)), over(29, of));
    // The tenth has no heading, which is another matter.
    assert_eq!(
        held_to(&bytes, &limits(30)).unwrap_err().code(),
        "heading_missing"
    );
    // So are formats that say something, though their cells are blank.
    let formats: String = (2..12)
        .map(|at| row(at, &format!(r#"<c r="A{at}" s="3"/>"#)))
        .collect();
    let bytes = book(&formats, &[]);
    assert!(held_to(&bytes, &limits(10)).is_ok());
    assert_eq!(held_to(&bytes, &limits(9)), over(9, of));
}

#[test]
fn a_merged_cell_counts_as_often_as_it_is_read() {
    let rows: String = (3..=6)
        .map(|at| row(at, &words(&format!("B{at}"), "y")))
        .collect();
    let rows = row(2, &words("A2", &"x".repeat(100))) + &rows;
    let merged = |areas: &str| {
        let behind = format!("<!-- behind --><mergeCells>{areas}</mergeCells>");
        book(&format!("{rows}{behind}"), &[])
    };
    let once = merged(r#"<mergeCell ref="A2:A6"/>"#);
    let limits = |text_bytes: usize, cells: usize| Limits {
        text_bytes,
        cells,
        ..Limits::OURS
    };
    // Five texts and the four beside them, each with its heading.
    let bytes = 5 * (100 + "Name".len()) + 4 * (1 + "Since".len());
    let table = held_to(&once, &limits(bytes, 100)).unwrap();
    assert!(table.rows.iter().all(|row| row.cells[0].len() == 100));
    for less in [bytes - 1, 300] {
        let result = held_to(&once, &limits(less, 100));
        assert_eq!(result, over(less, "bytes of text"));
    }
    // Areas that lie over one another are looked at no longer than there may be cells.
    let often = merged(&r#"<mergeCell ref="A2:A6"/>"#.repeat(4));
    assert!(held_to(&often, &limits(bytes, 20)).is_ok());
    assert_eq!(held_to(&often, &limits(bytes, 19)), over(19, "cells"));
}

#[test]
fn cells_that_a_row_of_a_text_file_leaves_out_are_counted() {
    let limits = |cells: usize| Limits {
        cells,
        ..Limits::OURS
    };
    let short = b"a,b,c,d\n1\n2\n3\n";
    assert!(held_to(short, &limits(12)).is_ok());
    assert_eq!(held_to(short, &limits(11)), over(11, "cells"));
    // Those under no heading are counted while they are read.
    let long = b"a,b\n1,2,3,4\n1,2\n";
    assert!(held_to(long, &limits(8)).is_ok());
    assert_eq!(held_to(long, &limits(7)), over(7, "cells"));
}

#[test]
fn a_small_file_of_many_headings_and_short_rows_is_refused() {
    let headings: Vec<String> = (0..1_000).map(|at| format!("h{at}")).collect();
    let of = |rows: usize| headings.join(",") + "\n" + &"1\n".repeat(rows);
    let rows = CELLS_MAX / 1_000;
    assert_eq!(
        read(of(rows + 1).as_bytes(), "wide.csv"),
        over(CELLS_MAX, "cells")
    );
    assert_eq!(
        read(of(60_000).as_bytes(), "wide.csv"),
        over(CELLS_MAX, "cells")
    );
}

#[test]
fn a_heading_counts_as_often_as_a_record_keeps_it() {
    let limits = |text_bytes: usize| Limits {
        text_bytes,
        ..Limits::OURS
    };
    let file = b"long heading,b\n1,\n2,3\n";
    let bytes = 2 * "long heading".len() + "b".len() + 3;
    assert!(held_to(file, &limits(bytes)).is_ok());
    assert_eq!(
        held_to(file, &limits(bytes - 1)),
        over(bytes - 1, "bytes of text")
    );
}

#[test]
fn a_cell_copied_down_two_hundred_thousand_rows_is_refused() {
    let rows: String = (3..=200_001)
        .map(|at| format!(r#"<row r="{at}"><c r="B{at}"><v>1</v></c></row>"#))
        .collect();
    let rows = row(2, &words("A2", &"x".repeat(64 * 1024))) + &rows;
    let merged = r#"<!-- behind --><mergeCells><mergeCell ref="A2:A200001"/></mergeCells>"#;
    let bytes = book(&(rows + merged), &[]);
    assert_eq!(
        read(&bytes, "m.xlsx"),
        over(TEXT_BYTES_MAX, "bytes of text")
    );
}
