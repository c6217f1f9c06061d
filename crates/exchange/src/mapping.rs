//! What becomes of each column: a mapping file in TOML.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

use crate::dates::Order;
use crate::table::Reading;
use crate::words::TOKEN_CHARS_MAX;

/// A mapping from the columns of a file to the fields of one kind of record.
///
/// # Example
/// ```
/// let mapping = exchange::mapping::Mapping::parse(r#"
///     name = "our-register"
///     kind = "ai_system"
///     key.by = [["No."], ["System"]]
///     field = [{ to = "title", from = "System", as = "words" }]
/// "#)?;
/// assert_eq!(mapping.columns(), ["No.", "System"]);
/// # Ok::<(), exchange::mapping::MappingError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Its name; each record keeps it in its source.
    pub name: String,
    /// One sentence on what the file is, for lists of mappings.
    #[serde(default)]
    pub about: String,
    /// The kind of record each row becomes.
    pub kind: String,
    /// How to read the file, where that cannot be found out.
    #[serde(default)]
    pub file: Reading,
    /// How a row is known again in the next file.
    pub key: KeyRule,
    /// Body fields that are the same for every row, by their dotted path.
    #[serde(default)]
    pub always: BTreeMap<String, Value>,
    /// The fields filled from columns. Columns not named stay with the record
    /// as received.
    #[serde(default)]
    pub field: Vec<Field>,
}

/// How a row is known again.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyRule {
    /// Sets of columns in order. A row is known by the first set whose values
    /// are all usable and unique in the file; else by the last set and, from
    /// the second among equals on, its ordinal.
    pub by: Vec<Vec<String>>,
    /// Values that name nothing, such as `TBD`, whatever their case. Blank
    /// always is one.
    #[serde(default)]
    pub unusable: Vec<String>,
}

/// One field of the body and the column it is filled from.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// The dotted path in the body, for example `title`; `answers` takes many.
    pub to: String,
    /// The column, or several where the shape is words, token or personal.
    pub from: Columns,
    /// How the text is read.
    #[serde(rename = "as")]
    pub shape: Shape,
    /// What an answer is about.
    #[serde(default)]
    pub about: Option<String>,
    /// Columns to take words from, in order, when the first is blank.
    #[serde(default)]
    pub or: Vec<String>,
    /// The choice for each text. An empty choice says that we have none: the
    /// text stays as received, without a warning.
    #[serde(default)]
    pub choices: BTreeMap<String, String>,
    /// Texts that state nothing here, such as `N/A` for a supplier. They stay
    /// with the record as received.
    #[serde(default)]
    pub blank: Vec<String>,
    /// Which of day and month comes first.
    #[serde(default)]
    pub order: Option<Order>,
    /// Refuse the row when its text cannot be read, instead of keeping the
    /// text as received with a warning.
    #[serde(default)]
    pub strict: bool,
    /// Accept a file without this column.
    #[serde(default)]
    pub optional: bool,
    /// Whether the kind keeps whole days there: a year or a month alone stays as received. Set
    /// when the mapping is held to its kind.
    #[serde(skip)]
    pub is_day: bool,
    /// Whether the kind keeps one line there: a cell that breaks it is put on one. Set when the
    /// mapping is held to its kind.
    #[serde(skip)]
    pub is_line: bool,
}

/// One column, or several.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Columns {
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

impl Columns {
    /// Returns the headings, in order.
    pub fn headings(&self) -> &[String] {
        match self {
            Self::One(heading) => std::slice::from_ref(heading),
            Self::Several(headings) => headings,
        }
    }
}

/// How the text of a cell is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// Words, kept as they are; those of several columns with a space between.
    Words,
    /// One of the field's choices, by the table `choices`.
    Choice,
    /// A date, possibly only a month or a year.
    Date,
    /// A list of words, or of choices where there is a table `choices`.
    List,
    /// An answer to a question, by the table `choices`; a text not in it is
    /// the answer `other`.
    Answer,
    /// Words about a person, which the record keeps in a group of their own.
    Personal,
    /// An identifier of lower-case letters, digits and hyphens.
    Token,
}

impl Shape {
    /// Returns the word a mapping has for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Choice => "choice",
            Self::Date => "date",
            Self::List => "list",
            Self::Answer => "answer",
            Self::Personal => "personal",
            Self::Token => "token",
        }
    }
}

/// The answers a question can have.
pub const ANSWERS: [&str; 9] = [
    "yes",
    "no",
    "partly",
    "in_progress",
    "planned",
    "waived",
    "not_applicable",
    "withheld",
    "other",
];

