//! 7.5: documents under control.

use serde_json::json;

use crate::given::{Book, CHIEF, How};

#[test]
fn an_approval_by_the_author_counts_and_is_marked() {
    let kinds = [
        "appointment",
        "body",
        "declaration",
        "policy",
        "risk_criteria",
        "scope",
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
