//! The verdicts and the five answers where no rule alone decides.

use assess::{Names, Question, status};
use catalogue::Catalogue;
use serde_json::json;

use crate::given::{Book, How, START, cite, day, id};
use crate::risk;

fn verdict(book: &Book, id: &str, about: &str) -> &'static str {
    let status = book.about(about);
    let found = status.requirements.iter().find(|one| one.id == id);
    found.map_or("none", |one| one.verdict)
}

#[test]
fn before_the_start_nothing_is_due() {
    let status = Book::new().about("2023-12-31");
    assert!(status.five.iter().all(|one| one.in_hand == "not_due"));
    assert!(status.five.iter().all(|one| one.holds == "unknown"));
    let mut requirements = status.requirements.iter();
    assert!(requirements.all(|one| one.verdict == "not_due"));
}

#[test]
fn known_by_a_day_before_the_ledger_nothing_is_in_hand() {
    let book = Book::new();
    let catalogue = Catalogue::iso_42001();
    let said = catalogue.map(|catalogue| {
        status(&Question {
            records: &book.records,
            catalogue: &catalogue,
            names: &Names::new(),
            about: day(START),
            aims_start: day(START),
            before_ledger: true,
            then: &[],
            all_subjects_of: None,
        })
    });
    let said = said.ok();
    let five = said.iter().flat_map(|status| &status.five);
    let words: Vec<_> = five.map(|one| (one.in_hand, one.holds)).collect();
    assert_eq!(words, [("no", "no"); 5]);
    let mut requirements = said.iter().flat_map(|status| &status.requirements);
    assert!(requirements.all(|one| one.verdict == "not_known"));
}

#[test]
fn a_requirement_with_a_rule_not_built_is_never_shown() {
    let mut book = Book::new();
    let whole = json!({"roles": ["user"], "purpose": true});
    book.put("ai_system", 100, whole);
    assert_eq!(verdict(&book, "4.1", "2024-02-01"), "not_known");
    book.on("2024-03-01").put("ai_system", 101, json!({}));
    assert_eq!(verdict(&book, "4.1", "2024-03-01"), "not_shown");
    for control in ["A.2.2", "A.10.3"] {
        assert_eq!(verdict(&book, control, "2024-03-01"), "not_known");
    }
}

#[test]
fn a_practice_rule_leaves_the_verdict_alone() {
    let mut book = Book::new();
    book.check("sound");
    assert_eq!(book.says("7.5-b.p", "2024-02-01"), "reservation");
    assert_eq!(book.says("7.5-b", "2024-02-01"), "holds");
    let status = book.about("2024-02-01");
    let found = status.requirements.iter().find(|one| one.id == "7.5.3");
    // 7.5-c is not built.
    assert_eq!(found.map(|one| one.verdict), Some("not_known"));
}

#[test]
fn an_old_review_that_still_answers_is_held_to_its_inputs() {
    use crate::given::{BOARD, cite};
    use crate::review::{DECLARED, meeting, whole};
    let mut book = Book::new();
    let series = json!({"management_review": {"first_day": "2024-01-01", "months": 12}});
    book.put("declaration", DECLARED, json!({"series": series}))
        .approve(DECLARED, 1);
    let mut bare = whole(501, Some("2024-01-01"));
    bare["inputs"] = json!({});
    book.on("2024-01-10")
        .put("meeting", 501, meeting(BOARD, "2024-01-10"))
        .put("management_review", 500, bare);
    book.on("2025-01-05")
        .put("meeting", 511, meeting(BOARD, "2025-01-05"))
        .put("management_review", 510, whole(511, Some("2025-01-01")));
    assert_eq!(cite(511, 1)["version"], 1);
    for about in ["2025-01-10", "2025-01-11", "2025-12-31"] {
        assert_eq!(
            book.words("management_review", about),
            ("yes", "no"),
            "{about}"
        );
    }
    assert_eq!(
        book.words("management_review", "2026-01-01"),
        ("yes", "yes")
    );
}

#[test]
fn what_only_custom_dates_is_practice_and_is_reserved_to_the_answer() {
    let mut book = Book::new();
    let contents =
        json!({"purpose": true, "objectives": true, "requirements": true, "improvement": true});
    book.on("2024-02-01")
        .put(
            "policy",
            210,
            json!({"title": true, "text": true, "contents": contents}),
        )
        .approve(210, 1)
        .put("scope", 200, json!({}))
        .approve(200, 1)
        .put(
            "ai_system",
            100,
            json!({"unit": "housing", "stage": "live"}),
        );
    let told = |book: &Book, answer: usize, about: &str| {
        let status = book.about(about);
        let mut found = status.requirements.iter().flat_map(|one| &one.findings);
        let rule = ["4.3-b.o", "5.2-a.o"][answer];
        let found = found.find(|one| one.rule == rule);
        let five = status.five[answer].clone();
        let basis = found.map(|one| (one.level, one.basis));
        (basis, five.reservations, five.because)
    };
    for (answer, before, after, word) in [
        (0, "2024-03-02", "2024-04-01", "has waited over 30 days"),
        (
            1,
            "2025-02-01",
            "2025-04-01",
            "since 1 February 2024; a review within twelve months is customary",
        ),
    ] {
        let reserves = |said: &[String]| said.iter().any(|one| one.contains(word));
        let (basis, reserved, because) = told(&book, answer, before);
        assert_eq!(basis, None, "{because}");
        assert!(!reserves(&reserved), "{reserved:?}");
        let (basis, reserved, because) = told(&book, answer, after);
        assert_eq!(basis, Some(("reservation", "practice")), "{because}");
        assert!(reserves(&reserved), "{because} {reserved:?}");
        assert!(!because.contains("not yet overdue"), "{because}");
    }
    // Where they declared it themselves it is their own word that is broken.
    book.put("declaration", 9, json!({"intervals": {"policy_months": 6}}))
        .approve(9, 1);
    let (basis, reserved, _) = told(&book, 1, "2025-04-01");
    assert_eq!(basis, Some(("overdue", "own")));
    assert!(
        !reserved.iter().any(|one| one.contains("due for review")),
        "{reserved:?}"
    );
}

