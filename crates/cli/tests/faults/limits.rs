//! Both sides of each number that bounds what a Command may hold.

use serde_json::{Value, json};

use crate::desk::{Desk, person};
use crate::governed::*;

/// Plays a Command at a limit, which is taken, and one beyond it, which is refused as said.
fn held(desk: &Desk, most: &Value, beyond: Value, code: &'static str, field: &'static str) {
    refused(desk, &[(beyond, code, field)]);
    let ran = desk.apply(std::slice::from_ref(most));
    assert_eq!(ran.code, 0, "{} {:.300}", ran.out, ran.err);
}

#[test]
fn a_key_has_1_to_200_characters() {
    let desk = Desk::simulated();
    let keyed = |number, length| with(person(number, "eve"), "key", "k".repeat(length));
    refused(&desk, &[(keyed(31, 0), "key_length", "/key")]);
    held(&desk, &keyed(31, 200), keyed(32, 201), "key_length", "/key");
    desk.done(&[with(person(33, "fay"), "key", "k")]);
    // Characters, however many bytes each has.
    let accented = |number, length| with(person(number, "gil"), "key", "é".repeat(length));
    held(
        &desk,
        &accented(34, 200),
        accented(35, 201),
        "key_length",
        "/key",
    );
}

#[test]
fn an_item_of_a_meeting_has_a_number_of_1_to_59_characters() {
    let desk = governed();
    let numbered = |number: u32, length: usize| {
        let item = json!({"number": "4".repeat(length), "title": "AI policy", "text": "Agreed."});
        put(
            "meeting",
            number,
            with(meeting("2026-01-05"), "items", json!([item])),
        )
    };
    let place = "/body/items/0/number";
    refused(
        &desk,
        &[
            (numbered(31, 0), "malformed", place),
            (numbered(31, 64), "check_failed", place),
            (numbered(31, 65), "malformed", place),
        ],
    );
    held(
        &desk,
        &numbered(31, 59),
        numbered(31, 60),
        "check_failed",
        place,
    );
}

#[test]
fn a_simulated_clock_starts_in_1970_or_later_and_a_refused_one_leaves_nothing() {
    let desk = Desk::empty();
    let init = |instant| {
        let name = ["init", "--organisation", "Example Council (fictional)"];
        desk.run(&[&name[..], &["--simulated-clock", instant]].concat())
    };
    for early in ["1960-01-01T00:00:00Z", "1969-12-31T23:59:59.999Z"] {
        let ran = init(early);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.err.contains("is before 1970"), "{ran:?}");
        assert!(ran.err.contains("from 1970-01-01T00:00:00Z on"), "{ran:?}");
        assert!(!desk.data().exists() && !desk.guard().exists());
    }
    let ran = init("1970-01-01T00:00:00Z");
    assert_eq!(ran.code, 0, "{ran:?}");
    desk.holds();
}

#[test]
fn a_set_has_1_to_1000_commands() {
    let desk = Desk::simulated();
    let set = |from: u32, length: u32| {
        let commands: Vec<Value> = (from..from + length)
            .map(|number| put("person", number, json!({"name": "Eve"})))
            .collect();
        json!({"do": "all", "commands": commands})
    };
    held(
        &desk,
        &set(100, 1_000),
        set(5_000, 1_001),
        "too_many",
        "/commands",
    );
    assert_eq!(desk.head().0, 1_003);
}

#[test]
fn an_organisation_has_at_most_2000_units_with_names_of_1_to_64_characters() {
    let desk = Desk::simulated();
    let organisation = desk.organisation();
    let units = |count: usize| {
        let units: Vec<Value> = (0..count)
            .map(|number| json!({"id": format!("u{number}"), "name": "Unit"}))
            .collect();
        let put = put(
            "organisation",
            31,
            json!({"name": "Council", "units": units}),
        );
        with(put, "id", organisation.clone())
    };
    held(
        &desk,
        &units(2_000),
        units(2_001),
        "check_failed",
        "/body/units",
    );
    let named = |length: usize| {
        let unit = json!({"id": "u".repeat(length), "name": "Unit"});
        let put = put(
            "organisation",
            31,
            json!({"name": "Council", "units": [unit]}),
        );
        with(put, "id", organisation.clone())
    };
    refused(&desk, &[(named(0), "malformed", "/body/units/0/id")]);
    held(
        &desk,
        &named(64),
        named(65),
        "malformed",
        "/body/units/0/id",
    );
}

#[test]
fn a_series_has_slots_of_1_to_36_months() {
    let desk = governed();
    let series = |months: i64| {
        let series = json!({"management_review": {"first_day": "2026-01-01", "months": months}});
        by(
            put(
                "declaration",
                31,
                json!({"title": "Series", "series": series}),
            ),
            "bea",
        )
    };
    let place = "/body/series/management_review/months";
    refused(&desk, &[(series(0), "check_failed", place)]);
    held(&desk, &series(36), series(37), "check_failed", place);
    desk.done(&[series(1)]);
}

