//! A row is found again that lost its number or was given one, and whose cells are written
//! otherwise than before: as a number, padded, or with spaces that nobody sees.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must fail")]

mod given;
#[path = "given/workbook.rs"]
mod made;

use exchange::mapping::Mapping;
use exchange::table::{Reading, Table, read, read_as};
use given::register::Register;
use given::{MADE_UP, us_federal};
use made::{row, words, workbook};

const ROWS: &str = "No,Unit,Name\n1,Waste,Router\n2,Parks,Mower\n";

#[test]
fn a_row_whose_number_goes_keeps_its_record_by_unit_and_name() {
    for without in [
        "No,Unit,Name\n,Waste,Router\n2,Parks,Mower\n",
        "No,Unit,Name\nTBD,Waste,Router\n2,Parks,Mower\n",
        // The number of another row is none of its own.
        "No,Unit,Name\n2,Waste,Router\n2,Parks,Mower\n",
    ] {
        let mut register = Register::default();
        register.import(ROWS);
        let plan = register.foreseen(&given::table(without));
        assert_eq!(plan.rows[0].id.as_deref(), Some("id-1"), "{without}");
        assert_eq!(register.carry_out(&plan), [0, 1, 1, 0], "{without}");
        let said = "its record was made from a row known by No: \"1\"; this one is not, and was found by Unit: \"Waste\", Name: \"Router\": see that they are one";
        assert!(
            plan.rows[0].warnings.iter().any(|one| one == said),
            "{without}"
        );
        let again = register.foreseen(&given::table(without));
        assert_eq!(register.carry_out(&again), [0, 0, 2, 0], "{without}");
        assert!(
            !again.rows[0]
                .warnings
                .iter()
                .any(|one| one.contains("see that"))
        );
        // And when it has its number again.
        assert_eq!(register.import(ROWS), [0, 1, 1, 0], "{without}");
        assert_eq!(register.import(ROWS), [0, 0, 2, 0], "{without}");
        assert_eq!(register.records.len(), 2);
    }
}

#[test]
fn a_row_whose_number_and_name_change_is_one_created_and_one_absent() {
    for changed in ["9,Waste,Sorter", ",Waste,Sorter", "9,Waste,Router"] {
        let mut register = Register::default();
        register.import(ROWS);
        let file = format!("No,Unit,Name\n{changed}\n2,Parks,Mower\n");
        assert_eq!(register.import(&file), [1, 0, 1, 1], "{changed}");
    }
}

#[test]
fn a_row_without_a_number_takes_no_record_from_a_row_that_has_one() {
    let mut register = Register::default();
    register.import("No,Unit,Name\n1,Waste,Chat\n,Waste,Chat\n");
    // Its namesake goes; the row without a number stays what it was.
    assert_eq!(register.import("No,Unit,Name\n,Waste,Chat\n"), [0, 0, 1, 1]);
    assert_eq!(
        register.import("No,Unit,Name\n1,Waste,Chat\n"),
        [0, 0, 1, 1]
    );
    let mut register = Register::default();
    register.import("No,Unit,Name\n1,Waste,Chat\n");
    let two = "No,Unit,Name\n,Waste,Chat\n1,Waste,Chat\n";
    assert_eq!(register.import(two), [1, 0, 1, 0]);
    assert_eq!(register.import(two), [0, 0, 2, 0]);
}

#[test]
fn of_namesakes_that_lose_their_numbers_each_keeps_the_record_most_like_it() {
    let mut register = Register::default();
    register.import("No,Unit,Name,Note\n1,Waste,Chat,a\n2,Waste,Chat,b\n");
    let lost = "No,Unit,Name,Note\n,Waste,Chat,b\n,Waste,Chat,a\n";
    assert_eq!(register.import(lost), [0, 2, 0, 0]);
    assert_eq!(register.import(lost), [0, 0, 2, 0]);
}

