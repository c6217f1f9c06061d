//! Bytes of the data directory changed one at a time: what `verify` names is signed over by nobody.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use rusqlite::types::Value as Cell;
use rusqlite::{Connection, OpenFlags};

use crate::desk::{Desk, Ran, person};
use crate::newest::stopped_by_each;
use crate::tamper::{signed, small, stored};

/// Nothing is recorded or signed by a command that writes, and what it says names what is wrong.
fn stopped(desk: &Desk, named: &str) {
    let before = signed(desk);
    let accepted = desk.run(&["guard", "accept", "--because", "x"]);
    for ran in [desk.apply(&[person(9, "zoe")]), accepted] {
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{named}: {ran:?}");
        assert!(ran.err.contains(named), "{named}: {ran:?}");
        assert!(ran.err.contains("minutebook verify"), "{named}: {ran:?}");
    }
    assert_eq!(signed(desk), before, "{named}");
}

#[test]
fn a_byte_changed_anywhere_in_an_earlier_checkpoint_is_signed_over_by_nobody() {
    let desk = small();
    let (notes, _) = signed(&desk);
    assert!(notes.len() > 2, "{notes:?}");
    let mut edits = Vec::new();
    for note in &notes[..notes.len() - 1] {
        let letters: Vec<char> = note.chars().collect();
        for place in (0..letters.len()).step_by(23) {
            let mut changed = letters.clone();
            changed[place] = if changed[place] == 'B' { 'C' } else { 'B' };
            let changed: String = changed.into_iter().collect();
            edits.push(format!(
                "UPDATE checkpoint SET note = '{changed}' WHERE note = '{note}'"
            ));
        }
    }
    stopped_by_each(&desk, edits);
    desk.put_back_after(|desk| {
        let other = "UPDATE checkpoint SET note = (SELECT max(note) FROM checkpoint WHERE size = 8) WHERE size = 3";
        desk.database().execute_batch(other).unwrap();
        stopped(desk, "the checkpoint of 3 entries signs other entries than these");
    });
    desk.put_back_after(|desk| {
        let none = "UPDATE checkpoint SET note = 'none' WHERE size = 3";
        desk.database().execute_batch(none).unwrap();
        stopped(desk, "the checkpoint of 3 entries is not as it was signed");
    });
    desk.done(&[person(9, "zoe")]);
    desk.holds();
}

