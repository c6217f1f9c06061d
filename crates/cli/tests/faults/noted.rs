//! What was recorded and is not all that somebody may take it for: the reply says so, and so does
//! whatever shows the record.

use serde_json::{Value, json};

use crate::desk::{Desk, id};
use crate::governed::*;

const BOARD: u32 = 31;
const SAT: u32 = 32;

/// Returns a ledger with a board that may adopt policies, and a meeting of it of one item.
fn with_board() -> Desk {
    let desk = governed();
    let board = json!({"name": "Board", "top_management": "no", "quorum": 1, "may": ["decide"],
        "seats": [{"person": id(BEA)}], "powers": ["adopt_policy"]});
    let resolution = json!({"number": "26/2", "text": "That there be a board.",
        "body": id(CABINET), "verb": "approves", "decided_on": "2026-01-05",
        "objects": [{"of": cites(BOARD)}]});
    let meeting = json!({"title": "Board", "body": id(BOARD), "state": "held",
        "sittings": [{"on": "2026-01-05"}], "items": [{"number": "1", "title": "Policy"}],
        "present": [{"person": id(BEA), "role": "member"}]});
    desk.done(&[
        put("body", BOARD, board),
        put("resolution", 33, resolution),
        attest(33),
        put("meeting", SAT, meeting),
    ]);
    desk
}

/// Returns what the board resolved of the policy, at an item of its meeting or at none.
fn adopts(number: u32, item: Option<&str>) -> Value {
    let mut body = json!({"number": format!("26/{number}"), "text": "That it be adopted.",
        "body": id(BOARD), "verb": "adopts", "decided_on": "2026-01-05",
        "objects": [{"of": cites(POLICY)}]});
    if let Some(item) = item {
        body["meeting"] = cites(SAT);
        body["item"] = json!(item);
    }
    put("resolution", number, body)
}

fn attest(number: u32) -> Value {
    by(moved(number, 1, "attest", json!({})), "ada")
}

/// Returns the Command with its meeting cited in a version.
fn at_version(mut command: Value, version: u32) -> Value {
    command["body"]["meeting"]["version"] = json!(version);
    command
}

fn history(desk: &Desk, number: u32) -> Vec<Value> {
    let ran = desk.run(&["record", "history", &id(number), "--json"]);
    ran.json().as_array().unwrap().clone()
}

#[test]
fn the_reply_to_an_attestation_says_why_it_adopted_nothing() {
    let desk = with_board();
    let keyed = with(attest(41), "key", "attest-41");
    let done = desk.done(&[
        adopts(41, None),
        keyed.clone(),
        adopts(42, Some("9")),
        attest(42),
        adopts(43, Some("1")),
        attest(43),
        keyed,
    ]);
    let codes: Vec<Option<&str>> = done
        .iter()
        .map(|line| line["notes"][0]["code"].as_str())
        .collect();
    let (meeting, item) = (Some("no_meeting"), Some("no_such_item"));
    // That there is no such item is told when it is put.
    assert_eq!(codes, [None, meeting, item, item, None, None, meeting]);
    assert_eq!(done[6]["notes"], done[1]["notes"]);
    let note = &done[1]["notes"][0];
    let message = "The resolution on “AI policy”, version 1, cites no meeting, where its body's \
        terms let it decide only at one, and adopted nothing.";
    assert_eq!(note["message"], message);
    assert_eq!(note["of"], cites(POLICY));
    assert!(note["hint"].as_str().unwrap().contains("withdraw it"));
}

