//! Registers of others: every row accounted for, on the real register and on a made-up one.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

#[path = "../../exchange/tests/given/workbook.rs"]
mod made;

use made::{row, words, workbook};

struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        let home = Self(tempfile::tempdir().expect("a directory"));
        let done = home.run(&["init", "--organisation", "Lighthouse Authority (fictional)"]);
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
        home
    }

    fn run(&self, words: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_minutebook"))
            .arg("--data")
            .arg(self.0.path().join("data"))
            .arg("--guard")
            .arg(self.0.path().join("guard"))
            .args(words)
            .current_dir(self.0.path())
            .output()
            .expect("the binary runs")
    }

    fn import(&self, file: &Path, more: &[&str]) -> Value {
        let mut words = vec![
            "--json",
            "import",
            "us-federal-2025",
            file.to_str().expect("text"),
        ];
        words.extend(more);
        let done = self.run(&words);
        serde_json::from_slice(&done.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&done.stderr)))
    }

    fn status(&self) -> Value {
        let done = self.run(&["--json", "status"]);
        serde_json::from_slice(&done.stdout).expect("a status")
    }
}

fn made_up() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../exchange/tests/made-up.csv")
}

fn sums(result: &Value) -> [u64; 5] {
    ["rows", "created", "revised", "unchanged", "refused"]
        .map(|field| result[field].as_u64().expect("a number"))
}

#[test]
fn every_row_is_accounted_for_and_a_second_run_changes_nothing() {
    let home = Home::new();
    let [rows, created, revised, unchanged, refused] = sums(&home.import(&made_up(), &[]));
    assert!(rows > 0);
    assert_eq!(created + revised + unchanged + refused, rows);
    let before = home.status()["entries"].clone();
    let again = sums(&home.import(&made_up(), &[]));
    assert_eq!(again, [rows, 0, 0, rows - refused, refused]);
    assert_eq!(home.status()["entries"], before);
}

#[test]
fn a_dry_run_records_nothing() {
    let home = Home::new();
    let before = home.status()["entries"].clone();
    let result = home.import(&made_up(), &["--dry-run"]);
    assert!(result["created"].as_u64().expect("a number") > 0);
    assert_eq!(home.status()["entries"], before);
}

#[test]
fn an_edited_file_makes_new_versions_of_just_those_rows() {
    let home = Home::new();
    let first = sums(&home.import(&made_up(), &[]));
    let text = std::fs::read_to_string(made_up()).expect("text");
    let edited = text.replacen("Fewer wrecks", "No wrecks at all", 1);
    assert_ne!(text, edited);
    let file = home.0.path().join("edited.csv");
    std::fs::write(&file, edited).expect("written");
    let [rows, created, revised, unchanged, refused] = sums(&home.import(&file, &[]));
    assert_eq!((rows, created, revised), (first[0], 0, 1));
    assert_eq!(unchanged, rows - 1 - refused);
}

#[test]
fn the_imported_register_verifies_and_its_status_claims_nothing() {
    let home = Home::new();
    home.import(&made_up(), &[]);
    assert!(home.run(&["verify"]).status.success());
    let five = home.status()["five"].clone();
    let in_hand = five
        .as_array()
        .expect("five")
        .iter()
        .filter(|answer| answer["in_hand"] == "yes");
    assert_eq!(in_hand.count(), 0);
}

#[test]
fn a_pound_sign_of_windows_1252_stays_one_and_the_encoding_is_said() {
    let home = Home::new();
    let register = b"Purpose,Name\nRoutes,\"Saves \xa35,000 a year\"\n";
    std::fs::write(home.0.path().join("council.csv"), register).expect("written");
    let done = home.run(&["import", "csv", "council.csv", "--draft-mapping", "m.toml"]);
    assert!(done.status.success(), "{}", err(&done));
    let done = home.run(&["import", "csv", "council.csv", "--mapping", "m.toml"]);
    assert!(done.status.success(), "{}", err(&done));
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(said.starts_with("1 row: 1 created,"), "{said}");
    assert!(
        err(&done).contains("Read as windows-1252."),
        "{}",
        err(&done)
    );
    let query = home.run(&["--json", "record", "list", "ai_system"]);
    let found = String::from_utf8_lossy(&query.stdout);
    assert!(found.contains("Saves £5,000 a year"), "{found}");
}

