//! Imports that are killed, or whose results cannot be written, and cells that no import takes.

use std::fs;
use std::path::Path;

use crate::desk::{Desk, Ran, finish};
use crate::killed::kill_along;

const MAPPING: &str = r#"
name = "a"
kind = "ai_system"
key.by = [["No"], ["Name"]]
field = [
    {to = "title", from = "Name", as = "words"},
    {to = "operational_since", from = "Since", as = "date", order = "dmy", optional = true},
]
"#;

/// More rows than are committed at once.
const ROWS: usize = 900;

fn desk() -> Desk {
    let desk = Desk::simulated();
    desk.file("m.toml", MAPPING.as_bytes());
    let rows = (1..=ROWS).map(|n| format!("{n},System {n}\n"));
    let rows: String = std::iter::once("No,Name\n".to_owned())
        .chain(rows)
        .collect();
    desk.file("a.csv", rows.as_bytes());
    desk
}

const IMPORT: [&str; 7] = [
    "import",
    "csv",
    "a.csv",
    "--mapping",
    "m.toml",
    "--results",
    "out/r.csv",
];

fn systems(desk: &Desk) -> usize {
    let listed = desk.run(&["--json", "record", "list", "ai_system"]).json();
    let titles = listed.as_array().unwrap().iter();
    let titles: std::collections::BTreeSet<&str> =
        titles.map(|one| one["title"].as_str().unwrap()).collect();
    assert_eq!(
        titles.len(),
        listed.as_array().unwrap().len(),
        "a row made two records"
    );
    titles.len()
}

/// Returns how many rows of the results have an outcome.
fn results(folder: &Path, outcome: &str) -> usize {
    let results = fs::read_to_string(folder.join("r.csv")).unwrap();
    let has = |line: &&str| line.contains(&format!(",{outcome},"));
    results.lines().filter(has).count()
}

#[test]
fn a_killed_import_is_completed_by_the_next_and_doubles_nothing() {
    let kept = std::cell::RefCell::new(desk());
    fs::create_dir(kept.borrow().dir.path().join("out")).unwrap();
    kill_along(
        || kept.borrow().command(&IMPORT),
        |round| {
            let desk = desk();
            let desk = kept.replace(desk);
            let out = desk.dir.path().join("out");
            fs::create_dir(kept.borrow().dir.path().join("out")).unwrap();
            let before = systems(&desk);
            // Results have their name only when they are whole.
            if out.join("r.csv").exists() {
                assert_eq!(results(&out, "created"), ROWS, "round {round}");
            }
            let ran = desk.run(&IMPORT);
            assert_eq!(ran.code, 0, "round {round}: {ran:?}");
            let sums = format!(
                "{ROWS} rows: {} created, 0 revised, {before} unchanged, 0 refused; 0 absent",
                ROWS - before
            );
            assert!(ran.out.starts_with(&sums), "round {round}: {sums}: {ran:?}");
            assert_eq!(results(&out, "created"), ROWS - before, "round {round}");
            assert_eq!(results(&out, "unchanged"), before, "round {round}");
            assert_eq!(fs::read_dir(&out).unwrap().count(), 1, "round {round}");
            assert_eq!(systems(&desk), ROWS, "round {round}");
            desk.holds();
        },
    );
}

#[test]
fn an_import_whose_results_lose_their_folder_says_what_it_recorded() {
    // The results are begun before the first row is recorded; then their folder goes. An import that
    // ended before it went is tried again.
    let (desk, done) = (0..10)
        .find_map(|_| {
            let desk = desk();
            let out = desk.dir.path().join("out");
            fs::create_dir(&out).unwrap();
            let child = desk.start(&IMPORT);
            let begun = out.join("r.csv.minutebook-partial");
            while !begun.exists() && !out.join("r.csv").exists() {
                std::thread::yield_now();
            }
            let went = fs::rename(&out, desk.dir.path().join("gone"));
            let done = child.wait_with_output().unwrap();
            let was_late = went.is_err() || desk.dir.path().join("gone/r.csv").exists();
            (!was_late).then_some((desk, done))
        })
        .expect("one of ten is caught while it records");
    let said = String::from_utf8(done.stdout).unwrap();
    let told = String::from_utf8(done.stderr).unwrap();
    assert_eq!(done.status.code(), Some(2), "{said}{told}");
    assert!(
        said.starts_with(&format!("{ROWS} rows: {ROWS} created")),
        "{said}"
    );
    let next = "The rows were taken as above, and their results are not in a file; a further run with another --results finds them unchanged.";
    assert!(told.contains("out/r.csv") && told.contains(next), "{told}");
    assert_eq!(systems(&desk), ROWS);
    let words = [&IMPORT[..6], &["again.csv"]].concat();
    let ran = desk.run(&words);
    assert!(ran.out.contains(&format!(" {ROWS} unchanged")), "{ran:?}");
    assert!(desk.dir.path().join("again.csv").exists());
    desk.holds();
}

