//! What reaches too far: back before a decision or a version, or up to the body that holds all.

use serde_json::json;

use crate::desk::id;
use crate::governed::*;

const MARCH: &str = "2026-03-10T09:00:00Z";

#[test]
fn nobody_attests_a_resolution_before_it_was_decided() {
    let desk = governed();
    let adopts = json!({"number": "26/9", "text": "That it be adopted.", "body": id(CABINET),
        "verb": "adopts", "decided_on": "2026-03-10", "objects": [{"of": cites(POLICY)}]});
    desk.done(&[with(put("resolution", 41, adopts), "at", MARCH)]);
    let attest = || by(moved(41, 1, "attest", json!({})), "ada");
    let on = |day: &str| with(attest(), "effective_on", day);
    refused(
        &desk,
        &[(on("2026-03-09"), "before_decision", "/effective_on")],
    );
    desk.done(&[on("2026-03-10")]);
}

#[test]
fn nobody_approves_a_version_before_it_was_there() {
    let desk = governed();
    let again = with(by(put("policy", POLICY, policy()), "bea"), "at", MARCH);
    desk.done(&[again]);
    let on = |day: &str| {
        let approve = by(moved(POLICY, 2, "approve", json!({})), "cai");
        with(approve, "effective_on", day)
    };
    // A month before it was recorded it may have been there: that is in time.
    refused(
        &desk,
        &[(on("2026-02-07"), "before_version", "/effective_on")],
    );
    desk.done(&[on("2026-02-08")]);
}

#[test]
fn the_terms_of_the_body_that_holds_every_power_are_its_own() {
    let desk = governed();
    let team = json!({"name": "Team", "top_management": "no", "quorum": 1, "may": ["decide"],
        "powers": ["set_up_body"], "written_procedure": true, "secretary": desk.operator(),
        "seats": [{"person": id(BEA)}]});
    let taken = json!({"name": "Cabinet", "top_management": "is", "quorum": 1, "may": ["decide"],
        "powers": ["set_up_body"], "written_procedure": true, "secretary": id(12)});
    let resolves = |number: u32, body: u32, verb: &str, of: serde_json::Value| {
        let body = json!({"number": format!("26/{number}"), "text": "That it be so.",
            "body": id(body), "verb": verb, "decided_on": "2026-01-05", "objects": [{"of": of}]});
        put("resolution", number, body)
    };
    let attest = |number: u32| by(moved(number, 1, "attest", json!({})), "ada");
    let second = json!({"id": id(CABINET), "version": 2});
    let done = desk.done(&[
        put("body", 31, team),
        resolves(41, CABINET, "approves", cites(31)),
        attest(41),
        put("body", CABINET, taken),
        resolves(42, 31, "approves", second.clone()),
        attest(42),
        resolves(43, 31, "rescinds", cites(CABINET)),
        attest(43),
        resolves(44, CABINET, "approves", second),
        attest(44),
    ]);
    for line in [&done[5], &done[7]] {
        assert_eq!(line["notes"][0]["code"], "roots_own", "{line}");
    }
    assert_eq!(done[9].get("notes"), None, "{}", done[9]);
}
