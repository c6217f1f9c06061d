//! Who may act: people who are still here, each under an address of their own, by name where an
//! approval is undone; and one organisation.

use serde_json::{Value, json};

use crate::desk::{Desk, id, person};
use crate::governed::*;

/// Returns the newest version of Cai's record, which says when they left.
fn cai_left(on: &str) -> Value {
    put(
        "person",
        11,
        json!({"name": "cai", "email": "cai@council.example", "left_on": on}),
    )
}

fn approve(number: u32) -> Value {
    by(moved(number, 1, "approve", json!({})), "cai")
}

/// Returns a ledger on the day after Cai left, with what Cai did on the last day: an approval of
/// 31, and 34 written.
fn without_cai() -> Desk {
    let desk = governed();
    let by_bea = |number: u32| by(put("policy", number, policy()), "bea");
    let resolution = json!({"number": "26/2", "text": "That it be so.", "body": id(CABINET),
        "verb": "resolves", "decided_on": "2026-01-10"});
    desk.done(&[
        by_bea(31),
        by_bea(32),
        by_bea(33),
        cai_left("2026-01-10"),
        with(approve(31), "at", "2026-01-10T23:00:00Z"),
        by(put("policy", 34, policy()), "cai"),
        with(person(35, "eve"), "at", "2026-01-11T09:00:00Z"),
        put("resolution", 36, resolution),
    ]);
    desk
}

fn state(desk: &Desk, number: u32) -> String {
    let shown = desk.run(&["record", "show", &id(number), "--json"]).json();
    shown["state"].as_str().unwrap().to_owned()
}

#[test]
fn a_first_day_put_right_to_a_later_one_counts_and_a_second_stay_leaves_the_first() {
    let desk = governed();
    let joins = |number: u32, name: &str, on: &str| {
        let mut eve = person(number, name);
        eve["body"]["joined_on"] = json!(on);
        eve
    };
    let puts = |number: u32, name: &str| by(put("policy", number, policy()), name);
    // Mistyped, and put right by a version of the same day.
    desk.done(&[
        joins(31, "eve", "2016-02-01"),
        puts(41, "eve"),
        joins(31, "eve", "2026-02-01"),
    ]);
    refused(&desk, &[(puts(42, "eve"), "not_joined", "/as")]);
    // Somebody who comes again on a later day was here before.
    desk.done(&[
        joins(32, "fay", "2016-02-01"),
        with(joins(32, "fay", "2026-02-01"), "effective_on", "2026-02-01"),
        puts(43, "fay"),
    ]);
    // Put right to an earlier day, from whichever day on that is said.
    desk.done(&[joins(33, "gus", "2026-06-01")]);
    refused(&desk, &[(puts(44, "gus"), "not_joined", "/as")]);
    desk.done(&[
        with(joins(33, "gus", "2025-06-01"), "effective_on", "2026-02-01"),
        puts(44, "gus"),
    ]);
}

#[test]
fn whoever_has_left_acts_on_no_day_after_their_last() {
    let desk = without_cai();
    let theirs = by(put("policy", 37, policy()), "cai");
    let attest = by(moved(36, 1, "attest", json!({})), "cai");
    let keep = json!({"because": "Sound.", "next_review": "2027-01-05"});
    let withdraw = json!({"because": "In error."});
    let withdraw = by(moved(34, 1, "withdraw", withdraw), "cai");
    let on = |command: &Value, day: &str| with(command.clone(), "effective_on", day);
    let acts = [
        approve(32),
        on(&approve(32), "2026-01-11"),
        on(&approve(32), "2026-03-01"),
        by(moved(31, 1, "keep", keep), "cai"),
        attest.clone(),
        on(&attest, "2026-01-11"),
        theirs.clone(),
        // Written and undone is on the day of recording, whatever day it is about.
        on(&theirs, "2026-01-10"),
        withdraw.clone(),
        on(&withdraw, "2026-01-10"),
    ];
    refused(&desk, &acts.map(|act| (act, "has_left", "/as")));
    let ran = desk.apply(&[approve(32)]);
    let expected = "This person left on 10 January 2026, and does not act on 11 January 2026.";
    assert_eq!(ran.lines()[0]["refusal"]["message"], expected);
}

