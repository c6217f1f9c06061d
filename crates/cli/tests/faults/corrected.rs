//! What was adopted at a meeting whose minutes are recorded otherwise afterwards.

use serde_json::{Value, json};

use crate::desk::{Desk, id};
use crate::governed::*;

const BOARD_MEETING: u32 = 41;

fn at(command: Value, instant: &str) -> Value {
    with(command, "at", instant)
}

fn sat(people: &[u32]) -> Value {
    sat_on("2026-01-06", people)
}

fn sat_on(day: &str, people: &[u32]) -> Value {
    let member = |n: &u32| json!({"person": id(*n), "role": "member"});
    let present: Vec<Value> = people.iter().map(member).collect();
    let items = json!([{"number": "1", "title": "AI policy"}]);
    let body = with(meeting(day), "items", items);
    put("meeting", BOARD_MEETING, with(body, "present", present))
}

/// A cabinet of two adopts the policy at a meeting of both.
fn adopted() -> Desk {
    adopted_at(None)
}

/// The same, at an item of the meeting or at none that it names.
fn adopted_at(item: Option<&str>) -> Desk {
    let desk = governed();
    let terms = json!({"name": "Cabinet", "top_management": "is", "quorum": 2, "may": ["decide"],
        "seats": [{"person": id(BEA)}, {"person": id(11)}]});
    let resolution = |verb: &str, of: Value, on: &str| {
        json!({"number": "26/2", "text": "That it be so.", "body": id(CABINET), "verb": verb,
            "decided_on": on, "objects": [{"of": of}]})
    };
    let terms_of = json!({"id": id(CABINET), "version": 2});
    let adopts = resolution("adopts", cites(POLICY), "2026-01-06");
    let mut adopts = with(adopts, "meeting", cites(BOARD_MEETING));
    if let Some(item) = item {
        adopts["item"] = json!(item);
    }
    desk.done(&[
        put("body", CABINET, terms),
        put(
            "resolution",
            42,
            resolution("approves", terms_of, "2026-01-05"),
        ),
        by(moved(42, 1, "attest", json!({})), "ada"),
        at(sat(&[BEA, 11]), "2026-01-06T12:00:00Z"),
        at(put("resolution", 43, adopts), "2026-01-06T12:00:01Z"),
        at(
            by(moved(43, 1, "attest", json!({})), "ada"),
            "2026-01-06T12:00:02Z",
        ),
    ]);
    desk
}

/// Returns what is answered on the policy.
fn answer(desk: &Desk, more: &[&str]) -> Value {
    let args = [&["status", "--json"], more].concat();
    desk.run(&args).json()["five"][1].clone()
}

#[test]
fn what_the_corrected_minutes_show_no_quorum_for_is_in_hand_no_more() {
    let desk = adopted();
    assert_eq!(answer(&desk, &[])["in_hand"], "yes");
    // Who could not have attested it does not undo it.
    let short = at(sat(&[BEA]), "2026-02-20T09:00:00Z");
    let refused = desk.apply(std::slice::from_ref(&short)).lines().remove(0);
    assert_eq!(refused["refusal"]["code"], "no_authority", "{refused}");
    let hint = refused["refusal"]["hint"].as_str().unwrap();
    assert!(hint.contains("did not write what it approves"), "{hint}");
    desk.done(&[by(short, "ada")]);
    let now = answer(&desk, &["--as-of", "2026-02-10", "--known-by", "now"]);
    assert_eq!(now["in_hand"], "no", "{now}");
    let because = now["because"].as_str().unwrap();
    let said = "was passed at a meeting whose minutes, as corrected on 20 February 2026, show no \
        quorum, and adopted nothing.";
    assert!(because.ends_with(said), "{because}");
    let then = ["--as-of", "2026-02-10", "--known-by", "2026-02-10"];
    assert_eq!(answer(&desk, &then)["in_hand"], "yes");
    // What a person sees of the policy itself says the same.
    let shown = desk.run(&["record", "show", &id(POLICY), "--json"]).json();
    assert_eq!(shown["state"], "proposed");
    let again = at(by(sat(&[BEA, 11]), "ada"), "2026-02-21T09:00:00Z");
    desk.done(&[again]);
    let now = answer(&desk, &[]);
    assert_eq!(now["in_hand"], "yes");
    let reserved = now["reservations"].to_string();
    assert!(
        reserved.contains("counts again: its meeting was recorded otherwise on 21 February 2026."),
        "{reserved}"
    );
    let mut evidence = now["evidence"].as_array().unwrap().iter();
    assert!(
        evidence.any(|one| one["id"] == id(BOARD_MEETING) && one["version"] == 3),
        "{now}"
    );
    desk.holds();
}

