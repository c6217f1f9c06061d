//! Reads JSON in which every field is given once: of two values under one key, nobody could say which was meant.

use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::map::Entry;
use serde_json::{Map, Number, Value};

use crate::refusal::Refusal;

/// Reads a value from JSON text; `next` says what to do where it is none.
///
/// # Errors
/// Refuses text that begins with a byte order mark, is not JSON, or gives a key twice in one
/// object, at whatever depth; the place is a JSON pointer to that key.
pub fn read(text: &str, next: &str) -> Result<Value, Refusal> {
    if text.starts_with('\u{feff}') {
        let what = "This begins with a byte order mark, which JSON does not have.";
        return Err(Refusal::new("not_json", what)
            .hint("Save the file as UTF-8 without a byte order mark (BOM)."));
    }
    let mut doubled = Vec::new();
    let mut json = serde_json::Deserializer::from_str(text);
    let read = Once(&mut doubled).deserialize(&mut json);
    let Some(key) = doubled.first() else {
        let read = read.and_then(|value| json.end().map(|()| value));
        return read.map_err(|error| {
            Refusal::new("not_json", format!("This is not JSON: {}.", plain(&error))).hint(next)
        });
    };
    let what = format!("The key {key:?} is given twice in one object.");
    let place: String = doubled.iter().rev().map(|name| step(name)).collect();
    Err(Refusal::new("key_doubled", what)
        .at(place)
        .hint("Give it once, with the value you mean."))
}

/// What the reader says in words of its own, and what people say.
const WORDS: [(&str, &str); 6] = [
    (
        "expected ident",
        "only true, false and null are words there,",
    ),
    ("expected value", "no value begins so,"),
    ("EOF while parsing a value", "it ends too early,"),
    ("EOF while parsing an object", "it ends too early,"),
    ("EOF while parsing a list", "it ends too early,"),
    ("EOF while parsing a string", "it ends too early,"),
];

fn plain(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let theirs = WORDS.iter().find(|(theirs, _)| said.contains(theirs));
    theirs.map_or(said.clone(), |(theirs, ours)| said.replace(theirs, ours))
}

/// Returns the step of a JSON pointer to a field of this name (RFC 6901, section 3).
pub(crate) fn step(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Reads a value; where a key is doubled, the way to it is put down from the inside out. That
/// costs nothing where none is.
struct Once<'a>(&'a mut Vec<String>);

impl<'de> DeserializeSeed<'de> for Once<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Value, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Once<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, is: bool) -> Result<Value, E> {
        Ok(Value::Bool(is))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Number::from_f64(number).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        loop {
            match list.next_element_seed(Once(self.0)) {
                Ok(Some(value)) => values.push(value),
                Ok(None) => return Ok(Value::Array(values)),
                Err(error) => return Err(self.within(&values.len().to_string(), error)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let mut values = Map::new();
        while let Some(key) = object.next_key::<String>()? {
            match values.entry(key) {
                Entry::Vacant(place) => match object.next_value_seed(Once(self.0)) {
                    Ok(value) => _ = place.insert(value),
                    Err(error) => return Err(self.within(place.key(), error)),
                },
                Entry::Occupied(taken) => {
                    self.0.push(taken.key().clone());
                    return Err(A::Error::custom("a key is given twice"));
                }
            }
        }
        Ok(Value::Object(values))
    }
}

impl Once<'_> {
    /// Puts down where a doubled key was found; other errors say so themselves.
    fn within<E>(self, step: &str, error: E) -> E {
        if !self.0.is_empty() {
            self.0.push(step.to_owned());
        }
        error
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Value, Refusal> {
        super::read(text, "Write JSON.")
    }

    #[test]
    fn a_key_given_twice_is_refused_where_it_stands_at_any_depth() {
        let cases = [
            (r#"{"kind":"a","kind":"b"}"#, "/kind"),
            (r#"{"kind":"a","kind":"a"}"#, "/kind"),
            (r#"{"kind":"a","\u006bind":"b"}"#, "/kind"),
            (r#"{"do":"put","body":{"a":1,"b":2,"a":null}}"#, "/body/a"),
            (
                r#"{"body":{"list":[{"a":1},{"b":1,"b":2}]}}"#,
                "/body/list/1/b",
            ),
            (r#"[0,[1,[2,{"a":{},"a":{}}]]]"#, "/1/1/1/a"),
            (r#"{"a/b~c":{"x":1,"x":2}}"#, "/a~1b~0c/x"),
            (r#"{"":1,"":2}"#, "/"),
            // The text goes on, and that it is no JSON is not looked at any more.
            (r#"{"a":1,"a":2} {"#, "/a"),
        ];
        for (text, place) in cases {
            let refusal = read(text).unwrap_err();
            assert_eq!(refusal.code, "key_doubled", "{text}");
            assert_eq!(refusal.field.as_deref(), Some(place), "{text}");
        }
    }

    #[test]
    fn what_has_every_key_once_reads_as_any_reader_reads_it() {
        for text in [
            r#" {"a":{"a":[{"a":1},{"a":1}]},"b":{"a":2}} "#,
            r#"[null,true,false,"x","\u00e9\n",0,-1,1.5,18446744073709551615,-9223372036854775808,1e3,92233720368547758070]"#,
            "\"text\"",
            "1e400000",
            "{}",
            "[]",
        ] {
            match serde_json::from_str::<Value>(text) {
                Ok(value) => assert_eq!(read(text), Ok(value), "{text}"),
                Err(error) => assert_eq!(
                    read(text).unwrap_err().message,
                    format!("This is not JSON: {}.", plain(&error)),
                    "{text}"
                ),
            }
        }
    }

    #[test]
    fn what_is_no_json_is_said_with_its_place() {
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        for text in ["", "{", "[1,]", "{\"a\":1} {}", "{'a':1}", "nul", &deep] {
            let error = serde_json::from_str::<Value>(text).unwrap_err();
            let refusal = read(text).unwrap_err();
            assert_eq!(refusal.code, "not_json", "{text}");
            let said = format!("This is not JSON: {}.", plain(&error));
            assert_eq!(refusal.message, said);
            assert_eq!(refusal.hint.as_deref(), Some("Write JSON."));
        }
        for (text, said) in [
            (
                "not json",
                "only true, false and null are words there, at line 1 column 2",
            ),
            ("{'a':1}", "key must be a string at line 1 column 2"),
            ("{\"a\":", "it ends too early, at line 1 column 5"),
            ("Minutes", "no value begins so, at line 1 column 1"),
        ] {
            let refusal = read(text).unwrap_err();
            assert_eq!(refusal.message, format!("This is not JSON: {said}."));
        }
        let refusal = read("\u{feff}{}").unwrap_err();
        assert_eq!(refusal.code, "not_json");
        assert!(refusal.hint.is_some_and(|hint| hint.contains("BOM")));
    }
}
