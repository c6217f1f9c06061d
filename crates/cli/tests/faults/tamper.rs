//! The database edited by hand: each edit is noticed by `verify`.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;

use rusqlite::Connection;
use serde_json::json;

use crate::desk::{Desk, copy_folder, id, person};

/// Returns a ledger with a row in every table that has any, and a file that a record cites.
pub fn small() -> Desk {
    let desk = Desk::simulated();
    let minutes = desk.file("minutes.txt", b"The scope was approved.");
    let added = desk.run(&["file", "add", minutes.to_str().unwrap()]);
    let file = added.out.trim();
    desk.done(&[
        person(1, "bea"),
        json!({"do": "put", "kind": "body", "id": id(2), "body": {"name": "Cabinet",
            "top_management": "is", "quorum": 1, "may": ["decide"], "powers": []}}),
        json!({"do": "put", "kind": "ai_system", "id": id(3), "key": "pavelook", "body": {
            "title": "Pavelook", "origin": "bought", "purpose": "To find potholes."}}),
    ]);
    // A second batch, so that there is a checkpoint before the last.
    desk.done(&[
        json!({"do": "put", "kind": "meeting", "id": id(4), "effective_on": "2026-01-05",
            "body": {"title": "Cabinet, 5 January", "body": id(2), "state": "held",
                "sittings": [{"on": "2026-01-05"}], "minutes": {"file": file}}}),
        json!({"do": "put", "kind": "risk_assessment", "id": id(5), "body": {
            "title": "Pavelook", "systems": [{"id": id(3), "version": 1}],
            "assessed_on": "2026-01-05",
            "consequences": {"organisation": "Claims.", "individuals": "None.",
                "societies": "Uneven repair."},
            "decision": {"says": "no_change", "because": "Crews check.", "on": "2026-01-05"}}}),
    ]);
    desk.holds();
    desk
}

impl Desk {
    pub fn database(&self) -> Connection {
        Connection::open(self.data().join("minutebook.db")).unwrap()
    }

    /// Edits the database by hand, past what it holds its rows to.
    pub fn alter(&self, edit: &str) {
        let database = self.database();
        let unchecked = "PRAGMA ignore_check_constraints = on";
        database.execute_batch(unchecked).unwrap();
        let edited = database.execute_batch(edit);
        edited.unwrap_or_else(|error| panic!("{edit}: {error}"));
    }

    pub fn tampered(&self, edit: impl FnOnce(&Self)) -> crate::desk::Ran {
        self.put_back_after(|desk| {
            edit(desk);
            desk.verify()
        })
    }

    /// Runs what is given on the ledger as it is, then puts everything back.
    pub fn put_back_after<T>(&self, play: impl FnOnce(&Self) -> T) -> T {
        let kept = self.dir.path().join("kept");
        let places = [(self.data(), "data"), (self.guard(), "guard")];
        for (place, name) in &places {
            copy_folder(place, &kept.join(name));
        }
        let came = play(self);
        for (place, name) in &places {
            fs::remove_dir_all(place).unwrap();
            fs::rename(kept.join(name), place).unwrap();
        }
        came
    }
}

/// Plays each edit on the same ledger and returns those that `verify` did not answer with 1.
fn unnoticed(edits: &[String]) -> Vec<String> {
    let desk = small();
    let mut unnoticed = Vec::new();
    for edit in edits {
        let ran = desk.tampered(|desk| desk.alter(edit));
        let named = ran.code == 1 && !ran.json()["failures"].as_array().unwrap().is_empty();
        if !named {
            unnoticed.push(format!("{edit} -> {} {}{}", ran.code, ran.out, ran.err));
        }
    }
    desk.holds();
    unnoticed
}

/// Every column of every kept table, and of every derived one.
const COLUMNS: [(&str, &[&str]); 13] = [
    ("entry", &["log", "seq", "bytes"]),
    (
        "grp",
        &["log", "seq", "name", "commitment", "bytes", "mark"],
    ),
    ("head", &["log", "size", "frontier", "root"]),
    ("checkpoint", &["log", "size", "note"]),
    ("meta", &["name", "value"]),
    (
        "record",
        &[
            "id",
            "kind",
            "versions",
            "title",
            "first_seq",
            "last_seq",
            "withdrawn",
        ],
    ),
    ("link", &["to_id", "to_version", "from_seq", "field"]),
    ("idempotency", &["key", "content", "seq"]),
    ("field", &["name", "value", "id"]),
    (
        "verdict",
        &[
            "rule",
            "subject",
            "known_from",
            "from_day",
            "until_day",
            "known_until",
            "since_day",
            "says",
            "sort",
            "body",
        ],
    ),
    (
        "tally",
        &["rule", "day", "says", "as_known_now", "as_known_then"],
    ),
    ("governing", &["seq", "entry", "facts"]),
    ("fact", &["name", "value"]),
];

