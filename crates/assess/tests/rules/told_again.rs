//! Meetings recorded anew: since when they are over, and on which day.

use serde_json::{Value, json};

use crate::given::{BOARD, Book, id};
use crate::review::{meeting, quarters, whole};
use crate::slots::state;

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
        let late = format!("record {} was recorded late.", id(501));
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