#[test]
fn what_came_to_nothing_is_told_by_the_word_of_its_own_act() {
    let desk = governed();
    let declares = json!({"name": "Board", "top_management": "part", "quorum": 1,
        "may": ["decide"], "powers": ["declare", "adopt_policy"]});
    let resolve = |number: u32, verb: &str, of: u32, carries: Value| {
        let mut object = json!({"of": cites(of)});
        for (field, value) in carries.as_object().into_iter().flatten() {
            object[field] = value.clone();
        }
        let body = json!({"number": format!("26/{number}"), "text": "That it be so.",
            "body": id(BOARD), "verb": verb, "decided_on": "2026-01-05", "objects": [object]});
        put("resolution", number, body)
    };
    let mut set_up = resolve(40, "approves", BOARD, json!({}));
    set_up["body"]["body"] = json!(id(CABINET));
    let slot = json!({"first_day": "2026-01-01", "to_first_day": "2026-02-01",
        "to_last_day": "2026-04-30", "because": "Budget."});
    let done = desk.done(&[
        put("body", BOARD, declares),
        set_up,
        attest(40),
        resolve(41, "moves_slot", DECLARATION, slot),
        attest(41),
        resolve(42, "rescinds", DECLARATION, json!({})),
        attest(42),
    ]);
    let said = |line: &Value| line["notes"][0]["message"].as_str().unwrap().to_owned();
    let told = "The resolution on “What we hold ourselves to”, version 1, cites no meeting, where \
        its body's terms let it decide only at one, and";
    assert_eq!(said(&done[4]), format!("{told} moved no slot."));
    assert_eq!(said(&done[6]), format!("{told} ended nothing."));
}

/// The code of what is first noted of each reply.
fn codes(done: &[Value]) -> Vec<Option<&str>> {
    done.iter()
        .map(|line| line["notes"][0]["code"].as_str())
        .collect()
}

fn told(number: u32, on: &str) -> Value {
    let body = json!({"on": on, "to": "All staff.", "how": "By mail."});
    moved(number, 1, "communicate", body)
}

#[test]
fn the_reply_says_that_nobody_accepts_for_another() {
    let desk = governed();
    let accept = |number: u32| moved(number, 1, "accept", json!({"on": "2026-01-05"}));
    let to_post = json!({"title": "Head", "holder": id(12), "post": "head-of-digital",
        "start": "2026-01-05"});
    let by_post = json!({"title": "Owner", "holder_post": "head-of-digital",
        "duties": ["reporting"], "start": "2026-01-05"});
    let done = desk.done(&[
        by(accept(21), "cai"),
        accept(21),
        by(accept(21), "bea"),
        put("appointment", 31, to_post),
        put("appointment", 32, by_post),
        by(accept(32), "bea"),
        by(accept(32), "dot"),
    ]);
    let another = Some("not_by_holder");
    let expected = [another, another, None, None, None, another, None];
    assert_eq!(codes(&done), expected);
    let note = &done[0]["notes"][0];
    let message = "Nobody accepts for another: this was not recorded by the holder, and counts for \
        nothing.";
    assert_eq!(note["message"], message);
    assert!(note["hint"].as_str().unwrap().contains("`accept`"));
    let own = history(&desk, 21);
    let noted = own.iter().filter(|line| !line["notes"].is_null());
    assert_eq!(noted.count(), 2);
}

