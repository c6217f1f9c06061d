//! What an answer rests on: each entry that makes it so, and how that entry came.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::given::{Book, CHIEF, How, OFFICER, ROOT, cite, day, id};
use crate::risk;

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
        let says = |text: &String| text.ends_with(" was attested on 3 March 2024, which is late.");
        assert_eq!(
            reserved.iter().any(says),
            expected == "late",
            "{reserved:?}"
        );
    }
}

#[test]
fn an_attestation_shows_its_own_day() {
    let told = ("2024-02-02", "2024-02-02");
    let book = adopted(("2024-02-01", "2024-02-20"), told);
    let policy = book.about("2024-06-01").five.remove(1);
    let attested = policy.evidence.last().unwrap();
    assert_eq!(attested.name_of_move.as_deref(), Some("attest"));
    let days = (attested.effective_on, attested.provenance);
    assert_eq!(days, (day("2024-02-20"), "in_time"));
}

#[test]
fn an_attestation_that_was_recorded_late_says_so_and_when_it_was_made() {
    let made = |on: &str| {
        let mut book = Book::new();
        book.on("2024-02-01").put("policy", POLICY, whole());
        let body = json!({"number": true, "decided_on": "2024-02-01"});
        book.put("resolution", 900, body);
        let resolution = record::Cite {
            id: id(900),
            version: 2,
        };
        let by = record::Approver::Body {
            body: id(ROOT),
            resolution,
        };
        let how = How {
            by,
            ..How::decided("2024-02-01")
        };
        book.on("2024-06-15").act_of(on, "approve", POLICY, how);
        book.reserved("2024-06-15")
    };
    let says = |on: &str, text: &str| {
        let reserved = made(on);
        assert!(
            reserved.iter().any(|one| one.ends_with(text)),
            "{reserved:?}"
        );
    };
    says(
        "2024-02-10",
        "of 1 February 2024 was attested on 10 February 2024, which was recorded late, on 15 June 2024.",
    );
    says(
        "2024-06-10",
        "of 1 February 2024 was attested on 10 June 2024, which is late.",
    );
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
        ("late", day("2025-06-01"), day("2025-06-01"))
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
            let assessed = evidence.filter(|one| one.kind == "risk_assessment");
            assessed.map(|one| (one.version, one.provenance)).collect()
        };
        assert_eq!(told("2024-07-01"), [(1, expected)]);
        assert_eq!(told("2024-08-01"), [(1, expected), (2, "in_time")]);
    }
}

const SCOPE: u128 = 200;
const DECLARED: u128 = 300;
const MEETING: u128 = 501;
/// What bodies decide in these books is attested there; its second version says where.
const RESOLUTION: u128 = 900;

/// Units of a scope in force, each with its head.
fn units(names: &[String]) -> Book {
    let mut book = Book::new();
    let scope = json!({"criteria": [{"says": "in"}], "boundaries": true, "suppliers": true,
        "roles": ["user"], "no_exclusions_because": true, "units": names});
    let intervals = json!({"intervals": {"attestation_months": 3}});
    book.on("2024-02-01")
        .put("scope", SCOPE, scope)
        .approve(SCOPE, 1)
        .put("declaration", DECLARED, intervals)
        .approve(DECLARED, 1);
    for (n, unit) in (1000..).zip(names) {
        let head = json!({"holder": id(OFFICER), "head_of": unit, "start": "2024-02-01"});
        book.put("appointment", n, head).approve(n, 1);
    }
    book
}

fn attestation(unit: &str, on: &str) -> Value {
    json!({"unit": unit, "by": id(OFFICER), "attested_on": on})
}

fn housing() -> Vec<String> {
    vec!["housing".to_owned()]
}

impl Book {
    /// Returns the attestations that the scope's answer rests on, each with its provenance.
    fn attested(&self, about: &str) -> Vec<(Uuid, u32, &'static str)> {
        let evidence = self.about(about).five.remove(0).evidence.into_iter();
        evidence
            .filter(|one| one.kind == "attestation")
            .map(|one| (one.id, one.version, one.provenance))
            .collect()
    }