#[test]
fn what_was_approved_by_the_last_day_stays_and_may_be_recorded_late() {
    let desk = without_cai();
    assert_eq!(state(&desk, 31), "in_force");
    let attest = by(moved(36, 1, "attest", json!({})), "cai");
    desk.done(&[
        with(approve(32), "effective_on", "2026-01-10"),
        with(attest, "effective_on", "2026-01-10"),
    ]);
    assert_eq!(state(&desk, 32), "in_force");
    // Who did not leave after all acts on.
    desk.done(&[person(11, "cai"), approve(33)]);
    desk.holds();
}

#[test]
fn two_people_do_not_share_an_address() {
    let desk = governed();
    let mina =
        |number: u32, email: &str| put("person", number, json!({"name": "Mina", "email": email}));
    desk.done(&[
        mina(31, "mina@council.example"),
        mina(32, "m@council.example"),
    ]);
    refused(
        &desk,
        &[
            (
                mina(33, "mina@council.example"),
                "address_taken",
                "/body/email",
            ),
            (
                mina(33, "Mina@Council.Example"),
                "address_taken",
                "/body/email",
            ),
            (
                mina(32, "MINA@council.example"),
                "address_taken",
                "/body/email",
            ),
            (
                json!({"do": "all", "commands": [mina(33, "n@council.example"), mina(34, "N@council.example")]}),
                "address_taken",
                "/commands/1/body/email",
            ),
        ],
    );
    let ran = desk.apply(&[mina(33, "mina@council.example")]);
    let refusal = ran.lines()[0]["refusal"].clone();
    let message = refusal["message"].as_str().unwrap();
    assert!(
        message.contains(&format!("already held by Mina, the record {}", id(31))),
        "{message}"
    );
    assert!(
        refusal["hint"]
            .as_str()
            .unwrap()
            .contains("withdraw or correct one of them")
    );
    // Their own address is theirs in the next version; one that was given up or withdrawn is free.
    desk.done(&[
        mina(31, "Mina@council.example"),
        mina(31, "mina.new@council.example"),
        mina(33, "mina@council.example"),
        moved(33, 1, "withdraw", json!({"because": "Typed twice."})),
        mina(34, "mina@council.example"),
        by(put("policy", 35, policy()), "mina"),
    ]);
}

#[test]
fn a_ledger_is_of_the_organisation_that_it_began_with() {
    let desk = governed();
    let first = desk.organisation();
    let another = put(
        "organisation",
        31,
        json!({"name": "Another Council (fictional)"}),
    );
    let revised = |name: &str| json!({"do": "put", "kind": "organisation", "id": first, "body": {"name": name}});
    let withdraw = |version: u32| {
        by(
            json!({"do": "move", "id": first, "version": version, "move": "withdraw",
                "body": {"because": "In error."}}),
            "ada",
        )
    };
    refused(
        &desk,
        &[
            (another.clone(), "another_organisation", "/id"),
            (
                with(another, "id", Value::Null),
                "another_organisation",
                "/id",
            ),
            (withdraw(2), "only_organisation", "/version"),
        ],
    );
    desk.done(&[revised("Council (fictional)"), withdraw(2)]);
    refused(&desk, &[(withdraw(3), "only_organisation", "/version")]);
    assert_eq!(desk.organisation(), first);
}

#[test]
fn what_was_approved_or_attested_is_withdrawn_by_somebody_with_a_name() {
    let desk = governed();
    let withdraw = |number: u32| moved(number, 1, "withdraw", json!({"because": "In error."}));
    let proposed = || put("policy", 31, policy());
    desk.done(&[
        by(moved(POLICY, 1, "approve", json!({})), "cai"),
        proposed(),
    ]);
    refused(
        &desk,
        &[
            (withdraw(POLICY), "no_authority", "/as"),
            (withdraw(24), "no_authority", "/as"),
            (withdraw(DECLARATION), "no_authority", "/as"),
            (withdraw(CABINET), "no_authority", "/as"),
        ],
    );
    assert_eq!(state(&desk, POLICY), "in_force");
    // What nobody approved is no more than a slip of the pen.
    desk.done(&[
        withdraw(31),
        withdraw(SYSTEM),
        by(withdraw(POLICY), "cai"),
        by(withdraw(24), "ada"),
    ]);
    assert_eq!(state(&desk, POLICY), "withdrawn");
}

