//! What disposes of a finding is of a subject that the finding's rule is asked of.

use serde_json::{Value, json};

use crate::desk::{Desk, id};
use crate::governed::*;
use crate::renamed::{because, newest, packed, told};

/// A disposition of a finding of a rule, on a subject.
fn disposes(number: u32, rule: &str, subject: impl Into<Value>) -> Value {
    let mut body = json!({"rule": rule, "since": "2026-01-05", "says": "not_a_failure",
        "because": "We know."});
    body["subject"] = subject.into();
    by(put("disposition", number, body), "ada")
}

fn slot(first_day: &str) -> String {
    format!("{}_{first_day}", id(DECLARATION))
}

/// Returns a governed ledger with a scope in force of one unit.
fn in_scope() -> Desk {
    let desk = governed();
    let scope = json!({"title": "Scope", "statement": "All.", "units": ["housing"]});
    let resolution = json!({"number": "26/2", "text": "That it be so.", "body": id(CABINET),
        "verb": "approves", "decided_on": "2026-01-05", "objects": [{"of": cites(31)}]});
    desk.done(&[
        put("scope", 31, scope),
        put("resolution", 32, resolution),
        by(moved(32, 1, "attest", json!({})), "ada"),
    ]);
    desk
}

#[test]
fn a_disposition_is_of_a_subject_that_its_rule_is_asked_of() {
    let desk = in_scope();
    let whole = desk.organisation();
    let wrong = [
        ("9.3-a.o", Value::Null),
        ("9.3-a.o", json!(whole)),
        ("9.3-a.o", json!(slot("2026-01-02"))),
        ("9.3-a.o", json!("housing")),
        ("4.3-c", json!("planning")),
        ("4.3-c", Value::Null),
        ("4.3-a.o", json!("housing")),
        ("4.1-c", json!(id(POLICY))),
        ("4.1-c", Value::Null),
        ("5.3", json!("review")),
        ("5.3", Value::Null),
        ("7.5-a.p", json!(id(SYSTEM))),
    ];
    let cases = wrong.map(|(rule, subject)| {
        let command = disposes(40, rule, subject);
        (command, "no_such_subject", "/body/subject")
    });
    refused(&desk, &cases);
    let right = [
        ("9.3-a.o", json!(slot("2026-01-01"))),
        ("4.3-c", json!("housing")),
        ("4.3-a.o", Value::Null),
        ("4.3-b", json!(id(SYSTEM))),
        ("4.1-c", json!(id(SYSTEM).to_uppercase())),
        ("5.2-a", json!(whole)),
        ("5.3", json!("reporting")),
        ("7.5-a.p", json!(id(DECLARATION))),
        // The flag beside it is of each system.
        ("4.3-a", json!(id(SYSTEM))),
        ("4.3-a", Value::Null),
        // What it will be asked of is not known yet.
        ("4.2", json!("anybody")),
    ];
    let commands: Vec<Value> = right
        .into_iter()
        .zip(41..)
        .map(|((rule, subject), number)| disposes(number, rule, subject))
        .collect();
    desk.done(&commands);
    desk.holds();
}

#[test]
fn the_hint_names_the_first_subjects_there_are_those_with_a_finding_first() {
    let desk = in_scope();
    let hint = |rule: &str, at: &str| {
        let command = with(disposes(40, rule, Value::Null), "at", at);
        let ran = desk.apply(&[command]);
        let hint = &ran.lines()[0]["refusal"]["hint"];
        hint.as_str().unwrap().to_owned()
    };
    let shows = |rule: &str| {
        format!(
            "`minutebook status --json --findings {rule}` shows the subject and the `since` of each."
        )
    };
    let now = "2026-01-05T09:00:00Z";
    let one = "To answer a finding of it, name one of its subjects, such as";
    assert_eq!(
        hint("4.3-c", now),
        format!("{one} housing. {}", shows("4.3-c"))
    );
    assert_eq!(
        hint("5.3", now),
        format!("{one} conformity, reporting, housing. {}", shows("5.3"))
    );
    assert_eq!(
        hint("4.1-c", now),
        format!(
            "To answer a finding of it, name the id of a record that `minutebook record list \
             ai_system` lists. {}",
            shows("4.1-c")
        )
    );
    // The slots of a year without a review come before those that are still to be held.
    let missed = ["2026-01-01", "2026-04-01"].map(slot).join(", ");
    let said = hint("9.3-a.o", "2026-08-05T09:00:00Z");
    assert!(said.starts_with(&format!("{one} {missed}, ")), "{said}");
    let none = governed();
    let ran = none.apply(&[disposes(40, "4.3-c", Value::Null)]);
    assert_eq!(
        ran.lines()[0]["refusal"]["hint"],
        "It has no subject yet, and so no finding."
    );
}

