//! What is answered: in people's words, and with JSON one document.

#[path = "../../../exchange/tests/given/workbook.rs"]
#[expect(dead_code, reason = "the tests of reading workbooks use the rest")]
mod workbook;

use std::fs;
use std::io::{BufRead, BufReader};

use serde_json::{Value, json};

use crate::desk::{Desk, Ran, id, person};
use crate::governed::{DECLARATION, by, governed, moved, put};
use crate::marks::member;
use crate::tamper::small;

/// Words that only programmers use.
const THEIRS: [&str; 9] = [
    "os error",
    "struct ",
    "ident",
    "EOCD",
    "Zip error",
    "char",
    "SELECT",
    "CREATE",
    "EOF",
];

#[track_caller]
fn refused(ran: &Ran, code: i32, said: &str) {
    assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{ran:?}");
    assert!(ran.err.contains(said), "{ran:?}");
    let theirs: Vec<&&str> = THEIRS
        .iter()
        .filter(|word| ran.err.contains(**word))
        .collect();
    assert!(theirs.is_empty(), "{theirs:?} {ran:?}");
}

#[test]
fn what_is_refused_is_said_without_the_words_of_programmers() {
    let desk = Desk::simulated();
    desk.file("list.json", b"[]");
    desk.file("words.json", b"not json");
    desk.file("within.json", br#"{"name": "Zoe", "email": {"at": 1}}"#);
    desk.file("fake.xlsx", b"PK\x03\x04 and nothing else");
    desk.file("plain", b"");
    let put = |name| ["record", "put", "person", name];
    let list = "A list stands here where an object belongs.";
    refused(&desk.run(&put("list.json")), 1, list);
    // As many values as there are fields, which would be taken by their places.
    let by_place =
        br#"{"title": "Cabinet", "body": "x", "sittings": [["2026-01-05", "At noon."]]}"#;
    desk.file("by-place.json", by_place);
    let by_place = desk.run(&["record", "put", "meeting", "by-place.json"]);
    refused(&by_place, 1, list);
    assert!(by_place.err.contains("at /body/sittings/0"), "{by_place:?}");
    desk.file("no-id.json", br#"{"title": "Cabinet", "body": "x"}"#);
    let no_id = desk.run(&["record", "put", "meeting", "no-id.json"]);
    refused(&no_id, 1, "This is no id of a record.");
    let words = "This is not JSON: only true, false and null are words there, at line 1 column 2.";
    refused(&desk.run(&put("words.json")), 1, words);
    refused(&desk.run(&put("within.json")), 1, "/body/email");
    refused(
        &desk.run(&put("data")),
        2,
        "data is a directory, not a file.",
    );
    let shown = desk.run(&["record", "show", "xyz"]);
    refused(
        &shown,
        2,
        "`minutebook record list KIND` shows those of a kind",
    );
    let draft = ["import", "csv", "fake.xlsx", "--draft-mapping", "m.toml"];
    refused(&desk.run(&draft), 1, "the workbook cannot be read");
    refused(
        &desk.run(&["apply", "data"]),
        2,
        "data is a directory, not a file.",
    );
    refused(
        &desk.run(&["apply", "missing"]),
        2,
        "reading missing: No such file or directory",
    );
    let workbook = desk.run(&["apply", "fake.xlsx"]);
    refused(&workbook, 2, "is a workbook or another zip, not Commands.");
    assert!(
        workbook.err.contains("minutebook import csv"),
        "{workbook:?}"
    );
    fs::remove_dir_all(desk.guard()).unwrap();
    fs::write(desk.guard(), "a file").unwrap();
    fs::remove_dir_all(desk.data()).unwrap();
    let init = desk.run(&["init", "--organisation", "Example Council (fictional)"]);
    refused(&init, 2, "The signing guard cannot be written in");
}

#[test]
fn a_header_of_another_layout_is_named_with_what_to_do() {
    let desk = small();
    desk.database()
        .execute_batch("PRAGMA user_version = 2")
        .unwrap();
    for args in [&["verify"][..], &["status"], &["apply", "-"]] {
        let ran = desk.run(args);
        refused(
            &ran,
            2,
            "says that it is of layout 2, and is not: its index tally_by_day",
        );
        assert!(ran.err.contains("restore the latest backup"), "{ran:?}");
    }
}

#[test]
fn with_json_whatever_is_done_prints_one_document() {
    let desk = Desk::simulated();
    desk.file("one.txt", b"one");
    let hash = desk.run(&["file", "add", "one.txt"]).out;
    let hash = hash.trim();
    let given = desk.run(&["--json", "file", "get", hash, "two.txt"]);
    assert_eq!(given.json(), json!({"file": hash, "out": "two.txt"}));
    let made = desk.run(&["--json", "demo", "--no-serve"]).json();
    assert_eq!(
        (&made["kept"], &made["data"]),
        (&json!(false), &Value::Null)
    );
    let kept = desk
        .run(&["--json", "demo", "--keep", "kept", "--no-serve"])
        .json();
    assert_eq!(
        (&kept["kept"], &kept["data"]),
        (&json!(true), &json!("kept"))
    );
    assert!(kept["entries"].as_u64().unwrap() > 500, "{kept}");
    desk.file("zoe.json", br#"{"name": "Zoe (fictional)"}"#);
    let put = desk
        .run(&["--json", "record", "put", "person", "zoe.json"])
        .json();
    assert_eq!((&put["ok"], &put["version"]), (&json!(true), &json!(1)));
    desk.file("because.json", br#"{"because": "Entered twice."}"#);
    let zoe = put["id"].as_str().unwrap();
    let withdraw = [
        "record",
        "move",
        zoe,
        "withdraw",
        "--version",
        "1",
        "because.json",
    ];
    let moved = desk.run(&[&["--json"][..], &withdraw].concat()).json();
    assert_eq!(moved["ok"], true, "{moved}");
    let mut served = desk.start(&["--json", "serve", "--listen", "127.0.0.1:0"]);
    let mut line = String::new();
    let mut out = BufReader::new(served.stdout.take().unwrap());
    out.read_line(&mut line).unwrap();
    served.kill().unwrap();
    served.wait().unwrap();
    let link: Value = serde_json::from_str(&line).unwrap();
    let link = link["link"].as_str().unwrap();
    assert!(link.starts_with("http://127.0.0.1:"), "{line}");
}

#[test]
fn an_address_that_nobody_holds_is_refused_where_something_is_only_read() {
    let desk = Desk::simulated();
    desk.done(&[person(1, "bea")]);
    let bea = id(1);
    for args in [
        &["record", "list", "person"][..],
        &["record", "show", &bea],
        &["status"],
        &["key"],
        &["pack", "--list"],
        &["serve", "--listen", "127.0.0.1:0"],
    ] {
        let ran = desk.run(&[&["--as", "nobody@council.example"][..], args].concat());
        let said = "No person record holds the e-mail address nobody@council.example.";
        refused(&ran, 2, said);
    }
    let ran = desk.run(&["--as", "BEA@council.example", "record", "list", "person"]);
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn an_entry_asked_about_or_known_by_is_said_with_the_local_time_it_was_recorded() {
    let desk = Desk::empty();
    let instant = "2026-01-05T20:00:00Z";
    desk.init(&["--simulated-clock", instant, "--time-zone", "Asia/Kolkata"]);
    let headline = |args: &[&str]| {
        let ran = desk.run(&[&["status"], args].concat());
        let line = ran.out.lines().nth(1).unwrap().to_owned();
        line.split(": ").next().unwrap().to_owned()
    };
    let recorded = "(6 January 2026, 01:30)";
    assert_eq!(
        headline(&["--as-of", "#1"]),
        format!("As of #1 {recorded}, as known then")
    );
    assert_eq!(
        headline(&["--as-of", "2026-01-06", "--known-by", "#1"]),
        format!("As of 2026-01-06, known by #1 {recorded}")
    );
    let status = desk.run(&["status", "--as-of", "#1", "--json"]).json();
    assert_eq!(
        (&status["as_of"], &status["known_by"]),
        (&json!("#1"), &json!("#1"))
    );
    desk.file("key.txt", desk.run(&["key"]).out.as_bytes());
    for (pack, asked, about, known) in [
        (
            "one.zip",
            "#1",
            format!("#1 {recorded}"),
            format!("#1 {recorded}"),
        ),
        (
            "all.zip",
            "now",
            "2026-01-06".to_owned(),
            format!("#2 {recorded}"),
        ),
    ] {
        let ran = desk.run(&["pack", pack, "--as-of", asked, "--known-by", asked]);
        assert_eq!(ran.code, 0, "{ran:?}");
        let readme = member(&desk, pack, "README.txt");
        let said = format!("\nabout             {about}\nknown by          {known}\n");
        assert!(readme.contains(&said), "{readme}");
        let ran = desk.run(&["verify", pack, "--key", "key.txt"]);
        assert_eq!(ran.code, 0, "{ran:?}");
    }
}

#[test]
fn every_subject_of_a_rule_is_listed_whichever_requirement_it_is_of() {
    let desk = governed();
    let body = json!({"title": "What we hold ourselves to",
        "intervals": {"policy_months": 24, "risk_assessment_months": 24},
        "series": {"management_review": {"first_day": "2026-01-01", "months": 18}}});
    let approve = by(moved(DECLARATION, 2, "approve", json!({})), "cai");
    desk.done(&[by(put("declaration", DECLARATION, body), "bea"), approve]);
    let listed = desk.run(&["status", "--findings", "4.4.p"]).out;
    let titles = [
        "The policy",
        "Assessments, those of high impact among them",
        "The management review",
    ];
    for title in titles {
        let of = listed.lines().filter(|line| line.contains(title));
        assert_eq!(of.count(), 1, "{title}: {listed}");
    }
    let sentences = listed
        .lines()
        .filter(|line| line.starts_with("reservation: "));
    assert_eq!(sentences.count(), 3, "{listed}");
}

#[test]
fn a_damaged_workbook_is_refused_without_the_words_of_its_reader() {
    let book = |at: &str| {
        let row = format!(r#"<row r="1"><c r="{at}"><v>1</v></c></row>"#);
        workbook::workbook(&[("S", &row)])
    };
    let desk = Desk::simulated();
    desk.file("sound.xlsx", &book("A1"));
    let draft = |file: &str, out: &str| {
        let args = ["import", "csv", file, "--draft-mapping", out];
        desk.run(&args)
    };
    assert_eq!(draft("sound.xlsx", "sound.toml").code, 0);
    for (number, at) in ["A4294967297", "ZZZZZZZ1"].into_iter().enumerate() {
        let (file, out) = (format!("{number}.xlsx"), format!("{number}.toml"));
        desk.file(&file, &book(at));
        let ran = draft(&file, &out);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{at}: {ran:?}");
        assert!(ran.err.starts_with("minutebook: "), "{at}: {ran:?}");
        for theirs in ["panicked", "calamine", "RUST_BACKTRACE"] {
            assert!(!ran.err.contains(theirs), "{at}: {ran:?}");
        }
    }
}

#[test]
fn a_key_that_is_not_utf_8_is_wrong_use_like_any_other_that_is_none() {
    let desk = Desk::simulated();
    assert_eq!(desk.run(&["pack", "council.zip"]).code, 0);
    let key = desk.run(&["key"]).out;
    let utf16: Vec<u8> = key.encode_utf16().flat_map(u16::to_le_bytes).collect();
    desk.file("utf16.txt", &[&[0xff, 0xfe][..], &utf16].concat());
    desk.file("none.txt", b"nonsense");
    for file in ["utf16.txt", "none.txt"] {
        for args in [
            &["verify", "council.zip", "--key", file][..],
            &["verify", "council.zip", "--policy", file],
            &["verify", "--previous", file],
        ] {
            let ran = desk.run(args);
            assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?} {ran:?}");
        }
    }
    let ran = desk.run(&["verify", "council.zip", "--key", "utf16.txt"]);
    assert!(ran.err.contains("is not UTF-8 text."), "{ran:?}");
    assert!(ran.err.contains("Save it as UTF-8."), "{ran:?}");
    // Of two keys in one file the hint leads to a policy, and that verifies.
    desk.file("two.txt", format!("{key}{key}").as_bytes());
    let ran = desk.run(&["verify", "council.zip", "--key", "two.txt"]);
    assert!(ran.err.contains("give that with --policy"), "{ran:?}");
    desk.file("policy.txt", format!("log {key}log {key}").as_bytes());
    let ran = desk.run(&["verify", "council.zip", "--policy", "policy.txt"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    desk.file("policy.txt", format!("log {key}log nonsense\n").as_bytes());
    let ran = desk.run(&["verify", "council.zip", "--policy", "policy.txt"]);
    let said = "is no trust policy: \"log nonsense\"";
    assert!(ran.code == 2 && ran.err.contains(said), "{ran:?}");
}
