//! The day by which a text is to be looked at again: that of custom told apart from that of their own,
//! and one that had passed when the text came into force.

use serde_json::{Value, json};

use crate::given::{Book, How, day};

const OF: u128 = 700;

/// A kind with its rule, and the place of its answer among the five, where it has one.
const KINDS: [(&str, &str, Option<usize>); 3] = [
    ("scope", "4.3-a.o", Some(0)),
    ("policy", "5.2-a.o", Some(1)),
    ("risk_criteria", "7.5-a.o", None),
];

fn text(review_by: Option<&str>) -> Value {
    let contents =
        json!({"purpose": true, "objectives": true, "requirements": true, "improvement": true});
    json!({"title": true, "contents": contents, "criteria": [{"says": "in"}], "boundaries": true,
        "suppliers": true, "roles": ["user"], "units": ["housing"], "no_exclusions_because": true,
        "actions": [{"on": "risk"}, {"on": "opportunity"}], "review_by": review_by})
}

fn put(kind: &str, review_by: Option<&str>) -> Book {
    let mut book = Book::new();
    book.on("2024-02-01").put(kind, OF, text(review_by));
    book
}

/// One that is approved on its day.
fn approved(kind: &str, review_by: Option<&str>) -> Book {
    let mut book = put(kind, review_by);
    book.approve(OF, 1);
    book
}

#[test]
fn what_is_overdue_by_custom_alone_names_no_day_that_nobody_set() {
    for (kind, rule, place) in KINDS {
        let what = match kind {
            "scope" => "the scope",
            "policy" => "the AI policy",
            _ => "record 00000000-0000-0000-0000-0000000002bc",
        };
        let nobody = format!(
            "Nobody has looked again at {what} since 1 February 2024; a review within twelve months \
             is customary"
        );
        let none = approved(kind, None);
        assert_eq!(none.says(rule, "2025-02-02"), "reservation", "{kind}");
        assert_eq!(none.sentence(rule, "2025-02-02"), format!("{nobody}."));
        let later = approved(kind, Some("2026-02-01"));
        let set = format!("{nobody}, and the day set for one is 1 February 2026.");
        assert_eq!(later.sentence(rule, "2025-02-02"), set);
        // The day that the organisation set itself goes before custom's.
        let next = |book: &Book, about: &str| {
            let place = place?;
            book.about(about).five[place].next_due
        };
        for about in ["2024-02-01", "2025-02-02", "2026-02-02"] {
            let expected = place.map(|_| day("2026-02-01"));
            assert_eq!(next(&later, about), expected, "{kind} on {about}");
        }
        let by_custom = place.map(|_| day("2025-02-01"));
        assert_eq!(next(&none, "2024-02-01"), by_custom, "{kind}");
        assert_eq!(later.says(rule, "2026-02-02"), "overdue", "{kind}");
    }
}

#[test]
fn a_first_version_whose_review_date_had_passed_is_overdue_from_its_first_day() {
    for (kind, rule, place) in KINDS {
        let first_days = [
            ("2024-03-31", How::by(crate::given::ROOT)),
            ("2024-04-15", How::from("2024-04-15")),
        ];
        for (first, how) in first_days {
            let mut book = put(kind, Some("2024-02-20"));
            book.on("2024-03-31").act("approve", OF, 1, how);
            let before = day(first).plus_days(-1).to_string();
            assert_eq!(book.says(rule, &before), "not_due", "{kind}");
            book.expect(rule, &[(first, "overdue"), ("2024-12-31", "overdue")]);
            if let Some(place) = place {
                let five = book.about(first).five.remove(place);
                assert_eq!((five.in_hand, five.holds), ("yes", "no"), "{kind}");
                assert_eq!(five.next_due, Some(day("2024-02-20")), "{kind}");
            }
            // Whoever keeps it names the next.
            let next = How::carrying(json!({"next_review": "2024-12-31"}));
            book.on("2024-05-01").act("keep", OF, 1, next);
            book.expect(rule, &[("2024-05-01", "holds"), ("2025-01-01", "overdue")]);
        }
        // On the day itself it may be looked at still.
        let mut same = put(kind, Some("2024-03-31"));
        same.on("2024-03-31").approve(OF, 1);
        same.expect(rule, &[("2024-03-31", "holds"), ("2024-04-01", "overdue")]);
    }
}

#[test]
fn a_review_date_that_was_an_earlier_versions_too_is_answered_by_the_next_approval() {
    for (kind, rule, _) in KINDS {
        let next = |review_by: &str| {
            let mut book = approved(kind, Some("2024-06-30"));
            book.on("2024-07-10")
                .put(kind, OF, text(Some(review_by)))
                .approve(OF, 2);
            book
        };
        next("2024-06-30").expect(
            rule,
            &[
                ("2024-07-01", "overdue"),
                ("2024-07-10", "holds"),
                ("2025-07-10", "holds"),
                ("2025-07-11", "reservation"),
            ],
        );
        // A day that only this version names, and no approval answered, had passed.
        next("2024-07-05").expect(rule, &[("2024-07-10", "overdue")]);
        // Nor does one answer that came to nothing.
        let mut lost = put(kind, Some("2024-02-20"));
        lost.act("approve", OF, 1, How::lost("inquorate"));
        lost.on("2024-03-31").approve(OF, 1);
        lost.expect(rule, &[("2024-03-31", "overdue")]);
    }
}

#[test]
fn a_next_review_before_the_first_day_is_kept_to_unless_it_was_an_earlier_approvals() {
    let early = || How {
        effective_on: Some(day("2024-03-01")),
        ..How::carrying(json!({"next_review": "2024-02-20"}))
    };
    for (kind, rule, _) in KINDS {
        let mut book = put(kind, None);
        book.act("approve", OF, 1, early());
        book.expect(rule, &[("2024-03-01", "overdue")]);
        book.on("2024-03-10").approve(OF, 1);
        book.expect(rule, &[("2024-03-09", "overdue"), ("2024-03-10", "holds")]);
    }
}
