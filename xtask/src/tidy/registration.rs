//! Registration: a folder in `crates/kinds/src` is a kind, and `lib.rs` has its two lines.

use super::Problem;
use crate::tree::Tree;

const FOLDER: &str = "crates/kinds/src";
const LIB: &str = "crates/kinds/src/lib.rs";

/// Returns a problem for each line that is missing.
pub fn problems(tree: &Tree) -> Vec<Problem> {
    let lib = tree.text(LIB).unwrap_or_default();
    let lines: Vec<&str> = lib
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with("//"))
        .collect();
    let mut found = Vec::new();
    for name in tree.folders(FOLDER) {
        let module = format!("mod {name};");
        if !lines
            .iter()
            .any(|line| *line == module || line.ends_with(&format!(" {module}")))
        {
            found.push(Problem::in_file(
                LIB,
                format!("the kind {name} is not registered: `{module}` is missing"),
            ));
        }
        let value = format!("{name}::kind()");
        if !lines.iter().any(|line| names(line, &value)) {
            found.push(Problem::in_file(
                LIB,
                format!("the kind {name} is not registered: `{value}` is missing"),
            ));
        }
    }
    found
}

/// Whether a line holds the value as its own word: `audit::kind()` is not in `self_audit::kind()`.
fn names(line: &str, value: &str) -> bool {
    line.match_indices(value).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|letter| !letter.is_alphanumeric() && letter != '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(lib: &str) -> Vec<String> {
        let tree = Tree::of(&[
            (LIB, lib),
            ("crates/kinds/src/audit/mod.rs", ""),
            ("crates/kinds/src/terms.rs", ""),
        ]);
        problems(&tree)
            .into_iter()
            .map(|problem| problem.message)
            .collect()
    }

    #[test]
    fn a_kind_with_its_two_lines_passes() {
        assert!(messages("pub mod audit;\nfn all() { [\n    audit::kind(),\n] }").is_empty());
    }

    #[test]
    fn a_kind_without_its_module_line_fails() {
        let found = messages("mod self_audit;\n[audit::kind()]");
        assert_eq!(
            found,
            ["the kind audit is not registered: `mod audit;` is missing"]
        );
    }

    #[test]
    fn a_kind_that_is_not_handed_over_fails() {
        let found = messages("mod audit;\n[self_audit::kind()]");
        assert_eq!(
            found,
            ["the kind audit is not registered: `audit::kind()` is missing"]
        );
    }

    #[test]
    fn a_registration_in_a_comment_does_not_count() {
        assert_eq!(messages("// mod audit;\n// audit::kind()").len(), 2);
    }
}
