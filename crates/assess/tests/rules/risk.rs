//! 6.1.1, 8.2 and their own and practice lines.

use serde_json::{Value, json};

use crate::given::{BOARD, Book, How, ROOT, cite, id};

pub const SYSTEM: u128 = 0xabc;
pub const CRITERIA: u128 = 230;
pub const DECLARED: u128 = 300;
pub const FIRST: u128 = 240;
pub const SECOND: u128 = 241;

pub fn criteria() -> Value {
    json!({"actions": [{"on": "risk"}, {"on": "opportunity"}], "levels": ["low", "medium", "high"],
        "acceptable_to": "low", "authority": [{"level": "medium", "holder": id(BOARD)},
            {"level": "high", "holder": id(ROOT)}]})
}

pub fn assessed(on: &str) -> Value {
    json!({"systems": [cite(SYSTEM, 1)], "assessed_on": on, "criteria": cite(CRITERIA, 1),
        "level": "medium",
        "consequences": {"organisation": true, "individuals": true, "societies": true},
        "decision": {"says": "no_change", "because": true, "on": on}})
}

/// Criteria, a live system and an interval of twelve months, from 1 February on.
pub fn set_up() -> Book {
    let mut book = Book::new();
    book.on("2024-02-01")
        .put("risk_criteria", CRITERIA, criteria())
        .approve(CRITERIA, 1)
        .put("ai_system", SYSTEM, json!({"stage": "live"}))
        .put(
            "declaration",
            DECLARED,
            json!({"intervals": {"risk_assessment_months": 12}}),
        )
        .approve(DECLARED, 1);
    book
}

#[test]
fn criteria_and_actions_are_in_force_from_the_first_day() {
    set_up().expect(
        "6.1.1",
        &[
            ("2023-12-31", "not_due"),
            ("2024-01-01", "not_shown"),
            ("2024-01-31", "not_shown"),
            ("2024-02-01", "holds"),
        ],
    );
    for actions in [
        json!([]),
        json!([{"on": "risk"}]),
        json!([{"on": "opportunity"}]),
    ] {
        let mut book = Book::new();
        let mut body = criteria();
        body["actions"] = actions.clone();
        book.put("risk_criteria", CRITERIA, body)
            .approve(CRITERIA, 1);
        assert_eq!(book.says("6.1.1", "2024-02-01"), "not_shown", "{actions}");
    }
}

#[test]
fn every_assessment_cites_criteria_in_force_on_its_day() {
    let mut early = set_up();
    early
        .on("2024-03-01")
        .put("risk_assessment", FIRST, assessed("2024-01-31"));
    let mut silent = set_up();
    let mut body = assessed("2024-03-01");
    body["criteria"] = Value::Null;
    silent.on("2024-03-01").put("risk_assessment", FIRST, body);
    for book in [early, silent] {
        book.expect("6.1.1", &[("2024-03-01", "not_shown")]);
        book.expect("8.2", &[("2024-03-01", "not_shown")]);
    }
    let mut old = set_up();
    old.on("2024-03-01")
        .put("risk_criteria", CRITERIA, criteria())
        .approve(CRITERIA, 2);
    old.on("2024-04-01")
        .put("risk_assessment", FIRST, assessed("2024-03-31"));
    old.expect("6.1.1", &[("2024-04-01", "not_shown")]);
}

/// An assessment that cites no criteria.
pub fn uncited(on: &str) -> Value {
    let mut body = assessed(on);
    body["criteria"] = Value::Null;
    body
}

#[test]
fn an_old_assessment_without_criteria_is_asked_until_a_newer_has_taken_its_place() {
    let mut book = set_up();
    book.on("2024-03-01")
        .put("risk_assessment", FIRST, uncited("2024-03-01"));
    let alone = book.clone();
    book.on("2024-06-01")
        .put("risk_assessment", SECOND, assessed("2024-06-01"));
    let of_another = |other: Value| {
        let mut both = uncited("2024-03-01");
        both["systems"] = other;
        let mut book = book.clone();
        book.put("risk_assessment", FIRST, both);
        book
    };
    // The newest of its system is asked for as long as it is that.
    alone.expect("6.1.1", &[("2026-03-01", "not_shown")]);
    book.expect(
        "6.1.1",
        &[
            ("2024-06-01", "not_shown"),
            ("2025-03-01", "not_shown"),
            ("2025-03-02", "holds"),
        ],
    );
    for other in [json!([cite(SYSTEM, 1), cite(0xdef, 1)]), json!([])] {
        of_another(other).expect("6.1.1", &[("2025-03-02", "not_shown")]);
    }
    // A bad one since is asked, whatever came before.
    book.on("2025-04-01")
        .put("risk_assessment", 242, uncited("2025-04-01"));
    book.expect("6.1.1", &[("2025-04-01", "not_shown")]);
}

