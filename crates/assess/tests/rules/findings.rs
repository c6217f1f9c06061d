//! What a finding says: since when, of how many, and what wanted to approve.

use serde_json::json;

use assess::{At, beside_none};
use record::Day;

use crate::given::{
    AND_REPORTING, BOARD, Book, CHIEF, How, OFFICER, ROOT, START, TEAM, cite, day, id,
};
use crate::review::{DECLARED, quarters, review};

const POLICY: u128 = 210;

fn whole() -> serde_json::Value {
    json!({"contents":
        {"purpose": true, "objectives": true, "requirements": true, "improvement": true}})
}

#[test]
fn a_resolution_without_quorum_adopts_nothing_and_the_finding_names_it() {
    for (because, why) in [
        ("inquorate", "without a quorum and adopted nothing"),
        (
            "no_power",
            "by a body without the power and adopted nothing",
        ),
        (
            "recused",
            "without a quorum, as whoever had withdrawn from the item does not count, and adopted",
        ),
        ("no_meeting", "cites no meeting, where its body's terms"),
        ("not_met", "at which its body did not sit on that day"),
        (
            "no_such_item",
            "names an item that its meeting did not have that day and adopted nothing",
        ),
    ] {
        let mut book = Book::new();
        book.on("2024-02-01").put("policy", POLICY, whole()).act(
            "approve",
            POLICY,
            1,
            How::lost(because),
        );
        assert_eq!(book.words("policy", "2024-02-01"), ("no", "no"));
        let sentence = book.sentence("5.2-a", "2024-02-01");
        assert!(sentence.contains(why), "{sentence}");
        assert!(!book.sentence("5.2-a", "2024-01-31").contains("quorum"));
        let five = book.about("2024-02-01").five;
        assert!(five[1].because.contains(why), "{}", five[1].because);
    }
}

/// Resolution 26/14 on a version of the policy.
fn resolved(verb: &str, on: &str) -> serde_json::Value {
    json!({"number": true, "verb": verb, "decided_on": on, "objects": [{"of": cite(POLICY, 1)}]})
}

#[test]
fn a_resolution_that_nobody_attested_is_named_where_its_approval_was_wanted() {
    let open = "of 1 February 2024 is not attested, and adopts nothing until it is.";
    let mut book = Book::new();
    book.on("2024-02-01").put("policy", POLICY, whole());
    let mut noted = book.clone();
    noted.put("resolution", 901, resolved("notes", "2024-02-01"));
    assert!(!noted.sentence("5.2-a", "2024-02-01").contains("attested"));
    book.put("resolution", 901, resolved("adopts", "2024-02-01"));
    assert!(!book.sentence("5.2-a", "2024-01-31").contains("attested"));
    let sentence = book.sentence("5.2-a", "2024-02-01");
    assert!(sentence.ends_with(open), "{sentence}");
    assert!(book.about("2024-02-01").five[1].because.ends_with(open));
    // What was decided later speaks.
    book.on("2024-02-03")
        .act("approve", POLICY, 1, How::lost("inquorate"));
    let sentence = book.sentence("5.2-a", "2024-02-03");
    assert!(sentence.contains("without a quorum"), "{sentence}");
    let mut attested = Book::new();
    attested.on("2024-02-01").put("policy", POLICY, whole());
    attested.put("resolution", 901, resolved("adopts", "2024-02-01"));
    attested.moved(901, "attest", json!({}));
    let sentence = attested.sentence("5.2-a", "2024-02-01");
    assert!(!sentence.contains("attested"), "{sentence}");
}

#[test]
fn what_adopted_no_other_appointment_is_not_told_of_the_owner() {
    let mut book = Book::new();
    let lost = |book: &mut Book, duties: serde_json::Value| {
        let body = json!({"holder": id(CHIEF), "start": "2024-02-01", "duties": duties});
        book.on("2024-02-01").put("appointment", 220, body);
        book.act("approve", 220, 1, How::lost("no_such_item"));
        book.about("2024-02-01").five[2].because.clone()
    };
    let told = "names an item that its meeting did not have";
    let heads = lost(&mut book, json!([]));
    assert!(!heads.contains(told), "{heads}");
    let owner = lost(&mut Book::new(), json!(["conformity", "reporting"]));
    assert!(owner.contains(told), "{owner}");
}