/// The first row and the last: both ends of a table are looked at.
const ENDS: [&str; 2] = ["min", "max"];

#[test]
fn no_table_is_empty_in_these_tests() {
    let desk = small();
    let database = desk.database();
    let rows = |table: &str| {
        let sql = format!("SELECT count(*) FROM {table}");
        database.query_row(&sql, [], |row| row.get::<_, i64>(0))
    };
    let empty = COLUMNS.iter().filter(|(table, _)| rows(table) == Ok(0));
    assert_eq!(empty.collect::<Vec<_>>(), [] as [&(&str, &[&str]); 0]);
}

#[test]
fn no_column_is_missing_from_these_tests() {
    let desk = small();
    let mut found = Vec::new();
    let database = desk.database();
    let mut tables = database
        .prepare("SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' ORDER BY t.name, c.name")
        .unwrap();
    let rows = tables
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    found.extend(rows.map(|row| row.unwrap()));
    let mut meant: Vec<(String, String)> = Vec::new();
    for (table, columns) in COLUMNS {
        meant.extend(
            columns
                .iter()
                .map(|column| (table.to_owned(), (*column).to_owned())),
        );
    }
    meant.sort();
    assert_eq!(found, meant);
}

#[test]
fn a_value_of_the_same_sort_in_any_column_is_noticed() {
    let mut edits = Vec::new();
    for (table, columns) in COLUMNS {
        for (column, end) in columns.iter().flat_map(|one| ENDS.map(|end| (one, end))) {
            let value = format!(
                "CASE typeof({column})
                 WHEN 'integer' THEN {column} + 1000
                 WHEN 'text' THEN substr({column}, 1, length({column}) - 1) || CASE substr({column}, -1) WHEN 'x' THEN 'y' ELSE 'x' END
                 WHEN 'blob' THEN COALESCE(CAST(substr({column}, 1, length({column}) - 1) AS BLOB), x'') || CASE hex(substr({column}, -1)) WHEN '78' THEN x'79' ELSE x'78' END
                 ELSE 'personal' END"
            );
            // Text and bytes joined are text: they go back to what the column held.
            let value = format!(
                "CASE typeof({column}) WHEN 'blob' THEN CAST({value} AS BLOB) ELSE {value} END"
            );
            edits.push(format!(
                "UPDATE {table} SET {column} = {value} WHERE rowid = (SELECT {end}(rowid) FROM {table})"
            ));
        }
    }
    assert_eq!(unnoticed(&edits), Vec::<String>::new());
}

#[test]
fn a_value_of_another_sort_in_any_column_is_noticed() {
    let mut edits = Vec::new();
    for (table, columns) in COLUMNS {
        for column in columns {
            let changed = |value: &str| {
                format!(
                    "UPDATE {table} SET {column} = {value} WHERE rowid = (SELECT max(rowid) FROM {table})"
                )
            };
            edits.push(changed("x'00'"));
            edits.push(changed("'other'"));
            edits.push(changed("-3"));
        }
    }
    // SQLite itself keeps a row number a number.
    edits.retain(|edit| {
        let mut numbers = ["head SET log =", "governing SET seq ="].into_iter();
        !numbers.any(|number| {
            ["x'00'", "'other'"]
                .iter()
                .any(|value| edit.contains(&format!("{number} {value}")))
        })
    });
    assert_eq!(unnoticed(&edits), Vec::<String>::new());
}

#[test]
fn a_row_taken_out_of_any_table_is_noticed() {
    let mut edits = Vec::new();
    for (table, _) in COLUMNS {
        edits.extend(ENDS.map(|end| {
            format!("DELETE FROM {table} WHERE rowid = (SELECT {end}(rowid) FROM {table})")
        }));
        edits.push(format!("DELETE FROM {table}"));
    }
    edits.push(
        "DELETE FROM checkpoint WHERE size = (SELECT size FROM checkpoint ORDER BY size LIMIT 1 OFFSET 1)".to_owned(),
    );
    assert_eq!(unnoticed(&edits), Vec::<String>::new());
}

