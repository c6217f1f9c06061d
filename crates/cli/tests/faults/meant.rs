//! What can never be meant is refused; what may be is recorded, and the reply says what it does not
//! do.

use serde_json::{Value, json};

use crate::desk::{BEGAN, Desk, id, person};
use crate::governed::*;

/// Returns the first note of each line, by its code.
fn codes(lines: &[Value]) -> Vec<Option<String>> {
    let code = |line: &Value| noted_besides(line)["code"].as_str().map(str::to_owned);
    lines.iter().map(code).collect()
}

fn said(code: &str) -> Option<String> {
    Some(code.to_owned())
}

fn attest(number: u32) -> Value {
    by(moved(number, 1, "attest", json!({})), "ada")
}

/// Returns a resolution of the cabinet, which may decide without meeting.
fn resolution(number: u32, verb: &str, objects: &Value) -> Value {
    let body = json!({"number": format!("26/{number}"), "text": "So resolved.",
        "body": id(CABINET), "verb": verb, "decided_on": "2026-01-05", "objects": objects});
    put("resolution", number, body)
}

fn state(desk: &Desk, number: u32) -> (u64, String) {
    let shown = desk.run(&["record", "show", &id(number), "--json"]).json();
    let state = shown["state"].as_str().unwrap().to_owned();
    (shown["version"].as_u64().unwrap(), state)
}

fn top(may: &[&str], quorum: u32) -> Value {
    let terms = json!({"name": "Cabinet", "top_management": "is", "quorum": quorum, "may": may,
        "seats": [{"person": id(BEA)}], "secretary": id(BEA)});
    put("body", CABINET, terms)
}

#[test]
fn the_first_body_may_decide_and_terms_by_which_it_never_could_are_put_right_in_one_step() {
    let desk = Desk::simulated();
    desk.done(&[person(BEA, "bea")]);
    let advises = (top(&["advise"], 1), "only_advises", "/body/may");
    refused(&desk, &[advises]);
    let done = desk.done(&[top(&["decide"], 2), top(&["decide"], 1)]);
    assert_eq!(codes(&done), [said("never_quorate"), None]);
    assert_eq!(state(&desk, CABINET), (2, "in_force".to_owned()));
    // From then on it decides on its own terms.
    desk.done(&[top(&[], 1)]);
    assert_eq!(state(&desk, CABINET), (3, "proposed".to_owned()));
    desk.holds();
}

#[test]
fn a_body_that_has_adopted_something_decides_on_its_own_terms() {
    let desk = governed();
    // It has no seats, so that no quorum was shown; what it adopted counts, marked.
    desk.done(&[top(&["decide"], 1)]);
    assert_eq!(state(&desk, CABINET), (2, "proposed".to_owned()));
}

fn withdraw(number: u32) -> Value {
    let because = json!({"because": "Entered in error."});
    moved(number, 1, "withdraw", because)
}

#[test]
fn a_person_whom_records_name_is_withdrawn_by_somebody_with_a_name() {
    let desk = governed();
    desk.done(&[person(35, "eve")]);
    refused(&desk, &[(withdraw(BEA), "no_authority", "/as")]);
    let done = desk.done(&[by(withdraw(BEA), "cai"), withdraw(35)]);
    assert_eq!(codes(&done), [said("emptied"), None]);
    let message = "bea is named by “Approver”: there is nobody there now, from the first day on. \
        What was decided stays as it was counted then.";
    assert_eq!(done[0]["notes"][0]["message"], message);
    // One of two versions may go: the other says who it is.
    let desk = governed();
    desk.done(&[person(BEA, "beatrice"), withdraw(BEA)]);
}

