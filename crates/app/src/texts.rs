//! Finding texts within what a Command says, and saying where they stand.

use ledger::Hash;
use record::Event;
use serde_json::Value;

/// Returns the JSON pointer to the first text, or name of a field, that is so; of the field
/// where it is a name.
pub fn place(value: &Value, is: &impl Fn(&str) -> bool) -> Option<String> {
    match value {
        Value::String(text) => is(text).then(String::new),
        Value::Array(values) => values
            .iter()
            .enumerate()
            .find_map(|(index, value)| Some(format!("/{index}{}", place(value, is)?))),
        Value::Object(values) => values.iter().find_map(|(name, value)| {
            let rest = if is(name) {
                Some(String::new())
            } else {
                place(value, is)
            };
            Some(format!("/{}{}", escaped(name), rest?))
        }),
        _ => None,
    }
}

/// Returns a name as a JSON pointer writes it (RFC 6901, section 3).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Gathers every text in a value that has the form of a file's hash.
pub fn hashes(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text)
            if text.len() == 64
                && text
                    .bytes()
                    .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) =>
        {
            found.push(text.clone());
        }
        Value::Array(values) => values.iter().for_each(|value| hashes(value, found)),
        Value::Object(values) => values.values().for_each(|value| hashes(value, found)),
        _ => {}
    }
}

/// Returns the files that an entry cites: in its body, or as what it was brought in from.
pub fn cited_files(event: &Event) -> Vec<Hash> {
    // Entries that concern no record state roots, which only look like files.
    if event.id.is_nil() {
        return Vec::new();
    }
    let mut cited = Vec::new();
    hashes(&event.facts.body, &mut cited);
    let brought = event.facts.brought_in.as_ref();
    cited.extend(brought.and_then(|one| Some(one.file.as_ref()?.as_str().to_owned())));
    cited.iter().filter_map(|file| file.parse().ok()).collect()
}
