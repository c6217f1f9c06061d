//! 4.3-a with its own and practice lines, and 4.3-c.

use serde_json::{Value, json};

use crate::given::{BOARD, Book, CHIEF, How, OFFICER, ROOT, TEAM, cite, id};

pub const SCOPE: u128 = 200;
const DECLARED: u128 = 300;
pub const HEAD: u128 = 310;

pub fn whole() -> Value {
    json!({"criteria": [{"says": "in"}], "boundaries": true, "suppliers": true, "roles": ["user"],
        "exclusions": [{"what": true, "because": true}], "units": ["housing"]})
}

pub fn without(field: &str) -> Value {
    let mut body = whole();
    body.as_object_mut().map(|body| body.remove(field));
    body
}

pub fn scope(body: Value, how: How) -> Book {
    let mut book = Book::new();
    book.on("2024-02-01")
        .put("scope", SCOPE, body)
        .act("approve", SCOPE, 1, how);
    book
}

#[test]
fn an_approved_scope_states_what_it_must() {
    let mut nothing_left_out = without("exclusions");
    nothing_left_out["no_exclusions_because"] = json!(true);
    let mut everywhere = without("units");
    everywhere["whole_organisation"] = json!(true);
    let with = |field: &str, value: Value| {
        let mut body = whole();
        body[field] = value;
        body
    };
    let one_unreasoned = json!([{"what": true, "because": true}, {"what": true}]);
    let cases = [
        (whole(), "holds"),
        (nothing_left_out, "holds"),
        (everywhere, "holds"),
        (without("units"), "not_shown"),
        (without("roles"), "not_shown"),
        (with("units", json!([])), "not_shown"),
        (with("roles", json!([])), "not_shown"),
        (with("criteria", json!([])), "not_shown"),
        (with("exclusions", json!([])), "not_shown"),
        (with("exclusions", json!([{"what": true}])), "not_shown"),
        (with("exclusions", one_unreasoned), "not_shown"),
        (without("criteria"), "not_shown"),
        (without("boundaries"), "not_shown"),
        (without("suppliers"), "not_shown"),
        (without("exclusions"), "not_shown"),
    ];
    for (body, expected) in cases {
        let book = scope(body.clone(), How::by(ROOT));
        assert_eq!(book.says("4.3-a", "2024-02-01"), expected, "{body}");
    }
}

#[test]
fn a_scope_must_exist_from_the_first_day() {
    let book = scope(whole(), How::from("2024-02-10"));
    book.expect(
        "4.3-a",
        &[
            ("2023-12-31", "not_due"),
            ("2024-01-01", "not_shown"),
            ("2024-02-09", "not_shown"),
            ("2024-02-10", "holds"),
        ],
    );
    let mut proposed = Book::new();
    proposed.put("scope", SCOPE, whole());
    proposed.expect("4.3-a", &[("2024-02-01", "not_shown")]);
}

#[test]
fn a_scope_ends_after_its_last_day() {
    let mut book = scope(whole(), How::by(ROOT));
    book.on("2024-03-01").act(
        "end",
        SCOPE,
        1,
        How::carrying(json!({"last_day": "2024-03-10"})),
    );
    book.expect(
        "4.3-a",
        &[("2024-03-10", "holds"), ("2024-03-11", "not_shown")],
    );
}

#[test]
fn the_review_of_the_scope_is_customs_until_declared() {
    let book = scope(whole(), How::by(ROOT));
    book.expect(
        "4.3-a.o",
        &[
            ("2024-01-31", "not_due"),
            ("2025-02-01", "holds"),
            ("2025-02-02", "reservation"),
        ],
    );
    let mut own = book.clone();
    own.put(
        "declaration",
        DECLARED,
        json!({"intervals": {"scope_months": 6}}),
    )
    .approve(DECLARED, 1);
    own.expect(
        "4.3-a.o",
        &[("2024-08-01", "holds"), ("2024-08-02", "overdue")],
    );
}

#[test]
fn a_date_of_their_own_that_has_passed_is_overdue_whatever_custom_says() {
    let mut body = whole();
    body["review_by"] = json!("2025-08-01");
    let book = scope(body, How::by(ROOT));
    book.expect(
        "4.3-a.o",
        &[
            ("2025-02-02", "reservation"),
            ("2025-08-01", "reservation"),
            ("2025-08-02", "overdue"),
        ],
    );
}

