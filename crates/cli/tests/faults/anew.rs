//! A resolution whose quorum rests on terms of its day that were attested after it.

use serde_json::{Value, json};

use crate::desk::id;
use crate::governed::*;

const BOARD: u32 = 31;
const SAT: u32 = 32;
const RESOLVED: u32 = 41;
const MEMBER: u32 = 51;

fn attest(number: u32, version: u32) -> Value {
    by(moved(number, version, "attest", json!({})), "ada")
}

fn terms(quorum: u32) -> Value {
    json!({"name": "Board", "top_management": "no", "quorum": quorum, "may": ["decide"],
        "seats": [{"person": id(BEA)}, {"person": id(MEMBER)}], "powers": ["adopt_policy"]})
}

/// Returns what the cabinet resolved of the board's terms.
fn approves(number: u32, version: u32) -> Value {
    let of = json!({"id": id(BOARD), "version": version});
    let body = json!({"number": format!("26/{number}"), "text": "That these be its terms.",
        "body": id(CABINET), "verb": "approves", "decided_on": "2026-01-05",
        "objects": [{"of": of}]});
    put("resolution", number, body)
}

#[test]
fn a_resolution_without_the_quorum_that_terms_of_its_day_give_is_put_right_by_attesting_it_anew() {
    let desk = governed();
    let meeting = json!({"title": "Board", "body": id(BOARD), "state": "held",
        "sittings": [{"on": "2026-01-05"}], "items": [{"number": "1", "title": "Policy"}],
        "present": [{"person": id(BEA), "role": "member"}]});
    let adopts = || {
        let body = json!({"number": "26/41", "text": "That it be adopted.", "body": id(BOARD),
            "verb": "adopts", "decided_on": "2026-01-05", "meeting": cites(SAT), "item": "1",
            "objects": [{"of": cites(POLICY)}]});
        put("resolution", RESOLVED, body)
    };
    let person = json!({"name": "Flo Fict", "email": "flo@council.example"});
    let done = desk.done(&[
        put("person", MEMBER, person),
        put("body", BOARD, terms(2)),
        approves(33, 1),
        attest(33, 1),
        put("meeting", SAT, meeting),
        adopts(),
        attest(RESOLVED, 1),
        put("body", BOARD, terms(1)),
        approves(34, 2),
        attest(34, 1),
        adopts(),
        attest(RESOLVED, 2),
    ]);
    let codes = |line: &Value| -> Vec<Value> {
        let notes = line["notes"].as_array().into_iter().flatten();
        notes.map(|one| one["code"].clone()).collect()
    };
    assert!(codes(&done[6]).contains(&json!("inquorate")), "{}", done[6]);
    let hint = done[6]["notes"][0]["hint"].as_str().unwrap();
    assert!(
        hint.ends_with(
            "Terms of reference decided that day and attested after it do not count for it: once \
             they are attested, put a new version of it and have that attested."
        ),
        "{hint}"
    );
    assert!(
        !codes(&done[11]).contains(&json!("inquorate")),
        "{}",
        done[11]
    );
}
