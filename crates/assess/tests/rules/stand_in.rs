//! 5.3 where the one appointed is gone: who stands in, and who was never there.

use serde_json::{Value, json};

use crate::given::{AND_REPORTING, Book, CHIEF, How, OFFICER, ROOT, TEAM, id};

const APPOINTED: u128 = 220;

/// Both duties, given to the officer; the chief stands in.
fn covered(cover: bool) -> Book {
    let mut body = json!({"holder": id(OFFICER), "duties": ["conformity", "reporting"],
        "authority": true, "start": "2024-02-01"});
    if cover {
        body["cover"] = json!(id(CHIEF));
    }
    let known = json!({"on": "2024-02-01", "to": true});
    let mut book = Book::new();
    book.on("2024-02-01")
        .put("appointment", APPOINTED, body)
        .act("approve", APPOINTED, 1, How::by(ROOT))
        .moved(APPOINTED, "communicate", known)
        .accepted(APPOINTED, OFFICER, "2024-02-01");
    book
}

fn owner(book: &Book, about: &str) -> assess::Answer {
    book.about(about).five[2].clone()
}

/// The moves that an answer rests on, besides those of every appointment.
fn moves(answer: &assess::Answer) -> Vec<(&str, String)> {
    let evidence = answer.evidence.iter();
    let named = evidence.filter_map(|one| Some((one.name_of_move.as_deref()?, one)));
    let named = named.filter(|(name, _)| ["leave", "withdraw"].contains(name));
    named
        .map(|(name, one)| (name, one.effective_on.to_string()))
        .collect()
}

#[test]
fn whoever_stands_in_is_called_so_with_who_left_and_when() {
    let last = json!({"last_day": "2024-06-30"});
    let gone = json!({"name": true, "left_on": "2024-06-30"});
    let mut seat = covered(true);
    seat.on("2024-06-01").moved(APPOINTED, "leave", last);
    let mut away = covered(true);
    away.on("2024-06-01").put("person", OFFICER, gone);
    for book in [&seat, &away] {
        let before = owner(book, "2024-06-30");
        assert!(before.because.contains("holds responsibility"));
        assert!(before.reservations.is_empty(), "{before:?}");
        let after = owner(book, "2024-07-01");
        let begins = format!(
            "record {} stands in for record {}, who left on 30 June 2024, appointed by record {} \
             on 1 February 2024",
            id(CHIEF),
            id(OFFICER),
            id(ROOT)
        );
        assert!(after.because.starts_with(&begins), "{}", after.because);
        let ends = "in responsibility for conformity and for reporting to top management.";
        assert!(after.because.ends_with(ends), "{}", after.because);
        assert_eq!((after.in_hand, after.holds), ("yes", "yes"));
        let reserved = format!(
            "record {} stands in for record {}, who left on 30 June 2024 and to whom \
             responsibility for the conformity of the AI management system was given; the records \
             show no appointment in their place.{AND_REPORTING}",
            id(CHIEF),
            id(OFFICER)
        );
        assert_eq!(after.reservations, [reserved]);
        book.expect(
            "5.3.p",
            &[("2024-06-30", "holds"), ("2024-07-01", "reservation")],
        );
    }
    let left = ("leave", "2024-06-30".to_owned());
    assert_eq!(moves(&owner(&seat, "2024-07-01")), [left]);
    assert_eq!(moves(&owner(&seat, "2024-06-30")), []);
    let told = owner(&away, "2024-07-01").evidence;
    assert!(
        told.iter()
            .any(|one| (one.id, one.version) == (id(OFFICER), 2))
    );
}

#[test]
fn a_body_that_is_there_no_longer_and_a_post_that_nobody_has_are_stood_in_for() {
    let told = |field: &str, given: Value| {
        let mut body = json!({"duties": ["conformity", "reporting"], "authority": true,
            "start": "2024-02-01", "cover": id(CHIEF)});
        body[field] = given;
        let mut book = Book::new();
        book.on("2024-02-01")
            .put("appointment", APPOINTED, body)
            .act("approve", APPOINTED, 1, How::by(ROOT))
            .on("2024-03-01")
            .act("end", TEAM, 1, How::by(ROOT));
        let told = owner(&book, "2024-03-02");
        assert_eq!(told.in_hand, "yes");
        (told.because, book.sentence("5.3.p", "2024-03-02"))
    };
    let (because, reserved) = told("holder", json!(id(TEAM)));
    assert!(because.contains("which is there no longer"), "{because}");
    let ends = format!("no appointment in its place.{AND_REPORTING}");
    assert!(reserved.ends_with(&ends), "{reserved}");
    let (because, reserved) = told("holder_post", json!("head-digital"));
    assert!(
        because.contains("whoever has the post head-digital"),
        "{because}"
    );
    let ends = format!("which nobody has.{AND_REPORTING}");
    assert!(reserved.ends_with(&ends), "{reserved}");
}

