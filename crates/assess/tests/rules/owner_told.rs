//! How the answer on the owner tells one name with two titles.

use serde_json::json;

use crate::given::{Book, CHIEF, How, OFFICER, ROOT, id};

/// Of an appointment to one duty: its number, the duty, the day, and who stands in.
type Given<'a> = (u128, u128, &'a str, &'a str, Option<u128>);

/// Each is appointed on its day; whoever was appointed by 221 leaves on 31 May.
fn book(given: &[Given<'_>], silent: bool) -> Book {
    let mut book = Book::new();
    for (n, holder, duty, on, cover) in given {
        let mut body = json!({"holder": id(*holder), "duties": [duty], "start": on});
        if !silent {
            body["authority"] = json!(true);
        }
        if let Some(cover) = cover {
            body["cover"] = json!(id(*cover));
        }
        book.on(on)
            .put("appointment", *n, body)
            .act("approve", *n, 1, How::by(ROOT))
            .moved(*n, "communicate", json!({"on": on}));
        if *n == 221 {
            book.moved(221, "leave", json!({"last_day": "2024-05-31"}));
        }
    }
    book
}

fn because(book: &Book, about: &str) -> String {
    assert_eq!(book.words("owner", about).0, "yes");
    book.about(about).five.remove(2).because
}

/// Who appointed, when and by which record.
fn by_root(on: &str) -> String {
    format!("by record {} on {on} (record {})", id(ROOT), id(900))
}

#[test]
fn one_who_holds_both_by_two_appointments_is_told_with_each() {
    let given: [Given<'_>; 2] = [
        (222, OFFICER, "conformity", "2024-01-16", None),
        (223, OFFICER, "reporting", "2024-06-20", None),
    ];
    let expected = format!(
        "record {}, appointed {}, holds responsibility for conformity and, appointed {}, for \
         reporting to top management.",
        id(OFFICER),
        by_root("16 January 2024"),
        by_root("20 June 2024")
    );
    assert_eq!(because(&book(&given, false), "2024-06-25"), expected);
    let told = because(&book(&given, true), "2024-06-25");
    let begins = format!("record {} holds both responsibilities, but ", id(OFFICER));
    assert!(told.starts_with(&begins), "{told}");
}

#[test]
fn one_who_holds_one_and_stands_in_in_the_other_is_told_so() {
    let stood_in = |duty: &str| {
        format!(
            "stands in for record {}, who left on 31 May 2024, appointed {}, in responsibility {duty}",
            id(OFFICER),
            by_root("16 January 2024")
        )
    };
    let own: [Given<'_>; 2] = [
        (221, OFFICER, "reporting", "2024-01-16", Some(CHIEF)),
        (222, CHIEF, "conformity", "2024-01-17", None),
    ];
    let expected = format!(
        "record {}, appointed {}, holds responsibility for conformity and {}.",
        id(CHIEF),
        by_root("17 January 2024"),
        stood_in("for reporting to top management")
    );
    assert_eq!(because(&book(&own, false), "2024-06-15"), expected);
    let covers: [Given<'_>; 2] = [
        (221, OFFICER, "conformity", "2024-01-16", Some(CHIEF)),
        (222, CHIEF, "reporting", "2024-01-17", None),
    ];
    let expected = format!(
        "record {} {} and, appointed {}, holds responsibility for reporting to top management.",
        id(CHIEF),
        stood_in("for conformity"),
        by_root("17 January 2024"),
    );
    assert_eq!(because(&book(&covers, false), "2024-06-15"), expected);
    let told = because(&book(&covers, true), "2024-06-15");
    let begins = format!(
        "record {} holds one of the two responsibilities and stands in for the other, but ",
        id(CHIEF)
    );
    assert!(told.starts_with(&begins), "{told}");
}

#[test]
fn two_of_whom_one_stands_in_are_named_for_what_they_are() {
    let given: [Given<'_>; 2] = [
        (221, OFFICER, "conformity", "2024-01-16", Some(CHIEF)),
        (222, 13, "reporting", "2024-01-17", None),
    ];
    let mut named = book(&given, true);
    named.put("person", 13, json!({"name": true}));
    let told = because(&named, "2024-06-15");
    let begins = format!(
        "record {} holds one of the two responsibilities, and record {} stands in for the other, \
         but ",
        id(13),
        id(CHIEF)
    );
    assert!(told.starts_with(&begins), "{told}");
    let mut whole = book(&given, false);
    whole.put("person", 13, json!({"name": true}));
    let told = because(&whole, "2024-06-15");
    let ends = format!(
        ", and record {}, appointed {}, holds responsibility for reporting to top management.",
        id(13),
        by_root("17 January 2024")
    );
    assert!(told.ends_with(&ends), "{told}");
}
