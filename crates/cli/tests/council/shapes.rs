//! The JSON that scripts read: which keys each object has, written down.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use crate::given::{Council, council};
use serde_json::{Value, json};

/// What a record of its kind holds, whose keys are its kind's.
const BODY: &str = "body";

/// By the names of groups and the hashes of files; by kinds.
const BY_NAME: [&str; 2] = ["marks", "schemas"];

/// The keys of each object by its place, of which `[]` stands for every element of a list, and
/// `*` for every mark or kind.
#[derive(Default)]
pub struct Shapes(BTreeMap<String, Keys>);

/// The keys that an object has each time that it stands somewhere, and those that it ever has.
struct Keys {
    always: BTreeSet<String>,
    ever: BTreeSet<String>,
}

impl Shapes {
    pub fn walk(&mut self, place: &str, value: &Value) {
        match value {
            Value::Object(parts) => {
                let here: BTreeSet<String> = parts.keys().cloned().collect();
                let keys = self.0.entry(place.to_owned()).or_insert_with(|| Keys {
                    always: here.clone(),
                    ever: BTreeSet::new(),
                });
                keys.always.retain(|key| here.contains(key));
                keys.ever.extend(here);
                for (key, part) in parts.iter().filter(|(key, _)| *key != BODY) {
                    let place = format!("{place}.{key}");
                    match part {
                        Value::Object(named) if BY_NAME.contains(&key.as_str()) => named
                            .values()
                            .for_each(|one| self.walk(&format!("{place}.*"), one)),
                        part => self.walk(&place, part),
                    }
                }
            }
            Value::Array(values) => {
                let each = format!("{place}[]");
                values.iter().for_each(|value| self.walk(&each, value));
            }
            _ => {}
        }
    }

    /// Returns one line for each object: its place, then its keys, with a question mark after
    /// those that it has only sometimes.
    pub fn told(&self) -> Vec<String> {
        let line = |(place, keys): (&String, &Keys)| {
            let key = |key: &String| match keys.always.contains(key) {
                true => format!(" {key}"),
                false => format!(" {key}?"),
            };
            format!("{place}:{}", keys.ever.iter().map(key).collect::<String>())
        };
        self.0.iter().map(line).collect()
    }

    #[track_caller]
    pub fn are(&self, expected: &str) {
        let expected: Vec<&str> = expected.lines().collect();
        assert_eq!(self.told(), expected, "\n{}\n", self.told().join("\n"));
    }
}

/// Runs the binary on the council, and returns its JSON: of several lines a list of them.
pub fn run(council: &Council, args: &[&str]) -> Value {
    let (code, json) = run_with(council.dir.path(), ["data", "guard"], args);
    assert_ne!(code, Some(2), "{args:?}: {json}");
    json
}

/// Runs the binary in a folder, on a data directory with a guard, and returns its exit status and its
/// JSON: of several lines a list of them.
pub fn run_with(folder: &Path, [data, guard]: [&str; 2], args: &[&str]) -> (Option<i32>, Value) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_minutebook"));
    command.current_dir(folder);
    command.args(["--json", "--data", data, "--guard", guard]);
    let ran = command.args(args).output().unwrap();
    let out = String::from_utf8(ran.stdout).unwrap();
    let json = serde_json::from_str(&out).unwrap_or_else(|_| {
        let lines = out.lines().map(|line| serde_json::from_str(line).unwrap());
        Value::Array(lines.collect())
    });
    (ran.status.code(), json)
}

/// Returns the shapes of what these runs answer together.
pub fn shapes(council: &Council, runs: &[&[&str]]) -> Shapes {
    let mut shapes = Shapes::default();
    runs.iter()
        .for_each(|args| shapes.walk("", &run(council, args)));
    shapes
}

/// Returns the shapes of the lines that answer these Commands.
pub fn apply(council: &Council, commands: &[&Value]) -> Shapes {
    let lines: String = commands.iter().map(|one| format!("{one}\n")).collect();
    std::fs::write(council.dir.path().join("commands.ndjson"), lines).unwrap();
    shapes(council, &[&["apply", "commands.ndjson"]])
}

const STATUS: &str = "\
: aims_start as_of disclaimer entries five known_by ledger_start organisation requirements root rules simulated_clock slots top_management
.five[]: affected because evidence holds id in_hand next_due question reservations since
.five[].affected: n of
.five[].evidence[]: effective_on id kind move? provenance recorded_at seq title version
.requirements[]: because findings id since title verdict
.requirements[].findings[]: affected basis level rule sentence since subjects
.requirements[].findings[].affected: n of
.requirements[].findings[].subjects[]: disposition id since title
.requirements[].findings[].subjects[].disposition: as because record
.slots[]: declaration first_day last_day moved_to? state
.top_management: body vouched_by";

#[tokio::test(flavor = "multi_thread")]
async fn status_has_these_keys_and_no_others() {
    let council = council().await;
    let found = shapes(
        &council,
        &[
            &["status"],
            &["status", "--as-of", "2022-12-01"],
            &["status", "--as-of", "2024-07-20"],
            &["status", "--as-of", "2025-03-01", "--known-by", "now"],
            &["status", "--findings", "4.3-a"],
        ],
    );
    found.are(STATUS);
}