#[test]
fn what_shares_the_unit_alone_is_no_namesake() {
    let mut register = Register::under(
        Mapping::parse(
            r#"
            name = "small"
            kind = "ai_system"
            key.by = [["Unit", "No"], ["Unit", "Name"]]
            field = [{ to = "title", from = "Title", as = "words" }]
            "#,
        )
        .unwrap(),
    );
    register.import("No,Unit,Name,Title\n1,Waste,,Router\n");
    assert_eq!(
        register.import("No,Unit,Name,Title\n,Waste,,Mower\n"),
        [1, 0, 0, 1]
    );
}

/// Returns the made-up file in the shape of the federal register with one cell changed.
fn changed(row: usize, changes: &[(&str, &str)]) -> Table {
    let mut table = read(MADE_UP, "made-up.csv").unwrap();
    for (heading, cell) in changes {
        let column = table
            .headings
            .iter()
            .position(|one| one == heading)
            .unwrap();
        table.rows[row].cells[column] = (*cell).to_owned();
    }
    table
}

#[test]
fn a_row_of_the_federal_shape_that_loses_or_gains_its_id_keeps_its_record() {
    let rows = changed(0, &[]).rows.len();
    for (changes, expected) in [
        (&[("id", "")][..], [0, 1, rows - 1, 0]),
        (&[("id", "TBD")], [0, 1, rows - 1, 0]),
        (&[("use_case_name", "Renamed")], [0, 1, rows - 1, 0]),
        (
            &[("id", ""), ("use_case_name", "Renamed")],
            [1, 0, rows - 1, 1],
        ),
        (
            &[("id", "NEW-9"), ("use_case_name", "Renamed")],
            [1, 0, rows - 1, 1],
        ),
    ] {
        let mut register = Register::under(us_federal());
        assert_eq!(register.import_table(&changed(0, &[])), [rows, 0, 0, 0]);
        assert_eq!(
            register.import_table(&changed(0, changes)),
            expected,
            "{changes:?}"
        );
        let created = expected[0];
        let again = register.import_table(&changed(0, changes));
        assert_eq!(again, [0, 0, rows, created], "{changes:?}");
        // What it was comes back to its own record.
        let back = register.import_table(&changed(0, &[]));
        assert_eq!(back[0], 0, "{changes:?}");
    }
    let mut register = Register::under(us_federal());
    register.import_table(&changed(0, &[("id", "")]));
    assert_eq!(register.import_table(&changed(0, &[])), [0, 1, rows - 1, 0]);
}

