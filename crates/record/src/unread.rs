//! Why a body is none of its kind, or a Command none, in words that are not this program's own.

use serde_path_to_error::Segment;

use crate::json::step;
use crate::refusal::Refusal;

type Unread = serde_path_to_error::Error<serde_json::Error>;

/// Returns the refusal of a body that cannot be read, with the place where it stops being one.
pub(crate) fn unread(error: &Unread) -> Refusal {
    let place: String = error.path().iter().map(pointer_step).collect();
    refusal(error)
        .at(format!("/body{place}"))
        .hint("`minutebook kinds --schema KIND` shows every field.")
}

/// Returns the refusal of a Command that cannot be read, with the field at fault, also where that is
/// not there, and how it is written.
pub(crate) fn unread_command(error: &Unread) -> Refusal {
    let mut place: Vec<&str> = error.path().iter().filter_map(name).collect();
    let cause = error.inner().to_string();
    let missing = cause.strip_prefix("missing field `");
    let missing = missing.and_then(|rest| rest.strip_suffix('`'));
    place.extend(missing);
    let is_unknown = cause.starts_with("unknown field");
    let next = match &place[..] {
        [_] if is_unknown || missing.is_some() => FIELDS,
        place => how_written(place),
    };
    let refusal = refusal(error).hint(next);
    match place.is_empty() {
        true => refusal,
        false => refusal.at(place.into_iter().map(step).collect::<String>()),
    }
}

const FIELDS: &str = "The fields of a Command: do, kind, id, if_version, effective_on, body, marks, key, as, at, brought_in; for a move: id, version, move.";

/// Returns how the field at this place of a Command is written.
fn how_written(place: &[&str]) -> &'static str {
    match place {
        ["id"] | ["brought_in", "by"] => {
            "Write a UUID as RFC 9562 does, such as 8c7f0a52-1d3b-4e6f-9a80-5b2c4d6e8f10."
        }
        ["effective_on"] | ["marks", _, "review_by"] => {
            "Write a day such as 2026-03-31, without a time of day."
        }
        ["if_version" | "version"] => "Write the number of the version, counted from 1.",
        ["kind" | "move" | "key" | "as" | "at"] => "Write a text, in quotation marks.",
        ["marks", _, "as"] => "Write one of personal, privileged, confidential, exempt.",
        ["marks", ..] => {
            r#"Write {"GROUP or file hash":{"as":"exempt","basis":"…","review_by":"2026-03-31"}}; review_by may be left out."#
        }
        ["brought_in", "file"] => "Write the SHA-256 that `minutebook file add` prints.",
        ["brought_in", ..] => {
            r#"Write {"from":"…","by":"…","file":"…"}; by and file may be left out."#
        }
        _ => FIELDS,
    }
}

/// Returns the refusal with what is wrong, and neither place nor next step yet.
fn refusal(error: &Unread) -> Refusal {
    let cause = error.inner().to_string();
    let code = if cause.starts_with("unknown field") {
        "unknown_field"
    } else {
        "malformed"
    };
    Refusal::new(code, sentence(&without_types(&cause)))
}

/// Returns the name of a field, or of a key, on the way to what cannot be read.
fn name(segment: &Segment) -> Option<&str> {
    match segment {
        Segment::Map { key } => Some(key),
        Segment::Enum { .. } | Segment::Seq { .. } | Segment::Unknown => None,
    }
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

/// Returns the same, with the numbers that belong somewhere in words: the most there may be, where
/// more is said.
fn with_numbers(cause: &str) -> String {
    let most = [
        ("u8", u32::from(u8::MAX)),
        ("u16", u32::from(u16::MAX)),
        ("u32", u32::MAX),
    ];
    let is_negative = cause.contains("integer `-");
    let over = most
        .iter()
        .filter(|_| cause.starts_with("invalid value: integer ") && !is_negative);
    let over = over.into_iter().find_map(|(theirs, most)| {
        let found = cause.strip_suffix(theirs)?.strip_suffix(", expected ")?;
        Some(format!(
            "{found}, expected a whole number of at most {most}"
        ))
    });
    if let Some(over) = over {
        return over;
    }
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
        let refusal = refused(&json!({"a": [4_294_967_296_u64]}));
        let said =
            "Invalid value: integer `4294967296`, expected a whole number of at most 4294967295.";
        assert_eq!(refusal.message, said);
    }
}
