//! The JSON of commands on a ledger as a whole: which keys each answer has, written down.

use serde_json::Value;

use crate::given::council;
use crate::shapes::{Shapes, run, run_with, shapes};

/// Returns the shapes of one answer.
fn shape(answer: &Value) -> Shapes {
    let mut shapes = Shapes::default();
    shapes.walk("", answer);
    shapes
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_on_a_ledger_as_a_whole_answer_with_these_keys_and_no_others() {
    let council = council().await;
    let folder = council.dir.path();
    let on = |args: &[&str]| shapes(&council, &[args]);
    on(&["key"]).are(": key");
    on(&["checkpoint"]).are(": checkpoint");
    on(&["version"]).are(": build ledger_format schemas version");
    on(&["kinds"]).are("[]: approval kind moves title");
    on(&["import", "--list"]).are(": formats");
    on(&["log", "export", "log"]).are(": dir entries");
    on(&["backup", "monday"]).are(": data entries failures verified");
    std::fs::write(folder.join("evidence.txt"), "Evidence (fictional).").unwrap();
    on(&["file", "add", "evidence.txt"]).are(": file");
    let added = run(&council, &["file", "add", "evidence.txt"]);
    let hash = added["file"].as_str().unwrap();
    on(&["file", "get", hash, "out.txt"]).are(": file out");
    std::fs::write(folder.join("register.csv"), "Ref,Title\n1,Alpha\n").unwrap();
    on(&["import", "csv", "register.csv", "--draft-mapping", "m.toml"])
        .are(": kind mapping missing other_sheets sheet unplaced");
    let new = ["new", "new-guard"];
    let init = ["init", "--organisation", "Example (fictional)"];
    let (code, begun) = run_with(folder, new, &init);
    assert_eq!(code, Some(0), "{begun}");
    shape(&begun).are(": data key origin");
    let (code, restored) = run_with(folder, ["restored", "guard"], &["restore", "monday"]);
    assert_eq!(code, Some(0), "{restored}");
    shape(&restored).are(": data entries failures verified warning");
    let kept = ["demo", "--no-serve", "--keep", "kept"];
    let (code, made) = run_with(folder, ["none", "demo-guard"], &kept);
    assert_eq!(code, Some(0), "{made}");
    shape(&made).are(": data entries kept");
}

const GUARD: &str = "\
: against guard head signed
.guard: root size
.head: root size";

#[tokio::test(flavor = "multi_thread")]
async fn the_guard_is_told_and_accepted_with_these_keys_and_no_others() {
    let council = council().await;
    shapes(&council, &[&["guard"]]).are(GUARD);
    std::fs::remove_dir_all(council.dir.path().join("guard")).unwrap();
    let missing = run(&council, &["guard"]);
    assert!(
        missing["against"].is_string() && missing["guard"].is_null(),
        "{missing}"
    );
    let accept = ["guard", "accept", "--because", "A new disk."];
    shapes(&council, &[&accept]).are(": id recorded_at seq version");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_against_relying_on_an_answer_is_in_it_as_a_warning() {
    let council = council().await;
    let folder = council.dir.path();
    let commands: [&[&str]; 3] = [&["status"], &["pack", "--list"], &["verify"]];
    for args in commands {
        let sound = run(&council, args);
        // A guard that lies in the data directory.
        let (code, warned) = run_with(folder, ["data", "data/guard"], args);
        assert_ne!(code, Some(2), "{warned}");
        let keys = |answer: &Value| answer.as_object().unwrap().keys().cloned().collect();
        let (mut keys, found): (Vec<String>, Vec<String>) = (keys(&sound), keys(&warned));
        assert!(!keys.contains(&"warning".to_owned()), "{args:?}");
        keys.push("warning".to_owned());
        keys.sort();
        assert_eq!(found, keys, "{args:?}");
        assert!(warned["warning"].as_str().unwrap().starts_with("WARNING: "));
    }
}

const WRONG: &str = "\
: ok refusal
.refusal: code field? hint message";

#[test]
fn what_could_not_run_is_told_with_these_keys_and_no_others() {
    let folder = tempfile::tempdir().unwrap();
    let on = |runs: &[&[&str]]| {
        let mut shapes = Shapes::default();
        for args in runs {
            let (code, told) = run_with(folder.path(), ["none", "guard"], args);
            assert_eq!(code, Some(2), "{told}");
            shapes.walk("", &told);
        }
        shapes
    };
    on(&[&["status"]]).are(": error ok");
    let never = [
        "init",
        "--organisation",
        "X (fictional)",
        "--aims-start",
        "never",
    ];
    on(&[&["statu"], &["kinds", "--schema", "none"], &never]).are(WRONG);
    assert!(!folder.path().join("none").exists());
}
