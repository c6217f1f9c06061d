//! A task a meeting gave somebody.

use record::{Cite, Day, FileHash, Kind, KindSpec, Problem, Token};
use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

/// A task with one owner and a due date.
#[expect(dead_code, reason = "read for its schema; rules read the facts")]
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// Its number, such as A26/11.
    title: String,
    /// What is to be done.
    text: String,
    /// The one person who does it.
    owner: Uuid,
    /// By when.
    due: Day,
    /// The meeting or resolution it comes from.
    from: Option<Cite>,
    /// The item.
    item: Option<Token>,
    /// How far it has come.
    status: Status,
    /// The day it was done or dropped.
    closed_on: Option<Day>,
    /// What shows it.
    #[serde(default)]
    evidence: Vec<FileHash>,
    /// A word on its progress.
    progress: Option<String>,
}

/// How far an action has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// To be done.
    Open,
    /// Done.
    Done,
    /// Given up, for a reason.
    Dropped,
}

impl Kind for Action {
    fn check(&self) -> Vec<Problem> {
        if self.status != Status::Open && self.closed_on.is_none() {
            return vec![Problem::new(
                "/closed_on",
                "A closed action has the day it was closed.",
                "Add the day.",
            )];
        }
        Vec::new()
    }
}

/// Returns the kind.
pub fn kind() -> KindSpec {
    KindSpec {
        happened: &["/closed_on"],
        cites: &[
            ("/owner", &["person"]),
            ("/from", &["meeting", "resolution"]),
        ],
        ..KindSpec::of::<Action>("action", "Action", include_str!("sample.json"))
    }
}
