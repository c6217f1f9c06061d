//! What was undone since a past day, as far as the answer about that day went by it.

use serde_json::{Value, json};

use crate::given::{Book, CHIEF, How, id};
use crate::known_then::{known_now, marks};

const SCOPE: u128 = 200;
const DECLARED: u128 = 300;
const MEETING: u128 = 501;

/// The resolutions of the meeting: on the scope, on the declaration, and on heads of units.
const ON_SCOPE: u128 = 950;
const ON_DECLARED: u128 = 951;
const HEADS: std::ops::Range<u128> = 960..972;

/// The appointment that a resolution on a head of a unit makes.
fn head(resolution: u128) -> u128 {
    resolution + 1000
}

fn put_and_resolved(book: &mut Book, kind: &str, n: u128, body: Value, resolution: u128) {
    book.put(kind, n, body)
        .put("resolution", resolution, json!({"number": true}))
        .act("approve", n, 1, How::resolved(resolution));
}

/// A meeting of 8 January that appointed twelve heads of units, made a declaration and approved the
/// scope, in this order.
fn decided() -> Book {
    let mut book = Book::new();
    book.on("2024-01-08")
        .put("meeting", MEETING, json!({"title": true}));
    for resolution in HEADS {
        let body = json!({"holder": id(CHIEF), "head_of": format!("u{resolution}"),
            "start": "2024-01-08"});
        put_and_resolved(&mut book, "appointment", head(resolution), body, resolution);
    }
    let declared = json!({"intervals": {"scope_months": 12, "policy_months": 12}});
    put_and_resolved(&mut book, "declaration", DECLARED, declared, ON_DECLARED);
    let scope = json!({"units": [], "whole_organisation": true, "boundaries": true,
        "criteria": [{"says": "in"}], "roles": ["user"], "suppliers": true,
        "no_exclusions_because": true});
    put_and_resolved(&mut book, "scope", SCOPE, scope, ON_SCOPE);
    book
}

fn by_which(resolution: u128, n: u128) -> String {
    format!(
        "record {} of 8 January 2024, by which record {} was approved, ",
        id(resolution),
        id(n)
    )
}

#[test]
fn of_a_meeting_that_was_withdrawn_the_approval_that_the_answer_rested_on_comes_first() {
    let mut book = decided();
    let heads = HEADS.map(|resolution| (head(resolution), resolution));
    let all = heads.chain([(DECLARED, ON_DECLARED), (SCOPE, ON_SCOPE)]);
    let lost = all.map(|(n, resolution)| {
        let decided_on = How::decided("2024-01-08").decided_on;
        let how = How::resolved(resolution);
        (n, How { decided_on, ..how })
    });
    let lost: Vec<(u128, How)> = lost.collect();
    book.on("2024-03-10").meeting_withdrawn(MEETING, &lost);
    let told = known_now(&book, "2024-03-09").five.remove(0);
    assert_eq!((told.in_hand, told.holds), ("no", "no"));
    let marked = marks(&told).join(" ");
    let (_, undone) = marked.split_once("are among the evidence. ").unwrap();
    let since = "counts no more: its meeting was withdrawn on 10 March 2024 as entered in error.";
    // Nobody attested for those heads: their appointment has nothing to do with it.
    let expected = format!(
        "{}{since} {}{since}",
        by_which(ON_SCOPE, SCOPE),
        by_which(ON_DECLARED, DECLARED)
    );
    assert_eq!(undone, expected);
}

#[test]
fn of_many_resolutions_that_were_withdrawn_the_one_that_the_answer_rested_on_is_never_left_out() {
    let mut book = decided();
    book.on("2024-03-10");
    for resolution in HEADS.chain([ON_DECLARED, ON_SCOPE]) {
        book.moved(resolution, "withdraw", json!({}));
    }
    let told = known_now(&book, "2024-03-09").five.remove(0);
    let marked = marks(&told).join(" ");
    let (_, undone) = marked.split_once("are among the evidence. ").unwrap();
    let since = "was withdrawn on 10 March 2024.";
    let expected = format!(
        "{}{since} {}{since}",
        by_which(ON_SCOPE, SCOPE),
        by_which(ON_DECLARED, DECLARED)
    );
    assert_eq!(undone, expected);
    let is_evidence = |n: u128| told.evidence.iter().any(|one| one.id == id(n));
    assert!(is_evidence(ON_SCOPE) && is_evidence(ON_DECLARED));
    assert!(!HEADS.into_iter().any(is_evidence), "{:?}", told.evidence);
}

#[test]
fn a_head_whose_unit_was_attested_is_told_after_the_scope() {
    let mut book = decided();
    let first = HEADS.start;
    let attested = json!({"by": id(CHIEF), "unit": format!("u{first}"),
        "attested_on": "2024-02-01", "complete": true});
    book.on("2024-02-01").put("attestation", 700, attested);
    book.on("2024-03-10");
    for resolution in HEADS.chain([ON_SCOPE]) {
        book.moved(resolution, "withdraw", json!({}));
    }
    let told = known_now(&book, "2024-03-09").five.remove(0);
    let marked = marks(&told).join(" ");
    let scope = marked.find(&by_which(ON_SCOPE, SCOPE));
    let head_of = marked.find(&by_which(first, head(first)));
    assert!(scope.is_some() && scope < head_of, "{marked}");
    assert_eq!(marked.matches("by which").count(), 2, "{marked}");
}
