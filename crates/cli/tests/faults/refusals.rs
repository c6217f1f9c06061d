//! What may not be recorded: refused with its word, its place and nothing recorded.

use serde_json::{Value, json};

use crate::desk::{id, person};
use crate::governed::*;

#[test]
fn what_nobody_knows_is_refused_where_it_stands() {
    let desk = governed();
    let system = |body| put("ai_system", 31, body);
    let sound = json!({"title": "Lamplight", "purpose": "Street lights."});
    refused(
        &desk,
        &[
            (put("spaceship", 31, json!({})), "unknown_kind", "/kind"),
            (
                moved(POLICY, 1, "launch", json!({})),
                "unknown_move",
                "/move",
            ),
            (
                moved(99, 1, "withdraw", json!({"because": "x"})),
                "no_such_record",
                "/id",
            ),
            (
                with(system(sound.clone()), "colour", "red"),
                "unknown_field",
                "/colour",
            ),
            (
                system(with(sound.clone(), "colour", "red")),
                "unknown_field",
                "/body/colour",
            ),
            (
                put(
                    "meeting",
                    31,
                    json!({"title": "x", "body": id(CABINET), "state": "held",
                    "sittings": [{"on": "2026-01-05", "colour": "red"}]}),
                ),
                "unknown_field",
                "/body/sittings/0/colour",
            ),
            (
                system(with(sound.clone(), "stage", "soon")),
                "malformed",
                "/body/stage",
            ),
            (
                system(with(sound.clone(), "title", 7)),
                "malformed",
                "/body/title",
            ),
            (by(system(sound.clone()), "nobody"), "unknown_person", "/as"),
            (
                with(system(sound.clone()), "do", "erase"),
                "not_a_command",
                "/do",
            ),
            (with(system(sound.clone()), "id", "31"), "malformed", "/id"),
            (with(system(sound), "at", "yesterday"), "malformed", "/at"),
            (json!(["put"]), "not_a_command", ""),
        ],
    );
}

#[test]
fn a_citation_of_nothing_or_of_what_is_not_yet_written_is_refused() {
    let desk = governed();
    let cited = |cite: Value| {
        let mut body = assessment("2026-01-05", "2026-01-05");
        body["systems"][0] = cite;
        put("risk_assessment", 31, body)
    };
    let other_body = |number: u32| {
        put(
            "meeting",
            31,
            with(meeting("2026-01-05"), "body", id(number)),
        )
    };
    refused(
        &desk,
        &[
            (cited(cites(99)), "cites_nothing", "/body/systems/0"),
            (
                cited(json!({"id": id(SYSTEM), "version": 2})),
                "unwritten_version",
                "/body/systems/0/version",
            ),
            (
                cited(json!({"id": id(SYSTEM), "version": 0})),
                "unwritten_version",
                "/body/systems/0/version",
            ),
            (other_body(99), "cites_nothing", "/body/body"),
            (
                moved(POLICY, 2, "approve", json!({})),
                "unwritten_version",
                "/version",
            ),
            (
                put(
                    "meeting",
                    31,
                    with(
                        meeting("2026-01-05"),
                        "minutes",
                        json!({"file": "0".repeat(64)}),
                    ),
                ),
                "no_file",
                "/body/minutes/file",
            ),
        ],
    );
}

#[test]
fn a_stale_version_or_anothers_id_is_refused() {
    let desk = governed();
    let next = put("policy", POLICY, policy());
    refused(
        &desk,
        &[
            (
                with(next.clone(), "if_version", 0),
                "stale_version",
                "/if_version",
            ),
            (
                with(next.clone(), "if_version", 2),
                "stale_version",
                "/if_version",
            ),
            (
                put("ai_system", POLICY, json!({"title": "x", "purpose": "y"})),
                "other_kind",
                "/id",
            ),
            (
                put("person", POLICY, json!({"name": "Eve"})),
                "other_kind",
                "/id",
            ),
        ],
    );
    desk.done(&[with(next.clone(), "if_version", 1)]);
    refused(
        &desk,
        &[(with(next, "if_version", 1), "stale_version", "/if_version")],
    );
}

