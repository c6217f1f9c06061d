//! 8.2 where an assessment looked at what was before a significant change.

use serde_json::{Value, json};

use crate::given::{Book, cite, id};
use crate::risk::{FIRST, SECOND, SYSTEM, assessed, set_up};

#[test]
fn an_assessment_of_what_was_before_a_change_does_not_answer_for_it() {
    let change = json!({"stage": "live", "significant_change": true, "changed_on": "2024-05-01"});
    let small = json!({"stage": "live", "supplier": "Another"});
    let assess = |book: &mut Book, version: u32| {
        let mut body = assessed("2024-05-10");
        body["systems"] = json!([cite(SYSTEM, version)]);
        book.on("2024-05-10").put("risk_assessment", FIRST, body);
    };
    let mut book = set_up();
    book.on("2024-05-01")
        .put("ai_system", SYSTEM, change.clone());
    let mut before = book.clone();
    assess(&mut before, 1);
    let lacks = "lacks an assessment of it as it is since its significant change of 1 May 2024: the \
        newest, of 10 May 2024, looked at version 1, and the change is in version 2.";
    let said = before.sentence("8.2", "2024-05-10");
    assert!(said.ends_with(lacks), "{said}");
    assert_eq!(before.words("risk_assessment", "2024-05-10").1, "no");
    // What came since and was not significant need not have been looked at.
    book.on("2024-05-05").put("ai_system", SYSTEM, small);
    assess(&mut book, 2);
    book.expect("8.2", &[("2024-05-10", "holds")]);
    // Where the change was recorded only later, there was no other version to look at.
    let mut told_late = set_up();
    assess(&mut told_late, 1);
    told_late.on("2024-06-01").put("ai_system", SYSTEM, change);
    told_late.expect("8.2", &[("2024-05-10", "reservation")]);
    assert_eq!(
        told_late.words("risk_assessment", "2024-06-01"),
        ("yes", "yes")
    );
    let reserved = told_late.about("2024-06-01").five[3].reservations.clone();
    let said = format!(
        "The assessment of 10 May 2024 looked at version 1 of record {}, from before its \
         significant change of 1 May 2024, which was recorded only later.",
        id(SYSTEM)
    );
    assert!(reserved.contains(&said), "{reserved:?}");
}

#[test]
fn a_change_assessed_as_it_was_proposed_needs_no_other_assessment_once_it_happened() {
    let live = || json!({"stage": "live", "supplier": "One"});
    let proposed = || {
        json!({"stage": "live", "supplier": "Another", "significant_change": true,
        "changed_on": "2024-03-01"})
    };
    let happened = || json!({"stage": "live", "supplier": "Another"});
    let assess = |book: &mut Book, version: u32| {
        let mut body = assessed("2024-03-20");
        body["systems"] = json!([cite(SYSTEM, version)]);
        book.on("2024-03-20").put("risk_assessment", FIRST, body);
    };
    let set = || {
        let mut book = set_up();
        book.on("2024-02-20").put("ai_system", SYSTEM, live());
        let mut body = assessed("2024-02-20");
        body["systems"] = json!([cite(SYSTEM, 2)]);
        book.put("risk_assessment", SECOND, body);
        book
    };
    // Proposed on 1 March, assessed on 20 March as proposed, in use from 1 April on.
    let mut book = set();
    book.on("2024-03-01").put("ai_system", SYSTEM, proposed());
    book.expect(
        "8.2",
        &[("2024-02-29", "holds"), ("2024-03-01", "not_shown")],
    );
    assess(&mut book, 3);
    book.on("2024-04-01").put("ai_system", SYSTEM, happened());
    book.expect(
        "8.2",
        &[
            ("2024-03-20", "holds"),
            ("2024-04-01", "holds"),
            ("2024-06-01", "holds"),
        ],
    );
    // So it does where the version of the day on which it happened keeps the mark and its day.
    let mut kept = set();
    kept.on("2024-03-01").put("ai_system", SYSTEM, proposed());
    assess(&mut kept, 3);
    kept.on("2024-04-01").put("ai_system", SYSTEM, proposed());
    kept.expect("8.2", &[("2024-04-01", "holds")]);
    // Assessed before, and marked only as of the day on which it happened, it lacks one.
    let mut marked = set();
    assess(&mut marked, 2);
    let mut of_day = proposed();
    of_day["changed_on"] = json!("2024-04-01");
    marked.on("2024-04-01").put("ai_system", SYSTEM, of_day);
    marked.expect("8.2", &[("2024-04-01", "not_shown")]);
}

#[test]
fn the_newest_complete_assessment_is_one_that_counts_for_a_system_that_it_is_of() {
    const OTHER: u128 = 0xabd;
    let of = |systems: &[(u128, u32)], on: &str| {
        let mut body = assessed(on);
        let cites: Vec<Value> = systems.iter().map(|(n, v)| cite(*n, *v)).collect();
        body["systems"] = json!(cites);
        body
    };
    let change = json!({"stage": "live", "significant_change": true, "changed_on": "2024-05-01"});
    let lead = |book: &Book| {
        let because = book.about("2024-05-10").five.remove(3).because;
        let (_, lead) = because.rsplit_once("; ").unwrap();
        lead.to_owned()
    };
    let starts = |lead: &str, says: &str, n: u128, on: &str| {
        let expected = format!("{says}, “record {}” of {on},", id(n));
        assert!(lead.starts_with(&expected), "{lead}");
    };
    let mut book = set_up();
    book.on("2024-04-01")
        .put("ai_system", OTHER, json!({"stage": "live"}))
        .put("risk_assessment", SECOND, of(&[(OTHER, 1)], "2024-04-01"))
        .on("2024-05-01")
        .put("ai_system", SYSTEM, change)
        .on("2024-05-10");
    // Whole, it is of the version before the change: that of the other system counts.
    let mut before = book.clone();
    before.put("risk_assessment", FIRST, of(&[(SYSTEM, 1)], "2024-05-10"));
    starts(
        &lead(&before),
        "the newest complete one",
        SECOND,
        "1 April 2024",
    );
    // It is of the other as well, and counts for that.
    let mut both = book.clone();
    let of_both = of(&[(SYSTEM, 1), (OTHER, 1)], "2024-05-10");
    both.put("risk_assessment", FIRST, of_both);
    starts(
        &lead(&both),
        "the newest complete one",
        FIRST,
        "10 May 2024",
    );
    // Where none counts any more, it is said of the last that it did.
    let mut alone = set_up();
    alone
        .on("2024-05-01")
        .put("risk_assessment", FIRST, of(&[(SYSTEM, 1)], "2024-05-01"));
    let change = json!({"stage": "live", "significant_change": true, "changed_on": "2024-05-05"});
    alone.on("2024-05-05").put("ai_system", SYSTEM, change);
    starts(
        &lead(&alone),
        "the newest that was complete",
        FIRST,
        "1 May 2024",
    );
}
