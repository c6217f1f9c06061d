//! What a form, a CSV row, the API and the command line all submit.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::fields::Day;
use crate::json;
use crate::marks::{ACT, BASIS_LENGTH_MAX};
use crate::refusal::Refusal;
use crate::unread::unread_command;

/// How a group or file is marked, with its basis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// The mark.
    #[serde(rename = "as")]
    pub mark: MarkAs,
    /// On what ground. It is words, which leave the facts for who acted and why.
    #[schemars(length(min = 1, max = BASIS_LENGTH_MAX), extend("x-group" = ACT))]
    pub basis: String,
    /// When the marking is to be looked at again.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub review_by: Option<Day>,
}

/// What a group or file is marked as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MarkAs {
    /// About a living person; the auditor is shown it.
    Personal,
    /// Legal advice; withheld from the auditor.
    Privileged,
    /// The law, or a duty, forbids telling others; the auditor is shown it.
    Confidential,
    /// May be withheld while the public interest favours it; withheld from the auditor.
    Exempt,
}

impl MarkAs {
    /// Returns the word of the mark.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Personal => "personal",
            Self::Privileged => "privileged",
            Self::Confidential => "confidential",
            Self::Exempt => "exempt",
        }
    }
}

/// Where evidence older than the ledger came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BroughtIn {
    /// The person who brought it in; by default whoever acts.
    #[serde(default)]
    pub by: Option<Uuid>,
    /// The file's SHA-256; may be null for a person, organisation, body or ai_system.
    #[serde(default)]
    pub file: Option<crate::fields::FileHash>,
    /// The system, folder or person it came from, with its dates there.
    pub from: String,
}

/// Adds a version to a record, or creates it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Put {
    /// The kind of record.
    pub kind: String,
    /// The record's id; by us when null.
    #[serde(default)]
    pub id: Option<Uuid>,
    /// Refuses a lost update: the version this one follows.
    #[serde(default)]
    pub if_version: Option<u32>,
    /// The day the person claims; the day of recording when absent.
    #[serde(default)]
    pub effective_on: Option<Day>,
    /// The body.
    pub body: Value,
    /// Group name or file hash, to its mark.
    #[serde(default)]
    pub marks: BTreeMap<String, Mark>,
    /// Makes a repeat harmless.
    #[serde(default)]
    pub key: Option<String>,
    /// The e-mail of who acts.
    #[serde(default, rename = "as")]
    pub acting: Option<String>,
    /// The instant, on a simulated clock only (RFC 3339).
    #[serde(default)]
    pub at: Option<String>,
    /// Set for what is older than the ledger.
    #[serde(default)]
    pub brought_in: Option<BroughtIn>,
}

/// Acts on one version of a record, changing no content.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// The record's id.
    pub id: Uuid,
    /// The version it acts on.
    pub version: u32,
    /// The move's name.
    #[serde(rename = "move")]
    pub name: String,
    /// The day the person claims; the day of recording when absent.
    #[serde(default)]
    pub effective_on: Option<Day>,
    /// The body; may be left out when empty.
    #[serde(default)]
    pub body: Value,
    /// Group name or file hash, to its mark.
    #[serde(default)]
    pub marks: BTreeMap<String, Mark>,
    /// Makes a repeat harmless.
    #[serde(default)]
    pub key: Option<String>,
    /// The e-mail of who acts.
    #[serde(default, rename = "as")]
    pub acting: Option<String>,
    /// The instant, on a simulated clock only (RFC 3339).
    #[serde(default)]
    pub at: Option<String>,
    /// Set for what is older than the ledger.
    #[serde(default)]
    pub brought_in: Option<BroughtIn>,
}

/// What a put says, as the digest of its content takes it: keys sorted, without the key and the
/// instant, in which a repeat may differ.
#[derive(Serialize)]
struct PutContent<'a> {
    #[serde(rename = "as")]
    acting: &'a Option<String>,
    body: &'a Value,
    brought_in: &'a Option<BroughtIn>,
    effective_on: &'a Option<Day>,
    id: &'a Option<Uuid>,
    if_version: &'a Option<u32>,
    kind: &'a str,
    marks: &'a BTreeMap<String, Mark>,
}

/// What a move says, as the digest of its content takes it.
#[derive(Serialize)]
struct MoveContent<'a> {
    #[serde(rename = "as")]
    acting: &'a Option<String>,
    body: &'a Value,
    brought_in: &'a Option<BroughtIn>,
    effective_on: &'a Option<Day>,
    id: Uuid,
    marks: &'a BTreeMap<String, Mark>,
    #[serde(rename = "move")]
    name: &'a str,
    version: u32,
}