#[test]
fn the_reply_says_that_another_took_the_place_of_what_top_management_set() {
    let desk = governed();
    let committee = json!({"name": "Committee", "top_management": "no", "quorum": 1,
        "written_procedure": true, "powers": ["adopt_policy"], "secretary": desk.operator()});
    let version = |number: u32| json!([{"of": {"id": id(POLICY), "version": number}}]);
    let mut theirs = resolution(43, "adopts", &version(2));
    theirs["body"]["body"] = json!(id(31));
    let again = || by(put("policy", POLICY, policy()), "bea");
    let done = desk.done(&[
        put("body", 31, committee),
        resolution(41, "approves", &json!([{"of": cites(31)}])),
        attest(41),
        resolution(42, "adopts", &version(1)),
        attest(42),
        again(),
        theirs,
        attest(43),
        again(),
        by(moved(POLICY, 3, "approve", json!({})), "cai"),
    ]);
    let noted = codes(&done);
    // A committee acts for top management, which gave it the power; somebody alone does not.
    assert_eq!(
        (&noted[4], &noted[7], &noted[9]),
        (&None, &None, &said("displaces")),
        "{done:?}"
    );
    let message = "Version 3 of “AI policy” takes the place of version 2, which top management \
        had set, and was not set by it.";
    assert_eq!(done[9]["notes"][0]["message"], message);
    let policy = desk.run(&["status", "--json"]).json()["five"][1].clone();
    assert_eq!(policy["in_hand"], "no");
    let because = policy["because"].as_str().unwrap();
    assert!(
        because.contains("took the place of version 2, adopted by Committee"),
        "{because}"
    );
    assert!(!policy["evidence"].as_array().unwrap().is_empty());
}

#[test]
fn a_resolution_that_does_less_than_it_seems_is_noted_when_it_is_put() {
    let desk = governed();
    let appoints = resolution(41, "appoints", &json!([{"of": cites(POLICY)}]));
    refused(&desk, &[(appoints, "other_kind", "/body/objects/0/of/id")]);
    let adopts = |number: u32| resolution(number, "adopts", &json!([{"of": cites(POLICY)}]));
    let with = |mut command: Value, field: &str, value: Value| {
        command["body"][field] = value;
        command
    };
    let at = |number: u32, item: &str| {
        let there = with(adopts(number), "meeting", cites(31));
        with(there, "item", json!(item))
    };
    let mut meeting = meeting("2026-01-05");
    meeting["items"] = json!([{"number": "7", "title": "Policy"}]);
    let done = desk.done(&[
        put("meeting", 31, meeting),
        at(42, "7"),
        at(43, "8"),
        resolution(44, "adopts", &json!([])),
        resolution(45, "resolves", &json!([])),
        with(adopts(46), "conditions", json!("Once it is printed.")),
        attest(46),
    ]);
    let expected = [
        None,
        None,
        said("no_such_item"),
        said("on_nothing"),
        None,
        said("under_conditions"),
        None,
    ];
    assert_eq!(codes(&done), expected);
    let shown = desk.run(&["record", "show", &id(46)]);
    assert!(shown.out.contains("under conditions"), "{shown:?}");
    assert!(shown.out.contains("Once it is printed."), "{shown:?}");
    let reserved = desk.run(&["status", "--json"]).json()["five"][1]["reservations"].clone();
    let said = "Resolution 26/46 was passed under conditions; the records do not say that they \
        were met.";
    assert!(
        reserved.as_array().unwrap().contains(&json!(said)),
        "{reserved}"
    );
}

