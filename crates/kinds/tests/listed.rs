//! What is listed twice, or under nothing: a table of bodies, and where each is refused.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must fail")]

use record::Refusal;
use serde_json::{Value, json};
use uuid::Uuid;

fn check(kind: &str, field: &str, value: Value) -> Result<(), Refusal> {
    let registry = kinds::registry();
    let kind = registry.get(kind).unwrap();
    let mut body: Value = serde_json::from_str(kind.sample).unwrap();
    body[field] = value;
    kind.body.check(&body)
}

/// Each is sound, or refused at a place with a next step.
fn held(cases: &[(&str, &str, Value, Option<&str>)]) {
    for (kind, field, value, at) in cases {
        let refusal = check(kind, field, value.clone()).err();
        let found = refusal.as_ref().and_then(|one| one.field.as_deref());
        assert_eq!(found, *at, "{kind} {field} {value}: {refusal:?}");
        if let Some(refusal) = refusal {
            assert_eq!(refusal.code, "check_failed");
            assert!(refusal.hint.is_some_and(|hint| hint.ends_with('.')));
        }
    }
}

fn unit(id: &str, parent: Option<&str>) -> Value {
    json!({"id": id, "name": "A unit", "parent": parent})
}

#[test]
fn units_have_names_of_their_own_and_parents_that_lead_to_the_top() {
    let organisation = |units: Value, at| ("organisation", "units", units, at);
    let (a, b, c) = (|to| unit("a", to), |to| unit("b", to), |to| unit("c", to));
    held(&[
        organisation(json!([]), None),
        organisation(json!([a(Some("b")), b(Some("c")), c(None)]), None),
        organisation(
            json!([a(None), b(None), a(Some("b"))]),
            Some("/body/units/2/id"),
        ),
        organisation(json!([a(None), b(Some("d"))]), Some("/body/units/1/parent")),
        organisation(json!([a(Some("a"))]), Some("/body/units/0/parent")),
        organisation(
            json!([a(Some("b")), b(Some("a"))]),
            Some("/body/units/0/parent"),
        ),
        // The first hangs below a circle, the second is part of it.
        organisation(
            json!([a(Some("b")), b(Some("c")), c(Some("b"))]),
            Some("/body/units/1/parent"),
        ),
    ]);
}

#[test]
fn posts_have_names_of_their_own() {
    let post = |id: &str| json!({"id": id, "name": "A post"});
    let organisation = |posts: Value, at| ("organisation", "posts", posts, at);
    held(&[
        organisation(json!([post("a"), post("b")]), None),
        organisation(
            json!([post("a"), post("b"), post("b")]),
            Some("/body/posts/2/id"),
        ),
        // A unit and a post are two things.
        organisation(json!([post("housing")]), None),
    ]);
}

#[test]
fn the_items_of_a_meeting_have_numbers_of_their_own() {
    let item = |number: &str| json!({"number": number, "title": "An item"});
    let meeting = |items: Value, at| ("meeting", "items", items, at);
    held(&[
        meeting(json!([item("1"), item("2"), item("1a")]), None),
        meeting(
            json!([item("1"), item("2"), item("1")]),
            Some("/body/items/2/number"),
        ),
    ]);
}

#[test]
fn a_person_has_one_seat_at_a_time() {
    let seat = |n: u128, from: Option<&str>, until: Option<&str>| json!({"person": Uuid::from_u128(n), "from": from, "until": until});
    let body = |seats: Value, at| ("body", "seats", seats, at);
    let (may, june, july) = (Some("2026-05-31"), Some("2026-06-01"), Some("2026-07-01"));
    let second = Some("/body/seats/1");
    held(&[
        body(json!([seat(1, None, None), seat(2, None, None)]), None),
        body(json!([seat(1, None, may), seat(1, june, None)]), None),
        body(json!([seat(1, june, None), seat(1, None, may)]), None),
        body(json!([seat(1, None, None), seat(1, None, None)]), second),
        body(json!([seat(1, None, june), seat(1, june, None)]), second),
        body(json!([seat(1, may, july), seat(1, june, june)]), second),
        body(json!([seat(1, None, None), seat(1, june, None)]), second),
    ]);
}
