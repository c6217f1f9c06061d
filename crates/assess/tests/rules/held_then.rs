//! 9.3: what a review, its minutes and its quorum were on their own days, and what came after.

use serde_json::{Value, json};

use crate::given::{BOARD, Book, CHIEF, How, OFFICER, ROOT, TEAM, cite, id};
use crate::review::{DECLARED, meeting, quarters, review, whole};
use crate::slots::{row, state};

/// A review of the first quarter, held on 15 February.
fn held() -> Book {
    let mut book = quarters();
    review(&mut book, 500, "2024-02-15", Some("2024-01-01"));
    book
}

/// Gives a body its terms anew.
fn terms(book: &mut Book, body: u128, (top, seats): (&str, Value), how: How) {
    let terms = json!({"name": true, "top_management": top, "quorum": 1, "seats": seats,
        "deputies_count": true});
    let version = book.next_version(body);
    book.put("body", body, terms)
        .act("approve", body, version, how);
}

#[test]
fn a_seat_that_ended_since_was_filled_when_the_review_was_held() {
    let mut book = quarters();
    let seats = json!([{"person": id(CHIEF), "until": "2024-02-29"}]);
    terms(&mut book, BOARD, ("part", seats), How::by(ROOT));
    review(&mut book, 500, "2024-02-15", Some("2024-01-01"));
    for rule in ["9.3-a", "9.3-a.o"] {
        book.expect(rule, &[("2024-05-01", "holds")]);
    }
}

#[test]
fn nobody_stands_in_for_a_member_who_has_left_nor_who_has_left_themselves() {
    let says = |gone: u128, left_on: &str| {
        let mut book = quarters();
        let seats = json!([{"person": id(CHIEF)}]);
        terms(&mut book, BOARD, ("part", seats), How::by(ROOT));
        let left = json!({"name": true, "left_on": left_on});
        let mut body = meeting(BOARD, "2024-02-15");
        body["present"] = json!([{"person": id(OFFICER), "role": "deputy",
            "deputy_for": id(CHIEF)}]);
        book.on("2024-02-15")
            .put("person", gone, left)
            .put("meeting", 501, body)
            .put("management_review", 500, whole(501, Some("2024-01-01")));
        book.says("9.3-a", "2024-05-01")
    };
    for gone in [CHIEF, OFFICER] {
        assert_eq!(says(gone, "2024-02-14"), "not_shown", "{gone}");
        assert_eq!(says(gone, "2024-02-15"), "holds", "{gone}");
    }
}

/// A review of the meetings of two bodies of one day; the board's terms were approved without a
/// record of who was there.
fn of_two_bodies(other: u128) -> Book {
    let mut book = quarters();
    let seats = json!([{"person": id(CHIEF)}]);
    terms(&mut book, BOARD, ("part", seats), How::unattended());
    let mut body = whole(501, Some("2024-01-01"));
    body["parts"] = json!([{"meeting": cite(501, 1)}, {"meeting": cite(502, 1)}]);
    book.on("2024-02-15")
        .put("meeting", 501, meeting(BOARD, "2024-02-15"))
        .put("meeting", 502, meeting(other, "2024-02-15"))
        .put("management_review", 500, body);
    book
}

#[test]
fn terms_are_marked_where_no_other_part_was_top_managements() {
    of_two_bodies(ROOT).expect("9.3-a", &[("2024-04-01", "holds")]);
    of_two_bodies(TEAM).expect("9.3-a", &[("2024-04-01", "reservation")]);
}

#[test]
fn the_only_review_is_asked_who_took_part_however_old_it_is() {
    held().expect("9.3-a", &[("2025-06-01", "holds")]);
    let mut book = quarters();
    book.on("2024-02-15")
        .put("meeting", 501, meeting(TEAM, "2024-02-15"))
        .put("management_review", 500, whole(501, Some("2024-01-01")));
    let said = book.sentence("9.3-a", "2025-06-01");
    assert!(said.contains("of 15 February 2024"), "{said}");
}

#[test]
fn a_review_without_minutes_is_nothing_in_hand_before_the_first_slot_has_ended() {
    let mut unminuted = meeting(BOARD, "2024-02-15");
    unminuted["items"] = json!([]);
    let mut book = quarters();
    book.on("2024-02-15").put("meeting", 501, unminuted).put(
        "management_review",
        500,
        whole(501, Some("2024-01-01")),
    );
    let words = book.words("management_review", "2024-02-15");
    assert_eq!(words, ("not_due", "unknown"));
}