#[test]
fn a_review_is_reserved_of_which_a_resolution_is_not_attested() {
    let mut book = quarters();
    review(&mut book, 500, "2024-02-01", Some("2024-01-01"));
    let reserved = |book: &Book| book.about("2024-02-01").five[4].reservations.clone();
    assert_eq!(reserved(&book), [""; 0]);
    let mut body = resolved("resolves", "2024-02-01");
    body["meeting"] = cite(501, 1);
    book.put("resolution", 901, body);
    let open = reserved(&book);
    assert!(
        open.len() == 1 && open[0].contains("is not attested"),
        "{open:?}"
    );
    assert_eq!(
        book.words("management_review", "2024-02-01"),
        ("yes", "yes")
    );
    book.moved(901, "attest", json!({}));
    assert_eq!(reserved(&book), [""; 0]);
}

#[test]
fn a_disposition_is_beside_a_finding_that_stands_or_stood_and_no_other() {
    let mut book = Book::new();
    book.on("2024-02-01").put("scope", 600, json!({})).put(
        "ai_system",
        601,
        json!({"stage": "live"}),
    );
    let catalogue = catalogue::Catalogue::iso_42001().unwrap();
    let at = At::new(
        &book.records,
        day(START),
        day("2024-03-01"),
        day("2024-03-01"),
    );
    let found = |body: serde_json::Value| {
        let beside = beside_none(&at, &catalogue, &body);
        beside.map(|one| one.found.iter().map(Day::to_string).collect::<Vec<_>>())
    };
    let of = |rule: &str, subject: Option<u128>, since: &str| json!({"rule": rule, "subject": subject.map(id), "since": since});
    assert_eq!(found(of("4.3-a", None, START)), None);
    assert_eq!(found(of("4.3-a", Some(0xa), START)), None);
    assert_eq!(found(of("4.1-c", Some(601), "2024-02-01")), None);
    let none: Option<Vec<String>> = Some(Vec::new());
    let since = |day: &str| Some(vec![day.to_owned()]);
    assert_eq!(found(of("4.3-a", None, "2024-01-02")), since(START));
    assert_eq!(
        found(of("4.1-c", Some(601), "2024-02-02")),
        since("2024-02-01")
    );
    assert_eq!(found(of("4.1-c", None, "2024-02-01")), none);
    assert_eq!(found(of("4.1-c", Some(600), "2024-02-01")), none);
    // A rule that is not built finds nothing.
    assert_eq!(found(of("4.2", None, START)), none);
}

#[test]
fn each_rule_that_wanted_the_approval_names_the_resolution() {
    for (kind, rule, body) in [
        ("scope", "4.3-a", json!({})),
        ("appointment", "5.3", json!({"duties": ["reporting"]})),
        ("risk_criteria", "6.1.1", json!({})),
    ] {
        let mut book = Book::new();
        book.on("2024-02-01")
            .put(kind, 600, body)
            .act("approve", 600, 1, How::lost("inquorate"));
        let sentence = book.sentence(rule, "2024-02-01");
        assert!(sentence.contains("without a quorum"), "{rule}: {sentence}");
    }
}

#[test]
fn a_lost_no_change_is_named_by_the_rule_on_the_review_date() {
    let mut book = Book::new();
    let mut body = whole();
    body["review_by"] = json!("2024-06-30");
    book.on("2024-02-01")
        .put("policy", POLICY, body)
        .approve(POLICY, 1);
    book.on("2024-06-20")
        .act("keep", POLICY, 1, How::lost("inquorate"));
    let sentence = book.sentence("5.2-a.o", "2024-07-01");
    assert!(sentence.contains("without a quorum"), "{sentence}");
    let next = How::carrying(json!({"next_review": "2024-09-30"}));
    book.on("2024-07-10").act("keep", POLICY, 1, next);
    let sentence = book.sentence("5.2-a.o", "2024-10-01");
    assert!(!sentence.contains("quorum"), "{sentence}");
}

