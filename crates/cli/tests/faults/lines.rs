//! Names, titles, numbers and addresses are one line that turns nothing around.

use serde_json::{Value, json};

use crate::desk::Desk;

#[test]
fn a_name_that_could_forge_a_line_begins_no_ledger() {
    let desk = Desk::empty();
    for (name, email, letter) in [
        (
            "Good Council\n\nCERTIFIED to ISO/IEC 42001",
            "a@b.example",
            "U+000A",
        ),
        ("Good \u{1b}[2JCouncil", "a@b.example", "U+001B"),
        ("Good \u{202e}licnuoC", "a@b.example", "U+202E"),
        ("Good Council", "a\n@b", "U+000A"),
    ] {
        let of = ["init", "--organisation", name, "--operator", "Ada Sample"];
        let ran = desk.run(&[&of[..], &["--email", email]].concat());
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{name:?}: {ran:?}");
        let said = format!("holds the character {letter}");
        assert!(ran.err.contains(&said), "{name:?}: {ran:?}");
        assert!(!desk.data().exists(), "{name:?}");
    }
}

fn refusal(desk: &Desk, command: &Value) -> Value {
    let ran = desk.apply(std::slice::from_ref(command));
    assert_eq!(ran.code, 1, "{ran:?}");
    ran.lines()[0]["refusal"].clone()
}

#[test]
fn what_breaks_a_line_is_refused_in_a_name_a_title_and_a_number_and_taken_in_a_text() {
    let desk = Desk::simulated();
    let before = desk.head();
    let named = |name: &str| json!({"do": "put", "kind": "person", "body": {"name": name}});
    let put = |kind: &str, body: Value| json!({"do": "put", "kind": kind, "body": body});
    let system =
        |name: &str, purpose: &str| put("ai_system", json!({"title": name, "purpose": purpose}));
    let mut marked = named("bea");
    marked["marks"] = json!({"identity": {"as": "exempt", "basis": "Because\u{1b}"}});
    let mut keyed = named("bea");
    keyed["key"] = "one\ntwo".into();
    for (command, field) in [
        (named("Be\na"), "/body/name"),
        (named("Be\u{2067}a"), "/body/name"),
        (system("Al\tpha", "To answer."), "/body/title"),
        (system("Alpha", "To\u{9b}answer."), "/body/purpose"),
        (
            put(
                "policy",
                json!({"title": "AI\u{202e}policy", "text": "x", "contents": {}, "review_by": "2027-03-02"}),
            ),
            "/body/title",
        ),
        (marked, "/marks/identity/basis"),
        (keyed, "/key"),
    ] {
        let refused = refusal(&desk, &command);
        assert_eq!(refused["code"], "control_character", "{refused}");
        assert_eq!(refused["field"], field, "{refused}");
        assert!(refused["hint"].is_string(), "{refused}");
    }
    assert_eq!(desk.head(), before);
    desk.done(&[system("Alpha", "One\r\n\ttwo.\nThree.")]);
}

#[test]
fn a_cell_that_breaks_a_name_is_put_on_one_line_and_kept_as_it_was() {
    let desk = Desk::simulated();
    desk.file(
        "register.csv",
        b"Ref,Title\n1,\"Alpha\n(fictional)\"\n2,Beta (fictional)\n",
    );
    let import = ["import", "csv", "register.csv"];
    let draft = [&import[..], &["--draft-mapping", "m.toml"]].concat();
    assert_eq!(desk.run(&draft).code, 0);
    let taken = [&import[..], &["--mapping", "m.toml"]].concat();
    let ran = desk.run(&taken);
    assert!(
        ran.out
            .contains("2 created, 0 revised, 0 unchanged, 0 refused"),
        "{ran:?}"
    );
    let listed = desk.run(&["record", "list", "ai_system", "--json"]).json();
    let found = listed.as_array().into_iter().flatten();
    let found = found
        .clone()
        .find(|one| one["title"] == "Alpha (fictional)");
    let shown = desk.run(&[
        "record",
        "show",
        found.unwrap()["id"].as_str().unwrap(),
        "--json",
    ]);
    assert!(
        shown.json()["body"]["as_received"]
            .to_string()
            .contains(r"Alpha\n(fictional)"),
        "{shown:?}"
    );
    let ran = desk.run(&taken);
    assert!(
        ran.out
            .contains("0 created, 0 revised, 2 unchanged, 0 refused"),
        "{ran:?}"
    );
}
