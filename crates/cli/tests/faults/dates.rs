//! Days and slots: what happened is not in the future, and no slot is filled in later.

use serde_json::{Value, json};

use crate::desk::{Desk, id, person};
use crate::governed::*;

fn review(first_day: &str) -> Value {
    let input = json!({"none_because": "The first review."});
    json!({"title": "Review", "parts": [{"meeting": cites(MEETING)}], "covers": ["aims"],
        "slot": {"declaration": id(DECLARATION), "first_day": first_day},
        "inputs": {"actions": input}, "decisions": {"improvement": "None.", "changes": "None."},
        "conclusions": {"suitability": "Yes.", "adequacy": "Yes.", "effectiveness": "Yes."}})
}

fn move_slot(first_day: &str, to: [&str; 2]) -> Value {
    let body = json!({"first_day": first_day, "to_first_day": to[0], "to_last_day": to[1],
        "because": "An election."});
    by(moved(DECLARATION, 1, "move_slot", body), "cai")
}

#[test]
fn what_happened_is_not_in_the_future() {
    let desk = governed();
    let today = "2026-01-05";
    let tomorrow = "2026-01-06";
    refused(
        &desk,
        &[
            (
                put("meeting", 31, meeting(tomorrow)),
                "in_future",
                "/body/sittings/0/on",
            ),
            (
                put("risk_assessment", 31, assessment(tomorrow, tomorrow)),
                "in_future",
                "/body/assessed_on",
            ),
            (
                put("risk_assessment", 31, assessment(today, tomorrow)),
                "in_future",
                "/body/decision/on",
            ),
            (
                put("attestation", 31, attestation(tomorrow)),
                "in_future",
                "/body/attested_on",
            ),
            (
                moved(21, 1, "accept", json!({"on": tomorrow})),
                "in_future",
                "/body/on",
            ),
            (
                moved(
                    POLICY,
                    1,
                    "communicate",
                    json!({"on": tomorrow, "to": "Staff"}),
                ),
                "in_future",
                "/body/on",
            ),
        ],
    );
    desk.done(&[
        put("attestation", 31, attestation(today)),
        put("risk_assessment", 32, assessment(today, today)),
        // What is only meant for a day may lie ahead.
        with(put("policy", 33, policy()), "effective_on", "2026-03-01"),
        moved(21, 1, "leave", json!({"last_day": tomorrow})),
    ]);
}

#[test]
fn a_significant_change_to_come_is_refused_with_how_it_is_assessed_before_it_is_made() {
    let desk = governed();
    let change = |day: &str| {
        json!({"title": "Letter drafts", "stage": "live", "significant_change": true,
            "changed_on": day})
    };
    let planned = put("ai_system", 31, change("2026-01-06"));
    refused(&desk, &[(planned.clone(), "in_future", "/body/changed_on")]);
    let ran = desk.apply(&[planned]);
    let lines = ran.lines();
    let hint = lines[0]["refusal"]["hint"].as_str().unwrap();
    assert!(hint.starts_with("Record it as proposed:"), "{hint}");
    assert!(hint.contains("without `significant_change`"), "{hint}");
    // As it is proposed, today, it is taken.
    desk.done(&[put("ai_system", 31, change("2026-01-05"))]);
}

/// A meeting that is only called, with a day.
fn called(field: &str, day: &str) -> Value {
    json!({"title": "Cabinet", "body": id(CABINET), "state": "called", field: day})
}

#[test]
fn a_meeting_is_called_by_today_and_before_it_sat() {
    let desk = governed();
    let (today, tomorrow) = ("2026-01-05", "2026-01-06");
    let late = |field: &str| put("meeting", 31, with(meeting(today), field, tomorrow));
    let ahead = |field: &str| put("meeting", 31, called(field, tomorrow));
    refused(
        &desk,
        &[
            (late("called_on"), "check_failed", "/body/called_on"),
            (late("papers_out_on"), "check_failed", "/body/papers_out_on"),
            (ahead("called_on"), "in_future", "/body/called_on"),
            (ahead("papers_out_on"), "in_future", "/body/papers_out_on"),
        ],
    );
    desk.done(&[
        // Called before this ledger began, a meeting may still sit in it.
        put("meeting", 31, called("called_on", "2025-12-20")),
        put("meeting", 32, called("planned_on", tomorrow)),
    ]);
}

