//! Marks: on what is there and may be marked, with their basis in the words of the act.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::blank::{blank, is_blank};
use crate::command::{Mark, MarkAs};
use crate::decide::NewEntry;
use crate::event::Facts;
use crate::records::Version;
use crate::refusal::Refusal;
use crate::spec::KindSpec;

/// The group that says who acted.
pub(crate) const ACT: &str = "act";

/// The move that marks what a version says: on one that was withdrawn too, as its words leave in
/// packs until they are marked.
pub const MARK: &str = "mark";

/// Longest basis of a mark, in characters: each stands on one line of a pack, which its reader
/// takes no further than 65,536 bytes.
pub const BASIS_LENGTH_MAX: usize = 2_000;

/// Refuses a mark on what is never marked, or on what is not there: it would protect nothing.
fn may_be_marked(
    marks: &BTreeMap<String, Mark>,
    groups: &BTreeSet<String>,
    facts: &Facts,
    path: &str,
) -> Result<(), Refusal> {
    for (name, mark) in marks {
        let place = format!("{path}/{name}");
        if is_blank(&mark.basis) {
            let what = "on what ground it is marked.";
            return Err(blank(format!("{place}/basis"), what));
        }
        let length = mark.basis.chars().count();
        if length > BASIS_LENGTH_MAX {
            let what =
                format!("This basis has {length} characters; {BASIS_LENGTH_MAX} are the most.");
            return Err(Refusal::new("too_long", what)
                .at(format!("{place}/basis"))
                .hint("Name the ground in short, and say the rest in a file."));
        }
        if name == "facts" {
            let what = "Facts are what rules read: they are never marked, withheld or erased.";
            return Err(Refusal::new("never_marked", what)
                .at(place)
                .hint("Mark the group that holds the words, such as `words`."));
        }
        let brought = facts.brought_in.as_ref().and_then(|one| one.file.as_ref());
        let cited = brought.is_some_and(|file| file.as_str() == name) || says(&facts.body, name);
        if !groups.contains(name) && !cited {
            let groups: Vec<_> = groups.iter().map(String::as_str).collect();
            return Err(Refusal::new(
                "marks_nothing",
                format!("There is no group {name:?} here, and no file of that hash is cited."),
            )
            .at(place)
            .hint(format!("The groups here: {}.", groups.join(", "))));
        }
    }
    Ok(())
}

/// Returns whether some text in a value is this one.
fn says(value: &Value, text: &str) -> bool {
    match value {
        Value::String(here) => here == text,
        Value::Array(values) => values.iter().any(|value| says(value, text)),
        Value::Object(values) => values.values().any(|value| says(value, text)),
        _ => false,
    }
}

impl Version {
    /// Returns what a group of it is marked as: as the move `mark` said last, or when it was put.
    pub fn mark(&self, group: &str) -> Option<MarkAs> {
        let later = self
            .moved(MARK)
            .filter_map(|event| event.facts.marks.get(group));
        let own = self.put.facts.marks.get(group);
        later.last().or(own).copied()
    }
}

impl NewEntry {
    /// Marks groups of this entry and files that it cites.
    pub(crate) fn mark(
        &mut self,
        marks: &BTreeMap<String, Mark>,
        kind: &KindSpec,
    ) -> Result<(), Refusal> {
        for group in kind.personal {
            if self.groups.contains_key(*group) {
                self.facts
                    .marks
                    .insert((*group).to_owned(), MarkAs::Personal);
            }
        }
        let groups = self.groups.keys().cloned().collect();
        may_be_marked(marks, &groups, &self.facts, "/marks")?;
        self.set_marks(marks);
        Ok(())
    }

    /// Marks groups of the version that is moved, and files that it cites.
    pub(crate) fn mark_version(
        &mut self,
        body: &Value,
        kind: &KindSpec,
        version: &Version,
    ) -> Result<(), Refusal> {
        let marks = body.get("marks").cloned().unwrap_or_default();
        let marks: BTreeMap<String, Mark> = serde_json::from_value(marks).map_err(|error| {
            Refusal::new("wrong_body", format!("These are no marks: {error}."))
                .at("/body/marks")
                .hint(r#"For example {"words":{"as":"personal","basis":"…"}}."#)
        })?;
        let mut groups = kind.body.shape.groups(version.body());
        groups.insert(ACT.to_owned());
        // A mark covers the groups of its name of every entry on the version.
        for event in version.moves.iter().chain(&version.withdrawn) {
            let spec = kind.find_move(&event.name);
            groups.extend(
                spec.map(|spec| spec.body.shape.groups(&event.facts.body))
                    .unwrap_or_default(),
            );
        }
        may_be_marked(&marks, &groups, &version.put.facts, "/body/marks")?;
        self.set_marks(&marks);
        Ok(())
    }

    fn set_marks(&mut self, marks: &BTreeMap<String, Mark>) {
        let mut basis = Map::new();
        for (name, mark) in marks {
            self.facts.marks.insert(name.clone(), mark.mark);
            basis.insert(
                name.clone(),
                json!({"basis": mark.basis, "review_by": mark.review_by}),
            );
        }
        if !basis.is_empty()
            && let Some(Value::Object(act)) = self.groups.get_mut(ACT)
        {
            act.insert("marks".to_owned(), Value::Object(basis));
        }
    }
}
