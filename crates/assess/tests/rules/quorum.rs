//! 9.3: who was there when a review was held, by its body's terms.

use serde_json::{Value, json};

use crate::given::{BOARD, Book, CHIEF, How, OFFICER, TEAM, cite, id};
use crate::review::{meeting, quarters, whole};

#[test]
fn a_review_is_quorate_only_where_enough_sat_together() {
    let two_days = |first: Value, second: Value| {
        let mut body = meeting(BOARD, "2024-02-01");
        body["sittings"] = json!([{"on": "2024-02-01"}, {"on": "2024-02-08"}]);
        body["present"] = json!([
            {"person": id(CHIEF), "role": "member", "sittings": first},
            {"person": id(OFFICER), "role": "member", "sittings": second},
        ]);
        body
    };
    let cases = [
        (two_days(json!([1]), json!([2])), "not_shown"),
        (two_days(json!([2]), json!([])), "holds"),
        (two_days(json!([]), json!([])), "holds"),
    ];
    for (meeting, expected) in cases {
        let seats = json!([{"person": id(CHIEF)}, {"person": id(OFFICER)}]);
        let terms = json!({"name": true, "top_management": "part", "quorum": 2, "seats": seats});
        let mut book = quarters();
        book.put("body", BOARD, terms).approve(BOARD, 2);
        book.on("2024-02-01")
            .put("meeting", 501, meeting.clone())
            .put("management_review", 500, whole(501, Some("2024-01-01")));
        assert_eq!(book.says("9.3-a", "2024-04-01"), expected, "{meeting}");
    }
}

#[test]
fn a_review_is_quorate_at_each_item_it_names_and_of_a_whole_meeting_at_all() {
    let rows = |chief: Value, officer: Value| {
        let mut body = meeting(BOARD, "2024-02-01");
        body["sittings"] = json!([{"on": "2024-02-01"}, {"on": "2024-02-08"}]);
        body["items"] = json!([{"number": "1", "text": true}, {"number": "2", "text": true}]);
        body["present"] = json!([
            {"person": id(CHIEF), "role": "member", "sittings": chief["sittings"],
                "to_item": chief["to_item"]},
            {"person": id(OFFICER), "role": "member", "sittings": officer["sittings"],
                "from_item": officer["from_item"], "to_item": officer["to_item"]},
        ]);
        body
    };
    let never_together = || rows(json!({"to_item": "1"}), json!({"from_item": "2"}));
    let first_lost = || rows(json!({}), json!({"to_item": "1", "sittings": [1]}));
    let mut made_up = first_lost();
    let again = json!({"person": id(OFFICER), "role": "member", "sittings": [2], "from_item": "2"});
    made_up["present"].as_array_mut().unwrap().push(again);
    let mut withdrew = rows(json!({}), json!({}));
    withdrew["interests"] = json!([{"person": id(CHIEF), "item": "2", "withdrew": true}]);
    let mut silent = never_together();
    silent["items"] = json!([]);
    silent["minutes"] = json!({"file": "aa"});
    let (all, first) = (json!([]), json!(["1"]));
    let held = ("holds", "holds");
    let never = ("not_shown", "holds");
    let both = json!(["1", "2"]);
    let cases = [
        (rows(json!({}), json!({})), &all, held),
        (never_together(), &all, never),
        (never_together(), &first, never),
        (first_lost(), &all, never),
        (first_lost(), &first, held),
        (first_lost(), &both, never),
        (made_up.clone(), &all, held),
        (made_up, &both, held),
        (withdrew.clone(), &all, never),
        (withdrew, &first, held),
        (silent, &all, never),
    ];
    for (meeting, items, (review, minutes)) in cases {
        let book = of_two(meeting.clone(), items);
        for (rule, expected) in [("9.3-a", review), ("9.3-a.o", review), ("9.3-a.p", minutes)] {
            let said = book.says(rule, "2024-05-01");
            assert_eq!(said, expected, "{rule}, {items}: {meeting}");
        }
        let holds = if review == "holds" { "yes" } else { "no" };
        let words = book.words("management_review", "2024-05-01");
        assert_eq!(words, ("yes", holds), "{items}: {meeting}");
    }
}

