//! Rows of a table whose record is withdrawn.

use serde_json::Value;

use crate::desk::{Desk, Ran};

const MAPPING: &str = r#"
name = "a"
kind = "ai_system"
key.by = [["No"]]
field = [{to = "title", from = "Name", as = "words"}]
"#;

/// A register and how it is imported.
struct Register {
    desk: Desk,
    rows: &'static str,
}

impl Register {
    /// Returns a ledger with a mapping for a register of two systems, which is imported.
    fn of_systems() -> Self {
        let desk = Desk::simulated();
        desk.file("m.toml", MAPPING.as_bytes());
        let register = Self {
            desk,
            rows: "No,Name\n1,Router\n2,Sorter\n",
        };
        let ran = register.import(register.rows, &[]);
        assert_eq!(ran.code, 0, "{ran:?}");
        register
    }

    fn import(&self, rows: &str, more: &[&str]) -> Ran {
        self.desk.file("a.csv", rows.as_bytes());
        let words = ["import", "csv", "a.csv", "--mapping", "m.toml"];
        let results = ["--results", "r.csv"];
        self.desk.run(&[&words[..], &results, more].concat())
    }

    /// Imports and holds the sums to what they are to begin with.
    fn comes_to(&self, rows: &str, sums: &str) {
        let ran = self.import(rows, &[]);
        assert!(ran.out.starts_with(sums), "{sums}: {ran:?}");
    }
}

/// Returns the id of the one record of a kind that goes by a title.
fn called(desk: &Desk, kind: &str, title: &str) -> String {
    let listed = desk.run(&["--json", "record", "list", kind]).json();
    let found = |one: &&Value| one["title"] == title;
    let one = listed.as_array().unwrap().iter().find(found).unwrap();
    one["id"].as_str().unwrap().to_owned()
}

fn body(desk: &Desk, id: &str) -> Value {
    desk.run(&["--json", "record", "show", id]).json()["body"].clone()
}

/// Returns a register of two systems of which the first is withdrawn, its id and its body.
fn withdrawn() -> (Register, String, Value) {
    let register = Register::of_systems();
    let desk = &register.desk;
    let id = called(desk, "ai_system", "Router");
    let shown = body(desk, &id);
    desk.file("w.json", br#"{"because": "It is no system of ours."}"#);
    let withdraw = ["record", "move", &id, "withdraw", "--version", "1"];
    let ran = desk.run(&[&withdraw[..], &["w.json"]].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    (register, id, shown)
}

#[test]
fn a_row_whose_record_was_withdrawn_leaves_it_so_whatever_it_says() {
    let (register, id, _) = withdrawn();
    let edited = "No,Name\n1,Router of post\n2,Sorter\n";
    for (rows, more, would) in [
        (register.rows, &["--dry-run"][..], "would be "),
        (register.rows, &[], ""),
        (edited, &[], ""),
    ] {
        let ran = register.import(rows, more);
        let sums = format!(
            "2 rows: {would}0 created, 0 revised, 2 unchanged, 0 refused; 0 absent, 1 warning"
        );
        assert!(ran.out.starts_with(&sums), "{ran:?}");
        let results = std::fs::read_to_string(register.desk.dir.path().join("r.csv")).unwrap();
        let row = results.lines().nth(1).unwrap();
        let because = "withdrawn on 5 January 2026 (“It is no system of ours.”)";
        for part in [&id, ",unchanged,", because, "record put ai_system --id"] {
            assert!(row.contains(part), "{part}: {row}");
        }
    }
    // A file without the row tells of nothing that is gone.
    let without = "1 row: 0 created, 0 revised, 1 unchanged, 0 refused; 0 absent, 0 warnings";
    register.comes_to("No,Name\n2,Sorter\n", without);
}

#[test]
fn a_record_brought_back_as_the_warning_says_is_that_of_its_row_again() {
    let (register, id, shown) = withdrawn();
    let desk = &register.desk;
    desk.file("b.json", shown.to_string().as_bytes());
    let ran = desk.run(&["record", "put", "ai_system", "b.json", "--id", &id]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let unchanged = "2 rows: 0 created, 0 revised, 2 unchanged, 0 refused; 0 absent, 0 warnings";
    register.comes_to(register.rows, unchanged);
    // Withdrawn again, it stays so, though its first version was withdrawn before.
    let withdraw = ["record", "move", &id, "withdraw", "--version", "2"];
    desk.run(&[&withdraw[..], &["w.json"]].concat());
    let stays = "2 rows: 0 created, 0 revised, 2 unchanged, 0 refused; 0 absent, 1 warning";
    register.comes_to(register.rows, stays);
    desk.holds();
}