#[test]
fn a_row_put_into_any_table_is_noticed() {
    let after = "(SELECT max(seq) + 1 FROM entry)";
    let edits = [
        format!("INSERT INTO entry (log, seq, bytes) SELECT 0, {after}, bytes FROM entry LIMIT 1"),
        "INSERT INTO entry (log, seq, bytes) SELECT 0, -1, bytes FROM entry LIMIT 1".to_owned(),
        "INSERT INTO entry (log, seq, bytes) SELECT 1, 0, bytes FROM entry LIMIT 1".to_owned(),
        "INSERT INTO grp SELECT log, seq, 'more', commitment, bytes, mark FROM grp LIMIT 1"
            .to_owned(),
        "INSERT INTO grp SELECT log, 999, name, commitment, bytes, mark FROM grp LIMIT 1"
            .to_owned(),
        "INSERT INTO grp SELECT 1, seq, name, commitment, bytes, mark FROM grp LIMIT 1".to_owned(),
        "INSERT INTO head SELECT 1, size, frontier, root FROM head".to_owned(),
        "INSERT INTO checkpoint SELECT log, size + 1000, note FROM checkpoint LIMIT 1".to_owned(),
        "INSERT INTO checkpoint SELECT log, 0, note FROM checkpoint LIMIT 1".to_owned(),
        "INSERT INTO checkpoint SELECT 1, size, note FROM checkpoint LIMIT 1".to_owned(),
        "INSERT INTO meta VALUES ('more', 'of it')".to_owned(),
        format!(
            "INSERT INTO record SELECT x'{0}', kind, 1, title, 0, 0, 0 FROM record LIMIT 1",
            "00".repeat(16)
        ),
        "INSERT INTO link SELECT to_id, 9, from_seq, 'cites' FROM link LIMIT 1".to_owned(),
        format!(
            "INSERT INTO idempotency VALUES (x'{0}', x'{0}', 1)",
            "00".repeat(32)
        ),
        "INSERT INTO field SELECT 'email', 'eve@council.example', id FROM field LIMIT 1".to_owned(),
        "INSERT INTO verdict VALUES ('4.3', x'', 0, 0, 9, 9, 0, 2, 0, '')".to_owned(),
        "INSERT INTO tally VALUES ('4.3', 0, 2, 1, 1)".to_owned(),
        "INSERT INTO governing SELECT 999, entry, facts FROM governing LIMIT 1".to_owned(),
        "INSERT INTO fact VALUES ('more', 'of it')".to_owned(),
    ];
    assert_eq!(unnoticed(&edits), Vec::<String>::new());
}

#[test]
fn entries_cut_from_the_end_or_swapped_are_noticed() {
    let swap = |table: &str| {
        format!(
            "UPDATE {table} SET seq = -1 WHERE seq = 4; UPDATE {table} SET seq = 4 WHERE seq = 5; UPDATE {table} SET seq = 5 WHERE seq = -1;"
        )
    };
    let edits = [
        "DELETE FROM entry WHERE seq >= 6; DELETE FROM grp WHERE seq >= 6".to_owned(),
        // With all that says so put right again, only the guard and the signatures are left.
        "DELETE FROM entry WHERE seq >= 6; DELETE FROM grp WHERE seq >= 6; DELETE FROM checkpoint WHERE size > 6; DELETE FROM link WHERE from_seq >= 6".to_owned(),
        swap("entry"),
        format!("{}{}", swap("entry"), swap("grp")),
    ];
    assert_eq!(unnoticed(&edits), Vec::<String>::new());
}

#[test]
fn what_was_added_to_the_schema_or_taken_from_it_is_noticed() {
    let edits = [
        "DROP INDEX grp_erased".to_owned(),
        "DROP TABLE verdict".to_owned(),
        "CREATE TABLE more (x)".to_owned(),
        "CREATE TRIGGER silently AFTER INSERT ON entry BEGIN DELETE FROM record; END".to_owned(),
        "ALTER TABLE entry ADD COLUMN remark TEXT".to_owned(),
    ];
    assert_eq!(unnoticed(&edits), Vec::<String>::new());
}

#[test]
fn a_byte_changed_anywhere_in_a_checkpoint_is_noticed() {
    let note: String = small()
        .database()
        .query_row(
            "SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1",
            [],
            |row| row.get(0),
        )
        .unwrap();
    let letters: Vec<char> = note.chars().collect();
    let places = (0..letters.len())
        .step_by(7)
        .chain(letters.len() - 6..letters.len());
    let edits: Vec<String> = places
        .map(|place| {
            let mut changed = letters.clone();
            changed[place] = if changed[place] == 'B' { 'C' } else { 'B' };
            let changed: String = changed.into_iter().collect();
            format!("UPDATE checkpoint SET note = '{changed}' WHERE size = (SELECT max(size) FROM checkpoint)")
        })
        .collect();
    assert_eq!(unnoticed(&edits), Vec::<String>::new());
}