#[test]
fn what_is_older_than_the_ledger_says_where_it_comes_from() {
    let desk = governed();
    let before = "2026-01-04";
    let mina = put("person", 31, json!({"name": "Mina"}));
    let brought = json!({"from": "The staff list"});
    let old_policy = with(put("policy", 32, policy()), "effective_on", before);
    refused(
        &desk,
        &[
            (
                with(mina.clone(), "effective_on", before),
                "before_ledger",
                "/effective_on",
            ),
            (old_policy.clone(), "before_ledger", "/effective_on"),
            (
                put("meeting", 31, meeting(before)),
                "before_ledger",
                "/body/sittings/0/on",
            ),
            (
                put("attestation", 31, attestation(before)),
                "before_ledger",
                "/body/attested_on",
            ),
            (
                with(old_policy, "brought_in", brought.clone()),
                "no_file",
                "/brought_in/file",
            ),
        ],
    );
    let old = with(
        with(mina.clone(), "effective_on", before),
        "brought_in",
        brought.clone(),
    );
    desk.done(&[old]);
    let today = |command: Value| with(command, "brought_in", brought.clone());
    refused(
        &desk,
        &[
            (today(mina), "not_older", "/brought_in"),
            (
                today(put("meeting", 33, meeting("2026-01-05"))),
                "not_older",
                "/brought_in",
            ),
        ],
    );
}

#[test]
fn nobody_leaves_before_the_first_day_or_unsourced_before_the_ledger() {
    let desk = governed();
    let before = "2026-01-04";
    let leaves = |n: u32, day: &str| moved(n, 1, "leave", json!({"last_day": day}));
    let list = desk.file("list.txt", b"Left on 4 January.");
    let added = desk.run(&["file", "add", list.to_str().unwrap()]).out;
    let file = added.trim();
    let brought = json!({"from": "The staff list", "file": file});
    let from_list = |command: Value| with(command, "brought_in", brought.clone());
    let older = json!({"title": "Scribe", "holder": id(BEA), "post": "head-of-digital",
        "start": "2025-01-01"});
    desk.done(&[put("appointment", 41, older)]);
    refused(
        &desk,
        &[
            (leaves(21, before), "before_first_day", "/body/last_day"),
            (
                from_list(leaves(21, before)),
                "before_first_day",
                "/body/last_day",
            ),
            (leaves(41, before), "before_ledger", "/body/last_day"),
        ],
    );
    desk.done(&[leaves(21, "2026-01-05"), from_list(leaves(41, before))]);
}

#[test]
fn a_day_that_no_calendar_has_is_refused() {
    let desk = governed();
    let mina = put("person", 31, json!({"name": "Mina"}));
    for day in [
        "2026-02-31",
        "2026-13-01",
        "31/01/2026",
        "2026-1-5",
        "2026-01-05T09:00:00Z",
        "",
    ] {
        refused(
            &desk,
            &[
                (
                    with(mina.clone(), "effective_on", day),
                    "malformed",
                    "/effective_on",
                ),
                (
                    put("attestation", 31, attestation(day)),
                    "malformed",
                    "/body/attested_on",
                ),
                (
                    put("meeting", 31, meeting(day)),
                    "malformed",
                    "/body/sittings/0/on",
                ),
            ],
        );
    }
}

#[test]
fn a_slot_is_claimed_for_a_meeting_inside_it_only() {
    let desk = governed();
    let undeclared = with(
        review("2026-01-01"),
        "slot",
        json!({"declaration": id(POLICY), "first_day": "2026-01-01"}),
    );
    let claim = |first_day: &str| put("management_review", 31, review(first_day));
    refused(
        &desk,
        &[
            (claim("2026-04-01"), "outside_slot", "/body/slot"),
            (claim("2026-02-01"), "no_such_slot", "/body/slot/first_day"),
            (
                put("management_review", 31, undeclared),
                "wrong_kind",
                "/body/slot/declaration",
            ),
        ],
    );
    let called = json!({"title": "Cabinet", "body": id(CABINET), "state": "called",
        "planned_on": "2026-01-06"});
    desk.done(&[put("meeting", 32, called)]);
    let unheld = with(
        review("2026-01-01"),
        "parts",
        json!([{"meeting": cites(32)}]),
    );
    refused(
        &desk,
        &[(
            put("management_review", 31, unheld),
            "not_held",
            "/body/parts",
        )],
    );
    desk.done(&[claim("2026-01-01")]);
}

