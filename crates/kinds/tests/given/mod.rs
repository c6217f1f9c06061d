//! Bodies that tests begin from.

use serde_json::Value;

/// Returns the kind's sample with some fields set.
pub fn sample(kind: &str, fields: Value) -> Value {
    let registry = kinds::registry();
    let mut body: Value = serde_json::from_str(registry.get(kind).unwrap().sample).unwrap();
    let more = fields.as_object().unwrap().clone();
    body.as_object_mut().unwrap().extend(more);
    body
}