#[test]
fn one_move_confirms_1_to_1500_systems_each_named_in_its_entry() {
    let desk = governed();
    let scope = json!({"title": "Scope", "statement": "All.", "criteria": [{"says": "in"}],
        "boundaries": "All.", "suppliers": "None.",
        "no_exclusions_because": "Nothing is left out.", "units": ["housing"]});
    let systems = 1_000..2_501;
    let mut all = vec![put("scope", 31, scope)];
    all.extend(
        systems
            .clone()
            .map(|number| put("ai_system", number, json!({"title": "Lamplight"}))),
    );
    desk.done(&all);
    let confirm = |count: usize| {
        let cited: Vec<Value> = systems.clone().take(count).map(cites).collect();
        by(moved(31, 1, "confirm", json!({"systems": cited})), "ada")
    };
    let place = "/body/systems";
    refused(&desk, &[(confirm(0), "check_failed", place)]);
    held(
        &desk,
        &confirm(1_500),
        confirm(1_501),
        "check_failed",
        place,
    );
    desk.holds();
}

#[test]
fn more_citations_than_an_entry_holds_are_refused_whole() {
    let desk = governed();
    let systems = 1_000..2_700;
    let all: Vec<Value> = systems
        .clone()
        .map(|number| put("ai_system", number, json!({"title": "Lamplight"})))
        .collect();
    desk.done(&all);
    let assess = |number: u32, count: usize| {
        let cited: Vec<Value> = systems.clone().take(count).map(cites).collect();
        let body = with(assessment("2026-01-05", "2026-01-05"), "systems", cited);
        put("risk_assessment", number, body)
    };
    held(&desk, &assess(32, 1_600), assess(33, 1_700), "too_long", "");
}

#[test]
fn a_record_put_alone_is_as_long_as_a_command_may_be_and_no_longer() {
    let desk = Desk::simulated();
    let of = |length: usize| format!(r#"{{"name":"Al","role":"{}"}}"#, "A".repeat(length));
    let put = |length: usize| {
        desk.file("person.json", of(length).as_bytes());
        desk.run(&["--json", "record", "put", "person", "person.json"])
    };
    let before = desk.head();
    for length in [1 << 20, 17 << 20] {
        let ran = put(length);
        assert_eq!(ran.code, 1, "{length}");
        let message = &ran.json()["refusal"]["message"];
        let says = message.as_str().unwrap().ends_with("1048576 are the most.");
        assert!(says, "{message}");
    }
    assert_eq!(desk.head(), before);
    assert_eq!(put((1 << 20) - 200).code, 0);
}

#[test]
fn no_more_of_a_body_is_read_than_a_command_may_have() {
    let desk = Desk::simulated();
    let body = desk.file("person.json", b"");
    // Nothing is on the disk of it; read whole, it would fill the memory of a small machine.
    let endless = std::fs::File::options().write(true).open(&body).unwrap();
    endless.set_len(1 << 40).unwrap();
    let refused = |code: i32, said: &str| {
        assert_eq!(code, 1, "{said}");
        let said: Value = serde_json::from_str(said).unwrap();
        assert_eq!(said["refusal"]["code"], "too_long", "{said}");
        assert_eq!(said["refusal"]["field"], "/body", "{said}");
    };
    let moving = [
        "record",
        "move",
        &desk.organisation(),
        "withdraw",
        "--version",
        "1",
    ];
    for command in [&["record", "put", "person"][..], &moving] {
        let ran = desk.run(&[&["--json"], command, &["person.json"]].concat());
        refused(ran.code, &ran.out);
        let mut piped = desk.command(&[&["--json"], command, &["-"]].concat());
        piped.stdin(std::fs::File::open(&body).unwrap());
        let ran = piped.output().unwrap();
        refused(
            ran.status.code().unwrap(),
            str::from_utf8(&ran.stdout).unwrap(),
        );
    }
    // White space around a body counts as it does around a line of `apply`.
    let padded = format!("{}{{\"name\": \"Eve\"}}", " ".repeat(1 << 20));
    desk.file("padded.json", padded.as_bytes());
    let ran = desk.run(&["record", "put", "person", "padded.json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn a_title_or_name_has_at_most_500_characters() {
    let desk = Desk::simulated();
    let person = |length: usize| put("person", 31, json!({"name": "é".repeat(length)}));
    held(&desk, &person(500), person(501), "too_long", "/body/name");
    let system = |length: usize| {
        put(
            "ai_system",
            32,
            json!({"title": "é".repeat(length), "purpose": "p".repeat(5_000)}),
        )
    };
    held(&desk, &system(500), system(501), "too_long", "/body/title");
    let organisation = desk.organisation();
    let units = |length: usize| {
        let unit = json!({"id": "housing", "name": "u".repeat(length)});
        let put = put(
            "organisation",
            33,
            json!({"name": "Council", "units": [unit]}),
        );
        with(put, "id", organisation.clone())
    };
    held(
        &desk,
        &units(500),
        units(501),
        "too_long",
        "/body/units/0/name",
    );
    let ran = desk.apply(&[person(5_000)]);
    let refusal = ran.lines()[0]["refusal"].clone();
    let message = "This text has 5000 characters; 500 are the most.";
    assert_eq!(refusal["message"], message);
}
