//! Comparing a file with what earlier runs made.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must fail")]

mod given;

use std::collections::BTreeMap;

use exchange::limits::{BODY_BYTES_MAX, CELL_BYTES_MAX};
use exchange::mapping::Mapping;
use exchange::plan::{Counts, Outcome, Plan, Withdrawal, plan};
use exchange::results;
use exchange::table::{Table, read};
use given::register::Register;
use given::{carried_out, first_plan, small, table};

fn next_plan(before: &str, after: &Table) -> Plan {
    let earlier = carried_out(&first_plan(&table(before), &small()));
    plan(after, &small(), &earlier).unwrap()
}

fn keys(plan: &Plan) -> Vec<Option<&str>> {
    plan.rows.iter().map(|row| row.key.as_deref()).collect()
}

const BEFORE: &str =
    "No,Unit,Name\n1,Waste,Router\n2,Parks,Mower\nTBD,Parks,Chat\ntbd,Waste,Chat\n";

#[test]
fn a_second_run_changes_nothing_even_in_another_order() {
    let again = next_plan(
        BEFORE,
        &table("No,Unit,Name\ntbd,Waste,Chat\n2,Parks,Mower\n1,Waste,Router\nTBD,Parks,Chat\n"),
    );
    assert_eq!(
        again.counts(),
        Counts {
            rows: 4,
            unchanged: 4,
            ..Counts::default()
        }
    );
    assert_eq!(again.rows[0].id.as_deref(), Some("id-4"));
}

#[test]
fn a_changed_cell_makes_a_version_of_its_row_alone() {
    let edited = next_plan(BEFORE, &table(&BEFORE.replace("Mower", "Lawn mower")));
    assert_eq!(
        edited.counts(),
        Counts {
            rows: 4,
            revised: 1,
            unchanged: 3,
            ..Counts::default()
        }
    );
    let row = &edited.rows[1];
    assert_eq!(
        (row.outcome, row.id.as_deref(), row.if_version),
        (Outcome::Revised, Some("id-2"), Some(1))
    );
    assert_eq!(row.body.as_ref().unwrap()["title"], "Lawn mower");
}

#[test]
fn a_row_whose_record_was_withdrawn_makes_nothing_and_is_never_absent() {
    let mut earlier = carried_out(&first_plan(&table(BEFORE), &small()));
    let mower = earlier.get_mut("No: \"2\"").unwrap();
    mower.withdrawn = Some(Withdrawal {
        on: "2026-01-05".parse().unwrap(),
        because: Some("Not ours.".to_owned()),
    });
    let edited = BEFORE.replace("Mower", "Lawn mower");
    let next = plan(&table(&edited), &small(), &earlier).unwrap();
    let counts = Counts {
        rows: 4,
        unchanged: 4,
        warnings: 1,
        ..Counts::default()
    };
    assert_eq!(next.counts(), counts);
    let told = "its record id-2 was withdrawn on 5 January 2026 (“Not ours.”) and stays so; to bring it back, put a version with `minutebook record put ai_system --id id-2`, keeping the body's `source`";
    assert_eq!(next.rows[1].warnings, [told]);
    let without = "No,Unit,Name\n1,Waste,Router\nTBD,Parks,Chat\ntbd,Waste,Chat\n";
    let next = plan(&table(without), &small(), &earlier).unwrap();
    assert_eq!(next.counts().absent, 0);
    // A row that cannot be taken in is refused all the same.
    let ragged = BEFORE.replace("Mower", "Mower,more");
    let next = plan(&table(&ragged), &small(), &earlier).unwrap();
    assert_eq!(next.counts().refused, 1);
}

#[test]
fn a_cell_that_becomes_blank_makes_a_version_too() {
    let edited = next_plan(
        BEFORE,
        &table(&BEFORE.replace("1,Waste,Router", "1,,Router")),
    );
    assert_eq!(edited.counts().revised, 1);
    assert_eq!(
        edited.rows[0].body.as_ref().unwrap()["as_received"].get("Unit"),
        None
    );
}

