//! The fields of a kind, as its JSON Schema tells them.

use serde_json::Value;

use super::columns::Column;
use super::likeness;
use crate::schema::{choices_of, is_text, resolved};

/// A field a column could fill.
pub(super) struct Target {
    pub path: String,
    /// How a mapping reads it.
    pub shape: &'static str,
    /// The choices there are, for a choice or a list of choices.
    pub choices: Vec<String>,
    phrases: Vec<Vec<String>>,
}

/// The field that holds a person's own e-mail address.
pub(super) const ADDRESS: &str = "email";

/// Filled by the import, or by people: no column of a spreadsheet holds them.
const NOT_FROM_COLUMNS: [&str; 3] = ["source", "as_received", "answers"];

/// Returns the fields of the schema that a cell can fill, in its order.
pub(super) fn targets(schema: &Value) -> Vec<Target> {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return Vec::new();
    };
    let fields = properties
        .iter()
        .filter(|(name, _)| !NOT_FROM_COLUMNS.contains(&name.as_str()));
    fields
        .filter_map(|(name, property)| target(name, (schema, resolved(schema, property))))
        .collect()
}

fn target(name: &str, (schema, property): (&Value, &Value)) -> Option<Target> {
    let (shape, choices) = shape_of(name, (schema, property))?;
    let title = property.get("title").and_then(Value::as_str);
    let phrases = likeness::phrases(name, title);
    Some(Target {
        path: name.to_owned(),
        shape,
        choices,
        phrases,
    })
}

fn shape_of(
    name: &str,
    (schema, property): (&Value, &Value),
) -> Option<(&'static str, Vec<String>)> {
    let choices = choices_of(property);
    if !choices.is_empty() {
        return Some(("choice", choices));
    }
    if let Some(items) = property.get("items") {
        return Some(("list", choices_of(resolved(schema, items))));
    }
    if !is_text(property) {
        return None;
    }
    let word = |key: &str| {
        property
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let shape = match (name, word("format"), word("pattern")) {
        (_, "uuid", _) => return None,
        ("contact", ..) => "personal",
        ("unit", ..) => "token",
        (_, "date", _) => "date",
        (_, _, pattern) if pattern.contains("[a-z0-9-]") => "token",
        (_, _, pattern) if pattern.contains("[0-9]{4}") || pattern.contains("\\d{4}") => "date",
        (name, ..) if name.ends_with("_since") || name.ends_with("_on") => "date",
        _ => "words",
    };
    Some((shape, Vec::new()))
}

impl Target {
    /// Says whether several columns may fill it at once.
    pub fn takes_several(&self) -> bool {
        self.shape == "personal"
    }

    /// Returns how much the column is like this field, 0 to 100: by its
    /// heading, and only where its cells are of the field's shape.
    pub fn likeness(&self, column: &Column) -> u32 {
        let has_addresses = column.looks_like_email();
        let takes_addresses = self.shape == "personal" || self.path == ADDRESS;
        if has_addresses != takes_addresses && (has_addresses || self.path == ADDRESS) {
            return 0;
        }
        let by_heading = likeness::of_heading(&column.heading, &self.phrases);
        match self.shape {
            // Addresses tell by themselves, whatever stands above them.
            _ if takes_addresses && has_addresses => by_heading.max(likeness::ENOUGH),
            "personal" | "token" | "words" if column.looks_like_dates() => 0,
            "personal" if column.looks_like_answers() => 0,
            "date" if !column.looks_like_dates() => 0,
            "words" | "token" if column.looks_like_answers() => 0,
            "choice" if !column.looks_like_choices(false, &self.choices) => 0,
            "list"
                if !self.choices.is_empty() && !column.looks_like_choices(true, &self.choices) =>
            {
                0
            }
            _ => by_heading,
        }
    }
}
