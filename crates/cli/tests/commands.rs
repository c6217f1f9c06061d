//! docs/commands.md walks a path of Commands: its files, applied, print what it says they print.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod shown;

use std::path::Path;

use shown::{holds, run_of, shown};

/// What the page calls an id that it cannot know.
const ID: &str = "ID";

/// Returns the files that the page shows, by name.
fn files(page: &str) -> Vec<(&str, &str)> {
    let parts = page.split("\n```").skip(1).step_by(2);
    parts.map(|part| part.split_once('\n').unwrap()).collect()
}

#[test]
fn the_path_from_an_empty_ledger_to_all_five_answers_is_a_real_one() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/commands.md");
    let page = std::fs::read_to_string(page).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let files = files(&page);
    assert_eq!(files.len(), 11);
    for (name, lines) in files {
        std::fs::write(folder.path().join(name), format!("{lines}\n")).unwrap();
    }
    let run = run_of(&page);
    assert_eq!(run.len(), 16);
    // The page says ID for the organisation's own, which no two ledgers share.
    let mut id = ID.to_owned();
    for (command, said) in run {
        let mut printed = shown(&command.replace(ID, &id), folder.path());
        if command.ends_with("list organisation") {
            id = printed.split_whitespace().next().unwrap().to_owned();
        }
        printed = printed.replace(&id, ID);
        assert!(!printed.contains("\"ok\":false"), "{command}: {printed}");
        if let Err(why) = holds(&printed, &said) {
            panic!("{command}: {why}\n{printed}");
        }
    }
    // Applied again, nothing was recorded twice.
    let verified = shown("minutebook verify", folder.path());
    assert!(verified.contains("verified: 37 entries"), "{verified}");
    let all = shown("minutebook status --json; echo exit $?", folder.path());
    assert!(all.ends_with("exit 0\n"), "{all}");
    let reserved = all.matches("\"reservations\":[]").count();
    assert_eq!(reserved, 5, "{all}");
}

#[test]
fn the_help_of_apply_says_how_commands_are_written_and_each_example_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let help = shown("minutebook apply --help", folder.path());
    let examples: Vec<&str> = help
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with('{'))
        .collect();
    assert_eq!(examples.len(), 3, "{help}");
    for (example, does) in examples.iter().zip(["put", "move", "all"]) {
        let whole = example.replace('…', "6f0e1f0a-7a3c-4a54-9d0c-1b2f6c1a0001");
        let command = record::Command::parse(&whole).unwrap_or_else(|no| panic!("{whole}: {no:?}"));
        let said = serde_json::to_value(&command).unwrap();
        assert_eq!(said["do"], does);
    }
    let order = [
        "terms of reference",
        "meeting it held",
        "resolution taken",
        "`attest`",
    ];
    let at = |part: &&str| help.find(*part).unwrap_or_else(|| panic!("{part}: {help}"));
    assert!(order.iter().map(at).is_sorted(), "{help}");
}

#[test]
fn the_help_of_serve_says_that_nothing_else_records_while_it_runs() {
    let folder = tempfile::tempdir().unwrap();
    let help = shown("minutebook serve --help", folder.path());
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = "(record put, record move, apply, import, guard accept) is refused with exit 2 and names the server. Stop it first";
    assert!(help.contains(said), "{help}");
    shown("minutebook init --organisation A", folder.path());
    // Its link is printed once it writes.
    let runs = "mkfifo link; minutebook serve --listen 127.0.0.1:0 >link 2>log & server=$!; read link <link";
    let put = "echo '{\"name\":\"B\"}' >b.json; minutebook record put person b.json; echo exit $?";
    let reads = "minutebook record list person; minutebook file add b.json; echo exit $?";
    let tried = shown(
        &format!("{runs}; {put}; {reads}; kill $server; wait"),
        folder.path(),
    );
    assert!(
        tried.contains("exit 2\n") && tried.contains("exit 0\n"),
        "{tried}"
    );
    assert!(
        tried.contains("is being written to by `serve 127.0.0.1:"),
        "{tried}"
    );
}

#[test]
fn the_help_says_what_the_exit_status_means_and_an_empty_list_when_it_is_empty() {
    let folder = tempfile::tempdir().unwrap();
    let help = shown("minutebook --help", folder.path());
    assert!(
        help.contains("Exit status: 0 done, and what was checked holds"),
        "{help}"
    );
    let status = shown("minutebook status --help", folder.path());
    assert!(
        status.contains("Exits 0 only where all five are in hand and hold, else 1."),
        "{status}"
    );
    shown("minutebook init --organisation A", folder.path());
    let begun = shown("minutebook status >status; echo exit $?", folder.path());
    assert!(begun.starts_with("exit 1"), "{begun}");
    let list = |more: &str| {
        shown(
            &format!("minutebook record list policy {more}"),
            folder.path(),
        )
    };
    assert_eq!(list(""), "No record of the kind policy is there.\n");
    let then = "No record of the kind policy was known by then.\n";
    assert_eq!(list("--as-of '#0'"), then);
}
