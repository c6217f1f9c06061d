//! What an answer says where it rests on a resolution that was passed under conditions.

use serde_json::{Value, json};

use crate::given::{Book, How, ROOT, id};

const POLICY: u128 = 210;

#[test]
fn what_was_resolved_under_conditions_is_reserved() {
    let reserved = |conditions: Value| {
        let mut book = Book::new();
        let resolution = json!({"number": true, "conditions": conditions});
        book.on("2024-02-01")
            .put("resolution", 900, resolution)
            .put("policy", POLICY, json!({"text": true}));
        let mut how = How::by(ROOT);
        let version = book.records.get(id(900)).unwrap().newest().cite();
        how.by = record::Approver::Body {
            body: id(ROOT),
            resolution: version,
        };
        book.act("approve", POLICY, 1, how);
        let said = book.about("2024-02-01").five[1].reservations.clone();
        said.into_iter()
            .filter(|one| one.contains("conditions"))
            .collect::<Vec<_>>()
    };
    let said = format!(
        "record {} was passed under conditions; the records do not say that they were met.",
        id(900)
    );
    assert_eq!(reserved(json!(true)), [said]);
    assert_eq!(reserved(Value::Null), [] as [&str; 0]);
}