#[test]
fn a_meeting_corrected_out_of_a_slot_cannot_claim_it_by_its_earlier_version() {
    let desk = governed();
    let corrected = put("meeting", MEETING, meeting("2026-04-10"));
    desk.done(&[with(corrected, "at", "2026-04-10T09:00:00Z")]);
    let claim = |first_day: &str| put("management_review", 31, review(first_day));
    refused(
        &desk,
        &[(claim("2026-01-01"), "outside_slot", "/body/slot")],
    );
    desk.done(&[claim("2026-04-01")]);
}

#[test]
fn a_changed_series_begins_where_a_slot_to_come_would() {
    let desk = governed();
    let changed = |first_day: &str| {
        put(
            "declaration",
            DECLARATION,
            json!({"title": "Once a year",
                "series": {"management_review": {"first_day": first_day, "months": 12}}}),
        )
    };
    let place = "/body/series/management_review/first_day";
    let refusal = |first_day: &str| (changed(first_day), "does_not_follow", place);
    refused(
        &desk,
        &[
            refusal("2025-01-01"),
            refusal("2026-02-01"),
            refusal("2026-04-02"),
            refusal("2034-01-02"),
        ],
    );
    let said = desk.apply(&[changed("2026-04-02")]).lines();
    let hint = said[0]["refusal"]["hint"].as_str().unwrap();
    assert!(hint.contains("write 2026-07-01"), "{hint}");
    // As it was, and at the beginning of a slot to come.
    desk.done(&[changed("2026-01-01"), changed("2026-07-01")]);
}

#[test]
fn a_slot_moves_once_and_before_its_last_day() {
    let desk = governed();
    let later = ["2026-02-01", "2026-04-30"];
    let mut operator = move_slot("2026-01-01", later);
    operator.as_object_mut().unwrap().remove("as");
    refused(
        &desk,
        &[
            (operator, "no_authority", "/as"),
            (
                move_slot("2026-02-01", later),
                "no_such_slot",
                "/body/first_day",
            ),
            (
                move_slot("2026-01-01", ["2026-04-30", "2026-02-01"]),
                "check_failed",
                "/body/to_last_day",
            ),
        ],
    );
    desk.done(&[move_slot("2026-01-01", later)]);
    // The meeting of January is outside the slot now.
    refused(
        &desk,
        &[
            (
                move_slot("2026-01-01", ["2026-03-01", "2026-05-31"]),
                "slot_moved",
                "/body/first_day",
            ),
            (
                put("management_review", 31, review("2026-01-01")),
                "outside_slot",
                "/body/slot",
            ),
        ],
    );
    desk.done(&[with(person(32, "eve"), "at", "2026-07-01T09:00:00Z")]);
    let over = move_slot("2026-04-01", ["2026-07-01", "2026-09-30"]);
    let backdated = with(over.clone(), "effective_on", "2026-06-01");
    // Decided in time and recorded afterwards is what moving it afterwards would look like.
    let said = desk.apply(std::slice::from_ref(&backdated)).lines();
    let hint = said[0]["refusal"]["hint"].as_str().unwrap();
    let honest = "Where the review was held in the slot, record it now: it is held late. Otherwise \
        the slot stays missed";
    assert!(hint.starts_with(honest), "{hint}");
    refused(
        &desk,
        &[
            (over, "slot_over", "/body/first_day"),
            (backdated, "slot_over", "/body/first_day"),
            (
                with(person(33, "fay"), "at", "2026-06-30T09:00:00Z"),
                "before_last_entry",
                "/at",
            ),
        ],
    );
}

/// What answers the policy about a day, as known now: each entry's move and provenance.
fn entries(desk: &Desk, as_of: &str) -> (Value, Vec<(Value, Value)>) {
    let status = desk.run(&["--json", "status", "--as-of", as_of, "--known-by", "now"]);
    let policy = status.json()["five"][1].clone();
    let evidence = policy["evidence"].as_array().unwrap().iter();
    let entries = evidence
        .map(|one| (one["move"].clone(), one["provenance"].clone()))
        .collect();
    (policy, entries)
}

