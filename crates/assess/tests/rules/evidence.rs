//! What an answer rests on: each entry that makes it so, and how that entry came.

use serde_json::{Value, json};

use crate::given::{Book, CHIEF, How, cite, day};

const POLICY: u128 = 210;

fn whole() -> Value {
    json!({"title": true, "text": true, "contents":
        {"purpose": true, "objectives": true, "requirements": true, "improvement": true}})
}

/// A policy adopted and made known on the days said, recorded on others.
fn adopted((decided, attested): (&str, &str), (told, noted): (&str, &str)) -> Book {
    let mut book = Book::new();
    book.on("2024-02-01").put("policy", POLICY, whole());
    book.on(attested)
        .act("approve", POLICY, 1, How::decided(decided));
    book.on(noted).moved(
        POLICY,
        "communicate",
        json!({"on": told, "to": true, "how": true}),
    );
    book
}

impl Book {
    /// Returns move and provenance of each entry that the policy's answer rests on.
    fn entries(&self, about: &str) -> Vec<(Option<String>, &'static str)> {
        let policy = self.about(about).five.remove(1);
        let entries = policy.evidence.into_iter();
        entries
            .map(|one| (one.name_of_move, one.provenance))
            .collect()
    }

    fn reserved(&self, about: &str) -> Vec<String> {
        self.about(about).five.remove(1).reservations
    }
}

fn named(name: &str) -> Option<String> {
    Some(name.to_owned())
}

#[test]
fn an_approval_is_late_where_it_was_attested_past_the_tolerance() {
    let told = ("2024-02-02", "2024-02-02");
    for (attested, expected) in [("2024-03-02", "in_time"), ("2024-03-03", "late")] {
        let book = adopted(("2024-02-01", attested), told);
        let entries = book.entries("2024-06-01");
        let approval = entries.last().unwrap();
        assert_eq!(*approval, (named("attest"), expected), "{attested}");
        let reserved = book.reserved("2024-06-01");
        let says = |text: &String| {
            text.contains("attested on 1 February 2024, which was recorded late, on 3 March 2024.")
        };
        assert_eq!(
            reserved.iter().any(says),
            expected == "late",
            "{reserved:?}"
        );
    }
}

#[test]
fn being_told_is_late_where_it_was_noted_past_the_tolerance() {
    let decided = ("2024-02-01", "2024-02-01");
    for (noted, expected) in [("2024-03-03", "in_time"), ("2024-03-04", "late")] {
        let book = adopted(decided, ("2024-02-02", noted));
        let entries = book.entries("2024-06-01");
        assert!(
            entries.contains(&(named("communicate"), expected)),
            "{noted}: {entries:?}"
        );
    }
}

#[test]
fn a_person_who_approves_is_evidence_of_their_own() {
    let mut book = Book::new();
    book.on("2024-02-01").put("policy", POLICY, whole());
    let how = How {
        decided_on: Some(day("2024-02-03")),
        ..How::person(CHIEF)
    };
    book.on("2024-05-01").act("approve", POLICY, 1, how);
    let entries = book.entries("2024-06-01");
    assert_eq!(entries, [(None, "in_time"), (named("approve"), "late")]);
}

#[test]
fn a_decision_to_keep_is_named_and_shows_when_it_was_recorded() {
    let mut book = adopted(("2024-02-01", "2024-02-01"), ("2024-02-02", "2024-02-02"));
    let next = json!({"next_review": "2026-01-01"});
    let kept = How {
        decided_on: Some(day("2024-12-20")),
        ..How::carrying(next)
    };
    book.on("2025-06-01").act("keep", POLICY, 1, kept);
    let policy = book.about("2025-03-01").five.remove(1);
    assert!(
        policy
            .because
            .contains(", kept as it is on 20 December 2024 ("),
        "{}",
        policy.because
    );
    let last = policy.evidence.last().unwrap();
    assert_eq!(last.name_of_move.as_deref(), Some("attest"));
    assert_eq!(
        (last.provenance, last.effective_on, last.recorded_on),
        ("late", day("2024-12-20"), day("2025-06-01"))
    );
    let before = book.about("2024-12-19").five.remove(1);
    assert!(!before.because.contains("kept"), "{}", before.because);
}

#[test]
fn an_assessment_is_late_by_the_day_it_was_decided_whatever_is_added_to_it() {
    let assessed = json!({"systems": [cite(0xabc, 1)], "assessed_on": "2024-02-05",
        "criteria": cite(230, 1), "level": "low",
        "consequences": {"organisation": true, "individuals": true, "societies": true},
        "decision": {"says": "no_change", "because": true, "on": "2024-02-10"}});
    let mut seen = assessed.clone();
    seen["shown_by"] = json!([{"on": "2024-07-01", "what": true, "file": true}]);
    for (recorded, expected) in [("2024-03-11", "in_time"), ("2024-03-12", "late")] {
        let mut book = Book::new();
        book.on("2024-02-01")
            .put(
                "risk_criteria",
                230,
                json!({"actions": [{"on": "risk"}, {"on": "opportunity"}]}),
            )
            .approve(230, 1)
            .put("ai_system", 0xabc, json!({"stage": "live"}));
        book.on(recorded)
            .put("risk_assessment", 240, assessed.clone());
        book.on("2024-07-02")
            .put("risk_assessment", 240, seen.clone());
        let told = |about: &str| -> Vec<_> {
            let risk = book.about(about).five.remove(3);
            let evidence = risk.evidence.into_iter();
            evidence.map(|one| (one.version, one.provenance)).collect()
        };
        assert_eq!(told("2024-07-01"), [(1, expected)]);
        assert_eq!(told("2024-08-01"), [(1, expected), (2, "in_time")]);
    }
}