#[test]
fn the_reply_says_that_what_was_made_known_too_early_counts_for_nothing() {
    let desk = with_board();
    let mut effective = adopts(43, Some("1"));
    effective["body"]["objects"][0]["effective_on"] = json!("2026-01-08");
    let mut silent = told(POLICY, "2026-01-08");
    silent["body"]["how"] = Value::Null;
    let mut appoints = adopts(44, None);
    let appointment = json!({"title": "Owner", "holder": id(12), "duties": ["reporting"],
        "start": "2026-01-05"});
    for (field, value) in [("body", json!(id(CABINET))), ("verb", json!("appoints"))] {
        appoints["body"][field] = value;
    }
    appoints["body"]["objects"][0]["of"] = cites(35);
    appoints["body"]["decided_on"] = json!("2026-01-07");
    let done = desk.done(&[
        effective,
        attest(43),
        put("appointment", 35, appointment),
        told(35, "2026-01-05"),
        told(POLICY, "2026-01-05"),
        with(appoints, "at", "2026-01-08T09:00:00Z"),
        attest(44),
        told(35, "2026-01-06"),
        told(35, "2026-01-07"),
        told(POLICY, "2026-01-08"),
        silent,
    ]);
    let early = Some("known_too_early");
    let silent = Some("not_said_how");
    let expected = [
        None, None, None, early, early, None, None, early, None, None, silent,
    ];
    assert_eq!(codes(&done), expected);
    let message = |line: usize| done[line]["notes"][0]["message"].as_str().unwrap();
    assert!(message(3).contains("no decision on it is on record"));
    let policy = "It counts as made known from the day it is in force: it is from 8 January 2026, \
        and that it was made known on 5 January 2026 counts for nothing.";
    assert_eq!(message(4), policy);
    let owner = "It counts as made known from the day it was decided: it was decided on 7 January \
        2026, and that it was made known on 6 January 2026 counts for nothing.";
    assert_eq!(message(7), owner);
    let own = history(&desk, 35);
    let noted = own.iter().filter(|line| !line["notes"].is_null());
    assert_eq!(noted.count(), 2);
}

#[test]
fn a_history_says_why_a_resolution_adopted_nothing() {
    let desk = with_board();
    desk.done(&[
        adopts(41, None),
        attest(41),
        adopts(42, Some("1")),
        attest(42),
    ]);
    let approvals: Vec<(Value, Value)> = history(&desk, POLICY)
        .into_iter()
        .filter(|line| line["act"] == "approval")
        .map(|line| (line["counts"].clone(), line["because"].clone()))
        .collect();
    let expected = [
        (json!(false), json!("no_meeting")),
        (json!(true), Value::Null),
    ];
    assert_eq!(approvals, expected);
    let own = history(&desk, 41);
    assert_eq!(own[1]["notes"][0]["code"], "no_meeting");
    let said = |number: u32| {
        let out = desk.run(&["record", "history", &id(number)]).out;
        out.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    for number in [POLICY, 41] {
        let text = said(number);
        assert!(
            text.contains("cites no meeting, where its body's terms"),
            "{text}"
        );
    }
    assert!(!said(42).contains("adopted nothing"));
    // By the title, which is at hand here, and with what to do next.
    let told = "The resolution on “AI policy”, version 1, cites no meeting";
    assert!(said(41).contains(told), "{}", said(41));
    assert!(
        said(41).contains("withdraw it with its reason"),
        "{}",
        said(41)
    );
}

#[test]
fn a_single_move_says_beside_its_reply_what_is_noted() {
    let desk = with_board();
    desk.done(&[adopts(41, None)]);
    let mut args = vec!["record", "move"];
    let resolution = id(41);
    args.extend([
        &resolution,
        "attest",
        "--version",
        "1",
        "--as",
        "ada@council.example",
    ]);
    let ran = desk.run(&args);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.json()["notes"][0]["code"], "no_meeting");
    assert!(ran.err.contains("cites no meeting"), "{ran:?}");
}

#[test]
fn a_resolution_that_nobody_attested_is_shown_so() {
    let desk = with_board();
    desk.done(&[adopts(41, Some("1")), adopts(42, Some("1")), attest(42)]);
    let listed = desk.run(&["record", "list", "resolution"]).out;
    let line = |number: u32| {
        let of = |line: &&str| line.starts_with(&id(number));
        listed.lines().find(of).unwrap()
    };
    assert!(line(41).ends_with("[not attested]"), "{listed}");
    assert!(!line(42).contains("attested"), "{listed}");
    let shown = |number: u32| desk.run(&["record", "show", &id(number), "--json"]).json();
    assert_eq!(shown(41)["notes"][0]["code"], "not_attested");
    assert_eq!(shown(42).get("notes"), None);
    let text = desk.run(&["record", "show", &id(41)]).out;
    assert!(text.contains("note: It is not attested"), "{text}");
}