fn withdraw(number: u32) -> Value {
    moved(number, 1, "withdraw", json!({"because": "In error."}))
}

/// Returns the withdrawal that cites a resolution.
fn as_resolved(number: u32, resolution: u32) -> Value {
    let body = json!({"because": "In error.", "resolution": cites(resolution)});
    by(moved(number, 1, "withdraw", body), "eve")
}

/// Returns what the Cabinet resolved of a version.
fn resolved(number: u32, verb: &str, of: u32) -> Value {
    let body = json!({"number": format!("26/{number}"), "text": "That it be so.",
        "body": id(CABINET), "verb": verb, "decided_on": "2026-01-05",
        "objects": [{"of": cites(of)}]});
    put("resolution", number, body)
}

fn attest(number: u32) -> Value {
    by(moved(number, 1, "attest", json!({})), "ada")
}

#[test]
fn what_was_approved_is_withdrawn_by_the_power_that_approving_it_takes() {
    let desk = governed();
    desk.done(&[
        person(35, "eve"),
        by(moved(POLICY, 1, "approve", json!({})), "cai"),
        put(
            "risk_assessment",
            36,
            assessment("2026-01-05", "2026-01-05"),
        ),
        resolved(37, "accepts", 36),
        attest(37),
    ]);
    let by_eve = |number: u32| by(withdraw(number), "eve");
    refused(
        &desk,
        &[
            (by_eve(POLICY), "no_authority", "/as"),
            (by_eve(DECLARATION), "no_authority", "/as"),
            (by_eve(CABINET), "no_authority", "/as"),
            (by_eve(36), "no_authority", "/as"),
            // Cai may adopt policies, and gives nobody a post.
            (by(withdraw(21), "cai"), "no_authority", "/as"),
        ],
    );
    let ran = desk.apply(&[by_eve(POLICY), by_eve(36)]);
    let said = |line: usize, field: &str| {
        let refusal = &ran.lines()[line]["refusal"];
        refusal[field].as_str().unwrap().to_owned()
    };
    assert_eq!(
        said(0, "message"),
        "This version was approved; withdrawing it takes the power adopt_policy, as that did, \
         and this person did not hold it on 5 January 2026."
    );
    let hint = said(0, "hint");
    let root = format!(
        "Held by “Cabinet” (the body {}), which holds every power; “bea” (the person ",
        id(CABINET)
    );
    assert!(hint.starts_with(&root) && hint.contains(&id(11)), "{hint}");
    let accepted = "This version was accepted; withdrawing it takes the power accept_risk,";
    assert!(said(1, "message").starts_with(accepted), "{ran:?}");
    assert_eq!(state(&desk, POLICY), "in_force");
    // The root stands on the operator's word, which is theirs to take back.
    desk.done(&[by(withdraw(POLICY), "dot"), by(withdraw(CABINET), "ada")]);
    assert_eq!(state(&desk, POLICY), "withdrawn");
}

#[test]
fn what_was_approved_is_withdrawn_by_an_entry_that_cites_a_resolution_to() {
    let desk = governed();
    desk.done(&[
        person(35, "eve"),
        by(moved(POLICY, 1, "approve", json!({})), "cai"),
        put("policy", 36, policy()),
        resolved(41, "withdraws", POLICY),
        resolved(42, "rescinds", 22),
        resolved(43, "withdraws", 36),
        attest(43),
    ]);
    let field = "/body/resolution";
    refused(
        &desk,
        &[
            // Not attested; that which approved it; one that acts on another.
            (as_resolved(POLICY, 41), "no_authority", field),
            (as_resolved(22, 24), "no_authority", field),
            (as_resolved(22, 42), "no_authority", field),
            (as_resolved(POLICY, 43), "no_authority", field),
        ],
    );
    desk.done(&[attest(41)]);
    // A resolution alone withdraws nothing: an entry with its reason does.
    assert_eq!(state(&desk, POLICY), "in_force");
    let history = desk.run(&["record", "history", &id(POLICY)]);
    assert!(
        history.out.contains("resolved to be withdrawn"),
        "{history:?}"
    );
    desk.done(&[as_resolved(POLICY, 41)]);
    assert_eq!(state(&desk, POLICY), "withdrawn");
    desk.holds();
}

