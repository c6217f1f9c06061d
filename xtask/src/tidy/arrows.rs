//! Arrows between crates: a crate depends only on what ARCHITECTURE.md draws, and the page draws only
//! what was designed.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use super::Problem;
use crate::tree::Tree;

/// The page that draws them.
const PAGE: &str = "ARCHITECTURE.md";

/// The page calls the binary's crate by its folder.
const BINARY: (&str, &str) = ("cli", "minutebook");

/// What begins the arrows of tests, which may wire more than the crate itself.
const IN_TESTS: &str = "In tests also:";

/// The arrows of the design: the page may draw fewer, and none besides. The binary's crate wires all
/// and is not listed.
const DESIGNED: [(&str, &str); 14] = [
    ("web", "app, record"),
    (
        "app",
        "assess, catalogue, dispatch, documents, exchange, gate, ledger, pack, readonly, record, store",
    ),
    ("store", "ledger, record"),
    ("kinds", "record"),
    ("assess", "catalogue, record"),
    ("exchange", "catalogue, record"),
    ("pack", "ledger, record"),
    ("documents", "catalogue, record"),
    ("gate", "record"),
    ("dispatch", "gate, record"),
    ("readonly", "gate, record"),
    ("ledger", ""),
    ("record", ""),
    ("catalogue", ""),
];

/// What tests alone may wire besides, as docs/decisions/017-arrows-of-tests.md has it.
const DECIDED_IN_TESTS: [(&str, &str); 2] = [("app", "kinds"), ("web", "catalogue, kinds")];

/// Each crate and what of ours it may depend on, as drawn.
type Arrows = BTreeMap<String, BTreeSet<String>>;

/// Returns a problem for each arrow that is not drawn, and for each that is drawn and was not designed.
pub fn problems(tree: &Tree) -> Vec<Problem> {
    let page = tree.text(PAGE).unwrap_or_default();
    let (arrows, in_tests) =
        match drawn(page).and_then(|all| Ok((drawn_in_tests(page, &all)?, all))) {
            Ok((in_tests, arrows)) => (arrows, in_tests),
            Err(message) => return vec![Problem::in_file(PAGE, message)],
        };
    let shared = tree.text("Cargo.toml").map(parsed).unwrap_or_default();
    let mut found = not_designed(&arrows, &in_tests);
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
        let Some(allowed) = arrows.get(name) else {
            let message = format!("`{name}` is no crate of {PAGE}; draw it and its arrows first");
            found.push(Problem::in_file(&path, message));
            continue;
        };
        for Used {
            name: used,
            is_ours,
        } in dependencies(&manifest, &shared, &["dependencies", "build-dependencies"])
        {
            if (is_ours || arrows.contains_key(&used)) && !allowed.contains(&used) {
                let message = format!("the arrow {name} -> {used} is not drawn in {PAGE}");
                found.push(Problem::in_file(&path, message));
            }
        }
        let further = in_tests.get(name);
        for Used {
            name: used,
            is_ours,
        } in dependencies(&manifest, &shared, &["dev-dependencies"])
        {
            let is_drawn = allowed.contains(&used) || further.is_some_and(|to| to.contains(&used));
            if (is_ours || arrows.contains_key(&used)) && !is_drawn {
                let message =
                    format!("the arrow {name} -> {used} of its tests is not drawn in {PAGE}");
                found.push(Problem::in_file(&path, message));
            }
        }
    }
    found.extend(outside(tree));
    let crates = tree.folders("crates");
    for name in arrows.keys() {
        let folder = if name == BINARY.1 { BINARY.0 } else { name };
        if !crates.contains(folder) {
            let message = format!("draws `{folder}`, and there is no crates/{folder}");
            found.push(Problem::in_file(PAGE, message));
        }
    }
    found
}

/// Returns a problem for each package that lies elsewhere than the crates that are drawn: over it an
/// arrow would go round the page.
fn outside(tree: &Tree) -> Vec<Problem> {
    let is_placed = |path: &str| {
        matches!(
            path.split('/').collect::<Vec<_>>()[..],
            ["Cargo.toml"] | ["xtask", "Cargo.toml"] | ["crates", _, "Cargo.toml"]
        )
    };
    let manifests = tree.texts().map(|(path, _)| path);
    let manifests = manifests.filter(|path| path.rsplit('/').next() == Some("Cargo.toml"));
    let others = manifests.filter(|path| !is_placed(path));
    let message = format!("a package lies in crates/, where {PAGE} draws it: move it there");
    others
        .map(|path| Problem::in_file(path, message.clone()))
        .collect()
}

