//! What was entered in error: the reply to its withdrawal says what is left, and what rested on it.

use serde_json::{Value, json};

use crate::desk::{Desk, id};
use crate::governed::*;
use crate::reviewed::review;

fn withdraw(number: u32, version: u32) -> Value {
    let because = json!({"because": "In error."});
    by(moved(number, version, "withdraw", because), "ada")
}

/// Returns the note of a code, if there is one.
fn note(line: &Value, code: &str) -> Value {
    let mut notes = line["notes"].as_array().into_iter().flatten();
    notes
        .find(|one| one["code"] == code)
        .cloned()
        .unwrap_or_default()
}

fn titled(kind: &str, number: u32, title: &str, mut body: Value) -> Value {
    body["title"] = json!(title);
    put(kind, number, body)
}

#[test]
fn the_version_that_stands_again_is_named_by_its_own_title_and_how_to_take_it_out_too() {
    let desk = governed();
    let of = |title: &str| titled("meeting", 31, title, meeting("2026-01-05"));
    let last = with(withdraw(31, 3), "key", "last");
    let done = desk.done(&[
        of("Spring"),
        of("Spring, put right"),
        of("Summer"),
        last.clone(),
        withdraw(31, 1),
        last,
        withdraw(31, 2),
    ]);
    let stands = |line: &Value| note(line, "stands_again");
    assert_eq!(
        stands(&done[3])["message"],
        "“Spring, put right”, version 2, stands again."
    );
    assert_eq!(stands(&done[3])["versions"], json!([1, 2]));
    let hint = "To take the whole record out, withdraw versions 1 and 2 too, each with its reason.";
    assert_eq!(stands(&done[3])["hint"], hint);
    // The one before the newest takes nothing's place, and the last leaves nothing.
    assert_eq!(stands(&done[4]), Value::Null);
    let hint = "To take the whole record out, withdraw version 2 too, with its reason.";
    assert_eq!(stands(&done[5])["hint"], hint);
    assert_eq!(stands(&done[6]), Value::Null);
}

#[test]
fn of_what_is_approved_the_reply_says_whether_a_version_left_is_in_force() {
    let desk = governed();
    let of = |title: &str| by(titled("policy", POLICY, title, policy()), "dot");
    let approve = |version| by(moved(POLICY, version, "approve", json!({})), "cai");
    let done = desk.done(&[
        approve(1),
        of("Second"),
        approve(2),
        of("Third"),
        by(
            moved(POLICY, 3, "withdraw", json!({"because": "In error."})),
            "cai",
        ),
        by(
            moved(POLICY, 2, "withdraw", json!({"because": "In error."})),
            "cai",
        ),
        put("scope", 31, json!({"title": "Scope", "statement": "All."})),
        put(
            "scope",
            31,
            json!({"title": "Scope", "statement": "All of it."}),
        ),
        withdraw(31, 2),
    ]);
    let said = |line: &Value| note(line, "stands_again")["message"].clone();
    assert_eq!(said(&done[4]), "“Second”, version 2, is in force.");
    assert_eq!(said(&done[5]), "“AI policy”, version 1, is in force.");
    assert_eq!(
        said(&done[8]),
        "“Scope”, version 1, stands again; it is not in force."
    );
}

#[test]
fn a_system_of_two_versions_stands_again_too() {
    let desk = governed();
    let again = json!({"title": "Pavelook two", "purpose": "Potholes."});
    let done = desk.done(&[put("ai_system", SYSTEM, again), withdraw(SYSTEM, 2)]);
    let said = note(&done[1], "stands_again")["message"].clone();
    assert_eq!(said, "“Pavelook”, version 1, stands again.");
}

