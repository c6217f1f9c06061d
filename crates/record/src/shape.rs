//! Parts a body into facts and words: rules read only facts, and only words can be erased.
//!
//! Facts keep the body's shape, with `true` standing where words were stated. Words leave
//! into groups, each a flat object from JSON pointer to text.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::blank::is_blank;
use crate::refusal::Refusal;

/// The group words go to unless their field names another.
pub const WORDS: &str = "words";

/// How one place of a body is parted, read off the kind's JSON Schema.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A date, id, choice, number or flag: stays in facts.
    Fact,
    /// Text, or a map of texts: leaves for this group.
    Words(String),
    /// A list; each element's own group when named `(prefix, field)`.
    List(Box<Shape>, Option<(String, String)>),
    /// An object by field.
    Object(BTreeMap<String, Shape>),
    /// An object by names that are no fields, each with a value of this shape.
    Map(Box<Shape>),
}

/// A body parted: the facts, and the words by group.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Parted {
    /// The body's shape with `true` where words were.
    pub facts: Value,
    /// Group name to {pointer: words}.
    pub words: BTreeMap<String, Map<String, Value>>,
}

impl Shape {
    /// Returns the shape of a JSON Schema made by schemars.
    pub fn of(schema: &Value) -> Self {
        Self::read(schema, schema, WORDS, 0)
    }