/// Returns a problem for each drawn arrow that was not designed or decided. Drawing one is a line in the
/// same change that needs it, so the page alone would hold nobody back.
fn not_designed(arrows: &Arrows, in_tests: &Arrows) -> Vec<Problem> {
    let allowed = |list: &[(&str, &str)], from: &str| {
        let listed = list.iter().find(|(name, _)| *name == from);
        listed.map(|(_, to)| names(to).collect::<BTreeSet<String>>())
    };
    let mut found = Vec::new();
    for (from, to) in arrows.iter().filter(|(from, _)| *from != BINARY.1) {
        let Some(mut designed) = allowed(&DESIGNED, from) else {
            let message = format!("draws `{from}`, and the design has no such crate: take it out");
            found.push(Problem::in_file(PAGE, message));
            continue;
        };
        // `all` has the crate itself in it.
        designed.insert(from.clone());
        for to in to.difference(&designed) {
            let message =
                format!("draws the arrow {from} -> {to}, which the design does not: take it out");
            found.push(Problem::in_file(PAGE, message));
        }
    }
    for (from, to) in in_tests {
        let decided = allowed(&DECIDED_IN_TESTS, from).unwrap_or_default();
        for to in to.difference(&decided) {
            let message = format!(
                "draws the arrow {from} -> {to} of tests, which nobody decided: take it out"
            );
            found.push(Problem::in_file(PAGE, message));
        }
    }
    found
}

/// Reads the first sentence under the heading: `web -> app, record`, several with a dot between
/// them. The right side may be `all`, `all but` some, or `nothing of ours`.
fn drawn(page: &str) -> Result<Arrows, String> {
    let section = page.split_once("## The arrows").map(|(_, rest)| rest);
    let sentence = section.and_then(|rest| rest.split('.').next());
    let sentence = sentence.ok_or("it has no section `## The arrows`")?;
    let sentence = sentence.replace('`', "");
    let mut sides = Vec::new();
    for arrow in sentence.split('·') {
        let (from, to) = arrow
            .split_once("->")
            .ok_or_else(|| format!("this is no arrow: {:?}", arrow.trim()))?;
        let to = to.split_whitespace().collect::<Vec<_>>().join(" ");
        sides.extend(names(from).map(|from| (from, to.clone())));
    }
    let all: BTreeSet<String> = sides.iter().map(|(from, _)| from.clone()).collect();
    let ends = |to: &str| -> BTreeSet<String> {
        match (to, to.strip_prefix("all but ")) {
            ("nothing of ours", _) => BTreeSet::new(),
            ("all", _) => all.clone(),
            (_, Some(but)) => {
                let but: BTreeSet<String> = names(but).collect();
                all.difference(&but).cloned().collect()
            }
            _ => names(to).collect(),
        }
    };
    let arrows: Arrows = sides
        .iter()
        .map(|(from, to)| (from.clone(), ends(to)))
        .collect();
    let unknown = arrows.values().flatten().find(|to| !all.contains(*to));
    match unknown {
        None => Ok(arrows),
        Some(name) => Err(format!("an arrow leads to `{name}`, and none leaves it")),
    }
}

/// Reads the sentence on tests, if there is one: the arrows that only they have.
fn drawn_in_tests(page: &str, all: &Arrows) -> Result<Arrows, String> {
    let Some((_, rest)) = page.split_once(IN_TESTS) else {
        return Ok(Arrows::new());
    };
    let sentence = rest.split('.').next().unwrap_or_default().replace('`', "");
    let mut arrows = Arrows::new();
    for arrow in sentence.split('·') {
        let (from, to) = arrow
            .split_once("->")
            .ok_or_else(|| format!("this is no arrow: {:?}", arrow.trim()))?;
        let unknown = names(from)
            .chain(names(to))
            .find(|name| !all.contains_key(name));
        if let Some(name) = unknown {
            return Err(format!(
                "an arrow of tests names `{name}`, which is drawn nowhere"
            ));
        }
        arrows.extend(names(from).map(|from| (from, names(to).collect())));
    }
    Ok(arrows)
}

