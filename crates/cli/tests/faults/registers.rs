//! Registers that change between two imports, or that people change: nothing is doubled, nothing
//! that somebody wrote is overwritten, and what is odd is said.

use serde_json::{Value, json};

use crate::desk::{Desk, Ran};
use crate::governed::organised;

const MAPPING: &str = r#"
name = "a"
kind = "ai_system"
key.by = [["No"], ["Name"]]
field = [{to = "title", from = "Name", as = "words"}, {to = "unit", from = "Unit", as = "token", optional = true}]
"#;

const ROWS: &str = "No,Name\n1,Router\n2,Sorter\n";

/// Returns a ledger with a mapping for a register of systems.
fn desk() -> Desk {
    let desk = Desk::simulated();
    desk.file("m.toml", MAPPING.as_bytes());
    desk
}

fn import(desk: &Desk, rows: &str, more: &[&str]) -> Ran {
    desk.file("a.csv", rows.as_bytes());
    let words = ["import", "csv", "a.csv", "--mapping", "m.toml"];
    desk.run(&[&words[..], &["--results", "r.csv"], more].concat())
}

#[track_caller]
fn comes_to(desk: &Desk, rows: &str, sums: &str) -> Ran {
    let ran = import(desk, rows, &[]);
    assert!(ran.out.starts_with(sums), "{sums}: {ran:?}");
    ran
}

/// Returns a row of the results, counted from 1.
fn result(desk: &Desk, row: usize) -> String {
    let results = std::fs::read_to_string(desk.dir.path().join("r.csv")).unwrap();
    results.lines().nth(row).unwrap().to_owned()
}

fn listed(desk: &Desk) -> Vec<Value> {
    let listed = desk.run(&["--json", "record", "list", "ai_system"]).json();
    listed.as_array().unwrap().clone()
}

fn called(desk: &Desk, title: &str) -> String {
    let listed = listed(desk);
    let one = listed.iter().find(|one| one["title"] == title).unwrap();
    one["id"].as_str().unwrap().to_owned()
}

fn shown(desk: &Desk, id: &str) -> Value {
    desk.run(&["--json", "record", "show", id]).json()
}

#[test]
fn a_row_that_repeats_a_number_makes_one_record_and_leaves_the_first_its_own() {
    let desk = desk();
    comes_to(&desk, ROWS, "2 rows: 2 created");
    let router = called(&desk, "Router");
    let twice = "No,Name\n1,Router\n2,Sorter\n1,Tyres\n";
    let sums = "3 rows: 1 created, 0 revised, 2 unchanged, 0 refused; 0 absent, 3 warnings";
    let ran = comes_to(&desk, twice, sums);
    assert!(
        ran.err.contains("Warning: No 1 stands in rows 1 and 3; "),
        "{ran:?}"
    );
    assert!(result(&desk, 1).contains(&router));
    assert!(result(&desk, 3).contains("No 1 stands in rows 1 and 3"));
    comes_to(&desk, twice, "3 rows: 0 created, 0 revised, 3 unchanged");
    let left = "2 rows: 0 created, 0 revised, 2 unchanged, 0 refused; 1 absent (left as they are: withdraw or retire them), 0 warnings";
    comes_to(&desk, ROWS, left);
    assert_eq!(listed(&desk).len(), 3);
    desk.holds();
}

/// Puts a version of the record called Router by hand, and returns its id.
fn put_by_hand(desk: &Desk, keeps_source: bool) -> String {
    let id = called(desk, "Router");
    let mut body = shown(desk, &id)["body"].clone();
    body["purpose"] = json!("Plans the rounds.");
    if !keeps_source {
        body.as_object_mut().unwrap().remove("source");
    }
    desk.file("b.json", body.to_string().as_bytes());
    let ran = desk.run(&["record", "put", "ai_system", "b.json", "--id", &id]);
    assert_eq!(ran.code, 0, "{ran:?}");
    id
}

