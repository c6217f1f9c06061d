//! Where the texts of a body stand, as its JSON Schema says: which it needs, and how long they may be.

use serde_json::Value;

use crate::dated::places;
use crate::refusal::Refusal;
use crate::shape::is_text;

/// Longest title or name, in characters. The longest among the registers that come with a mapping
/// has 236.
pub const TITLE_LENGTH_MAX: usize = 500;

/// A text that a body needs, or that may not be of any length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    /// Its JSON pointer, `*` for every element of a list.
    pub pointer: String,
    /// What belongs there: the field's help text.
    pub what: String,
    /// Whether the body needs it.
    pub is_needed: bool,
    /// Its longest length, in characters.
    pub length_max: Option<usize>,
}

/// Returns the texts that bodies of a JSON Schema made by schemars need or that it bounds.
pub(crate) fn texts(schema: &Value) -> Vec<Text> {
    let mut found = Vec::new();
    walk((schema, schema), "", 0, &mut found);
    found
}

fn walk((root, schema): (&Value, &Value), place: &str, depth: usize, found: &mut Vec<Text>) {
    // As deep as a body is parted.
    if depth > 24 {
        return;
    }
    if let Some(name) = schema.get("$ref").and_then(Value::as_str)
        && let Some(target) = root.pointer(name.trim_start_matches('#'))
    {
        walk((root, target), place, depth + 1, found);
    }
    for key in ["anyOf", "oneOf", "allOf"] {
        for option in schema
            .get(key)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            walk((root, option), place, depth + 1, found);
        }
    }
    if let Some(items) = schema.get("items") {
        walk((root, items), &format!("{place}/*"), depth + 1, found);
    }
    let required = schema.get("required").and_then(Value::as_array);
    let is_required =
        |name: &str| required.is_some_and(|names| names.iter().any(|one| one == name));
    let fields = schema.get("properties").and_then(Value::as_object);
    for (name, field) in fields.into_iter().flatten() {
        let pointer = format!("{place}/{name}");
        let length_max = field.get("maxLength").and_then(Value::as_u64);
        let is_needed = is_required(name);
        if is_text(field) && (is_needed || length_max.is_some()) {
            let what = field.get("description").and_then(Value::as_str);
            found.push(Text {
                pointer,
                what: what.unwrap_or_default().replace('\n', " "),
                is_needed,
                length_max: length_max.and_then(|most| usize::try_from(most).ok()),
            });
        } else {
            walk((root, field), &pointer, depth + 1, found);
        }
    }
}

/// No text is longer than its field takes.
pub(crate) fn held_to_length(texts: &[Text], body: &Value) -> Result<(), Refusal> {
    for (text, most) in texts
        .iter()
        .filter_map(|text| Some((text, text.length_max?)))
    {
        for (place, value) in places(body, &text.pointer) {
            let length = value.as_str().map_or(0, |value| value.chars().count());
            if length > most {
                let what = format!("This text has {length} characters; {most} are the most.");
                return Err(Refusal::new("too_long", what)
                    .at(format!("/body{place}"))
                    .hint("Shorten it, and say the rest in another field or in a file."));
            }
        }
    }
    Ok(())
}