/// Returns the packages of a list of crates.
fn names(list: &str) -> impl Iterator<Item = String> {
    let names = list
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty());
    names.map(|name| match name == BINARY.0 {
        true => BINARY.1.to_owned(),
        false => name.to_owned(),
    })
}

/// A manifest that does not parse is cargo's to refuse; here it is empty, and so names no package.
fn parsed(text: &str) -> Table {
    text.parse().unwrap_or_default()
}

/// A package that a manifest depends on.
struct Used {
    name: String,
    /// Whether it is named by a path, and so is no other people's.
    is_ours: bool,
}

/// Returns the packages that some sections of a manifest depend on, for every target, renamed ones by their real name.
fn dependencies(manifest: &Table, shared: &Table, sections: &[&str]) -> Vec<Used> {
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
        .flat_map(|table| sections.iter().filter_map(|section| table.get(*section)))
        .filter_map(Value::as_table)
        .flatten()
        .map(|(key, value)| {
            let inherited = workspace.and_then(|table| table.get(key));
            let said = |what: &str| {
                let mut both = [Some(value), inherited].into_iter().flatten();
                both.find_map(|value| value.get(what))
            };
            let package = said("package").and_then(Value::as_str);
            Used {
                name: package.unwrap_or(key).to_owned(),
                is_ours: said("path").is_some(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWN: &str = "# Map\n\n## The arrows\n\n`cli -> all` · `web -> app` ·\n\
        `app -> all but web,\ncli, kinds` · `store -> ledger` · `kinds -> record` · \
        `ledger`, `record -> nothing of ours`.\n`tidy` fails on any other.\n";

    fn found(page: &str, crates: &[(&str, &str)]) -> Vec<String> {
        let shared =
            "[workspace.dependencies]\nkeeping = { path = \"crates/store\", package = \"store\" }";
        let mut files = vec![("Cargo.toml", shared), (PAGE, page)];
        files.extend(crates);
        let found = problems(&Tree::of(&files)).into_iter();
        found.map(|problem| problem.message).collect()
    }

    /// What is said of one manifest, and not of the crates that are drawn and not there.
    fn messages(manifest: &str) -> Vec<String> {
        let mut said = found(DRAWN, &[("crates/one/Cargo.toml", manifest)]);
        said.retain(|message| !message.starts_with("draws "));
        said
    }

    #[test]
    fn an_arrow_that_was_not_designed_fails_although_it_is_drawn() {
        let page = "## The arrows\n\n`store -> catalogue` · `helpers -> store` · \
            `catalogue -> nothing of ours`.";
        let manifest = |name: &str, uses: &str| {
            format!("[package]\nname = \"{name}\"\n[dependencies]\n{uses}.workspace = true")
        };
        let crates = [
            ("crates/store/Cargo.toml", &*manifest("store", "catalogue")),
            ("crates/helpers/Cargo.toml", &manifest("helpers", "store")),
            (
                "crates/catalogue/Cargo.toml",
                &manifest("catalogue", "serde"),
            ),
        ];
        assert_eq!(
            found(page, &crates),
            [
                "draws `helpers`, and the design has no such crate: take it out",
                "draws the arrow store -> catalogue, which the design does not: take it out",
            ]
        );
    }

    #[test]
    fn an_arrow_of_tests_that_nobody_decided_fails_although_it_is_drawn() {
        let said = |arrows: &str| {
            let mut said = found(&format!("{DRAWN}In tests also: {arrows}.\n"), &[]);
            said.retain(|message| message.starts_with("draws the arrow"));
            said
        };
        assert_eq!(said("`web -> kinds` · `app -> kinds`"), [""; 0]);
        assert_eq!(
            said("`web -> kinds, store` · `record -> kinds`"),
            [
                "draws the arrow record -> kinds of tests, which nobody decided: take it out",
                "draws the arrow web -> store of tests, which nobody decided: take it out",
            ]
        );
    }

    #[test]
    fn the_arrows_are_those_that_the_page_draws() {
        let arrows = drawn(DRAWN).unwrap();
        let to = |name: &str| arrows[name].iter().map(String::as_str).collect::<Vec<_>>();
        assert_eq!(to("app"), ["app", "ledger", "record", "store"]);
        assert_eq!(to("record"), [""; 0]);
        assert_eq!(arrows["minutebook"].len(), 7);
        for (page, expected) in [
            ("# Map", "it has no section"),
            ("## The arrows\n\n`web`.", "this is no arrow"),
            ("## The arrows\n\n`web -> app`.", "an arrow leads to `app`"),
        ] {
            let said = drawn(page).unwrap_err();
            assert!(said.contains(expected), "{said}");
        }
    }

    #[test]
    fn a_crate_that_is_drawn_and_not_there_fails() {
        let page = "## The arrows\n\n`store -> nothing of ours` · `assess -> nothing of ours`.";
        let store = ("crates/store/Cargo.toml", "[package]\nname = \"store\"");
        assert_eq!(
            found(page, &[store]),
            ["draws `assess`, and there is no crates/assess"]
        );
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
    fn an_arrow_to_a_package_of_ours_that_nobody_drew_fails() {
        for (section, of_tests) in [
            ("[dependencies]\nextra = { path = \"../../extra\" }", ""),
            (
                "[build-dependencies]\nround = { path = \"../../extra\", package = \"extra\" }",
                "",
            ),
            (
                "[dev-dependencies]\nextra = { path = \"../../extra\" }",
                " of its tests",
            ),
        ] {
            let manifest = format!("[package]\nname = \"record\"\n{section}");
            let arrow =
                format!("the arrow record -> extra{of_tests} is not drawn in ARCHITECTURE.md");
            assert_eq!(messages(&manifest), [arrow]);
        }
    }

    #[test]
    fn a_package_outside_the_crates_that_are_drawn_fails() {
        let at = |path: &str| {
            let extra = (path, "[package]\nname = \"extra\"");
            let store = ("crates/store/Cargo.toml", "[package]\nname = \"store\"");
            let mut said = found(DRAWN, &[store, extra]);
            said.retain(|message| !message.starts_with("draws "));
            said
        };
        let elsewhere = "a package lies in crates/, where ARCHITECTURE.md draws it: move it there";
        assert_eq!(at("extra/Cargo.toml"), [elsewhere]);
        assert_eq!(at("crates/store/extra/Cargo.toml"), [elsewhere]);
        assert_eq!(at("xtask/Cargo.toml"), [""; 0]);
    }

    #[test]
    fn a_test_wires_more_than_its_crate_only_where_that_is_drawn() {
        let page = format!("{DRAWN}In tests also: `web -> kinds` · `app -> kinds`.\n");
        let said = |name: &str, section: &str| {
            let manifest = format!("[package]\nname = \"{name}\"\n{section}");
            let mut said = found(&page, &[("crates/one/Cargo.toml", &manifest)]);
            said.retain(|message| !message.starts_with("draws "));
            said
        };
        let dev = "[dev-dependencies]\nkinds.workspace = true\nserde = \"1\"";
        assert_eq!(said("web", dev), Vec::<String>::new());
        assert_eq!(said("app", dev), Vec::<String>::new());
        let other = "of its tests is not drawn in ARCHITECTURE.md";
        assert_eq!(
            said("ledger", dev),
            [format!("the arrow ledger -> kinds {other}")]
        );
        let hidden = "[target.'cfg(unix)'.dev-dependencies]\nkeeping.workspace = true";
        assert_eq!(
            said("web", hidden),
            [format!("the arrow web -> store {other}")]
        );
        // What is drawn of tests is of tests alone.
        let used = said("web", "[dependencies]\nkinds.workspace = true");
        assert_eq!(
            used,
            ["the arrow web -> kinds is not drawn in ARCHITECTURE.md"]
        );
        let unknown = format!("{DRAWN}In tests also: `web -> gate`.\n");
        let said = found(&unknown, &[]);
        assert_eq!(
            said,
            ["an arrow of tests names `gate`, which is drawn nowhere"]
        );
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
