//! What an answer names as its reason is evidence of it.

use assess::Answer;
use serde_json::json;

use crate::given::{Book, How, ROOT, TEAM, cite, day, id};
use crate::known_then::whole;
use crate::owner;
use crate::review::{DECLARED, quarters, review};

const SCOPE: u128 = 200;
const POLICY: u128 = 210;
const OWNER: u128 = 220;
const LOST: u128 = 950;

/// Returns what stands among the evidence: its number, and what was done.
fn evidence(answer: &Answer) -> Vec<(u128, &str)> {
    let evidence = answer.evidence.iter();
    let named = evidence.map(|one| (one.id.as_u128(), one.name_of_move.as_deref().unwrap_or("")));
    named.collect()
}

#[track_caller]
fn rests_on(book: &Book, about: &str, place: usize, expected: &[(u128, &str)]) {
    let told = book.about(about).five.remove(place);
    let number = id(expected[0].0).to_string();
    assert!(told.because.contains(&number), "{}", told.because);
    let found = evidence(&told);
    for one in expected {
        assert!(found.contains(one), "{one:?} of {found:?}");
    }
}

fn lost() -> How {
    How {
        because: Some("inquorate"),
        ..How::resolved(LOST)
    }
}

#[test]
fn a_resolution_that_adopted_nothing_is_evidence_where_nothing_is_in_force() {
    let of = [
        ("scope", SCOPE, json!({}), 0),
        ("policy", POLICY, whole(), 1),
        ("appointment", OWNER, owner::both(0xc), 2),
    ];
    for (kind, n, body, place) in of {
        let mut book = Book::new();
        book.on("2024-02-01").put(kind, n, body).put(
            "resolution",
            LOST,
            json!({"number": true, "body": id(ROOT), "decided_on": "2024-02-01",
                "verb": "approves", "objects": [{"of": cite(n, 1)}]}),
        );
        // Not attested, and attested without a quorum.
        rests_on(&book, "2024-02-01", place, &[(LOST, "")]);
        book.act("approve", n, 1, lost());
        rests_on(&book, "2024-02-01", place, &[(LOST, ""), (LOST, "attest")]);
        // Before it was decided nothing is said of it.
        let before = book.about("2024-01-31").five.remove(place);
        assert!(evidence(&before).is_empty(), "{kind}");
    }
}

#[test]
fn a_resolution_that_kept_nothing_is_evidence_where_a_review_is_overdue() {
    for (kind, n, body, place) in [
        ("scope", SCOPE, json!({"review_by": "2024-03-01"}), 0),
        ("policy", POLICY, json!({"review_by": "2024-03-01"}), 1),
    ] {
        let mut text = whole();
        for (field, value) in body.as_object().unwrap() {
            text[field] = value.clone();
        }
        for field in ["units", "boundaries", "criteria", "roles", "suppliers"] {
            text[field] = json!([{"says": "in"}]);
        }
        text["no_exclusions_because"] = json!(true);
        let mut book = Book::new();
        let months = json!({"intervals": {"scope_months": 6, "policy_months": 6}});
        book.on("2024-02-01")
            .put("declaration", DECLARED, months)
            .approve(DECLARED, 1)
            .put(kind, n, text)
            .approve(n, 1);
        book.on("2024-03-10")
            .put("resolution", LOST, json!({"number": true}))
            .act("keep", n, 1, lost());
        rests_on(&book, "2024-03-10", place, &[(LOST, ""), (LOST, "attest")]);
    }
}

#[test]
fn a_resolution_that_would_have_set_what_another_set_is_evidence() {
    let mut book = Book::new();
    book.on("2024-02-01")
        .put("policy", POLICY, whole())
        .act("approve", POLICY, 1, How::by(TEAM))
        .put("resolution", LOST, json!({"number": true}))
        .act("approve", POLICY, 1, lost());
    rests_on(&book, "2024-02-01", 1, &[(LOST, ""), (LOST, "attest")]);
}

#[test]
fn a_resolution_that_moved_no_slot_or_declared_none_is_evidence() {
    let moved = json!({"first_day": "2024-01-01", "to_first_day": "2024-04-01",
        "to_last_day": "2024-04-30"});
    let mut book = quarters();
    book.on("2024-03-20")
        .put("resolution", LOST, json!({"number": true}));
    let how = How {
        carries: moved,
        decided_on: Some(day("2024-03-20")),
        ..lost()
    };
    book.act("move_slot", DECLARED, 1, how);
    rests_on(&book, "2024-05-10", 4, &[(LOST, ""), (LOST, "attest")]);

    let mut none = Book::new();
    let series = json!({"management_review": {"first_day": "2024-01-01", "months": 3}});
    none.on("2024-03-20")
        .put("declaration", DECLARED, json!({"series": series}))
        .put("resolution", LOST, json!({"number": true}))
        .act("approve", DECLARED, 1, lost());
    rests_on(&none, "2024-05-10", 4, &[(LOST, ""), (LOST, "attest")]);
}

#[test]
fn a_review_that_does_not_hold_the_slot_it_might_be_taken_for_is_evidence() {
    // It claims none, and one outside its slot claims it.
    for (on, claims) in [("2024-02-20", None), ("2024-04-10", Some("2024-01-01"))] {
        let mut book = quarters();
        review(&mut book, 510, on, claims);
        rests_on(&book, "2024-05-10", 4, &[(510, "")]);
    }
}
