//! The newest entries altered by hand: nothing more is recorded, and nothing signed.

use crate::desk::{Desk, person};
use crate::tamper::{signed, small};
use crate::walked::long;

/// Every column of a kept table, with the rows of it that are newest.
const NEWEST: [(&str, &[&str], &str); 5] = [
    (
        "grp",
        &["log", "seq", "name", "commitment", "bytes", "mark"],
        "seq = 7 AND name = 'facts'",
    ),
    (
        "grp",
        &["log", "seq", "name", "commitment", "bytes", "mark"],
        "seq = 7 AND name = 'words'",
    ),
    ("entry", &["log", "seq", "bytes"], "seq = 7"),
    ("head", &["log", "size", "frontier", "root"], "log = 0"),
    ("checkpoint", &["log", "size", "note"], "size = 8"),
];

/// What a column is set to: nothing, one value of each sort, and two of its own sort.
fn values(column: &str) -> [String; 6] {
    let own = |number: &str, bytes: &str| {
        format!("CASE typeof({column}) WHEN 'integer' THEN {column} + {number} ELSE {bytes} END")
    };
    [
        "NULL".to_owned(),
        "x'00'".to_owned(),
        "'exempt'".to_owned(),
        "-3".to_owned(),
        own("1", &format!("substr({column}, 2)")),
        own("1000", &format!("zeroblob(length({column}))")),
    ]
}

/// Plays an edit and returns what a put after it came to, unless it was refused and nothing
/// was signed.
fn signed_over(desk: &Desk, edit: &str) -> Option<String> {
    desk.put_back_after(|desk| {
        desk.alter(edit);
        let before = signed(desk);
        let ran = desk.apply(&[person(9, "zoe")]);
        let held = ran.code == 2 && ran.out.is_empty() && signed(desk) == before;
        (!held).then(|| format!("{edit} -> {ran:?}"))
    })
}

/// Nothing is signed over any of these edits.
pub fn stopped_by_each(desk: &Desk, edits: impl IntoIterator<Item = impl AsRef<str>>) {
    let edits = edits.into_iter();
    let went_on = edits.filter_map(|edit| signed_over(desk, edit.as_ref()));
    assert_eq!(went_on.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn nothing_is_signed_over_a_column_of_the_newest_entries() {
    let desk = small();
    let mut edits = Vec::new();
    for (table, columns, newest) in NEWEST {
        for column in columns {
            edits.extend(values(column).map(|value| (table, *column, newest, value)));
        }
    }
    // Only bytes and marks may be nothing, SQLite keeps a row number a number, and these groups
    // bear no mark to be shortened or taken off.
    edits.retain(|(table, column, _, value)| match (*table, *column) {
        ("grp", "bytes") => true,
        ("grp", "mark") => value != "NULL" && !value.starts_with("CASE"),
        ("head", "log") => value == "-3" || value.starts_with("CASE"),
        _ => value != "NULL",
    });
    let edits = edits.into_iter().map(|(table, column, newest, value)| {
        format!("UPDATE {table} SET {column} = {value} WHERE {newest}")
    });
    stopped_by_each(&desk, edits);
    desk.done(&[person(9, "zoe")]);
    desk.holds();
}

#[test]
fn nothing_is_signed_beside_a_row_that_nobody_recorded() {
    let desk = small();
    let edits = [
        "INSERT INTO grp SELECT log, seq, 'more', commitment, bytes, mark FROM grp WHERE seq = 7 LIMIT 1",
        "INSERT INTO grp SELECT log, 999, name, commitment, bytes, mark FROM grp WHERE seq = 7 LIMIT 1",
        "INSERT INTO entry SELECT log, 8, bytes FROM entry WHERE seq = 7",
        "INSERT INTO entry SELECT log, 999, bytes FROM entry WHERE seq = 7",
        "INSERT INTO entry SELECT log, -1, bytes FROM entry WHERE seq = 7",
        "INSERT INTO entry SELECT 1, seq, bytes FROM entry WHERE seq = 7",
        "INSERT INTO grp SELECT log, -1, name, commitment, bytes, mark FROM grp WHERE seq = 7 LIMIT 1",
        "INSERT INTO grp SELECT 1, seq, name, commitment, bytes, mark FROM grp WHERE seq = 7 LIMIT 1",
        "INSERT INTO checkpoint SELECT log, 0, note FROM checkpoint WHERE size = 8",
        "DELETE FROM checkpoint WHERE size = 8",
        "UPDATE grp SET bytes = NULL WHERE name = 'act'",
        "UPDATE grp SET bytes = NULL WHERE name = 'words'",
        "UPDATE grp SET mark = NULL WHERE mark IS NOT NULL",
    ];
    stopped_by_each(&desk, edits);
    desk.done(&[person(9, "zoe")]);
    desk.holds();
}

#[test]
fn nothing_is_packed_that_is_not_as_its_entry_commits_to() {
    let desk = small();
    let out = desk.dir.path().join("out.zip");
    let edits = [
        ("bytes = NULL", 5, "words"),
        ("bytes = NULL", 3, "act"),
        ("bytes = CAST(bytes || ' ' AS BLOB)", 5, "words"),
        ("commitment = zeroblob(32)", 7, "words"),
        ("commitment = zeroblob(32)", 7, "facts"),
        ("mark = 'exempt'", 5, "words"),
        ("name = 'more'", 5, "words"),
    ];
    for (edit, seq, name) in edits {
        desk.put_back_after(|desk| {
            let edit = format!("UPDATE grp SET {edit} WHERE seq = {seq} AND name = '{name}'");
            assert_eq!(desk.database().execute(&edit, []), Ok(1), "{edit}");
            for more in [&[][..], &["--list"]] {
                let ran = desk.run(&[&["pack", "out.zip"][..], more].concat());
                assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{edit} -> {ran:?}");
                let place = format!("entry {seq}, group {name}: ");
                assert!(ran.err.contains(&place), "{edit} -> {ran:?}");
                assert!(!ran.err.contains("Hand over"), "{edit} -> {ran:?}");
                assert!(!out.exists(), "{edit}");
            }
        });
    }
    let ran = desk.run(&["pack", "out.zip"]);
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn the_newest_four_thousand_are_read_back_however_many_there_are() {
    let desk = long();
    let edits = [
        "UPDATE grp SET bytes = NULL WHERE seq = 300 AND name = 'words'",
        "UPDATE entry SET bytes = CAST(replace(CAST(bytes AS TEXT), 'put', 'pit') AS BLOB) WHERE seq = 300",
        "UPDATE entry SET bytes = CAST(replace(CAST(bytes AS TEXT), 'put', 'pit') AS BLOB) WHERE seq = 300; UPDATE fact SET value = hex(zeroblob(length(value) / 2)) WHERE name = 'range 256'",
        "UPDATE entry SET bytes = CAST(replace(CAST(bytes AS TEXT), 'put', 'pit') AS BLOB) WHERE seq = 300; DELETE FROM fact WHERE name = 'range 256'",
    ];
    stopped_by_each(&desk, edits);
    // What is derived is no ground to stop: the entries speak for themselves.
    let derived = [
        "UPDATE fact SET value = hex(zeroblob(length(value) / 2)) WHERE name = 'range 256'",
        "DELETE FROM fact WHERE name = 'range 256'",
    ];
    for (edit, n) in derived.iter().zip(9..) {
        desk.database().execute_batch(edit).unwrap();
        desk.done(&[person(n, &format!("zoe{n}"))]);
    }
}
