//! The fields of a kind, as its JSON Schema tells them.

use serde_json::Value;

use super::columns::Column;
use super::likeness;

/// A field a column could fill.
pub(super) struct Target {
    pub path: String,
    /// How a mapping reads it.
    pub shape: &'static str,
    /// The choices there are, for a choice or a list of choices.
    pub choices: Vec<String>,
    phrases: Vec<Vec<String>>,
}

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
        .filter_map(|(name, property)| target(name, resolved(schema, property)))
        .collect()
}

/// Returns the fields that every record has to state and no import fills itself.
pub(super) fn required(schema: &Value) -> Vec<&str> {
    let names = schema.get("required").and_then(Value::as_array);
    names
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .filter(|name| !NOT_FROM_COLUMNS.contains(name))
        .collect()
}

fn target(name: &str, property: &Value) -> Option<Target> {
    let (shape, choices) = shape_of(name, property)?;
    let title = property.get("title").and_then(Value::as_str);
    let phrases = likeness::phrases(name, title);
    Some(Target {
        path: name.to_owned(),
        shape,
        choices,
        phrases,
    })
}

fn shape_of(name: &str, property: &Value) -> Option<(&'static str, Vec<String>)> {
    let choices = choices_of(property);
    if !choices.is_empty() {
        return Some(("choice", choices));
    }
    if let Some(items) = property.get("items") {
        return Some(("list", choices_of(items)));
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

fn is_text(property: &Value) -> bool {
    match property.get("type") {
        Some(Value::String(kind)) => kind == "string",
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == "string"),
        _ => false,
    }
}

/// Returns the choices of an enumeration, written in either of the two ways
/// schemas have for one.
fn choices_of(schema: &Value) -> Vec<String> {
    let strings = |values: &[Value]| -> Vec<String> {
        values
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    };
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return strings(values);
    }
    let each = schema
        .get("oneOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    each.flat_map(
        |one| match (one.get("const"), one.get("enum").and_then(Value::as_array)) {
            (Some(value), _) => strings(std::slice::from_ref(value)),
            (None, Some(values)) => strings(values),
            (None, None) => Vec::new(),
        },
    )
    .collect()
}

/// Follows references and looks through "this or null", within the schema.
fn resolved<'a>(schema: &'a Value, mut property: &'a Value) -> &'a Value {
    // A few steps are enough for any schema that is not a circle.
    for _ in 0..8 {
        let reference = property
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|text| text.strip_prefix('#'));
        let inner = ["anyOf", "allOf"].iter().find_map(|key| {
            let parts = property.get(key)?.as_array()?;
            parts
                .iter()
                .find(|part| part.get("type").is_none_or(|kind| kind != "null"))
        });
        match (reference.and_then(|pointer| schema.pointer(pointer)), inner) {
            (Some(next), _) | (None, Some(next)) => property = next,
            (None, None) => return property,
        }
    }
    property
}

impl Target {
    /// Says whether several columns may fill it at once.
    pub fn takes_several(&self) -> bool {
        self.shape == "personal"
    }

    /// Returns how much the column is like this field, 0 to 100: by its
    /// heading, and only where its cells are of the field's shape.
    pub fn likeness(&self, column: &Column) -> u32 {
        if column.looks_like_email() != (self.shape == "personal") {
            return 0;
        }
        let by_heading = likeness::of_heading(&column.heading, &self.phrases);
        match self.shape {
            // Addresses tell by themselves, whatever stands above them.
            "personal" => by_heading.max(likeness::ENOUGH),
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