#[test]
fn what_was_written_before_a_meeting_was_held_is_no_minutes_of_it() {
    let called = json!({"body": id(BOARD), "state": "called", "sittings": [],
        "items": [{"number": "1", "text": true}]});
    let mut book = quarters();
    book.on("2024-02-01").put("meeting", 501, called).put(
        "management_review",
        500,
        whole(501, Some("2024-01-01")),
    );
    book.on("2024-03-17")
        .put("meeting", 501, meeting(BOARD, "2024-02-15"));
    book.expect("9.3-a.p", &[("2024-03-17", "reservation")]);
    let said = book.sentence("9.3-a.p", "2024-03-17");
    assert!(said.contains("first recorded after 31 days"), "{said}");
}

#[test]
fn a_shorter_time_for_minutes_declared_later_reaches_none_back() {
    let mut book = quarters();
    book.on("2024-02-25")
        .put("meeting", 501, meeting(BOARD, "2024-02-15"))
        .put("management_review", 500, whole(501, Some("2024-01-01")));
    let days = json!({"tolerances": {"minutes_days": 5}});
    book.on("2024-03-01")
        .put("declaration", 301, days)
        .approve(301, 1);
    book.expect("9.3-a.p", &[("2024-03-01", "holds")]);
    let late = |book: &mut Book, on: &str| {
        book.on(on)
            .put("meeting", 511, meeting(BOARD, "2024-05-10"))
            .moved(
                501,
                "confirm",
                json!({"by": cite(511, 1), "on": "2024-05-10"}),
            )
            .put("management_review", 510, whole(511, Some("2024-04-01")));
        book.says("9.3-a.p", on)
    };
    assert_eq!(late(&mut book.clone(), "2024-05-15"), "holds");
    assert_eq!(late(&mut book, "2024-05-16"), "reservation");
}

#[test]
fn minutes_wait_to_be_confirmed_for_the_next_meeting_of_the_same_body_alone() {
    let mut twice = meeting(BOARD, "2024-02-10");
    twice["sittings"] = json!([{"on": "2024-02-10"}, {"on": "2024-02-20"}]);
    let says = |first: &Value, (body, on): (u128, Value)| {
        let mut book = quarters();
        let mut other = meeting(body, "2024-02-20");
        other["sittings"] = on;
        book.on("2024-02-20")
            .put("meeting", 501, first.clone())
            .put("management_review", 500, whole(501, Some("2024-01-01")));
        book.on("2024-03-01").put("meeting", 511, other);
        book.says("9.3-a.p", "2024-03-01")
    };
    let once = meeting(BOARD, "2024-02-15");
    let on = |days: &[&str]| {
        let days = days.iter().map(|day| json!({"on": day}));
        Value::from_iter(days)
    };
    let cases = [
        (&once, (BOARD, on(&["2024-02-16"])), "reservation"),
        (&once, (BOARD, on(&["2024-02-15"])), "holds"), // of the same day
        (&once, (TEAM, on(&["2024-02-16"])), "holds"),
        (&once, (BOARD, on(&["2024-02-14", "2024-02-16"])), "holds"), // begun before
        (&twice, (BOARD, on(&["2024-02-15"])), "holds"),              // between its two sittings
        (&twice, (BOARD, on(&["2024-02-21"])), "reservation"),
    ];
    for (first, other, expected) in cases {
        assert_eq!(says(first, other.clone()), expected, "{first} {other:?}");
    }
}

#[test]
fn a_meeting_stands_for_two_reviews_once_the_second_is_held() {
    let mut book = quarters();
    let mut both = meeting(BOARD, "2024-02-15");
    both["sittings"] = json!([{"on": "2024-02-15"}, {"on": "2024-02-20"}]);
    let mut later = whole(501, Some("2024-04-01"));
    later["parts"] = json!([{"meeting": cite(501, 1)}, {"meeting": cite(511, 1)}]);
    book.on("2024-02-20").put("meeting", 501, both).put(
        "management_review",
        500,
        whole(501, Some("2024-01-01")),
    );
    book.on("2024-05-10")
        .put("meeting", 511, meeting(BOARD, "2024-05-10"))
        .moved(
            501,
            "confirm",
            json!({"by": cite(511, 1), "on": "2024-05-10"}),
        )
        .put("management_review", 510, later);
    book.expect(
        "9.3-a.p",
        &[("2024-05-09", "holds"), ("2024-05-10", "reservation")],
    );
    let said = book.sentence("9.3-a.p", "2024-05-10");
    assert!(said.contains("The meeting of 15 February 2024"), "{said}");
}

