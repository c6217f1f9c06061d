//! 9.3-d: the actions of a review appear in the next.

use serde_json::{Value, json};

use crate::given::{BOARD, cite, id};
use crate::review::{meeting, quarters, whole};

#[test]
fn every_action_appears_in_the_next_review() {
    let mut book = quarters();
    let mut first = whole(501, Some("2024-01-01"));
    first["actions"] = json!([id(701), id(702)]);
    book.on("2024-02-01")
        .put("meeting", 501, meeting(BOARD, "2024-02-01"))
        .put("management_review", 500, first);
    book.expect("9.3-d", &[("2024-02-01", "not_due")]);
    for (told, expected) in [(vec![701, 702], "holds"), (vec![701], "not_shown")] {
        let earlier: Vec<Value> = told
            .into_iter()
            .map(|action| json!({"action": id(action), "status": "open"}))
            .collect();
        let mut second = whole(511, Some("2024-04-01"));
        second["earlier_actions"] = json!(earlier);
        let mut book = book.clone();
        book.on("2024-05-01")
            .put("meeting", 511, meeting(BOARD, "2024-05-01"))
            .put("management_review", 510, second);
        assert_eq!(book.says("9.3-d", "2024-04-30"), "not_due");
        assert_eq!(book.says("9.3-d", "2024-05-01"), expected);
    }
}

#[test]
fn an_action_that_comes_from_a_review_is_an_action_of_it() {
    let task = |from: u128, item: Option<&str>| json!({"from": cite(from, 1), "item": item});
    let resolved = json!({"meeting": cite(501, 1), "item": "1"});
    let elsewhere = json!({"meeting": cite(501, 1), "item": "2"});
    for (action, expected) in [
        (task(501, Some("1")), "not_shown"),
        (task(801, None), "not_shown"),
        // Of an item, a resolution or a meeting that the review is not.
        (task(501, Some("2")), "holds"),
        (task(802, None), "holds"),
        (task(502, Some("1")), "holds"),
    ] {
        let mut first = whole(501, Some("2024-01-01"));
        first["parts"] = json!([{"meeting": cite(501, 1), "items": ["1"]}]);
        let mut book = quarters();
        book.on("2024-02-01")
            .put("meeting", 501, meeting(BOARD, "2024-02-01"))
            .put("meeting", 502, meeting(BOARD, "2024-02-01"))
            .put("resolution", 801, resolved.clone())
            .put("resolution", 802, elsewhere.clone())
            .put("management_review", 500, first)
            .put("action", 701, action);
        let mut second = whole(511, Some("2024-04-01"));
        let mut told = book.clone();
        told.on("2024-05-01")
            .put("meeting", 511, meeting(BOARD, "2024-05-01"))
            .put("management_review", 510, second.clone());
        assert_eq!(told.says("9.3-d", "2024-05-01"), expected);
        let holds = if expected == "holds" { "yes" } else { "no" };
        assert_eq!(told.words("management_review", "2024-08-01").1, holds);
        second["earlier_actions"] = json!([{"action": id(701), "status": "open"}]);
        book.on("2024-05-01")
            .put("meeting", 511, meeting(BOARD, "2024-05-01"))
            .put("management_review", 510, second);
        assert_eq!(book.says("9.3-d", "2024-05-01"), "holds");
    }
}

#[test]
fn an_action_entered_in_error_is_asked_of_no_review() {
    let mut first = whole(501, Some("2024-01-01"));
    first["actions"] = json!([id(701)]);
    let mut book = quarters();
    book.on("2024-02-01")
        .put("meeting", 501, meeting(BOARD, "2024-02-01"))
        .put("action", 701, json!({"status": "open"}))
        .put("management_review", 500, first);
    book.on("2024-05-01")
        .put("meeting", 511, meeting(BOARD, "2024-05-01"))
        .put("management_review", 510, whole(511, Some("2024-04-01")));
    book.expect("9.3-d", &[("2024-05-01", "not_shown")]);
    book.on("2024-05-10")
        .moved(701, "withdraw", json!({"because": true}));
    book.expect("9.3-d", &[("2024-05-10", "holds")]);
    assert_eq!(
        book.words("management_review", "2024-08-01"),
        ("yes", "yes")
    );
}

#[test]
fn an_action_that_is_carried_on_as_open_is_followed_until_it_is_done_or_dropped() {
    let tells = |status: Option<&str>| {
        let status = status.map(|status| json!([{"action": id(701), "status": status}]));
        status.unwrap_or(json!([]))
    };
    // Agreed in the first review, told of in the second, and in the third or not.
    let said = |second: &str, third: Option<&str>| {
        let mut book = quarters();
        for (n, on, slot, earlier) in [
            (500, "2024-02-01", "2024-01-01", None),
            (510, "2024-05-01", "2024-04-01", Some(second)),
            (520, "2024-08-01", "2024-07-01", third),
        ] {
            let mut body = whole(n + 1, Some(slot));
            body["earlier_actions"] = tells(earlier);
            if n == 500 {
                body["actions"] = json!([id(701)]);
            }
            book.on(on)
                .put("meeting", n + 1, meeting(BOARD, on))
                .put("management_review", n, body);
        }
        book
    };
    for (second, third, expected) in [
        ("open", None, "not_shown"),
        ("open", Some("open"), "holds"),
        ("open", Some("done"), "holds"),
        ("done", None, "holds"),
        ("dropped", None, "holds"),
    ] {
        let book = said(second, third);
        assert_eq!(
            book.says("9.3-d", "2024-08-01"),
            expected,
            "{second} {third:?}"
        );
    }
    let mut book = said("open", None);
    let lost = format!(
        "record {}, still open on 1 May 2024, does not appear in",
        id(701)
    );
    let sentence = book.sentence("9.3-d", "2024-08-01");
    assert_eq!(sentence, format!("{lost} the next review."));
    let because = book.about("2024-10-31").five.remove(4).because;
    assert!(because.contains(&format!("{lost} it")), "{because}");
    // Entered in error, it is asked of no review.
    book.on("2024-11-10")
        .put("action", 701, json!({"status": "open"}))
        .moved(701, "withdraw", json!({"because": true}));
    book.expect("9.3-d", &[("2024-11-10", "holds")]);
}