#[test]
fn a_disposition_of_no_finding_is_recorded_and_noted() {
    let desk = governed();
    let disposes = |number: u32, rule: &str, subject: Option<u32>, since: &str| {
        let mut body = json!({"rule": rule, "since": since, "says": "not_a_failure",
            "because": "So."});
        if let Some(subject) = subject {
            body["subject"] = json!(id(subject));
        }
        by(put("disposition", number, body), "ada")
    };
    let done = desk.done(&[
        disposes(31, "4.3-a", None, "2026-01-05"),
        disposes(32, "4.1-c", Some(SYSTEM), "2026-01-05"),
        disposes(33, "4.3-a", None, "2026-01-04"),
        disposes(34, "4.1-c", Some(SYSTEM), "2026-01-04"),
        disposes(35, "4.2", Some(POLICY), "2026-01-05"),
    ]);
    let noted: Vec<Option<&str>> = done
        .iter()
        .map(|line| line["notes"][0]["message"].as_str())
        .collect();
    let since = |rule: &str| {
        format!(
            "No finding of {rule} has stood since 4 January 2026: those on that subject stand or \
             stood since 5 January 2026. It is shown beside none, and counts for nothing."
        )
    };
    let (scope, purpose) = (since("4.3-a"), since("4.1-c"));
    // Of a rule that is not built nobody knows yet what it is asked of.
    let none = "No finding of 4.2 has stood since 5 January 2026: there is none of that rule on \
        that subject. It is shown beside none, and counts for nothing.";
    let expected = [
        None,
        None,
        Some(scope.as_str()),
        Some(purpose.as_str()),
        Some(none),
    ];
    assert_eq!(noted, expected);
    let listed = desk.run(&["record", "list", "disposition"]).out;
    let marked: Vec<bool> = listed
        .lines()
        .map(|line| line.ends_with("[no such finding]"))
        .collect();
    assert_eq!(marked, [false, false, true, true, true], "{listed}");
    let shown = desk.run(&["record", "show", &id(33), "--json"]).json();
    assert_eq!(shown["notes"][0]["code"], "no_such_finding");
    desk.holds();
}

#[test]
fn the_withdrawal_of_an_attested_resolution_says_what_it_undoes() {
    let desk = with_board();
    let withdraw = |number: u32| {
        let body = json!({"because": "It was another resolution."});
        with(
            by(moved(number, 1, "withdraw", body), "ada"),
            "key",
            format!("withdraw-{number}"),
        )
    };
    let done = desk.done(&[
        adopts(41, None),
        attest(41),
        adopts(42, Some("1")),
        adopts(43, Some("1")),
        attest(43),
        withdraw(41),
        withdraw(42),
        withdraw(43),
        withdraw(43),
    ]);
    // One adopted nothing, and one was never attested.
    assert_eq!(noted_besides(&done[5]), Value::Null);
    assert_eq!(noted_besides(&done[6]), Value::Null);
    let note = &done[7]["notes"][0];
    assert_eq!(note["code"], "undone", "{}", done[7]);
    let message =
        "Resolution 26/43 had approved “AI policy”, version 1; it is no longer in force by it.";
    assert_eq!(note["message"], message);
    assert_eq!(note["of"], cites(POLICY));
    assert!(
        note["hint"]
            .as_str()
            .unwrap()
            .contains("let the body decide again"),
        "{note}"
    );
    assert_eq!(done[8]["notes"], done[7]["notes"]);
    desk.holds();
}

