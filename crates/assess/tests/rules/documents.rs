//! 7.5: documents under control.

use serde_json::{Value, json};

use record::{Approver, Cite, Records};

use crate::given::{Book, CHIEF, How, OFFICER, ROOT, day, id};

#[test]
fn an_approval_by_the_author_counts_and_is_marked() {
    // One that no rule names is approved as any other.
    let kinds = [
        "appointment",
        "body",
        "declaration",
        "policy",
        "risk_criteria",
        "scope",
        "charter",
    ];
    let cases = kinds.map(|kind| [(kind, false, "holds"), (kind, true, "reservation")]);
    for (kind, same_person, expected) in cases.into_iter().flatten() {
        let document = 700;
        let mut book = Book::new();
        let how = How {
            same_person,
            ..How::person(CHIEF)
        };
        book.on("2024-02-01")
            .put(kind, document, json!({"title": true}))
            .act("approve", document, 1, how);
        assert_eq!(book.says("7.5-a.p", "2024-02-01"), expected, "{kind}");
    }
}

#[test]
fn whatever_gives_an_approval_or_takes_one_away_touches_who_approved_what() {
    let catalogue = catalogue::Catalogue::iso_42001().unwrap();
    let asked = assess::inquiries(&catalogue);
    let by_two = asked.iter().find(|one| one.id() == "7.5-a.p").unwrap();
    let mut book = Book::new();
    book.put("charter", 700, json!({"title": true}))
        .put("charter", 701, json!({"title": true}))
        .act("approve", 700, 1, How::person(CHIEF))
        .act("approve", 701, 1, How::by(ROOT))
        .moved(700, "communicate", json!({"on": "2024-02-01"}))
        .moved(701, "withdraw", json!({}))
        .moved(900, "withdraw", json!({}));
    let mut records = Records::default();
    let mut touched = Vec::new();
    for event in &book.events {
        let mut kinds = assess::kinds_touched(&records, event);
        // What an entry touches by its own kind is of no matter here.
        kinds.retain(|kind| &**kind != "charter" && &**kind != "resolution");
        touched.push(by_two.touched(&kinds));
        records.add(event.clone());
    }
    let last = &touched[touched.len() - 7..];
    assert_eq!(last, [false, false, true, true, false, true, true]);
}

#[test]
fn another_approver_of_the_next_version_takes_the_mark_away() {
    let policy = 700;
    let mut book = Book::new();
    let same = How {
        same_person: true,
        ..How::person(CHIEF)
    };
    book.on("2024-02-01")
        .put("policy", policy, json!({"title": true}))
        .act("approve", policy, 1, same);
    book.on("2024-03-01")
        .put("policy", policy, json!({"title": true}))
        .approve(policy, 2);
    book.expect(
        "7.5-a.p",
        &[("2024-02-29", "reservation"), ("2024-03-01", "holds")],
    );
}

const CRITERIA: u128 = 710;
const OTHERS: u128 = 711;

/// Risk criteria that say all that 6.1.1 asks for and when they are to be looked at again.
fn criteria(review_by: Option<&str>) -> Value {
    json!({"title": true, "actions": [{"on": "risk"}, {"on": "opportunity"}], "levels": ["low"],
        "acceptable_to": "low", "review_by": review_by})
}

/// The same, approved on 1 February 2024.
fn approved(review_by: Option<&str>) -> Book {
    let mut book = Book::new();
    book.on("2024-02-01")
        .put("risk_criteria", CRITERIA, criteria(review_by))
        .approve(CRITERIA, 1);
    book
}

#[test]
fn risk_criteria_are_overdue_the_day_after_the_one_they_name() {
    let book = approved(Some("2024-08-01"));
    book.expect(
        "7.5-a.o",
        &[
            ("2024-01-31", "not_due"),
            ("2024-02-01", "holds"),
            ("2024-08-01", "holds"),
            ("2024-08-02", "overdue"),
        ],
    );
    let said = |about: &str| book.sentence("7.5-a.o", about);
    let of = format!(
        "record {} was due for review on 1 August 2024",
        id(CRITERIA)
    );
    assert_eq!(said("2024-08-02"), format!("{of}, 1 day ago."));
    assert_eq!(said("2024-08-11"), format!("{of}, 10 days ago."));
}