#[test]
fn criteria_are_approved_before_the_first_scores() {
    let mut after = Book::new();
    after
        .on("2024-02-01")
        .put("risk_criteria", CRITERIA, criteria())
        .put("risk_assessment", FIRST, assessed("2024-02-01"))
        .approve(CRITERIA, 1);
    after.expect("6.1.1.p", &[("2024-02-01", "reservation")]);
    let mut before = set_up();
    before.expect(
        "6.1.1.p",
        &[("2024-01-31", "not_due"), ("2024-02-01", "not_due")],
    );
    before
        .on("2024-03-01")
        .put("risk_assessment", FIRST, assessed("2024-03-01"));
    before.expect("6.1.1.p", &[("2024-03-01", "holds")]);
}

#[test]
fn a_system_in_scope_has_a_complete_assessment() {
    let mut book = set_up();
    book.on("2024-03-01")
        .put("risk_assessment", FIRST, assessed("2024-03-01"));
    book.expect(
        "8.2",
        &[
            ("2024-01-31", "not_due"),
            ("2024-02-01", "not_shown"),
            ("2024-02-29", "not_shown"),
            ("2024-03-01", "holds"),
        ],
    );
    for missing in [
        "/consequences/organisation",
        "/consequences/individuals",
        "/consequences/societies",
        "/level",
        "/decision",
    ] {
        let mut body = assessed("2024-03-01");
        if let Some(place) = body.pointer_mut(missing) {
            *place = Value::Null;
        }
        let mut book = set_up();
        book.on("2024-03-01").put("risk_assessment", FIRST, body);
        assert_eq!(book.says("8.2", "2024-03-01"), "not_shown", "{missing}");
    }
}

#[test]
fn a_decision_counts_from_its_day() {
    let mut book = set_up();
    let mut body = assessed("2024-03-01");
    body["decision"]["on"] = json!("2024-03-20");
    book.on("2024-03-20")
        .put_of("risk_assessment", FIRST, "2024-03-01", body);
    book.expect(
        "8.2",
        &[("2024-03-19", "not_shown"), ("2024-03-20", "holds")],
    );
}

#[test]
fn without_a_declared_interval_the_clause_fails() {
    let mut book = Book::new();
    book.on("2024-02-01")
        .put("risk_criteria", CRITERIA, criteria())
        .approve(CRITERIA, 1)
        .put("ai_system", SYSTEM, json!({"stage": "live"}))
        .put("risk_assessment", FIRST, assessed("2024-02-01"));
    book.expect("8.2", &[("2024-02-01", "not_shown")]);
    book.on("2024-03-01")
        .put(
            "declaration",
            DECLARED,
            json!({"intervals": {"risk_assessment_months": 12}}),
        )
        .approve(DECLARED, 1);
    book.expect(
        "8.2",
        &[("2024-02-29", "not_shown"), ("2024-03-01", "holds")],
    );
    book.on("2024-06-01").act("end", DECLARED, 1, How::by(ROOT));
    book.expect(
        "8.2",
        &[("2024-06-01", "holds"), ("2024-06-02", "not_shown")],
    );
}

#[test]
fn a_system_of_high_impact_goes_by_its_own_interval() {
    let mut book = Book::new();
    book.on("2024-02-01")
        .put("risk_criteria", CRITERIA, criteria())
        .approve(CRITERIA, 1)
        .put(
            "ai_system",
            SYSTEM,
            json!({"stage": "live", "impact": "high"}),
        )
        .put("risk_assessment", FIRST, assessed("2024-02-01"));
    book.expect(
        "8.2.o",
        &[("2024-08-01", "holds"), ("2024-08-02", "reservation")],
    );
    book.put(
        "declaration",
        DECLARED,
        json!({"intervals": {"risk_assessment_high_impact_months": 3}}),
    )
    .approve(DECLARED, 1);
    book.expect("8.2", &[("2024-02-01", "holds")]);
    book.expect(
        "8.2.o",
        &[("2024-05-01", "holds"), ("2024-05-02", "overdue")],
    );
}

