//! A longer interval declared now turns no finding of the past off.

use record::Day;
use serde_json::json;

use crate::acts::{DECLARED, generated};
use crate::asked::{about, catalogue};
use crate::history::{AIMS_START, HISTORIES, History, LEDGER_START, ROOT, day};

/// Declares the longest of everything today, as of an earlier day.
fn lengthen(history: &mut History, n: u128, of: Day) -> bool {
    let body = json!({"title": "Declaration",
        "intervals": {"scope_months": 120, "policy_months": 120, "risk_assessment_months": 120,
            "risk_assessment_high_impact_months": 120, "attestation_months": 120,
            "risk_criteria_months": 120},
        "tolerances": {"recording_days": 366, "awaiting_scope_days": 366, "minutes_days": 366},
        "series": {"management_review": {"first_day": "2024-02-01", "months": 36}}});
    history.put("declaration", n, body, Some(of))
        && history.resolve(ROOT, "approves", (n, history.versions(n)), &json!({}))
}

/// Everything but what is to come: the next dates and the slots that are not over.
fn past(history: &History, asked: Day) -> serde_json::Value {
    let mut status = about(&history.records, &catalogue(), asked);
    for answer in &mut status.five {
        answer.next_due = None;
    }
    status.slots.retain(|slot| slot.last_day < asked);
    serde_json::to_value(status).unwrap_or_default()
}

#[test]
fn a_longer_interval_declared_now_changes_nothing_about_the_past() {
    let mut tried = 0;
    for seed in 0..HISTORIES {
        let mut before = generated(seed);
        before.today = before.today.next();
        // Older than the ledger in some histories: brought in, and no first declaration.
        let of = *before
            .dice
            .pick(&[before.today, day(LEDGER_START), day(AIMS_START)]);
        // A new version of what was declared, and another declaration.
        for n in [500, 599] {
            let mut after = before.clone();
            if !lengthen(&mut after, n, of) {
                continue;
            }
            let length = before.today.days_since(day(AIMS_START)) - 1;
            for _ in 0..8 {
                let asked = day(AIMS_START).plus_days(before.dice.days(length.unsigned_abs()));
                let (was, is) = (past(&before, asked), past(&after, asked));
                assert_eq!(was, is, "history {seed}, about {asked}, declared of {of}");
                tried += 1;
            }
        }
    }
    assert!(tried > 1_000, "{tried}");
}

#[test]
fn a_declaration_rescinded_back_in_time_changes_nothing_about_the_past() {
    let mut tried = 0;
    for seed in 0..HISTORIES {
        let mut before = generated(seed);
        before.today = before.today.next();
        for n in DECLARED {
            let back = before.dice.days(300);
            let last = json!({"last_day": before.today.plus_days(-back)});
            let mut after = before.clone();
            let newest = after.versions(n);
            if newest == 0 || !after.resolve(ROOT, "rescinds", (n, newest), &last) {
                continue;
            }
            let length = before.today.days_since(day(AIMS_START)) - 1;
            for _ in 0..8 {
                let asked = day(AIMS_START).plus_days(before.dice.days(length.unsigned_abs()));
                let (was, is) = (past(&before, asked), past(&after, asked));
                assert_eq!(was, is, "history {seed}, about {asked}, {last}");
                tried += 1;
            }
        }
    }
    assert!(tried > 500, "{tried}");
}

#[test]
fn a_slot_that_was_empty_stays_empty_once_a_longer_tolerance_is_declared() {
    let mut seen = 0;
    for seed in 0..HISTORIES {
        let mut history = generated(seed);
        history.today = history.today.next();
        let today = history.today;
        let empty = |history: &History, asked: Day| -> Vec<(uuid::Uuid, Day)> {
            let slots = about(&history.records, &catalogue(), asked).slots;
            let empty = slots.into_iter().filter(|slot| slot.state == "empty");
            empty
                .map(|slot| (slot.declaration, slot.first_day))
                .collect()
        };
        let before = empty(&history, today);
        lengthen(&mut history, 599, today);
        let after = empty(&history, today.plus_days(1));
        seen += before.len();
        assert!(
            before.iter().all(|slot| after.contains(slot)),
            "history {seed}"
        );
    }
    assert!(seen > 50, "{seen}");
}
