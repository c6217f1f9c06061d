//! A record is found again by what it was made under, whatever else is in the file now.

mod given;

use std::collections::BTreeMap;

use exchange::mapping::Mapping;
use exchange::plan::{Outcome, plan};
use given::register::Register;
use given::{first_plan, real_file, small, table, us_federal};
use serde_json::json;

const ROWS: &str = "No,Unit,Name\n1,Waste,Router\n2,Parks,Mower\n";

#[test]
fn a_row_that_repeats_a_number_leaves_the_record_of_that_number_to_its_own_row() {
    for added in [
        "No,Unit,Name\n1,Waste,Router\n2,Parks,Mower\n1,Fleet,Tyres\n",
        "No,Unit,Name\n1,Fleet,Tyres\n1,Waste,Router\n2,Parks,Mower\n",
    ] {
        let mut register = Register::default();
        assert_eq!(register.import(ROWS), [2, 0, 0, 0]);
        assert_eq!(register.import(added), [1, 0, 2, 0], "{added}");
        assert_eq!(register.import(added), [0, 0, 3, 0]);
        // And when the number is unique again.
        assert_eq!(register.import(ROWS), [0, 0, 2, 1]);
        assert_eq!(register.titles()["id-1"], "Router");
    }
}

#[test]
fn a_number_that_stands_twice_tells_no_record_and_each_row_is_known_by_its_name() {
    let mut register = Register::default();
    register.import(ROWS);
    let twice = "No,Unit,Name\n1,Waste,Router of bins\n2,Parks,Mower\n1,Fleet,Tyres\n";
    assert_eq!(register.import(twice), [2, 0, 1, 1]);
    assert_eq!(register.import(twice), [0, 0, 3, 1]);
    // Once it stands alone again it is the row's that says what the row says.
    let once = "No,Unit,Name\n1,Waste,Router of bins\n2,Parks,Mower\n";
    assert_eq!(register.import(once), [0, 0, 2, 2]);
    // A row that keeps its name keeps its record, whatever else changed in it.
    let mut register = Register::default();
    register.import("No,Unit,Name,Note\n1,Waste,Router,a\n");
    let noted = "No,Unit,Name,Note\n1,Waste,Other,a\n1,Waste,Router,b\n";
    assert_eq!(register.import(noted), [1, 1, 0, 0]);
    assert_eq!(register.import(noted), [0, 0, 2, 0]);
}

#[test]
fn twins_of_which_one_goes_leave_the_other_its_record_by_its_name() {
    let twins = "No,Unit,Name\n1,Waste,Router\n1,Fleet,Tyres\n";
    for alone in ["1,Waste,Router", "1,Fleet,Tyres"] {
        let mut register = Register::default();
        assert_eq!(register.import(twins), [2, 0, 0, 0]);
        let once = format!("No,Unit,Name\n{alone}\n");
        assert_eq!(register.import(&once), [0, 0, 1, 1]);
        // The number is of both, so it tells neither.
        let renamed = format!("{},renamed\n", once.trim_end().rsplit_once(',').unwrap().0);
        assert_eq!(register.import(&renamed), [1, 0, 0, 2]);
        assert_eq!(register.import(&renamed), [0, 0, 1, 2]);
    }
    let mut register = Register::default();
    register.import(twins);
    // One of them gets a number of its own, and the other goes.
    let right = "No,Unit,Name\n2,Waste,Router\n1,Fleet,Pay scales\n";
    assert_eq!(register.import(right), [1, 1, 0, 1]);
    assert_eq!(register.titles()["id-1"], "Router");
}