    fn reserved_of_the_scope(&self, about: &str) -> Vec<String> {
        self.about(about).five.remove(0).reservations
    }
}

#[test]
fn an_attestation_is_evidence_of_the_scope_and_one_recorded_late_is_reserved() {
    for (recorded, expected) in [("2024-05-05", "in_time"), ("2024-07-01", "late")] {
        let mut book = units(&housing());
        let told = attestation("housing", "2024-04-05");
        book.on(recorded)
            .put_of("attestation", 400, "2024-04-05", told);
        assert_eq!(book.attested("2024-04-04"), []);
        assert_eq!(book.attested("2024-06-01"), [(id(400), 1, expected)]);
        let reserved: &[&str] = match expected {
            "late" => {
                &["The attestation of housing of 5 April 2024 was recorded late, on 1 July 2024."]
            }
            _ => &[],
        };
        assert_eq!(book.reserved_of_the_scope("2024-06-01"), reserved);
    }
}

#[test]
fn an_attestation_corrected_later_is_measured_by_the_version_that_first_told_of_it() {
    let mut book = units(&housing());
    book.on("2024-04-05")
        .put("attestation", 400, attestation("housing", "2024-04-05"));
    let mut corrected = attestation("housing", "2024-04-05");
    corrected["gone"] = json!([id(0xabc)]);
    book.on("2024-06-20")
        .put("ai_system", 0xabc, json!({}))
        .moved(0xabc, "withdraw", json!({}))
        .put("attestation", 400, corrected);
    let both = [(id(400), 1, "in_time"), (id(400), 2, "late")];
    assert_eq!(book.attested("2024-06-20"), both);
    assert_eq!(book.reserved_of_the_scope("2024-06-20"), [""; 0]);
    // Another day, or another who attested, is another attestation.
    let mut book = units(&housing());
    book.on("2024-02-20")
        .put("attestation", 400, attestation("housing", "2024-02-20"));
    book.on("2024-06-20")
        .put("attestation", 400, attestation("housing", "2024-04-05"));
    assert_eq!(book.attested("2024-06-20"), [(id(400), 2, "late")]);
}

#[test]
fn an_attestation_that_another_put_on_record_counts_and_is_marked() {
    let cases = [
        (Some(OFFICER), None),
        (
            None,
            Some("put on record by the local operator without a name; that record "),
        ),
        (Some(CHIEF), Some("put on record by record ")),
    ];
    for (by, expected) in cases {
        let mut book = units(&housing());
        let told = attestation("housing", "2024-04-05");
        let by = by.map(id);
        book.on("2024-04-05")
            .put_by(by, "attestation", 400, told.clone());
        assert_eq!(book.words("scope", "2024-05-05"), ("yes", "yes"));
        let reserved = book.reserved_of_the_scope("2024-05-05");
        assert_eq!(
            reserved.len(),
            usize::from(expected.is_some()),
            "{reserved:?}"
        );
        if let Some(expected) = expected {
            assert!(reserved[0].contains(expected), "{reserved:?}");
            book.expect("4.3-c", &[("2024-05-05", "reservation")]);
            // The head says so too, later.
            book.put_by(Some(id(OFFICER)), "attestation", 400, told);
            assert_eq!(book.reserved_of_the_scope("2024-05-05"), [""; 0]);
        }
    }
}

#[test]
fn of_hundreds_of_attestations_those_that_came_late_stand_first_and_are_reserved_once() {
    let names: Vec<String> = (0..300).map(|n| format!("unit-{n:03}")).collect();
    let mut book = units(&names);
    for (n, unit) in (2000..).zip(&names) {
        let late = n % 100 == 7;
        let on = if late { "2024-06-10" } else { "2024-04-05" };
        book.on(on)
            .put("attestation", n, attestation(unit, "2024-04-05"));
    }
    let attested = book.attested("2024-06-20");
    assert_eq!(attested.len(), 20);
    let late: Vec<_> = attested.iter().filter(|one| one.2 == "late").collect();
    assert_eq!(late, attested[..3].iter().collect::<Vec<_>>());
    let said = "3 attestations were recorded late, among them that of unit-007 of 5 April 2024, \
        on 10 June 2024.";
    assert_eq!(book.reserved_of_the_scope("2024-06-20"), [said]);
}