#[test]
fn of_a_meeting_corrected_to_another_day_it_is_not_said_that_its_minutes_show_no_quorum() {
    let desk = adopted();
    let moved = with(
        sat_on("2026-01-05", &[BEA, 11]),
        "effective_on",
        "2026-01-05",
    );
    desk.done(&[at(by(moved, "ada"), "2026-02-20T09:00:00Z")]);
    let now = answer(&desk, &[]);
    assert_eq!(now["in_hand"], "no", "{now}");
    let because = now["because"].as_str().unwrap();
    let said = "cites a meeting at which, as corrected on 20 February 2026, its body did not sit \
        on that day, and adopted nothing.";
    assert!(because.ends_with(said), "{because}");
}

#[test]
fn a_history_keeps_what_was_recorded_and_tells_the_correction_on_a_line_of_its_own() {
    let desk = adopted();
    desk.done(&[at(by(sat(&[BEA]), "ada"), "2026-02-20T09:00:00Z")]);
    let history = desk
        .run(&["record", "history", &id(POLICY), "--json"])
        .json();
    let line = |line: &Value| {
        let act = line["act"].as_str().unwrap().to_owned();
        (
            act,
            line["counts"].as_bool(),
            line["by"]["id"].as_str().map(str::to_owned),
        )
    };
    let lines: Vec<_> = history.as_array().unwrap().iter().map(line).collect();
    let expected = [
        ("put".to_owned(), None, None),
        ("approval".to_owned(), Some(true), Some(id(43))),
        (
            "correction".to_owned(),
            Some(false),
            Some(id(BOARD_MEETING)),
        ),
    ];
    assert_eq!(lines, expected, "{history}");
    assert_eq!(history[2]["effective_on"], "2026-02-20");
    let told = desk.run(&["record", "history", &id(POLICY)]).out;
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = "Version 1 approved no more, as the meeting is recorded since, effective 20 February 2026; by ada";
    assert!(told.contains(said), "{told}");
}

#[test]
fn a_meeting_that_was_withdrawn_is_told_as_withdrawn() {
    let desk = adopted();
    let because = json!({"because": "It was of another body."});
    let withdraws = by(moved(BOARD_MEETING, 1, "withdraw", because), "ada");
    desk.done(&[at(withdraws, "2026-02-20T09:00:00Z")]);
    let now = answer(&desk, &[]);
    let because = now["because"].as_str().unwrap();
    let said = "was passed at a meeting that was withdrawn on 20 February 2026 as entered in \
        error, and adopted nothing.";
    assert!(because.ends_with(said), "{because}");
}

/// Returns the Command that records the meeting of the cabinet otherwise.
fn otherwise(change: impl Fn(&mut Value)) -> Value {
    let mut command = by(sat(&[BEA, 11]), "ada");
    change(&mut command["body"]);
    at(command, "2026-02-20T09:00:00Z")
}

#[test]
fn the_reply_to_corrected_minutes_says_what_is_wrong_with_the_meeting_since() {
    let because = json!({"because": "It was of another body."});
    let withdraws = by(moved(BOARD_MEETING, 1, "withdraw", because), "ada");
    let recused =
        json!([{"person": id(11), "item": "1", "nature": "A contract.", "withdrew": true}]);
    let cases = [
        (
            otherwise(|body| body["present"] = json!([{"person": id(BEA), "role": "member"}])),
            "was passed at a meeting that, as it is recorded since, shows no quorum,",
        ),
        (
            otherwise(|body| body["interests"] = recused.clone()),
            "was passed at a meeting that, as it is recorded since, shows no quorum, as whoever \
                had withdrawn from the item does not count,",
        ),
        (
            otherwise(|body| body["sittings"][0]["on"] = json!("2026-01-05")),
            "cites a meeting at which, as it is recorded since, its body did not sit on that day,",
        ),
        (
            otherwise(|body| body["items"][0]["number"] = json!("2")),
            "names an item that its meeting, as it is recorded since, did not have that day,",
        ),
        (
            at(withdraws, "2026-02-20T09:00:00Z"),
            "was passed at a meeting that was withdrawn since as entered in error,",
        ),
    ];
    for (command, why) in cases {
        let desk = adopted_at(Some("1"));
        let done = desk.done(&[command]);
        let notes = done[0]["notes"].as_array().unwrap();
        let note = notes.iter().find(|one| one["code"] == "minutes_corrected");
        let told = format!("The resolution on “AI policy”, version 1, {why} and adopted nothing.");
        assert_eq!(note.unwrap()["message"], told, "{done:?}");
        let history = desk.run(&["record", "history", &id(POLICY), "--json"]);
        let lines = history.json();
        let corrected = lines.as_array().unwrap().last().unwrap();
        assert_eq!(
            (&corrected["act"], &corrected["why"]),
            (&json!("correction"), &json!(why))
        );
        let own = desk.run(&["record", "history", &id(BOARD_MEETING)]).out;
        let own = own.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(own.contains(why), "{own}");
    }
}

