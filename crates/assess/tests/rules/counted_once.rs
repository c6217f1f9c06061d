//! 4.3-c: an attestation that counted on some day goes on counting.

use serde_json::{Value, json};

use crate::given::{Book, How, OFFICER, ROOT, id};
use crate::scope::{SCOPE, declared, headed, scope, whole};

/// An attestation of Housing of 20 April that names something in a field.
fn attestation(field: &str, named: Value) -> Value {
    let mut body = json!({"unit": "housing", "by": id(OFFICER), "attested_on": "2024-04-20"});
    body[field] = named;
    body
}

fn missing() -> Value {
    attestation("missing", json!([{"name": true, "system": id(100)}]))
}

/// Housing is in scope and has a head, and made that attestation.
fn attested(body: Value) -> Book {
    let mut book = scope(whole(), How::by(ROOT));
    declared(&mut book);
    headed(&mut book, "2024-02-01");
    book.on("2024-04-20").put("attestation", 400, body);
    book
}

#[test]
fn an_attestation_counts_for_good_once_what_it_names_as_missing_was_decided() {
    // Placed by one scope, and by a later one no longer.
    let mut narrowed = attested(missing());
    narrowed
        .on("2024-05-10")
        .put("ai_system", 100, json!({"stage": "live"}));
    let mut narrower = whole();
    narrower["criteria"] = json!([{"stage": ["pilot"], "says": "in"}]);
    narrowed
        .on("2024-06-01")
        .put("scope", SCOPE, narrower)
        .approve(SCOPE, 2);
    narrowed.expect(
        "4.3-c",
        &[
            ("2024-05-09", "reservation"),
            ("2024-05-10", "holds"),
            ("2024-06-02", "holds"),
        ],
    );
    // What was placed only before it was missed is not decided yet.
    let mut before = scope(whole(), How::by(ROOT));
    declared(&mut before);
    headed(&mut before, "2024-02-01");
    before.put("ai_system", 100, json!({"stage": "live"}));
    let mut narrower = whole();
    narrower["criteria"] = json!([{"stage": ["pilot"], "says": "in"}]);
    before
        .on("2024-04-01")
        .put("scope", SCOPE, narrower)
        .approve(SCOPE, 2);
    before.on("2024-04-20").put("attestation", 400, missing());
    before.expect("4.3-c", &[("2024-05-02", "reservation")]);
}

#[test]
fn an_attestation_counts_for_good_once_what_it_names_was_gone_or_entered_in_error() {
    // Retired, and in use again.
    let mut again = attested(attestation("gone", json!([id(100)])));
    for (on, stage) in [("2024-05-10", "retired"), ("2024-05-20", "live")] {
        again.on(on).put("ai_system", 100, json!({"stage": stage}));
    }
    again.expect(
        "4.3-c",
        &[
            ("2024-05-09", "reservation"),
            ("2024-05-10", "holds"),
            ("2024-05-20", "holds"),
        ],
    );
    // What was entered twice, and withdrawn, is not missing.
    let mut twice = attested(missing());
    twice
        .put("ai_system", 100, json!({"stage": "live"}))
        .on("2024-05-20")
        .moved(100, "withdraw", json!({}));
    twice.expect("4.3-c", &[("2024-05-20", "holds")]);
    let unknown = attested(missing());
    unknown.expect("4.3-c", &[("2024-05-20", "reservation")]);
}