#[test]
fn a_quorum_that_no_record_shows_counts_and_is_reserved() {
    let systems = json!({"systems": true});
    let appointment = json!({"holder": id(OFFICER), "duties": ["conformity", "reporting"],
        "authority": true, "start": "2024-01-01"});
    let cases = [
        ("scope", systems, "4.3-a.p"),
        ("policy", whole(), "5.2-a"),
        ("appointment", appointment, "5.3.p"),
        ("risk_criteria", json!({}), "6.1.1.p"),
    ];
    for (kind, body, rule) in cases {
        let approved = |how: How| {
            let mut book = Book::new();
            book.on("2024-02-01").put(kind, 600, body.clone());
            book.act("approve", 600, 1, how);
            if kind == "appointment" {
                book.accepted(600, OFFICER, "2024-02-01");
            }
            book
        };
        let shown = approved(How::by(ROOT)).says(rule, "2024-02-01");
        assert!(["holds", "not_due"].contains(&shown), "{rule}: {shown}");
        let book = approved(How::unattended());
        book.expect(rule, &[("2024-02-01", "reservation")]);
        let sentence = book.sentence(rule, "2024-02-01");
        assert!(
            sentence.contains("without a record of who was there"),
            "{sentence}"
        );
        if kind == "policy" {
            assert_eq!(book.words("policy", "2024-02-01").0, "yes");
            let five = book.about("2024-02-01").five;
            assert_eq!(five[1].reservations[0], sentence);
        }
    }
}

/// The board with terms that nobody is shown to have been there to approve, and what it did.
fn by_a_board_of_unattended_terms(rule: &str, how: How) -> Book {
    let mut book = quarters();
    let terms = json!({"name": true, "top_management": "part", "quorum": 1,
        "seats": [{"person": id(CHIEF)}]});
    book.on("2024-01-10")
        .put("body", BOARD, terms)
        .act("approve", BOARD, 2, How::unattended());
    let appointment = json!({"holder": id(OFFICER), "duties": ["conformity", "reporting"],
        "authority": true, "start": "2024-01-01"});
    book.on("2024-02-01");
    match rule {
        "4.3-a.p" => book
            .put(
                "scope",
                600,
                json!({"units": ["housing"], "criteria": [{"says": "in"}]}),
            )
            .act("approve", 600, 1, how),
        "5.2-a" => book.put("policy", 600, whole()).act("approve", 600, 1, how),
        "5.3" => book
            .put("appointment", 600, appointment)
            .act("approve", 600, 1, how)
            .moved(
                600,
                "communicate",
                json!({"on": "2024-02-01", "to": true, "how": true}),
            )
            .accepted(600, OFFICER, "2024-02-01"),
        _ => {
            review(&mut book, 500, "2024-02-01", Some("2024-01-01"));
            &mut book
        }
    };
    book
}

#[test]
fn terms_of_reference_that_nobody_is_shown_to_have_approved_are_reserved() {
    let cases = [
        ("5.2-a", "policy", How::by(BOARD), "reservation"),
        ("5.2-a", "policy", How::by(ROOT), "holds"),
        ("5.2-a", "policy", How::person(CHIEF), "holds"), // who sits on the root too
        ("4.3-a.p", "scope", How::by(BOARD), "reservation"),
        ("4.3-a.p", "scope", How::by(ROOT), "holds"),
        ("5.3", "owner", How::by(BOARD), "reservation"),
        ("5.3", "owner", How::by(ROOT), "holds"),
        ("9.3-a", "management_review", How::by(BOARD), "reservation"),
    ];
    for (rule, answer, how, expected) in cases {
        let mut book = by_a_board_of_unattended_terms(rule, how.clone());
        book.expect(rule, &[("2024-02-01", expected)]);
        // It counts, and it was only marked.
        assert_eq!(book.words(answer, "2024-02-01").0, "yes", "{rule}, {how:?}");
        if expected == "holds" {
            continue;
        }
        let sentence = book.sentence(rule, "2024-02-01");
        let expected = "were approved on 10 January 2024 without a record of who was there.";
        assert!(
            sentence.starts_with("The terms of reference of "),
            "{sentence}"
        );
        let sentence = sentence.trim_end_matches(AND_REPORTING);
        assert!(sentence.ends_with(expected), "{sentence}");
        let five = book.about("2024-02-01").five;
        let told = five.iter().find(|one| one.id == answer);
        let reserved = told.map(|one| {
            let mut said = one.reservations.iter();
            said.any(|one| one.starts_with(sentence))
        });
        assert_eq!(reserved, Some(true), "{rule}, {how:?}");
        // Terms approved later do not reach back.
        book.on("2024-03-01")
            .put(
                "body",
                BOARD,
                json!({"top_management": "part", "quorum": 1}),
            )
            .approve(BOARD, 3);
        book.expect(rule, &[("2024-03-01", "reservation")]);
    }
}