#[test]
fn a_second_scope_in_force_is_reserved_to_the_answer() {
    let mut book = Book::new();
    book.on("2024-02-01")
        .put("scope", 200, json!({}))
        .approve(200, 1);
    let word = "is in force as well";
    let reserved = |book: &Book, about: &str| {
        let said = book.about(about).five[0].reservations.clone();
        said.iter().any(|one| one.contains(word))
    };
    assert!(!reserved(&book, "2024-02-01"));
    book.on("2024-03-01")
        .put("scope", 201, json!({}))
        .approve(201, 1);
    assert!(!reserved(&book, "2024-02-29"));
    assert!(reserved(&book, "2024-03-01"));
    book.on("2024-04-01").act(
        "end",
        200,
        1,
        How::carrying(json!({"last_day": "2024-04-01"})),
    );
    assert!(reserved(&book, "2024-04-01"));
    assert!(!reserved(&book, "2024-04-02"));
}

#[test]
fn an_empty_register_and_several_systems_are_said_as_people_say_them() {
    let mut book = Book::new();
    let scope = json!({"criteria": [{"says": "in"}], "roles": ["user"], "boundaries": true,
        "suppliers": true, "no_exclusions_because": true, "whole_organisation": true});
    book.put("scope", 200, scope).approve(200, 1);
    let said = book.about("2024-01-05").five.remove(0).because;
    let none = "is in force; the register held no AI system on 5 January 2024.";
    assert!(said.ends_with(none), "{said}");

    let mut book = risk::set_up();
    let another = 0xabd;
    book.put("ai_system", another, json!({"stage": "live"}));
    let mut body = risk::assessed("2024-03-01");
    body["systems"] = json!([cite(risk::SYSTEM, 1), cite(another, 1)]);
    book.on("2024-03-01")
        .put("risk_assessment", risk::FIRST, body);
    let said = |book: &Book| book.about("2024-03-01").five.remove(3).because;
    let each = |which: &str| {
        format!(
            "Each of the 2 systems{which} that are due has a complete risk assessment within its interval; "
        )
    };
    // Where no scope ever was in force, none is in one.
    assert!(said(&book).starts_with(&each("")), "{}", said(&book));
    book.put("scope", 200, json!({"criteria": [{"says": "in"}]}))
        .approve(200, 1);
    let in_scope = said(&book);
    assert!(in_scope.starts_with(&each(" in scope")), "{in_scope}");
}

#[test]
fn what_an_assessment_falls_short_of_is_said_of_the_assessment() {
    let said = |change: &dyn Fn(&mut Book)| {
        let mut book = risk::set_up();
        let mut body = risk::assessed("2024-03-01");
        body["decision"] = serde_json::Value::Null;
        body["criteria"] = serde_json::Value::Null;
        book.on("2024-03-01")
            .put("risk_assessment", risk::FIRST, body);
        change(&mut book);
        book.sentence("8.2", "2024-06-01")
    };
    let system = id(risk::SYSTEM);
    assert_eq!(
        said(&|_| {}),
        format!(
            "The only system that is due has no complete risk assessment; record {system} lacks risk \
             criteria in force then, a level of its criteria and a decision in its assessment of 1 \
             March 2024."
        )
    );
    // What was made of it by a change that was on record is another thing than what was looked at.
    let changed = said(&|book| {
        let changed =
            json!({"stage": "live", "significant_change": true, "changed_on": "2024-03-10"});
        book.on("2024-03-10")
            .put("ai_system", risk::SYSTEM, changed);
        book.on("2024-03-15")
            .put("risk_assessment", risk::FIRST, risk::assessed("2024-03-15"));
    });
    assert_eq!(
        changed,
        format!(
            "The only system that is due has no complete risk assessment; record {system} lacks an \
             assessment of it as it is since its significant change of 10 March 2024: the newest, of \
             15 March 2024, looked at version 1, and the change is in version 2."
        )
    );
    let ended = said(&|book| {
        book.on("2024-04-01")
            .put("risk_assessment", risk::FIRST, risk::assessed("2024-04-01"));
        let end = How::carrying(json!({"last_day": "2024-05-01"}));
        book.act("end", 300, 1, end);
    });
    assert_eq!(
        ended,
        format!(
            "No interval is declared in which the risk assessment of record {system} is renewed."
        )
    );
}
