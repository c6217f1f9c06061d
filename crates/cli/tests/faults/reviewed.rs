//! Reviews: what one may be of and claim.

use serde_json::{Value, json};

use crate::desk::id;
use crate::governed::*;

const REVIEW: u32 = 31;
const SAT: u32 = 32;

/// Returns a review of some items of a meeting, all where none are named, that claims a slot or
/// none.
fn review(meeting: u32, items: &Value, first_day: Option<&str>) -> Value {
    let none = json!({"none_because": "Nothing changed."});
    let mut body = json!({"title": "Review", "covers": ["aims"],
        "parts": [{"meeting": cites(meeting), "items": items}],
        "inputs": {"actions": none, "issues": none, "parties": none, "nonconformities": none,
            "monitoring": none, "audits": none, "opportunities": none},
        "decisions": {"improvement": "None.", "changes": "None."},
        "conclusions": {"suitability": "Yes.", "adequacy": "Yes.", "effectiveness": "Yes."}});
    if let Some(first_day) = first_day {
        body["slot"] = json!({"declaration": id(DECLARATION), "first_day": first_day});
    }
    put("management_review", REVIEW, body)
}

/// Returns a meeting of the cabinet in March and April; items 1 and 2 were taken on the first day.
fn two_days() -> Value {
    let item = |number: &str, sitting: u32| json!({"number": number, "title": "AI", "text": "Discussed.", "sitting": sitting});
    let meeting = json!({"title": "Cabinet", "body": id(CABINET), "state": "held",
        "sittings": [{"on": "2026-03-28"}, {"on": "2026-04-10"}],
        "items": [item("1", 1), item("2", 1), item("3", 2)]});
    with(put("meeting", SAT, meeting), "at", "2026-04-11T09:00:00Z")
}

#[test]
fn a_review_of_items_claims_the_slot_in_which_they_were_taken() {
    let desk = governed();
    desk.done(&[two_days()]);
    let (first, second) = (Some("2026-01-01"), Some("2026-04-01"));
    refused(
        &desk,
        &[
            (
                review(SAT, &json!(["1", "2"]), second),
                "outside_slot",
                "/body/slot",
            ),
            (
                review(SAT, &json!(["2", "3"]), first),
                "outside_slot",
                "/body/slot",
            ),
            (review(SAT, &json!([]), first), "outside_slot", "/body/slot"),
        ],
    );
    desk.done(&[
        review(SAT, &json!(["1", "2"]), first),
        review(SAT, &json!(["2", "3"]), second),
        review(SAT, &json!([]), second),
    ]);
}
