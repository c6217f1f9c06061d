//! The form that asks for a date, and what is said when the date cannot be read.

use app::Asked;
use axum::extract::Query;
use record::Refusal;
use serde::Deserialize;

use crate::dates::{self, Typed};
use crate::english;
use crate::prose::Prose;

/// What the address asks for, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asking {
    /// About when.
    #[serde(default)]
    pub as_of: String,
    /// Known by when.
    #[serde(default)]
    pub known_by: String,
    /// The rule of which every subject is wanted.
    #[serde(default)]
    pub findings: Option<String>,
}

/// The form as drawn.
#[derive(Debug)]
pub struct Form {
    pub as_of: String,
    pub choices: Vec<Choice>,
    pub error: Option<FieldError>,
}

/// One choice of what was known.
#[derive(Debug)]
pub struct Choice {
    pub value: String,
    pub words: String,
    pub chosen: bool,
}

/// What is wrong with a field.
#[derive(Debug)]
pub struct FieldError {
    /// The field's name.
    pub field: &'static str,
    pub message: Prose,
}

impl FieldError {
    fn new(field: &'static str, message: &str) -> Self {
        Self {
            field,
            message: Prose::new(message),
        }
    }

    /// Returns the app's refusal of a moment, beside the field it came from.
    pub fn refused(refusal: &Refusal, asked: &Asked) -> Self {
        let an_entry = |text: &Option<String>| text.as_deref().is_some_and(|t| t.starts_with('#'));
        let field = if an_entry(&asked.known_by) && !an_entry(&asked.as_of) {
            "known_by"
        } else {
            "as_of"
        };
        let hint = refusal.hint.as_deref().unwrap_or_default();
        Self::new(field, format!("{} {hint}", refusal.message).trim_end())
    }
}

impl Asking {
    /// Returns what to ask the app.
    ///
    /// # Errors
    /// Names the field that cannot be read.
    pub fn asked(&self) -> Result<Asked, FieldError> {
        let as_of = match dates::read(&self.as_of) {
            Typed::Now => None,
            Typed::Moment(moment) => Some(moment),
            Typed::Unreadable => {
                return Err(FieldError::new("as_of", english::DAY_UNREADABLE));
            }
        };
        let known_by = match dates::read(&self.known_by) {
            Typed::Now if self.known_by.trim().is_empty() => None,
            // About now, what is known now is what was known then.
            Typed::Now => as_of.is_some().then(|| "now".to_owned()),
            Typed::Moment(moment) => Some(moment),
            Typed::Unreadable => {
                return Err(FieldError::new("known_by", english::KNOWN_UNREADABLE));
            }
        };
        Ok(Asked {
            known_by: known_by.filter(|known_by| as_of.as_ref() != Some(known_by)),
            as_of,
            findings: self.findings.clone(),
        })
    }

    /// Returns the form as it was filled.
    pub fn form(&self, error: FieldError) -> Form {
        let known_by = self.known_by.trim();
        Form::new(
            self.as_of.clone(),
            (!known_by.is_empty()).then_some(known_by),
            Some(error),
        )
    }
}

impl Form {
    /// Returns the form for a date and what is known of it.
    pub fn new(as_of: String, known_by: Option<&str>, error: Option<FieldError>) -> Self {
        let choice = |value: &str, words: String, chosen| Choice {
            value: value.to_owned(),
            words,
            chosen,
        };
        let mut choices = vec![
            choice("", english::THEN.to_owned(), known_by.is_none()),
            choice("now", english::NOW.to_owned(), known_by == Some("now")),
        ];
        if let Some(other) = known_by.filter(|text| *text != "now") {
            choices.push(choice(other, english::known_at(other), true));
        }
        Self {
            as_of,
            choices,
            error,
        }
    }
}

/// Returns the query that asks the same again, without a question mark.
pub fn query(asked: &Asked) -> String {
    [("as_of", &asked.as_of), ("known_by", &asked.known_by)]
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name}={}", escaped(value.as_deref()?))))
        .collect::<Vec<_>>()
        .join("&")
}

/// Moments hold digits, letters and `#:+.-` only.
fn escaped(moment: &str) -> String {
    moment
        .replace('#', "%23")
        .replace('+', "%2B")
        .replace(':', "%3A")
}

/// The address, or why it cannot be read.
pub type Address = Result<Query<Asking>, axum::extract::rejection::QueryRejection>;