#[test]
fn a_resolution_on_another_version_than_the_paper_of_its_item_is_noted_when_it_is_put_and_attested()
{
    let desk = governed();
    let mut minutes = meeting("2026-01-05");
    let paper = |number: u32, version: u32| json!({"id": id(number), "version": version});
    minutes["items"] = json!([
        {"number": "7", "title": "Policy", "papers": [paper(POLICY, 2), paper(21, 1)]},
        {"number": "8", "title": "Both", "papers": [paper(POLICY, 1), paper(POLICY, 2)]},
    ]);
    let on = |number: u32, verb: &str, version: u32, item: &str| {
        let mut command = resolution(number, verb, &json!([{"of": paper(POLICY, version)}]));
        command["body"]["meeting"] = cites(31);
        command["body"]["item"] = json!(item);
        command
    };
    let mut of_nothing = on(45, "adopts", 1, "7");
    of_nothing["body"]["objects"] = json!([{"of": cites(22)}]);
    let done = desk.done(&[
        by(put("policy", POLICY, policy()), "bea"),
        put("meeting", 31, minutes),
        on(41, "adopts", 1, "7"),
        attest(41),
        on(42, "adopts", 2, "7"),
        attest(42),
        on(43, "adopts", 1, "8"),
        on(44, "notes", 1, "7"),
        of_nothing,
        on(46, "rescinds", 1, "7"),
    ]);
    let other = || said("other_paper");
    let expected = [
        None,
        None,
        other(),
        other(),
        None,
        None,
        None,
        None,
        None,
        None,
    ];
    assert_eq!(codes(&done), expected);
    let note = |line: usize, part: &str| {
        let note = noted_besides(&done[line]);
        note[part].as_str().unwrap().to_owned()
    };
    let message = "Item 7 had version 2 of the policy before the body, and this adopts version 1.";
    assert_eq!(note(2, "message"), message);
    assert_eq!(note(3, "message"), message);
    assert!(note(2, "hint").contains("put a version that cites it"));
    assert!(note(3, "hint").contains("withdraw this one with its reason"));
    let shown = desk.run(&["record", "show", &id(41)]).out;
    assert!(
        shown.contains("Item 7 had version 2 of the policy"),
        "{shown}"
    );
}

#[test]
fn a_day_to_look_again_is_not_before_the_decision_nor_a_start_after_the_first() {
    let desk = governed();
    let approve = |next: &str| {
        by(
            moved(POLICY, 1, "approve", json!({"next_review": next})),
            "cai",
        )
    };
    let starts = |day: &str| {
        let body = json!({"title": "When it began", "aims_start": day});
        put("declaration", 32, body)
    };
    refused(
        &desk,
        &[
            (
                approve("2026-01-04"),
                "review_before_decision",
                "/body/next_review",
            ),
            (starts("2026-01-06"), "not_earlier", "/body/aims_start"),
        ],
    );
    assert!(BEGAN.starts_with("2026-01-05"));
    desk.done(&[approve("2026-01-05"), starts("2026-01-05")]);
}

#[test]
fn minutes_confirmed_in_an_older_version_than_the_newest_are_noted() {
    let desk = governed();
    let confirm = |version: u32| {
        let body = json!({"by": cites(31), "on": "2026-01-08"});
        moved(MEETING, version, "confirm", body)
    };
    let later = json!({"title": "Cabinet", "body": id(CABINET), "state": "held",
        "sittings": [{"on": "2026-01-08"}]});
    let done = desk.done(&[
        put("meeting", MEETING, meeting("2026-01-05")),
        with(put("meeting", 31, later), "at", "2026-01-08T09:00:00Z"),
        confirm(1),
        confirm(2),
    ]);
    assert_eq!(codes(&done), [None, None, said("not_newest"), None]);
    let message = "This confirms version 1 of the minutes; version 2 is on record, and stays \
        unconfirmed.";
    assert_eq!(done[2]["notes"][0]["message"], message);
}

#[test]
fn a_review_whose_inputs_stand_at_no_item_is_noted() {
    let desk = governed();
    let mut minutes = meeting("2026-01-05");
    minutes["items"] = json!([{"number": "7", "title": "Review"}]);
    let review = |item: &str| {
        let inputs = json!({"audits": {"text": "None was held.", "items": [item]}});
        let body = json!({"title": "Review", "covers": ["aims"], "inputs": inputs,
            "parts": [{"meeting": cites(31)}], "decisions": {}, "conclusions": {},
            "slot": {"declaration": id(DECLARATION), "first_day": "2026-01-01"}});
        put("management_review", 32, body)
    };
    let done = desk.done(&[put("meeting", 31, minutes), review("7"), review("8")]);
    assert_eq!(codes(&done), [None, None, said("no_such_item")]);
    let hint = done[2]["notes"].to_string();
    assert!(hint.contains("Their items are 7"), "{hint}");
}

