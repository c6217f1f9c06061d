//! 9.3-a to 9.3-e, for the reviews themselves.

use serde_json::{Value, json};

use crate::given::{BOARD, Book, CHIEF, OFFICER, START, TEAM, cite, id};

pub const DECLARED: u128 = 300;

/// Quarters from 1 January 2024 on, declared on the first day.
pub fn quarters() -> Book {
    quarters_on(START)
}

/// The same, with a review in each slot from the second to the sixth.
pub fn first_missed() -> Book {
    let mut book = quarters();
    for (n, on, slot) in [
        (510, "2024-05-10", "2024-04-01"),
        (520, "2024-08-10", "2024-07-01"),
        (530, "2024-11-10", "2024-10-01"),
        (540, "2025-02-10", "2025-01-01"),
        (550, "2025-05-10", "2025-04-01"),
    ] {
        review(&mut book, n, on, Some(slot));
    }
    book
}

/// The same as the first, of a ledger that begins on a later day.
fn quarters_on(began: &str) -> Book {
    let mut book = Book::starting_on(began);
    let series = json!({"management_review": {"first_day": "2024-01-01", "months": 3}});
    book.put("declaration", DECLARED, json!({"series": series}))
        .approve(DECLARED, 1);
    book
}

pub fn meeting(body: u128, on: &str) -> Value {
    json!({"body": id(body), "state": "held", "sittings": [{"on": on}],
        "present": [{"person": id(CHIEF), "role": "member"}],
        "items": [{"number": "1", "text": true}]})
}

pub fn whole(meeting: u128, slot: Option<&str>) -> Value {
    let none = json!({"none_because": true});
    let mut body = json!({"parts": [{"meeting": cite(meeting, 1)}], "covers": ["aims"],
        "inputs": {"actions": none, "issues": none, "parties": none, "nonconformities": none,
            "monitoring": none, "audits": none, "opportunities": none},
        "decisions": {"improvement": true, "changes": true},
        "conclusions": {"suitability": true, "adequacy": true, "effectiveness": true}});
    if let Some(first_day) = slot {
        body["slot"] = json!({"declaration": id(DECLARED), "first_day": first_day});
    }
    body
}

/// A review with its meeting, both recorded on the day it was held.
pub fn review(book: &mut Book, n: u128, on: &str, slot: Option<&str>) {
    book.on(on).put("meeting", n + 1, meeting(BOARD, on)).put(
        "management_review",
        n,
        whole(n + 1, slot),
    );
}

fn reviewed(change: impl FnOnce(&mut Value)) -> Book {
    let mut book = quarters();
    review(&mut book, 500, "2024-02-01", Some("2024-01-01"));
    let mut second = whole(511, Some("2024-04-01"));
    change(&mut second);
    book.on("2024-05-01")
        .put("meeting", 511, meeting(BOARD, "2024-05-01"))
        .put("management_review", 510, second);
    book
}

#[test]
fn reviews_are_declared_from_the_first_day() {
    let book = Book::new();
    book.expect("9.3-a", &[("2024-01-01", "not_shown")]);
    assert_eq!(book.words("management_review", "2024-01-01"), ("no", "no"));
    assert_eq!(book.about("2023-12-31").five[4].in_hand, "not_due");
    let since = "Since 1 January 2024 no record declares when management reviews are due";
    let because = |book: &Book| book.about("2024-03-01").five[4].because.clone();
    assert_eq!(
        because(&book),
        format!("{since}, and none is on record as held.")
    );
    assert_eq!(book.sentence("9.3-a", "2024-03-01"), format!("{since}."));
    // One that was held is not denied.
    let mut book = book;
    review(&mut book, 500, "2024-02-01", None);
    assert_eq!(because(&book), format!("{since}."));
}

#[test]
fn nothing_is_due_before_the_first_slot_has_ended_and_waited() {
    let book = quarters();
    for rule in ["9.3-a", "9.3-a.o"] {
        book.expect(
            rule,
            &[
                ("2024-03-31", "not_due"),
                ("2024-04-30", "not_due"), // still awaits its record
                ("2024-05-01", "not_shown"),
            ],
        );
    }
    let five = |about| book.words("management_review", about);
    assert_eq!(five("2024-04-30"), ("not_due", "unknown"));
    assert_eq!(five("2024-05-01"), ("no", "no"));
}