#[test]
fn an_assessment_is_newer_than_the_last_significant_change() {
    let mut book = set_up();
    book.on("2024-03-01")
        .put("risk_assessment", FIRST, assessed("2024-03-01"));
    book.on("2024-05-02").put(
        "ai_system",
        SYSTEM,
        json!({"stage": "live", "significant_change": true, "changed_on": "2024-05-01"}),
    );
    let mut changed = assessed("2024-05-10");
    changed["systems"] = json!([cite(SYSTEM, 2)]);
    book.on("2024-05-10")
        .put("risk_assessment", SECOND, changed);
    book.expect(
        "8.2",
        &[
            ("2024-04-30", "holds"),
            ("2024-05-01", "not_shown"),
            ("2024-05-09", "not_shown"),
            ("2024-05-10", "holds"),
        ],
    );
}

#[test]
fn the_newest_assessment_counts_complete_or_not() {
    let mut book = set_up();
    book.on("2024-03-01")
        .put("risk_assessment", FIRST, assessed("2024-03-01"));
    let mut undecided = assessed("2024-04-01");
    undecided["decision"] = Value::Null;
    book.on("2024-04-01")
        .put("risk_assessment", SECOND, undecided);
    book.expect(
        "8.2",
        &[("2024-03-31", "holds"), ("2024-04-01", "not_shown")],
    );
    assert_eq!(book.words("risk_assessment", "2024-03-31"), ("yes", "yes"));
    assert_eq!(book.words("risk_assessment", "2024-04-01"), ("yes", "no"));
    book.on("2024-06-01").moved(SECOND, "withdraw", json!({}));
    book.expect("8.2", &[("2024-04-01", "holds")]);
}

#[test]
fn a_system_is_due_from_the_declared_stage_on() {
    let cases = [
        (json!({"stage": "live"}), "not_shown"),
        (json!({"stage": "pilot"}), "not_shown"),
        (json!({}), "not_shown"), // not stated counts as reached
        (json!({"stage": "development"}), "not_due"),
        (json!({"stage": "idea"}), "not_due"),
        (json!({"stage": "retired"}), "not_due"),
        (json!({"stage": "refused"}), "not_due"),
    ];
    for (body, expected) in cases {
        let mut book = set_up();
        // From the first day on: it never stood at another stage.
        book.on("2024-03-01")
            .put_of("ai_system", SYSTEM, "2024-02-01", body.clone());
        assert_eq!(book.says("8.2", "2024-03-01"), expected, "{body}");
        let in_hand = if expected == "not_due" {
            "not_due"
        } else {
            "no"
        };
        assert_eq!(book.words("risk_assessment", "2024-03-01").0, in_hand);
    }
    let mut earlier = set_up();
    earlier
        .on("2024-03-01")
        .put(
            "declaration",
            DECLARED,
            json!({"assessed_from": "development"}),
        )
        .approve(DECLARED, 2)
        .put("ai_system", SYSTEM, json!({"stage": "development"}));
    earlier.expect("8.2", &[("2024-03-01", "not_shown")]);
}

#[test]
fn only_systems_in_scope_are_due_once_a_scope_is_in_force() {
    let mut book = set_up();
    book.on("2024-03-01")
        .put(
            "scope",
            200,
            json!({"criteria": [{"stage": ["live"], "says": "out"}]}),
        )
        .approve(200, 1);
    book.expect(
        "8.2",
        &[("2024-02-29", "not_shown"), ("2024-03-01", "not_due")],
    );
}

#[test]
fn an_assessment_is_renewed_within_the_interval() {
    let mut book = set_up();
    book.expect("8.2.o", &[("2024-03-01", "not_due")]);
    book.on("2024-03-01")
        .put("risk_assessment", FIRST, assessed("2024-03-01"));
    book.expect(
        "8.2.o",
        &[("2025-03-01", "holds"), ("2025-03-02", "overdue")],
    );
    assert_eq!(book.words("risk_assessment", "2025-03-02"), ("yes", "no"));
}

#[test]
fn a_promised_effect_is_shown_by_its_due_date() {
    let mut promise = assessed("2024-03-01");
    promise["decision"]["promises"] = json!({"effect": true, "due": "2024-06-30"});
    let mut book = set_up();
    book.on("2024-03-01")
        .put("risk_assessment", FIRST, promise.clone());
    book.expect(
        "8.2.p",
        &[
            ("2024-02-29", "not_due"),
            ("2024-06-30", "not_due"),
            ("2024-07-01", "reservation"),
        ],
    );
    promise["shown_by"] = json!([{"on": "2024-07-10", "what": true, "file": true}]);
    book.on("2024-07-10").put("risk_assessment", FIRST, promise);
    book.expect(
        "8.2.p",
        &[("2024-07-09", "reservation"), ("2024-07-10", "holds")],
    );
    assert_eq!(book.words("risk_assessment", "2024-07-01"), ("yes", "yes"));
}