#[test]
fn a_review_of_a_whole_meeting_is_quorate_where_its_inputs_stand() {
    // The second of two members left after the first item.
    let apologies_alone = || {
        let mut body = meeting(BOARD, "2024-02-01");
        let item = |n: &str| json!({"number": n, "text": true});
        body["items"] = json!([item("1"), item("2"), item("3")]);
        body["present"] = json!([{"person": id(CHIEF), "role": "member"},
            {"person": id(OFFICER), "role": "member", "to_item": "1"}]);
        body
    };
    let told = json!({"text": true});
    let at = |items: &[&str]| json!({"text": true, "items": items});
    let no = ("not_shown", "holds");
    let cases = [
        (json!({"actions": told, "issues": told}), no),
        (json!({"actions": at(&["2"]), "issues": told}), no),
        (json!({"actions": at(&["1"]), "issues": at(&["2"])}), no),
        (json!({"actions": at(&["1", "2"])}), no),
        (
            json!({"actions": at(&["1"]), "issues": told}),
            ("holds", "reservation"),
        ),
        // Of items that the meeting does not have nothing stands at it.
        (json!({"actions": at(&["9"])}), no),
    ];
    for (inputs, (review, minutes)) in cases {
        let mut book = of_two(apologies_alone(), &json!([]));
        let mut body = whole(501, Some("2024-01-01"));
        body["inputs"] = inputs.clone();
        book.put("management_review", 500, body);
        for (rule, expected) in [("9.3-a", review), ("9.3-a.o", review), ("9.3-a.p", minutes)] {
            assert_eq!(book.says(rule, "2024-05-01"), expected, "{rule}, {inputs}");
        }
    }
}

/// A review of the board's meeting whose inputs stand at its first item.
fn of_the_first_item(meeting: Value) -> Book {
    let mut book = of_two(meeting, &json!([]));
    let mut body = whole(501, Some("2024-01-01"));
    body["inputs"]["issues"] = json!({"text": true, "items": ["1"]});
    book.put("management_review", 500, body);
    book
}

/// A review of the board's meeting or of some of its items; two make its quorum.
fn of_two(meeting: Value, items: &Value) -> Book {
    let seats = json!([{"person": id(CHIEF)}, {"person": id(OFFICER)}]);
    let terms = json!({"name": true, "top_management": "part", "quorum": 2, "seats": seats});
    let mut book = quarters();
    book.put("body", BOARD, terms).approve(BOARD, 2);
    let mut body = whole(501, Some("2024-01-01"));
    body["parts"][0]["items"] = items.clone();
    book.on("2024-02-10")
        .put("meeting", 501, meeting)
        .put("management_review", 500, body);
    book
}

/// Returns a meeting of three items that one of its two members leaves after an item.
fn leaving_after(item: &str) -> Value {
    let mut body = meeting(BOARD, "2024-02-01");
    body["items"] = json!([{"number": "1", "text": true}, {"number": "2", "text": true},
        {"number": "3", "text": true}]);
    body["present"] = json!([{"person": id(CHIEF), "role": "member"},
        {"person": id(OFFICER), "role": "member", "to_item": item}]);
    body
}