#[test]
fn risk_criteria_that_are_kept_are_due_on_the_day_named_then() {
    let mut book = approved(Some("2024-08-01"));
    let next = How::carrying(json!({"next_review": "2025-03-01"}));
    book.on("2024-08-10").act("keep", CRITERIA, 1, next);
    book.expect(
        "7.5-a.o",
        &[
            ("2024-08-09", "overdue"),
            ("2024-08-10", "holds"),
            ("2025-03-01", "holds"),
            ("2025-03-02", "overdue"),
        ],
    );
    // A resolution without quorum keeps nothing.
    let mut lost = approved(Some("2024-08-01"));
    lost.on("2024-08-10")
        .act("keep", CRITERIA, 1, How::lost("inquorate"));
    lost.expect("7.5-a.o", &[("2024-08-10", "overdue")]);
}

#[test]
fn risk_criteria_that_name_no_day_are_reserved_after_a_year_by_custom() {
    let book = approved(None);
    book.expect(
        "7.5-a.o",
        &[("2025-02-01", "holds"), ("2025-02-02", "reservation")],
    );
    assert_eq!(
        book.sentence("7.5-a.o", "2025-02-02"),
        format!(
            "Nobody has looked again at record {} since 1 February 2024; a review within twelve \
             months is customary.",
            id(CRITERIA)
        )
    );
    assert_eq!(verdict(&book, "6.1.1", "2025-02-02"), "shown");
    // A later day of their own is custom's too until it has passed.
    let later = approved(Some("2025-08-01"));
    let said = later.sentence("7.5-a.o", "2025-08-01");
    let day_set = "is customary, and the day set for one is 1 August 2025.";
    assert!(said.ends_with(day_set), "{said}");
    later.expect(
        "7.5-a.o",
        &[
            ("2025-02-02", "reservation"),
            ("2025-08-01", "reservation"),
            ("2025-08-02", "overdue"),
        ],
    );
}

#[test]
fn an_interval_that_is_declared_makes_risk_criteria_overdue() {
    let mut book = approved(None);
    let declared = json!({"intervals": {"risk_criteria_months": 6}});
    book.put("declaration", 300, declared.clone())
        .approve(300, 1);
    book.expect(
        "7.5-a.o",
        &[("2024-08-01", "holds"), ("2024-08-02", "overdue")],
    );
    let mut unattended = approved(None);
    unattended
        .put("declaration", 300, declared)
        .act("approve", 300, 1, How::unattended());
    unattended.expect("7.5-a.o", &[("2024-02-01", "reservation")]);
    assert_eq!(
        unattended.sentence("7.5-a.o", "2024-02-01"),
        "The interval in which risk criteria are reviewed was declared on 1 February 2024 without \
         a record of who was there."
    );
}

#[test]
fn each_set_of_risk_criteria_in_force_is_asked_by_itself() {
    let mut book = approved(Some("2024-08-01"));
    book.put("risk_criteria", OTHERS, criteria(Some("2024-09-01")))
        .approve(OTHERS, 1);
    let of = |about: &str| {
        let status = book.about(about);
        let found = status.requirements.iter().flat_map(|one| &one.findings);
        let mut found = found.filter(|one| one.rule == "7.5-a.o");
        found.next().map(|one| (one.affected.n, one.affected.of))
    };
    assert_eq!(of("2024-08-01"), None);
    assert_eq!(of("2024-08-02"), Some((1, 2)));
    assert_eq!(of("2024-09-02"), Some((2, 2)));
    let said = book.sentence("7.5-a.o", "2024-09-02");
    let more = format!(" 1 more is concerned: record {}.", id(OTHERS));
    assert!(said.ends_with(&more), "{said}");
}

