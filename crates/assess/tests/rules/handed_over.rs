//! Top management once the body that stood on the operator's word has handed over.

use serde_json::json;

use crate::given::{Book, How, ROOT, id};

/// The body that the root hands over to.
const NEXT: u128 = 4;

#[test]
fn a_body_that_the_root_handed_over_to_is_top_management_once_the_root_has_ended() {
    let mut book = Book::new();
    let top = |book: &Book, about: &str| {
        let top = book.about(about).top_management;
        top.map(|top| (top.body, top.vouched_by))
    };
    let on_their_word = |body: u128| Some((id(body).to_string(), "the local operator".to_owned()));
    book.on("2024-06-03")
        .put("body", NEXT, json!({"name": true, "top_management": "is"}))
        .approve(NEXT, 1);
    let last = json!({"last_day": "2024-06-30"});
    book.act("end", ROOT, 1, How::carrying(last));
    assert_eq!(top(&book, "2024-06-30"), on_their_word(ROOT));
    assert_eq!(top(&book, "2024-07-01"), on_their_word(NEXT));
    // Where none is left, there is none: a part of top management is not the whole of it.
    let last = json!({"last_day": "2024-07-31"});
    book.on("2024-07-10")
        .act("end", NEXT, 1, How::carrying(last));
    assert_eq!(top(&book, "2024-08-01"), None);
}