#[test]
fn an_id_is_the_same_in_capitals() {
    let mut body = assessed("2024-03-01");
    body["systems"][0]["id"] = json!(id(SYSTEM).to_string().to_uppercase());
    let mut book = set_up();
    book.on("2024-03-01").put("risk_assessment", FIRST, body);
    book.expect("8.2", &[("2024-03-01", "holds")]);
}

#[test]
fn the_stage_from_which_a_system_is_due_is_the_rules_own_until_declared() {
    let cases = [
        ("development", None, None, "not_due"),
        ("pilot", None, None, "not_shown"),
        ("pilot", Some("live"), None, "not_due"),
        ("development", Some("idea"), None, "not_shown"),
        ("pilot", Some("pilot"), Some("live"), "not_due"),
    ];
    for (stage, own, declared, expected) in cases {
        let mut book = Book::new();
        book.on("2024-02-01")
            .put("ai_system", SYSTEM, json!({"stage": stage}))
            .put("declaration", DECLARED, json!({"assessed_from": declared}))
            .approve(DECLARED, 1);
        let said = book.says_with("8.2", "2024-02-01", |rule| {
            if let Some(own) = own {
                rule.with.default_stage = Some(own.to_owned());
            }
        });
        assert_eq!(said, expected, "{stage}, {own:?}, {declared:?}");
    }
}

#[test]
fn criteria_name_who_may_accept_each_level_above_the_line() {
    let named = |levels: &[&str]| {
        let mut body = criteria();
        let one = |level: &&str| json!({"level": level, "holder": id(ROOT)});
        body["authority"] = levels.iter().map(one).collect();
        let mut book = Book::new();
        book.put("risk_criteria", CRITERIA, body)
            .approve(CRITERIA, 1);
        book
    };
    let cases: [(&[&str], &str); 5] = [
        (&["medium", "high"], "holds"),
        (&["low", "medium", "high"], "holds"),
        (&["high"], "not_shown"), // a higher level is not this one
        (&["low", "medium"], "not_shown"),
        (&[], "not_shown"),
    ];
    for (levels, expected) in cases {
        let said = named(levels).says("6.1.1", "2024-02-01");
        assert_eq!(said, expected, "{levels:?}");
    }
    assert_eq!(
        named(&["low"]).sentence("6.1.1", "2024-02-01"),
        "The risk criteria in force name nobody who may accept a risk of level medium and high.",
    );
}

#[test]
fn an_assessment_finds_a_level_of_the_criteria_it_cites() {
    let cases = [
        (json!("low"), "holds"),
        (json!("high"), "holds"),
        (json!("grave"), "not_shown"),
        (Value::Null, "not_shown"),
    ];
    for (level, expected) in cases {
        let mut body = assessed("2024-03-01");
        body["level"] = level.clone();
        let mut book = set_up();
        book.on("2024-03-01").put("risk_assessment", FIRST, body);
        assert_eq!(book.says("8.2", "2024-03-01"), expected, "{level}");
        if expected == "not_shown" {
            let said = book.sentence("8.2", "2024-03-01");
            assert!(said.contains("lacks a level of its criteria"), "{said}");
            assert_eq!(book.words("risk_assessment", "2024-03-01"), ("no", "no"));
        }
    }
}

#[test]
fn only_a_record_or_a_file_of_after_the_decision_shows_an_effect() {
    let cases = [
        (
            json!({"on": "2024-03-02", "record": cite(SYSTEM, 2)}),
            "holds",
        ),
        (json!({"on": "2024-03-02", "file": true}), "holds"),
        (json!({"on": "2024-03-02"}), "reservation"),
        (json!({"on": "2024-03-01", "file": true}), "reservation"), // the decision's own day
        (json!({"on": "2024-02-29", "file": true}), "reservation"),
    ];
    for (shown, expected) in cases {
        let mut body = assessed("2024-02-20");
        body["decision"]["on"] = json!("2024-03-01");
        body["decision"]["promises"] = json!({"effect": true, "due": "2024-06-30"});
        body["shown_by"] = json!([shown]);
        let mut book = set_up();
        book.on("2024-03-02").put("risk_assessment", FIRST, body);
        assert_eq!(book.says("8.2.p", "2024-07-01"), expected, "{shown}");
        let told = &book.about("2024-07-01").five[3].because;
        let seen = told.contains("seen to work on 2 March 2024");
        assert_eq!(seen, expected == "holds", "{told}");
    }
}