#[test]
fn a_reasoned_no_change_counts_as_a_review() {
    let mut book = scope(whole(), How::by(ROOT));
    let next = How::carrying(json!({"next_review": "2025-06-01"}));
    book.on("2025-01-15").act("keep", SCOPE, 1, next);
    book.expect(
        "4.3-a.o",
        &[
            ("2025-02-02", "holds"),
            ("2025-06-01", "holds"),
            ("2025-06-02", "overdue"),
        ],
    );
}

#[test]
fn the_latest_no_change_sets_the_date_in_whatever_order_they_were_recorded() {
    let mut book = scope(whole(), How::by(ROOT));
    let later = How {
        effective_on: Some(crate::given::day("2024-06-01")),
        ..How::carrying(json!({"next_review": "2025-05-01"}))
    };
    let earlier = How::carrying(json!({"next_review": "2024-09-01"}));
    book.on("2024-03-01").act("keep", SCOPE, 1, later);
    book.on("2024-04-01").act("keep", SCOPE, 1, earlier);
    book.expect(
        "4.3-a.o",
        &[("2024-09-02", "holds"), ("2025-05-02", "overdue")],
    );
}

#[test]
fn a_scope_is_approved_by_top_management_or_its_delegate() {
    let cases = [
        (How::by(ROOT), "holds"),
        (How::by(BOARD), "holds"),
        (How::by(TEAM), "reservation"),
        (How::person(OFFICER), "reservation"), // nobody gave the power
    ];
    for (how, expected) in cases {
        let said = scope(whole(), how.clone()).says("4.3-a.p", "2024-02-01");
        assert_eq!(said, expected, "{how:?}");
    }
    Book::new().expect("4.3-a.p", &[("2024-02-01", "not_due")]);
}

#[test]
fn a_body_nobody_set_up_or_one_dissolved_is_no_part_of_top_management() {
    let stray = 4;
    let mut book = Book::new();
    book.put("body", stray, json!({"top_management": "part"}));
    book.on("2024-02-01")
        .put("scope", SCOPE, whole())
        .act("approve", SCOPE, 1, How::by(stray));
    book.expect("4.3-a.p", &[("2024-02-01", "reservation")]);

    let mut book = Book::new();
    book.on("2024-01-20").act("end", BOARD, 1, How::by(ROOT));
    book.on("2024-02-01")
        .put("scope", SCOPE, whole())
        .act("approve", SCOPE, 1, How::by(BOARD));
    book.expect("4.3-a.p", &[("2024-02-01", "reservation")]);
}

pub fn attest(book: &mut Book, n: u128, on: &str, missing: Value) {
    book.on(on).put(
        "attestation",
        n,
        json!({"unit": "housing", "by": id(OFFICER), "attested_on": on, "missing": missing}),
    );
}

/// The officer heads Housing from a day on.
pub fn headed(book: &mut Book, start: &str) {
    let head = json!({"title": true, "holder": id(OFFICER), "head_of": "housing", "start": start});
    book.put("appointment", HEAD, head).approve(HEAD, 1);
}

pub fn declared(book: &mut Book) {
    book.put(
        "declaration",
        DECLARED,
        json!({"intervals": {"attestation_months": 3}}),
    )
    .approve(DECLARED, 1);
}

#[test]
fn a_unit_in_scope_attests_within_the_interval() {
    let mut book = scope(whole(), How::by(ROOT));
    declared(&mut book);
    headed(&mut book, "2024-02-01");
    attest(&mut book, 400, "2024-04-15", json!([]));
    book.expect(
        "4.3-c",
        &[
            ("2024-01-31", "not_due"),
            ("2024-04-14", "not_due"),
            ("2024-04-15", "holds"),
            ("2024-07-15", "holds"),
            ("2024-07-16", "reservation"),
        ],
    );
}

#[test]
fn a_unit_that_never_attested_is_open_once_the_first_interval_has_passed() {
    let mut book = scope(whole(), How::by(ROOT));
    declared(&mut book);
    book.expect(
        "4.3-c",
        &[("2024-05-01", "not_due"), ("2024-05-02", "reservation")],
    );
    let silent = Book::new();
    silent.expect("4.3-c", &[("2024-05-02", "not_due")]);
}