/// Takes the first row of a table out of an index of it, and leaves the table as it is. Returns
/// whether there was one.
fn taken_out(database: &Connection, index: &str) -> bool {
    let (table, sql): (String, String) = database
        .query_row(
            "SELECT tbl_name, sql FROM sqlite_schema WHERE name = ?1",
            [index],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    let condition = sql.split_once(" WHERE ").map_or("true", |(_, rest)| rest);
    let first = database.query_row(
        &format!("SELECT min(rowid) FROM {table} WHERE {condition}"),
        [],
        |row| row.get::<_, Option<i64>>(0),
    );
    let Some(first) = first.unwrap() else {
        return false;
    };
    let column = format!("SELECT name FROM pragma_table_info('{table}') WHERE \"notnull\" LIMIT 1");
    let column: String = database.query_row(&column, [], |row| row.get(0)).unwrap();
    let value = format!("SELECT quote({column}) FROM {table} WHERE rowid = {first}");
    let value: String = database.query_row(&value, [], |row| row.get(0)).unwrap();
    let word = if sql.contains(" WHERE ") {
        "AND"
    } else {
        "WHERE"
    };
    let partial = format!("{sql} {word} {column} IS NOT {value}");
    let write = |sql: &str| {
        database
            .execute_batch("PRAGMA writable_schema = on")
            .unwrap();
        let changed = "UPDATE sqlite_schema SET sql = ?2 WHERE name = ?1";
        database.execute(changed, [index, sql]).unwrap();
        database
            .execute_batch("PRAGMA writable_schema = reset")
            .unwrap();
    };
    write(&partial);
    database.execute_batch(&format!("REINDEX {index}")).unwrap();
    write(&sql);
    true
}

#[test]
fn a_row_that_an_index_lacks_is_named_and_signed_over_by_nobody() {
    let desk = small();
    let mut indexes = desk.database();
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL";
    let names: Vec<String> = indexes
        .transaction()
        .unwrap()
        .prepare(sql)
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    drop(indexes);
    let mut empty = Vec::new();
    for index in names {
        desk.put_back_after(|desk| {
            if !taken_out(&desk.database(), &index) {
                empty.push(index.clone());
                return;
            }
            let ran = desk.verify();
            assert_eq!(ran.code, 1, "{index}: {ran:?}");
            let before = fs::read(desk.data().join("minutebook.db")).unwrap();
            let ran = desk.apply(&[person(9, "zoe")]);
            assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{index}: {ran:?}");
            assert!(ran.err.contains("minutebook verify"), "{index}: {ran:?}");
            let after = fs::read(desk.data().join("minutebook.db")).unwrap();
            assert_eq!(before, after, "{index}");
        });
    }
    // Nothing was erased yet.
    assert_eq!(empty, ["grp_erased"]);
    desk.put_back_after(|desk| {
        assert!(taken_out(&desk.database(), "verdict_by_says"));
        stopped(desk, "index verdict_by_says");
    });
    desk.done(&[person(9, "zoe")]);
    desk.holds();
}

#[test]
fn a_file_that_is_not_as_it_was_received_is_signed_over_by_nobody() {
    let desk = small();
    let file = stored(&desk);
    let hash = file.file_name().unwrap().to_str().unwrap().to_owned();
    let sound = fs::read(&file).unwrap();
    for place in 0..sound.len() {
        let mut changed = sound.clone();
        changed[place] ^= 1;
        fs::write(&file, &changed).unwrap();
        let ran = desk.apply(&[person(9, "zoe")]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{place}: {ran:?}");
    }
    stopped(&desk, &format!("the file {hash} is not as it was received"));
    fs::remove_file(&file).unwrap();
    stopped(
        &desk,
        &format!("entry 6 cites the file {hash}, which is missing"),
    );
    fs::write(&file, &sound).unwrap();
    desk.done(&[person(9, "zoe")]);
    desk.holds();
}

/// Bytes between two that are changed: no divisor of a page, so that every part of one comes round.
const STRIDE: usize = 1_009;

/// What the database keeps: every row of every table, and what it says of itself.
fn content(path: &Path) -> rusqlite::Result<Vec<Vec<Cell>>> {
    let database = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let rows = |sql: &str| -> rusqlite::Result<Vec<Vec<Cell>>> {
        let mut statement = database.prepare(sql)?;
        let columns = statement.column_count();
        let read = statement.query_map([], |row| (0..columns).map(|at| row.get(at)).collect())?;
        read.collect()
    };
    let schema = rows("SELECT * FROM sqlite_schema ORDER BY name")?;
    let mut all = rows("SELECT * FROM pragma_user_version, pragma_application_id")?;
    for row in &schema {
        if let [Cell::Text(sort), Cell::Text(name), ..] = &row[..]
            && sort == "table"
        {
            all.extend(rows(&format!("SELECT * FROM {name} ORDER BY rowid"))?);
        }
    }
    all.extend(schema);
    Ok(all)
}

/// What is derived may be altered without a word from whoever writes: no entry comes of it.
fn is_of_derived_alone(verified: &Ran) -> bool {
    let derived = [
        "a derived row is not what the entries make",
        // The writer makes it all anew.
        "what is derived was made by another program or other rules",
    ];
    let report: serde_json::Value = serde_json::from_str(&verified.out).unwrap_or_default();
    let failures = report["failures"].as_array();
    failures.is_some_and(|all| {
        all.iter()
            .all(|one| derived.iter().any(|what| one["what"] == *what))
    })
}

/// A ledger whose database is changed a byte at a time.
struct Bytes<'a> {
    desk: &'a Desk,
    sound: Vec<u8>,
    content: Vec<Vec<Cell>>,
}

impl<'a> Bytes<'a> {
    fn of(desk: &'a Desk) -> Self {
        let path = desk.data().join("minutebook.db");
        // Whoever closes it last moves the write-ahead log into it.
        drop(
            desk.database()
                .query_row("PRAGMA user_version", [], |_| Ok(())),
        );
        assert!(!path.with_extension("db-wal").exists());
        Self {
            desk,
            sound: fs::read(&path).unwrap(),
            content: content(&path).unwrap(),
        }
    }

    fn write(&self, bytes: &[u8]) {
        let path = self.desk.data().join("minutebook.db");
        for beside in ["db-wal", "db-shm"] {
            // There may be none.
            let _ = fs::remove_file(path.with_extension(beside));
        }
        fs::write(path, bytes).unwrap();
    }

    /// Changes one byte; returns what is wrong with how that was taken, if anything is.
    fn changed(&self, place: usize) -> Option<String> {
        let mut bytes = self.sound.clone();
        bytes[place] ^= 1 << (place % 8);
        self.write(&bytes);
        let as_before = content(&self.desk.data().join("minutebook.db"))
            .is_ok_and(|found| found == self.content);
        let verified = self.desk.verify();
        let guard = guard(self.desk);
        let ran = self.desk.apply(&[person(9, "zoe")]);
        let is_stopped = ran.code == 2 && ran.out.is_empty() && guard == self::guard(self.desk);
        fs::write(&guard.0, &guard.1).unwrap();
        let is_right = match verified.code {
            0 => as_before && ran.code == 0,
            1 | 2 if is_of_derived_alone(&verified) => ran.code == 0 || is_stopped,
            1 | 2 => is_stopped,
            _ => false,
        };
        let page = (place / 4096 + 1, place % 4096);
        (!is_right).then(|| format!("{page:?}: same {as_before}, {verified:?}, {ran:?}"))
    }
}

/// Returns where the guard is and what it remembers.
fn guard(desk: &Desk) -> (std::path::PathBuf, Vec<u8>) {
    let mut files = fs::read_dir(desk.guard()).unwrap();
    let path = files.next().unwrap().unwrap().path();
    let bytes = fs::read(&path).unwrap();
    (path, bytes)
}

#[test]
fn a_byte_changed_in_any_page_is_named_and_signed_over_by_nobody_or_nothing_reads_it() {
    let desks = [small(), small()];
    let next = AtomicUsize::new(0);
    let found = std::thread::scope(|scope| {
        let work = |desk| {
            let bytes = Bytes::of(desk);
            let mut found = Vec::new();
            let mut place = next.fetch_add(STRIDE, Ordering::Relaxed);
            while place < bytes.sound.len() {
                found.extend(bytes.changed(place));
                place = next.fetch_add(STRIDE, Ordering::Relaxed);
            }
            bytes.write(&bytes.sound);
            found
        };
        let workers = desks.each_ref().map(|desk| scope.spawn(move || work(desk)));
        workers.map(|worker| worker.join().unwrap()).concat()
    });
    assert_eq!(found, Vec::<String>::new());
    desks.iter().for_each(Desk::holds);
}