/// The cabinet decides on the policy.
fn resolved(number: u32, (verb, on): (&str, &str), carries: Value) -> Value {
    let mut object = carries;
    object["of"] = cites(POLICY);
    let text = json!({"number": number.to_string(), "text": "So resolved.", "body": id(CABINET),
        "verb": verb, "decided_on": on, "objects": [object]});
    put("resolution", number, text)
}

#[test]
fn what_was_approved_kept_or_told_afterwards_is_marked_and_proved() {
    let desk = governed();
    let attested = |number: u32| by(moved(number, 1, "attest", json!({})), "ada");
    desk.done(&[
        resolved(41, ("adopts", "2026-01-05"), json!({})),
        with(attested(41), "at", "2026-09-01T09:00:00Z"),
        resolved(
            42,
            ("keeps", "2026-06-20"),
            json!({"because": "It serves.", "next_review": "2027-06-20"}),
        ),
        attested(42),
        moved(
            POLICY,
            1,
            "communicate",
            json!({"on": "2026-01-07", "to": "Staff", "how": "Letter"}),
        ),
    ]);
    let (policy, found) = entries(&desk, "2026-06-25");
    let recorded = |provenance: &str| (Value::Null, json!(provenance));
    let late = |name: &str| (json!(name), json!("late"));
    let expected = [
        recorded("in_time"),
        late("communicate"),
        recorded("in_time"),
        late("attest"),
        recorded("late"),
        late("attest"),
    ];
    assert_eq!(found, expected, "{policy}");
    let reserved = policy["reservations"].to_string();
    // Of the later resolution, which was recorded late whole, it is said once.
    assert_eq!(reserved.matches("recorded late").count(), 2, "{policy}");
    let attested = "was attested on 1 September 2026, which is late.";
    assert_eq!(reserved.matches(attested).count(), 1, "{policy}");
    // Nothing of it was known then.
    let then = desk
        .run(&["--json", "status", "--as-of", "2026-06-25"])
        .json();
    assert_eq!(then["five"][1]["in_hand"], "no");
    // Each of these entries is proved in a pack.
    let pack = desk.dir.path().join("june.zip");
    let packed = desk.run(&[
        "pack",
        pack.to_str().unwrap(),
        "--as-of",
        "2026-06-25",
        "--known-by",
        "now",
    ]);
    assert_eq!(packed.code, 0, "{packed:?}");
    let mut pack = pack::zip::Reader::open(std::fs::File::open(&pack).unwrap()).unwrap();
    for one in policy["evidence"].as_array().unwrap() {
        let name = format!("proofs/{}.tlog-proof", one["seq"]);
        assert!(pack.find(&name).unwrap().is_some(), "{name}");
    }
}

#[test]
fn a_slot_moves_no_further_than_to_the_end_of_the_next() {
    let desk = governed();
    let reach = |to: [&str; 2], place: &'static str| {
        let code = "slot_out_of_reach";
        (move_slot("2026-01-01", to), code, place)
    };
    refused(
        &desk,
        &[
            reach(["2026-06-01", "2026-07-01"], "/body/to_last_day"),
            reach(["2030-01-01", "2030-03-31"], "/body/to_last_day"),
            reach(["2025-12-31", "2026-03-31"], "/body/to_first_day"),
        ],
    );
    let ran = desk.apply(&[move_slot("2026-01-01", ["2030-01-01", "2030-03-31"])]);
    let message = &ran.lines()[0]["refusal"]["message"];
    let limit = "from 1 January 2026 to 30 June 2026.";
    assert!(message.as_str().unwrap().ends_with(limit), "{message}");
    desk.done(&[move_slot("2026-01-01", ["2026-06-01", "2026-06-30"])]);
    let onto_it = move_slot("2026-04-01", ["2026-06-30", "2026-07-31"]);
    refused(&desk, &[(onto_it, "slots_overlap", "/body/to_first_day")]);
    desk.done(&[move_slot("2026-04-01", ["2026-07-01", "2026-07-14"])]);
}

#[test]
fn the_last_slot_of_a_series_moves_by_its_own_length_at_most() {
    let desk = governed();
    let last = json!({"last_day": "2026-03-31", "because": "Another series follows."});
    let end = moved(DECLARATION, 1, "end", last);
    desk.done(&[by(end, "cai")]);
    let too_far = move_slot("2026-01-01", ["2026-06-01", "2026-07-01"]);
    refused(
        &desk,
        &[(too_far, "slot_out_of_reach", "/body/to_last_day")],
    );
    desk.done(&[move_slot("2026-01-01", ["2026-06-01", "2026-06-29"])]);
}

