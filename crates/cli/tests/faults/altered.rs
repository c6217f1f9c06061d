//! Numbers in the database altered by hand to what no calendar and no log has: whoever reads or
//! writes says so, and never falls over.

use serde_json::json;

use crate::desk::person;
use crate::tamper::small;

/// Every column of numbers, by its table.
const NUMBERS: [(&str, &[&str]); 9] = [
    ("entry", &["log", "seq"]),
    ("grp", &["log", "seq"]),
    ("head", &["log", "size"]),
    ("checkpoint", &["log", "size"]),
    (
        "record",
        &["versions", "first_seq", "last_seq", "withdrawn"],
    ),
    ("link", &["to_version", "from_seq"]),
    ("idempotency", &["seq"]),
    (
        "verdict",
        &[
            "known_from",
            "from_day",
            "until_day",
            "known_until",
            "since_day",
            "says",
            "sort",
        ],
    ),
    ("tally", &["day", "says", "as_known_now", "as_known_then"]),
];

/// Beyond the calendar, beyond a count, and the ends of what a column holds.
const VALUES: [i64; 5] = [90_000_000, -90_000_000, 1 << 40, i64::MAX, i64::MIN];

#[test]
fn no_number_in_any_row_makes_the_program_fall_over() {
    let desk = small();
    let lines = [person(21, "eve"), json!({"do": "put", "kind": "person"})];
    let lines: String = lines.iter().map(|one| format!("{one}\n")).collect();
    desk.file("more.ndjson", lines.as_bytes());
    let reads: [&[&str]; 4] = [
        &["status", "--json"],
        &["status", "--as-of", "2026-01-05", "--known-by", "#6"],
        &["pack", "altered.zip", "--list"],
        &["apply", "more.ndjson"],
    ];
    let mut fell = Vec::new();
    for (table, columns) in NUMBERS {
        for (column, value) in columns
            .iter()
            .flat_map(|one| VALUES.map(|value| (one, value)))
        {
            let edit = format!(
                "UPDATE {table} SET {column} = {value} WHERE rowid = (SELECT max(rowid) FROM {table})"
            );
            desk.put_back_after(|desk| {
                desk.alter(&edit);
                let ran = reads.iter().map(|args| desk.run(args));
                let ran = ran
                    .chain([desk.verify()])
                    .filter(|ran| !(0..=2).contains(&ran.code));
                fell.extend(ran.map(|ran| format!("{edit}: {ran:?}")));
            });
        }
    }
    assert_eq!(fell, Vec::<String>::new());
}

#[test]
fn a_day_that_no_calendar_has_is_told_as_damage() {
    let desk = small();
    let edits = [
        "UPDATE tally SET day = 90000000 WHERE rowid = (SELECT max(rowid) FROM tally)",
        "UPDATE verdict SET since_day = 90000000",
        "UPDATE verdict SET from_day = -90000000 WHERE rowid = (SELECT min(rowid) FROM verdict WHERE rule LIKE '=%')",
    ];
    for edit in edits {
        desk.put_back_after(|desk| {
            desk.alter(edit);
            let ran = desk.run(&["status"]);
            assert_eq!(ran.code, 2, "{edit}: {ran:?}");
            assert!(
                ran.err.contains("a kept day cannot be read"),
                "{edit}: {ran:?}"
            );
            assert!(ran.err.contains("Run `minutebook verify`"), "{ran:?}");
            assert_eq!(desk.verify().code, 1, "{edit}");
        });
    }
}
