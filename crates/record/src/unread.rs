//! Why a body is none of its kind, in words that are not this program's own.

use crate::json::step;
use crate::refusal::Refusal;

/// Returns the refusal of a body that cannot be read, with the place where it stops being one.
pub(crate) fn unread(error: &serde_path_to_error::Error<serde_json::Error>) -> Refusal {
    let place: String = error.path().iter().map(pointer_step).collect();
    let cause = error.inner().to_string();
    let code = if cause.starts_with("unknown field") {
        "unknown_field"
    } else {
        "malformed"
    };
    Refusal::new(code, sentence(&without_types(&cause)))
        .at(format!("/body{place}"))
        .hint("`minutebook kinds --schema KIND` shows every field.")
}

/// Returns what was found wrong in words that are not this program's own.
fn without_types(cause: &str) -> String {
    if cause.starts_with("UUID parsing failed") {
        return "this is no id of a record".to_owned();
    }
    let Some((found, expected)) = cause.split_once(", expected struct ") else {
        return with_numbers(cause);
    };
    let place = expected
        .split_once(" at ")
        .map(|(_, place)| format!(" at {place}"));
    let place = place.unwrap_or_default();
    format!("{found}, expected an object with its fields by their names{place}")
}

/// Returns the same, with the numbers that belong somewhere in words.
fn with_numbers(cause: &str) -> String {
    let (whole, natural) = ("a whole number", "a whole number that is not negative");
    let types = [
        ("u8", natural),
        ("u16", natural),
        ("u32", natural),
        ("u64", natural),
        ("usize", natural),
        ("i32", whole),
        ("i64", whole),
        ("f64", "a number"),
    ];
    let found = types.iter().find_map(|(theirs, ours)| {
        let found = cause.strip_suffix(theirs)?.strip_suffix(", expected ")?;
        Some(format!("{found}, expected {ours}"))
    });
    found.unwrap_or_else(|| cause.to_owned())
}

fn pointer_step(segment: &serde_path_to_error::Segment) -> String {
    use serde_path_to_error::Segment;
    match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key } => step(key),
        Segment::Enum { variant } => step(variant),
        // What lies deeper is not known.
        Segment::Unknown => String::new(),
    }
}

fn sentence(cause: &str) -> String {
    let mut letters = cause.chars();
    let first = letters
        .next()
        .map(|c| c.to_uppercase().to_string())
        .unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use super::*;

    fn refused(body: &Value) -> Refusal {
        type Body = BTreeMap<String, Vec<u32>>;
        let read: Result<Body, _> = serde_path_to_error::deserialize(body);
        unread(&read.unwrap_err())
    }

    #[test]
    fn what_cannot_be_read_is_said_without_types_and_where_it_stands() {
        let refusal = refused(&json!({"a[0]/b~.c": [1, -1]}));
        assert_eq!(refusal.field.as_deref(), Some("/body/a[0]~1b~0.c/1"));
        let said = "Invalid value: integer `-1`, expected a whole number that is not negative.";
        assert_eq!(refusal.message, said);
        let refusal = refused(&json!({"a": ["x"]}));
        let said = "Invalid type: string \"x\", expected a whole number that is not negative.";
        assert_eq!(refusal.message, said);
    }
}
