//! Registration: a folder in `crates/kinds/src` is a kind, and `lib.rs` has its two lines.

use super::Problem;
use crate::tree::Tree;

const FOLDER: &str = "crates/kinds/src";
const LIB: &str = "crates/kinds/src/lib.rs";

/// Returns a problem for each line that is missing.
pub fn problems(tree: &Tree) -> Vec<Problem> {
    let lib = without_comments(tree.text(LIB).unwrap_or_default());
    let lines: Vec<&str> = lib.lines().map(str::trim).collect();
    let mut found = not_folders(tree);
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

/// Returns a problem for each kind that is a file: a kind is a folder.
fn not_folders(tree: &Tree) -> Vec<Problem> {
    let in_folder = |path: &&str| {
        let rest = path.strip_prefix(FOLDER);
        rest.is_some_and(|rest| rest.matches('/').count() == 1) && *path != LIB
    };
    let files = tree.texts().filter(|(path, _)| in_folder(path));
    let kinds = files.filter(|(_, text)| without_comments(text).contains("fn kind() -> KindSpec"));
    let message = "a kind is a folder of its own: move this file there, as its mod.rs";
    kinds
        .map(|(path, _)| Problem::in_file(path, message))
        .collect()
}

/// Returns code without what is commented out.
fn without_comments(code: &str) -> String {
    let mut kept = String::new();
    let mut rest = code;
    while let Some(at) = rest.find("//").into_iter().chain(rest.find("/*")).min() {
        kept.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = match rest.starts_with("//") {
            true => rest.find('\n'),
            false => block_end(rest),
        };
        rest = &rest[end.unwrap_or(rest.len())..];
    }
    kept + rest
}

/// Returns where the comment ends that a text begins with: one may hold another.
fn block_end(text: &str) -> Option<usize> {
    let mut depth = 0;
    let mut at = 0;
    loop {
        let begins = text[at..].find("/*");
        let ends = text[at..].find("*/")?;
        if begins.is_some_and(|begins| begins < ends) {
            depth += 1;
            at += begins? + 2;
        } else {
            depth -= 1;
            at += ends + 2;
        }
        if depth == 0 {
            return Some(at);
        }
    }
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
        for commented in [
            "// mod audit;\n// audit::kind()",
            "/* mod audit; */ fn all() { [/* audit::kind(), */] }",
            "/*\nmod audit;\n/* as well */ audit::kind(),\n*/",
            "/* mod audit; audit::kind()",
        ] {
            assert_eq!(messages(commented).len(), 2, "{commented}");
        }
        let beside = "/* the first */ pub mod audit; // of all\n[audit::kind(), /* and more */]";
        assert!(messages(beside).is_empty());
    }

    #[test]
    fn a_kind_that_is_a_file_fails() {
        let file = |text: &str| {
            let tree = Tree::of(&[(LIB, ""), ("crates/kinds/src/audit.rs", text)]);
            problems(&tree).len()
        };
        assert_eq!(
            file("/// Returns the kind.\npub fn kind() -> KindSpec {"),
            1
        );
        assert_eq!(file("// pub fn kind() -> KindSpec {"), 0);
    }
}