#[test]
fn a_resolution_that_counts_for_nothing_withdraws_nothing() {
    let desk = governed();
    let board = json!({"name": "Board", "top_management": "no", "quorum": 1, "may": ["decide"],
        "powers": ["approve_scope"], "written_procedure": true, "secretary": desk.operator()});
    // That body may not adopt a policy, and so not take one back.
    let mut withdraws = resolved(33, "withdraws", POLICY);
    withdraws["body"]["body"] = json!(id(31));
    desk.done(&[
        person(35, "eve"),
        by(moved(POLICY, 1, "approve", json!({})), "cai"),
        put("body", 31, board),
        resolved(32, "approves", 31),
        attest(32),
        withdraws,
        attest(33),
    ]);
    refused(
        &desk,
        &[(as_resolved(POLICY, 33), "no_authority", "/body/resolution")],
    );
    assert_eq!(state(&desk, POLICY), "in_force");
}

#[test]
fn an_attestation_is_taken_back_by_whoever_may_attest() {
    let desk = governed();
    let mut board = json!({"name": "Board", "top_management": "no", "quorum": 1, "powers": ["approve_scope"],
        "written_procedure": true, "secretary": id(BEA)});
    board["may"] = json!(["decide"]);
    let noted = json!({"number": "1", "text": "Noted.", "body": id(31), "verb": "resolves",
        "decided_on": "2026-01-05"});
    desk.done(&[
        put("body", 31, board),
        resolved(32, "approves", 31),
        attest(32),
        put("resolution", 33, noted),
        by(moved(33, 1, "attest", json!({})), "bea"),
    ]);
    let by_cai = by(withdraw(33), "cai");
    refused(&desk, &[(by_cai.clone(), "no_authority", "/as")]);
    let ran = desk.apply(&[by_cai]);
    let hint = ran.lines()[0]["refusal"]["hint"].to_string();
    assert!(hint.contains(&id(BEA)), "{hint}");
    desk.done(&[by(withdraw(33), "bea")]);
}

#[test]
fn a_disposition_is_of_a_rule_there_is_and_of_a_day_that_has_come() {
    let desk = governed();
    let disposes = |number: u32, rule: &str, since: &str| {
        let body = json!({"rule": rule, "since": since, "says": "not_a_failure", "because": "So."});
        by(put("disposition", number, body), "ada")
    };
    refused(
        &desk,
        &[
            (
                disposes(31, "99.9-z", "2026-01-05"),
                "unknown_rule",
                "/body/rule",
            ),
            (disposes(31, "", "2026-01-05"), "unknown_rule", "/body/rule"),
            (
                disposes(31, "4.3-A", "2026-01-05"),
                "unknown_rule",
                "/body/rule",
            ),
            (
                disposes(31, "4.3-a", "2026-01-06"),
                "in_future",
                "/body/since",
            ),
        ],
    );
    let ran = desk.apply(&[disposes(31, "99.9-z", "2026-01-05")]);
    let hint = ran.lines()[0]["refusal"]["hint"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        hint.contains("status --json") && hint.contains("requirements"),
        "{hint}"
    );
    desk.done(&[
        disposes(31, "4.3-a", "2026-01-05"),
        // A finding may be older than the ledger.
        disposes(32, "9.3-a", "2025-06-01"),
    ]);
}