#[test]
fn a_review_held_early_is_in_hand_at_once() {
    let mut book = quarters();
    review(&mut book, 500, "2024-02-01", Some("2024-01-01"));
    book.expect(
        "9.3-a",
        &[("2024-01-31", "not_due"), ("2024-02-01", "holds")],
    );
    let five = |about| book.words("management_review", about);
    assert_eq!(five("2024-01-31"), ("not_due", "unknown"));
    assert_eq!(five("2024-02-01"), ("yes", "yes"));
}

#[test]
fn the_latest_review_on_record_answers_before_the_first_slot_has_ended() {
    let mut book = quarters();
    review(&mut book, 500, "2024-02-01", Some("2024-01-01"));
    let mut unminuted = meeting(BOARD, "2024-03-01");
    unminuted["items"] = json!([]);
    book.on("2024-03-01").put("meeting", 511, unminuted).put(
        "management_review",
        510,
        json!({"parts": [{"meeting": cite(511, 1)}]}),
    );
    assert_eq!(
        book.words("management_review", "2024-03-01"),
        ("yes", "yes")
    );
}

#[test]
fn top_management_takes_part_quorate() {
    let nobody = json!([{"person": id(OFFICER), "role": "member"}]);
    let change = |field: &str, value: Value| {
        let mut body = meeting(BOARD, "2024-02-01");
        body[field] = value;
        body
    };
    let cases = [
        (change("present", nobody), "not_shown", "not_shown", "no"),
        (
            change("state", json!("inquorate")),
            "not_shown",
            "not_shown",
            "no",
        ),
        (meeting(TEAM, "2024-02-01"), "not_shown", "holds", "no"),
        // Not said who was there: marked, not refused.
        (change("present", Value::Null), "holds", "holds", "yes"),
    ];
    for (meeting, took_part, slots, holds) in cases {
        let mut book = quarters();
        book.on("2024-02-01")
            .put("meeting", 501, meeting.clone())
            .put("management_review", 500, whole(501, Some("2024-01-01")));
        assert_eq!(book.says("9.3-a", "2024-04-01"), took_part, "{meeting}");
        assert_eq!(book.says("9.3-a.o", "2024-04-01"), slots, "{meeting}");
        let words = book.words("management_review", "2024-04-01");
        assert_eq!(words, ("yes", holds), "{meeting}");
    }
}

#[test]
fn minutes_that_do_not_say_who_was_there_are_reserved() {
    let mut silent = meeting(BOARD, "2024-02-01");
    silent["present"] = Value::Null;
    for (meeting, expected) in [
        (silent, "reservation"),
        (meeting(BOARD, "2024-02-01"), "holds"),
    ] {
        let mut book = quarters();
        book.on("2024-02-01").put("meeting", 501, meeting).put(
            "management_review",
            500,
            whole(501, Some("2024-01-01")),
        );
        book.expect("9.3-a.p", &[("2024-02-10", expected)]);
    }
}

#[test]
fn the_seven_inputs_are_there() {
    for input in [
        "actions",
        "issues",
        "parties",
        "nonconformities",
        "monitoring",
        "audits",
        "opportunities",
    ] {
        let book = reviewed(|body| body["inputs"][input] = Value::Null);
        assert_eq!(book.says("9.3-b", "2024-05-01"), "not_shown", "{input}");
        assert_eq!(book.says("9.3-b", "2024-04-30"), "holds", "{input}");
        let words = book.words("management_review", "2024-07-01");
        assert_eq!(words, ("yes", "no"), "{input}");
    }
    reviewed(|_| {}).expect(
        "9.3-b",
        &[("2024-01-31", "not_due"), ("2024-05-01", "holds")],
    );
}

