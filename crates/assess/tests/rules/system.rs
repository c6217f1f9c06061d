//! 4.1-c, 4.3-b and 4.3-b.o, for each AI system.

use serde_json::{Value, json};

use crate::given::{Book, CHIEF, How, ROOT, cite, id};

const SYSTEM: u128 = 100;
const SCOPE: u128 = 200;

#[test]
fn a_purpose_that_only_repeats_the_description_is_told_from_none() {
    let system = |body: Value| {
        let mut book = Book::new();
        book.on("2024-02-01").put("ai_system", SYSTEM, body);
        book.sentence("4.1-c", "2024-02-01")
    };
    let repeated = json!({"roles": ["user"], "purpose": true, "purpose_is_description": true});
    let said = system(repeated.clone());
    let expected = format!(
        "No role of ours or no purpose of its own is on record for 1 of 1 AI systems; the purpose \
         of record {} only repeats its description.",
        id(SYSTEM)
    );
    assert_eq!(said, expected);
    let none = "shows no role of ours or no purpose.";
    let mut no_role = repeated;
    no_role["roles"] = json!([]);
    for body in [
        no_role,
        json!({"roles": ["user"]}),
        json!({"purpose": true}),
    ] {
        let said = system(body.clone());
        assert!(said.ends_with(none), "{body}: {said}");
    }
}

#[test]
fn a_system_has_a_role_and_a_purpose_of_its_own() {
    let cases = [
        (json!({"roles": ["user"], "purpose": true}), "holds"),
        (
            json!({"roles": ["user"], "purpose": true, "purpose_is_description": false}),
            "holds",
        ),
        (
            json!({"roles": ["user"], "purpose": true, "purpose_is_description": true}),
            "not_shown",
        ),
        (json!({"roles": [], "purpose": true}), "not_shown"),
        (json!({"purpose": true}), "not_shown"),
        (json!({"roles": ["user"]}), "not_shown"),
    ];
    for (body, expected) in cases {
        let mut book = Book::new();
        book.on("2024-02-01").put("ai_system", SYSTEM, body.clone());
        assert_eq!(book.says("4.1-c", "2024-02-01"), expected, "{body}");
    }
    Book::new().expect("4.1-c", &[("2024-02-01", "not_due")]);
}

#[test]
fn a_system_counts_from_the_day_its_version_does() {
    let mut book = Book::new();
    book.on("2024-02-01").put("ai_system", SYSTEM, json!({}));
    let whole = json!({"roles": ["user"], "purpose": true});
    book.on("2024-03-01").put("ai_system", SYSTEM, whole);
    book.expect(
        "4.1-c",
        &[
            ("2024-01-31", "not_due"),
            ("2024-02-01", "not_shown"),
            ("2024-02-29", "not_shown"),
            ("2024-03-01", "holds"),
        ],
    );
    book.on("2024-04-01").moved(SYSTEM, "withdraw", json!({}));
    book.expect("4.1-c", &[("2024-03-01", "not_shown")]);
}

fn placed(criteria: serde_json::Value) -> Book {
    let mut book = Book::new();
    book.on("2024-02-01")
        .put(
            "ai_system",
            SYSTEM,
            json!({"unit": "housing", "stage": "live"}),
        )
        .put("scope", SCOPE, json!({"criteria": criteria}))
        .approve(SCOPE, 1);
    book
}

#[test]
fn what_the_criteria_say_is_confirmed_by_a_person() {
    let mut book = placed(json!([{"unit": ["housing"], "says": "in"}]));
    book.expect("4.3-b", &[("2024-02-01", "reservation")]);
    book.on("2024-02-10")
        .moved(SCOPE, "confirm", json!({"systems": [cite(SYSTEM, 1)]}));
    book.expect(
        "4.3-b",
        &[
            ("2024-01-31", "not_due"),
            ("2024-02-09", "reservation"),
            ("2024-02-10", "holds"),
        ],
    );
}

#[test]
fn a_system_is_confirmed_by_any_of_several_moves_that_each_name_many() {
    let mut book = placed(json!([{"unit": ["housing"], "says": "in"}]));
    let others = |from: u128| (from..from + 3).map(|n| cite(n, 1));
    for n in 1000..1006 {
        book.put("ai_system", n, json!({"unit": "housing", "stage": "live"}));
    }
    let first: Vec<Value> = others(1000).collect();
    let second: Vec<Value> = others(1003).chain([cite(SYSTEM, 1)]).collect();
    book.on("2024-02-10")
        .moved(SCOPE, "confirm", json!({"systems": first}));
    let before = "4 of 7 AI systems are in or out of scope by rule only, unconfirmed.";
    assert_eq!(book.sentence("4.3-b", "2024-02-10"), before);
    book.on("2024-02-12")
        .moved(SCOPE, "confirm", json!({"systems": second}));
    book.expect(
        "4.3-b",
        &[("2024-02-11", "reservation"), ("2024-02-12", "holds")],
    );
}