#[test]
fn an_answer_says_what_is_wrong_with_the_meeting_since_in_the_same_words_as_the_reply() {
    let cases = [
        (
            otherwise(|body| body["items"][0]["number"] = json!("2")),
            "names an item that its meeting, as corrected on 20 February 2026, did not have that \
                day, and adopted nothing.",
        ),
        (
            otherwise(|body| body["state"] = json!("by_circulation")),
            "was passed by circulation, as its meeting is recorded since 20 February 2026, which \
                its body's terms do not allow, and adopted nothing.",
        ),
        (
            otherwise(|body| body["state"] = json!("inquorate")),
            "was passed at a meeting whose minutes, as corrected on 20 February 2026, show no \
                quorum, and adopted nothing.",
        ),
    ];
    for (command, said) in cases {
        let desk = adopted_at(Some("1"));
        desk.done(&[command]);
        let now = answer(&desk, &[]);
        let because = now["because"].as_str().unwrap();
        assert!(because.ends_with(said), "{because}");
    }
}

/// The policy attested as adopted at a meeting whose minutes show one member of two.
fn lost(item: &str) -> Desk {
    let desk = adopted_at(Some(item));
    let again = json!({"number": "26/3", "text": "That it be so.", "body": id(CABINET),
        "verb": "adopts", "decided_on": "2026-01-06", "objects": [{"of": cites(POLICY)}],
        "meeting": {"id": id(BOARD_MEETING), "version": 2}, "item": item});
    let withdraws = moved(43, 1, "withdraw", json!({"because": "Entered twice."}));
    desk.done(&[
        at(by(sat(&[BEA]), "ada"), "2026-01-07T12:00:00Z"),
        at(by(withdraws, "ada"), "2026-01-07T12:00:01Z"),
        at(put("resolution", 44, again), "2026-01-07T12:00:02Z"),
        at(
            by(moved(44, 1, "attest", json!({})), "ada"),
            "2026-01-07T12:00:03Z",
        ),
    ]);
    desk
}

#[test]
fn the_reply_to_minutes_put_right_names_what_can_be_attested_by_them() {
    let note = |desk: &Desk, command: Value| {
        let done = desk.done(&[command]);
        let notes = done[0]["notes"].as_array().cloned().unwrap_or_default();
        let mut notes = notes.into_iter();
        notes.find(|one| one["code"] == "can_be_attested")
    };
    let desk = lost("1");
    assert_eq!(answer(&desk, &[])["in_hand"], "no");
    // Minutes that still show one member of two change nothing.
    let same = otherwise(|body| body["present"] = json!([{"person": id(BEA), "role": "member"}]));
    assert_eq!(note(&desk, same), None);
    let mut right = otherwise(|_| ());
    right["key"] = json!("right");
    let told = note(&desk, right.clone()).unwrap();
    assert_eq!(
        told["message"],
        "Resolution 26/3, version 1, adopted nothing when it was attested; by its meeting as it is \
         recorded now it could."
    );
    let hint = told["hint"].as_str().unwrap();
    assert!(hint.contains("put a new version of it"), "{hint}");
    assert_eq!(told["of"], json!({"id": id(44), "version": 1}));
    // Said again of the same Command.
    assert!(note(&desk, right).is_some());
    let mut again = json!({"number": "26/3", "text": "That it be so.", "body": id(CABINET),
        "verb": "adopts", "decided_on": "2026-01-06", "objects": [{"of": cites(POLICY)}],
        "meeting": {"id": id(BOARD_MEETING), "version": 4}});
    again["item"] = json!("1");
    desk.done(&[
        at(put("resolution", 44, again), "2026-02-21T09:00:00Z"),
        at(
            by(moved(44, 2, "attest", json!({})), "ada"),
            "2026-02-21T09:00:01Z",
        ),
    ]);
    assert_eq!(answer(&desk, &[])["in_hand"], "yes");
    // Once it has adopted there is nothing more to do.
    let later = at(otherwise(|_| ()), "2026-02-22T09:00:00Z");
    assert_eq!(note(&desk, later), None);
}