/// A policy adopted at a meeting of 1 February, recorded on a day.
fn adopted_at(recorded: &str) -> Book {
    let mut book = Book::new();
    let held = json!({"body": id(ROOT), "state": "held", "sittings": [{"on": "2024-02-01"}],
        "items": [{"number": "1", "text": true}]});
    book.on(recorded).put("meeting", MEETING, held);
    let resolution = json!({"number": true, "meeting": cite(MEETING, 1), "item": "1"});
    book.put("resolution", RESOLUTION, resolution);
    book.put("policy", POLICY, whole());
    let by = How {
        by: record::Approver::Body {
            body: id(ROOT),
            resolution: record::Cite {
                id: id(RESOLUTION),
                version: 2,
            },
        },
        ..How::decided("2024-02-01")
    };
    book.act("approve", POLICY, 1, by);
    book
}

#[test]
fn the_meeting_at_which_a_resolution_was_passed_is_evidence_and_late_where_it_was_recorded_late() {
    for (recorded, expected) in [("2024-03-02", "in_time"), ("2024-03-03", "late")] {
        let mut book = adopted_at(recorded);
        let meeting = |book: &Book| -> Vec<_> {
            let evidence = book.about("2024-06-01").five.remove(1).evidence;
            let of_meeting = evidence.into_iter().filter(|one| one.kind == "meeting");
            of_meeting
                .map(|one| (one.name_of_move, one.provenance))
                .collect()
        };
        assert_eq!(meeting(&book), [(None, expected)], "{recorded}");
        let late = format!("record {} was recorded late.", id(MEETING));
        let reserved = book.reserved("2024-06-01");
        assert_eq!(reserved.contains(&late), expected == "late", "{reserved:?}");
        let later = json!({"body": id(ROOT), "state": "held", "sittings": [{"on": "2024-05-01"}]});
        let confirm = json!({"by": cite(509, 1), "on": "2024-05-01"});
        book.on("2024-05-02")
            .put("meeting", 509, later)
            .moved(MEETING, "confirm", confirm);
        let confirmed = [(None, expected), (named("confirm"), "in_time")];
        assert_eq!(meeting(&book), confirmed, "{recorded}");
    }
}

#[test]
fn criteria_and_what_was_declared_are_evidence_of_what_they_decide() {
    let assessed = json!({"systems": [cite(0xabc, 1)], "assessed_on": "2024-02-05",
        "criteria": cite(230, 1), "level": "low",
        "consequences": {"organisation": true, "individuals": true, "societies": true},
        "decision": {"says": "no_change", "because": true, "on": "2024-02-10"}});
    for (recorded, expected) in [("2024-03-01", "in_time"), ("2024-04-20", "late")] {
        let mut book = Book::new();
        let criteria =
            json!({"actions": [{"on": "risk"}, {"on": "opportunity"}], "levels": ["low"]});
        let intervals = json!({"intervals": {"risk_assessment_months": 12}});
        book.on(recorded)
            .put_of("risk_criteria", 230, "2024-02-01", criteria)
            .act("approve", 230, 1, How::decided("2024-02-01"))
            .put_of("declaration", DECLARED, "2024-02-01", intervals)
            .act("approve", DECLARED, 1, How::decided("2024-02-01"))
            .put_of("ai_system", 0xabc, "2024-02-01", json!({"stage": "live"}))
            .put_of("risk_assessment", 240, "2024-02-10", assessed.clone());
        let risk = book.about("2024-05-01").five.remove(3);
        for kind in ["risk_criteria", "declaration"] {
            let found = risk.evidence.iter().filter(|one| one.kind == kind);
            let found: Vec<_> = found.map(|one| (one.version, one.provenance)).collect();
            assert_eq!(found, [(1, expected)], "{kind}");
        }
        for n in [230, DECLARED] {
            let late = format!("record {} was recorded late.", id(n));
            let reserved = &risk.reservations;
            assert_eq!(reserved.contains(&late), expected == "late", "{reserved:?}");
        }
    }
}