#[test]
fn what_was_reported_names_a_record_a_minute_or_a_file() {
    let text = |more: Value| {
        let mut input = json!({"text": true, "data_points": 2});
        for (field, value) in more.as_object().unwrap() {
            input[field] = value.clone();
        }
        input
    };
    let none = json!({"none_because": true});
    let cases = [
        (text(json!({"cites": [cite(CHIEF, 1)]})), "holds"),
        (text(json!({"items": ["1"]})), "holds"),
        (text(json!({"items": ["9", "1"]})), "holds"),
        (none, "holds"),
        (text(json!({"none_because": true})), "holds"),
        (text(json!({"items": ["9"]})), "not_shown"),
        (text(json!({"items": [], "cites": []})), "not_shown"),
        (text(json!({})), "not_shown"),
        (json!({"cites": [cite(CHIEF, 1)]}), "not_shown"),
    ];
    for (input, expected) in cases {
        let book = reviewed(|body| body["inputs"]["audits"] = input.clone());
        book.expect("9.3-b", &[("2024-05-01", expected)]);
        let holds = if expected == "holds" { "yes" } else { "no" };
        let words = book.words("management_review", "2024-07-01");
        assert_eq!(words, ("yes", holds), "{input}");
    }
    let mut silent = whole(501, Some("2024-01-01"));
    silent["inputs"]["issues"] = text(json!({}));
    let mut in_a_file = meeting(BOARD, "2024-02-01");
    in_a_file["minutes"] = json!({"file": "ab"});
    let mut minutes = quarters();
    minutes.on("2024-02-01").put("meeting", 501, in_a_file).put(
        "management_review",
        500,
        silent.clone(),
    );
    minutes.expect("9.3-b", &[("2024-02-01", "holds")]);
    // Minutes from before the ledger began may be no more than a file; of a day since then, a file
    // beside the record says nothing of what was reported.
    for (began, expected) in [("2024-02-10", "holds"), ("2024-02-01", "not_shown")] {
        let mut brought = quarters_on(began);
        brought
            .on("2024-02-10")
            .put("meeting", 501, meeting(BOARD, "2024-02-01"))
            .filed("management_review", 500, silent.clone());
        brought.expect("9.3-b", &[("2024-02-01", expected)]);
    }
}

#[test]
fn whoever_was_not_there_or_was_entered_in_error_makes_no_quorum_of_a_review() {
    let reviewed = || {
        let mut book = quarters();
        review(&mut book, 500, "2024-02-01", Some("2024-01-01"));
        book
    };
    let left = |on: &str| {
        let mut book = reviewed();
        book.put("person", CHIEF, json!({"name": true, "left_on": on}));
        book
    };
    let mut in_error = reviewed();
    in_error
        .on("2024-02-02")
        .moved(CHIEF, "withdraw", json!({"because": true}));
    let joins = |on: &str| {
        let mut book = reviewed();
        book.put("person", CHIEF, json!({"name": true, "joined_on": on}));
        book
    };
    for (book, expected) in [
        (reviewed(), "holds"),
        (left("2024-02-01"), "holds"),
        (left("2024-01-31"), "not_shown"),
        (joins("2024-02-01"), "holds"),
        (joins("2024-02-02"), "not_shown"),
        (in_error, "not_shown"),
    ] {
        book.expect("9.3-a", &[("2024-04-01", expected)]);
    }
}

#[test]
fn an_input_without_its_source_is_told_from_one_that_is_not_there() {
    let text = json!({"text": true});
    let book = reviewed(|body| body["inputs"]["parties"] = text.clone());
    let unlinked = "does not say which record, minute or file holds what was reported on \
        changes in what interested parties need.";
    let said = book.sentence("9.3-b", "2024-05-01");
    assert_eq!(
        said,
        format!("The management review of 1 May 2024 {unlinked}")
    );
    let affected = &book.about("2024-07-01").five[4].affected;
    assert_eq!(affected.as_ref().map(|one| one.n), Some(1));
    let both = reviewed(|body| {
        body["inputs"]["parties"] = text.clone();
        body["inputs"]["audits"] = Value::Null;
    });
    let said = both.sentence("9.3-b", "2024-05-01");
    let missing = "The management review of 1 May 2024 has nothing on audit results, and";
    assert_eq!(said, format!("{missing} {unlinked}"));
    // One that names an item says which minute, of which there is none.
    let item = json!({"text": true, "items": ["9"]});
    let astray = "names no item that its meetings have, nor a record or file, for what was \
        reported on audit results.";
    let alone = reviewed(|body| body["inputs"]["audits"] = item.clone());
    let said = alone.sentence("9.3-b", "2024-05-01");
    assert_eq!(
        said,
        format!("The management review of 1 May 2024 {astray}")
    );
    let beside = reviewed(|body| {
        body["inputs"]["parties"] = text.clone();
        body["inputs"]["audits"] = item.clone();
    });
    let said = beside.sentence("9.3-b", "2024-05-01");
    let review = "The management review of 1 May 2024";
    assert_eq!(said, format!("{review} {unlinked} {review} {astray}"));
}