#[test]
fn two_registers_each_drafted_leave_each_other_alone_and_one_name_warns() {
    let home = Home::new();
    let put = |file: &str, text: &str| std::fs::write(home.0.path().join(file), text);
    put("waste.csv", "No,Naam,Budget\n1,Router,10\n2,Sorter,20\n").expect("written");
    put("parks.csv", "No,Naam,Colour\n1,Mower,red\n").expect("written");
    let import = |file: &str, mapping: &str| {
        let done = home.run(&["import", "csv", file, "--mapping", mapping]);
        assert!(done.status.success(), "{}", err(&done));
        (
            String::from_utf8_lossy(&done.stdout).into_owned(),
            err(&done),
        )
    };
    for stem in ["waste", "parks"] {
        let (file, mapping) = (format!("{stem}.csv"), format!("{stem}.toml"));
        let done = home.run(&["import", "csv", &file, "--draft-mapping", &mapping]);
        assert!(done.status.success(), "{}", err(&done));
        let (said, _) = import(&file, &mapping);
        assert!(said.contains("0 revised"), "{said}");
        assert!(said.contains("0 absent, 0 warnings"), "{said}");
    }
    let (said, warned) = import("parks.csv", "waste.toml");
    assert!(said.contains("1 revised"), "{said}");
    let left = "1 absent (left as they are: withdraw or retire them), 1 warning";
    assert!(said.contains(left), "{said}");
    assert!(warned.contains("2 records"), "{warned}");
    assert!(warned.contains("such as \"Budget\""), "{warned}");
}

#[test]
fn a_list_of_people_comes_in_whole_and_their_words_are_personal() {
    let home = Home::new();
    let list =
        "Name,E-mail,Role,Phone\nAl One,al@x.example,Chair,123\nBo Two,bo@x.example,Clerk,456\n";
    std::fs::write(home.0.path().join("people.csv"), list).expect("written");
    let draft = ["import", "csv", "people.csv", "--kind", "person"];
    let done = home.run(&[&draft[..], &["--draft-mapping", "m.toml"]].concat());
    assert!(done.status.success(), "{}", err(&done));
    let import = || {
        let done = home.run(&["import", "csv", "people.csv", "--mapping", "m.toml"]);
        assert!(done.status.success(), "{}", err(&done));
        String::from_utf8_lossy(&done.stdout).into_owned()
    };
    assert!(import().starts_with("2 rows: 2 created, 0 revised, 0 unchanged, 0 refused"));
    assert!(import().starts_with("2 rows: 0 created, 0 revised, 2 unchanged, 0 refused"));
    let listed = home.run(&["--json", "record", "list", "person"]);
    let listed: Value = serde_json::from_slice(&listed.stdout).expect("a list");
    let people = listed.as_array().expect("people");
    let al = people
        .iter()
        .find(|one| one["title"] == "Al One")
        .expect("Al");
    let shown = home.run(&[
        "--json",
        "record",
        "show",
        al["id"].as_str().expect("an id"),
    ]);
    let body = serde_json::from_slice::<Value>(&shown.stdout).expect("a record")["body"].clone();
    assert_eq!(body["email"], "al@x.example");
    assert_eq!(body["role"], "Chair");
    assert_eq!(body["as_received"]["Phone"], "123");
    assert_eq!(body["source"]["row"], 1);
    // Who came in by the list acts like anybody else.
    assert!(
        home.run(&["--as", "bo@x.example", "verify"])
            .status
            .success()
    );
}