#[test]
fn what_nobody_is_shown_to_have_declared_is_reserved_where_an_answer_rests_on_it() {
    let named = json!({"review_by": "2024-06-30"});
    let cases = [
        (
            "scope",
            "4.3-a.o",
            json!({}),
            How::unattended(),
            "reservation",
        ),
        ("scope", "4.3-a.o", json!({}), How::by(ROOT), "holds"),
        // The date is the record's own.
        (
            "scope",
            "4.3-a.o",
            named.clone(),
            How::unattended(),
            "holds",
        ),
        (
            "policy",
            "5.2-a.o",
            json!({}),
            How::unattended(),
            "reservation",
        ),
        ("policy", "5.2-a.o", json!({}), How::by(ROOT), "holds"),
        ("policy", "5.2-a.o", named, How::unattended(), "holds"),
        (
            "risk_criteria",
            "9.3-a",
            json!({}),
            How::unattended(),
            "reservation",
        ),
        ("risk_criteria", "9.3-a", json!({}), How::by(ROOT), "holds"),
    ];
    for (kind, rule, body, how, expected) in cases {
        let declared = json!({"intervals": {"scope_months": 12, "policy_months": 12},
            "series": {"management_review": {"first_day": "2024-01-01", "months": 3}}});
        let mut book = Book::new();
        book.put("declaration", DECLARED, declared)
            .act("approve", DECLARED, 1, how.clone());
        book.put(kind, 600, body).approve(600, 1);
        review(&mut book, 500, "2024-02-01", Some("2024-01-01"));
        book.expect(rule, &[("2024-02-01", expected)]);
        if expected == "reservation" {
            let sentence = book.sentence(rule, "2024-02-01");
            let expected = " was declared on 1 January 2024 without a record of who was there.";
            assert!(sentence.ends_with(expected), "{sentence}");
        }
    }
}

#[test]
fn an_answer_says_what_fails_before_what_is_only_reserved() {
    let mut book = Book::new();
    let declared = json!({"intervals": {"scope_months": 12},
        "tolerances": {"awaiting_scope_days": 30}});
    book.put("declaration", DECLARED, declared)
        .act("approve", DECLARED, 1, How::unattended())
        .put(
            "scope",
            600,
            json!({"criteria": [{"says": "in", "unit": ["housing"]}],
            "boundaries": true, "suppliers": true, "no_exclusions_because": true,
            "units": ["housing"], "roles": ["user"]}),
        )
        .approve(600, 1)
        .put("ai_system", 601, json!({"unit": "planning"}));
    assert_eq!(book.words("scope", "2024-03-01"), ("yes", "no"));
    let because = book.about("2024-03-01").five[0].because.clone();
    assert!(
        because.ends_with("but 1 AI system has waited over 30 days for a decision on scope."),
        "{because}"
    );
}

#[test]
fn a_finding_stands_since_the_first_day_of_its_level() {
    let mut book = Book::new();
    let systems = [
        ("2024-01-10", 100, json!({})),
        ("2024-01-20", 101, json!({})),
        (
            "2024-03-01",
            100,
            json!({"roles": ["user"], "purpose": true}),
        ),
    ];
    for (on, n, body) in systems {
        book.on(on).put("ai_system", n, body);
    }
    let status = book.about("2024-03-10");
    let requirement = status.requirements.iter().find(|one| one.id == "4.1");
    let finding = requirement.map(|one| &one.findings[0]);
    let told = finding.map(|one| {
        let affected = (one.affected.n, one.affected.of);
        (one.since.to_string(), affected, one.subjects.len())
    });
    assert_eq!(told, Some(("2024-01-10".to_owned(), (1, 2), 1)));
}