#[test]
fn a_meeting_taken_out_is_told_with_what_rests_on_it() {
    let desk = governed();
    let held = json!({"number": "26/9", "text": "That it be noted.", "body": id(CABINET),
        "verb": "notes", "decided_on": "2026-01-05", "meeting": cites(MEETING)});
    let of = |number: u32, meeting: u32| {
        let body = review(meeting, &json!([]), None)["body"].clone();
        titled("management_review", number, "Review spring", body)
    };
    let done = desk.done(&[
        put("resolution", 31, held),
        by(moved(31, 1, "attest", json!({})), "ada"),
        of(32, MEETING),
        put("meeting", 33, meeting("2026-01-05")),
        // One that no longer names it rests on it no more.
        of(34, MEETING),
        of(34, 33),
        put("meeting", MEETING, meeting("2026-01-05")),
        withdraw(MEETING, 1),
        withdraw(MEETING, 2),
    ]);
    let rests = |line: &Value| note(line, "rested_on");
    // While another version stands, it speaks for the meeting.
    assert_eq!(rests(&done[7]), Value::Null);
    let note = rests(&done[8]);
    assert_eq!(
        note["message"],
        "No version of “Cabinet” stands any more, and “Review spring” and “Resolution 26/9” rest on it."
    );
    let hint = "If it was held, record it again and put versions of them that cite it; if not, withdraw them too, each with its reason.";
    assert_eq!(note["hint"], hint);
}

#[test]
fn a_claimed_slot_is_freed_version_by_version_as_the_refusal_says() {
    let desk = governed();
    let claim =
        |number: u32, first_day| with(review(MEETING, &json!([]), first_day), "id", id(number));
    let first = Some("2026-01-01");
    let hint = || {
        let ran = desk.apply(&[claim(32, first)]);
        let refusal = ran.lines()[0]["refusal"].clone();
        assert_eq!(refusal["code"], "slot_claimed", "{refusal}");
        refusal["hint"].as_str().unwrap().to_owned()
    };
    desk.done(&[claim(31, first)]);
    assert!(
        hint().contains("or withdraw its version 1 with its reason"),
        "{}",
        hint()
    );
    desk.done(&[claim(31, None), claim(31, first), claim(31, first)]);
    let several = "or withdraw its versions 3 and 4, each with its reason: where one goes, the one \
        before stands again";
    assert!(hint().contains(several), "{}", hint());
    desk.done(&[withdraw(31, 4), withdraw(31, 3), claim(32, first)]);
}

/// Returns a resolution of the cabinet that adopts the policy.
fn adopts(number: u32) -> Value {
    let body = json!({"number": format!("26/{number}"), "text": "That it be adopted.",
        "body": id(CABINET), "verb": "adopts", "decided_on": "2026-01-05",
        "objects": [{"of": cites(POLICY)}]});
    put("resolution", number, body)
}

fn attest(number: u32) -> Value {
    by(moved(number, 1, "attest", json!({})), "ada")
}

#[test]
fn of_a_version_approved_twice_the_reply_says_by_what_it_still_counts() {
    let desk = governed();
    let done = desk.done(&[
        adopts(41),
        attest(41),
        adopts(42),
        attest(42),
        withdraw(42, 1),
        withdraw(41, 1),
    ]);
    assert_eq!(note(&done[4], "undone"), Value::Null);
    let still = note(&done[4], "still_by_another");
    let message = "Resolution 26/42 had approved “AI policy”, version 1; it stays approved, by \
        “Resolution 26/41” from 5 January 2026 on.";
    assert_eq!(still["message"], message, "{}", done[4]);
    assert_eq!(still["of"], cites(POLICY));
    // Once the last has gone, nothing approves it.
    assert_eq!(note(&done[5], "still_by_another"), Value::Null);
    let undone = note(&done[5], "undone");
    let message =
        "Resolution 26/41 had approved “AI policy”, version 1; it is no longer in force by it.";
    assert_eq!(undone["message"], message);
}