    fn read(root: &Value, schema: &Value, group: &str, depth: usize) -> Self {
        // A kind that cites itself without end has no business being a body.
        if depth > 24 {
            return Self::Fact;
        }
        let group = schema
            .get("x-group")
            .and_then(Value::as_str)
            .unwrap_or(group);
        if schema.get("x-words").is_some() {
            return Self::Words(group.to_owned());
        }
        if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
            let target = root
                .pointer(name.trim_start_matches('#'))
                .unwrap_or(&Value::Null);
            return Self::read(root, target, group, depth + 1);
        }
        for key in ["anyOf", "oneOf", "allOf"] {
            if let Some(options) = schema.get(key).and_then(Value::as_array) {
                return Self::merged(root, options, group, depth);
            }
        }
        if let Some(fields) = schema.get("properties").and_then(Value::as_object) {
            let read = |(name, field): (&String, &Value)| {
                (name.clone(), Self::read(root, field, group, depth + 1))
            };
            return Self::Object(fields.iter().map(read).collect());
        }
        if let Some(values) = schema
            .get("additionalProperties")
            .filter(|it| it.is_object())
        {
            return Self::Map(Box::new(Self::read(root, values, group, depth + 1)));
        }
        if let Some(items) = schema.get("items") {
            let own = schema
                .get("x-group-each")
                .and_then(Value::as_str)
                .zip(schema.get("x-group-by").and_then(Value::as_str));
            let own = own.map(|(each, by)| (each.to_owned(), by.to_owned()));
            return Self::List(Box::new(Self::read(root, items, group, depth + 1)), own);
        }
        if is_text(schema) {
            Self::Words(group.to_owned())
        } else {
            Self::Fact
        }
    }

    fn merged(root: &Value, options: &[Value], group: &str, depth: usize) -> Self {
        let mut fields = BTreeMap::new();
        let mut best = Self::Fact;
        for option in options {
            match Self::read(root, option, group, depth + 1) {
                Self::Object(more) => fields.extend(more),
                Self::Fact => {}
                other => best = other,
            }
        }
        if fields.is_empty() {
            best
        } else {
            Self::Object(fields)
        }
    }

    /// Parts a body. Nulls and blank texts are dropped: absent means not stated.
    pub fn part(&self, body: Value) -> Parted {
        let mut parted = Parted::default();
        let mut pointer = String::new();
        parted.facts = self
            .walk(body, &mut pointer, None, &mut parted.words)
            .unwrap_or(Value::Null);
        parted
    }

    /// Refuses a list that gives an object's fields by their places: what it holds would be taken
    /// in, and neither parted nor held to what it cites.
    pub(crate) fn held_to_names(&self, body: &Value) -> Result<(), Refusal> {
        let Some((place, fields)) = self.unnamed(body) else {
            return Ok(());
        };
        let what = "A list stands here where an object belongs.";
        let names: Vec<&str> = fields.keys().map(String::as_str).collect();
        Err(Refusal::new("malformed", what)
            .at(format!("/body{place}"))
            .hint(format!("Give its fields by name: {}.", names.join(", "))))
    }

    fn unnamed(&self, value: &Value) -> Option<(String, &BTreeMap<String, Self>)> {
        match (self, value) {
            (Self::Object(fields), Value::Array(_)) => Some((String::new(), fields)),
            (Self::Object(fields), Value::Object(values)) => {
                values.iter().find_map(|(name, value)| {
                    let (place, fields) = fields.get(name)?.unnamed(value)?;
                    Some((format!("/{name}{place}"), fields))
                })
            }
            (Self::Map(shape), Value::Object(values)) => values.iter().find_map(|(name, value)| {
                let (place, fields) = shape.unnamed(value)?;
                Some((format!("/{name}{place}"), fields))
            }),
            (Self::List(shape, _), Value::Array(values)) => {
                values.iter().enumerate().find_map(|(index, value)| {
                    let (place, fields) = shape.unnamed(value)?;
                    Some((format!("/{index}{place}"), fields))
                })
            }
            _ => None,
        }
    }

    /// Returns the groups that the words of a body went to, given its facts.
    pub fn groups(&self, facts: &Value) -> BTreeSet<String> {
        // Where words were, facts hold `true`, which leaves for the same group.
        self.part(facts.clone()).words.into_keys().collect()
    }

    /// Returns the shape of what stands under a name.
    fn under(&self, name: &str) -> &Self {
        match self {
            Self::Object(fields) => fields.get(name).unwrap_or(&Self::Fact),
            Self::Map(shape) => shape,
            _ => &Self::Fact,
        }
    }

    fn walk(
        &self,
        value: Value,
        pointer: &mut String,
        own: Option<&str>,
        words: &mut BTreeMap<String, Map<String, Value>>,
    ) -> Option<Value> {
        match (self, value) {
            (_, Value::Null) => None,
            (Self::Words(_), Value::String(text)) if is_blank(&text) => None,
            (Self::Words(group), words_here) => {
                let group = own.filter(|_| group == WORDS).unwrap_or(group);
                words
                    .entry(group.to_owned())
                    .or_default()
                    .insert(pointer.clone(), words_here);
                Some(Value::Bool(true))
            }
            (Self::Object(_) | Self::Map(_), Value::Object(values)) => {
                let mut facts = Map::new();
                for (name, value) in values {
                    let shape = self.under(&name);
                    let length = pointer.len();
                    pointer.push('/');
                    pointer.push_str(&name);
                    if let Some(fact) = shape.walk(value, pointer, own, words) {
                        facts.insert(name, fact);
                    }
                    pointer.truncate(length);
                }
                Some(Value::Object(facts))
            }
            (Self::List(shape, each), Value::Array(values)) => {
                let mut facts = Vec::with_capacity(values.len());
                for value in values {
                    let name = each.as_ref().and_then(|(prefix, by)| {
                        group_label(value.get(by)?).map(|label| format!("{prefix}-{label}"))
                    });
                    let length = pointer.len();
                    pointer.push('/');
                    // Where it will stand: blank texts before it leave no gap.
                    pointer.push_str(&facts.len().to_string());
                    facts.extend(shape.walk(value, pointer, name.as_deref().or(own), words));
                    pointer.truncate(length);
                }
                Some(Value::Array(facts))
            }
            (_, fact) => Some(fact),
        }
    }
}

/// Returns whether a schema is of free text: no date, id or choice.
pub(crate) fn is_text(schema: &Value) -> bool {
    let is_text = match schema.get("type") {
        Some(Value::String(kind)) => kind == "string",
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == "string"),
        _ => false,
    };
    let mut bounds = ["format", "enum", "const"].iter();
    is_text && !bounds.any(|key| schema.get(*key).is_some())
}

