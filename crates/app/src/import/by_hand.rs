//! Rows that give the reference of a record that a person put: both stand, and it is said.

use std::collections::BTreeMap;

use exchange::plan::{Earlier, Outcome, Plan};
use record::counted;
use serde_json::Value;

/// The organisation's own reference for what a record is of.
const REFERENCE: &str = "/reference";

/// Where the row that made a record is told.
const SOURCE: &str = record::source::FIELDS[0];

/// Records that were put by hand, each by its own reference.
#[derive(Debug, Default)]
pub(super) struct ByHand(BTreeMap<String, Record>);

/// What is said of one of them.
#[derive(Debug)]
struct Record {
    id: String,
    title: String,
}

impl ByHand {
    /// Takes note of a record, unless it was withdrawn, or a row of any table ever made it.
    pub fn note(&mut self, one: &Earlier) {
        let is_imported = one.as_imported.is_some() || one.body.get(SOURCE).is_some();
        let Some(reference) = reference(&one.body).filter(|_| !is_imported) else {
            return;
        };
        if one.withdrawn.is_some() {
            return;
        }
        let title = one.body.get("title").and_then(Value::as_str);
        let record = Record {
            id: one.id.clone(),
            title: title.unwrap_or_default().to_owned(),
        };
        self.0.entry(reference.to_owned()).or_insert(record);
    }

    /// Warns of each row that makes a record under the reference of one of these, and of the first
    /// of them for the file as a whole.
    pub fn warn(&self, plan: &mut Plan) {
        let mut said: Vec<String> = Vec::new();
        for row in &mut plan.rows {
            let made = row
                .body
                .as_ref()
                .filter(|_| row.outcome == Outcome::Created);
            let Some(reference) = made.and_then(reference) else {
                continue;
            };
            let Some(Record { id, title }) = self.0.get(reference) else {
                continue;
            };
            row.warnings.push(format!(
                "its reference {reference:?} is also that of “{title}” ({id}), which was put by hand: this row is a record of its own"
            ));
            said.push(format!("{reference:?} of “{title}”"));
        }
        if let Some(first) = said.first() {
            plan.warnings.push(format!(
                "{} the reference of a record that was put by hand, such as {first}: each is a record of its own beside it; withdraw the one that is not to stand, or leave the row out",
                match said.len() {
                    1 => "1 row has".to_owned(),
                    n => format!("{} have", counted(n, "row")),
                }
            ));
        }
    }
}

/// Returns the organisation's own reference for what a body is of.
fn reference(body: &Value) -> Option<&str> {
    let text = body.pointer(REFERENCE)?.as_str()?.trim();
    Some(text).filter(|text| !text.is_empty())
}