/// Returns a resolution of the cabinet on a version, decided and recorded on a day of January, with
/// its attestation.
fn on_day(number: u32, day: u32, verb: &str, object: Value) -> [Value; 2] {
    let mut resolved = adopts(number);
    resolved["body"]["verb"] = json!(verb);
    resolved["body"]["objects"] = json!([object]);
    resolved["body"]["decided_on"] = json!(format!("2026-01-{day:02}"));
    let at = format!("2026-01-{day:02}T09:00:00Z");
    [with(resolved, "at", at), attest(number)]
}

/// Returns the message of what is noted under either code.
fn without(line: &Value, code: &str) -> String {
    let other = match code {
        "undone" => "still_by_another",
        _ => "undone",
    };
    assert_eq!(note(line, other), Value::Null, "{line}");
    note(line, code)["message"].as_str().unwrap().to_owned()
}

#[test]
fn what_was_ended_since_another_approved_it_stays_approved_by_nothing() {
    let desk = governed();
    let policy = || json!({"of": cites(POLICY)});
    desk.done(&on_day(41, 5, "adopts", policy()));
    desk.done(&on_day(42, 6, "rescinds", policy()));
    desk.done(&on_day(43, 8, "adopts", policy()));
    let done = desk.done(&[withdraw(43, 1)]);
    let message =
        "Resolution 26/43 had approved “AI policy”, version 1; it is no longer in force by it.";
    assert_eq!(without(&done[0], "undone"), message);
    // Of one whose last day is to come it is told.
    let mut until = on_day(44, 9, "adopts", policy());
    until[0]["body"]["until"] = json!("2026-01-20");
    desk.done(&until);
    desk.done(&on_day(45, 9, "adopts", policy()));
    let done = desk.done(&[withdraw(45, 1)]);
    let message = "Resolution 26/45 had approved “AI policy”, version 1; it stays approved, by \
        “Resolution 26/44” from 9 January 2026 until 20 January 2026.";
    assert_eq!(without(&done[0], "still_by_another"), message);
    desk.done(&on_day(46, 21, "adopts", policy()));
    let done = desk.done(&[withdraw(46, 1)]);
    let message =
        "Resolution 26/46 had approved “AI policy”, version 1; it is no longer in force by it.";
    assert_eq!(without(&done[0], "undone"), message);
}

#[test]
fn what_ended_a_version_before_it_was_approved_again_ends_nothing() {
    let desk = governed();
    let policy = || json!({"of": cites(POLICY)});
    desk.done(&on_day(41, 5, "adopts", policy()));
    desk.done(&on_day(42, 6, "rescinds", policy()));
    desk.done(&on_day(43, 8, "adopts", policy()));
    desk.done(&on_day(44, 10, "rescinds", policy()));
    desk.done(&on_day(45, 11, "rescinds", policy()));
    let done = desk.done(&[withdraw(45, 1), withdraw(44, 1)]);
    let message = "Resolution 26/45 had ended “AI policy”, version 1; it stays ended, by \
        “Resolution 26/44” from 10 January 2026 on.";
    assert_eq!(without(&done[0], "still_by_another"), message);
    let message = "Resolution 26/44 had ended “AI policy”, version 1; it no longer ends by it.";
    assert_eq!(without(&done[1], "undone"), message);
}

#[test]
fn a_risk_that_is_accepted_no_more_stays_accepted_by_nothing() {
    let desk = governed();
    let assessed = || json!({"of": cites(31)});
    desk.done(&[put(
        "risk_assessment",
        31,
        assessment("2026-01-05", "2026-01-05"),
    )]);
    let mut until = on_day(41, 5, "accepts", assessed());
    until[0]["body"]["until"] = json!("2026-01-07");
    desk.done(&until);
    desk.done(&on_day(42, 6, "accepts", assessed()));
    let early = desk.done(&[withdraw(42, 1)]);
    let message = "Resolution 26/42 had accepted “Pavelook”, version 1; it stays accepted, by \
        “Resolution 26/41” from 5 January 2026 until 7 January 2026.";
    assert_eq!(without(&early[0], "still_by_another"), message);
    desk.done(&on_day(43, 8, "accepts", assessed()));
    let late = desk.done(&[withdraw(43, 1)]);
    let message =
        "Resolution 26/43 had accepted “Pavelook”, version 1; it is no longer accepted by it.";
    assert_eq!(without(&late[0], "undone"), message);
}