#[test]
fn a_later_breach_of_the_same_since_is_answered_by_another_disposition() {
    let desk = governed();
    let at = |command, day: &str| with(command, "at", format!("{day}T09:00:00Z"));
    let disposes = |number: u32| disposes(number, "5.2-a", Value::Null);
    desk.done(&[at(disposes(40), "2026-01-06")]);
    let second = at(disposes(41), "2026-01-06");
    refused(&desk, &[(second, "finding_disposed_of", "/body/rule")]);
    // There is a policy, and top management did not set it: that is another finding.
    desk.done(&[
        at(by(put("policy", 36, policy()), "bea"), "2026-01-07"),
        by(moved(36, 1, "approve", json!({})), "cai"),
        disposes(41),
    ]);
    let ran = desk.apply(&[disposes(42)]);
    let expected = format!("The disposition {} answers this finding already.", id(41));
    assert_eq!(ran.lines()[0]["refusal"]["message"], expected);
    let status = told(&desk, &newest(&desk));
    let requirements = status["requirements"].as_array().unwrap();
    let policy = requirements.iter().find(|one| one["id"] == "5.2").unwrap();
    let findings = policy["findings"].as_array().unwrap();
    let found = findings.iter().find(|one| one["rule"] == "5.2-a").unwrap();
    assert_eq!(found["subjects"][0]["since"], "2026-01-05");
    assert_eq!(found["subjects"][0]["disposition"]["record"], id(41));
}

/// Returns a text of about 1,900 characters, no two words of which are the same.
fn long() -> String {
    let words: Vec<String> = (0..190)
        .map(|number| format!("reason{number:03}"))
        .collect();
    words.join(" ")
}