#[test]
fn a_quorum_lost_during_a_review_is_told_from_a_review_without_one_and_from_none() {
    let counts = "of the meeting of 1 February 2024; the management review counts by its other \
        items.";
    let book = of_the_first_item(leaving_after("1"));
    assert_eq!(
        book.sentence("9.3-a.p", "2024-05-01"),
        format!("The records show no quorum at items 2 and 3 {counts}")
    );
    let reserved = &book.about("2024-05-01").five[4].reservations;
    assert!(reserved.iter().any(|one| one.contains("items 2 and 3")));
    let mut book = of_the_first_item(leaving_after("2"));
    let lost = format!("The records show no quorum at item 3 {counts}");
    assert_eq!(book.sentence("9.3-a.p", "2024-05-01"), lost);
    book.on("2024-05-02")
        .put("meeting", 502, meeting(BOARD, "2024-05-02"));
    let unconfirmed = "The minutes of 1 February 2024 are unconfirmed, though the body has met";
    assert_eq!(
        book.sentence("9.3-a.p", "2024-05-02"),
        format!("{unconfirmed} since. {lost}")
    );

    let mut alone = leaving_after("1");
    alone["present"][1]["role"] = json!("in_attendance");
    let book = of_two(alone, &json!([]));
    let slot = "the management review for 1 January 2024 to 31 March 2024 was held";
    assert_eq!(
        book.sentence("9.3-a.o", "2024-05-01"),
        format!(
            "T{} without the quorum that its body's terms of reference ask for.",
            &slot[1..]
        )
    );
    let none = quarters().sentence("9.3-a.o", "2024-05-01");
    assert_eq!(none, format!("No record shows that {slot}."));
}

#[test]
fn a_review_that_lost_its_quorum_for_good_names_the_items_at_which_it_did() {
    let slot = "The management review for 1 January 2024 to 31 March 2024 was held without the quorum \
        that its body's terms of reference ask for.";
    for (last, items) in [("2", "item 3"), ("1", "items 2 and 3")] {
        let mut book = of_two(leaving_after(last), &json!([]));
        let items = format!("no quorum at {items} of the meeting of 1 February 2024");
        let lost = format!("{slot} The records show {items}.");
        assert_eq!(book.sentence("9.3-a.o", "2024-05-01"), lost);
        let top = "op management took part in the management review of 1 February 2024, quorate by its \
            own terms.";
        let said = book.sentence("9.3-a", "2024-05-01");
        assert!(
            said.ends_with(&format!("{top} They show {items}.")),
            "{said}"
        );
        let five = book.about("2024-05-01").five.remove(4);
        assert_eq!((five.in_hand, five.holds), ("yes", "no"));
        let short = format!(
            "the records do not show that top management took part, quorate by its own terms: they \
             show {items};"
        );
        assert!(five.because.contains(&short), "{}", five.because);
        // It is the newest of those that were missed.
        let mut body = whole(502, Some("2024-04-01"));
        body["parts"][0]["items"] = json!([]);
        let mut second = leaving_after(last);
        second["sittings"] = json!([{"on": "2024-05-02"}]);
        book.on("2024-05-02")
            .put("meeting", 502, second)
            .put("management_review", 510, body);
        let said = book.sentence("9.3-a.o", "2024-08-01");
        let end =
            "It is the newest of 2 slots that were missed. The records show no quorum at item";
        assert!(said.contains(end), "{said}");
    }
    // Without one throughout, no item is told apart.
    let mut alone = leaving_after("1");
    alone["present"][1]["role"] = json!("in_attendance");
    let book = of_two(alone, &json!([]));
    assert_eq!(book.sentence("9.3-a.o", "2024-05-01"), slot);
}

