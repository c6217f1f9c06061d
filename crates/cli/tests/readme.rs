//! README.md shows a real run: its commands, run on the council, print what it says they print.

mod shown;

use std::path::Path;

use shown::{holds, run_of, shown};

#[test]
fn the_run_that_the_readme_shows_is_a_real_one() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let folder = tempfile::tempdir().unwrap();
    shown("minutebook demo --keep DIR --no-serve", folder.path());
    let (_, rest) = readme.split_once("A real run").unwrap();
    let (rest, _) = rest.split_once("Your own ledger").unwrap();
    let run = run_of(rest);
    assert_eq!(run.len(), 4);
    for (command, said) in run {
        let printed = shown(command, folder.path());
        if let Err(why) = holds(&printed, &said) {
            panic!("{command}: {why}\n{printed}");
        }
    }
}

#[test]
fn a_line_left_out_without_saying_so_is_noticed() {
    let printed = "one\ntwo\nthree and more\nfour\n";
    assert_eq!(holds(printed, &["one", "two", "three …", "four"]), Ok(()));
    assert_eq!(holds(printed, &["one", "…", "four"]), Ok(()));
    assert_eq!(holds(printed, &["…", "three and …", "four"]), Ok(()));
    assert_eq!(holds(printed, &["one", "two", "…"]), Ok(()));
    assert!(holds(printed, &["one", "three …", "four"]).is_err());
    assert!(holds(printed, &["one", "two", "three …"]).is_err());
    assert!(holds(printed, &["one", "…", "two", "…"]).is_err());
    assert!(holds(printed, &["one", "two", "three", "four"]).is_err());
}

#[test]
fn the_sample_is_played_by_the_commands_that_its_page_shows() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = std::fs::read_to_string(root.join("samples/council/README.md")).unwrap();
    let lines = page.lines().filter_map(|line| line.strip_prefix("    "));
    let script = lines.collect::<Vec<_>>().join("\n");
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(
        root.canonicalize().unwrap().join("samples"),
        folder.path().join("samples"),
    )
    .unwrap();
    let printed = shown(&script, folder.path());
    let refused = printed.lines().find(|line| line.contains(r#""ok":false"#));
    assert_eq!(refused, None);
    let status = shown("minutebook --data D status", folder.path());
    let told = status.lines().nth(1).unwrap();
    assert_eq!(
        told,
        "As of 2026-11-24, as known now: 5 of 5 in hand, 4 hold."
    );
}
