//! A byte changed on a page of the database: whatever the page is of, it is noticed.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use crate::desk::{Desk, id, person};
use crate::tamper::small;

/// Small pages, so that a small ledger has many.
const PAGE: usize = 512;

/// As many bytes of a row of an index stand on its page at most; the rest overflows.
const ON_PAGE: usize = (PAGE - 12) * 64 / 255 - 23;

/// Returns a ledger whose indexes have pages of every sort.
fn paged() -> Desk {
    let desk = small();
    let system = |n: u32| {
        json!({"do": "put", "kind": "ai_system", "id": id(1_000 + n), "key": format!("k{n}"),
            "body": {"title": format!("System {n}"), "purpose": "To find potholes."}})
    };
    let mut all: Vec<Value> = (0..60).map(system).collect();
    all.extend((0..20).map(|n| person(100 + n, &"a".repeat(150 + n as usize))));
    // Each a batch of its own, so that there are many checkpoints.
    for some in all.chunks(2) {
        desk.done(some);
    }
    let sql = format!(
        "PRAGMA journal_mode = delete; PRAGMA page_size = {PAGE}; VACUUM; PRAGMA journal_mode = wal"
    );
    desk.database().execute_batch(&sql).unwrap();
    desk.holds();
    desk
}

/// The pages of one index.
struct Pages<'a> {
    bytes: &'a [u8],
    /// A place in a row on the first and the last page of each sort.
    found: BTreeMap<&'static str, [usize; 2]>,
}

impl Pages<'_> {
    fn number(&self, at: usize, length: usize) -> usize {
        let bytes = &self.bytes[at..at + length];
        bytes
            .iter()
            .fold(0, |sum, byte| sum << 8 | usize::from(*byte))
    }

    fn note(&mut self, sort: &'static str, at: usize) {
        self.found.entry(sort).or_insert([at; 2])[1] = at;
    }

    /// Walks a page and those below it (SQLite file format, section 1.6).
    fn walk(&mut self, page: usize) {
        let begin = (page - 1) * PAGE;
        let (is_inner, header) = match self.bytes[begin] {
            2 => (true, 12),
            10 => (false, 8),
            other => panic!("page {page} is of sort {other}"),
        };
        let cells = self.number(begin + 3, 2);
        if cells == 0 {
            // Of an index without rows: that it says that it has none.
            self.note("empty", begin + 4);
        }
        for cell in 0..cells {
            let mut at = begin + self.number(begin + header + 2 * cell, 2);
            if is_inner {
                self.walk(self.number(at, 4));
                at += 4;
            }
            let (mut length, mut more) = (0, true);
            while more {
                length = length << 7 | usize::from(self.bytes[at] & 0x7f);
                more = self.bytes[at] & 0x80 != 0;
                at += 1;
            }
            self.row(at, length, is_inner);
        }
        if is_inner {
            self.walk(self.number(begin + 8, 4));
        }
    }

    fn row(&mut self, at: usize, length: usize, is_inner: bool) {
        if length > ON_PAGE {
            // As SQLite parts a row between its page and those that it overflows to.
            let least = (PAGE - 12) * 32 / 255 - 23;
            let rest = least + (length - least) % (PAGE - 4);
            let local = if rest <= ON_PAGE { rest } else { least };
            let overflow = self.number(at + local, 4);
            self.note("overflow", (overflow - 1) * PAGE + 4 + 20);
            return;
        }
        self.note(if is_inner { "inner" } else { "leaf" }, at + length - 1);
    }
}

#[test]
fn a_byte_changed_on_a_page_of_any_sort_of_any_index_is_noticed() {
    let desk = paged();
    let database = desk.database();
    let sql = "SELECT name, rootpage FROM sqlite_schema WHERE type = 'index' ORDER BY name";
    let mut indexes = database.prepare(sql).unwrap();
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, u32>(1)?));
    let roots: Vec<_> = indexes
        .query_map([], read)
        .unwrap()
        .map(Result::unwrap)
        .collect();
    drop(indexes);
    database
        .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .unwrap();
    drop(database);
    let path = desk.data().join("minutebook.db");
    let bytes = fs::read(&path).unwrap();
    let (mut unnoticed, mut sorts) = (Vec::new(), BTreeMap::new());
    for (name, root) in roots {
        let mut pages = Pages {
            bytes: &bytes,
            found: BTreeMap::new(),
        };
        pages.walk(root as usize);
        for (sort, places) in pages.found {
            *sorts.entry(sort).or_insert(0) += 1;
            for at in places {
                let mut changed = bytes.clone();
                changed[at] ^= 2;
                let ran = desk.tampered(|_| fs::write(&path, changed).unwrap());
                if ran.code != 1 {
                    unnoticed.push(format!("{name}, {sort} at {at}: {ran:?}"));
                }
            }
        }
    }
    assert_eq!(unnoticed, Vec::<String>::new());
    // Every index has rows, but that of what is erased; most have pages of several sorts.
    assert_eq!(sorts["empty"], 1, "{sorts:?}");
    assert!(sorts["leaf"] > 12 && sorts["inner"] > 8, "{sorts:?}");
    assert!(sorts["overflow"] > 0, "{sorts:?}");
    desk.holds();
}