/// Returns the path of the one stored file.
pub fn stored(desk: &Desk) -> PathBuf {
    let folder = fs::read_dir(desk.data().join("files"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let file = fs::read_dir(folder.path())
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    file.path()
}

#[test]
fn a_stored_file_changed_emptied_or_taken_away_is_noticed() {
    let desk = small();
    let sound = fs::read(stored(&desk)).unwrap();
    let mut changed = sound.clone();
    changed[0] ^= 1;
    for bytes in [changed, Vec::new()] {
        let ran = desk.tampered(|desk| fs::write(stored(desk), &bytes).unwrap());
        assert_eq!(ran.code, 1, "{ran:?}");
    }
    let ran = desk.tampered(|desk| fs::remove_file(stored(desk)).unwrap());
    assert_eq!(ran.code, 1, "{ran:?}");
    assert_eq!(ran.json()["failures"][0]["seq"], 6, "{ran:?}");
}

#[test]
fn a_guard_changed_or_taken_away_is_noticed() {
    let desk = small();
    let path = fs::read_dir(desk.guard())
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let sound = fs::read_to_string(&path).unwrap();
    let edits = [
        sound.replace("size 8", "size 9"),
        sound.replace("size 8", "size 7"),
        sound.replace("root ", "root 0"),
        String::new(),
    ];
    for edit in edits {
        assert_ne!(edit, sound);
        fs::write(&path, &edit).unwrap();
        let ran = desk.verify();
        assert_eq!(ran.code, 1, "{edit} {ran:?}");
    }
    fs::remove_file(&path).unwrap();
    assert_eq!(desk.verify().code, 1);
}

/// Returns everything that says what was signed: the checkpoints and the guard.
pub fn signed(desk: &Desk) -> (Vec<String>, String) {
    let database = desk.database();
    let mut notes = database
        .prepare("SELECT CAST(note AS TEXT) FROM checkpoint ORDER BY size")
        .unwrap();
    let notes = notes.query_map([], |row| row.get(0)).unwrap();
    let guard = fs::read_dir(desk.guard()).unwrap().next().unwrap().unwrap();
    (
        notes.map(Result::unwrap).collect(),
        fs::read_to_string(guard.path()).unwrap(),
    )
}

#[test]
fn nothing_is_signed_over_what_was_altered() {
    let last = |table: &str| format!("rowid = (SELECT max(rowid) FROM {table})");
    let fifth = |column: &str| {
        format!(
            "UPDATE entry SET {column} = CAST(replace(CAST({column} AS TEXT), 'put', 'pit') AS BLOB) WHERE seq = 5"
        )
    };
    let facts = "UPDATE grp SET bytes = CAST(replace(CAST(bytes AS TEXT), '2026', '2025') AS BLOB) WHERE name = 'facts' AND seq =";
    let edits = [
        fifth("bytes"),
        format!("{facts} 3"),
        format!("{facts} 7"),
        format!("UPDATE grp SET name = 'other' WHERE {}", last("grp")),
        format!("DELETE FROM grp WHERE {}", last("grp")),
        "DELETE FROM entry WHERE seq = 4".to_owned(),
        "DELETE FROM entry WHERE seq >= 6; DELETE FROM grp WHERE seq >= 6".to_owned(),
        "UPDATE entry SET seq = -1 WHERE seq = 4; UPDATE entry SET seq = 4 WHERE seq = 5; UPDATE entry SET seq = 5 WHERE seq = -1".to_owned(),
        "UPDATE head SET size = 7".to_owned(),
        "UPDATE head SET root = zeroblob(32)".to_owned(),
        "UPDATE head SET frontier = zeroblob(length(frontier))".to_owned(),
        "DELETE FROM head".to_owned(),
        "UPDATE checkpoint SET note = replace(note, 'minutebook', 'minutebooc')".to_owned(),
        "UPDATE checkpoint SET note = (SELECT note FROM checkpoint ORDER BY size LIMIT 1) WHERE size = 8".to_owned(),
        "UPDATE checkpoint SET size = 7 WHERE size = 8".to_owned(),
    ];
    let desk = small();
    let mut went_on = Vec::new();
    for edit in &edits {
        desk.tampered(|desk| {
            desk.database().execute_batch(edit).unwrap();
            let before = signed(desk);
            for command in [&["apply", "-"][..], &["guard", "accept", "--because", "x"]] {
                let ran = desk.run(command);
                if ran.code != 2 || !ran.out.is_empty() || signed(desk) != before {
                    went_on.push(format!("{edit} -> {command:?} {ran:?}"));
                }
            }
        });
    }
    assert_eq!(went_on, Vec::<String>::new());
    desk.done(&[person(9, "zoe")]);
    desk.holds();
}

#[test]
fn nothing_is_signed_where_the_database_declares_what_is_not_ours_or_lacks_what_is() {
    let edits = [
        (
            "DROP INDEX entry_by_seq",
            "index entry_by_seq on entry is missing or altered",
        ),
        (
            "DROP INDEX verdict_by_says",
            "index verdict_by_says on verdict is missing or altered",
        ),
        (
            "DROP TABLE tally",
            "index tally_by_day on tally is missing or altered",
        ),
        ("CREATE TABLE more (x)", "table more on more is not ours"),
        (
            "CREATE VIEW more AS SELECT 1",
            "view more on more is not ours",
        ),
        (
            "ALTER TABLE entry ADD COLUMN remark TEXT",
            "table entry on entry is missing or altered",
        ),
        (
            "CREATE TRIGGER t AFTER INSERT ON entry BEGIN DELETE FROM grp WHERE seq = 4; END",
            "trigger t on entry is not ours",
        ),
        (
            "CREATE TRIGGER t BEFORE INSERT ON checkpoint BEGIN SELECT RAISE(IGNORE); END",
            "trigger t on checkpoint is not ours",
        ),
        ("PRAGMA user_version = 2", "says that it is of layout 2"),
    ];
    let desk = small();
    for (edit, said) in edits {
        desk.put_back_after(|desk| {
            desk.database().execute_batch(edit).unwrap();
            let before = signed(desk);
            let ran = desk.run(&["apply", "-"]);
            assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{edit}: {ran:?}");
            for said in [said, "restore the latest backup"] {
                assert!(ran.err.contains(said), "{edit}: {ran:?}");
            }
            let has_statement = ["CREATE ", "SELECT "]
                .iter()
                .any(|word| ran.err.contains(word));
            assert!(!has_statement, "{edit}: {ran:?}");
            assert_eq!(signed(desk), before, "{edit}");
        });
    }
    desk.done(&[person(9, "zoe")]);
}

#[test]
fn a_checkpoint_that_was_not_kept_acknowledges_nothing() {
    let desk = small();
    let mut child = desk.start(&["apply", "-"]);
    let mut stdin = child.stdin.take().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    writeln!(stdin, "{}", person(9, "zoe")).unwrap();
    out.read_line(&mut line).unwrap();
    assert!(line.contains("\"ok\":true"), "{line}");
    // While it writes, so that no look at its start can notice.
    let trigger = "CREATE TRIGGER t BEFORE INSERT ON checkpoint BEGIN SELECT RAISE(IGNORE); END";
    desk.database().execute_batch(trigger).unwrap();
    writeln!(stdin, "{}", person(10, "yan")).unwrap();
    drop(stdin);
    line.clear();
    out.read_line(&mut line).unwrap();
    // Committed, and under no checkpoint: no more is said than that.
    let answered: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(answered["ok"], false, "{line}");
    assert_eq!(answered["refusal"]["code"], "not_known", "{line}");
    line.clear();
    out.read_line(&mut line).unwrap();
    assert_eq!(line, "");
    assert_eq!(child.wait().unwrap().code(), Some(2));
}

#[test]
fn what_other_rules_derived_is_said_and_made_anew_before_it_is_read() {
    let desk = small();
    let told = || desk.run(&["--json", "status"]).json();
    let before = told();
    let derived = "UPDATE fact SET value = substr(value, 1, instr(value, ' ')) || 'minutebook 0.0.1, iso-42001/0 abc' WHERE name = 'kept'; UPDATE verdict SET says = 0, body = ''";
    desk.database().execute_batch(derived).unwrap();
    let report = desk.verify();
    assert_eq!(report.code, 1);
    let report = report.json();
    let first = &report["failures"][0];
    assert_eq!(
        first["what"],
        "what is derived was made by another program or other rules"
    );
    let detail =
        "minutebook 0.0.1, iso-42001/0 abc: `minutebook status` makes it anew; then verify again";
    assert_eq!(first["detail"], detail);
    assert_eq!(told(), before);
    desk.holds();
}
