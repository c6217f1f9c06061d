//! What records are called for a reader who may not see every group.

use ledger::{Entry, Hash};
use record::Registry;
use serde_json::{Map, Value};

use crate::derive::{Title, title, titled};
use crate::error::Result;
use crate::stored;

const NO_WORDS: &[Map<String, Value>] = &[];

/// What stands for a title that this reader may not see.
const WITHHELD: &str = "withheld";

/// A record's title, and the words that it is from.
#[derive(Debug)]
pub(crate) struct Called {
    pub title: Title,
    pub words: Vec<Map<String, Value>>,
}

/// Returns what an entry that puts a record calls it, given the facts of its body and its groups
/// by commitment; a group that is not here is none.
///
/// # Errors
/// When a group is not as it was recorded.
pub(crate) fn called(
    registry: &Registry,
    entry: &Entry,
    facts: &Value,
    mut group: impl FnMut(&Hash) -> Result<Option<Vec<u8>>>,
) -> Result<Option<Called>> {
    let Some(kind) = entry.kind.as_deref().and_then(|kind| registry.get(kind)) else {
        return Ok(None);
    };
    let mut words: Vec<Map<String, Value>> = Vec::new();
    let mut all_here = true;
    let groups = entry.groups.iter();
    for one in groups.filter(|one| !matches!(one.name.as_str(), "act" | "facts")) {
        match group(&one.commitment)? {
            None => all_here = false,
            Some(bytes) => {
                if let Value::Object(group) = stored::words(&bytes)? {
                    words.push(group);
                }
            }
        }
    }
    let mut title_here = titled(kind, facts, &words);
    // A title is withheld when the kind's plain word is all that is left of it.
    if !all_here && title_here.listed == title(kind, facts, NO_WORDS) {
        title_here = Title::from(WITHHELD.to_owned());
    }
    Ok(Some(Called {
        title: title_here,
        words,
    }))
}