/// Returns what is told of other records of the kind that are in force beside what was approved.
fn beside(line: &Value) -> Vec<String> {
    let notes = line["notes"].as_array().into_iter().flatten();
    let so = notes.filter(|one| one["code"] == "in_force_beside");
    let message = |note: &Value| note["message"].as_str().unwrap().to_owned();
    so.map(message).collect()
}

fn called(title: &str, mut body: Value) -> Value {
    body["title"] = json!(title);
    body
}

#[test]
fn a_policy_approved_beside_another_is_told_that_none_is_in_hand() {
    let desk = governed();
    let second = by(moved(34, 1, "approve", json!({})), "cai");
    let keyed = with(second, "key", "second");
    let done = desk.done(&[
        by(moved(POLICY, 1, "approve", json!({})), "cai"),
        by(
            put("policy", 34, called("AI policy of May", policy())),
            "bea",
        ),
        keyed.clone(),
        keyed,
    ]);
    assert_eq!(beside(&done[0]), [""; 0]);
    let second = "“AI policy”, version 1, is in force beside “AI policy of May”, version 1, which is \
        another record. There should be one: while two are in force, no policy is in hand.";
    assert_eq!(beside(&done[2]), [second]);
    assert_eq!(beside(&done[3]), [second]);
    let hint = &done[2]["notes"][0]["hint"];
    let next = format!("put it as the next version of that record, {}", id(POLICY));
    assert!(hint.as_str().unwrap().contains(&next), "{hint}");
    let status = desk.run(&["status", "--json"]).json();
    assert_eq!(status["five"][1]["in_hand"], "no", "{}", status["five"][1]);
    // The next version of a record takes the place of the one before.
    let desk = governed();
    let done = desk.done(&[
        by(moved(POLICY, 1, "approve", json!({})), "cai"),
        by(put("policy", POLICY, policy()), "bea"),
        by(moved(POLICY, 2, "approve", json!({})), "cai"),
    ]);
    assert_eq!(beside(&done[2]), [""; 0]);
}

#[test]
fn a_second_scope_set_of_criteria_or_declaration_is_told_which_of_them_counts() {
    let desk = governed();
    let scope = json!({"statement": "All."});
    let criteria: Value =
        serde_json::from_str(include_str!("../../../kinds/src/risk_criteria/sample.json")).unwrap();
    let declares = json!({"intervals": {"policy_months": 12}});
    let of = |number: u32| json!({"of": cites(number)});
    let done = desk.done(&[
        put("scope", 31, called("Scope", scope.clone())),
        put("risk_criteria", 32, called("Criteria", criteria.clone())),
        resolution(41, "approves", &json!([of(31), of(32)])),
        attest(41),
        put("scope", 33, called("Scope of May", scope)),
        put("risk_criteria", 34, called("Criteria of May", criteria)),
        put("declaration", 35, called("Intervals", declares)),
        resolution(42, "approves", &json!([of(33), of(34), of(35)])),
        attest(42),
    ]);
    assert_eq!(beside(&done[3]), [""; 0]);
    let told = |other: &str, own: &str, counts: &str| {
        format!(
            "“{other}”, version 1, is in force beside “{own}”, version 1, which is another record. {counts}"
        )
    };
    let last = "There should be one: the answers go by the one that took effect last.";
    let both = "Both count: of what both declare, the one that took effect last; of anything else, \
        the one that declares it.";
    let expected = [
        told("Scope", "Scope of May", last),
        told("Criteria", "Criteria of May", last),
        told("What we hold ourselves to", "Intervals", both),
    ];
    assert_eq!(beside(&done[8]), expected);
}

