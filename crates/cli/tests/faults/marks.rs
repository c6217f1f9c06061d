//! Marks: on what is there and may be marked, with a basis that reaches the pack.

use std::io::{BufRead, BufReader, Read, Write};

use serde_json::{Value, json};

use crate::desk::{Desk, id, person};
use crate::governed::{
    BEA, POLICY, SYSTEM, governed, moved, noted_besides, policy, put, refused, with,
};

fn marked(name: &str) -> Value {
    json!({name: {"as": "privileged", "basis": "Advice of 5 January", "review_by": "2027-01-05"}})
}

/// Returns a member of a pack as text.
pub fn member(desk: &Desk, pack: &str, name: &str) -> String {
    let file = std::fs::File::open(desk.dir.path().join(pack)).unwrap();
    let mut pack = pack::PackReader::open(file).unwrap();
    String::from_utf8(pack.member(name).unwrap().unwrap()).unwrap()
}

#[test]
fn facts_are_never_marked_and_a_mark_on_nothing_is_refused() {
    let desk = governed();
    let marks = |name| with(put("policy", 31, policy()), "marks", marked(name));
    let by_move = |name| moved(30, 1, "mark", json!({"marks": marked(name)}));
    desk.done(&[put("policy", 30, policy())]);
    refused(
        &desk,
        &[
            (marks("facts"), "never_marked", "/marks/facts"),
            (marks("wrods"), "marks_nothing", "/marks/wrods"),
            (by_move("facts"), "never_marked", "/body/marks/facts"),
            (by_move("wrods"), "marks_nothing", "/body/marks/wrods"),
        ],
    );
    desk.done(&[marks("words"), by_move("words"), by_move("act")]);
}