#[test]
fn a_holder_who_was_entered_in_error_is_named_with_the_withdrawal() {
    let mut book = covered(false);
    book.on("2024-06-10").moved(OFFICER, "withdraw", json!({}));
    let empty = owner(&book, "2024-06-10");
    let ends = format!(
        " The record of record {}, to whom record {} gives them, was withdrawn on 10 June 2024 as \
         entered in error.",
        id(OFFICER),
        id(APPOINTED)
    );
    assert!(empty.because.ends_with(&ends), "{}", empty.because);
    assert_eq!(moves(&empty), [("withdraw", "2024-06-10".to_owned())]);
    let said = book.sentence("5.3", "2024-06-10");
    let ends = format!(
        "since 1 January 2024: the record of record {}, who was given it, was withdrawn on \
         10 June 2024 as entered in error.{AND_REPORTING}",
        id(OFFICER)
    );
    assert!(said.ends_with(&ends), "{said}");
    // Entered again, they are there again.
    book.on("2024-06-11")
        .put("person", OFFICER, json!({"name": true}));
    assert_eq!(book.words("owner", "2024-06-11"), ("yes", "yes"));
    // Where somebody stands in, it is for them.
    let mut stands_in = covered(true);
    stands_in
        .on("2024-06-10")
        .moved(OFFICER, "withdraw", json!({}));
    let told = owner(&stands_in, "2024-06-10");
    assert!(
        told.because.contains("whose record was withdrawn"),
        "{told:?}"
    );
    assert_eq!(moves(&told), [("withdraw", "2024-06-10".to_owned())]);
}

#[test]
fn a_holder_who_has_said_when_they_leave_is_due_by_that_day() {
    let due = |book: &Book| {
        owner(book, "2024-06-01")
            .next_due
            .map(|day| day.to_string())
    };
    let last = || json!({"last_day": "2024-06-30"});
    let gone = json!({"name": true, "left_on": "2024-06-20"});
    let mut book = covered(false);
    assert_eq!(due(&book), None);
    book.on("2024-06-01").moved(APPOINTED, "leave", last());
    assert_eq!(due(&book).as_deref(), Some("2024-06-30"));
    book.put("person", OFFICER, gone);
    assert_eq!(due(&book).as_deref(), Some("2024-06-20"));
    let mut stands_in = covered(true);
    stands_in.on("2024-06-01").moved(APPOINTED, "leave", last());
    assert_eq!(due(&stands_in), None);
    // Whoever was to stand in is gone before: then it is vacant all the same.
    let gone = |left_on: &str| json!({"name": true, "left_on": left_on});
    stands_in.put("person", CHIEF, gone("2024-07-31"));
    assert_eq!(due(&stands_in), None);
    let told = |book: &Book, about: &str| owner(book, about).next_due.map(|day| day.to_string());
    assert_eq!(
        told(&stands_in, "2024-07-10").as_deref(),
        Some("2024-07-31")
    );
    stands_in.put("person", CHIEF, gone("2024-06-14"));
    for about in ["2024-06-01", "2024-06-30"] {
        assert_eq!(told(&stands_in, about).as_deref(), Some("2024-06-30"));
    }
}

#[test]
fn where_one_of_two_left_the_other_holds_and_somebody_stands_in() {
    let mut book = Book::new();
    let given = |holder: u128, duty: &str| {
        let mut body = json!({"holder": id(holder), "duties": [duty], "authority": true,
            "start": "2024-02-01"});
        if holder == OFFICER {
            body["cover"] = json!(id(13));
        }
        body
    };
    let known: Value = json!({"on": "2024-02-01", "to": true});
    book.on("2024-02-01")
        .put("person", 13, json!({"name": true}));
    for (n, holder, duty) in [(221, CHIEF, "conformity"), (222, OFFICER, "reporting")] {
        book.put("appointment", n, given(holder, duty))
            .act("approve", n, 1, How::by(ROOT))
            .moved(n, "communicate", known.clone());
    }
    book.on("2024-06-01")
        .moved(222, "leave", json!({"last_day": "2024-06-30"}));
    let told = owner(&book, "2024-07-01").because;
    let whole = format!("record {}, appointed by", id(CHIEF));
    assert!(told.starts_with(&whole), "{told}");
    let second = format!(
        "and record {} stands in for record {}, who left on 30 June 2024,",
        id(13),
        id(OFFICER)
    );
    assert!(told.contains(&second), "{told}");
}