#[test]
fn each_meeting_of_a_review_that_lost_its_quorum_is_named() {
    let leaving = |on: &str, from: u32| {
        let mut body = meeting(BOARD, on);
        let number = |n: u32| json!({"number": (from + n).to_string(), "text": true});
        body["items"] = json!([number(0), number(1)]);
        body["present"] = json!([{"person": id(CHIEF), "role": "member"},
            {"person": id(OFFICER), "role": "member", "to_item": from.to_string()}]);
        body
    };
    let mut book = of_two(leaving("2024-02-01", 1), &json!([]));
    let mut body = whole(501, Some("2024-01-01"));
    body["parts"] = json!([{"meeting": cite(501, 1)}, {"meeting": cite(502, 1)},
        {"meeting": cite(501, 1)}]);
    body["inputs"]["issues"] = json!({"text": true, "items": ["1", "5"]});
    let mut named = body.clone();
    book.put("meeting", 502, leaving("2024-02-08", 5))
        .put("management_review", 500, body);
    let said = book.sentence("9.3-a.p", "2024-02-10");
    let lost = "The records show no quorum at item 2 of the meeting of 1 February 2024 and item 6 \
        of the meeting of 8 February 2024; the management review counts by its";
    assert!(said.ends_with(&format!("{lost} other items.")), "{said}");
    // Where it is of one alone that had none, it counts by another meeting.
    named["parts"] = json!([{"meeting": cite(501, 1)}, {"meeting": cite(502, 1), "items": ["6"]}]);
    book.put("management_review", 500, named);
    let said = book.sentence("9.3-a.p", "2024-02-10");
    let lost = lost.replace("by its", "by the rest of it.");
    assert!(said.ends_with(&lost), "{said}");
}

#[test]
fn a_meeting_that_stands_for_the_reviews_of_two_slots_is_reserved() {
    let both = |slot: Value| {
        let mut book = quarters();
        let series = json!({"management_review": {"first_day": "2024-01-15", "months": 3}});
        book.put("declaration", 302, json!({"series": series}))
            .approve(302, 1);
        let mut second = whole(501, None);
        second["slot"] = slot;
        book.on("2024-02-01")
            .put("meeting", 501, meeting(BOARD, "2024-02-01"))
            .put("management_review", 500, whole(501, Some("2024-01-01")))
            .put("management_review", 510, second);
        book
    };
    let book = both(json!({"declaration": id(302), "first_day": "2024-01-15"}));
    book.expect(
        "9.3-a.p",
        &[("2024-01-31", "not_due"), ("2024-02-01", "reservation")],
    );
    let said = book.sentence("9.3-a.p", "2024-02-01");
    let shared = format!(
        "The meeting of 1 February 2024 stands for the reviews of two slots: record {} is of it too.",
        id(510)
    );
    assert_eq!(said, shared);
    // The slots are held, and so is the review in hand.
    let about = "2024-05-16";
    let five = book.about(about).five.remove(4);
    assert_eq!((five.in_hand, five.holds), ("yes", "yes"));
    let reserved = |one: &String| one.contains("the reviews of two slots");
    assert!(five.reservations.iter().any(reserved), "{five:?}");
    let alone = both(Value::Null);
    alone.expect("9.3-a.p", &[("2024-02-01", "holds")]);
}

#[test]
fn a_review_by_a_body_that_is_not_top_management_holds_its_slot_and_is_none_of_top_managements() {
    let mut book = quarters();
    book.on("2024-06-01")
        .put_of("meeting", 501, "2024-02-01", meeting(TEAM, "2024-02-01"))
        .put_of(
            "management_review",
            500,
            "2024-02-01",
            whole(501, Some("2024-01-01")),
        );
    let status = book.about("2024-06-01");
    assert_eq!(status.slots[0].state, "held_late");
    assert_eq!(
        (status.five[4].in_hand, status.five[4].holds),
        ("yes", "no")
    );
    book.expect("9.3-a.o", &[("2024-06-01", "holds")]);
    book.expect("9.3-a", &[("2024-06-01", "not_shown")]);
}

#[test]
fn a_body_whose_terms_have_ended_is_held_to_the_quorum_that_they_asked_for() {
    let short = || {
        let mut body = meeting(BOARD, "2024-02-01");
        body["present"] = json!([{"person": id(OFFICER), "role": "member"}]);
        body
    };
    let mut enough = meeting(BOARD, "2024-02-01");
    enough["present"] = json!([{"person": id(CHIEF), "role": "member"}]);
    for (meeting, expected) in [(short(), "not_shown"), (enough, "holds")] {
        let mut book = quarters();
        let last = How::carrying(json!({"last_day": "2024-01-20"}));
        book.on("2024-01-20").act("end", BOARD, 1, last);
        book.on("2024-02-01").put("meeting", 501, meeting).put(
            "management_review",
            500,
            whole(501, Some("2024-01-01")),
        );
        book.expect("9.3-a.o", &[("2024-05-01", expected)]);
    }
}

