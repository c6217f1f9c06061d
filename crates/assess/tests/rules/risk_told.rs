//! What is said of criteria and assessments besides whether the rules hold.

use serde_json::Value;

use crate::given::id;
use crate::risk::{CRITERIA, FIRST, assessed, criteria, set_up, uncited};

#[test]
fn an_assessment_that_cites_criteria_not_in_force_on_its_day_is_told_from_one_that_cites_none() {
    let cites = format!(
        "in its assessment of 1 April 2024. It cites record {}, version 1, which was not in force on that day.",
        id(CRITERIA)
    );
    let said = |body: Value| {
        let mut book = set_up();
        book.on("2024-03-15")
            .put("risk_criteria", CRITERIA, criteria())
            .approve(CRITERIA, 2);
        book.on("2024-04-01").put("risk_assessment", FIRST, body);
        book.sentence("8.2", "2024-04-01")
    };
    let old = said(assessed("2024-04-01"));
    assert!(old.ends_with(&cites), "{old}");
    let none = said(uncited("2024-04-01"));
    assert!(!none.contains("cites"), "{none}");
}
