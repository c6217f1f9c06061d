//! What a resolution that adopted nothing would have declared, or moved.

use record::{Approver, Cite};
use serde_json::{Value, json};

use crate::given::{Book, How, ROOT, cite, day, id};
use crate::review::{DECLARED, quarters, review};

/// Its second version is on what is decided here.
const RESOLUTION: u128 = 900;

/// A resolution on a declaration, decided on 20 March.
fn resolution(verb: &str, object: Value) -> Value {
    let mut object = object;
    object["of"] = cite(DECLARED, 1);
    json!({"number": true, "body": id(ROOT), "verb": verb, "decided_on": "2024-03-20",
        "objects": [object]})
}

/// What the root decided on 20 March, without a quorum where it counts for nothing.
fn decided(lost: bool, carries: Value) -> How {
    let resolution = Cite {
        id: id(RESOLUTION),
        version: 2,
    };
    How {
        by: Approver::Body {
            body: id(ROOT),
            resolution,
        },
        because: lost.then_some("inquorate"),
        decided_on: Some(day("2024-03-20")),
        carries,
        ..How::by(ROOT)
    }
}

fn because(book: &Book, about: &str) -> String {
    book.about(about).five.remove(4).because
}

#[test]
fn a_resolution_that_declared_no_series_is_named_where_none_is_declared() {
    let mut book = Book::new();
    let series = json!({"management_review": {"first_day": "2024-01-01", "months": 3}});
    book.on("2024-03-20")
        .put("declaration", DECLARED, json!({"series": series}))
        .put("resolution", RESOLUTION, resolution("approves", json!({})));
    let open = format!(
        "record {} of 20 March 2024 is not attested, and adopts nothing until it is.",
        id(RESOLUTION)
    );
    let none = "Since 1 January 2024 no record declares when management reviews are due";
    let of = "2024-05-10";
    assert_eq!(book.sentence("9.3-a", of), format!("{none}. {open}"));

    let mut lost = book.clone();
    lost.act("approve", DECLARED, 1, decided(true, Value::Null));
    let said = format!(
        "record {} of 20 March 2024 was passed without a quorum and adopted nothing.",
        id(RESOLUTION)
    );
    assert_eq!(lost.sentence("9.3-a", of), format!("{none}. {said}"));
    assert_eq!(
        because(&lost, of),
        format!("{none}, and none is on record as held. {said}")
    );
    // Before it was decided nothing is said of it.
    let before = because(&lost, "2024-03-19");
    assert_eq!(before, format!("{none}, and none is on record as held."));
    // One on something else that is declared is none of it.
    let mut other = Book::new();
    other
        .on("2024-03-20")
        .put("declaration", DECLARED, json!({"intervals": {}}))
        .put("resolution", RESOLUTION, resolution("approves", json!({})))
        .act("approve", DECLARED, 1, decided(true, Value::Null));
    assert_eq!(other.sentence("9.3-a", of), format!("{none}."));
}

#[test]
fn a_resolution_that_moved_no_slot_is_named_where_that_slot_is_empty() {
    let moved = || {
        json!({"first_day": "2024-01-01", "to_first_day": "2024-04-01",
            "to_last_day": "2024-04-30"})
    };
    let mut book = quarters();
    book.on("2024-03-20")
        .put("resolution", RESOLUTION, resolution("moves_slot", moved()));
    let of = "2024-05-10";
    let empty = "No record shows that the management review for 1 January 2024 to 31 March 2024 \
        was held.";
    let open = format!(
        "record {} of 20 March 2024 is not attested, and adopts nothing until it is.",
        id(RESOLUTION)
    );
    assert_eq!(book.sentence("9.3-a.o", of), format!("{empty} {open}"));

    book.act("move_slot", DECLARED, 1, decided(true, moved()));
    let said = format!(
        "record {} of 20 March 2024, which was to move that slot, was passed without a quorum and \
            moved no slot.",
        id(RESOLUTION)
    );
    assert_eq!(book.sentence("9.3-a.o", of), format!("{empty} {said}"));
    assert_eq!(
        because(&book, of),
        format!(
            "No record shows a management review held from 1 January 2024 to 31 March 2024. {said}"
        )
    );
    // What the rules say of its inputs is not about the days it was for.
    assert!(!book.sentence("9.3-b", of).contains("quorum"));
    // Of another slot it says nothing.
    review(&mut book, 510, "2024-03-25", Some("2024-01-01"));
    let second = book.sentence("9.3-a.o", "2024-08-01");
    assert!(second.contains("1 April 2024 to 30 June 2024"), "{second}");
    assert!(!second.contains("quorum"), "{second}");
    // One that did move it is no such resolution.
    let mut done = quarters();
    done.on("2024-03-20")
        .put("resolution", RESOLUTION, resolution("moves_slot", moved()))
        .act("move_slot", DECLARED, 1, decided(false, moved()));
    let said = done.sentence("9.3-a.o", "2024-06-10");
    assert!(said.contains("1 April 2024 to 30 April 2024"), "{said}");
    assert!(!said.contains("adopt"), "{said}");
}