#[test]
fn a_version_that_a_person_put_is_known_by_its_row_and_not_overwritten() {
    for keeps_source in [true, false] {
        let desk = desk();
        comes_to(&desk, ROWS, "2 rows: 2 created");
        let id = put_by_hand(&desk, keeps_source);
        let same = "2 rows: 0 created, 0 revised, 2 unchanged, 0 refused; 0 absent, 1 warning";
        comes_to(&desk, ROWS, same);
        let row = result(&desk, 1);
        for part in [&id, "changed by a person", "version 2", "changes nothing"] {
            assert!(row.contains(part), "{part}: {row}");
        }
        assert_eq!(shown(&desk, &id)["body"]["purpose"], "Plans the rounds.");
        let edited = ROWS.replace("Router", "Route finder");
        let revised = "2 rows: 0 created, 1 revised, 1 unchanged, 0 refused; 0 absent, 1 warning";
        comes_to(&desk, &edited, revised);
        assert!(result(&desk, 1).contains("makes a version after it"));
        let unchanged =
            "2 rows: 0 created, 0 revised, 2 unchanged, 0 refused; 0 absent, 0 warnings";
        comes_to(&desk, &edited, unchanged);
        assert_eq!(shown(&desk, &id)["version"], 3);
        assert_eq!(listed(&desk).len(), 2);
        desk.holds();
    }
}

#[test]
fn a_register_that_was_live_before_the_ledger_is_brought_in_from_its_file() {
    let desk = desk();
    let ran = import(&desk, ROWS, &["--effective-on", "2024-03-01"]);
    assert!(ran.out.starts_with("2 rows: 2 created"), "{ran:?}");
    let history = desk.run(&["--json", "record", "history", &called(&desk, "Router")]);
    let first = history.json()[0].clone();
    assert_eq!(first["effective_on"], "2024-03-01", "{first}");
    assert_eq!(first["provenance"], "brought_in", "{first}");
    let then = [
        "--json",
        "record",
        "list",
        "ai_system",
        "--as-of",
        "2024-06-01",
    ];
    let then = desk
        .run(&[&then[..], &["--known-by", "now"]].concat())
        .json();
    assert_eq!(then.as_array().unwrap().len(), 2, "{then}");
    // Said or not, the same file changes nothing again.
    comes_to(&desk, ROWS, "2 rows: 0 created, 0 revised, 2 unchanged");
    let again = import(&desk, ROWS, &["--effective-on", "2024-03-01"]);
    assert!(again.out.contains("2 unchanged, 0 refused"), "{again:?}");
    // The file is kept as the source of what it brought.
    desk.holds();
    let before = desk.head();
    for more in [&[][..], &["--dry-run"]] {
        let ran = import(
            &desk,
            ROWS,
            &[&["--effective-on", "2026-01-06"], more].concat(),
        );
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(
            ran.err.contains("6 January 2026 has not come yet"),
            "{ran:?}"
        );
    }
    assert_eq!(desk.head(), before);
    // A day the ledger has seen is no older than it.
    let today = format!("{ROWS}3,Mower\n");
    let ran = import(&desk, &today, &["--effective-on", "2026-01-05"]);
    assert!(
        ran.out.contains(" 1 created, 0 revised, 2 unchanged"),
        "{ran:?}"
    );
}