/// Why a mapping cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MappingError {
    /// It is not TOML, or has a word no mapping has.
    #[error("the mapping cannot be read: {because}")]
    Unreadable {
        /// What the reader of TOML says, with the line.
        because: String,
    },
    /// It gives no set of columns to know a row by.
    #[error("the mapping names no columns to know a row by")]
    NoKey,
    /// A field says something that does not fit its shape.
    #[error("the field {to:?} {because}")]
    Field {
        /// The path of the field.
        to: String,
        /// What is wrong with it.
        because: String,
    },
    /// It fills no field that every record of the kind has to state.
    #[error("the mapping fills no {}, which every {kind} has to state", fields.join(", no "))]
    Unfilled {
        /// The kind.
        kind: String,
        /// The fields.
        fields: Vec<String>,
    },
}

impl MappingError {
    /// Returns the stable word for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "mapping_unreadable",
            Self::NoKey => "mapping_without_key",
            Self::Field { .. } => "mapping_field_wrong",
            Self::Unfilled { .. } => "mapping_field_missing",
        }
    }

    /// Returns what to do next.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => {
                "Correct the line named, or draft the mapping again from the file."
            }
            Self::NoKey => {
                "Set by under [key], for example by = [[\"No.\"], [\"Unit\", \"Name\"]]."
            }
            Self::Field { .. } => {
                "Correct it in the mapping; `minutebook kinds --schema KIND` shows every field."
            }
            Self::Unfilled { .. } => {
                "Give it a [[field]] of the mapping, or a value for all rows under [always]."
            }
        }
    }
}

impl Mapping {
    /// Reads a mapping and checks it as far as that goes without a file.
    ///
    /// # Errors
    /// It is not TOML, has unknown words, no key, or a field that contradicts
    /// itself or another.
    pub fn parse(toml: &str) -> Result<Self, MappingError> {
        let mapping: Self = toml::from_str(toml).map_err(|error| {
            let because = unknown_part(toml);
            let because = because.unwrap_or_else(|| error.to_string().trim_end().to_owned());
            MappingError::Unreadable { because }
        })?;
        for (part, text) in [("name", &mapping.name), ("kind", &mapping.kind)] {
            if record::is_blank(text) {
                let because = format!("its {part} states nothing");
                return Err(MappingError::Unreadable { because });
            }
        }
        if mapping.key.by.is_empty() || mapping.key.by.iter().any(Vec::is_empty) {
            return Err(MappingError::NoKey);
        }
        for path in mapping.always.keys() {
            check_path(path)?;
        }
        for field in &mapping.field {
            field.check()?;
        }
        mapping.check_paths_apart()?;
        Ok(mapping)
    }

    /// Returns every heading the mapping names, sorted, each once.
    pub fn columns(&self) -> Vec<&str> {
        let of_key = self.key.by.iter().flatten();
        let of_fields = self
            .field
            .iter()
            .flat_map(|field| field.from.headings().iter().chain(&field.or));
        let mut columns: Vec<&str> = of_key.chain(of_fields).map(String::as_str).collect();
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    /// Says whether it fills a field of the body, or something in it.
    pub fn fills(&self, name: &str) -> bool {
        let fields = self.field.iter().map(|field| field.to.as_str());
        let mut paths = fields.chain(self.always.keys().map(String::as_str));
        record::source::FIELDS.contains(&name)
            || paths.any(|path| path.split('.').next() == Some(name))
    }

    fn check_paths_apart(&self) -> Result<(), MappingError> {
        let of_fields = self.field.iter().map(|field| match &field.about {
            Some(about) => format!("{}.{about}", field.to),
            None => field.to.clone(),
        });
        let paths: Vec<String> = of_fields.chain(self.always.keys().cloned()).collect();
        for (at, path) in paths.iter().enumerate() {
            let within = |outer: &str, inner: &str| {
                inner
                    .strip_prefix(outer)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            };
            if paths[..at]
                .iter()
                .any(|other| within(other, path) || within(path, other))
            {
                return Err(wrong(path, "is filled twice"));
            }
        }
        Ok(())
    }
}

impl Field {
    fn check(&self) -> Result<(), MappingError> {
        check_path(&self.to)?;
        let several = matches!(self.shape, Shape::Words | Shape::Token | Shape::Personal);
        match self.from.headings() {
            [] => return Err(wrong(&self.to, "names no column")),
            [_, _, ..] if !several => {
                return Err(wrong(
                    &self.to,
                    "takes one column; only words, token and personal take several",
                ));
            }
            _ => {}
        }
        if !self.or.is_empty() && self.shape != Shape::Words {
            return Err(wrong(
                &self.to,
                "has columns to fall back on, which only words can",
            ));
        }
        if self.order.is_some() && self.shape != Shape::Date {
            return Err(wrong(
                &self.to,
                "has an order of day and month but is no date",
            ));
        }
        self.check_choices()?;
        self.check_about()
    }

