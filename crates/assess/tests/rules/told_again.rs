//! Meetings recorded anew: which of their minutes were confirmed, and since when they are over.

use serde_json::{Value, json};

use crate::given::{BOARD, Book, CHIEF, OFFICER, cite, id};
use crate::review::{meeting, quarters, review, whole};
use crate::slots::state;

/// A review of 20 February whose minutes the board confirmed a week later.
fn confirmed() -> Book {
    let mut book = quarters();
    review(&mut book, 500, "2024-02-20", Some("2024-01-01"));
    let confirm = json!({"by": cite(502, 1), "on": "2024-02-27"});
    book.on("2024-02-27")
        .put("meeting", 502, meeting(BOARD, "2024-02-27"))
        .moved(501, "confirm", confirm);
    book
}

fn told(book: &Book, about: &str) -> (String, Vec<String>) {
    let five = book.about(about).five.remove(4);
    assert_eq!((five.in_hand, five.holds), ("yes", "yes"), "{about}");
    (five.because, five.reservations)
}

/// What the answer on reviews rests on of the review's meeting: version, move, day, provenance.
fn of_the_meeting(book: &Book, about: &str) -> Vec<(u32, Option<String>, String, &'static str)> {
    let evidence = book.about(about).five.remove(4).evidence.into_iter();
    let of_meeting = evidence.filter(|one| one.id == id(501));
    of_meeting
        .map(|one| {
            let on = one.effective_on.to_string();
            (one.version, one.name_of_move, on, one.provenance)
        })
        .collect()
}

#[test]
fn minutes_recorded_anew_after_they_were_confirmed_are_not_confirmed() {
    let mut book = confirmed();
    let before = book.clone();
    let (because, reserved) = told(&before, "2024-05-10");
    assert!(!because.contains("not confirmed"), "{because}");
    assert_eq!(reserved, [""; 0]);

    let mut anew = meeting(BOARD, "2024-02-20");
    anew["present"] = json!([{"person": id(CHIEF), "role": "member"},
        {"person": id(OFFICER), "role": "member"}]);
    // The words of an item may be others where nothing else is.
    for newest in [anew, meeting(BOARD, "2024-02-20")] {
        let mut book = before.clone();
        book.on("2024-03-05")
            .put_of("meeting", 501, "2024-02-20", newest);
        let (because, reserved) = told(&book, "2024-05-10");
        assert!(
            because.ends_with("; its minutes are not confirmed yet."),
            "{because}"
        );
        let said = "Of the minutes of 20 February 2024 version 1 was confirmed on 27 February \
            2024; version 2, recorded on 5 March 2024, has not been.";
        assert_eq!(reserved, [said]);
        book.expect("9.3-a.p", &[("2024-05-10", "reservation")]);

        let confirm = json!({"by": cite(503, 1), "on": "2024-03-20"});
        book.on("2024-03-20")
            .put("meeting", 503, meeting(BOARD, "2024-03-20"))
            .moved(501, "confirm", confirm);
        let (because, reserved) = told(&book, "2024-05-10");
        assert!(!because.contains("not confirmed"), "{because}");
        assert_eq!(reserved, [""; 0]);
        let (_, reserved) = told(&book, "2024-03-19");
        assert_eq!(reserved, [said]);
    }
    // Of a version that was entered in error nothing is said.
    book.on("2024-03-05")
        .put_of("meeting", 501, "2024-02-20", meeting(BOARD, "2024-02-20"))
        .moved(501, "withdraw", json!({}));
    assert_eq!(told(&book, "2024-05-10").1, [""; 0]);
}

