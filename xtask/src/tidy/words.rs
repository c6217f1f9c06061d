//! Words: nothing in the tree says on which machine or on what occasion it was written.

use super::{Problem, numbered};
use crate::tree::Tree;

/// Folders of one machine. Every string here is in two halves, so that this file passes its own check.
const MACHINE: &[&str] = &[
    concat!("/", "work"),
    concat!("/", "tmp"),
    concat!("/", "root/"),
    concat!("/", "home/"),
    concat!("/", "Users/"),
];

/// Phrases about how the text came to be, in lower case. `session` alone is a word of the web's.
const OCCASIONS: &[&str] = &[
    concat!("coding ", "session"),
    concat!("earlier ", "session"),
    concat!("next ", "session"),
    concat!("previous ", "session"),
    concat!("issues ", "show"),
];

/// Marks of unfinished work, which need the number of an issue on their line.
const UNFINISHED: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
    concat!("to", "do!("),
    concat!("unimple", "mented!("),
];

/// Returns a problem for each line that says what it should not.
///
/// The texts in `samples/` are an organisation's own: a council may speak of its next meeting as it likes,
/// but no path of a machine may stand there either.
pub fn problems(tree: &Tree) -> Vec<Problem> {
    let mut found = Vec::new();
    for (path, text) in tree.texts() {
        for (number, line) in numbered(text) {
            if let Some(folder) = machine_path(line) {
                found.push(Problem::on_line(
                    path,
                    number,
                    format!("`{folder}` is a path of one machine"),
                ));
            }
            if path.starts_with("samples/") {
                continue;
            }
            if let Some(phrase) = occasion(line) {
                found.push(Problem::on_line(
                    path,
                    number,
                    format!("`{phrase}` is about the writing, not the thing"),
                ));
            }
            if let Some(mark) = unfinished(line) {
                found.push(Problem::on_line(
                    path,
                    number,
                    format!("`{mark}` without the number of an issue"),
                ));
            }
        }
    }
    found
}

fn machine_path(line: &str) -> Option<&'static str> {
    MACHINE.iter().copied().find(|folder| {
        line.match_indices(folder).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            let after = line[at + folder.len()..].chars().next();
            // Inside a longer path or an address it is somebody's folder of that name, `</…` closes a tag.
            let starts =
                before.is_none_or(|letter| !is_word(letter) && !"./}<~$-".contains(letter));
            let ends = folder.ends_with('/')
                || after.is_none_or(|letter| !is_word(letter) && letter != '-');
            starts && ends
        })
    })
}

fn occasion(line: &str) -> Option<String> {
    let line = line.to_lowercase();
    let numbered = concat!("issue", " #");
    let has_number = line
        .match_indices(numbered)
        .any(|(at, _)| starts_with_digit(&line[at + numbered.len()..]));
    if has_number {
        return Some(format!("{numbered}n"));
    }
    OCCASIONS
        .iter()
        .find(|phrase| line.contains(**phrase))
        .map(|phrase| (*phrase).to_owned())
}

fn unfinished(line: &str) -> Option<&'static str> {
    let numbered = line
        .match_indices('#')
        .any(|(at, _)| starts_with_digit(&line[at + 1..]));
    if numbered {
        return None;
    }
    UNFINISHED.iter().copied().find(|mark| {
        line.match_indices(mark).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            let after = line[at + mark.len()..].chars().next();
            before.is_none_or(|letter| !is_word(letter))
                && (mark.ends_with('(') || after.is_none_or(|letter| !is_word(letter)))
        })
    })
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_ascii_digit())
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, line: &str) -> usize {
        problems(&Tree::of(&[(path, line)])).len()
    }

    #[test]
    fn a_path_of_one_machine_fails_wherever_it_stands() {
        for folder in MACHINE {
            let folder = folder.trim_end_matches('/');
            assert_eq!(
                found("docs/a.md", &format!("see `{folder}/x`")),
                1,
                "{folder}"
            );
            assert_eq!(
                found("samples/council/a.txt", &format!("{folder}/x")),
                1,
                "{folder}"
            );
        }
    }

    #[test]
    fn a_folder_of_that_name_elsewhere_passes() {
        for text in [
            "docs/work/x",
            "https://example.org/work/x",
            "</work>",
            "/workshop",
            "a/tmp",
            "../tmp/x",
        ] {
            assert_eq!(found("docs/a.md", text), 0, "{text}");
        }
    }

    #[test]
    fn a_word_about_the_writing_fails() {
        for phrase in OCCASIONS {
            assert_eq!(found("docs/a.md", phrase), 1, "{phrase}");
        }
        assert_eq!(found("docs/a.md", concat!("as Issue", " #4 asks")), 1);
    }

    #[test]
    fn the_sessions_of_the_web_and_the_issues_of_a_policy_pass() {
        for text in [
            "the session ends after an hour",
            "issue 2 of the policy",
            "context_issue",
        ] {
            assert_eq!(found("docs/a.md", text), 0, "{text}");
        }
    }

    #[test]
    fn unfinished_work_needs_the_number_of_an_issue() {
        for mark in UNFINISHED {
            assert_eq!(found("a.rs", &format!("// {mark} later")), 1, "{mark}");
            assert_eq!(
                found("a.rs", &format!("// {mark} (#12) later")),
                0,
                "{mark}"
            );
        }
        assert_eq!(found("a.rs", concat!("AUTO", "DO")), 0);
    }
}