#[test]
fn a_finding_is_disposed_of_by_one_record() {
    let desk = governed();
    let answers = |number: u32, subject: Value| {
        let body = json!({"rule": "4.3-a", "since": "2026-01-05", "subject": subject,
            "says": "not_a_failure", "because": "So."});
        by(put("disposition", number, body), "ada")
    };
    let of_duty = |number: u32| {
        let mut of_duty = answers(number, json!("conformity"));
        of_duty["body"]["rule"] = json!("5.3");
        of_duty
    };
    let whole = || answers(32, Value::Null);
    let second = [(whole(), "finding_disposed_of", "/body/rule")];
    desk.done(&[answers(31, Value::Null)]);
    refused(&desk, &second);
    // The organisation's own record is the organisation as a whole.
    let by_name = answers(32, json!(desk.organisation()));
    refused(&desk, &[(by_name, "finding_disposed_of", "/body/rule")]);
    let ran = desk.apply(&[whole()]);
    let expected = format!("The disposition {} answers this finding already.", id(31));
    assert_eq!(ran.lines()[0]["refusal"]["message"], expected);
    // A changed mind is a new version; another subject or day is another finding.
    let mut later = answers(34, Value::Null);
    later["body"]["since"] = json!("2026-01-04");
    desk.done(&[answers(31, Value::Null), of_duty(33), later]);
    let withdraw = |version: u32| moved(31, version, "withdraw", json!({"because": "In error."}));
    desk.done(&[withdraw(2)]);
    refused(&desk, &second);
    desk.done(&[withdraw(1), whole()]);
}

#[test]
fn a_departure_from_the_criteria_is_made_by_somebody_with_a_name() {
    let desk = governed();
    let departs = || {
        let body = json!({"title": "Pavelook", "purpose": "Potholes.",
            "scope": {"says": "out", "because": "A trial that ended."}});
        put("ai_system", SYSTEM, body)
    };
    refused(&desk, &[(departs(), "no_authority", "/body/scope")]);
    desk.done(&[by(departs(), "bea")]);
    let mut none = departs();
    none["body"]["scope"] = Value::Null;
    desk.done(&[none]);
}

#[test]
fn a_refusal_says_who_may_by_their_names() {
    let desk = governed();
    let resolution = json!({"number": "26/9", "text": "That it be adopted.", "body": id(CABINET),
        "verb": "adopts", "decided_on": "2026-01-05", "objects": [{"of": cites(POLICY)}]});
    desk.done(&[put("resolution", 49, resolution)]);
    let ran = desk.apply(&[by(moved(49, 1, "attest", json!({})), "bea")]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let refusal = &ran.json()["refusal"];
    assert_eq!(refusal["code"], "no_authority", "{refusal}");
    let hint = refusal["hint"].as_str().unwrap();
    for said in [
        format!("“cai” (the person {})", id(11)),
        format!("“Ada Sample” (the person {})", desk.operator()),
    ] {
        assert!(hint.contains(&said), "{hint}");
    }
}

#[test]
fn a_nonconformity_is_opened_and_a_finding_answered_by_somebody_with_a_name() {
    let desk = Desk::simulated();
    let opened = json!({"title": "26/1", "what": "Nobody reviewed it.", "found_on": "2026-01-05"});
    let answered = json!({"rule": "7.5-b.p", "since": "2026-01-05", "says": "not_a_failure",
        "because": "It is the first day."});
    for (kind, number, body, does, field) in [
        (
            "nonconformity",
            40,
            opened,
            "open a nonconformity",
            "/body/what",
        ),
        (
            "disposition",
            41,
            answered,
            "answer a finding",
            "/body/rule",
        ),
    ] {
        let command = put(kind, number, body);
        let unnamed = desk.apply(std::slice::from_ref(&command));
        let refusal = &unnamed.lines()[0]["refusal"];
        let said = format!("The local operator may put, but not {does}.");
        assert_eq!(refusal["code"], "no_authority", "{refusal}");
        assert_eq!(refusal["message"], said.as_str(), "{refusal}");
        assert_eq!(refusal["field"], field, "{refusal}");
        let named = desk.apply(&[by(command, "ada")]);
        assert_eq!(named.code, 0, "{named:?}");
    }
}