#[test]
fn a_unit_that_the_organisation_does_not_list_is_warned_of() {
    let desk = desk();
    let rows = "No,Name,Unit\n1,Router,Housing\n2,Sorter,Finance and Rent\n";
    let ran = comes_to(
        &desk,
        rows,
        "2 rows: 2 created, 0 revised, 0 unchanged, 0 refused; 0 absent, 1 warning",
    );
    assert!(
        ran.err
            .contains("the organisation lists no units, and 2 rows name 2, such as"),
        "{ran:?}"
    );
    desk.done(&[organised(&desk, &["housing"])]);
    let sums = "2 rows: 0 created, 0 revised, 2 unchanged, 0 refused; 0 absent, 2 warnings";
    let ran = comes_to(&desk, rows, sums);
    let said = "the unit \"finance-and-rent\" of 1 row is not one the organisation lists: nobody is asked to attest for it";
    assert!(ran.err.contains(said), "{ran:?}");
    let row = result(&desk, 2);
    assert!(
        row.contains("its unit \"\"finance-and-rent\"\" is not one the organisation lists"),
        "{row}"
    );
    desk.done(&[organised(&desk, &["housing", "finance-and-rent"])]);
    let none = "2 rows: 0 created, 0 revised, 2 unchanged, 0 refused; 0 absent, 0 warnings";
    comes_to(&desk, rows, none);
}

#[test]
fn a_value_for_every_row_that_no_record_can_hold_refuses_the_mapping_once() {
    let desk = desk();
    for (always, said) in [
        ("roles = \"user\"", "takes a list"),
        ("roles = [\"usr\"]", "has no choice \"usr\""),
        ("supplier = \"\"", "takes a text that states something"),
        ("stage = \"alive\"", "has no choice \"alive\""),
        (
            "operational_since = \"soon\"",
            "What [always] gives every row at \"operational_since\"",
        ),
    ] {
        let mapping = MAPPING.replace("key.by", &format!("always = {{{always}}}\nkey.by"));
        desk.file("m.toml", mapping.as_bytes());
        let ran = import(&desk, ROWS, &["--dry-run"]);
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(
            ran.out.is_empty() && ran.err.contains(said),
            "{always}: {ran:?}"
        );
    }
}

#[test]
fn a_row_refused_when_it_was_to_be_recorded_has_no_id() {
    let desk = Desk::simulated();
    let mapping = "name = \"p\"\nkind = \"person\"\nkey.by = [[\"Name\"]]\nfield = [{to=\"name\",from=\"Name\",as=\"words\"},{to=\"email\",from=\"Mail\",as=\"words\"}]\n";
    desk.file("m.toml", mapping.as_bytes());
    let ran = import(&desk, "Name,Mail\nAl,al@x.example\nBo,AL@x.example\n", &[]);
    assert!(
        ran.out
            .contains("1 created, 0 revised, 0 unchanged, 1 refused"),
        "{ran:?}"
    );
    assert!(
        result(&desk, 2).contains(",refused,,address_taken,"),
        "{}",
        result(&desk, 2)
    );
    assert!(!result(&desk, 1).contains(",created,,"));
}

#[test]
fn a_day_that_is_no_whole_one_keeps_its_row_for_people_as_for_systems() {
    let desk = Desk::simulated();
    let person = "name = \"p\"\nkind = \"person\"\nkey.by = [[\"Name\"]]\nfield = [{to=\"name\",from=\"Name\",as=\"words\"},{to=\"joined_on\",from=\"Since\",as=\"date\"}]\n";
    desk.file("m.toml", person.as_bytes());
    let rows = "Name,Since\nAl,2020\nBo,Spring 2024\nCy,2024-05-06\n";
    comes_to(
        &desk,
        rows,
        "3 rows: 3 created, 0 revised, 0 unchanged, 0 refused; 0 absent, 2 warnings",
    );
    assert!(result(&desk, 1).contains("names no day"));
    comes_to(&desk, rows, "3 rows: 0 created, 0 revised, 3 unchanged");
    let system = person
        .replace("\"p\"", "\"s\"")
        .replace("\"person\"", "\"ai_system\"");
    let system = system
        .replace("to=\"name\"", "to=\"title\"")
        .replace("joined_on", "operational_since");
    desk.file("m.toml", system.as_bytes());
    comes_to(
        &desk,
        rows,
        "3 rows: 3 created, 0 revised, 0 unchanged, 0 refused; 0 absent, 1 warning",
    );
}