#[test]
fn risk_criteria_that_are_out_of_force_are_not_asked() {
    let mut ended = approved(Some("2024-08-01"));
    let last = json!({"last_day": "2024-06-30"});
    ended
        .on("2024-06-30")
        .act("end", CRITERIA, 1, How::carrying(last));
    ended.expect("7.5-a.o", &[("2024-08-02", "not_due")]);
    let mut withdrawn = approved(Some("2024-08-01"));
    withdrawn
        .on("2024-09-01")
        .moved(CRITERIA, "withdraw", json!({}));
    withdrawn.expect("7.5-a.o", &[("2024-08-02", "not_due")]);
    // What was only put is no document in force, and what a newer version replaced is none.
    let mut replaced = approved(Some("2024-08-01"));
    replaced
        .on("2024-07-01")
        .put("risk_criteria", CRITERIA, criteria(Some("2025-01-01")));
    replaced.expect("7.5-a.o", &[("2024-08-02", "overdue")]);
    replaced.approve(CRITERIA, 2);
    replaced.expect(
        "7.5-a.o",
        &[("2024-08-02", "holds"), ("2025-01-02", "overdue")],
    );
}

fn verdict(book: &Book, requirement: &str, about: &str) -> &'static str {
    let status = book.about(about);
    let mut found = status.requirements.into_iter();
    let found = found.find(|one| one.id == requirement);
    found.map_or("no requirement", |one| one.verdict)
}

#[test]
fn criteria_in_force_and_within_their_review_date_show_6_1_1() {
    let book = approved(Some("2024-08-01"));
    assert_eq!(verdict(&book, "6.1.1", "2024-01-31"), "not_shown");
    assert_eq!(verdict(&book, "6.1.1", "2024-08-01"), "shown");
    let status = book.about("2024-08-12");
    let found = |requirement: &str| {
        let mut all = status.requirements.iter();
        all.find(|one| one.id == requirement).unwrap()
    };
    for requirement in ["6.1.1", "7.5.2"] {
        let found = found(requirement);
        assert_eq!(found.verdict, "not_shown", "{requirement}");
        assert_eq!(found.since, Some(day("2024-08-02")), "{requirement}");
        assert_eq!(found.because, book.sentence("7.5-a.o", "2024-08-12"));
        let rules: Vec<&str> = found.findings.iter().map(|one| &*one.rule).collect();
        assert_eq!(rules, ["7.5-a.o"], "{requirement}");
    }
    assert_eq!(verdict(&book, "7.5.2", "2024-08-01"), "not_known");
}

#[test]
fn overdue_criteria_leave_requirements_open_whose_documents_are_others() {
    let book = approved(Some("2024-08-01"));
    for about in ["2024-08-01", "2024-08-02"] {
        let status = book.about(about);
        for requirement in ["4.4", "6.1.2", "6.1.3", "6.1.4", "6.2"] {
            let mut all = status.requirements.iter();
            let found = all.find(|one| one.id == requirement).unwrap();
            assert_eq!(found.verdict, "not_known", "{requirement} on {about}");
            let rules: Vec<&str> = found.findings.iter().map(|one| &*one.rule).collect();
            assert!(!rules.contains(&"7.5-a.o"), "{requirement}: {rules:?}");
            assert!(found.because.contains("7.5-a.o"), "{}", found.because);
            assert!(
                found.because.ends_with("not built for this requirement."),
                "{}",
                found.because
            );
        }
    }
}

#[test]
fn where_a_body_approved_it_is_whoever_wrote_the_version_who_is_named() {
    let mut book = Book::new();
    let same_person = How {
        same_person: true,
        ..How::by(ROOT)
    };
    book.on("2024-02-01")
        .put_by(Some(id(OFFICER)), "policy", 601, json!({"title": true}))
        .act("approve", 601, 1, same_person);
    let said = book.sentence("7.5-a.p", "2024-02-01");
    let expected = format!(
        "ecord {} both wrote record {} and approved it.",
        id(OFFICER),
        id(601)
    );
    assert!(said.ends_with(&expected), "{said}");
}

