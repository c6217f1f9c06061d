//! What was called otherwise later: an answer known by U keeps the words it had then.

use std::fs::File;

use pack::PackReader;
use serde_json::{Value, json};

use crate::desk::{Desk, id};
use crate::governed::*;

const DISPOSED: u32 = 31;

/// Returns the number of the newest entry, as T and U are asked about.
pub fn newest(desk: &Desk) -> String {
    let status = desk.run(&["status", "--json"]).json();
    format!("#{}", status["entries"].as_u64().unwrap() - 1)
}

pub fn told(desk: &Desk, entry: &str) -> Value {
    let asked = ["status", "--json", "--as-of", entry, "--known-by", entry];
    desk.run(&asked).json()
}

/// Returns the status that a pack about an entry holds.
pub fn packed(desk: &Desk, entry: &str) -> Value {
    let out = desk.dir.path().join("renamed.zip");
    if out.exists() {
        std::fs::remove_file(&out).unwrap();
    }
    let path = out.to_str().unwrap();
    let ran = desk.run(&["pack", path, "--as-of", entry, "--known-by", entry]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let mut pack = PackReader::open(File::open(&out).unwrap()).unwrap();
    let status = pack.member("status.json").unwrap().unwrap();
    // What it says is what its own entries come to.
    desk.file("key.txt", desk.run(&["key"]).out.as_bytes());
    let verified = desk.run(&["verify", path, "--key", "key.txt"]);
    assert_eq!(verified.code, 0, "{verified:?}");
    serde_json::from_slice(&status).unwrap()
}

fn titled(title: &str) -> Value {
    let mut body = policy();
    body["title"] = json!(title);
    body
}

fn disposes(because: &str) -> Value {
    let body = json!({"rule": "4.3-a", "since": "2026-01-05", "says": "not_a_failure",
        "because": because});
    by(put("disposition", DISPOSED, body), "ada")
}

fn adopts(number: u32, version: u32) -> [Value; 2] {
    let body = json!({"number": format!("26/{number}"), "text": "That it be adopted.",
        "body": id(CABINET), "verb": "adopts", "decided_on": "2026-01-05",
        "objects": [{"of": {"id": id(POLICY), "version": version}}]});
    [
        put("resolution", number, body),
        by(moved(number, 1, "attest", json!({})), "ada"),
    ]
}

/// Returns what was said of the one finding that is disposed of.
pub fn because(status: &Value) -> String {
    let requirements = status["requirements"].as_array().unwrap().iter();
    let findings = requirements.flat_map(|one| one["findings"].as_array().unwrap());
    let mut subjects = findings.flat_map(|one| one["subjects"].as_array().unwrap());
    let disposed = subjects.find(|one| !one["disposition"].is_null()).unwrap();
    disposed["disposition"]["because"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn what_is_reworded_later_says_what_it_said_to_whoever_asks_about_before() {
    let desk = governed();
    desk.done(&[disposes("We never meant to.")]);
    let first = newest(&desk);
    let before = told(&desk, &first);
    assert_eq!(because(&before), "We never meant to.");
    desk.done(&[disposes("Reworded.")]);
    assert_eq!(told(&desk, &first), before);
    let now = told(&desk, &newest(&desk));
    assert_eq!(because(&now), "Reworded.");
    for entry in [&first, &newest(&desk)] {
        assert_eq!(packed(&desk, entry), told(&desk, entry), "{entry}");
    }
}

#[test]
fn a_version_goes_by_the_title_it_has_and_a_record_by_the_newest_known_by_then() {
    let desk = governed();
    let renamed = organised(&desk, &["housing"]);
    desk.done(&[by(put("policy", POLICY, titled("Policy one")), "bea")]);
    desk.done(&adopts(51, 2));
    let first = newest(&desk);
    let before = told(&desk, &first);
    desk.done(&[by(put("policy", POLICY, titled("Policy two")), "bea")]);
    let mut units = renamed;
    units["body"]["name"] = json!("Another Council (fictional)");
    units["body"]["units"][0]["name"] = json!("Homes");
    desk.done(&[units]);
    let second = newest(&desk);
    desk.done(&adopts(52, 3));
    let third = newest(&desk);
    let policy = |status: &Value| {
        let answer = &status["five"][1];
        let because = answer["because"].as_str().unwrap().to_owned();
        (because, answer["evidence"][0]["title"].clone())
    };
    for (entry, said, title) in [
        (&first, "Policy one, version 2, ", "Policy one"),
        // Version 3 is written, version 2 is in force still.
        (&second, "Policy one, version 2, ", "Policy one"),
        (&third, "Policy two, version 3, ", "Policy two"),
    ] {
        let status = told(&desk, entry);
        let (because, named) = policy(&status);
        assert!(because.starts_with(said), "{entry}: {because}");
        assert_eq!(named, json!(title), "{entry}");
        assert_eq!(packed(&desk, entry), status, "{entry}");
    }
    assert_eq!(told(&desk, &first), before);
    let shown = desk.run(&["record", "show", &id(POLICY), "--as-of", &first, "--json"]);
    assert_eq!(shown.json()["title"], "Policy one");
}

#[test]
fn an_earlier_start_declared_later_changes_nothing_that_was_known_before() {
    let desk = governed();
    let entry = newest(&desk);
    let before = told(&desk, &entry);
    assert_eq!(before["aims_start"], "2026-01-05");
    let body = json!({"title": "When it began", "aims_start": "2025-10-01"});
    let approve = moved(DECLARATION, 2, "approve", json!({}));
    let declared = [
        by(put("declaration", DECLARATION, body), "bea"),
        by(approve, "cai"),
    ];
    desk.done(&declared.map(|command| with(command, "at", "2026-03-10T09:00:00Z")));
    assert_eq!(told(&desk, &entry), before);
    assert_eq!(packed(&desk, &entry), before);
    let now = newest(&desk);
    assert_eq!(told(&desk, &now)["aims_start"], "2025-10-01");
    assert_eq!(packed(&desk, &now), told(&desk, &now));
}

#[test]
fn a_start_after_one_that_was_declared_is_no_earlier_one() {
    let desk = governed();
    let starts = |number: u32, day: Option<&str>| {
        let body = json!({"title": "When it began", "aims_start": day});
        by(put("declaration", number, body), "bea")
    };
    let later =
        |number: u32, day: &str| (starts(number, Some(day)), "not_earlier", "/body/aims_start");
    // What is only proposed began nothing.
    desk.done(&[
        starts(32, Some("2025-10-01")),
        starts(33, Some("2025-11-01")),
    ]);
    desk.done(&[by(moved(32, 1, "approve", json!({})), "cai")]);
    refused(
        &desk,
        &[
            later(32, "2025-12-01"),
            later(34, "2025-10-02"),
            later(34, "2026-01-05"),
        ],
    );
    let ran = desk.apply(&[starts(34, Some("2025-12-01"))]);
    let message = "The AI management system began on 1 October 2025, and 1 December 2025 is later.";
    assert_eq!(ran.lines()[0]["refusal"]["message"], message);
    // Put again as it was, also where another has gone before it since.
    desk.done(&[
        starts(32, Some("2025-10-01")),
        starts(33, Some("2025-11-01")),
        starts(34, Some("2025-09-01")),
        by(moved(34, 1, "approve", json!({})), "cai"),
        starts(32, Some("2025-10-01")),
        starts(32, None),
    ]);
    refused(&desk, &[later(32, "2025-10-01")]);
    desk.done(&[starts(32, Some("2025-09-01"))]);
}

/// Returns a resolution of the cabinet on a version, and its attestation.
fn resolves(number: u32, verb: &str, of: u32) -> [Value; 2] {
    let body = json!({"number": format!("26/{number}"), "text": "So be it.", "verb": verb,
        "body": id(CABINET), "decided_on": "2026-01-05", "objects": [{"of": cites(of)}]});
    [
        put("resolution", number, body),
        by(moved(number, 1, "attest", json!({})), "ada"),
    ]
}

/// Returns what the attestation that the first answer rests on is called.
fn attested(status: &Value) -> Vec<&str> {
    let evidence = status["five"][0]["evidence"].as_array().unwrap().iter();
    let attested = evidence.filter(|one| one["kind"] == "attestation");
    attested.map(|one| one["title"].as_str().unwrap()).collect()
}

#[test]
fn an_attestation_goes_by_the_name_that_its_unit_had_on_the_day_asked_about() {
    const SCOPE: u32 = 61;
    const HEAD: u32 = 62;
    let desk = governed();
    let scope = json!({"title": "Scope", "statement": "What Housing uses.", "units": ["housing"]});
    let head = json!({"title": "Head of Housing", "holder": id(BEA), "head_of": "housing",
        "start": "2026-01-05"});
    let mut commands = vec![
        put("scope", SCOPE, scope),
        put("appointment", HEAD, head),
        by(put("attestation", 63, attestation("2026-01-05")), "bea"),
    ];
    commands.extend(resolves(64, "approves", SCOPE));
    commands.extend(resolves(65, "appoints", HEAD));
    desk.done(&commands);
    let first = newest(&desk);
    assert_eq!(attested(&told(&desk, &first)), ["Attestation: A unit"]);
    let mut renamed = with(organised(&desk, &["housing"]), "at", "2026-03-02T09:00:00Z");
    renamed["body"]["units"][0]["name"] = json!("Homes");
    desk.done(&[renamed]);
    let now = newest(&desk);
    for (as_of, called) in [("2026-02-01", "A unit"), ("2026-03-02", "Homes")] {
        let asked = ["status", "--json", "--as-of", as_of, "--known-by", "now"];
        let status = desk.run(&asked).json();
        assert_eq!(
            attested(&status),
            [format!("Attestation: {called}")],
            "{as_of}"
        );
    }
    for entry in [&first, &now] {
        assert_eq!(packed(&desk, entry), told(&desk, entry), "{entry}");
    }
    // A unit that the organisation in force does not list goes by its short name.
    desk.done(&[organised(&desk, &["planning"])]);
    let unlisted = newest(&desk);
    let status = told(&desk, &unlisted);
    assert_eq!(attested(&status), ["Attestation: housing"]);
    assert_eq!(packed(&desk, &unlisted), status);
}

#[test]
fn what_a_unit_tells_apart_is_listed_by_what_that_was_called_about_the_day() {
    let desk = governed();
    let unit = |name: &str| {
        let mut command = organised(&desk, &["housing"]);
        command["body"]["units"][0]["name"] = json!(name);
        command
    };
    let later = with(unit("Homes and Places"), "effective_on", "2026-02-01");
    desk.done(&[
        unit("Housing Services"),
        put("attestation", 31, attestation("2026-01-05")),
        with(later, "at", "2026-02-02T09:00:00Z"),
    ]);
    let newest = newest(&desk);
    let title = |asked: &[&str]| {
        let run = |args: &[&str]| desk.run(&[args, asked, &["--json"]].concat()).json();
        let listed = run(&["record", "list", "attestation"])[0]["title"].clone();
        let shown = run(&["record", "show", &id(31)])["title"].clone();
        assert_eq!(listed, shown);
        listed
    };
    assert_eq!(title(&[]), "Attestation: Homes and Places");
    let then = ["--as-of", "2026-01-20", "--known-by", &newest];
    assert_eq!(title(&then), "Attestation: Housing Services");
}
