//! Arrows between crates: a crate depends only on what ARCHITECTURE.md draws.

use toml::{Table, Value};

use super::Problem;
use crate::tree::Tree;

/// Each crate and what of ours it may depend on. `minutebook` is the crate in `crates/cli`.
///
/// Development dependencies are free: a test may wire more than the crate itself.
const ARROWS: &[(&str, &[&str])] = &[
    ("ledger", &[]),
    ("record", &[]),
    ("catalogue", &[]),
    ("kinds", &["record"]),
    ("assess", &["record", "catalogue"]),
    ("exchange", &["record", "catalogue"]),
    ("documents", &["record", "catalogue"]),
    ("pack", &["ledger", "record"]),
    ("store", &["ledger", "record"]),
    ("gate", &["record"]),
    ("dispatch", &["record", "gate"]),
    ("readonly", &["record", "gate"]),
    (
        "app",
        &[
            "ledger",
            "record",
            "catalogue",
            "assess",
            "exchange",
            "documents",
            "pack",
            "store",
            "gate",
            "dispatch",
            "readonly",
        ],
    ),
    ("web", &["app", "record"]),
    (
        "minutebook",
        &[
            "ledger",
            "record",
            "catalogue",
            "kinds",
            "assess",
            "exchange",
            "documents",
            "pack",
            "store",
            "gate",
            "dispatch",
            "readonly",
            "app",
            "web",
        ],
    ),
];

/// Returns a problem for each arrow that is not drawn.
pub fn problems(tree: &Tree) -> Vec<Problem> {
    let shared = tree.text("Cargo.toml").map(parsed).unwrap_or_default();
    let mut found = Vec::new();
    for folder in tree.folders("crates") {
        let path = format!("crates/{folder}/Cargo.toml");
        let manifest = tree.text(&path).map(parsed).unwrap_or_default();
        let name = manifest
            .get("package")
            .and_then(|package| package.get("name"));
        let Some(name) = name.and_then(Value::as_str) else {
            found.push(Problem::in_file(&path, "this manifest names no package"));
            continue;
        };
        let Some(allowed) = arrows_from(name) else {
            let message =
                format!("`{name}` is no crate of ARCHITECTURE.md; draw it and its arrows first");
            found.push(Problem::in_file(&path, message));
            continue;
        };
        for used in dependencies(&manifest, &shared) {
            if arrows_from(&used).is_some() && !allowed.contains(&used.as_str()) {
                let message = format!("the arrow {name} -> {used} is not drawn in ARCHITECTURE.md");
                found.push(Problem::in_file(&path, message));
            }
        }
    }
    found
}

/// Returns what a crate may depend on; `None` when it is not ours.
fn arrows_from(name: &str) -> Option<&'static [&'static str]> {
    ARROWS
        .iter()
        .find(|(from, _)| *from == name)
        .map(|(_, to)| *to)
}

/// A manifest that does not parse is cargo's to refuse; here it is empty, and so names no package.
fn parsed(text: &str) -> Table {
    text.parse().unwrap_or_default()
}

/// Returns the packages a manifest depends on outside tests, for every target, renamed ones by their real name.
fn dependencies(manifest: &Table, shared: &Table) -> Vec<String> {
    let targets = manifest.get("target").and_then(Value::as_table);
    let tables = targets
        .into_iter()
        .flat_map(Table::values)
        .filter_map(Value::as_table);
    let tables = std::iter::once(manifest).chain(tables);
    let workspace = shared
        .get("workspace")
        .and_then(|table| table.get("dependencies"));
    tables
        .flat_map(|table| [table.get("dependencies"), table.get("build-dependencies")])
        .filter_map(|section| section?.as_table())
        .flatten()
        .map(|(key, value)| {
            let inherited = workspace.and_then(|table| table.get(key));
            let package = [Some(value), inherited]
                .into_iter()
                .flatten()
                .find_map(|value| value.get("package"));
            package.and_then(Value::as_str).unwrap_or(key).to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(manifest: &str) -> Vec<String> {
        let shared =
            "[workspace.dependencies]\nkeeping = { path = \"crates/store\", package = \"store\" }";
        let tree = Tree::of(&[("Cargo.toml", shared), ("crates/one/Cargo.toml", manifest)]);
        problems(&tree)
            .into_iter()
            .map(|problem| problem.message)
            .collect()
    }

    #[test]
    fn a_drawn_arrow_passes() {
        let manifest =
            "[package]\nname = \"store\"\n[dependencies]\nledger.workspace = true\nserde = \"1\"";
        assert_eq!(messages(manifest), Vec::<String>::new());
    }

    #[test]
    fn an_arrow_that_is_not_drawn_fails() {
        let manifest = "[package]\nname = \"ledger\"\n[dependencies]\nrecord.workspace = true";
        assert_eq!(
            messages(manifest),
            ["the arrow ledger -> record is not drawn in ARCHITECTURE.md"]
        );
    }

    #[test]
    fn an_arrow_hidden_by_a_target_or_a_new_name_fails() {
        let hidden = [
            "[target.'cfg(unix)'.dependencies]\nstore.workspace = true",
            "[build-dependencies]\nstore.workspace = true",
            "[dependencies]\nkept = { path = \"../store\", package = \"store\" }",
            "[dependencies]\nkeeping.workspace = true",
        ];
        for section in hidden {
            let manifest = format!("[package]\nname = \"web\"\n{section}");
            assert_eq!(
                messages(&manifest),
                ["the arrow web -> store is not drawn in ARCHITECTURE.md"]
            );
        }
    }

    #[test]
    fn a_test_may_wire_more_than_its_crate() {
        let manifest = "[package]\nname = \"ledger\"\n[dev-dependencies]\nrecord.workspace = true";
        assert_eq!(messages(manifest), Vec::<String>::new());
    }

    #[test]
    fn the_application_knows_no_kind_and_the_web_no_store() {
        for (from, to) in [
            ("app", "kinds"),
            ("app", "web"),
            ("web", "store"),
            ("kinds", "app"),
        ] {
            let manifest =
                format!("[package]\nname = \"{from}\"\n[dependencies]\n{to}.workspace = true");
            assert_eq!(messages(&manifest).len(), 1, "{from} -> {to}");
        }
    }

    #[test]
    fn a_crate_nobody_drew_fails() {
        let found = messages("[package]\nname = \"helpers\"");
        assert_eq!(
            found,
            ["`helpers` is no crate of ARCHITECTURE.md; draw it and its arrows first"]
        );
    }
}