#[test]
fn what_was_declared_before_the_ledger_is_marked_and_reserves_nothing() {
    let mut book = Book::starting_on("2024-02-01");
    let intervals = json!({"intervals": {"policy_months": 12}});
    book.brought("declaration", DECLARED, "2024-01-10", intervals)
        .act("approve", DECLARED, 1, How::decided("2024-01-10"))
        .put("policy", POLICY, whole())
        .approve(POLICY, 1);
    let policy = book.about("2024-02-01").five.remove(1);
    let declared = policy.evidence.iter().find(|one| one.id == id(DECLARED));
    assert_eq!(declared.map(|one| one.provenance), Some("brought_in"));
    assert_eq!(policy.reservations, [""; 0]);
}

#[test]
fn who_was_there_is_evidence_of_its_own_where_it_was_told_after_the_minutes() {
    let told = |text: bool, there: Option<Value>| {
        let mut body = json!({"body": id(ROOT), "state": "held",
            "sittings": [{"on": "2024-02-01"}], "items": [{"number": "1", "text": text}]});
        if let Some(there) = there {
            body["present"] = there;
        }
        body
    };
    let there = json!([{"person": id(CHIEF), "role": "member"}]);
    let meetings = |book: &Book| -> Vec<_> {
        let evidence = book.about("2024-12-01").five.remove(1).evidence;
        let of_meeting = evidence.into_iter().filter(|one| one.kind == "meeting");
        of_meeting
            .map(|one| (one.version, one.provenance))
            .collect()
    };
    // The minutes came in time; what was late is who was there.
    let late = format!(
        "record {} was recorded late in version 2, on 2 November 2024; version 1 was recorded on 1 February 2024.",
        id(MEETING)
    );
    for (recorded, expected) in [("2024-03-02", "in_time"), ("2024-11-02", "late")] {
        let mut book = adopted_at("2024-02-01");
        let with = told(true, Some(there.clone()));
        book.on(recorded).put("meeting", MEETING, with.clone());
        assert_eq!(meetings(&book), [(1, "in_time"), (2, expected)]);
        let reserved = book.reserved("2024-12-01");
        assert_eq!(reserved.contains(&late), expected == "late", "{reserved:?}");
        // Told again it was told then.
        book.on("2024-11-20").put("meeting", MEETING, with);
        assert_eq!(meetings(&book), [(1, "in_time"), (2, expected)]);
    }
    // Minutes that came after it hold it too.
    let mut book = adopted_at("2024-02-01");
    book.put("meeting", MEETING, told(false, Some(there.clone())));
    assert_eq!(meetings(&book), [(1, "in_time"), (2, "in_time")]);
}

#[test]
fn a_version_of_an_assessment_without_its_decision_is_no_evidence_of_it() {
    let mut book = risk::set_up();
    let mut undecided = risk::assessed("2024-03-01");
    undecided["decision"] = Value::Null;
    let mut seen = risk::assessed("2024-03-01");
    seen["shown_by"] = json!([{"on": "2024-04-01", "what": true, "file": true}]);
    book.on("2024-03-01")
        .put("risk_assessment", risk::FIRST, undecided)
        .put("risk_assessment", risk::FIRST, risk::assessed("2024-03-01"))
        .on("2024-04-01")
        .put("risk_assessment", risk::FIRST, seen);
    let five = book.about("2024-04-02").five.remove(3);
    let evidence = five.evidence.iter();
    let of_it = evidence.filter(|one| one.id == id(risk::FIRST));
    let versions: Vec<u32> = of_it.map(|one| one.version).collect();
    assert_eq!(versions, [2, 3]);
}
