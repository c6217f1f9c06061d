//! 5.3 and 5.3.p.

use serde_json::{Value, json};

use crate::given::{BOARD, Book, CHIEF, How, OFFICER, ROOT, TEAM, id};

const APPOINTED: u128 = 220;

fn both(holder: u128) -> Value {
    json!({"holder": id(holder), "duties": ["conformity", "reporting"], "authority": true,
        "start": "2024-02-10"})
}

fn appointed(body: Value, how: How) -> Book {
    let mut book = Book::new();
    book.on("2024-02-01")
        .put("appointment", APPOINTED, body)
        .act("approve", APPOINTED, 1, how);
    book.on("2024-02-15")
        .moved(APPOINTED, "communicate", json!({"on": "2024-02-15"}))
        .moved(APPOINTED, "accept", json!({"on": "2024-02-20"}));
    book
}

#[test]
fn both_duties_are_held_from_the_first_day_on() {
    let book = appointed(both(OFFICER), How::by(ROOT));
    book.expect(
        "5.3",
        &[
            ("2023-12-31", "not_due"),
            ("2024-01-01", "not_shown"),
            ("2024-02-09", "not_shown"),
            ("2024-02-10", "unknown"), // held, not yet communicated
            ("2024-02-14", "unknown"),
            ("2024-02-15", "holds"),
        ],
    );
    assert_eq!(book.words("owner", "2024-02-09"), ("no", "no"));
    assert_eq!(book.words("owner", "2024-02-10"), ("yes", "unknown"));
    assert_eq!(book.words("owner", "2024-02-15"), ("yes", "yes"));
}

#[test]
fn one_duty_alone_is_not_enough() {
    let mut body = both(OFFICER);
    body["duties"] = json!(["reporting"]);
    let book = appointed(body, How::by(ROOT));
    book.expect("5.3", &[("2024-03-01", "not_shown")]);
    assert_eq!(book.words("owner", "2024-03-01"), ("no", "no"));
}

#[test]
fn authority_is_stated_and_the_assignment_is_top_managements() {
    let mut silent = both(OFFICER);
    silent["authority"] = Value::Null;
    let cases = [
        (silent, How::by(ROOT), "not_shown"),
        (both(OFFICER), How::by(BOARD), "holds"),
        (both(OFFICER), How::person(CHIEF), "holds"),
        (both(OFFICER), How::by(TEAM), "not_shown"),
        (both(OFFICER), How::person(OFFICER), "not_shown"),
    ];
    for (body, how, expected) in cases {
        let said = appointed(body, how.clone()).says("5.3", "2024-03-01");
        assert_eq!(said, expected, "{how:?}");
    }
}

#[test]
fn a_seat_is_vacant_from_the_day_after_the_last() {
    let mut ended = both(OFFICER);
    ended["end"] = json!("2024-06-30");
    let mut left = appointed(both(OFFICER), How::by(ROOT));
    left.on("2024-06-01")
        .moved(APPOINTED, "leave", json!({"last_day": "2024-06-30"}));
    let mut gone = appointed(both(OFFICER), How::by(ROOT));
    gone.on("2024-06-01").put(
        "person",
        OFFICER,
        json!({"name": true, "left_on": "2024-06-30"}),
    );
    let mut rescinded = appointed(both(OFFICER), How::by(ROOT));
    let last = How::carrying(json!({"last_day": "2024-06-30"}));
    rescinded.on("2024-06-01").act("end", APPOINTED, 1, last);
    for book in [appointed(ended, How::by(ROOT)), left, gone, rescinded] {
        book.expect(
            "5.3",
            &[("2024-06-30", "holds"), ("2024-07-01", "not_shown")],
        );
        assert_eq!(book.words("owner", "2024-07-01"), ("no", "no"));
    }
}

#[test]
fn named_cover_keeps_the_seat_filled() {
    let mut body = both(OFFICER);
    body["cover"] = json!(id(CHIEF));
    let mut book = appointed(body, How::by(ROOT));
    book.on("2024-06-01")
        .moved(APPOINTED, "leave", json!({"last_day": "2024-06-30"}));
    book.expect("5.3", &[("2024-07-01", "holds")]);
    book.expect("5.3.p", &[("2024-07-01", "holds")]);
}

#[test]
fn a_committee_holds_the_duty_and_is_no_owner_in_hand() {
    let book = appointed(both(TEAM), How::by(ROOT));
    book.expect("5.3", &[("2024-03-01", "holds")]);
    book.expect("5.3.p", &[("2024-03-01", "reservation")]);
    assert_eq!(book.words("owner", "2024-03-01"), ("no", "no"));
}

#[test]
fn the_holder_accepts() {
    let book = appointed(both(OFFICER), How::by(ROOT));
    book.expect(
        "5.3.p",
        &[
            ("2024-02-09", "not_due"),
            ("2024-02-10", "reservation"),
            ("2024-02-19", "reservation"),
            ("2024-02-20", "holds"),
        ],
    );
}