const LIST: &str = "\
[]: effective_on id in_force? notes? provenance recorded_at state title version
[].notes[]: code hint message";
const SHOW: &str = "\
: body brought_in effective_on id in_force? kind notes? provenance recorded_at seq state title version
.brought_in: by file from
.notes[]: code hint message";
const HISTORY: &str = "\
[]: act assured body brought_in by? counts? effective_on marks? move provenance recorded_at seq version who withdrawn
[].brought_in: by file from
[].by: id title version
[].marks.*: as basis review_by";

#[tokio::test(flavor = "multi_thread")]
async fn records_that_are_shown_have_these_keys_and_no_others() {
    let council = council().await;
    let kinds = run(&council, &["kinds"]);
    let (mut list, mut show, mut history) =
        (Shapes::default(), Shapes::default(), Shapes::default());
    for kind in kinds.as_array().unwrap() {
        let listed = run(
            &council,
            &["record", "list", kind["kind"].as_str().unwrap()],
        );
        list.walk("", &listed);
        let listed = listed.as_array().unwrap();
        let no_more = listed.iter().find(|one| one["in_force"].is_null());
        for record in listed.iter().take(3).chain(no_more) {
            let id = record["id"].as_str().unwrap();
            show.walk("", &run(&council, &["record", "show", id]));
            history.walk("", &run(&council, &["record", "history", id]));
        }
    }
    list.are(LIST);
    show.are(SHOW);
    history.are(HISTORY);
}

/// Of a version that resolutions could not adopt, and of those: one withdrawn since, one that keeps
/// what is superseded.
const HISTORY_OF_LITTLE: &str = "\
[]: act assured because? body brought_in by? counts? effective_on move notes? provenance recorded_at seq version who why? withdrawn
[].by: id title version withdrawn?
[].by.withdrawn: on seq
[].notes[]: code hint message of versions?
[].notes[].of: id version";
const DONE_OF_LITTLE: &str = "\
[]: id line notes? ok provenance recorded_at seq version
[].notes[]: code hint message of? versions?
[].notes[].of: id version";

#[tokio::test(flavor = "multi_thread")]
async fn what_came_to_nothing_is_told_in_histories_with_these_keys_and_no_others() {
    let council = council().await;
    let resolves = |number: u32, verb: &str, object: Value| {
        let body = json!({"number": format!("T/{number}"), "text": "So (fictional).",
            "body": BOARD, "verb": verb, "decided_on": "2026-11-24", "objects": [object]});
        json!({"do": "put", "kind": "resolution", "id": fixed(number), "body": body})
    };
    let moved = |number: u32, name: &str, body: Value| {
        json!({"do": "move", "id": fixed(number), "version": 1, "move": name, "body": body,
            "as": "bronwen.hayes@tarnbridge.example"})
    };
    let of = |version: u32| json!({"id": POLICY, "version": version});
    let keep = json!({"of": of(1), "because": "It serves.", "next_review": "2027-11-24"});
    let because = json!({"because": "Typed twice."});
    let done = apply(
        &council,
        &[
            &resolves(1, "adopts", json!({"of": of(3)})),
            &moved(1, "attest", json!({})),
            &resolves(2, "adopts", json!({"of": of(3)})),
            &moved(2, "attest", json!({})),
            &moved(2, "withdraw", because),
            &resolves(3, "keeps", keep),
        ],
    );
    done.are(DONE_OF_LITTLE);
    let histories = [POLICY.to_owned(), fixed(1), fixed(2), fixed(3)];
    let mut found = Shapes::default();
    for id in &histories {
        found.walk("", &run(&council, &["record", "history", id]));
    }
    found.are(HISTORY_OF_LITTLE);
}

/// Returns an id that the sample does not have.
fn fixed(number: u32) -> String {
    format!("f0000000-0000-4000-8000-{number:012}")
}

const POLICY: &str = "00000006-0000-4000-8000-000000000001";

const DONE: &str = "\
[]: id line notes? ok provenance recorded_at seq version
[].notes[]: code hint message of
[].notes[].of: id version";
const OF_A_SET: &str = "\
: line ok results
.results[]: id notes? provenance recorded_at seq version
.results[].notes[]: code hint message of
.results[].notes[].of: id version";
const REFUSED: &str = "\
: line ok refusal
.refusal: code field hint message";
const SINGLE: &str = "\
: id notes? ok provenance recorded_at seq version
.notes[]: code hint message of?
.notes[].of: id version";
const IMPORT: &str = "\
: absent created encoding format guessed other_sheets refused results revised rows sheet unchanged warnings";

