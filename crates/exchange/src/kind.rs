//! A mapping held to the kind of record it makes, once and before any row is read.

use serde_json::{Map, Value};

use crate::body::place;
use crate::mapping::{Field, Mapping, MappingError, Shape, wrong};
use crate::refusal::Refusal;
use crate::schema::{choices_of, is_text, required, resolved};

/// A kind as a mapping has to fit it.
#[derive(Debug, Clone, Copy)]
pub struct KindOf<'a> {
    /// Its name.
    pub name: &'a str,
    /// The JSON Schema of its body.
    pub schema: &'a Value,
}

impl KindOf<'_> {
    /// Holds a mapping to the kind: its fields, their shapes and choices, and that what every
    /// record has to state is filled.
    ///
    /// Returns the mapping with what the kind adds to it: which of its dates are whole days, and
    /// which of its texts are one line.
    ///
    /// # Errors
    /// Names the first field or choice that the kind does not have, else the fields not filled.
    pub fn hold(&self, mapping: &Mapping) -> Result<Mapping, MappingError> {
        for (path, value) in &mapping.always {
            self.hold_value(path, (self.find(path)?, value))?;
        }
        for field in &mapping.field {
            self.hold_field(field)?;
        }
        let first = |path: &str| path.split('.').next().unwrap_or_default().to_owned();
        let of_fields = mapping.field.iter().map(|field| first(&field.to));
        let filled: Vec<String> = of_fields
            .chain(mapping.always.keys().map(|path| first(path)))
            .collect();
        let unfilled = required(self.schema)
            .into_iter()
            .filter(|name| !filled.iter().any(|path| path == name));
        let fields: Vec<String> = unfilled.map(str::to_owned).collect();
        if !fields.is_empty() {
            return Err(MappingError::Unfilled {
                kind: self.name.to_owned(),
                fields,
            });
        }
        let mut held = mapping.clone();
        for field in &mut held.field {
            let property = self.find(&field.to)?;
            let format = property.get("format").and_then(Value::as_str);
            field.is_day = format == Some("date");
            field.is_line = property.get("maxLength").is_some();
        }
        Ok(held)
    }

    /// Holds a value that every row gets to the shape of its field.
    fn hold_value(
        &self,
        path: &str,
        (property, value): (&Value, &Value),
    ) -> Result<(), MappingError> {
        let property = resolved(self.schema, property);
        // In TOML a dotted path that is not quoted makes an object.
        if let Some(values) = value.as_object() {
            return values.iter().try_for_each(|(name, value)| {
                let path = format!("{path}.{name}");
                self.hold_value(&path, (self.find(&path)?, value))
            });
        }
        let choices = choices_of(property);
        let wants =
            |what: &str| wrong(path, &format!("of {} takes {what}, not {value}", self.name));
        if let Some(items) = property.get("items") {
            let Some(values) = value.as_array() else {
                return Err(wants("a list, such as [\"…\"]"));
            };
            let mut values = values.iter();
            return values.try_for_each(|value| self.hold_value(path, (items, value)));
        }
        if choices.is_empty() && !is_text(property) {
            return match (property.get("type").and_then(Value::as_str), value) {
                (Some("boolean"), value) if !value.is_boolean() => Err(wants("true or false")),
                (Some("integer" | "number"), value) if !value.is_number() => Err(wants("a number")),
                _ => Ok(()),
            };
        }
        match value.as_str() {
            None => Err(wants("a text")),
            Some(text) if record::is_blank(text) => Err(wants("a text that states something")),
            Some(_) if choices.is_empty() => Ok(()),
            Some(text) => self.hold_choices(path, &choices, [text]),
        }
    }

    /// Returns a body of what a mapping gives every row, and of a text wherever every record has to
    /// state one: what is wrong with it is wrong with every row.
    pub fn always(&self, mapping: &Mapping) -> Value {
        let mut body = Map::new();
        for name in required(self.schema) {
            body.insert(name.to_owned(), Value::from("x"));
        }
        for (path, value) in &mapping.always {
            place(&mut body, path, value.clone());
        }
        Value::Object(body)
    }

    fn hold_field(&self, field: &Field) -> Result<(), MappingError> {
        let property = self.find(&field.to)?;
        let items = property
            .get("items")
            .map(|items| resolved(self.schema, items));
        let takes: &[Shape] = match items {
            Some(items) if items.pointer("/properties/about").is_some() => &[Shape::Answer],
            Some(items) if is_text(items) || !choices_of(items).is_empty() => &[Shape::List],
            Some(_) => &[],
            None if !choices_of(property).is_empty() => &[Shape::Choice, Shape::Words],
            None if is_text(property) => &[
                Shape::Words,
                Shape::Choice,
                Shape::Date,
                Shape::Personal,
                Shape::Token,
            ],
            None => &[],
        };
        if !takes.contains(&field.shape) {
            let words: Vec<&str> = takes.iter().map(|shape| shape.word()).collect();
            let because = match words.is_empty() {
                true => format!("of {} is filled from no cell", self.name),
                false => format!(
                    "of {} is read as {}, not as {}",
                    self.name,
                    words.join(" or "),
                    field.shape.word()
                ),
            };
            return Err(wrong(&field.to, &because));
        }
        let choices = choices_of(items.unwrap_or(property));
        // The answers to a question are checked without a kind.
        let of = field.choices.values().map(String::as_str);
        let of = of.filter(|_| field.shape != Shape::Answer && !choices.is_empty());
        self.hold_choices(&field.to, &choices, of)
    }

    fn hold_choices<'c>(
        &self,
        path: &str,
        choices: &[String],
        given: impl IntoIterator<Item = &'c str>,
    ) -> Result<(), MappingError> {
        let unknown =
            |choice: &&str| !choice.is_empty() && !choices.iter().any(|one| one == choice);
        match given.into_iter().find(unknown) {
            None => Ok(()),
            Some(choice) => Err(wrong(
                path,
                &format!(
                    "of {} has no choice {choice:?}; it has {}",
                    self.name,
                    choices.join(", ")
                ),
            )),
        }
    }

    /// Returns what the schema says of the field at a dotted path.
    fn find(&self, path: &str) -> Result<&Value, MappingError> {
        let mut here = self.schema;
        for name in path.split('.') {
            let fields = here.get("properties").and_then(Value::as_object);
            let Some(field) = fields.and_then(|fields| fields.get(name)) else {
                return Err(self.unknown(path, fields));
            };
            here = resolved(self.schema, field);
        }
        Ok(here)
    }

    fn unknown(&self, path: &str, fields: Option<&Map<String, Value>>) -> MappingError {
        let names = fields.into_iter().flat_map(|fields| fields.keys());
        let names: Vec<&str> = names
            .map(String::as_str)
            .filter(|name| !record::source::FIELDS.contains(name))
            .collect();
        let because = match names.is_empty() {
            true => format!("is none that {} has", self.name),
            false => format!("is none that {} has: {}", self.name, names.join(", ")),
        };
        wrong(path, &because)
    }

    /// Refuses a body that leaves out what every record has to state, by the column it is
    /// filled from.
    pub fn unstated(&self, mapping: &Mapping, body: &Value) -> Option<Refusal> {
        let name = required(self.schema)
            .into_iter()
            .find(|name| body.get(*name).is_none())?;
        let heading = heading(mapping, &format!("/{name}"))?;
        Some(Refusal::of_cell(
            "cell_needed",
            heading,
            format!(
                "the cell under {heading:?} states no {name}, which every {} has to state",
                self.name
            ),
            "Fill in the cell, or give the field columns to fall back on with `or` in the mapping.",
        ))
    }
}

/// Returns the heading of the column that a place in a body is filled from.
pub fn heading<'m>(mapping: &'m Mapping, pointer: &str) -> Option<&'m str> {
    let place: Vec<&str> = pointer.split('/').skip(1).collect();
    let field = mapping.field.iter().find(|field| {
        let path: Vec<&str> = field.to.split('.').collect();
        field.shape != Shape::Answer && place.starts_with(&path)
    })?;
    field.from.headings().first().map(String::as_str)
}
