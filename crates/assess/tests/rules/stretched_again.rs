//! Intervals changed twice, and those of attestations and of decisions on scope.

use serde_json::json;

use crate::given::{Book, CHIEF, How, OFFICER, ROOT, day, id};
use crate::risk::{FIRST, SECOND, SYSTEM, assessed, set_up};
use crate::scope;
use crate::stretched::{DECLARED, declare, policy};

#[test]
fn what_a_shorter_interval_made_overdue_was_so_since_that_once_it_is_made_longer_again() {
    let mut book = policy(12);
    declare(&mut book, "2024-09-01", 2, json!({"policy_months": 6}));
    declare(&mut book, "2024-10-01", 3, json!({"policy_months": 12}));
    let said = format!(
        "record {}, version 3, gave the AI policy a longer interval on 1 October 2024, when it was \
         30 days overdue: it had been due for review on 1 September 2024.",
        id(DECLARED)
    );
    assert_eq!(book.sentence("5.2-a.o", "2024-10-01"), said);
    // What lapsed by the first was overdue since its own day.
    let mut lapsed = policy(6);
    declare(&mut lapsed, "2024-09-01", 2, json!({"policy_months": 3}));
    declare(&mut lapsed, "2024-10-01", 3, json!({"policy_months": 12}));
    let said = lapsed.sentence("5.2-a.o", "2024-10-01");
    assert!(said.contains("when it was 152 days overdue"), "{said}");
}

pub fn attesting(months: u32) -> Book {
    let mut book = scope::scope(scope::whole(), How::by(ROOT));
    declare(
        &mut book,
        "2024-02-01",
        1,
        json!({"attestation_months": months}),
    );
    scope::headed(&mut book, "2024-02-01");
    book
}

#[test]
fn the_interval_of_attestations_is_held_to_the_same() {
    let mut book = attesting(3);
    scope::attest(&mut book, 400, "2024-02-15", json!([]));
    declare(&mut book, "2024-06-10", 2, json!({"attestation_months": 6}));
    assert_eq!(book.words("scope", "2024-06-09"), ("yes", "unknown"));
    assert_eq!(book.words("scope", "2024-06-10"), ("yes", "yes"));
    let said = format!(
        "record {}, version 2, gave attestations a longer interval on 10 June 2024, when that of \
         housing was 25 days overdue: it had been due on 15 May 2024.",
        id(DECLARED)
    );
    let five = book.about("2024-06-10").five.remove(0);
    assert!(five.reservations.contains(&said), "{:?}", five.reservations);
    assert_eq!(five.next_due, Some(day("2024-08-15")));
    // That another put it on record is said beside it.
    let mut others = attesting(3);
    let body = json!({"unit": "housing", "by": id(OFFICER), "attested_on": "2024-02-15"});
    others
        .on("2024-02-15")
        .put_by(Some(id(CHIEF)), "attestation", 400, body);
    declare(
        &mut others,
        "2024-06-10",
        2,
        json!({"attestation_months": 6}),
    );
    let both = others.sentence("4.3-c", "2024-06-10");
    let put = "The attestation of housing of 15 February 2024 was put on record by";
    assert!(both.starts_with(&format!("{said} {put}")), "{both}");
    // It ends with the next attestation.
    scope::attest(&mut book, 401, "2024-07-01", json!([]));
    book.expect(
        "4.3-c",
        &[("2024-06-30", "reservation"), ("2024-07-01", "holds")],
    );
    // What was never attested was missed as well.
    let mut never = attesting(3);
    declare(
        &mut never,
        "2024-06-10",
        2,
        json!({"attestation_months": 6}),
    );
    let said = never.sentence("4.3-c", "2024-06-10");
    assert!(
        said.contains("39 days overdue: it had been due on 1 May 2024"),
        "{said}"
    );
}

#[test]
fn a_shorter_interval_leaves_an_attestation_open_since_that_and_not_before() {
    let mut shorter = attesting(6);
    declare(
        &mut shorter,
        "2024-06-10",
        2,
        json!({"attestation_months": 3}),
    );
    assert_eq!(
        shorter.sentence("4.3-c", "2024-06-12"),
        "Since 10 June 2024 nobody has attested that housing's list of AI systems is complete."
    );
}

