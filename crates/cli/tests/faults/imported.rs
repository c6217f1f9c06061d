//! Rows of a table whose record is withdrawn, or was on record before; and files that are no table.

use serde_json::{Value, json};

use crate::desk::{Desk, MAPPING, Ran, id};

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

/// Returns a ledger whose operator is on record with a first day, and a mapping for people.
fn of_people() -> (Register, String) {
    let desk = Desk::simulated();
    let ada = called(&desk, "person", "Ada Sample");
    let joined = json!({"name": "Ada Sample", "email": "ada@council.example",
        "joined_on": "2020-01-01"});
    desk.file("ada.json", joined.to_string().as_bytes());
    desk.run(&["record", "put", "person", "ada.json", "--id", &ada]);
    let rows = "Name,E-mail,Role,Phone\nAda Sample,ADA@council.example,Clerk,123\n\
        Bo Two,bo@x.example,Chair,456\n";
    desk.file("a.csv", rows.as_bytes());
    let draft = ["import", "csv", "a.csv", "--kind", "person"];
    let ran = desk.run(&[&draft[..], &["--draft-mapping", "m.toml"]].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    (Register { desk, rows }, ada)
}

#[test]
fn a_person_on_record_under_a_rows_address_is_that_rows_record() {
    let (register, ada) = of_people();
    let dry = register.import(register.rows, &["--dry-run"]);
    let sums = "2 rows: would be 1 created, 1 revised, 0 unchanged, 0 refused; 0 absent";
    assert!(dry.out.starts_with(sums), "{dry:?}");
    let first = "2 rows: 1 created, 1 revised, 0 unchanged, 0 refused; 0 absent";
    register.comes_to(register.rows, first);
    let again = "2 rows: 0 created, 0 revised, 2 unchanged, 0 refused; 0 absent";
    register.comes_to(register.rows, again);
    let came = body(&register.desk, &ada);
    assert_eq!(
        (&came["role"], &came["source"]["row"]),
        (&json!("Clerk"), &json!(1))
    );
    assert_eq!(came["as_received"]["Phone"], "123");
    // What no column tells stays as it is.
    assert_eq!(came["joined_on"], "2020-01-01");
    let promoted = register.rows.replace("Clerk", "Secretary");
    let revised = "2 rows: 0 created, 1 revised, 1 unchanged, 0 refused; 0 absent";
    register.comes_to(&promoted, revised);
    let came = body(&register.desk, &ada);
    assert_eq!(
        (&came["role"], &came["joined_on"]),
        (&json!("Secretary"), &json!("2020-01-01"))
    );
    register.desk.holds();
}

#[test]
fn two_rows_of_one_address_are_not_one_person() {
    let (register, _) = of_people();
    let twice = format!("{}Bo Three,ada@council.example,,\n", register.rows);
    for more in [&["--dry-run"][..], &[], &[]] {
        let ran = register.import(&twice, more);
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(ran.out.contains(" 1 refused; 0 absent"), "{ran:?}");
    }
}

/// What became of each row: its number, key, outcome, the code of its refusal, and its day.
fn results(desk: &Desk) -> Vec<[String; 5]> {
    let read = std::fs::read_to_string(desk.dir.path().join("r.csv")).unwrap();
    // The sentence of a refusal names a record that is not there before it is made.
    let rows = read.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        let day = cells[cells.len() - 1];
        [cells[0], cells[1], cells[2], cells[4], day].map(str::to_owned)
    });
    rows.collect()
}

const PEOPLE: &str = r#"
name = "p"
kind = "person"
key.by = [["No"]]
field = [
    {to = "name", from = "Name", as = "words"},
    {to = "email", from = "Mail", as = "words"},
    {to = "joined_on", from = "Joined", as = "date"},
    {to = "left_on", from = "Left", as = "date"},
]
"#;