#[test]
fn a_lapsed_attestation_leaves_the_scope_open_only_by_a_declared_interval() {
    let mut book = scope(whole(), How::by(ROOT));
    book.expect(
        "4.3-c",
        &[("2024-05-01", "not_due"), ("2024-05-02", "reservation")],
    );
    assert_eq!(book.words("scope", "2024-05-02"), ("yes", "yes"));
    declared(&mut book);
    assert_eq!(book.words("scope", "2024-05-01"), ("yes", "yes"));
    assert_eq!(book.words("scope", "2024-05-02"), ("yes", "unknown"));
}

#[test]
fn a_disposition_is_of_the_unit_it_names() {
    let mut text = whole();
    text["units"] = json!(["housing", "planning"]);
    let mut book = scope(text, How::by(ROOT));
    declared(&mut book);
    book.on("2024-05-03").put(
        "disposition",
        800,
        json!({"rule": "4.3-c", "subject": "planning", "since": "2024-05-02",
            "says": "not_a_failure", "because": true}),
    );
    let status = book.about("2024-05-04");
    let scope = status.requirements.iter().find(|one| one.id == "4.3");
    let finding = scope.and_then(|one| one.findings.iter().find(|one| one.rule == "4.3-c"));
    let subjects = finding.map(|one| one.subjects.iter());
    let disposed: Vec<_> = subjects
        .into_iter()
        .flatten()
        .map(|one| (one.id.as_str(), one.disposition.is_some()))
        .collect();
    assert_eq!(disposed, [("housing", false), ("planning", true)]);
}

#[test]
fn an_attestation_naming_a_missing_system_counts_once_that_is_placed() {
    let mut book = scope(whole(), How::by(ROOT));
    declared(&mut book);
    headed(&mut book, "2024-02-01");
    let missing = json!([{"name": true, "system": id(100)}]);
    attest(&mut book, 400, "2024-05-01", missing);
    book.on("2024-05-20").put("ai_system", 100, json!({}));
    book.moved(SCOPE, "confirm", json!({"systems": [cite(100, 1)]}));
    book.expect(
        "4.3-c",
        &[
            ("2024-05-02", "reservation"),
            ("2024-05-19", "reservation"),
            ("2024-05-20", "holds"),
            ("2024-08-01", "holds"),
            ("2024-08-02", "reservation"),
        ],
    );
}

#[test]
fn only_the_head_of_the_unit_on_that_day_attests() {
    let attested = |head: &dyn Fn(&mut Book)| {
        let mut book = scope(whole(), How::by(ROOT));
        declared(&mut book);
        head(&mut book);
        attest(&mut book, 400, "2024-04-15", json!([]));
        book.says("4.3-c", "2024-07-01")
    };
    let head_of = |unit: &'static str, holder: u128, end: Value| {
        move |book: &mut Book| {
            let head = json!({"title": true, "holder": id(holder), "head_of": unit,
                "start": "2024-02-01", "end": end});
            book.put("appointment", HEAD, head).approve(HEAD, 1);
        }
    };
    let open = Value::Null;
    assert_eq!(attested(&|book| headed(book, "2024-04-15")), "holds");
    assert_eq!(attested(&|book| headed(book, "2024-04-16")), "reservation");
    assert_eq!(attested(&|_| {}), "reservation");
    assert_eq!(
        attested(&head_of("housing", OFFICER, json!("2024-04-15"))),
        "holds"
    );
    assert_eq!(
        attested(&head_of("housing", OFFICER, json!("2024-04-14"))),
        "reservation"
    );
    assert_eq!(
        attested(&head_of("planning", OFFICER, open.clone())),
        "reservation"
    );
    assert_eq!(attested(&head_of("housing", CHIEF, open)), "reservation");
    let proposed = |book: &mut Book| {
        let head = json!({"holder": id(OFFICER), "head_of": "housing", "start": "2024-02-01"});
        book.put("appointment", HEAD, head);
    };
    assert_eq!(attested(&proposed), "reservation");
    let left = |last: &'static str| {
        move |book: &mut Book| {
            headed(book, "2024-02-01");
            book.moved(HEAD, "leave", json!({"last_day": last}));
        }
    };
    assert_eq!(attested(&left("2024-04-15")), "holds");
    assert_eq!(attested(&left("2024-04-14")), "reservation");
}