/// The same, confirmed as it was put, and put as each of these on the first of the months after.
fn confirmed_then(criteria: Value, bodies: [Value; 2]) -> Book {
    let mut book = placed(criteria);
    book.moved(SCOPE, "confirm", json!({"systems": [cite(SYSTEM, 1)]}));
    for (on, body) in ["2024-03-01", "2024-04-01"].into_iter().zip(bodies) {
        book.on(on).put("ai_system", SYSTEM, body);
    }
    book
}

#[test]
fn a_confirmation_lasts_until_a_field_the_criteria_read_changes() {
    let of_unit = json!([{"unit": ["housing"], "says": "in"}]);
    let by_stage =
        json!([{"stage": ["retired"], "says": "out"}, {"unit": ["housing"], "says": "in"}]);
    let system = |stage: &str| json!({"unit": "housing", "stage": stage, "impact": "high"});
    // What no criterion of the scope names places nothing.
    for (criteria, expected) in [(of_unit, "holds"), (by_stage, "reservation")] {
        let book = confirmed_then(criteria, [system("live"), system("retired")]);
        book.expect(
            "4.3-b",
            &[
                ("2024-03-01", "holds"),
                ("2024-03-31", "holds"),
                ("2024-04-01", expected),
            ],
        );
    }
}

#[test]
fn roles_in_another_order_leave_a_confirmation() {
    let mut book = Book::new();
    let criteria = json!([{"roles": ["user"], "says": "in"}]);
    book.on("2024-02-01")
        .put("ai_system", SYSTEM, json!({"roles": ["user", "provider"]}))
        .put("scope", SCOPE, json!({"criteria": criteria}))
        .approve(SCOPE, 1)
        .moved(SCOPE, "confirm", json!({"systems": [cite(SYSTEM, 1)]}));
    book.on("2024-03-01")
        .put("ai_system", SYSTEM, json!({"roles": ["provider", "user"]}));
    book.on("2024-04-01")
        .put("ai_system", SYSTEM, json!({"roles": ["user"]}));
    book.expect(
        "4.3-b",
        &[("2024-03-01", "holds"), ("2024-04-01", "reservation")],
    );
}

#[test]
fn a_field_changed_and_changed_back_is_confirmed_again() {
    let criteria = json!([{"unit": ["housing", "planning"], "says": "in"}]);
    let system = |unit: &str| json!({"unit": unit, "stage": "live"});
    let mut book = confirmed_then(criteria.clone(), [system("planning"), system("housing")]);
    book.expect(
        "4.3-b",
        &[
            ("2024-02-28", "holds"),
            ("2024-03-01", "reservation"),
            ("2024-04-01", "reservation"),
        ],
    );
    // What was entered in error, or never counted, changed nothing.
    let mut in_error = confirmed_then(criteria.clone(), [system("housing"), system("planning")]);
    in_error
        .on("2024-04-02")
        .moved(SYSTEM, "withdraw", json!({}));
    in_error.put("ai_system", SYSTEM, system("housing"));
    in_error.expect("4.3-b", &[("2024-04-02", "holds")]);
    let mut never = placed(criteria);
    never.moved(SCOPE, "confirm", json!({"systems": [cite(SYSTEM, 1)]}));
    never
        .on("2024-03-01")
        .put_of("ai_system", SYSTEM, "2024-06-01", system("planning"))
        .put("ai_system", SYSTEM, system("housing"));
    never.expect("4.3-b", &[("2024-03-01", "holds"), ("2024-06-01", "holds")]);
    book.on("2024-04-10")
        .moved(SCOPE, "confirm", json!({"systems": [cite(SYSTEM, 3)]}));
    book.expect("4.3-b", &[("2024-04-10", "holds")]);
}

#[test]
fn a_departure_is_a_persons_and_needs_no_confirmation() {
    let mut book = Book::new();
    let out = json!({"scope": {"says": "out", "because": true}});
    book.on("2024-02-01")
        .put_by(Some(id(CHIEF)), "ai_system", SYSTEM, out.clone())
        .put("scope", SCOPE, json!({}))
        .act("approve", SCOPE, 1, How::by(ROOT));
    book.expect("4.3-b", &[("2024-02-01", "holds")]);
    book.expect("4.3-b.o", &[("2025-02-01", "holds")]);
    // What nobody with a name departed from, nobody has confirmed.
    book.on("2025-02-01").put_by(None, "ai_system", SYSTEM, out);
    book.expect("4.3-b", &[("2025-02-01", "reservation")]);
}

