//! Where the texts of a body stand, as its JSON Schema says: which it needs, how long they may be,
//! and which characters belong in them.

use serde_json::Value;

use crate::dated::places;
use crate::flat::breaks_line;
use crate::hidden::hidden_in;
use crate::json::step;
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

/// Returns the character of a text that does not belong in it, if there is one. Any text may have
/// line breaks and tabs, and no other control character: a terminal would act on it.
pub fn control_in(text: &str) -> Option<char> {
    let is_break = |letter: char| matches!(letter, '\n' | '\r' | '\t');
    text.chars()
        .find(|letter| letter.is_control() && !is_break(*letter))
}

/// Returns the character of a name or title that does not belong in it, if there is one. It is
/// one line, which others are built around: nothing in it breaks that, or turns the direction of
/// what stands beside it.
pub fn break_in(line: &str) -> Option<char> {
    line.chars().find(|letter| breaks_line(*letter))
}

/// Returns the refusal of a character that does not belong where it stands.
pub fn misplaced(letter: char) -> Refusal {
    let what = format!("This text holds the character U+{:04X}.", letter as u32);
    let hint = match letter {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => {
            "A name, title, number or address is one line without tabs: write the rest in a text of its own."
        }
        _ => "Take it out; it is invisible, and no such text needs it.",
    };
    Refusal::new("control_character", what).hint(hint)
}

/// Returns the character that does not belong in a line which others know somebody or something by.
fn odd_in(line: &str) -> Option<char> {
    break_in(line).or_else(|| hidden_in(line))
}

/// No text holds a control character, and what is called by a line is one. Of the texts that a
/// schema bounds each is a name, a title, a number or an address.
pub(crate) fn held_to_lines(texts: &[Text], body: &Value) -> Result<(), Refusal> {
    for text in texts.iter().filter(|text| text.length_max.is_some()) {
        for (place, value) in places(body, &text.pointer) {
            if let Some(letter) = value.as_str().and_then(odd_in) {
                return Err(misplaced(letter).at(format!("/body{place}")));
            }
        }
    }
    match first_text(body, &control_in) {
        Some((place, letter)) => Err(misplaced(letter).at(format!("/body{place}"))),
        None => Ok(()),
    }
}

/// Returns what is found in the first text of a value, or name of a field in it, that holds any,
/// with the JSON pointer to that text; for a name, to the field.
pub fn first_text<T>(value: &Value, find: &impl Fn(&str) -> Option<T>) -> Option<(String, T)> {
    match value {
        Value::String(text) => Some((String::new(), find(text)?)),
        Value::Array(values) => values.iter().enumerate().find_map(|(index, value)| {
            let (place, found) = first_text(value, find)?;
            Some((format!("/{index}{place}"), found))
        }),
        Value::Object(values) => values.iter().find_map(|(name, value)| {
            let named = find(name).map(|found| (String::new(), found));
            let (place, found) = named.or_else(|| first_text(value, find))?;
            Some((format!("{}{place}", step(name)), found))
        }),
        _ => None,
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of_body(body: &Value) -> Result<(), Refusal> {
        let schema = json!({"type": "object", "properties": {
            "title": {"type": "string", "maxLength": 500},
            "text": {"type": "string"},
            "people": {"type": "array", "items": {"$ref": "#/$defs/Person"}}},
            "$defs": {"Person": {"type": "object", "properties": {
                "email": {"type": ["string", "null"], "maxLength": 500}}}}});
        held_to_lines(&texts(&schema), body)
    }

    #[test]
    fn a_bounded_text_is_one_line_that_turns_nothing_around() {
        let odd = "\u{0}\n\r\t\u{1b}\u{7f}\u{85}\u{9b}\u{2028}\u{2029}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}\u{ad}\u{200b}\u{3164}\u{feff}\u{fffe}\u{e0041}";
        for letter in odd.chars() {
            let line = format!("Good{letter}Council");
            for (body, place) in [
                (json!({"title": line}), "/body/title"),
                (
                    json!({"people": [{}, {"email": line}]}),
                    "/body/people/1/email",
                ),
            ] {
                let refusal = of_body(&body).unwrap_err();
                assert_eq!(refusal.code, "control_character");
                assert_eq!(refusal.field.as_deref(), Some(place));
                let named = format!("U+{:04X}.", letter as u32);
                assert!(refusal.message.ends_with(&named), "{refusal}");
                assert!(refusal.hint.is_some(), "{refusal}");
            }
        }
        for line in ["Größe", "שלום", "a\u{200f}b", "می\u{200c}خواهد", "無 – ü"] {
            assert_eq!(of_body(&json!({"title": line})), Ok(()), "{line:?}");
        }
    }

    #[test]
    fn a_free_text_has_line_breaks_and_tabs_and_no_other_control_character() {
        let text = "One\r\n\ttwo\n\u{202e}three";
        assert_eq!(
            of_body(&json!({"text": text, "more": {"a\nb": [text]}})),
            Ok(())
        );
        for letter in ['\u{1b}', '\u{7}', '\u{b}', '\u{7f}', '\u{85}', '\u{9b}'] {
            let odd = format!("a{letter}");
            for (body, place) in [
                (json!({"text": odd}), "/body/text"),
                (json!({"more": {"a/b": ["", odd]}}), "/body/more/a~1b/1"),
                (
                    json!({"more": {(odd.clone()): 1}}),
                    &*format!("/body/more/{odd}"),
                ),
            ] {
                let refusal = of_body(&body).unwrap_err();
                assert_eq!(refusal.field.as_deref(), Some(place), "{letter:?}");
            }
        }
    }
}