#[test]
fn whoever_stands_in_for_a_head_who_is_gone_attests() {
    let mut book = scope(whole(), How::by(ROOT));
    declared(&mut book);
    let head = json!({"title": true, "holder": id(CHIEF), "cover": id(OFFICER),
        "head_of": "housing", "start": "2024-02-01"});
    book.put("appointment", HEAD, head).approve(HEAD, 1);
    book.moved(HEAD, "leave", json!({"last_day": "2024-04-01"}));
    attest(&mut book, 400, "2024-04-15", json!([]));
    book.expect(
        "4.3-c",
        &[("2024-04-15", "holds"), ("2024-07-16", "reservation")],
    );
}

#[test]
fn an_attestation_naming_a_system_as_gone_counts_once_that_is_retired_or_withdrawn() {
    let attested = |gone: &[u128]| {
        let mut book = scope(whole(), How::by(ROOT));
        declared(&mut book);
        headed(&mut book, "2024-02-01");
        book.put("ai_system", 100, json!({"stage": "live"})).put(
            "ai_system",
            101,
            json!({"stage": "live"}),
        );
        let gone: Vec<Value> = gone.iter().map(|one| json!(id(*one))).collect();
        let body = json!({"unit": "housing", "by": id(OFFICER), "attested_on": "2024-04-20",
            "gone": gone});
        book.on("2024-04-20").put("attestation", 400, body);
        book
    };
    attested(&[]).expect("4.3-c", &[("2024-05-02", "holds")]);
    let mut book = attested(&[100, 101]);
    let said = "The attestation of housing of 20 April 2024 counts only once each system that it \
        names as gone is retired in the register, or withdrawn.";
    assert_eq!(book.sentence("4.3-c", "2024-05-02"), said);
    book.on("2024-05-10")
        .put("ai_system", 100, json!({"stage": "retired"}));
    book.on("2024-05-20").moved(101, "withdraw", json!({}));
    book.expect(
        "4.3-c",
        &[
            ("2024-05-09", "reservation"),
            ("2024-05-10", "holds"),
            ("2024-07-20", "holds"),
            ("2024-07-21", "reservation"),
        ],
    );
    // One that names a missing system as well says both.
    let mut both = attested(&[100]);
    let body = json!({"unit": "housing", "by": id(OFFICER), "attested_on": "2024-04-20",
        "gone": [id(100)], "missing": [{"name": true}]});
    both.put("attestation", 400, body);
    let sentence = both.sentence("4.3-c", "2024-05-02");
    assert!(sentence.contains("names as missing"), "{sentence}");
    assert!(sentence.ends_with(said), "{sentence}");
}

#[test]
fn what_an_attestation_falls_short_of_is_said() {
    let mut book = scope(whole(), How::by(ROOT));
    declared(&mut book);
    attest(&mut book, 400, "2024-04-15", json!([]));
    assert_eq!(
        book.sentence("4.3-c", "2024-05-02"),
        format!(
            "Since 2 May 2024 no head of housing has attested that its list of AI systems is \
             complete; record {}, who did so on 15 April 2024, was not its head by any appointment in force that day.",
            id(OFFICER)
        ),
    );
    let mut book = scope(whole(), How::by(ROOT));
    declared(&mut book);
    headed(&mut book, "2024-02-01");
    attest(&mut book, 400, "2024-04-15", json!([{"name": true}]));
    assert_eq!(
        book.sentence("4.3-c", "2024-05-02"),
        "The attestation of housing of 15 April 2024 counts only once each system that it names \
         as missing (1) is in the register and decided.",
    );
    // By then it would have lapsed whoever made it.
    assert_eq!(
        book.sentence("4.3-c", "2024-07-16"),
        "Since 2 May 2024 nobody has attested that housing's list of AI systems is complete.",
    );
}

#[test]
fn what_a_scope_does_not_state_is_named() {
    let bare = json!({"criteria": [{"says": "in"}], "no_exclusions_because": true});
    assert_eq!(
        scope(bare, How::by(ROOT)).sentence("4.3-a", "2024-02-01"),
        "The scope in force does not state the units it covers, the sites and other boundaries, \
         the organisation's roles and the interfaces to suppliers.",
    );
}