#[test]
fn the_time_for_decisions_on_scope_is_held_to_the_same() {
    let declare = |book: &mut Book, on: &str, version: u32, days: u32| {
        book.on(on)
            .put(
                "declaration",
                DECLARED,
                json!({"tolerances": {"awaiting_scope_days": days}}),
            )
            .approve(DECLARED, version);
    };
    let mut book = scope::scope(scope::without("criteria"), How::by(ROOT));
    declare(&mut book, "2024-02-01", 1, 30);
    book.put("ai_system", 100, json!({"stage": "live"}));
    book.expect("4.3-b.o", &[("2024-03-03", "overdue")]);
    declare(&mut book, "2024-03-10", 2, 90);
    let said = format!(
        "record {}, version 2, gave decisions on scope more time on 10 March 2024, when that on record \
         {} was 7 days overdue: it had been due on 2 March 2024.",
        id(DECLARED),
        id(100)
    );
    assert_eq!(book.sentence("4.3-b.o", "2024-03-10"), said);
    book.expect(
        "4.3-b.o",
        &[("2024-05-01", "reservation"), ("2024-05-02", "overdue")],
    );
    // Of a longer time declared before it had passed there is nothing to say.
    let mut in_time = scope::scope(scope::without("criteria"), How::by(ROOT));
    declare(&mut in_time, "2024-02-01", 1, 30);
    in_time.put("ai_system", 100, json!({"stage": "live"}));
    declare(&mut in_time, "2024-03-02", 2, 90);
    in_time.expect("4.3-b.o", &[("2024-03-10", "not_due")]);
}

/// A system of high impact, assessed on 1 February 2024, with six months declared for those.
pub fn of_high_impact(usual: Option<u32>) -> Book {
    let mut book = set_up();
    let intervals = json!({"risk_assessment_months": usual,
        "risk_assessment_high_impact_months": 6});
    declare(&mut book, "2024-02-01", 2, intervals);
    let high = json!({"stage": "live", "impact": "high"});
    book.put("ai_system", SYSTEM, high)
        .put("risk_assessment", FIRST, assessed("2024-02-01"));
    book
}

/// A new version of the system, of another impact.
pub fn lower(book: &mut Book, on: &str) {
    let lower = json!({"stage": "live", "impact": "presumed_high_but_not"});
    book.on(on).put("ai_system", SYSTEM, lower);
}

#[test]
fn an_assessment_overdue_when_its_system_was_put_at_a_lower_impact_is_reserved() {
    let mut book = of_high_impact(Some(12));
    lower(&mut book, "2024-09-01");
    book.expect(
        "8.2.o",
        &[
            ("2024-08-01", "holds"),
            ("2024-08-02", "overdue"),
            ("2024-08-31", "overdue"),
            ("2024-09-01", "reservation"),
            ("2025-02-01", "reservation"),
            ("2025-02-02", "overdue"),
        ],
    );
    let said = format!(
        "Since 1 September 2024 version 3 of record {} no longer says that it is of high impact; its \
         risk assessment was 30 days overdue then: it had been due on 1 August 2024.",
        id(SYSTEM)
    );
    assert_eq!(book.sentence("8.2.o", "2024-09-01"), said);
    let five = book.about("2024-09-01").five.remove(3);
    assert_eq!((five.in_hand, five.holds), ("yes", "yes"));
    assert!(five.reservations.contains(&said), "{:?}", five.reservations);
    // Put again it is as it was; assessed anew there is nothing left to say.
    lower(&mut book, "2024-10-01");
    assert_eq!(book.sentence("8.2.o", "2024-10-01"), said);
    book.on("2024-11-01")
        .put("risk_assessment", SECOND, assessed("2024-11-01"));
    book.expect(
        "8.2.o",
        &[("2024-10-31", "reservation"), ("2024-11-01", "holds")],
    );
}

#[test]
fn an_impact_lowered_in_time_or_raised_again_is_no_matter() {
    let mut in_time = of_high_impact(Some(12));
    lower(&mut in_time, "2024-08-01");
    in_time.expect("8.2.o", &[("2024-08-01", "holds"), ("2024-09-01", "holds")]);
    let mut raised = of_high_impact(Some(12));
    lower(&mut raised, "2024-09-01");
    raised.on("2024-10-01").put(
        "ai_system",
        SYSTEM,
        json!({"stage": "live", "impact": "high"}),
    );
    raised.expect("8.2.o", &[("2024-10-01", "overdue")]);
    // By an interval of nobody's but custom's it is not overdue by their word.
    let mut custom = of_high_impact(None);
    lower(&mut custom, "2024-09-01");
    custom.expect("8.2.o", &[("2024-09-01", "reservation")]);
    // A system that is gone and back was put at no other impact.
    let mut gone = of_high_impact(Some(12));
    for (on, stage) in [("2024-09-01", "retired"), ("2024-10-01", "live")] {
        gone.on(on).put(
            "ai_system",
            SYSTEM,
            json!({"stage": stage, "impact": "high"}),
        );
    }
    gone.expect("8.2.o", &[("2024-10-01", "overdue")]);
}