#[test]
fn the_newest_slot_that_was_missed_fails_for_as_long_as_it_is_the_newest() {
    let mut book = quarters();
    let last = How::carrying(json!({"last_day": "2024-03-31"}));
    book.on("2024-03-01").act("end", DECLARED, 1, last);
    for rule in ["9.3-a.o", "9.3-b", "9.3-c"] {
        book.expect(rule, &[("2025-06-01", "not_shown")]);
    }
}

#[test]
fn a_slot_that_ends_on_the_day_the_system_starts_is_one() {
    let ending = |first_day: &str| {
        let mut book = Book::new();
        let series = json!({"management_review": {"first_day": first_day, "months": 3}});
        let then = How {
            decided_on: Some(crate::given::day("2023-10-01")),
            ..How::from("2023-10-01")
        };
        let body = json!({"series": series});
        book.brought("declaration", DECLARED, "2023-10-01", body)
            .act("approve", DECLARED, 1, then);
        row(&book, "2024-02-15")
    };
    assert!(ending("2023-10-02").starts_with("10-02 empty, 01-02 open"));
    assert!(ending("2023-10-01").starts_with("01-01 open"));
}

#[test]
fn a_slot_held_late_is_marked_for_that_and_not_for_how_long_it_was_awaited() {
    let recorded = |on: &str| {
        let mut book = Book::new();
        let body = json!({"series": {"management_review":
            {"first_day": "2024-01-01", "months": 3}}, "tolerances": {"recording_days": 60}});
        book.put("declaration", DECLARED, body).approve(DECLARED, 1);
        book.on(on)
            .put("meeting", 501, meeting(BOARD, "2024-02-15"))
            .put("management_review", 500, whole(501, Some("2024-01-01")));
        (state(&book, "2024-01-01", on), book.says("9.3-a.o", on))
    };
    assert_eq!(recorded("2024-05-30"), ("held", "reservation"));
    assert_eq!(recorded("2024-05-31"), ("held_late", "holds"));
}

#[test]
fn what_was_resolved_in_a_review_under_conditions_does_not_carry_it() {
    let mut book = held();
    let resolution = json!({"number": true, "conditions": true, "verb": "notes",
        "meeting": cite(501, 1), "decided_on": "2024-02-15"});
    book.put("resolution", 901, resolution)
        .moved(901, "attest", json!({}));
    let answer = book.about("2024-02-15").five.remove(4);
    assert!(answer.evidence.iter().any(|one| one.id == id(901)));
    assert_eq!(answer.reservations, [""; 0]);
}

#[test]
fn minutes_from_before_the_ledger_without_a_file_say_nothing_of_what_was_reported() {
    let mut silent = whole(501, Some("2024-01-01"));
    silent["inputs"]["issues"] = json!({"text": true});
    let mut book = Book::starting_on("2024-02-10");
    let body = json!({"series": {"management_review":
        {"first_day": "2024-01-01", "months": 3}}});
    book.put("declaration", DECLARED, body)
        .approve(DECLARED, 1)
        .brought("meeting", 501, "2024-02-01", meeting(BOARD, "2024-02-01"))
        .brought("management_review", 500, "2024-02-01", silent);
    book.expect("9.3-b", &[("2024-02-10", "not_shown")]);
}

#[test]
fn nothing_is_reserved_to_what_is_not_in_hand() {
    let mut book = quarters();
    let declared = json!({"intervals": {"policy_months": 13}});
    book.put("declaration", 301, declared)
        .approve(301, 1)
        .put("policy", 600, json!({"title": true}))
        .act("approve", 600, 1, How::by(TEAM));
    let answer = book.about("2024-02-01").five.remove(1);
    assert_eq!((answer.in_hand, answer.holds), ("no", "no"));
    assert_eq!(answer.reservations, [""; 0]);
}