#[test]
fn overdue_criteria_name_the_resolution_that_wanted_to_keep_them_and_kept_nothing() {
    let mut book = approved(Some("2024-08-01"));
    let due = format!(
        "record {} was due for review on 1 August 2024",
        id(CRITERIA)
    );
    book.on("2024-07-20")
        .act("keep", CRITERIA, 1, How::lost("inquorate"));
    let said = |book: &Book| book.sentence("7.5-a.o", "2024-08-11");
    let lost = |on: &str, why: &str| {
        format!(
            "{due}, 10 days ago. record {} of {on} {why} and kept nothing.",
            id(900)
        )
    };
    assert_eq!(
        said(&book),
        lost("20 July 2024", "was passed without a quorum")
    );
    // Of others it says nothing, and theirs nothing of these.
    let mut others = approved(Some("2024-08-01"));
    others
        .on("2024-07-20")
        .put("risk_criteria", OTHERS, criteria(None))
        .act("approve", OTHERS, 1, How::lost("inquorate"));
    assert_eq!(said(&others), format!("{due}, 10 days ago."));
    // One that kept them, until its meeting was recorded otherwise.
    let next = || How::carrying(json!({"next_review": "2025-03-01"}));
    let mut kept = approved(Some("2024-08-01"));
    kept.on("2024-07-20").act("keep", CRITERIA, 1, next());
    kept.expect("7.5-a.o", &[("2024-08-11", "holds")]);
    let no_more = How {
        decided_on: Some(day("2024-07-20")),
        because: Some("minutes_corrected"),
        ..next()
    };
    kept.on("2024-08-05")
        .otherwise(501, "keep", CRITERIA, no_more);
    let told = said(&kept);
    assert!(
        told.starts_with(&format!(
            "{due}, 10 days ago. record {} of 20 July",
            id(900)
        )),
        "{told}"
    );
    assert!(told.ends_with("and kept nothing."), "{told}");
}

#[test]
fn overdue_criteria_name_the_resolution_that_kept_them_and_was_withdrawn() {
    let mut book = approved(Some("2024-08-01"));
    let by = Approver::Body {
        body: id(ROOT),
        resolution: Cite {
            id: id(901),
            version: 1,
        },
    };
    let keep = How {
        by,
        ..How::carrying(json!({"next_review": "2025-03-01"}))
    };
    book.on("2024-07-20")
        .put("resolution", 901, json!({"number": true}))
        .act("keep", CRITERIA, 1, keep);
    book.expect("7.5-a.o", &[("2024-08-11", "holds")]);
    book.on("2024-08-05").moved(901, "withdraw", json!({}));
    let said = format!(
        "record {} was due for review on 1 August 2024, 10 days ago. record {} of 20 July 2024, which \
         kept it as it is, was withdrawn on 5 August 2024 as entered in error.",
        id(CRITERIA),
        id(901)
    );
    assert_eq!(book.sentence("7.5-a.o", "2024-08-11"), said);
    // So they are not where the same decision was recorded again.
    let mut retold = book.clone();
    let told_again = How {
        decided_on: Some(day("2024-07-20")),
        ..How::carrying(json!({"next_review": "2024-08-15"}))
    };
    retold.on("2024-08-06").act("keep", CRITERIA, 1, told_again);
    let said = retold.sentence("7.5-a.o", "2024-08-20");
    assert!(said.contains("due for review on 15 August"), "{said}");
    assert!(!said.contains("withdrawn"), "{said}");
    // Kept since by another, they are overdue for another reason.
    let again = How::carrying(json!({"next_review": "2024-08-15"}));
    book.on("2024-08-06").act("keep", CRITERIA, 1, again);
    let said = book.sentence("7.5-a.o", "2024-08-20");
    assert!(!said.contains("withdrawn"), "{said}");
}

#[test]
fn an_end_that_was_put_right_is_no_new_look_at_the_criteria() {
    let mut book = Book::new();
    book.put(
        "declaration",
        300,
        json!({"intervals": {"risk_criteria_months": 6}}),
    )
    .approve(300, 1);
    book.on("2024-02-01")
        .put("risk_criteria", CRITERIA, criteria(None))
        .approve(CRITERIA, 1);
    book.on("2024-05-10").act("end", CRITERIA, 1, How::by(ROOT));
    let no_more = How {
        decided_on: Some(day("2024-05-10")),
        ..How::lost("minutes_corrected")
    };
    book.on("2024-07-10")
        .otherwise(501, "end", CRITERIA, no_more);
    book.expect(
        "7.5-a.o",
        &[
            ("2024-05-10", "holds"),
            ("2024-07-10", "holds"),
            ("2024-08-01", "holds"),
            ("2024-08-02", "overdue"),
        ],
    );
    let end = "was due for review on 1 August 2024, 1 day ago.";
    let said = book.sentence("7.5-a.o", "2024-08-02");
    assert!(said.ends_with(end), "{said}");
}
