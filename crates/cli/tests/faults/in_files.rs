//! Files that may hold what is withheld of whoever cites them.

use std::fs;

use serde_json::{Value, json};

use crate::desk::Desk;

/// Returns a ledger with a register of two systems imported, the file's hash, and the first system.
fn with_register() -> (Desk, String, String) {
    let desk = Desk::simulated();
    desk.file(
        "register.csv",
        b"Ref,Title\n1,Alpha (fictional)\n2,Beta (fictional)\n",
    );
    let import = ["import", "csv", "register.csv"];
    let draft = [&import[..], &["--draft-mapping", "m.toml"]].concat();
    assert_eq!(desk.run(&draft).code, 0);
    assert_eq!(
        desk.run(&[&import[..], &["--mapping", "m.toml"]].concat())
            .code,
        0
    );
    let hash = desk
        .run(&["file", "add", "register.csv"])
        .out
        .trim()
        .to_owned();
    let listed = desk.run(&["record", "list", "ai_system", "--json"]).json();
    let listed = listed.as_array().unwrap().clone();
    let alpha = listed
        .iter()
        .find(|one| one["title"] == "Alpha (fictional)");
    let alpha = alpha.unwrap()["id"].as_str().unwrap().to_owned();
    (desk, hash, alpha)
}

fn mark(id: &str, marks: &Value) -> Value {
    json!({"do": "move", "id": id, "version": 1, "move": "mark", "body": {"marks": marks}})
}

#[test]
fn the_file_that_a_withheld_row_came_in_is_named_until_it_is_withheld_itself() {
    let (desk, hash, alpha) = with_register();
    let exempt = json!({"as": "exempt", "basis": "Under a duty (fictional)."});
    let about = |line: &Value| {
        let notes = line["notes"].as_array().cloned().unwrap_or_default();
        let found = notes
            .into_iter()
            .find(|note| note["code"] == "leaves_in_file");
        found.unwrap_or_default()
    };
    let line = &desk.done(&[mark(&alpha, &json!({"words": exempt}))])[0];
    let note = about(line);
    let said = format!("the file {hash} holds row 1, which this was made from");
    assert!(note["message"].as_str().unwrap().contains(&said), "{line}");
    assert!(note["hint"].as_str().unwrap().contains(&hash), "{line}");

    let listed = desk.run(&["pack", "--list", "--json"]).json();
    let entry = listed["withheld_groups"][0]["seq"].clone();
    let expected = json!([{"file": hash, "groups": [{"seq": entry, "group": "words"}]}]);
    assert_eq!(listed["leaving_in_files"], expected);
    let said = format!(
        "not withheld: file {hash}, which entry {entry} was made from or cites, whose group words is withheld"
    );
    for args in [&["pack", "--list"][..], &["pack", "one.zip"]] {
        let ran = desk.run(args);
        assert!(ran.out.contains(&said), "{args:?}: {ran:?}");
        assert!(ran.err.contains("mark it by its hash"), "{args:?}: {ran:?}");
    }
    let readme = format!(
        "  files/{hash}\n      is what entry {entry} was made from or cites; its group words is withheld\n"
    );
    let holds = |pack: &str| {
        let bytes = fs::read(desk.dir.path().join(pack)).unwrap();
        bytes
            .windows(readme.len())
            .any(|part| part == readme.as_bytes())
    };
    assert!(holds("one.zip"));
    fs::write(desk.dir.path().join("key"), desk.run(&["key"]).out).unwrap();
    let ran = desk.run(&["verify", "one.zip", "--key", "key"]);
    assert_eq!(ran.code, 0, "{ran:?}");

    // Withheld itself, it holds nothing that leaves.
    let line = &desk.done(&[mark(&alpha, &json!({(hash.clone()): exempt}))])[0];
    assert_eq!(about(line), Value::Null, "{line}");
    let line = &desk.done(&[mark(&alpha, &json!({"words": exempt}))])[0];
    assert_eq!(about(line), Value::Null, "{line}");
    let listed = desk.run(&["pack", "--list", "--json"]).json();
    assert_eq!(listed["leaving_in_files"], json!([]));
    assert_eq!(desk.run(&["pack", "two.zip"]).code, 0);
    assert!(!holds("two.zip"));
    let ran = desk
        .run(&["--json", "verify", "two.zip", "--key", "key"])
        .json();
    assert_eq!(
        (&ran["verified"], &ran["complete"]),
        (&true.into(), &false.into()),
        "{ran}"
    );
}