/// Returns the first day and the state of each slot, and when the next review is due.
fn slots(desk: &Desk, about: &str) -> (Vec<String>, Value) {
    let status = desk.run(&["status", "--json", "--as-of", about]).json();
    let slots = status["slots"].as_array().unwrap().iter();
    let slots = slots.map(|slot| {
        let (first, state) = (slot["first_day"].as_str(), slot["state"].as_str());
        format!("{} {}", first.unwrap(), state.unwrap())
    });
    (slots.collect(), status["five"][4]["next_due"].clone())
}

#[test]
fn a_slot_missed_while_an_older_one_is_still_to_come_is_told_at_once() {
    let desk = governed();
    desk.done(&[
        move_slot("2026-01-01", ["2026-03-20", "2026-05-31"]),
        with(person(41, "fay"), "at", "2026-03-10T09:00:00Z"),
    ]);
    let open = [
        "2026-01-01 moved",
        "2026-03-20 to_come",
        "2026-04-01 to_come",
    ];
    assert_eq!(
        slots(&desk, "2026-03-10"),
        (open.map(str::to_owned).into(), json!("2026-05-31"))
    );
    // Moved again to lie ahead: the second slot, into the third.
    desk.done(&[
        with(person(42, "gil"), "at", "2026-04-10T09:00:00Z"),
        move_slot("2026-04-01", ["2026-09-20", "2026-09-30"]),
        with(person(43, "hal"), "at", "2026-08-10T09:00:00Z"),
    ]);
    let ahead = [
        "2026-01-01 moved",
        "2026-03-20 empty",
        "2026-04-01 moved",
        "2026-07-01 open",
        "2026-09-20 to_come",
        "2026-10-01 to_come",
    ];
    assert_eq!(
        slots(&desk, "2026-08-10"),
        (ahead.map(str::to_owned).into(), json!("2026-09-30"))
    );
    // Where a slot was moved to stands beside the days it was moved from, and only there.
    let status = desk.run(&["status", "--json", "--as-of", "2026-08-10"]);
    let listed = status.json()["slots"].clone();
    let to = |first: &str| {
        let slot = |slot: &&Value| slot["first_day"] == first;
        let slot = listed.as_array().unwrap().iter().find(slot).unwrap();
        slot.get("moved_to").cloned()
    };
    assert_eq!(to("2026-01-01"), Some(json!(["2026-03-20", "2026-05-31"])));
    assert_eq!(to("2026-04-01"), Some(json!(["2026-09-20", "2026-09-30"])));
    assert_eq!((to("2026-03-20"), to("2026-09-20")), (None, None));
    let status = desk.run(&["status", "--json", "--as-of", "2026-08-10"]);
    let status = status.json();
    let requirements = status["requirements"].as_array().unwrap();
    let reviews = requirements.iter().find(|one| one["id"] == "9.3.1");
    assert_eq!(reviews.unwrap()["verdict"], "not_shown");
    desk.holds();
}

#[test]
fn a_slot_is_claimed_by_one_review() {
    let desk = governed();
    let claim = |number: u32| put("management_review", number, review("2026-01-01"));
    let withdraw = |version: u32| moved(31, version, "withdraw", json!({"because": "In error."}));
    let second = [(claim(32), "slot_claimed", "/body/slot")];
    desk.done(&[claim(31)]);
    refused(&desk, &second);
    let ran = desk.apply(&[claim(32)]);
    let message = &ran.lines()[0]["refusal"]["message"];
    let names = format!("The review {}, held on 5 January 2026, claims", id(31));
    assert!(message.as_str().unwrap().starts_with(&names), "{message}");
    desk.done(&[claim(31)]);
    refused(&desk, &second);
    // The version before stands again.
    desk.done(&[withdraw(2)]);
    refused(&desk, &second);
    let mut outside = review("2026-01-01");
    outside["slot"] = Value::Null;
    desk.done(&[put("management_review", 33, outside.clone())]);
    let mut freed = desk.done(&[withdraw(1), claim(32)]);
    assert_eq!(freed.pop().unwrap()["version"], 1);
    refused(&desk, &[(claim(33), "slot_claimed", "/body/slot")]);
    desk.done(&[put("management_review", 32, outside), claim(33)]);
}