impl Put {
    /// Returns what the digest of its content is over: JSON with sorted keys, without `key` and `at`.
    ///
    /// # Errors
    /// Never in practice: a Command is plain data.
    pub fn content(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(&PutContent {
            acting: &self.acting,
            body: &self.body,
            brought_in: &self.brought_in,
            effective_on: &self.effective_on,
            id: &self.id,
            if_version: &self.if_version,
            kind: &self.kind,
            marks: &self.marks,
        })
    }
}

impl Move {
    /// Returns what the digest of its content is over: JSON with sorted keys, without `key` and `at`.
    ///
    /// # Errors
    /// Never in practice: a Command is plain data.
    pub fn content(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(&MoveContent {
            acting: &self.acting,
            body: &self.body,
            brought_in: &self.brought_in,
            effective_on: &self.effective_on,
            id: self.id,
            marks: &self.marks,
            name: &self.name,
            version: self.version,
        })
    }
}

/// What is asked of the ledger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Command {
    /// Adds a version.
    Put(Put),
    /// Acts on a version.
    Move(Move),
    /// Commits together or not at all, one entry each.
    All(All),
}

/// Commands that commit together or not at all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct All {
    /// The commands; puts and moves only.
    pub commands: Vec<Command>,
}

impl Command {
    /// Most commands in one atomic set.
    pub const ALL_MAX: usize = 1_000;
    /// Most bytes in one Command's JSON.
    pub const BYTES_MAX: usize = 1 << 20;
    /// Most characters in an idempotency key.
    pub const KEY_MAX: usize = 200;

    /// Reads a Command from its JSON text.
    ///
    /// # Errors
    /// Refuses text that is too long, not JSON, gives a key twice, or is not a Command; unknown
    /// fields included.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        if text.len() > Self::BYTES_MAX {
            return Err(Refusal::new(
                "too_long",
                format!(
                    "This Command has {} bytes; {} are the most.",
                    text.len(),
                    Self::BYTES_MAX
                ),
            )
            .hint("Attach long material as a file and cite its hash."));
        }
        Self::from_value(json::read(text, AN_EXAMPLE)?)
    }

    /// Reads a Command from a JSON value.
    ///
    /// # Errors
    /// Refuses what is no Command, unknown fields included.
    pub fn from_value(mut value: Value) -> Result<Self, Refusal> {
        let Some(object) = value.as_object_mut() else {
            return Err(no_command("A Command is a JSON object."));
        };
        let verb = object.remove("do");
        let read = match verb.as_ref().and_then(Value::as_str) {
            Some("put") => serde_path_to_error::deserialize(value).map(Self::Put),
            Some("move") => serde_path_to_error::deserialize(value).map(Self::Move),
            Some("all") => return Self::all(value),
            _ => return Err(no_command("`do` must be put, move or all.").at("/do")),
        };
        read.map_err(|error| unread_command(&error))
    }

    fn all(mut value: Value) -> Result<Self, Refusal> {
        let commands = value
            .get_mut("commands")
            .and_then(Value::as_array_mut)
            .map(std::mem::take);
        let others = value.as_object().is_some_and(|object| object.len() > 1);
        let Some(commands) = commands.filter(|_| !others) else {
            return Err(no_command(
                "A Command `all` has `commands`, a list, and nothing else.",
            ));
        };
        if commands.is_empty() || commands.len() > Self::ALL_MAX {
            let (code, next) = match commands.is_empty() {
                true => ("too_few", "Put at least one in it."),
                false => ("too_many", "Split it."),
            };
            let what = format!(
                "An atomic set holds 1 to {} Commands; this one {}.",
                Self::ALL_MAX,
                commands.len()
            );
            return Err(Refusal::new(code, what).at("/commands").hint(next));
        }
        let mut read = Vec::with_capacity(commands.len());
        for (index, command) in commands.into_iter().enumerate() {
            let place =
                |field: Option<String>| format!("/commands/{index}{}", field.unwrap_or_default());
            match Self::from_value(command) {
                Ok(Self::All(_)) => {
                    return Err(no_command("A set holds puts and moves only.").at(place(None)));
                }
                Ok(command) => read.push(command),
                Err(refusal) => {
                    let place = place(refusal.field.clone());
                    return Err(refusal.at(place));
                }
            }
        }
        Ok(Self::All(All { commands: read }))
    }
}

const AN_EXAMPLE: &str = r#"A Command is JSON on one line, for example {"do":"put","kind":"person","body":{"name":"…"}}; `minutebook kinds` lists the kinds."#;