#[test]
fn a_version_dated_back_lowers_the_impact_since_it_was_recorded() {
    let mut book = of_high_impact(Some(12));
    let lower = json!({"stage": "live", "impact": "presumed_high_but_not"});
    book.on("2024-09-01")
        .put_of("ai_system", SYSTEM, "2024-07-01", lower.clone());
    book.expect(
        "8.2.o",
        &[
            ("2024-09-01", "reservation"),
            ("2025-02-01", "reservation"),
            ("2025-02-02", "overdue"),
        ],
    );
    let said = format!(
        "Since 1 July 2024, as recorded on 1 September 2024, version 3 of record {} no longer says \
         that it is of high impact; its risk assessment was 30 days overdue when that was recorded: \
         it had been due on 1 August 2024.",
        id(SYSTEM)
    );
    assert_eq!(book.sentence("8.2.o", "2024-09-02"), said);
    let five = book.about("2024-09-02").five.remove(3);
    assert_eq!((five.in_hand, five.holds), ("yes", "yes"));
    assert!(five.reservations.contains(&said), "{:?}", five.reservations);
    // Recorded before it was overdue, it is no matter.
    let mut in_time = of_high_impact(Some(12));
    in_time
        .on("2024-08-01")
        .put_of("ai_system", SYSTEM, "2024-07-01", lower);
    in_time.expect("8.2.o", &[("2024-08-02", "holds"), ("2024-09-01", "holds")]);
}

#[test]
fn what_is_overdue_by_the_longer_interval_too_keeps_its_day() {
    let declared = |book: &mut Book| {
        let longer =
            json!({"risk_assessment_months": 12, "risk_assessment_high_impact_months": 12});
        declare(book, "2025-03-01", 3, longer);
    };
    let lowered = |book: &mut Book| lower(book, "2025-03-01");
    let changes: [&dyn Fn(&mut Book); 2] = [&lowered, &declared];
    for change in changes {
        let mut book = of_high_impact(Some(12));
        change(&mut book);
        book.expect(
            "8.2.o",
            &[("2025-02-28", "overdue"), ("2025-03-01", "overdue")],
        );
        let said = book.sentence("8.2.o", "2025-02-28");
        assert!(said.contains("1 August 2024"), "{said}");
        assert_eq!(book.sentence("8.2.o", "2025-03-01"), said);
        let five = book.about("2025-03-01").five.remove(3);
        assert_eq!(five.next_due, Some(day("2024-08-01")));
    }
    let mut policy = policy(6);
    declare(&mut policy, "2025-03-01", 2, json!({"policy_months": 12}));
    for (on, days) in [("2025-02-28", 211), ("2025-03-01", 212)] {
        let said = policy.sentence("5.2-a.o", on);
        let missed = format!("on 1 August 2024, {days} days ago");
        assert!(said.contains(&missed), "{said}");
    }
    // Made longer once more, so that it is not overdue, all of it was missed.
    declare(&mut policy, "2025-03-02", 3, json!({"policy_months": 24}));
    let said = policy.sentence("5.2-a.o", "2025-03-02");
    assert!(said.contains("when it was 212 days overdue"), "{said}");
    // An attestation that lapsed did so on the same day.
    let mut lapsed = attesting(3);
    scope::attest(&mut lapsed, 400, "2024-02-15", json!([]));
    declare(
        &mut lapsed,
        "2024-09-10",
        2,
        json!({"attestation_months": 6}),
    );
    let said = lapsed.sentence("4.3-c", "2024-09-09");
    assert!(said.contains("16 May 2024"), "{said}");
    assert_eq!(lapsed.sentence("4.3-c", "2024-09-10"), said);
}

#[test]
fn of_an_impact_that_changes_every_day_each_day_is_told_as_of_any_other() {
    let mut book = of_high_impact(Some(24));
    let first = day("2024-08-10");
    for n in 0..60 {
        let impact = if n % 2 == 0 {
            "presumed_high_but_not"
        } else {
            "high"
        };
        let on = first.plus_days(n).to_string();
        let body = json!({"stage": "live", "impact": impact});
        book.on(&on).put("ai_system", SYSTEM, body);
    }
    book.expect(
        "8.2.o",
        &[
            ("2024-08-09", "overdue"),
            ("2024-08-10", "reservation"),
            ("2024-08-11", "overdue"),
            ("2024-10-07", "reservation"),
            ("2024-10-08", "overdue"),
        ],
    );
    let before = "had been due on 1 August 2024 before, and was 8 days overdue when a longer interval came to apply on 10 \
                  August 2024.";
    for (about, told) in [
        (
            "2024-08-12",
            "was 1 day overdue then: it had been due on 11 August 2024.",
        ),
        (
            "2024-10-07",
            "was 1 day overdue then: it had been due on 6 October 2024.",
        ),
        (
            "2024-10-08",
            "has been due since 8 October 2024, when a shorter interval began to apply to it.",
        ),
    ] {
        let said = book.sentence("8.2.o", about);
        assert!(said.contains(told) && said.ends_with(before), "{said}");
    }
}