#[test]
fn the_basis_of_a_mark_stands_in_the_act_and_never_in_the_facts() {
    let basis = "About the illness of Jane Roe";
    let desk = governed();
    let marks = json!({"words": {"as": "privileged", "basis": basis, "review_by": "2027-01-05"}});
    let done = desk.done(&[
        with(put("policy", 31, policy()), "marks", marks.clone()),
        moved(31, 1, "mark", json!({"marks": marks})),
        with(
            moved(31, 1, "mark", json!({"marks": {}})),
            "marks",
            json!({}),
        ),
    ]);
    let database = desk.database();
    for line in &done[..2] {
        let group = |name: &str| -> String {
            let sql = "SELECT CAST(bytes AS TEXT) FROM grp WHERE seq = ?1 AND name = ?2";
            let seq = line["seq"].as_i64().unwrap();
            let found = database.query_row(sql, rusqlite::params![seq, name], |row| row.get(0));
            found.unwrap()
        };
        let (act, facts) = (group("act"), group("facts"));
        assert!(!facts.contains("Jane"), "{facts}");
        assert!(
            facts.contains(r#""marks":{"words":"privileged"}"#),
            "{facts}"
        );
        assert_eq!(act.matches(basis).count(), 1, "{act}");
    }
    // Whoever reads is told all the same.
    let shown = desk.run(&["record", "history", &id(31), "--json"]).json();
    assert_eq!(shown[1]["body"]["marks"], marks, "{shown}");
    for line in 0..2 {
        assert_eq!(shown[line]["marks"]["words"]["basis"], basis);
    }
    desk.holds();
}

#[test]
fn a_history_says_the_basis_of_what_is_marked_of_itself_as_a_pack_does() {
    let desk = governed();
    let basis = "about a living person";
    let history = desk.run(&["record", "history", &id(BEA), "--json"]).json();
    let mark = json!({"as": "personal", "basis": basis, "review_by": null});
    assert_eq!(history[0]["marks"], json!({"identity": mark}), "{history}");
    let listed = desk.run(&["pack", "--list", "--json"]).json();
    let groups = listed["leaving_marked"]["groups"].as_array().unwrap();
    let mut of_bea = groups.iter().filter(|one| one["seq"] == history[0]["seq"]);
    assert_eq!(of_bea.next().unwrap()["basis"], basis);
    // People who read are told of what somebody marked.
    let told = desk.run(&["record", "history", &id(BEA)]).out;
    assert!(!told.contains("marked"), "{told}");
}

#[test]
fn the_basis_of_a_mark_has_1_to_2000_characters() {
    let desk = governed();
    let marks = |length: usize| json!({"words": {"as": "exempt", "basis": "é".repeat(length)}});
    let own = |length| with(put("policy", 31, policy()), "marks", marks(length));
    let later = |length| moved(30, 1, "mark", json!({"marks": marks(length)}));
    desk.done(&[put("policy", 30, policy())]);
    refused(
        &desk,
        &[
            (own(2_001), "too_long", "/marks/words/basis"),
            (own(0), "check_failed", "/marks/words/basis"),
            (later(2_001), "too_long", "/body/marks/words/basis"),
            (later(0), "check_failed", "/body/marks/words/basis"),
        ],
    );
    desk.done(&[own(2_000), later(2_000)]);
    let key = desk.run(&["key"]);
    desk.file("key.txt", key.out.as_bytes());
    let ran = desk.run(&["pack", "long.zip"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let ran = desk.run(&["verify", "long.zip", "--key", "key.txt"]);
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn what_was_marked_later_is_withheld_on_its_own_basis_and_the_pack_verifies() {
    let desk = governed();
    desk.done(&[
        put("policy", 31, policy()),
        moved(31, 1, "mark", json!({"marks": marked("words")})),
    ]);
    let key = desk.run(&["key"]);
    desk.file("key.txt", key.out.as_bytes());
    let ran = desk.run(&["pack", "marked.zip"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let withheld: Value =
        serde_json::from_str(&member(&desk, "marked.zip", "withheld.json")).unwrap();
    let group = &withheld["groups"][0];
    assert_eq!(group["group"], "words", "{withheld}");
    assert_eq!(group["basis"], "Advice of 5 January");
    assert_eq!(group["review_by"], "2027-01-05");
    let ran = desk.run(&["verify", "marked.zip", "--key", "key.txt"]);
    assert_eq!(ran.code, 0, "{ran:?}");
}

/// Returns a ledger with three versions of a policy that hold the same words.
fn thrice() -> Desk {
    let desk = governed();
    let again = || put("policy", 31, policy());
    desk.done(&[again(), again(), again()]);
    desk
}

fn marks_words(number: u32, version: u32) -> Value {
    moved(number, version, "mark", json!({"marks": marked("words")}))
}

/// Returns the code and the versions of the one note of each result line.
fn noted(lines: &[Value]) -> Vec<(Value, Value)> {
    let of = |line: &Value| {
        let note = noted_besides(line);
        (note["code"].clone(), note["versions"].clone())
    };
    lines.iter().map(of).collect()
}

#[test]
fn a_mark_names_the_other_versions_that_hold_the_group_without_it() {
    let desk = thrice();
    let keyed = with(marks_words(31, 3), "key", "mark-3");
    let done = desk.done(&[
        keyed.clone(),
        marks_words(31, 1),
        keyed,
        marks_words(31, 2),
        moved(31, 3, "mark", json!({"marks": marked("act")})),
    ]);
    let without = |versions: &[u32]| (json!("unmarked_elsewhere"), json!(versions));
    let none = (Value::Null, Value::Null);
    let expected = [
        without(&[1, 2]),
        without(&[2]),
        without(&[2]),
        none.clone(),
        none.clone(),
    ];
    assert_eq!(noted(&done), expected);
    let note = &done[0]["notes"][0];
    let message = "The mark on the group words covers version 3 alone: the same words are without \
        it in versions 1 and 2.";
    assert_eq!(note["message"], message);
    let next = "Make the move `mark` on each of them too.";
    assert_eq!(note["hint"], next);
    // Of a kind with very many records the mark is told of, not each version that is put after it.
    let system = put(
        "ai_system",
        SYSTEM,
        json!({"title": "Pavelook", "purpose": "Potholes."}),
    );
    let done = desk.done(&[system.clone(), marks_words(SYSTEM, 1), system]);
    assert_eq!(noted(&done), [none.clone(), without(&[2]), none]);
}

#[test]
fn a_version_put_after_a_mark_is_told_that_it_bears_none() {
    let desk = thrice();
    let again = || put("policy", 31, policy());
    let done = desk.done(&[
        marks_words(31, 3),
        again(),
        with(again(), "marks", marked("words")),
        with(
            again(),
            "marks",
            json!({"words": {"as": "personal", "basis": "A name"}}),
        ),
    ]);
    let before = |versions: &[u32]| (json!("marked_elsewhere"), json!(versions));
    let expected = [before(&[3]), (Value::Null, Value::Null), before(&[3, 5])];
    assert_eq!(noted(&done[1..]), expected);
    let message = "The group words is marked in version 3, and a mark covers one version: this \
        one, version 4, holds the same words without it.";
    assert_eq!(done[1]["notes"][0]["message"], message);
    let body = desk.file("policy.json", policy().to_string().as_bytes());
    let ran = desk.run(&[
        "record",
        "put",
        "policy",
        body.to_str().unwrap(),
        "--id",
        &id(31),
    ]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.err.contains("make the move `mark` on it too"),
        "{ran:?}"
    );
}

#[test]
fn a_version_of_other_words_is_no_concern_of_a_mark() {
    let desk = governed();
    let of = |text: &str| {
        let mut body = policy();
        body["text"] = json!(text);
        body["contents"] = json!({});
        put("policy", 31, body)
    };
    let done = desk.done(&[
        of("AI helps people."),
        of("AI helps people, as counsel advised."),
        marks_words(31, 2),
        of("AI helps people with care."),
    ]);
    // The title is in all three, and is not what a mark is made for.
    assert_eq!(
        noted(&done[2..]),
        [(Value::Null, Value::Null), (Value::Null, Value::Null)]
    );
    let leaving = || desk.run(&["pack", "--list", "--json"]).json()["leaving_elsewhere"].clone();
    assert_eq!(leaving(), json!([]));
    // One text of several is enough to tell.
    let mut shared = policy();
    shared["text"] = json!("AI helps people, as counsel advised.");
    let done = desk.done(&[put("policy", 31, shared)]);
    assert_eq!(noted(&done), [(json!("marked_elsewhere"), json!([2]))]);
    assert_eq!(leaving()[0]["version"], 4);
    assert_eq!(leaving()[0]["withheld"], json!([2]));
}

#[test]
fn a_pack_says_which_groups_leave_that_are_withheld_of_another_version() {
    let desk = thrice();
    let elsewhere = |args: &[&str]| {
        let ran = desk.run(&[args, &["--json"]].concat());
        let found = ran.json()["leaving_elsewhere"].clone();
        let found = found.as_array().unwrap().iter();
        let told = found.map(|one| (one["version"].clone(), one["withheld"].clone()));
        told.collect::<Vec<_>>()
    };
    assert_eq!(elsewhere(&["pack", "--list"]), []);
    desk.done(&[marks_words(31, 3)]);
    let expected = [(json!(1), json!([3])), (json!(2), json!([3]))];
    assert_eq!(elsewhere(&["pack", "--list"]), expected);
    assert_eq!(elsewhere(&["pack", "three.zip"]), expected);
    let ran = desk.run(&["pack", "--list"]);
    let told = format!(
        "group words of version 2 of {}, whose words are withheld of version 3",
        id(31)
    );
    assert!(ran.out.contains(&told), "{ran:?}");
    assert!(ran.err.contains("A mark covers one version."), "{ran:?}");
    desk.done(&[marks_words(31, 1), marks_words(31, 2)]);
    assert_eq!(elsewhere(&["pack", "--list"]), []);
    // The auditor is shown what is confidential, in every version.
    let confidential = json!({"words": {"as": "confidential", "basis": "A duty"}});
    desk.done(&[moved(POLICY, 1, "mark", json!({"marks": confidential}))]);
    assert_eq!(elsewhere(&["pack", "--list"]), []);
}

const WITHHOLDS: &str = "The auditor's profile withholds only what is marked privileged or exempt.";

const WHO_ACTED: &str = "\nThe group `act` of each entry names who acted, by the address they were vouched for with; it is not marked of itself.\n";

/// Returns a ledger in which two policies are marked, and what was answered.
fn shown() -> (Desk, Vec<Value>) {
    let desk = governed();
    let home = json!({"as": "personal", "basis": "A home number", "review_by": "2027-01-05"});
    let done = desk.done(&[
        put("policy", 31, policy()),
        moved(31, 1, "mark", json!({"marks": {"words": home}})),
        with(
            put("policy", 32, policy()),
            "marks",
            json!({"words": {"as": "confidential", "basis": "A duty"}}),
        ),
        marks_words(32, 1),
        // What the machinery marks is nobody's act.
        person(33, "gus"),
    ]);
    (desk, done)
}

#[test]
fn whoever_marks_what_leaves_all_the_same_is_told_and_the_history_names_it() {
    let (desk, done) = shown();
    let note = |how: &str| {
        format!("The group words leaves in packs though it is marked {how}. {WITHHOLDS}")
    };
    let noted = |line: &Value| {
        let notes = line["notes"].as_array().cloned().unwrap_or_default();
        let leaves = notes.into_iter().find(|one| one["code"] == "leaves_marked");
        leaves.map(|note| note["message"].as_str().unwrap().to_owned())
    };
    let expected = [
        None,
        Some(note("personal")),
        Some(note("confidential")),
        None,
        None,
    ];
    assert_eq!(done.iter().map(noted).collect::<Vec<_>>(), expected);
    let ran = desk.run(&["record", "history", &id(31)]);
    let told =
        "group words marked personal (A home number; to be looked at again by 5 January 2027)";
    let out = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(out.contains(told), "{ran:?}");
    let ran = desk.run(&["--json", "record", "history", &id(32)]);
    let lines = ran.json();
    let marks = json!({"words": {"as": "confidential", "basis": "A duty", "review_by": null}});
    assert_eq!(lines[0]["marks"], marks, "{lines}");
}

#[test]
fn what_leaves_though_it_is_marked_is_said_by_pack_and_in_it() {
    let (desk, _) = shown();
    for args in [&["pack", "--list"][..], &["pack", "marked.zip"]] {
        let ran = desk.run(args);
        assert!(
            ran.out.contains("group words (personal: A home number)\n"),
            "{ran:?}"
        );
        assert!(
            ran.out
                .contains("not withheld: 6 groups marked personal in all\n"),
            "{ran:?}"
        );
        assert!(!ran.out.contains("about a living person"), "{ran:?}");
        assert!(ran.err.contains(WITHHOLDS), "{ran:?}");
        assert!(ran.out.contains(WHO_ACTED), "{ran:?}");
    }
    let told = member(&desk, "marked.zip", "README.txt");
    assert!(told.contains(WHO_ACTED), "{told}");
    let told = told
        .split("MARKED, AND IN THIS PACK ALL THE SAME\n\n")
        .nth(1)
        .unwrap();
    assert!(
        told.starts_with(&format!("  6 groups marked personal\n\n  {WITHHOLDS}\n")),
        "{told}"
    );
    let ran = desk.run(&["--json", "pack", "--list"]);
    let groups = ran.json()["leaving_marked"]["groups"].clone();
    let home = groups
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["group"] == "words");
    assert_eq!(home.unwrap()["review_by"], "2027-01-05", "{groups}");
}

#[test]
fn what_was_marked_after_what_a_pack_is_known_by_leaves_and_is_said() {
    let desk = governed();
    desk.done(&[put("policy", 31, policy())]);
    let known = format!("#{}", desk.head().0 - 1);
    desk.done(&[marks_words(31, 1)]);
    let ran = desk.run(&["pack", "before.zip", "--as-of", &known]);
    let told = "group words (privileged: Advice of 5 January; marked since, after what is asked to be known)";
    assert!(ran.out.contains(told), "{ran:?}");
    assert!(ran.err.contains("--known-by now"), "{ran:?}");
    assert_eq!(
        member(&desk, "before.zip", "withheld.json")
            .matches("words")
            .count(),
        0
    );
    desk.file("key.txt", desk.run(&["key"]).out.as_bytes());
    let ran = desk.run(&["verify", "before.zip", "--key", "key.txt"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    // Known by now it is withheld, and there is nothing more to say.
    let ran = desk.run(&[
        "--json",
        "pack",
        "--list",
        "--as-of",
        &known,
        "--known-by",
        "now",
    ]);
    let said = ran.json();
    let withheld = &said["withheld_groups"][0];
    assert_eq!(
        (&withheld["group"], &withheld["as"]),
        (&json!("words"), &json!("privileged"))
    );
    let none = json!({"groups": [], "files": []});
    assert_eq!(said["leaving_marked_later"], none, "{said}");
}

#[test]
fn a_pack_names_what_was_withdrawn_with_reason_date_and_who() {
    let desk = governed();
    desk.done(&[
        put("policy", 31, policy()),
        moved(
            31,
            1,
            "withdraw",
            json!({"because": "Typed into the wrong ledger."}),
        ),
    ]);
    let ran = desk.run(&["pack", "withdrawn.zip"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let readme = member(&desk, "withdrawn.zip", "README.txt");
    for told in [
        "ENTERED IN ERROR",
        "Typed into the wrong ledger.",
        "5 January 2026",
    ] {
        assert!(readme.contains(told), "{told}: {readme}");
        assert!(
            told.starts_with("ENTERED") || ran.out.contains(told),
            "{told}: {ran:?}"
        );
    }
}

#[test]
fn apply_answers_each_line_before_the_next_is_written() {
    let desk = governed();
    let mut child = desk.start(&["apply", "-"]);
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    for number in 41..44 {
        writeln!(input, "{}", put("policy", number, policy())).unwrap();
        input.flush().unwrap();
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(answer["id"], id(number), "{line}");
    }
    drop(input);
    let mut rest = String::new();
    output.read_to_string(&mut rest).unwrap();
    assert_eq!((rest.as_str(), child.wait().unwrap().code()), ("", Some(0)));
}