#[test]
fn a_row_whose_number_stands_twice_and_whose_name_changed_is_one_created_and_one_absent() {
    let twins = "No,Unit,Name\n1,Waste,Router\n1,Fleet,Tyres\n2,Parks,Mower\n";
    for (changed, counts) in [
        ("1,Waste,Router\n1,Fleet,Pay scales\n", [1, 0, 2, 1]),
        ("1,Waste,Chat\n1,Fleet,Pay scales\n", [2, 0, 1, 2]),
        // Of three that repeat it each is known by its name.
        (
            "1,Fleet,Pay scales\n1,Fleet,Tyres\n1,Waste,Router\n",
            [1, 0, 3, 0],
        ),
    ] {
        let mut register = Register::default();
        assert_eq!(register.import(twins), [3, 0, 0, 0]);
        let file = format!("No,Unit,Name\n{changed}2,Parks,Mower\n");
        assert_eq!(register.import(&file), counts, "{changed}");
        assert_eq!(register.import(&file)[..2], [0, 0], "{changed}");
        let titles = register.titles();
        assert_eq!([titles["id-1"], titles["id-2"]], ["Router", "Tyres"]);
    }
}

#[test]
fn a_row_of_the_real_file_whose_repeated_id_tells_nothing_is_known_by_its_name() {
    let Some(bytes) = real_file() else { return };
    let mapping = us_federal();
    let mut table = exchange::table::read(&bytes, "real.csv").unwrap();
    let mut register = Register::default();
    let first = plan(&table, &mapping, &BTreeMap::new()).unwrap();
    register.carry_out(&first);
    // DOJ-0160 stands in rows 1270 and 1314, of two bureaus.
    let row = &mut table.rows[1313];
    assert_eq!(row.cells[2], "DOJ-0160");
    row.cells[3] = "Another system".to_owned();
    let changed = plan(&table, &mapping, &register.records).unwrap();
    assert_eq!(register.carry_out(&changed), [1, 0, 3610, 1]);
}

#[test]
fn a_number_that_goes_with_its_row_is_not_given_to_a_namesake() {
    let mut register = Register::default();
    register.import("No,Unit,Name\n1,Waste,Router\n");
    assert_eq!(
        register.import("No,Unit,Name\n9,Waste,Router\n"),
        [1, 0, 0, 1]
    );
}

#[test]
fn a_row_that_is_given_a_number_keeps_its_record() {
    let mut register = Register::default();
    register.import("No,Unit,Name\nTBD,Waste,Router\n");
    let numbered = "No,Unit,Name\n7,Waste,Router\n";
    assert_eq!(register.import(numbered), [0, 1, 0, 0]);
    assert_eq!(register.import(numbered), [0, 0, 1, 0]);
    // Another row of that name, without a number, is another system.
    let two = "No,Unit,Name\n7,Waste,Router\n,Waste,Router\n";
    assert_eq!(register.import(two), [1, 0, 1, 0]);
    assert_eq!(register.import(two), [0, 0, 2, 0]);
    let ids: Vec<&str> = register.titles().into_keys().collect();
    assert_eq!(ids, ["id-1", "id-2"]);
}

#[test]
fn no_two_records_get_one_key_whatever_repeats() {
    let mut register = Register::default();
    assert_eq!(
        register.import("No,Unit,Name,Note\n5,Waste,Chat,a\n,Waste,Chat,b\n"),
        [2, 0, 0, 0]
    );
    let more = "No,Unit,Name,Note\n5,Waste,Chat,c\n5,Waste,Chat,d\n5,Waste,Chat,a\n,Waste,Chat,b\n";
    assert_eq!(register.import(more), [2, 0, 2, 0]);
    assert_eq!(register.import(more), [0, 0, 4, 0]);
    assert_eq!(register.records.len(), 4);
}

#[test]
fn a_number_that_stands_twice_is_warned_of_in_both_rows_and_in_the_file() {
    let first = first_plan(
        &table("No,Unit,Name\n1,Waste,Router\n1,Fleet,Tyres\n2,Parks,Mower\nTBD,x,y\nTBD,x,z\n"),
        &small(),
    );
    let each = "No 1 stands in rows 1 and 2; each is a record of its own";
    for row in &first.rows[..2] {
        assert_eq!(row.warnings, [each]);
    }
    assert!(first.rows[2..].iter().all(|row| row.warnings.is_empty()));
    assert_eq!(
        first.warnings,
        [
            "No 1 stands in rows 1 and 2; each row is a record of its own; correct the number of all but one, or delete what was copied"
        ]
    );
    assert_eq!(first.counts().warnings, 3);
}

