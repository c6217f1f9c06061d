//! What a kind's JSON Schema says of a field.

use serde_json::Value;

/// Returns the names of the fields that every record has to state and no import fills itself.
pub(crate) fn required(schema: &Value) -> Vec<&str> {
    let names = schema.get("required").and_then(Value::as_array);
    names
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .filter(|name| !record::source::FIELDS.contains(name))
        .collect()
}

pub(crate) fn is_text(property: &Value) -> bool {
    match property.get("type") {
        Some(Value::String(kind)) => kind == "string",
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == "string"),
        _ => false,
    }
}

/// Returns the choices of an enumeration, written in either of the two ways
/// schemas have for one.
pub(crate) fn choices_of(schema: &Value) -> Vec<String> {
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
pub(crate) fn resolved<'a>(schema: &'a Value, mut property: &'a Value) -> &'a Value {
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
