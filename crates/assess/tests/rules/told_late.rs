//! What was done on a day and told later: assessments and attestations, and what was added to them.

use serde_json::{Value, json};

use crate::given::{Book, CHIEF, How, ROOT, cite, id};
use crate::risk::{FIRST, SYSTEM, assessed, set_up};

const ANOTHER: u128 = 0xabd;

#[test]
fn an_assessment_told_late_counts_from_the_day_it_was_done_and_is_marked() {
    let mut book = set_up();
    book.on("2024-05-20")
        .put("risk_assessment", FIRST, assessed("2024-03-01"));
    book.expect(
        "8.2",
        &[
            ("2024-02-29", "not_shown"),
            ("2024-03-01", "holds"),
            ("2024-05-20", "holds"),
        ],
    );
    let answer = |about: &str| book.about(about).five.remove(3);
    for about in ["2024-04-01", "2024-05-20"] {
        let told = answer(about);
        assert_eq!((told.in_hand, told.holds), ("yes", "yes"), "{about}");
        let late = format!("record {} was recorded late.", id(FIRST));
        assert!(told.reservations.contains(&late), "{told:?}");
    }
    assert_eq!(answer("2024-02-29").in_hand, "no");
}

#[test]
fn the_version_that_first_tells_of_a_day_counts_from_it_whatever_day_it_claims() {
    let mut book = set_up();
    book.on("2024-05-20").put_of(
        "risk_assessment",
        FIRST,
        "2024-04-01",
        assessed("2024-03-01"),
    );
    book.on("2025-05-20")
        .put("risk_assessment", FIRST, assessed("2025-02-20"));
    book.expect(
        "8.2",
        &[("2024-02-29", "not_shown"), ("2024-03-01", "holds")],
    );
    book.expect(
        "8.2.o",
        &[
            ("2025-02-20", "holds"),
            ("2025-03-02", "holds"), // assessed anew in the same record
            ("2026-02-20", "holds"),
            ("2026-02-21", "overdue"),
        ],
    );
}

#[test]
fn a_later_version_of_an_assessment_does_not_reach_back() {
    let mut undecided = assessed("2024-03-01");
    undecided["decision"] = Value::Null;
    let mut book = set_up();
    book.on("2024-03-01")
        .put("risk_assessment", FIRST, undecided);
    book.on("2024-05-20")
        .put("risk_assessment", FIRST, assessed("2024-03-01"));
    book.expect(
        "8.2",
        &[("2024-05-19", "not_shown"), ("2024-05-20", "holds")],
    );
}

#[test]
fn an_attestation_told_late_counts_from_the_day_it_was_made() {
    let mut book = Book::new();
    let declared = json!({"intervals": {"attestation_months": 3}});
    let scope = json!({"units": ["housing"], "criteria": [{"says": "in"}]});
    let head = json!({"holder": id(CHIEF), "head_of": "housing", "start": "2024-01-01"});
    book.put("declaration", 300, declared)
        .approve(300, 1)
        .put("scope", 200, scope)
        .act("approve", 200, 1, How::by(ROOT))
        .put("appointment", 220, head)
        .approve(220, 1);
    let attested = json!({"unit": "housing", "by": id(CHIEF), "attested_on": "2024-03-20"});
    book.on("2024-06-20").put("attestation", 600, attested);
    book.expect(
        "4.3-c",
        &[
            ("2024-04-02", "holds"),
            ("2024-06-20", "holds"),
            ("2024-06-21", "reservation"),
        ],
    );
}

#[test]
fn a_system_taken_into_an_assessment_later_is_marked() {
    // Assessed on 1 March; a second system comes in June and is added to that assessment.
    let added = |added_on: &str, first_day: &str| {
        let mut book = set_up();
        book.on("2024-03-01")
            .put("risk_assessment", FIRST, assessed("2024-03-01"));
        let live = json!({"stage": "live"});
        book.on("2024-03-02")
            .put_of("ai_system", ANOTHER, first_day, live);
        let mut body = assessed("2024-03-01");
        body["systems"] = json!([cite(SYSTEM, 1), cite(ANOTHER, 1)]);
        book.on(added_on).put("risk_assessment", FIRST, body);
        book
    };
    let before = added("2024-06-10", "2024-02-20");
    before.expect("8.2", &[("2024-06-10", "reservation")]);
    assert_eq!(
        before.sentence("8.2", "2024-06-10"),
        format!(
            "That the assessment of 1 March 2024 was of record {} too was recorded only on 10 June \
             2024.",
            id(ANOTHER)
        )
    );
    let after = added("2024-06-10", "2024-03-02");
    assert_eq!(
        after.sentence("8.2", "2024-06-10"),
        format!(
            "The assessment of 1 March 2024 was said on 10 June 2024 to be of record {0} too, \
             which is on record only from 2 March 2024.",
            id(ANOTHER)
        )
    );
    assert_eq!(after.words("risk_assessment", "2024-06-10"), ("yes", "yes"));
    // Within the tolerance it was told in time, and one assessed anew is no addition.
    added("2024-03-31", "2024-02-20").expect("8.2", &[("2024-03-31", "holds")]);
    let mut anew = added("2024-06-10", "2024-03-02");
    let mut body = assessed("2024-06-10");
    body["systems"] = json!([cite(SYSTEM, 1), cite(ANOTHER, 1)]);
    anew.put("risk_assessment", FIRST, body);
    anew.expect("8.2", &[("2024-06-10", "holds")]);
}