#[test]
fn a_scope_older_than_a_live_system_is_flagged_and_changes_no_word() {
    let mut book = scope(whole(), How::by(ROOT));
    book.put("ai_system", 100, json!({"stage": "live"}));
    book.on("2024-03-01")
        .put("ai_system", 101, json!({"stage": "pilot"}))
        .put("ai_system", 102, json!({"stage": "live"}));
    book.on("2024-04-01")
        .put("ai_system", 101, json!({"stage": "live"}));
    let flags = |book: &Book, about: &str| {
        let status = book.about(about);
        let scope = status.requirements.into_iter().find(|one| one.id == "4.3");
        let findings = scope.map(|one| one.findings).unwrap_or_default();
        let older = findings.into_iter().filter(|one| one.rule == "4.3-a");
        older.collect::<Vec<_>>()
    };
    assert!(
        flags(&book, "2024-03-31").is_empty(),
        "within the tolerance"
    );
    for (about, named) in [
        ("2024-04-01", vec![102]),
        ("2024-05-01", vec![102]),
        ("2024-05-02", vec![102, 101]),
    ] {
        let found = flags(&book, about);
        assert_eq!(found.len(), 1, "{about}");
        assert_eq!((found[0].level, found[0].affected.of), ("flag", 3));
        let ids: Vec<String> = found[0].subjects.iter().map(|one| one.id.clone()).collect();
        let expected: Vec<String> = named.iter().map(|n| id(*n).to_string()).collect();
        assert_eq!(ids, expected, "{about}");
        assert_eq!(book.words("scope", about), ("yes", "yes"));
        let status = book.about(about);
        let scope = status.requirements.iter().find(|one| one.id == "4.3");
        assert_eq!(scope.map(|one| one.verdict), Some("shown"));
        let reserved = |one: &String| one.contains("live since");
        assert!(!status.five[0].reservations.iter().any(reserved));
    }
    assert_eq!(
        flags(&book, "2024-05-02")[0].sentence,
        format!(
            "The scope was last looked at on 1 February 2024; record {} is on record as live \
             since 1 March 2024. Of 3 live systems that it places, 2 are on record as live only since then. \
             1 more is concerned: record {}.",
            id(102),
            id(101)
        ),
    );
    assert_eq!(
        flags(&book, "2024-05-01")[0].sentence,
        format!(
            "The scope was last looked at on 1 February 2024; record {} is on record as live \
             since 1 March 2024. Of 3 live systems that it places, it alone is on record as live only since then.",
            id(102)
        ),
    );
    // Looked at and kept since.
    let next = How::carrying(json!({"next_review": "2025-06-01"}));
    book.on("2024-06-01").act("keep", SCOPE, 1, next);
    assert!(flags(&book, "2024-06-01").is_empty());
}

#[test]
fn a_system_that_awaits_its_decision_or_is_retired_flags_no_scope() {
    let mut body = whole();
    body["criteria"] = json!([{"unit": ["housing"], "says": "in"}]);
    for system in [
        json!({"stage": "live", "unit": "planning"}),
        json!({"stage": "retired", "unit": "housing"}),
    ] {
        let mut book = scope(body.clone(), How::by(ROOT));
        book.on("2024-03-01").put("ai_system", 102, system);
        let status = book.about("2024-06-01");
        let findings = status.requirements.iter().flat_map(|one| &one.findings);
        assert!(!findings.clone().any(|one| one.rule == "4.3-a"));
    }
}

#[test]
fn of_two_scopes_in_force_the_one_that_took_effect_last_is_told() {
    let mut book = Book::new();
    book.on("2024-02-01")
        .put("scope", SCOPE, whole())
        .act("approve", SCOPE, 1, How::from("2024-03-01"))
        .put("scope", 201, whole())
        .approve(201, 1);
    for (about, told) in [("2024-02-29", 201), ("2024-03-01", SCOPE)] {
        let because = book.about(about).five[0].because.clone();
        let named = format!("record {}, version 1,", id(told));
        assert!(because.starts_with(&named), "{because}");
    }
}

#[test]
fn a_no_change_that_counts_for_nothing_puts_no_review_off() {
    let mut book = scope(whole(), How::by(ROOT));
    book.on("2025-01-15")
        .act("keep", SCOPE, 1, How::lost("inquorate"));
    book.expect(
        "4.3-a.o",
        &[("2025-02-01", "holds"), ("2025-02-02", "reservation")],
    );
}

#[test]
fn a_review_named_for_the_day_of_approval_itself_is_due_that_day() {
    let mut body = whole();
    body["review_by"] = json!("2024-02-01");
    scope(body, How::by(ROOT)).expect(
        "4.3-a.o",
        &[("2024-02-01", "holds"), ("2024-02-02", "overdue")],
    );
}