#[test]
fn a_system_nobody_placed_waits_thirty_days_by_custom() {
    let book = placed(json!([{"unit": ["planning"], "says": "in"}]));
    book.expect(
        "4.3-b.o",
        &[
            ("2024-02-01", "not_due"),
            ("2024-03-02", "not_due"),
            ("2024-03-03", "reservation"),
        ],
    );
    book.expect("4.3-b", &[("2024-03-03", "not_due")]);
}

#[test]
fn it_is_overdue_after_the_time_the_organisation_declared() {
    let mut book = placed(json!([]));
    book.put(
        "declaration",
        300,
        json!({"tolerances": {"awaiting_scope_days": 10}}),
    )
    .approve(300, 1);
    book.expect(
        "4.3-b.o",
        &[("2024-02-11", "not_due"), ("2024-02-12", "overdue")],
    );
}

#[test]
fn the_wait_is_counted_from_the_day_of_recording() {
    let mut book = Book::new();
    book.on("2024-03-01")
        .put_of("ai_system", SYSTEM, "2024-01-10", json!({}));
    book.expect(
        "4.3-b.o",
        &[
            ("2024-01-10", "not_due"),
            ("2024-03-31", "not_due"),
            ("2024-04-01", "reservation"),
        ],
    );
}

#[test]
fn the_days_of_what_was_entered_in_error_do_not_count_as_waited() {
    let mut book = Book::new();
    let declared = json!({"tolerances": {"awaiting_scope_days": 30}});
    book.put("declaration", 300, declared).approve(300, 1);
    book.on("2024-02-01").put("ai_system", SYSTEM, json!({}));
    book.on("2024-02-20").moved(SYSTEM, "withdraw", json!({}));
    book.on("2024-03-20").put("ai_system", SYSTEM, json!({}));
    book.expect(
        "4.3-b.o",
        &[
            ("2024-03-20", "not_due"),
            ("2024-04-19", "not_due"),
            ("2024-04-20", "overdue"),
        ],
    );
}

#[test]
fn a_system_that_was_placed_waits_from_the_day_on_which_nothing_places_it() {
    let scope = |origin: &str| json!({"criteria": [{"origin": [origin], "says": "in"}]});
    let mut book = Book::new();
    let declared = json!({"tolerances": {"awaiting_scope_days": 30}});
    book.put("declaration", 300, declared)
        .approve(300, 1)
        .put("scope", SCOPE, scope("bought"))
        .approve(SCOPE, 1);
    let bought = json!({"origin": "bought"});
    book.on("2024-03-01").put("ai_system", SYSTEM, bought);
    book.on("2024-09-02")
        .put("scope", SCOPE, scope("own_model"))
        .approve(SCOPE, 2);
    // One that nothing ever placed waits since it was recorded.
    let built = json!({"origin": "built"});
    book.on("2024-09-10").put("ai_system", 101, built);
    book.expect(
        "4.3-b.o",
        &[
            ("2024-09-01", "holds"),
            ("2024-09-02", "not_due"),
            ("2024-10-02", "not_due"),
            ("2024-10-03", "overdue"),
        ],
    );
    let waiting = |about: &str| book.sentence("4.3-b.o", about);
    let one = "1 AI system has waited over 30 days for a decision on scope.";
    assert_eq!(waiting("2024-10-10"), one);
    let two = "2 AI systems have waited over 30 days for a decision on scope.";
    assert_eq!(waiting("2024-10-11"), two);
}

#[test]
fn a_version_whose_day_a_newer_took_breaks_no_confirmation() {
    let of_unit = json!([{"unit": ["housing"], "says": "in"}]);
    let mut book = placed(of_unit);
    book.moved(SCOPE, "confirm", json!({"systems": [cite(SYSTEM, 1)]}));
    book.on("2024-03-01")
        .put("ai_system", SYSTEM, json!({"unit": "roads"}))
        .put("ai_system", SYSTEM, json!({"unit": "housing"}));
    book.expect("4.3-b", &[("2024-03-01", "holds")]);
}

#[test]
fn a_wait_that_only_custom_ends_is_nothing_that_falls_due() {
    let due = |declared: &Value| {
        let mut book = placed(json!([{"unit": ["roads"], "says": "in"}]));
        book.put("declaration", 300, declared.clone())
            .approve(300, 1);
        book.about("2024-02-01").five[0]
            .next_due
            .unwrap()
            .to_string()
    };
    assert_eq!(due(&json!({})), "2025-02-01");
    let own = json!({"tolerances": {"awaiting_scope_days": 10}});
    assert_eq!(due(&own), "2024-02-11");
}
