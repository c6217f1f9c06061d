//! Drafts of a body, and what its kind says of them, for the tables in the slices.

use record::KindSpec;
use record::spec::BodySpec;
use serde_json::Value;

/// Said of a draft that is sound.
pub const SOUND: &str = "sound";

/// Holds drafts of a kind to what is said of each. A draft is a change to the sample: its
/// fields are put in, and those that are null left out (RFC 7396).
#[track_caller]
pub fn hold(kind: &KindSpec, drafts: &[(Value, &str)]) {
    let sample: Value = serde_json::from_str(kind.sample).expect("a sample is JSON");
    for (change, expected) in drafts {
        let mut draft = sample.clone();
        put_in(&mut draft, change);
        assert_eq!(said(&kind.body, &draft), *expected, "{draft}");
    }
}

/// Returns what is said of a body: its refusal as place and sentence, or that it is sound.
#[track_caller]
pub fn said(spec: &BodySpec, body: &Value) -> String {
    let Err(refusal) = spec.check(body) else {
        return SOUND.to_owned();
    };
    assert_eq!(refusal.code, "check_failed", "{refusal}");
    let hint = refusal.hint.as_deref().unwrap_or_default();
    assert!(hint.ends_with('.'), "no next step: {refusal}");
    let place = refusal.field.unwrap_or_default();
    format!("{place}: {}", refusal.message)
}

fn put_in(body: &mut Value, change: &Value) {
    let (Some(fields), Some(changes)) = (body.as_object_mut(), change.as_object()) else {
        *body = change.clone();
        return;
    };
    for (field, change) in changes {
        if change.is_null() {
            fields.remove(field);
        } else {
            put_in(fields.entry(field.as_str()).or_insert(Value::Null), change);
        }
    }
}