#[test]
fn a_slot_stays_moved_by_what_moved_another_no_more_than_by_nothing() {
    let desk = governed();
    let slot = |first_day: &str, to: [&str; 2]| {
        json!({"of": cites(DECLARATION), "because": "Budget.", "first_day": first_day,
            "to_first_day": to[0], "to_last_day": to[1]})
    };
    let winter = slot("2026-01-01", ["2026-02-01", "2026-04-30"]);
    let spring = slot("2026-04-01", ["2026-05-01", "2026-07-10"]);
    desk.done(&on_day(41, 5, "moves_slot", winter));
    desk.done(&on_day(42, 5, "moves_slot", spring));
    let done = desk.done(&[withdraw(41, 1)]);
    let message = "Resolution 26/41 had moved a slot of “What we hold ourselves to”, version 1; \
        the slot stands where it was.";
    assert_eq!(without(&done[0], "undone"), message);
}

#[test]
fn what_stays_kept_is_told_with_the_review_that_is_then_due() {
    let desk = governed();
    let keep = |next: &str| json!({"of": cites(POLICY), "because": "Sound.", "next_review": next});
    desk.done(&on_day(41, 5, "adopts", json!({"of": cites(POLICY)})));
    desk.done(&on_day(42, 6, "keeps", keep("2026-06-01")));
    desk.done(&on_day(43, 7, "keeps", keep("2026-09-01")));
    desk.done(&on_day(44, 8, "keeps", keep("2027-01-01")));
    let done = desk.done(&[withdraw(44, 1)]);
    let message = "Resolution 26/44 had kept “AI policy”, version 1, as it is; it stays kept, by \
        “Resolution 26/43” from 7 January 2026 on, to be reviewed by 1 September 2026.";
    assert_eq!(without(&done[0], "still_by_another"), message);
}

#[test]
fn what_has_ended_since_is_not_told_to_stay_kept() {
    let desk = governed();
    let keep = |next: &str| json!({"of": cites(POLICY), "because": "Sound.", "next_review": next});
    desk.done(&on_day(41, 5, "adopts", json!({"of": cites(POLICY)})));
    desk.done(&on_day(42, 6, "keeps", keep("2026-06-01")));
    desk.done(&on_day(43, 7, "keeps", keep("2026-09-01")));
    desk.done(&on_day(44, 8, "rescinds", json!({"of": cites(POLICY)})));
    let later = with(withdraw(43, 1), "at", "2026-01-10T09:00:00Z");
    let done = desk.done(&[later]);
    assert_eq!(note(&done[0], "still_by_another"), Value::Null, "{done:?}");
}

#[test]
fn what_a_person_approved_is_not_told_to_be_withdrawn() {
    let desk = governed();
    desk.done(&[by(moved(POLICY, 1, "approve", json!({})), "cai")]);
    desk.done(&on_day(41, 5, "adopts", json!({"of": cites(POLICY)})));
    let done = desk.done(&[withdraw(41, 1)]);
    let message = "Resolution 26/41 had approved “AI policy”, version 1; it stays approved, by \
        “cai” from 5 January 2026 on.";
    assert_eq!(without(&done[0], "still_by_another"), message);
    let still = note(&done[0], "still_by_another");
    let hint = still["hint"].as_str().unwrap();
    assert!(!hint.contains("withdraw it too"), "{hint}");
    assert!(hint.contains("rescind"), "{hint}");
}

