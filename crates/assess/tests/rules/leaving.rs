//! Whoever left an appointment holds nothing by a later version of it that names them, and hands
//! over on their last day.

use serde_json::{Value, json};

use crate::given::{Book, CHIEF, How, OFFICER, ROOT, id};
use crate::owner::{APPOINTED, also, appointed, both};
use crate::scope::{attest, declared, scope, whole};

/// The officer leaves on 30 June, and on 1 June the appointment is put again, approved from then
/// on, made known and accepted.
fn put_again(body: Value) -> Book {
    let mut book = appointed(both(OFFICER), How::by(ROOT));
    book.on("2024-05-20")
        .moved(APPOINTED, "leave", json!({"last_day": "2024-06-30"}));
    book.on("2024-06-01")
        .put("appointment", APPOINTED, body)
        .approve(APPOINTED, 2)
        .moved(APPOINTED, "communicate", json!({"on": "2024-06-01"}))
        .accepted(APPOINTED, OFFICER, "2024-06-01");
    book
}

/// Both duties, given with one field otherwise.
fn changed(field: &str, value: Value) -> Value {
    let mut body = both(OFFICER);
    body[field] = value;
    body
}

#[test]
fn a_new_version_gives_a_leaver_nothing_after_their_last_day() {
    let book = put_again(changed("title", json!(true)));
    book.expect(
        "5.3",
        &[
            ("2024-06-15", "holds"),
            ("2024-06-30", "holds"),
            ("2024-07-01", "not_shown"),
        ],
    );
    assert_eq!(book.words("owner", "2024-07-01"), ("no", "no"));
    let due = book.about("2024-06-15").five[2].next_due;
    assert_eq!(
        due.map(|day| day.to_string()).as_deref(),
        Some("2024-06-30")
    );
}

#[test]
fn whoever_left_is_appointed_again_by_a_version_that_begins_after_their_last_day() {
    for (start, on_its_day) in [("2024-06-30", "not_shown"), ("2024-07-01", "holds")] {
        let book = put_again(changed("start", json!(start)));
        book.expect("5.3", &[("2024-07-01", on_its_day)]);
    }
    // Nobody else left.
    let book = put_again(changed("holder", json!(id(CHIEF))));
    book.expect("5.3", &[("2024-07-01", "holds")]);
    // Of one who was appointed again and left again, the last day is that of the second time.
    let mut book = put_again(changed("start", json!("2024-07-01")));
    book.on("2024-08-01")
        .moved(APPOINTED, "leave", json!({"last_day": "2024-09-30"}))
        .put(
            "appointment",
            APPOINTED,
            changed("start", json!("2024-07-01")),
        )
        .approve(APPOINTED, 3)
        .moved(APPOINTED, "communicate", json!({"on": "2024-08-01"}));
    book.expect(
        "5.3",
        &[("2024-09-30", "holds"), ("2024-10-01", "not_shown")],
    );
}

#[test]
fn a_last_day_put_right_on_a_new_version_counts_in_place_of_the_one_before() {
    let mut book = put_again(both(OFFICER));
    book.on("2024-06-10")
        .moved(APPOINTED, "leave", json!({"last_day": "2024-08-31"}));
    book.expect(
        "5.3",
        &[("2024-07-01", "holds"), ("2024-09-01", "not_shown")],
    );
}

#[test]
fn cover_stands_in_for_a_leaver_whom_a_new_version_names() {
    let book = put_again(changed("cover", json!(id(CHIEF))));
    let owner = book.about("2024-07-01").five.remove(2);
    let begins = format!(
        "record {} stands in for record {}, who left on 30 June 2024,",
        id(CHIEF),
        id(OFFICER)
    );
    assert!(owner.because.starts_with(&begins), "{}", owner.because);
    let mut evidence = owner.evidence.iter();
    let left = evidence.find(|one| one.name_of_move.as_deref() == Some("leave"));
    assert_eq!(left.map(|one| one.version), Some(1));
}

#[test]
fn a_head_who_left_attests_by_no_new_version() {
    let head = json!({"title": true, "holder": id(OFFICER), "head_of": "housing",
        "start": "2024-02-01"});
    let attested = |last: &str| {
        let mut book = scope(whole(), How::by(ROOT));
        declared(&mut book);
        book.put("appointment", 230, head.clone()).approve(230, 1);
        attest(&mut book, 400, "2024-03-20", json!([]));
        book.moved(230, "leave", json!({"last_day": last}));
        book.on("2024-04-05")
            .put("appointment", 230, head.clone())
            .approve(230, 2);
        attest(&mut book, 401, "2024-06-15", json!([]));
        book.says("4.3-c", "2024-06-21")
    };
    assert_eq!(attested("2024-06-30"), "holds");
    assert_ne!(attested("2024-03-31"), "holds");
}

#[test]
fn a_day_on_which_one_hands_over_to_another_is_not_reserved() {
    let handed = |start: &str, ends: &[&str]| {
        let mut later = both(CHIEF);
        later["start"] = json!(start);
        let mut book = appointed(both(OFFICER), How::by(ROOT));
        also(&mut book, "2024-05-21", later, How::by(ROOT));
        book.accepted(221, CHIEF, "2024-05-21");
        for last in ends {
            book.moved(APPOINTED, "leave", json!({"last_day": last}));
        }
        book
    };
    let gone = json!({"name": true, "left_on": "2024-05-31"});
    let mut away = handed("2024-05-31", &[]);
    away.put("person", OFFICER, gone);
    for book in [handed("2024-05-31", &["2024-05-31"]), away] {
        for about in ["2024-05-30", "2024-05-31", "2024-06-01"] {
            assert_eq!(book.says("5.3.p", about), "holds", "{about}");
            assert_eq!(book.words("owner", about), ("yes", "yes"), "{about}");
        }
    }
    // More than the one day is no handover, nor is a day on which nobody leaves.
    let cases: [(&str, &[&str], &str); 3] = [
        ("2024-05-31", &["2024-06-01"], "2024-06-01"),
        ("2024-05-30", &["2024-05-31"], "2024-05-31"),
        ("2024-05-31", &[], "2024-07-31"),
    ];
    for (start, ends, last) in cases {
        let book = handed(start, ends);
        book.expect("5.3.p", &[(start, "reservation"), (last, "reservation")]);
    }
}
