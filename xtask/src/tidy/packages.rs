//! Packages: as many as Cargo.lock is meant to hold, so that one more is somebody's decision.

use std::cmp::Ordering;

use super::Problem;
use crate::tree::Tree;

/// The packages in Cargo.lock, ours among them. Raise it in the commit that says what the new
/// crate saves, who maintains it and what it drags in; lower it when one goes.
const PACKAGES: usize = 290;

const LOCK: &str = "Cargo.lock";

/// Returns a problem when there are more, or fewer.
pub fn problems(tree: &Tree) -> Vec<Problem> {
    against(tree, PACKAGES)
}

fn against(tree: &Tree, meant: usize) -> Vec<Problem> {
    let Some(lock) = tree.text(LOCK) else {
        return Vec::new();
    };
    let count = lock.lines().filter(|line| *line == "[[package]]").count();
    let todo = match count.cmp(&meant) {
        Ordering::Equal => return Vec::new(),
        Ordering::Greater => {
            "do without, or say in the commit what each saves and drags in, and raise it"
        }
        Ordering::Less => "lower it",
    };
    let message =
        format!("it holds {count} packages, and xtask/src/tidy/packages.rs says {meant}: {todo}");
    vec![Problem::in_file(LOCK, message)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_package_more_fails_and_so_does_one_less() {
        let lock = "version = 4\n\n[[package]]\nname = \"a\"\n\n[[package]]\nname = \"b\"\n";
        let tree = Tree::of(&[(LOCK, lock)]);
        let said = |meant| {
            let found = against(&tree, meant).into_iter();
            found.map(|problem| problem.message).collect::<Vec<_>>()
        };
        assert_eq!(said(2), Vec::<String>::new());
        assert!(said(1)[0].contains("2 packages") && said(1)[0].ends_with("raise it"));
        assert!(said(3)[0].ends_with("lower it"));
    }
}