#[test]
fn a_second_resolution_of_a_bodys_number_is_noted_with_the_first() {
    let desk = with_board();
    let of_cabinet = |number: u32| {
        json!({"number": format!("26/{number}"), "text": "That it be noted.", "body": id(CABINET),
            "verb": "notes", "decided_on": "2026-01-05"})
    };
    let again = |number: u32| with(adopts(41, Some("1")), "id", id(number));
    let done = desk.done(&[
        adopts(41, Some("1")),
        put("resolution", 51, of_cabinet(41)),
        again(52),
        adopts(41, Some("1")),
        moved(52, 1, "withdraw", json!({"because": "Typed twice."})),
        moved(41, 2, "withdraw", json!({"because": "Typed twice."})),
        moved(41, 1, "withdraw", json!({"because": "Typed twice."})),
        again(53),
    ]);
    let noted: Vec<bool> = done
        .iter()
        .map(|line| !noted_besides(line).is_null())
        .collect();
    // Of two versions of it the first stands again.
    let second_and_left = [false, false, true, false, false, true, false, false];
    assert_eq!(noted, second_and_left, "{done:?}");
    let note = &done[2]["notes"][0];
    assert_eq!(note["code"], "number_again");
    let message = format!(
        "Resolution 26/41 of this body is already on record (entry {}).",
        done[0]["seq"]
    );
    assert_eq!(note["message"], message);
    assert_eq!(note["of"], cites(41));
    assert!(
        note["hint"].as_str().unwrap().contains("withdraw this one"),
        "{note}"
    );
}

#[test]
fn attendance_written_down_wrong_is_put_right_as_the_note_says() {
    let desk = with_board();
    let board = |present: Value| {
        json!({"title": "Board", "body": id(BOARD), "state": "held",
            "sittings": [{"on": "2026-01-05"}], "items": [{"number": "1", "title": "Policy"}],
            "present": present})
    };
    let done = desk.done(&[
        put(
            "meeting",
            SAT,
            board(json!([{"person": id(11), "role": "member"}])),
        ),
        adopts(41, Some("1")),
        attest(41),
    ]);
    let note = &done[2]["notes"][0];
    assert_eq!(note["code"], "inquorate");
    let next = note["hint"].as_str().unwrap();
    let told = "If the attendance was written down wrong, record the meeting again with it \
        corrected, withdraw this with its reason and record it again";
    assert!(next.contains(told), "{next}");
    let withdraw = json!({"because": "The attendance was wrong."});
    let done = desk.done(&[
        put(
            "meeting",
            SAT,
            board(json!([{"person": id(BEA), "role": "member"}])),
        ),
        by(moved(41, 1, "withdraw", withdraw), "ada"),
        at_version(adopts(42, Some("1")), 3),
        attest(42),
    ]);
    assert_eq!(done[3].get("notes"), None, "{}", done[3]);
}