fn group_label(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Puts words back where facts say `true`: the body as it was recorded, as far as its
/// groups are here. What is not here stays `true`.
pub fn join(facts: &Value, words: &[Map<String, Value>]) -> Value {
    let mut body = facts.clone();
    for group in words {
        for (pointer, text) in group {
            if let Some(place) = body.pointer_mut(pointer) {
                *place = text.clone();
            }
        }
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn shape() -> Shape {
        Shape::of(&json!({
            "type": "object",
            "properties": {
                "title": {"type": "string"},
                "on": {"type": "string", "format": "date"},
                "contact": {"type": ["string", "null"], "x-group": "contact"},
                "items": {"type": "array", "x-group-each": "item", "x-group-by": "number",
                    "items": {"$ref": "#/$defs/Item"}}
            },
            "$defs": {"Item": {"type": "object", "properties": {
                "number": {"type": "string", "format": "token"}, "text": {"type": "string"}}}}
        }))
    }

    #[test]
    fn words_leave_and_facts_keep_the_shape() {
        let body = json!({"title": "AI policy", "on": "2026-03-01", "contact": "a@b.example",
            "items": [{"number": "49", "text": "Exempt."}, {"number": "50"}]});
        let parted = shape().part(body.clone());
        assert_eq!(
            parted.facts,
            json!({"title": true, "on": "2026-03-01", "contact": true,
                "items": [{"number": "49", "text": true}, {"number": "50"}]})
        );
        assert_eq!(parted.words["words"]["/title"], "AI policy");
        assert_eq!(parted.words["contact"]["/contact"], "a@b.example");
        assert_eq!(parted.words["item-49"]["/items/0/text"], "Exempt.");
        let named: Vec<_> = parted.words.keys().cloned().collect();
        let groups = shape().groups(&parted.facts);
        assert_eq!(groups.into_iter().collect::<Vec<_>>(), named);
        let groups: Vec<_> = parted.words.values().cloned().collect();
        assert_eq!(join(&parted.facts, &groups), body);
    }

    #[test]
    fn what_stands_under_any_name_is_parted_as_what_stands_under_a_field() {
        let shape = Shape::of(&json!({"type": "object", "properties": {"marks": {
            "type": "object", "additionalProperties": {"$ref": "#/$defs/Mark"}}},
            "$defs": {"Mark": {"type": "object", "properties": {
                "as": {"type": "string", "enum": ["exempt"]},
                "basis": {"type": "string", "x-group": "act"}}}}
        }));
        let marks = |basis: Value| json!({"marks": {"words": {"as": "exempt", "basis": basis}}});
        let parted = shape.part(marks(json!("Advice.")));
        assert_eq!(parted.facts, marks(json!(true)));
        assert_eq!(parted.words["act"]["/marks/words/basis"], "Advice.");
        // As it was recorded before: it is read as it stands.
        assert_eq!(join(&marks(json!("Advice.")), &[]), marks(json!("Advice.")));
        let unnamed = shape.held_to_names(&json!({"marks": {"words": ["exempt", "Advice."]}}));
        let refusal = unnamed.unwrap_err();
        assert_eq!(refusal.field.as_deref(), Some("/body/marks/words"));
    }

    #[test]
    fn null_and_a_blank_text_are_not_stated() {
        assert_eq!(shape().part(json!({"title": null})).facts, json!({}));
        for blank in ["", " \n", "\u{3000}", "\u{200b}"] {
            let body = json!({"title": blank, "contact": blank, "items": [{"number": "49", "text": blank}]});
            let parted = shape().part(body);
            assert_eq!(
                parted.facts,
                json!({"items": [{"number": "49"}]}),
                "{blank:?}"
            );
            assert_eq!(parted.words, BTreeMap::new(), "{blank:?}");
        }
    }

    #[test]
    fn a_blank_text_of_an_older_entry_is_read_as_it_was_recorded() {
        let facts = json!({"title": true});
        assert_eq!(shape().groups(&facts), BTreeSet::from([WORDS.to_owned()]));
        let words = json!({"/title": ""});
        let words = words.as_object().cloned().into_iter().collect::<Vec<_>>();
        assert_eq!(join(&facts, &words), json!({"title": ""}));
    }

    #[test]
    fn a_blank_text_leaves_no_gap_in_its_list() {
        let shape = Shape::of(&json!({"type": "object", "properties":
            {"notes": {"type": "array", "items": {"type": "string"}}}}));
        let parted = shape.part(json!({"notes": ["", "Tenants.", " ", "Staff."]}));
        assert_eq!(parted.facts, json!({"notes": [true, true]}));
        let groups: Vec<_> = parted.words.values().cloned().collect();
        let joined = join(&parted.facts, &groups);
        assert_eq!(joined, json!({"notes": ["Tenants.", "Staff."]}));
        assert_eq!(
            shape.part(json!({"notes": [" "]})).facts,
            json!({"notes": []})
        );
    }
}