#[test]
fn what_was_guessed_and_what_is_missing_is_said() {
    let desk = desk();
    let ran = import(&desk, "No,Name\n", &[]);
    assert!(ran.out.starts_with("0 rows: 0 created"), "{ran:?}");
    assert!(
        ran.err
            .contains("Warning: the file has headings and no row below them."),
        "{ran:?}"
    );
    desk.file("a.csv", b"No,Name\n1,Caf\xe9\n");
    let import = ["--json", "import", "csv", "a.csv", "--mapping", "m.toml"];
    let ran = desk.run(&import);
    assert_eq!(ran.json()["encoding"], "windows-1252");
    assert_eq!(ran.json()["warnings"], 1);
    assert!(
        ran.err
            .contains("Warning: read as windows-1252: look at «Café» in row 1 under"),
        "{ran:?}"
    );
    let guessed = json!({"cells": 1, "shown": [{"row": 1, "column": "Name", "read_as": "Café"}]});
    assert_eq!(ran.json()["guessed"], guessed);
    let ran = desk.run(&["import", "csv", "a.csv", "--draft-mapping", "d.toml"]);
    assert!(ran.err.contains("look at «Café»"), "{ran:?}");
    let drafted = std::fs::read_to_string(desk.dir.path().join("d.toml")).unwrap();
    assert!(
        drafted.contains("\n[file]\nencoding = \"windows-1252\"\n"),
        "{drafted}"
    );
}

