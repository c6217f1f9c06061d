//! Bytes that are no Command, no text or no table: refused, and nothing recorded.

use serde_json::json;

use crate::desk::{Desk, Ran, person};
use crate::governed::*;

/// Plays bytes that are refused at their only line.
fn refused_bytes(desk: &Desk, bytes: &[u8]) -> String {
    let before = desk.head();
    let ran = desk.apply_bytes(bytes);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert_eq!(desk.head(), before);
    let [line] = &ran.lines()[..] else {
        panic!("{ran:?}")
    };
    line["refusal"]["code"].as_str().unwrap().to_owned()
}

fn import(desk: &Desk, name: &str, bytes: &[u8]) -> Ran {
    let file = desk.file(name, bytes);
    desk.run(&[
        "--json",
        "import",
        "us-federal-2025",
        file.to_str().unwrap(),
    ])
}

#[test]
fn a_line_of_a_mebibyte_is_taken_and_one_byte_more_is_not() {
    let desk = Desk::simulated();
    let line = |size: usize| {
        let bare = put(
            "ai_system",
            31,
            json!({"title": "Lamplight", "purpose": ""}),
        )
        .to_string();
        bare.replace(
            r#""purpose":"""#,
            &format!(r#""purpose":"{}""#, "x".repeat(size - bare.len())),
        )
    };
    let most = 1 << 20;
    assert_eq!(refused_bytes(&desk, line(most + 1).as_bytes()), "too_long");
    assert_eq!(
        refused_bytes(&desk, "x".repeat(5 * most).as_bytes()),
        "too_long"
    );
    let ran = desk.apply_bytes(line(most).as_bytes());
    assert_eq!(ran.code, 0, "{ran:?}");
    // The lines after one that is too long keep their numbers.
    let eve = person(32, "eve");
    let ran = desk.apply_bytes(format!("{}\n\n{eve}\n", line(3 * most)).as_bytes());
    let lines = ran.lines();
    assert_eq!(
        (lines[0]["line"].as_u64(), lines[0]["ok"].as_bool()),
        (Some(1), Some(false))
    );
    assert_eq!(
        (lines[1]["line"].as_u64(), lines[1]["ok"].as_bool()),
        (Some(3), Some(true))
    );
    desk.holds();
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let desk = Desk::simulated();
    assert_eq!(
        refused_bytes(
            &desk,
            b"{\"do\":\"put\",\"kind\":\"person\",\"body\":{\"name\":\"\xff\xfe\"}}\n"
        ),
        "not_utf8"
    );
    assert_eq!(refused_bytes(&desk, b"\0\0\0\0"), "not_json");
    assert_eq!(
        refused_bytes(
            &desk,
            b"{\"do\":\"put\",\"kind\":\"person\",\"body\":{\"name\":\"a\0b\"}}\n"
        ),
        "not_json"
    );
    assert_eq!(
        refused_bytes(&desk, br#"{"do":"put","kind":"person""#),
        "not_json"
    );
    assert_eq!(
        refused_bytes(
            &desk,
            br#"{"do":"put","kind":"person","body":{"name":"x"}} {}"#
        ),
        "not_json"
    );
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    assert_eq!(refused_bytes(&desk, deep.as_bytes()), "not_json");
    for nothing in [&b""[..], b"\n\n \n"] {
        let ran = desk.apply_bytes(nothing);
        assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{ran:?}");
    }
    assert_eq!(desk.head().0, 3);
}

/// Commands and bodies that give a key twice, with the place of each.
const DOUBLED: [(&str, &str); 7] = [
    (
        r#"{"do":"put","kind":"person","kind":"policy","body":{"name":"Eve"}}"#,
        "/kind",
    ),
    (
        r#"{"do":"put","do":"put","kind":"person","body":{"name":"Eve"}}"#,
        "/do",
    ),
    (
        r#"{"do":"put","kind":"person","body":{"name":"Eve"},"body":{"name":"Fay"}}"#,
        "/body",
    ),
    (
        r#"{"do":"put","kind":"person","body":{"name":"Eve","name":"Eve"}}"#,
        "/body/name",
    ),
    (
        r#"{"do":"put","kind":"organisation","body":{"name":"x","units":[{"id":"a","name":"A"},{"id":"b","id":"c","name":"B"}]}}"#,
        "/body/units/1/id",
    ),
    (
        r#"{"do":"put","kind":"person","body":{"name":"Eve"},"marks":{"identity":{"as":"personal","as":"exempt","basis":"x"}}}"#,
        "/marks/identity/as",
    ),
    (
        r#"{"do":"all","commands":[{"do":"put","kind":"person","body":{"name":"Eve"}},{"do":"put","kind":"person","key":"a","key":"b","body":{"name":"Fay"}}]}"#,
        "/commands/1/key",
    ),
];

#[test]
fn a_key_given_twice_is_refused_where_it_stands() {
    let desk = Desk::simulated();
    let before = desk.head();
    let lines: Vec<&str> = DOUBLED.iter().map(|(line, _)| *line).collect();
    let ran = desk.apply_bytes(lines.join("\n").as_bytes());
    assert_eq!(ran.code, 1, "{ran:?}");
    let answers = ran.lines();
    assert_eq!(answers.len(), DOUBLED.len());
    for (answer, (line, place)) in answers.iter().zip(DOUBLED) {
        let refusal = &answer["refusal"];
        let key = place.rsplit('/').next().unwrap();
        let said = format!("The key {key:?} is given twice in one object.");
        assert_eq!(refusal["code"], "key_doubled", "{line} {answer}");
        assert_eq!(refusal["field"], place, "{line} {answer}");
        assert_eq!(refusal["message"], said, "{line} {answer}");
        assert!(refusal["hint"].is_string(), "{line} {answer}");
    }
    let bodies: [(&[u8], &str); 2] = [
        (br#"{"name":"Eve","name":"Fay"}"#, "/body/name"),
        (br#"{"name":{"a":[{"b":1,"b":2}]}}"#, "/body/name/a/0/b"),
    ];
    for (body, place) in bodies {
        desk.file("body.json", body);
        let ran = desk.run(&["--json", "record", "put", "person", "body.json"]);
        assert_eq!(ran.code, 1, "{ran:?}");
        assert_eq!(ran.json()["refusal"]["code"], "key_doubled", "{ran:?}");
        assert_eq!(ran.json()["refusal"]["field"], place, "{ran:?}");
    }
    assert_eq!(desk.head(), before);
    // The same key in different objects is no other's double.
    let units = r#"[{"id":"a","name":"A"},{"id":"b","name":"B"}]"#;
    let id = desk.organisation();
    let sound = format!(
        r#"{{"do":"put","kind":"organisation","id":"{id}","body":{{"name":"x","units":{units}}}}}"#
    );
    let ran = desk.apply_bytes(sound.as_bytes());
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn a_nul_in_any_text_is_refused_where_it_stands() {
    let desk = governed();
    let nul = "a\u{0}b";
    refused(
        &desk,
        &[
            (put("person", 31, json!({"name": nul})), "nul", "/body/name"),
            (
                put("person", 31, json!({"name": "Eve", "email": nul})),
                "nul",
                "/body/email",
            ),
            (
                moved(SYSTEM, 1, "withdraw", json!({"because": nul})),
                "nul",
                "/body/because",
            ),
            (with(person(31, "eve"), "key", nul), "nul", "/key"),
        ],
    );
}

#[test]
fn a_missing_file_cannot_be_applied_and_a_refused_record_says_why() {
    let desk = governed();
    let before = desk.head();
    let ran = desk.run(&["apply", "nowhere.ndjson"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    let body = desk.file("body.json", br#"{"name": "Eve", "colour": "red"}"#);
    let ran = desk.run(&["--json", "record", "put", "person", body.to_str().unwrap()]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert_eq!(ran.json()["refusal"]["code"], "unknown_field");
    assert_eq!(ran.json()["refusal"]["field"], "/body/colour");
    let body = desk.file("body.json", br#"{"name": "#);
    let ran = desk.run(&["--json", "record", "put", "person", body.to_str().unwrap()]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert_eq!(ran.json()["refusal"]["code"], "not_json");
    let body = desk.file("body.json", br#"{"name": "Eve"}"#);
    let put = [
        "--as",
        "nobody@council.example",
        "--json",
        "record",
        "put",
        "person",
        body.to_str().unwrap(),
    ];
    let ran = desk.run(&put);
    assert_eq!(ran.json()["refusal"]["code"], "unknown_person");
    assert_eq!(desk.head(), before);
}

#[test]
fn a_file_that_is_no_table_is_refused_whole() {
    let desk = Desk::simulated();
    let before = desk.head();
    let image = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\x01\0\x08\x06\0\0\0".repeat(40);
    let sound = "agency,agency_bureau,id,use_case_name\nDOX,Bureau,1,Lamplight\n";
    let doubled = sound.replacen("id", "agency", 1);
    let cases: [(&str, &[u8], &str); 5] = [
        ("empty.csv", b"", "file_empty"),
        ("image.csv", &image, "file_not_a_table"),
        ("doubled.csv", doubled.as_bytes(), "heading_doubled"),
        (
            "other.csv",
            b"name,colour\nLamplight,red\n",
            "column_missing",
        ),
        (
            "open.csv",
            b"agency,agency_bureau,id,use_case_name\nDOX,\"Bureau,1,Lamplight\n",
            "quote_unclosed",
        ),
    ];
    for (name, bytes, code) in cases {
        let ran = import(&desk, name, bytes);
        assert_eq!(ran.code, 1, "{name} {ran:?}");
        assert_eq!(ran.json()["refusal"]["code"], code, "{ran:?}");
        assert!(ran.json()["refusal"]["hint"].is_string(), "{name} {ran:?}");
    }
    let ran = desk.run(&["import", "us-federal-2025", "nowhere.csv"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert_eq!(desk.head(), before);
    desk.holds();
}

/// Returns the made-up register of the importer's own tests.
fn register() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../exchange/tests/made-up.csv");
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn a_cell_that_cannot_be_recorded_refuses_its_row_alone() {
    let desk = Desk::simulated();
    let sound = register();
    let rows = import(&desk, "sound.csv", sound.as_bytes()).json();
    let created = rows["created"].as_u64().unwrap();
    let title = sound.lines().nth(1).unwrap().split(',').next().unwrap();
    for (name, cell) in [("nul", "a\0b".to_owned()), ("long", "x".repeat(1 << 20))] {
        let desk = Desk::simulated();
        let spoilt = sound.replacen(title, &cell, 1);
        let ran = import(&desk, &format!("{name}.csv"), spoilt.as_bytes());
        assert_eq!(ran.code, 1, "{name} {ran:?}");
        let refused = ran.json()["refused"].as_u64().unwrap();
        assert_eq!(
            ran.json()["created"].as_u64().unwrap() + refused,
            created,
            "{ran:?}"
        );
        assert_eq!(refused, 1, "{name} {ran:?}");
        desk.holds();
    }
}

#[test]
fn a_hash_in_words_cites_no_file() {
    let desk = governed();
    let hash = "0".repeat(64);
    desk.done(&[put(
        "ai_system",
        31,
        json!({"title": "Lamplight", "purpose": hash}),
    )]);
    desk.holds();
}