    fn check_choices(&self) -> Result<(), MappingError> {
        let takes = matches!(self.shape, Shape::Choice | Shape::Answer | Shape::List);
        if !takes && !self.choices.is_empty() {
            return Err(wrong(
                &self.to,
                "has a table of choices but is not read as one",
            ));
        }
        if self.shape == Shape::Choice && self.choices.is_empty() {
            return Err(wrong(
                &self.to,
                "is read as a choice but has no table of choices",
            ));
        }
        let unknown = |choice: &&String| !choice.is_empty() && !ANSWERS.contains(&choice.as_str());
        match self.choices.values().find(unknown) {
            Some(choice) if self.shape == Shape::Answer => {
                let answers = ANSWERS.join(", ");
                Err(wrong(
                    &self.to,
                    &format!("has the answer {choice:?}; answers are {answers}"),
                ))
            }
            _ => Ok(()),
        }
    }

    fn check_about(&self) -> Result<(), MappingError> {
        match (&self.about, self.shape) {
            (Some(about), Shape::Answer) if is_token(about) => Ok(()),
            (Some(_), Shape::Answer) => Err(wrong(
                &self.to,
                "has an about that is no token of a-z, 0-9 and hyphens",
            )),
            (None, Shape::Answer) => {
                Err(wrong(&self.to, "is an answer but does not say about what"))
            }
            (Some(_), _) => Err(wrong(&self.to, "says what it is about but is no answer")),
            (None, _) => Ok(()),
        }
    }
}

/// The parts that a mapping has.
const PARTS: [&str; 7] = ["name", "about", "kind", "file", "key", "always", "field"];

/// Says which part no mapping has, by its name and line, of a mapping that cannot be read. The
/// reader of TOML tells of a table of an unknown name at another line, as one that comes twice.
fn unknown_part(toml: &str) -> Option<String> {
    let mut is_text = false;
    for (at, line) in toml.lines().enumerate() {
        // A text may have several lines, and anything in them.
        let marks = line.matches("\"\"\"").count() + line.matches("'''").count();
        let begins_in_text = is_text;
        is_text ^= marks % 2 == 1;
        let header = line.split('#').next().unwrap_or_default().trim();
        let inside = header
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        let Some(inside) = inside.filter(|_| !begins_in_text) else {
            continue;
        };
        let name = inside.trim_matches(['[', ']']).split('.').next();
        let name = name.unwrap_or_default().trim();
        let is_word = |c: char| c.is_ascii_alphabetic() || c == '_' || c == '-';
        if !name.is_empty() && name.chars().all(is_word) && !PARTS.contains(&name) {
            let parts = PARTS.join(", ");
            let line = at + 1;
            return Some(format!(
                "line {line} has a table {header}, which no mapping has; its parts are {parts}"
            ));
        }
    }
    None
}

fn check_path(path: &str) -> Result<(), MappingError> {
    let names = path.split('.').all(|name| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    });
    if !names {
        return Err(wrong(
            path,
            "is no path of field names with dots between them",
        ));
    }
    let first = path.split('.').next().unwrap_or_default();
    if record::source::FIELDS.contains(&first) {
        return Err(wrong(path, "is filled by the import itself"));
    }
    Ok(())
}

fn is_token(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=TOKEN_CHARS_MAX).contains(&text.len()) && text.bytes().all(allowed)
}

pub(crate) fn wrong(to: &str, because: &str) -> MappingError {
    MappingError::Field {
        to: to.to_owned(),
        because: because.to_owned(),
    }
}

/// The mappings that ship with the program, each with its name and its TOML.
const SHIPPED: [(&str, &str); 1] = [(
    "us-federal-2025",
    include_str!("../../../mappings/us-federal-2025.toml"),
)];

/// Returns the mappings that ship with the program: name and TOML, by name.
pub fn shipped() -> &'static [(&'static str, &'static str)] {
    &SHIPPED
}
