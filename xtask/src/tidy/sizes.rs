//! Sizes: files of code, functions, and files of any sort that are too big.
//!
//! Code is Rust, and the style and templates of the pages. Data (rules, mappings, samples) and prose
//! are as long as what they say; of them only the bytes are counted.

use std::collections::BTreeMap;
use std::str::FromStr;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use serde::Deserialize;

use super::Problem;
use crate::tree::Tree;

const FILE_LINES: usize = 600;
const FUNCTION_LINES: usize = 60;
const FILE_BYTES: usize = 400_000;

/// How the names of files end whose lines are counted.
const CODE: [&str; 3] = [".rs", ".css", ".html"];

const EXCEPTIONS: &str = "xtask/tidy-exceptions.toml";

/// How many exceptions stand. The list may only shrink, so this number may only go down.
const EXCEPTIONS_STANDING: usize = 0;

/// What is measured: a file, or the longest function of one name in it.
type Place = (String, Option<String>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exceptions {
    #[serde(default)]
    exception: Vec<Exception>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    file: String,
    function: Option<String>,
    lines: usize,
    because: String,
}

/// Returns a problem for everything too long, and for every exception that no longer holds.
pub fn problems(tree: &Tree) -> Vec<Problem> {
    problems_with(tree, EXCEPTIONS_STANDING)
}

fn problems_with(tree: &Tree, standing: usize) -> Vec<Problem> {
    let mut found = too_many_bytes(tree);
    let too_long = too_long(tree, &mut found);
    let text = tree.text(EXCEPTIONS).unwrap_or_default();
    let exceptions = match toml::from_str::<Exceptions>(text) {
        Ok(read) => read.exception,
        Err(error) => {
            found.push(Problem::in_file(EXCEPTIONS, error.to_string()));
            Vec::new()
        }
    };
    if exceptions.len() != standing {
        let n = exceptions.len();
        let message = format!(
            "the list holds {n} exceptions, xtask/src/tidy/sizes.rs says {standing}; it may only shrink"
        );
        found.push(Problem::in_file(EXCEPTIONS, message));
    }
    found.extend(unexcused(&too_long, &exceptions));
    found.extend(
        exceptions
            .iter()
            .filter_map(|exception| stale(exception, &too_long)),
    );
    found
}

fn too_many_bytes(tree: &Tree) -> Vec<Problem> {
    tree.sizes()
        .filter(|(_, bytes)| *bytes > FILE_BYTES)
        .map(|(path, bytes)| Problem::in_file(path, format!("{bytes} bytes; at most {FILE_BYTES}")))
        .collect()
}

/// Returns everything over its limit, with its number of lines.
fn too_long(tree: &Tree, found: &mut Vec<Problem>) -> BTreeMap<Place, usize> {
    let mut too_long = BTreeMap::new();
    let is_code = |path: &str| CODE.iter().any(|end| path.ends_with(end));
    for (path, text) in tree.texts().filter(|(path, _)| is_code(path)) {
        let lines = text.lines().count();
        if lines > FILE_LINES {
            too_long.insert((path.to_owned(), None), lines);
        }
        if !path.ends_with(".rs") {
            continue;
        }
        let Ok(tokens) = TokenStream::from_str(text) else {
            found.push(Problem::in_file(
                path,
                "this is not Rust, so its functions cannot be measured",
            ));
            continue;
        };
        let mut functions = Vec::new();
        measure(tokens, &mut functions);
        for (name, lines) in functions
            .into_iter()
            .filter(|(_, lines)| *lines > FUNCTION_LINES)
        {
            let longest = too_long.entry((path.to_owned(), Some(name))).or_default();
            *longest = lines.max(*longest);
        }
    }
    too_long
}

/// Adds every function with its lines, from `fn` to the closing brace.
///
/// It reads tokens, not syntax: a function inside a macro call (a property test) is measured like any other.
fn measure(tokens: TokenStream, functions: &mut Vec<(String, usize)>) {
    // The name and first line of a function whose body is still to come.
    let mut begun: Option<(String, usize)> = None;
    let mut after_fn: Option<usize> = None;
    for token in tokens {
        let keyword = after_fn.take();
        match token {
            TokenTree::Ident(word) => match keyword {
                Some(line) => begun = Some((word.to_string(), line)),
                None if word == "fn" => after_fn = Some(word.span().start().line),
                None => {}
            },
            // A function of a trait may have no body.
            TokenTree::Punct(mark) if mark.as_char() == ';' => begun = None,
            TokenTree::Group(group) => {
                if group.delimiter() == Delimiter::Brace
                    && let Some((name, first)) = begun.take()
                {
                    functions.push((name, group.span_close().end().line - first + 1));
                }
                measure(group.stream(), functions);
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

fn unexcused(too_long: &BTreeMap<Place, usize>, exceptions: &[Exception]) -> Vec<Problem> {
    let excused = |place: &Place| {
        exceptions
            .iter()
            .any(|exception| exception.place() == *place)
    };
    too_long
        .iter()
        .filter(|(place, _)| !excused(place))
        .map(|((path, function), lines)| {
            let message = match function {
                Some(name) => format!("fn {name} has {lines} lines; at most {FUNCTION_LINES}"),
                None => format!("{lines} lines; at most {FILE_LINES}"),
            };
            Problem::in_file(path, message)
        })
        .collect()
}

/// Returns what is wrong with an exception: it must say why, and be exactly as long as the thing it excuses.
fn stale(exception: &Exception, too_long: &BTreeMap<Place, usize>) -> Option<Problem> {
    let place = exception.place();
    let what = place.1.as_ref().map_or_else(
        || place.0.clone(),
        |name| format!("fn {name} in {}", place.0),
    );
    let message = match too_long.get(&place) {
        None => format!("{what} needs no exception any more: take the entry out"),
        Some(lines) if *lines > exception.lines => {
            format!("{what} grew from {} lines to {lines}", exception.lines)
        }
        Some(lines) if *lines < exception.lines => {
            format!("{what} has {lines} lines now: write that")
        }
        Some(_) if exception.because.trim().is_empty() => {
            format!("the exception for {what} does not say why")
        }
        Some(_) => return None,
    };
    Some(Problem::in_file(EXCEPTIONS, message))
}

impl Exception {
    fn place(&self) -> Place {
        (self.file.clone(), self.function.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(lines: usize) -> String {
        format!("fn long() {{\n{}}}\n", "    go();\n".repeat(lines - 2))
    }

    fn messages(tree: &Tree, standing: usize) -> Vec<String> {
        problems_with(tree, standing)
            .into_iter()
            .map(|problem| problem.message)
            .collect()
    }

    fn with_exception(lines_now: usize, lines_excused: usize) -> Vec<String> {
        let exception = format!(
            "[[exception]]\nfile = \"a.rs\"\nfunction = \"long\"\nlines = {lines_excused}\nbecause = \"a table\"\n"
        );
        messages(
            &Tree::of(&[("a.rs", &function(lines_now)), (EXCEPTIONS, &exception)]),
            1,
        )
    }

    #[test]
    fn a_file_of_600_lines_passes_and_one_of_601_fails() {
        for path in ["a.rs", "assets/a.css", "templates/a.html"] {
            assert!(messages(&Tree::of(&[(path, &"\n".repeat(600))]), 0).is_empty());
            let found = messages(&Tree::of(&[(path, &"\n".repeat(601))]), 0);
            assert_eq!(found, ["601 lines; at most 600"], "{path}");
        }
    }

    #[test]
    fn a_long_text_that_is_no_code_passes() {
        for (path, line) in [("a.ndjson", "{}\n"), ("rules.toml", "\n"), ("a.md", "so\n")] {
            assert!(messages(&Tree::of(&[(path, &line.repeat(900))]), 0).is_empty());
        }
    }

    #[test]
    fn a_function_of_60_lines_passes_and_one_of_61_fails() {
        assert!(messages(&Tree::of(&[("a.rs", &function(60))]), 0).is_empty());
        let found = messages(&Tree::of(&[("a.rs", &function(61))]), 0);
        assert_eq!(found, ["fn long has 61 lines; at most 60"]);
    }

    #[test]
    fn a_function_in_a_test_a_trait_or_a_macro_is_measured_too() {
        let around = [
            "#[cfg(test)] mod tests { #[test] BODY }",
            "impl Walk for Path { fn short(&self); BODY }",
            "fn around() -> fn(u8) -> u8 { BODY }",
            "proptest! { #[test] BODY }",
        ];
        for text in around {
            let text = text.replace("BODY", &function(61));
            let found = messages(&Tree::of(&[("a.rs", &text)]), 0);
            assert!(
                found.contains(&"fn long has 61 lines; at most 60".to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn braces_in_strings_and_comments_are_no_braces() {
        let text = "fn short() { let a = \"{\"; /* { */ let b = '{'; }\n".to_owned()
            + &"// }\n".repeat(80);
        assert!(messages(&Tree::of(&[("a.rs", &text)]), 0).is_empty());
    }

    #[test]
    fn a_file_over_400_kilobytes_fails_whatever_it_is() {
        let found = messages(&Tree::of(&[("a.csv", &"x".repeat(400_001))]), 0);
        assert_eq!(found, ["400001 bytes; at most 400000"]);
    }

    #[test]
    fn an_exception_excuses_exactly_the_length_it_names() {
        assert!(with_exception(70, 70).is_empty());
        assert_eq!(
            with_exception(71, 70),
            ["fn long in a.rs grew from 70 lines to 71"]
        );
        assert_eq!(
            with_exception(69, 70),
            ["fn long in a.rs has 69 lines now: write that"]
        );
    }

    #[test]
    fn a_stale_exception_fails() {
        assert_eq!(
            with_exception(10, 70),
            ["fn long in a.rs needs no exception any more: take the entry out"]
        );
    }

    #[test]
    fn the_list_of_exceptions_may_not_grow() {
        let list = "[[exception]]\nfile = \"a.rs\"\nfunction = \"long\"\nlines = 70\nbecause = \"a table\"\n";
        let found = messages(&Tree::of(&[("a.rs", &function(70)), (EXCEPTIONS, list)]), 0);
        assert_eq!(
            found,
            ["the list holds 1 exceptions, xtask/src/tidy/sizes.rs says 0; it may only shrink"]
        );
    }

    #[test]
    fn a_list_with_an_unknown_field_fails() {
        assert_eq!(
            messages(&Tree::of(&[(EXCEPTIONS, "excuse = 1\n")]), 0).len(),
            1
        );
    }
}