#[test]
fn a_renamed_row_without_a_usable_id_is_one_created_and_one_absent() {
    let edited = next_plan(
        BEFORE,
        &table(&BEFORE.replace("tbd,Waste,Chat", "tbd,Waste,Talk")),
    );
    assert_eq!(
        edited.counts(),
        Counts {
            rows: 4,
            created: 1,
            unchanged: 3,
            absent: 1,
            ..Counts::default()
        }
    );
    assert_eq!(edited.absent[0].id, "id-4");
}

#[test]
fn rows_gone_from_the_file_are_absent() {
    let shorter = next_plan(BEFORE, &table("No,Unit,Name\n2,Parks,Mower\n"));
    assert_eq!(
        shorter.counts(),
        Counts {
            rows: 1,
            unchanged: 1,
            absent: 3,
            ..Counts::default()
        }
    );
    let none = next_plan(BEFORE, &table("No,Unit,Name\n"));
    assert_eq!(
        none.counts(),
        Counts {
            absent: 4,
            warnings: 1,
            ..Counts::default()
        }
    );
    assert_eq!(
        none.warnings,
        ["the file has headings and no row below them"]
    );
}

#[test]
fn a_twin_added_later_leaves_the_first_what_it_was() {
    let before = "No,Unit,Name\n,Waste,Chat\n";
    let twins = next_plan(
        before,
        &table("No,Unit,Name\n,Waste,Chat\n,Waste,Chat\n,Waste,Chat\n"),
    );
    assert_eq!(
        twins.counts(),
        Counts {
            rows: 3,
            created: 2,
            unchanged: 1,
            warnings: 3,
            ..Counts::default()
        }
    );
    assert_eq!(
        keys(&twins),
        [
            Some(r#"Unit: "Waste", Name: "Chat""#),
            Some(r#"Unit: "Waste", Name: "Chat", ordinal: 2"#),
            Some(r#"Unit: "Waste", Name: "Chat", ordinal: 3"#),
        ]
    );
}

#[test]
fn values_that_look_like_a_key_do_not_make_one() {
    let tricky = table(
        "No,Unit,Name\n,Waste,\"Chat\"\"\"\n,\"Waste\"\", Name: \"\"Chat\",\"\"\n,x,\"Chat, ordinal: 2\"\n,x,Chat\n,x,Chat\n",
    );
    let plan = first_plan(&tricky, &small());
    let distinct: std::collections::BTreeSet<_> = keys(&plan).into_iter().collect();
    assert_eq!(distinct.len(), 5);
}

#[test]
fn a_row_with_nothing_to_know_it_by_is_refused() {
    let plan = first_plan(
        &table("No,Unit,Name,Note\n,,,lonely\nTBD,tbd,,lonely\n,,Chat,fine\n"),
        &small(),
    );
    assert_eq!(
        plan.counts(),
        Counts {
            rows: 3,
            created: 1,
            refused: 2,
            ..Counts::default()
        }
    );
    assert_eq!(
        plan.rows[0].refusal.as_ref().unwrap().code,
        "row_without_key"
    );
}

#[test]
fn a_refused_row_is_no_absent_record_where_its_key_can_be_told() {
    let long = "x".repeat(CELL_BYTES_MAX + 1);
    let name_damaged = next_plan(BEFORE, &table(&BEFORE.replace("Router", &long)));
    assert_eq!(
        name_damaged.counts(),
        Counts {
            rows: 4,
            refused: 1,
            unchanged: 3,
            ..Counts::default()
        }
    );
    assert_eq!(name_damaged.rows[0].id.as_deref(), Some("id-1"));
    // Without its number the row might be any; it must not pass for another.
    let number_damaged = next_plan(
        BEFORE,
        &table(&BEFORE.replace("1,Waste", &format!("{long},Waste"))),
    );
    assert_eq!(keys(&number_damaged)[0], None);
    assert_eq!(number_damaged.counts().absent, 1);
    let ragged = next_plan(
        BEFORE,
        &table(&BEFORE.replace("1,Waste,Router", "1,Waste,Router,x")),
    );
    assert_eq!((ragged.counts().refused, ragged.counts().absent), (1, 1));
}

#[test]
fn a_body_stays_below_one_mebibyte() {
    // Seventeen cells of 64 KiB are over; a control character takes six bytes.
    let sheet = |cells: usize, last: &str| {
        let names: Vec<String> = (0..cells).map(|at| format!("c{at}")).collect();
        let full = vec!["x".repeat(CELL_BYTES_MAX); cells - 1];
        table(&format!(
            "No,Unit,Name,{}\n1,u,n,{},{last}\n",
            names.join(","),
            full.join(",")
        ))
    };
    let outcome = |table: &Table| {
        let row = first_plan(table, &small()).rows.remove(0);
        (
            row.outcome,
            row.body.map(|body| body.to_string().len()),
            row.refusal.map(|refusal| refusal.code),
        )
    };
    let (_, size, _) = outcome(&sheet(16, "x"));
    let room = BODY_BYTES_MAX - size.unwrap();
    let exact = outcome(&sheet(16, &"x".repeat(room + 1)));
    assert_eq!(exact, (Outcome::Created, Some(BODY_BYTES_MAX), None));
    let over = (Outcome::Refused, None, Some("row_too_large".to_owned()));
    assert_eq!(outcome(&sheet(16, &"x".repeat(room + 2))), over);
    assert_eq!(
        outcome(&sheet(16, &"\u{1}".repeat((room + 1) / 6 + 1))),
        over
    );
}

#[test]
fn the_outcomes_add_up_to_the_rows_whatever_is_wrong() {
    let text =
        b"No,Unit,Name\n1,Waste,Router\n2,Waste,,x\n3,Wa\0ste,x\n,,\nTBD,,\n4,x,y,z\n2,Parks,Mower\n";
    let counts = next_plan(BEFORE, &read(text, "bad.csv").unwrap()).counts();
    assert_eq!(
        counts.created + counts.revised + counts.unchanged + counts.refused,
        counts.rows
    );
    assert_eq!((counts.rows, counts.unchanged, counts.refused), (6, 2, 4));
}

#[test]
fn the_result_file_has_a_line_for_each_row_and_each_absent_record() {
    let mut plan = next_plan(
        "No,Unit,Name\n1,Waste,Router\n2,Parks,Mower\n",
        &table("No,Unit,Name\n1,Waste,Router\n3,\"Parks, North\",Chat\n4,Parks,Bot,x\n"),
    );
    plan.rows[0].effective_on = Some("2026-01-05".parse().unwrap());
    plan.rows[1].id = Some("id-new".to_owned());
    plan.rows[1].warnings = vec!["=HYPERLINK(1)".to_owned(), "more".to_owned()];
    let expected = "\
row,key,outcome,id,code,message,warnings,field,hint,effective_on
1,\"No: \"\"1\"\"\",unchanged,id-1,,,,,,2026-01-05
2,\"No: \"\"3\"\"\",created,id-new,,,'=HYPERLINK(1); more,,,
3,,refused,,row_ragged,the row has 4 cells under 3 headings,,,Look for a stray delimiter or quotation mark in this row.,
,\"No: \"\"2\"\"\",absent,id-2,,,,,,
";
    assert_eq!(String::from_utf8(results::write(&plan)).unwrap(), expected);
}

#[test]
fn a_row_that_says_what_an_earlier_one_said_is_counted_and_warned_of() {
    let sheet = table(
        "No,Unit,Name\n,Waste,Router\n1,Waste,Router\n, Waste,Router \n,Waste,Router\n,Waste,Mower\n",
    );
    let first = first_plan(&sheet, &small());
    let alike = "every cell is as in row 1; it is kept as a record of its own";
    let warned: Vec<&[String]> = first.rows.iter().map(|row| &row.warnings[..]).collect();
    let alike = [alike.to_owned()];
    assert_eq!(warned, [&[][..], &[], &alike, &alike, &[]]);
    assert_eq!(
        first.warnings,
        [
            "2 rows have the cells of an earlier one, such as row 3 those of row 1; each is kept as a record of its own"
        ]
    );
    let counts = first.counts();
    assert_eq!((counts.rows, counts.created, counts.warnings), (5, 5, 3));
    // In the results, and again on the next run.
    let results = String::from_utf8(results::write(&first)).unwrap();
    assert_eq!(results.matches(&alike[0]).count(), 2, "{results}");
    let again = plan(&sheet, &small(), &carried_out(&first)).unwrap();
    assert_eq!((again.counts().unchanged, again.counts().warnings), (5, 3));
    // What is refused is recorded nowhere, and so like nothing.
    let ragged = first_plan(&table("No,Unit,Name\n1,a,b,c\n1,a,b,c\n"), &small());
    assert_eq!(ragged.counts().warnings, 0);
}

#[test]
fn a_row_that_ends_early_is_taken_in_with_a_warning() {
    let sheet = table("Name,No,Unit\nRouter,1,Waste\nMower,2\n");
    let plan = first_plan(&sheet, &small());
    assert_eq!((plan.counts().created, plan.counts().warnings), (2, 1));
    assert_eq!(
        plan.rows[1].warnings,
        ["the row ends before \"Unit\"; what is missing is read as blank"]
    );
}

#[test]
fn a_file_with_other_headings_is_warned_of_when_it_touches_what_an_earlier_one_made() {
    let before = "No,Unit,Name,Budget\n1,Waste,Router,10\n2,Parks,Mower,\n3,Parks,Bot,30\n";
    let other = next_plan(before, &table("No,Unit,Name,Vendor\n1,Waste,Lights,Ohm\n"));
    assert_eq!(
        other.warnings,
        [
            "2 records that this run revises or counts as absent were made from a file with other headings, \
such as \"Budget\"; give the mapping a name of its own if this is another register"
        ]
    );
    let counts = other.counts();
    assert_eq!((counts.revised, counts.absent, counts.warnings), (1, 2, 1));
    // The same headings in other letters, or more of them, are no other file.
    let same = next_plan(
        before,
        &table("No,Unit,Name, BUDGET,Vendor\n1,Waste,Lights,10,Ohm\n"),
    );
    assert_eq!((same.counts().absent, same.warnings.len()), (2, 0));
}

#[test]
fn planning_is_the_same_each_time() {
    let sheet = table(BEFORE);
    let plans = [first_plan(&sheet, &small()), first_plan(&sheet, &small())];
    assert_eq!(plans[0], plans[1]);
    assert_eq!(plan(&sheet, &small(), &BTreeMap::new()).unwrap(), plans[0]);
}

#[test]
fn a_record_that_rows_claim_by_its_old_name_and_its_new_one_is_the_same_rows_each_time() {
    let by_number_or_name = r#"
        name = "small"
        kind = "ai_system"
        key.by = [["ID"], ["Name"]]
        field = [{ to = "title", from = "Name", as = "words" }]
    "#;
    let mut register = Register::under(Mapping::parse(by_number_or_name).unwrap());
    for (file, counts) in [
        ("ID,Name\n,Foo\n", [1, 0, 0, 0]),
        ("ID,Name\nA2,Foo\n", [0, 1, 0, 0]),
        ("ID,Name\nA2,Foo2\n", [0, 1, 0, 0]),
    ] {
        assert_eq!(register.import(file), counts, "{file}");
    }
    // It was made under the name Foo, so it is that row's, wherever the row stands.
    for (file, place) in [
        ("ID,Name\nA8,Foo\nA9,Foo2\n", 0),
        ("ID,Name\nA9,Foo2\nA8,Foo\n", 1),
    ] {
        for _ in 0..50 {
            let plan = register.foreseen(&table(file));
            let found: Vec<usize> = (0..2).filter(|row| plan.rows[*row].id.is_some()).collect();
            assert_eq!(found, [place], "{file}");
        }
    }
}