fn no_command(message: &str) -> Refusal {
    Refusal::new("not_a_command", message).hint(AN_EXAMPLE)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Returns what the digest was over before it was written straight from the Command.
    fn through_a_value(command: &impl Serialize) -> String {
        let mut value = serde_json::to_value(command).unwrap();
        let content = value.as_object_mut().unwrap();
        content.remove("key");
        content.remove("at");
        value.to_string()
    }

    #[test]
    fn the_content_of_a_command_has_its_keys_sorted_and_leaves_out_key_and_instant() {
        let envelope = json!({
            "body": {"title": "AI policy", "on": "2026-03-01"},
            "effective_on": "2026-03-31", "as": "a@b.example", "at": "2026-03-31T09:00:00Z",
            "key": "k", "id": Uuid::from_u128(7),
            "marks": {"words": {"as": "exempt", "basis": "law", "review_by": "2027-01-01"}},
            "brought_in": {"from": "a drive", "by": Uuid::from_u128(8), "file": "ab".repeat(32)},
        });
        let with = |more: Value| {
            let mut value = envelope.clone();
            let more = more.as_object().unwrap().clone();
            value.as_object_mut().unwrap().extend(more);
            Command::from_value(value).unwrap()
        };
        let bare = json!({"do": "put", "kind": "policy", "body": {}});
        let commands = [
            with(json!({"do": "put", "kind": "policy", "if_version": 2})),
            with(json!({"do": "move", "move": "keep", "version": 2})),
            Command::from_value(bare).unwrap(),
        ];
        for command in commands {
            let (content, expected) = match &command {
                Command::Put(put) => (put.content(), through_a_value(put)),
                Command::Move(one) => (one.content(), through_a_value(one)),
                Command::All(_) => panic!("no set"),
            };
            assert_eq!(String::from_utf8(content.unwrap()).unwrap(), expected);
        }
    }

    fn with(mut command: Value, field: &str, value: Value) -> Value {
        command[field] = value;
        command
    }

    #[test]
    fn a_field_that_cannot_be_read_is_refused_at_its_place_with_how_it_is_written() {
        let put = |field: &str, value: Value| {
            with(
                json!({"do": "put", "kind": "policy", "body": {}}),
                field,
                value,
            )
        };
        let mark = |field: &str, value: &str| {
            let mut mark = json!({"as": "exempt", "basis": "law"});
            mark[field] = value.into();
            put("marks", json!({"a/b.c": mark}))
        };
        let brought = |field: &str| put("brought_in", json!({"from": "a drive", field: "xyz"}));
        let day_of = |value: &str| put("effective_on", value.into());
        let moved = json!({"do": "move", "id": "xyz", "version": 1, "move": "keep"});
        let (id, day) = ("a UUID as RFC 9562", "a day such as 2026-03-31");
        let choices = "one of personal, privileged, confidential, exempt";
        let fields = "The fields of a Command: do, kind";
        let cases = [
            (put("id", json!("xyz")), "/id", id),
            (moved, "/id", id),
            (day_of("2026-02-31"), "/effective_on", day),
            (day_of("2026-03-31T10:00:00Z"), "/effective_on", day),
            (put("if_version", json!("1")), "/if_version", "the number"),
            (put("kind", json!(7)), "/kind", "a text"),
            (mark("as", "secret"), "/marks/a~1b.c/as", choices),
            (mark("review_by", "soon"), "/marks/a~1b.c/review_by", day),
            (
                put("marks", json!({"words": {"as": "exempt"}})),
                "/marks/words/basis",
                r#""basis":"…""#,
            ),
            (
                mark("colour", "red"),
                "/marks/a~1b.c/colour",
                r#""basis":"…""#,
            ),
            (brought("by"), "/brought_in/by", id),
            (brought("file"), "/brought_in/file", "SHA-256"),
            (brought("colour"), "/brought_in/colour", r#"{"from":"#),
            (put("colour", json!("red")), "/colour", fields),
            (json!({"do": "put", "kind": "policy"}), "/body", fields),
            (json!({"do": "put", "body": {}}), "/kind", fields),
        ];
        for (command, field, next) in cases {
            let refusal = Command::from_value(command).unwrap_err();
            assert_eq!(refusal.field.as_deref(), Some(field), "{refusal}");
            let hint = refusal.hint.as_deref().unwrap_or_default();
            assert!(hint.contains(next) && hint.ends_with('.'), "{refusal}");
            let unknown = refusal.code == "unknown_field";
            assert_eq!(unknown, field.ends_with("colour"), "{refusal}");
        }
    }

    #[test]
    fn what_a_command_of_a_set_lacks_is_named_at_its_place_in_the_set() {
        let set = json!({"do": "all", "commands": [{"do": "put", "kind": "policy"}]});
        let refusal = Command::from_value(set).unwrap_err();
        assert_eq!(refusal.field.as_deref(), Some("/commands/0/body"));
    }
}