#[cfg(target_os = "linux")]
#[test]
fn results_go_to_no_device_and_nothing_is_recorded_for_them() {
    let desk = desk();
    std::os::unix::fs::symlink("/dev/full", desk.dir.path().join("full")).unwrap();
    let ran = desk.run(&[&IMPORT[..6], &["full"]].concat());
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(
        ran.err
            .contains("full is there already, and holds no results"),
        "{ran:?}"
    );
    assert_eq!(systems(&desk), 0);
}

/// Imports one file of one bad row between two good ones and returns what the results say of it.
fn bad_row(desk: &Desk, bytes: &[u8]) -> (Ran, String) {
    desk.file("a.csv", bytes);
    let ran = finish(desk.command(&[&IMPORT[..6], &["r.csv"]].concat()));
    let results = fs::read_to_string(desk.dir.path().join("r.csv")).unwrap();
    let row = results.lines().find(|line| line.starts_with("2,"));
    (ran, row.unwrap().to_owned())
}

#[test]
fn a_cell_that_cannot_be_taken_refuses_its_row_by_number_and_column() {
    let mebibyte = "x".repeat(1 << 20);
    let strict = MAPPING.replace("optional = true", "strict = true");
    for (cells, code, column) in [
        (
            format!("2,{mebibyte},2024").into_bytes(),
            "cell_too_large",
            ",Name,",
        ),
        (b"2,So\0rter,2024".to_vec(), "cell_has_nul", ",Name,"),
        (
            b"2,Sorter,31.02.2024".to_vec(),
            "cell_unreadable",
            ",Since,",
        ),
        (b"2,Sorter,2024,more".to_vec(), "row_ragged", ",,"),
    ] {
        let desk = desk();
        desk.file("m.toml", strict.as_bytes());
        let file = [
            &b"No,Name,Since\n1,Router,2024\n"[..],
            &cells,
            b"\n3,Mower,2024\n",
        ]
        .concat();
        let (ran, row) = bad_row(&desk, &file);
        assert_eq!(ran.code, 1, "{code}");
        let sums = "3 rows: 2 created, 0 revised, 0 unchanged, 1 refused";
        assert!(ran.out.starts_with(sums), "{code}: {}", ran.out);
        assert!(row.contains(&format!(",refused,,{code},")), "{row:.300}");
        assert!(row.contains(column), "{row:.300}");
        assert_eq!(systems(&desk), 2, "{code}");
        desk.holds();
    }
}

#[test]
fn a_day_that_is_not_in_the_calendar_keeps_its_row_and_says_where() {
    let desk = desk();
    let file = b"No,Name,Since\n1,Router,2024\n2,Sorter,31.02.2024\n3,Mower,2024\n";
    let (ran, row) = bad_row(&desk, file);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.out.contains("3 created") && ran.out.contains("1 warning"),
        "{ran:?}"
    );
    let said = "Since: \"\"31.02.2024\"\" is not read as a date: the calendar has no such day";
    assert!(row.contains(said), "{row}");
}

#[test]
fn a_file_that_is_no_such_table_is_refused_whole_with_the_place() {
    let desk = desk();
    let before = desk.head();
    let binary: Vec<u8> = (0..=255).cycle().take(4096).collect();
    for (bytes, parts) in [
        (&binary[..], &["this is binary data, not a table"][..]),
        (
            b"No,Name,No\n1,Router,2\n",
            &["columns 1 and 3 both have the heading \"No\""],
        ),
        (
            b"No,Title\n1,Router\n",
            &[
                "the file has no column \"Name\"",
                "it has \"No\", \"Title\"",
            ],
        ),
        (
            b"No,Na\0me\n1,Router\n",
            &["the heading of column 2 holds a NUL"],
        ),
        (
            b"No,Name\n1,\"Router\n2,Sorter\n",
            &["line 2 is never closed"],
        ),
        (b"", &["a.csv is empty"]),
    ] {
        desk.file("a.csv", bytes);
        for more in [&[][..], &["--dry-run"]] {
            let ran = desk.run(&[&IMPORT[..5], more].concat());
            assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
            for part in parts {
                assert!(ran.err.contains(part), "{part}: {ran:?}");
            }
        }
    }
    assert_eq!(desk.head(), before);
}
