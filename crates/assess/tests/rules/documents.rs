//! 7.5: documents under control.

use serde_json::json;

use record::Records;

use crate::given::{Book, CHIEF, How, OFFICER, ROOT, id};

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
