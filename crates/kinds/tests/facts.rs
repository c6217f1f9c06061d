//! What stands in facts: ids, dates, choices and that a text was stated, never the text.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must fail")]

use serde_json::{Map, Value, json};

/// Stands wherever a schema takes words that somebody chooses.
const FREE: &str = "About the illness of Jane Roe";

/// Returns every value that a JSON Schema tells apart, with free words wherever it takes a text
/// that is no date, id, choice or short name.
fn filled(root: &Value, schema: &Value, depth: usize) -> Vec<Value> {
    if depth > 24 {
        return Vec::new();
    }
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        let target = root.pointer(name.trim_start_matches('#')).unwrap();
        return filled(root, target, depth + 1);
    }
    for key in ["anyOf", "oneOf", "allOf"] {
        if let Some(options) = schema.get(key).and_then(Value::as_array) {
            let of = |option| filled(root, option, depth + 1);
            return options.iter().flat_map(of).collect();
        }
    }
    for key in ["const", "enum", "format"] {
        match (key, schema.get(key)) {
            ("const", Some(value)) => return vec![value.clone()],
            ("enum", Some(values)) => return values.as_array().unwrap().clone(),
            // Held to its form by its type.
            ("format", Some(_)) => return vec![json!("2026-01-05")],
            _ => {}
        }
    }
    let mut found = Vec::new();
    if let Some(items) = schema.get("items") {
        found.push(Value::Array(filled(root, items, depth + 1)));
    }
    if let Some(fields) = schema.get("properties").and_then(Value::as_object) {
        let of = |(name, field): (&String, &Value)| (name.clone(), filled(root, field, depth + 1));
        let fields: Vec<(String, Vec<Value>)> = fields.iter().map(of).collect();
        let most = fields.iter().map(|(_, values)| values.len()).max();
        found.extend((0..most.unwrap_or(0)).map(|turn| {
            let of = |(name, values): &(String, Vec<Value>)| {
                let value = values.get(turn.min(values.len().saturating_sub(1)));
                (name.clone(), value.cloned().unwrap_or_default())
            };
            Value::Object(fields.iter().map(of).collect())
        }));
    }
    match schema.get("additionalProperties") {
        None | Some(Value::Bool(false)) => {}
        Some(values) => {
            let of = filled(root, values, depth + 1);
            let named = of.into_iter().map(|value| ("words".to_owned(), value));
            found.extend(named.map(|one| Value::Object(Map::from_iter([one]))));
        }
    }
    if !found.is_empty() || is_of_another_type(schema) {
        return found;
    }
    // A text, or whatever anybody likes.
    vec![json!(FREE)]
}

fn is_of_another_type(schema: &Value) -> bool {
    let is_text = |kind: &Value| kind == "string";
    match schema.get("type") {
        None => false,
        Some(Value::Array(kinds)) => !kinds.iter().any(is_text),
        Some(kind) => !is_text(kind),
    }
}

#[test]
fn no_free_text_of_any_move_of_any_kind_reaches_the_facts() {
    let (mut bodies, mut texts) = (0, 0);
    for kind in kinds::registry().iter() {
        let moves = kind.moves.iter().map(|one| (one.name, &one.body));
        for (name, body) in moves.chain([("put", &kind.body)]) {
            for value in filled(&body.schema, &body.schema, 0) {
                texts += value.to_string().matches(FREE).count();
                let facts = body.shape.part(value).facts.to_string();
                assert!(!facts.contains(FREE), "{} {name}: {facts}", kind.name);
            }
            bodies += 1;
        }
    }
    // Such bodies there are, and they hold such texts.
    assert!(bodies > 60 && texts > 200, "{bodies} {texts}");
}