#[test]
fn whoever_is_not_the_head_of_a_unit_is_told_that_they_attest_for_nobody() {
    let desk = governed();
    let heads = json!({"title": "Head of Housing", "holder": id(BEA), "head_of": "housing",
        "start": "2026-01-05"});
    let of = |number: u32, by: u32| {
        let mut body = attestation("2026-01-05");
        body["by"] = json!(id(by));
        put("attestation", number, body)
    };
    let done = desk.done(&[
        of(31, BEA),
        put("appointment", 32, heads),
        of(33, BEA),
        resolution(41, "appoints", &json!([{"of": cites(32)}])),
        attest(41),
        of(34, BEA),
        of(35, 11),
    ]);
    let none = said("not_by_head");
    let expected = [none.clone(), None, none.clone(), None, None, None, none];
    assert_eq!(codes(&done), expected);
    let message = "No appointment in force on 5 January 2026 makes “cai” the head of the unit \
        housing: nobody attests for another, and this counts for nothing.";
    assert_eq!(done[6]["notes"][0]["message"], message);
    // Whoever does what it says next is the head by the record, and is told nothing any more.
    let next = "have it approved; it counts from the day on which that is decided, so let them \
        attest again on that day or a later one";
    let hint = done[6]["notes"][0]["hint"].as_str().unwrap();
    assert!(hint.contains(next), "{hint}");
    let heads = json!({"title": "Head of Housing", "holder": id(11), "head_of": "housing",
        "start": "2026-01-05"});
    let mut appoints = resolution(42, "appoints", &json!([{"of": cites(36)}]));
    appoints["body"]["decided_on"] = json!("2026-01-08");
    let mut again = of(37, 11);
    again["body"]["attested_on"] = json!("2026-01-08");
    let done = desk.done(&[
        with(put("appointment", 36, heads), "at", "2026-01-08T09:00:00Z"),
        appoints,
        attest(42),
        of(35, 11),
        again,
    ]);
    let head = [None, None, None, said("not_by_head"), None];
    assert_eq!(codes(&done), head);
}

#[test]
fn an_assessment_without_a_decision_is_told_that_it_has_none() {
    let desk = governed();
    let decided = assessment("2026-01-05", "2026-01-05");
    let mut open = decided.clone();
    open["decision"] = Value::Null;
    let done = desk.done(&[
        put("risk_assessment", 31, open),
        put("risk_assessment", 31, decided),
    ]);
    assert_eq!(codes(&done), [said("undecided"), None]);
}

#[test]
fn policies_adopted_together_are_told_once_to_be_in_force_beside_each_other() {
    let desk = governed();
    let adopts = |number: u32, objects: Value| {
        let body = json!({"number": format!("26/{number}"), "text": "That they be adopted.",
            "body": id(CABINET), "verb": "adopts", "decided_on": "2026-01-05",
            "objects": objects});
        put("resolution", number, body)
    };
    let attest = |number: u32| by(moved(number, 1, "attest", json!({})), "ada");
    let both = json!([{"of": cites(POLICY)}, {"of": cites(34)}]);
    let keyed = with(attest(41), "key", "both");
    let done = desk.done(&[
        put("policy", 34, called("AI policy of May", policy())),
        adopts(41, both),
        keyed.clone(),
        keyed,
        put("policy", 35, called("AI policy of June", policy())),
        put("policy", 36, called("AI policy of July", policy())),
        adopts(42, json!([{"of": cites(35)}, {"of": cites(36)}])),
        attest(42),
    ]);
    let pair = |one: &str, other: &str| {
        format!(
            "“{one}”, version 1, is in force beside “{other}”, version 1, which is another record. \
             There should be one: while two are in force, no policy is in hand."
        )
    };
    let first = [pair("AI policy of May", "AI policy")];
    assert_eq!(beside(&done[2]), first);
    assert_eq!(beside(&done[3]), first);
    // What was in force before is named too.
    let further = [
        pair("AI policy of July", "AI policy of June"),
        pair("AI policy of May", "AI policy of July"),
    ];
    assert_eq!(beside(&done[7]), further);
}

