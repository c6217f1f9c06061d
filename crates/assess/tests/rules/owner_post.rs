//! 5.3, where its duties lie with a post.

use serde_json::{Value, json};

use crate::given::{AND_REPORTING, Book, CHIEF, How, OFFICER, ROOT, TEAM, id};
use crate::owner::{APPOINTED, appointed, both};

/// Both duties lie with the post of head of digital.
fn with_a_post() -> Book {
    let mut body = both(OFFICER);
    body["holder"] = Value::Null;
    body["holder_post"] = json!("head-digital");
    appointed(body, How::by(ROOT))
}

fn to_post(book: &mut Book, n: u128, holder: u128, start: &str) {
    let body = json!({"holder": id(holder), "post": "head-digital", "start": start});
    book.put("appointment", n, body)
        .act("approve", n, 1, How::by(TEAM));
}

#[test]
fn a_duty_that_lies_with_a_post_is_held_by_whoever_has_the_post_that_day() {
    let mut book = with_a_post();
    book.expect("5.3", &[("2024-03-01", "not_shown")]);
    to_post(&mut book, 230, OFFICER, "2024-03-01");
    to_post(&mut book, 231, CHIEF, "2024-08-01");
    book.on("2024-06-01")
        .moved(230, "leave", json!({"last_day": "2024-06-30"}));
    book.expect(
        "5.3",
        &[
            ("2024-02-29", "not_shown"),
            ("2024-03-01", "holds"),
            ("2024-06-30", "holds"),
            ("2024-07-01", "not_shown"),
            ("2024-07-31", "not_shown"),
            ("2024-08-01", "holds"),
        ],
    );
    for (about, holder) in [("2024-03-01", OFFICER), ("2024-08-01", CHIEF)] {
        assert_eq!(book.words("owner", about), ("yes", "yes"));
        let owner = &book.about(about).five[2];
        let (post, since) = match holder {
            OFFICER => (230, "1 March 2024"),
            _ => (231, "1 August 2024"),
        };
        // The act of 1 February appointed the post, whoever came to it since.
        let told = format!(
            "record {}, in the post head-digital since {since}, holds responsibility for \
             conformity and for reporting to top management, assigned to the post by record {} on \
             1 February 2024 (record {}).",
            id(holder),
            id(ROOT),
            id(900)
        );
        assert_eq!(owner.because, told);
        let rests_on = |n: u128| owner.evidence.iter().any(|one| one.id == id(n));
        assert!(
            [APPOINTED, post, 900].into_iter().all(rests_on),
            "the duty, the post, the resolution"
        );
    }
    let said = book.sentence("5.3", "2024-07-10");
    let vacant = format!("for 10 days from 1 July 2024.{AND_REPORTING}");
    assert!(said.ends_with(&vacant), "{said}");
}

#[test]
fn cover_stands_in_where_nobody_has_the_post() {
    let mut body = both(OFFICER);
    body["holder"] = Value::Null;
    body["holder_post"] = json!("head-digital");
    body["cover"] = json!(id(CHIEF));
    let book = appointed(body, How::by(ROOT));
    book.expect("5.3", &[("2024-03-01", "holds")]);
}