#[test]
fn a_dry_run_of_people_refuses_the_addresses_that_recording_would() {
    let home = Home::new();
    let mapping = "name = \"p\"\nkind = \"person\"\nkey.by = [[\"Name\"]]\nfield = [{to=\"name\",from=\"Name\",as=\"words\"},{to=\"email\",from=\"Mail\",as=\"words\"}]\n";
    let other = mapping.replace("name = \"p\"", "name = \"q\"");
    for (name, text) in [
        ("p.toml", mapping),
        ("q.toml", &other),
        (
            "p.csv",
            "Name,Mail\nAl,al@x.example\nBo,AL@x.example\nCy,\n",
        ),
        ("q.csv", "Name,Mail\nAlan,Al@X.example\nDi,di@x.example\n"),
    ] {
        std::fs::write(home.0.path().join(name), text).expect("written");
    }
    for (register, said) in [
        ("p", ["2 created", "1 refused"]),
        ("q", ["1 created", "1 refused"]),
    ] {
        let (file, mapping) = (format!("{register}.csv"), format!("{register}.toml"));
        let import = [
            "import",
            "csv",
            &file,
            "--mapping",
            &mapping,
            "--results",
            "r.csv",
        ];
        for more in [&["--dry-run"][..], &[]] {
            let done = home.run(&[&import[..], more].concat());
            let words = String::from_utf8_lossy(&done.stdout).into_owned();
            assert!(said.iter().all(|part| words.contains(part)), "{words}");
            assert_eq!(done.status.code(), Some(1), "{words}");
            let results = std::fs::read_to_string(home.0.path().join("r.csv")).expect("results");
            assert!(results.contains("address_taken"), "{results}");
        }
    }
    // Who is on record already keeps the address.
    let again = ["import", "csv", "q.csv", "--mapping", "q.toml", "--dry-run"];
    let words = String::from_utf8_lossy(&home.run(&again).stdout).into_owned();
    assert!(words.contains("1 unchanged, 1 refused"), "{words}");
}

#[test]
fn a_kind_that_no_row_is_made_into_is_refused_by_name_in_draft_and_mapping() {
    let home = Home::new();
    std::fs::write(home.0.path().join("a.csv"), "Title\nBroken gate\n").expect("written");
    let draft = ["import", "csv", "a.csv", "--draft-mapping", "a.toml"];
    let mapping = "name = \"a\"\nkind = \"meeting\"\nkey.by = [[\"Title\"]]\nfield = [{to=\"title\",from=\"Title\",as=\"words\"}]\n";
    std::fs::write(home.0.path().join("m.toml"), mapping).expect("written");
    for words in [
        &[&draft[..], &["--kind", "meeting"]].concat()[..],
        &["import", "csv", "a.csv", "--mapping", "m.toml"],
    ] {
        let done = home.run(words);
        assert_eq!(done.status.code(), Some(2), "{}", err(&done));
        assert!(
            err(&done).contains("No meeting is made from a row of a table"),
            "{}",
            err(&done)
        );
        assert!(
            err(&done).contains("ai_system and person"),
            "{}",
            err(&done)
        );
        assert!(err(&done).contains("record put meeting"), "{}", err(&done));
    }
    assert!(!home.0.path().join("a.toml").exists());
    assert!(!home.0.path().join("a.results.csv").exists());
}

