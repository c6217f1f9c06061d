//! Hosts: no file names the registry or mirror that packages came from on one machine.

use super::{Problem, numbered};
use crate::tree::Tree;

/// The hosts of package registries, in two halves, so that this file passes its own check.
const HOSTS: &[&str] = &[
    concat!("static.", "crates.io"),
    concat!("index.", "crates.io"),
    concat!("registry.", "npmjs.org"),
    concat!("registry.", "yarnpkg.com"),
    concat!("files.", "pythonhosted.org"),
    concat!("pypi", ".org"),
    concat!("proxy.", "golang.org"),
    concat!("deb.", "debian.org"),
];

/// The only source a Cargo.lock may name: it stands for the public registry, whatever mirror serves it.
const CRATES: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Returns a problem for each line that names a registry.
pub fn problems(tree: &Tree) -> Vec<Problem> {
    let mut found = Vec::new();
    for (path, text) in tree.texts() {
        for (number, line) in numbered(text) {
            if let Some(host) = HOSTS.iter().find(|host| line.contains(**host)) {
                found.push(Problem::on_line(
                    path,
                    number,
                    format!("`{host}` is the host of a package registry"),
                ));
            } else if let Some(setting) = mirror(path, line.trim()) {
                found.push(Problem::on_line(
                    path,
                    number,
                    format!("{setting} names where packages come from"),
                ));
            }
        }
    }
    found
}

/// Returns what in a lock or settings file leads to another registry.
fn mirror(path: &str, line: &str) -> Option<&'static str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name {
        "Cargo.lock" if line.starts_with("source = ") && !line.contains(CRATES) => {
            Some("this source")
        }
        "package-lock.json" if line.starts_with("\"resolved\": \"http") => {
            Some("`resolved` (set omit-lockfile-registry-resolved in .npmrc)")
        }
        ".npmrc" if line.starts_with("registry") || line.contains(":registry") => {
            Some("`registry`")
        }
        "config.toml" if path.contains(".cargo/") => cargo_setting(line),
        _ => None,
    }
}

fn cargo_setting(line: &str) -> Option<&'static str> {
    ["[source", "[registr", "replace-with"]
        .into_iter()
        .find(|setting| line.starts_with(setting))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, line: &str) -> usize {
        problems(&Tree::of(&[(path, line)])).len()
    }

    #[test]
    fn a_registry_host_fails_in_any_file() {
        for host in HOSTS {
            assert_eq!(
                found("docs/a.md", &format!("from https://{host}/x")),
                1,
                "{host}"
            );
        }
    }

    #[test]
    fn a_lock_file_that_names_a_mirror_fails() {
        assert_eq!(
            found(
                "Cargo.lock",
                "source = \"registry+https://mirror.example/index\""
            ),
            1
        );
        assert_eq!(
            found("Cargo.lock", "source = \"git+https://example.org/x\""),
            1
        );
        assert_eq!(
            found(
                "journeys/package-lock.json",
                "      \"resolved\": \"https://mirror.example/a.tgz\","
            ),
            1
        );
    }

    #[test]
    fn settings_that_lead_to_a_mirror_fail() {
        assert_eq!(
            found("journeys/.npmrc", "registry=https://mirror.example/"),
            1
        );
        assert_eq!(
            found(
                ".cargo/config.toml",
                "[source.crates-io]\nreplace-with = \"mirror\""
            ),
            2
        );
    }

    #[test]
    fn the_public_index_and_ordinary_settings_pass() {
        assert_eq!(found("Cargo.lock", &format!("source = \"{CRATES}\"")), 0);
        assert_eq!(
            found("journeys/.npmrc", "omit-lockfile-registry-resolved=true"),
            0
        );
        assert_eq!(found(".cargo/config.toml", "[alias]"), 0);
    }
}