#[test]
fn a_guessed_encoding_is_shown_before_it_counts_and_put_right_by_name() {
    let desk = desk();
    // Polish, of too few letters to be told from Western ones.
    let rows = b"No,Name\n,Rejestr \xb3\xf3dek\n2,Sorter\n";
    desk.file("a.csv", rows);
    let import = |more: &[&str]| {
        let words = ["--json", "import", "csv", "a.csv", "--mapping", "m.toml"];
        let ran = desk.run(&[&words[..], &["--results", "r.csv"], more].concat());
        assert_eq!(ran.code, 0, "{ran:?}");
        ran
    };
    let before = desk.head();
    let dry = import(&["--dry-run"]);
    assert_eq!(desk.head(), before);
    let wet = import(&[]);
    let title = |ran: &Ran| ran.json()["guessed"]["shown"][0]["read_as"].clone();
    assert_eq!(title(&dry), title(&wet));
    assert_eq!(dry.json()["guessed"]["shown"][0]["row"], 1);
    for ran in [&dry, &wet] {
        let said = format!(
            "look at «{}» in row 1 under \"Name\"",
            title(ran).as_str().unwrap()
        );
        assert!(
            ran.err.contains(&said) && ran.err.contains("--encoding NAME"),
            "{ran:?}"
        );
    }
    // Both records are found again, whatever the letters were taken for.
    for (encoding, name) in [
        ("windows-1252", "Rejestr ³ódek"),
        ("iso-8859-2", "Rejestr łódek"),
    ] {
        let ran = import(&["--encoding", encoding]).json();
        assert_eq!(
            (&ran["created"], &ran["absent"]),
            (&json!(0), &json!(0)),
            "{ran}"
        );
        assert_eq!(ran["guessed"], Value::Null);
        called(&desk, name);
    }
    assert_eq!(listed(&desk).len(), 2);
    let ran = desk.run(&[
        "import",
        "csv",
        "a.csv",
        "--mapping",
        "m.toml",
        "--encoding",
        "latin-77",
    ]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(
        ran.err.contains("there is no encoding \"latin-77\""),
        "{ran:?}"
    );
    desk.holds();
}

#[test]
fn lines_that_were_refused_are_counted_with_what_to_do_about_them() {
    let desk = Desk::simulated();
    let person = |name: &str| json!({"do": "put", "kind": "person", "body": {"name": name}});
    let ran = desk.apply(&[person("Al"), person(""), person("Bo")]);
    assert_eq!(ran.code, 1);
    let said = "2 lines are recorded, 1 refused; applying the file again would record them twice unless each has a `key`: apply only the refused lines, once put right.";
    assert!(ran.err.contains(said), "{ran:?}");
    let ran = desk.apply(&[person("")]);
    assert!(
        ran.err
            .contains("0 lines are recorded, 1 refused: apply the file again"),
        "{ran:?}"
    );
    assert_eq!(desk.apply(&[person("Cy")]).err, "");
    // What was recorded before is not counted as recorded now, and what has a key never twice.
    let keyed = |name: &str, key: &str| {
        let mut command = person(name);
        command["key"] = json!(key);
        command
    };
    let (first, other, second) = (keyed("A", "k"), keyed("B", "k"), keyed("C", "l"));
    let set = json!({"do": "all", "commands": [keyed("D", "m"), keyed("E", "n")]});
    let again = "apply the file again, once they are put right; what is recorded has a `key`, and is not recorded twice.";
    for (lines, said) in [
        (vec![&first, &other, &first], format!("1 line is recorded, 1 was before and not again, 1 refused: {again}")),
        (vec![&first, &first, &other], format!("0 lines are recorded, 2 were before and not again, 1 refused: {again}")),
        (vec![&second, &set, &other], format!("2 lines are recorded, 1 refused: {again}")),
        (vec![&first, &person("F"), &other], "1 line is recorded, 1 was before and not again, 1 refused; applying the file again would record them twice unless each has a `key`: apply only the refused lines, once put right.".to_owned()),
    ] {
        let lines: Vec<Value> = lines.into_iter().cloned().collect();
        let ran = desk.apply(&lines);
        assert_eq!(ran.code, 1);
        assert!(ran.err.contains(&said), "{said}: {ran:?}");
    }
}

/// Holds what the results say of a row: its outcome, its day, and whether it keeps another day
/// than the one asked for.
#[track_caller]
fn dated(desk: &Desk, row: usize, (outcome, day, stays): (&str, &str, &str)) {
    let line = result(desk, row);
    assert!(line.contains(&format!(",{outcome},")), "{line}");
    assert!(line.ends_with(&format!(",{day}")), "{line}");
    let said =
        "its record says the same already, and goes on saying so from 5 January 2026, not from";
    let is_said = line.contains(&format!("{said} {stays}"));
    assert!(
        is_said && !stays.is_empty() || !line.contains(said),
        "{line}"
    );
}

#[test]
fn a_day_asked_for_is_taken_by_what_a_file_changes_and_the_rest_is_said() {
    let desk = desk();
    comes_to(&desk, ROWS, "2 rows: 2 created");
    dated(&desk, 1, ("created", "2026-01-05", ""));
    let day = ["--effective-on", "2024-03-01"];
    let next = "An import dates what it changes; to give a record another day, put its body again with `minutebook record put ai_system --id ID --effective-on DATE`";
    // Nothing changed: nothing takes the day, and that is said by the dry run too.
    for more in [&[][..], &["--dry-run"]] {
        let ran = import(&desk, ROWS, &[&day[..], more].concat());
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(
            ran.out
                .contains("2 unchanged, 0 refused; 0 absent, 3 warnings"),
            "{ran:?}"
        );
        let said = "Warning: no row takes 1 March 2024: 2 rows say what their records say already, and they keep their days.";
        assert!(ran.err.contains(said) && ran.err.contains(next), "{ran:?}");
        dated(&desk, 2, ("unchanged", "2026-01-05", "1 March 2024"));
    }
    // Half of it did.
    let half = "No,Name\n1,Router\n2,Post sorter\n3,Mower\n4,\n";
    let ran = import(&desk, half, &day);
    let said = "Warning: only a row that is created or revised takes 1 March 2024: 1 row says what its record says already, and it keeps its day.";
    assert!(ran.err.contains(said), "{ran:?}");
    for (row, expected) in [
        (1, ("unchanged", "2026-01-05", "1 March 2024")),
        (2, ("revised", "2024-03-01", "")),
        (3, ("created", "2024-03-01", "")),
        (4, ("refused", "", "")),
    ] {
        dated(&desk, row, expected);
    }
    let shown = shown(&desk, &called(&desk, "Post sorter"));
    assert_eq!(shown["effective_on"], "2024-03-01", "{shown}");
    // What has the day already is not warned of again.
    let ran = import(&desk, "No,Name\n2,Post sorter\n3,Mower\n", &day);
    assert!(
        ran.out.contains("2 unchanged, 0 refused; 1 absent"),
        "{ran:?}"
    );
    assert!(ran.out.contains(" 0 warnings"), "{ran:?}");
    desk.holds();
}

#[test]
fn a_record_is_given_another_day_as_the_warning_says() {
    let desk = desk();
    comes_to(&desk, ROWS, "2 rows: 2 created");
    let id = called(&desk, "Router");
    let body = shown(&desk, &id)["body"].to_string();
    desk.file("b.json", body.as_bytes());
    let put = ["record", "put", "ai_system", "b.json", "--id", &id];
    let day = ["--effective-on", "2024-03-01", "--brought-in-from", "a.csv"];
    let ran = desk.run(&[&put[..], &day].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    import(&desk, ROWS, &["--effective-on", "2024-03-01"]);
    dated(&desk, 1, ("unchanged", "2024-03-01", ""));
    dated(&desk, 2, ("unchanged", "2026-01-05", "1 March 2024"));
}

#[test]
fn an_import_says_the_first_reasons_each_once_with_the_cure_as_its_dry_run_does() {
    let desk = Desk::simulated();
    let mapping = "name = \"a\"\nkind = \"ai_system\"\nkey.by = [[\"No\"]]\n\
        field = [{to = \"title\", from = \"Name\", as = \"words\"}, {to = \"roles\", from = \"Our role\", as = \"list\"}]\n";
    desk.file("m.toml", mapping.as_bytes());
    desk.file(
        "a.csv",
        b"No,Name,Our role\n1,Router,User\n2,Sorter,User\n3,Mower,user\n",
    );
    let import = ["import", "csv", "a.csv", "--mapping", "m.toml"];
    for how in [&["--dry-run"][..], &[]] {
        let ran = desk.run(&[&import[..], how].concat());
        assert_eq!(ran.code, 1, "{ran:?}");
        let lines = ran.err.lines();
        let refused: Vec<&str> = lines.filter(|line| line.starts_with("Refused: ")).collect();
        assert_eq!(refused.len(), 1, "{ran:?}");
        for said in ["row 1: ", "Our role", "[field.choices]"] {
            assert!(refused[0].contains(said), "{ran:?}");
        }
    }
}

#[test]
fn what_no_reader_sees_in_a_name_is_taken_out_and_kept_as_received() {
    let desk = desk();
    let ran = comes_to(
        &desk,
        "No,Name\n1,Rou\u{ad}ter\u{200b}\n",
        "1 row: 1 created",
    );
    assert_eq!(ran.code, 0, "{ran:?}");
    let listed = desk.run(&["record", "list", "ai_system", "--json"]).json();
    assert_eq!(listed[0]["title"], "Router");
    let shown = desk.run(&[
        "record",
        "show",
        listed[0]["id"].as_str().unwrap(),
        "--json",
    ]);
    assert_eq!(
        shown.json()["body"]["as_received"]["Name"],
        "Rou\u{ad}ter\u{200b}"
    );
    comes_to(
        &desk,
        "No,Name\n1,Rou\u{ad}ter\u{200b}\n",
        "1 row: 0 created, 0 revised, 1 unchanged",
    );
}

#[test]
fn a_sheet_named_of_a_file_without_sheets_is_said_not_to_be_looked_for() {
    let desk = desk();
    let ran = import(&desk, ROWS, &["--sheet", "Systems", "--dry-run"]);
    let said = "Warning: --sheet \"Systems\" is not looked for";
    assert!(ran.err.contains(said), "{ran:?}");
}
