//! A copy that is made while somebody writes.

use std::io::{BufRead, BufReader, Read};

use serde_json::json;

use crate::desk::Desk;

#[test]
fn a_backup_beside_a_writer_says_of_the_copy_what_the_copy_holds() {
    let desk = Desk::simulated();
    let line = |n: u32| {
        let body =
            json!({"title": format!("System {n}"), "purpose": "To find potholes. ".repeat(20)});
        format!(
            "{}\n",
            json!({"do": "put", "kind": "ai_system", "body": body})
        )
    };
    let lines: String = (0..3_000).map(line).collect();
    let load = desk.file("load.ndjson", lines.as_bytes());
    let mut writer = desk.start(&["apply", load.to_str().unwrap()]);
    let mut out = BufReader::new(writer.stdout.take().unwrap());
    out.read_line(&mut String::new()).unwrap();
    for copy in ["monday", "tuesday"] {
        let made = desk.run(&["backup", copy, "--json"]);
        assert_eq!(made.code, 0, "{made:?}");
        let (said, dir) = (made.json(), desk.dir.path().join(copy));
        assert_eq!(said["verified"], true, "{said}");
        let read = desk.command_on(&dir, &["status", "--json"]);
        let held = crate::desk::finish(read).json()["entries"].clone();
        assert_eq!(said["entries"], held, "{copy}");
        assert!(held.as_u64().unwrap() > 3, "{held}");
    }
    out.read_to_string(&mut String::new()).unwrap();
    assert!(writer.wait().unwrap().success());
    desk.holds();
}