#[test]
fn a_key_gives_its_first_result_or_refuses_other_content() {
    let desk = governed();
    let keyed = |title: &str| {
        let put = json!({"do": "put", "kind": "ai_system", "key": "k-1",
            "body": {"title": title, "purpose": "Street lights."}});
        put
    };
    let first = desk.done(&[keyed("Lamplight"), keyed("Lamplight")]);
    assert_eq!(first[0]["seq"], first[1]["seq"]);
    let before = desk.head();
    let again = desk.done(&[keyed("Lamplight")]);
    assert_eq!(again[0], first[0]);
    assert_eq!(desk.head(), before);
    let empty = with(keyed("Lamplight"), "key", "");
    let long = with(keyed("Lamplight"), "key", "k".repeat(201));
    refused(
        &desk,
        &[
            (keyed("Searchlight"), "key_reused", "/key"),
            (by(keyed("Lamplight"), "bea"), "key_reused", "/key"),
            (empty, "key_length", "/key"),
            (long, "key_length", "/key"),
        ],
    );
}

#[test]
fn nobody_approves_alone_twice_or_without_authority() {
    let desk = governed();
    let approve = moved(POLICY, 1, "approve", json!({}));
    refused(
        &desk,
        &[
            (by(approve.clone(), "bea"), "same_person", "/as"),
            (approve.clone(), "no_authority", "/as"),
            (by(approve.clone(), "ada"), "no_authority", "/as"),
            (
                by(
                    moved(
                        POLICY,
                        1,
                        "keep",
                        json!({"because": "x", "next_review": "2027-01-05"}),
                    ),
                    "cai",
                ),
                "not_approved",
                "/version",
            ),
            (
                by(moved(24, 1, "attest", json!({})), "ada"),
                "already_attested",
                "/version",
            ),
        ],
    );
    // It may have adopted nothing.
    let again = desk.apply(&[by(moved(24, 1, "attest", json!({})), "ada")]);
    let hint = &again.lines()[0]["refusal"]["hint"];
    let said = "It is attested once; `minutebook record history` says what came of it. Where it adopted \
        nothing, and the minutes were put right since, put a new version of it and have that attested.";
    assert_eq!(hint, said);
    let ran = desk.apply(&[by(approve.clone(), "cai"), by(approve.clone(), "dot")]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let lines = ran.lines();
    assert_eq!(lines[0]["ok"], true);
    assert_eq!(lines[1]["refusal"]["code"], "already_approved");
    refused(
        &desk,
        &[(by(approve, "dot"), "already_approved", "/version")],
    );
    desk.holds();
}

#[test]
fn a_set_is_recorded_whole_or_not_at_all() {
    let desk = governed();
    let set = |commands: Vec<Value>| json!({"do": "all", "commands": commands});
    let sound = || person(31, "eve");
    let bad = || put("meeting", 32, meeting("2026-01-06"));
    refused(
        &desk,
        &[
            (
                set(vec![sound(), bad()]),
                "in_future",
                "/commands/1/body/sittings/0/on",
            ),
            (
                set(vec![sound(), with(sound(), "if_version", 0)]),
                "stale_version",
                "/commands/1/if_version",
            ),
            (
                set(vec![sound(), with(sound(), "colour", "red")]),
                "unknown_field",
                "/commands/1/colour",
            ),
            (
                set(vec![sound(), set(vec![sound()])]),
                "not_a_command",
                "/commands/1",
            ),
            (set(Vec::new()), "too_few", "/commands"),
        ],
    );
    // Nothing of a refused set is left at hand either.
    refused(
        &desk,
        &[(
            by(put("policy", 33, policy()), "eve"),
            "unknown_person",
            "/as",
        )],
    );
    let lines = desk.done(&[set(vec![sound(), by(put("policy", 33, policy()), "eve")])]);
    assert_eq!(lines[0]["results"].as_array().unwrap().len(), 2);
}

#[test]
fn what_is_of_another_kind_than_its_place_is_refused() {
    let desk = governed();
    let sits = |number: u32| with(meeting("2026-01-05"), "body", id(number));
    let resolved = |field: &str, value: Value| {
        let body = json!({"number": "26/2", "text": "That it be so.", "body": id(CABINET),
            "verb": "resolves", "decided_on": "2026-01-05"});
        put("resolution", 31, with(body, field, value))
    };
    let mut assessed = assessment("2026-01-05", "2026-01-05");
    assessed["systems"][0] = cites(POLICY);
    let by_policy = assessment("2026-01-05", "2026-01-05");
    let by_policy = with(by_policy, "criteria", cites(POLICY));
    let attested = with(attestation("2026-01-05"), "by", id(CABINET));
    let holder = json!({"title": "Owner", "holder": id(SYSTEM), "start": "2026-01-05",
        "duties": ["conformity"]});
    let action = |owner: u32| {
        json!({"title": "A26/1", "text": "Look again.", "status": "open", "owner": id(owner),
            "due": "2026-02-05"})
    };
    let told = with(action(BEA), "status_at", cites(POLICY));
    let cases = [
        (put("meeting", 31, sits(BEA)), "/body/body"),
        (resolved("body", json!(id(BEA))), "/body/body"),
        (resolved("meeting", cites(POLICY)), "/body/meeting"),
        (put("risk_assessment", 31, assessed), "/body/systems/0"),
        (put("risk_assessment", 31, by_policy), "/body/criteria"),
        (put("attestation", 31, attested), "/body/by"),
        (put("appointment", 31, holder), "/body/holder"),
        (put("action", 31, action(CABINET)), "/body/owner"),
        (put("action", 31, told), "/body/status_at"),
    ];
    let cases = cases.map(|(command, place)| (command, "wrong_kind", place));
    refused(&desk, &cases);
}

#[test]
fn nobody_sits_attends_or_presides_who_is_no_person() {
    let desk = governed();
    let seated = |field: &str, number: u32| json!({"name": "Board", "top_management": "no", "quorum": 1, "seats": [{field: id(number)}]});
    let chaired = |number: u32| with(seated("person", BEA), "chair", id(number));
    let attended = |number: u32| {
        let there = json!([{"person": id(number), "role": "member"}]);
        with(meeting("2026-01-05"), "present", there)
    };
    let before_it = |number: u32| {
        let items = json!([{"number": "1", "title": "A paper", "papers": [cites(number)]}]);
        with(meeting("2026-01-05"), "items", items)
    };
    let owned = json!({"title": "Lamplight", "owner": id(POLICY)});
    let confirmed = |by: u32, presiding: u32| json!({"by": cites(by), "presiding": id(presiding), "on": "2026-01-05"});
    let cases = [
        (
            put("body", 31, seated("person", POLICY)),
            "/body/seats/0/person",
        ),
        (put("body", 31, chaired(MEETING)), "/body/chair"),
        (
            put("meeting", 31, attended(POLICY)),
            "/body/present/0/person",
        ),
        (put("meeting", 31, before_it(BEA)), "/body/items/0/papers/0"),
        (put("ai_system", 31, owned), "/body/owner"),
        (
            moved(MEETING, 1, "confirm", confirmed(BEA, BEA)),
            "/body/by",
        ),
        (
            moved(MEETING, 1, "confirm", confirmed(MEETING, POLICY)),
            "/body/presiding",
        ),
    ];
    let cases = cases.map(|(command, place)| (command, "wrong_kind", place));
    refused(&desk, &cases);
}

#[test]
fn minutes_confirm_neither_themselves_nor_what_another_body_did() {
    let desk = governed();
    let today = "2026-01-05";
    let board = json!({"name": "Board", "top_management": "no", "quorum": 1});
    let sat = with(meeting("2026-01-08"), "body", id(31));
    let sits = [with(put("meeting", 32, sat), "at", "2026-01-08T09:00:00Z")];
    desk.done(&[put("body", 31, board)]);
    desk.done(&sits);
    let confirm =
        |by: u32, on: &str| moved(MEETING, 1, "confirm", json!({"by": cites(by), "on": on}));
    refused(
        &desk,
        &[
            (confirm(MEETING, today), "not_later", "/body/by"),
            (confirm(32, "2026-01-08"), "other_body", "/body/by"),
        ],
    );
    desk.done(&[
        put("meeting", 33, meeting("2026-01-08")),
        confirm(33, "2026-01-08"),
    ]);
}

fn scoped(criterion: Value) -> Value {
    let scope = json!({"title": "Scope", "statement": "All.", "criteria": [criterion]});
    put("scope", 31, scope)
}

fn appointed(field: &str, name: Value) -> Value {
    let body = json!({"title": "Head", "holder": id(BEA), "start": "2026-01-05"});
    put("appointment", 31, with(body, field, name))
}

#[test]
fn a_unit_or_post_that_the_organisation_does_not_list_is_refused() {
    let desk = governed();
    let attests = |unit: &str| with(attestation("2026-01-05"), "unit", unit);
    let attest = |number: u32, unit: &str| put("attestation", number, attests(unit));
    let organised = |units: &[&str]| organised(&desk, units);
    let criterion = json!({"unit": ["hosing"], "says": "in"});
    let in_criterion = "/body/criteria/0/unit/0";
    let (head, post) = (json!("hosing"), json!("head-of-digits"));
    let doubled = organised(&["housing", "housing"]);
    let cases = [
        (attest(31, "hosing"), "unknown_unit", "/body/unit"),
        (scoped(criterion), "unknown_unit", in_criterion),
        (appointed("head_of", head), "unknown_unit", "/body/head_of"),
        (appointed("post", post), "unknown_post", "/body/post"),
        (doubled, "check_failed", "/body/units/1/id"),
    ];
    refused(&desk, &cases);
    // Once the organisation has the unit, it can be attested; once it has gone, no longer.
    desk.done(&[
        organised(&["housing", "planning"]),
        attest(31, "planning"),
        organised(&["planning"]),
    ]);
    let gone = (attest(32, "housing"), "unknown_unit", "/body/unit");
    refused(&desk, &[gone]);
}

#[test]
fn a_word_that_only_looks_like_a_choice_or_a_kind_is_refused() {
    let desk = governed();
    let waiver = json!([{"kind": "polcy", "because": "Two.", "compensating_check": "Audit."}]);
    let declared = |field: &str, value: Value| {
        let body = json!({"title": "Declared"});
        put("declaration", 31, with(body, field, value))
    };
    let criterion = json!({"origin": ["boughtt"], "says": "in"});
    let (stage, power) = (json!("lve"), json!(["adopt_polcy"]));
    let (from, kind) = ("/body/assessed_from", "/body/waivers/0/kind");
    let cases = [
        (scoped(criterion), "malformed", "/body/criteria/0/origin/0"),
        (appointed("powers", power), "malformed", "/body/powers/0"),
        (declared("assessed_from", stage), "malformed", from),
        (declared("waivers", waiver), "unknown_kind", kind),
    ];
    refused(&desk, &cases);
}

#[test]
fn what_is_brought_in_comes_from_somewhere_by_a_person() {
    let desk = governed();
    let person = |brought: Value| {
        let body = json!({"name": "Eve Sample", "email": "eve@council.example"});
        let old = with(put("person", 31, body), "effective_on", "2026-01-04");
        with(old, "brought_in", brought)
    };
    let by = |number: u32| person(json!({"from": "A drive", "by": id(number)}));
    refused(
        &desk,
        &[
            (
                person(json!({"from": " "})),
                "check_failed",
                "/brought_in/from",
            ),
            (by(99), "cites_nothing", "/brought_in/by"),
            (by(CABINET), "wrong_kind", "/brought_in/by"),
        ],
    );
    desk.done(&[by(BEA)]);
}

#[test]
fn only_a_person_confirms_systems_in_bulk() {
    let desk = governed();
    let scope = json!({"title": "Scope", "statement": "All.", "criteria": [{"says": "in"}],
        "boundaries": "All.", "suppliers": "None.",
        "no_exclusions_because": "Nothing is left out.", "units": ["housing"]});
    desk.done(&[put("scope", 31, scope)]);
    let confirm = || moved(31, 1, "confirm", json!({"systems": [cites(SYSTEM)]}));
    refused(&desk, &[(confirm(), "no_authority", "/as")]);
    desk.done(&[by(confirm(), "bea")]);
}

#[test]
fn a_level_that_the_criteria_cited_do_not_have_is_refused_and_theirs_are_named() {
    let desk = governed();
    let criteria = |levels: Value, line: &str| {
        json!({"title": "Criteria", "scales": "1 to 4.", "levels": levels, "acceptable_to": line,
            "method": "Two people.", "authority": [{"level": "high", "holder": id(CABINET)}]})
    };
    desk.done(&[put(
        "risk_criteria",
        31,
        criteria(json!(["low", "high"]), "low"),
    )]);
    let found = |level: &str| {
        let body = with(
            assessment("2026-01-05", "2026-01-05"),
            "criteria",
            cites(31),
        );
        put("risk_assessment", 32, with(body, "level", level))
    };
    let unheld = put(
        "risk_criteria",
        33,
        criteria(json!(["low", "grave"]), "low"),
    );
    refused(
        &desk,
        &[
            (found("medium"), "unknown_level", "/body/level"),
            (unheld, "check_failed", "/body/authority/0/level"),
        ],
    );
    let hint = desk.apply(&[found("medium")]).lines()[0]["refusal"]["hint"].clone();
    assert_eq!(hint, "Their levels, lowest first: low, high.");
    desk.done(&[found("high")]);
}

#[test]
fn a_post_holds_duties_alone_and_is_one_of_the_organisations() {
    let desk = governed();
    let head = json!({"do": "put", "kind": "organisation", "id": desk.organisation(),
        "body": {"name": "Council", "posts": [{"id": "head-digital", "name": "Head of Digital"}]}});
    let appointment = |more: Value| {
        let mut body = json!({"title": "Owner", "start": "2026-01-05", "duties": ["conformity"]});
        for (field, value) in more.as_object().unwrap() {
            body[field] = value.clone();
        }
        put("appointment", 31, body)
    };
    let of_post = |field: &str, value: Value| {
        appointment(with(json!({"holder_post": "head-digital"}), field, value))
    };
    let named = |post: &str| appointment(json!({"holder_post": post}));
    refused(
        &desk,
        &[(named("head-digital"), "unknown_post", "/body/holder_post")],
    );
    desk.done(&[head]);
    refused(
        &desk,
        &[
            (named("head-digitl"), "unknown_post", "/body/holder_post"),
            (appointment(json!({})), "check_failed", "/body/holder"),
            (
                of_post("holder", json!(id(BEA))),
                "check_failed",
                "/body/holder_post",
            ),
            (
                of_post("post", json!("owner")),
                "check_failed",
                "/body/post",
            ),
            (
                of_post("powers", json!(["declare"])),
                "check_failed",
                "/body/powers",
            ),
        ],
    );
    desk.done(&[named("head-digital")]);
}

#[test]
fn blanks_tell_nobody_anything() {
    let desk = governed();
    let body = json!({"on": "2026-01-05", "to": " ", "how": "A note."});
    let told = |number: u32| moved(number, 1, "communicate", body.clone());
    let nobody = [POLICY, 21].map(|number| (told(number), "check_failed", "/body/to"));
    refused(&desk, &nobody);
    let both = json!({"title": "Scope", "statement": "All.", "units": ["housing"],
        "whole_organisation": true});
    refused(
        &desk,
        &[(put("scope", 31, both), "check_failed", "/body/units")],
    );
    let owner = json!({"title": "Owner", "start": "2026-01-05", "duties": ["conformity"],
        "holder": id(BEA), "authority": " "});
    desk.done(&[put("appointment", 35, owner)]);
    let shown = desk.run(&["record", "show", &id(35), "--json"]).out;
    assert!(!shown.contains("\"authority\""), "{shown}");
    // What is left blank in a scope is not stated.
    let blank = json!({"title": "Scope", "statement": "All.", "criteria": [{"says": "in"}],
        "units": ["housing"], "roles": ["user"], "boundaries": " ", "suppliers": "",
        "no_exclusions_because": "\t"});
    let resolution = json!({"number": "26/2", "text": "That it be so.", "body": id(CABINET),
        "verb": "approves", "decided_on": "2026-01-05",
        "objects": [{"of": cites(31)}]});
    desk.done(&[
        put("scope", 31, blank),
        put("resolution", 32, resolution),
        by(moved(32, 1, "attest", json!({})), "ada"),
    ]);
    let status = desk.run(&["status", "--json"]);
    let status: Value = serde_json::from_str(&status.out).unwrap();
    let of_scope = |one: &&Value| one["id"] == "4.3";
    let scope = status["requirements"]
        .as_array()
        .unwrap()
        .iter()
        .find(of_scope);
    assert_eq!(
        scope.unwrap()["because"],
        "The scope in force does not state the sites and other boundaries, the interfaces to \
         suppliers and what is excluded and why.",
    );
}
