//! What reviewers should not have to look for: each submodule is one check of the tree.

mod arrows;
mod hosts;
mod packages;
mod registration;
mod rules;
mod sizes;
mod words;

use std::fmt;
use std::path::Path;

use anyhow::bail;

use crate::tree::Tree;

/// One thing that tidy does not let pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, from the top of the checkout.
    pub path: String,
    /// The line, counted from 1, where there is one.
    pub line: Option<usize>,
    /// What is wrong and what to do, in a sentence.
    pub message: String,
}

impl Problem {
    fn in_file(path: &str, message: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line: None,
            message: message.into(),
        }
    }

    fn on_line(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line: Some(line),
            message: message.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.path, self.message),
            None => write!(f, "{}: {}", self.path, self.message),
        }
    }
}

/// Checks the checkout and prints every problem.
///
/// # Errors
/// When there is one, or the checkout cannot be read.
pub fn run(root: &Path) -> anyhow::Result<()> {
    let problems = problems(&Tree::read(root)?);
    for problem in &problems {
        eprintln!("{problem}");
    }
    match problems.len() {
        0 => Ok(()),
        1 => bail!("tidy found 1 problem"),
        n => bail!("tidy found {n} problems"),
    }
}

/// Returns every problem of a tree, check by check.
fn problems(tree: &Tree) -> Vec<Problem> {
    [
        arrows::problems,
        sizes::problems,
        registration::problems,
        rules::problems,
        words::problems,
        hosts::problems,
        packages::problems,
    ]
    .into_iter()
    .flat_map(|check| check(tree))
    .collect()
}

/// Returns the lines of a text with their numbers, counted from 1.
fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line))
}