#[test]
fn a_review_by_a_body_without_terms_is_none_whoever_was_there() {
    const UNSET: u128 = 4;
    let mut book = quarters();
    book.on("2024-01-10")
        .put("body", UNSET, json!({"name": true, "top_management": "no"}));
    book.on("2024-02-01")
        .put("meeting", 501, meeting(UNSET, "2024-02-01"))
        .put("management_review", 500, whole(501, Some("2024-01-01")));
    book.expect("9.3-a.o", &[("2024-05-01", "not_shown")]);
    assert_eq!(
        book.sentence("9.3-a.o", "2024-05-01"),
        "The management review for 1 January 2024 to 31 March 2024 was held by a body that had no \
            terms of reference in force by then."
    );
}

#[test]
fn a_member_who_left_and_came_back_was_away_from_a_review_in_between() {
    let mut there = meeting(BOARD, "2024-02-01");
    there["present"] = json!([{"person": id(CHIEF), "role": "member"}]);
    let mut book = quarters();
    book.on("2024-02-01").put("meeting", 501, there).put(
        "management_review",
        500,
        whole(501, Some("2024-01-01")),
    );
    book.expect("9.3-a.o", &[("2024-05-01", "holds")]);
    let left = json!({"name": true, "left_on": "2024-01-20"});
    book.on("2024-05-02")
        .put_of("person", CHIEF, "2024-01-21", left);
    book.expect("9.3-a.o", &[("2024-05-02", "not_shown")]);
    book.on("2024-05-10")
        .put("person", CHIEF, json!({"name": true}));
    book.expect("9.3-a.o", &[("2024-05-10", "not_shown")]);
    // That they had left was wrong from its first day on.
    book.put_of("person", CHIEF, "2024-01-21", json!({"name": true}));
    book.expect("9.3-a.o", &[("2024-05-10", "holds")]);
}

#[test]
fn an_item_number_that_two_meetings_of_a_review_have_names_none_of_them() {
    let numbered = |on: &str, numbers: [&str; 2], last: &str| {
        let mut body = meeting(BOARD, on);
        let item = |n: &str| json!({"number": n, "text": true});
        body["items"] = json!(numbers.map(item));
        body["present"] = json!([{"person": id(CHIEF), "role": "member"},
            {"person": id(OFFICER), "role": "member", "to_item": last}]);
        body
    };
    // The first meeting is quorate throughout. At the second the quorum is lost after its first item.
    for (first, part, expected) in [
        (["1", "2"], json!([]), "the rest of it"),
        (["A1", "A2"], json!([]), "its other items"),
        // Of the first meeting the review is of its second item alone.
        (["1", "2"], json!(["2"]), "its other items"),
    ] {
        let mut book = of_two(numbered("2024-02-01", first, first[1]), &json!([]));
        let mut body = whole(501, Some("2024-01-01"));
        body["parts"] =
            json!([{"meeting": cite(501, 1), "items": part}, {"meeting": cite(502, 1)}]);
        body["inputs"]["issues"] = json!({"text": true, "items": ["1"]});
        book.put("meeting", 502, numbered("2024-02-08", ["1", "2"], "1"))
            .put("management_review", 500, body);
        // Where it stands at nothing of the second, that has to be quorate at each of its items.
        let said = book.sentence("9.3-a.p", "2024-05-01");
        let lost = format!(
            "The records show no quorum at item 2 of the meeting of 8 February 2024; the management \
             review counts by {expected}."
        );
        assert!(said.ends_with(&lost), "{first:?}, {part}: {said}");
    }
}