#[test]
fn a_single_put_names_its_record_beside_the_reply() {
    let desk = with_board();
    let body = desk.file("policy.json", policy().to_string().as_bytes());
    let ran = desk.run(&[
        "record",
        "put",
        "policy",
        body.to_str().unwrap(),
        "--id",
        &id(POLICY),
    ]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let told = "Recorded: version 2 of the policy “AI policy”";
    assert!(ran.err.starts_with(told), "{ran:?}");
    let keep = desk.file("w.json", br#"{"because": "Twice."}"#);
    let policy = id(POLICY);
    let mut args = vec!["record", "move", &policy, "withdraw", "--version", "2"];
    args.push(keep.to_str().unwrap());
    let ran = desk.run(&args);
    let told = "Recorded: withdraw on version 2 of the policy “AI policy”";
    assert!(ran.err.starts_with(told), "{ran:?}");
    // One document and nothing else, where that is asked for.
    let ran = desk.run(&["record", "put", "policy", body.to_str().unwrap(), "--json"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
}

#[test]
fn what_nothing_approves_is_said_to_be_so_of_systems_too() {
    let desk = governed();
    let adopts = json!({"number": "26/9", "text": "That it be adopted.", "body": id(CABINET),
        "verb": "adopts", "decided_on": "2026-01-05", "objects": [{"of": cites(SYSTEM)}]});
    let done = desk.done(&[put("resolution", 41, adopts), attest(41)]);
    assert_eq!(done[1]["notes"][0]["code"], "approves_nothing");
}

#[test]
fn a_last_day_told_again_is_noted() {
    let desk = governed();
    let leave = |day: &str| moved(21, 1, "leave", json!({"last_day": day}));
    let done = desk.done(&[
        leave("2026-01-20"),
        leave("2026-01-20"),
        leave("2026-06-20"),
    ]);
    assert_eq!(done[0]["notes"], Value::Null);
    assert_eq!(done[1]["notes"], Value::Null);
    let note = &done[2]["notes"][0];
    assert_eq!(note["code"], "told_again");
    assert_eq!(
        note["message"],
        "An earlier entry gave 20 January 2026; from now on 20 June 2026 counts in its place."
    );
}

#[test]
fn a_body_that_gives_more_than_it_holds_is_told_so() {
    let desk = with_board();
    let ops = json!({"name": "Operations", "top_management": "no", "quorum": 1, "may": ["decide"],
        "seats": [{"person": id(BEA)}], "powers": ["assign_owner"], "written_procedure": true});
    let set_up = json!({"number": "26/5", "text": "So.", "body": id(CABINET), "verb": "approves",
        "decided_on": "2026-01-05", "objects": [{"of": cites(51)}]});
    let given = json!({"title": "Approver", "holder": id(BEA), "start": "2026-01-05",
        "powers": ["approve_scope"]});
    let appoints = json!({"number": "26/6", "text": "So.", "body": id(51), "verb": "appoints",
        "answered": 1, "decided_on": "2026-01-05", "objects": [{"of": cites(52)}]});
    let done = desk.done(&[
        put("body", 51, ops),
        put("resolution", 53, set_up),
        attest(53),
        put("appointment", 52, given),
        put("resolution", 54, appoints),
        by(moved(54, 1, "attest", json!({})), "cai"),
    ]);
    let note = &done[5]["notes"][0];
    assert_eq!(note["code"], "beyond_own_powers");
    let message = note["message"].as_str().unwrap();
    let said =
        "gave a power, or a level of risk, that its body did not hold itself, and adopted nothing.";
    assert!(message.ends_with(said), "{message}");
}

#[test]
fn a_resolution_put_again_otherwise_says_what_the_version_before_still_does() {
    let desk = with_board();
    let adopts = |number: u32| {
        let mut command = adopts(number, None);
        command["body"]["body"] = json!(id(CABINET));
        command
    };
    let rejects = |mut command: Value| {
        command["body"]["verb"] = json!("rejects");
        command
    };
    let second = |number: u32| by(moved(number, 2, "attest", json!({})), "ada");
    let done = desk.done(&[adopts(41), attest(41), rejects(adopts(41)), second(41)]);
    let note = &done[3]["notes"][0];
    assert_eq!(note["code"], "still_counts", "{}", done[3]);
    assert_eq!(note["versions"], json!([1]));
    assert_eq!(note["of"], cites(POLICY));
    let policy = desk.run(&["status", "--json"]).json()["five"][1].clone();
    let reserved = policy["reservations"].to_string();
    let told = "Resolution 26/41 was attested again as version 2; version 1, on which this rests, \
        counts until it is withdrawn.";
    assert!(reserved.contains(told), "{reserved}");
    // One that resolves the same again leaves nothing to say, nor does one whose first is gone.
    let done = desk.done(&[
        moved_by_ada(41, 1, json!({"because": "It was rejected."})),
        adopts(42),
        attest(42),
        adopts(42),
        second(42),
    ]);
    assert_eq!(done[4].get("notes"), None, "{}", done[4]);
    let policy = desk.run(&["status", "--json"]).json()["five"][1].clone();
    assert!(!policy["reservations"].to_string().contains("26/41"));
}

fn moved_by_ada(number: u32, version: u32, body: Value) -> Value {
    by(moved(number, version, "withdraw", body), "ada")
}
