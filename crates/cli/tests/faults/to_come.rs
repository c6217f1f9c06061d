//! Asked about a day that has not come: answered from what is recorded, and it is said.

use crate::desk::Desk;

/// After the last entry of `Desk::simulated`, and before the first.
const LATER: &str = "2030-01-01";
/// When the newest entry of such a ledger was recorded.
const RECORDED: &str = "5 January 2026, 09:00";

#[test]
fn about_a_day_to_come_what_is_recorded_now_is_told_as_known_now() {
    let desk = Desk::simulated();
    let last = format!("#{}", desk.head().0 - 1);
    for asked in [
        &["--as-of", LATER][..],
        &["--as-of", LATER, "--known-by", "2029-01-01"],
        &["--as-of", LATER, "--known-by", "now"],
    ] {
        let told = desk.run(&[&["status"], asked].concat()).out;
        let line = told.lines().nth(1).unwrap();
        let begin = format!("As of {LATER}, still to come, as known now: ");
        assert!(line.starts_with(&begin) && line.len() <= 80, "{line}");
        let json = desk.run(&[&["status", "--json"], asked].concat()).json();
        assert_eq!(
            (json["as_of"].as_str(), json["known_by"].as_str()),
            (Some(LATER), Some("now"))
        );
    }
    let told = desk
        .run(&["status", "--as-of", LATER, "--known-by", &last])
        .out;
    let begin = format!("As of {LATER}, still to come, known by {last} ({RECORDED}): ");
    assert!(told.lines().nth(1).unwrap().starts_with(&begin), "{told}");
}

#[test]
fn a_pack_about_a_day_to_come_is_pinned_to_the_entries_there_are() {
    let desk = Desk::simulated();
    let ran = desk.run(&["pack", "ahead.zip", "--as-of", LATER]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let bytes = std::fs::read(desk.dir.path().join("ahead.zip")).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    let last = format!("#{}", desk.head().0 - 1);
    assert!(
        text.contains(&format!("\"known_by\": \"{last}\"")),
        "{text}"
    );
    assert!(text.contains(&format!(
        "about             {LATER}\nknown by          {last} ({RECORDED})\n"
    )));
    let key = desk.dir.path().join("vkey");
    std::fs::write(&key, desk.run(&["key"]).out).unwrap();
    let verified = desk.run(&["verify", "ahead.zip", "--key", key.to_str().unwrap()]);
    assert_eq!(verified.code, 0, "{verified:?}");
}