#[test]
fn a_mapping_of_a_field_or_choice_there_is_not_is_refused_before_any_row() {
    let home = Home::new();
    std::fs::write(
        home.0.path().join("a.csv"),
        "No,Name,Stage\n1,Router,Live\n2,Sorter,Live\n",
    )
    .expect("written");
    let title = r#"{to="title",from="Name",as="words"}"#;
    for (field, said) in [
        (
            r#"{to="nonsense",from="No",as="words"}"#,
            "\"nonsense\" is none that ai_system has",
        ),
        (
            r#"{to="stage",from="Stage",as="choice",choices={Live="alive"}}"#,
            "no choice \"alive\"",
        ),
    ] {
        let mapping = format!(
            "name = \"a\"\nkind = \"ai_system\"\nkey.by = [[\"No\"]]\nfield = [{title},{field}]\n"
        );
        std::fs::write(home.0.path().join("m.toml"), mapping).expect("written");
        let done = home.run(&["--json", "import", "csv", "a.csv", "--mapping", "m.toml"]);
        let answer: Value = serde_json::from_slice(&done.stdout).expect("a refusal");
        assert_eq!(answer["refusal"]["code"], "mapping_field_wrong", "{answer}");
        assert!(err(&done).contains(said), "{}", err(&done));
    }
}

#[test]
fn a_row_without_what_it_has_to_state_names_its_column() {
    let home = Home::new();
    std::fs::write(
        home.0.path().join("a.csv"),
        "No,System name\n1,\n2,Sorter\n",
    )
    .expect("written");
    let mapping = "name = \"a\"\nkind = \"ai_system\"\nkey.by = [[\"No\"]]\nfield = [{to=\"title\",from=\"System name\",as=\"words\"}]\n";
    std::fs::write(home.0.path().join("m.toml"), mapping).expect("written");
    let done = home.run(&["import", "csv", "a.csv", "--mapping", "m.toml"]);
    assert_eq!(done.status.code(), Some(1), "{}", err(&done));
    let results = std::fs::read_to_string(home.0.path().join("a.results.csv")).expect("results");
    let refused = results.lines().nth(1).expect("a row");
    assert!(refused.contains("cell_needed"), "{refused}");
    assert!(refused.contains("states no title"), "{refused}");
    assert!(refused.contains(",System name,"), "{refused}");
}