/// Returns what is said of the findings, on one line.
fn said(desk: &Desk, args: &[&str]) -> String {
    let out = desk.run(args).out;
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_reason_is_told_whole_with_who_gave_it_and_when() {
    let desk = governed();
    let disposes = |because: &str| {
        let body = json!({"rule": "4.3-a", "since": "2026-01-05", "says": "not_a_failure",
            "because": because});
        by(put("disposition", 40, body), "ada")
    };
    let at = |command, at: &str| with(command, "at", at);
    desk.done(&[at(disposes(&long()), "2026-01-06T09:00:00Z")]);
    let first = newest(&desk);
    let asked = told(&desk, &first);
    assert_eq!(because(&asked), long());
    assert_eq!(packed(&desk, &first), asked);
    let whole = format!(
        "said not to be a failure by Ada Sample on 6 January 2026: {}",
        long()
    );
    for args in [&["status"][..], &["status", "--findings", "4.3-a"]] {
        assert!(said(&desk, args).contains(&whole), "{args:?}");
    }
    // Said on an earlier day than it was recorded on, and of an earlier version as before.
    let early = with(disposes("Shorter."), "effective_on", "2026-01-06");
    desk.done(&[at(early, "2026-01-08T09:00:00Z")]);
    let shorter = "by Ada Sample on 6 January 2026, recorded on 8 January 2026: Shorter.";
    assert!(said(&desk, &["status"]).contains(shorter));
    assert_eq!(because(&told(&desk, &first)), long());
    let longer = disposes(&format!("{} and more", long()));
    desk.done(&[at(longer, "2026-01-09T09:00:00Z")]);
    let third = newest(&desk);
    assert!(because(&told(&desk, &third)).ends_with("reason189 and more"));
    assert_eq!(packed(&desk, &third), told(&desk, &third));
    for version in 1..=3 {
        let withdrawn = moved(
            40,
            version,
            "withdraw",
            json!({"because": "Of no finding."}),
        );
        desk.done(&[by(withdrawn, "ada")]);
    }
    let text = said(&desk, &["status"]);
    assert!(text.contains("(4.3-a, since 2026-01-05)"), "{text}");
    assert!(!text.contains("Ada Sample on"), "{text}");
    assert!(!text.contains("reason"), "{text}");
}

#[test]
fn evidence_that_is_said_to_be_elsewhere_is_said_with_where_it_lies() {
    let desk = governed();
    let disposes = |says: &str, place: &str| {
        let body = json!({"rule": "4.3-a", "since": "2026-01-05", "says": says,
            "because": "It is kept by others.", "elsewhere": place});
        by(put("disposition", 40, body), "ada")
    };
    let place = "The group's intranet, folder AI/scope, kept by Ann";
    desk.done(&[disposes("elsewhere", place)]);
    let first = newest(&desk);
    let disposition = |status: &Value| {
        let requirements = status["requirements"].as_array().unwrap();
        let scope = requirements.iter().find(|one| one["id"] == "4.3").unwrap();
        scope["findings"][0]["subjects"][0]["disposition"].clone()
    };
    let asked = told(&desk, &first);
    assert_eq!(disposition(&asked)["elsewhere"], place);
    assert_eq!(packed(&desk, &first), asked);
    let whole = format!(
        "said to be evidenced elsewhere, in “{place}”, by Ada Sample on 5 January 2026: It is kept by others."
    );
    for args in [&["status"][..], &["status", "--findings", "4.3-a"]] {
        assert!(said(&desk, args).contains(&whole), "{args:?}");
    }
    // Of an earlier version as before, and of one that says something else not at all.
    desk.done(&[disposes("elsewhere", "A safe.")]);
    assert_eq!(
        disposition(&told(&desk, &newest(&desk)))["elsewhere"],
        "A safe."
    );
    assert_eq!(told(&desk, &first), asked);
    desk.done(&[disposes("not_a_failure", "A safe.")]);
    let third = told(&desk, &newest(&desk));
    assert_eq!(disposition(&third)["as"], "not_a_failure");
    assert!(disposition(&third).get("elsewhere").is_none(), "{third}");
    assert!(!said(&desk, &["status"]).contains("A safe."));
}

#[test]
fn a_finding_is_raised_as_a_nonconformity_only_while_that_stands() {
    let desk = governed();
    let opened = |what: &str| {
        let body = json!({"title": "NC 1", "what": what, "found_on": "2026-01-05"});
        by(put("nonconformity", 41, body), "ada")
    };
    let raised = json!({"rule": "4.3-a", "since": "2026-01-05", "says": "nonconformity",
        "because": "It was missed.", "nonconformity": cites(41)});
    let withdrawn = |version: u32| {
        let because = json!({"because": "Opened in error."});
        by(moved(41, version, "withdraw", because), "ada")
    };
    let note = |line: &Value, code: &str| {
        let mut notes = line["notes"].as_array().into_iter().flatten();
        notes.find(|one| one["code"] == code).cloned()
    };
    let is_raised = |args: &[&str]| {
        let text = said(&desk, &[&["status"], args].concat());
        text.contains("raised as a nonconformity by Ada Sample")
    };
    desk.done(&[
        opened("No scope."),
        by(put("disposition", 40, raised), "ada"),
        opened("No scope at all."),
    ]);
    assert!(is_raised(&[]));
    let known = newest(&desk);
    // While another version stands it is open.
    let done = desk.done(&[withdrawn(2)]);
    assert_eq!(note(&done[0], "rested_on"), None);
    assert!(is_raised(&[]));
    let done = desk.done(&[withdrawn(1)]);
    let told = note(&done[0], "rested_on").expect("what rested on it is told");
    assert_eq!(
        told["message"],
        "No version of “NC 1” stands any more, and “It was missed.” rests on it."
    );
    let hint = "If it was opened, record it again and put a version of that which cites it; if \
        not, withdraw that too, with its reason.";
    assert_eq!(told["hint"], hint);
    assert!(!is_raised(&[]));
    assert!(is_raised(&["--as-of", &known, "--known-by", &known]));
    desk.done(&[opened("No scope.")]);
    assert!(is_raised(&[]));
}