#[test]
fn a_number_is_one_however_a_sheet_pads_it() {
    let padded = r#"<c r="A2" s="9"><v>7</v></c>"#;
    let sheet = |cell: &str| {
        let name = words("B2", "Router") + &words("C2", "Waste");
        let head = words("A1", "No") + &words("B1", "Name") + &words("C1", "Unit");
        let rows = row(1, &head) + &row(2, &(cell.to_owned() + &name));
        read(&workbook(&[("S", &rows)]), "a.xlsx").unwrap()
    };
    let csv = |cell: &str| given::table(&format!("No,Name,Unit\n{cell},Router,Waste\n"));
    let files = [
        sheet(&words("A2", "007")),
        sheet(&words("A2", " 7 ")),
        sheet(padded),
        sheet(r#"<c r="A2"><v>7</v></c>"#),
        csv("007"),
        csv(" 7 "),
        csv("7"),
        csv("\u{a0}7\u{a0}"),
        csv("\u{feff}7"),
    ];
    assert_eq!(files[2].rows[0].cells[0], "007");
    for first in &files {
        for second in &files {
            let mut register = Register::default();
            assert_eq!(register.import_table(first)[0], 1);
            let [created, _, _, absent] = register.import_table(second);
            assert_eq!(
                (created, absent),
                (0, 0),
                "{:?} {:?}",
                first.rows,
                second.rows
            );
            assert_eq!(register.import_table(second), [0, 0, 1, 0]);
        }
    }
}

#[test]
fn numbers_that_differ_by_zeros_in_one_file_are_two() {
    let both = "No,Unit,Name\n007,Waste,Router\n7,Parks,Mower\n";
    let mut register = Register::default();
    assert_eq!(register.import(both), [2, 0, 0, 0]);
    assert_eq!(register.import(both), [0, 0, 2, 0]);
    assert_eq!(register.foreseen(&given::table(both)).counts().warnings, 0);
    // Neither of two rows is more the record's than the other.
    let mut register = Register::default();
    register.import("No,Unit,Name\n07,Roads,Signs\n");
    assert_eq!(register.import(both), [2, 0, 0, 1]);
}

#[test]
fn spaces_that_nobody_sees_tell_no_two_rows_apart() {
    let plain = "No,Unit,Name\nAI 1,Waste,Bin router\n,Parks,Old mower\n";
    let spaced =
        "No,Unit,Name\nAI\u{a0}1,Waste,Bin router\n ,Parks\u{202f},Old\u{a0} mower\u{200b} \n";
    // Marks that turn the direction, as they come along from other programs' windows.
    let turned =
        "No,Unit,Name\nAI 1\u{200e},Waste,Bin router\n,\u{200f}Parks,Old\u{202e}mower\u{2066}\n";
    for (first, second) in [
        (plain, spaced),
        (spaced, plain),
        (plain, turned),
        (turned, plain),
    ] {
        let mut register = Register::default();
        assert_eq!(register.import(first), [2, 0, 0, 0]);
        let [created, _, _, absent] = register.import(second);
        assert_eq!((created, absent), (0, 0));
        assert_eq!(register.import(second), [0, 0, 2, 0]);
    }
    // In one file they are one number that stands twice.
    let twice = "No,Unit,Name\nAI 1,Waste,Router\nAI\u{a0}1,Parks,Mower\n";
    let plan = Register::default().foreseen(&given::table(twice));
    assert_eq!(plan.rows[0].warnings.len(), 1);
}

#[test]
fn records_made_under_keys_with_such_spaces_or_other_headings_are_found_by_them() {
    let mut register = Register::default();
    register.import("No,Unit,Name\nA 1,Waste,Router\n,Parks,Old mower\n");
    // As earlier versions wrote them: the cell and the heading as they stood in the file.
    for (now, before) in [
        ("No: \"A 1\"", "NO: \"A\u{a0}1\""),
        (
            "Unit: \"Parks\", Name: \"Old mower\"",
            "Unit: \"Parks\", name: \"Old  mower\"",
        ),
    ] {
        let mut record = register.records.remove(now).unwrap();
        record.body["source"]["key"] = before.into();
        register.records.insert(before.to_owned(), record);
    }
    assert_eq!(
        register.import("No,Unit,Name\nA 1,Waste,Router\n,Parks,Old mower\n"),
        [0, 0, 2, 0]
    );
}

#[test]
fn a_heading_of_other_case_makes_no_new_records() {
    let mut register = Register::default();
    register.import(ROWS);
    assert_eq!(
        register.import(&ROWS.replace("No,Unit", "NO, unit ")),
        [0, 2, 0, 0]
    );
}

#[test]
fn a_file_read_again_in_its_right_encoding_puts_its_records_right() {
    let bytes = encoding_rs::ISO_8859_2
        .encode("No,Unit,Name\n,Łódź,Żuraw\n,Łódź,Śnieg\n")
        .0;
    let reads = |label: &str| {
        let reading = Reading {
            encoding: Some(label.to_owned()),
            ..Reading::default()
        };
        read_as(&bytes, "a.csv", &reading).unwrap()
    };
    let mut register = Register::default();
    assert_eq!(register.import_table(&reads("windows-1252")), [2, 0, 0, 0]);
    assert_eq!(register.import_table(&reads("iso-8859-2")), [0, 2, 0, 0]);
    assert_eq!(register.titles()["id-1"], "Żuraw");
    assert_eq!(register.import_table(&reads("iso-8859-2")), [0, 0, 2, 0]);
    // Another file of the same rows finds them too.
    let utf8 = "No,Unit,Name\n,Łódź,Śnieg\n,Łódź,Żuraw\n";
    assert_eq!(register.import(utf8), [0, 0, 2, 0]);
}