#[test]
fn the_sheet_that_was_read_and_the_others_are_named_everywhere() {
    let home = Home::new();
    let sheet = row(1, &words("A1", "Name")) + &row(2, &words("A2", "Router"));
    let old = row(1, &words("A1", "Name")) + &row(2, &words("A2", "Old one"));
    let book = workbook(&[("Old [hidden]", &old), ("Register", &sheet), ("Blank", "")]);
    std::fs::write(home.0.path().join("a.xlsx"), book).expect("written");
    let others = r#"the sheet "Register"; not read: "Old" (hidden), "Blank"."#;
    let done = home.run(&["import", "csv", "a.xlsx", "--draft-mapping", "m.toml"]);
    assert!(err(&done).contains(others), "{}", err(&done));
    let drafted = std::fs::read_to_string(home.0.path().join("m.toml")).expect("a draft");
    assert!(drafted.contains("sheet = \"Register\""), "{drafted}");
    assert!(
        drafted.contains(r#"# Not read: the sheets "Old" (hidden), "Blank"."#),
        "{drafted}"
    );
    for more in [&["--dry-run"][..], &[]] {
        let import = ["import", "csv", "a.xlsx", "--mapping", "m.toml"];
        let done = home.run(&[&import[..], more].concat());
        assert!(err(&done).contains(others), "{}", err(&done));
        let done = home.run(&[&import[..], more, &["--json"]].concat());
        let answer: Value = serde_json::from_slice(&done.stdout).expect("a result");
        assert_eq!(answer["rows"], 1, "{answer}");
        assert_eq!(answer["sheet"], "Register");
        assert_eq!(answer["other_sheets"], json!(["Old", "Blank"]));
    }
}

#[test]
fn a_cover_sheet_is_never_imported_for_the_register_behind_it() {
    let home = Home::new();
    let cover = row(1, &words("A1", "Our register")) + &row(2, &words("A2", "Owner: Jo"));
    let sheet = row(1, &words("A1", "Name")) + &row(2, &words("A2", "Router"));
    let book = workbook(&[("Cover", &cover), ("Register", &sheet)]);
    std::fs::write(home.0.path().join("a.xlsx"), book).expect("written");
    let draft = ["import", "csv", "a.xlsx", "--draft-mapping", "m.toml"];
    let done = home.run(&draft);
    assert!(!done.status.success());
    assert!(err(&done).contains("Cover, Register"), "{}", err(&done));
    assert!(err(&done).contains("--sheet NAME"), "{}", err(&done));
    let done = home.run(&[&draft[..], &["--sheet", "Register"]].concat());
    assert!(done.status.success(), "{}", err(&done));
    let import = ["import", "csv", "a.xlsx", "--mapping", "m.toml"];
    let done = home.run(&import);
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(said.starts_with("1 row: 1 created"), "{said}");
    // A mapping that does not say which is refused as the draft was.
    let drafted = std::fs::read_to_string(home.0.path().join("m.toml")).expect("a draft");
    let unsaid = drafted.replace("sheet = \"Register\"", "");
    std::fs::write(home.0.path().join("m.toml"), unsaid).expect("written");
    let done = home.run(&[&import[..], &["--json"]].concat());
    let answer: Value = serde_json::from_slice(&done.stdout).expect("a refusal");
    assert_eq!(answer["refusal"]["code"], "sheet_unsaid", "{answer}");
    let done = home.run(&[&import[..], &["--sheet", "Register"]].concat());
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(
        said.starts_with("1 row: 0 created, 0 revised, 1 unchanged"),
        "{said}"
    );
}

#[test]
fn a_draft_passes_over_what_stands_above_the_headings_and_says_so_in_the_mapping() {
    for (text, more, at) in [
        ("AI register 2026,\n,\nNo,Name\n1,Router\n", &[][..], 3),
        (
            "Who,Group,\nNo,Name,Stage\n1,Router,Live\n",
            &["--headings-at", "2"],
            2,
        ),
    ] {
        let home = Home::new();
        std::fs::write(home.0.path().join("a.csv"), text).expect("written");
        let draft = ["import", "csv", "a.csv", "--draft-mapping", "m.toml"];
        let done = home.run(&[&draft[..], more].concat());
        assert!(done.status.success(), "{}", err(&done));
        let drafted = std::fs::read_to_string(home.0.path().join("m.toml")).expect("a draft");
        assert!(
            drafted.contains(&format!("headings_at = {at}\n")),
            "{drafted}"
        );
        let done = home.run(&["import", "csv", "a.csv", "--mapping", "m.toml", "--dry-run"]);
        let said = String::from_utf8_lossy(&done.stdout);
        assert!(
            said.starts_with("1 row: would be 1 created"),
            "{said}{}",
            err(&done)
        );
    }
}

fn err(done: &Output) -> String {
    String::from_utf8_lossy(&done.stderr).into_owned()
}

#[test]
fn the_real_register_of_2025_comes_in_whole() {
    let Some(file) = real() else { return };
    let home = Home::new();
    assert_eq!(sums(&home.import(&file, &[])), [3_611, 3_611, 0, 0, 0]);
    assert_eq!(sums(&home.import(&file, &[])), [3_611, 0, 0, 3_611, 0]);
}

/// The real file is read where it lies; without it the test says that it was skipped, and on
/// the build server it fails.
#[expect(
    clippy::disallowed_methods,
    reason = "a test's one reader of the environment"
)]
fn real() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("MINUTEBOOK_SHARED").map_or(beside, PathBuf::from);
    let file = shared.join("data/us-federal/2025_individually_reported_AI_use_cases.csv");
    if file.is_file() {
        return Some(file);
    }
    assert!(
        std::env::var_os("CI").is_none_or(|ci| ci != "true"),
        "{} is missing",
        file.display()
    );
    // Straight to stderr: what a passing test prints through the macros is swallowed.
    let said = writeln!(std::io::stderr(), "SKIPPED: {} is not here", file.display());
    said.expect("stderr takes a line");
    None
}
