//! What a finding says: since when, of how many, and what wanted to approve.

use serde_json::json;

use crate::given::{Book, How, OFFICER, ROOT, TEAM, id};

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

#[test]
fn each_rule_that_wanted_the_approval_names_the_resolution() {
    for (kind, rule) in [
        ("scope", "4.3-a"),
        ("appointment", "5.3"),
        ("risk_criteria", "6.1.1"),
    ] {
        let mut book = Book::new();
        book.on("2024-02-01").put(kind, 600, json!({})).act(
            "approve",
            600,
            1,
            How::lost("inquorate"),
        );
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
                book.moved(600, "accept", json!({"on": "2024-02-01"}));
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
    let mut book = Book::new();
    book.on("2024-02-01").put(
        "disposition",
        800,
        json!({"rule": "4.3-a", "since": "2024-01-01", "says": "not_a_failure", "because": true}),
    );
    let status = book.about("2024-02-01");
    let requirement = status.requirements.iter().find(|one| one.id == "4.3");
    let finding = requirement.map(|one| (one.verdict, &one.findings[0]));
    let told = finding.map(|(verdict, one)| {
        let says = one.subjects[0].disposition.as_ref();
        (verdict, one.level, says.map(|one| one.says.clone()))
    });
    let expected = ("not_shown", "not_shown", Some("not_a_failure".to_owned()));
    assert_eq!(told, Some(expected));
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