#[test]
fn trends_and_earlier_actions_are_asked_from_the_second_review_on() {
    let cases = [
        ("actions", "holds"),
        ("nonconformities", "holds"),
        ("monitoring", "holds"),
        ("audits", "holds"),
        ("issues", "not_shown"),
        ("parties", "not_shown"),
        ("opportunities", "not_shown"),
    ];
    for (input, expected) in cases {
        let mut book = quarters();
        let mut body = whole(501, Some("2024-01-01"));
        body["inputs"][input] = Value::Null;
        book.on("2024-02-01")
            .put("meeting", 501, meeting(BOARD, "2024-02-01"))
            .put("management_review", 500, body);
        assert_eq!(book.says("9.3-b", "2024-02-01"), expected, "{input}");
    }
}

#[test]
fn a_trend_rests_on_two_figures() {
    let cases = [
        (json!({"text": true, "data_points": 2}), "holds"),
        (json!({"text": true, "data_points": 1}), "reservation"),
        (json!({"text": true}), "reservation"),
        (json!({"none_because": true}), "holds"),
    ];
    for (input, expected) in cases {
        let book = reviewed(|body| body["inputs"]["audits"] = input.clone());
        assert_eq!(book.says("9.3-b.p", "2024-05-01"), expected, "{input}");
        assert_eq!(book.says("9.3-b.p", "2024-04-30"), "not_due");
    }
}

#[test]
fn both_kinds_of_decision_and_three_conclusions_are_there() {
    for missing in [
        "/decisions/improvement",
        "/decisions/changes",
        "/conclusions/suitability",
        "/conclusions/adequacy",
        "/conclusions/effectiveness",
    ] {
        let book = reviewed(|body| {
            if let Some(place) = body.pointer_mut(missing) {
                *place = Value::Null;
            }
        });
        assert_eq!(book.says("9.3-c", "2024-05-01"), "not_shown", "{missing}");
    }
    reviewed(|_| {}).expect(
        "9.3-c",
        &[("2024-01-31", "not_due"), ("2024-05-01", "holds")],
    );
}

#[test]
fn agenda_lines_are_those_switched_on_when_the_review_was_held() {
    let lines = |lines: &[&str], on: &str| {
        let mut book = reviewed(|_| {});
        book.on(on)
            .put("declaration", 301, json!({"agenda": lines}))
            .approve(301, 1);
        book
    };
    // Switched on since, they reach no review back.
    let mut since = lines(&["incidents"], "2024-06-01");
    since.expect("9.3-e", &[("2024-05-31", "holds"), ("2024-06-01", "holds")]);
    let mut told = whole(521, Some("2024-07-01"));
    told["agenda"] = json!({"incidents": true});
    since
        .on("2024-08-01")
        .put("meeting", 521, meeting(BOARD, "2024-08-01"));
    let mut silent = since.clone();
    since.put("management_review", 520, told);
    since.expect("9.3-e", &[("2024-08-01", "holds")]);
    silent.put("management_review", 520, whole(521, Some("2024-07-01")));
    silent.expect(
        "9.3-e",
        &[("2024-07-31", "holds"), ("2024-08-01", "reservation")],
    );
    // Switched off since, what was left out stays left out for as long as the review is asked.
    silent
        .on("2024-09-01")
        .put("declaration", 301, json!({"agenda": []}))
        .approve(301, 2);
    silent.expect(
        "9.3-e",
        &[("2024-09-01", "reservation"), ("2025-08-01", "reservation")],
    );
    review(&mut silent, 530, "2024-10-10", Some("2024-10-01"));
    silent.expect(
        "9.3-e",
        &[
            ("2024-10-10", "reservation"),
            ("2025-08-01", "reservation"),
            ("2025-08-02", "holds"),
        ],
    );
}