#[test]
fn a_failure_beside_reservations_dates_from_the_first_failure() {
    // By custom one system is late from 1 March on; by its own word both from 1 April on.
    let mut book = Book::new();
    book.on("2024-01-30").put("ai_system", 100, json!({}));
    book.on("2024-03-15")
        .put(
            "declaration",
            300,
            json!({"tolerances": {"awaiting_scope_days": 10}}),
        )
        .approve(300, 1);
    book.put("ai_system", 101, json!({}));
    let since = |about: &str| {
        let status = book.about(about);
        let requirement = status.requirements.into_iter().find(|one| one.id == "4.3");
        let findings = requirement.map(|one| one.findings).unwrap_or_default();
        findings
            .into_iter()
            .find(|finding| finding.rule == "4.3-b.o")
            .map(|finding| (finding.level, finding.since.to_string()))
    };
    assert_eq!(since("2024-02-29"), None);
    assert_eq!(
        since("2024-03-14"),
        Some(("reservation", "2024-03-01".to_owned()))
    );
    assert_eq!(
        since("2024-04-30"),
        Some(("overdue", "2024-03-15".to_owned()))
    );
}

#[test]
fn a_disposition_changes_no_level() {
    // Of the organisation as a whole it names that, or nothing.
    let cases = [
        (None, Some("not_a_failure")),
        (Some(id(0xa)), Some("not_a_failure")),
        (Some(id(ROOT)), None),
    ];
    for (subject, expected) in cases {
        let mut book = Book::new();
        let mut body = json!({"rule": "4.3-a", "since": "2024-01-01", "says": "not_a_failure",
            "because": true});
        if let Some(subject) = subject {
            body["subject"] = json!(subject);
        }
        book.on("2024-02-01").put("disposition", 800, body);
        let status = book.about("2024-02-01");
        let requirement = status.requirements.iter().find(|one| one.id == "4.3");
        let told = requirement.map(|one| {
            let finding = &one.findings[0];
            let says = finding.subjects[0].disposition.as_ref();
            (
                one.verdict,
                finding.level,
                says.map(|one| one.says.as_str()),
            )
        });
        let expected = ("not_shown", "not_shown", expected);
        assert_eq!(told, Some(expected), "{subject:?}");
    }
}

#[test]
fn a_finding_about_the_organisation_names_its_record_or_none() {
    let subjects = |book: &Book| {
        let status = book.about("2024-02-01");
        let findings = status.requirements.iter().flat_map(|one| &one.findings);
        let found = findings.clone().find(|one| one.rule == "4.3-a");
        let named = found.map(|one| one.subjects.iter().map(|one| one.id.clone()).collect());
        named.unwrap_or_else(|| vec!["no finding".to_owned()])
    };
    assert_eq!(subjects(&Book::new()), [id(0xa).to_string()]);
    assert_eq!(subjects(&Book::begun_on(START)), Vec::<String>::new());
}

#[test]
fn a_body_that_only_recommends_is_no_top_management() {
    let mut book = Book::new();
    book.on("2024-02-01")
        .put("policy", POLICY, whole())
        .act("approve", POLICY, 1, How::by(TEAM));
    book.on("2024-03-01")
        .put("policy", POLICY, whole())
        .act("approve", POLICY, 2, How::by(ROOT));
    assert_eq!(book.words("policy", "2024-02-29").0, "no");
    assert_eq!(book.words("policy", "2024-03-01").0, "yes");
}

#[test]
fn a_resolution_without_a_quorum_is_no_cause_of_what_a_later_one_rescinded() {
    let mut book = Book::new();
    let body = |duties: serde_json::Value| json!({"holder": id(CHIEF), "start": "2024-02-01", "authority": true, "duties": duties});
    // The head of a unit stays in force whatever becomes of the owner.
    book.on("2024-02-01")
        .put("appointment", 221, body(json!([])))
        .approve(221, 1)
        .put("appointment", 220, body(json!(["conformity", "reporting"])))
        .approve(220, 1);
    book.on("2024-03-20")
        .put("appointment", 220, body(json!(["conformity", "reporting"])))
        .act("approve", 220, 2, How::lost("inquorate"));
    book.on("2024-04-10").act("end", 220, 1, How::by(ROOT));
    for said in [
        book.sentence("5.3", "2024-04-20"),
        book.about("2024-04-20").five.remove(2).because,
    ] {
        assert!(!said.contains("without a quorum"), "{said}");
    }
    // What was wanted after that is.
    let mut later = book;
    later
        .on("2024-04-12")
        .act("approve", 220, 2, How::lost("inquorate"));
    let said = later.sentence("5.3", "2024-04-20");
    assert!(
        said.contains("of 12 April 2024 was passed without a quorum"),
        "{said}"
    );
}