#[test]
fn an_assessment_on_record_is_not_due_once_no_system_is() {
    for stage in ["retired", "refused"] {
        let mut book = set_up();
        book.on("2024-03-01")
            .put("risk_assessment", FIRST, assessed("2024-03-01"));
        assert_eq!(book.words("risk_assessment", "2024-03-01"), ("yes", "yes"));
        book.on("2024-04-01")
            .put("ai_system", SYSTEM, json!({"stage": stage}));
        let words = book.words("risk_assessment", "2024-04-01");
        assert_eq!(words, ("not_due", "unknown"), "{stage}");
        let told = book.about("2024-04-01").five.remove(3).because;
        assert!(!told.contains("All 0"), "{told}");
    }
}

#[test]
fn a_system_set_back_is_due_until_it_is_retired() {
    let back = |stages: &[(&str, Value)]| {
        let mut book = set_up();
        book.on("2024-02-10")
            .put("risk_assessment", FIRST, assessed("2024-02-10"));
        for (on, body) in stages {
            book.on(on).put("ai_system", SYSTEM, body.clone());
        }
        book
    };
    let at = |stage: &str| json!({"stage": stage});
    // Live since February 2024, assessed then and not again.
    let mut book = back(&[("2025-03-01", at("idea"))]);
    book.expect(
        "8.2.o",
        &[("2025-02-28", "overdue"), ("2025-03-01", "overdue")],
    );
    assert_eq!(book.words("risk_assessment", "2025-03-01"), ("yes", "no"));
    // From its own day on, it never stood there.
    book.on("2025-03-02")
        .put_of("ai_system", SYSTEM, "2024-02-01", at("idea"));
    book.expect("8.2.o", &[("2025-03-02", "not_due")]);
    let cases = [
        (
            vec![("2025-03-01", at("retired")), ("2025-04-01", at("idea"))],
            "not_due",
        ),
        (
            vec![("2025-03-01", at("retired")), ("2025-04-01", at("live"))],
            "overdue",
        ),
        (
            vec![("2025-03-01", at("retired")), ("2025-04-01", json!({}))],
            "overdue",
        ),
        (
            vec![
                ("2025-03-01", at("pilot")),
                ("2025-04-01", at("development")),
            ],
            "overdue",
        ),
    ];
    for (stages, expected) in cases {
        back(&stages).expect("8.2.o", &[("2025-04-01", expected)]);
    }
    // Not stated is no stage that it ever reached.
    let mut unstated = Book::new();
    unstated
        .on("2024-02-01")
        .put("ai_system", SYSTEM, json!({}));
    unstated
        .on("2024-03-01")
        .put("ai_system", SYSTEM, at("idea"));
    unstated.expect(
        "8.2",
        &[("2024-02-29", "not_shown"), ("2024-03-01", "not_due")],
    );
}

#[test]
fn an_incomplete_assessment_in_the_place_of_a_complete_one_is_named() {
    let mut book = set_up();
    book.on("2024-03-01")
        .put("risk_assessment", FIRST, assessed("2024-03-01"));
    let mut alone = set_up();
    for book in [&mut book, &mut alone] {
        book.on("2024-04-01")
            .put("risk_assessment", SECOND, uncited("2024-04-01"));
    }
    let lacks = format!(
        "The only system that is due has no complete risk assessment; record {} lacks risk \
         criteria in force then and a level of its criteria in its assessment of 1 April 2024.",
        id(SYSTEM)
    );
    let displaced = format!(
        "{lacks} Its newest assessment counts, complete or not: record {} stands in the \
         place of a complete one.",
        id(SECOND)
    );
    assert_eq!(alone.sentence("8.2", "2024-04-01"), lacks);
    assert_eq!(book.sentence("8.2", "2024-04-01"), displaced);
    let told = &book.about("2024-04-01").five[3].because;
    assert!(told.starts_with(displaced.trim_end_matches('.')), "{told}");
    book.expect(
        "8.2",
        &[("2024-03-31", "holds"), ("2024-04-01", "not_shown")],
    );
}
