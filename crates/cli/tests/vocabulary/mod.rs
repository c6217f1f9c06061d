//! What the kinds' schemas name: fields, choices and moves.

use std::collections::BTreeSet;

use record::Registry;
use serde_json::Value;

/// The schemas of every kind and every move.
pub struct Vocabulary {
    registry: Registry,
    schemas: Vec<Value>,
    choices: BTreeSet<String>,
}

impl Vocabulary {
    pub fn new() -> Self {
        let registry = kinds::registry();
        let mut schemas = Vec::new();
        for kind in registry.iter() {
            schemas.push(kind.body.schema.clone());
            schemas.extend(kind.moves.iter().map(|one| one.body.schema.clone()));
        }
        let mut choices = BTreeSet::new();
        schemas.iter().for_each(|one| gather(one, &mut choices));
        Self {
            registry,
            schemas,
            choices,
        }
    }

    /// Whether a pointer leads to a field from a body, or from some part of one. A name in
    /// braces stands for any.
    pub fn leads(&self, pointer: &str) -> bool {
        let names: Vec<&str> = pointer.split('/').skip(1).collect();
        let from_any_part = |schema: &Value| {
            parts(schema)
                .iter()
                .any(|part| follows(schema, part, &names))
        };
        self.schemas.iter().any(from_any_part)
    }

    /// Whether some part of a kind has a field.
    pub fn kind_has(&self, kind: &str, field: &str) -> bool {
        let Some(kind) = self.registry.get(kind) else {
            return false;
        };
        let schema = &kind.body.schema;
        parts(schema)
            .iter()
            .any(|part| follows(schema, part, &[field]))
    }

    /// Whether a field of a kind, or of an element of it, can be this choice.
    pub fn field_has_choice(&self, kind: &str, field: &str, choice: &str) -> bool {
        let Some(kind) = self.registry.get(kind) else {
            return false;
        };
        let schema = &kind.body.schema;
        let mut seen = BTreeSet::new();
        for option in resolved(schema, &schema["properties"][field]) {
            gather(option, &mut seen);
            let fields = option["properties"].as_object();
            for (_, field) in fields.into_iter().flatten() {
                let options = resolved(schema, field);
                options.into_iter().for_each(|one| gather(one, &mut seen));
            }
        }
        seen.contains(choice)
    }

    /// Whether some field can be this choice.
    pub fn has_choice(&self, choice: &str) -> bool {
        self.choices.contains(choice)
    }

    /// Whether some kind has this move, or some version can be approved by it.
    pub fn has_move(&self, name: &str) -> bool {
        self.registry
            .iter()
            .any(|kind| kind.find_move(name).is_some())
    }
}

/// Every object of a schema, definitions included.
fn parts(schema: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    let mut left = vec![schema];
    while let Some(value) = left.pop() {
        match value {
            Value::Object(fields) => {
                if fields.contains_key("properties") {
                    found.push(value);
                }
                left.extend(fields.values());
            }
            Value::Array(values) => left.extend(values),
            _ => {}
        }
    }
    found
}

fn follows(root: &Value, part: &Value, names: &[&str]) -> bool {
    let Some((name, rest)) = names.split_first() else {
        return true;
    };
    let any = name.starts_with('{');
    resolved(root, part).into_iter().any(|option| {
        let fields = option["properties"].as_object().into_iter().flatten();
        fields
            .filter(|(field, _)| any || field == name)
            .any(|(_, field)| follows(root, field, rest))
    })
}

/// What a schema may stand for: references followed, alternatives and elements taken apart.
fn resolved<'a>(root: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    let mut found = vec![schema];
    if let Some(name) = schema["$ref"].as_str() {
        let target = root.pointer(name.trim_start_matches('#'));
        found.extend(target.into_iter().flat_map(|target| resolved(root, target)));
    }
    for key in ["anyOf", "oneOf", "allOf"] {
        let options = schema[key].as_array().into_iter().flatten();
        found.extend(options.flat_map(|option| resolved(root, option)));
    }
    if let Some(items) = schema.get("items") {
        found.extend(resolved(root, items));
    }
    found
}

fn gather(schema: &Value, choices: &mut BTreeSet<String>) {
    match schema {
        Value::Object(fields) => {
            let listed = fields.get("enum").and_then(Value::as_array);
            let listed = listed.into_iter().flatten().chain(fields.get("const"));
            choices.extend(listed.filter_map(Value::as_str).map(str::to_owned));
            fields.values().for_each(|value| gather(value, choices));
        }
        Value::Array(values) => values.iter().for_each(|value| gather(value, choices)),
        _ => {}
    }
}