#[test]
fn that_minutes_were_confirmed_in_another_version_is_said_beside_what_else_is_amiss() {
    let mut book = quarters();
    let mut called = meeting(BOARD, "2024-02-20");
    called["items"] = json!([{"number": "1"}]);
    book.on("2024-02-20").put("meeting", 501, called).put(
        "management_review",
        500,
        whole(501, Some("2024-01-01")),
    );
    let confirm = json!({"by": cite(502, 1), "on": "2024-02-27"});
    book.on("2024-02-27")
        .put("meeting", 502, meeting(BOARD, "2024-02-27"))
        .moved(501, "confirm", confirm);
    book.on("2024-04-20")
        .put_of("meeting", 501, "2024-02-20", meeting(BOARD, "2024-02-20"));
    assert_eq!(
        book.sentence("9.3-a.p", "2024-05-10"),
        "The minutes of 20 February 2024 were first recorded after 60 days. Of the minutes of 20 \
            February 2024 version 1 was confirmed on 27 February 2024; version 2, recorded on 20 \
            April 2024, has not been."
    );
}

#[test]
fn that_an_adjourned_meeting_was_over_is_evidence_and_late_where_it_was_told_late() {
    let state_of = |state: &str| {
        let mut body = meeting(BOARD, "2024-03-28");
        body["state"] = json!(state);
        body
    };
    for (recorded, slot, provenance) in [
        ("2024-04-20", "held", "in_time"),
        ("2024-06-10", "held_late", "late"),
    ] {
        let mut book = quarters();
        book.on("2024-03-28")
            .put("meeting", 501, state_of("adjourned"))
            .put("management_review", 500, whole(501, Some("2024-01-01")));
        book.on(recorded)
            .put_of("meeting", 501, "2024-03-28", state_of("held"));
        // Put again it was over then.
        book.on("2024-06-12")
            .put_of("meeting", 501, "2024-03-28", state_of("held"));
        assert_eq!(state(&book, "2024-01-01", "2024-06-12"), slot);
        let on = "2024-03-28".to_owned();
        let expected = [(1, None, on.clone(), "in_time"), (2, None, on, provenance)];
        assert_eq!(of_the_meeting(&book, "2024-06-12"), expected, "{recorded}");
        let late = format!(
            "record {} was recorded late in version 2, on 10 June 2024; version 1 was recorded on 28 March 2024.",
            id(501)
        );
        let (_, reserved) = told(&book, "2024-06-12");
        assert_eq!(
            reserved.contains(&late),
            provenance == "late",
            "{reserved:?}"
        );
    }
}

#[test]
fn each_version_of_a_meeting_is_evidence_of_the_day_that_it_says_itself() {
    let days = |days: &[&str]| {
        let mut body = meeting(BOARD, "2024-03-28");
        let days: Vec<Value> = days.iter().map(|on| json!({"on": on})).collect();
        body["sittings"] = json!(days);
        body
    };
    let mut book = quarters();
    book.on("2024-04-10")
        .put_of("meeting", 501, "2024-04-08", days(&["2024-04-08"]))
        .put("management_review", 500, whole(501, None));
    book.on("2024-06-10")
        .put_of("meeting", 501, "2024-03-28", days(&["2024-03-28"]))
        .put("management_review", 500, whole(501, Some("2024-01-01")));
    let expected = [
        (1, None, "2024-04-08".to_owned(), "in_time"),
        (2, None, "2024-03-28".to_owned(), "late"),
    ];
    assert_eq!(of_the_meeting(&book, "2024-06-10"), expected);

    // Of two sittings the first was told of before there was a second.
    let mut book = quarters();
    book.on("2024-02-20")
        .put("meeting", 501, days(&["2024-02-20"]))
        .put("management_review", 500, whole(501, Some("2024-01-01")));
    book.on("2024-03-28").put_of(
        "meeting",
        501,
        "2024-02-20",
        days(&["2024-02-20", "2024-03-27"]),
    );
    let expected = [
        (1, None, "2024-02-20".to_owned(), "in_time"),
        (2, None, "2024-03-27".to_owned(), "in_time"),
    ];
    assert_eq!(of_the_meeting(&book, "2024-05-10"), expected);
}