#[tokio::test(flavor = "multi_thread")]
async fn what_is_recorded_is_answered_with_these_keys_and_no_others() {
    let council = council().await;
    let person = json!({"name": "Zoe Sample"});
    let id = "f0000000-0000-4000-8000-000000000001";
    let put = json!({"do": "put", "kind": "person", "id": id, "body": person});
    let new = json!({"do": "put", "kind": "person", "body": person});
    let all = json!({"do": "all", "commands": [new, put]});
    let wrong = json!({"do": "put", "kind": "person", "body": {"name": 1}});
    // The second is told which version it follows.
    apply(&council, &[&put, &put]).are(DONE);
    apply(&council, &[&all]).are(OF_A_SET);
    apply(&council, &[&wrong]).are(REFUSED);
    let write = |name: &str, text: &str| {
        std::fs::write(council.dir.path().join(name), text).unwrap();
    };
    write("person.json", &person.to_string());
    write("wrong.json", "{}");
    write("because.json", r#"{"because": "Typed twice."}"#);
    let put = ["record", "put", "person", "person.json", "--id", id];
    let withdraw = [
        "record",
        "move",
        id,
        "withdraw",
        "--version",
        "1",
        "because.json",
    ];
    let first = ["record", "put", "person", "person.json"];
    shapes(&council, &[&first, &put, &withdraw]).are(SINGLE);
    let refused = ["record", "put", "person", "wrong.json"];
    shapes(&council, &[&refused]).are(&REFUSED.replace(": line ok", ": ok"));
    write("register.csv", "Ref,Title\n1,Alpha (fictional)\n");
    let from = ["import", "csv", "register.csv"];
    run(
        &council,
        &[&from[..], &["--draft-mapping", "m.toml"]].concat(),
    );
    let mapped = [&from[..], &["--mapping", "m.toml"]].concat();
    let dry = [&mapped[..], &["--dry-run"]].concat();
    shapes(&council, &[&dry, &mapped, &mapped]).are(IMPORT);
}

/// Two bodies whose terms were brought in with a file.
const LEADERSHIP: &str = "00000002-0000-4000-8000-000000000002";
const BOARD: &str = "00000002-0000-4000-8000-000000000003";

const PACK: &str = "\
: entries files groups leaving_elsewhere leaving_in_files leaving_marked leaving_marked_later withdrawn withheld_files withheld_groups
.leaving_elsewhere[]: group id seq version withheld
.leaving_in_files[]: file groups
.leaving_in_files[].groups[]: group seq
.leaving_marked: files groups
.leaving_marked.files[]: as basis file review_by
.leaving_marked.groups[]: as basis commitment group review_by seq
.leaving_marked_later: files groups
.leaving_marked_later.files[]: as basis file review_by
.leaving_marked_later.groups[]: as basis commitment group review_by seq
.withdrawn[]: after? because id kind on seq version who
.withheld_files[]: as basis file review_by
.withheld_groups[]: as basis commitment group review_by seq";
const NOT_VERIFIED: &str = "\
: checkpoint complete entries failures not_checked not_demanded verified
.failures[]: detail seq what";
const VERIFY: &str = "\
: checkpoint complete entries failures files? groups? not_checked not_demanded verified
.checkpoint: origin root size
.files: disclosed withheld
.groups: disclosed erased withheld";

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_and_its_verification_are_told_with_these_keys_and_no_others() {
    let council = council().await;
    let known = format!(
        "#{}",
        run(&council, &["status"])["entries"].as_u64().unwrap() - 1
    );
    let mark = |id: &str, what: &str, how: &str| {
        let marks = json!({what: {"as": how, "basis": "Advice"}});
        json!({"do": "move", "id": id, "version": 1, "move": "mark", "body": {"marks": marks},
            "as": "bronwen.hayes@tarnbridge.example"})
    };
    let policy = run(&council, &["record", "list", "policy"]);
    let policy = policy[0]["id"].as_str().unwrap();
    let of_file = |id: &str, how: &str| {
        let shown = run(&council, &["record", "show", id, "--version", "1"]);
        mark(id, shown["brought_in"]["file"].as_str().unwrap(), how)
    };
    let marks = [
        mark(policy, "words", "privileged"),
        of_file(LEADERSHIP, "privileged"),
        of_file(BOARD, "confidential"),
    ];
    let marked = apply(&council, &marks.each_ref());
    // What is withdrawn after what a pack is known by.
    let person =
        json!({"do": "put", "kind": "person", "id": fixed(1), "body": {"name": "Zoe Sample"}});
    let because = json!({"because": "Typed twice."});
    let gone =
        json!({"do": "move", "id": fixed(1), "version": 1, "move": "withdraw", "body": because});
    apply(&council, &[&person, &gone]);
    assert!(
        marked.0.keys().all(|place| !place.contains("refusal")),
        "{:?}",
        marked.told()
    );
    let packs: [&[&str]; 3] = [
        &["pack", "--list"],
        &["pack", "--list", "--as-of", &known],
        &["pack", "council.zip"],
    ];
    shapes(&council, &packs).are(PACK);
    shapes(&council, &[&["verify"], &["verify", "council.zip"]]).are(VERIFY);
    shapes(&council, &[&["verify", "commands.ndjson"]]).are(NOT_VERIFIED);
}