#[test]
fn a_register_known_by_its_numbers_alone_is_warned_of_too() {
    let only = Mapping::parse(
        r#"
        name = "small"
        kind = "ai_system"
        key.by = [["No"]]
        field = [{ to = "title", from = "Name", as = "words" }]
        "#,
    )
    .unwrap();
    let rows: String = (0..8).map(|at| format!("{},n{at}\n", at / 7)).collect();
    let sheet = table(&format!("No,Name\n{rows}1,m\n"));
    let first = plan(&sheet, &only, &BTreeMap::new()).unwrap();
    assert_eq!(
        first.warnings,
        [
            "2 numbers stand in more than one row: No 0 stands in rows 1, 2, 3, 4, 5 and 2 more, for example; each row is a record of its own; correct the number of all but one, or delete what was copied"
        ]
    );
    assert_eq!(first.counts().warnings, 10);
}

#[test]
fn a_row_of_the_real_file_is_untouched_by_another_that_repeats_its_id() {
    let Some(bytes) = real_file() else { return };
    let mapping = us_federal();
    let mut table = exchange::table::read(&bytes, "real.csv").unwrap();
    let mut register = Register::default();
    let first = plan(&table, &mapping, &BTreeMap::new()).unwrap();
    assert_eq!(register.carry_out(&first), [3611, 0, 0, 0]);
    let mut again = table.rows[199].clone();
    assert!(!again.cells[2].is_empty());
    again.number = 3612;
    again.cells[3] = "Another of the same id".to_owned();
    table.rows.push(again);
    let added = plan(&table, &mapping, &register.records).unwrap();
    assert_eq!(register.carry_out(&added), [1, 0, 3611, 0]);
    assert!(
        added
            .warnings
            .iter()
            .any(|warning| warning.contains("stand in more than one row"))
    );
    assert_eq!(added.rows[199].warnings.len(), 1);
    let second = plan(&table, &mapping, &register.records).unwrap();
    assert_eq!(register.carry_out(&second), [0, 0, 3612, 0]);
    table.rows.pop();
    let removed = plan(&table, &mapping, &register.records).unwrap();
    assert_eq!(register.carry_out(&removed), [0, 0, 3611, 1]);
}

#[test]
fn a_version_that_a_person_put_stays_where_the_row_says_what_it_said() {
    let mut register = Register::default();
    register.import(ROWS);
    let router = register.records.get_mut("No: \"1\"").unwrap();
    let by_row = router.body.clone();
    router.as_imported = Some(by_row.clone());
    router.version = 2;
    router.body = json!({"title": "Router", "purpose": "Finds the way."});
    let again = plan(&table(ROWS), &small(), &register.records).unwrap();
    let row = &again.rows[0];
    assert_eq!(
        (row.outcome, row.id.as_deref(), &row.body),
        (Outcome::Unchanged, Some("id-1"), &None)
    );
    assert_eq!(
        row.warnings,
        [
            "its record was changed by a person since, or by another mapping: version 2 is none of this row; the row says what it said before, and changes nothing"
        ]
    );
    // What the row says now is a version after it.
    let edited = ROWS.replace("Router", "Route finder");
    let next = plan(&table(&edited), &small(), &register.records).unwrap();
    let row = &next.rows[0];
    assert_eq!((row.outcome, row.if_version), (Outcome::Revised, Some(2)));
    assert_eq!(
        row.warnings,
        [
            "its record was changed by a person since, or by another mapping: version 2 is none of this row; the row changed too, and makes a version after it"
        ]
    );
    // A person who wrote what the row says has changed nothing.
    register.records.get_mut("No: \"1\"").unwrap().body = by_row;
    let same = plan(&table(ROWS), &small(), &register.records).unwrap();
    assert_eq!((same.counts().unchanged, same.counts().warnings), (2, 0));
}