#[test]
fn what_a_dry_run_of_people_shows_is_what_the_import_does_on_whatever_day_they_were_so() {
    let head = "No,Name,Mail,Joined,Left\n";
    let first = "1,Al,al@x.example,2019-02-01,\n2,Bo,bo@x.example,,2026-01-04\n3,Cy,,,\n";
    let files = [
        first,
        // The same again, and one who says more.
        "1,Al,al@x.example,2019-02-01,\n2,Bo,bo@x.example,,2026-01-04\n3,Cy,cy@x.example,,\n",
        // An address that one gives up is taken by another, before and after them.
        "1,Al,allan@x.example,2019-02-01,\n4,Di,al@x.example,,\n",
        "5,Ed,bo@x.example,,\n2,Bo,bob@x.example,,2026-01-04\n",
        "1,Al,bo@x.example,2019-02-01,\n2,Bo,al@x.example,,2026-01-04\n",
        // An address held by somebody of no row; two rows of one; days that cannot be.
        "6,Ada S,ADA@council.example,,\n7,Flo,flo@x.example,,\n8,Gus,FLO@x.example,,\n",
        "9,Hal,hal@x.example,2026-02-01,2026-01-04\n10,Ivy,ivy@x.example,,2026-12-31\n",
        "11,,jo@x.example,,\n12,Kim,no address,,\n13,Leo,leo@x.example,31.2.2026,\n",
    ];
    let mut differ = Vec::new();
    for day in [
        None,
        Some("2026-01-05"),
        Some("2026-01-02"),
        Some("2015-06-30"),
    ] {
        let desk = Desk::simulated();
        desk.file("m.toml", PEOPLE.as_bytes());
        let register = Register { desk, rows: "" };
        let dated = day.map_or(Vec::new(), |day| vec!["--effective-on", day]);
        for rows in files {
            let rows = format!("{head}{rows}");
            let dry = register.import(&rows, &[&dated[..], &["--dry-run"]].concat());
            let shown = results(&register.desk);
            let ran = register.import(&rows, &dated);
            let done = results(&register.desk);
            let sums = |ran: &Ran| {
                ran.out
                    .replace("would be ", "")
                    .lines()
                    .next()
                    .map(str::to_owned)
            };
            if (dry.code, sums(&dry), &shown) != (ran.code, sums(&ran), &done) {
                differ.push(format!("{day:?} {rows}: {shown:?} {done:?}"));
            }
        }
        register.desk.holds();
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

#[test]
fn a_last_day_outlives_the_list_that_still_has_the_person() {
    let (register, _) = of_people();
    register.import(register.rows, &[]);
    let bo = called(&register.desk, "person", "Bo Two");
    let mut left = body(&register.desk, &bo);
    left["left_on"] = json!("2026-01-04");
    register.desk.file("bo.json", left.to_string().as_bytes());
    register
        .desk
        .run(&["record", "put", "person", "bo.json", "--id", &bo]);
    let unchanged = "2 rows: 0 created, 0 revised, 2 unchanged, 0 refused";
    register.comes_to(register.rows, unchanged);
    register.import(&register.rows.replace("Chair", "Member"), &[]);
    let bo = body(&register.desk, &bo);
    assert_eq!(
        (&bo["role"], &bo["left_on"]),
        (&json!("Member"), &json!("2026-01-04"))
    );
}

#[test]
fn a_file_that_cannot_be_read_exits_2_and_one_that_is_not_what_it_should_be_1() {
    let register = Register::of_systems();
    let desk = &register.desk;
    desk.file("a.png", b"\x89PNG\r\n");
    desk.file("no.toml", b"name =");
    desk.file("latin.toml", b"name = \"caf\xe9\"");
    let by = |file, mapping| ["import", "csv", file, "--mapping", mapping];
    let draft = |file| ["import", "csv", file, "--draft-mapping", "d.toml"];
    for (words, code) in [
        (&["import", "us-federal-2025", "nowhere.csv"][..], 2),
        (&draft("nowhere.csv"), 2),
        (&by("nowhere.csv", "m.toml"), 2),
        (&by("a.csv", "nowhere.toml"), 2),
        (&["import", "us-federal-2025", "."], 2),
        (&["apply", "nowhere.ndjson"], 2),
        (&["record", "put", "person", "nowhere.json"], 2),
        (&["file", "add", "nowhere.pdf"], 2),
        (&["verify", "nowhere.zip"], 2),
        (&["import", "us-federal-2025", "a.png"], 1),
        (&draft("a.png"), 1),
        (&by("a.png", "m.toml"), 1),
        (&by("a.csv", "no.toml"), 1),
        (&by("a.csv", "latin.toml"), 1),
        (&["apply", "a.png"], 1),
        (&["record", "put", "person", "a.png"], 1),
        (&["verify", "a.png"], 1),
    ] {
        let ran = desk.run(words);
        assert_eq!(ran.code, code, "{words:?} {ran:?}");
    }
}

#[test]
fn a_row_under_the_reference_of_a_system_put_by_hand_says_that_there_are_two() {
    const FIELD: &str = "field = [{to = \"title\", from = \"Name\", as = \"words\"}]";
    const BOTH: &str = "field = [{to = \"title\", from = \"Name\", as = \"words\"}, {to = \"reference\", from = \"No\", as = \"words\"}]";
    const ROWS: &str = "No,Name\nS-1,Router\nS-2,Sorter\n";
    let desk = Desk::simulated();
    desk.file("m.toml", MAPPING.replace(FIELD, BOTH).as_bytes());
    let register = Register { desk, rows: ROWS };
    let put = json!({"do": "put", "kind": "ai_system", "id": id(71),
        "body": {"title": "Router, by hand", "reference": " S-1 "}});
    register.desk.done(&[put]);
    let said = "1 row has the reference of a record that was put by hand, such as \"S-1\" of “Router, by hand”";
    for more in [&["--dry-run"][..], &[]] {
        let ran = register.import(ROWS, more);
        assert!(ran.out.contains("2 created, 0 revised"), "{ran:?}");
        // One of its row, one of the file.
        assert!(ran.out.contains("2 warnings"), "{ran:?}");
        assert!(ran.err.contains(said), "{ran:?}");
        let results = register.desk.dir.path().join("r.csv");
        let results = std::fs::read_to_string(results).unwrap();
        let row = results.lines().nth(1).unwrap();
        let each = format!("is also that of “Router, by hand” ({})", id(71));
        assert!(row.contains(&each), "{results}");
        assert!(
            !results.lines().nth(2).unwrap().contains("by hand"),
            "{results}"
        );
    }
    // What a row made is not put by hand, whoever puts it again; and what is withdrawn is none.
    let ran = register.import(ROWS, &[]);
    assert!(
        ran.out.contains("2 unchanged") && ran.out.contains("0 warnings"),
        "{ran:?}"
    );
    let withdraw = json!({"do": "move", "id": id(71), "version": 1, "move": "withdraw",
        "body": {"because": "It is in the register."}});
    register.desk.done(&[withdraw]);
    register.desk.file(
        "m.toml",
        MAPPING
            .replace(FIELD, BOTH)
            .replace("\"a\"", "\"b\"")
            .as_bytes(),
    );
    let ran = register.import(ROWS, &["--dry-run"]);
    assert!(ran.out.contains("2 created"), "{ran:?}");
    assert!(!ran.err.contains("put by hand"), "{ran:?}");
}
