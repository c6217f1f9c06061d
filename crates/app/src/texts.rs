//! Finding texts within what a Command says, and saying where they stand.

use ledger::Hash;
use record::decide::Either;
use record::{Event, Facts, Refusal, break_in, control_in, first_text, misplaced};
use serde_json::Value;

/// Gathers every text in a value that has the form of a file's hash.
pub fn hashes(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text)
            if text.len() == 64
                && text
                    .bytes()
                    .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) =>
        {
            found.push(text.clone());
        }
        Value::Array(values) => values.iter().for_each(|value| hashes(value, found)),
        Value::Object(values) => values.values().for_each(|value| hashes(value, found)),
        _ => {}
    }
}

/// Returns the files that an entry cites: in its body, or as what it was brought in from.
pub fn cited_files(event: &Event) -> Vec<Hash> {
    // Entries that concern no record state roots, which only look like files.
    match event.id.is_nil() {
        true => Vec::new(),
        false => files_in(&event.facts),
    }
}

/// Returns the files that the facts of an entry cite which concerns a record.
pub fn files_in(facts: &Facts) -> Vec<Hash> {
    let mut cited = Vec::new();
    hashes(&facts.body, &mut cited);
    let brought = facts.brought_in.as_ref();
    cited.extend(brought.and_then(|one| Some(one.file.as_ref()?.as_str().to_owned())));
    cited.iter().filter_map(|file| file.parse().ok()).collect()
}

/// Not every reader of what we hand out takes a NUL in a text, and nobody writes one.
fn holds_nul(command: &Either<'_>) -> Option<Refusal> {
    let (body, key, brought, marks) = match command {
        Either::Put(put) => (&put.body, &put.key, &put.brought_in, &put.marks),
        Either::Move(one) => (&one.body, &one.key, &one.brought_in, &one.marks),
    };
    let is = |text: &str| text.contains('\0');
    let in_key = key.as_deref().is_some_and(is);
    let in_brought = brought.as_ref().is_some_and(|brought| is(&brought.from));
    let in_marks = marks.iter().any(|(name, mark)| is(name) || is(&mark.basis));
    let in_body = first_text(body, &|text| is(text).then_some(()));
    let field = in_body
        .map(|(place, ())| format!("/body{place}"))
        .or_else(|| in_key.then(|| "/key".to_owned()))
        .or_else(|| in_brought.then(|| "/brought_in/from".to_owned()))
        .or_else(|| in_marks.then(|| "/marks".to_owned()))?;
    let refusal = Refusal::new("nul", "This text holds the character U+0000.").at(field);
    Some(refusal.hint("Take it out; it is invisible, and no text needs it."))
}

/// Refuses a character that belongs in no text, and holds the texts beside a body to what the kind holds those in it to.
pub(crate) fn misplaced_in(command: &Either<'_>) -> Option<Refusal> {
    if let Some(refusal) = holds_nul(command) {
        return Some(refusal);
    }
    let (key, brought, marks) = match command {
        Either::Put(put) => (&put.key, &put.brought_in, &put.marks),
        Either::Move(one) => (&one.key, &one.brought_in, &one.marks),
    };
    let key = key
        .as_deref()
        .and_then(break_in)
        .map(|c| (c, "/key".to_owned()));
    let from = brought.as_ref().and_then(|one| control_in(&one.from));
    let from = from.map(|c| (c, "/brought_in/from".to_owned()));
    let mut bases = marks.iter();
    let basis = bases
        .find_map(|(name, mark)| Some((control_in(&mark.basis)?, format!("/marks/{name}/basis"))));
    let (letter, field) = key.or(from).or(basis)?;
    Some(misplaced(letter).at(field))
}
