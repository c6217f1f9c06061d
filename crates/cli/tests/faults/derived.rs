//! What is derived from entries that hold is made anew by a copy.

use crate::desk::{finish, person};
use crate::tamper::small;

#[test]
fn derived_rows_alone_that_are_altered_are_told_as_that_and_made_anew_by_a_copy() {
    let desk = small();
    desk.alter("UPDATE record SET title = 'Other' WHERE kind = 'policy' OR kind = 'ai_system'");
    let ran = desk.run(&["verify"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(!ran.err.contains("Rely on nothing"), "{ran:?}");
    for said in ["what is derived from the entries is not", "restore DIR"] {
        assert!(ran.err.contains(said), "{ran:?}");
    }
    let copy = desk.dir.path().join("copy");
    let data = desk.data();
    let restore = ["restore", data.to_str().unwrap()];
    let made = finish(desk.command_on(&copy, &restore));
    assert_eq!(made.code, 0, "{made:?}");
    assert!(made.err.contains("is made anew"), "{made:?}");
    let verified = finish(desk.command_on(&copy, &["verify"]));
    assert_eq!(verified.code, 0, "{verified:?}");
    desk.file("one.json", person(9, "zoe")["body"].to_string().as_bytes());
    let put = ["record", "put", "person", "one.json"];
    let written = finish(desk.command_on(&copy, &put));
    assert_eq!(written.code, 0, "{written:?}");
}

#[test]
fn an_altered_entry_is_not_told_as_derived_and_no_copy_mends_it() {
    let desk = small();
    desk.alter(
        "UPDATE record SET title = 'Other' WHERE kind = 'ai_system';
         UPDATE grp SET bytes = x'7b7d' WHERE seq = 4 AND name = 'facts'",
    );
    let ran = desk.run(&["verify"]);
    assert!(
        ran.err.contains("Rely on nothing that this says."),
        "{ran:?}"
    );
    let copy = desk.dir.path().join("copy");
    let data = desk.data();
    let made = finish(desk.command_on(&copy, &["restore", data.to_str().unwrap()]));
    assert_eq!(made.code, 1, "{made:?}");
    assert!(!made.err.contains("made anew"), "{made:?}");
}
