//! What the organisation's own record calls its short names: its units and posts.

use record::{Act, Event};
use serde_json::{Map, Value};
use store::{GOVERNANCE_LOG, Rows};
use uuid::Uuid;

use crate::dates::Zone;
use crate::error::Result;
use crate::reading::{read, words_of};

/// Returns each short name in the lists of a body with the words that stand for it: `facts` is
/// the body's shape, `words` its groups that are here.
pub fn named(facts: &Value, words: &[Map<String, Value>]) -> Vec<(String, String)> {
    let lists = facts.as_object().into_iter().flatten();
    let elements = lists.flat_map(|(field, list)| {
        let list = list.as_array().into_iter().flatten();
        list.enumerate()
            .map(move |(index, element)| (format!("/{field}/{index}/name"), element))
    });
    let called = elements.filter_map(|(pointer, element)| {
        let id = element.get("id")?.as_str()?;
        let name = words.iter().find_map(|group| group.get(&pointer))?;
        Some((id.to_owned(), name.as_str()?.to_owned()))
    });
    called.collect()
}

/// Returns the same from the organisation's newest version.
///
/// # Errors
/// A fault of the database.
pub async fn of_organisation(
    rows: Rows<'_>,
    organisation: Uuid,
    zone: &Zone,
) -> Result<Vec<(String, String)>> {
    let mut newest: Option<Event> = None;
    for found in rows
        .of_record(GOVERNANCE_LOG, organisation, "facts")
        .await?
    {
        let event = read(found, zone)?;
        newest = Some(event).filter(|event| event.act == Act::Put).or(newest);
    }
    match newest {
        Some(event) => Ok(named(&event.facts.body, &words_of(rows, &event).await?)),
        None => Ok(Vec::new()),
    }
}