#[test]
fn an_earlier_version_that_is_in_force_again_is_told_though_a_newer_one_is_proposed() {
    let desk = governed();
    let again = |title: &str| by(titled("policy", POLICY, title, policy()), "dot");
    let approve = |version| by(moved(POLICY, version, "approve", json!({})), "cai");
    let in_error = |version| {
        let because = json!({"because": "In error."});
        by(moved(POLICY, version, "withdraw", because), "cai")
    };
    let done = desk.done(&[
        approve(1),
        again("Second"),
        approve(2),
        again("Third"),
        again("Fourth"),
        // One that was not in force leaves what is.
        in_error(3),
        with(in_error(2), "key", "second"),
        with(in_error(2), "key", "second"),
    ]);
    let stands = |line: &Value| note(line, "stands_again");
    assert_eq!(stands(&done[5]), Value::Null);
    for line in &done[6..] {
        assert_eq!(
            stands(line)["message"],
            "“AI policy”, version 1, is in force."
        );
        assert_eq!(stands(line)["versions"], json!([1, 4]));
    }
}

#[test]
fn that_nothing_is_in_force_any_more_is_told_though_a_newer_version_is_proposed() {
    let desk = governed();
    let again = |title: &str| by(titled("policy", POLICY, title, policy()), "dot");
    let because = json!({"because": "In error."});
    let done = desk.done(&[
        again("Second"),
        by(moved(POLICY, 2, "approve", json!({})), "cai"),
        again("Third"),
        by(moved(POLICY, 2, "withdraw", because), "cai"),
    ]);
    let stands = note(&done[3], "stands_again");
    let message = "“Third”, version 3, stands; neither it nor another version is in force.";
    assert_eq!(stands["message"], message, "{}", done[3]);
    assert_eq!(stands["versions"], json!([1, 3]));
}

/// An act of a line of a history, the record it was done by, whether it counts, and whether that
/// record was withdrawn.
type Told = (String, Option<String>, Option<bool>, Value);

fn policys_history(desk: &Desk, more: &[&str]) -> Vec<Told> {
    let policy = id(POLICY);
    let args = [&["--json", "record", "history", &policy], more].concat();
    let lines = desk.run(&args).json();
    let line = |line: &Value| {
        let by = line["by"]["id"].as_str().map(str::to_owned);
        let act = line["act"].as_str().unwrap().to_owned();
        (
            act,
            by,
            line["counts"].as_bool(),
            line["by"]["withdrawn"].clone(),
        )
    };
    lines.as_array().unwrap().iter().map(line).collect()
}

#[test]
fn a_history_keeps_an_approval_by_a_resolution_that_was_withdrawn_since_and_strikes_it_through() {
    let desk = governed();
    desk.done(&[
        adopts(41),
        attest(41),
        adopts(42),
        attest(42),
        // One that was never attested approved nothing.
        adopts(43),
        withdraw(43, 1),
    ]);
    let before = format!("#{}", desk.head().0 - 1);
    let done = desk.done(&[withdraw(41, 1)]);
    let put = ("put".to_owned(), None, None, Value::Null);
    let approval = |number: u32, counts: bool, withdrawn: Value| {
        (
            "approval".to_owned(),
            Some(id(number)),
            Some(counts),
            withdrawn,
        )
    };
    let struck = json!({"on": "2026-01-05", "seq": done[0]["seq"]});
    let expected = [
        put.clone(),
        approval(41, false, struck),
        approval(42, true, Value::Null),
    ];
    assert_eq!(policys_history(&desk, &[]), expected);
    // As known before, both counted.
    let expected = [
        put,
        approval(41, true, Value::Null),
        approval(42, true, Value::Null),
    ];
    assert_eq!(policys_history(&desk, &["--known-by", &before]), expected);
    let told = desk.run(&["record", "history", &id(POLICY)]).out;
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = "Version 1 approved, which counts no more, effective 5 January 2026; by Cabinet, \
        Resolution 26/41 (vouched for by the local operator) [that resolution was withdrawn on 5 \
        January 2026]";
    assert!(told.contains(said), "{told}");
    assert!(!told.contains("this version was withdrawn"), "{told}");
}