#[test]
fn what_a_review_lacks_is_named_as_known_until_a_version_says_that_it_was_there() {
    let one_figure = json!({"text": true, "data_points": 1});
    let two_figures = json!({"text": true, "data_points": 2});
    let cases = [
        (
            "9.3-b",
            "/inputs/parties",
            Value::Null,
            json!({"none_because": true}),
            "not_shown",
            "interested parties",
        ),
        (
            "9.3-b.p",
            "/inputs/audits",
            one_figure,
            two_figures,
            "reservation",
            "audit",
        ),
        (
            "9.3-c",
            "/decisions/changes",
            Value::Null,
            json!(true),
            "not_shown",
            "changes",
        ),
        (
            "9.3-c",
            "/conclusions/adequacy",
            Value::Null,
            json!(true),
            "not_shown",
            "adequacy",
        ),
    ];
    for (rule, place, lacking, added, level, named) in cases {
        let set = |body: &mut Value, value: &Value| {
            *body.pointer_mut(place).unwrap() = value.clone();
        };
        let mut book = reviewed(|body| set(body, &lacking));
        book.expect(rule, &[("2024-05-01", level), ("2024-05-31", level)]);
        let sentence = book.sentence(rule, "2024-05-31");
        for said in ["1 May 2024", named] {
            assert!(sentence.contains(said), "{rule} {place}: {sentence}");
        }
        let mut mended = whole(511, Some("2024-04-01"));
        set(&mut mended, &added);
        book.on("2024-06-01").put("management_review", 510, mended);
        // What happened was so on the day itself, as known now.
        let holds = ["2024-05-01", "2024-05-31", "2024-06-01"].map(|about| (about, "holds"));
        book.expect(rule, &holds);
        book.expect(rule, &[("2024-01-31", "not_due")]);
    }
}

#[test]
fn minutes_are_recorded_within_thirty_days() {
    let mut book = quarters();
    let mut called = meeting(BOARD, "2024-02-01");
    called["items"] = json!([{"number": "1"}]);
    book.on("2024-02-01").put("meeting", 501, called);
    book.put("management_review", 500, whole(501, Some("2024-01-01")));
    book.expect(
        "9.3-a.p",
        &[
            ("2024-01-31", "not_due"),
            ("2024-03-02", "holds"),
            ("2024-03-03", "reservation"),
        ],
    );
    let mut in_time = book.clone();
    in_time
        .on("2024-03-02")
        .put_of("meeting", 501, "2024-02-01", meeting(BOARD, "2024-02-01"));
    in_time.expect("9.3-a.p", &[("2024-03-03", "holds")]);
    let mut late = book.clone();
    late.on("2024-03-03")
        .put_of("meeting", 501, "2024-02-01", meeting(BOARD, "2024-02-01"));
    late.expect("9.3-a.p", &[("2024-03-03", "reservation")]);
    // A longer time declared later leaves them late.
    late.on("2024-04-01")
        .put(
            "declaration",
            301,
            json!({"tolerances": {"minutes_days": 90}}),
        )
        .approve(301, 1);
    late.expect("9.3-a.p", &[("2024-05-01", "reservation")]);
    // Nor does one that was declared before make thirty days more than custom has them.
    let mut before = quarters();
    let longer = json!({"tolerances": {"minutes_days": 90}});
    before.put("declaration", 301, longer).approve(301, 1);
    let unminuted = late.records.get(id(501)).unwrap().versions[0]
        .body()
        .clone();
    before.on("2024-02-01").put("meeting", 501, unminuted).put(
        "management_review",
        500,
        whole(501, Some("2024-01-01")),
    );
    before.expect(
        "9.3-a.p",
        &[("2024-03-02", "holds"), ("2024-03-03", "reservation")],
    );
    let fewer = json!({"tolerances": {"minutes_days": 10}});
    before.put("declaration", 301, fewer).approve(301, 2);
    before.expect(
        "9.3-a.p",
        &[("2024-02-11", "holds"), ("2024-02-12", "reservation")],
    );
}

#[test]
fn minutes_are_confirmed_at_the_bodys_next_meeting() {
    let mut book = quarters();
    review(&mut book, 500, "2024-02-01", Some("2024-01-01"));
    book.on("2024-03-01")
        .put("meeting", 502, meeting(BOARD, "2024-03-01"));
    book.expect(
        "9.3-a.p",
        &[("2024-02-29", "holds"), ("2024-03-01", "reservation")],
    );
    let confirm = json!({"by": cite(502, 1), "on": "2024-03-15"});
    book.on("2024-03-15").moved(501, "confirm", confirm);
    book.expect(
        "9.3-a.p",
        &[("2024-03-14", "reservation"), ("2024-03-15", "holds")],
    );
}