#[test]
fn a_keep_of_a_version_whose_place_another_takes_later_is_told_so() {
    let desk = governed();
    let adopts = json!({"number": "26/41", "text": "That it be adopted.", "body": id(CABINET),
        "verb": "adopts", "decided_on": "2026-01-05",
        "objects": [{"of": {"id": id(POLICY), "version": 2}, "effective_on": "2026-03-01"}]});
    let done = desk.done(&[
        by(moved(POLICY, 1, "approve", json!({})), "cai"),
        by(put("policy", POLICY, policy()), "bea"),
        put("resolution", 41, adopts),
        attest(41),
        keeps(42, 1),
        attest(42),
    ]);
    for line in &done[4..] {
        let note = noted_besides(line);
        assert_eq!(note["code"], "not_newest", "{line}");
        let message = "This keeps version 1 of “AI policy”; version 2 takes its place on 1 March \
            2026, and the review of that is due as before.";
        assert_eq!(note["message"], message);
    }
}

/// Returns a resolution of the cabinet that keeps a version of the policy.
fn keeps(number: u32, version: u32) -> Value {
    let object = json!({"of": {"id": id(POLICY), "version": version}, "because": "It serves.",
        "next_review": "2027-01-05"});
    let body = json!({"number": format!("26/{number}"), "text": "That it be kept.",
        "body": id(CABINET), "verb": "keeps", "decided_on": "2026-01-05", "objects": [object]});
    put("resolution", number, body)
}

#[test]
fn a_keep_of_a_version_that_is_not_the_newest_is_told_so() {
    let desk = governed();
    let approve = |version: u32| by(moved(POLICY, version, "approve", json!({})), "cai");
    let next = || by(put("policy", POLICY, policy()), "bea");
    let keep = json!({"because": "It serves.", "next_review": "2027-01-05"});
    let own = |version: u32| by(moved(POLICY, version, "keep", keep.clone()), "cai");
    let done = desk.done(&[
        approve(1),
        keeps(41, 1),
        attest(41),
        next(),
        keeps(42, 1),
        attest(42),
        approve(2),
        keeps(43, 1),
        attest(43),
        own(1),
        own(2),
        keeps(44, 2),
        attest(44),
    ]);
    let draft = "This keeps version 1 of “AI policy”; version 2 is on record, and not in force.";
    let superseded = "This keeps version 1 of “AI policy”; version 2 is in force in its place since \
        5 January 2026, and its review is due as before.";
    let message = |line: &Value| {
        let notes = line["notes"].as_array().into_iter().flatten();
        let mut so = notes.filter(|one| one["code"] == "not_newest");
        so.next().map(|one| one["message"].clone())
    };
    let told: Vec<Option<Value>> = done.iter().map(message).collect();
    let (draft, superseded) = (Some(json!(draft)), Some(json!(superseded)));
    let expected = [
        &None,
        &None,
        &None,
        &None,
        &draft,
        &draft,
        &None,
        &superseded,
        &superseded,
        &superseded,
        &None,
        &None,
        &None,
    ];
    assert_eq!(told.iter().collect::<Vec<_>>(), expected);
    let note = &done[8]["notes"][0];
    assert_eq!(note["of"], cites(POLICY));
    assert_eq!(note["versions"], json!([2]));
    // A history tells what was noted then, whatever was approved since.
    let history = |number: u32| {
        let ran = desk.run(&["record", "history", &id(number), "--json"]);
        message(&ran.json()[1])
    };
    assert_eq!(
        [history(41), history(42), history(43)],
        [None, draft, superseded]
    );
}

#[test]
fn a_keep_recorded_late_is_not_told_of_a_version_that_came_after_it_was_decided() {
    let desk = governed();
    let at = |command: Value, instant: &str| with(command, "at", instant);
    let later = "2026-02-20T09:00:00Z";
    let done = desk.done(&[
        by(moved(POLICY, 1, "approve", json!({})), "cai"),
        at(by(put("policy", POLICY, policy()), "bea"), later),
        at(by(moved(POLICY, 2, "approve", json!({})), "cai"), later),
        at(keeps(41, 1), later),
        at(by(moved(41, 1, "attest", json!({})), "ada"), later),
    ]);
    assert_eq!(codes(&done[3..]), [None, None]);
}
